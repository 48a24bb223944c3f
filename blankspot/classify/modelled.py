"""From predicted coverage to shares of a village: expected shares, an interval that is honest about errors, and flags.

**Levels.** The level of a layer is normal around its median, so every layer of a pixel (`pixels` says which count) has a
distance to a threshold, z = (median - threshold) / sd. Of several layers the largest z counts. That is exact where their
errors are fully correlated, and they nearly are: operators share masts, and all of them share the hills, the trees and what
the terrain does not show. To take them as independent would find service wherever many operators are weak. With equal
thresholds and spreads it is the strongest server; with unequal ones a stronger signal still never lowers it, which a choice by
median alone would not keep. Strong 4G or newer serves; anything usable below that, and 2G or 3G alone, is weak, just as
readings are judged. A median on the layer's floor means that nothing usable arrives.

**Interval.** Errors of neighbouring pixels are alike: a wrong height of the mast, trees that the model does not know. So the
interval of a share must not shrink with the number of pixels. The error has one part common to the village and one of each
place (a one-factor normal model): given the common part e, in standard deviations, a pixel is served with probability
P((z + e sqrt(r)) / sqrt(1 - r)), r being the common share of the variance. The bounds are the shares at the two ends of e; the
mean over e is the expected share. `prediction.common_variance_pct` is r, raised where a village lies in few independent patches
of `prediction.correlation_m`, because the errors of places do not average out over a hamlet: r + (1 - r) / patches. A coarse
prediction knows no terrain, and one hill may hide the whole village: r is 1.

**What is not predicted is not none.** A pixel counts where every layer has a value, and a village of which less than
`prediction.predicted_min_pct` is predicted gets no shares.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from blankspot.classify.pixels import Pixels
from blankspot.classify.readings import ANY, FOURTH_GENERATION
from blankspot.classify.shares import require_grid
from blankspot.coverage import Lattice, described
from blankspot.geo import assert_wgs84
from blankspot.settings import Settings, load_settings

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from blankspot.classify.pixels import Points, Weights
    from blankspot.coverage import Coverage, CoverageSource, Key, Layer
    from blankspot.grid import Grid

COLUMNS: Final = (
    "village_code", "operator", "technology", "kind", "share_served", "share_weak", "share_none", "share_low", "share_high",
    "n_pixels", "weight_kind", "share_predicted", "partial", "no_4g", "coarse", "source",
)  # fmt: skip
_ALL: Final = (ANY, ANY)
_ALL_4G: Final = (ANY, "4G+")
_STEPS: Final = 1024  # per standard deviation: the table of the normal distribution is right to 3e-8
_SIGMAS: Final = 8
_P: Final = np.array([NormalDist().cdf(at / _STEPS) for at in range(-_SIGMAS * _STEPS, _SIGMAS * _STEPS + 1)])
_P[0], _P[-1] = 0.0, 1.0
_RISE: Final = np.append(np.diff(_P), 0.0)
_SPREAD_MIN: Final = 1e-9  # stands for nil: the error is common to the whole village

Levels = tuple["NDArray[np.float64]", "NDArray[np.float64]"]


def modelled_shares(
    coverage: CoverageSource,
    villages: gpd.GeoDataFrame,
    *,
    population: Grid | None = None,
    settings: Settings | None = None,
) -> pd.DataFrame:
    """Return what a prediction says of every village it covers, as `classify(coverage=...)` takes it.

    Args:
        coverage: What `predict` returned, or coverage in files; it is read in windows.
        villages: At least village_code and geometry in EPSG:4326; codes are unique.
        population: People per pixel; shares are then shares of people, else of area.
        settings: Thresholds; the defaults if not given. Their language is that of the source.

    Returns:
        One row per village of which enough is predicted, operator and technology empty, and one more for each of its
        networks: village_code, operator, technology, kind ("modelled"), share_served, share_weak, share_none, share_low,
        share_high (of share_served), n_pixels, weight_kind, share_predicted (of its weight), partial, no_4g, coarse, source.

    Raises:
        UsageError: The villages are not in EPSG:4326, or `population` is no grid.
    """
    settings = settings or load_settings()
    assert_wgs84(villages)
    if population is not None:
        require_grid(population)
    placed = villages[villages.geometry.notna() & ~villages.geometry.is_empty]
    if not coverage.keys() or placed.empty:
        return _joined([])
    west, _, _, north = placed.total_bounds
    lattice = Lattice.of(coverage, west, north)
    pixels = Pixels(lattice, placed, population, settings.prediction.correlation_m)
    weights = pixels.weigh()
    sums = _Sums(coverage, weights, settings)
    for tile in pixels.tiles():
        points = pixels.points(tile, weights)
        if len(points.village):
            sums.add(coverage.window(tile.bounds), points, lattice)
    return _rows(coverage, placed["village_code"].to_numpy(), weights, sums, settings)


class _Sums:
    """Weighted probabilities per village, by what they are of; the only thing that stays from one tile to the next."""

    def __init__(self, coverage: CoverageSource, weights: Weights, settings: Settings) -> None:
        self._signal = settings.signal
        self._groups = _groups(coverage.keys())
        shared = 1.0 if coverage.coarse else settings.prediction.common_variance_pct / 100
        common = shared + (1 - shared) / weights.patches
        end = NormalDist().inv_cdf(0.5 + settings.evidence.interval_level_pct / 200)
        self._shift, self._spread = end * np.sqrt(common), np.maximum(np.sqrt(1 - common), _SPREAD_MIN)
        count = len(common)
        self.weight, self.pixels = np.zeros(count), np.zeros(count, dtype=np.int64)
        self._of = {name: np.zeros((4, count)) for name in self._groups}

    def add(self, window: Coverage, points: Points, lattice: Lattice) -> None:
        """Add what a window of the coverage says at some points."""
        levels = {key: self._levels(layer, points, lattice) for key, layer in window.layers.items()}
        known = np.logical_and.reduce([~np.isnan(strong) for strong, _ in levels.values()])
        village, weight = points.village[known], points.weight[known]
        count = len(self.weight)
        self.weight += np.bincount(village, weight, count)
        self.pixels += np.bincount(village, minlength=count)
        shift, spread = self._shift[village], self._spread[village]
        for name, keys in self._groups.items():
            newest = [levels[key][0][known] for key in keys if key[1] in FOURTH_GENERATION]
            usable = np.maximum.reduce([levels[key][1][known] for key in keys])
            self._of[name][3] += np.bincount(village, weight * _normal(usable), count)
            if newest:
                strong = np.maximum.reduce(newest)
                for at, z in enumerate((strong, (strong - shift) / spread, (strong + shift) / spread)):
                    self._of[name][at] += np.bincount(village, weight * _normal(z), count)

    def shares(self, name: Key) -> pd.DataFrame:
        """Return share_served, share_weak, share_none, share_low and share_high of a group; NaN where nothing is predicted."""
        of = self._of[name]
        served, low, high, usable = np.divide(of, self.weight, out=np.full(of.shape, np.nan), where=self.weight > 0)
        usable = np.maximum(usable, served)
        figures = {"served": served, "weak": usable - served, "none": 1 - usable}
        low, high = np.minimum(low, served), np.maximum(high, served)
        frame = pd.DataFrame(
            {f"share_{part}": share for part, share in (*figures.items(), ("low", low), ("high", high))}
        )
        return frame.clip(0.0, 1.0)

    def _levels(self, layer: Layer, points: Points, lattice: Lattice) -> Levels:
        """Return how far each point lies above strong and above weak, in standard deviations; NaN is not predicted."""
        edges = getattr(self._signal, layer.metric)
        row, column = lattice.begin(layer.median_dbm)
        rows, columns = points.row - row, points.column - column
        height, width = layer.median_dbm.shape
        inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
        at = rows[inside], columns[inside]
        median, sd = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
        for told, grid in ((median, layer.median_dbm), (sd, layer.sd_db)):
            told[inside] = grid.values[at]  # noqa: PD011 - a grid, not a frame
        silent = median <= layer.floor_dbm
        spread = np.maximum(sd, _SPREAD_MIN)
        strong, usable = ((median - edge) / spread for edge in (edges.strong_min_dbm, edges.weak_min_dbm))
        return np.where(silent, -np.inf, strong), np.where(silent, -np.inf, usable)


def _groups(keys: tuple[Key, ...]) -> dict[Key, list[Key]]:
    """Return the layers of each figure: all, all of 4G or newer, each operator, and each by itself."""
    newest = [key for key in keys if key[1] in FOURTH_GENERATION]
    each = {(operator, ANY): [key for key in keys if key[0] == operator] for operator, _ in keys}
    return {_ALL: list(keys), **({_ALL_4G: newest} if newest else {}), **each, **{key: [key] for key in keys}}


def _rows(
    coverage: CoverageSource, codes: NDArray[np.object_], weights: Weights, sums: _Sums, settings: Settings
) -> pd.DataFrame:
    """Return the rows of the villages of which enough is predicted, and of their networks."""
    predicted = np.divide(sums.weight, weights.total, out=np.zeros(len(codes)), where=weights.total > 0)
    enough = (sums.weight > 0) & (np.round(predicted * 100, 9) >= settings.prediction.predicted_min_pct)
    common: dict[str, Any] = {
        "village_code": codes,
        "kind": "modelled",
        "n_pixels": sums.pixels,
        "weight_kind": np.where(weights.by_people, "population", "area"),
        "share_predicted": np.clip(predicted, 0.0, 1.0),
        "coarse": coverage.coarse,
        "source": described(coverage.model, coarse=coverage.coarse).of(settings.language),
        "partial": False,
        "no_4g": False,
    }
    parts = []
    for operator, technology in (_ALL, *coverage.keys()):
        part = sums.shares((operator, technology)).assign(operator=operator, technology=technology, **common)
        if (operator, technology) == _ALL:
            part = part.assign(partial=_partial(coverage, sums, settings), no_4g=_no_4g(coverage, sums, settings))
        parts.append(part[enough])
    return _joined(parts)


def _partial(coverage: CoverageSource, sums: _Sums, settings: Settings) -> NDArray[np.bool_]:
    """Tell where some operators serve the village by themselves and some do not."""
    keys = coverage.keys()
    operators = dict.fromkeys(operator for operator, _ in keys)
    served = np.array([sums.shares((operator, ANY))["share_served"] for operator in operators]) * 100
    alone = served >= settings.village.served_share_min_pct
    return np.asarray(alone.any(axis=0) & ~alone.all(axis=0))


def _no_4g(coverage: CoverageSource, sums: _Sums, settings: Settings) -> NDArray[np.bool_]:
    """Tell where something is usable, but practically nothing of it is 4G or newer."""
    usable = 1 - sums.shares(_ALL)["share_none"].to_numpy()
    keys = coverage.keys()
    newest = any(technology in FOURTH_GENERATION for _, technology in keys)
    usable_4g = 1 - sums.shares(_ALL_4G)["share_none"].to_numpy() if newest else np.zeros(len(usable))
    limit = settings.village.none_share_max_pct / 100
    found: NDArray[np.bool_] = (usable > limit) & (usable_4g <= limit)
    return found


def _normal(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability that a standard normal value is at most z."""
    at = np.clip(z * _STEPS + _SIGMAS * _STEPS, 0, len(_P) - 1)
    step = at.astype(np.int64)
    probability: NDArray[np.float64] = _P[step] + _RISE[step] * (at - step)
    return probability


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]
