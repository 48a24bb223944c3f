"""Paper: the sizes of ISO 216, how letters grow with them, and where on the sheet each part stands, in millimetres.

The arrangement follows Lampiran D of Peraturan Kepala BIG 3/2016 (Spesifikasi Teknis Penyajian Peta Desa): the map, and beside it
one column with the information. On an upright sheet the column lies at the foot, in three parts of the same width, so
that every block is set once for both. All sizes are those of A3, times the scale of the paper.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Paper = Literal["A0", "A1", "A2", "A3", "A4"]
PAPERS: Final[dict[Paper, tuple[int, int]]] = {
    "A0": (1189, 841),
    "A1": (841, 594),
    "A2": (594, 420),
    "A3": (420, 297),
    "A4": (297, 210),
}
MM_PER_POINT: Final = 25.4 / 72
_BASE: Final = PAPERS["A3"]
_EDGE: Final = 7.0  # white around everything, more than what printers cannot reach
_BAND: Final = 9.0  # between the map's edge and the outer line, for the coordinates
_COLUMN: Final = 92.0
_KEY: Final = 34.0  # one column of the list of numbers
_GUTTER: Final = 3.0


class Rect(NamedTuple):
    """A rectangle on the sheet, millimetres from its lower left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.y + self.height

    def inset(self, by: float) -> Rect:
        """Return the rectangle with `by` taken off on every side."""
        return Rect(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)


class Layout(NamedTuple):
    """Where things stand on one sheet.

    Attributes:
        width: Of the paper.
        height: Of the paper.
        scale: Of the paper against A3.
        outer: The outer line.
        map: The map inside its frame.
        columns: Where the blocks of information are set: one tall column, or three beside each other.
        keys: Columns for the list of numbers.
    """

    width: float
    height: float
    scale: float
    outer: Rect
    map: Rect
    columns: tuple[Rect, ...]
    keys: tuple[Rect, ...]

    @property
    def letters(self) -> float:
        """How much larger the letters on the map are than on A3."""
        return letters_of(self.scale)


class Lists(NamedTuple):
    """Room for the list of numbers: whole columns at the map's right, or a strip (millimetres on A3) below it."""

    columns: int = 0
    strip: float = 0.0


NO_LISTS: Final = Lists()
# From little room to much.
LISTS: Final = (Lists(1), Lists(strip=22), Lists(strip=36), Lists(2), Lists(strip=54), Lists(strip=74), Lists(3))


def landscape(paper: Paper, *, lists: Lists = NO_LISTS) -> Layout:
    """Return the layout of a sheet that lies: the information in one column at the right."""
    width, height = PAPERS[paper]
    scale = width / _BASE[0]
    outer = Rect(0, 0, width, height).inset(_EDGE * scale)
    column = Rect(outer.right - _COLUMN * scale, outer.y, _COLUMN * scale, outer.height)
    free = Rect(outer.x, outer.y, outer.width - column.width, outer.height)
    return _filled(width, height, scale, outer, free, (column.inset(_GUTTER * scale),), lists)


def portrait(paper: Paper, *, foot: float, lists: Lists = NO_LISTS) -> Layout:
    """Return the layout of a sheet that stands: the information at the foot, `foot` millimetres high (of this paper)."""
    height, width = PAPERS[paper]
    scale = height / _BASE[0]
    outer = Rect(0, 0, width, height).inset(_EDGE * scale)
    part = outer.width / 3
    columns = tuple(Rect(outer.x + at * part, outer.y, part, foot).inset(_GUTTER * scale) for at in range(3))
    free = Rect(outer.x, outer.y + foot, outer.width, outer.height - foot)
    return _filled(width, height, scale, outer, free, columns, lists)


def _filled(
    width: float, height: float, scale: float, outer: Rect, free: Rect, columns: tuple[Rect, ...], lists: Lists
) -> Layout:
    """Divide what is free between the map with its frame and the lists of numbers."""
    letters = letters_of(scale)
    wide, air = _KEY * letters, _GUTTER * scale * 0.7
    strip = lists.strip * scale
    rest = Rect(free.x, free.y + strip, free.width - lists.columns * wide, free.height - strip)
    keys = tuple(Rect(rest.right + at * wide, free.y, wide, free.height).inset(air) for at in range(lists.columns))
    if strip:
        count = int(free.width / wide)
        each = free.width / count
        keys = tuple(Rect(free.x + at * each, free.y, each, strip).inset(air) for at in range(count))
    return Layout(width, height, scale, outer, rest.inset(_BAND * scale), columns, keys)


def letters_of(scale: float) -> float:
    """Return how much larger the letters on the map are than on A3: large paper is read from farther, and has more room too."""
    return max(float(scale**0.5), 0.85)
