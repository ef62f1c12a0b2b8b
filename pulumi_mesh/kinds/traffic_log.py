"""TrafficLog: which connections are logged, by tags; what MeshAccessLog replaces."""

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.grave import TOLD
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Str
from pulumi_mesh.schema.selectors import SENDERS, Selector
from pulumi_mesh.schema.spec import One, Parts, field


class TrafficLog(
    MeshScoped,
    kind=Kind(
        path="traffic-logs", shape="legacy", policy=True, written_on=frozenset({"global"}), rules=SENDERS, grave=TOLD
    ),
):
    """Which connections are logged, and where to.

    MeshAccessLog replaces it.

    Source: https://kuma.io/docs/latest/policies/traffic-log/
    """

    sources: Parts[Selector] = field(doc="Who calls, by tags, `kuma.io/service` among them.")
    destinations: Parts[Selector] = field(doc="Who is called, by `kuma.io/service` alone.")
    backend: One[Str | None] = field(
        default=None, wire="conf.backend", doc="The name of a backend of the mesh; the default one, if absent."
    )


__all__ = ["TrafficLog"]
