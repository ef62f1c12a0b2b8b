"""Spec-shape bodies, decoded as Go decodes them once the schema is content, and as they are read back."""

from collections.abc import Mapping
from typing import Any

from pulumi_mesh.sandbox import openapi
from pulumi_mesh.sandbox.answers import Unread, invalid, panic
from pulumi_mesh.sandbox.gojson import mismatch
from pulumi_mesh.sandbox.gotime import go_duration_of
from pulumi_mesh.sandbox.legacy import WIDTHS, free
from pulumi_mesh.sandbox.nodes import Node
from pulumi_mesh.schema.forms import go_duration
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.spec import NOTHING, is_list, is_map


def document(
    kind: Kind, node: Node, status: Node, said: Any, *, modern: bool
) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """Read a whole document: its envelope as it is, its spec with defaults, judged and decoded."""
    if said is None:
        raise panic()
    if not is_map(said):
        raise mismatch(said, "map[string]interface {}")
    found = list(openapi.envelope(kind.name, said))
    spec = said.get("spec")
    inner = node.fields.get("spec", Node("object"))
    if is_map(spec):
        spec = openapi.filled(inner, spec)
        found += openapi.Judge(modern).judged(inner, spec, "spec")
    if is_map(said.get("status")):
        found += openapi.Judge(modern).judged(status, said["status"], "status")
    if found:
        raise invalid(found)
    return said, {"spec": decoded(inner, spec, ("spec",))}


def decoded(node: Node, value: Any, way: tuple[str, ...], owner: str = "") -> Any:
    """Decode a value: unknown keys dropped, durations respelled; `owner` is the Go type that holds it."""
    if is_map(value) and node.holds == "object":
        held = {key: (inner, found(inner, value, key)) for key, inner in node.at(value).fields.items()}
        return {k: decoded(n, v, (*way, k), node.title) for k, (n, v) in held.items() if v is not NOTHING}
    if is_list(value) and node.item is not None:
        return [decoded(node.item, one, way) for one in value]
    if is_map(value) and node.item is not None:
        return {key: decoded(node.item, value[key], way) for key in sorted(value)}
    if isinstance(value, str) and (node.go == "duration" or (node.form and node.form.name == "duration")):
        return go_duration(go_duration_of(value))
    if node.form is not None and isinstance(value, str):
        return node.form.spec(value)
    if node.holds == "any":
        return free(value)
    if node.holds in ("integer", "int-or-string") and isinstance(value, (int, float)):
        return fitted(int(value), node.go or "int32", f"{owner}.{'.'.join(way)}")
    return int(value) if isinstance(value, float) and value.is_integer() else value


def found(node: Node, value: Mapping[str, Any], key: str) -> Any:
    """Return what a key holds, what is written in its place, or NOTHING where it is dropped."""
    if key not in value or (value[key] is None and node.go != "json.RawMessage"):
        return node.zero
    return NOTHING if node.vanishes and not value[key] else value[key]


def fitted(value: int, go: str, at: str) -> int:
    """Refuse a number that does not fit into its Go type."""
    low, high = WIDTHS[go]
    if not low <= value <= high:
        raise Unread(f"json: cannot unmarshal number {value} into Go struct field {at} of type {go}")
    return value
