"""The engine of the map in Chromium: tiles come from a worker, and from the page itself where there is no worker."""

from __future__ import annotations

import mapworld as world
import pytest
from mapvisit import colour, scene, switch

from blankspot.out.maps import write_map

WITHOUT = {
    "no Worker": "delete window.Worker",
    "no OffscreenCanvas": "delete window.OffscreenCanvas",
    "a Worker that fails": "window.Worker = class { constructor() { throw new Error('not here'); } }",
    "a Worker that errs": "window.Worker = class { constructor() { setTimeout(() => this.onerror(new Event('error'))); } terminate() {} }",
}
GREY = "({data}) => { let sum = 0; for (const v of data) sum += v; return sum; }"
# Every tile in sight as a sum of its pixels, by its place.
TILES = (
    "await (async () => { await s.layer.settled(); return Object.values(s.layer._tiles).map(({el, coords: c}) => ["
    f"[c.x, c.y, c.z].join(' '), ({GREY})(el.getContext('2d').getImageData(0, 0, el.width, el.height))]).sort(); }})()"
)


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    villages = world.villages()
    return write_map(tmp_path_factory.mktemp("map") / "map.html", villages, **world.tables(villages))


def test_tiles_are_painted_in_a_worker(visit, full):
    page = visit(full)
    assert len(page.workers) == 1
    assert scene(page, "s.engine.remote")


@pytest.mark.parametrize("how", WITHOUT)
def test_without_a_worker_the_page_paints_the_same_tiles(visit, full, how):
    pages = [visit(full), visit(full, script=WITHOUT[how])]
    remote = [scene(page, "s.engine.remote") for page in pages]
    assert remote == [True, False]
    for page in pages:
        for layer in ("gaps", "sites", "measurements"):
            switch(page, layer, on=True)
    first, second = (scene(page, TILES) for page in pages)
    assert len(first) > 4
    assert [tile for tile, _ in first] == [tile for tile, _ in second]
    assert all(abs(a[1] - b[1]) <= a[1] * 1e-3 for a, b in zip(first, second, strict=True))


def test_a_second_layer_has_a_state_of_its_own(visit, full):
    page = visit(full)
    for layer in ("labels", "handling", "districts"):
        switch(page, layer, on=False)
    before = colour(page, 0)
    other = scene(
        page,
        "await (async () => { const two = Object.create(s, { on: { value: { ...s.on, verdicts: false } } });"
        " const layer = new s.layer.constructor(two, { pane: 'blankspot', tileSize: 256 }).addTo(s.map); await layer.settled();"
        " const at = s.map.unproject(s.villages.label[6].map((v) => v * 256 * 2 ** s.map.getZoom()), s.map.getZoom());"
        " const found = [await layer.hit(at, 0), await s.layer.hit(at, 0), layer.id !== s.layer.id]; layer.remove(); return found; })()",
    )
    assert other == [{"layer": "villages", "row": 6}, {"layer": "villages", "row": 6}, True]
    assert colour(page, 0) == before


def test_selecting_paints_the_same_as_painting_all_anew(visit, full):
    page = visit(full)
    scene(page, "s.map.setZoom(s.map.getZoom() + 1, { animate: false })")
    for row in (6, 7, -1):
        chosen = scene(page, f"(s.selected = a, s.layer.reselect(), {TILES})", row)
        anew = scene(page, f"(s.layer.repaint(), {TILES})")
        assert chosen == anew
        assert scene(page, "s.layer.laid.selected") == row
