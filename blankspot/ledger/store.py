"""Where events are kept: the one door to the database behind a ledger, whichever it is.

SQLite for a file that one office keeps (`store_sqlite`), PostgreSQL for people who write at the same time
(`store_postgres`); both through SQLAlchemy Core over the same tables (`store_tables`), with the same promises: writers take
turns, a batch is there whole or not at all, what was acknowledged survives a power cut, and the database itself refuses to
change the past.

Every fault of the database reaches the reader as one `LedgerError`.
"""

from __future__ import annotations

import hashlib
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, cast

import sqlalchemy as sa

from blankspot.errors import LedgerError
from blankspot.ledger import store_files
from blankspot.ledger.events import canonical
from blankspot.ledger.migrations import MIGRATIONS
from blankspot.ledger.store_sqlite import MEMORY, Sqlite
from blankspot.ledger.store_tables import APPLIED, CHRONOLOGICAL, EVENTS, FACTS, METADATA, RAW, SNAPSHOTS, End, Reader
from blankspot.ledger.store_writer import Queries, Writer
from blankspot.words import Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from blankspot.ledger.events import Record
    from blankspot.ledger.store_tables import Asked
    from blankspot.ledger.store_writer import Database

__all__ = ["MEMORY", "METADATA", "End", "Store", "Writer"]


def _last_of_each_origin() -> sa.Select[Any]:
    """Return the query for the end of every chain: from one origin to the next by the key, past all that lies between."""
    origins = sa.select(sa.func.min(EVENTS.c.origin).label("origin")).cte("origins", recursive=True)
    following = sa.select(sa.func.min(EVENTS.c.origin)).where(EVENTS.c.origin > origins.c.origin).scalar_subquery()
    origins = origins.union_all(sa.select(following).where(origins.c.origin.is_not(None)))
    newest = sa.select(sa.func.max(EVENTS.c.seq)).where(EVENTS.c.origin == origins.c.origin).correlate(origins)
    return sa.select(EVENTS.c.origin, EVENTS.c.seq, EVENTS.c.hash).join(
        origins, (EVENTS.c.origin == origins.c.origin) & (EVENTS.c.seq == newest.scalar_subquery())
    )


_ENDS: Final = _last_of_each_origin()


class Store:
    """The database behind one ledger.

    Args:
        address: A path, `sqlite:///path`, `:memory:`, or `postgresql://user@host/database`.
        timeout_s: How long to wait for another writer.
        create: Make the ledger where there is none.

    Raises:
        LedgerError: An address of another kind, a folder or file that cannot be used.
    """

    def __init__(self, address: str | Path, *, timeout_s: float, create: bool) -> None:
        self._timeout_s = timeout_s
        self._create = create
        self._database = _database(str(address), timeout_s=timeout_s, create=create)
        self._queries = Queries(self._database)
        self._finalizer = weakref.finalize(self, self._database.close)

    @property
    def place(self) -> str:
        """Where the ledger is, as people may read it: without passwords."""
        return self._database.place

    @property
    def read_only(self) -> bool:
        """Whether the ledger can be looked at but not written, which is known once it is prepared."""
        return self._database.read_only

    def close(self) -> None:
        """Let go of the database."""
        self._finalizer()

    def prepare(self, *, now: dt.datetime, facts: dict[str, str]) -> None:
        """Bring the tables up to date; `facts` are written only where they are not yet known.

        Raises:
            LedgerError: Not a ledger, one of a newer version, none although `create` is False, or the database refuses.
        """
        with self._guard():
            unmade = self._database.file_to_make
            if unmade is not None:
                store_files.make(unmade, lambda draft: self._make(draft, now=now, facts=facts))
            self._bring_up_to_date(self._database, now=now, facts=facts)

    def fact(self, name: str) -> str | None:
        """Return a fact about the ledger itself, e.g. its own origin."""
        with self._reading() as connection:
            value: str | None = connection.scalar(sa.select(FACTS.c.value).where(FACTS.c.name == name))
            return value

    def read(self, *, as_of: dt.date | None = None, known_until: dt.datetime | None = None) -> list[Record]:
        """Return records in the order they are folded: happened by `as_of`, recorded before `known_until` (exclusive)."""
        query = sa.select(*RAW).order_by(*CHRONOLOGICAL)
        if as_of is not None:
            query = query.where(EVENTS.c.happened_on <= as_of)
        if known_until is not None:
            query = query.where(EVENTS.c.recorded_at < known_until)
        return self._records(query)

    def about(self, case_ids: Iterable[str]) -> list[Record]:
        """Return every record about the given subjects, in the order they are folded."""
        wanted = sorted(set(case_ids))
        return self._records(self._queries.cases.order_by(*CHRONOLOGICAL), wanted=wanted) if wanted else []

    def since(self, ends: Mapping[str, End]) -> list[Record] | None:
        """Return the records that came after the given ends of chains, in any order; None if one of them is not on record."""
        now = self.ends()
        grown = {origin for origin, end in now.items() if end != ends.get(origin)}
        for origin, end in ends.items():
            if origin not in now or (origin in grown and self.hash_at(origin, end.seq) != end.hash):
                return None
        later = [
            (EVENTS.c.origin == origin) & (EVENTS.c.seq > (ends[origin].seq if origin in ends else 0))
            for origin in grown
        ]
        return [record for condition in later for record in self._records(sa.select(*RAW).where(condition))]

    def hash_at(self, origin: str, seq: int) -> str | None:
        """Return the hash of one record of an origin's chain, None if there is no such record."""
        query = sa.select(EVENTS.c.hash).where(EVENTS.c.origin == origin, EVENTS.c.seq == seq)
        with self._reading() as connection:
            found: str | None = connection.scalar(query)
        return found

    def snapshot(self, name: str) -> bytes | None:
        """Return what was kept under a name, None if nothing was."""
        with self._reading() as connection:
            found: bytes | None = connection.scalar(sa.select(SNAPSHOTS.c.content).where(SNAPSHOTS.c.name == name))
        return found

    def ends(self) -> dict[str, End]:
        """Return how far each origin's chain has come: all that is in a ledger follows from these few hashes."""
        with self._reading() as connection:
            return {origin: End(seq, own) for origin, seq, own in connection.execute(_ENDS)}

    def digest(self) -> str:
        """Return eight hexadecimal digits that stand for all records: the ends of all chains say what is in them."""
        hashes = sorted(end.hash for end in self.ends().values())
        return hashlib.sha256(canonical(hashes).encode()).hexdigest()[:8]

    @contextmanager
    def writing(self, *, cases: Iterable[str] = (), origin: str = "") -> Iterator[Writer]:
        """Hold the write lock; everything inside is committed together when the block ends, or not at all.

        Args:
            cases: Cases that will be asked for. Others wait for every question that travels while the lock is held; these
                travel with the request for the lock.
            origin: The origin whose last record will be asked for.

        Raises:
            LedgerError: The ledger may only be read, is locked for too long, or the database refuses.
        """
        if self.read_only:
            raise self._database.refusal()
        ahead: list[Asked] = [
            (self._queries.cases, {"wanted": sorted(set(cases))}),
            (self._queries.last, {"origin": origin}),
        ]
        asked = [(query, values) for query, values in ahead if all(values.values())]
        with self._guard(), self._database.writing(*asked) as (connection, rows):
            known = zip(asked, rows, strict=True)
            yield Writer(connection, self._database, self._queries, known)

    def _records(self, query: sa.Select[Any], **values: Any) -> list[Record]:
        with self._reading() as connection:
            rows = connection.execute(query, values).cursor  # the driver's own: no row object for each record
            return Reader(self.place).records(cast("Iterable[Any]", rows))

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with self._guard(), self._database.reading() as connection:
            yield connection

    @contextmanager
    def _guard(self) -> Iterator[None]:
        try:
            yield
        except self._database.errors as error:
            raise self._database.fault(error) from error

    def _make(self, draft: Path, *, now: dt.datetime, facts: dict[str, str]) -> None:
        database = Sqlite(str(draft), timeout_s=self._timeout_s, create=True, place=self.place)
        try:
            self._bring_up_to_date(database, now=now, facts=facts)
        finally:
            database.close()

    def _bring_up_to_date(self, database: Database, *, now: dt.datetime, facts: dict[str, str]) -> None:
        database.connect()
        done = self._applied(database)
        database.settle()
        if done == [step.__name__ for step in MIGRATIONS]:
            return
        if database.read_only:
            database.copy()
        with database.writing() as (connection, _):
            _migrate(connection, database.guards, now=now, facts=facts)

    def _applied(self, database: Database) -> list[str]:
        """Return the names of the migrations that made this ledger, none if it has yet to be made."""
        tables = database.tables()
        if APPLIED.name not in tables:
            if tables:
                raise _not_ours(self.place, tables)
            if not self._create:
                raise store_files.missing(self.place)
            return []
        with database.reading() as connection:
            names = list(connection.scalars(sa.select(APPLIED.c.name).order_by(APPLIED.c.name)))
        unknown = sorted(set(names) - {step.__name__ for step in MIGRATIONS})
        if unknown:
            raise _too_new(self.place, unknown)
        return names


def _migrate(connection: sa.Connection, guards: tuple[str, ...], *, now: dt.datetime, facts: dict[str, str]) -> None:
    APPLIED.create(connection, checkfirst=True)
    done = set(connection.scalars(sa.select(APPLIED.c.name)))
    for step in MIGRATIONS:
        if step.__name__ not in done:
            step(_Migrating(connection, guards))
            connection.execute(APPLIED.insert().values(name=step.__name__, applied_at=now))
    known = set(connection.scalars(sa.select(FACTS.c.name)))
    for name, value in facts.items():
        if name not in known:
            connection.execute(FACTS.insert().values(name=name, value=value))


class _Migrating:
    """The database as a migration sees it."""

    def __init__(self, connection: sa.Connection, guards: tuple[str, ...]) -> None:
        self._connection = connection
        self._guards = guards

    def create(self, table: str) -> None:
        """Create a declared table with its indexes."""
        METADATA.tables[table].create(self._connection)

    def add_column(self, table: str, column: str) -> None:
        """Add a declared column to a table that lacks it."""
        present = {found["name"] for found in sa.inspect(self._connection).get_columns(table)}
        if column not in present:
            declared = sa.schema.CreateColumn(METADATA.tables[table].c[column]).compile(
                dialect=self._connection.dialect
            )
            self._connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {declared}")

    def make_append_only(self, table: str) -> None:
        """Create the triggers that refuse to change or remove rows."""
        for guard in self._guards:
            self._connection.exec_driver_sql(guard.format(table=table))


def _database(address: str, *, timeout_s: float, create: bool) -> Database:
    scheme, separator, rest = address.partition("://")
    kind = scheme.partition("+")[0].lower()
    if not separator:
        return Sqlite(address, timeout_s=timeout_s, create=create)
    if kind == "sqlite":
        return Sqlite(rest.removeprefix("/") or MEMORY, timeout_s=timeout_s, create=create)
    if kind in ("postgresql", "postgres"):
        from blankspot.ledger.store_postgres import Postgres

        return Postgres(rest, timeout_s=timeout_s)
    raise LedgerError(
        Text(
            f"Buku besar di '{scheme}' tidak didukung; yang didukung SQLite dan PostgreSQL.",
            f"A ledger in '{scheme}' is not supported; SQLite and PostgreSQL are.",
        ),
        hint=Text(
            "Beri path berkas seperti ledger.db, atau postgresql://pengguna@host/basisdata.",
            "Give the path of a file such as ledger.db, or postgresql://user@host/database.",
        ),
    )


def _not_ours(place: str, tables: frozenset[str]) -> LedgerError:
    named = ", ".join(sorted(tables))
    return LedgerError(
        Text(
            f"{place} adalah basis data, tetapi bukan buku besar blankspot (tabelnya: {named}).",
            f"{place} is a database but not a blankspot ledger (its tables: {named}).",
        ),
        hint=Text("Beri alamat lain.", "Give another address."),
    )


def _too_new(place: str, unknown: list[str]) -> LedgerError:
    steps = ", ".join(unknown)
    return LedgerError(
        Text(
            f"{place} dibuat oleh blankspot yang lebih baru (langkah {steps} tidak dikenal).",
            f"{place} was made by a newer blankspot (its steps {steps} are not known here).",
        ),
        hint=Text("Perbarui blankspot.", "Update blankspot."),
    )
