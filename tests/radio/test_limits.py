"""Refusals of models: which parameter, which value, which range."""

from __future__ import annotations

import numpy as np
import pytest

from blankspot.errors import UsageError
from blankspot.radio.limits import choose, flat, require
from blankspot.words import Text


def test_ends_of_a_range_belong_to_it():
    require("M", x=(np.array([0.0, 1.0]), 0.0, 1.0), y=(5, 5.0, 5.0), nothing=([], 0.0, 1.0))


def test_the_first_value_outside_is_named_in_both_languages():
    with pytest.raises(UsageError) as caught:
        require("M", hint=Text("Begini.", "Like this."), x=([[0.5, 0.5], [7.0, 9.0]], 0.0, 1.0))
    assert caught.value.say("id") == "x = 7 di luar yang diterima M: 0 – 1. Begini."
    assert caught.value.say("en") == "x = 7 is outside what M takes: 0 – 1. Like this."


@pytest.mark.parametrize("value", [None, "x", [1, "x"], [[1, 2], [3]], {}])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(UsageError, match="x = "):
        require("M", x=(value, 0.0, 1.0))


def test_a_word_is_one_of_those_allowed():
    assert choose("M", "kind", "b", ("a", "b")) == 1
    with pytest.raises(UsageError, match="kind = 'c' is outside what M takes: a, b"):
        choose("M", "kind", "c", ("a", "b"))


def test_values_become_flat_arrays_that_loops_may_take():
    whole, fixed = np.arange(6.0).reshape(2, 3), np.arange(3.0)
    fixed.flags.writeable = False
    shape, arrays = flat("M", a=whole, b=fixed, c=7, d=whole.T[:1, :1])
    assert shape == (2, 3)
    assert all(array.shape == (6,) and array.flags.writeable and array.flags.c_contiguous for array in arrays)
    assert np.array_equal(arrays[1], [0, 1, 2, 0, 1, 2])
    assert flat("M", a=[])[1][0].shape == (0,)
    assert flat("M", a=1)[0] == ()


def test_shapes_that_do_not_go_together_are_refused():
    with pytest.raises(UsageError, match=r"a × b = \(2,\), \(3,\)"):
        flat("M", a=[1, 2], b=[1, 2, 3])
