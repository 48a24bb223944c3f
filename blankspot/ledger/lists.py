"""The list that planners keep: one row per village with its present stage and the days of its stages, turned into moves.

Each day under a stage's heading becomes a move. The present stage ("Status") is dated by its own column, else by "Tanggal" or
"Tgl status". What the row says beside it (partner, funding, document, note …) belongs to its latest move, the evidence to the
handling, place, channel and proposer to the proposal; "Tahun target" with "Tgl target" becomes an entry of that year's target
list. A row whose days go beyond its stated stage contradicts itself: nothing of it is taken.

Such lists have no column for every stage, so their moves may pass over stages; the ledger marks those that do (see
`workflow`).
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from blankspot.ledger.headings import ORIGIN_COLUMNS, kind_of, list_columns, need_village, stage_columns
from blankspot.ledger.workflow import STAGES, TARGET_KINDS, rank

CONTRADICTION: Final = "status_contradicts_days"
_BESIDE: Final = ("partner", "intervention_type", "funding_source", "budget_rp", "document", "reason", "note")
_OF_PROPOSALS: Final = ("channel", "proposer", "lon", "lat")
_PLACE: Final = ("village_code", "village_name", "district")
_COLUMNS: Final = (
    "happened_on",
    *_PLACE,
    "event",
    "year",
    "evidence",
    *_BESIDE,
    *_OF_PROPOSALS,
    "case_id",
    "fault",
)


def unfold(frame: pd.DataFrame, *, names_known: bool = False) -> pd.DataFrame:
    """Turn a list into one row per move.

    Args:
        frame: Columns under the list's own headings; `source_file` and `source_row` are carried along.
        names_known: Whether the desa behind a name can be found, so that a column of names will do in place of codes.

    Returns:
        Columns of the table `handling` under their standard names, `fault` (the rule that a row breaks as a whole, else NaN),
        and the origin of each row. A row that says neither stage nor day gives one move without either.

    Raises:
        SourceError: The list has no column for code or name of its desa.
    """
    stages, columns = stage_columns(frame.columns), list_columns(frame.columns)
    need_village(columns, frame, names_known=names_known)
    origin = [name for name in ORIGIN_COLUMNS if name in frame]
    moves: list[dict[str, Any]] = []
    for row in frame.to_dict("records"):
        said = {ours: row[theirs] for ours, theirs in columns.items() if not _blank(row[theirs])}
        dated = {kind: row[theirs] for kind, theirs in stages.items() if not _blank(row[theirs])}
        carried = {name: row[name] for name in origin}
        moves += [move | carried for move in _listing(said, dated) + _path(said, dated)]
    return pd.DataFrame(moves, columns=[*_COLUMNS, *origin])


def _listing(said: dict[str, Any], dated: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the changes of the target list that one row tells."""
    about = {name: said[name] for name in (*_PLACE, "year", "document") if name in said}
    return [about | {"event": kind, "happened_on": dated[kind]} for kind in TARGET_KINDS if kind in dated]


def _path(said: dict[str, Any], dated: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the moves that one row tells: what it says per column, and its day per stage."""
    case = {name: said[name] for name in (*_PLACE, "case_id") if name in said}
    days = {stage: dated[stage] for stage in sorted(set(dated) & set(STAGES), key=rank)}
    latest = next(reversed(days), None)
    if "status" in said:
        latest = kind_of(str(said["status"]))
        if latest not in STAGES:
            return [case | {"event": said["status"], "happened_on": said.get("status_on")}]
        days.setdefault(latest, said.get("status_on"))
    if latest is None:
        return [] if dated else [case | {"happened_on": said.get("status_on")}]
    if any(rank(stage) > rank(latest) for stage in days):
        return [case | {"event": latest, "happened_on": days[latest], "fault": CONTRADICTION}]
    moves = {stage: case | {"event": stage, "happened_on": day} for stage, day in days.items()}
    moves[latest] |= {name: said[name] for name in _BESIDE if name in said}
    if "handled" in moves and "evidence" in said:
        moves["handled"]["evidence"] = said["evidence"]
    if "proposed" in moves:
        moves["proposed"] |= {name: said[name] for name in _OF_PROPOSALS if name in said}
    return list(moves.values())


def _blank(value: Any) -> bool:
    return bool(pd.isna(value)) or not str(value).strip()
