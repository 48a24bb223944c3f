"""Rasters in Web Mercator: any coordinate system, any rotation, onto an upright grid that the browser only stretches.

Values are averaged where pixels become larger, and repeated where they become smaller: nothing is smoothed that a reader
could take for measured detail. Colours are never mixed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import rasterio.crs
import rasterio.errors
import rasterio.warp
from affine import Affine
from pyproj import Transformer

from blankspot.errors import UsageError
from blankspot.geo import WGS84
from blankspot.words import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from blankspot.grid import Grid

_HALF_M: Final = 20_037_508.342789244  # half the world's width
_LATITUDE_MAX: Final = 85.0511
_OUTLINE_POINTS: Final = 21  # per side of a raster: enough for the bend of a UTM zone
_COARSER: Final = 1.05  # pixels larger by less than this are still the same pixels
_WHOLE_PIXEL: Final = 0.05  # a sliver of a pixel at the edge is none
_HALF_TURN_DEG: Final = 180.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """A raster that is colour already, such as a scanned plan.

    Attributes:
        rgba: Shape (rows, columns, 4), 8 bits per channel; alpha 0 is no data.
        transform: From (column, row) to coordinates of `crs`.
        crs: As in `Grid`.
    """

    rgba: NDArray[np.uint8]
    transform: Affine
    crs: str


class Mercator(NamedTuple):
    """Values on an upright grid in Web Mercator, and its west, south, east and north in degrees."""

    values: NDArray[Any]
    bounds: tuple[float, float, float, float]


def to_mercator(raster: Grid | Picture, *, pixels_max: int) -> Mercator:
    """Warp a raster to Web Mercator with about as many pixels as it has, at most `pixels_max`.

    Where pixels become larger, values are averaged over the filled part; else the nearest is taken. Colours are never mixed.

    Raises:
        UsageError: The raster does not say where it lies, lies nowhere, holds nothing, or crosses the antimeridian.
    """
    values = raster.rgba if isinstance(raster, Picture) else raster.values
    crs = _crs(raster)
    west, south, east, north, own_size_m = _extent_m(raster, values.shape[:2])
    size_m = max(own_size_m, math.sqrt((east - west) * (north - south) / pixels_max))
    wide, high = (max(1, math.ceil(span / size_m - _WHOLE_PIXEL)) for span in (east - west, north - south))
    target = Affine((east - west) / wide, 0, west, 0, (south - north) / high, north)
    coarser = size_m > own_size_m * _COARSER
    options = {
        "src_transform": raster.transform,
        "src_crs": crs,
        "dst_transform": target,
        "dst_crs": "EPSG:3857",
    }
    nearest = rasterio.warp.Resampling.nearest
    if isinstance(raster, Picture):
        bands = np.zeros((4, high, wide), dtype=np.uint8)
        rasterio.warp.reproject(np.ascontiguousarray(np.moveaxis(values, -1, 0)), bands, resampling=nearest, **options)
        return Mercator(np.moveaxis(bands, 0, -1), _degrees(west, south, east, north))
    warped = np.full((high, wide), np.nan, dtype=np.float32)
    source = np.where(np.isfinite(values), values, np.nan).astype(np.float32)
    how = rasterio.warp.Resampling.average if coarser else nearest
    rasterio.warp.reproject(source, warped, src_nodata=np.nan, dst_nodata=np.nan, resampling=how, **options)
    return Mercator(warped, _degrees(west, south, east, north))


def _crs(raster: Grid | Picture) -> rasterio.crs.CRS:
    try:
        return rasterio.crs.CRS.from_user_input(raster.crs)
    except (rasterio.errors.CRSError, TypeError, ValueError) as error:
        raise UsageError(
            Text(
                f"Raster tidak menyebut sistem koordinat yang dikenal: {raster.crs!r}.",
                f"The raster names no coordinate system that is known: {raster.crs!r}.",
            ),
            hint=Text('Sebutkan crs, misalnya "EPSG:4326".', 'Give crs, e.g. "EPSG:4326".'),
        ) from error


def _extent_m(raster: Grid | Picture, shape: tuple[int, int]) -> tuple[float, float, float, float, float]:
    """Return west, south, east, north of a raster that may be rotated, and the side of its pixels, in Mercator metres."""
    rows, columns = shape
    flat = raster.transform.a * raster.transform.e - raster.transform.b * raster.transform.d
    if not rows * columns or not math.isfinite(flat) or not flat or raster.transform == Affine.identity():
        raise UsageError(
            Text(
                f"Raster {rows} × {columns} tidak menyebut letaknya.",
                f"The raster of {rows} by {columns} does not say where it lies.",
            ),
            hint=Text("Beri transform dari piksel ke koordinat.", "Give the transform from pixels to coordinates."),
        )
    along = np.linspace(0, 1, _OUTLINE_POINTS)
    column, row = (axis.ravel() for axis in np.meshgrid(along * columns, along * rows))
    x, y = map(np.asarray, raster.transform @ tuple(np.stack([column, row])))
    lon, lat = Transformer.from_crs(raster.crs, WGS84, always_xy=True).transform(x, y)
    turned = lon.reshape(_OUTLINE_POINTS, -1)
    if np.isfinite(lon).all() and np.isfinite(lat).all():
        jumps = max(np.abs(np.diff(turned, axis=axis)).max() for axis in (0, 1)) > _HALF_TURN_DEG
        if jumps or np.abs(lon).max() > _HALF_TURN_DEG + 1e-9:
            raise UsageError(
                Text("Raster melintasi garis tanggal (bujur 180°).", "The raster crosses the antimeridian (180°)."),
                hint=Text("Potong menjadi dua raster.", "Cut it into two rasters."),
            )
    south, north = (float(np.clip(edge, -_LATITUDE_MAX, _LATITUDE_MAX)) for edge in (lat.min(), lat.max()))
    if not np.isfinite([lon.min(), lon.max(), south, north]).all() or south >= north or lon.min() >= lon.max():
        raise UsageError(
            Text(
                "Raster terletak di luar peta dunia: koordinatnya tidak cocok dengan sistem koordinatnya.",
                "The raster lies off the map of the world: its coordinates do not fit its coordinate system.",
            ),
            hint=Text("Periksa transform dan crs.", "Check transform and crs."),
        )
    side_m = math.sqrt(_area_m2(turned, np.clip(lat, south, north).reshape(turned.shape)) / (rows * columns))
    return _mercator_x(lon.min()), _mercator_y(south), _mercator_x(lon.max()), _mercator_y(north), side_m


def _area_m2(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> float:
    """Return the area that a raster covers in Web Mercator, from a lattice of its positions."""
    x, y = (
        np.array([to(one) for one in (*axis[0, :], *axis[1:, -1], *axis[-1, -2::-1], *axis[-2:0:-1, 0])])
        for axis, to in ((lon, _mercator_x), (lat, _mercator_y))
    )  # once around the rim
    return float(abs(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) / 2)


def _mercator_x(lon: float) -> float:
    return float(lon) / 180 * _HALF_M


def _mercator_y(lat: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / math.pi * _HALF_M


def _degrees(west: float, south: float, east: float, north: float) -> tuple[float, float, float, float]:
    def lat(y: float) -> float:
        return math.degrees(2 * math.atan(math.exp(y / _HALF_M * math.pi)) - math.pi / 2)

    def lon(x: float) -> float:
        return x / _HALF_M * 180

    return round(lon(west), 7), round(lat(south), 7), round(lon(east), 7), round(lat(north), 7)
