"""The address of a view and the two languages of a page, in Chromium with the network off."""

from __future__ import annotations

import datetime as dt
import re

import mapworld as world
import pytest
from mapvisit import PHONE, scene, switch
from playwright.sync_api import expect

from blankspot.out.maps import draw_map, write_map


@pytest.fixture(scope="module")
def villages():
    return world.villages()


@pytest.fixture(scope="module")
def full(villages, tmp_path_factory):
    since = dt.date(2022, 9, 30)
    path = tmp_path_factory.mktemp("state") / "map.html"
    return write_map(path, villages, **world.tables(villages), changes=world.changes(villages), changed_since=since)


def address(page):
    page.wait_for_timeout(350)
    return page.evaluate("location.hash")


def opened(visit, path, hash_, **options):
    page = visit(path, ready=False, **options)
    page.goto(path.as_uri() + hash_)
    page.reload()
    page.wait_for_selector(".bs[data-ready]")
    return page


def test_an_untouched_page_has_a_bare_address(visit, full):
    assert address(visit(full)) in ("", "#")


def test_what_is_looked_at_is_in_the_address_and_comes_back(visit, full, villages):
    page = visit(full)
    page.get_by_label("Mitra", exact=True).select_option(label="BAKTI")
    page.locator("[data-class=none]").click()
    switch(page, "sites", on=True)
    switch(page, "labels", on=False)
    page.locator("[data-lang=en]").click()
    scene(page, "s.view.toVillage(8)")
    code = villages["village_code"].iloc[8]
    told = address(page)
    for part in (
        "partner=BAKTI",
        "classes=weak,served,unknown",
        "sites",
        "-labels",
        "lang=en",
        f"village={code}",
        "view=-",
    ):
        assert part in told, told
    other = opened(visit, full, told)
    expect(other.locator("[data-bs=count]")).to_have_text(page.locator("[data-bs=count]").inner_text())
    expect(other.locator("[data-class=none]")).to_have_attribute("aria-pressed", "false")
    expect(other.locator("input[data-layer=sites]")).to_be_checked()
    expect(other.locator("input[data-layer=labels]")).not_to_be_checked()
    expect(other.locator(".leaflet-popup-content")).to_contain_text("Desa Uji 9")
    assert scene(other, "s.selected") == 8
    view = re.compile(r"view=(-?[\d.]+),([\d.]+),([\d.]+)")
    assert view.sub("", address(other)) == view.sub("", told)
    seen = [[float(number) for number in view.search(text).groups()] for text in (address(other), told)]
    assert seen[0] == pytest.approx(seen[1], abs=0.0005)


@pytest.mark.parametrize(
    ("filtered", "text"),
    [
        ("stage", "proposed"),
        ("stage", "-"),
        ("partner", "-"),
        ("age", "0"),
        ("changed", "any"),
        ("changed", "target_added"),
        ("place", "99.01.02"),
        ("flag", "no_4g"),
        ("confidence", "measured,modelled"),
    ],
)
def test_every_filter_is_kept(visit, full, filtered, text):
    page = opened(visit, full, f"#{filtered}={text}")
    assert scene(page, "s.filtered()")
    if filtered not in ("place", "confidence"):
        assert page.locator(f"select[data-filter={filtered}]").input_value() != "*"
    assert f"{filtered}={text}" in address(page)


RUBBISH = (
    "#%",
    "#view=a,b,c&village=nope&layers=__proto__,-nothing&classes=x&stage=constructor&partner=%F0%28&age=99&changed=%00&lang=xx&place=1e9&flag=x&confidence=x&table=__proto__",
    "#view=1,2&=&&&==&lang",
    "#view=NaN,Infinity,1e308&village=%3Cscript%3Ewindow.hacked=1%3C/script%3E",
    "#" + "x=" + "y" * 5000,
    "#view=-91,500,3",
)


@pytest.mark.parametrize("rubbish", RUBBISH, ids=range(len(RUBBISH)))
def test_rubbish_in_the_address_changes_nothing(visit, full, rubbish):
    page = opened(visit, full, rubbish)
    expect(page.locator("[data-bs=count]")).to_have_text("Menampilkan 40 dari 40 desa")
    assert not scene(page, "s.filtered()")
    assert scene(page, "s.selected") == -1
    assert scene(page, "s.map.getCenter().lat") == pytest.approx(-7.05, abs=0.1)
    assert address(page) in ("", "#")


def test_going_to_another_address_puts_the_page_back_first(visit, full, villages):
    page = opened(visit, full, "#partner=BAKTI&layers=sites&lang=en&village=" + villages["village_code"].iloc[3])
    expect(page.locator(".leaflet-popup-content")).to_contain_text("Desa Uji 4")
    page.evaluate("location.hash = '#classes=none'")
    expect(page.locator("[data-bs=count]")).to_have_text("Menampilkan 10 dari 40 desa")
    expect(page.locator(".leaflet-popup-content")).to_have_count(0)
    expect(page.locator("input[data-layer=sites]")).not_to_be_checked()


@pytest.mark.parametrize("device", ["desk", "phone"])
def test_the_language_changes_inside_the_file(visit, full, device):
    page = visit(full, **(PHONE if device == "phone" else {}))
    if device == "phone":
        page.locator("[data-bs=toggle]").tap()
    for lang, texts in {
        "en": ("Map of village signal status", "Data as of 26 December 2022", "Layers and legend", "Showing 40 of 40 villages", "Weak or partial"),
        "id": ("Peta status sinyal desa", "Data per 26 Desember 2022", "Lapisan dan legenda", "Menampilkan 40 dari 40 desa", "Lemah atau sebagian"),
    }.items():  # fmt: skip
        page.locator(f"[data-lang={lang}]").click()
        expect(page.locator(f"[data-lang={lang}]")).to_have_attribute("aria-pressed", "true")
        assert page.evaluate("document.documentElement.lang") == lang
        for text in texts:
            expect(page.locator(".bs-panel")).to_contain_text(text)
        names = {"en": "Search village, kecamatan or code", "id": "Cari desa, kecamatan, atau kode"}
        expect(page.get_by_role("combobox", name=names[lang])).to_have_count(1)
        expect(page.get_by_role("button", name={"en": "Zoom in", "id": "Perbesar"}[lang])).to_have_count(1)


@pytest.mark.parametrize("device", ["desk", "phone"])
def test_an_open_card_changes_its_language_too(visit, full, device):
    page = visit(full, **(PHONE if device == "phone" else {}))
    card = page.locator(".leaflet-popup-content" if device == "desk" else ".bs-sheet")
    scene(page, "s.view.toVillage(0)")
    expect(card).to_contain_text("14 November 2022")
    expect(card).to_contain_text("Tertangani")
    scene(page, "s.setLanguage('en')")
    expect(card).to_contain_text("Handled")
    expect(card).not_to_contain_text("Tertangani")
    scene(page, "s.setLanguage('xx')")
    assert scene(page, "s.lang") == "en"


def test_a_page_in_a_frame_has_no_address_and_works(visit, villages, tmp_path):
    path = tmp_path / "notebook.html"
    path.write_text(f"<!DOCTYPE html><meta charset=utf-8><body>{draw_map(villages)._repr_html_()}", encoding="utf-8")
    page = visit(path, ready=False)
    frame = page.frame_locator("iframe")
    frame.locator("[data-lang=en]").click()
    expect(frame.locator("[data-bs=count]")).to_have_text("Showing 40 of 40 villages")
