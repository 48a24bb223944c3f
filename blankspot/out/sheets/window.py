"""The piece of the plane that a map shows, and the scale at which it does: metres become millimetres on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from blankspot.out.sheets.projection import denominator

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from blankspot.out.sheets.projection import Projection

_AIR: Final = 0.03  # of the map's shorter side, free around the area
_FINE_MM: Final = 0.04  # a corner that moves less is not seen in print
_SEAM_MM2: Final = 1.0  # holes between villages that do not meet exactly


@dataclass(frozen=True, eq=False)
class Window:
    """Metres of a projection shown on `width` by `height` millimetres of paper at 1:`denominator`."""

    projection: Projection
    west: float
    south: float
    width: float
    height: float
    denominator: int

    @property
    def metres_per_mm(self) -> float:
        """How many metres a millimetre on paper stands for."""
        return self.denominator / 1000

    @property
    def east(self) -> float:
        """The right edge, metres."""
        return self.west + self.width * self.metres_per_mm

    @property
    def north(self) -> float:
        """The upper edge, metres."""
        return self.south + self.height * self.metres_per_mm

    def x(self, metres: ArrayLike) -> NDArray[np.float64]:
        """Return millimetres from the left edge."""
        return (np.asarray(metres, float) - self.west) / self.metres_per_mm

    def y(self, metres: ArrayLike) -> NDArray[np.float64]:
        """Return millimetres from the lower edge."""
        return (np.asarray(metres, float) - self.south) / self.metres_per_mm

    def shapes(self, metric: NDArray[Any]) -> NDArray[Any]:
        """Return geometries in millimetres; missing ones stay missing."""
        moved: NDArray[Any] = shapely.transform(
            metric, lambda at: np.column_stack([self.x(at[:, 0]), self.y(at[:, 1])])
        )
        return moved

    def to_metres(self, shapes: NDArray[Any]) -> NDArray[Any]:
        """Return geometries in millimetres as metres of the projection."""
        corner, step = np.array((self.west, self.south)), self.metres_per_mm
        moved: NDArray[Any] = shapely.transform(shapes, lambda at: at * step + corner)
        return moved

    def to_degrees(self, x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return longitude and latitude of places on the map, millimetres."""
        return self.projection.back(
            self.west + np.asarray(x, float) * self.metres_per_mm,
            self.south + np.asarray(y, float) * self.metres_per_mm,
        )


def window_of(
    projection: Projection, shapes: NDArray[Any], width: float, height: float, *, rounded: bool = True
) -> Window:
    """Return the window that shows some shapes in the middle of `width` by `height` millimetres at a round scale."""
    west, south, east, north = shapely.total_bounds(shapes[~shapely.is_missing(shapes)])
    air = 2 * _AIR * min(width, height)
    needed = max((east - west) / (width - air), (north - south) / (height - air), 1e-3) * 1000
    scale = denominator(needed) if rounded else max(int(np.ceil(needed)), 1)
    metres = scale / 1000
    return Window(
        projection, (west + east - width * metres) / 2, (south + north - height * metres) / 2, width, height, scale
    )


def simplified(shapes: NDArray[Any]) -> NDArray[Any]:
    """Return shapes in millimetres without the corners that print cannot show; shared borders stay shared."""
    shown = shapes.copy()
    there = ~shapely.is_missing(shown)
    try:
        thinner = shapely.coverage_simplify(shown[there], _FINE_MM)
    except shapely.errors.GEOSException:
        return shapes
    gone = shapely.is_missing(thinner) | shapely.is_empty(thinner) | ~shapely.is_valid(thinner)
    shown[there] = np.where(gone, shown[there], thinner)
    return shown


def dissolved(shapes: NDArray[Any]) -> Any:
    """Return the union of shapes in millimetres, without the seams between those that do not meet exactly."""
    try:
        union = shapely.union_all(shapes)
    except shapely.errors.GEOSException:
        union = shapely.union_all(shapely.make_valid(shapes))
    parts = shapely.get_parts(shapely.get_parts(union))
    kept = [
        shapely.Polygon(part.exterior, [hole for hole in part.interiors if shapely.Polygon(hole).area > _SEAM_MM2])
        for part in parts
        if part.geom_type == "Polygon"
    ]
    return shapely.MultiPolygon(kept)
