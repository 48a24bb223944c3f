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
from blankspot.out.reports.layout import cell_text, chapters, counted_beside, fit, under_text
from blankspot.out.reports.model import MARKS, ROW_ID, ROW_MARK, Chart, ProgressCurve, Share
from blankspot.out.reports.texts import KINDS
from blankspot.words import Text, date_text, number, percent, rupiah

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blankspot.out.reports.layout import Chapter, Fit, Place
    from blankspot.out.reports.model import Column, Document, Headline, Row, Table
    from blankspot.words import Lang

ROWS_SHOWN: Final = 100
_ROWS_WHOLE: Final = 150  # a list that is hardly longer than what is shown is shown whole
_ROWS_TOGETHER: Final = 14  # tables up to here are not parted by a page's end
_TITLE_MAX: Final = 90
_PLAIN: Final = re.compile(r"[A-Za-z0-9]")
_PERCENT_SIGN: Final = re.compile(r"(?<=\d) %")
_SIDES: Final = {"number": "n", "percent": "n", "rupiah": "n", "date": "d", "code": "d"}


class _Cell(NamedTuple):
    """A cell as the page shows it: its text, numerator and denominator under a percentage, a swatch before a class."""

    text: str
    side: str
    under: str
    look: str
    heads: bool


class _Head(NamedTuple):
    """A heading over one or several columns."""

    text: str
    side: str
    columns: int
    rows: int
    letters: int


def write_html(path: str | Path, document: Document, *, lang: Lang = "id", rows_shown: int = ROWS_SHOWN) -> Path:
    """Write the report as one self-contained page.

    Args:
        path: Target file.
        document: What the report says.
        lang: Language of the page.
        rows_shown: Of a list that is half as long again or longer, so many rows are shown; the workbook has all.

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
    page = environment.get_template("report_page.html.j2").render(_page(document, environment, lang, rows_shown))
    with atomic(path) as temporary:
        temporary.write_text(page, encoding="utf-8", errors="replace")  # half a surrogate pair has no bytes
    return Path(path)


def css_text(text: str) -> str:
    """Return a text as the inside of a CSS string: letters, digits, and everything else as its code point."""
    return "".join(letter if _PLAIN.match(letter) else f"\\{ord(letter):x} " for letter in text)


def _page(document: Document, environment: Environment, lang: Lang, rows_shown: int) -> dict[str, Any]:
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
        "chapters": [_chapter(chapter, lang, rows_shown) for chapter in chapters(document, lang=lang)],
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
    beside = ""
    if isinstance(figure, Share):
        parts = [
            number(part, decimals, lang=lang) for part, decimals in ((figure.numerator, 0), (figure.denominator, 0))
        ]
        shown = Text("{} dari {}", "{} of {}").of(lang).format(*parts)
        beside = percent(*figure, headline.decimals, lang=lang)
    elif headline.kind == "rupiah":
        shown, beside = rupiah(figure, lang=lang), f"Rp{number(figure, lang=lang)}"
    else:
        shown = number(figure, headline.decimals, lang=lang)
    return {
        "figure": shown,
        "unit": unit,
        "beside": "" if beside == shown else _PERCENT_SIGN.sub("\N{NO-BREAK SPACE}%", beside),
        "label": headline.label.of(lang),
        "definition": headline.definition.of(lang),
        "as_of": date_text(headline.as_of, lang=lang),
    }


def _chapter(chapter: Chapter, lang: Lang, rows_shown: int) -> dict[str, Any]:
    items = [_item(place, lang, rows_shown) for place in chapter.places]
    return {
        "number": chapter.number,
        "id": f"bab-{chapter.number}",
        "title": chapter.section.title,
        "lead": chapter.section.lead,
        "items": items,
        "across": bool(items) and items[0]["across"],
    }


def _item(place: Place, lang: Lang, rows_shown: int) -> dict[str, Any]:
    """Return what the template needs of a table, or of a chart and its table."""
    table, item = place.table, place.item
    count = len(table.rows)
    shown = 0 if not table.in_page else count if count <= max(_ROWS_WHOLE, rows_shown) else rows_shown
    laid = fit(table, lang=lang)
    name = f"tabel-{place.number.replace('.', '-')}"
    drawn = (
        [
            draw(item, name=f"{name}-{size}", width=width, lang=lang)
            for size, width in (("lebar", BROAD), ("sempit", NARROW))
        ]
        if isinstance(item, Chart)
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
        "across": laid.across and shown > 0 and not drawn,
        "size": f"{laid.size_pt:.2f}",
        "together": not drawn and shown <= _ROWS_TOGETHER,
        "heads": _heads(table, laid, lang),
        "rows": list(_rows(table, table.rows[:shown], lang)),
        "total": next(_rows(table, [table.total], lang), None) if table.total and shown else None,
        "shown": shown,
        "count": count,
        "empty": table.empty,
    }


def _heads(table: Table, laid: Fit, lang: Lang) -> list[list[_Head]]:
    """Return the rows of headings: one, or two where columns share a heading."""
    grouped = any(column.group for column in table.columns)
    upper: list[_Head] = []
    lower: list[_Head] = []
    before: Column | None = None
    for column, letters in zip(table.columns, laid.letters, strict=True):
        side = _SIDES.get(column.kind, "")
        if column.group is None:
            upper.append(_Head(column.heading.of(lang), side, 1, 2 if grouped else 1, letters))
        else:
            if before is not None and before.group == column.group:
                upper[-1] = upper[-1]._replace(columns=upper[-1].columns + 1)
            else:
                upper.append(_Head(column.group.of(lang), "g", 1, 1, 0))
            lower.append(_Head(column.heading.of(lang), side, 1, 1, letters))
        before = column
    return [upper, lower] if grouped else [upper]


def _rows(table: Table, rows: Sequence[Row], lang: Lang) -> Iterator[dict[str, Any]]:
    """Yield rows as the page shows them; the first column of words is what a row is called by."""
    beside = counted_beside(table)
    called = next((column.key for column in table.columns if column.kind in ("text", "label")), table.columns[0].key)
    classed = next((column.key for column in table.columns if column.kind == "label"), None)
    for row in rows:
        look = row.get(ROW_ID)
        mark = row.get(ROW_MARK)
        yield {
            "mark": mark if mark in MARKS else "",
            "cells": [
                _Cell(
                    cell_text(column, row, lang=lang),
                    _SIDES.get(column.kind, ""),
                    "" if column.key in beside else under_text(row.get(column.key), lang=lang),
                    str(look) if column.key == classed and look in SIGNAL_LOOK else "",
                    column.key == called,
                )
                for column in table.columns
            ],
        }
