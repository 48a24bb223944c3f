"""The profile between two antennas: line of sight, the bulge of the earth, and how much of the Fresnel zone is free.

For the drawing of a path and for microwave hops between masts. Everything is measured against the straight line between
the antennas: the ground rises by the bulge of an earth whose radius is k times the true one (a ray bent by the air drawn
straight), clutter stands on the ground, and what is left below the line is the clearance.

A hop is judged by ITU-R P.530-18, clause 2.2.2.1: one radius of the first Fresnel zone free at the median k, and a share
of it at the k that 99.9 % of the worst month exceed. The share is that for tropical climates, 0.6, on paths of any length;
the Recommendation asks it beyond about 30 km and allows the stricter rule in doubt. That k depends on the length of the
path (figure 2 of the Recommendation: about 0.6 at 20 km, 0.8 at 50 km, 0.9 at 100 km); 2/3 is what planners of short hops
take.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from blankspot.radio.limits import numbers, refused, require

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MODEL: Final = "ITU-R P.530"
EARTH_KM: Final = 6371.0
K_MEDIAN: Final = 4.0 / 3.0  # P.530-18 clause 2.2.2.1, step 1: where nothing better is known
K_LOW: Final = 2.0 / 3.0
FREE_AT_MEDIAN: Final = 1.0  # of the first Fresnel radius, step 1
FREE_AT_LOW: Final = 0.6  # step 3, tropical climate
FREE_ENOUGH: Final = 0.6  # ITU-R P.526-15: diffraction is negligible from here on
_RADIUS_M: Final = 17.3  # P.530-18 eq. (3): km and GHz to metres
_GRADIENT: Final = 157.0  # N-units/km at which a ray follows the earth
_POINTS_MIN: Final = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Clearance:
    """A path as it is drawn and judged; arrays have one value a point, the two ends included.

    Attributes:
        d_km: Distance from the transmitter.
        ground_m: Height of the ground above sea level, without bulge.
        bulge_m: How much the earth rises between the ends.
        surface_m: Ground, bulge and clutter, what the ray must pass; at the ends without clutter.
        ray_m: The straight line between the antennas above sea level.
        radius_m: Of the first Fresnel zone; 0 at the ends.
        clearance_m: From the surface up to the line; below 0 the surface is in the way.
        fraction: Clearance as a share of the radius; infinite at the ends, where the zone has none.
        k: Effective earth radius as a multiple of the true one.
        worst: Place in the arrays where the fraction is least.
    """

    d_km: NDArray[np.float64]
    ground_m: NDArray[np.float64]
    bulge_m: NDArray[np.float64]
    surface_m: NDArray[np.float64]
    ray_m: NDArray[np.float64]
    radius_m: NDArray[np.float64]
    clearance_m: NDArray[np.float64]
    fraction: NDArray[np.float64]
    k: float
    worst: int

    @property
    def line_of_sight(self) -> bool:
        """Whether nothing stands in the straight line."""
        return bool(self.fraction[self.worst] >= 0)

    @property
    def sixty_percent_free(self) -> bool:
        """Whether 60 % of the first Fresnel zone is free everywhere, so that diffraction is negligible."""
        return self.free(FREE_ENOUGH)

    def free(self, share: float) -> bool:
        """Return whether a share of the first Fresnel radius is free everywhere."""
        return bool(self.fraction[self.worst] >= share)


@dataclass(frozen=True, kw_only=True, eq=False)
class Hop:
    """A microwave hop under the two criteria of ITU-R P.530.

    Attributes:
        at_median: At the median k.
        at_low: At the k of 99.9 % of the worst month.
        missing_m: By how much both antennas must be raised to meet both criteria; 0 where they are met.
    """

    at_median: Clearance
    at_low: Clearance
    missing_m: float

    @property
    def clear(self) -> bool:
        """Whether both criteria are met."""
        return self.at_median.free(FREE_AT_MEDIAN) and self.at_low.free(FREE_AT_LOW)


def k_factor(delta_n: float) -> float:
    """Return the effective earth radius factor for a lapse-rate of refractivity: ITU-R P.1812-8, eq. (7a).

    Args:
        delta_n: N-units/km lost in the lowest kilometre, positive; below 157.

    Raises:
        UsageError: It is 157 or more: the ray would follow the earth.
    """
    require(MODEL, delta_n=(delta_n, -1000.0, np.nextafter(_GRADIENT, 0.0)))
    return _GRADIENT / (_GRADIENT - float(delta_n))


def clearance(
    d_km: ArrayLike,
    h_m: ArrayLike,
    clutter_m: ArrayLike = 0.0,
    *,
    htg_m: float,
    hrg_m: float,
    f_ghz: float,
    k: float = K_MEDIAN,
) -> Clearance:
    """Return what is free between two antennas.

    Args:
        d_km: Distances from the transmitter, ascending from 0; at least 3 points.
        h_m: Height of the ground above sea level, one a point.
        clutter_m: Trees and buildings on it, one a point or one for all; 0 over heights of a surface model. Not counted
            at the two ends, where the antennas stand.
        htg_m: Transmitting antenna above ground.
        hrg_m: Receiving antenna above ground.
        f_ghz: Frequency.
        k: Effective earth radius factor, see `k_factor`; infinite for a flat earth.

    Raises:
        UsageError: Arrays of unequal length, distances that do not ascend from 0, a height that is not finite (a void
            of the terrain), or a value out of range.
    """
    distance, ground, clutter = _profile(d_km, h_m, clutter_m)
    require(
        MODEL,
        htg_m=(htg_m, 0.0, 1e4),
        hrg_m=(hrg_m, 0.0, 1e4),
        f_ghz=(f_ghz, 1e-3, 1e3),
        k=(k, 1e-3, np.inf),
    )
    left = distance[-1] - distance
    bulge = 1000.0 * distance * left / (2.0 * k * EARTH_KM)
    surface = ground + bulge + clutter
    surface[[0, -1]] = ground[[0, -1]]
    ray = ground[0] + htg_m + (ground[-1] + hrg_m - ground[0] - htg_m) * distance / distance[-1]
    radius = _RADIUS_M * np.sqrt(distance * left / (f_ghz * distance[-1]))
    free = ray - surface
    fraction = np.full(distance.size, np.inf)
    fraction[1:-1] = free[1:-1] / radius[1:-1]
    return Clearance(
        d_km=distance,
        ground_m=ground,
        bulge_m=bulge,
        surface_m=surface,
        ray_m=ray,
        radius_m=radius,
        clearance_m=free,
        fraction=fraction,
        k=float(k),
        worst=int(fraction.argmin()),
    )


def hop(
    d_km: ArrayLike,
    h_m: ArrayLike,
    clutter_m: ArrayLike = 0.0,
    *,
    htg_m: float,
    hrg_m: float,
    f_ghz: float,
    k_median: float = K_MEDIAN,
    k_low: float = K_LOW,
) -> Hop:
    """Judge a microwave hop by ITU-R P.530-18, clause 2.2.2.1 (no diversity).

    Args:
        d_km: See `clearance`, as all that follow.
        h_m: Height of the ground.
        clutter_m: Trees and buildings.
        htg_m: Transmitting antenna above ground.
        hrg_m: Receiving antenna above ground.
        f_ghz: Frequency.
        k_median: Step 1: `k_factor` of the place's median lapse-rate.
        k_low: Step 2: that 99.9 % of the worst month exceed, by length of the path from figure 2.

    Raises:
        UsageError: See `clearance`.
    """
    at_median, at_low = (
        clearance(d_km, h_m, clutter_m, htg_m=htg_m, hrg_m=hrg_m, f_ghz=f_ghz, k=k) for k in (k_median, k_low)
    )
    missing = max(
        float((share * one.radius_m - one.clearance_m)[1:-1].max())
        for one, share in ((at_median, FREE_AT_MEDIAN), (at_low, FREE_AT_LOW))
    )
    return Hop(at_median=at_median, at_low=at_low, missing_m=max(0.0, missing))


def _profile(
    d_km: ArrayLike, h_m: ArrayLike, clutter_m: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    distance, ground = numbers(MODEL, "d_km", d_km), numbers(MODEL, "h_m", h_m)
    clutter = numbers(MODEL, "clutter_m", clutter_m)
    if distance.ndim != 1 or distance.size < _POINTS_MIN:
        raise refused(MODEL, "d_km", f"{distance.size} × {distance.ndim}D", f"≥ {_POINTS_MIN} × 1D")
    for name, values in (("h_m", ground), ("clutter_m", clutter)):
        if values.shape != distance.shape and not (name == "clutter_m" and values.ndim == 0):
            raise refused(MODEL, f"len({name})", f"{values.size}", f"{distance.size}")
    require(MODEL, d_km=(distance, 0.0, 1e5), h_m=(ground, -1e5, 1e5), clutter_m=(clutter, 0.0, 1e3))
    steps = np.diff(distance)
    if distance[0] != 0 or (steps <= 0).any():
        wrong = 0 if distance[0] != 0 else int((steps <= 0).argmax()) + 1
        raise refused(MODEL, f"d_km[{wrong}]", f"{distance[wrong]:g}", "0 < … <")
    return distance.copy(), ground.copy(), np.broadcast_to(clutter, distance.shape)
