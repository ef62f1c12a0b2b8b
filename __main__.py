"""The ingress of a shop: two meshes, a builtin gateway, a delegated gateway, and a gateway between the meshes."""

from typing import Any

import pulumi

import pulumi_mesh as mesh
from tools.certificate import self_signed

HOST, VAULT = "shop.example", "vault.shop.example"
EVERY_HOST = {"kind": "Mesh"}


def service(name: str, weight: int = 1) -> mesh.BackendRef:
    """Refer to a service of the mesh."""
    return mesh.BackendRef(kind="MeshService", name=name, weight=weight)


def rule(
    path: str,
    *backends: mesh.BackendRef,
    headers: dict[str, str] | None = None,
    filters: list[mesh.HttpRouteFilter] | None = None,
) -> dict[str, Any]:
    """Send what begins with a path, and has these headers, to backends by their weight; filters change it on its way."""
    match: dict[str, Any] = {"path": {"type": "PathPrefix", "value": path}}
    if headers:
        match["headers"] = [{"name": name, "value": value} for name, value in headers.items()]
    return {"matches": [match], "default": {"backend_refs": list(backends) or None, "filters": filters}}


# Two meshes, each with a certificate authority of its own: nothing in them talks without mTLS.
mtls = mesh.Mtls(enabled_backend="ca-1", backends=[mesh.BuiltinCa(name="ca-1")])
shop = mesh.Mesh("shop", mtls=mtls)
partners = mesh.Mesh("partners", mtls=mtls)

# The services behind all this. Usually their proxies register themselves; these are declared, to have everything in one place.
for place, (name, protocol) in enumerate({"api-v1": "http", "api-v2": "http", "web": "http", "vault": "tcp"}.items()):
    tags = {"kuma.io/service": name, "kuma.io/protocol": protocol}
    mesh.Dataplane(
        f"{name}-1",
        mesh=shop,
        networking={"address": "127.0.0.1", "inbound": [{"port": 7001 + place, "tags": tags}]},
    )

# A builtin gateway: clear text on 8080, TLS on 8443 with a certificate for old clients and one for new ones, and on 9443
# what ends its TLS itself. An API with a tenth of its traffic on the next version, and testers on it altogether.
certificates = [
    mesh.TlsCertificate(f"{HOST}-{kind}".lower(), mesh=shop, certificate=pem, private_key=key)
    for kind, (pem, key) in {"RSA": self_signed(HOST, "RSA"), "ECDSA": self_signed(HOST, "ECDSA")}.items()
]
without_prefix = mesh.HttpRouteFilter(
    type="URLRewrite", url_rewrite={"path": {"type": "ReplacePrefixMatch", "replace_prefix_match": "/"}}
)
to_the_start = mesh.HttpRouteFilter(
    type="RequestRedirect",
    request_redirect={"status_code": 301, "path": {"type": "ReplaceFullPath", "replace_full_path": "/"}},
)
edge = mesh.BuiltinGateway(
    "edge",
    mesh=shop,
    listeners=[
        mesh.Listener(port=8080, protocol="HTTP", hostname=HOST, tags={"port": "http"}),
        mesh.Listener(
            port=8443, protocol="HTTPS", hostname=HOST, tags={"port": "https"}, tls=mesh.Tls(certificates=certificates)
        ),
        mesh.Listener(
            port=9443, protocol="TLS", hostname=VAULT, tags={"port": "vault"}, tls=mesh.Tls(mode="PASSTHROUGH")
        ),
    ],
    routes={
        "api": [
            {
                "target_ref": EVERY_HOST,
                "rules": [rule("/api", service("api-v1", 90), service("api-v2", 10), filters=[without_prefix])],
            }
        ],
        "canary": [{"target_ref": EVERY_HOST, "rules": [rule("/api", service("api-v2"), headers={"x-canary": "1"})]}],
        "web": [
            {
                "target_ref": EVERY_HOST,
                "rules": [
                    rule("/", service("web")),
                    rule("/old", filters=[to_the_start]),
                ],
            }
        ],
    },
    proxies={"edge-1": "127.0.0.1"},
)
vault = mesh.MeshTCPRoute(
    "vault",
    mesh=shop,
    target_ref=edge.ref(port="vault"),
    to=[{"target_ref": EVERY_HOST, "rules": [{"default": {"backend_refs": [service("vault")]}}]}],
)

# A delegated gateway: a Kong (or nginx, ...) with a sidecar; it reaches the services of the mesh through its outbounds.
kong = mesh.DelegatedGateway(
    "kong",
    mesh=shop,
    proxies={"kong-1": "127.0.0.1"},
    outbounds=[mesh.Outbound(port=10001, tags={"kuma.io/service": "web"})],
)

# A gateway between the meshes: partners call http://api.shop.mesh from inside of their own mesh.
crossing = mesh.CrossMeshGateway(
    "crossing",
    mesh=shop,
    hostname="api.shop.mesh",
    routes={"for-partners": [{"target_ref": EVERY_HOST, "rules": [rule("/", service("api-v1"))]}]},
    proxies={"crossing-1": "127.0.0.1"},
    consumers=[partners],
)
client = mesh.Dataplane(
    "client-1",
    mesh=partners,
    networking={
        "address": "127.0.0.1",
        "inbound": [{"port": 7070, "tags": {"kuma.io/service": "client"}}],
        "outbound": [crossing.outbound(10002)],
    },
)

pulumi.export("urls", {HOST: edge.urls, "partners": crossing.url})
pulumi.export("listeners", edge.gateway.listeners)
pulumi.export("routes", [route.name for route in (*edge.routes.values(), *crossing.routes.values(), vault)])
pulumi.export("meshes", [shop.name, partners.name])
