"""`blankspot track settle`: say which of several moves stands, after offices moved a case without knowing of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from blankspot.cli.track.place import day, ledger_options, place_of
from blankspot.errors import LedgerError
from blankspot.ledger import Event
from blankspot.words import Text

if TYPE_CHECKING:
    import datetime as dt

    from blankspot.cli.session import Session


@click.command()
@click.argument("record")
@ledger_options
@click.option("--reason", required=True, help="Who decided, and why.")
@click.option("--on", "decided_on", type=day, help="The day it was decided (default: today).")
@click.pass_obj
def command(
    session: Session, record: str, folder: str, address: str | None, *, reason: str, decided_on: dt.date | None
) -> None:
    """Let the move with the number RECORD stand, and the others of its case that are in conflict with it count no more.

    RECORD is one of those that `track conflicts` lists. The others stay on record.
    """
    with place_of(session, folder, address).open(create=False) as ledger:
        chosen = ledger.find(record)
        branches = ledger.folded().branches.get(chosen.case_id)
        if branches is None:
            raise LedgerError(
                Text(
                    f"Kasus {chosen.case_id} tidak sedang berbeda catatan.",
                    f"Case {chosen.case_id} is not in conflict.",
                ),
                hint=Text("Lihat dengan: blankspot track conflicts.", "See: blankspot track conflicts."),
            )
        others = [head for head in branches.heads if head != chosen.content_id]
        ledger.append(
            Event(
                kind="settled",
                village_code=chosen.village_code,
                case_id=chosen.case_id,
                happened_on=decided_on or ledger.today,
                fields={"chosen": chosen.content_id, "voids": " ".join(others), "reason": reason},
            )
        )
    session.tell(
        Text(
            f"Diselesaikan: {chosen.case_id}, yang berlaku {chosen.content_id[:12]}; {len(others)} tidak dihitung lagi.",
            f"Settled: {chosen.case_id}, {chosen.content_id[:12]} stands; {len(others)} count no more.",
        )
    )
