"""Kuma and Kong Mesh ingress, and the mesh around it, as Pulumi resources."""

from pulumi_mesh.errors import MeshError
from pulumi_mesh.kinds.gateway_listener import GatewayListener
from pulumi_mesh.kinds.mesh_gateway import Listener, ListenerResources, MeshGateway, Selector, Tls, TlsOptions
from pulumi_mesh.resource import InvalidResource
from pulumi_mesh.schema.parts import BackendRef, DataSource, TargetRef

__version__ = "0.1.0"

__all__ = [
    "BackendRef",
    "DataSource",
    "GatewayListener",
    "InvalidResource",
    "Listener",
    "ListenerResources",
    "MeshError",
    "MeshGateway",
    "Selector",
    "TargetRef",
    "Tls",
    "TlsOptions",
    "__version__",
]
