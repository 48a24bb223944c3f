"""Where every table of a report goes, on paper and in the workbook, and how wide its columns want to be.

Page and workbook number their tables alike, so that a reader of one finds the place in the other. Whether a table stands
upright or lies across the page, and in what size it prints, follows from its own content: an official's form of thirty columns
and a list of three partners share one rule.
"""

from __future__ import annotations

import math
import re
from itertools import compress
from typing import TYPE_CHECKING, Final, NamedTuple

from blankspot.out.reports.model import ROW_ID, Chart, Share, Table, decimals_of
from blankspot.words import LABELS, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blankspot.out.reports.model import Column, Document, Row, Section
    from blankspot.words import Lang

SHEET_NAME_MAX: Final = 31  # UTF-16 units, the workbook format's own limit
_NOT_IN_SHEET_NAMES: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]+")
_FIGURES: Final = ("number", "percent", "rupiah", "date", "code")
_SWATCH_LETTERS: Final = 5  # of the pattern before a class of signal
UNBROKEN: Final = 24  # letters of a word or a code; a longer one may be broken anywhere
_BROAD_WORDS: Final = 1.05  # a word of broad letters takes more than its digits would
_SAMPLE: Final = 200  # rows from which widths are taken
_LETTER_EM: Final = 0.56  # width of a digit, which is what CSS calls 1ch
_PADDING_EM: Final = 0.9  # between two columns
_UPRIGHT_PT: Final = 520.0  # width of an A4 page without its margins
_ACROSS_PT: Final = 767.0
_SCREEN_PT: Final = 850.0  # of a desk's screen, in the points of a browser
_SIZE_SCREEN_PT: Final = 10.5
_SIZE_PT: Final = 8.5
_SIZE_READ_PT: Final = 7.5
_SIZES_SMALL_PT: Final = (6.5, 5.5)  # of a form that has too many columns for any other
_SIZE_MIN_PT: Final = 4.5
_LINES_MAX: Final = 8
_RAGGED: Final = 1.12  # lines end at words, so a text takes a little more than its letters
_SET: Final = 0.93  # on one line it takes less, for its letters are narrower than digits
_USUAL_LENGTH: Final = 0.9  # of a column's texts, so many are no longer than the length it is laid out for
_ROWS_LOST_ACROSS: Final = 1.5


class Place(NamedTuple):
    """A table or chart in the order of reading: its number ("2.1"), the sheet that holds it, and its table."""

    number: str
    sheet: str
    item: Table | Chart
    table: Table


class Chapter(NamedTuple):
    """A section and the places of its items."""

    number: int
    section: Section
    places: tuple[Place, ...]

    @property
    def sheets(self) -> tuple[Place, ...]:
        """Those of its places that have a sheet of their own in the workbook."""
        return tuple(place for place in self.places if place.table.elsewhere is None)


class Fit(NamedTuple):
    """How a table is laid out.

    Attributes:
        across: Whether its page lies across.
        lines: Of a usual row on paper.
        size_pt: Of its letters on paper.
        letters: That each column takes at least on paper; 0 for one that is not printed.
        on_screen: That each column takes at least on a screen.
    """

    across: bool
    lines: int
    size_pt: float
    letters: tuple[int, ...]
    on_screen: tuple[int, ...]


def chapters(document: Document, *, lang: Lang) -> tuple[Chapter, ...]:
    """Number the sections and what they hold, and name a sheet for each table."""
    return tuple(
        Chapter(
            at,
            section,
            tuple(
                Place(f"{at}.{index}", _sheet_name(f"{at}.{index} {item.title.of(lang)}"), item, table)
                for index, item in enumerate(section.items, start=1)
                for table in [item.table if isinstance(item, Chart) else item]
            ),
        )
        for at, section in enumerate(document.sections, start=1)
    )


def _sheet_name(text: str) -> str:
    """Return a name the workbook format allows, cut at a word; the number before it keeps it unique."""
    name = " ".join(_NOT_IN_SHEET_NAMES.sub(" ", text).split())
    if _units(name) > SHEET_NAME_MAX:
        while _units(name) > SHEET_NAME_MAX - 1:
            name = name.rpartition(" ")[0] if name.count(" ") > 1 else name[:-1]
        name += "…"
    return name.strip("'")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def counted_beside(table: Table) -> frozenset[str]:
    """Return the percentages whose numerator and denominator stand in columns of the same group already."""
    shares = [column for column in table.columns if column.kind == "percent"]
    rows = [*table.rows, *([table.total] if table.total else [])]
    return frozenset(
        column.key for column in shares if rows and all(_stands_beside(column, table, row) for row in rows)
    )


def _stands_beside(column: Column, table: Table, row: Row) -> bool:
    share = row.get(column.key)
    if not isinstance(share, Share):
        return True
    near = {
        row.get(other.key)
        for other in table.columns
        if other.group == column.group and other.kind in ("number", "rupiah")
    }
    return share.numerator in near and share.denominator in near


def fit(table: Table, *, across: bool | None = None, lang: Lang) -> Fit:
    """Choose how a table goes on paper, from its headings and its first rows.

    Args:
        table: The table.
        across: Whether its page lies across; None to choose.
        lang: Language of the page.

    Either way, the columns are as wide as gives every row the same, fewest lines. Across, a page holds two rows
    where it holds three upright: only a table that saves more lines than that, or does not fit upright at all, lies across.
    """
    rows = [*table.rows[:_SAMPLE], *([table.total] if table.total else [])]
    beside = counted_beside(table)
    whole = [_letters(column, rows, beside=column.key in beside, lang=lang) for column in table.columns]
    screen = _lay(whole, _SCREEN_PT, _SIZE_SCREEN_PT)
    on_screen = screen.letters if screen else tuple(letters for letters, _ in whole)
    printed = [column.on_paper for column in table.columns]
    asked = list(compress(whole, printed))
    laid = _on_paper(asked, across=across)
    letters = iter(laid.letters)
    under = any(column.kind == "percent" and column.key not in beside for column in table.columns)
    return laid._replace(
        lines=max(laid.lines, 1 + under),
        letters=tuple(next(letters) if shown else 0 for shown in printed),
        on_screen=on_screen,
    )


def _on_paper(asked: Sequence[tuple[int, int]], *, across: bool | None) -> Fit:
    """Lay out the columns that are printed; see `fit`."""
    upright = None if across else _lay(asked, _UPRIGHT_PT, _SIZE_READ_PT)
    lying = _lay(asked, _ACROSS_PT, _SIZE_READ_PT)
    if upright and (lying is None or upright.lines <= _ROWS_LOST_ACROSS * lying.lines):
        return Fit(False, upright.lines, upright.size_pt, upright.letters, ())
    smaller = lying or next(filter(None, (_lay(asked, _ACROSS_PT, size) for size in _SIZES_SMALL_PT)), None)
    if smaller:
        return Fit(True, smaller.lines, smaller.size_pt, smaller.letters, ())
    least = tuple(letters for letters, _ in asked)
    return Fit(True, _LINES_MAX, max(_size(least, _ACROSS_PT), _SIZE_MIN_PT), least, ())


class _Laid(NamedTuple):
    lines: int
    size_pt: float
    letters: tuple[int, ...]


def _lay(asked: Sequence[tuple[int, int]], room_pt: float, size_min_pt: float) -> _Laid | None:
    """Return the columns with the fewest lines a row at which the table fits in a size that can be read; None if it never does."""
    for lines in range(1, _LINES_MAX + 1):
        taken = _SET if lines == 1 else _RAGGED / lines
        letters = tuple(max(least, math.ceil(longest * taken)) for least, longest in asked)
        if (size := _size(letters, room_pt)) >= size_min_pt:
            return _Laid(lines, min(size, _SIZE_PT), letters)
    return None


def _size(letters: Sequence[int], room_pt: float) -> float:
    """Return the size in points at which columns of so many letters fill the room."""
    return room_pt / (_LETTER_EM * sum(letters) + _PADDING_EM * max(len(letters), 1))


def _letters(column: Column, rows: Sequence[Row], *, beside: bool, lang: Lang) -> tuple[int, int]:
    """Return the letters that a column takes at least (its longest word or figure), and on one line."""
    texts = [cell_text(column, row, lang=lang) for row in rows]
    if column.kind == "percent" and not beside:
        texts += [longest_part(under_text(row.get(column.key), lang=lang)) for row in rows]
    lengths = sorted(map(len, texts)) or [0]
    longest = lengths[-1]
    heading = max(map(len, column.heading.of(lang).split()), default=0)
    if column.kind in _FIGURES and longest <= UNBROKEN:
        return max(longest, heading), 0
    word = max((len(word) for text in texts for word in text.split()), default=0)
    if any(shows_class(row, column) for row in rows):
        lengths = [length + _SWATCH_LETTERS for length in lengths]
        word += _SWATCH_LETTERS
    return min(math.ceil(max(word, heading) * _BROAD_WORDS), UNBROKEN), lengths[
        math.ceil(_USUAL_LENGTH * len(lengths)) - 1
    ]


def shows_class(row: Row, column: Column) -> str:
    """Return the class of signal that a cell names, so that its pattern is drawn before it; "" for any other cell."""
    name = str(row.get(ROW_ID))
    named = LABELS["signal_class"].get(name)
    return name if named is not None and row.get(column.key) == named else ""


def longest_part(text: str) -> str:
    """Return the longer of the parts that a line "43 / 60" may break into."""
    return max(text.split("/"), key=len) + "/" if "/" in text else text


def cell_text(column: Column, row: Row, *, lang: Lang) -> str:
    """Write a cell as the page shows it; a column that says Rp in its head does not say it again in every cell."""
    said = column.say(row.get(column.key), lang=lang)
    if column.kind == "rupiah" and "Rp" in column.heading.of(lang):
        return said.replace("Rp", "", 1)
    return said.replace(" %", "\N{NO-BREAK SPACE}%") if column.kind == "percent" else said


def under_text(cell: object, *, lang: Lang) -> str:
    """Write numerator and denominator of a share, "43 / 60"; "" for what is none."""
    if not isinstance(cell, Share):
        return ""
    return " / ".join(number(part, decimals_of(part), lang=lang) for part in cell)
