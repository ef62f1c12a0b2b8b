"""Where connections go: ports that speak TCP or TLS, and the routes for them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pulumi_mesh.ingress.hosts import exactness, picked
from pulumi_mesh.ingress.routing.actions import Share, identity, share
from pulumi_mesh.ingress.routing.faults import Fault
from pulumi_mesh.ingress.routing.route_rules import Rule, place
from pulumi_mesh.ingress.topology.backends import Backend, backend, tagged
from pulumi_mesh.ingress.topology.edge import Listener, Route
from pulumi_mesh.schema.rules import parts, table


@dataclass(frozen=True, slots=True)
class Chain:
    """What a proxy does with the connections of one listener, or of all those that share a TCP port."""

    listener: Listener
    rules: tuple[Rule, ...]
    """The rules; their backends are taken together."""


def chains(listeners: Sequence[Listener], routes: Sequence[Route], *, governed: bool) -> list[Chain]:
    """Return what a proxy does on one port; `governed` says that some MeshTCPRoute is attached to the gateway.

    A port that speaks TLS has a chain for each listener, one that speaks TCP has one for all. Where a MeshTCPRoute
    governs, a listener of TLS without any is as if it were not there.
    """
    ordered = sorted(listeners, key=lambda one: exactness(one.hostname))
    kind = "MeshTCPRoute" if governed else "MeshGatewayRoute"
    tcp = [route for route in routes if route.address.kind == kind and route.speaks == "tcp"]
    mine = [(one, [route for route in tcp if route.selects(one)]) for one in ordered]
    read = mesh_rules if governed else gateway_rules
    if ordered[0].protocol == "TLS":
        return [Chain(one, tuple(read(there))) for one, there in mine if there or not governed]
    return [Chain(ordered[-1], tuple(rule for _, there in mine for rule in read(there)))]


def chosen(chains: Iterable[Chain], server_name: str) -> Chain | None:
    """Return the chain that a proxy picks by the name that TLS asks for."""
    by_host = {chain.listener.hostname: chain for chain in chains}
    domain = picked(server_name.lower(), by_host) if server_name else ("*" if "*" in by_host else None)
    return None if domain is None else by_host[domain]


def mesh_rules(routes: Iterable[Route]) -> Iterator[Rule]:
    """Yield the rules of MeshTCPRoutes: for the whole mesh that of the route with the greater name, and the last in it.

    One that is about a service comes on top of it.
    """
    found: dict[str, list[Rule]] = {}
    for route in sorted(routes, key=lambda route: route.address.name):
        for at, to in parts(route.document.body, "spec.to"):
            ref = table(to, "targetRef")
            if ref.get("kind", "Mesh") in ("Mesh", "MeshService"):
                service = "" if ref.get("kind", "Mesh") == "Mesh" else str(ref.get("name") or "")
                found.setdefault(service, []).extend(
                    mesh_rule(route, path, rule) for path, rule in parts(to, "rules", at)
                )
    everyone = found.pop("", [])
    for rules in (*([*everyone, *each] for each in found.values()), everyone):
        if rules:
            last = rules[-1]
            yield Rule(last.at, (), (), last.backends, replaced=tuple(dict.fromkeys(one.at for one in rules[:-1])))


def mesh_rule(route: Route, path: str, rule: object) -> Rule:
    """Read a rule of a MeshTCPRoute."""
    refs = (backend(where, ref) for where, ref in parts(rule, "default.backendRefs", path))
    return Rule(place(route, path), (), (), tuple(refs))


def gateway_rules(routes: Iterable[Route]) -> Iterator[Rule]:
    """Yield the rules of MeshGatewayRoutes for connections."""
    for route in sorted(routes, key=lambda route: route.address.name):
        for path, rule in parts(route.document.body, "conf.tcp.rules"):
            yield Rule(
                place(route, path), (), (), tuple(tagged(where, one) for where, one in parts(rule, "backends", path))
            )


def weighed(chain: Chain) -> list[tuple[Rule, Backend, int]]:
    """Return every backend of a chain, with its rule and its weight."""
    found: list[tuple[Rule, Backend, int]] = []
    for rule in chain.rules:
        missing = 0 if rule.at.type == "MeshGatewayRoute" else 1
        found += [(rule, one, missing if one.weight is None else one.weight) for one in rule.backends]
    return found


def shares(chain: Chain) -> list[Share]:
    """Return the backends of a chain and their shares; one that is there twice has both of its weights."""
    said = weighed(chain)
    weights: dict[object, tuple[Backend, int]] = {}
    for _, one, weight in said:
        _, before = weights.get(identity(one), (one, 0))
        weights[identity(one)] = (one, before + (weight or int(len(said) == 1)))
    total = sum(weight for _, weight in weights.values())
    return [share(one, weight / total) for one, weight in weights.values() if weight]


def chain_faults(chain: Chain) -> Iterator[Fault]:
    """Yield why a proxy refuses a listener for connections."""
    said = weighed(chain)
    for rule, one, weight in said:
        if not weight and len(said) > 1:
            how = "a weight of 0" if one.weight == 0 else "no weight"
            yield Fault(
                "refused", str(rule.at), f"{one.label} has {how} among several, for which the whole listener is refused"
            )
