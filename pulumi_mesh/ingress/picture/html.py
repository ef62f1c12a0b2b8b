"""A picture as a page: one file that works offline, tells more where the pointer rests, and shows the path of one hostname alone."""

import json
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from math import ceil

from .layout import layout
from .markup import attributes, clean, escaped
from .svg import drawn, ids, number, summary
from .value import Node, Picture

LONGEST = 14000.0
"""How high a sheet of paper is at most; a higher picture is printed smaller."""


def html(picture: Picture) -> str:
    """Write a picture as a page."""
    placed = layout(picture)
    names = ids(picture)
    width, height = number(placed.width), number(placed.height)
    scale = min(1, LONGEST / placed.height)
    sheet = f"@page {{ size: {ceil(placed.width * scale)}px {ceil(placed.height * scale) + 4}px; margin: 0; }}\n"
    style, script = asset("picture.css") + asset("page.css") + sheet, asset("page.js")
    about = {
        "nodes": {names[node.id]: told(node) for node in picture.nodes},
        "paths": {names[host]: sorted(names[one] for one in path) for host, path in picture.paths.items()},
    }
    policy = (
        f"default-src 'none'; style-src {digest(style)}; script-src {digest(script)}; img-src data:; base-uri 'none'"
    )
    title = escaped(summary(picture))
    head = attributes(
        class_="picture", role="group", aria_label=summary(picture), width=width, height=height, viewBox=f"0 0 {width} {height}"
    )  # fmt: skip
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<meta{attributes(http_equiv='Content-Security-Policy', content=policy)}>\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<link rel="icon" href="data:,">\n<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n'
        f"<header>\n<h1>{title}</h1>\n"
        '<input id="search" type="search" placeholder="Search names, hosts, paths, findings" aria-label="Search">\n'
        '<button id="all" type="button" hidden>Show everything</button>\n'
        '<span id="status" role="status"></span>\n'
        '<span class="hint">Choose a hostname to see its path alone. <kbd>/</kbd> searches, arrows walk, '
        "<kbd>Esc</kbd> shows everything.</span>\n</header>\n"
        f"<main>\n<svg{head}>\n" + "".join(f"{line}\n" for line in drawn(placed, live=True)) + "</svg>\n</main>\n"
        '<div id="told" role="tooltip" hidden></div>\n'
        f'<script type="application/json" id="about">{data(about)}</script>\n'
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def asset(name: str) -> str:
    """Read a file of the page."""
    return files("pulumi_mesh.ingress.picture").joinpath(name).read_text("utf-8")


def digest(text: str) -> str:
    """Return what allows one text, and no other, as style or script of the page."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def data(value: object) -> str:
    """Write a value as JSON that ends no element of the page."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c").replace(">", "\\u003e")


def told(node: Node) -> dict[str, object]:
    """Return what the page tells of a card or a row."""
    findings = [
        {"path": clean(found.path), "message": clean(found.message), "code": found.code, "severity": found.severity}
        for found in node.findings
    ]
    facts = [[name, clean(fact)] for name, fact in node.facts]
    lines = [clean(line) for line in node.lines]
    words = [node.text, node.caption, *node.lines, *(fact for _, fact in node.facts)]
    words += [f"{found.code} {found.message} {found.severity}" for found in node.findings]
    return {
        "text": clean(node.text),
        "caption": clean(node.caption),
        "lines": lines,
        "facts": facts,
        "findings": findings,
        "search": clean("\n".join(words)).lower(),
    }
