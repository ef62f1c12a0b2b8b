"""What was found, in the words in which it was said: a spelling that means the same is no news."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pulumi_mesh.schema.counted import counted
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.normal import label, meant
from pulumi_mesh.schema.spec import Declared, Field, is_list, is_map
from pulumi_mesh.schema.wire import outward, put, to_wire

from .standin import alike


def echo(kind: Kind, said: Mapping[str, Any], found: Document) -> dict[str, Any]:
    """Return a found document as the properties of the resource that said it so."""
    asked = to_wire(kind.model, {name: value for name, value in said.items() if name in kind.body})
    found = replace(found, body=counted(kind.body, found.body, asked))
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
    here, there = worded(declared, said), worded(declared, live)
    for name, field in declared.items():
        same = alike(meant(field, here, legacy=legacy), meant(field, there, legacy=legacy))
        value = said.get(name) if same else retold(field, said.get(name), live.get(name), legacy=legacy)
        if value is not None:
            heard[name] = value
    return heard


def worded(declared: Declared, said: Mapping[str, Any]) -> dict[str, Any]:
    """Spell fields as the control plane does, with the object that they stand in."""
    body: dict[str, Any] = {}
    for name, value in said.items():
        if value is not None and (field := declared.get(name)) is not None:
            put(body, field.wire, outward(field, value))
    return body


def retold(field: Field, said: Any, live: Any, *, legacy: bool) -> Any:
    """Return a value that differs, its parts that do not differ as they were said."""
    model = field.model
    if model is None or live is None:
        return live
    if is_list(live):
        before: Sequence[Any] = said if is_list(said) else ()
        return [retold(field, mate, item, legacy=legacy) for mate, item in paired(field, before, live)]
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


def paired(field: Field, said: Sequence[Any], live: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Pair live items with what was said of them: by their key where they have one, the rest by their place.

    Where order means nothing, the order in which they were said is kept.
    """
    if not field.facts.key:
        return [(said[index] if index < len(said) else None, item) for index, item in enumerate(live)]
    places: dict[str, list[int]] = {}
    for place, before in enumerate(said):
        places.setdefault(named(field, before), []).append(place)
    mates = [(free.pop(0) if (free := places.get(named(field, item))) else None, item) for item in live]
    taken = {place for place, _ in mates}
    vacant = (place for place in range(len(said) + len(live)) if place not in taken)
    found = [(next(vacant) if place is None else place, item) for place, item in mates]
    return [
        (said[place] if place < len(said) else None, item) for place, item in sorted(found, key=lambda pair: pair[0])
    ]
