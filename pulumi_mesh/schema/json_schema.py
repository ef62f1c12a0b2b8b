"""The documents of a kind as a JSON Schema, made of the same facts as everything else: for editors, and for whoever asks.

It knows keys, types, choices, patterns and what must be there, and takes Kuma's own spelling only; what the rules of a
kind say beyond that is for `check`. Draft 7, which editors read.
"""

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import StringConstraints

from .forms import BASE64, DURATION, IntOrStr
from .kind import Kind
from .release import NEWEST, Release
from .spec import NOTHING, Declared, Field, Model

Schema = dict[str, Any]
DRAFT = "http://json-schema.org/draft-07/schema#"
TEXT: Schema = {"type": "string"}
PLAIN: Mapping[Any, Schema] = {
    str: TEXT,
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    Any: {},
}
FORMS: Mapping[str, Schema] = {
    DURATION.name: {"type": "string", "pattern": r"^[-+]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$"},
    BASE64.name: {"type": "string", "contentEncoding": "base64"},
}
SERVED: Mapping[str, Schema] = {
    "creationTime": {"type": "string", "format": "date-time", "readOnly": True},
    "modificationTime": {"type": "string", "format": "date-time", "readOnly": True},
    "kri": {"type": "string", "readOnly": True},
    "status": {"type": "object", "readOnly": True},
}
"""What the control plane writes beside the body: a document that was read may have it."""


def of_kinds(kinds: Mapping[str, Kind], release: Release = NEWEST) -> Schema:
    """Return the schema of documents of any kind that a release has, told apart by their `type`."""
    there = {name: kind for name, kind in sorted(kinds.items()) if kind.is_on(release)}
    whole = {name: of_kind(kind, release) for name, kind in there.items()}
    parts: Schema = {}
    for one in whole.values():
        parts |= one.pop("definitions")
        del one["$schema"]
    chosen = [
        {"if": {"properties": {"type": {"const": name}}}, "then": {"$ref": f"#/definitions/{name}"}} for name in whole
    ]
    head = {"type": "object", "required": ["type"], "properties": {"type": {"enum": list(whole)}}}
    return {"$schema": DRAFT, **head, "allOf": chosen, "definitions": parts | whole}


def of_kind(kind: Kind, release: Release = NEWEST) -> Schema:
    """Return the schema of the documents of one kind."""
    parts = Parts(release)
    scoped = {"mesh": {**TEXT, "description": "The mesh that it lives in."}} if kind.scope == "mesh" else {}
    own: Schema = {
        "type": {"const": kind.name},
        **scoped,
        "name": {**TEXT, "description": "The name; objects refer to each other by it."},
        "labels": {"type": "object", "additionalProperties": TEXT, "description": "Labels of the object."},
    }
    body = parts.fields(kind.body)
    must = ["type", "name", *body.get("required", ())]
    if kind.shape == "spec":
        body["properties"].setdefault("spec", closed())
        must = list(dict.fromkeys([*must, "spec"]))
    return {
        "$schema": DRAFT,
        "title": kind.name,
        "description": opening(kind.doc),
        "type": "object",
        "required": must,
        "properties": {**own, **body["properties"], **SERVED},
        "additionalProperties": False,
        "definitions": parts.made,
    }


class Parts:
    """The models that a schema refers to, each made once."""

    def __init__(self, release: Release) -> None:
        """Make them as one release knows them."""
        self.release = release
        self.made: Schema = {}

    def ref(self, model: type[Model]) -> Schema:
        """Refer to a model; make it when it is first met."""
        name = f"{model.__module__.rpartition('.')[2]}.{model.__name__}"
        if name not in self.made:
            self.made[name] = {}  # a part may hold itself
            self.made[name] = self.chosen(model) if "variants" in vars(model) else self.part(model)
        return {"$ref": f"#/definitions/{name}"}

    def part(self, model: type[Model]) -> Schema:
        """Return the schema of a model."""
        return {"title": model.__name__, "description": opening(model.__doc__ or ""), **self.fields(model.declared)}

    def chosen(self, model: type[Model]) -> Schema:
        """Return the schema of a model whose shape depends on one of its fields."""
        key = model.declared[model.by].wire
        return {
            "title": model.__name__,
            "description": opening(model.__doc__ or ""),
            "type": "object",
            "required": [key],
            "properties": {key: {"enum": list(model.variants)}},
            "allOf": [
                {"if": {"properties": {key: {"const": when}}, "required": [key]}, "then": self.ref(variant)}
                for when, variant in model.variants.items()
            ],
        }

    def fields(self, declared: Declared) -> Schema:
        """Return the schema of an object with these fields, by their places on the wire."""
        schema = closed()
        for field in declared.values():
            if self.knows(field):
                self.place(schema, field)
        return schema

    def knows(self, field: Field) -> bool:
        """Tell whether the release knows a field."""
        since, until = field.facts.since, field.facts.until
        return (not since or Release.parse(since) <= self.release) and (
            not until or self.release <= Release.parse(until)
        )

    def place(self, schema: Schema, field: Field) -> None:
        """Put a field where the wire has it: its place may be a path."""
        *way, key = field.wire.split(".")
        must = field.facts.default is NOTHING
        for step in way:
            if must and step not in schema.setdefault("required", []):
                schema["required"].append(step)
            schema = schema["properties"].setdefault(step, closed())
        schema["properties"][key] = self.field(field)
        if must:
            schema.setdefault("required", []).append(key)

    def field(self, field: Field) -> Schema:
        """Return the schema of one field, with what is known of it."""
        facts, held = field.facts, self.value(field.type)
        match field.holds:
            case "many" | "parts":
                amount = {"minItems": facts.least or None, "maxItems": facts.most or None}
                held = {"type": "array", "items": held, **{key: one for key, one in amount.items() if one}}
            case "table":
                held = {"type": "object", "additionalProperties": held}
            case "one" | "part":
                pass
        notes: Schema = {"description": facts.doc} if facts.doc else {}
        filled = facts.fills if facts.fills is not NOTHING and not callable(facts.fills) else None
        notes |= {"default": filled} if filled is not None else {}
        notes |= {"deprecated": True} if facts.deprecated else {}
        notes |= {"readOnly": True} if facts.owned else {}
        return {"allOf": [held], **notes} if notes and "$ref" in held else {**held, **notes}

    def value(self, hint: Any) -> Schema:
        """Return the schema of one value."""
        if hint == IntOrStr:
            return {"type": ["integer", "string"]}
        if hint in PLAIN:
            return dict(PLAIN[hint])
        if isinstance(hint, type) and issubclass(hint, Model):
            return self.ref(hint)
        arms = get_args(hint)
        origin = get_origin(hint)
        if origin is Literal:
            return {"enum": list(arms)}
        if origin in (Union, UnionType):
            some = [self.value(arm) for arm in arms if arm is not type(None)]
            return some[0] if len(some) == 1 else {"anyOf": some}
        if origin is Annotated:
            return self.annotated(arms[0], arms[1:])
        if origin is list:
            return {"type": "array", "items": self.value(arms[0])}
        if origin in (dict, Mapping):
            return {"type": "object", "additionalProperties": self.value(arms[1])}
        raise TypeError(f"{hint}: nobody has said yet what it is in JSON Schema")

    def annotated(self, held: Any, facts: tuple[Any, ...]) -> Schema:
        """Return the schema of a value with what its annotations say."""
        named = [FORMS[name] for one in facts if (name := getattr(one, "name", "")) in FORMS]
        schema = dict(named[0]) if named else self.value(held)
        return schema | dict(limits(facts))


def limits(facts: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    """Yield how a value is limited."""
    for one in facts:
        match one:
            case Ge(ge=least):
                yield "minimum", least
            case Le(le=most):
                yield "maximum", most
            case StringConstraints():
                known = {"minLength": one.min_length, "maxLength": one.max_length, "pattern": one.pattern}
                yield from ((key, value) for key, value in known.items() if value is not None)
            case _:
                pass


def closed() -> Schema:
    """Return the schema of an object that has no keys but those that are said."""
    return {"type": "object", "properties": {}, "additionalProperties": False}


def opening(doc: str) -> str:
    """Return the first paragraph of a text on one line."""
    return " ".join(doc.split("\n\n")[0].split())


__all__ = ["of_kind", "of_kinds", "opening"]
