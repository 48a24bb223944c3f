"""`blankspot report`: write the report of a quarter, a year, or up to a day."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from blankspot.cli.track.place import day
from blankspot.errors import UsageError
from blankspot.words import Text

if TYPE_CHECKING:
    import datetime as dt

    from blankspot.cli.session import Session
    from blankspot.out.reports import Period
    from blankspot.run import Workspace


@click.command(short_help="Write the report of a quarter, a year, or up to a day.")
@click.argument("folder", default=".", type=click.Path())
@click.option("--quarter", metavar="QUARTER", help="A quarter, such as 2022-Q4 or 'TW IV 2022'.")
@click.option("--year", type=click.IntRange(2000, 2100), help="A whole year.")
@click.option("--as-of", type=day, metavar="DAY", help="Up to this day (default: the workspace's date).")
@click.option("--known-on", type=day, metavar="DAY", help="From what was on record at the end of this day.")
@click.option("--since", type=day, metavar="DAY", help="Day of the last report (default: end of the period before).")
@click.option(
    "--since-known-on",
    type=day,
    metavar="DAY",
    help="The last report as it was known on this day (default: as --known-on).",
)
@click.option(
    "--out",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    help="Target folder (default: out in the workspace).",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON and write no files.")
@click.pass_obj
def command(
    session: Session,
    folder: str,
    *,
    quarter: str | None,
    year: int | None,
    as_of: dt.date | None,
    known_on: dt.date | None,
    since: dt.date | None,
    since_known_on: dt.date | None,
    target: Path | None,
    as_json: bool,
) -> None:
    """Write the report of the workspace FOLDER as a workbook (XLSX) and as one page (HTML) that prints to A4.

    With --quarter or --year the figures are those of its last day, or of --as-of or the workspace's date where that comes first. With the
    same --known-on the report of a past period is the same whenever it is made.
    """
    workspace = session.workspace(folder)
    period = period_of(workspace, quarter=quarter, year=year, as_of=as_of)
    if since is not None and since >= period.as_of:
        raise UsageError(
            Text(f"--since {since} tidak sebelum {period.as_of}.", f"--since {since} is not before {period.as_of}."),
            hint=Text("Sebut tanggal laporan sebelumnya.", "Name the day of the last report."),
        )
    with session.working(Text("Menyusun laporan", "Making the report")):
        document = workspace.report(period, known_on=known_on, since=since, since_known_on=since_known_on)
    if as_json:
        from blankspot.out.reports import to_plain

        session.json(to_plain(document, lang=session.lang))
        return
    known = f"-known-{known_on.isoformat()}" if known_on else ""
    for path in workspace.write_report(document, target or workspace.out, name=f"report-{period.key}{known}"):
        session.print(str(path))
    for note in document.notes:
        session.tell(note)


def period_of(workspace: Workspace, *, quarter: str | None, year: int | None, as_of: dt.date | None) -> Period:
    """Return the period that the options mean.

    Raises:
        UsageError: A quarter and a year, no quarter, or a period that begins after the data end.
    """
    from blankspot.out.reports import of_day, of_quarter, of_year

    until = as_of or workspace.as_of
    if quarter is not None and year is not None:
        raise UsageError(
            Text("--quarter dan --year tidak dapat dipakai bersama.", "--quarter and --year cannot go together."),
            hint=Text("Pilih salah satu.", "Choose one."),
        )
    if quarter is not None:
        return of_quarter(quarter, data_until=until)
    if year is not None:
        return of_year(year, data_until=until)
    return of_day(until, year=workspace.year if until.year == workspace.as_of.year else None)
