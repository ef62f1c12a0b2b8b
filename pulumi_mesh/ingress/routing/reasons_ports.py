"""Reasons in words: what listens and what does not, which host is which, what became of rules that were merged."""

from collections.abc import Iterable, Iterator

from pulumi_mesh.ingress.hosts import covers
from pulumi_mesh.ingress.routing.ports import Port
from pulumi_mesh.ingress.routing.request import Request
from pulumi_mesh.ingress.routing.table import Entry
from pulumi_mesh.ingress.topology.edge import ANY, Gateway, Listener


def mistaken(port: Port, request: Request) -> str:
    """Say that a client speaks something else than a port; nothing where it does not."""
    if port.cross_mesh:
        return (
            ""
            if request.scheme == "http"
            else "a listener that crosses meshes takes plain HTTP from outbounds of proxies, which add TLS"
        )
    if port.protocol == "HTTPS" and request.scheme not in ("https", "tls"):
        return f"port {port.number} speaks HTTPS: a connection without TLS is closed"
    if port.protocol == "HTTP" and request.scheme != "http":
        return f"port {port.number} speaks HTTP: it takes no {'TLS' if request.scheme in ('https', 'tls') else 'mere connections'}"
    return ""


def nobody(request: Request, gateways: Iterable[Gateway]) -> Iterator[str]:
    """Say that nothing listens on the port of a request, and what does listen."""
    yield f"nothing listens on {request.port}"
    for gateway in gateways:
        there = ", ".join(one.label for one in gateway.listeners) or "nothing"
        yield f"{gateway.address} listens on {there}"


def unserved(port: Port, request: Request) -> Iterator[str]:
    """Say that TLS finds no listener."""
    name = request.server_name or "(none)"
    yield f"no listener of port {port.number} has routes and is for the server name {name}: the connection is closed"
    yield from overlooked(port, request.server_name.lower(), [host.listener.hostname for host in port.hosts])


def hostless(port: Port, request: Request, domains: list[str], server: Listener | None) -> Iterator[str]:
    """Say that no virtual host is for the host of a request."""
    there = ", ".join(domains[:8]) + (f" and {len(domains) - 8} more" if len(domains) > 8 else "")
    if server is not None:
        yield f"TLS picked the listener {server.label} by the server name {request.server_name or '(none)'}; Host is looked for there alone"
    yield f"404: no host {request.host or '(none)'} on port {port.number}; rules are for {there or 'none'}"
    yield from overlooked(port, request.host, [host.listener.hostname for host in port.hosts])


def listening(port: Port, listener: Listener, request: Request, domain: str) -> Iterator[str]:
    """Say why this listener and this virtual host."""
    yield f"{listener.gateway} listens on {listener.label}" + (
        f", host {request.host} is among {domain}" if domain != ANY else ""
    )
    if port.cross_mesh:
        yield "only outbounds of proxies reach it, of this mesh and of others"
    yield from overlooked(port, request.host, [one.listener.hostname for one in port.hosts], listener)


def overlooked(port: Port, host: str, there: list[str], taken: Listener | None = None) -> Iterator[str]:
    """Name the listeners that are for a host more exactly, but have no routes of their own."""
    for one in port.listeners:
        fits = one.hostname not in there and covers(one.hostname, host)
        if fits and (taken is None or (one.hostname != taken.hostname and covers(taken.hostname, one.hostname))):
            yield f"the listener {one.label} has no rules of its own, and is as if it were not there"


def merging(entry: Entry) -> Iterator[str]:
    """Say what became of rules with the same matches."""
    rule = entry.rule
    for at in rule.replaced:
        yield f"{at} has the same matches and is replaced: the greater name of a route prevails, in one route the first rule"
    if rule.filters_of:
        yield f"its filters are those of {rule.filters_of}"
    if rule.backends_of:
        yield f"its backends are those of {rule.backends_of}"
