"""Functions of many numbers at once against the C library."""

from __future__ import annotations

import numpy as np
import pytest

from blankspot.radio import vector


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def test_logarithm(rng):
    x = np.concatenate([np.exp(rng.uniform(-200, 200, 4001)), 1 + rng.uniform(-1e-6, 1e-6, 500), [1.0, 0.5, 2.0]])
    out = np.empty(len(x))
    vector.log_many(x, len(x), out, np.empty(len(x)))
    np.testing.assert_allclose(out, np.log(x), rtol=1e-15, atol=1e-16)


def test_exponential(rng):
    x = np.concatenate([rng.uniform(-690, 690, 4001), [0.0, -0.0, 1.0]])
    out = np.empty(len(x))
    vector.exp_many(x, len(x), out, np.empty(len(x)))
    np.testing.assert_allclose(out, np.exp(x), rtol=1e-15)


def test_exponential_of_what_vanishes_is_almost_nothing():
    out = np.array([-1e9, -800.0])
    vector.exp_many(out, 2, out, np.empty(2))
    assert (out < 1e-300).all()


def test_arctangent(rng):
    x = np.concatenate([rng.normal(scale=10, size=2001), rng.normal(scale=0.01, size=2000), [0.0, 1e6, -1e6]])
    out = np.empty(len(x))
    vector.atan_many(x, len(x), out)
    np.testing.assert_allclose(out, np.arctan(x), rtol=1e-15, atol=1e-16)


def test_a_value_does_not_depend_on_its_neighbours(rng):
    x = np.exp(rng.uniform(-5, 5, 67))
    whole, part, scratch = np.empty(67), np.empty(67), np.empty(67)
    vector.log_many(x, 67, whole, scratch)
    for n in (1, 2, 3, 5, 9, 33):
        vector.log_many(x, n, part, scratch)
        assert (part[:n] == whole[:n]).all()
