"""The truth about the signal, by a law of its own.

Nothing here is shared with the radio engine that is tested against it: distance counts with a fixed exponent and every
kilometre of trees and houses with some more, the terrain between mast and handset by the angle of the shadow it throws, and what is left varies over some hundred metres as
chance has it. Real networks obey no formula of a Recommendation either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from blankspot.demo.fields import smooth_field, stream

if TYPE_CHECKING:
    import pandas as pd

    from blankspot.demo.fields import Floats, Ints
    from blankspot.demo.settle import Ground

_REACH_CELLS: Final = 60  # 6 km; beyond it nothing is heard
_BEARINGS: Final = 540
_FIRST_KM_DB: Final = 118.0  # at 1800 MHz
_PER_DECADE_DB: Final = 38.0
_PER_KM_DB: Final = 5.0  # trees and houses
_FREQUENCY_DB: Final = 21.0  # per decade
_SHADOW_DB: Final = 11.0
_SHADOW_SCALE: Final = 0.0035  # radians
_FADING_DB: Final = 5.0
_FADING_CELLS: Final = 4.0
_FIELDS: Final = 5
_EARTH_M: Final = 8_495_000.0  # four thirds of its radius
_HANDSET_M: Final = 1.5
_LTE_SHARE_DB: Final = 27.8  # of a 10 MHz carrier's power on one reference signal
_GSM_SHARE_DB: Final = 14.0
_UMTS_SHARE_DB: Final = 20.0
_FLOOR_DBM: Final = -160.0
SHARE_DB: Final = {"4G": _LTE_SHARE_DB, "3G": _UMTS_SHARE_DB, "2G": _GSM_SHARE_DB}
FEELS: Final = {"4G": -117.0, "3G": -105.0, "2G": -101.0}  # dBm a handset still logs on with
SERVED_DBM: Final = -105.0
WEAK_DBM: Final = -115.0

Network = tuple[str, str]  # operator, technology


@dataclass(frozen=True)
class Window:
    """What one service adds around its mast: levels in dBm of the cells from `top`, `left` on."""

    network: Network
    top: int
    left: int
    level: Floats


@dataclass(frozen=True)
class Air:
    """The ground the waves run over and the chance they meet.

    Attributes:
        ground: Heights on cells of 100 m.
        fading: Random fields in dB from which each service takes its piece.
    """

    ground: Ground
    fading: list[Floats]

    @classmethod
    def over(cls, seed: int, ground: Ground) -> Air:
        """Return the air of a world."""
        rng = stream(seed, "fading")
        return cls(
            ground, [_FADING_DB * smooth_field(rng, ground.cells.shape, length=_FADING_CELLS) for _ in range(_FIELDS)]
        )

    def shadows(self, cell: int, height_m: float) -> tuple[Floats, int, int]:
        """Return the loss in dB around a mast at 1800 MHz without fading, and where the array's corner lies."""
        rows, columns = self.ground.cells.shape
        row, column = divmod(cell, columns)
        top, left = max(0, row - _REACH_CELLS), max(0, column - _REACH_CELLS)
        bottom, right = min(rows, row + _REACH_CELLS + 1), min(columns, column + _REACH_CELLS + 1)
        down, across = np.ogrid[top - row : bottom - row, left - column : right - column]
        step = np.clip(np.rint(np.hypot(down, across)).astype(np.intp), 1, _REACH_CELLS) - 1
        bearing = np.rint(np.arctan2(down, across) / (2 * np.pi) * _BEARINGS).astype(np.intp) % _BEARINGS
        return self._rays(row, column, height_m)[bearing, step], top, left

    def _rays(self, row: int, column: int, height_m: float) -> Floats:
        """Return the loss in dB along all bearings, shape (bearings, steps of one cell)."""
        cells, height = self.ground.cells, self.ground.height
        distance = np.arange(1, _REACH_CELLS + 1) * cells.cell_m
        angle = np.arange(_BEARINGS)[:, None] * (2 * np.pi / _BEARINGS)
        r = np.clip(np.rint(row + np.sin(angle) * distance / cells.cell_m).astype(np.intp), 0, cells.rows - 1)
        c = np.clip(np.rint(column + np.cos(angle) * distance / cells.cell_m).astype(np.intp), 0, cells.columns - 1)
        ground = height[r, c] - distance**2 / (2 * _EARTH_M)
        eye = height[row, column] + height_m
        crest = np.maximum.accumulate((ground - eye) / distance, axis=1)
        before = np.concatenate([np.full((_BEARINGS, 1), -np.inf), crest[:, :-1]], axis=1)
        shadow = np.clip(before - (ground + _HANDSET_M - eye) / distance, 0, None)
        plain = _FIRST_KM_DB + _PER_DECADE_DB * np.log10(distance / 1000) + _PER_KM_DB * distance / 1000
        return np.asarray(np.round(plain + _SHADOW_DB * np.log1p(shadow / _SHADOW_SCALE), 3))

    def radiate(self, site: pd.Series, services: pd.DataFrame, rng: np.random.Generator) -> list[Window]:
        """Return what each service of a mast adds; sectors of one carrier count as one."""
        loss, top, left = self.shadows(int(site["cell"]), float(site["height_m"]))
        row, column = divmod(int(site["cell"]), self.ground.cells.columns)
        down, across = np.ogrid[top - row : top - row + loss.shape[0], left - column : left - column + loss.shape[1]]
        towards = np.degrees(np.arctan2(across, -down)) % 360
        windows = []
        for _, rows in services.groupby(["operator", "technology", "band_mhz", "eirp_dbm"], sort=True):
            carrier = rows.iloc[0]
            network = str(carrier["operator"]), str(carrier["technology"])
            power = float(carrier["eirp_dbm"]) - SHARE_DB[network[1]]
            power -= _FREQUENCY_DB * float(np.log10(float(carrier["band_mhz"]) / 1800))
            level = power - loss + self._fade(rng, top, left, loss.shape)
            level = level - _off_axis(towards, rows["azimuth_deg"].to_numpy(dtype=float))
            windows.append(Window(network, top, left, np.round(np.minimum(level, -45.0), 1)))
        return windows

    def _fade(self, rng: np.random.Generator, top: int, left: int, shape: tuple[int, int]) -> Floats:
        field = self.fading[int(rng.integers(len(self.fading)))]
        rows = (top + int(rng.integers(field.shape[0])) + np.arange(shape[0])) % field.shape[0]
        columns = (left + int(rng.integers(field.shape[1])) + np.arange(shape[1])) % field.shape[1]
        return field[np.ix_(rows, columns)]


def _off_axis(towards: Floats, azimuths: Floats) -> Floats:
    """Return what the best of several sectors loses off its axis, in dB; none of an omni."""
    if np.isnan(azimuths).any():
        return np.zeros(towards.shape)
    apart = np.abs((towards[None] - azimuths[:, None, None] + 180) % 360 - 180).min(axis=0)
    return np.asarray(np.minimum(9 * (apart / 65) ** 2, 18))


def silence(ground: Ground, networks: list[Network]) -> dict[Network, Floats]:
    """Return levels that nobody hears."""
    return {network: np.full(ground.cells.shape, _FLOOR_DBM) for network in networks}


def add(levels: dict[Network, Floats], window: Window) -> None:
    """Let the cells of a window hear the stronger of what they had and what it brings (changes `levels`)."""
    rows, columns = window.level.shape
    view = levels[window.network][window.top : window.top + rows, window.left : window.left + columns]
    np.maximum(view, window.level, out=view)


def best_4g(levels: dict[Network, Floats]) -> Floats:
    """Return the strongest 4G level of any operator."""
    return np.asarray(np.max([level for (_, technology), level in levels.items() if technology == "4G"], axis=0))


def village_shares(best: Floats, people: Floats, region: Ints, count: int) -> tuple[Floats, Floats]:
    """Return the shares of each village's people with strong 4G and without any usable 4G."""
    inside = region >= 0
    who, weight, level = region[inside], people[inside], best[inside]
    total = np.maximum(np.bincount(who, weights=weight, minlength=count), 1e-9)
    strong = np.bincount(who, weights=weight * (level >= SERVED_DBM), minlength=count) / total
    without = np.bincount(who, weights=weight * (level < WEAK_DBM), minlength=count) / total
    return np.round(strong, 4), np.round(without, 4)


def village_classes(strong: Floats, without: Floats) -> list[str]:
    """Return the true class of each village: the limits of the task, without doubt because nothing is sampled."""
    return [
        "served" if share >= 0.8 else "none" if share <= 0.05 and lacking >= 0.5 else "weak"  # noqa: PLR2004 - the limits
        for share, lacking in zip(strong.tolist(), without.tolist(), strict=True)
    ]
