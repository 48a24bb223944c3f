"""The predicted coverage of a workspace, for the steps that use it: verdicts and the map.

A prediction speaks of the network of today: the list of services carries no days on which each went on air. So it judges the
workspace's own day and none before it; a past quarter told by it would show signal of masts that did not stand yet.

One that leaves an operator of the list out, because the planner asked for some operators only or because all services of one
were refused, shows signal but not its absence: the one left out may serve. Of such a prediction only what is served counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from blankspot.classify import modelled_shares
from blankspot.classify.rules import DOUBTED
from blankspot.out.coverage import MANIFEST, open_coverage
from blankspot.out.maps.coverage import coverage_overlays

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd
    import pandas as pd

    from blankspot.coverage import CoverageSource
    from blankspot.grid import Grid
    from blankspot.out.maps import Overlay
    from blankspot.run.job import Job


def workspace_coverage(job: Job) -> CoverageSource | None:
    """Return the coverage that an earlier step predicted; None where there is none, or nothing to predict it from.

    Raises:
        SourceError: Its files are damaged.
    """
    folder = job.out / "coverage"
    return open_coverage(folder) if (folder / MANIFEST).is_file() else None


def predicted_shares(
    job: Job, day: dt.date, villages: gpd.GeoDataFrame, population: Grid | None
) -> pd.DataFrame | None:
    """Return what a prediction says of the villages on a day, as `classify` takes it; None before the workspace's own day."""
    coverage = workspace_coverage(job) if day >= job.as_of else None
    if coverage is None:
        return None
    shares = modelled_shares(coverage, villages, population=population, settings=job.settings)
    if not _left_out(job, coverage):
        return shares
    served = shares["share_served"] * 100 >= job.settings.village.served_share_min_pct
    return shares[served | (shares["operator"] != "")]


def coverage_layers(job: Job) -> list[Overlay]:
    """Return the layers of predicted signal for the map of a workspace."""
    coverage = workspace_coverage(job)
    if coverage is None:
        return []
    doubted = bool((job.frame("verdicts")["rule"] == DOUBTED).any())
    return coverage_overlays(coverage, job.frame("villages"), job.settings, doubted=doubted)


def _left_out(job: Job, coverage: CoverageSource) -> bool:
    """Tell whether an operator that is on air has no layer."""
    services, sites = job.frame("services"), job.frame("sites")
    on_air = sites["site_id"][sites["status"] == "active"]
    listed = set(services["operator"][services["site_id"].isin(on_air)].dropna())
    keys = coverage.keys()
    return not listed <= {operator for operator, _ in keys}
