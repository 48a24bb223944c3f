"""The rows of the handling sheet: what was exported, what came back, and what the ledger says now.

- The stage changed and its day is given: a move. What else changed in the row belongs to that move.
- The stage is the same: a correction of the record that set the value, with the reason that the row gives.
- Somebody else moved or corrected the case meanwhile: refused, and told what happened; the same change made by both is no
  change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from blankspot.ledger.events import Event
from blankspot.ledger.workbook.places import new_case_of, village_of
from blankspot.ledger.workbook.sheets import CASES, CellValue, same, shown
from blankspot.ledger.workbook.verdict import REASON, Context, Fault, Row, Verdict, make, verdict
from blankspot.ledger.workbook.view import Standing, last_touch
from blankspot.ledger.workflow import DONE, KIND_LABELS
from blankspot.words import Text, date_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from blankspot.ledger.events import Record
    from blankspot.ledger.workbook.baseline import BaseRow

_FIELDS: Final = (
    "partner", "intervention_type", "funding_source", "budget_rp", "planned_quarter", "evidence", "document", "note",
)  # fmt: skip
_VOIDED: Final = frozenset(
    {"partner", "intervention_type", "funding_source", "budget_rp", "planned_quarter", "evidence"}
)
_LOCKED: Final = frozenset(column.key for column in CASES.columns if column.locked)
_CELLS: Final = {column.key: column for column in CASES.columns}


def judge_exported(row: Row, base: BaseRow, context: Context) -> Verdict:
    """Judge a row that was exported, against its values then and now."""
    return verdict(row, base.cells, _exported(row, base, context), context)


def _exported(row: Row, base: BaseRow, context: Context) -> list[Event] | Fault | None:
    changed = [key for key in row.differing(base.cells) if key != REASON]
    locked = next((key for key in changed if key in _LOCKED), None)
    case_id = str(base.cells["case_id"])
    now = context.view.cases.get(case_id)
    if locked is not None:
        return _locked_changed(locked, row, context)
    fault = row.fault(changed)
    if fault is not None or not changed:
        return fault
    if now is None:
        return _gone(case_id)
    pending = [key for key in changed if not same(_CELLS[key], now.cells[key], row.cells[key])]
    if pending and now.head != base.ref:
        then = Standing(dict(base.cells), base.ref, begun=bool(base.ref), conflict=False)
        events = _events(row, case_id, base.cells, then, changed, context)
        recorded = isinstance(events, list) and context.recorded(tuple(events))
        return events if recorded else _moved_meanwhile(case_id, now, context)
    taken = next((key for key in pending if not same(_CELLS[key], now.cells[key], base.cells[key])), None)
    if taken is not None:
        return _corrected_meanwhile(taken, case_id, now, context)
    return _events(row, case_id, base.cells, now, pending, context) if pending else None


def judge_new(row: Row, context: Context) -> tuple[Verdict, str]:
    """Judge a row that was added by hand; also return the case it opens ("" where it does not say)."""
    fault = row.fault(row.cells)
    if fault is not None:
        return verdict(row, {}, fault, context), ""
    case_id = new_case_of(row, context)
    if isinstance(case_id, Fault):
        return verdict(row, {}, case_id, context), ""
    code = case_id.partition(":")[0]
    return verdict(row, {"village_code": code, "case_id": case_id}, _opened(row, case_id, context), context), case_id


def _opened(row: Row, case_id: str, context: Context) -> list[Event] | Fault | None:
    now = context.view.cases.get(case_id)
    filled = [key for key in (*_FIELDS, "stage", "since", "handled_on") if row.cells[key] is not None]
    year = row.cells["year"]
    if year is not None and (now is None or now.cells["year"] != year):
        return Fault(
            "year",
            "target_list_elsewhere",
            Text(
                "Daftar target tidak diubah di sini; pakai 'blankspot track add KODE target --year …'.",
                "Target lists are not changed here; use 'blankspot track add CODE target --year …'.",
            ),
        )
    if now is not None and now.begun:
        if filled and all(same(_CELLS[key], now.cells[key], row.cells[key]) for key in filled):
            return None
        return _exists(case_id, now)
    before = Standing(dict.fromkeys(row.cells), "", begun=False, conflict=False)
    if row.cells["stage"] is None:
        return Fault(
            "stage",
            "stage_missing",
            Text("Baris baru memerlukan Tahap dan Sejak.", "A new row needs a stage and its day under Since."),
        )
    return _events(row, case_id, before.cells, before, filled, context)


def _events(
    row: Row, case_id: str, base: Mapping[str, CellValue], now: Standing, pending: list[str], context: Context
) -> list[Event] | Fault:
    """Return what a row asks to record, given the cells that differ from the ledger now."""
    if "stage" not in pending:
        return _corrections(row, case_id, now, pending, context)
    stage = row.cells["stage"]
    if stage is None:
        return Fault(
            "stage",
            "stage_emptied",
            Text("Tahap tidak dapat dikosongkan; pilih tahap.", "A stage cannot be emptied; choose one."),
        )
    day = _day_of_move(row, base, now, str(stage))
    if isinstance(day, Fault):
        return day
    return _moves(row, case_id, now, pending, str(stage), day, context)


def _day_of_move(row: Row, base: Mapping[str, CellValue], now: Standing, stage: str) -> str | Fault:
    since, handled_on = row.cells["since"], row.cells["handled_on"]
    told = None if same(_CELLS["since"], base["since"], since) else since
    handled = None if stage != "handled" or same(_CELLS["handled_on"], base["handled_on"], handled_on) else handled_on
    if told and handled and told != handled:
        return _contradicting_days(str(told), str(handled))
    day = told or handled
    if not day:
        label = KIND_LABELS[stage]
        return Fault(
            "since",
            "day_missing",
            Text(
                f"Tahap menjadi '{label.id}', tetapi harinya tidak diisi di kolom Sejak. Isi hari tahap itu dicapai; bila "
                "memang sama dengan hari tahap sebelumnya, catat dengan 'blankspot track add'.",
                f"The stage became '{label.en}', but its day is not given under Since. Give the day it was reached; if it is "
                "the same as the day of the stage before, record it with 'blankspot track add'.",
            ),
        )
    if now.begun and str(day) < str(now.cells["since"]):
        return Fault(
            "since",
            "date_before_previous",
            Text(
                f"Hari {_day_text(day).id} lebih awal daripada tahap terakhir pada {_day_text(now.cells['since']).id}.",
                f"The day {_day_text(day).en} is before the last stage, of {_day_text(now.cells['since']).en}.",
            ),
        )
    return str(day)


def _moves(
    row: Row, case_id: str, now: Standing, pending: list[str], stage: str, day: str, context: Context
) -> list[Event] | Fault:
    cells = row.cells
    told: dict[str, Any] = {key: cells[key] for key in _FIELDS if key in pending and cells[key] is not None}
    emptied: list[str] = [key for key in _FIELDS if key in pending and cells[key] is None]
    asked: list[Event | Fault] = []
    if stage == "verified_after" and now.cells["handled_on"] is None and cells["handled_on"] is not None:
        handled = {"evidence": told.pop("evidence", None) or cells["evidence"]}
        asked.append(make("handled", str(cells["handled_on"]), case_id, handled, "case_id"))
    elif "handled_on" in pending and stage != "handled" and not (stage == "reopened" and cells["handled_on"] is None):
        return Fault(
            "handled_on",
            "handled_on_unfit",
            Text(
                f"Tanggal tertangani tidak dapat diubah bersama tahap '{KIND_LABELS[stage].id}'.",
                f"The day of handling cannot be changed together with the stage '{KIND_LABELS[stage].en}'.",
            ),
        )
    if stage == "handled":
        told["evidence"] = cells["evidence"]
    asked.append(make(stage, day, case_id, told | {"reason": cells[REASON]}, "case_id"))
    if stage == "reopened":
        emptied = [key for key in emptied if key not in _VOIDED]
    if emptied:
        cleared = _corrections(row, case_id, now, emptied, context)
        if isinstance(cleared, Fault):
            return cleared
        asked += cleared
    return next((one for one in asked if isinstance(one, Fault)), None) or [
        one for one in asked if isinstance(one, Event)
    ]


def _corrections(row: Row, case_id: str, now: Standing, pending: list[str], context: Context) -> list[Event] | Fault:
    if not now.begun:
        return Fault(
            pending[0],
            "case_not_begun",
            Text(
                "Kasus ini belum punya tahap yang tercatat; pilih Tahap dan isi Sejak bersama perubahan ini.",
                "No stage of this case is on record yet; choose a stage and give its day together with this change.",
            ),
        )
    if row.cells[REASON] is None:
        return Fault(
            REASON,
            "reason_missing",
            Text(
                "Isi baris berubah tanpa pindah tahap; tulis alasannya di kolom Alasan perubahan.",
                "The row changed without a new stage; give the reason under Reason for the change.",
            ),
        )
    timeline = context.view.moves[case_id]
    asked: dict[str, dict[str, Any]] = {}
    for key in pending:
        fault = _correct(key, row, now, timeline, asked)
        if fault is not None:
            return fault
    events = [_correction(case_id, target, said, row, context.today) for target, said in asked.items()]
    return next((one for one in events if isinstance(one, Fault)), None) or [
        one for one in events if isinstance(one, Event)
    ]


def _correct(
    key: str, row: Row, now: Standing, timeline: Sequence[Record], asked: dict[str, dict[str, Any]]
) -> Fault | None:
    """Add to `asked`, by record, what has to be corrected for one cell."""
    value = row.cells[key]
    if key in ("since", "handled_on"):
        stage = str(now.cells["stage"]) if key == "since" else "handled"
        target = next((one for one in reversed(timeline) if one.kind == stage), None)
        if value is None or target is None or (key == "handled_on" and now.cells["stage"] not in DONE):
            return _day_unfit(key)
        said = asked.setdefault(target.content_id, {})
        if said.get("corrected_on", value) != value:
            return _contradicting_days(said["corrected_on"], str(value))
        said["corrected_on"] = value
        return None
    carriers = _carriers(key, timeline)
    if value is not None:
        carrier = carriers[-1] if carriers and now.cells[key] is not None else timeline[-1]
        asked.setdefault(carrier.content_id, {})[key] = value
        return None
    for carrier in carriers:
        cleared = asked.setdefault(carrier.content_id, {})
        cleared["clears"] = " ".join([*str(cleared.get("clears", "")).split(), key])
    return None


def _carriers(key: str, timeline: Sequence[Record]) -> list[Record]:
    """Return the moves that say what a cell holds; a reopening voids what was said before it."""
    last = max((place for place, one in enumerate(timeline) if one.kind == "reopened"), default=0)
    said = timeline[last:] if key in _VOIDED else timeline
    return [one for one in said if key in one.fields]


def _correction(case_id: str, target: str, said: dict[str, Any], row: Row, today: dt.date) -> Event | Fault:
    fields = {**said, "corrects": target, "reason": row.cells[REASON]}
    return make("correction", today.isoformat(), case_id, fields, "case_id")


def _locked_changed(key: str, row: Row, context: Context) -> Fault:
    heading = _CELLS[key].heading
    meant = village_of(row, context) if key == "village_code" else ""
    may = Text(f" {meant.what.id}", f" {meant.what.en}") if isinstance(meant, Fault) else Text("", "")
    return Fault(
        key,
        "locked_column_changed",
        Text(
            f"Kolom {heading.id} terkunci dan tidak diubah di sini; kembalikan isinya. Desa atau kasus lain ditulis di baris "
            f"kosong di bawah.{may.id}",
            f"The column {heading.en} is locked and not changed here; put it back. Another village or case goes into an empty "
            f"row below.{may.en}",
        ),
    )


def _gone(case_id: str) -> Fault:
    return Fault(
        "case_id",
        "case_gone",
        Text(
            f"Kasus {case_id} tidak lagi ada di buku besar (sementara itu keluar dari daftar target). Ekspor ulang.",
            f"Case {case_id} is not in the ledger any more (it left the target list meanwhile). Export again.",
        ),
    )


def _exists(case_id: str, now: Standing) -> Fault:
    stage = KIND_LABELS[str(now.cells["stage"])]
    since = _day_text(now.cells["since"])
    return Fault(
        "case_id",
        "case_exists",
        Text(
            f"Kasus {case_id} sudah tercatat: '{stage.id}' sejak {since.id}. Ubah di barisnya sendiri, atau ekspor ulang bila "
            "barisnya tidak ada.",
            f"Case {case_id} is on record: '{stage.en}' since {since.en}. Change it in its own row, or export again if it has "
            "none.",
        ),
    )


def _day_unfit(key: str) -> Fault:
    if key == "since":
        return Fault(
            key,
            "day_emptied",
            Text(
                "Hari suatu tahap tidak dapat dikosongkan; tulis hari yang benar.",
                "The day of a stage cannot be emptied; give the right one.",
            ),
        )
    return Fault(
        key,
        "handled_on_unfit",
        Text(
            "Tanggal tertangani mengikuti tahap Tertangani: ubah Tahap dan Sejak, atau buka kembali kasusnya.",
            "The day of handling follows from the stage Handled: change the stage and its day, or reopen the case.",
        ),
    )


def _contradicting_days(one: str, other: str) -> Fault:
    return Fault(
        "handled_on",
        "days_contradict",
        Text(
            f"Sejak ({one}) dan Tanggal tertangani ({other}) berbeda, padahal keduanya hari yang sama.",
            f"Since ({one}) and Handled on ({other}) differ but mean the same day.",
        ),
    )


def _moved_meanwhile(case_id: str, now: Standing, context: Context) -> Fault:
    stage = KIND_LABELS[str(now.cells["stage"])]
    since, told = _day_text(now.cells["since"]), _recorded(case_id, context)
    return Fault(
        "stage",
        "moved_meanwhile",
        Text(
            f"Sementara itu kasus ini berpindah ke '{stage.id}' per {since.id}{told.id}. Ekspor ulang, lalu ulangi "
            "perubahannya bila masih perlu.",
            f"Meanwhile this case moved to '{stage.en}' as of {since.en}{told.en}. Export again and repeat the change if it is "
            "still wanted.",
        ),
    )


def _corrected_meanwhile(key: str, case_id: str, now: Standing, context: Context) -> Fault:
    heading, told = _CELLS[key].heading, _recorded(case_id, context)
    values = Text(*(shown(_CELLS[key], now.cells[key], lang) or "–" for lang in ("id", "en")))
    return Fault(
        key,
        "corrected_meanwhile",
        Text(
            f"Sementara itu {heading.id} sudah diubah menjadi '{values.id}'{told.id}. Ekspor ulang, lalu ulangi perubahannya "
            "bila masih perlu.",
            f"Meanwhile {heading.en} was changed to '{values.en}'{told.en}. Export again and repeat the change if it is still "
            "wanted.",
        ),
    )


def _recorded(case_id: str, context: Context) -> Text:
    """Say when and by which office the last thing about a case was recorded."""
    record = last_touch(context.view, case_id)
    if record is None:
        return Text("", "")
    moment = record.recorded_at.astimezone(context.zone)
    day = Text(date_text(moment.date()), date_text(moment.date(), lang="en"))
    return Text(
        f", dicatat {day.id} pukul {moment:%H.%M} oleh '{record.origin}'",
        f", recorded {day.en} at {moment:%H:%M} by '{record.origin}'",
    )


def _day_text(value: CellValue) -> Text:
    import datetime as dt

    day = dt.date.fromisoformat(str(value))
    return Text(date_text(day), date_text(day, lang="en"))
