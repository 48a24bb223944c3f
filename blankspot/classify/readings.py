"""From readings to cells: which readings count, what each says, and what a cell of 250 m says about each network.

A drive gives many readings of one place, so readings are thinned: all readings of one operator and technology in one cell
give one answer, the lower median of their tiers. A reading without service speaks for every technology of its operator.
A cell counts as served when 4G or newer is strong; 2G and 3G alone never raise it above weak.

Each rule here keeps one promise: a stronger reading never gives a lower tier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.geo import cells, local_crs, to_metric
from blankspot.locate import locate
from blankspot.schema import LEVEL_METRICS, METRIC_TECHNOLOGY

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd
    from numpy.typing import NDArray
    from pyproj import CRS

    from blankspot.settings import Settings

NONE, WEAK, SERVED = 0, 1, 2
FOURTH_GENERATION: Final = ("4G", "5G")
ANY: Final = ""


@dataclass(frozen=True)
class Cells:
    """What was measured, thinned.

    Attributes:
        readings: Valid readings inside the villages: village (row), cell_x, cell_y, operator, technology, tier, metric,
            value, day, measured_at, source.
        network: One row per village, cell, operator and technology: tier.
        cell: One row per village and cell: tier (union over operators) and tier_4g.
        operator_cell: One row per village, cell and operator: tier.
    """

    readings: pd.DataFrame
    network: pd.DataFrame
    operator_cell: pd.DataFrame
    cell: pd.DataFrame


def village_crs(villages: gpd.GeoDataFrame) -> CRS:
    """Return the projection in which the cells of these villages are laid out."""
    bounds = villages.geometry.bounds
    return local_crs(bounds[["minx", "maxx"]].to_numpy(), bounds[["miny", "maxy"]].to_numpy())


def valid_days(moments: pd.Series, settings: Settings) -> pd.Series:
    """Return the local calendar day of each moment; moments without a zone are local already."""
    moments = pd.to_datetime(moments)
    if getattr(moments.dtype, "tz", None) is not None:
        moments = moments.dt.tz_convert(settings.zone).dt.tz_localize(None)
    return moments.dt.normalize()


def within_validity(days: pd.Series, as_of: dt.date | None, settings: Settings) -> pd.Series:
    """Tell which days lie in the window that ends with `as_of`."""
    if as_of is None:
        return days.notna()
    end = pd.Timestamp(as_of)
    return (days <= end) & (days >= end - pd.Timedelta(days=settings.evidence.validity_days))


def tiers(metric: pd.Series, value: pd.Series, indoor: pd.Series, settings: Settings) -> NDArray[np.int8]:
    """Judge readings of level by the thresholds of their metric; -1 for what is no level.

    An indoor reading is lifted by the indoor margin, because the thresholds are for outdoors; no service indoors says
    nothing about outdoors.
    """
    inside = indoor.fillna(value=False).to_numpy(dtype=bool)
    level = value.to_numpy(dtype=float) + np.where(inside, settings.receiver.indoor_margin_db, 0.0)
    tier = np.full(len(metric), -1, dtype=np.int8)
    names = metric.to_numpy(dtype=object)
    for name in LEVEL_METRICS:
        edges = getattr(settings.signal, name)
        here = (names == name) & np.isfinite(level)
        tier[here] = (level[here] >= edges.weak_min_dbm).astype(np.int8) + (level[here] >= edges.strong_min_dbm)
    tier[(names == "no_service") & ~inside] = NONE
    return tier


def thin(
    measurements: pd.DataFrame, villages: gpd.GeoDataFrame, crs: CRS, *, as_of: dt.date | None, settings: Settings
) -> Cells:
    """Judge, place and thin the readings that are valid on `as_of`.

    Args:
        measurements: As `schema.TABLES["measurements"]`.
        villages: As `schema.TABLES["villages"]`, EPSG:4326.
        crs: Projection of the cells.
        as_of: Last day that counts; None takes every reading.
        settings: Thresholds.
    """
    readings = _placed(measurements, villages, crs, as_of=as_of, settings=settings)
    level = readings[readings["tier"] >= NONE]
    network = _network_tiers(level)
    capped = network.assign(
        tier_4g=network["tier"].where(network["technology"].isin(FOURTH_GENERATION), NONE),
        tier=network["tier"].where(network["technology"].isin(FOURTH_GENERATION), network["tier"].clip(upper=WEAK)),
    )
    place = ["village", "cell_x", "cell_y"]
    operator_cell = capped.groupby([*place, "operator"], as_index=False)[["tier", "tier_4g"]].max()
    cell = operator_cell.groupby(place, as_index=False)[["tier", "tier_4g"]].max()
    return Cells(readings=readings, network=network, operator_cell=operator_cell, cell=cell)


def _placed(
    measurements: pd.DataFrame, villages: gpd.GeoDataFrame, crs: CRS, *, as_of: dt.date | None, settings: Settings
) -> pd.DataFrame:
    optional = {
        name: measurements.get(name, pd.Series(pd.NA, index=measurements.index))
        for name in ("indoor", "operator", "technology", "source")
    }
    day = valid_days(measurements["measured_at"], settings)
    metric = measurements["metric"].astype("str")
    readings = pd.DataFrame(
        {
            "village": locate(
                measurements["lon"].to_numpy(dtype=float), measurements["lat"].to_numpy(dtype=float), villages
            ),
            "operator": optional["operator"].astype("str").where(optional["operator"].notna(), ANY),
            "technology": _technology(metric, optional["technology"]),
            "metric": metric,
            "value": pd.to_numeric(measurements["value"]).astype(float),
            "tier": tiers(metric, measurements["value"], optional["indoor"].astype("boolean"), settings),
            "day": day,
            "measured_at": measurements["measured_at"],
            "source": optional["source"].astype("str").where(optional["source"].notna(), ""),
            "lon": measurements["lon"],
            "lat": measurements["lat"],
        }
    )
    readings = readings[(readings["village"] >= 0) & within_validity(day, as_of, settings)].reset_index(drop=True)
    x, y = to_metric(readings.pop("lon"), readings.pop("lat"), crs)
    place = cells(x, y, settings.evidence.cell_size_m)
    return readings.assign(cell_x=place[:, 0], cell_y=place[:, 1])


def _technology(metric: pd.Series, technology: pd.Series) -> pd.Series:
    """Return the generation of each reading; a level says it by its metric, no service has none."""
    by_metric = metric.map(METRIC_TECHNOLOGY)
    named = technology.astype("str").where(technology.notna(), ANY)
    return by_metric.astype("str").where(by_metric.notna(), named.where(metric != "no_service", ANY))


def _network_tiers(level: pd.DataFrame) -> pd.DataFrame:
    """Return the lower median tier per village, cell, operator and technology, with no service spread over both."""
    keys = ["village", "cell_x", "cell_y", "operator", "technology"]
    silent = level["metric"] == "no_service"
    heard = level.loc[~silent, [*keys, "tier"]]
    spread = _spread(level.loc[silent, keys], heard[keys].drop_duplicates(), level[keys[:4]].drop_duplicates())
    both = pd.concat([heard, spread.assign(tier=np.int8(NONE))], ignore_index=True)
    grouped = both.groupby(keys, sort=True)["tier"]
    median = grouped.quantile(0.5, interpolation="lower")
    return median.astype(np.int8).rename("tier").reset_index()


def _spread(silent: pd.DataFrame, networks: pd.DataFrame, operators: pd.DataFrame) -> pd.DataFrame:
    """Repeat each reading without service for every network it speaks about.

    A named operator's silence speaks for its technologies heard in the cell, or for itself where none was heard; silence of
    any network speaks so for every operator in the cell.
    """
    place = ["village", "cell_x", "cell_y"]
    anyone = silent["operator"] == ANY
    others = operators[operators["operator"] != ANY]
    widened = silent.loc[anyone, place].merge(others, on=place, how="left").fillna({"operator": ANY})
    named = pd.concat([silent.loc[~anyone, [*place, "operator"]], widened], ignore_index=True)
    return named.merge(networks, on=[*place, "operator"], how="left").fillna({"technology": ANY})
