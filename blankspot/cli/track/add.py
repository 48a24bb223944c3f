"""`blankspot track add`: record one event."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from blankspot.cli.show import find_village
from blankspot.cli.track.place import day, ledger_options, place_of
from blankspot.ledger import Event
from blankspot.ledger.headings import kind_of
from blankspot.ledger.workflow import KIND_LABELS
from blankspot.schema import FUNDING_SOURCES, INTERVENTION_TYPES
from blankspot.words import Text, date_text

if TYPE_CHECKING:
    import datetime as dt

    from blankspot.cli.session import Session


@click.command()
@click.argument("village")
@click.argument("event")
@ledger_options
@click.option("--on", "happened_on", type=day, required=True, help="The day it happened.")
@click.option("--case", help="mobile (default), internet, or a whole case id such as 32.04.05.2001:mobile:2.")
@click.option("--year", type=click.IntRange(2000, 2100), help="Year of the target list (target, target_removed).")
@click.option("--partner", help="Who handles it.")
@click.option("--intervention-type", type=click.Choice(INTERVENTION_TYPES, case_sensitive=False), help="What is built.")
@click.option(
    "--funding-source", type=click.Choice(FUNDING_SOURCES, case_sensitive=False), help="Where the money comes from."
)
@click.option("--budget-rp", type=click.FloatRange(min=0), help="Amount in rupiah.")
@click.option("--evidence", help="Reference of the evidence; required for handled.")
@click.option("--document", help="Letter or minutes.")
@click.option("--reason", help="Why it was rejected, deferred, reopened or taken off the list.")
@click.option("--note", help="Free text.")
@click.option("--skips", is_flag=True, help="Stages in between passed without being recorded; the ledger says so.")
@click.pass_obj
def command(  # noqa: PLR0913 - one option per field of an event
    session: Session,
    village: str,
    event: str,
    folder: str,
    address: str | None,
    *,
    happened_on: dt.date,
    case: str | None,
    year: int | None,
    partner: str | None,
    intervention_type: str | None,
    funding_source: str | None,
    budget_rp: float | None,
    evidence: str | None,
    document: str | None,
    reason: str | None,
    note: str | None,
    skips: bool,
) -> None:
    """Record that EVENT happened to VILLAGE (a code, or a name in a workspace that knows its desa).

    EVENT is a stage (identified, proposed, ... or Diusulkan, Tertangani ...), target or target_removed.
    """
    place = place_of(session, folder, address)
    villages = place.villages()
    code = village if villages is None else find_village(village, villages)
    fields = {
        "year": year, "partner": partner, "intervention_type": intervention_type, "funding_source": funding_source,
        "budget_rp": budget_rp, "evidence": evidence, "document": document, "reason": reason, "note": note, "skips": skips,
    }  # fmt: skip
    new = Event(
        kind=kind_of(event) or event,
        village_code=code,
        happened_on=happened_on,
        case_id="" if case is None else case if ":" in case else f"{code}:{case}",
        fields={name: value for name, value in fields.items() if value is not None},
    )
    with place.open(create=True) as ledger:
        recorded = ledger.append(new)
    told = Text("Tercatat", "Recorded") if recorded else Text("Sudah tercatat sebelumnya", "On record already")
    label = KIND_LABELS[new.kind].of(session.lang)
    session.say(f"{told.of(session.lang)}: {new.village_code}, {label}, {date_text(happened_on, lang=session.lang)}.")
