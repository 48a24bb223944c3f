"""Plain answers composed: which tables and which views of the ledger each fact sheet is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from blankspot.ledger.workflow import KIND_LABELS, STAGES
from blankspot.out.facts.area import Achieved, AreaFacts, gather_area
from blankspot.out.facts.cases import Papers
from blankspot.out.facts.partner import PartnerFacts, gather_partner
from blankspot.out.facts.village import Facts, Move, gather
from blankspot.run.subjects import Finder, Subject

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from blankspot.ledger import Ledger
    from blankspot.ledger.events import Record
    from blankspot.ledger.partners import Partners
    from blankspot.run.job import Job

_TABLES: Final = ("villages", "verdicts", "evidence", "sites", "internet_points", "handling")
_TOLD: Final = ("reason", "constraint", "follow_up", "note", "document", "number", "step", "verdict")


def find_subject(job: Job, asked: str, *, district: str | None = None) -> Subject:
    """Return what a question is about; see `subjects.Finder.find`."""
    with job.ledger() as ledger:
        known = _known_partners(ledger.partners, job.frame("handling"), job.as_of)
    return Finder(job.frame("villages"), known).find(asked, district=district)


def facts_of(job: Job, subject: Subject) -> Facts | PartnerFacts | AreaFacts:
    """Return what is known about a subject as of the workspace's day; the steps must have run."""
    with job.ledger() as ledger:
        papers = Papers(
            notes=ledger.notes(job.as_of),
            money=ledger.money(job.as_of),
            letters=ledger.letters(job.as_of),
            proposals=job.frame("proposals"),
        )
        if subject.kind == "village":
            return _village(job, ledger, subject.key, papers)
        if subject.kind == "partner":
            return _partner(job, ledger.partners, subject, papers)
        return _area(job, ledger, subject, papers)


def _village(job: Job, ledger: Ledger, code: str, papers: Papers) -> Facts:
    tables = {name: job.frame(name) for name in _TABLES}
    moves = _moves(ledger, code, job.as_of)
    return gather(code, **tables, history=moves, as_of=job.as_of, papers=papers)


def _moves(ledger: Ledger, code: str, as_of: dt.date) -> list[Move]:
    """Return everything on record about a village, and of each record whether a later one put it right or withdrew it."""
    listed = ledger.events(as_of, village_code=code)
    counting = {record.content_id: record for record in ledger.effective(as_of) if record.village_code == code}
    conflicts = ledger.conflicts(as_of)
    waiting = set(conflicts["content_id"][conflicts["village_code"] == code])

    def standing(record: Record) -> str:
        if record.kind == "correction":
            return ""
        if record.content_id in waiting:
            return "conflict"
        now = counting.get(record.content_id)
        if now is None:
            return "withdrawn"
        return "" if (now.happened_on, now.fields) == (record.happened_on, record.fields) else "corrected"

    kinds = {record.content_id: record.kind for record in listed}
    return [_move(record, standing(record), kinds) for record in listed]


def _move(record: Record, state: str, kinds: dict[str, str]) -> Move:
    fields = record.fields
    amount = fields.get("amount_rp")
    corrected = kinds.get(str(fields.get("corrects", "")))
    return Move(
        day=record.happened_on,
        kind=record.kind,
        said=None if record.kind in STAGES else KIND_LABELS[record.kind],
        partner=str(fields.get("partner") or ""),
        evidence=str(fields.get("evidence") or ""),
        told="; ".join(str(fields[name]) for name in _TOLD if fields.get(name)),
        amount_rp=None if amount is None else float(amount),
        puts_right=None if corrected is None else KIND_LABELS[corrected],
        state=state,
    )


def _known_partners(partners: Partners, handling: pd.DataFrame, as_of: dt.date) -> dict[str, Subject]:
    """Return every name under which somebody may ask for a partner, and whom it means as of a day."""
    written = [str(name) for name in handling["partner"].dropna().unique()]
    names = [name for one in partners for name in (one.name, *partners.aliases(one.key))]
    known: dict[str, Subject] = {}
    for name in (*names, *written):
        group = partners.group(name, as_of=as_of)
        for spelled in (name, partners.resolve(name).key):
            known.setdefault(spelled, Subject("partner", group.key, group.name))
    return known


def _partner(job: Job, partners: Partners, subject: Subject, papers: Papers) -> PartnerFacts:
    handling = job.frame("handling")

    def mine(names: pd.Series) -> pd.Series:
        keys = {name: partners.group(str(name), as_of=job.as_of).key for name in names.dropna().unique()}
        return names.map(keys) == subject.key

    cases = handling[mine(handling["partner"])]
    letters = papers.letters[mine(papers.letters["partner"])]
    group = partners.group(subject.name, as_of=job.as_of)
    same = [one for one in partners if partners.group(one.name, as_of=job.as_of).key == subject.key]
    spelled = [*(one.name for one in same), *(str(name) for name in cases["partner"].unique())]
    spelled += [alias for one in same for alias in partners.aliases(one.key)]
    others = tuple(name for name in dict.fromkeys(spelled) if name != group.name)
    return gather_partner(
        group.name,
        key=subject.key,
        role=group.role,
        known_as=others,
        cases=cases,
        villages=job.frame("villages"),
        papers=Papers(notes=papers.notes, letters=letters),
        as_of=job.as_of,
    )


def _area(job: Job, ledger: Ledger, subject: Subject, papers: Papers) -> AreaFacts:
    progress = ledger.progress(year=job.year, as_of=job.as_of, by="district")
    targets = {group.key: (group.numerator, group.denominator) for group in progress.groups}
    within: list[Any] = [pair for code, pair in targets.items() if f"{code}.".startswith(f"{subject.key}.")]
    achieved = Achieved(
        numerator=sum(done for done, _ in within),
        denominator=sum(total for _, total in within),
        year=job.year,
        definition=progress.definition,
    )
    return gather_area(
        subject.key,
        level=subject.kind,  # type: ignore[arg-type]  # neither a village nor a partner
        villages=job.frame("villages"),
        verdicts=job.frame("verdicts"),
        handling=job.frame("handling"),
        papers=papers,
        achieved=achieved,
        targets=targets,
        as_of=job.as_of,
    )
