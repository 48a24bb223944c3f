"""`blankspot track progress`: how many desa of a target list are handled, as of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from blankspot.cli.track.place import day, ledger_options, place_of
from blankspot.cli.track.printing import group_table, progress_json
from blankspot.ledger.progress import BYS
from blankspot.words import Text

if TYPE_CHECKING:
    import datetime as dt

    from blankspot.cli.session import Session

_QUARTERS = Text(
    "Tiap baris menurut keadaan pada tanggalnya. Desa yang kemudian dibuka kembali atau keluar dari daftar tidak terhitung lagi pada "
    "baris sesudahnya, sehingga jumlah kolom 'Dalam triwulan' dapat melebihi angka kumulatif; laporan (blankspot report) "
    "melihat semua triwulan per satu tanggal.",
    "Each row is as of its own day. A desa that was reopened or taken off the list later counts in no row after that, so the sum of "
    "'In the quarter' may exceed the cumulative figure; the report (blankspot report) looks at all quarters as of one day.",
)


@click.command()
@ledger_options
@click.option("--as-of", type=day, help="The day (default: the workspace's, else today).")
@click.option("--year", type=click.IntRange(2000, 2100), help="Year of the target list (default: the workspace's).")
@click.option("--by", type=click.Choice(BYS), help="Also for each of these.")
@click.option("--known-on", type=day, help="As it was known at the end of this day.")
@click.option("--json", "as_json", is_flag=True, help="Print numerator, denominator, definition and day as JSON.")
@click.pass_obj
def command(
    session: Session,
    folder: str,
    address: str | None,
    *,
    as_of: dt.date | None,
    year: int | None,
    by: Any,
    known_on: dt.date | None,
    as_json: bool,
) -> None:
    """Say how many desa of a year's target list are handled, as of a day."""
    place = place_of(session, folder, address)
    with place.open(create=False) as ledger:
        until = place.day(as_of) or ledger.today
        asked = year or (place.workspace.year if place.workspace and as_of is None else until.year)
        villages = place.villages() if by in ("district", "regency") else None
        measured = ledger.progress(year=asked, as_of=until, by=by, known_on=known_on, villages=villages)
    if as_json:
        session.json(progress_json(measured, session.lang))
        return
    session.print(measured.text(session.lang))
    if measured.by is not None:
        session.print(group_table(measured, session.lang))
    session.say(measured.definition.of(session.lang))
    if measured.by == "quarter":
        session.say(_QUARTERS.of(session.lang))
    if not measured.denominator:
        told = Text(
            f"Belum ada desa dalam daftar target {asked}. Isi kolom Tahun target dan Tgl target pada daftar penanganan, atau: "
            f"blankspot track add DESA target --year {asked} --on TANGGAL.",
            f"There is no desa on the target list of {asked} yet. Fill in Tahun target and Tgl target in the handling list, "
            f"or: blankspot track add VILLAGE target --year {asked} --on DAY.",
        )
        session.tell(told)
