"""A picture of the ingress as a value: meshes with what stands in them, and what leads where."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pulumi_mesh.schema.finding import Finding, Severity

Column = Literal["clients", "hosts", "gateways", "routes", "backends"]
COLUMNS: Mapping[Column, str] = {
    "clients": "Clients",
    "hosts": "Hostname and port",
    "gateways": "Gateway and listener",
    "routes": "Route and rule",
    "backends": "Backend",
}
"""The columns from left to right, and their headings."""
Sort = Literal["clients", "consumer", "host", "gateway", "delegated", "listener", "route", "rule", "backend"]
Style = Literal["flow", "copy", "crossing", "idle"]
"""What an edge stands for: traffic, copies of it, a way from mesh to mesh, or nothing although it looks like it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the objects something stands."""

    address: str
    """The address of an object."""
    path: str = ""
    """The path in it; the whole object, if empty."""

    def holds(self, found: Finding) -> bool:
        """Tell whether a finding is about this place."""
        if str(found.address) != self.address:
            return False
        return not self.path or found.path == self.path or found.path.startswith((f"{self.path}.", f"{self.path}["))


@dataclass(frozen=True, slots=True)
class Node:
    """One thing, or one row of it."""

    id: str
    sort: Sort
    text: str
    caption: str = ""
    """What it is."""
    lines: tuple[str, ...] = ()
    """What else is to be seen of it at once."""
    facts: tuple[tuple[str, str], ...] = ()
    """What is told of it on demand."""
    places: tuple[Place, ...] = ()
    """Where it stands, itself first; findings about these are its findings."""
    findings: tuple[Finding, ...] = ()
    rows: tuple["Node", ...] = ()

    @property
    def severity(self) -> Severity | None:
        """The worst that was found about it."""
        return worst(self.findings)


@dataclass(frozen=True, slots=True)
class Card(Node):
    """A thing in a column of a mesh."""

    column: Column = "clients"


@dataclass(frozen=True, slots=True)
class Edge:
    """One thing leads to another."""

    source: str
    target: str
    share: str = ""
    """Which part of the traffic (`90 %`)."""
    style: Style = "flow"


@dataclass(frozen=True, slots=True)
class Panel:
    """A mesh."""

    mesh: str
    about: str
    """What is to be said of it at once."""
    cards: tuple[Card, ...]
    places: tuple[Place, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def severity(self) -> Severity | None:
        """The worst that was found about it."""
        return worst(self.findings)

    @property
    def nodes(self) -> Iterator[Node]:
        """Its cards and their rows."""
        for card in self.cards:
            yield card
            yield from card.rows


@dataclass(frozen=True, slots=True)
class Picture:
    """Meshes, what leads where in them and between them, and what was found."""

    panels: tuple[Panel, ...] = ()
    edges: tuple[Edge, ...] = ()
    paths: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    """By each hostname: everything that its requests pass, where they come from, and where they end."""
    findings: tuple[Finding, ...] = ()
    """All findings, those on the picture and those about what is not on it."""

    @property
    def nodes(self) -> Iterator[Node]:
        """All cards and rows."""
        return (node for panel in self.panels for node in panel.nodes)

    def __add__(self, other: "Picture") -> "Picture":
        """Put two pictures together."""
        return Picture(
            self.panels + other.panels,
            self.edges + other.edges,
            {**self.paths, **other.paths},
            self.findings + other.findings,
        )


def worst(findings: Iterable[Finding]) -> Severity | None:
    """Return the worst severity of some findings."""
    severities = {found.severity for found in findings}
    return "error" if "error" in severities else "warning" if severities else None
