"""A ledger in an SQLite file.

Writing happens in one short transaction that takes the write lock first (BEGIN IMMEDIATE): what is checked is what is
written. WAL with full synchronisation: readers never wait, and what was acknowledged survives a power cut.

SQLite lets waiting writers sleep longer and longer, up to a tenth of a second, so that newcomers overtake them again and
again. Here every writer asks again after a short random while: each has the same chance, however long it has waited.

A file that may only be read is still worth looking at: participants carry ledgers on USB sticks. It is read as it lies, or
from a copy where SQLite would have to write to make sense of it.
"""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
import threading
import time
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from blankspot.ledger import store_files
from blankspot.ledger.faults import sqlite_fault
from blankspot.ledger.store_tables import INSERT, plain_row

if TYPE_CHECKING:
    import tempfile
    from collections.abc import Callable, Iterable, Iterator

    from blankspot.errors import LedgerError
    from blankspot.ledger.events import Record
    from blankspot.ledger.store_tables import Asked

MEMORY: Final = ":memory:"
_RETRY_S: Final = (0.0005, 0.004)  # how long a waiting writer sleeps; one append takes about as long
_CACHE_KIB: Final = 65_536  # holds the indexes of a large import, which are written in random order
_GUARDS: Final = (
    """CREATE TRIGGER {table}_refuse_update BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: UPDATE refused'); END""",
    """CREATE TRIGGER {table}_refuse_delete BEFORE DELETE ON {table}
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: DELETE refused'); END""",
    # INSERT OR REPLACE deletes without firing delete triggers
    """CREATE TRIGGER {table}_refuse_replace BEFORE INSERT ON {table} WHEN
    EXISTS (SELECT 1 FROM {table} WHERE origin = NEW.origin AND seq = NEW.seq)
    OR EXISTS (SELECT 1 FROM {table} WHERE content_id = NEW.content_id AND origin = NEW.origin)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: this record exists'); END""",
)


class Sqlite:
    """The database behind a ledger file, or behind one in memory that is not kept.

    Args:
        path: A path, or `:memory:`.
        timeout_s: How long to wait for another writer.
        create: Make the file where there is none.
        place: What to call it in messages, if not by its path.

    Raises:
        LedgerError: A folder, an empty or cut off file, or none although it should be there.
    """

    guards = _GUARDS
    errors = (DBAPIError, sqlite3.Error)

    def __init__(self, path: str, *, timeout_s: float, create: bool, place: str = "") -> None:
        self.place = place or path
        self.read_only = False
        self._timeout_s = timeout_s
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._path = Path(path)
        if path != MEMORY:
            store_files.check(self._path, create=create)
        self.engine = self._reach(path)

    @property
    def file_to_make(self) -> Path | None:
        """The file that has yet to be made, None if there is one already or none is needed."""
        return None if self.place == MEMORY or self._path.exists() else self._path

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()
        if self._scratch is not None:
            self._scratch.cleanup()

    def connect(self) -> None:
        """Reach the file; where nothing may be written beside it, go on with what can be read.

        Raises:
            DBAPIError: No database, or not readable.
            LedgerError: A file system on which WAL does not work.
        """
        try:
            self.tables()
        except DBAPIError as error:
            if store_files.should_open(self._path, str(error.orig)):
                raise self._told("locking protocol") from error
            if not store_files.may_only_be_read(self._path, str(error.orig)):
                raise
            self.read_only = True
            if store_files.has_log(self._path):
                self.copy()
            else:
                self.engine.dispose()
                self.engine = self._reach(store_files.as_it_lies(self._path), uri=True)

    def settle(self) -> None:
        """Switch to WAL.

        Raises:
            LedgerError: A file system on which WAL does not work.
            Error: SQLite refuses.
        """
        if self.read_only:
            return
        with self.engine.connect().execution_options(begin=_no_transaction) as connection:
            try:
                mode = self._patiently(_use_wal, connection.connection.driver_connection)
            except sqlite3.Error as error:
                if "readonly" not in str(error):
                    raise
                self.read_only = True
                return
        if mode not in ("wal", "memory"):
            raise self._told("locking protocol")

    def copy(self) -> None:
        """Go on with a copy of a file that may only be read, because something in it must be brought up to date first."""
        self.engine.dispose()
        self._scratch = store_files.scratch()
        self.engine = self._reach(str(store_files.copy(self._path, self._scratch.name)))

    def tables(self) -> frozenset[str]:
        """Return the names of all tables in the file; a ledger file holds nothing but the ledger."""
        with self.reading() as connection:
            return frozenset(sa.inspect(connection).get_table_names())

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Hold a view of the database that does not change meanwhile."""
        with self._turn(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, *asked: Asked) -> Iterator[tuple[sa.Connection, list[Any]]]:
        """Hold the write lock; what is done is committed when the block ends, or not at all."""
        with (
            self._turn(),
            self.engine.connect().execution_options(begin=self._take_lock) as connection,
            connection.begin(),
        ):
            yield connection, [connection.execute(query, values).cursor for query, values in asked]

    def insert(self, connection: sa.Connection, records: Iterable[Record]) -> None:
        """Insert records as SQLite keeps them: days, and moments in UTC, as text."""
        connection.execute(INSERT, [_row(record) for record in records])

    def among(self, column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        """Say that a column holds one of any number of values, which are the parameter `wanted`."""
        listed = sa.func.json_each(sa.bindparam("wanted", type_=sa.JSON)).table_valued("value")
        return column.in_(sa.select(listed.c.value))

    def fault(self, error: Exception) -> LedgerError:
        """Return what the database said in the reader's words."""
        return self._told(str(error.orig if isinstance(error, DBAPIError) else error))

    def refusal(self) -> LedgerError:
        """Return the error for writing what may only be read."""
        return self._told("readonly")

    def _told(self, reason: str) -> LedgerError:
        return sqlite_fault(reason, self.place, self._timeout_s)

    def _reach(self, source: str, *, uri: bool = False) -> sa.Engine:
        """Return an engine whose transactions begin where we say, and not where the driver thinks."""
        memory = source == MEMORY
        self._turn: Callable[[], AbstractContextManager[Any]] = _one_at_a_time() if memory else nullcontext

        def connect() -> sqlite3.Connection:
            connection = sqlite3.connect(source, timeout=self._timeout_s, check_same_thread=False, uri=uri)
            connection.isolation_level = None
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA trusted_schema=OFF")
            connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
            return connection

        engine = sa.create_engine("sqlite://", creator=connect, poolclass=sa.StaticPool if memory else sa.QueuePool)

        @sa.event.listens_for(engine, "begin")
        def _begin(connection: sa.Connection) -> None:
            begin = connection.get_execution_options().get("begin", _begin_reading)
            begin(connection.connection.driver_connection)

        return engine

    def _take_lock(self, connection: sqlite3.Connection) -> None:
        self._patiently(_begin_writing, connection)

    def _patiently(self, action: Callable[[sqlite3.Connection], str], connection: Any) -> str:
        """Try until nobody else holds the lock, at most for the time-out."""
        deadline = time.monotonic() + self._timeout_s
        connection.execute("PRAGMA busy_timeout=0")
        try:
            while True:
                try:
                    return action(connection)
                except sqlite3.OperationalError as error:
                    if "locked" not in str(error) or time.monotonic() > deadline:
                        raise
                time.sleep(random.uniform(*_RETRY_S))  # noqa: S311 - chance makes waiting fair, it hides nothing
        finally:
            connection.execute(f"PRAGMA busy_timeout={round(1000 * self._timeout_s)}")


def _one_at_a_time() -> Callable[[], AbstractContextManager[Any]]:
    """Return what lets the threads that share the one connection of a ledger in memory take turns."""
    lock = threading.RLock()
    return lambda: lock


def _begin_reading(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")


def _begin_writing(connection: sqlite3.Connection) -> str:
    connection.execute("BEGIN IMMEDIATE")
    return "begun"


def _no_transaction(connection: sqlite3.Connection) -> None:
    """Leave the connection as it is: the mode of the file is switched outside of transactions."""


def _use_wal(connection: sqlite3.Connection) -> str:
    mode = str(connection.execute("PRAGMA journal_mode").fetchone()[0])
    if mode not in ("wal", "memory"):
        mode = str(connection.execute("PRAGMA journal_mode=WAL").fetchone()[0])
    return mode


def _row(record: Record) -> dict[str, Any]:
    moment = record.recorded_at.astimezone(dt.UTC).replace(tzinfo=None)
    kept = {
        "happened_on": record.happened_on.isoformat(),
        "recorded_at": moment.isoformat(sep=" ", timespec="microseconds"),
    }
    return {**plain_row(record), **kept}
