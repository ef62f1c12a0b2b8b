"""References to what is not there, or has no such port."""

from collections.abc import Iterator
from dataclasses import dataclass

from pulumi_mesh.ingress.findings.named import CODES, OBJECTS, Reference
from pulumi_mesh.ingress.findings.scene import ALWAYS, Scene, finding
from pulumi_mesh.ingress.topology import ROUTES
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.finding import Finding, Severity
from pulumi_mesh.schema.rules import parts


@dataclass(frozen=True, slots=True)
class Loss:
    """What is lost where an object of a kind is missing, and what to do."""

    what: str
    remedy: str


NEEDED = ("MeshGateway", "Secret")
"""What a route, or a listener, does nothing without."""
LOSSES = {
    "Mesh": Loss("the control plane refuses what is in no mesh", "declare it, or name one that exists"),
    "MeshGateway": Loss("it does nothing", "declare the gateway, or name one that exists"),
    "MeshHTTPRoute": Loss("it does nothing", "declare the route, or name one that exists"),
}


def dangling(scene: Scene) -> Iterator[Finding]:
    """References to what is not there."""
    for document in scene.topology.documents.values():
        for one in scene.references(document):
            yield from lost(scene, document, one)


def lost(scene: Scene, document: Document, one: Reference) -> Iterator[Finding]:
    """Say that what is referred to is not there, or has no such port."""
    kind = one.address.kind
    severity = gone(scene, document, one)
    if severity is None:
        yield from portless(scene, document, one)
        return
    hint = scene.hint(one.address)
    if kind == "Mesh" and (one.address.name == ALWAYS or (severity == "warning" and not hint)):
        return
    where = "" if kind == "Mesh" else f" in the mesh {one.address.mesh}"
    said = loss(scene, document, one)
    yield finding(
        CODES[kind],
        "warning" if one.mirror else severity,
        document,
        one.path,
        f'there is no {noun(one)} "{one.address.name}"{where}: {said.what}{hint or f"; {said.remedy}"}',
    )


def gone(scene: Scene, document: Document, one: Reference) -> Severity | None:
    """Tell whether what is referred to is missing, and how bad that is."""
    if not one.tag:
        severity = scene.missing(one.address)
        if severity is None and one.address.kind in NEEDED and carries(document, one) and forgotten(scene, one):
            return "warning"
        backend = one.address.kind in OBJECTS and not scene.known.complete and one.address not in scene.known.absent
        return "warning" if severity and (backend or not carries(document, one)) else severity
    mesh = scene.topology.meshes.get(one.address.mesh or "")
    tags = mesh.service_tags() if mesh else set[str]()
    there = one.address in scene.addresses or one.address.name in tags
    return "error" if scene.known.complete and not there else None


def forgotten(scene: Scene, one: Reference) -> bool:
    """Tell whether a program declares a mesh, and nothing of what is needed there: perhaps somebody writes it by hand."""
    return scene.known.alone and one.address not in scene.addresses and scene.declares(one.address.mesh)


def carries(document: Document, one: Reference) -> bool:
    """Tell whether traffic is lost with what is referred to."""
    kind = document.address.kind
    return (
        kind == "MeshGateway"
        if one.address.kind == "Secret"
        else one.address.kind == "Mesh" or kind in (*ROUTES, "Dataplane")
    )


def noun(one: Reference) -> str:
    """Name what is missing."""
    return "service" if one.tag else one.address.kind


def loss(scene: Scene, document: Document, one: Reference) -> Loss:
    """Say what is lost by a missing object."""
    kind = one.address.kind
    if kind == "Secret" and document.address.kind == "MeshGateway":
        return Loss(
            "the control plane can build no configuration for the gateway, and none of its ports is changed any more",
            "write the Secret before the listener that names it",
        )
    if kind == "Secret":
        return Loss("what needs it does not work", "write the Secret first")
    if one.mirror:
        return Loss("the copies go nowhere", "name a service that exists")
    if kind in OBJECTS and not one.tag and scene.known.release < (2, 14) and document.address.kind == "MeshHTTPRoute":
        return Loss(
            f"on Kuma {scene.known.release} Envoy refuses the routes of the whole port for it",
            "name a service that exists",
        )
    if kind in OBJECTS:
        return Loss("its share of the traffic gets no answer but an error", "name a service that exists")
    return LOSSES[kind]


def portless(scene: Scene, document: Document, one: Reference) -> Iterator[Finding]:
    """Say that a service that is there has no such port."""
    service = scene.document(one.address)
    if service is None or one.port is None or one.address.kind not in ("MeshService", "MeshMultiZoneService"):
        return
    ports = [port.get("port") for _, port in parts(service.body, "spec.ports")]
    if not ports or one.port in ports or not all(isinstance(port, int) for port in ports):
        return
    known = ", ".join(str(port) for port in ports)
    said = loss(scene, document, one)
    yield finding(
        "backend-port-missing",
        "warning" if one.mirror else "error",
        document,
        f"{one.path.removesuffix('.name')}.port",
        f"{one.address} has no port {one.port}: {said.what}; its ports are {known}",
    )
