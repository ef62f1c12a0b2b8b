"""Parts that several kinds use: forms of text, references to other objects, sources of data."""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, StrictBool, StrictStr

from .spec import Model, One, Part, Table, field


@dataclass(frozen=True, slots=True)
class Form:
    """How text of one kind is brought to its normal form, and how each shape spells it when it answers."""

    name: str
    normal: Callable[[Any], Any]
    legacy: Callable[[Any], Any]
    """How a legacy-shape object is read back."""
    spec: Callable[[Any], Any]
    """How a spec-shape object is read back."""


UNITS = {
    "h": 3_600_000_000_000,
    "m": 60_000_000_000,
    "s": 1_000_000_000,
    "ms": 1_000_000,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ns": 1,
}
SPELLED = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)")


def nanoseconds(text: str) -> int:
    """Read a duration as Go spells it (`1h30m`, `0.5s`, `0`); ValueError where it is none."""
    sign, rest = (-1, text[1:]) if text[:1] == "-" else (1, text.removeprefix("+"))
    if rest == "0":
        return 0
    total, end = 0, 0
    for found in SPELLED.finditer(rest):
        if found.start() != end:
            break
        whole, _, fraction = found[1].partition(".")
        unit = UNITS[found[2]]
        total += int(whole or 0) * unit + (int(fraction) * unit // 10 ** len(fraction) if fraction else 0)
        end = found.end()
    if not rest or end != len(rest):
        raise ValueError("must be a duration such as 500ms, 10s or 1h30m")
    return sign * total


def decimal(amount: int, unit: int) -> str:
    """Write an amount of nanoseconds in a unit, without trailing zeros."""
    whole, rest = divmod(amount, unit)
    return f"{whole}.{rest:0{len(str(unit)) - 1}d}".rstrip("0") if rest else str(whole)


def go_duration(total: int) -> str:
    """Spell a duration as Go does: `1h0m0s`, `1.5s`, `500ms`, `0s`."""
    if total == 0:
        return "0s"
    sign, total = ("-", -total) if total < 0 else ("", total)
    for unit, name in ((1_000, "ns"), (1_000_000, "µs"), (1_000_000_000, "ms")):
        if total < unit:
            return sign + decimal(total, max(unit // 1_000, 1)) + name
    minutes, seconds = divmod(total, UNITS["m"])
    hours, minutes = divmod(minutes, 60)
    text = f"{decimal(seconds, UNITS['s'])}s"
    if hours:
        text = f"{hours}h{minutes}m{text}"
    elif minutes:
        text = f"{minutes}m{text}"
    return sign + text


def proto_duration(total: int) -> str:
    """Spell a duration as protobuf's JSON does: `3600s`, `0.500s`."""
    sign, total = ("-", -total) if total < 0 else ("", total)
    whole, rest = divmod(total, UNITS["s"])
    digits = f"{rest:09d}"
    fraction = "" if not rest else digits[:3] if not rest % 1_000_000 else digits[:6] if not rest % 1_000 else digits
    return f"{sign}{whole}.{fraction}s" if fraction else f"{sign}{whole}s"


def respelled(spell: Callable[[int], str]) -> Callable[[Any], Any]:
    """Spell a duration anew; leave alone what is none."""

    def respell(value: Any) -> Any:
        try:
            return spell(nanoseconds(value)) if isinstance(value, str) else value
        except ValueError:
            return value

    return respell


def is_duration(text: str) -> str:
    """Refuse what is no duration."""
    nanoseconds(text)
    return text


DURATION = Form("duration", respelled(go_duration), respelled(proto_duration), respelled(go_duration))
Duration = Annotated[StrictStr, AfterValidator(is_duration), DURATION]
"""A duration: `500ms`, `10s`, `1h30m`."""


def is_base64(text: str) -> str:
    """Refuse what is no standard, padded base64; the text itself may be a secret and is not repeated."""
    decoded(text)
    return text


def decoded(text: str) -> bytes:
    """Decode standard, padded base64, line breaks aside."""
    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("must be standard base64 with padding; encode it by base64.b64encode or mesh.base64") from None


def rebased(value: Any) -> Any:
    """Spell base64 as the control plane does; leave alone what is none."""
    try:
        return base64.b64encode(decoded(value)).decode() if isinstance(value, str) else value
    except ValueError:
        return value


BASE64 = Form("base64", rebased, rebased, rebased)
Base64 = Annotated[StrictStr, AfterValidator(is_base64), BASE64]
"""Bytes in standard base64 with padding."""


def whole(value: Any) -> Any:
    """Refuse true and false where a number is meant."""
    if isinstance(value, bool):
        raise ValueError("must be a whole number")
    return value


Int = Annotated[int, BeforeValidator(whole)]
"""A whole number."""
Bool = StrictBool
"""True or false."""
Str = StrictStr
"""Text."""
IntOrStr = StrictStr | Int
"""A whole number, or text that holds a number with a fraction (`"50.5"`)."""


class DataSource(Model):
    """Where data comes from: a Secret of the mesh, a file beside the control plane, or the text itself."""

    stands = "secret"

    secret: One[Str | None] = field(default=None, refers="Secret", doc="The name of a Secret in the same mesh.")
    file: One[Str | None] = field(default=None, doc="A path on the machine of the control plane.")
    inline: One[Base64 | None] = field(default=None, secret=True, doc="The data in base64.")
    inline_string: One[Str | None] = field(default=None, secret=True, doc="The data as text.")


RefKind = Literal[
    "Mesh",
    "MeshSubset",
    "MeshGateway",
    "MeshService",
    "MeshExternalService",
    "MeshMultiZoneService",
    "MeshServiceSubset",
    "MeshHTTPRoute",
    "Dataplane",
]


class TargetRef(Model):
    """What a policy is about: proxies, services, a gateway or a route."""

    kind: One[RefKind] = field(doc="The kind of what is meant.")
    name: One[Str | None] = field(default=None, doc="Its name.")
    namespace: One[Str | None] = field(default=None, doc="Its namespace, on Kubernetes.")
    mesh: One[Str | None] = field(default=None, doc="Reserved by Kuma.")
    section_name: One[Str | None] = field(default=None, doc="A part of it: the name of an inbound or a port.")
    tags: Table[Str] = field(default=None, doc="Tags that proxies (or listeners of a gateway) must have.")
    labels: Table[Str] = field(default=None, doc="Labels that the object must have, instead of its name.")
    proxy_types: One[list[Literal["Sidecar", "Gateway"]] | None] = field(
        default=None, doc="Which proxies of the mesh: all, if absent."
    )


class BackendRef(TargetRef):
    """A service that traffic is sent to."""

    port: One[Annotated[Int, "uint32"] | None] = field(default=None, doc="The port of the service.")
    weight: One[Int | None] = field(default=None, fills=1, doc="Its share among the backends of a rule; 1 if absent.")


__all__ = ["BackendRef", "Base64", "Bool", "DataSource", "Duration", "Int", "IntOrStr", "Part", "Str", "TargetRef"]
