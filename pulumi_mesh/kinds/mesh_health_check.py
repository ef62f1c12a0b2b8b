"""MeshHealthCheck: how proxies find out whether a service is well."""

from collections.abc import Iterator
from typing import Annotated

from annotated_types import Ge, Le

from pulumi_mesh.kinds.mesh_circuit_breaker import TO, TO_BEFORE, shared
from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.bounds import percentage, positive_durations, status_code, whole_percentage
from pulumi_mesh.schema.go import is_file_path
from pulumi_mesh.schema.headers import HeaderChanges
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Bool, Duration, Int, IntOrStr, Str, TargetRef
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts, table, values
from pulumi_mesh.schema.spec import Many, Model, One, Part, Parts, field
from pulumi_mesh.schema.target_ref import GATEWAYS, deprecated_top, each, top

Int32 = Annotated[Int, Ge(-(2**31)), Le(2**31 - 1)]
SORTS = ("http", "tcp", "grpc")


class TcpHealthCheck(Model):
    """A check over TCP: a connection stands, and answers."""

    disabled: One[Bool | None] = field(default=None, doc="Whether it is left out; false, if absent.")
    send: One[Str | None] = field(default=None, doc="What is sent, in base64.")
    receive: Many[Str] = field(
        default=None, presence=True, doc="What must come back, in base64, in this order; nothing, if absent or empty."
    )


class HttpHealthCheck(Model):
    """A check over HTTP: a request is answered."""

    disabled: One[Bool | None] = field(default=None, doc="Whether it is left out; false, if absent.")
    path: One[Str | None] = field(default=None, doc="The path of the request; `/`, if absent.")
    request_headers_to_add: Part[HeaderChanges | None] = field(default=None, doc="Headers of the request.")
    expected_statuses: Many[Int32] = field(
        default=None, unordered=True, presence=True, doc="Statuses of a healthy answer, 100 to 599; 200, if absent."
    )


class GrpcHealthCheck(Model):
    """A check over gRPC, by its own protocol of health checks."""

    disabled: One[Bool | None] = field(default=None, doc="Whether it is left out; false, if absent.")
    service_name: One[Str | None] = field(default=None, doc="The service that is asked for.")
    authority: One[Str | None] = field(default=None, doc="The header `:authority`; the name of the cluster, if absent.")


class HealthCheckConf(Model):
    """How it is checked; by HTTP, TCP or gRPC."""

    interval: One[Duration | None] = field(default=None, doc="Time between checks, more than 0s; 1m, if absent.")
    timeout: One[Duration | None] = field(default=None, doc="Time to wait for an answer, more than 0s; 15s, if absent.")
    unhealthy_threshold: One[Int32 | None] = field(
        default=None, doc="How many failures in a row make ill, more than 0; 5, if absent."
    )
    healthy_threshold: One[Int32 | None] = field(
        default=None, doc="How many successes in a row make well, more than 0; 1, if absent."
    )
    initial_jitter: One[Duration | None] = field(
        default=None, doc="Up to how long the first check waits, more than 0s."
    )
    interval_jitter: One[Duration | None] = field(
        default=None, doc="Up to how much longer an interval is, more than 0s."
    )
    interval_jitter_percent: One[Int32 | None] = field(
        default=None, doc="Up to how many hundredths of `interval_jitter` an interval is longer."
    )
    healthy_panic_threshold: One[IntOrStr | None] = field(
        default=None,
        deprecated="outlier_detection.healthy_panic_threshold of a MeshCircuitBreaker",
        doc='Below how many healthy of a hundred all are used again, fractions as text (`"50.5"`); 50, if absent.',
    )
    fail_traffic_on_panic: One[Bool | None] = field(
        default=None, doc="Whether then none is used instead of all; false, if absent."
    )
    event_log_path: One[Str | None] = field(
        default=None, doc="An absolute path of a file beside each proxy that tells of checks; no log, if absent."
    )
    always_log_health_check_failures: One[Bool | None] = field(
        default=None, doc="Whether it tells of every failure, not only of the first; false, if absent."
    )
    no_traffic_interval: One[Duration | None] = field(
        default=None, doc="Time between checks before there is traffic, more than 0s; 60s, if absent."
    )
    http: Part[HttpHealthCheck | None] = field(default=None, presence=True, doc="A check over HTTP.")
    tcp: Part[TcpHealthCheck | None] = field(default=None, presence=True, doc="A check over TCP.")
    grpc: Part[GrpcHealthCheck | None] = field(default=None, presence=True, doc="A check over gRPC.")
    reuse_connection: One[Bool | None] = field(default=None, doc="Whether checks share a connection; true, if absent.")


class HealthCheckTo(Model):
    """How a destination is checked."""

    target_ref: Part[TargetRef] = field(doc="The destination.")
    default: Part[HealthCheckConf | None] = field(default=None, doc="How it is checked.")


def references(check: Body, release: Release) -> Iterator[Violation]:
    """What is referred to; until 2.13 no external service."""
    yield from top(check, release, GATEWAYS)
    yield from each(check, "spec.to", release, TO if release >= (2, 14) else TO_BEFORE)
    yield from shared(check, release)


def confs(check: Body, _: Release) -> Iterator[Violation]:
    """Each check by itself."""
    for path, to in parts(check, "spec.to"):
        yield from conf(f"{path}.default", table(to, "default"))


def conf(at: str, said: Body) -> Iterator[Violation]:
    """Times and counts that make sense, and a way to check."""
    yield from positive_durations(
        at, said, "interval", "timeout", "initialJitter", "intervalJitter", "noTrafficInterval"
    )
    for key in ("unhealthyThreshold", "healthyThreshold"):
        if (count := said.get(key)) is not None and count <= 0:
            yield Violation(f"{at}.{key}", "must be greater than zero when defined")
    yield from whole_percentage(at, said, "intervalJitterPercent")
    if said.get("healthyPanicThreshold") is not None:
        yield from percentage(at, said, "healthyPanicThreshold")
    if (path := said.get("eventLogPath")) is not None and not is_file_path(path):
        yield Violation(f"{at}.eventLogPath", "must be a valid path when defined")
    if dig(said, "http.path") == "":
        yield Violation(f"{at}.http.path", "must be defined")
    for index, status in enumerate(values(said, "http.expectedStatuses")):
        yield from status_code(f"{at}.http.expectedStatuses[{index}]", status)
    if all(said.get(sort) is None for sort in SORTS):
        yield Violation(at, f"must have at least one defined: {', '.join(SORTS)}")


def deprecated_panic(check: Body, _: Release) -> Iterator[Violation]:
    """The threshold that a MeshCircuitBreaker says."""
    for path, to in parts(check, "spec.to"):
        if dig(to, "default.healthyPanicThreshold") is not None:
            yield Violation(
                f"{path}.default.healthyPanicThreshold",
                "healthyPanicThreshold for 'to[].default' is deprecated. The setting has been moved to MeshCircuitBreaker"
                " policy, please use MeshCircuitBreaker policy instead.",
            )


class MeshHealthCheck(
    MeshScoped,
    kind=Kind(
        path="meshhealthchecks",
        shape="spec",
        short="mhc",
        policy=True,
        rules=(references, confs),
        warnings=(deprecated_top, deprecated_panic),
    ),
):
    """How proxies find out whether a service is well.

    Source: https://kuma.io/docs/latest/policies/meshhealthcheck/
    """

    target_ref: Part[TargetRef | None] = field(default=None, doc="Whose proxies check; the whole mesh, if absent.")
    to: Parts[HealthCheckTo] = field(default=None, doc="How services are checked, by destination.")


__all__ = [
    "GrpcHealthCheck",
    "HealthCheckConf",
    "HealthCheckTo",
    "HttpHealthCheck",
    "MeshHealthCheck",
    "TcpHealthCheck",
]
