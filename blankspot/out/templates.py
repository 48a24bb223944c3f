"""The templates that planners fill in: one workbook per kind of table, made from the declarations in `schema` alone.

The first sheet holds nothing but headings, so that whatever is typed below them is data; how to fill it in, with units and an
example row, stands on the sheet "Petunjuk", and the words of the drop-downs on "Pilihan". Codes are text cells, because a
spreadsheet would turn 53.10 into 53.1. A heading with a star must be filled in. A template that is there already is left alone: it
may have been filled in.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import xlsxwriter

from blankspot.out.files import atomic
from blankspot.schema import INSTRUCTION_SHEETS, TABLES
from blankspot.words import LABELS, Lang, Text, label

if TYPE_CHECKING:
    import pandera.pandas as pa

TEMPLATES: Final[dict[str, tuple[str, ...]]] = {
    "titik_ukur.xlsx": ("measurements",),
    "menara.xlsx": ("sites", "services"),
    "podes.xlsx": ("podes",),
    "laporan_warga.xlsx": ("reports",),
    "fasilitas_publik.xlsx": ("facilities",),
    "titik_internet.xlsx": ("internet_points",),
    "usulan.xlsx": ("proposals",),
    "penanganan.xlsx": ("handling",),
    "mitra.xlsx": ("partners",),
    "indikator.xlsx": ("indicators",),
}
_FILLED_BY_READERS: Final = frozenset({"source_row"})
_ROWS_CHECKED: Final = 5000
_EARLIEST: Final = dt.date(2000, 1, 1)
_LATEST: Final = dt.date(2100, 12, 31)
_WIDTHS: Final = (12, 40)
_SHEET_NAME_MAX: Final = 31
_INPUT_MAX: Final = 250
_OPTIONS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_YES_NO: Final = Text("ya|tidak", "yes|no")
_INTRO: Final = (
    Text("Cara mengisi", "How to fill this in"),
    Text(
        "Isi lembar data mulai baris 2, satu baris untuk satu catatan. Jangan mengubah judul kolom.",
        "Fill in the data sheet from row 2 on, one row per record. Do not change the headings.",
    ),
    Text(
        "Kolom bertanda * wajib diisi; yang lain boleh kosong.", "Columns with * are required; others may stay empty."
    ),
    Text(
        "Kode desa ditulis bertitik (32.04.05.2001) dan tetap sebagai teks.",
        "Village codes are written with dots (32.04.05.2001) and stay text.",
    ),
    Text(
        "Tanggal: 2022-12-26 atau 26/12/2022. Angka desimal boleh memakai koma atau titik.",
        "Dates: 2022-12-26 or 26/12/2022. Decimals may be written with a comma or a dot.",
    ),
    Text(
        "Jangan menulis nama, nomor telepon, atau NIK warga.",
        "Do not write names, phone numbers or identity numbers of residents.",
    ),
)
_HEADS: Final = (
    Text("Lembar", "Sheet"),
    Text("Kolom", "Column"),
    Text("Wajib", "Required"),
    Text("Satuan", "Unit"),
    Text("Petunjuk", "Instruction"),
    Text("Pilihan", "Choices"),
    Text("Contoh", "Example"),
)
_HOW: Final = {
    "text": Text("", ""),
    "code": Text("Teks, bukan angka", "Text, not a number"),
    "number": Text("Angka", "A number"),
    "integer": Text("Bilangan bulat", "A whole number"),
    "date": Text("Tanggal", "A date"),
    "time": Text("Tanggal dan jam", "Date and time"),
    "flag": Text("Pilih dari daftar", "Choose from the list"),
    "choice": Text("Pilih dari daftar", "Choose from the list"),
}
_WRONG: Final = Text("Nilai tidak sesuai", "Value does not fit")


class _Formats(NamedTuple):
    head: Any
    required: Any
    title: Any
    wrap: Any
    text: Any
    date: Any
    time: Any
    plain: Any


def write_templates(folder: str | Path, *, lang: Lang = "id") -> list[Path]:
    """Write all templates into `folder`, and leave those that exist.

    Args:
        folder: Made if it is not there.
        lang: Of headings, instructions and drop-downs; every reader knows both.

    Returns:
        The files written.

    Raises:
        OutputError: A file cannot be written.
    """
    wanted = [Path(folder) / name for name in TEMPLATES]
    missing = [path for path in wanted if not path.exists()]
    for path in missing:
        with atomic(path) as temporary:
            _write(temporary, [TABLES[name] for name in TEMPLATES[path.name]], lang)
    return missing


def heading(schema: pa.DataFrameSchema, name: str, lang: Lang = "id") -> str:
    """Return the heading of a column as templates show it, with unit and star: "Tinggi menara (m)", "Kode desa *"."""
    column = schema.columns[name]
    words = str(column.title) if lang == "id" else name.replace("_", " ").capitalize()
    unit = column.metadata["unit"]
    return words + (f" ({unit})" if unit else "") + ("" if column.nullable else " *")


def choice_words(name: str, choices: tuple[str, ...], lang: Lang = "id") -> list[str]:
    """Return the words of a drop-down: labels where readers have words for the identifiers, else these themselves."""
    return [label(name, choice, lang) if name in LABELS else choice for choice in choices]


def _write(path: Path, schemas: list[pa.DataFrameSchema], lang: Lang) -> None:
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        book.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})
        formats = _formats(book)
        sheets = [book.add_worksheet(_sheet_name(schema, lang)) for schema in schemas]
        guide, choices = (book.add_worksheet(name) for name in INSTRUCTION_SHEETS)
        ranges = _write_choices(choices, schemas, formats, lang)
        for sheet, schema in zip(sheets, schemas, strict=True):
            _write_data(sheet, schema, ranges, formats, lang)
        _write_guide(guide, schemas, formats, lang)
        sheets[0].activate()


def _formats(book: Any) -> _Formats:
    head = {"bold": True, "font_color": "#ffffff", "text_wrap": True, "valign": "top", "border": 1}
    return _Formats(
        head=book.add_format(head | {"bg_color": "#5b6b75"}),
        required=book.add_format(head | {"bg_color": "#1f3a4d"}),
        title=book.add_format({"bold": True, "font_size": 14}),
        wrap=book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
        text=book.add_format({"num_format": "@"}),
        date=book.add_format({"num_format": "yyyy-mm-dd"}),
        time=book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        plain=book.add_format({}),
    )


def _sheet_name(schema: pa.DataFrameSchema, lang: Lang) -> str:
    return str(schema.title if lang == "id" else schema.name)[:_SHEET_NAME_MAX]


def _columns(schema: pa.DataFrameSchema) -> list[str]:
    return [
        name
        for name, column in schema.columns.items()
        if column.metadata["kind"] != "geometry" and name not in _FILLED_BY_READERS
    ]


def _words_of(name: str, meta: dict[str, Any], lang: Lang) -> list[str]:
    return _YES_NO.of(lang).split("|") if meta["kind"] == "flag" else choice_words(name, meta["choices"], lang)


def _write_choices(
    sheet: Any, schemas: list[pa.DataFrameSchema], formats: _Formats, lang: Lang
) -> dict[tuple[str, str], str]:
    """Write every list of words into a column of its own; return the range of each, by table and column."""
    ranges: dict[tuple[str, str], str] = {}
    for schema in schemas:
        for name in _columns(schema):
            words = _words_of(name, schema.columns[name].metadata, lang)
            if words:
                at = len(ranges)
                letter = xlsxwriter.utility.xl_col_to_name(at, col_abs=True)
                sheet.write_string(0, at, heading(schema, name, lang), formats.head)
                sheet.write_column(1, at, words, formats.text)
                sheet.set_column(at, at, min(max(map(len, words)) + 4, _WIDTHS[1]))
                ranges[str(schema.name), name] = f"={INSTRUCTION_SHEETS[1]}!{letter}$2:{letter}${len(words) + 1}"
    sheet.freeze_panes(1, 0)
    return ranges


def _write_data(
    sheet: Any, schema: pa.DataFrameSchema, ranges: dict[tuple[str, str], str], formats: _Formats, lang: Lang
) -> None:
    for at, name in enumerate(_columns(schema)):
        column = schema.columns[name]
        kind = column.metadata["kind"]
        shown = heading(schema, name, lang)
        cells = {"date": formats.date, "time": formats.time, "number": formats.plain, "integer": formats.plain}
        longest = max(len(shown), len(column.metadata["example"]))
        sheet.set_column(at, at, min(max(longest + 3, _WIDTHS[0]), _WIDTHS[1]), cells.get(kind, formats.text))
        sheet.write_string(0, at, shown, formats.head if column.nullable else formats.required)
        rule = _rule(column, ranges.get((str(schema.name), name)))
        if rule:
            told = _instruction(column, lang)
            messages = {"input_title": name[:32], "input_message": told[:_INPUT_MAX], "error_title": _WRONG.of(lang)}
            checked = {"ignore_blank": True, "error_message": told[:_INPUT_MAX]}
            sheet.data_validation(1, at, _ROWS_CHECKED, at, rule | messages | checked)
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 0)


def _rule(column: pa.Column, choices: str | None) -> dict[str, Any]:
    """Return what a cell of the column may hold, as the spreadsheet checks it."""
    kind = column.metadata["kind"]
    low, high = column.metadata["range"]
    if choices:
        return {"validate": "list", "source": choices}
    if kind in ("date", "time"):
        return {"validate": "date", "criteria": "between", "minimum": _EARLIEST, "maximum": _LATEST}
    if kind not in ("number", "integer"):
        return {}
    check = {"validate": "integer" if kind == "integer" else "decimal"}
    if low is not None and high is not None:
        return check | {"criteria": "between", "minimum": low, "maximum": high}
    if low is not None:
        return check | {"criteria": ">=", "value": low}
    return check | {"criteria": "between", "minimum": -1e12, "maximum": 1e12}


def _instruction(column: pa.Column, lang: Lang) -> str:
    """Return what stands in a column, and how it is written."""
    meta = column.metadata
    told = str(meta["help_id"] if lang == "id" else column.description).rstrip(".")
    how = _HOW["choice" if meta["choices"] else meta["kind"]].of(lang)
    return f"{told}. {how}{_limits(meta, lang)}".strip() + ("." if how else "")


def _limits(meta: dict[str, Any], lang: Lang) -> str:
    low, high = meta["range"]
    if meta["choices"] or (low is None and high is None):
        return ""
    shown = [f"{mark} {edge:g}" for mark, edge in (("≥", low), ("≤", high)) if edge is not None]
    return f" ({(' dan ' if lang == 'id' else ' and ').join(shown)})"


def _write_guide(sheet: Any, schemas: list[pa.DataFrameSchema], formats: _Formats, lang: Lang) -> None:
    sheet.write_string(0, 0, _INTRO[0].of(lang), formats.title)
    for row, line in enumerate(_INTRO[1:], start=1):
        sheet.write_string(row, 0, line.of(lang))
    top = len(_INTRO) + 1
    for at, (head, width) in enumerate(zip(_HEADS, (20, 26, 8, 9, 52, 44, 28), strict=True)):
        sheet.write_string(top, at, head.of(lang), formats.head)
        sheet.set_column(at, at, width)
    lines = [(schema, name) for schema in schemas for name in _columns(schema)]
    for row, (schema, name) in enumerate(lines, start=top + 1):
        column = schema.columns[name]
        meta = column.metadata
        words = _words_of(name, meta, lang)
        choices = meta["choices"]
        example = words[choices.index(meta["example"])] if meta["example"] in choices else meta["example"]
        cells = (
            _sheet_name(schema, lang),
            heading(schema, name, lang),
            "" if column.nullable else "*",
            meta["unit"],
            _instruction(column, lang),
            ", ".join(words),
            example,
        )
        for at, cell in enumerate(cells):
            sheet.write_string(row, at, cell, formats.wrap)
    sheet.freeze_panes(top + 1, 0)
