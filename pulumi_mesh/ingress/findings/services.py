"""Services whose selectors select nothing: traffic to them gets no answer."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_mesh.ingress.findings.scene import Scene, finding
from pulumi_mesh.ingress.topology import MeshTopology, matches
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.finding import Finding
from pulumi_mesh.schema.rules import dig, table

WHY = "selects nothing: traffic to the service gets no answer but an error; make it match {}"


def empty(scene: Scene) -> Iterator[Finding]:
    """Services that are made of nothing; only where everything is known, for proxies register themselves."""
    for mesh in scene.meshes if scene.known.complete else ():
        for address, service in mesh.services.items():
            selector = table(service.body, "spec.selector")
            if address.kind == "MeshService" and said(selector) and not any(proxies(mesh, selector)):
                yield finding("service-selects-nothing", "warning", service, "spec.selector", WHY.format("a proxy"))
            if address.kind == "MeshMultiZoneService" and not any(services(mesh, selector)):
                path = "spec.selector.meshService.matchLabels"
                yield finding("service-selects-nothing", "warning", service, path, WHY.format("a MeshService"))


def said(selector: Mapping[str, Any]) -> bool:
    """Tell whether a selector says anything; without, others say which proxies a service is made of."""
    return any(dig(selector, way) is not None for way in ("dataplaneTags", "dataplaneRef.name", "dataplaneLabels"))


def proxies(mesh: MeshTopology, selector: Mapping[str, Any]) -> Iterator[bool]:
    """Tell of each proxy of a mesh whether it is selected."""
    tags, labels = table(selector, "dataplaneTags"), table(selector, "dataplaneLabels.matchLabels")
    name = dig(selector, "dataplaneRef.name")
    for proxy in mesh.proxies.values():
        if name:
            yield proxy.address.name == name or proxy.document.labels.get("kuma.io/display-name") == name
        elif dig(selector, "dataplaneLabels") is not None:
            yield matches(labels, proxy.document.labels)
        else:
            yield any(matches(tags, inbound) for inbound in proxy.inbounds)


def services(mesh: MeshTopology, selector: Mapping[str, Any]) -> Iterator[bool]:
    """Tell of each MeshService of a mesh whether it is selected."""
    wanted = table(selector, "meshService.matchLabels")
    found: list[Document] = [one for at, one in mesh.services.items() if at.kind == "MeshService"]
    return (matches(wanted, one.labels) for one in found)
