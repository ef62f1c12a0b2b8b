"""What a listener does with TLS, in words: its mode, its certificates, and how long they last."""

import base64
import binascii
from datetime import datetime, timezone

from pulumi_mesh.ingress.certificates import facts
from pulumi_mesh.ingress.topology import Topology
from pulumi_mesh.ingress.topology.edge import Listener
from pulumi_mesh.schema.document import Document


def terminated(listener: Listener, topology: Topology, now: datetime | None = None) -> str:
    """Say what a listener does with TLS: `TLS TERMINATE, shop-cert, 61 days left`; nothing where it has none."""
    if not listener.tls_mode:
        return "TLS of the mesh" if listener.cross_mesh else ""
    mesh = topology.meshes[listener.gateway.mesh or ""]
    names = [name + lasting(mesh.secrets.get(name), now or datetime.now(timezone.utc)) for name in listener.secrets]
    return ", ".join([f"TLS {listener.tls_mode}", *names])


def lasting(secret: Document | None, now: datetime) -> str:
    """Say how long a certificate lasts, as far as its Secret can be read."""
    expires = None if secret is None else expiry(secret)
    if expires is None:
        return ""
    days = (expires - now).days
    return f", {days} days left" if days >= 0 else f", expired {-days} days ago"


def expiry(secret: Document) -> datetime | None:
    """Return until when the certificate in a Secret is good; None where there is none, or it cannot be read."""
    data = secret.body.get("data")
    try:
        return facts(base64.b64decode(data, validate=True).decode()).expires if isinstance(data, str) else None
    except (binascii.Error, ValueError):
        return None
