"""A raster as a value: where its pixels lie and what a position reads."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine

from blankspot.grid import Grid

DEGREES = Grid(np.arange(12.0).reshape(3, 4), Affine(0.5, 0, 107, 0, -0.5, -6), "EPSG:4326")
METRES = Grid(np.arange(12.0).reshape(3, 4), Affine(100, 0, 700_000, 0, -100, 9_200_000), "EPSG:32748")
ROTATED = Grid(
    np.arange(12.0).reshape(3, 4),
    Affine.translation(107, -6) @ Affine.rotation(30) @ Affine.scale(0.5, -0.5),
    "EPSG:4326",
)


def test_row_0_is_the_northernmost_and_bounds_are_the_outer_edges():
    assert DEGREES.shape == (3, 4)
    assert DEGREES.bounds == (107, -7.5, 109, -6)
    assert DEGREES.sample(107.1, -6.1) == 0
    assert DEGREES.sample(108.9, -7.4) == 11


@pytest.mark.parametrize("grid", [DEGREES, METRES, ROTATED])
def test_each_centre_reads_its_own_pixel(grid):
    lon, lat = grid.centres()
    assert lon.shape == grid.shape
    assert (grid.sample(lon, lat) == grid.values).all()


@pytest.mark.parametrize("grid", [DEGREES, METRES])
def test_outside_and_nowhere_there_is_no_value(grid):
    assert np.isnan(grid.sample([0, 180, np.nan, np.inf, 107.1], [0, -6, -6, -6, -np.inf])).all()


def test_edges_belong_to_the_pixel_east_and_south_of_them():
    assert DEGREES.sample([107, 107.5, 109], [-6, -6.5, -7]).tolist()[:2] == [0, 5]
    assert np.isnan(DEGREES.sample(109, -7))


def test_no_data_stays_no_data():
    grid = Grid(np.array([[np.nan, 1.0]]), Affine(1, 0, 0, 0, -1, 1), "EPSG:4326")
    assert np.isnan(grid.sample(0.5, 0.5))
    assert grid.sample(1.5, 0.5) == 1


def test_positions_count_pixels_from_the_north_western_corner():
    column, row = DEGREES.positions([107.25], [-6.75])
    assert (column.item(), row.item()) == (0.5, 1.5)


def test_a_grid_of_single_precision_is_read_too():
    grid = Grid(np.ones((2, 2), dtype=np.float32), DEGREES.transform, "EPSG:4326")
    assert grid.sample(107.1, -6.1) == 1
