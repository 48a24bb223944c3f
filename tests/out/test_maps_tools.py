"""Tools on the map, light and dark, and fingers: in Chromium with the network off, on a desk and on a phone."""

from __future__ import annotations

import re
from importlib.resources import files

import mapworld as world
import numpy as np
import pytest
import shapely
from mapvisit import PHONE, colour, scene, spot, switch
from playwright.sync_api import expect
from pyproj import Geod

from blankspot.out.maps import write_map
from blankspot.out.maps.page import _STYLES

GEOD = Geod(ellps="WGS84")
ASSETS = files("blankspot.out.maps").joinpath("assets")


@pytest.fixture(scope="module")
def villages():
    return world.villages()


@pytest.fixture(scope="module")
def full(villages, tmp_path_factory):
    return write_map(tmp_path_factory.mktemp("map") / "map.html", villages, **world.tables(villages))


def test_lengths_and_areas_are_those_of_the_ellipsoid(visit, full):
    page = visit(full)
    rng = np.random.default_rng(3)
    lines = [[[float(lon), float(lat)] for lon, lat in rng.uniform((95, -11), (141, 6), (4, 2))] for _ in range(40)]
    small = rng.uniform((107, -7), (107.2, -6.8), (40, 5, 2))
    rings = [np.asarray(shapely.MultiPoint(points).convex_hull.exterior.coords)[:-1].tolist() for points in small]
    to = "a.map((points) => points.map(([lng, lat]) => ({ lng, lat })))"
    lengths = scene(page, f"{to}.map(s.geodesy.lineLength)", lines)
    areas = scene(page, f"{to}.map(s.geodesy.polygonArea)", rings)
    for line, length in zip(lines, lengths, strict=True):
        assert length == pytest.approx(GEOD.line_length(*zip(*line, strict=True)), rel=1e-6)
    for ring, area in zip(rings, areas, strict=True):
        assert area == pytest.approx(abs(GEOD.polygon_area_perimeter(*zip(*ring, strict=True))[0]), rel=1e-4)
    across = [[{"lng": 179.9, "lat": 0}, {"lng": -179.9, "lat": 0}], [{"lng": 5, "lat": 5}] * 2]
    assert scene(page, "a.map(s.geodesy.lineLength)", across) == pytest.approx([22263.9, 0], abs=0.1)


def test_measuring_takes_the_clicks_and_gives_them_back(visit, full):
    page = visit(full)
    ruler = page.get_by_role("button", name="Ukur jarak dan luas")
    ruler.click()
    expect(ruler).to_have_attribute("aria-pressed", "true")
    figure = page.locator(".bs-measure-figure")
    expect(figure).to_have_text("Ketuk peta untuk mulai mengukur")
    for at in ((700, 300), (900, 350), (850, 500)):
        page.mouse.click(*at)
    expect(figure).to_contain_text("Panjang")
    expect(figure).to_contain_text("km²")
    expect(page.locator(".bs-measure")).to_contain_text("galat rumus di bawah 0,1 %")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    points = scene(page, "s.measure.points().map(({ lng, lat }) => [lng, lat])")
    wanted = GEOD.line_length(*zip(*points, strict=True)) / 1000
    shown = float(re.search(r"Panjang ([\d,.]+) km", figure.text_content())[1].replace(".", "").replace(",", "."))
    assert shown == pytest.approx(wanted, rel=1e-3, abs=0.006)
    page.get_by_role("button", name="Urungkan").click()
    assert len(scene(page, "s.measure.points().map(String)")) == 2
    page.get_by_role("button", name="Titik di tengah peta").press("Enter")
    assert len(scene(page, "s.measure.points().map(String)")) == 3
    page.keyboard.press("Escape")
    expect(page.locator(".bs-measure")).to_be_hidden()
    page.mouse.click(*spot(page, 0))
    expect(page.locator(".leaflet-popup-content")).to_contain_text("Desa Uji 1")


def test_measuring_with_a_finger(visit, full):
    page = visit(full, **PHONE)
    page.locator("[data-tool=measure]").tap()
    for at in ((100, 250), (250, 300)):
        page.touchscreen.tap(*at)
        page.wait_for_timeout(400)
    expect(page.locator(".bs-measure-figure")).to_contain_text("Panjang")
    assert page.locator(".bs-sheet").is_hidden()


def located(visit, path, lon, lat, accuracy=8, **options):
    page = visit(
        path,
        permissions=["geolocation"],
        geolocation={"longitude": lon, "latitude": lat, "accuracy": accuracy},
        **options,
    )
    page.get_by_role("button", name="Lokasi saya").click()
    return page.locator(".bs-toast-words")


def test_a_position_is_told_with_its_uncertainty(visit, full, villages):
    at = shapely.point_on_surface(villages.geometry.iloc[6])
    told = located(visit, full, at.x, at.y)
    expect(told).to_contain_text("Anda berada di sekitar desa Desa Uji 7 menurut peta ini.")
    expect(told).to_contain_text("Ketelitian sekitar 8 m")
    expect(told).to_contain_text("tidak disimpan dan tidak dikirim")


def test_near_a_border_both_sides_are_named(visit, full, villages):
    first = villages.geometry.iloc[6]
    other = next(
        row
        for row in range(len(villages))
        if row != 6 and first.intersection(villages.geometry.iloc[row]).length > 0.01
    )
    edge = shapely.line_interpolate_point(
        shapely.line_merge(first.intersection(villages.geometry.iloc[other])), 0.5, normalized=True
    )
    told = located(visit, full, edge.x, edge.y, accuracy=60)
    expect(told).to_contain_text("mungkin juga")
    for row in (6, other):
        expect(told).to_contain_text(villages["village_name"].iloc[row])


def test_outside_the_map_nothing_is_claimed(visit, full):
    told = located(visit, full, 100.0, 1.0, **PHONE)
    expect(told).to_contain_text("Anda berada di luar wilayah peta ini.")


def test_a_refused_position_is_explained(visit, full):
    page = visit(full)
    page.get_by_role("button", name="Lokasi saya").click()
    expect(page.locator(".bs-toast")).to_contain_text("tidak mengizinkan")
    expect(page.locator(".bs-toast")).to_contain_text("dibuka langsung dari berkas")
    page.locator(".bs-toast-close").click()
    expect(page.locator(".bs-toast")).to_be_hidden()
    page = visit(full, script="Object.defineProperty(navigator, 'geolocation', { value: undefined })")
    page.get_by_role("button", name="Lokasi saya").click()
    expect(page.locator(".bs-toast")).to_contain_text("tidak dapat menentukan lokasi")


def test_scale_and_north_are_told(visit, full):
    page = visit(full)
    expect(page.locator(".bs-scale-number")).to_have_text(re.compile(r"^± 1 : \d{2,3}\.000$"))
    expect(page.locator(".bs-north")).to_have_text("U")
    wide = page.locator(".bs-scale-number").text_content()
    page.locator(".leaflet-control-zoom-in").click()
    expect(page.locator(".bs-scale-number")).not_to_have_text(wide)
    metres = page.locator(".leaflet-control-scale-line")
    told = float(re.sub(r"\D", "", metres.text_content())) * (1000 if "km" in metres.text_content() else 1)
    number = float(re.sub(r"\D", "", page.locator(".bs-scale-number").text_content()[4:]))
    on_screen = metres.bounding_box()["width"] / 96 * 0.0254
    assert number == pytest.approx(told / on_screen, rel=0.15)


def test_dark_as_the_system_says_and_as_the_reader_says(visit, full):
    light = visit(full)
    expect(light.locator(".bs")).not_to_have_class(re.compile("bs-dark"))
    light.locator("[data-tool=more]").click()
    light.get_by_role("button", name="Tampilan gelap").click()
    expect(light.locator(".bs")).to_have_class(re.compile("bs-dark"))
    expect(light).to_have_url(re.compile("theme=dark"))
    again = visit(full)
    again.goto(light.url)
    again.reload()
    expect(again.locator(".bs")).to_have_class(re.compile("bs-dark"))
    dark = visit(full, color_scheme="dark")
    expect(dark.locator(".bs")).to_have_class(re.compile("bs-dark"))
    dark.emulate_media(color_scheme="light")
    expect(dark.locator(".bs")).not_to_have_class(re.compile("bs-dark"))


def test_colours_of_classes_mean_the_same_in_the_dark(visit, full):
    pages = visit(full), visit(full, color_scheme="dark")
    for page in pages:
        for layer in ("labels", "handling", "districts"):
            switch(page, layer, on=False)
    for row in range(4):
        seen = [
            {tuple(colour(page, row, left, top)) for left in range(-4, 5) for top in range(-4, 5)} for page in pages
        ]
        assert seen[0] == seen[1]


def _palette():
    text = ASSETS.joinpath("theme.css").read_text("utf-8")
    light, dark = (
        dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r"\.bs(?:\.bs-dark)? \{([^}]+)\}", text)[:2]
    )
    return {"light": light, "dark": {**light, **dark}}


def _contrast(first, second):
    def luminance(code):
        parts = [int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_stand_out_from_their_ground(theme):
    named = _palette()[theme]
    pairs = [(ink, paper) for ink in ("ink", "soft", "dim") for paper in ("surface", "hover", "well", "picked")]
    pairs += [
        ("accent", "surface"),
        ("on-accent", "accent"),
        ("strong", "well"),
        ("ink", "warn"),
        ("on-tip", "tip"),
        ("on-accent", "strong"),
    ]
    for ink, paper in pairs:
        assert _contrast(named[f"--{ink}"], named[f"--{paper}"]) >= 4.5, (theme, ink, paper)
    for line in ("edge", "focus"):
        assert _contrast(named[f"--{line}"], named["--surface"]) >= 3, (theme, line)


def test_colours_have_their_names_in_one_sheet():
    for name in _STYLES:
        if name != "theme.css":
            assert not re.findall(
                r"(?<!&)#[0-9a-f]{3,8}\b",
                re.sub(r"url\([^)]*\)|\.[\w-]*#", "", ASSETS.joinpath(name).read_text("utf-8")),
            ), name


TARGETS = """
[...document.querySelectorAll('.bs button, .bs select, .bs input, .bs textarea, .bs a[href], .bs summary, .bs [role=option]')]
  .filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !e.closest('.leaflet-control-attribution'))
  .map((e) => [e.closest('label') ?? e, e])
  .map(([box, e]) => [box.getBoundingClientRect(), e])
  .filter(([box]) => box.width && box.height)
  .filter(([box]) => box.width < 43.9 || box.height < 43.9)
  .map(([box, e]) => `${e.outerHTML.slice(0, 90)} ${Math.round(box.width)}×${Math.round(box.height)}`)
"""


def test_everything_a_finger_meets_is_large_enough(visit, full):
    page = visit(full, **PHONE)
    assert page.evaluate(TARGETS) == []
    page.locator("[data-tool=measure]").tap()
    assert page.evaluate(TARGETS) == []
    page.locator("[data-measure=measure_end]").tap()
    page.locator("[data-tool=more]").tap()
    assert page.evaluate(TARGETS) == []
    page.keyboard.press("Escape")
    page.locator("[data-tool=locate]").tap()
    assert page.evaluate(TARGETS) == []
    page.locator(".bs-toast-close").tap()
    page.locator("[data-bs=toggle]").tap()
    assert page.evaluate(TARGETS) == []
    page.locator("[data-bs=toggle]").tap()
    scene(page, "s.view.toVillage(0)")
    assert page.evaluate(TARGETS) == []


def test_who_wants_no_motion_gets_none(visit, full):
    page = visit(full, reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.querySelector('.bs-switch')).transitionProperty") == "none"


def test_where_the_system_chooses_the_colours_the_map_keeps_its_own(visit, full):
    page = visit(full, forced_colors="active")
    assert page.evaluate("getComputedStyle(document.querySelector('.bs-map')).forcedColorAdjust") == "none"
    expect(page.locator(".bs-switch").first).to_be_visible()
