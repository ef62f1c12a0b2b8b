"""What is known of a field beside its type."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any, Literal

Holds = Literal["one", "part", "parts", "many", "table"]
NOTHING: Any = ...


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a field beside its type."""

    default: Any = NOTHING
    """What the constructor says when the program does not; `...` where the program must say it."""
    wire: str = ""
    """The key on the wire, where it is not the name in camelCase; at the top of a kind it may be a path (`conf.listeners`)."""
    proto: bool = False
    """Legacy shape: whether protobuf has the name as a program has it (`query_parameters`), so that a document may, too."""
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


def field(
    *,
    default: Any = NOTHING,
    kw_only: bool = True,
    wire: str = "",
    proto: bool = False,
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
        proto=proto,
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
