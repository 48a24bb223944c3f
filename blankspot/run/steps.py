"""The steps from raw files to map and report, each with what it reads, what it needs and what it writes.

Every step leaves its result as a file, so that a later step of another day can start from it; within one run it is also
kept in memory. A step that has no sources in this workspace gives an empty table and costs nothing.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - used in a dataclass
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

import geopandas as gpd
import pandas as pd

from blankspot.check import REJECT_COLUMNS, Checked, merge_checked
from blankspot.classify import Verdicts, classify
from blankspot.errors import UsageError
from blankspot.out.maps import write_map
from blankspot.out.reports import Report, write_report, write_workbook
from blankspot.out.tables import headings_of, write_csv, write_gpkg, write_parquet, write_xlsx
from blankspot.run.fresh import file_digest
from blankspot.schema import TABLES
from blankspot.settings import Provenance, Settings, SourceNote
from blankspot.sources.boundaries import read_boundaries
from blankspot.sources.measurements import read_measurements
from blankspot.sources.rasters import read_population, zonal_sums
from blankspot.sources.records import read_facilities, read_internet_points, read_podes, read_proposals, read_reports
from blankspot.sources.sites import read_sites
from blankspot.sources.tables import read_tables
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from blankspot.grid import Grid
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


@dataclass(frozen=True)
class Step:
    """One step of a run.

    Attributes:
        name: Identifier.
        title: What it does, for the progress line.
        make: The work; returns the names of the files it wrote below out/.
        sources: Kinds of source whose files it reads.
        needs: Steps whose results it uses.
        dated: Whether its result depends on the as-of date.
        ledger: Whether its result depends on what is in the ledger.
    """

    name: str
    title: Text
    make: Callable[[Job], list[str]]
    sources: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    dated: bool = False
    ledger: bool = False


@dataclass
class _Reading:
    """The results of reading several files of one kind, joined."""

    parts: list[Checked] = field(default_factory=list)

    def joined(self) -> Checked:
        return merge_checked(self.parts)


def _each(job: Job, kind: str, read: Callable[[Path, Source], Checked]) -> Checked | None:
    """Read every file of a kind and note what came of it; None where the workspace has none."""
    reading = _Reading()
    for source in getattr(job.config.sources, kind):
        for path in source.files(job.root):
            checked = read(path, source)
            reading.parts.append(checked)
            _note(job, path, kind, source, (checked.rows_in, len(checked.accepted), checked.rows_rejected))
    return reading.joined() if reading.parts else None


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
        lambda path, source: read_boundaries(
            path,
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
    for source in sources.population:
        for path in source.files(job.root):
            population = read_population(path, settings=job.settings)
            people = zonal_sums(population.grid, villages).reindex(villages["village_code"]).to_numpy()
            villages = villages.assign(
                population=villages["population"].fillna(pd.Series(people, index=villages.index).round())
            )
            rejects = pd.concat([rejects, population.remarks], ignore_index=True)
            _note(job, path, "population", source)
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
        lambda path, source: read_measurements(
            path, mapping=source.columns or None, area=villages, now=job.now, settings=job.settings
        ),
    )
    if checked is None:
        job.keep("measurements", _empty("measurements"))
        return ["measurements.parquet"]
    job.keep("measurements", checked.accepted)
    return ["measurements.parquet", _leave_rejects(job, "measurements", checked.rejects)]


def make_sites(job: Job) -> list[str]:
    """Read the sites inside the area and what they transmit."""
    villages = job.frame("villages")
    checked = _each(
        job,
        "sites",
        lambda path, source: read_sites(path, mapping=source.columns or None, area=villages, settings=job.settings),
    )
    if checked is None:
        job.keep("sites", _empty("sites"))
        job.keep("services", _empty("services"))
        return ["sites.parquet", "services.parquet"]
    job.keep("sites", checked.accepted)
    job.keep("services", checked.extra["services"] if "services" in checked.extra else _empty("services"))
    return ["sites.parquet", "services.parquet", _leave_rejects(job, "sites", checked.rejects)]


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
) -> Callable[[Path, Source], Checked]:
    return lambda path, source: reader(path, mapping=source.columns or None, villages=villages, settings=settings)


def _empty(kind: str) -> pd.DataFrame:
    columns = TABLES[kind].columns
    dtypes = {name: column.dtype.type for name, column in columns.items() if column.dtype is not None}
    return pd.DataFrame(columns=list(columns)).astype(dtypes)


def make_verdicts(job: Job) -> list[str]:
    """Classify every village as of the workspace's date."""
    found: Verdicts = classify(
        job.frame("villages"),
        measurements=job.frame("measurements"),
        population=_population(job),
        podes=job.frame("podes"),
        reports=job.frame("reports"),
        settings=job.settings,
        as_of=job.as_of,
    )
    job.keep("verdicts", found.verdicts)
    job.keep("evidence", found.evidence)
    job.told["counts"] = found.counts()
    return ["verdicts.parquet", "evidence.parquet"]


def _population(job: Job) -> Grid | None:
    paths = [path for source in job.config.sources.population for path in source.files(job.root)]
    return read_population(paths[0], settings=job.settings).grid if paths else None


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


READING: Final = ("villages", "measurements", "sites", "records")
STEPS: Final = (
    Step(
        "villages",
        Text("Membaca batas desa", "Reading boundaries"),
        make_villages,
        sources=("boundaries", "code_list", "crosswalk", "population"),
    ),
    Step(
        "measurements",
        Text("Membaca titik ukur", "Reading measurements"),
        make_measurements,
        sources=("measurements",),
        needs=("villages",),
    ),
    Step("sites", Text("Membaca menara", "Reading sites"), make_sites, sources=("sites",), needs=("villages",)),
    Step(
        "records",
        Text("Membaca Podes, laporan, dan usulan", "Reading PODES, reports and proposals"),
        make_records,
        sources=tuple(RECORD_READERS),
        needs=("villages",),
    ),
    Step(
        "verdicts",
        Text("Mengklasifikasi desa", "Classifying villages"),
        make_verdicts,
        sources=("population",),
        needs=READING,
        dated=True,
    ),
    Step(
        "import",
        Text("Mencatat daftar penanganan", "Recording the handling list"),
        make_import,
        sources=("handling",),
        needs=("villages",),
        ledger=True,
    ),
    Step(
        "handling",
        Text("Menghitung kemajuan", "Counting progress"),
        make_handling,
        needs=("import",),
        dated=True,
        ledger=True,
    ),
    Step(
        "exchange",
        Text("Menulis GeoPackage", "Writing the GeoPackage"),
        make_exchange,
        needs=("verdicts", "sites", "records"),
    ),
    Step("report", Text("Menulis laporan", "Writing the report"), make_report, needs=("verdicts", "handling")),
    Step(
        "map", Text("Menggambar peta", "Drawing the map"), make_map, needs=("verdicts", "handling", "sites", "records")
    ),
)


def write_table(path: Path, frame: pd.DataFrame) -> None:
    """Write a table of the workspace."""
    write_parquet(path, frame)


def read_table(path: Path) -> pd.DataFrame:
    """Read a table of the workspace back."""
    return gpd.read_parquet(path) if path.stem == "villages" else pd.read_parquet(path)
