"""What the facts of the fields say of a body: what a release does not know, what must not be null, how long a list may be."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from annotated_types import Le

from .forms import IntOrStr
from .kind import KINDS, Kind
from .release import Release
from .rules import Violation, dig, entry, join
from .spec import NOTHING, Declared, Field, is_list, is_map
from .wire import chosen


def present(declared: Declared, body: Mapping[str, Any], at: str = "") -> Iterator[tuple[Field, str, Any]]:
    """Yield every field that a body holds, at any depth, the outer before the inner, with its path and its value."""
    for field in declared.values():
        way, _, key = field.wire.rpartition(".")
        holder: Any = body.get(way) if way else body
        if not is_map(holder) or key not in holder:
            continue
        here, value = join(at, field.wire), holder[key]
        yield field, here, value
        if field.model is not None:
            for path, item in maps(field, value, here):
                yield from present(chosen(field.model, item).declared, item, path)


def maps(field: Field, value: Any, at: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the maps that a field holds, each with its path."""
    if is_list(value):
        found = [(f"{at}[{index}]", item) for index, item in enumerate(value)]
    elif field.holds == "table" and is_map(value):
        found = [(entry(at, key), item) for key, item in value.items()]
    else:
        found = [(at, value)]
    yield from ((path, item) for path, item in found if is_map(item))


TYPE = re.compile(r"[A-Z][A-Za-z0-9]*")


def unlisted(kind: Kind) -> Iterator[Violation]:
    """Yield what is wrong with a type that a program says: this version does not know it, or the type has a class."""
    if kind.generic and kind.name in KINDS:
        yield Violation("type", f"this version knows it: use {kind.name} instead of {kind.generic}")
    elif kind.generic and not TYPE.fullmatch(kind.name):
        yield Violation("type", "must be the name of a type as the control plane has it, such as MeshTimeout")


def versions(kind: Kind, body: Mapping[str, Any], release: Release) -> Iterator[Violation]:
    """Yield the fields that a release of Kuma does not know; of what is in such a field nothing more is said."""
    if not kind.is_on(release):
        yield Violation("type", f"{kind.name} is known since Kuma {kind.since}; the target is {release}")
        return
    said: list[str] = []
    for field, path, _ in present(kind.body, body):
        since, until = field.facts.since, field.facts.until
        if path.startswith(tuple(said)):
            continue
        if since and release < Release.parse(since):
            yield Violation(path, f"is known since Kuma {since}; the target is {release}")
        elif until and release > Release.parse(until):
            yield Violation(path, f"is known up to Kuma {until}; the target is {release}")
        else:
            continue
        said += [f"{path}.", f"{path}["]


def nulls(declared: Declared, body: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield the fields that are null: a spec-shape object has no such thing, unless the schema's default or any type stands there."""
    for field, path, value in present(declared, body):
        defaults = field.facts.fills is not NOTHING and not callable(field.facts.fills)
        if value is None and not defaults and field.type not in (Any, IntOrStr):
            yield Violation(path, "must not be null; leave it out")


UNSIGNED = Le(2**32 - 1)
"""The bound of whole numbers of 32 bits without a sign."""


def narrow(declared: Declared, body: Mapping[str, Any], release: Release) -> Iterator[Violation]:
    """Yield the whole numbers without a sign that do not fit in one with a sign: the schemas of 2.14 have no other."""
    for field, path, value in present(declared, body) if release >= (2, 14) else ():
        if UNSIGNED in getattr(field.type, "__metadata__", ()) and isinstance(value, int) and value >= 2**31:
            yield Violation(path, "must be of type integer with format int32")


def bounds(declared: Declared, body: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield the lists that have too few or too many items."""
    for field, path, value in present(declared, body):
        least, most = field.facts.least, field.facts.most
        if is_list(value) and len(value) < least:
            yield Violation(path, f"in body should have at least {least} items")
        if is_list(value) and most and len(value) > most:
            yield Violation(path, f"in body should have at most {most} items")


def unwrapped(declared: Declared, body: Mapping[str, Any], at: str = "") -> Iterator[Violation]:
    """Yield the objects that fields stand in, such as `conf`, where they are none."""
    for way in sorted({field.wire.rpartition(".")[0] for field in declared.values()} - {""}):
        if body.get(way) is not None and not is_map(body[way]):
            yield Violation(join(at, way), "must be a map")
    for field in declared.values():
        if field.model is not None:
            for path, item in maps(field, dig(body, field.wire), join(at, field.wire)):
                yield from unwrapped(chosen(field.model, item).declared, item, path)
