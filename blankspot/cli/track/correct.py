"""`blankspot track correct`: put a record right by another one that names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from blankspot.cli.track.add import FIELD_OPTIONS
from blankspot.cli.track.fields import field_named, field_title
from blankspot.cli.track.place import day, ledger_options, place_of
from blankspot.ledger import Event
from blankspot.ledger.workflow import KIND_LABELS
from blankspot.words import Text

if TYPE_CHECKING:
    import datetime as dt

    from blankspot.cli.session import Session
    from blankspot.ledger.events import Value


@click.command()
@click.argument("record")
@ledger_options
@click.option("--reason", required=True, help="Why the record is wrong.")
@click.option("--on", "decided_on", type=day, help="The day the correction was decided (default: today).")
@click.option(
    "--set", "values", metavar="FIELD=VALUE", multiple=True, help="What a field should have said; repeatable."
)
@click.option(
    "--clear", "cleared", metavar="FIELD", multiple=True, help="A field that should have been empty; repeatable."
)
@click.option("--date", "corrected_on", type=day, help="The day it really happened.")
@click.option("--withdraw", is_flag=True, help="It should never have been recorded.")
@click.pass_obj
def command(
    session: Session,
    record: str,
    folder: str,
    address: str | None,
    *,
    reason: str,
    decided_on: dt.date | None,
    values: tuple[str, ...],
    cleared: tuple[str, ...],
    corrected_on: dt.date | None,
    withdraw: bool,
) -> None:
    """Correct the record with the number RECORD (see `track history`; the first digits will do).

    Nothing is rewritten: the correction is a record of its own, and what was recorded before stays readable with --known-on.
    """
    place = place_of(session, folder, address)
    fields: dict[str, Value] = {name: _value(name, text) for name, text in map(_pair, values)}
    with place.open(create=False) as ledger:
        wrong = ledger.find(record)
        about: dict[str, Value] = {
            "corrects": wrong.content_id,
            "reason": reason,
            "clears": " ".join(map(field_named, cleared)),
        }
        if corrected_on is not None:
            about["corrected_on"] = corrected_on.isoformat()
        if withdraw:
            about["withdraws"] = True
        event = Event(
            kind="correction",
            village_code=wrong.village_code,
            case_id=wrong.case_id,
            happened_on=decided_on or ledger.today,
            fields=fields | about,
        )
        ledger.append(event)
    label = KIND_LABELS[wrong.kind]
    done = Text(
        f"Dibetulkan: {label.id} {wrong.case_id} ({wrong.content_id[:12]}).",
        f"Corrected: {label.en} {wrong.case_id} ({wrong.content_id[:12]}).",
    )
    session.tell(done)


def _pair(text: str) -> tuple[str, str]:
    asked, separator, value = text.partition("=")
    name = field_named(asked)
    if not separator or name not in FIELD_OPTIONS:
        known = ", ".join(f"{name} ({field_title(name, 'id')})" for name in FIELD_OPTIONS)
        raise click.BadParameter(f"{text}; FIELD=VALUE: {known}", param_hint="--set")
    return name, value


def _value(name: str, text: str) -> Value:
    kind = FIELD_OPTIONS[name][0]
    made = click.types.convert_type(kind).convert(text, None, None)
    return made.isoformat() if hasattr(made, "isoformat") else made  # type: ignore[no-any-return]
