"""Borders: regions of cells become polygons that share every vertex with their neighbours and tile the kabupaten.

Borders grow along ridges and rivers because crossing those is dear. The cells' corners are then moved, each once for all
polygons that meet there, so that no two neighbours can disagree; where that would fold a border it is taken back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from blankspot.demo.fields import degrees, smooth_field, stream
from blankspot.demo.growth import grow, heal

if TYPE_CHECKING:
    from blankspot.demo.fields import Floats, Ints, Lattice
    from blankspot.demo.settle import Ground, Places

_PASSES: Final = 5
_PULL: Final = 0.5
_JUNCTION_PULL: Final = 0.25
_WIGGLE_M: Final = 26.0
_TOLERANCE_M: Final = 32.0
_DECIMALS: Final = 7  # 1 cm
_TRIES: Final = 8


def grow_regions(seed: int, ground: Ground, places: Places) -> tuple[Ints, Places]:
    """Return the village of each cell (−1 outside) and the places, fewer neighbours where they cut the kabupaten apart."""
    rng = stream(seed, "borders")
    ridge = np.clip(ground.hollow / 30, 0, 2.5)
    river = np.clip(np.log2(np.maximum(ground.stream_km2, 1.0) / 2), 0, 6)
    uneven = np.exp(
        0.42 * smooth_field(rng, ground.cells.shape, length=3) + 0.35 * smooth_field(rng, ground.cells.shape, length=9)
    )
    cost = np.round((1 + 2.2 * ridge + 3.5 * river + 2 * ground.slope) * uneven, 6)
    cost = np.minimum(cost, _around(places.seeds, cost.shape))
    while True:
        _, region = grow(cost, places.seeds)
        region = heal(region, places.seeds, rng)
        intruders = _intruders(region, places)
        if not intruders.size:
            return np.where(region < places.count, region, -1), places
        keep = np.setdiff1d(np.arange(places.seeds.size), intruders)
        places = type(places)(places.seeds[keep], places.count)


def _around(seeds: Ints, shape: tuple[int, int]) -> Floats:
    """Return a ceiling of the price: a village has no border within 300 m of its own centre."""
    ceiling = np.full(shape, np.inf)
    for row, column in np.column_stack(np.unravel_index(seeds, shape)).tolist():
        ceiling[max(0, row - 3) : row + 4, max(0, column - 3) : column + 4] = 0.3
    return ceiling


def _intruders(region: Ints, places: Places) -> Ints:
    """Return neighbours' regions that cut the kabupaten apart or lie inside it, or with it reach the world's edge."""
    ours = region < places.count
    main = _patch(ours, np.unravel_index(places.seeds[0], region.shape))
    strays = ours & ~main
    beyond = np.ones((region.shape[0] + 2, region.shape[1] + 2), dtype=bool)
    beyond[1:-1, 1:-1] = ~ours
    outside = _patch(beyond, (0, 0))[1:-1, 1:-1]
    cut_off = ~ours & ~outside
    around = np.zeros_like(strays)
    for shift in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        around |= np.roll(strays, shift, axis=(0, 1))
    return np.unique(region[(around & ~ours) | cut_off])


def _patch(mask: np.ndarray, start: tuple[int, int]) -> np.ndarray:
    """Return the part of a mask that hangs together with one cell over edges."""
    reached = np.zeros_like(mask)
    reached[start] = True
    while True:
        wider = reached.copy()
        wider[1:] |= reached[:-1]
        wider[:-1] |= reached[1:]
        wider[:, 1:] |= wider[:, :-1]
        wider[:, :-1] |= wider[:, 1:]
        wider &= mask
        if (wider == reached).all():
            return reached
        reached = wider


def draw_borders(seed: int, region: Ints, cells: Lattice, count: int) -> list[shapely.Polygon]:
    """Return the polygon of each village in degrees; together they are a valid coverage."""
    rings = _rings(region, count)
    used = np.unique(np.concatenate([ring for village in rings for ring in village]))
    place = np.zeros(int(used.max()) + 1, dtype=np.intp)
    place[used] = np.arange(used.size)
    rings = [[place[ring] for ring in village] for village in rings]
    row, column = np.divmod(used, cells.columns + 1)
    x, y = cells.place(row - 0.5, column - 0.5)
    before = np.column_stack([x, y])
    after = _move(stream(seed, "edges"), before, rings)
    for attempt in range(_TRIES + 1):
        polygons = shapely.coverage_simplify(_polygons(after, rings), _TOLERANCE_M)
        polygons = shapely.transform(polygons, lambda points: np.round(np.column_stack(degrees(*points.T)), _DECIMALS))
        faulty = ~shapely.is_valid(polygons) | (
            shapely.get_num_coordinates(shapely.coverage_invalid_edges(polygons)) > 0
        )
        if not faulty.any():
            break
        points = np.unique(np.concatenate([ring for at in np.flatnonzero(faulty) for ring in rings[at]]))
        share = 0.5 if attempt < _TRIES - 2 else 0.0
        after[points] = before[points] + share * (after[points] - before[points])
    return list(polygons)


def _polygons(points: Floats, rings: list[list[Ints]]) -> np.ndarray:
    return np.array([shapely.Polygon(points[village[0]], [points[ring] for ring in village[1:]]) for village in rings])


def _rings(region: Ints, count: int) -> list[list[Ints]]:
    """Return each village's rings as corner numbers, the outer one first; corners count row by row."""
    wide = np.pad(region, 1, constant_values=-1)
    columns = region.shape[1] + 1
    corner = np.arange((region.shape[0] + 1) * columns).reshape(-1, columns)
    north, south = wide[:-1, 1:-1], wide[1:, 1:-1]
    west, east = wide[1:-1, :-1], wide[1:-1, 1:]
    flat, upright = north != south, west != east
    left, right = corner[:, :-1][flat], corner[:, 1:][flat]
    upper, lower = corner[:-1, :][upright], corner[1:, :][upright]
    # Walking with the region on the right: eastwards along its north side, and so on around.
    owner = np.concatenate([south[flat], north[flat], west[upright], east[upright]])
    start = np.concatenate([left, right, upper, lower])
    end = np.concatenate([right, left, lower, upper])
    order = np.argsort(owner, kind="stable")
    cuts = np.searchsorted(owner[order], np.arange(count + 1))
    rings = []
    for village in range(count):
        members = order[cuts[village] : cuts[village + 1]]
        rings.append(_trace(start[members].tolist(), end[members].tolist()))
    return rings


def _trace(start: list[int], end: list[int]) -> list[Ints]:
    ahead = dict(zip(start, end, strict=True))  # healed regions pass each corner once
    rings: list[Ints] = []
    while ahead:
        first = next(iter(ahead))
        ring = [first]
        while True:
            step = ahead.pop(ring[-1])
            if step == first:
                break
            ring.append(step)
        rings.append(np.array(ring, dtype=np.intp))
    return sorted(rings, key=len, reverse=True)


def _move(rng: np.random.Generator, points: Floats, rings: list[list[Ints]]) -> Floats:
    """Return the corners wiggled and smoothed along the borders, junctions less."""
    a = np.concatenate([ring for village in rings for ring in village])
    b = np.concatenate([np.roll(ring, -1) for village in rings for ring in village])
    links = np.unique(np.sort(np.column_stack([a, b]), axis=1), axis=0)
    degree = np.bincount(links.ravel(), minlength=len(points)).astype(float)
    pull = np.where(degree == 2, _PULL, _JUNCTION_PULL)[:, None]  # noqa: PLR2004 - between two, not at a junction
    moved = points + rng.normal(0, _WIGGLE_M, points.shape)
    for _ in range(_PASSES):
        total = np.zeros_like(points)
        np.add.at(total, links[:, 0], moved[links[:, 1]])
        np.add.at(total, links[:, 1], moved[links[:, 0]])
        moved = moved + pull * (total / degree[:, None] - moved)
    return moved
