"""`blankspot map`: draw the offline map, or map sheets for print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from blankspot.errors import UsageError
from blankspot.words import Text

if TYPE_CHECKING:
    from blankspot.cli.session import Session
    from blankspot.out.sheets.write import Form

_PAPERS: Final = ("A0", "A1", "A2", "A3", "A4")
_FORMS: Final = ("pdf", "png", "svg")
_SYMBOLS: Final = ("sites", "internet", "facilities")


@click.command(short_help="Draw the offline map, or map sheets for print.")
@click.argument("folder", default=".", type=click.Path())
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    help="File to write, a folder with --by (default: map.html, sheet.pdf or sheets/ in the workspace's out).",
)
@click.option(
    "--basemap",
    metavar="[NAME]",
    is_flag=False,
    flag_value="osm",
    help="Add an online background, osm or topo (osm if not named); without it the page asks no network for anything.",
)
@click.option("--sheet", "paper", type=click.Choice(_PAPERS, case_sensitive=False), help="Draw a map sheet for print.")
@click.option(
    "--format", "form", type=click.Choice(_FORMS), help="Of a sheet (default: by --output's ending, else pdf)."
)
@click.option("--by", type=click.Choice(["district"]), help="One sheet per kecamatan, in PDF also all in one file.")
@click.option("--area", help="Only the sheet of this kecamatan, kabupaten or desa, by code or name ('kecamatan:NAME').")
@click.option("--symbols", multiple=True, type=click.Choice(_SYMBOLS), help="Put these on a sheet; may be given often.")
@click.option("--edition", type=click.IntRange(1, 99), help="Edition of a sheet within its year (default: 1).")
@click.option("--dpi", type=click.IntRange(50, 600), help="Pixels per inch of a PNG sheet (default: 200).")
@click.pass_obj
def command(session: Session, /, folder: str, *, output: str | None, basemap: str | None, **sheet: Any) -> None:
    """Draw the map of the workspace FOLDER as one HTML file that opens without a network.

    With --sheet: a map sheet of that paper with legend, scale, grid, projection and sources, one per kecamatan with --by district.
    """
    if sheet["paper"] is None:
        _refuse_without_sheet(sheet)
        session.print(str(session.workspace(folder).map(output, basemap=basemap)))
        return
    if basemap is not None:
        raise UsageError(
            Text("Lembar peta cetak tidak memakai latar daring.", "A map sheet for print has no online background."),
            hint=Text("Hilangkan --basemap atau --sheet.", "Leave out --basemap or --sheet."),
        )
    written, left_out = session.workspace(folder).sheet(
        output,
        paper=sheet["paper"],
        form=_form(sheet["form"], output, by=sheet["by"]),
        by=sheet["by"],
        area=sheet["area"],
        symbols=sheet["symbols"],
        edition=sheet["edition"] or 1,
        dpi=sheet["dpi"],
        working=session.working,
    )
    for path in written:
        session.print(str(path))
    if left_out:
        listed = ", ".join(left_out)
        session.tell(
            Text(f"Tanpa batas, jadi tanpa lembar: {listed}.", f"Without borders, hence without a sheet: {listed}.")
        )


def _refuse_without_sheet(given: dict[str, Any]) -> None:
    """Refuse options that only sheets have.

    Raises:
        UsageError: One was given.
    """
    options = {"form": "--format"}
    used = [options.get(name, f"--{name}") for name, value in given.items() if value]
    if used:
        listed = ", ".join(used)
        raise UsageError(
            Text(f"{listed} hanya berlaku untuk lembar peta cetak.", f"{listed} only goes with map sheets for print."),
            hint=Text("Tambahkan --sheet A3 atau --sheet A1.", "Add --sheet A3 or --sheet A1."),
        )


def _form(form: Form | None, output: str | None, *, by: str | None) -> Form:
    """Return the format asked for, else that of the file's ending.

    Raises:
        UsageError: The ending stands for another one; a picture called .pdf opens in no program.
    """
    ending = "" if output is None or by else Path(output).suffix.lower().removeprefix(".")
    if ending and (ending not in _FORMS or form not in (None, ending)):
        wanted = form or ", ".join(_FORMS)
        raise UsageError(
            Text(
                f"Berkas {output} tidak cocok dengan format lembar peta ({wanted}).",
                f"The file {output} does not go with the format of the map sheet ({wanted}).",
            ),
            hint=Text("Samakan akhiran nama berkas dengan --format.", "Give the file the ending of --format."),
        )
    return form or ending or "pdf"  # type: ignore[return-value]  # an ending that is one of the forms
