"""The normal form of a body: two bodies that mean the same are equal in it.

What means nothing is taken away (the order of sets, the spelling of durations, defaults that the control plane writes,
zero values that it drops, fields that it owns), and lists whose items have a name become maps by that name, so that a
difference has a path that a person can read: `conf.listeners[8443 HTTPS shop.example].tls.mode`.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, get_args

from .parts import Form
from .rules import dig
from .spec import NOTHING, Declared, Field, Model, is_list, is_map, promised
from .wire import chosen, put

EMPTY: tuple[Any, ...] = ({}, [], None)
ZERO: tuple[Any, ...] = ("", 0, False)


def normal(declared: Declared, body: Mapping[str, Any], *, legacy: bool) -> dict[str, Any]:
    """Return the normal form of a body on the wire; keys that no field declares are left out."""
    known: dict[str, Any] = {}
    for field in declared.values():
        if (value := meant(field, body, legacy=legacy)) is not NOTHING:
            put(known, field.wire, value)
    return known


def meant(field: Field, body: Mapping[str, Any], *, legacy: bool) -> Any:
    """Return the normal form of one field of a body, the control plane's default where it says nothing."""
    value = canonical(field, dig(body, field.wire), legacy=legacy)
    return canonical(field, filled(field, body), legacy=legacy) if value is NOTHING else value


def filled(field: Field, body: Mapping[str, Any]) -> Any:
    """Return what the control plane writes into an absent field of a body, or None."""
    fills, (way, _, _) = field.facts.fills, field.wire.rpartition(".")
    if callable(fills):
        holder = dig(body, way) if way else body
        return fills(holder if is_map(holder) else {})
    return None if fills is NOTHING else fills


def canonical(field: Field, value: Any, *, legacy: bool) -> Any:
    """Return the normal form of one field, or NOTHING where it says nothing."""
    if field.facts.owned or value is None:
        return NOTHING
    value = formed(field, value, legacy=legacy)
    if field.facts.presence or promised(value):
        return value
    if value in EMPTY and not isinstance(value, (bool, int, float)):
        return NOTHING
    if legacy and field.holds == "one" and (value in ZERO or field.facts.enum.get(str(value), 1) == 0):
        return NOTHING
    return value


def formed(field: Field, value: Any, *, legacy: bool) -> Any:
    """Return the normal form of a value, items and entries included."""
    if promised(value):
        return value
    if is_list(value):
        return keyed(field, [single(field, item, legacy=legacy) for item in value])
    if field.holds == "table" and is_map(value):
        return {key: single(field, item, legacy=legacy) for key, item in value.items() if item is not None}
    return single(field, value, legacy=legacy)


def single(field: Field, value: Any, *, legacy: bool) -> Any:
    """Return the normal form of one item."""
    if field.model is not None and is_map(value):
        return normal(chosen(field.model, value).declared, value, legacy=legacy)
    for form in forms(field.type):
        value = form.normal(value)
    if field.facts.enum and isinstance(value, int):
        return next((name for name, number in field.facts.enum.items() if number == value), value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if is_map(value):
        return {key: item for key, item in value.items() if item is not None}
    return value


@cache
def forms(hint: Any) -> tuple[Form, ...]:
    """Return the forms that a type is annotated with (a duration, base64)."""
    found = tuple(arg for arg in getattr(hint, "__metadata__", ()) if isinstance(arg, Form))
    return found or tuple(form for arm in get_args(hint) if arm is not hint for form in forms(arm))


def keyed(field: Field, items: Sequence[Any]) -> Any:
    """Turn a list whose items have a name into a map, and sort a list that is a set.

    Items of one name keep their order among themselves: the control plane may take the last one.
    """
    if field.facts.unordered:
        return sorted(items, key=lambda item: json.dumps(item, sort_keys=True, default=str))
    if not field.facts.key or any(promised(item) for item in items):
        return list(items)
    named = [(label(item, field.facts.key), item) for item in items]
    known = dict(named)
    return known if len(known) == len(named) else [item for _, item in sorted(named, key=lambda pair: pair[0])]


def label(item: Any, key: Sequence[str]) -> str:
    """Name an item by its key: `8443 HTTPS shop.example`, `*` where a part is absent."""
    return " ".join(str(dig(item, part) or "*") for part in key)


def model_normal(model: type[Model], body: Mapping[str, Any], *, legacy: bool) -> dict[str, Any]:
    """Return the normal form of a part by itself."""
    return normal(chosen(model, body).declared, body, legacy=legacy)
