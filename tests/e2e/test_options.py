"""Pulumi's own options do what they promise."""

import pytest

from tests.e2e.engine import Stack
from tests.e2e.gate import Gate
from tests.e2e.plane import Plane

pytestmark = pytest.mark.live


def test_a_target_is_changed_alone(stack: Stack, plane: Plane, gate: Gate, gateways: str):
    stack.up("gateway('edge')\ngateway('door')")
    gate.forget()
    stack.program("gateway('edge', labels={'team': 'a'})\ngateway('door', labels={'team': 'a'})")
    assert stack.up(None, "--target", "**::edge").ops == {"edge": "update"}
    assert gate.writes() == [f"PUT {gateways}/edge"]
    plane.delete(f"{gateways}/door")
    stack.refresh("--target", "**::edge")
    assert set(stack.resources()) == {"edge", "door"}
    stack.destroy("--target", "**::edge")
    assert plane.names(gateways) == []
    assert list(stack.resources()) == ["door"]


def test_ignored_changes_are_ignored_in_the_program_and_on_the_control_plane(
    stack: Stack, plane: Plane, gate: Gate, gateways: str
):
    program = (
        "gateway(labels={'team': '%s', 'kept': '%s'}, opts=pulumi.ResourceOptions(ignore_changes=['labels.team']))"
    )
    stack.up(program % ("a", "1"))
    gate.forget()
    assert stack.up(program % ("b", "1")).ops == {}
    assert gate.writes() == []
    plane.edit(f"{gateways}/edge", lambda live: live["labels"].update(team="c"))
    assert stack.up(None, "--refresh").ops == {}
    assert plane.get(f"{gateways}/edge")["labels"]["team"] == "c"
    stack.up(program % ("b", "2"))
    labels = plane.get(f"{gateways}/edge")["labels"]
    assert (labels["team"], labels["kept"]) == ("c", "2")


def test_what_is_protected_is_neither_deleted_nor_replaced(stack: Stack, plane: Plane, gate: Gate, gateways: str):
    stack.up("gateway(opts=pulumi.ResourceOptions(protect=True))")
    gate.forget()
    assert "unable to replace" in stack.up("gateway(name='b', opts=pulumi.ResourceOptions(protect=True))", code=1).text
    assert "protected" in stack.up("", code=1).text
    assert "protected" in stack.destroy(code=1).text
    assert gate.writes() == []
    assert plane.names(gateways) == ["edge"]


def test_what_is_retained_stays_on_the_control_plane_and_is_taken_back(
    stack: Stack, plane: Plane, gate: Gate, gateways: str
):
    stack.up("gateway(opts=pulumi.ResourceOptions(retain_on_delete=True))")
    gate.forget()
    stack.up("")
    assert stack.resources() == {}
    assert gate.writes() == []
    assert plane.names(gateways) == ["edge"]
    stack.up("gateway()")
    stack.settled()


def test_a_preview_takes_what_is_not_known_yet(stack: Stack, plane: Plane, gate: Gate, gateways: str):
    program = """
    first = gateway("first")
    later = first.id.apply(lambda id_: "known")
    gateway("leaf", tags={"team": later, "kept": "1"})
    gateway("item", listeners=[{**HTTP, "hostname": later.apply(lambda text: f"{text}.example")}])
    gateway("list", listeners=later.apply(lambda _: [{"port": 9000, "protocol": "TCP"}]))
    gateway("port", listeners=[{"port": later.apply(lambda _: 9001), "protocol": "TCP"}])
    gateway("named", name=later)
    gateway("all", labels=later.apply(lambda text: {"team": text}), selectors=later.apply(lambda _: EDGE))
    pulumi.export("name", first.name)
    pulumi.export("ports", first.listeners.apply(lambda found: [each.port for each in found]))
    """
    shown = stack.preview(program, "--diff")
    assert set(shown.ops.values()) == {"create"}
    assert len(shown.ops) == 7
    assert gate.requests == []
    made = stack.up()
    assert len(made.ops) == 7
    assert plane.get(f"{gateways}/leaf")["tags"] == {"team": "known", "kept": "1"}
    assert plane.get(f"{gateways}/item")["conf"]["listeners"][0]["hostname"] == "known.example"
    assert plane.get(f"{gateways}/list")["conf"]["listeners"] == [{"port": 9000, "protocol": "TCP"}]
    assert plane.names(gateways) == ["all", "first", "item", "known", "leaf", "list", "port"]
    outputs = stack.pulumi("stack", "output", "--json", "--stack", stack.name)
    assert '"ports": [\n    8080' in outputs
    stack.settled()


def test_what_turns_out_wrong_once_it_is_known_is_refused_before_it_is_written(stack: Stack, gate: Gate, gateways: str):
    program = """
    first = gateway("first")
    gateway("second", listeners=[{"port": first.id.apply(lambda _: %s), "protocol": "TCP"}])
    """
    stack.preview(program % 99999)
    refused = stack.up(program % 99999, code=1)
    assert f"MeshGateway/{stack.mesh}/second" in refused.text
    assert "listeners[0].port" in refused.text
    assert "Traceback" not in refused.text
    assert gate.writes() == [f"PUT {gateways}/first"]
    assert stack.up(program % 9999).ops == {"second": "create"}
