"""GatewayListener: one listener of a MeshGateway as a resource of its own."""

from dataclasses import InitVar
from typing import Any, Literal

import pulumi

from pulumi_mesh.provider.program import Declared, program
from pulumi_mesh.provider.slot import PLACE, Slot
from pulumi_mesh.resource import Named, Placed, Wait, owner, shown, target
from pulumi_mesh.schema.parts import Bool, Int, Str
from pulumi_mesh.schema.spec import One, Part, Table, field

from .mesh_gateway import Listener, ListenerResources, MeshGateway, Tls


class GatewayListener(Placed):
    """One listener of a MeshGateway, from the program of the gateway, another module or another stack.

    The gateway is declared without `listeners`; it exists on the control plane from its first listener to its last.
    What others put on it is left alone. Port, protocol and hostname change in place.
    """

    waits = True
    wait: InitVar[Wait | None] = field(default=None)

    gateway: Named[str] = field(
        doc="The gateway: the MeshGateway, or the name of one that exists.", refers="MeshGateway"
    )
    mesh: Named[str] = field(
        default=None, doc="The mesh of the gateway; `default`, if only the gateway's name is given."
    )
    port: One[Int] = field()
    protocol: One[Literal["HTTP", "HTTPS", "TCP", "TLS", "NONE"]] = field()
    hostname: One[Str | None] = field(default=None)
    tls: Part[Tls | None] = field(default=None)
    tags: Table[Str] = field(default=None)
    cross_mesh: One[Bool | None] = field(default=None)
    resources: Part[ListenerResources | None] = field(default=None)

    def completed(self, said: dict[str, Any]) -> dict[str, Any]:
        """Take mesh and control plane from the gateway, where it is the resource."""
        gateway = said.get("gateway")
        self.parent = gateway if isinstance(gateway, MeshGateway) else None
        found = (
            {"mesh": gateway.mesh, "control_plane": gateway.said["control_plane"]}
            if isinstance(gateway, MeshGateway)
            else {}
        )
        return {"mesh": "default", **found, **said}

    def hidden(self) -> dict[str, Any]:
        """Return the gateway as the program says it: the first listener makes it."""
        if self.parent is None:
            return {}
        said = {key: self.parent.said[key] for key in ("selectors", "tags", "labels") if key in self.parent.said}
        return {"__parent": {**said, "owner": owner()}}

    def noted(self, line: str) -> dict[str, Any]:
        """Note the listener in its program."""
        if (root := pulumi.runtime.get_root_resource()) is not None:
            program(root).declared.append(Declared(self, self.said, line, None))
        return {}

    def judged(self, said: dict[str, Any]) -> list[str]:
        """Say everything that the control plane would refuse."""
        if self.parent is not None and "listeners" in self.parent.said:
            return [
                "gateway: has listeners of its own; move them to GatewayListener resources, or this one to the gateway"
            ]
        return Slot(said).complaints(target())

    def subject(self, said: dict[str, Any]) -> str:
        """Return gateway and listener, `?` for a part that is not known yet."""
        known = {key: shown(value) for key, value in said.items() if key in (*PLACE, "port", "protocol", "hostname")}
        return Slot(known).subject


GatewayListener.attributes(
    {
        **GatewayListener.declared,
        **{name: declared for name, declared in Listener.declared.items() if name in GatewayListener.declared},
    }
)
