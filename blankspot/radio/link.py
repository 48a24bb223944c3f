"""From the power of a service to the level that a phone reports, term by term.

What phones report differs by generation: RSRP and SS-RSRP are the power of one resource element, RSCP that of the pilot,
RxLev that of the whole carrier. EIRP is always that of the carrier, so each generation has its own share. A `Budget` lists
every term between the two in order, so that nothing is folded into anything: the antenna's direction, the path, the body
beside the phone, the walls around it. The height of the phone is among them, although it works through the path.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from blankspot.radio.compiled import compiled
from blankspot.radio.limits import flat, numbers, refused, require
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from blankspot.settings import Receiver

MODEL: Final = "radio.link"
CARRIERS: Final = "3GPP"
SUBCARRIERS: Final = 12  # of a resource block, 3GPP TS 36.211 and 38.211
TDD_FROM_GHZ: Final = 2.3  # the bands of Indonesia from here on (n40, n41, n78) are paired in time

# Resource blocks by channel bandwidth in MHz: 3GPP TS 36.101, table 5.6-1.
LTE_BLOCKS: Final[dict[float, int]] = {1.4: 6, 3.0: 15, 5.0: 25, 10.0: 50, 15.0: 75, 20.0: 100}
# By spacing of subcarriers in kHz: 3GPP TS 38.101-1, table 5.3.2-1.
NR_BLOCKS: Final[dict[int, dict[float, int]]] = {
    15: {5.0: 25, 10.0: 52, 15.0: 79, 20.0: 106, 25.0: 133, 30.0: 160, 35.0: 188, 40.0: 216, 45.0: 242, 50.0: 270},
    30: {
        5.0: 11, 10.0: 24, 15.0: 38, 20.0: 51, 25.0: 65, 30.0: 78, 35.0: 92, 40.0: 106, 45.0: 119, 50.0: 133, 60.0: 162,
        70.0: 189, 80.0: 217, 90.0: 245, 100.0: 273,
    },
}  # fmt: skip

# Narrowest and widest carrier of the generations whose level is that of a resource element.
CARRIER_MHZ: Final = {
    "4G": (min(LTE_BLOCKS), max(LTE_BLOCKS)),
    "5G": (min(NR_BLOCKS[15]), max(NR_BLOCKS[30])),
}

Technology = Literal["2G", "3G", "4G", "5G"]
_TECHNOLOGIES: Final = ("2G", "3G", "4G", "5G")
_LARGEST_DB: Final = 1e4

_LABELS: Final = {
    "eirp_dbm": Text("EIRP ke arah utama", "EIRP in the main direction"),
    "reference_share_db": Text("Bagian sinyal acuan", "Share of the reference signal"),
    "antenna_db": Text("Arah antena", "Direction of the antenna"),
    "path_loss_db": Text("Redaman lintasan", "Path loss"),
    "receiver_height_m": Text("Tinggi ponsel", "Height of the phone"),
    "body_loss_db": Text("Redaman tubuh", "Body loss"),
    "indoor_margin_db": Text("Cadangan dalam ruang", "Indoor margin"),
    "level_dbm": Text("Level diterima", "Received level"),
}


class Term(NamedTuple):
    """One line of a budget.

    Attributes:
        name: Identifier; the field of `Budget` it comes from.
        label: What readers see.
        value: As it adds up: losses are negative. A height adds nothing.
        unit: `dBm`, `dB` or `m`.
    """

    name: str
    label: Text
    value: float
    unit: Literal["dBm", "dB", "m"]


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Everything between a service's power and a phone's level; losses and margins are positive, gains relative.

    Attributes:
        eirp_dbm: Of the carrier, in the main direction.
        reference_share_db: How much weaker the signal that phones measure is, at least 0; see `reference_share_db`.
        antenna_db: Gain in the direction of the receiver relative to the main one, at most 0.
        path_loss_db: Basic transmission loss to a phone at `receiver_height_m`.
        receiver_height_m: Above ground.
        body_loss_db: At the ear or in a pocket.
        indoor_margin_db: Through walls; 0 outdoors.
    """

    eirp_dbm: float
    reference_share_db: float
    antenna_db: float
    path_loss_db: float
    receiver_height_m: float
    body_loss_db: float = 0.0
    indoor_margin_db: float = 0.0

    @property
    def level_dbm(self) -> float:
        """The level that the phone reports."""
        return sum(term.value for term in self._summands())

    def terms(self) -> tuple[Term, ...]:
        """Return every term in the order in which the signal meets it, the level last."""
        height = Term("receiver_height_m", _LABELS["receiver_height_m"], self.receiver_height_m, "m")
        summands = self._summands()
        level = Term("level_dbm", _LABELS["level_dbm"], self.level_dbm, "dBm")
        return (*summands[:4], height, *summands[4:], level)

    def _summands(self) -> tuple[Term, ...]:
        return tuple(
            Term(name, _LABELS[name], sign * value, "dBm" if name == "eirp_dbm" else "dB")
            for name, sign, value in (
                ("eirp_dbm", 1.0, self.eirp_dbm),
                ("reference_share_db", -1.0, self.reference_share_db),
                ("antenna_db", 1.0, self.antenna_db),
                ("path_loss_db", -1.0, self.path_loss_db),
                ("body_loss_db", -1.0, self.body_loss_db),
                ("indoor_margin_db", -1.0, self.indoor_margin_db),
            )
        )


def budget(
    *,
    eirp_dbm: float,
    reference_share_db: float,
    antenna_db: float,
    path_loss_db: float,
    receiver: Receiver,
    indoors: bool = False,
) -> Budget:
    """Return the budget of one path to the phone of the settings.

    Args:
        eirp_dbm: Of the carrier, in the main direction.
        reference_share_db: From the function of that name.
        antenna_db: From `antenna.gain_db`.
        path_loss_db: From a model, for a phone at `receiver.height_m`.
        receiver: `settings.receiver`.
        indoors: Whether the indoor margin counts.
    """
    return Budget(
        eirp_dbm=eirp_dbm,
        reference_share_db=reference_share_db,
        antenna_db=antenna_db,
        path_loss_db=path_loss_db,
        receiver_height_m=receiver.height_m,
        body_loss_db=receiver.body_loss_db,
        indoor_margin_db=receiver.indoor_margin_db if indoors else 0.0,
    )


def resource_blocks(
    technology: Technology, bandwidth_mhz: float, *, f_ghz: float | None = None, scs_khz: int | None = None
) -> int:
    """Return how many resource blocks a 4G or 5G carrier has.

    3GPP TS 36.101, table 5.6-1, and TS 38.101-1, table 5.3.2-1. A bandwidth between two of the table counts as the
    smaller: an operator that holds 7.5 MHz sends a carrier of 5.

    Args:
        technology: `4G` or `5G`.
        bandwidth_mhz: Of the carrier, at least the smallest of the table.
        f_ghz: Frequency, for the spacing of subcarriers of 5G where `scs_khz` is not given: 30 kHz from 2.3 GHz on,
            where the bands in use here are paired in time, and above 50 MHz of bandwidth; else 15 kHz.
        scs_khz: Spacing of subcarriers of 5G, 15 or 30.

    Raises:
        UsageError: The technology has no resource blocks, or no carrier is so narrow or so wide.
    """
    if technology == "4G":
        return _blocks(LTE_BLOCKS, bandwidth_mhz)
    if technology != "5G":
        raise refused(CARRIERS, "technology", repr(technology), "4G, 5G")
    if scs_khz is None:
        wide = bandwidth_mhz > max(NR_BLOCKS[15])
        scs_khz = 30 if wide or (f_ghz is not None and f_ghz >= TDD_FROM_GHZ) else 15
    if scs_khz not in NR_BLOCKS:
        raise refused(CARRIERS, "scs_khz", f"{scs_khz:g}", "15, 30")
    return _blocks(NR_BLOCKS[scs_khz], bandwidth_mhz)


def reference_share_db(
    technology: Technology,
    bandwidth_mhz: float,
    *,
    pilot_share_db: float,
    f_ghz: float | None = None,
    scs_khz: int | None = None,
) -> float:
    """Return how much weaker than the carrier the signal is whose level phones report.

    Args:
        technology: 5G and 4G: one resource element of the whole carrier, 10 log10(12 N_RB) (3GPP TS 36.214 clause 5.1.1,
            TS 38.215 clause 5.1.1). 3G: the pilot's share (TS 25.215 clause 5.1.1). 2G: nothing, RxLev is the carrier's
            (TS 45.008 clause 8.1).
        bandwidth_mhz: Of the carrier; plays no part in 2G and 3G.
        pilot_share_db: Of 3G, `settings.radio.service.rscp_pilot_share_db`; plays no part in others.
        f_ghz: See `resource_blocks`.
        scs_khz: See `resource_blocks`.

    Raises:
        UsageError: No such technology, or no such carrier.
    """
    if technology not in _TECHNOLOGIES:
        raise refused(CARRIERS, "technology", repr(technology), ", ".join(_TECHNOLOGIES))
    if technology == "2G":
        return 0.0
    if technology == "3G":
        require(CARRIERS, pilot_share_db=(pilot_share_db, 0.0, _LARGEST_DB))
        return float(pilot_share_db)
    blocks = resource_blocks(technology, bandwidth_mhz, f_ghz=f_ghz, scs_khz=scs_khz)
    return 10.0 * math.log10(SUBCARRIERS * blocks)


def max_loss_db(
    eirp_dbm: ArrayLike,
    level_dbm: ArrayLike,
    *,
    reference_share_db: ArrayLike = 0.0,
    body_loss_db: ArrayLike = 0.0,
    indoor_margin_db: ArrayLike = 0.0,
) -> NDArray[np.float64]:
    """Return the largest path loss in the main direction that still gives a level; arguments broadcast.

    Args:
        eirp_dbm: Of the carrier, in the main direction.
        level_dbm: To be reached.
        reference_share_db: From the function of that name.
        body_loss_db: At the ear.
        indoor_margin_db: Through walls.

    Returns:
        Loss in dB; below 0 where even beside the antenna the level is not reached.

    Raises:
        UsageError: A value is not finite, or a loss is negative.
    """
    require(
        MODEL,
        eirp_dbm=(eirp_dbm, -_LARGEST_DB, _LARGEST_DB),
        level_dbm=(level_dbm, -_LARGEST_DB, _LARGEST_DB),
        reference_share_db=(reference_share_db, 0.0, _LARGEST_DB),
        body_loss_db=(body_loss_db, 0.0, _LARGEST_DB),
        indoor_margin_db=(indoor_margin_db, 0.0, _LARGEST_DB),
    )
    losses = sum(np.asarray(each, dtype=np.float64) for each in (reference_share_db, body_loss_db, indoor_margin_db))
    return np.asarray(np.asarray(eirp_dbm, dtype=np.float64) - np.asarray(level_dbm, dtype=np.float64) - losses)[()]


def service_probability(median_dbm: ArrayLike, threshold_dbm: ArrayLike, sd_db: ArrayLike) -> NDArray[np.float64]:
    """Return how probable it is that a level is at least a threshold, where it is normal in dB; arguments broadcast.

    Args:
        median_dbm: Predicted median; NaN (not predicted) stays NaN.
        threshold_dbm: To be reached.
        sd_db: Standard deviation around the median, at least 0; NaN stays NaN. At 0 the median decides.

    Returns:
        Probabilities from 0 to 1.

    Raises:
        UsageError: A threshold is not finite or a standard deviation negative.
    """
    spread = numbers(MODEL, "sd_db", sd_db)
    require(
        MODEL,
        threshold_dbm=(threshold_dbm, -_LARGEST_DB, _LARGEST_DB),
        sd_db=(spread[~np.isnan(spread)], 0.0, _LARGEST_DB),
    )
    shape, (medians, thresholds, spreads) = flat(
        MODEL, median_dbm=median_dbm, threshold_dbm=threshold_dbm, sd_db=spread
    )
    out = np.empty(shape)
    _probabilities(medians, thresholds, spreads, out.ravel())
    return out[()]


@compiled
def probability_at(median_dbm: float, threshold_dbm: float, sd_db: float) -> float:
    """Return what `service_probability` does of one level, unchecked."""
    if math.isnan(median_dbm) or math.isnan(sd_db):
        return np.nan
    if sd_db == 0.0:
        return 1.0 if median_dbm >= threshold_dbm else 0.0
    return 0.5 * math.erfc((threshold_dbm - median_dbm) / (sd_db * math.sqrt(2.0)))


@compiled
def _probabilities(
    median_dbm: NDArray[np.float64],
    threshold_dbm: NDArray[np.float64],
    sd_db: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    for i in range(median_dbm.size):
        out[i] = probability_at(median_dbm[i], threshold_dbm[i], sd_db[i])


def _blocks(table: Mapping[float, int], bandwidth_mhz: float) -> int:
    widths = sorted(table)
    require(CARRIERS, bandwidth_mhz=(bandwidth_mhz, widths[0], widths[-1]))
    return table[max(width for width in widths if width <= bandwidth_mhz)]
