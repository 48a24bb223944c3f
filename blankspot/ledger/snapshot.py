"""A state kept for later: what the whole ledger added up to, and which records that were.

Folding a million records takes seconds; a state of all villages is asked for many times a day. A snapshot holds the cases and
target lists as columns, and the end of every office's chain that it covers. What was recorded since is folded on top, case by
case: of a case that was touched since, all records are read again, so that a late move or a correction counts as it should.
A snapshot is a cache and never the truth: it is used only if its chain ends are still on record, and `Ledger.audit` compares
it with a fresh fold.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from blankspot.ledger.effective import distinct, effective
from blankspot.ledger.events import GENESIS
from blankspot.ledger.fold import Case, State, add_up
from blankspot.ledger.store_tables import End
from blankspot.ledger.targets import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from blankspot.ledger.events import Record

FORMAT: Final = "1"
_BEFORE: Final = End(0, GENESIS)


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A state and what it covers.

    Attributes:
        state: Cases and target entries that nothing is doubtful about.
        covers: By origin, the number and hash of the last record that is in it.
        doubtful: Subjects with conflicts, which are folded afresh each time.
        latest: The last day on which anything in it happened.
    """

    state: State
    covers: Mapping[str, End]
    doubtful: frozenset[str]
    latest: dt.date


def take(records: Sequence[Record]) -> Snapshot:
    """Make a snapshot of all records, in the order they happened."""
    found = effective(distinct(records))
    whole = add_up(found)
    doubtful = frozenset({one.record.case_id for one in whole.conflicts} | set(whole.branches))
    covers: dict[str, End] = {}
    for record in records:
        if record.seq > covers.get(record.origin, _BEFORE).seq:
            covers[record.origin] = End(record.seq, record.hash)
    state = State(
        cases={key: case for key, case in whole.cases.items() if key not in doubtful},
        targets={key: entry for key, entry in whole.targets.items() if f"{key[1]}:mobile" not in doubtful},
        heads={key: head for key, head in whole.heads.items() if key not in doubtful},
    )
    return Snapshot(state=state, covers=covers, doubtful=doubtful, latest=latest_day((*records, *found.records)))


def latest_day(records: Iterable[Record]) -> dt.date:
    """Return the last day on which anything happened, or happened after all by a correction."""
    latest = dt.date.min
    for record in records:
        corrected = record.fields.get("corrected_on")
        latest = max(latest, record.happened_on, dt.date.fromisoformat(str(corrected)) if corrected else dt.date.min)
    return latest


def brought_up(snapshot: Snapshot, touched: frozenset[str], records: Iterable[Record]) -> State:
    """Return the state of today: the snapshot's, with the subjects that were touched since folded afresh.

    Args:
        snapshot: What it starts from.
        touched: Subjects (case_id) with records since, and the doubtful ones.
        records: All records of these subjects, distinct, in the order they happened.
    """
    fresh = add_up(effective(records))
    old = snapshot.state
    villages = {subject.removesuffix(":mobile") for subject in touched}
    return State(
        cases=MappingProxyType(
            {key: case for key, case in old.cases.items() if key not in touched} | dict(fresh.cases)
        ),
        targets=MappingProxyType(
            {key: entry for key, entry in old.targets.items() if key[1] not in villages} | dict(fresh.targets)
        ),
        conflicts=fresh.conflicts,
        branches=fresh.branches,
        heads=MappingProxyType(
            {key: head for key, head in old.heads.items() if key not in touched} | dict(fresh.heads)
        ),
    )


def freeze(snapshot: Snapshot) -> bytes:
    """Write a snapshot as Arrow columns, compressed."""
    state = snapshot.state
    about = {
        "format": FORMAT,
        "latest": snapshot.latest.isoformat(),
        "doubtful": "\n".join(sorted(snapshot.doubtful)),
        "covers": "\n".join(f"{origin}\t{seq}\t{end}" for origin, (seq, end) in sorted(snapshot.covers.items())),
    }
    cases = _table(Case._fields, state.cases.values(), _CASE_TYPES)
    heads = pa.array([state.heads.get(case_id, "") for case_id in state.cases], pa.string())
    entries = _table(Entry._fields, state.targets.values(), _ENTRY_TYPES)
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    for table in (cases.append_column("head", heads).replace_schema_metadata(about), entries):
        with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
            writer.write_table(table)
    written: bytes = sink.getvalue().to_pybytes()
    return written


def thaw(content: bytes) -> Snapshot | None:
    """Read what `freeze` wrote; None if it is of another format."""
    source = pa.BufferReader(content)
    with pa.ipc.open_stream(source) as reader:
        cases = reader.read_all()
    about: Mapping[str, str] = {key.decode(): value.decode() for key, value in (cases.schema.metadata or {}).items()}
    if about.get("format") != FORMAT or cases.column_names != [*Case._fields, "head"]:
        return None
    with pa.ipc.open_stream(source) as reader:
        entries = reader.read_all()
    *columns, heads = (column.to_pylist() for column in cases.columns)
    made = list(map(Case._make, zip(*columns, strict=True)))
    listed = map(Entry._make, zip(*(column.to_pylist() for column in entries.columns), strict=True))
    covers: dict[str, End] = {}
    for line in filter(None, about["covers"].split("\n")):
        origin, seq, end = line.split("\t")
        covers[origin] = End(int(seq), end)
    return Snapshot(
        state=State(
            cases={case.case_id: case for case in made},
            targets={(entry.year, entry.village_code): entry for entry in listed},
            heads=dict(zip((case.case_id for case in made), heads, strict=True)),
        ),
        covers=covers,
        doubtful=frozenset(filter(None, about["doubtful"].split("\n"))),
        latest=dt.date.fromisoformat(about["latest"]),
    )


_AMOUNTS: Final = ("budget_rp", "realized_rp")
_DAYS: Final = ("since", "handled_on")
_CASE_TYPES: Final = {
    **dict.fromkeys(Case._fields, pa.string()),
    **dict.fromkeys(_AMOUNTS, pa.float64()),
    **dict.fromkeys(_DAYS, pa.date32()),
    "moves": pa.int64(),
}
_ENTRY_TYPES: Final = {
    **dict.fromkeys(Entry._fields, pa.string()),
    "year": pa.int64(),
    "since": pa.date32(),
    "active": pa.bool_(),
    "version": pa.int64(),
}


def _table(names: Sequence[str], rows: Iterable[tuple[object, ...]], types: Mapping[str, pa.DataType]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return pa.table(
        {name: pa.array(column, types[name]) for name, column in zip(names, columns, strict=True)},
        schema=pa.schema([(name, types[name]) for name in names]),
    )
