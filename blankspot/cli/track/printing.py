"""What the `track` commands print: tables for people, plain values for JSON.

What comes from data is text and nothing else; control characters are shown as such and reach no terminal.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table
from rich.text import Text as Cell

from blankspot.ledger.naming import UNCONFIRMED
from blankspot.ledger.workflow import KIND_LABELS
from blankspot.schema import TABLES
from blankspot.words import Lang, Text, date_text, percent, rupiah

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from blankspot.cli.session import Session
    from blankspot.ledger import Event, Group, ImportPlan, Progress

_TITLES: Final = {
    name: str(column.title)
    for table_name in ("proposals", "indicators", "handling")
    for name, column in TABLES[table_name].columns.items()
}
_IN_CONFLICT: Final = Text(" (berbeda catatan)", " (in conflict)")
_CANDIDATE: Final = r"\((\d\d\.\d\d\.\d\d\.\d{4})"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows for JSON: days as ISO text, what is not known as null."""
    plain = frame.copy()
    for name in plain.select_dtypes("datetime").columns:
        plain[name] = plain[name].dt.strftime("%Y-%m-%d")
    plain = plain.astype(object)
    return plain.where(plain.notna(), None).to_dict("records")  # type: ignore[return-value]  # keys are our columns


def event_json(event: Event) -> dict[str, Any]:
    """Return an event with its fields, for JSON."""
    about = {"happened_on": event.happened_on, "village_code": event.village_code, "case_id": event.case_id}
    return about | {"event": event.kind, "content_id": event.content_id} | dict(event.fields)


def plan_json(plan: ImportPlan, file: str, *, recorded: int) -> dict[str, Any]:
    """Return an import plan, with how many events were recorded, for JSON."""
    new = [
        {"source_file": name, "source_row": row} | event_json(event)
        for event, (name, row) in zip(plan.new_events, plan.origins, strict=True)
    ]
    counts = {"rows_in": plan.rows_in, "unchanged": plan.unchanged, "rejected": plan.rows_rejected}
    return {"file": file, **counts, "recorded": recorded, "new": new, "rejects": records(plan.rejects)}


def progress_json(measured: Progress, lang: Lang) -> dict[str, Any]:
    """Return a progress with its definition and day, and its groups, for JSON."""

    def share(part: Progress | Group) -> dict[str, Any]:
        counted = {"numerator": part.numerator, "denominator": part.denominator, "as_of": part.as_of}
        return counted | {"text": part.text(lang)}

    groups = [
        {"key": group.key, "label": group.label.of(lang)} | share(group)
        | ({} if group.in_period is None else {"in_period": group.in_period})
        for group in measured.groups
    ]  # fmt: skip
    found = {"year": measured.year, **share(measured), "definition": measured.definition.of(lang)}
    return found if measured.by is None else found | {"by": measured.by, "groups": groups}


def print_plan(session: Session, plan: ImportPlan) -> None:
    """Print what an import would append, then what it refuses and why."""
    lang = session.lang
    if plan.new_events:
        rows = (
            (
                str(row),
                event.happened_on.isoformat(),
                event.case_id if not event.is_target else event.village_code,
                KIND_LABELS[event.kind].of(lang) + (" *" if event.fields.get("skips") else ""),
                *(event.fields.get(name, "") for name in ("year", "partner", "evidence", "document")),
            )
            for event, (_, row) in zip(plan.new_events, plan.origins, strict=True)
        )
        heads = (
            Text("Baris", "Row"), Text("Tanggal", "Day"), Text("Kasus", "Case"), Text("Kejadian", "Event"),
            Text("Tahun", "Year"), Text("Mitra", "Partner"), Text("Bukti", "Evidence"), Text("Dokumen", "Document"),
        )  # fmt: skip
        session.print(table(heads, rows, lang))
        if any(event.fields.get("skips") for event in plan.new_events):
            note = Text("* melompati tahap yang tidak tercatat", "* passes over stages that are not on record")
            session.print(note.of(lang))
    print_said(session, plan.rejects)
    if plan.unread:
        listed = ", ".join(plan.unread)
        told = Text(f"Kolom yang tidak dibaca: {listed}.", f"Columns that were not read: {listed}.")
        session.print(_CONTROL.sub("?", told.of(lang)))
    _suggest_confirming(session, plan.rejects)


def _suggest_confirming(session: Session, said: pd.DataFrame) -> None:
    """Tell how to confirm the desa that a name means, with the first name that waits for it as the example."""
    waiting = said[said["rule"] == UNCONFIRMED]
    candidates = waiting["message"].astype("str").str.extract(_CANDIDATE, expand=False).dropna()
    if candidates.empty:
        return
    name = _CONTROL.sub("?", str(waiting["value"][candidates.index[0]]))
    code = candidates.iloc[0]
    told = Text(
        f"Bila memang itu desanya, ulangi dengan: --confirm '{name}={code}'.",
        f"If that is the desa, repeat with: --confirm '{name}={code}'.",
    )
    session.print(told.of(session.lang))


def print_said(session: Session, said: pd.DataFrame) -> None:
    """Print what was refused and why, then what was put right or remarked on; columns of `check.REJECT_COLUMNS`."""
    refused = said["severity"] == "rejected"
    reasons = ((refused, Text("Alasan ditolak", "Refused because")), (~refused, Text("Catatan", "Remark")))
    for chosen, last in reasons:
        if chosen.any():
            heads = (Text("Baris", "Row"), Text("Kolom", "Column"), Text("Nilai", "Value"), last)
            columns = said.loc[chosen, ["row", "column", "value", "message"]].fillna("")
            rows = (
                (row or "", _heading(str(column), session.lang), _shown(str(column), value, session.lang), message)
                for row, column, value, message in columns.itertuples(index=False)
            )
            session.print(table(heads, rows, session.lang))


def _heading(column: str, lang: Lang) -> str:
    """Return what the templates call a column, for readers of Indonesian; others are told its name."""
    return _TITLES.get(column, column) if lang == "id" else column.replace("_", " ")


def _shown(column: str, value: object, lang: Lang) -> object:
    """Return a value as readers know it: a kind of event by its label."""
    label = KIND_LABELS.get(str(value)) if column == "event" else None
    return value if label is None else label.of(lang)


def plan_summary(plan: ImportPlan, recorded: int, *, apply: bool) -> Text:
    """Return the counts of an import plan and what was done with it, in one sentence."""
    new, same, refused = len(plan.new_events), plan.unchanged, plan.rows_rejected
    counts = Text(
        f"{plan.rows_in} baris: {new} baru, {same} sudah tercatat, {refused} ditolak.",
        f"{plan.rows_in} rows: {new} new, {same} on record already, {refused} refused.",
    )
    if not apply:
        done = Text(
            "Belum ada yang dicatat; ulangi dengan --apply untuk mencatat.",
            "Nothing was recorded; repeat with --apply to record it.",
        )
    else:
        done = Text(f"{recorded} kejadian dicatat.", f"{recorded} events were recorded.")
    return Text(f"{counts.id} {done.id}", f"{counts.en} {done.en}")


def case_table(cases: pd.DataFrame, lang: Lang) -> Table:
    """Return the cases as a table; `cases` has the columns of the state, village_name and district."""
    heads = (
        Text("Kode desa", "Village code"), Text("Desa", "Village"), Text("Kecamatan", "District"),
        Text("Layanan", "Service"), Text("Tahap", "Stage"), Text("Sejak", "Since"), Text("Mitra", "Partner"),
        Text("Target", "Target"), Text("Anggaran", "Budget"), Text("Bukti", "Evidence"),
    )  # fmt: skip
    services = {"mobile": Text("seluler", "mobile"), "internet": Text("titik internet", "internet point")}
    rows = (
        (
            case["village_code"],
            case["village_name"] or "",
            case["district"] or "",
            services[case["service"]].of(lang),
            KIND_LABELS[case["stage"]].of(lang) + (_IN_CONFLICT.of(lang) if case["conflict"] else ""),
            case["since"],
            case["partner"] or "",
            case["year"] or "",
            "" if case["budget_rp"] is None else rupiah(case["budget_rp"], lang=lang),
            case["evidence"] or "",
        )
        for case in records(cases)
    )
    return table(heads, rows, lang)


def group_table(measured: Progress, lang: Lang) -> Table:
    """Return the groups of a progress as a table."""
    quarterly = measured.by == "quarter"
    first = {
        "partner": Text("Mitra", "Partner"),
        "district": Text("Kecamatan", "District"),
        "regency": Text("Kabupaten/kota", "Regency"),
        "funding_source": Text("Sumber dana", "Funding"),
        "quarter": Text("Triwulan", "Quarter"),
        "year": Text("Daftar target", "Target list"),
    }[str(measured.by)]
    done = Text("Tertangani (kumulatif)", "Handled (cumulative)") if quarterly else Text("Tertangani", "Handled")
    heads = [first, done, Text("Target", "Target"), Text("Capaian", "Achievement"), Text("Per", "As of")]
    heads += [Text("Dalam triwulan", "In the quarter")] if quarterly else []
    rows = [
        (
            group.label.of(lang),
            group.numerator,
            group.denominator,
            percent(group.numerator, group.denominator, lang=lang),
            date_text(group.as_of, lang=lang),
            *([] if group.in_period is None else [group.in_period]),
        )
        for group in measured.groups
    ]
    return table(heads, rows, lang)


def table(heads: Iterable[Text], rows: Iterable[Iterable[object]], lang: Lang) -> Table:
    """Make a plain table; what comes from data is text and nothing else, control characters are shown as such."""
    made = Table(box=None, pad_edge=False)
    for head in heads:
        made.add_column(head.of(lang))
    for row in rows:
        made.add_row(*(Cell(_CONTROL.sub("�", str(cell))) for cell in row))
    return made
