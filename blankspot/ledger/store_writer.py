"""What a store asks of the database behind it, and what may be done while the write lock is held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol, cast

import sqlalchemy as sa

from blankspot.ledger.events import canonical
from blankspot.ledger.store_tables import EVENTS, RAW, SNAPSHOTS, Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from blankspot.errors import LedgerError
    from blankspot.ledger.events import Record
    from blankspot.ledger.store_tables import Asked

_BATCH: Final = 10_000  # records turned into rows at a time, so that a large import needs no second copy of itself


class Database(Protocol):
    """What a store needs of the database behind it."""

    place: str
    """Where the ledger is, as people may read it: without passwords."""
    read_only: bool
    """Whether it can be looked at but not written."""

    @property
    def guards(self) -> tuple[str, ...]:
        """Statements that create the triggers of a `{table}` that only grows."""

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What SQLAlchemy and the driver raise."""

    @property
    def file_to_make(self) -> Path | None:
        """The file that has yet to be made, None if there is one already or none is needed."""

    def connect(self) -> None:
        """Reach the database."""

    def settle(self) -> None:
        """Prepare a database that is known to be a ledger, or to become one."""

    def copy(self) -> None:
        """Go on with a copy of what may only be read."""

    def tables(self) -> frozenset[str]:
        """Return the names of the tables that a ledger would have to itself."""

    def reading(self) -> AbstractContextManager[sa.Connection]:
        """Hold a view of the database that does not change meanwhile."""

    def writing(self, *asked: Asked) -> AbstractContextManager[tuple[sa.Connection, list[Any]]]:
        """Hold the write lock; what is done is committed when the block ends, or not at all.

        Args:
            asked: Questions that are asked as soon as the lock is held; their rows are given with the connection.
        """

    def insert(self, connection: sa.Connection, records: Iterable[Record]) -> None:
        """Insert records."""

    def among(self, column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        """Say that a column holds one of any number of values, which are the parameter `wanted`."""

    def fault(self, error: Exception) -> LedgerError:
        """Return what the database said in the reader's words."""

    def refusal(self) -> LedgerError:
        """Return the error for writing what may only be read."""

    def close(self) -> None:
        """Let go of the database."""


class Queries:
    """What is asked again and again while writing, put into words once: building a query costs more than running it."""

    def __init__(self, database: Database) -> None:
        place = (EVENTS.c.origin == sa.bindparam("origin"), EVENTS.c.seq == sa.bindparam("seq"))
        self.cases = sa.select(*RAW).where(database.among(EVENTS.c.case_id))
        self.contents = sa.select(EVENTS.c.content_id).where(database.among(EVENTS.c.content_id))
        self.last = sa.select(*RAW).where(place[0]).order_by(EVENTS.c.seq.desc()).limit(1)
        self.hash_at = sa.select(EVENTS.c.hash).where(*place)


class Writer:
    """What may be done while the write lock is held.

    Args:
        connection: The transaction.
        database: The database that it belongs to.
        queries: What is asked again and again.
        known: Questions that were asked with the request for the lock, and the rows that answer them.
    """

    def __init__(
        self,
        connection: sa.Connection,
        database: Database,
        queries: Queries,
        known: Iterable[tuple[Asked, Any]] = (),
    ) -> None:
        self._connection = connection
        self._database = database
        self._queries = queries
        self._reader = Reader(database.place)
        self._known = {(query, canonical(values)): rows for (query, values), rows in known}

    def cases(self, case_ids: Iterable[str]) -> list[Record]:
        """Return every record of the given cases, in any order."""
        wanted = sorted(set(case_ids))
        return self._records(self._queries.cases, {"wanted": wanted}) if wanted else []

    def contents(self, content_ids: Iterable[str]) -> set[str]:
        """Return those of the given contents that are on record."""
        wanted = sorted(set(content_ids))
        return set(self._connection.scalars(self._queries.contents, {"wanted": wanted})) if wanted else set()

    def last(self, origin: str) -> Record | None:
        """Return the newest record of an origin, None if it has none."""
        found = self._records(self._queries.last, {"origin": origin})
        return found[0] if found else None

    def hash_at(self, origin: str, seq: int) -> str | None:
        """Return the hash of one record of an origin's chain, None if there is no such record."""
        found: str | None = self._connection.scalar(self._queries.hash_at, {"origin": origin, "seq": seq})
        return found

    def add(self, records: Sequence[Record]) -> None:
        """Insert records."""
        self._known.clear()
        for start in range(0, len(records), _BATCH):
            self._database.insert(self._connection, records[start : start + _BATCH])

    def keep(self, name: str, content: bytes) -> None:
        """Keep a snapshot under a name instead of what was there."""
        self._connection.execute(SNAPSHOTS.delete().where(SNAPSHOTS.c.name == name))
        self._connection.execute(SNAPSHOTS.insert().values(name=name, content=content))

    def _records(self, query: sa.Select[Any], values: dict[str, Any]) -> list[Record]:
        rows = self._known.pop((query, canonical(values)), None) if self._known else None
        if rows is None:
            rows = self._connection.execute(query, values).cursor
        return self._reader.records(cast("Iterable[Any]", rows))
