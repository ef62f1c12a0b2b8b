"""A schema as a person reads it: a document with what each key takes in the place of its value."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pulumi_mesh.cli.report import counted
from pulumi_mesh.schema.json_schema import opening
from pulumi_mesh.schema.kind import Kind

Schema = Mapping[str, Any]
WIDTH = 44
"""The column in which what is said of a key begins."""
ABSENT = "NONE"
"""Kuma's word for nothing: it is taken, and nobody wants to write it."""
FRAME = ("creationTime", "modificationTime", "kri", "status")


class Row(NamedTuple):
    """One line: a key with what it takes, and what is said of it."""

    key: str
    about: str = ""


def list_of(kinds: Mapping[str, Kind]) -> str:
    """List kinds: where they live, since when and up to which release, what they are."""
    rows = [
        (name, kind.scope, f"{kind.since} to {kind.until}", opening(kind.doc)) for name, kind in sorted(kinds.items())
    ]
    wide = max((len(name) for name, *_ in rows), default=0)
    lines = [f"{name:<{wide}}  {scope:<6}  {span}  {doc}" for name, scope, span, doc in rows]
    return "\n".join([*lines, f"{counted(len(rows), 'kind')}; pulumi-mesh schema KIND shows the fields of one"]) + "\n"


def fields_of(schema: Schema) -> str:
    """Show the documents of a kind."""
    known = {key: one for key, one in schema["properties"].items() if key not in FRAME}
    lines = [f"# {schema['description']}"]
    for key, about in rows(Reader(schema["definitions"]), {**schema, "properties": known}, "", ()):
        lines.append(f"{key:<{WIDTH - 1}} # {about}" if about else key)
    return "\n".join(lines) + "\n"


class Reader(NamedTuple):
    """Finds what a reference leads to."""

    definitions: Schema

    def opened(self, schema: Schema) -> tuple[Schema, str]:
        """Return a schema with its references followed, and the name of the part that it leads to."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self.definitions[name], name
        match schema.get("allOf"):
            case [{"$ref": _} as held]:
                inner, name = self.opened(held)
                return {**inner, **{key: one for key, one in schema.items() if key != "allOf"}}, name
            case _:
                return schema, ""


def rows(reader: Reader, schema: Schema, indent: str, above: tuple[str, ...]) -> Iterator[Row]:
    """Yield the lines of an object."""
    must = schema.get("required", ())
    for key, held in schema.get("properties", {}).items():
        yield from entry(reader, key, held, indent, above, must=key in must)
    for one in schema.get("allOf", ()):
        variant, name = reader.opened(one["then"])
        ((key, named),) = one["if"]["properties"].items()
        yield Row(f"{indent}# where {key} is {named['const']}:")
        rest = {of: held for of, held in variant["properties"].items() if of != key}
        yield from rows(reader, {**variant, "properties": rest}, indent, (*above, name))


def entry(reader: Reader, key: str, held: Schema, indent: str, above: tuple[str, ...], *, must: bool) -> Iterator[Row]:
    """Yield the lines of one key."""
    opened, name = reader.opened(held)
    about = said(opened, must=must)
    if name and name in above:
        yield Row(f"{indent}{key}: {{...}}", f"{about} As above.".strip())
    elif opened.get("type") == "array":
        inner, part = reader.opened(opened["items"])
        yield from listed(reader, f"{indent}{key}", about, inner, (part, indent, above))
    elif "properties" in opened:
        yield Row(f"{indent}{key}:", about)
        yield from rows(reader, opened, indent + "  ", (*above, name))
    elif isinstance(opened.get("additionalProperties"), Mapping) and opened["additionalProperties"]:
        yield Row(f"{indent}{key}:", about)
        yield from entry(reader, "KEY", opened["additionalProperties"], indent + "  ", above, must=False)
    else:
        yield Row(f"{indent}{key}: {what(opened)}", about)


def listed(
    reader: Reader, key: str, about: str, inner: Schema, place: tuple[str, str, tuple[str, ...]]
) -> Iterator[Row]:
    """Yield the lines of a list."""
    part, indent, above = place
    if "properties" not in inner:
        yield Row(f"{key}: [{what(inner)}]", about)
    elif part in above:
        yield Row(f"{key}: [...]", f"{about} As above.".strip())
    else:
        yield Row(f"{key}:", about)
        first_one, *more = rows(reader, inner, indent + "    ", (*above, part))
        yield Row(f"{indent}  - {first_one.key.lstrip()}", first_one.about)
        yield from more


def what(schema: Schema) -> str:
    """Say what a value is."""
    if "const" in schema:
        return str(schema["const"])
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"] if one != ABSENT)
    if "anyOf" in schema:
        return " | ".join(what(one) for one in schema["anyOf"])
    types = schema.get("type", "anything")
    names = {"string": "text", "integer": "whole number", "boolean": "true | false"}
    if "ns|us" in schema.get("pattern", ""):
        return "duration"
    if schema.get("contentEncoding"):
        return "base64"
    return " | ".join(names.get(one, one) for one in ([types] if isinstance(types, str) else types))


def said(schema: Schema, *, must: bool) -> str:
    """Say what is known of a key."""
    parts = ["Required." if must and "const" not in schema else "", opening(str(schema.get("description", "")))]
    return " ".join(part for part in parts if part)
