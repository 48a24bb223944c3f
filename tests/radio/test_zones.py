"""Where the sea is near: sea, coastal land, inland."""

from __future__ import annotations

import numpy as np
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.grid import Grid
from blankspot.radio.zones import find_zones, within
from blankspot.settings import load_settings
from blankspot.terrain import GridTerrain

PIXEL_KM = (0.5, 0.5)
RADIO = load_settings({"radio": {"coast_km": 10.0, "coast_max_m": 100.0}}).radio


def world(at_sea=None, heights=None):
    heights = np.full((80, 90), 20.0, dtype=np.float32) if heights is None else heights
    return GridTerrain(Grid(heights, Affine(0.005, 0, 107, 0, -0.005, -6), "EPSG:4326"), at_sea=at_sea)


def zones_of(terrain, window=(0, 0, 80, 90)):
    found = find_zones(terrain, window, pixel_km=PIXEL_KM, reach_km=5.0, radio=RADIO)
    return None if found is None else found.window(terrain, window, terrain.heights(window))


def test_without_sea_everything_is_inland():
    assert zones_of(world()) is None
    assert zones_of(world(np.zeros((80, 90), dtype=bool))) is None


def test_coast_is_low_land_near_the_sea():
    at_sea = np.zeros((80, 90), dtype=bool)
    at_sea[:, :10] = True
    heights = np.full((80, 90), 20.0, dtype=np.float32)
    heights[40:, :] = 300.0
    found = zones_of(world(at_sea, heights))
    assert (found[:, :10] == 1).all()
    assert (found[:40, 10:26] == 3).all()
    assert (found[:40, 34:] == 4).all()
    assert (found[40:, 10:] == 4).all()


def test_a_zone_does_not_depend_on_the_window():
    at_sea = np.zeros((80, 90), dtype=bool)
    at_sea[30:33, 40:47] = True
    terrain = world(at_sea)
    found = find_zones(terrain, (0, 0, 80, 90), pixel_km=PIXEL_KM, reach_km=5.0, radio=RADIO)
    whole = found.window(terrain, (0, 0, 80, 90), terrain.heights((0, 0, 80, 90)))
    part = found.window(terrain, (11, 23, 40, 50), terrain.heights((11, 23, 40, 50)))
    np.testing.assert_array_equal(part, whole[11:51, 23:73])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.5, 9))
def test_reach_is_what_a_look_at_every_pair_finds(seed, reach):
    rng = np.random.default_rng(seed)
    marked = rng.random((13, 17)) < 0.03
    rows, columns = np.indices(marked.shape)
    wanted = np.zeros_like(marked)
    for r, c in np.argwhere(marked):
        wanted |= np.hypot((rows - r) * 0.9, (columns - c) * 1.1) <= reach
    np.testing.assert_array_equal(within(marked, (0.9, 1.1), reach), wanted)
