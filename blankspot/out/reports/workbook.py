"""The report as a workbook: a summary that says where everything is, one sheet per table, and what the figures rest on.

Figures stay figures, so that they can be summed and filtered; a percentage stands beside its numerator and denominator, in
columns of their own where the table has none. Text stays text: nothing from data becomes a formula, a link, a code of the
page's header, or the name of a chart that a spreadsheet would look up. Sheets print on landscape A4, headings on every page.
"""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from blankspot.out.files import atomic
from blankspot.out.reports.front import SOURCES, SUMMARY, write_sources, write_summary
from blankspot.out.reports.layout import chapters, counted_beside
from blankspot.out.reports.model import ROW_MARK, Chart, Share, decimals_of
from blankspot.out.reports.native import add_chart
from blankspot.out.reports.paper import for_paper
from blankspot.out.reports.styles import Styles, lines_of, row_points
from blankspot.words import Text, date_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blankspot.out.reports.layout import Place
    from blankspot.out.reports.model import Column, Document, Row, Table
    from blankspot.words import Lang

_LETTERS: Final = (7, 48)  # of a column, at least and at most
_FIGURES: Final = ("number", "rupiah", "percent")
_DAY_LETTERS: Final = 18
_FILTER_LETTERS: Final = 4  # what the button of the filter takes from a heading
_ACROSS_LETTERS: Final = 200  # of a landscape A4 that is read without a lens; a wider table wraps its prose earlier
_PROSE_LETTERS: Final = (48, 36, 26)
_TOLD_LETTERS: Final = 110  # of a line of the definition, at least; a small table is printed no larger than this
_USUAL_LETTERS: Final = 9  # of a column whose width nobody set
_CHART_ROWS: Final = 21  # rows of usual height that a chart covers
_FROZEN_LETTERS: Final = 60  # columns that stay in sight take no more than this of the screen
_NUMERATOR: Final = Text("Pembilang", "Numerator")
_DENOMINATOR: Final = Text("Penyebut", "Denominator")


class _Field(NamedTuple):
    """A column of the sheet: the table's own, or the numerator (0) or denominator (1) of its percentage."""

    column: Column
    heading: str
    part: int | None
    kind: str


def write_workbook(path: str | Path, document: Document, *, lang: Lang = "id", zone: dt.tzinfo = dt.UTC) -> Path:
    """Write the report as a workbook.

    Args:
        path: Target file.
        document: What the report says.
        lang: Language of the sheets.
        zone: Where the reader's clock is; a spreadsheet's moments carry no zone.

    Raises:
        OutputError: The file cannot be written.
    """
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": False}  # fmt: skip
    numbered = chapters(document, lang=lang)
    with atomic(path) as temporary, xlsxwriter.Workbook(str(temporary), options) as book:
        book.set_properties({"title": document.title.of(lang)[:255], "created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})
        styles = Styles(book, lang=lang, zone=zone)
        write_summary(book.add_worksheet(SUMMARY.of(lang)), document, numbered, styles, lang=lang)
        for chapter in numbered:
            for place in chapter.places:
                _write_place(book, place, document, styles, lang)
        write_sources(book.add_worksheet(SOURCES.of(lang)), document, styles, lang=lang)
    return Path(path)


def _write_place(book: Any, place: Place, document: Document, styles: Styles, lang: Lang) -> None:
    """Write the sheet of a table, and beside it its chart where it has one."""
    sheet = book.add_worksheet(place.sheet)
    table = place.table
    fields = _fields(table, lang)
    rows = [*table.rows, *([table.total] if table.total else [])]
    cells = [[_value(field, row, lang) for field in fields] for row in rows]
    letters = _letters(fields, cells)
    for at, width in enumerate(letters):
        sheet.set_column(at, at, width)
    head = _write_opening(sheet, place, sum(letters), styles, lang)
    first = _write_heads(sheet, fields, letters, head, styles, lang)
    _write_rows(sheet, table, fields, cells, letters, first, styles)
    last = first + max(len(table.rows), 1) - 1
    right = len(fields) - 1 + max(0, -(-(_TOLD_LETTERS - sum(letters)) // _USUAL_LETTERS))
    end = last + (table.total is not None)
    if table.rows:
        sheet.autofilter(first - 1, 0, last, len(fields) - 1)
    else:
        styles.put(sheet, first, 0, table.empty.of(lang), styles.get("soft"))
    sheet.freeze_panes(first, _frozen(fields, letters))
    if isinstance(place.item, Chart):
        right = add_chart(book, sheet, place.item, at=(head, len(fields) + 1), styles=styles, lang=lang)
        end = max(end, head + _CHART_ROWS)
    for_paper(sheet, document, heads=(head, first - 1), last=(end, right), lang=lang)


def _fields(table: Table, lang: Lang) -> list[_Field]:
    """Return the columns of the sheet: a percentage whose parts stand nowhere else gets them in front."""
    beside = counted_beside(table)
    fields: list[_Field] = []
    for column in table.columns:
        heading = column.heading.of(lang)
        if column.kind == "percent" and column.key not in beside:
            for part, told in enumerate((_NUMERATOR, _DENOMINATOR)):
                named = told.of(lang) if heading == "%" else f"{heading}: {told.of(lang).lower()}"
                fields.append(_Field(column, named, part, "number"))
        fields.append(_Field(column, heading, None, column.kind))
    return fields


def _value(field: _Field, row: Row, lang: Lang) -> Any:
    """Return what stands in a cell; a percentage of nothing is "–"."""
    cell = row.get(field.column.key)
    if isinstance(cell, Share):
        if field.part is not None:
            return cell[field.part]
        return cell.numerator / cell.denominator if cell.denominator else "–"
    if field.part is not None:
        return None
    return cell.of(lang) if isinstance(cell, Text) else cell


def _letters(fields: Sequence[_Field], cells: Sequence[Sequence[Any]]) -> list[int]:
    """Return the width of each column: its longest figure or word; prose is wrapped, and sooner where the sheet is wide."""
    heads = [max(map(len, field.heading.split()), default=0) + _FILTER_LETTERS for field in fields]
    longest = [max((_length(field, row[at]) for row in cells), default=0) + 3 for at, field in enumerate(fields)]
    least, most = _LETTERS
    for prose in _PROSE_LETTERS:
        widths = [
            min(max(letters, head, least), max(prose if field.kind == "text" else most, min(head, most)))
            for field, head, letters in zip(fields, heads, longest, strict=True)
        ]
        if sum(widths) <= _ACROSS_LETTERS:
            break
    return widths


def _length(field: _Field, value: Any) -> int:
    if value is None:
        return 0
    if isinstance(value, dt.date):
        return _DAY_LETTERS
    if isinstance(value, int | float):
        percent = field.kind == "percent"
        decimals = 2 if field.column.decimals is None else field.column.decimals
        return len(f"{value * 100 if percent else value:,.{decimals}f}") + 2 * percent
    return max((len(line) for line in str(value).splitlines()), default=0)


def _write_opening(sheet: Any, place: Place, letters: int, styles: Styles, lang: Lang) -> int:
    """Write title, day and definition; return the row of the headings."""
    day = f"{Text('Per', 'As of').of(lang)} {date_text(place.item.as_of, lang=lang)}"
    told = place.item.definition.of(lang)
    styles.put(sheet, 0, 0, f"{place.number} {place.item.title.of(lang)}", styles.get("title"))
    styles.put(sheet, 1, 0, day, styles.get("soft"))
    room = max(letters, _TOLD_LETTERS)
    parts = _broken(told, room)
    for at, line in enumerate(parts, start=2):
        styles.put(sheet, at, 0, line, styles.get("soft"))
    sheet.set_row(0, 21)
    return 2 + len(parts) + 1


def _broken(text: str, letters: int) -> list[str]:
    """Break a text into lines; a line may run over the empty cells beside it, which a wrapped cell may not."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + len(word) < letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _write_heads(
    sheet: Any, fields: Sequence[_Field], letters: Sequence[int], head: int, styles: Styles, lang: Lang
) -> int:
    """Write one row of headings, or two where columns share one; return the first row of the body."""
    style = styles.get("head")
    grouped = any(field.column.group for field in fields)
    low = head + grouped
    for at, field in enumerate(fields):
        styles.put(sheet, low, at, field.heading, styles.get("head_figure") if field.kind in _FIGURES else style)
    room = [width - _FILTER_LETTERS for width in letters]
    depth = max(len(_broken(field.heading, width)) for field, width in zip(fields, room, strict=True))
    sheet.set_row(low, row_points(depth))
    if not grouped:
        return low + 1
    start, depth = 0, 1
    for group, members in groupby(fields, key=lambda field: field.column.group):
        end = start + len(list(members)) - 1
        if group is not None and end > start:
            sheet.merge_range(head, start, head, end, "", style)
        for at in range(start, end + 1):
            styles.put(sheet, head, at, group.of(lang) if group and at == start else None, style)
        if group is not None:
            depth = max(depth, len(_broken(group.of(lang), sum(letters[start : end + 1]) - 2)))
        start = end + 1
    sheet.set_row(head, row_points(depth))
    return low + 1


def _write_rows(
    sheet: Any,
    table: Table,
    fields: Sequence[_Field],
    cells: Sequence[Sequence[Any]],
    letters: Sequence[int],
    first: int,
    styles: Styles,
) -> None:
    """Write the rows and the total, each as high as its longest text."""
    for at, values in enumerate(cells):
        last = at >= len(table.rows)
        mark = "" if last else str(table.rows[at].get(ROW_MARK) or "")
        depth = 1
        for index, (field, width, value) in enumerate(zip(fields, letters, values, strict=True)):
            style = styles.get(
                _look(field, value), decimals=_decimals(field, value), mark="" if index else mark, last=last
            )
            styles.put(sheet, first + at, index, value, style)
            if isinstance(value, str) and len(value) > width - 3:
                depth = max(depth, lines_of(value, width - 3))
        if depth > 1:
            sheet.set_row(first + at, row_points(depth))


def _look(field: _Field, value: Any) -> str:
    if isinstance(value, str):
        return "none" if field.kind in _FIGURES else "code" if field.kind == "code" else "text"
    return "text" if field.kind == "label" else field.kind


def _decimals(field: _Field, value: Any) -> int:
    if not isinstance(value, int | float):
        return 0
    if field.part is not None or field.column.decimals is None:
        return 2 if field.kind == "percent" else decimals_of(value)
    return field.column.decimals


def _frozen(fields: Sequence[_Field], letters: Sequence[int]) -> int:
    """Return how many columns stay in sight: up to the one that a row is called by, where they leave room."""
    called = next((at for at, field in enumerate(fields) if field.kind in ("text", "label")), 0) + 1
    return called if called < len(fields) and sum(letters[:called]) <= _FROZEN_LETTERS else 0
