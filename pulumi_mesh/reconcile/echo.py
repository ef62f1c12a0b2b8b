"""What was found, in the words in which it was said: a spelling that means the same is no news."""

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.normal import canonical, label
from pulumi_mesh.schema.spec import NOTHING, Declared, Field, is_list, is_map
from pulumi_mesh.schema.wire import outward


def echo(kind: Kind, said: Mapping[str, Any], found: Document) -> dict[str, Any]:
    """Return a found document as the properties of the resource that said it so."""
    live = found.said(kind)
    heard = {key: value for key, value in said.items() if key == "control_plane"}
    heard |= {
        key: live[key]
        for key in ("name", "mesh")
        if key in live and (key != "mesh" or "mesh" in said or kind.scope == "mesh")
    }
    labels = found.counted(said.get("labels") or {})
    if labels or "labels" in said:
        heard["labels"] = labels
    return heard | echoed(kind.body, said, live, legacy=kind.shape == "legacy")


def echoed(declared: Declared, said: Mapping[str, Any], live: Mapping[str, Any], *, legacy: bool) -> dict[str, Any]:
    """Return live fields, those that mean what was said as they were said."""
    heard: dict[str, Any] = {}
    for name, field in declared.items():
        before, now = said.get(name), live.get(name)
        same = meaning(field, before, legacy=legacy) == meaning(field, now, legacy=legacy)
        value = before if same else retold(field, before, now, legacy=legacy)
        if value is not None:
            heard[name] = value
    return heard


def meaning(field: Field, value: Any, *, legacy: bool) -> Any:
    """Return the normal form of a value, the control plane's default where it says nothing."""
    formed = canonical(field, outward(field, value), legacy=legacy)
    if formed is NOTHING and field.facts.fills is not NOTHING:
        return canonical(field, field.facts.fills, legacy=legacy)
    return formed


def retold(field: Field, said: Any, live: Any, *, legacy: bool) -> Any:
    """Return a value that differs, its parts that do not differ as they were said."""
    model = field.model
    if model is None or live is None:
        return live
    if is_list(live):
        before: Sequence[Any] = said if is_list(said) else ()
        return [
            retold(field, mate(field, before, item, index), item, legacy=legacy)
            for index, item in ordered(field, before, live)
        ]
    if field.holds == "table" and is_map(live):
        known: Mapping[str, Any] = said if is_map(said) else {}
        return {
            key: echoed(model.variant(item).declared, known.get(key) or {}, item, legacy=legacy)
            for key, item in live.items()
        }
    if is_map(live):
        return echoed(model.variant(live).declared, said if is_map(said) else {}, live, legacy=legacy)
    return live


def named(field: Field, item: Any) -> str:
    """Name an item of a list by its key on the wire."""
    return label(outward(field, item), field.facts.key)


def mate(field: Field, said: Sequence[Any], item: Any, index: int) -> Any:
    """Find what was said of an item: by its key, else by its place."""
    if field.facts.key:
        return next((before for before in said if named(field, before) == named(field, item)), None)
    return said[index] if index < len(said) else None


def ordered(field: Field, said: Sequence[Any], live: Sequence[Any]) -> Sequence[tuple[int, Any]]:
    """Return live items with their places, in the order in which they were said where their order means nothing."""
    items = list(enumerate(live))
    if not field.facts.key:
        return items
    places = {named(field, before): place for place, before in enumerate(said)}
    return sorted(items, key=lambda item: places.get(named(field, item[1]), len(places) + item[0]))
