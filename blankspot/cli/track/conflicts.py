"""`blankspot track conflicts`: what waits for a decision after ledgers were merged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from blankspot.cli.track.history import SHORT
from blankspot.cli.track.place import ledger_options, place_of
from blankspot.cli.track.printing import records, table
from blankspot.ledger.workflow import KIND_LABELS
from blankspot.words import Text

if TYPE_CHECKING:
    from blankspot.cli.session import Session


@click.command()
@ledger_options
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@click.pass_obj
def command(session: Session, folder: str, address: str | None, *, as_json: bool) -> None:
    """List cases that several offices moved without knowing of each other, and records that do not fit the workflow.

    Choose what stands with `track settle`, or put a record right with `track correct`.
    """
    with place_of(session, folder, address).open(create=False) as ledger:
        found = ledger.conflicts()
    if as_json:
        session.json(records(found))
        return
    lang = session.lang
    heads = (
        Text("Kasus", "Case"), Text("Nomor", "Number"), Text("Tanggal", "Day"), Text("Kejadian", "Event"),
        Text("Mitra", "Partner"), Text("Kantor", "Office"), Text("Mengapa", "Why"),
    )  # fmt: skip
    rows = [
        (
            row["case_id"], row["content_id"][:SHORT], row["happened_on"], KIND_LABELS[row["kind"]].of(lang),
            row["partner"] or "", row["origin"], row["why_id" if lang == "id" else "why_en"],
        )
        for row in records(found)
    ]  # fmt: skip
    if rows:
        session.print(table(heads, rows, lang))
    cases = found["case_id"].nunique()
    session.tell(Text(f"{cases} kasus berbeda catatan.", f"{cases} cases in conflict."))
