"""What changed between two views of the ledger: the report that a meeting starts with.

A view is what was known on one day (`known_on`) of what had happened by one day (`as_of`). Compared are the cases field by
field, the target lists, money, notes and conflicts. Something that was corrected meanwhile shows as a change too, since the
reader of the earlier view saw it otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from blankspot.ledger.fold import add_up
from blankspot.ledger.frames import letters_frame, money_frame, notes_frame, state_frame, targets_frame
from blankspot.ledger.targets import rule_of
from blankspot.ledger.workflow import TARGET_RULE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from blankspot.ledger.effective import Effective
    from blankspot.ledger.events import Record

CHANGE_COLUMNS: Final = {
    "village_code": "str",
    "case_id": "str",
    "what": "str",
    "before": "str",
    "after": "str",
    "happened_on": "datetime64[us]",
    "recorded_at": "datetime64[us, UTC]",
}
_COMPARED: Final = (
    "stage", "partner", "intervention_type", "funding_source", "budget_rp", "planned_quarter", "handled_on", "evidence",
)  # fmt: skip


class View(NamedTuple):
    """A past view: what had happened by `as_of` (None: everything), as known on `known_on` (None: now)."""

    as_of: dt.date | None = None
    known_on: dt.date | dt.datetime | None = None


class Seen(NamedTuple):
    """What a view shows."""

    found: Effective
    as_of: dt.date | None

    @property
    def records(self) -> list[Record]:
        """Return the records that count and had happened."""
        until = self.as_of
        return [record for record in self.found.records if until is None or record.happened_on <= until]


def changes(earlier: Seen, later: Seen) -> pd.DataFrame:
    """Return one row per change, ordered by village, subject and kind; columns `CHANGE_COLUMNS`.

    `what` is `case_new`, a compared field (`stage`, `partner`, `budget_rp` …), `target_added`, `target_removed`,
    `target_document`, `target_rule`, `money`, `note`, `note_closed`, `letter` or `conflict`; `before` and `after` are values as text, NaN for none. So money or a note with both was
    corrected and with `before` alone withdrawn, a `stage` with `before` alone is that of a case whose moves were all withdrawn,
    and `note_closed` with `after` alone is a note that is open again.
    """
    before, after = (add_up(seen.found, as_of=seen.as_of) for seen in (earlier, later))
    recorded = {record.content_id: record for record in later.records}
    latest: dict[str, Record] = {}
    reaching_back = [record for record in later.found.records if record.kind in ("correction", "settled")]
    for record in (*later.records, *reaching_back):
        latest[record.case_id] = max(latest.get(record.case_id, record), record, key=lambda one: one.recorded_at)
    rows = _of_cases(_moved(state_frame(before)), _moved(state_frame(after)), latest)
    rows += _of_targets(targets_frame(before), targets_frame(after), latest)
    rows += _of_rules(earlier.records, later.records, latest)
    rows += _of_letters(letters_frame(earlier.records), letters_frame(later.records), recorded, latest)
    rows += _of_money(money_frame(earlier.records, before), money_frame(later.records, after), recorded, latest)
    rows += _of_notes(notes_frame(earlier.records), notes_frame(later.records), recorded, latest)
    rows += [
        {"village_code": case_id.split(":")[0], "case_id": case_id, "what": "conflict"} | _recorded(latest.get(case_id))
        for case_id in sorted(set(after.branches) - set(before.branches))
    ]
    frame = pd.DataFrame(rows, columns=list(CHANGE_COLUMNS)).astype(CHANGE_COLUMNS)
    return frame.sort_values(["village_code", "case_id", "what", "happened_on"], kind="stable", ignore_index=True)


def _moved(state: pd.DataFrame) -> pd.DataFrame:
    """Leave out villages that only a list names: their change is one of the list."""
    return state[state["moves"] > 0]


def _of_cases(before: pd.DataFrame, after: pd.DataFrame, latest: dict[str, Record]) -> list[dict[str, Any]]:
    old = {row["case_id"]: row for row in before.to_dict("records")}
    rows: list[dict[str, Any]] = []
    for row in after.to_dict("records"):
        case_id = str(row["case_id"])
        about = {"village_code": row["village_code"], "case_id": case_id, "happened_on": row["since"]}
        about |= _recorded(latest.get(case_id))
        was = old.get(case_id)
        if was is None:
            rows.append(about | {"what": "case_new", "after": row["stage"]})
            continue
        for name in _COMPARED:
            values = {"before": _text(was[name]), "after": _text(row[name])}
            first_evidence = name == "evidence" and values["before"] is None  # it came with the handling
            if values["before"] != values["after"] and not first_evidence:
                rows.append(about | values | {"what": name})
    for case_id in old.keys() - set(after["case_id"]):
        about = {"village_code": old[case_id]["village_code"], "case_id": case_id} | _recorded(latest.get(case_id))
        rows.append(about | {"what": "stage", "before": old[case_id]["stage"]})
    return rows


def _of_targets(before: pd.DataFrame, after: pd.DataFrame, latest: dict[str, Record]) -> list[dict[str, Any]]:
    was, now = (
        {(row["year"], str(row["village_code"])): row for row in frame[frame["active"]].to_dict("records")}
        for frame in (before, after)
    )
    since = dict(zip(zip(after["year"], after["village_code"], strict=True), after["since"], strict=True))
    rows: list[dict[str, Any]] = []
    for year, village in sorted(was.keys() | now.keys()):
        key = (year, village)
        told: dict[str, Any]
        if key not in was:
            told = {"what": "target_added", "after": str(year)}
        elif key not in now:
            told = {"what": "target_removed", "before": str(year)}
        else:
            documents = {"before": _text(was[key]["document"]), "after": _text(now[key]["document"])}
            if documents["before"] == documents["after"]:
                continue
            told = documents | {"what": "target_document"}
        case_id = f"{village}:mobile"
        about = {"village_code": village, "case_id": case_id, "happened_on": since.get(key)}
        rows.append(about | told | _recorded(latest.get(case_id)))
    return rows


def _of_rules(before: list[Record], after: list[Record], latest: dict[str, Record]) -> list[dict[str, Any]]:
    written = {record.case_id for record in (*before, *after) if record.kind == TARGET_RULE}
    rows = []
    for subject in sorted(written):
        year = int(subject.partition(":")[2])
        was, now = rule_of(before, year), rule_of(after, year)
        if was != now:
            rows.append(
                {"case_id": subject, "what": "target_rule", "before": was.rule, "after": now.rule}
                | _recorded(latest.get(subject))
            )
    return rows


def _of_letters(
    before: pd.DataFrame, after: pd.DataFrame, recorded: dict[str, Record], latest: dict[str, Record]
) -> list[dict[str, Any]]:
    was, now = ({str(row["letter_id"]): row for row in frame.to_dict("records")} for frame in (before, after))
    fresh = [
        {"case_id": row["case_id"], "what": "letter", "after": row["number"], "happened_on": row["letter_on"]}
        | _recorded(recorded.get(letter_id))
        for letter_id, row in now.items()
        if letter_id not in was
    ]
    withdrawn = [
        {"case_id": row["case_id"], "what": "letter", "before": row["number"], "happened_on": row["letter_on"]}
        | _recorded(latest.get(str(row["case_id"])))
        for letter_id, row in was.items()
        if letter_id not in now
    ]
    return fresh + withdrawn


def _of_money(
    before: pd.DataFrame, after: pd.DataFrame, recorded: dict[str, Record], latest: dict[str, Record]
) -> list[dict[str, Any]]:
    was, now = ({row["money_id"]: row for row in frame.to_dict("records")} for frame in (before, after))
    rows: list[dict[str, Any]] = []
    for money_id in [*now, *(one for one in was if one not in now)]:
        row = now.get(money_id) or was[money_id]
        values = {
            side: _text(found[money_id]["amount_rp"]) if money_id in found else None
            for side, found in (("before", was), ("after", now))
        }
        if values["before"] != values["after"]:
            about = {"village_code": row["village_code"], "case_id": row["case_id"], "happened_on": row["paid_on"]}
            record = latest.get(str(row["case_id"])) if money_id in was else recorded.get(str(money_id))
            rows.append(about | values | {"what": "money"} | _recorded(record))
    return rows


def _of_notes(
    before: pd.DataFrame, after: pd.DataFrame, recorded: dict[str, Record], latest: dict[str, Record]
) -> list[dict[str, Any]]:
    was, now = ({str(row["note_id"]): row for row in frame.to_dict("records")} for frame in (before, after))
    rows: list[dict[str, Any]] = []
    for note_id in [*now, *(one for one in was if one not in now)]:
        old, new = was.get(note_id), now.get(note_id)
        row = new or was[note_id]
        values = {"before": old and _said(old), "after": new and _said(new)}
        record = latest.get(str(row["case_id"])) if old else recorded.get(note_id)
        about = {"village_code": row["village_code"], "case_id": row["case_id"]} | _recorded(record)
        if values["before"] != values["after"]:
            rows.append(about | values | {"what": "note", "happened_on": row["noted_on"]})
        if new and not new["open"] and (old is None or old["open"]):
            rows.append(about | {"what": "note_closed", "before": values["after"], "happened_on": new["closed_on"]})
        if new and old and new["open"] and not old["open"]:
            rows.append(about | {"what": "note_closed", "after": values["after"]})
    return rows


def _said(note: Mapping[Any, Any]) -> str | None:
    return next((part for part in (note["constraint"], note["follow_up"], note["note"]) if isinstance(part, str)), None)


def _recorded(record: Record | None) -> dict[str, Any]:
    return {} if record is None else {"recorded_at": record.recorded_at}


def _text(value: Any) -> str | None:
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return f"{value:.0f}" if isinstance(value, float) else str(value)
