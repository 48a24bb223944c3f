"""From frames to rows of a report: what is empty is None, identifiers become the reader's words, days are days."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from blankspot.out.reports.model import ROW_ID, ROW_MARK, Cell, Column, Row, Share
from blankspot.out.reports.texts import WORDS
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

VILLAGE: Final = (
    Column(key="village_code", heading=Text("Kode desa", "Village code"), kind="code"),
    Column(key="village_name", heading=Text("Nama desa", "Village name")),
    Column(key="district", heading=Text("Kecamatan", "Kecamatan")),
)
POSITION: Final = (
    Column(key="lon", heading=Text("Bujur", "Longitude"), kind="number", decimals=5),
    Column(key="lat", heading=Text("Lintang", "Latitude"), kind="number", decimals=5),
)
NUMBER: Final = Column(key="no", heading=Text("No.", "No."), kind="number")


def rows_of(frame: pd.DataFrame, columns: Sequence[Column], *, mark: str = "", row_id: str = "") -> tuple[Row, ...]:
    """Return a frame as rows of a table.

    Args:
        frame: With the columns' keys; keys it does not have stay empty, except "no", which counts the rows.
        columns: Of the table.
        mark: Column of the frame with the rows' marks, if any.
        row_id: Column of the frame with the rows' identifiers, if any.
    """
    cells: dict[str, Sequence[Cell]] = {}
    for column in columns:
        if column.key == NUMBER.key:
            cells[column.key] = range(1, len(frame) + 1)
        elif column.key in frame:
            cells[column.key] = _cells(frame[column.key], column)
    for key, name in ((ROW_MARK, mark), (ROW_ID, row_id)):
        if name:
            cells[key] = [_plain(value) for value in frame[name].tolist()]
    keys = list(cells)
    return tuple(dict(zip(keys, row, strict=True)) for row in zip(*cells.values(), strict=True))


def word(kind: str, value: object) -> Cell:
    """Return the reader's word for an identifier; what is none stays as it is, and nothing stays None."""
    plain: Cell = _plain(value)
    return WORDS.get(kind, {}).get(plain, plain)


def day_of(value: object) -> dt.date | None:
    """Return a day of a frame as a date, None where there is none."""
    found = _plain(value)
    return found if isinstance(found, dt.date) else None


def text_of(value: object) -> str:
    """Return a text of a frame, "" where there is none."""
    found = _plain(value)
    return "" if found is None else str(found)


def amount(value: float) -> float | None:
    """Return an amount of a frame, None where none is on record: that is not the same as nothing."""
    return None if pd.isna(value) else float(value)


def part(some: float | None, whole: float | None) -> Share | None:
    """Return a part of a whole, None where one of them is not known."""
    return None if some is None or whole is None else Share(some, whole)


def _cells(values: pd.Series, column: Column) -> list[Cell]:
    listed, missing = values.tolist(), values.isna().tolist()
    pairs = zip(listed, missing, strict=True)
    if column.kind == "label":
        known = {value: word(column.key, value) for value in values.dropna().unique().tolist()}
        return [None if gone else known[value] for value, gone in pairs]
    if pd.api.types.is_float_dtype(values.dtype):
        return [None if gone or not np.isfinite(value) else _whole(value) for value, gone in pairs]
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return [None if gone else value.date() for value, gone in pairs]
    if isinstance(values.dtype, pd.StringDtype):
        return [None if gone else value or None for value, gone in pairs]
    return [_plain(value) for value in listed]


def _whole(value: float) -> int | float:
    return int(value) if value.is_integer() else value


def _plain(value: Any) -> Any:
    if isinstance(value, (Share, Text)):
        return value
    if _is_empty(value):
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    return value.item() if isinstance(value, np.generic) else value


def _is_empty(value: Any) -> bool:
    return not isinstance(value, (Share, Text)) and (
        value is None or value is pd.NA or value == "" or bool(pd.isna(value))
    )
