"""The first and the last sheet of the report's workbook: what it says at a glance and where, and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from blankspot.out.reports.model import Share
from blankspot.out.reports.paper import for_paper
from blankspot.out.reports.styles import lines_of, row_points
from blankspot.out.reports.texts import KINDS
from blankspot.words import Text, date_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blankspot.out.reports.layout import Chapter
    from blankspot.out.reports.model import Document, Headline
    from blankspot.out.reports.styles import Styles
    from blankspot.words import Lang

SUMMARY: Final = Text("Ringkasan", "Summary")
SOURCES: Final = Text("Sumber data", "Sources")
_FIGURES: Final = (
    (Text("Uraian", "Item"), 44),
    (Text("Nilai", "Value"), 32),
    (Text("Satuan", "Unit"), 12),
    (Text("Pembilang", "Numerator"), 16),
    (Text("Penyebut", "Denominator"), 16),
    (Text("Per", "As of"), 19),
    (Text("Definisi", "Definition"), 60),
)
_CONTENTS: Final = (Text("Isi", "Contents"), Text("Lembar", "Sheet"), Text("Baris", "Rows"))
_FILES: Final = (
    (Text("Berkas", "File"), 48),
    (Text("Jenis", "Kind"), 24),
    (Text("Baris dibaca", "Rows read"), 14),
    (Text("Diterima", "Accepted"), 14),
    (Text("Ditolak", "Refused"), 14),
    (Text("Lisensi", "Licence"), 20),
    (Text("SHA-256", "SHA-256"), 68),
)


def write_summary(sheet: Any, document: Document, numbered: Sequence[Chapter], styles: Styles, *, lang: Lang) -> None:
    """Write what people quote, what they must know before, and on which sheet each table is."""
    for at, (_, width) in enumerate(_FIGURES):
        sheet.set_column(at, at, width)
    row = _write_title(sheet, document, styles, lang)
    if document.headlines:
        row = _write_headlines(sheet, document.headlines, row, styles, lang)
    for at, head in enumerate(_CONTENTS):
        styles.put(sheet, row, at, head.of(lang), styles.get("head"))
    for chapter in numbered:
        row += 1
        title = f"{chapter.number} {chapter.section.title.of(lang)}"
        styles.put(sheet, row, 0, title, styles.get("bold"))
        sheet.set_row(row, row_points(lines_of(title, _FIGURES[0][1] - 5)))
        for place in chapter.places:
            row += 1
            title = f"{place.number} {place.item.title.of(lang)}"
            styles.put(sheet, row, 0, title, styles.get("text"))
            sheet.set_row(row, row_points(lines_of(title, _FIGURES[0][1] - 3)))
            if place.table.elsewhere is None:
                _link(sheet, row, place.sheet, styles)
                styles.put(sheet, row, 2, len(place.table.rows), styles.get("number"))
            else:
                styles.put(sheet, row, 1, place.table.elsewhere.of(lang), styles.get("soft"))
    row += 1
    styles.put(sheet, row, 0, SOURCES.of(lang), styles.get("bold"))
    _link(sheet, row, SOURCES.of(lang), styles)
    for_paper(sheet, document, heads=None, last=(row, len(_FIGURES) - 1), lang=lang)


def _write_title(sheet: Any, document: Document, styles: Styles, lang: Lang) -> int:
    """Write whose report it is, of when, and the notes before the figures; return the next free row."""
    days = f"{Text('Data per', 'Data as of').of(lang)} {date_text(document.as_of, lang=lang)}"
    if document.known_on:
        until = Text("tercatat sampai dengan", "recorded up to").of(lang)
        days += f" · {until} {date_text(document.known_on, lang=lang)}"
    styles.put(sheet, 0, 0, document.title.of(lang), styles.get("chapter"))
    styles.put(sheet, 1, 0, document.subtitle.of(lang), styles.get("title"))
    styles.put(sheet, 2, 0, document.period.of(lang), styles.get("chapter"))
    styles.put(sheet, 3, 0, days, styles.get("soft"))
    notes = (*document.notes, *(table.elsewhere for table in document.tables() if table.elsewhere))
    for at, note in enumerate(notes, start=4):
        styles.put(sheet, at, 0, note.of(lang), styles.get("soft"))
    return 5 + len(notes)


def _write_headlines(sheet: Any, headlines: Sequence[Headline], row: int, styles: Styles, lang: Lang) -> int:
    for at, (head, _) in enumerate(_FIGURES):
        styles.put(sheet, row, at, head.of(lang), styles.get("head"))
    for headline in headlines:
        row += 1
        figure = headline.figure
        kind, decimals = "percent", headline.decimals
        shown: Any = figure
        parts: tuple[float | None, float | None] = (None, None)
        if isinstance(figure, Share):
            shown = figure.numerator / figure.denominator if figure.denominator else "–"
            parts = (figure.numerator, figure.denominator)
        else:
            kind, decimals = headline.kind, 0 if headline.kind == "rupiah" else headline.decimals
        unit = "Rp" if headline.kind == "rupiah" else headline.unit.of(lang) if headline.unit else ""
        told = headline.definition.of(lang)
        styles.put(sheet, row, 0, headline.label.of(lang), styles.get("bold"))
        styles.put(sheet, row, 1, shown, styles.get("none" if isinstance(shown, str) else kind, decimals=0 if isinstance(shown, str) else decimals))  # fmt: skip
        styles.put(sheet, row, 2, unit, styles.get("text"))
        for at, part in enumerate(parts, start=3):
            styles.put(sheet, row, at, part, styles.get("number"))
        styles.put(sheet, row, 5, headline.as_of, styles.get("date"))
        styles.put(sheet, row, 6, told, styles.get("told"))
        sheet.set_row(row, row_points(max(lines_of(told, _FIGURES[6][1] - 4), lines_of(headline.label.of(lang), 40))))
    return row + 2


def _link(sheet: Any, row: int, name: str, styles: Styles) -> None:
    quoted = name.replace("'", "''")
    sheet.write_url(row, 1, f"internal:'{quoted}'!A1", styles.get("link"), name)


def write_sources(sheet: Any, document: Document, styles: Styles, *, lang: Lang) -> None:
    """Write which files were read, how many of their rows were accepted, and by which rules."""
    provenance = document.provenance
    styles.put(sheet, 0, 0, SOURCES.of(lang), styles.get("title"))
    rules = f"{Text('Profil ambang', 'Threshold profile').of(lang)}: {provenance.profile_label}"
    styles.put(sheet, 1, 0, f"{rules} · blankspot {provenance.version}", styles.get("soft"))
    head = 3
    for at, (name, width) in enumerate(_FILES):
        sheet.set_column(at, at, width)
        styles.put(sheet, head, at, name.of(lang), styles.get("head"))
    for row, note in enumerate(provenance.sources, start=head + 1):
        kind = KINDS[note.kind].of(lang) if note.kind in KINDS else note.kind
        counts = (note.rows_in, note.rows_accepted, note.rows_rejected) if note.rows_in else (None, None, None)
        for at, value in enumerate((note.name, kind, *counts, note.licence, note.sha256)):
            styles.put(sheet, row, at, value, styles.get("text" if isinstance(value, str) else "number"))
        sheet.set_row(row, row_points(lines_of(note.name, _FILES[0][1] - 2)))
    sheet.freeze_panes(head + 1, 1)
    last = head + max(len(provenance.sources), 1)
    for_paper(sheet, document, heads=(head, head), last=(last, len(_FILES) - 1), lang=lang)
