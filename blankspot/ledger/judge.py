"""Whether new events may be recorded: the one judgement, made by replaying what is on record together with what is new.

A new event is fine if, with it, everything on record stays as legal as it was. So a move that was forgotten can be recorded
later with its own day, and a correction is refused when it would make another record impossible. What was recorded is never
to blame; of new events, the last one before the record that would break.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from blankspot.ledger.effective import effective, put_right
from blankspot.ledger.events import Record
from blankspot.ledger.fold import Case, case_after, judge_move, replay, replay_entry
from blankspot.ledger.refusals import (
    Refusal,
    before_previous,
    contradicts,
    in_conflict,
    in_future,
    missing,
    unknown_reference,
)
from blankspot.ledger.targets import key_of
from blankspot.ledger.workflow import STAGES, TARGET_KINDS, rank
from blankspot.words import Text, date_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from blankspot.ledger.events import Content, Event

_MOVES: Final = frozenset(STAGES)
_LATEST: Final = dt.datetime.max.replace(tzinfo=dt.UTC)
_NEW: Final = "~"


class Judged(NamedTuple):
    """A new event, as it would be recorded, and why it is refused (None if it is not); `given` is its place in the input."""

    event: Event
    refusal: Refusal | None
    given: int


def sequence(
    events: Sequence[Event], records: Iterable[Record], *, today: dt.date, allow_skips: bool = False
) -> list[Judged]:
    """Put new events into the order in which they can be legal, and judge each.

    By day; within a day, of the moves of one case always the earliest in the order of the work that is legal. The order in
    which the events are given never matters.

    Args:
        events: Distinct events that are not on record.
        records: What is on record about their subjects (more does no harm), distinct, in the order it happened.
        today: Later days are refused.
        allow_skips: Let a move that is refused only because stages before it are not on record say so itself (`skips`).

    Returns:
        Each event once, in the order to record them: what puts the record right comes first, as it is judged first. A refused
        one does not count for those after it.
    """
    subjects = {event.case_id for event in events}
    known: dict[str, list[Record]] = {subject: [] for subject in subjects}
    for record in records:
        if record.case_id in subjects:
            known[record.case_id].append(record)
    waiting: dict[str, list[Judged]] = {}
    order = sorted(
        range(len(events)), key=lambda i: (events[i].happened_on, rank(events[i].kind), events[i].content_id)
    )
    for place in order:
        event = events[place]
        corrected = str(event.fields.get("corrected_on", ""))
        refusal = in_future(event, today) if max(event.happened_on.isoformat(), corrected) > today.isoformat() else None
        waiting.setdefault(event.case_id, []).append(Judged(event, refusal, place))
    judged = [one for subject, new in waiting.items() for one in _Docket(known[subject], allow_skips).judge(new)]
    return sorted(judged, key=lambda one: (_group(one.event.kind) != "repair", one.event.happened_on))


class _Docket:
    """What is on record about one subject, to which new events are added as they are found legal."""

    def __init__(self, records: list[Record], allow_skips: bool) -> None:  # noqa: FBT001 - the one caller is above
        self._records = records
        self._allow_skips = allow_skips

    def judge(self, new: list[Judged]) -> list[Judged]:
        """Judge new events: what puts the record right first, then moves and target lists, then what rests on them."""
        self._ids = {record.content_id: record for record in self._records}
        groups: dict[str, list[Judged]] = {}
        for one in new:
            groups.setdefault(_group(one.event.kind) if one.refusal is None else "refused", []).append(one)
        judged = list(groups.get("refused", ()))
        for one in groups.get("repair", ()):
            judged.append(one._replace(refusal=self._judge_repair(one.event)))
            self._take(judged[-1])
        judged += self._judge_moves(groups.get("move", []))
        judged += self._judge_entries(groups.get("target", []))
        for one in groups.get("beside", ()):
            judged.append(one._replace(refusal=self._judge_beside(one.event)))
            self._take(judged[-1])
        return judged

    def _take(self, one: Judged) -> None:
        if one.refusal is None:
            record = _as_record(one.event, len(self._records))
            self._records = [*self._records, record]
            self._ids[record.content_id] = record

    def _judge_moves(self, new: list[Judged]) -> list[Judged]:
        if not new:
            return []
        found = effective(self._records)
        conflict = found.conflicts.get(new[0].event.case_id)
        if conflict is not None:
            return [one._replace(refusal=in_conflict(one.event, conflict.heads)) for one in new]
        timeline: list[Record] = [record for record in found.records if record.kind in _MOVES]
        end, broken = replay(None, timeline)
        if end is None or all(one.event.happened_on >= end.since for one in new):
            judged = _after(end, new, self._allow_skips)
        else:
            judged = _among(timeline, {record.content_id for record, _ in broken}, new, self._allow_skips)
            judged = [_told(end, one) for one in judged]
        for one in judged:
            self._take(one)
        return judged

    def _judge_entries(self, new: list[Judged]) -> list[Judged]:
        judged: list[Judged] = []
        for one in new:
            counting = [record for record in effective(self._records).records if record.kind in TARGET_KINDS]
            mine = [record for record in counting if key_of(record) == key_of(one.event)]
            _, before = replay_entry(None, mine)
            timeline: list[Content] = sorted([*mine, one.event], key=_day)  # stable: the new one last of its day
            _, after = replay_entry(None, timeline)
            refusal = next((refusal for event, refusal in after if event is one.event), None)
            blamed = {record.content_id for record, _ in before}
            hit = next(
                (event for event, _ in after if isinstance(event, Record) and event.content_id not in blamed), None
            )
            if refusal is None and hit is not None:
                refusal = contradicts(one.event, hit)
            judged.append(one._replace(refusal=refusal))
            self._take(judged[-1])
        return judged

    def _judge_repair(self, event: Event) -> Refusal | None:
        if not event.fields.get("reason"):
            return missing(event, "reason", Text("alasannya", "reason"))
        return self._judge_settlement(event) if event.kind == "settled" else self._judge_correction(event)

    def _judge_settlement(self, event: Event) -> Refusal | None:
        branches = effective(self._records).conflicts.get(event.case_id)
        named = {str(event.fields.get("chosen", "")), *str(event.fields.get("voids", "")).split()}
        if branches is not None and event.fields.get("chosen") in branches.heads and named >= set(branches.heads):
            return None
        heads = () if branches is None else branches.heads
        shown = ", ".join(head[:12] for head in heads)
        return Refusal(
            "settlement_unfit",
            "chosen",
            Text(
                f"Kasus {event.case_id} tidak sedang berbeda catatan."
                if not heads
                else f"Penyelesaian kasus {event.case_id} harus memilih satu dari {shown} dan menyebut yang lain.",
                f"Case {event.case_id} is not in conflict."
                if not heads
                else f"Settling case {event.case_id} has to choose one of {shown} and name the others.",
            ),
            Text("Lihat dengan: blankspot track conflicts.", "See: blankspot track conflicts."),
        )

    def _judge_correction(self, event: Event) -> Refusal | None:
        target = self._ids.get(str(event.fields.get("corrects", "")))
        if target is None:
            return unknown_reference(event, "corrects")
        withdraws = bool(event.fields.get("withdraws"))
        corrected = put_right(target, event.fields)
        same = (corrected.fields, corrected.happened_on) == (target.fields, target.happened_on)
        if (target.kind in ("correction", "settled") and not withdraws) or (same and not withdraws):
            return Refusal(
                "correction_empty",
                "corrects",
                Text(
                    f"Pembetulan catatan {target.content_id[:12]} tidak mengubah apa pun.",
                    f"The correction of record {target.content_id[:12]} changes nothing.",
                ),
                Text(
                    "Sebut isian yang benar, atau cabut catatannya; pembetulan hanya dapat dicabut.",
                    "Give the right values, or withdraw the record; a correction can only be withdrawn.",
                ),
            )
        lacking = self._lacking(corrected)
        if lacking is not None and not withdraws:
            return lacking
        if target.kind == "settled":
            return None  # what the settlement had put aside comes back as it was: in conflict
        broken = _newly_broken(self._records, [*self._records, _as_record(event, len(self._records))])
        return None if broken is None else contradicts(event, broken)

    def _judge_beside(self, event: Event) -> Refusal | None:
        lacking = self._lacking(event)
        if lacking is not None:
            return lacking
        if event.kind == "money" and not any(record.kind in _MOVES for record in self._records):
            return illegal_money(event)
        return self._judge_letter(event) if event.kind == "letter" else None

    def _lacking(self, event: Content) -> Refusal | None:
        """Return what an event beside the moves cannot do without, None if it is all there."""
        fields = event.fields
        for column, what in _NEEDED.get(event.kind, ()):
            if fields.get(column) is None:
                return missing(event, column, what)
        if event.kind == "note" and not {"constraint", "follow_up", "note"} & set(fields):
            return missing(
                event, "constraint", Text("kendala, tindak lanjut, atau catatan", "constraint, follow-up or note")
            )
        if event.kind == "note_closed":
            note = self._ids.get(str(fields["refers"]))
            known = note is not None and note.kind == "note" and note.happened_on <= event.happened_on
            return None if known else unknown_reference(event, "refers")
        if event.kind == "target_rule" and event.case_id != f"target:{fields['year']}":
            return missing(event, "year", Text("tahun daftarnya sendiri", "year of its own list"))
        return None

    def _judge_letter(self, event: Event) -> Refusal | None:
        used = next((record for record in effective(self._records).records if record.kind == "letter"), None)
        if used is None:
            return None
        return Refusal(
            "number_used",
            "number",
            Text(
                f"Nomor surat {event.fields['number']} sudah dipakai pada {date_text(used.happened_on)} untuk "
                f"{used.fields.get('partner', used.fields.get('letter_kind'))}.",
                f"The letter number {event.fields['number']} was used on {date_text(used.happened_on, lang='en')} for "
                f"{used.fields.get('partner', used.fields.get('letter_kind'))}.",
            ),
            Text(
                "Pakai nomor lain, atau cabut surat itu dahulu.", "Use another number, or withdraw that letter first."
            ),
        )


_NEEDED: Final[dict[str, tuple[tuple[str, Text], ...]]] = {
    "money": (("amount_rp", Text("jumlah rupiahnya", "amount in rupiah")),),
    "note_closed": (("refers", Text("catatan yang selesai", "note that is closed")),),
    "target_rule": (("year", Text("tahun target", "target year")), ("rule", Text("aturannya", "rule"))),
    "letter": (
        ("number", Text("nomor surat", "letter number")),
        ("letter_kind", Text("jenis surat", "kind of letter")),
    ),
    "indicator": (("indicator", Text("nama indikator", "name of the indicator")), ("unit", Text("satuan", "unit"))),
    "figure": (("period", Text("periode", "period")),),
}


def illegal_money(event: Event) -> Refusal:
    """Say that money cannot be realised for a case that has not begun."""
    return Refusal(
        "case_not_begun",
        "case_id",
        Text(
            f"Kasus {event.case_id} belum dimulai; tidak ada yang dapat dibayar.",
            f"Case {event.case_id} has not begun; there is nothing to pay for.",
        ),
        Text("Catat usulan dan keputusannya dahulu.", "Record its proposal and decision first."),
    )


def _group(kind: str) -> str:
    if kind in _MOVES:
        return "move"
    if kind in TARGET_KINDS:
        return "target"
    return "repair" if kind in ("correction", "settled") else "beside"


def _day(event: Content) -> dt.date:
    return event.happened_on


def _as_record(event: Event, seq: int) -> Record:
    """Return a new event as if it had been recorded after everything else."""
    return Record(
        _NEW, seq, event.content_id, event.kind, event.case_id, event.village_code, event.happened_on, _LATEST,
        event.fields, "", "",
    )  # fmt: skip


def _after(case: Case | None, new: list[Judged], allow_skips: bool) -> list[Judged]:  # noqa: FBT001 - as its caller
    """Judge moves that all come after the last one on record: of each day, the earliest in the order of the work first."""
    judged: list[Judged] = []
    left = new
    while left:
        today = [one for one in left if one.event.happened_on == left[0].event.happened_on]
        chosen = _first_legal(case, today, allow_skips)
        if chosen.refusal is None:
            case = case_after(case, chosen.event)
        judged.append(chosen)
        left = [other for other in left if other.given != chosen.given]
    return judged


def _first_legal(case: Case | None, waiting: list[Judged], allow_skips: bool) -> Judged:  # noqa: FBT001 - as its caller
    refused = []
    for one in waiting:
        refusal = judge_move(case, one.event)
        if refusal is None:
            return one
        refused.append(one._replace(refusal=refusal))
    if allow_skips:
        refused = [_skipping(case, one) for one in refused]
    return next((one for one in refused if one.refusal is None), refused[0])


def _skipping(case: Case | None, one: Judged) -> Judged:
    """Judge a refused move again as one that says what it skips; keep it as it was if that does not get it further."""
    skipping = one.event.skipping()
    refusal = judge_move(case, skipping)
    if refusal is not None and one.refusal is not None and refusal.rule == one.refusal.rule:
        return one
    return Judged(skipping, refusal, one.given)


def _among(
    timeline: list[Record],
    broken: set[str],
    new: list[Judged],
    allow_skips: bool,  # noqa: FBT001 - as its caller
) -> list[Judged]:
    """Judge moves of which some are dated before the last one on record, by replaying both together."""
    judged: list[Judged] = []
    left = [replace_given(one) for one in new]
    while True:
        together: list[Content] = sorted([*timeline, *(one.event for one in left)], key=_day)
        case, refused = replay(None, together)
        del case
        ours = {id(one.event): one for one in left}
        fault = next(((event, refusal) for event, refusal in refused if id(event) in ours), None)
        if fault is not None:
            event, refusal = fault
            one = ours[id(event)]
            left = [other for other in left if other is not one]
            if allow_skips and refusal.rule == "illegal_move" and not one.event.fields.get("skips"):
                left.append(one._replace(event=one.event.skipping()))
            else:
                judged.append(one._replace(refusal=refusal))
            continue
        hit = next(
            (event for event, _ in refused if isinstance(event, Record) and event.content_id not in broken), None
        )
        if hit is None:
            return [*judged, *left]
        blamed = max((one for one in left if one.event.happened_on <= hit.happened_on), key=lambda one: _day(one.event))
        judged.append(blamed._replace(refusal=contradicts(blamed.event, hit)))
        left = [other for other in left if other is not blamed]


def replace_given(one: Judged) -> Judged:
    """Return the same with an event object of its own, so that equal events are told apart."""
    return one._replace(event=replace(one.event))


def _told(end: Case, one: Judged) -> Judged:
    """Say of a move that would be fine today that only its day is wrong."""
    early = one.refusal is not None and one.event.happened_on < end.since
    if early and one.refusal is not None and one.refusal.rule == "illegal_move" and judge_move(end, one.event) is None:
        return one._replace(refusal=before_previous(end, one.event))
    return one


def _newly_broken(before: list[Record], after: list[Record]) -> Record | None:
    """Return the first record that is legal before and is not after, None if there is none."""
    known = {record.content_id for record in _broken(before)}
    return next((record for record in _broken(after) if record.content_id not in known), None)


def _broken(records: list[Record]) -> list[Record]:
    counting = effective(sorted(records, key=lambda record: (record.happened_on, record.recorded_at))).records
    _, refused = replay(None, [record for record in counting if record.kind in _MOVES])
    broken = [record for record, _ in refused]
    entries: dict[tuple[int, str], list[Record]] = {}
    for record in counting:
        if record.kind in TARGET_KINDS:
            entries.setdefault(key_of(record), []).append(record)
    for timeline in entries.values():
        broken += [record for record, _ in replay_entry(None, timeline)[1]]
    broken += [record for record in counting if record.kind == "letter"][1:]
    begun = any(record.kind in _MOVES for record in counting)
    return broken + [record for record in counting if record.kind == "money" and not begun]
