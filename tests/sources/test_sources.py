"""What is promised of the places that objects are read from: they give the same values, and nothing is lost in silence."""

import json
from pathlib import Path
from typing import Any

import pytest

import pulumi_mesh  # noqa: F401 - registers the kinds
from pulumi_mesh import sources
from pulumi_mesh.controlplane import Connection, ControlPlane
from pulumi_mesh.provider.slot import Slot
from pulumi_mesh.provider.state import State
from pulumi_mesh.sources.holdings import Holdings
from pulumi_mesh.sources.stack import MARK, SECRET, Unstated

MESH = {"type": "Mesh", "name": "read"}
TIMEOUT: dict[str, Any] = {
    "type": "MeshTimeout", "name": "t", "mesh": "read",
    "spec": {"targetRef": {"kind": "Mesh"}, "to": [{"targetRef": {"kind": "Mesh"}, "default": {"idleTimeout": "9s"}}]},
}  # fmt: skip


def resource(kind: str, **outputs: Any) -> dict[str, Any]:
    return {
        "urn": f"urn:pulumi:dev::shop::pulumi-python:dynamic/mesh:{kind}::{outputs.get('name')}",
        "type": f"pulumi-python:dynamic/mesh:{kind}",
        "outputs": {"__kind": kind, "__owner": "shop.dev", **outputs},
    }


def exported(tmp_path: Path, *resources: dict[str, Any]) -> str:
    file = tmp_path / "state.json"
    file.write_text(json.dumps({"version": 3, "deployment": {"resources": list(resources)}}))
    return str(file)


def sealed(value: Any, clear: bool) -> dict[str, Any]:
    return {MARK: SECRET, "plaintext": json.dumps(value)} if clear else {MARK: SECRET, "ciphertext": "v1:xxx"}


def test_a_file_a_state_and_a_control_plane_hold_the_same_document(tmp_path: Path, sandbox_url: str):
    file = tmp_path / "t.yaml"
    file.write_text(f"# two\n{json.dumps(MESH)}\n---\n{json.dumps(TIMEOUT)}\n")
    said = {"target_ref": {"kind": "Mesh"}, "to": [{"target_ref": {"kind": "Mesh"}, "default": {"idle_timeout": "9s"}}]}
    state = exported(tmp_path, resource("MeshTimeout", name="t", mesh="read", **said))
    control_plane = ControlPlane(Connection("default", sandbox_url))
    control_plane.put("/meshes/read", MESH)
    control_plane.put("/meshes/read/meshtimeouts/t", TIMEOUT)
    live = sources.live(control_plane, ["read"], ["MeshTimeout", "Mesh"])
    control_plane.close()
    found = [sources.files([str(file)]).held[1], sources.state(state).held[0], *live.chosen(kinds=["MeshTimeout"]).held]
    by_hand = [held for held in found if held.address.name == "t"]
    assert len(by_hand) == 3
    assert {str(held.address) for held in by_hand} == {"MeshTimeout/read/t"}
    assert by_hand[0].document.body == by_hand[1].document.body == by_hand[2].document.body
    assert by_hand[0].origin == f"{file}:4"
    assert by_hand[1].urn.endswith("MeshTimeout::t")
    assert by_hand[2].live
    assert [held.address.name for held in live.held if held.kind.name == "Mesh"] == ["read"]


def test_a_control_plane_is_listed_once_per_type(sandbox_url: str):
    control_plane = ControlPlane(Connection("default", sandbox_url))
    found = sources.live(control_plane)
    control_plane.close()
    types = [name for name in control_plane.resources() if not name.endswith("Insight")]
    assert found.unread == []
    assert control_plane.counts["LIST"] == len(types)
    assert control_plane.counts["GET"] == 2  # what it is, and what it serves


@pytest.mark.parametrize("clear", [True, False])
def test_a_secret_is_read_where_it_is_in_clear_and_named_where_it_is_not(tmp_path: Path, clear: bool):
    state = exported(tmp_path, resource("Secret", name="s", mesh="read", data=sealed("aGk=", clear)))
    held = sources.state(state).held[0]
    assert held.sealed == (() if clear else ("data",))
    assert held.document.body == ({"data": "aGk="} if clear else {})


def test_listeners_of_their_own_are_found_on_their_gateway(tmp_path: Path):
    gateway = resource("MeshGateway", name="edge", mesh="read", selectors=[{"match": {"kuma.io/service": "edge"}}])
    slots = [
        resource("GatewayListener", gateway="edge", mesh="read", port=float(port), protocol="HTTP") for port in (80, 81)
    ]
    found = sources.state(exported(tmp_path, gateway, *slots))
    assert [held.document.body.get("conf") for held in found.held] == [None]
    assert len(found.listeners) == 2
    (whole,) = found.whole()
    assert [one["port"] for one in whole.document.body["conf"]["listeners"]] == [80, 81]
    assert whole.urn == gateway["urn"]
    (alone,) = Holdings(listeners=found.listeners).documents()
    assert [one["port"] for one in alone.body["conf"]["listeners"]] == [80, 81]


def test_tokens_other_providers_and_what_is_about_to_go_are_no_objects(tmp_path: Path):
    going = {**resource("Mesh", name="gone"), "delete": True}
    other = {"urn": "urn:other", "type": "aws:s3/bucket:Bucket", "outputs": {"__kind": "Mesh", "name": "no"}}
    token = resource("DataplaneToken", name="t", mesh="read", token="x")
    found = sources.state(exported(tmp_path, going, other, token, resource("Mesh", name="stays")))
    assert [str(held.address) for held in found.whole()] == ["Mesh/stays"]
    assert found.unread == []


def test_what_cannot_be_read_is_said(tmp_path: Path):
    file = tmp_path / "bad.yaml"
    file.write_text("type: Mesh\nname: good\n---\nfoo: 1\n---\na: [\n")
    found = sources.files([str(file), str(tmp_path / "absent.yaml")])
    assert [held.address.name for held in found.held] == ["good"]
    assert [line.partition(": ")[0] for line in found.unread] == [f"{file}:4", f"{file}:7", f"{tmp_path}/absent.yaml"]
    unknown = sources.state(exported(tmp_path, resource("MeshUnheardOf", name="x")))
    assert len(unknown.unread) == 1
    assert "MeshUnheardOf" in unknown.unread[0]
    with pytest.raises(Unstated, match="is no exported state; `pulumi stack export` writes one"):
        sources.state(str(file))


def test_a_type_that_nobody_here_knows_is_an_object_all_the_same(tmp_path: Path):
    file = tmp_path / "new.yaml"
    file.write_text("type: MeshUnheardOf\nname: x\nmesh: read\nspec: {a: 1}\n")
    (held,) = sources.files([str(file)]).held
    assert str(held.address) == "MeshUnheardOf/read/x"
    assert held.document.body == {"spec": {"a": 1}}


def test_the_state_of_a_resource_is_what_the_provider_keeps():
    kept = State.read({"__kind": "Mesh", "name": "m"}).kept()
    slot = Slot.read({"gateway": "g", "mesh": "m", "port": 80, "protocol": "HTTP"}).kept()
    assert {"__kind", "__provider"} <= kept.keys() & slot.keys()
