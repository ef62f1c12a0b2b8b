"""A mesh while it is being drawn: its cards, what leads where, and what was found about them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pulumi_mesh.ingress.topology import MeshTopology, Proxy
from pulumi_mesh.schema.finding import Finding
from pulumi_mesh.schema.kind import Address
from pulumi_mesh.schema.rules import dig
from pulumi_mesh.schema.tags import SERVICE

from .rules import Rule
from .value import Card, Edge, Panel, Place, Style

Findings = Mapping[str, Sequence[Finding]]
"""What was found, by the address of the object."""


class Drawing:
    """One mesh while it is being drawn."""

    def __init__(self, mesh: MeshTopology, control_plane: str) -> None:
        """Draw a mesh of a control plane; the default one has no name."""
        self.mesh, self.control_plane = mesh, control_plane
        self.cards: dict[str, Card] = {}
        self.edges: list[Edge] = []
        self.hosts: dict[str, str] = {}
        """The host of each card that stands for one."""
        self.rules: dict[str, Rule] = {}
        """The rule of each row that stands for one."""
        self.entries: dict[str, list[str]] = {}
        """The cards of the hosts by which the listener of each row is reached."""
        self.proxies: dict[str, list[Proxy]] = {}
        """The proxies of each service."""
        for proxy in mesh.proxies.values():
            for name in dict.fromkeys(tags.get(SERVICE, "") for tags in proxy.inbounds):
                self.proxies.setdefault(name, []).append(proxy)

    def id(self, *parts: object) -> str:
        """Make an id that nothing else has."""
        return "\n".join((self.control_plane, self.mesh.name, *map(str, parts)))

    def add(self, card: Card) -> str:
        """Put a card on the picture, unless it is there; return its id."""
        self.cards.setdefault(card.id, card)
        return card.id

    def lead(self, source: str, target: str, share: str = "", style: Style = "flow") -> None:
        """Let one thing lead to another."""
        self.edges.append(Edge(source, target, share, style))

    def clients(self) -> str:
        """Draw those who come from outside."""
        return self.add(Card(self.id("clients"), "clients", "Clients", column="clients"))

    def neighbours(self) -> str:
        """Draw those who come from inside of the meshes."""
        return self.add(Card(self.id("meshes"), "clients", "Proxies of any mesh", "", ("by mTLS",), column="clients"))

    def panel(self, findings: Findings) -> Panel:
        """Return what was drawn, with the findings in their places."""
        backend = dig(self.mesh.document.body, "mtls.enabledBackend") if self.mesh.document else None
        about = "not declared here" if self.mesh.document is None else f"mTLS {backend}" if backend else "no mTLS"
        own = Place(str(Address("Mesh", None, self.mesh.name)))
        cards = tuple(marked(card, findings) for card in self.cards.values())
        name = f"{self.mesh.name} ({self.control_plane})" if self.control_plane else self.mesh.name
        return Panel(name, about, cards, (own,), found_at((own,), findings))


def marked(card: Card, findings: Findings) -> Card:
    """Return a card with the findings about it and its rows, each in the narrowest place."""
    rows = tuple(replace(row, findings=found_at(row.places, findings)) for row in card.rows)
    below = {found for row in rows for found in row.findings}
    return replace(card, rows=rows, findings=tuple(one for one in found_at(card.places, findings) if one not in below))


def found_at(places: Sequence[Place], findings: Findings) -> tuple[Finding, ...]:
    """Return the findings about some places, each once."""
    found = (one for place in places for one in findings.get(place.address, ()) if place.holds(one))
    return tuple(dict.fromkeys(found))


def counted(names: Sequence[str]) -> str:
    """Name one proxy, count several."""
    return names[0] if len(names) == 1 else f"{len(names)} proxies"


def shown(proxies: Sequence[Proxy]) -> list[str]:
    """Say where proxies are."""
    return [f"{proxy.address.name} at {proxy.host}" for proxy in proxies]
