"""Meshes to draw: the shop that the program at the root declares, one with a hundred routes, and one full of markup."""

from base64 import b64encode
from functools import cache

from pulumi_mesh.schema.document import Document
from tests.ingress.written import document, documents
from tools.certificate import made

SHOP = """
type: Mesh
name: shop
mtls: {enabledBackend: ca-1, backends: [{name: ca-1, type: builtin}]}
---
type: Mesh
name: partners
mtls: {enabledBackend: ca-1, backends: [{name: ca-1, type: builtin}]}
---
type: MeshGateway
name: edge
selectors: [{match: {kuma.io/service: edge}}]
conf:
  listeners:
    - {port: 8080, protocol: HTTP, hostname: shop.example, tags: {port: http}}
    - port: 8443
      protocol: HTTPS
      hostname: shop.example
      tags: {port: https}
      tls: {mode: TERMINATE, certificates: [{secret: shop.example-rsa}, {secret: shop.example-ecdsa}]}
    - {port: 9443, protocol: TLS, hostname: vault.shop.example, tags: {port: vault}, tls: {mode: PASSTHROUGH}}
---
type: MeshHTTPRoute
name: api
spec:
  targetRef: {kind: MeshGateway, name: edge}
  to:
    - targetRef: {kind: Mesh}
      rules:
        - matches: [{path: {type: PathPrefix, value: /api}}]
          default:
            filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /}}}]
            backendRefs: [{kind: MeshService, name: api-v1, weight: 90}, {kind: MeshService, name: api-v2, weight: 10}]
---
type: MeshHTTPRoute
name: canary
spec:
  targetRef: {kind: MeshGateway, name: edge}
  to:
    - targetRef: {kind: Mesh}
      rules:
        - matches: [{path: {type: PathPrefix, value: /api}, headers: [{name: x-canary, value: "1"}]}]
          default: {backendRefs: [{kind: MeshService, name: api-v2, weight: 1}]}
---
type: MeshHTTPRoute
name: web
spec:
  targetRef: {kind: MeshGateway, name: edge}
  to:
    - targetRef: {kind: Mesh}
      rules:
        - matches: [{path: {type: PathPrefix, value: /}}]
          default: {backendRefs: [{kind: MeshService, name: web, weight: 1}]}
        - matches: [{path: {type: PathPrefix, value: /old}}]
          default:
            filters:
              - type: RequestRedirect
                requestRedirect: {statusCode: 301, path: {type: ReplaceFullPath, replaceFullPath: /}}
---
type: MeshTCPRoute
name: vault
spec:
  targetRef: {kind: MeshGateway, name: edge, tags: {port: vault}}
  to:
    - targetRef: {kind: Mesh}
      rules: [{default: {backendRefs: [{kind: MeshService, name: vault, weight: 1}]}}]
---
type: MeshGateway
name: crossing
selectors: [{match: {kuma.io/service: crossing}}]
conf: {listeners: [{port: 80, protocol: HTTP, hostname: api.shop.mesh, crossMesh: true}]}
---
type: MeshHTTPRoute
name: for-partners
spec:
  targetRef: {kind: MeshGateway, name: crossing}
  to:
    - targetRef: {kind: Mesh}
      rules:
        - matches: [{path: {type: PathPrefix, value: /}}]
          default: {backendRefs: [{kind: MeshService, name: api-v1, weight: 1}]}
---
type: Dataplane
name: edge-1
networking: {address: 127.0.0.1, gateway: {type: BUILTIN, tags: {kuma.io/service: edge}}}
---
type: Dataplane
name: crossing-1
networking: {address: 127.0.0.1, gateway: {type: BUILTIN, tags: {kuma.io/service: crossing}}}
---
type: Dataplane
name: kong-1
networking:
  address: 127.0.0.1
  gateway: {type: DELEGATED, tags: {kuma.io/service: kong}}
  outbound: [{port: 10001, tags: {kuma.io/service: web}}]
---
type: Dataplane
name: client-1
mesh: partners
networking:
  address: 127.0.0.1
  inbound: [{port: 7070, tags: {kuma.io/service: client}}]
  outbound: [{port: 10002, tags: {kuma.io/service: crossing, kuma.io/mesh: shop}}]
"""
WICKED = """<script>alert("1")</script>'&lt;]]>--><!--\\" %%{init}%% `x` #quot; \\N ${x} {{y}}"""
"""What no document should be able to do to a picture."""


SERVED = {"api-v1": 3, "api-v2": 1, "web": 2, "vault": 1}
"""How many proxies each service has."""


@cache
def secret(name: str, host: str, kind: str) -> Document:
    """Make the Secret of a certificate."""
    pem, key = made(host, kind)
    return document(type="Secret", name=name, data=b64encode(f"{pem}\n{key}".encode()).decode())


def shop() -> list[Document]:
    """What the program at the root declares."""
    certificates = [secret(f"shop.example-{kind.lower()}", "shop.example", kind) for kind in ("RSA", "ECDSA")]
    services = [
        sidecar(f"{service}-{number}", service) for service in SERVED for number in range(1, SERVED[service] + 1)
    ]
    return [*documents(SHOP), *certificates, *services]


def sidecar(name: str, service: str) -> Document:
    """Make the Dataplane of a service."""
    inbound = {"port": 8080, "tags": {"kuma.io/service": service, "kuma.io/protocol": "http"}}
    return document(type="Dataplane", name=name, networking={"address": "127.0.0.1", "inbound": [inbound]})


def hundred() -> list[Document]:
    """One gateway with a hundred routes: some for hosts of their own, some with many rules, some with a long name."""
    listeners = [
        {"port": 80, "protocol": "HTTP", "tags": {"port": "http"}},
        {"port": 443, "protocol": "HTTP", "hostname": "*.example.com", "tags": {"port": "wild"}},
    ]
    edge = [{"match": {"kuma.io/service": "edge"}}]
    gateway = document(type="MeshGateway", name="edge", selectors=edge, conf={"listeners": listeners})
    services = [sidecar(f"service-{number}", f"service-{number}") for number in range(12)]
    return [gateway, *(numbered(number) for number in range(100)), *services]


def numbered(number: int) -> Document:
    """Make one of many routes."""
    name = f"route-{number:03}" + ("-of-a-team-that-has-a-rather-long-name-for-everything-it-owns" * (number % 7 == 0))
    host = f"host-{number:03}.{'a-quite-long-department-name.' * (number % 11 == 0)}example.com"
    rules = [
        {
            "matches": [
                {"path": {"type": "PathPrefix", "value": f"/v{rule}/{'very/long/path/' * (number % 5)}{number}"}},
                *([{"method": "POST"}] if number % 4 == 0 else []),
            ],
            "default": {
                "backendRefs": [
                    {"kind": "MeshService", "name": f"service-{(number + index) % 12}", "weight": index + 1}
                    for index in range(1 + number % 3)
                ]
            },
        }
        for rule in range(1 + number % 3)
    ]
    to = {"targetRef": {"kind": "Mesh"}, "rules": rules, **({"hostnames": [host]} if number % 2 else {})}
    target = {"kind": "MeshGateway", "name": "edge", "tags": {"port": "wild" if number % 3 == 0 else "http"}}
    return document(type="MeshHTTPRoute", name=name, spec={"targetRef": target, "to": [to]})


def wicked() -> list[Document]:
    """Documents whose every text tries to be something else."""
    listeners = [{"port": 80, "protocol": "HTTP", "hostname": WICKED, "tags": {WICKED: WICKED}}]
    rule = {
        "matches": [{"path": {"type": "Exact", "value": WICKED}, "headers": [{"name": WICKED, "value": WICKED}]}],
        "default": {
            "filters": [{"type": "URLRewrite", "urlRewrite": {"hostname": WICKED}}],
            "backendRefs": [{"kind": "MeshService", "name": WICKED}],
        },
    }
    to = {"targetRef": {"kind": "Mesh"}, "hostnames": [WICKED], "rules": [rule]}
    target = {"kind": "MeshGateway", "name": WICKED}
    return [
        document(type="MeshGateway", mesh=WICKED, name=WICKED, conf={"listeners": listeners}),
        document(type="MeshHTTPRoute", mesh=WICKED, name=WICKED, spec={"targetRef": target, "to": [to]}),
    ]


def wrong() -> list[Document]:
    """The shop, without the certificates and one of the services."""
    return [one for one in shop() if one.address.kind != "Secret" and not one.address.name.startswith("api-v2")]
