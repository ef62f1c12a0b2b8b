"""Certificates of listeners: what is in a PEM, whether it holds together, which hosts it is for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509.extensions import ExtensionNotFound

Severity = Literal["error", "warning"]
SMALLEST_RSA = 2048
CURVES = ("secp256r1", "secp384r1", "secp521r1")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a certificate: where, why, and whether traffic is lost by it. It never holds a part of the key."""

    where: Literal["certificate", "private_key"]
    message: str
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a certificate that could be read."""

    hostnames: tuple[str, ...]
    """The DNS names and addresses that it is for."""
    expires: datetime
    algorithm: str
    """RSA or ECDSA: a listener takes one of each."""
    issued: datetime
    """Since when it is good."""


def facts(certificate: str) -> Facts:
    """Read the server's certificate, the first of a PEM; ValueError where there is none."""
    first = chain(certificate)[0]
    return Facts(names(first), first.not_valid_after_utc, algorithm(first), first.not_valid_before_utc)


def judge(certificate: str, private_key: str, warn_days: int = 30, now: datetime | None = None) -> Iterator[Problem]:
    """Yield everything that is wrong with a certificate, its chain and its key."""
    now = now or datetime.now(timezone.utc)
    try:
        certificates = chain(certificate)
    except ValueError as error:
        yield Problem("certificate", str(error))
        return
    if "PRIVATE KEY" in certificate:
        yield Problem("certificate", "holds a private key; give that as private_key alone")
    yield from key_problems(certificates[0], private_key)
    yield from key_kind(certificates[0])
    yield from order(certificates)
    yield from dates(certificates, warn_days, now)
    if not names(certificates[0]):
        yield Problem("certificate", "names no host: clients look at the subject alternative names, and there are none")


def chain(certificate: str) -> list[x509.Certificate]:
    """Read the certificates of a PEM; ValueError where there are none."""
    try:
        return x509.load_pem_x509_certificates(certificate.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("is no PEM of certificates; it begins with -----BEGIN CERTIFICATE-----") from None


def key_problems(server: x509.Certificate, private_key: str) -> Iterator[Problem]:
    """The key can be read, and belongs to the server's certificate."""
    try:
        key = load_pem_private_key(private_key.encode(), password=None)
    except TypeError:
        yield Problem("private_key", "is encrypted; the proxies cannot ask for its password, so give it without one")
        return
    except (ValueError, UnsupportedAlgorithm):
        yield Problem("private_key", "is no PEM of a private key; it begins with -----BEGIN PRIVATE KEY-----")
        return
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if key.public_key().public_bytes(*form) != server.public_key().public_bytes(*form):
        yield Problem("private_key", f"belongs to another certificate than {subject(server)}, the first of the chain")


def key_kind(server: x509.Certificate) -> Iterator[Problem]:
    """The proxies take RSA of 2048 bits or more, and ECDSA of three curves."""
    key = server.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < SMALLEST_RSA:
            yield Problem("certificate", f"has an RSA key of {key.key_size} bits; Envoy takes {SMALLEST_RSA} or more")
    elif isinstance(key, ec.EllipticCurvePublicKey):
        if key.curve.name not in CURVES:
            yield Problem("certificate", f"has a key of the curve {key.curve.name}; Envoy takes P-256, P-384 and P-521")
    else:
        yield Problem("certificate", f"has a key of the kind {algorithm(server)}; Envoy takes RSA and ECDSA")


def order(certificates: list[x509.Certificate]) -> Iterator[Problem]:
    """Each certificate is signed by the next one, the server's stands first."""
    for number, (one, issuer) in enumerate(pairwise(certificates), 1):
        if not is_signed_by(one, issuer):
            yield Problem(
                "certificate",
                f"is out of order: certificate {number} ({subject(one)}) is not signed by the next one ({subject(issuer)});"
                " the server's comes first, then each one's issuer",
            )
            return


def is_signed_by(one: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Tell whether a certificate is signed by another one."""
    try:
        one.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def dates(certificates: list[x509.Certificate], warn_days: int, now: datetime) -> Iterator[Problem]:
    """Every certificate of the chain is good now, and for some days more."""
    for one in certificates:
        until = f"{one.not_valid_after_utc:%Y-%m-%d}"
        if one.not_valid_after_utc <= now:
            yield Problem("certificate", f"{subject(one)} has expired on {until}")
        elif one.not_valid_before_utc > now:
            yield Problem(
                "certificate", f"{subject(one)} is not good before {one.not_valid_before_utc:%Y-%m-%d %H:%M} UTC"
            )
        elif one.not_valid_after_utc <= now + timedelta(days=warn_days):
            days = (one.not_valid_after_utc - now).days
            yield Problem("certificate", f"{subject(one)} expires on {until}, in {days} days", "warning")


def names(server: x509.Certificate) -> tuple[str, ...]:
    """Return the DNS names and addresses that a certificate is for."""
    try:
        said = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except ExtensionNotFound:
        return ()
    hosts = said.get_values_for_type(x509.DNSName)
    return (*hosts, *(str(address) for address in said.get_values_for_type(x509.IPAddress)))


def covers(hostnames: tuple[str, ...] | list[str], host: str) -> bool:
    """Tell whether a certificate for these names is one for a host, or for a listener's wildcard (`*.example.com`).

    A wildcard stands for one label, as TLS has it: `*.example.com` is for `a.example.com`, not for `a.b.example.com`.
    """
    host = host.lower().rstrip(".")
    for name in (each.lower().rstrip(".") for each in hostnames):
        if name == host:
            return True
        if name.startswith("*.") and not host.startswith("*.") and host.partition(".")[2] == name[2:]:
            return True
    return False


def algorithm(server: x509.Certificate) -> str:
    """Name the kind of a certificate's key."""
    key = server.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return "RSA"
    return "ECDSA" if isinstance(key, ec.EllipticCurvePublicKey) else type(key).__name__.removesuffix("PublicKey")


def subject(one: x509.Certificate) -> str:
    """Say whose certificate it is."""
    return one.subject.rfc4514_string() or f"the one of {', '.join(names(one)) or 'nobody'}"
