"""What each step from raw files to map and report does; `run.order` says in which order and from what.

Every step leaves its result as a file, so that a later step of another day can start from it; within one run it is also
kept in memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from blankspot.check import REJECT_COLUMNS, Review
from blankspot.ledger.changes import View
from blankspot.out.maps import write_map
from blankspot.out.qgis import layer_styles
from blankspot.out.reports import assemble, of_day
from blankspot.out.sheets import drawable
from blankspot.out.tables import write_gpkg
from blankspot.run.ground import ground_layers
from blankspot.run.indicators import import_indicators
from blankspot.run.judging import judge
from blankspot.run.partners import read_own_partners
from blankspot.run.past import workspace_history
from blankspot.run.predicted import coverage_layers
from blankspot.run.publishing import QUICK_FORMATS, publish
from blankspot.run.reading import (
    leave_rejects,
    note_source,
    plain_table,
    rows_of,
)
from blankspot.run.reporting import report_data, write_files
from blankspot.run.sheets import write_sheets
from blankspot.sources.tables import note_unread

if TYPE_CHECKING:
    from pathlib import Path

    from blankspot.ledger import Ledger
    from blankspot.run.job import Job


def make_verdicts(job: Job) -> list[str]:
    """Classify every village as of the workspace's date."""
    found = judge(job, job.as_of)
    job.keep("verdicts", found.verdicts)
    job.keep("evidence", found.evidence)
    job.told["counts"] = found.counts()
    return ["verdicts.parquet", "evidence.parquet"]


def make_import(job: Job) -> list[str]:
    """Append what handling lists and indicator sheets add to the ledger; the same file twice adds nothing."""
    with job.ledger() as ledger:
        return [*_judge_partners(job), _import(job, ledger), *import_indicators(job, ledger)]


def preview_import(job: Job) -> None:
    """Judge handling lists and indicator sheets as `make_import` would and leave their rejects; the ledger stays as it is."""
    _judge_partners(job)
    with job.ledger_copy() as ledger:
        _import(job, ledger)
        import_indicators(job, ledger)


def _judge_partners(job: Job) -> list[str]:
    """Note the office's own tables of partners and leave what was refused of them."""
    _, read = read_own_partners(job.config, job.root, job.settings)
    for source, checked in read:
        for path in source.files(job.root):
            note_source(job, path, "partners", source, rows_of(path, checked))
    rejects = [checked.rejects for _, checked in read]
    return [leave_rejects(job, "partners", pd.concat(rejects, ignore_index=True))] if read else []


def _import(job: Job, ledger: Ledger) -> str:
    rejects = [pd.DataFrame(columns=list(REJECT_COLUMNS))]
    villages = job.frame("villages")
    for source in job.config.sources.handling:
        for path in source.files(job.root):
            table = plain_table([path], sheet=source.layer)
            plan = ledger.plan_import(
                table, mapping=source.columns or None, villages=villages, lang=job.settings.language
            )
            ledger.append(plan.new_events)
            aside = Review(table.iloc[:0], table="handling", lang=job.settings.language)
            note_unread(aside, [table])
            rejects += [plan.rejects, aside.finish().rejects]
            rows = (plan.rows_in, plan.rows_in - plan.rows_rejected, plan.rows_rejected)
            note_source(job, path, "handling", source, rows)
    return leave_rejects(job, "handling", pd.concat(rejects, ignore_index=True))


def make_handling(job: Job) -> list[str]:
    """Take the state of handling as of the workspace's date out of the ledger."""
    with job.ledger() as ledger:
        job.keep("handling", ledger.state(as_of=job.as_of))
    return ["handling.parquet"]


def make_exchange(job: Job) -> list[str]:
    """Write the GeoPackage for QGIS."""
    villages = job.frame("villages").merge(job.frame("verdicts"), on="village_code", how="left")
    layers = {"desa": gpd.GeoDataFrame(villages, geometry="geometry", crs="EPSG:4326")}
    for name in ("sites", "internet_points", "facilities"):
        frame = job.frame(name)
        layers[name] = gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(frame["lon"], frame["lat"]), crs="EPSG:4326")
    write_gpkg(job.out / "blankspot.gpkg", layers, styles=layer_styles(job.settings.language))
    return ["blankspot.gpkg"]


def make_report(job: Job) -> list[str]:
    """Write the report of the year up to the workspace's date, as a workbook and as one HTML page."""
    document = assemble(report_data(job, of_day(job.as_of, year=job.year)))
    return [path.name for path in write_files(job, document, "report", job.out)]


def make_map(job: Job) -> list[str]:
    """Draw the offline map."""
    draw_workspace_map(job, job.out / "map.html")
    return ["map.html"]


def make_sheet(job: Job) -> list[str]:
    """Draw the map sheet for print; a workspace without a single border has none."""
    target = job.out / "sheet.pdf"
    if not drawable(job.frame("villages")):
        target.unlink(missing_ok=True)
        return []
    write_sheets(job, target)
    return [target.name]


def draw_workspace_map(job: Job, path: Path, *, basemap: str | None = None) -> None:
    """Draw the map of a workspace to any file; what changed is told since the end of the quarter before."""
    since = of_day(job.as_of).before
    with job.ledger() as ledger:
        changes = ledger.changes(View(since), View(job.as_of))
    write_map(
        path,
        job.frame("villages"),
        verdicts=job.frame("verdicts"),
        handling=job.frame("handling"),
        sites=job.frame("sites"),
        services=job.frame("services"),
        measurements=job.frame("measurements"),
        internet_points=job.frame("internet_points"),
        facilities=job.frame("facilities"),
        progress=job.progress(),
        provenance=job.provenance(),
        title=job.config.workspace.title or None,
        lang=job.settings.language,
        basemap=basemap,
        settings=job.settings,
        changes=changes,
        changed_since=since,
        overlays=[*coverage_layers(job), *ground_layers(job)],
        history=workspace_history(job),
        correction=job.config.office,
    )


def make_open_data(job: Job) -> list[str]:
    """Write the package of open data in the formats that cost little; `blankspot export` writes all."""
    package = publish(job, job.out / "open-data", formats=QUICK_FORMATS)
    return [path.relative_to(job.out).as_posix() for path in package.paths]
