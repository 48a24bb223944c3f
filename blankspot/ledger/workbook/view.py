"""What the ledger says now, as the cells of the workbook's sheets.

The same function gives the values that are exported and those that an edited workbook is compared with, so that an untouched
cell can never look like a change.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from blankspot.ledger.effective import effective
from blankspot.ledger.fold import State, add_up
from blankspot.ledger.frames import money_frame, notes_frame, state_frame
from blankspot.ledger.workbook.sheets import CASES, MONEY, NOTES, CellValue, Sheet, tidy
from blankspot.ledger.workflow import STAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from blankspot.ledger.effective import Effective
    from blankspot.ledger.events import Record

Cells = dict[str, CellValue]
_TOUCHING: Final = frozenset({*STAGES, "correction", "settled"})
_NOT_RECORDED: Final = frozenset({"change_reason", "closing_note", "entry"})  # columns that only people fill in


class Standing(NamedTuple):
    """One case now: its cells, its last move, whether it has begun, and whether offices moved it apart."""

    cells: Cells
    head: str
    begun: bool
    conflict: bool


@dataclass(frozen=True, kw_only=True)
class View:
    """The ledger at one moment.

    Attributes:
        records: Everything on record, distinct, in the order it happened.
        found: The records that count.
        state: What they add up to.
        cases: Every case, and every target village without one, by case_id.
        money: Every payment by its content_id.
        notes: Every note by its content_id; `closed_on` is empty while it is open.
        names: Name and kecamatan of villages by code, where they are known.
    """

    records: Sequence[Record]
    found: Effective
    state: State
    cases: Mapping[str, Standing]
    money: Mapping[str, Cells]
    notes: Mapping[str, Cells]
    names: Mapping[str, tuple[str, str]]

    @cached_property
    def on_record(self) -> frozenset[str]:
        """The identities of everything on record."""
        return frozenset(record.content_id for record in self.records)

    @cached_property
    def by_case(self) -> Mapping[str, Sequence[Record]]:
        """Everything on record by what it is about, in the order it happened."""
        return _grouped(self.records)

    @cached_property
    def moves(self) -> Mapping[str, Sequence[Record]]:
        """The moves that count by case, in the order they happened."""
        return _grouped(record for record in self.found.records if record.kind in STAGES)

    @cached_property
    def begun(self) -> Mapping[str, Sequence[str]]:
        """The cases that have begun by village."""
        cases: dict[str, list[str]] = {}
        for case_id, one in self.cases.items():
            if one.begun:
                cases.setdefault(str(one.cells["village_code"]), []).append(case_id)
        return cases


def _grouped(records: Iterable[Record]) -> dict[str, list[Record]]:
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(record.case_id, []).append(record)
    return groups


def view_of(records: Sequence[Record], *, villages: pd.DataFrame | None = None) -> View:
    """Look at the ledger.

    Args:
        records: Everything on record, distinct, in the order it happened.
        villages: village_code, village_name and, where known, district.
    """
    found = effective(records)
    state = add_up(found)
    names = _names(villages)
    money, notes = money_frame(found.records, state), notes_frame(found.records)
    return View(
        records=records,
        found=found,
        state=state,
        cases=standings(state, names),
        money={row["money_id"]: _cells(MONEY, row, names) for row in _rows(money)},
        notes={row["note_id"]: _cells(NOTES, row, names) for row in _rows(notes)},
        names=names,
    )


def standings(state: State, names: Mapping[str, tuple[str, str]]) -> dict[str, Standing]:
    """Return where every case stands, ordered by village and case; `names` are name and kecamatan by village code."""
    frame = state_frame(state).sort_values(["village_code", "case_id"], kind="stable")
    return {
        row["case_id"]: Standing(
            cells=_cells(CASES, row, names),
            head="" if pd.isna(row["head"]) else row["head"],
            begun=row["moves"] > 0,
            conflict=bool(row["conflict"]),
        )
        for row in _rows(frame)
    }


def _names(villages: pd.DataFrame | None) -> dict[str, tuple[str, str]]:
    if villages is None:
        return {}
    plain = pd.DataFrame(villages)
    districts = plain["district"] if "district" in plain else pd.Series("", index=plain.index)
    texts = (plain[name].astype("str").fillna("") for name in ("village_code", "village_name"))
    code, name = texts
    return dict(zip(code, zip(name, districts.astype("str").fillna(""), strict=True), strict=True))


def _cells(sheet: Sheet, row: Mapping[str, Any], names: Mapping[str, tuple[str, str]]) -> Cells:
    code = row["village_code"]
    name, district = names.get("" if pd.isna(code) else code, ("", ""))
    told = {**row, "village_name": name, "district": district}
    return {column.key: None if column.key in _NOT_RECORDED else _cell(told[column.key]) for column in sheet.columns}


def _cell(value: Any) -> CellValue:
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, str):
        return tidy(value) or None
    amount = round(float(value), 2)  # no rupiah has thousandths, and "1234.567" would be read as thousands
    return int(amount) if amount.is_integer() else amount


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return frame.to_dict("records")  # type: ignore[return-value]  # keys are our columns


def last_touch(view: View, case_id: str) -> Record | None:
    """Return what was recorded last about a case: a move or a correction of one."""
    about = (record for record in view.by_case.get(case_id, ()) if record.kind in _TOUCHING)
    return max(about, key=lambda record: (record.recorded_at, record.origin, record.seq), default=None)
