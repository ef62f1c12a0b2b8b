"""Python source as values, and how it is laid out: as a formatter with lines of 120 columns leaves it.

What fits on its line stays on it; what does not has one item per line and a comma behind the last, at every depth.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unicodedata import combining, east_asian_width

from pulumi_mesh.schema.spec import is_list, is_map

WIDTH = 120
STEP = "    "


@dataclass(frozen=True, slots=True)
class Call:
    """A call: `mesh.Tls(mode="PASSTHROUGH")`."""

    function: str
    positional: Sequence["Code"] = ()
    named: Mapping[str, "Code"] = field(default_factory=dict[str, "Code"])


@dataclass(frozen=True, slots=True)
class Name:
    """Something that has a name in the program: `edge`, `edge.name`."""

    text: str


Code = Call | Name | str | int | float | bool | None | Sequence["Code"] | Mapping[str, "Code"]
"""A value of the program: text, numbers, lists and maps stand for themselves."""


def statement(code: Code, target: str = "") -> str:
    """Write a statement: an expression by itself, or its assignment."""
    head = f"{target} = " if target else ""
    return head + laid(code, "", len(head), 0)


def flat(code: Code) -> str:
    """Write an expression on one line."""
    if isinstance(code, Call):
        said = [*map(flat, code.positional), *(argument(name) + flat(value) for name, value in code.named.items())]
        return f"{code.function}({', '.join(said)})"
    if isinstance(code, Name):
        return code.text
    if isinstance(code, str):
        return quoted(code)
    if isinstance(code, Mapping):
        return f"{{{', '.join(f'{quoted(key)}: {flat(value)}' for key, value in code.items())}}}"
    if isinstance(code, Sequence):
        return f"[{', '.join(map(flat, code))}]"
    return repr(code).replace("e+", "e")


def laid(code: Code, indent: str, before: int, after: int) -> str:
    """Write an expression at an indentation, with so many columns taken before and after it on its line."""
    line = flat(code)
    if columns(indent + line) + before + after <= WIDTH:
        return line
    inner = indent + STEP
    if isinstance(code, Call) and (code.positional or code.named):
        said = [laid(value, inner, 0, 1) for value in code.positional]
        said += [argument(name) + laid(value, inner, columns(argument(name)), 1) for name, value in code.named.items()]
        return broken(f"{code.function}(", said, ")", indent)
    if isinstance(code, str):
        return text(code, indent)
    if isinstance(code, Mapping) and code:
        said = [f"{quoted(key)}: {laid(value, inner, columns(quoted(key)) + 2, 1)}" for key, value in code.items()]
        return broken("{", said, "}", indent)
    if isinstance(code, Sequence) and code:
        return broken("[", [laid(item, inner, 0, 1) for item in code], "]", indent)
    return line


def columns(line: str) -> int:
    """Count the columns that a line takes: wide characters take two, combining ones none."""
    if line.isascii():
        return len(line)
    return sum(0 if combining(one) else 1 + (east_asian_width(one) in "WF") for one in line)


def broken(opening: str, items: Sequence[str], closing: str, indent: str) -> str:
    """Write one item per line, with a comma behind each."""
    return "\n".join([opening, *(f"{indent}{STEP}{item}," for item in items), indent + closing])


def argument(name: str) -> str:
    """Write the name of an argument; one that is no identifier comes in a map, by its own."""
    return name if name == "**" else f"{name}="


def text(value: str, indent: str) -> str:
    """Write long text: line by line, else word by word, where that makes it short enough to read."""
    inner = indent + STEP
    if columns(inner + quoted(value)) <= WIDTH:
        return quoted(value)
    lines = [piece for line in value.splitlines(keepends=True) for piece in wrapped(line, WIDTH - len(inner))]
    if len(lines) < 2:
        return quoted(value)
    return "\n".join(["(", *(inner + quoted(line) for line in lines), indent + ")"])


def wrapped(line: str, width: int) -> list[str]:
    """Cut a line of text behind blanks, so that no part is longer than a width unless it is one word."""
    parts = [""]
    for word in re.findall(r"\S*\s*", line):
        if parts[-1] and columns(quoted(parts[-1] + word)) > width:
            parts.append("")
        parts[-1] += word
    return [part for part in parts if part]


def quoted(value: str) -> str:
    """Write text in double quotes, or in single ones where that saves backslashes."""
    quote = "'" if value.count('"') > value.count("'") else '"'
    return quote + "".join(escaped(character, quote) for character in value) + quote


ESCAPES = {"\n": r"\n", "\t": r"\t", "\r": r"\r", "\\": r"\\"}


def escaped(character: str, quote: str) -> str:
    """Write one character of a text."""
    if character == quote:
        return "\\" + quote
    if (known := ESCAPES.get(character)) is not None:
        return known
    return character if character.isprintable() else character.encode("unicode_escape").decode()


def commented(lines: Sequence[str]) -> str:
    """Write comments, each on a line of its own."""
    return "\n".join(f"# {line}" for line in lines)


def plain(value: Any) -> Code:
    """Return JSON as code, maps in the order of their keys."""
    if is_map(value):
        return {key: plain(value[key]) for key in sorted(value)}
    return [plain(item) for item in value] if is_list(value) else value


__all__ = ["STEP", "WIDTH", "Call", "Code", "Name", "commented", "flat", "laid", "plain", "quoted", "statement"]
