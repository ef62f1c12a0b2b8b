"""Which resources belong together on the page of all."""

FAMILIES: dict[str, tuple[str, ...]] = {
    "Ingress and its surroundings": (
        "Mesh",
        "MeshGateway",
        "GatewayListener",
        "MeshGatewayRoute",
        "MeshHTTPRoute",
        "MeshTCPRoute",
        "Dataplane",
        "Secret",
        "GlobalSecret",
        "ExternalService",
        "Zone",
        "ZoneIngress",
        "ZoneEgress",
        "MeshZoneAddress",
    ),
    "Services": (
        "MeshService",
        "MeshMultiZoneService",
        "MeshExternalService",
        "HostnameGenerator",
        "Workload",
    ),
    "Who is who": (
        "MeshIdentity",
        "MeshTrust",
        "MeshTLS",
        "MeshTrafficPermission",
        "MeshOPA",
        "OPAPolicy",
    ),
    "Traffic": (
        "MeshCircuitBreaker",
        "MeshFaultInjection",
        "MeshGlobalRateLimit",
        "MeshHealthCheck",
        "MeshLoadBalancingStrategy",
        "MeshPassthrough",
        "MeshProxyPatch",
        "MeshRateLimit",
        "MeshRetry",
        "MeshTimeout",
    ),
    "What is seen": (
        "MeshAccessLog",
        "MeshMetric",
        "MeshOpenTelemetryBackend",
        "MeshTrace",
    ),
    "Tokens": (
        "DataplaneToken",
        "ZoneToken",
        "UserToken",
    ),
    "Who may change what (Kong Mesh)": (
        "AccessRole",
        "AccessRoleBinding",
        "AccessAudit",
    ),
    "Older policies, by source and destination": (
        "CircuitBreaker",
        "FaultInjection",
        "HealthCheck",
        "ProxyTemplate",
        "RateLimit",
        "Retry",
        "Timeout",
        "TrafficLog",
        "TrafficPermission",
        "TrafficRoute",
        "TrafficTrace",
        "VirtualOutbound",
    ),
    "All the rest": ("MeshResource",),
}
REST = "All the rest"
"""Where a resource stands that no family names."""


def families(names: list[str]) -> dict[str, list[str]]:
    """Return the resources that there are, by family."""
    known = {name for family in FAMILIES.values() for name in family}
    found = {title: [name for name in family if name in names] for title, family in FAMILIES.items()}
    found[REST] += [name for name in names if name not in known]
    return {title: family for title, family in found.items() if family}
