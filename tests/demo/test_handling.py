from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.demo.handling import AS_OF, handled_count, target_counts, tell_history
from blankspot.ledger.workflow import may_follow


def _history(seed: int, villages: int):
    rng = np.random.default_rng(seed)
    return tell_history(seed, rng.random(villages), rng.uniform(800, 9000, villages), rng.standard_normal(villages))


@pytest.mark.parametrize(
    ("villages", "expected"), [(10, (2, 1)), (28, (6, 4)), (59, (13, 9)), (60, (60, 43)), (1000, (60, 43))]
)
def test_the_list_has_60_desa_and_keeps_its_proportions_below(villages, expected):
    assert target_counts(villages) == expected


@given(st.integers(0, 10_000), st.integers(10, 400))
@settings(max_examples=30, deadline=None)
def test_43_of_60_by_simple_counting_and_every_move_is_legal(seed, villages):
    history = _history(seed, villages)
    targets, handled = target_counts(villages)
    assert len(set(history.targets)) == targets
    assert handled_count(history.moves, history.targets) == handled
    moves = history.moves[~history.moves["event"].isin(["target", "target_removed"])]
    for _, case in moves.groupby(["village", "service"]):
        stage = None
        for event in case["event"]:
            assert may_follow(stage, event), (stage, event)
            stage = event
    assert moves["happened_on"].max() <= AS_OF.isoformat()


def test_the_list_of_the_year_names_the_targets_and_one_that_was_taken_off():
    history = _history(1, 280)
    moves = history.moves
    listed = moves[(moves["event"] == "target") & (moves["year"] == "2022")]["village"]
    removed = moves[moves["event"] == "target_removed"]["village"]
    assert listed.is_unique
    assert set(listed) - set(removed) == set(history.targets)
    assert len(removed) == 1


def test_two_years_with_deferred_rejected_reopened_and_several_partners():
    moves = _history(2, 280).moves
    assert {"deferred", "rejected", "reopened", "verified_after"} <= set(moves["event"])
    assert moves["partner"].replace("", np.nan).nunique() >= 5
    stages = moves[moves["partner"] != ""].groupby("village").last().groupby("partner")["event"].nunique()
    assert (stages >= 2).sum() >= 2
    assert {"2021", "2022"} <= set(moves["year"])
    assert moves["happened_on"].min() < "2021-12-31"
    earlier = moves[(moves["event"] == "target") & (moves["year"] == "2021")]
    assert 20 <= len(earlier) <= 45


def test_the_last_are_handled_on_the_very_day():
    history = _history(3, 280)
    moves = history.moves
    assert (moves["happened_on"][moves["event"] == "handled"] == AS_OF.isoformat()).sum() >= 2


def test_handled_has_evidence_and_refusals_have_reasons():
    moves = _history(4, 280).moves
    assert (moves["evidence"][moves["event"] == "handled"] != "").all()
    assert (moves["reason"][moves["event"].isin(["deferred", "rejected", "reopened"])] != "").all()


def test_internet_points_stay_apart_from_the_target_list():
    history = _history(5, 280)
    internet = history.moves[history.moves["service"] == "internet"]
    assert len(internet)
    assert not set(internet["village"]) & set(history.targets)
    kinds = set(history.moves["intervention_type"][history.moves["service"] == "mobile"]) - {""}
    assert kinds <= {"bts", "repeater", "ran_sharing"}


def test_what_is_on_air_is_on_air_before_it_is_handled():
    for project in _history(6, 280).projects:
        assert dt.date(2020, 11, 1) < project.on_air <= AS_OF
        assert project.verified_on is None or project.on_air < project.verified_on <= AS_OF


def test_lists_are_drawn_from_those_that_need_it_most():
    rng = np.random.default_rng(7)
    need = np.where(np.arange(280) < 110, 1.0, 0.2)
    history = tell_history(7, need, np.full(280, 4000.0), rng.standard_normal(280))
    assert np.mean(need[history.targets] == 1.0) > 0.9
