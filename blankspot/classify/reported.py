"""What people said: the newest PODES perception and the citizen reports per village.

Neither ever gives more than `reported` or `indicative` confidence. A strong signal counts as served only where 4G or newer
was noted; 2G or 3G alone is weak, and a strong signal of unknown technology decides nothing. Complaints are counted by
place, because ten complaints from one house show one place: by cell where they have coordinates, else as one place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.classify.readings import FOURTH_GENERATION, valid_days, within_validity
from blankspot.classify.rules import PODES_CLASS
from blankspot.geo import cells, to_metric
from blankspot.locate import locate

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd
    from pyproj import CRS

    from blankspot.settings import Settings

_SIGNAL_ORDER: Final = {"none": 0, "weak": 1, "strong": 2, "very_strong": 3}
_COMPLAINTS: Final = ("none", "weak")
_UNPLACED: Final = np.iinfo(np.int64).min


def newest_podes(podes: pd.DataFrame, *, as_of: dt.date | None) -> pd.DataFrame:
    """Return one row per village_code: podes_signal, podes_technology, podes_year, podes_class, podes_2g_3g.

    Of two rows of one year the weaker signal is kept.
    """
    known = podes if as_of is None else podes[podes["year"].astype("Int64") <= as_of.year]
    technology = known["technology"] if "technology" in known else pd.Series(pd.NA, index=known.index)
    frame = pd.DataFrame(
        {
            "village_code": known["village_code"],
            "podes_signal": known["signal"],
            "podes_technology": technology.astype("str").where(technology.notna() & (technology != "")),
            "podes_year": known["year"].astype("Int64"),
        }
    )
    frame["order"] = frame["podes_signal"].map(_SIGNAL_ORDER)
    frame = frame.sort_values(
        ["village_code", "podes_year", "order", "podes_technology"], ascending=[True, False, True, True], kind="stable"
    )
    newest = frame.drop_duplicates("village_code").drop(columns="order").set_index("village_code")
    said = newest["podes_signal"].map(PODES_CLASS)
    strong, recent = said == "served", newest["podes_technology"].isin(FOURTH_GENERATION)
    older = newest["podes_technology"].notna() & ~recent
    newest["podes_class"] = said.mask(strong & older, "weak").mask(strong & ~older & ~recent)
    newest["podes_2g_3g"] = older & (said != "none")
    return newest


def count_reports(
    reports: pd.DataFrame, villages: gpd.GeoDataFrame, crs: CRS, *, as_of: dt.date | None, settings: Settings
) -> pd.DataFrame:
    """Return one row per village_code: n_reports, report_places, latest_report; only complaints still valid on `as_of`.

    A report belongs to the village that its coordinates lie in, else to the village it names. One that says that there is
    signal, or that something else on the map is wrong, complains of no signal and is not counted.
    """
    if "claim" in reports:
        reports = reports[reports["claim"].isna() | reports["claim"].isin(("", *_COMPLAINTS))]
    reports = reports.reset_index(drop=True)
    days = valid_days(reports["reported_on"], settings)
    valid = reports[within_validity(days, as_of, settings).to_numpy()]
    lon, lat = (
        valid[name].to_numpy(dtype=float) if name in valid else np.full(len(valid), np.nan) for name in ("lon", "lat")
    )
    row = locate(lon, lat, villages)
    codes = villages["village_code"].to_numpy(dtype=object)
    named = valid["village_code"].to_numpy(dtype=object) if "village_code" in valid else np.full(len(valid), None)
    place = np.full((len(valid), 2), _UNPLACED, dtype=np.int64)
    placed = row >= 0
    place[placed] = cells(*to_metric(lon[placed], lat[placed], crs), settings.evidence.cell_size_m)
    frame = pd.DataFrame({"village_code": np.where(placed, codes[row], named), "x": place[:, 0], "y": place[:, 1]})
    frame["day"] = days[valid.index].to_numpy()
    grouped = frame.groupby("village_code")
    places = frame.drop_duplicates(["village_code", "x", "y"]).groupby("village_code").size()
    return pd.DataFrame({"n_reports": grouped.size(), "report_places": places, "latest_report": grouped["day"].max()})
