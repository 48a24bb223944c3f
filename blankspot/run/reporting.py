"""What a report of a workspace is made from: its tables and its ledger, both as of one day and as known on one.

The ledger is read once, and everything is taken from that one view. Villages are classified as of the report's own day; where that is
the workspace's day, the verdicts on file are it. Sources carry no day of recording, so `known_on` narrows the ledger alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from blankspot.ledger.changes import Seen, changes
from blankspot.ledger.effective import effective
from blankspot.ledger.fold import add_up
from blankspot.ledger.frames import conflicts_frame, money_frame, notes_frame, state_frame
from blankspot.ledger.indicators import indicators_frame
from blankspot.ledger.progress import stand
from blankspot.ledger.targets import rule_of
from blankspot.ledger.workflow import DONE, TARGET, TARGET_KINDS, rank
from blankspot.out.reports import ReportData, Rule, write_html, write_workbook
from blankspot.run.judging import judge

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from pathlib import Path

    from blankspot.ledger.events import Record
    from blankspot.ledger.fold import Case, State
    from blankspot.ledger.partners import Partners
    from blankspot.ledger.progress import Standing
    from blankspot.ledger.targets import TargetRule
    from blankspot.out.reports import Document, Period
    from blankspot.run.job import Job

_UNKNOWN_ROLE: Final = "not_known"
_PROPOSALS: Final = ("village_code", "proposed_on", "proposer", "channel", "document")
_STANDING: Final = {
    "village_code": "str",
    "case_id": "str",
    "done": "bool",
    "stage": "str",
    "since": "datetime64[us]",
    "handled_on": "datetime64[us]",
    "partner": "str",
    "funding_source": "str",
    "planned_quarter": "str",
}


def report_data(
    job: Job,
    period: Period,
    *,
    known_on: dt.date | None = None,
    since: dt.date | None = None,
    since_known_on: dt.date | None = None,
) -> ReportData:
    """Return what a report of a period is made from; the steps that it rests on must have run.

    Args:
        job: The workspace.
        period: The days it speaks of.
        known_on: Only records made by the end of this day count; all if not given.
        since: Changes are told from this day on; the last day of the period before if not given.
        since_known_on: The earlier view is as it was known on this day; as `known_on` if not given.
    """
    since = since or period.before
    with job.ledger() as ledger:
        records = ledger.events(known_on=known_on)
        earlier_records = records if since_known_on is None else ledger.events(known_on=since_known_on)
        partners = ledger.partners
    found = effective(records)
    earlier = found if since_known_on is None else effective(earlier_records)
    counting = [record for record in found.records if record.happened_on <= period.as_of]
    state = add_up(found, as_of=period.as_of)
    rule = rule_of(counting, period.year)
    verdicts, evidence = _judged(job, period.as_of)
    named = _Names(partners, period.as_of)
    return ReportData(
        period=period,
        known_on=known_on,
        since=since,
        rule=Rule(key=rule.rule, text=rule.text, document=rule.document),
        villages=job.frame("villages"),
        verdicts=verdicts,
        evidence=evidence,
        facilities=job.frame("facilities"),
        internet_points=_begun(job.frame("internet_points"), "since", period.as_of),
        proposals=_proposals(job.frame("proposals"), counting, period.as_of),
        cases=named.add(state_frame(state, year=period.year)),
        standing=named.add(_standing(state, rule, period.year)),
        list_changes=_list_changes(counting, period.year),
        notes=named.about(notes_frame(counting)),
        money=named.add(money_frame(counting, state)),
        changes=changes(Seen(earlier, since), Seen(found, period.as_of)),
        conflicts=conflicts_frame(state, found),
        indicators=indicators_frame(counting),
        settings=job.settings,
        provenance=replace(job.provenance(), as_of=period.as_of),
    )


def write_files(job: Job, document: Document, name: str, folder: Path) -> list[Path]:
    """Write a report as a workbook and a page, `<name>.xlsx` and `<name>.html`, and return both."""
    lang = job.settings.language
    return [
        write_workbook(folder / f"{name}.xlsx", document, lang=lang, zone=job.settings.zone),
        write_html(folder / f"{name}.html", document, lang=lang),
    ]


def _judged(job: Job, as_of: dt.date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return verdicts and evidence as of a day: those on file where it is the workspace's day."""
    if as_of == job.as_of:
        return job.frame("verdicts"), job.frame("evidence")
    noted = list(job.notes)
    found = judge(job, as_of)
    job.notes[:] = noted  # what is read again here is noted already
    return found.verdicts, found.evidence


class _Names:
    """Under whom names of partners count as of a day, and their role; each name is looked up once."""

    def __init__(self, partners: Partners, as_of: dt.date) -> None:
        self._partners = partners
        self._as_of = as_of

    def add(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with partner_key and role, and partner as it counts; empty where there is none."""
        written = frame["partner"].dropna().unique()
        known = {name: self._partners.group(name, as_of=self._as_of) for name in written}
        roles = {name: one.role or _UNKNOWN_ROLE for name, one in known.items()}
        return frame.assign(
            partner_key=frame["partner"].map({name: one.key for name, one in known.items()}).astype("str"),
            role=frame["partner"].map(roles).astype("str"),
            partner=frame["partner"].map({name: one.name for name, one in known.items()}).astype("str"),
        )

    def about(self, notes: pd.DataFrame) -> pd.DataFrame:
        """Return the notes with the partner that each is about; "partner:xl-axiata" is XL Axiata, and empty where there is none."""
        keys = notes["case_id"].str.extract(r"^partner:(.+)$")[0]
        written = {key: key.replace("-", " ").replace("_", " ") for key in keys.dropna().unique()}
        names = {key: self._partners.group(text, as_of=self._as_of).name for key, text in written.items()}
        return notes.assign(partner=keys.map(names).astype("str"))


def _begun(frame: pd.DataFrame, column: str, as_of: dt.date) -> pd.DataFrame:
    """Return the rows that had begun by a day; those that do not say when count."""
    return frame[frame[column].isna() | (pd.to_datetime(frame[column]) <= pd.Timestamp(as_of))]


def _proposals(table: pd.DataFrame, records: Iterable[Record], as_of: dt.date) -> pd.DataFrame:
    """Return the proposals of the table and of the ledger; one that both tell, by village and day, counts once."""
    moves = [
        {
            "village_code": record.village_code,
            "proposed_on": pd.Timestamp(record.happened_on),
            **{name: record.fields.get(name) for name in ("proposer", "channel", "document")},
        }
        for record in records
        if record.kind == "proposed"
    ]
    listed = table[pd.to_datetime(table["proposed_on"]) <= pd.Timestamp(as_of)]
    both = pd.concat(
        [
            listed.reindex(columns=list(_PROPOSALS)).astype(object),
            pd.DataFrame(moves, columns=list(_PROPOSALS)).astype(object),
        ],
        ignore_index=True,
    )
    kinds = {name: "datetime64[us]" if name == "proposed_on" else "str" for name in _PROPOSALS}
    return both.astype(kinds).drop_duplicates(["village_code", "proposed_on"], ignore_index=True)


def _standing(state: State, rule: TargetRule, year: int) -> pd.DataFrame:
    """Return how each village of the list stands: done or not by the list's rule, and the case that stands for it."""
    entries = {entry.village_code: entry for entry in state.targets.values() if entry.active and entry.year == year}
    rows = []
    for one in stand(state, year, rule):
        case = _speaker(state, one, rule)
        row = {"village_code": one.village_code, "done": one.done}
        if case is None:
            rows.append(row | {"stage": "identified", "since": entries[one.village_code].since})
        else:
            rows.append(row | {name: getattr(case, name) for name in _STANDING if name not in row})
    frame = pd.DataFrame(rows, columns=list(_STANDING))
    return frame.replace("", None).astype(_STANDING)


def _speaker(state: State, one: Standing, rule: TargetRule) -> Case | None:
    """Return the case that stands for a village: the furthest; the least far where all of them must be handled and one is not."""
    if one.done or rule.rule != "mobile_all" or one.case is None or one.case.stage not in DONE:
        return one.case
    others = [
        case
        for case in state.cases.values()
        if case.village_code == one.village_code and case.service == "mobile" and case.stage not in (*DONE, "rejected")
    ]
    return min(others, key=lambda case: rank(case.stage), default=one.case)


def _list_changes(records: Iterable[Record], year: int) -> pd.DataFrame:
    """Return when villages came onto the list of a year and left it; a new version of an entry changes nothing."""
    listed: set[str] = set()
    rows = []
    for record in records:
        if record.kind in TARGET_KINDS and record.fields.get("year") == year:
            village, enters = record.village_code, record.kind == TARGET
            if enters != (village in listed):
                rows.append((pd.Timestamp(record.happened_on), 1 if enters else -1))
                (listed.add if enters else listed.discard)(village)
    return pd.DataFrame(rows, columns=["day", "villages"]).astype({"day": "datetime64[us]", "villages": "int64"})
