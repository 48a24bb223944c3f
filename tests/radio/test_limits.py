"""Refusals of models: which parameter, which value, which range."""

from __future__ import annotations

import numpy as np
import pytest

from blankspot.errors import UsageError
from blankspot.radio.limits import choose, require
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
