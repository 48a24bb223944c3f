"""Roads: the cheapest ways over the land between neighbouring villages, so many that everything connects and few detours remain.

Every cell knows its cheapest way to the nearest village centre; where two villages' ways meet most cheaply a road may join
them. The road that many need to reach the town is the bigger road. Hamlets hang on by tracks.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely

from blankspot.demo.fields import CRS, smooth_field, stream
from blankspot.demo.growth import chains, grow, meetings, path_back, smoothed, ways_back
from blankspot.geo import WGS84

if TYPE_CHECKING:
    from blankspot.demo.fields import Floats, Ints
    from blankspot.demo.settle import Ground, Places

_OFF_CENTRE: Final = 0.4  # of a cell; a road does not run from centre to centre
_DETOUR_MAX: Final = 3.2
_GATEWAYS: Final = 3
_NATIONAL: Final = 10_000.0  # load that marks the through road
_REGENCY: Final = 7.0  # villages behind a kabupaten's road
_BEYOND_DEG: Final = 0.012
_BESIDE: Final = 0.9  # a road between villages that is on nobody's way to town
_TRACK: Final = 0.5
CLASSES: Final = ("jalan nasional", "jalan kabupaten", "jalan desa", "jalan lingkungan")


@dataclass(frozen=True)
class Roads:
    """The network.

    Attributes:
        lines: kind (one of `CLASSES`), geometry in metres (`fields.CRS`).
        cells: Which 100 m cells a road passes.
        neighbours: Pairs of villages that a road joins directly, with its price, shape (m, 3).
    """

    lines: gpd.GeoDataFrame
    cells: np.ndarray
    neighbours: Floats


def build_roads(seed: int, ground: Ground, places: Places, region: Ints, hamlets: list[list[int]]) -> Roads:
    """Return the roads of the kabupaten and where they leave it."""
    river = np.where(ground.stream_km2 >= 8, 5.0, 0.0)  # noqa: PLR2004 - km², a bridge
    rng = stream(seed, "roads")
    fields, houses = (smooth_field(rng, ground.slope.shape, length=length) for length in (2.5, 8.0))
    uneven = np.exp(0.45 * fields + 0.35 * houses)  # ditches, plots and owners bend a road on flat land too
    cost = np.round((1 + (ground.slope / 0.09) ** 2 + river) * uneven, 6)
    price, reach = grow(cost, places.seeds)
    back = ways_back(price, cost)
    pairs = meetings(price, reach, cost)
    toll = price.ravel()[pairs[:, 2]] + price.ravel()[pairs[:, 3]] + 1
    chosen = _choose(pairs, toll, places.seeds.size)
    load = _loads(pairs[chosen], toll[chosen], places, ground)
    links: dict[tuple[int, int], float] = {}
    for (_, _, a, b), weight in zip(pairs[chosen].tolist(), load.tolist(), strict=True):
        _lay(links, [*reversed(path_back(back, a)), *path_back(back, b)], weight)
    for cells in hamlets:
        for cell in cells[1:]:
            _lay(links, path_back(back, cell), _TRACK)
    home = region.ravel() >= 0
    kept = {
        link: weight
        for link, weight in links.items()
        if weight >= 1 or (weight > 0 and home[link[0]] and home[link[1]])  # what villages need may pass abroad
    }
    passed = np.zeros(region.size, dtype=bool)
    passed[np.array(list(kept)).ravel()] = True
    ours = (pairs[chosen][:, :2] < places.count).all(axis=1)
    neighbours = np.column_stack([pairs[chosen][ours, :2], toll[chosen][ours]])
    return Roads(_draw(rng, kept, ground), passed.reshape(region.shape), neighbours)


def _lay(links: dict[tuple[int, int], float], path: list[int], weight: float) -> None:
    for a, b in pairwise(path):
        link = (min(a, b), max(a, b))
        links[link] = max(links.get(link, 0.0), weight)


def _choose(pairs: Ints, toll: Floats, count: int) -> Ints:
    """Return which meetings become roads: the cheapest that join all, then those that save a long detour."""
    group = np.arange(count)
    apart = np.full((count, count), np.inf, dtype=np.float32)
    np.fill_diagonal(apart, 0)
    chosen, left = [], []
    for index, (a, b) in enumerate(pairs[:, :2].tolist()):
        if group[a] == group[b]:
            left.append(index)
            continue
        one, other = np.flatnonzero(group == group[a]), np.flatnonzero(group == group[b])
        across = apart[one, a][:, None] + np.float32(toll[index]) + apart[b, other][None, :]
        apart[np.ix_(one, other)] = across
        apart[np.ix_(other, one)] = across.T
        group[other] = group[a]
        chosen.append(index)
    for index in left:
        a, b = pairs[index, :2]
        if apart[a, b] > _DETOUR_MAX * toll[index]:
            through = apart[:, a][:, None] + np.float32(toll[index]) + apart[b, :][None, :]
            apart = np.minimum(apart, np.minimum(through, through.T))
            chosen.append(index)
    return np.array(chosen, dtype=np.intp)


def _loads(pairs: Ints, toll: Floats, places: Places, ground: Ground) -> Floats:
    """Return how many villages reach the town over each road; the through road has `_NATIONAL` more."""
    around: dict[int, list[tuple[float, int, int]]] = {}
    for index, ((a, b), price) in enumerate(zip(pairs[:, :2].tolist(), toll.tolist(), strict=True)):
        around.setdefault(a, []).append((price, b, index))
        around.setdefault(b, []).append((price, a, index))
    best, behind, order = {0: 0.0}, {}, []
    queue = [(0.0, 0)]
    while queue:
        spent, place = heapq.heappop(queue)
        if spent > best[place]:
            continue
        order.append(place)
        for price, there, index in around[place]:
            if spent + price < best.get(there, np.inf):
                best[there] = spent + price
                behind[there] = (place, index)
                heapq.heappush(queue, (best[there], there))
    demand = (np.arange(places.seeds.size) < places.count).astype(float)
    for gateway in _gateways(places, ground):
        demand[gateway] += _NATIONAL
    load = np.where((pairs[:, :2] < places.count).all(axis=1), _BESIDE, 0.0)
    for place in reversed(order[1:]):
        towards, index = behind[place]
        load[index] += demand[place]
        demand[towards] += demand[place]
    return load


def _gateways(places: Places, ground: Ground) -> list[int]:
    """Return neighbours far from the town and from one another, on low ground."""
    row, column = np.unravel_index(places.seeds, ground.cells.shape)
    outside = np.arange(places.seeds.size) >= places.count
    if not outside.any():
        return []
    apart = np.hypot(row - row[0], column - column[0])
    merit = np.where(outside, 1.0, 0.0) / (1 + ground.height.ravel()[places.seeds] / 700)
    picked: list[int] = []
    for _ in range(min(_GATEWAYS, int(outside.sum()))):
        picked.append(int(np.argmax(apart * merit)))
        apart = np.minimum(apart, np.hypot(row - row[picked[-1]], column - column[picked[-1]]))
    return picked


def _draw(rng: np.random.Generator, links: dict[tuple[int, int], float], ground: Ground) -> gpd.GeoDataFrame:
    lines, kinds = [], []
    shift = rng.uniform(-_OFF_CENTRE, _OFF_CENTRE, (2, ground.slope.size))
    for line in chains(sorted(links)):
        cells = np.array(line)
        row, column = np.divmod(cells, ground.cells.columns)
        x, y = ground.cells.place(row + shift[0, cells], column + shift[1, cells])
        weight = max(links[min(a, b), max(a, b)] for a, b in pairwise(line))
        lines.append(shapely.LineString(smoothed(np.column_stack([x, y]), 4)))
        limits = (_NATIONAL, _REGENCY, _BESIDE, 0.0)
        kinds.append(next(kind for kind, least in zip(CLASSES, limits, strict=True) if weight >= least))
    return gpd.GeoDataFrame({"kind": kinds}, geometry=shapely.simplify(np.array(lines), 8.0), crs=CRS)


def road_map(roads: Roads, area: shapely.Geometry) -> gpd.GeoDataFrame:
    """Return the roads of `area` (EPSG:4326) and where they go on beyond it: kind, geometry (EPSG:4326)."""
    frame = roads.lines.to_crs(WGS84)
    frame["geometry"] = shapely.set_precision(frame.intersection(shapely.buffer(area, _BEYOND_DEG)).array, 1e-6)
    return frame[~frame.is_empty].explode(ignore_index=True)
