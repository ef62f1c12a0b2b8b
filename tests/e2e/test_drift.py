"""What changed behind Pulumi's back is found, named by its path, and repaired by one `up`."""

from typing import Any

import pytest

from tests.e2e.engine import Stack
from tests.e2e.gate import Gate
from tests.e2e.plane import Plane

pytestmark = pytest.mark.live

PROGRAM = """
gateway("edge", listeners=[{**HTTP, "hostname": "a.example"}], labels={"team": "a"})
gateway("door")
"""


def intrude(gateway: dict[str, Any]) -> None:
    """Change a hostname and a label, add a listener."""
    gateway["conf"]["listeners"][0]["hostname"] = "evil.example"
    gateway["conf"]["listeners"].append({"port": 9000, "protocol": "TCP"})
    gateway["labels"]["team"] = "b"


DRIFT = {"listeners[0].hostname", "listeners[1]", "labels.team"}


def test_a_changed_object_is_found_shown_with_its_paths_and_repaired(stack: Stack, plane: Plane, gateways: str):
    stack.up(PROGRAM)
    was = plane.get(f"{gateways}/edge")["conf"]
    plane.edit(f"{gateways}/edge", intrude)
    gated = stack.refresh("--preview-only", "--expect-no-changes", code=7)
    assert "no changes were expected" in gated.text
    shown = stack.preview(None, "--refresh", "--diff")
    assert '"a.example" => "evil.example"' in shown.text
    assert '"evil.example" => "a.example"' in shown.text
    assert shown.paths("edge") == DRIFT
    assert shown.paths("door") == set()
    repaired = stack.up(None, "--refresh")
    assert repaired.changes == {"update": 1}
    assert plane.get(f"{gateways}/edge")["conf"] == was
    assert plane.get(f"{gateways}/edge")["labels"]["team"] == "a"
    stack.settled()


def test_a_refresh_by_itself_takes_the_drift_into_the_state_and_the_next_up_repairs_it(
    stack: Stack, plane: Plane, gateways: str
):
    stack.up(PROGRAM)
    plane.edit(f"{gateways}/edge", intrude)
    found = stack.refresh("--diff")
    assert '"a.example" => "evil.example"' in found.text
    assert stack.inputs("edge")["listeners"][0]["hostname"] == "evil.example"
    assert found.drifted().get("edge") == DRIFT
    assert "door" not in found.drifted()
    stack.refresh("--preview-only", "--expect-no-changes")
    repaired = stack.up()
    assert repaired.ops == {"edge": "update"}
    assert repaired.paths("edge") == DRIFT
    stack.settled()


def test_the_digest_of_a_refresh_names_the_paths(stack: Stack, plane: Plane, gateways: str):
    stack.up(PROGRAM)
    plane.edit(f"{gateways}/edge", intrude)
    digest = stack.refresh("--preview-only", "--json").digest()
    steps = {step["urn"].rpartition("::")[2]: step for step in digest["steps"]}
    assert set(steps["edge"]["detailedDiff"]) == DRIFT
    assert steps["edge"]["op"] == "update"
    assert not steps["door"].get("detailedDiff")


def test_a_missing_object_is_found_and_made_again(stack: Stack, plane: Plane, gateways: str):
    stack.up(PROGRAM)
    plane.delete(f"{gateways}/edge")
    stack.refresh("--preview-only", "--expect-no-changes", code=7)
    shown = stack.preview(None, "--refresh")
    assert shown.ops["edge"] == "create"
    stack.up(None, "--refresh")
    assert plane.names(gateways) == ["door", "edge"]
    stack.settled()


def test_a_missing_object_leaves_the_state_by_a_refresh_and_comes_back_by_the_next_up(
    stack: Stack, plane: Plane, gateways: str
):
    stack.up(PROGRAM)
    plane.delete(f"{gateways}/edge")
    stack.refresh()
    assert list(stack.resources()) == ["door"]
    assert stack.up().ops == {"edge": "create"}
    assert plane.names(gateways) == ["door", "edge"]


def test_a_missing_mesh_is_found_with_all_that_was_in_it(stack: Stack, plane: Plane, gateways: str, shop: str):
    stack.up(PROGRAM)
    plane.empty(shop)
    stack.refresh()
    assert stack.resources() == {}
    plane.put(f"/meshes/{shop}", {"type": "Mesh", "name": shop})
    stack.up()
    assert plane.names(gateways) == ["door", "edge"]


def test_an_object_that_somebody_made_anew_is_brought_back_to_the_program(stack: Stack, plane: Plane, gateways: str):
    """Without our label, too: the state says that it is ours."""
    stack.up(PROGRAM)
    live = plane.get(f"{gateways}/edge")
    plane.delete(f"{gateways}/edge")
    plane.put(
        f"{gateways}/edge",
        {key: live[key] for key in ("type", "mesh", "name", "selectors")} | {"conf": {"listeners": [{"port": 1, "protocol": "TCP"}]}},
    )  # fmt: skip
    stack.up(None, "--refresh")
    assert plane.get(f"{gateways}/edge")["conf"] == live["conf"]
    assert plane.owner(f"{gateways}/edge") == stack.owner
    stack.settled()


def test_what_the_program_spells_in_its_own_way_is_no_drift(stack: Stack, gate: Gate):
    stack.up(
        """
        gateway("a", listeners=[{**HTTP, "hostname": "*", "tags": {}}], tags={}, labels={})
        gateway("b", listeners=[{"port": 8443, "protocol": "HTTPS", "cross_mesh": False, "tls": {"mode": "TERMINATE",
                "certificates": [{"secret": "cert"}], "options": {}}, "resources": {"connection_limit": 0}}])
        """
    )
    gate.forget()
    stack.settled()
    stack.refresh()
    assert stack.up().ops == {}
    assert gate.writes() == []
