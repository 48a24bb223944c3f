"""Whether the figures of an indicator sheet agree with each other; what does not is a remark, because each may still stand.

A cumulative count does not fall, nobody spends or waits for more than the budget, the year's target is the fourth quarter's
(or the sum of four), and a percentage that the sheet works out itself is that of its own figures.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from blankspot.claims import Claim
from blankspot.values import is_ratio_unit, read_amount
from blankspot.words import LANGS, Text, number, percent

if TYPE_CHECKING:
    from blankspot.check import Review

_RUNNING: Final = ("target", "realization", "budget_rp", "realized_rp")
_QUARTERS: Final = 4
_FALLS: Final = Text(
    "Angka kumulatif turun dari {before} pada triwulan sebelumnya menjadi {value}.",
    "A cumulative figure falls from {before} in the quarter before to {value}.",
)
_ABOVE_BUDGET: Final = Text(
    "Realisasi anggaran ditambah yang menunggu dana melebihi anggaran: {value}.",
    "Money spent and waited for exceeds the budget: {value}.",
)
_YEAR_DIFFERS: Final = Text(
    "Target setahun {value} berbeda dari target triwulannya ({before}).",
    "The year's target {value} differs from that of its quarters ({before}).",
)
_WORKED_OUT: Final = Text(
    "Capaian di lembar ({value}) tidak sesuai dengan target dan realisasinya: {share}.",
    "The achievement in the sheet ({value}) does not fit its target and realisation: {share}.",
)


def note_inconsistencies(review: Review, achievements: pd.Series) -> None:
    """List what does not agree, row by row.

    Args:
        review: The rows under the names and types of the table `indicators`, with `source_file` and `source_row`.
        achievements: The percentage that each row works out itself, as written; NaN where it does not.
    """
    frame = review.frame.assign(achievement=achievements)[review.alive]
    name = frame["code"].fillna(frame["indicator"]).str.casefold()
    for _, rows in frame.groupby([name, frame["year"]], sort=False):
        ordered = rows.sort_values("quarter", kind="stable")
        quarters = ordered[ordered["quarter"].notna()]
        _note_falls(review, quarters)
        _note_year(review, quarters, ordered[ordered["quarter"].isna()])
    for row in frame.to_dict("records"):
        _note_money(review, row)
        _note_achievement(review, row)


def _note_falls(review: Review, quarters: pd.DataFrame) -> None:
    counted = quarters[quarters["counting"] != "in_quarter"]
    for column in _RUNNING:
        if column.endswith("_rp") or not _is_ratio(counted):
            told = counted[counted[column].notna()]
            for before, row in zip(told[column], told.iloc[1:].to_dict("records"), strict=False):
                if row[column] < before:
                    message = _FALLS.fill(before=_shown(before), value="{value}")
                    _note(review, row, column, "cumulative_falls", message, _shown(row[column]))


def _note_year(review: Review, quarters: pd.DataFrame, year: pd.DataFrame) -> None:
    told = quarters.loc[quarters["target"].notna()]
    if year.empty or len(told) != _QUARTERS or _is_ratio(quarters):
        return
    cumulative = (told["counting"] != "in_quarter").all()
    expected = told["target"].iloc[-1] if cumulative else told["target"].sum()
    for row in year[year["target"].notna()].to_dict("records"):
        if row["target"] != expected:
            message = _YEAR_DIFFERS.fill(before=_shown(expected), value="{value}")
            _note(review, row, "target", "year_target_differs", message, _shown(row["target"]))


def _note_money(review: Review, row: dict[Any, Any]) -> None:
    used = sum(row[name] for name in ("realized_rp", "waiting_rp") if not pd.isna(row[name]))
    if row["counting"] != "in_quarter" and not pd.isna(row["budget_rp"]) and used > row["budget_rp"]:
        seen = f"{_shown(used)} > {_shown(row['budget_rp'])}"
        _note(review, row, "realized_rp", "above_budget", _ABOVE_BUDGET, seen)


def _note_achievement(review: Review, row: dict[Any, Any]) -> None:
    written = row["achievement"]
    if pd.isna(written) or pd.isna(row["target"]) or pd.isna(row["realization"]) or not row["target"]:
        return
    bare = re.sub(r"\s*(?:%|persen)$", "", str(written).strip(), flags=re.IGNORECASE)
    said = read_amount(bare)
    if said is None:
        return
    part = 2 * row["target"] - row["realization"] if row["direction"] == "lower" else row["realization"]
    printed = re.search(r"[.,](\d+)$", bare)
    decimals = min(len(printed[1]), 2) if printed else 0
    claim = Claim(numerator=part, denominator=row["target"], percent=round(said, decimals), decimals=decimals)
    if claim.check() is not None:
        told = [percent(part, row["target"], max(decimals, 2), lang=lang) for lang in LANGS]
        message = Text(_WORKED_OUT.id.replace("{share}", told[0]), _WORKED_OUT.en.replace("{share}", told[1]))
        _note(review, row, "realization", "achievement_differs", message, str(written))


def _note(review: Review, row: dict[Any, Any], column: str, rule: str, message: Text, value: str) -> None:
    source, line = str(row["source_file"]), int(row["source_row"])
    review.note(column=column, rule=rule, message=message, value=value, source=source, row=line)


def _is_ratio(rows: pd.DataFrame) -> bool:
    """Tell whether the indicator is a share or an index, which may fall although it is counted from the start of the year."""
    return any(map(is_ratio_unit, rows["unit"].dropna()))


def _shown(value: float) -> str:
    return number(value, 0 if float(value).is_integer() else 2)
