"""`blankspot track export`: the cases, payments and open constraints as a workbook to edit and bring back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from blankspot import __version__
from blankspot.cli.track.place import ledger_options, place_of, with_names
from blankspot.errors import UsageError
from blankspot.ledger.partners import partner_key
from blankspot.words import LABELS, Text

if TYPE_CHECKING:
    import pandas as pd

    from blankspot.cli.session import Session
    from blankspot.cli.track.place import Place

_NAME: Final = "penanganan.xlsx"


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False))
@ledger_options
@click.option("--year", type=click.IntRange(2000, 2100), help="Only desa on the target list of this year.")
@click.option("--stage", "stages", type=click.Choice(list(LABELS["stage"])), multiple=True, help="Only these stages.")
@click.option("--district", help="Only this kecamatan, by name or code.")
@click.option("--partner", help="Only this partner; case, spaces and PT or Tbk do not count.")
@click.option("--overwrite", is_flag=True, help="Replace FILE if it is there; it may hold changes not imported yet.")
@click.pass_obj
def command(
    session: Session,
    file: str | None,
    folder: str,
    address: str | None,
    *,
    year: int | None,
    stages: tuple[str, ...],
    district: str | None,
    partner: str | None,
    overwrite: bool,
) -> None:
    """Write the handling as a workbook FILE.xlsx to edit, and bring back with 'track import'.

    It has one row per case (and per target desa without one), the payments, the open constraints, drop-downs, a page of
    instructions, and remembers its values, so that the import can tell every changed cell. Default: out/penanganan.xlsx in the
    workspace, penanganan.xlsx without one.
    """
    from blankspot.ledger.workbook import BASELINE_SHEET, export
    from blankspot.out.workbook import Hidden, write_workbook

    place = place_of(session, folder, address)
    path = _target(place, file, overwrite=overwrite)
    villages = place.villages()
    now = dt.datetime.now(dt.UTC)
    with place.open(create=False) as ledger:
        chosen = None
        if year is not None or stages or district is not None or partner is not None:
            cases = with_names(ledger.state(year=year), villages)
            chosen = _chosen(cases, year=year, stages=stages, district=district, partner=partner)
        made = export(ledger, now=now, version=__version__, villages=villages, cases=chosen, lang=session.lang)
    written = write_workbook(
        path,
        made.sheets,
        made.frames,
        hidden=Hidden(BASELINE_SHEET, made.baseline),
        origin=made.about.origin,
        as_of=dt.date.fromisoformat(made.about.as_of),
        created=now,
        lang=session.lang,
    )
    session.print(str(written))
    rows, money, notes = (len(made.frames[sheet.key]) for sheet in made.sheets)
    told = Text(
        f"{rows} kasus, {money} pembayaran, {notes} kendala terbuka. Setelah disunting: blankspot track import {written}",
        f"{rows} cases, {money} payments, {notes} open constraints. Once edited: blankspot track import {written}",
    )
    session.tell(told)


def _target(place: Place, file: str | None, *, overwrite: bool) -> Path:
    """Return where the workbook goes; one that is there may hold somebody's work."""
    default = Path(_NAME) if place.workspace is None else place.workspace.out / _NAME
    path = default if file is None else Path(file)
    if path.suffix.lower() != ".xlsx":
        raise UsageError(
            Text(f"'{path.name}' bukan nama buku kerja.", f"'{path.name}' is no name of a workbook."),
            hint=Text("Akhiri namanya dengan .xlsx.", "End its name with .xlsx."),
        )
    if path.exists() and not overwrite:
        raise UsageError(
            Text(
                f"{path} sudah ada dan mungkin berisi perubahan yang belum diimpor.",
                f"{path} is there already and may hold changes that were not imported yet.",
            ),
            hint=Text(
                "Impor dahulu, beri nama lain, atau tambahkan --overwrite.",
                "Import it, give another name, or add --overwrite.",
            ),
        )
    return path


def _chosen(
    cases: pd.DataFrame, *, year: int | None, stages: tuple[str, ...], district: str | None, partner: str | None
) -> frozenset[str]:
    """Return the cases that all the conditions fit."""
    if year is not None:
        cases = cases[cases["is_target"]]
    if stages:
        cases = cases[cases["stage"].isin(stages)]
    if district is not None:
        named = cases["district"].astype("str").str.casefold() == district.strip().casefold()
        cases = cases[named | (cases["village_code"].str[:8] == district.strip())]
    if partner is not None:
        cases = cases[cases["partner"].fillna("").map(partner_key) == partner_key(partner)]
    return frozenset(cases["case_id"])
