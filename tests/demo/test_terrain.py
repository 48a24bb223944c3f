from __future__ import annotations

import numpy as np
import pytest

from blankspot.demo.fields import lattice
from blankspot.demo.terrain import shape_land


@pytest.fixture(scope="module")
def land():
    return shape_land(42, 280)


def test_the_world_is_about_50_by_40_km_at_30_m(land):
    rows, columns = land.heights.shape
    assert rows * 30 == pytest.approx(40_000, rel=0.02)
    assert columns * 30 == pytest.approx(50_000, rel=0.02)


def test_all_water_reaches_the_edge_and_never_flows_uphill(land):
    place = np.arange(land.receiver.size)
    for _ in range(3000):
        place = land.receiver[place]
    row, column = np.divmod(place, land.nodes.columns)
    at_edge = (row == 0) | (row == land.nodes.rows - 1) | (column == 0) | (column == land.nodes.columns - 1)
    assert at_edge.all()
    assert (land.level[land.receiver] <= land.level).all()


def test_rivers_gather_what_rains(land):
    outlets = land.receiver == np.arange(land.receiver.size)
    cells = land.receiver.size * (land.nodes.cell_m / 1000) ** 2
    assert land.catchment_km2[outlets].sum() == pytest.approx(cells)
    assert land.catchment_km2.max() > 150


def test_there_is_a_volcano_a_plain_and_mountains_between(land):
    heights = land.heights
    assert heights.max() > 1500
    assert np.percentile(heights, 25) < 600
    assert np.hypot(*np.gradient(heights, 30.0)).max() < 3
    rows, columns = (size // 10 * 10 for size in heights.shape)
    broad = heights[:rows, :columns].reshape(rows // 10, 10, columns // 10, 10).mean(axis=(1, 3))
    slope = np.hypot(*np.gradient(broad, 300.0))
    assert (slope < 0.05).mean() > 0.12  # a plain
    assert (slope > 0.20).mean() > 0.15  # mountains


def test_rivers_do_not_run_in_eight_directions(land):
    river = np.flatnonzero((land.catchment_km2 > 5) & (land.receiver != np.arange(land.receiver.size)))
    there = land.receiver[river]
    bearing = np.degrees(np.arctan2(land.y[there] - land.y[river], land.x[there] - land.x[river])) % 45
    assert (np.minimum(bearing, 45 - bearing) < 1).mean() < 0.12


def test_lattices_of_one_world_cover_the_same_ground():
    for villages in (10, 280, 1000):
        sizes = {
            (grid.rows * grid.cell_m, grid.columns * grid.cell_m)
            for grid in (lattice(villages, m) for m in (30.0, 100.0, 200.0))
        }
        assert len(sizes) == 1
