"""Every type that Kuma serves, as its control planes say it; the sandbox serves those that are registered."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pulumi_mesh.sandbox.site import Site
from pulumi_mesh.schema.kind import KINDS, Kind
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


def catalogue(site: Site) -> list[dict[str, Any]]:
    """Return the types that are served here, as `GET /_resources` lists them."""
    listed = [one for one in recorded(site.release)["resources"] if one["name"] in KINDS or one["readOnly"]]
    more = [
        {"name": kind.name, "path": kind.path, "readOnly": False, "scope": kind.scope.title()} for kind in beyond(site)
    ]
    return sorted([*listed, *more], key=lambda one: one["name"])


def policies(site: Site) -> list[dict[str, Any]]:
    """Return the policies that are served here, as `GET /policies` lists them."""
    listed = [one for one in recorded(site.release)["policies"] if one["name"] in KINDS]
    more = [{"name": kind.name, "path": kind.path, "readOnly": False} for kind in beyond(site) if kind.policy]
    return sorted([*listed, *more], key=lambda one: one["name"])


def beyond(site: Site) -> list[Kind]:
    """Return the types that are served here beside those of Kuma; of what is listed only what is known of them."""
    return [KINDS[name] for name in sorted(ENTERPRISE) if name in KINDS and site.product == "Kong Mesh"]
