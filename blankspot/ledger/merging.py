"""One ledger taken into another: the union of what both hold, with every office's chain kept as that office made it.

A record of another origin comes in as it is: number, hashes, moment of recording. What its office can prove, the ledger that
took it in can prove too. A ledger whose own chains are broken brings nothing in.

Where two ledgers hold different records under the same origin and number, somebody copied a ledger and both copies went on.
Neither is wrong, and neither may vanish. The chain that stands in the ledger stays; the other is chained anew, from its first
record on, under a name that follows from the first record in which they differ, so that everybody who meets the same fork
gives it the same name, and meeting it again adds nothing. A ledger's own chain is never continued by a merge: what a copy
recorded under its name is another chain.

Whatever the chains are called, each record keeps its content, its number, its moment and what it followed. The order of the
fold looks at nothing else (`effective.order`), and so the state does not depend on who merged whom, or how often.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from blankspot.errors import LedgerError
from blankspot.ledger.audit import audit
from blankspot.ledger.events import GENESIS, link
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from blankspot.ledger.audit import Break
    from blankspot.ledger.events import Record
    from blankspot.ledger.store import Store, Writer

_FORK: Final = "~"
_FORK_DIGITS: Final = 8


@dataclass(frozen=True, kw_only=True)
class Merge:
    """What a merge brought.

    Attributes:
        new_records: How many facts came in that were not on record (the same content counts once).
        repeated: How many facts of the other ledger were on record already.
        forked: Origins under which the other ledger holds other records than this one, and the names under which these
            stand here.
    """

    new_records: int
    repeated: int
    forked: Mapping[str, str]


def merge(target: Store, other: Store, *, own: Collection[str]) -> Merge:
    """Take all records of `other` into `target`: all of them, or none.

    Args:
        target: The ledger that grows.
        other: The ledger that is read.
        own: Origins under which `target` records itself; their chains are not continued.

    Raises:
        LedgerError: A chain of `other` is broken, or a database refuses. Nothing was taken in.
    """
    records = other.read()
    checked = audit(records)
    if not checked.passed:
        raise _broken(other.place, checked.breaks[0])
    contents = {record.content_id for record in records}
    forked: dict[str, str] = {}
    with target.writing() as writer:
        known = writer.contents(contents)
        for chain in _chains(records):
            origin, missing = _placed(writer, chain, own)
            if origin != chain[0].origin:
                forked[chain[0].origin] = origin
            writer.add(missing)
    return Merge(
        new_records=len(contents) - len(known),
        repeated=len(known),
        forked=MappingProxyType(forked),
    )


def _chains(records: Sequence[Record]) -> list[list[Record]]:
    by_origin: dict[str, list[Record]] = {}
    for record in sorted(records, key=lambda record: (record.origin, record.seq)):
        by_origin.setdefault(record.origin, []).append(record)
    return list(by_origin.values())


def _placed(writer: Writer, chain: Sequence[Record], own: Collection[str]) -> tuple[str, Sequence[Record]]:
    """Return the origin under which a chain belongs into the ledger, and those of its records that are missing there."""
    while True:
        origin = chain[0].origin
        common = _common(writer, chain)
        if common == len(chain):
            return origin, ()
        if origin not in own and writer.hash_at(origin, common + 1) is None:
            return origin, chain[common:]
        chain = _renamed(chain, f"{origin}{_FORK}{chain[common].hash[:_FORK_DIGITS]}")


def _common(writer: Writer, chain: Sequence[Record]) -> int:
    """Return how many records a chain shares with the chain of the same origin on record: equal hashes, equal pasts."""

    def differs(place: int) -> bool:
        return writer.hash_at(chain[place].origin, place + 1) != chain[place].hash

    return bisect_left(range(len(chain)), x=True, key=differs)


def _renamed(chain: Sequence[Record], origin: str) -> list[Record]:
    """Return a chain under another origin: linked anew, everything else as it was."""
    renamed: list[Record] = []
    previous = GENESIS
    for record in chain:
        own = link(
            previous,
            origin=origin,
            seq=record.seq,
            recorded_at=record.recorded_at,
            identity=record.content_id,
            follows=record.follows,
        )
        renamed.append(record._replace(origin=origin, prev_hash=previous, hash=own))
        previous = own
    return renamed


def _broken(place: str, found: Break) -> LedgerError:
    origin, seq, what = found
    return LedgerError(
        Text(
            f"Buku besar {place} tidak dapat digabungkan: rantai '{origin}' putus pada catatan nomor {seq}. {what.id} "
            "Tidak ada yang digabungkan.",
            f"The ledger {place} cannot be merged: the chain of '{origin}' breaks at record number {seq}. {what.en} "
            "Nothing was merged.",
        ),
        hint=Text(
            "Minta kantor itu memulihkan buku besarnya dari cadangan, lalu ulangi.",
            "Ask that office to restore its ledger from a backup, then try again.",
        ),
    )
