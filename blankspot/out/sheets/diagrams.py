"""The small maps beside the map: where the area lies, which sheet this is, and in which zone of the grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from blankspot.geo import EAST, NORTH, SOUTH, WEST
from blankspot.out.palette import INKS
from blankspot.out.sheets.labels import LEADING, Placer, Want
from blankspot.out.sheets.looks import GAP_RED, GRID
from blankspot.out.sheets.paper import MM_PER_POINT, Rect
from blankspot.out.sheets.pen import INK, pieces_of
from blankspot.out.sheets.window import dissolved, simplified, window_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from blankspot.out.sheets.blocks import Setting
    from blankspot.out.sheets.model import Sheet, Survey
    from blankspot.out.sheets.pen import Pen

_NAME: Final = 5.2
_OWN: Final = "#f4c7a8"
_LAND: Final = "#eef1f2"
_ZONES: Final = range(46, 55)
_CROWD: Final = 80
_SMALL_MM: Final = 2.0
_NEAR_MM: Final = 0.5  # neighbours, though their borders may not meet exactly


class Regions:
    """The areas that diagrams draw, dissolved once for all sheets of a survey: kecamatan, or kabupaten where those are too many."""

    def __init__(self, survey: Survey) -> None:
        villages = survey.villages
        own = villages.district if len(set(villages.district)) <= _CROWD else villages.regency
        self.codes = sorted(set(own[villages.drawn]))
        window = window_of(
            survey.projection, villages.shape, 100.0, 100.0, rounded=False
        )  # fine enough for any diagram
        shape = simplified(window.shapes(villages.shape))
        back = window.metres_per_mm
        self.shapes = np.empty(len(self.codes), dtype=object)
        for at, code in enumerate(self.codes):
            merged = dissolved(shape[(own == code) & villages.drawn])
            self.shapes[at] = shapely.transform(merged, lambda xy: xy * back + np.array((window.west, window.south)))
        self.names = [survey.names.get(code, "") for code in self.codes]

    def height_for(self, width: float) -> float:
        """Return how high a diagram is that shows them over the whole of `width`."""
        west, south, east, north = shapely.total_bounds(self.shapes)
        return float(width * (north - south) / max(east - west, 1e-6))


def draw_locator(at: Setting, sheet: Sheet, regions: Regions, pen: Pen, rect: Rect) -> None:
    """Draw the whole area with the sheet's part marked, and name its neighbours first."""
    shapes, own = _drawn(at, sheet, regions, pen, rect)
    placer = Placer((rect.width, rect.height))
    near = own if own.all() else shapely.dwithin(shapes, shapely.union_all(shapes[own]), _NEAR_MM)
    order = sorted(range(len(shapes)), key=lambda row: (not own[row], not near[row], -shapes[row].area))
    for row in order:
        if not regions.names[row]:
            continue
        want = Want(row, shapes[row], regions.names[row], _NAME * at.scale, bold=bool(own[row]) and not own.all(), sizes=(1.0, 0.85), inside=0.7, number=False)  # fmt: skip
        _put(pen, rect, placer, want)


def draw_index(at: Setting, sheet: Sheet, regions: Regions, pen: Pen, rect: Rect) -> None:
    """Draw the sheets of a set with their numbers, this one marked."""
    shapes, _ = _drawn(at, sheet, regions, pen, rect)
    numbers = {place.code: number for number, place in enumerate(sheet.series, start=1)}
    placer = Placer((rect.width, rect.height))
    for row, code in enumerate(regions.codes):
        if code in numbers:
            want = Want(row, shapes[row], str(numbers[code]), _NAME * at.scale, bold=code == sheet.area.code, sizes=(1.0, 0.8), inside=0.6, number=False)  # fmt: skip
            _put(pen, rect, placer, want)


def draw_zones(at: Setting, survey: Survey, sheet: Sheet, pen: Pen, rect: Rect) -> None:
    """Draw the UTM zones over Indonesia's bounds with the equator, and mark where the sheet lies."""
    scale = min(rect.width / (EAST - WEST), rect.height / (NORTH - SOUTH))
    left = rect.x + (rect.width - (EAST - WEST) * scale) / 2
    low = rect.top - (NORTH - SOUTH) * scale
    wide, high = (EAST - WEST) * scale, (NORTH - SOUTH) * scale

    def place(lon: float, lat: float) -> tuple[float, float]:
        return left + (lon - WEST) * scale, low + (lat - SOUTH) * scale

    pen.box(Rect(left, low, wide, high), fill="#f7f9fa", line=INKS.soft, wide=0.15 * at.scale)
    for zone in _ZONES:
        west = zone * 6 - 186
        if zone in survey.projection.zones:
            start, end = max(west, WEST), min(west + 6, EAST)
            pen.box(Rect(place(start, 0)[0], low, (end - start) * scale, high), fill="#dbe9f0")
    for zone in _ZONES:
        west = zone * 6 - 186
        if WEST < west < EAST:
            x = place(west, 0)[0]
            pen.lines([np.array([[x, low], [x, low + high]])], GRID, 0.1 * at.scale)
        pen.text(place(min(max(west + 3, WEST + 1.2), EAST - 2), 0)[0], low + high - 2.4 * at.scale, str(zone), 4.6 * at.scale, across="center", colour=INKS.soft)  # fmt: skip
    y = place(0, 0)[1]
    pen.lines(
        [np.array([[left, y], [left + wide, y]])], INKS.soft, 0.12 * at.scale, dash=(1.2 * at.scale, 0.6 * at.scale)
    )
    pen.text(
        left + wide - 0.8 * at.scale,
        y + 0.5 * at.scale,
        at.word("equator"),
        4.4 * at.scale,
        across="right",
        colour=INKS.soft,
    )
    _mark(at, survey, sheet, pen, place)
    pen.box(Rect(left, low, wide, high), line=INKS.soft, wide=0.2 * at.scale)


def _mark(at: Setting, survey: Survey, sheet: Sheet, pen: Pen, place: Any) -> None:
    """Mark where the sheet lies, with its true extent or, where that is too small to see, a ring."""
    west, south, east, north = shapely.total_bounds(survey.villages.shape[sheet.rows & survey.villages.drawn])
    lon, lat = survey.projection.back([west, east], [south, north])
    (x0, x1), (y0, y1) = np.clip(lon, WEST, EAST), np.clip(lat, SOUTH, NORTH)
    (x0, y0), (x1, y1) = place(float(x0), float(y0)), place(float(x1), float(y1))
    if max(x1 - x0, y1 - y0) < _SMALL_MM * at.scale:
        pen.marks(
            [(x0 + x1) / 2], [(y0 + y1) / 2], "o", 1.5 * at.scale, fill=GAP_RED, line="#ffffff", wide=0.2 * at.scale
        )
    else:
        pen.box(Rect(x0, y0, x1 - x0, y1 - y0), line=GAP_RED, wide=0.4 * at.scale)


def _drawn(at: Setting, sheet: Sheet, regions: Regions, pen: Pen, rect: Rect) -> tuple[Any, Any]:
    """Draw the regions into a box, those of the sheet marked, and return them on the box's paper and which are marked."""
    window = window_of(at.survey.projection, regions.shapes, rect.width, rect.height, rounded=False)
    shapes = window.shapes(regions.shapes)
    own = np.array([f"{code}.".startswith(f"{sheet.area.code}.") or f"{sheet.area.code}.".startswith(f"{code}.") for code in regions.codes], dtype=bool)  # fmt: skip
    if not sheet.area.code:
        own[:] = True
    moved = [shapely.transform(shape, lambda xy: xy + np.array((rect.x, rect.y))) for shape in shapes]
    pen.areas(moved, [_OWN if mine and not own.all() else _LAND for mine in own], line=INKS.soft, wide=0.1 * at.scale)
    if own.any() and not own.all():
        pen.lines(_edges([shape for shape, mine in zip(moved, own, strict=True) if mine]), INK, 0.3 * at.scale)
    pen.box(rect, line=INKS.soft, wide=0.2 * at.scale)
    return shapes, own


def _put(pen: Pen, rect: Rect, placer: Placer, want: Want) -> None:
    label = placer.place(want)
    if label is None:
        return
    leading = label.size * MM_PER_POINT * LEADING
    for row, line in enumerate(label.lines):
        y = rect.y + label.y + leading * ((len(label.lines) - 1) / 2 - row)
        pen.text(rect.x + label.x, y, line, label.size, bold=label.bold, across="center", upright="center_baseline")


def _edges(shapes: Iterable[Any]) -> list[Any]:
    return [piece for shape in shapes for piece in pieces_of(shapely.boundary(shape))]
