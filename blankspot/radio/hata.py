"""Okumura-Hata and COST 231-Hata: median loss without terrain, and how it is carried beyond what was measured.

Within their ranges the two are given as published: Hata (1980), "Empirical Formula for Propagation Loss in Land Mobile
Radio Services", IEEE Trans. Veh. Technol. 29(3), from 150 to 1500 MHz, and the COST 231 final report (1999), clause
4.4.1, above that to 2000 MHz. Both hold for base antennas of 30 to 200 m above all roofs around, mobiles of 1 to 10 m,
and 1 to 20 km. Whoever asks for more is refused, unless told to extend.

Extended results are estimates where nobody measured: a mast of 20 m, a phone 300 m or 40 km away, 2300 MHz. They follow
the modified Hata model of ERC Report 68 (2002; the "Extended Hata" of SEAMCAT and of Report ITU-R SM.2028): free space
up to 40 m, from 100 m the formula, between them a straight line over the logarithm of distance; lower masts by height
squared; 10 dB a decade of frequency above 2000 MHz, 20 dB below 150 MHz; never less than free space. Beyond 20 km the
growth steepens as ITU-R P.529-3 says. Within the published ranges nothing changes, save that the loss in open country
near a high mast, which the formulas put below free space, is then that of free space. The loss is continuous and grows
with distance.

All jitted functions that an area engine needs stand here: `curve` once a frequency and pair of heights, `loss_at` once a
pixel. The public function calls the same two.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from blankspot.radio.compiled import compiled
from blankspot.radio.free_space import CONSTANT_DB, NEAREST_KM
from blankspot.radio.free_space import loss_at as free_space_at
from blankspot.radio.limits import choose, flat, require
from blankspot.words import Text

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Environment = Literal["urban_large", "urban", "suburban", "open"]
Outside = Literal["refuse", "extend"]
ENVIRONMENTS: Final = ("urban_large", "urban", "suburban", "open")
URBAN_LARGE, URBAN, SUBURBAN, OPEN = range(4)

MODEL: Final = "Okumura-Hata/COST 231"
RANGES: Final = {"d_km": (1.0, 20.0), "f_ghz": (0.15, 2.0), "htg_m": (30.0, 200.0), "hrg_m": (1.0, 10.0)}
EXTENDED: Final = {"d_km": (0.0, 100.0), "f_ghz": (0.03, 3.0), "htg_m": (1.0, 3000.0), "hrg_m": (1.0, 3000.0)}
_EXTEND: Final = Text(
    'Dengan outside="extend" dihitung perkiraan di luar rentang (ERC Report 68).',
    'With outside="extend" an estimate beyond the range is given (ERC Report 68).',
)

_COST_FROM_MHZ: Final = 1500.0
_HATA_MHZ: Final = (150.0, 2000.0)
_LARGE_CITY_MHZ: Final = (200.0, 400.0)  # Hata gives the large city one correction below, another above
_METROPOLITAN_DB: Final = 3.0  # COST 231, C_m
_BASE_MIN_M: Final = 30.0
_MOBILE_M: Final = (1.0, 10.0)
_NEAR_KM: Final = 0.04
_FORMULA_FROM_KM: Final = 0.1
_NEAR_LOG: Final = math.log10(_NEAR_KM)
_BETWEEN_LOGS: Final = math.log10(_FORMULA_FROM_KM) - math.log10(_NEAR_KM)
_FREE_SPACE_DECADE_DB: Final = 20.0
_FAR_KM: Final = 20.0
_FAR_LOG: Final = math.log10(_FAR_KM)


class Curve(NamedTuple):
    """Loss over distance for one frequency, pair of heights and environment.

    Attributes:
        at_1_km_db: Of the formula.
        decade_db: Growth over ten times the distance.
        steepening: Factor of the exponent beyond 20 km, ITU-R P.529-3.
        free_space_db: Floor at 1 km without height difference; minus infinity where there is no floor.
        difference_square_km2: Square of the difference of heights.
        clear_log: Decimal logarithm of a distance in km from which the formula surely lies above free space.
        near_db: At 40 m.
        formula_from_db: At 100 m.
    """

    at_1_km_db: float
    decade_db: float
    steepening: float
    free_space_db: float
    difference_square_km2: float
    clear_log: float
    near_db: float
    formula_from_db: float


def loss(
    d_km: ArrayLike,
    *,
    f_ghz: ArrayLike,
    htg_m: ArrayLike,
    hrg_m: ArrayLike,
    environment: Environment = "urban",
    outside: Outside = "refuse",
) -> NDArray[np.float64]:
    """Return the median basic transmission loss of Okumura-Hata, above 1500 MHz of COST 231-Hata.

    Arguments broadcast against each other.

    Args:
        d_km: Distance.
        f_ghz: Frequency.
        htg_m: Height of the base antenna above ground (the formulas want it above the roofs around it).
        hrg_m: Height of the mobile antenna above ground.
        environment: `urban_large` (a metropolis), `urban` (a town or small city), `suburban` or `open` (country without
            trees or buildings within some 400 m). Hata's corrections for suburban and open are used above 1500 MHz as
            well, as ERC Report 68 does; COST 231 gives none.
        outside: `refuse` what is outside the published ranges (`RANGES`), or `extend` to those of `EXTENDED` as the
            module says. **An extended result is an estimate that no measurement of these models supports**; whoever
            passes it on should call it coarse. With `extend` the taller antenna is taken for the base, so that the
            loss is the same in both directions.

    Returns:
        Loss in dB, of the broadcast shape.

    Raises:
        UsageError: A value is outside the ranges; it is named with the range.
    """
    code = choose(MODEL, "environment", environment, ENVIRONMENTS)
    extend = choose(MODEL, "outside", outside, ("refuse", "extend")) == 1
    given = {"d_km": d_km, "f_ghz": f_ghz, "htg_m": htg_m, "hrg_m": hrg_m}
    limits = EXTENDED if extend else RANGES
    ranges = {name: (values, *limits[name]) for name, values in given.items()}
    require(MODEL, hint=None if extend else _EXTEND, **ranges)
    shape, (distance, frequency, base, mobile) = flat(MODEL, **given)
    out = np.empty(shape)
    if out.size and all(np.size(given[name]) == 1 for name in ("f_ghz", "htg_m", "hrg_m")):
        along(distance, curve(frequency[0], base[0], mobile[0], code, extend), out.ravel())
    else:
        _one_by_one(distance, frequency, base, mobile, code, extend, out.ravel())
    return out[()]


@compiled
def curve(f_ghz: float, htg_m: float, hrg_m: float, environment: int, extend: bool) -> Curve:
    """Return what of the loss does not depend on distance, unchecked.

    Hata (1980), standard formula and its corrections; COST 231 (1999), eq. (4.4.3); with `extend` also ERC Report 68.

    Args:
        f_ghz: Frequency.
        htg_m: Height of the base antenna.
        hrg_m: Height of the mobile antenna.
        environment: `URBAN_LARGE`, `URBAN`, `SUBURBAN` or `OPEN`.
        extend: Whether beyond the published ranges, and then never below free space.
    """
    f_mhz = f_ghz * 1e3
    base, mobile = max(htg_m, hrg_m), max(min(htg_m, hrg_m), _MOBILE_M[0])
    base_log = math.log10(max(base, _BASE_MIN_M))
    at_1_km = (
        _frequency_db(f_mhz, environment)
        - 13.82 * base_log
        - _mobile_db(f_mhz, mobile, environment)
        - min(0.0, 20.0 * math.log10(base / _BASE_MIN_M))
        - _openness_db(f_mhz, environment)
    )
    decade = 44.9 - 6.55 * base_log
    effective = base / math.sqrt(1.0 + 7e-6 * base * base)
    steepening = 0.14 + 1.87e-4 * f_mhz + 1.07e-3 * effective
    difference = (htg_m - hrg_m) * 1e-3
    square = difference * difference
    floor = CONSTANT_DB + 20.0 * math.log10(f_ghz) if extend else -np.inf
    from_db = max(at_1_km - decade, floor + 10.0 * math.log10(_FORMULA_FROM_KM**2 + square))
    steepest = floor + 10.0 * math.log10(1.0 + square / _FORMULA_FROM_KM**2)
    clear_log = (steepest - at_1_km) / (decade - _FREE_SPACE_DECADE_DB)  # no base is so tall that this divides by 0
    near = free_space_at(_NEAR_KM, htg_m - hrg_m, f_ghz)
    return Curve(at_1_km, decade, steepening, floor, square, clear_log, near, from_db)


@compiled
def loss_at(d_km: float, along_curve: Curve) -> float:
    """Return the loss in dB at a distance, unchecked: one logarithm, where the formula surely lies above free space."""
    if d_km <= _NEAR_KM:
        return _floor(d_km, along_curve)
    decades = math.log10(d_km)
    if d_km < _FORMULA_FROM_KM:
        share = (decades - _NEAR_LOG) / _BETWEEN_LOGS
        return along_curve.near_db + share * (along_curve.formula_from_db - along_curve.near_db)
    clear = decades >= along_curve.clear_log
    if d_km > _FAR_KM:
        decades **= 1.0 + along_curve.steepening * (decades - _FAR_LOG) ** 0.8
    formula = along_curve.at_1_km_db + along_curve.decade_db * decades
    return formula if clear else max(formula, _floor(d_km, along_curve))


@compiled
def along(d_km: NDArray[np.float64], along_curve: Curve, out: NDArray[np.float64]) -> None:
    """Write the losses at many distances, unchecked."""
    for i in range(d_km.size):
        out[i] = loss_at(d_km[i], along_curve)


@compiled
def _floor(d_km: float, along_curve: Curve) -> float:
    """Return the loss in free space over the slant, or minus infinity where there is no floor."""
    square = d_km * d_km + along_curve.difference_square_km2
    return along_curve.free_space_db + 10.0 * math.log10(max(square, NEAREST_KM * NEAREST_KM))


@compiled
def _frequency_db(f_mhz: float, environment: int) -> float:
    """Return what the formula starts from; beyond its ends as ERC Report 68."""
    if f_mhz <= _COST_FROM_MHZ:
        return 69.55 + 26.16 * math.log10(max(f_mhz, _HATA_MHZ[0])) - 20.0 * math.log10(max(1.0, _HATA_MHZ[0] / f_mhz))
    metropolitan = _METROPOLITAN_DB if environment == URBAN_LARGE else 0.0
    within = 46.3 + 33.9 * math.log10(min(f_mhz, _HATA_MHZ[1])) + metropolitan
    return within + 10.0 * math.log10(max(1.0, f_mhz / _HATA_MHZ[1]))


@compiled
def _mobile_db(f_mhz: float, mobile_m: float, environment: int) -> float:
    """Return the correction a(h_m) for the height of the mobile; above 10 m as ERC Report 68."""
    height = min(mobile_m, _MOBILE_M[1])
    higher = max(0.0, 20.0 * math.log10(mobile_m / _MOBILE_M[1]))
    if environment != URBAN_LARGE or f_mhz > _COST_FROM_MHZ:
        log = math.log10(f_mhz)
        return (1.1 * log - 0.7) * height - (1.56 * log - 0.8) + higher
    low = 8.29 * math.log10(1.54 * height) ** 2 - 1.1
    high = 3.2 * math.log10(11.75 * height) ** 2 - 4.97
    # Hata leaves open what holds between the two; a line over log f keeps the loss continuous.
    share = math.log10(f_mhz / _LARGE_CITY_MHZ[0]) / math.log10(_LARGE_CITY_MHZ[1] / _LARGE_CITY_MHZ[0])
    return low + (high - low) * min(max(share, 0.0), 1.0) + higher


@compiled
def _openness_db(f_mhz: float, environment: int) -> float:
    """Return how much less than in a town is lost in suburbs or open country."""
    log = math.log10(min(max(f_mhz, _HATA_MHZ[0]), _HATA_MHZ[1]))
    if environment == SUBURBAN:
        return 2.0 * (log - math.log10(28.0)) ** 2 + 5.4
    if environment == OPEN:
        return 4.78 * log * log - 18.33 * log + 40.94
    return 0.0


@compiled
def _one_by_one(
    d_km: NDArray[np.float64],
    f_ghz: NDArray[np.float64],
    htg_m: NDArray[np.float64],
    hrg_m: NDArray[np.float64],
    environment: int,
    extend: bool,
    out: NDArray[np.float64],
) -> None:
    for i in range(d_km.size):
        out[i] = loss_at(d_km[i], curve(f_ghz[i], htg_m[i], hrg_m[i], environment, extend))
