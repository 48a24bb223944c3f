"""`blankspot track list`: the cases, where each stands, since when, and who handles it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from blankspot.cli.track.place import day, ledger_options, place_of, with_names
from blankspot.cli.track.printing import case_table, records
from blankspot.words import LABELS, Text, date_text

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from blankspot.cli.session import Session


@click.command()
@ledger_options
@click.option("--stage", "stages", type=click.Choice(list(LABELS["stage"])), multiple=True, help="Only these stages.")
@click.option("--partner", help="Only this partner, by any of its names; those that merged into it count.")
@click.option("--district", help="Only this kecamatan, by name or code.")
@click.option("--year", type=click.IntRange(2000, 2100), help="Only desa on the target list of this year.")
@click.option("--as-of", type=day, help="Only what happened by this day (default: the workspace's, else today).")
@click.option("--known-on", type=day, help="Only what was recorded by this day.")
@click.option("--json", "as_json", is_flag=True, help="Print the cases as JSON.")
@click.pass_obj
def command(
    session: Session,
    folder: str,
    address: str | None,
    *,
    stages: tuple[str, ...],
    partner: str | None,
    district: str | None,
    year: int | None,
    as_of: dt.date | None,
    known_on: dt.date | None,
    as_json: bool,
) -> None:
    """List the cases: where each stands, since when, and who handles it."""
    place = place_of(session, folder, address)
    with place.open(create=False) as ledger:
        until = place.day(as_of) or ledger.today
        state = ledger.state(until, known_on, year=year)
        if partner is not None:
            wanted = ledger.partners.group(partner, as_of=until).key
            under = {name: ledger.partners.group(name, as_of=until).key for name in state["partner"].dropna().unique()}
            state = state[state["partner"].map(under) == wanted]
    cases = _filtered(with_names(state, place.villages()), stages, district, year)
    if as_json:
        session.json(records(cases))
        return
    if len(cases):
        session.print(case_table(cases, session.lang))
    told = Text(
        f"{len(cases)} kasus per {date_text(until)}.", f"{len(cases)} cases as of {date_text(until, lang='en')}."
    )
    session.say(told.of(session.lang))


def _filtered(cases: pd.DataFrame, stages: tuple[str, ...], district: str | None, year: int | None) -> pd.DataFrame:
    if stages:
        cases = cases[cases["stage"].isin(stages)]
    if district is not None:
        named = cases["district"].astype("str").str.casefold() == district.casefold()
        cases = cases[named | (cases["village_code"].str[:8] == district)]
    if year is not None:
        cases = cases[cases["is_target"]]
    return cases.reset_index(drop=True)
