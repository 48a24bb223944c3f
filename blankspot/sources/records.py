"""Records that villages, offices and citizens keep: Podes, reports, facilities, internet points and proposals.

All five are read the same way; they differ in their headings, in whether a row needs a position, and in what names a row.
Village codes are read by `wilayah`, which refuses damaged ones with their candidates. Columns that tell who a person is (name,
phone, identity number) never get past this door: they are left out, and that is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from blankspot import wilayah
from blankspot.check import Checked, Review
from blankspot.schema import TABLES, required_columns
from blankspot.settings import Settings, load_settings
from blankspot.sources.answers import answers_of, reject_codeless, reject_future, review_answers
from blankspot.sources.names import generation, review_operators
from blankspot.sources.positions import review_area, review_positions
from blankspot.sources.repeats import reject_repeats
from blankspot.sources.tables import (
    ORIGIN,
    fold_heading,
    note_empty,
    note_unread,
    read_tables,
    recognise,
    reject_surplus,
    to_schema,
)
from blankspot.words import Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

_VILLAGE_CODE: Final = ("kode", "kode wilayah", "kode kemendagri", "kode desa kelurahan", "kodedesa")
_LON: Final = ("longitude", "long", "lng", "x")
_LAT: Final = ("latitude", "y")
_MESSAGES: Final = {
    "unknown_village": Text(
        "Kode desa {value} tidak ada di batas desa yang dipakai.",
        "Village code {value} is not in the boundaries in use.",
    ),
    "missing_place": Text(
        "Tidak ada kode desa maupun koordinat, sehingga tempatnya tidak diketahui.",
        "There is neither a village code nor a position, so the place is not known.",
    ),
    "personal_data_dropped": Text(
        "Kolom data pribadi tidak dibaca: {value}.", "Columns with personal data were not read: {value}."
    ),
}
_PERSONAL: Final = frozenset(
    {
        "nama", "namalengkap", "namapelapor", "namawarga", "namapengusul", "pelapor", "kontak", "kontakperson", "contactperson",
        "name", "fullname", "reporter", "nik", "ktp", "noktp", "nomorktp", "kk", "nokk", "telepon", "notelepon", "nomortelepon",
        "telp", "notelp", "hp", "nohp", "nomorhp", "phone", "phonenumber", "msisdn", "wa", "nowa", "whatsapp", "email", "surel",
        "alamat", "alamatpelapor", "alamatrumah", "address", "tanggallahir", "tempatlahir", "jeniskelamin", "imei", "imsi",
        "deviceid", "akun", "username",
    }
)  # fmt: skip
_OF_PLACES: Final = frozenset(
    {"nama", "name", "alamat", "address"}
)  # of a public place they tell nothing about a person
_SIGNAL_WORDS: Final = {
    "tidak ada": "none", "kosong": "none", "blankspot": "none", "lemah": "weak", "kuat": "strong", "sangat kuat": "very_strong",
}  # fmt: skip
_CLAIM_WORDS: Final = {
    "tidak ada": "none", "tanpa sinyal": "none", "blankspot": "none", "lemah": "weak", "ada": "served", "kuat": "served",
    "lain": "other", "data lain": "other",
}  # fmt: skip
_FACILITY_WORDS: Final = {
    "kantor desa": "kantor_desa", "kantor kelurahan": "kantor_desa", "balai desa": "kantor_desa",
    **dict.fromkeys(("paud", "tk", "sd", "mi", "smp", "mts", "sma", "smk", "ma"), "sekolah"),
    **dict.fromkeys(("masjid", "musala", "mushola", "gereja", "pura", "vihara", "kelenteng"), "ibadah"),
}  # fmt: skip


class _Recipe(NamedTuple):
    """How one kind of record is read."""

    table: str
    aliases: Mapping[str, Sequence[str]]
    position: Literal["none", "optional", "required"]
    key: tuple[str, ...]
    words: Mapping[str, Mapping[str, str]] = {}


_PODES: Final = _Recipe(
    "podes",
    {
        "village_code": _VILLAGE_CODE,
        "year": ("tahun podes", "tahun data"),
        "signal": ("sinyal", "kondisi sinyal", "kekuatan sinyal telepon"),
        "technology": ("jenis sinyal", "sinyal internet"),
        "operators": ("banyak operator", "jumlah operator seluler"),
    },
    "none",
    ("village_code", "year"),
    {"signal": _SIGNAL_WORDS},
)
_REPORTS: Final = _Recipe(
    "reports",
    {
        "report_id": ("no laporan", "nomor aduan", "no aduan", "id laporan", "tracking id", "id"),
        "reported_on": ("tanggal", "tgl laporan", "tanggal lapor", "tanggal aduan", "waktu laporan"),
        "village_code": _VILLAGE_CODE,
        "lon": _LON,
        "lat": _LAT,
        "operator": ("provider", "operator seluler"),
        "claim": ("sinyal", "kondisi sinyal"),
        "place": ("lokasi", "tempat kejadian"),
        "attachment": ("berkas", "lampiran"),
        "correction_code": ("kode koreksi",),
        "text": ("laporan", "aduan", "isi aduan", "uraian", "keluhan", "deskripsi", "isi", "keterangan"),
    },
    "optional",
    ("report_id",),
    {"claim": _CLAIM_WORDS},
)
_FACILITIES: Final = _Recipe(
    "facilities",
    {
        "facility_id": ("id", "npsn", "kode fasilitas"),
        "facility_name": ("nama", "nama tempat"),
        "facility_type": ("jenis", "tipe", "kategori"),
        "village_code": _VILLAGE_CODE,
        "lon": _LON,
        "lat": _LAT,
        "has_internet": ("internet", "akses internet"),
    },
    "required",
    ("facility_id",),
    {"facility_type": _FACILITY_WORDS},
)
_INTERNET_POINTS: Final = _Recipe(
    "internet_points",
    {
        "point_id": ("id", "kode titik"),
        "point_name": ("nama", "nama lokasi", "lokasi"),
        "point_type": ("jenis", "jenis layanan", "tipe"),
        "provider": ("penyelenggara", "operator"),
        "village_code": _VILLAGE_CODE,
        "lon": _LON,
        "lat": _LAT,
        "since": ("tanggal aktif", "mulai", "sejak tanggal"),
    },
    "required",
    ("point_id",),
    {"point_type": {"starlink": "leo", "wi-fi": "wifi", "fiber optik": "fiber", "fo": "fiber"}},
)
_PROPOSALS: Final = _Recipe(
    "proposals",
    {
        "proposal_id": ("no usulan", "id usulan", "id"),
        "proposed_on": ("tanggal", "tgl usulan"),
        "village_code": _VILLAGE_CODE,
        "proposer": ("instansi pengusul", "lembaga pengusul"),
        "channel": ("asal usulan", "saluran"),
        "intervention_type": ("jenis usulan", "kebutuhan"),
        "village_name": ("desa", "kelurahan", "desa/kelurahan", "nama desa/kelurahan", "nama kelurahan"),
        "district": ("kec", "nama kecamatan"),
        "lon": _LON,
        "lat": _LAT,
    },
    "optional",
    ("proposal_id",),
)


def read_podes(
    path: str | Path | Sequence[str | Path],
    *,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
    villages: gpd.GeoDataFrame | None = None,
    settings: Settings | None = None,
) -> Checked:
    """Read the perception of signal per village (`schema.TABLES["podes"]`); one row per village and year.

    Args:
        path: CSV, XLSX, Parquet, GeoPackage, a zip of these, or several.
        mapping: Our column to theirs, or to "=constant", e.g. `{"year": "=2021"}`.
        sheet: Sheet of a workbook or layer of a map file; the first with data if not given.
        villages: Boundaries (EPSG:4326); codes that are not among them and positions outside them are refused.
        settings: Aliases, time zone and language; the defaults if not given.

    Raises:
        SourceError: A file as a whole cannot be used.
    """
    return _read(_PODES, path, mapping, sheet, villages, settings)


def read_reports(
    path: str | Path | Sequence[str | Path],
    *,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
    villages: gpd.GeoDataFrame | None = None,
    settings: Settings | None = None,
    now: dt.datetime | None = None,
) -> Checked:
    """Read citizens' reports and participants' corrections (`schema.TABLES["reports"]`); each needs a village or a position.

    Args:
        path: As `read_podes`; besides tables, texts of pasted messages (.txt) and forms saved by the map (.json, .csv).
        mapping: As `read_podes`.
        sheet: As `read_podes`.
        villages: As `read_podes`.
        settings: As `read_podes`.
        now: Dates after this day are refused; not judged if not given.

    Raises:
        SourceError: A file as a whole cannot be used.
    """
    return _read(_REPORTS, path, mapping, sheet, villages, settings, now)


def read_facilities(
    path: str | Path | Sequence[str | Path],
    *,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
    villages: gpd.GeoDataFrame | None = None,
    settings: Settings | None = None,
) -> Checked:
    """Read public facilities (`schema.TABLES["facilities"]`). Arguments as `read_podes`.

    Raises:
        SourceError: A file as a whole cannot be used.
    """
    return _read(_FACILITIES, path, mapping, sheet, villages, settings)


def read_internet_points(
    path: str | Path | Sequence[str | Path],
    *,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
    villages: gpd.GeoDataFrame | None = None,
    settings: Settings | None = None,
) -> Checked:
    """Read WiFi, VSAT and low-orbit points (`schema.TABLES["internet_points"]`). Arguments as `read_podes`.

    Raises:
        SourceError: A file as a whole cannot be used.
    """
    return _read(_INTERNET_POINTS, path, mapping, sheet, villages, settings)


def read_proposals(
    path: str | Path | Sequence[str | Path],
    *,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
    villages: gpd.GeoDataFrame | None = None,
    settings: Settings | None = None,
) -> Checked:
    """Read requests for handling (`schema.TABLES["proposals"]`). Arguments as `read_podes`.

    Raises:
        SourceError: A file as a whole cannot be used.
    """
    return _read(_PROPOSALS, path, mapping, sheet, villages, settings)


def proposal_rows(
    path: str | Path | Sequence[str | Path], *, mapping: Mapping[str, str] | None = None, sheet: str | None = None
) -> pd.DataFrame:
    """Return proposals as written, under the names of `schema.TABLES["proposals"]` and unjudged, with the origin of each row.

    For the ledger, which judges them by the borders and by what it holds. The code of the desa may be missing where its name stands.

    Raises:
        SourceError: A file as a whole cannot be used, or says neither code nor name of the desa.
    """
    schema = TABLES["proposals"]
    tables, _ = read_tables(path, sheet=sheet)
    parts = []
    for table in tables:
        found = recognise(
            [name for name in table.columns if name not in ORIGIN], schema, mapping=mapping, aliases=_PROPOSALS.aliases
        )
        needed = [name for name in required_columns(schema) if name != "village_code" or "village_name" not in found]
        parts.append(to_schema(table, schema, mapping=mapping, aliases=_PROPOSALS.aliases, required=needed))
    return pd.concat(parts, ignore_index=True)


def _read(
    recipe: _Recipe,
    path: str | Path | Sequence[str | Path],
    mapping: Mapping[str, str] | None,
    sheet: str | None,
    villages: gpd.GeoDataFrame | None,
    settings: Settings | None,
    now: dt.datetime | None = None,
) -> Checked:
    settings = settings or load_settings()
    schema = TABLES[recipe.table]
    tables, empty = read_tables(path, sheet=sheet, special=answers_of if recipe.table == "reports" else None)
    frame = pd.concat(
        [to_schema(table, schema, mapping=mapping, aliases=recipe.aliases) for table in tables], ignore_index=True
    )
    review = Review(
        frame, table=recipe.table, source=frame["source_file"], row=frame["source_row"], lang=settings.language
    )
    note_empty(review, empty)
    note_unread(review, tables)
    _note_personal(review, recipe, tables, mapping)
    reject_surplus(review)
    _translate(review, recipe)
    if recipe.table == "reports":
        review_answers(review)
        reject_codeless(review, tables)
    if recipe.position != "none":
        review_positions(review, optional=recipe.position == "optional")
    _review_codes(review, villages)
    review.conform(schema, zone=settings.zone)
    if "operator" in schema.columns:
        review_operators(review, settings)
    if recipe.position != "none":
        review_area(review, villages)
    if recipe.table == "reports":
        reject_future(review, now, settings)
        placeless = review.frame["village_code"].isna() & review.frame["lon"].isna()
        review.reject(placeless, column="village_code", rule="missing_place", message=_MESSAGES["missing_place"])
    content = [name for name in schema.columns if name not in (*recipe.key, "source")]
    reject_repeats(review, recipe.key, content=content)
    review.frame = review.frame[list(schema.columns)]
    return review.finish()


def _note_personal(
    review: Review, recipe: _Recipe, tables: Sequence[pd.DataFrame], mapping: Mapping[str, str] | None
) -> None:
    kinds = _PERSONAL - _OF_PLACES if recipe.position == "required" else _PERSONAL
    for table in tables:
        found = [name for name in table.columns if name not in ORIGIN]
        used = recognise(found, TABLES[recipe.table], mapping=mapping, aliases=recipe.aliases).values()
        personal = [name for name in found if fold_heading(name) in kinds and name not in used]
        if personal:
            review.note(
                column="",
                rule="personal_data_dropped",
                message=_MESSAGES["personal_data_dropped"],
                value=", ".join(personal),
                source=str(table["source_file"].iloc[0]),
            )


def _translate(review: Review, recipe: _Recipe) -> None:
    """Bring everyday words to identifiers, name the generation of technologies, and name the source."""
    frame = review.frame
    for name, words in recipe.words.items():
        if name not in frame:
            continue
        folded = {text: text.strip().casefold() for text in frame[name].dropna().unique()}
        frame[name] = frame[name].replace({text: words[word] for text, word in folded.items() if word in words})
    if "technology" in frame:
        frame["technology"] = generation(frame["technology"])
    if "source" in TABLES[recipe.table].columns:
        told = frame["source"] if "source" in frame else pd.Series(np.nan, index=frame.index, dtype="str")
        frame["source"] = told.fillna(frame["source_file"])


def _review_codes(review: Review, villages: gpd.GeoDataFrame | None) -> None:
    """Normalise `village_code`, refuse what is none with its candidates, and what is not among `villages`."""
    frame = review.frame
    if "village_code" not in frame:
        return
    written = frame["village_code"].str.strip()
    known = pd.Series(data=False, index=frame.index) if villages is None else written.isin(villages["village_code"])
    codes, faults = wilayah.normalise(written)
    shown = wilayah.with_candidates(written.mask(known | faults.isna()))
    for rule, message in wilayah.FAULTS.items():
        if rule != "code_missing":
            hit = (faults == rule) & ~known
            review.reject(hit, column="village_code", rule=rule, message=message, value=shown)
    frame["village_code"] = written.where(known, codes)
    if villages is not None:
        strange = ~known & frame["village_code"].notna()
        review.reject(strange, column="village_code", rule="unknown_village", message=_MESSAGES["unknown_village"])
