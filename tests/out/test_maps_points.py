"""Many readings on the map: thinned from afar by a rule that is told, each place from near, found under a finger."""

from __future__ import annotations

import mapworld as world
import numpy as np
import pandas as pd
import pytest
from mapvisit import scene, switch
from playwright.sync_api import expect

from blankspot.out.maps import write_map

COUNT = 20_000


@pytest.fixture(scope="module")
def villages():
    return world.villages()


def readings(values, lon, lat):
    return pd.DataFrame(
        {"lon": lon, "lat": lat, "operator": "telkomsel", "technology": "4G", "metric": "rsrp_dbm", "value": values}
    )


@pytest.fixture(scope="module")
def full(villages, tmp_path_factory):
    """Readings all over: strong ones in the west, none in the east."""
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(107.4, 107.8, COUNT), rng.uniform(-7.2, -6.9, COUNT)
    rest = world.tables(villages) | {"measurements": readings(np.where(lon < 107.6, -80.0, -125.0), lon, lat)}
    return write_map(tmp_path_factory.mktemp("points") / "map.html", villages, **rest)


def hit(page, lon, lat, reach=12):
    return scene(page, "await s.layer.hit({ lng: a[0], lat: a[1] }, a[2])", [lon, lat, reach])


def test_from_afar_a_mark_stands_for_many_and_the_legend_says_so(visit, full):
    page = visit(full)
    switch(page, "measurements", on=True)
    told = page.locator("[data-bs=marks]")
    expect(told).to_contain_text("1 tanda = rata-rata")
    expect(told).to_contain_text("menurut median")
    west, east = hit(page, 107.5, -7.05), hit(page, 107.7, -7.05)
    assert west["many"]["places"] > 3
    assert west["many"]["levels"] == [0, 0, 0, west["many"]["total"]]
    assert east["many"]["levels"] == [0, east["many"]["total"], 0, 0]
    assert (west["many"]["level"], east["many"]["level"]) == (3, 1)


def test_a_mark_tells_what_it_stands_for(visit, full):
    page = visit(full)
    switch(page, "measurements", on=True)
    found = hit(page, 107.5, -7.05)
    scene(page, "void s.view.show(a, { lng: 107.5, lat: -7.05 })", found)
    card = page.locator(".leaflet-popup-content")
    expect(card).to_contain_text(
        f"Tanda ini mewakili {found['many']['total']} titik ukur di {found['many']['places']} tempat"
    )
    expect(card).to_contain_text("Sinyal kuat")


def test_from_near_every_place_is_itself(visit, full):
    page = visit(full)
    switch(page, "measurements", on=True)
    scene(page, "void s.map.setView([-7.05, 107.5], 15, { animate: false })")
    expect(page.locator("[data-bs=marks]")).to_have_text("1 tanda = semua titik ukur di satu tempat.")
    at = scene(
        page,
        "(() => { const m = s.stores.measurements; return [...m.x.keys()].find((i) => Math.abs(m.x[i] - (107.5 / 360 + 0.5)) < 1e-5); })()",
    )
    place = scene(page, "(() => { const m = s.stores.measurements, z = s.map.getZoom(), k = 256 * 2 ** z; const p = s.map.unproject([m.x[a] * k, m.y[a] * k], z); return [p.lng, p.lat]; })()", at)  # fmt: skip
    assert hit(page, *place, 3) == {"layer": "measurements", "row": at}


def test_the_middle_decides_and_of_two_the_worse(visit, villages, tmp_path):
    """In one square: 2 strong and 1 none is strong; 1 strong and 1 none is none. Far places fill the map up."""
    rng = np.random.default_rng(6)
    corner = readings(-110.0, rng.uniform(107.4, 107.5, 8000), rng.uniform(-7.2, -6.9, 8000))
    three = readings([-80.0, -80.0, -125.0], [107.700, 107.701, 107.701], [-7.100, -7.100, -7.101])
    two = readings([-80.0, -125.0], [107.700, 107.701], [-6.950, -6.950])
    table = pd.concat([corner, three, two], ignore_index=True)
    page = visit(write_map(tmp_path / "map.html", villages, measurements=table))
    switch(page, "measurements", on=True)
    scene(page, "void s.map.setView([-7.05, 107.6], 8, { animate: false })")
    for lat, makeup, level in ((-7.1, [0, 1, 0, 2], 3), (-6.95, [0, 1, 0, 1], 1)):
        found = hit(page, 107.7005, lat)
        assert found["many"]["levels"] == makeup
        assert found["many"]["level"] == level


def test_worker_and_page_agree_on_marks(visit, full):
    pages = [visit(full), visit(full, script="delete window.Worker")]
    for page in pages:
        switch(page, "measurements", on=True)
    first, second = ([hit(page, lon, -7.05) for lon in (107.45, 107.5, 107.61, 107.7)] for page in pages)
    assert first == second
