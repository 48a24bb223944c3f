"""The long table of figures behind the verdicts: one row per village, network and statistic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.classify.readings import ANY, FOURTH_GENERATION, WEAK
from blankspot.classify.shares import shares, weigh
from blankspot.schema import LEVEL_METRICS, TABLES

if TYPE_CHECKING:
    from blankspot.classify.readings import Cells
    from blankspot.settings import Settings

COLUMNS: Final = list(TABLES["evidence"].columns)
_SHARES: Final = ("share_served", "share_weak", "share_none")
_FIGURES: Final = (*_SHARES, "effective_cells")
_THROUGHPUT: Final = ("download_mbps", "upload_mbps")
_PODES_ORDER: Final = {"none": 0, "weak": 1, "strong": 2, "very_strong": 3}


def measured(thinned: Cells, people: pd.DataFrame | None, codes: np.ndarray, settings: Settings) -> pd.DataFrame:
    """Return the measured figures per village, for all networks and per network.

    Shares, the effective number of cells behind their interval, median levels, counts, throughput.
    """
    sources = thinned.readings.groupby("village")["source"].agg(lambda names: ", ".join(sorted(set(names) - {""})))
    networks = thinned.network[thinned.network["operator"] != ANY]
    capped = networks["tier"].where(networks["technology"].isin(FOURTH_GENERATION), networks["tier"].clip(upper=WEAK))
    whole = _share_rows(weigh(thinned.cell, people), ["village"], settings)
    each = _share_rows(weigh(networks.assign(tier=capped), people), ["village", "operator", "technology"], settings)
    frame = pd.concat([whole, each, _medians(thinned.readings), _silences(thinned.readings)], ignore_index=True)
    frame["source"] = frame["village"].map(sources)
    frame["village_code"] = codes[frame["village"].to_numpy(dtype=np.intp)]
    return frame.assign(kind="measured")


def from_shares(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of a prediction given as shares per village_code, those of networks with operator and technology."""
    told = [*_SHARES, *(["share_predicted"] if "share_predicted" in frame else [])]
    long = frame.melt(
        id_vars=["village_code", "operator", "technology", "kind", "n_pixels", "share_low", "share_high", "source"],
        value_vars=told,
        var_name="statistic",
    )
    served = long["statistic"] == "share_served"
    long = long[long["value"].notna() & ((long["statistic"] != "share_predicted") | (long["operator"] == ANY))]
    return long.assign(low=long["share_low"].where(served), high=long["share_high"].where(served), n=long["n_pixels"])


def reported(podes: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    """Return what was reported: the PODES signal on a scale 0 (none) to 3 (very strong) and the number of complaints."""
    said = pd.DataFrame(
        {"village_code": podes.index, "value": podes["podes_signal"].map(_PODES_ORDER).to_numpy(dtype=float)}
    )
    said = said.assign(statistic="podes_signal_0_to_3", n=1, source=[f"Podes {year}" for year in podes["podes_year"]])
    said["technology"] = podes["podes_technology"].to_numpy()
    told = pd.DataFrame({"village_code": reports.index, "value": reports["n_reports"].to_numpy(dtype=float)})
    told = told.assign(statistic="complaints", n=reports["n_reports"].to_numpy(), source="")
    return pd.concat([said, told], ignore_index=True).assign(kind="reported")


def table(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Join the parts under the declared columns, typed and in a fixed order."""
    frame = pd.concat([pd.DataFrame(columns=COLUMNS), *parts], ignore_index=True)[COLUMNS]
    for name in ("operator", "technology"):
        frame[name] = frame[name].astype("str").where(frame[name].notna() & (frame[name] != ANY))
    for name in ("value", "low", "high"):
        frame[name] = pd.to_numeric(frame[name]).astype("float64")
    frame["n"] = pd.to_numeric(frame["n"]).astype("Int64")
    texts = ["village_code", "kind", "statistic", "operator", "technology", "source"]
    frame[texts] = frame[texts].astype("str")
    return frame.sort_values(
        ["village_code", "kind", "statistic", "operator", "technology"],
        kind="stable",
        na_position="first",
        ignore_index=True,
    )


def _share_rows(weighed: pd.DataFrame, by: list[str], settings: Settings) -> pd.DataFrame:
    figures = shares(weighed, by, settings).reset_index()
    long = figures.melt(
        id_vars=[*by, "share_low", "share_high", "n_cells"], value_vars=list(_FIGURES), var_name="statistic"
    )
    served = long["statistic"] == "share_served"
    return long.assign(low=long["share_low"].where(served), high=long["share_high"].where(served), n=long["n_cells"])


def _medians(readings: pd.DataFrame) -> pd.DataFrame:
    """Return the median of every metric with a value, per network."""
    valued = readings[readings["metric"].isin([*LEVEL_METRICS, *_THROUGHPUT]) & readings["value"].notna()]
    grouped = valued.groupby(["village", "operator", "technology", "metric"])["value"]
    figures = pd.DataFrame({"value": grouped.median(), "n": grouped.size()}).reset_index()
    return figures.assign(statistic="median_" + figures["metric"])


def _silences(readings: pd.DataFrame) -> pd.DataFrame:
    silent = readings[readings["metric"] == "no_service"].groupby(["village", "operator"]).size()
    return (
        silent.rename("n")
        .reset_index()
        .assign(statistic="no_service_readings", value=lambda rows: rows["n"].astype(float))
    )
