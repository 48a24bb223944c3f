"""ITU-R P.2109-2: how much a signal loses on its way into a building.

Two kinds of building: traditional (brick, timber, a tin or tile roof without foil) and thermally efficient (metallised
glass, foil-backed panels), which most new offices in cities are and hardly a house in a desa is. The loss differs so much
from building to building that the Recommendation gives its distribution; `indoor_margin_db` of the settings is a fixed
margin beside its median.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from blankspot.radio.limits import choose, numbers, require

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Building = Literal["traditional", "thermally_efficient"]
BUILDINGS: Final = ("traditional", "thermally_efficient")
MODEL: Final = "ITU-R P.2109"
_ELEVATION_DB_PER_DEG: Final = 0.212  # eq. (10)
_LEAST_DB: Final = -3.0  # C of eq. (1)


class Coefficients(NamedTuple):
    """A row of table 1 of the Recommendation, by the letters it uses."""

    r: float
    s: float
    t: float
    u: float
    v: float
    w: float
    x: float
    y: float
    z: float


_TABLE_1: Final = (
    Coefficients(r=12.64, s=3.72, t=0.96, u=9.6, v=2.0, w=9.1, x=-3.0, y=4.5, z=-2.0),
    Coefficients(r=28.19, s=-3.00, t=8.48, u=13.5, v=3.8, w=27.8, x=-2.9, y=9.4, z=-2.1),
)
_inverse_normal: Final = np.frompyfunc(NormalDist().inv_cdf, 1, 1)


def loss(
    f_ghz: ArrayLike,
    *,
    p_pct: ArrayLike = 50.0,
    building: Building = "traditional",
    elevation_deg: ArrayLike = 0.0,
) -> NDArray[np.float64]:
    """Return the building entry loss that a share of buildings and places in them does not exceed.

    ITU-R P.2109-2, Annex 1, eq. (1) to (10). Arguments broadcast against each other.

    Args:
        f_ghz: Frequency, 0.08 to 100.
        p_pct: Share of places at which the loss is not exceeded, between 0 and 100, both excluded.
        building: Kind of building.
        elevation_deg: Of the path at the wall, above or below the horizon.

    Returns:
        Loss in dB, of the broadcast shape. It may be below 0 at a small share: inside can be better than outside.

    Raises:
        UsageError: A value is outside its range, or no such building.
    """
    row = _TABLE_1[choose(MODEL, "building", building, BUILDINGS)]
    require(
        MODEL,
        f_ghz=(f_ghz, 0.08, 100.0),
        p_pct=(p_pct, np.nextafter(0.0, 1.0), np.nextafter(100.0, 0.0)),
        elevation_deg=(elevation_deg, -90.0, 90.0),
    )
    log_f = np.log10(numbers(MODEL, "f_ghz", f_ghz))
    deviation = np.asarray(_inverse_normal(numbers(MODEL, "p_pct", p_pct) / 100.0), dtype=np.float64)
    mean = median_horizontal(row, log_f) + _ELEVATION_DB_PER_DEG * np.abs(
        numbers(MODEL, "elevation_deg", elevation_deg)
    )
    through = deviation * (row.u + row.v * log_f) + mean
    other = deviation * (row.y + row.z * log_f) + row.w + row.x * log_f
    parts = (through, other, np.asarray(_LEAST_DB))
    return np.asarray(10.0 * np.log10(sum(10.0 ** (0.1 * part) for part in parts)))[()]


def median_horizontal(row: Coefficients, log_f: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the median loss of horizontal paths through walls: eq. (9), log_f the decimal logarithm of GHz."""
    return row.r + row.s * log_f + row.t * log_f**2
