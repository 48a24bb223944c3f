"""Why an event is refused, in words: a stable rule, the column at fault, what was found, and what would be accepted."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from blankspot.ledger.workflow import KIND_LABELS, NEXT, may_precede, stage_name, stage_names
from blankspot.words import Text, date_text

if TYPE_CHECKING:
    from blankspot.ledger.events import Content
    from blankspot.ledger.fold import Case


class Refusal(NamedTuple):
    """Why an event is refused: a stable rule, the column at fault, what was found, and what would be accepted."""

    rule: str
    column: str
    what: Text
    hint: Text


def illegal_move(case: Case | None, event: Content) -> Refusal:
    """Say that the workflow does not allow the move where the case stands."""
    stage = None if case is None else case.stage
    expected = may_precede(event.kind)
    since = Text("", "")
    if case is not None:
        since = Text(f" sejak {date_text(case.since)}", f" since {date_text(case.since, lang='en')}")
    following = NEXT[stage]
    return Refusal(
        "illegal_move",
        "event",
        Text(
            f"Langkah '{KIND_LABELS[event.kind].id}' untuk kasus {event.case_id} mensyaratkan tahap "
            f"{stage_names(expected, 'id')}; yang tercatat: {stage_name(stage, 'id')}{since.id}.",
            f"The move '{KIND_LABELS[event.kind].en}' of case {event.case_id} requires the stage "
            f"{stage_names(expected, 'en')}; on record: {stage_name(stage, 'en')}{since.en}.",
        ),
        Text(
            f"Langkah berikut yang sah: {stage_names(following, 'id')}.",
            f"What may come next: {stage_names(following, 'en')}.",
        ),
    )


def before_previous(case: Case, event: Content) -> Refusal:
    """Say that a move which would be fine today is dated before the last one, where it does not fit."""
    label = KIND_LABELS[event.kind]
    return Refusal(
        "date_before_previous",
        "happened_on",
        Text(
            f"Langkah '{label.id}' untuk kasus {event.case_id} bertanggal {date_text(event.happened_on)}, sebelum langkah "
            f"terakhirnya {stage_name(case.stage, 'id')} pada {date_text(case.since)}.",
            f"The move '{label.en}' of case {event.case_id} is dated {date_text(event.happened_on, lang='en')}, before its "
            f"last move {stage_name(case.stage, 'en')} on {date_text(case.since, lang='en')}.",
        ),
        Text("Periksa tanggalnya.", "Check the date."),
    )


def contradicts(event: Content, later: Content) -> Refusal:
    """Say that with this event, another one that is on record would not be legal any more."""
    label, other = KIND_LABELS[event.kind], KIND_LABELS[later.kind]
    return Refusal(
        "contradicts_record",
        "happened_on",
        Text(
            f"Dengan '{label.id}' bertanggal {date_text(event.happened_on)}, langkah '{other.id}' pada "
            f"{date_text(later.happened_on)} yang sudah tercatat untuk {later.case_id} menjadi tidak sah.",
            f"With '{label.en}' dated {date_text(event.happened_on, lang='en')}, the move '{other.en}' of "
            f"{date_text(later.happened_on, lang='en')} that is on record for {later.case_id} would not be legal.",
        ),
        Text("Periksa tanggalnya, atau betulkan langkah itu dahulu.", "Check the date, or correct that move first."),
    )


def in_future(event: Content, today: dt.date) -> Refusal:
    """Say that the day has not come yet."""
    day = max(event.happened_on, dt.date.fromisoformat(str(event.fields.get("corrected_on", dt.date.min))))
    return Refusal(
        "date_in_future",
        "happened_on",
        Text(
            f"Tanggal {date_text(day)} belum tiba (hari ini {date_text(today)}).",
            f"The day {date_text(day, lang='en')} has not come yet (today is {date_text(today, lang='en')}).",
        ),
        Text("Catat yang sudah terjadi.", "Record what has happened."),
    )


def in_conflict(event: Content, heads: tuple[str, ...]) -> Refusal:
    """Say that the case waits for a settlement."""
    shown = ", ".join(head[:12] for head in heads)
    return Refusal(
        "case_in_conflict",
        "event",
        Text(
            f"Kasus {event.case_id} digerakkan beberapa kantor tanpa saling mengetahui ({shown}) dan belum diselesaikan.",
            f"Case {event.case_id} was moved by several offices that did not know of each other ({shown}); it is not "
            "settled yet.",
        ),
        Text(
            "Pilih langkah yang berlaku dengan: blankspot track settle.",
            "Choose the move that stands with: blankspot track settle.",
        ),
    )


def missing(event: Content, column: str, what: Text) -> Refusal:
    """Say that an event of this kind needs a field that is empty; `what` names the field for readers."""
    label = KIND_LABELS[event.kind]
    about = event.village_code or event.case_id
    return Refusal(
        f"{column}_missing",
        column,
        Text(f"'{label.id}' untuk {about} tidak menyebut {what.id}.", f"'{label.en}' for {about} names no {what.en}."),
        Text(f"Isi {what.id}.", f"Give the {what.en}."),
    )


def withdrawn_before(event: Content) -> Refusal:
    """Say that the same content was recorded once and then withdrawn: recorded again, it would still not count."""
    label = KIND_LABELS[event.kind]
    return Refusal(
        "withdrawn_before",
        "event",
        Text(
            f"'{label.id}' untuk {event.case_id} dengan isi yang sama pernah dicatat lalu dicabut.",
            f"'{label.en}' for {event.case_id} was recorded with the same content before and then withdrawn.",
        ),
        Text(
            "Cabut pencabutannya (lihat: blankspot track history), atau catat dengan isi yang berbeda, misalnya catatannya.",
            "Withdraw the withdrawal (see: blankspot track history), or record it with another content, such as its note.",
        ),
    )


def unknown_reference(event: Content, column: str) -> Refusal:
    """Say that what the event refers to is not on record for its subject."""
    named = str(event.fields.get(column, ""))[:12]
    label = KIND_LABELS[event.kind]
    return Refusal(
        "reference_unknown",
        column,
        Text(
            f"'{label.id}' menunjuk catatan {named}…, yang tidak ada untuk {event.case_id}.",
            f"'{label.en}' refers to the record {named}…, which is not on record for {event.case_id}.",
        ),
        Text("Lihat nomornya dengan: blankspot track history.", "Look its number up with: blankspot track history."),
    )
