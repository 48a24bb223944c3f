"""`blankspot classify`: classify every desa with its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from blankspot.words import Text, label

if TYPE_CHECKING:
    from blankspot.cli.session import Session


@click.command(short_help="Classify every desa with its evidence.")
@click.argument("folder", default=".", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print every verdict as JSON.")
@click.pass_obj
def command(session: Session, folder: str, *, as_json: bool) -> None:
    """Classify every desa of the workspace FOLDER; verdicts and evidence are written to out/."""
    workspace = session.workspace(folder)
    result = workspace.run(until=("verdicts",), working=session.working)
    if as_json:
        verdicts = workspace.frame("verdicts")
        session.json(verdicts.astype(object).where(verdicts.notna(), None).to_dict("records"))
        return
    for name, count in result.counts.items():
        session.print(f"{label('signal_class', name, session.lang):<22}{count:>6}")
    session.tell(
        Text(
            f"Rinciannya di {result.out / 'verdicts.parquet'}.",
            f"The details are in {result.out / 'verdicts.parquet'}.",
        )
    )
