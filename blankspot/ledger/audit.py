"""Whether anybody rewrote history: every record is checked against its content and its origin's chain.

Each record's hash covers the hash before it, so that a changed, removed or inserted record breaks the chain at that point. The
triggers keep honest programs from doing that; the chain shows it when somebody went around them.

What a chain cannot show by itself is that its end was cut off. A snapshot that covers the end shows it, and so does any
ledger that took the chain in before: `merge` then finds a fork as soon as the shortened chain goes on. A ledger that nobody
else holds needs a backup to be compared with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from blankspot.ledger.effective import order
from blankspot.ledger.events import GENESIS, content_id, link
from blankspot.ledger.snapshot import take
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blankspot.ledger.events import Record
    from blankspot.ledger.snapshot import Snapshot


class Break(NamedTuple):
    """The first broken link of one origin's chain: at which number, and what is wrong there."""

    origin: str
    seq: int
    what: Text


@dataclass(frozen=True, kw_only=True)
class Audit:
    """How many records of how many origins were checked, and where chains break (one entry per broken chain)."""

    records: int
    origins: int
    breaks: tuple[Break, ...]

    @property
    def passed(self) -> bool:
        """Whether every chain is whole."""
        return not self.breaks


def audit(records: Sequence[Record], *, snapshot: Snapshot | None = None) -> Audit:
    """Check all records of a ledger.

    Args:
        records: All of them, in any order.
        snapshot: What was kept of them, if anything; where all chains are whole, it has to be what the records it covers add up
            to.
    """
    chains: dict[str, list[Record]] = {}
    for record in records:
        chains.setdefault(record.origin, []).append(record)
    breaks = [_first_break(origin, chains[origin]) for origin in sorted(chains)]
    if snapshot is not None and not any(breaks):
        breaks.append(_snapshot_break(records, snapshot))
    return Audit(
        records=sum(len(chain) for chain in chains.values()),
        origins=len(chains),
        breaks=tuple(found for found in breaks if found is not None),
    )


def _snapshot_break(records: Sequence[Record], snapshot: Snapshot) -> Break | None:
    ends = {origin: end.seq for origin, end in snapshot.covers.items()}
    covered = take([record for record in sorted(records, key=order) if record.seq <= ends.get(record.origin, 0)])
    if covered == snapshot:
        return None
    return Break(
        "snapshot",
        0,
        Text(
            "Ringkasan yang disimpan tidak sama dengan jumlah catatannya.",
            "What was kept of the records is not what they add up to.",
        ),
    )


def _first_break(origin: str, records: list[Record]) -> Break | None:
    previous = GENESIS
    for place, record in enumerate(sorted(records, key=lambda record: record.seq), start=1):
        fault = _fault(record, place, previous)
        if fault is not None:
            return Break(origin, place, fault)
        previous = record.hash
    return None


def _identity(record: Record) -> str:
    """Return the identity of what a record says, "" where it says what no event can."""
    try:
        return content_id(record.kind, record.case_id, record.village_code, record.happened_on, record.fields)
    except (TypeError, ValueError):
        return ""


def _fault(record: Record, place: int, previous: str) -> Text | None:
    if record.seq != place:
        return Text(
            f"Catatan nomor {place} tidak ada; berikutnya nomor {record.seq}.",
            f"Record number {place} is missing; the next one is number {record.seq}.",
        )
    identity = _identity(record)
    if identity != record.content_id:
        return Text(f"Isi catatan nomor {place} telah diubah.", f"The content of record number {place} was changed.")
    expected = link(
        record.prev_hash,
        origin=record.origin,
        seq=record.seq,
        recorded_at=record.recorded_at,
        identity=identity,
        follows=record.follows,
    )
    if record.prev_hash != previous or record.hash != expected:
        return Text(
            f"Catatan nomor {place} tidak bersambung dengan catatan sebelumnya.",
            f"Record number {place} does not continue the record before it.",
        )
    return None
