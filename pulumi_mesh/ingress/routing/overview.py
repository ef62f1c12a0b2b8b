"""The whole table of some gateways as JSON has it: ports, hosts, rules in their order, and what is odd about them."""

from collections.abc import Iterable, Iterator
from typing import Any

from pulumi_mesh.ingress.routing.connections import Chain, shares
from pulumi_mesh.ingress.routing.explanation import shown
from pulumi_mesh.ingress.routing.lines import Line, lines, shadowed, tied
from pulumi_mesh.ingress.routing.ports import Port, Ports
from pulumi_mesh.ingress.routing.route_rules import At
from pulumi_mesh.ingress.topology.edge import Listener

Report = dict[str, Any]


def overview(gateways: Iterable[Ports]) -> Report:
    """Return the report of some gateways."""
    gateways = list(gateways)
    return {
        "gateways": [one_gateway(ports) for ports in gateways],
        "shadowed": [
            {"route": placed(one.at), "host": one.host, "by": one.by and placed(one.by), "why": one.why}
            for ports in gateways
            for one in shadowed(ports)
        ],
        "tied": [
            {"route": placed(one.first), "with": placed(one.other), "host": one.host, "defined": one.certain}
            for ports in gateways
            for one in tied(ports)
        ],
        "idle": [one for ports in gateways for one in idle(ports)],
    }


def one_gateway(ports: Ports) -> Report:
    """Return what a gateway has on each port."""
    address = ports.gateway.address
    return {
        "gateway": address.name,
        "mesh": address.mesh,
        "served": ports.gateway.served,
        "stuck": [str(fault) for fault in ports.stuck],
        "ports": [one_port(port) for port in ports.by_number.values()],
    }


def one_port(port: Port) -> Report:
    """Return what a gateway has on a port."""
    http = port.speaks == "http"
    return {
        "port": port.number,
        "protocol": port.protocol,
        "listeners": [listened(one) for one in port.listeners],
        "refused": [str(fault) for fault in (port.refused() if http else port.unheard)],
        "hosts": list(hosts(port)) if http else [],
        "chains": [] if http else [chained(chain) for chain in port.chains],
    }


def listened(one: Listener) -> Report:
    """Return a listener."""
    return {
        "hostname": one.hostname,
        "path": one.path,
        "tls": one.tls_mode or None,
        "secrets": list(one.secrets),
        "crossMesh": one.cross_mesh,
        "tags": dict(one.tags),
    }


def hosts(port: Port) -> Iterator[Report]:
    """Yield the virtual hosts of a port with their rules."""
    for host in port.hosts:
        table = port.table(host)
        rules = [ruled(one) for one in lines(table)]
        yield {"host": host.domain, "listener": host.listener.hostname, "defined": table.certain, "rules": rules}


def ruled(one: Line) -> Report:
    """Return a rule."""
    return {
        "match": one.match,
        "route": placed(one.at),
        "hostname": one.hostname,
        "filters": list(one.filters),
        "backends": [shown(share) for share in one.backends],
        "redirect": one.redirect or None,
        "shadowed": one.shadowed,
        "by": one.by and placed(one.by),
        "tied": [placed(at) for at in one.ties],
        "replaced": [placed(at) for at in one.replaced],
    }


def chained(chain: Chain) -> Report:
    """Return where the connections of a listener go."""
    return {
        "host": chain.listener.hostname,
        "routes": [placed(one.at) for one in chain.rules],
        "backends": [shown(share) for share in shares(chain)],
    }


def idle(ports: Ports) -> Iterator[Report]:
    """Yield the routes that are attached to a gateway and do nothing there because routes of the newer kinds are, too."""
    for port in ports.by_number.values():
        if port.governed:
            newer = "MeshHTTPRoute" if port.speaks == "http" else "MeshTCPRoute"
            for route in port.routes:
                if route.address.kind == "MeshGatewayRoute" and any(route.attached(one) for one in port.listeners):
                    why = f"a {newer} is attached to the gateway, so that no MeshGatewayRoute counts"
                    yield {"route": str(route.address), "port": port.number, "why": why}


def placed(at: At) -> Report:
    """Return the place of a rule."""
    return {"type": at.type, "mesh": at.mesh, "name": at.name, "path": at.path}
