"""Corrections and settlements: what counts of all that is on record."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st
from stories import NOW, VILLAGE, day, event, handled, story

from blankspot.ledger.effective import chronological, effective
from blankspot.ledger.events import GENESIS, Event, chain
from blankspot.ledger.fold import fold

CASE = f"{VILLAGE}:mobile"


class Office:
    """An office that records by itself, each move after the last one it knows."""

    def __init__(self, origin: str, known=()) -> None:
        self.origin, self.records = origin, list(known)

    def record(self, *events: Event, after: int = 0) -> list:
        """Record events an hour apart; `after` days later than now."""
        for one in events:
            mine = [record for record in self.records if record.origin == self.origin]
            heads = effective(chronological(self.records)).heads
            made = chain(
                one,
                origin=self.origin,
                seq=len(mine) + 1,
                recorded_at=NOW + dt.timedelta(days=after, hours=len(self.records)),
                prev_hash=mine[-1].hash if mine else GENESIS,
                follows=heads.get(one.case_id, "") if one.is_move else "",
            )
            self.records.append(made)
        return self.records


def correction(record, on: int = 300, **fields) -> Event:
    return event("correction", on, corrects=record.content_id, reason="salah ketik", **fields)


def stage(records, as_of=None):
    return fold(chronological(records), as_of=as_of).cases[CASE].stage


def test_a_correction_changes_what_counts_and_not_what_is_on_record():
    office = Office("a")
    office.record(*handled()[:5], event("handled", 70, partner="Telkom"))
    wrong = office.records[-1]
    office.record(correction(wrong, partner="Telkomsel", budget_rp=5))
    case = fold(chronological(office.records)).cases[CASE]
    assert (case.partner, case.budget_rp, case.evidence) == ("Telkomsel", 5, "BA-1")
    assert wrong.fields["partner"] == "Telkom"
    counting = effective(chronological(office.records)).records
    assert [record.content_id for record in counting] == [record.content_id for record in office.records]


def test_a_correction_may_move_the_day_and_empty_a_field():
    office = Office("a")
    office.record(*story("identified", "proposed"), event("verified", 40, note="keliru"))
    wrong = office.records[-1]
    office.record(correction(wrong, corrected_on=day(20).isoformat(), clears="note document"))
    state = fold(chronological(office.records))
    assert (state.cases[CASE].since, state.cases[CASE].note) == (day(20), "")
    assert stage(office.records, as_of=day(25)) == "verified"  # the past is shown as it is known now
    assert stage(office.records[:-1], as_of=day(25)) == "proposed"


def test_a_withdrawn_record_does_not_count_until_its_withdrawal_is_withdrawn():
    office = Office("a")
    office.record(*story("identified", "proposed", "verified"))
    office.record(correction(office.records[-1], withdraws=True))
    assert stage(office.records) == "proposed"
    office.record(correction(office.records[-1], on=301, withdraws=True))
    assert stage(office.records) == "verified"


def test_of_two_corrections_the_last_recorded_wins_field_by_field():
    office = Office("a")
    office.record(event("identified", 0))
    first = office.records[0]
    office.record(correction(first, note="a", document="SK-1"), correction(first, on=301, note="b"))
    case = fold(chronological(office.records)).cases[CASE]
    assert (case.note, case.document) == ("b", "SK-1")


def test_offices_that_follow_the_same_move_are_in_conflict_and_both_count_until_it_is_settled():
    shared = Office("a").record(*story("identified", "proposed", "verified", "approved"))
    ours, theirs = Office("a", shared), Office("b", shared)
    ours.record(event("assigned", 40, partner="Telkomsel"))
    theirs.record(event("reopened", 45, reason="batal"))
    both = chronological([*ours.records, *theirs.records])
    state = fold(both)
    heads = {ours.records[-1].content_id, theirs.records[-1].content_id}
    assert set(state.branches[CASE].heads) == heads
    assert set(state.heads[CASE].split()) == heads
    assert state.cases[CASE].stage == "reopened"  # in the order of the days
    assert CASE not in fold(both, as_of=day(42)).branches  # one office alone had moved by then

    province = Office("p", both)
    chosen, void = ours.records[-1].content_id, theirs.records[-1].content_id
    settled = Event(
        kind="settled", village_code=VILLAGE, happened_on=day(50),
        fields={"chosen": chosen, "voids": void, "reason": "rapat 20 Februari"},
    )  # fmt: skip
    province.record(settled)
    state = fold(chronological(province.records))
    assert not state.branches
    assert (state.cases[CASE].stage, state.cases[CASE].partner) == ("assigned", "Telkomsel")
    province.record(event("on_air", 60))
    assert fold(chronological(province.records)).cases[CASE].stage == "on_air"
    assert not fold(chronological(province.records)).branches


def test_the_same_move_recorded_by_both_is_no_conflict():
    shared = Office("a").record(*story("identified", "proposed"))
    ours, theirs = Office("a", shared), Office("b", shared)
    ours.record(event("verified", 20))
    theirs.record(event("verified", 20), event("approved", 30))
    state = fold(chronological([*ours.records, *theirs.records]))
    assert not state.branches
    assert state.cases[CASE].stage == "approved"


def test_a_move_made_meanwhile_after_a_settlement_elsewhere_is_a_conflict_again():
    shared = Office("a").record(*story("identified", "proposed", "verified"))
    ours, theirs = Office("a", shared), Office("b", shared)
    ours.record(event("approved", 30))
    theirs.record(event("deferred", 31))
    both = chronological([*ours.records, *theirs.records])
    province = Office("p", both)
    fields = {"chosen": ours.records[-1].content_id, "voids": theirs.records[-1].content_id, "reason": "rapat"}
    province.record(Event(kind="settled", village_code=VILLAGE, happened_on=day(40), fields=fields))
    theirs.record(event("approved", 45))
    state = fold(chronological([*province.records, *theirs.records]))
    assert len(state.branches[CASE].heads) == 2


def test_withdrawing_one_side_ends_a_conflict_too():
    shared = Office("a").record(*story("identified", "proposed", "verified"))
    ours, theirs = Office("a", shared), Office("b", shared)
    ours.record(event("approved", 30))
    theirs.record(event("rejected", 31))
    theirs.record(correction(theirs.records[-1], withdraws=True))
    state = fold(chronological([*ours.records, *theirs.records]))
    assert not state.branches
    assert state.cases[CASE].stage == "approved"


def test_records_of_before_the_link_was_kept_are_read_as_one_line_per_office():
    office = Office("a")
    office.record(*handled())
    older = [record._replace(follows="") for record in office.records]
    state = fold(chronological(older))
    assert not state.branches
    assert state.cases[CASE].stage == "handled"


@given(st.permutations(range(6)), st.lists(st.sampled_from(["verified", "reopened", "approved"]), max_size=3))
@settings(deadline=None, max_examples=60)
def test_the_order_in_which_records_come_in_never_matters(order, more):
    shared = Office("a").record(*story("identified", "proposed", "verified"))
    ours, theirs = Office("a", shared), Office("b", shared)
    ours.record(event("approved", 30), *(event(kind, 40 + place) for place, kind in enumerate(more)))
    theirs.record(event("deferred", 30), event("rejected", 35))
    records = [*ours.records, *theirs.records[3:]]
    shuffled = [records[place % len(records)] for place in order] + records
    assert fold(chronological(shuffled)) == fold(chronological(records))
