"""What a report says, apart from how it looks: figures, tables, charts, sections.

The builders of this package turn frames into these values; the page and the workbook are two readings of the same values, so
that they cannot differ. A percentage is never a number here: it is a `Share`, which keeps its numerator and denominator to the
very end, and is rounded (half-up) only where it is printed. What is counted stands with every table, chart and headline as its
`definition`, and the day it is counted on as `as_of`.

A row maps column keys to cells. Beside the declared columns it may carry two that are not printed: `ROW_ID`, a stable
identifier for whoever draws it (a signal class, a stage, a band), and `ROW_MARK`, one of `MARKS`, for what deserves a second
look. A mark is never the only sign: the row says it in words too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from blankspot.words import Lang, Text, date_text, number, percent, round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterable

    from blankspot.settings import Provenance

ColumnKind = Literal["text", "code", "number", "percent", "rupiah", "date", "label"]
ROW_ID: Final = "id"
ROW_MARK: Final = "mark"
MARKS: Final = ("overdue", "warning")
_DECIMALS_MAX: Final = 2


class Share(NamedTuple):
    """A part of a whole; the percentage is derived where it is printed, "–" where the whole is 0."""

    numerator: float
    denominator: float

    def text(self, decimals: int = 2, *, lang: Lang = "id") -> str:
        """Write the percentage: `Share(43, 60).text()` gives "71,67 %", `Share(3, 0).text()` gives "–"."""
        return percent(self.numerator, self.denominator, decimals, lang=lang)


Cell = str | Text | int | float | dt.date | Share | None
Row = Mapping[str, Cell]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table.

    Attributes:
        key: Under which the rows hold its cells.
        heading: What stands above it.
        kind: text (from data, may be long), code (text that must stay text), number, percent (cells are `Share`), rupiah (in
            full), date, label (cells are `Text`: the reader's word for an identifier).
        decimals: Of numbers and percentages; None for as many as a number has, at most two ("62,5" and "60" in one column).
        total: Whether the cells add up to the table's total.
        group: A heading that neighbouring columns with the same group share, such as "TW I 2022".
        on_paper: False for prose that the printed page leaves to the screen and the workbook; for columns without a group.
    """

    key: str
    heading: Text
    kind: ColumnKind = "text"
    decimals: int | None = 0
    total: bool = False
    group: Text | None = None
    on_paper: bool = True

    def say(self, cell: Cell, *, lang: Lang = "id") -> str:
        """Write a cell as people read it; a figure that is not there is "–", any other empty cell is empty."""
        if cell is None:
            return "–" if self.kind in ("number", "percent", "rupiah") else ""
        if isinstance(cell, Text):
            return cell.of(lang)
        if isinstance(cell, Share):
            return cell.text(2 if self.decimals is None else self.decimals, lang=lang)
        if isinstance(cell, dt.date):
            return date_text(cell, lang=lang)
        if isinstance(cell, str):
            return cell
        shown = number(cell, decimals_of(cell) if self.decimals is None else self.decimals, lang=lang)
        return f"Rp{shown}".replace("Rp-", "-Rp") if self.kind == "rupiah" else shown


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table with what it counts.

    Attributes:
        key: Stable name.
        title: What stands above it.
        columns: From left to right.
        rows: In the order of reading.
        definition: What is counted, from what, as of when; stands above the table.
        empty: What is said when there are no rows.
        as_of: The day that the figures are of.
        total: The last line, None for a table that has none.
        in_page: False for a long list that belongs into the workbook only.
        elsewhere: Where its rows are when they are too many for the workbook as well; the table has none of them then, and no sheet.
    """

    key: str
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    definition: Text
    empty: Text
    as_of: dt.date
    total: Row | None = None
    in_page: bool = True
    elsewhere: Text | None = None


class CurvePoint(NamedTuple):
    """How many villages the target list names at the end of `day`, and how many of them are handled."""

    day: dt.date
    target: int
    realization: int


class Bar(NamedTuple):
    """A stage of the funnel or a bin of ages: identifier, word, and how many."""

    key: str
    label: Text
    figure: int


@dataclass(frozen=True, kw_only=True)
class ProgressCurve:
    """Cumulative target against cumulative realisation; both are steps, constant from one point to the next."""

    points: tuple[CurvePoint, ...]


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """How many cases reached each stage of the main line (`reached`) and stand at it now (`standing`), in its order."""

    reached: tuple[Bar, ...]
    standing: tuple[Bar, ...]


@dataclass(frozen=True, kw_only=True)
class Ageing:
    """How many open cases have stood at their stage for how long."""

    bins: tuple[Bar, ...]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart, what it counts, and the same figures as a table for who does not see it."""

    key: str
    title: Text
    definition: Text
    as_of: dt.date
    data: ProgressCurve | Funnel | Ageing
    table: Table

    @property
    def blank(self) -> bool:
        """Whether there is nothing to draw: no day of a curve, or no bar of any length."""
        if isinstance(self.data, ProgressCurve):
            return not self.data.points
        bars = (*self.data.reached, *self.data.standing) if isinstance(self.data, Funnel) else self.data.bins
        return not any(bar.figure for bar in bars)


@dataclass(frozen=True, kw_only=True)
class Headline:
    """One figure that people quote.

    Attributes:
        key: Stable name.
        figure: A share, printed with numerator and denominator, or a plain number.
        label: What it is.
        definition: What is counted.
        as_of: The day it is of.
        kind: number or rupiah; of a share, what its numerator and denominator are.
        unit: What is counted, such as "desa".
        decimals: Of the number or percentage.
    """

    key: str
    figure: Share | int | float
    label: Text
    definition: Text
    as_of: dt.date
    kind: Literal["number", "rupiah"] = "number"
    unit: Text | None = None
    decimals: int = 2


@dataclass(frozen=True, kw_only=True)
class Section:
    """A chapter: title, a sentence or two before it, and its tables and charts; it may have none but then the lead says why."""

    key: str
    title: Text
    lead: Text
    items: tuple[Table | Chart, ...]


@dataclass(frozen=True, kw_only=True)
class Document:
    """A whole report.

    Attributes:
        title: Of the workspace, as its people call it.
        subtitle: What kind of report it is, of which period.
        period: Its period in words: "TW IV 2022".
        as_of: The day up to which things happened.
        known_on: The day up to which they were recorded; None for everything on record.
        notes: What the reader must know before the figures, such as a period that has not ended.
        headlines: Figures that people quote.
        sections: In the order of reading.
        provenance: By which rules and from which files it was made.
    """

    title: Text
    subtitle: Text
    period: Text
    as_of: dt.date
    known_on: dt.date | None
    notes: tuple[Text, ...]
    headlines: tuple[Headline, ...]
    sections: tuple[Section, ...]
    provenance: Provenance

    def tables(self) -> tuple[Table, ...]:
        """Return every table, those of the charts included, in the order of reading."""
        return tuple(
            item if isinstance(item, Table) else item.table for section in self.sections for item in section.items
        )


def decimals_of(value: float) -> int:
    """Return how many decimals a number needs to be read right, at most two."""
    rounded = round_half_up(value, _DECIMALS_MAX).normalize()
    return max(0, -int(rounded.as_tuple().exponent))


def total_row(columns: Iterable[Column], rows: Iterable[Row], heading: Mapping[str, Text]) -> dict[str, Cell]:
    """Add up the columns that add up; shares by numerators and denominators.

    Args:
        columns: Of the table; those with `total` are summed, empty cells as nothing.
        rows: Of the table.
        heading: What stands in the columns that name the row, such as {"name": Text("Jumlah", "Total")}.

    Returns:
        The line; columns that do not add up are empty text, and one of which no row knows anything stays None.
    """
    rows = tuple(rows)
    total: dict[str, Cell] = {}
    for column in columns:
        if not column.total:
            total[column.key] = ""
            continue
        cells = [row.get(column.key) for row in rows]
        shares = [cell for cell in cells if isinstance(cell, Share)]
        if column.kind == "percent":
            total[column.key] = Share(sum(one.numerator for one in shares), sum(one.denominator for one in shares))
        else:
            figures = [cell for cell in cells if isinstance(cell, int | float)]
            total[column.key] = sum(figures) if figures or not rows else None
    return total | dict(heading)
