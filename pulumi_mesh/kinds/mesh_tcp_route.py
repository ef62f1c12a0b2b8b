"""MeshTCPRoute: where TCP connections go."""

from collections.abc import Iterator

from pulumi_mesh.resource import Awaited
from pulumi_mesh.schema.grave import ROUTE
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import BACKEND, BackendRef, TargetRef
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, parts, values
from pulumi_mesh.schema.spec import Model, Part, Parts, field
from pulumi_mesh.schema.target_ref import (
    BACKENDS,
    EVERYONE,
    GATEWAYS,
    SERVICES,
    backend_refs,
    by_role,
    deprecated_top,
    each,
    top,
    top_kind,
)


class TcpRouteConf(Model):
    """What is done with connections."""

    backend_refs: Parts[BackendRef] = field(default=None, key=BACKEND, doc="Where they go, by weight; at least one.")


class TcpRouteRule(Model):
    """What is done with connections."""

    default: Part[TcpRouteConf] = field(doc="What is done with them.")


class TcpRouteTo(Model):
    """The rule for connections to a destination."""

    target_ref: Part[TargetRef] = field(doc="The destination; the whole mesh where the route is a MeshGateway's.")
    rules: Parts[TcpRouteRule] = field(most=1, doc="The rule; one at the most.")


def references(route: Body, release: Release) -> Iterator[Violation]:
    """What is referred to at the top, and what below it takes."""
    yield from top(route, release, by_role(route, GATEWAYS))
    if kind := top_kind(route):
        yield from each(route, "spec.to", release, EVERYONE if kind == "MeshGateway" else SERVICES)


def backends(route: Body, release: Release) -> Iterator[Violation]:
    """Connections go somewhere."""
    for at, to in parts(route, "spec.to"):
        for path, rule in parts(to, "rules", at):
            if not values(rule, "default.backendRefs"):
                yield Violation(f"{path}.default.backendRefs", "must be defined")
            yield from backend_refs(parts(rule, "default.backendRefs", path), release, BACKENDS)


class MeshTCPRoute(
    Awaited,
    kind=Kind(
        path="meshtcproutes",
        shape="spec",
        short="mtcpr",
        policy=True,
        rules=(references, backends),
        warnings=(deprecated_top,),
        grave=ROUTE,
    ),
):
    """Where TCP connections go, from a gateway or from proxies of the mesh.

    Source: https://kuma.io/docs/latest/policies/meshtcproute/
    """

    target_ref: Part[TargetRef | None] = field(
        default=None, doc="Whose connections: a MeshGateway's (or those of its listeners with some tags), or proxies'."
    )
    to: Parts[TcpRouteTo] = field(
        default=None, least=1, doc="The rule of each destination; at least one, unless absent."
    )


__all__ = ["MeshTCPRoute", "TcpRouteConf", "TcpRouteRule", "TcpRouteTo"]
