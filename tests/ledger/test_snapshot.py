"""A state that was kept gives the same answers as adding everything up again."""

from __future__ import annotations

import datetime as dt
import sqlite3

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import NOW, VILLAGE, VILLAGES, Clock, clock, day, event, handled, likely_events, story

from blankspot.errors import LedgerError
from blankspot.ledger import Ledger
from blankspot.ledger.fold import fold
from blankspot.ledger.frames import state_frame
from blankspot.ledger.snapshot import freeze, take, thaw


def plain(ledger, **view):
    return fold(ledger.events(**view))


def grow(ledger, events):
    for one in events:
        try:
            ledger.append(one)
        except LedgerError:
            continue


@given(likely_events(), likely_events(), st.lists(st.integers(0, 30), max_size=4))
@settings(deadline=None, max_examples=30)
def test_what_comes_after_is_added_on_top(before, after, corrected):
    with Ledger.open(":memory:", clock=clock) as ledger:
        grow(ledger, before)
        ledger.snapshot()
        grow(ledger, after)
        records = ledger.events()
        for place in corrected:
            if records:
                wrong = records[place % len(records)].content_id
                grow(ledger, [event("correction", 200, records[place % len(records)].village_code, corrects=wrong, reason="x", withdraws=True)])  # fmt: skip
        state = ledger.folded()
        assert ledger._kept(None) is not None
        whole = plain(ledger)
        assert (state.cases, state.targets, state.heads) == (whole.cases, whole.targets, whole.heads)
        assert state.conflicts == whole.conflicts
        for year in (None, 2022, 2023):
            pd.testing.assert_frame_equal(ledger.state(year=year), state_frame(whole, year=year))
        assert ledger.audit().passed


def test_a_past_day_and_what_was_known_are_added_up_afresh():
    now = Clock(NOW)
    with Ledger.open(":memory:", clock=now) as ledger:
        ledger.append(handled())
        ledger.snapshot()
        now.now += dt.timedelta(days=2)
        ledger.append(event("verified_after", 100))
        assert ledger.state()["stage"].tolist() == ["verified_after"]
        assert ledger.state(as_of=day(65))["stage"].tolist() == ["on_air"]
        assert ledger.state(known_on=NOW.date())["stage"].tolist() == ["handled"]
        assert ledger.state(as_of=now.now.date())["stage"].tolist() == ["verified_after"]


def test_cases_in_conflict_are_never_taken_from_what_was_kept(tmp_path):
    path, other = tmp_path / "a.db", tmp_path / "b.db"
    with Ledger.open(path, clock=clock, origin="a") as one, Ledger.open(other, clock=clock, origin="b") as two:
        one.append(story("identified", "proposed"))
        two.append([*story("identified", "proposed", start=2), *handled(VILLAGES[1])])
        one.merge(two)
        one.snapshot()
        assert len(one.folded().branches) == 1
        pd.testing.assert_frame_equal(one.conflicts(), one.conflicts(known_on=NOW.date()))
        chosen, void = next(iter(one.folded().branches.values())).heads
        one.append(event("settled", 300, chosen=chosen, voids=void, reason="rapat"))
        assert not one.folded().branches
        assert one.audit().passed


def test_what_was_kept_is_read_back_as_it_was_written():
    with Ledger.open(":memory:", clock=clock) as ledger:
        ledger.append([event("target", 0), *handled(), event("money", 80, amount_rp=5)])
        kept = take(ledger.events())
    assert thaw(freeze(kept)) == kept
    assert thaw(freeze(take([]))) == take([])


def test_a_snapshot_of_another_history_is_passed_over_and_a_changed_one_is_found(tmp_path):
    path, other = tmp_path / "a.db", tmp_path / "b.db"
    for place, village in ((path, VILLAGE), (other, VILLAGES[1])):
        with Ledger.open(place, clock=clock) as ledger:
            ledger.append(handled(village))
            ledger.snapshot()
    with sqlite3.connect(path) as connection:
        connection.execute("ATTACH ? AS other", [str(other)])
        connection.execute("UPDATE ledger_snapshots SET content = (SELECT content FROM other.ledger_snapshots)")
    connection.close()
    with Ledger.open(path, clock=clock) as ledger:
        assert ledger.state()["village_code"].tolist() == [VILLAGE]
        (broken,) = ledger.audit().breaks
        assert broken.origin == "snapshot"
        ledger.snapshot()
        assert ledger.audit().passed


def test_a_damaged_snapshot_is_done_without():
    with Ledger.open(":memory:", clock=clock) as ledger:
        ledger.append(handled())
        whole = freeze(take(ledger.events()))
        for damaged in (b"", b"garbage", whole[: len(whole) // 2]):
            assert thaw(damaged) is None
            with ledger._store.writing() as writer:
                writer.keep("state", damaged)
            assert ledger.state()["stage"].tolist() == ["handled"]
            assert ledger.audit().passed
