"""MeshOpenTelemetryBackend: a collector that traces, metrics and access logs go to."""

from collections.abc import Iterator
from typing import Annotated, Literal

from annotated_types import Ge, Le

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.go import is_ip
from pulumi_mesh.schema.grave import TOLD
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Bool, Int, Str
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig
from pulumi_mesh.schema.spec import Model, One, Part, field
from pulumi_mesh.schema.tags import is_dns_name

AT = "spec.endpoint"


class OpenTelemetryEndpoint(Model):
    """Where a collector is."""

    address: One[Str | None] = field(
        default=None, doc="An IP address or DNS name; the machine of the proxy, if absent."
    )
    port: One[Annotated[Int, Ge(-(2**31)), Le(2**31 - 1)] | None] = field(
        default=None, doc="Its port, 1 to 65535; 4317, if absent."
    )
    path: One[Str | None] = field(default=None, doc="What paths begin with, over HTTP only; it begins with `/`.")


class OpenTelemetryEnv(Model):
    """What environment variables of proxies (`OTEL_EXPORTER_OTLP_...`) have to say."""

    mode: One[Literal["Disabled", "Optional", "Required"] | None] = field(
        default=None, fills="Optional", doc="Whether they count; `Optional`, if absent."
    )
    precedence: One[Literal["ExplicitFirst", "EnvFirst"] | None] = field(
        default=None, fills="EnvFirst", doc="Which goes first, this object or they; `EnvFirst`, if absent."
    )
    allow_signal_overrides: One[Bool | None] = field(
        default=None, doc="Whether there may be others for traces, metrics and logs; true, if absent."
    )


def endpoint(backend: Body, _: Release) -> Iterator[Violation]:
    """An endpoint is somewhere, on a port."""
    address, port = dig(backend, f"{AT}.address"), dig(backend, f"{AT}.port")
    if address == "":
        yield Violation(f"{AT}.address", "must not be empty")
    elif address is not None and not is_ip(str(address)) and not is_dns_name(str(address)):
        yield Violation(f"{AT}.address", "address has to be a valid IP or hostname")
    if port is not None and not 1 <= int(port) <= 65535:
        yield Violation(f"{AT}.port", "port must be a valid (1-65535)")


def path(backend: Body, _: Release) -> Iterator[Violation]:
    """Only HTTP has paths."""
    said = str(dig(backend, f"{AT}.path") or "")
    if not said:
        return
    if dig(backend, "spec.protocol") != "http":
        yield Violation(f"{AT}.path", "must not be set when protocol is grpc")
        return
    if not said.startswith("/"):
        yield Violation(f"{AT}.path", "must start with /")
    if set(said) & set("?#"):
        yield Violation(f"{AT}.path", "must not contain query or fragment")


class MeshOpenTelemetryBackend(
    MeshScoped,
    kind=Kind(
        path="meshopentelemetrybackends",
        shape="spec",
        short="motb",
        status="2.14",
        since=Release(2, 14),
        rules=(endpoint, path),
        grave=TOLD,
    ),
):
    """A collector that MeshTrace, MeshMetric and MeshAccessLog send to; without fields, the one beside each proxy.

    Source: https://kuma.io/docs/latest/policies/meshopentelemetrybackend/
    """

    endpoint: Part[OpenTelemetryEndpoint | None] = field(default=None, doc="Where it is.")
    protocol: One[Literal["grpc", "http"] | None] = field(default=None, doc="What it speaks; `grpc`, if absent.")
    env: Part[OpenTelemetryEnv | None] = field(default=None, doc="What environment variables have to say.")


__all__ = ["MeshOpenTelemetryBackend", "OpenTelemetryEndpoint", "OpenTelemetryEnv"]
