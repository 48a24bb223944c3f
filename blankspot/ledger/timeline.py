"""How every village stood on every day: the state of the ledger, told as the moves between its days.

`Ledger.state` gives one day at a time; a slider over years wants them all. Each case is taken through its days once, and
after every day on which something happened it is said how the village stands then, by the same rule as on the map of today:
of several cases of mobile coverage the one that moved last speaks, and a village that a target list names but nobody has
taken up yet stands as identified.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from blankspot.ledger.fold import replay, replay_entry
from blankspot.ledger.targets import key_of
from blankspot.ledger.workflow import STAGES, TARGET_KINDS

if TYPE_CHECKING:
    import datetime as dt

    from blankspot.ledger.effective import Effective
    from blankspot.ledger.events import Record
    from blankspot.ledger.fold import Case
    from blankspot.ledger.targets import Entry, TargetKey

TIMELINE_COLUMNS: Final = {"village_code": "str", "on": "datetime64[us]", "stage": "str", "partner": "str"}
_MOVES: Final = frozenset(STAGES)


class _Standing(NamedTuple):
    """How a village stands; no stage where nothing is known of it any more."""

    stage: str = ""
    partner: str = ""


class _Villages:
    """The cases and list entries of villages on their way through the days."""

    def __init__(self) -> None:
        self._cases: dict[str, dict[str, Case]] = defaultdict(dict)
        self._entries: dict[str, dict[TargetKey, Entry]] = defaultdict(dict)

    def take(self, records: list[Record]) -> set[str]:
        """Take what happened on one day and return the villages it was about."""
        moves: dict[str, list[Record]] = defaultdict(list)
        entries: dict[TargetKey, list[Record]] = defaultdict(list)
        for record in records:
            if record.kind in _MOVES:
                moves[record.case_id].append(record)
            elif record.kind in TARGET_KINDS:
                entries[key_of(record)].append(record)
        touched = set()
        for case_id, timeline in moves.items():
            village = timeline[0].village_code
            case, _ = replay(self._cases[village].get(case_id), timeline)
            if case is not None:
                self._cases[village][case_id] = case
            touched.add(village)
        for key, timeline in entries.items():
            village = timeline[0].village_code
            entry, _ = replay_entry(self._entries[village].get(key), timeline)
            if entry is not None:
                self._entries[village][key] = entry
            touched.add(village)
        return touched

    def standing(self, village: str) -> _Standing:
        """Return how a village stands now."""
        cases = self._cases[village]
        rows = [
            (case.since, case_id, case.stage, case.partner)
            for case_id, case in cases.items()
            if case.service != "internet"
        ]
        on_list = [entry for entry in self._entries[village].values() if entry.active]
        if on_list and not any(case_id.split(":")[1] == "mobile" for case_id in cases):
            latest = max(on_list, key=lambda entry: entry.year)
            rows.append((latest.since, f"{village}:mobile", "identified", ""))
        if not rows:
            return _Standing()
        newest = max(row[0] for row in rows)
        _, _, stage, partner = min((row for row in rows if row[0] == newest), key=lambda row: row[1])
        return _Standing(stage, partner)


def timeline(found: Effective) -> pd.DataFrame:
    """Return one row per village and day on which its standing changed, in the order of days; columns `TIMELINE_COLUMNS`.

    Args:
        found: The records that count.
    """
    villages = _Villages()
    last: dict[str, _Standing] = {}
    rows: list[tuple[str, dt.date, str, str]] = []
    for day, records in groupby(found.records, key=lambda record: record.happened_on):
        for village in sorted(villages.take(list(records))):
            now = villages.standing(village)
            if last.get(village, _Standing()) != now:
                rows.append((village, day, *now))
                last[village] = now
    frame = pd.DataFrame(rows, columns=list(TIMELINE_COLUMNS))
    return frame.assign(on=pd.to_datetime(frame["on"])).astype(TIMELINE_COLUMNS)
