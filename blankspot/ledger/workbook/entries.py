"""The rows of the sheets of money and constraints: what is on record is read only, new rows become events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from blankspot.ledger.workbook.places import subject_of
from blankspot.ledger.workbook.sheets import MONEY, NOTES
from blankspot.ledger.workbook.verdict import Context, Fault, Row, Verdict, make, verdict
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Collection

    from blankspot.ledger.events import Event
    from blankspot.ledger.workbook.baseline import BaseRow

_CLOSING: Final = ("closed_on", "closing_note")
_DAYS: Final = {MONEY.key: "paid_on", NOTES.key: "noted_on"}


def judge_entry(row: Row, base: BaseRow, context: Context) -> Verdict:
    """Judge a row that was exported: a payment may not change, a constraint may be closed."""
    changed = row.differing(base.cells)
    locked = next((key for key in changed if key not in _CLOSING), None)
    found: list[Event] | Fault | None = None
    if locked is not None:
        found = _read_only(row, locked)
    elif changed:
        found = row.fault(changed) or _closing(row, base, context)
    return verdict(row, base.cells, found, context)


def judge_new_entry(row: Row, context: Context, opened: Collection[str]) -> Verdict:
    """Judge a payment or a constraint that was added by hand; `opened` are cases that other rows open."""
    return verdict(row, {}, row.fault(row.cells) or _new(row, context, opened), context)


def _new(row: Row, context: Context, opened: Collection[str]) -> list[Event] | Fault:
    day = row.cells[_DAYS[row.sheet.key]]
    if row.cells["entry"] is not None:
        return Fault(
            "entry",
            "entry_unknown",
            Text(
                "Nomor ini tidak ada; kosongkan No. pada baris baru.",
                "There is no such number; leave No. empty in new rows.",
            ),
        )
    subject = subject_of(row, context, opened, general=row.sheet.key == NOTES.key)
    if isinstance(subject, Fault):
        return subject
    if day is None:
        return Fault(_DAYS[row.sheet.key], "day_missing", Text("Isi tanggalnya.", "Give the day."))
    made = _payment(row, subject, str(day)) if row.sheet.key == MONEY.key else _note(row, subject, str(day))
    return made if isinstance(made, Fault) else [made]


def _payment(row: Row, subject: str, day: str) -> Event | Fault:
    cells: Any = row.cells
    if not cells["amount_rp"]:
        return Fault(
            "amount_rp",
            "amount_missing",
            Text("Isi jumlah rupiahnya, bukan nol.", "Give the amount in rupiah; it cannot be zero."),
        )
    fields = {name: cells[name] for name in ("amount_rp", "funding_source", "document", "note")}
    return make("money", day, subject, fields, "case_id")


def _note(row: Row, subject: str, day: str) -> Event | Fault:
    cells: Any = row.cells
    if any(cells[key] is not None for key in _CLOSING):
        return Fault(
            "closed_on",
            "closing_too_early",
            Text(
                "Kendala baru dicatat dahulu; tutup dari buku kerja yang diekspor sesudahnya.",
                "Record a new constraint first; close it in a workbook exported afterwards.",
            ),
        )
    fields = {name: cells[name] for name in ("constraint", "follow_up", "owner", "due_on", "note")}
    return make("note", day, subject, fields, "case_id")


def _closing(row: Row, base: BaseRow, context: Context) -> list[Event] | Fault | None:
    cells: Any = row.cells
    day = cells["closed_on"]
    if day is None:
        return Fault(
            "closed_on",
            "day_missing",
            Text("Isi Tanggal selesai untuk menutup kendala ini.", "Give the day under Closed on to close it."),
        )
    if day < str(base.cells["noted_on"]):
        return Fault(
            "closed_on",
            "date_before_previous",
            Text("Kendala tidak dapat selesai sebelum dicatat.", "A constraint cannot be closed before it was noted."),
        )
    now = context.view.notes.get(base.ref)
    if now is None:
        return Fault(
            "entry",
            "note_gone",
            Text("Kendala ini sudah dicabut sementara itu.", "This constraint was withdrawn meanwhile."),
        )
    if now["closed_on"] == day:
        return None
    if now["closed_on"] is not None:
        return Fault(
            "closed_on",
            "closed_meanwhile",
            Text(
                f"Kendala ini sementara itu sudah ditutup per {now['closed_on']}.",
                f"This constraint was closed meanwhile, as of {now['closed_on']}.",
            ),
        )
    fields = {"refers": base.ref, "note": cells["closing_note"]}
    made = make("note_closed", day, str(base.cells["case_id"]), fields, "case_id")
    return made if isinstance(made, Fault) else [made]


def _read_only(row: Row, key: str) -> Fault:
    heading = row.sheet.column(key).heading
    if row.sheet.key == MONEY.key:
        what = Text(
            "pembayaran yang tercatat tidak diubah. Tulis baris baru dengan jumlah pembalik (negatif), lalu yang benar",
            "a payment on record is not changed. Write a new row with the opposite (negative) amount, then the right one",
        )
    else:
        what = Text(
            "kendala yang tercatat tidak diubah. Tutup kendala ini, lalu tulis yang benar di baris baru",
            "a constraint on record is not changed. Close it, then write the right one in a new row",
        )
    return Fault(
        key,
        "read_only_row",
        Text(f"Kolom {heading.id} berubah, tetapi {what.id}.", f"{heading.en} changed, but {what.en}."),
    )
