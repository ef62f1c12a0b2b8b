"""What the control plane does with a type beyond storing it: one file per type."""

from pulumi_mesh.sandbox.behaviours.dataplane import DATAPLANE
from pulumi_mesh.sandbox.behaviours.mesh import MESH
from pulumi_mesh.sandbox.behaviours.secret import SECRET
from pulumi_mesh.sandbox.site import Behaviour

PLAIN = Behaviour()
BEHAVIOURS = {
    "Dataplane": DATAPLANE,
    "Mesh": MESH,
    "Secret": SECRET,
    "MeshGateway": Behaviour(
        enums={
            "conf.listeners.protocol": "MeshGateway.Listener.Protocol",
            "conf.listeners.tls.mode": "MeshGateway.TLS.Mode",
        }
    ),
    "ExternalService": Behaviour(outlives=True, queries=frozenset({"tag"})),
    "RateLimit": Behaviour(outlives=True),
}


def behaviour(kind: str) -> Behaviour:
    """Return what is special about a type; most types are only stored."""
    return BEHAVIOURS.get(kind, PLAIN)


__all__ = ["behaviour"]
