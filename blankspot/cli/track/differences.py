"""An exported workbook that came back: how `track import` recognises one, and how it shows what changed in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from blankspot.cli.track.printing import event_json, records, table
from blankspot.errors import SourceError
from blankspot.ledger.workbook import BASELINE_SHEET, SHEETS, Baseline, read_baseline, shown
from blankspot.ledger.workflow import KIND_LABELS
from blankspot.sources.files import Member, check_file
from blankspot.sources.formats import sheet_names
from blankspot.sources.tables import SHEET_SUFFIXES, read_table
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from blankspot.cli.session import Session
    from blankspot.ledger import Event
    from blankspot.ledger.workbook import WorkbookPlan
    from blankspot.words import Lang

_OUTCOMES = {
    "new": Text("dicatat", "to record"),
    "unchanged": Text("sudah tercatat", "on record"),
    "refused": Text("ditolak", "refused"),
}
_COLUMNS = {column.key: column for sheet in reversed(SHEETS) for column in sheet.columns}
_REFERENCES = {
    "corrects": Text("membetulkan catatan", "corrects record"),
    "refers": Text("menutup catatan", "closes note"),
}
_EMPTIES = Text("mengosongkan", "empties")
_OTHERS = {"reason": Text("Alasan", "Reason"), "corrected_on": Text("Hari yang benar", "Right day")}


def read_workbook(file: str) -> tuple[Mapping[str, pd.DataFrame], Baseline] | None:
    """Read a workbook that `track export` wrote: its sheets by key, and what it remembers; None where FILE is none.

    Raises:
        SourceError: It is damaged, made by a newer blankspot, or a sheet of it has another name.
    """
    path = Path(file)
    if path.suffix.lower() not in SHEET_SUFFIXES:
        return None
    check_file(path)
    names = sheet_names(Member(name=path.name, path=path, suffix=path.suffix.lower()))
    held = {name.strip().casefold(): name for name in names}
    if BASELINE_SHEET not in held:
        return None
    baseline = read_baseline(read_table(path, sheet=BASELINE_SHEET, empty_ok=True), source=path.name)
    titles = baseline.about.titles
    _check_names(path.name, titles.values(), [name for name in names if name != BASELINE_SHEET])
    tables = {
        key: read_table(path, sheet=title, empty_ok=True)
        for key, title in titles.items()
        if title.strip().casefold() in held
    }
    return tables, baseline


def _check_names(file: str, titles: Iterable[str], names: list[str]) -> None:
    """Refuse a workbook of which a sheet seems to have got another name: its changes would be passed over."""
    wanted, found = {title.casefold(): title for title in titles}, {name.strip().casefold(): name for name in names}
    gone = [title for key, title in wanted.items() if key not in found]
    strange = [name for key, name in found.items() if key not in wanted]
    if gone and strange:
        missing, there = ", ".join(gone), ", ".join(strange)
        raise SourceError(
            Text(
                f"{file}: lembar {missing} tidak ada, tetapi ada lembar {there}.",
                f"{file}: the sheet(s) {missing} are gone, but there are {there}.",
            ),
            hint=Text(
                "Kembalikan nama lembarnya, atau hapus lembar tambahan itu.",
                "Put the name back, or delete the further sheet.",
            ),
        )


def differences_json(plan: WorkbookPlan, file: str, *, recorded: int) -> dict[str, Any]:
    """Return the plan of an edited workbook, with how many events were recorded, for JSON."""
    new = [
        {"source_sheet": sheet, "source_row": row} | event_json(event)
        for event, (sheet, row) in zip(plan.new_events, plan.origins, strict=True)
    ]
    counts = {"rows_in": plan.rows_in, "changed": plan.rows_new, "unchanged": plan.unchanged}
    found = {"file": file, **counts, "rejected": plan.rows_rejected, "recorded": recorded}
    return found | {"changes": records(plan.changes), "new": new, "rejects": records(plan.rejects)}


def print_differences(session: Session, plan: WorkbookPlan) -> None:
    """Print every changed cell, what would be appended, and what is refused and why."""
    lang = session.lang
    if len(plan.changes):
        heads = (
            Text("Lembar", "Sheet"), Text("Baris", "Row"), Text("Kode desa", "Village code"), Text("Desa", "Village"),
            Text("Kolom", "Column"), Text("Sebelum", "Before"), Text("Sesudah", "After"), Text("Hasil", "Outcome"),
        )  # fmt: skip
        columns = ["sheet", "row", "village_code", "village_name", "heading", "before", "after", "outcome"]
        shown = plan.changes[columns].astype(object)
        shown = shown.where(shown.notna(), "").assign(outcome=[_OUTCOMES[one].of(lang) for one in shown["outcome"]])
        session.print(table(heads, shown.itertuples(index=False), lang))
    if plan.new_events:
        _print_events(session, plan, lang)
    _print_rejects(session, plan, lang)


def _print_events(session: Session, plan: WorkbookPlan, lang: Lang) -> None:
    heads = (
        Text("Lembar", "Sheet"), Text("Baris", "Row"), Text("Tanggal", "Day"), Text("Pokok", "Subject"),
        Text("Akan dicatat", "To record"), Text("Isi", "What it says"),
    )  # fmt: skip
    rows = (
        (sheet, row, event.happened_on.isoformat(), event.case_id, _kind(event, lang), _said(event, lang))
        for event, (sheet, row) in zip(plan.new_events, plan.origins, strict=True)
    )
    session.print("")
    session.print(table(heads, rows, lang))
    if any(event.fields.get("skips") for event in plan.new_events):
        session.print(
            Text("* melompati tahap yang tidak tercatat", "* passes over stages that are not on record").of(lang)
        )


def _kind(event: Event, lang: Lang) -> str:
    return KIND_LABELS[event.kind].of(lang) + (" *" if event.fields.get("skips") else "")


def _said(event: Event, lang: Lang) -> str:
    """Return what an event says on one line, in the words of the sheets; references by their first digits."""
    parts = []
    for name, value in event.fields.items():
        if name in _REFERENCES:
            parts.append(f"{_REFERENCES[name].of(lang)} {str(value)[:12]}")
        elif name == "clears":
            emptied = ", ".join(_COLUMNS[one].heading.of(lang) for one in str(value).split())
            parts.append(f"{_EMPTIES.of(lang)}: {emptied}")
        elif name != "skips":
            heading = _OTHERS[name].of(lang) if name in _OTHERS else _COLUMNS[name].heading.of(lang)
            parts.append(f"{heading}: {shown(_COLUMNS[name], value, lang) if name in _COLUMNS else value}")
    return "; ".join(parts)


def _print_rejects(session: Session, plan: WorkbookPlan, lang: Lang) -> None:
    refused = plan.rejects[plan.rejects["severity"] == "rejected"]
    if len(refused):
        heads = (
            Text("Lembar", "Sheet"), Text("Baris", "Row"), Text("Kolom", "Column"), Text("Nilai", "Value"),
            Text("Alasan ditolak", "Refused because"),
        )  # fmt: skip
        columns = refused[["table", "row", "column", "value", "message"]].fillna("")
        session.print("")
        session.print(table(heads, columns.itertuples(index=False), lang))
    for message in plan.rejects.loc[plan.rejects["severity"] == "noted", "message"]:
        session.say(message)


def differences_summary(plan: WorkbookPlan, recorded: int, *, apply: bool) -> Text:
    """Return the counts of an edited workbook and what was done with it, in one sentence."""
    cells, events = len(plan.changes), len(plan.new_events)
    counts = Text(
        f"{plan.rows_in} baris: {plan.rows_new} berubah, {plan.unchanged} tetap, {plan.rows_rejected} ditolak; {cells} sel "
        f"berubah, {events} kejadian baru.",
        f"{plan.rows_in} rows: {plan.rows_new} changed, {plan.unchanged} unchanged, {plan.rows_rejected} refused; {cells} cells "
        f"changed, {events} new events.",
    )
    if apply:
        done = Text(f"{recorded} kejadian dicatat.", f"{recorded} events were recorded.")
    elif events:
        done = Text(
            "Belum ada yang dicatat; ulangi dengan --apply untuk mencatat.",
            "Nothing was recorded; repeat with --apply to record it.",
        )
    else:
        done = Text("Tidak ada yang perlu dicatat.", "There is nothing to record.")
    return Text(f"{counts.id} {done.id}", f"{counts.en} {done.en}")
