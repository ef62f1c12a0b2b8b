"""The cards of one mesh, put into their columns: what leads somewhere stands beside it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from .card import Block, Part
from .stack import spread
from .value import COLUMNS, Column, Edge, Picture

SINK = 200.0
"""How far below the first thing that it leads to something stands at most: what begins a path is to be seen first."""
REACH = 1100.0
"""How far apart the rules are at most that share the card of a backend; farther ones get one more card of it."""


@dataclass
class Spot:
    """A card, and where it stands; a backend may stand in several places."""

    block: Block
    y: float = 0
    x: float = 0
    copy: int = 0

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.y + self.block.height


@dataclass(frozen=True, slots=True)
class Tie:
    """One end of an edge, as seen from the tops of the two cards."""

    edge: Edge
    other: str
    lower: float
    """How much lower the end at this card is than the end at the other one."""


class Shelf:
    """The cards of one mesh in their places."""

    def __init__(self, picture: Picture, blocks: Mapping[str, Block], top: float) -> None:
        """Put cards into their columns, below a height."""
        self.picture, self.top = picture, top
        self.spots: list[Spot] = []
        self.ends: dict[Edge, Spot] = {}
        """Which of several cards of a backend an edge leads to."""
        self.parts: dict[str, tuple[Spot, Part]] = {}
        for block in blocks.values():
            spot = Spot(block)
            self.spots.append(spot)
            self.parts |= {part.node.id: (spot, part) for part in block.parts}
        self.shared = Counter(id_ for path in picture.paths.values() for id_ in path)
        """On how many paths everything is."""
        self.forth: dict[str, list[Tie]] = {}
        self.back: dict[str, list[Tie]] = {}
        self.tie()
        self.routes()
        for column in ("gateways", "hosts", "clients"):
            self.beside(column)
        self.backends()
        order = list(COLUMNS)
        self.spots.sort(key=lambda spot: (order.index(spot.block.card.column), spot.y))

    @property
    def bottom(self) -> float:
        """Where the lowest card ends."""
        return max((spot.bottom for spot in self.spots), default=self.top)

    def tie(self) -> None:
        """Note what leads to what within the mesh."""
        leaving: Counter[str] = Counter()
        for edge in self.picture.edges:
            exit_ = leaving[edge.source]
            leaving[edge.source] += 1
            if edge.source in self.parts and edge.target in self.parts:
                (_, source), (_, target) = self.parts[edge.source], self.parts[edge.target]
                lower = source.exits[exit_] - target.entry
                self.forth.setdefault(edge.source, []).append(Tie(edge, edge.target, lower))
                self.back.setdefault(edge.target, []).append(Tie(edge, edge.source, -lower))

    def column(self, column: Column) -> list[Spot]:
        """Return the cards of a column."""
        return [spot for spot in self.spots if spot.block.card.column == column]

    def ties(self, spot: Spot, ways: Mapping[str, Sequence[Tie]]) -> list[Tie]:
        """Return all ties of a card and its rows."""
        return [tie for part in spot.block.parts for tie in ways.get(part.node.id, ())]

    def routes(self) -> None:
        """Put the routes below each other, in the order of the listeners that lead to them."""
        order = {id_: index for index, id_ in enumerate(self.parts)}
        routes = self.column("routes")
        routes.sort(key=lambda spot: min((order[tie.other] for tie in self.ties(spot, self.back)), default=len(order)))
        self.stand(routes, [self.top] * len(routes))

    def beside(self, column: Column) -> None:
        """Put cards beside what they lead to; those that lead nowhere stand last."""
        spots = self.column(column)
        wishes: dict[str, float] = {}
        levels: dict[str, float] = {}
        for spot in spots:
            tops = [self.parts[tie.other][0].y - tie.lower for tie in self.ties(spot, self.forth)]
            id_ = spot.block.card.id
            wishes[id_] = min(sum(tops) / len(tops), min(tops) + SINK) if tops else inf
            levels[id_] = wishes[id_] + spot.block.parts[0].entry
        last = max((wish for wish in wishes.values() if wish < inf), default=self.top)
        spots.sort(key=lambda spot: (levels[spot.block.card.id], self.served(spot.block.card.id)))
        self.stand(spots, [min(wishes[spot.block.card.id], last) for spot in spots])

    def served(self, host: str) -> float:
        """Return how low the rules stand that are for a host alone: hosts of one listener come in the order of their rules."""
        path = self.picture.paths.get(host, frozenset())
        rules = [id_ for id_ in path if id_ in self.parts and self.parts[id_][1].node.sort == "rule"]
        least = min((self.shared[id_] for id_ in rules), default=0)
        lows = [self.parts[id_][0].y + self.parts[id_][1].top for id_ in rules if self.shared[id_] == least]
        return sum(lows) / len(lows) if lows else 0

    def backends(self) -> None:
        """Put backends beside the rules that lead to them, once more where those are far apart."""
        wishes: list[tuple[float, Spot]] = []
        for spot in self.column("backends"):
            tops = [(self.parts[tie.other][0].y - tie.lower, tie.edge) for tie in self.ties(spot, self.back)]
            tops.sort(key=lambda one: one[0])
            for number, group in enumerate(groups(tops)):
                there = spot if number == 0 else Spot(spot.block, copy=number)
                wishes.append((sum(top for top, _ in group) / len(group), there))
                self.ends |= {edge: there for _, edge in group}
                if number:
                    self.spots.append(there)
        wishes.sort(key=lambda one: one[0])
        self.stand([spot for _, spot in wishes], [wish for wish, _ in wishes])

    def stand(self, spots: Sequence[Spot], wishes: Sequence[float]) -> None:
        """Put cards below each other, each as near as can be to where it wants to begin."""
        for spot, y in zip(spots, spread([spot.block.height for spot in spots], wishes, self.top), strict=True):
            spot.y = round(y, 1)


def groups(tops: Sequence[tuple[float, Edge]]) -> list[list[tuple[float, Edge]]]:
    """Set apart what is too far from the first of its group."""
    found: list[list[tuple[float, Edge]]] = []
    for one in tops:
        if found and one[0] - found[-1][0][0] <= REACH:
            found[-1].append(one)
        else:
            found.append([one])
    return found
