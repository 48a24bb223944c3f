"""`blankspot card`: draw the progress as a picture for publication."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from blankspot.errors import UsageError
from blankspot.words import Text

if TYPE_CHECKING:
    from blankspot.cli.session import Session

_SIZES = ("1080x1080", "1920x1080")


@click.command(short_help="Draw the progress as a picture for publication.")
@click.argument("folder", default=".", type=click.Path())
@click.option("--size", "sizes", multiple=True, type=click.Choice(_SIZES), help="Pixels (default: both).")
@click.option(
    "--out", "path", type=click.Path(dir_okay=False, path_type=Path), help="The PNG to write; needs one --size."
)
@click.option("--logo", type=click.Path(path_type=Path), help="A PNG or JPEG for the corner of the card.")
@click.pass_obj
def command(session: Session, folder: str, *, sizes: tuple[str, ...], path: Path | None, logo: Path | None) -> None:
    """Draw how many desa are handled, of how many, as of when, as a PNG of 1080x1080 and one of 1920x1080 pixels.

    FOLDER is the workspace (default: here). Without --out the pictures go to its folder out. Only public facts are on them.
    """
    from blankspot.out.cards import LAYOUTS, draw_card

    chosen = [size for size in LAYOUTS if size in sizes or not sizes]
    if path is not None and len(chosen) > 1:
        raise UsageError(
            Text("--out memuat satu gambar.", "--out holds one picture."),
            hint=Text("Tambahkan --size 1080x1080 atau --size 1920x1080.", "Add --size 1080x1080 or --size 1920x1080."),
        )
    workspace = session.workspace(folder)
    workspace.run(until=("handling",), working=session.working)
    card = workspace.card()
    if not card.denominator:
        raise _no_list(card.year)
    for size in chosen:
        target = path or workspace.out / f"card-{size}.png"
        draw_card(target, card, size=size, lang=session.lang, logo=logo)
        session.tell(Text(f"Kartu: {target}", f"Card: {target}"))


def _no_list(year: int) -> UsageError:
    """Say that "0 of 0" is nothing to publish."""
    return UsageError(
        Text(
            f"Belum ada desa dalam daftar target {year}; kartu tidak dibuat.",
            f"There is no desa on the target list of {year} yet; no card was made.",
        ),
        hint=Text(
            f"Isi daftarnya dahulu: blankspot track add DESA target --year {year} --on TANGGAL.",
            f"Fill the list first: blankspot track add VILLAGE target --year {year} --on DAY.",
        ),
    )
