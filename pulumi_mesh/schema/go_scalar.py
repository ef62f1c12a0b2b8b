"""What text without quotes stands for in YAML, as Go's library reads it: `y` and `on` are true, `017` is octal, a date is text."""

import re
from typing import Any

WORDS: dict[str, Any] = {
    **dict.fromkeys(["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"], True),
    **dict.fromkeys(["n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"], False),
    **dict.fromkeys(["", "~", "null", "Null", "NULL"]),
    **dict.fromkeys([".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"], float("inf")),
    **dict.fromkeys(["-.inf", "-.Inf", "-.INF"], float("-inf")),
    **dict.fromkeys([".nan", ".NaN", ".NAN"], float("nan")),
}
WHOLE = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
BASES = (16, 2, 8, 10)
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
LEAST, MOST_SIGNED, MOST = -(2**63), 2**63 - 1, 2**64 - 1
TYPES: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "null": (type(None),),
}
"""What text may stand for that names its type by a tag."""


def plain(text: str) -> Any:
    """Return true, false, null, a number, or the text itself."""
    if text in WORDS:
        return WORDS[text]
    if text[0] not in "0123456789+-.":
        return text
    bare = text if text[0] == "." else text.replace("_", "")
    if (whole := whole_number(bare)) is not None:
        return whole
    if NUMBER.fullmatch(bare):
        number = float(bare)
        return number if number - number == 0 else text
    return text


def whole_number(text: str) -> int | None:
    """Return a whole number of 64 bits; a larger one has no such form, and is read as one with a fraction."""
    found = WHOLE.fullmatch(text)
    if found is None or len(text) > 80:
        return None
    digits, base = next((part, base) for part, base in zip(found.groups()[1:], BASES, strict=True) if part)
    number = int(found[1] + digits, base)
    return number if LEAST <= number <= (MOST_SIGNED if found[1] else MOST) else None


def tagged(text: str, tag: str) -> Any:
    """Return what text stands for whose tag names its type; ValueError where it is not of that type."""
    value = plain(text)
    if not isinstance(value, TYPES[tag]) or isinstance(value, bool) > (tag == "bool"):
        raise ValueError(f"what is tagged !!{tag} is none")
    return value


def json_number(value: float) -> int | float:
    """Return a number as JSON spells it: whole where it has no fraction; ValueError for infinity."""
    if value - value != 0:
        raise ValueError("JSON has no such number")
    return int(value) if value.is_integer() and abs(value) < 1e21 else value


def json_key(value: Any) -> str:
    """Return a key as JSON has it, which is text; ValueError where it cannot be."""
    match value:
        case str():
            return value
        case bool():
            return str(value).lower()
        case int() if value <= MOST_SIGNED:
            return str(value)
        case float():
            return f"{value:.8g}"
        case _:
            raise ValueError("a key must be text")
