"""From an indicator sheet to one row per indicator and period: headings of several lines, merged cells, quarters in columns.

A spreadsheet keeps the text of merged cells in the first of them only. A row without an indicator that still has a quarter or a
figure belongs to the indicator above it, and goals and programmes reach down to the next one that is named; what was filled in
this way is said. A line that numbers the columns is passed over, and a line of totals is nobody's figure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from blankspot.schema import TABLES
from blankspot.sources.indicator_headings import (
    ACHIEVEMENT,
    ALIASES,
    Layout,
    Slot,
    is_subheading,
    layout,
)
from blankspot.sources.tables import ORIGIN, UNREAD, fold_heading, missing_columns
from blankspot.values import read_amount
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

TOTAL: Final = "total_row"
COLUMNS: Final = (*TABLES["indicators"].columns, ACHIEVEMENT, "fault")
_MERGED: Final = ("indicator", "code", "unit", "direction", "owner", "goal", "program", "year", "counting")
_REACH_DOWN: Final = ("goal", "program")
_OF_ONE_PERIOD: Final = ("constraint", "follow_up", "responsible", "note")
_DONE: Final = ("realization", "realized_rp")
_UNNAMED: Final = re.compile(r"column_\d+")
_COLUMN_NUMBER: Final = re.compile(r"\(?\d{1,2}(?:\s*[=+/x:][\d\s=+/x:()]*)?\)?")
_NUMBERED_MIN: Final = 3
_TOTALS: Final = frozenset({"jumlah", "total", "jumlahtotal", "totalanggaran", "jumlahanggaran", "ratarata"})
_SCALED: Final = Text(
    "Angka di kolom '{value}' dikalikan {scale} menurut judulnya.",
    "Figures of the column '{value}' are multiplied by {scale}, as its heading says.",
)
_FILLED: Final = Text(
    "Sel kosong (gabungan) mulai baris ini diisi dari baris di atasnya, {rows} baris: {value}.",
    "Empty (merged) cells from this row on are filled from the row above, {rows} rows: {value}.",
)
_NOT_READ: Final = Text("Kolom yang tidak dibaca: {value}.", "Columns that were not read: {value}.")


class Remark(NamedTuple):
    """Something to say about a row of a source that stays accepted."""

    column: str
    rule: str
    message: Text
    value: str
    source: str
    row: int


class Unfolded(NamedTuple):
    """Rows under our column names, all texts, and what there is to say about them."""

    rows: pd.DataFrame
    remarks: tuple[Remark, ...]


def unfold(table: pd.DataFrame, *, mapping: Mapping[str, str] | None = None) -> Unfolded:
    """Bring a sheet of either layout to one row per indicator and period.

    Args:
        table: As `sources.tables.read_table` gives it.
        mapping: Our column to theirs, or to "=constant".

    Returns:
        Columns `COLUMNS` and `ORIGIN`. `quarter` holds the quarter as the sheet writes it, `fault` the rule that a row breaks
        as a whole.

    Raises:
        SourceError: There is no column for the indicator, or one that the mapping names is not there.
    """
    name = str(table["source_file"].iloc[0])
    body = _with_whole_headings(table)
    found = [heading for heading in body.columns if heading not in ORIGIN]
    laid = layout(found, mapping=mapping, name=name)
    if "indicator" not in laid.plain:
        schema = TABLES["indicators"]
        raise missing_columns(name, ["indicator"], found, schema, ALIASES, unread=table.attrs.get(UNREAD, ()))
    remarks = _about_columns(body, laid, name)
    rows: list[dict[str, Any]] = []
    gaps: dict[tuple[str, str], list[int]] = {}
    above: dict[str, Any] = {}
    for record in body.to_dict("records"):
        origin = {column: record[column] for column in ORIGIN if column in record}
        said, figures = _said(record, laid)
        if _is_total(record, laid):
            rows.append(said | {"fault": TOTAL} | origin)
            continue
        filled = _filled(said, above, belongs=bool(figures) or "quarter" in said)
        for column, value in filled.items():
            gaps.setdefault((column, str(value)), []).append(int(record["source_row"]))
        said |= filled
        above = {column: said[column] for column in _MERGED if column in said} if "indicator" in said else above
        rows += [row | origin for row in (_spread if laid.wide else _single)(said, figures)]
    remarks += [
        Remark(column, "filled_down", _FILLED.fill(rows=len(lines), value="{value}"), value, name, lines[0])
        for (column, value), lines in gaps.items()
    ]
    texts = pd.DataFrame(rows, columns=[*COLUMNS, *ORIGIN], dtype=object)
    return Unfolded(texts.astype(dict.fromkeys(COLUMNS, "str") | {"source_row": "int64"}), tuple(remarks))


def _with_whole_headings(table: pd.DataFrame) -> pd.DataFrame:
    """Join headings that stand in several lines ("Target" above "TW I" … "TW IV"), and pass over a line of column numbers."""
    names = [str(name) for name in table.columns if name not in ORIGIN]
    levels: list[list[str]] = [_spread_right(["" if _UNNAMED.fullmatch(name) else name for name in names], [])]
    body = table
    while len(body) and _continues_headings(_cells(body, names)):
        levels.append(_spread_right(_cells(body, names), levels))
        body = body.iloc[1:]
    if len(body) and _numbers_columns(_cells(body, names)):
        body = body.iloc[1:]
    whole: dict[str, str] = {}
    for place, name in enumerate(names):
        below = [level[place] for level in levels[1:] if level[place]]
        joined = " ".join([levels[0][place], *below]).strip() if below else name
        whole[name] = name if joined in whole.values() else joined
    return body.rename(columns=whole).reset_index(drop=True)


def _cells(body: pd.DataFrame, names: Sequence[str]) -> list[str]:
    return ["" if pd.isna(cell) else str(cell).strip() for cell in body.iloc[0][list(names)]]


def _spread_right(cells: Sequence[str], above: Sequence[Sequence[str]]) -> list[str]:
    """Give every cell of a merged heading its text, as far as the headings above it are the same."""
    spread: list[str] = []
    for place, cell in enumerate(cells):
        same = place > 0 and all(level[place] == level[place - 1] for level in above)
        spread.append(cell or (spread[-1] if same else ""))
    return spread


def _continues_headings(cells: Iterable[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(map(is_subheading, filled))


def _numbers_columns(cells: Iterable[str]) -> bool:
    filled = [cell for cell in cells if cell]
    counted = all(_COLUMN_NUMBER.fullmatch(cell) for cell in filled)
    return counted and len(filled) >= _NUMBERED_MIN and filled[0].strip("()") == "1"


def _about_columns(body: pd.DataFrame, laid: Layout, name: str) -> list[Remark]:
    remarks = [
        Remark(slot.column, "scaled", _SCALED.fill(scale=slot.scale, value="{value}"), heading, name, 0)
        for heading, slot in laid.slots.items()
        if slot.scale != 1
    ]
    unread = [heading for heading in laid.unread if body[heading].notna().any()]
    if unread:
        remarks.append(Remark("", "columns_not_read", _NOT_READ, ", ".join(unread), name, 0))
    return remarks


def _said(record: Mapping[Any, Any], laid: Layout) -> tuple[dict[str, Any], dict[Slot, str]]:
    """Return what a row says in plain columns, and its figures by slot; empty cells say nothing."""
    said = {
        ours: theirs[1:] if theirs.startswith("=") else record[theirs]
        for ours, theirs in laid.plain.items()
        if theirs.startswith("=") or not pd.isna(record[theirs])
    }
    figures = {
        slot: _scaled(str(record[heading]), slot.scale)
        for heading, slot in laid.slots.items()
        if not pd.isna(record[heading])
    }
    return said, figures


def _scaled(text: str, scale: int) -> str:
    amount = read_amount(text) if scale != 1 else None
    return text if amount is None else f"{amount * scale:.15g}"


def _is_total(record: Mapping[Any, Any], laid: Layout) -> bool:
    texts = [heading for heading in record if heading not in laid.slots and heading not in ORIGIN]
    return any(fold_heading(str(record[heading])) in _TOTALS for heading in texts if not pd.isna(record[heading]))


def _filled(said: Mapping[str, Any], above: Mapping[str, Any], *, belongs: bool) -> dict[str, Any]:
    """Return what a row takes over from the one above it: all of its definition where it names no indicator itself."""
    names: tuple[str, ...] = ()
    if "indicator" not in said:
        names = _MERGED if belongs else ()
    elif said.get("goal") in (None, above.get("goal")):
        names = _REACH_DOWN  # under another goal begins another programme
    return {name: above[name] for name in names if name in above and name not in said}


def _single(said: dict[str, Any], figures: Mapping[Slot, str]) -> list[dict[str, Any]]:
    years = [str(slot.year) for slot in figures if slot.year is not None]
    told = {"year": years[0]} if years else {}
    return [told | said | {slot.column: text for slot, text in figures.items()}]


def _spread(said: dict[str, Any], figures: Mapping[Slot, str]) -> list[dict[str, Any]]:
    """Return one row per quarter with a figure, and one for the whole year where it has figures of its own."""
    periods: dict[int | None, dict[str, Any]] = {}
    for slot, text in figures.items():
        period = periods.setdefault(slot.quarter, {} if slot.year is None else {"year": str(slot.year)})
        period[slot.column] = text
    own = {name for period in periods.values() for name in period if name in _OF_ONE_PERIOD}
    about = {name: said[name] for name in _OF_ONE_PERIOD if name in said and name not in own}
    base = {name: value for name, value in said.items() if name not in (*_OF_ONE_PERIOD, "quarter")}
    done = [quarter for quarter, period in periods.items() if quarter and any(name in period for name in _DONE)]
    told = max(done) if done else None if None in periods or not periods else max(filter(None, periods))
    if not periods:
        periods = {None: {}}
    return [
        base | {"quarter": None if quarter is None else str(quarter)} | period | (about if quarter == told else {})
        for quarter, period in sorted(periods.items(), key=lambda item: item[0] or 0)
    ]
