"""Which pixels of a prediction count for which village, and how much.

A pixel belongs to the one village that holds its centre (`locate`), so none counts twice and no village depends on its
neighbours; a village too small to hold a centre takes the pixel under a point inside it. Where people are given, a pixel
weighs the people who live in it: of a coarser population every pixel is spread evenly over those of the prediction, of a finer
one the people are added up. Pixels where nobody lives count only in a village without people, which is weighed by area.

Work goes tile by tile over the prediction's own grid, so that memory depends on the tile and not on the area.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from affine import Affine

from blankspot.classify.interval import effective_n
from blankspot.coverage import pixel_window
from blankspot.grid import Grid
from blankspot.locate import Locator
from blankspot.relief import pixel_sizes_m

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

    from blankspot.coverage import Lattice

Bounds = tuple[float, float, float, float]
_TILE_PIXELS: Final = 512  # along a side: 3 MB a layer


@dataclass(frozen=True, eq=False)
class Points:
    """Pixels that count: the village (row) of each, its row and column on the whole grid, its weight."""

    village: NDArray[np.intp]
    row: NDArray[np.intp]
    column: NDArray[np.intp]
    weight: NDArray[np.float64]

    def where(self, mask: NDArray[np.bool_]) -> Points:
        """Return the points that a mask keeps."""
        return Points(self.village[mask], self.row[mask], self.column[mask], self.weight[mask])


@dataclass(frozen=True, eq=False)
class Tile:
    """A square of the grid, `side` pixels wide: the first row and column, and its bounds in degrees."""

    row: int
    column: int
    side: int
    bounds: Bounds


@dataclass(frozen=True, eq=False)
class Weights:
    """Of each village: whether people weigh it, its whole weight, and over how many independent patches that lies."""

    by_people: NDArray[np.bool_]
    total: NDArray[np.float64]
    patches: NDArray[np.float64]


class Pixels:
    """The pixels of a prediction under a set of villages, rows and columns counted from its first pixel.

    Args:
        lattice: The prediction's grid.
        villages: At least village_code and geometry in EPSG:4326.
        population: People per pixel, on any grid.
        patch_m: Places nearer to each other than this err alike.
    """

    def __init__(self, lattice: Lattice, villages: gpd.GeoDataFrame, population: Grid | None, patch_m: float) -> None:
        self._lattice = lattice
        self._locator = Locator(villages)
        self._count = len(villages)
        self._bounds = villages.geometry.bounds.to_numpy(dtype=float).T
        west, south, east, north = map(float, villages.total_bounds)
        self._whole: Bounds = west, south, east, north
        inner = villages.geometry.representative_point()
        row, column = lattice.pixel_of(inner.x.to_numpy(), inner.y.to_numpy())
        self._inner = Points(np.arange(self._count), row, column, np.ones(self._count))
        size_m = self._pixel_m()
        self._population = None if population is None else (population, _coarser(population, size_m))
        self._patch = max(1, round(patch_m / size_m))
        self._side = self._patch * math.ceil(_TILE_PIXELS / self._patch)  # whole patches in every tile

    def weigh(self) -> Weights:
        """Find what every village weighs, and over how many independent patches (Kish's effective number)."""
        area, people = np.zeros((2, self._count)), np.zeros((2, self._count))
        for tile in self.tiles():
            held, inhabited = self._held(tile)
            for sums, points in ((area, held), (people, inhabited)):
                _add(sums, points, self._patch)
        self._inner = self._inner.where(area[0, self._inner.village] == 0)
        area[:, self._inner.village] = 1.0
        by_people = people[0] > 0
        total, squares = np.where(by_people, people, area)
        return Weights(by_people, total, np.maximum(effective_n(total, squares), 1.0))

    def points(self, tile: Tile, weights: Weights) -> Points:
        """Return the pixels of a tile that count: of each village those with people, or all where none has any."""
        held, inhabited = self._held(tile)
        small = self._inner.where(
            (self._inner.row // self._side * self._side == tile.row)
            & (self._inner.column // self._side * self._side == tile.column)
        )
        parts = [part.where(~weights.by_people[part.village]) for part in (held, small)]
        return _joined([*parts, inhabited])

    def tiles(self) -> Iterator[Tile]:
        """Yield the tiles that villages lie in."""
        side = self._side
        top, left, rows, columns = self._lattice.around(self._whole)
        first_x, first_y, last_x, last_y = self._bounds
        for row in range(top // side * side, top + rows, side):
            for column in range(left // side * side, left + columns, side):
                tile = Tile(row, column, side, self._lattice.bounds(row, column, side, side))
                west, south, east, north = tile.bounds
                if ((first_x <= east) & (last_x >= west) & (first_y <= north) & (last_y >= south)).any():
                    yield tile

    def _held(self, tile: Tile) -> tuple[Points, Points]:
        """Return the pixels of a tile whose centre a village holds, and those with people, weighed by them."""
        at, empty = self._lattice.place(tile.row, tile.column), np.broadcast_to(np.float32(0), (tile.side, tile.side))
        lon, lat = Grid(empty, at, self._lattice.crs).centres()
        village = self._locator.locate(lon, lat)
        row, column = np.nonzero(village >= 0)
        inside = village[row, column].astype(np.intp)
        held = Points(inside, row + tile.row, column + tile.column, np.ones(len(row)))
        if self._population is None:
            return held, held.where(np.zeros(len(row), dtype=bool))
        population, coarser = self._population
        if not coarser:
            return held, self._gathered(tile, population)
        people = population.sample(lon[row, column], lat[row, column])
        lived = np.isfinite(people) & (people > 0)
        return held, Points(inside, held.row, held.column, people).where(lived)

    def _gathered(self, tile: Tile, population: Grid) -> Points:
        """Add the people of a finer grid up to the pixels of a tile; people count where their pixel's centre lies."""
        row, column, rows, columns = pixel_window(population.transform, population.crs, population.shape, tile.bounds)
        people = np.asarray(population.values[row : row + rows, column : column + columns], dtype=float)
        at = population.transform @ Affine.translation(column, row)
        lived = np.isfinite(people) & (people > 0)
        lon, lat = (values[lived] for values in Grid(people, at, population.crs).centres())
        row_of, column_of = self._lattice.pixel_of(lon, lat)
        points = Points(self._locator.locate(lon, lat).astype(np.intp), row_of, column_of, people[lived])
        inside = (points.row // tile.side * tile.side == tile.row) & (
            points.column // tile.side * tile.side == tile.column
        )
        return _gather(points.where(inside & (points.village >= 0)))

    def _pixel_m(self) -> float:
        """Return the longer side of a pixel in the middle of the villages."""
        west, south, east, north = self._whole
        row, column = self._lattice.pixel_of([(west + east) / 2], [(south + north) / 2])
        at = self._lattice.place(int(row[0]), int(column[0]))
        return _size_m(Grid(np.zeros((1, 1)), at, self._lattice.crs))


def _size_m(grid: Grid) -> float:
    return max(float(sizes[0]) for sizes in pixel_sizes_m(grid))


def _coarser(population: Grid, size_m: float) -> bool:
    return _size_m(population) >= size_m


def _add(sums: NDArray[np.float64], points: Points, patch: int) -> None:
    """Add to each village its weight, and the squares of the weights of its patches."""
    sums[0] += np.bincount(points.village, points.weight, sums.shape[1])
    patches = _gather(Points(points.village, points.row // patch, points.column // patch, points.weight))
    sums[1] += np.bincount(patches.village, patches.weight**2, sums.shape[1])


def _gather(points: Points) -> Points:
    """Return each village and place once, weights added up."""
    if not len(points.village):
        return points
    top, left = points.row.min(), points.column.min()
    high, wide = points.row.max() - top + 1, points.column.max() - left + 1
    found, which = np.unique(
        (points.village * high + points.row - top) * wide + points.column - left, return_inverse=True
    )
    weight = np.asarray(np.bincount(which, points.weight), dtype=np.float64)
    place, column = np.divmod(found, wide)
    village, row = np.divmod(place, high)
    return Points(village, row + top, column + left, weight)


def _joined(parts: list[Points]) -> Points:
    return Points(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("village", "row", "column", "weight"))
    )
