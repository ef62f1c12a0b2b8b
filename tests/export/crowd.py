"""A control plane with objects of every kind in several meshes: what is managed, and what nobody manages."""

import json
from collections.abc import Iterator
from typing import Any

from pulumi_mesh.controlplane import Connection, ControlPlane
from pulumi_mesh.errors import MeshError
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import KINDS
from tests.corpus import accepted, known

MESHES = ("default", "shop", "partners", "a.b", "class")
SINGLE = ("AccessAudit",)


def crowd(url: str, meshes: tuple[str, ...] = MESHES[1:4], each: int = 3, owner: str = "old.stack") -> int:
    """Write objects of every kind into meshes, a third of them in the name of a stack; return how many were taken."""
    control_plane = ControlPlane(Connection("default", url))
    for mesh in meshes:
        control_plane.put(f"/meshes/{mesh}", {"type": "Mesh", "name": mesh})
    count = 0
    for index, document in enumerate(wanted(meshes, each)):
        kind = KINDS[document.address.kind]
        owned = Document(document.address, document.body, document.labels, owner if index % 3 == 0 else "")
        try:
            control_plane.put(kind.url(document.address), owned.sent())
            count += 1
        except MeshError:
            continue  # what is taken only together with something else
    control_plane.close()
    return count


def wanted(meshes: tuple[str, ...], each: int) -> Iterator[Document]:
    """Yield what is to be written, names shared by kinds and by meshes."""
    for name in known():
        kind = KINDS[name]
        if name == "Mesh":
            continue
        places = meshes if kind.scope == "mesh" else (None,)
        for mesh in places:
            for index in range(each):
                said = accepted(name)[-1 - index % len(accepted(name))]
                place = {"mesh": mesh} if mesh is not None else {}
                text = json.dumps({**said, **place, "name": f"{'edge' if index == 0 else f'{index}-thing'}"})
                labels = {"team": "edge"} if index % 2 else {}
                yield Document.desired(kind, {**json.loads(text), "labels": labels})


def gateway(mesh: str, name: str) -> dict[str, Any]:
    """Return a gateway with a certificate, as a control plane takes it."""
    tls = {"mode": "TERMINATE", "certificates": [{"secret": f"{name}-cert"}]}
    listeners = [{"port": 8443, "protocol": "HTTPS", "hostname": "shop.example", "tags": {"port": "https"}, "tls": tls}]
    selectors = [{"match": {"kuma.io/service": name}}]
    return {"type": "MeshGateway", "mesh": mesh, "name": name, "selectors": selectors, "conf": {"listeners": listeners}}
