"""TrafficRoute: where traffic goes, by tags; what MeshHTTPRoute and MeshTCPRoute replace."""

from typing import Annotated

from annotated_types import Ge, Le

from pulumi_mesh.kinds.traffic_route_rules import RULES
from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.grave import ROUTE
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Bool, Int, Str, Uint32
from pulumi_mesh.schema.selectors import SENDERS, Selector
from pulumi_mesh.schema.spec import Model, One, Part, Parts, Table, field

Uint64 = Annotated[Int, Ge(0), Le(2**64 - 1)]


class RouteSplit(Model):
    """A share of the traffic."""

    weight: One[Uint32] = field(presence=True, doc="The share: weight by sum of weights, one of them above 0.")
    destination: Table[Str] = field(doc="Where it goes: tags, `kuma.io/service` among them.")


class RouteStringMatch(Model):
    """A condition on text: one of these."""

    prefix: One[Str | None] = field(default=None, presence=True, doc="How it begins.")
    exact: One[Str | None] = field(default=None, presence=True, doc="The whole of it.")
    regex: One[Str | None] = field(default=None, presence=True, doc="A regular expression that fits the whole of it.")


class RouteMatch(Model):
    """Which requests are meant: those that meet all of these conditions, at least one."""

    method: Part[RouteStringMatch | None] = field(default=None, presence=True, doc="The method.")
    path: Part[RouteStringMatch | None] = field(default=None, presence=True, doc="The path.")
    headers: Table[RouteStringMatch] = field(default=None, presence=True, doc="Headers, by name.")


class RouteRegexReplace(Model):
    """Text that takes the place of other text."""

    pattern: One[Str] = field(doc="A regular expression.")
    substitution: One[Str] = field(doc=r"What stands for the text that fits; `\1` is the first group.")


class RoutePath(Model):
    """What becomes of the path: one of these."""

    rewrite_prefix: One[Str | None] = field(
        default=None, presence=True, doc="What stands for the prefix that matched; the match must be one on a prefix."
    )
    regex: Part[RouteRegexReplace | None] = field(default=None, presence=True, doc="What stands for a part of it.")


class RouteHost(Model):
    """What becomes of the host: one of these."""

    value: One[Str | None] = field(default=None, presence=True, doc="The new host.")
    from_path: Part[RouteRegexReplace | None] = field(default=None, presence=True, doc="The new host, from the path.")


class RouteAddHeader(Model):
    """A header that is set."""

    name: One[Str] = field(doc="The name of the header; not that of the host.")
    value: One[Str] = field(doc="The value.")
    append: One[Bool | None] = field(
        default=None, doc="Whether the value is put beside others of the header; it replaces them, if absent."
    )


class RouteRemoveHeader(Model):
    """A header that goes."""

    name: One[Str] = field(doc="The name of the header; not that of the host.")


class RouteHeaders(Model):
    """What happens to headers."""

    add: Parts[RouteAddHeader] = field(default=None, doc="Headers that are set.")
    remove: Parts[RouteRemoveHeader] = field(default=None, key=("name",), doc="Headers that go.")


class RouteModify(Model):
    """What happens to requests and their answers on the way."""

    path: Part[RoutePath | None] = field(default=None, presence=True, doc="What becomes of the path.")
    host: Part[RouteHost | None] = field(default=None, presence=True, doc="What becomes of the host.")
    request_headers: Part[RouteHeaders | None] = field(default=None, doc="Headers of the request.")
    response_headers: Part[RouteHeaders | None] = field(default=None, doc="Headers of the answer.")


class RouteHttp(Model):
    """Where some requests go; `split` or `destination`."""

    match: Part[RouteMatch] = field(doc="Which requests are meant.")
    modify: Part[RouteModify | None] = field(default=None, doc="What happens to them on the way.")
    split: Parts[RouteSplit] = field(default=None, doc="Where they go, by weight.")
    destination: Table[Str] = field(
        default=None, presence=True, doc="Where they go: tags, `kuma.io/service` among them."
    )


class RouteRoundRobin(Model):
    """One after another."""


class RouteLeastRequest(Model):
    """The one with the fewest requests of some that are drawn."""

    choice_count: One[Uint32 | None] = field(
        proto=True, default=None, doc="How many are drawn, 2 at least; 2, if absent."
    )


class RouteRingHash(Model):
    """By a hash, on a ring."""

    hash_function: One[Str] = field(proto=True, doc="XX_HASH or MURMUR_HASH_2.")
    min_ring_size: One[Uint64 | None] = field(proto=True, default=None, doc="The least size of the ring.")
    max_ring_size: One[Uint64 | None] = field(proto=True, default=None, doc="The greatest size of the ring.")


class RouteRandom(Model):
    """Any."""


class RouteMaglev(Model):
    """By a hash, as Maglev does."""


class RouteLoadBalancer(Model):
    """How one of several instances is chosen: one of these."""

    round_robin: Part[RouteRoundRobin | None] = field(proto=True, default=None, presence=True, doc="One after another.")
    least_request: Part[RouteLeastRequest | None] = field(
        proto=True, default=None, presence=True, doc="The one with the fewest requests of some that are drawn."
    )
    ring_hash: Part[RouteRingHash | None] = field(proto=True, default=None, presence=True, doc="By a hash, on a ring.")
    random: Part[RouteRandom | None] = field(default=None, presence=True, doc="Any.")
    maglev: Part[RouteMaglev | None] = field(default=None, presence=True, doc="By a hash, as Maglev does.")


class TrafficRoute(
    MeshScoped,
    kind=Kind(
        path="traffic-routes",
        shape="legacy",
        policy=True,
        written_on=frozenset({"global"}),
        rules=(*SENDERS, *RULES),
        grave=ROUTE,
    ),
):
    """Where traffic goes, and what happens to it on the way.

    MeshHTTPRoute and MeshTCPRoute replace it.

    Source: https://kuma.io/docs/latest/policies/traffic-route/
    """

    sources: Parts[Selector] = field(doc="Who calls, by tags, `kuma.io/service` among them.")
    destinations: Parts[Selector] = field(doc="Who is called, by `kuma.io/service` alone.")
    split: Parts[RouteSplit] = field(
        default=None, wire="conf.split", doc="Where traffic goes, by weight; this or `destination`."
    )
    load_balancer: Part[RouteLoadBalancer | None] = field(
        proto=True,
        default=None,
        wire="conf.loadBalancer",
        doc="How one of several instances is chosen; one after another, if absent.",
    )
    destination: Table[Str] = field(
        default=None,
        wire="conf.destination",
        presence=True,
        doc="Where traffic goes: tags, `kuma.io/service` among them; this or `split`.",
    )
    http: Parts[RouteHttp] = field(
        default=None, wire="conf.http", doc="Where requests go otherwise; the first match decides."
    )


__all__ = [
    "RouteAddHeader",
    "RouteHeaders",
    "RouteHost",
    "RouteHttp",
    "RouteLeastRequest",
    "RouteLoadBalancer",
    "RouteMaglev",
    "RouteMatch",
    "RouteModify",
    "RoutePath",
    "RouteRandom",
    "RouteRegexReplace",
    "RouteRemoveHeader",
    "RouteRingHash",
    "RouteRoundRobin",
    "RouteSplit",
    "RouteStringMatch",
    "TrafficRoute",
]
