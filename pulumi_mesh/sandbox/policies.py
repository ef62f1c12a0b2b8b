"""The default policies of a new mesh, and what else a fresh control plane holds."""

from typing import Any

Spec = dict[str, Any]
EVERYTHING: Spec = {"kind": "Mesh"}
BACK_OFF: Spec = {"baseInterval": "25ms", "maxInterval": "250ms"}
TIMEOUT: Spec = {
    "targetRef": {"kind": "Mesh", "proxyTypes": ["Sidecar"]},
    "to": [
        {
            "targetRef": EVERYTHING,
            "default": {
                "connectionTimeout": "5s",
                "idleTimeout": "1h0m0s",
                "http": {"requestTimeout": "15s", "streamIdleTimeout": "30m0s"},
            },
        }
    ],
    "from": [
        {
            "targetRef": EVERYTHING,
            "default": {
                "connectionTimeout": "10s",
                "idleTimeout": "2h0m0s",
                "http": {"requestTimeout": "0s", "streamIdleTimeout": "1h0m0s", "maxStreamDuration": "0s"},
            },
        }
    ],
}
GATEWAY_TIMEOUT: Spec = {
    "targetRef": {"kind": "Mesh", "proxyTypes": ["Gateway"]},
    "to": [
        {"targetRef": EVERYTHING, "default": {"idleTimeout": "1h0m0s", "http": {"streamIdleTimeout": "5s"}}},
    ],
    "from": [
        {
            "targetRef": EVERYTHING,
            "default": {"idleTimeout": "5m0s", "http": {"streamIdleTimeout": "5s", "requestHeadersTimeout": "500ms"}},
        }
    ],
}
CIRCUIT_BREAKER: Spec = {
    "targetRef": EVERYTHING,
    "to": [
        {
            "targetRef": EVERYTHING,
            "default": {
                "connectionLimits": {
                    "maxConnections": 1024,
                    "maxPendingRequests": 1024,
                    "maxRetries": 3,
                    "maxRequests": 1024,
                }
            },
        }
    ],
}
RETRIES: Spec = {"numRetries": 5, "perTryTimeout": "16s", "backOff": BACK_OFF}
RETRY: Spec = {
    "targetRef": EVERYTHING,
    "to": [{"targetRef": EVERYTHING, "default": {"tcp": {"maxConnectAttempt": 5}, "http": RETRIES, "grpc": RETRIES}}],
}
POLICIES: tuple[tuple[str, str, Spec], ...] = (
    ("MeshTimeout", "mesh-timeout-all", TIMEOUT),
    ("MeshTimeout", "mesh-gateways-timeout-all", GATEWAY_TIMEOUT),
    ("MeshCircuitBreaker", "mesh-circuit-breaker-all", CIRCUIT_BREAKER),
    ("MeshRetry", "mesh-retry-all", RETRY),
)
"""Type, beginning of the name and spec of every default policy."""

KEYS = {
    "zone": (
        "admin-user-token",
        "envoy-admin-ca",
        "inter-cp-ca",
        "user-token-signing-key-1",
        "zone-token-signing-key-1",
    ),
    "global": ("admin-user-token", "inter-cp-ca", "user-token-signing-key-1", "zone-token-signing-key-1"),
}
"""The GlobalSecrets that a control plane makes for itself."""


def generator(kind: str, template: str, origin: str, env: str = "", headless: str = "") -> Spec:
    """Return a HostnameGenerator for the services of some origin."""
    labels = {"kuma.io/origin": origin, "kuma.io/env": env, "k8s.kuma.io/is-headless-service": headless}
    wanted = {key: value for key, value in sorted(labels.items()) if value}
    return {"selector": {kind: {"matchLabels": wanted}}, "template": template + ".mesh.local"}


SHOWN, ZONE, SPACE = "{{ .DisplayName }}", "{{ .Zone }}", "{{ .Namespace }}"
POD = '{{ label "statefulset.kubernetes.io/pod-name" }}.{{ label "k8s.kuma.io/service-name" }}'
GENERATORS: dict[str, dict[str, Spec]] = {
    "zone": {
        "local-mesh-external-service": generator("meshExternalService", f"{SHOWN}.extsvc", "zone"),
        "local-universal-mesh-service": generator("meshService", f"{SHOWN}.svc", "zone"),
    },
    "global": {
        "synced-headless-kube-mesh-service": generator(
            "meshService", f"{POD}.{SPACE}.svc.{ZONE}", "global", "kubernetes", "true"
        ),
        "synced-kube-mesh-service": generator(
            "meshService", f"{SHOWN}.{SPACE}.svc.{ZONE}", "global", "kubernetes", "false"
        ),
        "synced-mesh-external-service": generator("meshExternalService", f"{SHOWN}.extsvc", "global"),
        "synced-mesh-multi-zone-service": generator("meshMultiZoneService", f"{SHOWN}.mzsvc", "global"),
        "synced-universal-mesh-service": generator("meshService", f"{SHOWN}.svc.{ZONE}", "global", "universal"),
    },
}
"""The HostnameGenerators that a control plane begins with."""
