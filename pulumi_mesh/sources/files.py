"""Universal documents in files, as objects."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pulumi_mesh.schema.document import SERVER_KEYS, Document
from pulumi_mesh.schema.go_yaml import Unreadable
from pulumi_mesh.schema.kind import GENERIC, KINDS, Kind, generic
from pulumi_mesh.schema.proto import as_json
from pulumi_mesh.schema.spec import is_map

from .documents import NotText, Piece, Sources, pieces, read
from .holdings import Held, Holdings


def files(names: Iterable[str]) -> Holdings:
    """Return the objects of files, of folders of `*.yaml`, `*.yml` and `*.json`, and of standard input (`-`).

    Nothing is judged here; what has no type and no name, or cannot be read, is said in `unread`.
    """
    found, sources = Holdings(), Sources(names)
    for name, data in sources:
        file(found, name, data)
    found.unread += sources.unread
    return found


def file(found: Holdings, name: str, data: bytes) -> None:
    """Take the objects of one file."""
    try:
        for piece in pieces(name, data):
            take(found, piece)
    except NotText as error:
        found.unread.append(f"{name}:{error.line}: is not UTF-8; save it as UTF-8")


def take(found: Holdings, piece: Piece) -> None:
    """Take the object of one document."""
    origin = f"{piece.file}:{piece.first}"
    try:
        said, _ = read(piece)
    except Unreadable as error:
        found.unread.append(f"{piece.file}:{piece.at(error.where)}: {error.why}")
        return
    if not is_map(said) or not all(isinstance(said.get(key), str) and said[key] for key in ("type", "name")):
        found.unread.append(f"{origin}: is no object of a control plane; it needs a type and a name")
        return
    kind = kind_for(said)
    found.held.append(Held(kind, document(kind, said), origin))


def document(kind: Kind, said: Mapping[str, Any]) -> Document:
    """Return the document of an object as a file says it; a mesh that is not said is `default`."""
    body = as_json(kind, {key: value for key, value in said.items() if key not in SERVER_KEYS})
    head = {key: said[key] for key in ("type", "name", "labels", "status") if said.get(key) is not None}
    if kind.shape == "spec":
        body.setdefault("spec", {})
    mesh = {"mesh": said.get("mesh") or "default"} if kind.scope == "mesh" else {}
    return Document.found(kind, head | mesh | body)


def kind_for(said: Mapping[str, Any]) -> Kind:
    """Return the kind of an object; for a type that this version does not know, one that takes it as it is."""
    name = str(said["type"])
    if name in KINDS:
        return KINDS[name]
    return replace(generic(GENERIC["MeshResource"], name, mesh_scoped=said.get("mesh") is not None), asked=True)
