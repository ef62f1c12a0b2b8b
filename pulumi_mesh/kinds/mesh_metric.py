"""MeshMetric: which metrics proxies expose, and to whom."""

from collections.abc import Iterator
from typing import Literal

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.go import is_regex
from pulumi_mesh.schema.grave import TOLD
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.otel import ADDRESS, OtelBackendRef, collector, deprecated_endpoint, endpoint_with_port
from pulumi_mesh.schema.parts import Bool, Duration, Str, TargetRef, Uint32
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts, values
from pulumi_mesh.schema.spec import Model, One, Part, Parts, field
from pulumi_mesh.schema.target_ref import GATEWAYS, by_role, deprecated_top, top

NO_PORT = "port must be a valid (1-65535)"


class MetricProfile(Model):
    """A set of metrics that Kuma defines."""

    name: One[Literal["All", "Basic", "None"]] = field(doc="Its name.")


class MetricSelector(Model):
    """Metrics by their names."""

    type: One[Literal["Prefix", "Regex", "Exact", "Contains"]] = field(doc="How the name is compared.")
    match: One[Str] = field(doc="What it is compared with; a regular expression in Go's syntax.")


class MetricProfiles(Model):
    """Which metrics of a proxy are meant."""

    append_profiles: Parts[MetricProfile] = field(default=None, unordered=True, doc="Sets of metrics; All, if absent.")
    exclude: Parts[MetricSelector] = field(default=None, presence=True, doc="Metrics that are left out.")
    include: Parts[MetricSelector] = field(
        default=None, presence=True, doc="Metrics that are taken in, even if left out."
    )


class MetricSidecar(Model):
    """The metrics of a proxy itself."""

    profiles: Part[MetricProfiles | None] = field(default=None, doc="Which of them.")
    include_unused: One[Bool | None] = field(
        default=None, doc="Whether those that never changed count, too; false, if absent."
    )


class MetricApplication(Model):
    """An application beside a proxy, whose metrics it passes on."""

    name: One[Str | None] = field(default=None, doc="Its name.")
    path: One[Str | None] = field(default=None, fills="/metrics", doc="Where its metrics are; `/metrics`, if absent.")
    address: One[Str | None] = field(
        default=None, doc="The address that it listens on; that of the inbound, if absent."
    )
    port: One[Uint32] = field(doc="The port that it listens on, 1 to 65535.")


class MetricPrometheusTls(Model):
    """How metrics are protected."""

    mode: One[Literal["Disabled", "ProvidedTLS", "ActiveMTLSBackend"] | None] = field(
        default=None,
        fills="Disabled",
        doc="By certificates that lie beside the proxy, by those of the mesh, or not; Disabled, if absent.",
    )


class MetricPrometheus(Model):
    """An endpoint that Prometheus scrapes."""

    client_id: One[Str | None] = field(default=None, doc="Which Prometheus is told of it, if there are several.")
    port: One[Uint32 | None] = field(default=None, fills=5670, doc="The port, 1 to 65535; 5670, if absent.")
    path: One[Str | None] = field(default=None, fills="/metrics", doc="The path; `/metrics`, if absent.")
    tls: Part[MetricPrometheusTls | None] = field(default=None, doc="How it is protected.")


class MetricOpenTelemetry(Model):
    """A collector of OpenTelemetry."""

    endpoint: One[Str | None] = field(default=None, fills="", doc=ADDRESS)
    backend_ref: Part[OtelBackendRef | None] = field(default=None, since="2.14", doc="An object that describes it.")
    refresh_interval: One[Duration | None] = field(default=None, doc="How often metrics are sent; 30s, if absent.")


class MetricBackend(Model):
    """Who gets metrics."""

    type: One[Literal["Prometheus", "OpenTelemetry"]] = field(doc="Which of the fields below is meant.")
    prometheus: Part[MetricPrometheus | None] = field(default=None, presence=True, doc="Prometheus.")
    open_telemetry: Part[MetricOpenTelemetry | None] = field(default=None, presence=True, doc="A collector.")


class MetricConf(Model):
    """Which metrics, and to whom."""

    sidecar: Part[MetricSidecar | None] = field(default=None, doc="The metrics of proxies themselves.")
    applications: Parts[MetricApplication] = field(default=None, presence=True, doc="Applications beside them.")
    backends: Parts[MetricBackend] = field(default=None, presence=True, doc="Who gets metrics.")


def references(metric: Body, release: Release) -> Iterator[Violation]:
    """What is referred to at the top."""
    yield from top(metric, release, by_role(metric, GATEWAYS))


def selectors(metric: Body, _: Release) -> Iterator[Violation]:
    """Regular expressions are some."""
    for name in ("exclude", "include"):
        for path, selector in parts(metric, f"spec.default.sidecar.profiles.{name}"):
            if selector.get("type") == "Regex" and not is_regex(str(selector.get("match", ""))):
                yield Violation(f"{path}.match", "invalid regex")


def applications(metric: Body, _: Release) -> Iterator[Violation]:
    """Ports are some; the control plane has a path of its own here."""
    for index, application in enumerate(values(metric, "spec.default.applications")):
        port = dig(application, "port")
        if port is not None and not 1 <= port <= 65535:
            yield Violation(f"spec.default.applications.application[{index}]", NO_PORT)


def backends(metric: Body, _: Release) -> Iterator[Violation]:
    """Each backend is described; the control plane has a path of its own here."""
    for index, backend in enumerate(values(metric, "spec.default.backends")):
        at, kind = f"spec.default.backends.backend[{index}]", str(dig(backend, "type"))
        name = {"Prometheus": "prometheus", "OpenTelemetry": "openTelemetry"}.get(kind)
        if name is not None and dig(backend, name) is None:
            yield Violation(f"{at}.{name}", "must be defined")
        port = dig(backend, "prometheus.port")
        if kind == "Prometheus" and port is not None and not 1 <= port <= 65535:
            yield Violation(f"{at}.port", NO_PORT)


def collectors(metric: Body, release: Release) -> Iterator[Violation]:
    """Collectors of OpenTelemetry; what their schema says has the true path."""
    for index, backend in enumerate(values(metric, "spec.default.backends")):
        if (otel := dig(backend, "openTelemetry")) is None:
            continue
        meant = backend.get("type") == "OpenTelemetry"
        at = f"spec.default.backends.backend[{index}].openTelemetry"
        if meant or release < (2, 14):
            by_schema = at.replace("backends.backend[", "backends[")
            yield from collector(at if release >= (2, 14) else by_schema, otel, release)
        if meant:
            yield from endpoint_with_port(at, otel, release)


def otels(metric: Body) -> Iterator[tuple[str, Body]]:
    """Yield the collectors."""
    for path, backend in parts(metric, "spec.default.backends"):
        if (otel := backend.get("openTelemetry")) is not None:
            yield f"{path}.openTelemetry", otel


def deprecated(metric: Body, release: Release) -> Iterator[Violation]:
    """Addresses of collectors."""
    yield from deprecated_endpoint(otels(metric), release)


class MeshMetric(
    MeshScoped,
    kind=Kind(
        path="meshmetrics",
        shape="spec",
        short="mm",
        policy=True,
        status="2.14",
        rules=(references, selectors, applications, backends, collectors),
        warnings=(deprecated, deprecated_top),
        grave=TOLD,
    ),
):
    """Which metrics proxies expose, and to whom.

    Source: https://kuma.io/docs/latest/policies/meshmetric/
    """

    target_ref: Part[TargetRef | None] = field(default=None, doc="Whose metrics; those of the whole mesh, if absent.")
    default: Part[MetricConf | None] = field(default=None, doc="Which metrics, and to whom.")


__all__ = [
    "MeshMetric",
    "MetricApplication",
    "MetricBackend",
    "MetricConf",
    "MetricOpenTelemetry",
    "MetricProfile",
    "MetricProfiles",
    "MetricPrometheus",
    "MetricPrometheusTls",
    "MetricSelector",
    "MetricSidecar",
]
