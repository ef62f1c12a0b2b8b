"""Whatever changes by hand: the command finds it if and only if a refresh of the engine does, at the same properties."""

import copy
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pulumi_mesh.reconcile.diff import diff
from pulumi_mesh.reconcile.drift import Desired, drift
from pulumi_mesh.reconcile.echo import echo
from pulumi_mesh.schema.check import judge_wire
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import KINDS, Kind
from tests.corpus import known
from tests.strategies import documents, leaves, put_at

OTHER: dict[type, list[Any]] = {
    str: ["other", "b.example", "30s", "Zm9v"],
    int: [3, 81, 7],
    bool: [True, False],
    float: [3.5],
}


@pytest.mark.parametrize("name", known())
@given(data=st.data())
def test_the_command_and_a_refresh_agree(name: str, data: st.DataObject):
    kind = KINDS[name]
    said = {**data.draw(documents(kind)), "name": "it"}
    desired = Document.desired(kind, said, "shop.dev")
    body = edited(data, desired.sent())
    assume(not judge_wire(kind, body))
    actual = Document.found(kind, body)
    found = list(drift([Desired(kind, desired)], [], {actual.address: (kind, actual)}))
    heard = echo(kind, said, actual)
    assert all(one.sort == "changed" for one in found)
    differs = {key for key in {*said, *heard} if said.get(key) != heard.get(key)}
    changes = [change.path for one in found for change in one.changes]
    about = [roots(kind, path) for path in changes]
    assert all(each & differs for each in about)
    assert differs <= set[str]().union(*about)
    again = Document.desired(kind, heard, "shop.dev")  # what the engine compares with the program after a refresh
    assert [change.path for change in diff(kind, again, desired)] == changes


def edited(data: st.DataObject, body: dict[str, Any]) -> dict[str, Any]:
    """Return an object with one value changed, removed, or an item twice or in another order, by hand."""
    body = copy.deepcopy(body)
    inside = {key: value for key, value in body.items() if key not in ("type", "name", "mesh", "labels")}
    ways = [(way, value) for way, value in leaves(inside) if value is not None]
    if not ways:
        return {**body, "labels": {**body.get("labels", {}), "by": "hand"}}
    way, value = data.draw(st.sampled_from(ways))
    match data.draw(st.sampled_from(["set", "drop", "reverse", "label"])):
        case "set":
            return put_at(body, way, data.draw(st.sampled_from([one for one in OTHER[type(value)] if one != value])))
        case "drop":
            at = body
            for step in way[:-1]:
                at = at[step]
            at.pop(way[-1])
        case "reverse":
            at = body
            for step in way:
                if isinstance(at, list):
                    at.reverse()
                    break
                at = at[step]
        case _:
            body["labels"] = {**body.get("labels", {}), "by": "hand"}
    return body


def roots(kind: Kind, path: str) -> set[str]:
    """Return the properties that a path of the control plane is about, all below it where it is the path of a body."""
    wires = {field.wire: name for name, field in kind.body.items()} | {"labels": "labels"}
    inside = {name for wire, name in wires.items() if path == wire or path.startswith((f"{wire}.", f"{wire}["))}
    return inside or {name for wire, name in wires.items() if wire.startswith(f"{path}.")}
