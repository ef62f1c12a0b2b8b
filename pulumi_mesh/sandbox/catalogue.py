"""Every type that Kuma serves, as its control planes say it; the sandbox serves those that are registered."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.schema.release import Release

MISSTATED: dict[str, str] = {"globalsecrets": "global-secrets"}
"""Paths that `GET /_resources` states wrongly."""

ENTERPRISE = frozenset(
    {"AccessAudit", "AccessRole", "AccessRoleBinding", "MeshGlobalRateLimit", "MeshOPA", "OPAPolicy"}
)
"""Types of Kong Mesh, which Kuma does not serve."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection of the API."""

    name: str
    scoped: bool
    read_only: bool


@cache
def recorded(release: Release) -> dict[str, list[dict[str, Any]]]:
    """Return what a control plane of a release says of its types."""
    return json.loads(files("pulumi_mesh.sandbox").joinpath(f"types-{release}.json").read_text("utf-8"))


@cache
def collections(release: Release) -> dict[str, Collection]:
    """Return the collections of a release by path."""
    found: dict[str, Collection] = {}
    for one in recorded(release)["resources"]:
        path = str(one["path"])
        found[MISSTATED.get(path, path)] = Collection(one["name"], one["scope"] == "Mesh", one["readOnly"])
    if "zoneingresses" in found:
        found["zone-ingresses"] = found["zoneingresses"]
    return found


def catalogue(release: Release) -> list[dict[str, Any]]:
    """Return the types that are served here, as `GET /_resources` lists them."""
    return [one for one in recorded(release)["resources"] if one["name"] in KINDS or one["readOnly"]]


def policies(release: Release) -> list[dict[str, Any]]:
    """Return the policies that are served here, as `GET /policies` lists them."""
    return [one for one in recorded(release)["policies"] if one["name"] in KINDS]
