"""What is wrong with the CAs of meshes whose certificate or key is in a Secret; what is inline, the rules of a Mesh judge."""

from base64 import b64decode
from collections.abc import Iterator
from typing import Any

from pulumi_mesh.ingress.findings.scene import Scene, finding
from pulumi_mesh.kinds.mesh_ca_pair import inline, pair
from pulumi_mesh.schema.finding import Finding
from pulumi_mesh.schema.kind import Address
from pulumi_mesh.schema.rules import dig, parts


def provided(scene: Scene) -> Iterator[Finding]:
    """The Secrets that a provided CA names hold the certificate of a CA and its key."""
    for address, document in scene.topology.documents.items():
        if address.kind != "Mesh" or dig(document.body, "mtls.skipValidation"):
            continue
        for path, backend in parts(document.body, "mtls.backends"):
            if backend.get("type") == "provided":
                yield from judged(
                    scene, address, f"{path}.conf", [dig(backend, f"conf.{key}") for key in ("cert", "key")]
                )


def judged(scene: Scene, mesh: Address, path: str, sources: list[Any]) -> Iterator[Finding]:
    """Judge certificate and key, where both are known and one of them at least is in a Secret."""
    held = [inline(source) for source in sources]
    known = [
        here if here is not None else secret(scene, mesh.name, source)
        for here, source in zip(held, sources, strict=True)
    ]
    certificate, key = known
    if None not in held or certificate is None or key is None:
        return
    for found in pair(path, certificate, key):
        why = f"{found.message}; the control plane does not take the mesh with it"
        yield finding("certificate-of-no-ca", "error", mesh, found.path, why)


def secret(scene: Scene, mesh: str, source: Any) -> bytes | None:
    """Return what the Secret of a source holds; None where that is not known."""
    name = dig(source, "secret")
    document = scene.document(Address("Secret", mesh, name)) if isinstance(name, str) else None
    data = document.body.get("data") if document else None
    try:
        return b64decode(data, validate=True) if isinstance(data, str) and data else None
    except ValueError:
        return None
