"""`blankspot fetch dem`: heights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from blankspot.cli.fetch.options import carry_out, common, fetcher

if TYPE_CHECKING:
    from blankspot.cli.session import Session


@click.command(short_help="Fetch heights: Copernicus GLO-30.")
@common
@click.pass_obj
def command(session: Session, /, **given: Any) -> None:
    """Fetch heights of 30 m (Copernicus GLO-30) of the area and a margin around it into the workspace FOLDER, as its terrain."""
    from blankspot.sources.fetch.copernicus import order

    with fetcher(session, given, "copernicus") as opened:
        margin_km = opened.workspace.settings.intake.sites_margin_km
        bounds = opened.area(bounds=given["bounds"], regency=given["regency"], margin_km=margin_km)
        asked = order(bounds, fetch=opened.settings)
        carry_out(session, opened, asked, given)
