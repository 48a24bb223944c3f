"""`blankspot run`: bring everything in a workspace up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from blankspot.words import Text, label

if TYPE_CHECKING:
    from blankspot.cli.session import Session


@click.command(short_help="Bring everything in a workspace up to date.")
@click.argument("folder", default=".", type=click.Path())
@click.option("--force", is_flag=True, help="Make everything again, changed or not.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_obj
def command(session: Session, folder: str, *, force: bool, as_json: bool) -> None:
    """Bring everything in a workspace up to date: tables, coverage, verdicts, ledger, report and map.

    FOLDER is the workspace (default: here). Steps whose inputs, settings and code have not changed are left alone.
    """
    from blankspot.cli.cover import headline

    workspace = session.workspace(folder)
    result = workspace.run(force=force, working=session.working)
    progress = result.progress
    if as_json:
        session.json(
            {
                "as_of": workspace.as_of,
                "counts": result.counts,
                "progress": None
                if progress is None
                else {
                    "numerator": progress.numerator,
                    "denominator": progress.denominator,
                    "year": progress.year,
                    "as_of": progress.as_of,
                },
                "coverage": workspace.coverage_summary(),
                "made": result.made,
                "fresh": result.fresh,
                "map": str(result.out / "map.html"),
            }
        )
        return
    if not result.made:
        session.tell(Text("Tidak ada yang berubah sejak terakhir dijalankan.", "Nothing changed since the last run."))
    total = sum(result.counts.values())
    for name, count in result.counts.items():
        session.print(f"{label('signal_class', name, session.lang):<22}{count:>6}")
    session.print(f"{Text('Jumlah desa', 'Villages').of(session.lang):<22}{total:>6}")
    if progress is not None:
        session.print(progress.text(session.lang))
    summary = workspace.coverage_summary()
    if summary:
        session.print(headline(summary, session.lang))
    if workspace.cover_choice.words():
        session.tell(
            Text(
                f"Cakupan menurut pilihan terakhir: blankspot cover {workspace.cover_choice.words()}",
                f"Coverage as chosen last: blankspot cover {workspace.cover_choice.words()}",
            )
        )
    refused = sum(note.rows_rejected for note in workspace.provenance().sources)
    if refused:
        listed = result.out / "rejects"
        session.tell(
            Text(
                f"{refused} baris sumber ditolak; alasannya di {listed}, ringkasannya: blankspot check {folder}",
                f"{refused} rows of the sources were refused; reasons in {listed}, a summary: blankspot check {folder}",
            )
        )
    session.print(f"{Text('Peta', 'Map').of(session.lang)}: {result.out / 'map.html'}")
