"""Rivers: the drainage tree of the land, drawn where enough water comes together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely

from blankspot.demo.fields import CRS, Lattice
from blankspot.demo.growth import chains, smoothed
from blankspot.geo import WGS84

if TYPE_CHECKING:
    from blankspot.demo.fields import Floats
    from blankspot.demo.terrain import Land

RIVER_KM2: Final = 3.0
_CLASSES: Final = ((60.0, "sungai besar"), (15.0, "sungai"), (0.0, "anak sungai"))


def stream_cells(land: Land, cells: Lattice) -> Floats:
    """Return the catchment in km² of the largest stream through each cell, 0 where none is."""
    mesh = np.flatnonzero(land.catchment_km2 >= RIVER_KM2)
    largest = np.zeros(cells.shape)
    for share in np.linspace(0, 1, 9):
        x = land.x[mesh] * (1 - share) + land.x[land.receiver[mesh]] * share
        y = land.y[mesh] * (1 - share) + land.y[land.receiver[mesh]] * share
        np.maximum.at(largest, cells.find(x, y), land.catchment_km2[mesh])
    return _without_gaps(largest)


def _without_gaps(largest: Floats) -> Floats:
    """Return the streams with a cell more where they step over a corner, so that nothing slips through between."""
    closed = largest.copy()
    a, b, c, d = largest[:-1, :-1], largest[:-1, 1:], largest[1:, :-1], largest[1:, 1:]
    np.maximum(closed[:-1, 1:], np.where((b == 0) & (c == 0), np.minimum(a, d), 0.0), out=closed[:-1, 1:])
    np.maximum(closed[:-1, :-1], np.where((a == 0) & (d == 0), np.minimum(b, c), 0.0), out=closed[:-1, :-1])
    return closed


def draw_rivers(land: Land, area: shapely.Geometry) -> gpd.GeoDataFrame:
    """Return the rivers within `area` (EPSG:4326) as lines: kind, catchment_km2, geometry (EPSG:4326)."""
    nodes = np.flatnonzero((land.catchment_km2 >= RIVER_KM2) & (land.receiver != np.arange(land.receiver.size)))
    lines, sizes = [], []
    for line in chains([(int(node), int(land.receiver[node])) for node in nodes]):
        points = np.column_stack([land.x[line], land.y[line]])
        lines.append(shapely.LineString(smoothed(_denser(points), 4)))
        sizes.append(float(np.sort(land.catchment_km2[line])[len(line) // 2]))
    frame = gpd.GeoDataFrame({"catchment_km2": np.round(sizes, 1)}, geometry=lines, crs=CRS).to_crs(WGS84)
    frame["kind"] = [next(name for least, name in _CLASSES if size >= least) for size in sizes]
    frame = frame[frame.intersects(area)]
    frame["geometry"] = shapely.set_precision(frame.intersection(area).array, 1e-6)
    return frame[~frame.is_empty][["kind", "catchment_km2", "geometry"]].explode(ignore_index=True)


def _denser(points: Floats) -> Floats:
    middle = (points[:-1] + points[1:]) / 2
    return np.insert(points, np.arange(1, len(points)), middle, axis=0)
