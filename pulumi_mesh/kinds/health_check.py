"""HealthCheck: how proxies find out which endpoints are well; chosen by tags of sources and destinations."""

from collections.abc import Iterator

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.forms import Double, nanoseconds
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Base64, Bool, Duration, Str, Uint32
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts, values
from pulumi_mesh.schema.selectors import SENDERS, Selector
from pulumi_mesh.schema.spec import Many, Model, One, Part, Parts, field

POSITIVE = "must have a positive value"


class HealthCheckByBytes(Model):
    """A check by bytes."""

    send: One[Base64 | None] = field(default=None, doc="What is sent, in base64; only a connection is made, if absent.")
    receive: Many[Base64] = field(default=None, doc="What must come, one after another, in base64.")


class HealthCheckHeader(Model):
    """A header."""

    key: One[Str] = field(doc="Its name.")
    value: One[Str | None] = field(default=None, doc="Its value.")


class HealthCheckHeaderOption(Model):
    """A header of the request."""

    header: Part[HealthCheckHeader] = field(presence=True, doc="The header.")
    append: One[Bool | None] = field(
        default=None, presence=True, doc="Whether it is added to what is there, or takes its place; true, if absent."
    )


class HealthCheckByRequest(Model):
    """A check by a request."""

    path: One[Str] = field(doc="The path that is asked for.")
    request_headers_to_add: Parts[HealthCheckHeaderOption] = field(
        proto=True, default=None, doc="Headers of the request."
    )
    expected_statuses: Many[Uint32] = field(
        proto=True, default=None, doc="Statuses that mean well, 100 to 599; 200, if absent."
    )


def checks(policy: Body, _: Release) -> Iterator[Violation]:
    """Times and thresholds are positive; a check is one of HTTP or of TCP."""
    conf = dig(policy, "conf")
    if conf is None:
        yield Violation("conf", "has to be defined")
        return
    for key in ("interval", "timeout"):
        yield from positive(f"conf.{key}", conf.get(key) or "0s")
    for key in ("unhealthyThreshold", "healthyThreshold"):
        if not int(conf.get(key) or 0):
            yield Violation(f"conf.{key}", POSITIVE)
    for key in ("initialJitter", "intervalJitter", "noTrafficInterval"):
        if conf.get(key) is not None:
            yield from positive(f"conf.{key}", conf[key])
    if not 0 <= float(conf.get("healthyPanicThreshold") or 0) <= 100:
        yield Violation("conf.healthyPanicThreshold", "must be in range [0.0 - 100.0]")
    if conf.get("http") is not None:
        yield from by_http(conf["http"])
        if conf.get("tcp") is not None:
            yield Violation("conf", "http and tcp cannot be defined at the same time")


def positive(path: str, duration: str) -> Iterator[Violation]:
    """A time is not nothing."""
    if not nanoseconds(duration):
        yield Violation(path, POSITIVE)


def by_http(http: Body) -> Iterator[Violation]:
    """A request has a path; statuses are some; headers have names."""
    if not http.get("path"):
        yield Violation("conf.http.path", "has to be defined and cannot be empty")
    for index, status in enumerate(values(http, "expectedStatuses")):
        if not 100 <= int(status or 0) < 600:
            yield Violation(f"conf.http.expectedStatuses[{index}]", "must be in range [100, 600)")
    for path, option in parts(http, "requestHeadersToAdd", "conf.http"):
        if option.get("header") is None:
            yield Violation(f"{path}.header", "has to be defined")
        elif not option["header"].get("key"):
            yield Violation(f"{path}.header.key", "cannot be empty")


class HealthCheck(
    MeshScoped,
    kind=Kind(
        path="health-checks", shape="legacy", written_on=frozenset({"global"}), rules=(*SENDERS, checks), policy=True
    ),
):
    """How proxies find out which endpoints of a service are well.

    MeshHealthCheck replaces it.

    Source: https://kuma.io/docs/latest/policies/health-check/
    """

    sources: Parts[Selector] = field(doc="Who sends.")
    destinations: Parts[Selector] = field(doc="Which services receive, by `kuma.io/service` alone.")
    interval: One[Duration] = field(wire="conf.interval", presence=True, doc="How often an endpoint is checked.")
    timeout: One[Duration] = field(wire="conf.timeout", presence=True, doc="How long an answer may take.")
    unhealthy_threshold: One[Uint32] = field(
        proto=True, wire="conf.unhealthyThreshold", doc="How many checks in a row must fail, until it is not well."
    )
    healthy_threshold: One[Uint32] = field(
        proto=True, wire="conf.healthyThreshold", doc="How many checks in a row must succeed, until it is well again."
    )
    initial_jitter: One[Duration | None] = field(
        proto=True, default=None, wire="conf.initialJitter", presence=True, doc="A random wait before the first check."
    )
    interval_jitter: One[Duration | None] = field(
        proto=True, default=None, wire="conf.intervalJitter", presence=True, doc="A random wait that is added to each."
    )
    interval_jitter_percent: One[Uint32 | None] = field(
        proto=True,
        default=None,
        wire="conf.intervalJitterPercent",
        doc="The same as a share of the interval, in percent.",
    )
    healthy_panic_threshold: One[Double | None] = field(
        proto=True,
        default=None,
        wire="conf.healthyPanicThreshold",
        presence=True,
        doc="The share of healthy endpoints below which all get traffic, 0 to 100 percent; 50, if absent.",
    )
    fail_traffic_on_panic: One[Bool | None] = field(
        proto=True,
        default=None,
        wire="conf.failTrafficOnPanic",
        presence=True,
        doc="Whether requests fail instead, below that share; false, if absent.",
    )
    event_log_path: One[Str | None] = field(
        proto=True, default=None, wire="conf.eventLogPath", doc="A file of the proxy that tells what changed."
    )
    always_log_health_check_failures: One[Bool | None] = field(
        proto=True,
        default=None,
        wire="conf.alwaysLogHealthCheckFailures",
        presence=True,
        doc="Whether every failure is told, not only the first; false, if absent.",
    )
    no_traffic_interval: One[Duration | None] = field(
        proto=True,
        default=None,
        wire="conf.noTrafficInterval",
        presence=True,
        doc="How often an endpoint is checked that had no traffic yet; 60s, if absent.",
    )
    tcp: Part[HealthCheckByBytes | None] = field(
        default=None, wire="conf.tcp", presence=True, doc="A check by bytes; not beside `http`."
    )
    http: Part[HealthCheckByRequest | None] = field(
        default=None, wire="conf.http", presence=True, doc="A check by a request; not beside `tcp`."
    )
    reuse_connection: One[Bool | None] = field(
        proto=True,
        default=None,
        wire="conf.reuseConnection",
        presence=True,
        doc="Whether a connection is used for more than one check; true, if absent.",
    )


__all__ = [
    "HealthCheck",
    "HealthCheckByBytes",
    "HealthCheckByRequest",
    "HealthCheckHeader",
    "HealthCheckHeaderOption",
]
