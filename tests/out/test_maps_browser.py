"""The offline map in Chromium with the network off: every feature clicked through, on a desk and on a phone."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import folium
import mapworld as world
import numpy as np
import pandas as pd
import pytest
from mapvisit import PHONE, colour, read_image, scene, spot, switch
from playwright.sync_api import expect

from blankspot.out.maps import draw_map, write_map


@pytest.fixture(scope="module")
def villages():
    return world.villages()


@pytest.fixture(scope="module")
def full(villages, tmp_path_factory):
    return write_map(tmp_path_factory.mktemp("map") / "map.html", villages, **world.tables(villages))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    frame, rest = world.hostile()
    return write_map(tmp_path_factory.mktemp("hostile") / "map.html", frame, **rest)


def search(page):
    return page.get_by_role("combobox", name="Cari desa, kecamatan, atau kode")


def legend(page, layer):
    return page.locator(".bs-layer", has=page.locator(f"input[data-layer={layer}]")).locator(".bs-legend")


def test_opens_without_a_request_and_soon(visit, full):
    page = visit(full)
    assert page.evaluate("performance.getEntriesByName('blankspot-ready')[0].startTime") < 5_000
    assert page.title() == "Kabupaten Uji"
    expect(page.locator(".bs-loading")).to_have_count(0)
    expect(page.locator(".bs-table")).to_be_hidden()
    expect(page.locator(".bs-progress")).to_contain_text("43 dari 60 desa (71,67 %) per 26 Desember 2022")
    expect(page.locator(".bs-unjudged").last).to_contain_text("10 desa belum cukup data")
    expect(page.locator(".bs-asof")).to_have_text("Data per 26 Desember 2022")
    expect(page.locator(".bs-about")).to_contain_text("bawaan-2026 (1f2e3d4c)")


def test_classes_have_their_colours_and_patterns(visit, full):
    page = visit(full)
    for layer in ("labels", "handling", "districts"):
        switch(page, layer, on=False)
    wanted = {0: (179, 38, 30), 6: (42, 143, 133), 3: (189, 189, 189)}  # measured none, measured served, unknown
    for row, fill in wanted.items():
        seen = {tuple(colour(page, row, left, top)) for left in range(-8, 9) for top in range(-8, 9)}
        assert fill in seen
        assert (len(seen) > 1) == (row != 6), "served is plain, the others carry a pattern"


def test_modelled_is_lighter_than_measured(visit, full):
    page = visit(full)
    for layer in ("labels", "handling", "districts"):
        switch(page, layer, on=False)
    rows = scene(
        page,
        "['measured', 'modelled'].map((kind) => s.rows.find((r) => s.villages.signalClass(r) === 'served' && s.villages.confidence(r) === kind))",
    )
    measured, modelled = (sum(colour(page, row)) for row in rows)
    assert modelled > measured + 60


def test_click_opens_the_evidence(visit, full, villages):
    page = visit(full)
    page.mouse.click(*spot(page, 0))
    popup = page.locator(".leaflet-popup-content")
    for text in (
        "Desa Uji 1",
        villages["village_code"].iloc[0],
        "Blankspot",
        "terukur",
        "Blankspot: 0 dari 31 sel terukur terlayani 4G (batas atas 11,0 %)",
        "Cukup yakin, karena diukur langsung: 5 titik ukur dalam 1 sel, terakhir 4 Oktober 2022",
        "4G melayani 2,0 % penduduk, selang 95 %: 1,4–13,0 %",
        "Tertangani",
        "Telkomsel",
        "14 November 2022",
        "BA-UjiSinyal-2022-031",
    ):
        expect(popup).to_contain_text(text)
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    page.mouse.click(*spot(page, 3))
    expect(popup).to_contain_text("“Belum cukup data” bukan “tanpa sinyal”.")


def test_search_forgives(visit, full, villages):
    page = visit(full)
    box, options = search(page), page.locator("[role=option]")
    bare = villages["village_code"].iloc[16].replace(".", "")
    for query in ("désa  uji-17", "DESAUJI17", villages["village_code"].iloc[16], bare):
        box.fill(query)
        expect(options.first).to_contain_text("Desa Uji 17")
    box.fill("kecamatan 2")
    expect(options.first).to_contain_text("Kec. Kecamatan 2")
    for query in ("Kec. Kecamatan 2", "kecamatan kecamatan 2"):
        box.fill(query)
        expect(options.first).to_contain_text("Kec. Kecamatan 2")
    box.fill("tidak ada yang begini")
    expect(page.locator(".bs-option-none")).to_have_text("Tidak ditemukan")
    box.fill("uji 17")
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(page.locator(".leaflet-popup-content")).to_contain_text("Desa Uji 17")
    assert scene(page, "s.selected") == 16
    expect(page.locator(".leaflet-popup-content")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup-content")).to_have_count(0)
    expect(box).to_be_focused()


def test_filters_narrow_map_and_legend(visit, full, villages):
    page = visit(full)
    count = page.locator("[data-bs=count]")
    number = page.locator("[data-class=none] .bs-number")
    expect(count).to_have_text("Menampilkan 40 dari 40 desa")
    expect(number).to_have_text("10")
    page.get_by_label("Mitra", exact=True).select_option(label="BAKTI")
    expect(count).to_have_text("Menampilkan 10 dari 40 desa")
    expect(number).to_have_text("0")
    page.get_by_role("button", name="Hapus saringan").click()
    page.get_by_label("Status penanganan", exact=True).select_option(label="Tertangani")
    expect(count).to_have_text("Menampilkan 5 dari 40 desa")
    page.get_by_label("Status penanganan", exact=True).select_option(label="Belum ada penanganan")
    expect(count).to_have_text("Menampilkan 20 dari 40 desa")
    page.get_by_role("button", name="Hapus saringan").click()
    inside = int((villages["district"] == "Kecamatan 2").sum())
    page.locator(".bs-places summary").click()
    page.locator("[data-place='99.01.02']").click()
    expect(count).to_have_text(f"Menampilkan {inside} dari 40 desa")
    page.get_by_role("button", name="Hapus saringan").click()
    page.locator("[data-class=none]").click()
    expect(page.locator("[data-class=none]")).to_have_attribute("aria-pressed", "false")
    expect(count).to_have_text("Menampilkan 30 dari 40 desa")
    expect(number).to_have_text("10")
    switch(page, "labels", on=False)
    switch(page, "handling", on=False)
    page.locator("[data-tool=home]").click()
    assert min(colour(page, 0)) > 230, "what does not match is faded"


@pytest.fixture(scope="module")
def changed(villages, tmp_path_factory):
    rest = world.tables(villages)
    rest["handling"] = rest["handling"].assign(
        since=[pd.Timestamp("2022-11-15") - pd.Timedelta(days=25 * row) for row in range(len(rest["handling"]))],
        planned_quarter="2022-Q4",
        conflict=[row == 1 for row in range(len(rest["handling"]))],
        reason="Akan dilayani menara sebelah",
    )
    since = dt.date(2022, 9, 30)
    path = tmp_path_factory.mktemp("changed") / "map.html"
    return write_map(path, villages, **rest, changes=world.changes(villages), changed_since=since)


def test_a_case_tells_how_long_it_has_stood(visit, changed):
    page = visit(changed)
    scene(page, "s.view.toVillage(0)")
    popup = page.locator(".leaflet-popup-content")
    expect(popup).to_contain_text("Umur41 hari di tahap ini")
    expect(popup).to_contain_text("RencanaTW IV 2022")
    expect(popup).not_to_contain_text("Akan dilayani")
    scene(page, "s.view.toVillage(2)")
    expect(popup).to_contain_text("Dua kantor mencatat langkah yang berbeda")
    scene(page, "s.view.toVillage(6)")
    expect(popup).to_contain_text("AlasanAkan dilayani menara sebelah")


def test_open_cases_are_filtered_by_age(visit, changed):
    page = visit(changed)
    age = page.get_by_label("Umur kasus terbuka", exact=True)
    names = age.locator("option").all_text_contents()
    assert names == ["Semua", "31–90 hari", "91–180 hari", "181–365 hari", "lebih dari 365 hari"]
    counts = scene(page, "s.rows.map(s.ageBin)")
    age.select_option(label="91–180 hari")
    expect(page.locator("[data-bs=count]")).to_have_text(f"Menampilkan {counts.count(2)} dari 40 desa")
    assert not set(scene(page, "s.rows.filter(s.matches).map(s.stageOf)")) & {"handled", "rejected"}


def test_what_changed_is_told_filtered_and_highlighted(visit, changed):
    page = visit(changed)
    expect(page.locator(".bs-changed")).to_have_text("2 desa berubah dalam penanganan seluler sejak 30 September 2022")
    what = page.get_by_label("Berubah sejak 30 September 2022", exact=True)
    wanted = ["Semua", "Semua yang berubah", "Tahap", "Tertangani", "Rencana", "Masuk daftar target", "Tidak berubah"]
    assert what.locator("option").all_text_contents() == wanted
    count = page.locator("[data-bs=count]")
    for label, shown in {
        "Semua yang berubah": 2,
        "Tertangani": 1,
        "Masuk daftar target": 1,
        "Tidak berubah": 38,
    }.items():
        what.select_option(label=label)
        expect(count).to_have_text(f"Menampilkan {shown} dari 40 desa")
    page.get_by_role("button", name="Hapus saringan").click()
    expect(count).to_have_text("Menampilkan 40 dari 40 desa")
    scene(page, "s.view.toVillage(0)")
    popup = page.locator(".leaflet-popup-content")
    expect(popup).to_contain_text("Berubah sejak 30 September 2022")
    expect(popup).to_contain_text("Tahap: Pembangunan → Tertangani (14 November 2022)")
    expect(popup).to_contain_text("Tertangani: 14 November 2022")
    scene(page, "s.view.toVillage(2)")
    expect(popup).to_contain_text("Rencana: TW III 2022 → TW IV 2022 (6 Oktober 2022)")
    expect(popup).to_contain_text("Masuk daftar target: 2022")


def test_age_and_changes_can_be_read_without_a_script_and_on_a_phone(visit, changed):
    page = visit(changed, ready=False, java_script_enabled=False)
    expect(page.locator("tbody tr").first).to_contain_text("Tertangani, 41 hari di tahap ini")
    expect(page.locator(".bs-changed")).to_contain_text("2 desa berubah")
    phone = visit(changed, **PHONE)
    phone.locator("[data-bs=toggle]").tap()
    for name in ("age", "changed"):
        box = phone.locator(f"select[data-filter={name}]").bounding_box()
        assert box["height"] >= 44
        assert box["x"] + box["width"] <= 360


def test_legend_follows_the_layers(visit, full):
    page = visit(full)
    expect(legend(page, "sites")).to_be_hidden()
    switch(page, "sites", on=True)
    expect(legend(page, "sites")).to_contain_text("perkiraan dari ponsel")
    switch(page, "measurements", on=True)
    expect(legend(page, "measurements")).to_contain_text("Sinyal kuat")
    switch(page, "gaps", on=True)
    expect(legend(page, "gaps")).to_contain_text("Blankspot belum tertangani")
    head = page.locator(".bs-layer-head", has=page.locator("input[data-layer=gaps]"))
    expect(head).to_contain_text("5")
    expect(page.locator(".bs-unjudged").first).to_contain_text("5 blankspot belum tertangani")
    expect(legend(page, "handling")).to_contain_text("Ditolak atau ditunda5")
    switch(page, "verdicts", on=False)
    expect(page.locator("[data-class]")).to_have_count(0)


def test_points_tell_what_they_are(visit, full):
    page = visit(full)
    popup = page.locator(".leaflet-popup-content")
    for layer, texts in {
        "sites": ("Menara 3", "Mitratel", "52 m", "Telkomsel 4G 1800 MHz"),
        "internet": ("WiFi Balai", "BAKTI", "tidak mengakhiri blankspot seluler"),
        "facilities": ("SDN 1", "sekolah", "ada internet"),
        "measurements": ("4G", "dBm RSRP", "3 Oktober 2022"),
    }.items():
        switch(page, layer, on=True)
        page.locator("[data-tool=home]").click()
        page.wait_for_function("() => !document.querySelector('.leaflet-zoom-anim, .leaflet-pan-anim')")
        page.mouse.click(*spot(page, 3, layer))
        for text in texts:
            expect(popup).to_contain_text(text)
        page.keyboard.press("Escape")
        switch(page, layer, on=False)


def test_a_phone_gets_sheets_and_room_for_fingers(visit, full):
    page = visit(full, **PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
    toggle = page.locator("[data-bs=toggle]")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    expect(page.locator("[data-bs=strip]")).to_contain_text("Blankspot10")
    toggle.tap()
    expect(page.locator(".bs-layers")).to_be_visible()
    targets = page.locator("button:visible, select:visible, input[type=search], .bs-layer-head, .leaflet-bar a")
    for box in targets.evaluate_all(
        "all => all.map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])"
    ):
        assert box[1] >= 44, box
    assert page.evaluate("document.querySelector('.bs-panel').scrollWidth") <= 360
    toggle.tap()
    page.touchscreen.tap(*spot(page, 5))
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text("Desa Uji 6")
    at = spot(page, 5)
    assert at[1] < sheet.bounding_box()["y"], "the village stays in sight above its sheet"
    corner = page.screenshot(clip={"x": 0, "y": sheet.bounding_box()["y"] + 1, "width": 2, "height": 2})
    assert read_image(corner)[..., 3].min() == 255, "the map shows behind the round corners of the sheet"
    page.get_by_role("button", name="Tutup", exact=True).tap()
    expect(sheet).to_be_hidden()


def test_a_phone_on_its_side_keeps_the_map_beside_the_card(visit, full):
    page = visit(full, **{**PHONE, "viewport": {"width": 740, "height": 360}})
    page.touchscreen.tap(*spot(page, 5))
    card, drawn = page.get_by_role("dialog").bounding_box(), page.locator(".bs-map").bounding_box()
    assert card["height"] == 360
    assert card["x"] + card["width"] <= drawn["x"] + 1
    at = spot(page, 5)
    assert drawn["x"] < at[0] < 740
    assert 0 < at[1] < 360


def test_not_enough_data_shows_no_degree_of_certainty(visit, full):
    page = visit(full)
    row = scene(page, "s.rows.find((r) => s.villages.signalClass(r) === 'unknown')")
    scene(page, "s.view.toVillage(a)", row)
    verdict = page.locator(".leaflet-popup-content .bs-verdict").first
    expect(verdict).to_have_text("Belum cukup data")


@pytest.mark.parametrize(
    ("measured", "told"),
    [("2022-03-01", "Diukur sebelum tertangani"), ("2022-12-01", "Pengukuran setelah penanganan"), (None, "")],
)
def test_a_handled_blankspot_says_whether_anyone_measured_since(visit, villages, tmp_path, measured, told):
    rest = world.tables(villages)
    rest["verdicts"] = rest["verdicts"].assign(latest_measurement=pd.to_datetime(measured) if measured else pd.NaT)
    page = visit(write_map(tmp_path / "map.html", villages, **rest))
    scene(page, "s.view.toVillage(0)")
    note = page.locator(".leaflet-popup-content .bs-note")
    if told:
        expect(note).to_contain_text(told)
    else:
        expect(note).to_have_count(0)


def test_everything_is_reached_by_keyboard(visit, full):
    page = visit(full)
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(
            page.evaluate(
                "(({tagName, type, dataset}) => [tagName, type, dataset.layer, dataset.class, dataset.filter].join(' '))(document.activeElement)"
            )
        )
    text = "\n".join(seen)
    for wanted in ("checkbox verdicts", "checkbox measurements", " none", "partner", "INPUT search", "A "):
        assert wanted in text, wanted
    unnamed = page.evaluate(
        "[...document.querySelectorAll('button, a[href], input, select, [role=application]')].filter(e => e.checkVisibility()"
        " && !(e.ariaLabel || e.title || e.labels?.length || e.textContent.trim())).map(e => e.outerHTML)"
    )
    assert unnamed == []
    assert page.evaluate("document.documentElement.lang") == "id"


def test_hostile_texts_run_nothing_and_read_as_text(visit, hostile):
    page = visit(hostile)
    assert page.title() == " ".join("".join(world.HOSTILE).split())
    for layer in ("gaps", "sites", "internet", "facilities", "measurements"):
        switch(page, layer, on=True)
    options = page.locator("[role=option]")
    for row, name in enumerate(world.HOSTILE):
        search(page).fill(name)
        expect(options.filter(has_text=name).first).to_be_visible()
        for layer in ("villages", "sites", "internet", "facilities", "measurements"):
            card = scene(
                page,
                "(() => { const at = s.map.getCenter(); s.view.show({layer: a[0], row: a[1]}, at); return document.querySelector('.leaflet-popup-content').textContent; })()",
                [layer, row],
            )
            assert name.strip() in card or layer == "measurements"
    shown = scene(page, "s.rows.map((r) => s.villages.name(r))")
    assert shown == [name.strip() for name in world.HOSTILE]
    partners = page.get_by_label("Mitra", exact=True).locator("option").all_text_contents()
    assert world.HOSTILE[0] in partners
    page.wait_for_timeout(100)
    assert page.evaluate("window.hacked") is None
    assert page.locator(".bs img, .bs svg[onload], .bs script:not([type])").count() == 0


def test_hostile_texts_read_as_text_in_the_table(visit, hostile):
    page = visit(hostile, ready=False, java_script_enabled=False)
    cells = page.locator("tbody th").all_inner_texts()
    assert [" ".join(cell.split()) for cell in cells] == [" ".join(name.split()) for name in world.HOSTILE]


@pytest.mark.parametrize("how", ["no script", "no DecompressionStream", "broken payload"])
def test_where_the_map_cannot_open_the_table_can_be_read(visit, full, tmp_path, how):
    if how == "no script":
        page = visit(full, ready=False, java_script_enabled=False)
    elif how == "no DecompressionStream":
        page = visit(full, ready=False, script="delete window.DecompressionStream")
    else:
        broken = tmp_path / "map.html"
        text = full.read_text(encoding="utf-8")
        at = text.index('data-bs="payload">') + 60
        broken.write_text(text[:at] + "AAAA" + text[at + 4 :], encoding="utf-8")
        page = visit(broken, ready=False)
    expect(page.get_by_role("alert")).to_contain_text("Peta interaktif tidak terbuka")
    expect(page.locator("tbody tr")).to_have_count(40)
    expect(page.locator("tbody tr").first).to_be_visible()
    expect(page.locator(".bs-progress")).to_contain_text("43 dari 60 desa")
    expect(page.locator(".bs-main")).to_be_hidden()
    said = [fault for fault in visit.faults if fault.startswith("console:")]
    assert len(said) == (how != "no script")
    visit.faults.clear()


def test_english(visit, villages, tmp_path):
    page = visit(write_map(tmp_path / "map.html", villages, **world.tables(villages), lang="en"))
    expect(page.locator("[data-bs=count]")).to_have_text("Showing 40 of 40 villages")
    page.mouse.click(*spot(page, 0))
    expect(page.locator(".leaflet-popup-content")).to_contain_text("14 November 2022")
    expect(page.locator(".leaflet-popup-content")).to_contain_text("Handled")


@pytest.mark.parametrize(("count", "said"), [(0, "Tidak ada desa di peta ini."), (1, "Menampilkan 1 dari 1 desa")])
def test_little_or_nothing(visit, villages, tmp_path, count, said):
    page = visit(write_map(tmp_path / "map.html", villages.iloc[:count]))
    expect(page.get_by_text(said).first).to_be_visible()


def test_nan_everywhere(visit, villages, tmp_path):
    rest = world.tables(villages, readings=30)
    for name in ("verdicts", "handling", "sites", "internet_points", "facilities"):
        rest[name] = rest[name].assign(**{c: np.nan for c in rest[name] if c not in ("village_code", "lon", "lat")})
    bare = villages.assign(population=np.nan, district=np.nan, village_type=np.nan)
    bare.loc[0, "geometry"] = None
    page = visit(write_map(tmp_path / "map.html", bare, **rest))
    page.mouse.click(*spot(page, 1))
    popup = page.locator(".leaflet-popup-content")
    expect(popup).to_contain_text("Desa Uji 2")
    search(page).fill("Desa Uji 1")
    search(page).press("Enter")
    expect(popup).to_contain_text("Belum dinilai")
    text = page.locator("body").inner_text()
    assert not {"nan", "null", "undefined", "NaN"} & set(text.split())


def test_a_long_list_of_sources_still_prints_on_one_page(visit, villages, tmp_path):
    rest = world.tables(villages)
    note = rest["provenance"].sources[0]
    sources = tuple(replace(note, name=f"data/ukur/uji_jalan_{at}.csv") for at in range(15))
    rest["provenance"] = replace(rest["provenance"], sources=sources)
    page = visit(write_map(tmp_path / "map.html", villages, **rest))
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1


def test_print_paints_a_sheet(visit, full):
    page = visit(full)
    page.emulate_media(media="print")
    canvas = page.locator(".bs-a4-map canvas")
    expect(canvas).to_be_visible()
    inked = canvas.evaluate(
        "c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0;"
        " for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n / (c.width * c.height); }"
    )
    assert inked > 0.3
    expect(page.locator(".bs-main")).to_be_hidden()
    expect(page.locator(".bs-paper [data-class=none]")).to_be_visible()
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1


def test_shows_in_a_notebook(visit, villages, tmp_path):
    notebook = tmp_path / "notebook.html"
    notebook.write_text(
        f"<!DOCTYPE html><meta charset=utf-8><body>{draw_map(villages)._repr_html_()}", encoding="utf-8"
    )
    page = visit(notebook, ready=False)
    frame = page.frame_locator("iframe")
    expect(frame.locator("[data-bs=count]")).to_have_text("Menampilkan 40 dari 40 desa")


def test_folium_layers_work_without_a_network(visit, villages, tmp_path):
    drawn = draw_map(villages)
    group = folium.FeatureGroup("Lain").add_to(drawn)
    folium.Marker([-7.05, 107.6], popup="Halo dari folium").add_to(group)
    folium.LayerControl().add_to(drawn)
    path = tmp_path / "map.html"
    drawn.save(path)
    page = visit(path)
    page.locator(".leaflet-marker-icon").click()
    expect(page.locator(".leaflet-popup-content")).to_have_text("Halo dari folium")


def test_a_basemap_asks_its_own_host_and_no_other(visit, villages, tmp_path):
    page = visit(write_map(tmp_path / "map.html", villages, basemap="osm"))
    page.wait_for_timeout(200)
    asked = [fault for fault in visit.faults if fault.startswith("request:")]
    assert asked
    assert all(fault.startswith("request: https://tile.openstreetmap.org/") for fault in asked)
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("© OpenStreetMap contributors")
    visit.faults.clear()
