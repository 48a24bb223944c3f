"""Free space against figures one can work out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import blankspot as bs
from blankspot.errors import UsageError
from blankspot.radio import free_space

UNTIMED = settings(deadline=None)  # the first example compiles

DISTANCES = st.floats(0.001, 1000)
FREQUENCIES = st.floats(0.03, 100)


@pytest.mark.parametrize(
    ("d_km", "f_ghz", "expected"),
    [(1, 1, 92.4), (10, 1, 112.4), (1, 10, 112.4), (2, 1, 98.4206), (20, 0.9, 117.5055), (0.5, 1.8, 91.4849)],
)
def test_the_table_of_the_hand(d_km, f_ghz, expected):
    assert bs.radio.free_space.loss(d_km, f_ghz=f_ghz) == pytest.approx(expected, abs=1e-4)


def test_it_is_the_isotropic_area_over_the_sphere():
    wavelength_m = 299_792_458 / 900e6
    exact = 20 * math.log10(4 * math.pi * 5000 / wavelength_m)
    assert free_space.loss(5, f_ghz=0.9) == pytest.approx(exact, abs=0.06)  # the Recommendation rounds 92.45 to 92.4


def test_the_loss_is_that_of_the_slant_path():
    assert free_space.loss(0, f_ghz=1, height_difference_m=1000) == pytest.approx(92.4)
    assert free_space.loss(0.3, f_ghz=1, height_difference_m=-400) == free_space.loss(0.5, f_ghz=1)


def test_nearer_than_a_metre_is_a_metre():
    assert free_space.loss(0, f_ghz=1) == free_space.loss(0.001, f_ghz=1) == pytest.approx(32.4)


def test_arguments_broadcast_and_stay_as_they_were():
    d_km = np.array([[1.0], [10.0]])
    losses = free_space.loss(d_km, f_ghz=[0.1, 1, 10])
    assert losses.shape == (2, 3)
    assert losses[1, 1] == pytest.approx(112.4)
    assert np.array_equal(d_km, [[1.0], [10.0]])
    assert free_space.loss([], f_ghz=1).shape == (0,)
    assert free_space.loss(d_km[:1, 0], f_ghz=1) == pytest.approx([92.4])
    assert isinstance(free_space.loss(1, f_ghz=1), float)


@pytest.mark.parametrize(
    ("given_values", "named"),
    [
        ({"d_km": -1, "f_ghz": 1}, "d_km = -1 "),
        ({"d_km": math.nan, "f_ghz": 1}, "d_km = nan "),
        ({"d_km": math.inf, "f_ghz": 1}, "d_km = inf "),
        ({"d_km": [1, 2, -3], "f_ghz": 1}, "d_km = -3 "),
        ({"d_km": 1, "f_ghz": 0}, "f_ghz = 0 "),
        ({"d_km": 1, "f_ghz": "900 MHz"}, "f_ghz = '900 MHz' "),
        ({"d_km": 1, "f_ghz": 1, "height_difference_m": math.nan}, "height_difference_m = nan "),
    ],
)
def test_impossible_values_are_refused_by_name(given_values, named):
    with pytest.raises(UsageError, match=r"ITU-R P\.525") as caught:
        free_space.loss(**given_values)
    assert named in str(caught.value)
    assert caught.value.hint is not None


@UNTIMED
@given(st.tuples(DISTANCES, DISTANCES), st.tuples(FREQUENCIES, FREQUENCIES))
def test_loss_grows_with_distance_and_frequency(distances, frequencies):
    (near, far), (low, high) = sorted(distances), sorted(frequencies)
    assert free_space.loss(near, f_ghz=low) <= free_space.loss(far, f_ghz=low) <= free_space.loss(far, f_ghz=high)


@UNTIMED
@given(DISTANCES, st.floats(-3000, 3000), FREQUENCIES)
def test_both_directions_lose_the_same_and_jitted_is_plain_python(d_km, difference, f_ghz):
    there = free_space.loss(d_km, f_ghz=f_ghz, height_difference_m=difference)
    assert there == free_space.loss(d_km, f_ghz=f_ghz, height_difference_m=-difference)
    assert there == free_space.loss_at.py_func(d_km, difference, f_ghz)
