"""Where a request goes: from the listener over virtual host, rule and filters to the backends, with a reason for each step.

It follows what the control plane makes of the resources and what a proxy does with that, as observed on both. The
answer is that of proxies which start now: one that is running keeps what it had where a configuration is refused.
"""

from dataclasses import replace

from pulumi_mesh.errors import MeshError
from pulumi_mesh.ingress.hosts import picked
from pulumi_mesh.ingress.routing.actions import Redirect
from pulumi_mesh.ingress.routing.connections import chosen
from pulumi_mesh.ingress.routing.connections import shares as shares_of
from pulumi_mesh.ingress.routing.explanation import Explanation, best
from pulumi_mesh.ingress.routing.ports import Port, Ports
from pulumi_mesh.ingress.routing.presence import missing
from pulumi_mesh.ingress.routing.reasons import before, filtered, near, shares
from pulumi_mesh.ingress.routing.reasons_ports import hostless, listening, merging, mistaken, nobody, unserved
from pulumi_mesh.ingress.routing.request import Request
from pulumi_mesh.ingress.routing.table import Entry, Table
from pulumi_mesh.ingress.topology import Topology
from pulumi_mesh.ingress.topology.edge import Gateway, Listener
from pulumi_mesh.schema.release import NEWEST, Release


class Unknown(MeshError):
    """A gateway that is not there."""


class Routing:
    """The routes of all gateways, ready to explain requests."""

    def __init__(self, topology: Topology, release: Release = NEWEST) -> None:
        """Take what stands where, and the release of the control plane."""
        self.topology, self.release = topology, release
        meshes = topology.meshes
        self.ports = [Ports(one, meshes[one.address.mesh or ""], release).prepare() for one in topology.gateways]

    def explain(self, request: Request, gateway: str = "", mesh: str = "") -> Explanation:
        """Say where a request goes; without a gateway that of all which leads furthest."""
        mine = [one for one in self.ports if self.meant(one.gateway, gateway, mesh)]
        if not mine and (gateway or mesh or not self.ports):
            raise Unknown(self.missing(gateway, mesh))
        open_ = [(one, port) for one in mine for port in heard(one, request)]
        if not open_:
            open_ = [(one, port) for one in mine for port in supposed(one, request)] if not request.ported else []
        if not open_:
            return Explanation(request, "no_listener", notes=tuple(nobody(request, [one.gateway for one in mine])))
        found = [self.on(one, port, request) for one, port in open_]
        first = best(found)
        there = [each.listener.gateway for each in found if each.listener and each.outcome != "no_listener"]
        others = {str(address) for address in there} - {str(first.listener.gateway) if first.listener else ""}
        also = (f"{one} listens on that port, too; --gateway says which is meant" for one in sorted(others))
        return replace(first, notes=(*first.notes, *also))

    def meant(self, gateway: Gateway, name: str, mesh: str) -> bool:
        """Tell whether a gateway is one of those that are asked about."""
        address = gateway.address
        return name in ("", address.name, f"{address.mesh}/{address.name}", str(address)) and mesh in ("", address.mesh)

    def missing(self, gateway: str, mesh: str) -> str:
        """Say that a gateway is not there, and which ones are."""
        there = ", ".join(str(one.gateway.address) for one in self.ports) or "there is no MeshGateway at all"
        where = f" in the mesh {mesh}" if mesh else ""
        return (
            f"{gateway or 'gateways'}: there is no such MeshGateway{where}; there are: {there}"
            if self.ports
            else f"nothing to explain: {there}"
        )

    def on(self, gateway: Ports, port: Port, request: Request) -> Explanation:
        """Say where a request goes on one port of a gateway."""
        if not gateway.gateway.served:
            why = f"{gateway.gateway.address} selects no builtin Dataplane, so that nothing listens"
            return Explanation(request, "no_listener", notes=(why,))
        if gateway.stuck:
            whys = (
                f"stuck, no proxy gets a configuration of {gateway.gateway.address}: {fault}" for fault in gateway.stuck
            )
            return Explanation(request, "no_listener", notes=tuple(whys))
        found = self.connection(port, request) if port.speaks == "tcp" else self.http(port, request)
        notes = (
            [f"the URL names no port, and nothing listens on {request.port}: taken to mean {port.number}"]
            if port.number != request.port
            else []
        )
        if gateway.gateway.rivals:
            rivals = ", ".join(map(str, gateway.gateway.rivals))
            notes.append(
                f"{rivals} selects a Dataplane of {gateway.gateway.address} by as many tags: whichever was created last serves it"
            )
        return replace(found, notes=(*notes, *found.notes))

    def http(self, port: Port, request: Request) -> Explanation:
        """Say where a request goes on a port that takes requests."""
        if why := mistaken(port, request):
            return Explanation(request, "no_listener", notes=(why,))
        server = port.server(request) if port.protocol == "HTTPS" else None
        if port.protocol == "HTTPS" and server is None:
            return Explanation(request, "no_listener", notes=tuple(unserved(port, request)))
        listener = server or listener_of(port, request)
        if request.refused:
            return Explanation(request, "not_found", listener, notes=(request.refused,))
        if moved := request.unescaped:
            why = "307: a slash is escaped in the path"
            return Explanation(request, "redirect", listener, redirect=Redirect(307, moved), notes=(why,))
        if faults := port.refused(server):
            notes = tuple(
                f"refused by the proxies, with all routes of the {'host' if server else 'port'}: {one}"
                for one in faults
            )
            return Explanation(request, "not_found", listener, notes=notes)
        hosts = {host.domain: host for host in port.within(server)}
        domain = picked(request.host, hosts)
        if domain is None:
            return Explanation(
                request, "not_found", listener, notes=tuple(hostless(port, request, list(hosts), server))
            )
        host = hosts[domain]
        table = port.table(host)
        why = tuple(listening(port, host.listener, request, domain))
        entry = table.first(request) if request.method != "CONNECT" else None
        if entry is None:
            return Explanation(request, "not_found", host.listener, notes=tuple(near(table, request)), chosen=why)
        return replace(self.taken(table, entry, request), chosen=why)

    def taken(self, table: Table, entry: Entry, request: Request) -> Explanation:
        """Say what is done with a request by the entry that takes it."""
        action, rule = entry.action, entry.rule
        late = list(table.after(entry, request))
        ties = [one for one in late if entry.ties(one)]
        notes: list[str] = []
        if ties and not table.certain:
            names = ", ".join(str(one.rule.at) for one in ties)
            notes.append(f"undefined: {rule.at} ties with {names}, and proxies have them in no certain order")
        notes += merging(entry)
        base = Explanation(
            request,
            "backend" if action.forwards else "redirect",
            table.host.listener,
            rule.at,
            str(entry.match),
            tuple(before(entry, one) for one in late),
            tuple(filtered(entry, action)),
            certain=not ties or table.certain,
        )
        if not action.forwards:
            return replace(base, redirect=action.redirect(request, table.host.listener), notes=tuple(notes))
        mesh = self.topology.meshes[rule.at.mesh]
        notes += [*shares(action), *missing(rule.backends, mesh, self.release)]
        return replace(base, backends=tuple(action.shares), upstream=action.upstream(request), notes=tuple(notes))

    def connection(self, port: Port, request: Request) -> Explanation:
        """Say where a connection goes on a port that takes those."""
        if port.unheard:
            notes = tuple(f"refused by the proxies, with the whole listener: {fault}" for fault in port.unheard)
            return Explanation(request, "no_listener", notes=notes)
        if port.protocol == "TLS" and request.scheme in ("http", "tcp"):
            return Explanation(
                request, "no_listener", notes=(f"port {port.number} speaks TLS: a connection without it is closed",)
            )
        secure = request.scheme in ("https", "tls")
        name = request.server_name if secure else ""
        chain = chosen(port.chains, name) if port.protocol == "TLS" else next(iter(port.chains), None)
        if chain is None:
            note = (
                f"no listener of port {port.number} is for the server name {name or '(none)'}: the connection is closed"
            )
            return Explanation(request, "no_listener", notes=(note,))
        why = (f"{chain.listener.gateway} listens on {chain.listener.label}",)
        found = shares_of(chain)
        if not found:
            note = "no route for connections is attached: they are closed"
            return Explanation(request, "not_found", chain.listener, chosen=why, notes=(note,))
        rule = chain.rules[0]
        late = tuple(f"{at}: the greater name of a route prevails" for at in rule.replaced)
        also = tuple(f"taken together with {other.at}" for other in chain.rules[1:])
        return Explanation(
            request, "backend", chain.listener, rule.at, before=late, backends=tuple(found), chosen=why, notes=also
        )


def heard(ports: Ports, request: Request) -> list[Port]:
    """Return the port that a request goes to."""
    return [ports.by_number[request.port]] if request.port in ports.by_number else []


def supposed(ports: Ports, request: Request) -> list[Port]:
    """Return the ports that a URL without a port may mean: those of its protocol, the best for its host first."""
    wanted = {"http": ("HTTP",), "https": ("HTTPS", "TLS")}.get(request.scheme, ())
    there = [port for port in ports.by_number.values() if port.protocol in wanted and not port.cross_mesh]

    def fitting(port: Port) -> tuple[bool, int, int]:
        hostnames = [one.hostname for one in port.listeners]
        host = picked(request.host, hostnames)
        return host is None, -len(host or ""), port.number

    return sorted(there, key=fitting)


def listener_of(port: Port, request: Request) -> Listener:
    """Return the listener that is for the host of a request; where none is, the widest."""
    by_host = {one.hostname: one for one in port.listeners}
    return by_host[picked(request.host, by_host) or port.listeners[-1].hostname]
