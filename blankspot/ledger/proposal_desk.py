"""What one proposal comes to, given what the ledger holds: new, a repetition, a completion, too late.

A desa has one proposal at a time. The first of a list makes the record; a further one of the same desa is linked to it, whoever
makes it. A proposal that says more than its own record (mostly the position that was missing) completes it by a correction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import pandas as pd

from blankspot.ledger.effective import effective
from blankspot.ledger.events import INTERNET_TYPES, Event
from blankspot.ledger.fold import add_up
from blankspot.ledger.judge import sequence
from blankspot.ledger.workflow import DONE, KIND_LABELS
from blankspot.words import Lang, Text, date_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from blankspot.ledger.events import Record, Value
    from blankspot.ledger.fold import Case

Status = Literal["ready", "incomplete", "linked", "under_way", "decided", "waiting", "refused"]
Origin = tuple[str, int]
Fault = tuple[str, str, Text]
_FIELDS: Final = ("channel", "proposer", "intervention_type", "document", "note", "lon", "lat")
_OPEN: Final = (None, "identified", "reopened")
_DECIDED: Final = ("rejected", "deferred")
_STANDING: Final = ("ready", "incomplete")
_COMPLETED: Final = Text("Usulan dilengkapi menurut daftar usulan.", "Proposal completed from the list of proposals.")


class Answer(NamedTuple):
    """What one proposal comes to."""

    status: Status
    message: Text
    event: Event | None = None
    recorded: bool = False
    link: str = ""


class Desk:
    """What is on record about proposals, to which those of the list are added in the order of their days."""

    def __init__(self, records: Sequence[Record], today: dt.date, lang: Lang) -> None:
        found = effective(records)
        self._records = records
        self._today = today
        self._lang = lang
        self._ids = {record.content_id for record in records}
        self._cases: Mapping[str, Case] = add_up(found).cases
        self._proposed: dict[str, list[Record]] = {}
        for record in found.records:
            if record.kind == "proposed":
                self._proposed.setdefault(record.case_id, []).append(record)
        self._counting = {record.content_id for records in self._proposed.values() for record in records}

    def answer(
        self, rows: Mapping[int, Mapping[Any, Any]], origins: Sequence[Origin]
    ) -> tuple[dict[int, Answer], dict[int, Fault]]:
        """Return what each proposal comes to, and column, rule and reason of those that the ledger would refuse.

        Args:
            rows: Columns of `schema.TABLES["proposals"]`, typed, by position in the list.
            origins: File and row of every position.
        """
        answers: dict[int, Answer] = {}
        first: dict[str, int] = {}
        events = {place: _event(row) for place, row in rows.items()}
        for place in sorted(events, key=lambda place: (events[place].happened_on, -len(events[place].fields), place)):
            event = events[place]
            answers[place] = self._one(event)
            if answers[place].status in _STANDING:
                earlier = first.setdefault(event.case_id, place)
                if earlier != place:
                    answers[place] = _linked(event, rows[earlier], origins[earlier])
        faults = self._refused(answers)
        return {place: answer for place, answer in answers.items() if place not in faults}, faults

    def _one(self, event: Event) -> Answer:
        there = self._proposed.get(event.case_id, [])
        case = self._cases.get(event.case_id)
        same = next((record for record in there if _says(record, event)), None)
        if event.content_id in self._ids and event.content_id not in self._counting:
            return Answer(
                "refused", Text("Usulan ini sudah dicatat lalu ditarik.", "It was recorded and then withdrawn.")
            )
        fuller = next((record for record in there if _completes(event, record)), None)
        stage = None if case is None else case.stage
        if stage == "proposed" and (same or fuller) is not None:
            return self._again(event, same, fuller)
        if case is not None and stage not in _OPEN:
            return _told(case, there, recorded=same is not None)
        return Answer(*_readiness(event.fields), event=event)

    def _again(self, event: Event, same: Record | None, fuller: Record | None) -> Answer:
        """Answer a proposal that is on record: as it is, or with something added."""
        if same is not None or fuller is None:
            fields = same.fields if same is not None else event.fields
            return Answer(*_readiness(fields), recorded=True, link="" if same is None else same.content_id)
        added = {name: value for name, value in event.fields.items() if name not in fuller.fields}
        correction = Event(
            kind="correction",
            village_code=event.village_code,
            case_id=event.case_id,
            happened_on=self._today,
            fields={"corrects": fuller.content_id, "reason": _COMPLETED.of(self._lang), **added},
        )
        return Answer(*_readiness(event.fields), event=correction, recorded=True, link=fuller.content_id)

    def _refused(self, answers: Mapping[int, Answer]) -> dict[int, Fault]:
        new = [(place, answer.event) for place, answer in answers.items() if answer.event is not None]
        judged = sequence([event for _, event in new], self._records, today=self._today)
        faults: dict[int, Fault] = {}
        for one in judged:
            if one.refusal is not None:
                what, hint = one.refusal.what, one.refusal.hint
                told = Text(f"{what.id} {hint.id}".strip(), f"{what.en} {hint.en}".strip())
                faults[new[one.given][0]] = (one.refusal.column, one.refusal.rule, told)
        return faults


def _event(row: Mapping[Any, Any]) -> Event:
    kind = row["intervention_type"]
    service = "internet" if not pd.isna(kind) and kind in INTERNET_TYPES else "mobile"
    fields = {name: row[name] for name in _FIELDS if not pd.isna(row[name])}
    return Event(
        kind="proposed",
        village_code=row["village_code"],
        happened_on=row["proposed_on"],
        case_id=f"{row['village_code']}:{service}",
        fields=fields,
    )


def _says(record: Record, event: Event) -> bool:
    """Return whether a record says all that a proposal says."""
    return record.happened_on == event.happened_on and event.fields.items() <= record.fields.items()


def _completes(event: Event, record: Record) -> bool:
    """Return whether a proposal says all that a record says, and more."""
    told = {name: value for name, value in record.fields.items() if name in _FIELDS}
    return record.happened_on == event.happened_on and bool(told) and told.items() < event.fields.items()


def _readiness(fields: Mapping[str, Value]) -> tuple[Status, Text]:
    wants = [
        words
        for name, words in (
            ("lon", Text("koordinat", "coordinates")),
            ("intervention_type", Text("jenis penanganan", "the kind of handling")),
            ("document", Text("dokumen", "a document")),
        )
        if name not in fields
    ]
    listed = Text(", ".join(one.id for one in wants), ", ".join(one.en for one in wants))
    if "lon" not in fields:
        return "incomplete", Text(
            f"Belum siap diajukan: belum ada {listed.id}.", f"Not ready to submit: lacks {listed.en}."
        )
    return "ready", Text(f"Belum ada {listed.id}.", f"Lacks {listed.en}.") if wants else Text("", "")


def _told(case: Case, there: Sequence[Record], *, recorded: bool) -> Answer:
    """Answer a proposal for a case that is past being proposed, or is proposed already by somebody else."""
    stage = Text(KIND_LABELS[case.stage].id, KIND_LABELS[case.stage].en)
    since = Text(date_text(case.since), date_text(case.since, lang="en"))
    link = there[-1].content_id if there else ""
    if case.stage == "proposed":
        by = f" ({there[-1].fields['proposer']})" if there and "proposer" in there[-1].fields else ""
        message = Text(f"Sudah diusulkan sejak {since.id}{by}.", f"It has been proposed since {since.en}{by}.")
        return Answer("linked", message, recorded=recorded, link=link)
    if case.stage in _DECIDED:
        message = Text(
            f"Sudah diputus: {stage.id} sejak {since.id}. Buka kembali kasusnya dahulu bila akan diusulkan lagi.",
            f"Decided already: {stage.en} since {since.en}. Reopen the case before it is proposed again.",
        )
        return Answer("decided", message, recorded=recorded, link=link)
    partner = f", {case.partner}" if case.partner else ""
    message = Text(
        f"Sudah berjalan: {stage.id} sejak {since.id}{partner}.", f"Under way: {stage.en} since {since.en}{partner}."
    )
    if case.stage in DONE:
        day = case.handled_on or case.since
        done = Text(date_text(day), date_text(day, lang="en"))
        message = Text(f"Sudah tertangani sejak {done.id}{partner}.", f"Handled already, since {done.en}{partner}.")
    return Answer("under_way", message, recorded=recorded, link=link)


def _linked(event: Event, first: Mapping[Any, Any], origin: Origin) -> Answer:
    """Answer a proposal whose desa another row of the list proposes already."""
    source, number = origin
    day = first["proposed_on"].date()
    message = Text(
        f"Desa ini sudah diusulkan pada baris {number} ({first['proposer']}, {date_text(day)}).",
        f"This desa is proposed in row {number} already ({first['proposer']}, {date_text(day, lang='en')}).",
    )
    if event.happened_on.year != day.year:
        message = Text(
            f"{message.id} Usulan tahun {day.year} itu belum diputus.",
            f"{message.en} That proposal of {day.year} waits for its decision.",
        )
    return Answer("linked", message, link=f"{source}:{number}" if source else str(number))
