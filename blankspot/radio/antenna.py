"""Antennas as the prediction sees them: how much less than in the main direction goes out in any other.

Every gain here is relative to the main beam, so at most 0 dB: the EIRP of a service is that of its main direction. An
`Antenna` is one small tuple whatever it describes, so that a compiled loop has one kind of antenna to know:

- `omni`: the same all around;
- `sector`: the parabolic lobes of 3GPP TR 36.814, table A.2.1.1-2, with electrical tilt;
- `tabulated`: the two cuts of a maker's pattern file (`sources.patterns` reads it), each measured from its own maximum
  and added like the lobes of a sector; nothing gets weaker than the weakest value of either cut, since no one measured
  what two side lobes make together.

Angles: bearings clockwise from north, elevations upwards, tilts downwards.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from blankspot.errors import UsageError
from blankspot.radio.compiled import compiled
from blankspot.radio.limits import flat, require
from blankspot.words import Text

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from blankspot.settings import ServiceDefaults

MODEL: Final = "radio.antenna"
LOBES: Final = "3GPP TR 36.814"
_CIRCLE: Final = 360.0
_LARGEST_DB: Final = 400.0  # beyond any antenna
_NO_LOBE: Final = np.inf  # of infinite width
_STEPS_MIN: Final = 36


@dataclass(frozen=True, kw_only=True, eq=False)
class Pattern:
    """The two cuts of an antenna's pattern, evenly spaced around the circle.

    Attributes:
        name: As its file calls it.
        horizontal_db: Gain relative to the cut's maximum, clockwise from the antenna's direction; at most 0.
        vertical_db: The same from the horizon downwards: a quarter is straight down, a half is backwards.
        gain_dbi: In the main direction; None where the file does not say.
        f_mhz: Frequency it was measured at; None where the file does not say.
        tilt_deg: Electrical tilt that `vertical_db` contains already; None where the file does not say.
    """

    name: str
    horizontal_db: NDArray[np.float64]
    vertical_db: NDArray[np.float64]
    gain_dbi: float | None = None
    f_mhz: float | None = None
    tilt_deg: float | None = None

    def __post_init__(self) -> None:
        for cut in (self.horizontal_db, self.vertical_db):
            if cut.ndim != 1 or cut.size < _STEPS_MIN or not np.isfinite(cut).all() or cut.max() != 0:
                raise UsageError(
                    Text(
                        f"Pola antena {self.name}: setiap irisan memerlukan sedikitnya {_STEPS_MIN} nilai relatif, terbesar 0 dB.",
                        f"Antenna pattern {self.name}: each cut needs at least {_STEPS_MIN} relative values, the largest 0 dB.",
                    ),
                    hint=Text("Baca berkasnya dengan read_pattern.", "Read its file with read_pattern."),
                )


class Antenna(NamedTuple):
    """An antenna as compiled loops take it; made by `omni`, `sector` or `tabulated`.

    Attributes:
        azimuth_deg: Bearing of the main beam.
        tilt_deg: Of the main beam below the horizon, beside what tables contain.
        beamwidth_deg: Half-power width of the horizontal lobe; infinite where there is none.
        vertical_beamwidth_deg: The same of the vertical lobe.
        attenuation_max_db: Front to back; the weakest of horizontal lobe and of both together.
        vertical_attenuation_max_db: The weakest of the vertical lobe.
        horizontal_db: Table instead of the lobe, see `Pattern`; empty without.
        vertical_db: Table instead of the lobe; empty without.
    """

    azimuth_deg: float
    tilt_deg: float
    beamwidth_deg: float
    vertical_beamwidth_deg: float
    attenuation_max_db: float
    vertical_attenuation_max_db: float
    horizontal_db: NDArray[np.float64]
    vertical_db: NDArray[np.float64]


def omni() -> Antenna:
    """Return an antenna that sends the same in every direction."""
    return Antenna(0.0, 0.0, _NO_LOBE, _NO_LOBE, 0.0, 0.0, np.empty(0), np.empty(0))


def sector(
    azimuth_deg: float,
    *,
    beamwidth_deg: float,
    vertical_beamwidth_deg: float,
    attenuation_max_db: float,
    vertical_attenuation_max_db: float,
    tilt_deg: float = 0.0,
) -> Antenna:
    """Return a sector antenna: 3GPP TR 36.814, table A.2.1.1-2.

    Args:
        azimuth_deg: Bearing of the main beam; 370 is 10.
        beamwidth_deg: Half-power width of the horizontal lobe.
        vertical_beamwidth_deg: Half-power width of the vertical lobe.
        attenuation_max_db: Front to back (A_m).
        vertical_attenuation_max_db: Side lobes above and below (SLA_v).
        tilt_deg: Electrical tilt, down is positive.

    Raises:
        UsageError: A value is outside its range.
    """
    require(
        LOBES,
        azimuth_deg=(azimuth_deg, -1e6, 1e6),
        beamwidth_deg=(beamwidth_deg, 1.0, _CIRCLE),
        vertical_beamwidth_deg=(vertical_beamwidth_deg, 0.1, 180.0),
        attenuation_max_db=(attenuation_max_db, 0.0, _LARGEST_DB),
        vertical_attenuation_max_db=(vertical_attenuation_max_db, 0.0, _LARGEST_DB),
        tilt_deg=(tilt_deg, -90.0, 90.0),
    )
    return Antenna(
        float(azimuth_deg) % _CIRCLE,
        float(tilt_deg),
        float(beamwidth_deg),
        float(vertical_beamwidth_deg),
        float(attenuation_max_db),
        float(vertical_attenuation_max_db),
        np.empty(0),
        np.empty(0),
    )


def tabulated(pattern: Pattern, azimuth_deg: float, *, tilt_deg: float | None = None) -> Antenna:
    """Return an antenna with a pattern from a file.

    Args:
        pattern: The pattern.
        azimuth_deg: Bearing of the main beam.
        tilt_deg: Electrical tilt, down is positive, of which the pattern contains `pattern.tilt_deg` already (nothing
            where it does not say); None is the pattern's own.

    Raises:
        UsageError: A value is outside its range.
    """
    own_deg = pattern.tilt_deg or 0.0
    further_deg = 0.0 if tilt_deg is None else tilt_deg - own_deg
    require(MODEL, azimuth_deg=(azimuth_deg, -1e6, 1e6), tilt_deg=(own_deg + further_deg, -90.0, 90.0))
    weakest = -min(pattern.horizontal_db.min(), pattern.vertical_db.min())
    return Antenna(
        float(azimuth_deg) % _CIRCLE,
        float(further_deg),
        _NO_LOBE,
        _NO_LOBE,
        float(weakest),
        float(weakest),
        np.ascontiguousarray(pattern.horizontal_db, dtype=np.float64),
        np.ascontiguousarray(pattern.vertical_db, dtype=np.float64),
    )


def of_service(*, azimuth_deg: float, beamwidth_deg: float, tilt_deg: float, defaults: ServiceDefaults) -> Antenna:
    """Return the antenna of a row of `services`; NaN is a field left empty.

    Without an azimuth it is omni, whatever else the row says: of a sector nobody knows where it points.

    Args:
        azimuth_deg: As in `services`.
        beamwidth_deg: As in `services`; the default where empty.
        tilt_deg: As in `services`; 0 where empty.
        defaults: `settings.radio.service`.
    """
    if math.isnan(azimuth_deg):
        return omni()
    return sector(
        azimuth_deg,
        beamwidth_deg=defaults.beamwidth_deg if math.isnan(beamwidth_deg) else beamwidth_deg,
        vertical_beamwidth_deg=defaults.vertical_beamwidth_deg,
        attenuation_max_db=defaults.attenuation_max_db,
        vertical_attenuation_max_db=defaults.vertical_attenuation_max_db,
        tilt_deg=0.0 if math.isnan(tilt_deg) else tilt_deg,
    )


def gain_db(antenna: Antenna, bearing_deg: ArrayLike, elevation_deg: ArrayLike) -> NDArray[np.float64]:
    """Return the gain relative to the main beam, at most 0 dB; arguments broadcast against each other.

    Args:
        antenna: The antenna.
        bearing_deg: Towards the receiver, clockwise from north; any turn of it, 360 is 0 and -1 is 359.
        elevation_deg: Towards the receiver above the horizon, -90 to 90.

    Raises:
        UsageError: A value is outside its range.
    """
    require(MODEL, bearing_deg=(bearing_deg, -1e6, 1e6), elevation_deg=(elevation_deg, -90.0, 90.0))
    shape, (bearings, elevations) = flat(MODEL, bearing_deg=bearing_deg, elevation_deg=elevation_deg)
    out = np.empty(shape)
    gains(bearings, elevations, antenna, out.ravel())
    return out[()]


@compiled
def gains(
    bearing_deg: NDArray[np.float64],
    elevation_deg: NDArray[np.float64],
    antenna: Antenna,
    out: NDArray[np.float64],
) -> None:
    """Write the gains towards many receivers, unchecked."""
    for i in range(bearing_deg.size):
        out[i] = gain_at(bearing_deg[i], elevation_deg[i], antenna)


@compiled
def gain_at(bearing_deg: float, elevation_deg: float, antenna: Antenna) -> float:
    """Return what `gain_db` does towards one receiver, unchecked: A(phi, theta) of 3GPP TR 36.814."""
    beside = bearing_deg - antenna.azimuth_deg
    below = -elevation_deg - antenna.tilt_deg
    if antenna.horizontal_db.size > 0:
        lost = -looked_up(beside, antenna.horizontal_db) - looked_up(below, antenna.vertical_db)
    else:
        beside -= _CIRCLE * math.floor((beside + 0.5 * _CIRCLE) / _CIRCLE)  # now from -180 to 180
        lost = min(12.0 * (beside / antenna.beamwidth_deg) ** 2, antenna.attenuation_max_db) + min(
            12.0 * (below / antenna.vertical_beamwidth_deg) ** 2, antenna.vertical_attenuation_max_db
        )
    return 0.0 - min(lost, antenna.attenuation_max_db)


@compiled
def looked_up(angle_deg: float, table_db: NDArray[np.float64]) -> float:
    """Return the value of a table that goes once around the circle, on a line between its two nearest entries."""
    turn = angle_deg / _CIRCLE
    place = (turn - math.floor(turn)) * table_db.size
    before = int(place)
    share = place - before
    here, next_one = table_db[before % table_db.size], table_db[(before + 1) % table_db.size]
    return float(here + share * (next_one - here))
