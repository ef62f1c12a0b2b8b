"""What is promised of Envoy's configuration in policies."""

import re

import pytest

from pulumi_mesh.schema.envoy import ROOTS, no_resource
from pulumi_mesh.schema.envoy_facts import SCALARS, facts, fields
from pulumi_mesh.schema.spec import is_list

SOCKET = "{socketAddress: {address: 10.0.0.1, portValue: 80}}"
ENDPOINTS = f"[{{lbEndpoints: [{{endpoint: {{address: {SOCKET}}}}}]}}]"


def part(sort: str, text: str) -> str:
    return no_resource(sort, text, whole=False)


def whole(sort: str, text: str) -> str:
    return no_resource(sort, text, whole=True)


def test_every_type_that_a_field_has_is_described():
    described = set(facts()) | SCALARS
    messages = [name for name, said in facts().items() if not is_list(said)]
    assert {kind.name for message in messages for kind in fields(message).values()} <= described
    assert set(ROOTS.values()) <= set(facts())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "~",
        "nobodyKnows: {a: [1]}",
        "connect_timeout: 5s\nlb_policy: 3",
        "connectTimeout: null\nfilters: [null]",
        "perConnectionBufferLimitBytes: '32768'",
        "maxRequestsPerConnection: 5.0",
        "commonLbConfig: {healthyPanicThreshold: {value: 12.5}}",
        f"loadAssignment: {{endpoints: {ENDPOINTS}}}",
        "transportSocket: {name: t, typedConfig: {'@type': type.googleapis.com/envoy.config.core.v3.Node, a: [b]}}",
        "metadata: {filterMetadata: {a: {b: [c, 1, null]}}}",
        "name: a\nname: b",
        "base: &x {a: 1}\nmetadata: {filterMetadata: {a: *x}}",
        "name: first\n---\nname: 2",
        '{"name": "c",\t"type": "EDS"}',
    ],
)
def test_a_part_says_what_it_likes(text: str):
    assert part("cluster", text) == ""


BAD: list[tuple[str, str, str]] = [
    ("cluster", "[]", "cannot unmarshal array into Go value of type map"),
    ("cluster", "a: b: c", "it is neither YAML nor JSON"),
    ("cluster", "healthChecks: {}", "cannot unmarshal object into Go value of type []json.RawMessage"),
    ("cluster", "healthChecks: [5]", "cannot unmarshal number into Go value of type map"),
    ("cluster", "healthChecks: [{timeout: 5}]", "cannot unmarshal number into Go value of type string"),
    ("cluster", "typedExtensionProtocolOptions: {a: {}}", "Any JSON doesn't have '@type'"),
    ("cluster", "maxRequestsPerConnection: 4294967296", "number 4294967296 into Go value of type uint32"),
    ("cluster", "maxRequestsPerConnection: -1", "into Go value of type uint32"),
    ("cluster", "respectDnsTtl: 'true'", "cannot unmarshal string into Go value of type bool"),
    ("cluster", "type: [EDS]", "cannot unmarshal array into Go value of type protoreflect.EnumNumber"),
    ("cluster", "commonLbConfig: {healthyPanicThreshold: {value: much}}", "into Go value of type float64"),
    ("listener", "trafficDirection: IN", "it must be one of UNSPECIFIED, INBOUND, OUTBOUND"),
    ("listener", "address: {socketAddress: {portValue: http}}", "into Go value of type uint32"),
    ("virtualHost", "routes: [{match: {prefix: 5}}]", "cannot unmarshal number into Go value of type string"),
    ("virtualHost", "routes: [{directResponse: {body: {inlineBytes: '?'}}}]", "illegal base64 data"),
    ("httpFilter", "typedConfig: {'@type': example.com/a.B}", "could not resolve Any message type: example.com/a.B"),
]


@pytest.mark.parametrize(("sort", "text", "why"), BAD)
def test_at_any_depth_values_have_the_types_of_envoy(sort: str, text: str, why: str):
    assert why in part(sort, text)


LACKS: list[tuple[str, str, str]] = [
    ("cluster", "name: c\ncleanupInterval: 0s", "invalid Cluster.CleanupInterval: value must be greater than 0"),
    ("cluster", "name: c\ndnsRefreshRate: 1ms", "Cluster.DnsRefreshRate: value must be greater than 1e+06"),
    ("cluster", "name: c\nloadAssignment: {}", "ClusterLoadAssignment.ClusterName: value length must be at least 1"),
    ("cluster", "name: c\nhealthChecks: [{}]", "HealthCheck: one of httpHealthCheck, tcpHealthCheck"),
    ("listener", "maxConnectionsToAcceptPerSocketEvent: 0", "value must be greater than 0"),
    ("listener", "address: {}", "invalid Address: one of socketAddress, pipe, envoyInternalAddress is required"),
    ("listener", "address: {socketAddress: {portValue: 1}}", "SocketAddress.Address: value length must be at least 1"),
    ("listener", "address: {socketAddress: {address: a, portValue: 65536}}", "less than or equal to 65535"),
    ("listener", "filterChains: [{filters: [{}]}]", "invalid Filter.Name"),
    ("virtualHost", "name: v\ndomains: []", "VirtualHost.Domains: value must contain at least 1 item(s)"),
    ("virtualHost", "name: v\ndomains: [a]\nroutes: [{redirect: {}}]", "invalid Route.Match: value is required"),
    ("virtualHost", "name: v\ndomains: [a]\nrequestHeadersToRemove: ['']", "value length must be at least 1"),
    (
        "virtualHost",
        "name: v\ndomains: [a]\nroutes: [{match: {prefix: /}}]",
        "invalid Route: one of route, redirect, directResponse, filterAction, nonForwardingAction is required",
    ),
]


@pytest.mark.parametrize(("sort", "text", "why"), LACKS)
def test_a_whole_resource_keeps_envoy_s_limits_and_a_part_need_not(sort: str, text: str, why: str):
    assert why in whole(sort, text)
    assert part(sort, text) == ""


WHOLE: list[tuple[str, str]] = [
    ("cluster", "name: c\nconnectTimeout: 1ns\nlrsReportEndpointMetrics: []"),
    (
        "cluster",
        f"name: c\nloadAssignment: {{clusterName: c, endpoints: {ENDPOINTS}}}",
    ),
    ("listener", f"address: {SOCKET}\nfilterChains: [{{filters: [{{name: f}}]}}]"),
    ("virtualHost", "name: v\ndomains: [a]\nroutes: [{match: {prefix: ''}, route: {cluster: c}}]"),
    ("virtualHost", "name: v\ndomains: [a]\nroutes: [{match: {safeRegex: {regex: a}}, redirect: {}}]"),
]


@pytest.mark.parametrize(("sort", "text"), WHOLE)
def test_a_whole_resource_that_keeps_them_is_taken(sort: str, text: str):
    assert whole(sort, text) == ""


def test_the_way_to_what_is_wrong_is_told():
    said = whole("listener", "filterChains: [{}, {filters: [{name: a}, {}]}]")
    assert re.findall(r"invalid (\S+):", said) == ["Listener.FilterChains", "FilterChain.Filters", "Filter.Name"]


@pytest.mark.parametrize("depth", [300, 100_000])
def test_what_is_nested_without_end_is_no_document(depth: int):
    assert part("cluster", "[" * depth + "]" * depth).startswith(("it is neither", "json: cannot unmarshal array"))
    assert part("cluster", "{a: " * depth + "}" * depth) == "it is neither YAML nor JSON"
