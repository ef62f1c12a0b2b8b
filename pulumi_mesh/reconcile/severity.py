"""How grave a difference is: what opens traffic or cuts it is high, what is only told is low, the rest is between."""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

Severity = Literal["high", "medium", "low"]
ORDER: tuple[Severity, ...] = ("high", "medium", "low")


class Grave(NamedTuple):
    """How grave something is, and why in a few words."""

    severity: Severity
    why: str = ""


LABEL, OTHER = Grave("low", "a label"), Grave("medium")
PERMISSION, ROUTE, MTLS = Grave("high", "a permission"), Grave("high", "a route"), Grave("high", "mTLS")
SERVICE, PROXY = Grave("high", "where traffic goes"), Grave("high", "what a proxy opens")
ANYTHING, RIGHTS = Grave("high", "the configuration of Envoy itself"), Grave("high", "rights on the control plane")
SECRET, TOLD = Grave("high", "a secret"), Grave("low", "what is reported")
GATEWAY, LISTENER = Grave("high", "a gateway"), Grave("high", "a listener")

KINDS: Mapping[str, Grave] = {
    "AccessAudit": TOLD,
    "AccessRole": RIGHTS,
    "AccessRoleBinding": RIGHTS,
    "Dataplane": PROXY,
    "ExternalService": SERVICE,
    "GatewayListener": LISTENER,
    "GlobalSecret": SECRET,
    "Mesh": Grave("high", "a mesh"),
    "MeshAccessLog": TOLD,
    "MeshExternalService": SERVICE,
    "MeshGateway": GATEWAY,
    "MeshGatewayRoute": ROUTE,
    "MeshHTTPRoute": ROUTE,
    "MeshIdentity": MTLS,
    "MeshMetric": TOLD,
    "MeshMultiZoneService": SERVICE,
    "MeshOPA": PERMISSION,
    "MeshOpenTelemetryBackend": TOLD,
    "MeshPassthrough": Grave("high", "a way out of the mesh"),
    "MeshProxyPatch": ANYTHING,
    "MeshService": SERVICE,
    "MeshTCPRoute": ROUTE,
    "MeshTLS": MTLS,
    "MeshTrace": TOLD,
    "MeshTrafficPermission": PERMISSION,
    "MeshTrust": MTLS,
    "MeshZoneAddress": SERVICE,
    "OPAPolicy": PERMISSION,
    "ProxyTemplate": ANYTHING,
    "Secret": SECRET,
    "TrafficLog": TOLD,
    "TrafficPermission": PERMISSION,
    "TrafficRoute": ROUTE,
    "TrafficTrace": TOLD,
    "Workload": TOLD,
    "Zone": Grave("high", "a zone"),
    "ZoneEgress": SERVICE,
    "ZoneIngress": SERVICE,
}
"""What an object of a kind is to traffic; of all others, policies that shape it, nothing is said."""

FIELDS: Mapping[str, Mapping[str, Grave]] = {
    "Mesh": {
        "mtls": MTLS,
        "constraints": PERMISSION,
        "networking": Grave("high", "a way out of the mesh"),
        "routing": Grave("high", "a way out of the mesh"),
        "metrics": TOLD,
        "logging": TOLD,
        "tracing": TOLD,
        "skipCreatingInitialPolicies": Grave("low", "read only when a mesh is made"),
        "": OTHER,
    },
    "MeshGateway": {"conf.listeners": LISTENER, "selectors": Grave("high", "which proxies serve it")},
}
"""What a field is to traffic, by the beginning of its path, where that is not what its object is."""


def whole(kind: str) -> Grave:
    """Judge an object that is missing, or that nobody manages."""
    return KINDS.get(kind, OTHER)


def at(kind: str, path: str) -> Grave:
    """Judge a field that differs."""
    if path.startswith("labels"):
        return LABEL
    fields = FIELDS.get(kind, {})
    begins = sorted((begin for begin in fields if path.startswith(begin)), key=len)
    return fields[begins[-1]] if begins else whole(kind)


def foreign(kind: str) -> Grave:
    """Judge a field that this version does not know: it may mean anything, but nobody took anything away."""
    return Grave("medium" if whole(kind).severity == "high" else "low", "a field that this version does not know")


def gravest(found: Iterable[Grave]) -> Grave:
    """Return the gravest of several, the first one of them."""
    return min(found, key=lambda grave: ORDER.index(grave.severity), default=OTHER)
