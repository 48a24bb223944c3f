"""The ledger as tables, for maps, reports, letters and notebooks: the state with one row per case, and the registers beside it.

A village that a target list names but whose case has made no move yet has a row too: it is shown as identified since the day
it was listed, because the list is what identified it.

`service` tells mobile coverage from internet points: a case of a target village that was handled by VSAT has service
"internet", and does not count as done against the list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.ledger.events import INTERNET_TYPES
from blankspot.ledger.fold import Case
from blankspot.ledger.targets import Entry
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from blankspot.ledger.effective import Effective
    from blankspot.ledger.events import Record
    from blankspot.ledger.fold import State

STATE_COLUMNS: Final = {
    "case_id": "str",
    "village_code": "str",
    "service": "str",
    "year": "Int64",
    "is_target": "bool",
    "stage": "str",
    "since": "datetime64[us]",
    "partner": "str",
    "intervention_type": "str",
    "funding_source": "str",
    "budget_rp": "float64",
    "handled_on": "datetime64[us]",
    "evidence": "str",
    "document": "str",
    "note": "str",
    "moves": "int64",
    "planned_quarter": "str",
    "realized_rp": "float64",
    "reason": "str",
    "channel": "str",
    "conflict": "bool",
    "head": "str",
}
CASE_COLUMNS: Final = {
    name: kind for name, kind in STATE_COLUMNS.items() if name not in ("service", "year", "is_target")
}
ENTRY_COLUMNS: Final = {
    "village_code": "str",
    "year": "int64",
    "since": "datetime64[us]",
    "document": "str",
    "active": "bool",
    "reason": "str",
    "version": "int64",
}
TARGET_COLUMNS: Final = {
    "year": "int64",
    "village_code": "str",
    "since": "datetime64[us]",
    "document": "str",
    "active": "bool",
    "reason": "str",
    "version": "int64",
}
NOTE_COLUMNS: Final = {
    "note_id": "str",
    "case_id": "str",
    "village_code": "str",
    "noted_on": "datetime64[us]",
    "constraint": "str",
    "follow_up": "str",
    "owner": "str",
    "due_on": "datetime64[us]",
    "note": "str",
    "closed_on": "datetime64[us]",
    "open": "bool",
}
MONEY_COLUMNS: Final = {
    "money_id": "str",
    "case_id": "str",
    "village_code": "str",
    "paid_on": "datetime64[us]",
    "amount_rp": "float64",
    "funding_source": "str",
    "partner": "str",
    "document": "str",
    "note": "str",
}
LETTER_COLUMNS: Final = {
    "letter_id": "str",
    "case_id": "str",
    "number": "str",
    "letter_kind": "str",
    "letter_on": "datetime64[us]",
    "partner": "str",
    "villages": "str",
    "document": "str",
    "topic": "str",
}
CONFLICT_COLUMNS: Final = {
    "case_id": "str",
    "village_code": "str",
    "content_id": "str",
    "kind": "str",
    "happened_on": "datetime64[us]",
    "origin": "str",
    "recorded_at": "datetime64[us, UTC]",
    "partner": "str",
    "rule": "str",
    "why_id": "str",
    "why_en": "str",
}
_CONCURRENT: Final = Text(
    "Digerakkan kantor lain tanpa saling mengetahui; pilih langkah yang berlaku.",
    "Moved by another office without knowing of each other; choose the move that stands.",
)


def state_frame(state: State, *, year: int | None = None) -> pd.DataFrame:
    """Return one row per case, ordered by case_id, columns `STATE_COLUMNS`; text that is not known is NaN.

    Args:
        state: The state to show.
        year: Look at the target list of this year only; the latest that names the village if not given.
    """
    return shown(cases_frame(state), entries_frame(state), year=year)


def cases_frame(state: State) -> pd.DataFrame:
    """Return the cases as they are, columns `CASE_COLUMNS`; text that is not known is empty."""
    cases = state.cases.values()
    known: dict[str, Iterable[object]] = dict(zip(Case._fields, zip(*cases, strict=True), strict=True)) if cases else {}
    known["conflict"] = [case_id in state.branches for case_id in state.cases]
    known["head"] = [state.heads.get(case_id, "") for case_id in state.cases]
    return pd.DataFrame({name: _column(known.get(name, ()), kind) for name, kind in CASE_COLUMNS.items()})


def entries_frame(state: State) -> pd.DataFrame:
    """Return the entries of all target lists as they are, columns `ENTRY_COLUMNS`."""
    entries = state.targets.values()
    columns = dict(zip(Entry._fields, zip(*entries, strict=True), strict=True)) if entries else {}
    return pd.DataFrame({name: _column(columns.get(name, ()), kind) for name, kind in ENTRY_COLUMNS.items()})


def shown(cases: pd.DataFrame, entries: pd.DataFrame, *, year: int | None = None) -> pd.DataFrame:
    """Bring cases and entries of target lists together as `state_frame` promises."""
    on_list = entries[entries["active"] & (True if year is None else entries["year"] == year)]
    on_list = on_list.sort_values("year", kind="stable").drop_duplicates("village_code", keep="last")
    named = cases["case_id"].str.split(":", n=2).str[1]
    target = named == "mobile"
    years = cases["village_code"].map(on_list.set_index("village_code")["year"]).astype("Int64").where(target)
    internet = (named == "internet") | cases["intervention_type"].isin(INTERNET_TYPES)
    made = cases.assign(
        service=np.where(internet, "internet", "mobile"), year=years, is_target=years.notna().astype("bool")
    )
    waiting = on_list[~on_list["village_code"].isin(cases["village_code"][target])]
    listed = pd.DataFrame(
        {
            "case_id": waiting["village_code"] + ":mobile",
            "village_code": waiting["village_code"],
            "service": "mobile",
            "year": waiting["year"].astype("Int64"),
            "is_target": True,
            "stage": "identified",
            "since": waiting["since"],
            "document": waiting["document"],
            "moves": 0,
            "conflict": False,
        }
    ).reindex(columns=list(made.columns))
    whole = pd.concat([made, listed.astype(made.dtypes.to_dict())], ignore_index=True)
    whole = whole.sort_values("case_id", ignore_index=True)[list(STATE_COLUMNS)]
    texts = [name for name, kind in STATE_COLUMNS.items() if kind == "str"]
    whole[texts] = whole[texts].mask(whole[texts] == "")
    return whole.astype(STATE_COLUMNS)


def _column(values: Iterable[object], kind: str) -> pd.Series:
    """Return one column of a frame."""
    if kind.startswith("datetime64"):
        return pd.Series(np.array(list(values), dtype="datetime64[us]"))
    return pd.Series(list(values), dtype=kind)


def targets_frame(state: State) -> pd.DataFrame:
    """Return one row per entry of every target list, removed ones included; columns `TARGET_COLUMNS`."""
    rows = [state.targets[key]._asdict() for key in sorted(state.targets)]
    return _typed(rows, TARGET_COLUMNS)


def notes_frame(records: Iterable[Record]) -> pd.DataFrame:
    """Return one row per note with the day it was closed, if it was; columns `NOTE_COLUMNS`.

    Args:
        records: Records that count, by the day of interest.
    """
    rows: dict[str, dict[str, object]] = {}
    closed: dict[str, object] = {}
    for record in records:
        if record.kind == "note":
            about = {"note_id": record.content_id, "case_id": record.case_id, "village_code": record.village_code}
            rows[record.content_id] = {**record.fields, **about, "noted_on": record.happened_on}
        elif record.kind == "note_closed":
            closed.setdefault(str(record.fields.get("refers", "")), record.happened_on)
    for note_id, row in rows.items():
        row |= {"closed_on": closed.get(note_id), "open": note_id not in closed}
    return _typed(list(rows.values()), NOTE_COLUMNS)


def money_frame(records: Iterable[Record], state: State) -> pd.DataFrame:
    """Return one row per amount realised; where it names no funding or partner, its case's; columns `MONEY_COLUMNS`.

    Args:
        records: Records that count, by the day of interest.
        state: The state of that day.
    """
    rows = []
    for record in records:
        if record.kind == "money":
            case = state.cases.get(record.case_id)
            known = {} if case is None else {"partner": case.partner, "funding_source": case.funding_source}
            about = {"money_id": record.content_id, "case_id": record.case_id, "village_code": record.village_code}
            rows.append({**known, **record.fields, **about, "paid_on": record.happened_on})
    return _typed(rows, MONEY_COLUMNS)


def letters_frame(records: Iterable[Record]) -> pd.DataFrame:
    """Return one row per letter; columns `LETTER_COLUMNS`, `villages` are codes with blanks between."""
    rows = [
        {**record.fields, "letter_id": record.content_id, "case_id": record.case_id, "letter_on": record.happened_on}
        for record in records
        if record.kind == "letter"
    ]
    return _typed(rows, LETTER_COLUMNS)


def conflicts_frame(state: State, found: Effective) -> pd.DataFrame:
    """Return what waits for somebody's decision: the ends of cases that offices moved apart, and records that do not fit.

    Columns `CONFLICT_COLUMNS`; `rule` is "concurrent" for the former, else the rule that the record breaks.
    """
    heads = {head: case_id for case_id, branches in state.branches.items() for head in branches.heads}
    rows = [_conflict(record, "concurrent", _CONCURRENT) for record in found.records if record.content_id in heads]
    rows += [_conflict(one.record, one.refusal.rule, one.refusal.what) for one in state.conflicts]
    return _typed(rows, CONFLICT_COLUMNS)


def _conflict(record: Record, rule: str, why: Text) -> dict[str, object]:
    about = {name: getattr(record, name) for name in ("case_id", "village_code", "content_id", "kind", "happened_on")}
    when = {"origin": record.origin, "recorded_at": record.recorded_at, "partner": record.fields.get("partner")}
    return about | when | {"rule": rule, "why_id": why.id, "why_en": why.en}


def _typed(rows: Sequence[Mapping[str, object]], columns: dict[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(columns))
    texts = [name for name, kind in columns.items() if kind == "str"]
    frame[texts] = frame[texts].astype(object).replace("", None)
    return frame.astype(columns)
