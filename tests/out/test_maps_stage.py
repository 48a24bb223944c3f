"""The presentation in Chromium: keys, the clock, the presenter's own views, on a large screen and on a phone."""

from __future__ import annotations

import datetime as dt
import itertools
import re

import mapworld as world
import pytest
from axe_playwright_python.sync_playwright import Axe
from mapvisit import PHONE, scene, switch
from playwright.sync_api import expect

from blankspot.out.maps import write_map

ROOM = {"viewport": {"width": 1920, "height": 1080}}


@pytest.fixture(scope="module")
def villages():
    return world.villages()


@pytest.fixture(scope="module")
def full(villages, tmp_path_factory):
    path = tmp_path_factory.mktemp("map") / "map.html"
    since = dt.date(2022, 9, 30)
    return write_map(path, villages, **world.tables(villages), changes=world.changes(villages), changed_since=since)


def begun(visit, path, **options):
    page = visit(path, **options)
    page.locator("[data-tool=more]").click()
    page.get_by_role("button", name="Presentasi", exact=True).click()
    expect(page.locator(".bs-stage")).to_be_visible()
    return page


def caption(page):
    return page.locator(".bs-stage-caption")


def test_the_page_has_a_sequence_and_keys_step_through_it(visit, full):
    page = begun(visit, full, **ROOM)
    expect(caption(page)).to_have_text("Seluruh wilayah")
    expect(page.locator(".bs-stage-figure")).to_have_text("43 dari 60 desa (71,67 %) per 26 Desember 2022")
    expect(page.locator(".bs-stage-legend")).to_contain_text("Blankspot")
    expect(page.locator(".bs-panel")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(caption(page)).to_have_text("Sisa blankspot")
    expect(page.locator(".bs-stage-figure")).to_have_text(
        "5 blankspot belum tertangani dari 40 desa per 26 Desember 2022"
    )
    assert scene(page, "s.on.gaps") is True
    page.keyboard.press("Space")
    expect(caption(page)).to_have_text("Kec. Kecamatan 4: blankspot belum tertangani")
    inside = scene(page, "s.rows.filter(s.matches).length")
    expect(page.locator(".bs-stage-figure")).to_contain_text(f"3 blankspot belum tertangani dari {inside} desa")
    page.keyboard.press("End")
    expect(caption(page)).to_have_text("Belum cukup data")
    expect(page.locator(".bs-stage-figure")).to_contain_text("10 desa belum cukup data")
    page.keyboard.press("ArrowLeft")
    expect(caption(page)).to_have_text("Yang berubah sejak 30 September 2022")
    expect(page.locator(".bs-stage-figure")).to_contain_text("2 desa berubah")
    page.keyboard.press("Home")
    expect(page.locator(".bs-stage-place")).to_have_text("1 / 6")
    page.keyboard.press("Escape")
    expect(page.locator(".bs-stage")).to_be_hidden()
    expect(page.locator(".bs-panel")).to_be_visible()


def test_what_was_looked_at_before_comes_back(visit, full):
    page = visit(full, **ROOM)
    page.get_by_label("Mitra", exact=True).select_option(label="BAKTI")
    scene(page, "s.stage.begin()")
    page.keyboard.press("ArrowRight")
    assert scene(page, "s.filter.partner") is None
    page.keyboard.press("Escape")
    assert scene(page, "s.filter.partner") == "=BAKTI"
    expect(page.get_by_label("Mitra", exact=True)).to_have_value("=BAKTI")


def test_it_is_readable_from_the_last_row(visit, full):
    page = begun(visit, full, **ROOM)
    sizes = page.evaluate(
        "['.bs-stage-caption', '.bs-stage-figure strong', '.bs-stage-legend .bs-class'].map((q) => parseFloat(getComputedStyle(document.querySelector(q)).fontSize))"
    )
    assert sizes[0] >= 36
    assert sizes[1] >= 42
    assert sizes[2] >= 17
    legend, places = page.locator(".bs-stage-legend"), page.locator(".bs-map")
    left, right = places.bounding_box(), legend.bounding_box()
    assert left["x"] + left["width"] <= right["x"] + 1
    assert left["width"] > 1200


def test_it_runs_by_itself_and_pauses(visit, full):
    page = visit(full, **ROOM)
    page.clock.install()
    scene(page, "s.stage.begin()")
    page.get_by_label("Selang").select_option("5")
    page.get_by_role("button", name="Putar otomatis").click()
    page.clock.run_for(5100)
    expect(caption(page)).to_have_text("Sisa blankspot")
    page.clock.run_for(5100)
    expect(caption(page)).to_have_text(re.compile("Kec. Kecamatan 4"))
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Putar otomatis")).to_be_visible()
    page.clock.run_for(20000)
    expect(caption(page)).to_have_text(re.compile("Kec. Kecamatan 4"))


def test_a_presenter_adds_orders_removes_and_sends_views(visit, full):
    page = visit(full, permissions=["clipboard-read", "clipboard-write"], **ROOM)
    place = scene(page, "s.rows.map((r) => s.villages.code(r)).find((c) => c.startsWith('99.01.02')).slice(0, 8)")
    scene(page, "s.panel.toPlace(a)", place)
    scene(page, "s.stage.add()")
    page.get_by_role("button", name="Hapus saringan").click()
    switch(page, "sites", on=True)
    scene(page, "s.stage.add()")
    expect(page.locator(".bs-toast")).to_contain_text("Ditambahkan sebagai tampilan ke-2.")
    page.locator("[data-tool=more]").click()
    page.get_by_role("button", name="Daftar tampilan").click()
    names = page.locator(".bs-stage-views input")
    expect(names).to_have_count(2)
    expect(names.first).to_have_value("Kecamatan 2")
    names.nth(1).fill("Menara | dan ~ sinyal")
    names.nth(1).press("Enter")
    page.locator("[data-stage=down]").first.click()
    expect(names.nth(1)).to_have_value("Kecamatan 2")
    page.get_by_role("button", name="Salin tautan presentasi").click()
    expect(page.get_by_role("button", name="Tersalin")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert len(link) < 2000
    other = visit(full, **PHONE)
    other.goto(link)
    other.reload()
    other.wait_for_selector(".bs[data-ready]")
    scene(other, "s.stage.begin()")
    expect(caption(other)).to_have_text("Menara dan sinyal")
    assert scene(other, "s.on.sites") is True
    expect(other.locator(".bs-stage-place")).to_have_text("1 / 2")
    other.locator("[data-stage=next]").tap()
    expect(caption(other)).to_have_text("Kecamatan 2")
    assert scene(other, "s.filter.place") == place
    page.locator("[data-stage=remove]").first.click()
    expect(names).to_have_count(1)
    page.get_by_role("button", name="Kembali ke urutan bawaan").click()
    expect(names).to_have_count(6)


def test_on_a_phone_everything_has_its_place(visit, full):
    page = begun(visit, full, **PHONE)
    boxes = [page.locator(q).bounding_box() for q in (".bs-stage-head", ".bs-map", ".bs-stage-legend", ".bs-stage-bar")]
    for above, below in itertools.pairwise(boxes):
        assert above["y"] + above["height"] <= below["y"] + 1
    assert boxes[1]["height"] > 250
    for button in page.locator(".bs-stage-bar button:visible, .bs-stage-bar select").all():
        box = button.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        assert min(box["width"], box["height"]) >= 43.9
    page.locator("[data-stage=end]").tap()
    expect(page.locator(".bs-stage")).to_be_hidden()


def test_a_refused_full_screen_is_no_obstacle(visit, full):
    page = begun(visit, full, script="Element.prototype.requestFullscreen = () => Promise.reject(new Error('no'))")
    expect(caption(page)).to_have_text("Seluruh wilayah")
    page.keyboard.press("f")
    page = begun(visit, full, script="Element.prototype.requestFullscreen = undefined")
    page.keyboard.press("ArrowRight")
    expect(caption(page)).to_have_text("Sisa blankspot")


def test_a_map_without_verdicts_or_progress_presents_what_it_has(visit, villages, tmp_path):
    page = begun(visit, write_map(tmp_path / "map.html", villages))
    expect(caption(page)).to_have_text("Seluruh wilayah")
    expect(page.locator(".bs-stage-figure")).to_have_text("40 desa ditampilkan dari 40 desa")
    expect(page.locator(".bs-stage-place")).to_have_text("1 / 1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_stage_in_its_list_and_in_the_correction_form(visit, full, scheme):
    page = visit(full, color_scheme=scheme, bypass_csp=True, **PHONE)  # axe is a script of its own

    def faults():
        told = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).response
        return [(fault["id"], fault["nodes"][0]["html"]) for fault in told["violations"]]

    scene(page, "s.view.toVillage(2)")
    page.locator("[data-bs=correct]").tap()
    assert faults() == []
    page.keyboard.press("Escape")
    scene(page, "(s.view.close(), s.stage.begin())")
    assert faults() == []
    page.locator("[data-stage=list]").tap()
    assert faults() == []


def test_the_language_changes_on_stage(visit, full):
    page = begun(visit, full)
    page.keyboard.press("ArrowRight")
    scene(page, "s.setLanguage('en')")
    expect(caption(page)).to_have_text("Remaining blankspots")


def test_a_broken_list_of_views_is_left_aside(visit, full):
    page = visit(full)
    page.goto(full.as_uri() + "#views=%E0%A4%A~||~~x|abc")
    page.reload()
    page.wait_for_selector(".bs[data-ready]")
    scene(page, "s.stage.begin()")
    expect(page.locator(".bs-stage")).to_be_visible()
