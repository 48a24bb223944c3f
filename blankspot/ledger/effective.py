"""Which records count, and with which values: corrections and settlements applied to what is on record.

Nothing is ever rewritten. A `correction` is a record of its own that names another one and either withdraws it or says what
it should have said; a `settled` names which of several moves, made by offices that did not know of each other, stands.
This module turns all that is on record into the records that count.

- The correction that was recorded last wins, field by field. A correction of a correction can only withdraw it.
- Moves of one case form a graph: each names the move that its recorder knew as the last one (`Record.follows`). A case with
  more than one end was moved by several offices without knowing of each other: it is in conflict until one end is chosen.
  Until then every branch counts, in the order of its days.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from blankspot.ledger.workflow import STAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from blankspot.ledger.events import Record, Value

_MOVES: Final = frozenset(STAGES)
_ABOUT_THE_CORRECTION: Final = frozenset({"corrects", "reason", "withdraws", "corrected_on", "clears"})


class Branches(NamedTuple):
    """The ends of a case's graph of moves, and which of its records each end does not share with the others."""

    heads: tuple[str, ...]
    alone: Mapping[str, frozenset[str]]


class Effective(NamedTuple):
    """What counts.

    Attributes:
        records: Records that count, corrected, in the order they happened.
        conflicts: Cases that several offices moved without knowing of each other, by case_id.
        heads: The last move of every case that was moved, by case_id; several, blank-separated, where in conflict.
        withdrawn: What a correction withdrew, by content_id.
    """

    records: list[Record]
    conflicts: dict[str, Branches]
    heads: dict[str, str]
    withdrawn: frozenset[str] = frozenset()


def order(record: Record) -> tuple[dt.date, dt.datetime, int, str, str, str]:
    """Return the key by which records stand in order: by day, then as recorded.

    Of what decides, a merge changes nothing: it may give a chain another name, which therefore comes last.
    """
    return (
        record.happened_on,
        record.recorded_at,
        record.seq,
        record.content_id,
        record.follows,
        record.origin,
    )


def chronological(records: Iterable[Record]) -> list[Record]:
    """Return records in the order they happened; the same content only once, the earliest recorded."""
    return distinct(sorted(records, key=order))


def distinct(ordered: Iterable[Record]) -> list[Record]:
    """Return records without the repetitions of a content, the first of each kept."""
    first: dict[str, Record] = {}
    for record in ordered:
        first.setdefault(record.content_id, record)
    return list(first.values())


def effective(records: Iterable[Record]) -> Effective:
    """Apply corrections and settlements.

    Args:
        records: Distinct records in the order they happened.
    """
    listed = list(records)
    corrections = [record for record in listed if record.kind == "correction"]
    moved = _corrected(listed, corrections) if corrections else listed
    standing = {record.content_id for record in moved} if corrections else None
    heads, conflicts, void = _settled(listed, standing)
    counting = [record for record in moved if record.content_id not in void] if void else moved
    withdrawn = frozenset() if standing is None else frozenset({record.content_id for record in listed} - standing)
    return Effective(counting, conflicts, heads, withdrawn)


def _corrected(records: list[Record], corrections: list[Record]) -> list[Record]:
    by_target: dict[str, list[Record]] = defaultdict(list)
    for record in sorted(corrections, key=lambda record: (record.recorded_at, record.seq, record.content_id)):
        by_target[str(record.fields.get("corrects"))].append(record)

    def standing(target: str) -> list[Record]:
        """Return the corrections of a record that are not withdrawn themselves."""
        return [one for one in by_target.get(target, ()) if not withdrawn(one.content_id)]

    def withdrawn(target: str) -> bool:
        return any(one.fields.get("withdraws") for one in standing(target))

    result = []
    for record in records:
        if record.content_id in by_target:
            if withdrawn(record.content_id):
                continue
            for correction in standing(record.content_id):
                record = put_right(record, correction.fields)  # noqa: PLW2901 - one correction after the other
        result.append(record)
    return sorted(result, key=order)


def put_right(record: Record, correction: Mapping[str, Value]) -> Record:
    """Return a record as a correction says it should have been; its identity stays."""
    cleared = str(correction.get("clears", "")).split()
    fields = {name: value for name, value in record.fields.items() if name not in cleared}
    fields |= {name: value for name, value in correction.items() if name not in _ABOUT_THE_CORRECTION}
    day = correction.get("corrected_on")
    return record._replace(fields=fields, happened_on=dt.date.fromisoformat(str(day)) if day else record.happened_on)


def _settled(records: list[Record], standing: set[str] | None) -> tuple[dict[str, str], dict[str, Branches], set[str]]:
    """Return the head of every case, the conflicts that are not settled, and the records that a settlement made void.

    A branch of which nothing is left standing after corrections is no conflict; a settlement that was withdrawn settles nothing.
    """
    cases: dict[str, list[Record]] = {}
    for record in records:
        if record.kind in _MOVES or record.kind == "settled":
            cases.setdefault(record.case_id, []).append(record)
    heads: dict[str, str] = {}
    conflicts: dict[str, Branches] = {}
    void: set[str] = set()
    for case_id, moves in cases.items():
        origin = moves[0].origin
        if all(move.origin == origin for move in moves) and not any(move.kind == "settled" for move in moves):
            heads[case_id] = max(moves, key=lambda move: move.seq).content_id
            continue
        graph = _Graph(moves, standing)
        heads[case_id] = " ".join(graph.heads)
        void |= graph.void()
        if len(graph.heads) > 1:
            conflicts[case_id] = graph.branches()
    return heads, conflicts, void


class _Graph:
    """The moves of one case, each with the moves it follows.

    Attributes:
        heads: The moves that none follows; of several, only those that bring something that stands.
    """

    def __init__(self, moves: list[Record], standing: set[str] | None) -> None:
        undone = {
            move.content_id: str(move.fields.get("chosen", ""))
            for move in moves
            if move.kind == "settled" and standing is not None and move.content_id not in standing
        }
        moves = [move for move in moves if move.content_id not in undone]
        self._moves = {move.content_id for move in moves}
        before: dict[str, str] = {}  # the last move by origin, for records that do not say what they follow
        self._follows: dict[str, str] = {}
        self._parents: dict[str, tuple[str, ...]] = {}
        for move in sorted(moves, key=lambda move: (move.origin, move.seq)):
            follows = move.follows or before.get(move.origin, "")
            others: list[str] = []
            if move.kind == "settled":
                follows = str(move.fields.get("chosen", ""))
                others = str(move.fields.get("voids", "")).split()
            follows, *others = (_behind(one, undone) for one in (follows, *others))
            self._follows[move.content_id] = follows
            self._parents[move.content_id] = tuple(one for one in (follows, *others) if one in self._moves)
            before[move.origin] = move.content_id
        followed = {parent for parents in self._parents.values() for parent in parents}
        ends = tuple(sorted(self._moves - followed))
        if len(ends) > 1 and standing is not None:
            alone = self._alone(ends)
            ends = tuple(end for end in ends if alone[end] & standing) or ends[:1]
        self.heads = ends

    def void(self) -> set[str]:
        """Return the moves that no head leads to: a settlement leads on to what it chose, and nowhere else."""
        return self._moves - set().union(*map(self._line, self.heads))

    def branches(self) -> Branches:
        """Return what each head does not share with another."""
        return Branches(self.heads, self._alone(self.heads))

    def _alone(self, ends: tuple[str, ...]) -> dict[str, frozenset[str]]:
        behind = {end: self._ancestors(end) for end in ends}
        return {
            end: frozenset(behind[end].difference(*(behind[other] for other in ends if other != end))) for end in ends
        }

    def _ancestors(self, end: str) -> set[str]:
        found: set[str] = set()
        waiting = [end]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting.extend(self._parents[one])
        return found

    def _line(self, head: str) -> set[str]:
        found: set[str] = set()
        one = head
        while one in self._moves and one not in found:
            found.add(one)
            one = self._follows[one]
        return found


def _behind(one: str, undone: Mapping[str, str]) -> str:
    """Return a move, or what a settlement that was withdrawn had chosen in its place."""
    while one in undone:
        one = undone[one]
    return one
