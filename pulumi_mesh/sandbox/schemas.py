"""The schemas of spec-shape types as each release of Kuma publishes them, and how its structs hold what they describe.

`tools/schemas.py` takes these facts from a source tree of Kuma; nothing here depends on the kinds of this project.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pulumi_mesh.sandbox.nodes import Node
from pulumi_mesh.schema.release import Release

Part = Literal["spec", "status"]


@cache
def table(release: Release) -> dict[str, Any]:
    """Return the file of a release."""
    return json.loads(files("pulumi_mesh.sandbox").joinpath(f"schemas-{release}.json").read_text("utf-8"))


@cache
def nodes(release: Release) -> list[Node]:
    """Return the nodes of a release; each one refers only to those before it."""
    made: list[Node] = []
    for facts in table(release)["nodes"]:
        said = dict(facts)
        if "item" in said:
            said["item"] = made[said["item"]]
        if "fields" in said:
            said["fields"] = {key: made[number] for key, number in said["fields"].items()}
        made.append(Node(**said))
    return made


def schema(kind: str, part: Part, release: Release) -> Node | None:
    """Return what a release publishes of a part of a type, or None where it knows neither."""
    parts: dict[str, int] = table(release)["kinds"].get(kind, {})
    return nodes(release)[parts[part]] if part in parts else None
