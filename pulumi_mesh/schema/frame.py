"""The frame of a document: what stands beside its body, judged as the JSON or YAML that it is.

A resource cannot get these wrong: name, mesh and labels have types there. A file can. In the spec shape the schema
judges the frame and gives no path, in the legacy shape the parser does and gives no field at all.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .kind import Kind
from .release import Release
from .rules import Violation
from .spec import is_list, is_map

TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
TIMES = ("creationTime", "modificationTime")


def frame(kind: Kind, document: Mapping[str, Any], release: Release) -> Iterator[Violation]:
    """Yield what stands beside the body and is not of its type, or is not there."""
    nothing: Iterator[tuple[str, str, Any]] = ((key, "is required", None) for key in required(kind, document))
    for key, message, value in [*nothing, *strangers(kind, document, release)]:
        if kind.shape == "legacy":
            yield Violation(key, message.removeprefix("in body "))
        elif message == "is required":
            yield Violation("", f".{key} in body is required")
        else:
            yield Violation("", f'{key} {message}: "{value if "date-time" in message else json_type(value)}"')
    if kind.shape == "spec" and isinstance(document.get("type"), str) and document["type"] != kind.name:
        yield Violation("", f"type in body should be one of [{kind.name}]")


def required(kind: Kind, document: Mapping[str, Any]) -> Iterator[str]:
    """Yield the keys that must be there and are not; what a legacy-shape object lacks is said elsewhere."""
    if kind.shape == "spec":
        yield from (key for key in ("type", "name", "spec") if key not in document)


def strangers(kind: Kind, document: Mapping[str, Any], release: Release) -> Iterator[tuple[str, str, Any]]:
    """Yield the keys whose values have a type that they must not have, with what they must be and what they are."""
    nullable = ("mesh",) if kind.shape == "spec" else ("name", "mesh", "labels", *TIMES)
    for key in ("type", "name", "mesh", *TIMES):
        value = document.get(key)
        if (key not in document or (value is None and key in nullable)) or isinstance(value, str):
            continue
        yield key, "in body must be of type string", value
    for key in objects(kind, release):
        value = document.get(key, {})
        if not is_map(value) and not (value is None and key in nullable):
            yield key, "in body must be of type object", value
    for key, value in document["labels"].items() if is_map(document.get("labels")) else ():
        if not isinstance(value, str) and not (value is None and kind.shape == "legacy"):
            yield f"labels.{key}", "in body must be of type string", value
    for key in TIMES:
        value = document.get(key)
        if isinstance(value, str) and not TIME.fullmatch(value):
            yield key, "in body must be of type date-time", value


def objects(kind: Kind, release: Release) -> Iterator[str]:
    """Yield the keys that hold objects."""
    yield "labels"
    if kind.shape == "spec":
        yield "spec"
    if kind.status and release >= Release.parse(kind.status):
        yield "status"


def json_type(value: Any) -> str:
    """Name the type of a value as the control plane does."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case _:
            return "array" if is_list(value) else "object"
