"""Projections, areas and distances against figures known from elsewhere."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from blankspot import geo
from blankspot.errors import UsageError

BOX = shapely.box(107, -7, 107.1, -6.9)
HOLE = shapely.box(107.02, -6.98, 107.05, -6.95)


def frame(*geometries, crs="EPSG:4326") -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=list(geometries), crs=crs)


@pytest.mark.parametrize(
    ("lon", "lat", "epsg"),
    [
        ([107.6], [-6.9], 32748),  # Bandung
        ([99.1], [3.4], 32647),  # Serdang Bedagai
        ([140.7], [-2.5], 32754),  # Jayapura
        ([107, 108.9], [-7, -6], 32748),
        ([0, np.nan, 1], [1, 2, np.inf], 32631),
        ([180], [1], 32601),
        ([-180], [0], 32601),
    ],
)
def test_the_local_projection_is_the_utm_zone_of_the_middle(lon, lat, epsg):
    assert geo.local_crs(lon, lat).to_epsg() == epsg


def test_without_any_position_there_is_no_local_projection():
    with pytest.raises(UsageError, match="No coordinates"):
        geo.local_crs([np.nan], [1])
    with pytest.raises(UsageError, match="No coordinates"):
        geo.frame_crs(frame())


def test_the_projection_of_a_frame_is_that_of_its_middle():
    assert geo.frame_crs(frame(BOX)).to_epsg() == 32748


@settings(deadline=None, max_examples=50)
@given(st.floats(104, 110), st.floats(-9, 0))
def test_degrees_survive_the_way_to_metres_and_back(lon, lat):
    crs = geo.local_crs([lon], [lat])
    back = geo.to_degrees(*geo.to_metric([lon], [lat], crs), crs)
    assert np.allclose(back, [[lon], [lat]], rtol=0, atol=1e-9)


def test_a_metre_in_the_local_projection_is_a_metre_on_the_ground_within_a_thousandth():
    crs = geo.local_crs([107.6], [-6.9])
    x, y = geo.to_metric([107.6, 107.7], [-6.9, -6.8], crs)
    assert np.hypot(*np.diff([x, y]).ravel()) == pytest.approx(
        geo.distance_m(107.6, -6.9, 107.7, -6.8).item(), rel=1e-3
    )


def test_cells_are_half_open_and_anchored_at_the_origin():
    assert geo.cells([-0.1, 0, 249.9, 250], [0, 0, 0, -250], 250).tolist() == [[-1, 0], [0, 0], [0, 0], [1, -1]]
    assert geo.cells([], [], 250).shape == (0, 2)


def test_the_area_of_a_square_kilometre_is_one():
    lon, lat, _ = Geod(ellps="WGS84").fwd([107.0, 107.0], [0.0, 0.0], [90, 0], [1000, 1000])
    assert geo.area_km2(shapely.box(107, 0, lon[0], lat[1])) == pytest.approx(1, rel=1e-6)


@pytest.mark.parametrize("shell", [1, -1])
@pytest.mark.parametrize("hole", [1, -1])
def test_an_area_does_not_depend_on_which_way_the_rings_run(shell, hole):
    pierced = shapely.Polygon(list(BOX.exterior.coords)[::shell], [list(HOLE.exterior.coords)[::hole]])
    assert geo.area_km2(pierced) == pytest.approx(geo.area_km2(BOX) - geo.area_km2(HOLE))


def test_the_parts_of_a_village_add_up_whichever_way_they_run():
    other = shapely.Polygon(list(shapely.affinity.translate(BOX, 1).exterior.coords)[::-1])
    assert geo.area_km2(shapely.MultiPolygon([BOX, other])) == pytest.approx(2 * geo.area_km2(BOX))


def test_nothing_has_no_area():
    assert geo.area_km2(None) == 0
    assert geo.areas_km2(frame(BOX, None, shapely.Polygon(), shapely.Point(1, 1)))[1:].tolist() == [0, 0, 0]


def test_distances_broadcast_and_keep_missing_positions_missing():
    one_degree_of_latitude = geo.distance_m([107, np.nan], [-6, -6], 107, -7)
    assert one_degree_of_latitude[0] == pytest.approx(110_585, abs=30)
    assert np.isnan(one_degree_of_latitude[1])
    assert geo.distance_m(107, -6, 107, -6) == 0


def test_only_wgs84_passes():
    geo.assert_wgs84(frame(BOX))
    for crs in (None, "EPSG:32748", "EPSG:4979"):
        with pytest.raises(UsageError, match="to_crs"):
            geo.assert_wgs84(frame(BOX, crs=crs))


def test_no_longitude_of_indonesia_is_a_latitude_of_it():
    assert geo.in_indonesia(107.6, -6.9)
    assert not geo.in_indonesia(-6.9, 107.6)
    assert not geo.in_indonesia(12.5, 41.9)
