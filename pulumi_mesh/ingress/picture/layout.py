"""Where everything stands on a picture: cards, texts and wires with their places. The same picture always has the same layout."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import ceil

from .card import BADGE, Badge, Numbers, Text, block
from .fonts import CAPTION, HEADING, MESH, NOTE, broken
from .shelf import Shelf, Spot
from .value import COLUMNS, Column, Edge, Panel, Picture, Style

MARGIN, GUTTER, INSET, APART = 28.0, 96.0, 18.0, 22.0
"""The room around the picture, between columns, around the cards of a mesh, and between meshes."""
HEADINGS, STRIP = 34.0, 54.0
"""How high the headings of the columns are, and the head of a mesh."""
WIDTHS: Mapping[Column, tuple[float, float]] = {
    "clients": (160, 200),
    "hosts": (160, 300),
    "gateways": (210, 340),
    "routes": (240, 430),
    "backends": (150, 270),
}
"""How wide each column is at least and at most."""
STYLES: Mapping[Style, str] = {
    "crossing": "from inside of the meshes",
    "copy": "copies of requests",
    "idle": "does nothing: something else wins, or no proxy is there",
}
"""What wires stand for that are not plain traffic."""
SAMPLE = 34.0
FAR, TURN = 260.0, 14.0
"""From which way up or down a wire goes in a lane, and how round its corners are."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A mesh on the picture."""

    panel: Panel
    x: float
    y: float
    width: float
    height: float
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Wire:
    """An edge on the picture."""

    edge: Edge
    start: tuple[float, float]
    end: tuple[float, float]
    lane: float = 0
    """Where it goes up or down, if it leads far."""
    copy: int = 0
    """Which of several cards of a backend it leads to."""


@dataclass
class Layout:
    """A picture with all its places."""

    picture: Picture
    width: float = 0
    height: float = 0
    texts: list[Text] = field(default_factory=list[Text])
    """The headings of the columns, and the findings at the foot."""
    badges: list[Badge] = field(default_factory=list[Badge])
    frames: list[Frame] = field(default_factory=list[Frame])
    spots: list[Spot] = field(default_factory=list[Spot])
    wires: list[Wire] = field(default_factory=list[Wire])
    samples: list[tuple[float, float, Style]] = field(default_factory=list[tuple[float, float, Style]])
    """Short wires at the foot, beside what their style stands for."""


def layout(picture: Picture) -> Layout:
    """Lay a picture out: columns from left to right, meshes from top to bottom, findings at the foot."""
    numbers: Numbers = {finding: number for number, finding in enumerate(picture.findings, 1)}
    leaving: dict[str, list[Edge]] = {}
    for edge in picture.edges:
        leaving.setdefault(edge.source, []).append(edge)
    columns: dict[Column, tuple[float, float]] = {}
    x = MARGIN + INSET
    for column, (least, most) in WIDTHS.items():
        cards = (card for panel in picture.panels for card in panel.cards if card.column == column)
        wanted = max((block(card, most, leaving, numbers).wanted for card in cards), default=0)
        columns[column] = (x, ceil(max(least, min(most, wanted))))
        x += columns[column][1] + GUTTER
    found = Layout(picture, x - GUTTER + INSET + MARGIN)
    found.texts += [
        Text(columns[column][0], MARGIN + 12, heading, HEADING, "muted") for column, heading in COLUMNS.items()
    ]
    y = MARGIN + HEADINGS
    ends: dict[Edge, Spot] = {}
    for panel in picture.panels:
        blocks = {card.id: block(card, columns[card.column][1], leaving, numbers) for card in panel.cards}
        shelf = Shelf(picture, blocks, y + STRIP)
        bottom = shelf.bottom + INSET
        found.spots += shelf.spots
        ends |= shelf.ends
        found.frames.append(frame(panel, y, bottom, found.width, columns["clients"], numbers))
        y = bottom + APART
    for spot in found.spots:
        spot.x = columns[spot.block.card.column][0]
    found.wires = wired(found, leaving, ends)
    found.height = foot(found, y + 8) + MARGIN
    return found


def frame(
    panel: Panel, top: float, bottom: float, width: float, column: tuple[float, float], numbers: Numbers
) -> Frame:
    """Write the head of a mesh, within the first column: wires from mesh to mesh pass beside it."""
    x, room = column
    marks = "".join(f" ({numbers[one]})" for one in panel.findings if one in numbers)
    texts = (
        Text(x, top + 25, broken(panel.mesh, MESH, room, 1)[0], MESH, "title"),
        Text(x, top + 41, broken(panel.about + marks, CAPTION, room, 1)[0], CAPTION, panel.severity or "muted"),
    )
    return Frame(panel, MARGIN, top, width - 2 * MARGIN, bottom - top, texts)


def wired(found: Layout, leaving: Mapping[str, list[Edge]], ends: Mapping[Edge, Spot]) -> list[Wire]:
    """Return the wires: from the right of one card to the left of another."""
    spots = {part.node.id: (spot, part) for spot in reversed(found.spots) for part in spot.block.parts}
    wires: list[Wire] = []
    for id_, edges in leaving.items():
        spot, part = spots[id_]
        for edge, exit_ in zip(edges, part.exits, strict=True):
            other, target = spots[edge.target]
            other = ends.get(edge, other)
            start, end = (spot.x + spot.block.width, spot.y + exit_), (other.x, other.y + target.entry)
            wires.append(Wire(edge, start, end, copy=other.copy))
    return lanes(wires)


def lanes(wires: list[Wire]) -> list[Wire]:
    """Give wires that lead far up or down lanes between two columns: those that leave, or reach, one place share one."""
    far = [wire for wire in wires if abs(wire.end[1] - wire.start[1]) > FAR]
    leave, reach = Counter(wire.start for wire in far), Counter(wire.end for wire in far)
    hubs = {wire.edge: max((leave[wire.start], wire.start), (reach[wire.end], wire.end))[1] for wire in far}
    gutters: dict[float, dict[tuple[float, float], int]] = {}
    for wire in far:
        beside = gutters.setdefault(wire.start[0], {})
        beside.setdefault(hubs[wire.edge], len(beside))
    found: list[Wire] = []
    for wire in wires:
        if wire.edge in hubs:
            beside = gutters[wire.start[0]]
            step = (GUTTER - 2 * TURN) / (len(beside) + 1)
            wire = replace(wire, lane=wire.start[0] + TURN + step * (beside[hubs[wire.edge]] + 1))
        found.append(wire)
    return found


def legend(found: Layout, y: float) -> float:
    """Tell what the wires stand for that are not plain traffic, and return where that ends."""
    x, used = MARGIN, {edge.style for edge in found.picture.edges}
    for style, said in STYLES.items():
        if style in used:
            found.samples.append((x, y + 8, style))
            found.texts.append(Text(x + SAMPLE + 8, y + 12, said, NOTE, "muted"))
            x += SAMPLE + NOTE.width(said) + 32
    return y + 26 if found.samples else y


def foot(found: Layout, y: float) -> float:
    """Write the legend and the findings, and return where they end."""
    y = legend(found, y)
    if not found.picture.findings:
        return y - APART + 8
    found.texts.append(Text(MARGIN, y + 12, "Findings", HEADING, "muted"))
    y += 24
    indent = 2 * BADGE + 9
    for number, finding in enumerate(found.picture.findings, 1):
        found.badges.append(Badge(MARGIN + BADGE, y + NOTE.leading / 2, number, finding.severity))
        for line in broken(str(finding), NOTE, found.width - 2 * MARGIN - indent):
            found.texts.append(Text(MARGIN + indent, y + NOTE.leading * 0.76, line, NOTE))
            y += NOTE.leading
        y += 6
    return y
