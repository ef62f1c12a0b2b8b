"""What is wrong with the certificates of listeners: not a certificate, for other hosts, expired, two of one kind."""

from base64 import b64decode
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from pulumi_mesh.ingress.findings.scene import Scene, finding
from pulumi_mesh.ingress.topology import ANY, Listener
from pulumi_mesh.schema.finding import Finding
from pulumi_mesh.schema.kind import Address

if TYPE_CHECKING:
    from pulumi_mesh.ingress.certificates import Facts

WARN_DAYS = 30
STUCK = "the control plane can build no configuration for the gateway, and none of its ports is changed any more"


def certified(scene: Scene, now: datetime | None = None) -> Iterator[Finding]:
    """The Secrets that listeners name, each judged once, and with each of its listeners."""
    now = now or datetime.now(timezone.utc)
    read: dict[Address, Facts | None] = {}
    for listener in (one for gateway in scene.topology.gateways for one in gateway.listeners):
        if listener.tls_mode != "TERMINATE":
            continue
        there: list[tuple[str, Facts]] = []
        for name in listener.secrets:
            address = Address("Secret", listener.gateway.mesh, name)
            if address not in read:
                read[address], found = judged(scene, address, now)
                yield from found
            if (facts := read[address]) is not None:
                there.append((name, facts))
                yield from covered(listener, name, facts)
        yield from two_of_a_kind(listener, there)


def judged(scene: Scene, address: Address, now: datetime) -> tuple["Facts | None", list[Finding]]:
    """Return what is known of the certificate in a Secret, and what is wrong with it; nothing where its data is not known."""
    from pulumi_mesh.ingress.certificates import facts, judge  # cryptography is loaded where it is needed

    document = scene.document(address)
    data = document.body.get("data") if document else None
    if not isinstance(data, str) or not data:
        return None, []
    try:
        pem = b64decode(data, validate=True).decode()
        certificate, key = halves(pem)
        found = facts(certificate)
    except ValueError:
        why = f"is named by a listener, but is no PEM of a certificate and its key: {STUCK}; write both into it"
        return None, [finding("certificate-unreadable", "warning", address, "data", why)]
    wrong: list[Finding] = []
    for problem in judge(certificate, key, WARN_DAYS, now):
        code = "certificate-broken"
        if "expire" in problem.message:
            code = "certificate-expires" if problem.severity == "warning" else "certificate-expired"
        where = "the certificate" if problem.where == "certificate" else "the private key"
        wrong.append(finding(code, problem.severity, address, "data", f"{where} {problem.message}"))
    return found, wrong


def halves(pem: str) -> tuple[str, str]:
    """Set the certificates of a PEM apart from its private key."""
    certificates, keys = list[str](), list[str]()
    for block in pem.split("-----BEGIN ")[1:]:
        (keys if "PRIVATE KEY" in block.split("-----")[0] else certificates).append(f"-----BEGIN {block}")
    return "".join(certificates), "".join(keys)


def covered(listener: Listener, name: str, facts: "Facts") -> Iterator[Finding]:
    """The hostname of a listener is one that the certificate is for."""
    from pulumi_mesh.ingress.certificates import covers

    if listener.hostname == ANY or covers(facts.hostnames, listener.hostname):
        return
    yield finding(
        "certificate-for-other-hosts",
        "error",
        listener.gateway,
        f"{listener.path}.tls.certificates",
        f"the certificate in {name} is for {', '.join(facts.hostnames) or 'no host'}, not for {listener.hostname}:"
        " clients refuse it; name a certificate for the host",
    )


def two_of_a_kind(listener: Listener, there: list[tuple[str, "Facts"]]) -> Iterator[Finding]:
    """A listener takes one RSA and one ECDSA certificate: of two of a kind, one is of no use."""
    if len(there) != 2 or there[0][1].algorithm != there[1][1].algorithm:
        return
    names = " and ".join(name for name, _ in there)
    yield finding(
        "certificates-of-one-kind",
        "warning",
        listener.gateway,
        f"{listener.path}.tls.certificates",
        f"{names} have both a key of the kind {there[0][1].algorithm}; a listener takes one RSA and one ECDSA certificate",
    )
