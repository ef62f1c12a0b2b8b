"""What was found is told in the words in which it was said, also where two items have one name."""

from typing import Any

import pytest

import pulumi_mesh  # noqa: F401 - registers the kinds
from pulumi_mesh.reconcile.diff import diff
from pulumi_mesh.reconcile.echo import echo
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import KINDS

DATAPLANE = KINDS["Dataplane"]


def said(*inbounds: tuple[int, str]) -> dict[str, Any]:
    """Return a proxy with inbounds: ports, and the addresses at which they are; a port may be there twice."""
    listed = [{"port": port, "address": address, "tags": {"kuma.io/service": "web"}} for port, address in inbounds]
    return {"name": "web", "mesh": "shop", "networking": {"address": "10.0.0.1", "inbound": listed}}


ONE, OTHER, THIRD = (80, "10.0.0.1"), (80, "10.0.0.2"), (81, "10.0.0.3")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([ONE, OTHER, THIRD], [ONE, OTHER, THIRD], []),
        ([ONE, OTHER, THIRD], [THIRD, ONE, OTHER], []),
        ([THIRD, ONE, OTHER], [ONE, THIRD, OTHER], []),
        ([ONE, OTHER], [OTHER, ONE], ["networking.inbound[0].address", "networking.inbound[1].address"]),
        ([ONE, THIRD], [ONE, OTHER, THIRD], ["networking.inbound"]),
        ([ONE, OTHER, THIRD], [THIRD, ONE], ["networking.inbound"]),
    ],
)
def test_items_of_one_name_are_told_apart_by_their_order_and_all_others_are_not(
    before: list[tuple[int, str]], after: list[tuple[int, str]], expected: list[str]
):
    wanted, there = (Document.desired(DATAPLANE, said(*inbounds)) for inbounds in (before, after))
    heard = echo(DATAPLANE, said(*before), there)
    found = diff(DATAPLANE, there, wanted)
    assert (heard == said(*before)) == (not expected)
    assert [change.path for change in found] == expected
    again = diff(DATAPLANE, Document.desired(DATAPLANE, heard), wanted)
    assert [change.path for change in again] == [change.path for change in found]
