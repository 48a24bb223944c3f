"""The map in Firefox: it opens from a file, is painted, searched, filtered and read as a table, and asks for nothing."""

from __future__ import annotations

import json
import os
import time

import mapworld as world
import pytest
from browser import find_firefox
from firefox import open_firefox

from blankspot.out.maps import write_map

SCENE = "await window[document.querySelector('.bs-map').id].blankspot"
ENTER = "\ue007"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory):
    program = find_firefox()
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("no Firefox; `make test` installs Debian's firefox-esr when root")
        pytest.skip("no Firefox on this machine: install firefox-esr, or set FIREFOX to one")
    with open_firefox(program, tmp_path_factory.mktemp("firefox") / "profile") as opened:
        opened.size(1280, 800)
        yield opened


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    villages = world.villages()
    return write_map(tmp_path_factory.mktemp("map") / "map.html", villages, **world.tables(villages))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    frame, rest = world.hostile()
    return write_map(tmp_path_factory.mktemp("hostile") / "map.html", frame, **rest)


@pytest.fixture
def visit(firefox):
    """Open a file and wait until the map can be used; an error or a request fails the test."""
    firefox.errors.clear()
    firefox.requests.clear()

    def go(path):
        firefox.open(path)
        # the page before may still stand there, and be ready
        here = json.dumps(path.as_uri())
        until(
            firefox,
            f"() => document.URL === {here} && Boolean(document.querySelector('.bs[data-ready] [data-bs=search]'))",
        )
        return firefox

    yield go
    firefox.run("() => null")  # takes in what was said until now
    assert firefox.errors == []
    assert firefox.requests, "the page itself was asked for, so that requests are told of"
    assert [url for url in firefox.requests if not url.startswith(("file:", "data:", "blob:"))] == []


def until(firefox, condition, within_s=30):
    end = time.monotonic() + within_s
    while not firefox.run(condition):
        assert time.monotonic() < end, f"{condition}; {firefox.errors}"
        time.sleep(0.05)


def ask(firefox, expression, argument=None):
    return firefox.run(f"async (a) => {{ const s = {SCENE}; return {expression}; }}", argument)


def text(firefox, selector):
    return firefox.run("(a) => document.querySelector(a)?.innerText ?? ''", selector)


def press_button(firefox, selector):
    firefox.run("(a) => document.querySelector(a).click()", selector)


def test_paints_in_a_worker(visit, full):
    page = visit(full)
    assert ask(page, "s.engine.remote")
    colours = ask(
        page,
        "await s.layer.settled(), (() => { const seen = new Set();"
        " for (const {el} of Object.values(s.layer._tiles)) { const {data} = el.getContext('2d').getImageData(0, 0, el.width, el.height);"
        " for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 250) seen.add([data[i], data[i + 1], data[i + 2]].join(' ')); }"
        " return [...seen]; })()",
    )
    assert {"179 38 30", "42 143 133", "189 189 189"} <= set(colours)  # measured none, measured served, unknown


def test_a_click_tells_of_a_village(visit, full):
    page = visit(full)
    at = ask(
        page,
        "(() => { const z = s.map.getZoom(), [x, y] = s.villages.label[6], k = 256 * 2 ** z;"
        " const p = s.map.latLngToContainerPoint(s.map.unproject([x * k, y * k], z)), b = s.map.getContainer().getBoundingClientRect();"
        " return [p.x + b.left, p.y + b.top]; })()",
    )
    page.click(*at)
    until(page, "() => document.querySelector('.leaflet-popup-content')?.innerText.includes('Desa Uji 7')")


def test_search_opens_a_village(visit, full):
    page = visit(full)
    at = "() => { const b = document.querySelector('[data-bs=search]').getBoundingClientRect(); return [b.left + b.width / 2, b.top + b.height / 2]; }"
    page.click(
        *page.run(at)
    )  # as a reader does; a focus given by script may leave the keys with the browser's own window
    until(page, "() => document.activeElement === document.querySelector('[data-bs=search]')")
    page.press("desa uji 12")
    until(page, "() => document.querySelectorAll('[data-bs=found] [role=option]').length > 0")
    page.press(ENTER)
    until(page, "() => document.querySelector('.leaflet-popup-content')?.innerText.includes('Desa Uji 12')")


def test_a_class_can_be_hidden(visit, full):
    page = visit(full)
    assert text(page, "[data-bs=count]") == "Menampilkan 40 dari 40 desa"
    press_button(page, "[data-class=served]")
    assert text(page, "[data-bs=count]") == "Menampilkan 30 dari 40 desa"


def test_the_table_opens(visit, full):
    page = visit(full)
    press_button(page, "[data-bs=drawer-open]")
    until(page, "() => document.querySelectorAll('[data-bs=drawer] tbody tr').length > 5")
    assert "Desa Uji 1" in text(page, "[data-bs=drawer]")


def test_hostile_texts_run_nothing(visit, hostile):
    page = visit(hostile)
    press_button(page, "[data-bs=drawer-open]")
    until(page, "() => document.querySelectorAll('[data-bs=drawer] tbody tr').length > 5")
    assert page.run("() => window.hacked ?? null") is None
    assert "<img src=x onerror=window.hacked=1>" in text(page, "[data-bs=drawer]")
