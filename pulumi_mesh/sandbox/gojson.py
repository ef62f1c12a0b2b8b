"""JSON as Go reads it: Go's words for what is wrong with a text, numbers that remember how they were written."""

import json
import re
from typing import Any, NoReturn

from pulumi_mesh.sandbox.answers import Unread
from pulumi_mesh.schema.spec import is_list, is_map


class Fraction(float):
    """A number that was written with a fraction or an exponent; Go does not take it for a whole number."""

    text: str

    def __new__(cls, text: str) -> "Fraction":
        """Keep the text beside the number."""
        number = super().__new__(cls, text)
        number.text = text
        return number


def constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python would take."""
    raise ValueError(name)


def parsed(body: bytes) -> Any:
    """Read JSON, or raise what Go says of it."""
    text = body.decode("utf-8", "replace")
    try:
        return json.loads(text, parse_float=Fraction, parse_constant=constant)
    except (ValueError, RecursionError):
        raise Unread(Scanner(text).complaint()) from None


def type_name(value: Any) -> str:
    """Name the type of a value as encoding/json does."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    return "string" if isinstance(value, str) else "array" if is_list(value) else "object" if is_map(value) else "value"


def mismatch(value: Any, target: str, where: str = "") -> Unread:
    """Say that a value does not fit into a Go type."""
    place = f"Go struct field {where}" if where else "Go value"
    return Unread(f"json: cannot unmarshal {type_name(value)} into {place} of type {target}")


def quoted(text: str) -> str:
    """Quote a text as Go's %q does."""
    return json.dumps(text, ensure_ascii=False)


NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
ESCAPES = '"\\/bfnrt'


class Scanner:
    """Go's scanner of JSON, run only over a text that is known to be wrong, to say what is wrong first."""

    def __init__(self, text: str) -> None:
        """Begin at the first character."""
        self.text, self.at = text, 0

    def complaint(self) -> str:
        """Return Go's words for the first thing that is wrong."""
        try:
            self.value()
            self.blank()
            if self.at < len(self.text):
                self.fail("after top-level value")
        except (Unread, RecursionError) as error:
            return str(error) or "exceeded max depth"
        return "unexpected end of JSON input"

    def fail(self, context: str) -> NoReturn:
        """Raise what Go says of the character here."""
        if self.at >= len(self.text):
            raise Unread("unexpected end of JSON input")
        char = self.text[self.at]
        shown = {"'": r"'\''", '"': "'\"'"}.get(char) or f"'{quoted(char)[1:-1]}'"
        raise Unread(f"invalid character {shown} {context}")

    def blank(self) -> str:
        """Skip white space, and return the next character."""
        while self.at < len(self.text) and self.text[self.at] in " \t\r\n":
            self.at += 1
        return self.text[self.at : self.at + 1]

    def value(self) -> None:
        """Read one value."""
        char = self.blank()
        if char == "{":
            self.members("}", self.member, "after object key:value pair")
        elif char == "[":
            self.members("]", self.value, "after array element")
        elif char == '"':
            self.string()
        elif char and char in "tfn":
            self.literal({"t": "true", "f": "false", "n": "null"}[char])
        elif char == "-" or char.isdigit():
            self.number()
        else:
            self.fail("looking for beginning of value")

    def members(self, end: str, member: Any, context: str) -> None:
        """Read what stands between two brackets."""
        self.at += 1
        if self.blank() == end:
            self.at += 1
            return
        while True:
            member()
            char = self.blank()
            if char not in (",", end):
                self.fail(context)
            self.at += 1
            if char == end:
                return

    def member(self) -> None:
        """Read a key and its value."""
        if self.blank() != '"':
            self.fail("looking for beginning of object key string")
        self.string()
        if self.blank() != ":":
            self.fail("after object key")
        self.at += 1
        self.value()

    def string(self) -> None:
        """Read a string."""
        self.at += 1
        while True:
            char = self.text[self.at : self.at + 1]
            if not char or ord(char) < 0x20:
                self.fail("in string literal")
            self.at += 1
            if char == '"':
                return
            if char == "\\":
                self.escape()

    def escape(self) -> None:
        """Read what follows a backslash."""
        char = self.text[self.at : self.at + 1]
        if not char or char not in ESCAPES + "u":
            self.fail("in string escape code")
        self.at += 1
        for _ in range(4 if char == "u" else 0):
            if self.text[self.at : self.at + 1] not in tuple("0123456789abcdefABCDEF"):
                self.fail(r"in \u hexadecimal character escape")
            self.at += 1

    def literal(self, word: str) -> None:
        """Read true, false or null."""
        for index, char in enumerate(word):
            if self.text[self.at : self.at + 1] != char:
                self.fail(f"in literal {word} (expecting '{char}')" if index else "looking for beginning of value")
            self.at += 1

    def number(self) -> None:
        """Read a number."""
        found = NUMBER.match(self.text, self.at)
        if found is None:
            self.at += 1
            self.fail("in numeric literal")
        self.at = found.end()
        rest = self.text[self.at : self.at + 1]
        if rest and rest in ".eE" and not set(".eE"[1:] if rest != "." else ".") & set(found[0]):
            self.at += 1
            if rest != "." and self.text[self.at : self.at + 1] in ("+", "-"):
                self.at += 1
            self.fail("after decimal point in numeric literal" if rest == "." else "in exponent of numeric literal")
