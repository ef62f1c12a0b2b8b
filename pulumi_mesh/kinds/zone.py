"""Zone: a control plane and its proxies, known to the global control plane by its name."""

from pulumi_mesh.kinds.service_names import conforms
from pulumi_mesh.resource import Resource
from pulumi_mesh.schema.grave import ZONE
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Bool
from pulumi_mesh.schema.spec import One, field


class Zone(
    Resource,
    kind=Kind(path="zones", shape="legacy", scope="global", short="z", warnings=(conforms("Zone"),), grave=ZONE),
):
    """A zone: one control plane and its proxies, known to the global control plane by its name.

    A zone's own control plane deletes every other Zone when it starts, so manage Zones on a global one.

    Source: https://kuma.io/docs/latest/production/cp-deployment/multi-zone/
    """

    enabled: One[Bool | None] = field(
        default=None, presence=True, doc="Whether the zone may connect and takes traffic; true, if absent."
    )


__all__ = ["Zone"]
