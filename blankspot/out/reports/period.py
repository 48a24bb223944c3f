"""Which days a report speaks of: a quarter, a year, or everything of a year up to a day.

Figures are cumulative to the last day unless they are called "in the period". A period that has not ended when the data do
ends with the data, and says so. The words follow official use: "TW IV 2022" is the fourth triwulan of 2022.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final, Literal

from blankspot.errors import UsageError
from blankspot.words import Text, date_text

PeriodKind = Literal["quarter", "year", "day"]
ROMAN: Final = ("I", "II", "III", "IV")
_MONTHS: Final = 3
_QUARTERS: Final = 4
_KEY: Final = re.compile(r"^\s*(20\d\d|2100)\s*[-/ ]?\s*(?:Q|TW)\s*([1-4])\s*$", re.IGNORECASE)
_SPOKEN: Final = re.compile(r"^\s*(?:TW|Triwulan|Q)\s*(IV|I{1,3}|[1-4])\s*[-/ ]?\s*(20\d\d|2100)\s*$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Period:
    """The days of a report.

    Attributes:
        kind: quarter, year, or day (from 1 January up to a day).
        first: First day of what is called "in the period".
        last: Last day of the period as the calendar has it.
        as_of: The day up to which things are counted; `last`, or earlier where the data end earlier.
        year: Year of the target list.
    """

    kind: PeriodKind
    first: dt.date
    last: dt.date
    as_of: dt.date
    year: int

    @property
    def key(self) -> str:
        """A stable name that sorts: "2022-Q4", "2022", "2022-12-26"."""
        if self.kind == "quarter":
            return quarter_key(self.last)
        return str(self.first.year) if self.kind == "year" else self.as_of.isoformat()

    @property
    def label(self) -> Text:
        """Its name in words: "TW IV 2022", "Tahun 2022", "1 Januari–26 Desember 2022"."""
        if self.kind == "quarter":
            return quarter_label(self.last)
        if self.kind == "year":
            return Text(f"Tahun {self.first.year}", f"Year {self.first.year}")
        return Text(
            f"{date_text(self.first)} s.d. {date_text(self.as_of)}",
            f"{date_text(self.first, lang='en')} to {date_text(self.as_of, lang='en')}",
        )

    @property
    def before(self) -> dt.date:
        """The day that the last report was of: the end of the quarter (or year) before."""
        if self.kind == "day":
            return quarter_first(self.as_of) - dt.timedelta(days=1)
        return self.first - dt.timedelta(days=1)

    @property
    def unfinished(self) -> bool:
        """Whether the data end before the period does."""
        return self.as_of < self.last

    def quarters(self) -> tuple[dt.date, ...]:
        """Return the last day of each quarter of the period's year that has begun by `as_of`, cut at `as_of`."""
        year = self.as_of.year
        ends = (quarter_last(dt.date(year, _MONTHS * number, 1)) for number in range(1, _QUARTERS + 1))
        return tuple(min(end, self.as_of) for end in ends if quarter_first(end) <= self.as_of)


def of_quarter(asked: str, *, data_until: dt.date) -> Period:
    """Return the period of a quarter such as "2022-Q4", "TW IV 2022" or "2022 TW 4".

    Args:
        asked: The quarter.
        data_until: Up to which day there are data; the period ends there if it has not ended before.

    Raises:
        UsageError: Not a quarter, or one that begins after the data end.
    """
    year, number = _read_quarter(asked)
    last = quarter_last(dt.date(year, _MONTHS * number, 1))
    return _cut("quarter", quarter_first(last), last, data_until, quarter_label(last))


def of_year(year: int, *, data_until: dt.date) -> Period:
    """Return the period of a calendar year; arguments and errors as in `of_quarter`."""
    label = Text(f"Tahun {year}", f"The year {year}")
    return _cut("year", dt.date(year, 1, 1), dt.date(year, 12, 31), data_until, label)


def of_day(as_of: dt.date, *, year: int | None = None) -> Period:
    """Return the period from 1 January up to a day; `year` names another year's target list."""
    return Period(
        kind="day", first=dt.date(as_of.year, 1, 1), last=as_of, as_of=as_of, year=as_of.year if year is None else year
    )


def quarter_first(day: dt.date) -> dt.date:
    """Return the first day of a day's quarter."""
    return dt.date(day.year, day.month - (day.month - 1) % _MONTHS, 1)


def quarter_last(day: dt.date) -> dt.date:
    """Return the last day of a day's quarter."""
    first = quarter_first(day)
    beyond = first.month + _MONTHS
    following = dt.date(first.year + beyond // 13, (beyond - 1) % 12 + 1, 1)
    return following - dt.timedelta(days=1)


def quarter_key(day: dt.date) -> str:
    """Return the quarter of a day as tables name it: "2022-Q4"."""
    return f"{day.year}-Q{(day.month - 1) // _MONTHS + 1}"


def quarter_label(day: dt.date) -> Text:
    """Return the quarter of a day as people name it: "TW IV 2022"."""
    number = (day.month - 1) // _MONTHS
    return Text(f"TW {ROMAN[number]} {day.year}", f"Q{number + 1} {day.year}")


def _read_quarter(asked: str) -> tuple[int, int]:
    if found := _KEY.match(asked):
        return int(found[1]), int(found[2])
    if found := _SPOKEN.match(asked):
        number = found[1].upper()
        return int(found[2]), ROMAN.index(number) + 1 if number in ROMAN else int(number)
    raise UsageError(
        Text(f"'{asked}' bukan triwulan.", f"'{asked}' is no quarter."),
        hint=Text("Tulis seperti 2022-Q4 atau 'TW IV 2022'.", "Write it like 2022-Q4 or 'TW IV 2022'."),
    )


def _cut(kind: PeriodKind, first: dt.date, last: dt.date, data_until: dt.date, label: Text) -> Period:
    if first > data_until:
        raise UsageError(
            Text(
                f"{label.id} mulai {date_text(first)}, padahal tanggal datanya {date_text(data_until)}.",
                f"{label.en} begins on {date_text(first, lang='en')}, but the data are as of "
                f"{date_text(data_until, lang='en')}.",
            ),
            hint=Text(
                "Pilih periode yang sudah mulai, atau tanggal data (as_of) yang lebih baru.",
                "Choose a period that has begun, or a later as-of date.",
            ),
        )
    return Period(kind=kind, first=first, last=last, as_of=min(last, data_until), year=first.year)
