"""What a control plane begins with, and a new mesh: the same from Kuma 2.10 to 2.14, as recorded."""

from collections.abc import Mapping
from typing import Any

Body = dict[str, Any]
EVERYTHING: Body = {"kind": "Mesh"}
ANY: list[Body] = [{"match": {"kuma.io/service": "*"}}]
HTTP_RETRY: Body = {
    "numRetries": 5,
    "perTryTimeout": "16s",
    "backOff": {"baseInterval": "25ms", "maxInterval": "250ms"},
}


def spec(proxies: str = "", **sides: Body) -> Body:
    """Return the body of a policy for everything in a mesh, or for one type of proxies."""
    top = {**EVERYTHING, "proxyTypes": [proxies]} if proxies else EVERYTHING
    directions = {side.rstrip("_"): [{"targetRef": EVERYTHING, "default": said}] for side, said in sides.items()}
    return {"spec": {"targetRef": top, **directions}}


POLICIES: Mapping[tuple[str, str], Body] = {
    ("MeshTimeout", "mesh-timeout-all"): spec(
        "Sidecar",
        to={
            "connectionTimeout": "5s",
            "idleTimeout": "1h0m0s",
            "http": {"requestTimeout": "15s", "streamIdleTimeout": "30m0s"},
        },
        from_={
            "connectionTimeout": "10s",
            "idleTimeout": "2h0m0s",
            "http": {"requestTimeout": "0s", "streamIdleTimeout": "1h0m0s", "maxStreamDuration": "0s"},
        },
    ),
    ("MeshTimeout", "mesh-gateways-timeout-all"): spec(
        "Gateway",
        to={"idleTimeout": "1h0m0s", "http": {"streamIdleTimeout": "5s"}},
        from_={"idleTimeout": "5m0s", "http": {"streamIdleTimeout": "5s", "requestHeadersTimeout": "500ms"}},
    ),
    ("MeshCircuitBreaker", "mesh-circuit-breaker-all"): spec(
        to={
            "connectionLimits": {
                "maxConnections": 1024,
                "maxPendingRequests": 1024,
                "maxRetries": 3,
                "maxRequests": 1024,
            }
        }
    ),
    ("MeshRetry", "mesh-retry-all"): spec(to={"tcp": {"maxConnectAttempt": 5}, "http": HTTP_RETRY, "grpc": HTTP_RETRY}),
    ("TrafficPermission", "allow-all"): {"sources": ANY, "destinations": ANY},
    ("TrafficRoute", "route-all"): {
        "sources": ANY,
        "destinations": ANY,
        "conf": {"loadBalancer": {"roundRobin": {}}, "destination": {"kuma.io/service": "*"}},
    },
}
"""Type, beginning of the name and body of what a new mesh begins with."""

SHOWN, IN_ZONE, SPACE = "{{ .DisplayName }}", "{{ .Zone }}", "{{ .Namespace }}"
POD = '{{ label "statefulset.kubernetes.io/pod-name" }}.{{ label "k8s.kuma.io/service-name" }}'
HEADLESS = "k8s.kuma.io/is-headless-service"


def generator(selects: str, template: str, **more: str) -> Body:
    """Return the body of a HostnameGenerator."""
    known = {"origin": "kuma.io/origin", "env": "kuma.io/env", "headless": HEADLESS}
    labels = {known[key]: value for key, value in more.items()}
    return {"spec": {"selector": {selects: {"matchLabels": labels}}, "template": f"{template}.mesh.local"}}


GENERATORS: Mapping[str, Body] = {
    "local-mesh-external-service": generator("meshExternalService", f"{SHOWN}.extsvc", origin="zone"),
    "local-universal-mesh-service": generator("meshService", f"{SHOWN}.svc", origin="zone"),
    "synced-headless-kube-mesh-service": generator(
        "meshService", f"{POD}.{SPACE}.svc.{IN_ZONE}", origin="global", env="kubernetes", headless="true"
    ),
    "synced-kube-mesh-service": generator(
        "meshService", f"{SHOWN}.{SPACE}.svc.{IN_ZONE}", origin="global", env="kubernetes", headless="false"
    ),
    "synced-mesh-external-service": generator("meshExternalService", f"{SHOWN}.extsvc", origin="global"),
    "synced-mesh-multi-zone-service": generator("meshMultiZoneService", f"{SHOWN}.mzsvc", origin="global"),
    "synced-universal-mesh-service": generator(
        "meshService", f"{SHOWN}.svc.{IN_ZONE}", origin="global", env="universal"
    ),
}
"""Name and body of the generators of host names that a control plane begins with."""


__all__ = ["GENERATORS", "POLICIES", "Body"]
