"""The words of a template as Go's text/template reads it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

KEYWORDS = frozenset({"block", "break", "continue", "define", "else", "end", "if", "nil", "range", "template", "with"})
SPACES = " \t\r\n"
TERMINATORS = SPACES + ".,|:()"
WORD = re.compile(r"\w+")
NUMBER = re.compile(
    r"[+-]?(?:0[xX][0-9a-fA-F_]*\.?[0-9a-fA-F_]*(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*|0[bB][01_]*|[0-9_]*\.?[0-9_]*(?:[eE][+-]?[0-9_]*)?)i?"
)
STRING = re.compile(r'"(?:\\[^\n]|[^"\\\n])*"')
CHARACTER = re.compile(r"'(?:\\[^\n]|[^'\\\n])*'")
CHARACTER_INSIDE = re.compile(
    r"'(?:[^\\]|\\(?:[abfnrtv\\'\"]|[0-7]{3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}))'"
)
SPACE = re.compile(r"[ \t\r\n]+")
QUOTES = {
    '"': (STRING, "string", "unterminated quoted string"),
    "'": (CHARACTER, "character", "unterminated character constant"),
    "`": (re.compile(r"`[^`]*`"), "raw string", "unterminated raw quoted string"),
}


class TemplateError(ValueError):
    """Why text is no template, in Go's words."""

    def __init__(self, text: str, at: int, why: str) -> None:
        super().__init__(f"template: :{text.count(chr(10), 0, at) + 1}: {why}")


class Token(NamedTuple):
    """A word of a template."""

    kind: str
    """`text`, `left`, `right`, `space`, `field`, a keyword..."""
    text: str
    at: int

    def __str__(self) -> str:
        """Show it as Go does when it stands in the wrong place."""
        if self.kind in KEYWORDS or self.kind == ".":
            return f"<{self.text}>"
        return "EOF" if self.kind == "EOF" else quoted(self.text[:10]) + ("..." if len(self.text) > 10 else "")


def quoted(text: str) -> str:
    """Quote text as Go does, for all that a template is made of."""
    for raw, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        text = text.replace(raw, escaped)
    return f'"{text}"'


def lex(text: str) -> Iterator[Token]:
    """Yield the words of a template; TemplateError where something is no word."""
    at, trim = 0, False
    while True:
        start = text.find("{{", at)
        end = len(text) if start < 0 else start
        plain = text[at:end]
        opened = start + 2 + (2 if start >= 0 and trims(text, start + 2) else 0)
        if trim:
            plain = plain.lstrip(SPACES)
        if opened > start + 2:
            plain = plain.rstrip(SPACES)
        if plain:
            yield Token("text", plain, at)
        if start < 0:
            yield Token("EOF", "", len(text))
            return
        if text.startswith("/*", opened):
            at, trim = comment(text, opened)
            continue
        yield Token("left", "{{", start)
        for token in inside(text, opened):
            yield token
            if token.kind == "right":
                at, trim = token.at + len(token.text), len(token.text) > 2


def trims(text: str, at: int) -> bool:
    """Tell whether a minus behind the opening takes away the space before it."""
    return text[at : at + 1] == "-" and text[at + 1 : at + 2] in tuple(SPACES)


def closing(text: str, at: int) -> str:
    """Return the closing that stands at a place, with the minus that takes away the space behind it, or nothing."""
    if text[at : at + 1] in tuple(SPACES) and text.startswith("-}}", at + 1):
        return text[at : at + 4]
    return "}}" if text.startswith("}}", at) else ""


def comment(text: str, at: int) -> tuple[int, bool]:
    """Return where a comment ends, and whether the space behind it is taken away."""
    end = text.find("*/", at)
    if end < 0:
        raise TemplateError(text, at, "unclosed comment")
    if not (found := closing(text, end + 2)):
        raise TemplateError(text, at, "comment ends before closing delimiter")
    return end + 2 + len(found), len(found) > 2


def inside(text: str, at: int) -> Iterator[Token]:
    """Yield the words of an action, its closing at the end."""
    depth = 0
    while True:
        if end := closing(text, at):
            if depth:
                raise TemplateError(text, at, "unclosed left paren")
            yield Token("right", end, at)
            return
        if at >= len(text):
            raise TemplateError(text, at, "unclosed action")
        token = word(text, at)
        depth += {"(": 1, ")": -1}.get(token.kind, 0)
        if depth < 0:
            raise TemplateError(text, at, "unexpected right paren")
        yield token
        at += len(token.text)


def word(text: str, at: int) -> Token:
    """Return the word at a place."""
    first = text[at]
    if found := SPACE.match(text, at):
        return Token("space", spaces(text, found[0], at), at)
    if first in QUOTES:
        form, kind, complaint = QUOTES[first]
        if not (found := form.match(text, at)):
            raise TemplateError(text, at, complaint)
        if kind == "character" and not CHARACTER_INSIDE.fullmatch(found[0]):
            raise TemplateError(text, at, f"malformed character constant: {found[0]}")
        return Token(kind, found[0], at)
    if first == ":":
        if not text.startswith(":=", at):
            raise TemplateError(text, at, "expected :=")
        return Token(":=", ":=", at)
    if first in "=|()":
        return Token(first, first, at)
    if first == "$" or (first == "." and not text[at + 1 : at + 2].isdecimal()):
        return name(text, at)
    if first in "+-." or first.isdecimal():
        return number(text, at)
    if found := WORD.match(text, at):
        ended(text, found.end())
        kind = found[0] if found[0] in KEYWORDS else "bool" if found[0] in ("true", "false") else "identifier"
        return Token(kind, found[0], at)
    if not " " < first < "\x7f":
        raise TemplateError(text, at, f"unrecognized character in action: {codepoint(first)}")
    return Token("char", first, at)


def spaces(text: str, run: str, at: int) -> str:
    """Return a run of spaces, without the last one where it belongs to the closing."""
    return run[:-1] if len(run) > 1 and closing(text, at + len(run) - 1) else run


def name(text: str, at: int) -> Token:
    """Return a field or a variable, or one of the two by itself."""
    found = WORD.match(text, at + 1)
    end = found.end() if found else at + 1
    ended(text, end)
    single = {"$": "variable", ".": "."}[text[at]]
    return Token({"$": "variable", ".": "field"}[text[at]] if found else single, text[at:end], at)


def number(text: str, at: int) -> Token:
    """Return a number."""
    found = NUMBER.match(text, at)
    end = found.end() if found else at
    literal = text[at:end]
    if text[end : end + 1].isalnum():
        raise TemplateError(text, at, f"bad number syntax: {quoted(text[at : end + 1])}")
    if not any(digit.isdecimal() for digit in literal) or "__" in literal or literal.endswith("_"):
        raise TemplateError(text, at, f"illegal number syntax: {quoted(literal)}")
    if literal.lstrip("+-").isdecimal() and not -(2**63) <= int(literal) < 2**64:
        raise TemplateError(text, at, f"integer overflow: {quoted(literal)}")
    return Token("number", literal, at)


def ended(text: str, at: int) -> None:
    """Refuse a name that does not end where it should."""
    if at < len(text) and text[at] not in TERMINATORS and not text.startswith("}}", at):
        raise TemplateError(text, at, f"bad character {codepoint(text[at])}")


def codepoint(character: str) -> str:
    """Show a character with its number."""
    return f"U+{ord(character):04X} '{character}'" if character.isprintable() else f"U+{ord(character):04X}"
