"""`blankspot track audit`: whether anybody rewrote history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from blankspot.cli.track.place import ledger_options, place_of
from blankspot.errors import LedgerError
from blankspot.words import Text

if TYPE_CHECKING:
    from blankspot.cli.session import Session


@click.command()
@ledger_options
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_obj
def command(session: Session, folder: str, address: str | None, *, as_json: bool) -> None:
    """Check every record against its content and its office's chain; name the first broken link (exit code 5)."""
    with place_of(session, folder, address).open(create=False) as ledger:
        found = ledger.audit()
    breaks = [{"origin": one.origin, "seq": one.seq, "what": one.what.of(session.lang)} for one in found.breaks]
    if as_json:
        session.json({"records": found.records, "origins": found.origins, "passed": found.passed, "breaks": breaks})
    counted = Text(
        f"{found.records} catatan dari {found.origins} kantor diperiksa.",
        f"{found.records} records of {found.origins} offices were checked.",
    )
    if found.passed:
        whole = Text("Semua rantai utuh.", "Every chain is whole.")
        session.tell(Text(f"{counted.id} {whole.id}", f"{counted.en} {whole.en}"))
        return
    listed = "".join(f"\n  {one['origin']}, {one['seq']}: {one['what']}" for one in breaks)
    raise LedgerError(
        Text(f"{counted.id} Rantai terputus:{listed}\n", f"{counted.en} Broken chains:{listed}\n"),
        hint=Text("Pulihkan buku besar dari salinan cadangan.", "Restore the ledger from a backup."),
    )
