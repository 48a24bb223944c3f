"""Which stage may follow which, as a reader of the issue would list it."""

from __future__ import annotations

import itertools

import pytest
from stories import MAIN_LINE

from blankspot.ledger.workflow import DONE, KINDS, NEXT, STAGES, TARGET_KINDS, may_follow, may_precede, rank


@pytest.mark.parametrize(
    ("stage", "move"),
    [
        *itertools.pairwise(MAIN_LINE),
        ("verified", "rejected"),
        ("verified", "deferred"),
        ("deferred", "approved"),
        ("assigned", "handled"),
        ("assigned", "on_air"),
        ("construction", "handled"),
        ("rejected", "reopened"),
        ("handled", "reopened"),
        ("verified_after", "reopened"),
        ("reopened", "verified"),
        (None, "identified"),
        (None, "proposed"),
    ],
)
def test_what_may_follow(stage, move):
    assert may_follow(stage, move)


@pytest.mark.parametrize(
    ("stage", "move"),
    [
        (None, "handled"),
        (None, "reopened"),
        ("identified", "handled"),
        ("identified", "verified"),
        ("proposed", "approved"),
        ("verified", "assigned"),
        ("approved", "construction"),
        ("approved", "handled"),
        ("rejected", "handled"),
        ("rejected", "assigned"),
        ("handled", "construction"),
        ("handled", "handled"),
        ("verified_after", "handled"),
        ("assigned", "approved"),
        ("reopened", "handled"),
        ("identified", "reopened"),
    ],
)
def test_what_may_not(stage, move):
    assert not may_follow(stage, move)


@pytest.mark.parametrize(
    ("stage", "move", "legal"),
    [
        (None, "handled", True),
        (None, "rejected", True),
        ("proposed", "handled", True),
        ("deferred", "handled", True),
        ("reopened", "handled", True),
        ("rejected", "handled", False),
        ("rejected", "verified_after", False),
        ("handled", "construction", False),
        ("assigned", "proposed", False),
        ("assigned", "rejected", False),
        ("construction", "construction", False),
        ("verified", "reopened", False),
        (None, "reopened", False),
    ],
)
def test_a_move_that_says_it_skips_goes_forward_only(stage, move, legal):
    assert may_follow(stage, move, skips=True) is legal


def test_the_table_knows_every_stage_and_no_other():
    assert set(NEXT) == {None, *STAGES}
    assert {move for following in NEXT.values() for move in following} == set(STAGES)
    assert set(STAGES) >= DONE


def test_no_stage_follows_itself_and_only_reopening_leads_back():
    order = {stage: place for place, stage in enumerate(MAIN_LINE)}
    for stage, following in NEXT.items():
        for move in following:
            assert move != stage
            if stage in order and move in order:
                assert order[move] > order[stage]


def test_nothing_is_assigned_without_approval():
    assert may_precede("assigned") == ("approved",)


def test_rank_is_the_order_of_the_work():
    assert [rank(kind) for kind in KINDS] == sorted(rank(kind) for kind in KINDS)
    assert KINDS[:2] == TARGET_KINDS
