"""MeshGlobalRateLimit: how many requests all proxies of a service let through together; Kong Mesh's own."""

from collections.abc import Iterator
from typing import Annotated, Literal

from annotated_types import Ge, Le

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.forms import nanoseconds
from pulumi_mesh.schema.headers import RateLimitAnswer
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Bool, Duration, Int, Str, TargetRef
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts
from pulumi_mesh.schema.spec import Model, One, Part, Parts, field
from pulumi_mesh.schema.target_ref import GATEWAYS, Place, deprecated_top, each, top

ANYTHING = Place((*GATEWAYS.kinds, "MeshHTTPRoute", "MeshExternalService", "MeshMultiZoneService"), listener_tags=True)
INTERVALS = ("1s", "1m", "1h", "24h")
LENGTHS = frozenset(nanoseconds(text) for text in INTERVALS)


class GlobalRate(Model):
    """An amount in a time."""

    num: One[Annotated[Int, Ge(0), Le(2**32 - 1)]] = field(doc="How many requests.")
    interval: One[Duration] = field(doc="In which time: 1s, 1m, 1h or 24h.")


class GlobalRateLimitValue(Model):
    """How many requests with one value of a header."""

    value: One[Str] = field(doc="The value.")
    request_rate: Part[GlobalRate | None] = field(default=None, doc="How many requests in which time.")


class GlobalRateLimitOnRequest(Model):
    """How many requests, by a header of theirs."""

    kind: One[Literal["OnHeader"]] = field(doc="What of the request decides: OnHeader.")
    name: One[Str] = field(doc="The name of the header.")
    limits: Parts[GlobalRateLimitValue] = field(doc="Limits by its value.")


class GlobalRateLimitHttp(Model):
    """How many requests."""

    disabled: One[Bool | None] = field(default=None, doc="Whether any number is let through; false, if absent.")
    request_rate: Part[GlobalRate | None] = field(default=None, doc="How many requests in which time.")
    ratelimit_on_request: Parts[GlobalRateLimitOnRequest] = field(default=None, doc="How many, by headers.")
    on_rate_limit: Part[RateLimitAnswer | None] = field(default=None, presence=True, doc="What the others get.")


class RateLimitService(Model):
    """The service that counts."""

    url: One[Str | None] = field(default=None, doc="Its address.")
    timeout: One[Duration | None] = field(default=None, doc="How long it may take.")
    limit_on_service_fail: One[Bool | None] = field(
        default=None, doc="Whether requests are refused where it is not reached; false, if absent."
    )


class GlobalRateLimitBackend(Model):
    """Who counts."""

    rate_limit_service: Part[RateLimitService] = field(doc="The service that counts.")


class GlobalRateLimitConf(Model):
    """What is let through."""

    mode: One[Literal["Limit", "Shadow"] | None] = field(
        default=None, doc="Whether requests are refused, or only counted (Shadow); Limit, if absent."
    )
    backend: Part[GlobalRateLimitBackend] = field(doc="Who counts.")
    http: Part[GlobalRateLimitHttp] = field(doc="How many requests.")


class GlobalRateLimitFrom(Model):
    """What is let through of incoming traffic."""

    target_ref: Part[TargetRef] = field(doc="The source.")
    default: Part[GlobalRateLimitConf | None] = field(default=None, doc="What is let through.")


class GlobalRateLimitTo(Model):
    """What gateways let through."""

    target_ref: Part[TargetRef] = field(doc="The destination.")
    default: Part[GlobalRateLimitConf | None] = field(default=None, doc="What is let through.")


def references(limit: Body, release: Release) -> Iterator[Violation]:
    """What is referred to, as far as it is known what Kong Mesh takes."""
    yield from top(limit, release, ANYTHING)
    yield from each(limit, "spec.from", release, ANYTHING)
    yield from each(limit, "spec.to", release, ANYTHING)


def rates(limit: Body, _: Release) -> Iterator[Violation]:
    """Some lengths of time only."""
    for name in ("from", "to"):
        for path, item in parts(limit, f"spec.{name}"):
            at = f"{path}.default.http"
            yield from interval(f"{at}.requestRate", dig(item, "default.http.requestRate.interval"))
            for here, by_header in parts(item, "default.http.ratelimitOnRequest", path):
                for there, one in parts(by_header, "limits", here):
                    yield from interval(f"{there}.requestRate", dig(one, "requestRate.interval"))


def interval(at: str, said: str | None) -> Iterator[Violation]:
    """A second, a minute, an hour or a day."""
    if said is not None and nanoseconds(said) not in LENGTHS:
        yield Violation(f"{at}.interval", f"must be one of {', '.join(INTERVALS)}")


class MeshGlobalRateLimit(
    MeshScoped,
    kind=Kind(
        path="meshglobalratelimits",
        shape="spec",
        policy=True,
        rules=(references, rates),
        warnings=(deprecated_top,),
    ),
):
    """How many requests all proxies of a service let through together; only on Kong Mesh.

    Source: https://developer.konghq.com/mesh/policies/meshglobalratelimit/
    """

    target_ref: Part[TargetRef | None] = field(default=None, doc="Whose proxies; those of the whole mesh, if absent.")
    from_: Parts[GlobalRateLimitFrom] = field(default=None, doc="Incoming traffic.")
    to: Parts[GlobalRateLimitTo] = field(default=None, doc="Traffic through gateways.")


__all__ = [
    "GlobalRate",
    "GlobalRateLimitBackend",
    "GlobalRateLimitConf",
    "GlobalRateLimitFrom",
    "GlobalRateLimitHttp",
    "GlobalRateLimitOnRequest",
    "GlobalRateLimitTo",
    "GlobalRateLimitValue",
    "MeshGlobalRateLimit",
    "RateLimitService",
]
