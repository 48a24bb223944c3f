"""The step that predicts coverage: what it reads of a workspace, what it leaves, and what it says came of it.

`blankspot.toml` decides how coverage is predicted, and the choice made last with `blankspot cover` goes before it, so that
verdicts and map follow what the planner chose; the record of the run keeps that choice. Without a raster of heights there is
Hata on flat ground, called coarse. A workspace without services has no coverage, and nothing is wrong with that.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.check import REJECT_COLUMNS
from blankspot.out.coverage import CoverageStore, open_coverage
from blankspot.out.files import atomic
from blankspot.radio.intake import usable
from blankspot.radio.standing import standing
from blankspot.run.cover_summary import summarise
from blankspot.run.fresh import text_digest
from blankspot.run.ground import open_heights
from blankspot.run.order import COVERAGE_SUMMARY
from blankspot.run.reading import leave_rejects
from blankspot.sources.names import fold_names

if TYPE_CHECKING:
    from blankspot.run.job import Job
    from blankspot.settings import Settings
    from blankspot.sources.terrain import Bounds, FileTerrain

FOLDER: Final = "coverage"
_RASTERS: Final = ("median_dbm.tif", "sd_db.tif", "server.tif")
_TABLES: Final = ("coverage.json", "services.parquet", "remarks.parquet")


def make_cover(job: Job) -> list[str]:
    """Predict the coverage of a workspace's services; tiles that an interrupted run left are not computed again."""
    services, bounds = job.frame("services"), village_bounds(job)
    folder = job.out / FOLDER
    if services.empty or bounds is None:
        shutil.rmtree(folder, ignore_errors=True)
        (job.out / "rejects" / f"{FOLDER}.csv").unlink(missing_ok=True)
        return []
    # only where there is something to predict: it loads the compiled models
    from blankspot.radio.predict import predict

    settings = job.cover_choice.applied(job.settings)
    terrain = open_terrain_of(job, bounds, settings)
    predict(
        services,
        job.frame("sites"),
        terrain,
        settings=settings,
        operators=_operators(job, services),
        bounds=bounds,
        jobs=job.told.get("jobs"),
        store=CoverageStore(folder),
        inputs=_identity(job),
        provenance=job.provenance(),
        progress=job.advance,
    )
    found = open_coverage(folder)
    said = [found.remarks] if terrain is None else [terrain.remarks, found.remarks]
    rejects = leave_rejects(job, FOLDER, pd.concat(said, ignore_index=True))
    summary = summarise(job, found)
    job.told["coverage"] = summary
    with atomic(job.out / COVERAGE_SUMMARY) as temporary:
        temporary.write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    written = [f"{FOLDER}/{name}" for name in (*_TABLES, *(_RASTERS if found.keys() else ()))]
    return [*written, COVERAGE_SUMMARY, rejects]


def preview_cover(job: Job) -> pd.DataFrame:
    """Return what a prediction would say of heights and services without predicting, columns of `check.REJECT_COLUMNS`.

    Raises:
        SourceError: The heights cannot be used, as for `sources.terrain.open_terrain`.
    """
    services, bounds = job.frame("services"), village_bounds(job)
    said = [pd.DataFrame(columns=list(REJECT_COLUMNS))]
    if bounds is None:
        return said[0]
    settings = job.cover_choice.applied(job.settings)
    terrain = open_terrain_of(job, bounds, settings)
    if terrain is not None:
        said.append(terrain.remarks)
    if not services.empty:
        model = "hata" if terrain is None and settings.radio.model == "p1812" else settings.radio.model
        ready, remarks = usable(services, job.frame("sites"), model=model, settings=settings)
        said.append(remarks)
        said += [] if terrain is None else [standing(ready, terrain, settings=settings)[1]]
    return pd.concat(said, ignore_index=True)


def village_bounds(job: Job) -> Bounds | None:
    """Return west, south, east, north of the villages in degrees; None where not one has a border."""
    west, south, east, north = map(float, job.frame("villages").total_bounds)
    return (west, south, east, north) if np.isfinite(west) else None


def open_terrain_of(job: Job, bounds: Bounds, settings: Settings) -> FileTerrain | None:
    """Open the heights of the villages and of the sites that may serve them; None where the workspace names none."""
    sites = job.frame("sites")[["lon", "lat"]].dropna()
    if not sites.empty:
        low, high = sites.min(), sites.max()
        west, south, east, north = bounds
        bounds = (
            min(west, low["lon"]), min(south, low["lat"]), max(east, high["lon"]), max(north, high["lat"]),
        )  # fmt: skip
    return open_heights(job, area=bounds, resolution_m=settings.radio.resolution_m)


def _operators(job: Job, services: pd.DataFrame) -> list[str] | None:
    """Return the operators asked for as services name them, however they were spelled; None for all."""
    asked = job.cover_choice.operators
    if not asked:
        return None
    named, known = fold_names(pd.Series(list(asked)), job.settings.aliases.operator)
    lower = {str(name).casefold(): str(name) for name in services["operator"].dropna().unique()}
    return [lower.get(str(name).casefold(), str(name)) for name in named.where(known, named.str.lower())]


def _identity(job: Job) -> str:
    """Return what identifies the heights and the land cover that were opened: their bytes and what is declared of them."""
    kinds = ("terrain", "land_cover")
    declared = [source.model_dump(mode="json") for kind in kinds for source in getattr(job.config.sources, kind)]
    return text_digest([declared, *([note.name, note.sha256] for note in job.notes if note.kind in kinds)])
