"""The projection of a sheet, its scale, and the statement of both.

Peraturan Kepala BIG 3/2016 asks for the projection, the grid and the datum. A sheet is drawn in the UTM zone of its middle, in which a
length on paper is true to 0.3 % as far as 4.5 degrees from the zone's own meridian. Wider areas (a large province, the
country) are drawn in Mercator's projection, true along the parallel of their middle. Geometry on disk is WGS 84; it and
Indonesia's SRGI2013 (ITRF2008 at 2012.0) have drifted apart by what the plates move, a metre at most, which no sheet here shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from pyproj import CRS, Transformer

from blankspot.geo import WGS84, local_crs
from blankspot.words import Text, number

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from blankspot.words import Lang

_FROM_MERIDIAN_MAX_DEG: Final = 4.5
_ZONE_DEG: Final = 6
_ROUND: Final = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.5, 10.0)
_DENOMINATOR_MIN: Final = 1000  # a sheet of one small village is no plan of its houses
_HALF_TURN: Final = 180
_STEP_DEG: Final = 1e-4


@dataclass(frozen=True, eq=False)
class Projection:
    """How degrees become metres on the plane of a sheet.

    Attributes:
        crs: The projected system.
        meridian: Its central meridian, degrees.
        zones: UTM zones that the area lies in; the first is the one drawn in. Empty where it is no UTM.
        south: Whether the zone is one of the southern half.
        parallel: Latitude along which Mercator's projection is true.
    """

    crs: CRS
    meridian: float
    zones: tuple[int, ...]
    south: bool
    parallel: float

    @property
    def is_utm(self) -> bool:
        """Whether the sheet is drawn in a UTM zone."""
        return bool(self.zones)

    @property
    def zone_name(self) -> str:
        """The zone drawn in, e.g. "48S"."""
        return f"{self.zones[0]}{'S' if self.south else 'N'}"

    def forward(self, lon: ArrayLike, lat: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Project degrees to metres."""
        x, y = self._there.transform(np.asarray(lon, float), np.asarray(lat, float))
        return np.asarray(x), np.asarray(y)

    def back(self, x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return longitude and latitude of metres; longitudes run on past 180 degrees where the area does."""
        lon, lat = self._back.transform(np.asarray(x, float), np.asarray(y, float))
        lon = np.asarray(lon)
        turned = (lon - self.meridian + _HALF_TURN) % (2 * _HALF_TURN) - _HALF_TURN + self.meridian
        return turned, np.asarray(lat)

    def shapes(self, geometries: NDArray[Any]) -> NDArray[Any]:
        """Project geometries in degrees; missing ones stay missing."""
        projected: NDArray[Any] = shapely.transform(
            geometries, lambda at: np.column_stack(self.forward(at[:, 0], at[:, 1]))
        )
        return projected

    def true_north_deg(self, x: float, y: float) -> float:
        """Return by how much true north lies east of grid north at a place, degrees."""
        lon, lat = self.back(x, y)
        ahead_x, ahead_y = self.forward(float(lon), float(lat) + _STEP_DEG)
        return float(np.degrees(np.arctan2(float(ahead_x) - x, float(ahead_y) - y)))

    @property
    def _there(self) -> Transformer:
        return Transformer.from_crs(WGS84, self.crs, always_xy=True)

    @property
    def _back(self) -> Transformer:
        return Transformer.from_crs(self.crs, WGS84, always_xy=True)

    def name(self, lang: Lang) -> Text:
        """Return name of the projection and of the grid."""
        if self.is_utm:
            grid = f"UTM zona {self.zone_name}", f"UTM zone {self.zone_name}"
            return Text(f"Transverse Mercator; {grid[0]}", f"Transverse Mercator; {grid[1]}")
        at = latitude_text(self.parallel, lang)
        return Text(f"Mercator, skala benar pada {at}", f"Mercator, true to scale along {at}")


def projection_of(geometries: NDArray[Any]) -> Projection:
    """Return the projection that suits some geometries in degrees, which may lie across the 180th meridian."""
    west, south, east, north = bounds(geometries)
    middle = (west + east) / 2
    meridian = float((middle // _ZONE_DEG) * _ZONE_DEG + _ZONE_DEG / 2)
    if max(abs(west - meridian), abs(east - meridian)) <= _FROM_MERIDIAN_MAX_DEG:
        wrapped = (middle + _HALF_TURN) % (2 * _HALF_TURN) - _HALF_TURN
        crs = local_crs([wrapped], [(south + north) / 2])
        own = _zone(middle)
        others = sorted({_zone(west), _zone(np.nextafter(east, west))} - {own})
        return Projection(crs, meridian, (own, *others), south + north < 0, 0.0)
    parallel = round((south + north) / 2, 1)
    lon_0 = (round(middle) + _HALF_TURN) % (2 * _HALF_TURN) - _HALF_TURN
    crs = CRS.from_dict({"proj": "merc", "lon_0": lon_0, "lat_ts": parallel, "datum": "WGS84", "units": "m"})
    return Projection(crs, float(round(middle)), (), parallel < 0, parallel)


def bounds(geometries: NDArray[Any]) -> tuple[float, float, float, float]:
    """Return west, south, east, north in degrees; an area across the 180th meridian ends east of 180."""
    each = shapely.bounds(geometries[~shapely.is_missing(geometries)])
    west, south, east, north = each[:, 0].min(), each[:, 1].min(), each[:, 2].max(), each[:, 3].max()
    turned = np.where(each[:, [0, 2]] < 0, each[:, [0, 2]] + 2 * _HALF_TURN, each[:, [0, 2]])
    if east - west > _HALF_TURN and turned.max() - turned.min() < east - west:
        west, east = turned.min(), turned.max()
    return float(west), float(south), float(east), float(north)


def denominator(needed: float) -> int:
    """Return the round scale number, at least `needed`: 47.312 gives 50.000."""
    wanted = max(needed, _DENOMINATOR_MIN)
    power = 10.0 ** np.floor(np.log10(wanted))
    return round(float(next(step for step in _ROUND if step * power >= wanted * (1 - 1e-9)) * power))


def round_length(most: float) -> float:
    """Return the longest of 1, 2, 5, 10, 20 … that is not above `most`."""
    power = 10.0 ** np.floor(np.log10(most))
    return float(next(step for step in (5.0, 2.0, 1.0) if step * power <= most * (1 + 1e-9)) * power)


def latitude_text(degrees: float, lang: Lang) -> str:
    """Write a latitude: 7,5° LS."""
    half = Text("LS" if degrees < 0 else "LU", "S" if degrees < 0 else "N").of(lang)
    return f"{number(abs(degrees), 1, lang=lang)}° {half}"


def angle_text(degrees: float) -> str:
    """Write a small angle in degrees and minutes: 0°27′."""
    minutes = round(abs(degrees) * 60)
    return f"{minutes // 60}°{minutes % 60:02d}′"


def _zone(lon: float) -> int:
    return int((lon + _HALF_TURN) // _ZONE_DEG) % 60 + 1
