"""A picture of the ingress: clients, hostnames, listeners, routes, backends, per mesh; drawn as a value, written in four forms."""

from .drawing import picture
from .value import COLUMNS, Card, Edge, Node, Panel, Picture, Place

__all__ = ["COLUMNS", "Card", "Edge", "Node", "Panel", "Picture", "Place", "picture"]
