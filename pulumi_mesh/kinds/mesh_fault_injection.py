"""MeshFaultInjection: errors, delays and slow answers on purpose."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

from annotated_types import Ge, Le

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.bounds import lasting, percentage, status_code
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Duration, Int, IntOrStr, Str, TargetRef, TrafficMatch
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts, values
from pulumi_mesh.schema.spec import Model, One, Part, Parts, field, is_map
from pulumi_mesh.schema.target_ref import (
    EVERYONE,
    GATEWAYS,
    Place,
    by_role,
    deprecated_top,
    each,
    includes_gateways,
    top,
    top_kind,
    works_on_inbounds,
)
from pulumi_mesh.schema.traffic_match import traffic_match

FROM = Place(("Mesh", "MeshSubset", "MeshServiceSubset", "MeshService"))
GATEWAY_IN_SCOPE = (
    "must not be defined when the scope includes a Gateway, select only proxyType Sidecar or select only gateways and"
    " use spec.to"
)
BANDWIDTH = re.compile(r"\d*[\t\n\f\r ]?[GMk]+bps", re.ASCII)
Int32 = Annotated[Int, Ge(-(2**31)), Le(2**31 - 1)]
SHARE = 'How many requests of a hundred, fractions as text (`"0.5"`).'


class FaultAbort(Model):
    """Requests that are answered with an error."""

    http_status: One[Int32] = field(doc="The status of the answer, 100 to 599.")
    percentage: One[IntOrStr] = field(doc=SHARE)


class FaultDelay(Model):
    """Requests that wait."""

    value: One[Duration] = field(doc="How long.")
    percentage: One[IntOrStr] = field(doc=SHARE)


class FaultBandwidth(Model):
    """Answers that are slow."""

    limit: One[Str] = field(doc="How slow: a number with kbps, Mbps or Gbps, such as `50Mbps`.")
    percentage: One[IntOrStr] = field(doc=SHARE)


class Fault(Model):
    """Faults of HTTP that happen together."""

    abort: Part[FaultAbort | None] = field(default=None, doc="An error.")
    delay: Part[FaultDelay | None] = field(default=None, doc="A delay.")
    response_bandwidth: Part[FaultBandwidth | None] = field(default=None, doc="A slow answer.")


class FaultInjectionConf(Model):
    """Faults."""

    http: Parts[Fault] = field(default=None, presence=True, doc="Faults of HTTP.")


class FaultInjectionFrom(Model):
    """Faults of incoming traffic by its source."""

    target_ref: Part[TargetRef] = field(doc="The source.")
    default: Part[FaultInjectionConf | None] = field(default=None, doc="The faults.")


class FaultInjectionTo(Model):
    """Faults of traffic through a gateway."""

    target_ref: Part[TargetRef] = field(doc="The destination: the whole mesh.")
    default: Part[FaultInjectionConf | None] = field(default=None, doc="The faults.")


class FaultInjectionRule(Model):
    """Faults of incoming traffic."""

    matches: Parts[TrafficMatch] = field(default=None, doc="Which traffic is meant; all, if absent.")
    default: Part[FaultInjectionConf] = field(doc="The faults.")


def references(injection: Body, release: Release) -> Iterator[Violation]:
    """What is referred to; gateways take what goes `to`, other proxies what comes `from`."""
    place = by_role(injection, GATEWAYS)
    yield from top(injection, release, replace(place, inbound=works_on_inbounds(injection)))
    if not top_kind(injection):
        return
    if not includes_gateways(injection):
        yield from each(injection, "spec.from", release, FROM)
        if values(injection, "spec.to"):
            yield Violation("spec.to", "must not be defined")
        return
    if values(injection, "spec.from"):
        yield Violation("spec.from", GATEWAY_IN_SCOPE)
    yield from each(injection, "spec.to", release, EVERYONE)


def lists(injection: Body, release: Release) -> Iterator[Violation]:
    """Sources or rules, never both."""
    if release >= (2, 13) and values(injection, "spec.from") and values(injection, "spec.rules"):
        yield Violation("spec", "field 'from' must be empty when 'rules' is defined")


def matches(injection: Body, release: Release) -> Iterator[Violation]:
    """Conditions of rules."""
    for at, rule in parts(injection, "spec.rules") if release >= (2, 13) else ():
        for path, match in parts(rule, "matches", at):
            yield from traffic_match(path, match, release)


def faults(injection: Body, release: Release) -> Iterator[Violation]:
    """Each fault by itself, unless its list is refused as a whole; the control plane counts them behind their names."""
    unread = "from" if includes_gateways(injection) else "to"
    for name in ("rules", "from", "to"):
        if name == unread or (name == "rules" and release < (2, 13)):
            continue
        for at, item in parts(injection, f"spec.{name}"):
            for index, one in enumerate(values(item, "default.http")):
                if is_map(one):
                    yield from fault(f"{at}.default.http", index, one, release)


def fault(at: str, index: int, one: Body, release: Release) -> Iterator[Violation]:
    """A status, a delay and a bandwidth that there are, and shares of a hundred."""
    if (abort := one.get("abort")) is not None:
        path = f"{at}.abort[{index}]"
        yield from status_code(f"{path}.httpStatus", abort.get("httpStatus"))
        yield from percentage(path, abort, "percentage")
    if (delay := one.get("delay")) is not None:
        path = f"{at}.delay[{index}]"
        if (length := lasting(delay, "value")) is not None and length < 0:
            yield Violation(f"{path}.value", "must not be negative when defined")
        yield from percentage(path, delay, "percentage")
    if (slow := one.get("responseBandwidth")) is not None:
        path = f"{at}.responseBandwidth[{index}]"
        yield from bandwidth(f"{path}.{'limit' if release >= (2, 13) else 'responseBandwidth'}", slow.get("limit"))
        yield from percentage(path, slow, "percentage")


def bandwidth(at: str, limit: str | None) -> Iterator[Violation]:
    """An amount of bits in a second."""
    if limit == "":
        yield Violation(at, "must be defined")
    elif limit is not None and not BANDWIDTH.fullmatch(limit):
        yield Violation(at, "must be in kbps/Mbps/Gbps units")


def deprecated(injection: Body, release: Release) -> Iterator[Violation]:
    """What Kuma will give up, in the order in which it says so."""
    if release >= (2, 14) and values(injection, "spec.from"):
        yield Violation("spec.from", "'from' field is deprecated, use 'rules' with SPIFFE-based 'matches' instead")
    yield from deprecated_top(injection, release)
    for at, source in parts(injection, "spec.from") if release < (2, 14) else ():
        if dig(source, "targetRef.kind") == "MeshService":
            yield Violation(
                f"{at}.targetRef.kind",
                "MeshService value for 'from[].targetRef.kind' is deprecated, use MeshSubset with 'kuma.io/service' instead",
            )


class MeshFaultInjection(
    MeshScoped,
    kind=Kind(
        path="meshfaultinjections",
        shape="spec",
        short="mfi",
        policy=True,
        rules=(references, lists, matches, faults),
        warnings=(deprecated,),
    ),
):
    """Errors, delays and slow answers on purpose.

    Source: https://kuma.io/docs/latest/policies/meshfaultinjection/
    """

    target_ref: Part[TargetRef | None] = field(
        default=None, doc="Whose proxies make them; the whole mesh, gateways included, if absent."
    )
    to: Parts[FaultInjectionTo] = field(default=None, doc="Faults of traffic through gateways.")
    rules: Parts[FaultInjectionRule] = field(
        default=None, since="2.13", doc="Faults of incoming traffic; not beside `from_`."
    )
    from_: Parts[FaultInjectionFrom] = field(
        default=None,
        deprecated="rules",
        doc="Faults of incoming traffic, by its source; the target must not take in a gateway.",
    )


__all__ = [
    "Fault",
    "FaultAbort",
    "FaultBandwidth",
    "FaultDelay",
    "FaultInjectionConf",
    "FaultInjectionFrom",
    "FaultInjectionRule",
    "FaultInjectionTo",
    "MeshFaultInjection",
]
