"""kill -9 at random moments: the ledger opens, its chains are whole, what was acknowledged is there, the rest whole or absent.

Each child is forked from the running tests, so that a kill costs a tenth of a second and hits the work and not the start.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import time
import warnings

import pytest
from stories import VILLAGES, clock, event, handled

from blankspot.errors import LedgerError
from blankspot.ledger import Ledger

BATCH = 300


def fork(work) -> tuple[int, int]:
    """Start work in a child; return its pid, and where to read what it acknowledged."""
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child starts no threads and leaves through _exit
        child = os.fork()
    if child == 0:
        os.close(reader)
        with contextlib.suppress(LedgerError):
            work(lambda *told: os.write(writer, "".join(f"{one}\n" for one in told).encode()))
        os._exit(0)
    os.close(writer)
    return child, reader


def acknowledged(reader: int) -> list[str]:
    told = b""
    while part := os.read(reader, 65_536):
        told += part
    os.close(reader)
    return told.decode().split("\n")[:-1]


def killed(work, seconds: float) -> list[str]:
    """Kill a child after some time; return what it had acknowledged by then."""
    child, reader = fork(work)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return acknowledged(reader)


def finished(work) -> float:
    """Let a child finish its work; return how long it took."""
    start = time.perf_counter()
    child, reader = fork(work)
    acknowledged(reader)
    os.waitpid(child, 0)
    return time.perf_counter() - start


def batch(turn: int):
    return [
        event("identified", village=f"32.{turn % 90 + 10}.{number // 30 + 1:02d}.2{number + 1:03d}")
        for number in range(BATCH)
    ]


def importing(address, turn: int, acknowledge) -> None:
    with Ledger.open(address, clock=clock) as ledger:
        ledger.append(batch(turn))
        acknowledge("done")


def appending(address, turn: int, acknowledge) -> None:
    with Ledger.open(address, clock=clock) as ledger:
        for one in batch(turn):
            acknowledge(*(record.content_id for record in ledger.append(one)))


def merging(address, other: Ledger, acknowledge) -> None:
    with Ledger.open(address, clock=clock) as ledger:
        ledger.merge(other)
        acknowledge("done")


def contents(ledger: Ledger) -> set[str]:
    assert ledger.audit().passed
    return {record.content_id for record in ledger.events()}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    path = tmp_path_factory.mktemp("base") / "ledger.db"
    with Ledger.open(path, origin="dinas", clock=clock) as ledger:
        ledger.append([one for village in VILLAGES for one in handled(village)])
    return path


@pytest.fixture(scope="module")
def other():
    with Ledger.open(":memory:", origin="lain", clock=clock) as ledger:
        ledger.append(batch(0))
        yield ledger


@pytest.mark.parametrize(("mode", "times"), [("import", 70), ("append", 70), ("merge", 60)])
def test_a_ledger_file_survives_kill_9_at_any_moment(base, other, tmp_path, mode, times):
    work = {
        "import": lambda path: lambda acknowledge: importing(path, 0, acknowledge),
        "append": lambda path: lambda acknowledge: appending(path, 0, acknowledge),
        "merge": lambda path: lambda acknowledge: merging(path, other, acknowledge),
    }[mode]
    everything = {one.content_id for one in batch(0)}
    shutil.copyfile(base, tmp_path / "whole.db")
    whole_s = min(finished(work(tmp_path / "whole.db")), 0.5)
    before = contents(Ledger.open(base))
    ends = {"nothing": 0, "part": 0, "all": 0}
    for turn in range(times):
        path = tmp_path / f"{turn}.db"
        if turn % 5 or mode != "append":
            shutil.copyfile(base, path)
            expected = before
        else:  # killed while the ledger itself is being made, too
            expected = set()
        told = killed(work(path), random.uniform(0, whole_s))
        if not path.exists():
            assert told == []
            continue
        with Ledger.open(path, create=False, clock=clock) as ledger:
            found = contents(ledger)
            new = found - expected
            assert found >= expected
            assert new <= everything
            if mode == "append":
                assert set(told) <= new
                assert len(new) - len(told) in (0, 1)  # recorded, and killed before it could say so
            else:
                assert new in (set(), everything)
                assert not told or new == everything
            ends["nothing" if not new else "all" if new == everything else "part"] += 1
            assert len(ledger.append(event("identified", village="32.99.01.2001"))) == 1
            assert ledger.audit().passed
    assert sum(ends[end] > 0 for end in ends) > 1, ends  # the kills did not all come too early or too late


def up(server, address: str) -> None:
    """Wait until a server that lost a session to kill -9 has started its sessions anew."""
    deadline = time.monotonic() + 20
    while True:
        try:
            server.connect(address).close()
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def kill_sessions(server, *, brutally: bool) -> None:
    """End the server's side of every ledger: by its own command, or by kill -9, after which it recovers as from a crash."""
    asked = "SELECT pid FROM pg_stat_activity WHERE application_name = 'blankspot' AND pid <> pg_backend_pid()"
    with server.connect() as connection:
        for (pid,) in connection.execute(asked).fetchall():
            if brutally:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            else:
                connection.execute("SELECT pg_terminate_backend(%s)", [pid])


@pytest.mark.parametrize(("what", "times"), [("client", 12), ("session", 6), ("session, brutally", 3)])
@pytest.mark.parametrize("mode", ["import", "append", "merge"])
def test_a_ledger_in_a_server_survives_the_end_of_either_side(server, what, times, mode):
    address = server.new_address()
    with Ledger.open(address, origin="dinas", clock=clock) as ledger:
        ledger.append(handled())
        expected = contents(ledger)
    for turn in range(times):
        new = {one.content_id for one in batch(turn)}
        with Ledger.open(":memory:", origin=f"lain{turn}", clock=clock) as other:
            other.append(batch(turn) if mode == "merge" else [])

            def work(acknowledge, turn=turn, other=other) -> None:
                if mode == "merge":
                    merging(address, other, acknowledge)
                else:
                    {"import": importing, "append": appending}[mode](address, turn, acknowledge)

            moment = random.uniform(0.03, 0.4)
            if what == "client":
                told = killed(work, moment)
            else:
                child, reader = fork(work)
                time.sleep(moment)
                kill_sessions(server, brutally="brutally" in what)
                told = acknowledged(reader)
                os.waitpid(child, 0)
                up(server, address)
        with Ledger.open(address, create=False, clock=clock) as ledger, ledger._store.writing():
            pass  # whoever was killed has let go of the lock by now, and what it sent is done or undone
        with Ledger.open(address, create=False, clock=clock) as ledger:
            found = contents(ledger)
        assert found >= expected
        came = found - expected
        assert came <= new
        if mode == "append":
            assert set(told) <= came
            assert len(came) - len(told) in (0, 1)
        else:
            assert came in (set(), new)
            assert not told or came == new
        expected = found
