"""Meshes for findings: what is wrong, with the code and the place where that is found, and what is right.

Several documents to a case, in YAML; their mesh is `shop` where they do not say.
"""
# ruff: noqa: E501 - a case is a row

MESH = "type: Mesh\nname: shop\nmtls: {enabledBackend: ca, backends: [{name: ca, type: builtin}]}\n"
BARE = "type: Mesh\nname: other\n"
PROXY = "type: Dataplane\nname: edge-1\nnetworking: {address: 10.0.0.1, gateway: {type: BUILTIN, tags: {kuma.io/service: edge}}}\n"
ABROAD = """type: Dataplane
mesh: other
name: client
networking:
  address: 10.0.0.9
  inbound: [{port: 80, tags: {kuma.io/service: client}}]
  outbound: [{port: 8080, tags: {kuma.io/service: edge, kuma.io/mesh: shop}}]
"""
SLOW = """type: MeshTimeout
name: slow
spec: {targetRef: {kind: MeshHTTPRoute, name: ap}, to: [{targetRef: {kind: Mesh}, default: {idleTimeout: 1s}}]}
"""
DENIED = """type: MeshTrafficPermission
name: p
spec: {targetRef: {kind: Mesh}, from: [{targetRef: {kind: MeshService, name: other}, default: {action: Allow}}]}
"""
ALLOWED = DENIED.replace("name: other", "name: edge")
SECRET = "type: Secret\nname: other-cert\ndata: ''\n"


def gateway(*listeners: str, name: str = "edge", match: str = "kuma.io/service: edge") -> str:
    """Write a gateway; a listener is what it says beside port, protocol and tags."""
    said = [
        one if "port:" in one else "port: 8080, protocol: HTTP, tags: {port: http}" + one for one in listeners or ("",)
    ]
    return f"type: MeshGateway\nname: {name}\nselectors: [{{match: {{{match}}}}}]\nconf: {{listeners: [{', '.join(f'{{{one}}}' for one in said)}]}}\n"


def rule(
    match: str = "path: {type: PathPrefix, value: /}", default: str = "backendRefs: [{kind: MeshService, name: api}]"
) -> str:
    return f"{{matches: [{{{match}}}], default: {{{default}}}}}"


def route(*rules: str, ref: str = "name: edge", hosts: str = "", name: str = "api", kind: str = "MeshHTTPRoute") -> str:
    """Write a route of a gateway."""
    hostnames = f"hostnames: [{hosts}], " if hosts else ""
    to = f"{{targetRef: {{kind: Mesh}}, {hostnames}rules: [{', '.join(rules or (rule(),))}]}}"
    return f"type: {kind}\nname: {name}\nspec: {{targetRef: {{kind: MeshGateway, {ref}}}, to: [{to}]}}\n"


def tcp(default: str = "backendRefs: [{kind: MeshService, name: api}]", **how: str) -> str:
    return route(f"{{default: {{{default}}}}}", kind="MeshTCPRoute", **how)


def old(conf: str, match: str = "kuma.io/service: edge", name: str = "old") -> str:
    return f"type: MeshGatewayRoute\nname: {name}\nselectors: [{{match: {{{match}}}}}]\nconf: {{{conf}}}\n"


def old_rule(rest: str, match: str = "path: {match: PREFIX, value: /}") -> str:
    return f"http: {{rules: [{{matches: [{{{match}}}], {rest}}}]}}"


def service(ports: str, name: str = "api") -> str:
    return f"type: MeshService\nname: {name}\nspec: {{ports: [{ports}]}}\n"


def filters(said: str) -> str:
    return rule(default=f"backendRefs: [{{kind: MeshService, name: api}}], filters: [{said}]")


def request(said: str) -> str:
    return filters(f"{{type: RequestHeaderModifier, requestHeaderModifier: {{{said}}}}}")


HTTPS = "port: 8443, protocol: HTTPS, tags: {port: https}, tls: {mode: TERMINATE, certificates: [{secret: shop-cert}]}"
TWO_PORTS = ("", "port: 9090, protocol: HTTP, tags: {port: other}")
OLD = "backends: [{destination: {kuma.io/service: api}}]"
TO = "spec.to[0].rules[0]"
BACKENDS = f"{TO}.default.backendRefs"
BACKEND = f"{BACKENDS}[0]"
CROSS = "port: 8080, protocol: HTTP, crossMesh: true"

# fmt: off
WRONG: list[tuple[str, str, str, str, tuple[str, ...]]] = [
    ('permission-missing', 'warning', 'MeshGateway/shop/edge', 'selectors', (MESH, gateway(), route(), DENIED)),
    ('mesh-missing', 'warning', 'MeshHTTPRoute/shp/api', 'mesh', (MESH, route().replace('name: api', 'mesh: shp\nname: api', 1))),
    ('gateway-missing', 'error', 'MeshHTTPRoute/shop/api', 'spec.targetRef.name', (MESH, gateway(), route(ref='name: egde'))),
    ('gateway-missing', 'warning', 'MeshHTTPRoute/shop/api', 'spec.targetRef.name', (gateway(), route(ref='name: egde'))),
    ('secret-missing', 'error', 'MeshGateway/shop/edge', 'conf.listeners[0].tls.certificates[0].secret', (MESH, SECRET, gateway(HTTPS))),
    ('secret-missing', 'warning', 'MeshGateway/shop/edge', 'conf.listeners[0].tls.certificates[0].secret', (SECRET, gateway(HTTPS))),
    ('route-missing', 'warning', 'MeshTimeout/shop/slow', 'spec.targetRef.name', (MESH, gateway(), route(), SLOW)),
    ('backend-missing', 'warning', 'MeshHTTPRoute/shop/api', f'{BACKEND}.name', (MESH, gateway(), service('{port: 80, appProtocol: http}', 'ap'), route(rule(default='backendRefs: [{kind: MeshService, name: api, port: 80}]')))),
    ('backend-port-missing', 'error', 'MeshHTTPRoute/shop/api', f'{BACKEND}.port', (gateway(), service('{port: 80, appProtocol: http}'), route(rule(default='backendRefs: [{kind: MeshService, name: api, port: 81}]')))),
    ('backend-not-http', 'warning', 'MeshHTTPRoute/shop/api', BACKEND, (gateway(), service('{port: 80}'), route(rule(default='backendRefs: [{kind: MeshService, name: api, port: 80}]')))),
    ('gateway-selects-nothing', 'warning', 'MeshGateway/shop/edge', 'selectors', (MESH, gateway(match='kuma.io/service: egde'), PROXY)),
    ('proxy-unselected', 'warning', 'Dataplane/shop/edge-1', 'networking.gateway.tags', (MESH, gateway(match='kuma.io/service: egde'), PROXY)),
    ('gateway-tie', 'warning', 'MeshGateway/shop/other', 'selectors', (gateway(), gateway('port: 9090, protocol: HTTP', name='other'))),
    ('gateway-tie', 'warning', 'MeshGateway/shop/other', 'selectors', (gateway(), gateway('port: 9090, protocol: HTTP', name='other'), PROXY)),
    ('hostname-on-two-gateways', 'warning', 'MeshGateway/shop/other', 'conf.listeners[0]', (gateway(), gateway(name='other', match='kuma.io/service: edge, zone: a'), PROXY.replace('edge}}', 'edge, zone: a}}'))),
    ('cross-mesh-without-mtls', 'error', 'MeshGateway/other/edge', 'conf.listeners[0].crossMesh', (BARE, gateway(CROSS).replace('name: edge', 'mesh: other\nname: edge', 1))),
    ('cross-mesh-without-mtls', 'error', 'Dataplane/other/client', 'networking.outbound[0]', (MESH, BARE, gateway(CROSS), PROXY, ABROAD)),
    ('outbound-crosses-nothing', 'error', 'Dataplane/other/client', 'networking.outbound[0]', (MESH, MESH.replace('shop', 'other'), gateway(), PROXY, ABROAD)),
    ('cross-mesh-not-http', 'warning', 'MeshGateway/shop/edge', 'conf.listeners[0].protocol', (MESH, gateway('port: 80, protocol: TCP, crossMesh: true'))),
    ('tls-unsaid', 'error', 'MeshGateway/shop/edge', 'conf.listeners[0]', (gateway('port: 443, protocol: TLS'),)),
    ('port-without-rules', 'error', 'MeshGateway/shop/edge', 'conf.listeners[1]', (MESH, gateway(*TWO_PORTS), route(ref='name: edge, tags: {port: http}'))),
    ('port-without-rules', 'warning', 'MeshGateway/shop/edge', 'conf.listeners[1]', (gateway(*TWO_PORTS), route(ref='name: edge, tags: {port: http}'))),
    ('port-without-rules', 'error', 'MeshGateway/shop/edge', 'conf.listeners[1]', (MESH, gateway(*TWO_PORTS), route(ref='name: edge, tags: {port: http}'), old(old_rule(OLD), 'kuma.io/service: edge, port: other'))),
    ('port-without-rules', 'warning', 'MeshGateway/shop/edge', 'conf.listeners[1]', (MESH, gateway('', HTTPS), route(ref='name: edge, tags: {port: http}'))),
    ('hostnames-do-not-meet', 'error', 'MeshHTTPRoute/shop/api', 'spec.to[0].hostnames[0]', (gateway(', hostname: a.example'), route(hosts='b.example'))),
    ('hostnames-do-not-meet', 'warning', 'MeshHTTPRoute/shop/api', 'spec.to[0].hostnames[1]', (gateway(', hostname: a.example'), route(hosts='a.example, b.example'))),
    ('selects-no-listener', 'error', 'MeshHTTPRoute/shop/api', 'spec.targetRef.tags', (MESH, gateway(), route(ref='name: edge, tags: {port: htp}'))),
    ('selects-no-listener', 'warning', 'MeshGatewayRoute/shop/old', 'selectors', (MESH, gateway(), old(old_rule(OLD), 'kuma.io/service: egde'))),
    ('route-speaks-otherwise', 'warning', 'MeshTCPRoute/shop/api', 'spec.targetRef', (gateway(), tcp())),
    ('route-speaks-otherwise', 'warning', 'MeshHTTPRoute/shop/api', 'spec.targetRef', (gateway('port: 9000, protocol: TCP'), route())),
    ('gateway-route-dead', 'warning', 'MeshGatewayRoute/shop/old', 'conf.http', (gateway(), route(), old(old_rule(OLD)))),
    ('gateway-route-dead', 'warning', 'MeshGatewayRoute/shop/old', 'conf.tcp', (gateway('port: 9000, protocol: TCP'), tcp(), old(f'tcp: {{rules: [{{{OLD}}}]}}'))),
    ('regex-not-re2', 'error', 'MeshHTTPRoute/shop/api', f'{TO}.matches[0].path.value', (gateway(), route(rule("path: {type: RegularExpression, value: '/(?!a)'}")))),
    ('regex-not-re2', 'error', 'MeshHTTPRoute/shop/api', f'{TO}.matches[0].headers[0].value', (gateway(), route(rule("headers: [{name: a, type: RegularExpression, value: '(['}]")))),
    ('regex-not-re2', 'error', 'MeshHTTPRoute/shop/api', f'{TO}.matches[0].queryParams[0].value', (gateway(), route(rule("queryParams: [{name: a, type: RegularExpression, value: '*'}]")))),
    ('regex-not-re2', 'error', 'MeshGatewayRoute/shop/old', 'conf.http.rules[0].matches[0].path.value', (gateway(), old(old_rule(OLD, "path: {match: REGEX, value: '(a'}")))),
    ('weights-all-zero', 'error', 'MeshHTTPRoute/shop/api', BACKENDS, (gateway(), route(rule(default='backendRefs: [{kind: MeshService, name: a, weight: 0}, {kind: MeshService, name: b, weight: 0}]')))),
    ('weights-all-zero', 'error', 'MeshGatewayRoute/shop/old', 'conf.http.rules[0].backends', (gateway(), old(old_rule('backends: [{destination: {kuma.io/service: a}}, {destination: {kuma.io/service: b}}]')))),
    ('tcp-weight-zero', 'error', 'MeshTCPRoute/shop/api', f'{BACKENDS}[1].weight', (gateway('port: 9000, protocol: TCP'), tcp('backendRefs: [{kind: MeshService, name: a}, {kind: MeshService, name: b, weight: 0}]'))),
    ('host-not-set', 'error', 'MeshHTTPRoute/shop/api', f'{TO}.default.filters[0].requestHeaderModifier.add[0].name', (gateway(), route(request('add: [{name: host, value: a}]')))),
    ('host-not-set', 'error', 'MeshHTTPRoute/shop/api', f'{TO}.default.filters[0].requestHeaderModifier.remove[1]', (gateway(), route(request('remove: [a, host]')))),
    ('percent-alone', 'error', 'MeshHTTPRoute/shop/api', f'{TO}.default.filters[0].requestHeaderModifier.set[0].value', (gateway(), route(request('set: [{name: a, value: 5 % of it}]')))),
    ('redirect-beside-rewrite', 'error', 'MeshHTTPRoute/shop/api', f'{TO}.default.filters', (gateway(), route(filters('{type: RequestRedirect, requestRedirect: {scheme: https}}, {type: URLRewrite, urlRewrite: {hostname: a.example}}')))),
]

RIGHT: dict[str, tuple[str, ...]] = {
    'everything in order': (MESH, SECRET.replace('other-cert', 'shop-cert'), gateway('', HTTPS), PROXY, route(), service('{port: 80, appProtocol: http}')),
    'a gateway of another stack': (route(ref='name: egde'),),
    'a mesh of another stack': (MESH, gateway().replace('name: edge', 'mesh: partners\nname: edge', 1)),
    'the mesh that is always there': (gateway().replace('name: edge', 'mesh: default\nname: edge', 1), MESH.replace('shop', 'defaults')),
    'a secret that is brought by hand': (gateway(HTTPS),),
    'services that register themselves': (MESH, gateway(), PROXY, route(rule(default='backendRefs: [{kind: MeshService, name: a}, {kind: MeshService, name: b, port: 80}]'))),
    'proxies that register themselves': (MESH, gateway(), gateway('port: 90, protocol: HTTP', name='other', match='kuma.io/service: other'), PROXY),
    'a proxy for the gateway of another stack': (PROXY,),
    'the more special gateway': (gateway(), gateway('port: 9090, protocol: HTTP', name='other', match='kuma.io/service: edge, zone: a'), PROXY.replace('edge}}', 'edge, zone: a}}')),
    'a crossing with mTLS on both sides': (MESH, MESH.replace('shop', 'other'), gateway(CROSS), PROXY, ABROAD),
    'a crossing under MeshIdentity': (BARE.replace('other', 'shop'), gateway(CROSS), 'type: MeshIdentity\nname: a\nspec: {}\n'),
    'ports without rules where nothing is a MeshHTTPRoute': (MESH, gateway(*TWO_PORTS), old(old_rule(OLD))),
    'two hosts on one port, one with a rule': (MESH, gateway(', hostname: a.example', 'port: 8080, protocol: HTTP, hostname: b.example, tags: {port: b}'), route(ref='name: edge, tags: {port: b}')),
    'a TCP port beside requests': (MESH, gateway('', 'port: 9000, protocol: TCP'), route()),
    'a wildcard of any depth': (gateway(", hostname: '*.example'"), route(hosts='a.b.example')),
    'tags of proxies': (MESH, gateway(), route(ref='name: edge, tags: {port: http, kuma.io/zone: east}')),
    'an old route for connections beside requests': (gateway('', 'port: 9000, protocol: TCP'), route(), old(f'tcp: {{rules: [{{{OLD}}}]}}')),
    'one backend without weight': (gateway(), route(rule(default='backendRefs: [{kind: MeshService, name: a, weight: 0}]'))),
    'one old backend without weight': (gateway(), old(old_rule(OLD))),
    'the host set': (gateway(), route(request('set: [{name: host, value: a}]'))),
    'formats of Envoy': (gateway(), route(request("set: [{name: a, value: '5 %% of %REQ(x-a?y)% %START_TIME(%s)%'}]"))),
    'an expression of RE2': (gateway(), route(rule("path: {type: RegularExpression, value: '/(?i)a+'}"))),
    'a port of a MeshService by tag': (gateway(), service('{port: 80}'), route()),
}
# fmt: on
