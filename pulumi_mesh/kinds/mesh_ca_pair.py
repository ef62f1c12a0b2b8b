"""Certificate and key of a CA that is provided, as the control plane judges them before it takes a mesh."""

import base64
import binascii
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pulumi_mesh.schema.rules import Violation
from pulumi_mesh.schema.spec import is_map

if TYPE_CHECKING:
    from cryptography import x509


def inline(source: Any) -> bytes | None:
    """Return what a source of data says by itself; None where it is elsewhere, or not to be read."""
    if not is_map(source) or source.get("secret") is not None or source.get("file") is not None:
        return None
    held, text = source.get("inline"), source.get("inlineString")
    try:
        return base64.b64decode(held) if isinstance(held, str) else text.encode() if isinstance(text, str) else None
    except (binascii.Error, ValueError):
        return None


def pair(at: str, certificate: bytes, key: bytes) -> Iterator[Violation]:
    """Yield what is wrong with a certificate and its key, then with the certificate as that of a CA."""
    try:
        chain = matched(certificate, key)
    except ValueError as error:
        yield Violation(f"{at}.cert", f"not a valid TLS key pair: {error}")
        return
    for index, one in enumerate(chain):
        yield from of_authority(f"{at}.cert[{index}]", one)


def matched(certificate: bytes, key: bytes) -> "list[x509.Certificate]":
    """Read certificates and the key of the first one, with Go's words for what is wrong."""
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization

    for data, what in ((certificate, "certificate"), (key, "key")):
        if b"-----BEGIN " not in data:
            raise ValueError(f"tls: failed to find any PEM data in {what} input")
    try:
        chain = x509.load_pem_x509_certificates(certificate)
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("x509: malformed certificate") from None
    try:
        public: Any = serialization.load_pem_private_key(key, None).public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("tls: failed to parse private key") from None
    own: Any = chain[0].public_key()
    if type(own) is not type(public):
        raise ValueError("tls: private key type does not match public key type")
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if own.public_bytes(*form) != public.public_bytes(*form):
        raise ValueError("tls: private key does not match public key")
    return chain


def of_authority(at: str, certificate: "x509.Certificate") -> Iterator[Violation]:
    """Yield what a certificate lacks to be that of a CA."""
    from cryptography import x509

    uses, is_ca = extension(certificate, x509.KeyUsage), extension(certificate, x509.BasicConstraints)
    if is_ca is None or not is_ca.ca:
        yield Violation(at, "basic constraint 'CA' must be set to 'true' (see X509-SVID: 4.1. Basic Constraints)")
    if uses is None or not uses.key_cert_sign:
        yield Violation(at, "key usage extension 'keyCertSign' must be set (see X509-SVID: 4.3. Key Usage)")
    if uses is not None and uses.key_agreement:
        yield Violation(
            at, "key usage extension 'keyAgreement' must NOT be set (see X509-SVID: Appendix A. X.509 Field Reference)"
        )


def extension(certificate: "x509.Certificate", kind: Any) -> Any:
    """Return an extension of a certificate, or None."""
    from cryptography import x509

    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, ValueError):
        return None


__all__ = ["inline", "pair"]
