"""Gateways that no permission lets through: under mTLS their requests get a 403, their connections are closed."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_mesh.ingress.findings.scene import Scene, finding
from pulumi_mesh.ingress.topology import ANY, Gateway, MeshTopology, Tags, services
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.finding import Finding
from pulumi_mesh.schema.rules import dig, parts, table, values
from pulumi_mesh.schema.tags import SERVICE

KINDS = ("MeshTrafficPermission", "TrafficPermission")


def unpermitted(scene: Scene) -> Iterator[Finding]:
    """Gateways with routes in a mesh with mTLS, none of whose permissions is for them; others may bring one where there is none."""
    for mesh in scene.meshes:
        known = scene.known.complete or any((kind, mesh.name) in scene.kinds for kind in KINDS)
        blurred = any((kind, mesh.name) in scene.opaque for kind in (*KINDS, "MeshTrafficPermission"))
        if not mesh.mtls or not known or blurred or not scene.declares(mesh.name):
            continue
        permissions = [one for one in scene.topology.documents.values() if one.address.kind in KINDS]
        for gateway in (one for one in mesh.gateways.values() if scene.attached[one.address]):
            if any(permits(one, tags) for one in of(mesh, permissions) for tags in identities(gateway)):
                continue
            yield finding(
                "permission-missing",
                "warning",
                gateway.address,
                "selectors",
                f"no permission of the mesh {mesh.name} lets {', '.join(sorted(services(gateway)))} through: its requests get a"
                " 403, its connections are closed; allow it by a MeshTrafficPermission",
            )


def of(mesh: MeshTopology, permissions: list[Document]) -> Iterator[Document]:
    """Yield the permissions of a mesh."""
    return (one for one in permissions if one.address.mesh == mesh.name)


def identities(gateway: Gateway) -> list[Tags]:
    """Return the tags by which a gateway is known to others."""
    return [proxy.tags for proxy in gateway.proxies] or list(gateway.selectors)


def permits(permission: Document, tags: Tags) -> bool:
    """Tell whether a permission may let a gateway through to something; one by SPIFFE ID is believed to."""
    body = permission.body
    if permission.address.kind == "TrafficPermission":
        return any(fits(table(one, "match"), tags) for _, one in parts(body, "sources"))
    if any(
        values(rule, f"default.{key}")
        for _, rule in parts(body, "spec.rules")
        for key in ("allow", "allowWithShadowDeny")
    ):
        return True
    allowed = (one for _, one in parts(body, "spec.from") if str(dig(one, "default.action")).startswith("Allow"))
    return any(means(table(one, "targetRef"), tags) for one in allowed)


def means(ref: Mapping[str, Any], tags: Tags) -> bool:
    """Tell whether a reference may mean a gateway."""
    kind = ref.get("kind")
    named = {SERVICE: str(ref.get("name"))} if kind in ("MeshService", "MeshServiceSubset") else {}
    return kind == "Mesh" or fits({**table(ref, "tags"), **named}, tags)


def fits(match: Mapping[str, Any], tags: Tags) -> bool:
    """Tell whether tags may be those that are asked for; what is not said of them may be anything."""
    return all(value in (ANY, tags.get(key, value)) or tags.get(key) == ANY for key, value in match.items())
