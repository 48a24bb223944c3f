"""`blankspot fetch boundaries`: boundaries of desa."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from blankspot.cli.fetch.options import carry_out, common, fetcher

if TYPE_CHECKING:
    from blankspot.cli.session import Session


@click.command(short_help="Fetch boundaries of desa: COD-AB from HDX, or geoBoundaries.")
@click.option(
    "--from",
    "provider",
    type=click.Choice(["hdx", "geoboundaries"]),
    default="hdx",
    show_default=True,
    help="Whose: COD-AB has BPS codes, geoBoundaries has none.",
)
@click.option("--level", type=click.IntRange(0, 4), default=4, show_default=True, help="Level of geoBoundaries.")
@common
@click.pass_obj
def command(session: Session, /, *, provider: str, level: int, **given: Any) -> None:
    """Fetch boundaries of the desa of one kabupaten into the workspace FOLDER.

    Give its name with --regency ("Kabupaten Bandung", "Kota Bandung"), its BPS code (ID3204), its Kemendagri code (32.04) where
    the workspace has a code list, or --bounds.
    """
    from blankspot.errors import UsageError
    from blankspot.sources.fetch import geoboundaries, hdx
    from blankspot.words import Text

    bounds, regency = given["bounds"], given["regency"]
    if (bounds is None) == (regency is None):
        raise UsageError(
            Text(
                "Sebutkan wilayahnya dengan salah satu: --regency atau --bounds.",
                "Name the area by one of --regency, --bounds.",
            ),
            hint=Text('Misalnya: --regency "Kabupaten Bandung".', 'For example: --regency "Kabupaten Bandung".'),
        )
    with fetcher(session, given, provider) as opened:
        area = None if bounds is None else opened.area(bounds=bounds, regency=None)
        named = None if regency is None else opened.regency_for_boundaries(regency)
        client, fetch = opened.client, opened.settings
        if provider == "hdx":
            asked = hdx.order(client, fetch=fetch, regency=named, bounds=area)
        else:
            asked = geoboundaries.order(client, fetch=fetch, level=level, regency=named, bounds=area)
        carry_out(session, opened, asked, given)
