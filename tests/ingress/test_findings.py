"""What is promised of findings: each code is found where it is wrong, at its path, and not where it is right."""

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pulumi_mesh.ingress.findings import CODES, findings
from pulumi_mesh.schema.finding import IGNORE, Finding, Known
from pulumi_mesh.schema.kind import Address
from pulumi_mesh.schema.release import Release
from tests.components.certificates import ecdsa, pem, pem_key, rsa_key, signed
from tests.ingress.written import documents

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

WRONG: list[tuple[str, str, str, str, tuple[str, ...]]] = [
    ("permission-missing", "warning", "MeshGateway/shop/edge", "selectors", (MESH, gateway(), route(), DENIED)),
    (
        "mesh-missing",
        "warning",
        "MeshHTTPRoute/shp/api",
        "mesh",
        (MESH, route().replace("name: api", "mesh: shp\nname: api", 1)),
    ),
    (
        "gateway-missing",
        "error",
        "MeshHTTPRoute/shop/api",
        "spec.targetRef.name",
        (MESH, gateway(), route(ref="name: egde")),
    ),
    (
        "gateway-missing",
        "warning",
        "MeshHTTPRoute/shop/api",
        "spec.targetRef.name",
        (gateway(), route(ref="name: egde")),
    ),
    (
        "secret-missing",
        "error",
        "MeshGateway/shop/edge",
        "conf.listeners[0].tls.certificates[0].secret",
        (MESH, SECRET, gateway(HTTPS)),
    ),
    (
        "secret-missing",
        "warning",
        "MeshGateway/shop/edge",
        "conf.listeners[0].tls.certificates[0].secret",
        (SECRET, gateway(HTTPS)),
    ),
    (
        "route-missing",
        "warning",
        "MeshTimeout/shop/slow",
        "spec.targetRef.name",
        (
            MESH,
            gateway(),
            route(),
            SLOW,
        ),
    ),
    (
        "backend-missing",
        "warning",
        "MeshHTTPRoute/shop/api",
        f"{BACKEND}.name",
        (
            MESH,
            gateway(),
            service("{port: 80, appProtocol: http}", "ap"),
            route(rule(default="backendRefs: [{kind: MeshService, name: api, port: 80}]")),
        ),
    ),
    (
        "backend-port-missing",
        "error",
        "MeshHTTPRoute/shop/api",
        f"{BACKEND}.port",
        (
            gateway(),
            service("{port: 80, appProtocol: http}"),
            route(rule(default="backendRefs: [{kind: MeshService, name: api, port: 81}]")),
        ),
    ),
    (
        "backend-not-http",
        "warning",
        "MeshHTTPRoute/shop/api",
        BACKEND,
        (
            gateway(),
            service("{port: 80}"),
            route(rule(default="backendRefs: [{kind: MeshService, name: api, port: 80}]")),
        ),
    ),
    (
        "gateway-selects-nothing",
        "warning",
        "MeshGateway/shop/edge",
        "selectors",
        (MESH, gateway(match="kuma.io/service: egde"), PROXY),
    ),
    (
        "proxy-unselected",
        "warning",
        "Dataplane/shop/edge-1",
        "networking.gateway.tags",
        (MESH, gateway(match="kuma.io/service: egde"), PROXY),
    ),
    (
        "gateway-tie",
        "warning",
        "MeshGateway/shop/other",
        "selectors",
        (gateway(), gateway("port: 9090, protocol: HTTP", name="other")),
    ),
    (
        "gateway-tie",
        "warning",
        "MeshGateway/shop/other",
        "selectors",
        (gateway(), gateway("port: 9090, protocol: HTTP", name="other"), PROXY),
    ),
    (
        "hostname-on-two-gateways",
        "warning",
        "MeshGateway/shop/other",
        "conf.listeners[0]",
        (
            gateway(),
            gateway(name="other", match="kuma.io/service: edge, zone: a"),
            PROXY.replace("edge}}", "edge, zone: a}}"),
        ),
    ),
    (
        "cross-mesh-without-mtls",
        "error",
        "MeshGateway/other/edge",
        "conf.listeners[0].crossMesh",
        (BARE, gateway(CROSS).replace("name: edge", "mesh: other\nname: edge", 1)),
    ),
    (
        "cross-mesh-without-mtls",
        "error",
        "Dataplane/other/client",
        "networking.outbound[0]",
        (MESH, BARE, gateway(CROSS), PROXY, ABROAD),
    ),
    (
        "outbound-crosses-nothing",
        "error",
        "Dataplane/other/client",
        "networking.outbound[0]",
        (MESH, MESH.replace("shop", "other"), gateway(), PROXY, ABROAD),
    ),
    (
        "cross-mesh-not-http",
        "warning",
        "MeshGateway/shop/edge",
        "conf.listeners[0].protocol",
        (MESH, gateway("port: 80, protocol: TCP, crossMesh: true")),
    ),
    ("tls-unsaid", "error", "MeshGateway/shop/edge", "conf.listeners[0]", (gateway("port: 443, protocol: TLS"),)),
    (
        "port-without-rules",
        "error",
        "MeshGateway/shop/edge",
        "conf.listeners[1]",
        (MESH, gateway(*TWO_PORTS), route(ref="name: edge, tags: {port: http}")),
    ),
    (
        "port-without-rules",
        "warning",
        "MeshGateway/shop/edge",
        "conf.listeners[1]",
        (gateway(*TWO_PORTS), route(ref="name: edge, tags: {port: http}")),
    ),
    (
        "port-without-rules",
        "error",
        "MeshGateway/shop/edge",
        "conf.listeners[1]",
        (
            MESH,
            gateway(*TWO_PORTS),
            route(ref="name: edge, tags: {port: http}"),
            old(old_rule(OLD), "kuma.io/service: edge, port: other"),
        ),
    ),
    (
        "port-without-rules",
        "warning",
        "MeshGateway/shop/edge",
        "conf.listeners[1]",
        (MESH, gateway("", HTTPS), route(ref="name: edge, tags: {port: http}")),
    ),
    (
        "hostnames-do-not-meet",
        "error",
        "MeshHTTPRoute/shop/api",
        "spec.to[0].hostnames[0]",
        (gateway(", hostname: a.example"), route(hosts="b.example")),
    ),
    (
        "hostnames-do-not-meet",
        "warning",
        "MeshHTTPRoute/shop/api",
        "spec.to[0].hostnames[1]",
        (gateway(", hostname: a.example"), route(hosts="a.example, b.example")),
    ),
    (
        "selects-no-listener",
        "error",
        "MeshHTTPRoute/shop/api",
        "spec.targetRef.tags",
        (MESH, gateway(), route(ref="name: edge, tags: {port: htp}")),
    ),
    (
        "selects-no-listener",
        "warning",
        "MeshGatewayRoute/shop/old",
        "selectors",
        (MESH, gateway(), old(old_rule(OLD), "kuma.io/service: egde")),
    ),
    ("route-speaks-otherwise", "error", "MeshTCPRoute/shop/api", "spec.targetRef", (gateway(), tcp())),
    (
        "route-speaks-otherwise",
        "error",
        "MeshHTTPRoute/shop/api",
        "spec.targetRef",
        (gateway("port: 9000, protocol: TCP"), route()),
    ),
    (
        "gateway-route-dead",
        "warning",
        "MeshGatewayRoute/shop/old",
        "conf.http",
        (gateway(), route(), old(old_rule(OLD))),
    ),
    (
        "gateway-route-dead",
        "warning",
        "MeshGatewayRoute/shop/old",
        "conf.tcp",
        (gateway("port: 9000, protocol: TCP"), tcp(), old(f"tcp: {{rules: [{{{OLD}}}]}}")),
    ),
    (
        "regex-not-re2",
        "error",
        "MeshHTTPRoute/shop/api",
        f"{TO}.matches[0].path.value",
        (gateway(), route(rule("path: {type: RegularExpression, value: '/(?!a)'}"))),
    ),
    (
        "regex-not-re2",
        "error",
        "MeshHTTPRoute/shop/api",
        f"{TO}.matches[0].headers[0].value",
        (gateway(), route(rule("headers: [{name: a, type: RegularExpression, value: '(['}]"))),
    ),
    (
        "regex-not-re2",
        "error",
        "MeshHTTPRoute/shop/api",
        f"{TO}.matches[0].queryParams[0].value",
        (gateway(), route(rule("queryParams: [{name: a, type: RegularExpression, value: '*'}]"))),
    ),
    (
        "regex-not-re2",
        "error",
        "MeshGatewayRoute/shop/old",
        "conf.http.rules[0].matches[0].path.value",
        (gateway(), old(old_rule(OLD, "path: {match: REGEX, value: '(a'}"))),
    ),
    (
        "weights-all-zero",
        "error",
        "MeshHTTPRoute/shop/api",
        BACKENDS,
        (
            gateway(),
            route(
                rule(
                    default="backendRefs: [{kind: MeshService, name: a, weight: 0}, {kind: MeshService, name: b, weight: 0}]"
                )
            ),
        ),
    ),
    (
        "weights-all-zero",
        "error",
        "MeshGatewayRoute/shop/old",
        "conf.http.rules[0].backends",
        (
            gateway(),
            old(old_rule("backends: [{destination: {kuma.io/service: a}}, {destination: {kuma.io/service: b}}]")),
        ),
    ),
    (
        "tcp-weight-zero",
        "error",
        "MeshTCPRoute/shop/api",
        f"{BACKENDS}[1].weight",
        (
            gateway("port: 9000, protocol: TCP"),
            tcp("backendRefs: [{kind: MeshService, name: a}, {kind: MeshService, name: b, weight: 0}]"),
        ),
    ),
    (
        "host-not-set",
        "error",
        "MeshHTTPRoute/shop/api",
        f"{TO}.default.filters[0].requestHeaderModifier.add[0].name",
        (gateway(), route(request("add: [{name: host, value: a}]"))),
    ),
    (
        "host-not-set",
        "error",
        "MeshHTTPRoute/shop/api",
        f"{TO}.default.filters[0].requestHeaderModifier.remove[1]",
        (gateway(), route(request("remove: [a, host]"))),
    ),
    (
        "percent-alone",
        "error",
        "MeshHTTPRoute/shop/api",
        f"{TO}.default.filters[0].requestHeaderModifier.set[0].value",
        (gateway(), route(request("set: [{name: a, value: 5 % of it}]"))),
    ),
    (
        "redirect-beside-rewrite",
        "error",
        "MeshHTTPRoute/shop/api",
        f"{TO}.default.filters",
        (
            gateway(),
            route(
                filters(
                    "{type: RequestRedirect, requestRedirect: {scheme: https}}, {type: URLRewrite, urlRewrite: {hostname: a.example}}"
                )
            ),
        ),
    ),
]

RIGHT: dict[str, tuple[str, ...]] = {
    "everything in order": (
        MESH,
        SECRET.replace("other-cert", "shop-cert"),
        gateway("", HTTPS),
        PROXY,
        route(),
        service("{port: 80, appProtocol: http}"),
    ),
    "a gateway of another stack": (route(ref="name: egde"),),
    "a mesh of another stack": (MESH, gateway().replace("name: edge", "mesh: partners\nname: edge", 1)),
    "the mesh that is always there": (
        gateway().replace("name: edge", "mesh: default\nname: edge", 1),
        MESH.replace("shop", "defaults"),
    ),
    "a secret that is brought by hand": (gateway(HTTPS),),
    "services that register themselves": (
        MESH,
        gateway(),
        PROXY,
        route(rule(default="backendRefs: [{kind: MeshService, name: a}, {kind: MeshService, name: b, port: 80}]")),
    ),
    "proxies that register themselves": (
        MESH,
        gateway(),
        gateway("port: 90, protocol: HTTP", name="other", match="kuma.io/service: other"),
        PROXY,
    ),
    "a proxy for the gateway of another stack": (PROXY,),
    "the more special gateway": (
        gateway(),
        gateway("port: 9090, protocol: HTTP", name="other", match="kuma.io/service: edge, zone: a"),
        PROXY.replace("edge}}", "edge, zone: a}}"),
    ),
    "a crossing with mTLS on both sides": (MESH, MESH.replace("shop", "other"), gateway(CROSS), PROXY, ABROAD),
    "a crossing under MeshIdentity": (
        BARE.replace("other", "shop"),
        gateway(CROSS),
        "type: MeshIdentity\nname: a\nspec: {}\n",
    ),
    "ports without rules where nothing is a MeshHTTPRoute": (MESH, gateway(*TWO_PORTS), old(old_rule(OLD))),
    "two hosts on one port, one with a rule": (
        MESH,
        gateway(", hostname: a.example", "port: 8080, protocol: HTTP, hostname: b.example, tags: {port: b}"),
        route(ref="name: edge, tags: {port: b}"),
    ),
    "a TCP port beside requests": (MESH, gateway("", "port: 9000, protocol: TCP"), route()),
    "a wildcard of any depth": (gateway(", hostname: '*.example'"), route(hosts="a.b.example")),
    "tags of proxies": (MESH, gateway(), route(ref="name: edge, tags: {port: http, kuma.io/zone: east}")),
    "an old route for connections beside requests": (
        gateway("", "port: 9000, protocol: TCP"),
        route(),
        old(f"tcp: {{rules: [{{{OLD}}}]}}"),
    ),
    "one backend without weight": (
        gateway(),
        route(rule(default="backendRefs: [{kind: MeshService, name: a, weight: 0}]")),
    ),
    "one old backend without weight": (gateway(), old(old_rule(OLD))),
    "the host set": (gateway(), route(request("set: [{name: host, value: a}]"))),
    "formats of Envoy": (gateway(), route(request("set: [{name: a, value: '5 %% of %REQ(x-a?y)% %START_TIME(%s)%'}]"))),
    "an expression of RE2": (gateway(), route(rule("path: {type: RegularExpression, value: '/(?i)a+'}"))),
    "a port of a MeshService by tag": (gateway(), service("{port: 80}"), route()),
}


def known(*texts: str, **how: Any) -> Known:
    return Known(documents(*texts), **how)


def codes(found: list[Finding]) -> list[str]:
    return [one.code for one in found]


@pytest.mark.parametrize(
    ("code", "severity", "address", "path", "texts"), WRONG, ids=lambda value: value if value in CODES else ""
)
def test_what_is_wrong_is_found_at_its_path(code: str, severity: str, address: str, path: str, texts: tuple[str, ...]):
    found = findings(known(*texts))
    assert (code, severity, address, path) in [(one.code, one.severity, str(one.address), one.path) for one in found]


@pytest.mark.parametrize("texts", RIGHT.values(), ids=RIGHT)
def test_what_is_right_or_brought_by_others_is_no_finding(texts: tuple[str, ...]):
    assert [str(one) for one in findings(known(*texts))] == []


def test_every_code_is_found_by_a_case():
    certificates = {code for code in CODES if code.startswith("certificate")}
    assert {code for code, *_ in WRONG} == set(CODES) - certificates - {"service-selects-nothing"}


API = "type: Dataplane\nname: api-1\nlabels: {app: api}\nnetworking: {address: 10.0.0.2, inbound: [{port: 1, tags: {v: a}}]}\n"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("dataplaneTags: {v: a}", "dataplaneTags: {v: b}"),
        ("dataplaneRef: {name: api-1}", "dataplaneRef: {name: api-2}"),
        ("dataplaneLabels: {matchLabels: {app: api}}", "dataplaneLabels: {matchLabels: {app: web}}"),
    ],
)
def test_a_service_that_selects_no_proxy_is_found_where_all_of_them_are_known(right: str, wrong: str):
    api = "type: MeshService\nname: api\nspec: {selector: {%s}, ports: [{port: 80}]}\n"
    assert findings(known(MESH, API, api % right, complete=True)) == []
    assert codes(findings(known(MESH, API, api % wrong, complete=True))) == ["service-selects-nothing"]
    assert findings(known(MESH, API, api % wrong)) == []
    assert findings(known(MESH, API, service("{port: 80}"), complete=True)) == []


def test_a_service_of_several_zones_that_selects_no_service_is_found():
    zones = "type: MeshMultiZoneService\nname: z\nspec: {selector: {meshService: {matchLabels: {app: api}}}, ports: [{port: 80}]}\n"
    there = service("{port: 80}").replace("name: api", "name: api\nlabels: {app: api}")
    assert findings(known(MESH, zones, there, complete=True)) == []
    assert codes(findings(known(MESH, zones, complete=True))) == ["service-selects-nothing"]


@pytest.mark.parametrize(
    "case", [one for one in WRONG if one[0] != "hostname-on-two-gateways"], ids=lambda case: case[0]
)
def test_a_label_silences_a_finding_for_one_object(case: tuple[str, str, str, str, tuple[str, ...]]):
    code, _, address, _, texts = case
    labelled = [
        replace(one, labels={IGNORE: f"other.{code}"}) if str(one.address) == address else one
        for one in documents(*texts)
    ]
    assert (code, address) not in [(one.code, str(one.address)) for one in findings(Known(labelled))]


def test_a_code_is_silenced_for_all():
    texts = (MESH, gateway(), route(ref="name: egde"))
    assert codes(findings(known(*texts))) == ["gateway-missing"]
    assert findings(known(*texts, ignored=frozenset({"gateway-missing"}))) == []


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ((MESH, gateway(), PROXY, route()), "backend-missing"),
        ((MESH, gateway(HTTPS), PROXY), "secret-missing"),
        ((MESH, gateway()), "gateway-selects-nothing"),
        ((MESH, PROXY), "proxy-unselected"),
        ((MESH, route(ref="name: egde")), "gateway-missing"),
        ((MESH, gateway().replace("name: edge", "mesh: partners\nname: edge", 1)), "mesh-missing"),
        (
            (MESH, gateway(), PROXY, route(rule(default="backendRefs: [{kind: MeshService, name: a, port: 80}]"))),
            "backend-missing",
        ),
        (
            (MESH, gateway(), PROXY, route(ref="name: edge, tags: {port: http, kuma.io/zone: east}")),
            "selects-no-listener",
        ),
    ],
)
def test_what_a_whole_control_plane_does_not_hold_is_certainly_missing(texts: tuple[str, ...], code: str):
    assert code not in codes(findings(known(*texts, alone=False)))
    assert code in codes(findings(known(*texts, complete=True)))


def test_a_service_is_there_as_a_proxy_an_external_service_or_an_object():
    there = (
        "type: Dataplane\nname: api-1\nnetworking: {address: 10.0.0.2, inbound: [{port: 80, tags: {kuma.io/service: api}}]}\n",
        "type: ExternalService\nname: x\ntags: {kuma.io/service: api}\nnetworking: {address: 'a.example:80'}\n",
        service("{port: 80, appProtocol: http}"),
        service("{port: 80}", "api-x2b4").replace(
            "name: api-x2b4", "name: api-x2b4\nlabels: {kuma.io/display-name: api}"
        ),
    )
    for one in there:
        assert findings(known(MESH, ALLOWED, gateway(), PROXY, route(), one, complete=True)) == []


def test_a_document_in_a_file_is_judged_by_itself_only_where_its_gateway_is_there_too():
    wrong = route(rule("path: {type: RegularExpression, value: '(a'}"))
    assert codes(findings(known(wrong))) == ["regex-not-re2"]
    assert findings(known(wrong, alone=False)) == []
    assert codes(findings(known(wrong, gateway(), alone=False))) == ["regex-not-re2"]
    assert findings(known(gateway("port: 443, protocol: TLS"), alone=False)) == []


@pytest.mark.parametrize(("text", "code"), [(route(), "gateway-missing"), (gateway(HTTPS), "secret-missing")])
def test_what_a_program_that_declares_the_mesh_needs_and_nobody_declares_is_a_warning(text: str, code: str):
    assert [(one.code, one.severity) for one in findings(known(MESH, text))] == [(code, "warning")]
    assert findings(known(text)) == []
    assert findings(known(MESH, text, alone=False)) == []


def test_of_a_fragment_nothing_is_missing():
    texts = (MESH, gateway(*TWO_PORTS), route(ref="name: edge, tags: {port: http}"), route(ref="name: egde", name="b"))
    assert len(findings(known(*texts))) == 2
    assert findings(known(*texts, fragment=True)) == []


def test_a_gateway_made_of_listeners_of_many_may_have_more_of_them():
    texts = (MESH, gateway(), route(ref="name: edge, tags: {port: htp}"), route(hosts="b.example", name="b"))
    assert "selects-no-listener" in codes(findings(known(*texts)))
    assert findings(known(*texts, open=frozenset({Address("MeshGateway", "shop", "edge")}))) == []


def test_what_only_a_name_is_known_of_is_there_and_nothing_depends_on_its_body():
    route_there = Address("MeshHTTPRoute", "shop", "b")
    texts = (MESH, gateway(*TWO_PORTS), route(ref="name: edge, tags: {port: http}"))
    assert codes(findings(known(*texts))) == ["port-without-rules"]
    assert findings(known(*texts, names=frozenset({route_there}))) == []
    secret = Address("Secret", "shop", "shop-cert")
    assert findings(known(MESH, SECRET, gateway(HTTPS), names=frozenset({secret}))) == []


def test_the_release_decides_what_a_missing_service_costs():
    texts = (MESH, gateway(), route(rule(default="backendRefs: [{kind: MeshMultiZoneService, name: api, port: 80}]")))
    (before,) = (
        one for one in findings(known(*texts, complete=True, release=Release(2, 10))) if one.code == "backend-missing"
    )
    (after,) = (one for one in findings(known(*texts, complete=True)) if one.code == "backend-missing")
    assert "Envoy refuses the routes of the whole port" in before.message
    assert "its share of the traffic" in after.message


def test_a_missing_name_asks_for_the_one_that_was_meant():
    (found,) = findings(known(MESH, gateway(), route(ref="name: egde")))
    assert found.message == 'there is no MeshGateway "egde" in the mesh shop: it does nothing; did you mean "edge"?'


def test_a_finding_says_resource_path_reason_and_code_in_one_line():
    (found,) = findings(known(gateway("port: 443, protocol: TLS")))
    assert str(found).startswith("MeshGateway/shop/edge: conf.listeners[0]: a TLS listener without tls: ")
    assert str(found).endswith(" [tls-unsaid]")


def test_findings_come_in_the_order_of_the_documents():
    texts = (MESH, route(rule("path: {type: RegularExpression, value: '(a'}")), gateway("", "port: 443, protocol: TLS"))
    assert codes(findings(known(*texts))) == ["regex-not-re2", "tls-unsaid"]


def secret(text: str, name: str = "shop-cert") -> str:
    return f"type: Secret\nname: {name}\ndata: {b64encode(text.encode()).decode()}\n"


def both(host: str = "shop.example", key: Any = None, **how: Any) -> str:
    """Write a certificate and its key, as a Secret holds them."""
    key = key or ecdsa()
    return pem(signed(key, host, **how)) + pem_key(key)


def listening(host: str, *secrets: str) -> str:
    names = ", ".join(f"{{secret: {name}}}" for name in secrets or ("shop-cert",))
    return gateway(f"port: 443, protocol: HTTPS, hostname: '{host}', tls: {{mode: TERMINATE, certificates: [{names}]}}")


CERTIFICATES = {
    "no PEM": ("certificate-unreadable", "warning", lambda: "x"),
    "no key": ("certificate-broken", "error", lambda: pem(signed(ecdsa()))),
    "the key of another one": ("certificate-broken", "error", lambda: pem(signed(ecdsa())) + pem_key(ecdsa())),
    "expired": ("certificate-expired", "error", lambda: both(end=timedelta(minutes=-1))),
    "about to expire": ("certificate-expires", "warning", lambda: both(end=timedelta(days=29))),
}


@pytest.mark.parametrize(("code", "severity", "data"), CERTIFICATES.values(), ids=CERTIFICATES)
def test_U_LI_23_a_certificate_of_a_listener_that_is_none_or_not_for_long_is_found(code: str, severity: str, data: Any):
    text = data()
    (found,) = findings(known(secret(text), listening("shop.example")))
    assert (found.code, found.severity, str(found.address), found.path) == (
        code,
        severity,
        "Secret/shop/shop-cert",
        "data",
    )
    assert not any(line in found.message for line in text.splitlines() if len(line) > 20)


@pytest.mark.parametrize(
    ("hosts", "host", "right"),
    [
        (("shop.example",), "shop.example", True),
        (("*.example",), "shop.example", True),
        (("*.example",), "*.example", True),
        (("shop.example",), "*", True),
        (("*.example",), "a.b.example", False),
        (("shop.example",), "*.example", False),
        (("other.example",), "shop.example", False),
    ],
)
def test_the_hostname_of_a_listener_is_one_that_its_certificate_is_for(hosts: tuple[str, ...], host: str, right: bool):
    found = findings(known(secret(both(hosts=hosts)), listening(host)))
    assert codes(found) == ([] if right else ["certificate-for-other-hosts"])


def test_U_LI_21_two_certificates_are_one_of_rsa_and_one_of_ecdsa():
    two = (secret(both()), secret(both(), "second"), listening("shop.example", "shop-cert", "second"))
    (found,) = findings(known(*two))
    assert (found.code, found.path) == ("certificates-of-one-kind", "conf.listeners[0].tls.certificates")
    assert findings(known(two[0], secret(both(key=rsa_key()), "second"), two[2])) == []


def test_a_secret_that_no_listener_names_and_one_that_is_not_known_are_not_judged():
    assert findings(known(secret("x"))) == []
    assert findings(known("type: Secret\nname: shop-cert\n", listening("shop.example"))) == []
