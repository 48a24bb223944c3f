"""How the ledger's tables came to be: ordered, named, plain functions, each applied once and remembered by its name.

A migration is never edited after a release; what changes later is a new one at the end. The first one creates the tables as
they are declared now, so that a later one only adds what an older ledger lacks.

The ledger is append-only in the database itself and not by good manners: triggers refuse UPDATE, DELETE and TRUNCATE, and an
INSERT that would replace a record. How a database is told so is its own business; that it is told is said here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Database(Protocol):
    """What a migration may do."""

    def create(self, table: str) -> None:
        """Create a declared table with its indexes."""

    def add_column(self, table: str, column: str) -> None:
        """Add a declared column to a table that lacks it."""

    def make_append_only(self, table: str) -> None:
        """Create the triggers that refuse to change or remove rows."""


def m001_events(database: Database) -> None:
    """Create the events, the facts about the ledger itself, and the triggers that keep events as they are."""
    database.create("ledger_facts")
    database.create("events")
    database.make_append_only("events")


def m002_follows(database: Database) -> None:
    """Let a record say which move its recorder knew as the last; records made before say nothing, and hash as they did."""
    database.add_column("events", "follows")


def m003_snapshots(database: Database) -> None:
    """Make room for what the records add up to, kept so that it need not be added up again; it may be changed and removed."""
    database.create("ledger_snapshots")


MIGRATIONS: Final[tuple[Callable[[Database], None], ...]] = (m001_events, m002_follows, m003_snapshots)
