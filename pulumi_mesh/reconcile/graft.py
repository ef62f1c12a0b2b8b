"""Carry over what an update must not wipe: fields that nobody here knows, and fields that the control plane owns."""

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi_mesh.schema.normal import label, model_normal
from pulumi_mesh.schema.rules import dig
from pulumi_mesh.schema.spec import Declared, Field, is_list, is_map
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
    if model is None or actual is None:
        return desired
    if is_list(desired) and is_list(actual):
        return [
            graft(chosen(model, item).declared, mate, item)
            if is_map(item) and (mate := partner(field, actual, item, index))
            else item
            for index, item in enumerate(desired)
        ]
    if field.holds == "table" and is_map(desired) and is_map(actual):
        return {
            key: graft(chosen(model, item).declared, actual[key], item)
            if is_map(item) and is_map(actual.get(key))
            else item
            for key, item in desired.items()
        }
    if is_map(desired) and is_map(actual):
        return graft(chosen(model, desired).declared, actual, desired)
    return desired


def partner(field: Field, actual: Sequence[Any], item: Mapping[str, Any], index: int) -> Mapping[str, Any] | None:
    """Find the actual item that a desired one continues: by its key, else the equal one, else the one in its place."""
    maps = [found for found in actual if is_map(found)]
    if field.facts.key:
        return next((found for found in maps if label(found, field.facts.key) == label(item, field.facts.key)), None)
    if field.model is not None:
        form = model_normal(field.model, item, legacy=False)
        for found in maps:
            if model_normal(field.model, found, legacy=False) == form:
                return found
    found = actual[index] if index < len(actual) else None
    return found if is_map(found) else None
