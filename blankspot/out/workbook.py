"""The workbook that planners edit and send back: drop-downs, protected codes, a page of instructions, and its own memory.

What may be typed is white, what is protected is grey, and rows for what is new are yellow. Protection has no password: it keeps
codes from slipping, not people from working. Everything that comes from data is written as text, a number or a day, and never
as a formula. A sheet that spreadsheets do not even offer to show holds the values as they left, so that the import can tell
which cells were changed.

The sheets come as declarations with their rows; this module knows how they look, and nothing of the ledger.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from blankspot.out.files import atomic
from blankspot.schema import INSTRUCTION_SHEETS
from blankspot.words import Lang, Text, date_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NEW_ROWS: Final = 30  # coloured rows for what is new; below them everything may be typed as well
_CHECKED_ROWS: Final = 5000  # rows below the data that have drop-downs
_OPTIONS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_A4: Final = 9  # the number of that paper in a workbook
_GREY, _YELLOW, _HEAD, _HEAD_LOCKED = "#eceff1", "#fff6d6", "#1f3a4d", "#5b6b75"
_EARLIEST: Final = dt.date(2000, 1, 1)
_LATEST: Final = dt.date(2100, 12, 31)
_AMOUNT_MAX: Final = 1e15
_WIDTHS: Final[dict[str, tuple[int, int]]] = {
    "code": (5, 22), "text": (10, 17), "long": (17, 30), "choice": (8, 15), "date": (11, 11), "money": (12, 17), "year": (7, 7),
}  # fmt: skip
_NUMBER_FORMATS: Final = {"date": "yyyy-mm-dd", "money": "#,##0", "year": "0"}
_LINE_POINTS: Final = 15  # height of one line of a row
_HEAD_LINES: Final = 2
_LINES_MAX: Final = 20  # a spreadsheet's row is no higher than 409 points
_WRAPPED: Final = frozenset({"text", "long", "choice"})
_GUIDE_WIDTHS: Final = (4, 20, 24, 72)
_ALIGNED: Final[dict[str, dict[str, Any]]] = {"date": {"align": "left"}, "year": {"align": "center"}}
_TITLE_MAX, _MESSAGE_MAX = 32, 255  # what a spreadsheet shows beside a cell
_ALLOWED: Final = {"sort": True, "autofilter": True, "format_columns": True, "format_rows": True}
_WRONG: Final = Text("Isi tidak sesuai", "This does not fit")
_FROM: Final = Text("per {day} · asal {origin}", "as of {day} · origin {origin}")
_GUIDE_TITLE: Final = Text("Petunjuk pengisian", "How to fill this in")
_STEPS: Final = (
    Text(
        "Sel putih boleh diubah. Sel abu-abu terkunci: kode desa, kasus, dan daftar target tidak diubah di sini. Baris kuning di "
        "bawah data disediakan untuk desa, pembayaran, atau kendala yang baru.",
        "White cells may be changed. Grey cells are locked: village codes, cases and target lists are not changed here. The yellow "
        "rows below the data are for new villages, payments and constraints.",
    ),
    Text(
        "Kasus pindah tahap: pilih Tahap yang baru, lalu isi harinya di kolom Sejak. Isian lain yang Anda ubah di baris itu "
        "dicatat bersama tahap tersebut. Tahap Tertangani wajib menyebut Bukti; tahap Ditolak dan Ditunda wajib menyebut alasan di "
        "kolom Alasan perubahan.",
        "A case reaches a new stage: choose the stage and give its day under Since. Whatever else you change in that row is "
        "recorded with it. Handled needs evidence; Rejected and Deferred need a reason under Reason for the change.",
    ),
    Text(
        "Isian keliru dan tahapnya tetap: betulkan selnya, lalu tulis sebabnya di kolom Alasan perubahan. Mengosongkan sel juga "
        "pembetulan. Catatan lama tidak dihapus; pembetulan dicatat di sampingnya.",
        "A value is wrong and the stage stays: correct the cell and say why under Reason for the change. Emptying a cell is a "
        "correction too. What was recorded is not deleted; the correction is recorded beside it.",
    ),
    Text(
        "Desa baru: tulis kode desanya di baris kuning (bukan hanya namanya), pilih Tahap, dan isi Sejak. Kolom Kasus boleh kosong.",
        "A new village: write its code in a yellow row (not only its name), choose the stage and give its day. Case may stay empty.",
    ),
    Text(
        "Lembar Realisasi keuangan: pembayaran yang sudah tercatat hanya untuk dibaca. Pembayaran baru ditulis di baris kuning "
        "dengan kode desa atau kasus, tanggal, dan jumlahnya. Pengembalian ditulis negatif.",
        "Sheet Money realised: payments on record are for reading. New ones go into the yellow rows with village code or case, day "
        "and amount. Money that came back is negative.",
    ),
    Text(
        "Lembar Kendala: isi Tanggal selesai untuk menutup kendala. Kendala baru ditulis di baris kuning, lengkap dengan tindak "
        "lanjut, penanggung jawab, dan tenggatnya. Tulis jabatan atau lembaga, bukan nama atau nomor telepon orang.",
        "Sheet Constraints: give the day under Closed on to close one. New ones go into the yellow rows with their follow-up, owner "
        "and due day. Write an office or institution, not the name or phone number of a person.",
    ),
    Text(
        "Tanggal ditulis lengkap: 2022-12-26 atau 26/12/2022. Rupiah: 2.600.000.000 atau 2,6 miliar. Triwulan: TW III 2022.",
        "Dates are written in full: 2022-12-26 or 26/12/2022. Rupiah: 2600000000 or 2.6 billion. Quarters: Q3 2022.",
    ),
    Text(
        "Jangan mengubah nama lembar dan judul kolom. Menghapus baris tidak menghapus apa pun dari buku besar. Data dapat disaring; "
        "untuk mengurutkan di Excel, buka dahulu proteksi lembar (Tinjau – Buka Proteksi Lembar, tanpa kata sandi).",
        "Do not change names of sheets or headings. Deleting a row deletes nothing from the ledger. Rows can be filtered; to sort "
        "them in Excel, unprotect the sheet first (Review – Unprotect Sheet, no password).",
    ),
    Text(
        "Kirim kembali berkas ini. 'blankspot track import BERKAS.xlsx' menampilkan setiap sel yang berubah dan baris yang ditolak "
        "beserta sebabnya; tidak ada yang dicatat sebelum perintah itu diulangi dengan --apply. Bila kasus yang sama sementara itu "
        "dipindahkan orang lain, baris itu ditolak dan diberitahukan.",
        "Send this file back. 'blankspot track import FILE.xlsx' shows every changed cell and every refused row with its reason; "
        "nothing is recorded until it is repeated with --apply. Where somebody else moved the same case meanwhile, the row is "
        "refused and you are told.",
    ),
)
_COLUMN_HEADS: Final = (Text("Lembar", "Sheet"), Text("Kolom", "Column"), Text("Cara mengisi", "What to type"))


class ColumnLike(Protocol):
    """A column as this module sees it: what its cells hold, what may be chosen, and whether it is protected."""

    @property
    def key(self) -> str: ...  # noqa: D102 - name of the column in the frame
    @property
    def heading(self) -> Text: ...  # noqa: D102 - its heading
    @property
    def kind(self) -> str: ...  # noqa: D102 - code, text, long, choice, date, money or year
    @property
    def told(self) -> Text: ...  # noqa: D102 - what to type
    @property
    def choices(self) -> Sequence[tuple[str, Text]]: ...  # noqa: D102 - identifiers and their words
    @property
    def locked(self) -> bool: ...  # noqa: D102 - protected on rows with data


class SheetLike(Protocol):
    """A sheet as this module sees it."""

    @property
    def key(self) -> str: ...  # noqa: D102 - name of its frame
    @property
    def title(self) -> Text: ...  # noqa: D102 - its name in the workbook
    @property
    def about(self) -> Text: ...  # noqa: D102 - what it is for
    @property
    def columns(self) -> Sequence[ColumnLike]: ...  # noqa: D102 - in their order


class Hidden(NamedTuple):
    """A sheet of texts that spreadsheets do not offer to show."""

    name: str
    frame: pd.DataFrame


class _Book(NamedTuple):
    book: Any
    formats: dict[tuple[str, str], Any]
    ranges: Mapping[tuple[str, str], str]
    lang: Lang
    footer: str


def write_workbook(
    path: str | Path,
    sheets: Sequence[SheetLike],
    frames: Mapping[str, pd.DataFrame],
    *,
    hidden: Hidden,
    origin: str,
    as_of: dt.date,
    created: dt.datetime,
    lang: Lang = "id",
) -> Path:
    """Write a workbook for editing.

    Args:
        path: Target file.
        sheets: The sheets to show, in order.
        frames: Their rows by the sheet's key: texts, amounts, days as ISO text, choices as identifiers.
        hidden: What the import needs to tell changes.
        origin: The office whose ledger it is.
        as_of: The day the values stand for.
        created: The moment it is written.
        lang: Of titles, headings, words and instructions.

    Raises:
        OutputError: The file cannot be written.
    """
    with atomic(path) as temporary, xlsxwriter.Workbook(str(temporary), _OPTIONS) as book:
        book.set_properties({"created": created.astimezone(dt.UTC), "title": sheets[0].title.of(lang)})
        shown = [book.add_worksheet(sheet.title.of(lang)) for sheet in sheets]
        guide, choices = (book.add_worksheet(name) for name in INSTRUCTION_SHEETS)
        formats = _formats(book)
        ranges = _write_choices(choices, sheets, formats, lang)
        footer = _FROM.of(lang).format(day=date_text(as_of, lang=lang), origin=origin.replace("&", "&&"))
        made = _Book(book, formats, ranges, lang, footer)
        for worksheet, sheet in zip(shown, sheets, strict=True):
            _write_sheet(worksheet, sheet, frames[sheet.key], made)
        _write_guide(guide, sheets, made)
        _write_hidden(book.add_worksheet(hidden.name), hidden.frame, formats)
        shown[0].activate()
    return Path(path)


def _formats(book: Any) -> dict[tuple[str, str], Any]:
    """Return the formats by kind of cell and by whether it is locked, open or in a new row; and those of headings."""
    looks: dict[str, dict[str, Any]] = {
        "locked": {"bg_color": _GREY, "locked": True},
        "open": {"locked": False},
        "new": {"bg_color": _YELLOW, "locked": False},
    }
    border = {"border": 1, "border_color": "#cfd8dc", "valign": "top"}
    formats = {}
    for kind in _WIDTHS:
        wrap = {"text_wrap": True} if kind in _WRAPPED else {}
        shape = {"num_format": _NUMBER_FORMATS.get(kind, "@")} | _ALIGNED.get(kind, {})
        for look, fill in looks.items():
            formats[kind, look] = book.add_format(border | wrap | shape | fill)
        formats[kind, "below"] = book.add_format(shape | {"locked": False, "valign": "top"} | wrap)
    head = {"bold": True, "font_color": "#ffffff", "text_wrap": True, "valign": "top", "border": 1}
    formats["head", "open"] = book.add_format(head | {"bg_color": _HEAD})
    formats["head", "locked"] = book.add_format(head | {"bg_color": _HEAD_LOCKED})
    formats["title", ""] = book.add_format({"bold": True, "font_size": 14})
    formats["line", ""] = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    formats["mark", ""] = book.add_format({"valign": "top", "align": "right"})
    return formats


def _write_sheet(worksheet: Any, sheet: SheetLike, frame: pd.DataFrame, made: _Book) -> None:
    last = len(frame) + NEW_ROWS
    lines = [1] * len(frame)
    for at, column in enumerate(sheet.columns):
        texts = [_shown(column, value, made.lang) for value in frame[column.key]]
        width = _width(column, texts, made.lang)
        if column.kind in _WRAPPED:
            lines = [max(count, _lines(text, width)) for count, text in zip(lines, texts, strict=True)]
        worksheet.set_column(at, at, width, made.formats[column.kind, "below"])
        worksheet.write_string(
            0, at, column.heading.of(made.lang), made.formats["head", "locked" if column.locked else "open"]
        )
        look = made.formats[column.kind, "locked" if column.locked else "open"]
        for row, (value, text) in enumerate(zip(frame[column.key], texts, strict=True), start=1):
            _write_cell(worksheet, row, at, column, value, text, look)
        for row in range(len(frame) + 1, last + 1):
            worksheet.write_blank(row, at, None, made.formats[column.kind, "new"])
        _validate(worksheet, sheet, at, column, len(frame), made)
    for row, count in enumerate([_HEAD_LINES, *lines]):
        if count > 1:
            worksheet.set_row(row, _LINE_POINTS * min(count, _LINES_MAX))
    worksheet.freeze_panes(1, _frozen(sheet))
    worksheet.autofilter(0, 0, last, len(sheet.columns) - 1)
    worksheet.protect("", _ALLOWED)
    worksheet.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(len(sheet.columns) - 1)}{last + 1}"})
    _for_paper(worksheet, made.footer)
    worksheet.print_area(0, 0, max(len(frame), 1), len(sheet.columns) - 1)


def _frozen(sheet: SheetLike) -> int:
    """Return how many columns stay in sight: up to the name of the village."""
    keys = [column.key for column in sheet.columns]
    return keys.index("village_name") + 1 if "village_name" in keys else 1


def _write_cell(worksheet: Any, row: int, at: int, column: ColumnLike, value: Any, text: str, look: Any) -> None:
    if not text:
        worksheet.write_blank(row, at, None, look)
    elif column.kind == "date":
        worksheet.write_datetime(row, at, dt.datetime.fromisoformat(text), look)
    elif column.kind in ("money", "year"):
        worksheet.write_number(row, at, value, look)
    else:
        worksheet.write_string(row, at, text, look)


def _shown(column: ColumnLike, value: Any, lang: Lang) -> str:
    if value is None or pd.isna(value):
        return ""
    return next((words.of(lang) for name, words in column.choices if name == value), str(value))


def _width(column: ColumnLike, texts: Sequence[str], lang: Lang) -> int:
    """Return the width of a column in characters: its words whole, longer texts in several lines."""
    low, high = _WIDTHS[column.kind]
    amount = column.kind == "money"
    longest = max((len(text) + (len(text) // 3 if amount else 0) for text in texts), default=0)
    heading = max(map(len, column.heading.of(lang).split())) + 3  # beside it stands the button of the filter
    return max(heading, min(max(low, longest + 1), high))


def _lines(text: str, width: int) -> int:
    """Return how many lines a text takes in a column, broken between words."""
    return sum(len(textwrap.wrap(line, width)) or 1 for line in text.split("\n"))


def _validate(worksheet: Any, sheet: SheetLike, at: int, column: ColumnLike, rows: int, made: _Book) -> None:
    told = column.told.of(made.lang)
    rule: dict[str, Any] = {"validate": "any"}
    if column.choices:
        rule = {"validate": "list", "source": made.ranges[sheet.key, column.key]}
    elif column.kind == "date":
        rule = {"validate": "date", "criteria": "between", "minimum": _EARLIEST, "maximum": _LATEST}
    elif column.kind == "money":  # "2,6 miliar" is read as well: warn, and let it stand
        rule = {"validate": "decimal", "criteria": "between", "minimum": -_AMOUNT_MAX, "maximum": _AMOUNT_MAX}
        rule |= {"error_type": "warning"}
    message = {"input_title": column.heading.of(made.lang)[:_TITLE_MAX], "input_message": told[:_MESSAGE_MAX]}
    error = {"error_title": _WRONG.of(made.lang)[:_TITLE_MAX], "error_message": told[:_MESSAGE_MAX]}
    first = rows + 1 if column.locked else 1
    worksheet.data_validation(first, at, rows + _CHECKED_ROWS, at, rule | message | error | {"ignore_blank": True})


def _write_choices(
    worksheet: Any, sheets: Sequence[SheetLike], formats: dict[tuple[str, str], Any], lang: Lang
) -> dict[tuple[str, str], str]:
    """Write every list of words into a column of its own; return the range of each, by sheet and column."""
    ranges: dict[tuple[str, str], str] = {}
    places: dict[tuple[str, ...], str] = {}
    for sheet in sheets:
        for column in sheet.columns:
            words = tuple(text.of(lang) for _, text in column.choices)
            if words and words not in places:
                at = len(places)
                letter = xl_col_to_name(at, col_abs=True)
                worksheet.write_string(0, at, column.heading.of(lang), formats["head", "open"])
                worksheet.write_column(1, at, words, formats["line", ""])
                worksheet.set_column(at, at, max(map(len, (*words, column.heading.of(lang)))) + 3)
                places[words] = f"={INSTRUCTION_SHEETS[1]}!{letter}$2:{letter}${len(words) + 1}"
            if words:
                ranges[sheet.key, column.key] = places[words]
    worksheet.freeze_panes(1, 0)
    worksheet.protect("", _ALLOWED)
    _for_paper(worksheet, "")
    return ranges


def _write_guide(worksheet: Any, sheets: Sequence[SheetLike], made: _Book) -> None:
    lang, formats = made.lang, made.formats
    for at, width in enumerate(_GUIDE_WIDTHS):
        worksheet.set_column(at, at, width)
    worksheet.write_string(0, 0, _GUIDE_TITLE.of(lang), formats["title", ""])
    worksheet.write_string(1, 0, made.footer.replace("&&", "&"))
    row = 3
    for number, step in enumerate(_STEPS, start=1):
        worksheet.write_string(row, 0, f"{number}.", formats["mark", ""])
        text = step.of(lang)
        worksheet.merge_range(row, 1, row, 3, "", formats["line", ""])
        worksheet.write_string(row, 1, text, formats["line", ""])
        worksheet.set_row(row, _LINE_POINTS * _lines(text, sum(_GUIDE_WIDTHS[1:])) + 4)
        row += 1
    row += 1
    for at, head in enumerate(_COLUMN_HEADS, start=1):
        worksheet.write_string(row, at, head.of(lang), formats["head", "open"])
    for sheet in sheets:
        worksheet.write_string(row + 1, 1, sheet.title.of(lang), formats["line", ""])
        for column in sheet.columns:
            if not column.locked or sheet is not sheets[0]:
                row += 1
                worksheet.write_string(row, 2, column.heading.of(lang), formats["line", ""])
                worksheet.write_string(row, 3, column.told.of(lang), formats["line", ""])
                worksheet.set_row(row, _LINE_POINTS * _lines(column.told.of(lang), _GUIDE_WIDTHS[3]))
    worksheet.protect("", {})
    worksheet.hide_gridlines(2)
    worksheet.set_portrait()
    worksheet.set_paper(_A4)
    worksheet.fit_to_pages(1, 1)
    worksheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.5)


def _write_hidden(worksheet: Any, frame: pd.DataFrame, formats: dict[tuple[str, str], Any]) -> None:
    for at, name in enumerate(frame.columns):
        worksheet.write_string(0, at, str(name))
        for row, text in enumerate(frame[name], start=1):
            worksheet.write_string(row, at, str(text), formats["code", "locked"])
    worksheet.protect("", {})
    worksheet.very_hidden()


def _for_paper(worksheet: Any, footer: str) -> None:
    worksheet.set_landscape()
    worksheet.set_paper(_A4)
    worksheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(0)
    worksheet.set_footer(f"&L&8&A  {footer}&R&8&P / &N")
