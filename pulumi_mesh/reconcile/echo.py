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
    places = {named(field, before): place for place, before in enumerate(said)}
    known = {places[named(field, item)] for item in live if named(field, item) in places}
    vacant = [place for place in range(len(said) + len(live)) if place not in known]
    found = [(places[name] if (name := named(field, item)) in places else vacant.pop(0), item) for item in live]
    return [
        (said[place] if place < len(said) else None, item) for place, item in sorted(found, key=lambda pair: pair[0])
    ]
