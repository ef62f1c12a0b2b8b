"""MeshLoadBalancingStrategy: how requests are shared out among the proxies of a service, and among zones."""

from typing import Annotated, Literal

from annotated_types import Ge, Le
from pydantic import StringConstraints

from pulumi_mesh.kinds.mesh_load_balancing_strategy_rules import RULES, WARNINGS
from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Bool, Duration, Int, IntOrStr, Str, TargetRef, Uint32
from pulumi_mesh.schema.spec import Many, Model, One, Part, Parts, field

Some = Annotated[Str, StringConstraints(min_length=1)]
RingSize = Annotated[Int, Ge(1), Le(8_000_000)]


class AffinityTag(Model):
    """A tag that is preferred in the own zone, where both sides have the same value of it."""

    key: One[Str] = field(doc="The tag.")
    weight: One[Uint32 | None] = field(
        default=None,
        doc="Its share, more than 0: weight by sum of weights; all have one or none; 90 %, 9 %, ... in order, if absent.",
    )


class LocalZone(Model):
    """Whom proxies prefer in their own zone."""

    affinity_tags: Parts[AffinityTag] = field(default=None, presence=True, doc="Tags, the most preferred first.")


class FromZone(Model):
    """Zones that a rule is for."""

    zones: Many[Str] = field(unordered=True, doc="The zones, at least one.")


class ToZone(Model):
    """Zones that traffic goes to."""

    type: One[Literal["None", "Only", "Any", "AnyExcept"]] = field(doc="Which zones are meant.")
    zones: Many[Str] = field(
        default=None, unordered=True, doc="The zones: of Only these, of AnyExcept all others; none otherwise."
    )


class Failover(Model):
    """Where traffic goes when the own zone cannot take it."""

    from_: Part[FromZone | None] = field(default=None, doc="Zones that this is for; all, if absent.")
    to: Part[ToZone] = field(doc="Zones that traffic goes to.")


class FailoverThreshold(Model):
    """When the own zone cannot take it."""

    percentage: One[IntOrStr] = field(
        doc='Below how many living of a hundred others are used, more than 0, fractions as text (`"50.5"`).'
    )


class CrossZone(Model):
    """What happens between zones."""

    failover: Parts[Failover] = field(
        default=None, presence=True, doc="Rules, the first that fits first; none: local only."
    )
    failover_threshold: Part[FailoverThreshold | None] = field(default=None, doc="When they apply; at 50, if absent.")


class LocalityAwareness(Model):
    """Whether it matters where proxies are."""

    disabled: One[Bool | None] = field(default=None, doc="Whether it does not matter; false, if absent.")
    local_zone: Part[LocalZone | None] = field(default=None, doc="Within a zone.")
    cross_zone: Part[CrossZone | None] = field(default=None, doc="Between zones.")


class HashHeader(Model):
    """A header of the request."""

    name: One[Some] = field(doc="Its name.")


class HashCookie(Model):
    """A cookie of the request."""

    name: One[Some] = field(doc="Its name.")
    ttl: One[Duration | None] = field(
        default=None, doc="How long it lives when the proxy has to set it; not set, if absent."
    )
    path: One[Str | None] = field(default=None, doc="Its path, an absolute one.")


class HashConnection(Model):
    """The connection."""

    source_ip: One[Bool | None] = field(default=None, wire="sourceIP", doc="Whether its source address counts.")


class HashQueryParameter(Model):
    """A parameter of the query."""

    name: One[Some] = field(doc="Its name; case matters.")


class HashFilterState(Model):
    """An object of the filter state."""

    key: One[Some] = field(doc="Its key.")


class HashPolicy(Model):
    """What of a request decides where it goes."""

    type: One[Literal["Header", "Cookie", "Connection", "SourceIP", "QueryParameter", "FilterState"]] = field(
        doc="Which of the fields below is meant; SourceIP is an old name of Connection."
    )
    terminal: One[Bool | None] = field(
        default=None, doc="Whether the rest of the list is left out once something was found; false, if absent."
    )
    header: Part[HashHeader | None] = field(default=None, doc="A header.")
    cookie: Part[HashCookie | None] = field(default=None, doc="A cookie.")
    connection: Part[HashConnection | None] = field(default=None, doc="The connection.")
    query_parameter: Part[HashQueryParameter | None] = field(default=None, doc="A parameter of the query.")
    filter_state: Part[HashFilterState | None] = field(default=None, doc="An object of the filter state.")


class RoundRobin(Model):
    """One after the other."""


class LeastRequest(Model):
    """The one with the fewest requests among some."""

    choice_count: One[Annotated[Int, Ge(2), Le(2**32 - 1)] | None] = field(
        default=None, doc="Among how many, 2 at least; 2, if absent."
    )
    active_request_bias: One[IntOrStr | None] = field(
        default=None, doc='How much open requests lower a weight, at least 0, fractions as text (`"1.3"`).'
    )


class RingHash(Model):
    """The nearest on a ring, by hash."""

    hash_function: One[Literal["XXHash", "MurmurHash2"] | None] = field(
        default=None, doc="How the proxies are hashed; XXHash, if absent."
    )
    min_ring_size: One[RingSize | None] = field(default=None, doc="The least size of the ring; 1024, if absent.")
    max_ring_size: One[RingSize | None] = field(default=None, doc="The greatest size of the ring; 8000000, if absent.")
    hash_policies: Parts[HashPolicy] = field(
        default=None, deprecated="hash_policies beside load_balancer", doc="What decides, in this order."
    )


class RandomChoice(Model):
    """Any of them."""


class Maglev(Model):
    """By hash, with a table."""

    table_size: One[Annotated[Int, Ge(1), Le(5_000_011)] | None] = field(
        default=None, doc="The size of the table, a prime number; 65537, if absent."
    )
    hash_policies: Parts[HashPolicy] = field(
        default=None, deprecated="hash_policies beside load_balancer", doc="What decides, in this order."
    )


class LoadBalancer(Model):
    """How one of the proxies is chosen."""

    type: One[Literal["RoundRobin", "LeastRequest", "RingHash", "Random", "Maglev"]] = field(
        doc="Which of the fields below is meant; it may be absent."
    )
    round_robin: Part[RoundRobin | None] = field(default=None, doc="One after the other.")
    least_request: Part[LeastRequest | None] = field(default=None, doc="The one with the fewest requests.")
    ring_hash: Part[RingHash | None] = field(default=None, doc="By hash, with a ring.")
    random: Part[RandomChoice | None] = field(default=None, doc="Any of them.")
    maglev: Part[Maglev | None] = field(default=None, doc="By hash, with a table.")


class LoadBalancingConf(Model):
    """How requests are shared out."""

    locality_awareness: Part[LocalityAwareness | None] = field(
        default=None, doc="Whether it matters where proxies are; not of a MeshHTTPRoute."
    )
    load_balancer: Part[LoadBalancer | None] = field(
        default=None, doc="How one is chosen, round robin, if absent; not of a MeshHTTPRoute."
    )
    hash_policies: Parts[HashPolicy] = field(
        default=None, since="2.12", doc="What of a request decides, of RingHash and Maglev, in this order."
    )


class LoadBalancingTo(Model):
    """How requests to a destination are shared out."""

    target_ref: Part[TargetRef] = field(
        doc="The destination; the whole mesh where a MeshGateway's load balancer is said."
    )
    default: Part[LoadBalancingConf | None] = field(default=None, doc="How they are shared out.")


class MeshLoadBalancingStrategy(
    MeshScoped,
    kind=Kind(
        path="meshloadbalancingstrategies", shape="spec", short="mlbs", policy=True, rules=RULES, warnings=WARNINGS
    ),
):
    """How requests are shared out among the proxies of a service, and among zones.

    Source: https://kuma.io/docs/latest/policies/meshloadbalancingstrategy/
    """

    target_ref: Part[TargetRef | None] = field(default=None, doc="Whose requests; those of the whole mesh, if absent.")
    to: Parts[LoadBalancingTo] = field(
        default=None, doc="How they are shared out, by destination; until 2.13 at least one."
    )


__all__ = [
    "AffinityTag",
    "CrossZone",
    "Failover",
    "FailoverThreshold",
    "FromZone",
    "HashConnection",
    "HashCookie",
    "HashFilterState",
    "HashHeader",
    "HashPolicy",
    "HashQueryParameter",
    "LeastRequest",
    "LoadBalancer",
    "LoadBalancingConf",
    "LoadBalancingTo",
    "LocalZone",
    "LocalityAwareness",
    "Maglev",
    "MeshLoadBalancingStrategy",
    "RandomChoice",
    "RingHash",
    "RoundRobin",
    "ToZone",
]
