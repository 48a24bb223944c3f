"""One door for every table: a file becomes texts in columns, and its headings become the names of `schema`.

A heading is recognised by our identifier, by the Indonesian heading of the template, or by a spelling that the caller lists,
compared without case, punctuation and the unit in brackets. Anything else needs a mapping. A required column that is
nowhere is one message that names what was found and what comes nearest.
"""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.errors import SourceError
from blankspot.schema import required_columns
from blankspot.sources.delimited import read_delimited
from blankspot.sources.files import Member, check_file, members
from blankspot.sources.formats import other_sheets, read_layer, read_parquet, read_sheet
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    import pandera.pandas as pa

    from blankspot.check import Review

TEXT_SUFFIXES: Final = (".csv", ".tsv", ".txt")
SHEET_SUFFIXES: Final = (".xlsx", ".xlsm")
PARQUET_SUFFIXES: Final = (".parquet", ".geoparquet")
LAYER_SUFFIXES: Final = (".gpkg", ".geojson", ".json", ".shp", ".fgb")
TABLE_SUFFIXES: Final = (*TEXT_SUFFIXES, *SHEET_SUFFIXES, *PARQUET_SUFFIXES, *LAYER_SUFFIXES)
UNREAD: Final = "unread_sheets"  # in a table's attrs: sheets of its workbook that hold something and were not asked for
ORIGIN: Final = ("source_file", "source_row", "source_surplus")
_LIKENESS_MIN: Final = 0.6  # difflib's own cut-off for "close"
_EMPTY: Final = Text("Berkas {value} tidak berisi baris.", "File {value} holds no rows.")
_UNREAD: Final = Text(
    'Lembar lain di buku kerja ini tidak dibaca: {value}. Sebutkan dengan sheet = "…" di blankspot.toml bila diperlukan.',
    'Other sheets of this workbook were not read: {value}. Name one with sheet = "…" in blankspot.toml if it is needed.',
)
_SURPLUS: Final = Text(
    "Baris ini berisi lebih banyak sel daripada judul kolom; kelebihannya: {value}.",
    "This row has more cells than there are headings; too much: {value}.",
)
_ZIP_MARK: Final = b"PK\x03\x04"


def read_table(
    source: Member | str | Path, *, sheet: str | None = None, header: bool = True, empty_ok: bool = False
) -> pd.DataFrame:
    """Read one table as texts.

    Args:
        source: A file, or a member of a zip.
        sheet: Sheet of a workbook or layer of a map file; the first with data if not given.
        header: Whether text and spreadsheets begin with headings (title lines above them are passed over); if not, the
            columns are "0", "1", "2" ….
        empty_ok: Return a table without rows instead of refusing it.

    Returns:
        The columns as found (str, NaN where empty) and `source_file`, `source_row` (the line or row in the file, so that
        headings are line 1; features and Parquet rows count from 1). Where lines are longer than the headings, `source_surplus`
        holds what was too much. `attrs["unread_sheets"]` names the sheets that were left aside.

    Raises:
        SourceError: The file as a whole cannot be used, or has no rows.
    """
    member = source if isinstance(source, Member) else _member(Path(source))
    if empty_ok and member.path.is_file() and member.path.stat().st_size == 0:
        return pd.DataFrame()
    check_file(member.path, member.name)
    if member.suffix in TEXT_SUFFIXES or member.suffix in SHEET_SUFFIXES:
        cells, rows = (
            read_sheet(member, sheet)
            if member.suffix in SHEET_SUFFIXES
            else read_delimited(_text_bytes(member), member.name)
        )
        frame = _headed(cells, rows) if header else cells.rename(columns=str).assign(source_row=rows)
    else:
        frame = read_parquet(member) if member.suffix in PARQUET_SUFFIXES else read_layer(member, sheet)
        frame = frame.assign(source_row=np.arange(1, len(frame) + 1, dtype=np.int64))
    unread = other_sheets(member, sheet) if member.suffix in SHEET_SUFFIXES else ()
    if frame.empty and not empty_ok:
        raise no_rows(member.name, unread)
    frame = frame.assign(source_file=pd.Series(member.name, index=frame.index, dtype="str"))
    frame.attrs[UNREAD] = unread
    return frame


def read_tables(
    path: str | Path | Sequence[str | Path],
    *,
    sheet: str | None = None,
    suffixes: Collection[str] = TABLE_SUFFIXES,
    special: Callable[[Member], pd.DataFrame | None] | None = None,
) -> tuple[list[pd.DataFrame], list[str]]:
    """Read every table that `path` stands for, each as `read_table` does.

    Args:
        path: A file, a zip, or several of these.
        sheet: The sheet of workbooks.
        suffixes: Of the files that are read.
        special: Asked of each file first; it returns the table of a file that is of its kind, None of any other.

    Returns:
        The tables with rows, and the names of files without any, which among others are no reason to refuse them all.

    Raises:
        SourceError: A file cannot be used, or none has rows.
    """
    tables: list[pd.DataFrame] = []
    empty: list[str] = []
    with members(path, suffixes=suffixes) as found:
        for member in found:
            table = special(member) if special else None
            if table is None:
                table = read_table(member, sheet=sheet, empty_ok=len(found) > 1)
            if table.empty:
                empty.append(member.name)
            else:
                tables.append(table)
    if not tables:
        raise no_rows(", ".join(empty))
    return tables, empty


def to_schema(
    frame: pd.DataFrame,
    schema: pa.DataFrameSchema,
    *,
    mapping: Mapping[str, str] | None = None,
    aliases: Mapping[str, Sequence[str]] | None = None,
    required: Collection[str] | None = None,
) -> pd.DataFrame:
    """Bring a table under the column names of `schema`.

    Args:
        frame: As `read_table` gives it.
        schema: One of `schema.TABLES`.
        mapping: Our name to theirs, e.g. `{"lon": "BUJUR X"}`; "=text" stands for a constant, e.g. `{"operator": "=xl"}`.
        aliases: Further headings per column that the caller recognises.
        required: Columns that must be there; those the schema does not let be empty if not given.

    Returns:
        The schema's columns that were found, in the schema's order, and the origin of each row. Other columns are left out.

    Raises:
        SourceError: A mapped or a required column is not there; what was found and what comes nearest is named.
    """
    name = str(frame["source_file"].iloc[0]) if len(frame) and "source_file" in frame else str(schema.title)
    found = [column for column in frame.columns if column not in ORIGIN]
    chosen = recognise(found, schema, mapping=mapping, aliases=aliases, name=name)
    wanted = required_columns(schema) if required is None else required
    missing = [column for column in wanted if column not in chosen]
    if missing:
        raise missing_columns(name, missing, found, schema, aliases or {}, unread=frame.attrs.get(UNREAD, ()))
    columns = {
        column: pd.Series(chosen[column][1:], index=frame.index, dtype="str")
        if chosen[column].startswith("=")
        else frame[chosen[column]]
        for column in schema.columns
        if column in chosen
    }
    return pd.DataFrame(columns | {column: frame[column] for column in ORIGIN if column in frame}, index=frame.index)


def recognise(
    found: Sequence[str],
    schema: pa.DataFrameSchema,
    *,
    mapping: Mapping[str, str] | None = None,
    aliases: Mapping[str, Sequence[str]] | None = None,
    name: str = "",
) -> dict[str, str]:
    """Return which of the headings `found` stands for which column of `schema`; constants keep their "=".

    Raises:
        SourceError: The mapping names a column that is not there, or that we do not have.
    """
    given = dict(mapping or {})
    for ours, theirs in given.items():
        if ours not in schema.columns:
            raise _unknown(name, ours, list(schema.columns))
        if not theirs.startswith("=") and theirs not in found:
            raise missing_columns(name, [theirs], found, schema, {})
    taken = set(given.values())
    folded = {fold_heading(heading): heading for heading in reversed(found) if heading not in taken}
    for ours, column in schema.columns.items():
        if ours in given:
            continue
        for spelling in (ours, str(column.title), *(aliases or {}).get(ours, ())):
            theirs = spelling if spelling in found and spelling not in taken else folded.get(fold_heading(spelling), "")
            if theirs and theirs not in taken:
                given[ours] = theirs
                taken.add(theirs)
                break
    return given


def note_empty(review: Review, empty: Sequence[str]) -> None:
    """List the files that held no rows."""
    for name in empty:
        review.note(column="", rule="empty_file", message=_EMPTY, value=name, source=name)


def note_unread(review: Review, tables: Iterable[pd.DataFrame]) -> None:
    """List the sheets of workbooks that hold something and were not read."""
    for table in tables:
        if table.attrs.get(UNREAD):
            name, sheets = str(table["source_file"].iloc[0]), ", ".join(table.attrs[UNREAD])
            review.note(column="", rule="sheets_not_read", message=_UNREAD, value=sheets, source=name)


def reject_surplus(review: Review) -> None:
    """Refuse the rows with more cells than headings: one separator too many shifts every value behind it."""
    if "source_surplus" in review.frame:
        surplus = review.frame["source_surplus"]
        review.reject(surplus.notna(), column="", rule="too_many_cells", message=_SURPLUS, value=surplus)


def fold_heading(heading: str) -> str:
    """Return a heading without case, punctuation, and what stands in brackets: "Akurasi (m) *" gives "akurasi"."""
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", "", heading)
    folded = re.sub(r"[\W_]+", "", bare.casefold())
    return folded or re.sub(r"[\W_]+", "", heading.casefold())


def _member(path: Path) -> Member:
    check_file(path)
    suffix = path.suffix.lower()
    if suffix not in TABLE_SUFFIXES:
        raise SourceError(
            Text(
                f"Jenis berkas {path.name} tidak dikenal sebagai tabel.", f"{path.name} is not a known type of table."
            ),
            hint=Text(
                f"Yang dapat dibaca: {', '.join(TABLE_SUFFIXES)}.", f"What can be read: {', '.join(TABLE_SUFFIXES)}."
            ),
        )
    return Member(name=path.name, path=path, suffix=suffix)


def _text_bytes(member: Member) -> bytes:
    data = member.path.read_bytes()
    if data.startswith(_ZIP_MARK):
        raise SourceError(
            Text(
                f"{member.name} bukan teks, melainkan zip atau buku kerja Excel.",
                f"{member.name} is not text but a zip or an Excel workbook.",
            ),
            hint=Text("Ganti akhirannya menjadi .xlsx atau .zip.", "Change its ending to .xlsx or .zip."),
        )
    return data


def _headed(cells: pd.DataFrame, rows: np.ndarray) -> pd.DataFrame:
    """Set the headings apart; lines with one cell above them are titles."""
    filled = cells.notna().sum(axis=1).to_numpy()
    wide = np.flatnonzero(filled > 1)
    at = int(wide[0]) if wide.size else 0
    if cells.empty:
        return cells.assign(source_row=rows)
    heading = cells.iloc[at]
    width = int(np.flatnonzero(heading.notna().to_numpy())[-1]) + 1
    body = cells.iloc[at + 1 :].reset_index(drop=True)
    frame = body.iloc[:, :width].set_axis(_names(heading.iloc[:width]), axis=1)
    frame = frame.assign(source_row=rows[at + 1 :])
    surplus = body.iloc[:, width:]
    if surplus.notna().to_numpy().any():
        joined = surplus.fillna("").agg("|".join, axis=1).str.strip("|")
        frame = frame.assign(source_surplus=joined.mask(joined == ""))
    return frame


def _names(heading: pd.Series) -> list[str]:
    """Return one distinct name per column: repeated ones get a number, missing ones their place."""
    names: list[str] = []
    for place, text in enumerate(heading, start=1):
        bare = f"column_{place}" if pd.isna(text) else " ".join(str(text).split())
        name, times = bare, 1
        while name in names or name in ORIGIN:
            times += 1
            name = f"{bare} ({times})"
        names.append(name)
    return names


def no_rows(name: str, unread: Sequence[str] = ()) -> SourceError:
    """Return the refusal of a file without rows, with the sheets of it that were not asked for."""
    return SourceError(
        Text(
            f"{name} tidak berisi satu baris data pun di bawah judul kolom.",
            f"{name} does not hold a single row of data below its headings.",
        ),
        hint=_name_sheet(unread)
        or Text("Isi datanya, atau keluarkan dari daftar.", "Fill it in, or take it off the list."),
    )


def _name_sheet(unread: Sequence[str]) -> Text | None:
    """Return what to do where the data may be on a sheet that was not read."""
    if not unread:
        return None
    listed = ", ".join(unread)
    return Text(
        f'Yang dibaca hanya lembar pertama; lembar lain: {listed}. Sebutkan lembarnya, misalnya sheet = "{unread[0]}" '
        "pada sumber itu di blankspot.toml (--sheet pada track import).",
        f'Only the first sheet was read; others: {listed}. Name the sheet, such as sheet = "{unread[0]}" with that source '
        "in blankspot.toml (--sheet with track import).",
    )


def missing_columns(
    name: str,
    missing: Sequence[str],
    found: Sequence[str],
    schema: pa.DataFrameSchema,
    aliases: Mapping[str, Sequence[str]],
    *,
    unread: Sequence[str] = (),
) -> SourceError:
    """Return the refusal of a table without the columns `missing`; it names those found and the nearest match."""
    lines = []
    for column in missing:
        title = str(schema.columns[column].title) if column in schema.columns else column
        spellings = [column, title, *aliases.get(column, ())]
        near = _nearest(spellings, found)
        shown = column if title == column else f"{column} ({title})"
        lines.append((shown, near))
    wanted = ", ".join(shown for shown, _ in lines)
    held = ", ".join(found) or "-"
    near_id = "; ".join(f"mungkin '{near}' adalah {shown}" for shown, near in lines if near)
    near_en = "; ".join(f"perhaps '{near}' is {shown}" for shown, near in lines if near)
    return SourceError(
        Text(
            f"{name}: kolom wajib tidak ada: {wanted}. Kolom yang ada: {held}."
            + (f" {near_id[0].upper()}{near_id[1:]}." if near_id else ""),
            f"{name}: required column(s) not there: {wanted}. Columns found: {held}."
            + (f" {near_en[0].upper()}{near_en[1:]}." if near_en else ""),
        ),
        hint=_name_sheet(unread)
        or Text(
            "Ganti judul kolomnya, atau sebutkan padanannya dalam `columns` di blankspot.toml.",
            "Rename the column, or name its counterpart under `columns` in blankspot.toml.",
        ),
    )


def _unknown(name: str, ours: str, columns: Sequence[str]) -> SourceError:
    near = _nearest([ours], columns)
    return SourceError(
        Text(
            f"{name}: pemetaan menyebut kolom '{ours}' yang tidak kita kenal"
            + (f"; mungkin maksudnya '{near}'." if near else "."),
            f"{name}: the mapping names column '{ours}', which we do not have"
            + (f"; perhaps '{near}' is meant." if near else "."),
        ),
        hint=Text(f"Kolom kita: {', '.join(columns)}.", f"Our columns: {', '.join(columns)}."),
    )


def _nearest(spellings: Sequence[str], found: Sequence[str]) -> str:
    """Return the heading that resembles one of the spellings most, or nothing when none does."""
    folded = {fold_heading(heading): heading for heading in found}
    scored = [
        (difflib.SequenceMatcher(None, fold_heading(spelling), key).ratio(), heading)
        for spelling in spellings
        for key, heading in folded.items()
    ]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= _LIKENESS_MIN else ""
