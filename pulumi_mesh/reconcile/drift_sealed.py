"""Values that a state has only encrypted: they are not compared, so the actual ones stand in for them."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.rules import steps
from pulumi_mesh.schema.spec import is_list, is_map


def filled(kind: Kind, sealed: Sequence[str], desired: Document, actual: Document) -> Document:
    """Return a desired document with the actual values at the paths (of a program) that are sealed."""
    if not sealed:
        return desired
    said, live = copy.deepcopy(desired.said(kind)), actual.said(kind)
    for path in sealed:
        fill(said, live, steps(path))
    made = Document.desired(kind, {**said, "name": desired.address.name}, desired.owner)
    return replace(made, address=desired.address, marks=desired.marks, status=desired.status)


def fill(said: Any, live: Any, way: Sequence[str | int]) -> None:
    """Put what is live at the end of a path into what was said."""
    step, *rest = way
    there = inside(live, step)
    if there is None:
        return
    if rest and inside(said, step) is not None:
        fill(inside(said, step), there, rest)
    elif is_list(said) and isinstance(said, list) and isinstance(step, int):
        said.insert(step, copy.deepcopy(there))  # an item that is sealed as a whole is not in the list
    elif isinstance(said, dict):
        said[step] = copy.deepcopy(there)


def inside(value: Any, step: str | int) -> Any:
    """Return what a step leads to, or None."""
    if isinstance(step, int):
        items: Sequence[Any] = value if is_list(value) else ()
        return items[step] if step < len(items) else None
    table: Mapping[str, Any] = value if is_map(value) else {}
    return table.get(step)
