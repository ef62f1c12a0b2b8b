"""A picture of the ingress: clients, hostnames, listeners, routes, backends, per mesh; drawn as a value, written in four forms."""

from collections.abc import Iterable, Sequence

from pulumi_mesh.ingress.topology import Topology
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.finding import Finding

from .beside import draw_crossing, draw_delegated
from .builtin import draw_gateways
from .drawing import Drawing
from .paths import paths
from .value import COLUMNS, Card, Edge, Node, Panel, Picture, Place


def picture(documents: Iterable[Document], findings: Sequence[Finding] = (), control_plane: str = "") -> Picture:
    """Draw the ingress of the meshes of one control plane, with what was found about it."""
    topology = Topology(documents)
    drawings = {name: Drawing(mesh, control_plane) for name, mesh in topology.meshes.items()}
    for drawing in drawings.values():
        draw_gateways(drawing)
        draw_delegated(drawing)
    for crossing in topology.crossings:
        draw_crossing(crossing, drawings)
    found: dict[str, list[Finding]] = {}
    for one in findings:
        found.setdefault(str(one.address), []).append(one)
    panels = tuple(drawing.panel(found) for drawing in drawings.values() if drawing.cards)
    edges = tuple(dict.fromkeys(edge for drawing in drawings.values() for edge in drawing.edges))
    rules = {id_: rule for drawing in drawings.values() for id_, rule in drawing.rules.items()}
    hosts = {id_: host for drawing in drawings.values() for id_, host in drawing.hosts.items()}
    return Picture(panels, edges, paths(panels, edges, hosts, rules), tuple(findings))


__all__ = ["COLUMNS", "Card", "Edge", "Node", "Panel", "Picture", "Place", "picture"]
