"""A control plane that holds many objects, and a state that declares nearly all of them."""

import json
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from pulumi_mesh.provider.state import PICKLED
from pulumi_mesh.sandbox import app
from pulumi_mesh.schema.document import SERVER_KEYS
from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.schema.meta import OWNER
from pulumi_mesh.schema.wire import from_wire
from tests.drift.table import bases

MESHES = [f"mesh-{number}" for number in range(5)]
STACK = "many.dev"
Body = dict[str, Any]


def objects(count: int) -> Iterator[Body]:
    """Yield so many objects: meshes first, then every other one a route, each under a name of its own."""
    yield from ({"type": "Mesh", "name": name, "skipCreatingInitialPolicies": ["*"]} for name in MESHES)
    known = [body for body in bases().values() if body["type"] in KINDS and body["type"] not in ("Mesh", "Zone")]
    mixed = (body for each in cycle(known) for body in (each, bases()["http-route"]))
    for number, body in enumerate(islice(mixed, count - len(MESHES))):
        mesh = {"mesh": MESHES[number % len(MESHES)]} if KINDS[body["type"]].scope == "mesh" else {}
        yield {**body, **mesh, "name": f"object-{number:05}"}


def computed(body: Body) -> dict[str, str]:
    """Return the labels that a control plane computes."""
    zone = {"kuma.io/env": "universal", "kuma.io/origin": "zone", "kuma.io/zone": "default"}
    return {**zone, **({"kuma.io/mesh": body["mesh"]} if "mesh" in body else {})}


def fill(file: Path, count: int) -> list[Body]:
    """Store objects as a control plane holds them, without asking it; return what a state says of them.

    Every fiftieth was changed by hand, every hundredth is nobody's.
    """
    served, outputs = app(str(file), product="Kong Mesh"), list[Body]()
    site = served.state.plane.site
    with site.store.whole():
        for number, body in enumerate(objects(count)):
            kind = KINDS[body["type"]]
            inside = {key: value for key, value in body.items() if key not in SERVER_KEYS}
            nobodys, changed = number % 100 == 99, number % 50 == 25
            labels = {**body.get("labels", {}), **computed(body), **({} if nobodys else {OWNER: STACK})}
            there = {**labels, "team": "hand"} if changed else labels
            site.store.put(kind.name, body.get("mesh", ""), body["name"], there, inside)
            if not nobodys:
                said, _ = from_wire(kind.body, inside)
                head = {key: body[key] for key in ("name", "mesh", "labels") if key in body}
                hidden = {"__kind": kind.name, "__provider": PICKLED, "__owner": STACK}
                outputs.append({**head, "control_plane": "default", **said, **hidden})
    served.state.plane.close()
    return outputs


def export(file: Path, outputs: list[Body]) -> Path:
    """Write the state, as `pulumi stack export --show-secrets` does."""
    resources = [
        {"type": "pulumi-python:dynamic/mesh:X", "urn": f"urn:pulumi:dev::many::X::{number}", "outputs": said}
        for number, said in enumerate(outputs)
    ]
    file.write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))
    return file
