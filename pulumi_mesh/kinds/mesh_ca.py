"""The certificate authorities of a mesh: those of Kuma, and those that Kong Mesh adds."""

import re
from collections.abc import Iterator
from typing import Any, Literal

from pulumi_mesh.kinds.mesh_ca_pair import inline, pair
from pulumi_mesh.schema.parts import Bool, DataSource, Duration, Str, Uint32
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts
from pulumi_mesh.schema.spec import Many, Model, One, Part, Ref, field, is_map
from pulumi_mesh.schema.tags import is_dns_name

MODES = {"STRICT": 0, "PERMISSIVE": 1}
AGE = re.compile(r"0|\d+(y|w|d|h|m|s|ms)", re.ASCII)


class Rotation(Model):
    """When the certificate of a proxy is renewed."""

    expiration: One[Str | None] = field(
        default=None, doc="How long it is valid: a number and one of `y`, `w`, `d`, `h`, `m`, `s`, `ms`, such as `1d`."
    )


class DpCert(Model):
    """The certificates that proxies get."""

    rotation: Part[Rotation | None] = field(default=None, doc="When they are renewed; Kuma wants it here.")
    request_timeout: One[Duration | None] = field(default=None, doc="How long the CA may take to issue one.")


class RootChain(Model):
    """The certificates of the CA itself."""

    request_timeout: One[Duration | None] = field(
        default=None, doc="How long the CA may take to give them; 10s, if absent."
    )


class CaBackend(Model, by="type"):
    """A certificate authority; its variants say which."""

    name: One[Str] = field(doc="Its name, unique in the mesh.")
    type: One[Any] = field(doc="What it is: `builtin`, `provided`; Kong Mesh: `vault`, `acmpca`, `certmanager`.")
    mode: One[Literal["STRICT", "PERMISSIVE"] | None] = field(
        default=None,
        enum=MODES,
        doc="Whether a proxy takes encrypted traffic only (`STRICT`), or plain text, too; `STRICT`, if absent.",
    )
    dp_cert: Part[DpCert | None] = field(default=None, doc="The certificates that proxies get.")
    root_chain: Part[RootChain | None] = field(default=None, doc="The certificates of the CA itself.")


class CaCert(Model):
    """The certificate that the control plane makes for a builtin CA."""

    rsa_bits: One[Uint32 | None] = field(
        default=None, wire="RSAbits", presence=True, doc="The length of its key in bits; 2048, if absent."
    )
    expiration: One[Str | None] = field(default=None, doc="How long it is valid, such as `10y`; ten years, if absent.")


class BuiltinCa(CaBackend, when="builtin"):
    """A CA that the control plane makes, and keeps in Secrets of the mesh.

    Source: https://kuma.io/docs/latest/policies/mutual-tls/
    """

    type: One[Literal["builtin"]] = field(default="builtin", doc="Always `builtin`.")
    ca_cert: Part[CaCert | None] = field(default=None, wire="conf.caCert", doc="Its certificate.")


class ProvidedCa(CaBackend, when="provided"):
    """A CA whose certificate and key somebody else made.

    Source: https://kuma.io/docs/latest/policies/mutual-tls/
    """

    type: One[Literal["provided"]] = field(default="provided", doc="Always `provided`.")
    cert: Ref[DataSource] = field(wire="conf.cert", doc="Its certificate in PEM; a Secret must be there already.")
    key: Ref[DataSource] = field(wire="conf.key", doc="Its private key in PEM; a Secret must be there already.")


class VaultTls(Model):
    """How the server is verified."""

    ca_cert: Ref[DataSource | None] = field(default=None, doc="The CA of its certificate, in PEM.")
    skip_verify: One[Bool | None] = field(default=None, doc="Whether it is not verified at all; false, if absent.")
    server_name: One[Str | None] = field(
        default=None, doc="The name in its certificate, where that is not its address."
    )


class VaultClientTls(Model):
    """A certificate that the control plane shows."""

    client_cert: Ref[DataSource | None] = field(default=None, doc="The certificate in PEM.")
    client_key: Ref[DataSource | None] = field(default=None, doc="Its private key in PEM.")


class VaultAws(Model):
    """An identity at AWS."""

    type: One[Literal["IAM", "EC2"] | None] = field(
        default=None, enum={"IAM": 0, "EC2": 1}, doc="Which kind of identity; `IAM`, if absent."
    )
    role: One[Str | None] = field(default=None, doc="The role in Vault.")
    iam_server_id_header: One[Str | None] = field(default=None, doc="The value of the header that Vault asks for.")


class VaultAuth(Model):
    """How the control plane says who it is, one way of three."""

    token: Ref[DataSource | None] = field(default=None, secret=False, doc="By a token.")
    tls: Part[VaultClientTls | None] = field(default=None, doc="By a certificate.")
    aws: Part[VaultAws | None] = field(default=None, doc="By an identity at AWS.")


class VaultServer(Model):
    """A Vault that issues certificates."""

    address: One[Str | None] = field(default=None, doc="The URL of the server.")
    agent_address: One[Str | None] = field(default=None, doc="The URL of an agent, instead of the server's.")
    namespace: One[Str | None] = field(default=None, doc="The namespace in Vault.")
    pki: One[Str | None] = field(default=None, doc="The path of the PKI engine.")
    role: One[Str | None] = field(default=None, doc="The role of the PKI engine that issues the certificates.")
    common_name: One[Str | None] = field(default=None, doc="A template of the common name in the certificates.")
    tls: Part[VaultTls | None] = field(default=None, doc="How the server is verified.")
    auth: Part[VaultAuth | None] = field(default=None, doc="How the control plane says who it is.")


class VaultCa(CaBackend, when="vault"):
    """A CA in HashiCorp Vault, for Kong Mesh.

    Source: https://developer.konghq.com/mesh/vault/
    """

    type: One[Literal["vault"]] = field(default="vault", doc="Always `vault`.")
    from_cp: Part[VaultServer] = field(wire="conf.fromCp", doc="The Vault that the control plane asks.")


class AwsCredentials(Model):
    """An access key of AWS."""

    access_key: Ref[DataSource | None] = field(default=None, doc="The id of the key.")
    access_key_secret: Ref[DataSource | None] = field(default=None, doc="The key.")


class AcmPcaAuth(Model):
    """How the control plane says who it is."""

    aws_credentials: Part[AwsCredentials | None] = field(default=None, doc="By an access key.")


class AcmPcaCa(CaBackend, when="acmpca"):
    """A private CA of the AWS Certificate Manager, for Kong Mesh.

    Source: https://developer.konghq.com/mesh/acm-private-ca-policy/
    """

    type: One[Literal["acmpca"]] = field(default="acmpca", doc="Always `acmpca`.")
    arn: One[Str | None] = field(default=None, wire="conf.arn", doc="The ARN of the CA.")
    common_name: One[Str | None] = field(
        default=None, wire="conf.commonName", doc="A template of the common name in the certificates."
    )
    ca_cert: Ref[DataSource | None] = field(default=None, wire="conf.caCert", doc="The root certificate in PEM.")
    auth: Part[AcmPcaAuth | None] = field(
        default=None, wire="conf.auth", doc="How the control plane says who it is; the AWS default chain, if absent."
    )


class IssuerRef(Model):
    """An issuer of cert-manager."""

    name: One[Str] = field(doc="Its name.")
    kind: One[Str | None] = field(default=None, doc="`Issuer` or `ClusterIssuer`; `Issuer`, if absent.")
    group: One[Str | None] = field(default=None, doc="Its API group; `cert-manager.io`, if absent.")


class CertManagerCa(CaBackend, when="certmanager"):
    """A CA behind cert-manager on Kubernetes, for Kong Mesh.

    Source: https://developer.konghq.com/mesh/cert-manager/
    """

    type: One[Literal["certmanager"]] = field(default="certmanager", doc="Always `certmanager`.")
    issuer_ref: Part[IssuerRef | None] = field(default=None, wire="conf.issuerRef", doc="The issuer.")
    common_name: One[Str | None] = field(
        default=None, wire="conf.commonName", doc="A template of the common name in the certificates."
    )
    dns_names: Many[Str] = field(default=None, wire="conf.dnsNames", doc="Templates of further names in them.")
    ca_cert: Ref[DataSource | None] = field(default=None, wire="conf.caCert", doc="The root certificate in PEM.")


def mtls(mesh: Body, _: Release) -> Iterator[Violation]:
    """One CA, which the mesh names; the validity of certificates is a number and a unit."""
    backends = list(parts(mesh, "mtls.backends"))
    if len(backends) > 1:
        yield Violation("mtls.backends", "cannot have more than 1 backends")
    yield from unique(backends)
    for _path, backend in backends:
        if backend.get("dpCert") is not None and not is_age(dig(backend, "dpCert.rotation.expiration")):
            yield Violation("mtls.dpcert.rotation.expiration", "has to be a valid format")
    yield from chosen(mesh, "mtls", "enabledBackend", "has to be set to one of the backends in the mesh")


def authorities(mesh: Body) -> Iterator[Violation]:
    """Each CA by itself."""
    skipped = bool(dig(mesh, "mtls.skipValidation"))
    for path, backend in parts(mesh, "mtls.backends"):
        kind, age = backend.get("type"), dig(backend, "conf.caCert.expiration")
        if not isinstance(kind, str) or kind not in CaBackend.variants:
            yield Violation(f"{path}.type", "could not find installed plugin for this type")
            return
        if kind == "builtin" and age and not is_age(age):  # the control plane fails on it
            yield Violation(f"{path}.conf.caCert.expiration", "has to be a number and one of y, w, d, h, m, s, ms")
        if kind == "builtin" and not skipped:
            yield from builtin(path, backend, str(mesh.get("name") or "m"))
        if kind == "provided" and not skipped:
            yield from provided(f"{path}.conf", dig(backend, "conf.cert"), dig(backend, "conf.key"))


def builtin(path: str, backend: Body, mesh: str) -> Iterator[Violation]:
    """The name of a builtin CA is a part of the names of its Secrets."""
    name = str(backend.get("name") or "")
    secret = f"{mesh}.ca-builtin-cert-{name}"
    if len(secret.encode()) > 255:
        yield Violation(f"{path}.conf.mtls.backends.name", "Backend name is too long. Max length: 255")
    if not is_dns_name(secret) or secret != secret.lower():
        yield Violation(f"{path}.conf.mtls.backends.name", f'"{name}" name must be valid dns name')


def provided(path: str, cert: Any, key: Any) -> Iterator[Violation]:
    """Certificate and key are somewhere, and where they are given inline, they are those of a CA."""
    found = [*source(f"{path}.cert", cert), *source(f"{path}.key", key)]
    yield from found
    if not found and (certificate := inline(cert)) is not None and (private := inline(key)) is not None:
        yield from pair(path, certificate, private)


def source(path: str, said: Any) -> Iterator[Violation]:
    """Data comes from one place, which is named."""
    if said is None:
        yield Violation(path, "has to be defined")
        return
    places = [key for key in ("secret", "file", "inline", "inlineString") if is_map(said) and said.get(key) is not None]
    if not places:
        yield Violation(path, "data source has to be chosen. Available sources: secret, file, inline")
    for place in places:
        if not said[place] and place != "inlineString":
            yield Violation(f"{path}.{place}", "cannot be empty")


def unique(backends: list[tuple[str, Body]]) -> Iterator[Violation]:
    """No two backends have the same name."""
    names: set[str] = set()
    for path, backend in backends:
        name = str(backend.get("name") or "")
        if name in names:
            yield Violation(f"{path}.name", f'"{name}" name is already used for another backend')
        names.add(name)


def chosen(mesh: Body, part: str, key: str, message: str) -> Iterator[Violation]:
    """The backend that is named is there."""
    name = dig(mesh, f"{part}.{key}")
    if name and name not in [str(backend.get("name") or "") for _, backend in parts(mesh, f"{part}.backends")]:
        yield Violation(f"{part}.{key}", message)


def is_age(text: Any) -> bool:
    """Tell whether text is a validity as Kuma spells it: `1d`, `12h`, `0`."""
    return isinstance(text, str) and AGE.fullmatch(text) is not None
