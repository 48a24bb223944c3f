"""The ground under a raster: pixel sizes, densities and light, on worlds that a reader can check in the head."""

from __future__ import annotations

import math

import numpy as np
import pytest
from affine import Affine
from pyproj import CRS, Transformer

from blankspot.errors import UsageError
from blankspot.grid import Grid
from blankspot.relief import hillshade, per_km2, pixel_sizes_m, summed_to

UTM = "EPSG:32748"
SIN_45 = math.sin(math.radians(45))


def utm(values, size=30.0):
    return Grid(np.asarray(values, dtype=float), Affine(size, 0, 750_000, 0, -size, 9_240_000), UTM)


def slope(east_per_m=0.0, north_per_m=0.0, rows=6, columns=8, size=30.0):
    row, column = np.mgrid[:rows, :columns]
    return utm(column * size * east_per_m - row * size * north_per_m, size)


def test_a_metre_of_utm_is_about_a_metre():
    width, height = pixel_sizes_m(utm(np.zeros((4, 5)), 100.0))
    assert width == pytest.approx([100] * 4, rel=1e-3)
    assert height == pytest.approx([100] * 4, rel=1e-3)


def test_degrees_become_shorter_towards_the_poles():
    grid = Grid(np.zeros((2, 2)), Affine(0.001, 0, 107, 0, -1, 60.5), "EPSG:4326")
    width, height = pixel_sizes_m(grid)
    assert width == pytest.approx([111.32 * math.cos(math.radians(60)), 111.32 * math.cos(math.radians(59))], rel=3e-3)
    assert height == pytest.approx([111_412] * 2, rel=2e-3)


def test_mercator_metres_are_longer_than_those_on_the_ground():
    x, y = Transformer.from_crs(4326, 3857, always_xy=True).transform(107, 60)
    width, _ = pixel_sizes_m(Grid(np.zeros((1, 1)), Affine(100, 0, x, 0, -100, y), "EPSG:3857"))
    assert width == pytest.approx([50.1], rel=5e-3)


def test_people_per_km2():
    density = per_km2(utm([[1.0, np.nan], [4.0, 0.0]], 100.0))
    np.testing.assert_allclose(density.values, [[100, np.nan], [400, 0]], rtol=2e-3)


def test_small_pixels_are_added_up_to_a_hundred_metres():
    grid = utm(np.arange(30.0).reshape(5, 6), 30.0)
    grid.values[:4, 4:] = np.nan
    found = summed_to(grid, 100.0)
    assert found.shape == (2, 2)
    assert found.transform.a == 120.0
    assert np.nansum(found.values) == np.nansum(grid.values), "nobody is lost"
    assert np.isnan(found.values[0, 1])
    assert summed_to(utm(np.ones((3, 3)), 100.0), 100.0).shape == (3, 3)


def test_flat_ground_is_lit_by_the_height_of_the_light():
    np.testing.assert_allclose(hillshade(slope()).values, SIN_45)
    np.testing.assert_allclose(hillshade(slope(), altitude_deg=30).values, 0.5)


@pytest.mark.parametrize(
    ("east", "north", "azimuth", "lit"),
    [
        (1.0, 0.0, 270, 1.0),  # rises by 45° to the east, so its face looks west, straight into a light from the west
        (1.0, 0.0, 90, 0.0),  # and away from one in the east
        (0.0, -1.0, 0, 1.0),  # falls to the north and looks north
        (0.0, -1.0, 180, 0.0),
        (1.0, 0.0, 0, 0.5),  # across the light: sin 45° · cos 45°
        (0.5, 0.0, 270, (SIN_45 + 0.5 * SIN_45) / math.sqrt(1.25)),
    ],
)
def test_planes(east, north, azimuth, lit):
    found = hillshade(slope(east, north), azimuth_deg=azimuth).values
    np.testing.assert_allclose(found, lit, atol=1.5e-3)


def test_the_same_plane_in_degrees_looks_the_same():
    lon = 107 + np.arange(8) * 0.001
    lat = -7 - np.arange(6) * 0.001
    metres = (lon - 107) * 111_320 * math.cos(math.radians(7))
    heights = np.broadcast_to(metres, (lat.size, lon.size))
    found = hillshade(Grid(heights.copy(), Affine(0.001, 0, 107 - 0.0005, 0, -0.001, -7 + 0.0005), "EPSG:4326"))
    np.testing.assert_allclose(found.values, hillshade(slope(1.0)).values[0, 0], atol=4e-3)


def test_horn_weighs_the_nearer_neighbours_twice():
    heights = np.zeros((3, 3))
    heights[1, 2] = 30.0
    found = hillshade(utm(heights), azimuth_deg=270).values[1, 1]
    gradient = 2 * 30 / (8 * 30)
    assert found == pytest.approx((SIN_45 + gradient * SIN_45) / math.sqrt(1 + gradient**2), abs=1e-3)


def test_what_is_empty_stays_empty_and_what_cannot_be_shaded_is_refused():
    heights = np.zeros((5, 5))
    heights[2, 2] = np.nan
    found = hillshade(utm(heights)).values
    assert np.isnan(found[2, 2])
    assert np.isfinite(found[0]).all()
    turned = Grid(np.zeros((4, 4)), Affine.rotation(20) @ Affine.scale(30, -30), UTM)
    for grid in (turned, utm(np.zeros((1, 9)))):
        with pytest.raises(UsageError, match="upright"):
            hillshade(grid)
    assert CRS.from_user_input(hillshade(slope()).crs) == CRS.from_user_input(UTM)
