"""What is judged together: documents, what stands where in them, and how sure anybody can be of what is not among them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cached_property

from pulumi_mesh.ingress.findings.holes import settled
from pulumi_mesh.ingress.findings.named import Reference, references
from pulumi_mesh.ingress.topology import Gateway, Listener, MeshTopology, Route, Topology
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.finding import Finding, Known, Severity
from pulumi_mesh.schema.kind import Address

ALWAYS = "default"
"""The mesh that a control plane makes by itself."""
LIKE = 0.75
"""How much a name must be like another one to be taken for it."""


class Scene:
    """Documents of one control plane, and how much is known beside them."""

    def __init__(self, known: Known) -> None:
        """Take what is known."""
        self.known = known = settled(known)
        self.topology = Topology(known.documents)
        self.addresses = frozenset(self.topology.documents) | known.names | frozenset(self.elsewhere())
        self.kinds = {(address.kind, address.mesh) for address in self.addresses}
        self.referred: dict[Address, tuple[Reference, ...]] = {}
        self.opaque = {(address.kind, address.mesh) for address in known.names}
        """Kinds of which an object in a mesh is there whose body nobody knows."""

    def references(self, document: Document) -> Sequence[Reference]:
        """Return what a document refers to by name."""
        if document.address not in self.referred:
            self.referred[document.address] = tuple(references(document))
        return self.referred[document.address]

    def elsewhere(self) -> Iterable[Address]:
        """Yield the addresses that objects have where they were written: another control plane gives them longer names."""
        for address, document in self.topology.documents.items():
            if (name := document.labels.get("kuma.io/display-name", address.name)) != address.name:
                yield replace(address, name=name)

    @property
    def meshes(self) -> Iterable[MeshTopology]:
        """The meshes, in the order of their names."""
        return self.topology.meshes.values()

    def declares(self, mesh: str | None) -> bool:
        """Tell whether the mesh itself is among the documents, or everything is: then what is missing is missing.

        The mesh that every control plane has says nothing in a file: it may be there as an example.
        """
        if self.known.complete or self.known.fragment or (mesh == ALWAYS and not self.known.alone):
            return self.known.complete
        return Address("Mesh", None, mesh or "") in self.addresses

    def severity(self, mesh: str | None) -> Severity:
        """Return an error where the mesh is known well enough, else a warning: somebody else may bring what is missing."""
        return "error" if self.declares(mesh) else "warning"

    def missing(self, address: Address) -> Severity | None:
        """Tell whether an object that is referred to is missing, and how bad that is; None where it is there or nobody knows.

        Everything that a control plane holds is known; of some documents only that they are there. What is of a kind that is
        not among them, others bring.
        """
        if address in self.addresses:
            return None
        if self.known.complete or address in self.known.absent:
            return "error"
        if self.known.fragment:
            return None
        if (address.kind, address.mesh) in self.kinds:
            return self.severity(address.mesh)
        return None

    def hint(self, address: Address) -> str:
        """Return the question whether another name was meant, where there is one like it."""
        names = [one.name for one in self.addresses if (one.kind, one.mesh) == (address.kind, address.mesh)]
        close = get_close_matches(address.name, sorted(names), 1, LIKE)
        return f'; did you mean "{close[0]}"?' if close else ""

    def is_open(self, gateway: Gateway) -> bool:
        """Tell whether a gateway may have other listeners than those that are known."""
        return not self.known.complete and (gateway.address in self.known.open or not gateway.listeners)

    def listeners(self, route: Route) -> list[Listener]:
        """Return the listeners that a route selects, whatever they speak."""
        mesh = self.topology.meshes.get(route.address.mesh or "")
        return [one for one in mesh.listeners if route.selects(one)] if mesh else []

    @cached_property
    def attached(self) -> dict[Address, list[Route]]:
        """The routes for gateways that do something on a gateway, by the gateway."""
        return {
            gateway.address: [
                route
                for route in mesh.routes
                if is_for_gateways(route) and any(route.attached(one) for one in gateway.listeners)
            ]
            for mesh in self.meshes
            for gateway in mesh.gateways.values()
        }

    def document(self, address: Address) -> Document | None:
        """Return a document."""
        return self.topology.documents.get(address)

    def on_gateways(self, kind: str) -> list[Route]:
        """Return the routes of a kind that are for gateways; of those in files only the ones whose gateway is there, too."""
        return [
            route
            for mesh in self.meshes
            for route in mesh.routes
            if route.address.kind == kind and is_for_gateways(route) and (self.known.alone or self.listeners(route))
        ]


def is_for_gateways(route: Route) -> bool:
    """Tell whether a route is for builtin gateways alone, not for proxies beside services."""
    return bool(route.target) or route.address.kind == "MeshGatewayRoute"


def finding(code: str, severity: Severity, document: Document | Address, path: str, message: str) -> Finding:
    """Make a finding about an object."""
    address = document.address if isinstance(document, Document) else document
    return Finding(code, severity, address, path, message)
