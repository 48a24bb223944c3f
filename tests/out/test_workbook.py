"""The workbook for editing as a spreadsheet sees it: what is protected, offered, frozen, formatted, hidden and printed."""

from __future__ import annotations

import datetime as dt
import re
import zipfile

import openpyxl
import pandas as pd
import pytest
from stories import HOSTILE, NOW, VILLAGES, clock, event, handled, story

from blankspot.errors import OutputError
from blankspot.ledger import Ledger
from blankspot.ledger.workbook import BASELINE_SHEET, export
from blankspot.out.workbook import NEW_ROWS, Hidden, write_workbook

PLACES = pd.DataFrame({"village_code": VILLAGES, "village_name": ["A", "B", "C"], "district": ["X", "X", "Y"]})
TITLES = {
    "id": ["Penanganan", "Realisasi keuangan", "Kendala", "Petunjuk", "Pilihan"],
    "en": ["Handling", "Money realised", "Constraints", "Petunjuk", "Pilihan"],
}
HEADINGS = [
    "Kode desa", "Desa", "Kecamatan", "Kasus", "Layanan", "Tahun target", "Tahap", "Sejak", "Mitra", "Jenis penanganan",
    "Sumber dana", "Anggaran (Rp)", "Triwulan rencana", "Tanggal tertangani", "Bukti", "Dokumen", "Catatan", "Alasan perubahan",
]  # fmt: skip


def written(path, *, lang="id", origin="dinas"):
    with Ledger.open(":memory:", origin="dinas", clock=clock) as ledger:
        ledger.append(
            [
                *handled(),
                *story("identified", "proposed", village=VILLAGES[1]),
                event("target", 1, VILLAGES[2], document="SK-1"),
                event(
                    "verified",
                    30,
                    VILLAGES[1],
                    partner="Telkom",
                    budget_rp=2.6e9,
                    planned_quarter="2022-Q3",
                    note="panjang " * 40,
                ),
                event("money", 40, VILLAGES[1], amount_rp=1.5e6),
                event("note", 41, VILLAGES[1], constraint="Izin", due_on="2023-01-31"),
            ]
        )
        made = export(ledger, now=NOW, version="0.1.0", villages=PLACES, lang=lang)
    return write_workbook(
        path,
        made.sheets,
        made.frames,
        hidden=Hidden(BASELINE_SHEET, made.baseline),
        origin=origin,
        as_of=dt.date(2022, 12, 31),
        created=NOW,
        lang=lang,
    )


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return openpyxl.load_workbook(written(tmp_path_factory.mktemp("book") / "b.xlsx"))


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_sheets_and_the_one_nobody_sees(tmp_path, lang):
    book = openpyxl.load_workbook(written(tmp_path / "b.xlsx", lang=lang))
    assert book.sheetnames == [*TITLES[lang], BASELINE_SHEET]
    assert [sheet.sheet_state for sheet in book] == ["visible"] * 5 + ["veryHidden"]
    assert book.active.title == TITLES[lang][0]


def test_headings_frozen_and_filtered(book):
    sheet = book["Penanganan"]
    assert [cell.value for cell in sheet[1]] == HEADINGS
    assert all(cell.alignment.wrap_text for cell in sheet[1])
    for name, frozen in (("Penanganan", "C2"), ("Realisasi keuangan", "D2"), ("Kendala", "D2")):
        assert book[name].freeze_panes == frozen
        assert book[name].auto_filter.ref.startswith("A1:")


def test_codes_are_protected_text_and_what_may_change_is_open(book):
    sheet = book["Penanganan"]
    locked = {cell.value: sheet.cell(2, cell.column).protection.locked for cell in sheet[1]}
    assert [heading for heading, closed in locked.items() if closed] == HEADINGS[:6]
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["A2"].number_format) == (VILLAGES[0], "s", "@")
    for name in TITLES["id"][:3]:
        protection = book[name].protection
        assert (protection.sheet, protection.password) == (True, None)
        forbidden = protection.sort, protection.autoFilter, protection.formatColumns
        assert forbidden == (False, False, False)
    assert all(cell.protection.locked for cell in book["Realisasi keuangan"][2])
    assert [cell.protection.locked for cell in book["Kendala"][2]] == [True] * 10 + [False] * 2


def test_new_rows_are_open_in_every_column(book):
    for name in TITLES["id"][:3]:
        sheet = book[name]
        rows = 1 + sum(sheet.cell(row, 2).value is not None for row in range(2, sheet.max_row + 1))
        assert sheet.max_row == rows + NEW_ROWS
        assert not any(cell.protection.locked for cell in sheet[rows + 1])
        letters = [column for column, size in sheet.column_dimensions.items() if size.width]
        assert letters
        assert not any(sheet.column_dimensions[letter].protection.locked for letter in letters)


def test_drop_downs_offer_the_words_of_the_choices(book):
    offered = {}
    for rule in book["Penanganan"].data_validations.dataValidation:
        if rule.type == "list":
            sheet, _, area = rule.formula1.partition("!")
            words = [cell.value for row in book[sheet][area.replace("$", "")] for cell in row]
            offered[book["Penanganan"].cell(1, next(iter(rule.sqref.ranges)).min_col).value] = words
    assert offered["Tahap"][:3] == ["Teridentifikasi", "Diusulkan", "Terverifikasi"]
    assert len(offered["Tahap"]) == 12
    assert offered["Layanan"] == ["Seluler", "Titik internet"]
    assert "BTS baru" in offered["Jenis penanganan"]
    assert "APBN" in offered["Sumber dana"]
    assert {"TW I 2021", "TW III 2022", "TW IV 2025"} <= set(offered["Triwulan rencana"])


def test_days_amounts_and_quarters(book):
    sheet = book["Penanganan"]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == VILLAGES[1])
    cells = dict(zip(HEADINGS, row, strict=True))
    assert (cells["Sejak"].value, cells["Sejak"].number_format) == (dt.datetime(2022, 1, 31), "yyyy-mm-dd")  # noqa: DTZ001
    assert (cells["Anggaran (Rp)"].value, cells["Anggaran (Rp)"].number_format) == (2.6e9, "#,##0")
    assert cells["Triwulan rencana"].value == "TW III 2022"
    assert (cells["Tahap"].value, cells["Layanan"].value) == ("Terverifikasi", "Seluler")
    assert sheet.row_dimensions[row[0].row].height > 60  # the long note is seen whole
    assert book["Kendala"]["I2"].value == dt.datetime(2023, 1, 31)  # noqa: DTZ001 - a cell has no zone


def test_every_column_shows_its_content(book):
    for name in TITLES["id"][:3]:
        sheet = book[name]
        for cell in sheet[1]:
            width = sheet.column_dimensions[cell.column_letter].width
            assert width >= max(map(len, cell.value.split()))
            for below in sheet[cell.column_letter][1:]:
                if below.value is not None and not below.alignment.wrap_text:
                    shown = (
                        f"{below.value:,.0f}"
                        if isinstance(below.value, float | int)
                        else str(below.value).removesuffix(" 00:00:00")
                    )
                    assert len(shown) <= width, (name, cell.value)


def test_it_prints_on_landscape_a4(book):
    for name in TITLES["id"][:3]:
        sheet = book[name]
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
        assert sheet.print_title_rows == "$1:$1"
        assert "31 Desember 2022 · asal dinas" in sheet.oddFooter.left.text
    assert (book["Petunjuk"].page_setup.orientation, book["Petunjuk"].sheet_properties.pageSetUpPr.fitToPage) == (
        "portrait",
        True,
    )


def test_the_instructions_name_every_column_that_may_be_filled_in(book):
    told = {cell.value for row in book["Petunjuk"].iter_rows() for cell in row}
    assert set(HEADINGS[6:]) <= told
    assert any("Alasan perubahan" in text and "tahapnya tetap" in text for text in told if isinstance(text, str))


def test_the_same_ledger_gives_the_same_bytes(tmp_path):
    assert written(tmp_path / "a.xlsx").read_bytes() == written(tmp_path / "b.xlsx").read_bytes()


def test_no_cell_is_a_formula_or_a_link(tmp_path):
    with zipfile.ZipFile(written(tmp_path / "b.xlsx", origin=f"& {HOSTILE}")) as archive:
        parts = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert not any(re.search(rb"<f[ >]|<hyperlink", part) for part in parts)


def test_a_folder_in_the_way_leaves_everything(tmp_path):
    (tmp_path / "b.xlsx").mkdir()
    with pytest.raises(OutputError):
        written(tmp_path / "b.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["b.xlsx"]
