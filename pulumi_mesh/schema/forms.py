"""Forms of text and numbers: durations, base64, whole numbers; how each is judged, and how the control plane spells it."""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from annotated_types import Ge, Le
from pydantic import AfterValidator, BeforeValidator, PlainValidator, StrictBool, StrictStr


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
SPELLED = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
LONGEST = 2**63 - 1
NO_DURATION = "must be a duration such as 500ms, 10s or 1h30m"


def nanoseconds(text: str) -> int:
    """Read a duration as Go spells it (`1h30m`, `0.5s`, `0`); ValueError where it is none."""
    sign, rest = (text[:1], text[1:]) if text[:1] in ("-", "+") else ("", text)
    if rest == "0":
        return 0
    total, end = 0, 0
    for found in SPELLED.finditer(rest):
        if found.start() != end:
            break
        whole, _, fraction = found[1].partition(".")
        unit, fraction = UNITS[found[2]], fraction[:18]
        total += int(whole or 0) * unit + (int(fraction) * unit // 10 ** len(fraction) if fraction else 0)
        end = found.end()
    if not rest or end != len(rest) or total > LONGEST + (sign == "-"):
        raise ValueError(NO_DURATION)
    return -total if sign == "-" else total


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


WRITTEN = re.compile(r"[ \t\r\n]*-?(0|[1-9]\d*)(?P<fraction>\.\d+)?(?P<exponent>[eE][+-]?\d+)?[ \t\r\n]*", re.ASCII)
"""A number as JSON writes it; a legacy-shape object may hold it as text."""


def whole(value: Any) -> Any:
    """Refuse true and false where a number is meant, and text that JSON has for none; take `2.0` for `2`."""
    found = WRITTEN.fullmatch(value) if isinstance(value, str) else None
    written = found is not None and not found["fraction"] and not found["exponent"]
    if isinstance(value, bool) or (isinstance(value, str) and not written):
        raise ValueError("must be a whole number")
    return int(value) if isinstance(value, float) and value.is_integer() else value


def number(value: Any) -> Any:
    """Take a whole number that is written as text for the number: a legacy-shape object may hold it so."""
    return int(value) if isinstance(value, str) and re.fullmatch(r"\s*-?\d+\s*", value, re.ASCII) else value


WHOLE = Form("whole number", number, number, number)
Int = Annotated[int, BeforeValidator(whole), WHOLE]
"""A whole number."""
Uint32 = Annotated[Int, Ge(0), Le(2**32 - 1)]
"""A whole number of 32 bits, without a sign."""


ENDLESS = ("NaN", "Infinity", "-Infinity")


def fractional(value: Any) -> Any:
    """Refuse true and false where a number is meant, and text that JSON has for none."""
    if isinstance(value, bool) or (isinstance(value, str) and not (value in ENDLESS or WRITTEN.fullmatch(value))):
        raise ValueError("must be a number")
    return value


Number = Annotated[float, BeforeValidator(fractional)]
"""A number, whole or not."""


def float_of(value: Any) -> Any:
    """Take a number that is written as text for the number: a legacy-shape object may hold it so."""
    try:
        value = float(value) if isinstance(value, str) else value
    except ValueError:
        return value
    return int(value) if isinstance(value, float) and value.is_integer() else value


DOUBLE = Form("number", float_of, float_of, float_of)
Double = Annotated[float, BeforeValidator(fractional), DOUBLE]
"""A number of a legacy-shape object, which may be written as text."""
Bool = StrictBool
"""True or false."""
Str = StrictStr
"""Text."""


def int_or_text(value: Any) -> int | str:
    """Take a whole number of 32 bits, or text."""
    value = int(value) if isinstance(value, float) and value.is_integer() else value
    if isinstance(value, bool) or not (isinstance(value, str) or (isinstance(value, int) and abs(value) < 2**31)):
        raise ValueError('must be a whole number, or text that holds a number such as "50.5"')
    return value


IntOrStr = Annotated[int | str, PlainValidator(int_or_text)]
"""A whole number, or text that holds a number with a fraction (`"50.5"`)."""

__all__ = ["Base64", "Bool", "Double", "Duration", "Form", "Int", "IntOrStr", "Number", "Str", "Uint32"]
