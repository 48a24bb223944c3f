"""`blankspot track add`: record one event.

Every field of an event is an option of the same name, declared in one table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from blankspot.cli.show import find_village
from blankspot.cli.track.place import Place, day, ledger_options, place_of
from blankspot.errors import UsageError
from blankspot.ledger import Event
from blankspot.ledger.events import TARGET_RULES
from blankspot.ledger.headings import kind_of
from blankspot.ledger.workflow import KIND_LABELS, KINDS, STAGES, TARGET_KINDS
from blankspot.schema import FUNDING_SOURCES, INTERVENTION_TYPES, TABLES
from blankspot.values import read_amount, read_quarter
from blankspot.words import Text, date_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from blankspot.cli.session import Session

_SUBJECTS: Final = ("general", "target:", "partner:", "indicator:")
_LIST: Final = "target:"
_ADDED: Final = (*TARGET_KINDS, *STAGES, "target_rule", "money", "note", "note_closed")


def amount(text: str) -> float:
    """Read an amount of rupiah as people write it: 1500000000, 1.500.000.000, "1,5 miliar"."""
    found = read_amount(text)
    if found is None:
        told = Text(
            f"'{text}' bukan jumlah; tulis seperti 1500000000 atau '1,5 miliar'.",
            f"'{text}' is no amount; write it like 1500000000 or '1,5 miliar'.",
        )
        raise _unreadable(told)
    return found


def quarter(text: str) -> str:
    """Read a quarter of a year as people write it: 2022-Q4, TW IV 2022."""
    found = read_quarter(text)
    if found is None:
        told = Text(
            f"'{text}' bukan triwulan; tulis seperti 2022-Q4 atau 'TW IV 2022'.",
            f"'{text}' is no quarter; write it like 2022-Q4 or 'TW IV 2022'.",
        )
        raise _unreadable(told)
    return found


def _unreadable(told: Text) -> click.BadParameter:
    context = click.get_current_context(silent=True)
    return click.BadParameter(told.of(context.obj.lang if context else "id"))


def _choice(values: tuple[str, ...]) -> click.Choice[str]:
    return click.Choice(values, case_sensitive=False)


_CHANNELS: Final = tuple(TABLES["proposals"].columns["channel"].metadata["choices"])
FIELD_OPTIONS: Final[dict[str, tuple[Any, str]]] = {
    "year": (click.IntRange(2000, 2100), "Year of the target list (target, target_removed, target_rule)."),
    "partner": (str, "Who handles it."),
    "intervention_type": (_choice(INTERVENTION_TYPES), "What is built."),
    "funding_source": (_choice(FUNDING_SOURCES), "Where the money comes from."),
    "budget_rp": (amount, "Amount in rupiah; '1,5 miliar' is understood."),
    "planned_quarter": (quarter, "Quarter it is planned for: 2022-Q4, 'TW IV 2022'."),
    "evidence": (str, "Reference of the evidence; required for handled."),
    "document": (str, "Letter, decree or minutes."),
    "reason": (str, "Why it was rejected, deferred, reopened or taken off the list."),
    "channel": (_choice(_CHANNELS), "Through whom it was proposed."),
    "proposer": (str, "Who proposed it."),
    "lon": (float, "Longitude of what is proposed, in degrees; checked against the desa."),
    "lat": (float, "Latitude of what is proposed, in degrees."),
    "step": (str, "Step of the construction."),
    "amount_rp": (amount, "Money realised in rupiah (money)."),
    "constraint": (str, "What stands in the way (note)."),
    "follow_up": (str, "What is to be done (note)."),
    "owner": (str, "Which office or bidang does it (note)."),
    "due_on": (day, "By when (note)."),
    "refers": (str, "Which note is done, by its number in `track history` (note_closed)."),
    "rule": (_choice(TARGET_RULES), "When a desa of the list counts as handled (target_rule)."),
    "note": (str, "Free text."),
}


def _field_options(function: Callable[..., None]) -> Callable[..., None]:
    for name, (kind, told) in reversed(FIELD_OPTIONS.items()):
        function = click.option(f"--{name.replace('_', '-')}", name, type=kind, help=told)(function)
    return function


@click.command()
@click.argument("village")
@click.argument("event")
@ledger_options
@click.option("--on", "happened_on", type=day, required=True, help="The day it happened.")
@click.option("--case", help="mobile (default), internet, or a whole case id such as 32.04.05.2001:mobile:2.")
@_field_options
@click.option("--skips", is_flag=True, help="Stages in between passed without being recorded; the ledger says so.")
@click.pass_obj
def command(
    session: Session,
    /,
    village: str,
    event: str,
    folder: str,
    address: str | None,
    *,
    happened_on: dt.date,
    case: str | None,
    skips: bool,
    **fields: Any,  # the options of FIELD_OPTIONS
) -> None:
    """Record that EVENT happened to VILLAGE (a code, or a name in a workspace that knows its desa).

    EVENT is a stage (identified, proposed, ... or Diusulkan, Tertangani ...), target, target_removed, money, note or
    note_closed. What concerns no single desa takes general, target:2022, partner:telkomsel or indicator:NAME instead of VILLAGE;
    target_rule takes target:2022.
    """
    place = place_of(session, folder, address)
    kind = kind_of(event) or event
    if kind in KINDS and kind not in _ADDED:
        told = Text(f"'{kind}' punya perintah sendiri", f"'{kind}' has a command of its own")
        raise click.BadParameter(f"{told.of(session.lang)}; {', '.join(_ADDED)}", param_hint="EVENT")
    if kind not in KINDS:
        raise _unknown_kind(event)
    known = {name: value for name, value in fields.items() if value is not None}
    if "due_on" in known:
        known["due_on"] = known["due_on"].isoformat()
    code, subject = _about(place, village, case)
    if subject.startswith(_LIST):
        known = _of_list(subject) | known
    with place.open(create=True) as ledger:
        if "refers" in known:
            known["refers"] = ledger.find(known["refers"]).content_id
        new = Event(
            kind=kind,
            village_code=code,
            happened_on=happened_on,
            case_id=subject,
            fields=known | ({"skips": True} if skips else {}),
        )
        recorded = ledger.append(new)
        near = ledger.partners.near(str(new.fields.get("partner", "")))
    told = Text("Tercatat", "Recorded") if recorded else Text("Sudah tercatat sebelumnya", "On record already")
    label = KIND_LABELS[new.kind].of(session.lang)
    about = new.village_code or new.case_id
    session.say(f"{told.of(session.lang)}: {about}, {label}, {date_text(happened_on, lang=session.lang)}.")
    if recorded and near:
        session.say(_nearly(str(new.fields["partner"]), near).of(session.lang))


def _unknown_kind(event: str) -> UsageError:
    """Say which kinds may be added, as readers call them."""
    listed = {lang: ", ".join(KIND_LABELS[kind].of(lang) for kind in _ADDED) for lang in ("id", "en")}
    return UsageError(
        Text(f"Kejadian '{event}' tidak dikenal.", f"The kind of event '{event}' is not known."),
        hint=Text(f"Pilih: {listed['id']}.", f"Choose: {listed['en']}."),
    )


def _nearly(written: str, near: list[str]) -> Text:
    """Say which known partner a name may mean, and how to put it right."""
    meant = Text(" atau ".join(near), " or ".join(near))
    return Text(
        f"Mitra '{written}' tidak dikenal; mungkin maksudnya {meant.id}? Dicatat seperti tertulis; betulkan dengan: "
        f"blankspot track correct NOMOR --set partner='{near[0]}' --reason ALASAN (nomornya: blankspot track history).",
        f"The partner '{written}' is not known; perhaps {meant.en} is meant? Recorded as written; put it right with: "
        f"blankspot track correct RECORD --set partner='{near[0]}' --reason WHY (its number: blankspot track history).",
    )


def _of_list(subject: str) -> dict[str, Any]:
    """Return the year that a target list is called by, such as target:2022, where it is one."""
    year = subject.removeprefix(_LIST)
    return {"year": int(year)} if year.isdecimal() else {}


def _about(place: Place, asked: str, case: str | None) -> tuple[str, str]:
    """Return village code and subject of what was asked for."""
    if asked.startswith(_SUBJECTS):
        return "", asked
    villages = place.villages()
    code = asked if villages is None else find_village(asked, villages)
    return code, "" if case is None else case if ":" in case else f"{code}:{case}"
