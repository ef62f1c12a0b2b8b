"""A picture in the language of Graphviz: `pulumi-mesh graph --format dot | dot -Tpdf` lays it out anew."""

from collections.abc import Iterator

from .markup import clean
from .mermaid import lines_of
from .svg import ids, summary
from .value import Edge, Node, Panel, Picture

FACE = 'fontname="Helvetica" fontsize=11'
EDGES = {
    "flow": 'color="#7b8aa5"',
    "copy": 'color="#7b8aa5" style=dotted',
    "crossing": 'color="#9333b8" style=dashed penwidth=1.6',
    "idle": 'color="#b9c0cc" style=dashed',
}
FRAMES = {
    "error": 'color="#c4261d" fontcolor="#c4261d"',
    "warning": 'color="#a15c00" fontcolor="#a15c00"',
    None: 'color="#d5dae3"',
}


def dot(picture: Picture) -> str:
    """Write a picture as a directed graph from left to right."""
    names = ids(picture)
    hub = {card.id: card.rows[0].id for panel in picture.panels for card in panel.cards if card.rows}
    lines = [
        "digraph ingress {",
        "  rankdir=LR compound=true ranksep=1.1 nodesep=0.12",
        f"  label={quoted(summary(picture))}",
    ]
    lines += [
        f"  graph [{FACE}]",
        f'  node [{FACE} shape=box style="rounded,filled" fillcolor=white]',
        f"  edge [{FACE}]",
    ]
    for index, panel in enumerate(picture.panels):
        lines += mesh(panel, f"cluster_m{index}", names)
    lines += [f"  {arrow(edge, names, hub)}" for edge in picture.edges]
    return "\n".join([*lines, "}"]) + "\n"


def mesh(panel: Panel, name: str, names: dict[str, str]) -> Iterator[str]:
    """Write a mesh."""
    yield f"  subgraph {name} {{"
    yield f"    label={quoted(f'mesh {panel.mesh}: {panel.about}')} style=rounded {FRAMES[panel.severity]}"
    for card in panel.cards:
        if card.rows:
            yield f"    subgraph cluster_{names[card.id]} {{"
            yield f"      label={said(card)} style=rounded {FRAMES[card.severity]}"
            yield from (f"      {box(row, names)}" for row in card.rows)
            yield "    }"
        else:
            yield f"    {box(card, names)}"
    yield "  }"


def box(node: Node, names: dict[str, str]) -> str:
    """Write a node."""
    return f"{names[node.id]} [label={said(node)} {FRAMES[node.severity]}]"


def said(node: Node) -> str:
    """Say what a node is, line by line, and what was found about it."""
    return '"' + "\\n".join(escaped(line) for line in lines_of(node)) + '"'


def arrow(edge: Edge, names: dict[str, str], hub: dict[str, str]) -> str:
    """Write an edge; one that leads to a card as a whole ends at its frame."""
    target = hub.get(edge.target, edge.target)
    head = f" lhead=cluster_{names[edge.target]}" if target != edge.target else ""
    share = f" label={quoted(edge.share)}" if edge.share else ""
    return f"{names[edge.source]} -> {names[target]} [{EDGES[edge.style]}{share}{head}]"


def quoted(text: str) -> str:
    """Return text in quotes."""
    return f'"{escaped(text)}"'


def escaped(text: str) -> str:
    """Return text for a label in quotes: nothing in it ends the quotes, begins an escape or an entity."""
    for char, instead in (("&", "&amp;"), ("\\", "&#92;"), ('"', "&quot;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(char, instead)
    return clean(" ".join(text.split()))
