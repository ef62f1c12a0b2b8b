"""The rules of a route that count on gateways, as a picture tells them."""

from collections.abc import Iterator
from dataclasses import dataclass

from pulumi_mesh.ingress.hosts import covers, meet, picked
from pulumi_mesh.ingress.topology import Gateway, Listener, Route
from pulumi_mesh.ingress.topology.backends import Backend
from pulumi_mesh.schema.rules import Body, dig, parts, values

from .words import filters, match

CONNECTIONS = "every connection"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a route."""

    path: str
    """Where it stands in the route."""
    hostnames: tuple[str, ...]
    """The hosts that it is for; all, if empty."""
    matches: tuple[str, ...]
    filters: tuple[str, ...]
    backends: tuple[Backend, ...]
    """Where its traffic and copies of it go."""

    def serves(self, host: str) -> bool:
        """Tell whether it is for a host, or for one that a wildcard stands for."""
        return not self.hostnames or any(meet(host, one) for one in self.hostnames)


def rules(route: Route) -> Iterator[Rule]:
    """Yield the rules of a route; those for services that only sidecars reach are left out."""
    body = route.document.body
    if route.address.kind == "MeshGatewayRoute":
        for protocol in ("http", "tcp"):
            for path, said in parts(body, f"conf.{protocol}.rules"):
                yield rule(route, path, said, hostnames(body, f"conf.{protocol}.hostnames"))
        return
    for at, to in parts(body, "spec.to"):
        if dig(to, "targetRef.kind") in (None, "Mesh"):
            for path, said in parts(to, "rules", at):
                yield rule(route, path, said, hostnames(to, "hostnames"))


def rule(route: Route, path: str, said: Body, hosts: tuple[str, ...]) -> Rule:
    """Read one rule."""
    matches = tuple(match(one) for _, one in parts(said, "matches"))
    anything = CONNECTIONS if route.speaks == "tcp" else "every request"
    backends = tuple(one for one in route.backends if one.path.startswith(f"{path}."))
    return Rule(path, hosts, matches or (anything,), tuple(filters(said)), backends)


def hostnames(body: Body, path: str) -> tuple[str, ...]:
    """Return hostnames, without what is not known yet."""
    return tuple(host for host in values(body, path) if isinstance(host, str))


def hosts(gateway: Gateway, listener: Listener, found: list[Rule]) -> list[str]:
    """Return the hosts that a listener is asked for: its own, and those within it that rules name.

    A host that a more special listener of the same port has is left to that one.
    """
    beside = [one.hostname for one in gateway.listeners if one.port == listener.port]
    named = {
        host
        for one in found
        for host in one.hostnames
        if host != listener.hostname and covers(listener.hostname, host) and picked(host, beside) == listener.hostname
    }
    return [listener.hostname, *sorted(named)]


def beaten(route: Route, attached: list[Route]) -> bool:
    """Tell whether a route does nothing, for another one of those that are attached beside it wins over it.

    A MeshHTTPRoute on any port of a gateway silences its MeshGatewayRoutes; of the MeshTCPRoutes of a port the one with the
    greatest name counts.
    """
    kind = {"http": "MeshHTTPRoute", "tcp": "MeshTCPRoute"}[route.speaks]
    rivals = [one for one in attached if one.address.kind == kind and one.speaks == route.speaks]
    if route.address.kind == "MeshGatewayRoute":
        return bool(rivals)
    return kind == "MeshTCPRoute" and any(one.address.name > route.address.name for one in rivals)
