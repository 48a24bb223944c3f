"""`blankspot fetch cells`: crowd-sourced cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from blankspot.cli.fetch.options import carry_out, common, fetcher, now_environment

if TYPE_CHECKING:
    from blankspot.cli.session import Session


@click.command(short_help="Fetch crowd-sourced cells: OpenCelliD, with your own token.")
@common
@click.pass_obj
def command(session: Session, /, **given: Any) -> None:
    """Fetch crowd-sourced cells (OpenCelliD) in and around the area into the workspace FOLDER.

    The token is taken from the variable OPENCELLID_TOKEN. It is sent to that provider alone and stored nowhere.
    """
    from blankspot.sources.fetch.opencellid import order, read_token

    with fetcher(session, given, "opencellid") as opened:
        token = read_token(now_environment())
        margin_km = opened.workspace.settings.intake.sites_margin_km
        bounds = opened.area(bounds=given["bounds"], regency=given["regency"], margin_km=margin_km)
        today = opened.workspace.now.date()
        asked = order(bounds, fetch=opened.settings, token=token, today=today)
        carry_out(session, opened, asked, given)
