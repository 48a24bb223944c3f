"""Overlaps and gaps of worlds small enough to check in the head, and equal to the plain definition on any other."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from blankspot.geo import area_km2
from blankspot.sources.coverage_faults import areas_m2, coverage_faults


def world(*shapes):
    codes = [f"32.04.05.{2001 + at}" for at in range(len(shapes))]
    return gpd.GeoDataFrame({"village_code": codes}, geometry=list(shapes), crs=4326)


def test_squares_that_tile_have_no_faults():
    found = coverage_faults(world(*(box(107 + x / 100, -7, 107.01 + x / 100, -6.99) for x in range(5))))
    assert found.measures() == {"overlap_km2": 0, "overlap_pairs": 0, "gap_km2": 0, "gaps": 0}


def test_an_overlap_is_measured_once_and_placed():
    found = coverage_faults(world(box(107, -7, 107.02, -6.99), box(107.01, -7, 107.03, -6.99)))
    overlap = found.overlaps.iloc[0]
    assert overlap["village_code"] < overlap["other_code"]
    assert overlap["overlap_km2"] == pytest.approx(area_km2(box(107.01, -7, 107.02, -6.99)), rel=1e-5)
    assert 107.01 <= overlap["lon"] <= 107.02


def test_a_hole_is_a_gap_and_a_village_inside_it_is_not():
    ring = box(107, -7, 107.05, -6.95) - box(107.01, -6.99, 107.04, -6.96)
    island = box(107.02, -6.98, 107.03, -6.97)
    whole = coverage_faults(world(ring))
    assert whole.gaps["gap_km2"].sum() == pytest.approx(area_km2(box(107.01, -6.99, 107.04, -6.96)), rel=1e-5)
    part = coverage_faults(world(ring, island))
    assert part.gaps["gap_km2"].sum() == pytest.approx(whole.gaps["gap_km2"].sum() - area_km2(island), rel=1e-5)
    filled = coverage_faults(world(ring, box(107.01, -6.99, 107.04, -6.96)))
    assert filled.measures()["gaps"] == 0


def test_the_noise_of_coordinates_is_left_out():
    found = coverage_faults(world(box(107, -7, 107.01 + 1e-9, -6.99), box(107.01, -7, 107.02, -6.99)))
    assert found.measures()["overlap_pairs"] == 0


def test_areas_are_equal_area_anywhere():
    shapes = np.array([box(95, 5.0, 95.1, 5.1), box(141, -9.0, 141.1, -8.9)])
    assert areas_m2(shapes) / 1e6 == pytest.approx([area_km2(shape) for shape in shapes], rel=1e-5)


RECTANGLES = st.lists(
    st.tuples(st.integers(0, 18), st.integers(0, 18), st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=120
)


@given(RECTANGLES, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=40)
def test_any_world_agrees_with_the_plain_definition_in_any_order(rectangles, random):
    shapes = [box(107 + x / 100, -7 + y / 100, 107 + (x + w) / 100, -7 + (y + h) / 100) for x, y, w, h in rectangles]
    found = coverage_faults(world(*shapes)).measures()
    union = shapely.union_all(shapes)
    outside = shapely.union_all([Polygon(part.exterior) for part in shapely.get_parts(union)])
    gaps = areas_m2(np.array([shapely.difference(outside, union)])).sum() / 1e6
    assert found["gap_km2"] == pytest.approx(gaps, abs=1e-3)
    pairs = [
        shapely.intersection(one, other)
        for at, one in enumerate(shapes)
        for other in shapes[:at]
        if one.intersection(other).area > 0
    ]
    assert found["overlap_pairs"] == len(pairs)
    assert found["overlap_km2"] == pytest.approx(areas_m2(np.array(pairs, dtype=object)).sum() / 1e6, abs=1e-3)
    random.shuffle(shapes)
    assert coverage_faults(world(*shapes)).measures() == pytest.approx(found)
