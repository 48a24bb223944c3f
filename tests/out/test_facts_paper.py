"""A sheet on paper: one A4 page as PDF and as HTML, whatever it is told, and nothing from the data as markup."""

from __future__ import annotations

import re
from dataclasses import replace

import factworld as world
import pandas as pd
import pytest

from blankspot.errors import OutputError
from blankspot.out.facts.area import Achieved, gather_area
from blankspot.out.facts.cases import Papers
from blankspot.out.facts.page import html_text, write_html
from blankspot.out.facts.paper import pdf_bytes, set_on_a4, write_pdf
from blankspot.out.facts.partner import gather_partner
from blankspot.out.facts.plain import write_plain
from blankspot.out.facts.sheet import Listing
from blankspot.words import Text

LONG = "Keterangan panjang yang tidak selesai-selesai dan terus bersambung " * 12


def pages(document: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", document))


@pytest.fixture(scope="module")
def crowded():
    """The sheet of a partner with 1.200 desa, 300 notes and 40 names."""
    frame, cases = world.crowd()
    notes = [world.note(case_id, constraint=LONG, follow_up=LONG) for case_id in cases["case_id"][:300]]
    return gather_partner(
        "PT Mitra Telekomunikasi Nusantara Sejahtera Abadi Sentosa Tbk",
        key="mitra",
        role="business",
        known_as=[f"Nama lain nomor {i}" for i in range(40)],
        cases=cases,
        villages=frame,
        papers=Papers(notes=pd.DataFrame(notes)),
        as_of=world.AS_OF,
    ).sheet()


@pytest.fixture(scope="module")
def crowded_area():
    """The sheet of a kabupaten with 1.200 blankspots."""
    frame, cases = world.crowd()
    verdicts = pd.DataFrame({"village_code": frame["village_code"], "signal_class": "none", "profile": "bawaan (1a2b)"})
    asked = frame[["village_code"]].assign(proposed_on=pd.Timestamp("2022-01-03"), channel="musrenbang")
    return gather_area(
        "99.01",
        level="regency",
        villages=frame,
        verdicts=verdicts,
        handling=cases,
        papers=Papers(proposals=asked[:900]),
        achieved=Achieved(numerator=480, denominator=1200, year=2022, definition=Text(LONG, LONG)),
        targets={},
        as_of=world.AS_OF,
    ).sheet()


@pytest.fixture(scope="module")
def hostile():
    frame = world.villages(2, name=world.HOSTILE).assign(district=world.HOSTILE)
    cases = world.state(*(world.case(code, "assigned", "2022-03-01") for code in frame["village_code"]))
    notes = pd.DataFrame([world.note(case_id, constraint=world.HOSTILE) for case_id in cases["case_id"]])
    return gather_partner(
        world.HOSTILE, key="x", role="", known_as=(world.HOSTILE,), cases=cases, villages=frame, papers=Papers(notes=notes), as_of=world.AS_OF
    ).sheet()  # fmt: skip


@pytest.fixture(params=["crowded", "crowded_area", "hostile"])
def any_sheet(request):
    return request.getfixturevalue(request.param)


def test_pdf_is_one_page_with_its_own_letters(any_sheet):
    document = pdf_bytes(any_sheet)
    assert document.startswith(b"%PDF-")
    assert pages(document) == 1
    assert b"/FontFile2" in document
    assert document == pdf_bytes(any_sheet)


def test_html_prints_on_one_page_and_asks_for_nothing(browser, any_sheet, tmp_path):
    path = write_html(tmp_path / "lembar.html", any_sheet)
    page = browser.new_page(viewport={"width": 1000, "height": 1200})
    asked, faults = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: faults.append(said.text))
    page.goto(path.as_uri())
    assert pages(page.pdf(prefer_css_page_size=True)) == 1
    assert asked == [path.as_uri()]
    assert faults == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()


def test_texts_are_texts(browser, hostile, tmp_path):
    page = browser.new_page()
    page.goto(write_html(tmp_path / "lembar.html", hostile).as_uri())
    assert page.locator("script").count() == 0
    assert "<script>alert(1)</script> & <b>tebal</b> {{ 7*7 }} ${x} terbalik" in page.locator("h1").inner_text()
    page.close()
    assert "Content-Security-Policy" in html_text(hostile)


def test_all_three_leave_out_and_count(crowded):
    page, scale = set_on_a4(crowded)
    assert scale == 1
    cut = [part for part in page.parts if isinstance(part, Listing) and part.left_out]
    assert cut
    assert cut[0].more("id") in html_text(crowded)
    assert "lagi" in write_plain(crowded)


def test_a_sheet_with_little_to_say_is_set_larger(hostile):
    assert set_on_a4(replace(hostile, parts=()))[1] > 1


def test_files_are_written_whole_or_not_at_all(hostile, tmp_path):
    assert write_pdf(tmp_path / "a" / "lembar.pdf", hostile).read_bytes().startswith(b"%PDF-")
    (tmp_path / "berkas").write_text("x")
    with pytest.raises(OutputError):
        write_pdf(tmp_path / "berkas" / "lembar.pdf", hostile)
