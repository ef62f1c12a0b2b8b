"""Documents for the statements of the checklist: which are taken, which are refused, and in what words.

Texts are documents in YAML; mesh and name go without saying.
"""
# ruff: noqa: E501 - a statement is a row

from pulumi_mesh.schema.release import SUPPORTED, Release

BEFORE_213 = tuple(release for release in SUPPORTED if release < (2, 13))
SINCE_214 = tuple(release for release in SUPPORTED if release >= (2, 14))
Taken = tuple[str, str, tuple[Release, ...]]
Refused = tuple[str, str, str, tuple[Release, ...]]
SERVICE = "kuma.io/service: edge"


def dataplane(gateway: str, rest: str = "", more: str = "") -> str:
    return f"{{type: Dataplane, networking: {{address: 10.0.0.1, gateway: {{{gateway}}}{rest}}}{more}}}"


def gateway(*listeners: str, head: str = f"selectors: [{{match: {{{SERVICE}}}}}]") -> str:
    said = ", ".join(f"{{{one}}}" for one in listeners)
    return f"{{type: MeshGateway, {head}, conf: {{listeners: [{said}]}}}}"


def http(rule: str, to: str = "targetRef: {kind: Mesh}", ref: str = "kind: MeshGateway, name: edge") -> str:
    return f"{{type: MeshHTTPRoute, spec: {{targetRef: {{{ref}}}, to: [{{{to}, rules: [{rule}]}}]}}}}"


def rule(match: str = "path: {type: PathPrefix, value: /}", default: str = "") -> str:
    return f"{{matches: [{{{match}}}], default: {{{default or BACKEND}}}}}"


def filtered(said: str, match: str = "path: {type: PathPrefix, value: /}") -> str:
    return http(rule(match, f"{BACKEND}, filters: [{said}]"))


def backend(ref: str) -> str:
    return http(rule(default=f"backendRefs: [{{{ref}}}]"))


def tcp(rules: str, to: str = "targetRef: {kind: Mesh}", ref: str = "kind: MeshGateway, name: edge") -> str:
    return f"{{type: MeshTCPRoute, spec: {{targetRef: {{{ref}}}, to: [{{{to}, rules: [{rules}]}}]}}}}"


def old(conf: str, match: str = SERVICE) -> str:
    return f"{{type: MeshGatewayRoute, selectors: [{{match: {{{match}}}}}], conf: {{{conf}}}}}"


def old_rule(rest: str, match: str = "path: {match: PREFIX, value: /a}") -> str:
    return old(f"http: {{rules: [{{matches: [{{{match}}}], {rest}}}]}}")


def policy(kind: str, ref: str, rest: str) -> str:
    return f"{{type: {kind}, spec: {{targetRef: {{{ref}}}, {rest}}}}}"


BACKEND = "backendRefs: [{kind: MeshService, name: api}]"
OLD = f"backends: [{{destination: {{{SERVICE}}}}}]"
HTTP = "port: 80, protocol: HTTP"
CERTIFICATE = "tls: {mode: TERMINATE, certificates: [{secret: a}]}"
DELEGATED, BUILTIN = (f"type: {one}, tags: {{{SERVICE}}}" for one in ("DELEGATED", "BUILTIN"))
ANY, GATEWAY = "targetRef: {kind: Mesh}", "kind: MeshGateway, name: edge"
TIMEOUT = "default: {idleTimeout: 1s}"
SOURCE = "tls: {{mode: TERMINATE, certificates: [{{{}}}]}}"


def tags(kind: str, extra: str = "") -> str:
    return dataplane(f"type: {kind}, tags: {{{SERVICE}{extra}}}")


def modifier(said: str) -> str:
    return filtered(f"{{type: RequestHeaderModifier, requestHeaderModifier: {{{said}}}}}")


def redirect(said: str) -> str:
    return http(rule(default=f"filters: [{{type: RequestRedirect, requestRedirect: {{{said}}}}}]"))


def rewrite(said: str, match: str = "path: {type: PathPrefix, value: /}") -> str:
    return filtered(f"{{type: URLRewrite, urlRewrite: {{{said}}}}}", match)


def mirror(said: str) -> str:
    return filtered(f"{{type: RequestMirror, requestMirror: {{{said}}}}}")


def headers(number: int) -> str:
    return "set: [" + ", ".join(f"{{name: h-{index}, value: x}}" for index in range(number)) + "]"


def each(id_: str, *texts: str, releases: tuple[Release, ...] = SUPPORTED) -> list[Taken]:
    """Say that documents are taken."""
    return [(f"{id_} {number}", text, releases) for number, text in enumerate(texts, 1)]


def no(id_: str, *pairs: tuple[str, str], releases: tuple[Release, ...] = SUPPORTED) -> list[Refused]:
    """Say that documents are refused, and in what words."""
    return [(f"{id_} {number}", text, said, releases) for number, (text, said) in enumerate(pairs, 1)]


OUTBOUND = "outbound: [{port: 1, tags: {kuma.io/service: a}}]"
TAKEN: list[Taken] = [
    *each("U-DG-1", dataplane(DELEGATED)),
    *each("U-DG-3", tags("DELEGATED")),
    *each("U-DG-3 none", dataplane("type: DELEGATED"), releases=SINCE_214),
    *each("U-DG-5", dataplane(DELEGATED, ", advertisedAddress: 10.0.0.2, admin: {port: 9901}, transparentProxying: {redirectPortInbound: 15006, redirectPortOutbound: 15001}, " + OUTBOUND, ", metrics: {type: prometheus, conf: {port: 5670}}")),
    *each("U-DG-6", dataplane(DELEGATED, f", {OUTBOUND}"), dataplane(DELEGATED, ", outbound: [{port: 1, backendRef: {kind: MeshService, name: a, port: 80}}]")),
    *each("U-DG-8", tags("DELEGATED", ", kuma.io/protocol: tcp")),
    *each("U-BG-1", dataplane(BUILTIN)),
    *each("U-BG-2", tags("BUILTIN", ", location: east")),
    *each("U-BG-2 none", dataplane("type: BUILTIN"), releases=SINCE_214),
    *each("U-BG-5", dataplane(BUILTIN).replace("10.0.0.1", "edge.example")),
    *each("U-LI-1", gateway(HTTP), gateway(HTTP, head="selectors: [{match: {kuma.io/service: '*'}}, {match: {kuma.io/service: a, zone: b}}]")),
    *each("U-LI-5", gateway(HTTP), gateway(*(f"port: {port}, protocol: HTTP" for port in range(1000, 1050)))),
    *each("U-LI-6", *(gateway(f"port: {port}, protocol: {name}") for port, name in ((1, "HTTP"), (65535, "TCP"), (443, f"HTTPS, {CERTIFICATE}"), (443, f"TLS, {CERTIFICATE}")))),
    *each("U-LI-7", gateway(f"{HTTP}, tags: {{port: http/80}}")),
    *each("U-LI-9", gateway(f"{HTTP}, resources: {{connectionLimit: 9}}, hostname: a", f"{HTTP}, hostname: b")),
    *each("U-LI-10", gateway(f"{HTTP}, hostname: a.example"), gateway(f"port: 443, protocol: HTTPS, hostname: a.example, {CERTIFICATE}"), gateway(f"port: 443, protocol: TLS, hostname: a.example, {CERTIFICATE}")),
    *each("U-LI-11", gateway(HTTP), gateway(f"{HTTP}, hostname: ''"), gateway(f"{HTTP}, hostname: '*'")),
    *each("U-LI-12", gateway(f"{HTTP}, hostname: '*.a-b.example'")),
    *each("U-LI-13", gateway(f"{HTTP}, hostname: a", f"{HTTP}, hostname: '*.a'", HTTP)),
    *each("U-LI-17", gateway(f"port: 443, protocol: HTTPS, {CERTIFICATE}")),
    *each("U-LI-19", gateway(f"port: 443, protocol: TLS, {CERTIFICATE}"), gateway("port: 443, protocol: TLS, tls: {mode: PASSTHROUGH}")),
    *each("U-LI-20", gateway("port: 443, protocol: HTTPS, tls: {mode: TERMINATE, certificates: [{secret: a}, {secret: b}]}")),
    *each("U-LI-22", *(gateway(f"port: 443, protocol: HTTPS, {SOURCE.format(one)}") for one in ("secret: a", "inline: YQ==", "inlineString: a", "file: /a"))),
    *each("U-LI-26", gateway("port: 443, protocol: HTTPS, tls: {mode: TERMINATE, certificates: [{secret: a}], options: {}}")),
    *each("U-XM-1", gateway(f"{HTTP}, crossMesh: true"), gateway(f"{HTTP}, crossMesh: true, hostname: a.mesh")),
    *each("U-XM-9", "{type: Dataplane, networking: {address: 10.0.0.1, inbound: [{port: 1, tags: {kuma.io/service: a}}], outbound: [{port: 80, tags: {kuma.io/service: edge, kuma.io/mesh: shop}}]}}"),
    *each("U-RH-3", http(rule()), http(rule(), "targetRef: {kind: MeshService, name: a}", "kind: Mesh")),
    *each("U-RH-4", http(rule(), f"{ANY}, hostnames: [a.example, '*.b.example']")),
    *each("U-RH-8", http(rule())),
    *each("U-RH-9", *(http(rule(f"path: {{type: {kind}, value: {value}}}")) for kind, value in (("Exact", "/a/"), ("PathPrefix", "/"), ("PathPrefix", "/a"), ("RegularExpression", "a.*")))),
    *each("U-RH-10", *(http(rule(f"method: {one}")) for one in ("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"))),
    *each("U-RH-11", http(rule("queryParams: [{type: Exact, name: a, value: b}, {type: RegularExpression, name: b, value: .*}]"))),
    *each("U-RH-12", http(rule("headers: [{name: a, value: b}, {name: b, type: Present}, {name: c, type: Absent}, {name: d, type: Prefix, value: a}, {name: e, type: RegularExpression, value: .*}]"))),
    *each("U-RH-13", backend("kind: MeshService, name: a, port: 1, weight: 90"), backend("kind: MeshServiceSubset, name: a, tags: {v: a}"), backend("kind: MeshExternalService, name: a"), backend("kind: MeshMultiZoneService, name: a, port: 1")),
    *each("U-RH-14", redirect("scheme: https"), http(rule())),
    *each("U-RH-15", filtered("{type: RequestHeaderModifier, requestHeaderModifier: {remove: [a]}}, {type: ResponseHeaderModifier, responseHeaderModifier: {remove: [a]}}, {type: RequestMirror, requestMirror: {backendRef: {kind: MeshService, name: a}}}")),
    *each("U-RH-16", modifier("set: [{name: a, value: b}], add: [{name: b, value: b}], remove: [c]"), modifier(headers(16))),
    *each("U-RH-17", *(redirect(f"scheme: http, hostname: a.example, port: 65535, statusCode: {code}, path: {{type: ReplaceFullPath, replaceFullPath: /}}") for code in (301, 302, 303, 307, 308)), redirect("scheme: https")),
    *each("U-RH-18", rewrite("hostname: a.example, path: {type: ReplacePrefixMatch, replacePrefixMatch: /b}"), rewrite("path: {type: ReplaceFullPath, replaceFullPath: /b}", "path: {type: Exact, value: /a}")),
    *each("U-RH-19", rewrite("hostToBackendHostname: true")),
    *each("U-RH-20", mirror("backendRef: {kind: MeshService, name: a}"), mirror("percentage: 10, backendRef: {kind: MeshServiceSubset, name: a}")),
    *each("U-RT-1", tcp("{default: {backendRefs: [{kind: MeshService, name: a, weight: 90}, {kind: MeshService, name: b, weight: 10}]}}")),
    *each("U-RT-4", *(tcp(f"{{default: {{backendRefs: [{{{ref}}}]}}}}") for ref in ("kind: MeshService, name: a, port: 1", "kind: MeshServiceSubset, name: a", "kind: MeshExternalService, name: a", "kind: MeshMultiZoneService, name: a, port: 1"))),
    *each("U-LR-4", old(f"tcp: {{rules: [{{{OLD}}}]}}")),
    *each("U-LR-5", *(old_rule(OLD, one) for one in ("path: {value: /a}", "path: {match: REGEX, value: a.*}", "method: GET", "headers: [{name: a, value: b}, {name: c, match: ABSENT}, {name: d, match: PRESENT}, {name: e, match: REGEX, value: .*}]", "queryParameters: [{name: a, value: b}, {name: c, match: REGEX, value: .*}]"))),
    *each("U-LR-6", old_rule("filters: [{redirect: {scheme: https, statusCode: 301}}]"), old_rule(f"filters: [{{requestHeader: {{remove: [a]}}}}, {{responseHeader: {{remove: [a]}}}}, {{rewrite: {{replaceFull: /}}}}], {OLD}")),
    *each("U-LR-8", old_rule(OLD), old_rule(f"backends: [{{weight: 0, destination: {{{SERVICE}}}}}, {{weight: 1, destination: {{{SERVICE}, v: b}}}}]")),
    *each("U-PO-1", policy("MeshTimeout", f"{GATEWAY}, tags: {{port: http}}", f"to: [{{{ANY}, {TIMEOUT}}}]")),
    *each("U-PO-2", policy("MeshTimeout", "kind: Mesh, proxyTypes: [Gateway]", f"to: [{{{ANY}, {TIMEOUT}}}]"), policy("MeshTimeout", "kind: MeshSubset, tags: {a: b}, proxyTypes: [Gateway]", f"to: [{{{ANY}, {TIMEOUT}}}]")),
    *each("U-PO-3", policy("MeshFaultInjection", GATEWAY, f"to: [{{{ANY}, default: {{http: [{{abort: {{httpStatus: 500, percentage: 1}}}}]}}}}]"), policy("MeshRateLimit", GATEWAY, f"to: [{{{ANY}, default: {{local: {{http: {{disabled: true}}}}}}}}]"), policy("MeshFaultInjection", "kind: Mesh, proxyTypes: [Sidecar]", f"from: [{{{ANY}, default: {{http: [{{abort: {{httpStatus: 500, percentage: 1}}}}]}}}}]")),
    *each("U-PO-6", policy("MeshTimeout", GATEWAY, f"to: [{{{ANY}, {TIMEOUT}}}]").replace("spec:", "labels: {kuma.io/policy-role: system}, spec:")),
    *each("U-PO-11", policy("MeshProxyPatch", GATEWAY, "default: {appendModifications: [{cluster: {operation: Patch, match: {origin: gateway}, value: 'connect_timeout: 1s'}}]}")),
    *each("U-MZ-3", gateway(HTTP).replace("selectors:", "labels: {kuma.io/origin: zone}, selectors:")),
]  # fmt: skip

LISTENER_TAGS = ("kuma.io/service", "kuma.io/protocol", "kuma.io/zone", "kuma.io/external-service-name")
CONFLICT, TWICE = "protocol conflicts with other listeners on this port", "multiple listeners for hostname on this port"
MANY = gateway(HTTP, f"{HTTP}, hostname: '*'")
REFUSED: list[Refused] = [
    *no("U-DG-1", (dataplane(f"type: OTHER, tags: {{{SERVICE}}}"), "networking.gateway.type: ")),
    *no("U-DG-3", (dataplane("type: DELEGATED, tags: {a: b}"), 'mandatory tag "kuma.io/service" is missing')),
    *no("U-DG-3 none", (dataplane("type: DELEGATED"), 'mandatory tag "kuma.io/service" is missing'), releases=BEFORE_213),
    *no("U-DG-4", (dataplane(DELEGATED, f", inbound: [{{port: 1, tags: {{{SERVICE}}}}}]"), "inbound cannot be defined for delegated gateways")),
    *no("U-DG-8", (tags("DELEGATED", ", kuma.io/protocol: http"), "networking.gateway.tags[\"kuma.io/protocol\"]: ")),
    *no("U-DG-10", (dataplane(DELEGATED, ", listeners: [{type: ZoneIngress, address: 10.0.0.1, port: 1}]"), "networking"), (dataplane(BUILTIN, ", listeners: [{type: ZoneIngress, address: 10.0.0.1, port: 1}]"), "networking"), releases=SINCE_214),
    *no("U-BG-2", (dataplane("type: BUILTIN, tags: {a: b}"), 'mandatory tag "kuma.io/service" is missing')),
    *no("U-BG-3", (dataplane(BUILTIN, f", inbound: [{{port: 1, tags: {{{SERVICE}}}}}]"), "inbound cannot be defined for builtin gateways"), (dataplane(BUILTIN, f", {OUTBOUND}"), "outbound cannot be defined for builtin gateways")),
    *no("U-BG-4", (dataplane(BUILTIN, "", ", probes: {port: 1, endpoints: [{inboundPort: 1, inboundPath: /a, path: /b}]}"), "networking.probes: ")),
    *no("U-BG-5", *((dataplane(BUILTIN).replace("10.0.0.1", one), "networking.address: ") for one in ("0.0.0.0", "'::'", "''"))),
    *no("U-LI-1", (gateway(HTTP, head="selectors: []"), "must have at least one element"), (gateway(HTTP, head="selectors: [{match: {}}]"), "must have at least one tag"), (gateway(HTTP, head="selectors: [{match: {a: b}}]"), 'mandatory tag "kuma.io/service" is missing')),
    *no("U-LI-4", *((gateway(HTTP, head=f"tags: {{{one}: a}}, selectors: [{{match: {{{SERVICE}}}}}]"), f'tag name must not be "{one}"') for one in LISTENER_TAGS)),
    *no("U-LI-5", (gateway(), "conf.listeners: cannot be empty"), ("{type: MeshGateway, selectors: [{match: {kuma.io/service: a}}]}", "conf: cannot be empty")),
    *no("U-LI-6", *((gateway(f"port: {one}, protocol: HTTP"), "port must be in the range [1, 65535]") for one in (0, 65536)), *((gateway(f"port: 1, protocol: {one}"), "conf.listeners[0].protocol: ") for one in ("NONE", "UDP"))),
    *no("U-LI-7", *((gateway(f"{HTTP}, tags: {{{one}: a}}"), f'tag name must not be "{one}"') for one in LISTENER_TAGS)),
    *no("U-LI-9", (gateway(f"{HTTP}, hostname: a, resources: {{connectionLimit: 1}}", f"{HTTP}, hostname: b, resources: {{connectionLimit: 2}}"), "conf.listeners[1].resources.connectionLimit: conflicting values for this port")),
    *no("U-LI-12", *((gateway(f"{HTTP}, hostname: '{one}'"), "conf.listeners[0].hostname: ") for one in ("A.example", "*a.example", "a..b", f"{'a.' * 127}b"))),
    *no("U-LI-14", (MANY, f"conf.listeners[0]: {TWICE}"), (MANY, f"conf.listeners[1]: {TWICE}")),
    *no("U-LI-15", (gateway(HTTP, "port: 80, protocol: TCP"), f"conf.listeners[0]: {CONFLICT}"), (gateway(HTTP, "port: 80, protocol: TCP"), f"conf.listeners[1]: {CONFLICT}")),
    *no("U-LI-17", (gateway("port: 443, protocol: HTTPS, tls: {mode: TERMINATE}"), "cannot be empty in TLS termination mode")),
    *no("U-LI-18", (gateway("port: 443, protocol: HTTPS"), "conf.listeners[0].tls: cannot be empty"), (gateway("port: 443, protocol: HTTPS, tls: {mode: PASSTHROUGH}"), "mode is not supported on HTTPS listeners")),
    *no("U-LI-20", (gateway("port: 443, protocol: TLS, tls: {mode: TERMINATE, certificates: [{secret: a}, {secret: b}, {secret: c}]}"), "cannot have more than 2 certificates"), (gateway("port: 443, protocol: TLS, tls: {certificates: [{secret: a}]}"), "conf.listeners[0].tls.mode: cannot be empty")),
    *no("U-XM-5", (gateway(f"{HTTP}, crossMesh: true, {CERTIFICATE}"), "must be empty with crossMesh")),
    *no("U-XM-4", (gateway("port: 443, protocol: HTTPS, crossMesh: true"), "protocol is not supported with crossMesh")),
    *no("U-XM-6", (gateway(f"{HTTP}, crossMesh: true", head="selectors: [{match: {kuma.io/service: a}}, {match: {kuma.io/service: b}}]"), "selectors[1]: there can be at most one selector")),
    *no("U-RH-3", (http(rule(), "targetRef: {kind: MeshService, name: a}"), "spec.to[0].targetRef.kind: "), (http(rule(), ref="kind: MeshSubset, tags: {a: b}"), "spec.to[0].targetRef.kind: ")),
    *no("U-RH-4", (http(rule(), "targetRef: {kind: MeshService, name: a}, hostnames: [a.example]", "kind: MeshService, name: b"), "must not be defined")),
    *no("U-RH-7", *((http(rule(), ref=f"{GATEWAY}, {one}"), "must not be set with kind MeshGateway") for one in ("mesh: a", "labels: {a: b}", "namespace: a", "sectionName: a", "proxyTypes: [Gateway]")), (http(rule(), ref="kind: MeshGateway"), "spec.targetRef.name: must be set"), (http(rule(), ref="kind: MeshGateway, name: A"), "spec.targetRef.name: invalid characters")),
    *no("U-RH-8", (http("{matches: [], default: {" + BACKEND + "}}"), "spec.to[0].rules[0].matches"), (http("{matches: [{method: GET}]}"), "spec.to[0].rules[0].default")),
    *no("U-RH-9", (http(rule("path: {type: Prefix, value: /a}")), "path.type"), (http(rule("path: {type: Exact, value: a}")), "must be an absolute path"), (http(rule("path: {type: PathPrefix, value: /a/}")), "does not need a trailing slash")),
    *no("U-RH-10", (http(rule("method: get")), "matches[0].method")),
    *no("U-RH-11", (http(rule("queryParams: [{type: Exact, name: a, value: b}, {type: Exact, name: a, value: c}]")), "multiple entries for name a"), (http(rule("queryParams: [{type: Prefix, name: a, value: b}]")), "queryParams[0].type")),
    *no("U-RH-12", (http(rule("headers: [{name: a, type: Present, value: b}]")), "must not be defined"), (http(rule("headers: [{name: a, type: Absent, value: b}]")), "must not be defined"), (http(rule("headers: [{name: A, value: b}]")), "headers[0].name")),
    *no("U-RH-13", (backend("kind: MeshMultiZoneService, name: a"), "must be defined with kind MeshMultiZoneService"), (backend("kind: MeshGateway, name: a"), "is not supported"), (backend("kind: MeshService, name: a, weight: -1"), "backendRefs[0].weight")),
    *no("U-RH-14", (http("{matches: [{method: GET}], default: {backendRefs: []}}"), "spec.to[0].rules[0].default.backendRefs: must not be empty"), (http("{matches: [{method: GET}], default: {}}"), "must not be empty")),
    *no("U-RH-15", *((filtered(f"{{type: {one}}}"), "must be defined") for one in ("RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite", "RequestMirror")), (filtered("{type: Other}"), "filters[0].type")),
    *no("U-RH-16", (modifier(""), "must have at least one defined"), (modifier("set: [{name: a, value: b}], remove: [a]"), "duplicate header name"), (modifier(headers(17)), "requestHeaderModifier.set")),
    *no("U-RH-17", (redirect("scheme: http2"), "requestRedirect.scheme"), (redirect("hostname: 10.0.0.1"), "cannot be an IP address"), (redirect("port: 0"), "requestRedirect.port"), (redirect("port: 65536"), "requestRedirect.port"), (redirect("statusCode: 304"), "requestRedirect.statusCode")),
    *no("U-RH-18", (rewrite("hostname: 10.0.0.1"), "cannot be an IP address"), (rewrite("path: {type: ReplacePrefixMatch, replacePrefixMatch: /b}", "path: {type: Exact, value: /a}"), "can only appear if all matches match a path prefix")),
    *no("U-RH-19", (rewrite("hostToBackendHostname: true, hostname: a.example"), "cannot be set together with hostname"), (rewrite("hostToBackendHostname: true").replace(GATEWAY, "kind: Mesh"), "can only be set with MeshGateway")),
    *no("U-RH-20", (mirror("backendRef: {kind: MeshExternalService, name: a}"), "is not supported"), (mirror("percentage: 1"), "requestMirror.backendRef")),
    *no("U-RT-2", (tcp("{default: {" + BACKEND + "}}", "targetRef: {kind: MeshService, name: a}"), "spec.to[0].targetRef.kind: ")),
    *no("U-RT-3", (tcp("{default: {}}"), "must be defined"), (tcp("{default: {backendRefs: []}}"), "must be defined"), (tcp("{default: {" + BACKEND + "}}, {default: {" + BACKEND + "}}"), "spec.to[0].rules"), ("{type: MeshTCPRoute, spec: {targetRef: {kind: MeshGateway, name: edge}, to: []}}", "spec.to"), *((tcp("{" + one + "default: {" + more + BACKEND + "}}", to), "unknown key") for one, more, to in (("matches: [], ", "", ANY), ("", "filters: [], ", ANY), ("", "", f"{ANY}, hostnames: [a]")))),
    *no("U-RT-4", (tcp("{default: {backendRefs: [{kind: MeshMultiZoneService, name: a}]}}"), "must be defined with kind MeshMultiZoneService")),
    *no("U-LR-1", (old(f"tcp: {{rules: [{{{OLD}}}]}}", "a: b"), 'mandatory tag "kuma.io/service" is missing')),
    *no("U-LR-3", (old(""), "conf: cannot be empty"), (old(f"tcp: {{rules: []}}, http: {{rules: [{{matches: [{{method: GET}}], {OLD}}}]}}"), "must not stand beside")),
    *no("U-LR-4", (old(f"tcp: {{rules: [{{{OLD}, filters: []}}]}}"), "unknown key")),
    *no("U-LR-5", (old(f"http: {{rules: [{{matches: [], {OLD}}}]}}"), "matches: cannot be empty"), (old_rule(OLD, "path: {match: OTHER, value: /a}"), "path.match")),
    *no("U-LR-6", (old_rule(f"filters: [{{redirect: {{scheme: https, statusCode: 301}}}}], {OLD}"), "must be empty when using redirect filters"), (old_rule("filters: [{redirect: {scheme: https, statusCode: 301}}, {requestHeader: {remove: [a]}}]"), "redirects cannot be used with other filters"), (old_rule("filters: []"), "backends: cannot be empty")),
    *no("U-LR-7", *((old_rule(f"filters: [{{mirror: {one}}}], {OLD}"), "mirror") for one in ("{percentage: 101, backend: {destination: {kuma.io/service: a}}}", "{percentage: 1}")), *((old_rule(f"filters: [{{redirect: {{{one}}}}}]"), "redirect") for one in ("scheme: https, statusCode: 309", "scheme: https, statusCode: 301, port: 65536")), (old_rule(f"filters: [{{rewrite: {{replacePrefixMatch: /b}}}}], {OLD}", "path: {value: /a}"), "prefix"), (old_rule(f"filters: [{{rewrite: {{hostToBackendHostname: true}}}}, {{requestHeader: {{set: [{{name: host, value: a}}]}}}}], {OLD}"), "host")),
    *no("U-LR-8", (old_rule("backends: [{destination: {a: b}}]"), 'mandatory tag "kuma.io/service" is missing')),
    *no("U-PO-2", (policy("MeshTimeout", "kind: Mesh, proxyTypes: []", f"to: [{{{ANY}, {TIMEOUT}}}]"), "must be undefined or have at least one element")),
    *no("U-PO-3", *((policy(kind, ref, f"from: [{{{ANY}, default: {default}}}]"), "spec.from") for kind, default in (("MeshFaultInjection", "{http: []}"), ("MeshRateLimit", "{local: {http: {disabled: true}}}")) for ref in (GATEWAY, "kind: Mesh")), (policy("MeshRateLimit", "kind: Mesh, proxyTypes: [Sidecar]", f"to: [{{{ANY}, default: {{local: {{http: {{disabled: true}}}}}}}}]"), "spec.to")),
    *no("U-PO-6", (policy("MeshTimeout", GATEWAY, f"to: [{{{ANY}, {TIMEOUT}}}]").replace("spec:", "labels: {kuma.io/policy-role: consumer}, spec:"), "spec.targetRef.kind: ")),
    *no("U-PO-8", (policy("MeshTimeout", GATEWAY, f"from: [{{{ANY}, {TIMEOUT}}}]"), "spec.from")),
]  # fmt: skip
