"""The state as a table: one row per case, for maps, reports and notebooks.

A village that a target list names but whose case has made no move yet has a row too: it is shown as identified since the day
it was listed, because the list is what identified it.

`service` tells mobile coverage from internet points: a case of a target village that was handled by VSAT has service
"internet", and does not count as done against the list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    from blankspot.ledger.fold import Case, State

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
}


def target_years(state: State, year: int | None) -> dict[str, int]:
    """Return the villages on a target list with its year: of `year`, or of the latest list that names each."""
    years: dict[str, int] = {}
    for entry in state.targets.values():
        if entry.active and year in (None, entry.year):
            years[entry.village_code] = max(entry.year, years.get(entry.village_code, 0))
    return years


def state_frame(state: State, *, year: int | None = None) -> pd.DataFrame:
    """Return one row per case, ordered by case_id, columns `STATE_COLUMNS`; text that is not known is NaN.

    Args:
        state: The state to show.
        year: Look at the target list of this year only; the latest that names the village if not given.
    """
    years = target_years(state, year)
    rows = [_row(case, years) for case in state.cases.values()]
    begun = {case.village_code for case in state.cases.values() if _is_for_target(case)}
    for entry in state.targets.values():
        village = entry.village_code
        if entry.active and village not in begun and years.get(village) == entry.year:
            row = {"case_id": f"{village}:mobile", "village_code": village, "service": "mobile", "year": entry.year}
            row |= {
                "is_target": True,
                "stage": "identified",
                "since": entry.since,
                "document": entry.document,
                "moves": 0,
            }
            rows.append(row)
    frame = pd.DataFrame(rows, columns=list(STATE_COLUMNS)).sort_values("case_id", ignore_index=True)
    return frame.replace("", None).astype(STATE_COLUMNS)


def _row(case: Case, years: dict[str, int]) -> dict[str, object]:
    year = years.get(case.village_code) if _is_for_target(case) else None
    return {**case._asdict(), "service": case.service, "year": year, "is_target": year is not None}


def _is_for_target(case: Case) -> bool:
    return case.case_id.split(":")[1] == "mobile"
