"""What a program may say: a field is declared once, taken as an Input, read back resolved or as an Output.

A class body is the declaration. `port: One[int]` makes the constructor take `Input[int]`; the attribute reads as `int`
on a model and as `Output[int]` on a resource. What else is known of a field (its key on the wire, since when it
exists, whether it is a secret, ...) stands beside it in `field(...)`, as facts that every other part of the package reads.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from inspect import get_annotations, isawaitable
from types import UnionType
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Generic,
    Literal,
    TypeGuard,
    TypeVar,
    Union,
    get_args,
    get_origin,
    overload,
)

import pulumi
from pydantic import ConfigDict, TypeAdapter
from pydantic_core import CoreSchema, core_schema
from typing_extensions import dataclass_transform

T = TypeVar("T")
Holds = Literal["one", "part", "parts", "many", "table"]
NOTHING: Any = ...


def promised(value: object) -> bool:
    """Tell whether a value is known later only."""
    return isinstance(value, (pulumi.Output, pulumi.output.Unknown)) or isawaitable(value)


def is_map(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Tell whether a value is a map, for the type checker too."""
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """Tell whether a value is a list, for the type checker too."""
    return isinstance(value, (list, tuple))


def unless_promised(schema: CoreSchema) -> CoreSchema:
    """Validate by the schema, but let a promise through."""
    check: Callable[[Any, Any], Any] = lambda value, validate: value if promised(value) else validate(value)  # noqa: E731
    return core_schema.no_info_wrap_validator_function(check, schema)


def as_list(value: object) -> object:
    """Take a tuple for a list."""
    return list(value) if is_list(value) else value


class One(Generic[T]):
    """A field that holds one T."""

    holds: ClassVar[Holds] = "one"

    if TYPE_CHECKING:

        @overload
        def __get__(self, at: "Model", owner: Any = ...) -> T: ...
        @overload
        def __get__(self, at: pulumi.Resource, owner: Any = ...) -> pulumi.Output[T]: ...
        def __get__(self, at: Any, owner: Any = None) -> Any: ...
        def __set__(self, at: Any, value: pulumi.Input[T]) -> None: ...

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, build: Any) -> CoreSchema:
        return unless_promised(build.generate_schema(get_args(source)[0]))


class Part(Generic[T]):
    """A field that holds a model, given as the model or as a dict."""

    holds: ClassVar[Holds] = "part"

    if TYPE_CHECKING:

        @overload
        def __get__(self, at: "Model", owner: Any = ...) -> T: ...
        @overload
        def __get__(self, at: pulumi.Resource, owner: Any = ...) -> pulumi.Output[T]: ...
        def __get__(self, at: Any, owner: Any = None) -> Any: ...
        def __set__(self, at: Any, value: pulumi.Input[T | Mapping[str, Any]]) -> None: ...

    __get_pydantic_core_schema__ = One.__get_pydantic_core_schema__


class Many(Generic[T]):
    """A field that holds a list."""

    holds: ClassVar[Holds] = "many"

    if TYPE_CHECKING:

        @overload
        def __get__(self, at: "Model", owner: Any = ...) -> list[T]: ...
        @overload
        def __get__(self, at: pulumi.Resource, owner: Any = ...) -> pulumi.Output[list[T]]: ...
        def __get__(self, at: Any, owner: Any = None) -> Any: ...
        def __set__(self, at: Any, value: pulumi.Input[Sequence[pulumi.Input[T]]] | None) -> None: ...

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, build: Any) -> CoreSchema:
        item = unless_promised(build.generate_schema(get_args(source)[0]))
        return unless_promised(core_schema.no_info_before_validator_function(as_list, core_schema.list_schema(item)))


class Parts(Generic[T]):
    """A field that holds a list of models, each given as the model or as a dict."""

    holds: ClassVar[Holds] = "parts"

    if TYPE_CHECKING:

        @overload
        def __get__(self, at: "Model", owner: Any = ...) -> list[T]: ...
        @overload
        def __get__(self, at: pulumi.Resource, owner: Any = ...) -> pulumi.Output[list[T]]: ...
        def __get__(self, at: Any, owner: Any = None) -> Any: ...
        def __set__(
            self, at: Any, value: pulumi.Input[Sequence[pulumi.Input[T | Mapping[str, Any]]]] | None
        ) -> None: ...

    __get_pydantic_core_schema__ = Many.__get_pydantic_core_schema__


class Refs(Generic[T]):
    """A field that holds a list of models that name other objects, each given as the model, a dict or the resource itself."""

    holds: ClassVar[Holds] = "parts"

    if TYPE_CHECKING:

        @overload
        def __get__(self, at: "Model", owner: Any = ...) -> list[T]: ...
        @overload
        def __get__(self, at: pulumi.Resource, owner: Any = ...) -> pulumi.Output[list[T]]: ...
        def __get__(self, at: Any, owner: Any = None) -> Any: ...
        def __set__(
            self, at: Any, value: pulumi.Input[Sequence[pulumi.Input[T | Mapping[str, Any]] | pulumi.Resource]] | None
        ) -> None: ...

    __get_pydantic_core_schema__ = Many.__get_pydantic_core_schema__


class Ref(Generic[T]):
    """A field that holds a model that names another object, given as the model, a dict or the resource itself."""

    holds: ClassVar[Holds] = "part"

    if TYPE_CHECKING:

        @overload
        def __get__(self, at: "Model", owner: Any = ...) -> T: ...
        @overload
        def __get__(self, at: pulumi.Resource, owner: Any = ...) -> pulumi.Output[T]: ...
        def __get__(self, at: Any, owner: Any = None) -> Any: ...
        def __set__(self, at: Any, value: pulumi.Input[T | Mapping[str, Any]] | pulumi.Resource) -> None: ...

    __get_pydantic_core_schema__ = One.__get_pydantic_core_schema__


class Table(Generic[T]):
    """A field that holds a map from text."""

    holds: ClassVar[Holds] = "table"

    if TYPE_CHECKING:

        @overload
        def __get__(self, at: "Model", owner: Any = ...) -> dict[str, T]: ...
        @overload
        def __get__(self, at: pulumi.Resource, owner: Any = ...) -> pulumi.Output[dict[str, T]]: ...
        def __get__(self, at: Any, owner: Any = None) -> Any: ...
        def __set__(self, at: Any, value: pulumi.Input[Mapping[str, pulumi.Input[T]]] | None) -> None: ...

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, build: Any) -> CoreSchema:
        item = unless_promised(build.generate_schema(get_args(source)[0]))
        return unless_promised(core_schema.dict_schema(core_schema.str_schema(), item))


FIELDS: set[Any] = {One, Part, Many, Parts, Ref, Refs, Table}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a field beside its type."""

    default: Any = NOTHING
    """What the constructor says when the program does not; `...` where the program must say it."""
    wire: str = ""
    """The key on the wire, where it is not the name in camelCase; at the top of a kind it may be a path (`conf.listeners`)."""
    doc: str = ""
    """One sentence for the reference page: meaning, unit, default."""
    since: str = ""
    """The first release of Kuma that knows the field (`2.14`)."""
    until: str = ""
    """The last release of Kuma that knows it."""
    secret: bool = False
    """Whether the value is a secret: never shown."""
    key: tuple[str, ...] = ()
    """For a list: the wire keys that tell its items apart, so that their order means nothing."""
    unordered: bool = False
    """For a list of plain values: whether it is a set by nature."""
    least: int = 0
    """For a list: how many items there must be, if it is there."""
    most: int = 0
    """For a list: how many items there may be; any number, if 0."""
    fills: Any = NOTHING
    """What the control plane writes where the field is absent, or a function that makes it of the body that holds it."""
    fills_keys: tuple[str, ...] = ()
    """For a table: the keys that the control plane writes by itself; they count only where a program says them."""
    owned: bool = False
    """Whether the control plane alone writes the field: never compared, and sent back as it is."""
    enum: Mapping[str, int] = attribute(default_factory=dict[str, int])
    """Legacy shape: the names of an enum and their numbers; the name of 0 means absent."""
    presence: bool = False
    """Whether an empty or zero value differs from no value at all."""
    refers: str = ""
    """The kind of object that the value names (`Secret`, `Mesh`)."""
    deprecated: str = ""
    """What to use instead, where Kuma deprecates the field."""


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

    @property
    def model(self) -> "type[Model] | None":
        """The model that it holds, if it holds models."""
        return self.type if isinstance(self.type, type) and issubclass(self.type, Model) else None


Declared = dict[str, Field]


def field(
    *,
    default: Any = NOTHING,
    kw_only: bool = True,
    wire: str = "",
    doc: str = "",
    since: str = "",
    until: str = "",
    secret: bool = False,
    key: tuple[str, ...] = (),
    unordered: bool = False,
    least: int = 0,
    most: int = 0,
    fills: Any = NOTHING,
    fills_keys: tuple[str, ...] = (),
    owned: bool = False,
    enum: Mapping[str, int] | None = None,
    presence: bool = False,
    refers: str = "",
    deprecated: str = "",
) -> Any:
    """Say what is known of a field; see `Facts`."""
    return Facts(
        default=default,
        wire=wire,
        doc=doc,
        since=since,
        until=until,
        secret=secret,
        key=key,
        unordered=unordered,
        least=least,
        most=most,
        fills=fills,
        fills_keys=fills_keys,
        owned=owned,
        enum=enum or {},
        presence=presence,
        refers=refers,
        deprecated=deprecated,
    )


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


@pulumi.input_type
class Carried:
    """What Pulumi carries, resolves and exports as one of its own input types."""


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
    if isinstance(value, Model):
        return plain(vars(value))
    if is_map(value):
        return {name: plain(value[name]) for name in value}
    if is_list(value):
        return [plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
