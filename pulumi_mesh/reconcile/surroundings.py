"""What must be known of a control plane to tell what it made by itself: asked for only where an object raises the question."""

from collections.abc import Collection, Iterable

from pulumi_mesh.controlplane.client import ControlPlane
from pulumi_mesh.errors import MeshError
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import Address
from pulumi_mesh.schema.rules import dig

from .made import OF_IDENTITY, Surroundings, unsure

INSIGHTS = {
    "Dataplane": "/dataplane-insights",
    "ZoneIngress": "/zone-ingress-insights",
    "ZoneEgress": "/zoneegressinsights",
}
"""Where a control plane tells of the proxies that are, or were, connected to it."""
OUTLIVE = frozenset({"Secret", "ExternalService", "RateLimit"})
"""Types whose objects stay behind when their mesh is deleted."""


def surroundings(control_plane: ControlPlane, found: Collection[Document], free: Iterable[Document]) -> Surroundings:
    """Return what must be known to judge `free` objects, which nobody owns or declares, among all that were found.

    An object that cannot be judged because a question is refused is taken for one of the control plane's own.
    """
    free = [document for document in free if not document.owner]
    mode, zone = told(control_plane) if any(map(unsure, free)) else ("", "")
    return Surroundings(
        mode=mode,
        zone=zone,
        run=frozenset(run(control_plane, free)),
        identities=frozenset(identities(control_plane, found, free)),
        meshes=meshes(control_plane, found),
    )


def told(control_plane: ControlPlane) -> tuple[str, str]:
    """Return the mode of a control plane, and the name of its zone where it belongs to a global one."""
    try:
        said = control_plane.get("/config", subject="/config") or {}
    except MeshError:
        return "", ""
    mode, zone = str(said.get("mode") or ""), dig(said, "multizone.zone")
    federated = bool(dig(zone, "globalAddress"))
    return ("zone" if mode in ("zone", "standalone") else mode), str(dig(zone, "name") or "") if federated else ""


def run(control_plane: ControlPlane, free: Collection[Document]) -> Iterable[Address]:
    """Yield the proxies that have, or had, a kuma-dp."""
    for kind, path in INSIGHTS.items():
        asked = [document.address for document in free if document.address.kind == kind]
        try:
            known = {(one.get("mesh"), one["name"]) for one in control_plane.list(path, subject=path)} if asked else ()
        except MeshError:
            known = {(address.mesh, address.name) for address in asked}
        yield from (address for address in asked if (address.mesh, address.name) in known)


def identities(
    control_plane: ControlPlane, found: Collection[Document], free: Collection[Document]
) -> Iterable[tuple[str | None, str]]:
    """Yield mesh and name of every MeshIdentity, where a Secret may be that of one."""
    path = "/meshidentities"
    if not any(one.address.kind == "Secret" and OF_IDENTITY.fullmatch(one.address.name) for one in free):
        return
    if known := [one.address for one in found if one.address.kind == "MeshIdentity"]:
        yield from ((address.mesh, address.name) for address in known)
    elif "MeshIdentity" in control_plane.resources(subject=path):
        yield from ((one.get("mesh"), str(one["name"])) for one in control_plane.list(path, subject=path))


def meshes(control_plane: ControlPlane, found: Collection[Document]) -> frozenset[str] | None:
    """Return the meshes that there are, where an object may have outlived its own."""
    if not any(document.address.kind in OUTLIVE for document in found):
        return None
    if known := {document.address.name for document in found if document.address.kind == "Mesh"}:
        return frozenset(known)
    return frozenset(str(one["name"]) for one in control_plane.list("/meshes", subject="/meshes"))
