"""Where events are kept: SQLite through SQLAlchemy Core, the only module that knows a database.

The tables are declared once with portable types, so that another database can be put behind the same `Store`. Writing
happens in one short transaction that takes the write lock first (BEGIN IMMEDIATE): what is checked is what is written, and
a batch is there whole or not at all. WAL with full synchronisation: readers never wait, and what was acknowledged survives a
power cut.

Every fault of the database reaches the reader as one `LedgerError`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
import weakref
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from blankspot.errors import LedgerError
from blankspot.ledger.events import Record, canonical
from blankspot.ledger.faults import database_fault
from blankspot.ledger.migrations import MIGRATIONS
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MEMORY: Final = ":memory:"
_CHUNK: Final = 500  # values per IN list; SQLite's oldest limit is 999
_RETRY_S: Final = 0.05
_CACHE_KIB: Final = 65_536  # holds the indexes of a large import, which are written in random order


class UtcTime(sa.TypeDecorator[dt.datetime]):
    """A moment in UTC; kept naive where the database has no zones, always aware in Python."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        """Turn an aware moment into what the database keeps."""
        if value is None:
            return None
        moment = value.astimezone(dt.UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        """Turn what the database kept into an aware moment."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


METADATA: Final = sa.MetaData()
EVENTS: Final = sa.Table(
    "events",
    METADATA,
    sa.Column("origin", sa.String(64), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("content_id", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("case_id", sa.String(128), nullable=False, index=True),
    sa.Column("village_code", sa.String(16), nullable=False),
    sa.Column("happened_on", sa.Date, nullable=False),
    sa.Column("recorded_at", UtcTime, nullable=False),
    sa.Column("fields", sa.JSON, nullable=False),
    sa.Column("prev_hash", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("follows", sa.String(64), nullable=False, server_default=""),
    sa.UniqueConstraint("content_id", "origin"),
    sqlite_with_rowid=False,  # kept in the order of its key: an origin's records lie together, and one index less
)
FACTS: Final = sa.Table(
    "ledger_facts",
    METADATA,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
APPLIED: Final = sa.Table(
    "ledger_migrations",
    METADATA,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("applied_at", UtcTime, nullable=False),
)
_CHRONOLOGICAL: Final = (EVENTS.c.happened_on, EVENTS.c.recorded_at, EVENTS.c.origin, EVENTS.c.seq)


class Store:
    """The database behind one ledger.

    Args:
        address: A path, `sqlite:///path` or `:memory:`.
        timeout_s: How long to wait for another writer.
        create: Make the file where there is none.

    Raises:
        LedgerError: Another database, a file that is no ledger, a folder or file that cannot be used.
    """

    def __init__(self, address: str | Path, *, timeout_s: float, create: bool) -> None:
        self.place = _place(str(address))
        self._timeout_s = timeout_s
        if self.place != MEMORY:
            _check_place(Path(self.place), create=create)
        self._engine = _engine(self.place, timeout_s)
        self._finalizer = weakref.finalize(self, self._engine.dispose)

    def close(self) -> None:
        """Let go of the file."""
        self._finalizer()

    def prepare(self, *, now: dt.datetime, facts: dict[str, str]) -> None:
        """Bring the tables up to date; `facts` are written only where they are not yet known."""
        with self._guard():
            self._use_wal()
            with self._engine.connect() as connection:
                self._check_ours(connection)
                done = self._applied(connection)
            if done == [step.__name__ for step in MIGRATIONS]:
                return
            with self._write() as connection:
                self._migrate(connection, now=now, facts=facts)

    def fact(self, name: str) -> str | None:
        """Return a fact about the ledger itself, e.g. its own origin."""
        with self._guard(), self._engine.connect() as connection:
            value: str | None = connection.scalar(sa.select(FACTS.c.value).where(FACTS.c.name == name))
            return value

    def read(self, *, as_of: dt.date | None = None, known_until: dt.datetime | None = None) -> list[Record]:
        """Return records in the order they are folded: happened by `as_of`, recorded before `known_until` (exclusive)."""
        query = sa.select(EVENTS).order_by(*_CHRONOLOGICAL)
        if as_of is not None:
            query = query.where(EVENTS.c.happened_on <= as_of)
        if known_until is not None:
            query = query.where(EVENTS.c.recorded_at < known_until)
        with self._guard(), self._engine.connect() as connection:
            return _records(connection, query)

    def digest(self) -> str:
        """Return eight hexadecimal digits that stand for all records: the ends of all chains say what is in them."""
        longest = (
            sa.select(EVENTS.c.origin, sa.func.max(EVENTS.c.seq).label("seq")).group_by(EVENTS.c.origin).subquery()
        )
        ends = sa.select(EVENTS.c.hash).join(
            longest, (EVENTS.c.origin == longest.c.origin) & (EVENTS.c.seq == longest.c.seq)
        )
        with self._guard(), self._engine.connect() as connection:
            hashes = sorted(connection.scalars(ends))
        return hashlib.sha256(canonical(hashes).encode()).hexdigest()[:8]

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Hold the write lock; everything inside is committed together when the block ends, or not at all."""
        with self._guard(), self._write() as connection:
            yield Writer(connection)

    @contextmanager
    def _write(self) -> Iterator[sa.Connection]:
        with self._engine.connect().execution_options(begin="BEGIN IMMEDIATE") as connection, connection.begin():
            yield connection

    @contextmanager
    def _guard(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise database_fault(str(error.orig), self.place, self._timeout_s) from error

    def _use_wal(self) -> None:
        """Switch to WAL, which SQLite refuses at once (and not after the timeout) while somebody else is switching."""
        deadline = time.monotonic() + self._timeout_s
        while True:
            try:
                with self._engine.connect().execution_options(begin=None) as connection:
                    mode = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())
                    if mode not in ("wal", "memory"):
                        mode = str(connection.exec_driver_sql("PRAGMA journal_mode=WAL").scalar())
            except DBAPIError as error:
                if "locked" not in str(error.orig) or time.monotonic() > deadline:
                    raise
                time.sleep(_RETRY_S)
            else:
                break
        if mode not in ("wal", "memory"):
            raise database_fault("locking protocol", self.place, self._timeout_s)

    def _check_ours(self, connection: sa.Connection) -> None:
        tables = set(sa.inspect(connection).get_table_names())
        if tables and APPLIED.name not in tables:
            raise LedgerError(
                Text(
                    f"{self.place} adalah basis data SQLite, tetapi bukan buku besar blankspot (tabelnya: "
                    f"{', '.join(sorted(tables))}).",
                    f"{self.place} is an SQLite database but not a blankspot ledger (its tables: "
                    f"{', '.join(sorted(tables))}).",
                ),
                hint=Text("Beri alamat berkas lain.", "Give the address of another file."),
            )

    def _applied(self, connection: sa.Connection) -> list[str]:
        if not sa.inspect(connection).has_table(APPLIED.name):
            return []
        names = list(connection.scalars(sa.select(APPLIED.c.name).order_by(APPLIED.c.name)))
        unknown = sorted(set(names) - {step.__name__ for step in MIGRATIONS})
        if unknown:
            raise LedgerError(
                Text(
                    f"{self.place} dibuat oleh blankspot yang lebih baru (langkah {', '.join(unknown)} tidak dikenal).",
                    f"{self.place} was made by a newer blankspot (its steps {', '.join(unknown)} are not known here).",
                ),
                hint=Text("Perbarui blankspot.", "Update blankspot."),
            )
        return names

    def _migrate(self, connection: sa.Connection, *, now: dt.datetime, facts: dict[str, str]) -> None:
        APPLIED.create(connection, checkfirst=True)
        done = set(self._applied(connection))
        for step in MIGRATIONS:
            if step.__name__ not in done:
                step(_Migrating(connection))
                connection.execute(APPLIED.insert().values(name=step.__name__, applied_at=now))
        known = set(connection.scalars(sa.select(FACTS.c.name)))
        for name, value in facts.items():
            if name not in known:
                connection.execute(FACTS.insert().values(name=name, value=value))


class Writer:
    """What may be done while the write lock is held."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def cases(self, case_ids: Iterable[str]) -> list[Record]:
        """Return every record of the given cases, in the order they are folded."""
        query = sa.select(EVENTS)
        return [
            record
            for part in _chunks(sorted(set(case_ids)))
            for record in _records(self._connection, query.where(EVENTS.c.case_id.in_(part)))
        ]

    def last(self, origin: str) -> Record | None:
        """Return the newest record of an origin, None if it has none."""
        query = sa.select(EVENTS).where(EVENTS.c.origin == origin).order_by(EVENTS.c.seq.desc()).limit(1)
        found = _records(self._connection, query)
        return found[0] if found else None

    def add(self, records: Sequence[Record]) -> None:
        """Insert records."""
        if records:
            rows = [{**record._asdict(), "fields": dict(record.fields)} for record in records]
            self._connection.execute(EVENTS.insert(), rows)


class _Migrating:
    """The database as a migration sees it."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def create(self, table: str) -> None:
        """Create a declared table with its indexes."""
        METADATA.tables[table].create(self._connection)

    def run(self, statement: str) -> None:
        """Execute one statement."""
        self._connection.exec_driver_sql(statement)


def _records(connection: sa.Connection, query: sa.Select[Any]) -> list[Record]:
    return [Record(*row) for row in connection.execute(query)]


def _chunks(values: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


def _engine(place: str, timeout_s: float) -> sa.Engine:
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=place),
        json_serializer=canonical,
        json_deserializer=json.loads,
        connect_args={"timeout": timeout_s, "check_same_thread": False},
    )

    @sa.event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions begin where we say, not where the driver thinks
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        statement = connection.get_execution_options().get("begin", "BEGIN")
        if statement is not None:
            connection.exec_driver_sql(statement)

    return engine


def _place(address: str) -> str:
    scheme, separator, rest = address.partition("://")
    if not separator:
        return address
    if scheme.partition("+")[0] == "sqlite":
        return rest.removeprefix("/") or MEMORY
    raise LedgerError(
        Text(
            f"Buku besar di '{scheme}' belum didukung; versi ini memakai SQLite.",
            f"A ledger in '{scheme}' is not supported yet; this version uses SQLite.",
        ),
        hint=Text(
            "Beri path berkas, misalnya ledger.db. PostgreSQL menyusul bersama tambahan (extra) 'postgres'.",
            "Give the path of a file, e.g. ledger.db. PostgreSQL comes with the extra 'postgres'.",
        ),
    )


def _check_place(path: Path, *, create: bool) -> None:
    if path.is_dir():
        raise LedgerError(
            Text(f"{path} adalah folder, bukan berkas buku besar.", f"{path} is a folder and not a ledger file."),
            hint=Text("Beri nama berkas, misalnya ledger.db.", "Name a file, e.g. ledger.db."),
        )
    if path.exists():
        return
    if not create:
        raise LedgerError(
            Text(f"Buku besar {path} belum ada.", f"There is no ledger {path} yet."),
            hint=Text(
                "Buat dengan 'blankspot track import … --apply' atau 'blankspot track add', atau periksa alamatnya.",
                "Make it with 'blankspot track import … --apply' or 'blankspot track add', or check the address.",
            ),
        )
    if not path.parent.is_dir():
        raise LedgerError(
            Text(
                f"Folder {path.parent} untuk buku besar tidak ada.",
                f"The ledger's folder {path.parent} does not exist.",
            ),
            hint=Text("Buat foldernya dahulu.", "Make the folder first."),
        )
