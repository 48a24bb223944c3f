"""Readings and reports gathered in squares, so that no row tells where one phone was or where one person complained.

A square of three decimals is about 110 m wide. It leaves when at least three devices measured in it (settings
`public.devices_min`): with two, each would know the other's readings; with one, they are a track. A square is counted per
network, generation and metric, because that is the row that leaves.

How many devices there were is known only where the file names them; `measurements.contributor` then holds a number for each.
Where it does not, a lower bound is taken: sources that differ only in digits and punctuation are sessions of one logger and
count as one, and there are never more devices than there are days, because one phone may have written several files in a day.
Named and nameless readings may be of the same device, so the larger of both counts holds. Reports carry no person at all, so there are never more reporters than distinct texts, or days.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from blankspot.schema import OPEN_TABLES
from blankspot.words import LANGS, Text, number

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from blankspot.out.publish.held import HeldBack
    from blankspot.settings import Public

_BY: Final = ["lon", "lat", "operator", "technology", "metric"]
_SQUARE: Final = ["lon", "lat"]


def measurement_cells(readings: pd.DataFrame, public: Public, *, zone: ZoneInfo, held: HeldBack) -> pd.DataFrame:
    """Return one row per square, network, generation and metric (`schema.OPEN_TABLES["measurement_cells"]`).

    Args:
        readings: Rows of `schema.TABLES["measurements"]`.
        public: How fine a square is, and how many devices it needs.
        zone: In which months and days are told.
        held: Where is noted what stays.
    """
    held.add("sel_ukur", "", len(readings), "generalised", _fineness(public))
    columns = OPEN_TABLES["measurement_cells"].columns
    here = readings[np.isfinite(readings["lon"].astype(float)) & np.isfinite(readings["lat"].astype(float))]
    if here.empty:
        return pd.DataFrame(columns=list(columns))
    local = pd.to_datetime(here["measured_at"], utc=True).dt.tz_convert(zone)
    work = _squared(here, public.coordinate_decimals).assign(
        month=local.dt.strftime("%Y-%m"), day=local.dt.strftime("%Y-%m-%d"), logger=_loggers(here["source"])
    )
    for name in ("operator", "technology", "contributor"):
        work[name] = (work[name] if name in work else pd.Series(np.nan, index=work.index)).astype("str")
    nameless = work["contributor"].isna()
    work["logger"], work["nameless_day"] = work["logger"].where(nameless), work["day"].where(nameless)
    work["value"] = pd.to_numeric(work["value"], errors="coerce")
    groups = work.groupby(_BY, dropna=False, sort=True)
    told = groups.agg(
        value=("value", "median"),
        n_readings=("metric", "size"),
        first_month=("month", "min"),
        last_month=("month", "max"),
        named=("contributor", "nunique"),
        loggers=("logger", "nunique"),
        days=("nameless_day", "nunique"),
    ).reset_index()
    enough = np.maximum(told["named"], np.minimum(told["loggers"], told["days"])) >= public.devices_min
    held.add("sel_ukur", "", int((~enough).sum()), "too_few_devices", str(public.devices_min))
    told["value"] = told["value"].round(1)
    return told.loc[enough, list(columns)].reset_index(drop=True)


def report_cells(reports: pd.DataFrame, public: Public, held: HeldBack) -> pd.DataFrame:
    """Return one row per square (`schema.OPEN_TABLES["report_cells"]`); arguments as `measurement_cells`."""
    held.add("sel_laporan", "", len(reports), "generalised", _fineness(public))
    columns = list(OPEN_TABLES["report_cells"].columns)
    placed = reports["lon"].notna() & reports["lat"].notna()
    held.add("sel_laporan", "", int((~placed).sum()), "without_place")
    if not placed.any():
        return pd.DataFrame(columns=columns)
    here = reports[placed]
    days = pd.to_datetime(here["reported_on"], errors="coerce")
    said = here["text"] if "text" in here else pd.Series(np.nan, index=here.index)
    work = _squared(here, public.coordinate_decimals).assign(
        month=days.dt.strftime("%Y-%m"), day=days, said=said.astype("str").str.casefold().str.split().str.join(" ")
    )
    told = (
        work.groupby(_SQUARE, sort=True)
        .agg(
            n_reports=("month", "size"),
            first_month=("month", "min"),
            last_month=("month", "max"),
            days=("day", "nunique"),
            texts=("said", "nunique"),
            silent=("said", lambda texts: int(texts.isna().sum())),
        )
        .reset_index()
    )
    people = np.minimum(told["days"], told["texts"] + told["silent"])
    enough = people >= public.devices_min
    held.add("sel_laporan", "", int((~enough).sum()), "too_few_reports", str(public.devices_min))
    return told.loc[enough, columns].reset_index(drop=True)


def squares(cells: pd.DataFrame, public: Public) -> NDArray[np.object_]:
    """Return the square of every row, in degrees."""
    half = 0.5 * 10.0**-public.coordinate_decimals
    lon, lat = cells["lon"].to_numpy(float), cells["lat"].to_numpy(float)
    return np.asarray(shapely.box(lon - half, lat - half, lon + half, lat + half), dtype=object)


def without_small_counts(evidence: pd.DataFrame, public: Public, held: HeldBack) -> pd.DataFrame:
    """Return the evidence without the rows that tell of a few complaints in a village."""
    few = (evidence["statistic"] == "complaints") & ~(evidence["n"].fillna(0) >= public.devices_min)
    held.add("bukti", "value", int(few.sum()), "too_few_reports", str(public.devices_min))
    return evidence[~few]


def _squared(rows: pd.DataFrame, decimals: int) -> pd.DataFrame:
    return rows.assign(**{name: rows[name].astype(float).round(decimals) + 0.0 for name in _SQUARE})  # -0.0 becomes 0.0


def _loggers(sources: pd.Series) -> pd.Series:
    """Return each source without digits and punctuation: what is left is the same in all sessions of one logger."""
    places, written = pd.factorize(sources)
    bare = [re.sub(r"[\W\d_]+", "", str(text).casefold()) for text in written]
    return pd.Series(pd.array([*bare, None], dtype="str").take(places), index=sources.index)


def _fineness(public: Public) -> Text:
    """Return the side of a square, in degrees, as readers of either language write it."""
    side, decimals = 10.0**-public.coordinate_decimals, public.coordinate_decimals
    return Text(*(f"{number(side, decimals, lang=lang)}°" for lang in LANGS))
