"""The report's charts as charts of the workbook, which a planner can copy into slides.

A chart draws from a block of figures beside it, because the table of the page need not have the steps that a curve has. A
spreadsheet has no stepped line: every change of a count is two points of the same day.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from blankspot.out.palette import INKS
from blankspot.out.reports.model import Funnel, ProgressCurve
from blankspot.words import Text

if TYPE_CHECKING:
    from blankspot.out.reports.model import Ageing, Chart
    from blankspot.out.reports.styles import Styles
    from blankspot.words import Lang

_WIDTH: Final = 11  # columns of usual width that a chart covers
_PIXELS: Final = (700, 380)
_DAY_LETTERS: Final = 20
_LABEL_LETTERS: Final = 60
_COUNT_LETTERS: Final = 14
_NAME_MAX: Final = 200
_X_MARKS: Final = 6
_DAY_ZERO: Final = dt.date(1899, 12, 30)  # of the workbook's own count of days
_DATA: Final = Text("Data grafik", "Figures of the chart")
_DAY: Final = Text("Tanggal", "Day")
_TARGET: Final = Text("Target", "Target")
_DONE: Final = Text("Realisasi", "Realisation")
_REACHED: Final = Text("Pernah mencapai", "Ever reached")
_STANDING: Final = Text("Kini di sini", "Here now")
_COUNT: Final = Text("Kasus", "Cases")


def add_chart(book: Any, sheet: Any, chart: Chart, *, at: tuple[int, int], styles: Styles, lang: Lang) -> int:
    """Put the chart on the sheet, and its figures to the right of it.

    Args:
        book: The xlsxwriter workbook.
        sheet: The worksheet of the chart's table.
        chart: What is drawn; without any figures nothing is.
        at: Row and column of its upper left corner.
        styles: Formats of the workbook.
        lang: Language of names and months.

    Returns:
        The last column that the chart covers.
    """
    row, column = at
    data = chart.data
    heads, rows = _steps(data, lang) if isinstance(data, ProgressCurve) else _bars(data, lang)
    if not rows:
        return column - 2  # the last of the table
    block = column + _WIDTH + 1
    named = max(_DAY_LETTERS, *(len(values[0]) + 3 for values in rows if isinstance(values[0], str)), 0)
    styles.put(sheet, row - 1, block, _DATA.of(lang), styles.get("soft"))
    for index, head in enumerate(heads):
        styles.put(sheet, row, block + index, head, styles.get("head"))
        sheet.set_column(block + index, block + index, min(named, _LABEL_LETTERS) if index == 0 else _COUNT_LETTERS)
    for down, values in enumerate(rows, start=row + 1):
        for index, value in enumerate(values):
            kind = "date" if isinstance(value, dt.date) else "text" if isinstance(value, str) else "number"
            styles.put(sheet, down, block + index, value, styles.get(kind))
    drawn = book.add_chart({"type": "scatter", "subtype": "straight"} if isinstance(data, ProgressCurve) else {"type": "bar"})  # fmt: skip
    inks = (INKS.text, INKS.accent) if isinstance(data, ProgressCurve) else (INKS.tint, INKS.accent)
    for index, head in enumerate(heads[1:], start=1):
        ink = inks[-1] if len(heads) == 2 else inks[index - 1]  # noqa: PLR2004 - one series beside its categories
        drawn.add_series(_series(sheet.get_name(), head, (row + 1, row + len(rows)), block, index, ink, data))
    # A title that reads like a cell's address would be taken for one, so the title is the one in the first cell.
    drawn.set_title({"name": [sheet.get_name(), 0, 0], "name_font": {"size": 12, "color": INKS.deep}})
    _set_axes(drawn, chart, len(heads) - 1, lang)
    sheet.insert_chart(row, column, drawn, {"object_position": 3, "description": chart.title.of(lang)[:_NAME_MAX]})
    return column + _WIDTH - 1


def _steps(curve: ProgressCurve, lang: Lang) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the curve as points: before a day on which a count changes, the old counts on that same day."""
    points = sorted(curve.points)
    rows: list[tuple[Any, ...]] = [tuple(points[0])] if points else []
    for before, point in pairwise(points):
        if before[1:] != point[1:]:
            rows += [(point.day, before.target, before.realization), tuple(point)]
    if len(points) > 1 and rows[-1][0] != points[-1].day:
        rows.append(tuple(points[-1]))
    return [_DAY.of(lang), _TARGET.of(lang), _DONE.of(lang)], rows


def _bars(data: Funnel | Ageing, lang: Lang) -> tuple[list[str], list[tuple[Any, ...]]]:
    if not isinstance(data, Funnel):
        return ["", _COUNT.of(lang)], [(bar.label.of(lang), bar.figure) for bar in data.bins]
    standing = {bar.key: bar.figure for bar in data.standing}
    rows = [(bar.label.of(lang), bar.figure, standing.get(bar.key)) for bar in data.reached]
    return ["", _REACHED.of(lang), _STANDING.of(lang)], rows


def _series(
    name: str, head: str, rows: tuple[int, int], block: int, index: int, ink: str, data: object
) -> dict[str, Any]:
    """Return a line or a bar of the chart."""
    series: dict[str, Any] = {
        "name": head,
        "categories": [name, rows[0], block, rows[1], block],
        "values": [name, rows[0], block + index, rows[1], block + index],
    }
    if isinstance(data, ProgressCurve):
        dashed = {"dash_type": "dash", "width": 1.5} if index == 1 else {"width": 2.5}
        last = [{"delete": True}] * (rows[1] - rows[0]) + [{}]
        labels = {"value": True, "position": "above", "custom": last}
        return series | {"line": {"color": ink} | dashed, "marker": {"type": "none"}, "data_labels": labels}
    return series | {"fill": {"color": ink}, "border": {"color": INKS.accent}, "gap": 50, "overlap": 0, "data_labels": {"value": True}}  # fmt: skip


def _set_axes(drawn: Any, chart: Chart, series: int, lang: Lang) -> None:
    grid = {"visible": True, "line": {"color": INKS.line, "width": 0.75}}
    drawn.set_size({"width": _PIXELS[0], "height": _PIXELS[1]})
    drawn.set_legend({"none": True} if series == 1 else {"position": "bottom"})
    if isinstance(chart.data, ProgressCurve):
        first, last = (edge(point.day for point in chart.data.points) for edge in (min, max))
        months = "[$-421]mmm yyyy" if lang == "id" else "[$-809]mmm yyyy"
        begin, end = (_serial(dt.date(year, 1, 1)) for year in (first.year, last.year + 1))
        drawn.set_x_axis({"min": begin, "max": end, "major_unit": (end - begin) / _X_MARKS, "num_format": months})
        drawn.set_y_axis({"min": 0, "num_format": "#,##0", "major_gridlines": grid, "line": {"none": True}})
    else:
        drawn.set_y_axis({"reverse": True, "line": {"color": INKS.soft}})
        drawn.set_x_axis({"min": 0, "num_format": "#,##0", "major_gridlines": grid, "visible": True, "label_position": "low"})  # fmt: skip


def _serial(day: dt.date) -> int:
    return (day - _DAY_ZERO).days
