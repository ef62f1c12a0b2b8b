"""The limits that a whole resource of Envoy keeps, in the words of its generated validators."""

from collections.abc import Iterator, Mapping
from typing import Any

from .envoy_facts import SCALARS, WIDTHS, Type, facts, fields, known
from .forms import nanoseconds
from .spec import is_list, is_map

NUMBERS = ("double", *WIDTHS)


def invalid(message: str, said: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a whole message lacks, or has too little or too much of."""
    given = {name: (kind, value) for name, kind, value in known(message, said)}
    short = message.rpartition(".")[2]
    for oneof in facts()[message].get("", ()):
        if not any(name in given for name in oneof.split("|")):
            yield f"invalid {short}: one of {', '.join(oneof.split('|'))} is required"
    for name, kind in fields(message).items():
        value = given[name][1] if name in given else None
        at = f"invalid {short}.{name[:1].upper()}{name[1:]}"
        yield from (f"{at}: {why}" for why in beyond(kind, value))
        for item in inside(kind, value):
            yield from (
                f"{at}: embedded message failed validation | caused by: {why}" for why in invalid(kind.name, item)
            )


def inside(kind: Type, value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the messages that a field holds."""
    if kind.name in SCALARS or is_list(facts()[kind.name]):
        return
    items = value if kind.held == "[" else value.values() if kind.held == "{" and value else [value]
    yield from (item for item in items or () if is_map(item))


def beyond(kind: Type, value: Any) -> Iterator[str]:
    """Yield the limits that a value does not keep; a scalar that must be there is zero where it is absent."""
    limits = kind.limits
    if kind.held:
        count, least = len(value or ()), limits.get("min_items", limits.get("min_pairs", 0))
        if count < least:
            yield f"value must contain at least {int(least)} item(s)"
        if count > (most := limits.get("max_items", count)):
            yield f"value must contain no more than {int(most)} item(s)"
        for item in value or () if kind.held == "[" else ():
            yield from beyond(kind.item, item)
    elif value is None and "required" in limits:
        yield "value is required"
    elif kind.name in ("string", "bytes"):
        if len(value or "") < limits.get("min_len", 0) and (value is not None or not kind.optional):
            yield f"value length must be at least {int(limits['min_len'])} runes"
    elif kind.name == "duration":
        yield from outside(limits, nanoseconds(str(value))) if value is not None else ()
    elif kind.name in NUMBERS and (value is not None or not kind.optional):
        yield from outside(limits, float(value or 0))


def outside(limits: Mapping[str, float], value: float) -> Iterator[str]:
    """Yield the bounds that a number is outside of; a duration counts in nanoseconds."""
    for bound, words, kept in (
        ("gt", "greater than", value > limits.get("gt", value - 1)),
        ("gte", "greater than or equal to", value >= limits.get("gte", value)),
        ("lt", "less than", value < limits.get("lt", value + 1)),
        ("lte", "less than or equal to", value <= limits.get("lte", value)),
    ):
        if not kept:
            yield f"value must be {words} {limits[bound]:g}"
