"""What is promised of MeshTCPRoute."""

from typing import Any

import pytest

from pulumi_mesh.schema.release import Release
from tests.kinds.documents import said_of, warned_of

OLD, NEW = Release(2, 10), Release(2, 14)
GATEWAY = {"kind": "MeshGateway", "name": "edge"}
SERVICE = {"kind": "MeshService", "name": "redis"}
BACKENDS = "spec.to[0].rules[0].default.backendRefs"


def route(top: Any, to: Any, *backends: Any) -> Any:
    """Return a spec with one rule."""
    item = {"targetRef": to, "rules": [{"default": {"backendRefs": list(backends)}}]}
    return {"targetRef": top, "to": [item]}


MESH = {"kind": "Mesh"}
REFUSED = {
    "a connection goes somewhere": (route(MESH, SERVICE), {(BACKENDS, "must be defined")}),
    "a default says where": (
        {"to": [{"targetRef": SERVICE, "rules": [{"default": {}}]}]},
        {(BACKENDS, "must be defined")},
    ),
    "there is one rule": (
        {"to": [{"targetRef": SERVICE, "rules": [{"default": {"backendRefs": [SERVICE]}}] * 2}]},
        {("spec.to[0].rules", "in body should have at most 1 items")},
    ),
    "a list of destinations is not empty": ({"to": []}, {("spec.to", "in body should have at least 1 items")}),
    "a multi-zone service has a port": (
        route(MESH, SERVICE, {"kind": "MeshMultiZoneService", "name": "redis"}),
        {(f"{BACKENDS}[0].port", "must be defined with kind MeshMultiZoneService")},
    ),
    "a name that the Gateway API puts is none here": (
        route(MESH, SERVICE, {"kind": "MeshService", "name": "kuma.io/unresolved-backend"}),
        {
            (
                f"{BACKENDS}[0].name",
                "invalid characters: must consist of lower case alphanumeric characters, '-', '.' and '_'.",
            )
        },
    ),
    "an external service has a name or labels": (
        route(MESH, SERVICE, {"kind": "MeshExternalService", "name": "redis", "labels": {"app": "redis"}}),
        {(f"{BACKENDS}[0].labels", "either labels or name must be specified")},
    ),
}
ACCEPTED = {
    "no destination": {},
    "no rule": {"targetRef": GATEWAY, "to": [{"targetRef": MESH, "rules": []}]},
    "a gateway's listeners": route(GATEWAY | {"tags": {"port": "*"}}, MESH, SERVICE),
    "a multi-zone service by labels": route(
        MESH, SERVICE, {"kind": "MeshMultiZoneService", "labels": {"a": "b"}, "port": 1}
    ),
}


@pytest.mark.parametrize("release", [OLD, NEW], ids=str)
@pytest.mark.parametrize(("spec", "said"), REFUSED.values(), ids=REFUSED)
def test_what_the_control_plane_refuses_is_refused_in_its_words(spec: Any, said: set[Any], release: Release):
    assert said_of("MeshTCPRoute", spec, release) == said


@pytest.mark.parametrize("release", [OLD, NEW], ids=str)
@pytest.mark.parametrize("spec", ACCEPTED.values(), ids=ACCEPTED)
def test_what_the_control_plane_takes_is_taken(spec: Any, release: Release):
    assert said_of("MeshTCPRoute", spec, release) == set()


@pytest.mark.parametrize(
    ("top", "to"), [(GATEWAY, SERVICE), (MESH, MESH), ({"kind": "MeshHTTPRoute", "name": "x"}, SERVICE)]
)
def test_a_destination_fits_what_is_routed(top: Any, to: Any):
    messages = {message for _, message in said_of("MeshTCPRoute", route(top, to, SERVICE))}
    assert messages == {f"value '{(top if top['kind'] == 'MeshHTTPRoute' else to)['kind']}' is not supported"}


def test_a_port_of_more_than_31_bits_is_refused_where_the_schema_says_so():
    spec = route(MESH, SERVICE, SERVICE | {"port": 2**31})
    assert said_of("MeshTCPRoute", spec, OLD) == set()
    assert said_of("MeshTCPRoute", spec, NEW) == {(f"{BACKENDS}[0].port", "must be of type integer with format int32")}


def test_what_kuma_will_give_up_is_warned_of():
    assert warned_of("MeshTCPRoute", route(MESH, SERVICE, SERVICE)) == []
    assert warned_of("MeshTCPRoute", route({"kind": "MeshSubset"}, SERVICE, SERVICE)) == [
        "MeshSubset value for 'targetRef.kind' is deprecated, use Dataplane with labels instead"
    ]
