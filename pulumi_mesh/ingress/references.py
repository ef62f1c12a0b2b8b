"""What documents refer to, by name: meshes, gateways, routes, secrets, services; and what of it is not there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.finding import Finding, Severity
from pulumi_mesh.schema.kind import KINDS, Address
from pulumi_mesh.schema.rules import dig, join, parts
from pulumi_mesh.schema.spec import Declared, Field, is_list, is_map
from pulumi_mesh.schema.wire import chosen

from .scene import ALWAYS, Scene, finding
from .topology import ROUTES

OBJECTS = ("MeshService", "MeshExternalService", "MeshMultiZoneService")
"""Services that are objects."""
CODES = {
    "Mesh": "mesh-missing",
    "MeshGateway": "gateway-missing",
    "MeshHTTPRoute": "route-missing",
    "Secret": "secret-missing",
    **dict.fromkeys(OBJECTS, "backend-missing"),
}
"""What is said of a reference to an object of a kind that is not there."""


class Reference(NamedTuple):
    """A place in a document that names an object."""

    path: str
    address: Address
    port: int | None = None
    """The port that is asked for, of a service."""
    tag: bool = False
    """Whether the name may be the tag `kuma.io/service` of proxies, too."""
    mirror: bool = False
    """Whether nothing but copies goes there."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What is lost where an object of a kind is missing, and what to do."""

    what: str
    remedy: str


LOSSES = {
    "Mesh": Loss("the control plane refuses what is in no mesh", "declare it, or name one that exists"),
    "MeshGateway": Loss("it does nothing", "declare the gateway, or name one that exists"),
    "MeshHTTPRoute": Loss("it does nothing", "declare the route, or name one that exists"),
}


def references(document: Document) -> Iterator[Reference]:
    """Yield everything that a document refers to by name, as far as that is known."""
    mesh = document.address.mesh
    if mesh is not None:
        yield Reference("mesh", Address("Mesh", None, mesh))
    home = document.address.name if document.address.kind == "Mesh" else mesh
    if kind := KINDS.get(document.address.kind):
        yield from secrets(kind.body, document.body, home)
    if dig(document.body, "spec.targetRef.kind") in ("MeshGateway", "MeshHTTPRoute"):
        yield from named("spec.targetRef", dig(document.body, "spec.targetRef"), home)
    yield from backends(document.body, home)
    for path, outbound in parts(document.body, "networking.outbound"):
        yield from named(f"{path}.backendRef", outbound.get("backendRef"), home)


def secrets(declared: Declared, body: Mapping[str, Any], mesh: str | None, at: str = "") -> Iterator[Reference]:
    """Yield the Secrets that fields refer to, whatever the kind."""
    for one in declared.values():
        value, path = dig(body, one.wire), join(at, one.wire)
        if one.facts.refers == "Secret" and isinstance(value, str) and value:
            yield Reference(path, Address("Secret", mesh, value))
        for here, item in items(one, value, path):
            model = one.model
            if model is not None:
                yield from secrets(chosen(model, item).declared, item, mesh, here)


def items(declared: Field, value: Any, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the objects that a field holds, with their paths."""
    if is_list(value):
        yield from ((f"{path}[{index}]", item) for index, item in enumerate(value) if is_map(item))
    elif declared.holds == "table" and is_map(value):
        yield from ((f'{path}["{key}"]', item) for key, item in value.items() if is_map(item))
    elif is_map(value):
        yield path, value


def backends(body: Mapping[str, Any], mesh: str | None) -> Iterator[Reference]:
    """Yield the services that a route sends traffic or copies to."""
    for at, to in parts(body, "spec.to"):
        for path, rule in parts(to, "rules", at):
            for where, ref in parts(rule, "default.backendRefs", path):
                yield from named(where, ref, mesh)
            for where, one in parts(rule, "default.filters", path):
                ref = dig(one, "requestMirror.backendRef")
                yield from named(f"{where}.requestMirror.backendRef", ref, mesh, mirror=True)


def named(path: str, ref: Any, mesh: str | None, *, mirror: bool = False) -> Iterator[Reference]:
    """Yield the object that a reference names, if it does so by name."""
    kind, name, port = (ref.get("kind"), ref.get("name"), ref.get("port")) if is_map(ref) else (None, None, None)
    if kind in CODES and isinstance(name, str) and name and not ref.get("namespace"):
        number = port if isinstance(port, int) and not isinstance(port, bool) else None
        tag = kind == "MeshService" and number is None
        yield Reference(f"{path}.name", Address(str(kind), mesh, name), number, tag, mirror)


def referred(document: Document) -> dict[Address, str]:
    """Return the objects that a document refers to, and the first place where it does: what the control plane is asked for.

    Services that may be tags of proxies are left out, for proxies come and go.
    """
    found: dict[Address, str] = {}
    for one in references(document):
        if not one.tag and one.address.kind != "Mesh":
            found.setdefault(one.address, one.path)
    return found


def dangling(scene: Scene) -> Iterator[Finding]:
    """References to what is not there."""
    for document in scene.topology.documents.values():
        for one in references(document):
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
        backend = one.address.kind in OBJECTS and not scene.known.complete and one.address not in scene.known.absent
        return "warning" if severity and (backend or not carries(document, one)) else severity
    mesh = scene.topology.meshes.get(one.address.mesh or "")
    tags = mesh.service_tags() if mesh else set[str]()
    there = one.address in scene.addresses or one.address.name in tags
    return "error" if scene.known.complete and not there else None


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


def spoken(service: Document, port: int | None) -> str | None:
    """Return what is spoken on a port of a service, None where nobody knows."""
    kind = service.address.kind
    if kind == "MeshExternalService":
        said = dig(service.body, "spec.match.protocol")
        return str(said or "tcp") if dig(service.body, "spec.match") is not None else None
    for _, one in parts(service.body, "spec.ports"):
        if port is not None and one.get("port") == port:
            return str(one.get("appProtocol") or "tcp")
    return None
