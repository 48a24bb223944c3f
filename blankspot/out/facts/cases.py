"""What the fact sheets read from the ledger's frames: how long a case has stood where it stands, what is open, what is next.

A case is open until it is handled (or verified after that) or rejected. Its age is the number of days since its last move,
as of the sheet's day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from blankspot.words import LABELS, Lang, Text, date_text, label, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DONE: Final = frozenset({"handled", "verified_after"})
CLOSED: Final = DONE | {"rejected"}
SERVICES: Final = {"mobile": Text("seluler", "mobile"), "internet": Text("titik internet", "internet point")}
NO_CASE: Final = Text("belum ada", "none yet")
_LOCALES: Final = {"id": "id_ID", "en": "en_GB"}
_TO_CLASS: Final = {
    "none": Text("Masukkan ke usulan atau daftar target.", "Propose it or put it on the target list."),
    "weak": Text("Pantau; usulkan bila warga meminta.", "Watch it; propose it if residents ask."),
    "unknown": Text("Ukur sinyalnya, lalu nilai.", "Measure its signal, then judge."),
}
_NEXT: Final = {
    "identified": Text("Usulan dari desa, kecamatan, atau dinas.", "A proposal by the desa, kecamatan or office."),
    "proposed": Text("Verifikasi lapangan.", "Verification in the field."),
    "verified": Text("Keputusan: disetujui, ditolak, atau ditunda.", "A decision: approved, rejected or deferred."),
    "approved": Text("Penugasan mitra.", "Assignment to a partner."),
    "rejected": Text("Selesai; dibuka kembali bila ada bukti baru.", "Closed; reopened if there is new evidence."),
    "deferred": Text("Keputusan baru: disetujui atau ditolak.", "A new decision: approved or rejected."),
    "assigned": Text("Pembangunan, atau langsung mengudara.", "Construction, or on air at once."),
    "construction": Text("Mengudara.", "On air."),
    "on_air": Text("Uji sinyal dan berita acara, lalu tertangani.", "A signal test with minutes, then handled."),
    "handled": Text("Ukur ulang untuk verifikasi pascapenanganan.", "Measure again to verify after handling."),
    "verified_after": Text("Selesai; tidak ada langkah lagi.", "Done; no further step."),
    "reopened": Text("Usulkan atau verifikasi lagi.", "Propose or verify it again."),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Papers:
    """What stands beside the state: the ledger's notes, money and letters as its methods give them, and table `proposals`."""

    notes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["case_id", "open"]))
    money: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["village_code"]))
    letters: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["villages"]))
    proposals: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["village_code"]))


def plain(row: pd.Series | Mapping[Any, Any]) -> dict[str, Any]:
    """Return a row as plain Python values, None where empty, days as dates."""
    return {str(name): plain_value(value) for name, value in row.items()}


def plain_value(value: Any) -> Any:
    """Return a cell as a plain Python value, None where it is empty, a day as a date."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value.item() if isinstance(value, np.generic) else value


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as plain values."""
    return [plain(row) for row in frame.to_dict("records")]


def is_open(stage: str | None) -> bool:
    """Tell whether a case at this stage still waits for something."""
    return stage not in CLOSED


def age_days(since: dt.date | None, as_of: dt.date) -> int | None:
    """Return the days since a day, None where it is not known."""
    return None if since is None else (as_of - since).days


def days_text(days: int | None, lang: Lang) -> str:
    """Write a number of days: "41 hari"."""
    if days is None:
        return "–"
    unit = Text("hari", "day" if days == 1 else "days").of(lang)
    return f"{number(days, lang=lang)} {unit}"


def standing_text(since: dt.date | None, as_of: dt.date, lang: Lang) -> str:
    """Write since when and how long a case has stood at its stage, "" where that is not known."""
    if since is None:
        return ""
    day, days = date_text(since, lang=lang), days_text(age_days(since, as_of), lang)
    return Text(f"sejak {day}, {days} di tahap ini", f"since {day}, {days} at this stage").of(lang)


def day_text(day: dt.date | None, lang: Lang) -> str:
    """Write a day, "–" where there is none."""
    return "–" if day is None else date_text(day, lang=lang)


def short_day(day: dt.date | None, lang: Lang) -> str:
    """Write a day for a narrow column: "26 Des 2022"; "–" where there is none."""
    from babel.dates import format_date

    return "–" if day is None else str(format_date(day, format="d MMM y", locale=_LOCALES[lang]))


def stage_text(stage: str | None, lang: Lang) -> str:
    """Write a stage, "belum ada" where there is none."""
    return label("stage", stage, lang) if stage else NO_CASE.of(lang)


def word(kind: str, value: str | None, lang: Lang) -> str:
    """Write an identifier in the reader's words; what is no identifier stays, "–" where there is none."""
    if value is None:
        return "–"
    known = LABELS[kind].get(value)
    return known.of(lang) if known else value


def quarter_text(quarter: str | None, lang: Lang) -> str:
    """Write "2022-Q3" as "TW III 2022"."""
    if not quarter:
        return "–"
    year, _, part = quarter.partition("-Q")
    roman = dict(zip("1234", ("I", "II", "III", "IV"), strict=True)).get(part)
    return quarter if roman is None else Text(f"TW {roman} {year}", f"Q{part} {year}").of(lang)


def next_step(stage: str | None, signal_class: str | None) -> Text | None:
    """Return what comes next for a village: after its case's stage, or after its class where nobody has begun."""
    if stage:
        return _NEXT.get(stage)
    return _TO_CLASS.get(signal_class or "unknown")


def open_notes(notes: pd.DataFrame, case_ids: Iterable[str]) -> list[dict[str, Any]]:
    """Return the open notes of these subjects, the one that is due first in front."""
    mine = notes[notes["case_id"].isin(list(case_ids)) & notes["open"].astype(bool)]
    rows = records(mine)
    return sorted(rows, key=lambda row: (str(row["due_on"] or "9999"), str(row["noted_on"]), str(row["note_id"])))


def note_text(note: Mapping[str, Any], as_of: dt.date, lang: Lang) -> str:
    """Write a note: constraint, follow-up, who, by when, and whether that day has passed."""
    parts = [str(note["constraint"] or note["note"] or "–")]
    if note["follow_up"]:
        parts.append(f"{Text('tindak lanjut', 'follow-up').of(lang)}: {note['follow_up']}")
    if note["owner"]:
        parts.append(f"{Text('oleh', 'by').of(lang)} {note['owner']}")
    due = as_day(note["due_on"])
    if due is not None:
        late = (as_of - due).days
        told = f"{Text('paling lambat', 'due').of(lang)} {date_text(due, lang=lang)}"
        parts.append(told + (f" ({Text('lewat', 'late by').of(lang)} {days_text(late, lang)})" if late > 0 else ""))
    return "; ".join(parts)


def as_day(value: object) -> dt.date | None:
    """Return a day given as a date or as ISO text, None where it is neither."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return None
