"""The rules that turn figures into a class, in the order they are asked; the first that decides wins.

1. `measured.*`: at least 20 valid readings in at least 4 cells (defaults).
2. `indicative.*`: 5 to 19 readings, or too few cells; the same shares, confidence `indicative`.
3. `modelled.*`, `modelled_coarse.*` or `fused.*`: what a prediction says, where one is given, no reading contradicts it, and measured
   villages bear it out (`bear_out`).
4. `reported.podes_*`: the newest PODES perception; confidence `reported`.
5. `reported.complaints`: complaints from at least three different places point at weak service; confidence `indicative`.
6. `unknown.*`: everything else. No data is not no signal.

Blankspot asks for one thing more: that places without any signal prevail over places with a weak one. A village that is
weak everywhere, or has 2G and 3G alone, is weak and not a blankspot, although its served share is nil.

A coarse prediction (without terrain) may call a village a blankspot too. It errs towards signal, for it sees no hill; what
errs the other way, a mast high above the valley, is within its interval, which takes the whole error as common to the village
(`modelled`). Its rule and its sentence say that it is coarse.

A rule of share asks for the share *and* for the bound of its interval, so that a verdict is as far from the limit as the
sample can prove. A report never contradicts a measured interval, nor does a prediction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from blankspot.settings import Settings

UNKNOWN: Final = "unknown"
DOUBTED: Final = "unknown.modelled_doubted"
PODES_CLASS: Final = {"none": "none", "weak": "weak", "strong": "served", "very_strong": "served"}


def class_of_shares(frame: pd.DataFrame, settings: Settings) -> pd.Series:
    """Return none, served, weak or unknown for each row of shares.

    Args:
        frame: Columns share_served, share_none, share_low, share_high between 0 and 1; NaN gives unknown.
        settings: Limits in percent.
    """
    rule = settings.village
    names = ("share_served", "share_none", "share_low", "share_high")
    share, without, low, high = (_percent(frame[name]) for name in names)
    unserved = (share <= rule.none_share_max_pct) & (high <= rule.none_upper_max_pct)
    none = unserved & (without >= rule.none_prevails_min_pct)
    served = (share >= rule.served_share_min_pct) & (low >= rule.served_lower_min_pct)
    weak = (high - low) <= rule.weak_width_max_points
    known = np.select([none, served, weak & share.notna()], ["none", "served", "weak"], default=UNKNOWN)
    return pd.Series(known, index=frame.index, dtype="str")


def decide(figures: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return signal_class, confidence and rule for each village.

    Args:
        figures: One row per village with n_measurements, n_cells, the measured shares, and the columns modelled_class,
            modelled_kind, modelled_coarse, modelled_wide, modelled_doubted, podes_class, podes_signal, report_places (NaN, False or 0 where
            there is none).
        settings: Limits.
    """
    enough = settings.evidence
    foretold = figures["modelled_class"].notna()
    measured = class_of_shares(figures, settings).mask(foretold, UNKNOWN)  # those are shares of the prediction
    full = (figures["n_measurements"] >= enough.readings_min) & (figures["n_cells"] >= enough.cells_min)
    some = ~full & (figures["n_measurements"] >= enough.indicative_readings_min)
    proposed = (
        (full & (measured != UNKNOWN), measured, "measured", "measured." + measured),
        (some & (measured != UNKNOWN), measured, "indicative", "indicative." + measured),
        (
            foretold,
            figures["modelled_class"],
            figures["modelled_kind"],
            _foretold(figures) + "." + figures["modelled_class"].fillna(""),
        ),
        (
            figures["podes_class"].notna() & (possible(figures["podes_class"], figures, settings) | ~(full | some)),
            figures["podes_class"],
            "reported",
            "reported.podes_" + figures["podes_class"].fillna(""),
        ),
        (
            (figures["report_places"] >= enough.reports_min_cells) & ~(full | some),
            "weak",
            "indicative",
            "reported.complaints",
        ),
    )
    decided = pd.DataFrame(
        {"signal_class": UNKNOWN, "confidence": "indicative", "rule": _why_unknown(figures, full)}, index=figures.index
    )
    for mask, signal_class, confidence, rule in reversed(proposed):
        for name, value in (("signal_class", signal_class), ("confidence", confidence), ("rule", rule)):
            decided[name] = decided[name].mask(mask, value)
    return decided.astype("str")


def possible(said: pd.Series, figures: pd.DataFrame, settings: Settings) -> pd.Series:
    """Tell where a class is possible within the interval share_low to share_high of the figures."""
    rule = settings.village
    possible_none = _percent(figures["share_low"]) <= rule.none_share_max_pct
    possible_served = _percent(figures["share_high"]) >= rule.served_share_min_pct
    return (said == "weak") | ((said == "none") & possible_none) | ((said == "served") & possible_served)


def bear_out(said: pd.Series, figures: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Ask the measured villages how far a prediction can be believed.

    A prediction may miss what every village of an area has in common: trees that no raster shows, a wrong power of the masts.
    No interval of its own tells that; the villages that were measured do.

    Args:
        said: The class that the prediction alone gives each village.
        figures: Measured shares, n_measurements and n_cells.
        settings: How many villages a check needs, and how often they may rule the class out.

    Returns:
        For each village how many measured ones the prediction gives the same class (`checked`), in how many of them the
        readings rule that class out (`missed`), and whether that is too often to believe it (`doubted`).
    """
    rule, enough = settings.prediction, settings.evidence
    full = (figures["n_measurements"] >= enough.readings_min) & (figures["n_cells"] >= enough.cells_min)
    wrong = full & ~possible(said, figures, settings)
    told = pd.DataFrame(
        {"checked": full.groupby(said).transform("sum"), "missed": wrong.groupby(said).transform("sum")}
    ).fillna(0)
    often = told["missed"] * 100 > rule.contradicted_max_pct * told["checked"]
    doubted = (said != UNKNOWN) & (told["checked"] >= rule.checked_villages_min) & often
    return told.astype("int64").assign(doubted=doubted)


def _foretold(figures: pd.DataFrame) -> pd.Series:
    """Return the head of a rule that rests on a prediction."""
    return figures["modelled_kind"].fillna("").mask(figures["modelled_coarse"].astype(bool), "modelled_coarse")


def _why_unknown(figures: pd.DataFrame, full: pd.Series) -> pd.Series:
    nothing = (figures["n_measurements"] == 0) & figures["podes_signal"].isna() & (figures["report_places"] == 0)
    few = ~full & (figures["n_measurements"] > 0)
    rule = np.select(
        [full, few, figures["modelled_doubted"], figures["modelled_wide"], nothing],
        [
            "unknown.wide_interval",
            "unknown.few_readings",
            DOUBTED,
            "unknown." + _foretold(figures),
            "unknown.no_data",
        ],
        default="unknown.reports_only",
    )
    return pd.Series(rule, index=figures.index, dtype="str")


def _percent(share: pd.Series) -> pd.Series:
    # Twelve decimals keep a share such as 0.05 from missing its own limit by a rounding of the last bit.
    return (share * 100).round(12)
