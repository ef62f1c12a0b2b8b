"""Services: their server names.

What a control plane does by itself some seconds later (addresses, host names, services made of proxies) is not done here:
a status stays as it is on the first day.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_mesh.sandbox.labels import SHOWN, ZONE
from pulumi_mesh.sandbox.site import Behaviour
from pulumi_mesh.sandbox.store import Row
from pulumi_mesh.schema.rules import dig, parts


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


MESH_SERVICE = Behaviour(snis=lambda row: snis(row, "msvc", by_ports(row.content())), late="name")
MESH_EXTERNAL_SERVICE = Behaviour(snis=lambda row: snis(row, "extsvc", by_match(row.content())), late="name")
MESH_MULTI_ZONE_SERVICE = Behaviour(snis=lambda row: snis(row, "mzsvc", by_ports(row.content())))
WORKLOAD = Behaviour(begins={"dataplaneProxies": {"connected": 0, "healthy": 0, "total": 0}}, late="name")
