"""From cells to shares of a village: weights by people where a population is given, by area where not.

A measured cell weighs the people who live in it within the village; cells of 250 m weigh the same where no population is
given, or where nobody lives in any cell that was measured (the row says which).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.classify.interval import effective_n, wilson
from blankspot.classify.readings import NONE, SERVED, WEAK
from blankspot.errors import UsageError
from blankspot.geo import cells, to_metric
from blankspot.grid import Grid
from blankspot.locate import locate
from blankspot.words import Text

if TYPE_CHECKING:
    import geopandas as gpd
    from pyproj import CRS

    from blankspot.settings import Settings

_PLACE: Final = ["village", "cell_x", "cell_y"]


def require_grid(population: object) -> None:
    """Refuse a population that is no grid.

    Raises:
        UsageError: With what it is.
    """
    if not isinstance(population, Grid):
        kind = type(population).__name__
        raise UsageError(
            Text(f"population harus Grid, bukan {kind}.", f"population must be a Grid, not a {kind}."),
            hint=Text("Beri read_population(berkas).grid.", "Give read_population(path).grid."),
        )


def people_per_cell(population: Grid, villages: gpd.GeoDataFrame, crs: CRS, settings: Settings) -> pd.DataFrame:
    """Return the people per village and cell: columns village, cell_x, cell_y, people.

    Each pixel's people are counted where the pixel's centre lies.

    Raises:
        UsageError: `population` is no grid.
    """
    require_grid(population)
    lon, lat = population.centres()
    people = np.asarray(population.values, dtype=float)
    inhabited = np.isfinite(people) & (people > 0)
    lon, lat, people = lon[inhabited], lat[inhabited], people[inhabited]
    village = locate(lon, lat, villages)
    inside = village >= 0
    place = cells(*to_metric(lon[inside], lat[inside], crs), settings.evidence.cell_size_m)
    frame = pd.DataFrame(
        {"village": village[inside], "cell_x": place[:, 0], "cell_y": place[:, 1], "people": people[inside]}
    )
    return frame.groupby(_PLACE)[["people"]].sum().reset_index()


def weigh(cell: pd.DataFrame, people: pd.DataFrame | None) -> pd.DataFrame:
    """Add `weight` and `by_people` to a frame with one row per village and cell (and perhaps operator)."""
    if people is None:
        return cell.assign(weight=1.0, by_people=False)
    weighed = cell.merge(people, on=_PLACE, how="left").fillna({"people": 0.0}).rename(columns={"people": "weight"})
    by_people = weighed.groupby("village")["weight"].transform("sum") > 0
    return weighed.assign(weight=weighed["weight"].where(by_people, 1.0), by_people=by_people)


def shares(weighed: pd.DataFrame, by: list[str], settings: Settings) -> pd.DataFrame:
    """Return the shares of served, weak and none per group, with the interval of the served one.

    Args:
        weighed: Columns of `by`, tier, weight, by_people.
        by: What a group is, e.g. `["village"]` or `["village", "operator"]`.
        settings: Level of the interval.

    Returns:
        Indexed by `by`: share_served, share_weak, share_none, share_low, share_high, effective_cells, n_cells, served_cells,
        by_people.
    """
    weight, tier = weighed["weight"], weighed["tier"]
    columns = weighed[by].assign(
        total=weight,
        squares=weight**2,
        served=weight.where(tier == SERVED, 0.0),
        weak=weight.where(tier == WEAK, 0.0),
        none=weight.where(tier == NONE, 0.0),
        n_cells=1,
        served_cells=(tier == SERVED).astype(int),
    )
    summed = columns.groupby(by).sum()
    share = summed[["served", "weak", "none"]].div(summed["total"].where(summed["total"] > 0), axis=0)
    effective = effective_n(summed["total"], summed["squares"])
    low, high = wilson(share["served"].fillna(0.0), effective, level_pct=settings.evidence.interval_level_pct)
    return pd.DataFrame(
        {
            "share_served": share["served"],
            "share_weak": share["weak"],
            "share_none": share["none"],
            "share_low": low,
            "share_high": high,
            "effective_cells": effective,
            "n_cells": summed["n_cells"],
            "served_cells": summed["served_cells"],
            "by_people": weighed.groupby(by)["by_people"].first(),
        }
    )
