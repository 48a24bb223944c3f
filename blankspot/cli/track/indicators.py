"""An indicator sheet brought in by `track import`: what it would append to the register of indicators, and append it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from blankspot.cli.track.printing import event_json, print_said, records, table
from blankspot.errors import SourceError
from blankspot.ledger.indicators import IndicatorPlan, plan_indicators
from blankspot.sources.indicators import is_indicator_sheet, read_indicators
from blankspot.words import Text, number, rupiah

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from blankspot.check import Checked
    from blankspot.cli.session import Session
    from blankspot.cli.track.place import Place
    from blankspot.ledger import Event
    from blankspot.run.config import Source
    from blankspot.words import Lang

_FIELDS = {
    "unit": Text("satuan", "unit"),
    "direction": Text("arah", "direction"),
    "owner": Text("bidang", "owner"),
    "goal": Text("sasaran", "goal"),
    "program": Text("program", "programme"),
    "indicator": Text("nama", "name"),
    "cumulative": Text("kumulatif", "cumulative"),
    "target": Text("target", "target"),
    "realization": Text("realisasi", "realisation"),
    "budget_rp": Text("anggaran (Rp)", "budget (Rp)"),
    "realized_rp": Text("realisasi anggaran (Rp)", "money spent (Rp)"),
    "waiting_rp": Text("menunggu dana (Rp)", "waiting for funds (Rp)"),
    "as_of": Text("tanggal data", "as of"),
    "source": Text("sumber", "source"),
    "constraint": Text("kendala", "constraint"),
    "follow_up": Text("tindak lanjut", "follow-up"),
    "responsible": Text("penanggung jawab", "responsible"),
    "note": Text("catatan", "note"),
}

_FIGURE_HEADS = (
    Text("Baris", "Row"), Text("Indikator", "Indicator"), Text("Periode", "Period"), Text("Target", "Target"),
    Text("Realisasi", "Realisation"), Text("Anggaran", "Budget"), Text("Realisasi anggaran", "Spent"),
    Text("Menunggu dana", "Waiting for funds"), Text("Kendala", "Constraint"),
)  # fmt: skip


def bring_in(
    session: Session, place: Place, file: str, *, sheet: str | None, apply: bool, strict: bool, as_json: bool
) -> None:
    """Show what an indicator sheet would append to the ledger, cell by cell where it differs, and append it if asked.

    Raises:
        SourceError: The file cannot be used, or rows are refused and `strict` asks to record nothing then.
    """
    mapping, year = _told_by_workspace(place, file)
    checked = read_indicators(file, mapping=mapping, sheet=sheet, year=year, settings=place.settings)
    with place.open(create=True) if apply else place.look() as ledger:
        plan = plan_indicators(
            checked.accepted,
            ledger.effective(),
            today=ledger.today,
            origin=ledger.origin,
            lang=session.lang,
            zone=place.settings.zone,
        )
        refused = checked.rows_rejected + plan.rows_rejected
        held = strict and refused > 0
        recorded = len(ledger.append(plan.new_events)) if apply and not held else 0
    said = _said(checked, plan)
    if as_json:
        session.json(_json(plan, said, file, rows_in=checked.rows_in, refused=refused, recorded=recorded))
    else:
        _print(session, plan, said)
    session.say(_summary(plan, checked.rows_in, refused, recorded, apply=apply).of(session.lang))
    if held:
        raise SourceError(
            Text(
                f"{file}: {refused} baris ditolak, dan --strict meminta tidak ada yang dicatat.",
                f"{file}: {refused} rows are refused, and --strict asks to record nothing then.",
            ),
            hint=Text("Betulkan barisnya, atau jalankan tanpa --strict.", "Correct the rows, or run without --strict."),
        )


def is_for_register(place: Place, file: str, columns: Iterable[object]) -> bool:
    """Tell whether FILE goes into the register of indicators: by its headings, or because the workspace names it so."""
    return is_indicator_sheet(columns) or _source_of(place, file) is not None


def _source_of(place: Place, file: str) -> Source | None:
    if place.workspace is None:
        return None
    sources, root = place.workspace.config.sources, place.workspace.root
    return next(
        (one for one in sources.indicators if Path(file).resolve() in {path.resolve() for path in one.files(root)}),
        None,
    )


def _told_by_workspace(place: Place, file: str) -> tuple[dict[str, str] | None, int | None]:
    """Return the column mapping of a sheet that the workspace names, and the year of sheets that tell none."""
    source = _source_of(place, file)
    mapping = None if source is None else dict(source.columns) or None
    return mapping, None if place.workspace is None else place.workspace.year


def _said(checked: Checked, plan: IndicatorPlan) -> pd.DataFrame:
    import pandas as pd

    return pd.concat([checked.rejects, plan.rejects], ignore_index=True)


def _json(
    plan: IndicatorPlan, said: pd.DataFrame, file: str, *, rows_in: int, refused: int, recorded: int
) -> dict[str, Any]:
    new = [
        {"source_file": name, "source_row": row} | event_json(event)
        for event, (name, row) in zip(plan.new_events, plan.origins, strict=True)
    ]
    counts = {"rows_in": rows_in, "unchanged": plan.unchanged, "rejected": refused, "recorded": recorded}
    return {"file": file, **counts, "changes": records(plan.changed), "new": new, "rejects": records(said)}


def _print(session: Session, plan: IndicatorPlan, said: pd.DataFrame) -> None:
    lang = session.lang
    if len(plan.changed):
        heads = (
            Text("Indikator", "Indicator"), Text("Periode", "Period"), Text("Isian", "Field"), Text("Sebelum", "Before"),
            Text("Sesudah", "After"),
        )  # fmt: skip
        rows = (
            (one["indicator"], one["period"], _FIELDS[one["field"]].of(lang), one["old"], one["new"])
            for one in plan.changed.to_dict("records")
        )
        session.print(table(heads, rows, lang))
    figures = [
        _figure(event, row, name, lang)
        for event, (_, row), name in zip(plan.new_events, plan.origins, plan.names, strict=True)
        if event.kind == "figure"
    ]
    if figures:
        session.print(table(_FIGURE_HEADS, figures, lang))
    print_said(session, said)


def _figure(event: Event, row: int, name: str, lang: Lang) -> tuple[object, ...]:
    fields = event.fields
    counted = (fields.get(field) for field in ("target", "realization"))
    money = (fields.get(field) for field in ("budget_rp", "realized_rp", "waiting_rp"))
    return (
        row,
        name,
        fields["period"],
        *("" if amount is None else _plain(float(amount), lang) for amount in counted),
        *("" if amount is None else rupiah(float(amount), lang=lang) for amount in money),
        fields.get("constraint", ""),
    )


def _plain(value: float, lang: Lang) -> str:
    return number(value, len(f"{value:.15g}".partition(".")[2]), lang=lang)


def _summary(plan: IndicatorPlan, rows_in: int, refused: int, recorded: int, *, apply: bool) -> Text:
    counts = Text(
        f"{rows_in} baris indikator: {plan.rows_new} baru atau berubah, {plan.unchanged} sudah tercatat, {refused} ditolak.",
        f"{rows_in} indicator rows: {plan.rows_new} new or changed, {plan.unchanged} on record already, {refused} refused.",
    )
    done = Text(f"{recorded} kejadian dicatat.", f"{recorded} events were recorded.")
    if not apply:
        done = Text(
            "Belum ada yang dicatat; ulangi dengan --apply untuk mencatat.",
            "Nothing was recorded; repeat with --apply to record it.",
        )
    return Text(f"{counts.id} {done.id}", f"{counts.en} {done.en}")
