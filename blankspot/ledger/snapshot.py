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

import pandas as pd
import pyarrow as pa

from blankspot.ledger.effective import distinct, effective
from blankspot.ledger.events import GENESIS
from blankspot.ledger.fold import Case, State, add_up
from blankspot.ledger.frames import CASE_COLUMNS, ENTRY_COLUMNS, cases_frame, entries_frame, shown
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
        cases: The cases that nothing is doubtful about: columns of `fold.Case`, and `head`.
        entries: The entries of target lists of these villages: columns of `targets.Entry`.
        covers: By origin, the number and hash of the last record that is in it.
        doubtful: Subjects with conflicts, which are folded afresh each time.
        latest: The last day on which anything in it happened.
    """

    cases: pa.Table
    entries: pa.Table
    covers: Mapping[str, End]
    doubtful: frozenset[str]
    latest: dt.date

    def state(self) -> State:
        """Return the state as values."""
        *columns, heads = (column.to_pylist() for column in self.cases.columns)
        made = list(map(Case._make, zip(*columns, strict=True)))
        listed = map(Entry._make, zip(*(column.to_pylist() for column in self.entries.columns), strict=True))
        return State(
            cases={case.case_id: case for case in made},
            targets={(entry.year, entry.village_code): entry for entry in listed},
            heads=dict(zip((case.case_id for case in made), heads, strict=True)),
        )

    def frames(self, *, but: frozenset[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return cases and entries as `frames.cases_frame` and `frames.entries_frame` do, without those of some subjects."""
        cases, entries = self.cases.to_pandas(date_as_object=False), self.entries.to_pandas(date_as_object=False)
        if but:
            cases = cases[~cases["case_id"].isin(but)]
            entries = entries[~entries["village_code"].isin(_listed(but))]
        return cases.assign(conflict=False).astype(CASE_COLUMNS), entries.astype(ENTRY_COLUMNS)


def take(records: Sequence[Record]) -> Snapshot:
    """Make a snapshot of all records, in the order they happened."""
    found = effective(distinct(records))
    whole = add_up(found)
    doubtful = frozenset({one.record.case_id for one in whole.conflicts} | set(whole.branches))
    covers: dict[str, End] = {}
    for record in records:
        if record.seq > covers.get(record.origin, _BEFORE).seq:
            covers[record.origin] = End(record.seq, record.hash)
    cases = [whole.cases[key] for key in sorted(whole.cases) if key not in doubtful]
    entries = [whole.targets[key] for key in sorted(whole.targets) if f"{key[1]}:mobile" not in doubtful]
    heads = pa.array([whole.heads.get(case.case_id, "") for case in cases], pa.string())
    return Snapshot(
        cases=_table(Case._fields, cases, _CASE_TYPES).append_column("head", heads),
        entries=_table(Entry._fields, entries, _ENTRY_TYPES),
        covers=covers,
        doubtful=doubtful,
        latest=latest_day((*records, *found.records)),
    )


def latest_day(records: Iterable[Record]) -> dt.date:
    """Return the last day on which anything happened, or happened after all by a correction."""
    latest = dt.date.min
    for record in records:
        corrected = record.fields.get("corrected_on")
        latest = max(latest, record.happened_on, dt.date.fromisoformat(str(corrected)) if corrected else dt.date.min)
    return latest


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A snapshot brought up to today: what was touched since stands in `fresh`, and no longer in the snapshot."""

    snapshot: Snapshot
    touched: frozenset[str]
    fresh: State

    def state(self) -> State:
        """Return the state of today as values."""
        old, fresh, villages = self.snapshot.state(), self.fresh, _listed(self.touched)
        cases = {key: case for key, case in old.cases.items() if key not in self.touched}
        targets = {key: entry for key, entry in old.targets.items() if key[1] not in villages}
        heads = {key: head for key, head in old.heads.items() if key not in self.touched}
        return State(
            cases=MappingProxyType(cases | dict(fresh.cases)),
            targets=MappingProxyType(targets | dict(fresh.targets)),
            conflicts=fresh.conflicts,
            branches=fresh.branches,
            heads=MappingProxyType(heads | dict(fresh.heads)),
        )

    def frame(self, *, year: int | None = None) -> pd.DataFrame:
        """Return the state of today as `frames.state_frame` does."""
        cases, entries = self.snapshot.frames(but=self.touched)
        if self.touched:
            cases = pd.concat([cases, cases_frame(self.fresh)], ignore_index=True)
            entries = pd.concat([entries, entries_frame(self.fresh)], ignore_index=True)
        return shown(cases, entries, year=year)


def _listed(subjects: frozenset[str]) -> frozenset[str]:
    """Return the villages whose entries of target lists hang on these subjects."""
    return frozenset(subject.removesuffix(":mobile") for subject in subjects if subject.endswith(":mobile"))


def freeze(snapshot: Snapshot) -> bytes:
    """Write a snapshot as Arrow columns, compressed."""
    about = {
        "format": FORMAT,
        "latest": snapshot.latest.isoformat(),
        "doubtful": "\n".join(sorted(snapshot.doubtful)),
        "covers": "\n".join(f"{origin}\t{seq}\t{end}" for origin, (seq, end) in sorted(snapshot.covers.items())),
    }
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    for table in (snapshot.cases.replace_schema_metadata(about), snapshot.entries):
        with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
            writer.write_table(table)
    written: bytes = sink.getvalue().to_pybytes()
    return written


def thaw(content: bytes) -> Snapshot | None:
    """Read what `freeze` wrote; None if it is of another format, or damaged: a cache can be done without."""
    try:
        return _thawed(pa.BufferReader(content))
    except (pa.ArrowException, OSError, ValueError, KeyError):
        return None


def _thawed(source: pa.BufferReader) -> Snapshot | None:
    with pa.ipc.open_stream(source) as reader:
        cases = reader.read_all()
    about: Mapping[str, str] = {key.decode(): value.decode() for key, value in (cases.schema.metadata or {}).items()}
    if about.get("format") != FORMAT or cases.column_names != [*Case._fields, "head"]:
        return None
    with pa.ipc.open_stream(source) as reader:
        entries = reader.read_all()
    covers: dict[str, End] = {}
    for line in filter(None, about["covers"].split("\n")):
        origin, seq, end = line.split("\t")
        covers[origin] = End(int(seq), end)
    return Snapshot(
        cases=cases.replace_schema_metadata(None),
        entries=entries,
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
