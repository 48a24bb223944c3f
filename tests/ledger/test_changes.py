"""What differs between two views of the ledger."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st
from stories import NOW, VILLAGE, VILLAGES, Clock, clock, day, event, handled, likely_events, story

from blankspot.errors import LedgerError
from blankspot.ledger import Event, Ledger, View


def told(frame):
    return {(row.what, row.before if isinstance(row.before, str) else "", row.after if isinstance(row.after, str) else "") for row in frame.itertuples()}  # fmt: skip


def test_a_quarter_is_told_case_by_case(ledger):
    ledger.append([event("target", 1, village) for village in VILLAGES[:2]])
    ledger.append([*handled()[:5], *story("identified", village=VILLAGES[2], start=55)])
    ledger.append([event("handled", 70), event("money", 75, amount_rp=2_000_000)])
    ledger.append(event("target_removed", 80, VILLAGES[1], reason="sudah terlayani"))
    (note,) = ledger.append(Event(kind="note", case_id="general", happened_on=day(60), fields={"constraint": "Lahan"}))
    ledger.append(Event(kind="note_closed", case_id="general", happened_on=day(90), fields={"refers": note.content_id}))
    found = ledger.changes(View(day(50)), View(day(100)))
    assert told(found) == {
        ("stage", "assigned", "handled"),
        ("handled_on", "", day(70).isoformat()),
        ("case_new", "", "identified"),
        ("money", "", "2000000"),
        ("target_removed", "2022", ""),
        ("note", "", "Lahan"),
        ("note_closed", "Lahan", ""),
    }
    assert ledger.changes(View(day(100)), View(day(100))).empty


def test_a_correction_shows_between_what_was_known_then_and_what_is_known_now():
    now = Clock(NOW)
    with Ledger.open(":memory:", clock=now) as ledger:
        records = ledger.append([*handled()[:4], event("assigned", 40, partner="Telkom")])
        now.now += dt.timedelta(days=30)
        ledger.append(
            event("correction", 364, corrects=records[-1].content_id, reason="salah mitra", partner="Telkomsel")
        )
        found = ledger.changes(View(day(100), NOW.date()), View(day(100)))
        assert told(found) == {("partner", "Telkom", "Telkomsel")}
        assert found["recorded_at"].dt.date.tolist() == [(NOW + dt.timedelta(days=30)).date()]
        assert found["village_code"].tolist() == [VILLAGE]


@given(likely_events(), st.integers(0, 60), st.integers(0, 60))
@settings(deadline=None, max_examples=30)
def test_nothing_changed_means_the_same_state_and_the_other_way_round(events, first, second):
    with Ledger.open(":memory:", clock=clock) as ledger:
        for one in sorted(events, key=lambda one: one.happened_on):
            try:
                ledger.append(one)
            except LedgerError:
                continue
        found = ledger.changes(View(day(first)), View(day(second)))
        views = [ledger.state(day(number)) for number in (first, second)]
        cases = [view[view["moves"] > 0].set_index("case_id")["stage"].to_dict() for view in views]
        moved = found[found["what"].isin(["stage", "case_new"])]
        if first <= second:
            assert (cases[0] == cases[1]) == moved.empty


def test_what_was_corrected_or_withdrawn_beside_the_moves_shows_too():
    now = Clock(NOW)
    with Ledger.open(":memory:", origin="dinas", clock=now) as ledger:
        ledger.append([*story("proposed"), event("money", 40, amount_rp=100), event("note", 40, constraint="Listrik")])
        proposed, *rest = ledger.events()
        money, note = (next(one for one in rest if one.kind == kind) for kind in ("money", "note"))
        (closing,) = ledger.append(event("note_closed", 45, refers=note.content_id))

        def corrected(record, **fields):
            known, now.now = now.now, now.now + dt.timedelta(days=1)
            about = {"corrects": record.content_id, "reason": str(now.now)}
            ledger.append(event("correction", 60, **about, **fields))
            return told(ledger.changes(View(known_on=known), View()))

        assert corrected(money, amount_rp=150) == {("money", "100", "150")}
        assert corrected(money, withdraws=True) == {("money", "150", "")}
        assert corrected(note, constraint="Lahan") == {("note", "Listrik", "Lahan")}
        assert corrected(closing, withdraws=True) == {("note_closed", "", "Lahan")}
        assert corrected(note, withdraws=True) == {("note", "Lahan", "")}
        assert corrected(proposed, withdraws=True) == {("stage", "proposed", "")}


def test_documents_rules_letters_and_evidence_are_told(ledger):
    ledger.append([event("target", 1, document="SK-1"), *handled()])
    ledger.append(event("target", 100, document="SK-2"))
    ledger.append(
        Event(
            kind="target_rule", case_id="target:2022", happened_on=day(101), fields={"year": 2022, "rule": "mobile_all"}
        )
    )
    fields = {"number": "500/1", "letter_kind": "request", "partner": "BAKTI"}
    ledger.append(Event(kind="letter", case_id="letter:500-1", happened_on=day(102), fields=fields))
    ledger.append(event("verified_after", 103, evidence="BA-2"))
    found = ledger.changes(View(day(99)), View(day(110)))
    assert told(found) == {
        ("target_document", "SK-1", "SK-2"),
        ("target_rule", "mobile_any", "mobile_all"),
        ("letter", "", "500/1"),
        ("evidence", "BA-1", "BA-2"),
        ("stage", "handled", "verified_after"),
    }
