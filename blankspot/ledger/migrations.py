"""How the ledger's tables came to be: ordered, named, plain functions, each applied once and remembered by its name.

A migration is never edited after a release; what changes later is a new one at the end. The first one already holds what
later kinds of events, other offices' chains and another database need: kind-specific fields in one JSON column, both times,
and the chain per origin.

The ledger is append-only in the database itself and not by good manners: triggers refuse UPDATE and DELETE, and an INSERT
that would replace a record (`INSERT OR REPLACE` deletes without firing delete triggers).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Database(Protocol):
    """What a migration may do."""

    def create(self, table: str) -> None:
        """Create a declared table with its indexes."""

    def run(self, statement: str) -> None:
        """Execute one statement."""


def m001_events(database: Database) -> None:
    """Create the events, the facts about the ledger itself, and the triggers that keep events as they are."""
    database.create("ledger_facts")
    database.create("events")
    for when in ("UPDATE", "DELETE"):
        database.run(
            f"CREATE TRIGGER events_refuse_{when.lower()} BEFORE {when} ON events "
            f"BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: {when} refused'); END"
        )
    database.run(
        "CREATE TRIGGER events_refuse_replace BEFORE INSERT ON events WHEN "
        "EXISTS (SELECT 1 FROM events WHERE origin = NEW.origin AND seq = NEW.seq) "
        "OR EXISTS (SELECT 1 FROM events WHERE content_id = NEW.content_id AND origin = NEW.origin) "
        "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: this record exists'); END"
    )


MIGRATIONS: Final[tuple[Callable[[Database], None], ...]] = (m001_events,)
