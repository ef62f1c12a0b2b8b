"""Cards of a column, one below the other: as near as can be to where each wants to stand, and never one over another."""

from collections.abc import Sequence

GAP = 10.0
"""The room between two cards."""


def spread(heights: Sequence[float], wishes: Sequence[float], start: float) -> list[float]:
    """Return where each card begins, in their order: with the least sum of squares of the ways from where they want to begin.

    Cards that would overlap are pooled and moved together, as often as it takes.
    """
    before, used = list[float](), 0.0
    for height in heights:
        before.append(used)
        used += height + GAP
    pools: list[tuple[float, int]] = []
    for wish, room in zip(wishes, before, strict=True):
        mean, count = wish - room, 1
        while pools and pools[-1][0] >= mean:
            other, more = pools.pop()
            mean = (mean * count + other * more) / (count + more)
            count += more
        pools.append((mean, count))
    shifts = [max(mean, start) for mean, count in pools for _ in range(count)]
    return [shift + room for shift, room in zip(shifts, before, strict=True)]
