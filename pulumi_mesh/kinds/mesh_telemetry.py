"""Where the proxies of a mesh send access logs and traces, and how they expose metrics."""

from collections.abc import Iterator
from typing import Any, Literal

from pulumi_mesh.kinds.mesh_ca import chosen, unique
from pulumi_mesh.schema.forms import Number
from pulumi_mesh.schema.go import host_port, is_regex, uri_port
from pulumi_mesh.schema.parts import Bool, Str, Uint32
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts
from pulumi_mesh.schema.spec import Model, One, Part, Parts, Table, field
from pulumi_mesh.schema.tags import PORT

TLS_MODES = {"activeMTLSBackend": 0, "providedTLS": 1, "disabled": 2}
API_VERSIONS = ("httpJsonV1", "httpJson", "httpProto")


class LogBackend(Model, by="type"):
    """Where access logs go; its variants say which way."""

    name: One[Str] = field(doc="Its name, unique in the mesh; a TrafficLog names it.")
    type: One[Any] = field(doc="What it is: `file` or `tcp`.")
    format: One[Str | None] = field(
        default=None, doc="A line of the log, with Envoy's placeholders and those of Kuma; Kuma's own, if absent."
    )


class FileLog(LogBackend, when="file"):
    """A file beside each proxy."""

    type: One[Literal["file"]] = field(default="file", doc="Always `file`.")
    path: One[Str] = field(wire="conf.path", doc="The path of the file.")


class TcpLog(LogBackend, when="tcp"):
    """A service that takes lines over TCP."""

    type: One[Literal["tcp"]] = field(default="tcp", doc="Always `tcp`.")
    address: One[Str] = field(wire="conf.address", doc="The service, as HOST:PORT.")


class Logging(Model):
    """Where TrafficLog sends access logs."""

    default_backend: One[Str | None] = field(default=None, doc="The backend of TrafficLogs that name none.")
    backends: Parts[LogBackend] = field(default=None, key=("name",), doc="The backends.")


class TraceBackend(Model, by="type"):
    """Where traces go; its variants say to what."""

    name: One[Str] = field(doc="Its name, unique in the mesh; a TrafficTrace names it.")
    type: One[Any] = field(doc="What it is: `zipkin` or `datadog`.")
    sampling: One[Number | None] = field(
        default=None, presence=True, doc="How many of the requests are traced, in percent, 0 to 100; 100, if absent."
    )


class Zipkin(TraceBackend, when="zipkin"):
    """A collector that speaks Zipkin's protocol."""

    type: One[Literal["zipkin"]] = field(default="zipkin", doc="Always `zipkin`.")
    url: One[Str] = field(wire="conf.url", doc="The collector, with a port: `http://zipkin.example:9411/api/v2/spans`.")
    trace_id128bit: One[Bool | None] = field(
        default=None, wire="conf.traceId128bit", doc="Whether ids of traces have 128 bits; false, if absent."
    )
    api_version: One[Str | None] = field(
        default=None,
        wire="conf.apiVersion",
        doc="The version of the protocol: `httpJson`, `httpJsonV1`, `httpProto`; `httpJson`, if absent.",
    )
    shared_span_context: One[Bool | None] = field(
        default=None,
        wire="conf.sharedSpanContext",
        presence=True,
        doc="Whether client and server share a span; true, if absent.",
    )


class Datadog(TraceBackend, when="datadog"):
    """An agent of Datadog."""

    type: One[Literal["datadog"]] = field(default="datadog", doc="Always `datadog`.")
    address: One[Str] = field(wire="conf.address", doc="The host of the agent.")
    port: One[Uint32] = field(wire="conf.port", doc="The port of the agent, 1 to 65535.")
    split_service: One[Bool | None] = field(
        default=None,
        wire="conf.splitService",
        doc="Whether a service has a name of its own for each direction and destination; false, if absent.",
    )


class Tracing(Model):
    """Where TrafficTrace sends traces."""

    default_backend: One[Str | None] = field(default=None, doc="The backend of TrafficTraces that name none.")
    backends: Parts[TraceBackend] = field(default=None, key=("name",), doc="The backends.")


class Aggregate(Model):
    """An application whose metrics the proxy adds to its own."""

    name: One[Str | None] = field(default=None, doc="Its name, unique in the list.")
    port: One[Uint32 | None] = field(default=None, doc="The port of its metrics.")
    path: One[Str | None] = field(default=None, doc="The path of its metrics; `/metrics`, if absent.")
    enabled: One[Bool | None] = field(default=None, presence=True, doc="Whether it counts; true, if absent.")
    address: One[Str | None] = field(default=None, doc="The address of its metrics; that of the proxy, if absent.")


class EnvoyMetrics(Model):
    """Which of Envoy's metrics are exposed."""

    filter_regex: One[Str | None] = field(default=None, doc="A regular expression of their names; all, if absent.")
    used_only: One[Bool | None] = field(
        default=None, presence=True, doc="Whether only those that Envoy has updated; false, if absent."
    )


class MetricsTls(Model):
    """How the endpoint of the metrics is protected."""

    mode: One[Literal["activeMTLSBackend", "providedTLS", "disabled"] | None] = field(
        default=None,
        enum=TLS_MODES,
        doc="By certificates of the mesh, by one that the proxy is given, or not at all; `activeMTLSBackend`, if absent.",
    )


class MetricsBackend(Model):
    """How metrics are exposed to Prometheus."""

    name: One[Str | None] = field(default=None, doc="Its name, unique in the mesh.")
    type: One[Str] = field(default="prometheus", doc="What it is: `prometheus`.")
    skip_mtls: One[Bool | None] = field(
        default=None,
        wire="conf.skipMTLS",
        presence=True,
        doc="Whether the endpoint takes plain text in a mesh with mTLS.",
    )
    aggregate: Parts[Aggregate] = field(
        default=None, wire="conf.aggregate", key=("name",), doc="Applications whose metrics the proxy adds to its own."
    )
    envoy: Part[EnvoyMetrics | None] = field(
        default=None, wire="conf.envoy", doc="Which of Envoy's metrics are exposed."
    )


class ProxyMetrics(MetricsBackend):
    """How one proxy exposes metrics, where that differs from its mesh."""

    port: One[Uint32 | None] = field(default=None, wire="conf.port", doc="The port; that of the mesh, if absent.")
    path: One[Str | None] = field(default=None, wire="conf.path", doc="The path; that of the mesh, if absent.")
    tags: Table[Str] = field(default=None, wire="conf.tags", doc="Tags of the endpoint; those of the mesh, if absent.")
    tls: Part[MetricsTls | None] = field(default=None, wire="conf.tls", doc="How the endpoint is protected.")


def protection(conf: Body) -> Body:
    """Return what the control plane writes into the conf of a backend where nothing is said of TLS."""
    return {"mode": "disabled"} if conf.get("skipMTLS") else {}


class Prometheus(MetricsBackend):
    """How the proxies of a mesh expose metrics to Prometheus."""

    port: One[Uint32 | None] = field(default=None, wire="conf.port", fills=5670, doc="The port; 5670, if absent.")
    path: One[Str | None] = field(
        default=None, wire="conf.path", fills="/metrics", doc="The path; `/metrics`, if absent."
    )
    tags: Table[Str] = field(
        default=None,
        wire="conf.tags",
        fills={"kuma.io/service": "dataplane-metrics"},
        doc="Tags of the endpoint; `kuma.io/service: dataplane-metrics`, if absent.",
    )
    tls: Part[MetricsTls | None] = field(
        default=None,
        wire="conf.tls",
        fills=protection,
        doc="How the endpoint is protected.",
    )


class Metrics(Model):
    """How metrics of proxies are exposed."""

    enabled_backend: One[Str | None] = field(default=None, doc="The backend that is in use; none, if absent.")
    backends: Parts[Prometheus] = field(default=None, key=("name",), doc="The backends.")


def logging(mesh: Body, _: Release) -> Iterator[Violation]:
    """Backends of access logs."""
    backends = list(parts(mesh, "logging.backends"))
    for path, backend in backends:
        yield from named(path, backend)
        match backend.get("type"):
            case "tcp":
                address = str(dig(backend, "conf.address") or "")
                if not address:
                    yield Violation(f"{path}.config.address", "cannot be empty")
                elif not all(host_port(address) or ("",)):
                    yield Violation(f"{path}.config.address", "has to be in format of HOST:PORT")
            case "file":
                if not dig(backend, "conf.path"):
                    yield Violation(f"{path}.config.path", "cannot be empty")
            case _:
                yield Violation(f"{path}.type", 'unknown backend type. Available backends: "tcp", "file"')
    yield from unique(backends)
    yield from chosen(mesh, "logging", "defaultBackend", "has to be set to one of the logging backend in mesh")


def tracing(mesh: Body, _: Release) -> Iterator[Violation]:
    """Backends of traces."""
    backends = list(parts(mesh, "tracing.backends"))
    for path, backend in backends:
        yield from named(path, backend)
        if not 0 <= float(backend.get("sampling") or 0) <= 100:
            yield Violation(f"{path}.sampling", "has to be in [0.0 - 100.0] range")
        match backend.get("type"):
            case "zipkin":
                yield from zipkin(f"{path}.config", backend)
            case "datadog":
                if not dig(backend, "conf.address"):
                    yield Violation(f"{path}.config.address", "cannot be empty")
                if not 1 <= int(dig(backend, "conf.port") or 0) <= 65535:
                    yield Violation(f"{path}.config.port", PORT)
            case _:
                yield Violation(f"{path}.type", 'unknown backend type. Available backends: "zipkin", "datadog"')
    yield from unique(backends)
    yield from chosen(mesh, "tracing", "defaultBackend", "has to be set to one of the tracing backend in mesh")


def zipkin(path: str, backend: Body) -> Iterator[Violation]:
    """A collector of Zipkin."""
    version, url = dig(backend, "conf.apiVersion"), str(dig(backend, "conf.url") or "")
    if version and version not in API_VERSIONS:
        yield Violation(f"{path}.apiVersion", f"has invalid value. Allowed values: {', '.join(API_VERSIONS)}")
    if not url:
        yield Violation(f"{path}.url", "cannot be empty")
    elif (port := uri_port(url)) is None:
        yield Violation(f"{path}.url", "invalid URL")
    elif not port:
        yield Violation(f"{path}.url", "port has to be explicitly specified")


def named(path: str, backend: Body) -> Iterator[Violation]:
    """A backend has a name."""
    if not backend.get("name"):
        yield Violation(f"{path}.name", "cannot be empty")


def metrics(mesh: Body, _: Release) -> Iterator[Violation]:
    """Backends of metrics."""
    backends = list(parts(mesh, "metrics.backends"))
    for path, backend in backends:
        yield from prometheus(path, backend)
    yield from unique(backends)
    yield from chosen(mesh, "metrics", "enabledBackend", "has to be set to one of the backends in the mesh")


def prometheus(path: str, backend: Body) -> Iterator[Violation]:
    """One backend of metrics, of a mesh or of a proxy."""
    if backend.get("type") != "prometheus":
        yield Violation(f"{path}.type", 'unknown backend type. Available backends: "prometheus"')
        return
    skip, tls = dig(backend, "conf.skipMTLS"), dig(backend, "conf.tls")
    mode = dig(backend, "conf.tls.mode") or "activeMTLSBackend"
    if skip is not None and tls is not None and mode != ("disabled" if skip else "activeMTLSBackend"):
        yield Violation(f"{path}.conf", "skipMTLS and tls configuration cannot be defined together")
        return
    if not is_regex(str(dig(backend, "conf.envoy.filterRegex") or "")):
        yield Violation(f"{path}.conf.envoy.filterRegex", "provided regexp isn't correct")
        return
    seen: set[str] = set()
    for at, one in parts(backend, "conf.aggregate", path):
        name = str(one.get("name") or "")
        if name in seen:
            yield Violation(f"{at}.name", f"duplicate entry: {name}, values have to be unique")
        seen.add(name)
