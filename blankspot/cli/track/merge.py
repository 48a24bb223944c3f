"""`blankspot track merge`: take another office's ledger in, every chain as that office made it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from blankspot.cli.track.history import SHORT
from blankspot.cli.track.place import ledger_options, place_of
from blankspot.cli.track.printing import records, table
from blankspot.ledger import Ledger
from blankspot.ledger.workflow import KIND_LABELS
from blankspot.words import Text

if TYPE_CHECKING:
    import pandas as pd

    from blankspot.cli.session import Session
    from blankspot.words import Lang

_WORKSPACE_FILE = "blankspot.toml"


@click.command()
@click.argument("other")
@ledger_options
@click.option("--dry-run", is_flag=True, help="Say what would come in, and record nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_obj
def command(session: Session, other: str, folder: str, address: str | None, *, dry_run: bool, as_json: bool) -> None:
    """Take all records of OTHER in: a ledger file, a database address, or the folder of a workspace.

    Nothing is lost and nothing is doubled, whoever merges whom and how often. Cases that both offices moved without knowing of
    each other are listed; they wait for `track settle`.
    """
    place = place_of(session, folder, address)
    given = _address(session, other)
    with place.open(create=True) as ledger:
        waiting = ledger.conflicts()
        if dry_run:
            with Ledger.open(":memory:", settings=place.settings) as trial:
                trial.merge(ledger)
                merged, after = trial.merge(given), trial.conflicts()
        else:
            merged, after = ledger.merge(given), ledger.conflicts()
    arisen = after[~after["content_id"].isin(waiting["content_id"])]
    if as_json:
        counts = {"new_records": merged.new_records, "repeated": merged.repeated, "forked": dict(merged.forked)}
        session.json(counts | {"applied": not dry_run, "conflicts": records(arisen)})
    else:
        _print(session, arisen, session.lang)
    session.tell(_summary(merged.new_records, merged.repeated, arisen["case_id"].nunique(), dry_run=dry_run))
    for origin, kept in merged.forked.items():
        told = Text(
            f"Salinan buku besar '{origin}' pernah dipakai mencatat terpisah; catatannya disimpan sebagai '{kept}'.",
            f"A copy of the ledger '{origin}' recorded on its own; its records are kept as '{kept}'.",
        )
        session.tell(told)


def _address(session: Session, other: str) -> str:
    """Return the address of the ledger that a file, an address or a workspace means."""
    if "://" not in other and (Path(other) / _WORKSPACE_FILE).is_file():
        return session.workspace(other).ledger_address
    return other


def _summary(new: int, repeated: int, cases: int, *, dry_run: bool) -> Text:
    came = Text(
        f"{new} catatan {'akan masuk' if dry_run else 'masuk'}, {repeated} sudah ada.",
        f"{new} records {'would come' if dry_run else 'came'} in, {repeated} were here already.",
    )
    if not cases:
        return came
    return Text(
        f"{came.id} {cases} kasus berbeda catatan; selesaikan dengan: blankspot track settle.",
        f"{came.en} {cases} cases are in conflict; settle them with: blankspot track settle.",
    )


def _print(session: Session, arisen: pd.DataFrame, lang: Lang) -> None:
    if arisen.empty:
        return
    heads = (
        Text("Kasus", "Case"), Text("Nomor", "Number"), Text("Tanggal", "Day"), Text("Kejadian", "Event"),
        Text("Kantor", "Office"), Text("Mengapa", "Why"),
    )  # fmt: skip
    rows = [
        (
            row["case_id"], row["content_id"][:SHORT], row["happened_on"], KIND_LABELS[row["kind"]].of(lang), row["origin"],
            row["why_id" if lang == "id" else "why_en"],
        )
        for row in records(arisen)
    ]  # fmt: skip
    session.print(table(heads, rows, lang))
