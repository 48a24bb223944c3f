"""A ledger in a PostgreSQL database, for people who write at the same time.

Writers take turns by an advisory lock that lives as long as the transaction and is named after the ledger's own table. It is
first come, first served; unlike a lock of the table it holds up neither readers nor the server's own cleaning; and it goes
with its holder, however that ends. Whoever gets it sees everything that was committed before (READ COMMITTED). A server that
is set to acknowledge before the disk has it is told not to.

Several ledgers live in one server by database, or by schema: `?options=-csearch_path=kominfo`.

The password is only ever handed to the driver: what is said about the ledger names its user, host and database.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError

from blankspot.errors import LedgerError
from blankspot.ledger import faults
from blankspot.ledger.store_tables import APPLIED, EVENTS, INSERT, METADATA, plain_row
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from blankspot.ledger.events import Record
    from blankspot.ledger.store_tables import Asked

_LOCK: Final = 0x626C616E << 32  # "blan": apart from the locks of other programs in the same database
_IDLE_MAX: Final = "10min"  # a writer whose machine hangs gives up its turn after this
_GUARDS: Final = (
    """CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION USING MESSAGE = 'the ledger is append-only: ' || TG_OP || ' refused'; END $$""",
    # once per statement, so that one that happens to find no row is refused too, and ON CONFLICT DO UPDATE always
    "CREATE TRIGGER {table}_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} EXECUTE FUNCTION {table}_refuse()",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_refuse",
)
_TAKE_LOCK: Final = f"SELECT pg_advisory_xact_lock({_LOCK} + coalesce(to_regclass('{EVENTS.name}')::oid::bigint, 0))"
_SESSION: Final = (
    "SET TIME ZONE 'UTC'; SET lock_timeout = {lock_ms}; "
    f"SET idle_in_transaction_session_timeout = '{_IDLE_MAX}'; "
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
)


class Postgres:
    """The database behind a ledger in a PostgreSQL server.

    Args:
        address: What follows `postgresql://`.
        timeout_s: How long to wait for the server, and for another writer.

    Raises:
        LedgerError: The driver is not installed, or the address cannot be read.
    """

    guards = _GUARDS
    file_to_make: Path | None = None
    read_only = False

    def __init__(self, address: str, *, timeout_s: float) -> None:
        url = _url(address)
        self.place = _place(url)
        self._timeout_s = timeout_s
        try:
            import psycopg
        except ImportError as error:
            raise _no_driver() from error
        self.errors = (DBAPIError, psycopg.Error)
        self._operational = psycopg.OperationalError
        self.engine = _engine(url, timeout_s)
        self._compiled: dict[sa.Select[Any], sa.Compiled] = {}

    def close(self) -> None:
        """Let go of the connections."""
        self.engine.dispose()

    def connect(self) -> None:
        """Reach the server.

        Raises:
            LedgerError: It does not answer, or does not let us in.
        """
        try:
            with self.engine.connect():
                pass
        except DBAPIError as error:
            raise self.fault(error) from None  # what was tried to connect with stays out of every traceback

    def settle(self) -> None:
        """Do nothing: a database needs no preparing."""

    def copy(self) -> None:
        """Do nothing: there is no such thing as a database that lies on a read-only medium."""

    def tables(self) -> frozenset[str]:
        """Return the names of the ledger's tables in the schema; a schema may hold other people's tables too."""
        names = [*(name for name in METADATA.tables if name != APPLIED.name), APPLIED.name]
        with self.reading() as connection:
            found = sa.inspect(connection)
            # One after the other, while somebody may be making them all at once: what marks them as ours comes last.
            return frozenset(name for name in names if found.has_table(name))

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Hold a connection; each statement sees what was committed before it."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *asked: Asked) -> Iterator[tuple[sa.Connection, list[Any]]]:
        """Hold the write lock; what is done is committed when the block ends, or not at all.

        Raises:
            LedgerError: The connection broke while committing, so that nobody here knows whether the server did.
        """
        with self.engine.connect() as connection:
            transaction = connection.begin()
            yield connection, self._lock_and_ask(connection, asked)
            try:
                transaction.commit()
            except DBAPIError as error:
                if error.connection_invalidated:
                    raise faults.connection_lost(self.place, committing=True) from error
                raise

    def _lock_and_ask(self, connection: sa.Connection, asked: Iterable[Asked]) -> list[Any]:
        """Ask for the lock and for what will be needed under it in one message, and return the rows of each question."""
        driver: Any = connection.connection.driver_connection
        try:
            with driver.pipeline():
                driver.execute(_TAKE_LOCK)
                cursors = [driver.execute(*self._plain(*question)) for question in asked]
            return [cursor.fetchall() for cursor in cursors]
        except Exception:
            if driver.broken or driver.closed:
                connection.invalidate()
            raise

    def _plain(self, query: sa.Select[Any], values: dict[str, Any]) -> tuple[str, Any]:
        """Return a query as the driver takes it; it is put into SQL only once."""
        if query not in self._compiled:
            self._compiled[query] = query.compile(dialect=self.engine.dialect)
        compiled = self._compiled[query]
        return str(compiled), compiled.construct_params(values)

    def insert(self, connection: sa.Connection, records: Iterable[Record]) -> None:
        """Insert records as they are."""
        connection.execute(INSERT, [plain_row(record) for record in records])

    def among(self, column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        """Say that a column holds one of any number of values, which are the parameter `wanted`."""
        return column == sa.any_(sa.bindparam("wanted", type_=sa.ARRAY(sa.Text)))

    def fault(self, error: Exception) -> LedgerError:
        """Return what the server said in the reader's words."""
        said: Any = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            return faults.connection_lost(self.place, committing=False)
        state = said.sqlstate or (None if isinstance(said, self._operational) else "")
        return faults.postgres_fault(str(said).strip(), state, self.place, self._timeout_s)

    def refusal(self) -> LedgerError:
        """Return the error for writing what may only be read."""
        return faults.postgres_fault("", "25006", self.place, self._timeout_s)


def _url(address: str) -> sa.URL:
    try:
        return sa.make_url(f"postgresql+psycopg://{address}")
    except (ArgumentError, ValueError):
        raise LedgerError(
            Text("Alamat basis data tidak terbaca.", "The address of the database cannot be read."),
            hint=Text(
                "Tulis postgresql://pengguna@host:port/basisdata.", "Write postgresql://user@host:port/database."
            ),
        ) from None  # the address may hold a password


def _place(url: sa.URL) -> str:
    shown = sa.URL.create(
        "postgresql", username=url.username, host=url.host, port=url.port, database=url.database,
        query={name: value for name, value in url.query.items() if name in ("host", "options")},
    )  # fmt: skip
    return unquote(shown.render_as_string(hide_password=True))


def _engine(url: sa.URL, timeout_s: float) -> sa.Engine:
    given = url.query
    wait = {} if "connect_timeout" in given else {"connect_timeout": max(2, math.ceil(timeout_s))}
    engine = sa.create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        connect_args={"client_encoding": "UTF8", "application_name": "blankspot", **wait},
    )

    @sa.event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        before = connection.autocommit
        connection.autocommit = True
        for statement in _SESSION.format(lock_ms=max(1, round(1000 * timeout_s))).split(";"):
            connection.execute(statement)
        connection.autocommit = before

    return engine


def _no_driver() -> LedgerError:
    return LedgerError(
        Text(
            "Buku besar di PostgreSQL memerlukan psycopg, yang belum terpasang.",
            "A ledger in PostgreSQL needs psycopg, which is not installed.",
        ),
        hint=Text(
            "Pasang tambahan (extra) 'postgres': pip install 'blankspot[postgres]'.",
            "Install the extra 'postgres': pip install 'blankspot[postgres]'.",
        ),
    )
