"""Gains relative to the main beam: lobes one can compute by hand, tables, and the circle that closes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.errors import UsageError
from blankspot.radio import antenna
from blankspot.settings import load_settings

UNTIMED = settings(deadline=None)  # the first example compiles

LOBES = {
    "beamwidth_deg": 65,
    "vertical_beamwidth_deg": 10,
    "attenuation_max_db": 25,
    "vertical_attenuation_max_db": 20,
}
BEARINGS = st.floats(-720, 720)
ELEVATIONS = st.floats(-90, 90)


def cosine_pattern(steps: int = 360, depth: float = 20.0) -> antenna.Pattern:
    turn = np.arange(steps) * 2 * math.pi / steps
    return antenna.Pattern(
        name="cosine", horizontal_db=depth / 2 * (np.cos(turn) - 1), vertical_db=depth * (np.cos(turn) - 1)
    )


ANTENNAS = st.sampled_from(
    [
        antenna.omni(),
        antenna.sector(0, **LOBES),
        antenna.sector(350, tilt_deg=6, **LOBES),
        antenna.tabulated(cosine_pattern(), 120),
        antenna.tabulated(cosine_pattern(720), 359.5, tilt_deg=3),
    ]
)


@pytest.mark.parametrize(
    ("bearing", "elevation", "expected"),
    [
        (0, 0, 0),
        (32.5, 0, -3),  # half the half-power width: 12·0.25
        (-32.5, 0, -3),
        (327.5, 0, -3),
        (65, 0, -12),
        (180, 0, -25),  # 12·7.67 = 92 dB, front to back says 25
        (0, -5, -3),
        (0, 10, -12),
        (0, 90, -20),
        (32.5, -5, -6),  # both lobes add up
        (90, 45, -25),  # 23.0 + 20, front to back says 25
    ],
)
def test_the_table_of_the_hand(bearing, elevation, expected):
    assert antenna.gain_db(antenna.sector(0, **LOBES), bearing, elevation) == pytest.approx(expected)


def test_tilt_lowers_the_beam():
    tilted = antenna.sector(0, tilt_deg=6, **LOBES)
    assert antenna.gain_db(tilted, 0, -6) == 0
    assert antenna.gain_db(tilted, 0, -1) == pytest.approx(-3)
    assert antenna.gain_db(tilted, 0, 0) == pytest.approx(-12 * 0.36)


@pytest.mark.parametrize("azimuth", [0, 360, 720, -360])
def test_the_circle_closes(azimuth):
    around = antenna.sector(azimuth, **LOBES)
    gains = antenna.gain_db(around, [359, 1, 0, 360, -1, 361], 0)
    assert gains == pytest.approx([-12 / 65**2, -12 / 65**2, 0, 0, -12 / 65**2, -12 / 65**2])


def test_an_azimuth_of_370_is_10():
    assert antenna.sector(370, **LOBES)[:6] == antenna.sector(10, **LOBES)[:6]


def test_omni_is_nought_everywhere():
    gains = antenna.gain_db(antenna.omni(), np.arange(360)[:, np.newaxis], [-90, 0, 45])
    assert gains.shape == (360, 3)
    assert not gains.any()


def test_a_table_is_read_between_its_entries_and_across_north():
    steps = np.zeros(360)
    steps[[0, 1, 359]] = [0, -2, -4]
    pattern = antenna.Pattern(name="p", horizontal_db=steps, vertical_db=np.zeros(360))
    table = antenna.tabulated(pattern, 0)
    assert antenna.gain_db(table, [0.5, 1, 1.5, 359, 359.5, -0.25, 360, 720.5], 0) == pytest.approx(
        [-1, -2, -1, -4, -2, -1, 0, -1]
    )


def test_a_tables_second_quarter_is_straight_down():
    vertical = np.full(360, -30.0)
    vertical[4], vertical[90] = 0, -7
    pattern = antenna.Pattern(name="p", horizontal_db=np.zeros(360), vertical_db=vertical, tilt_deg=4)
    assert antenna.gain_db(antenna.tabulated(pattern, 0), 0, [-4, -90, 0, 4]) == pytest.approx([0, -7, -30, -30])


@pytest.mark.parametrize(("told", "asked", "main"), [(4, None, 4), (4, 4, 4), (4, 6, 6), (None, None, 4), (None, 2, 6)])
def test_a_tilt_that_a_pattern_contains_counts_once(told, asked, main):
    vertical = np.full(360, -30.0)
    vertical[4] = 0
    pattern = antenna.Pattern(name="p", horizontal_db=np.zeros(360), vertical_db=vertical, tilt_deg=told)
    gains = antenna.gain_db(antenna.tabulated(pattern, 0, tilt_deg=asked), 0, [-main, -main - 1])
    assert gains == pytest.approx([0, -30])


@pytest.mark.parametrize("tilt_deg", [math.nan, 91])
def test_an_impossible_tilt_of_a_pattern_is_refused(tilt_deg):
    with pytest.raises(UsageError, match=f"tilt_deg = {tilt_deg:g}"):
        antenna.tabulated(cosine_pattern(), 0, tilt_deg=tilt_deg)


def test_two_cuts_add_up_to_the_weakest_of_either():
    table = antenna.tabulated(cosine_pattern(), 0)
    assert antenna.gain_db(table, 90, -90) == pytest.approx(-30)
    assert antenna.gain_db(table, 180, 90) == pytest.approx(-40)
    assert antenna.gain_db(table, [90, 0], [0, -90]) == pytest.approx([-10, -20])


@UNTIMED
@given(ANTENNAS, BEARINGS, ELEVATIONS)
def test_no_direction_is_stronger_than_the_main_beam_and_a_turn_changes_nothing(one, bearing, elevation):
    gain = antenna.gain_db(one, bearing, elevation)
    assert -400 <= gain <= 0
    assert antenna.gain_db(one, bearing + 360, elevation) == pytest.approx(gain, abs=1e-6)


@UNTIMED
@given(ANTENNAS, st.floats(0, 180), ELEVATIONS)
def test_lobes_and_a_cosine_are_the_same_left_and_right(one, beside, elevation):
    left, right = antenna.gain_db(one, [one.azimuth_deg - beside, one.azimuth_deg + beside], elevation)
    assert left == pytest.approx(right, abs=1e-6)


@UNTIMED
@given(ANTENNAS, BEARINGS, ELEVATIONS)
def test_jitted_is_plain_python(one, bearing, elevation):
    plain = antenna.gain_at.py_func(bearing, elevation, one)
    assert antenna.gain_at(bearing, elevation, one) == pytest.approx(plain, abs=1e-9)
    for table in (one.horizontal_db, one.vertical_db):
        if table.size:
            assert antenna.looked_up(bearing, table) == pytest.approx(antenna.looked_up.py_func(bearing, table))


class TestOfService:
    defaults = load_settings().radio.service

    def of(self, **values):
        empty = {"azimuth_deg": math.nan, "beamwidth_deg": math.nan, "tilt_deg": math.nan}
        return antenna.of_service(**(empty | values), defaults=self.defaults)

    def test_without_an_azimuth_it_is_omni(self):
        assert antenna.gain_db(self.of(tilt_deg=6, beamwidth_deg=65), 123, -80) == 0

    def test_empty_fields_take_the_defaults(self):
        found = self.of(azimuth_deg=90)
        assert found.beamwidth_deg == self.defaults.beamwidth_deg
        assert found.tilt_deg == 0
        assert antenna.gain_db(found, 90 + self.defaults.beamwidth_deg / 2, 0) == pytest.approx(-3)

    def test_what_the_row_says_holds(self):
        found = self.of(azimuth_deg=90, beamwidth_deg=33, tilt_deg=4)
        assert antenna.gain_db(found, [90, 106.5], -4) == pytest.approx([0, -3])


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"beamwidth_deg": 0}, "beamwidth_deg = 0"),
        ({"beamwidth_deg": math.nan}, "beamwidth_deg = nan"),
        ({"vertical_beamwidth_deg": 200}, "vertical_beamwidth_deg = 200"),
        ({"attenuation_max_db": -1}, "attenuation_max_db = -1"),
        ({"tilt_deg": 91}, "tilt_deg = 91"),
        ({"azimuth_deg": math.nan}, "azimuth_deg = nan"),
    ],
)
def test_impossible_lobes_are_refused_by_name(change, named):
    with pytest.raises(UsageError) as caught:
        antenna.sector(**({"azimuth_deg": 0} | LOBES | change))
    assert named in str(caught.value)


@pytest.mark.parametrize(("bearing", "elevation"), [(math.nan, 0), (0, math.nan), (0, 91), (math.inf, 0)])
def test_impossible_directions_are_refused(bearing, elevation):
    with pytest.raises(UsageError):
        antenna.gain_db(antenna.omni(), bearing, elevation)


@pytest.mark.parametrize(
    "cut", [np.zeros(10), np.zeros((2, 180)), np.full(360, -1.0), np.full(360, 1.0), np.r_[np.zeros(359), np.nan]]
)
def test_a_pattern_that_is_none_is_refused(cut):
    with pytest.raises(UsageError, match="Antenna pattern odd"):
        antenna.Pattern(name="odd", horizontal_db=cut, vertical_db=np.zeros(360))
