"""The fold: what events add up to, whatever they are."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from stories import NOW, VILLAGE, any_event, day, event, handled, likely_events, story

from blankspot.ledger.effective import chronological
from blankspot.ledger.events import GENESIS, chain
from blankspot.ledger.fold import fold
from blankspot.ledger.judge import sequence
from blankspot.ledger.workflow import may_follow

CASE = f"{VILLAGE}:mobile"


def recorded(events, origin="a"):
    records, last = [], GENESIS
    for seq, one in enumerate(events, start=1):
        records.append(chain(one, origin=origin, seq=seq, recorded_at=NOW, prev_hash=last))
        last = records[-1].hash
    return records


def accepted(events):
    """Put events in order and keep the legal ones, as an append of each alone would."""
    distinct = list({one.content_id: one for one in events}.values())
    kept = [one.event for one in sequence(distinct, [], today=NOW.date()) if one.refusal is None]
    return kept, fold(chronological(recorded(kept)))


def test_a_whole_story():
    state = fold(recorded([event("target", 1), *handled()]))
    case = state.cases[CASE]
    assert (case.stage, case.since, case.handled_on, case.evidence, case.moves) == (
        "handled",
        day(70),
        day(70),
        "BA-1",
        8,
    )
    assert state.targets[2022, VILLAGE].active
    assert not state.conflicts


def test_reopening_voids_the_assignment_and_the_handling():
    events = [*story(*("identified", "proposed", "verified", "approved")), event("assigned", 40, partner="Telkom")]
    done = fold(recorded([*events, event("handled", 50)]))
    again = fold(recorded([*events, event("handled", 50), event("reopened", 60, reason="padam")]))
    assert done.cases[CASE].partner == "Telkom"
    assert again.cases[CASE].partner == ""
    assert again.cases[CASE].handled_on is None
    assert again.cases[CASE].evidence == ""


def test_an_illegal_record_changes_nothing_and_is_kept_as_a_conflict():
    records = recorded([*story("identified", "proposed"), event("handled", 30), event("verified", 40)])
    state = fold(records)
    assert state.cases[CASE].stage == "verified"
    assert [(found.record, found.refusal.rule) for found in state.conflicts] == [(records[2], "illegal_move")]


def test_the_same_content_of_two_offices_counts_once():
    both = chronological([*recorded(handled(), "a"), *recorded(handled(), "b")])
    assert len(both) == 8
    assert not fold(both).conflicts


def test_one_day_is_put_in_the_order_of_the_work():
    events = [event(kind, 0) for kind in ("handled", "assigned", "identified", "approved", "verified", "proposed")]
    kept, state = accepted(events)
    assert len(kept) == 6
    assert state.cases[CASE].stage == "handled"


def test_reopening_and_what_follows_may_share_a_day():
    kept, state = accepted(
        [*story("identified", "proposed", "verified", "rejected", step=1), event("reopened", 9), event("verified", 9)]
    )
    assert len(kept) == 6
    assert state.cases[CASE].stage == "verified"


@given(st.lists(any_event(), max_size=12) | likely_events())
@settings(deadline=None, max_examples=150)
def test_no_illegal_move_is_ever_accepted(events):
    kept, _ = accepted(events)
    stage, last, listed = {}, {}, {}
    for one in sorted(kept, key=lambda one: one.happened_on):  # stable: within a day as they were accepted
        if one.is_target:
            assert listed.get(one.village_code, False) or one.kind == "target"
            listed[one.village_code] = one.kind == "target"
            continue
        assert may_follow(stage.get(one.case_id), one.kind)
        assert last.get(one.case_id, one.happened_on) <= one.happened_on
        stage[one.case_id], last[one.case_id] = one.kind, one.happened_on


@given(likely_events(), st.integers(-1, 70))
@settings(deadline=None, max_examples=80)
def test_the_fold_of_every_prefix_is_the_state_as_of_its_day(events, until):
    kept, whole = accepted(events)
    records = chronological(recorded(kept))
    assert fold(records) == whole
    first = [one for one in records if one.happened_on <= day(until)]
    seen = fold(records, as_of=day(until))
    assert not seen.conflicts
    assert (seen.cases, seen.targets) == (fold(first).cases, fold(first).targets)


@given(likely_events(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=80)
def test_the_order_in_which_events_are_given_never_matters(events, random):
    shuffled = list(events)
    random.shuffle(shuffled)
    assert accepted(shuffled) == accepted(events)
