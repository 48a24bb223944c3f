"""What is published: which tables, under which names, made from which, and what stays here.

`select` is the one gate: the writers of files and of metadata see its result and nothing else of the workspace.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from blankspot.geo import WGS84
from blankspot.out.publish.cells import measurement_cells, report_cells, squares, without_small_counts
from blankspot.out.publish.columns import Gate, release
from blankspot.out.publish.held import Held, HeldBack
from blankspot.out.publish.personal import personal
from blankspot.out.publish.vocabulary import Vocabulary
from blankspot.schema import OPEN_TABLES, TABLES
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pandera.pandas as pa

    from blankspot.settings import Settings

_DECIMALS: Final = 6  # about 0.1 m; masts and schools stand where everybody sees them
_STAYS: Final = {
    "partners": Text("kontak mitra hanya untuk surat", "contacts of partners are for letters only"),
    "indicators": Text(
        "indikator internal dinas; keputusan menerbitkannya ada pada wali data",
        "indicators of the office; publishing them is the data steward's decision",
    ),
    "ledger": Text(
        "riwayat buku besar memuat siapa mencatat apa; yang keluar keadaan terakhirnya",
        "the ledger's history tells who recorded what; its latest state leaves",
    ),
    "rejects": Text("baris yang ditolak memuat nilai aslinya", "refused rows carry the original values"),
}


@dataclass(frozen=True, kw_only=True)
class OpenTable:
    """One table as it leaves.

    Attributes:
        name: Stem of its files and name of its layer.
        title: What people call it.
        description: One sentence of what a row is.
        frame: The rows; a GeoDataFrame where it has places.
        schema: The declared columns, of which the frame has some.
    """

    name: str
    title: Text
    description: Text
    frame: pd.DataFrame
    schema: pa.DataFrameSchema

    @property
    def is_spatial(self) -> bool:
        """Whether it has geometry."""
        return isinstance(self.frame, gpd.GeoDataFrame)

    @property
    def columns(self) -> list[str]:
        """Its columns without geometry."""
        return [name for name in self.frame.columns if name != "geometry"]


@dataclass(frozen=True, kw_only=True)
class Material:
    """What a workspace could publish, as its steps left it.

    Attributes:
        frames: Tables by name: villages and whichever of verdicts, evidence, sites, services, internet_points, facilities, podes,
            proposals, cases, measurements and reports there are.
        achievement: Year, as-of day, villages handled and villages on the list; None where there is no list.
        bodies: Names of partners and operators known everywhere.
        known_words: Words that the office lets through.
        stays: Rows of what never leaves as a whole, by name (see `_STAYS`).
    """

    frames: Mapping[str, pd.DataFrame]
    achievement: Mapping[str, Any] | None = None
    bodies: Iterable[str] = ()
    known_words: Iterable[str] = ()
    stays: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What leaves and what stays."""

    tables: tuple[OpenTable, ...]
    held: tuple[Held, ...]
    bounds: tuple[float, float, float, float] | None
    code_versions: tuple[str, ...]

    def table(self, name: str) -> OpenTable | None:
        """Return a table by name."""
        return next((one for one in self.tables if one.name == name), None)


@dataclass(frozen=True)
class _Plan:
    source: str
    name: str
    title: Text
    description: Text
    schema: pa.DataFrameSchema
    place: Callable[[pd.DataFrame, Settings], Any] | None = None


def _points(frame: pd.DataFrame, settings: Settings) -> Any:
    del settings
    lon, lat = (pd.to_numeric(frame[name], errors="coerce").to_numpy(float) for name in ("lon", "lat"))
    known = np.isfinite(lon) & np.isfinite(lat)
    places = np.full(len(frame), None, dtype=object)
    places[known] = shapely.points(lon[known], lat[known])
    return places


def _squares(frame: pd.DataFrame, settings: Settings) -> Any:
    return squares(frame, settings.public)


_PLANS: Final = (
    _Plan(
        "evidence",
        "bukti",
        Text("Bukti", "Evidence"),
        Text("Angka di balik status setiap desa.", "The figures behind the verdict of each village."),
        TABLES["evidence"],
    ),
    _Plan(
        "cases",
        "penanganan",
        Text("Penanganan", "Handling"),
        Text("Keadaan penanganan setiap kasus.", "Where the handling of each case stands."),
        OPEN_TABLES["cases"],
    ),
    _Plan(
        "achievement",
        "capaian",
        Text("Capaian", "Achievement"),
        Text("Desa tertangani dari daftar target.", "Villages handled of those on the target list."),
        OPEN_TABLES["achievement"],
    ),
    _Plan(
        "sites",
        "menara",
        Text("Menara", "Masts"),
        Text("Letak dan keadaan menara.", "Where masts stand and whether they work."),
        TABLES["sites"],
        _points,
    ),
    _Plan(
        "services",
        "layanan",
        Text("Layanan menara", "Services of masts"),
        Text("Yang dipancarkan setiap menara.", "What each mast transmits."),
        TABLES["services"],
    ),
    _Plan(
        "internet_points",
        "titik_internet",
        Text("Titik layanan internet", "Internet points"),
        Text(
            "Titik WiFi, VSAT, dan LEO; tidak mengakhiri blankspot seluler.",
            "WiFi, VSAT and LEO points; they do not end a cellular blankspot.",
        ),
        TABLES["internet_points"],
        _points,
    ),
    _Plan(
        "facilities",
        "fasilitas",
        Text("Fasilitas publik", "Public facilities"),
        Text("Tempat umum dan ada tidaknya internet.", "Public places and whether they have internet."),
        TABLES["facilities"],
        _points,
    ),
    _Plan(
        "podes",
        "podes",
        Text("Podes", "Podes"),
        Text("Persepsi sinyal menurut perangkat desa.", "Signal as village officials perceive it."),
        TABLES["podes"],
    ),
    _Plan(
        "proposals",
        "usulan",
        Text("Usulan", "Proposals"),
        Text("Usulan penanganan dari lembaga.", "Requests for handling by bodies."),
        TABLES["proposals"],
    ),
    _Plan(
        "measurement_cells",
        "sel_ukur",
        Text("Sel ukur", "Measured squares"),
        Text(
            "Hasil ukur per petak kecil, jaringan, teknologi, dan besaran.",
            "Readings per small square, network, generation and metric.",
        ),
        OPEN_TABLES["measurement_cells"],
        _squares,
    ),
    _Plan(
        "report_cells",
        "sel_laporan",
        Text("Sel laporan", "Squares of reports"),
        Text("Banyaknya laporan warga per petak kecil.", "Citizens' reports per small square."),
        OPEN_TABLES["report_cells"],
        _squares,
    ),
)
_DESA: Final = _Plan(
    "desa",
    "desa",
    Text("Desa dan status sinyalnya", "Villages and their signal"),
    Text(
        "Satu baris per desa dengan status sinyal, keyakinan, dan alasannya.",
        "One row per village with its signal class, confidence and reason.",
    ),
    TABLES["villages"],
)


def desa_schema() -> pa.DataFrameSchema:
    """Return the columns of the table of villages: those of the villages, then those of their verdicts."""
    verdicts = {name: column for name, column in TABLES["verdicts"].columns.items() if name != "village_code"}
    return TABLES["villages"].add_columns(verdicts)


def select(material: Material, settings: Settings, *, profile: str) -> Selection:
    """Decide what leaves.

    Args:
        material: The tables of the workspace.
        settings: How fine squares are, how many devices one needs, the language.
        profile: The label of the thresholds, as it stands in the verdicts.
    """
    held = HeldBack()
    villages = material.frames["villages"]
    gate = Gate(
        vocabulary=_vocabulary(material, settings),
        profile=profile,
        reports_min=settings.public.devices_min,
        lang=settings.language,
    )
    tables = [_desa(villages, material.frames.get("verdicts"), gate, held)]
    frames = dict(material.frames) | _gathered(material, settings, held)
    if material.achievement is not None:
        frames["achievement"] = pd.DataFrame([material.achievement])
    for plan in _PLANS:
        frame = frames.get(plan.source)
        if frame is None or frame.empty:
            continue
        left = release(frame, plan.schema, table=plan.name, gate=gate, held=held)
        if len(left):
            tables.append(_placed(plan, left, settings, held))
    for name, rows in material.stays.items():
        held.add(name, "", rows, "stays", _STAYS[name])
    desa = tables[0].frame
    versions = desa["code_version"].dropna().unique() if "code_version" in desa else ()
    return Selection(
        tables=tuple(tables),
        held=held.lines(),
        bounds=_bounds(desa),
        code_versions=tuple(sorted(map(str, versions))),
    )


def _vocabulary(material: Material, settings: Settings) -> Vocabulary:
    aliases = settings.aliases
    spelled = [
        name
        for folded in (aliases.operator, aliases.owner)
        for known, others in folded.items()
        for name in (known, *others)
    ]
    villages = material.frames["villages"]
    columns = [name for name in ("village_name", "district", "regency", "province") if name in villages]
    written = {str(text) for name in columns for text in villages[name].dropna().unique()}
    places = {
        text for text in written if personal(text) is None
    }  # else a name beside a number would become a known word
    return Vocabulary.of(bodies=[*material.bodies, *spelled], places=places, added=material.known_words)


def _gathered(material: Material, settings: Settings, held: HeldBack) -> dict[str, pd.DataFrame]:
    made: dict[str, pd.DataFrame] = {}
    frames = material.frames
    if (readings := frames.get("measurements")) is not None and len(readings):
        made["measurement_cells"] = measurement_cells(readings, settings.public, zone=settings.zone, held=held)
    if (reports := frames.get("reports")) is not None and len(reports):
        made["report_cells"] = report_cells(reports, settings.public, held)
    if (evidence := frames.get("evidence")) is not None and len(evidence):
        made["evidence"] = without_small_counts(evidence, settings.public, held)
    return made


def _desa(villages: pd.DataFrame, verdicts: pd.DataFrame | None, gate: Gate, held: HeldBack) -> OpenTable:
    joined = villages if verdicts is None else villages.merge(verdicts, on="village_code", how="left")
    schema = desa_schema()
    left = release(pd.DataFrame(joined), schema, table=_DESA.name, gate=gate, held=held)
    order = [name for name in left.columns if name != "geometry"]
    frame = gpd.GeoDataFrame(left[order], geometry=gpd.GeoSeries(left["geometry"], crs=WGS84))
    held.add(_DESA.name, "geometry", int((frame.geometry.isna() | frame.geometry.is_empty).sum()), "no_geometry")
    return OpenTable(name=_DESA.name, title=_DESA.title, description=_DESA.description, frame=frame, schema=schema)


def _placed(plan: _Plan, frame: pd.DataFrame, settings: Settings, held: HeldBack) -> OpenTable:
    if plan.place is not None and {"lon", "lat"} <= set(frame.columns):
        rounded = frame.assign(**{name: pd.to_numeric(frame[name]).round(_DECIMALS) for name in ("lon", "lat")})
        frame = gpd.GeoDataFrame(rounded, geometry=plan.place(rounded, settings), crs=WGS84)
        held.add(plan.name, "geometry", int(frame.geometry.isna().sum()), "no_geometry")
    return OpenTable(name=plan.name, title=plan.title, description=plan.description, frame=frame, schema=plan.schema)


def _bounds(desa: gpd.GeoDataFrame) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north of the villages; None where none has geometry."""
    found = desa.total_bounds
    if not np.isfinite(found).all():
        return None
    west, south, east, north = (round(float(edge), _DECIMALS) for edge in found)
    return west, south, east, north
