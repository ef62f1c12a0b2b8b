"""What the control plane takes of a route, and the proxies do not: each of these stops all later changes, too."""

import re
from collections.abc import Iterator
from typing import Any

from pulumi_mesh.ingress.expressions import wrong
from pulumi_mesh.ingress.findings.scene import Scene, finding
from pulumi_mesh.ingress.topology import Route
from pulumi_mesh.schema.finding import Finding
from pulumi_mesh.schema.rules import Body, dig, parts, values

REFUSED = "Envoy refuses the routes of the whole port for it, and goes on with the last ones"
LONE = re.compile(r"%(?:%|[A-Z0-9_]+(?:\([^)]*\))?(?::\d+)?%)|(%)")
"""What a percent sign may begin: another one, or a command such as `%REQ(x)%`; or it stands alone."""
CONDITIONS = (("headers", "RegularExpression"), ("queryParams", "RegularExpression"))
OLD_CONDITIONS = (("headers", "REGEX"), ("queryParameters", "REGEX"), ("query_parameters", "REGEX"))


def rules(route: Route) -> Iterator[tuple[str, Body]]:
    """Yield the rules of a route, each with its path."""
    body = route.document.body
    if route.address.kind == "MeshGatewayRoute":
        for protocol in ("http", "tcp"):
            yield from parts(body, f"conf.{protocol}.rules")
        return
    for path, to in parts(body, "spec.to"):
        yield from parts(to, "rules", path)


def unreadable(scene: Scene) -> Iterator[Finding]:
    """Regular expressions that RE2 does not take."""
    for kind in ("MeshHTTPRoute", "MeshGatewayRoute"):
        for route in scene.on_gateways(kind):
            for at, rule in rules(route):
                for path, match in parts(rule, "matches", at):
                    for where, pattern in patterns(path, match):
                        if why := wrong(pattern):
                            said = f"is no regular expression of RE2 ({why}): {REFUSED}; mend it"
                            yield finding("regex-not-re2", "error", route.address, where, said)


def patterns(path: str, match: Body) -> Iterator[tuple[str, str]]:
    """Yield the regular expressions of a match."""
    kind = dig(match, "path.type") or dig(match, "path.match")
    found: list[tuple[str, Any]] = []
    if kind in ("RegularExpression", "REGEX", 2):
        found.append((f"{path}.path.value", dig(match, "path.value")))
    for name, wanted in CONDITIONS:
        found += [
            (f"{at}.value", one.get("value")) for at, one in parts(match, name, path) if one.get("type") == wanted
        ]
    for name, wanted in OLD_CONDITIONS:
        found += [
            (f"{at}.value", one.get("value")) for at, one in parts(match, name, path) if one.get("match") in (wanted, 1)
        ]
    yield from ((at, value) for at, value in found if isinstance(value, str))


def weightless(scene: Scene) -> Iterator[Finding]:
    """Weights that leave nothing to anybody."""
    for route in scene.on_gateways("MeshHTTPRoute"):
        for path, rule in rules(route):
            weights = [dig(one, "weight") for one in values(rule, "default.backendRefs")]
            if len(weights) > 1 and all(weight == 0 for weight in weights):
                why = f"all backends have the weight 0: {REFUSED}; give one of them a share"
                yield finding("weights-all-zero", "error", route.address, f"{path}.default.backendRefs", why)
    for route in scene.on_gateways("MeshTCPRoute"):
        for path, rule in rules(route):
            for at, one in parts(rule, "default.backendRefs", path):
                if one.get("weight") == 0:
                    why = "is 0, for which Envoy refuses the listener; leave the backend out"
                    yield finding("tcp-weight-zero", "error", route.address, f"{at}.weight", why)
    for route in scene.on_gateways("MeshGatewayRoute"):
        for path, rule in rules(route):
            weights = [dig(one, "weight") or 0 for one in values(rule, "backends")]
            if len(weights) > 1 and not any(weights):
                why = f"no backend has a weight, which is 0 here: {REFUSED}; give one of them a share"
                yield finding("weights-all-zero", "error", route.address, f"{path}.backends", why)


def filters(scene: Scene) -> Iterator[Finding]:
    """Filters that Envoy does not take, or that do not go together."""
    for route in (*scene.on_gateways("MeshHTTPRoute"), *scene.on_gateways("MeshGatewayRoute")):
        for path, rule in rules(route):
            way = "default.filters" if route.address.kind == "MeshHTTPRoute" else "filters"
            types = {one.get("type") for _, one in parts(rule, way, path)}
            if {"RequestRedirect", "URLRewrite"} <= types:
                why = (
                    "a RequestRedirect beside a URLRewrite: the control plane can build no configuration for the gateway,"
                    " and none of its ports is changed any more; keep one of them (a redirect has a path of its own)"
                )
                yield finding("redirect-beside-rewrite", "error", route.address, f"{path}.{way}", why)
            for at, one in parts(rule, way, path):
                for name in ("requestHeaderModifier", "responseHeaderModifier", "requestHeader", "responseHeader"):
                    if dig(one, name) is not None:
                        yield from modified(route, f"{at}.{name}", one[name], request=name.startswith("request"))


def modified(route: Route, path: str, said: Body, *, request: bool) -> Iterator[Finding]:
    """Headers that must not be changed this way, and values that are no format of Envoy."""
    named = [(f"{at}.name", one.get("name")) for at, one in parts(said, "add", path)]
    named += [(f"{path}.remove[{index}]", name) for index, name in enumerate(values(said, "remove"))]
    for at, name in named if request else ():
        if str(name).lower() == "host":
            why = f"the host cannot be added or removed: {REFUSED}; set it instead, or rewrite the hostname"
            yield finding("host-not-set", "error", route.address, at, why)
    for key in ("set", "add"):
        for at, one in parts(said, key, path):
            if any(found[1] for found in LONE.finditer(str(one.get("value") or ""))):
                why = f"a percent sign alone, for values are formats of Envoy: {REFUSED}; write %% for one"
                yield finding("percent-alone", "error", route.address, f"{at}.value", why)
