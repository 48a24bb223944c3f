"""`blankspot fetch population`: people per pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from blankspot.cli.fetch.options import carry_out, common, fetcher

if TYPE_CHECKING:
    from blankspot.cli.session import Session


@click.command(short_help="Fetch people per pixel: WorldPop.")
@click.option("--year", type=int, default=2025, show_default=True, help="Year of the estimate.")
@click.option(
    "--layout",
    type=click.Choice(["constrained", "unconstrained", "unconstrained-un"]),
    default="constrained",
    show_default=True,
    help="People only where buildings are (2015-2030), or on all land (2000-2020; -un: scaled to UN totals).",
)
@common
@click.pass_obj
def command(session: Session, /, *, year: int, layout: Any, **given: Any) -> None:
    """Fetch an estimate of people per 100 m (WorldPop) of the area into the workspace FOLDER."""
    from blankspot.sources.fetch.worldpop import order

    with fetcher(session, given, "worldpop") as opened:
        bounds = opened.area(bounds=given["bounds"], regency=given["regency"])
        asked = order(bounds, fetch=opened.settings, year=year, layout=layout)
        carry_out(session, opened, asked, given)
