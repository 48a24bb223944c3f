"""What only a ledger in a file has: its mode, its addresses, and threads that share one in memory."""

from __future__ import annotations

import sqlite3

import pytest
from stories import clock, event, handled

from blankspot.ledger import Ledger


def test_a_ledger_lives_in_wal_mode_and_leaves_one_file_when_closed(tmp_path):
    with Ledger.open(tmp_path / "ledger.db", clock=clock) as ledger:
        ledger.append(handled())
        assert sorted(path.name for path in tmp_path.iterdir()) == ["ledger.db", "ledger.db-shm", "ledger.db-wal"]
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.db"]
    connection = sqlite3.connect(tmp_path / "ledger.db")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_addresses(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = ["d.db", "e #?%20 file:x.db", "é Ω.db"]
    for address in (str(tmp_path / "a.db"), tmp_path / "b.db", f"sqlite:///{tmp_path}/c.db", *names):
        with Ledger.open(address, clock=clock) as ledger:
            ledger.append(handled())
        with Ledger.open(address, create=False) as ledger:
            assert len(ledger.events()) == 8
    assert sorted(found.name for found in tmp_path.iterdir()) == sorted(["a.db", "b.db", "c.db", *names])


@pytest.mark.parametrize("address", [":memory:", "sqlite://", "sqlite:///:memory:"])
def test_ledgers_in_memory_are_not_kept_and_do_not_meet(address, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Ledger.open(address, clock=clock) as one, Ledger.open(address, clock=clock) as other:
        one.append(handled())
        assert (len(one.events()), len(other.events())) == (8, 0)
    assert list(tmp_path.iterdir()) == []


REST = "case_id, village_code, happened_on, recorded_at, fields, prev_hash, hash, follows FROM events WHERE seq = 8"


@pytest.mark.parametrize(
    "statement",
    [
        f"INSERT OR REPLACE INTO events SELECT origin, seq, content_id, 'rejected', {REST}",
        f"REPLACE INTO events SELECT origin, 99, content_id, kind, {REST}",
        "UPDATE OR REPLACE events SET seq = 1 WHERE seq = 8",
    ],
)
def test_replacing_is_changing_the_past(tmp_path, statement):
    path = tmp_path / "ledger.db"
    with Ledger.open(path, clock=clock) as ledger:
        ledger.append(handled())
    connection = sqlite3.connect(path)
    before = connection.execute("SELECT * FROM events").fetchall()
    with pytest.raises(sqlite3.DatabaseError, match="append-only"):
        connection.execute(statement)
    assert connection.execute("SELECT * FROM events").fetchall() == before
    connection.close()


def test_readers_do_not_wait_for_a_writer_and_see_what_was_there(tmp_path):
    path = tmp_path / "ledger.db"
    with Ledger.open(path, clock=clock) as writer, Ledger.open(path, clock=clock, timeout_s=0.1) as reader:
        writer.append(handled())
        with writer._store.writing() as held:
            held.add([held.last(writer.origin)._replace(origin="else", seq=1)])
            assert len(reader._store.read()) == 8
        assert len(reader._store.read()) == 9
        assert len(reader.append(event("verified_after", 80))) == 1
