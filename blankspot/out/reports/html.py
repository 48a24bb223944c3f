"""The report as one HTML page: nothing to load, nothing to run, and an A4 print as good as the screen.

The template engine escapes every text; the two texts that reach the style sheet (the running head of the print) go through
`css_text`, which leaves nothing that CSS could read. Long lists stop after some rows and name the sheet of the workbook that
has them all, because a village hall opens the page on a cheap phone and a province has thousands of desa.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from blankspot.out.files import atomic
from blankspot.out.palette import INKS, SIGNAL_LOOK
from blankspot.out.reports.charts import BROAD, NARROW, draw
from blankspot.out.reports.layout import UNBROKEN, cell_text, chapters, counted_beside, fit, shows_class, under_text
from blankspot.out.reports.model import MARKS, ROW_MARK, Chart, ProgressCurve, Share, decimals_of
from blankspot.out.reports.texts import KINDS
from blankspot.words import Text, date_text, number, percent, rupiah

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blankspot.out.reports.layout import Fit, Place
    from blankspot.out.reports.model import Column, Document, Headline, Row, Table
    from blankspot.words import Lang

ROWS_SHOWN: Final = 300
LINES_PRINTED: Final = 24
_HARDLY_MORE: Final = 1.5  # a list that is no longer than so many times what is shown is shown whole
_LINES_WHOLE: Final = 2.25  # and on paper, where the rest is in another file, up to so many times what is printed
_ROWS_WHOLE: Final = 15  # tables up to here are printed whole, and not parted by a page's end where a page holds them
_PAGE_PT: Final = (700, 455)  # room that a page has for a table under a chapter's opening, upright and across
_OPENING_PT: Final = 75  # of a table's title, definition and headings
_LINE_EM: Final = 1.27  # as in report.css.j2
_AIR_EM: Final = 0.5
_ROWS_BRIEF: Final = 6  # a chapter of no more room does not begin a page
_CHART_ROWS: Final = 20  # the room of a chart on paper
_ROWS_IN_SIGHT: Final = 40  # a longer table scrolls in its own box, its headings staying in sight
_TITLE_MAX: Final = 90
_PLAIN: Final = re.compile(r"[A-Za-z0-9]")
_PERCENT_SIGN: Final = re.compile(r"(?<=\d) %")
_SIDES: Final = {"number": "n", "percent": "n", "rupiah": "n", "date": "d", "code": "d"}


class _Cell(NamedTuple):
    """A cell as the page shows it: its text, numerator and denominator under a percentage, a swatch before a class."""

    text: str
    names: str
    under: str
    look: str
    heads: bool


class _Head(NamedTuple):
    """A heading over one or several columns, with the letters that its column takes on paper and on a screen."""

    text: str
    side: str
    columns: int
    rows: int
    letters: int
    on_screen: int
    heads: bool
    on_paper: bool


class _Limits(NamedTuple):
    """How many rows of a long list are shown on the screen, and how many lines of it are printed."""

    rows: int
    lines: int


def write_html(
    path: str | Path,
    document: Document,
    *,
    lang: Lang = "id",
    rows_shown: int = ROWS_SHOWN,
    lines_printed: int = LINES_PRINTED,
) -> Path:
    """Write the report as one self-contained page.

    Args:
        path: Target file.
        document: What the report says.
        lang: Language of the page.
        rows_shown: So many rows of a longer list stand in the page; the workbook has all of them.
        lines_printed: A longer list is printed up to so many lines; a row with a sentence in it takes two or three.

    Raises:
        OutputError: The file cannot be written.
    """
    environment = Environment(
        loader=PackageLoader("blankspot.out", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("report_page.html.j2").render(
        _page(document, environment, lang, _Limits(rows_shown, lines_printed))
    )
    with atomic(path) as temporary:
        temporary.write_text(page, encoding="utf-8", errors="replace")  # half a surrogate pair has no bytes
    return Path(path)


def css_text(text: str) -> str:
    """Return a text as the inside of a CSS string: letters, digits, and everything else as its code point."""
    return "".join(letter if _PLAIN.match(letter) else f"\\{ord(letter):x} " for letter in text)


def _page(document: Document, environment: Environment, lang: Lang, limits: _Limits) -> dict[str, Any]:
    def say(text: Text) -> str:
        return _PERCENT_SIGN.sub("\N{NO-BREAK SPACE}%", text.of(lang))

    title = document.title.of(lang) or "Blankspot"
    head = f"{_short(title)} · {_short(document.subtitle.of(lang))}"
    return {
        "lang": lang,
        "document": document,
        "title": title,
        "say": say,
        "t": lambda indonesian, english: Text(indonesian, english).of(lang),
        "day": lambda day: date_text(day, lang=lang),
        "num": lambda value: number(value, lang=lang),
        "chapters": _chapters(document, lang, limits),
        "headlines": [_headline(headline, lang) for headline in document.headlines],
        "kind": lambda name: KINDS[name].of(lang) if name in KINDS else name,
        "looks": SIGNAL_LOOK,
        "styles": Markup(environment.get_template("report.css.j2").render(  # noqa: S704 - see css_text
            inks=INKS,
            looks=SIGNAL_LOOK,
            running_head=Markup(css_text(head)),  # noqa: S704 - as above
            running_foot=Markup(css_text(_as_of(document, lang))),  # noqa: S704 - as above
            page_word=Text("Halaman", "Page").of(lang),
        )),
    }  # fmt: skip


def _short(text: str) -> str:
    return text if len(text) <= _TITLE_MAX else f"{text[: _TITLE_MAX - 1]}…"


def _as_of(document: Document, lang: Lang) -> str:
    return f"{Text('Data per', 'Data as of').of(lang)} {date_text(document.as_of, lang=lang)}"


def _headline(headline: Headline, lang: Lang) -> dict[str, str]:
    """Return a figure that people quote, its percentage or full amount beside it, and what it is."""
    figure, unit = headline.figure, headline.unit.of(lang) if headline.unit else ""
    beside = told = ""
    if isinstance(figure, Share):
        exact = [number(part, decimals_of(part), lang=lang) for part in figure]
        parts = (
            [rupiah(part, lang=lang).replace(" ", "\N{NO-BREAK SPACE}") for part in figure]
            if headline.kind == "rupiah"
            else exact
        )
        shown = Text("{} dari {}", "{} of {}").of(lang).format(*parts)
        beside = percent(*figure, headline.decimals, lang=lang)
        if headline.kind == "rupiah":
            told = Text("Selengkapnya Rp{} dari Rp{}.", "In full Rp{} of Rp{}.").of(lang).format(*exact)
    elif headline.kind == "rupiah":
        shown, beside = rupiah(figure, lang=lang), f"Rp{number(figure, lang=lang)}"
    else:
        shown = number(figure, headline.decimals, lang=lang)
    return {
        "figure": shown,
        "unit": unit,
        "beside": "" if beside == shown else _PERCENT_SIGN.sub("\N{NO-BREAK SPACE}%", beside),
        "label": headline.label.of(lang),
        "definition": f"{headline.definition.of(lang)} {told}".strip(),
        "as_of": date_text(headline.as_of, lang=lang),
    }


def _chapters(document: Document, lang: Lang, limits: _Limits) -> list[dict[str, Any]]:
    """Return the chapters, each as it lies on paper.

    Where one of its tables must lie across, the whole chapter does, so that the paper turns between chapters only; a brief
    chapter goes on where the one before it ended, and so does the chapter after it.
    """
    made: list[dict[str, Any]] = []
    for chapter in chapters(document, lang=lang):
        fits = [fit(place.table, lang=lang) for place in chapter.places]
        weights = [_weight(place, laid, limits) for place, laid in zip(chapter.places, fits, strict=True)]
        light = sum(weights) <= _ROWS_BRIEF
        across = any(laid.across and weight > 1 for laid, weight in zip(fits, weights, strict=True))
        brief = bool(made) and (light or (made[-1]["light"] and across == made[-1]["across"]))
        if across or (brief and made[-1]["across"]):
            across = True
            fits = [fit(place.table, across=True, lang=lang) for place in chapter.places]
        made.append(
            {
                "number": chapter.number,
                "id": f"bab-{chapter.number}",
                "title": chapter.section.title,
                "lead": chapter.section.lead,
                "items": [_item(*laid, lang, limits) for laid in zip(chapter.places, fits, strict=True)],
                "across": across,
                "brief": brief,
                "light": light,
            }
        )
    return made


def _weight(place: Place, laid: Fit, limits: _Limits) -> int:
    """Return how much room an item takes on paper, in rows."""
    if isinstance(place.item, Chart):
        return 1 if place.item.blank else _CHART_ROWS
    return 1 + _printed(place.table, laid, limits)


def _shown(table: Table, limits: _Limits) -> int:
    return _first(len(table.rows), limits.rows) if table.in_page else 0


def _printed(table: Table, laid: Fit, limits: _Limits) -> int:
    count = len(table.rows)
    few = count <= max(_ROWS_WHOLE, _LINES_WHOLE * limits.lines / laid.lines)
    return min(count if few else limits.lines // laid.lines, _shown(table, limits))


def _fits_a_page(rows: int, laid: Fit) -> bool:
    """Return whether so many rows and a total go on one page, whatever stands before them."""
    row_pt = laid.size_pt * (laid.lines * _LINE_EM + _AIR_EM)
    return (rows + 1) * row_pt + _OPENING_PT <= _PAGE_PT[laid.across]


def _item(place: Place, laid: Fit, lang: Lang, limits: _Limits) -> dict[str, Any]:
    """Return what the template needs of a table, or of a chart and its table."""
    table, item = place.table, place.item
    blank = isinstance(item, Chart) and item.blank
    count = 0 if blank else len(table.rows)
    shown, printed = (0, 0) if blank else (_shown(table, limits), _printed(table, laid, limits))
    name = f"tabel-{place.number.replace('.', '-')}"
    drawn = (
        [
            draw(item, name=f"{name}-{size}", width=width, lang=lang)
            for size, width in (("lebar", BROAD), ("sempit", NARROW))
        ]
        if isinstance(item, Chart) and not blank
        else []
    )
    return {
        "number": place.number,
        "id": name,
        "sheet": place.sheet,
        "title": item.title,
        "definition": item.definition,
        "as_of": item.as_of,
        "charts": drawn,
        "labelled": isinstance(item, Chart) and not isinstance(item.data, ProgressCurve),
        "wide": laid.across,
        "tall": shown > _ROWS_IN_SIGHT,
        "size": f"{laid.size_pt:.2f}",
        "together": not drawn and printed <= _ROWS_WHOLE and _fits_a_page(printed, laid),
        "screen_only": [column.heading for column in table.columns if not column.on_paper] if printed else [],
        "heads": _heads(table, laid, lang),
        "rows": list(_rows(table, table.rows[:shown], lang)),
        "total": next(_rows(table, [table.total], lang), None) if table.total and shown else None,
        "shown": shown,
        "printed": printed,
        "count": count,
        "empty": table.elsewhere or table.empty,
    }


def _first(count: int, limit: int) -> int:
    """Return how many rows of so many are shown where the limit is so many: all where there are hardly more."""
    return count if count <= _HARDLY_MORE * limit else limit


def _heads(table: Table, laid: Fit, lang: Lang) -> list[list[_Head]]:
    """Return the rows of headings: one, or two where columns share a heading."""
    grouped = any(column.group for column in table.columns)
    called = _called(table)
    upper: list[_Head] = []
    lower: list[_Head] = []
    before: Column | None = None
    for column, paper, screen in zip(table.columns, laid.letters, laid.on_screen, strict=True):
        side = _SIDES.get(column.kind, "")
        if column.group is None:
            upper.append(
                _Head(
                    column.heading.of(lang),
                    side,
                    1,
                    2 if grouped else 1,
                    paper,
                    screen,
                    column.key == called,
                    column.on_paper,
                )
            )
        else:
            if before is not None and before.group == column.group:
                upper[-1] = upper[-1]._replace(columns=upper[-1].columns + 1)
            else:
                upper.append(_Head(column.group.of(lang), "g", 1, 1, 0, 0, False, True))
            lower.append(_Head(column.heading.of(lang), side, 1, 1, paper, screen, column.key == called, True))
        before = column
    return [upper, lower] if grouped else [upper]


def _called(table: Table) -> str:
    """Return the column that a row is called by: its first column of words."""
    return next((column.key for column in table.columns if column.kind in ("text", "label")), table.columns[0].key)


def _rows(table: Table, rows: Sequence[Row], lang: Lang) -> Iterator[dict[str, Any]]:
    """Yield rows as the page shows them."""
    beside = counted_beside(table)
    called = _called(table)
    for row in rows:
        mark = row.get(ROW_MARK)
        yield {
            "mark": mark if mark in MARKS else "",
            "cells": [
                _Cell(
                    text := cell_text(column, row, lang=lang),
                    _names(column, text, look := shows_class(row, column)),
                    "" if column.key in beside else under_text(row.get(column.key), lang=lang),
                    look,
                    column.key == called,
                )
                for column in table.columns
            ],
        }


def _names(column: Column, text: str, look: str) -> str:
    """Return the names by which the style sheet knows a cell."""
    side = _SIDES.get(column.kind, "") if len(text) <= UNBROKEN else ""
    name = side or ("look" if look else "")
    return name if column.on_paper else f"{name} screen".strip()
