"""What protobuf reads out of JSON: `query_parameters` for `queryParameters`, the number of an enum for its name, null for nothing."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from .kind import Kind
from .rules import join
from .spec import Declared, Field, is_list, is_map
from .wire import chosen, named


def as_json(kind: Kind, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body with the names that fields have in JSON; a spec-shape object has no others."""
    return renamed(kind.body, body) if kind.shape == "legacy" else dict(body)


def renamed(declared: Declared, body: Mapping[str, Any], way: str = "") -> dict[str, Any]:
    """Rename the fields of an object, or of the part of it that stands below a key such as `conf`."""
    wires = {field.wire: field for field in declared.values()}
    others = {join(wire.rpartition(".")[0], field.name): wire for wire, field in wires.items() if field.facts.proto}
    kept: dict[str, Any] = {}
    for key, value in body.items():
        path = others.get(join(way, key), join(way, key))
        name = path.rpartition(".")[2] if path in wires else key
        if name != key and name in body:
            continue  # JSON's name prevails
        if path in wires:
            kept[name] = inside(wires[path], value)
        elif is_map(value) and any(wire.startswith(f"{path}.") for wire in wires):
            kept[key] = renamed(declared, value, path)
        else:
            kept[key] = value
    return kept


def inside(field: Field, value: Any) -> Any:
    """Rename the fields of what a field holds."""
    model = field.model

    def one(item: Any) -> Any:
        if model is None:
            return named(field.facts.enum, item)
        return renamed(chosen(model, item).declared, item) if is_map(item) else item

    if is_list(value):
        return [one(nothing(field) if item is None else item) for item in value]
    if field.holds == "table" and is_map(value):
        return {key: one(nothing(field) if item is None else item) for key, item in value.items()}
    return one(value)


def nothing(field: Field) -> Any:
    """Return what null is in a list or a map: an empty object, no text, 0."""
    if field.model is not None:
        return {}
    if field.facts.enum:
        return next((name for name, number in field.facts.enum.items() if number == 0), 0)
    return 0 if any(plain in (int, float) for plain in bare(field.type)) else ""


def bare(hint: Any) -> Iterator[Any]:
    """Yield the types that a type is made of."""
    yield hint
    for arm in get_args(hint):
        yield from bare(arm)
