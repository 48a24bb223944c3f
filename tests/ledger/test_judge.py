"""What may be recorded: judged by replaying it together with what is on record."""

from __future__ import annotations

import datetime as dt

import pytest
from stories import NOW, VILLAGE, Clock, day, event, handled, story

from blankspot.errors import LedgerError, UsageError
from blankspot.ledger import Event, Ledger

CASE = f"{VILLAGE}:mobile"


def refused(ledger, *events):
    before = ledger.events()
    with pytest.raises(LedgerError) as caught:
        ledger.append(events)
    assert ledger.events() == before
    return str(caught.value)


def beside(kind, subject, on=100, **fields):
    return Event(kind=kind, case_id=subject, happened_on=day(on), fields=fields)


def test_a_forgotten_move_can_be_recorded_with_its_own_day(ledger):
    ledger.append([*handled()[:5], event("handled", 70)])
    ledger.append(event("on_air", 60))
    assert ledger.state()["stage"].tolist() == ["handled"]
    assert ledger.state(as_of=day(65))["stage"].tolist() == ["on_air"]
    assert not ledger.folded().conflicts


def test_a_late_move_must_not_break_what_is_on_record(ledger):
    ledger.append(story("identified", "proposed", "verified", "approved"))
    assert "would not be legal" in refused(ledger, event("rejected", 25))
    assert "before its last move" in refused(ledger, event("assigned", 25))


def test_a_correction_needs_a_reason_a_record_and_an_effect(ledger):
    records = ledger.append(story("identified", "proposed"))
    last = records[-1].content_id
    assert "names no reason" in refused(ledger, event("correction", 50, corrects=last, note="x"))
    assert "not on record" in refused(ledger, event("correction", 50, corrects="f" * 64, reason="x", note="x"))
    assert "changes nothing" in refused(ledger, event("correction", 50, corrects=last, reason="x"))
    ledger.append(event("correction", 50, corrects=last, reason="x", note="baru"))
    assert ledger.state()["note"].tolist() == ["baru"]


def test_a_correction_that_would_break_the_history_is_refused(ledger):
    records = ledger.append(handled())
    proposed = next(record for record in records if record.kind == "proposed")
    assert "would not be legal" in refused(
        ledger, event("correction", 100, corrects=proposed.content_id, reason="x", withdraws=True)
    )
    done = records[-1]
    assert "would not be legal" in refused(
        ledger, event("correction", 100, corrects=done.content_id, reason="x", clears="evidence")
    )
    ledger.append(event("correction", 100, corrects=done.content_id, reason="salah desa", withdraws=True))
    assert ledger.state()["stage"].tolist() == ["on_air"]


def test_a_past_view_shows_the_correction_unless_it_asks_for_what_was_known():
    clock = Clock(NOW)
    with Ledger.open(":memory:", clock=clock) as ledger:
        records = ledger.append(handled())
        clock.now += dt.timedelta(days=10)
        ledger.append(event("correction", 300, corrects=records[-1].content_id, reason="x", corrected_on="2022-03-07"))
        assert ledger.state(as_of=day(66))["stage"].tolist() == ["handled"]
        assert ledger.state(as_of=day(66), known_on=NOW.date())["stage"].tolist() == ["on_air"]
        assert ledger.state()["handled_on"].dt.date.tolist() == [day(65)]
        assert ledger.state(known_on=NOW.date())["handled_on"].dt.date.tolist() == [day(70)]


def test_money_is_kept_apart_from_the_stage(ledger):
    assert "has not begun" in refused(ledger, event("money", 5, amount_rp=1_000_000))
    ledger.append(handled()[:5])
    assert "amount in rupiah" in refused(ledger, event("money", 50, note="tanpa jumlah"))
    ledger.append([event("money", 50, amount_rp=750_000, document="SP2D-1"), event("money", 60, amount_rp=-50_000)])
    assert ledger.state()["realized_rp"].tolist() == [700_000]
    assert ledger.state(as_of=day(55))["realized_rp"].tolist() == [750_000]
    assert ledger.state()["stage"].tolist() == ["assigned"]
    assert ledger.money()["document"].dropna().tolist() == ["SP2D-1"]


def test_a_note_is_open_until_it_is_closed(ledger):
    noted = beside(
        "note", "general", constraint="Izin lahan", follow_up="Rapat", owner="Bidang TIK", due_on="2022-06-01"
    )
    (record,) = ledger.append(noted)
    assert ledger.notes()["open"].tolist() == [True]
    assert "refers to the record" in refused(ledger, beside("note_closed", "general", 120, refers="a" * 64))
    ledger.append(beside("note_closed", "general", 120, refers=record.content_id))
    notes = ledger.notes()
    assert notes["open"].tolist() == [False]
    assert notes["closed_on"].dt.date.tolist() == [day(120)]
    assert ledger.notes(as_of=day(119))["open"].tolist() == [True]
    assert "constraint, follow-up or note" in refused(ledger, beside("note", "general", 130, owner="x"))


def test_a_letter_number_is_used_once(ledger):
    letter = beside("letter", "letter:500-1", number="500/1", letter_kind="request", partner="Telkomsel")
    ledger.append(letter)
    assert ledger.append(letter) == ()
    other = beside("letter", "letter:500-1", 101, number="500/1", letter_kind="request", partner="BAKTI")
    assert "was used on" in refused(ledger, other)
    assert ledger.letters()["number"].tolist() == ["500/1"]


@pytest.mark.parametrize(
    ("rule", "done"), [("mobile_any", 1), ("mobile_all", 0), ("mobile_verified", 0), ("internet_any", 0)]
)
def test_the_rule_of_the_list_says_what_counts(ledger, rule, done):
    second = f"{VILLAGE}:mobile:barat"
    ledger.append([event("target", 0), *handled(), *story("identified", "proposed", case_id=second, start=3)])
    ledger.append(beside("target_rule", "target:2022", 1, year=2022, rule=rule, document="SK-9"))
    measured = ledger.progress(year=2022, as_of=day(200))
    assert (measured.numerator, measured.denominator) == (done, 1)
    assert measured.rule.rule == rule
    assert "SK-9" in measured.definition.id
    assert ledger.target_rule(2022).document == "SK-9"


def test_a_rejected_case_does_not_hold_up_a_rule_that_asks_for_all(ledger):
    second = f"{VILLAGE}:mobile:barat"
    ledger.append([event("target", 0), *handled()])
    ledger.append([*story("identified", "proposed", "verified", case_id=second)])
    ledger.append(event("rejected", 80, case_id=second))
    ledger.append(beside("target_rule", "target:2022", 1, year=2022, rule="mobile_all"))
    assert ledger.progress(year=2022, as_of=day(200)).numerator == 1


def test_a_decision_against_needs_a_reason(ledger):
    ledger.append(story("identified", "proposed", "verified"))
    assert "names no reason" in refused(ledger, event("rejected", 50, reason=""))
    assert "names no reason" in refused(ledger, event("deferred", 50, reason=""))


@pytest.mark.parametrize(
    ("kind", "subject", "fields"),
    [
        ("target_rule", "general", {}),
        ("indicator", "target:2022", {}),
        ("money", "general", {}),
        ("note", "nowhere", {}),
        ("figure", "indicator:x", {"period": "2022-Q5"}),
        ("note", "general", {"due_on": "1 Juni"}),
        ("letter", "letter:1", {"letter_kind": "poem"}),
        ("target_rule", "target:2022", {"rule": "mobile_most"}),
    ],
)
def test_an_event_that_makes_no_sense_cannot_be_made(kind, subject, fields):
    with pytest.raises((UsageError, ValueError)):
        beside(kind, subject, **fields)


@pytest.mark.parametrize(
    ("subject", "kind", "fields", "needed"),
    [
        ("", "money", {"amount_rp": 5}, "amount_rp"),
        ("", "note", {"constraint": "Izin"}, "constraint"),
        ("target:2022", "target_rule", {"year": 2022, "rule": "mobile_all"}, "rule"),
        ("letter:7", "letter", {"number": "7", "letter_kind": "request"}, "number"),
        ("indicator:opd", "figure", {"period": "2022", "target": 34}, "period"),
    ],
)
def test_a_correction_does_not_take_away_what_an_event_needs(ledger, subject, kind, fields, needed):
    ledger.append(story("proposed"))
    made = beside(kind, subject, **fields) if subject else event(kind, 100, **fields)
    (record,) = ledger.append(made)
    correction = Event(
        kind="correction",
        village_code=record.village_code,
        case_id=record.case_id,
        happened_on=day(200),
        fields={"corrects": record.content_id, "reason": "keliru", "clears": needed},
    )
    assert "names no" in refused(ledger, correction)


def test_what_was_withdrawn_is_not_passed_over_when_it_is_recorded_again(ledger):
    ledger.append(handled())
    last = ledger.events()[-1]
    ledger.append(event("correction", 200, corrects=last.content_id, reason="keliru", withdraws=True))
    assert "then withdrawn" in refused(ledger, handled()[-1])
    ledger.append(event("handled", 70, note="dicatat lagi"))
    assert ledger.state()["stage"].tolist() == ["handled"]


def test_the_withdrawal_of_a_letter_stays_once_its_number_is_used_again(ledger):
    (letter,) = ledger.append(beside("letter", "letter:7", number="7", letter_kind="request"))
    about = {"corrects": letter.content_id, "reason": "keliru", "withdraws": True}
    (withdrawal,) = ledger.append(beside("correction", "letter:7", 110, **about))
    ledger.append(beside("letter", "letter:7", 120, number="7", letter_kind="minutes"))
    about = {"corrects": withdrawal.content_id, "reason": "ternyata terkirim", "withdraws": True}
    assert "would not be legal" in refused(ledger, beside("correction", "letter:7", 130, **about))


def test_a_note_stays_closed_since_the_day_it_was_closed_first(ledger):
    (note,) = ledger.append(beside("note", "general", constraint="Izin"))
    ledger.append([beside("note_closed", "general", on, refers=note.content_id) for on in (110, 120)])
    assert ledger.notes()["closed_on"].dt.date.tolist() == [day(110)]


def in_conflict(ledger):
    """Bring a case into a conflict between two offices; return its ends."""
    ledger.append(story("proposed", "verified"))
    with Ledger.open(":memory:", origin="tetangga", clock=lambda: NOW) as other:
        other.merge(ledger)
        ledger.append(event("approved", 50, document="SK-1"))
        other.append(event("approved", 51, document="SK-2"))
        ledger.merge(other)
    return ledger.folded().branches[CASE].heads


def test_a_settlement_and_what_happened_before_it_may_come_together(ledger):
    chosen, other = in_conflict(ledger)
    settled = event("settled", 200, chosen=chosen, voids=other, reason="rapat")
    ledger.append([settled, event("assigned", 60, partner="Telkom")])
    assert ledger.state()[["stage", "conflict"]].to_numpy().tolist() == [["assigned", False]]
    assert ledger.events()[-2].follows == ledger.events()[-1].content_id


def test_a_correction_that_ends_a_conflict_and_the_next_move_may_come_together(ledger):
    _, other = in_conflict(ledger)
    withdrawal = event("correction", 200, corrects=other, reason="keliru", withdraws=True)
    ledger.append([withdrawal, event("assigned", 60, partner="Telkom")])
    assert ledger.state()[["stage", "conflict"]].to_numpy().tolist() == [["assigned", False]]


def test_a_settlement_that_is_withdrawn_leaves_the_conflict_as_it_was(ledger):
    heads = in_conflict(ledger)
    waiting = ledger.conflicts()
    (settled,) = ledger.append(event("settled", 200, chosen=heads[0], voids=heads[1], reason="rapat"))
    ledger.append(event("correction", 201, corrects=settled.content_id, reason="keliru", withdraws=True))
    assert ledger.folded().branches[CASE].heads == heads
    assert ledger.conflicts().equals(waiting)
    ledger.append(event("settled", 202, chosen=heads[1], voids=heads[0], reason="rapat lagi"))
    assert ledger.state()[["document", "conflict"]].to_numpy().tolist() == [["SK-2", False]]


def test_moves_after_a_withdrawn_settlement_stay_on_the_branch_it_had_chosen(ledger):
    chosen, other = in_conflict(ledger)
    (settled,) = ledger.append(event("settled", 200, chosen=chosen, voids=other, reason="rapat"))
    (assigned,) = ledger.append(event("assigned", 210, partner="Telkom"))
    ledger.append(event("correction", 211, corrects=settled.content_id, reason="keliru", withdraws=True))
    branches = ledger.folded().branches[CASE]
    assert set(branches.heads) == {assigned.content_id, other}
    assert branches.alone[assigned.content_id] == {assigned.content_id, chosen}
