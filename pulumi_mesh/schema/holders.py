"""What a field may hold: one value, a part, a list, a table, each given as an Input and read as a value or an Output."""

from collections.abc import Callable, Mapping, Sequence
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeGuard, TypeVar, get_args, overload

import pulumi
from pydantic_core import CoreSchema, core_schema

from .facts import Holds

T = TypeVar("T")


PLAIN = frozenset({str, int, bool, float, type(None), dict, list})
"""What nearly every value is, and no promise: to look here first is four times as fast."""


def promised(value: object) -> bool:
    """Tell whether a value is known later only."""
    return type(value) not in PLAIN and is_later(value)


def is_later(value: object) -> bool:
    """Tell whether a value of an uncommon type is a promise."""
    return isinstance(value, (pulumi.Output, pulumi.output.Unknown)) or isawaitable(value)


def is_map(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Tell whether a value is a map, for the type checker too."""
    return type(value) is dict or (type(value) not in PLAIN and isinstance(value, Mapping))


def is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """Tell whether a value is a list, for the type checker too."""
    return type(value) is list or isinstance(value, (list, tuple))


def unless_promised(schema: CoreSchema) -> CoreSchema:
    """Validate by the schema, but let a promise through."""
    check: Callable[[Any, Any], Any] = lambda value, validate: value if promised(value) else validate(value)  # noqa: E731
    return core_schema.no_info_wrap_validator_function(check, schema)


def as_list(value: object) -> object:
    """Take a tuple for a list."""
    return list(value) if is_list(value) else value


@pulumi.input_type
class Carried:
    """What Pulumi carries, resolves and exports as one of its own input types."""


class One(Generic[T]):
    """A field that holds one T."""

    holds: ClassVar[Holds] = "one"

    if TYPE_CHECKING:

        @overload
        def __get__(self, at: Carried, owner: Any = ...) -> T: ...
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
        def __get__(self, at: Carried, owner: Any = ...) -> T: ...
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
        def __get__(self, at: Carried, owner: Any = ...) -> list[T]: ...
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
        def __get__(self, at: Carried, owner: Any = ...) -> list[T]: ...
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
        def __get__(self, at: Carried, owner: Any = ...) -> list[T]: ...
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
        def __get__(self, at: Carried, owner: Any = ...) -> T: ...
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
        def __get__(self, at: Carried, owner: Any = ...) -> dict[str, T]: ...
        @overload
        def __get__(self, at: pulumi.Resource, owner: Any = ...) -> pulumi.Output[dict[str, T]]: ...
        def __get__(self, at: Any, owner: Any = None) -> Any: ...
        def __set__(self, at: Any, value: pulumi.Input[Mapping[str, pulumi.Input[T]]] | None) -> None: ...

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, build: Any) -> CoreSchema:
        item = unless_promised(build.generate_schema(get_args(source)[0]))
        return unless_promised(core_schema.dict_schema(core_schema.str_schema(), item))


FIELDS: set[Any] = {One, Part, Many, Parts, Ref, Refs, Table}
