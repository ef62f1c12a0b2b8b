"""What is wrong with gateways: proxies that nobody or two of them select, ports without rules, crossings without mTLS."""

from collections.abc import Iterator

from pulumi_mesh.ingress.findings.meeting import has_rules
from pulumi_mesh.ingress.findings.scene import Scene, finding
from pulumi_mesh.ingress.topology import ANY, Gateway, Listener, MeshTopology, Tags, matches
from pulumi_mesh.schema.finding import Finding
from pulumi_mesh.schema.kind import Address
from pulumi_mesh.schema.rules import dig


def selecting(scene: Scene) -> Iterator[Finding]:
    """Gateways that select no proxy, and proxies that no gateway selects; proxies register themselves, so one of them must be astray."""
    for mesh in scene.meshes:
        blurred = scene.opaque & {("MeshGateway", mesh.name), ("Dataplane", mesh.name)}
        blurred = blurred or any(not gateway.selectors for gateway in mesh.gateways.values())
        if blurred or not scene.declares(mesh.name):
            continue
        alone = [
            proxy
            for proxy in mesh.builtin
            if not any(chooses(gateway, proxy.tags) for gateway in mesh.gateways.values())
        ]
        for gateway in mesh.gateways.values() if alone or scene.known.complete else ():
            if not any(chooses(gateway, proxy.tags) for proxy in mesh.builtin):
                yield finding(
                    "gateway-selects-nothing", "warning", gateway.address, "selectors", unserved(mesh, gateway)
                )
        for proxy in alone if mesh.gateways or scene.known.complete else ():
            yield finding(
                "proxy-unselected",
                "warning",
                proxy.address,
                "networking.gateway.tags",
                "no MeshGateway selects the gateway by its tags: it listens on nothing; make a selector of one match",
            )


def chooses(gateway: Gateway, tags: Tags) -> bool:
    """Tell whether a gateway selects a proxy."""
    return any(matches(match, tags) for match in gateway.selectors)


def unserved(mesh: MeshTopology, gateway: Gateway) -> str:
    """Say why nothing serves a gateway."""
    if beside := [proxy for proxy in mesh.delegated if chooses(gateway, proxy.tags)]:
        return (
            f"select {beside[0].address} alone, which is a delegated gateway: MeshGateways do nothing for it;"
            " give the Dataplane the type BUILTIN"
        )
    return "select no builtin Dataplane: nothing listens; start a proxy with these tags, or make a selector match one"


def ties(scene: Scene) -> Iterator[Finding]:
    """Several gateways for one proxy: which one it serves is decided by who was created last. Each group is said once."""
    for mesh in scene.meshes:
        for first, second, *more in tied(mesh):
            whom = f"select {second.proxies[0].address}" if second.proxies else "select the same proxies"
            others = f" and {len(more)} more do" if more else " does"
            yield finding(
                "gateway-tie",
                "warning",
                second.address,
                "selectors",
                f"{whom} by as many tags as {first.address}{others}: the one that was created last is served, the others are"
                " not; make the selectors differ",
            )
        yield from doubled(mesh)


def tied(mesh: MeshTopology) -> list[list[Gateway]]:
    """Return the groups of gateways that select proxies by as many tags, in the order of names."""
    found: dict[object, list[Gateway]] = {}
    for gateway in mesh.gateways.values():
        if mesh.builtin and gateway.rivals and gateway.selectors:
            found.setdefault(frozenset({gateway.address, *gateway.rivals}), []).append(gateway)
        for match in gateway.selectors if not mesh.builtin else ():
            found.setdefault(frozenset(match.items()), []).append(gateway)
    return [group for group in found.values() if len(group) > 1]


def together(mesh: MeshTopology) -> list[list[Gateway]]:
    """Return the groups of gateways that select one proxy, by however many tags."""
    if not mesh.builtin:
        return tied(mesh)
    groups = [[one for one in mesh.gateways.values() if chooses(one, proxy.tags)] for proxy in mesh.builtin]
    return [group for group in groups if len(group) > 1]


def doubled(mesh: MeshTopology) -> Iterator[Finding]:
    """Say which hosts several gateways of one proxy have in common, each once."""
    said = set[tuple[int, str]]()
    for group in together(mesh):
        there: dict[tuple[int, str], Listener] = {}
        for listener in (one for gateway in group for one in gateway.listeners if one.port):
            key = (listener.port, listener.hostname)
            first = there.setdefault(key, listener)
            if first.gateway == listener.gateway or key in said:
                continue
            said.add(key)
            host = "every host" if listener.hostname == ANY else listener.hostname
            yield finding(
                "hostname-on-two-gateways",
                "warning",
                listener.gateway,
                listener.path,
                f"{host} on port {listener.port} is served by {first.gateway} on the same proxies, too ({first.path}):"
                " a proxy serves one gateway; keep the listener on one of them",
            )


def unencrypted(scene: Scene) -> Iterator[Finding]:
    """Listeners that cross meshes, and outbounds to them: without mTLS the connection is closed."""
    for gateway in scene.topology.gateways:
        for listener in (one for one in gateway.listeners if one.cross_mesh):
            if bare(scene, gateway.address.mesh):
                yield finding(
                    "cross-mesh-without-mtls",
                    "error",
                    gateway.address,
                    f"{listener.path}.crossMesh",
                    f"the mesh {gateway.address.mesh} has no mTLS, which a listener that crosses meshes needs;"
                    " give it mtls with an enabledBackend",
                )
    for crossing in scene.topology.crossings:
        consumer = crossing.outbound.dataplane
        if consumer.mesh == crossing.gateway.address.mesh:
            continue
        if bare(scene, consumer.mesh):
            yield finding(
                "cross-mesh-without-mtls",
                "error",
                consumer,
                crossing.outbound.path,
                f"the mesh {consumer.mesh} has no mTLS, which it needs to reach {crossing.gateway.address} of another mesh;"
                " give it mtls with an enabledBackend",
            )
        if not any(one.cross_mesh for one in crossing.gateway.listeners) and not scene.is_open(crossing.gateway):
            yield finding(
                "outbound-crosses-nothing",
                "error",
                consumer,
                crossing.outbound.path,
                f"leads to {crossing.gateway.address}, of which no listener crosses meshes: the connection is closed;"
                " set crossMesh on the listener",
            )


def bare(scene: Scene, mesh: str | None) -> bool:
    """Tell whether a mesh is known to have no mTLS, and nothing that stands for it."""
    document = scene.document(Address("Mesh", None, mesh or ""))
    return (
        document is not None
        and not dig(document.body, "mtls.enabledBackend")
        and ("MeshIdentity", mesh) not in scene.kinds
    )


def ruleless(scene: Scene) -> Iterator[Finding]:
    """Ports without a rule beside one with: the control plane can build no configuration for the gateway any more."""
    for gateway in scene.topology.gateways:
        attached = [one for one in scene.attached[gateway.address] if one.address.kind == "MeshHTTPRoute"]
        ports: dict[int, list[Listener]] = {}
        for listener in gateway.listeners:
            if listener.port and listener.protocol in ("HTTP", "HTTPS"):
                ports.setdefault(listener.port, []).append(listener)
        blurred = scene.known.fragment or ("MeshHTTPRoute", gateway.address.mesh) in scene.opaque
        for port, listeners in ports.items() if attached and not blurred else ():
            if any(ruled(scene, one) for one in listeners):
                continue
            stuck = any(one.protocol == "HTTP" or one.cross_mesh for one in listeners)
            yield finding(
                "port-without-rules",
                scene.severity(gateway.address.mesh) if stuck else "warning",
                gateway.address,
                listeners[0].path,
                f"no MeshHTTPRoute has a rule for port {port}, though {attached[0].address} is on this gateway: "
                + (
                    "the control plane can build no configuration for the gateway, and none of its ports is changed any more"
                    if stuck
                    else "nothing answers there"
                )
                + "; give the port a route whose hostnames meet the listener's",
            )


def ruled(scene: Scene, listener: Listener) -> bool:
    """Tell whether a MeshHTTPRoute has a rule for a host of a listener."""
    return any(
        has_rules(route.document, listener)
        for route in scene.topology.mesh(listener.gateway.mesh or "").attached(listener)
        if route.address.kind == "MeshHTTPRoute"
    )


def tls_unsaid(scene: Scene) -> Iterator[Finding]:
    """TLS listeners that do not say what becomes of TLS, and crossings that speak no HTTP."""
    for gateway in scene.topology.gateways:
        if not (scene.known.alone or scene.attached[gateway.address] or scene.declares(gateway.address.mesh)):
            continue
        for listener in gateway.listeners:
            if listener.protocol == "TLS" and not listener.tls_mode and not listener.cross_mesh:
                yield finding(
                    "tls-unsaid",
                    "error",
                    gateway.address,
                    listener.path,
                    "a TLS listener without tls: the control plane can build no configuration for the gateway, and none of its"
                    " ports is changed any more; say whether TLS ends there (TERMINATE) or passes through (PASSTHROUGH)",
                )
            if listener.cross_mesh and listener.protocol in ("TCP", "TLS"):
                yield finding(
                    "cross-mesh-not-http",
                    "warning",
                    gateway.address,
                    f"{listener.path}.protocol",
                    f"a listener that crosses meshes speaks HTTP, not {listener.protocol}; give it the protocol HTTP",
                )
