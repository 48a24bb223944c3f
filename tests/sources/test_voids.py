"""Gaps are bridged and wide areas found by looking at the neighbourhood alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from blankspot.sources.voids import fill_gaps, wide_areas

NAN = np.nan


def f32(rows):
    return np.array(rows, dtype=np.float32)


def test_a_gap_in_a_row_is_a_straight_line():
    assert fill_gaps(f32([[0, NAN, NAN, 30]]), 2).tolist() == [[0, 10, 20, 30]]


def test_a_wider_gap_stays():
    assert np.isnan(fill_gaps(f32([[0, NAN, NAN, NAN, 40]]), 2)).sum() == 3


def test_a_gap_at_the_edge_stays():
    assert np.isnan(fill_gaps(f32([[NAN, 1, NAN]]), 5)).sum() == 2


def test_the_shorter_bridge_weighs_more():
    values = np.full((3, 5), 10, dtype=np.float32)
    values[1] = [40, NAN, NAN, NAN, 40]
    filled = fill_gaps(values, 4)
    # in the middle: 2 steps up and down give 10, 4 steps left and right give 40
    assert filled[1, 2] == pytest.approx((10 * 4 + 40 * 2) / 6)


@settings(deadline=None)
@given(
    npst.arrays(np.float32, (14, 15), elements=st.sampled_from([NAN, 0.0, 7.0, 100.0])),
    st.integers(0, 4),
    st.integers(0, 6),
    st.integers(0, 6),
)
def test_filling_does_not_depend_on_the_window(values, most, row, column):
    whole = fill_gaps(values, most)
    top, left = max(0, row - most), max(0, column - most)
    part = fill_gaps(values[top : row + 8 + most, left : column + 8 + most], most)
    np.testing.assert_array_equal(
        part[row - top : row - top + 8, column - left : column - left + 8], whole[row : row + 8, column : column + 8]
    )


@settings(deadline=None)
@given(npst.arrays(np.float32, (9, 9), elements=st.sampled_from([NAN, 3.0, 8.0])), st.integers(0, 9))
def test_heights_stay_and_what_is_filled_lies_between_them(values, most):
    filled = fill_gaps(values, most)
    known = ~np.isnan(values)
    np.testing.assert_array_equal(filled[known], values[known])
    new = filled[~known & ~np.isnan(filled)]
    assert ((new >= 3) & (new <= 8)).all()


def naive(mask, side):
    found = np.zeros_like(mask)
    for row in range(mask.shape[0] - side + 1):
        for column in range(mask.shape[1] - side + 1):
            if mask[row : row + side, column : column + side].all():
                found[row : row + side, column : column + side] = True
    return found


@settings(deadline=None)
@given(npst.arrays(bool, npst.array_shapes(min_dims=2, max_dims=2, max_side=12)), st.integers(1, 5))
def test_wide_areas_are_unions_of_squares(mask, side):
    np.testing.assert_array_equal(wide_areas(mask, side), naive(mask, side))


def test_a_river_is_no_wide_area():
    mask = np.zeros((20, 20), dtype=bool)
    mask[:, 4:6] = True
    mask[10:, 10:] = True
    found = wide_areas(mask, 5)
    assert not found[:, 4:6].any()
    assert found[10:, 10:].all()
