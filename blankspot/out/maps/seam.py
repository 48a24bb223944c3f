"""Where the globe is cut open to be laid flat: at ±180° unless villages lie on both sides of it.

Villages at 178° E and 179° W are neighbours, and a map that puts them at its two ends is no map of them. So the globe is cut
in the middle of the widest stretch of longitude without a village, and what lies west of the cut is drawn 360° farther
east; Leaflet takes such longitudes as they are. Maps of Indonesia stay as they were: their widest gap holds ±180°.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from blankspot.errors import UsageError
from blankspot.out.maps.shapes import polygons
from blankspot.words import Text

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

TURN: Final = 360.0
_HALF: Final = 180.0
_POLE: Final = 90.0


def require_degrees(villages: gpd.GeoDataFrame) -> None:
    """Refuse villages that cannot lie on the globe, such as metres that are called degrees.

    Raises:
        UsageError: The first of them, with its bounds.
    """
    drawn = polygons(villages.geometry.to_numpy())
    bounds = shapely.bounds(drawn)
    strange = (np.abs(bounds[:, [0, 2]]) > TURN).any(axis=1) | (np.abs(bounds[:, [1, 3]]) > _POLE).any(axis=1)
    if not strange.any():
        return
    row = int(np.flatnonzero(strange)[0])
    code = villages["village_code"].iloc[row]
    seen = ", ".join(f"{value:g}" for value in bounds[row])
    raise UsageError(
        Text(
            f"Batas desa {code} (baris {row + 1}) tidak terletak di bumi: bujur dan lintangnya {seen}.",
            f"The border of village {code} (row {row + 1}) is not on the globe: its longitudes and latitudes are {seen}.",
        ),
        hint=Text(
            "Koordinat harus derajat (EPSG:4326). Bila meter, beri CRS yang benar dengan frame.set_crs(…, allow_override=True) lalu frame.to_crs(4326).",
            "Coordinates must be degrees (EPSG:4326). If they are metres, name their CRS with frame.set_crs(…, allow_override=True), then frame.to_crs(4326).",
        ),
    )


def find_seam(geometries: NDArray[Any]) -> float | None:
    """Return the longitude to cut the globe at, None where ±180° will do.

    Args:
        geometries: Polygons as `shapes.polygons` returns them; those that cross ±180° may be cut in two there or not.
    """
    bounds = shapely.bounds(shapely.get_parts(unrolled(geometries)))
    spans = bounds[np.isfinite(bounds).all(axis=1)][:, [0, 2]]
    if not len(spans):
        return None
    start = np.mod(spans[:, 0] + _HALF, TURN)
    order = np.argsort(start)
    start, width = start[order], (spans[:, 1] - spans[:, 0])[order]
    reached = np.maximum.accumulate(start + width)
    gap = np.append(start[1:], start[0] + TURN) - reached
    widest = int(np.argmax(gap))
    if widest == len(gap) - 1 and reached[-1] <= TURN:
        return None
    if gap[widest] <= 0:
        return None
    return float(np.mod(reached[widest] + gap[widest] / 2, TURN) - _HALF)


def unrolled(geometries: NDArray[Any]) -> NDArray[Any]:
    """Return polygons with those that jump from one side of ±180° to the other drawn on across it."""
    bounds = shapely.bounds(geometries)
    width = bounds[:, 2] - bounds[:, 0]
    parts_only = shapely.get_type_id(geometries) == shapely.GeometryType.POLYGON
    jumping = np.flatnonzero((width > _HALF) & (width < TURN) & parts_only)
    if not len(jumping):
        return geometries
    found = geometries.copy()
    for row in jumping:
        rings = [_unrolled_ring(ring) for ring in shapely.get_rings(found[row])]
        found[row] = shapely.Polygon(rings[0], rings[1:])
    return found


def _unrolled_ring(ring: Any) -> NDArray[np.float64]:
    at = shapely.get_coordinates(ring)
    at[:, 0] = np.unwrap(np.mod(at[:, 0], TURN), period=TURN)
    return at


def beyond(lon: NDArray[np.float64], seam: float) -> NDArray[np.float64]:
    """Return longitudes as they are drawn when the globe is cut at `seam`: from there to 360° farther east."""
    return np.where(np.isfinite(lon), seam + np.mod(lon - seam, TURN), lon)


def drawn_villages(villages: gpd.GeoDataFrame, seam: float) -> gpd.GeoDataFrame:
    """Return villages as they are drawn when the globe is cut at `seam`, those cut in two at ±180° in one piece."""
    drawn = unrolled(polygons(villages.geometry.to_numpy()))
    for row in np.flatnonzero(~shapely.is_missing(drawn)):
        drawn[row] = _moved(drawn[row], seam)
    return villages.set_geometry(drawn, crs=villages.crs)


def _moved(geometry: Any, seam: float) -> Any:
    west = shapely.bounds(shapely.get_parts(geometry))[:, 0]
    shifts = beyond(west, seam) - west
    if not shifts.any():
        return geometry
    parts = [_shifted(part, shift) for part, shift in zip(shapely.get_parts(geometry), shifts, strict=True)]
    whole = shapely.union_all(parts) if len(set(shifts)) > 1 and shapely.is_valid(parts).all() else parts
    return whole if not isinstance(whole, list) else parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _shifted(part: Any, by: float) -> Any:
    return shapely.transform(part, lambda at: at + np.array([by, 0.0]))


def drawn_points(frame: pd.DataFrame | None, seam: float) -> pd.DataFrame | None:
    """Return places as they are drawn when the globe is cut at `seam`."""
    if frame is None or "lon" not in frame:
        return frame
    lon = pd.to_numeric(frame["lon"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    on_globe = np.abs(lon) <= _HALF
    return frame.assign(lon=np.where(on_globe, beyond(lon, seam), np.nan))
