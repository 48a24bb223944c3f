"""What changed since the last report: cases, target list, money, notes, told by what each was before and is now."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import pandas as pd

from blankspot.out.reports.cells import VILLAGE, rows_of, text_of, word
from blankspot.out.reports.constraints import subjects
from blankspot.out.reports.model import Cell, Column, Row, Table, total_row
from blankspot.out.reports.texts import SERVICES, TOTAL
from blankspot.words import LABELS, Text, date_text, number

if TYPE_CHECKING:
    from blankspot.out.reports.data import ReportData

WHAT: Final = LABELS["change"]
_AMOUNTS: Final = frozenset({"budget_rp", "money"})
_WORDED: Final = {"case_new": "stage"}


def changes(data: ReportData) -> Table:
    """Return every change since the last report, village by village."""
    told = data.located(data.changes)
    kinds = told["what"].tolist()
    for side in ("before", "after"):
        told[side] = pd.Series(
            [_value(kind, value) for kind, value in zip(kinds, told[side].tolist(), strict=True)],
            index=told.index,
            dtype=object,
        )
    told["village_name"] = told["village_name"].astype(object).where(told["village_code"].notna(), subjects(data, told))
    told["recorded_at"] = told["recorded_at"].dt.tz_convert(data.settings.zone).dt.tz_localize(None)
    told["service"] = told["case_id"].astype("str").str.split(":").str[1].where(told["village_code"].notna())
    told["what"] = pd.Series([WHAT.get(kind, kind) for kind in kinds], index=told.index, dtype=object)
    columns = (
        *VILLAGE,
        Column(key="service", heading=Text("Layanan", "Service"), kind="label"),
        Column(key="what", heading=Text("Yang berubah", "What changed"), kind="label"),
        Column(key="before", heading=Text("Sebelum", "Before"), kind="label"),
        Column(key="after", heading=Text("Sesudah", "After"), kind="label"),
        Column(key="happened_on", heading=Text("Terjadi", "Happened"), kind="date"),
        Column(key="recorded_at", heading=Text("Dicatat", "Recorded"), kind="date", on_paper=False),
    )
    told["service"] = told["service"].map(SERVICES)
    return Table(
        key="changes",
        title=Text("Rincian perubahan", "The changes"),
        columns=columns,
        rows=rows_of(told, columns),
        definition=_definition(data),
        empty=_nothing(data),
        as_of=data.as_of,
    )


def changes_summary(data: ReportData) -> Table:
    """Return how many changes of each kind there are, and how many villages they concern."""
    grouped = data.changes.groupby("what")["village_code"]
    counts, villages = grouped.size(), grouped.nunique()
    rows: tuple[Row, ...] = tuple(
        {"id": kind, "what": words, "changes": int(counts[kind]), "villages": int(villages[kind])}
        for kind, words in WHAT.items()
        if kind in counts
    )
    columns = (
        Column(key="what", heading=Text("Yang berubah", "What changed"), kind="label"),
        Column(key="changes", heading=Text("Perubahan", "Changes"), kind="number", total=True),
        Column(key="villages", heading=Text("Desa", "Villages"), kind="number"),
    )
    return Table(
        key="changes_summary",
        title=Text("Perubahan sejak laporan sebelumnya", "Changes since the last report"),
        columns=columns,
        rows=rows,
        definition=_definition(data),
        empty=_nothing(data),
        as_of=data.as_of,
        total=total_row(columns, rows, {"what": TOTAL}) if rows else None,
    )


def _definition(data: ReportData) -> Text:
    first, last = data.since, data.as_of
    return Text(
        f"Keadaan per {date_text(first)} dibandingkan dengan keadaan per {date_text(last)}. Desa: banyaknya desa berbeda; satu desa dapat "
        "berubah dalam beberapa hal.",
        f"The state as of {date_text(first, lang='en')} against that as of {date_text(last, lang='en')}. Villages: distinct ones; a "
        "village may change in several ways.",
    )


def _nothing(data: ReportData) -> Text:
    return Text(
        f"Tidak ada yang berubah sejak {date_text(data.since)}.",
        f"Nothing has changed since {date_text(data.since, lang='en')}.",
    )


def _value(what: str, value: object) -> Cell:
    """Return a changed value in words: amounts, days and identifiers as people read them."""
    text = text_of(value)
    if not text:
        return None
    if what in _AMOUNTS:
        return Text(*(f"Rp{number(float(text), lang=lang)}".replace("Rp-", "-Rp") for lang in ("id", "en")))
    if what == "handled_on":
        day = dt.date.fromisoformat(text)
        return Text(date_text(day), date_text(day, lang="en"))
    return word(_WORDED.get(what, what), text)
