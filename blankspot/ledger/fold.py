"""From events to state: a pure fold over the records that count.

Records are folded in the order of the day they happened. Of several moves of one case on one day, always the first recorded
that is legal. The same content recorded twice (by two offices whose ledgers were merged) counts once. A record that the
workflow does not allow where it stands changes nothing and is kept as a conflict: `append` never lets one in, but a merge of
two honest ledgers may bring one, and it must neither stop the fold nor vanish.

Reopening voids the assignment and the handling: nobody handles a reopened case until it is assigned again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar, cast

from blankspot.ledger.effective import effective
from blankspot.ledger.events import INTERNET_TYPES
from blankspot.ledger.refusals import Refusal, illegal_move, missing
from blankspot.ledger.targets import Entry, TargetKey, entry_after, judge_target, key_of
from blankspot.ledger.workflow import NEXT, STAGES, TARGET_KINDS, may_follow
from blankspot.words import Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from blankspot.ledger.effective import Branches, Effective
    from blankspot.ledger.events import Content, Record

T = TypeVar("T", bound="Content")
_MOVES: Final = frozenset(STAGES)
_ASSIGNMENT: Final = ("partner", "intervention_type", "funding_source", "planned_quarter")


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
    planned_quarter: str = ""
    realized_rp: float | None = None
    reason: str = ""
    channel: str = ""

    @property
    def service(self) -> str:
        """What the case is about: "internet" if its name or what is built says so, else "mobile"."""
        named = self.case_id.split(":")[1]
        return "internet" if self.intervention_type in INTERNET_TYPES else named


class Conflict(NamedTuple):
    """A record that counts but is not legal where it stands."""

    record: Record
    refusal: Refusal


@dataclass(frozen=True, kw_only=True)
class State:
    """What the events add up to.

    Attributes:
        cases: Every case that has made a move, by case_id.
        targets: Every entry of every target list, by (year, village code), removed ones included.
        conflicts: Records that changed nothing because they were not legal.
        branches: Cases that several offices moved without knowing of each other, by case_id.
        heads: The last recorded move of each case, by case_id.
    """

    cases: Mapping[str, Case] = field(default_factory=dict)
    targets: Mapping[TargetKey, Entry] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    branches: Mapping[str, Branches] = field(default_factory=dict)
    heads: Mapping[str, str] = field(default_factory=dict)


def fold(records: Iterable[Record], *, as_of: dt.date | None = None) -> State:
    """Fold distinct records, in the order that `effective.chronological` gives, into a state.

    Args:
        records: All records that are known; corrections may reach back before `as_of`.
        as_of: Only what happened by this day counts.
    """
    return add_up(effective(records), as_of=as_of)


def add_up(found: Effective, *, as_of: dt.date | None = None) -> State:
    """Fold what counts into a state; `as_of` as in `fold`."""
    moves: dict[str, list[Record]] = {}
    entries: dict[TargetKey, list[Record]] = {}
    money: dict[str, float] = {}
    for record in found.records:
        if as_of is not None and record.happened_on > as_of:
            break
        if record.kind in _MOVES:
            moves.setdefault(record.case_id, []).append(record)
        elif record.kind in TARGET_KINDS:
            entries.setdefault(key_of(record), []).append(record)
        elif record.kind == "money" and "amount_rp" in record.fields:
            money[record.case_id] = money.get(record.case_id, 0.0) + float(record.fields["amount_rp"])
    cases: dict[str, Case] = {}
    conflicts: list[Conflict] = []
    for case_id, timeline in moves.items():
        case, refused = replay(None, timeline)
        conflicts += [Conflict(*one) for one in refused]
        if case is not None:
            cases[case_id] = case._replace(realized_rp=money[case_id]) if case_id in money else case
    targets: dict[TargetKey, Entry] = {}
    for key, timeline in entries.items():
        entry, refused = replay_entry(None, timeline)
        conflicts += [Conflict(*one) for one in refused]
        if entry is not None:
            targets[key] = entry
    return State(
        cases=MappingProxyType(cases),
        targets=MappingProxyType(targets),
        conflicts=tuple(sorted(conflicts, key=lambda one: (one.record.happened_on, one.record.content_id))),
        branches=MappingProxyType(_visible(found, as_of)),
        heads=MappingProxyType({case_id: found.heads.get(case_id, "") for case_id in cases}),
    )


def _visible(found: Effective, as_of: dt.date | None) -> dict[str, Branches]:
    """Return the conflicts of which at least two branches had moved by a day."""
    if as_of is None or not found.conflicts:
        return found.conflicts
    by_then = {record.content_id for record in found.records if record.happened_on <= as_of}
    return {
        case_id: branches
        for case_id, branches in found.conflicts.items()
        if sum(bool(alone & by_then) for alone in branches.alone.values()) > 1
    }


def replay(case: Case | None, timeline: Sequence[T]) -> tuple[Case | None, list[tuple[T, Refusal]]]:
    """Take a case through its moves, day by day.

    Args:
        case: Where it stands before the first of them; None if it has not begun.
        timeline: Moves in the order of their days.

    Returns:
        Where the case stands then, and the moves that were not legal on their day, each with the reason.
    """
    refused: list[tuple[T, Refusal]] = []
    path = _Path(case)
    place = 0
    while place < len(timeline):
        end = place + 1
        while end < len(timeline) and timeline[end].happened_on == timeline[place].happened_on:
            end += 1
        left = list(timeline[place:end])
        while left:
            legal = next((one for one in left if path.refusal(one) is None), None)
            if legal is None:
                refused += [(one, path.refusal(one) or illegal_move(path.case(), one)) for one in left]
                break
            path.take(legal)
            left.remove(legal)
        place = end
    return path.case(), refused


class _Path:
    """A case on its way: its stage, and what is known about it so far."""

    def __init__(self, case: Case | None) -> None:
        self._known: dict[str, Any] = {} if case is None else case._asdict()

    def case(self) -> Case | None:
        return Case(**self._known) if self._known else None

    def refusal(self, event: Content) -> Refusal | None:
        kind, fields = event.kind, event.fields
        stage = self._known.get("stage")
        if kind not in NEXT[stage] and not may_follow(stage, kind, skips=bool(fields.get("skips"))):
            return illegal_move(self.case(), event)
        needed = _NEEDED.get(kind)
        return missing(event, *needed) if needed is not None and not fields.get(needed[0]) else None

    def take(self, event: Content) -> None:
        known, kind, fields = self._known, event.kind, event.fields
        if not known:
            known |= {"case_id": event.case_id, "village_code": event.village_code, "moves": 0}
        if kind == "reopened":
            known |= _VOID
        known["stage"], known["since"] = kind, event.happened_on
        known["moves"] += 1
        known["reason"] = fields.get("reason", "")
        for name in _CARRIED:
            if name in fields:
                known[name] = fields[name]
        if kind == "handled":
            known["handled_on"] = event.happened_on


def replay_entry(entry: Entry | None, timeline: Sequence[T]) -> tuple[Entry | None, list[tuple[T, Refusal]]]:
    """Take an entry of a target list through its changes; as `replay`."""
    refused: list[tuple[T, Refusal]] = []
    for one in timeline:
        refusal = judge_target(entry, one)
        if refusal is None:
            entry = entry_after(entry, one)
        else:
            refused.append((one, refusal))
    return entry, refused


def cases_after(records: Iterable[Record]) -> dict[str, Case]:
    """Return, for each move that counts, where its case stood after it, by content_id; `records` as in `fold`."""
    cases: dict[str, Case] = {}
    after: dict[str, Case] = {}
    for record in effective(records).records:
        if record.kind in _MOVES and judge_move(cases.get(record.case_id), record) is None:
            cases[record.case_id] = after[record.content_id] = case_after(cases.get(record.case_id), record)
    return after


def judge_move(case: Case | None, event: Content) -> Refusal | None:
    """Return why a case may not make this move, None if it may; `case` is None if it has not begun."""
    return _Path(case).refusal(event)


def case_after(case: Case | None, event: Content) -> Case:
    """Return the case as an accepted move leaves it."""
    path = _Path(case)
    path.take(event)
    return cast("Case", path.case())


_REASON: Final = Text("alasannya", "reason")
_NEEDED: Final[dict[str, tuple[str, Text]]] = {
    "handled": ("evidence", Text("bukti, misalnya nomor berita acara uji sinyal", "evidence, such as the number of the signal test minutes")),
    "rejected": ("reason", _REASON),
    "deferred": ("reason", _REASON),
}  # fmt: skip


_CARRIED: Final = (*_ASSIGNMENT, "budget_rp", "evidence", "document", "note", "channel")
_VOID: Final[dict[str, Any]] = {
    **dict.fromkeys(_ASSIGNMENT, ""),
    "budget_rp": None,
    "handled_on": None,
    "evidence": "",
}
