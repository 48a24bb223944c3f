"""A row of a workbook that came back, and what is said about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import pandas as pd

from blankspot.errors import BlankspotError, SourceError
from blankspot.ledger.events import Event
from blankspot.ledger.headings import folded
from blankspot.ledger.workbook.sheets import CellValue, Sheet, read_cell, same
from blankspot.wilayah import Gazetteer
from blankspot.words import Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping
    from zoneinfo import ZoneInfo

    from blankspot.ledger.events import Value
    from blankspot.ledger.workbook.view import Cells, View

REASON: Final = "change_reason"


class Fault(NamedTuple):
    """Why a row is refused: the column, a stable rule, and the sentence."""

    column: str
    rule: str
    what: Text


class Row(NamedTuple):
    """A row as it came back: its number in the sheet, the cells read, and what could not be read, by column."""

    sheet: Sheet
    number: int
    cells: Cells
    unread: Mapping[str, tuple[str, Text]]

    def fault(self, changed: Iterable[str]) -> Fault | None:
        """Return the fault of the first of these cells that cannot be read."""
        key = next((key for key in changed if key in self.unread), None)
        return None if key is None else Fault(key, "unreadable_cell", self.unread[key][1])

    def differing(self, cells: Mapping[str, CellValue]) -> list[str]:
        """Return the columns whose cells are not those given; what cannot be read differs unless it stood there before."""
        return [
            column.key
            for column in self.sheet.columns
            if not same(column, cells.get(column.key), self.written(column.key))
        ]

    def written(self, key: str) -> CellValue:
        """Return the value of a cell, or its text where that cannot be read."""
        return self.unread[key][0] if key in self.unread else self.cells[key]


class Change(NamedTuple):
    """One cell that differs from what was exported."""

    column: str
    before: CellValue
    after: CellValue


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is said about one row: the cells that changed, and the events it asks for or why it is refused."""

    row: Row
    about: Mapping[str, CellValue]
    changes: tuple[Change, ...] = ()
    events: tuple[Event, ...] = ()
    fault: Fault | None = None

    @property
    def outcome(self) -> str:
        """Whether the row is "refused", "new" (has something to append) or "unchanged"."""
        return "refused" if self.fault is not None else "new" if self.events else "unchanged"

    def refused(self, fault: Fault) -> Self:
        """Return the verdict as a refusal."""
        return replace(self, fault=fault, events=())


@dataclass(frozen=True, kw_only=True)
class Context:
    """What rows are judged against: the ledger now, the villages, the day, and the clock of the reader."""

    view: View
    villages: pd.DataFrame | None
    today: dt.date
    zone: ZoneInfo | None

    @cached_property
    def gazetteer(self) -> Gazetteer | None:
        """The names of villages, where they are known."""
        return None if self.villages is None else Gazetteer(pd.DataFrame(self.villages))

    def recorded(self, events: tuple[Event, ...]) -> bool:
        """Tell whether all these events are on record already."""
        return bool(events) and all(event.content_id in self.view.on_record for event in events)


def make(kind: str, day: str, case_id: str, fields: Mapping[str, Value | None], column: str) -> Event | Fault:
    """Return an event about a subject, or the fault of a subject or value that cannot be."""
    import datetime as dt

    village = case_id.partition(":")[0]
    code = village if village[:1].isdigit() else ""
    try:
        return Event(
            kind=kind,
            happened_on=dt.date.fromisoformat(day),
            village_code=code,
            case_id=case_id,
            fields={name: value for name, value in fields.items() if value is not None},
        )
    except BlankspotError as error:
        return Fault(column, "case_unknown", Text(error.say("id"), error.say("en")))


def verdict(row: Row, base: Mapping[str, CellValue], found: list[Event] | Fault | None, context: Context) -> Verdict:
    """Put together what is said about a row, given the events it asks for, or its fault."""
    changes = tuple(Change(key, base.get(key), row.written(key)) for key in row.differing(base))
    about = {**base, **{key: value for key, value in row.cells.items() if value is not None and not base.get(key)}}
    plain = Verdict(row=row, about=about, changes=changes)
    if isinstance(found, Fault):
        return plain.refused(found)
    events = tuple(found or ())
    return plain if context.recorded(events) else replace(plain, events=events)


def read_rows(
    sheet: Sheet, frame: pd.DataFrame, headings: Mapping[str, str], *, source: str, zone: ZoneInfo | None
) -> list[Row]:
    """Read the rows of a sheet; those without anything in our columns are left out.

    Args:
        sheet: Its declaration.
        frame: As `sources.tables.read_table` gives it.
        headings: The heading of each column as it was exported.
        source: The file, for messages.
        zone: Zone of moments that carry none.

    Raises:
        SourceError: A column is not there any more; its cells would look as if they had been emptied.
    """
    theirs = {folded(str(name)): name for name in reversed(list(frame.columns))}
    found = {key: theirs.get(folded(heading)) for key, heading in headings.items()}
    missing = [heading for key, heading in headings.items() if found[key] is None]
    if missing:
        raise _columns_gone(source, sheet, missing)
    rows = []
    for record in frame.to_dict("records"):
        read = {column.key: read_cell(column, record[found[column.key]], zone=zone) for column in sheet.columns}
        cells = {key: value for key, (value, _) in read.items()}
        unread = {key: (str(record[found[key]]), fault) for key, (_, fault) in read.items() if fault is not None}
        if unread or any(value is not None for value in cells.values()):
            rows.append(Row(sheet, int(record["source_row"]), cells, unread))
    return rows


def _columns_gone(source: str, sheet: Sheet, missing: list[str]) -> SourceError:
    listed = ", ".join(missing)
    return SourceError(
        Text(
            f"{source}, lembar {sheet.title.id}: kolom {listed} tidak ada lagi.",
            f"{source}, sheet {sheet.title.en}: the column(s) {listed} are gone.",
        ),
        hint=Text("Kembalikan judul kolomnya seperti saat diekspor.", "Put the heading(s) back as they were exported."),
    )
