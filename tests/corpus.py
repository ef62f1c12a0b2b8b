"""Documents that real control planes accepted, by kind: the recordings, and the cases of the kinds where there are some."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import pulumi_mesh  # noqa: F401 - registers every kind
from pulumi_mesh.schema.check import OUTSIDE, judge
from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.schema.wire import from_wire

HERE = Path(__file__).parent
NAMES = sorted(KINDS)
OTHER_ZONE = re.compile(r'"kuma\.io/zone": "(?!default")')
"""The zone of a proxy that the control plane overwrites with its own, and the write is refused as not verified."""


@cache
def recorded() -> dict[str, list[dict[str, Any]]]:
    """Return the bodies of every write that kuma-cp 2.14.3 accepted, by kind."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in NAMES}
    with (HERE / "recordings" / "2.14.3.jsonl").open() as lines:
        for line in lines:
            step = json.loads(line)
            body = step.get("body")
            taken = step["method"] == "PUT" and step["status"] in (200, 201) and isinstance(body, dict)
            if taken and not OTHER_ZONE.search(json.dumps(body)):
                found.get(str(body.get("type")), []).append(body)
    return found


@cache
def accepted(name: str) -> list[dict[str, Any]]:
    """Return what programs may say of a kind, the small ones first: all fields known, all rules kept."""
    kind, found = KINDS[name], list[dict[str, Any]]()
    for document in [*cases(name), *recorded()[name]]:
        body: Mapping[str, Any] = {key: value for key, value in document.items() if key not in OUTSIDE}
        said, strange = from_wire(kind.body, body)
        props = {"name": "x", **({"mesh": "default"} if kind.scope == "mesh" else {}), **whole(said)}
        if not strange and props not in found and not judge(kind, props):
            found.append(props)
    return sorted(found, key=lambda props: len(json.dumps(props)))


def whole(said: Any) -> Any:
    """Return what was said without what is null, which the engine drops."""
    if isinstance(said, dict):
        return {key: whole(value) for key, value in said.items() if value is not None}
    return [whole(item) for item in said] if isinstance(said, list) else said


@cache
def known() -> list[str]:
    """Return the kinds of which a document is known that was accepted."""
    return [name for name in NAMES if accepted(name)]


def cases(name: str) -> list[dict[str, Any]]:
    """Return the cases of a kind."""
    folder = HERE / "kinds" / "cases"
    files = [
        path for path in sorted(folder.glob("*/*.y*ml")) if path.parent.name.replace("_", "").lower() == name.lower()
    ]
    return [
        document for path in files for document in yaml.safe_load_all(path.read_text()) if isinstance(document, dict)
    ]
