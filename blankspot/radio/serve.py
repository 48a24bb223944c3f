"""From losses to levels: what each service of a site gives every pixel, and whether it is the strongest so far.

The strongest wins; of equals the service that stands first. So the order in which sites are computed, the number of
threads and the tiles do not show in the result.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from blankspot.radio import free_space, hata
from blankspot.radio.antenna import Antenna, gain_at
from blankspot.radio.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray


@compiled
def take(
    loss_db: NDArray[np.float32],
    radiated_dbm: float,
    service: int,
    best_dbm: NDArray[np.float32],
    server: NDArray[np.int32],
) -> None:
    """Let one service compete for every pixel, the same power in all directions; NaN losses do not reach."""
    rows, columns = loss_db.shape
    for r in range(rows):
        for c in range(columns):
            level = np.float32(radiated_dbm - loss_db[r, c])  # as it is kept, or equals would differ
            if level > best_dbm[r, c] or (level == best_dbm[r, c] and service < server[r, c]):
                best_dbm[r, c] = level
                server[r, c] = service


@compiled
def take_directed(
    loss_db: NDArray[np.float32],
    radiated_dbm: float,
    bearing_deg: NDArray[np.float32],
    elevation_deg: NDArray[np.float32],
    antenna: Antenna,
    service: int,
    best_dbm: NDArray[np.float32],
    server: NDArray[np.int32],
) -> None:
    """Let one service compete for every pixel, weighed by where its antenna points."""
    rows, columns = loss_db.shape
    for r in range(rows):
        for c in range(columns):
            level = radiated_dbm - loss_db[r, c]
            if np.float32(level) >= best_dbm[r, c]:  # the main direction is the best case
                less = np.float32(level + gain_at(bearing_deg[r, c], elevation_deg[r, c], antenna))
                if less > best_dbm[r, c] or (less == best_dbm[r, c] and service < server[r, c]):
                    best_dbm[r, c] = less
                    server[r, c] = service


@compiled
def directions(
    heights: NDArray[np.float32],
    place: tuple[float, float, float],
    steps_km: tuple[float, float, float, float],
    hrg_m: float,
    bearing_deg: NDArray[np.float32],
    elevation_deg: NDArray[np.float32],
) -> None:
    """Write where every pixel lies as seen from an antenna: clockwise from north, and above the horizontal.

    Args:
        heights: Terrain.
        place: Column and row of the site, pixel centres at integers, and its antenna above sea level.
        steps_km: East and north of a step of one column, then of one row.
        hrg_m: Handset above ground.
        bearing_deg: Written.
        elevation_deg: Written.
    """
    rows, columns = heights.shape
    x, y, antenna_m = place
    for r in range(rows):
        for c in range(columns):
            dx, dy = c - x, r - y
            east, north = steps_km[0] * dx + steps_km[2] * dy, steps_km[1] * dx + steps_km[3] * dy
            away = max(math.sqrt(east * east + north * north), 1e-3)
            bearing_deg[r, c] = math.degrees(math.atan2(east, north))
            elevation_deg[r, c] = math.degrees(math.atan2(heights[r, c] + hrg_m - antenna_m, 1e3 * away))


@compiled
def distances(shape: tuple[int, int], x: float, y: float, q: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    """Write geodesic distances in km from a place to all pixel centres; `q` as `metric.squared_distance` returns it."""
    for r in range(shape[0]):
        for c in range(shape[1]):
            u, v = c - x, r - y
            square = u * u * (q[2, 0] + u * (q[3, 0] + u * q[4, 0])) + v * v * (q[0, 2] + v * (q[0, 3] + v * q[0, 4]))
            square += u * v * (q[1, 1] + u * (q[2, 1] + u * q[3, 1]) + v * (q[1, 2] + v * q[1, 3]) + u * v * q[2, 2])
            out[r, c] = math.sqrt(square)


@compiled
def hata_losses(distance_km: NDArray[np.float64], curve: hata.Curve, reach_km: float, out: NDArray[np.float32]) -> None:
    """Write Okumura-Hata losses; NaN beyond reach."""
    rows, columns = distance_km.shape
    for r in range(rows):
        for c in range(columns):
            km = distance_km[r, c]
            out[r, c] = hata.loss_at(km, curve) if km <= reach_km else math.nan


@compiled
def free_losses(
    distance_km: NDArray[np.float64],
    heights: NDArray[np.float32],
    antenna_m: float,
    hrg_m: float,
    f_ghz: float,
    reach_km: float,
    out: NDArray[np.float32],
) -> None:
    """Write losses of free space; NaN beyond reach."""
    rows, columns = distance_km.shape
    for r in range(rows):
        for c in range(columns):
            km = distance_km[r, c]
            rise = antenna_m - heights[r, c] - hrg_m
            out[r, c] = free_space.loss_at(km, rise, f_ghz) if km <= reach_km else math.nan
