"""How a letter looks: A4, margins, one typeface, the letterhead with its double rule, tables whose header repeats.

Everything is ordinary Word formatting (styles, tables, tab stops), so that an office can go on editing it. Lengths are in cm,
type sizes in points.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docx.document import Document as Paper
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

LEFT: Final = WD_ALIGN_PARAGRAPH.LEFT
CENTRE: Final = WD_ALIGN_PARAGRAPH.CENTER
RIGHT: Final = WD_ALIGN_PARAGRAPH.RIGHT
JUSTIFIED: Final = WD_ALIGN_PARAGRAPH.JUSTIFY
_TYPEFACE: Final = "Arial"
_SIZE: Final = 11.0
_SMALL: Final = 9.0
_PAGE: Final = (21.0, 29.7)
_MARGIN: Final = 2.5
_MADE_ON: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_SHADE: Final = "E3E8EB"


def new_paper(title: str) -> Paper:
    """Return an empty A4 document in Indonesian, page numbers on top from the second page on."""
    paper = Document()
    properties = paper.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    properties.language = "id-ID"
    properties.created = properties.modified = _MADE_ON
    normal = paper.styles["Normal"]
    normal.font.name, normal.font.size = _TYPEFACE, Pt(_SIZE)
    fonts = normal.element.rPr.rFonts
    for script in ("w:eastAsia", "w:cs", "w:hAnsi"):
        fonts.set(qn(script), _TYPEFACE)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "id-ID")
    normal.element.rPr.append(language)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.1
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(_PAGE[0]), Cm(_PAGE[1])
    _margins(section, _MARGIN)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    return paper


def new_sheet(paper: Paper, *, landscape: bool = False) -> None:
    """Begin an annex on a new page."""
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    short, long = Cm(_PAGE[0]), Cm(_PAGE[1])
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    _margins(section, 2.0 if landscape else _MARGIN)


def write(
    where: Paper | _Cell,
    text: str,
    *,
    align: WD_ALIGN_PARAGRAPH = LEFT,
    size: float = _SIZE,
    bold: bool = False,
    underline: bool = False,
    before: float = 0,
    after: float = 0,
    indent: float = 0,
    hanging: float = 0,
    together: bool = False,
) -> Paragraph:
    """Add a paragraph; `before` and `after` in points, `indent` and `hanging` in cm, `together` with the next paragraph."""
    paragraph = where.add_paragraph()
    run = paragraph.add_run(text)
    run.bold, run.underline, run.font.size = bold or None, underline or None, Pt(size)
    form = paragraph.paragraph_format
    form.alignment = align
    form.space_before, form.space_after = Pt(before), Pt(after)
    if indent or hanging:
        form.left_indent, form.first_line_indent = Cm(indent + hanging), Cm(-hanging)
    form.keep_with_next = together or None
    return paragraph


def mark(where: Paper | _Cell, tag: str) -> None:
    """Add a paragraph that holds nothing but a template's own mark, such as `{%p if tembusan %}`; it leaves no trace."""
    write(where, tag, size=8)


def letterhead(paper: Paper) -> None:
    """Add the letterhead: government, office, address, and the double rule below."""
    write(paper, "{{ kantor.induk|upper }}", align=CENTRE, size=13, bold=True)
    write(paper, "{{ kantor.nama|upper }}", align=CENTRE, size=16, bold=True)
    write(paper, "{{ kantor.alamat }}", align=CENTRE, size=10)
    mark(paper, "{%p if kantor.kontak %}")
    write(paper, "{{ kantor.kontak }}", align=CENTRE, size=10)
    mark(paper, "{%p endif %}")
    rule = write(paper, "", size=2, after=8)
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for name, value in {"val": "thickThinSmallGap", "sz": "18", "space": "0", "color": "auto"}.items():
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    rule._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001 - python-docx has no borders of paragraphs
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def plain_table(paper: Paper, rows: Sequence[Sequence[str]], widths: Sequence[float], *, size: float = _SIZE) -> Table:
    """Add a table without lines, for blocks that stand side by side."""
    table = _table(paper, len(rows), widths)
    _padding(table, {"left": 0})
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            _fill(cell, text, size=size)
    return table


def ruled_table(
    paper: Paper,
    heads: Sequence[str],
    body: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    centred: Sequence[int] = (),
    size: float = _SMALL,
    together: bool = False,
) -> Table:
    """Add a table with lines; its header repeats on every page, and no row is torn by a page's end.

    Args:
        paper: The document.
        heads: Headings.
        body: Rows; one whose only text is a `{%tr … %}` mark leaves no trace. a line break in a cell begins a new paragraph.
        widths: Of the columns.
        centred: Places of the columns whose text stands in the middle.
        size: Of the type.
        together: Keep its rows with each other and with what follows, as far as a page holds them.
    """
    table = _table(paper, 1 + len(body), widths)
    table.style = "Table Grid"
    _padding(table, {"top": 40, "left": 80, "bottom": 40, "right": 80})
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        _fill(cell, text, size=size, bold=True, align=CENTRE)
        _shade(cell)
    _row_mark(table.rows[0], "w:tblHeader")
    for row, texts in zip(table.rows[1:], body, strict=True):
        _row_mark(row, "w:cantSplit")
        for at, text in enumerate(texts):
            _fill(row.cells[at], text, size=size, align=CENTRE if at in centred else LEFT)
    for cell in (cell for row in table.rows for cell in row.cells if together):
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True
    return table


def group_row(table: Table, at: int) -> None:
    """Make row `at` of a table a heading across all columns."""
    first, last = table.rows[at].cells[0], table.rows[at].cells[-1]
    text = first.text
    merged = first.merge(last)
    for spare in merged.paragraphs[1:]:
        spare._p.getparent().remove(spare._p)  # noqa: SLF001 - python-docx cannot remove a paragraph
    merged.paragraphs[0].clear()
    run = merged.paragraphs[0].add_run(text)
    run.bold, run.font.size = True, Pt(_SMALL)
    merged.paragraphs[0].paragraph_format.keep_with_next = True
    _shade(merged)


def signature(paper: Paper, *, before: float = 14, place_and_day: bool = False) -> None:
    """Add the signature block on the right: title, room for the signature, name, rank, employee number.

    Args:
        paper: The document.
        before: Room above, in points.
        place_and_day: Begin with town and day, where the head of the document does not give them.
    """
    write(paper, "", size=2, before=before, together=True)
    table = _table(paper, 1, (8.0, 8.0))
    table.alignment = WD_TABLE_ALIGNMENT.RIGHT
    _row_mark(table.rows[0], "w:cantSplit")
    cell = table.rows[0].cells[1]
    opening = "{{ kantor.kota }}, {{ tanggal }}\n" if place_and_day else ""
    _fill(cell, f"{opening}{{{{ kepala.jabatan }}}},", size=_SIZE, align=CENTRE)
    write(cell, "", before=52, align=CENTRE)
    write(cell, "{{ kepala.nama }}", align=CENTRE, bold=True, underline=True)
    for condition, text in (("kepala.pangkat", "{{ kepala.pangkat }}"), ("kepala.nip", "NIP {{ kepala.nip }}")):
        mark(cell, f"{{%p if {condition} %}}")
        write(cell, text, align=CENTRE)
        mark(cell, "{%p endif %}")


def _margins(section: Any, size: float) -> None:
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(size)
    section.header_distance = section.footer_distance = Cm(1.2)


def _page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = CENTRE
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = paragraph.add_run()
        run.font.size = Pt(10)
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)  # noqa: SLF001 - python-docx has no fields


def _table(paper: Paper, rows: int, widths: Sequence[float]) -> Table:
    table: Table = paper.add_table(rows=rows, cols=len(widths))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for at, width in enumerate(widths):
        table.columns[at].width = Cm(width)
        for cell in table.columns[at].cells:
            cell.width = Cm(width)
    return table


def _fill(cell: _Cell, text: str, *, size: float, bold: bool = False, align: WD_ALIGN_PARAGRAPH = LEFT) -> None:
    first, *further = text.split("\n")
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(first)
    run.bold, run.font.size = bold or None, Pt(size)
    paragraph.alignment = align
    for line in further:
        write(cell, line, size=size, bold=bold, align=align)


def _padding(table: Table, twips: Mapping[str, int]) -> None:
    """Set the room between the lines of a table and its text, in twentieths of a point."""
    margins = OxmlElement("w:tblCellMar")
    for side, size in twips.items():
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(size))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")  # noqa: SLF001 - python-docx has no padding


def _shade(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    for name, value in {"val": "clear", "color": "auto", "fill": _SHADE}.items():
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - python-docx has no shading


def _row_mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 - python-docx has no such switch
