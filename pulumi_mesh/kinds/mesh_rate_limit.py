"""MeshRateLimit: how many requests or connections each proxy lets through."""

from typing import Annotated

from annotated_types import Ge, Le

from pulumi_mesh.kinds.mesh_rate_limit_rules import RULES, WARNINGS
from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.headers import RateLimitAnswer
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Bool, Duration, Int, TargetRef, TrafficMatch
from pulumi_mesh.schema.spec import Model, One, Part, Parts, field

Count = Annotated[Int, Ge(0), Le(2**32 - 1)]


class Rate(Model):
    """An amount in a time."""

    num: One[Count] = field(doc="How many, more than 0.")
    interval: One[Duration] = field(doc="In which time, more than 50ms.")


class RateLimitHttp(Model):
    """How many requests."""

    disabled: One[Bool | None] = field(default=None, doc="Whether any number is let through; false, if absent.")
    request_rate: Part[Rate | None] = field(default=None, doc="How many requests in which time.")
    on_rate_limit: Part[RateLimitAnswer | None] = field(default=None, presence=True, doc="What the others get.")


class RateLimitTcp(Model):
    """How many connections."""

    disabled: One[Bool | None] = field(default=None, doc="Whether any number is let through; false, if absent.")
    connection_rate: Part[Rate | None] = field(default=None, doc="How many connections in which time.")


class LocalRateLimit(Model):
    """What each proxy lets through by itself; of HTTP or TCP."""

    http: Part[RateLimitHttp | None] = field(default=None, doc="Requests.")
    tcp: Part[RateLimitTcp | None] = field(default=None, doc="Connections.")


class RateLimitConf(Model):
    """What is let through."""

    local: Part[LocalRateLimit | None] = field(default=None, doc="By each proxy itself; must be there.")


class RateLimitTo(Model):
    """What a gateway lets through."""

    target_ref: Part[TargetRef] = field(doc="The destination: the whole mesh.")
    default: Part[RateLimitConf | None] = field(default=None, doc="What is let through.")


class RateLimitFrom(Model):
    """What is let through of incoming traffic, by its source."""

    target_ref: Part[TargetRef] = field(doc="The source: the whole mesh.")
    default: Part[RateLimitConf | None] = field(default=None, doc="What is let through.")


class RateLimitRule(Model):
    """What is let through of incoming traffic."""

    matches: Parts[TrafficMatch] = field(default=None, since="2.14", doc="Which traffic is meant; all, if absent.")
    default: Part[RateLimitConf | None] = field(default=None, doc="What is let through.")


class MeshRateLimit(
    MeshScoped,
    kind=Kind(path="meshratelimits", shape="spec", short="mrl", policy=True, rules=RULES, warnings=WARNINGS),
):
    """How many requests or connections each proxy lets through.

    Source: https://kuma.io/docs/latest/policies/meshratelimit/
    """

    target_ref: Part[TargetRef | None] = field(
        default=None, doc="Whose proxies; those of the whole mesh, gateways included, if absent."
    )
    to: Parts[RateLimitTo] = field(default=None, doc="What gateways let through.")
    rules: Parts[RateLimitRule] = field(
        default=None,
        doc="Incoming traffic; not beside `to` and `from_`; the target must not take in a gateway.",
    )
    from_: Parts[RateLimitFrom] = field(
        default=None, deprecated="rules", doc="Incoming traffic, as it was said before `rules`."
    )


__all__ = [
    "LocalRateLimit",
    "MeshRateLimit",
    "Rate",
    "RateLimitConf",
    "RateLimitFrom",
    "RateLimitHttp",
    "RateLimitRule",
    "RateLimitTcp",
    "RateLimitTo",
]
