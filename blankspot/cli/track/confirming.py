"""`--confirm`: somebody says which desa a name means that stands in a list in place of a code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from blankspot.wilayah import parse
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable


def confirm_option(function: Callable[..., None]) -> Callable[..., None]:
    """Add `--confirm NAME=CODE` to a command, which may be given several times."""
    return click.option(
        "--confirm",
        "confirmed",
        multiple=True,
        metavar="NAME=CODE",
        callback=_read,
        help="The desa that a name in the list means, such as 'Sri Rahayu=99.01.02.2003'. May be repeated.",
    )(function)


def _read(context: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    confirmed: dict[str, str] = {}
    for text in given:
        name, _, code = (part.strip() for part in text.rpartition("="))
        if not name:
            told = Text(f"'{text}' bukan NAMA=KODE.", f"'{text}' is not NAME=CODE.")
            raise click.BadParameter(told.of(context.obj.lang if context.obj else "id"))
        confirmed[name] = parse(code, level="village").text
    return confirmed
