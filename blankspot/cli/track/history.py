"""`blankspot track history`: everything on record about a desa or another subject, corrections and their reasons included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from blankspot.cli.show import find_village
from blankspot.cli.track.fields import field_title
from blankspot.cli.track.place import day, ledger_options, place_of
from blankspot.cli.track.printing import table
from blankspot.ledger.workflow import KIND_LABELS
from blankspot.words import Lang, Text

if TYPE_CHECKING:
    import datetime as dt

    from blankspot.cli.session import Session
    from blankspot.ledger import Record

SHORT = 12
_ABOUT_OTHERS = ("corrects", "chosen", "voids", "refers")


@click.command()
@click.argument("subject")
@ledger_options
@click.option("--known-on", type=day, help="Only what was recorded by this day.")
@click.option("--json", "as_json", is_flag=True, help="Print the records as JSON.")
@click.pass_obj
def command(
    session: Session, subject: str, folder: str, address: str | None, *, known_on: dt.date | None, as_json: bool
) -> None:
    """List everything on record about SUBJECT, with the number of each record.

    SUBJECT is a desa (name or code), a case such as 32.04.05.2001:internet, or general, target:2022, partner:NAME,
    indicator:NAME, letter:NUMBER. The numbers are what `track correct`, `track settle` and `note_closed` ask for.
    """
    place = place_of(session, folder, address)
    villages = place.villages()
    asked = subject if ":" in subject or subject == "general" or villages is None else find_village(subject, villages)
    with place.open(create=False) as ledger:
        found = [
            record
            for record in ledger.events(known_on=known_on)
            if asked in (record.case_id, record.village_code) or asked in str(record.fields.get("villages", "")).split()
        ]
        counting = {record.content_id for record in ledger.effective(known_on=known_on)}
    if as_json:
        session.json([_plain(record, counts=record.content_id in counting) for record in found])
        return
    heads = (
        Text("Nomor", "Number"), Text("Tanggal", "Day"), Text("Pokok", "Subject"), Text("Kejadian", "Event"),
        Text("Isi", "Content"), Text("Dicatat", "Recorded"), Text("Kantor", "Office"),
    )  # fmt: skip
    rows = [_row(record, session.lang, counts=record.content_id in counting) for record in found]
    if rows:
        session.print(table(heads, rows, session.lang))
    session.tell(Text(f"{len(found)} catatan.", f"{len(found)} records."))


def _plain(record: Record, *, counts: bool) -> dict[str, Any]:
    about = {name: getattr(record, name) for name in ("content_id", "case_id", "village_code", "happened_on")}
    when = {"recorded_at": record.recorded_at.isoformat(), "origin": record.origin, "seq": record.seq}
    return about | {"event": record.kind, "counts": counts} | when | {"fields": dict(record.fields)}


def _row(record: Record, lang: Lang, *, counts: bool) -> tuple[str, ...]:
    said = {
        name: " ".join(part[:SHORT] for part in str(value).split()) if name in _ABOUT_OTHERS else str(value)
        for name, value in record.fields.items()
    }
    void = "" if counts else Text(" (dicabut)", " (withdrawn)").of(lang)
    return (
        record.content_id[:SHORT],
        record.happened_on.isoformat(),
        record.case_id,
        KIND_LABELS[record.kind].of(lang) + void,
        "; ".join(f"{field_title(name, lang)}: {value}" for name, value in said.items()),
        record.recorded_at.strftime("%Y-%m-%d %H:%M"),
        record.origin,
    )
