"""FaultInjection: requests that fail or wait on purpose; chosen by tags of sources and destinations."""

import re
from collections.abc import Iterator
from typing import Any

from pulumi_mesh.kinds.mesh_retry_rules import STATUSES
from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.forms import Double
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Duration, Str, Uint32
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, entry, parts, table
from pulumi_mesh.schema.selectors import Selector, some
from pulumi_mesh.schema.spec import Model, One, Part, Parts, field
from pulumi_mesh.schema.tags import selector_tags

PROTOCOL = "kuma.io/protocol"
PROTOCOLS = ("http", "http2", "grpc")
LIMIT = re.compile(r"[gmk]bps")


class InjectedDelay(Model):
    """Requests that wait."""

    percentage: One[Double] = field(presence=True, doc="The share of requests, 0 to 100 percent.")
    value: One[Duration] = field(presence=True, doc="How long they wait.")


class InjectedAbort(Model):
    """Requests that fail."""

    percentage: One[Double] = field(presence=True, doc="The share of requests, 0 to 100 percent.")
    http_status: One[Uint32] = field(presence=True, doc="The status that is answered.")


class InjectedBandwidth(Model):
    """Answers that are slow."""

    percentage: One[Double] = field(presence=True, doc="The share of requests, 0 to 100 percent.")
    limit: One[Str] = field(presence=True, doc="How fast they are, in `kbps`, `mbps` or `gbps` (`50 mbps`).")


def selects(fault: Body, _: Release) -> Iterator[Violation]:
    """Senders have tags; receivers speak HTTP, and say so."""
    yield from some(fault, "sources")
    for path, source in parts(fault, "sources"):
        yield from selector_tags(f"{path}.match", table(source, "match"), required=())
    yield from some(fault, "destinations")
    for path, destination in parts(fault, "destinations"):
        match = table(destination, "match")
        if PROTOCOL not in match:
            yield Violation(f"{path}.match", "protocol must be specified")
        elif str(match[PROTOCOL]).lower() not in PROTOCOLS:
            yield Violation(entry(f"{path}.match", PROTOCOL), f"must be one of the [{', '.join(PROTOCOLS)}]")
        yield from selector_tags(f"{path}.match", match, required=())


def faults(fault: Body, _: Release) -> Iterator[Violation]:
    """There is a fault; each says how often and what."""
    conf = table(fault, "conf")
    said = {key: table(conf, key) for key in ("delay", "abort", "responseBandwidth") if table(conf, key)}
    if not said:
        yield Violation("conf", "must have at least one of the faults configured")
    for key, one in said.items():
        yield from percentage(f"conf.{key}.percentage", one.get("percentage"))
    if "delay" in said and said["delay"].get("value") is None:
        yield Violation("conf.delay.value", "cannot be empty")
    if "abort" in said:
        yield from status(said["abort"].get("httpStatus"))
    if "responseBandwidth" in said:
        yield from bandwidth(said["responseBandwidth"].get("limit"))


def percentage(path: str, value: object) -> Iterator[Violation]:
    """A percentage is said, and is one."""
    if value is None:
        yield Violation(path, "cannot be empty")
    elif not 0 <= float(str(value)) <= 100:
        yield Violation(path, "has to be in [0.0 - 100.0] range")


def status(value: Any) -> Iterator[Violation]:
    """A status is said, and one that HTTP knows."""
    if value is None:
        yield Violation("conf.abort.httpStatus", "cannot be empty")
    elif int(value) not in STATUSES:
        yield Violation("conf.abort.httpStatus", "http status code is incorrect")


def bandwidth(value: object) -> Iterator[Violation]:
    """A limit is said, with its unit."""
    if value is None:
        yield Violation("conf.responseBandwidth.limit", "cannot be empty")
    elif not LIMIT.search(str(value)):
        yield Violation("conf.responseBandwidth.limit", "has to be in kbps/mbps/gbps units")


class FaultInjection(
    MeshScoped,
    kind=Kind(
        path="fault-injections", shape="legacy", written_on=frozenset({"global"}), rules=(selects, faults), policy=True
    ),
):
    """Requests that fail or wait on purpose, so that one sees how a service copes.

    MeshFaultInjection replaces it.

    Source: https://kuma.io/docs/latest/policies/fault-injection/
    """

    sources: Parts[Selector] = field(doc="Who sends.")
    destinations: Parts[Selector] = field(doc="Who receives; `kuma.io/protocol` (`http`, `http2`, `grpc`) is needed.")
    delay: Part[InjectedDelay | None] = field(default=None, wire="conf.delay", presence=True, doc="Requests that wait.")
    abort: Part[InjectedAbort | None] = field(default=None, wire="conf.abort", presence=True, doc="Requests that fail.")
    response_bandwidth: Part[InjectedBandwidth | None] = field(
        proto=True, default=None, wire="conf.responseBandwidth", presence=True, doc="Answers that are slow."
    )


__all__ = ["FaultInjection", "InjectedAbort", "InjectedBandwidth", "InjectedDelay"]
