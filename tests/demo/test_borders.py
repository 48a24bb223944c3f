from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely


def test_desa_tile_the_kabupaten_exactly(arunika):
    shapes = np.array(arunika.villages.geometry)
    assert shapely.coverage_is_valid(shapes)
    assert shapely.is_valid(shapes).all()
    assert {shape.geom_type for shape in shapes} == {"Polygon"}
    whole = shapely.union_all(shapes)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert shapely.area(shapes).sum() == pytest.approx(whole.area, rel=1e-12)


def test_neighbours_share_their_vertices(arunika):
    shapes = np.array(arunika.villages.geometry)
    corners, owner = shapely.get_coordinates(shapes, return_index=True)
    _, number = np.unique(corners, axis=0, return_inverse=True)
    owners = np.unique(np.column_stack([number, owner]), axis=0)
    shared = np.bincount(owners[:, 0])
    outline = shapely.get_coordinates(shapely.union_all(shapes))
    lonely = np.unique(corners, axis=0)[shared == 1]
    outside = {tuple(point) for point in outline}
    assert all(tuple(point) in outside for point in lonely)


def test_borders_look_grown_and_not_drawn(arunika):
    metric = gpd.GeoSeries(arunika.villages.geometry).to_crs(32748)
    corners, owner = shapely.get_coordinates(np.array(metric), return_index=True)
    step = np.diff(corners, axis=0)[np.diff(owner) == 0]
    length = np.hypot(*step.T)
    bearing = np.degrees(np.arctan2(step[:, 1], step[:, 0])) % 90
    assert (np.minimum(bearing, 90 - bearing) < 0.5).mean() < 0.05  # no staircase of cells
    assert np.percentile(length, 99) < 900  # no long straight lines
    straight = metric.length**2 / (4 * np.pi * metric.area)
    assert straight.median() > 1.35  # a regular hexagon has 1.10


def test_borders_follow_ridges_and_rivers(arunika):
    metric = gpd.GeoSeries(arunika.villages.geometry).to_crs(32748)
    rivers = arunika.rivers[arunika.rivers["catchment_km2"] > 30].to_crs(32748).union_all()
    near = metric.boundary.union_all().intersection(rivers.buffer(150)).length
    everywhere = metric.union_all().area
    by_chance = metric.boundary.union_all().length * rivers.buffer(150).area / everywhere
    assert near > 1.4 * by_chance


def test_every_office_stands_in_its_desa(arunika):
    villages = arunika.villages
    offices = shapely.from_wkt(villages["office_point"].to_numpy())
    assert shapely.contains(np.array(villages.geometry), offices).all()
