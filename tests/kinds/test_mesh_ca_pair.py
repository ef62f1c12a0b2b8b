"""A CA that is given inline is judged with its key before anything is sent, and neither is ever repeated."""

import base64
from datetime import datetime, timedelta, timezone
from typing import Any

import pulumi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

import pulumi_mesh as mesh
from pulumi_mesh.schema.check import judge_wire
from pulumi_mesh.schema.kind import KINDS

PEM = serialization.Encoding.PEM
NO_CA = "basic constraint 'CA' must be set to 'true' (see X509-SVID: 4.1. Basic Constraints)"
NO_SIGNER = "key usage extension 'keyCertSign' must be set (see X509-SVID: 4.3. Key Usage)"
AGREES = "key usage extension 'keyAgreement' must NOT be set (see X509-SVID: Appendix A. X.509 Field Reference)"


def text(key: Any) -> str:
    return key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()


def made(key: Any, *, ca: bool = True, signs: bool = True, agrees: bool = False, bare: bool = False) -> str:
    """Return a certificate of a key."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ca")])
    now = datetime.now(timezone.utc)
    draft = x509.CertificateBuilder(name, name, key.public_key(), 7, now, now + timedelta(days=9))
    if not bare:
        uses = {"key_cert_sign": signs, "key_agreement": agrees, "crl_sign": True}
        rest = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment")
        usage = x509.KeyUsage(**dict.fromkeys((*rest, "encipher_only", "decipher_only"), False) | uses)
        draft = draft.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        draft = draft.add_extension(usage, critical=True)
    return (
        draft.sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256())
        .public_bytes(PEM)
        .decode()
    )


KEY, OTHER = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
EDWARDS, ANOTHER = ed25519.Ed25519PrivateKey.generate(), ed25519.Ed25519PrivateKey.generate()
LONG = rsa.generate_private_key(65537, 2048)
CASES: dict[str, tuple[str, str, list[tuple[str, str]]]] = {
    "a CA": (made(KEY), text(KEY), []),
    "a CA of another kind of key": (made(LONG), text(LONG), []),
    "a CA by Edwards": (made(EDWARDS), text(EDWARDS), []),
    "another key by Edwards": (made(EDWARDS), text(ANOTHER), [("cert", "private key does not match public key")]),
    "a chain": (made(KEY) + made(OTHER), text(KEY), []),
    "no CA": (made(KEY, ca=False), text(KEY), [("cert[0]", NO_CA)]),
    "no signer": (made(KEY, signs=False), text(KEY), [("cert[0]", NO_SIGNER)]),
    "a key to agree by": (made(KEY, agrees=True), text(KEY), [("cert[0]", AGREES)]),
    "bare": (made(KEY, bare=True), text(KEY), [("cert[0]", NO_CA), ("cert[0]", NO_SIGNER)]),
    "the second of a chain": (made(KEY) + made(OTHER, ca=False), text(KEY), [("cert[1]", NO_CA)]),
    "another key": (made(KEY), text(OTHER), [("cert", "private key does not match public key")]),
    "a key of another kind": (made(KEY), text(LONG), [("cert", "private key type does not match public key type")]),
    "no certificate": ("x", text(KEY), [("cert", "failed to find any PEM data in certificate input")]),
    "no key": (made(KEY), "y", [("cert", "failed to find any PEM data in key input")]),
}


def document(cert: dict[str, Any], key: dict[str, Any], **more: Any) -> dict[str, Any]:
    backend = {"name": "ca-1", "type": "provided", "conf": {"cert": cert, "key": key}}
    return {"type": "Mesh", "name": "shop", "mtls": {"enabledBackend": "ca-1", "backends": [backend], **more}}


def said(body: dict[str, Any]) -> list[tuple[str, str]]:
    found = judge_wire(KINDS["Mesh"], body)
    return [(one.path.removeprefix("mtls.backends[0].conf."), one.message) for one in found]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("place", ["inline", "inlineString"])
def test_a_pair_is_judged_where_it_is_given(case: str, place: str):
    cert, key, wanted = CASES[case]
    held = [base64.b64encode(one.encode()).decode() if place == "inline" else one for one in (cert, key)]
    found = said(document({place: held[0]}, {place: held[1]}))
    assert [path for path, _ in found] == [path for path, _ in wanted]
    assert all(why in message for (_, message), (_, why) in zip(found, wanted, strict=True))
    assert not any(line in message for line in key.splitlines()[1:-1] for _, message in found)


@pytest.mark.parametrize("elsewhere", [{"secret": "ca"}, {"file": "/ca.pem"}])
def test_what_is_elsewhere_is_for_the_control_plane(elsewhere: dict[str, str]):
    cert, key, _ = CASES["no CA"]
    assert said(document(elsewhere, {"inlineString": key})) == []
    assert said(document({"inlineString": cert}, elsewhere)) == []


def test_nothing_is_judged_where_the_mesh_asks_for_that():
    cert, key, _ = CASES["another key"]
    assert said(document({"inlineString": cert}, {"inlineString": key}, skipValidation=True)) == []


def test_a_program_is_refused_on_its_own_line_and_a_promise_is_waited_for():
    cert, key, _ = CASES["no CA"]

    def declare(certificate: pulumi.Input[str]) -> mesh.Mesh:
        ca = mesh.ProvidedCa(name="ca-1", cert={"inline_string": certificate}, key={"inline_string": key})
        return mesh.Mesh("shop", mtls=mesh.Mtls(enabled_backend="ca-1", backends=[ca]))

    with pytest.raises(pulumi.RunError, match=r"mtls\.backends\[0\]\.cert\[0\] \(.*\): basic constraint 'CA' must be"):
        declare(cert)
    declare(pulumi.Output.from_input(cert))
