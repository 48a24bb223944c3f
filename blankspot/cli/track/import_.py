"""`blankspot track import`: what a list would append to the ledger, and with `--apply` append it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from blankspot.cli.track import indicators
from blankspot.cli.track.confirming import confirm_option
from blankspot.cli.track.differences import differences_json, differences_summary, print_differences, read_workbook
from blankspot.cli.track.place import Place, ledger_options, place_of
from blankspot.cli.track.printing import plan_json, plan_summary, print_plan
from blankspot.errors import SourceError, UsageError
from blankspot.ledger.workbook import plan_workbook
from blankspot.sources.tables import UNREAD, read_table
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from blankspot.cli.session import Session
    from blankspot.ledger import ImportPlan
    from blankspot.ledger.workbook import Baseline, WorkbookPlan


_SKIPS_HINT = Text(
    "Bila daftar ini memang tidak memuat tahap-tahap sebelumnya: --allow-skips menerimanya dan menandainya di buku besar.",
    "If this list has no record of earlier stages: --allow-skips accepts such moves and marks them in the ledger.",
)


@click.command()
@click.argument("file", type=click.Path())
@ledger_options
@click.option("--apply", is_flag=True, help="Append the accepted rows. Without it nothing is written (dry run).")
@click.option("--strict", is_flag=True, help="Append nothing if any row is refused (exit code 3).")
@click.option(
    "--allow-skips", is_flag=True, help="Let moves pass over stages that are not on record, and mark them so."
)
@confirm_option
@click.option("--sheet", help="Sheet of a workbook; the first with data if not given.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
@click.pass_obj
def command(
    session: Session,
    file: str,
    folder: str,
    address: str | None,
    *,
    apply: bool,
    strict: bool,
    allow_skips: bool,
    confirmed: dict[str, str],
    sheet: str | None,
    as_json: bool,
) -> None:
    """Show what the list FILE (CSV or XLSX) would append to the ledger, and with --apply append it.

    FILE has one row per move (Tanggal, Kode desa, Kejadian, ...), or one row per desa with its Status and the days of its stages
    (Tgl usulan, Tgl ditangani, ...). Refused rows are listed with their reasons and do not hold up the others, unless --strict
    is given. Rows that are on record already are passed over, so the same list can be brought in again. A name in place of a
    code proposes the desa it may mean, and waits for --confirm.

    FILE may also be an indicator sheet (Indikator, Satuan, Triwulan, Target, Realisasi, ... or Target TW I, Realisasi TW I, ...),
    whose figures go into the register of indicators; or a workbook that 'track export' wrote and people edited: every changed
    cell is listed, before and after.
    """
    place = place_of(session, folder, address)
    book = read_workbook(file)
    if book is not None:
        if sheet is not None:
            raise _whole_book(file)
        _bring_in(session, place, file, book, apply=apply, strict=strict, allow_skips=allow_skips, as_json=as_json)
        return
    frame = read_table(file, sheet=sheet)
    if indicators.is_for_register(place, file, frame.columns):
        indicators.bring_in(session, place, file, sheet=sheet, apply=apply, strict=strict, as_json=as_json)
        return
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
            frame,
            mapping=_mapping(place, file),
            villages=villages,
            allow_skips=allow_skips,
            lang=session.lang,
            confirmed=confirmed,
        )
        held = strict and plan.rows_rejected > 0
        recorded = len(ledger.append(plan.new_events)) if apply and not held else 0
    if as_json:
        session.json(plan_json(plan, file, recorded=recorded))
    else:
        print_plan(session, plan)
    session.say(plan_summary(plan, recorded, apply=apply).of(session.lang))
    _suggest_skips(session, plan, allow_skips=allow_skips)
    if held:
        raise _held(file, plan)


def _bring_in(
    session: Session,
    place: Place,
    file: str,
    book: tuple[Mapping[str, pd.DataFrame], Baseline],
    *,
    apply: bool,
    strict: bool,
    allow_skips: bool,
    as_json: bool,
) -> None:
    """Show what an edited workbook would append to the ledger it came from, and append it if asked."""
    tables, baseline = book
    with place.open(create=False) if apply else place.look() as ledger:
        plan = plan_workbook(
            tables,
            baseline,
            ledger,
            source=Path(file).name,
            villages=place.villages(),
            allow_skips=allow_skips,
            lang=session.lang,
            zone=place.settings.zone,
        )
        held = strict and plan.rows_rejected > 0
        recorded = len(ledger.append(plan.new_events)) if apply and not held else 0
        named = sorted({str(event.fields["partner"]) for event in plan.new_events if "partner" in event.fields})
        nearly = {name: near for name in named if (near := ledger.partners.near(name))}
    if as_json:
        session.json(differences_json(plan, file, recorded=recorded))
    else:
        print_differences(session, plan)
    for name, near in nearly.items():
        session.tell(_nearly(name, near))
    session.say(differences_summary(plan, recorded, apply=apply).of(session.lang))
    _suggest_skips(session, plan, allow_skips=allow_skips)
    if held:
        raise _held(file, plan)


def _suggest_skips(session: Session, plan: ImportPlan | WorkbookPlan, *, allow_skips: bool) -> None:
    if not allow_skips and (plan.rejects["rule"] == "illegal_move").any():
        session.say(_SKIPS_HINT.of(session.lang))


def _nearly(written: str, near: list[str]) -> Text:
    meant = Text(" atau ".join(near), " or ".join(near))
    return Text(
        f"Mitra '{written}' tidak dikenal; mungkin maksudnya {meant.id}? Bila ya, betulkan selnya sebelum --apply.",
        f"The partner '{written}' is not known; perhaps {meant.en} is meant? If so, correct the cell before --apply.",
    )


def _whole_book(file: str) -> UsageError:
    return UsageError(
        Text(
            f"{file} adalah buku kerja dari 'blankspot track export'; semua lembarnya dibaca bersama.",
            f"{file} is a workbook of 'blankspot track export'; all its sheets are read together.",
        ),
        hint=Text("Ulangi tanpa --sheet.", "Repeat without --sheet."),
    )


def _mapping(place: Place, file: str) -> Mapping[str, str] | None:
    """Return the column mapping of a list that the workspace names among its sources."""
    if place.workspace is None:
        return None
    for source in place.workspace.config.sources.handling:
        if Path(file).resolve() in {path.resolve() for path in source.files(place.workspace.root)}:
            return source.columns
    return None


def _held(file: str, plan: ImportPlan | WorkbookPlan) -> SourceError:
    return SourceError(
        Text(
            f"{file}: {plan.rows_rejected} baris ditolak, dan --strict meminta tidak ada yang dicatat.",
            f"{file}: {plan.rows_rejected} rows are refused, and --strict asks to record nothing then.",
        ),
        hint=Text("Betulkan barisnya, atau jalankan tanpa --strict.", "Correct the rows, or run without --strict."),
    )
