"""Roads and rivers as a background of map sheets: the lines of any map file, in WGS 84, and nothing of what it says about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import shapely

from blankspot.geo import WGS84
from blankspot.sources.boundary_layers import read_layers

if TYPE_CHECKING:
    from pathlib import Path

_LINES: Final = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)


@dataclass(frozen=True, kw_only=True, eq=False)
class LinesRead:
    """What a file of lines holds: the lines in EPSG:4326, and of how many features they are."""

    lines: gpd.GeoDataFrame
    features: int


def read_lines(path: str | Path, *, layer: str | None = None, crs: str | None = None) -> LinesRead:
    """Read the lines of a map file; features that are no lines, or could not be read, are only counted.

    Raises:
        SourceError: The file cannot be used; see `boundary_layers.read_layers`.
    """
    found = [layer_read.frame.geometry.to_numpy() for layer_read in read_layers(path, layer=layer, crs=crs)]
    shapes = [shape for geometries in found for shape in geometries]
    kept = [
        shape for shape in shapes if shape is not None and not shape.is_empty and shapely.get_type_id(shape) in _LINES
    ]
    return LinesRead(lines=gpd.GeoDataFrame(geometry=kept, crs=WGS84), features=len(shapes))


def no_lines() -> gpd.GeoDataFrame:
    """Return a table without a line."""
    return gpd.GeoDataFrame(geometry=[], crs=WGS84)
