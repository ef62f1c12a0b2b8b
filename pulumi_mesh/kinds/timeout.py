"""Timeout: how long things may take, by tags; what MeshTimeout replaces."""

from collections.abc import Iterator

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.forms import nanoseconds
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Duration
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig
from pulumi_mesh.schema.selectors import SENDERS, Selector
from pulumi_mesh.schema.spec import Model, One, Part, Parts, field

SECTIONS = {
    "tcp": ("idleTimeout",),
    "http": ("requestTimeout", "idleTimeout"),
    "grpc": ("streamIdleTimeout", "maxStreamDuration"),
}
"""What each section is looked at for: it must have one of these; the others of HTTP may be anything."""
POSITIVE = "has to be greater than 0"


class TimeoutTcp(Model):
    """How long connections may take."""

    idle_timeout: One[Duration | None] = field(
        proto=True, default=None, doc="How long nothing may be sent; the section needs it."
    )


class TimeoutHttp(Model):
    """How long requests over HTTP may take; `request_timeout` or `idle_timeout` is needed."""

    request_timeout: One[Duration | None] = field(
        proto=True, default=None, doc="How long an answer may take, after the whole request was sent."
    )
    idle_timeout: One[Duration | None] = field(
        proto=True, default=None, doc="How long a connection may have no requests."
    )
    stream_idle_timeout: One[Duration | None] = field(
        proto=True, default=None, doc="How long nothing may happen on a stream; 0s is without end."
    )
    max_stream_duration: One[Duration | None] = field(
        proto=True, default=None, doc="How long a stream may live; 0s is without end."
    )


class TimeoutGrpc(Model):
    """How long requests over gRPC may take; one of these is needed."""

    stream_idle_timeout: One[Duration | None] = field(
        proto=True, default=None, doc="How long nothing may happen on a stream."
    )
    max_stream_duration: One[Duration | None] = field(proto=True, default=None, doc="How long a stream may live.")


def timed(policy: Body, _: Release) -> Iterator[Violation]:
    """Something is said, and each section says how long."""
    if dig(policy, "conf") is None:
        yield Violation("conf", "has to be defined")
    for section, keys in SECTIONS.items():
        said, path = dig(policy, f"conf.{section}"), f"conf.{section}"
        if said is None:
            continue
        if all(said.get(key) is None for key in keys):
            yield Violation(path, "at least one timeout in section has to be defined")
        elif section == "tcp":
            yield from positive(path, said, *keys, why=POSITIVE)
        else:
            yield from positive(path, said, *keys)


def positive(path: str, said: Body, *keys: str, why: str = f"{POSITIVE} when defined") -> Iterator[Violation]:
    """What is said of these durations is not zero."""
    for key in keys:
        if said.get(key) is not None and not nanoseconds(str(said[key])):
            yield Violation(f"{path}.{key}", why)


class Timeout(
    MeshScoped,
    kind=Kind(path="timeouts", shape="legacy", policy=True, written_on=frozenset({"global"}), rules=(*SENDERS, timed)),
):
    """How long connections and requests may take.

    MeshTimeout replaces it.

    Source: https://kuma.io/docs/latest/policies/timeout/
    """

    sources: Parts[Selector] = field(doc="Who calls, by tags, `kuma.io/service` among them.")
    destinations: Parts[Selector] = field(doc="Who is called, by `kuma.io/service` alone.")
    connect_timeout: One[Duration | None] = field(
        proto=True, default=None, wire="conf.connectTimeout", doc="How long it may take to connect."
    )
    tcp: Part[TimeoutTcp | None] = field(default=None, wire="conf.tcp", presence=True, doc="Connections.")
    http: Part[TimeoutHttp | None] = field(default=None, wire="conf.http", presence=True, doc="Requests over HTTP.")
    grpc: Part[TimeoutGrpc | None] = field(default=None, wire="conf.grpc", presence=True, doc="Requests over gRPC.")


__all__ = ["Timeout", "TimeoutGrpc", "TimeoutHttp", "TimeoutTcp"]
