"""What documents refer to, by name: meshes, gateways, routes, secrets, services."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import KINDS, Address
from pulumi_mesh.schema.rules import dig, join, parts
from pulumi_mesh.schema.spec import Declared, Field, Model, is_list, is_map
from pulumi_mesh.schema.wire import chosen

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


def references(document: Document) -> Iterator[Reference]:
    """Yield everything that a document refers to by name, as far as that is known."""
    mesh = document.address.mesh
    if mesh is not None:
        yield Reference("mesh", Address("Mesh", None, mesh))
    home = document.address.name if document.address.kind == "Mesh" else mesh
    kind = KINDS.get(document.address.kind)
    if kind is not None and names_secrets(kind.model):
        yield from secrets(kind.body, document.body, home)
    if dig(document.body, "spec.targetRef.kind") in ("MeshGateway", "MeshHTTPRoute"):
        yield from named("spec.targetRef", dig(document.body, "spec.targetRef"), home)
    yield from backends(document.body, home)
    for path, outbound in parts(document.body, "networking.outbound"):
        yield from named(f"{path}.backendRef", outbound.get("backendRef"), home)


@cache
def names_secrets(model: type[Model]) -> bool:
    """Tell whether a model has a field that refers to a Secret, at any depth."""
    fields = [one for each in (model, *model.variants.values()) for one in each.declared.values()]
    inner = {one.model for one in fields if one.model is not None and one.model is not model}
    return any(one.facts.refers == "Secret" for one in fields) or any(names_secrets(one) for one in inner)


def secrets(declared: Declared, body: Mapping[str, Any], mesh: str | None, at: str = "") -> Iterator[Reference]:
    """Yield the Secrets that fields refer to, whatever the kind."""
    for one in declared.values():
        value, path = dig(body, one.wire), join(at, one.wire)
        if one.facts.refers == "Secret" and isinstance(value, str) and value:
            yield Reference(path, Address("Secret", mesh, value))
        for here, item in items(one, value, path):
            model = one.model
            if model is not None and names_secrets(model):
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
