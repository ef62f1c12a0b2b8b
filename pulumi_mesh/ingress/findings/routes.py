"""What is wrong with where routes are attached: to no listener, to one that speaks something else, to hosts of nobody."""

from collections.abc import Iterator

from pulumi_mesh.ingress.findings.meeting import hosts_meet
from pulumi_mesh.ingress.findings.named import OBJECTS, Reference, spoken
from pulumi_mesh.ingress.findings.scene import Scene, finding
from pulumi_mesh.ingress.topology import ROUTES, SPEAKS, Gateway, Listener, Route
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.finding import Finding, Severity
from pulumi_mesh.schema.rules import parts, table, values

GIVEN = ("kuma.io/", "k8s.kuma.io/")
"""How the tags begin that a control plane gives to proxies."""
WEBS = ("http", "http2", "grpc")
"""What services speak that requests can be sent to."""


def unattached(scene: Scene) -> Iterator[Finding]:
    """Routes and policies whose tags select no listener of their gateway, routes whose listeners speak something else."""
    for document in scene.topology.documents.values():
        ref = table(document.body, "spec.targetRef")
        mesh = scene.topology.meshes.get(document.address.mesh or "")
        gateway = mesh.gateways.get(str(ref.get("name"))) if mesh and ref.get("kind") == "MeshGateway" else None
        if gateway is None or scene.is_open(gateway):
            continue
        tags = {key: str(value) for key, value in table(ref, "tags").items()}
        chosen = [one for one in gateway.listeners if selected(scene, one, tags)]
        if not chosen:
            said = ", ".join(f"{key}={value}" for key, value in tags.items())
            routes = document.address.kind in ROUTES and (gateway.proxies or set(tags) <= own_keys(gateway))
            yield finding(
                "selects-no-listener",
                scene.severity(document.address.mesh) if routes else "warning",
                document,
                "spec.targetRef.tags",
                f"no listener of {gateway.address} has the tags {said}: it does nothing; {offered(gateway)}",
            )
        elif document.address.kind in ROUTES:
            yield from unspoken(document, gateway, chosen)
    yield from unselected(scene)


def selected(scene: Scene, listener: Listener, tags: dict[str, str]) -> bool:
    """Tell whether tags select a listener; those that a control plane gives to proxies count as there."""
    ours = {key: value for key, value in tags.items() if scene.known.complete or not key.startswith(GIVEN)}
    return listener.selected(ours)


def own_keys(gateway: Gateway) -> set[str]:
    """Return the keys of the tags that a gateway gives to its listeners; others may be those of its proxies."""
    own = [table(one, "tags") for _, one in parts(gateway.document.body, "conf.listeners")]
    return {key for tags in (*own, gateway.tags, *gateway.selectors) for key in tags}


def offered(gateway: Gateway) -> str:
    """Say which tags the listeners of a gateway have."""
    found = {
        f"{key}={value}"
        for _, one in parts(gateway.document.body, "conf.listeners")
        for key, value in {**gateway.tags, **table(one, "tags")}.items()
    }
    return f"its listeners have {', '.join(sorted(found))}" if found else "its listeners have no tags"


def unspoken(route: Document, gateway: Gateway, chosen: list[Listener]) -> Iterator[Finding]:
    """Say that all listeners of a route speak something else."""
    speaks = "http" if route.address.kind == "MeshHTTPRoute" else "tcp"
    if any(one.protocol in SPEAKS[speaks] for one in chosen):
        return
    found = ", ".join(sorted({f"{one.port} {one.protocol}" for one in chosen}))
    other = "MeshTCPRoute" if speaks == "http" else "MeshHTTPRoute"
    yield finding(
        "route-speaks-otherwise",
        "warning",
        route,
        "spec.targetRef",
        f"a {route.address.kind} does nothing on {found} of {gateway.address}; use a {other},"
        f" or a listener of {' or '.join(SPEAKS[speaks])}",
    )


def unselected(scene: Scene) -> Iterator[Finding]:
    """MeshGatewayRoutes whose tags select no listener of a gateway, or none that speaks what they do."""
    for mesh in scene.meshes:
        open_ = any(scene.is_open(gateway) for gateway in mesh.gateways.values()) or not mesh.gateways
        for route in mesh.routes if not open_ and scene.declares(mesh.name) else ():
            if route.address.kind != "MeshGatewayRoute":
                continue
            chosen = [one for one in mesh.listeners if route.selects(one)]
            if not chosen:
                why = "select no listener of a MeshGateway: it does nothing; make them match the tags of one"
                yield finding("selects-no-listener", "warning", route.address, "selectors", why)
            elif not any(route.attached(one) for one in chosen):
                found = ", ".join(sorted({f"{one.port} {one.protocol}" for one in chosen}))
                why = f"routes of {route.speaks} do nothing on {found}; use conf.{'tcp' if route.speaks == 'http' else 'http'}"
                yield finding("route-speaks-otherwise", "warning", route.address, f"conf.{route.speaks}", why)


def unmet(scene: Scene) -> Iterator[Finding]:
    """Hostnames of routes that no listener of theirs has."""
    for route in scene.on_gateways("MeshHTTPRoute"):
        listeners = [one for one in scene.listeners(route) if route.attached(one)]
        if not listeners or any(scene.is_open(one) for one in gateways(scene, route)):
            continue
        there = ", ".join(sorted({one.hostname for one in listeners}))
        for path, to in parts(route.document.body, "spec.to"):
            hosts = [str(host) for host in values(to, "hostnames")]
            astray = [host for host in hosts if not any(hosts_meet([host], one.hostname) for one in listeners)]
            for host in astray:
                severity: Severity = "error" if len(astray) == len(hosts) else "warning"
                yield finding(
                    "hostnames-do-not-meet",
                    severity,
                    route.address,
                    f"{path}.hostnames[{hosts.index(host)}]",
                    f"{host} is no host of a listener that the route is attached to ({there}): nobody gets there;"
                    " name hosts of the listeners, or give the gateway a listener for it",
                )


def gateways(scene: Scene, route: Route) -> list[Gateway]:
    """Return the gateways that a route is attached to."""
    found = {one.gateway for one in scene.listeners(route)}
    return [gateway for gateway in scene.topology.gateways if gateway.address in found]


def dead(scene: Scene) -> Iterator[Finding]:
    """MeshGatewayRoutes beside routes that win over them on every port."""
    for gateway in scene.topology.gateways:
        attached = scene.attached[gateway.address]
        for old in (one for one in attached if one.address.kind == "MeshGatewayRoute"):
            winner = "MeshHTTPRoute" if old.speaks == "http" else "MeshTCPRoute"
            new = next((one for one in attached if one.address.kind == winner and beats(one, old, gateway)), None)
            if new is not None:
                yield finding(
                    "gateway-route-dead",
                    "warning",
                    old.address,
                    f"conf.{old.speaks}",
                    f"does nothing on {gateway.address}, for {new.address} is attached to it, and a {winner} wins over it;"
                    " move its rules there, then remove it",
                )


def beats(new: Route, old: Route, gateway: Gateway) -> bool:
    """Tell whether a route wins over an older kind: for requests on the whole gateway, for connections on their port."""
    if new.speaks == "http":
        return True
    return any(new.attached(one) and old.attached(one) for one in gateway.listeners)


def mute(scene: Scene) -> Iterator[Finding]:
    """Requests to services that do not speak HTTP: 502."""
    for route in scene.on_gateways("MeshHTTPRoute"):
        for one in scene.references(route.document):
            if one.address.kind not in OBJECTS or one.mirror:
                continue
            said = heard(scene, one)
            if said is not None and said not in WEBS:
                yield finding(
                    "backend-not-http",
                    "warning",
                    route.address,
                    one.path.removesuffix(".name"),
                    f"{one.address} speaks {said} there, so that requests get a 502; say what it speaks"
                    " (appProtocol http, http2 or grpc), or use a MeshTCPRoute",
                )


def heard(scene: Scene, one: Reference) -> str | None:
    """Return what a service speaks, where that is known."""
    service = scene.document(one.address)
    if service is None:
        return None
    return spoken(service, one.port)
