"""What a program may say: a field is declared once, taken as an Input, read back resolved or as an Output.

A class body is the declaration. `port: One[int]` makes the constructor take `Input[int]`; the attribute reads as `int`
on a model and as `Output[int]` on a resource. What else is known of a field (its key on the wire, since when it
exists, whether it is a secret, ...) stands beside it in `field(...)`, as facts that every other part of the package reads.
"""

from dataclasses import dataclass
from dataclasses import field as attribute
from inspect import get_annotations
from types import UnionType
from typing import Any, ClassVar, Union, get_args, get_origin

import pulumi
from pydantic import ConfigDict, TypeAdapter
from pydantic_core import CoreSchema, core_schema
from typing_extensions import dataclass_transform

from .facts import NOTHING, Facts, Holds, field
from .holders import FIELDS, Carried, Many, One, Part, Parts, Ref, Refs, T, Table, is_list, is_map, promised

__all__ = [
    "FIELDS",
    "NOTHING",
    "Declared",
    "Facts",
    "Field",
    "Holds",
    "Many",
    "Model",
    "One",
    "Part",
    "Parts",
    "Ref",
    "Refs",
    "T",
    "Table",
    "camel",
    "field",
    "is_list",
    "is_map",
    "plain",
    "promised",
    "settled",
    "take",
]


@dataclass(frozen=True, slots=True)
class Field:
    """A declared field: its names, its type, its facts."""

    name: str
    wire: str
    holds: Holds
    hint: Any
    """The annotation as it stands (`Parts[Listener]`)."""
    type: Any
    """What it holds (`Listener`), without `None`."""
    facts: Facts
    model: "type[Model] | None" = attribute(init=False)
    """The model that it holds, if it holds models."""

    def __post_init__(self) -> None:
        """Find out once what it holds."""
        held = self.type if isinstance(self.type, type) and issubclass(self.type, Model) else None
        object.__setattr__(self, "model", held)


Declared = dict[str, Field]


def camel(name: str) -> str:
    """Spell a name as Kuma does: `target_ref` is `targetRef`, `from_` is `from`."""
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(word.title() for word in rest)


def declare(name: str, hint: Any, facts: Any) -> Field:
    """Read one annotation of a class body."""
    facts = facts if isinstance(facts, Facts) else Facts(default=facts)
    held = get_args(hint)[0]
    if get_origin(held) in (Union, UnionType):
        some = [arm for arm in get_args(held) if arm is not type(None)]
        held = some[0] if len(some) == 1 else Union[tuple(some)]  # noqa: UP007 - built at run time
    return Field(name, facts.wire or camel(name), get_origin(hint).holds, hint, held, facts)


def take(cls: type) -> Declared:
    """Take the fields that a class body declares; what stays would be read by Pulumi as types of outputs."""
    own = {
        name: declare(name, hint, vars(cls).get(name, NOTHING))
        for name, hint in get_annotations(cls, eval_str=True).items()
        if get_origin(hint) in FIELDS
    }
    cls.__annotations__ = {}
    inherited = {name: d for base in reversed(cls.__mro__[1:]) for name, d in vars(base).get("declared", {}).items()}
    return inherited | own


def reader(name: str, default: Any) -> Any:
    """Read a field of a model; Pulumi knows the field by the mark of its getter."""

    def read(self: object) -> Any:
        return vars(self).get(name, None if default is NOTHING else default)

    return property(pulumi.getter(name=name)(read))


@dataclass_transform(kw_only_default=True, field_specifiers=(field,))
class Model(Carried):
    """A part of a resource.

    A model whose shape depends on one of its fields names that field (`class Backend(Model, by="type")`); its
    variants say for which value they stand (`class BuiltinCa(Backend, when="builtin")`). A model that names another
    object says by which field (`stands="secret"`), so that the object itself can be given in its place.
    """

    declared: ClassVar[Declared] = {}
    adapter: ClassVar[TypeAdapter[Any]]
    by: ClassVar[str] = ""
    stands: ClassVar[str] = ""
    variants: ClassVar[dict[str, "type[Model]"]] = {}

    def __init_subclass__(cls, by: str = "", when: str = "", stands: str = "") -> None:
        """Take the fields off the class body, and put readers in their place."""
        cls.declared = take(cls)
        if by:
            cls.by, cls.variants = by, {}
        if stands:
            cls.stands = stands
        if when:
            cls.variants[when] = cls
        for name, declared in cls.declared.items():
            setattr(cls, name, reader(name, declared.facts.default))
        cls.adapter = TypeAdapter(
            cls, config=ConfigDict(title=cls.__name__, hide_input_in_errors=True, defer_build=True)
        )

    def __init__(self, **said: Any) -> None:
        """Take the fields by name; the resource that takes the model judges them, and names their whole path."""
        variant = self.declared[self.by].facts.default if self.by else NOTHING
        chosen = {} if variant in (NOTHING, None) else {self.by: variant}
        vars(self).update(chosen | {name: value for name, value in said.items() if value is not None})

    def __eq__(self, other: object) -> bool:
        """Compare by fields."""
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        """Hash by identity of the class alone: models are values, but hold maps and lists."""
        return hash(type(self))

    def __repr__(self) -> str:
        """Show the fields that were said, secrets hidden."""
        shown = {
            n: "(secret)" if self.declared[n].facts.secret else repr(v)
            for n, v in vars(self).items()
            if n in self.declared
        }
        return f"{type(self).__name__}({', '.join(f'{n}={v}' for n, v in shown.items())})"

    @classmethod
    def variant(cls, said: object) -> "type[Model]":
        """Return the class that fits a value: the variant that its discriminator names, else this one."""
        if isinstance(said, Model):
            return type(said)
        if cls.by and is_map(said):
            named = said.get(cls.by)
            return cls.variants.get(named, cls) if isinstance(named, str) else cls
        return cls

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, build: Any) -> CoreSchema:
        def one(declared: Field) -> core_schema.TypedDictField:
            schema: CoreSchema = build.generate_schema(declared.hint)
            default = declared.facts.default
            if default not in (NOTHING, None):
                schema = core_schema.with_default_schema(schema, default=default)
            return core_schema.typed_dict_field(schema, required=default is NOTHING)

        def given(said: Any) -> Any:
            if cls.stands and isinstance(said, pulumi.Resource):
                return {cls.stands: getattr(said, "name")}  # noqa: B009 - every resource of ours has a name
            said = vars(said) if isinstance(said, cls) else said
            return {name: said[name] for name in said if said[name] is not None} if is_map(said) else said

        def made(said: dict[str, Any]) -> Any:
            new = cls.__new__(cls)
            vars(new).update(said)
            return new

        own = core_schema.chain_schema(
            [
                core_schema.no_info_plain_validator_function(given),
                core_schema.typed_dict_schema({n: one(d) for n, d in cls.declared.items()}, extra_behavior="forbid"),
                core_schema.no_info_plain_validator_function(made),
            ]
        )
        if "variants" not in vars(cls):
            return own
        names = {variant: when for when, variant in cls.variants.items()}
        return core_schema.tagged_union_schema(
            {"": own, **{when: build.generate_schema(variant) for when, variant in cls.variants.items()}},
            discriminator=lambda said: names.get(cls.variant(said), ""),
        )


def settled(model: type[Model], said: Any) -> Any:
    """Return what was said as plain maps and lists, with defaults, and names in the place of resources."""
    if promised(said):
        return said
    if model.stands and isinstance(said, pulumi.Resource):
        return {model.stands: getattr(said, "name")}  # noqa: B009 - every resource of ours has a name
    model = model.variant(said)
    said = vars(said) if isinstance(said, Model) else said
    if not is_map(said):
        return said
    absent = (NOTHING, None)
    whole = {name: one.facts.default for name, one in model.declared.items() if one.facts.default not in absent}
    for name, value in said.items():
        if value is not None:
            declared = model.declared.get(name)
            whole[name] = plain(value) if declared is None or declared.model is None else parts_of(declared, value)
    return whole


def parts_of(declared: Field, said: Any) -> Any:
    """Settle the models that a field holds."""
    model = declared.model
    assert model is not None
    if declared.holds == "parts" and is_list(said):
        return [settled(model, item) for item in said]
    if declared.holds == "table" and is_map(said):
        return {key: settled(model, item) for key, item in said.items()}
    return settled(model, said)


def plain(value: Any) -> Any:
    """Turn models into dicts and the engine's floats into whole numbers; leave promises alone."""
    if type(value) in ATOMS:
        return value
    if isinstance(value, Model):
        return plain(vars(value))
    if is_map(value):
        return {name: plain(value[name]) for name in value}
    if is_list(value):
        return [plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


ATOMS = frozenset({str, bool, int, type(None)})
"""What is plain as it is."""
