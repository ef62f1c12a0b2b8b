"""What Envoy's own configuration must look like where a policy carries some of it as YAML: the outermost fields of it.

The control plane reads all of it by Envoy's schema; here the fields of the object itself are judged by theirs, and what
lies deeper only where it names a type.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from .forms import nanoseconds
from .spec import is_list, is_map

TEXT, FLAG, NUMBER, TIME, OBJECT, OBJECTS, TEXTS = (
    "text",
    "true or false",
    "a number",
    "a duration",
    "a map",
    "maps",
    "texts",
)
SORTS: Mapping[str, Mapping[str, str]] = {
    "cluster": {
        TEXT: "name altStatName",
        FLAG: "closeConnectionsOnHostHealthFailure connectionPoolPerDownstreamConnection ignoreHealthOnHostRemoval"
        " respectDnsTtl trackTimeoutBudgets useTcpForDnsLookups waitForWarmOnInit",
        NUMBER: "maxRequestsPerConnection perConnectionBufferLimitBytes",
        TIME: "cleanupInterval connectTimeout dnsJitter dnsRefreshRate",
        OBJECT: "circuitBreakers clusterType commonHttpProtocolOptions commonLbConfig dnsFailureRefreshRate"
        " dnsResolutionConfig edsClusterConfig http2ProtocolOptions httpProtocolOptions lbSubsetConfig"
        " leastRequestLbConfig loadAssignment loadBalancingPolicy lrsServer maglevLbConfig metadata originalDstLbConfig"
        " outlierDetection preconnectPolicy ringHashLbConfig roundRobinLbConfig trackClusterStats transportSocket"
        " transportSocketMatcher typedDnsResolverConfig typedExtensionProtocolOptions upstreamBindConfig upstreamConfig"
        " upstreamConnectionOptions upstreamHttpProtocolOptions",
        OBJECTS: "dnsResolvers filters healthChecks transportSocketMatches",
        TEXTS: "lrsReportEndpointMetrics",
    },
    "listener": {
        TEXT: "name statPrefix",
        FLAG: "bindToPort bypassOverloadManager continueOnListenerFiltersTimeout enableMptcp enableReusePort freebind"
        " ignoreGlobalConnLimit reusePort transparent useOriginalDst",
        NUMBER: "maxConnectionsToAcceptPerSocketEvent perConnectionBufferLimitBytes tcpBacklogSize tcpFastOpenQueueLength",
        TIME: "listenerFiltersTimeout",
        OBJECT: "address apiListener connectionBalanceConfig defaultFilterChain deprecatedV1 fcdsConfig filterChainMatcher"
        " internalListener metadata tcpKeepalive udpListenerConfig",
        OBJECTS: "accessLog additionalAddresses filterChains listenerFilters socketOptions",
    },
    "networkFilter": {TEXT: "name", OBJECT: "configDiscovery typedConfig"},
    "httpFilter": {TEXT: "name", FLAG: "disabled isOptional", OBJECT: "configDiscovery typedConfig"},
    "virtualHost": {
        TEXT: "name",
        FLAG: "includeAttemptCountInResponse includeIsTimeoutRetryHeader includeRequestAttemptCount",
        NUMBER: "perRequestBufferLimitBytes requestBodyBufferLimit",
        OBJECT: "cors hedgePolicy matcher metadata retryPolicy retryPolicyTypedConfig typedPerFilterConfig",
        OBJECTS: "rateLimits requestHeadersToAdd requestMirrorPolicies responseHeadersToAdd routes virtualClusters",
        TEXTS: "domains requestHeadersToRemove responseHeadersToRemove",
    },
}
"""The fields of each object, by what they hold."""
ENUMS: Mapping[str, Mapping[str, str]] = {
    "cluster": {
        "type": "STATIC STRICT_DNS LOGICAL_DNS EDS ORIGINAL_DST",
        "lbPolicy": "ROUND_ROBIN LEAST_REQUEST RING_HASH RANDOM MAGLEV CLUSTER_PROVIDED LOAD_BALANCING_POLICY_CONFIG",
        "dnsLookupFamily": "AUTO V4_ONLY V6_ONLY V4_PREFERRED ALL",
        "protocolSelection": "USE_CONFIGURED_PROTOCOL USE_DOWNSTREAM_PROTOCOL",
    },
    "listener": {"drainType": "DEFAULT MODIFY_ONLY", "trafficDirection": "UNSPECIFIED INBOUND OUTBOUND"},
    "virtualHost": {"requireTls": "NONE EXTERNAL_ONLY ALL"},
}
FIELDS = {
    name: {field: sort for sort, fields in sorts.items() for field in fields.split()} for name, sorts in SORTS.items()
}
ANY_MAPS = ("typedExtensionProtocolOptions", "typedPerFilterConfig")
PACKAGES = ("envoy.", "google.", "xds.", "udpa.", "kuma.", "opencensus.", "validate.", "test.")
"""Where the types of an object that names its type come from."""


class Loader(yaml.SafeLoader):
    """YAML as the control plane reads it: dates are text, `y` is true."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as PyYAML wants it
        first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


for letter in "yYnN":
    Loader.yaml_implicit_resolvers.setdefault(letter, []).append(("tag:yaml.org,2002:bool", re.compile(r"[yYnN]$")))
Loader.bool_values = {**Loader.bool_values, "y": True, "n": False}


def no_resource(name: str, text: str, *, whole: bool) -> str:
    """Say why text is no resource of Envoy of some sort, a whole one or a part of it; nothing where it may be one."""
    try:
        said = read(text)
    except ValueError:
        return "it is neither YAML nor JSON"
    if said is not None and not is_map(said):
        return "it must be a map"
    known = {camel(str(key)): value for key, value in (said or {}).items()}
    found = [*wrong(name, known), *untyped(known)]
    if whole and not found:
        found += incomplete(name, known)
    return found[0] if found else ""


def read(text: str) -> Any:
    """Read YAML, or JSON that is none."""
    try:
        return yaml.load(text, Loader)
    except (yaml.YAMLError, ValueError):
        return json.loads(text)


def camel(key: str) -> str:
    """Return a field's name as JSON has it; both are taken."""
    first, *rest = key.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def wrong(name: str, said: Mapping[str, Any]) -> Iterator[str]:
    """Yield the fields whose values have another type."""
    for field, value in said.items():
        enum = ENUMS.get(name, {}).get(field)
        if value is None:
            continue
        if enum is not None and not is_enum(value, enum.split()):
            yield f"{field} must be one of {', '.join(enum.split())}"
        sort = FIELDS[name].get(field)
        if sort is not None and not fits(sort, value):
            yield f"{field} must be {sort if sort not in (OBJECTS, TEXTS) else f'a list of {sort}'}"


def is_enum(value: Any, names: list[str]) -> bool:
    """Tell whether a value is one of some names, or a number."""
    return value in names if isinstance(value, str) else isinstance(value, int) and not isinstance(value, bool)


def fits(sort: str, value: Any) -> bool:
    """Tell whether a value is of a sort."""
    match sort:
        case "text":
            return isinstance(value, str)
        case "true or false":
            return isinstance(value, bool)
        case "a number":
            return isinstance(value, (int, str)) and bool(re.fullmatch(r"\d+", str(value)))
        case "a duration":
            return is_time(value)
        case "a map":
            return is_map(value)
        case _:
            held = str if sort == TEXTS else Mapping
            return is_list(value) and all(isinstance(item, held) for item in value)


def is_time(value: Any) -> bool:
    """Tell whether a value is a duration."""
    try:
        nanoseconds(value if isinstance(value, str) else "")
    except ValueError:
        return False
    return True


def untyped(said: Any, key: str = "") -> Iterator[str]:
    """Yield the objects that must name their type and do not, or name one that there is not."""
    if is_list(said):
        for item in said:
            yield from untyped(item)
    if not is_map(said):
        return
    if key == "typedConfig":
        kind = said.get("@type")
        if not isinstance(kind, str):
            yield "typedConfig must name its '@type'"
        elif not kind.rpartition("/")[2].startswith(PACKAGES):
            yield f"there is no type {kind}"
    for name, item in said.items():
        inner = camel(str(name))
        if inner in ANY_MAPS and is_map(item):
            for one in item.values():
                yield from untyped(one, "typedConfig")
        else:
            yield from untyped(item, inner)


def incomplete(name: str, said: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a whole resource needs."""
    if name != "listener" and not said.get("name"):
        yield "name must not be empty"
    if name == "virtualHost" and not said.get("domains"):
        yield "domains must have at least one item"
    if isinstance(wait := said.get("connectTimeout"), str) and nanoseconds(wait) <= 0:
        yield "connectTimeout must be greater than 0s"
    if is_map(load := said.get("loadAssignment")) and not (load.get("clusterName") or load.get("cluster_name")):
        yield "loadAssignment.clusterName must not be empty"
