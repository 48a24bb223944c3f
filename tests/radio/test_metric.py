"""Distances on a grid against geodesics."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine
from pyproj import Geod

from blankspot.radio.metric import degrees, local_axes, squared_distance

GRIDS = {
    "degrees at the equator": ("EPSG:4326", Affine(1 / 3600, 0, 117.0, 0, -1 / 3600, 0.5)),
    "degrees at 7° south": ("EPSG:4326", Affine(1 / 3600, 0, 107.0, 0, -1 / 3600, -6.5)),
    "degrees at 60° north": ("EPSG:4326", Affine(1 / 1800, 0, 10.0, 0, -1 / 3600, 60.5)),
    "UTM": ("EPSG:32748", Affine(30, 0, 760000, 0, -30, 9270000)),
    "UTM, wide of its zone": ("EPSG:32748", Affine(30, 0, 1060000, 0, -30, 9270000)),
    "Web Mercator": ("EPSG:3857", Affine(30, 0, 11900000, 0, -30, -750000)),
}


@pytest.mark.parametrize("name", GRIDS)
def test_distances_are_right_to_a_thousandth(name):
    crs, transform = GRIDS[name]
    x, y, reach = 1000.3, 900.7, 2000.0
    q = squared_distance(crs, transform, x, y, reach)
    rng = np.random.default_rng(0)
    angle, away = rng.uniform(0, 2 * np.pi, 500), reach * np.sqrt(rng.uniform(1e-4, 1, 500))
    u, v = away * np.cos(angle), away * np.sin(angle)
    lon, lat = degrees(crs, transform, np.append(x + u, x) + 0.5, np.append(y + v, y) + 0.5)
    metres = Geod(ellps="WGS84").inv(np.full(500, lon[-1]), np.full(500, lat[-1]), lon[:-1], lat[:-1])[2]
    found = np.sqrt(sum(q[i, j] * u**i * v**j for i in range(5) for j in range(5)))
    np.testing.assert_allclose(found * 1e3, metres, rtol=1e-4)


def test_axes_of_degrees_point_east_and_south():
    lat, (east, north, right, down) = local_axes(
        "EPSG:4326", Affine(1 / 3600, 0, 107.0, 0, -1 / 3600, -6.5), 99.5, 99.5
    )
    assert lat == pytest.approx(-6.5 - 100 / 3600)
    assert east == pytest.approx(0.03074, rel=1e-3)
    assert down == pytest.approx(-0.030715, rel=1e-3)
    assert north == pytest.approx(0, abs=1e-6)
    assert right == pytest.approx(0, abs=1e-6)
