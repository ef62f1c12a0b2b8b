"""Drawing a picture from what stands where: one card for each thing, one row for each part of it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pulumi_mesh.ingress.backends import Backend
from pulumi_mesh.ingress.topology import Crossing, Gateway, Listener, MeshTopology, Outbound, Proxy, Route, Topology
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.finding import Finding
from pulumi_mesh.schema.kind import Address
from pulumi_mesh.schema.rules import dig, table
from pulumi_mesh.schema.spec import is_map
from pulumi_mesh.schema.tags import SERVICE

from .paths import paths
from .rules import Rule, beaten, hosts, rules
from .value import Card, Edge, Node, Panel, Picture, Place, Style
from .words import certificate, shares, tagged

SERVICES = "kuma.io/service"
"""What a service by its tag is called."""


def picture(documents: Iterable[Document], findings: Sequence[Finding] = (), control_plane: str = "") -> Picture:
    """Draw the ingress of the meshes of one control plane, with what was found about it."""
    topology = Topology(documents)
    drawings = {name: Drawing(topology, mesh, control_plane) for name, mesh in topology.meshes.items()}
    for drawing in drawings.values():
        drawing.draw()
    for crossing in topology.crossings:
        drawings[crossing.outbound.dataplane.mesh or ""].crossing(crossing, drawings)
    panels = tuple(drawing.panel(findings) for drawing in drawings.values() if drawing.cards)
    edges = tuple(dict.fromkeys(edge for drawing in drawings.values() for edge in drawing.edges))
    served = {id_: rule for drawing in drawings.values() for id_, rule in drawing.rules.items()}
    hosts = {id_: host for drawing in drawings.values() for id_, host in drawing.hosts.items()}
    return Picture(panels, edges, paths(panels, edges, hosts, served), tuple(findings))


class Drawing:
    """One mesh while it is being drawn."""

    def __init__(self, topology: Topology, mesh: MeshTopology, control_plane: str) -> None:
        """Draw a mesh of some topology."""
        self.topology, self.mesh = topology, mesh
        self.prefix = f"{control_plane} {mesh.name}".strip()
        self.control_plane = control_plane
        self.cards: dict[str, Card] = {}
        self.edges: list[Edge] = []
        self.hosts: dict[str, str] = {}
        """The host of each card that stands for one."""
        self.rules: dict[str, Rule] = {}
        """The rule of each row that stands for one."""
        self.entries: dict[str, list[str]] = {}
        """The cards of the hosts by which the listener of each row is reached."""

    def draw(self) -> None:
        """Draw what stands in the mesh, but what leads to other meshes."""
        found = {route.address: list(rules(route)) for route in self.mesh.routes}
        for gateway in self.mesh.gateways.values():
            self.gateway(gateway, found)
        for route in self.mesh.routes:
            self.route(route, found[route.address])
        groups: dict[str, list[Proxy]] = {}
        for proxy in self.mesh.delegated:
            groups.setdefault(proxy.tags.get(SERVICE, proxy.address.name), []).append(proxy)
        for name, proxies in groups.items():
            self.delegated(name, proxies)

    def panel(self, findings: Sequence[Finding]) -> Panel:
        """Return what was drawn, with the findings in their places."""
        backend = dig(self.mesh.document.body, "mtls.enabledBackend") if self.mesh.document else None
        about = "mesh, not declared here" if self.mesh.document is None else f"mTLS {backend}" if backend else "no mTLS"
        own = (Place(str(Address("Mesh", None, self.mesh.name))),)
        cards = tuple(marked(card, findings) for card in self.cards.values())
        name = f"{self.mesh.name} ({self.control_plane})" if self.control_plane else self.mesh.name
        return Panel(name, about, cards, own, tuple(one for one in findings if own[0].holds(one)))

    def id(self, *parts: object) -> str:
        """Make an id that nothing else has."""
        return "\n".join((self.prefix, *map(str, parts)))

    def add(self, card: Card) -> str:
        """Put a card on the picture, unless it is there."""
        self.cards.setdefault(card.id, card)
        return card.id

    def lead(self, source: str, target: str, share: str = "", style: Style = "flow") -> None:
        """Let one thing lead to another."""
        self.edges.append(Edge(source, target, share, style))

    # --- gateways and their hosts ------------------------------------------------------------------------------------

    def gateway(self, gateway: Gateway, found: dict[Address, list[Rule]]) -> None:
        """Draw a builtin gateway, its listeners, and the hosts that lead to them."""
        rows: list[Node] = []
        for listener in gateway.listeners:
            rows.append(self.listener(listener))
            attached = [rule for route in self.mesh.attached(listener) for rule in found[route.address]]
            self.entries[rows[-1].id] = [
                self.host(gateway, listener, host, rows[-1].id) for host in hosts(gateway, listener, attached)
            ]
        proxies = [f"{proxy.address.name} at {proxy.host}" for proxy in gateway.proxies]
        served = counted(proxies, "proxy", "proxies") if proxies else "no proxy yet" if gateway.assumed else "no proxy"
        facts = [("address", str(gateway.address))]
        facts += [("selects", tagged(one)) for one in gateway.selectors]
        facts += [("tags", tagged(gateway.tags))] if gateway.tags else []
        facts += [("proxy", proxy) for proxy in proxies]
        place = Place(str(gateway.address))
        self.add(
            Card(
                self.id("gateway", gateway.address.name), "gateway", gateway.address.name, "MeshGateway", (served,),
                tuple(facts), (place, *(Place(str(proxy.address)) for proxy in gateway.proxies)), (), tuple(rows), "gateways",
            )
        )  # fmt: skip

    def row_of(self, listener: Listener) -> str:
        """Return the id of the row of a listener."""
        return self.id("listener", listener.gateway.name, listener.index)

    def listener(self, listener: Listener) -> Node:
        """Return the row of a listener."""
        id_ = self.row_of(listener)
        lines = [f"TLS {listener.tls_mode}"] if listener.tls_mode else []
        facts = [("address", str(listener.gateway)), ("path", listener.path), ("tags", tagged(listener.tags))]
        for name in listener.secrets:
            secret = self.mesh.secrets.get(name)
            known = certificate(secret)
            until = f", {known.algorithm} until {known.expires:%Y-%m-%d}" if known else ""
            lines.append(f"{name}{until}")
            facts.append((f"Secret {name}", f"for {', '.join(known.hostnames) or 'no host'}" if known else "not known"))
        lines += ["crosses meshes"] if listener.cross_mesh else []
        places = [Place(str(listener.gateway), listener.path)]
        places += [Place(str(Address("Secret", listener.gateway.mesh, name))) for name in listener.secrets]
        text = f"{listener.port or '?'} {listener.protocol or '?'}"
        return Node(id_, "listener", text, listener.hostname, tuple(lines), tuple(facts), tuple(places))

    def host(self, gateway: Gateway, listener: Listener, host: str, listener_id: str) -> str:
        """Draw a host and port, and where its requests come from."""
        text = f"{host}:{listener.port or '?'}"
        lines = ("from inside of the meshes alone",) if listener.cross_mesh else ()
        url = replace(listener, hostname=host).url
        facts = [("listener", f"{listener.gateway} {listener.label}"), *([("url", url)] if url else [])]
        id_ = self.id("host", text, listener.cross_mesh)
        self.add(Card(id_, "host", text, "", lines, tuple(facts), column="hosts"))
        self.hosts[id_] = host
        self.lead(id_, listener_id, style="flow" if gateway.served else "idle")
        if listener.cross_mesh:
            lines = ("by mTLS",)
            client = self.add(Card(self.id("meshes"), "clients", "Proxies of any mesh", "", lines, column="clients"))
        else:
            client = self.add(Card(self.id("clients"), "clients", "Clients", column="clients"))
        self.lead(client, id_, style="crossing" if listener.cross_mesh else "flow")
        return id_

    # --- routes and backends -----------------------------------------------------------------------------------------

    def route(self, route: Route, found: list[Rule]) -> None:
        """Draw a route that is about gateways, and lead the listeners to it that it does something on."""
        listeners = [one for one in self.mesh.listeners if route.attached(one)]
        if not found or not (listeners or route.target or route.address.kind == "MeshGatewayRoute"):
            return
        id_ = self.id("route", route.address)
        rows = [self.rule(route, one) for one in found]
        facts = (
            ("address", str(route.address)),
            *(("for listeners with", tagged(one)) for one in route.selectors if one),
        )
        place = (Place(str(route.address)),)
        self.add(
            Card(
                id_, "route", route.address.name, route.address.kind, (), facts, place, (), tuple(rows), "routes"
            )
        )  # fmt: skip
        for listener in listeners:
            if any(one.serves(listener.hostname) for one in found):
                idle = beaten(route, self.rivals(route, listener))
                self.lead(self.row_of(listener), id_, style="idle" if idle else "flow")

    def rivals(self, route: Route, listener: Listener) -> list[Route]:
        """Return the routes beside which a route stands: requests are decided for a gateway, connections for a listener."""
        if route.speaks == "tcp":
            return self.mesh.attached(listener)
        gateway = self.mesh.gateways[listener.gateway.name]
        return [other for other in self.mesh.routes if any(other.attached(one) for one in gateway.listeners)]

    def rule(self, route: Route, rule: Rule) -> Node:
        """Return the row of a rule, and lead it to its backends."""
        id_ = self.id("rule", route.address, rule.path)
        self.rules[id_] = rule
        first, *more = rule.matches
        lines = [f"or {one}" for one in more]
        lines += [f"for {', '.join(rule.hostnames)}"] if rule.hostnames else []
        lines += rule.filters
        served = [one for one in rule.backends if not one.mirror]
        for one, share in zip(served, shares([one.weight for one in served]), strict=True):
            self.lead(id_, self.backend(one), share)
        for one in rule.backends:
            if one.mirror:
                self.lead(id_, self.backend(one), "copy", "copy")
        facts = [("address", str(route.address)), ("path", rule.path)]
        facts += [("backend", one.label) for one in rule.backends]
        return Node(id_, "rule", first, "", tuple(lines), tuple(facts), (Place(str(route.address), rule.path),))

    def backend(self, backend: Backend) -> str:
        """Draw what a rule sends traffic to."""
        address = Address(backend.kind, self.mesh.name, backend.name)
        document = self.mesh.services.get(address)
        tags = {key: value for key, value in backend.tags.items() if key != SERVICE}
        kind = backend.kind
        if document is None and kind in ("MeshService", "MeshServiceSubset", "Service"):
            kind = SERVICES  # these are three ways to name what has the tag
        name = backend.name or tagged(backend.labels)
        proxies = [
            one for one in self.mesh.proxies.values() if any(t.get(SERVICE) == backend.name for t in one.inbounds)
        ]
        lines = [tagged(tags)] if tags else []
        lines += [counted([one.address.name for one in proxies], "proxy", "proxies")] if proxies else []
        facts = [("address", str(document.address))] if document else [(SERVICES, backend.name)]
        facts += [("proxy", f"{one.address.name} at {one.host}") for one in proxies]
        port = f" :{backend.port}" if backend.port else ""
        return self.add(
            Card(
                self.id("backend", kind, name, backend.port, tagged(tags)), "backend", f"{name}{port}",
                "service" if kind == SERVICES else kind, tuple(lines), tuple(facts), (Place(str(address)),), column="backends",
            )
        )  # fmt: skip

    # --- delegated gateways, and ways into other meshes ---------------------------------------------------------------

    def delegated(self, name: str, proxies: Sequence[Proxy]) -> None:
        """Draw a delegated gateway: what it does with requests it alone knows, where it sends them its outbounds tell."""
        places = tuple(Place(str(proxy.address)) for proxy in proxies)
        shown = [f"{proxy.address.name} at {proxy.host}" for proxy in proxies]
        host = self.add(
            Card(self.id("host", "delegated", name), "host", f"hosts of {name}", "", ("set in the gateway itself",), column="hosts")
        )  # fmt: skip
        facts = (
            ("address", places[0].address),
            *(("proxy", each) for each in shown),
            ("tags", tagged(proxies[0].tags)),
        )
        lines = (counted(shown, "proxy", "proxies"),)
        gateway = self.add(
            Card(
                self.id("delegated", name), "delegated", name, "delegated gateway", lines, facts, places, column="gateways"
            )
        )  # fmt: skip
        self.hosts[host] = ""
        self.lead(self.add(Card(self.id("clients"), "clients", "Clients", column="clients")), host)
        self.lead(host, gateway)
        rows = self.outbounds(name, proxies)
        if rows:
            card = Card(
                self.id("outbounds", name), "route", name, "outbounds", (), facts, (), (), tuple(rows), "routes"
            )  # fmt: skip
            self.lead(gateway, self.add(card))

    def outbounds(self, name: str, proxies: Sequence[Proxy]) -> list[Node]:
        """Return the rows of the outbounds of a delegated gateway; one that all of its proxies have counts once."""
        rows: dict[str, Node] = {}
        for outbound in (each for proxy in proxies for each in proxy.outbounds):
            elsewhere = outbound.mesh != self.mesh.name
            said = said_of(outbound)
            id_ = self.id("outbound", name, outbound.address, outbound.port, said.label)
            place = Place(str(outbound.dataplane), outbound.path)
            if id_ in rows:
                rows[id_] = replace(rows[id_], places=(*rows[id_].places, place))
                continue
            facts = (("address", place.address), ("path", place.path), ("tags", tagged(outbound.tags)))
            lines = (f"to {said.name} in mesh {outbound.mesh}",) if elsewhere else ()
            rows[id_] = Node(id_, "rule", f"{outbound.address}:{outbound.port}", "", lines, facts, (place,))
            if not elsewhere:
                self.lead(id_, self.backend(said))
        through = any(table(proxy.document.body, "networking.transparentProxying") for proxy in proxies)
        if through and (id_ := self.id("outbound", name, "transparent")):
            rows[id_] = Node(id_, "rule", "transparent proxying", "", ("reaches every service of the mesh",))
        return list(rows.values())

    def crossing(self, crossing: Crossing, drawings: "dict[str, Drawing]") -> None:
        """Draw a proxy that reaches a listener which crosses meshes, and lead it there."""
        outbound = crossing.outbound
        proxy = self.mesh.proxies[outbound.dataplane.name]
        name = next((tags[SERVICE] for tags in (proxy.tags, *proxy.inbounds) if SERVICE in tags), proxy.address.name)
        id_ = self.id("consumer", name)
        place, line = Place(str(proxy.address), outbound.path), f"by {outbound.address}:{outbound.port}"
        fact = ("outbound", f"{proxy.address} {outbound.path}")
        card = self.cards.get(id_) or Card(id_, "consumer", name, "proxy", column="clients")
        lines = tuple(dict.fromkeys((*card.lines, line)))
        self.cards[id_] = replace(card, lines=lines, facts=(*card.facts, fact), places=(*card.places, place))
        there = drawings[crossing.gateway.address.mesh or ""]
        for listener in crossing.gateway.listeners:  # whatever the port of the outbound: the gateway's service is meant
            for host in there.entries[there.row_of(listener)] if listener.cross_mesh else ():
                self.lead(id_, host, style="crossing")


def said_of(outbound: Outbound) -> Backend:
    """Return what an outbound leads to."""
    said = outbound.backend or {}
    kind, port = str(said.get("kind") or "Service"), said.get("port")
    labels = said.get("labels")
    name = str(said.get("name") or outbound.tags.get(SERVICE, ""))
    tags = {key: value for key, value in outbound.tags.items() if key != "kuma.io/mesh"}
    return Backend(outbound.path, kind, name, int(port) if port else None, None, tags, labels if is_map(labels) else {})


def counted(names: Sequence[str], one: str, many: str) -> str:
    """Name one thing, count several."""
    return names[0] if len(names) == 1 else f"{len(names)} {one if len(names) == 1 else many}"


def marked(card: Card, findings: Sequence[Finding]) -> Card:
    """Return a card with the findings about it and its rows, each in the narrowest place."""
    rows = tuple(replace(row, findings=about(row, findings)) for row in card.rows)
    below = {found for row in rows for found in row.findings}
    return replace(card, rows=rows, findings=tuple(one for one in about(card, findings) if one not in below))


def about(node: Node, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings about a node."""
    return tuple(found for found in findings if any(place.holds(found) for place in node.places))
