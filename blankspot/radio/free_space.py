"""ITU-R P.525-4: basic transmission loss in free space, the least that any path between two antennas loses."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from blankspot.radio.compiled import compiled
from blankspot.radio.limits import flat, require

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MODEL: Final = "ITU-R P.525"
CONSTANT_DB: Final = 92.4  # eq. (4) with the frequency in GHz and the distance in km
NEAREST_KM: Final = 1e-3  # nearer than this there is no far field; such distances count as this one


def loss(d_km: ArrayLike, *, f_ghz: ArrayLike, height_difference_m: ArrayLike = 0.0) -> NDArray[np.float64]:
    """Return the basic transmission loss in free space: ITU-R P.525-4, eq. (4).

    Arguments broadcast against each other.

    Args:
        d_km: Distance along the ground, at least 0.
        f_ghz: Frequency.
        height_difference_m: Between the two antennas, of either sign; the loss is that of the slant path. Slant paths
            below 1 m count as 1 m.

    Returns:
        Loss in dB, of the broadcast shape; it grows with distance and frequency.

    Raises:
        UsageError: A distance is negative, a frequency not above 0, or a value not finite.
    """
    require(
        MODEL,
        d_km=(d_km, 0.0, 1e9),
        f_ghz=(f_ghz, 1e-6, 1e6),
        height_difference_m=(height_difference_m, -1e9, 1e9),
    )
    shape, (distance, difference, frequency) = flat(
        MODEL, d_km=d_km, height_difference_m=height_difference_m, f_ghz=f_ghz
    )
    out = np.empty(shape)
    _losses(distance, difference, frequency, out.ravel())
    return out[()]


@compiled
def loss_at(d_km: float, height_difference_m: float, f_ghz: float) -> float:
    """Return what `loss` does of one path, unchecked: for the loops of the area engine."""
    difference_km = height_difference_m * 1e-3
    square = max(d_km * d_km + difference_km * difference_km, NEAREST_KM * NEAREST_KM)
    return CONSTANT_DB + 20.0 * math.log10(f_ghz) + 10.0 * math.log10(square)


@compiled
def _losses(
    d_km: NDArray[np.float64],
    height_difference_m: NDArray[np.float64],
    f_ghz: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    for i in range(d_km.size):
        out[i] = loss_at(d_km[i], height_difference_m[i], f_ghz[i])
