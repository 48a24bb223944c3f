"""Clearance of a path: worlds one can work out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blankspot.errors import UsageError
from blankspot.radio import fresnel

FLAT = {"htg_m": 30, "hrg_m": 30, "f_ghz": 7}


def path(length_km=20, points=201, wall_m=0.0, at_km=10.0, ground_m=0.0):
    d_km = np.linspace(0, length_km, points)
    h_m = np.full(points, float(ground_m))
    h_m[int(np.abs(d_km - at_km).argmin())] += wall_m
    return d_km, h_m


def test_the_radius_is_that_of_the_table():
    # 17.3·√(10·10/(7·20)) = 14.62 m in the middle of 20 km at 7 GHz; 17.3·√(1·19/140) = 6.37 m after 1 km
    found = fresnel.clearance(*path(), **FLAT)
    assert found.radius_m[[0, 10, 100, 200]] == pytest.approx([0, 6.373, 14.621, 0], abs=1e-3)


def test_the_bulge_is_that_of_the_table():
    # 10·10/(12.742·4/3) = 5.886 m in the middle of 20 km, 11.77 m at k = 2/3, none on a flat earth
    assert fresnel.clearance(*path(), **FLAT).bulge_m[[0, 100, 200]] == pytest.approx([0, 5.886, 0], abs=1e-3)
    assert fresnel.clearance(*path(), **FLAT, k=2 / 3).bulge_m.max() == pytest.approx(11.772, abs=1e-3)
    assert fresnel.clearance(*path(), **FLAT, k=math.inf).bulge_m.max() == 0


def test_over_a_plain_the_middle_is_worst():
    found = fresnel.clearance(*path(), **FLAT)
    assert found.worst == 100
    assert found.clearance_m[100] == pytest.approx(30 - 5.886, abs=1e-3)
    assert found.fraction[100] == pytest.approx((30 - 5.886) / 14.621, abs=1e-3)
    assert found.line_of_sight
    assert found.sixty_percent_free


@pytest.mark.parametrize(
    ("wall_m", "sees", "sixty", "whole"),
    [
        (9.4, True, True, True),  # 24.114 − 9.4 = 14.71 m, the radius is 14.62 m
        (9.6, True, True, False),
        (15.2, True, True, False),  # 8.91 m, 60 % is 8.77 m
        (15.5, True, False, False),
        (24.0, True, False, False),
        (24.2, False, False, False),
    ],
)
def test_a_wall_in_the_middle(wall_m, sees, sixty, whole):
    found = fresnel.clearance(*path(wall_m=wall_m), **FLAT)
    assert found.worst == 100
    assert (found.line_of_sight, found.sixty_percent_free, found.free(1)) == (sees, sixty, whole)


def test_a_wall_near_the_mast_matters_more_than_its_height_says():
    """Where the zone is narrow, the same clearance is a larger share of it."""
    near, middle = (fresnel.clearance(*path(wall_m=20, at_km=at), **FLAT, k=math.inf) for at in (1, 10))
    assert near.clearance_m[10] == middle.clearance_m[100] == pytest.approx(10)
    assert near.fraction[near.worst] > middle.fraction[middle.worst]


def test_clutter_stands_on_the_ground_but_not_where_the_antennas_are():
    d_km, h_m = path()
    found = fresnel.clearance(d_km, h_m, np.full(201, 20.0), **FLAT, k=math.inf)
    assert found.surface_m[[0, 100, 200]] == pytest.approx([0, 20, 0])
    assert np.array_equal(fresnel.clearance(d_km, h_m, 20, **FLAT, k=math.inf).surface_m, found.surface_m)
    assert found.clearance_m[[0, 200]] == pytest.approx([30, 30])


def test_the_ray_slopes_between_unequal_ends():
    found = fresnel.clearance([0, 5, 20], [100, 0, 500], htg_m=50, hrg_m=10, f_ghz=7)
    assert found.ray_m == pytest.approx([150, 240, 510])


def test_k_from_the_lapse_rate():
    assert fresnel.k_factor(39.25) == pytest.approx(4 / 3)
    assert fresnel.k_factor(45) == pytest.approx(157 / 112)
    assert fresnel.k_factor(0) == 1
    for delta_n in (157, 200, math.nan):
        with pytest.raises(UsageError, match="delta_n"):
            fresnel.k_factor(delta_n)


class TestHop:
    def test_a_hop_that_is_clear(self):
        found = fresnel.hop(*path(), **FLAT)
        assert found.clear
        assert found.missing_m == 0
        assert (found.at_median.k, found.at_low.k) == (4 / 3, 2 / 3)

    def test_what_is_missing_makes_it_clear(self):
        found = fresnel.hop(*path(wall_m=15), **FLAT)
        assert not found.clear
        at_median, at_low = 14.621 - (30 - 5.886 - 15), 0.6 * 14.621 - (30 - 11.772 - 15)
        assert (at_median, at_low) == pytest.approx((5.507, 5.545), abs=1e-3)
        assert found.missing_m == pytest.approx(at_low, abs=1e-2)
        higher = FLAT | {"htg_m": 30 + found.missing_m + 1e-9, "hrg_m": 30 + found.missing_m + 1e-9}
        assert fresnel.hop(*path(wall_m=15), **higher).clear

    def test_on_a_long_path_the_low_k_decides(self):
        d_km, h_m = path(length_km=60, at_km=30)
        tall = {"htg_m": 80, "hrg_m": 80, "f_ghz": 7}
        found = fresnel.hop(d_km, h_m, **tall)
        assert found.at_median.free(1.0)  # 80 − 53 m leave 27 m, the radius is 25.3 m
        assert not found.at_low.line_of_sight  # the bulge is 106 m
        assert not found.clear
        assert fresnel.hop(d_km, h_m, **tall, k_low=1.1).at_low.free(0.6) is fresnel.clearance(
            d_km, h_m, **tall, k=1.1
        ).free(0.6)


HEIGHTS = st.lists(st.floats(0, 200), min_size=3, max_size=30)


@given(HEIGHTS, st.floats(1, 60), st.floats(1, 100), st.floats(1, 100), st.floats(0.3, 40), st.floats(0.5, 10))
def test_a_path_is_the_same_from_its_other_end(heights, length_km, htg_m, hrg_m, f_ghz, k):
    d_km = np.linspace(0, length_km, len(heights))
    there = fresnel.clearance(d_km, heights, htg_m=htg_m, hrg_m=hrg_m, f_ghz=f_ghz, k=k)
    back = fresnel.clearance(d_km, heights[::-1], htg_m=hrg_m, hrg_m=htg_m, f_ghz=f_ghz, k=k)
    assert np.allclose(there.clearance_m, back.clearance_m[::-1], atol=1e-6)
    assert there.fraction[there.worst] == pytest.approx(back.fraction[back.worst], abs=1e-6)


@given(HEIGHTS, st.floats(1, 60), st.tuples(st.floats(1, 100), st.floats(1, 100)).map(sorted))
def test_higher_antennas_never_see_less(heights, length_km, masts):
    d_km = np.linspace(0, length_km, len(heights))
    low, high = (fresnel.clearance(d_km, heights, htg_m=mast, hrg_m=mast, f_ghz=7) for mast in masts)
    assert (high.clearance_m >= low.clearance_m - 1e-9).all()


@given(HEIGHTS, st.floats(1, 60), st.tuples(st.floats(0.3, 40), st.floats(0.3, 40)).map(sorted))
def test_a_higher_frequency_needs_a_narrower_zone(heights, length_km, frequencies):
    d_km = np.linspace(0, length_km, len(heights))
    low, high = (fresnel.clearance(d_km, heights, htg_m=30, hrg_m=30, f_ghz=f) for f in frequencies)
    assert (high.radius_m <= low.radius_m).all()
    assert high.line_of_sight == low.line_of_sight


def test_nothing_given_is_changed():
    d_km, h_m = path(wall_m=5)
    before = h_m.copy()
    found = fresnel.clearance(d_km, h_m, **FLAT)
    found.surface_m[:] = 0
    found.ground_m[:] = -1
    assert np.array_equal(h_m, before)


@pytest.mark.parametrize(
    ("d_km", "h_m", "clutter_m", "change", "named"),
    [
        ([0, 1], [0, 0], 0, {}, "d_km = 2 × 1D"),
        ([0, 1, 2], [0, 0], 0, {}, "len(h_m) = 2"),
        ([0, 1, 2], [0, 0, 0], [0, 0], {}, "len(clutter_m) = 2"),
        ([1, 2, 3], [0, 0, 0], 0, {}, "d_km[0] = 1"),
        ([0, 2, 2], [0, 0, 0], 0, {}, "d_km[2] = 2"),
        ([0, 2, 1], [0, 0, 0], 0, {}, "d_km[2] = 1"),
        ([0, 1, 2], [0, math.nan, 0], 0, {}, "h_m = nan"),
        ([0, 1, 2], [0, 0, 0], -1, {}, "clutter_m = -1"),
        ([0, 1, 2], [0, 0, 0], 0, {"htg_m": -1}, "htg_m = -1"),
        ([0, 1, 2], [0, 0, 0], 0, {"f_ghz": 0}, "f_ghz = 0"),
        ([0, 1, 2], [0, 0, 0], 0, {"k": 0}, "k = 0"),
        ([0, 1, 2], [0, 0, 0], 0, {"k": math.nan}, "k = nan"),
        ([[0, 1], [2, 3]], [0, 0, 0], 0, {}, "d_km = 4 × 2D"),
    ],
)
def test_what_is_no_profile_is_refused_by_name(d_km, h_m, clutter_m, change, named):
    with pytest.raises(UsageError) as caught:
        fresnel.clearance(d_km, h_m, clutter_m, **(FLAT | change))
    assert named in str(caught.value)
