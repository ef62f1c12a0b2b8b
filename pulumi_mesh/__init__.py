"""Kuma and Kong Mesh ingress, and the mesh around it, as Pulumi resources."""

from pulumi_mesh.errors import MeshError
from pulumi_mesh.kinds.gateway_listener import GatewayListener
from pulumi_mesh.kinds.mesh_gateway import Listener, ListenerResources, MeshGateway, Selector, Tls, TlsOptions
from pulumi_mesh.kinds.mesh_http_route import (
    HeaderKeyValue,
    HeaderModifier,
    HttpRouteConf,
    HttpRouteFilter,
    HttpRouteMatch,
    HttpRouteRule,
    HttpRouteTo,
    MeshHTTPRoute,
    PathMatch,
    PathRewrite,
    QueryParamsMatch,
    RequestMirror,
    RequestRedirect,
    UrlRewrite,
)
from pulumi_mesh.kinds.mesh_tcp_route import MeshTCPRoute, TcpRouteConf, TcpRouteRule, TcpRouteTo
from pulumi_mesh.kinds.mesh_timeout import HttpTimeouts, MeshTimeout, TimeoutConf, TimeoutFrom, TimeoutRule, TimeoutTo
from pulumi_mesh.kinds.mesh_traffic_permission import (
    MeshTrafficPermission,
    TrafficPermissionConf,
    TrafficPermissionFrom,
    TrafficPermissionRule,
    TrafficPermissionRuleConf,
)
from pulumi_mesh.resource import InvalidResource
from pulumi_mesh.schema.parts import (
    BackendRef,
    DataSource,
    HeaderMatch,
    SniMatch,
    SpiffeIdMatch,
    TargetRef,
    TrafficMatch,
)

__version__ = "0.1.0"

__all__ = [
    "BackendRef",
    "DataSource",
    "GatewayListener",
    "HeaderKeyValue",
    "HeaderMatch",
    "HeaderModifier",
    "HttpRouteConf",
    "HttpRouteFilter",
    "HttpRouteMatch",
    "HttpRouteRule",
    "HttpRouteTo",
    "HttpTimeouts",
    "InvalidResource",
    "Listener",
    "ListenerResources",
    "MeshError",
    "MeshGateway",
    "MeshHTTPRoute",
    "MeshTCPRoute",
    "MeshTimeout",
    "MeshTrafficPermission",
    "PathMatch",
    "PathRewrite",
    "QueryParamsMatch",
    "RequestMirror",
    "RequestRedirect",
    "Selector",
    "SniMatch",
    "SpiffeIdMatch",
    "TargetRef",
    "TcpRouteConf",
    "TcpRouteRule",
    "TcpRouteTo",
    "TimeoutConf",
    "TimeoutFrom",
    "TimeoutRule",
    "TimeoutTo",
    "Tls",
    "TlsOptions",
    "TrafficMatch",
    "TrafficPermissionConf",
    "TrafficPermissionFrom",
    "TrafficPermissionRule",
    "TrafficPermissionRuleConf",
    "UrlRewrite",
    "__version__",
]
