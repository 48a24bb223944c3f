"""Heights of trees and houses from a raster of land cover, on the terrain's grid.

A pixel of terrain gets the mean of the representative heights of the classes found at points spread evenly in it, as many
as class pixels fit in (one, its centre, where land cover is the coarser of the two). Positions are carried over on a
lattice of every 16th pixel and straight in between, which is exact to a hundredth of a pixel and fast. Points of no class or
of an unknown one do not count; a pixel of such points alone has no clutter.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from pyproj import CRS, Transformer

from blankspot.sources.pixels import pixel_m

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from affine import Affine
    from numpy.typing import NDArray

    from blankspot.sources.mosaic import Mosaic
    from blankspot.terrain import Window

_LATTICE: Final = 16
_POINTS_MAX: Final = 16
_CODES: Final = 256


@dataclass(frozen=True, kw_only=True, eq=False)
class Clutter:
    """Land cover seen from a grid of terrain.

    Attributes:
        cover: Class codes, 0 to 255.
        heights_m: Representative height by code, NaN for an unknown one; 256 long.
        crs: Of the terrain's grid.
        transform: Of the terrain's grid.
        points: Along a side of a terrain pixel.
    """

    cover: Mosaic
    heights_m: NDArray[np.float32]
    crs: str
    transform: Affine
    points: int

    def heights(self, window: Window) -> NDArray[np.float32]:
        """Return mean representative heights in metres of a window of the terrain's grid; 0 where none is known."""
        _, _, rows, columns = window
        column, row = self._positions(window)
        with np.errstate(invalid="ignore"):
            column, row = np.floor(column), np.floor(row)
        known = np.isfinite(column) & np.isfinite(row)
        inside = known & (column >= 0) & (row >= 0) & (column < self.cover.shape[1]) & (row < self.cover.shape[0])
        found = np.full(inside.shape, np.nan, dtype=np.float32)
        if inside.any():
            at_row, at_column = row[inside].astype(np.int64), column[inside].astype(np.int64)
            top, left = int(at_row.min()), int(at_column.min())
            asked = (top, left, int(at_row.max()) - top + 1, int(at_column.max()) - left + 1)
            codes, _ = self.cover.read(asked)
            found[inside] = self._mapped(codes)[at_row - top, at_column - left]
        return _means(found.reshape(rows, self.points, columns, self.points))

    def unknown(self, windows: Iterable[Window]) -> tuple[Counter[float], int, int]:
        """Look at windows of the land cover: codes without a height and how often, pixels without a class, and pixels."""
        strange: Counter[float] = Counter()
        empty = pixels = 0
        for window in windows:
            codes, _ = self.cover.read(window)
            filled = codes[~np.isnan(codes) & (codes != 0)]
            empty += codes.size - filled.size
            pixels += codes.size
            for code, count in zip(*np.unique(filled, return_counts=True), strict=True):
                if np.isnan(self._mapped(np.array([code]))[0]):
                    strange[float(code)] += int(count)
        return strange, empty, pixels

    def _mapped(self, codes: NDArray[np.float32]) -> NDArray[np.float32]:
        with np.errstate(invalid="ignore"):
            valid = (codes >= 0) & (codes < _CODES) & (codes == np.rint(codes))
        return np.where(valid, self.heights_m[np.where(valid, codes, 0).astype(np.intp)], np.float32(np.nan))

    def _positions(self, window: Window) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return fractional column and row of land cover of all points in a window."""
        top, left, rows, columns = window
        across, down = _nodes(left, columns), _nodes(top, rows)
        columns_at, rows_at = np.meshgrid(across, down)
        x = self.transform.a * columns_at + self.transform.c  # a grid is never rotated
        y = self.transform.e * rows_at + self.transform.f
        if CRS.from_user_input(self.crs) != CRS.from_user_input(self.cover.crs):
            x, y = Transformer.from_crs(self.crs, self.cover.crs, always_xy=True).transform(x, y)
        with np.errstate(invalid="ignore"):
            nodes = ~self.cover.transform @ (x, y)
        spread = (np.arange(self.points) + 0.5) / self.points
        at_columns = (left + np.arange(columns)[:, np.newaxis] + spread).ravel()
        at_rows = (top + np.arange(rows)[:, np.newaxis] + spread).ravel()
        column, row = (_between(np.asarray(one), across, down, at_columns, at_rows) for one in nodes)
        return column, row


def see(cover: Mosaic, table: Mapping[str, float], *, crs: str, transform: Affine, shape: tuple[int, int]) -> Clutter:
    """Return land cover as clutter of a grid; `table` is height by class code, `settings.radio.clutter_m`."""
    heights = np.full(_CODES, np.nan, dtype=np.float32)
    for code, height in table.items():
        heights[int(code)] = height
    ratio = pixel_m(crs, transform, shape) / pixel_m(cover.crs, cover.transform, cover.shape)
    points = min(_POINTS_MAX, max(1, round(ratio)))
    return Clutter(cover=cover, heights_m=heights, crs=crs, transform=transform, points=points)


def _nodes(start: int, count: int) -> NDArray[np.float64]:
    return np.unique(np.append(np.arange(start, start + count, _LATTICE), start + count)).astype(np.float64)


def _between(
    values: NDArray[np.float64],
    across: NDArray[np.float64],
    down: NDArray[np.float64],
    columns: NDArray[np.float64],
    rows: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Interpolate values at nodes bilinearly at all (row, column)."""
    left = np.clip(np.searchsorted(across, columns, side="right") - 1, 0, len(across) - 2)
    part = (columns - across[left]) / (across[left + 1] - across[left])
    along = values[:, left] * (1 - part) + values[:, left + 1] * part
    top = np.clip(np.searchsorted(down, rows, side="right") - 1, 0, len(down) - 2)
    part = ((rows - down[top]) / (down[top + 1] - down[top]))[:, np.newaxis]
    return np.asarray(along[top] * (1 - part) + along[top + 1] * part)


def _means(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return means over axes 1 and 3 that leave NaN out; 0 where there is nothing else."""
    known = ~np.isnan(points)
    count = known.sum(axis=(1, 3))
    total = np.where(known, points, 0).sum(axis=(1, 3), dtype=np.float64)
    return np.where(count > 0, total / np.maximum(count, 1), 0).astype(np.float32)
