"""What is promised of kinds whose place the control plane alone knows."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

import pulumi_mesh as mesh
from pulumi_mesh.controlplane import Connection, ControlPlane
from pulumi_mesh.errors import Invalid, UnknownKind
from pulumi_mesh.reconcile.discovery import discovered
from pulumi_mesh.reconcile.plan import Create, Delete
from pulumi_mesh.reconcile.plane import Plane
from pulumi_mesh.sandbox import running
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import KINDS, Kind

GATEWAY: dict[str, Any] = {
    "name": "discovered",
    "mesh": "default",
    "selectors": [{"match": {"kuma.io/service": "edge"}}],
    "listeners": [{"port": 80, "protocol": "HTTP"}],
}


@pytest.fixture(scope="module")
def kuma() -> Iterator[str]:
    """The URL of a control plane that has no types of Kong Mesh."""
    with running() as url:
        yield url


@pytest.fixture
def plane(kuma: str) -> Iterator[Plane]:
    control_plane = ControlPlane(Connection("default", kuma))
    yield Plane(control_plane, lambda _: None)
    control_plane.close()


def asked(name: str, like: str = "MeshGateway") -> Kind:
    return replace(KINDS[like], name=name, path="elsewhere", asked=True)


def test_the_control_plane_says_where_objects_are_and_is_asked_once(plane: Plane):
    kind = asked("MeshGateway")
    wanted = Document.desired(kind, GATEWAY)
    assert plane.find(kind, wanted.address) is None
    plane.take(kind, Create(wanted))
    assert plane.get(kind, wanted.address) == plane.get(KINDS["MeshGateway"], wanted.address)
    assert plane.find(kind, wanted.address) == plane.get(kind, wanted.address)
    plane.take(kind, Delete(wanted.address))
    assert plane.get(KINDS["MeshGateway"], wanted.address) is None
    sent = dict(plane.control_plane.counts)
    plane.served(kind, wanted.address)
    assert sent == plane.control_plane.counts


def test_a_kind_that_has_a_place_is_taken_there_without_a_question(plane: Plane):
    kind = KINDS["MeshGateway"]
    assert plane.served(kind, kind.address("x", "default")) is kind
    assert plane.control_plane.counts == {}


@pytest.mark.parametrize(
    ("name", "hint"),
    [("MeshGatewey", "did you mean MeshGateway"), ("Xyzzy", "GET /_resources names those that it serves")],
)
def test_a_type_that_is_not_served_is_refused(plane: Plane, name: str, hint: str):
    kind = asked(name)
    with pytest.raises(UnknownKind) as refused:
        discovered(kind, kind.address("x", "shop"), plane.control_plane)
    assert str(refused.value) == f"{name}/shop/x: Kuma 2.14.3 serves no type {name}; {hint}"


def test_kong_s_own_types_are_not_served_by_kuma(plane: Plane):
    kind = mesh.OPAPolicy.kind
    with pytest.raises(UnknownKind, match="Kuma 2.14.3 serves no type OPAPolicy"):
        plane.find(kind, kind.address("x", "default"))


@pytest.mark.parametrize(
    ("name", "like", "why"),
    [
        ("ZoneInsight", "Zone", "type: the control plane alone writes objects of the type ZoneInsight"),
        ("MeshGateway", "Zone", "mesh: objects of the type MeshGateway live in meshes; say mesh="),
        ("Zone", "MeshGateway", "mesh: objects of the type Zone live outside of meshes; leave mesh out"),
    ],
)
def test_a_type_that_is_served_otherwise_is_refused(plane: Plane, name: str, like: str, why: str):
    kind = asked(name, like)
    address = kind.address("x", "shop")
    with pytest.raises(Invalid) as refused:
        plane.find(kind, address)
    assert str(refused.value) == f"{address}: {why}"
