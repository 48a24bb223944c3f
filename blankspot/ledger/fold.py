"""From events to state: a pure fold, and the one judgement whether an event may follow what is already there.

Events are folded in the order of the day they happened, and within a day in the order they were recorded. The same content
recorded twice (by two offices whose ledgers were merged) counts once. An event that the workflow does not allow where it
stands changes nothing and is kept as a conflict: `append` never lets one in, but a merge of two honest ledgers may bring
one, and it must neither stop the fold nor vanish.

Reopening voids the assignment and the handling: nobody handles a reopened case until it is assigned again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from blankspot.ledger.events import INTERNET_TYPES
from blankspot.ledger.targets import Entry, Refusal, TargetKey, entry_after, judge_target, key_of
from blankspot.ledger.workflow import (
    KIND_LABELS,
    NEXT,
    TARGET_KINDS,
    may_follow,
    may_precede,
    rank,
    stage_name,
    stage_names,
)
from blankspot.words import Text, date_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from blankspot.ledger.events import Content, Event, Record

_ASSIGNMENT: Final = ("partner", "intervention_type", "funding_source")


class Case(NamedTuple):
    """Where one case stands: its stage since which day, and what is known about it. Empty text is "not known"."""

    case_id: str
    village_code: str
    stage: str
    since: dt.date
    partner: str = ""
    intervention_type: str = ""
    funding_source: str = ""
    budget_rp: float | None = None
    handled_on: dt.date | None = None
    evidence: str = ""
    document: str = ""
    note: str = ""
    moves: int = 0

    @property
    def service(self) -> str:
        """What the case is about: "internet" if its name or what is built says so, else "mobile"."""
        named = self.case_id.split(":")[1]
        return "internet" if self.intervention_type in INTERNET_TYPES else named


class Conflict(NamedTuple):
    """An event that stands in the ledger but is not legal where it stands."""

    record: Record
    refusal: Refusal


@dataclass(frozen=True, kw_only=True)
class State:
    """What the events add up to.

    Attributes:
        cases: Every case that has made a move, by case_id.
        targets: Every entry of every target list, by (year, village code), removed ones included.
        conflicts: Events that changed nothing because they were not legal.
    """

    cases: Mapping[str, Case] = field(default_factory=dict)
    targets: Mapping[TargetKey, Entry] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()


class Draft:
    """A working copy of a state, to which events are added one by one; the state it began with stays as it is."""

    def __init__(self, start: State | None = None) -> None:
        start = start or State()
        self._cases = dict(start.cases)
        self._targets = dict(start.targets)
        self._conflicts = list(start.conflicts)

    def judge(self, event: Content, *, today: dt.date | None = None) -> Refusal | None:
        """Return why `event` may not come next, None if it may; days after `today` are refused when it is given."""
        if today is not None and event.happened_on > today:
            return _in_future(event, today)
        if event.kind in TARGET_KINDS:
            return judge_target(self._targets.get(key_of(event)), event)
        return judge_move(self._cases.get(event.case_id), event)

    def take(self, event: Content) -> None:
        """Apply an event that `judge` has nothing against."""
        if event.kind in TARGET_KINDS:
            self._targets[key_of(event)] = entry_after(event)
        else:
            self._cases[event.case_id] = case_after(self._cases.get(event.case_id), event)

    def add(self, record: Record) -> None:
        """Apply a record; one that is not legal where it stands changes nothing and is kept as a conflict."""
        refusal = self.judge(record)
        if refusal is None:
            self.take(record)
        else:
            self._conflicts.append(Conflict(record, refusal))

    def case(self, case_id: str) -> Case | None:
        """Return where a case stands, None if it has not begun."""
        return self._cases.get(case_id)

    def state(self) -> State:
        """Return what the draft has become."""
        return State(
            cases=MappingProxyType(dict(self._cases)),
            targets=MappingProxyType(dict(self._targets)),
            conflicts=tuple(self._conflicts),
        )


def fold(records: Iterable[Record], *, start: State | None = None) -> State:
    """Fold distinct records, in the order that `chronological` gives, into a state.

    Args:
        records: The records to add.
        start: The state that earlier records gave; it is not changed.
    """
    draft = Draft(start)
    for record in records:
        draft.add(record)
    return draft.state()


def chronological(records: Iterable[Record]) -> list[Record]:
    """Return records in the order they are folded: by day, then as recorded; the same content only once, the earliest."""
    ordered = sorted(records, key=lambda record: (record.happened_on, record.recorded_at, record.origin, record.seq))
    return distinct(ordered)


def distinct(ordered: Iterable[Record]) -> list[Record]:
    """Return records without the repetitions of a content, the first of each kept."""
    first: dict[str, Record] = {}
    for record in ordered:
        first.setdefault(record.content_id, record)
    return list(first.values())


class Judged(NamedTuple):
    """A new event, as it would be recorded, and why it is refused (None if it is not); `given` is its place in the input."""

    event: Event
    refusal: Refusal | None
    given: int


def sequence(
    events: Sequence[Event], start: State, *, today: dt.date, allow_skips: bool = False
) -> tuple[list[Judged], State]:
    """Put new events into the order in which they can be legal, and judge each.

    By day; within a day, of the moves of one case (or the changes of one target entry) always the earliest in the order of
    the work that is legal. The order in which the events are given never matters.

    Args:
        events: Distinct events that are not on record.
        start: What is on record.
        today: Later days are refused.
        allow_skips: Let a move that is refused only because stages before it are not on record say so itself (`skips`).

    Returns:
        Each event once; a refused one does not count for those after it. And the state with those that are not refused.
    """
    waiting: dict[tuple[dt.date, object], list[Judged]] = {}
    order = sorted(
        range(len(events)), key=lambda i: (events[i].happened_on, rank(events[i].kind), events[i].content_id)
    )
    for place in order:
        event = events[place]
        subject = key_of(event) if event.is_target else event.case_id
        waiting.setdefault((event.happened_on, subject), []).append(Judged(event, None, place))
    draft = Draft(start)
    judged: list[Judged] = []
    for group in waiting.values():
        left = group
        while left:
            chosen = _first_legal(draft, left, today, allow_skips=allow_skips)
            if chosen.refusal is None:
                draft.take(chosen.event)
            judged.append(chosen)
            left = [other for other in left if other.given != chosen.given]
    return judged, draft.state()


def _first_legal(draft: Draft, waiting: list[Judged], today: dt.date, *, allow_skips: bool) -> Judged:
    refused = []
    for one in waiting:
        refusal = draft.judge(one.event, today=today)
        if refusal is None:
            return one
        refused.append(one._replace(refusal=refusal))
    if allow_skips:
        refused = [_skipping(draft, one, today) for one in refused]
    return next((one for one in refused if one.refusal is None), refused[0])


def _skipping(draft: Draft, one: Judged, today: dt.date) -> Judged:
    """Judge a refused move again as one that says what it skips; keep it as it was if that does not get it further."""
    skipping = one.event.skipping()
    refusal = draft.judge(skipping, today=today)
    if refusal is not None and one.refusal is not None and refusal.rule == one.refusal.rule:
        return one
    return Judged(skipping, refusal, one.given)


def judge_move(case: Case | None, event: Content) -> Refusal | None:
    """Return why a case may not make this move, None if it may; `case` is None if it has not begun."""
    stage = None if case is None else case.stage
    if event.kind not in NEXT[stage] and not may_follow(stage, event.kind, skips=bool(event.fields.get("skips"))):
        return _illegal(case, event)
    if case is not None and event.happened_on < case.since:
        return _before_previous(case, event)
    if event.kind == "handled" and not event.fields.get("evidence"):
        return Refusal(
            "evidence_missing",
            "evidence",
            Text(
                f"Penanganan desa {event.village_code} tidak menyebut bukti.",
                f"The handling of village {event.village_code} names no evidence.",
            ),
            Text(
                "Isi rujukan bukti, misalnya nomor berita acara uji sinyal.",
                "Give a reference of the evidence, e.g. the number of the signal test minutes.",
            ),
        )
    return None


def case_after(case: Case | None, event: Content) -> Case:
    """Return the case as an accepted move leaves it."""
    fields = event.fields
    known: dict[str, Any] = {name: fields[name] for name in _CARRIED if name in fields}
    if event.kind == "reopened":
        known = {**_VOID, **known}
    elif event.kind == "handled":
        known["handled_on"] = event.happened_on
    if case is None:
        case = Case(event.case_id, event.village_code, event.kind, event.happened_on)
    return case._replace(stage=event.kind, since=event.happened_on, moves=case.moves + 1, **known)


_CARRIED: Final = (*_ASSIGNMENT, "budget_rp", "evidence", "document", "note")
_VOID: Final[dict[str, Any]] = {
    **dict.fromkeys(_ASSIGNMENT, ""),
    "budget_rp": None,
    "handled_on": None,
    "evidence": "",
}


def _illegal(case: Case | None, event: Content) -> Refusal:
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


def _before_previous(case: Case, event: Content) -> Refusal:
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


def _in_future(event: Content, today: dt.date) -> Refusal:
    return Refusal(
        "date_in_future",
        "happened_on",
        Text(
            f"Tanggal {date_text(event.happened_on)} belum tiba (hari ini {date_text(today)}).",
            f"The day {date_text(event.happened_on, lang='en')} has not come yet (today is {date_text(today, lang='en')}).",
        ),
        Text("Catat yang sudah terjadi.", "Record what has happened."),
    )
