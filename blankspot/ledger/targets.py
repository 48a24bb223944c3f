"""Annual target lists: which villages a year's list names, and when a change of the list is refused.

A list is the sum of its changes: a village is on the list of a year, as of a day, if it was added by then and not removed
since. Adding it again is a new version of the list and needs a document that differs from the one it stands on; changes of
one entry come in the order of their days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from blankspot.ledger.workflow import KIND_LABELS, TARGET
from blankspot.words import Text, date_text

if TYPE_CHECKING:
    import datetime as dt

    from blankspot.ledger.events import Content

TargetKey = tuple[int, str]


class Refusal(NamedTuple):
    """Why an event is refused: a stable rule, the column at fault, what was found, and what would be accepted."""

    rule: str
    column: str
    what: Text
    hint: Text


class Entry(NamedTuple):
    """One village on the target list of one year; `active` is False once it was taken off."""

    village_code: str
    year: int
    since: dt.date
    document: str
    active: bool


def key_of(event: Content) -> TargetKey:
    """Return year and village of a change of a target list; year 0 if the event does not say."""
    return int(event.fields.get("year", 0)), event.village_code


def judge_target(entry: Entry | None, event: Content) -> Refusal | None:
    """Return why a change of a target list is refused, None if it is fine; `entry` is what stands there now."""
    year, village = key_of(event)
    if not year:
        return Refusal(
            "year_missing",
            "year",
            Text(
                f"Tahun target desa {village} tidak disebut.",
                f"The year of the target list is missing for village {village}.",
            ),
            Text("Isi kolom Tahun target.", "Fill in the target year."),
        )
    if entry is not None and event.happened_on < entry.since:
        return _too_early(entry, event)
    listed = entry is not None and entry.active
    if event.kind == TARGET and entry is not None and listed and _document(event) in ("", entry.document):
        return Refusal(
            "already_a_target",
            "event",
            Text(
                f"Desa {village} sudah ada di daftar target {year} sejak {date_text(entry.since)}.",
                f"Village {village} is on the target list of {year} already, since {date_text(entry.since, lang='en')}.",
            ),
            Text(
                "Versi baru daftar perlu menyebut dokumennya.", "A new version of the list needs to name its document."
            ),
        )
    if event.kind != TARGET and not listed:
        return Refusal(
            "not_a_target",
            "event",
            Text(
                f"Desa {village} tidak ada di daftar target {year}.",
                f"Village {village} is not on the target list of {year}.",
            ),
            Text("Periksa kode desa dan tahunnya.", "Check the village code and the year."),
        )
    return None


def entry_after(event: Content) -> Entry:
    """Return the entry as an accepted change leaves it."""
    year, village = key_of(event)
    return Entry(village, year, event.happened_on, _document(event), event.kind == TARGET)


def _document(event: Content) -> str:
    return str(event.fields.get("document", ""))


def _too_early(entry: Entry, event: Content) -> Refusal:
    year, village = key_of(event)
    label = KIND_LABELS[event.kind]
    return Refusal(
        "date_before_previous",
        "happened_on",
        Text(
            f"'{label.id}' untuk desa {village} bertanggal {date_text(event.happened_on)}, padahal daftar target {year} "
            f"terakhir mengubahnya pada {date_text(entry.since)}.",
            f"'{label.en}' for village {village} is dated {date_text(event.happened_on, lang='en')}, but the target list "
            f"of {year} last changed it on {date_text(entry.since, lang='en')}.",
        ),
        Text("Perubahan dicatat menurut urutan tanggal.", "Changes are recorded in the order of their days."),
    )
