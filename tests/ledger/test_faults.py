"""What goes wrong around a ledger: each time a message that says what to do, and nothing lost.

Nothing is read-only or full to root, so that most of this happens in children without root's powers.
"""

from __future__ import annotations

import _sqlite3
import ast
import contextlib
import ctypes
import errno
import os
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import pytest
from stories import VILLAGES, clock, event, handled

from blankspot.errors import LedgerError
from blankspot.ledger import Ledger
from blankspot.ledger.faults import postgres_fault, sqlite_fault

NOBODY = 65534


def as_nobody(action) -> str:
    """Return what an action says, or the error it ends with, in a child that is not root."""
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child starts no threads and leaves through _exit
        child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            said = str(action())
        except LedgerError as error:
            said = f"{error.say('en')}|{error.say('id')}"
        except BaseException as error:  # noqa: BLE001 - the child reports whatever happens
            said = repr(error)
        os.write(writer, said.encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    told = os.read(reader, 100_000).decode()
    os.close(reader)
    return told


@pytest.fixture
def home():
    """A folder that everybody may use, outside of the tests' own, which only their owner may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o777)
    shutil.rmtree(folder)


@pytest.fixture
def place(home):
    with Ledger.open(home / "ledger.db", origin="dinas", clock=clock) as ledger:
        ledger.append(handled())
    (home / "ledger.db").chmod(0o666)
    return home / "ledger.db"


def record(place: Path) -> int:
    with Ledger.open(place, clock=clock) as ledger:
        return len(ledger.append(event("verified_after", 80)))


def look(place: Path) -> tuple:
    with Ledger.open(place, create=False, clock=clock) as ledger:
        return (
            len(ledger.state()),
            ledger.audit().passed,
            len(ledger.events()),
            ledger.digest(),
            ledger.progress(year=2022).year,
        )


def freeze(folder: Path) -> None:
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)


def test_a_read_only_file_can_be_looked_at_and_says_so_when_written(place):
    before = look(place)
    place.chmod(0o444)
    told = as_nobody(lambda: record(place))
    assert "cannot be written (read-only). Nothing was recorded. Check the permissions" in told
    assert "tidak dapat ditulis" in told
    assert as_nobody(lambda: look(place)) == str(before)


def test_a_read_only_folder_can_be_looked_at_and_says_so_when_written(place):
    before, data = look(place), place.read_bytes()
    freeze(place.parent)
    assert as_nobody(lambda: look(place)) == str(before)
    assert "cannot be written (read-only). Nothing was recorded. Check the permissions" in as_nobody(
        lambda: record(place)
    )
    assert place.read_bytes() == data
    assert [path.name for path in place.parent.iterdir()] == ["ledger.db"]


def test_a_ledger_that_was_carried_off_while_in_use_shows_all_of_it(place, home):
    """What was recorded last lies in the log beside the file; on a read-only stick SQLite cannot make sense of it alone."""
    stick = home / "stick"
    stick.mkdir()
    with Ledger.open(place, clock=clock) as ledger:
        ledger.append(event("identified", village=VILLAGES[1]))
        for name in ("ledger.db", "ledger.db-wal"):
            shutil.copyfile(place.with_name(name), stick / name)
        expected = look(place)
    freeze(stick)
    assert as_nobody(lambda: look(stick / "ledger.db")) == str(expected)
    assert "read-only" in as_nobody(lambda: record(stick / "ledger.db"))
    assert sorted(path.name for path in stick.iterdir()) == ["ledger.db", "ledger.db-wal"]


def test_an_older_ledger_can_be_looked_at_where_it_cannot_be_brought_up_to_date(home):
    path = home / "ledger.db"
    with Ledger.open(path, origin="dinas", clock=clock) as ledger:
        ledger.append(event("identified"))
    connection = sqlite3.connect(path)
    connection.execute("ALTER TABLE events DROP COLUMN follows")
    connection.execute("DELETE FROM ledger_migrations WHERE name = 'm002_follows'")
    connection.commit()
    connection.close()
    path.chmod(0o444)
    home.chmod(0o555)
    data = path.read_bytes()
    assert as_nobody(lambda: look(path)).startswith("(1, True, 1,")
    assert "read-only" in as_nobody(lambda: record(path))
    assert path.read_bytes() == data


def test_a_ledger_whose_log_was_switched_off_for_a_journey_can_be_looked_at(place):
    connection = sqlite3.connect(place)
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    freeze(place.parent)
    assert as_nobody(lambda: look(place)).startswith("(1, True, 8,")
    assert "read-only" in as_nobody(lambda: record(place))


def test_no_ledger_is_made_in_a_read_only_folder(home):
    home.chmod(0o555)
    told = as_nobody(lambda: record(home / "ledger.db"))
    assert "ledger.db cannot be opened. Check the permissions" in told
    assert list(home.iterdir()) == []


def test_a_file_that_may_not_be_read(place):
    place.chmod(0)
    told = as_nobody(lambda: look(place))
    assert "cannot be opened. Check the permissions" in told


@contextlib.contextmanager
def small_disk(folder: Path):
    """Mount a disk of two megabytes, or let files grow no larger where nobody may mount one."""
    mounted = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m,mode=777", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted and mounted.returncode == 0:
        try:
            yield
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
    else:
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, limit[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)


def fill(place: Path) -> tuple:
    """Record batch after batch until the disk has no more room; return how many were acknowledged, and what was said."""
    done = 0
    with Ledger.open(place, origin="dinas", clock=clock) as ledger:
        while done < 100:
            batch = [
                event("identified", village=f"32.{done + 1:02d}.04.2{number:03d}", note=f"{number}" * 300)
                for number in range(1, 101)
            ]
            try:
                ledger.append(batch)
            except LedgerError as error:
                return done, len(ledger.events()), ledger.audit().passed, error.say("en"), error.say("id")
            done += 1
    return done, None, None, "", ""


@pytest.mark.parametrize("limited", [False, True])
def test_a_full_disk_leaves_every_acknowledged_batch_and_nothing_of_the_refused_one(home, limited):
    disk = home / "disk"
    disk.mkdir(mode=0o777)

    def limit() -> tuple:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
        return fill(disk / "ledger.db")

    if limited:
        disk.chmod(0o777)
        done, events, passed, english, indonesian = ast.literal_eval(as_nobody(limit))
        opened = len(Ledger.open(disk / "ledger.db").events())
    else:
        with small_disk(disk):
            done, events, passed, english, indonesian = fill(disk / "ledger.db")
            with Ledger.open(disk / "ledger.db", create=False) as ledger:
                assert ledger.audit().passed
                opened = len(ledger.events())
    assert 0 < done < 100
    assert events == opened == 100 * done
    assert passed
    assert "Nothing was recorded" in english
    assert "isk" in english
    assert "Tidak ada yang dicatat" in indonesian


def test_a_lock_held_by_another_process(place):
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            """import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()""",
            str(place),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout.readline() == b"held\n"
    try:
        with Ledger.open(place, clock=clock, timeout_s=0.2) as ledger:
            with pytest.raises(LedgerError, match=r"locked by another process; waited 0\.2 s in vain"):
                ledger.append(event("verified_after", 80))
            assert len(ledger.events()) == 8
    finally:
        holder.communicate(timeout=10)
    assert record(place) == 1


LOCKING = (5, 6, 7, 36, 37, 38)  # fcntl: F_GETLK, F_SETLK, F_SETLKW, and the same for open files
FCNTL = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_void_p, use_errno=True)


class Vfs(ctypes.Structure):
    """The head of SQLite's `sqlite3_vfs`, as far as the call that replaces a system call."""

    _fields_ = (
        ("version", ctypes.c_int), ("file_size", ctypes.c_int), ("path_max", ctypes.c_int), ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p), ("data", ctypes.c_void_p), ("calls", ctypes.c_void_p * 13),
        ("set_call", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)),
    )  # fmt: skip


def pretend(how: str | int) -> object:
    """Make all files that this process opens lie on a file system that cannot lock; keep what is returned.

    Args:
        how: One of SQLite's own file systems (`unix-none` does not lock, `unix-dotfile` locks by other means; neither can
            share memory, which WAL needs), or an error number that every call to lock then gives.
    """
    sqlite = ctypes.CDLL(_sqlite3.__file__)
    sqlite.sqlite3_vfs_find.restype = ctypes.POINTER(Vfs)
    if isinstance(how, str):
        sqlite.sqlite3_vfs_register(sqlite.sqlite3_vfs_find(how.encode()), 1)
        return None
    system = ctypes.CDLL(None, use_errno=True).fcntl

    def fcntl(file: int, what: int, argument: int | None) -> int:
        if what in LOCKING:
            ctypes.set_errno(how)
            return -1
        return system(file, what, ctypes.c_void_p(argument))

    replaced = FCNTL(fcntl)
    vfs = sqlite.sqlite3_vfs_find(None)
    vfs.contents.set_call(ctypes.cast(vfs, ctypes.c_void_p), b"fcntl", ctypes.cast(replaced, ctypes.c_void_p))
    return replaced


@pytest.mark.parametrize("existing", [True, False])
@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("unix-none", "does not support locking (a network folder"),
        ("unix-dotfile", "does not support locking (a network folder"),
        (errno.ENOLCK, "may be a network folder without locking: move the ledger to a local disk"),
        (errno.EIO, "if the ledger is in a network folder, move it to a local disk"),
        (errno.ENOTSUP, "if the ledger is in a network folder, move it to a local disk"),
    ],
)
def test_a_network_folder_that_cannot_lock(place, how, words, existing):
    asked = place if existing else place.with_name("new.db")
    before = place.read_bytes()

    def try_to_record() -> int:
        kept = pretend(how)
        with Ledger.open(asked, clock=clock, timeout_s=0.2) as ledger:
            ledger.append(event("verified_after", 80))
        return id(kept)

    told = as_nobody(try_to_record)
    assert words in told
    assert asked.name in told
    assert "Nothing was recorded" in told
    assert place.read_bytes() == before
    assert [path.name for path in place.parent.iterdir()] == ["ledger.db"]
    assert record(place) == 1


@pytest.mark.parametrize("kept", [0, 1, 15, 60, 100, 4095, 4096, 5000, 12_288, -4096, -1])
def test_a_file_that_was_cut_off(place, kept):
    data = place.read_bytes()
    cut = data[:kept]
    place.write_bytes(cut)
    for create in (True, False):
        with (
            pytest.raises(LedgerError, match=r"empty|damaged|is not a ledger file") as refused,
            Ledger.open(place, create=create) as ledger,
        ):
            ledger.events()
    assert place.name in refused.value.say("id")
    assert place.read_bytes() == cut
    assert [path.name for path in place.parent.iterdir()] == ["ledger.db"]
    place.write_bytes(data)
    assert record(place) == 1


def test_a_damaged_page_is_told_and_nothing_is_made_up(place):
    data = bytearray(place.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    place.write_bytes(bytes(data))
    with pytest.raises(LedgerError, match="damaged") as refused, Ledger.open(place) as ledger:
        ledger.events()
    assert "cadangan" in refused.value.say("id")


@pytest.mark.parametrize(
    "content", [b"not a database at all, but long enough to be one" * 99, b"PK\x03\x04 zip", b"\n"]
)
def test_a_file_that_is_no_database(home, content):
    path = home / "ledger.db"
    path.write_bytes(content)
    with pytest.raises(LedgerError, match="is not a ledger file"):
        Ledger.open(path)
    assert path.read_bytes() == content


def test_a_database_of_somebody_else_is_not_touched(home):
    path = home / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE customers (name TEXT)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(LedgerError, match=r"not a blankspot ledger .* customers"):
        Ledger.open(path)
    assert path.read_bytes() == before


def test_folders_and_missing_folders(home):
    with pytest.raises(LedgerError, match="is a folder"):
        Ledger.open(home)
    with pytest.raises(LedgerError, match="does not exist"):
        Ledger.open(home / "nowhere" / "ledger.db")
    with pytest.raises(LedgerError, match="There is no ledger"):
        Ledger.open(home / "ledger.db", create=False)
    with pytest.raises(LedgerError, match=r"folder|opened"):
        Ledger.open(home / "ledger.db" / "inner.db")
    assert list(home.iterdir()) == []


def test_a_new_ledger_is_whole_as_soon_as_it_has_its_name(home, monkeypatch):
    from blankspot.ledger import store_files

    def killed(draft: Path, path: Path) -> None:
        assert not path.exists()
        connection = sqlite3.connect(draft)
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (0,)
        connection.close()
        raise KeyboardInterrupt

    monkeypatch.setattr(store_files, "_name", killed)
    with pytest.raises(KeyboardInterrupt):
        Ledger.open(home / "ledger.db")
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("meanwhile", [False, True])
def test_a_file_system_without_hard_links_still_never_replaces_what_is_there(home, monkeypatch, meanwhile):
    path = home / "ledger.db"

    def no_links(self: Path, target: Path) -> None:
        if meanwhile and not path.exists():
            path.write_bytes(b"somebody was faster")
        raise PermissionError

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    if meanwhile:
        with pytest.raises(LedgerError, match="not a ledger file"):
            Ledger.open(path)
        assert path.read_bytes() == b"somebody was faster"
    else:
        with Ledger.open(path, clock=clock) as ledger:
            assert len(ledger.append(event("identified"))) == 1
        assert stat.S_ISREG(path.stat().st_mode)
    assert [found.name for found in home.iterdir()] == ["ledger.db"]


@pytest.mark.parametrize(
    ("reason", "english", "indonesian"),
    [
        ("database is locked", "locked by another process; waited 1 s", "dikunci proses lain"),
        ("locking protocol", "network folder", "folder jaringan"),
        ("disk I/O error", "Nothing was recorded", "Tidak ada yang dicatat"),
        ("database disk image is malformed", "damaged", "rusak"),
        ("database or disk is full", "The disk is full", "Disk penuh"),
        ("no such table: events", "not complete", "tidak lengkap"),
        ("something new", "refuses: something new", "menolak: something new"),
    ],
)
def test_what_sqlite_says_in_the_reader_s_words(reason, english, indonesian):
    told = sqlite_fault(reason, "x.db", 1)
    assert english in told.say("en")
    assert indonesian in told.say("id")


@pytest.mark.parametrize(
    ("state", "reason", "english", "indonesian"),
    [
        ("55P03", "", "locked by another process", "dikunci"),
        ("57014", "canceling statement due to statement timeout", "locked", "dikunci"),
        ("53100", "", "disk is full", "Disk penuh"),
        ("53300", "", "no free connection", "penuh sambungan"),
        ("25006", "", "cannot be written", "tidak dapat ditulis"),
        ("P0001", "", "append-only", "hanya dapat ditambah"),
        ("57P01", "terminating connection", "was lost", "terputus"),
        ("57P03", "", "starting or stopping", "dinyalakan atau dimatikan"),
        ("XX001", "", "damaged", "rusak"),
        ("42P01", 'relation "events" does not exist', "not complete", "tidak lengkap"),
        ("99999", "something new", "refuses: something new", "menolak"),
        (None, "the database system is starting up", "starting or stopping", "dinyalakan"),
        (None, "could not translate host name", "cannot be reached", "tidak terjangkau"),
    ],
)
def test_what_postgresql_says_in_the_reader_s_words(state, reason, english, indonesian):
    told = postgres_fault(reason, state, "postgresql://office@host/db", 1)
    assert english in told.say("en")
    assert indonesian in told.say("id")
