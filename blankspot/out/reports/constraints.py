"""Kendala, tindak lanjut, penanggung jawab, batas waktu: what stands in the way, and who does what about it by when.

Notes of the ledger and the constraints that units report with their indicators stand in one list, because a meeting goes through them
together. A note without a deadline is never overdue, and says that it has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from blankspot.out.reports.cells import NUMBER, rows_of, text_of
from blankspot.out.reports.figures import indicators_of
from blankspot.out.reports.model import Column, Table
from blankspot.out.reports.texts import SERVICES
from blankspot.words import Text, date_text

if TYPE_CHECKING:
    from blankspot.out.reports.data import ReportData

_SUBJECT: Final = Column(key="subject", heading=Text("Perihal", "About"), kind="label")
_TOLD: Final = (
    Column(key="constraint", heading=Text("Kendala", "Constraint")),
    Column(key="follow_up", heading=Text("Tindak lanjut", "Follow-up")),
    Column(key="owner", heading=Text("Penanggung jawab", "Responsible")),
)
_DUE: Final = Column(key="due_on", heading=Text("Batas waktu", "Due"), kind="date")
_NOTED: Final = Column(key="noted_on", heading=Text("Dicatat", "Noted"), kind="date")
_NO_DEADLINE: Final = Text("tanpa batas waktu", "no deadline")
_IN_TIME: Final = Text("belum jatuh tempo", "not due yet")
_GENERAL: Final = Text("Umum", "General")


def open_constraints(data: ReportData) -> Table:
    """Return the open notes and the constraints of indicators, the overdue first and then by deadline."""
    listed = pd.concat(
        [_notes(data, data.notes[data.notes["open"].astype(bool)]), _of_indicators(data)], ignore_index=True
    )
    day = pd.Timestamp(data.as_of)
    late = (day - pd.to_datetime(listed["due_on"])).dt.days
    listed["status"] = pd.Series([_status(days) for days in late], index=listed.index, dtype=object)
    listed["mark"] = pd.Series("overdue", index=listed.index).where(late > 0)
    listed = listed.sort_values(["due_on", "noted_on"], kind="stable", na_position="last")
    columns = (
        NUMBER,
        _SUBJECT,
        *_TOLD,
        _DUE,
        Column(key="status", heading=Text("Status", "Status"), kind="label"),
        _NOTED,
    )
    day_id, day_en = date_text(data.as_of), date_text(data.as_of, lang="en")
    return Table(
        key="constraints",
        title=Text("Kendala dan tindak lanjut yang masih terbuka", "Constraints and follow-ups still open"),
        columns=columns,
        rows=rows_of(listed, columns, mark="mark"),
        definition=Text(
            f"Catatan yang belum ditutup per {day_id}, dan kendala dari data terakhir indikator. Terlambat: batas waktunya sebelum "
            f"{day_id}.",
            f"Notes not closed as of {day_en}, and constraints from the latest data of indicators. Overdue: due before {day_en}.",
        ),
        empty=Text("Tidak ada kendala yang masih terbuka.", "No constraint is open."),
        as_of=data.as_of,
    )


def overdue(data: ReportData) -> int:
    """Return how many open notes are past their deadline."""
    due = pd.to_datetime(data.notes.loc[data.notes["open"].astype(bool), "due_on"])
    return int((due < pd.Timestamp(data.as_of)).sum())


def closed_constraints(data: ReportData) -> Table:
    """Return the notes that were closed within the period."""
    closed_on = pd.to_datetime(data.notes["closed_on"])
    within = closed_on.between(pd.Timestamp(data.period.first), pd.Timestamp(data.as_of))
    listed = _notes(data, data.notes[within]).sort_values("closed_on", kind="stable")
    columns = (
        NUMBER,
        _SUBJECT,
        *_TOLD,
        _DUE,
        Column(key="closed_on", heading=Text("Ditutup", "Closed"), kind="date"),
    )
    first, last = data.period.first, data.as_of
    return Table(
        key="constraints_closed",
        title=Text("Kendala yang selesai dalam periode", "Constraints closed within the period"),
        columns=columns,
        rows=rows_of(listed, columns),
        definition=Text(
            f"Catatan yang ditutup dari {date_text(first)} sampai {date_text(last)}.",
            f"Notes closed from {date_text(first, lang='en')} to {date_text(last, lang='en')}.",
        ),
        empty=Text("Tidak ada yang ditutup dalam periode ini.", "None was closed within this period."),
        as_of=data.as_of,
    )


def _status(days_late: float) -> Text:
    if pd.isna(days_late):
        return _NO_DEADLINE
    if days_late <= 0:
        return _IN_TIME
    return Text(f"terlambat {days_late:.0f} hari", f"{days_late:.0f} days overdue")


def _notes(data: ReportData, notes: pd.DataFrame) -> pd.DataFrame:
    """Return notes with their subject in words; a note without a constraint tells its text."""
    located = data.located(notes)
    located["subject"] = subjects(data, located)
    located["constraint"] = located["constraint"].fillna(located["note"])
    return located


def subjects(data: ReportData, located: pd.DataFrame) -> pd.Series:
    """Return in words what each row is about: a village and service, a partner, an indicator, a list, a letter.

    Args:
        data: Knows the names of indicators.
        located: Rows with case_id and the names of their villages; `partner` is the name of the partner they are about.
    """
    named = _indicator_names(data)
    rows = located.reindex(columns=["case_id", "village_code", "village_name", "district", "partner"]).to_dict(
        "records"
    )
    return pd.Series([_subject(row, named) for row in rows], index=located.index, dtype=object)


def _subject(note: dict[Any, Any], indicators: dict[str, str]) -> Text:
    case_id = text_of(note["case_id"])
    kind, _, key = case_id.partition(":")
    village = text_of(note["village_code"])
    if village:
        name = text_of(note["village_name"]) or village
        place = f"{name} ({text_of(note['district'])})" if text_of(note["district"]) else name
        service = SERVICES["internet" if ":internet" in case_id else "mobile"]
        return Text(f"Desa {place}: {service.id.lower()}", f"Village {place}: {service.en.lower()}")
    if kind == "partner":
        name = text_of(note["partner"]) or key
        return Text(f"Mitra {name}", f"Partner {name}")
    if kind == "indicator":
        return Text(f"Indikator: {indicators.get(key, key)}", f"Indicator: {indicators.get(key, key)}")
    if kind == "target":
        return Text(f"Daftar target {key}", f"Target list of {key}")
    if kind == "letter":
        return Text(f"Surat {key}", f"Letter {key}")
    return _GENERAL


def _indicator_names(data: ReportData) -> dict[str, str]:
    return dict(zip(data.indicators["key"], data.indicators["indicator"], strict=True))


def _of_indicators(data: ReportData) -> pd.DataFrame:
    rows = []
    for indicator in indicators_of(data.indicators, data.year):
        figure = indicator.chosen(data.period)
        if figure is not None and (figure.constraint or figure.follow_up):
            row = {
                "subject": Text(f"Indikator: {indicator.name}", f"Indicator: {indicator.name}"),
                "constraint": figure.constraint,
                "follow_up": figure.follow_up,
                "owner": figure.responsible or indicator.owner,
                "noted_on": pd.NaT if figure.as_of is None else pd.Timestamp(figure.as_of),
                "due_on": pd.NaT,
            }
            rows.append(row)
    columns = ["subject", "constraint", "follow_up", "owner", "noted_on", "due_on"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"noted_on": "datetime64[us]", "due_on": "datetime64[us]"})
