"""What stays here and why: one line per table, field and reason, with how many rows it concerns and never a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd

from blankspot.words import Text

if TYPE_CHECKING:
    from blankspot.words import Lang

REASONS: Final = {
    "classification": Text(
        "diklasifikasikan {detail} (UU 14/2008), bukan terbuka", "classified {detail} (UU 14/2008), not open"
    ),
    "personal": Text("memuat {detail}", "holds {detail}"),
    "not_a_body": Text("bukan nama lembaga yang dikenal", "is not the name of a known body"),
    "not_a_place": Text("bukan nama tempat umum yang dikenal", "is not the name of a known public place"),
    "not_a_reference": Text("bukan nomor dokumen yang dikenali", "is not a document number of a known form"),
    "not_an_identifier": Text("bukan nomor pengenal yang pendek", "is not a short identifying number"),
    "not_a_choice": Text("bukan salah satu pilihan yang sah", "is none of the choices"),
    "not_a_code": Text("bukan kode yang sah", "is no code"),
    "not_our_words": Text("memuat kata di luar kalimat baku", "holds words that the standard sentences do not have"),
    "not_a_point": Text("bukan titik koordinat", "is no point"),
    "no_rule": Text("tidak ada aturan yang memeriksa isinya", "no rule checks what it says"),
    "undeclared": Text("tidak dinyatakan dalam skema", "is not declared in the schema"),
    "precise_time": Text(
        "jam dan hari dibuang, hanya bulan yang keluar", "day and hour are cut, only the month leaves"
    ),
    "too_few_devices": Text("sel dengan kurang dari {detail} perangkat", "squares with fewer than {detail} devices"),
    "too_few_reports": Text(
        "sel atau desa dengan kurang dari {detail} laporan", "squares or villages with fewer than {detail} reports"
    ),
    "generalised": Text(
        "baris aslinya tinggal; yang keluar hanya sel {detail}", "the rows stay; only squares of {detail} leave"
    ),
    "without_place": Text("tanpa koordinat, tidak dapat dijadikan sel", "without a position, cannot become a square"),
    "stays": Text("{detail}", "{detail}"),
    "no_geometry": Text("tanpa geometri; tetap ada di CSV", "without geometry; still in the CSV"),
    "few_people": Text(
        "piksel berisi kurang dari {detail} jiwa dari hitungan nyata", "pixels that count fewer than {detail} people"
    ),
}


@dataclass(frozen=True, kw_only=True)
class Held:
    """One line: in which table and field how many rows are held back, by which rule."""

    table: str
    field: str
    rows: int
    rule: str
    reason: Text


@dataclass
class HeldBack:
    """The lines gathered so far, equal ones added up."""

    _lines: dict[tuple[str, str, str, Text], int] = field(default_factory=dict)

    def add(self, table: str, column: str, rows: int, rule: str, detail: Text | str = "") -> None:
        """Note that `rows` rows of a field are held back; nothing is noted for no rows."""
        told = detail if isinstance(detail, Text) else Text(detail, detail)
        reason = Text(REASONS[rule].id.format(detail=told.id), REASONS[rule].en.format(detail=told.en))
        if rows:
            key = (table, column, rule, reason)
            self._lines[key] = self._lines.get(key, 0) + int(rows)

    def lines(self) -> tuple[Held, ...]:
        """Return every line in the order of tables and fields."""
        return tuple(
            Held(table=table, field=column, rows=rows, rule=rule, reason=reason)
            for (table, column, rule, reason), rows in self._lines.items()
        )


def held_frame(lines: tuple[Held, ...], lang: Lang) -> pd.DataFrame:
    """Return the lines as a table: table, field, rows, rule, reason."""
    columns = ["table", "field", "rows", "rule", "reason"]
    return pd.DataFrame(
        [(one.table, one.field, one.rows, one.rule, one.reason.of(lang)) for one in lines], columns=columns
    )
