"""Programs that a type checker must accept."""

import pulumi
from typing_extensions import assert_type

import pulumi_mesh as mesh

other = mesh.Mesh("other")
service: pulumi.Output[str] = pulumi.Output.from_input("edge")
port: pulumi.Output[int] = pulumi.Output.from_input(8080)
some: list[mesh.Listener] = [mesh.Listener(port=80, protocol="HTTP")]

shop = mesh.Mesh("shop", mtls=mesh.Mtls(enabled_backend="ca-1", backends=[mesh.BuiltinCa(name="ca-1")]))
certificate = mesh.Secret("cert", mesh=shop, data=mesh.base64("text"))
edge = mesh.MeshGateway(
    "edge",
    mesh=shop,
    selectors=[{"match": {"kuma.io/service": "edge"}}, mesh.Selector(match={"kuma.io/service": service})],
    listeners=[
        mesh.Listener(port=port, protocol="HTTPS", hostname=service, tls=mesh.Tls(certificates=[certificate])),
        mesh.Listener(
            port=443, protocol="HTTPS", tls=mesh.Tls(certificates=[{"secret": "a"}, mesh.DataSource(secret="b")])
        ),
        {"port": 8080, "protocol": "HTTP"},
        pulumi.Output.from_input(mesh.Listener(port=1, protocol="TCP")),
    ],
    labels={"team": other.name},
    opts=pulumi.ResourceOptions(protect=True),
)
wide = mesh.MeshGateway("wide", mesh="shop", selectors=[mesh.Selector(match={})])
mesh.MeshGateway("again", mesh=shop.name, selectors=edge.selectors, listeners=some)
mesh.GatewayListener("web", gateway=wide, port=8080, protocol="HTTP", adopt="identical")
mesh.GatewayListener("api", gateway="wide", mesh=shop, port=port, protocol="HTTP", control_plane="eu")
mesh.MeshHTTPRoute(
    "route", mesh=shop, target_ref=edge.ref(port="http"), to=[{"target_ref": {"kind": "Mesh"}, "rules": []}]
)

assert_type(edge.name, pulumi.Output[str])
assert_type(edge.listeners, pulumi.Output[list[mesh.Listener]])
pulumi.export("ports", edge.listeners.apply(lambda listeners: [one.port + 1 for one in listeners]))
