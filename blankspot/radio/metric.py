"""How long a step on the terrain's grid is: geodesic distances from one place, as a polynomial in pixels.

Rays are straight on the grid. Their length is not the grid's: degrees shrink with latitude, projections stretch. The
square of the geodesic distance from a place is smooth in the offsets (its series begins with the metric tensor), and a
polynomial of fourth order meets it over 100 km to better than 0.01 %, at the price of one square root a pixel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from pyproj import CRS, Geod, Transformer

from blankspot.geo import WGS84

if TYPE_CHECKING:
    from affine import Affine
    from numpy.typing import NDArray

_GEOD: Final = Geod(ellps="WGS84")
_POWERS: Final = tuple((order - j, j) for order in (2, 3, 4) for j in range(order + 1))
_DIRECTIONS: Final = 24
_RINGS: Final = (0.25, 0.5, 0.75, 1.0)
_M_PER_KM: Final = 1e3


def squared_distance(crs: str, transform: Affine, x: float, y: float, reach: float) -> NDArray[np.float64]:
    """Return the coefficients of the squared distance in km² from a place, for offsets up to `reach` pixels.

    Args:
        crs: Coordinate system of the grid.
        transform: From (column, row), corners at integers, to its coordinates.
        x: Column of the place, pixel centres at integers.
        y: Its row.
        reach: Largest offset, pixels.

    Returns:
        Shape (5, 5): element [i, j] belongs to dx**i · dy**j; those with i + j outside 2 to 4 are 0.
    """
    angle = np.arange(_DIRECTIONS) * (2 * np.pi / _DIRECTIONS)
    rings = np.asarray(_RINGS)[:, np.newaxis]
    u, v = (rings * np.cos(angle)).ravel(), (rings * np.sin(angle)).ravel()
    columns, rows = x + 0.5 + reach * np.append(u, 0.0), y + 0.5 + reach * np.append(v, 0.0)
    lon, lat = degrees(crs, transform, columns, rows)
    count = len(u)
    metres = _GEOD.inv(np.full(count, lon[-1]), np.full(count, lat[-1]), lon[:-1], lat[:-1])[2]
    km = np.asarray(metres, dtype=float) / _M_PER_KM
    terms = np.stack([u**i * v**j for i, j in _POWERS], axis=1) / km[:, np.newaxis] ** 2
    found = np.linalg.lstsq(terms, np.ones(count), rcond=None)[0]
    coefficients = np.zeros((5, 5))
    for (i, j), value in zip(_POWERS, found, strict=True):
        coefficients[i, j] = value / reach ** (i + j)
    return coefficients


def local_axes(crs: str, transform: Affine, x: float, y: float) -> tuple[float, tuple[float, float, float, float]]:
    """Return the latitude of a place, and how many km east and north a step of one column, then of one row, leads.

    Args:
        crs: As in `squared_distance`.
        transform: As in `squared_distance`.
        x: As in `squared_distance`.
        y: As in `squared_distance`.
    """
    lon, lat = degrees(crs, transform, x + 0.5 + np.array([0.0, 1.0, 0.0]), y + 0.5 + np.array([0.0, 0.0, 1.0]))
    bearing, _, metres = _GEOD.inv(lon[[0, 0]], lat[[0, 0]], lon[1:], lat[1:])
    angle, km = np.radians(bearing), np.asarray(metres) / _M_PER_KM
    east, north = km * np.sin(angle), km * np.cos(angle)
    return float(lat[0]), (float(east[0]), float(north[0]), float(east[1]), float(north[1]))


def positions(
    crs: str, transform: Affine, lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return fractional columns and rows of positions in degrees, corners at integers; not finite where there is none."""
    x, y = lon, lat
    if CRS.from_user_input(crs) != CRS.from_user_input(WGS84):
        x, y = Transformer.from_crs(WGS84, crs, always_xy=True).transform(lon, lat)
    columns, rows = ~transform @ (np.asarray(x, dtype=float), np.asarray(y, dtype=float))
    return np.asarray(columns, dtype=float), np.asarray(rows, dtype=float)


def degrees(
    crs: str, transform: Affine, columns: NDArray[np.float64], rows: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return longitude and latitude of fractional pixel positions, corners at integers."""
    x, y = map(np.asarray, transform @ tuple(np.stack([columns, rows])))
    lon, lat = Transformer.from_crs(crs, WGS84, always_xy=True).transform(x, y)
    return np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
