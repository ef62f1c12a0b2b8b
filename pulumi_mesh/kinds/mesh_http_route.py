"""MeshHTTPRoute: where HTTP requests go, and what happens to them on the way."""

from typing import Annotated, Literal

from annotated_types import Ge, Le
from pydantic import StringConstraints

from pulumi_mesh.kinds.mesh_http_route_rules import RULES
from pulumi_mesh.resource import Awaited
from pulumi_mesh.schema.grave import ROUTE
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import BACKEND, BackendRef, Bool, HeaderMatch, HeaderName, Int, IntOrStr, Str, TargetRef
from pulumi_mesh.schema.spec import Many, Model, One, Part, Parts, field
from pulumi_mesh.schema.target_ref import deprecated_top

Hostname = Annotated[
    Str,
    StringConstraints(
        min_length=1, max_length=253, pattern=r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
    ),
]
Port = Annotated[Int, Ge(1), Le(65535)]
Some = Annotated[Str, StringConstraints(min_length=1)]
Method = Literal["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"]
FilterType = Literal[
    "RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite", "RequestMirror"
]


class PathMatch(Model):
    """A condition on the path."""

    type: One[Literal["Exact", "PathPrefix", "RegularExpression"]] = field(doc="How it is compared.")
    value: One[Some] = field(doc="The path; with PathPrefix whole segments of it, without a slash at the end.")


class QueryParamsMatch(Model):
    """A condition on a parameter of the query."""

    type: One[Literal["Exact", "RegularExpression"]] = field(doc="How it is compared.")
    name: One[Some] = field(doc="The name of the parameter.")
    value: One[Str] = field(doc="The value.")


class HttpRouteMatch(Model):
    """Which requests are meant: those that meet all of these conditions."""

    path: Part[PathMatch | None] = field(default=None, doc="The path; any, if absent.")
    method: One[Method | None] = field(default=None, doc="The method; any, if absent.")
    query_params: Parts[QueryParamsMatch] = field(default=None, doc="Parameters of the query.")
    headers: Parts[HeaderMatch] = field(default=None, doc="Headers.")


class HeaderKeyValue(Model):
    """A header and its value."""

    name: One[HeaderName] = field(doc="The name of the header, in lower case.")
    value: One[Str] = field(doc="The value.")


class HeaderModifier(Model):
    """What happens to headers; no header twice."""

    set: Parts[HeaderKeyValue] = field(
        default=None, key=("name",), most=16, doc="Headers whose values are replaced, up to 16."
    )
    add: Parts[HeaderKeyValue] = field(
        default=None, key=("name",), most=16, doc="Headers that get one more value, up to 16."
    )
    remove: Many[Str] = field(default=None, unordered=True, most=16, doc="Headers that go, up to 16.")


class PathRewrite(Model):
    """What becomes of the path."""

    type: One[Literal["ReplaceFullPath", "ReplacePrefixMatch"]] = field(doc="Which of the two is meant.")
    replace_full_path: One[Str | None] = field(default=None, doc="The new path.")
    replace_prefix_match: One[Str | None] = field(
        default=None, doc="What stands for the prefix that matched; only where every match is a PathPrefix."
    )


class RequestRedirect(Model):
    """An answer that sends the client elsewhere; what is absent stays as in the request."""

    scheme: One[Literal["http", "https"] | None] = field(default=None, doc="The scheme.")
    hostname: One[Hostname | None] = field(default=None, doc="The host, no IP address.")
    path: Part[PathRewrite | None] = field(default=None, doc="The path.")
    port: One[Port | None] = field(default=None, doc="The port; that of the listener, if absent.")
    status_code: One[Literal[301, 302, 303, 307, 308] | None] = field(
        default=None, fills=302, doc="The status; 302, if absent."
    )


class UrlRewrite(Model):
    """What becomes of host and path before the request is sent on."""

    hostname: One[Hostname | None] = field(default=None, doc="The host, no IP address.")
    path: Part[PathRewrite | None] = field(default=None, doc="The path.")
    host_to_backend_hostname: One[Bool | None] = field(
        default=None,
        doc="Whether the host becomes that of the backend; only with a MeshGateway, not beside `hostname`.",
    )


class RequestMirror(Model):
    """Copies of requests, whose answers nobody reads."""

    percentage: One[IntOrStr | None] = field(
        default=None, doc='How many of a hundred, as a whole number or as text (`"12.5"`); all, if absent.'
    )
    backend_ref: Part[BackendRef] = field(doc="Where they go: a MeshService or a MeshServiceSubset.")


class HttpRouteFilter(Model):
    """Something that happens to a request or its answer."""

    type: One[FilterType] = field(doc="Which of the fields below is meant.")
    request_header_modifier: Part[HeaderModifier | None] = field(default=None, doc="Headers of the request.")
    response_header_modifier: Part[HeaderModifier | None] = field(default=None, doc="Headers of the answer.")
    request_redirect: Part[RequestRedirect | None] = field(default=None, doc="A redirect instead of a backend.")
    url_rewrite: Part[UrlRewrite | None] = field(default=None, doc="Host and path.")
    request_mirror: Part[RequestMirror | None] = field(default=None, doc="Copies.")


class HttpRouteConf(Model):
    """What is done with requests."""

    filters: Parts[HttpRouteFilter] = field(default=None, doc="What happens to them, in this order.")
    backend_refs: Parts[BackendRef] = field(
        default=None, key=BACKEND, doc="Where they go, by weight; a MeshGateway needs it unless there is a redirect."
    )


class HttpRouteRule(Model):
    """What is done with some requests."""

    matches: Parts[HttpRouteMatch] = field(
        least=1, doc="Which requests are meant: those that fit one of these, at least one."
    )
    default: Part[HttpRouteConf] = field(doc="What is done with them.")


class HttpRouteTo(Model):
    """Rules for requests to a destination."""

    target_ref: Part[TargetRef] = field(doc="The destination; the whole mesh where the route is a MeshGateway's.")
    hostnames: Many[Str] = field(
        default=None, unordered=True, doc="For which hosts of the gateway; all of its listeners', if absent."
    )
    rules: Parts[HttpRouteRule] = field(doc="The rules; which one applies is decided by how special their matches are.")


class MeshHTTPRoute(
    Awaited,
    kind=Kind(
        path="meshhttproutes",
        shape="spec",
        short="mhttpr",
        policy=True,
        rules=RULES,
        warnings=(deprecated_top,),
        grave=ROUTE,
    ),
):
    """Where HTTP requests go, from a gateway or from proxies of the mesh.

    Source: https://kuma.io/docs/latest/policies/meshhttproute/
    """

    target_ref: Part[TargetRef | None] = field(
        default=None, doc="Whose requests: a MeshGateway's (or those of its listeners with some tags), or proxies'."
    )
    to: Parts[HttpRouteTo] = field(default=None, doc="Rules by destination.")


__all__ = [
    "HeaderKeyValue",
    "HeaderModifier",
    "HttpRouteConf",
    "HttpRouteFilter",
    "HttpRouteMatch",
    "HttpRouteRule",
    "HttpRouteTo",
    "MeshHTTPRoute",
    "PathMatch",
    "PathRewrite",
    "QueryParamsMatch",
    "RequestMirror",
    "RequestRedirect",
    "UrlRewrite",
]
