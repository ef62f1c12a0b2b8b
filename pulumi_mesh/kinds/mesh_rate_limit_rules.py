"""What the control plane asks of a MeshRateLimit beyond its structure."""

from collections.abc import Iterator
from dataclasses import replace

from pulumi_mesh.schema.bounds import lasting, positive
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts, table, values
from pulumi_mesh.schema.target_ref import (
    EVERYONE,
    GATEWAYS,
    by_role,
    deprecated_from,
    deprecated_top,
    each,
    includes_gateways,
    top,
    top_kind,
    works_on_inbounds,
)
from pulumi_mesh.schema.traffic_match import traffic_match

TOP = replace(GATEWAYS, kinds=(*GATEWAYS.kinds, "MeshHTTPRoute"))
GATEWAY_IN_SCOPE = (
    "must not be defined when the scope includes a Gateway, select only proxyType Sidecar or select only gateways and"
    " use spec.to"
)
HTTP, TCP = ("disabled", "requestRate", "onRateLimit"), ("disabled", "connectionRate")


def references(limit: Body, release: Release) -> Iterator[Violation]:
    """What is referred to; gateways take what goes `to`, other proxies what comes in."""
    yield from top(limit, release, replace(by_role(limit, TOP), inbound=works_on_inbounds(limit)))
    if not top_kind(limit):
        return
    if not includes_gateways(limit):
        yield from each(limit, "spec.from", release, EVERYONE)
        if values(limit, "spec.to"):
            yield Violation("spec.to", "must not be defined")
        return
    if values(limit, "spec.rules"):
        yield Violation("spec.rules", "must not be defined")
    if values(limit, "spec.from"):
        yield Violation("spec.from", GATEWAY_IN_SCOPE)
    yield from each(limit, "spec.to", release, EVERYONE)


def lists(limit: Body, _: Release) -> Iterator[Violation]:
    """Rules only by themselves."""
    if values(limit, "spec.rules") and (values(limit, "spec.to") or values(limit, "spec.from")):
        yield Violation("spec", "fields 'to' and 'from' must be empty when 'rules' is defined")


def read(limit: Body) -> tuple[str, ...]:
    """Return the lists that are not refused as a whole."""
    return ("to",) if includes_gateways(limit) else ("rules", "from")


def confs(limit: Body, _: Release) -> Iterator[Violation]:
    """Each limit by itself."""
    for name in read(limit):
        for at, item in parts(limit, f"spec.{name}"):
            yield from local(f"{at}.default.local", dig(item, "default.local"))


def local(at: str, said: Body | None) -> Iterator[Violation]:
    """A limit of HTTP or TCP, each of which says something."""
    if said is None:
        yield Violation(at, "must be defined")
        return
    http, tcp = said.get("http"), said.get("tcp")
    if http is None and tcp is None:
        yield Violation(at, "must have at least one defined: tcp, http")
    if http is not None:
        yield from something(f"{at}.http", http, HTTP)
        yield from rate(f"{at}.http.requestRate", table(http, "requestRate"))
        yield from positive(f"{at}.http.onRateLimit", table(http, "onRateLimit"), "status")
    if tcp is not None:
        yield from something(f"{at}.tcp", tcp, TCP)
        yield from rate(f"{at}.tcp.connectionRate", table(tcp, "connectionRate"))


def something(at: str, said: Body, keys: tuple[str, ...]) -> Iterator[Violation]:
    """At least one of some fields."""
    if all(said.get(key) is None for key in keys):
        yield Violation(at, f"must have at least one defined: {', '.join(keys)}")


def rate(at: str, said: Body) -> Iterator[Violation]:
    """Some units in more than a moment."""
    yield from positive(at, said, "num")
    if (length := lasting(said, "interval")) is not None and length <= 50_000_000:
        yield Violation(f"{at}.interval", "must be greater than: 50ms")


def matches(limit: Body, release: Release) -> Iterator[Violation]:
    """Conditions of rules: each says something, and connections cannot be counted by who sends."""
    if release < (2, 14) or "rules" not in read(limit):
        return
    for at, rule in parts(limit, "spec.rules"):
        for path, match in parts(rule, "matches", at):
            yield from traffic_match(path, match, release)
            if match.get("spiffeID") is None and match.get("sni") is None:
                yield Violation(path, "must specify at least one of 'spiffeID' or 'sni'")
        by_source = any(match.get("spiffeID") is not None for _, match in parts(rule, "matches"))
        if by_source and dig(rule, "default.local.tcp") is not None:
            yield Violation(
                f"{at}.default.local.tcp",
                "can't be specified when matches contain spiffeID because this field cannot be conditioned on source"
                " identity",
            )


def deprecated(limit: Body, release: Release) -> Iterator[Violation]:
    """What Kuma will give up, in the order in which it says so."""
    yield from deprecated_from(limit, release)
    for name in ("from", "rules", "to") if release >= (2, 12) else ():
        for at, item in parts(limit, f"spec.{name}"):
            path = "default.local.http.onRateLimit.status"
            if (status := dig(item, path)) is not None and status < 400:
                yield Violation(
                    f"{at}.{path}",
                    f"'{at}.default.local.http.requestRate.status' must be 400 or higher. Please update your configuration.",
                )
    yield from deprecated_top(limit, release)


RULES = (references, lists, confs, matches)
WARNINGS = (deprecated,)
