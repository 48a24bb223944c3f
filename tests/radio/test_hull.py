"""The upper hull of a profile against a look at every point."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.radio import hull

profiles = st.lists(st.floats(-1000, 1000), min_size=1, max_size=60)


@settings(max_examples=200, deadline=None)
@given(profiles, st.floats(0.01, 3), st.floats(-2000, 2000), st.floats(-200, 200))
def test_tangent_and_extreme_are_what_a_look_at_every_point_finds(heights, beyond, y, slope):
    d = np.cumsum(np.full(len(heights), 0.7))
    corners, size = hull.empty(len(heights)), 0
    for i, height in enumerate(heights):
        size = hull.grow(corners, size, float(d[i]), height, i)
    at, heights = float(d[-1] + beyond), np.array(heights)
    steepest = ((heights - y) / (at - d)).max()
    found = hull.tangent(corners, size, at, y)
    assert np.isclose((corners.y[found] - y) / (at - corners.d[found]), steepest, rtol=1e-12, atol=1e-12)
    assert np.isclose(hull.extreme(corners, size, slope), (heights - slope * d).max(), rtol=1e-12, atol=1e-9)


def test_of_a_straight_slope_only_the_ends_are_corners():
    corners, size = hull.empty(9), 0
    for i in range(9):
        size = hull.grow(corners, size, float(i), 2.0 * i, i)
    assert (size, list(corners.point[:size])) == (2, [0, 8])
