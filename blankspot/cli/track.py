"""`blankspot track`: the handling of desa in the append-only ledger.

The commands only parse, call `blankspot.ledger` and print. Without `--ledger` the ledger is the one that the workspace names;
with it, a folder that is no workspace will do, but then nothing knows the desa by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from blankspot.cli.show import find_village
from blankspot.cli.track_print import (
    case_table,
    group_table,
    plan_json,
    plan_summary,
    print_plan,
    progress_json,
    records,
)
from blankspot.errors import SourceError
from blankspot.ledger import Event, ImportPlan, Ledger
from blankspot.ledger.headings import kind_of
from blankspot.ledger.progress import partner_key
from blankspot.ledger.workflow import KIND_LABELS
from blankspot.schema import FUNDING_SOURCES, INTERVENTION_TYPES
from blankspot.settings import Settings, load_settings
from blankspot.sources.tables import UNREAD, read_table
from blankspot.values import read_time
from blankspot.words import LABELS, Text, date_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    import pandas as pd

    from blankspot.cli.session import Session
    from blankspot.run import Workspace

_WORKSPACE_FILE = "blankspot.toml"
_SKIPS_HINT = Text(
    "Bila daftar ini memang tidak memuat tahap-tahap sebelumnya: --allow-skips menerimanya dan menandainya di buku besar.",
    "If this list has no record of earlier stages: --allow-skips accepts such moves and marks them in the ledger.",
)


def day(text: str) -> dt.date:
    """Read a day as people write it: 2022-12-26, 26/12/2022, 26 Desember 2022."""
    moment = read_time(text)
    if moment is None:
        told = Text(
            f"'{text}' bukan tanggal; tulis seperti 2022-12-26 atau '26 Desember 2022'.",
            f"'{text}' is no date; write it like 2022-12-26 or '26 Desember 2022'.",
        )
        context = click.get_current_context(silent=True)
        raise click.BadParameter(told.of(context.obj.lang if context else "id"))
    return moment.date()


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the ledger is, and the workspace around it if there is one."""

    address: str
    settings: Settings
    workspace: Workspace | None

    def open(self, *, create: bool) -> Ledger:
        """Open the ledger."""
        return Ledger.open(self.address, create=create, settings=self.settings)

    def look(self) -> Ledger:
        """Open the ledger for a look that writes nothing: an empty one in memory where there is none yet."""
        missing = "://" not in self.address and not Path(self.address).exists()
        return Ledger.open(":memory:", settings=self.settings) if missing else self.open(create=False)

    def villages(self) -> pd.DataFrame | None:
        """Return the villages of the workspace, None where nothing knows them."""
        return None if self.workspace is None else self.workspace.villages()


def _place(session: Session, folder: str, address: str | None) -> Place:
    if address is not None and not (Path(folder) / _WORKSPACE_FILE).is_file():
        return Place(address=address, settings=load_settings({"language": session.lang}), workspace=None)
    workspace = session.workspace(folder)
    return Place(address=address or workspace.ledger_address, settings=workspace.settings, workspace=workspace)


def _ledger_options(function: Callable[..., None]) -> Callable[..., None]:
    function = click.option("--ledger", "address", metavar="ADDRESS", help="Another ledger than the workspace's.")(
        function
    )
    return click.option(
        "-w", "--workspace", "folder", default=".", type=click.Path(), help="The workspace (default: here)."
    )(function)


@click.group(short_help="Track the handling of desa in the append-only ledger.")
def command() -> None:
    """Track the handling of desa: bring in lists, add moves, list cases, measure progress.

    The ledger is append-only: what is recorded is never changed or deleted. Moves are checked against the workflow

    identified, proposed, verified, approved | rejected | deferred, assigned, construction, on_air, handled, verified_after

    of which only construction and on_air may be passed over, and every decision or result can be reopened.
    """


@command.command("import")
@click.argument("file", type=click.Path())
@_ledger_options
@click.option("--apply", is_flag=True, help="Append the accepted rows. Without it nothing is written (dry run).")
@click.option("--strict", is_flag=True, help="Append nothing if any row is refused (exit code 3).")
@click.option(
    "--allow-skips", is_flag=True, help="Let moves pass over stages that are not on record, and mark them so."
)
@click.option("--sheet", help="Sheet of a workbook; the first with data if not given.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
@click.pass_obj
def import_(
    session: Session,
    file: str,
    folder: str,
    address: str | None,
    *,
    apply: bool,
    strict: bool,
    allow_skips: bool,
    sheet: str | None,
    as_json: bool,
) -> None:
    """Show what the list FILE (CSV or XLSX) would append to the ledger, and with --apply append it.

    FILE has one row per move (Tanggal, Kode desa, Kejadian, ...), or one row per desa with its Status and the days of its stages
    (Tgl usulan, Tgl ditangani, ...). Refused rows are listed with their reasons and do not hold up the others, unless --strict
    is given. Rows that are on record already are passed over, so the same list can be brought in again.
    """
    place = _place(session, folder, address)
    frame = read_table(file, sheet=sheet)
    villages = place.villages()
    if frame.attrs.get(UNREAD):
        aside = ", ".join(frame.attrs[UNREAD])
        session.tell(
            Text(
                f"Lembar lain di {file} tidak dibaca: {aside}. Pilih dengan --sheet.",
                f"Other sheets of {file} were not read: {aside}. Choose with --sheet.",
            )
        )
    with place.open(create=True) if apply else place.look() as ledger:
        plan = ledger.plan_import(
            frame, mapping=_mapping(place, file), villages=villages, allow_skips=allow_skips, lang=session.lang
        )
        held = strict and plan.rows_rejected > 0
        recorded = len(ledger.append(plan.new_events)) if apply and not held else 0
    if as_json:
        session.json(plan_json(plan, file, recorded=recorded))
    else:
        print_plan(session, plan)
    session.say(plan_summary(plan, recorded, apply=apply).of(session.lang))
    if not allow_skips and (plan.rejects["rule"] == "illegal_move").any():
        session.say(_SKIPS_HINT.of(session.lang))
    if held:
        raise _held(file, plan)


@command.command("add")
@click.argument("village")
@click.argument("event")
@_ledger_options
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
def add(  # noqa: PLR0913 - one option per field of an event
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
    place = _place(session, folder, address)
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


@command.command("list")
@_ledger_options
@click.option("--stage", "stages", type=click.Choice(list(LABELS["stage"])), multiple=True, help="Only these stages.")
@click.option("--partner", help="Only this partner; case, spaces and PT or Tbk do not count.")
@click.option("--district", help="Only this kecamatan, by name or code.")
@click.option("--year", type=click.IntRange(2000, 2100), help="Only desa on the target list of this year.")
@click.option("--as-of", type=day, help="Only what happened by this day (default: the workspace's, else today).")
@click.option("--known-on", type=day, help="Only what was recorded by this day.")
@click.option("--json", "as_json", is_flag=True, help="Print the cases as JSON.")
@click.pass_obj
def list_(
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
    place = _place(session, folder, address)
    with place.open(create=False) as ledger:
        until = _as_of(place, as_of) or ledger.today
        state = ledger.state(until, known_on, year=year)
    cases = _filtered(_with_names(state, place.villages()), stages, partner, district, year)
    if as_json:
        session.json(records(cases))
        return
    session.print(case_table(cases, session.lang))
    told = Text(
        f"{len(cases)} kasus per {date_text(until)}.", f"{len(cases)} cases as of {date_text(until, lang='en')}."
    )
    session.say(told.of(session.lang))


@command.command("progress")
@_ledger_options
@click.option("--as-of", type=day, help="The day (default: the workspace's, else today).")
@click.option("--year", type=click.IntRange(2000, 2100), help="Year of the target list (default: the workspace's).")
@click.option("--by", type=click.Choice(["partner", "district", "quarter"]), help="Also for each of these.")
@click.option("--known-on", type=day, help="As it was known at the end of this day.")
@click.option("--json", "as_json", is_flag=True, help="Print numerator, denominator, definition and day as JSON.")
@click.pass_obj
def progress(
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
    place = _place(session, folder, address)
    with place.open(create=False) as ledger:
        until = _as_of(place, as_of) or ledger.today
        asked = year or (place.workspace.year if place.workspace and as_of is None else until.year)
        villages = place.villages() if by == "district" else None
        measured = ledger.progress(year=asked, as_of=until, by=by, known_on=known_on, villages=villages)
    if as_json:
        session.json(progress_json(measured, session.lang))
        return
    session.print(measured.text(session.lang))
    if measured.by is not None:
        session.print(group_table(measured, session.lang))
    session.say(measured.definition.of(session.lang))
    if not measured.denominator:
        told = Text(
            f"Belum ada desa dalam daftar target {asked}. Isi kolom Tahun target dan Tgl target pada daftar penanganan, atau: "
            f"blankspot track add DESA target --year {asked} --on TANGGAL.",
            f"There is no desa on the target list of {asked} yet. Fill in Tahun target and Tgl target in the handling list, "
            f"or: blankspot track add VILLAGE target --year {asked} --on DAY.",
        )
        session.tell(told)


def _as_of(place: Place, asked: dt.date | None) -> dt.date | None:
    return asked or (None if place.workspace is None else place.workspace.as_of)


def _mapping(place: Place, file: str) -> Mapping[str, str] | None:
    """Return the column mapping of a list that the workspace names among its sources."""
    if place.workspace is None:
        return None
    for source in place.workspace.config.sources.handling:
        if Path(file).resolve() in {path.resolve() for path in source.files(place.workspace.root)}:
            return source.columns
    return None


def _with_names(state: pd.DataFrame, villages: pd.DataFrame | None) -> pd.DataFrame:
    """Add village_name and district; empty where nothing knows them."""
    if villages is None:
        return state.assign(village_name=None, district=None)
    known = villages[["village_code", *(name for name in ("village_name", "district") if name in villages)]]
    return state.merge(known, on="village_code", how="left").assign(
        **({} if "district" in known else {"district": None})
    )


def _filtered(
    cases: pd.DataFrame, stages: tuple[str, ...], partner: str | None, district: str | None, year: int | None
) -> pd.DataFrame:

    if stages:
        cases = cases[cases["stage"].isin(stages)]
    if partner is not None:
        cases = cases[cases["partner"].fillna("").map(partner_key) == partner_key(partner)]
    if district is not None:
        named = cases["district"].astype("str").str.casefold() == district.casefold()
        cases = cases[named | (cases["village_code"].str[:8] == district)]
    if year is not None:
        cases = cases[cases["is_target"]]
    return cases.reset_index(drop=True)


def _held(file: str, plan: ImportPlan) -> SourceError:
    return SourceError(
        Text(
            f"{file}: {plan.rows_rejected} baris ditolak, dan --strict meminta tidak ada yang dicatat.",
            f"{file}: {plan.rows_rejected} rows are refused, and --strict asks to record nothing then.",
        ),
        hint=Text("Betulkan barisnya, atau jalankan tanpa --strict.", "Correct the rows, or run without --strict."),
    )
