"""ZoneIngress: the proxy through which traffic of other zones comes in."""

from collections.abc import Iterator

from pulumi_mesh.kinds.dataplane import Admin
from pulumi_mesh.kinds.dataplane_rules import address, on_loopback
from pulumi_mesh.resource import Resource
from pulumi_mesh.schema.grave import DESTINATION
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Bool, Str, Uint32
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts, table
from pulumi_mesh.schema.spec import Model, One, Part, Parts, Table, field
from pulumi_mesh.schema.tags import SERVICE, port, tags

AT = "networking"


class ZoneIngressNetworking(Model):
    """Where the proxy of a zone listens, and where other zones find it."""

    address: One[Str | None] = field(default=None, doc="The IP address or DNS name on which it listens.")
    port: One[Uint32] = field(doc="The port on which it listens, 1 to 65535.")
    advertised_address: One[Str | None] = field(
        default=None, doc="The IP address or DNS name by which other zones find it; with `advertised_port`."
    )
    advertised_port: One[Uint32 | None] = field(
        default=None, doc="The port by which other zones find it; with `advertised_address`."
    )
    admin: Part[Admin | None] = field(default=None, presence=True, doc="Envoy's own interface.")


class AvailableService(Model):
    """A service that other zones find behind the proxy."""

    tags: Table[Str] = field(default=None, doc="Its tags, `kuma.io/service` among them.")
    instances: One[Uint32 | None] = field(default=None, doc="How many proxies it has; 0, if absent.")
    mesh: One[Str | None] = field(default=None, refers="Mesh", doc="The mesh that it is in.")
    external_service: One[Bool | None] = field(
        default=None, doc="Whether it is an ExternalService of the zone; false, if absent."
    )


def networking(proxy: Body, _: Release) -> Iterator[Violation]:
    """The proxy listens on a port, and is advertised as a whole or not at all; the paths of addresses end in their word twice."""
    said = table(proxy, AT)
    yield from admin(said, ("address", "port"), ("advertisedAddress", "advertisedPort"))
    advertised, number = said.get("advertisedAddress"), int(said.get("advertisedPort") or 0)
    if not advertised and number:
        yield Violation(f"{AT}.advertisedAddress", "has to be defined with advertisedPort")
    if advertised and not number:
        yield Violation(f"{AT}.advertisedPort", "has to be defined with advertisedAddress")
    for key in ("address", "advertisedAddress"):
        if said.get(key):
            yield from address(f"{AT}.{key}.address", str(said[key]))
    yield from port(f"{AT}.port", said.get("port"))
    if number:
        yield from port(f"{AT}.advertisedPort", number)


def admin(said: Body, *places: tuple[str, str]) -> Iterator[Violation]:
    """Envoy's own interface is on loopback, where the proxy may not have its port."""
    own = dig(said, "admin")
    taken = [int(said.get(key) or 0) for at, key in places if on_loopback(str(said.get(at) or ""))]
    if own is not None and int(own.get("port") or 0) in taken:
        yield Violation(f"{AT}.admin.port", "must differ from port")


def services(proxy: Body, _: Release) -> Iterator[Violation]:
    """Each service has a name; the control plane shortens the path."""
    for path, service in parts(proxy, "availableServices"):
        at = path.replace("availableServices", "availableService")
        yield from tags(f"{at}.tags", table(service, "tags"), required=(SERVICE,), some=False)


class ZoneIngress(
    Resource,
    kind=Kind(
        path="zone-ingresses",
        moved={Release(2, 11): "zoneingresses"},
        shape="legacy",
        scope="global",
        short="zi",
        written_on=frozenset({"zone"}),
        rules=(networking, services),
        grave=DESTINATION,
    ),
):
    """The proxy through which traffic of other zones comes in.

    kuma-dp registers it by itself, unless it is started with the name of one that is there.

    Source: https://kuma.io/docs/latest/production/cp-deployment/zone-ingress/
    """

    zone: One[Str | None] = field(default=None, refers="Zone", doc="The zone; the global control plane writes it.")
    networking: Part[ZoneIngressNetworking] = field(doc="Where it listens, and where other zones find it.")
    available_services: Parts[AvailableService] = field(
        default=None, owned=True, doc="The services behind it; the control plane writes them."
    )


__all__ = ["AvailableService", "ZoneIngress", "ZoneIngressNetworking"]
