"""Whether backends are there, as far as what was read tells."""

from collections.abc import Iterable, Iterator

from pulumi_mesh.ingress.routing.faults import Fault
from pulumi_mesh.ingress.routing.route_rules import Rule
from pulumi_mesh.ingress.topology import MeshTopology
from pulumi_mesh.ingress.topology.backends import Backend
from pulumi_mesh.schema.kind import Address
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import dig, values
from pulumi_mesh.schema.tags import SERVICE

REAL = ("MeshExternalService", "MeshMultiZoneService")
"""Kinds that are always objects; a MeshService is one where a port is named."""


def missing(backends: tuple[Backend, ...], mesh: MeshTopology, release: Release) -> Iterator[str]:
    """Say which backends are not among what was read, where others of their sort are."""
    objects = any(address.kind.startswith("Mesh") for address in mesh.services)
    tags = mesh.service_tags()
    said: set[str] = set()
    for one in backends:
        if one.labels or one.label in said:
            continue
        said.add(one.label)
        if one.kind in REAL or (one.kind == "MeshService" and one.port is not None):
            if objects and not there(one, mesh):
                whole = release < (2, 14) and one.kind != "MeshExternalService"
                then = "proxies refuse all routes of the port" if whole else "500 is answered in its place"
                yield f"{one.label} is not among what was read; if the control plane has none, {then}"
        elif tags and one.name not in tags and not named(one, mesh):
            yield f"nothing among what was read offers {SERVICE}={one.name}; a service without proxies answers 503"


def unresolved(rules: Iterable[Rule], mesh: MeshTopology, release: Release) -> Iterator[Fault]:
    """Yield the objects that are certainly not there, where that costs a port its routes: before Kuma 2.14.

    Certain is what the Mesh says: that the control plane makes no MeshServices by itself.
    """
    mode = dig(mesh.document.body, "meshServices.mode") if mesh.document else "Everywhere"
    if release >= (2, 14) or mode not in (None, "Disabled"):
        return
    for rule in rules:
        for one in rule.backends:
            real = one.kind == "MeshMultiZoneService" or (one.kind == "MeshService" and one.port is not None)
            if real and not one.labels and rule.at.type == "MeshHTTPRoute" and not there(one, mesh):
                yield Fault("refused", str(rule.at), f"{one.label} does not exist")


def there(one: Backend, mesh: MeshTopology) -> bool:
    """Tell whether an object is there, and has the port."""
    document = mesh.services.get(Address(one.kind, mesh.name, one.name))
    if document is None:
        return False
    ports = {dig(port, "port") for port in values(document.body, "spec.ports")}
    return one.kind == "MeshExternalService" or not ports or one.port in ports


def named(one: Backend, mesh: MeshTopology) -> bool:
    """Tell whether an object has the name of a service that is meant by its tag."""
    return Address("MeshService", mesh.name, one.name) in mesh.services
