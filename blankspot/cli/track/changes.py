"""`blankspot track changes`: what changed since the last meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from blankspot.cli.track.place import day, ledger_options, place_of, with_names
from blankspot.cli.track.printing import records, table
from blankspot.ledger import View
from blankspot.words import LABELS, Lang, Text, date_text, rupiah

if TYPE_CHECKING:
    import datetime as dt

    from blankspot.cli.session import Session

_LABELLED: Final = {"case_new": "stage", "stage": "stage", "intervention_type": "intervention_type", "funding_source": "funding_source", "target_rule": "target_rule"}  # fmt: skip


@click.command()
@ledger_options
@click.option("--since", type=day, required=True, help="The day of the earlier view, such as that of the last meeting.")
@click.option("--until", type=day, help="The day of the later view (default: the workspace's, else today).")
@click.option(
    "--as-recorded",
    is_flag=True,
    help="Compare what was on record at the end of these days, so that what was recorded late or corrected shows too.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
@click.pass_obj
def command(
    session: Session,
    folder: str,
    address: str | None,
    *,
    since: dt.date,
    until: dt.date | None,
    as_recorded: bool,
    as_json: bool,
) -> None:
    """List what changed between two days: stages, partners, budgets, target lists, money, notes."""
    place = place_of(session, folder, address)
    with place.open(create=False) as ledger:
        last = place.day(until) or ledger.today
        views = [View(on, on if as_recorded else None) for on in (since, last)]
        found = with_names(ledger.changes(*views), place.villages())
    if as_json:
        session.json(records(found))
        return
    lang = session.lang
    heads = (
        Text("Kode desa", "Village code"), Text("Desa", "Village"), Text("Perubahan", "Change"), Text("Semula", "Before"),
        Text("Menjadi", "After"), Text("Tanggal", "Day"),
    )  # fmt: skip
    rows = [
        (
            row["village_code"] or row["case_id"], row["village_name"] or "", LABELS["change"][row["what"]].of(lang),
            _worded(row["what"], row["before"], lang), _worded(row["what"], row["after"], lang), row["happened_on"] or "",
        )
        for row in records(found)
    ]  # fmt: skip
    if rows:
        session.print(table(heads, rows, lang))
    told = Text(
        f"{len(rows)} perubahan antara {date_text(since)} dan {date_text(last)}.",
        f"{len(rows)} changes between {date_text(since, lang='en')} and {date_text(last, lang='en')}.",
    )
    session.tell(told)


def _worded(what: str, value: str | None, lang: Lang) -> str:
    if value is None:
        return ""
    if what in _LABELLED:
        return LABELS[_LABELLED[what]][value].of(lang)
    return rupiah(float(value), lang=lang) if what in ("budget_rp", "money") else value
