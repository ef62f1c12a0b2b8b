"""What is promised of MeshGatewayRoute."""

from typing import Any

import pytest

import pulumi_mesh as mesh
from pulumi_mesh.schema.check import judge, judge_wire
from pulumi_mesh.schema.kind import KINDS

KIND = KINDS["MeshGatewayRoute"]
SELECTORS = [{"match": {"kuma.io/service": "edge"}}]
MATCH = {"path": {"match": "PREFIX", "value": "/"}}
BACKEND = {"destination": {"kuma.io/service": "web"}}
RULE = "conf.http.rules[0]"
FILTER = f"{RULE}.filters[0]"
ALL = {"rewrite": {"hostToBackendHostname": True}}
DROPS = "the control plane would drop it"


def route(**said: Any) -> dict[str, Any]:
    body = {"selectors": SELECTORS, **said}
    return {"type": "MeshGatewayRoute", "name": "it", "mesh": "shop", **body}


def said_of(document: dict[str, Any]) -> set[tuple[str, str]]:
    return {(violation.path, violation.message) for violation in judge_wire(KIND, document)}


def rule(**said: Any) -> dict[str, Any]:
    return route(conf={"http": {"rules": [{"matches": [MATCH], "backends": [BACKEND], **said}]}})


def matching(**match: Any) -> set[tuple[str, str]]:
    return said_of(rule(matches=[match]))


def filtering(*filters: Any) -> set[tuple[str, str]]:
    return said_of(rule(filters=list(filters)))


def test_a_selector_names_a_gateway():
    said = said_of(rule() | {"selectors": [{"match": {"port": "http"}}, {}]})
    assert said == {
        ("selectors[0].match", 'mandatory tag "kuma.io/service" is missing'),
        ("selectors[1].match", "must have at least one tag"),
        ("selectors[1].match", 'mandatory tag "kuma.io/service" is missing'),
    }


def test_requests_or_connections_not_both():
    http = rule()["conf"]["http"]
    assert said_of(route(conf={"http": http, "tcp": {}})) == {("conf.tcp", f"must not stand beside http: {DROPS}")}
    assert said_of(route(conf={"http": None, "tcp": {}})) == set()


def test_of_connections_nothing_is_asked():
    assert said_of(route(conf={"tcp": {"rules": [{"backends": [{"destination": {}}]}, {}]}})) == set()


def test_a_rule_without_matches_is_not_looked_at_further():
    assert said_of(rule(matches=[], backends=[])) == {(f"{RULE}.matches", "cannot be empty")}


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ({"value": "/a"}, None),
        ({"value": "a"}, "must be an absolute path"),
        ({"match": "EXACT", "value": ""}, "must be an absolute path"),
        ({}, "must be an absolute path"),
        ({"match": "PREFIX", "value": "a"}, "must be an absolute path"),
        ({"match": 1, "value": "a"}, "must be an absolute path"),
        ({"match": "PREFIX", "value": "/a/"}, None),
        ({"match": "REGEX", "value": "a(["}, None),
        ({"match": "REGEX", "value": ""}, "cannot be empty"),
        ({"match": 2}, "cannot be empty"),
    ],
)
def test_a_path_is_one(path: dict[str, Any], said: str | None):
    assert matching(path=path) == ({(f"{RULE}.matches[0].value", said)} if said else set())


@pytest.mark.parametrize("match", [{}, {"method": "NONE"}, {"method": 0}, {"headers": [], "queryParameters": []}])
def test_a_match_says_something(match: dict[str, Any]):
    assert matching(**match) == {(f"{RULE}.matches[0]", "cannot be empty")}


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ({"name": "a", "value": "b"}, {}),
        ({"name": "a", "match": "REGEX", "value": ".*"}, {}),
        ({"name": "a", "match": "ABSENT"}, {}),
        ({"name": "a", "match": 3, "value": ""}, {}),
        ({"match": "PRESENT", "value": "b"}, {"name": "cannot be empty", "value": "cannot be set"}),
        ({"name": "", "match": "REGEX"}, {"name": "cannot be empty", "value": "cannot be empty"}),
    ],
)
def test_a_header_has_a_value_unless_it_is_about_its_presence(header: dict[str, Any], said: dict[str, str]):
    at = f"{RULE}.matches[0].headers[0]"
    assert matching(headers=[header]) == {(f"{at}.{key}", message) for key, message in said.items()}


@pytest.mark.parametrize("key", ["queryParameters", "query_parameters"])
def test_a_parameter_has_name_and_value_in_either_spelling(key: str):
    at = f"{RULE}.matches[0].query_parameters[1]"
    assert matching(**{key: [{"name": "a", "value": "b"}, {"match": "REGEX"}]}) == {
        (f"{at}.name", "cannot be empty"),
        (f"{at}.value", "cannot be empty"),
    }


@pytest.mark.parametrize("key", ["requestHeader", "request_header"])
def test_headers_have_names_and_values(key: str):
    at = f"{FILTER}.request_header"
    assert filtering({key: {"set": [{}], "add": [{"name": "a"}], "remove": ["a", ""]}}) == {
        (f"{at}.set[0].name", "cannot be empty"),
        (f"{at}.set[0].value", "cannot be empty"),
        (f"{at}.add[0].value", "cannot be empty"),
        (f"{at}.remove[1]", "cannot be empty"),
    }


def test_headers_of_answers_are_not_looked_at():
    assert filtering({"responseHeader": {}}, {"responseHeader": {"set": [{}]}}, {}) == set()


@pytest.mark.parametrize("name", ["host", "Host", ":authority"])
def test_the_host_is_not_changed_twice(name: str):
    change = {"requestHeader": {"add": [{"name": name, "value": "x"}]}}
    why = f"cannot modify '{name}' header, when route has set 'rewrite.host_to_backend_hostname' option"
    assert filtering(change) == set()
    assert filtering(change, ALL) == {(f"{FILTER}.request_header.add[0]", why)}


def test_what_stands_behind_a_rewrite_of_the_host_is_counted_without_it():
    assert filtering(ALL, {"requestHeader": {}}) == {(f"{FILTER}.request_header", "cannot be empty")}


def test_a_rewrite_of_the_host_is_not_looked_at():
    said = rule(matches=[{"method": "GET"}], filters=[{"rewrite": {"replacePrefixMatch": "/", **ALL["rewrite"]}}])
    assert said_of(said) == set()


def test_a_prefix_is_replaced_where_one_is_matched():
    rewrite = {"rewrite": {"replacePrefixMatch": ""}}
    assert filtering(rewrite) == set()
    said = said_of(rule(matches=[{"method": "GET"}], filters=[rewrite]))
    assert said == {(f"{FILTER}.rewrite.replacePrefixMatch", "cannot be used without a match on path prefix")}
    assert said_of(rule(matches=[{"method": "GET"}, MATCH], filters=[rewrite])) == set()


@pytest.mark.parametrize(
    ("mirror", "said"),
    [
        ({"percentage": 0, "backend": BACKEND}, {}),
        ({"percentage": 99.5, "backend": BACKEND}, {}),
        ({"percentage": 100.1, "backend": BACKEND}, {".percentage": "has to be in [0.0 - 100.0] range"}),
        ({"percentage": -1, "backend": BACKEND}, {".percentage": "has to be in [0.0 - 100.0] range"}),
        ({}, {".percentage": "cannot be empty", ".backend": "cannot be empty"}),
        (
            {"percentage": 1, "backend": {"destination": {"version": "v1"}}},
            {".backend": 'mandatory tag "kuma.io/service" is missing'},
        ),
    ],
)
def test_copies_go_somewhere(mirror: dict[str, Any], said: dict[str, str]):
    assert filtering({"mirror": mirror}) == {(f"{FILTER}.mirror{path}", message) for path, message in said.items()}


@pytest.mark.parametrize("status", [None, 0, 299, 309])
def test_a_redirect_has_the_status_of_one(status: int | None):
    said = said_of(rule(filters=[{"redirect": {"statusCode": status}}], backends=[]))
    assert said == {(f"{FILTER}.redirect.status_code", "must be in the range [300, 308]")}


def test_a_redirect_stands_alone():
    redirect = {"redirect": {"status_code": 308, "port": 65536}}
    port = (f"{FILTER}.redirect.port", "port must be in the range [1, 65535]")
    assert filtering(redirect) == {port, (f"{RULE}.backends", "must be empty when using redirect filters")}
    assert filtering(redirect, ALL) == {port, (f"{RULE}.filters", "redirects cannot be used with other filters")}


def test_a_backend_has_a_service():
    at = f"{RULE}.backends"
    assert said_of(rule(backends=[BACKEND, {"destination": {"a b": ""}}, {}])) == {
        (f'{at}[1]["a b"]', "tag name must consist of alphanumeric characters, dots, dashes, slashes and underscores"),
        (f'{at}[1]["a b"]', "tag value must be non-empty"),
        (f"{at}[1]", 'mandatory tag "kuma.io/service" is missing'),
        (f"{at}[2]", "must have at least one tag"),
        (f"{at}[2]", 'mandatory tag "kuma.io/service" is missing'),
    }


def test_what_the_control_plane_would_drop_is_refused():
    both = {"replaceFull": "/a", "replacePrefixMatch": "/b"}
    assert filtering({"rewrite": both}) == {
        (f"{FILTER}.rewrite.replaceFull", f"must not stand beside replacePrefixMatch: {DROPS}")
    }
    said = said_of(rule(filters=[{"redirect": {"statusCode": 301, "path": both}}], backends=[]))
    assert said == {(f"{FILTER}.redirect.path.replaceFull", f"must not stand beside replacePrefixMatch: {DROPS}")}
    assert filtering({"rewrite": {}, "responseHeader": {}}) == {
        (f"{FILTER}.rewrite", f"must not stand beside responseHeader: {DROPS}")
    }


def test_a_program_says_it_with_names_of_its_own():
    said = {
        "name": "it",
        "mesh": "shop",
        "selectors": SELECTORS,
        "http": {"rules": [{"matches": [{"query_parameters": [{"name": "a", "value": ""}]}], "backends": [BACKEND]}]},
    }
    assert [violation.path for violation in judge(KIND, said)] == [f"{RULE}.matches[0].query_parameters[0].value"]
    assert mesh.MeshGatewayRoute.kind is KIND
