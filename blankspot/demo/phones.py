"""What phones log of the truth: the level of the best network they still hear, through noise of their own.

A phone shows 4G while it hears it, else 3G, else 2G, else no service; each phone reads a little high or low on each trip.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - used in a dataclass
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.demo.fields import degrees, stream
from blankspot.demo.signal import FEELS, Network, Window

if TYPE_CHECKING:
    from blankspot.demo.fields import Floats, Ints
    from blankspot.demo.settle import Ground
    from blankspot.demo.survey import Trip

_NOISE_DB: Final = 2.0
_DEVICE_DB: Final = 1.2
_LEAVING_DB: Final = 1.5
_METRIC: Final = {"4G": "rsrp_dbm", "3G": "rscp_dbm", "2G": "rxlev_dbm", "": "no_service"}
_LEAST: Final = {"4G": -140.0, "3G": -119.0, "2G": -109.0}
_SPEED_TEST: Final = 0.04
_SPEED_MIN_DBM: Final = -108.0


@dataclass(frozen=True)
class Sky:
    """What can be heard where and when.

    Attributes:
        levels: dBm of each network before the handling.
        changes: Day and window of what the handling added, in order of time.
        region: Village of each cell.
    """

    levels: dict[Network, Floats]
    changes: list[tuple[dt.date, Window]]
    region: Ints

    def hear(self, network: Network, cells: Ints, days: np.ndarray) -> Floats:
        """Return the level in dBm at flat cells on days."""
        level = self.levels[network].ravel()[cells].copy()
        row, column = np.divmod(cells, self.region.shape[1])
        for day, window in self.changes:
            if window.network != network:
                continue
            rows, columns = window.level.shape
            r, c = row - window.top, column - window.left
            inside = (r >= 0) & (r < rows) & (c >= 0) & (c < columns) & (days >= np.datetime64(day))
            level[inside] = np.maximum(level[inside], window.level[r[inside], c[inside]])
        return level


def take_readings(seed: int, ground: Ground, sky: Sky, trips: list[Trip]) -> pd.DataFrame:
    """Return all readings: campaign, village, measured_at (local), lon, lat, accuracy_m, operator, technology, metric, value.

    Ordered by trip, operator and position, with a speed test now and then behind a good 4G reading.
    """
    rng = stream(seed, "phones")
    operators = sorted({operator for trip in trips for operator in trip.operators})
    heard = pd.concat([_listen(rng, ground, sky, trips, operator) for operator in operators], ignore_index=True)
    readings = heard.sort_values("trip", kind="stable", ignore_index=True).drop(columns="trip")
    good = (readings["technology"] == "4G") & (readings["value"] > _SPEED_MIN_DBM)
    tests = readings[good & (rng.random(len(readings)) < _SPEED_TEST)].copy()
    spread = np.exp(0.4 * rng.standard_normal(len(tests)))
    tests["value"] = np.round(np.clip((tests["value"] + 125) * 0.55 * spread, 0.3, 95), 1)
    tests["metric"] = "download_mbps"
    return pd.concat([readings, tests]).sort_index(kind="stable").reset_index(drop=True)


def _listen(rng: np.random.Generator, ground: Ground, sky: Sky, trips: list[Trip], operator: str) -> pd.DataFrame:
    """Return what the phone of one operator logged on all trips that carried it."""
    carried = [number for number, trip in enumerate(trips) if operator in trip.operators]
    sizes = [trips[number].x.size for number in carried]
    x, y, moment = (
        np.concatenate([getattr(trips[number], part) for number in carried]) for part in ("x", "y", "moment")
    )
    row, column = ground.cells.find(x, y)
    bias = np.repeat(rng.normal(0, _DEVICE_DB, len(carried)), sizes)
    technology, value = _log(rng, sky, operator, row * ground.cells.columns + column, moment, bias)
    accuracy = np.round(3 + rng.gamma(2.0, 2.5, x.size), 1)
    error = rng.normal(0, 1, (2, x.size)) * accuracy / 2.5
    lon, lat = degrees(x + error[0], y + error[1])
    return pd.DataFrame(
        {
            "trip": np.repeat(carried, sizes),
            "campaign": np.repeat([trips[number].campaign for number in carried], sizes),
            "village": sky.region[row, column],
            "measured_at": moment,
            "lon": np.round(lon, 6),
            "lat": np.round(lat, 6),
            "accuracy_m": accuracy,
            "operator": operator,
            "technology": technology,
            "metric": pd.Series(technology).map(_METRIC),
            "value": value,
        }
    )


def _log(
    rng: np.random.Generator, sky: Sky, operator: str, cells: Ints, moment: np.ndarray, bias: Floats
) -> tuple[np.ndarray, Floats]:
    """Return the generation shown at each place ("" for none) and its level in dBm."""
    technology = np.full(cells.size, "", dtype="<U2")
    value = np.full(cells.size, np.nan)
    for generation, least in _LEAST.items():
        if (operator, generation) not in sky.levels:
            continue
        level = sky.hear((operator, generation), cells, moment.astype("datetime64[D]"))
        shown = np.round(level + bias + rng.normal(0, _NOISE_DB, cells.size))
        held = (technology == "") & (level >= FEELS[generation] + rng.normal(0, _LEAVING_DB, cells.size))
        technology[held] = generation
        value[held] = np.clip(shown[held], least, -48.0)
    return technology, value
