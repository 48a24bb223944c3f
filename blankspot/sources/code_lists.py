"""Code lists: the official codes and names that fill what a boundary file leaves out.

A list has a code and a name per row, of any level; several files (one per level, as idn-area-data ships them) count as one.
It is reference, not data under review: a list that is wrong is refused as a whole.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from blankspot.errors import SourceError
from blankspot.sources.cahyadsn_sql import read_inserts
from blankspot.sources.files import Member, check_file
from blankspot.sources.tables import read_table
from blankspot.wilayah import BPS_PREFIX, parents
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blankspot.sources.boundary_dialects import Codes

_CODE_HEADINGS: Final = ("code", "kode", "village_code", "kode_wilayah", "kode_desa")
_NAME_HEADINGS: Final = ("name", "nama", "village_name", "nama_wilayah", "nama_desa")
_VILLAGE_KEY: Final = r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}|bps:[0-9]{10}"


def read_code_list(
    source: str | Path | Sequence[str | Path] | pd.DataFrame, *, codes: Codes = "kemendagri"
) -> pd.DataFrame:
    """Return columns code and name, one row per code.

    Args:
        source: A frame, a CSV, XLSX, Parquet or SQL file, or several of these.
        codes: Under "bps" digits without dots become BPS keys (`bps:3204`).

    Raises:
        SourceError: No column of codes or names, or one code with two names.
    """
    frames = [source] if isinstance(source, pd.DataFrame) else [_read(Path(one)) for one in _paths(source)]
    parts = [_two_columns(frame) for frame in frames]
    listed = pd.concat(parts, ignore_index=True).dropna(subset=["code"]).drop_duplicates(ignore_index=True)
    if codes == "bps":
        digits = listed["code"].str.fullmatch("[0-9]{2}|[0-9]{4}|[0-9]{7}|[0-9]{10}").astype(bool)
        listed["code"] = listed["code"].mask(digits, BPS_PREFIX + listed["code"])
    twice = listed[listed["code"].duplicated(keep=False)]
    if len(twice):
        code = twice["code"].iloc[0]
        names = ", ".join(sorted(twice.loc[twice["code"] == code, "name"].astype("str")))
        raise SourceError(
            Text(
                f"Daftar kode memuat {code} dengan beberapa nama: {names}.",
                f"The code list has {code} under several names: {names}.",
            ),
            hint=Text("Pakai satu versi daftar kode.", "Use one version of the code list."),
        )
    return listed


def villages_of(listed: pd.DataFrame) -> pd.DataFrame:
    """Return the villages of a code list with their parents' names: code, name, district, regency, province."""
    rows = listed[listed["code"].str.fullmatch(_VILLAGE_KEY).astype(bool)].reset_index(drop=True)
    names = listed.set_index("code")["name"]
    above = {level: parents(rows["code"], level).map(names) for level in ("district", "regency", "province")}
    return rows.assign(**above)


def expected_codes(source: pd.DataFrame | pd.Series | Sequence[str]) -> list[str]:
    """Return the codes of a list of villages that should all have a polygon."""
    if isinstance(source, pd.DataFrame):
        source = _two_columns(source, named=False)["code"]
    return pd.Series(list(source), dtype="str").dropna().drop_duplicates().tolist()


def _paths(source: str | Path | Sequence[str | Path]) -> list[str | Path]:
    return [source] if isinstance(source, (str, Path)) else list(source)


def _read(path: Path) -> pd.DataFrame:
    if path.suffix.lower() == ".sql":
        check_file(path)
        return pd.DataFrame(read_inserts(Member(name=path.name, path=path, suffix=".sql")))
    return read_table(path)


def _two_columns(frame: pd.DataFrame, *, named: bool = True) -> pd.DataFrame:
    by_heading = {str(column).strip().casefold(): column for column in reversed(frame.columns)}
    code = next((by_heading[one] for one in _CODE_HEADINGS if one in by_heading), None)
    name = next((by_heading[one] for one in _NAME_HEADINGS if one in by_heading), None)
    if code is None or (named and name is None):
        held = ", ".join(map(str, frame.columns)) or "-"
        raise SourceError(
            Text(
                f"Daftar kode tanpa kolom kode dan nama; yang ada: {held}.",
                f"The code list has no columns code and name; it has: {held}.",
            ),
            hint=Text("Beri judul kolom: code, name.", "Head the columns: code, name."),
        )
    chosen = {"code": frame[code].astype("str").str.strip()}
    if name is not None:
        chosen["name"] = frame[name].astype("str").str.strip()
    return pd.DataFrame(chosen)
