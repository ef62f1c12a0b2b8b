"""Type: how wide a text is at most, and how it is broken into lines. No font is asked: the widest in use must fit."""

import unicodedata
from dataclasses import dataclass
from typing import Literal

Tone = Literal["title", "text", "muted", "head", "error", "warning"]
WIDTHS = {
    0.36: " ',./:;\\|ijlIJ",
    0.45: "!-()[]frt",
    0.54: '"*_`sz?',
    0.66: "$0123456789{}abcdeghknopquvxy",
    0.79: "&ABCDEFGHKLNOPQRSTUVXYZ",
    0.89: "#+<=>^~wM",
    1.0: "%@mW",
}
"""How wide the characters of a font without serifs are at most, for a size of 1: those of DejaVu Sans, the widest in use."""
EMS = {char: width for width, chars in WIDTHS.items() for char in chars}
BOLD = 1.12
"""How much wider bold ones are."""
STOPS = frozenset("./:,=-_ ")
"""Behind these a text is best broken."""
MORE = "…"


@dataclass(frozen=True, slots=True)
class Font:
    """A way to write."""

    family: Literal["sans", "mono"]
    size: float
    bold: bool = False

    @property
    def leading(self) -> float:
        """From line to line."""
        return round(self.size * 1.36)

    def width(self, text: str) -> float:
        """Return how wide a text is at most."""
        factor = self.size * (BOLD if self.bold and self.family == "sans" else 1)
        return factor * sum(map(self.em, text))

    def em(self, char: str) -> float:
        """Return how wide a character is at most, for a size of 1."""
        if unicodedata.east_asian_width(char) in "WF":
            return 1.25
        if self.family == "mono":
            return 0.61 if char.isascii() else 0.9
        if not char.isascii():
            return 1.05
        return EMS.get(char, 1)


HEADING = Font("sans", 12, bold=True)
MESH = Font("sans", 16, bold=True)
TITLE = Font("sans", 13, bold=True)
CODE = Font("mono", 12)
HOST = Font("mono", 12.5)
NOTE = Font("sans", 11)
CAPTION = Font("sans", 10.5)


def broken(text: str, font: Font, width: float, most: int = 0) -> list[str]:
    """Break a text into lines of a width; of more than some lines the last one ends with an ellipsis."""
    lines: list[str] = []
    rest = text
    while rest:
        end = fitting(rest, font, width)
        if end < len(rest):
            stop = max((index + 1 for index in range(end) if rest[index] in STOPS), default=0)
            end = stop if stop > end * 0.5 else end
        lines.append(rest[:end])
        rest = rest[end:]
    if most and len(lines) > most:
        kept = lines[most - 1].rstrip()
        while kept and font.width(kept + MORE) > width:
            kept = kept[:-1]
        lines = [*lines[: most - 1], kept + MORE]
    return [line.rstrip() for line in lines] or [""]


def fitting(text: str, font: Font, width: float) -> int:
    """Return how many characters of a text fit, at least one."""
    used = 0.0
    factor = font.width("0") / font.em("0")
    for index, char in enumerate(text):
        used += factor * font.em(char)
        if used > width:
            return max(index, 1)
    return len(text)
