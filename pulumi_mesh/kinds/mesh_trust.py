"""MeshTrust: which CAs are trusted for the identities of a trust domain."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import StringConstraints

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.forms import decoded
from pulumi_mesh.schema.grave import MTLS
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Str
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts
from pulumi_mesh.schema.spec import Model, One, Part, Parts, field

PEM = re.compile(
    r"(?<![^\n])-----BEGIN (?P<type>[^\n]*?)-----[ \t\r]*\n(?:[^\n:]*:[^\n]*\n)*"
    r"(?P<data>[^-]*?)(?:\n|(?<=\n))-----END (?P=type)-----[ \t\r]*(?:\n|$)"
)
KEYS = ("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY")


class TrustOrigin(Model):
    """What a MeshTrust was made of."""

    kri: One[Str | None] = field(default=None, doc="The KRI of a MeshIdentity.")


class PemBundle(Model):
    """CAs as PEM."""

    value: One[Str] = field(doc="The certificates.")


class CaBundle(Model):
    """CAs that are trusted."""

    type: One[Literal["Pem"]] = field(doc="How they are given: `Pem`.")
    pem: Part[PemBundle | None] = field(default=None, doc="The CAs as PEM.")


def bundles(trust: Body, _: Release) -> Iterator[Violation]:
    """Each bundle begins with a certificate."""
    for path, bundle in parts(trust, "spec.caBundles"):
        if bundle.get("type") != "Pem":
            continue
        if bundle.get("pem") is None:
            yield Violation(f"{path}.pem", "must be defined")
        elif not is_certificate(str(dig(bundle, "pem.value") or "")):
            yield Violation(f"{path}.pem.value", "provided certificate has incorrect format")


def is_certificate(text: str) -> bool:
    """Tell whether the first block of PEM in a text is none of a private key."""
    for found in PEM.finditer(text):
        try:
            decoded(re.sub(r"[ \t]", "", found["data"]))
        except ValueError:
            continue
        return found["type"] not in KEYS
    return False


def domain(trust: Body, _: Release) -> Iterator[Violation]:
    """A trust domain has a name."""
    said = dig(trust, "spec.trustDomain")
    if said == "":
        yield Violation("spec.trustDomain", "trustDomain needs to be defined")
    if said is not None and len(str(said).encode()) > 253:
        yield Violation("spec.trustDomain", "must not be longer than 253 characters")


def deprecated_origin(trust: Body, release: Release) -> Iterator[Violation]:
    """The origin is status, which the control plane writes."""
    if dig(trust, "spec.origin") is not None and release >= (2, 13):
        yield Violation("spec.origin", "setting spec.origin field is deprecated")


class MeshTrust(
    MeshScoped,
    kind=Kind(
        path="meshtrusts",
        shape="spec",
        short="mtrust",
        status="2.13",
        since=Release(2, 12),
        rules=(bundles, domain),
        warnings=(deprecated_origin,),
        grave=MTLS,
    ),
):
    """Which CAs are trusted for the identities of a trust domain.

    Of a MeshIdentity with a CA of its own the control plane makes one by itself.

    Source: https://kuma.io/docs/latest/policies/meshtrust/
    """

    trust_domain: One[Annotated[Str, StringConstraints(max_length=253)]] = field(doc="The trust domain.")
    ca_bundles: Parts[CaBundle] = field(wire="caBundles", least=1, unordered=True, doc="The CAs; at least one bundle.")
    origin: Part[TrustOrigin | None] = field(
        default=None, deprecated="status.origin, which the control plane writes", doc="What it was made of."
    )


__all__ = ["CaBundle", "MeshTrust", "PemBundle", "TrustOrigin"]
