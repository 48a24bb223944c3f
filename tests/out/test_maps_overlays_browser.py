"""Rasters and plans on the map in Chromium: switched, explained, asked for a value, kept in the address and in print."""

from __future__ import annotations

import geopandas as gpd
import mapworld as world
import numpy as np
import pytest
import shapely
from affine import Affine
from mapvisit import PHONE, read_image, scene, spot, switch
from playwright.sync_api import expect

from blankspot.grid import Grid
from blankspot.out.maps import Classes, Overlay, Plan, write_map
from blankspot.out.maps.ground import hillshade_overlay, population_overlay
from blankspot.words import Text

WEST, NORTH, ROWS, COLUMNS, SIZE = 107.38, -6.88, 170, 220, 0.002
DBM = Classes(
    edges=(-115, -105),
    colours=("#7b1f5f", "#e08a3c", "#3b6fb6"),
    labels=(Text("tidak ada sinyal", "no signal"), Text("lemah", "weak"), Text("kuat", "strong")),
    detail=20,
)


def grid(values):
    return Grid(np.asarray(values, dtype=float), Affine(SIZE, 0, WEST, 0, -SIZE, NORTH), "EPSG:4326")


def layers():
    row, column = np.mgrid[:ROWS, :COLUMNS]
    signal = -130.0 + 50 * column / COLUMNS
    signal[:, : COLUMNS // 8] = np.nan
    heights = 600 + 250 * np.sin(row / 9) * np.cos(column / 11)
    people = 40 * np.exp(-((row - 85) ** 2 + (column - 110) ** 2) / 2000)
    worst = "".join(world.HOSTILE)
    return [
        Overlay(
            key="telkomsel_4g", title=Text("Telkomsel 4G", "Telkomsel 4G"), raster=grid(signal), legend=DBM, kind="modelled",
            unit=Text("dBm", "dBm"), group=Text("Sinyal menurut prediksi", "Predicted signal"), attribution=worst,
        ),
        population_overlay(grid(people)),
        hillshade_overlay(grid(heights)),
        Plan(
            key="rencana",
            title=Text("Rencana menara", "Planned towers"),
            frame=gpd.GeoDataFrame(
                {"nama": ["Menara rencana 1", worst], "jiwa": [1200, 300]},
                geometry=[shapely.Point(107.6, -7.05), shapely.box(107.55, -7.12, 107.58, -7.1)],
                crs=4326,
            ),
            name="nama",
            columns={"jiwa": Text("Jiwa terlayani", "People served")},
        ),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def villages():
    return world.villages()


@pytest.fixture(scope="module")
def drawn(villages, tmp_path_factory):
    path = tmp_path_factory.mktemp("overlays") / "map.html"
    return write_map(path, villages, **world.tables(villages, readings=300), overlays=layers())


def turn(page, key, *, on=True):
    page.locator(f"input[data-overlay={key}]").set_checked(on)


def row(page, key):
    return page.locator(".bs-overlay", has=page.locator(f"input[data-overlay={key}]"))


def pictures(page):
    return page.locator(".leaflet-image-layer")


def test_a_raster_takes_the_place_of_the_fill_and_gives_it_back(visit, drawn):
    page = visit(drawn)
    expect(pictures(page)).to_have_count(0)
    turn(page, "telkomsel_4g")
    expect(pictures(page)).to_have_count(1)
    expect(page.locator("input[data-layer=verdicts]")).not_to_be_checked()
    expect(page.locator("[data-class]")).to_have_count(0)
    expect(row(page, "telkomsel_4g")).to_contain_text("prediksi")
    expect(row(page, "telkomsel_4g")).to_contain_text("tidak ada sinyal")
    expect(row(page, "telkomsel_4g")).to_contain_text("Isian status sinyal disembunyikan")
    turn(page, "population")
    expect(pictures(page)).to_have_count(1)
    expect(page.locator("input[data-overlay=telkomsel_4g]")).not_to_be_checked()
    turn(page, "population", on=False)
    expect(page.locator("input[data-layer=verdicts]")).to_be_checked()
    expect(page.locator("[data-class]")).to_have_count(4)
    expect(pictures(page)).to_have_count(0)


def test_the_picture_lies_where_it_should(visit, drawn):
    page = visit(drawn)
    turn(page, "population")
    page.wait_for_function("() => document.querySelector('.leaflet-image-layer').complete")
    box = pictures(page).bounding_box()
    corner = scene(
        page,
        "(() => { const p = s.map.latLngToContainerPoint([a[1], a[0]]);"
        " const box = s.map.getContainer().getBoundingClientRect(); return [p.x + box.left, p.y + box.top]; })()",
        [WEST, NORTH],
    )
    assert [box["x"], box["y"]] == pytest.approx(corner, abs=1.5)


def test_the_value_under_the_pointer(visit, drawn):
    page = visit(drawn)
    turn(page, "telkomsel_4g")
    page.wait_for_function("async () => (await window[document.querySelector('.bs-map').id].blankspot).rasters[0].at")
    found = scene(page, "s.overlays.at({ lat: -7.05, lng: a })", WEST + SIZE * 165.5)
    assert found == [["Telkomsel 4G", found[0][1]]]
    wanted = -130 + 50 * 165 / COLUMNS
    assert float(found[0][1].split()[0].replace("-", "-")) == pytest.approx(wanted, abs=1)
    assert found[0][1].endswith("dBm")
    assert scene(page, "s.overlays.at({ lat: -7.05, lng: a })", WEST + SIZE * 5) == []
    assert scene(page, "s.overlays.at({ lat: 3, lng: 100 })") == []
    at = spot(page, 5)
    page.mouse.move(*at)
    page.mouse.move(at[0] + 1, at[1])
    expect(page.locator(".bs-tip")).to_contain_text("Telkomsel 4G: -")
    assert page.locator(".bs-tip").bounding_box()["width"] > 80
    page.mouse.click(*at)
    expect(page.locator(".leaflet-popup-content")).to_contain_text("Di titik ini")
    expect(page.locator(".leaflet-popup-content")).to_contain_text("dBm")


def test_relief_shades_what_lies_over_it(visit, drawn):
    page = visit(drawn)
    for layer in ("labels", "districts", "handling"):
        switch(page, layer, on=False)
    scene(page, "await s.layer.settled()")
    at = {"x": 500, "y": 200, "width": 500, "height": 400}
    plain = read_image(page.screenshot(clip=at))
    turn(page, "hillshade")
    expect(page.locator("input[data-layer=verdicts]")).to_be_checked()
    page.wait_for_function("() => document.querySelector('.leaflet-image-layer').complete")
    scene(page, "await s.layer.settled()")
    page.wait_for_timeout(200)
    shaded = read_image(page.screenshot(clip=at))
    difference = plain[..., :3].sum(axis=2) - shaded[..., :3].sum(axis=2)
    assert (difference > 30).mean() > 0.15, "slopes away from the light are darker"
    assert (difference < -30).mean() < 0.02, "nothing becomes brighter"
    expect(row(page, "hillshade")).to_contain_text("Disinari dari barat laut")


def test_opacity_and_the_address(visit, drawn):
    page = visit(drawn)
    turn(page, "telkomsel_4g")
    field = page.locator("input[data-opacity=telkomsel_4g]")
    field.fill("40")
    expect(pictures(page)).to_have_css("opacity", "0.4")
    turn(page, "hillshade")
    page.wait_for_function("() => location.hash.includes('overlays=telkomsel_4g:40,hillshade')")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector(".bs[data-ready]")
    expect(pictures(page)).to_have_count(2)
    expect(page.locator("input[data-opacity=telkomsel_4g]")).to_have_value("40")
    expect(page.locator("input[data-layer=verdicts]")).not_to_be_checked()


@pytest.mark.parametrize("text", ["nothing", "telkomsel_4g:999", "-population,,:", "__proto__", "hillshade:x"])
def test_an_address_that_somebody_made_up(visit, drawn, text):
    page = visit(drawn)
    page.evaluate("(text) => { location.hash = 'overlays=' + text; }", text)
    page.wait_for_timeout(100)
    expect(page.locator(".bs-overlay")).to_have_count(4)


def test_both_languages_and_hostile_words(visit, drawn):
    page = visit(drawn)
    turn(page, "telkomsel_4g")
    page.locator("[data-lang=en]").click()
    expect(page.locator(".bs-group")).to_have_text("Predicted signal")
    expect(row(page, "telkomsel_4g")).to_contain_text("modelled")
    expect(row(page, "telkomsel_4g")).to_contain_text("no signal")
    expect(row(page, "telkomsel_4g")).to_contain_text("<img src=x onerror=window.hacked=1>")
    assert page.evaluate("window.hacked === undefined")


def test_a_plan_is_drawn_and_told_as_one(visit, drawn):
    page = visit(drawn)
    turn(page, "rencana")
    expect(row(page, "rencana")).to_contain_text("rencana, belum ada")
    shapes = page.locator(".leaflet-bs-plan-pane path")
    expect(shapes).to_have_count(2)
    shapes.first.click()
    popup = page.locator(".leaflet-popup-content")
    expect(popup).to_contain_text("Menara rencana 1")
    expect(popup).to_contain_text("Jiwa terlayani1200")
    turn(page, "rencana", on=False)
    expect(shapes).to_have_count(0)
    assert page.evaluate("window.hacked === undefined")


def test_print_carries_the_rasters(visit, drawn):
    page = visit(drawn)
    for layer in ("labels", "districts", "handling"):
        switch(page, layer, on=False)
    turn(page, "telkomsel_4g")
    page.wait_for_function(
        "async () => (await window[document.querySelector('.bs-map').id].blankspot).rasters[0].bitmap"
    )
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.wait_for_timeout(200)
    colours = page.evaluate(
        "() => { const c = document.querySelector('.bs-a4-map canvas'); const d = c.getContext('2d')"
        ".getImageData(0, 0, c.width, c.height).data; let strong = 0, other = 0;"
        " for (let i = 0; i < d.length; i += 4) { if (d[i + 2] > d[i] + 60) strong++; else if (d[i] > 250) other++; }"
        " return [strong / (d.length / 4), other]; }"
    )
    assert colours[0] > 0.1, "the blue of strong signal is on the paper"
    expect(page.locator(".bs-a4-legend")).to_be_visible()
    expect(page.locator(".bs-opacity").first).to_be_hidden()


def test_on_a_phone(visit, drawn):
    page = visit(drawn, **PHONE)
    page.locator("[data-bs=toggle]").tap()
    turn(page, "population")
    box = page.locator("input[data-opacity=population]").bounding_box()
    assert box["height"] >= 44
    assert box["x"] + box["width"] <= 360
    page.locator("[data-bs=toggle]").tap()
    page.wait_for_function("async () => (await window[document.querySelector('.bs-map').id].blankspot).rasters[1].at")
    middle = int(np.argmin([abs(x - 107.6) + abs(y + 7.05) for x, y in scene(page, "s.villages.label.map(([x, y]) => { const z = 8, k = 256 * 2 ** z; const p = s.map.unproject([x * k, y * k], z); return [p.lng, p.lat]; })")]))  # fmt: skip
    page.touchscreen.tap(*spot(page, middle))
    expect(page.locator("[data-bs=sheet]")).to_contain_text("Di titik ini")
    expect(page.locator("[data-bs=sheet]")).to_contain_text("jiwa/km²")
