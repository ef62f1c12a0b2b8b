"""Rules of amounts that many policies share: durations, counts, percentages, statuses, in the control plane's words."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from .forms import nanoseconds
from .rules import Body, Violation, dig, join

EXPONENT = re.compile(r"(?P<number>[^eE]*)(?:[eE](?P<exponent>[+-]?\d{1,10}))?", re.ASCII)
WHOLE = re.compile(r"[+-]?\d+", re.ASCII)


def lasting(body: Body, path: str) -> int | None:
    """Return a duration in nanoseconds, or None where there is none."""
    value = dig(body, path)
    return None if value is None else nanoseconds(str(value))


def positive_durations(at: str, body: Body, *keys: str) -> Iterator[Violation]:
    """Durations that, if any, are more than nothing."""
    for key in keys:
        if (length := lasting(body, key)) is not None and length <= 0:
            yield Violation(join(at, key), "must be greater than zero when defined")


def positive(at: str, body: Body, *keys: str) -> Iterator[Violation]:
    """Whole numbers that, if any, are more than nothing."""
    for key in keys:
        if (value := dig(body, key)) is not None and value <= 0:
            yield Violation(join(at, key), "must be greater than 0")


def whole_percentage(at: str, body: Body, key: str) -> Iterator[Violation]:
    """A whole number of a hundred."""
    if (value := dig(body, key)) is not None and not 0 <= value <= 100:
        yield Violation(join(at, key), "must be in inclusive range [0, 100]")


def percentage(at: str, body: Body, key: str, *, zero: bool = True) -> Iterator[Violation]:
    """A number of a hundred, as a whole number or as text; null is 0."""
    if key not in body:
        return
    value = decimal(body[key] or 0) if body[key] != "" else None
    if value is None:
        yield Violation(join(at, key), "string must be a valid number")
    elif not 0 <= value <= 100:
        yield Violation(join(at, key), "must be in inclusive range [0.0, 100.0]")
    elif value == 0 and not zero:
        yield Violation(join(at, key), "must be greater than 0")


def status_code(at: str, value: Any) -> Iterator[Violation]:
    """A status of HTTP, if there is one."""
    if value is not None and not 100 <= value < 600:
        yield Violation(at, "must be in inclusive range [100, 599]")


def decimal(value: Any) -> Decimal | None:
    """Read a number as the control plane reads it (`50`, `"12.5"`, `".5"`, `"1e2"`); None where it is none."""
    if isinstance(value, int):
        return Decimal(value)
    found = EXPONENT.fullmatch(str(value))
    if found is None or found["number"].count(".") > 1:
        return None
    whole, _, fraction = found["number"].partition(".")
    exponent = int(found["exponent"] or 0)
    if not WHOLE.fullmatch(whole + fraction) or not -(2**31) <= exponent < 2**31:
        return None
    return Decimal(f"{int(whole + fraction)}e{exponent - len(fraction)}")
