"""Where the polygons of a layer overlap, and where they leave holes between them.

Villages should tile their kabupaten. Where they do not, a point falls into two villages or into none, so the area of both
faults is measured and the places are listed. Geometry is cut in degrees, as it was drawn (projecting first would tear
shared borders apart by millimetres), and only the pieces are projected, to an equal-area system, for their size. A gap is
a hole that villages enclose; a strip that opens to the outside cannot be told from the outside. Pieces under one square
metre are the noise of coordinates and are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from blankspot.geo import WGS84

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

_EQUAL_AREA: Final = "EPSG:6933"
_NOISE_M2: Final = 1.0
_M2_PER_KM2: Final = 1e6
_GROUP_FIRST: Final = 32
_GROUP_FACTOR: Final = 8


@dataclass(frozen=True, kw_only=True)
class CoverageFaults:
    """What a layer's polygons do to each other.

    Attributes:
        overlaps: village_code, other_code, overlap_km2, lon, lat (a point in it); largest first.
        gaps: gap_km2, lon, lat (a point in it); largest first.
    """

    overlaps: pd.DataFrame
    gaps: pd.DataFrame

    def measures(self) -> dict[str, float]:
        """Return overlap_km2, overlap_pairs, gap_km2 and gaps."""
        return {
            "overlap_km2": float(self.overlaps["overlap_km2"].sum()),
            "overlap_pairs": float(len(self.overlaps)),
            "gap_km2": float(self.gaps["gap_km2"].sum()),
            "gaps": float(len(self.gaps)),
        }


def coverage_faults(villages: gpd.GeoDataFrame) -> CoverageFaults:
    """Measure overlaps and enclosed gaps.

    Args:
        villages: village_code and valid polygons in EPSG:4326.
    """
    geometry = villages.geometry.to_numpy()
    first, second, pieces = _overlaps(geometry)
    codes = villages["village_code"].to_numpy(dtype=object)
    swapped = codes[first] > codes[second] if first.size else np.zeros(0, dtype=bool)
    overlaps = _measured(pieces, "overlap_km2")
    overlaps.insert(0, "village_code", np.where(swapped, codes[second], codes[first]))
    overlaps.insert(1, "other_code", np.where(swapped, codes[first], codes[second]))
    return CoverageFaults(
        overlaps=_largest_first(overlaps, "overlap_km2"),
        gaps=_largest_first(_measured(_gaps(villages.geometry), "gap_km2"), "gap_km2"),
    )


def areas_m2(geometry: NDArray[Any]) -> NDArray[np.float64]:
    """Return the areas of geometries in degrees, measured in an equal-area projection, in m²."""
    project = Transformer.from_crs(WGS84, _EQUAL_AREA, always_xy=True)
    flat = shapely.transform(geometry, lambda xy: np.column_stack(project.transform(xy[:, 0], xy[:, 1])))
    return np.asarray(shapely.area(flat), dtype=float)


def _overlaps(geometry: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[Any]]:
    """Return the pairs (lower row, higher row) that share area, and the shared pieces."""
    left, right = shapely.STRtree(geometry).query(geometry)
    once = left < right
    left, right = left[once], right[once]
    shapely.prepare(geometry)
    meet = shapely.intersects(geometry[left], geometry[right]) & ~shapely.touches(geometry[left], geometry[right])
    left, right = left[meet], right[meet]
    pieces = shapely.intersection(geometry[left], geometry[right])
    return left, right, pieces


def _gaps(villages: gpd.GeoSeries) -> NDArray[Any]:
    """Return the holes of the union of all polygons, without the villages that stand in them.

    Neighbours are joined in ever larger groups. A hole that no polygon of another group reaches is final: it is noted and
    filled at once, so that the joins of a whole country do not carry a quarter of a million slivers along.
    """
    order = np.argsort(villages.hilbert_distance().to_numpy(), kind="stable")
    geometry = villages.to_numpy()[order]
    tree = shapely.STRtree(geometry)
    group = np.arange(len(geometry)) // _GROUP_FIRST
    pieces, owner = geometry, group
    found: list[NDArray[Any]] = []
    while True:
        starts = np.flatnonzero(np.diff(owner, prepend=-1))
        unions = np.array([shapely.union_all(part) for part in np.split(pieces, starts[1:])], dtype=object)
        pieces, owner, final = _filled(unions, owner[starts], tree, group)
        found.append(final)
        if starts.size == 1:
            return np.concatenate(found)
        group, owner = group // _GROUP_FACTOR, owner // _GROUP_FACTOR


def _filled(
    unions: NDArray[Any], owner: NDArray[np.intp], tree: shapely.STRtree, group: NDArray[np.intp]
) -> tuple[NDArray[Any], NDArray[np.intp], NDArray[Any]]:
    """Return the parts of each union without their final holes, whose each part is, and what the final holes leave empty."""
    parts, union = shapely.get_parts(unions, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    inner = _is_hole(parts)
    holes, hole_part = _as_array(shapely.polygons(rings[inner])), part[inner]
    reached, by = tree.query(holes, predicate="intersects")
    final = np.ones(holes.size, dtype=np.bool_)
    final[reached[group[by] != owner[union[hole_part[reached]]]]] = False
    shells = _as_array(shapely.polygons(rings[~inner]))
    for one in np.unique(hole_part[~final]):
        shells[one] = shapely.polygons(rings[~inner][one], holes=rings[inner][~final & (hole_part == one)])
    empty = holes[final]
    around, within = shapely.STRtree(parts).query(empty, predicate="contains_properly")
    for one in np.unique(around):
        empty[one] = shapely.difference(empty[one], shapely.union_all(parts[within[around == one]]))
    return shells, owner[union], empty


def _as_array(shapes: Any) -> NDArray[Any]:
    return np.asarray(shapes, dtype=object)


def _is_hole(polygons: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which of the rings that `shapely.get_rings` lists are interior."""
    counts = 1 + shapely.get_num_interior_rings(polygons)
    hole = np.ones(int(counts.sum()), dtype=bool)
    hole[np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.intp)] = False
    return hole


def _measured(pieces: NDArray[Any], column: str) -> pd.DataFrame:
    points = shapely.point_on_surface(pieces)
    return pd.DataFrame(
        {column: areas_m2(pieces) / _M2_PER_KM2, "lon": shapely.get_x(points), "lat": shapely.get_y(points)}
    )


def _largest_first(faults: pd.DataFrame, column: str) -> pd.DataFrame:
    kept = faults[faults[column] * _M2_PER_KM2 >= _NOISE_M2]
    return kept.sort_values([column, "lon", "lat"], ascending=[False, True, True], ignore_index=True)
