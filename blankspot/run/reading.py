"""The steps that read: boundaries, measurements, sites and records, each file's rows noted.

A kind without sources in this workspace gives an empty table and costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from blankspot.check import Checked, merge_checked
from blankspot.errors import SourceError, UsageError
from blankspot.geo import frame_crs, to_degrees, to_metric
from blankspot.out.tables import write_csv
from blankspot.run.fresh import file_digest
from blankspot.run.sidecar import read_sidecar
from blankspot.schema import TABLES
from blankspot.settings import SourceNote
from blankspot.sources.boundaries import read_boundaries
from blankspot.sources.lines import no_lines, read_lines
from blankspot.sources.measurements import read_measurements
from blankspot.sources.rasters import Population, read_population, zonal_sums
from blankspot.sources.records import read_facilities, read_internet_points, read_podes, read_proposals, read_reports
from blankspot.sources.sites import read_sites
from blankspot.sources.tables import read_tables
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd

    from blankspot.run.config import Source
    from blankspot.run.job import Job

LINES: Final = ("roads", "rivers")
RECORD_READERS: Final = {
    "podes": read_podes,
    "reports": read_reports,
    "facilities": read_facilities,
    "internet_points": read_internet_points,
    "proposals": read_proposals,
}


def _each(job: Job, kind: str, read: Callable[[list[Path], Source], Checked]) -> Checked | None:
    """Read the files of a kind and note what came of each; None where the workspace has none.

    Files that are read the same way go to the reader together, so that it sees repeats across files.
    """
    alike: dict[str, tuple[Source, list[Path]]] = {}
    for source in getattr(job.config.sources, kind):
        key = source.model_dump_json(exclude={"path"})
        alike.setdefault(key, (source, []))[1].extend(source.files(job.root))
    parts: list[Checked] = []
    for source, paths in alike.values():
        checked = read(paths, source)
        parts.append(checked)
        for path in paths:
            note_source(job, path, kind, source, rows_of(path, checked))
    return merge_checked(parts) if parts else None


def rows_of(path: Path, checked: Checked) -> tuple[int, int, int]:
    """Return rows in, accepted and rejected of one file, all members of a zip together."""
    names = (path.name, path.as_posix())
    inside = tuple(f"{name}/" for name in names)
    mine = checked.sources[[name in names or name.startswith(inside) for name in checked.sources["source"]]]
    rows_in, accepted = int(mine["rows_in"].sum()), int(mine["rows_accepted"].sum())
    return rows_in, accepted, rows_in - accepted


def make_lines(job: Job) -> list[str]:
    """Read roads and rivers, which only lie under what a map sheet shows."""
    for kind in LINES:
        read: list[gpd.GeoDataFrame] = []
        for source in getattr(job.config.sources, kind):
            for path in source.files(job.root):
                found = read_lines(path, layer=source.layer, crs=source.crs)
                note_source(
                    job, path, kind, source, (found.features, len(found.lines), found.features - len(found.lines))
                )
                read.append(found.lines)
        job.keep(kind, pd.concat(read, ignore_index=True) if read else no_lines())
    return [f"{kind}.parquet" for kind in LINES]


def note_source(job: Job, path: Path, kind: str, source: Source, rows: tuple[int, int, int] = (0, 0, 0)) -> None:
    """Note a file that was read, with its rows in, accepted and rejected."""
    name = path.relative_to(job.root).as_posix() if path.is_relative_to(job.root) else path.name
    rows_in, accepted, rejected = rows
    fetched = read_sidecar(path)
    ours = fetched is not None and source.licence in ("", fetched.licence)
    note = SourceNote(
        name=name,
        kind=kind,
        sha256=file_digest(path),
        rows_in=rows_in,
        rows_accepted=accepted,
        rows_rejected=rejected,
        licence=fetched.credit if fetched and ours else source.licence,
        address=fetched.originals[0].address if fetched and fetched.originals else "",
        version=fetched.version if fetched else "",
        fetched_at=fetched.fetched_at if fetched else "",
    )
    job.notes.append(note)


def leave_rejects(job: Job, kind: str, rejects: pd.DataFrame) -> str:
    """Write what was refused, repaired or noted of a kind and return the file's name below out/."""
    name = f"rejects/{kind}.csv"
    write_csv(job.out / name, rejects)
    return name


def make_villages(job: Job) -> list[str]:
    """Read the boundaries, fill names from the code list and people from the population raster."""
    sources = job.config.sources
    if not sources.boundaries:
        raise UsageError(
            Text("Batas desa belum disebut di blankspot.toml.", "blankspot.toml names no boundaries."),
            hint=Text(
                'Isi [sources] boundaries = "data/desa.gpkg".', 'Fill in [sources] boundaries = "data/desa.gpkg".'
            ),
        )
    code_list = _code_list(job)
    crosswalk = [path for source in sources.crosswalk for path in source.files(job.root)]
    checked = _each(
        job,
        "boundaries",
        lambda paths, source: read_boundaries(
            paths,
            layer=source.layer,
            codes=source.codes,
            crs=source.crs,
            code_list=code_list,
            crosswalk=plain_table(crosswalk) if crosswalk else None,
            mapping=source.columns or None,
            settings=job.settings,
        ),
    )
    assert checked is not None  # noqa: S101 - boundaries is not empty
    if checked.accepted.empty:
        raise _no_villages(checked, job.out / leave_rejects(job, "boundaries", checked.rejects))
    villages = checked.accepted
    rejects = checked.rejects
    population = read_people(job, villages)
    if population is not None:
        people = zonal_sums(population.grid, villages).reindex(villages["village_code"]).to_numpy()
        filled = villages["population"].fillna(pd.Series(people, index=villages.index).round())
        villages = villages.assign(population=filled)
        rejects = pd.concat([rejects, population.remarks], ignore_index=True)
    job.keep("villages", villages)
    return ["villages.parquet", leave_rejects(job, "boundaries", rejects)]


def _no_villages(checked: Checked, listed: Path) -> SourceError:
    """Return the refusal of boundaries of which no row was accepted; it tells the reason that most of them share."""
    refused = checked.rejects[checked.rejects["severity"] == "rejected"]
    usual = refused["rule"].mode().iloc[0]
    first = refused[refused["rule"] == usual].iloc[0]
    return SourceError(
        Text(
            f"Tidak satu pun dari {checked.rows_in} baris batas desa diterima; paling sering karena {usual}, "
            f"misalnya {first['source']} baris {first['row']}: {first['message']}",
            f"None of {checked.rows_in} rows of the boundaries was accepted; most often because of {usual}, "
            f"such as {first['source']} row {first['row']}: {first['message']}",
        ),
        hint=Text(
            f"Semua alasannya di {listed}. Bila penomoran atau nama kolomnya lain, sebutkan codes atau columns pada "
            "sumbernya di blankspot.toml.",
            f"All reasons are in {listed}. If numbering or columns are called otherwise, give codes or columns with the "
            "source in blankspot.toml.",
        ),
    )


def _code_list(job: Job) -> pd.DataFrame | None:
    paths = [path for source in job.config.sources.code_list for path in source.files(job.root)]
    if not paths:
        return None
    for source in job.config.sources.code_list:
        for path in source.files(job.root):
            note_source(job, path, "code_list", source)
    return plain_table(paths)


def plain_table(paths: list[Path], *, sheet: str | None = None) -> pd.DataFrame:
    """Read files as one table of texts, columns as found."""
    return pd.concat(read_tables(paths, sheet=sheet)[0], ignore_index=True)


def make_measurements(job: Job) -> list[str]:
    """Read the readings inside the area."""
    villages = job.frame("villages")
    checked = _each(
        job,
        "measurements",
        lambda paths, source: read_measurements(
            paths,
            mapping=source.columns or None,
            sheet=source.layer,
            area=villages,
            now=job.now,
            settings=job.settings,
        ),
    )
    if checked is None:
        job.keep("measurements", _empty("measurements"))
        return ["measurements.parquet"]
    pseudonyms = checked.accepted["contributor"]  # they change with every run; numbers in their place do not
    numbers = {name: str(at) for at, name in enumerate(pseudonyms.dropna().unique(), start=1)}
    job.keep("measurements", checked.accepted.assign(contributor=pseudonyms.map(numbers).astype("str")))
    return ["measurements.parquet", leave_rejects(job, "measurements", checked.rejects)]


def make_sites(job: Job) -> list[str]:
    """Read the sites in and around the area and what they transmit; a mast across the border serves this side too.

    Services keep the file and row they come from, so that whatever leaves one out later can name them.
    """
    area = _around(job.frame("villages"), job.settings.intake.sites_margin_km)
    checked = _each(
        job,
        "sites",
        lambda paths, source: read_sites(
            paths, mapping=source.columns or None, sheet=source.layer, area=area, settings=job.settings
        ),
    )
    if checked is None:
        job.keep("sites", _empty("sites"))
        job.keep("services", _empty("services"))
        return ["sites.parquet", "services.parquet"]
    job.keep("sites", checked.accepted)
    job.keep("services", checked.extra["services"].join(checked.extra["services_origin"]))
    return ["sites.parquet", "services.parquet", leave_rejects(job, "sites", checked.rejects)]


def _around(villages: gpd.GeoDataFrame, margin_km: float) -> tuple[float, float, float, float]:
    """Return west, south, east, north in degrees of the villages and a margin around them."""
    crs = frame_crs(villages)
    west, south, east, north = villages.total_bounds
    x, y = to_metric([west, east], [south, north], crs)
    margin_m = margin_km * 1000
    lon, lat = to_degrees([x.min() - margin_m, x.max() + margin_m], [y.min() - margin_m, y.max() + margin_m], crs)
    return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])


def make_records(job: Job) -> list[str]:
    """Read PODES, reports, facilities, internet points and proposals."""
    villages = job.frame("villages")
    written: list[str] = []
    for kind, reader in RECORD_READERS.items():
        read = _record_reader(reader, villages, job)
        checked = _each(job, kind, read)
        job.keep(kind, _empty(kind) if checked is None else checked.accepted)
        written.append(f"{kind}.parquet")
        if checked is not None:
            written.append(leave_rejects(job, kind, checked.rejects))
    return written


def _record_reader(
    reader: Callable[..., Checked], villages: gpd.GeoDataFrame, job: Job
) -> Callable[[list[Path], Source], Checked]:
    told = {"now": job.now} if reader is read_reports else {}
    return lambda paths, source: reader(
        paths, mapping=source.columns or None, sheet=source.layer, villages=villages, settings=job.settings, **told
    )


def _empty(kind: str) -> pd.DataFrame:
    columns = TABLES[kind].columns
    dtypes = {name: column.dtype.type for name, column in columns.items() if column.dtype is not None}
    return pd.DataFrame(columns=list(columns)).astype(dtypes)


def read_people(job: Job, villages: gpd.GeoDataFrame) -> Population | None:
    """Read the population raster, of which a workspace has one or none."""
    given = [(path, source) for source in job.config.sources.population for path in source.files(job.root)]
    if len(given) > 1:
        raise UsageError(
            Text(
                "Lebih dari satu raster penduduk disebut di blankspot.toml.",
                "blankspot.toml names more than one population raster.",
            ),
            hint=Text(
                "Gabungkan rasternya menjadi satu berkas, lalu sebut satu saja.",
                "Merge them into one file and name that one.",
            ),
        )
    if not given:
        return None
    path, source = given[0]
    note_source(job, path, "population", source)
    return read_population(path, villages=villages, settings=job.settings)
