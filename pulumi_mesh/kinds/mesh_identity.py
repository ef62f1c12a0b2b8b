"""MeshIdentity: who issues the identities of proxies, and what they look like."""

from collections.abc import Iterator
from typing import Any, Literal

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.forms import nanoseconds
from pulumi_mesh.schema.go_lex import TemplateError
from pulumi_mesh.schema.go_template import parse
from pulumi_mesh.schema.grave import MTLS
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Bool, Duration, LabelSelector, Str
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, join
from pulumi_mesh.schema.spec import Model, One, Part, field

PROVIDER = "spec.provider"
CONFIGURATION = {"Bundled": "bundled", "Spire": "spire", "Extension": "extension"}
SOURCES = {"File": ("file", "path"), "EnvVar": ("envVar", "name"), "InsecureInline": ("insecureInline", "value")}


class IdentitySelector(Model):
    """Which proxies get identities."""

    dataplane: Part[LabelSelector | None] = field(
        default=None, presence=True, doc="Labels that they have; every proxy, if there are none in it."
    )


class SpiffeId(Model):
    """What identities look like: `spiffe://TRUST-DOMAIN/PATH`, both of them templates of Go."""

    trust_domain: One[Str | None] = field(
        default=None, doc="The trust domain; `{{ .Mesh }}.{{ .Zone }}.mesh.local`, if absent."
    )
    path: One[Str | None] = field(
        default=None, doc='The path; `/workload/{{ .Workload }}`, if absent; `{{ label "team" }}` reads a label.'
    )


class FileSource(Model):
    """A file beside the control plane."""

    path: One[Str] = field(doc="Its path, from the root, without `..`.")


class EnvVarSource(Model):
    """An environment variable of the control plane."""

    name: One[Str] = field(doc="Its name.")


class InlineSource(Model):
    """The data itself, which everybody can read who can read the object."""

    value: One[Str] = field(secret=True, doc="The data as text.")


class SecretRef(Model):
    """A Secret of the mesh."""

    kind: One[Literal["Secret"]] = field(doc="What is referred to: a Secret.")
    name: One[Str] = field(refers="Secret", doc="Its name.")


class SecureDataSource(Model):
    """Where data comes from that is secret."""

    type: One[Literal["File", "Secret", "EnvVar", "InsecureInline"]] = field(doc="Which of the others is meant.")
    file: Part[FileSource | None] = field(default=None, doc="A file beside the control plane.")
    secret_ref: Part[SecretRef | None] = field(default=None, doc="A Secret of the mesh.")
    env_var: Part[EnvVarSource | None] = field(default=None, doc="An environment variable of the control plane.")
    insecure_inline: Part[InlineSource | None] = field(default=None, doc="The data itself.")


class IdentityCa(Model):
    """A CA that identities are issued by."""

    certificate: Part[SecureDataSource | None] = field(default=None, doc="Its certificate, as PEM.")
    private_key: Part[SecureDataSource | None] = field(default=None, doc="Its key, as PEM.")


class Autogenerate(Model):
    """Whether the control plane makes a CA by itself."""

    enabled: One[Bool | None] = field(default=None, doc="Whether it does; false, if absent.")


class CertificateParameters(Model):
    """What certificates look like."""

    expiry: One[Duration | None] = field(default=None, doc="How long they are valid; 24h, if absent.")


class BundledProvider(Model):
    """A CA that the control plane holds."""

    mesh_trust_creation: One[Literal["Enabled", "Disabled"] | None] = field(
        default=None, doc="Whether a MeshTrust is made of it; `Enabled`, if absent."
    )
    insecure_allow_self_signed: One[Bool | None] = field(
        default=None, doc="Whether the CA may be one that signs itself; false, if absent."
    )
    autogenerate: Part[Autogenerate | None] = field(default=None, doc="Whether the control plane makes the CA.")
    ca: Part[IdentityCa | None] = field(default=None, doc="The CA, unless it is made.")
    certificate_parameters: Part[CertificateParameters | None] = field(default=None, doc="What certificates look like.")


class SpireAgent(Model):
    """The agent of SPIRE beside a proxy."""

    timeout: One[Duration | None] = field(default=None, doc="How long its socket may take to answer; 1s, if absent.")


class SpireProvider(Model):
    """SPIRE, which issues identities by itself."""

    agent: Part[SpireAgent | None] = field(default=None, doc="Its agent beside a proxy.")


class IdentityExtension(Model):
    """A plugin of the control plane that issues identities."""

    name: One[Str] = field(doc="Its name.")
    config: One[Any] = field(default=None, doc="What it takes, in any form.")


class IdentityProvider(Model):
    """Who issues identities."""

    type: One[Literal["Bundled", "Spire", "Extension"]] = field(
        doc="Which of the others is meant; `Extension` since Kuma 2.14."
    )
    bundled: Part[BundledProvider | None] = field(default=None, presence=True, doc="A CA that the control plane holds.")
    spire: Part[SpireProvider | None] = field(default=None, presence=True, doc="SPIRE.")
    extension: Part[IdentityExtension | None] = field(default=None, since="2.14", doc="A plugin of the control plane.")


def spiffe_id(identity: Body, release: Release) -> Iterator[Violation]:
    """Trust domain and path are templates; Kuma 2.12 looked at the trust domain for both."""
    for key in ("trustDomain", "path"):
        text = dig(identity, f"spec.spiffeID.{key if release >= (2, 13) else 'trustDomain'}")
        if not dig(identity, f"spec.spiffeID.{key}") or not text:
            continue
        try:
            parse(str(text))
        except TemplateError as error:
            yield Violation(f"spec.spiffeID.{key}", f"couldn't parse template: {error}")


def provider(identity: Body, release: Release) -> Iterator[Violation]:
    """A provider comes with what its type needs."""
    said = dig(identity, PROVIDER)
    if said is None:
        if release < (2, 13):
            yield Violation(PROVIDER, "in body is required")
        return
    kind = str(said.get("type") or "")
    if kind == "Extension" and release < (2, 14):
        yield Violation(f"{PROVIDER}.type", "in body should be one of [Bundled Spire]")
        return
    key = CONFIGURATION.get(kind)
    if key is None:
        return
    path, config = join(PROVIDER, key), said.get(key)
    if config is None:
        yield Violation(path, "configuration needs to be defined")
    elif key == "bundled":
        yield from bundled(path, config)
    elif key == "spire":  # the control plane says this part of the path twice
        yield from lasting(f"{path}.agent.spire.agent.timeout", dig(config, "agent.timeout"))
    elif not config.get("name"):
        yield Violation(f"{path}.name", "extension name needs to be defined")


def bundled(path: str, said: Body) -> Iterator[Violation]:
    """There is a CA, made or given, never both."""
    at, given = f"{path}.ca", said.get("ca")
    if dig(said, "autogenerate.enabled"):
        if given is not None:
            yield Violation(at, "shouldn't be defined once using autogenerated")
    elif given is None:
        yield Violation(at, "must be defined")
    else:
        for key in ("certificate", "privateKey"):
            if given.get(key) is None:
                yield Violation(f"{at}.{key}", "must be defined")
            else:
                yield from source(f"{at}.{key}", given[key])
    yield from lasting(f"{path}.certificateParameters.expiry", dig(said, "certificateParameters.expiry"))


def source(path: str, said: Body) -> Iterator[Violation]:
    """A source says where its data is, in the way that its type names."""
    kind = str(said.get("type") or "")
    if kind == "Secret":
        ref = said.get("secretRef")
        if ref is None:
            yield Violation(f"{path}.secretRef", "must be defined")
        elif not ref.get("name"):
            yield Violation(f"{path}.secretRef.name", "must be defined")
    elif kind in SOURCES:
        key, inner = SOURCES[kind]
        if said.get(key) is None:
            yield Violation(f"{path}.{key}", "must be defined")
        elif not (value := said[key].get(inner)):
            yield Violation(f"{path}.{key}.{inner}", "must be defined")
        elif kind == "File":
            yield from file_path(f"{path}.file.path", str(value))


def file_path(path: str, said: str) -> Iterator[Violation]:
    """A path leads from the root downwards."""
    if ".." in said:
        yield Violation(path, f"file path contains directory traversal sequence: {said}")
    elif not said.startswith("/"):
        yield Violation(path, f"file path must be absolute: {said}")


def lasting(path: str, said: object) -> Iterator[Violation]:
    """A duration is not less than nothing."""
    if said is not None and nanoseconds(str(said)) < 0:
        yield Violation(path, "must not be negative when defined")


class MeshIdentity(
    MeshScoped,
    kind=Kind(
        path="meshidentities",
        shape="spec",
        short="mid",
        status="2.12",
        since=Release(2, 12),
        rules=(spiffe_id, provider),
        grave=MTLS,
    ),
):
    """Who issues the identities of proxies, for whom, and what they look like; it takes the place of `Mesh.mtls`.

    Source: https://kuma.io/docs/latest/policies/meshidentity/
    """

    selector: Part[IdentitySelector | None] = field(default=None, doc="Which proxies get them; none, if absent.")
    spiffe_id: Part[SpiffeId | None] = field(default=None, wire="spiffeID", doc="What they look like.")
    provider: Part[IdentityProvider | None] = field(
        default=None, doc="Who issues them; must be said up to Kuma 2.12, and nobody does, if absent."
    )


__all__ = [
    "Autogenerate",
    "BundledProvider",
    "CertificateParameters",
    "EnvVarSource",
    "FileSource",
    "IdentityCa",
    "IdentityExtension",
    "IdentityProvider",
    "IdentitySelector",
    "InlineSource",
    "MeshIdentity",
    "SecretRef",
    "SecureDataSource",
    "SpiffeId",
    "SpireAgent",
    "SpireProvider",
]
