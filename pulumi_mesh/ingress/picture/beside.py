"""Drawing what stands beside builtin gateways: delegated ones, and the proxies that reach other meshes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pulumi_mesh.ingress.topology import Crossing, Outbound, Proxy, reached
from pulumi_mesh.ingress.topology.backends import Backend
from pulumi_mesh.ingress.topology.edge import MESH
from pulumi_mesh.schema.rules import table
from pulumi_mesh.schema.spec import is_map
from pulumi_mesh.schema.tags import SERVICE

from .builtin import row_of
from .drawing import Drawing, counted, shown
from .services import backend
from .value import Card, Node, Place
from .words import tagged


def draw_delegated(drawing: Drawing) -> None:
    """Draw the delegated gateways of a mesh, the Dataplanes of one service as one."""
    groups: dict[str, list[Proxy]] = {}
    for proxy in drawing.mesh.delegated:
        groups.setdefault(proxy.tags.get(SERVICE, proxy.address.name), []).append(proxy)
    for name, proxies in groups.items():
        draw_gateway(drawing, name, proxies)


def draw_gateway(drawing: Drawing, name: str, proxies: Sequence[Proxy]) -> None:
    """Draw a delegated gateway: what it does with requests it alone knows, where it sends them its outbounds tell."""
    places, proxied = tuple(Place(str(proxy.address)) for proxy in proxies), shown(proxies)
    facts = (("address", places[0].address), *(("proxy", one) for one in proxied), ("tags", tagged(proxies[0].tags)))
    said = ("set in the gateway itself",)
    host = drawing.add(
        Card(drawing.id("host", "delegated", name), "host", f"hosts of {name}", "", said, column="hosts")
    )  # fmt: skip
    gateway = drawing.add(
        Card(
            drawing.id("delegated", name), "delegated", name, "delegated gateway", (counted(proxied),), facts, places,
            column="gateways",
        )
    )  # fmt: skip
    drawing.hosts[host] = ""
    drawing.lead(drawing.clients(), host)
    drawing.lead(host, gateway)
    if rows := tuple(draw_outbounds(drawing, name, proxies)):
        id_ = drawing.id("outbounds", name)
        card = Card(id_, "route", name, "outbounds", (), facts, rows=rows, column="routes")
        drawing.lead(gateway, drawing.add(card))


def draw_outbounds(drawing: Drawing, name: str, proxies: Sequence[Proxy]) -> list[Node]:
    """Return the rows of the outbounds of a delegated gateway; one that several of its proxies have counts once."""
    rows: dict[str, Node] = {}
    for outbound in (each for proxy in proxies for each in proxy.outbounds):
        said, place = target(outbound), Place(str(outbound.dataplane), outbound.path)
        id_ = drawing.id("outbound", name, outbound.address, outbound.port, outbound.mesh, said.label)
        if id_ in rows:
            rows[id_] = replace(rows[id_], places=(*rows[id_].places, place))
            continue
        facts = (("address", place.address), ("path", place.path), ("tags", tagged(outbound.tags)))
        elsewhere = outbound.mesh != drawing.mesh.name
        lines = (f"to {said.name} in mesh {outbound.mesh}",) if elsewhere else ()
        rows[id_] = Node(id_, "rule", f"{outbound.address}:{outbound.port}", "", lines, facts, (place,))
        if not elsewhere:
            drawing.lead(id_, backend(drawing, said))
    if any(table(proxy.document.body, "networking.transparentProxying") for proxy in proxies):
        id_ = drawing.id("outbound", name, "transparent")
        rows[id_] = Node(id_, "rule", "transparent proxying", "", ("reaches every service of the mesh",))
    return list(rows.values())


def target(outbound: Outbound) -> Backend:
    """Return what an outbound leads to."""
    said = outbound.backend or {}
    port, labels = said.get("port"), said.get("labels")
    name = str(said.get("name") or outbound.tags.get(SERVICE, ""))
    tags = {key: value for key, value in outbound.tags.items() if key != MESH}
    return Backend(
        outbound.path,
        str(said.get("kind") or "Service"),
        name,
        int(port) if isinstance(port, int) else None,
        None,
        tags,
        labels if is_map(labels) else {},
    )


def draw_crossing(crossing: Crossing, drawings: Mapping[str, Drawing]) -> None:
    """Draw a proxy that reaches a gateway which crosses meshes, and lead it there.

    The port of the outbound is the consumer's own: what is reached is the gateway's service.
    """
    outbound, there = crossing.outbound, drawings[crossing.gateway.address.mesh or ""]
    drawing = drawings[outbound.dataplane.mesh or ""]
    proxy = drawing.mesh.proxies[outbound.dataplane.name]
    name = next((tags[SERVICE] for tags in (proxy.tags, *proxy.inbounds) if SERVICE in tags), proxy.address.name)
    id_ = drawing.id("consumer", name)
    card = drawing.cards.get(id_) or Card(id_, "consumer", name, "proxy", column="clients")
    drawing.cards[id_] = replace(
        card,
        lines=tuple(dict.fromkeys((*card.lines, f"by {outbound.address}:{outbound.port}"))),
        facts=tuple(dict.fromkeys((*card.facts, ("outbound", f"{proxy.address} {outbound.path}")))),
        places=tuple(dict.fromkeys((*card.places, Place(str(proxy.address), outbound.path)))),
    )
    for listener in crossing.gateway.listeners:
        if reached(listener, outbound, crossing.gateway):
            for host in there.entries[row_of(there, listener)]:
                drawing.lead(id_, host, style="crossing")
