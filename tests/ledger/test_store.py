"""The database: append-only by itself, whole or not at all, and clear when something is wrong with the file."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from stories import HOSTILE, VILLAGE, clock, event, handled, story

from blankspot.errors import LedgerError
from blankspot.ledger import Ledger
from blankspot.ledger.faults import sqlite_fault
from blankspot.ledger.migrations import MIGRATIONS
from blankspot.ledger.store import METADATA


@pytest.fixture
def path(tmp_path):
    place = tmp_path / "ledger.db"
    with Ledger.open(place, origin="dinas", clock=clock) as ledger:
        ledger.append(handled())
    return place


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET kind = 'rejected'",
        "UPDATE events SET recorded_at = '2020-01-01 00:00:00.000000' WHERE seq = 1",
        "DELETE FROM events",
        "DELETE FROM events WHERE seq = 8",
        (
            "INSERT OR REPLACE INTO events SELECT origin, seq, content_id, 'rejected', case_id, village_code, happened_on, "
            "recorded_at, fields, prev_hash, hash, follows FROM events WHERE seq = 8"
        ),
        (
            "INSERT OR REPLACE INTO events SELECT origin, 99, content_id, kind, case_id, village_code, happened_on, "
            "recorded_at, fields, prev_hash, hash, follows FROM events WHERE seq = 8"
        ),
        "INSERT INTO events SELECT * FROM events WHERE seq = 8",
    ],
)
def test_the_database_itself_refuses_to_change_the_past(path, statement):
    connection = sqlite3.connect(path)
    before = connection.execute("SELECT * FROM events").fetchall()
    with pytest.raises(sqlite3.DatabaseError, match="append-only"):
        connection.execute(statement)
    assert connection.execute("SELECT * FROM events").fetchall() == before
    connection.close()


def test_events_live_in_wal_mode_and_are_there_after_reopening(path):
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    with Ledger.open(path) as ledger:
        assert [record.event for record in ledger.events()] == handled()
        assert ledger.origin == "dinas"


def test_hostile_text_comes_back_as_it_went_in(tmp_path):
    hostile = event("identified", note=HOSTILE, partner="O'Brien\"; --")
    with Ledger.open(tmp_path / "ledger.db", clock=clock) as ledger:
        ledger.append(hostile)
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        assert ledger.events()[0].event == hostile
        assert ledger.state()["note"].tolist() == [HOSTILE]
        assert ledger.audit().passed


def test_addresses(tmp_path):
    for address in (str(tmp_path / "a.db"), tmp_path / "b.db", f"sqlite:///{tmp_path}/c.db"):
        Ledger.open(address).close()
    assert sorted(found.name for found in tmp_path.glob("?.db")) == ["a.db", "b.db", "c.db"]


def test_another_database_is_refused_with_what_will_help():
    with pytest.raises(LedgerError, match="postgres") as refused:
        Ledger.open("mysql://office@localhost/ledger")
    assert "PostgreSQL" in refused.value.say("id")
    assert refused.value.exit_code == 5


def test_a_locked_ledger_says_so_after_the_timeout_and_can_still_be_read(path):
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Ledger.open(path, clock=clock, timeout_s=0.1) as ledger:
        with pytest.raises(LedgerError, match=r"locked by another process; waited 0\.1 s"):
            ledger.append(event("verified_after", 80))
        assert len(ledger.events()) == 8
        other.execute("COMMIT")
        assert len(ledger.append(event("verified_after", 80))) == 1
    other.close()


def test_a_full_disk_leaves_the_ledger_as_it_was(path):
    with Ledger.open(path, clock=clock) as ledger:
        with ledger._store._database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count=1")
        many = [event("identified", village=f"32.04.07.2{number:03d}", note="x" * 500) for number in range(1, 200)]
        with pytest.raises(LedgerError, match="disk is full"):
            ledger.append(many)
        assert len(ledger.events()) == 8
        assert ledger.audit().passed


@pytest.mark.parametrize(
    "content", [b"not a database at all, but long enough to be read as one" * 40, b"PK\x03\x04 zip"]
)
def test_a_file_that_is_no_database(tmp_path, content):
    place = tmp_path / "ledger.db"
    place.write_bytes(content)
    with pytest.raises(LedgerError, match="is not a ledger file"):
        Ledger.open(place)
    assert place.read_bytes() == content


def test_a_damaged_ledger(path):
    data = bytearray(path.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    path.write_bytes(bytes(data))
    with pytest.raises(LedgerError), Ledger.open(path) as ledger:
        ledger.events()


def test_a_database_of_somebody_else_is_left_alone(tmp_path):
    place = tmp_path / "other.db"
    connection = sqlite3.connect(place)
    connection.execute("CREATE TABLE customers (name TEXT)")
    connection.commit()
    connection.close()
    with pytest.raises(LedgerError, match=r"not a blankspot ledger .* customers"):
        Ledger.open(place)


def test_a_ledger_of_a_newer_version_is_left_alone(path):
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO ledger_migrations VALUES ('m999_future', '2030-01-01 00:00:00.000000')")
    connection.commit()
    connection.close()
    with pytest.raises(LedgerError, match="m999_future"):
        Ledger.open(path)


def test_a_folder_a_missing_folder_and_a_missing_ledger(tmp_path):
    with pytest.raises(LedgerError, match="is a folder"):
        Ledger.open(tmp_path)
    with pytest.raises(LedgerError, match="does not exist"):
        Ledger.open(tmp_path / "nowhere" / "ledger.db")
    with pytest.raises(LedgerError, match="There is no ledger"):
        Ledger.open(tmp_path / "ledger.db", create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_may_not_be_written(what):
    """A child without root's powers tries, because nothing is read-only to root."""
    home = Path(tempfile.mkdtemp())
    place = home / "ledger.db"
    if what == "file":
        with Ledger.open(place, clock=clock) as ledger:
            ledger.append(handled())
        place.chmod(0o444)
    home.chmod(0o555)
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child starts no threads and leaves through _exit
        child = os.fork()
    if child == 0:
        said = "accepted"
        try:
            if os.geteuid() == 0:
                os.setuid(65534)
            with Ledger.open(place, clock=clock) as ledger:
                ledger.append(event("verified_after", 80))
        except LedgerError as error:
            said = error.say("en")
        except BaseException as error:  # noqa: BLE001 - the child reports whatever happens
            said = repr(error)
        os.write(writer, said.encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    told = os.read(reader, 10_000).decode()
    os.close(reader)
    home.chmod(0o755)
    shutil.rmtree(home)
    assert "cannot be" in told
    assert "Check the permissions" in told


def test_faults_of_the_database_in_the_reader_s_words():
    assert "network folder" in str(sqlite_fault("locking protocol", "x.db", 1))
    assert "Nothing was recorded" in str(sqlite_fault("disk I/O error", "x.db", 1))
    assert "damaged" in str(sqlite_fault("database disk image is malformed", "x.db", 1))


_WRITER = """
import sys
from blankspot.ledger import Ledger
sys.path.insert(0, sys.argv[3])
from stories import clock, event
path, number = sys.argv[1], int(sys.argv[2])
with Ledger.open(path, origin="dinas", clock=clock, timeout_s=60) as ledger:
    for turn in range(40):
        own = event("identified", village=f"32.04.{10 + number}.2{turn + 1:03d}")
        shared = event("identified", village=f"32.04.05.2{turn + 1:03d}")
        ledger.append([own, shared])
print("done")
"""


def test_two_writers_neither_lose_nor_double(tmp_path):
    place = tmp_path / "ledger.db"
    tests = str(Path(__file__).parents[1])
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(place), str(number), tests], stdout=subprocess.PIPE)
        for number in range(2)
    ]
    assert [writer.communicate(timeout=120)[0].strip() for writer in writers] == [b"done", b"done"]
    with Ledger.open(place) as ledger:
        records = ledger.events()
        assert len(records) == len({record.content_id for record in records}) == 3 * 40
        assert sorted(record.seq for record in records) == list(range(1, 121))
        assert ledger.audit().passed


def test_the_same_tables_and_columns_fit_postgresql():
    dialect = postgresql.dialect()
    for table in METADATA.sorted_tables:
        assert "CREATE TABLE" in str(sa.schema.CreateTable(table).compile(dialect=dialect))
    created = str(sa.schema.CreateTable(METADATA.tables["events"]).compile(dialect=dialect))
    assert "fields JSON" in created
    assert "recorded_at TIMESTAMP WITH TIME ZONE" in created


def test_migrations_are_named_in_the_order_they_are_applied(path):
    connection = sqlite3.connect(path)
    applied = [name for (name,) in connection.execute("SELECT name FROM ledger_migrations ORDER BY name")]
    connection.close()
    assert applied == [step.__name__ for step in MIGRATIONS] == sorted(step.__name__ for step in MIGRATIONS)


def test_times_are_kept_in_utc(path):
    with Ledger.open(path) as ledger:
        assert {record.recorded_at for record in ledger.events()} == {clock()}
        assert ledger.events()[0].recorded_at.tzinfo is dt.UTC


def test_a_story_told_in_two_batches_is_one_chain(tmp_path):
    with Ledger.open(tmp_path / "ledger.db", clock=clock) as ledger:
        ledger.append(story("identified"))
        ledger.append(story("proposed", start=5))
        records = ledger.events(village_code=VILLAGE)
        assert [record.seq for record in records] == [1, 2]
        assert records[1].prev_hash == records[0].hash
