"""The report as a workbook: a summary that says where everything is, one sheet per table, and what the figures rest on.

Figures stay figures, so that they can be summed and filtered; a percentage stands beside its numerator and denominator, in
columns of their own where the table has none. Text stays text: nothing from data becomes a formula, a link, a code of the
page's header, or the name of a chart that a spreadsheet would look up. Sheets print on landscape A4 or, where they are wide, A3, headings on every page.
"""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from blankspot.out.files import atomic
from blankspot.out.reports.cells import NUMBER
from blankspot.out.reports.front import SOURCES, SUMMARY, write_sources, write_summary
from blankspot.out.reports.layout import chapters
from blankspot.out.reports.model import Chart
from blankspot.out.reports.native import add_chart
from blankspot.out.reports.paper import for_paper
from blankspot.out.reports.rows import FIGURES, FILTER_LETTERS, fields_of, letters_of, values_of, write_body
from blankspot.out.reports.styles import Styles, row_points
from blankspot.words import Text, date_text, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blankspot.out.reports.layout import Place
    from blankspot.out.reports.model import Document
    from blankspot.out.reports.rows import Field
    from blankspot.words import Lang

_ROWS_MAX: Final = 1_048_000  # of the 1,048,576 rows that the format has
_TOLD_LETTERS: Final = 110  # of a line of the definition, at least; a small table is printed no larger than this
_TOLD_LETTERS_MAX: Final = 200  # and at most: a page that is one of several holds no longer line
_USUAL_LETTERS: Final = 9  # of a column whose width nobody set
_CHART_ROWS: Final = 21  # rows of usual height that a chart covers
_FROZEN_LETTERS: Final = 60  # columns that stay in sight take no more than this of the screen
_CUT: Final = Text(
    "{shown} dari {count} baris: satu lembar tidak memuat lebih.", "{shown} of {count} rows: a sheet holds no more."
)


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
            for place in chapter.sheets:
                _write_place(book, place, document, styles, lang)
        write_sources(book.add_worksheet(SOURCES.of(lang)), document, styles, lang=lang)
    return Path(path)


def _write_place(book: Any, place: Place, document: Document, styles: Styles, lang: Lang) -> None:
    """Write the sheet of a table, and beside it its chart where it has one."""
    sheet = book.add_worksheet(place.sheet)
    table = place.table
    fields = fields_of(table, lang)
    count = min(len(table.rows), _ROWS_MAX)
    rows = [*table.rows[:count], *([table.total] if table.total is not None else [])]
    columns = [values_of(field, rows, lang) for field in fields]
    letters = letters_of(fields, columns)
    for at, width in enumerate(letters):
        sheet.set_column(at, at, width)
    head = _write_opening(sheet, place, sum(letters), styles, lang)
    first = _write_heads(sheet, fields, letters, head, styles, lang)
    write_body(sheet, table, fields, columns, letters=letters, first=first, styles=styles)
    last = first + max(count, 1) - 1
    right = len(fields) - 1 + max(0, -(-(_TOLD_LETTERS - sum(letters)) // _USUAL_LETTERS))
    end = last + (table.total is not None)
    if table.rows:
        sheet.autofilter(first - 1, 0, last, len(fields) - 1)
    else:
        styles.put(sheet, first, 0, table.empty.of(lang), styles.get("soft"))
    frozen = _frozen(fields, letters)
    sheet.freeze_panes(first, frozen)
    if isinstance(place.item, Chart):
        right = add_chart(book, sheet, place.item, at=(head, len(fields) + 1), styles=styles, lang=lang)
        end = max(end, head + _CHART_ROWS)
    wide = sum(letters) + _USUAL_LETTERS * (right + 1 - len(fields))
    leading = _leading(fields, letters)
    called = (leading, sum(letters[:leading]))
    for_paper(sheet, document, heads=(head, first - 1), last=(end, right), lang=lang, letters=wide, called=called)


def _write_opening(sheet: Any, place: Place, letters: int, styles: Styles, lang: Lang) -> int:
    """Write title, day and definition; return the row of the headings."""
    day = f"{Text('Per', 'As of').of(lang)} {date_text(place.item.as_of, lang=lang)}"
    told = place.item.definition.of(lang)
    styles.put(sheet, 0, 0, f"{place.number} {place.item.title.of(lang)}", styles.get("title"))
    styles.put(sheet, 1, 0, day, styles.get("soft"))
    room = min(max(letters, _TOLD_LETTERS), _TOLD_LETTERS_MAX)
    parts = _broken(told, room)
    if len(place.table.rows) > _ROWS_MAX:
        shown, count = (number(rows, lang=lang) for rows in (_ROWS_MAX, len(place.table.rows)))
        parts.append(_CUT.of(lang).format(shown=shown, count=count))
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
    sheet: Any, fields: Sequence[Field], letters: Sequence[int], head: int, styles: Styles, lang: Lang
) -> int:
    """Write one row of headings, or two where columns share one; return the first row of the body."""
    style = styles.get("head")
    grouped = any(field.column.group for field in fields)
    low = head + grouped
    for at, field in enumerate(fields):
        styles.put(sheet, low, at, field.heading, styles.get("head_figure") if field.kind in FIGURES else style)
    room = [width - FILTER_LETTERS for width in letters]
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


def _frozen(fields: Sequence[Field], letters: Sequence[int]) -> int:
    """Return how many columns stay in sight: up to the one that a row is called by, where they leave room."""
    called = next((at for at, field in enumerate(fields) if field.kind in ("text", "label")), 0) + 1
    return called if called < len(fields) and sum(letters[:called]) <= _FROZEN_LETTERS else 0


def _leading(fields: Sequence[Field], letters: Sequence[int]) -> int:
    """Return how many columns every page repeats where a sheet is several pages wide: the words that it begins with, as many as fit."""
    count = 0
    for at, field in enumerate(fields):
        if field.kind not in ("text", "label", "code") and field.column.key != NUMBER.key:
            break
        if sum(letters[: at + 1]) > _FROZEN_LETTERS:
            break
        count = at + 1
    return count
