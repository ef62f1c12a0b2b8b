"""One card of a picture: its texts in their places, where wires enter it and where they leave it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pulumi_mesh.schema.finding import Finding

from .fonts import CAPTION, CODE, HOST, NOTE, TITLE, Font, Tone, broken
from .value import Card, Edge, Node

SIDE, EDGE, ROW = 13.0, 8.0, 5.0
"""The room beside the texts of a card, above its head, and above each row."""
BETWEEN = 10.0
BADGE = 7.0
"""The radius of the number of a finding."""
Numbers = Mapping[Finding, int]


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; x is where it begins, or where it ends."""

    x: float
    y: float
    said: str
    font: Font
    tone: Tone = "text"
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Badge:
    """The number of a finding, in a circle."""

    x: float
    y: float
    number: int
    severity: str


@dataclass
class Part:
    """The head of a card, or one of its rows; all places are relative to the card."""

    node: Node
    top: float
    height: float = 0
    entry: float = 0
    """Where wires come in."""
    exits: list[float] = field(default_factory=list[float])
    """Where each wire that leaves it does so."""
    texts: list[Text] = field(default_factory=list[Text])
    badges: list[Badge] = field(default_factory=list[Badge])
    wanted: float = 0
    """How wide it would be if no text were broken."""


@dataclass
class Block:
    """A card, set in a width."""

    card: Card
    width: float
    parts: list[Part]

    @property
    def height(self) -> float:
        """How high it is."""
        return self.parts[-1].top + self.parts[-1].height

    @property
    def wanted(self) -> float:
        """How wide it wants to be."""
        return max(part.wanted for part in self.parts)


def block(card: Card, width: float, leaving: Mapping[str, Sequence[Edge]], numbers: Numbers) -> Block:
    """Set a card in a width."""
    parts = [head(card, width, leaving.get(card.id, ()), numbers)]
    for row in card.rows:
        top = parts[-1].top + parts[-1].height
        parts.append(row_of(row, top, width, leaving.get(row.id, ()), numbers))
    return Block(card, width, parts)


def head(card: Card, width: float, leaving: Sequence[Edge], numbers: Numbers) -> Part:
    """Set what stands at the top of a card; a hostname is never shortened."""
    part = Part(card, 0)
    font, most = (HOST, 0) if card.sort == "host" else (TITLE, 3)
    pen = Pen(part, EDGE, width)
    caption = CAPTION.width(card.caption) + BETWEEN if card.caption else 0
    pen.want(font.width(card.text) + caption)
    lines = broken(card.text, font, width - 2 * SIDE - caption, most)
    part.entry = pen.y + font.leading / 2
    if card.caption:
        part.texts.append(Text(width - SIDE, pen.baseline(font), card.caption, CAPTION, "muted", ends=True))
    for line in lines:
        pen.write(line, font, "title")
    pen.notes(card, numbers)
    part.height = pen.y + EDGE
    if not card.rows:
        part.entry = part.height / 2
    part.exits = [part.entry] * len(leaving)
    return part


def row_of(row: Node, top: float, width: float, leaving: Sequence[Edge], numbers: Numbers) -> Part:
    """Set a row of a card: what it is to the left, the shares of what leaves it to the right."""
    part = Part(row, top)
    shares = [edge.share for edge in leaving]
    room = max((CODE.width(share) for share in shares), default=0)
    right = room + BETWEEN if room else 0
    pen = Pen(part, top + ROW, width - right)
    pen.want(CODE.width(row.text + "  " + row.caption if row.caption else row.text) + right)
    part.entry = pen.y + CODE.leading / 2
    first = pen.baseline(CODE)
    beside = row.caption and CODE.width(f"{row.text}  {row.caption}") <= pen.room
    for line in broken(row.text, CODE, pen.room, 3):
        pen.write(line, CODE)
    if beside:
        part.texts.append(Text(SIDE + CODE.width(f"{row.text}  "), first, row.caption, CODE, "muted"))
    elif row.caption:
        for line in broken(row.caption, CODE, pen.room):
            pen.write(line, CODE, "muted")
    pen.notes(row, numbers)
    for index, share in enumerate(shares):
        down = index * CODE.leading if room else 0
        part.exits.append(part.entry + down)
        if share:
            part.texts.append(Text(width - SIDE, first + down, share, CODE, "muted", ends=True))
    part.height = max(pen.y, top + ROW + len([one for one in shares if one]) * CODE.leading) + ROW - top
    return part


class Pen:
    """Writes lines into a part, one below the other."""

    def __init__(self, part: Part, y: float, width: float) -> None:
        """Begin at a height."""
        self.part, self.y, self.room = part, y, width - 2 * SIDE

    def baseline(self, font: Font) -> float:
        """Return where the next line stands."""
        return self.y + font.leading * 0.76

    def want(self, width: float) -> None:
        """Note how wide something would be."""
        self.part.wanted = max(self.part.wanted, width + 2 * SIDE)

    def write(self, line: str, font: Font, tone: Tone = "text", indent: float = 0) -> None:
        """Write a line."""
        self.part.texts.append(Text(SIDE + indent, self.baseline(font), line, font, tone))
        self.y += font.leading

    def notes(self, node: Node, numbers: Numbers) -> None:
        """Write what else is to be seen, and the codes of what was found."""
        for said in node.lines:
            self.want(NOTE.width(said))
            for line in broken(said, NOTE, self.room, 2):
                self.write(line, NOTE, "muted")
        for found in node.findings:
            self.y += 3
            indent = 2 * BADGE + 6
            self.want(NOTE.width(found.code) + indent)
            self.part.badges.append(
                Badge(SIDE + BADGE, self.y + NOTE.leading / 2, numbers.get(found, 0), found.severity)
            )
            for line in broken(found.code, NOTE, self.room - indent):
                self.write(line, NOTE, found.severity, indent)
