"""MeshTLS: how traffic within the mesh is encrypted."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.grave import MTLS
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import TargetRef
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts, values
from pulumi_mesh.schema.spec import Many, Model, One, Part, Parts, field
from pulumi_mesh.schema.target_ref import (
    EVERYONE,
    Place,
    deprecated_from,
    deprecated_top,
    each,
    top,
    top_kind,
    works_on_inbounds,
)

TOP = Place(("Mesh", "MeshSubset", "Dataplane"))
VERSIONS = ("TLS10", "TLS11", "TLS12", "TLS13")
TlsVersionName = Literal["TLSAuto", "TLS10", "TLS11", "TLS12", "TLS13"]
TlsCipher = Literal[
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-RSA-CHACHA20-POLY1305",
]


class TlsVersionRange(Model):
    """Versions of TLS that are spoken."""

    min: One[TlsVersionName | None] = field(
        default=None, fills="TLSAuto", doc="The lowest; TLSAuto, which is Envoy's choice, if absent."
    )
    max: One[TlsVersionName | None] = field(
        default=None, fills="TLSAuto", doc="The highest; TLSAuto, which is Envoy's choice, if absent."
    )


class TlsConf(Model):
    """How traffic is encrypted."""

    mode: One[Literal["Permissive", "Strict"] | None] = field(
        default=None, doc="Whether clear text is taken, too (Permissive), or not; as the mesh says, if absent."
    )
    tls_version: Part[TlsVersionRange | None] = field(default=None, doc="Versions; only of the whole mesh.")
    tls_ciphers: Many[TlsCipher] = field(
        default=None, unordered=True, presence=True, doc="Ciphers; only of the whole mesh; Envoy's choice, if absent."
    )


class TlsFrom(Model):
    """How incoming traffic is encrypted, by its source."""

    target_ref: Part[TargetRef] = field(doc="The source: the whole mesh.")
    default: Part[TlsConf | None] = field(default=None, doc="How it is encrypted.")


class TlsRule(Model):
    """How incoming traffic is encrypted."""

    default: Part[TlsConf | None] = field(default=None, doc="How it is encrypted.")


def references(tls: Body, release: Release) -> Iterator[Violation]:
    """What is referred to."""
    yield from top(tls, release, replace(TOP, inbound=works_on_inbounds(tls)))
    yield from each(tls, "spec.from", release, EVERYONE)


def lists(tls: Body, _: Release) -> Iterator[Violation]:
    """Sources or rules, never both."""
    if values(tls, "spec.rules") and values(tls, "spec.from"):
        yield Violation("spec", "field 'from' must be empty when 'rules' is defined")


def confs(tls: Body, _: Release) -> Iterator[Violation]:
    """Versions and ciphers are those of the whole mesh."""
    whole = top_kind(tls) in ("", "Mesh")
    for name in ("rules", "from"):
        for path, item in parts(tls, f"spec.{name}"):
            at = f"{path}.default"
            if values(item, "default.tlsCiphers") and not whole:
                yield Violation(
                    f"{at}.tlsCiphers", "tlsCiphers can only be defined with top level targetRef kind: Mesh"
                )
            if (version := dig(item, "default.tlsVersion")) is None:
                continue
            least, most = version.get("min"), version.get("max")
            if not whole:
                yield Violation(
                    f"{at}.tlsVersion", "tlsVersion can only be defined with top level targetRef kind: Mesh"
                )
            elif least in VERSIONS and most in VERSIONS and VERSIONS.index(least) > VERSIONS.index(most):
                yield Violation(f"{at}.tlsVersion.min", "min version must be lower than max")


class MeshTLS(
    MeshScoped,
    kind=Kind(
        path="meshtlses",
        shape="spec",
        short="mtls",
        policy=True,
        rules=(references, lists, confs),
        warnings=(deprecated_from, deprecated_top),
        grave=MTLS,
    ),
):
    """How traffic within the mesh is encrypted.

    Source: https://kuma.io/docs/latest/policies/meshtls/
    """

    target_ref: Part[TargetRef | None] = field(default=None, doc="Whose proxies; those of the whole mesh, if absent.")
    rules: Parts[TlsRule] = field(default=None, doc="Incoming traffic; not beside `from_`.")
    from_: Parts[TlsFrom] = field(
        default=None, deprecated="rules", doc="Incoming traffic, as it was said before `rules`."
    )


__all__ = ["MeshTLS", "TlsConf", "TlsFrom", "TlsRule", "TlsVersionRange"]
