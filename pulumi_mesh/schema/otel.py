"""Where policies send telemetry by OpenTelemetry: the address of a collector, or an object that describes one."""

from collections.abc import Iterator
from typing import Literal

from .go import host_port, is_url
from .parts import Str
from .release import Release
from .rules import Body, Violation, join
from .spec import Model, One, Table, field

ADDRESS = "The collector, as HOST:PORT; not beside `backend_ref`, which replaces it since 2.14."


class OtelBackendRef(Model):
    """A MeshOpenTelemetryBackend of the same mesh, by its labels; the oldest, if several have them."""

    kind: One[Literal["MeshOpenTelemetryBackend"]] = field(doc="Always MeshOpenTelemetryBackend.")
    labels: Table[Str] = field(default=None, doc="Labels that it has; at least one.")


def collector(at: str, otel: Body, release: Release) -> Iterator[Violation]:
    """One way to the collector: its address, or the object that describes it."""
    endpoint, ref = str(otel.get("endpoint") or ""), otel.get("backendRef")
    if release < (2, 14):
        if otel.get("endpoint") is None:
            wrong = 'must be of type string: "null"' if "endpoint" in otel else "is required"
            yield Violation(join(at, "endpoint"), f"in body {wrong}")
    elif endpoint and ref is not None:
        yield Violation(at, "openTelemetry must have only one type defined: endpoint, backendRef")
    elif not endpoint and ref is None:
        yield Violation(at, "openTelemetry must have exactly one defined: endpoint, backendRef")
    elif ref is not None:
        if not ref.get("labels"):
            yield Violation(join(at, "backendRef"), "backendRef must have exactly one defined: labels")
    elif set(endpoint) & set("/?#"):
        yield Violation(join(at, "endpoint"), "must be in host:port format, not a URL")


def some_endpoint(at: str, otel: Body, release: Release) -> Iterator[Violation]:
    """An address that is not empty."""
    if release < (2, 14) and otel.get("endpoint") == "":
        yield Violation(join(at, "endpoint"), "in body should be at least 1 chars long")


def endpoint_with_port(at: str, otel: Body, release: Release) -> Iterator[Violation]:
    """An address with a port, without a scheme."""
    endpoint = str(otel.get("endpoint") or "")
    at = join(at, "endpoint")
    if release >= (2, 14):
        alone = endpoint and otel.get("backendRef") is None and not set(endpoint) & set("/?#")
        if alone and host_port(endpoint) is None:
            yield Violation(at, "must be in host:port format")
        return
    if otel.get("endpoint") is not None and not is_url(endpoint):
        yield Violation(at, "must be a valid url")
    if endpoint.startswith(("http://", "https://")):
        yield Violation(at, "must not use schema")


def deprecated_endpoint(otels: Iterator[tuple[str, Body]], release: Release) -> Iterator[Violation]:
    """An address, said once; 2.14 wants an object."""
    for at, otel in otels:
        if release >= (2, 14) and otel.get("endpoint") and otel.get("backendRef") is None:
            yield Violation(
                join(at, "endpoint"),
                "openTelemetry.endpoint is deprecated, use openTelemetry.backendRef with a MeshOpenTelemetryBackend"
                " resource instead",
            )
            return
