"""Certificate authorities of a mesh: keys that the control plane makes, and what it checks of keys that it is given."""

import base64
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from pulumi_mesh.kinds.mesh_ca_pair import pair
from pulumi_mesh.sandbox.answers import Unread
from pulumi_mesh.sandbox.site import Site, Write
from pulumi_mesh.schema.rules import Violation, dig, parts

PEM = serialization.Encoding.PEM


def encoded(data: bytes) -> str:
    """Write bytes as a Secret holds them."""
    return base64.b64encode(data).decode()


def new_key() -> tuple[ec.EllipticCurvePrivateKey, bytes]:
    """Make a private key; the real control plane makes a longer one, of another kind."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key, key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


@cache
def signing_key() -> str:
    """Make a key for tokens; it takes a while, and nobody checks a token here, so that one key serves a whole process."""
    key = rsa.generate_private_key(65537, 2048)
    return encoded(key.private_bytes(PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()))


def authority(mesh: str) -> tuple[str, str]:
    """Make certificate and key of a builtin CA; it issues nothing here."""
    key, pem = new_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, mesh[:64])])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(seconds=10))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage(), critical=True)
        .sign(key, hashes.SHA256())
    )
    return encoded(certificate.public_bytes(PEM)), encoded(pem)


def usage() -> x509.KeyUsage:
    """Return what a CA uses its key for."""
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )


def checked(site: Site, write: Write) -> Iterator[Violation]:
    """Yield what is wrong with the CAs that are provided."""
    for path, backend in parts(write.body, "mtls.backends"):
        if backend.get("type") != "provided":
            continue
        at = f"{path}.conf"
        try:
            key, certificate = (loaded(site, write.name, dig(backend, f"conf.{part}")) for part in ("key", "cert"))
        except Unread as error:
            yield from (Violation(f"{at}.{part}", f"could not load data: {error}") for part in ("cert", "key"))
            continue
        yield from pair(at, certificate, key)


def loaded(site: Site, mesh: str, source: Any) -> bytes:
    """Read a source of data."""
    source = source or {}
    if "secret" in source:
        return secret(site, mesh, str(source["secret"]))
    if "file" in source:
        return file(str(source["file"]))
    if "inline" in source:
        return base64.b64decode(str(source["inline"]))
    return str(source.get("inlineString", "")).encode()


def secret(site: Site, mesh: str, name: str) -> bytes:
    """Read a Secret, through a cache of one second, as the real control plane does."""
    cached = site.seen.get((mesh, name))
    if cached is not None and site.clock() < cached[0]:
        return cached[1]
    row = site.store.get("Secret", mesh, name)
    if row is None:
        said = "resource" if site.modern else "Resource"
        raise Unread(f'{said} not found: type="Secret" name="{name}" mesh="{mesh}"')
    data = base64.b64decode(row.content().get("data", ""))
    site.seen[mesh, name] = (site.clock() + 1, data)
    return data


def file(path: str) -> bytes:
    """Read a file of this machine."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise Unread(f"open {path}: {str(error.strerror).lower()}") from None
