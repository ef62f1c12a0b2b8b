"""BuiltinGateway, DelegatedGateway and CrossMeshGateway: each with all that it needs to serve."""

from collections.abc import Mapping, Sequence

import pulumi

from pulumi_mesh.kinds.dataplane import Outbound
from pulumi_mesh.kinds.mesh import Mesh
from pulumi_mesh.kinds.mesh_gateway import Listener, MeshGateway
from pulumi_mesh.kinds.mesh_http_route import MeshHTTPRoute
from pulumi_mesh.resource import InvalidResource, line_of_program
from pulumi_mesh.schema.parts import TargetRef
from pulumi_mesh.schema.spec import is_map, promised

from .parts import SERVICE, GatewayParts, InMesh, Listeners, Outbounds, Routes


class BuiltinGateway(GatewayParts):
    """A gateway whose proxies are Envoys of the mesh: MeshGateway, routes, Dataplanes with their tokens, a permission.

    Routes are written before the gateway, and taken away after it: a listener that is there before its route leaves
    the gateway without any new configuration. What it adds beside gateway and routes can be switched off, and is
    there to be read: `edge.gateway`, `edge.proxies["edge-1"]`, `edge.tokens["edge-1"].token`, `edge.permission`.

    Source: https://kuma.io/docs/latest/using-mesh/managing-ingress-traffic/builtin/
    """

    gateway: MeshGateway
    routes: dict[str, MeshHTTPRoute]
    """The routes that were given, by name."""
    urls: pulumi.Output[list[str]]
    """Where it answers: `https://shop.example:8443`."""

    def __init__(
        self,
        resource_name: str,
        *,
        listeners: Listeners,
        proxies: Mapping[str, pulumi.Input[str]] | None = None,
        routes: Routes | None = None,
        mesh: InMesh = "default",
        service: str | None = None,
        tags: Mapping[str, pulumi.Input[str]] | None = None,
        token_valid_for: str | None = "720h",
        permit: bool = True,
        control_plane: str = "default",
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Take listeners, the addresses of the proxies by name, and routes: the `to` of each MeshHTTPRoute by its name.

        Proxies that are not given here are declared elsewhere, or register themselves by their tag `kuma.io/service`.
        `service` is the `kuma.io/service` of the proxies, the resource's name if absent. `token_valid_for=None` issues
        no tokens; `permit=False` declares no permission.
        """
        super().__init__(resource_name, mesh, control_plane, service, opts)
        self.routes = self.add_routes(routes)
        self.gateway = MeshGateway(
            resource_name,
            selectors=[{"match": {SERVICE: self.service}}],
            listeners=listeners,
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(self.routes.values())),
            **self.place,
        )
        self.add_proxies(proxies or {}, "BUILTIN", token_valid_for)
        self.add_permission(permit)
        self.urls = self.gateway.listeners.apply(urls)
        self.register_outputs({"urls": self.urls})

    def ref(self, **tags: pulumi.Input[str]) -> TargetRef:
        """Refer to the gateway, or to those of its listeners that have these tags."""
        return self.gateway.ref(**tags)


def urls(listeners: Sequence[Listener]) -> list[str]:
    """Say where listeners answer."""
    return [f"{one.protocol.lower()}://{one.hostname or '*'}:{one.port}" for one in listeners]


class DelegatedGateway(GatewayParts):
    """The sidecars of a gateway that is not Kuma's, such as Kong: Dataplanes with outbounds, their tokens, a permission.

    Source: https://kuma.io/docs/latest/using-mesh/managing-ingress-traffic/delegated/
    """

    def __init__(
        self,
        resource_name: str,
        *,
        proxies: Mapping[str, pulumi.Input[str]],
        outbounds: Outbounds = (),
        mesh: InMesh = "default",
        service: str | None = None,
        token_valid_for: str | None = "720h",
        permit: bool = True,
        control_plane: str = "default",
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Take the addresses of the sidecars by name, and the services that the gateway sends to, each on a port of its own."""
        super().__init__(resource_name, mesh, control_plane, service, opts)
        self.add_proxies(proxies, "DELEGATED", token_valid_for, outbound=list(outbounds))
        self.add_permission(permit)
        self.register_outputs({})


class CrossMeshGateway(GatewayParts):
    """A gateway by which other meshes reach services of its own: every mesh concerned needs mTLS.

    Source: https://kuma.io/docs/latest/using-mesh/managing-ingress-traffic/builtin-listeners/#cross-mesh
    """

    gateway: MeshGateway
    routes: dict[str, MeshHTTPRoute]
    """The routes that were given, by name."""
    url: pulumi.Output[str]
    """Where other meshes find it: `http://api.shop.mesh:80`."""

    def __init__(
        self,
        resource_name: str,
        *,
        proxies: Mapping[str, pulumi.Input[str]] | None = None,
        hostname: str | None = None,
        port: int = 80,
        routes: Routes | None = None,
        mesh: InMesh = "default",
        consumers: Sequence[Mesh] = (),
        service: str | None = None,
        token_valid_for: str | None = "720h",
        permit: bool = True,
        control_plane: str = "default",
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Take the host and the port by which consumers reach it, and the meshes of the consumers: without mTLS it is refused.

        Without `hostname` the control plane gives it one, `internal.<gateway>.<mesh>.mesh`.
        """
        super().__init__(resource_name, mesh, control_plane, service, opts)
        self.port = port
        without_mtls([one for one in (mesh, *consumers) if isinstance(one, Mesh)], f"CrossMeshGateway/{resource_name}")
        self.routes = self.add_routes(routes)
        self.gateway = MeshGateway(
            resource_name,
            selectors=[{"match": {SERVICE: self.service}}],
            listeners=[Listener(port=port, protocol="HTTP", hostname=hostname, cross_mesh=True)],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*self.routes.values(), *consumers]),
            **self.place,
        )
        self.add_proxies(proxies or {}, "BUILTIN", token_valid_for)
        self.add_permission(permit)
        host = hostname or pulumi.Output.concat("internal.", self.gateway.name, ".", self.gateway.mesh, ".mesh")
        self.url = pulumi.Output.concat("http://", host, f":{port}")
        self.register_outputs({"url": self.url})

    def outbound(self, port: int, address: str | None = None) -> Outbound:
        """Return the outbound that a consumer without transparent proxying needs, on a port of its own."""
        return Outbound(port=port, address=address, tags={SERVICE: self.service, "kuma.io/mesh": self.gateway.mesh})


def without_mtls(meshes: Sequence[Mesh], subject: str) -> None:
    """Refuse meshes that are known to have no mTLS: a cross-mesh listener closes what is not encrypted by a mesh."""
    bare = [mesh for mesh in meshes if not encrypts(mesh.said.get("mtls"))]
    if bare:
        names = ", ".join(str(mesh.said["name"]) for mesh in bare)
        reason = (
            f"mesh {names}: has no mTLS; a cross-mesh gateway needs it in its own mesh and in those of its consumers"
        )
        raise InvalidResource(subject, [reason], line_of_program())


def encrypts(mtls: object) -> bool:
    """Tell whether mTLS is on, or may be."""
    return promised(mtls) or (is_map(mtls) and bool(mtls.get("enabled_backend")))
