"""The figures of indicators, put on one footing: cumulative from the start of the year, and in the quarter alone.

An office reports either way, and says which (`cumulative`). From one the other follows as long as the quarters before it are
known; where one is missing, what rests on it is not known, and nothing is guessed. The figure of a whole year stands for itself.

Counts and money add up over quarters; a percentage, an index, a score or a speed does not: the sum of four of them says nothing, nor
does the difference of two. Target and realisation in such a unit (`is_ratio_unit`) are levels: what is reported for a quarter is both its
figure and the cumulative one, so the latest quarter's stands for the year so far. Money of the same indicator still adds up.

Achievement of an indicator is R ÷ T. Where lower is better it is (2T − R) ÷ T, which is T − (R − T) over T as LKjIP of regencies have
it (Kabupaten Maluku Tengah, 2021), and 1 + (1 − R ÷ T) in PermenPANRB 8/2021 for such indicators. It may exceed 100 %, and may be
negative where lower is better; a target of 0 has none.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from blankspot.out.reports.cells import day_of, text_of
from blankspot.out.reports.model import Share
from blankspot.values import is_ratio_unit

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from blankspot.out.reports.period import Period

WHOLE_YEAR: Final = 0
_QUARTERS: Final = (1, 2, 3, 4)
_MEASURES: Final = ("target", "realization", "budget_rp", "realized_rp")
_LEVELS: Final = ("target", "realization")  # of an indicator whose unit is a ratio


class Figure(NamedTuple):
    """What an indicator says for one quarter (1–4) or the whole year (0), cumulative from the start of the year.

    `within` holds realisation and money of the quarter alone, of a ratio the level reported for it; None is "not known" throughout.
    """

    quarter: int
    target: float | None
    realization: float | None
    budget_rp: float | None
    realized_rp: float | None
    waiting_rp: float | None
    within: Mapping[str, float | None]
    as_of: dt.date | None
    source: str
    constraint: str
    follow_up: str
    responsible: str


class Indicator(NamedTuple):
    """One indicator with its figures of one year, by quarter."""

    key: str
    name: str
    unit: str
    direction: str
    owner: str
    goal: str
    program: str
    figures: Mapping[int, Figure]

    def chosen(self, period: Period) -> Figure | None:
        """Return the figure that a report of a period shows: the latest that tells a realisation, else the latest there is.

        A report of a quarter looks at the quarters up to it, and at the whole year only where there are none; a report of a year, or of
        a day, prefers the whole year.
        """
        until = (period.as_of.month + 2) // 3 if period.as_of.year <= period.year else _QUARTERS[-1]
        quarters = [
            self.figures[number] for number in reversed(_QUARTERS) if number <= until and number in self.figures
        ]
        whole = [self.figures[WHOLE_YEAR]] if WHOLE_YEAR in self.figures else []
        candidates = [*quarters, *whole] if period.kind == "quarter" else [*whole, *quarters]
        told = [figure for figure in candidates if figure.realization is not None]
        return next(iter([*told, *candidates]), None)

    def achievement(self, figure: Figure) -> Share | None:
        """Return the achievement of one of its figures, None where target or realisation is not known."""
        return achievement(figure.target, figure.realization, self.direction)


def achievement(target: float | None, realization: float | None, direction: str) -> Share | None:
    """Return R ÷ T, or (2T − R) ÷ T where lower is better; None where one is not known. See the module for the sources."""
    if target is None or realization is None:
        return None
    if direction == "lower":
        return Share(float(2 * Decimal(str(target)) - Decimal(str(realization))), target)
    return Share(realization, target)


def indicators_of(frame: pd.DataFrame, year: int) -> tuple[Indicator, ...]:
    """Return the indicators with a figure of a year, in the order of the frame (see `ReportData.indicators`)."""
    of_year = frame[frame["period"].str.slice(0, 4) == str(year)]
    return tuple(_indicator(key, rows) for key, rows in of_year.groupby("key", sort=False))


def _indicator(key: Any, rows: pd.DataFrame) -> Indicator:
    told = {_quarter(row["period"]): row for row in rows.to_dict("records")}
    first = rows.iloc[0]
    levels = _LEVELS if is_ratio_unit(text_of(first["unit"])) else ()
    courses = {name: (_levels if name in levels else _course)(told, name) for name in _MEASURES}
    figures = {number: _figure(number, row, courses) for number, row in told.items()}
    return Indicator(
        key=str(key),
        name=text_of(first["indicator"]),
        unit=text_of(first["unit"]),
        direction=text_of(first["direction"]),
        owner=text_of(first["owner"]),
        goal=text_of(first["goal"]),
        program=text_of(first["program"]),
        figures=figures,
    )


def _quarter(period: str) -> int:
    return int(period.rpartition("Q")[2]) if "Q" in period else WHOLE_YEAR


def _course(told: Mapping[int, Mapping[Any, Any]], name: str) -> dict[int, tuple[float | None, float | None]]:
    """Return a measure by quarter: cumulative, and within the quarter."""
    course: dict[int, tuple[float | None, float | None]] = {}
    before: Decimal | None = Decimal(0)
    for number in _QUARTERS:
        row = told.get(number)
        value = None if row is None or pd.isna(row[name]) else Decimal(str(row[name]))
        within, total = None, None
        if row is not None and value is not None and row.get("cumulative", True):
            within, total = None if before is None else value - before, value
        elif value is not None:
            within, total = value, None if before is None else before + value
        course[number] = (_float(total), _float(within))
        before = total
    whole = told.get(WHOLE_YEAR)
    course[WHOLE_YEAR] = (None if whole is None or pd.isna(whole[name]) else float(whole[name]), None)
    return course


def _levels(told: Mapping[int, Mapping[Any, Any]], name: str) -> dict[int, tuple[float | None, float | None]]:
    """Return a measure that does not add up: what a quarter reports is both its own figure and the one up to its end."""
    course: dict[int, tuple[float | None, float | None]] = {}
    for number in (*_QUARTERS, WHOLE_YEAR):
        row = told.get(number)
        value = None if row is None or pd.isna(row[name]) else float(row[name])
        course[number] = (value, None if number == WHOLE_YEAR else value)
    return course


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _figure(
    number: int, row: Mapping[Any, Any], courses: Mapping[str, Mapping[int, tuple[float | None, float | None]]]
) -> Figure:
    waiting = row.get("waiting_rp")
    return Figure(
        quarter=number,
        target=courses["target"][number][0],
        realization=courses["realization"][number][0],
        budget_rp=courses["budget_rp"][number][0],
        realized_rp=courses["realized_rp"][number][0],
        waiting_rp=None if waiting is None or pd.isna(waiting) else float(waiting),
        within={name: course[number][1] for name, course in courses.items()},
        as_of=day_of(row.get("as_of")),
        source=text_of(row.get("source")),
        constraint=text_of(row.get("constraint")),
        follow_up=text_of(row.get("follow_up")),
        responsible=text_of(row.get("responsible")),
    )
