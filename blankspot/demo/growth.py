"""Growing regions from seeds over a cost surface, and the cheapest ways back; borders and roads both come from it.

The growth relaxes all cells at once until nothing changes: exact shortest paths over eight neighbours, in whole-array steps.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from blankspot.demo.fields import Floats, Ints

_STEPS: Final = ((0, 1), (1, 0), (1, 1), (1, -1))  # each link once; the other way round is the same link
_FOUR: Final = ((0, 1), (1, 0))


def _views(shape: tuple[int, int], step: tuple[int, int]) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return where the two ends of all links of one direction lie."""
    rows, columns = shape
    down, right = step
    here = (slice(0, rows - down), slice(max(0, -right), columns - max(0, right)))
    there = (slice(down, rows), slice(max(0, right), columns + min(0, right)))
    return here, there


def grow(cost: Floats, seeds: Ints, *, labels: Ints | None = None) -> tuple[Floats, Ints]:
    """Grow one region from each seed.

    Args:
        cost: Price of crossing a cell, positive, shape (rows, columns).
        seeds: Flat indices of the seed cells.
        labels: Region of each seed; its position if not given.

    Returns:
        The price of reaching each cell from its seed, and the region of each cell, both of the shape of `cost`.
    """
    price = np.full(cost.shape, np.inf)
    region = np.full(cost.shape, -1, dtype=np.intp)
    price.ravel()[seeds] = 0.0
    region.ravel()[seeds] = np.arange(len(seeds)) if labels is None else labels
    links = []
    for step in _STEPS:
        here, there = _views(cost.shape, step)
        links.append((here, there, (cost[here] + cost[there]) / 2 * float(np.hypot(*step))))
    changed = True
    while changed:
        changed = False
        for here, there, toll in links:
            for source, target in ((here, there), (there, here)):
                offer = price[source] + toll
                better = offer < price[target]
                if better.any():
                    changed = True
                    np.copyto(price[target], offer, where=better)
                    np.copyto(region[target], region[source], where=better)
    return price, region


def ways_back(price: Floats, cost: Floats) -> Ints:
    """Return, flat, the neighbour through which each cell was reached; seeds have themselves."""
    flat = np.arange(price.size).reshape(price.shape)
    back = flat.copy()
    best = price.copy()
    for step in _STEPS:
        here, there = _views(price.shape, step)
        toll = (cost[here] + cost[there]) / 2 * float(np.hypot(*step))
        for source, target in ((here, there), (there, here)):
            offer = price[source] + toll
            fits = (price[source] < best[target]) & (offer <= price[target] + 1e-9)
            np.copyto(back[target], flat[source], where=fits & (back[target] == flat[target]))
    return back.ravel()


def path_back(back: Ints, cell: int) -> list[int]:
    """Return the cells from `cell` back to its seed."""
    path = [int(cell)]
    while back[path[-1]] != path[-1]:
        path.append(int(back[path[-1]]))
    return path


def meetings(price: Floats, region: Ints, cost: Floats) -> Ints:
    """Return where neighbouring regions meet most cheaply.

    Returns:
        Shape (m, 4): the two regions (smaller first) and the flat cells on either side; sorted by the price of the
        whole way from seed to seed, cheapest first.
    """
    flat = np.arange(price.size).reshape(price.shape)
    found, totals = [], []
    for step in _STEPS:
        here, there = _views(price.shape, step)
        differ = region[here] != region[there]
        a, b = flat[here][differ], flat[there][differ]
        toll = (cost.ravel()[a] + cost.ravel()[b]) / 2 * float(np.hypot(*step))
        first, second = region.ravel()[a], region.ravel()[b]
        swap = first > second
        found.append(
            np.column_stack(
                [
                    np.where(swap, second, first),
                    np.where(swap, first, second),
                    np.where(swap, b, a),
                    np.where(swap, a, b),
                ]
            )
        )
        totals.append(price.ravel()[a] + price.ravel()[b] + toll)
    pairs, total = np.concatenate(found), np.concatenate(totals)
    order = np.lexsort((total, pairs[:, 1], pairs[:, 0]))
    pairs, total = pairs[order], total[order]
    fresh = np.ones(len(pairs), dtype=bool)
    fresh[1:] = (pairs[1:, :2] != pairs[:-1, :2]).any(axis=1)
    pairs, total = pairs[fresh], total[fresh]
    return pairs[np.argsort(total, kind="stable")]


def connected(region: Ints, seeds: Ints) -> np.ndarray:
    """Return which cells hang together with the seed of their own region over edges (not corners)."""
    reached = np.zeros(region.shape, dtype=bool)
    reached.ravel()[seeds] = True
    same = [(*_views(region.shape, step),) for step in _FOUR]
    alike = [region[here] == region[there] for here, there in same]
    changed = True
    while changed:
        changed = False
        for (here, there), equal in zip(same, alike, strict=True):
            for source, target in ((here, there), (there, here)):
                fresh = equal & reached[source] & ~reached[target]
                if fresh.any():
                    changed = True
                    reached[target] |= fresh
    return reached


def inner(mask: NDArray[np.bool_], margin: int) -> NDArray[np.bool_]:
    """Return the cells of a mask that are at least `margin` cells away from what is outside it."""
    kept = np.pad(mask, margin, constant_values=False)
    for axis in (0, 1):
        kept = np.min([np.roll(kept, shift, axis) for shift in range(-margin, margin + 1)], axis=0)
    return kept[margin:-margin, margin:-margin]


def heal(region: Ints, seeds: Ints, rng: np.random.Generator) -> Ints:
    """Return regions that hang together over edges and nowhere touch themselves at a corner.

    A polygon made of cells would otherwise fall apart or pinch itself.
    """
    region = region.copy()
    while True:
        reached = connected(region, seeds)
        if not reached.all():
            region = _spread(region, reached)
        pinches = _pinches(region)
        if not pinches.size:
            return region
        fixed = set(seeds.tolist())
        columns = region.shape[1]
        for row, column in pinches.tolist():
            corner = row * columns + column
            sides = [cell for cell in (corner + 1, corner + columns) if cell not in fixed]
            diagonal = [cell for cell in (corner, corner + columns + 1) if cell not in fixed]
            flat = region.ravel()
            if sides and (flat[corner] == flat[corner + columns + 1]):
                flat[sides[rng.integers(len(sides))]] = flat[corner]
            elif diagonal:
                flat[diagonal[rng.integers(len(diagonal))]] = flat[corner + 1]


def _spread(region: Ints, keep: np.ndarray) -> Ints:
    filled = np.where(keep, region, -1)
    while (filled < 0).any():
        for step in _FOUR:
            here, there = _views(region.shape, step)
            for source, target in ((here, there), (there, here)):
                fresh = (filled[target] < 0) & (filled[source] >= 0)
                filled[target] = np.where(fresh, filled[source], filled[target])
    return filled


def _pinches(region: Ints) -> Ints:
    """Return the upper left cells of the 2 × 2 blocks in which a region touches itself only at the corner."""
    a, b, c, d = region[:-1, :-1], region[:-1, 1:], region[1:, :-1], region[1:, 1:]
    return np.argwhere(((a == d) & (a != b) & (a != c)) | ((b == c) & (b != a) & (b != d)))


def chains(links: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Join links between nodes into lines that run from one end or fork to the next; loops without a fork close."""
    around: dict[int, list[int]] = {}
    for a, b in links:
        around.setdefault(a, []).append(b)
        around.setdefault(b, []).append(a)
    lines: list[list[int]] = []
    used: set[tuple[int, int]] = set()
    ends = [node for node in sorted(around) if len(around[node]) != 2]  # noqa: PLR2004 - passed through
    for start in [*ends, *sorted(around)]:
        for step in sorted(around[start]):
            if (start, step) in used:
                continue
            line = [start, step]
            while len(around[line[-1]]) == 2 and line[-1] != start:  # noqa: PLR2004 - passed through
                ahead = around[line[-1]]
                line.append(ahead[0] if ahead[1] == line[-2] else ahead[1])
            used.update(pairwise(line))
            used.update(pairwise(reversed(line)))
            lines.append(line)
    return lines


def smoothed(points: Floats, passes: int) -> Floats:
    """Return a line of shape (n, 2) with its corners rounded and its ends kept."""
    for _ in range(passes):
        middle = points.copy()
        middle[1:-1] = 0.25 * points[:-2] + 0.5 * points[1:-1] + 0.25 * points[2:]
        points = middle
    return points
