"""Polygons as a page carries them: simplified together, on one grid of coordinates, as differences.

Villages are simplified as a coverage, so that a border two of them share is simplified once and stays shared. The grid is
1e-5 degrees (1.1 m), far finer than any boundary layer is true; equal corners fall on equal grid points, so quantising
opens no gaps. Simplified geometry is for looking at: no question of "which village" is ever answered with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from blankspot.out.maps.payload import deltas, varints

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

QUANTUM_DEG: Final = 1e-5
_TOLERANCE_PER_EXTENT: Final = 1 / 4000  # half a pixel of a map that fills a 2000-pixel screen
_TOLERANCE_DEG: Final = (2e-5, 2e-4)  # 2 m and 22 m: below, nothing is saved; above, small kelurahan lose their form
_HOLE_KM2_MAX: Final = 0.05  # seams between villages that do not meet exactly, seen when a kecamatan is dissolved
_KM2_PER_DEG2: Final = 111.2**2
_CORNERS_MIN: Final = 3


def polygons(geometries: ArrayLike) -> NDArray[Any]:
    """Return the polygonal part of every geometry with finite coordinates; None where there is none."""
    given = np.asarray(geometries, dtype=object)
    found = np.full(given.shape, None, dtype=object)
    for row, geometry in enumerate(given):
        if not isinstance(geometry, BaseGeometry) or geometry.is_empty:
            continue
        parts = shapely.get_parts(geometry)
        if any(part.geom_type.startswith(("Multi", "GeometryCollection")) for part in parts):
            parts = shapely.get_parts(parts)
        kept = [part for part in parts if part.geom_type == "Polygon" and np.isfinite(part.bounds).all()]
        if kept:
            found[row] = kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)
    return found


def simplified(geometries: NDArray[Any]) -> NDArray[Any]:
    """Return polygons simplified together with a tolerance that suits their extent; outer rings run one way, holes the other."""
    shown = geometries.copy()
    there = shapely.is_valid_input(shown) & ~shapely.is_missing(shown)
    if not there.any():
        return shown
    west, south, east, north = shapely.total_bounds(shown[there])
    tolerance = float(np.clip(max(east - west, north - south) * _TOLERANCE_PER_EXTENT, *_TOLERANCE_DEG))
    try:
        shown[there] = shapely.coverage_simplify(shown[there], tolerance)
    except shapely.errors.GEOSException:
        return geometries  # a coverage too broken to simplify is drawn as it came
    vanished = there & (shapely.is_missing(shown) | shapely.is_empty(shown))
    shown[vanished] = geometries[vanished]
    shown[there] = shapely.orient_polygons(shown[there])
    return shown


def dissolved(geometries: NDArray[Any]) -> Any:
    """Return the union of some polygons without the seams between neighbours that do not meet exactly."""
    try:
        union = shapely.union_all(geometries)
    except shapely.errors.GEOSException:
        union = shapely.union_all(shapely.make_valid(geometries))
    kept = []
    for part in shapely.get_parts(union):
        if part.geom_type == "Polygon":
            holes = [hole for hole in part.interiors if shapely.Polygon(hole).area * _KM2_PER_DEG2 > _HOLE_KM2_MAX]
            kept.append(shapely.Polygon(part.exterior, holes))
    return shapely.orient_polygons(shapely.MultiPolygon(kept))


def label_points(geometries: NDArray[Any]) -> NDArray[np.float64]:
    """Return a position inside every polygon, well away from its border, shape (n, 2); NaN where there is no polygon."""
    points = np.full((len(geometries), 2), np.nan)
    there = ~shapely.is_missing(geometries)
    if not there.any():
        return points
    drawn = geometries[there]
    size = np.sqrt(shapely.area(drawn).clip(min=1e-12))
    try:
        circles = shapely.maximum_inscribed_circle(drawn, size / 50)
        middle = shapely.get_coordinates(shapely.get_point(circles, 0))
    except shapely.errors.GEOSException:
        middle = shapely.get_coordinates(shapely.point_on_surface(drawn))
    points[there] = middle
    return points


def quantised(degrees: ArrayLike, quantum: float = QUANTUM_DEG) -> NDArray[np.int64]:
    """Return degrees as whole multiples of `quantum`."""
    grid: NDArray[np.int64] = np.rint(np.asarray(degrees, dtype=float) / quantum).astype(np.int64)
    return grid


def encode(geometries: NDArray[Any], name: str) -> dict[str, bytes]:
    """Return polygons as four parts: rings per geometry, corners per ring, and the steps in longitude and latitude.

    Rings are stored without their closing point; corners that fall on the grid point before them are left out, and rings
    with fewer than three corners too.
    """
    parts, owner = shapely.get_parts(geometries, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    grid = quantised(corners)
    follows = np.zeros(len(ring), dtype=bool)
    follows[1:] = (ring[1:] == ring[:-1]) & (grid[1:] == grid[:-1]).all(axis=1)
    grid, ring = grid[~follows], ring[~follows]
    first = np.ones(len(ring), dtype=bool)
    first[1:] = ring[1:] != ring[:-1]
    last = np.roll(first, -1)
    start = np.maximum.accumulate(np.where(first, np.arange(len(ring)), 0))
    closing = last & ~first & (grid == grid[start]).all(axis=1) if len(ring) else last
    grid, ring = grid[~closing], ring[~closing]
    sizes = np.bincount(ring, minlength=len(rings))
    whole = sizes >= _CORNERS_MIN
    grid = grid[whole[ring]]
    counts = np.bincount(owner[part_of_ring[whole]], minlength=len(geometries))
    return {
        f"{name}.rings": varints(counts),
        f"{name}.corners": varints(sizes[whole]),
        f"{name}.lon": deltas(grid[:, 0]),
        f"{name}.lat": deltas(grid[:, 1]),
    }
