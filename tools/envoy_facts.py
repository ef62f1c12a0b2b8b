"""Makes `pulumi_mesh/schema/envoy.json`: what Envoy asks of the resources that a policy may carry as YAML.

    python tools/envoy_facts.py        where the package `xds-protos` is installed

Taken from Envoy's API are facts alone: the types of fields and their limits. A message is a map of its fields, an enum a
list of its names. `[T]` is a list, `{T}` a map, `T?` a scalar that may be absent; limits follow (`string min_len=1`).
The key "" holds the fields of which one must be there. Formats of text and a handful of rare limits are left out.
"""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parent.parent / "pulumi_mesh" / "schema" / "envoy.json"
ROOTS = (
    ("envoy.config.cluster.v3.cluster_pb2", "Cluster"),
    ("envoy.config.listener.v3.listener_pb2", "Listener"),
    ("envoy.config.listener.v3.listener_components_pb2", "Filter"),
    ("envoy.extensions.filters.network.http_connection_manager.v3.http_connection_manager_pb2", "HttpFilter"),
    ("envoy.config.route.v3.route_components_pb2", "VirtualHost"),
)
RULES: Any = import_module("validate.validate_pb2")
DESCRIPTOR: Any = import_module("google.protobuf.descriptor").FieldDescriptor
SCALARS = {
    DESCRIPTOR.TYPE_STRING: "string",
    DESCRIPTOR.TYPE_BOOL: "bool",
    DESCRIPTOR.TYPE_BYTES: "bytes",
    DESCRIPTOR.TYPE_DOUBLE: "double",
    DESCRIPTOR.TYPE_FLOAT: "double",
    DESCRIPTOR.TYPE_UINT32: "uint32",
    DESCRIPTOR.TYPE_UINT64: "uint64",
    DESCRIPTOR.TYPE_INT32: "int32",
    DESCRIPTOR.TYPE_INT64: "int64",
}
LIMITS = ("min_len", "min_items", "max_items", "min_pairs", "gt", "gte", "lt", "lte")
Facts = dict[str, Any]


def short(descriptor: Any) -> str:
    """Return the name of a message or an enum without the package of all."""
    return str(descriptor.full_name).removeprefix("envoy.")


def message(descriptor: Any, facts: Facts) -> str:
    """Note a message, and all that it holds."""
    name = short(descriptor)
    if name not in facts:
        facts[name] = {}
        for one in descriptor.fields:
            facts[name][one.json_name] = field(one, facts)
        oneofs = [one for one in descriptor.oneofs if one.GetOptions().Extensions[RULES.required]]
        if oneofs:
            facts[name][""] = ["|".join(one.json_name for one in each.fields) for each in oneofs]
    return name


def field(one: Any, facts: Facts) -> str:
    """Return type and limits of a field."""
    rules = one.GetOptions().Extensions[RULES.rules]
    if one.message_type is not None and one.message_type.GetOptions().map_entry:
        held = "{" + kind(one.message_type.fields_by_name["value"], facts).rstrip("?") + "}"
    elif one.is_repeated:
        held = f"[{kind(one, facts).rstrip('?')}]"
    else:
        held = kind(one, facts)
    found = [limit for limit in limits(rules) if limit != "required" or one.containing_oneof is None]
    return " ".join([held, *found])


def kind(one: Any, facts: Facts) -> str:
    """Return the type of a field, or of one of its items."""
    absent = "?" if one.containing_oneof is not None else ""
    if one.enum_type is not None:
        facts[short(one.enum_type)] = [value.name for value in one.enum_type.values]
        return short(one.enum_type)
    if one.message_type is None:
        return SCALARS[one.type] + absent
    package, _, name = one.message_type.full_name.rpartition(".")
    if package != "google.protobuf":
        return message(one.message_type, facts)
    if name.endswith("Value"):
        return SCALARS.get(one.message_type.fields_by_name["value"].type, "any") + "?"
    return name.lower()


def limits(rules: Any, way: str = "") -> Iterator[str]:
    """Yield the limits of a field, those of its items and keys with them."""
    for about, said in rules.ListFields():
        if about.name in ("message", "duration", "any") and said.required:
            yield "required"
        if about.name in ("items", "keys"):
            yield from limits(said, f"{about.name}.")
        for name, value in said.ListFields() if about.name not in ("items", "keys") else ():
            if name.name in LIMITS and not getattr(said, "ignore_empty", False):
                limit = value.ToNanoseconds() if about.name == "duration" else value
                yield from [f"{way}{name.name}={limit}"] if limit or not name.name.startswith("min") else []
            if name.name in ("items", "keys"):
                yield from limits(value, f"{name.name}.")


def main() -> None:
    """Write the file."""
    facts: Facts = {}
    for module, root in ROOTS:
        message(getattr(import_module(module), root).DESCRIPTOR, facts)
    lines = (f"{json.dumps(name)}: {json.dumps(facts[name], separators=(',', ':'))}" for name in sorted(facts))
    OUT.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
