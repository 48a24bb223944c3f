"""The ledger's tables, declared once for every database, and how their rows become records.

The types are portable, and text compares by code point everywhere, so that records come in the same order from every
database. Kind-specific fields are canonical JSON text: what was hashed is what is kept.

The order of the fold ends in nothing that a merge may change: not the name of a chain, only what a record keeps wherever it
goes (its days, its number, its content).
"""

from __future__ import annotations

import datetime as dt
import gc
import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import sqlalchemy as sa

from blankspot.errors import LedgerError
from blankspot.ledger.events import Record, canonical
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from blankspot.ledger.events import Value


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


def _text(length: int) -> sa.types.TypeEngine[str]:
    """Text that compares by code point; PostgreSQL would cut at the length and sort as the server's language does."""
    return sa.String(length).with_variant(sa.Text(collation="C"), "postgresql")


METADATA: Final = sa.MetaData()
EVENTS: Final = sa.Table(
    "events",
    METADATA,
    sa.Column("origin", _text(64), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("content_id", _text(64), nullable=False),
    sa.Column("kind", _text(32), nullable=False),
    sa.Column("case_id", _text(128), nullable=False, index=True),
    sa.Column("village_code", _text(16), nullable=False),
    sa.Column("happened_on", sa.Date, nullable=False),
    sa.Column("recorded_at", UtcTime, nullable=False),
    sa.Column("fields", sa.JSON, nullable=False),
    sa.Column("prev_hash", _text(64), nullable=False),
    sa.Column("hash", _text(64), nullable=False),
    sa.Column("follows", _text(64), nullable=False, server_default=""),
    sa.UniqueConstraint("content_id", "origin"),
    sqlite_with_rowid=False,  # kept in the order of its key: an origin's records lie together, and one index less
)
FACTS: Final = sa.Table(
    "ledger_facts",
    METADATA,
    sa.Column("name", _text(64), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
SNAPSHOTS: Final = sa.Table(
    "ledger_snapshots",
    METADATA,
    sa.Column("name", _text(64), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
APPLIED: Final = sa.Table(
    "ledger_migrations",
    METADATA,
    sa.Column("name", _text(64), primary_key=True),
    sa.Column("applied_at", UtcTime, nullable=False),
)
INSERT: Final = sa.insert(  # rows as the driver takes them
    sa.table(EVENTS.name, *(sa.column(column.name) for column in EVENTS.c))
)
RAW: Final[tuple[Any, ...]] = tuple(  # rows as the driver gives them, and fields as the text that they are
    sa.cast(column, sa.Text) if column.name == "fields" else sa.type_coerce(column, sa.types.NullType())
    for column in EVENTS.c
)
CHRONOLOGICAL: Final = tuple(
    EVENTS.c[name] for name in ("happened_on", "recorded_at", "seq", "content_id", "follows", "origin")
)
Asked = tuple[sa.Select[Any], dict[str, Any]]  # a query and the values it asks with


class End(NamedTuple):
    """How far a chain has come: the number and the hash of its last record."""

    seq: int
    hash: str


def plain_row(record: Record) -> dict[str, Any]:
    """Return a record as a row for `INSERT`: fields as canonical JSON, the day and the moment as they are."""
    return {**record._asdict(), "fields": canonical(dict(record.fields))}


class Reader:
    """Turns a driver's plain rows into records.

    Days, moments and fields repeat from row to row, and reading each text only once makes a million records three times as
    fast as reading every cell.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._days: dict[Any, dt.date] = _Days()
        self._moments: dict[Any, dt.datetime] = _Moments()
        self._fields: dict[str, Mapping[str, Value]] = _Fields()
        self._words: dict[str, str] = _Words()

    def records(self, rows: Iterable[Any]) -> list[Record]:
        """Return one record per row of `EVENTS`.

        Raises:
            LedgerError: A cell holds what no program of ours wrote; the message names the record.
        """
        collecting = gc.isenabled()
        gc.disable()  # a million new records hold no cycles, and looking for some again and again takes a third of the time
        try:
            return list(self._each(rows))
        finally:
            if collecting:
                gc.enable()

    def _each(self, rows: Iterable[Any]) -> Iterator[Record]:
        days, moments, fields, words = self._days, self._moments, self._fields, self._words
        origin, seq = "", 0
        try:
            for origin, seq, identity, kind, case_id, village, day, moment, text, previous, own, follows in rows:
                yield Record(
                    words[origin],
                    seq,
                    identity,
                    words[kind],
                    case_id,
                    village,
                    days[day],
                    moments[moment],
                    fields[text],
                    previous,
                    own,
                    follows,
                )
        except (ValueError, TypeError) as error:
            raise LedgerError(
                Text(
                    f"Catatan nomor {seq} dari '{origin}' di {self._place} tidak terbaca ({error}); isinya telah diubah.",
                    f"Record number {seq} of '{origin}' in {self._place} cannot be read ({error}); it was changed.",
                ),
                hint=Text("Pulihkan dari salinan cadangan.", "Restore the ledger from a backup."),
            ) from error


class _Days(dict[Any, dt.date]):
    def __missing__(self, given: Any) -> dt.date:
        found = given if isinstance(given, dt.date) else dt.date.fromisoformat(given)
        return self.setdefault(given, found)


class _Moments(dict[Any, dt.datetime]):
    def __missing__(self, given: Any) -> dt.datetime:
        moment = given if isinstance(given, dt.datetime) else dt.datetime.fromisoformat(given)
        aware = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)
        return self.setdefault(given, aware)


class _Fields(dict[str, "Mapping[str, Value]"]):
    def __missing__(self, text: str) -> Mapping[str, Value]:
        found = json.loads(text)
        if not isinstance(found, dict):
            raise TypeError(text)
        return self.setdefault(text, MappingProxyType(found))


class _Words(dict[str, str]):
    def __missing__(self, word: str) -> str:
        return self.setdefault(word, word)
