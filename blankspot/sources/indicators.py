"""Reading indicator sheets: any indicator with its target, realisation, money and constraint per quarter or year.

Figures are read as people write them (see `indicator_cells`), from either layout (see `indicator_rows`). A cell whose own
numbers contradict each other is refused; a contradiction in a note or a constraint is a remark, and so are figures that do not
agree with each other (see `indicator_checks`), because the rest of the row can stand. What the sheet leaves open (which direction
is better, whether figures are cumulative, which year) is taken by default, and that is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.check import Checked, Review, remark_claims
from blankspot.schema import TABLES
from blankspot.settings import Settings, load_settings
from blankspot.sources.indicator_cells import counting_of, direction_of, figure_of, period_of, without_contact
from blankspot.sources.indicator_checks import note_inconsistencies
from blankspot.sources.indicator_headings import ACHIEVEMENT, is_indicator_sheet
from blankspot.sources.indicator_rows import TOTAL, unfold
from blankspot.sources.tables import note_empty, note_unread, read_tables, reject_surplus
from blankspot.values import read_number
from blankspot.words import Text, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["is_indicator_sheet", "read_indicators"]

_TABLE: Final = "indicators"
_CELLS: Final = ("target", "realization")
_PROSE: Final = ("constraint", "follow_up", "responsible", "note", "source")
_MESSAGES: Final = {
    TOTAL: Text("Baris jumlah tidak dicatat sebagai indikator.", "A line of totals is not taken as an indicator."),
    "unreadable_quarter": Text(
        "'{value}' tidak terbaca sebagai triwulan; tulis seperti TW III, 3, atau 2022-Q3, dan kosongkan untuk setahun.",
        "'{value}' cannot be read as a quarter; write it like TW III, 3 or 2022-Q3, and leave it empty for the whole year.",
    ),
    "year_contradicts": Text(
        "Tahun di kolom triwulan ('{value}') berbeda dari kolom tahun.",
        "The year in the quarter column ('{value}') differs from the year column.",
    ),
    "percent_in_count": Text(
        "'{value}' adalah persentase, padahal satuannya bukan %; tulis angkanya, misalnya 43 dari 60 (71,67 %).",
        "'{value}' is a percentage, but the unit is not %; write the number itself, such as 43 of 60 (71.67 %).",
    ),
    "other_unit": Text(
        "Satuan di dalam '{value}' berbeda dari kolom satuan; tulis angkanya saja.",
        "The unit in '{value}' differs from the unit column; write the number alone.",
    ),
    "unreadable_number": Text(
        "'{value}' tidak terbaca sebagai angka; tulis angkanya saja, misalnya 12,5.",
        "'{value}' cannot be read as a number; write it alone, such as 12.5.",
    ),
    "cell_read": Text("'{value}' dibaca sebagai {new}.", "'{value}' is read as {new}."),
    "target_taken": Text(
        "Target tidak diisi; penyebut {value} di sel realisasi dipakai.",
        "The target is empty; the whole {value} of the realisation cell is used.",
    ),
    "whole_differs": Text(
        "Penyebut {value} di sel realisasi berbeda dari targetnya.",
        "The whole {value} in the realisation cell differs from the target.",
    ),
    "contact_removed": Text("Nomor telepon atau surel dihapus.", "A phone number or e-mail address was taken out."),
    "year_assumed": Text("Tahun tidak disebut; dipakai {value}.", "The year is not told; {value} is used."),
    "direction_assumed": Text(
        "Arah tidak disebut di {value} baris; dianggap makin tinggi makin baik.",
        "The direction is not told in {value} rows; higher is taken to be better.",
    ),
    "counting_assumed": Text(
        "Sifat angka tidak disebut di {value} baris; dianggap kumulatif sejak awal tahun.",
        "Whether figures are cumulative is not told in {value} rows; they are taken to be, from the start of the year.",
    ),
}


def read_indicators(
    path: str | Path | Sequence[str | Path],
    *,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
    year: int | None = None,
    settings: Settings | None = None,
) -> Checked:
    """Read indicator sheets (`schema.TABLES["indicators"]`): one row per indicator and quarter, or quarters in columns.

    Args:
        path: CSV, XLSX, Parquet, a zip of these, or several.
        mapping: Our column to theirs, or to "=constant", e.g. `{"year": "=2022"}`.
        sheet: Sheet of a workbook; the first with data if not given.
        year: The year of rows that tell none; they are refused without it.
        settings: Time zone and language; the defaults if not given.

    Returns:
        Accepted rows with the columns of the table, one per indicator and period (`quarter` is empty for the whole year), and
        `source_file` and `source_row`. Where quarters stand in columns, `rows_in` counts indicators times periods.

    Raises:
        SourceError: A file as a whole cannot be used, or has no column for the indicator.
    """
    settings = settings or load_settings()
    tables, empty = read_tables(path, sheet=sheet)
    parts = [unfold(table, mapping=mapping) for table in tables]
    frame = pd.concat([part.rows for part in parts], ignore_index=True)
    review = Review(frame, table=_TABLE, source=frame["source_file"], row=frame["source_row"], lang=settings.language)
    note_empty(review, empty)
    note_unread(review, tables)
    for remark in (remark for part in parts for remark in part.remarks):
        review.note(**remark._asdict())
    reject_surplus(review)
    review.reject(review.frame["fault"] == TOTAL, column="indicator", rule=TOTAL, message=_MESSAGES[TOTAL])
    _name_periods(review, year)
    _read_figures(review)
    _read_words(review)
    told = review.frame[ACHIEVEMENT]
    review.conform(TABLES[_TABLE], zone=settings.zone)
    _note_defaults(review)
    note_inconsistencies(review, told)
    review.frame = review.frame[[*TABLES[_TABLE].columns, "source_file", "source_row"]]
    return review.finish()


def _name_periods(review: Review, year: int | None) -> None:
    """Read the quarter column, which may tell the year too; a year that is nowhere is the caller's."""
    quarters, years = review.frame["quarter"].copy(), review.frame["year"].copy()
    faults: dict[int, tuple[str, str, Text]] = {}
    for place, written in _texts(review, "quarter"):
        period = period_of(written)
        rule = "unreadable_quarter" if period is None else "year_contradicts"
        if period is None:
            faults[place] = ("quarter", rule, _MESSAGES[rule].fill(value=written))
            continue
        own = str(years[place]).strip().removesuffix(".0")
        if period.year is not None and not pd.isna(years[place]) and own != str(period.year):
            faults[place] = ("quarter", rule, _MESSAGES[rule].fill(value=written))
        elif period.year is not None:
            years[place] = str(period.year)
        quarters[place] = np.nan if period.quarter is None else str(period.quarter)
    review.reject_each(faults)
    open_rows = years.isna() & review.alive
    if year is not None and open_rows.any():
        years[open_rows] = str(year)
        review.note(column="year", rule="year_assumed", message=_MESSAGES["year_assumed"], value=year)
    review.frame = review.frame.assign(quarter=quarters, year=years)


def _read_figures(review: Review) -> None:
    """Read targets and realisations; what contradicts itself or is no figure of the indicator is refused."""
    faults: dict[int, tuple[str, str, Text]] = {}
    for column in _CELLS:
        written = review.frame[column]
        values = written.copy()
        told = pd.Series(data=False, index=written.index)
        for place, text in _texts(review, column):
            unit = review.frame["unit"][place]
            reading = figure_of(text, "" if pd.isna(unit) else str(unit))
            if reading.rule:
                message = reading.fault or _MESSAGES[reading.rule].fill(value=text)
                faults.setdefault(place, (column, reading.rule, message))
                continue
            values[place] = np.nan if reading.value is None else f"{reading.value:.15g}"
            told[place] = reading.read
            _take_beside(review, place, reading.unit, reading.whole if column == "realization" else None)
        review.repair(told, values, column=column, rule="cell_read", message=_MESSAGES["cell_read"])
        review.frame[column] = values.where(review.alive, written)
    review.reject_each(faults)


def _take_beside(review: Review, row: int, unit: str, whole: float | None) -> None:
    """Take from a sentence in a realisation cell what its row leaves open: the unit, and the whole as the target."""
    if unit and pd.isna(review.frame["unit"][row]):
        review.frame.loc[row, "unit"] = unit
    if whole is None:
        return
    target = review.frame["target"][row]
    if pd.isna(target):
        review.frame.loc[row, "target"] = f"{whole:.15g}"
    rule = "target_taken" if pd.isna(target) else "whole_differs"
    if pd.isna(target) or read_number(target) not in (None, whole):  # one that is no number is refused for itself
        _note(review, row, "target", rule, _MESSAGES[rule], number(whole, 0 if whole.is_integer() else 2))


def _read_words(review: Review) -> None:
    """Bring directions and countings to identifiers, take contacts out of prose, and remark on prose that contradicts itself."""
    frame = review.frame
    frame["direction"] = frame["direction"].map(lambda text: direction_of(str(text)), na_action="ignore")
    frame["counting"] = frame["counting"].map(lambda text: counting_of(str(text)), na_action="ignore")
    for column in _PROSE:
        bare = frame[column].map(lambda text: without_contact(str(text)), na_action="ignore")
        held = frame[column].notna() & (bare != frame[column].astype("str"))
        review.repair(held, bare, column=column, rule="contact_removed", message=_MESSAGES["contact_removed"], value="")
    remark_claims(review, _PROSE)


def _note_defaults(review: Review) -> None:
    """Say what is taken for granted where the sheet is silent: that higher is better, and that figures are cumulative."""
    for column in ("direction", "counting"):
        silent = int((review.frame[column].isna() & review.alive).sum())
        if silent:
            rule = f"{column}_assumed"
            review.note(column=column, rule=rule, message=_MESSAGES[rule], value=silent)


def _texts(review: Review, column: str) -> list[tuple[int, str]]:
    """Return place and text of every cell of a column that says something, of the rows that stand."""
    values = review.frame[column]
    return [(int(place), str(values.iloc[place])) for place in np.flatnonzero(values.notna() & review.alive)]


def _note(review: Review, place: int, column: str, rule: str, message: Text, value: str) -> None:
    row = review.frame.iloc[place]
    source, line = str(row["source_file"]), int(row["source_row"])
    review.note(column=column, rule=rule, message=message, value=value, source=source, row=line)
