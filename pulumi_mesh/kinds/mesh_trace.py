"""MeshTrace: where proxies send traces, and of how many requests."""

import re
from collections.abc import Iterator
from typing import Literal

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.bounds import decimal
from pulumi_mesh.schema.go import is_url, uri_port
from pulumi_mesh.schema.grave import TOLD
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.otel import ADDRESS, OtelBackendRef, collector, deprecated_endpoint, some_endpoint
from pulumi_mesh.schema.parts import Bool, IntOrStr, Str, TargetRef
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts, table
from pulumi_mesh.schema.spec import Model, One, Part, Parts, field
from pulumi_mesh.schema.target_ref import PROXIES, Place, by_role, deprecated_top, top

TOP = Place((*PROXIES.kinds, "MeshGateway"))
URL = re.compile(r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*):)?(?P<rest>[^?]*)(?:\?(?P<query>.*))?", re.DOTALL)
SAMPLED = 'fractions as text (`"0.1"`); 100, if absent.'


class TraceZipkin(Model):
    """A collector of Zipkin."""

    url: One[Str] = field(doc="Its address, with the path: `http://zipkin:9411/api/v2/spans`.")
    trace_id_128_bit: One[Bool | None] = field(
        default=None, wire="traceId128bit", fills=False, doc="Whether ids have 128 bits; false, if absent."
    )
    api_version: One[Literal["httpJson", "httpProto"] | None] = field(
        default=None, fills="httpJson", doc="How spans are sent; httpJson, if absent."
    )
    shared_span_context: One[Bool | None] = field(
        default=None, fills=True, doc="Whether client and server share a span; true, if absent."
    )


class TraceDatadog(Model):
    """An agent of Datadog."""

    url: One[Str] = field(doc="Its address, nothing but host and port: `http://agent:8126`.")
    split_service: One[Bool | None] = field(
        default=None, fills=False, doc="Whether services are split by direction and destination; false, if absent."
    )


class TraceOpenTelemetry(Model):
    """A collector of OpenTelemetry."""

    endpoint: One[Str | None] = field(default=None, fills="", doc=ADDRESS)
    backend_ref: Part[OtelBackendRef | None] = field(default=None, since="2.14", doc="An object that describes it.")


class MeshTraceBackend(Model):
    """Where traces go."""

    type: One[Literal["Zipkin", "Datadog", "OpenTelemetry"]] = field(doc="Which of the fields below is meant.")
    zipkin: Part[TraceZipkin | None] = field(default=None, doc="A collector of Zipkin.")
    datadog: Part[TraceDatadog | None] = field(default=None, doc="An agent of Datadog.")
    open_telemetry: Part[TraceOpenTelemetry | None] = field(default=None, doc="A collector of OpenTelemetry.")


class TraceSampling(Model):
    """Of how many requests traces are made."""

    overall: One[IntOrStr | None] = field(default=None, doc=f"Of how many of a hundred at the most, {SAMPLED}")
    client: One[IntOrStr | None] = field(
        default=None, doc=f"Of how many of a hundred that ask for it by `x-client-trace-id`, {SAMPLED}"
    )
    random: One[IntOrStr | None] = field(default=None, doc=f"Of how many of a hundred others, {SAMPLED}")


class TraceHeader(Model):
    """A header whose value a tag takes."""

    name: One[Str] = field(doc="Its name.")
    default: One[Str | None] = field(default=None, doc="The value where it is missing; no tag, if absent.")


class TraceTag(Model):
    """A tag of each span; its value is text or that of a header."""

    name: One[Str] = field(doc="Its name.")
    literal: One[Str | None] = field(default=None, doc="Its value.")
    header: Part[TraceHeader | None] = field(default=None, doc="The header that gives its value.")


class TraceConf(Model):
    """Where traces go, and of how many requests."""

    backends: Parts[MeshTraceBackend] = field(
        default=None,
        presence=True,
        most=1,
        doc="Where they go, one place at the most; must be there, and may be empty.",
    )
    sampling: Part[TraceSampling | None] = field(default=None, doc="Of how many requests.")
    tags: Parts[TraceTag] = field(default=None, presence=True, doc="Tags of each span.")


def references(trace: Body, release: Release) -> Iterator[Violation]:
    """What is referred to at the top."""
    yield from top(trace, release, by_role(trace, TOP))


def backends(trace: Body, release: Release) -> Iterator[Violation]:
    """Traces go somewhere, if it is only to nowhere; what the type names is there."""
    if dig(trace, "spec.default.backends") is None:
        yield Violation("spec.default.backends", "must be defined")
    found = list(parts(trace, "spec.default.backends"))
    for path, backend in found:
        kind, otel = str(backend.get("type")), backend.get("openTelemetry")
        name = {"Zipkin": "zipkin", "Datadog": "datadog", "OpenTelemetry": "openTelemetry"}.get(kind)
        alone = len(found) == 1
        if name is not None and backend.get(name) is None and alone:
            yield Violation(f"{path}.{name}", "must be defined")
        if name == "zipkin" and alone:
            yield from zipkin(f"{path}.zipkin.url", dig(backend, "zipkin.url"))
        if name == "datadog" and alone:
            yield from datadog(f"{path}.datadog.url", dig(backend, "datadog.url"))
        if otel is not None and (release < (2, 14) or (name == "openTelemetry" and alone)):
            yield from collector(f"{path}.openTelemetry", otel, release)
            yield from some_endpoint(f"{path}.openTelemetry", otel, release)


def zipkin(at: str, url: str | None) -> Iterator[Violation]:
    """An address that is one."""
    if url == "":
        yield Violation(at, "must not be empty")
    elif url is not None and not is_url(url):
        yield Violation(at, "must be a valid url")


def datadog(at: str, url: str | None) -> Iterator[Violation]:
    """A host and a port over http, and nothing else."""
    if url is None:
        return
    if (port := uri_port(url)) is None:
        yield Violation(at, "must be a valid url")
        return
    found = URL.fullmatch(url)
    assert found is not None
    scheme, rest = (found["scheme"] or "").lower(), found["rest"]
    if scheme != "http":
        yield Violation(at, "scheme must be http")
    if not port:
        yield Violation(at, "port must be defined")
    elif not 1 <= int(port) <= 65535:
        yield Violation(at, "port must be a valid (1-65535)")
    authority, slash, path = rest[2:].partition("/") if scheme and rest.startswith("//") else ("", "", rest)
    opaque = bool(scheme) and not rest.startswith("/") and bool(rest)
    said = {
        "opaque": opaque,
        "user": "@" in authority,
        "path": bool(slash + path) and not opaque,
        "query": bool(found["query"]),
    }
    for name in (name for name, there in said.items() if there):
        yield Violation(at, f"{name} must not be defined")


def tags(trace: Body, _: Release) -> Iterator[Violation]:
    """Tags with names and one value."""
    for path, tag in parts(trace, "spec.default.tags"):
        if tag.get("name") == "":
            yield Violation(f"{path}.name", "must not be empty")
        if (tag.get("header") is None) == (tag.get("literal") is None):
            yield Violation(path, "tag must have only one type defined: header, literal")


def sampling(trace: Body, _: Release) -> Iterator[Violation]:
    """Numbers of a hundred."""
    said = table(trace, "spec.default.sampling")
    for key in ("client", "random", "overall"):
        if (value := said.get(key)) is None:
            continue
        if (number := decimal(value)) is None:
            yield Violation(f"spec.default.sampling.{key}", "string is not a number")
        elif not 0 <= number <= 100:
            yield Violation(f"spec.default.sampling.{key}", "must be between 0 and 100")


def deprecated(trace: Body, release: Release) -> Iterator[Violation]:
    """Addresses of collectors."""
    found = ((path, one.get("openTelemetry")) for path, one in parts(trace, "spec.default.backends"))
    yield from deprecated_endpoint(
        ((f"{path}.openTelemetry", otel) for path, otel in found if otel is not None), release
    )


class MeshTrace(
    MeshScoped,
    kind=Kind(
        path="meshtraces",
        shape="spec",
        short="mtr",
        policy=True,
        status="2.14",
        rules=(references, backends, tags, sampling),
        warnings=(deprecated, deprecated_top),
        grave=TOLD,
    ),
):
    """Where proxies send traces, and of how many requests.

    Source: https://kuma.io/docs/latest/policies/meshtrace/
    """

    target_ref: Part[TargetRef | None] = field(default=None, doc="Whose proxies; those of the whole mesh, if absent.")
    default: Part[TraceConf | None] = field(default=None, doc="Where traces go; must be there.")


__all__ = [
    "MeshTrace",
    "MeshTraceBackend",
    "TraceConf",
    "TraceDatadog",
    "TraceHeader",
    "TraceOpenTelemetry",
    "TraceSampling",
    "TraceTag",
    "TraceZipkin",
]
