"""A certificate for the demo: made once, signed by itself, kept in `.mesh/` and never in the repository."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

BEGIN = "-----BEGIN PRIVATE KEY-----"
FOLDER = Path(__file__).resolve().parent.parent / ".mesh" / "certificates"


def self_signed(host: str, kind: str = "ECDSA") -> tuple[str, str]:
    """Return certificate and key of a host as PEM texts, the same at each call; the key is RSA or ECDSA."""
    file = FOLDER / f"{host}-{kind}.pem"
    if not file.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text("".join(made(host, kind)))
        draft.replace(file)
    certificate, begin, key = file.read_text().partition(BEGIN)
    return certificate, begin + key


def made(host: str, kind: str) -> tuple[str, str]:
    """Make a key and a certificate that is good for a year."""
    key = rsa.generate_private_key(65537, 2048) if kind == "RSA" else ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode(), private.decode()
