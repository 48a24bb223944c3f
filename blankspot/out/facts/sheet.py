"""What a one-page fact sheet says, as values, and how it is made to fit its page.

A sheet is said once and written three ways (text, HTML, PDF). It has one page whatever the data bring: lists lose their last
rows and say how many ("dan 12 lagi"), and where that is not enough long texts are shortened. What is cut is always counted.
The machine's answer (`--json`) is never cut.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Protocol

from blankspot.words import Lang, Text, number

if TYPE_CHECKING:
    from collections.abc import Sequence

CELL_MAX: Final = 240  # characters of one text from the data; a reader of one page needs no more
_BEFORE_PERCENT: Final = re.compile(r"(?<=\d) %")  # a figure and its sign stay on one line
_SHORTER: Final = (120, 60, 30)
_ROWS_MAX: Final = 60  # more rows than this stand on no A4 page

_WORD_MAX: Final = 12  # letters of a word that a quarter of the page takes in the size of the figures


@dataclass(frozen=True)
class Figure:
    """One figure in the row under the heading: what it counts, the figure, and what it is a part of."""

    name: str
    value: str
    note: str = ""

    @property
    def is_long(self) -> bool:
        """Whether a word of it would be broken in large letters; it is set in smaller ones."""
        return max(map(len, self.value.split()), default=0) > _WORD_MAX


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """Named lines: what is asked and the answer."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A table whose last rows may be left out.

    Attributes:
        title: Its heading.
        heads: Heads of the columns.
        rows: Cells, as many as heads.
        widths: Share of the line per column; they add up to 1.
        right: Columns of figures, which stand at the right.
        left_out: How many rows were left out.
        empty: What stands there when there are no rows.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    right: frozenset[int] = field(default_factory=frozenset)
    left_out: int = 0
    empty: str = "–"

    def cut(self, keep: int) -> Listing:
        """Return the table with its first `keep` rows, the rest counted."""
        return replace(self, rows=self.rows[:keep], left_out=self.left_out + max(0, len(self.rows) - keep))

    def more(self, lang: Lang) -> str:
        """Return the line that counts what was left out, "" where nothing was."""
        if not self.left_out:
            return ""
        return Text("dan {n} lagi", "and {n} more").fill(n=number(self.left_out, lang=lang)).of(lang)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A fact sheet in one language.

    Attributes:
        kicker: What kind of sheet, as of when.
        title: Whom or what it is about.
        place: The line under the title.
        lead: The sentence to say aloud.
        figures: At most four figures.
        parts: Named lines and tables, in the order of reading.
        foot: Definitions and provenance.
        lang: Language of all of it.
        signal_class: The class whose colour and pattern stand beside the title, "" for none.
    """

    kicker: str
    title: str
    place: str
    lead: str
    figures: tuple[Figure, ...]
    parts: tuple[Pairs | Listing, ...]
    foot: tuple[str, ...]
    lang: Lang
    signal_class: str = ""


class Ruler(Protocol):
    """Measures a sheet in the unit of its page (lines, points)."""

    @property
    def room(self) -> float:
        """How much the page holds."""

    def frame(self, sheet: Sheet) -> float:
        """Return what all of it takes but the rows of its tables."""

    def rows(self, part: Listing, lang: Lang) -> list[float]:
        """Return what each row of a table takes."""

    def more(self) -> float:
        """Return what the line takes that counts rows left out."""


def fitted(sheet: Sheet, ruler: Ruler) -> Sheet:
    """Return the sheet cut so that it takes one page: the longest table loses its last row until all fits."""
    tried = _shortened(sheet, CELL_MAX)
    for longest in (None, *_SHORTER):
        tried = tried if longest is None else _shortened(tried, longest)
        cut = _with_fewer_rows(tried, ruler)
        if cut is not None:
            return cut
    return replace(tried, parts=tuple(_bare(part) for part in tried.parts))


def _with_fewer_rows(sheet: Sheet, ruler: Ruler) -> Sheet | None:
    listings = {at: part for at, part in enumerate(sheet.parts) if isinstance(part, Listing)}
    heights = {at: ruler.rows(part.cut(_ROWS_MAX), sheet.lang) for at, part in listings.items()}
    keep = {at: len(rows) for at, rows in heights.items()}
    room = ruler.room - ruler.frame(sheet)

    def taken(at: int) -> float:
        cut = len(listings[at].rows) + listings[at].left_out > keep[at]
        return sum(heights[at][: keep[at]]) + (ruler.more() if cut else 0.0)

    while sum(map(taken, keep)) > room:
        longest = max(keep, key=lambda at: (sum(heights[at][: keep[at]]), at), default=None)
        if longest is None or not keep[longest]:
            return None
        keep[longest] -= 1
    parts = tuple(part.cut(keep[at]) if isinstance(part, Listing) else part for at, part in enumerate(sheet.parts))
    return replace(sheet, parts=parts)


def _bare(part: Pairs | Listing) -> Pairs | Listing:
    return part.cut(0) if isinstance(part, Listing) else part


def _shortened(sheet: Sheet, longest: int) -> Sheet:
    def texts(values: Sequence[str], room: int = longest) -> tuple[str, ...]:
        return tuple(_BEFORE_PERCENT.sub("\N{NO-BREAK SPACE}%", clip(value, room)) for value in values)

    parts: list[Pairs | Listing] = []
    for part in sheet.parts:
        rows = tuple(texts(row) for row in part.rows)
        parts.append(replace(part, rows=rows))  # type: ignore[arg-type]  # as many cells as before
    title, place = texts((sheet.title, sheet.place))
    (lead,) = texts((sheet.lead,), 2 * longest)
    return replace(
        sheet,
        title=title,
        place=place,
        lead=lead,
        figures=tuple(Figure(*texts((one.name, one.value, one.note))) for one in sheet.figures),
        parts=tuple(parts),
        foot=texts(sheet.foot, 2 * longest),
    )


def clip(text: str, longest: int = CELL_MAX) -> str:
    """Return a text on one line, without what steers a terminal or turns the direction of writing, shortened with "…"."""
    plain = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in text)
    plain = " ".join(plain.split())
    return plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…"
