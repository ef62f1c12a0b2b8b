"""The ingress of a shop: two meshes, a builtin gateway, a delegated gateway, and a gateway between the meshes."""

import pulumi

import pulumi_mesh as mesh
from tools.certificate import self_signed

HOST = "shop.example"

# Two meshes, each with a certificate authority of its own: nothing in them talks without mTLS.
mtls = mesh.Mtls(enabled_backend="ca-1", backends=[mesh.BuiltinCa(name="ca-1")])
shop = mesh.Mesh("shop", mtls=mtls)
partners = mesh.Mesh("partners", mtls=mtls)

# A builtin gateway: the proxies of the service `edge` serve one host, in clear on 8080 and with TLS on 8443.
certificate = mesh.Secret("shop-example", mesh=shop, data=mesh.base64(self_signed(HOST)))
edge = mesh.MeshGateway(
    "edge",
    mesh=shop,
    selectors=[{"match": {"kuma.io/service": "edge"}}],
    listeners=[
        mesh.Listener(port=8080, protocol="HTTP", hostname=HOST, tags={"port": "http"}),
        mesh.Listener(
            port=8443, protocol="HTTPS", hostname=HOST, tags={"port": "https"}, tls=mesh.Tls(certificates=[certificate])
        ),
    ],
)
edge_proxy = mesh.Dataplane(
    "edge-1",
    mesh=shop,
    networking={"address": "127.0.0.1", "gateway": {"type": "BUILTIN", "tags": {"kuma.io/service": "edge"}}},
)


def rule(path: str, *backends: mesh.BackendRef, headers: dict[str, str] | None = None) -> dict[str, object]:
    """Send what begins with a path, and has these headers, to backends by their weight."""
    match: dict[str, object] = {"path": {"type": "PathPrefix", "value": path}}
    if headers:
        match["headers"] = [{"name": name, "value": value} for name, value in headers.items()]
    return {"matches": [match], "default": {"backend_refs": list(backends)}}


def service(name: str, weight: int = 1) -> mesh.BackendRef:
    """Refer to a service of the mesh."""
    return mesh.BackendRef(kind="MeshService", name=name, weight=weight)


# Three routes: the API with a tenth of its traffic on the next version, testers on it altogether, the rest to the web shop.
every_host = {"kind": "Mesh"}
api = mesh.MeshHTTPRoute(
    "api",
    mesh=shop,
    target_ref=edge.ref(),
    to=[{"target_ref": every_host, "rules": [rule("/api", service("api-v1", 90), service("api-v2", 10))]}],
)
canary = mesh.MeshHTTPRoute(
    "canary",
    mesh=shop,
    target_ref=edge.ref(),
    to=[{"target_ref": every_host, "rules": [rule("/api", service("api-v2"), headers={"x-canary": "1"})]}],
)
web = mesh.MeshHTTPRoute(
    "web", mesh=shop, target_ref=edge.ref(), to=[{"target_ref": every_host, "rules": [rule("/", service("web"))]}]
)

# A delegated gateway: a Kong (or nginx, ...) with a sidecar; it reaches the services of the mesh through its outbounds.
kong = mesh.Dataplane(
    "kong-1",
    mesh=shop,
    networking={
        "address": "127.0.0.1",
        "gateway": {"type": "DELEGATED", "tags": {"kuma.io/service": "kong"}},
        "outbound": [{"port": 10001, "tags": {"kuma.io/service": "web"}}],
    },
)

# Under mTLS nobody reaches a service without a permission: here the gateways may, and nobody else.
permission = mesh.MeshTrafficPermission(
    "from-gateways",
    mesh=shop,
    target_ref={"kind": "Mesh"},
    from_=[
        {
            "target_ref": {"kind": "MeshSubset", "tags": {"kuma.io/service": name}},
            "default": {"action": "Allow"},
        }
        for name in ("edge", "kong", "crossing")
    ],
)

# A gateway between the meshes: partners call http://api.shop.mesh from inside of their own mesh.
crossing = mesh.MeshGateway(
    "crossing",
    mesh=shop,
    selectors=[{"match": {"kuma.io/service": "crossing"}}],
    listeners=[mesh.Listener(port=80, protocol="HTTP", hostname="api.shop.mesh", cross_mesh=True)],
)
crossing_proxy = mesh.Dataplane(
    "crossing-1",
    mesh=shop,
    networking={"address": "127.0.0.1", "gateway": {"type": "BUILTIN", "tags": {"kuma.io/service": "crossing"}}},
)
for_partners = mesh.MeshHTTPRoute(
    "for-partners",
    mesh=shop,
    target_ref=crossing.ref(),
    to=[{"target_ref": every_host, "rules": [rule("/", service("api-v1"))]}],
)


def urls(listeners: list[mesh.Listener]) -> list[str]:
    """Say where listeners answer."""
    return [f"{one.protocol.lower()}://{one.hostname or '*'}:{one.port}" for one in listeners]


pulumi.export("urls", {HOST: edge.listeners.apply(urls), "partners": crossing.listeners.apply(urls)})
pulumi.export("listeners", edge.listeners)
pulumi.export("routes", [route.name for route in (api, canary, web, for_partners)])
pulumi.export("meshes", [shop.name, partners.name])
