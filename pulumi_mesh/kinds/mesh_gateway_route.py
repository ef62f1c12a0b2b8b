"""MeshGatewayRoute: where requests to a gateway go, by tags; what MeshHTTPRoute and MeshTCPRoute replace."""

from typing import Literal

from pulumi_mesh.kinds.mesh_gateway_route_rules import HEADERS, METHODS, PATHS, QUERIES, RULES
from pulumi_mesh.resource import Awaited
from pulumi_mesh.schema.forms import Number
from pulumi_mesh.schema.grave import ROUTE
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Bool, Str, Uint32
from pulumi_mesh.schema.selectors import Selector
from pulumi_mesh.schema.spec import Many, Model, One, Part, Parts, Table, field

Method = Literal["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE", "NONE"]


class GatewayBackend(Model):
    """A service that traffic is sent to."""

    destination: Table[Str] = field(doc="Its tags, `kuma.io/service` among them.")
    weight: One[Uint32 | None] = field(
        default=None, doc="Its share: weight by sum of weights; none, if absent, unless it is the only one."
    )


class GatewayTcpRule(Model):
    """Where connections go."""

    backends: Parts[GatewayBackend] = field(default=None, doc="The services, by weight.")


class GatewayTcpRoute(Model):
    """Connections to listeners of TCP."""

    rules: Parts[GatewayTcpRule] = field(default=None, doc="Where they go.")


class GatewayPathMatch(Model):
    """A condition on the path."""

    match: One[Literal["EXACT", "PREFIX", "REGEX"] | None] = field(
        default=None, enum=PATHS, doc="How it is compared; EXACT, if absent."
    )
    value: One[Str] = field(doc="The path; with PREFIX whole segments of it.")


class GatewayHeaderMatch(Model):
    """A condition on a header."""

    match: One[Literal["EXACT", "REGEX", "ABSENT", "PRESENT"] | None] = field(
        default=None, enum=HEADERS, doc="How it is compared; EXACT, if absent."
    )
    name: One[Str] = field(doc="The name of the header.")
    value: One[Str | None] = field(default=None, doc="The value; none with ABSENT and PRESENT.")


class GatewayQueryMatch(Model):
    """A condition on a parameter of the query."""

    match: One[Literal["EXACT", "REGEX"] | None] = field(
        default=None, enum=QUERIES, doc="How it is compared; EXACT, if absent."
    )
    name: One[Str] = field(doc="The name of the parameter.")
    value: One[Str] = field(doc="The value.")


class GatewayHttpMatch(Model):
    """Which requests are meant: those that meet all of these conditions, at least one."""

    path: Part[GatewayPathMatch | None] = field(default=None, doc="The path; any, if absent.")
    method: One[Method | None] = field(default=None, enum=METHODS, doc="The method; any, if absent.")
    headers: Parts[GatewayHeaderMatch] = field(default=None, doc="Headers.")
    query_parameters: Parts[GatewayQueryMatch] = field(proto=True, default=None, doc="Parameters of the query.")


class GatewayHeader(Model):
    """A header and its value."""

    name: One[Str] = field(doc="The name of the header.")
    value: One[Str] = field(doc="The value.")


class GatewayHeaders(Model):
    """What happens to headers."""

    set: Parts[GatewayHeader] = field(default=None, doc="Headers whose values are replaced.")
    add: Parts[GatewayHeader] = field(default=None, doc="Headers that get one more value.")
    remove: Many[Str] = field(default=None, unordered=True, doc="Headers that go.")


class GatewayMirror(Model):
    """Copies of requests, whose answers nobody reads."""

    percentage: One[Number] = field(presence=True, doc="How many of a hundred, 0 to 100.")
    backend: Part[GatewayBackend] = field(presence=True, doc="Where they go.")


class GatewayRewrite(Model):
    """What becomes of path and host; the whole path or its prefix, not both."""

    replace_full: One[Str | None] = field(proto=True, default=None, presence=True, doc="The new path.")
    replace_prefix_match: One[Str | None] = field(
        proto=True,
        default=None,
        presence=True,
        doc="What stands for the prefix that matched; a match must be a PREFIX.",
    )
    host_to_backend_hostname: One[Bool | None] = field(
        proto=True, default=None, doc="Whether the host becomes that of the backend; false, if absent."
    )


class GatewayRedirect(Model):
    """An answer that sends the client elsewhere."""

    scheme: One[Str | None] = field(default=None, doc="The scheme, `http` or `https`.")
    hostname: One[Str | None] = field(default=None, doc="The host.")
    port: One[Uint32 | None] = field(default=None, doc="The port, 1 to 65535; that of the request, if absent.")
    status_code: One[Uint32] = field(proto=True, doc="The status, 300 to 308.")
    path: Part[GatewayRewrite | None] = field(default=None, presence=True, doc="What becomes of the path.")


class GatewayFilter(Model):
    """Something that happens to a request or its answer: one of these."""

    request_header: Part[GatewayHeaders | None] = field(
        proto=True, default=None, presence=True, doc="Headers of the request."
    )
    mirror: Part[GatewayMirror | None] = field(default=None, presence=True, doc="Copies.")
    redirect: Part[GatewayRedirect | None] = field(
        default=None, presence=True, doc="A redirect; it stands alone, and instead of backends."
    )
    rewrite: Part[GatewayRewrite | None] = field(default=None, presence=True, doc="Path and host.")
    response_header: Part[GatewayHeaders | None] = field(
        proto=True, default=None, presence=True, doc="Headers of the answer."
    )


class GatewayHttpRule(Model):
    """What is done with some requests."""

    matches: Parts[GatewayHttpMatch] = field(doc="Which requests are meant: those that fit one of these.")
    filters: Parts[GatewayFilter] = field(default=None, doc="What happens to them, in this order.")
    backends: Parts[GatewayBackend] = field(default=None, doc="Where they go, by weight; none beside a redirect.")


class GatewayHttpRoute(Model):
    """Requests to listeners of HTTP and HTTPS."""

    hostnames: Many[Str] = field(default=None, unordered=True, doc="For which hosts; all of the listeners', if absent.")
    rules: Parts[GatewayHttpRule] = field(doc="The rules, at least one; the most special match decides.")


class MeshGatewayRoute(
    Awaited,
    kind=Kind(
        path="meshgatewayroutes",
        shape="legacy",
        policy=True,
        written_on=frozenset({"global"}),
        rules=RULES,
        grave=ROUTE,
    ),
):
    """Where requests to a gateway go, and what happens to them on the way.

    MeshHTTPRoute and MeshTCPRoute replace it.

    Source: https://kuma.io/docs/latest/using-mesh/managing-ingress-traffic/gateway-routes/
    """

    selectors: Parts[Selector] = field(
        doc="Which gateways and listeners are meant, by tags: `kuma.io/service` of the gateway, tags of listeners."
    )
    http: Part[GatewayHttpRoute | None] = field(
        default=None, wire="conf.http", presence=True, doc="Requests; this or `tcp`."
    )
    tcp: Part[GatewayTcpRoute | None] = field(
        default=None, wire="conf.tcp", presence=True, doc="Connections; this or `http`."
    )


__all__ = [
    "GatewayBackend",
    "GatewayFilter",
    "GatewayHeader",
    "GatewayHeaderMatch",
    "GatewayHeaders",
    "GatewayHttpMatch",
    "GatewayHttpRoute",
    "GatewayHttpRule",
    "GatewayMirror",
    "GatewayPathMatch",
    "GatewayQueryMatch",
    "GatewayRedirect",
    "GatewayRewrite",
    "GatewayTcpRoute",
    "GatewayTcpRule",
    "MeshGatewayRoute",
]
