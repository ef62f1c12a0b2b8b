"""A picture as a Mermaid flowchart, which GitHub, GitLab and many wikis draw where it stands in Markdown."""

import re
from collections.abc import Iterator

from .markup import clean
from .svg import ids, summary
from .value import Edge, Node, Panel, Picture

SPECIAL = re.compile(r"[^A-Za-z0-9 .,:/=()%-]|%(?=[%{])|:(?=//)|^-")
"""What may mean something to Mermaid, to Markdown within it, or to the page that it writes."""
SHAPES = {"clients": ("([", "])"), "consumer": ("([", "])"), "host": ("[/", "/]"), "backend": ("[(", ")]")}
"""How things are drawn; all others are boxes."""
ARROWS = {"flow": "-->", "copy": "-.->", "crossing": "==>", "idle": "-.->"}
STYLES = (
    "classDef error fill:#fbe3e1,stroke:#c4261d,color:#5c0f0a",
    "classDef warning fill:#fdf0d8,stroke:#a15c00,color:#4d2c00",
)


def mermaid(picture: Picture) -> str:
    """Write a picture as a flowchart from left to right."""
    names = ids(picture)
    lines = ["flowchart LR", f"  accTitle: {label(summary(picture))}"]
    for index, panel in enumerate(picture.panels):
        lines += mesh(panel, f"m{index}", names)
    lines += [f"  {arrow(edge, names)}" for edge in picture.edges]
    lines += [f"  {style}" for style in STYLES]
    for severity in ("error", "warning"):
        if found := [names[node.id] for node in picture.nodes if node.severity == severity]:
            lines.append(f"  class {','.join(found)} {severity}")
    return "\n".join(lines) + "\n"


def mesh(panel: Panel, name: str, names: dict[str, str]) -> Iterator[str]:
    """Write a mesh."""
    yield f'  subgraph {name}["{label(f"mesh {panel.mesh}: {panel.about}")}"]'
    for card in panel.cards:
        if card.rows:
            title = ", ".join(lines_of(card))  # in one line: Mermaid leaves no room for more
            yield f'    subgraph {names[card.id]}["{label(title)}"]'
            yield from (f"      {box(row, names)}" for row in card.rows)
            yield "    end"
        else:
            yield f"    {box(card, names)}"
    yield "  end"


def box(node: Node, names: dict[str, str]) -> str:
    """Write a box."""
    left, right = SHAPES.get(node.sort, ("[", "]"))
    return f'{names[node.id]}{left}"{said(node)}"{right}'


def said(node: Node) -> str:
    """Say what a node is, and what was found about it."""
    return "<br/>".join(label(line) for line in lines_of(node))


def lines_of(node: Node) -> list[str]:
    """Return what is said of a node, line by line."""
    ahead = node.sort in ("gateway", "route", "delegated")
    first = f"{node.caption} {node.text}" if ahead else f"{node.text} {node.caption}"
    return [first.strip(), *node.lines, *(f"{found.severity}: {found.code}" for found in node.findings)]


def arrow(edge: Edge, names: dict[str, str]) -> str:
    """Write an edge."""
    share = f'|"{label(edge.share)}"|' if edge.share else ""
    return f"{names[edge.source]} {ARROWS[edge.style]}{share} {names[edge.target]}"


def label(text: str) -> str:
    """Return text for a label in quotes: all that is not plain is written as a number."""
    return SPECIAL.sub(lambda found: f"#{ord(found[0])};", clean(" ".join(text.split())))
