"""What stands where in each mesh: gateways, their listeners and proxies, the routes attached to them, who refers to whom.

Pure: it is made of documents and reads nothing else. Values that are not known yet (a program's promises) count as
absent. Routing, findings and the picture all look at meshes through it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pulumi_mesh.ingress.topology.backends import Backend
from pulumi_mesh.ingress.topology.edge import (
    ANY,
    MESH,
    SPEAKS,
    Crossing,
    Gateway,
    Listener,
    Outbound,
    Proxy,
    Route,
    Tags,
    matches,
)
from pulumi_mesh.ingress.topology.reading import gateways, proxy, route, text_tags
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import Address
from pulumi_mesh.schema.rules import dig
from pulumi_mesh.schema.tags import SERVICE

ROUTES = ("MeshHTTPRoute", "MeshTCPRoute", "MeshGatewayRoute")


@dataclass
class MeshTopology:
    """One mesh. Everything is in the order of names; a name that no document has is in none of these."""

    name: str
    document: Document | None = None
    """The Mesh itself; None where only objects in it are known."""
    gateways: dict[str, Gateway] = field(default_factory=dict[str, Gateway])
    proxies: dict[str, Proxy] = field(default_factory=dict[str, Proxy])
    routes: list[Route] = field(default_factory=list[Route])
    secrets: dict[str, Document] = field(default_factory=dict[str, Document])
    services: dict[Address, Document] = field(default_factory=dict[Address, Document])
    """MeshServices, MeshExternalServices, MeshMultiZoneServices and ExternalServices."""

    @property
    def delegated(self) -> list[Proxy]:
        """The Dataplanes that stand beside a gateway of another kind."""
        return [proxy for proxy in self.proxies.values() if proxy.role == "DELEGATED"]

    @property
    def builtin(self) -> list[Proxy]:
        """The Dataplanes that are gateways."""
        return [proxy for proxy in self.proxies.values() if proxy.role == "BUILTIN"]

    @property
    def listeners(self) -> Iterator[Listener]:
        """The listeners of all its gateways."""
        return (listener for gateway in self.gateways.values() for listener in gateway.listeners)

    @property
    def mtls(self) -> bool:
        """Whether mTLS is switched on; false where the Mesh is not known."""
        return bool(self.document and dig(self.document.body, "mtls.enabledBackend"))

    def attached(self, listener: Listener) -> list[Route]:
        """Return the routes that do something on a listener, by kind and name."""
        return [route for route in self.routes if route.attached(listener)]

    def service_tags(self) -> set[str]:
        """Return the values of `kuma.io/service` that Dataplanes and ExternalServices of the mesh have."""
        tags = [tags for proxy in self.proxies.values() for tags in proxy.inbounds]
        tags += [text_tags(one.body, "tags") for at, one in self.services.items() if at.kind == "ExternalService"]
        return {one[SERVICE] for one in tags if SERVICE in one}


class Topology:
    """All meshes of some documents."""

    def __init__(self, documents: Iterable[Document]) -> None:
        """Take the documents of one control plane, in any order; of two with one address the last one counts."""
        self.documents: dict[Address, Document] = {document.address: document for document in documents}
        self.meshes: dict[str, MeshTopology] = {}
        for address in sorted(self.documents, key=str):
            self.take(address, self.documents[address])
        found: dict[str, list[Document]] = {}
        for document in self.documents.values():
            if document.address.kind == "MeshGateway":
                found.setdefault(document.address.mesh or "", []).append(document)
        for mesh in self.meshes.values():
            mesh.gateways = gateways(found.get(mesh.name, []), mesh.builtin)

    def take(self, address: Address, document: Document) -> None:
        """Put one document where it belongs; MeshGateways come later, for they look at the Dataplanes."""
        if address.kind == "Mesh":
            self.mesh(address.name).document = document
        elif address.mesh is None:
            return
        elif address.kind == "Secret":
            self.mesh(address.mesh).secrets[address.name] = document
        elif address.kind == "Dataplane":
            self.mesh(address.mesh).proxies[address.name] = proxy(document)
        elif address.kind in ROUTES:
            self.mesh(address.mesh).routes.append(route(document))
        elif address.kind in ("MeshService", "MeshExternalService", "MeshMultiZoneService", "ExternalService"):
            self.mesh(address.mesh).services[address] = document
        else:
            self.mesh(address.mesh)

    def mesh(self, name: str) -> MeshTopology:
        """Return a mesh, whether or not it is declared."""
        return self.meshes.setdefault(name, MeshTopology(name))

    @property
    def gateways(self) -> Iterator[Gateway]:
        """The MeshGateways of all meshes."""
        return (gateway for mesh in self.meshes.values() for gateway in mesh.gateways.values())

    @cached_property
    def crossings(self) -> list[Crossing]:
        """The outbounds, of whatever mesh, that lead to the service of a builtin gateway."""
        found: list[Crossing] = []
        for mesh in self.meshes.values():
            for outbound in (way for each in mesh.proxies.values() for way in each.outbounds):
                for gateway in self.meshes[outbound.mesh].gateways.values() if outbound.mesh in self.meshes else ():
                    if outbound.tags.get(SERVICE) in services(gateway):
                        there = (one for one in gateway.listeners if reached(one, outbound, gateway))
                        found.append(Crossing(outbound, gateway, next(there, None)))
        return found


def reached(listener: Listener, outbound: Outbound, gateway: Gateway) -> bool:
    """Tell whether an outbound leads to a listener: it must cross meshes, and have what else is asked for.

    The port of an outbound is the consumer's own; every listener that crosses meshes is an endpoint of the service.
    """
    asked = {key: value for key, value in outbound.tags.items() if key not in (SERVICE, MESH)}
    return listener.cross_mesh and (not gateway.proxies or matches(asked, listener.tags))


def services(gateway: Gateway) -> set[str]:
    """Return the values of `kuma.io/service` by which proxies reach a gateway."""
    tags = [proxy.tags for proxy in gateway.proxies] or list(gateway.selectors)
    return {one[SERVICE] for one in tags if SERVICE in one}


__all__ = [
    "ANY",
    "ROUTES",
    "SPEAKS",
    "Backend",
    "Crossing",
    "Gateway",
    "Listener",
    "MeshTopology",
    "Outbound",
    "Proxy",
    "Route",
    "Tags",
    "Topology",
    "matches",
    "services",
]
