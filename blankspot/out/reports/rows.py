"""The rows of a table on a sheet of the report's workbook: what stands in each cell, how wide the columns are, and writing them.

Columns are written one after the other, each with what it needs to know looked up once, because the evidence of a province has
more than a million cells.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from blankspot.out.reports.layout import counted_beside
from blankspot.out.reports.model import ROW_MARK, Share, decimals_of
from blankspot.out.reports.styles import lines_of, plain, row_points
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blankspot.out.reports.model import Column, Row, Table
    from blankspot.out.reports.styles import Styles
    from blankspot.words import Lang

FIGURES: Final = ("number", "rupiah", "percent")
FILTER_LETTERS: Final = 4  # what the button of the filter takes from a heading
_ACROSS_LETTERS: Final = 200  # of a landscape A4 that is read without a lens; a wider table wraps its prose earlier
_PROSE_LETTERS: Final = (48, 36, 26)
_LETTERS: Final = (7, 48)  # of a column, at least and at most
_AIR_LETTERS: Final = 3
_DAY_LETTERS: Final = 18
_RULED_ROWS: Final = 2_000  # in a longer list an empty cell is not written at all
_NUMERATOR: Final = Text("Pembilang", "Numerator")
_DENOMINATOR: Final = Text("Penyebut", "Denominator")


class Field(NamedTuple):
    """A column of the sheet: the table's own, or the numerator (0) or denominator (1) of its percentage."""

    column: Column
    heading: str
    part: int | None
    kind: str


def fields_of(table: Table, lang: Lang) -> list[Field]:
    """Return the columns of the sheet: a percentage whose parts stand nowhere else gets them in front."""
    beside = counted_beside(table)
    fields: list[Field] = []
    for column in table.columns:
        heading = column.heading.of(lang)
        if column.kind == "percent" and column.key not in beside:
            for part, told in enumerate((_NUMERATOR, _DENOMINATOR)):
                named = told.of(lang) if heading == "%" else f"{heading}: {told.of(lang).lower()}"
                fields.append(Field(column, named, part, "number"))
        fields.append(Field(column, heading, None, column.kind))
    return fields


def values_of(field: Field, rows: Sequence[Row], lang: Lang) -> list[Any]:
    """Return what stands in the cells of a column; a percentage of nothing is "–"."""
    key, part = field.column.key, field.part
    return [_value(row.get(key), part, lang) for row in rows]


def _value(cell: Any, part: int | None, lang: Lang) -> Any:
    if isinstance(cell, Share):
        if part is not None:
            return cell[part]
        return cell.numerator / cell.denominator if cell.denominator else "–"
    if part is not None:
        return None
    return cell.of(lang) if isinstance(cell, Text) else cell


def letters_of(fields: Sequence[Field], columns: Sequence[Sequence[Any]]) -> list[int]:
    """Return the width of each column: its longest figure or word; prose is wrapped, and sooner where the sheet is wide."""
    heads = [max(map(len, field.heading.split()), default=0) + FILTER_LETTERS for field in fields]
    longest = [_longest(field, values) + _AIR_LETTERS for field, values in zip(fields, columns, strict=True)]
    least, most = _LETTERS
    for prose in _PROSE_LETTERS:
        widths = [
            min(max(letters, head, least), max(prose if field.kind == "text" else most, min(head, most)))
            for field, head, letters in zip(fields, heads, longest, strict=True)
        ]
        if sum(widths) <= _ACROSS_LETTERS:
            break
    return widths


def _longest(field: Field, values: Sequence[Any]) -> int:
    """Return the letters of the longest cell of a column."""
    texts = [value for value in values if isinstance(value, str)]
    letters = max(
        (max(map(len, text.splitlines()), default=0) if "\n" in text else len(text) for text in texts), default=0
    )
    figures = [abs(value) for value in values if isinstance(value, int | float)]
    if figures:
        percent = field.kind == "percent"
        decimals = 2 if field.column.decimals is None else field.column.decimals
        largest = max(figures) * (100 if percent else 1)
        letters = max(letters, len(f"-{largest:,.{decimals}f}") + 2 * percent)
    return max(letters, _DAY_LETTERS if any(isinstance(value, dt.date) for value in values) else 0)


def write_body(
    sheet: Any,
    table: Table,
    fields: Sequence[Field],
    columns: Sequence[Sequence[Any]],
    *,
    letters: Sequence[int],
    first: int,
    styles: Styles,
) -> None:
    """Write the rows and the total, each as high as its longest text.

    Args:
        sheet: The xlsxwriter worksheet.
        table: Whose marks and total are written.
        fields: Columns of the sheet.
        columns: Values of each, those of the total last where the table has one.
        letters: Width of each column.
        first: Row of the sheet on which the body begins.
        styles: Formats of the workbook.
    """
    count = len(columns[0]) - (table.total is not None) if columns else 0
    ruled = count <= _RULED_ROWS
    marks = [str(row.get(ROW_MARK) or "") for row in table.rows[:count]]
    depths = [1] * (count + 1)
    for at, (field, values, width) in enumerate(zip(fields, columns, letters, strict=True)):
        if at == 0 and any(marks):
            for down, (value, mark) in enumerate(zip(values[:count], marks, strict=True)):
                styles.put(sheet, first + down, at, value, _style(field, value, styles, mark=mark))
        else:
            _write_column(sheet, at, field, values[:count], first=first, styles=styles, ruled=ruled)
        if table.total is not None:
            styles.put(sheet, first + count, at, values[-1], _style(field, values[-1], styles, last=True))
        room = width - _AIR_LETTERS
        for down, value in enumerate(values):
            if isinstance(value, str) and len(value) > room:
                depths[down] = max(depths[down], lines_of(value, room))
    for down, depth in enumerate(depths):
        if depth > 1:
            sheet.set_row(first + down, row_points(depth))


def _write_column(
    sheet: Any, at: int, field: Field, values: Sequence[Any], *, first: int, styles: Styles, ruled: bool
) -> None:
    text, blank, figure = (_style(field, value, styles) for value in ("", None, 0))
    own_decimals = field.part is not None or field.column.decimals is None
    for row, value in enumerate(values, start=first):
        if value is None:
            if ruled:
                sheet.write_blank(row, at, None, blank)
        elif isinstance(value, str):
            sheet.write_string(row, at, plain(value), text)
        elif isinstance(value, int | float):
            sheet.write_number(row, at, value, _style(field, value, styles) if own_decimals else figure)
        else:
            styles.put(sheet, row, at, value, blank)


def _style(field: Field, value: Any, styles: Styles, *, mark: str = "", last: bool = False) -> Any:
    """Return the format of a cell."""
    look, decimals = "text" if field.kind == "label" else field.kind, 0
    if isinstance(value, str):
        look = "none" if field.kind in FIGURES else "code" if field.kind == "code" else "text"
    elif isinstance(value, int | float):
        if field.part is not None or field.column.decimals is None:
            decimals = 2 if field.kind == "percent" else decimals_of(value)
        else:
            decimals = field.column.decimals
    return styles.get(look, decimals=decimals, mark=mark, last=last)
