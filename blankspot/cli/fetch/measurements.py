"""`blankspot fetch measurements`: where speed tests ran."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import click

from blankspot.cli.fetch.options import carry_out, common, fetcher
from blankspot.errors import UsageError
from blankspot.words import Text

if TYPE_CHECKING:
    import datetime as dt

    from blankspot.cli.session import Session

_QUARTER: Final = re.compile(r"(20[0-9]{2})[-_ ]?[QqTt]?([1-4])")


@click.command(short_help="Fetch where speed tests ran: Ookla's open tiles.")
@click.option("--quarter", help="Quarter such as 2025-Q3 (default: the last but one before today).")
@common
@click.pass_obj
def command(session: Session, /, *, quarter: str | None, **given: Any) -> None:
    """Fetch tiles of 600 m in which mobile speed tests ran (Ookla) into the workspace FOLDER.

    They are no measurements of signal: they name no operator, and a place without tests is a place without tests. No desa is
    classified by them.
    """
    from blankspot.sources.fetch.ookla import order

    with fetcher(session, given, "ookla") as opened:
        year, number = _quarter(quarter, opened.workspace.now.date())
        bounds = opened.area(bounds=given["bounds"], regency=given["regency"])
        asked = order(bounds, fetch=opened.settings, year=year, quarter=number)
        carry_out(session, opened, asked, given)


def _quarter(text: str | None, today: dt.date) -> tuple[int, int]:
    """Return year and quarter; without a text the last but one before today, which is published by then."""
    if text is None:
        whole = today.year * 4 + (today.month - 1) // 3 - 2
        return whole // 4, whole % 4 + 1
    found = _QUARTER.fullmatch(text.strip())
    if found is None:
        raise UsageError(
            Text(f"'{text}' bukan triwulan.", f"'{text}' is no quarter."),
            hint=Text("Tulis misalnya 2025-Q3.", "Write e.g. 2025-Q3."),
        )
    return int(found[1]), int(found[2])
