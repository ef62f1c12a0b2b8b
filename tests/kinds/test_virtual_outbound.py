"""What is promised of VirtualOutbound beyond its examples and the recorded answers."""

from typing import Any

import pytest

import pulumi_mesh  # noqa: F401 - fills the registry
from pulumi_mesh.schema.check import judge_wire
from pulumi_mesh.schema.kind import KINDS

KIND = KINDS["VirtualOutbound"]
SERVICE = {"name": "service", "tagKey": "kuma.io/service"}
FAILED = "template pre evaluation failed with error="


def judged(host: str = "{{.service}}.mesh", port: str = "80", parameters: Any = (SERVICE,)) -> list[tuple[str, str]]:
    conf = {"host": host, "port": port, "parameters": list(parameters)}
    selectors = [{"match": {"kuma.io/service": "*"}}]
    document = {"type": "VirtualOutbound", "name": "v", "mesh": "m", "selectors": selectors, "conf": conf}
    return [(violation.path, violation.message) for violation in judge_wire(KIND, document)]


@pytest.mark.parametrize(
    ("said", "path", "message"),
    [
        ({"host": ""}, "conf.host", "has to be defined"),
        ({"port": ""}, "conf.port", "has to be defined"),
        ({"parameters": ()}, "conf.parameters", "must contain a parameter with kuma.io/service as a tagKey"),
        (
            {"parameters": ({"name": "service"},)},
            "conf.parameters",
            "must contain a parameter with kuma.io/service as a tagKey",
        ),
        ({"parameters": (SERVICE, SERVICE)}, "conf.parameters[1].name", "name is already used"),
        (
            {"parameters": (SERVICE, {"name": "a", "tagKey": "a b"})},
            "conf.parameters[1].tagKey",
            "must be a valid tag name",
        ),
        (
            {"parameters": (SERVICE, {"name": "a b"})},
            "conf.parameters[1].name",
            "must be a valid tag name if you are not setting tagKey",
        ),
        (
            {"parameters": (SERVICE, {"name": "a-b", "tagKey": "a"})},
            "conf.parameters[1].name",
            "must consist of alphanumeric characters to be used as a gotemplate key",
        ),
        (
            {"host": "{{.nope}}.mesh"},
            "conf.host",
            FAILED
            + r'''"evaluation of template with parameters didn't return a valid dns name result=\"<no value>.mesh\""''',
        ),
        (
            {"port": "{{.service}}a"},
            "conf.port",
            FAILED + r'''"evaluation of template with parameters didn't evaluate to a parsable number result=\"1a\""''',
        ),
        (
            {"port": "65536"},
            "conf.port",
            FAILED + '"evaluation of template returned a port outside of the range [1..65535] result=65536"',
        ),
    ],
)
def test_what_the_control_plane_refuses_is_refused_in_its_words(said: dict[str, Any], path: str, message: str):
    assert (path, message) in judged(**said)


@pytest.mark.parametrize(
    "said",
    [
        {"host": "{{if .nope}}-{{end}}{{.service}}.mesh"},
        {"host": '{{ printf "%s.mesh" .service }}'},
        {"port": "{{.service}}80"},
        {"host": '{{index . "service"}}.mesh'},
        {"parameters": (SERVICE, {"name": "version"})},
    ],
)
def test_what_the_control_plane_takes_is_taken(said: dict[str, Any]):
    assert judged(**said) == []
