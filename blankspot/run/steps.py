"""What each step from raw files to map and report does; `run.order` says in which order and from what.

Every step leaves its result as a file, so that a later step of another day can start from it; within one run it is also
kept in memory. A step that has no sources in this workspace gives an empty table and costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

import geopandas as gpd
import pandas as pd

from blankspot.check import REJECT_COLUMNS, Checked, merge_checked
from blankspot.classify import Verdicts, classify
from blankspot.errors import UsageError
from blankspot.geo import frame_crs, to_degrees, to_metric
from blankspot.out.maps import write_map
from blankspot.out.reports import Report, write_report, write_workbook
from blankspot.out.tables import headings_of, write_csv, write_gpkg, write_parquet, write_xlsx
from blankspot.run.fresh import file_digest
from blankspot.schema import TABLES
from blankspot.settings import Provenance, Settings, SourceNote
from blankspot.sources.boundaries import read_boundaries
from blankspot.sources.measurements import read_measurements
from blankspot.sources.rasters import Population, read_population, zonal_sums
from blankspot.sources.records import read_facilities, read_internet_points, read_podes, read_proposals, read_reports
from blankspot.sources.sites import read_sites
from blankspot.sources.tables import read_tables
from blankspot.words import Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from blankspot.ledger import Ledger, Progress
    from blankspot.run.config import Config, Source

RECORD_READERS: Final = {
    "podes": read_podes,
    "reports": read_reports,
    "facilities": read_facilities,
    "internet_points": read_internet_points,
    "proposals": read_proposals,
}


class Job(Protocol):
    """What a step is given of the workspace."""

    root: Path
    out: Path
    config: Config
    settings: Settings
    as_of: dt.date
    now: dt.datetime
    year: int
    notes: list[SourceNote]
    told: dict[str, Any]

    def frame(self, name: str) -> Any:
        """Return a table made by an earlier step."""

    def keep(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table to out/ and keep it for later steps."""

    def ledger(self) -> Ledger:
        """Open the workspace's ledger."""

    def progress(self) -> Progress:
        """Return handled of target for the workspace's year and date."""

    def provenance(self) -> Provenance:
        """Return what every output carries."""


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
            _note(job, path, kind, source, _rows_of(path, checked))
    return merge_checked(parts) if parts else None


def _rows_of(path: Path, checked: Checked) -> tuple[int, int, int]:
    """Return rows in, accepted and rejected of one file, all members of a zip together."""
    names = (path.name, path.as_posix())
    inside = tuple(f"{name}/" for name in names)
    mine = checked.sources[[name in names or name.startswith(inside) for name in checked.sources["source"]]]
    rows_in, accepted = int(mine["rows_in"].sum()), int(mine["rows_accepted"].sum())
    return rows_in, accepted, rows_in - accepted


def _note(job: Job, path: Path, kind: str, source: Source, rows: tuple[int, int, int] = (0, 0, 0)) -> None:
    """Note a file that was read, with its rows in, accepted and rejected."""
    name = path.relative_to(job.root).as_posix() if path.is_relative_to(job.root) else path.name
    rows_in, accepted, rejected = rows
    note = SourceNote(
        name=name,
        kind=kind,
        sha256=file_digest(path),
        rows_in=rows_in,
        rows_accepted=accepted,
        rows_rejected=rejected,
        licence=source.licence,
    )
    job.notes.append(note)


def _leave_rejects(job: Job, kind: str, rejects: pd.DataFrame) -> str:
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
            code_list=code_list,
            crosswalk=_table(crosswalk) if crosswalk else None,
            mapping=source.columns or None,
            settings=job.settings,
        ),
    )
    assert checked is not None  # noqa: S101 - boundaries is not empty
    villages = checked.accepted
    rejects = checked.rejects
    population = _population(job)
    if population is not None:
        people = zonal_sums(population.grid, villages).reindex(villages["village_code"]).to_numpy()
        filled = villages["population"].fillna(pd.Series(people, index=villages.index).round())
        villages = villages.assign(population=filled)
        rejects = pd.concat([rejects, population.remarks], ignore_index=True)
    job.keep("villages", villages)
    return ["villages.parquet", _leave_rejects(job, "boundaries", rejects)]


def _code_list(job: Job) -> pd.DataFrame | None:
    paths = [path for source in job.config.sources.code_list for path in source.files(job.root)]
    if not paths:
        return None
    for source in job.config.sources.code_list:
        for path in source.files(job.root):
            _note(job, path, "code_list", source)
    return _table(paths)


def _table(paths: list[Path]) -> pd.DataFrame:
    return pd.concat(read_tables(paths)[0], ignore_index=True)


def make_measurements(job: Job) -> list[str]:
    """Read the readings inside the area."""
    villages = job.frame("villages")
    checked = _each(
        job,
        "measurements",
        lambda paths, source: read_measurements(
            paths, mapping=source.columns or None, area=villages, now=job.now, settings=job.settings
        ),
    )
    if checked is None:
        job.keep("measurements", _empty("measurements"))
        return ["measurements.parquet"]
    job.keep("measurements", checked.accepted)
    return ["measurements.parquet", _leave_rejects(job, "measurements", checked.rejects)]


def make_sites(job: Job) -> list[str]:
    """Read the sites in and around the area and what they transmit; a mast across the border serves this side too."""
    area = _around(job.frame("villages"), job.settings.intake.sites_margin_km)
    checked = _each(
        job,
        "sites",
        lambda paths, source: read_sites(paths, mapping=source.columns or None, area=area, settings=job.settings),
    )
    if checked is None:
        job.keep("sites", _empty("sites"))
        job.keep("services", _empty("services"))
        return ["sites.parquet", "services.parquet"]
    job.keep("sites", checked.accepted)
    job.keep("services", checked.extra["services"])
    return ["sites.parquet", "services.parquet", _leave_rejects(job, "sites", checked.rejects)]


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
        read = _record_reader(reader, villages, job.settings)
        checked = _each(job, kind, read)
        job.keep(kind, _empty(kind) if checked is None else checked.accepted)
        written.append(f"{kind}.parquet")
        if checked is not None:
            written.append(_leave_rejects(job, kind, checked.rejects))
    return written


def _record_reader(
    reader: Callable[..., Checked], villages: gpd.GeoDataFrame, settings: Settings
) -> Callable[[list[Path], Source], Checked]:
    return lambda paths, source: reader(paths, mapping=source.columns or None, villages=villages, settings=settings)


def _empty(kind: str) -> pd.DataFrame:
    columns = TABLES[kind].columns
    dtypes = {name: column.dtype.type for name, column in columns.items() if column.dtype is not None}
    return pd.DataFrame(columns=list(columns)).astype(dtypes)


def make_verdicts(job: Job) -> list[str]:
    """Classify every village as of the workspace's date."""
    population = _population(job)
    found: Verdicts = classify(
        job.frame("villages"),
        measurements=job.frame("measurements"),
        population=None if population is None else population.grid,
        podes=job.frame("podes"),
        reports=job.frame("reports"),
        settings=job.settings,
        as_of=job.as_of,
    )
    job.keep("verdicts", found.verdicts)
    job.keep("evidence", found.evidence)
    job.told["counts"] = found.counts()
    return ["verdicts.parquet", "evidence.parquet"]


def _population(job: Job) -> Population | None:
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
    _note(job, path, "population", source)
    return read_population(path, settings=job.settings)


def make_import(job: Job) -> list[str]:
    """Append what the handling lists add to the ledger; the same list twice adds nothing."""
    rejects = [pd.DataFrame(columns=list(REJECT_COLUMNS))]
    villages = job.frame("villages")
    with job.ledger() as ledger:
        for source in job.config.sources.handling:
            for path in source.files(job.root):
                listed = _table([path]).rename(columns={theirs: ours for ours, theirs in source.columns.items()})
                plan = ledger.plan_import(listed, villages=villages, lang=job.settings.language)
                ledger.append(plan.new_events)
                rejects.append(plan.rejects)
                accepted = len(plan.new_events) + plan.unchanged
                _note(job, path, "handling", source, (plan.rows_in, accepted, plan.rows_in - accepted))
    return [_leave_rejects(job, "handling", pd.concat(rejects, ignore_index=True))]


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
    write_gpkg(job.out / "blankspot.gpkg", layers, styled="desa", lang=job.settings.language)
    return ["blankspot.gpkg"]


def make_report(job: Job) -> list[str]:
    """Write the report as a workbook and as one HTML page."""
    report = Report(
        villages=job.frame("villages"),
        verdicts=job.frame("verdicts"),
        evidence=job.frame("evidence"),
        handling=job.frame("handling"),
        progress=job.progress(),
        provenance=job.provenance(),
    )
    write_workbook(job.out / "report.xlsx", report, lang=job.settings.language)
    write_report(job.out / "report.html", report, lang=job.settings.language)
    return ["report.xlsx", "report.html"]


def make_map(job: Job) -> list[str]:
    """Draw the offline map."""
    draw_workspace_map(job, job.out / "map.html")
    return ["map.html"]


def draw_workspace_map(job: Job, path: Path, *, basemap: str | None = None) -> None:
    """Draw the map of a workspace to any file."""
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
    )


def export_tables(job: Job, folder: Path, *, formats: Iterable[str]) -> list[Path]:
    """Write desa with verdicts, and the evidence, in the formats asked for: gpkg, parquet, csv, xlsx."""
    villages, verdicts, evidence = job.frame("villages"), job.frame("verdicts"), job.frame("evidence")
    desa = gpd.GeoDataFrame(villages.merge(verdicts, on="village_code"), geometry="geometry", crs="EPSG:4326")
    written: list[Path] = []
    for kind in formats:
        if kind == "gpkg":
            written.append(
                write_gpkg(folder / "blankspot.gpkg", {"desa": desa}, styled="desa", lang=job.settings.language)
            )
        elif kind == "parquet":
            written += [write_parquet(folder / "desa.parquet", desa), write_parquet(folder / "bukti.parquet", evidence)]
        elif kind == "csv":
            written += [write_csv(folder / "desa.csv", desa), write_csv(folder / "bukti.csv", evidence)]
        else:
            sheets = {
                "Desa": (desa, headings_of(TABLES["villages"]) | headings_of(TABLES["verdicts"])),
                "Bukti": (evidence, headings_of(TABLES["evidence"])),
            }
            written.append(write_xlsx(folder / "blankspot.xlsx", sheets))
    return written


MAKERS: Final[dict[str, Callable[[Job], list[str]]]] = {
    "villages": make_villages,
    "measurements": make_measurements,
    "sites": make_sites,
    "records": make_records,
    "verdicts": make_verdicts,
    "import": make_import,
    "handling": make_handling,
    "exchange": make_exchange,
    "report": make_report,
    "map": make_map,
}


def write_table(path: Path, frame: pd.DataFrame) -> None:
    """Write a table of the workspace."""
    write_parquet(path, frame)


def read_table(path: Path) -> pd.DataFrame:
    """Read a table of the workspace back."""
    return gpd.read_parquet(path) if path.stem == "villages" else pd.read_parquet(path)
