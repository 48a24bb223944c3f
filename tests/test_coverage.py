"""A frame's tiles cover it once, and bounds in degrees find their pixels on any grid."""

from __future__ import annotations

import coverworld
import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.coverage import pixel_window

UTM = Affine(30, 0, 729_000, 0, -30, 9_076_000)
DEGREES = Affine(1 / 3600, 0, 107, 0, -1 / 3600, -7)


@settings(deadline=None)
@given(st.tuples(st.integers(1, 200), st.integers(1, 200)), st.integers(1, 90))
def test_tiles_cover_a_frame_once(shape, tile):
    laid = coverworld.frame(shape, tile=tile)
    seen = np.zeros(shape, dtype=int)
    for one in laid.tiles():
        row, column, rows, columns = laid.window(one)
        assert rows >= 1
        assert columns >= 1
        seen[row : row + rows, column : column + columns] += 1
    assert (seen == 1).all()


def test_whole_pixels_that_hold_the_bounds():
    west, north = DEGREES @ (10.5, 20.5)
    east, south = DEGREES @ (30.5, 50.5)
    assert pixel_window(DEGREES, "EPSG:4326", (100, 100), (west, south, east, north)) == (20, 10, 31, 21)


@pytest.mark.parametrize("bounds", [(-180, -90, 180, 90), (-179, -89.9, 179, 89.9), (90, -60, 150, 60)])
@pytest.mark.parametrize(("transform", "crs"), [(UTM, "EPSG:32748"), (DEGREES, "EPSG:4326"), (UTM, "EPSG:3857")])
def test_the_world_holds_every_grid(transform, crs, bounds):
    if crs == "EPSG:3857":
        transform = Affine(30, 0, 11_900_000, 0, -30, -800_000)
    assert pixel_window(transform, crs, (100, 200), bounds) == (0, 0, 100, 200)


@pytest.mark.parametrize("bounds", [(10, 50, 11, 51), (-170, -10, -160, 10), (107, 89, 108, 90), (17, 0, 17.1, 0.1)])
def test_bounds_of_elsewhere_hold_nothing(bounds):
    row, column, rows, columns = pixel_window(UTM, "EPSG:32748", (100, 200), bounds)
    assert rows * columns == 0
    assert min(row, column) >= 0
