"""Drawing builtin gateways: the hosts that lead to their listeners, and the routes that these lead to."""

from dataclasses import replace

from pulumi_mesh.ingress.topology import Gateway, Listener, Route
from pulumi_mesh.schema.kind import Address

from .drawing import Drawing, counted, shown
from .rules import Rule, beaten, hosts, rules
from .services import backend
from .value import Card, Node, Place
from .words import certificate, shares, tagged


def draw_gateways(drawing: Drawing) -> None:
    """Draw the builtin gateways of a mesh, their listeners, hosts and routes."""
    mesh = drawing.mesh
    found = {route.address: list(rules(route)) for route in mesh.routes}
    reached: dict[Address, list[tuple[Listener, bool]]] = {}
    for gateway in mesh.gateways.values():
        attached = {listener.index: mesh.attached(listener) for listener in gateway.listeners}
        anywhere = list({route.address: route for routes in attached.values() for route in routes}.values())
        draw_gateway(drawing, gateway, attached, found)
        for listener in gateway.listeners:
            beside = attached[listener.index] if listener.speaks == "tcp" else anywhere
            for route in attached[listener.index]:
                reached.setdefault(route.address, []).append((listener, beaten(route, beside)))
    for route in mesh.routes:
        if found[route.address] and (
            route.address in reached or route.target or route.address.kind == "MeshGatewayRoute"
        ):
            id_ = draw_route(drawing, route, found[route.address])
            for listener, idle in reached.get(route.address, ()):
                if any(one.serves(listener.hostname) for one in found[route.address]):
                    drawing.lead(row_of(drawing, listener), id_, style="idle" if idle else "flow")


def draw_gateway(
    drawing: Drawing, gateway: Gateway, attached: dict[int, list[Route]], found: dict[Address, list[Rule]]
) -> None:
    """Draw a gateway with its listeners, and the hosts that lead to them."""
    rows = [draw_listener(drawing, listener) for listener in gateway.listeners]
    for row, listener in zip(rows, gateway.listeners, strict=True):
        named = [rule for route in attached[listener.index] for rule in found[route.address]]
        drawing.entries[row.id] = [
            draw_host(drawing, gateway, listener, host, row.id) for host in hosts(gateway, listener, named)
        ]
    proxies = shown(gateway.proxies)
    served = counted(proxies) if proxies else "no proxy yet" if gateway.assumed else "no proxy"
    facts = [("address", str(gateway.address))]
    facts += [("selects", tagged(one)) for one in gateway.selectors]
    facts += [("tags", tagged(gateway.tags))] if gateway.tags else []
    facts += [("proxy", proxy) for proxy in proxies]
    places = (Place(str(gateway.address)), *(Place(str(proxy.address)) for proxy in gateway.proxies))
    name = gateway.address.name
    drawing.add(
        Card(
            drawing.id("gateway", name), "gateway", name, "MeshGateway", (served,), tuple(facts), places,
            rows=tuple(rows), column="gateways",
        )
    )  # fmt: skip


def row_of(drawing: Drawing, listener: Listener) -> str:
    """Return the id of the row of a listener."""
    return drawing.id("listener", listener.gateway.name, listener.index)


def draw_listener(drawing: Drawing, listener: Listener) -> Node:
    """Return the row of a listener; of certificates it says until when they are good."""
    lines = [f"TLS {listener.tls_mode}"] if listener.tls_mode else []
    facts = [("address", str(listener.gateway)), ("path", listener.path), ("tags", tagged(listener.tags))]
    places = [Place(str(listener.gateway), listener.path)]
    for name in listener.secrets:
        known = certificate(drawing.mesh.secrets.get(name))
        lines.append(f"{name}, {known.algorithm} until {known.expires:%Y-%m-%d}" if known else name)
        facts.append((f"Secret {name}", f"for {', '.join(known.hostnames) or 'no host'}" if known else "not known"))
        places.append(Place(str(Address("Secret", listener.gateway.mesh, name))))
    lines += ["crosses meshes"] if listener.cross_mesh else []
    text = f"{listener.port or '?'} {listener.protocol or '?'}"
    id_ = row_of(drawing, listener)
    return Node(id_, "listener", text, listener.hostname, tuple(lines), tuple(facts), tuple(places))


def draw_host(drawing: Drawing, gateway: Gateway, listener: Listener, host: str, row: str) -> str:
    """Draw a host and port, and where its requests come from."""
    text = f"{host}:{listener.port or '?'}"
    lines = ("from inside of the meshes alone",) if listener.cross_mesh else ()
    url = replace(listener, hostname=host).url
    facts = [("listener", f"{listener.gateway} {listener.label}"), *([("url", url)] if url else [])]
    id_ = drawing.id("host", text, listener.cross_mesh)
    drawing.add(Card(id_, "host", text, "", lines, tuple(facts), column="hosts"))
    drawing.hosts[id_] = host
    drawing.lead(id_, row, style="flow" if gateway.served else "idle")
    if listener.cross_mesh:
        drawing.lead(drawing.neighbours(), id_, style="crossing")
    else:
        drawing.lead(drawing.clients(), id_)
    return id_


def draw_route(drawing: Drawing, route: Route, found: list[Rule]) -> str:
    """Draw a route with its rules."""
    id_, address = drawing.id("route", route.address), str(route.address)
    rows = tuple(draw_rule(drawing, route, one) for one in found)
    facts = (("address", address), *(("for listeners with", tagged(one)) for one in route.selectors if one))
    name, kind = route.address.name, route.address.kind
    return drawing.add(
        Card(id_, "route", name, kind, (), facts, (Place(address),), rows=rows, column="routes")
    )  # fmt: skip


def draw_rule(drawing: Drawing, route: Route, rule: Rule) -> Node:
    """Return the row of a rule, and lead it to its backends."""
    id_ = drawing.id("rule", route.address, rule.path)
    drawing.rules[id_] = rule
    first, *more = rule.matches
    lines = [f"or {one}" for one in more]
    lines += [f"for {', '.join(rule.hostnames)}"] if rule.hostnames else []
    served = [one for one in rule.backends if not one.mirror]
    for one, share in zip(served, shares([one.weight for one in served]), strict=True):
        drawing.lead(id_, backend(drawing, one), share)
    for one in rule.backends:
        if one.mirror:
            drawing.lead(id_, backend(drawing, one), "copy", "copy")
    facts = [("address", str(route.address)), ("path", rule.path)]
    facts += [("backend", one.label) for one in rule.backends]
    place = Place(str(route.address), rule.path)
    return Node(id_, "rule", first, "", (*lines, *rule.filters), tuple(facts), (place,))
