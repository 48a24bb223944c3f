"""Pages for the printer: what is on them, that each fits its sheet, and that grey paper still tells classes apart."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import mapworld as world
import matplotlib.image
import numpy as np
import pytest
from mapvisit import DESK, PHONE, scene, switch
from pypdf import PdfReader

from blankspot.out.maps import write_map

QUIET = "window.print = () => { window.printed = (window.printed ?? 0) + 1; }"
MM = 72 / 25.4


@pytest.fixture(scope="module")
def villages():
    return world.villages()


@pytest.fixture(scope="module")
def full(villages, tmp_path_factory):
    return write_map(tmp_path_factory.mktemp("map") / "map.html", villages, **world.tables(villages))


def printed(page):
    pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    sizes = [
        tuple(round(float(side) / MM) for side in (sheet.mediabox.width, sheet.mediabox.height)) for sheet in pdf.pages
    ]
    return sizes, [" ".join(sheet.extract_text().split()) for sheet in pdf.pages]


def test_a_wide_view_lies_and_a_tall_one_stands(visit, full):
    assert printed(visit(full))[0] == [(297, 210)]
    assert printed(visit(full, **PHONE))[0] == [(210, 297)]


def test_a_page_says_what_it_is(visit, full):
    page = visit(full)
    switch(page, "sites", on=True)
    page.get_by_label("Mitra", exact=True).select_option(label="BAKTI")
    (text,) = printed(page)[1]
    for wanted in (
        "Kabupaten Uji",
        "Data per 26 Desember 2022",
        "43 dari 60 desa",
        "(71,67 %) per 26 Desember 2022",
        "Status sinyal",
        "Blankspot",
        "Menara",
        "perkiraan dari ponsel",
        "Mitra: BAKTI",
        "Menampilkan 10 dari 40 desa",
        "Profil ambang",
        "bawaan-2026",
        "batas.gpkg",
        "Alamat tampilan ini: map.html#",
        "partner=BAKTI",
    ):
        assert wanted in text, wanted
    assert "Fasilitas" not in text
    assert re.search(r"1 : \d{2,3}\.\d00", text)
    assert "file:" not in text


def test_the_printed_scale_is_the_scale(visit, full):
    page = visit(full)
    page.emulate_media(media="print")
    bar = page.locator(".bs-a4-bar").bounding_box()["width"] / 96 * 0.0254
    words = page.locator(".bs-a4-scale").inner_text()
    length = float(re.search(r"([\d.,]+) (k?)m", words)[1].replace(",", ".")) * (1000 if "km" in words else 1)
    told = float(re.search(r"1 : ([\d.]+)", words)[1].replace(".", ""))
    assert told == pytest.approx(length / bar, rel=0.01)


def test_a_dark_screen_prints_on_white_paper(visit, full):
    page = visit(full, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    canvas = page.locator(".bs-a4-map canvas")
    corner = canvas.evaluate("c => [...c.getContext('2d').getImageData(4, c.height / 2, 1, 1).data]")
    assert corner[3] == 0
    assert page.evaluate("getComputedStyle(document.querySelector('.bs-a4')).color") == "rgb(27, 39, 51)"
    assert scene(page, "s.dark") is True


def test_a_village_has_a_page_of_its_own(visit, full):
    page = visit(full, script=QUIET)
    scene(page, "s.view.toVillage(0)")
    sizes, texts = printed(page)
    assert sizes == [(297, 210), (210, 297)]
    for wanted in (
        "Desa Uji 1",
        "99.01.03.2001-221226-",
        "Koreksi data desa",
        "Tidak ada sinyal",
        "Tempat",
        "data pribadi tidak diperlukan",
        "BA-UjiSinyal-2022-031",
    ):
        assert wanted in texts[1], wanted
    page.get_by_role("button", name="Cetak lembar desa").click()
    assert page.evaluate("window.printed") == 1
    assert len(page.query_selector_all(".bs-a4-village")) == 1


def test_a_village_without_a_border_and_with_much_to_tell_fits(visit, villages, tmp_path):
    rest = world.tables(villages)
    rest["verdicts"]["reason"] = "Sangat panjang. " * 120
    frame = villages.copy()
    frame.loc[0, "geometry"] = None
    page = visit(write_map(tmp_path / "map.html", frame, **rest), script=QUIET)
    for row in (0, 1):
        scene(page, f"s.print.village({row})")
        sizes, (text,) = printed(page)
        assert sizes == [(210, 297)]
        assert "Koreksi data desa" in text
        scene(page, "s.print.clear()")


def test_many_sources_are_cut_and_counted_before_the_map_is(visit, villages, tmp_path):
    rest = world.tables(villages)
    note = rest["provenance"].sources[0]
    sources = tuple(replace(note, name=f"data/ukur/uji_jalan_{at}.csv") for at in range(400))
    rest["provenance"] = replace(rest["provenance"], sources=sources)
    page = visit(write_map(tmp_path / "map.html", villages, **rest))
    sizes, (text,) = printed(page)
    assert sizes == [(297, 210)]
    assert re.search(r"dan \d+ sumber lagi", text)
    page.emulate_media(media="print")
    assert page.locator(".bs-a4-map").bounding_box()["height"] >= 299


def test_every_view_of_the_presentation_is_one_page(visit, full):
    page = visit(full, script=QUIET)
    before = page.url
    scene(page, "s.stage.printAll()")
    sizes, texts = printed(page)
    views = scene(page, "s.stage.views().map((view) => view.caption())")
    assert len(sizes) == len(views) >= 4
    for caption, text in zip(views, texts, strict=True):
        assert caption in text
    assert "5 blankspot belum tertangani dari 40 desa" in texts[1]
    page.wait_for_timeout(400)
    assert page.url == before


def test_grey_paper_tells_the_classes_apart(visit, full):
    page = visit(full, **{**DESK, "device_scale_factor": 2})
    for layer in ("labels", "handling", "districts"):
        switch(page, layer, on=False)
    scene(page, "void s.map.setView([-7.05, 107.6], s.map.getZoom() - 0.25, { animate: false })")
    page.emulate_media(media="print")
    image = matplotlib.image.imread(io.BytesIO(page.locator(".bs-a4-map").screenshot()))
    grey = np.rint(image[..., :3] @ [0.299, 0.587, 0.114] * 255)
    rows = scene(
        page,
        "['none', 'weak', 'served', 'unknown'].map((c) => s.rows.find((r) => s.villages.signalClass(r) === c && (c === 'unknown' || s.villages.confidence(r) === 'measured')))",
    )
    spots = scene(
        page,
        "(() => { const size = s.map.getSize(), box = document.querySelector('.bs-a4-map'); const w = Math.floor(box.clientWidth), h = Math.floor(box.clientHeight);"
        " const zoom = s.map.getZoom() + Math.log2(Math.min(w / size.x, h / size.y)), k = 256 * 2 ** zoom, middle = s.map.project(s.map.getCenter(), zoom);"
        " return a.map((r) => { const [x, y] = s.villages.label[r]; return [x * k - middle.x + w / 2, y * k - middle.y + h / 2]; }); })()",
        rows,
    )
    looks = []
    for x, y in spots:
        patch = grey[int(y * 2) - 14 : int(y * 2) + 14, int(x * 2) - 14 : int(x * 2) + 14]
        looks.append((np.median(patch), patch.std()))
    none, weak, served, unknown = looks
    assert none[1] > 15
    assert weak[1] > 15
    assert served[1] < 6, "served is plain"
    assert abs(none[0] - weak[0]) > 30
    assert abs(weak[0] - served[0]) > 30
    assert abs(unknown[0] - served[0]) > 30


def test_paper_shows_the_area_as_large_as_it_can(visit, full):
    page = visit(full, **PHONE)
    page.emulate_media(media="print")
    filled = page.locator(".bs-a4-map canvas").evaluate(
        "c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let west = c.width, east = 0;"
        " for (let i = 3; i < d.length; i += 4) if (d[i]) { const x = ((i - 3) / 4) % c.width; west = Math.min(west, x); east = Math.max(east, x); }"
        " return (east - west) / c.width; }"
    )
    assert filled > 0.93
