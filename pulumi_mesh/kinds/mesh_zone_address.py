"""MeshZoneAddress: where other zones find the proxies through which traffic comes in."""

from typing import Annotated

from annotated_types import Ge, Le
from pydantic import StringConstraints

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.grave import DESTINATION
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Int, Str
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.spec import One, field


class MeshZoneAddress(
    MeshScoped,
    kind=Kind(
        path="meshzoneaddresses",
        shape="spec",
        short="mza",
        since=Release(2, 14),
        written_on=frozenset({"zone"}),
        grave=DESTINATION,
    ),
):
    """The address and port by which other zones reach a mesh in this zone.

    Source: https://github.com/kumahq/kuma/blob/release-2.14/docs/madr/decisions/095-mesh-scoped-zone-ingress-egress.md
    """

    address: One[Annotated[Str, StringConstraints(min_length=1)]] = field(
        doc="The IP address or DNS name by which other zones reach it."
    )
    port: One[Annotated[Int, Ge(1), Le(65535)]] = field(doc="The port by which they do, 1 to 65535.")


__all__ = ["MeshZoneAddress"]
