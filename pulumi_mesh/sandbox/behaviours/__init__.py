"""What the control plane does with a type beyond storing it."""

from pulumi_mesh.sandbox.behaviours import others, services
from pulumi_mesh.sandbox.behaviours.dataplane import DATAPLANE
from pulumi_mesh.sandbox.behaviours.mesh import MESH
from pulumi_mesh.sandbox.behaviours.secret import SECRET
from pulumi_mesh.sandbox.site import Behaviour

PLAIN = Behaviour()
BEHAVIOURS = {
    "Dataplane": DATAPLANE,
    "ExternalService": others.EXTERNAL_SERVICE,
    "Mesh": MESH,
    "MeshExternalService": services.MESH_EXTERNAL_SERVICE,
    "MeshGateway": others.MESH_GATEWAY,
    "MeshMultiZoneService": services.MESH_MULTI_ZONE_SERVICE,
    "MeshService": services.MESH_SERVICE,
    "RateLimit": others.RATE_LIMIT,
    "Secret": SECRET,
    "Workload": services.WORKLOAD,
    "ZoneEgress": others.ZONE_EGRESS,
    "ZoneIngress": others.ZONE_INGRESS,
}


def behaviour(kind: str) -> Behaviour:
    """Return what is special about a type; most types are only stored."""
    return BEHAVIOURS.get(kind, PLAIN)


__all__ = ["behaviour"]
