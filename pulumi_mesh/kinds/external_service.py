"""ExternalService: a service outside of the mesh, known by tags."""

from collections.abc import Iterator

from pulumi_mesh.kinds.dataplane_rules import PROTOCOL, TOLERATED, unknown
from pulumi_mesh.kinds.mesh_gateway_route_rules import chosen
from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.go import host_port, is_ip
from pulumi_mesh.schema.grave import DESTINATION
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Bool, DataSource, Str
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, entry, table
from pulumi_mesh.schema.spec import Model, One, Part, Ref, Table, field
from pulumi_mesh.schema.tags import SERVICE, is_dns_name, port, tags

SOURCES = ("secret", "file", "inline", "inlineString")


class ExternalServiceTls(Model):
    """TLS that the proxy speaks with the service."""

    enabled: One[Bool | None] = field(default=None, doc="Whether it does; false, if absent.")
    ca_cert: Ref[DataSource | None] = field(proto=True, default=None, doc="The CA of the service.")
    client_cert: Ref[DataSource | None] = field(proto=True, default=None, doc="The certificate of the proxy.")
    client_key: Ref[DataSource | None] = field(proto=True, default=None, doc="The key of that certificate.")
    allow_renegotiation: One[Bool | None] = field(
        default=None, presence=True, doc="Whether the server may negotiate again, which is not safe; false, if absent."
    )
    server_name: One[Str | None] = field(
        proto=True,
        default=None,
        presence=True,
        doc="The server name that is asked for; the host of the address, if absent.",
    )
    skip_hostname_verification: One[Bool | None] = field(
        default=None, presence=True, doc="Whether the certificate may be of another host; false, if absent."
    )


class ExternalServiceNetworking(Model):
    """Where a service is."""

    address: One[Str] = field(doc="HOST:PORT, an IP address or DNS name and 1 to 65535.")
    tls: Part[ExternalServiceTls | None] = field(default=None, presence=True, doc="TLS that the proxy speaks with it.")
    disable_host_dns_entry: One[Bool | None] = field(
        default=None,
        wire="disableHostDNSEntry",
        doc="Whether the host of the address is not resolved in the mesh, only the name by the tag; false, if absent.",
    )


def networking(service: Body, _: Release) -> Iterator[Violation]:
    """A service has an address; what is said of TLS says something."""
    said = service.get("networking")
    if said is None:
        yield Violation("networking", "should have networking")
        return
    yield from address(str(dig(said, "address") or ""))
    if dig(said, "tls.serverName") == "":
        yield Violation("networking.tls.serverName", "cannot be empty")
    for key in ("caCert", "clientCert", "clientKey"):
        source = dig(said, f"tls.{key}")
        if source is not None and not source.get(chosen(source, SOURCES)):
            yield Violation(f"networking.tls.{key}", "data source cannot be empty")


def address(said: str) -> Iterator[Violation]:
    """An address is HOST:PORT; all that is wrong with it is said."""
    path = "networking.address"
    if not said:
        yield Violation(path, "address can't be empty")
        return
    found = host_port(said)
    if found is None:
        yield Violation(path, "unable to parse address")
    host, number = found or ("", "")
    if not is_ip(host) and not is_dns_name(host):
        yield Violation(path, "address has to be a valid IP address or a domain name")
    parsed = number.isascii() and number.isdigit() and int(number) < 2**32
    if not parsed:
        yield Violation(path, "unable to parse port in address")
    yield from port(path, int(number) if parsed else 0)


def tagged(service: Body, _: Release) -> Iterator[Violation]:
    """The tags name the service, by another name than that of its host."""
    said = table(service, "tags")
    if PROTOCOL in said and str(said[PROTOCOL]).lower() not in TOLERATED:
        yield Violation(entry("tags", PROTOCOL), f'tag "{PROTOCOL}" {unknown(str(said[PROTOCOL]))}')
    yield from tags("tags", said, required=(SERVICE,), some=False)
    found = host_port(str(dig(service, "networking.address") or ""))
    if said.get(SERVICE) and found is not None and found[0] == said[SERVICE]:
        yield Violation(entry("tags", SERVICE), "cannot be the same as networking.address")


class ExternalService(
    MeshScoped,
    kind=Kind(
        path="external-services",
        shape="legacy",
        written_on=frozenset({"global"}),
        rules=(networking, tagged),
        grave=DESTINATION,
    ),
):
    """A service outside of the mesh: by which tags it is known inside, and where it is.

    MeshExternalService replaces it.

    Source: https://kuma.io/docs/latest/policies/external-services/
    """

    networking: Part[ExternalServiceNetworking] = field(doc="Where it is.")
    tags: Table[Str] = field(doc="Its tags, `kuma.io/service` among them; `kuma.io/protocol` says what is spoken.")


__all__ = ["ExternalService", "ExternalServiceNetworking", "ExternalServiceTls"]
