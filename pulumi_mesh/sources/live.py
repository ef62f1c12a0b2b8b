"""What a control plane holds, as objects: one listing per type, whatever the number of meshes."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from pulumi_mesh.controlplane.client import ControlPlane
from pulumi_mesh.errors import MeshError
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import GENERIC, KINDS, Kind, generic
from pulumi_mesh.schema.release import supported

from .holdings import Held, Holdings, home

UNWRITTEN = ("Insight", "Overview")
"""How the types end that tell about others."""


def live(control_plane: ControlPlane, meshes: Collection[str] = (), kinds: Collection[str] = ()) -> Holdings:
    """Return the objects of some meshes and kinds, all where none are named.

    A type is listed once over all meshes, or once per mesh where meshes are named: then what lives outside of meshes is
    left out. Pages of 1,000 are followed to their end. A type that cannot be listed is said in `unread`.
    """
    found = Holdings()
    for kind, path in served(control_plane, kinds):
        for place in places(kind, path, meshes):
            held = listed(control_plane, kind, place, found.unread)
            found.held += [one for one in held if not meshes or home(one.address) in meshes]
    return found


def listed(control_plane: ControlPlane, kind: Kind, place: str, unread: list[str]) -> list[Held]:
    """Return the objects of a collection, or say why it cannot be listed."""
    url, name = control_plane.connection.url, control_plane.connection.name
    try:
        bodies = list(control_plane.list(place, subject=place))
    except MeshError as error:
        unread.append(str(error))
        return []
    return [Held(kind, Document.found(kind, body), url + place, control_plane=name, live=True) for body in bodies]


def served(control_plane: ControlPlane, kinds: Collection[str] = ()) -> Iterator[tuple[Kind, str]]:
    """Yield every type that the control plane serves and somebody may write, with its path.

    Where we know the path, ours counts: Kuma 2.14 names a wrong one for GlobalSecret.
    """
    subject = control_plane.connection.url
    index = control_plane.index(subject=subject)
    release = supported(index.based_on or index.version, subject)
    for name, type_ in sorted(control_plane.resources(subject=subject).items()):
        if name.endswith(UNWRITTEN) or (kinds and name not in kinds):
            continue
        if (known := KINDS.get(name)) is not None:
            yield known, type_.path if known.asked else known.collection(None, release).lstrip("/")
        else:
            unknown = generic(GENERIC["MeshResource"], name, mesh_scoped=type_.scoped)
            yield replace(unknown, path=type_.path, asked=False), type_.path


def places(kind: Kind, path: str, meshes: Collection[str]) -> list[str]:
    """Return the collections to list: the one over all meshes, or those of the meshes that are named."""
    if not meshes or kind.name == "Mesh":
        return [f"/{path}"]
    return (
        [replace(kind, path=path, moved={}).collection(mesh) for mesh in sorted(meshes)] if kind.scope == "mesh" else []
    )
