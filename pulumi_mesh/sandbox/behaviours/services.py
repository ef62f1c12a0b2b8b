"""Services: their status, their server names, what the schema of each release says otherwise than the kind.

What a control plane does by itself some seconds later (addresses, host names, services made of proxies) is not done here:
a status stays as it is on the first day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pulumi_mesh.sandbox.labels import SHOWN, ZONE
from pulumi_mesh.sandbox.nodes import Node
from pulumi_mesh.sandbox.site import Behaviour
from pulumi_mesh.sandbox.store import Row
from pulumi_mesh.schema.rules import dig, parts
from pulumi_mesh.schema.spec import NOTHING

TEXT, NUMBER = Node("string"), Node("integer")


def record(**fields: Node) -> Node:
    """Make the node of an object."""
    return Node("object", fields=fields)


def many(item: Node) -> Node:
    """Make the node of a list."""
    return Node("array", item=item)


GENERATOR = replace(record(coreName=replace(TEXT, fills="")), fills={})
CONDITION = record(type=TEXT, status=TEXT, reason=TEXT, message=TEXT)
ADDRESSES = many(record(hostname=TEXT, origin=TEXT, hostnameGeneratorRef=GENERATOR))
GENERATED = many(record(hostnameGeneratorRef=GENERATOR, conditions=many(CONDITION)))
VIP = record(ip=TEXT)
PROXIES = replace(record(connected=NUMBER, healthy=NUMBER, total=NUMBER), fills={})
SERVICE = record(
    addresses=ADDRESSES,
    vips=many(VIP),
    tls=replace(record(status=TEXT), fills={}),
    hostnameGenerators=GENERATED,
    dataplaneProxies=PROXIES,
)
EXTERNAL = record(vip=replace(VIP, fills={}), addresses=ADDRESSES, hostnameGenerators=GENERATED)
MULTI_ZONE = record(
    addresses=ADDRESSES,
    vips=many(VIP),
    meshServices=many(record(name=TEXT, namespace=TEXT, zone=TEXT, mesh=TEXT)),
    hostnameGenerators=GENERATED,
    conditions=many(CONDITION),
)


def by_ports(body: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Yield port and section of each port of a service."""
    for _, port in parts(body, "spec.ports"):
        yield port["port"], str(port.get("name") or port["port"])


def by_match(body: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Yield the port that an external service is reached by."""
    port = dig(body, "spec.match.port")
    if port is not None:
        yield port, str(port)


def snis(row: Row, short: str, ports: Iterator[tuple[int, str]]) -> list[dict[str, Any]]:
    """Return the server names of a service: made of its mesh, its zone, its name and a port."""
    own = row.labelled()
    stem = [short, row.mesh, *([own[ZONE]] if own.get(ZONE) else []), own.get(SHOWN, row.name)]
    return [{"port": port, "sni": ".".join(["sni", *stem, section])} for port, section in sorted(ports)]


def spec_of(node: Node) -> dict[str, Node]:
    """Return the fields below `spec`."""
    return node.fields["spec"].fields


def port_type(node: Node, *, modern: bool) -> None:
    """Ports of services have a sign since some release between the two."""
    if (item := spec_of(node)["ports"].item) is not None:
        item.fields["port"].go = "int32" if modern else "uint32"


def amend_service(node: Node, *, modern: bool) -> None:
    """An absent target port is 0 in 2.10 only, an empty name is none there; a selector is always there."""
    port_type(node, modern=modern)
    spec_of(node)["selector"].fills = {}
    if (item := spec_of(node)["ports"].item) is not None:
        item.fields["name"].fills, item.fields["name"].vanishes = NOTHING, not modern
        item.fields["targetPort"].fills = NOTHING if modern else 0


def amend_multi_zone(node: Node, *, modern: bool) -> None:
    """The labels of the services that are gathered are required by the schema of 2.10."""
    port_type(node, modern=modern)
    if not modern:
        spec_of(node)["selector"].fields["meshService"].required = ("matchLabels",)


MESH_SERVICE = Behaviour(
    status=SERVICE,
    snis=lambda row: snis(row, "msvc", by_ports(row.content())),
    amend=amend_service,
    late="name",
)
MESH_EXTERNAL_SERVICE = Behaviour(
    status=EXTERNAL, snis=lambda row: snis(row, "extsvc", by_match(row.content())), late="name"
)
MESH_MULTI_ZONE_SERVICE = Behaviour(
    status=MULTI_ZONE, snis=lambda row: snis(row, "mzsvc", by_ports(row.content())), amend=amend_multi_zone
)
WORKLOAD = Behaviour(
    status=record(dataplaneProxies=record(connected=NUMBER, healthy=NUMBER, total=NUMBER)),
    begins={"dataplaneProxies": {"connected": 0, "healthy": 0, "total": 0}},
    late="name",
)
