"""What is told about a workbook that came back: every changed cell, every refused row with its reason, and remarks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from blankspot.check import REJECT_COLUMNS
from blankspot.ledger.workbook.sheets import CASES, SHEETS, shown
from blankspot.ledger.workbook.verdict import REASON, Row, Verdict
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from blankspot.ledger.workbook.baseline import Baseline
    from blankspot.words import Lang

CHANGE_COLUMNS: Final = (
    "sheet", "row", "village_code", "village_name", "case_id", "column", "heading", "before", "after", "outcome",
)  # fmt: skip


def remarks_on(rows: Mapping[str, list[Row]], baseline: Baseline, lang: Lang) -> list[dict[str, Any]]:
    """Tell what is gone: whole sheets, and rows; nothing follows from that, but a planner may believe it does.

    Args:
        rows: The rows that came back, by sheet; a sheet that is not there has no entry.
        baseline: What was exported.
        lang: Language of the remarks.
    """
    said: list[dict[str, Any]] = []
    for sheet in SHEETS:
        title = baseline.about.titles[sheet.key]
        if sheet.key not in rows:
            what = Text(
                f"Lembar {title} tidak ada lagi; isinya dianggap tidak berubah.",
                f"The sheet {title} is gone; what it held counts as unchanged.",
            )
            said.append(_remark(title, "sheet_deleted", title, what.of(lang)))
            continue
        key = "case_id" if sheet is CASES else "entry"
        there = {str(row.cells[key]) for row in rows[sheet.key]}
        for gone in (name for name in baseline.rows[sheet.key] if name not in there):
            what = Text(
                f"Baris {gone} dihapus dari lembar {title}; tidak ada yang dihapus dari buku besar.",
                f"The row {gone} was deleted from the sheet {title}; nothing is deleted from the ledger.",
            )
            said.append(_remark(title, "row_deleted", gone, what.of(lang), column=sheet.column(key).heading.of(lang)))
    return said


def idle_reasons(verdicts: Iterable[Verdict], baseline: Baseline, lang: Lang) -> list[dict[str, Any]]:
    """Tell of reasons in rows where nothing else changed."""
    said = []
    for one in verdicts:
        if one.fault is None and [change.column for change in one.changes] == [REASON]:
            what = Text(
                f"Baris {one.row.number} hanya berisi alasan; tidak ada sel lain yang berubah.",
                f"Row {one.row.number} has a reason only; no other cell changed.",
            )
            reason, column = str(one.row.cells[REASON]), CASES.column(REASON).heading.of(lang)
            remark = _remark(
                baseline.about.titles[CASES.key], "reason_without_change", reason, what.of(lang), column=column
            )
            said.append(remark | {"row": one.row.number})
    return said


def _remark(title: str, rule: str, value: str, message: str, *, column: str = "") -> dict[str, Any]:
    about = {"table": title, "row": 0, "column": column, "rule": rule, "value": value}
    return about | {"message": message, "severity": "noted"}


def listed_changes(verdicts: Iterable[Verdict], titles: Mapping[str, str], lang: Lang) -> pd.DataFrame:
    """Return one row per changed cell, columns `CHANGE_COLUMNS`, before and after in the reader's words."""
    listed = []
    for one in verdicts:
        sheet = one.row.sheet
        about = {
            "sheet": titles[sheet.key],
            "row": one.row.number,
            "village_code": one.about.get("village_code"),
            "village_name": one.about.get("village_name"),
            "case_id": one.about.get("case_id"),
        }
        for change in one.changes:
            column = sheet.column(change.column)
            read = change.column not in one.row.unread
            listed.append(
                {
                    **about,
                    "column": change.column,
                    "heading": column.heading.of(lang),
                    "before": shown(column, change.before, lang),
                    "after": shown(column, change.after, lang) if read else str(change.after),
                    "outcome": one.outcome,
                }
            )
    return pd.DataFrame(listed, columns=list(CHANGE_COLUMNS)).astype({"row": "int64"})


def listed_rejects(
    verdicts: Iterable[Verdict], remarks: list[dict[str, Any]], titles: Mapping[str, str], source: str, lang: Lang
) -> pd.DataFrame:
    """Return one row per refused row and per remark, columns `check.REJECT_COLUMNS`."""
    listed = []
    for one in verdicts:
        if one.fault is None:
            continue
        column = one.row.sheet.column(one.fault.column)
        unread = one.row.unread.get(column.key)
        value = shown(column, one.row.cells[column.key], lang) if unread is None else unread[0]
        listed.append(
            {
                "table": titles[one.row.sheet.key],
                "row": one.row.number,
                "column": column.heading.of(lang),
                "rule": one.fault.rule,
                "value": value,
                "message": one.fault.what.of(lang),
                "severity": "rejected",
            }
        )
    listed += remarks
    frame = pd.DataFrame(listed, columns=list(REJECT_COLUMNS)).assign(source=source)
    return frame.astype(dict.fromkeys(REJECT_COLUMNS, "str") | {"row": "int64"})
