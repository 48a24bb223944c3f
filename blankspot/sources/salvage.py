"""What a map file holds, and saving its good features when one of them breaks a bulk read.

Bulk readers hand over a layer whole or not at all, so one ring of two points would cost a kabupaten. Fiona reads feature by
feature: what it can read is kept, what it cannot becomes a reject with the library's reason. A ring that is merely not
closed is closed, as its author meant, and marked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import fiona
import fiona.errors
import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
import shapely.geometry
from fiona.drvsupport import vector_driver_extensions

from blankspot.errors import SourceError
from blankspot.sources.files import Member, unreadable
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NO_BOUNDARIES: Final = frozenset(
    {"csv", "dbf", "dgn", "gpx", "mid", "psv", "tsv", "xml", "zip", "gpkg.zip", "shp.zip"}
)
_ALSO: Final = frozenset({"kml", "kmz", "topojson"})  # pyogrio's GDAL has these drivers, fiona's has not


@dataclass(frozen=True, kw_only=True)
class RawLayer:
    """A layer as found, nothing judged.

    Attributes:
        name: What messages call the file.
        frame: All features in file order, attributes as found, geometry None where it could not be read; the CRS as found.
        broken: Per feature, why it could not be read; NaN where it could.
        closed: Per feature, whether an open ring was closed.
        remarks: What the library warned of.
    """

    name: str
    frame: gpd.GeoDataFrame
    broken: pd.Series
    closed: pd.Series
    remarks: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class LayerInfo:
    """One layer of a map file: its name, the kind of its geometry ("None" for a table), its driver and CRS."""

    name: str
    geometry: str
    driver: str
    crs: str


def boundary_suffixes() -> frozenset[str]:
    """Return the endings of map files that the installed drivers read, with their dots."""
    return frozenset(f".{ending}" for ending in (set(vector_driver_extensions()) - _NO_BOUNDARIES) | _ALSO)


def list_layers(path: str | Path, *, name: str = "") -> list[LayerInfo]:
    """List the layers of a map file in their order.

    Raises:
        SourceError: No driver can open it.
    """
    shown = name or str(path)
    try:
        return [_described(path, layer) for layer in fiona.listlayers(path)]
    except (fiona.errors.FionaError, OSError, ValueError):
        pass  # a format that only pyogrio's GDAL knows, or a damaged file: the second opinion decides
    try:
        return [
            LayerInfo(str(layer), str(kind), "", str(pyogrio.read_info(path, layer=layer)["crs"] or ""))
            for layer, kind in pyogrio.list_layers(path)
        ]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError, ValueError) as error:
        raise unreadable(shown, error) from error


def salvage(member: Member, layer: str) -> RawLayer:
    """Read a layer feature by feature.

    Raises:
        SourceError: Not even the layer opens, or no feature of it can be read.
    """
    rows: list[dict[str, Any]] = []
    shapes: list[Any] = []
    broken: list[str | float] = []
    closed: list[bool] = []
    try:
        with fiona.open(member.path, layer=layer) as collection:
            crs = collection.crs_wkt or None
            for feature, reason in _features(collection):
                shape, mended, fault = _shape(feature)
                rows.append(dict(feature["properties"]) if feature is not None else {})
                shapes.append(shape)
                closed.append(mended)
                broken.append(reason or fault or np.nan)
    except (fiona.errors.FionaError, OSError, ValueError) as error:
        raise unreadable(member.name, error) from error
    if all(isinstance(reason, str) for reason in broken):
        raise SourceError(
            Text(
                f"{member.name}: tidak satu pun dari {len(broken)} fitur dapat dibaca.",
                f"{member.name}: none of its {len(broken)} features can be read.",
            ),
            hint=Text("Ekspor ulang dari program asalnya.", "Export it again from the program it comes from."),
        )
    return RawLayer(
        name=member.name,
        frame=gpd.GeoDataFrame(pd.DataFrame(rows), geometry=shapes, crs=crs),
        broken=pd.Series(broken, dtype="str"),
        closed=pd.Series(closed, dtype=bool),
    )


def _described(path: str | Path, layer: str) -> LayerInfo:
    with fiona.open(path, layer=layer) as collection:
        return LayerInfo(layer, str(collection.schema["geometry"]), str(collection.driver), str(collection.crs or ""))


def _features(collection: Any) -> Iterator[tuple[Any, str]]:
    """Yield every feature, or None and the reason; as many as the layer says it has, or as come."""
    stated = len(collection)
    iterator = iter(collection)
    seen = 0
    while True:
        try:
            feature = next(iterator)
        except StopIteration:
            break
        except (fiona.errors.FionaError, ValueError, UnicodeDecodeError) as error:
            feature = None
            reason = _first_line(error)
        else:
            reason = ""
        seen += 1
        if seen > max(stated, 0) and feature is None:
            break
        yield feature, reason
    for _ in range(seen, stated):
        yield None, "the reader stopped before this feature"


def _shape(feature: Any) -> tuple[Any, bool, str]:
    """Return the geometry, whether a ring had to be closed, and why there is none."""
    if feature is None or feature["geometry"] is None:
        return None, False, ""
    described = feature["geometry"].__geo_interface__
    try:
        shape = shapely.force_2d(shapely.geometry.shape(described))
    except (ValueError, TypeError, IndexError, shapely.errors.ShapelyError) as error:
        return None, False, _first_line(error)
    return shape, any(ring[0] != ring[-1] for ring in _rings(described)), ""


def _rings(described: dict[str, Any]) -> Iterator[Any]:
    coordinates = described.get("coordinates", ())
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(described["type"], [])
    for polygon in polygons:
        yield from (ring for ring in polygon if len(ring))


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).strip().splitlines()[0]
