"""From the ledger to the workbook: the rows of each sheet, and the baseline that goes with them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from blankspot.ledger.workbook.baseline import FORMAT, About, Baseline, BaseRow, baseline_frame
from blankspot.ledger.workbook.sheets import CASES, MONEY, NOTES, SHEETS, Sheet, quarter_choices
from blankspot.ledger.workbook.view import Cells, View, view_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from blankspot.ledger.book import Ledger
    from blankspot.ledger.events import Record
    from blankspot.words import Lang


@dataclass(frozen=True, kw_only=True)
class Exported:
    """A workbook before it is written.

    Attributes:
        sheets: The sheets that people see, in order.
        frames: Their rows by the sheet's key: values, days as ISO text, choices as identifiers.
        baseline: The hidden sheet.
        about: Where the workbook comes from.
    """

    sheets: tuple[Sheet, ...]
    frames: Mapping[str, pd.DataFrame]
    baseline: pd.DataFrame
    about: About


def export(
    ledger: Ledger,
    *,
    now: dt.datetime,
    version: str,
    villages: pd.DataFrame | None = None,
    cases: Collection[str] | None = None,
    lang: Lang = "id",
) -> Exported:
    """Lay out everything on record for editing.

    Args:
        ledger: The ledger.
        now: The present moment, with its zone.
        version: The version of blankspot.
        villages: Names the villages: village_code, village_name and district.
        cases: Only these cases with their payments and constraints; all, and what concerns no single village, if not given.
        lang: Language of titles and headings.
    """
    view = view_of(ledger.events(), villages=villages)
    rows = _rows(view, cases)
    sheets = tuple(_with_quarters(sheet, view, ledger.today) for sheet in SHEETS)
    about = About(
        format=FORMAT,
        version=version,
        origin=ledger.origin,
        digest=ledger.digest(),
        ends=_ends(view),
        as_of=ledger.today.isoformat(),
        exported_at=now.astimezone(dt.UTC).isoformat(timespec="seconds"),
        titles={sheet.key: sheet.title.of(lang) for sheet in sheets},
        headings={sheet.key: {column.key: column.heading.of(lang) for column in sheet.columns} for sheet in sheets},
    )
    frames = {
        sheet.key: pd.DataFrame(
            [row.cells for row in rows[sheet.key].values()],
            columns=[column.key for column in sheet.columns],
            dtype=object,
        )
        for sheet in sheets
    }
    return Exported(
        sheets=sheets, frames=frames, baseline=baseline_frame(Baseline(about=about, rows=rows)), about=about
    )


def _rows(view: View, cases: Collection[str] | None) -> dict[str, dict[str, BaseRow]]:
    wanted = None if cases is None else frozenset(cases)

    def chosen(case_id: object) -> bool:
        return wanted is None or case_id in wanted

    money = [(ref, cells) for ref, cells in view.money.items() if chosen(cells["case_id"])]
    notes = [
        (ref, cells) for ref, cells in view.notes.items() if chosen(cells["case_id"]) and cells["closed_on"] is None
    ]
    return {
        CASES.key: {key: BaseRow(one.cells, one.head) for key, one in view.cases.items() if chosen(key)},
        MONEY.key: _numbered(money),
        NOTES.key: _numbered(notes),
    }


def _numbered(rows: list[tuple[str, Cells]]) -> dict[str, BaseRow]:
    return {
        str(place): BaseRow({**cells, "entry": str(place)}, ref) for place, (ref, cells) in enumerate(rows, start=1)
    }


def _with_quarters(sheet: Sheet, view: View, today: dt.date) -> Sheet:
    present = {str(one.cells["planned_quarter"]) for one in view.cases.values() if one.cells["planned_quarter"]}
    choices = quarter_choices(today, present)
    columns = (
        replace(column, choices=choices) if column.key == "planned_quarter" else column for column in sheet.columns
    )
    return replace(sheet, columns=tuple(columns))


def _ends(view: View) -> tuple[tuple[str, str, str], ...]:
    newest: dict[str, Record] = {}
    for record in view.records:
        if record.origin not in newest or record.seq > newest[record.origin].seq:
            newest[record.origin] = record
    return tuple((origin, newest[origin].content_id, newest[origin].hash) for origin in sorted(newest))
