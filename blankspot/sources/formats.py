"""Spreadsheets, Parquet and map layers as plain texts in columns, so that every reader judges one kind of table.

A cell becomes the text a person sees in it: a formula gives its stored result (or its own text where none is stored, never
a computed one), a number its shortest exact form (with a fourth decimal where three would look like grouped thousands:
2.8750, which "2.875" may not be in an Indonesian text), a moment ISO 8601. Points give `lon` and `lat` in WGS 84; a layer
that does not say its coordinate system is refused, because the guess would be metres or kilometres off.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.lib
import pyarrow.parquet as pq
import pyogrio
from openpyxl.utils.exceptions import InvalidFileException

from blankspot.errors import SourceError
from blankspot.schema import INSTRUCTION_SHEETS
from blankspot.sources.files import Member, unreadable
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

_FORMULA: Final = re.compile(rb"<f[ />]")
_WHOLE_MAX: Final = 2**53
_LIKE_THOUSANDS: Final = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
_BROKEN_BOOK: Final = (  # a damaged workbook fails in its zip, its XML (a SyntaxError) or its contents
    zipfile.BadZipFile, InvalidFileException, OSError, KeyError, ValueError, TypeError, SyntaxError, EOFError, RuntimeError,
    zlib.error,
)  # fmt: skip


def sheet_names(member: Member) -> list[str]:
    """Return the names of the sheets that hold data (instructions and lists of choices left out), in their order."""
    book = _book(member, values=True)
    names = [sheet.title for sheet in book.worksheets if sheet.title not in INSTRUCTION_SHEETS]
    book.close()
    return names


def other_sheets(member: Member, sheet: str | None) -> tuple[str, ...]:
    """Return the sheets with content that `read_sheet` leaves aside when it is asked for `sheet`.

    None are when one was asked for by name: what the others hold is no oversight then.
    """
    if sheet is not None:
        return ()
    book = _book(member, values=True)
    try:
        held = [one for one in book.worksheets if one.title not in INSTRUCTION_SHEETS][1:]
        return tuple(one.title for one in held if _has_content(one))
    except _BROKEN_BOOK as error:
        raise unreadable(member.name, error) from error
    finally:
        book.close()


def _has_content(sheet: Any) -> bool:
    return any(_cell_text(cell) is not None for row in sheet.iter_rows(values_only=True) for cell in row)


def read_sheet(member: Member, sheet: str | None = None) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return the cells of one sheet as texts under columns 0, 1, 2 …, and the number of each row.

    Args:
        member: An XLSX file.
        sheet: Its name, compared without case; the first sheet with data if not given.

    Raises:
        SourceError: Not a workbook, or no such sheet.
    """
    book = _book(member, values=True)
    try:
        title = _sheet_title(member, [one.title for one in book.worksheets], sheet)
        rows = [list(row) for row in book[title].iter_rows(values_only=True)]
    except SourceError:
        raise
    except _BROKEN_BOOK as error:
        raise unreadable(member.name, error) from error
    finally:
        book.close()
    if None in {cell for row in rows for cell in row} and _has_formulas(member):
        _fill_formulas(rows, member, title)
    width = max(map(len, rows), default=0)
    texts = [[_cell_text(cell) for cell in row] + [None] * (width - len(row)) for row in rows]
    frame = pd.DataFrame(texts, columns=range(width), dtype="str")
    kept = frame.notna().any(axis=1).to_numpy(dtype=bool)
    return frame[kept].reset_index(drop=True), np.flatnonzero(kept).astype(np.int64) + 1


def read_parquet(member: Member) -> pd.DataFrame:
    """Return a Parquet file's columns as texts; points of GeoParquet as `lon` and `lat`.

    Raises:
        SourceError: Not Parquet, or damaged.
    """
    try:
        if b"geo" in (pq.read_schema(member.path).metadata or {}):
            return _plain(gpd.read_parquet(member.path), member)
        return _texts(pd.read_parquet(member.path))
    except (pyarrow.lib.ArrowException, OSError, ValueError) as error:
        if isinstance(error, SourceError):
            raise
        raise unreadable(member.name, error) from error


def read_layer(member: Member, layer: str | None = None) -> pd.DataFrame:
    """Return a map layer's attributes as texts, its points as `lon` and `lat`.

    Args:
        member: A file that OGR reads.
        layer: Its name; the first layer if not given.

    Raises:
        SourceError: Not readable, no such layer, or no coordinate system.
    """
    try:
        names = [str(name) for name in pyogrio.list_layers(member.path)[:, 0]]
        chosen = _sheet_title(member, names, layer)
        frame = pyogrio.read_dataframe(member.path, layer=chosen)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError, ValueError) as error:
        if isinstance(error, SourceError):
            raise
        raise unreadable(member.name, error) from error
    return _plain(frame, member) if isinstance(frame, gpd.GeoDataFrame) else _texts(frame)


def _book(member: Member, *, values: bool) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", UserWarning
            )  # drop-downs and styles that openpyxl does not know are not data
            return openpyxl.load_workbook(member.path, read_only=True, data_only=values)
    except _BROKEN_BOOK as error:
        raise unreadable(member.name, error) from error


def _sheet_title(member: Member, titles: Iterable[str], asked: str | None) -> str:
    held = list(titles)
    if asked is None:
        data = [title for title in held if title not in INSTRUCTION_SHEETS]
        if data:
            return data[0]
    else:
        for title in held:
            if title.strip().casefold() == asked.strip().casefold():
                return title
    listed = ", ".join(held) or "-"
    wanted = asked or "data"
    raise SourceError(
        Text(
            f"{member.name} tidak punya lembar atau lapisan '{wanted}'; yang ada: {listed}.",
            f"{member.name} has no sheet or layer '{wanted}'; it has: {listed}.",
        ),
        hint=Text("Sebutkan salah satu yang ada.", "Name one of those that exist."),
    )


def _has_formulas(member: Member) -> bool:
    with zipfile.ZipFile(member.path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(_FORMULA.search(archive.read(name)) for name in sheets)


def _fill_formulas(rows: list[list[Any]], member: Member, title: str) -> None:
    """Put a formula's own text where the workbook stores no result for it."""
    book = _book(member, values=False)
    for row, written in zip(rows, book[title].iter_rows(values_only=True), strict=True):
        for column, cell in enumerate(written):
            if row[column] is None and cell is not None:
                row[column] = cell
    book.close()


def _cell_text(cell: object) -> str | None:
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _WHOLE_MAX:
        return str(int(cell))
    if isinstance(cell, float) and _LIKE_THOUSANDS.fullmatch(repr(cell)):
        return f"{cell!r}0"
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return str(cell)


def _plain(frame: gpd.GeoDataFrame, member: Member) -> pd.DataFrame:
    """Return the attributes as texts with `lon` and `lat` of the points (unless the layer has such columns itself)."""
    if frame.crs is None:
        raise SourceError(
            Text(
                f"{member.name} tidak menyebutkan sistem koordinatnya.",
                f"{member.name} does not say its coordinate system.",
            ),
            hint=Text("Simpan ulang dari QGIS dengan CRS EPSG:4326.", "Save it again from QGIS with CRS EPSG:4326."),
        )
    points = frame.geometry.to_crs(4326)
    single = (points.geom_type == "Point") & ~points.is_empty
    texts = _texts(pd.DataFrame(frame.drop(columns=frame.geometry.name)))
    if single.any():
        where = pd.DataFrame({"lon": points[single].x, "lat": points[single].y}, index=frame.index)
        for name in where:
            if name not in texts:
                texts[name] = _texts(where[[name]])[name]
    return texts.reset_index(drop=True)


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    columns = {str(name): _text_column(frame[name]) for name in frame}
    return pd.DataFrame(columns, index=frame.index).reset_index(drop=True)


def _text_column(values: Any) -> pd.Series:
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        texts = values.dt.tz_convert("UTC").dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    elif pd.api.types.is_datetime64_dtype(values):
        texts = values.dt.strftime("%Y-%m-%d %H:%M:%S.%f")
    elif pd.api.types.is_float_dtype(values):
        whole = values.notna() & (values == values.round()) & (values.abs() < _WHOLE_MAX)
        texts = values.astype("str").where(~whole, values.where(whole).astype("Int64").astype("str"))
    else:
        texts = values.map(_cell_text, na_action="ignore")
    filled: pd.Series = texts.astype("str")
    return filled.mask(values.isna() | (filled == ""))
