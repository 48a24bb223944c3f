"""How a sheet of the report's workbook goes on paper: landscape, its headings on every page, in letters that can be read.

A sheet is fitted to the width of an A4 page while its letters stay above seven points or so; a wider one, such as Formulir E.81, takes
A3, and one that no page holds goes on several pages side by side, each with the columns that its rows are called by.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from blankspot.words import Text, date_text

if TYPE_CHECKING:
    from blankspot.out.reports.model import Document
    from blankspot.words import Lang

_A4: Final = 9  # the number of that paper in a workbook
_A3: Final = 8
_LETTERS: Final = {
    _A4: 205,
    _A3: 300,
}  # that a page holds in a line when they are printed at seven tenths of their size
_NAME_MAX: Final = 90  # characters of the document's name in a header that holds 255


def for_paper(
    sheet: Any,
    document: Document,
    *,
    heads: tuple[int, int] | None,
    last: tuple[int, int],
    lang: Lang,
    letters: int = 0,
    called: tuple[int, int] = (0, 0),
) -> None:
    """Set a sheet up for printing.

    Args:
        sheet: The xlsxwriter worksheet.
        document: Whose title and day stand on every page.
        heads: First and last row of the headings, which every page repeats; None for none.
        last: Last row and column that are printed.
        lang: Language of the foot.
        letters: Width of all that is printed.
        called: How many columns its rows are called by, and their width.
    """
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    paper, pages = _pages(letters, called[1])
    sheet.set_paper(paper)
    sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.65)
    sheet.fit_to_pages(pages, 0)
    if pages > 1 and called[0]:
        sheet.repeat_columns(0, called[0] - 1)
    if heads:
        sheet.repeat_rows(*heads)
    sheet.print_area(0, 0, *last)
    day = date_text(document.as_of, lang=lang)
    sheet.set_header(f"&L&8{_literal(document.title.of(lang))} · {_literal(document.subtitle.of(lang))}")
    page = Text("Halaman &P dari &N", "Page &P of &N").of(lang)
    sheet.set_footer(f"&L&8{Text('Data per', 'Data as of').of(lang)} {day}&C&8&A&R&8{page}")


def _pages(letters: int, repeated: int) -> tuple[int, int]:
    """Return the paper for a sheet so wide, and how many pages lie side by side where each repeats some of it."""
    paper = next((paper for paper, most in _LETTERS.items() if letters <= most), _A3)
    return paper, max(1, math.ceil((letters - repeated) / (_LETTERS[paper] - repeated)))


def _literal(text: str) -> str:
    """Return a text without codes; one that begins with a digit would otherwise continue the size before it."""
    short = text if len(text) <= _NAME_MAX else f"{text[: _NAME_MAX - 1]}…"
    return " " + short.replace("&", "&&").encode("utf-8", "replace").decode("utf-8")
