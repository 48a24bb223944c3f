"""The list of desa that a letter carries: where each is, how many live there, what was found, and who asked for it.

The position is the village office's where one is known (the boundary's own `office_point`, else a facility of that kind), and
else a point that is certain to lie inside the desa; the row says which. Only what the office may publish is in the list: no
names of people, no notes, no text of reports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable

COLUMNS: Final = {
    "village_code": "str",
    "village_name": "str",
    "village_type": "str",
    "district": "str",
    "regency": "str",
    "lon": "float64",
    "lat": "float64",
    "position": "str",
    "population": "float64",
    "signal_class": "str",
    "reason": "str",
    "stage": "str",
    "proposal": "str",
}
_PROPOSALS_MAX: Final = 2


def village_list(
    codes: Iterable[str],
    villages: gpd.GeoDataFrame,
    *,
    verdicts: pd.DataFrame | None = None,
    state: pd.DataFrame | None = None,
    proposals: pd.DataFrame | None = None,
    facilities: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return one row per village of `codes`, by district and name, columns `COLUMNS`.

    Args:
        codes: Village codes.
        villages: The table `villages`, EPSG:4326.
        verdicts: The table `verdicts`; without it class and reason are empty.
        state: The state of handling; the stage is that of the village's mobile coverage.
        proposals: Columns village_code, document and proposed_on; the latest two documents are named.
        facilities: The table `facilities`, for the position of village offices.

    Returns:
        Degrees in EPSG:4326; `position` is "office" or "inside".
    """
    wanted = villages[villages["village_code"].isin(set(codes))].reset_index(drop=True)
    rows = gpd.GeoDataFrame(wanted, geometry="geometry", crs=villages.crs)
    found = pd.DataFrame({name: rows.get(name) for name in COLUMNS})
    places = _places(rows, facilities)
    found = found.assign(lon=places["lon"], lat=places["lat"], position=places["position"])
    if verdicts is not None:
        told = verdicts.set_index("village_code")
        found = found.assign(
            **{name: found["village_code"].map(told[name].to_dict()) for name in ("signal_class", "reason")}
        )
    if state is not None:
        mobile = state[state["service"] == "mobile"].sort_values("since", kind="stable")
        found["stage"] = found["village_code"].map(dict(zip(mobile["village_code"], mobile["stage"], strict=True)))
    if proposals is not None:
        found["proposal"] = found["village_code"].map(_documents(proposals))
    order = ["district", "village_name", "village_code"]
    return found.sort_values(order, ignore_index=True, kind="stable").astype(COLUMNS)


def _places(rows: gpd.GeoDataFrame, facilities: pd.DataFrame | None) -> pd.DataFrame:
    offices = _offices(facilities)
    written = rows["office_point"].tolist() if "office_point" in rows else [None] * len(rows)
    places = []
    for code, text, geometry in zip(rows["village_code"], written, rows.geometry, strict=True):
        office = _point(text) or offices.get(code)
        inside = geometry.representative_point()
        lon, lat = office or (inside.x, inside.y)
        places.append((lon, lat, "office" if office else "inside"))
    return pd.DataFrame(places, columns=["lon", "lat", "position"], index=rows.index)


def _offices(facilities: pd.DataFrame | None) -> dict[str, tuple[float, float]]:
    """Return the position of the village office per village code, the first that is listed."""
    if facilities is None:
        return {}
    known = facilities[(facilities["facility_type"] == "kantor_desa") & facilities["village_code"].notna()]
    known = known.dropna(subset=["lon", "lat"]).drop_duplicates("village_code")
    return {
        code: (float(lon), float(lat))
        for code, lon, lat in zip(known["village_code"], known["lon"], known["lat"], strict=True)
    }


def _point(text: Any) -> tuple[float, float] | None:
    """Return longitude and latitude of a point written as WKT, None where it is none."""
    if not isinstance(text, str):
        return None
    point = shapely.from_wkt(text, on_invalid="ignore")
    if not isinstance(point, shapely.Point) or point.is_empty:
        return None
    return point.x, point.y


def _documents(proposals: pd.DataFrame) -> dict[str, str]:
    named = proposals.dropna(subset=["document"]).sort_values("proposed_on", ascending=False, kind="stable")
    named = named.drop_duplicates(["village_code", "document"])
    return {
        str(code): "; ".join(group["document"].head(_PROPOSALS_MAX))
        for code, group in named.groupby("village_code", sort=False)
    }
