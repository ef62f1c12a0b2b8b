"""TrafficPermission: who may call whom, by tags; what MeshTrafficPermission replaces."""

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.grave import PERMISSION
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.selectors import Selector, selected
from pulumi_mesh.schema.spec import Parts, field


class TrafficPermission(
    MeshScoped,
    kind=Kind(
        path="traffic-permissions",
        shape="legacy",
        policy=True,
        written_on=frozenset({"global"}),
        rules=(selected("sources", required=()), selected("destinations", required=())),
        grave=PERMISSION,
    ),
):
    """Who may call whom, in a mesh with mTLS.

    MeshTrafficPermission replaces it.

    Source: https://kuma.io/docs/latest/policies/traffic-permissions/
    """

    sources: Parts[Selector] = field(doc="Who calls, by tags.")
    destinations: Parts[Selector] = field(doc="Who is called, by tags.")


__all__ = ["TrafficPermission"]
