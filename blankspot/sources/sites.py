"""Towers and what they transmit, from templates, cities' lists, survey sheets and crowd-sourced cells.

What can be read is kept: a height that is none is emptied and listed, an owner that nobody knows stays as written, a tower
without an antenna list has no services. Towers of several owners at one place are shared and kept; a second tower of the same
owner there is kept and noted. Services of a tower that is not among the accepted ones are refused.
"""

from __future__ import annotations

from pathlib import PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.check import Checked, Review
from blankspot.errors import SourceError
from blankspot.radio.advice import JUDGED, advise
from blankspot.schema import TABLES
from blankspot.settings import Settings, load_settings
from blankspot.sources.heights import review_heights
from blankspot.sources.masts import MastTable, read_masts
from blankspot.sources.names import fold_names, generation, review_operators
from blankspot.sources.places import right_hemispheres, settle_places
from blankspot.sources.positions import Area, review_area, review_positions
from blankspot.sources.repeats import reject_identical, reject_repeats
from blankspot.sources.tables import note_empty, note_unread, reject_surplus
from blankspot.values import coerce, without_unit
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_MESSAGES: Final = {
    "same_owner_same_place": Text(
        "Pemilik yang sama ({value}) tercatat lebih dari sekali di posisi ini; mungkin tercatat ganda.",
        "The same owner ({value}) is listed more than once at this position; perhaps entered twice.",
    ),
    "site_id_prefixed": Text(
        "ID menara '{value}' dipakai di beberapa berkas; menjadi '{new}'.",
        "Site ID '{value}' is used in several files; it becomes '{new}'.",
    ),
    "missing_site": Text(
        "Menara '{value}' tidak ada di antara menara yang diterima.", "Site '{value}' is not among the accepted sites."
    ),
}
_ORIGIN: Final = {"source_file": "source", "source_row": "source_row"}
_CONTENT: Final = [name for name in TABLES["sites"].columns if name not in ("site_id", "source")]


def read_sites(
    path: str | Path | Sequence[str | Path],
    *,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
    area: Area | None = None,
    settings: Settings | None = None,
) -> Checked:
    """Read towers, and the services they carry.

    Args:
        path: A workbook with the sheets "Menara" and "Layanan menara", CSV, Parquet, GeoPackage, GeoJSON, OpenCelliD's cells
            (always crowd-sourced, one site per cell), a survey sheet, a zip of these, or several.
        mapping: Our column to theirs, or to "=constant"; `coordinates` names a column with both numbers in one cell.
        sheet: Sheet of a workbook with the towers; the first with data if not given.
        area: Villages (EPSG:4326) or bounds (west, south, east, north) outside which sites are refused; it also decides
            hemispheres. Towers beyond the border serve villages inside, so it is not narrowed without being asked for.
        settings: Aliases, tolerance of two notations, and language; the defaults if not given.

    Returns:
        Accepted sites and rejects; `.extra["services"]` with the columns of `schema.TABLES["services"]`, and row by row
        beside it `.extra["services_origin"]` with `source` and `source_row`, the file and its row. `.rows_in` counts sites; `.measures` has `services_rows_in` and `shared_positions` (places with towers of several owners).

    Raises:
        SourceError: A file as a whole cannot be used.
    """
    settings = settings or load_settings()
    tables, empty = read_masts(path, mapping, sheet=sheet)
    listed = [_complete(table) for table in tables if table.kind != "services"]
    if not listed:
        raise SourceError(
            Text("Tidak ada tabel menara di berkas ini.", "There is no table of sites in this input."),
            hint=Text("Sertakan tabel menaranya bersama layanannya.", "Give the sites together with their services."),
        )
    sites, renamed, shared = _review_sites(listed, empty, area, settings)
    wanted = [table.frame for table in tables if table.kind == "services"]
    services = _review_services(wanted, sites.accepted, renamed, settings)
    cells = sites.accepted[sites.accepted["technology"].notna()]
    carried = pd.DataFrame(cells.reindex(columns=list(services.accepted.columns))).astype(services.accepted.dtypes)
    listed_services = pd.concat([services.accepted, carried], ignore_index=True)
    return Checked(
        accepted=sites.accepted[list(TABLES["sites"].columns)],
        rejects=pd.concat([sites.rejects, services.rejects], ignore_index=True),
        rows_in=sites.rows_in,
        extra=MappingProxyType(
            {
                "services": listed_services[list(TABLES["services"].columns)],
                "services_origin": listed_services[list(_ORIGIN)].rename(columns=_ORIGIN),
            }
        ),
        measures=MappingProxyType(
            {"services_rows_in": float(services.rows_in + len(cells)), "shared_positions": float(shared)}
        ),
        sources=sites.sources,
    )


def _complete(table: MastTable) -> pd.DataFrame:
    """Return a table of sites with every column; what a list of standing towers need not say is filled in."""
    frame = table.frame.copy()
    frame["quality_open"] = "position_quality" not in frame
    if "status" not in frame:
        frame["status"] = "active"
    for name in (*TABLES["sites"].columns, "coordinates", "operator", "technology"):
        if name not in frame:
            frame[name] = pd.Series(np.nan, index=frame.index, dtype="str")
    frame["source"] = frame["source"].fillna(frame["source_file"])
    return frame


def _review_sites(
    listed: Sequence[pd.DataFrame], empty: Sequence[str], area: Area | None, settings: Settings
) -> tuple[Checked, Mapping[tuple[str, str], str], int]:
    """Judge the sites; also return the new names of clashing sites and how many places several owners share."""
    frame = pd.concat(listed, ignore_index=True)
    review = Review(frame, table="sites", source=frame["source_file"], row=frame["source_row"], lang=settings.language)
    note_empty(review, empty)
    note_unread(review, listed)
    reject_surplus(review)
    surveyed = settle_places(review, area=area, apart_max_m=settings.intake.coordinates_apart_max_m)
    review_positions(review)
    right_hemispheres(review, area)
    review_heights(review)
    frame = review.frame
    frame["owner"], _ = fold_names(frame["owner"], settings.aliases.owner)
    quality = pd.Series(np.where(surveyed, "surveyed", "reported"), index=frame.index, dtype="str")
    frame["position_quality"] = frame["position_quality"].mask(frame["quality_open"].astype(bool), quality)
    review.conform(TABLES["sites"], zone=settings.zone)
    review_operators(review, settings)
    review_area(review, area)
    renamed = _prefix_clashes(review)
    reject_repeats(review, ["site_id"], content=_CONTENT)
    _note_repeated_owners(review)
    standing = review.frame[review.alive]
    owners = standing[standing["owner"].notna()].groupby(["lon", "lat"])["owner"].nunique()
    return review.finish(), renamed, int((owners > 1).sum())


def _prefix_clashes(review: Review) -> dict[tuple[str, str], str]:
    """Put the file's name before identifiers that different towers of different files share ("19" in two lists)."""
    rows = review.frame[review.alive]
    files = rows.groupby("site_id")["source_file"].nunique()
    contents = rows.drop_duplicates(["site_id", *_CONTENT]).groupby("site_id").size()
    clashing = files.index[(files > 1) & (contents > 1)]
    mask = review.frame["site_id"].isin(clashing)
    names = review.frame["source_file"].map(lambda name: PurePath(name).stem) + "-" + review.frame["site_id"]
    keys = zip(review.frame.loc[mask, "source_file"], review.frame.loc[mask, "site_id"], strict=True)
    renamed = dict(zip(keys, names[mask], strict=True))
    review.repair(mask, names, column="site_id", rule="site_id_prefixed", message=_MESSAGES["site_id_prefixed"])
    return renamed


def _note_repeated_owners(review: Review) -> None:
    rows = review.frame[review.alive & review.frame["owner"].notna().to_numpy()]
    for _, row in rows[rows.duplicated(["owner", "lon", "lat"])].iterrows():
        review.note(
            column="owner",
            rule="same_owner_same_place",
            message=_MESSAGES["same_owner_same_place"],
            value=row["owner"],
            source=row["source_file"],
            row=int(row["source_row"]),
        )


def _review_services(
    wanted: Sequence[pd.DataFrame], sites: pd.DataFrame, renamed: Mapping[tuple[str, str], str], settings: Settings
) -> Checked:
    columns = list(TABLES["services"].columns)
    empty = pd.DataFrame({name: pd.Series(dtype="str") for name in (*columns, "source_file", "source_row")})
    frame = pd.concat(wanted, ignore_index=True) if wanted else empty
    review = Review(
        frame,
        table="services",
        source=frame["source_file"],
        row=frame["source_row"].astype("int64"),
        lang=settings.language,
    )
    reject_surplus(review)
    frame = review.frame
    named = zip(frame["source_file"], frame["site_id"], strict=True)
    frame["site_id"] = pd.Series([renamed.get(key, key[1]) for key in named], index=frame.index, dtype="str")
    frame["technology"] = generation(frame["technology"])
    _advise(review)
    review.conform(TABLES["services"], zone=settings.zone)
    review_operators(review, settings)
    known = review.frame["site_id"].str.strip().isin(sites["site_id"])
    review.reject(~known, column="site_id", rule="missing_site", message=_MESSAGES["missing_site"])
    reject_identical(review, columns)
    review.frame = review.frame[[*columns, *_ORIGIN]]
    return review.finish()


def _advise(review: Review) -> None:
    """Refuse impossible values with what they may have meant, before the schema refuses them without."""
    for column in JUDGED:
        if column not in review.frame:
            continue
        bare = without_unit(review.frame[column], TABLES["services"].columns[column].metadata["unit"])
        typed, _ = coerce(bare, "number")
        said = {place: advise(column, float(value)) for place, value in enumerate(typed)}
        review.reject_each({place: (column, "out_of_range", text) for place, text in said.items() if text is not None})
