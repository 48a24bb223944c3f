"""How publishers of boundaries call their columns, and what each column says.

BIG (`KDEPUM`, `WADMKD` …), Kemendagri's `kode`/`nama`, Dukcapil, BPS and HDX COD-AB (`ADM4_PCODE`, `iddesa`, `village_code`
= `id…`), GADM, geoBoundaries and Open Data Jabar are known by name; anything else is mapped by the caller. Which numbering a
code column follows is never read off its digits: a column that is known to hold BPS numbers stands behind all others, so
that a file with both is read by the numbering asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import pandas as pd

from blankspot.errors import UsageError
from blankspot.schema import TABLES
from blankspot.sources.tables import missing_columns, recognise
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blankspot.sources.salvage import RawLayer

Codes = Literal["kemendagri", "kemendagri_undotted", "bps"]
CODES: Final[tuple[Codes, ...]] = ("kemendagri", "kemendagri_undotted", "bps")
NAME_COLUMNS: Final = ("village_name", "district", "regency", "province")
_EMPTY_WORDS: Final = frozenset({"", "-", "0", "null", "none", "nan", "n/a", "na", "tidak ada"})


def _jabar(body: str, what: str, unit: str) -> tuple[str, str]:
    """Return both orders in which Open Data Jabar writes a heading: `bps_desa_kode` and `bps_kode_desa`."""
    return f"{body}_{unit}_{what}", f"{body}_{what}_{unit}"


def _jabar_all(body: str, what: str, *units: str) -> tuple[str, ...]:
    return tuple(heading for unit in units for heading in _jabar(body, what, unit))


_VILLAGE_UNITS: Final = ("desa", "kelurahan", "desa_kelurahan")
_REGENCY_UNITS: Final = ("kabupaten", "kota", "kabupaten_kota")
_KEMENDAGRI: Final = (
    "KDEPUM", "KODE_KD", "kode_kemendagri", *_jabar_all("kemendagri", "kode", *_VILLAGE_UNITS), "kode_desa", "kode_kelurahan",
    "kode_wilayah", "kode",
)  # fmt: skip
_BPS: Final = (
    "KDEBPS", *_jabar_all("bps", "kode", *_VILLAGE_UNITS), "kode_bps", "iddesa", "id_desa", "ADM4_PCODE", "CC_4",
)  # fmt: skip
_ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "village_name": (
        "WADMKD", *_jabar_all("kemendagri", "nama", *_VILLAGE_UNITS), *_jabar_all("bps", "nama", *_VILLAGE_UNITS), "KEL_DESA",
        "nama_desa", "nama_kelurahan", "desa_kelurahan", "nmdesa", "village", "ADM4_EN", "ADM4_ID", "adm4_name", "NAME_4",
        "NAMOBJ", "nama", "desa", "kelurahan", "KEL_NAME2", "KEL_NAME", "shapeName",
    ),
    "village_type": ("TYPE_4", "jenis_desa", "status_desa"),
    "district": (
        "WADMKC", *_jabar_all("kemendagri", "nama", "kecamatan"), *_jabar_all("bps", "nama", "kecamatan"), "nama_kecamatan",
        "nmkec", "ADM3_EN", "ADM3_ID", "adm3_name", "NAME_3", "KEC_NAME_2", "KEC_NAME",
    ),
    "regency": (
        "WADMKK", *_jabar_all("kemendagri", "nama", *_REGENCY_UNITS), *_jabar_all("bps", "nama", *_REGENCY_UNITS), "KAB_KOTA",
        "nama_kabupaten", "nama_kabupaten_kota", "nmkab", "kabupaten", "kota", "ADM2_EN", "ADM2_ID", "adm2_name", "NAME_2", "KAB_NAME_2",
        "KAB_NAME",
    ),
    "province": ("WADMPR", "nama_provinsi", "propinsi", "nmprov", "ADM1_EN", "ADM1_ID", "adm1_name", "NAME_1"),
    "population": ("jumlah_penduduk", "jml_penduduk"),
}  # fmt: skip
_LABEL_POINT: Final = (("lng", "lat"), ("lon", "lat"), ("longitude", "latitude"))


def standardise(raw: RawLayer, *, codes: Codes, mapping: Mapping[str, str] | None) -> pd.DataFrame:
    """Bring a raw layer under the names of the villages table, all texts; geometry and origin beside them.

    Args:
        raw: As read.
        codes: Numbering of the codes. Under "bps" the code is in `bps_code` and `village_code` stays empty.
        mapping: Our name to theirs; "=text" is a constant.

    Returns:
        Columns of the villages table that were found, `village_code` or `bps_code` always; and `label_lon`, `label_lat`,
        `source_file`, `source_row`, `broken`, `closed`, `geometry`.

    Raises:
        SourceError: The mapping names a column that is not there; no column of codes and none of names.
        UsageError: `codes` is none of `CODES`.
    """
    if codes not in CODES:
        raise UsageError(
            Text(f"codes '{codes}' tidak dikenal.", f"codes '{codes}' is not known."),
            hint=Text(f"Pilih: {', '.join(CODES)}.", f"Choose: {', '.join(CODES)}."),
        )
    schema = TABLES["villages"].remove_columns(["geometry"])
    attributes = pd.DataFrame(raw.frame.drop(columns=raw.frame.geometry.name))
    attributes = attributes.set_axis([str(column) for column in attributes.columns], axis=1)
    found = list(attributes.columns)
    asked = _by_numbering(mapping or {}, codes)
    chosen = recognise(found, schema, mapping=asked, aliases=_aliases(codes), name=raw.name)
    if "village_code" not in chosen and "bps_code" not in chosen and "village_name" not in chosen:
        wanted = "bps_code" if codes == "bps" else "village_code"
        raise missing_columns(raw.name, [wanted, "village_name"], found, schema, _aliases(codes))
    columns = {ours: _text(attributes, theirs) for ours, theirs in chosen.items()}
    columns.setdefault("village_code", _text(attributes, "="))
    lon, lat = _label_point(attributes)
    return pd.DataFrame(
        columns
        | {"label_lon": lon, "label_lat": lat, "source_file": raw.name, "source_row": range(1, len(attributes) + 1)}
        | {"broken": raw.broken, "closed": raw.closed, "geometry": raw.frame.geometry.to_numpy()},
        index=attributes.index,
    )


def _by_numbering(mapping: Mapping[str, str], codes: Codes) -> dict[str, str]:
    """Let a mapped `village_code` mean the BPS number where the caller says that codes are BPS's."""
    given = dict(mapping)
    if codes == "bps" and "village_code" in given:
        given.setdefault("bps_code", given.pop("village_code"))
    return given


def _aliases(codes: Codes) -> dict[str, tuple[str, ...]]:
    if codes == "bps":
        return _ALIASES | {"bps_code": (*_BPS, "village_code", *_KEMENDAGRI), "village_code": ()}
    return _ALIASES | {"village_code": (*_KEMENDAGRI, *_BPS), "bps_code": _BPS}


def _text(attributes: pd.DataFrame, theirs: str) -> pd.Series:
    if theirs.startswith("="):
        values = pd.Series(theirs[1:], index=attributes.index, dtype="str")
    else:
        values = attributes[theirs].astype("str").str.strip()
    return values.mask(values.str.casefold().isin(_EMPTY_WORDS))


def _label_point(attributes: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the publisher's own label point per row where the layer has one."""
    for lon, lat in _LABEL_POINT:
        if {lon, lat} <= set(attributes.columns):
            return pd.to_numeric(attributes[lon], errors="coerce"), pd.to_numeric(attributes[lat], errors="coerce")
    nothing = pd.Series(float("nan"), index=attributes.index)
    return nothing, nothing
