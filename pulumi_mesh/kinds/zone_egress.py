"""ZoneEgress: the proxy through which traffic leaves a zone."""

from collections.abc import Iterator

from pulumi_mesh.kinds.dataplane import Admin
from pulumi_mesh.kinds.dataplane_rules import address
from pulumi_mesh.kinds.zone_ingress import AT, admin
from pulumi_mesh.resource import Resource
from pulumi_mesh.schema.grave import DESTINATION
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Str, Uint32
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, table
from pulumi_mesh.schema.spec import Model, One, Part, field
from pulumi_mesh.schema.tags import port


class ZoneEgressNetworking(Model):
    """Where the proxy of a zone listens."""

    address: One[Str | None] = field(default=None, doc="The IP address or DNS name on which it listens.")
    port: One[Uint32] = field(doc="The port on which it listens, 1 to 65535.")
    admin: Part[Admin | None] = field(default=None, presence=True, doc="Envoy's own interface.")


def networking(proxy: Body, _: Release) -> Iterator[Violation]:
    """The proxy listens on a port; the path of its address ends in the word twice."""
    said = table(proxy, AT)
    yield from admin(said, ("address", "port"))
    if said.get("address"):
        yield from address(f"{AT}.address.address", str(said["address"]))
    yield from port(f"{AT}.port", said.get("port"))


class ZoneEgress(
    Resource,
    kind=Kind(
        path="zoneegresses",
        shape="legacy",
        scope="global",
        short="ze",
        written_on=frozenset({"zone"}),
        rules=(networking,),
        grave=DESTINATION,
    ),
):
    """The proxy through which traffic leaves a zone: to other zones, and to services outside of the mesh.

    kuma-dp registers it by itself, unless it is started with the name of one that is there.

    Source: https://kuma.io/docs/latest/production/cp-deployment/zoneegress/
    """

    zone: One[Str | None] = field(default=None, refers="Zone", doc="The zone; the global control plane writes it.")
    networking: Part[ZoneEgressNetworking] = field(doc="Where it listens.")


__all__ = ["ZoneEgress", "ZoneEgressNetworking"]
