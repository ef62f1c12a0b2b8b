"""What is promised of TrafficRoute beyond its examples and the recorded answers."""

from typing import Any

import pytest

import pulumi_mesh  # noqa: F401 - fills the registry
from pulumi_mesh.schema.check import judge_wire
from pulumi_mesh.schema.kind import KINDS

KIND = KINDS["TrafficRoute"]
ALL = [{"match": {"kuma.io/service": "*"}}]
API = {"kuma.io/service": "api"}
SET = 'either "{}" or "{}" has to be set'
DROPPED = "must not stand beside {}: the control plane would drop it"
HOST = "host header and HTTP/2 pseudo-headers are not allowed to be modified"
PREFIX = {"path": {"prefix": "/"}}
EMPTY = "cannot be empty"


def judged(conf: dict[str, Any]) -> list[tuple[str, str]]:
    document = {"type": "TrafficRoute", "name": "r", "mesh": "m", "sources": ALL, "destinations": ALL, "conf": conf}
    return [(violation.path, violation.message) for violation in judge_wire(KIND, document)]


def http(match: Any = PREFIX, **modify: Any) -> dict[str, Any]:
    return {"destination": API, "http": [{"match": match, "modify": modify, "destination": API}]}


def balanced(**how: Any) -> dict[str, Any]:
    return {"destination": API, "loadBalancer": how}


M = "conf.http[0].match"
P, H = "conf.http[0].modify.path", "conf.http[0].modify.host"
ADD = "conf.http[0].modify.requestHeaders.add[0]"


@pytest.mark.parametrize(
    ("conf", "path", "message"),
    [
        ({}, "conf", 'requires either "destination" or "split"'),
        ({"split": []}, "conf", 'requires either "destination" or "split"'),
        (
            {"split": [{"weight": 1, "destination": API}], "destination": API},
            "conf",
            '"split" cannot be defined at the same time as "destination"',
        ),
        ({"destination": {}}, "conf.destination", "must have at least one tag"),
        ({"destination": {"version": "v1"}}, "conf.destination", 'mandatory tag "kuma.io/service" is missing'),
        (
            {"split": [{"weight": 0, "destination": API}]},
            "conf.split",
            "there must be at least one split entry with weight above 0",
        ),
        (
            {"split": [{"weight": 1, "destination": {"version": "v1"}}]},
            "conf.split[0].destination",
            'mandatory tag "kuma.io/service" is missing',
        ),
        (
            http({}),
            M,
            'must be present and contain at least one of the elements: "method", "path" or "headers"',
        ),
        (http({"headers": {}}), f"{M}.headers", "must contain at least one element"),
        (http({"headers": {"": {"exact": ""}}}), f'{M}.headers[""]', EMPTY),
        (http({"method": {}}), f"{M}.method", 'cannot be empty. Available options: "exact", "split" or "regex"'),
        (http({"path": {"prefix": ""}}), f"{M}.path.prefix", EMPTY),
        (http({"path": {"regex": ""}}), f"{M}.path.regex", EMPTY),
        (http({"path": {"regex": "a", "exact": "a"}}), f"{M}.path.exact", DROPPED.format("regex")),
        (http(path={}), P, SET.format("rewritePrefix", "regex")),
        (http(path={"rewritePrefix": ""}), f"{P}.rewritePrefix", EMPTY),
        (
            http({"path": {"exact": "/"}}, path={"rewritePrefix": "/"}),
            f"{P}.rewritePrefix",
            "can only be set when .http.match.path.prefix is not empty",
        ),
        (http(path={"regex": {"pattern": "", "substitution": "a"}}), f"{P}.regex.pattern", EMPTY),
        (http(host={}), H, SET.format("value", "fromPath")),
        (http(host={"value": ""}), f"{H}.value", EMPTY),
        (http(host={"fromPath": {"pattern": "a", "substitution": ""}}), f"{H}.fromPath.substitution", EMPTY),
        (http(requestHeaders={"add": [{"name": "", "value": "a"}]}), f"{ADD}.name", EMPTY),
        (http(requestHeaders={"add": [{"name": "a", "value": ""}]}), f"{ADD}.value", EMPTY),
        (http(requestHeaders={"add": [{"name": "Host", "value": "a"}]}), f"{ADD}.name", HOST),
        (
            http(responseHeaders={"remove": [{"name": ":path"}]}),
            "conf.http[0].modify.responseHeaders.remove[0].name",
            HOST,
        ),
        ({**http(), "http": [{"match": PREFIX}]}, "conf.http[0]", 'requires either "destination" or "split"'),
        (
            balanced(leastRequest={"choiceCount": 1}),
            "conf.loadBalancer.leastRequest.choiceCount",
            "value must be greater than or equal to 2",
        ),
        (
            balanced(ringHash={"hashFunction": "MD5"}),
            "conf.loadBalancer.ringHash.hashFunction",
            "must have a valid hash function",
        ),
        (balanced(roundRobin={}, maglev={}), "conf.loadBalancer.roundRobin", DROPPED.format("maglev")),
    ],
)
def test_what_the_control_plane_refuses_is_refused_in_its_words(conf: dict[str, Any], path: str, message: str):
    assert (path, message) in judged(conf)


@pytest.mark.parametrize(
    "conf",
    [
        http({"method": {"exact": ""}}),
        http(path={"rewritePrefix": "/api"}),
        balanced(leastRequest={}),
        balanced(),
        {"split": [{"weight": 0, "destination": API}, {"weight": 1, "destination": API}]},
    ],
)
def test_what_the_control_plane_takes_is_taken(conf: dict[str, Any]):
    assert judged(conf) == []
