"""`blankspot fetch`: public data into a workspace, for those who have a network; each command below it is a module of its own.

The commands only parse, call `blankspot.run.fetching` and print.
"""

from __future__ import annotations

from typing import Final

import click

from blankspot.cli import LazyGroup

COMMANDS: Final = {
    "boundaries": "Fetch boundaries of desa: COD-AB from HDX, or geoBoundaries.",
    "dem": "Fetch heights: Copernicus GLO-30.",
    "population": "Fetch people per pixel: WorldPop.",
    "cells": "Fetch crowd-sourced cells: OpenCelliD, with your own token.",
    "landcover": "Fetch land cover: ESA WorldCover 2021.",
    "measurements": "Fetch where speed tests ran: Ookla's open tiles.",
}


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    package="blankspot.cli.fetch",
    short_help="Fetch public data into a workspace, where there is a network.",
)
def command() -> None:
    """Fetch public data into a workspace: boundaries, heights, people, cells, land cover, speed tests.

    Start with boundaries and the name of the kabupaten; the other commands then take the area from the workspace. A file
    lands in data/ with its licence beside it, and is named in blankspot.toml. What was cut off is resumed by calling again.
    Everything else in blankspot works without a network.
    """
