"""Reading boundaries of desa: one table of villages from whatever a publisher calls them.

Files are opened by `boundary_layers`, headings understood by `boundary_dialects`, codes judged by `boundary_codes`, polygons
by `boundary_geometry`, and what the polygons do to each other is measured by `coverage_faults`. This page is the order of
these steps, and what is said about the layer as a whole. Every feature leaves as a village or as a reject.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from blankspot.check import Checked, Review
from blankspot.geo import WGS84
from blankspot.schema import TABLES
from blankspot.settings import load_settings
from blankspot.sources.boundary_codes import carry_codes, give_types, join_parts, judge_codes
from blankspot.sources.boundary_dialects import NAME_COLUMNS, Codes, standardise
from blankspot.sources.boundary_geometry import judge_geometry
from blankspot.sources.boundary_layers import read_layers
from blankspot.sources.code_lists import expected_codes, read_code_list, villages_of
from blankspot.sources.coverage_faults import CoverageFaults, areas_m2, coverage_faults
from blankspot.sources.tables import read_table
from blankspot.values import coerce
from blankspot.wilayah import BPS_PREFIX, Gazetteer, name_key, parents
from blankspot.words import Text, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from blankspot.settings import Settings

_LISTED_MAX: Final = 12
_M2_PER_KM2: Final = 1e6

_FILLED: Final = Text(
    "Nama kosong diisi dari daftar kode: {new}.", "The empty name was filled from the code list: {new}."
)
_PEOPLE: Final = Text(
    "Jumlah penduduk '{value}' tidak terbaca, dikosongkan.", "Population '{value}' is no count; left empty."
)
_WITHOUT: Final = Text("Desa {value} tidak punya poligon.", "Village {value} has no polygon.")
_LABELS: Final = Text(
    "Titik label di luar desanya sendiri: {value}.", "Label points outside their own village: {value}."
)
_NAMES: Final = Text(
    "Nama berbeda dari daftar kode (dipakai seperti tertulis): {value}.",
    "Names that differ from the code list (kept as written): {value}.",
)
_OVERLAPS: Final = Text("Poligon bertumpang tindih: {value}.", "Polygons overlap: {value}.")
_GAPS: Final = Text("Ada celah di antara poligon: {value}.", "There are gaps between polygons: {value}.")
_WARNED: Final = Text("Catatan pembaca berkas: {value}.", "The file's reader says: {value}.")


def read_boundaries(
    path: str | Path | Sequence[str | Path],
    *,
    layer: str | None = None,
    codes: Codes = "kemendagri",
    code_list: str | Path | Sequence[str | Path] | pd.DataFrame | None = None,
    crosswalk: str | Path | pd.DataFrame | None = None,
    mapping: Mapping[str, str] | None = None,
    expected: pd.DataFrame | pd.Series | Sequence[str] | None = None,
    code_version: str | None = None,
    crs: str | None = None,
    measure: bool = True,
    settings: Settings | None = None,
) -> Checked:
    """Read village boundaries.

    Args:
        path: A file that OGR reads, GeoParquet, cahyadsn's SQL, a zip, or several of these (read as one layer).
        layer: Layer to read where a file has several.
        codes: Numbering of the file's codes. "kemendagri" accepts dotted codes only, "kemendagri_undotted" vouches that ten
            digits are Kemendagri's, "bps" that they are BPS's: `bps_code` holds the digits and `village_code` is
            `bps:3204010002`, unless a crosswalk turns it into a Kemendagri code.
        code_list: Official codes and names, of any levels: fills missing names and names of the units above, finds rows
            without a code by name within the kecamatan, and tells which villages of the kabupaten have no polygon.
        crosswalk: Columns old_code, new_code, kind[, share]; see `wilayah.apply_crosswalk`.
        mapping: Our column name to the file's; "=text" is a constant.
        expected: Codes that should all have a polygon, instead of the code list's.
        code_version: Decree the codes follow.
        crs: Coordinate system of files that do not say theirs, e.g. "EPSG:4326".
        measure: Measure overlaps and gaps (half a minute for the whole country).
        settings: Language of the messages.

    Returns:
        `accepted`: columns of the villages table, geometry valid and EPSG:4326. `rejects`: rejected rows, repairs and
        remarks. `measures`: overlap_km2, overlap_pairs, gap_km2, gaps, area_km2, label_points_outside,
        names_unlike_code_list, villages_without_polygon. `extra`: overlaps, gaps (every one with its place).

    Raises:
        SourceError: A file as a whole cannot be used.
        CodeError: The crosswalk contradicts itself.
    """
    settings = settings or load_settings()
    layers = read_layers(path, layer=layer, crs=crs)
    table = pd.concat([standardise(one, codes=codes, mapping=mapping) for one in layers], ignore_index=True)
    frame = gpd.GeoDataFrame(table, geometry="geometry", crs=WGS84)
    review = Review(
        frame, table="villages", source=frame["source_file"], row=frame["source_row"], lang=settings.language
    )
    listed = None if code_list is None else read_code_list(code_list, codes=codes)
    known = None if listed is None else villages_of(listed)
    judge_codes(review, codes=codes, gazetteer=None if listed is None else Gazetteer(listed))
    merged = pd.Series(False, index=review.frame.index)
    if crosswalk is not None:
        walk = crosswalk if isinstance(crosswalk, pd.DataFrame) else read_table(crosswalk)
        merged = carry_codes(review, walk, codes=codes)
    judge_geometry(review, named=_shown(review.frame))
    join_parts(review, merged=merged)
    _fill_names(review, known)
    _read_people(review)
    give_types(review)
    _set_version(review, code_version or ("BPS" if codes == "bps" and crosswalk is None else None))
    labels = review.frame[["label_lon", "label_lat"]]
    review.conform(TABLES["villages"], zone=settings.zone)
    review.frame = gpd.GeoDataFrame(review.frame[list(TABLES["villages"].columns)], geometry="geometry", crs=WGS84)
    for one in layers:
        for remark in one.remarks:
            review.note(column="geometry", rule="reader_remark", message=_WARNED, value=remark, source=one.name)
    measures = _remarks(review, labels, known, expected, codes)
    faults = _faults(review) if measure and review.alive.any() else None
    if faults is None:
        return review.finish(measures=measures)
    extra = {"overlaps": faults.overlaps, "gaps": faults.gaps}
    return review.finish(extra=extra, measures=measures | faults.measures())


def _shown(frame: pd.DataFrame) -> pd.Series:
    names = frame.get("village_name", pd.Series("", index=frame.index, dtype="str")).fillna("")
    return (frame["village_code"].fillna("") + " " + names).str.strip()


def _fill_names(review: Review, known: pd.DataFrame | None) -> None:
    """Fill empty names from the code list; a filled village name is listed as a repair, names of the units above are not."""
    for column in NAME_COLUMNS:
        if column not in review.frame:
            review.frame[column] = pd.Series(np.nan, index=review.frame.index, dtype="str")
    if known is None:
        return
    official = known.drop_duplicates("code").set_index("code")
    codes = review.frame["village_code"]
    names = codes.map(official["name"]).astype("str")
    empty = review.frame["village_name"].isna() & names.notna()
    review.repair(empty, names, column="village_name", rule="name_filled", message=_FILLED, value=codes)
    for column in NAME_COLUMNS[1:]:
        review.frame[column] = review.frame[column].fillna(codes.map(official[column]).astype("str"))


def _read_people(review: Review) -> None:
    """Read the number of residents; one that is no count empties the cell and does not cost the village."""
    if "population" not in review.frame:
        return
    told = review.frame["population"].astype("str")
    thousands = told.str.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+").fillna(value=False).astype(bool)  # people are whole
    people, unread = coerce(told.mask(thousands, told.str.replace(".", "")), "number")
    wrong = unread | (people < 0).to_numpy()
    review.repair(
        wrong, people.where(~wrong).astype("str"), column="population", rule="population_unreadable", message=_PEOPLE
    )
    review.frame["population"] = people.where(~wrong)


def _set_version(review: Review, version: str | None) -> None:
    if "code_version" not in review.frame:
        review.frame["code_version"] = pd.Series(np.nan, index=review.frame.index, dtype="str")
    if version:
        review.frame["code_version"] = review.frame["code_version"].fillna(version)


def _remarks(
    review: Review,
    labels: pd.DataFrame,
    known: pd.DataFrame | None,
    expected: pd.DataFrame | pd.Series | Sequence[str] | None,
    codes: Codes,
) -> dict[str, float]:
    """Note what concerns the layer as a whole; return the figures."""
    villages = review.frame[review.alive]
    measures = {"area_km2": float(areas_m2(villages.geometry.to_numpy()).sum()) / _M2_PER_KM2}
    points = labels[review.alive]
    has_label = points.notna().all(axis=1).to_numpy()
    if has_label.any():
        inside = shapely.intersects_xy(villages.geometry.to_numpy(), points["label_lon"], points["label_lat"])
        outside = villages["village_code"][has_label & ~inside]
        measures["label_points_outside"] = float(len(outside))
        _note_list(review, outside, column="geometry", rule="label_outside", message=_LABELS)
    if known is not None:
        official = villages["village_code"].map(known.drop_duplicates("code").set_index("code")["name"])
        unlike = official.notna() & (
            official.fillna("").map(name_key) != villages["village_name"].fillna("").map(name_key)
        )
        shown = villages["village_code"] + " " + villages["village_name"] + " ≠ " + official
        measures["names_unlike_code_list"] = float(unlike.sum())
        _note_list(review, shown[unlike], column="village_name", rule="name_unlike_code_list", message=_NAMES)
    missing = _without_polygon(villages, known, expected, codes)
    if missing is not None:
        measures["villages_without_polygon"] = float(len(missing))
        for shown_code in missing:
            review.note(column="geometry", rule="village_without_polygon", message=_WITHOUT, value=shown_code)
    return measures


def _note_list(review: Review, items: pd.Series, *, column: str, rule: str, message: Text) -> None:
    if len(items):
        listed = "; ".join(items.sort_values().head(_LISTED_MAX))
        more = f"; … ({len(items)})" if len(items) > _LISTED_MAX else ""
        review.note(column=column, rule=rule, message=message, value=listed + more)


def _without_polygon(
    villages: pd.DataFrame,
    known: pd.DataFrame | None,
    expected: pd.DataFrame | pd.Series | Sequence[str] | None,
    codes: Codes,
) -> list[str] | None:
    """Return the villages without a polygon: of `expected`, else of the code list within the kabupaten that occur."""
    names: dict[str, str] = {} if known is None else dict(zip(known["code"], known["name"], strict=True))
    if expected is not None:
        wanted = expected_codes(expected)
        if codes == "bps" and not any("." in code for code in wanted):
            wanted = [code if code.startswith(BPS_PREFIX) else BPS_PREFIX + code for code in wanted]
    elif known is not None:
        here = set(parents(villages["village_code"], "regency").dropna())
        wanted = known.loc[parents(known["code"], "regency").isin(here), "code"].tolist()
    else:
        return None
    held = set(villages["village_code"])
    return [f"{code} {names.get(code, '')}".strip() for code in sorted(wanted) if code not in held]


def _faults(review: Review) -> CoverageFaults:
    found = coverage_faults(review.frame[review.alive].reset_index(drop=True))
    measures = found.measures()
    for rule, message, table, size in (
        ("overlaps", _OVERLAPS, found.overlaps, measures["overlap_km2"]),
        ("gaps", _GAPS, found.gaps, measures["gap_km2"]),
    ):
        if len(table):
            shown = f"{number(size, 3, lang=review.lang)} km², {number(len(table), lang=review.lang)}"
            review.note(column="geometry", rule=rule, message=message, value=f"{shown}×{_worst(table)}")
    return found


def _worst(table: pd.DataFrame) -> str:
    if "other_code" not in table:
        return ""
    first: Any = table.iloc[0]
    return f" ({first['village_code']} ∩ {first['other_code']} …)"
