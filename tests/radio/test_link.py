"""Levels by generation, budgets whose lines add up, and the chance of service."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.errors import UsageError
from blankspot.radio import link
from blankspot.settings import load_settings

UNTIMED = settings(deadline=None)  # the first example compiles

LEVELS = st.floats(-160, 0)
SPREADS = st.floats(0, 30)


@pytest.mark.parametrize(
    ("technology", "bandwidth_mhz", "options", "expected"),
    [
        ("4G", 1.4, {}, 18.57),  # 12·6 = 72
        ("4G", 5, {}, 24.77),
        ("4G", 10, {}, 27.78),  # 12·50 = 600
        ("4G", 20, {}, 30.79),
        ("4G", 12.5, {}, 27.78),  # a carrier of 10
        ("5G", 20, {}, 31.045),  # 12·106, 15 kHz
        ("5G", 20, {"f_ghz": 2.1}, 31.045),
        ("5G", 20, {"f_ghz": 2.3}, 27.87),  # 12·51, 30 kHz
        ("5G", 20, {"scs_khz": 30}, 27.87),
        ("5G", 20, {"f_ghz": 2.3, "scs_khz": 15}, 31.045),
        ("5G", 100, {}, 35.15),  # 12·273: only 30 kHz is so wide
        ("3G", 5, {}, 10),
        ("3G", 5, {"pilot_share_db": 12}, 12),
        ("2G", 0.2, {}, 0),
    ],
)
def test_the_table_of_the_hand(technology, bandwidth_mhz, options, expected):
    options = {"pilot_share_db": 10} | options
    assert link.reference_share_db(technology, bandwidth_mhz, **options) == pytest.approx(expected, abs=0.005)


def test_the_share_of_ten_megahertz_is_the_designs():
    assert round(link.reference_share_db("4G", 10, pilot_share_db=10), 1) == 27.8


@pytest.mark.parametrize("table", [link.LTE_BLOCKS, *link.NR_BLOCKS.values()])
def test_resource_blocks_fit_into_their_channel(table):
    scs_khz = next((scs for scs, blocks in link.NR_BLOCKS.items() if blocks is table), 15)
    for width, blocks in table.items():
        assert 0.7 < blocks * link.SUBCARRIERS * scs_khz / 1000 / width < 1
    assert list(table.values()) == sorted(table.values())


@pytest.mark.parametrize(
    ("technology", "bandwidth_mhz", "options", "named"),
    [
        ("4G", 1, {}, "bandwidth_mhz = 1 is outside what 3GPP takes: 1.4 – 20"),
        ("4G", 40, {}, "bandwidth_mhz = 40"),
        ("4G", math.nan, {}, "bandwidth_mhz = nan"),
        ("4G", 20000, {}, "bandwidth_mhz = 20000"),
        ("5G", 101, {}, "bandwidth_mhz = 101"),
        ("5G", 60, {"scs_khz": 15}, "bandwidth_mhz = 60"),
        ("5G", 20, {"scs_khz": 60}, "scs_khz = 60"),
        ("6G", 20, {}, "technology = '6G'"),
        ("3G", 5, {"pilot_share_db": -1}, "pilot_share_db = -1"),
    ],
)
def test_no_such_carrier(technology, bandwidth_mhz, options, named):
    with pytest.raises(UsageError) as caught:
        link.reference_share_db(technology, bandwidth_mhz, **({"pilot_share_db": 10} | options))
    assert named in str(caught.value)


def test_only_4g_and_5g_have_resource_blocks():
    with pytest.raises(UsageError, match="technology = '3G'"):
        link.resource_blocks("3G", 5)


class TestBudget:
    receiver = load_settings().receiver

    def made(self, **change):
        values = {"eirp_dbm": 58, "reference_share_db": 27.8, "antenna_db": -3, "path_loss_db": 130}
        return link.budget(**(values | change), receiver=self.receiver)

    def test_level_by_hand(self):
        assert self.made().level_dbm == pytest.approx(58 - 27.8 - 3 - 130)
        assert self.made(indoors=True).level_dbm == pytest.approx(58 - 27.8 - 3 - 130 - 15)

    def test_every_term_is_listed_in_order_and_adds_up(self):
        terms = self.made(indoors=True).terms()
        assert [(term.name, term.value, term.unit) for term in terms[:-1]] == [
            ("eirp_dbm", 58, "dBm"),
            ("reference_share_db", -27.8, "dB"),
            ("antenna_db", -3, "dB"),
            ("path_loss_db", -130, "dB"),
            ("receiver_height_m", 1.5, "m"),
            ("body_loss_db", 0, "dB"),
            ("indoor_margin_db", -15, "dB"),
        ]
        assert terms[-1].name == "level_dbm"
        assert terms[-1].value == pytest.approx(sum(term.value for term in terms[:-1] if term.unit != "m"))
        assert all(term.label.id and term.label.en for term in terms)

    @UNTIMED
    @given(st.floats(0, 90), st.floats(0, 40), LEVELS)
    def test_the_largest_loss_is_the_one_that_gives_the_level(self, eirp_dbm, share, level):
        loss = link.max_loss_db(eirp_dbm, level, reference_share_db=share)
        found = self.made(eirp_dbm=eirp_dbm, reference_share_db=share, antenna_db=0, path_loss_db=loss).level_dbm
        assert found == pytest.approx(level, abs=1e-9)


def test_the_largest_loss_by_hand():
    assert link.max_loss_db(58, -115, reference_share_db=27.8) == pytest.approx(145.2)
    found = link.max_loss_db([58, 60], -105, reference_share_db=27.8, body_loss_db=3, indoor_margin_db=15)
    assert found == pytest.approx([117.2, 119.2])


@pytest.mark.parametrize("values", [(math.nan, -100), (58_000, -100), (58, math.inf)])
def test_the_largest_loss_of_nonsense_is_refused(values):
    with pytest.raises(UsageError):
        link.max_loss_db(*values)


@pytest.mark.parametrize(
    ("median", "threshold", "sd", "expected"),
    [
        (-100, -100, 8, 0.5),
        (-92, -100, 8, 0.8413447),
        (-108, -100, 8, 0.1586553),
        (-110.256, -100, 8, 0.0999),
        (-100, -100, 0, 1),
        (-100.1, -100, 0, 0),
        (-99, -100, 0, 1),
    ],
)
def test_the_chance_of_service_by_hand(median, threshold, sd, expected):
    assert link.service_probability(median, threshold, sd) == pytest.approx(expected, abs=1e-4)


@UNTIMED
@given(LEVELS, LEVELS, st.floats(0.1, 30))
def test_the_chance_of_service_is_the_normal_distributions(median, threshold, sd):
    found = link.service_probability(median, threshold, sd)
    assert found == pytest.approx(NormalDist().cdf((median - threshold) / sd), abs=1e-12)
    assert found == pytest.approx(link.probability_at.py_func(median, threshold, sd), abs=1e-15)


@UNTIMED
@given(st.tuples(LEVELS, LEVELS).map(sorted), LEVELS, SPREADS)
def test_a_stronger_signal_is_never_less_probable(medians, threshold, sd):
    low, high = link.service_probability(medians, threshold, sd)
    assert 0 <= low <= high <= 1


def test_what_was_not_predicted_stays_unknown():
    found = link.service_probability([[-100, math.nan]], [[-100], [-90]], [8, math.nan])
    assert found.shape == (2, 2)
    assert np.isnan(found[:, 1]).all()
    assert not np.isnan(found[:, 0]).any()


@pytest.mark.parametrize("values", [(-100, math.nan, 8), (-100, -100, -1), ("x", -100, 8)])
def test_no_chance_is_told_of_nonsense(values):
    with pytest.raises(UsageError):
        link.service_probability(*values)
