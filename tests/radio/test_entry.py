"""ITU-R P.2109 against the figures of Study Group 3's own workbook, and beside the margin of the settings."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blankspot.errors import UsageError
from blankspot.radio import entry
from blankspot.settings import load_settings

SHARES = st.floats(0.01, 99.99)
FREQUENCIES = st.floats(0.08, 100)
BUILDINGS = st.sampled_from(entry.BUILDINGS)


@pytest.mark.parametrize(
    ("f_ghz", "elevation_deg", "building", "p_pct", "expected"),
    [
        (28, 0, "traditional", 1, 2.769),
        (28, 0, "traditional", 10, 6.891),
        (28, 0, "traditional", 50.11872, 20.218),
        (28, 0, "traditional", 99.77001, 55.440),
        (28, 0, "thermally_efficient", 1, 9.369),
        (28, 0, "thermally_efficient", 10, 19.484),
        (28, 0, "thermally_efficient", 99.77001, 95.448),
        (2, 45, "traditional", 1, 3.508),
        (2, 45, "traditional", 10, 11.251),
        (2, 45, "traditional", 99.77001, 52.300),
        (2, 45, "thermally_efficient", 1, 8.605),
        (2, 45, "thermally_efficient", 10, 20.566),
        (2, 45, "thermally_efficient", 99.77001, 79.101),
    ],
)
def test_the_figures_of_the_study_groups_workbook(f_ghz, elevation_deg, building, p_pct, expected):
    found = entry.loss(f_ghz, p_pct=p_pct, building=building, elevation_deg=elevation_deg)
    assert found == pytest.approx(expected, abs=6e-4)


def test_the_table_of_the_hand():
    # At 1 GHz every logarithm is 0: 10·log(10^1.264 + 10^0.91 + 10^-0.3) = 14.31 dB, and 31.01 dB
    assert entry.loss(1) == pytest.approx(10 * math.log10(10**1.264 + 10**0.91 + 10**-0.3))
    assert entry.loss(1) == pytest.approx(14.313, abs=1e-3)
    assert entry.loss(1, building="thermally_efficient") == pytest.approx(31.01, abs=0.01)


def test_the_default_margin_lies_by_the_medians_of_the_usual_bands():
    margin = load_settings().receiver.indoor_margin_db
    medians = entry.loss([0.8, 0.9, 1.8, 2.1, 2.3])
    assert np.abs(medians - margin).max() < 1.2
    assert entry.loss(0.9) < margin < entry.loss(2.3)


@given(FREQUENCIES, st.tuples(SHARES, SHARES).map(sorted), BUILDINGS, st.floats(-90, 90))
def test_loss_grows_with_the_share_and_is_the_same_from_above_and_below(f_ghz, shares, building, elevation_deg):
    low, high = entry.loss(f_ghz, p_pct=shares, building=building, elevation_deg=elevation_deg)
    assert low <= high
    assert low >= -3
    below = entry.loss(f_ghz, p_pct=shares[0], building=building, elevation_deg=-elevation_deg)
    assert low == pytest.approx(below)


@given(FREQUENCIES, SHARES, st.tuples(st.floats(0, 90), st.floats(0, 90)).map(sorted), BUILDINGS)
def test_loss_grows_with_elevation(f_ghz, p_pct, elevations, building):
    flat, steep = entry.loss(f_ghz, p_pct=p_pct, building=building, elevation_deg=elevations)
    assert flat <= steep


@given(FREQUENCIES)
def test_a_thermally_efficient_building_keeps_more_out(f_ghz):
    assert entry.loss(f_ghz, building="thermally_efficient") > entry.loss(f_ghz)


def test_arguments_broadcast():
    losses = entry.loss([[0.9], [1.8]], p_pct=[10, 50, 90])
    assert losses.shape == (2, 3)
    assert losses[1, 2] == pytest.approx(entry.loss(1.8, p_pct=90))
    assert entry.loss([]).shape == (0,)
    assert isinstance(entry.loss(1), float)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"f_ghz": 0.07}, "f_ghz = 0.07"),
        ({"f_ghz": 900}, "f_ghz = 900"),
        ({"f_ghz": math.nan}, "f_ghz = nan"),
        ({"f_ghz": 1, "p_pct": 0}, "p_pct = 0"),
        ({"f_ghz": 1, "p_pct": 100}, "p_pct = 100"),
        ({"f_ghz": 1, "elevation_deg": 91}, "elevation_deg = 91"),
        ({"f_ghz": 1, "building": "rumah"}, "building = 'rumah'"),
    ],
)
def test_what_is_outside_is_refused_by_name(values, named):
    with pytest.raises(UsageError) as caught:
        entry.loss(**values)
    assert named in str(caught.value)
    assert "ITU-R P.2109" in str(caught.value)
