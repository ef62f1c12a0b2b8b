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

MAP, LIST = "map[string]json.RawMessage", "[]json.RawMessage"
TEXT, FLAG, NUMBER, TIME, OBJECT, OBJECTS, TEXTS = "string", "bool", "uint32", "time", MAP, "[]map", "[]string"
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
WHOLE = {"cluster": "Cluster", "networkFilter": "Filter", "httpFilter": "HttpFilter", "virtualHost": "VirtualHost"}
"""Objects that must have a name, as Envoy calls them."""
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
    """YAML as the control plane reads it: dates and times are text, `y` is true, unknown tags mean nothing."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - as PyYAML wants it


FORMS = {
    "bool": (r"(?i:y|n|yes|no|on|off|true|false)", "yYnNtTfFoO"),
    "null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "merge": (r"<<", "<"),
    "int": (r"[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)", "-+0123456789"),
    "float": (r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?i:inf)|\.(?i:nan)", "-+0123456789."),
}
LOADER: Any = Loader
for tag, (pattern, first) in FORMS.items():
    LOADER.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{pattern})$"), list(first))
Loader.bool_values = {**Loader.bool_values, "y": True, "n": False}


def text_of(loader: Any, _: str, node: Any) -> str:
    """Take what has a tag of its own for text."""
    return str(loader.construct_scalar(node))


def number_of(loader: Any, node: Any) -> int | float:
    """Read a number."""
    return finite(node.value) if node.tag.endswith("float") else int(digits(node.value), 0)


def digits(text: str) -> str:
    """Spell a whole number as Python does: those that begin with 0 are octal."""
    sign, bare = (text[0], text[1:]) if text[0] in "+-" else ("", text)
    bare = bare.replace("_", "")
    return sign + (f"0o{bare[1:]}" if re.fullmatch("0[0-7]+", bare) else bare)


def finite(text: str) -> float:
    """Read a number; JSON knows no infinity."""
    number = float(text)
    if number - number != 0:
        raise ValueError("JSON has no such number")
    return number


LOADER.add_constructor("tag:yaml.org,2002:int", number_of)
LOADER.add_constructor("tag:yaml.org,2002:float", number_of)
LOADER.add_multi_constructor("!", text_of)


def no_resource(name: str, text: str, *, whole: bool) -> str:
    """Say why text is no resource of Envoy of some sort, a whole one or a part of it; nothing where it may be one."""
    try:
        said = read(text)
    except ValueError:
        return "it is neither YAML nor JSON"
    if not is_map(said):
        if said is not None:
            return other(said, MAP)
        said = dict[str, Any]()
    fields = {camel(str(key)): value for key, value in said.items()}
    known = {field: value for field, value in fields.items() if field in FIELDS[name] or field in ENUMS.get(name, {})}
    found = [*wrong(name, known), *untyped(known)]
    if whole and not found:
        found += incomplete(name, known)
    return found[0] if found else ""


def read(text: str) -> Any:
    """Read the first document of YAML, or JSON that is none."""
    try:
        return next(iter(yaml.load_all(text, Loader)), None)
    except (yaml.YAMLError, ValueError):
        return json.loads(text)


def camel(key: str) -> str:
    """Return a field's name as JSON has it; both are taken."""
    first, *rest = key.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def other(value: Any, wanted: str) -> str:
    """Say that a value has another type than the one that is wanted."""
    match value:
        case bool():
            found = "bool"
        case str():
            found = "string"
        case int() | float():
            found = f"number {value}" if wanted == NUMBER else "number"
        case _:
            found = "object" if is_map(value) else "array"
    return f"json: cannot unmarshal {found} into Go value of type {wanted}"


def wrong(name: str, said: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the types of fields."""
    for field, value in said.items():
        if value is None:
            continue
        if (names := ENUMS.get(name, {}).get(field)) is not None:
            yield from not_one_of(value, names.split())
        if (sort := FIELDS[name].get(field)) is not None:
            yield from misfit(sort, value)


def not_one_of(value: Any, names: list[str]) -> Iterator[str]:
    """A value is one of some names, or a number."""
    if isinstance(value, str):
        if value not in names:
            yield f"unknown value {json.dumps(json.dumps(value))}; it must be one of {', '.join(names)}"
    elif isinstance(value, bool) or not isinstance(value, int):
        yield other(value, "protoreflect.EnumNumber")


def misfit(sort: str, value: Any) -> Iterator[str]:
    """A value is of its sort."""
    if sort in (OBJECTS, TEXTS):
        if not is_list(value):
            yield other(value, LIST)
            return
        for item in value:
            yield from misfit(MAP if sort == OBJECTS else TEXT, item)
    elif sort == NUMBER:
        whole = isinstance(value, (int, str)) or (isinstance(value, float) and value.is_integer())
        if isinstance(value, bool) or not whole or not re.fullmatch(r"\d+", str(value).removesuffix(".0"), re.ASCII):
            yield other(value, NUMBER)
    elif sort == TIME:
        yield from no_time(value)
    elif not isinstance(value, {TEXT: str, FLAG: bool, MAP: Mapping}[sort]):
        yield other(value, sort)


def no_time(value: Any) -> Iterator[str]:
    """A value is a duration."""
    if not isinstance(value, str):
        yield other(value, TEXT)
        return
    try:
        nanoseconds(value)
    except ValueError:
        yield f'bad Duration: time: invalid duration "{value}"'


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
            yield "Any JSON doesn't have '@type'"
        elif not kind.rpartition("/")[2].startswith(PACKAGES):
            yield f"could not resolve Any message type: {kind}"
    for name, item in said.items():
        inner = camel(str(name))
        if inner in ANY_MAPS and is_map(item):
            for one in item.values():
                yield from untyped(one, "typedConfig")
        else:
            yield from untyped(item, inner)


def incomplete(name: str, said: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a whole resource needs."""
    if name in WHOLE and not said.get("name"):
        yield f"invalid {WHOLE[name]}.Name: value length must be at least 1 runes"
    if name == "virtualHost" and not said.get("domains"):
        yield "invalid VirtualHost.Domains: value must contain at least 1 item(s)"
    if isinstance(wait := said.get("connectTimeout"), str) and nanoseconds(wait) <= 0:
        yield "invalid Cluster.ConnectTimeout: value must be greater than 0s"
    if is_map(load := said.get("loadAssignment")) and not (load.get("clusterName") or load.get("cluster_name")):
        yield (
            "invalid Cluster.LoadAssignment: embedded message failed validation | caused by: invalid"
            " ClusterLoadAssignment.ClusterName: value length must be at least 1 runes"
        )
