"""What gateways as a whole are made of: proxies with their tokens, and the permission that they need."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from pulumi_mesh.kinds.dataplane import Dataplane, Outbound
from pulumi_mesh.kinds.mesh import Mesh
from pulumi_mesh.kinds.mesh_gateway import Listener
from pulumi_mesh.kinds.mesh_http_route import HttpRouteTo, MeshHTTPRoute
from pulumi_mesh.kinds.mesh_traffic_permission import MeshTrafficPermission
from pulumi_mesh.kinds.tokens import DataplaneToken
from pulumi_mesh.schema.parts import TargetRef

InMesh = Mesh | pulumi.Input[str]
Listeners = Sequence[pulumi.Input["Listener | Mapping[str, Any]"]]
Outbounds = Sequence[pulumi.Input["Outbound | Mapping[str, Any]"]]
Routes = Mapping[str, Sequence["HttpRouteTo | Mapping[str, Any]"]]
SERVICE = "kuma.io/service"


class GatewayParts(pulumi.ComponentResource):
    """A gateway as a whole: its proxies, their tokens, the permission to reach what it serves."""

    proxies: dict[str, Dataplane]
    """The Dataplanes, by name."""
    tokens: dict[str, DataplaneToken]
    """The token of each proxy, by the proxy's name; none where `token_valid_for` is None."""
    permission: MeshTrafficPermission | None
    """What lets the gateway reach the services of the mesh under mTLS; None where `permit` is False."""
    service: str
    """The `kuma.io/service` of the gateway."""

    def __init__(
        self,
        resource_name: str,
        mesh: InMesh,
        control_plane: str,
        service: str | None,
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        super().__init__(f"mesh:ingress:{type(self).__name__}", resource_name, None, opts)
        self.service = service or resource_name
        self.resource_name = resource_name
        self.place: dict[str, Any] = {"mesh": mesh, "control_plane": control_plane}
        self.own = pulumi.ResourceOptions(parent=self)

    def add_proxies(
        self, addresses: Mapping[str, pulumi.Input[str]], gateway: str, valid_for: str | None, **networking: Any
    ) -> None:
        """Declare a Dataplane for each address, and a token that is good for this one alone."""
        tags = {SERVICE: self.service}
        self.proxies = {
            name: Dataplane(
                name,
                networking={"address": address, "gateway": {"type": gateway, "tags": tags}, **networking},
                opts=self.own,
                **self.place,
            )
            for name, address in addresses.items()
        }
        self.tokens = {
            name: DataplaneToken(
                name,
                dataplane=proxy,
                tags={SERVICE: [self.service]},
                valid_for=valid_for,
                opts=self.own,
                **self.place,
            )
            for name, proxy in self.proxies.items()
            if valid_for is not None
        }

    def add_permission(self, permit: bool) -> None:
        """Let the gateway, and nobody else, reach every service of the mesh."""
        self.permission = (
            MeshTrafficPermission(
                f"from-{self.resource_name}",
                target_ref={"kind": "Mesh"},
                from_=[
                    {
                        "target_ref": {"kind": "MeshSubset", "tags": {SERVICE: self.service}},
                        "default": {"action": "Allow"},
                    }
                ],
                opts=self.own,
                **self.place,
            )
            if permit
            else None
        )

    def add_routes(self, routes: Routes | None) -> dict[str, MeshHTTPRoute]:
        """Declare the routes before the gateway that they attach to: they do nothing while it has no such listener."""
        return {
            name: MeshHTTPRoute(
                name,
                target_ref=TargetRef(kind="MeshGateway", name=self.resource_name),
                to=to,
                opts=self.own,
                **self.place,
            )
            for name, to in (routes or {}).items()
        }
