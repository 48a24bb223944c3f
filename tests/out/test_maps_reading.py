"""Reading the map: places, search, filters, table, languages and sureness, on a desk and on a phone, by eye and without."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace

import mapworld as world
import numpy as np
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from mapvisit import DESK, PHONE, read_image, scene
from playwright.sync_api import expect

from blankspot.out.maps import write_map
from blankspot.out.tables import safe_text

DEVICES = {"desk": DESK, "phone": PHONE}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def villages():
    return world.villages()


@pytest.fixture(scope="module")
def full(villages, tmp_path_factory):
    path = tmp_path_factory.mktemp("reading") / "map.html"
    since = dt.date(2022, 9, 30)
    return write_map(path, villages, **world.tables(villages), changes=world.changes(villages), changed_since=since)


@pytest.fixture(scope="module")
def nation(tmp_path_factory):
    """Villages of two provinces and three regencies, whose names try the search."""
    frame = world.villages(24)
    regency = np.arange(24) // 8
    parents = np.array(["32.04", "32.73", "12.18"])[regency]
    frame["village_code"] = [f"{at}.{1 + row % 2:02d}.2{row:03d}" for row, at in enumerate(parents)]
    frame["province"] = np.array(["Jawa Barat", "Jawa Barat", "Sumatera Utara"])[regency]
    frame["regency"] = np.array(["Kabupaten Bandung", "Kota Bandung", "Serdang Bedagai"])[regency]
    frame["district"] = [f"{('Ciparay', 'Pacet')[row % 2]}" if row < 8 else f"Kec {row % 2}" for row in range(24)]
    names = [
        "Sri Rahayu", "Srirahayu Barat", "Tjiparaj", "Soekamadjoe", "Ciparay", "Pasirjambu", "Mekarsari", "Cikoneng",
        "Sukamaju", "Sri Rahayu", "Cibeunying", "Antapani", "Mandalajati", "Cipadung", "Pasir Biru", "Palasari",
        "Dolok Masihul", "Perbaungan", "Pantai Cermin", "Sei Rampah", "Tanjung Beringin", "Bandar Khalifah", "Sipispis", "Kotarih",
    ]  # fmt: skip
    frame["village_name"] = names
    return write_map(tmp_path_factory.mktemp("nation") / "map.html", frame, **world.tables(frame, readings=100))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    frame, rest = world.hostile()
    return write_map(tmp_path_factory.mktemp("hostile") / "map.html", frame, **rest)


@pytest.fixture(scope="module")
def with_past(demo_made):
    """The example's map, which has a bar of quarters over the map."""
    return demo_made / "out" / "map.html"


def open_panel(page):
    toggle = page.locator("[data-bs=toggle]")
    if toggle.is_visible() and toggle.get_attribute("aria-expanded") == "false":
        toggle.click()


def open_table(page):
    page.locator("[data-bs=drawer-open]").click()
    expect(page.locator(".bs-drawer")).to_be_visible()


def find(page, text):
    page.locator("[data-bs=search]").fill(text)
    expect(page.locator(".bs-results")).to_be_visible()
    page.wait_for_timeout(120)
    return page.locator("[role=option]")


# Search


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("sri rahayu", "Sri Rahayu"),
        ("srirahayu", "Sri Rahayu"),
        ("SRI-RAHAYU", "Sri Rahayu"),
        ("sri rahaju", "Sri Rahayu"),
        ("srirahayu barat", "Srirahayu Barat"),
        ("kec ciparay", "Kec. Ciparay"),
        ("Kecamatan Pacet", "Kec. Pacet"),
        ("desa ciparay", "Ciparay"),
        ("tjiparaj", "Tjiparaj"),
        ("sukamaju", "Sukamaju"),
        ("soekamadjoe", "Soekamadjoe"),
        ("kab bandung", "Kabupaten Bandung"),
        ("kota bandung", "Kota Bandung"),
        ("jawa barat", "Prov. Jawa Barat"),
        ("12.18", "Serdang Bedagai"),
        ("1218", "Serdang Bedagai"),
        ("32.04.01.2000", "Sri Rahayu"),
        ("3204012000", "Sri Rahayu"),
        ("tanjng beringin", "Tanjung Beringin"),
        ("cibeunyign", "Cibeunying"),
        ("perbaugan", "Perbaungan"),
        ("mekarsati", "Mekarsari"),
        ("ciparay pacet", None),
        ("srirahayu kota bandung", "Sri Rahayu"),
        ("zzzzzz", None),
        ("((((", None),
    ],
)
def test_search_forgives_and_puts_the_exact_first(visit, nation, query, first):
    page = visit(nation)
    options = find(page, query)
    if first is None:
        expect(page.locator("[data-bs=found-none]")).to_have_text("Tidak ditemukan")
        return
    expect(options.first.locator(".bs-option-name")).to_have_text(first)


def test_old_and_new_spellings_find_each_other(visit, nation):
    page = visit(nation)
    names = find(page, "ciparay").locator(".bs-option-name")
    expect(names.first).to_have_text("Kec. Ciparay")
    expect(names.nth(1)).to_have_text("Ciparay")
    expect(names.nth(2)).to_have_text("Tjiparaj")
    expect(find(page, "sukamaju").locator(".bs-option-name").nth(1)).to_have_text("Soekamadjoe")


def test_search_goes_to_places_of_every_level(visit, nation):
    page = visit(nation)
    for query, place, left in (("jawa barat", "32", 16), ("kota bandung", "32.73", 8), ("kec pacet", "32.04.02", 4)):
        find(page, query)
        page.locator("[data-bs=search]").press("Enter")
        assert scene(page, "s.filter.place") == place
        expect(page.locator("[data-bs=count]")).to_have_text(f"Menampilkan {left} dari 24 desa")


# Places


@pytest.mark.parametrize("device", DEVICES)
def test_the_way_down_from_the_provinces_to_a_desa(visit, nation, device):
    page = visit(nation, **DEVICES[device])
    open_panel(page)
    summary = page.locator(".bs-places summary")
    trail = page.locator(".bs-trail")
    expect(summary).to_have_text("Lihat 2 provinsi")
    summary.click()
    first = page.locator("[data-place='32']")
    expect(first).to_contain_text("dari 16 desa")
    expect(first.locator(".bs-place-counts")).to_contain_text("Blankspot 4")
    for place, told, next_step in (
        ("32", "Jawa Barat", "Lihat 2 kabupaten/kota"),
        ("32.04", "Kabupaten Bandung", "Lihat 2 kecamatan"),
        ("32.04.01", "Ciparay", "Lihat 4 desa"),
    ):
        page.locator(f"[data-place='{place}']").click()
        expect(trail.locator(".bs-step").last).to_have_text(told)
        expect(summary).to_have_text(next_step)
    expect(page.locator("[data-bs=count]")).to_have_text("Menampilkan 4 dari 24 desa")
    page.locator(".bs-place-village").first.click()
    card = page.locator(".leaflet-popup-content" if device == "desk" else ".bs-sheet")
    expect(card.locator("h2")).to_have_text("Ciparay")


def test_the_trail_leads_back(visit, nation):
    page = visit(nation)
    scene(page, "s.panel.toPlace('32.04.01')")
    page.locator(".bs-trail button", has_text="Jawa Barat").click()
    expect(page.locator("[data-bs=count]")).to_have_text("Menampilkan 16 dari 24 desa")
    page.locator(".bs-trail button", has_text="Seluruh wilayah").click()
    expect(page.locator("[data-bs=count]")).to_have_text("Menampilkan 24 dari 24 desa")


def test_counts_of_places_follow_the_filters_and_tell_their_date(visit, full, villages):
    page = visit(full)
    expect(page.locator(".bs-region")).to_contain_text("per 26 Desember 2022")
    page.locator(".bs-places summary").click()
    counts = page.locator("[data-place='99.01.01'] .bs-place-counts")
    inside = villages.index[villages["district"] == "Kecamatan 1"]
    expect(counts).to_contain_text(f"Blankspot {sum(row % 4 == 0 for row in inside)}")
    page.locator("[data-class=none]").click()
    expect(counts).to_contain_text("Blankspot 0")
    sums = scene(
        page, "s.places.children('99.01').map((at) => Object.values(s.placeCounts(at)).reduce((a, b) => a + b))"
    )
    assert sum(sums) == 30


# What a status rests on


def test_confidences_are_filtered_and_counted(visit, full):
    page = visit(full)
    count = page.locator("[data-bs=count]")
    modelled = page.locator("[data-confidence=modelled]")
    expect(modelled).to_contain_text("Prediksi, belum diukur")
    here = scene(
        page,
        "s.rows.filter((r) => s.villages.confidence(r) === 'modelled' && s.villages.signalClass(r) !== 'unknown').length",
    )
    expect(modelled.locator(".bs-number")).to_have_text(str(here))
    modelled.click()
    expect(modelled).to_have_attribute("aria-pressed", "false")
    expect(count).to_have_text(f"Menampilkan {40 - here} dari 40 desa")
    expect(modelled.locator(".bs-number")).to_have_text(str(here))
    expect(modelled).to_be_focused()
    page.get_by_role("button", name="Hapus saringan").click()
    expect(count).to_have_text("Menampilkan 40 dari 40 desa")
    unknown = scene(page, "s.rows.filter((r) => s.villages.signalClass(r) === 'unknown').length")
    for kind in scene(page, "s.confidencesUsed"):
        page.locator(f"[data-confidence={kind}]").click()
    expect(count).to_have_text(f"Menampilkan {unknown} dari 40 desa")


def test_network_notes_are_filtered(visit, full):
    page = visit(full)
    flags = page.locator("select[data-filter=flag]")
    flags.select_option(label="Tidak semua operator melayani")
    expect(page.locator("[data-bs=count]")).to_have_text("Menampilkan 8 dari 40 desa")
    flags.select_option(label="Hanya 2G/3G, belum ada 4G")
    expect(page.locator("[data-bs=count]")).to_have_text("Menampilkan 6 dari 40 desa")


def test_confidences_stay_apart_in_grey(visit, full):
    """In one lightness, the marks alone must tell what is measured from what is not."""
    page = visit(full)
    grey = {}
    for kind in ("measured", "fused", "modelled", "reported", "indicative"):
        row = scene(
            page,
            "s.rows.find((r) => s.villages.confidence(r) === a && s.villages.signalClass(r) === 'served') ?? -1",
            kind,
        )
        if row < 0:
            continue
        scene(
            page,
            "(async () => { for (const id of ['labels', 'handling', 'districts']) s.on[id] = false; s.map.setView(s.map.unproject(s.villages.label[a].map((one) => one * 256 * 2 ** 14), 14), 14, {animate: false}); s.layer.repaint(); await s.layer.settled(); })()",
            row,
        )
        page.wait_for_timeout(300)
        box = page.locator(".bs-map").bounding_box()
        clip = {
            "x": box["x"] + box["width"] / 2 - 40,
            "y": box["y"] + box["height"] / 2 - 40,
            "width": 80,
            "height": 80,
        }
        light = read_image(page.screenshot(clip=clip))[..., :3] @ [0.299, 0.587, 0.114]
        ground = np.median(light)
        grey[kind] = float((light < ground - 40).mean())
    assert grey["measured"] == 0, "served and measured is plain"
    assert {kind for kind, share in grey.items() if share > 0.01} == set(grey) - {"measured"}


@pytest.mark.parametrize(
    ("lang", "confidence", "signal_class", "told"),
    [
        ("id", "measured", "none", "Cukup yakin, karena diukur langsung: 118 titik ukur dalam 36 sel, terakhir 29 April 2022; 4G melayani 3,4 % penduduk, selang 95 %: 1,0–19,0 %."),
        ("en", "measured", "none", "Fairly sure, as it was measured on the ground: 118 readings in 36 cells, last 29 April 2022; 4G serves 3.4 % of the residents, 95 % interval: 1.0–19.0 %."),
        ("id", "reported", "weak", "Belum pasti, karena baru menurut laporan: tidak ada titik ukur yang berlaku."),
        ("en", "modelled", "served", "Not certain, as it is a prediction and not measured enough: there is no valid reading; 4G serves 3.4 % of the residents, 95 % interval: 1.0–19.0 %."),
        ("id", "indicative", "unknown", "Belum dapat dinilai: tidak ada titik ukur yang berlaku; ini bukan berarti tanpa sinyal."),
    ],
)  # fmt: skip
def test_how_sure_in_one_sentence(visit, villages, tmp_path, lang, confidence, signal_class, told):
    few = villages.iloc[:3]
    verdicts = world.tables(few)["verdicts"].assign(confidence=confidence, signal_class=signal_class)
    measured = confidence == "measured"
    interval = confidence in ("measured", "modelled")
    verdicts = verdicts.assign(
        n_measurements=118 if measured else 0,
        n_cells=36 if measured else 0,
        latest_measurement=pd.Timestamp("2022-04-29", tz="UTC") if measured else pd.NaT,
        **dict(
            zip(
                ("share_served", "share_low", "share_high"),
                (0.034, 0.01, 0.19) if interval else [np.nan] * 3,
                strict=True,
            )
        ),
    )
    page = visit(write_map(tmp_path / "map.html", few, verdicts=verdicts, lang=lang))
    scene(page, "s.view.toVillage(0)")
    sentence = page.locator(".bs-sure").inner_text().replace("\u00a0", " ")
    assert sentence == told


def test_reasons_are_told_in_the_language_of_now(visit, full):
    page = visit(full)
    scene(page, "s.view.toVillage(0)")
    reason = page.locator(".bs-reason")
    expect(reason).to_contain_text(
        "0 dari 31 sel terukur terlayani 4G (batas atas 11,0 %), 47 titik ukur, terakhir 3 Oktober 2022"
    )
    page.locator("[data-lang=en]").click()
    expect(reason).to_contain_text(
        "0 of 31 measured cells served by 4G (upper bound 11.0 %), 47 readings, latest 3 October 2022"
    )


def test_a_reason_of_one_language_says_so(visit, villages, tmp_path):
    few = villages.iloc[:2]
    verdicts = world.tables(few)["verdicts"].assign(reason="Menurut camat {0n0}")
    page = visit(write_map(tmp_path / "map.html", few, verdicts=verdicts))
    scene(page, "s.view.toVillage(0)")
    expect(page.locator(".bs-reason")).to_have_text("Menurut camat {0n0}")
    expect(page.locator(".bs-card")).not_to_contain_text("bahasa aslinya")
    page.locator("[data-lang=en]").click()
    expect(page.locator(".bs-card")).to_contain_text("in its original language only")


def test_sources_date_and_profile_are_told(visit, villages, tmp_path):
    rest = world.tables(villages)
    source = replace(
        rest["provenance"].sources[0], name="batas <img src=x onerror=window.hacked=1>.gpkg", licence="CC BY 4.0"
    )
    rest["provenance"] = replace(rest["provenance"], sources=(source,))
    page = visit(write_map(tmp_path / "map.html", villages, **rest))
    about, corner = page.locator(".bs-about"), page.locator(".bs-credit")
    for text in (
        "26 Desember 2022",
        "bawaan-2026 (1f2e3d4c)",
        source.name,
        "40 dari 41 baris diterima",
        "lisensi CC BY 4.0",
    ):
        expect(about).to_contain_text(text)
    expect(corner).to_contain_text(f"Batas: {source.name} CC BY 4.0")
    page.locator("[data-lang=en]").click()
    expect(corner).to_contain_text(f"Borders: {source.name} CC BY 4.0")
    expect(corner).not_to_contain_text("Batas")
    assert page.evaluate("window.hacked") is None


# The table


def test_the_table_follows_the_map_and_the_filters(visit, full):
    page = visit(full)
    open_table(page)
    count = page.locator(".bs-drawer-count")
    seen = scene(
        page,
        "s.rows.filter((r) => s.map.getBounds().contains(s.map.unproject(s.villages.label[r].map((one) => one * 256 * 2 ** 10), 10))).length",
    )
    expect(count).to_have_text(f"{seen} dari 40 desa tampak dan cocok")
    page.get_by_label("Ikuti peta").uncheck()
    expect(count).to_have_text("40 dari 40 desa cocok")
    page.locator("[data-class=none]").click()
    expect(count).to_have_text("30 dari 40 desa cocok")
    expect(page.locator(".bs-grid table")).to_have_attribute("aria-rowcount", "31")
    page.get_by_label("Ikuti peta").check()
    scene(
        page,
        "s.map.setView(s.map.unproject(s.villages.label[1].map((one) => one * 256 * 2 ** 15), 15), 15, {animate: false})",
    )
    expect(count).to_have_text("1 dari 40 desa tampak dan cocok")
    expect(page.locator(".bs-grid tbody th")).to_have_text("Desa Uji 2")
    scene(page, "s.map.setView([0, 0], 12, {animate: false})")
    expect(page.locator(".bs-drawer-none")).to_be_visible()
    expect(page.get_by_role("button", name="Salin")).to_be_disabled()


def test_the_table_sorts_by_every_column(visit, full):
    page = visit(full)
    open_table(page)
    page.get_by_label("Ikuti peta").uncheck()
    names = page.locator(".bs-grid tbody th")
    expect(names.first).to_have_text("Desa Uji 1")
    expect(names.nth(1)).to_have_text("Desa Uji 2")
    for head in page.locator(".bs-sort").all():
        for direction in ("ascending", "descending"):
            key = head.get_attribute("data-sort")
            now = page.locator(f"[data-sort={key}]")
            now.click()
            if key == "name":
                continue  # it was sorted so; the first click turned it
            expect(page.locator(f"th:has([data-sort={key}])")).to_have_attribute("aria-sort", direction)
    page.locator("[data-sort=share]").click()
    shares = [cell.inner_text() for cell in page.locator(".bs-grid tbody tr:not(.bs-space) td:nth-child(6)").all()]
    assert shares[0] == "2,0\u00a0%"
    page.locator("[data-sort=share]").click()
    assert page.locator(".bs-grid tbody tr td:nth-child(6)").first.inner_text() == "92,0\u00a0%", (
        "what has no figure comes last"
    )


def test_only_the_rows_in_sight_are_elements(visit, tmp_path):
    frame = world.villages(40)
    many = pd.concat(
        [frame.assign(village_code=[f"99.{at:02d}.01.2{row:03d}" for row in range(40)]) for at in range(50)],
        ignore_index=True,
    )
    page = visit(write_map(tmp_path / "map.html", many))
    open_table(page)
    page.get_by_label("Ikuti peta").uncheck()
    expect(page.locator(".bs-drawer-count")).to_have_text("2.000 dari 2.000 desa cocok")
    rows = page.locator(".bs-grid tbody tr:not(.bs-space)")
    assert rows.count() < 60
    page.locator(".bs-grid").evaluate("grid => { grid.scrollTop = grid.scrollHeight; }")
    expect(rows.last).to_have_attribute("aria-rowindex", "2001")
    assert rows.count() < 60
    page.locator(".bs-grid").evaluate("grid => { grid.scrollTop = 0; }")
    expect(rows.first).to_have_attribute("aria-rowindex", "2")


@pytest.mark.parametrize("device", DEVICES)
def test_a_row_opens_its_village(visit, full, device):
    page = visit(full, **DEVICES[device])
    open_table(page)
    page.locator("[data-row='0']").click()
    card = page.locator(".leaflet-popup-content" if device == "desk" else ".bs-sheet")
    expect(card.locator("h2")).to_have_text("Desa Uji 1")
    expect(page.locator(".bs-drawer")).to_be_visible(visible=device == "desk")
    if device == "desk":
        expect(page.locator("tr[aria-current]")).to_contain_text("Desa Uji 1")


def test_the_table_is_written_as_it_is_shown(visit, full, villages):
    page = visit(full)
    open_table(page)
    page.get_by_label("Ikuti peta").uncheck()
    page.locator("[data-class=none]").click()
    expect(page.locator(".bs-drawer-count")).to_have_text("30 dari 40 desa cocok")
    with page.expect_download() as got:
        page.get_by_role("button", name="Unduh CSV").click()
    assert got.value.suggested_filename == "desa_2022-12-26.csv"
    data = got.value.path().read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert len(rows) == 30
    assert rows[0]["Desa"] == "Desa Uji 2"
    assert rows[0]["Kode"] == villages["village_code"].iloc[1]
    assert rows[0]["Status sinyal"] == "Lemah atau sebagian"
    assert rows[0]["Terlayani 4G (%)"] == "45"
    assert rows[0]["Pengukuran terakhir"] == "2022-10-04"
    expect(page.locator(".bs-drawer-count")).to_contain_text("30 baris disimpan")


def test_copied_text_runs_no_formula(visit, hostile):
    page = visit(hostile, permissions=["clipboard-read", "clipboard-write"])
    open_table(page)
    page.get_by_label("Ikuti peta").uncheck()
    page.get_by_role("button", name="Salin").click()
    expect(page.locator(".bs-drawer-count")).to_contain_text("12 baris disalin")
    rows = list(csv.DictReader(io.StringIO(page.evaluate("navigator.clipboard.readText()"))))
    assert sorted(row["Desa"] for row in rows) == sorted(safe_text(name.strip()) for name in world.HOSTILE)
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize("device", DEVICES)
def test_hostile_names_are_text_everywhere(visit, hostile, device):
    page = visit(hostile, **DEVICES[device])
    open_panel(page)
    page.locator(".bs-places summary").click()
    for place in page.locator("[data-place]").all():
        assert place.inner_text()
    page.locator("[data-place]").first.click()
    page.locator("[data-lang=en]").click()
    if device == "phone":
        page.locator("[data-bs=toggle]").click()
    open_table(page)
    assert page.locator(".bs-grid tbody th").count() > 0
    assert page.evaluate("window.hacked") is None
    assert page.locator(".bs img, .bs svg[onload], .bs script:not([type])").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= DEVICES[device]["viewport"]["width"]


# Keyboard and screen readers


def test_the_table_by_keyboard(visit, full):
    page = visit(full)
    opener = page.locator("[data-bs=drawer-open]")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".bs-drawer-title")).to_be_focused()
    page.get_by_label("Ikuti peta").uncheck()
    page.locator(".bs-go").first.focus()
    for _ in range(25):
        page.keyboard.press("ArrowDown")
    expect(page.locator("tr:has(:focus)")).to_have_attribute("aria-rowindex", "27")
    page.keyboard.press("ArrowUp")
    expect(page.locator("tr:has(:focus)")).to_have_attribute("aria-rowindex", "26")
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup-content")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup-content")).to_have_count(0)
    page.locator(".bs-drawer-title").focus()
    page.keyboard.press("Escape")
    expect(page.locator(".bs-drawer")).to_be_hidden()
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("table", [False, True], ids=["map", "table"])
def test_no_keyboard_trap(visit, full, table):
    page = visit(full)
    if table:
        open_table(page)
    page.evaluate("document.activeElement.blur()")
    seen = []
    for _ in range(320):  # once around, wherever the round begins
        page.keyboard.press("Tab")
        where = page.evaluate(
            "document.activeElement === document.body ? 'body' : document.activeElement.outerHTML.slice(0, 200)"
        )
        seen.append(where)
        if "body" in seen and where == seen[0] and len(seen) > 3:
            break
    else:
        pytest.fail(f"the focus never left the page and came back: {seen[-5:]}")
    assert len(set(seen)) > 15


def test_on_a_phone_the_table_covers_what_is_behind_it(visit, full):
    page = visit(full, **PHONE)
    open_table(page)
    hidden = page.evaluate("[...document.querySelectorAll('.bs-panel, .bs-search, .bs-map')].every((e) => e.inert)")
    assert hidden
    page.get_by_role("button", name="Tutup tabel").click()
    assert (
        page.evaluate("[...document.querySelectorAll('.bs-panel, .bs-search, .bs-map')].some((e) => e.inert)") is False
    )


def test_the_table_hides_nothing_that_takes_the_focus(visit, with_past):
    page = visit(with_past)
    open_table(page)
    bar, drawer = page.locator(".bs-time").bounding_box(), page.locator(".bs-drawer").bounding_box()
    assert bar["y"] + bar["height"] <= drawer["y"]
    phone = visit(with_past, **PHONE)
    open_table(phone)
    free = "[...document.querySelectorAll('.bs-main > *')].filter((e) => !e.inert).map((e) => e.className)"
    assert phone.evaluate(free) == ["bs-drawer"]


STATES = {
    "bare": lambda _: None,
    "panel": open_panel,
    "places": lambda page: (
        open_panel(page),
        page.locator(".bs-places summary").click(),
        page.locator(".bs-panel").evaluate("panel => { panel.scrollTop = 0; }"),  # nothing half behind the handle
    ),
    "card": lambda page: scene(page, "s.view.toVillage(0)"),
    "table": open_table,
    "search": lambda page: find(page, "desa uji 1"),
}


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(visit, full, device, state, lang):
    page = visit(full, **DEVICES[device], bypass_csp=True)  # axe is a script of its own
    if lang == "en":
        scene(page, "s.setLanguage('en')")
    STATES[state](page)
    page.wait_for_timeout(150)
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    told = [
        (one["id"], [node["html"][:160] for node in one["nodes"]][:3], one["nodes"][0]["failureSummary"][:300])
        for one in found
    ]
    assert told == []
