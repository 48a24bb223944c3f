"""A fact sheet as one A4 page of PDF, set with ReportLab in an embedded font; this is the one door for ReportLab.

The page is measured as it is set, and the sheet is cut until it fits, so that there is one page whatever the data bring. The
font is DejaVu Sans, which comes with matplotlib: it has more letters than ReportLab's own, and none of them narrower than
what a browser takes, so that a sheet cut for this page fits the printed HTML page too.
"""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

import matplotlib as mpl
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, Table

from blankspot.out.facts.sheet import Listing, Pairs, Sheet, fitted
from blankspot.out.files import atomic
from blankspot.out.palette import SIGNAL_LOOK
from blankspot.words import Text

if TYPE_CHECKING:
    from blankspot.words import Lang

MARGIN: Final = 14 * mm
WIDTH: Final = A4[0] - 2 * MARGIN
HEIGHT: Final = A4[1] - 2 * MARGIN
INK, SOFT, DEEP, LINE, SHADE = (HexColor(code) for code in ("#1d2730", "#56636f", "#1f3a4d", "#d5dde2", "#eef3f5"))
_LABEL: Final = 0.17
_PAD: Final = 4.0
_RULES: Final = 3 * mm  # between parts


SCALES: Final = (1.25, 1.12, 1.0)  # a sheet with little to say is set larger


class _Styles:
    """Sizes of letters in points, times a scale; the HTML page uses the same."""

    def __init__(self, scale: float) -> None:
        def style(
            size: float, leading: float, colour: Any, *, bold: bool = False, right: bool = False
        ) -> ParagraphStyle:
            return ParagraphStyle(
                "",
                fontName="DejaVu-Bold" if bold else "DejaVu",
                fontSize=size * scale,
                leading=leading * scale,
                textColor=colour,
                alignment=2 if right else 0,
            )

        self.kicker = style(7.5, 10, SOFT)
        self.title = style(16, 19, DEEP, bold=True)
        self.place = style(8, 11, SOFT)
        self.lead = style(9.5, 13, INK)
        self.head = style(8.5, 11, DEEP, bold=True)
        self.cell, self.right = style(7.5, 9.5, INK), style(7.5, 9.5, INK, right=True)
        self.label, self.column_right = style(7.5, 9.5, SOFT), style(7.5, 9.5, SOFT, right=True)
        self.figure = style(12.5, 15, INK, bold=True)
        self.long_figure = style(9, 11.5, INK, bold=True)
        self.foot = style(6.5, 8.5, SOFT)


def write_pdf(path: str | Path, sheet: Sheet) -> Path:
    """Write the sheet as a PDF of one A4 page; the same sheet gives the same bytes."""
    document = pdf_bytes(sheet)
    with atomic(path) as temporary:
        temporary.write_bytes(document)
    return Path(path)


def pdf_bytes(sheet: Sheet) -> bytes:
    """Return the sheet as a PDF of one A4 page."""
    page, scale = set_on_a4(sheet)
    styles = _Styles(scale)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1, lang=page.lang)
    canvas.setTitle(f"{page.title} – {page.kicker}")
    canvas.setAuthor("blankspot")
    top = A4[1] - MARGIN
    for block in _blocks(page, styles):
        _, height = block.wrapOn(canvas, WIDTH, HEIGHT)
        top -= height
        block.drawOn(canvas, MARGIN, top)
        top -= getattr(block, "after", 0.0)
    canvas.setFont("DejaVu", 6.5)
    canvas.setFillColor(SOFT)
    canvas.drawString(MARGIN, MARGIN - 2 * mm, INTERNAL.of(page.lang))
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def set_on_a4(sheet: Sheet) -> tuple[Sheet, float]:
    """Return the sheet cut so that it takes one A4 page in this font, and the scale of its letters."""
    _fonts()
    for scale in SCALES:
        page = fitted(sheet, _Points(_Styles(scale)))
        if not any(part.left_out for part in page.parts if isinstance(part, Listing)):
            return page, scale
    return page, SCALES[-1]


class _Points:
    """Measures a sheet in points."""

    room = HEIGHT - 5 * mm  # what the note at the foot takes

    def __init__(self, styles: _Styles) -> None:
        self._styles = styles

    def frame(self, sheet: Sheet) -> float:
        """Return the points of all but rows and counts of rows."""
        bare = [part.cut(0) if isinstance(part, Listing) and part.rows else part for part in sheet.parts]
        uncounted = sum(self.more() for part in bare if isinstance(part, Listing) and part.left_out)
        blocks = _blocks(replace(sheet, parts=tuple(bare)), self._styles)
        return sum(_height(block) for block in blocks) - uncounted

    def rows(self, part: Listing, lang: Lang) -> list[float]:
        """Return the points of each row."""
        del lang
        return [_height(_rows([row], part, self._styles, head=False)) for row in part.rows]

    def more(self) -> float:
        """Return the points of the line that counts rows."""
        return _height(_said("…", self._styles.label))


def _height(block: Any) -> float:
    return float(block.wrap(WIDTH, HEIGHT)[1]) + getattr(block, "after", 0.0)


def _blocks(sheet: Sheet, styles: _Styles) -> list[Any]:
    foot = [_said(text, styles.foot, after=1.0) for text in sheet.foot]
    parts = [block for part in sheet.parts for block in _part(part, sheet.lang, styles)]
    return [*_head(sheet, styles), *parts, *foot]


def _head(sheet: Sheet, styles: _Styles) -> list[Any]:
    title = _said(sheet.title, styles.title)
    if sheet.signal_class:
        title = _grid([[_swatch(sheet.signal_class), title]], [8 * mm, WIDTH - 8 * mm])
    blocks = [_said(sheet.kicker, styles.kicker, after=1.5), title, _said(sheet.place, styles.place, after=2.5 * mm)]
    blocks.append(_said(sheet.lead, styles.lead, after=3 * mm))
    if sheet.figures:
        blocks.append(_figures(sheet, styles))
    return blocks


def _figures(sheet: Sheet, styles: _Styles) -> Table:
    cells = [
        [
            _said(one.name, styles.label),
            _said(one.value, styles.long_figure if one.is_long else styles.figure),
            _said(one.note or " ", styles.label),
        ]
        for one in sheet.figures
    ]
    table = Table([cells], colWidths=[WIDTH / len(cells)] * len(cells))
    table.setStyle(
        [
            ("BOX", (0, 0), (-1, -1), 0.6, LINE),
            ("INNERGRID", (0, 0), (-1, -1), 0.6, LINE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 6),
            ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ("TOPPADDING", (0, 0), (-1, -1), 4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
        ]
    )
    table.after = _RULES
    return table


def _part(part: Pairs | Listing, lang: Lang, styles: _Styles) -> list[Any]:
    blocks = [_said(part.title, styles.head, after=1.0)] if part.title else []
    if isinstance(part, Pairs):
        return [*blocks, _pairs(part, styles)]
    if not part.rows and not part.left_out:
        return [*blocks, _said(part.empty, styles.label, after=_RULES)]
    blocks.append(_rows(list(part.rows), part, styles, head=True))
    if part.left_out:
        blocks.append(_said(part.more(lang), styles.label))
    blocks[-1].after = _RULES
    return blocks


def _pairs(part: Pairs, styles: _Styles) -> Table:
    rows = [[_said(name or "•", styles.label), _said(value or "–", styles.cell)] for name, value in part.rows]
    label = WIDTH * (_LABEL if any(name for name, _ in part.rows) else 0.02)
    table = _grid(rows, [label, WIDTH - label])
    table.after = _RULES
    return table


def _rows(rows: list[tuple[str, ...]], part: Listing, styles: _Styles, *, head: bool) -> Table:
    """Return rows as a table, under the heads of their columns if asked."""
    named = head and any(part.heads)
    columns = range(len(part.widths))
    below = [styles.right if at in part.right else styles.cell for at in columns]
    above = [styles.column_right if at in part.right else styles.label for at in columns]
    cells = [[_said(text, style) for text, style in zip(row, below, strict=True)] for row in rows]
    if named:
        cells.insert(0, [_said(text, style) for text, style in zip(part.heads, above, strict=True)])
    if not cells:
        return _grid([[_said(" ", styles.label)]], [WIDTH])
    return _grid(cells, [WIDTH * share for share in part.widths], ruled=True, shaded=named)


def _grid(cells: list[list[Any]], widths: list[float], *, ruled: bool = False, shaded: bool = False) -> Table:
    table = Table(cells, colWidths=widths)
    style: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), _PAD if ruled else 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), _PAD),
        ("TOPPADDING", (0, 0), (-1, -1), 1.2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.8),
    ]
    if ruled:
        style.append(("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE))
    if shaded:
        style.append(("BACKGROUND", (0, 0), (-1, 0), SHADE))
    table.setStyle(style)
    return table


INTERNAL: Final = Text("Lembar kerja internal, bukan untuk publikasi.", "Internal working sheet, not for publication.")


def _swatch(signal_class: str) -> Table:
    """Return the class's colour as a small square; its name stands beside it in words."""
    table = Table([[""]], colWidths=[5 * mm], rowHeights=[5 * mm])
    table.setStyle([("BACKGROUND", (0, 0), (-1, -1), HexColor(SIGNAL_LOOK[signal_class].colour))])
    return table


def _said(text: str, style: ParagraphStyle, *, after: float = 0.0) -> Paragraph:
    """Return a text as a paragraph; nothing in it is markup."""
    paragraph = Paragraph(escape(text) or " ", style)
    paragraph.after = after
    return paragraph


@cache
def _fonts() -> None:
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    pdfmetrics.registerFont(TTFont("DejaVu", str(folder / "DejaVuSans.ttf")))
    pdfmetrics.registerFont(TTFont("DejaVu-Bold", str(folder / "DejaVuSans-Bold.ttf")))
