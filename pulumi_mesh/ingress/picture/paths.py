"""What the requests for a hostname pass: where they come from, the listener, its routes, and where they end."""

from collections.abc import Iterable, Mapping

from .rules import Rule
from .value import Edge, Node, Panel


def paths(
    panels: Iterable[Panel], edges: Iterable[Edge], hosts: Mapping[str, str], rules: Mapping[str, Rule]
) -> dict[str, frozenset[str]]:
    """Return what is on the way of each hostname; rules for other hosts are not."""
    rows: dict[str, tuple[Node, ...]] = {}
    above: dict[str, str] = {}
    for card in (card for panel in panels for card in panel.cards):
        rows[card.id] = card.rows
        above |= {row.id: card.id for row in card.rows}
    forth: dict[str, list[str]] = {}
    back: dict[str, list[str]] = {}
    for edge in edges:
        forth.setdefault(edge.source, []).append(edge.target)
        back.setdefault(edge.target, []).append(edge.source)

    def serves(id_: str, host: str) -> bool:
        return id_ not in rules or not host or rules[id_].serves(host)

    def path(start: str) -> frozenset[str]:
        host, seen, left = hosts[start], {start, *back.get(start, ())}, [start]
        while left:
            id_ = left.pop()
            for to in forth.get(id_, ()):
                served = [row.id for row in rows.get(to, ()) if serves(row.id, host)]
                if rows.get(to) and not served:
                    continue
                more = [one for one in (to, *served) if one not in seen]
                seen.update(more, (above[one] for one in more if one in above))
                left += more
        return frozenset(seen)

    return {id_: path(id_) for id_ in hosts}
