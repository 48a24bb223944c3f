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
