"""Carry over what an update must not wipe: fields that nobody here knows, and fields that the control plane owns."""

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi_mesh.schema.normal import label, model_normal
from pulumi_mesh.schema.rules import dig
from pulumi_mesh.schema.spec import Declared, Field, Model, is_list, is_map
from pulumi_mesh.schema.wire import chosen, put


def graft(declared: Declared, actual: Mapping[str, Any], desired: Mapping[str, Any]) -> dict[str, Any]:
    """Return desired with the foreign and the server's own fields of actual, at every depth where they still have a place."""
    grown: dict[str, Any] = {}
    wires = {field.wire: field for field in declared.values()}
    wrappers = {wire.split(".")[0] for wire in wires if "." in wire}
    for key, value in actual.items():
        if key in wrappers and is_map(value):
            grown[key] = {name: item for name, item in value.items() if f"{key}.{name}" not in wires}
        elif key not in wires:
            grown[key] = value
    for key in wrappers:
        if key in desired or grown.get(key):
            grown.setdefault(key, {})
    for field in declared.values():
        wanted, there = dig(desired, field.wire), dig(actual, field.wire)
        if field.facts.owned and there is not None:
            put(grown, field.wire, there)
        elif wanted is not None:
            put(grown, field.wire, grafted(field, there, wanted))
    return {key: value for key, value in grown.items() if value or key in desired or key not in wrappers}


def grafted(field: Field, actual: Any, desired: Any) -> Any:
    """Graft one field."""
    model = field.model
    if model is None:
        return desired
    if is_list(desired) and is_list(actual):
        pairs = zip(mates(field, actual, desired), desired, strict=True)
        return [onto(model, mate, item) for mate, item in pairs]
    if field.holds == "table" and is_map(desired) and is_map(actual):
        return {key: onto(model, actual.get(key), item) for key, item in desired.items()}
    return onto(model, actual, desired)


def onto(model: type[Model], actual: Any, desired: Any) -> Any:
    """Graft one object, if it is still of the same variant."""
    if not is_map(actual) or not is_map(desired) or chosen(model, actual) is not chosen(model, desired):
        return desired
    return graft(chosen(model, desired).declared, actual, desired)


def mates(field: Field, actual: Sequence[Any], desired: Sequence[Any]) -> list[Any]:
    """Return for each desired item the actual one that it continues: by its key, else the equal one, else the one in its place."""
    free = {place: identity(field, item) for place, item in enumerate(actual)}
    found: dict[int, Any] = {}
    for index, item in enumerate(desired):
        place = next((place for place, name in free.items() if name == identity(field, item)), None)
        if place is not None:
            del free[place]
            found[index] = actual[place]
    places = () if field.facts.key else range(len(desired))
    found |= {index: actual[index] for index in places if index in free and index not in found}
    return [found.get(index) for index in range(len(desired))]


def identity(field: Field, item: Any) -> Any:
    """Return what tells an item of a list from the others."""
    if field.model is None or not is_map(item):
        return item
    return label(item, field.facts.key) if field.facts.key else model_normal(field.model, item, legacy=False)
