"""`blankspot check`: read the sources and list what is accepted, repaired and refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from blankspot.words import Text

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from blankspot.cli.session import Session

_SEVERITY = {
    "rejected": Text("ditolak", "refused"),
    "repaired": Text("diperbaiki", "repaired"),
    "noted": Text("dicatat", "noted"),
}
_RASTERS = {"terrain": Text("Ketinggian", "Heights"), "land_cover": Text("Tutupan lahan", "Land cover")}


@click.command(short_help="Read the sources and list what is accepted, repaired and refused.")
@click.argument("folder", default=".", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
@click.pass_obj
def command(session: Session, folder: str, *, as_json: bool) -> None:
    """Read every source of the workspace FOLDER and count what each rule accepted, repaired and refused.

    The rows themselves, with file, row, column, value and message, are written to out/rejects.
    """
    from rich.table import Table

    workspace = session.workspace(folder)
    counts = workspace.check(working=session.working)
    notes = [note for note in workspace.checked_sources() if note.rows_in]
    if as_json:
        sources = [
            {
                "name": note.name,
                "kind": note.kind,
                "rows_in": note.rows_in,
                "accepted": note.rows_accepted,
                "rejected": note.rows_rejected,
            }
            for note in notes
        ]
        session.json({"sources": sources, "rules": counts.to_dict("records")})
        return
    table = Table(box=None, pad_edge=False)
    for heading in (Text("Berkas", "File"), Text("Jenis", "Kind")):
        table.add_column(heading.of(session.lang))
    for heading in (Text("Dibaca", "Read"), Text("Diterima", "Accepted"), Text("Ditolak", "Refused")):
        table.add_column(heading.of(session.lang), justify="right")
    for note in notes:
        table.add_row(
            note.name, _kind(note.kind, session), str(note.rows_in), str(note.rows_accepted), str(note.rows_rejected)
        )
    session.print(table)
    if len(counts):
        session.print("")
        session.print(_rules(counts, session))
        session.tell(
            Text(f"Rinciannya di {workspace.out / 'rejects'}.", f"The details are in {workspace.out / 'rejects'}.")
        )


def _rules(counts: pd.DataFrame, session: Session) -> Table:
    from rich.table import Table
    from rich.text import Text as Cell

    table = Table(box=None, pad_edge=False)
    for heading in (Text("Tabel", "Table"), Text("Akibat", "Outcome"), Text("Aturan", "Rule")):
        table.add_column(heading.of(session.lang))
    table.add_column(Text("Baris", "Rows").of(session.lang), justify="right")
    table.add_column(Text("Contoh", "Example").of(session.lang), overflow="fold")
    for row in counts.to_dict("records"):
        table.add_row(
            _kind(str(row["table"]), session),
            _SEVERITY[str(row["severity"])].of(session.lang),
            str(row["rule"]),
            str(row["rows"]),
            Cell(str(row["example"])),
        )
    return table


def _kind(name: str, session: Session) -> str:
    """Return what readers call a kind of source or a table."""
    from blankspot.schema import TABLES

    if name in _RASTERS:
        return _RASTERS[name].of(session.lang)
    table = "villages" if name == "boundaries" else name
    return str(TABLES[table].title) if session.lang == "id" and table in TABLES else name
