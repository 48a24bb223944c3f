"""Tables that several fact sheets share: cases with their age, open notes with who owes what by when, letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from blankspot.out.facts.cases import (
    DONE,
    NO_CASE,
    SERVICES,
    age_days,
    as_day,
    days_text,
    is_open,
    quarter_text,
    records,
    short_day,
    stage_text,
)
from blankspot.out.facts.sheet import Listing, clip
from blankspot.words import Lang, Text, rupiah

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    import pandas as pd

_NOTE_CELL_MAX: Final = 110  # characters of a constraint or a follow-up, so that who and when stay in sight
_NOTE_HEADS: Final = (
    Text("Desa", "Desa"),
    Text("Kendala", "Constraint"),
    Text("Tindak lanjut", "Follow-up"),
    Text("Penanggung jawab", "Owner"),
    Text("Batas waktu", "Due"),
)
CONFLICT: Final = Text(
    "* Dua pihak mencatat langkah yang berbeda; belum diselesaikan.",
    "* Two parties recorded different moves; not settled.",
)
_LETTERS: Final = {
    "request": Text("Surat permohonan", "Letter of request"),
    "invitation": Text("Undangan", "Invitation"),
    "minutes": Text("Berita acara", "Minutes"),
}


def listed_cases(cases: pd.DataFrame, villages: pd.DataFrame, as_of: dt.date) -> list[dict[str, Any]]:
    """Return cases with the names of their desa and their age: the open ones first, the oldest in front."""
    names = villages.reindex(columns=["village_code", "village_name", "district"])
    rows = records(cases.merge(names, on="village_code", how="left"))
    for row in rows:
        row["age_days"] = age_days(row["since"], as_of)
    return sorted(
        rows,
        key=lambda row: (
            row["stage"] in DONE,
            not is_open(row["stage"]),
            -(row["age_days"] or 0) if is_open(row["stage"]) else (row["age_days"] or 0),
            row["case_id"],
        ),
    )


@dataclass(frozen=True)
class _Column:
    """A column of cases: its head, its share of the line, and whether it holds figures."""

    head: Text
    width: float
    right: bool = False


_CASE_COLUMNS: Final = {
    "village": _Column(Text("Desa", "Desa"), 0.19),
    "district": _Column(Text("Kecamatan", "Kecamatan"), 0.15),
    "stage": _Column(Text("Tahap", "Stage"), 0.18),
    "since": _Column(Text("Sejak", "Since"), 0.13),
    "age": _Column(Text("Umur", "Age"), 0.1, right=True),
    "budget": _Column(Text("Anggaran", "Budget"), 0.14, right=True),
    "planned": _Column(Text("Rencana", "Planned"), 0.13),
    "partner": _Column(Text("Mitra", "Partner"), 0.24),
}


def case_listing(cases: Sequence[dict[str, Any]], title: Text, columns: Sequence[str], lang: Lang) -> Listing:
    """Return cases as a table of these columns (keys of `_CASE_COLUMNS`); a case in conflict has an asterisk."""
    shown = [_CASE_COLUMNS[name] for name in columns]
    line = sum(column.width for column in shown)
    return Listing(
        title=title.of(lang),
        heads=tuple(column.head.of(lang) for column in shown),
        rows=tuple(tuple(_case_cell(case, name, lang) for name in columns) for case in cases),
        widths=tuple(column.width / line for column in shown),
        right=frozenset(at for at, column in enumerate(shown) if column.right),
        empty=Text("Tidak ada.", "None.").of(lang),
    )


def _case_cell(case: dict[str, Any], column: str, lang: Lang) -> str:
    internet = f" ({SERVICES['internet'].of(lang)})" if case["service"] == "internet" else ""
    budget = case.get("budget_rp")
    cells = {
        "village": str(case["village_name"] or case["village_code"]) + internet,
        "district": str(case["district"] or "–"),
        "stage": stage_text(case["stage"], lang) + (" *" if case.get("conflict") else ""),
        "since": short_day(as_day(case["since"]), lang),
        "age": days_text(case["age_days"], lang) if is_open(case["stage"]) else "",
        "budget": "–" if budget is None else rupiah(budget, lang=lang),
        "planned": quarter_text(case.get("planned_quarter"), lang),
        "partner": str(case["partner"] or NO_CASE.of(lang)),
    }
    return cells[column]


def note_listing(notes: Sequence[Mapping[str, Any]], names: Mapping[str, str], as_of: dt.date, lang: Lang) -> Listing:
    """Return open notes as a table: about which desa (`names` by case_id), what is in the way, who does what by when."""
    return Listing(
        title=Text("Kendala dan tindak lanjut yang terbuka", "Open constraints and follow-ups").of(lang),
        heads=tuple(text.of(lang) for text in _NOTE_HEADS),
        rows=tuple(
            (
                names.get(note["case_id"], "–"),
                clip(str(note["constraint"] or note["note"] or "–"), _NOTE_CELL_MAX),
                clip(str(note["follow_up"] or "–"), _NOTE_CELL_MAX),
                str(note["owner"] or "–"),
                _due(note, as_of, lang),
            )
            for note in notes
        ),
        widths=(0.18, 0.27, 0.25, 0.15, 0.15),
    )


def _due(note: Mapping[str, Any], as_of: dt.date, lang: Lang) -> str:
    due = as_day(note["due_on"])
    late = 0 if due is None else (as_of - due).days
    told = Text("lewat {n}", "late by {n}").fill(n=days_text(late, lang)).of(lang)
    return short_day(due, lang) + (f" ({told})" if late > 0 else "")


def letter_listing(letters: Sequence[Mapping[str, Any]], lang: Lang) -> Listing:
    """Return letters as a table, the latest first."""
    return Listing(
        title=Text("Surat", "Letters").of(lang),
        heads=tuple(
            text.of(lang) for text in (Text("Tanggal", "Day"), Text("Jenis", "Kind"), Text("Nomor, kepada", "Number, to"))
        ),
        rows=tuple(
            (
                short_day(as_day(row["letter_on"]), lang),
                _LETTERS[row["letter_kind"]].of(lang) if row["letter_kind"] in _LETTERS else str(row["letter_kind"] or "–"),
                ", ".join(str(row[name]) for name in ("number", "partner", "topic") if row.get(name)),
            )
            for row in reversed(list(letters))
        ),
        widths=(0.15, 0.3, 0.55),
    )  # fmt: skip
