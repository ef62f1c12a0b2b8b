"""The ports of a gateway, as its proxies have them: virtual hosts and chains, and what is wrong with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pulumi_mesh.ingress.hosts import meet, picked
from pulumi_mesh.ingress.routing.connections import Chain, chain_faults, chains
from pulumi_mesh.ingress.routing.faults import Fault, listener_faults, rule_faults
from pulumi_mesh.ingress.routing.presence import unresolved
from pulumi_mesh.ingress.routing.request import Request
from pulumi_mesh.ingress.routing.route_rules import Rule, Ruled, gateway_rules
from pulumi_mesh.ingress.routing.table import Table
from pulumi_mesh.ingress.routing.virtual_hosts import VirtualHost, gateway_hosts, mesh_hosts, mesh_rules
from pulumi_mesh.ingress.topology import MeshTopology
from pulumi_mesh.ingress.topology.edge import Gateway, Listener, Route
from pulumi_mesh.schema.release import NEWEST, Release

FEW = 8
"""Of up to how many virtual hosts the tables are made before anybody asks."""


@dataclass
class Port:
    """One port of a gateway: the listeners that share it."""

    number: int
    listeners: Sequence[Listener]
    routes: Sequence[Route]
    """The routes of the mesh."""
    governed: bool
    """Whether routes of the newer kind are attached to the gateway, so that a MeshGatewayRoute does nothing here."""
    mesh: MeshTopology
    release: Release = NEWEST

    def __post_init__(self) -> None:
        """Keep the tables that were made."""
        self.tables: dict[int, Table] = {}

    @property
    def protocol(self) -> str:
        """What it speaks: the control plane takes one protocol per port."""
        return self.listeners[0].protocol

    @property
    def speaks(self) -> str:
        """Whether it takes requests or connections."""
        return self.listeners[0].speaks

    @property
    def cross_mesh(self) -> bool:
        """Whether other proxies alone reach it, over the mesh's own TLS."""
        return self.listeners[0].cross_mesh

    @cached_property
    def ruled(self) -> list[tuple[Listener, list[Ruled]]]:
        """The rules of MeshHTTPRoutes of each listener that any is attached to."""
        return mesh_rules(self.listeners, [one for one in self.routes if one.address.kind == "MeshHTTPRoute"])

    @cached_property
    def hosts(self) -> list[VirtualHost]:
        """Its virtual hosts, where it takes requests."""
        old = [one for one in self.routes if one.address.kind == "MeshGatewayRoute"]
        return mesh_hosts(self.ruled) if self.governed else gateway_hosts(self.listeners, old)

    @cached_property
    def chains(self) -> list[Chain]:
        """What it does with connections, where it takes those."""
        return chains(self.listeners, self.routes, governed=self.governed)

    def table(self, host: VirtualHost) -> Table:
        """Return the table of one of its virtual hosts."""
        if id(host) not in self.tables:
            self.tables[id(host)] = Table(host, self.release)
        return self.tables[id(host)]

    def server(self, request: Request) -> Listener | None:
        """Return the listener that TLS picks by the server name; without TLS there is nothing to pick."""
        there = {host.listener.hostname: host.listener for host in self.hosts}
        name = request.server_name.lower()
        domain = picked(name, there) if name else ("*" if "*" in there else None)
        return None if domain is None else there[domain]

    def within(self, listener: Listener | None) -> list[VirtualHost]:
        """Return the virtual hosts that a request can meet: on HTTPS those of the listener that TLS picked."""
        if listener is None:
            return self.hosts
        return [host for host in self.hosts if host.listener.hostname == listener.hostname]

    def rules(self, listener: Listener | None = None) -> list[Rule]:
        """Return every rule that a proxy has on the port, or for the listener that TLS picked."""
        if not self.governed:
            old = [one for one in self.routes if one.address.kind == "MeshGatewayRoute" and one.speaks == "http"]
            mine = [listener] if listener else self.listeners
            return [rule for one in old if any(one.attached(each) for each in mine) for rule in gateway_rules(one)]
        found: dict[int, Rule] = {}
        for one, ruled in self.ruled:
            if listener is None or one.hostname == listener.hostname:
                meeting = (each for each in ruled if meet(one.hostname, each.hostname))
                found.update({id(rule): rule for each in meeting for rule in each.rules})
        return list(found.values())

    def prepare(self) -> None:
        """Read the rules and look for faults now, so that a question is answered at once; make the table of a sole host."""
        if self.speaks == "tcp":
            self.unheard  # noqa: B018  # pyright: ignore[reportUnusedExpression]
            return
        for listener in self.listeners if self.protocol == "HTTPS" else [None]:
            self.refused(listener)
        if len(self.hosts) <= FEW:
            for host in self.hosts:
                self.table(host)

    @cached_property
    def stuck(self) -> list[Fault]:
        """What keeps the control plane from building a configuration for the gateway."""
        if self.speaks == "tcp":
            return []
        found = [fault for fault in rule_faults(self.rules()) if fault.effect == "stuck"]
        if self.governed and not self.hosts and self.protocol == "HTTP":
            where = f"{self.listeners[0].gateway} port {self.number}"
            why = "no rule of a MeshHTTPRoute is for it, while others are attached to the gateway"
            found.append(Fault("stuck", where, why))
        return found

    def refused(self, listener: Listener | None = None) -> list[Fault]:
        """Return what keeps a proxy from taking the routes of the port, or those of the listener that TLS picked."""
        key = listener.hostname if listener else ""
        if key not in self.refusals:
            rules = self.rules(listener)
            faults = [*rule_faults(rules), *unresolved(rules, self.mesh, self.release)]
            self.refusals[key] = [fault for fault in faults if fault.effect == "refused"]
        return self.refusals[key]

    @cached_property
    def refusals(self) -> dict[str, list[Fault]]:
        """What is refused, by the listener that TLS picked."""
        return {}

    @cached_property
    def unheard(self) -> list[Fault]:
        """What keeps a proxy from opening the port."""
        return [fault for chain in self.chains for fault in chain_faults(chain)] if self.speaks == "tcp" else []


class Ports:
    """The ports of one gateway."""

    def __init__(self, gateway: Gateway, mesh: MeshTopology, release: Release = NEWEST) -> None:
        """Take the listeners of a gateway together by their port."""
        self.gateway, self.mesh = gateway, mesh
        governed = {kind: any(self.governs(route, kind) for route in mesh.routes) for kind in ("http", "tcp")}
        by_port: dict[int, list[Listener]] = {}
        for listener in gateway.listeners:
            by_port.setdefault(listener.port, []).append(listener)
        self.by_number = {
            number: Port(number, listeners, mesh.routes, governed[listeners[0].speaks], mesh, release)
            for number, listeners in sorted(by_port.items())
        }

    def prepare(self) -> "Ports":
        """Read what there is, so that a question is answered at once."""
        if not self.stuck:
            for port in self.by_number.values():
                port.prepare()
        return self

    def governs(self, route: Route, speaks: str) -> bool:
        """Tell whether a route is of the newer kind and attached to the gateway, be it to a listener of another protocol."""
        kind = "MeshHTTPRoute" if speaks == "http" else "MeshTCPRoute"
        return route.address.kind == kind and any(route.selects(listener) for listener in self.gateway.listeners)

    @cached_property
    def stuck(self) -> list[Fault]:
        """What keeps the control plane from building any configuration for the gateway."""
        mtls = self.mesh.mtls if self.mesh.document else None
        faults = list(listener_faults(self.gateway.listeners, mtls=mtls))
        return [*faults, *(fault for port in self.by_number.values() for fault in port.stuck)]
