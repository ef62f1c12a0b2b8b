"""Spec-shape bodies, judged as go-openapi judges them by a schema, in its words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pulumi_mesh.sandbox.gojson import quoted
from pulumi_mesh.sandbox.gotime import is_time
from pulumi_mesh.sandbox.nodes import Node
from pulumi_mesh.schema.rules import Violation
from pulumi_mesh.schema.spec import NOTHING, is_list, is_map

INT32 = (-(2**31), 2**31 - 1)
INT64 = (-(2**63), 2**63 - 1)
BASE64 = re.compile(r"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})")


def filled(node: Node, value: Any) -> Any:
    """Return a value with the defaults of its schema; a default takes the place of null, too."""
    if is_map(value) and node.holds == "object":
        shape = node.at(value)
        made = {key: filled(shape.fields[key], item) if key in shape.fields else item for key, item in value.items()}
        for key, inner in shape.fields.items():
            if inner.fills is not NOTHING and made.get(key) is None:
                made[key] = filled(inner, inner.fills(made) if callable(inner.fills) else inner.fills)
        return made
    if node.item is not None:
        if is_list(value) and node.holds == "array":
            return [filled(node.item, one) for one in value]
        if is_map(value) and node.holds == "map":
            return {key: filled(node.item, one) for key, one in value.items()}
    return value


def placed(path: str, message: str) -> Violation:
    """Say a message as Kuma does: the path is a field of its own only below `spec`."""
    if path.startswith(("spec.", "spec[")):
        return Violation(path, message)
    return Violation("", f"{path or '.'} {message}" if path else message)


def envelope(kind: str, document: Mapping[str, Any]) -> Iterator[Violation]:
    """Judge what stands beside `spec`."""
    for key in ("type", "name", "spec"):
        if key not in document:
            yield Violation("", f".{key} in body is required")
    for key in ("type", "name", "mesh", "kri"):
        if key in document and not isinstance(document[key], str):
            yield placed(key, type_complaint("string", document[key]))
    if "type" in document and document["type"] != kind:
        yield placed("type", f"in body should be one of [{kind}]")
    for key in ("creationTime", "modificationTime"):
        if key in document and not isinstance(document[key], str):
            yield placed(key, type_complaint("string", document[key]))
        elif key in document and not is_time(document[key]):
            yield placed(key, f'in body must be of type date-time: "{document[key]}"')
    yield from labels(document)
    for key in ("spec", "status"):
        if key in document and not is_map(document[key]):
            yield placed(key, type_complaint("object", document[key]))


def labels(document: Mapping[str, Any]) -> Iterator[Violation]:
    """Judge the types of labels."""
    said = document.get("labels", {})
    if not is_map(said):
        yield placed("labels", type_complaint("object", said))
        return
    for key, value in said.items():
        if not isinstance(value, str):
            yield placed(f"labels.{key}", type_complaint("string", value))


def type_complaint(wanted: str, value: Any) -> str:
    """Say that a value has a wrong type."""
    return f'in body must be of type {wanted}: "{json_type(value)}"'


def json_type(value: Any) -> str:
    """Name the type of a value as JSON schema does."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return "string" if isinstance(value, str) else "array" if is_list(value) else "object"


@dataclass(frozen=True, slots=True)
class Judge:
    """A schema validator; that of Kuma 2.14 also looks whether a number fits into its format."""

    modern: bool

    def judged(self, node: Node, value: Any, path: str) -> Iterator[Violation]:
        """Judge a value by its node."""
        match node.holds:
            case "object":
                yield from self.members(node, value, path)
            case "map":
                yield from self.entries(node, value, path)
            case "array":
                yield from self.items(node, value, path)
            case "integer":
                yield from self.integer(node, value, path)
            case "int-or-string":
                yield from self.int_or_string(value, path)
            case "string" | "boolean" | "number":
                if json_type(value) != node.holds:
                    yield placed(path, type_complaint(node.holds, value))
                else:
                    yield from bounded(node, value, path)
            case "any":
                pass
        if node.choices and value not in node.choices:
            yield placed(path, f"in body should be one of [{' '.join(str(one) for one in node.choices)}]")

    def members(self, node: Node, value: Any, path: str) -> Iterator[Violation]:
        """Judge an object: what it must have, then what it has."""
        if not is_map(value):
            yield placed(path, type_complaint("object", value))
            return
        shape = node.at(value)
        for key in shape.required:
            if key not in value:
                yield placed(f"{path}.{key}", "in body is required")
        for key, item in value.items():
            if key in shape.fields:
                yield from self.judged(shape.fields[key], item, f"{path}.{key}")

    def entries(self, node: Node, value: Any, path: str) -> Iterator[Violation]:
        """Judge a map."""
        if not is_map(value):
            yield placed(path, type_complaint("object", value))
        elif node.item is not None:
            for key, item in value.items():
                yield from self.judged(node.item, item, f"{path}.{key}")

    def items(self, node: Node, value: Any, path: str) -> Iterator[Violation]:
        """Judge a list."""
        if not is_list(value):
            yield placed(path, type_complaint("array", value))
            return
        low, high = node.bounds.get("min_length", 0), node.bounds.get("max_length")
        if len(value) < low:
            yield placed(path, f"in body should have at least {low} items")
        if high is not None and len(value) > high:
            yield placed(path, f"in body should have at most {high} items")
        if node.item is not None:
            for index, item in enumerate(value):
                yield from self.judged(node.item, item, f"{path}[{index}]")

    def integer(self, node: Node, value: Any, path: str) -> Iterator[Violation]:
        """Judge a whole number; `2.0` is one. Most have a format, 32 or 64 bits."""
        said, (low, high) = node.format, INT32 if node.format == "int32" else INT64
        if value is None or isinstance(value, str) or is_list(value):
            yield placed(path, type_complaint("integer", value))
            return
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            yield placed(path, f'in body must be of type {said}: ""' if said else type_complaint("integer", value))
            return
        is_whole = float(value).is_integer()
        if not is_whole:
            yield placed(
                path, f'in body must be of type {said}: "float64"' if said else type_complaint("integer", value)
            )
        if self.modern and not (is_whole and low <= value <= high):
            what = f"with format {said}" if said else "(default format)"
            yield Violation("", f"Checked value must be of type integer {what} in {path}")
        yield from bounded(node, value, path)

    def int_or_string(self, value: Any, path: str) -> Iterator[Violation]:
        """Judge a value that may be a whole number or text; null passes."""
        if value is None or isinstance(value, str) or (not isinstance(value, bool) and isinstance(value, int)):
            return
        if isinstance(value, float) and value.is_integer():
            return
        yield Violation("", f'"{path}" must validate at least one schema (anyOf)')
        yield placed(path, type_complaint("integer", value))
        if self.modern and isinstance(value, float):
            yield Violation("", f"Checked value must be of type integer (default format) in {path}")


def bounded(node: Node, value: Any, path: str) -> Iterator[Violation]:
    """Judge a number by its limits, text by its length and pattern."""
    bounds = node.bounds
    if isinstance(value, str):
        low, high, pattern = bounds.get("min_length"), bounds.get("max_length"), bounds.get("pattern")
        if node.format == "byte" and not BASE64.fullmatch(value):
            yield placed(path, f"in body must be of type byte: {quoted(value)}")
        if high is not None and len(value) > high:
            yield placed(path, f"in body should be at most {high} chars long")
        if low is not None and len(value) < low:
            yield placed(path, f"in body should be at least {low} chars long")
        if pattern is not None and not re.search(pattern, value):
            yield placed(path, f"in body should match '{pattern}'")
        return
    if isinstance(value, bool):
        return
    if "ge" in bounds and value < bounds["ge"]:
        yield placed(path, f"in body should be greater than or equal to {figure(bounds['ge'])}")
    if "gt" in bounds and value <= bounds["gt"]:
        yield placed(path, f"in body should be greater than {figure(bounds['gt'])}")
    if "le" in bounds and value > bounds["le"]:
        yield placed(path, f"in body should be less than or equal to {figure(bounds['le'])}")
    if "lt" in bounds and value >= bounds["lt"]:
        yield placed(path, f"in body should be less than {figure(bounds['lt'])}")


def figure(limit: float) -> str:
    """Write a number as Go's %g does: `65535`, `8e+06`."""
    if limit >= 1e21 or (limit >= 1_000_000 and float(limit).is_integer() and limit % 1_000_000 == 0):
        return f"{limit:g}"
    return str(limit)
