"""How things look on paper: fills with their patterns, outlines of handling, borders and symbols; map and legend draw with these.

Patterns are geometry and not a printer's hatch, so that they have the same size in PDF, PNG and SVG, run on across borders, and
survive a grey print. Fills, tints and the meaning of outlines are those of the offline map.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import shapely

from blankspot.out.palette import CONFIDENCE_TINT, SIGNAL_LOOK, tinted
from blankspot.out.sheets.pen import INK, pieces_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blankspot.out.palette import Pattern
    from blankspot.out.sheets.pen import Dash, Pen

NOT_JUDGED_FILL: Final = "#dbe5ea"
GAP_RED: Final = "#8f1d17"
CONTEXT_FILL: Final = "#f1f3f4"
CONTEXT_LINE: Final = "#b4bdc4"
RIVER: Final = "#2f79b5"
ROAD: Final = "#5a3d2b"
GRID: Final = "#4d7f9e"
_LIGHT: Final = 0.3  # from this tint on, a white pattern would not be seen
_WEAK_INK, _UNKNOWN_INK = "#6b4500", "#6d6d6d"
_PITCH: Final = {"hatch": 1.7, "dots": 1.55, "crosses": 3.0}  # millimetres on A3
_HATCH_WIDE: Final = 0.3
_DOT: Final = 0.44
_CROSS: Final = 0.42


class Line(NamedTuple):
    """A line: colour, width and dashes in millimetres."""

    colour: str
    wide: float
    dash: Dash = ()


# After the borders of topographic maps: one dot more between the dashes with every level down.
BORDERS: Final[dict[str, Line]] = {
    "province": Line(INK, 0.7, (4.0, 2.6)),
    "regency": Line(INK, 0.55, (3.4, 0.8, 0.55, 0.8)),
    "district": Line(INK, 0.38, (2.4, 0.6, 0.4, 0.6, 0.4, 0.6)),
    "village": Line("#3d4852", 0.13),
}
OUTLINES: Final[dict[str, Line]] = {
    "queued": Line(INK, 0.5, (0.5, 0.8)),
    "underway": Line(INK, 0.62, (2.0, 1.0)),
    "done": Line(INK, 0.7),
    "stopped": Line(INK, 0.55, (2.2, 0.7, 0.55, 0.7)),
}
LINES: Final[dict[str, Line]] = {"roads": Line(ROAD, 0.3), "rivers": Line(RIVER, 0.28)}


def fill_of(signal_class: str, confidence: str) -> str:
    """Return the colour of a village: its class, the lighter the less of it is measured."""
    if not signal_class:
        return NOT_JUDGED_FILL
    return tinted(SIGNAL_LOOK[signal_class].colour, _tint(signal_class, confidence))


def pattern_ink(signal_class: str, confidence: str) -> str:
    """Return the ink of a class's pattern on its fill."""
    if signal_class == "none":
        return SIGNAL_LOOK["none"].colour if _tint(signal_class, confidence) > _LIGHT else "#ffffff"
    return {"weak": _WEAK_INK, "unknown": _UNKNOWN_INK}.get(signal_class, INK)


def draw_pattern(pen: Pen, area: Any, signal_class: str, ink: str, *, scale: float) -> None:
    """Draw the pattern of a class over an area in millimetres."""
    pattern: Pattern = SIGNAL_LOOK[signal_class].pattern
    if pattern == "plain" or area.is_empty:
        return
    pitch = _PITCH[pattern] * scale
    if pattern == "hatch":
        pen.lines(_hatch(area, pitch), ink, _HATCH_WIDE * scale, alpha=0.85)
        return
    x, y = _lattice(area, pitch, pitch * 0.16)
    if pattern == "dots":
        pen.marks(x, y, "o", _DOT * scale, fill=ink)
    else:
        reach = _CROSS * scale
        ends = [np.column_stack([x, y]) + np.array(step) * reach for step in ((-1, -1), (1, 1), (-1, 1), (1, -1))]
        strokes = [
            np.array(pair) for first, last in ((0, 1), (2, 3)) for pair in zip(ends[first], ends[last], strict=True)
        ]
        pen.lines(strokes, ink, 0.16 * scale)


def draw_outline(pen: Pen, rings: Sequence[Any], kind: str, *, scale: float) -> None:
    """Draw the outline of a kind of stage, on white, so that it is seen on every fill."""
    line = OUTLINES[kind]
    pieces = [piece for ring in rings for piece in pieces_of(ring)]
    pen.lines(pieces, "#ffffff", (line.wide + 0.35) * scale, alpha=0.9)
    pen.lines(pieces, line.colour, line.wide * scale, dash=tuple(part * scale for part in line.dash))


def draw_border(pen: Pen, shape: Any, level: str, *, scale: float, colour: str | None = None) -> None:
    """Draw the borders of a level; those of provinces carry crosses between their dashes."""
    line = BORDERS[level]
    pieces = pieces_of(shape)
    dash = tuple(part * scale for part in line.dash)
    if dash:
        pen.lines(pieces, "#ffffff", (line.wide + 0.3) * scale, alpha=0.75)
    pen.lines(pieces, colour or line.colour, line.wide * scale, dash=dash)
    if level == "province":
        period = sum(dash)
        at = [_along(piece, dash[0] + dash[1] / 2, period) for piece in pieces]
        places = np.vstack([*at, np.empty((0, 2))])
        pen.marks(
            places[:, 0],
            places[:, 1],
            "+",
            1.8 * scale,
            fill="none",
            line=colour or line.colour,
            wide=line.wide * scale * 0.7,
        )


def draw_line(pen: Pen, shape: Any, kind: str, *, scale: float) -> None:
    """Draw roads or rivers."""
    line = LINES[kind]
    pieces = pieces_of(shape)
    if kind == "roads":
        pen.lines(pieces, "#ffffff", line.wide * scale * 2.1, alpha=0.85)
    pen.lines(pieces, line.colour, line.wide * scale)


def draw_symbol(pen: Pen, symbol: str, x: Any, y: Any, *, scale: float) -> None:
    """Put a symbol at places; the shapes differ, so that they can be told apart in grey."""
    if symbol == "facility":
        pen.marks(x, y, _HOUSE, 2.2 * scale, fill="#6a4a8c", line="#ffffff", wide=0.2 * scale)
    elif symbol == "internet":
        pen.marks(x, y, "s", 2.1 * scale, fill="#1f5fa8", line="#ffffff", wide=0.22 * scale)
        pen.marks(x, y, "o", 0.7 * scale, fill="#ffffff")
    elif symbol == "site_crowdsourced":
        pen.marks(x, y, "o", 1.8 * scale, fill="#ffffff", line=INK, wide=0.28 * scale)
    elif symbol == "site_planned":
        pen.marks(x, y, "^", 2.5 * scale, fill="#ffffff", line=INK, wide=0.3 * scale)
    elif symbol == "site_inactive":
        pen.marks(x, y, "^", 2.5 * scale, fill="#c3cad1", line=INK, wide=0.2 * scale)
    else:
        pen.marks(x, y, "^", 2.7 * scale, fill=INK, line="#ffffff", wide=0.22 * scale)


def draw_badge(pen: Pen, x: float, y: float, size: float) -> None:
    """Draw the sign of a blankspot that nobody has handled: an exclamation mark in a ring, `size` millimetres high."""
    pen.marks([x], [y], "o", size * 0.9, fill="#ffffff", line=GAP_RED, wide=size * 0.14)
    pen.lines([np.array([[x, y - size * 0.06], [x, y + size * 0.25]])], GAP_RED, size * 0.12)
    pen.marks([x], [y - size * 0.2], "o", size * 0.13, fill=GAP_RED)


_HOUSE: Final = np.array([(0, 1.0), (1.0, 0.2), (1.0, -1.0), (-1.0, -1.0), (-1.0, 0.2), (0, 1.0)])


def _tint(signal_class: str, confidence: str) -> float:
    return 0.0 if signal_class == "unknown" else CONFIDENCE_TINT.get(confidence, 0.0)


def _hatch(area: Any, pitch: float) -> list[Any]:
    """Return rising lines over an area, at distances that run on from the map's corner."""
    west, south, east, north = area.bounds
    step = pitch * np.sqrt(2)
    first, last = np.floor((south - east) / step), np.ceil((north - west) / step)
    shifts = np.arange(first, last + 1) * step
    rising = shapely.linestrings([[(west, west + shift), (east, east + shift)] for shift in shifts])
    shapely.prepare(area)
    return [piece for cut in shapely.intersection(rising, area) for piece in pieces_of(cut)]


def _lattice(area: Any, pitch: float, margin: float) -> tuple[Any, Any]:
    """Return places of a lattice, every other row shifted, that lie in an area and not on its border."""
    west, south, east, north = area.bounds
    columns = np.arange(np.floor(west / pitch), np.ceil(east / pitch) + 1)
    rows = np.arange(np.floor(south / pitch), np.ceil(north / pitch) + 1)
    x, y = np.meshgrid(columns * pitch, rows * pitch)
    x = x + np.where(rows % 2, pitch / 2, 0.0)[:, None]
    inner = area.buffer(-margin)
    shapely.prepare(inner)
    inside = shapely.contains_xy(inner, x.ravel(), y.ravel())
    return x.ravel()[inside], y.ravel()[inside]


def _along(piece: Any, first: float, period: float) -> Any:
    """Return places along a line, from `first` on, every `period`."""
    line = shapely.LineString(piece)
    at = np.arange(first, line.length, period)
    return shapely.get_coordinates(shapely.line_interpolate_point(line, at)) if len(at) else np.empty((0, 2))
