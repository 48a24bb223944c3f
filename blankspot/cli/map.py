"""`blankspot map`: draw the offline map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from blankspot.cli.session import Session


@click.command(short_help="Draw the offline map.")
@click.argument("folder", default=".", type=click.Path())
@click.option("-o", "--output", type=click.Path(), help="File to write (default: out/map.html in the workspace).")
@click.option(
    "--basemap",
    metavar="[NAME]",
    is_flag=False,
    flag_value="osm",
    help="Add an online background, osm or topo (osm if not named); without it the page asks no network for anything.",
)
@click.pass_obj
def command(session: Session, folder: str, *, output: str | None, basemap: str | None) -> None:
    """Draw the map of the workspace FOLDER as one HTML file that opens without a network."""
    session.print(str(session.workspace(folder).map(output, basemap=basemap)))
