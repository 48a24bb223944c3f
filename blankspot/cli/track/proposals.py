"""`blankspot track proposals`: which proposals are ready to submit, which are not and why; with `--apply` record them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import pandas as pd

from blankspot.cli.track.confirming import confirm_option
from blankspot.cli.track.place import Place, ledger_options, place_of
from blankspot.cli.track.printing import event_json, records, table
from blankspot.errors import UsageError
from blankspot.ledger.proposals import STATUSES, SUBMISSION_COLUMNS, ProposalPlan, plan_proposals
from blankspot.out.tables import write_csv, write_xlsx
from blankspot.sources.records import proposal_rows
from blankspot.words import Text, number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from blankspot.cli.session import Session

_SHEET: Final = Text("Siap diajukan", "Ready to submit")


@click.command()
@click.argument("file", type=click.Path(), required=False)
@ledger_options
@confirm_option
@click.option("--apply", is_flag=True, help="Record the proposals that are in order. Without it nothing is written.")
@click.option("--csv", "csv_file", type=click.Path(), help="Write those that are ready to submit into a CSV file.")
@click.option("--xlsx", "xlsx_file", type=click.Path(), help="Write those that are ready to submit into a workbook.")
@click.option("--sheet", help="Sheet of a workbook; the first with data if not given.")
@click.option("--json", "as_json", is_flag=True, help="Print every proposal with what it comes to as JSON.")
@click.pass_obj
def command(
    session: Session,
    file: str | None,
    folder: str,
    address: str | None,
    *,
    confirmed: dict[str, str],
    apply: bool,
    csv_file: str | None,
    xlsx_file: str | None,
    sheet: str | None,
    as_json: bool,
) -> None:
    """Judge proposals before they are submitted: the list FILE, or the workspace's own lists.

    A proposal is ready when its coordinates lie in the desa it names. One without coordinates may be recorded but is not ready; a
    desa proposed twice is linked, not doubled; one on its way, handled or decided is told; a name in place of a code waits for --confirm.
    """
    place = place_of(session, folder, address)
    frame = _rows(place, file, sheet)
    with session.working(Text("Memeriksa usulan", "Judging the proposals")):
        villages = place.villages()
        with place.open(create=True) if apply else place.look() as ledger:
            plan = plan_proposals(
                frame,
                villages,
                ledger.events(),
                today=ledger.today,
                lang=session.lang,
                confirmed=confirmed,
                settings=place.settings,
            )
            recorded = len(ledger.append(plan.new_events)) if apply else 0
    _write(session, place, plan, csv_file, xlsx_file)
    if as_json:
        session.json(_json(plan, recorded))
    else:
        _print(session, plan)
    session.say(_summary(plan, recorded, apply=apply).of(session.lang))


def _rows(place: Place, file: str | None, sheet: str | None) -> pd.DataFrame:
    """Return the proposals of a file, or of every list that the workspace names."""
    sources = () if place.workspace is None else place.workspace.config.sources.proposals
    root = Path() if place.workspace is None else place.workspace.root
    if file is not None:
        here = Path(file).resolve()
        named = [one for one in sources if here in {path.resolve() for path in one.files(root)}]
        columns = named[0].columns if named else {}
        return proposal_rows(file, mapping=columns or None, sheet=sheet or (named[0].layer if named else None))
    if not sources:
        raise UsageError(
            Text("Tidak ada daftar usulan.", "There is no list of proposals."),
            hint=Text(
                'Sebutkan berkasnya, atau isi proposals = "data/usulan.xlsx" di blankspot.toml.',
                'Name the file, or fill in proposals = "data/usulan.xlsx" in blankspot.toml.',
            ),
        )
    parts = [proposal_rows(one.files(root), mapping=one.columns or None, sheet=one.layer) for one in sources]
    return pd.concat(parts, ignore_index=True)


def _write(session: Session, place: Place, plan: ProposalPlan, csv_file: str | None, xlsx_file: str | None) -> None:
    ready = plan.submission(session.lang)
    headings = {name: words.of(session.lang) for name, words in SUBMISSION_COLUMNS.items()}
    if csv_file is not None:
        days = ready.assign(proposed_on=ready["proposed_on"].dt.strftime("%Y-%m-%d"))
        write_csv(csv_file, days.rename(columns=headings))
    if xlsx_file is not None:
        sheets = {_SHEET.of(session.lang): (ready, headings)}
        write_xlsx(xlsx_file, sheets, lang=session.lang, zone=place.settings.zone)
    for written in filter(None, (csv_file, xlsx_file)):
        told = Text(
            f"{len(ready)} usulan siap diajukan: {written}", f"{len(ready)} proposals ready to submit: {written}"
        )
        session.tell(told)


def _json(plan: ProposalPlan, recorded: int) -> dict[str, Any]:
    counts = {"rows_in": plan.rows_in, **plan.counts, "recorded": recorded}
    new = [event_json(event) for event in plan.new_events]
    return {"counts": counts, "proposals": records(plan.rows), "new": new, "rejects": records(plan.rejects)}


def _print(session: Session, plan: ProposalPlan) -> None:
    """Print the proposals that are ready, then the others, each kind with its reasons."""
    heads = (
        Text("Baris", "Row"), Text("Kode desa", "Village code"), Text("Desa", "Village"), Text("Pengusul", "Proposer"),
        Text("Tanggal", "Day"), Text("Keterangan", "Remark"),
    )  # fmt: skip
    counts = plan.counts
    for status, title in STATUSES.items():
        if counts[status]:
            session.print(f"\n{title.of(session.lang)} ({number(counts[status], lang=session.lang)})")
            chosen = plan.rows[plan.rows["status"] == status]
            session.print(table(heads, _cells(chosen), session.lang))


def _cells(rows: pd.DataFrame) -> Iterable[tuple[object, ...]]:
    names = ("source_row", "village_code", "village_name", "proposer", "proposed_on", "message")
    for row in records(rows):
        yield tuple("" if row[name] is None else row[name] for name in names)


def _summary(plan: ProposalPlan, recorded: int, *, apply: bool) -> Text:
    listed = {
        lang: ", ".join(
            f"{count} {STATUSES[status].of(lang).lower()}" for status, count in plan.counts.items() if count
        )
        for lang in ("id", "en")
    }
    counts = Text(f"{plan.rows_in} usulan: {listed['id']}.", f"{plan.rows_in} proposals: {listed['en']}.")
    waiting = len(plan.new_events)
    if apply:
        done = Text(f"{recorded} kejadian dicatat.", f"{recorded} events were recorded.")
    elif waiting:
        done = Text(
            f"Belum ada yang dicatat; {waiting} kejadian menunggu --apply.",
            f"Nothing was recorded; {waiting} events wait for --apply.",
        )
    else:
        done = Text("Tidak ada yang baru untuk dicatat.", "There is nothing new to record.")
    return Text(f"{counts.id} {done.id}", f"{counts.en} {done.en}")
