"""The virtual hosts of a port: which hosts a proxy tells apart there, and which rules each of them has."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from pulumi_mesh.ingress.hosts import covers, exactness, meet
from pulumi_mesh.ingress.routing.route_rules import Rule, Ruled, gateway_rules, merged
from pulumi_mesh.ingress.topology.edge import ANY, Listener, Route
from pulumi_mesh.schema.rules import dig, values


@dataclass
class VirtualHost:
    """A host that a proxy tells from others, and the rules for it, those for more exact hostnames first."""

    domain: str
    listener: Listener
    rules: Callable[[], list[tuple[str, Rule]]]
    """Reads the rules; of a thousand hosts only few are asked for."""
    silent: bool = True
    """Whether a request that nothing matches is answered by an empty 404."""
    unordered: bool = False
    """Whether equal matches of several routes stand in no order: those of MeshGatewayRoutes do."""

    @cached_property
    def ruled(self) -> list[tuple[str, Rule]]:
        """The rules, each with the hostname that it is for."""
        return self.rules()


def mesh_rules(listeners: Iterable[Listener], routes: Sequence[Route]) -> list[tuple[Listener, list[Ruled]]]:
    """Return the rules of MeshHTTPRoutes for each listener that any is attached to, more exact hosts first.

    Listeners with the same routes share what is read of them.
    """
    known: dict[tuple[str, ...], list[Ruled]] = {}
    found: list[tuple[Listener, list[Ruled]]] = []
    for listener in sorted(listeners, key=lambda one: exactness(one.hostname)):
        mine = [route for route in routes if route.selects(listener)]
        names = tuple(route.address.name for route in mine)
        if mine and names not in known:
            known[names] = sorted(merged(mine), key=lambda each: exactness(each.hostname))
        if mine:
            found.append((listener, known[names]))
    return found


def mesh_hosts(bound: Iterable[tuple[Listener, list[Ruled]]]) -> list[VirtualHost]:
    """Return the virtual hosts of one port that MeshHTTPRoutes make, from the rules of its listeners.

    A listener to which none is attached is as if it were not there. A host within that of a more exact listener with
    routes gets no virtual host of a wider one.
    """
    found: list[VirtualHost] = []
    passed: list[str] = []
    for listener, ruled in bound:
        domains = within(listener.hostname, [one.hostname for one in ruled])
        found += [
            VirtualHost(domain, listener, partial(applying, domain, domains, ruled))
            for domain in domains
            if not any(covers(earlier, domain) for earlier in passed)
        ]
        passed.append(listener.hostname)
    return found


def within(listener: str, hostnames: Iterable[str]) -> dict[str, None]:
    """Return the hosts that a listener tells apart, for some hostnames of rules; each once."""
    meeting = (hostname for hostname in hostnames if meet(listener, hostname))
    return dict.fromkeys(listener if covers(hostname, listener) else hostname for hostname in meeting)


def applying(domain: str, domains: dict[str, None], ruled: Iterable[Ruled]) -> list[tuple[str, Rule]]:
    """Return the rules of a virtual host, each with the hostname that it is for."""
    mine = (one for one in ruled if meet(domain, one.hostname))
    mine = (one for one in mine if one.hostname not in domains or covers(one.hostname, domain))
    return [(one.hostname, rule) for one in mine for rule in one.rules]


def gateway_hosts(listeners: Sequence[Listener], routes: Iterable[Route]) -> list[VirtualHost]:
    """Return the virtual hosts of the listeners of one port that MeshGatewayRoutes make; every listener has one.

    On HTTPS each listener is by itself; on HTTP they are taken together.
    """
    routes = [route for route in routes if route.speaks == "http"]
    groups = [[one] for one in listeners] if listeners[0].protocol == "HTTPS" else [list(listeners)]
    found: list[VirtualHost] = []
    for group in sorted(groups, key=lambda group: exactness(group[0].hostname)):
        bound = {one.hostname: (one, [route for route in routes if route.attached(one)]) for one in group}
        for hostname, (listener, mine) in spread(bound).items():
            rules = partial(gateway_rules_for, hostname, mine)
            found.append(VirtualHost(hostname, listener, rules, silent=False, unordered=True))
    return found


Bound = dict[str, tuple[Listener, list[Route]]]
"""Listeners and their routes, by hostname."""


def spread(bound: Bound) -> Bound:
    """Give the routes of the listener for every host that name hosts to virtual hosts of those, which it makes if need be.

    A route for a wildcard goes to the hosts below it that are there by then, too.
    """
    if ANY not in bound:
        return bound
    listener, mine = bound[ANY]
    spread_out: Bound = {**bound, ANY: (listener, [])}
    for route in mine:
        names = hostnames(route)
        targets = [ANY] if not names else []
        for name in names:
            spread_out.setdefault(name, (listener, []))
            below = [host for host in spread_out if name.startswith("*.") and host.endswith(name[2:])]
            targets += [name, *below]
        for target in targets:
            owner, routes = spread_out[target]
            if route not in routes:
                spread_out[target] = (owner, [*routes, route])
    return spread_out


def gateway_rules_for(host: str, routes: Iterable[Route]) -> list[tuple[str, Rule]]:
    """Return the rules of MeshGatewayRoutes for a virtual host, each with the hostname that it is for."""
    return [(hosts_of(route, host), rule) for route in routes for rule in rules_for(route, host)]


def rules_for(route: Route, host: str) -> Sequence[Rule]:
    """Return the rules of a MeshGatewayRoute for a virtual host: all of them, if any of its hostnames meets the host."""
    names = hostnames(route)
    return gateway_rules(route) if host == ANY or not names or any(meet(host, name) for name in names) else ()


def hostnames(route: Route) -> list[str]:
    """Return the hostnames of a MeshGatewayRoute."""
    return [str(host) for host in values(dig(route.document.body, "conf.http"), "hostnames")]


def hosts_of(route: Route, host: str) -> str:
    """Return the hostname by which a MeshGatewayRoute is for a host."""
    return next((name for name in hostnames(route) if meet(host, name)), ANY)
