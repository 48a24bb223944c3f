"""`blankspot track import`: what a list would append to the ledger, and with `--apply` append it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from blankspot.cli.track.place import Place, ledger_options, place_of
from blankspot.cli.track.printing import plan_json, plan_summary, print_plan
from blankspot.errors import SourceError
from blankspot.sources.tables import UNREAD, read_table
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blankspot.cli.session import Session
    from blankspot.ledger import ImportPlan


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
    sheet: str | None,
    as_json: bool,
) -> None:
    """Show what the list FILE (CSV or XLSX) would append to the ledger, and with --apply append it.

    FILE has one row per move (Tanggal, Kode desa, Kejadian, ...), or one row per desa with its Status and the days of its stages
    (Tgl usulan, Tgl ditangani, ...). Refused rows are listed with their reasons and do not hold up the others, unless --strict
    is given. Rows that are on record already are passed over, so the same list can be brought in again.
    """
    place = place_of(session, folder, address)
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


def _mapping(place: Place, file: str) -> Mapping[str, str] | None:
    """Return the column mapping of a list that the workspace names among its sources."""
    if place.workspace is None:
        return None
    for source in place.workspace.config.sources.handling:
        if Path(file).resolve() in {path.resolve() for path in source.files(place.workspace.root)}:
            return source.columns
    return None


def _held(file: str, plan: ImportPlan) -> SourceError:
    return SourceError(
        Text(
            f"{file}: {plan.rows_rejected} baris ditolak, dan --strict meminta tidak ada yang dicatat.",
            f"{file}: {plan.rows_rejected} rows are refused, and --strict asks to record nothing then.",
        ),
        hint=Text("Betulkan barisnya, atau jalankan tanpa --strict.", "Correct the rows, or run without --strict."),
    )
