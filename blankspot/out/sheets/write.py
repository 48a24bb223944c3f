"""Sheets as files: PDF, PNG or SVG, whole or not at all, and the same bytes for the same data.

Nothing in a file comes from the clock: its date is the day the data speak of. PDF embeds the letters as TrueType, so that a sheet can be
searched and printed anywhere. SVG draws them as outlines, because a sheet must look the same where this font is not
installed; whoever needs the text takes the PDF.
"""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Literal

import matplotlib as mpl
from matplotlib.backends.backend_pdf import PdfPages

from blankspot.errors import UsageError
from blankspot.out.files import atomic
from blankspot.out.sheets.blocks import area_name, parents_of
from blankspot.out.sheets.sheet import arrange, draw
from blankspot.out.sheets.texts import THEME
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from matplotlib.figure import Figure

    from blankspot.out.sheets.diagrams import Regions
    from blankspot.out.sheets.model import Sheet, Survey
    from blankspot.out.sheets.paper import Paper

Form = Literal["pdf", "png", "svg"]
FORMS: Final[tuple[Form, ...]] = ("pdf", "png", "svg")
DPI: Final = 200  # hairlines and 5-point letters are still whole
_DPI_RANGE: Final = (50, 600)


def write_figure(path: Path, survey: Survey, sheet: Sheet, regions: Regions, *, paper: Paper, form: Form, dpi: int, into: PdfPages | None = None) -> None:  # fmt: skip
    """Draw one sheet and write it; with `into`, also as a page of that document.

    Raises:
        OutputError: The file cannot be written.
    """
    with _plain_style():
        figure = draw(arrange(survey, sheet, regions, paper), survey)
        with atomic(path) as temporary:
            figure.savefig(
                temporary, format=form, dpi=dpi if form == "png" else 72, metadata=_about(survey, sheet, form)
            )
        if into is not None:
            _add(into, figure)


@contextmanager
def pages(path: Path, survey: Survey, sheet: Sheet) -> Iterator[PdfPages]:
    """Open one PDF for several sheets; it stands in its place only when all of them are in it."""
    with (
        atomic(path) as temporary,
        _plain_style(),
        PdfPages(temporary, metadata=_about(survey, sheet, "pdf")) as document,
    ):
        yield document


def write_pages(path: Path, survey: Survey, sheets: Iterable[Sheet], regions: Regions, *, paper: Paper) -> None:
    """Write sheets as the pages of one PDF."""
    listed = list(sheets)
    with pages(path, survey, listed[0]) as document:
        for sheet in listed:
            _add(document, draw(arrange(survey, sheet, regions, paper), survey))


def check_dpi(dpi: int) -> None:
    """Refuse a resolution that no printer has or no memory holds.

    Raises:
        UsageError: It is outside 50 to 600.
    """
    low, high = _DPI_RANGE
    if not low <= dpi <= high:
        raise UsageError(
            Text(
                f"Resolusi {dpi} dpi di luar {low} sampai {high}.",
                f"A resolution of {dpi} dpi is not between {low} and {high}.",
            ),
            hint=Text(f"Bawaannya {DPI} dpi.", f"The default is {DPI} dpi."),
        )


def _add(document: PdfPages, figure: Figure) -> None:
    document.savefig(figure, dpi=72)  # type: ignore[no-untyped-call]


def _about(survey: Survey, sheet: Sheet, form: Form) -> dict[str, Any]:
    """Return what a file says of itself."""
    title = ", ".join(filter(None, (THEME.of(survey.lang), area_name(survey, sheet), parents_of(survey, sheet))))
    author = survey.agency.name if survey.agency is not None and survey.agency.name else "blankspot"
    made_with = f"blankspot {survey.version}"
    day = survey.as_of
    if form == "png":
        return {"Title": title, "Author": author, "Software": made_with}
    if form == "svg":
        return {"Title": title, "Creator": author, "Date": day.isoformat() if day else None, "Language": survey.lang}
    moment = None if day is None else dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    return {"Title": title, "Author": author, "Creator": made_with, "Producer": made_with, "CreationDate": moment}


@contextmanager
def _plain_style() -> Iterator[None]:
    """Draw by matplotlib's own defaults, whatever style the caller's notebook has set."""
    own: dict[str, Any] = {
        "pdf.fonttype": 42,
        "pdf.compression": 6,
        "svg.fonttype": "path",
        "svg.hashsalt": "blankspot",
        "path.simplify": False,
        "agg.path.chunksize": 20000,
    }
    defaults: dict[Any, Any] = {
        name: value for name, value in mpl.rcParamsDefault.items() if not name.startswith("backend")
    }
    with mpl.rc_context(defaults | own):
        yield
