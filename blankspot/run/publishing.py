"""A workspace as open data: which of its tables and rasters the gate is shown, and what the metadata say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from blankspot.ledger.partners import Partners
from blankspot.out.publish.package import Package, write_package
from blankspot.out.publish.publication import About, describe
from blankspot.out.publish.rasters import RasterSource
from blankspot.out.publish.selection import Material, Selection, select
from blankspot.run.predicted import workspace_coverage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from blankspot.run.job import Job

# What a run keeps up to date; tiles and workbooks cost more than the rest together and wait for `blankspot export`.
QUICK_FORMATS: Final = ("gpkg", "parquet", "csv", "geojson", "cog")
_TABLES: Final = (
    "villages", "verdicts", "evidence", "sites", "services", "internet_points", "facilities", "podes", "proposals", "measurements",
    "reports",
)  # fmt: skip
_RASTERS: Final = {"population": "penduduk", "terrain": "ketinggian"}
_COVERAGE: Final = {"median_dbm": "coverage", "sd_db": "coverage_sd"}
_AREAS: Final = ("regency", "province")  # the narrowest level of which the workspace holds one names its area


def publish(job: Job, folder: Path, *, formats: Iterable[str]) -> Package:
    """Write the package of a workspace whose tables are up to date."""
    selection, about, rasters = gather(job)
    return write_package(folder, selection, about, job.settings, rasters=rasters, formats=formats)


def gather(job: Job) -> tuple[Selection, About, tuple[RasterSource, ...]]:
    """Return what of a workspace may leave, what is said about it, and its rasters."""
    selection = select(_material(job), job.settings, profile=job.settings.profile_label)
    about = describe(
        job.config.publication,
        job.config.office,
        job.provenance(),
        bounds=selection.bounds,
        code_versions=selection.code_versions,
        area=_area(selection),
        lang=job.settings.language,
    )
    return selection, about, _rasters(job)


def _material(job: Job) -> Material:
    frames = {name: job.frame(name) for name in _TABLES} | {"cases": job.frame("handling")}
    progress = job.progress()
    known = Partners.default()
    bodies = {name for partner in known for name in (partner.name, *known.aliases(partner.key))}
    achievement: dict[str, Any] | None = None
    if progress.denominator:
        achievement = {
            "year": progress.year,
            "as_of": pd.Timestamp(progress.as_of),
            "handled": progress.numerator,
            "target": progress.denominator,
        }
    return Material(
        frames=frames,
        achievement=achievement,
        bodies=sorted(bodies),
        known_words=job.config.publication.known_words,
        stays=_stays(job),
    )


def _stays(job: Job) -> dict[str, int]:
    """Return how many rows there are of what never leaves as a whole."""
    notes = job.provenance().sources
    rows = {kind: sum(note.rows_accepted for note in notes if note.kind == kind) for kind in ("partners", "indicators")}
    with job.ledger() as ledger:
        events = len(ledger.events())
    refused = sum(note.rows_rejected for note in notes)
    return {**rows, "ledger": events, "rejects": refused}


def _area(selection: Selection) -> str:
    desa = selection.tables[0].frame
    for level in _AREAS:
        names = sorted(set(desa[level].dropna())) if level in desa else []
        if len(names) == 1:
            return str(names[0])
    return "Indonesia" if len(desa) else ""


def _rasters(job: Job) -> tuple[RasterSource, ...]:
    found: list[RasterSource] = []
    for kind, name in _RASTERS.items():
        given: tuple[Any, ...] = getattr(job.config.sources, kind)
        paths = [(path, source.licence) for source in given for path in source.files(job.root)]
        found += [
            RasterSource(path=path, kind=kind, name=name if len(paths) == 1 else f"{name}_{at}", licence=licence)
            for at, (path, licence) in enumerate(paths, start=1)
        ]
    return (*found, *_coverage(job))


def _coverage(job: Job) -> list[RasterSource]:
    """Return level and spread of predicted coverage; which service serves where names rows of a table that stays here.

    An operator is named where everybody knows it; any other name is a text of somebody's list, and gets a number.
    """
    coverage = workspace_coverage(job)
    if coverage is None or not coverage.keys():
        return []
    strangers = sorted({operator for operator, _ in coverage.keys()} - set(job.settings.aliases.operator))  # noqa: SIM118 - no dict
    named = {name: f"operator_{at}" for at, name in enumerate(strangers, start=1)}
    bands = tuple(f"{named.get(operator, operator)}_{technology}" for operator, technology in coverage.keys())  # noqa: SIM118 - as above
    return [
        RasterSource(
            path=job.out / "coverage" / f"{quantity}.tif",
            kind=kind,
            name=f"cakupan_{quantity}",
            bands=bands,
            coarse=coverage.coarse,
        )
        for quantity, kind in _COVERAGE.items()
    ]
