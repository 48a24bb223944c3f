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
_KEY: Final = 35.0  # one column of the list of numbers
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
        """How much larger the letters on the map are than on A3: larger paper is read from farther, and has more room too."""
        return max(float(self.scale**0.5), 0.85)


def landscape(paper: Paper, *, keys: int = 0) -> Layout:
    """Return the layout of a sheet that lies: the information in one column at the right, `keys` lists beside it."""
    width, height = PAPERS[paper]
    scale = width / _BASE[0]
    edge, band, gutter = _EDGE * scale, _BAND * scale, _GUTTER * scale
    outer = Rect(edge, edge, width - 2 * edge, height - 2 * edge)
    column = Rect(outer.right - _COLUMN * scale, outer.y, _COLUMN * scale, outer.height)
    lists, left = _lists(column.x, outer, keys, scale)
    frame = Rect(outer.x + band, outer.y + band, left - outer.x - 2 * band, outer.height - 2 * band)
    return Layout(width, height, scale, outer, frame, (column.inset(gutter),), lists)


def portrait(paper: Paper, *, foot: float, keys: int = 0) -> Layout:
    """Return the layout of a sheet that stands: the information at the foot, `foot` millimetres high (of this paper)."""
    height, width = PAPERS[paper]
    scale = height / _BASE[0]
    edge, band, gutter = _EDGE * scale, _BAND * scale, _GUTTER * scale
    outer = Rect(edge, edge, width - 2 * edge, height - 2 * edge)
    part = outer.width / 3
    columns = tuple(Rect(outer.x + at * part, outer.y, part, foot).inset(gutter) for at in range(3))
    above = Rect(outer.x, outer.y + foot, outer.width, outer.height - foot)
    lists, left = _lists(outer.right, above, keys, scale)
    frame = Rect(outer.x + band, above.y + band, left - outer.x - 2 * band, above.height - 2 * band)
    return Layout(width, height, scale, outer, frame, columns, lists)


def column_width(paper: Paper, *, upright: bool) -> float:
    """Return how wide a block of information may be set."""
    layout = portrait(paper, foot=PAPERS[paper][0] / 4) if upright else landscape(paper)
    return layout.columns[0].width


def _lists(right: float, within: Rect, count: int, scale: float) -> tuple[tuple[Rect, ...], float]:
    """Return `count` columns for the list of numbers, and where what is left of them begins."""
    left = right - count * _KEY * scale
    columns = tuple(
        Rect(left + at * _KEY * scale, within.y, _KEY * scale, within.height).inset(_GUTTER * scale * 0.7)
        for at in range(count)
    )
    return columns, left
