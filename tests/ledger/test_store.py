"""What every database behind a ledger must keep: append-only by itself, whole or not at all, in one order, writers in turns."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from stories import HOSTILE, VILLAGE, VILLAGES, clock, day, event, handled, story

from blankspot.errors import LedgerError
from blankspot.ledger import Ledger
from blankspot.ledger.migrations import MIGRATIONS
from blankspot.ledger.store import METADATA

WRITERS = Path(__file__).with_name("writers.py")


def copy_of_the_last(seq: str, then: str = "") -> str:
    """Return a statement that inserts the eighth record once more."""
    return (
        f"INSERT INTO events SELECT origin, {seq}, content_id, kind, case_id, village_code, happened_on, recorded_at, "  # noqa: S608 - ours
        f"fields, prev_hash, hash, follows FROM events WHERE seq = 8 {then}"
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET kind = 'rejected'",
        "UPDATE events SET recorded_at = '2020-01-01 00:00:00.000000' WHERE seq = 1",
        "DELETE FROM events",
        "DELETE FROM events WHERE seq = 8",
        copy_of_the_last("8"),
        copy_of_the_last("99"),
        copy_of_the_last("8", "ON CONFLICT (origin, seq) DO UPDATE SET kind = 'rejected'"),
    ],
)
def test_the_database_itself_refuses_to_change_the_past(told, direct, statement):
    before = direct(told, "SELECT * FROM events ORDER BY seq")
    with pytest.raises(Exception, match=r"append-only|duplicate key"):
        direct(told, statement)
    assert direct(told, "SELECT * FROM events ORDER BY seq") == before


def test_events_are_there_after_reopening(told):
    with Ledger.open(told, create=False) as ledger:
        assert [record.event for record in ledger.events()] == handled()
        assert ledger.origin == "dinas"
        assert ledger.audit().passed


def test_hostile_text_comes_back_as_it_went_in(address):
    hostile = event("identified", note=HOSTILE, partner="O'Brien\"; --", document="%s %(x)s :y")
    with Ledger.open(address, clock=clock) as ledger:
        ledger.append(hostile)
        ledger.append(hostile)
    with Ledger.open(address) as ledger:
        assert [record.event for record in ledger.events()] == [hostile]
        assert ledger.state()["note"].tolist() == [HOSTILE]
        assert ledger.audit().passed


def test_times_are_kept_in_utc(told):
    with Ledger.open(told) as ledger:
        assert {record.recorded_at for record in ledger.events()} == {clock()}
        assert ledger.events()[0].recorded_at.tzinfo is dt.UTC


def test_views_ask_the_database_for_both_times(address):
    now = [clock()]
    with Ledger.open(address, clock=lambda: now[0]) as ledger:
        for place, one in enumerate(story("identified", "proposed", "verified")):
            now[0] = clock() + dt.timedelta(days=place, microseconds=place)
            ledger.append(one)
        assert [record.kind for record in ledger.events(as_of=day(10))] == ["identified", "proposed"]
        assert [record.kind for record in ledger.events(known_on=clock())] == ["identified"]
        assert [record.kind for record in ledger.events(known_on=clock() + dt.timedelta(days=1, microseconds=1))] == [
            "identified",
            "proposed",
        ]


def test_a_story_told_in_two_batches_is_one_chain(address):
    with Ledger.open(address, clock=clock) as ledger:
        ledger.append(story("identified"))
        ledger.append(story("proposed", start=5))
        records = ledger.events(village_code=VILLAGE)
        assert [record.seq for record in records] == [1, 2]
        assert records[1].prev_hash == records[0].hash
        assert records[1].follows == records[0].content_id


def test_every_database_gives_the_same_records_in_the_same_order_and_the_same_digest(tmp_path, server):
    stories = [one for village in VILLAGES for one in handled(village, step=3)]
    seen = []
    for address in (":memory:", str(tmp_path / "ledger.db"), server.new_address()):
        with Ledger.open(address, origin="dïnas Ω", clock=clock) as ledger:
            ledger.append(stories)
            ledger.append(event("identified", case_id=f"{VILLAGE}:internet:é", note="ÿ"))
            seen.append((ledger.events(), ledger.digest(), ledger.audit()))
    assert seen[0] == seen[1] == seen[2]


def test_the_digest_changes_with_every_append_and_with_nothing_else(address):
    with Ledger.open(address, clock=clock) as ledger:
        digests = [ledger.digest()]
        for one in story("identified", "proposed", "verified"):
            ledger.append(one)
            digests.append(ledger.digest())
        ledger.append(one)
        assert ledger.digest() == digests[-1]
    assert len(set(digests)) == 4


def test_a_refused_batch_leaves_nothing(told, direct):
    with Ledger.open(told, clock=clock) as ledger, pytest.raises(LedgerError):
        ledger.append([event("identified", village=VILLAGES[1]), event("on_air", 90)])
    assert direct(told, "SELECT count(*) FROM events") == [(8,)]


def test_what_breaks_while_writing_leaves_nothing_and_gives_the_lock_back(told):
    with Ledger.open(told, clock=clock, timeout_s=1) as ledger:
        with pytest.raises(KeyboardInterrupt), ledger._store.writing() as writer:
            writer.add([writer.last("dinas")._replace(origin="else", seq=1)])
            raise KeyboardInterrupt
        assert len(ledger.events()) == 8
        assert len(ledger.append(event("verified_after", 80))) == 1


def test_a_locked_ledger_says_so_after_the_timeout_and_can_still_be_read(told):
    with Ledger.open(told, clock=clock) as holder, Ledger.open(told, clock=clock, timeout_s=0.1) as ledger:
        with holder._store.writing():
            with pytest.raises(LedgerError, match=r"locked by another process; waited 0\.1 s") as refused:
                ledger.append(event("verified_after", 80))
            assert "dikunci" in refused.value.say("id")
            assert len(ledger.events()) == 8
        assert len(ledger.append(event("verified_after", 80))) == 1


def test_a_ledger_of_a_newer_version_is_left_alone(told, direct):
    direct(told, "INSERT INTO ledger_migrations VALUES ('m999_future', '2030-01-01 00:00:00.000000')")
    with pytest.raises(LedgerError, match="m999_future"):
        Ledger.open(told)


def test_migrations_are_named_in_the_order_they_are_applied(told, direct):
    applied = [name for (name,) in direct(told, "SELECT name FROM ledger_migrations ORDER BY name")]
    assert applied == [step.__name__ for step in MIGRATIONS] == sorted(step.__name__ for step in MIGRATIONS)


def test_a_ledger_made_before_records_said_what_they_follow_still_opens_and_goes_on(address, direct):
    with Ledger.open(address, origin="dinas", clock=clock) as ledger, ledger._store.writing() as writer:
        from blankspot.ledger.events import GENESIS, chain

        previous, old = GENESIS, []
        for seq, one in enumerate(handled(), start=1):
            old.append(chain(one, origin="dinas", seq=seq, recorded_at=clock(), prev_hash=previous))
            previous = old[-1].hash
        writer.add(old)
    direct(
        address, "ALTER TABLE events DROP COLUMN follows", "DELETE FROM ledger_migrations WHERE name = 'm002_follows'"
    )
    with Ledger.open(address, clock=clock) as ledger:
        assert ledger.events() == tuple(old)
        assert ledger.audit().passed
        (added,) = ledger.append(event("verified_after", 80))
        assert added.follows == old[-1].content_id
        assert ledger.audit().passed
    with pytest.raises(Exception, match="append-only"):
        direct(address, "DELETE FROM events")


def test_a_missing_ledger_is_not_made_by_looking(address):
    with pytest.raises(LedgerError, match="There is no ledger"):
        Ledger.open(address, create=False)
    Ledger.open(address).close()
    Ledger.open(address, create=False).close()


def test_a_database_of_somebody_else_is_left_alone(address, direct):
    direct(address, "CREATE TABLE events (name TEXT)", "INSERT INTO events VALUES ('x')")
    with pytest.raises(LedgerError, match=r"not a blankspot ledger .* events"):
        Ledger.open(address)
    assert direct(address, "SELECT * FROM events") == [("x",)]


def test_another_kind_of_database_is_refused_with_what_will_help():
    with pytest.raises(LedgerError, match="PostgreSQL") as refused:
        Ledger.open("mysql://office:secret@localhost/ledger")
    assert "PostgreSQL" in refused.value.say("id")
    assert "secret" not in refused.value.say("id") + str(refused.value)
    assert refused.value.exit_code == 5


def test_a_cell_that_nobody_of_us_wrote_is_named(told, direct):
    guards = {"postgres": "DROP TRIGGER events_refuse ON events", "sqlite": "DROP TRIGGER events_refuse_update"}
    direct(
        told,
        guards["postgres" if "://" in told else "sqlite"],
        "UPDATE events SET fields = '[1]' WHERE seq = 3",
    )
    with (
        Ledger.open(told) as ledger,
        pytest.raises(LedgerError, match=r"Record number 3 of 'dinas' in .* cannot be read"),
    ):
        ledger.audit()


def test_threads_take_turns_in_one_ledger_of_every_kind(address):
    for place in (address, ":memory:"):
        with Ledger.open(place, clock=clock) as ledger:
            faults: list[BaseException] = []

            def write(number: int, ledger: Ledger = ledger, faults: list[BaseException] = faults) -> None:
                try:
                    for turn in range(10):
                        ledger.append(event("identified", village=f"32.04.{10 + number}.2{turn + 1:03d}"))
                        ledger.digest()
                except BaseException as error:  # noqa: BLE001 - told to the thread that asserts
                    faults.append(error)

            threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert not faults
            assert len(ledger.events()) == 40
            assert ledger.audit().passed


def write_together(address: str, writers: int, appends: int, *origins: str) -> dict:
    done = subprocess.run(
        [sys.executable, str(WRITERS), address, str(writers), str(appends), *origins],
        check=True,
        capture_output=True,
        timeout=240,
    )
    return json.loads(done.stdout)


def test_eight_writers_neither_lose_nor_double(address):
    """All of them record under one origin: they contend for every link of one chain. Making the ledger is a race too."""
    told = write_together(address, 8, 1000)
    assert told["faults"] == []
    assert told["longest"] < 10  # the default time-out; nobody came near it
    with Ledger.open(address) as ledger:
        records = ledger.events()
        assert len(records) == len({record.content_id for record in records}) == 8 * 1000 + 100
        assert sorted(record.seq for record in records) == list(range(1, 8101))
        assert ledger.audit().passed


def test_writers_of_several_offices_each_keep_a_whole_chain(address):
    told = write_together(address, 8, 50, "satu", "dua", "tiga")
    assert told["faults"] == []
    with Ledger.open(address) as ledger:
        records = ledger.events()
        assert {record.origin for record in records} == {"satu", "dua", "tiga"}
        assert len(records) == len({record.content_id for record in records}) == 8 * 50 + 5
        checked = ledger.audit()
        assert (checked.passed, checked.origins, checked.records) == (True, 3, 405)


def test_the_same_tables_and_columns_fit_postgresql():
    dialect = postgresql.dialect()
    for table in METADATA.sorted_tables:
        assert "CREATE TABLE" in str(sa.schema.CreateTable(table).compile(dialect=dialect))
    created = str(sa.schema.CreateTable(METADATA.tables["events"]).compile(dialect=dialect))
    assert "fields JSON" in created
    assert "recorded_at TIMESTAMP WITH TIME ZONE" in created


def test_many_cases_at_once_are_asked_for_at_once(address):
    many = [
        event("identified", village=f"32.{number // 900 + 1:02d}.04.2{number % 900 + 1:03d}") for number in range(3000)
    ]
    with Ledger.open(address, clock=clock) as ledger:
        assert len(ledger.append(many)) == 3000
        assert ledger.append(reversed(many)) == ()
        assert ledger.audit().records == 3000
