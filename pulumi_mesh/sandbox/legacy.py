"""Legacy-shape bodies, read as protobuf's JSON parser (golang/protobuf jsonpb) reads them, and as it writes them back."""

import base64
import re
from collections.abc import Mapping
from typing import Any

from pulumi_mesh.sandbox.answers import Unread
from pulumi_mesh.sandbox.gojson import Fraction, mismatch, quoted, type_name
from pulumi_mesh.sandbox.gotime import go_duration_of, parse_time
from pulumi_mesh.sandbox.nodes import Node
from pulumi_mesh.schema.spec import is_list, is_map

META = "v1alpha1.ResourceMeta"
WIDTHS = {
    "uint32": (0, 2**32 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "uint64": (0, 2**64 - 1),
    "int64": (-(2**63), 2**63 - 1),
}


def envelope(document: Any) -> Mapping[str, Any]:
    """Read type, mesh, name, labels and times; null is an empty object."""
    if document is None:
        return {}
    if not is_map(document):
        raise mismatch(document, META)
    for key in ("type", "mesh", "name"):
        if not isinstance(document.get(key), (str, type(None))):
            raise mismatch(document[key], "string", f"ResourceMeta.{key}")
    for key in ("creationTime", "modificationTime"):
        parse_time(document.get(key))
    labels = document.get("labels")
    if labels is not None and not is_map(labels):
        raise mismatch(labels, "map[string]string", "ResourceMeta.labels")
    for value in (labels or {}).values():
        if not isinstance(value, (str, type(None))):
            raise mismatch(value, "string", "ResourceMeta.labels")
    return document


class Reader:
    """Reads the body of one kind; `enums` says how protobuf calls the enums, by their place."""

    def __init__(self, package: str, enums: Mapping[str, str]) -> None:
        """Take the names that only messages of errors show."""
        self.package, self.enums = package, enums

    def message(self, node: Node, value: Any, at: str = "") -> dict[str, Any]:
        """Read an object: known fields alone, zero values dropped."""
        if not is_map(value):
            raise mismatch(value, "map[string]json.RawMessage")
        read: dict[str, Any] = {}
        for key, inner in node.at(value).fields.items():
            said = value.get(key)
            if said is None:
                continue
            kept = self.value(inner, said, f"{at}.{key}" if at else key)
            if inner.presence or inner.holds in ("object", "any") or kept not in ("", 0, False, [], {}):
                read[key] = kept
        return read

    def value(self, node: Node, value: Any, at: str) -> Any:
        """Read one value, and spell it as it is read back."""
        match node.holds:
            case "object":
                return self.message(node, value, at)
            case "any":
                return self.free(node, value)
            case "array":
                return self.items(node, value, at)
            case "map":
                return self.entries(node, value, at)
            case "boolean":
                return value if isinstance(value, bool) else misfit(value, "bool")
            case "number":
                return number(value)
            case "integer":
                return integer(value, node.go or "uint32")
            case "int-or-string":
                return value
            case "string":
                return self.text(node, value, at)

    def free(self, node: Node, value: Any) -> Any:
        """Keep a free-form value; what it is read as later is not said here."""
        if node.typed is not None and not is_map(value):
            raise mismatch(value, "map[string]json.RawMessage")
        return free(value)

    def items(self, node: Node, value: Any, at: str) -> list[Any]:
        """Read a list; in it an enum's name of 0 is no zero value."""
        if not is_list(value):
            raise mismatch(value, "[]json.RawMessage")
        inner = node.item or Node("any")
        read = [self.value(inner, {} if one is None and inner.holds == "object" else one, at) for one in value]
        absent = next((name for name, number in inner.numbers.items() if number == 0), "")
        return [absent if inner.numbers and one == "" else one for one in read]

    def entries(self, node: Node, value: Any, at: str) -> dict[str, Any]:
        """Read a map; it is read back with its keys in order."""
        if not is_map(value):
            raise mismatch(value, "map[string]json.RawMessage")
        inner = node.item or Node("any")
        return {key: self.value(inner, value[key], at) for key in sorted(value)}

    def text(self, node: Node, value: Any, at: str) -> Any:
        """Read text, or what protobuf writes as text."""
        if node.numbers:
            return self.enum(node.numbers, value, at)
        if node.form is not None and node.form.name == "base64":
            return data(value)
        if not isinstance(value, str):
            return misfit(value, "string")
        if node.form is not None:
            try:
                go_duration_of(value)
            except Unread as error:
                raise Unread(f"bad Duration: {error}") from None
            return node.form.legacy(value)
        return value

    def enum(self, numbers: Mapping[str, int], value: Any, at: str) -> Any:
        """Read an enum by name or number; the name of 0 is dropped."""
        if isinstance(value, str):
            if value not in numbers:
                name = f"{self.package}.{self.enums.get(at, at)}"
                raise Unread(f"unknown value {quoted(quoted(value))} for enum {name}")
            return value if numbers[value] else ""
        found = integer(value, "int32")
        return next((name for name, number in numbers.items() if number == found), found) if found else ""


def misfit(value: Any, target: str) -> Any:
    """Refuse a value of a wrong type; null is the zero value."""
    if value is None:
        return {"string": "", "bool": False}.get(target, 0)
    raise mismatch(value, target)


def integer(value: Any, go: str) -> int | str:
    """Read a whole number, which may be written as text; one of 64 bits is read back as text."""
    written = str(value) if isinstance(value, str) else value
    if isinstance(written, str):
        if not re.fullmatch(r"-?(0|[1-9]\d*)", written):
            raise Unread(f"json: cannot unmarshal string into Go value of type {go}" if not written else first(written))
        written = int(written)
    low, high = WIDTHS[go]
    if isinstance(written, float) or (
        not isinstance(written, bool) and isinstance(written, int) and not low <= written <= high
    ):
        shown = written.text if isinstance(written, Fraction) else str(written)
        raise Unread(f"json: cannot unmarshal number {shown} into Go value of type {go}")
    if isinstance(written, bool) or not isinstance(written, int):
        return misfit(written, go)
    return str(written) if go.endswith("64") and written else written


def first(text: str) -> str:
    """Say what Go's parser says of text that is no number."""
    return f"invalid character '{text[:1]}' looking for beginning of value"


def number(value: Any) -> Any:
    """Read a number, which may be written as text."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            raise Unread(first(value)) from None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return misfit(value, "float64")
    return int(value) if float(value).is_integer() else float(value)


def free(value: Any) -> Any:
    """Keep a free-form value; its keys are sorted."""
    if is_map(value):
        return {key: free(value[key]) for key in sorted(value)}
    if is_list(value):
        return [free(item) for item in value]
    return (int(value) if value.is_integer() else float(value)) if isinstance(value, float) else value


ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")


def data(value: Any) -> str:
    """Read standard, padded base64 as Go does; line breaks are skipped."""
    if not isinstance(value, str):
        return misfit(value, "[]uint8") or ""
    at, group = 0, ""
    positions: list[int] = []
    for at, char in enumerate(value):
        if char in "\r\n":
            continue
        if char == "=":
            return padded(value, at, group, positions)
        if char not in ALPHABET:
            raise Unread(f"illegal base64 data at input byte {at}")
        positions.append(at)
        group = group + char if len(group) < 4 else char
    if len(positions) % 4:
        raise Unread(f"illegal base64 data at input byte {len(value) - len(positions) % 4}")
    return base64.b64encode(base64.b64decode(value)).decode()


def padded(value: str, at: int, group: str, positions: list[int]) -> str:
    """Read the padding: it ends the text."""
    have = len(positions) % 4
    if have < 2:
        raise Unread(f"illegal base64 data at input byte {at}")
    rest = re.fullmatch(r"=[\r\n]*=[\r\n]*" if have == 2 else r"=[\r\n]*", value[at:])
    if rest is None:
        wrong = at + 1 if have == 2 and value[at + 1 : at + 2] != "=" else at + (2 if have == 2 else 1)
        raise Unread(f"illegal base64 data at input byte {min(wrong, len(value))}")
    return base64.b64encode(base64.b64decode(value)).decode()


__all__ = ["Reader", "envelope", "type_name"]
