"""A raster as a value: an array, where it lies, and what an empty pixel is.

Nodata is NaN in floating arrays, so no pixel can be mistaken for a number. Row 0 is the northernmost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Transformer

from blankspot.geo import WGS84

if TYPE_CHECKING:
    from affine import Affine
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class Grid:
    """A raster in memory.

    Attributes:
        values: Shape (rows, columns), floating; NaN is no data.
        transform: From (column, row) to coordinates of `crs`, pixel corners at integers.
        crs: Coordinate system, anything pyproj understands.
    """

    values: NDArray[np.floating]
    transform: Affine
    crs: str

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.values.shape
        return rows, columns

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in `crs`; for a grid that is not rotated."""
        rows, columns = self.shape
        west, north = self.transform @ (0, 0)
        east, south = self.transform @ (columns, rows)
        return west, south, east, north

    def positions(self, lon: ArrayLike, lat: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return fractional (column, row) of positions in degrees; pixel centres are at halves."""
        lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
        if CRS.from_user_input(self.crs) != CRS.from_user_input(WGS84):
            lon, lat = Transformer.from_crs(WGS84, self.crs, always_xy=True).transform(lon, lat)
        with np.errstate(invalid="ignore"):  # infinity lies nowhere
            column, row = ~self.transform @ (lon, lat)
        return np.asarray(column, dtype=float), np.asarray(row, dtype=float)

    def sample(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
        """Return the value of the pixel that holds each position in degrees; NaN outside."""
        column, row = self.positions(lon, lat)
        rows, columns = self.shape
        with np.errstate(invalid="ignore"):
            inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        sampled = np.full(column.shape, np.nan)
        sampled[inside] = self.values[row[inside].astype(np.intp), column[inside].astype(np.intp)]
        return sampled

    def centres(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return longitude and latitude of all pixel centres, each of the grid's shape."""
        rows, columns = self.shape
        x, y = self.transform @ tuple(np.meshgrid(np.arange(columns) + 0.5, np.arange(rows) + 0.5))
        if CRS.from_user_input(self.crs) == CRS.from_user_input(WGS84):
            return x, y
        lon, lat = Transformer.from_crs(self.crs, WGS84, always_xy=True).transform(x, y)
        return lon, lat
