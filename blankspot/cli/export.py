"""`blankspot export`: write tables for exchange."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from blankspot.words import Text

if TYPE_CHECKING:
    from blankspot.cli.session import Session

FORMATS = ("gpkg", "parquet", "csv", "xlsx")


@click.command(short_help="Write tables for exchange: GeoPackage, GeoParquet, CSV, XLSX.")
@click.argument("folder", default=".", type=click.Path())
@click.option("-o", "--output", type=click.Path(), help="Target folder (default: out/export in the workspace).")
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    help="Only this format; may be given several times.",
)
@click.pass_obj
def command(session: Session, folder: str, *, output: str | None, formats: tuple[str, ...]) -> None:
    """Write desa with verdicts and evidence of the workspace FOLDER as GeoPackage (styled), GeoParquet, CSV and XLSX."""
    workspace = session.workspace(folder)
    workspace.run(until=("exchange", "report"), working=session.working)
    target = Path(output) if output else workspace.out / "export"
    for path in workspace.export(target, formats=formats or FORMATS):
        session.print(str(path))
    session.tell(
        Text(
            "Titik ukur dan laporan warga tidak ikut: keduanya dapat menunjuk orang.",
            "Measurements and citizen reports stay here: they can point at people.",
        )
    )
