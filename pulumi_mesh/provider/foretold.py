"""What a program has promised: values that are known later only, and what they will be as far as the program has said it."""

from collections.abc import Iterable, Mapping
from typing import Any, cast
from weakref import WeakKeyDictionary

import pulumi

from pulumi_mesh.schema.spec import ATOMS, is_list, is_map, promised

FORETOLD: "WeakKeyDictionary[pulumi.Output[Any], Any]" = WeakKeyDictionary()
"""What the Outputs of resources will be, as far as the program has said it."""
NOT_SAID = object()


def foretell(output: pulumi.Output[Any], value: Any) -> pulumi.Output[Any]:
    """Remember what an Output will be."""
    FORETOLD[output] = value
    return output


def told(value: Any) -> Any:
    """Return a value with what its Outputs will be in their place, as far as that is known."""
    if type(value) in ATOMS:
        return value
    if isinstance(value, pulumi.Output):
        known = FORETOLD.get(cast("pulumi.Output[Any]", value), NOT_SAID)
        return cast("Any", value) if known is NOT_SAID else told(known)
    if is_map(value):
        return {key: told(item) for key, item in value.items()}
    return [told(item) for item in value] if is_list(value) else value


def is_output(value: Any) -> bool:
    """Tell whether a promise is an Output: anything else can be awaited only once, by the engine."""
    return isinstance(value, pulumi.Output)


def promises(value: Any) -> Iterable[Any]:
    """Yield what is known later only."""
    if type(value) in ATOMS:
        return
    if promised(value):
        yield value
    elif is_map(value):
        for item in value.values():
            yield from promises(item)
    elif is_list(value):
        for item in value:
            yield from promises(item)


def resolved(value: Any, values: Mapping[int, Any]) -> Any:
    """Return a value with what has become known in its place."""
    if not values:
        return value
    if promised(value):
        return values.get(id(value), value)
    if is_map(value):
        return {key: resolved(item, values) for key, item in value.items()}
    return [resolved(item, values) for item in value] if is_list(value) else value


__all__ = ["foretell", "is_output", "promises", "resolved", "told"]
