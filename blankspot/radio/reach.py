"""How far a service can reach at all, from its link budget: beyond that nothing is computed.

A radius must not cut off what the model would still serve. Over a smooth Earth no path of the area is easier than one whose
antenna stands as high above the lowest ground as it does, and whose receiver stands on the highest: its loss bounds the
others, and where that exceeds the budget nothing arrives. In flat country this ends soon beyond the horizon; among
mountains `radius_max_km` ends it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from blankspot.radio import free_space, hata, p1812

if TYPE_CHECKING:
    from collections.abc import Callable

    from blankspot.coverage import Model
    from blankspot.settings import Radio

_NEAR_KM: Final = 0.05
_STEPS: Final = 24  # halvings: 60 km to 4 m


def reach_km(
    budget_db: float,
    *,
    f_ghz: float,
    antenna_m: float,
    handset_m: float,
    above_lowest_m: float = 0.0,
    relief_m: float = 0.0,
    model: Model,
    radio: Radio,
) -> float:
    """Return the distance beyond which the loss exceeds a budget, at most `radio.radius_max_km`.

    Args:
        budget_db: Largest loss that still counts.
        f_ghz: Frequency.
        antenna_m: Above ground.
        handset_m: Above ground.
        above_lowest_m: The ground at the site above the lowest of the area; of P.1812 only.
        relief_m: The highest ground of the area above the lowest; of P.1812 only.
        model: Which model predicts.
        radio: Climate, environment, `radius_max_km`.
    """
    if model == "hata":
        curve = hata.curve(f_ghz, antenna_m, handset_m, hata.ENVIRONMENTS.index(radio.environment), True)
        return _furthest(lambda km: hata.loss_at(km, curve), budget_db, radio.radius_max_km)
    if model == "free_space":
        return _furthest(lambda km: free_space.loss_at(km, 0.0, f_ghz), budget_db, radio.radius_max_km)
    carrier = p1812.carrier(f_ghz, radio.polarization == "vertical", radio.n0_n_units, radio.time_pct)
    # what happens for a small share of time bends the rays more
    radius = p1812.median_radius(radio.delta_n_units_per_km)
    if radio.time_pct < 50.0:
        radius = max(radius, p1812.EARTH_KM * p1812.K_BETA)
    high, low = antenna_m + above_lowest_m, handset_m + relief_m

    def smooth(km: float) -> float:
        diffraction = p1812.spherical_earth(km, high, low, radius, 0.0, carrier)
        return float(p1812.free_space(km, 0.0, carrier) + diffraction)

    return _furthest(smooth, budget_db, radio.radius_max_km)


def _furthest(loss: Callable[[float], float], budget_db: float, most_km: float) -> float:
    """Return where a loss that grows with distance passes a budget."""
    if loss(most_km) <= budget_db:
        return most_km
    near, far = 0.0, most_km
    for _ in range(_STEPS):
        middle = math.sqrt(max(near, _NEAR_KM) * far)
        if loss(middle) <= budget_db:
            near = middle
        else:
            far = middle
        if far <= _NEAR_KM:
            break
    return far
