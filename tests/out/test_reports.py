"""The report says what the tables say, as text and never as markup or formula."""

from __future__ import annotations

import datetime as dt
import re

import openpyxl
import pandas as pd
import pytest
import worlds

import blankspot as bs
from blankspot.ledger import Event
from blankspot.out.reports import Report, write_report, write_workbook

HOSTILE = [
    "</script><script>window.bad = 1</script>",
    "${alert(1)}",
    "`x`",
    "a\\b",
    "<img src=x onerror=window.bad=1>",
    "\u202ekanan",
    "😀 desa",
    '=HYPERLINK("http://x")',
    "{{7*7}}",
]


@pytest.fixture
def report():
    villages = worlds.full_villages(len(HOSTILE), HOSTILE)
    verdicts = bs.classify(villages, measurements=worlds.spaced(worlds.drive([-121.0] * 31)))
    with bs.Ledger.open(":memory:", clock=lambda: dt.datetime(2023, 1, 1, tzinfo=dt.UTC)) as ledger:
        day = dt.date(2022, 1, 10)
        ledger.append(
            [
                Event(kind="target", village_code=code, happened_on=day, fields={"year": 2022, "document": HOSTILE[0]})
                for code in villages["village_code"][:3]
            ]
        )
        state, progress = (
            ledger.state(as_of=dt.date(2022, 12, 26)),
            ledger.progress(year=2022, as_of=dt.date(2022, 12, 26)),
        )
    provenance = bs.Provenance(
        version="0", profile="bawaan", profile_digest="abc", as_of=dt.date(2022, 12, 26), title=HOSTILE[0]
    )
    return Report(
        villages=villages,
        verdicts=verdicts.verdicts,
        evidence=verdicts.evidence,
        handling=state,
        progress=progress,
        provenance=provenance,
    )


def test_gaps_districts_and_stages_count_villages(report):
    assert report.gaps()["village_code"].tolist() == ["99.01.01.2001"]
    assert report.by_district().to_dict("records") == [
        {"district": "Arunasari", "none": 1, "weak": 0, "served": 0, "unknown": 8, "total": 9}
    ]
    assert report.stages().to_dict("records") == [{"stage": "identified", "villages": 3}]


def test_a_handled_blankspot_is_no_gap(report):
    handled = report.handling.assign(stage="handled")
    assert report.gaps().empty is False
    assert Report(**{**vars(report), "handling": handled}).gaps().empty


@pytest.mark.parametrize("lang", ["id", "en"])
def test_page_has_no_address_and_no_script(report, tmp_path, lang):
    text = write_report(tmp_path / "r.html", report, lang=lang).read_text(encoding="utf-8")
    assert "<script" not in text.lower()
    assert "<img" not in text.lower()
    assert not re.search(r"<[^>]*\b(src|href)\s*=", text)
    assert f'<html lang="{lang}">' in text
    assert (
        "0 dari 3 desa (0,00 %) per 26 Desember 2022" if lang == "id" else "0 of 3 desa (0.00 %) as of 26 December 2022"
    ) in text


def test_hostile_names_are_text_in_the_browser(report, tmp_path, browser):
    path = write_report(tmp_path / "r.html", report)
    page = browser.new_context(offline=True, viewport={"width": 360, "height": 740}).new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    shown = page.inner_text("body")
    for name in HOSTILE:
        assert name in shown
    assert page.evaluate("window.bad") is None
    assert asked == [path.as_uri()]
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1]


def test_workbook_holds_the_same_figures_as_text(report, tmp_path):
    book = openpyxl.load_workbook(write_workbook(tmp_path / "r.xlsx", report))
    assert book.sheetnames == ["Ringkasan", "Desa", "Belum tertangani", "Penanganan", "Bukti", "Sumber data"]
    names = {row[0].value: row[1].value for row in book["Ringkasan"].iter_rows(min_row=2)}
    assert names["Blankspot"] == "1 dari 9 desa (11,1 %)"
    heads = [cell.value for cell in book["Desa"][1]]
    column = heads.index("Nama desa") + 1
    found = [book["Desa"].cell(row, column) for row in range(2, 2 + len(HOSTILE))]
    assert [cell.value for cell in found] == HOSTILE
    assert all(cell.data_type != "f" for cell in found)


def test_workbook_speaks_one_language(report, tmp_path):
    wanted = {
        "id": ("Kode desa", "tidak", "luas wilayah", "Bagian terlayani", "Seluler", "[$-421]d mmm yyyy"),
        "en": ("Village code", "no", "area", "Share served", "Mobile", "[$-809]d mmm yyyy"),
    }
    for lang, (code, no, area, statistic, service, day) in wanted.items():
        book = openpyxl.load_workbook(write_workbook(tmp_path / f"{lang}.xlsx", report, lang=lang))
        villages, handling, evidence = book.worksheets[1], book.worksheets[3], book.worksheets[4]
        rows = [[cell.value for cell in row] for row in villages.iter_rows()]
        assert rows[0][0] == code
        assert {no, area} <= set(rows[2])
        assert statistic in {cell.value for column in evidence.iter_cols() for cell in column}
        assert service in {cell.value for cell in handling["D"]}
        assert day in {cell.number_format for cell in handling[2]}


def test_workbook_asks_for_the_reason_early_and_prints_on_a4(report, tmp_path):
    book = openpyxl.load_workbook(write_workbook(tmp_path / "r.xlsx", report))
    heads = [cell.value for cell in book["Desa"][1]]
    assert heads[:4] == ["Kode desa", "Nama desa", "Kecamatan", "Status sinyal"]
    assert heads.index("Alasan") < heads.index("Versi kode")
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.print_title_rows == "$1:$1"
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if cell.alignment.wrap_text and cell.value:
                    width = sheet.column_dimensions[cell.column_letter].width
                    height = sheet.row_dimensions[cell.row].height or 15
                    assert len(cell.value) / width <= height / 15, "a wrapped text is seen whole"


def test_not_enough_data_has_no_degree_of_certainty(report, tmp_path):
    book = openpyxl.load_workbook(write_workbook(tmp_path / "r.xlsx", report))
    heads = [cell.value for cell in book["Desa"][1]]
    at, sure = heads.index("Status sinyal"), heads.index("Keyakinan")
    for row in book["Desa"].iter_rows(min_row=2, values_only=True):
        assert (row[sure] is None) == (row[at] == "Belum cukup data")


def test_page_prints_every_reason_in_few_lines(report, tmp_path, browser):
    page = browser.new_context(viewport={"width": 688, "height": 1000}).new_page()
    page.goto(write_report(tmp_path / "r.html", report).as_uri())
    page.emulate_media(media="print")
    widths = page.locator("td.why").evaluate_all("all => all.map((cell) => cell.getBoundingClientRect().width)")
    assert min(widths) > 0.35 * 688
    assert page.evaluate("document.documentElement.scrollWidth") <= 688


def test_nothing_proven_is_not_nothing_to_do(report, tmp_path):
    unknown = Report(**{**vars(report), "verdicts": report.verdicts.assign(signal_class="unknown")})
    text = write_report(tmp_path / "r.html", unknown).read_text(encoding="utf-8")
    assert f"Tidak ada yang terbukti; {len(HOSTILE)} desa belum cukup data." in text


def test_empty_ledger_and_no_target(report):
    empty = Report(**{**vars(report), "handling": report.handling.iloc[:0]})
    assert empty.stages().empty
    assert len(empty.desa()) == len(HOSTILE)
    assert isinstance(empty.gaps(), pd.DataFrame)


def test_an_internet_point_handles_no_blankspot(report):
    internet = report.handling.iloc[:1].assign(case_id="99.01.01.2001:internet", service="internet", stage="handled")
    both = pd.concat([report.handling, internet], ignore_index=True)
    told = Report(**{**vars(report), "handling": both})
    assert told.gaps()["village_code"].tolist() == ["99.01.01.2001"]
    assert told.stages().to_dict("records") == [{"stage": "identified", "villages": 3}]
