"""How a sheet of the report's workbook goes on paper: landscape A4, as wide as the page, its headings on every one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from blankspot.words import Text, date_text

if TYPE_CHECKING:
    from blankspot.out.reports.model import Document
    from blankspot.words import Lang

_A4: Final = 9  # the number of that paper in a workbook
_NAME_MAX: Final = 90  # characters of the document's name in a header that holds 255


def for_paper(
    sheet: Any, document: Document, *, heads: tuple[int, int] | None, last: tuple[int, int], lang: Lang
) -> None:
    """Set a sheet up for printing.

    Args:
        sheet: The xlsxwriter worksheet.
        document: Whose title and day stand on every page.
        heads: First and last row of the headings, which every page repeats; None for none.
        last: Last row and column that are printed.
        lang: Language of the foot.
    """
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.65)
    sheet.fit_to_pages(1, 0)
    if heads:
        sheet.repeat_rows(*heads)
    sheet.print_area(0, 0, *last)
    day = date_text(document.as_of, lang=lang)
    sheet.set_header(f"&L&8{_literal(document.title.of(lang))} · {_literal(document.subtitle.of(lang))}")
    page = Text("Halaman &P dari &N", "Page &P of &N").of(lang)
    sheet.set_footer(f"&L&8{Text('Data per', 'Data as of').of(lang)} {day}&C&8&A&R&8{page}")


def _literal(text: str) -> str:
    """Return a text without codes; one that begins with a digit would otherwise continue the size before it."""
    short = text if len(text) <= _NAME_MAX else f"{text[: _NAME_MAX - 1]}…"
    return " " + short.replace("&", "&&").encode("utf-8", "replace").decode("utf-8")
