"""An edited workbook against the ledger: what it would append, cell by cell, and which of its rows are refused and why.

Three versions meet: the values as they were exported, as they came back, and as the ledger has them now. Rows in = rows with
something new + unchanged + refused. A row is accepted whole or not at all; what the ledger would not accept is refused here, in
the ledger's own words, and after that it is checked that the accepted rows would read exactly as they were typed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from blankspot.errors import SourceError
from blankspot.ledger.effective import chronological, effective
from blankspot.ledger.events import chain
from blankspot.ledger.fold import add_up
from blankspot.ledger.judge import sequence
from blankspot.ledger.workbook.cases import judge_exported, judge_new
from blankspot.ledger.workbook.entries import judge_entry, judge_new_entry
from blankspot.ledger.workbook.listing import idle_reasons, listed_changes, listed_rejects, remarks_on
from blankspot.ledger.workbook.sheets import CASES, MONEY, NOTES, SHEETS, same, shown
from blankspot.ledger.workbook.verdict import REASON, Context, Fault, Row, Verdict, read_rows
from blankspot.ledger.workbook.view import standings, view_of
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    import pandas as pd

    from blankspot.ledger.book import Ledger
    from blankspot.ledger.events import Event, Record
    from blankspot.ledger.workbook.baseline import About, Baseline
    from blankspot.ledger.workbook.sheets import CellValue
    from blankspot.words import Lang

_LATEST: Final = dt.datetime.max.replace(tzinfo=dt.UTC)
_BEYOND: Final = 10**15  # a number that no record has yet
_COLUMN_OF: Final = {"event": "stage", "happened_on": "since", "corrects": "stage"}
_FIRST_COLUMN: Final = {CASES.key: "stage", MONEY.key: "paid_on", NOTES.key: "noted_on"}


@dataclass(frozen=True, kw_only=True)
class WorkbookPlan:
    """What importing an edited workbook would do; nothing has been done yet.

    Attributes:
        new_events: To append, in the order in which they happened.
        origins: Sheet and row of each new event.
        changes: One row per changed cell, columns `CHANGE_COLUMNS`; `outcome` is "new", "unchanged" or "refused".
        rejects: Refused rows and remarks, columns `check.REJECT_COLUMNS`.
        rows_in: How many rows were read.
        rows_new: How many of them have something to append.
        unchanged: How many say nothing that is not on record.
    """

    new_events: tuple[Event, ...]
    origins: tuple[tuple[str, int], ...]
    changes: pd.DataFrame
    rejects: pd.DataFrame
    rows_in: int
    rows_new: int
    unchanged: int

    @property
    def rows_rejected(self) -> int:
        """How many rows are refused."""
        return self.rows_in - self.rows_new - self.unchanged


def plan_workbook(
    tables: Mapping[str, pd.DataFrame],
    baseline: Baseline,
    ledger: Ledger,
    *,
    source: str,
    villages: pd.DataFrame | None = None,
    allow_skips: bool = False,
    lang: Lang = "id",
    zone: ZoneInfo | None = None,
) -> WorkbookPlan:
    """Compare a workbook that came back with what was exported and with the ledger now.

    Args:
        tables: The sheets as `sources.tables.read_table` gives them, by `Sheet.key`; one that is gone is told, not refused.
        baseline: What the workbook remembers of its export.
        ledger: The ledger it was exported from.
        source: The file, for messages and rejects.
        villages: Names the villages; codes that are not in it are refused.
        allow_skips: Let moves pass over stages that are not on record; each says so in the ledger.
        lang: Language of the reasons.
        zone: Zone of the reader's clock.

    Raises:
        SourceError: The workbook belongs to another ledger, or a column of it is gone.
    """
    records = ledger.events()
    _check_home(baseline.about, ledger.origin, records, source)
    context = Context(view=view_of(records, villages=villages), villages=villages, today=ledger.today, zone=zone)
    rows = {
        sheet.key: read_rows(sheet, tables[sheet.key], baseline.about.headings[sheet.key], source=source, zone=zone)
        for sheet in SHEETS
        if sheet.key in tables
    }
    verdicts = _without_repeats(_judged(rows, baseline, context))
    remarks = [*remarks_on(rows, baseline, lang), *idle_reasons(verdicts, baseline, lang)]
    verdicts, order = _settled(verdicts, context, ledger.origin, allow_skips=allow_skips)
    accepted = {id(one): one for one in verdicts if one.outcome == "new"}
    origin = {event.content_id: one for one in accepted.values() for event in one.events}
    new = [event for event in order if event.content_id in origin]
    titles = baseline.about.titles
    return WorkbookPlan(
        new_events=tuple(new),
        origins=tuple((titles[origin[one.content_id].row.sheet.key], origin[one.content_id].row.number) for one in new),
        changes=listed_changes(verdicts, titles, lang),
        rejects=listed_rejects(verdicts, remarks, titles, source, lang),
        rows_in=len(verdicts),
        rows_new=len(accepted),
        unchanged=sum(one.outcome == "unchanged" for one in verdicts),
    )


def _check_home(about: About, origin: str, records: Sequence[Record], source: str) -> None:
    """Refuse a workbook of another ledger, and one of a ledger that has lost what it held at the export.

    What is on record of another office as well may be listed as theirs after a merge; its content is known all the same.
    """
    hint = Text(
        "Impor ke buku besar asalnya, atau ekspor ulang dari buku besar ini.",
        "Import it into the ledger it came from, or export again from this one.",
    )
    if about.origin != origin:
        raise SourceError(
            Text(
                f"{source} diekspor dari buku besar lain (asal '{about.origin}'; buku besar ini '{origin}').",
                f"{source} was exported from another ledger (origin '{about.origin}'; this one is '{origin}').",
            ),
            hint=hint,
        )
    known = {record.content_id: record for record in records}
    there = [(known.get(content), office, link) for office, content, link in about.ends]
    if any(record is None or (record.origin == office and record.hash != link) for record, office, link in there):
        raise SourceError(
            Text(
                f"{source} diekspor dari keadaan buku besar yang tidak dikenal di sini (sidik {about.digest}); catatan yang ada "
                "waktu itu tidak ada lagi.",
                f"{source} was exported from a state of the ledger that is not known here (digest {about.digest}); records of "
                "that time are missing.",
            ),
            hint=hint,
        )


def _judged(rows: Mapping[str, list[Row]], baseline: Baseline, context: Context) -> list[Verdict]:
    verdicts: list[Verdict] = []
    opened: set[str] = set()
    known = baseline.rows[CASES.key]
    for row in rows.get(CASES.key, ()):
        key = str(row.cells["case_id"])
        if key in known:
            verdicts.append(judge_exported(row, known[key], context))
        else:
            judged, case_id = judge_new(row, context)
            verdicts.append(judged)
            opened |= {case_id} if judged.events else set()
    for sheet in (MONEY, NOTES):
        entries = baseline.rows[sheet.key]
        for row in rows.get(sheet.key, ()):
            base = entries.get(str(row.cells["entry"]))
            verdicts.append(judge_new_entry(row, context, opened) if base is None else judge_entry(row, base, context))
    return verdicts


def _without_repeats(verdicts: list[Verdict]) -> list[Verdict]:
    """Refuse rows that are there twice: where they say the same, all but the first; where they differ, all of them."""
    said: dict[tuple[str, str], list[Verdict]] = {}
    for one in verdicts:
        said.setdefault(_identity(one), []).append(one)
    repeated: dict[int, Fault] = {}
    for alike in said.values():
        first = alike[0]
        equal = all(one.row.cells == first.row.cells and not one.row.unread for one in alike)
        for one in alike[1:] if equal else alike if len(alike) > 1 else ():
            repeated[id(one)] = _repeated(first.row, one.row, equal=equal)
    return [
        one.refused(repeated[id(one)]) if id(one) in repeated and one.fault is None and one.changes else one
        for one in verdicts
    ]


def _identity(one: Verdict) -> tuple[str, str]:
    row = one.row
    if row.sheet is CASES:
        return CASES.key, str(one.about.get("case_id") or f"row {row.number}")
    if row.cells["entry"] is not None:
        return row.sheet.key, str(row.cells["entry"])
    return row.sheet.key, " ".join(event.content_id for event in one.events) or f"row {row.number}"


def _repeated(first: Row, row: Row, *, equal: bool) -> Fault:
    column = row.sheet.columns[0].key
    if equal:
        return Fault(
            column,
            "duplicate_row",
            Text(f"Baris ini mengulang baris {first.number}.", f"This row repeats row {first.number}."),
        )
    return Fault(
        column,
        "duplicate_row",
        Text(
            "Baris ini ada lebih dari sekali dengan isi yang berbeda; sisakan satu.",
            "This row is there more than once with different contents; keep one of them.",
        ),
    )


def _settled(
    verdicts: list[Verdict], context: Context, origin: str, *, allow_skips: bool
) -> tuple[list[Verdict], list[Event]]:
    """Return the verdicts that stand when the ledger takes all accepted rows and shows them as typed; and their events."""
    while True:
        verdicts, order = _by_the_ledger(verdicts, context, allow_skips=allow_skips)
        checked = _as_typed(verdicts, context, origin)
        if [one.outcome for one in checked] == [one.outcome for one in verdicts]:
            return checked, order
        verdicts = checked


def _by_the_ledger(
    verdicts: list[Verdict], context: Context, *, allow_skips: bool
) -> tuple[list[Verdict], list[Event]]:
    """Refuse the rows of which the ledger would refuse an event, until it would take all that are left.

    Returns:
        The verdicts, their events as they would be recorded, and these events in the order to record them.
    """
    current = list(verdicts)
    while True:
        asked = [(place, event) for place, one in enumerate(current) for event in one.events]
        judged = sequence(
            [event for _, event in asked], context.view.records, today=context.today, allow_skips=allow_skips
        )
        refused = {asked[one.given][0]: one.refusal for one in judged if one.refusal is not None}
        if not refused:
            break
        for place, refusal in refused.items():
            column = _COLUMN_OF.get(refusal.column, refusal.column)
            row = current[place].row
            if column not in row.cells or (column == "stage" and row.sheet is not CASES):
                column = _FIRST_COLUMN[row.sheet.key]
            what = Text(f"{refusal.what.id} {refusal.hint.id}", f"{refusal.what.en} {refusal.hint.en}")
            current[place] = current[place].refused(Fault(column, refusal.rule, what))
    final: dict[int, list[Event]] = {}
    for one in judged:
        final.setdefault(asked[one.given][0], []).append(one.event)
    for place, events in final.items():
        current[place] = _with_events(current[place], events)
    return current, [one.event for one in judged]


def _with_events(one: Verdict, events: list[Event]) -> Verdict:
    return Verdict(row=one.row, about=one.about, changes=one.changes, events=tuple(events), fault=one.fault)


def _as_typed(verdicts: Sequence[Verdict], context: Context, origin: str) -> list[Verdict]:
    """Refuse the rows of cases for which the ledger would not show afterwards what was typed."""
    asked = [one for one in verdicts if one.outcome == "new" and one.row.sheet is CASES]
    if not asked:
        return list(verdicts)
    records: list[Record] = []
    for one in asked:
        case_id = one.events[0].case_id
        now = context.view.cases.get(case_id)
        records += context.view.by_case.get(case_id, ())
        records += _as_recorded(one.events, origin, "" if now is None else now.head, len(records))
    after = standings(add_up(effective(chronological(records))), {})
    return [
        _shown_as_typed(one, after[one.events[0].case_id].cells)
        if one.outcome == "new" and one.row.sheet is CASES
        else one
        for one in verdicts
    ]


def _as_recorded(events: Sequence[Event], origin: str, head: str, place: int) -> list[Record]:
    """Return events as if they had been recorded last, each move after the one before it."""
    records: list[Record] = []
    for event in events:
        follows = head if event.is_move else ""
        seq = _BEYOND + place + len(records)
        records.append(chain(event, origin=origin, seq=seq, recorded_at=_LATEST, prev_hash="", follows=follows))
        head = records[-1].content_id if event.is_move else head
    return records


def _shown_as_typed(one: Verdict, after: Mapping[str, CellValue]) -> Verdict:
    for change in one.changes:
        column = CASES.column(change.column)
        if column.locked or change.column == REASON or same(column, after[change.column], change.after):
            continue
        what = Text(
            f"Setelah dicatat, kolom {column.heading.id} akan berisi '{shown(column, after[change.column], 'id')}', bukan yang "
            "ditulis. Catat dengan 'blankspot track add'.",
            f"Once recorded, {column.heading.en} would hold '{shown(column, after[change.column], 'en')}' and not what was "
            "typed. Record it with 'blankspot track add'.",
        )
        return one.refused(Fault(change.column, "not_expressible", what))
    return one
