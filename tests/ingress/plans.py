"""Plans, built as the engine writes them."""

import json
from collections.abc import Iterator
from typing import Any

from pulumi_mesh.sources.preview import UNKNOWN, Preview, preview

SECRET = "[secret]"
MESHES = ("shop",)


def urn(kind: str, name: str) -> str:
    return f"urn:pulumi:dev::shop::pulumi-python:dynamic/mesh:{kind}::{name}"


def step(op: str, kind: str, old: dict[str, Any] | None, new: dict[str, Any] | None, **hidden: str) -> dict[str, Any]:
    """Return one step; a mesh, a name and the owner go without saying."""
    made: dict[str, Any] = {"op": op}
    for key, said in (("oldState", old), ("newState", new)):
        if said is None:
            continue
        mesh = {} if kind == "Mesh" else {"mesh": "shop"}
        props = {"__kind": kind, "__owner": "shop.dev", "control_plane": "default", **mesh, **said}
        made[key] = {"type": f"pulumi-python:dynamic/mesh:{kind}", "inputs": props}
        made.setdefault("urn", urn(kind, hidden.get("resource") or str(said.get("name", "listener"))))
        if key == "oldState":
            made[key]["outputs"] = props
    return made


def plan(*steps: dict[str, Any], unlisted: int = 0) -> Preview:
    """Return a plan of these steps; so many resources stay the same without being listed."""
    stack = {"op": "same", "urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", "newState": {"type": "x"}}
    same = 1 + unlisted + sum(one["op"] == "same" for one in steps)
    return preview(json.dumps({"steps": [stack, *steps], "changeSummary": {"same": same}}))


def written(*steps: dict[str, Any], unlisted: int = 0) -> str:
    """Return the same as text."""
    same = unlisted + sum(one["op"] == "same" for one in steps)
    return json.dumps({"steps": list(steps), "changeSummary": {"same": same}})


def timeouts(number: int, op: str, mesh: str = "shop", at: int = 0) -> Iterator[dict[str, Any]]:
    """Yield steps on plain objects."""
    for index in range(at, at + number):
        said = {"name": f"t-{index}", "mesh": mesh, "to": [{"target_ref": {"kind": "Mesh"}}]}
        old, new = (None if op == "create" else said), (None if op == "delete" else said)
        yield step(op, "MeshTimeout", old, new, resource=f"{mesh}-t-{index}")


__all__ = ["SECRET", "UNKNOWN", "plan", "step", "timeouts", "urn", "written"]
