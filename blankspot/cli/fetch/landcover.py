"""`blankspot fetch landcover`: land cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from blankspot.cli.fetch.options import carry_out, common, fetcher

if TYPE_CHECKING:
    from blankspot.cli.session import Session


@click.command(short_help="Fetch land cover: ESA WorldCover 2021.")
@common
@click.pass_obj
def command(session: Session, /, **given: Any) -> None:
    """Fetch land cover of 10 m (ESA WorldCover 2021) of the area into the workspace FOLDER."""
    from blankspot.sources.fetch.worldcover import order

    with fetcher(session, given, "worldcover") as opened:
        asked = order(opened.area(bounds=given["bounds"], regency=given["regency"]), fetch=opened.settings)
        carry_out(session, opened, asked, given)
