"""The Wilson interval against published figures and against its own definition."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blankspot.classify.interval import effective_n, wilson


@pytest.mark.parametrize(
    ("served", "n", "low", "high"),
    [
        (0, 20, 0.0, 0.1611),
        (0, 5, 0.0, 0.4345),
        (0, 16, 0.0, 0.1936),
        (0, 31, 0.0, 0.1103),
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
    ],
)
def test_known_intervals(served, n, low, high):
    found = wilson(served / n, n)
    assert [float(bound) for bound in found] == pytest.approx([low, high], abs=5e-5)


@given(st.integers(1, 500), st.floats(0, 1), st.sampled_from([90.0, 95.0, 99.0]))
def test_bounds_solve_the_score_equation(n, share, level):
    z = {90.0: 1.6448536269514722, 95.0: 1.959963984540054, 99.0: 2.5758293035489004}[level]
    low, high = (float(bound) for bound in wilson(share, n, level_pct=level))
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1
    for bound in (low, high):
        if 1e-9 < bound < 1 - 1e-9:
            assert math.isclose(abs(share - bound), z * math.sqrt(bound * (1 - bound) / n), rel_tol=1e-6, abs_tol=1e-9)


def test_no_trials_say_nothing():
    low, high = wilson(np.array([0.5]), np.array([0]))
    assert (low[0], high[0]) == (0.0, 1.0)


def test_effective_number_of_equal_weights_is_their_number():
    assert effective_n([12.0], [12.0])[0] == pytest.approx(12)
    assert effective_n([10.0], [90.0])[0] == pytest.approx(100 / 90)
    assert effective_n([0.0], [0.0])[0] == 0
