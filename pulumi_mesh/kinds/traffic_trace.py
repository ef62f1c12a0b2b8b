"""TrafficTrace: which proxies trace requests, by tags; what MeshTrace replaces."""

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.grave import TOLD
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Str
from pulumi_mesh.schema.selectors import Selector, selected
from pulumi_mesh.schema.spec import One, Parts, field


class TrafficTrace(
    MeshScoped,
    kind=Kind(
        path="traffic-traces",
        shape="legacy",
        policy=True,
        written_on=frozenset({"global"}),
        rules=(selected("selectors", required=()),),
        grave=TOLD,
    ),
):
    """Which proxies trace requests, and where to.

    MeshTrace replaces it.

    Source: https://kuma.io/docs/latest/policies/traffic-trace/
    """

    selectors: Parts[Selector] = field(doc="Which proxies trace, by tags.")
    backend: One[Str | None] = field(
        default=None, wire="conf.backend", doc="The name of a backend of the mesh; the default one, if absent."
    )


__all__ = ["TrafficTrace"]
