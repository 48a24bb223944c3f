"""The workbook round trip: what is on record, laid out for editing, and an edited workbook turned back into events.

sheets    the sheets and their columns          view      the ledger now, as cells
baseline  what a workbook remembers             export    from the ledger to the workbook
verdict   one row, and what is said about it    places    which village and case a new row means
cases     rows of the handling sheet            entries   rows of money and constraints
plan      a whole workbook against the ledger   listing   what is told about it
"""

from __future__ import annotations

from blankspot.ledger.workbook.baseline import BASELINE_SHEET, About, Baseline, read_baseline
from blankspot.ledger.workbook.export import Exported, export
from blankspot.ledger.workbook.listing import CHANGE_COLUMNS
from blankspot.ledger.workbook.plan import WorkbookPlan, plan_workbook
from blankspot.ledger.workbook.sheets import SHEETS, Column, Sheet, shown

__all__ = [
    "BASELINE_SHEET",
    "CHANGE_COLUMNS",
    "SHEETS",
    "About",
    "Baseline",
    "Column",
    "Exported",
    "Sheet",
    "WorkbookPlan",
    "export",
    "plan_workbook",
    "read_baseline",
    "shown",
]
