"""Every line of the table: found by the command and by a refresh alike, named by its path, repaired by one `up`."""

from typing import Any

import pytest

from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import KINDS, Kind
from tests.corpus import accepted
from tests.drift.conftest import Stack
from tests.drift.table import Case, bases, cases
from tests.e2e.plane import Plane

pytestmark = pytest.mark.live
SIGNS = {"add": "+", "change": "~", "remove": "-"}
LEFT_OUT = {"MeshTrust"}
"""Kinds that the table leaves to `test_trust`: their objects hold certificates, which are long."""


def arrange(case: Case, stack: Stack, plane: Plane, served: set[str]) -> str:
    """Make what the program says; return the id of the object that the case is about."""
    types = {case.type} | ({str(case.stranger["type"])} if case.stranger else set())
    if not types <= served or str(case.said.get("since", "2.10")) > ".".join(map(str, plane.version())):
        pytest.skip("the control plane does not know the type")
    if "alone" in case.said and not plane.get("/").get("sandbox"):
        pytest.skip(case.said["alone"])
    mesh = stack.declare(case.desired if case.type == "Mesh" else bases()["plain"], stack.mesh)
    return mesh if case.type == "Mesh" else stack.declare(case.desired, f"{stack.mesh}-it")


def act(case: Case, stack: Stack, id_: str) -> str:
    """Do by hand what the case says; return the address of what is to be found."""
    if case.stranger is not None:
        return stack.put(case.stranger, str(case.said.get("named", "stranger")).format(mesh=stack.mesh))
    if case.said.get("delete"):
        stack.plane.delete(stack.url(id_))
    else:
        stack.edit(id_, case.edited)
    return id_


def kinds_of(case: Case) -> tuple[str, ...]:
    """Return the kinds to look at; a kind outside of meshes is shared with other tests."""
    found = {case.type} | ({str(case.stranger["type"])} if case.stranger else set())
    return tuple(sorted(found | ({"Mesh"} if KINDS[case.type].scope == "mesh" else set())))


def mine(stack: Stack, *args: str, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return what the command finds of this test."""
    ran = stack.drift("--format", "json", *args, kinds=kinds)
    assert ran.code in (0, 2), ran.err
    found = ran.report["findings"]
    own = [one for one in found if stack.mesh in (one["mesh"], one["name"]) or one["name"] == f"{stack.mesh}-it"]
    assert ran.code == (2 if found else 0)
    return own


def roots(kind: Kind, finding: dict[str, Any]) -> set[str]:
    """Return the properties that a finding is about."""
    wires = {field.wire: name for name, field in kind.body.items()} | {"labels": "labels"}
    found = set()
    for change in finding["changes"]:
        found |= {
            name
            for wire, name in wires.items()
            if change["path"] == wire or change["path"].startswith((f"{wire}.", f"{wire}["))
        }
        found |= {name for wire, name in wires.items() if wire.startswith(f"{change['path']}.")}
    return found


@pytest.mark.parametrize("case", cases("drift"), ids=lambda case: case.name)
def test_drift(case: Case, stack: Stack, plane: Plane, served: set[str]):
    id_ = arrange(case, stack, plane, served)
    kinds, before = kinds_of(case), stack.live(id_)
    assert mine(stack, kinds=kinds) == []
    subject = act(case, stack, id_)
    (found,) = mine(stack, kinds=kinds)
    refreshed = stack.refresh()
    what = case.said.get("find", [])
    assert "/".join(part for part in (found["type"], found["mesh"], found["name"]) if part) == subject
    assert found["kind"] == (what if isinstance(what, str) else "changed")
    assert found["severity"] == case.said["severity"]
    if what == "unmanaged":
        assert (found["owner"], found["urn"], refreshed) == ("nobody", "", {})
        stack.declare(case.stranger or {}, "stranger", adopt="identical")
    else:
        assert (found["owner"], found["urn"], list(refreshed)) == ("ours", stack.urn(id_), [id_])
        now = refreshed[id_]
        assert (now is None) == (what == "missing")
        if now is not None:
            assert [f"{SIGNS[change['op']]} {change['path']}" for change in found["changes"]] == what
            outs = stack.outs[id_]
            assert {key for key in {*now, *outs} if now.get(key) != outs.get(key)} == roots(KINDS[case.type], found)
            assert stack.engine.changes(id_, now, stack.props[id_])
    stack.up()
    assert stack.live(id_) == before or "status" in (before or {})
    assert mine(stack, kinds=kinds) == []


@pytest.mark.parametrize("case", cases("same"), ids=lambda case: case.name)
def test_no_drift(case: Case, stack: Stack, plane: Plane, served: set[str]):
    id_ = arrange(case, stack, plane, served)
    act(case, stack, id_)
    assert mine(stack, kinds=kinds_of(case)) == []
    assert stack.refresh() == {}
    assert not stack.engine.changes(id_, stack.outs[id_], stack.props[id_])


def test_a_trust_that_takes_another_domain(stack: Stack, plane: Plane, served: set[str]):
    if "MeshTrust" not in served:
        pytest.skip("the control plane does not know the type")
    said = next(one for one in accepted("MeshTrust") if one["trust_domain"] == "example.com")
    stack.declare(bases()["plain"], stack.mesh)
    kind = KINDS["MeshTrust"]
    id_ = stack.declare({"type": "MeshTrust", **Document.desired(kind, {**said, "name": "x"}).body}, "trust")
    assert mine(stack, kinds=("MeshTrust",)) == []
    stack.edit(id_, lambda live: {**live, "spec": {**live["spec"], "trustDomain": "evil.example"}})
    (found,) = mine(stack, kinds=("MeshTrust",))
    assert [change["path"] for change in found["changes"]] == ["spec.trustDomain"]
    assert (found["severity"], list(stack.refresh())) == ("high", [id_])
    stack.up()
    assert mine(stack, kinds=("MeshTrust",)) == []


def test_the_table_is_as_long_as_promised_and_has_every_kind():
    assert len(cases("drift")) >= 60
    assert len(cases("same")) >= 40
    held = {case.type for case in cases("drift")} | LEFT_OUT
    ours = {name for name, kind in KINDS.items() if kind.model.__module__.startswith("pulumi_mesh.")}
    assert len(ours) >= 42
    assert ours - held == set()
