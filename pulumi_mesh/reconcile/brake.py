"""What a mesh holds that others wrote: deleting the mesh would take it along."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pulumi_mesh.errors import MeshError, NotEmpty
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import GENERIC, KINDS, Kind, generic, kind_of

from .made import PROXIES, made
from .plane import Plane
from .surroundings import surroundings

SHOWN = 10
"""How many objects a refusal names."""


@dataclass(frozen=True, slots=True)
class Other:
    """An object that is not this stack's."""

    kind: Kind
    document: Document
    whose: str
    """The stack that it belongs to, or nothing."""

    def __str__(self) -> str:
        """Say where it lives, and whose it is."""
        return f"{self.document.address}: {f'of the stack {self.whose}' if self.whose else 'of nobody'}"


def spare(plane: Plane, mesh: str, owner: str, allow: str) -> None:
    """Refuse to delete a mesh that holds objects of others; `allow` says how to delete it all the same."""
    subject = f"Mesh/{mesh}"
    try:
        found = others(plane, mesh, owner)
    except MeshError as error:
        raise NotEmpty(f"{error}\n  so nobody knows what the mesh holds, and it stays; {allow}") from None
    if not found:
        return
    count = "1 object" if len(found) == 1 else f"{len(found)} objects"
    rest = [f"and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    lines = [
        f"{subject}: still holds {count} of others, which would go with it",
        *map(str, found[:SHOWN]),
        *rest,
        f"delete them first, or take them into this stack (adopt=); {allow}",
    ]
    raise NotEmpty("\n  ".join(lines))


def others(plane: Plane, mesh: str, owner: str) -> list[Other]:
    """Return what a mesh holds that is another stack's or nobody's; what the control plane made by itself does not count."""
    found = [
        (kind, Document.found(kind, body)) for kind, path in served(plane, mesh) for body in bodies(plane, path, mesh)
    ]
    foreign = [Other(kind, document, whose(document, owner)) for kind, document in found if not ours(document, owner)]
    free = [one.document for one in foreign if not one.whose and one.kind.name not in PROXIES]
    meshes = [Document.found(kind_of("Mesh"), body) for body in plane.snapshot.all("/meshes", subject=f"Mesh/{mesh}")]
    around = surroundings(plane.control_plane, [*(document for _, document in found), *meshes], free)
    return [one for one in foreign if one.kind.name in PROXIES or not made(one.kind, one.document, around)]


def ours(document: Document, owner: str) -> bool:
    """Tell whether an object is this stack's, with all that is on it; without owner labels nothing says so."""
    return bool(owner) and {document.owner, *document.marks.values()} == {owner}


def whose(document: Document, owner: str) -> str:
    """Return the other stack that an object, or something on it, belongs to; nothing where no stack does."""
    return next((name for name in (document.owner, *document.marks.values()) if name not in ("", owner)), "")


def served(plane: Plane, mesh: str) -> Iterator[tuple[Kind, str]]:
    """Yield every type that lives in meshes and that somebody may write, with its path; ours, where we know it."""
    subject = f"Mesh/{mesh}"
    release = plane.release(subject)
    for name, one in sorted(plane.control_plane.resources(subject=subject).items()):
        if not one.scoped or one.read_only:
            continue
        known = KINDS.get(name)
        if known is not None and not known.asked:
            yield known, known.collection(None, release).lstrip("/")
        else:
            kind = known or generic(next(iter(GENERIC.values())), name, mesh_scoped=True)
            yield replace(kind, path=one.path, asked=False), one.path


def bodies(plane: Plane, path: str, mesh: str) -> list[dict[str, Any]]:
    """Return the objects of a mesh in one collection, as they are by now.

    The first mesh that a run looks into is listed by itself, for most runs delete no more than one; from the second on, each
    collection is listed once over all meshes.
    """
    subject, own = f"Mesh/{mesh}", f"/meshes/{mesh}/{path}"
    if plane.first_mesh(mesh):
        return plane.snapshot.all(own, subject=subject)
    written = plane.snapshot.written(own)
    there = [body for body in plane.snapshot.all(f"/{path}", subject=subject) if body.get("mesh") == mesh]
    kept = [body for body in there if body.get("name") not in written]
    return kept + [body for body in written.values() if body is not None]
