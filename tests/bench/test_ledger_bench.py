"""The ledger's store against plain SQL on the same rows, in the same run; `extra_info` holds the peer's seconds.

Read: every record as a `Record`, against the driver's own tuples and `pandas.read_sql`. Append: one batch, judged, chained and
indexed, against `executemany` of the same rows into a table with the same keys and nothing else. Writers: eight processes of a
thousand appends each. Without `--benchmark-enable` everything runs once, and small.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from postgres import running
from stories import clock, event

from blankspot.ledger import Ledger
from blankspot.ledger.events import GENESIS, Record, content_id, link
from blankspot.ledger.workflow import STAGES

WRITERS = Path(__file__).parents[1] / "ledger" / "writers.py"
COLUMNS = (
    "origin, seq, content_id, kind, case_id, village_code, happened_on, recorded_at, fields, prev_hash, hash, follows"
)


def village(number: int) -> str:
    return (
        f"{11 + number // 80_000:02d}.{number // 2000 % 40 + 1:02d}.{number // 500 % 4 + 1:02d}.2{number % 500 + 1:03d}"
    )


def records(count: int):
    """Yield one office's chain: some years of work on 84 thousand villages, recorded in batches of a thousand."""
    previous = GENESIS
    for seq in range(1, count + 1):
        code, kind = village(seq % 84_000), STAGES[seq // 84_000 % len(STAGES)]
        day = dt.date(2020, 1, 1) + dt.timedelta(days=seq % 1000)
        fields = {"note": f"catatan {seq % 5000}", "partner": "Telkomsel"}
        moment = clock() + dt.timedelta(seconds=seq // 1000)
        identity = content_id(kind, f"{code}:mobile", code, day, fields)
        own = link(previous, origin="dinas", seq=seq, recorded_at=moment, identity=identity)
        yield Record("dinas", seq, identity, kind, f"{code}:mobile", code, day, moment, fields, previous, own)
        previous = own


def seconds(action) -> float:
    start = time.perf_counter()
    action()
    return round(time.perf_counter() - start, 3)


def plain_rows(path: Path) -> list[tuple]:
    connection = sqlite3.connect(path)
    rows = connection.execute(f"SELECT {COLUMNS} FROM events ORDER BY happened_on, recorded_at, seq").fetchall()  # noqa: S608 - ours
    connection.close()
    return rows


@pytest.fixture(scope="module")
def large(request, tmp_path_factory):
    """A ledger of a million records, or of ten thousand where speed is not measured."""
    count = 1_000_000 if request.config.getoption("benchmark_enable") else 10_000
    path = tmp_path_factory.mktemp("large") / "ledger.db"
    with Ledger.open(path, clock=clock) as ledger, ledger._store.writing() as writer:
        writer.add(list(records(count)))
    return path, count


def test_bench_reading_every_record(benchmark, large):
    path, count = large
    with Ledger.open(path) as ledger:
        found = benchmark.pedantic(ledger._store.read, rounds=1, iterations=1)
        assert len(found) == count
        del found
    benchmark.extra_info["plain_sqlite3_seconds"] = seconds(lambda: plain_rows(path))
    connection = sqlite3.connect(path)
    benchmark.extra_info["pandas_seconds"] = seconds(lambda: pd.read_sql("SELECT * FROM events", connection))
    connection.close()


def test_bench_audit(benchmark, large):
    path, count = large
    with Ledger.open(path) as ledger:
        checked = benchmark.pedantic(ledger.audit, rounds=1, iterations=1)
    assert (checked.passed, checked.records) == (True, count)


def test_bench_appending_one_batch(benchmark, tmp_path, request):
    count = 100_000 if request.config.getoption("benchmark_enable") else 1000
    batch = [event("identified", village=village(number), note=f"catatan {number}") for number in range(count)]
    with Ledger.open(tmp_path / "ledger.db", clock=clock) as ledger:
        added = benchmark.pedantic(ledger.append, args=(batch,), rounds=1, iterations=1)
    assert len(added) == count
    rows = plain_rows(tmp_path / "ledger.db")

    def executemany() -> None:
        connection = sqlite3.connect(tmp_path / "plain.db")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"CREATE TABLE events ({COLUMNS}, PRIMARY KEY (origin, seq)) WITHOUT ROWID")
        connection.execute("CREATE INDEX cases ON events (case_id)")
        connection.execute("CREATE UNIQUE INDEX contents ON events (content_id, origin)")
        connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        connection.commit()
        connection.close()

    benchmark.extra_info["plain_sqlite3_seconds"] = seconds(executemany)


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_bench_eight_writers(benchmark, tmp_path, request, database):
    appends = 1000 if request.config.getoption("benchmark_enable") else 20

    def write(address: str) -> dict:
        command = [sys.executable, str(WRITERS), address, "8", str(appends)]
        return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)

    if database == "sqlite":
        told = benchmark.pedantic(write, args=(str(tmp_path / "ledger.db"),), rounds=1, iterations=1)
    else:
        with running() as server:
            told = benchmark.pedantic(write, args=(server.new_address(),), rounds=1, iterations=1)
    assert told["faults"] == []
    benchmark.extra_info["appends_per_second"] = round(8 * appends / told["seconds"])
    benchmark.extra_info["longest_wait_seconds"] = round(told["longest"], 3)
