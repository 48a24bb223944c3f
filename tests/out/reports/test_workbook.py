"""The workbook holds every row as figures and texts, says where everything is, and runs nothing."""

from __future__ import annotations

import datetime as dt
import html
import itertools
import re
import zipfile
from dataclasses import replace

import documents
import openpyxl
import pytest

from blankspot.out.reports.layout import chapters
from blankspot.out.reports.model import Section
from blankspot.out.reports.workbook import write_workbook
from blankspot.words import Text

HEAD = 5  # the row of the headings where the definition takes one line


def local(year, month, day, hour=0):
    return dt.datetime(year, month, day, hour, tzinfo=dt.UTC).replace(tzinfo=None)  # as a spreadsheet keeps it


def one(*items, **rest):
    return documents.calm(Section(key="s", title=Text("Bab", "Chapter"), lead=Text("", ""), items=items), **rest)


@pytest.fixture
def read(tmp_path):
    def write_and_read(document, **options):
        return openpyxl.load_workbook(write_workbook(tmp_path / "r.xlsx", document, **options), rich_text=False)

    return write_and_read


def rows(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_has_a_sheet_for_each_table_between_summary_and_sources(read):
    document = documents.calm()
    book = read(document)
    names = [place.sheet for chapter in chapters(document, lang="id") for place in chapter.places]
    assert book.sheetnames == ["Ringkasan", *names, "Sumber data"]
    english = read(document, lang="en").sheetnames
    assert (english[0], english[2], english[-1]) == ("Summary", "1.2 Achievement by partner", "Sources")


def test_summary_quotes_the_figures_and_leads_to_every_sheet(read):
    book = read(documents.calm())
    sheet = book["Ringkasan"]
    found = rows(sheet)
    assert found[0][0] == "Kabupaten Bandung"
    assert "Data per 26 Desember 2022 · tercatat sampai dengan 31 Desember 2022" in found[3]
    head = next(at for at, row in enumerate(found) if row[0] == "Uraian")
    assert found[head + 1][:6] == ["Desa target yang tertangani", 43 / 60, "desa", 43, 60, local(2022, 12, 26)]
    assert found[head + 3][:5] == ["Desa blankspot yang belum tertangani", 505, "desa", None, None]
    assert found[head + 4][1:3] == [2_600_000_000, "Rp"]
    assert sheet.cell(head + 2, 2).number_format == "0.00%"
    links = {row[1].value: row[1].hyperlink.location for row in sheet.iter_rows() if row[1].hyperlink}
    assert list(links) == book.sheetnames[1:]
    assert all(location == f"'{name}'!A1" for name, location in links.items())


def test_table_says_its_day_and_definition_and_keeps_figures(read):
    sheet = read(one(documents.partners()))["1.1 Capaian menurut mitra"]
    found = rows(sheet)
    assert found[0][0] == "1.1 Capaian menurut mitra"
    assert found[1][0] == "Per 26 Desember 2022"
    assert found[2][0] == "Desa dalam daftar target 2022 menurut statusnya pada hari itu."
    assert found[HEAD - 1] == ["Mitra", "Target", "Realisasi", "Capaian", "Penyerapan: pembilang", "Penyerapan: penyebut", "Penyerapan"]  # fmt: skip
    assert found[HEAD] == ["Telkomsel", 30, 24, 0.8, 61_000_000, 2_600_000_000, 61 / 2600]
    assert found[HEAD + 3] == ["Belum ada mitra", 0, 0, "–", 0, 2_600_000_000, 0]
    assert found[HEAD + 4][:4] == ["Jumlah", 60, 43, 43 / 60]
    assert sheet.cell(HEAD + 1, 4).number_format == "0.00%"
    assert sheet.cell(HEAD + 1, 5).number_format == "#,##0"
    assert sheet.freeze_panes == "B6"
    assert sheet.auto_filter.ref == "A5:G9", "the total is not filtered"


def test_columns_that_share_a_heading_are_merged_under_it(read):
    sheet = read(one(documents.e81())).worksheets[1]
    merged = {str(area): sheet.cell(area.min_row, area.min_col).value for area in sheet.merged_cells.ranges}
    assert merged["E5:F5"] == "Target tahun 2022"
    assert sheet["E6"].value == "K"
    assert sheet.freeze_panes == "C7"
    assert sheet.auto_filter.ref.startswith("A6:")
    assert sheet.print_title_rows == "$5:$6"


def test_days_are_days_codes_are_text_and_numbers_keep_their_decimals(read):
    sheet = read(one(documents.villages(3)))["1.1 Desa blankspot 4G"]
    heads = [cell.value for cell in sheet[HEAD]]
    second = sheet[HEAD + 2]
    cells = dict(zip(heads, second, strict=True))
    assert cells["Kode desa"].value == "32.04.01.2002"
    assert cells["Kode desa"].number_format == "@"
    assert cells["Tertangani pada"].value == local(2022, 3, 2)
    assert cells["Tertangani pada"].number_format == "[$-421]d mmmm yyyy"
    assert cells["Anggaran (Rp)"].value == 1_250_000_000
    assert sheet[HEAD + 1][heads.index("Anggaran (Rp)")].value is None
    assert cells["Bagian terlayani"].number_format == "0.0%"
    assert cells["Alasan"].alignment.wrap_text


def test_empty_table_says_so(read):
    sheet = read(one(documents.table("none", title=Text("Titik", "Points"))))["1.1 Titik"]
    assert sheet.cell(HEAD + 1, 1).value == "Tidak ada baris."
    assert sheet.auto_filter.ref is None


def test_every_sheet_prints_landscape_with_its_headings(read):
    book = read(documents.calm())
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "Kabupaten Bandung" in sheet.oddHeader.left.text
        if sheet.title != "Ringkasan":
            assert re.fullmatch(r"\$\d+:\$\d+", sheet.print_title_rows)


def test_wrapped_texts_are_seen_whole(read):
    for sheet in read(documents.calm()):
        spans = [(span.min, span.max, span.width) for span in sheet.column_dimensions.values()]
        widths = {at: width for first, last, width in spans for at in range(first, last + 1)}
        merged = {area.start_cell.coordinate: area for area in sheet.merged_cells.ranges}
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.alignment.wrap_text and isinstance(cell.value, str):
                area = merged.get(cell.coordinate)
                columns = range(area.min_col, area.max_col + 1) if area else [cell.column]
                width = sum(widths[column] for column in columns)
                height = sheet.row_dimensions[cell.row].height or 15
                assert len(cell.value) / width <= height / 15, (sheet.title, cell.value)


def test_charts_are_charts_of_the_workbook(read, tmp_path):
    book = read(documents.calm())
    charts = {sheet.title: type(sheet._charts[0]).__name__ for sheet in book if sheet._charts}
    assert list(charts.values()) == ["ScatterChart", "BarChart", "BarChart"]
    curve = rows(book["1.1 Target dan realisasi…"])
    block = [row[-3:] for row in curve if isinstance(row[-1], int)]
    assert block[0][1:] == [55, 0]
    assert block[-1] == [local(2022, 12, 26), 60, 43]
    assert all(before[0] <= after[0] for before, after in itertools.pairwise(block))
    steps = [(before, after) for before, after in itertools.pairwise(block) if before[1:] != after[1:]]
    assert all(before[0] == after[0] for before, after in steps), "a count changes upright"


@pytest.mark.parametrize("drawn", [documents.curve([]), documents.funnel([], []), documents.ages((0,) * 5)])
def test_chart_without_figures_still_has_its_sheet(drawn, read):
    book = read(one(drawn))
    assert len(book.sheetnames) == 3


def test_hostile_text_is_text(read, tmp_path):
    document = documents.hostile()
    book = read(document)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in cells)
    shown = {cell.value for cell in cells}
    assert set(documents.HOSTILE) <= shown
    assert all(cell.hyperlink is None or cell.hyperlink.location for cell in cells), "only links into the workbook"
    with zipfile.ZipFile(tmp_path / "r.xlsx") as parts:
        text = {name: parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")}
    assert not any("<f>" in sheet for name, sheet in text.items() if name.startswith("xl/worksheets/"))
    titles = [text[name] for name in text if name.startswith("xl/charts/chart")]
    assert all(re.findall(r"<c:f>([^<]*)</c:f>", title) for title in titles)
    assert all("HYPERLINK" not in found for title in titles for found in re.findall(r"<c:f>([^<]*)</c:f>", title))


@pytest.mark.parametrize("title", ["=Ringkasan!A1", "Wah!A1", "'Sumber data'!$B$2"])
def test_title_of_a_chart_is_no_reference_but_ours(title, read, tmp_path):
    write_workbook(tmp_path / "r.xlsx", one(documents.curve(title=Text(title, title))))
    with zipfile.ZipFile(tmp_path / "r.xlsx") as parts:
        chart = parts.read("xl/charts/chart1.xml").decode()
    found = re.search(r"<c:title>.*?<c:f>(.*?)</c:f>.*?<c:v>(.*?)</c:v>", chart)
    assert found[1].endswith("!$A$1")
    assert html.unescape(found[2]) == f"1.1 {title}"


def test_codes_of_the_header_are_text(read):
    book = read(documents.calm(title="A&B &P 50&D"))
    assert book["Ringkasan"].oddHeader.left.text.count("&&") == 3


def test_long_and_broken_texts_fit_a_cell(read):
    texts = ["x" * 40_000, "\ud800tunggal", "baris\nkedua", "\x00\x07"]
    sheet = read(one(documents.table(rows=[{"name": text} for text in texts], title=Text("Teks", "Texts"))))["1.1 Teks"]
    found = [sheet.cell(HEAD + 1 + at, 1).value for at in range(4)]
    assert len(found[0]) == 32_767
    assert found[1] == "?tunggal"
    assert found[2] == "baris\nkedua"


def test_moments_stand_on_the_readers_clock(read):
    moment = dt.datetime(2022, 12, 25, 20, 0, tzinfo=dt.UTC)
    columns = (documents.column("day", "Dicatat", "Recorded", "date"),)
    document = one(documents.table(columns=columns, rows=[{"day": moment}], title=Text("T", "T")))
    zone = dt.timezone(dt.timedelta(hours=7))
    assert read(document, zone=zone)["1.1 T"].cell(HEAD + 1, 1).value == local(2022, 12, 26, 3)


def test_the_same_document_gives_the_same_bytes(tmp_path):
    first, second = (write_workbook(tmp_path / name, documents.calm()).read_bytes() for name in ("a.xlsx", "b.xlsx"))
    assert first == second


def test_marked_rows_are_marked_at_their_first_cell(read):
    table = documents.table(rows=[{"name": "a", "mark": "overdue"}, {"name": "b"}], title=Text("T", "T"))
    sheet = read(one(table))["1.1 T"]
    assert [sheet.cell(HEAD + 1 + at, 1).border.left.style for at in range(2)] == ["thick", None]


def test_numbers_without_set_decimals_keep_their_own(read):
    columns = (replace(documents.column("n", "Angka", "Number", "number"), decimals=None),)
    sheet = read(one(documents.table(columns=columns, rows=[{"n": 62.5}, {"n": 60}], title=Text("T", "T"))))["1.1 T"]
    assert [sheet.cell(HEAD + 1 + at, 1).number_format for at in range(2)] == ["#,##0.0", "#,##0"]


def test_list_beyond_what_a_sheet_holds_says_so(read, monkeypatch):
    monkeypatch.setattr("blankspot.out.reports.workbook._ROWS_MAX", 5)
    table = replace(documents.villages(8), total={"people": 9_999})
    found = rows(read(one(table)).worksheets[1])
    assert found[3][0] == "5 dari 8 baris: satu lembar tidak memuat lebih."
    body = found[HEAD + 1 :]
    assert [row[0] for row in body] == [f"32.04.01.200{at}" for at in range(1, 6)] + [None]
    assert body[-1][4] == 9_999


def test_every_row_of_a_long_list_is_there(read):
    table = documents.villages(5_000)
    body = rows(read(one(table)).worksheets[1])[HEAD:]
    assert len(body) == 5_000
    assert [row[0] for row in body] == [row["code"] for row in table.rows]
    assert [row[4] for row in body] == [row["people"] for row in table.rows]


def test_wide_sheets_go_on_larger_paper_and_then_on_several_pages(read):
    book = read(documents.calm())
    form = next(sheet for sheet in book if "E.81" in str(sheet["A1"].value))
    assert form.page_setup.paperSize == 8
    assert form.page_setup.fitToWidth >= 2
    assert form.print_title_cols == "$A:$C", "number, goal and indicator"
    narrow = next(sheet for sheet in book if "mitra" in str(sheet["A1"].value))
    assert (narrow.page_setup.paperSize, narrow.print_title_cols) == (9, None)


def test_a_list_that_is_elsewhere_has_no_sheet_and_the_summary_says_where_it_is(read):
    where = Text("125.000 baris ada dalam out/evidence.parquet.", "125,000 rows are in out/evidence.parquet.")
    item = documents.table("bukti", elsewhere=where)
    section = Section(key="s", title=Text("Bukti", "Evidence"), lead=Text("", ""), items=(documents.partners(), item))
    book = read(documents.calm(section))
    assert [name for name in book.sheetnames if name.startswith("1.")] == ["1.1 Capaian menurut mitra"]
    said = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    assert said.count(where.id) == 2, "before the figures, and in the list of sheets"
