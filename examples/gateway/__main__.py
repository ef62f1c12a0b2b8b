"""A builtin gateway with one host and one route."""

import pulumi

import pulumi_mesh as mesh

shop = mesh.Mesh("shop-gateway", mtls=mesh.Mtls(enabled_backend="ca-1", backends=[mesh.BuiltinCa(name="ca-1")]))

edge = mesh.MeshGateway(
    "edge",
    mesh=shop,
    selectors=[{"match": {"kuma.io/service": "edge"}}],
    listeners=[mesh.Listener(port=8080, protocol="HTTP", hostname="shop.example", tags={"port": "http"})],
)

mesh.MeshHTTPRoute(
    "api",
    mesh=shop,
    target_ref=edge.ref(port="http"),
    to=[
        {
            "target_ref": {"kind": "Mesh"},
            "rules": [
                {
                    "matches": [{"path": {"type": "PathPrefix", "value": "/api"}}],
                    "default": {
                        "backend_refs": [
                            {"kind": "MeshService", "name": "api-v1", "weight": 90},
                            {"kind": "MeshService", "name": "api-v2", "weight": 10},
                        ]
                    },
                }
            ],
        }
    ],
)

pulumi.export("ports", edge.listeners.apply(lambda listeners: [one.port for one in listeners]))
