"""MeshTimeout: how long proxies wait, for whom and from whom."""

from collections.abc import Iterator
from dataclasses import replace

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.forms import nanoseconds
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Duration, TargetRef, TrafficMatch
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts, table, values
from pulumi_mesh.schema.spec import Model, One, Part, Parts, field
from pulumi_mesh.schema.target_ref import (
    EVERYONE,
    GATEWAYS,
    SERVICES,
    Place,
    by_role,
    deprecated_from,
    deprecated_top,
    each,
    top,
    top_kind,
    works_on_inbounds,
)
from pulumi_mesh.schema.traffic_match import traffic_match

TOP = replace(GATEWAYS, kinds=(*GATEWAYS.kinds, "MeshHTTPRoute"))
TO = Place(("Mesh", *SERVICES.kinds))
TO_WITH_ROUTES = Place((*TO.kinds, "MeshHTTPRoute"))
TO_OF_A_ROUTE = Place(("Mesh", "MeshExternalService"))
LISTS = ("spec.from", "spec.to", "spec.rules")
NOT_OF_A_ROUTE = ("connectionTimeout", "idleTimeout", "http.maxStreamDuration", "http.maxConnectionDuration")
NOT_BY_SOURCE = (*NOT_OF_A_ROUTE, "http.requestHeadersTimeout")
HTTP = ("requestTimeout", "streamIdleTimeout", "maxStreamDuration", "maxConnectionDuration", "requestHeadersTimeout")


class HttpTimeouts(Model):
    """Timeouts of HTTP."""

    request_timeout: One[Duration | None] = field(default=None, doc="For a whole request; 0s is without end.")
    stream_idle_timeout: One[Duration | None] = field(
        default=None, doc="Without traffic on a stream; 0s is without end."
    )
    max_stream_duration: One[Duration | None] = field(default=None, doc="For a stream; 0s is without end.")
    max_connection_duration: One[Duration | None] = field(default=None, doc="For a connection; 0s is without end.")
    request_headers_timeout: One[Duration | None] = field(
        default=None, doc="Until all headers of a request are there; 0s is without end."
    )


class TimeoutConf(Model):
    """Timeouts; at least one."""

    connection_timeout: One[Duration | None] = field(default=None, doc="Until a connection stands; more than 0s.")
    idle_timeout: One[Duration | None] = field(
        default=None, doc="Without traffic (TCP) or without streams (HTTP) on a connection; 0s is without end."
    )
    http: Part[HttpTimeouts | None] = field(default=None, doc="Timeouts of HTTP.")


class TimeoutTo(Model):
    """Timeouts towards a destination."""

    target_ref: Part[TargetRef] = field(doc="The destination.")
    default: Part[TimeoutConf | None] = field(default=None, doc="The timeouts.")


class TimeoutFrom(Model):
    """Timeouts of incoming traffic by its source."""

    target_ref: Part[TargetRef] = field(doc="The source: the whole mesh.")
    default: Part[TimeoutConf | None] = field(default=None, doc="The timeouts.")


class TimeoutRule(Model):
    """Timeouts of incoming traffic."""

    matches: Parts[TrafficMatch] = field(default=None, since="2.14", doc="Which traffic is meant; all, if absent.")
    default: Part[TimeoutConf | None] = field(default=None, doc="The timeouts.")


def references(timeout: Body, release: Release) -> Iterator[Violation]:
    """What is referred to at the top, and what below it takes."""
    yield from top(timeout, release, by_role(timeout, replace(TOP, inbound=works_on_inbounds(timeout))))
    kind = top_kind(timeout)
    if kind in ("MeshHTTPRoute", "MeshGateway"):
        if values(timeout, "spec.from"):
            yield Violation("spec.from", "must not be defined")
        yield from each(timeout, "spec.to", release, TO_OF_A_ROUTE)
    elif kind:
        yield from each(timeout, "spec.from", release, EVERYONE)
        yield from each(timeout, "spec.to", release, TO_WITH_ROUTES if release >= (2, 11) else TO)


def lists(timeout: Body, _: Release) -> Iterator[Violation]:
    """Some timeouts, and rules only by themselves."""
    given = [path for path in LISTS if values(timeout, path)]
    if not given:
        yield Violation("spec", "at least one of 'from', 'to' or 'rules' has to be defined")
    if "spec.rules" in given and len(given) > 1:
        yield Violation("spec", "fields 'to' and 'from' must be empty when 'rules' is defined")


def timeouts(timeout: Body, _: Release) -> Iterator[Violation]:
    """Each set of timeouts by itself."""
    kind = top_kind(timeout)
    for path in LISTS:
        if path == "spec.from" and kind in ("", "MeshHTTPRoute", "MeshGateway"):
            continue  # refused as a whole
        for at, item in parts(timeout, path):
            yield from conf(f"{at}.default", table(item, "default"), of_a_route=kind == "MeshHTTPRoute")


def conf(path: str, said: Body, *, of_a_route: bool) -> Iterator[Violation]:
    """At least one timeout, each of a length that Envoy takes."""
    if not any(said.get(key) is not None for key in ("connectionTimeout", "idleTimeout", "http")):
        yield Violation(path, "at least one timeout should be configured")
        return
    if of_a_route:
        yield from absent(path, said, NOT_OF_A_ROUTE, "when top-level TargetRef is referencing MeshHTTPRoute")
    if (lasting := length(said, "connectionTimeout")) is not None and lasting <= 0:
        yield Violation(f"{path}.connectionTimeout", "must be greater than zero when defined")
    for key in ("idleTimeout", *(f"http.{key}" for key in HTTP)):
        if (lasting := length(said, key)) is not None and lasting < 0:
            yield Violation(f"{path}.{key}", "must not be negative when defined")
    http = dig(said, "http")
    if http is not None and not any(http.get(key) is not None for key in HTTP[:-1]):
        yield Violation(f"{path}.http", "at least one timeout in this section should be configured")


def length(said: Body, path: str) -> int | None:
    """Return a duration in nanoseconds, or None where there is none."""
    value = dig(said, path)
    return None if value is None else nanoseconds(str(value))


def absent(path: str, said: Body, keys: tuple[str, ...], why: str) -> Iterator[Violation]:
    """Timeouts that cannot be set here."""
    for key in keys:
        if dig(said, key) is not None:
            yield Violation(f"{path}.{key}", f"can't be specified {why}")


def matches(timeout: Body, release: Release) -> Iterator[Violation]:
    """Conditions of rules: each says something, and a source cannot change what belongs to a connection."""
    if release < (2, 14):
        return
    for at, rule in parts(timeout, "spec.rules"):
        for path, match in parts(rule, "matches", at):
            yield from traffic_match(path, match, release)
            if match.get("spiffeID") is None and match.get("sni") is None:
                yield Violation(path, "must specify at least one of 'spiffeID' or 'sni'")
        if any(match.get("spiffeID") is not None for _, match in parts(rule, "matches")):
            why = "when matches contain spiffeID because this field cannot be conditioned on source identity"
            yield from absent(f"{at}.default", table(rule, "default"), NOT_BY_SOURCE, why)


class MeshTimeout(
    MeshScoped,
    kind=Kind(
        path="meshtimeouts",
        shape="spec",
        short="mt",
        policy=True,
        rules=(references, lists, timeouts, matches),
        warnings=(deprecated_from, deprecated_top),
    ),
):
    """How long proxies wait: for a connection, for a request, without traffic.

    Source: https://kuma.io/docs/latest/policies/meshtimeout/
    """

    target_ref: Part[TargetRef | None] = field(default=None, doc="Whose proxies wait; the whole mesh, if absent.")
    to: Parts[TimeoutTo] = field(default=None, doc="Timeouts of outgoing traffic, by destination.")
    rules: Parts[TimeoutRule] = field(default=None, doc="Timeouts of incoming traffic; not beside `to` and `from_`.")
    from_: Parts[TimeoutFrom] = field(
        default=None, deprecated="rules", doc="Timeouts of incoming traffic, as they were said before `rules`."
    )


__all__ = ["HttpTimeouts", "MeshTimeout", "TimeoutConf", "TimeoutFrom", "TimeoutRule", "TimeoutTo"]
