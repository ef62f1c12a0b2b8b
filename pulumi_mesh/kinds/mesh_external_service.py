"""MeshExternalService: a service outside of the mesh, under a name inside."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import pulumi
from annotated_types import Ge, Le
from pydantic import StringConstraints

from pulumi_mesh.kinds.service_names import at_most, conforms, named_by
from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.go import is_ip
from pulumi_mesh.schema.grave import DESTINATION
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import BackendRef, Bool, Int, SecretOrInline, Str
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts
from pulumi_mesh.schema.spec import Model, One, Part, Parts, Ref, field
from pulumi_mesh.schema.tags import is_dns_name

Port = Annotated[Int, Ge(1), Le(65535)]
TlsVersionName = Literal["TLSAuto", "TLS10", "TLS11", "TLS12", "TLS13"]
VERSIONS = ("TLS10", "TLS11", "TLS12", "TLS13")


class ExternalMatch(Model):
    """Which traffic goes to a service."""

    port: One[Port] = field(doc="The port that clients ask for, 1 to 65535.")
    protocol: One[Literal["tcp", "grpc", "http", "http2"] | None] = field(
        default=None, fills="tcp", doc="What is spoken; `tcp`, if absent."
    )
    type: One[Literal["HostnameGenerator"] | None] = field(
        default=None, fills="HostnameGenerator", doc="How its host name is made: by a HostnameGenerator."
    )


class Extension(Model):
    """What a plugin of the control plane takes."""

    type: One[Str] = field(doc="The name of the plugin.")
    config: One[Any] = field(default=None, doc="What the plugin takes, in any form.")


class ExternalEndpoint(Model):
    """Where a service is."""

    address: One[Annotated[Str, StringConstraints(min_length=1)]] = field(doc="An IP address or DNS name.")
    port: One[Port] = field(doc="Its port, 1 to 65535.")
    priority: One[Annotated[Int, Ge(0), Le(128)] | None] = field(
        default=None, since="2.14", doc="Traffic goes to the lowest priority that is well, 0 to 128; 0, if absent."
    )


class TlsVersions(Model):
    """Which versions of TLS are spoken."""

    min: One[TlsVersionName | None] = field(default=None, fills="TLSAuto", doc="The lowest; `TLSAuto`, if absent.")
    max: One[TlsVersionName | None] = field(default=None, fills="TLSAuto", doc="The highest; `TLSAuto`, if absent.")


class SubjectAltName(Model):
    """A name that a certificate must have."""

    value: One[Str] = field(doc="The name.")
    type: One[Literal["Exact", "Prefix"] | None] = field(
        default=None, fills="Exact", doc="Whether it is the whole name, or how it begins; `Exact`, if absent."
    )


class TlsVerification(Model):
    """How the proxy finds out whom it speaks with, and how it proves who it is."""

    mode: One[Literal["SkipSAN", "SkipCA", "Secured", "SkipAll"] | None] = field(
        default=None, fills="Secured", doc="What is not verified; `Secured` (all is), if absent."
    )
    server_name: One[Str | None] = field(default=None, doc="The server name that is asked for; the address, if absent.")
    subject_alt_names: Parts[SubjectAltName] = field(
        default=None, unordered=True, doc="Names of which the certificate must have one; the server name, if absent."
    )
    ca_cert: Ref[SecretOrInline | None] = field(default=None, doc="The CA; those of the system, if absent.")
    client_cert: Ref[SecretOrInline | None] = field(
        default=None, doc="The certificate of the proxy; with `client_key`."
    )
    client_key: Ref[SecretOrInline | None] = field(default=None, doc="The key of that certificate.")


class ExternalTls(Model):
    """TLS that the proxy speaks with a service."""

    enabled: One[Bool | None] = field(default=None, fills=False, doc="Whether it does; false, if absent.")
    version: Part[TlsVersions | None] = field(default=None, doc="Which versions.")
    allow_renegotiation: One[Bool | None] = field(
        default=None, fills=False, doc="Whether the server may negotiate again, which is not safe; false, if absent."
    )
    verification: Part[TlsVerification | None] = field(default=None, doc="Who speaks.")


def endpoints(service: Body, _: Release) -> Iterator[Violation]:
    """Each endpoint has an address; an extension judges for itself."""
    if dig(service, "spec.extension") is not None:
        return
    for path, endpoint in parts(service, "spec.endpoints"):
        address = str(endpoint.get("address") or "")
        if not is_ip(address) and not is_dns_name(address):
            yield Violation(f"{path}.address", "address has to be a valid IP or hostname")


def tls(service: Body, _: Release) -> Iterator[Violation]:
    """Versions are in order, a certificate has its key; an extension judges for itself."""
    path, said = "spec.tls", dig(service, "spec.tls")
    if said is None or dig(service, "spec.extension") is not None:
        return
    low, high = dig(said, "version.min"), dig(said, "version.max")
    if low in VERSIONS and high in VERSIONS and VERSIONS.index(low) > VERSIONS.index(high):
        yield Violation(f"{path}.version.min", "min version must be lower than max")
    path, said = f"{path}.verification", dig(said, "verification")
    name = dig(said, "serverName")
    if name is not None and not is_dns_name(str(name)):
        yield Violation(f"{path}.serverName", "must be a valid DNS name")
    cert, key = (dig(said, where) is not None for where in ("clientCert", "clientKey"))
    if cert and not key:
        yield Violation(f"{path}.clientKey", "must be defined when clientCert is defined")
    if key and not cert:
        yield Violation(f"{path}.clientCert", "must be defined when clientKey is defined")


def data(service: Body, _: Release) -> Iterator[Violation]:
    """What is given in base64 stands on one line, as the schema wants it."""
    for key in ("caCert", "clientCert", "clientKey"):
        path = f"spec.tls.verification.{key}.inline"
        if set(str(dig(service, path) or "")) & set("\r\n"):
            yield Violation(path, "must be base64 on one line")


def extension(body: Body, _: Release) -> Iterator[Violation]:
    """An extension has a name."""
    if dig(body, "spec.extension.type") == "":
        yield Violation("spec.extension.type", "must not be empty")


def sections(service: Body) -> Iterator[str]:
    """Yield the name of the one port."""
    if (port := dig(service, "spec.match.port")) is not None:
        yield str(int(port))


class MeshExternalService(
    MeshScoped,
    kind=Kind(
        path="meshexternalservices",
        shape="spec",
        short="extsvc",
        status="2.10",
        rules=(at_most(63), endpoints, tls, data, extension),
        warnings=(conforms("MeshExternalService"), named_by("MeshExternalService", sections)),
        grave=DESTINATION,
    ),
):
    """A service outside of the mesh: under which name and port it is found inside, and where it is.

    Traffic goes to it through a ZoneEgress only.

    Source: https://kuma.io/docs/latest/networking/meshexternalservice/
    """

    match: Part[ExternalMatch] = field(doc="Which traffic goes to it.")
    endpoints: Parts[ExternalEndpoint] = field(default=None, key=("address", "port"), doc="Where it is.")
    tls: Part[ExternalTls | None] = field(default=None, presence=True, doc="TLS that the proxy speaks with it.")
    extension: Part[Extension | None] = field(
        default=None, doc="A plugin of the control plane that serves it, instead of `endpoints` and `tls`."
    )

    def ref(self, *, port: pulumi.Input[int] | None = None, weight: pulumi.Input[int] | None = None) -> BackendRef:
        """Refer to the service as a backend of a route: `legacy.ref(weight=10)`."""
        return BackendRef(kind="MeshExternalService", name=self.name, port=port, weight=weight)


__all__ = [
    "Extension",
    "ExternalEndpoint",
    "ExternalMatch",
    "ExternalTls",
    "MeshExternalService",
    "SubjectAltName",
    "TlsVerification",
    "TlsVersions",
]
