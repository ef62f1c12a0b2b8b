"""Durations and times as Go reads them, with Go's words for what is wrong."""

import re
from datetime import datetime
from typing import Any

from pulumi_mesh.sandbox.answers import Unread
from pulumi_mesh.sandbox.gojson import quoted, type_name
from pulumi_mesh.schema.forms import UNITS

RFC3339 = "2006-01-02T15:04:05Z07:00"
LARGEST = 2**63 - 1
TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def go_duration_of(text: str) -> int:
    """Read a duration as Go's time.ParseDuration does."""
    shown = quoted(text)
    sign, rest = (-1, text[1:]) if text[:1] == "-" else (1, text.removeprefix("+"))
    if rest == "0":
        return 0
    if not rest:
        raise Unread(f"time: invalid duration {shown}")
    total = 0
    while rest:
        found = re.match(r"(\d*)(?:\.(\d*))?", rest)
        whole, fraction = (found[1], found[2] or "") if found else ("", "")
        if not whole and not fraction:
            raise Unread(f"time: invalid duration {shown}")
        rest = rest[found.end() :] if found else rest
        unit = re.match(r"[^\d.]*", rest)
        name = unit[0] if unit else ""
        if not name:
            raise Unread(f"time: missing unit in duration {shown}")
        if name not in UNITS:
            raise Unread(f"time: unknown unit {quoted(name)} in duration {shown}")
        rest = rest[len(name) :]
        size = UNITS[name]
        total += int(whole or 0) * size + (int(fraction) * size // 10 ** len(fraction) if fraction else 0)
        if total > LARGEST:
            raise Unread(f"time: invalid duration {shown}")
    return sign * total


def parse_time(value: Any) -> None:
    """Refuse what is no RFC 3339 time, as Go's time.Time does when it reads JSON."""
    if value is None:
        return
    if not isinstance(value, str):
        raise Unread("Time.UnmarshalJSON: input is not a JSON string")
    if not is_time(value):
        layout = quoted(RFC3339)
        raise Unread(f"parsing time {quoted(value)} as {layout}: cannot parse {quoted(value)} as {quoted('2006')}")


def is_time(text: str) -> bool:
    """Tell whether text is an RFC 3339 time."""
    if not TIME.fullmatch(text):
        return False
    try:
        datetime.strptime(text[:19].upper(), "%Y-%m-%dT%H:%M:%S")
    except ValueError:
        return False
    return True


__all__ = ["go_duration_of", "is_time", "parse_time", "type_name"]
