"""Whether somebody went around the triggers: the first broken link is named, by office, number and what is wrong."""

from __future__ import annotations

import pytest
from stories import VILLAGES, clock, event, handled

from blankspot.ledger import Ledger
from blankspot.ledger.audit import audit

GUARDS = {
    "sqlite": ("DROP TRIGGER events_refuse_update", "DROP TRIGGER events_refuse_delete", "DROP TRIGGER events_refuse_replace"),
    "postgres": ("DROP TRIGGER events_refuse ON events",),
}  # fmt: skip


@pytest.fixture
def offices(told):
    """The address of a ledger that holds the chains of three offices, eight records each."""
    with Ledger.open(told, clock=clock) as ledger:
        for origin, village in (("barat", VILLAGES[1]), ("timur", VILLAGES[2])):
            with Ledger.open(":memory:", origin=origin, clock=clock) as other:
                other.append(handled(village))
                ledger.merge(other)
    return told


@pytest.mark.parametrize(
    ("tampering", "seq", "words"),
    [
        ("UPDATE events SET kind = 'rejected' WHERE origin = 'barat' AND seq = 4", 4, "changed"),
        ("UPDATE events SET fields = '{\"note\":\"x\"}' WHERE origin = 'barat' AND seq = 4", 4, "changed"),
        ("UPDATE events SET happened_on = '2021-01-01' WHERE origin = 'barat' AND seq > 4", 5, "changed"),
        (
            "UPDATE events SET recorded_at = '2021-01-01 00:00:00.000000' WHERE origin = 'barat' AND seq = 2",
            2,
            "continue",
        ),
        ("UPDATE events SET follows = '' WHERE origin = 'barat' AND seq = 6", 6, "continue"),
        ("UPDATE events SET hash = prev_hash WHERE origin = 'barat' AND seq = 6", 6, "continue"),
        ("UPDATE events SET prev_hash = hash WHERE origin = 'barat' AND seq = 1", 1, "continue"),
        ("UPDATE events SET seq = 20 WHERE origin = 'barat' AND seq = 8", 8, "missing"),
        ("DELETE FROM events WHERE origin = 'barat' AND seq IN (3, 7)", 3, "missing"),
        ("DELETE FROM events WHERE origin = 'barat' AND seq = 1", 1, "missing"),
        ("UPDATE events SET origin = 'utara' WHERE origin = 'barat' AND seq = 5", 5, "missing"),
    ],
)
def test_the_first_broken_link_of_a_chain_is_named(offices, direct, tampering, seq, words):
    direct(offices, *GUARDS["postgres" if "://" in offices else "sqlite"], tampering)
    with Ledger.open(offices) as ledger:
        checked = ledger.audit()
    assert not checked.passed
    broken = {found.origin: found for found in checked.breaks}
    assert broken.keys() - {"utara"} == {"barat"}
    assert (broken["barat"].seq, words in broken["barat"].what.en) == (seq, True)
    assert str(seq) in broken["barat"].what.id


def test_a_rewritten_chain_no_longer_fits_what_others_hold(offices):
    """Who rewrites a whole chain, every hash included, passes the audit; a copy elsewhere then shows both versions."""
    with Ledger.open(":memory:", origin="barat", clock=clock) as forged:
        forged.append([*handled(VILLAGES[1])[:-1], event("handled", 70, VILLAGES[1], evidence="palsu")])
        assert forged.audit().passed
        with Ledger.open(offices, clock=clock) as ledger:
            merged = ledger.merge(forged)
            assert list(merged.forked) == ["barat"]
            assert ledger.audit().passed


def test_each_chain_is_checked_by_itself_and_the_order_of_records_does_not_matter(offices):
    with Ledger.open(offices) as ledger:
        records = ledger._store.read()
    assert audit(records) == audit(records[::-1])
    assert (audit(records).records, audit(records).origins, audit(records).passed) == (24, 3, True)
    assert audit([]).passed
    without = [one for one in records if (one.origin, one.seq) not in {("dinas", 2), ("timur", 8), ("timur", 1)}]
    assert [(one.origin, one.seq) for one in audit(without).breaks] == [("dinas", 2), ("timur", 1)]
