"""The borders of the villages as flat arrays, in the order in which they answer.

What counts as inside is decided here. A village is the union of its polygons; a polygon is its shell without the open
interiors of its holes; borders belong to it, those of its holes too. A ring that crosses itself is read by the even-odd
rule. That is what shapely's `intersects` says of valid geometries and of self-crossing ones alike. Points, lines, empty
geometries, and polygons with coordinates that are not finite or beyond 1e30 hold nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from blankspot.locate.kernels import HUGE

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

_POLYGON: Final = 3


@dataclass(frozen=True, eq=False)
class Rings:
    """All rings of all villages, those of the smallest village_code first, a polygon's shell before its holes.

    Attributes:
        xy: Vertices, shape (n, 2), degrees; the last vertex of a ring repeats its first.
        starts: Where each ring starts in `xy`, and n at the end; shape (rings + 1,).
        codes: Per ring 4·row of its village, + 2 for a hole.
        closes: Per ring, whether it is the only ring of its polygon.
    """

    xy: NDArray[np.float64]
    starts: NDArray[np.int64]
    codes: NDArray[np.int32]
    closes: NDArray[np.bool_]


def rings_of(villages: gpd.GeoDataFrame) -> Rings:
    """Take `villages` apart, ordered by village_code (equal codes by row, missing codes last)."""
    codes = villages["village_code"].reset_index(drop=True)
    order = codes.sort_values(kind="stable", na_position="last").index.to_numpy()
    polygons, owner = _polygons(villages.geometry.to_numpy()[order])
    xy = shapely.get_coordinates(polygons)
    if xy.size and not -HUGE < xy.min() <= xy.max() < HUGE:
        possible = _possible(polygons, xy)
        polygons, owner = polygons[possible], owner[possible]
        xy = shapely.get_coordinates(polygons)
    vertices, polygon, is_hole = _ring_lengths(polygons)
    return Rings(
        xy=xy,
        starts=np.append(0, np.cumsum(vertices)).astype(np.int64),
        codes=(4 * order[owner[polygon]] + 2 * is_hole).astype(np.int32),
        closes=np.bincount(polygon, minlength=len(polygons))[polygon] == 1,
    )


def _polygons(geometries: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Return the polygons that are not empty, and which geometry each is a part of."""
    kinds = shapely.get_type_id(geometries)
    found, owners = [geometries[kinds == _POLYGON]], [np.flatnonzero(kinds == _POLYGON)]
    parts, owner = geometries[kinds > _POLYGON], np.flatnonzero(kinds > _POLYGON)
    while len(parts):
        parts, collection = shapely.get_parts(parts, return_index=True)
        owner = owner[collection]
        kinds = shapely.get_type_id(parts)
        found.append(parts[kinds == _POLYGON])
        owners.append(owner[kinds == _POLYGON])
        parts, owner = parts[kinds > _POLYGON], owner[kinds > _POLYGON]
    polygons, owner = np.concatenate(found), np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    order = order[~shapely.is_empty(polygons[order])]
    return polygons[order], owner[order]


def _possible(polygons: NDArray[np.object_], xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which polygons have only finite coordinates that are not huge."""
    polygon = np.repeat(np.arange(len(polygons)), shapely.get_num_coordinates(polygons))
    possible = np.ones(len(polygons), dtype=bool)
    possible[polygon[~(np.abs(xy) < HUGE).all(axis=1)]] = False
    return possible


def _ring_lengths(polygons: NDArray[np.object_]) -> tuple[NDArray[np.integer], NDArray[np.intp], NDArray[np.bool_]]:
    """Return per ring, shells before their holes: its number of vertices, its polygon, whether it is a hole."""
    holes = shapely.get_num_interior_rings(polygons)
    polygon = np.repeat(np.arange(len(polygons)), holes + 1)
    is_hole = np.append(False, polygon[1:] == polygon[:-1])[: len(polygon)]
    vertices = shapely.get_num_coordinates(polygons)[polygon]
    pierced = (holes > 0)[polygon]
    vertices[pierced] = shapely.get_num_coordinates(shapely.get_rings(polygons[holes > 0]))
    return vertices, polygon, is_hole
