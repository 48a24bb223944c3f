"""Where people live: villages in valleys and on gentle ground, hamlets around them, a town at the plain's edge.

Villages are placed one after the other, each where the ground invites and the others are far, over the whole world; those
outside the kabupaten's rough outline are neighbours, so that the outer border arises as the inner ones do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from blankspot.demo.fields import Lattice, blur, lattice, resample, smooth_field, steepness, stream
from blankspot.demo.growth import inner

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from blankspot.demo.fields import Floats, Ints
    from blankspot.demo.terrain import Land

CELL_M: Final = 100.0
_SLOPE_COMFORT: Final = 0.13
_COLD_M: Final = 1450.0
_FLOODS_KM2: Final = 8.0
_OUTLINE: Final = 0.80  # of the half width; the rest is neighbours
_CLEAR: Final = 6  # cells between two village centres
_HAMLET_APART_M: Final = 550.0
_FADE: Final = 3.5  # reaches after which a hamlet has no more houses
_HAMLET_REACH_M: Final = 420.0


@dataclass(frozen=True)
class Ground:
    """What the 100 m cells offer.

    Attributes:
        cells: Lattice of 100 m.
        height: Metres.
        slope: Rise over run.
        hollow: Height above the mean of the surroundings in metres; negative in valleys, positive on ridges.
        suit: How well one lives there, 0 to 1.
        stream_km2: Catchment of the largest stream through the cell, 0 where there is none.
    """

    cells: Lattice
    height: Floats
    slope: Floats
    hollow: Floats
    suit: Floats
    stream_km2: Floats


@dataclass(frozen=True)
class Places:
    """Seeds of the villages.

    Attributes:
        seeds: Flat cells of all village centres; the first `count` are the kabupaten's, the others its neighbours'.
        count: Villages of the kabupaten.
    """

    seeds: Ints
    count: int


def survey_ground(seed: int, villages: int, land: Land, stream_km2: Floats) -> Ground:
    """Return what the land offers on cells of 100 m."""
    cells = lattice(villages, CELL_M)
    height = resample(land.heights, land.fine, cells)
    slope = steepness(height, CELL_M)
    hollow = height - blur(height, 5.0)
    taste = smooth_field(stream(seed, "ground"), cells.shape, length=12)
    gentle = np.exp(-((slope / _SLOPE_COMFORT) ** 1.3))
    mild = 1 / (1 + np.exp((height - _COLD_M) / 110))
    sheltered = np.exp(-np.clip(hollow, 0, None) / 25)
    dry = np.where(stream_km2 >= _FLOODS_KM2, 0.15, 1.0)
    suit = np.round(dry * gentle * mild * sheltered * np.clip(0.75 + 0.25 * taste, 0.2, 1.4) / 1.4, 6)
    return Ground(cells, height, slope, hollow, suit, stream_km2)


def place_villages(seed: int, villages: int, ground: Ground) -> Places:
    """Return the centres of the villages and of the neighbours beyond the border."""
    rng = stream(seed, "villages")
    cells = ground.cells
    coarse = lattice(villages, 2 * CELL_M)
    broad = resample(blur(ground.suit, 9.0), cells, coarse)
    local = resample(blur(ground.suit, 1.5), cells, coarse)
    inside = _outline(rng, coarse)
    spacing = (np.clip(broad, 0.02, None) / broad.mean()) ** -0.24
    merit = (0.3 + 0.7 * np.clip(local / 0.4, 0, 1)) * np.exp(0.10 * rng.standard_normal(coarse.shape)) / spacing
    x, y = coarse.centres()
    town = np.where(inside, broad * _middling(coarse), 0)
    chosen = [int(np.argmax(town))]
    apart = np.full(coarse.shape, np.inf)
    kept = 0
    flags: list[bool] = []
    while True:
        last = chosen[-1]
        flags.append(bool(inside.ravel()[last]))
        kept += flags[-1]
        if kept == villages:
            break
        apart = np.minimum(apart, np.hypot(x - x.ravel()[last], y - y.ravel()[last]))
        chosen.append(int(np.argmax(apart * merit)))
    picked, ours = np.array(chosen), np.array(flags)
    row, column = cells.find(x.ravel()[picked], y.ravel()[picked])
    seeds = _settle_down(ground, row, column)
    return Places(np.concatenate([seeds[ours], seeds[~ours]]), villages)


def _outline(rng: np.random.Generator, coarse: Lattice) -> NDArray[np.bool_]:
    rows, columns = coarse.shape
    down, right = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), indexing="ij")
    wobble = 0.11 * smooth_field(rng, coarse.shape, length=columns / 5)
    reach = (np.abs(right) ** 2.4 + np.abs(down) ** 2.4) ** (1 / 2.4)
    return np.asarray(reach < np.clip(_OUTLINE + wobble, 0.5, 0.9))


def _middling(coarse: Lattice) -> Floats:
    rows, columns = coarse.shape
    down, right = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), indexing="ij")
    return np.exp(-(down**2 + right**2) / 0.5)


def _settle_down(ground: Ground, row: Ints, column: Ints) -> Ints:
    """Move each centre to the best cell within 300 m that stays clear of the others."""
    columns = ground.cells.columns
    free = np.ones(ground.cells.shape, dtype=bool)
    seeds: list[int] = []
    for r, c in zip(row.tolist(), column.tolist(), strict=True):
        top, left = max(0, r - 3), max(0, c - 3)
        window = np.s_[top : r + 4, left : c + 4]
        ranked = np.where(free[window], ground.suit[window], -1.0)
        best = divmod(int(np.argmax(ranked)), ranked.shape[1]) if ranked.max() >= 0 else (r - top, c - left)
        row_best, column_best = top + best[0], left + best[1]
        free[
            max(0, row_best - _CLEAR) : row_best + _CLEAR + 1, max(0, column_best - _CLEAR) : column_best + _CLEAR + 1
        ] = False
        seeds.append(row_best * columns + column_best)
    return np.array(seeds, dtype=np.intp)


def place_hamlets(seed: int, ground: Ground, region: Ints, places: Places) -> list[list[int]]:
    """Return the flat cells of each village's hamlets, the village centre first."""
    rng = stream(seed, "hamlets")
    columns = ground.cells.columns
    score = (ground.suit + 0.02) * np.exp(0.6 * rng.standard_normal(ground.suit.shape))
    flat = np.where(inner(region >= 0, 2), score, 0.0).ravel()  # nobody lives across the border by a slip
    order = np.argsort(region, axis=None, kind="stable")
    cuts = np.searchsorted(region.ravel()[order], np.arange(places.count + 1))
    hamlets = []
    for village in range(places.count):
        members = order[cuts[village] : cuts[village + 1]]
        wanted = int(np.clip(rng.poisson(2.0) + len(members) // 200 + 1, 2, 9))
        picked = [int(places.seeds[village])]
        for cell in members[np.argsort(-flat[members], kind="stable")].tolist():
            if len(picked) == wanted or flat[cell] == 0:
                break
            if all(
                np.hypot(cell // columns - p // columns, cell % columns - p % columns) * CELL_M >= _HAMLET_APART_M
                for p in picked
            ):
                picked.append(cell)
        hamlets.append(picked)
    return hamlets


def count_people(rng: np.random.Generator, ground: Ground, places: Places) -> Floats:
    """Return how many people each village should have: more on good ground and around the town."""
    rows_columns = np.unravel_index(places.seeds[: places.count], ground.cells.shape)
    broad = blur(ground.suit, 9.0)[rows_columns]
    away = np.hypot(rows_columns[0] - rows_columns[0][0], rows_columns[1] - rows_columns[1][0]) * CELL_M
    size = 3300 * np.exp(0.33 * rng.standard_normal(places.count)) * (0.55 + 1.2 * broad / broad.mean())
    return np.asarray(size * (1 + 1.9 * np.exp(-((away / 3500) ** 2))))


def spread_people(
    seed: int, ground: Ground, region: Ints, places: Places, hamlets: list[list[int]], roads: np.ndarray
) -> Floats:
    """Return people per 100 m cell: around hamlets, along roads, on ground that suits; NaN outside the kabupaten.

    Args:
        seed: Seed of the world.
        ground: What the cells offer.
        region: Village of each cell, −1 outside.
        places: The villages.
        hamlets: Flat cells of each village's hamlets.
        roads: Which cells a road passes.
    """
    rng = stream(seed, "people")
    wanted = count_people(rng, ground, places)
    pull = np.full(ground.cells.shape, 0.004)
    for cells in hamlets:
        for rank, cell in enumerate(cells):
            _add_hamlet(
                pull, ground.cells, cell, float(np.exp(0.35 * rng.standard_normal())) * (1.4 if rank == 0 else 1.0)
            )
    along = np.clip(blur(roads.astype(float), 1.2) * 2.5, 0, 1)
    weight = pull * (0.15 + ground.suit) * (0.3 + along) * np.exp(0.3 * rng.standard_normal(pull.shape))
    weight = np.where(region >= 0, weight, 0.0)
    total = np.bincount(region[region >= 0], weights=weight[region >= 0], minlength=places.count)
    people = np.where(region >= 0, weight * (wanted / total)[np.clip(region, 0, None)], np.nan)
    return np.round(np.where(people < 0.01, 0.0, people), 2)  # noqa: PLR2004 - nobody lives on a hundredth


def _add_hamlet(pull: Floats, cells: Lattice, cell: int, size: float) -> None:
    reach = int(_FADE * _HAMLET_REACH_M / CELL_M) + 1
    row, column = divmod(cell, cells.columns)
    top, left = max(0, row - reach), max(0, column - reach)
    view = pull[top : row + reach + 1, left : column + reach + 1]
    down, right = np.ogrid[top - row : top - row + view.shape[0], left - column : left - column + view.shape[1]]
    view += size * np.maximum(np.exp(-np.hypot(down, right) * CELL_M / _HAMLET_REACH_M) - np.exp(-_FADE), 0.0)
