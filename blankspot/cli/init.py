"""`blankspot init`: make a workspace with `blankspot.toml` and templates to fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from blankspot.words import Text

if TYPE_CHECKING:
    from blankspot.cli.session import Session


@click.command(short_help="Make a workspace with blankspot.toml and templates to fill in.")
@click.argument("folder", type=click.Path())
@click.option("--title", default="", help="What the workspace is called on maps and reports.")
@click.pass_obj
def command(session: Session, folder: str, *, title: str) -> None:
    """Make a workspace in FOLDER: blankspot.toml, an empty data folder, and XLSX templates with instructions."""
    from blankspot.out.starter import write_starter

    written = write_starter(folder, title=title, lang=session.lang)
    for path in written:
        session.print(str(path))
    session.tell(
        Text(
            f"Isi templat, simpan di {folder}/data, sebutkan di blankspot.toml, lalu: blankspot run {folder}",
            f"Fill in the templates, save them in {folder}/data, name them in blankspot.toml, then: blankspot run {folder}",
        )
    )
