"""What is promised of the older policies beyond the recordings: what is refused at which path, and what is taken."""

from typing import Any

import pytest

from pulumi_mesh.schema.check import judge_wire
from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.schema.release import SUPPORTED

ANY: list[dict[str, Any]] = [{"match": {"kuma.io/service": "*"}}]
HTTP: list[dict[str, Any]] = [{"match": {"kuma.io/service": "web", "kuma.io/protocol": "http"}}]


def paths(kind: str, conf: Any, **beside: Any) -> list[str]:
    """Return the paths of what every release refuses of a policy."""
    destinations = HTTP if kind == "FaultInjection" else [{"match": {"kuma.io/service": "web"}}]
    head = {"type": kind, "name": "it", "mesh": "shop", "sources": ANY, "destinations": destinations}
    found = [
        [one.path for one in judge_wire(KINDS[kind], {**head, "conf": conf, **beside}, each)] for each in SUPPORTED
    ]
    assert all(each == found[0] for each in found)
    return found[0]


CHECK = {"interval": "10s", "timeout": "2s", "unhealthyThreshold": 3, "healthyThreshold": 1}
TAKEN = [
    ("CircuitBreaker", {"thresholds": {"maxRequests": 0}}),
    ("CircuitBreaker", {"detectors": {"failure": {"threshold": 100}}}),
    ("CircuitBreaker", {"detectors": {"standardDeviation": {"factor": "1.9"}}}),
    ("FaultInjection", {"delay": {"percentage": 0, "value": "1s"}}),
    ("FaultInjection", {"responseBandwidth": {"percentage": 100, "limit": "50 mbps"}}),
    ("FaultInjection", {"abort": {"percentage": 1.5, "httpStatus": 418}, "delay": {}}),
    ("HealthCheck", CHECK),
    ("HealthCheck", {**CHECK, "timeout": "-1s"}),
    ("HealthCheck", {**CHECK, "healthy_panic_threshold": 100, "tcp": {}}),
    ("HealthCheck", {**CHECK, "http": {"path": "/", "expectedStatuses": [100, 599]}}),
    ("RateLimit", {}),
    ("RateLimit", {"http": {"requests": 1, "interval": "0s"}}),
]
REFUSED = [
    ("CircuitBreaker", {"detectors": {}, "thresholds": {"maxRetries": 1}}, ["conf.detectors"]),
    ("CircuitBreaker", {"detectors": {"totalErrors": {}}, "thresholds": {}}, ["conf.thresholds"]),
    ("CircuitBreaker", {"maxEjectionPercent": 101, "detectors": {"localErrors": {}}}, ["conf.maxEjectionPercent"]),
    ("CircuitBreaker", {"detectors": {"failure": {"threshold": 101}}}, ["conf.detectors.failure.threshold"]),
    ("CircuitBreaker", {"maxEjectionPercent": 101}, ["conf"]),
    ("FaultInjection", {"delay": {}}, ["conf"]),
    ("FaultInjection", {"delay": {"percentage": 10}}, ["conf.delay.value"]),
    ("FaultInjection", {"abort": {"httpStatus": 299}}, ["conf.abort.percentage", "conf.abort.httpStatus"]),
    ("FaultInjection", {"responseBandwidth": {"percentage": -1}},
     ["conf.responseBandwidth.percentage", "conf.responseBandwidth.limit"]),
    ("FaultInjection", {"responseBandwidth": {"percentage": 1, "limit": "50 bps"}}, ["conf.responseBandwidth.limit"]),
    ("HealthCheck", {**CHECK, "initialJitter": "0s"}, ["conf.initialJitter"]),
    ("HealthCheck", {**CHECK, "healthyPanicThreshold": 100.5}, ["conf.healthyPanicThreshold"]),
    ("HealthCheck", {**CHECK, "http": {}, "tcp": {}}, ["conf.http.path", "conf"]),
    ("HealthCheck", {**CHECK, "http": {"path": "/", "expectedStatuses": [99, 600]}},
     ["conf.http.expectedStatuses[0]", "conf.http.expectedStatuses[1]"]),
    ("HealthCheck", {**CHECK, "http": {"path": "/", "requestHeadersToAdd": [{}, {"header": {"value": "x"}}]}},
     ["conf.http.requestHeadersToAdd[0].header", "conf.http.requestHeadersToAdd[1].header.key"]),
    ("RateLimit", {"http": {}}, ["conf.http.requests", "conf.http.interval"]),
    ("RateLimit", {"http": {"requests": 1, "interval": "1s", "onRateLimit": {"headers": [{"key": "a"}, {"value": "b"}]}}},
     ['conf.http.onRateLimit.header["0"]', 'conf.http.onRateLimit.header["1"]']),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "conf"), TAKEN)
def test_what_the_control_plane_takes_is_taken(kind: str, conf: Any):
    assert paths(kind, conf) == []


@pytest.mark.parametrize(("kind", "conf", "expected"), REFUSED)
def test_what_it_refuses_is_refused_at_its_path(kind: str, conf: Any, expected: list[str]):
    assert paths(kind, conf) == expected


@pytest.mark.parametrize("kind", ["CircuitBreaker", "HealthCheck"])
def test_a_destination_is_a_service_alone(kind: str):
    conf = CHECK if kind == "HealthCheck" else {"detectors": {"totalErrors": {}}}
    assert paths(kind, conf, destinations=[{"match": {"kuma.io/service": "web", "version": "1"}}]) == [
        "destinations[0].match",
        'destinations[0].match["version"]',
    ]
    assert paths(kind, conf, sources=[]) == ["sources"]
    assert paths(kind, conf, sources=[{"match": {"kuma.io/service": "a b"}}]) == ['sources[0].match["kuma.io/service"]']


def test_a_fault_needs_the_protocol_of_its_destination():
    conf = {"delay": {"percentage": 1, "value": "1s"}}
    assert paths("FaultInjection", conf, destinations=[{"match": {"kuma.io/service": "web"}}]) == [
        "destinations[0].match"
    ]
    tcp = [{"match": {"kuma.io/service": "web", "kuma.io/protocol": "tcp"}}]
    assert paths("FaultInjection", conf, destinations=tcp) == ['destinations[0].match["kuma.io/protocol"]']


FILTER = {"operation": "addBefore", "value": "name: x\n"}
TEMPLATES = [
    ({}, []),
    ({"imports": [""]}, ["conf.imports[0]"]),
    ({"resources": [{}]}, [f"conf.resources[0].{key}" for key in ("name", "version", "resource")]),
    ({"resources": [{"name": "a", "version": "1", "resource": "name: x"}]}, ["conf.resources[0].resource"]),
    ({"modifications": [{"cluster": {"operation": "add", "match": {}}}]},
     ["conf.modifications[0].cluster.match", "conf.modifications[0].cluster.value"]),
    ({"modifications": [{"cluster": {"operation": "patch", "value": "lbPolicy: NOPE\n"}}]},
     ["conf.modifications[0].cluster.value"]),
    ({"modifications": [{"virtualHost": {"operation": "add", "match": {"name": "x"}, "value": "name: x\ndomains: [a]\n"}}]},
     ["conf.modifications[0].virtualHost.match.name"]),
    ({"modifications": [{"httpFilter": FILTER}]}, ["conf.modifications[0].httpFilter.match.name"]),
    ({"modifications": [{"networkFilter": {**FILTER, "match": {"name": "x"}}}]}, []),
    ({"modifications": [{"listener": {"operation": "remove"}}, {}]}, []),
]  # fmt: skip


@pytest.mark.parametrize(("conf", "expected"), TEMPLATES)
def test_a_proxy_template_changes_what_it_says(conf: Any, expected: list[str]):
    document = {"type": "ProxyTemplate", "name": "it", "mesh": "shop", "selectors": ANY, "conf": conf}
    for release in SUPPORTED:
        assert [one.path for one in judge_wire(KINDS["ProxyTemplate"], document, release)] == expected
