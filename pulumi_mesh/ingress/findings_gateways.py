"""What is wrong with gateways: proxies that nobody or two of them select, ports without rules, crossings without mTLS."""

from collections.abc import Iterator
from itertools import combinations

from pulumi_mesh.schema.finding import Finding
from pulumi_mesh.schema.kind import Address
from pulumi_mesh.schema.rules import dig

from .meeting import has_rules
from .scene import Scene, finding
from .topology import ANY, Gateway, Listener, MeshTopology, Tags, matches


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
    """Two gateways for one proxy: which one it serves is decided by who was created last."""
    for mesh in scene.meshes:
        for one, other in combinations(mesh.gateways.values(), 2):
            if not one.selectors or not other.selectors:
                continue
            shared = [proxy for proxy in mesh.builtin if chooses(one, proxy.tags) and chooses(other, proxy.tags)]
            equal = not mesh.builtin and any(match in other.selectors for match in one.selectors)
            if equal or other.address in one.rivals:
                whom = f"select {shared[0].address}" if shared else "select the same proxies"
                yield finding(
                    "gateway-tie",
                    "warning",
                    other.address,
                    "selectors",
                    f"{whom} by as many tags as {one.address} does: the one that was created last is served, the other one is"
                    " not; make the selectors differ",
                )
            if equal or shared:
                yield from doubled(one, other)


def doubled(one: Gateway, other: Gateway) -> Iterator[Finding]:
    """Say which hosts two gateways of one proxy have in common."""
    there = {(listener.port, listener.hostname): listener for listener in one.listeners if listener.port}
    for listener in other.listeners:
        if (first := there.get((listener.port, listener.hostname))) is not None:
            host = "every host" if listener.hostname == ANY else listener.hostname
            yield finding(
                "hostname-on-two-gateways",
                "warning",
                other.address,
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
