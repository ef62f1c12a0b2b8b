"""What a kind's fields say about a body, compiled once: one tree of nodes per kind and release.

The tree is what both readers walk: `legacy` as protobuf's JSON parser, `spec` as an OpenAPI validator.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pulumi_mesh.schema.forms import Form
from pulumi_mesh.schema.kind import ENVELOPE, Kind
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.spec import NOTHING, Declared, Field, Model, is_map

Holds = Literal["object", "map", "array", "string", "integer", "number", "boolean", "int-or-string", "any"]
WIDTHS: Mapping[tuple[Any, Any], str] = {
    (0, 2**32 - 1): "uint32",
    (0, 2**64 - 1): "uint64",
    (-(2**31), 2**31 - 1): "int32",
    (-(2**31), 2**32 - 1): "int32",
}
BOUNDS = ("ge", "gt", "le", "lt", "min_length", "max_length", "pattern")


@dataclass(slots=True)
class Node:
    """What is known of one place in a body."""

    holds: Holds
    title: str = ""
    """What Go may call it; only messages of errors show it."""
    fields: "dict[str, Node]" = field(default_factory=dict[str, "Node"])
    """An object: its fields, by their key on the wire."""
    required: Sequence[str] = ()
    """An object: the keys that must be there."""
    by: str = ""
    """An object whose shape depends on one of its keys: that key."""
    variants: "Mapping[str, Node]" = field(default_factory=dict[str, "Node"])
    item: "Node | None" = None
    """A list or a map: what stands in it."""
    choices: Sequence[Any] = ()
    """The values that may stand here."""
    numbers: Mapping[str, int] = field(default_factory=dict[str, int])
    """A protobuf enum: its names and their numbers."""
    bounds: Mapping[str, Any] = field(default_factory=dict[str, Any])
    form: Form | None = None
    format: str = ""
    """Spec shape: the format that the schema demands of a number or of text."""
    go: str = ""
    """The Go type, where it is not the usual one."""
    fills: Any = NOTHING
    presence: bool = False
    vanishes: bool = False
    """Spec shape: whether an empty value is dropped."""
    zero: Any = NOTHING
    """Spec shape: what is written where there is no value."""
    typed: "Node | None" = None
    """A free-form object that is kept as it came, and read again later: as what."""

    def at(self, value: Mapping[str, Any]) -> "Node":
        """Return the node that fits an object: the variant that it names, else this one."""
        return self.variants.get(str(value.get(self.by)), self) if self.by else self


def tree(kind: Kind, release: Release) -> Node:
    """Compile the body of a kind as a release knows it."""
    declared = {name: one for name, one in kind.model.declared.items() if name not in ENVELOPE}
    return assembled(declared, release)


def assembled(declared: Declared, release: Release) -> Node:
    """Compile an object; a key with a dot lies one level down."""
    top = Node("object")
    for one in declared.values():
        if not known(one, release):
            continue
        *way, key = one.wire.split(".")
        holder = top
        for step in way:
            holder = holder.fields.setdefault(step, Node("object"))
        holder.fields[key] = of_field(one, release)
        if one.facts.default is NOTHING:
            holder.required = [*holder.required, key]
    return top


def known(one: Field, release: Release) -> bool:
    """Tell whether a release knows a field."""
    facts = one.facts
    return not (facts.since and release < Release.parse(facts.since)) and not (
        facts.until and release > Release.parse(facts.until)
    )


def of_model(model: type[Model], release: Release) -> Node:
    """Compile a part; its variants, too."""
    made = assembled(model.declared, release)
    made.title = model.__name__
    if model.by and "variants" in vars(model):
        made.by = model.declared[model.by].wire
        made.fields[made.by] = Node("string", choices=tuple(model.variants))
        made.variants = {when: assembled(variant.declared, release) for when, variant in model.variants.items()}
    return made


def of_field(one: Field, release: Release) -> Node:
    """Compile one field."""
    inner = of_model(one.model, release) if one.model is not None else of_hint(one.type)
    inner.numbers = one.facts.enum
    made = inner
    if one.holds in ("parts", "many"):
        bounds = {"min_length": one.facts.least, "max_length": one.facts.most}
        made = Node("array", item=inner, bounds={name: limit for name, limit in bounds.items() if limit})
    elif one.holds == "table":
        made = Node("map", item=inner)
    made.fills, made.presence = one.facts.fills, one.facts.presence
    return made


def of_hint(hint: Any) -> Node:
    """Compile a type that is no model."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        made = of_hint(args[0])
        for one in metadata(args[1:]):
            made.form = one if isinstance(one, Form) else made.form
            made.go = one if isinstance(one, str) else made.go
            made.bounds = {**made.bounds, **{n: getattr(one, n) for n in BOUNDS if getattr(one, n, None) is not None}}
        width = (made.bounds.get("ge"), made.bounds.get("le"))
        if width in WIDTHS:  # a Go type, no limit of the schema
            made.go, made.bounds = WIDTHS[width], dict[str, Any]()
        return made
    if origin is Literal:
        return Node("integer" if isinstance(args[0], int) else "string", choices=args)
    if origin in (Union, UnionType):
        return of_union([of_hint(arm) for arm in args if arm is not type(None)])
    if origin is list or hint is list:
        return Node("array", item=of_hint(args[0]) if args else Node("any"))
    if origin is not None and issubclass(origin, Mapping):
        return Node("map", item=of_hint(args[1])) if args[1] is not Any else Node("any", typed=Node("any"))
    if isinstance(hint, type) and issubclass(hint, Model):
        raise TypeError(f"{hint.__name__}: a model is declared by Part or Parts")
    return Node(SCALARS.get(hint, "any"), format="int32" if hint is int else "")


SCALARS: dict[Any, Holds] = {str: "string", bool: "boolean", int: "integer", float: "number"}


def of_union(arms: list[Node]) -> Node:
    """Compile a union: of one type, or of a number and text."""
    if len(arms) == 1:
        return arms[0]
    held = {arm.holds for arm in arms}
    return Node(
        "int-or-string" if held == {"integer", "string"} else "number" if held <= {"integer", "number"} else "any"
    )


def metadata(found: tuple[Any, ...]) -> Iterator[Any]:
    """Yield what a type is annotated with; pydantic's `Field(ge=1)` holds a list of such."""
    for one in found:
        inner: Any = getattr(one, "metadata", None)
        yield from inner if isinstance(inner, list) else [one]


__all__ = ["Node", "is_map", "tree"]
