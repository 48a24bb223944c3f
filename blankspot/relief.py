"""What a raster says of the ground under it: how large its pixels are, how steep it is, how the light falls on it.

Sizes are measured on the ellipsoid and row by row, so that degrees, metres and Web Mercator (whose metres are longer than
those on the ground) give the same slope and the same density for the same land.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from pyproj import CRS, Geod, Transformer

from blankspot.errors import UsageError
from blankspot.geo import WGS84
from blankspot.grid import Grid
from blankspot.words import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

_GEOD: Final = Geod(ellps="WGS84")
_M2_PER_KM2: Final = 1e6
_SLACK_M: Final = 0.5  # a pixel of 99.6 m on the ellipsoid is one of 100 m


def pixel_sizes_m(grid: Grid) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how long a step to the right and a step down is on the ground, in metres, one value per row.

    Measured at the middle column, along the geodesic; for a grid that is not rotated.
    """
    rows, columns = grid.shape
    row: NDArray[np.float64] = np.arange(rows, dtype=float) + 0.5
    column = np.full(rows, columns / 2)
    here = _degrees(grid, column - 0.5, row)
    right = _degrees(grid, column + 0.5, row)
    above, below = _degrees(grid, column, row - 0.5), _degrees(grid, column, row + 0.5)
    width = _GEOD.inv(*here, *right)[2]
    height = _GEOD.inv(*above, *below)[2]
    return np.asarray(width, dtype=float), np.asarray(height, dtype=float)


def per_km2(grid: Grid) -> Grid:
    """Return a grid of counts per pixel as counts per km² of ground."""
    width, height = pixel_sizes_m(grid)
    return replace(grid, values=grid.values / (width * height / _M2_PER_KM2)[:, np.newaxis])


def summed_to(grid: Grid, size_m: float) -> Grid:
    """Return a grid of counts whose pixels are at least `size_m` wide and high: whole blocks of pixels, added up.

    Pixels that are large enough already stay as they are. A block is empty where all of its pixels are; at the right and
    lower edge it may be cut, and counts what it has.
    """
    width, height = (float(np.median(sizes)) for sizes in pixel_sizes_m(grid))
    across, down = (max(1, math.ceil((size_m - _SLACK_M) / size)) for size in (width, height))
    if across == down == 1:
        return grid
    rows, columns = grid.shape
    padded = np.pad(grid.values, ((0, -rows % down), (0, -columns % across)), constant_values=np.nan)
    blocks = padded.reshape(padded.shape[0] // down, down, padded.shape[1] // across, across)
    filled = np.isfinite(blocks).any(axis=(1, 3))
    sums = np.where(filled, np.nansum(blocks, axis=(1, 3)), np.nan)
    return Grid(sums, grid.transform @ type(grid.transform).scale(across, down), grid.crs)


def hillshade(
    heights: Grid, *, azimuth_deg: float = 315.0, altitude_deg: float = 45.0, exaggeration: float = 1.0
) -> Grid:
    """Return how brightly each pixel of a terrain is lit, 0 (away from the light) to 1 (facing it).

    The slope is Horn's weighted difference of the eight neighbours (Horn 1981, Hill shading and the reflectance map,
    Proc. IEEE 69, 14-47); the light is parallel, and flat ground is lit by sin(altitude). At the edge the terrain goes on
    as it slopes; a pixel with an empty neighbour is empty.

    Args:
        heights: Metres above any level; NaN is no data. Not rotated.
        azimuth_deg: Where the light comes from, clockwise from north. North-west is what map readers are used to.
        altitude_deg: How high the light stands above the horizon.
        exaggeration: What heights are multiplied with.

    Raises:
        UsageError: The grid is rotated, or smaller than two by two pixels.
    """
    rows, columns = heights.shape
    if heights.transform.b or heights.transform.d or min(rows, columns) < 2:  # noqa: PLR2004 - a slope needs two
        raise UsageError(
            Text(
                f"Bayangan lereng perlu raster ketinggian yang tegak, sedikitnya 2 × 2 piksel; ini {rows} × {columns}.",
                f"Hillshade needs an upright raster of heights of at least 2 by 2 pixels; this one is {rows} by {columns}.",
            ),
            hint=Text("Tegakkan rasternya lebih dahulu.", "Warp it upright first."),
        )
    width, height = pixel_sizes_m(heights)
    z = np.pad(heights.values.astype(np.float32) * exaggeration, 1, mode="reflect", reflect_type="odd")
    sums_down = z[:-2] + 2 * z[1:-1] + z[2:]
    sums_across = z[:, :-2] + 2 * z[:, 1:-1] + z[:, 2:]
    east = (sums_down[:, 2:] - sums_down[:, :-2]) / (8 * width[:, np.newaxis])
    north = (sums_across[:-2] - sums_across[2:]) / (8 * height[:, np.newaxis])
    azimuth, altitude = math.radians(azimuth_deg), math.radians(altitude_deg)
    towards = (math.sin(azimuth) * math.cos(altitude), math.cos(azimuth) * math.cos(altitude), math.sin(altitude))
    lit = (towards[2] - east * towards[0] - north * towards[1]) / np.sqrt(1 + east**2 + north**2)
    return replace(heights, values=np.where(np.isnan(heights.values), np.nan, np.clip(lit, 0, 1)))


def _degrees(
    grid: Grid, column: NDArray[np.float64], row: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return longitude and latitude of fractional pixel positions."""
    x, y = map(np.asarray, grid.transform @ tuple(np.stack([column, row])))
    if CRS.from_user_input(grid.crs).is_geographic:
        return x, y
    lon, lat = Transformer.from_crs(grid.crs, WGS84, always_xy=True).transform(x, y)
    return lon, lat
