"""Before and after in Chromium: the slider over quarters, two dates compared, and the divider, on a desk and on a phone."""

from __future__ import annotations

import mapworld as world
import numpy as np
import pytest
from affine import Affine
from mapvisit import PHONE, colour, read_image, scene, spot, switch
from playwright.sync_api import expect

from blankspot.grid import Grid
from blankspot.out.maps import write_map
from blankspot.out.maps.ground import hillshade_overlay, population_overlay


def grid(values):
    return Grid(np.asarray(values, dtype=float), Affine(0.004, 0, 107.38, 0, -0.004, -6.88), "EPSG:4326")


@pytest.fixture(scope="module")
def villages():
    return world.villages()


@pytest.fixture(scope="module")
def drawn(villages, tmp_path_factory):
    row, column = np.mgrid[:85, :110]
    overlays = [population_overlay(grid(5.0 + column)), hillshade_overlay(grid(300 + 200 * np.sin(row / 5)))]
    path = tmp_path_factory.mktemp("time") / "map.html"
    rest = world.tables(villages, readings=300)
    return write_map(path, villages, **rest, overlays=overlays, history=world.history(villages))


def mode(page, name):
    page.locator(f"[data-mode={name}]").click()


def slider(page):
    return page.get_by_label("Triwulan yang dilihat")


def label(page):
    return page.locator(".bs-time-label")


def settled(page):
    scene(page, "await s.layer.settled()")


def test_a_map_without_a_past_has_no_slider(visit, villages, tmp_path):
    page = visit(write_map(tmp_path / "map.html", villages, **world.tables(villages, readings=30)))
    expect(page.locator(".bs-time")).to_have_count(0)


def test_the_slider_moves_everything_to_its_day(visit, drawn):
    page = visit(drawn)
    mode(page, "time")
    expect(label(page)).to_have_text("TW IV 2022 (per 26 Desember 2022)")
    slider(page).press("ArrowLeft")
    expect(label(page)).to_have_text("TW III 2022 (per 30 September 2022)")
    expect(slider(page)).to_have_attribute("aria-valuetext", "TW III 2022 (per 30 September 2022)")
    expect(page.locator(".bs-time-note")).to_have_text(
        "Tampilan lampau, bukan keadaan terkini; dinilai dari ukuran dan laporan, tanpa prediksi."
    )
    expect(page.locator(".bs-asof")).to_have_text("Tampilan lampau: per 30 September 2022")
    expect(page.locator(".bs-progress")).to_contain_text("23 dari 60 desa (38,33 %) per 30 September 2022")
    expect(page.locator(".bs-progress")).not_to_contain_text("26 Desember 2022")
    expect(page.locator("[data-class=none] .bs-number")).to_have_text("20")
    expect(page.locator("[data-class=served] .bs-number")).to_have_text("0")
    expect(page.locator("[data-t=unjudged_count]")).to_have_text("10")
    expect(page.locator("[data-t=gap_count]")).to_have_text("20")
    assert scene(page, "s.stageOf(0)") == "assigned"
    slider(page).press("ArrowLeft")
    assert scene(page, "[s.stageOf(0), s.partnerOf(0)]") == ["proposed", ""]
    slider(page).press("Home")
    expect(page.locator(".bs-time-note")).to_contain_text("Sinyal belum dapat dinilai per tanggal ini")
    expect(page.locator("[data-t=gap_count]")).to_have_text("–")
    expect(page.locator("[data-class=unknown] .bs-number")).to_have_text("40")
    page.get_by_role("button", name="Kembali ke terkini").click()
    expect(page.locator(".bs-asof")).to_have_text("Data per 26 Desember 2022")
    expect(page.locator(".bs-progress")).to_contain_text("43 dari 60 desa (71,67 %) per 26 Desember 2022")
    expect(page.locator("[data-class=none] .bs-number")).to_have_text("10")
    expect(page.locator("[data-t=gap_count]")).to_have_text("5")


def test_the_map_itself_is_of_the_day(visit, drawn):
    page = visit(drawn)
    for layer in ("labels", "handling", "districts"):
        switch(page, layer, on=False)
    settled(page)
    assert (42, 143, 133) in {tuple(colour(page, 6, left, 0)) for left in range(-8, 9)}, "served now"
    mode(page, "time")
    slider(page).press("ArrowLeft")
    settled(page)
    assert (242, 177, 52) in {tuple(colour(page, 6, left, 0)) for left in range(-8, 9)}, "weak then"


def test_a_card_speaks_of_the_same_day(visit, drawn):
    page = visit(drawn)
    mode(page, "time")
    slider(page).press("ArrowLeft")
    scene(page, "s.view.toVillage(6)")
    popup = page.locator(".leaflet-popup-content")
    expect(popup).to_contain_text("Tampilan lampau, per 30 September 2022")
    expect(popup).to_contain_text("Lemah atau sebagian")
    expect(popup).to_contain_text("Ditugaskansejak 15 Juli 2022")
    expect(popup).not_to_contain_text("BA-UjiSinyal")
    slider(page).press("ArrowRight")
    expect(popup).to_contain_text("BA-UjiSinyal")


def test_play_runs_to_the_end_and_stops(visit, drawn):
    page = visit(drawn)
    mode(page, "time")
    slider(page).press("End")
    page.get_by_role("button", name="Putar per triwulan").click()
    expect(label(page)).to_have_text("TW I 2022 (per 31 Maret 2022)")
    expect(page.get_by_role("button", name="Jeda")).to_be_visible()
    expect(label(page)).to_have_text("TW IV 2022 (per 26 Desember 2022)", timeout=9_000)
    expect(page.get_by_role("button", name="Putar per triwulan")).to_be_visible()


def test_closing_goes_back_to_now(visit, drawn):
    page = visit(drawn)
    mode(page, "time")
    slider(page).press("Home")
    mode(page, "time")
    expect(slider(page)).to_have_count(0)
    expect(page.locator(".bs-asof")).to_have_text("Data per 26 Desember 2022")
    assert scene(page, "s.when") is None


def test_two_dates_compared(visit, drawn):
    page = visit(drawn)
    mode(page, "compare")
    page.get_by_label("Dari", exact=True).select_option(label="TW II 2022 (per 30 Juni 2022)")
    page.get_by_label("Sampai", exact=True).select_option(label="TW III 2022 (per 30 September 2022)")
    body = page.locator(".bs-compare")
    expect(body).to_contain_text("40 desa berubah")
    expect(body).to_contain_text("20 ditugaskan")
    page.get_by_label("Dari", exact=True).select_option(label="TW III 2022 (per 30 September 2022)")
    page.get_by_label("Sampai", exact=True).select_option(index=0)
    changed = scene(page, "s.rows.filter(s.matches).length")
    expect(body).to_contain_text(f"{changed} desa berubah")
    expect(body).to_contain_text("membaik")
    expect(page.locator(".bs-asof")).to_have_text("Dibandingkan: 30 September 2022 → 26 Desember 2022")
    signs = page.locator(".leaflet-bs-marks-pane .bs-mark")
    expect(signs).to_have_count(changed)
    page.locator(".bs-compare-list summary").click()
    entry = page.locator(".bs-changes button", has_text="Desa Uji 7").first
    expect(entry).to_contain_text("Status sinyal: Lemah atau sebagian → Terlayani")
    entry.click()
    expect(page.locator(".leaflet-popup-content")).to_contain_text("Lemah atau sebagian → Terlayani")
    expect(page.locator("[data-class=none] .bs-number")).not_to_have_text("0")
    mode(page, "compare")
    expect(signs).to_have_count(0)
    assert scene(page, "s.rows.filter(s.matches).length") == 40


def test_the_rest_steps_back(visit, drawn):
    page = visit(drawn)
    for layer in ("labels", "handling", "districts"):
        switch(page, layer, on=False)
    mode(page, "compare")
    page.locator("[data-class=weak]").click()
    settled(page)
    assert min(colour(page, scene(page, "s.rows.find((row) => !s.matches(row) && s.villages.label[row])"))) > 230


def test_the_divider_shows_both_days_and_moves(visit, drawn):
    page = visit(drawn)
    mode(page, "swipe")
    page.get_by_label("Kiri", exact=True).select_option(label="Status TW III 2022 (per 30 September 2022)")
    page.get_by_label("Kanan", exact=True).select_option(label="Status terkini (per 26 Desember 2022)")
    divider = page.get_by_role("slider", name="Pembatas dua tampilan")
    expect(divider).to_have_attribute("aria-valuenow", "50")
    expect(divider).to_have_attribute(
        "aria-valuetext",
        "50 %; kiri: Status TW III 2022 (per 30 September 2022); kanan: Status terkini (per 26 Desember 2022)",
    )
    expect(page.locator(".bs-side-left")).to_contain_text("TW III 2022")
    expect(page.locator(".bs-side-right")).to_contain_text("Status terkini")
    for layer in ("labels", "handling", "districts"):
        switch(page, layer, on=False)
    page.wait_for_timeout(600)
    served = [row for row in range(2, 40, 4) if spot(page, row)[1] < 480]
    middle = divider.bounding_box()["x"] + 22
    left = next(row for row in served if spot(page, row)[0] < middle - 30)
    right = next(row for row in served if spot(page, row)[0] > middle + 30)

    def shows(row, fill):
        x, y = spot(page, row)
        patch = read_image(page.screenshot(clip={"x": x - 8, "y": y - 8, "width": 16, "height": 16}))[..., :3]
        return (np.abs(patch - fill).sum(axis=2) < 40).mean() > 0.3

    weak, good = (242, 177, 52), (42, 143, 133)
    assert shows(left, weak)
    assert not shows(right, weak)
    divider.focus()
    page.keyboard.press("Home")
    expect(divider).to_have_attribute("aria-valuenow", "0")
    assert not shows(left, weak), "everything is now"
    page.keyboard.press("PageUp")
    page.keyboard.press("ArrowRight")
    expect(divider).to_have_attribute("aria-valuenow", "12")
    box = divider.bounding_box()
    page.mouse.move(box["x"] + 22, 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 222, 320, steps=4)
    page.mouse.up()
    assert divider.bounding_box()["x"] == pytest.approx(box["x"] + 200, abs=3)
    page.mouse.click(*spot(page, right))
    expect(page.locator(".leaflet-popup-content")).to_be_visible()
    mode(page, "swipe")
    expect(divider).to_have_count(0)
    settled(page)
    assert shows(right, good) or shows(right, (168, 209, 204))


def test_a_divider_between_a_raster_and_the_status_survives_moving_the_map(visit, drawn):
    page = visit(drawn)
    mode(page, "swipe")
    page.get_by_label("Kiri", exact=True).select_option(label="Kepadatan penduduk")
    page.get_by_label("Kanan", exact=True).select_option(label="Relief (bayangan lereng)")
    expect(page.locator(".leaflet-image-layer")).to_have_count(2)
    expect(page.locator(".bs-compare-list")).to_contain_text("Legenda: Kepadatan penduduk")
    clip = "[...document.querySelectorAll('.leaflet-bs-side-0-pane, .leaflet-bs-side-1-pane')].map((pane) => pane.style.clipPath)"
    before = page.evaluate(clip)
    assert all(text.startswith("polygon(") for text in before)
    scene(page, "s.map.panBy([60, 40], { animate: false })")
    moved = page.evaluate(clip)
    assert moved != before, "the cut stays under the divider"
    page.set_viewport_size({"width": 900, "height": 600})
    page.wait_for_timeout(300)
    assert page.evaluate(clip) != moved
    scene(page, "s.map.setZoom(s.map.getZoom() + 1, { animate: false })")
    page.wait_for_timeout(300)
    expect(page.locator(".bs-divider")).to_be_visible()


def test_the_address_keeps_what_is_looked_at(visit, drawn):
    page = visit(drawn)
    for name, key in (
        ("time", "time=2022-09-30"),
        ("compare", "compare=2022-09-30,2022-12-26"),
        ("swipe", "swipe=2022-03-31,now,50"),
    ):
        mode(page, name)
        if name == "time":
            slider(page).press("ArrowLeft")
        page.wait_for_function("(key) => location.hash.includes(key)", arg=key)
    page.evaluate("() => { location.hash = 'time=2022-06-30'; }")
    expect(label(page)).to_have_text("TW II 2022 (per 30 Juni 2022)")
    page.evaluate("() => { location.hash = 'swipe=population,2022-06-30,30'; }")
    expect(page.locator(".bs-divider")).to_have_attribute("aria-valuenow", "30")
    for rubbish in ("time=1999-01-01", "compare=x,y", "swipe=__proto__,now,999", "compare=2022-09-30"):
        page.evaluate("(text) => { location.hash = text; }", rubbish)
        page.wait_for_timeout(60)
    expect(page.locator("[data-mode][aria-pressed=true]")).to_have_count(0)
    expect(page.locator(".bs-asof")).to_have_text("Data per 26 Desember 2022")


def test_both_languages(visit, drawn):
    page = visit(drawn)
    mode(page, "time")
    slider(page).press("ArrowLeft")
    page.locator("[data-lang=en]").click()
    expect(label(page)).to_have_text("Q3 2022 (as of 30 September 2022)")
    expect(page.locator(".bs-progress")).to_contain_text("(38.33 %) as of 30 September 2022")
    expect(page.locator("[data-mode=compare]")).to_have_text("Compare")


def test_print_says_which_day_it_shows(visit, drawn):
    page = visit(drawn)
    mode(page, "swipe")
    page.wait_for_timeout(300)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    halves = page.evaluate(
        "() => { const c = document.querySelector('.bs-a4-map canvas'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " const painted = [0, 0]; for (let i = 0; i < d.length; i += 4) if (d[i + 3]) painted[(i / 4) % c.width < c.width / 2 ? 0 : 1]++;"
        " return painted.map((n) => n / (d.length / 8)); }"
    )
    assert min(halves) > 0.3, "both sides fill their half of the paper"
    mode(page, "time")
    slider(page).press("ArrowLeft")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator(".bs-a4-head")).to_be_visible()
    expect(page.locator(".bs-a4-head")).to_contain_text("Tampilan lampau: per 30 September 2022")
    expect(page.locator(".bs-time")).to_be_hidden()


@pytest.mark.parametrize("name", ["time", "compare", "swipe"])
def test_on_a_phone(visit, drawn, name):
    page = visit(drawn, **PHONE)
    page.locator(f"[data-mode={name}]").tap()
    box = page.locator(".bs-time").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    panel = page.locator(".bs-panel").bounding_box()
    assert box["y"] + box["height"] <= panel["y"] + 1, "nothing of it is under the panel"
    for found in page.locator(".bs-time button:visible, .bs-time select:visible, .bs-time input:visible").all():
        assert found.bounding_box()["height"] >= 43.5
    if name == "swipe":
        divider = page.locator(".bs-divider")
        grip = page.locator(".bs-divider-grip").bounding_box()
        assert grip["width"] >= 44
        assert grip["y"] + grip["height"] <= box["y"] + 1
        divider.focus()
        page.keyboard.press("ArrowLeft")
        expect(divider).to_have_attribute("aria-valuenow", "48")
