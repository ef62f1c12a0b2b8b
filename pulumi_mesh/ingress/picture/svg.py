"""A picture as SVG: one file, no script, and the full text of everything where the pointer rests."""

from collections.abc import Iterator
from importlib.resources import files
from itertools import chain

from .card import Badge, Part, Text
from .layout import SAMPLE, TURN, Frame, Layout, Wire, layout
from .markup import attributes, escaped
from .shelf import Spot
from .value import Node, Picture

BEND = 0.55
"""How far a wire goes on straight, as a part of its way from left to right."""
TIP = 6.0


def svg(picture: Picture) -> str:
    """Write a picture as a file of its own."""
    placed = layout(picture)
    style = files("pulumi_mesh.ingress.picture").joinpath("picture.css").read_text()
    head = attributes(
        xmlns="http://www.w3.org/2000/svg",
        class_="picture",
        role="img",
        aria_label=summary(picture),
        width=number(placed.width),
        height=number(placed.height),
        viewBox=f"0 0 {number(placed.width)} {number(placed.height)}",
    )
    return f"<svg{head}>\n<style>\n{style}</style>\n" + "".join(f"{line}\n" for line in drawn(placed)) + "</svg>\n"


def summary(picture: Picture) -> str:
    """Say in one line what is on a picture."""
    hosts = sum(node.sort == "host" for node in picture.nodes)
    meshes = ", ".join(panel.mesh for panel in picture.panels) or "no mesh with a gateway"
    return f"Ingress of {meshes}: {counted(hosts, 'hostname')}, {counted(len(picture.findings), 'finding')}"


def counted(count: int, noun: str) -> str:
    """Say a number of things."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def ids(picture: Picture) -> dict[str, str]:
    """Return a short name for each card and row."""
    return {node.id: f"n{index}" for index, node in enumerate(picture.nodes)}


def drawn(placed: Layout, *, live: bool = False) -> Iterator[str]:
    """Yield what is within the picture: meshes, wires, and above them the cards."""
    names = ids(placed.picture)
    yield f"<rect{attributes(class_='page', width='100%', height='100%')}/>"
    for frame in placed.frames:
        yield from framed(frame)
    yield '<g class="wires">'
    for wire in placed.wires:
        yield from wired(wire, names)
    yield "</g>"
    for spot in placed.spots:
        yield from card(spot, names, live=live)
    yield '<g class="foot">'
    for x, y, style in placed.samples:
        yield f"<path{attributes(class_=f'wire {style}', d=f'M{number(x)} {number(y)}h{number(SAMPLE)}')}/>"
    yield from chain(map(text, placed.texts), *(badge(one) for one in placed.badges))
    yield "</g>"


def framed(frame: Frame) -> Iterator[str]:
    """Draw a mesh."""
    box = attributes(
        class_="frame", x=number(frame.x), y=number(frame.y), width=number(frame.width), height=number(frame.height), rx="14"
    )  # fmt: skip
    yield f"<g{attributes(class_='mesh', aria_label=f'mesh {frame.panel.mesh}')}>"
    yield f"<title>{escaped(f'mesh {frame.panel.mesh}: {frame.panel.about}')}</title>"
    yield f"<rect{box}/>"
    yield from map(text, frame.texts)
    yield "</g>"


def wired(wire: Wire, names: dict[str, str]) -> Iterator[str]:
    """Draw a wire and its tip."""
    to, down = wire.end
    way = laned(wire) if wire.lane else bent(wire)
    tip = f"M{number(to)} {number(down)}l-{number(TIP + 1)} -3.5v7z"
    ends = {"data_from": names[wire.edge.source], "data_to": names[wire.edge.target]}
    ends |= {"data_spot": f"{names[wire.edge.target]}-{wire.copy}"}
    yield f"<path{attributes(class_=f'wire {wire.edge.style}', d=way, **ends)}/>"
    yield f"<path{attributes(class_=f'tip {wire.edge.style}', d=tip, **ends)}/>"


def bent(wire: Wire) -> str:
    """Return the way of a wire that bends."""
    (x, y), (to, down) = wire.start, wire.end
    bend = (to - x) * BEND
    return (
        f"M{number(x)} {number(y)}C{number(x + bend)} {number(y)}"
        f" {number(to - bend)} {number(down)} {number(to - TIP)} {number(down)}"
    )


def laned(wire: Wire) -> str:
    """Return the way of a wire that goes up or down in its lane."""
    (x, y), (to, down) = wire.start, wire.end
    turn = TURN if down > y else -TURN
    return (
        f"M{number(x)} {number(y)}H{number(wire.lane - TURN)}Q{number(wire.lane)} {number(y)} {number(wire.lane)} {number(y + turn)}"
        f"V{number(down - turn)}Q{number(wire.lane)} {number(down)} {number(wire.lane + TURN)} {number(down)}H{number(to - TIP)}"
    )


def card(spot: Spot, names: dict[str, str], *, live: bool) -> Iterator[str]:
    """Draw a card with its rows."""
    block = spot.block
    severity = min((one.severity for part in block.parts for one in part.node.findings), default="")
    yield f"<g{attributes(class_=f'card {block.card.sort} {severity}'.strip(), transform=f'translate({number(spot.x)} {number(spot.y)})')}>"
    size = {"width": number(block.width), "height": number(block.height)}
    yield f"<rect{attributes(class_='sheet', rx='7', **size)}/>"
    yield f"<rect{attributes(class_='bar', y='6', width='3.5', height=number(block.height - 12), rx='1.75')}/>"
    for part in block.parts:
        yield from drawn_part(part, spot, names, live=live)
    yield "</g>"


def drawn_part(part: Part, spot: Spot, names: dict[str, str], *, live: bool) -> Iterator[str]:
    """Draw the head of a card, or a row."""
    node, width = part.node, spot.block.width
    copy = {"data_spot": f"{names[node.id]}-{spot.copy}"} if node.sort == "backend" else {}
    kinds = f"node {node.sort} {node.severity or ''}".strip()
    said = attributes(
        data_node=names[node.id], class_=kinds, aria_label=spoken(node), **(focus(node) if live else {}), **copy
    )
    yield f"<g{said}>"
    if not live:
        yield f"<title>{escaped(told(node))}</title>"
    if part.top:
        yield f"<path{attributes(class_='fold', d=f'M12 {number(part.top)}H{number(width - 12)}')}/>"
    yield f"<rect{attributes(class_='hit', y=number(part.top), width=number(width), height=number(part.height), rx='7')}/>"
    yield from map(text, part.texts)
    for one in part.badges:
        yield from badge(one)
    yield "</g>"


def focus(node: Node) -> dict[str, str]:
    """Let the keyboard reach a card or a row; a hostname is a switch."""
    role = {"role": "button", "aria_pressed": "false"} if node.sort == "host" else {"role": "img"}
    return {"tabindex": "0", **role}


def text(text: Text) -> str:
    """Draw a line of text."""
    font = text.font
    kinds = " ".join(kind for kind in (font.family, "bold" if font.bold else "", text.tone) if kind)
    ends = {"text_anchor": "end"} if text.ends else {}
    said = attributes(class_=kinds, x=number(text.x), y=number(text.y), font_size=number(font.size), **ends)
    return f"<text{said}>{escaped(text.said)}</text>"


def badge(badge: Badge) -> Iterator[str]:
    """Draw the number of a finding."""
    yield f"<circle{attributes(class_=f'badge {badge.severity}', cx=number(badge.x), cy=number(badge.y), r='7')}/>"
    yield (
        f"<text{attributes(class_='count', x=number(badge.x), y=number(badge.y + 3), font_size='8', text_anchor='middle')}>"
        f"{badge.number}</text>"
    )


def spoken(node: Node) -> str:
    """Say a card or a row in one line, for those who hear it."""
    parts = [f"{node.caption} {node.text}".strip(), *node.lines]
    return "; ".join([*parts, *(f"{found.severity}: {found.message}" for found in node.findings)])


def told(node: Node) -> str:
    """Tell everything of a card or a row."""
    lines = [f"{node.text}  {node.caption}".rstrip(), *node.lines, *(f"{name}: {fact}" for name, fact in node.facts)]
    return "\n".join([*lines, *(f"{found.severity}: {found.message} [{found.code}]" for found in node.findings)])


def number(value: float) -> str:
    """Write a number, short."""
    return f"{value:.1f}".removesuffix(".0")
