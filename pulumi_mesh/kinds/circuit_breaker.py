"""CircuitBreaker: when an endpoint that fails gets no traffic for a while; chosen by tags of sources and destinations."""

from collections.abc import Iterator

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.forms import Double
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Bool, Duration, Uint32
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig
from pulumi_mesh.schema.selectors import SENDERS, Selector
from pulumi_mesh.schema.spec import Model, One, Part, Parts, field

DETECTORS = ("totalErrors", "gatewayErrors", "localErrors", "standardDeviation", "failure")
THRESHOLDS = ("maxConnections", "maxPendingRequests", "maxRetries", "maxRequests")
PERCENTAGE = "has to be in [0.0 - 100.0] range"


class ConsecutiveErrors(Model):
    """Errors one after another."""

    consecutive: One[Uint32 | None] = field(default=None, presence=True, doc="How many, until the endpoint is ejected.")


class StandardDeviation(Model):
    """An endpoint that succeeds less often than the others."""

    request_volume: One[Uint32 | None] = field(
        default=None, presence=True, doc="How many requests an interval must have."
    )
    minimum_hosts: One[Uint32 | None] = field(
        default=None, presence=True, doc="How many endpoints must have that many requests."
    )
    factor: One[Double | None] = field(
        default=None, presence=True, doc="How many standard deviations below the mean are too many."
    )


class FailureRate(Model):
    """An endpoint that succeeds too seldom."""

    request_volume: One[Uint32 | None] = field(
        default=None, presence=True, doc="How many requests an interval must have."
    )
    minimum_hosts: One[Uint32 | None] = field(
        default=None, presence=True, doc="How many endpoints must have that many requests."
    )
    threshold: One[Uint32 | None] = field(
        default=None, presence=True, doc="The share of failures that is too much, 0 to 100 percent."
    )


class EjectionDetectors(Model):
    """What counts as failing."""

    total_errors: Part[ConsecutiveErrors | None] = field(
        default=None, presence=True, doc="Errors of any origin: status 5xx, connections."
    )
    gateway_errors: Part[ConsecutiveErrors | None] = field(
        default=None, presence=True, doc="Errors of gateways: status 502, 503, 504."
    )
    local_errors: Part[ConsecutiveErrors | None] = field(
        default=None, presence=True, doc="Errors of connections, where they are told apart."
    )
    standard_deviation: Part[StandardDeviation | None] = field(
        default=None, presence=True, doc="Endpoints that succeed less often than the others."
    )
    failure: Part[FailureRate | None] = field(default=None, presence=True, doc="Endpoints that succeed too seldom.")


class ConnectionThresholds(Model):
    """Limits beyond which requests are refused at once."""

    max_connections: One[Uint32 | None] = field(default=None, presence=True, doc="Connections to the service.")
    max_pending_requests: One[Uint32 | None] = field(
        default=None, presence=True, doc="Requests that wait for a connection."
    )
    max_retries: One[Uint32 | None] = field(default=None, presence=True, doc="Retries at a time.")
    max_requests: One[Uint32 | None] = field(default=None, presence=True, doc="Requests at a time.")


def configured(breaker: Body, _: Release) -> Iterator[Violation]:
    """There is a detector or a threshold; percentages are percentages."""
    detects = any(dig(breaker, f"conf.detectors.{key}") is not None for key in DETECTORS)
    limits = any(dig(breaker, f"conf.thresholds.{key}") is not None for key in THRESHOLDS)
    if not detects and not limits:
        yield Violation("conf", "must have at least one of the detector or threshold configured")
        return
    if dig(breaker, "conf.detectors") is not None and not detects:
        yield Violation("conf.detectors", "can't be empty")
    for path in ("conf.maxEjectionPercent", "conf.detectors.failure.threshold"):
        if float(dig(breaker, path) or 0) > 100:
            yield Violation(path, PERCENTAGE)
    if dig(breaker, "conf.thresholds") is not None and not limits:
        yield Violation("conf.thresholds", "can't be empty")


class CircuitBreaker(
    MeshScoped,
    kind=Kind(
        path="circuit-breakers",
        shape="legacy",
        written_on=frozenset({"global"}),
        rules=(*SENDERS, configured),
        policy=True,
    ),
):
    """When an endpoint that fails gets no traffic for a while.

    MeshCircuitBreaker replaces it.

    Source: https://kuma.io/docs/latest/policies/circuit-breaker/
    """

    sources: Parts[Selector] = field(doc="Who sends.")
    destinations: Parts[Selector] = field(doc="Which services receive, by `kuma.io/service` alone.")
    interval: One[Duration | None] = field(
        default=None, wire="conf.interval", presence=True, doc="How often endpoints are looked at."
    )
    base_ejection_time: One[Duration | None] = field(
        default=None,
        wire="conf.baseEjectionTime",
        presence=True,
        doc="How long an endpoint gets no traffic, times how often it was ejected.",
    )
    max_ejection_percent: One[Uint32 | None] = field(
        default=None,
        wire="conf.maxEjectionPercent",
        presence=True,
        doc="The share of endpoints that may be ejected, 0 to 100 percent.",
    )
    split_external_and_local_errors: One[Bool | None] = field(
        default=None,
        wire="conf.splitExternalAndLocalErrors",
        doc="Whether errors of connections are told apart from those of the service; false, if absent.",
    )
    detectors: Part[EjectionDetectors | None] = field(
        default=None, wire="conf.detectors", presence=True, doc="What counts as failing; this or `thresholds`."
    )
    thresholds: Part[ConnectionThresholds | None] = field(
        default=None, wire="conf.thresholds", presence=True, doc="Limits beyond which requests are refused at once."
    )


__all__ = [
    "CircuitBreaker",
    "ConnectionThresholds",
    "ConsecutiveErrors",
    "EjectionDetectors",
    "FailureRate",
    "StandardDeviation",
]
