"""`blankspot demo`: write an example workspace with an invented kabupaten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from blankspot.words import Text

if TYPE_CHECKING:
    from blankspot.cli.session import Session


@click.command(short_help="Write an example workspace with an invented kabupaten.")
@click.argument("folder", type=click.Path())
@click.option(
    "--seed", default=42, show_default=True, type=click.IntRange(min=0), help="Another seed invents another kabupaten."
)
@click.option("--villages", default=280, show_default=True, type=click.IntRange(10, 2000), help="How many desa.")
@click.pass_obj
def command(session: Session, folder: str, *, seed: int, villages: int) -> None:
    """Write an example workspace into FOLDER. The same seed gives the same bytes; all names and numbers are invented."""
    from blankspot.demo import invent
    from blankspot.out.workspace import write_demo

    with session.working(Text("Mengarang kabupaten contoh", "Inventing the example kabupaten")):
        written = write_demo(folder, invent(seed=seed, villages=villages))
    session.print(str(written))
    session.tell(Text(f"Lanjutkan dengan: blankspot run {folder}", f"Go on with: blankspot run {folder}"))
