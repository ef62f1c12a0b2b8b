"""One team owns the gateway, others own their hostnames."""

import pulumi

import pulumi_mesh as mesh

shop = mesh.Mesh("shop-listeners")

# Without listeners of its own the gateway is made of those that others attach to it.
edge = mesh.MeshGateway("edge", mesh=shop, selectors=[mesh.Selector(match={"kuma.io/service": "edge"})])

hosts = {"web": "shop.example", "api": "api.shop.example", "admin": "admin.shop.example"}
listeners = [
    mesh.GatewayListener(team, gateway=edge, port=8080, protocol="HTTP", hostname=host, tags={"team": team})
    for team, host in hosts.items()
]

pulumi.export("hosts", [listener.hostname for listener in listeners])
