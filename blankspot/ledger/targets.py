"""Annual target lists: which villages a year's list names, and when a change of the list is refused.

A list is the sum of its changes: a village is on the list of a year, as of a day, if it was added by then and not removed
since. Adding it again is a new version of the list and needs a document that differs from the one it stands on; taking it off
needs a reason.

The list itself says by which rule a village on it counts as done (`target_rule`); without one, the mobile coverage of at
least one case has to be handled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from blankspot.ledger.refusals import Refusal, missing
from blankspot.ledger.workflow import TARGET, TARGET_RULE
from blankspot.words import Text, date_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from blankspot.ledger.events import Content, Record

TargetKey = tuple[int, str]


class Entry(NamedTuple):
    """One village on the target list of one year; `active` is False once it was taken off, `version` counts its changes."""

    village_code: str
    year: int
    since: dt.date
    document: str
    active: bool
    reason: str = ""
    version: int = 1


class TargetRule(NamedTuple):
    """By which rule a village of a year's list counts as done, and the document that says so ("" for the usual rule)."""

    rule: str
    document: str

    @property
    def text(self) -> Text:
        """Return the rule in words."""
        return RULES[self.rule]


RULES: Final = {
    "mobile_any": Text(
        "Desa dihitung tertangani bila cakupan seluler dari sekurang-kurangnya satu kasusnya berstatus tertangani atau "
        "terverifikasi pascapenanganan; titik internet tidak dihitung.",
        "A village counts as handled when the mobile coverage of at least one of its cases stands at handled or verified "
        "after handling; internet points do not count.",
    ),
    "mobile_all": Text(
        "Desa dihitung tertangani bila semua kasus selulernya yang tidak ditolak berstatus tertangani atau terverifikasi "
        "pascapenanganan; titik internet tidak dihitung.",
        "A village counts as handled when all its mobile cases that were not rejected stand at handled or verified after "
        "handling; internet points do not count.",
    ),
    "mobile_verified": Text(
        "Desa dihitung tertangani bila cakupan seluler dari sekurang-kurangnya satu kasusnya terverifikasi "
        "pascapenanganan; titik internet tidak dihitung.",
        "A village counts as handled when the mobile coverage of at least one of its cases was verified after handling; "
        "internet points do not count.",
    ),
    "internet_any": Text(
        "Desa dihitung tertangani bila sekurang-kurangnya satu titik internetnya berstatus tertangani atau terverifikasi "
        "pascapenanganan; cakupan seluler tidak dihitung.",
        "A village counts as handled when at least one of its internet points stands at handled or verified after handling; "
        "mobile coverage does not count.",
    ),
}
USUAL_RULE: Final = TargetRule("mobile_any", "")


def rule_of(records: Iterable[Record], year: int) -> TargetRule:
    """Return the rule of a year's list: the last one that counts; the usual one where none was written."""
    found = USUAL_RULE
    for record in records:
        if record.kind == TARGET_RULE and record.case_id == f"target:{year}" and "rule" in record.fields:
            found = TargetRule(str(record.fields["rule"]), str(record.fields.get("document", "")))
    return found


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
    if event.kind != TARGET and not event.fields.get("reason"):
        return missing(event, "reason", Text("alasannya", "reason"))
    return None


def entry_after(entry: Entry | None, event: Content) -> Entry:
    """Return the entry as an accepted change leaves it."""
    year, village = key_of(event)
    return Entry(
        village,
        year,
        event.happened_on,
        _document(event),
        active=event.kind == TARGET,
        reason=str(event.fields.get("reason", "")),
        version=1 if entry is None else entry.version + 1,
    )


def _document(event: Content) -> str:
    return str(event.fields.get("document", ""))
