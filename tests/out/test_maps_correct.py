"""The correction form in Chromium, and its way back: what it writes is read by the reader of reports."""

from __future__ import annotations

import datetime as dt
import urllib.parse
from types import SimpleNamespace

import mapworld as world
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mangling import CHANGES
from mapvisit import PHONE, scene
from playwright.sync_api import expect

from blankspot.corrections import Answer, correction_code, read_code, tidy, write_message
from blankspot.out.maps import write_map
from blankspot.sources.records import read_reports

DAY = dt.date(2022, 12, 26)
DESK = SimpleNamespace(name="Dinas Kominfo Uji", email="kominfo@uji.example")


@pytest.fixture(scope="module")
def villages():
    return world.villages()


@pytest.fixture(scope="module")
def full(villages, tmp_path_factory):
    return write_map(tmp_path_factory.mktemp("map") / "map.html", villages, **world.tables(villages), correction=DESK)


def opened(visit, path, **options):
    page = visit(path, **options)
    scene(page, "s.view.toVillage(2)")
    page.locator("[data-bs=correct]").press("Enter")  # the map may still be moving under the card
    expect(page.locator("dialog[open]")).to_be_visible()
    return page


def filled(page):
    form = page.locator("dialog[open]")
    form.get_by_label("Tidak ada sinyal").check()
    form.get_by_label("Operator").select_option(label="Telkomsel")
    form.get_by_label("Tanggal").fill("2022-12-20")
    form.get_by_label("Tempat").fill("Dusun “Cikole” — dekat balai")
    form.get_by_label("Keterangan").fill("Hilang sejak Oktober.\nTanggal: tidak ingat; hubungi 0812-3456-7890")
    return form


def test_the_card_has_a_code_that_python_reads(visit, full, villages):
    page = visit(full)
    codes = scene(page, "s.rows.map(s.correctionCode)")
    assert codes == [correction_code(code, DAY) for code in villages["village_code"]]
    scene(page, "s.view.toVillage(4)")
    shown = page.locator(".leaflet-popup-content .bs-code").text_content()
    assert read_code(shown).village_code == villages["village_code"].iloc[4]


def test_a_page_without_a_day_or_office_has_codes_too(visit, villages, tmp_path):
    odd = villages.assign(village_code=["bps:3204010002", "tanpa kode", *villages["village_code"].iloc[2:]])
    page = visit(write_map(tmp_path / "map.html", odd))
    codes = scene(page, "s.rows.slice(0, 3).map(s.correctionCode)")
    assert codes == [correction_code(code, None) for code in odd["village_code"].iloc[:3]]
    assert codes[1] == ""
    scene(page, "s.view.toVillage(1)")
    expect(page.locator("[data-bs=correct]")).to_have_count(0)


@pytest.mark.parametrize("change", ["quoted", "curly signs", "wrapped lines", "doubled lines", "capitals"])
def test_a_copied_message_comes_back_as_a_report(visit, full, villages, tmp_path, change):
    page = opened(visit, full, permissions=["clipboard-read", "clipboard-write"])
    form = filled(page)
    form.get_by_role("button", name="Salin pesan").click()
    expect(form.locator("[data-way=copy]")).to_have_text("Tersalin")
    text = page.evaluate("navigator.clipboard.readText()").replace("\r\n", "\n")
    assert text == form.locator(".bs-preview").text_content()
    (tmp_path / "jawaban.txt").write_text(CHANGES[change](text), "utf-8")
    checked = read_reports(tmp_path / "jawaban.txt", villages=villages, now=dt.datetime(2023, 1, 1, tzinfo=dt.UTC))
    row = checked.accepted.iloc[0]
    assert (checked.rows_in, len(checked.accepted)) == (1, 1)
    assert (row["village_code"], row["claim"], row["operator"]) == (
        villages["village_code"].iloc[2],
        "none",
        "telkomsel",
    )
    assert row["place"] == 'Dusun "Cikole" - dekat balai'
    assert row["text"] == "Hilang sejak Oktober. Tanggal - tidak ingat; hubungi [dihapus]"


@pytest.mark.parametrize("way", ["csv", "json"])
def test_a_saved_file_comes_back_as_a_report(visit, full, villages, tmp_path, way):
    page = opened(visit, full)
    form = filled(page)
    form.get_by_label("Koordinat").fill("-7.05, 107.5")
    form.get_by_label("Tempat").fill("=1+1")
    with page.expect_download() as saved:
        form.locator(f"[data-way={way}]").click()
    assert saved.value.suggested_filename.startswith("koreksi_99.01.")
    path = tmp_path / f"jawaban.{way}"
    saved.value.save_as(path)
    checked = read_reports(path, villages=villages.assign(geometry=shapely.buffer(villages.geometry.to_numpy(), 1)))
    row = checked.accepted.iloc[0]
    assert (row["village_code"], row["claim"], row["place"]) == (villages["village_code"].iloc[2], "none", "=1+1")
    assert (row["lon"], row["lat"]) == (107.5, -7.05)
    assert row["reported_on"].date() == dt.date(2022, 12, 20)
    if way == "csv":
        assert b'"=1' not in path.read_bytes()


def test_links_wait_for_a_click_and_carry_the_message(visit, full):
    page = opened(visit, full)
    form = page.locator("dialog[open]")
    for way in ("chat", "mail"):
        assert form.locator(f"[data-way={way}]").get_attribute("href") is None
    expect(form.locator("[data-way=copy]")).to_be_disabled()
    expect(form.locator(".bs-wrong")).to_have_text("Pilih keadaan sinyal atau isi keterangan.")
    filled(page)
    text = form.locator(".bs-preview").text_content()
    chat = urllib.parse.urlsplit(form.locator("[data-way=chat]").get_attribute("href"))
    assert (chat.netloc, urllib.parse.parse_qs(chat.query)["text"]) == ("wa.me", [text])
    mail = urllib.parse.urlsplit(form.locator("[data-way=mail]").get_attribute("href"))
    assert (mail.scheme, mail.path) == ("mailto", DESK.email)
    assert urllib.parse.parse_qs(mail.query)["body"] == [text.replace("\n", "\r\n")]
    expect(form).to_contain_text("Kirimkan kepada Dinas Kominfo Uji")
    expect(form).to_contain_text("data pribadi tidak diperlukan")
    form.get_by_label("Tanggal").fill("2099-01-01")
    expect(form.locator(".bs-wrong")).to_have_text("Tanggal itu belum terjadi.")
    assert form.locator("[data-way=chat]").get_attribute("href") is None
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator(".leaflet-popup-content")).to_be_visible()


def test_the_form_on_a_phone_and_in_english(visit, full):
    page = visit(full, **PHONE)
    scene(page, "(s.setLanguage('en'), s.view.toVillage(2))")
    page.locator("[data-bs=correct]").tap()
    form = page.locator("dialog[open]")
    form.get_by_label("No signal").check()
    expect(form.locator(".bs-preview")).to_contain_text("Sinyal: Tidak ada sinyal")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    box = form.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360


@pytest.fixture(scope="module")
def form_page(browser, full):
    context = browser.new_context()
    page = context.new_page()
    page.goto(full.as_uri())
    page.wait_for_selector(".bs[data-ready]")
    yield page
    context.close()


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=120), st.text(alphabet=" :=#*_-'\"selesaikodetanggl.…“’–\u00a0\u200e\n", max_size=60))
def test_script_and_python_write_the_same_message(form_page, first, second):
    code = correction_code("32.04.05.2001", DAY)
    answer = {"correction_code": code, "place": first, "text": second}
    written = scene(form_page, "s.correctionMessage(a)", answer)
    assert written == write_message(Answer(code=code, place=first, text=second))
    assert tidy(written) == tidy(write_message(Answer(code=code, place=first, text=second)))
