"""MeshCircuitBreaker: how many connections and requests a service takes, and when one of its proxies is left out."""

from collections.abc import Iterator
from dataclasses import replace

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.bounds import decimal, percentage, positive, positive_durations, whole_percentage
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Bool, Duration, IntOrStr, TargetRef, Uint32
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts, table, values
from pulumi_mesh.schema.spec import Model, One, Part, Parts, field
from pulumi_mesh.schema.target_ref import (
    EVERYONE,
    GATEWAYS,
    SERVICES,
    Place,
    deprecated_from,
    deprecated_top,
    each,
    top,
    top_kind,
    works_on_inbounds,
)

TO = Place(("Mesh", *SERVICES.kinds))
TO_BEFORE = Place(("Mesh", "MeshService", "MeshMultiZoneService"))
LIMITS = ("maxConnections", "maxConnectionPools", "maxPendingRequests", "maxRetries", "maxRequests")
DETECTORS = ("totalFailures", "gatewayFailures", "localOriginFailures", "successRate", "failurePercentage")
SHARED = (
    "kind MeshExternalService is only allowed with targetRef.kind: Mesh as it is configured on the Zone Egress and"
    " shared by all clients in the mesh"
)


class ConnectionLimits(Model):
    """How much a service takes from one proxy; what is more is refused. Each is more than 0."""

    max_connections: One[Uint32 | None] = field(default=None, doc="Connections.")
    max_connection_pools: One[Uint32 | None] = field(default=None, doc="Pools of connections.")
    max_pending_requests: One[Uint32 | None] = field(
        default=None, doc="Requests that wait for a connection; of TCP, connections."
    )
    max_retries: One[Uint32 | None] = field(default=None, doc="Retries at the same time.")
    max_requests: One[Uint32 | None] = field(default=None, doc="Requests at the same time; not of TCP.")


class TotalFailures(Model):
    """Failures of any sort in a row; of HTTP, answers with 5xx."""

    consecutive: One[Uint32 | None] = field(default=None, doc="How many, more than 0.")


class GatewayFailures(Model):
    """Answers with 502, 503 or 504 in a row, and failures on the way there."""

    consecutive: One[Uint32 | None] = field(default=None, doc="How many, more than 0.")


class LocalOriginFailures(Model):
    """Failures on the way there in a row; only with `split_external_and_local_errors`."""

    consecutive: One[Uint32 | None] = field(default=None, doc="How many, more than 0.")


class SuccessRate(Model):
    """A rate of success far below that of the others."""

    minimum_hosts: One[Uint32 | None] = field(
        default=None, doc="How many proxies must have enough requests, more than 0."
    )
    request_volume: One[Uint32 | None] = field(
        default=None, doc="How many requests in an interval are enough, more than 0."
    )
    standard_deviation_factor: One[IntOrStr | None] = field(
        default=None, doc='How many standard deviations are far, more than 0, fractions as text (`"1.9"`).'
    )


class FailurePercentage(Model):
    """A share of failures."""

    minimum_hosts: One[Uint32 | None] = field(
        default=None, doc="How many proxies must have enough requests, more than 0."
    )
    request_volume: One[Uint32 | None] = field(
        default=None, doc="How many requests in an interval are enough, more than 0."
    )
    threshold: One[Uint32 | None] = field(default=None, doc="How many of a hundred fail.")


class Detectors(Model):
    """How it is noticed that a proxy is ill; at least one way."""

    total_failures: Part[TotalFailures | None] = field(default=None, presence=True, doc="Failures of any sort.")
    gateway_failures: Part[GatewayFailures | None] = field(default=None, presence=True, doc="Failures of a gateway.")
    local_origin_failures: Part[LocalOriginFailures | None] = field(
        default=None, presence=True, doc="Failures on the way there."
    )
    success_rate: Part[SuccessRate | None] = field(default=None, presence=True, doc="A low rate of success.")
    failure_percentage: Part[FailurePercentage | None] = field(
        default=None, presence=True, doc="A high share of failures."
    )


class OutlierDetection(Model):
    """When a proxy that does worse than the others is left out for a while."""

    disabled: One[Bool | None] = field(default=None, doc="Whether it never is; false, if absent.")
    interval: One[Duration | None] = field(default=None, doc="How often this is decided; more than 0s.")
    base_ejection_time: One[Duration | None] = field(
        default=None, doc="How long it is left out, times how often it was before; more than 0s."
    )
    max_ejection_percent: One[Uint32 | None] = field(
        default=None, doc="How many of a hundred may be left out, one in any case; 10, if absent."
    )
    split_external_and_local_errors: One[Bool | None] = field(
        default=None, doc="Whether failures on the way there count by themselves."
    )
    detectors: Part[Detectors | None] = field(default=None, doc="How it is noticed; must be there.")
    healthy_panic_threshold: One[IntOrStr | None] = field(
        default=None,
        doc='Below how many healthy of a hundred all are used again, fractions as text (`"50.5"`); 50, if absent; 0 is never.',
    )


class CircuitBreakerConf(Model):
    """Limits and the detection of outliers; at least one of the two."""

    connection_limits: Part[ConnectionLimits | None] = field(default=None, doc="How much a service takes.")
    outlier_detection: Part[OutlierDetection | None] = field(default=None, doc="When a proxy is left out.")


class CircuitBreakerTo(Model):
    """Limits towards a destination."""

    target_ref: Part[TargetRef] = field(doc="The destination.")
    default: Part[CircuitBreakerConf | None] = field(default=None, doc="The limits.")


class CircuitBreakerFrom(Model):
    """Limits of incoming traffic by its source."""

    target_ref: Part[TargetRef] = field(doc="The source: the whole mesh.")
    default: Part[CircuitBreakerConf | None] = field(default=None, doc="The limits.")


class CircuitBreakerRule(Model):
    """Limits of incoming traffic."""

    default: Part[CircuitBreakerConf | None] = field(default=None, doc="The limits.")


def references(breaker: Body, release: Release) -> Iterator[Violation]:
    """What is referred to; until 2.13 no external service."""
    yield from top(breaker, release, replace(GATEWAYS, inbound=works_on_inbounds(breaker)))
    yield from each(breaker, "spec.from", release, EVERYONE)
    yield from each(breaker, "spec.to", release, TO if release >= (2, 14) else TO_BEFORE)
    yield from shared(breaker, release)


def shared(policy: Body, release: Release) -> Iterator[Violation]:
    """Until 2.13 only the whole mesh may say something of an external service."""
    if release < (2, 14) and top_kind(policy) not in ("", "Mesh"):
        for path, to in parts(policy, "spec.to"):
            if dig(to, "targetRef.kind") == "MeshExternalService":
                yield Violation(f"{path}.targetRef.kind", SHARED)


def lists(breaker: Body, _: Release) -> Iterator[Violation]:
    """Some limits, and rules only by themselves."""
    given = [path for path in ("spec.from", "spec.to", "spec.rules") if values(breaker, path)]
    if not given:
        yield Violation("spec", "at least one of 'from', 'to' or 'rules' has to be defined")
    if "spec.rules" in given and len(given) > 1:
        yield Violation("spec", "fields 'to' and 'from' must be empty when 'rules' is defined")


def confs(breaker: Body, _: Release) -> Iterator[Violation]:
    """Each set of limits by itself; the control plane calls rules `from` here."""
    for name in ("rules", "from", "to"):
        for index, item in enumerate(values(breaker, f"spec.{name}")):
            at = f"spec.{'to' if name == 'to' else 'from'}[{index}].default"
            yield from conf(at, table(item, "default"))


def conf(at: str, said: Body) -> Iterator[Violation]:
    """Limits above 0, and a detection that detects something."""
    limits, outliers = said.get("connectionLimits"), said.get("outlierDetection")
    if limits is None and outliers is None:
        yield Violation(at, "at least one of: 'connectionLimits' or 'outlierDetection' should be configured")
        return
    yield from positive(f"{at}.connectionLimits", limits or {}, *LIMITS)
    if outliers is None:
        return
    at = f"{at}.outlierDetection"
    yield from positive_durations(at, outliers, "interval", "baseEjectionTime")
    yield from whole_percentage(at, outliers, "maxEjectionPercent")
    if outliers.get("healthyPanicThreshold") is not None:
        yield from percentage(at, outliers, "healthyPanicThreshold")
    yield from detection(f"{at}.detectors", outliers.get("detectors"))


def detection(at: str, said: Body | None) -> Iterator[Violation]:
    """At least one way to notice, each with numbers above 0."""
    if said is None:
        yield Violation(at, "must be defined")
        return
    if all(said.get(name) is None for name in DETECTORS):
        yield Violation(at, f"must have at least one defined: {', '.join(DETECTORS)}")
    for name in DETECTORS:
        yield from positive(f"{at}.{name}", table(said, name), "consecutive", "minimumHosts", "requestVolume")
    if (factor := dig(said, "successRate.standardDeviationFactor")) is not None:
        path = f"{at}.successRate.standardDeviationFactor"
        if (number := decimal(factor)) is None:
            yield Violation(path, "invalid number")
        elif number <= 0:
            yield Violation(path, "must be greater than 0")
    yield from whole_percentage(f"{at}.failurePercentage", table(said, "failurePercentage"), "threshold")


class MeshCircuitBreaker(
    MeshScoped,
    kind=Kind(
        path="meshcircuitbreakers",
        shape="spec",
        short="mcb",
        policy=True,
        rules=(references, lists, confs),
        warnings=(deprecated_from, deprecated_top),
    ),
):
    """How much a service takes, and when one of its proxies is left out.

    Source: https://kuma.io/docs/latest/policies/meshcircuitbreaker/
    """

    target_ref: Part[TargetRef | None] = field(default=None, doc="Whose proxies are meant; the whole mesh, if absent.")
    to: Parts[CircuitBreakerTo] = field(default=None, doc="Limits of outgoing traffic, by destination.")
    rules: Parts[CircuitBreakerRule] = field(
        default=None, doc="Limits of incoming traffic; not beside `to` and `from_`."
    )
    from_: Parts[CircuitBreakerFrom] = field(
        default=None, deprecated="rules", doc="Limits of incoming traffic, as they were said before `rules`."
    )


__all__ = [
    "CircuitBreakerConf",
    "CircuitBreakerFrom",
    "CircuitBreakerRule",
    "CircuitBreakerTo",
    "ConnectionLimits",
    "Detectors",
    "FailurePercentage",
    "GatewayFailures",
    "LocalOriginFailures",
    "MeshCircuitBreaker",
    "OutlierDetection",
    "SuccessRate",
    "TotalFailures",
]
