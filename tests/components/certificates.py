"""Certificates for tests, made here and now: good ones, and each kind of bad one."""

from datetime import datetime, timedelta, timezone
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

NOW = datetime.now(timezone.utc)


def ecdsa() -> Any:
    return ec.generate_private_key(ec.SECP256R1())


def rsa_key(bits: int = 2048) -> Any:
    return rsa.generate_private_key(65537, bits)


def ed() -> Any:
    return ed25519.Ed25519PrivateKey.generate()


def signed(
    key: Any,
    name: str = "shop.example",
    *,
    hosts: tuple[str, ...] | None = None,
    by: tuple[x509.Certificate, Any] | None = None,
    start: timedelta = timedelta(hours=-1),
    end: timedelta = timedelta(days=365),
) -> x509.Certificate:
    """Make a certificate of a key, signed by another one or by itself."""
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    issuer, signer = (by[0].subject, by[1]) if by else (subject, key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + start)
        .not_valid_after(NOW + end)
    )
    hosts = (name,) if hosts is None else hosts
    if hosts:
        said = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
        builder = builder.add_extension(said, critical=False)
    return builder.sign(signer, None if isinstance(signer, ed25519.Ed25519PrivateKey) else hashes.SHA256())


def pem(*certificates: x509.Certificate) -> str:
    return "".join(one.public_bytes(serialization.Encoding.PEM).decode() for one in certificates)


def pem_key(key: Any, password: bytes | None = None) -> str:
    how = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how).decode()


def pair(host: str = "shop.example", **how: Any) -> tuple[str, str]:
    """Return certificate and key of a host."""
    key = ecdsa()
    return pem(signed(key, host, **how)), pem_key(key)
