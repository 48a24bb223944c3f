"""Where names stand on a map, so that none covers another and each lies in the area it names.

A label is tried whole, then in two and three lines, then smaller, at the place farthest from the border and around it. Where no
name fits, a number does, and the sheet lists what the numbers mean; where not even that fits, nothing is written and the sheet says of how
many areas. Everything is in millimetres on paper; areas are asked in the order given, so who matters most goes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import shapely

from blankspot.out.lettering import even, width
from blankspot.out.sheets.paper import MM_PER_POINT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

LEADING: Final = 1.16
_AIR: Final = 0.35  # millimetres between labels
_LINES_MAX: Final = 3
_STEPS: Final = np.array(
    [(0.0, 0.0), (0.0, 0.5), (0.0, -0.5), (0.3, 0.0), (-0.3, 0.0), (0.3, 0.5), (-0.3, -0.5), (0.0, 1.0), (0.0, -1.0)]
)
_INSIDE_MIN: Final = 0.9  # share of a label that must lie in its own area
_NUMBER_INSIDE_MIN: Final = 0.6


class Want(NamedTuple):
    """An area that wants a name.

    Attributes:
        row: Whose it is.
        area: Polygon on paper.
        text: The name, on one line.
        size: Of the letters, points.
        bold: Whether they are bold.
        badge: Width of a sign in front of the first line, millimetres.
        sizes: Shares of `size` that may be tried.
        inside: Share of the label that must lie in the area.
        number: Whether a number may stand for the name.
        share_max: Share of the area that a label may cover, in the smallest letters any.
    """

    row: int
    area: Any
    text: str
    size: float
    bold: bool = False
    badge: float = 0.0
    sizes: tuple[float, ...] = (1.0, 0.88)
    inside: float = _INSIDE_MIN
    number: bool = True
    share_max: float = 1.0


class Label(NamedTuple):
    """A label that has its place: middle and size on paper, its lines and their size; a number has no lines."""

    row: int
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    size: float
    bold: bool
    badge: float

    @property
    def is_number(self) -> bool:
        """Whether a number stands for the name."""
        return not self.lines


class Placer:
    """Puts labels on one map; what is placed stays.

    Args:
        frame: Width and height of the map.
    """

    def __init__(self, frame: tuple[float, float]) -> None:
        self._low, self._top = np.array((_AIR, _AIR)), np.array(frame) - _AIR
        self._frame = shapely.box(*self._low, *self._top)
        self._taken = np.empty((0, 4))

    def keep_free(self, left: float, low: float, right: float, top: float) -> None:
        """Keep a box free of labels."""
        self._taken = np.vstack([self._taken, (left, low, right, top)])

    def place(self, want: Want) -> Label | None:
        """Place a name, a number for it, or nothing."""
        area = shapely.intersection(want.area, self._frame)
        if area.is_empty:
            return None
        shapely.prepare(area)
        spots = _spots(area)
        for share in want.sizes:
            size = want.size * share
            for lines in _arrangements(want.text, size, bold=want.bold):
                wide, high = _extent(lines, size, bold=want.bold)
                if wide * high > want.share_max * area.area and share > want.sizes[-1]:
                    continue
                found = self._find(area, spots, wide + want.badge, max(high, want.badge), want.inside)
                if found is not None:
                    return self._take(want, found, (wide + want.badge, max(high, want.badge)), lines, size)
        if not want.number:
            return None
        size = want.size * want.sizes[-1]
        wide, high = width("888", size * MM_PER_POINT, bold=want.bold), size * MM_PER_POINT
        found = self._find(area, spots, wide + want.badge, max(high, want.badge), _NUMBER_INSIDE_MIN)
        return None if found is None else self._take(want, found, (wide + want.badge, max(high, want.badge)), (), size)

    def _take(
        self, want: Want, middle: tuple[float, float], extent: tuple[float, float], lines: Sequence[str], size: float
    ) -> Label:
        (x, y), (wide, high) = middle, extent
        self.keep_free(x - wide / 2 - _AIR, y - high / 2 - _AIR, x + wide / 2 + _AIR, y + high / 2 + _AIR)
        return Label(want.row, x, y, wide, high, tuple(lines), size, want.bold, want.badge)

    def _find(
        self, area: Any, spots: NDArray[np.float64], wide: float, high: float, inside: float
    ) -> tuple[float, float] | None:
        """Return the first middle at which a box is free, in the frame and wholly or else far enough in its area."""
        west, south, east, north = area.bounds
        if wide * inside > east - west or high * inside > north - south or wide * high * inside > area.area:
            return None
        middles = (spots[:, None, :] + _STEPS * (wide, high)).reshape(-1, 2)
        half = np.array((wide / 2, high / 2))
        low, top = middles - half, middles + half
        free = (low >= self._low).all(axis=1) & (top <= self._top).all(axis=1)
        taken = self._taken
        for left, bottom, right, upper in taken[_meeting(taken, low.min(axis=0), top.max(axis=0))]:
            free &= (low[:, 0] >= right) | (top[:, 0] <= left) | (low[:, 1] >= upper) | (top[:, 1] <= bottom)
        at = np.flatnonzero(free)
        if not len(at):
            return None
        boxes = shapely.box(low[at, 0], low[at, 1], top[at, 0], top[at, 1])
        good = shapely.covers(area, boxes)
        if not good.any() and inside < 1:
            good = shapely.area(shapely.intersection(area, boxes)) >= inside * wide * high
        if not good.any():
            return None
        x, y = middles[at[int(np.argmax(good))]]
        return float(x), float(y)


def _meeting(boxes: NDArray[np.float64], low: NDArray[np.float64], top: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which boxes share paper with the box from `low` to `top`."""
    return np.asarray((boxes[:, :2] < top).all(axis=1) & (boxes[:, 2:] > low).all(axis=1))


def _spots(area: Any) -> NDArray[np.float64]:
    """Return where to try: the middle of the largest circle in the area, then that of a few wide boxes in it."""
    parts = shapely.get_parts(area)
    parts = parts[shapely.get_type_id(parts) == 3]  # noqa: PLR2004 - GEOS's number of a polygon
    if not len(parts):
        return np.empty((0, 2))
    largest = parts[int(np.argmax(shapely.area(parts)))]
    circle = shapely.maximum_inscribed_circle(largest, max(np.sqrt(largest.area) / 40, 1e-6))
    middle = shapely.get_coordinates(circle)[0]
    return np.vstack([middle, *_belly(largest)])


def _belly(area: Any) -> Iterator[NDArray[np.float64]]:
    """Yield the middles of the widest level cuts through an area: a long name wants width and not a circle."""
    west, south, east, north = area.bounds
    levels = np.linspace(south, north, 9)[1:-1]
    cuts = shapely.intersection(area, [shapely.LineString([(west - 1, y), (east + 1, y)]) for y in levels])
    pieces, _ = shapely.get_parts(cuts, return_index=True)
    pieces = pieces[shapely.length(pieces) > 0]
    order = np.argsort(-shapely.length(pieces))[:4]
    for piece in pieces[order]:
        at = shapely.get_coordinates(piece)
        yield at.mean(axis=0)


def _arrangements(text: str, size: float, *, bold: bool) -> Iterator[list[str]]:
    """Yield a text on one line, and broken into two and three as evenly as its spaces allow."""
    yield [text]
    words = text.split(" ")
    for count in range(2, min(len(words), _LINES_MAX) + 1):
        yield even(words, size * MM_PER_POINT, 0.0, count=count, bold=bold)


def _extent(lines: Sequence[str], size: float, *, bold: bool) -> tuple[float, float]:
    letters = size * MM_PER_POINT
    wide = max(width(line, letters, bold=bold) for line in lines)
    return wide, letters * (1 + LEADING * (len(lines) - 1))
