"""Polygons as a page carries them: corners that neighbours share, on one grid, as differences.

The grid is 1e-5 degrees (1.1 m), far finer than any boundary layer is true; equal corners fall on equal grid points, so
quantising opens no gaps, and `corners` leaves corners out for all their villages at once. Simplified geometry is for looking
at: no question of "which village" is ever answered with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from blankspot.out.maps.corners import beside, corners_of, extremes, levelled
from blankspot.out.maps.payload import varints, zigzag

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from blankspot.out.maps.corners import Corners

QUANTUM_DEG: Final = 1e-5
_TOLERANCE_PER_EXTENT: Final = 1 / 4000  # half a pixel of a map that fills a 2000-pixel screen
_TOLERANCE_DEG: Final = (2e-5, 2e-4)  # 2 m and 22 m: below, nothing is saved; above, small kelurahan lose their form
COARSER_DEG: Final = (2.5e-3, 1e-2)  # less than half a pixel up to zoom 8 and up to zoom 6
_OUTLINE_MAX: Final = 200_000  # corners of one village alone, up to which the outline is told from seams
_POLYGON, _MULTIPOLYGON = shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON


def polygons(geometries: ArrayLike) -> NDArray[Any]:
    """Return the polygonal part of every geometry with finite coordinates; None where there is none."""
    given = np.asarray(geometries, dtype=object)
    found: NDArray[Any] = given.copy()
    found[~shapely.is_geometry(given)] = None
    found[shapely.is_empty(found)] = None
    kind = shapely.get_type_id(found)
    whole = (kind == _POLYGON) | (kind == _MULTIPOLYGON)
    at, owner = shapely.get_coordinates(found, return_index=True)
    whole[owner[~np.isfinite(at).all(axis=1)]] = False
    for row in np.flatnonzero(~whole & ~shapely.is_missing(found)):
        found[row] = _polygonal(found[row])
    return found


def _polygonal(geometry: Any) -> Any:
    """Return the polygons with finite coordinates of a collection; None where there is none."""
    parts = shapely.get_parts(geometry)
    if any(part.geom_type.startswith(("Multi", "GeometryCollection")) for part in parts):
        parts = shapely.get_parts(parts)
    kept = [part for part in parts if part.geom_type == "Polygon" and np.isfinite(shapely.get_coordinates(part)).all()]
    return None if not kept else kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)


def tolerances(geometries: NDArray[Any]) -> tuple[float, ...]:
    """Return the tolerance of every level in degrees: the finest suits the extent, the others the zooms they are drawn at."""
    west, south, east, north = extent_of(geometries) or (0.0, 0.0, 0.0, 0.0)
    extent = max(east - west, north - south)
    return float(np.clip(extent * _TOLERANCE_PER_EXTENT, *_TOLERANCE_DEG)), *COARSER_DEG


def extent_of(geometries: NDArray[Any]) -> tuple[float, float, float, float] | None:
    """Return west, south, east and north of polygons; None where there is none."""
    there = geometries[~shapely.is_missing(geometries)]
    return tuple(map(float, shapely.total_bounds(there))) if len(there) else None  # type: ignore[return-value]


def levels(geometries: NDArray[Any]) -> Corners:
    """Return polygons as corners that neighbours share, each with the coarsest level at which it stands."""
    return levelled(corners_of(geometries, QUANTUM_DEG), tolerances(geometries), QUANTUM_DEG)


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


def ranks(shape: Corners, codes: list[str]) -> NDArray[np.uint8]:
    """Return of what rank the border at every corner is: 0 of villages, 1 of districts, 2 of regencies, 3 of provinces.

    The outline of the whole counts as the border of a province where it is short enough to be told from seams.
    """
    owner = np.repeat(shape.ring_shape, shape.ring_size)
    rank = np.zeros(len(shape.xy), dtype=np.uint8)
    for parts in (1, 2, 3):
        number = pd.factorize(np.array([".".join(code.split(".")[:parts]) for code in codes], dtype=object))[0]
        least, most = extremes(shape, number[owner])
        rank[(least != most) & (rank == 0)] = 4 - parts
    least, most = extremes(shape, owner)
    alone = np.flatnonzero(least == most)
    if len(alone) <= _OUTLINE_MAX:
        rank[alone[beside(shape, shape.xy[alone], least[alone], QUANTUM_DEG) < 0]] = 3
    return rank


def encode(shape: Corners, rank: NDArray[np.uint8], name: str) -> dict[str, bytes]:
    """Return shapes as parts: how many rings and corners, how a ring goes on, and the steps to corners not met before.

    A ring goes on to a corner that is new (0), or to one met before: one more than the zigzag-coded difference between its
    number and that of the corner the ring comes from. Neighbours walk a shared border in opposite directions, so that this
    difference is nearly always −1. Steps are kept as planes of low, middle and high bytes, which compress better than they
    would one after the other.
    """
    met = np.zeros(len(shape.ring), dtype=bool)
    met[np.unique(shape.ring, return_index=True)[1]] = True
    coming = np.concatenate([[0], shape.ring[:-1]])
    goes = np.where(met, 0, zigzag(shape.ring - coming) + 1)
    steps = zigzag(shape.xy[shape.ring[met]] - np.where(met[:, None], shape.xy[coming] if len(shape.xy) else 0, 0)[met])
    if len(steps):
        steps[0] = zigzag(shape.xy[0])
    rings = np.bincount(shape.ring_shape, minlength=len(shape.shape_parts))
    return {
        f"{name}.rings": varints(rings),
        f"{name}.corners": varints(shape.ring_size),
        f"{name}.goes": varints(goes),
        f"{name}.lon": planes(steps[:, 0]),
        f"{name}.lat": planes(steps[:, 1]),
        f"{name}.level": (shape.level | rank << 2).tobytes(),
    }


def planes(values: NDArray[np.int64]) -> bytes:
    """Return whole numbers below 2**32 as all their lowest bytes, then all the next ones, and so on."""
    return values.astype("<u4").view(np.uint8).reshape(-1, 4).T.tobytes()
