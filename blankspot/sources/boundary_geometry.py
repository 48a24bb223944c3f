"""Judging the polygons of villages: what is refused, and what is repaired because only one repair is possible.

Latitude and longitude that stand the wrong way round are put right where the numbers leave no doubt (Indonesia's ranges do
not overlap). An invalid polygon is made valid by merging its shells and cutting its holes, which keeps the area that its
outline encloses; the areas before and after are in the record. What is left without area is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from blankspot.sources.coverage_faults import areas_m2
from blankspot.words import Text, number

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from blankspot.check import Review
    from blankspot.words import Lang

_POLYGON, _MULTIPOLYGON, _COLLECTION = 3, 6, 7
_LON_RANGE: Final = (94.0, 142.0)
_LAT_RANGE: Final = (-12.0, 7.0)
_M2_PER_KM2: Final = 1e6

_BROKEN: Final = Text("Fitur tidak dapat dibaca: {value}.", "The feature cannot be read: {value}.")
_MISSING: Final = Text("Desa {value} tidak punya geometri.", "Village {value} has no geometry.")
_NOT_POLYGON: Final = Text("Geometri {value} bukan poligon.", "Geometry {value} is not a polygon.")
_PART_KEPT: Final = Text(
    "Hanya bagian poligon dari {value} yang dipakai.", "Only the polygons of the {value} are kept."
)
_CLOSED: Final = Text("Cincin poligon yang terbuka ditutup.", "An open ring of the polygon was closed.")
_SWAPPED: Final = Text(
    "Lintang dan bujur tertukar, dibalik: {value}.", "Latitude and longitude were swapped, put right: {value}."
)
_OUTSIDE: Final = Text(
    "Koordinat {value} di luar bumi (±180, ±90).", "Coordinates {value} are off the Earth (±180, ±90)."
)
_REPAIRED: Final = Text("Poligon tidak sah, diperbaiki: {value}.", "Invalid polygon, repaired: {value}.")
_DEGENERATE: Final = Text("Poligon tidak punya luas: {value}.", "The polygon has no area: {value}.")


def judge_geometry(review: Review, *, named: pd.Series) -> None:
    """Apply the rules to `review.frame["geometry"]` (degrees, two dimensions).

    Args:
        review: Frame with geometry, broken and closed.
        named: How each row is shown where its geometry says nothing.
    """
    review.reject(review.frame["broken"].notna(), column="geometry", rule="broken_feature", message=_BROKEN,
                  value=review.frame["broken"])  # fmt: skip
    shapes = _shapes(review)
    review.reject(shapely.is_missing(shapes) | shapely.is_empty(shapes), column="geometry", rule="geometry_missing",
                  message=_MISSING, value=named)  # fmt: skip
    _keep_polygons(review)
    _put_right(review)
    closed = review.frame["closed"].to_numpy(dtype=bool)
    review.repair(closed, _shapes(review), column="geometry", rule="ring_closed", message=_CLOSED, value=named)
    _make_valid(review)


def _keep_polygons(review: Review) -> None:
    shapes = _shapes(review)
    kinds = shapely.get_type_id(shapes)
    names = pd.Series([None if shape is None else shape.geom_type for shape in shapes], dtype="str")
    mixed = np.flatnonzero((kinds == _COLLECTION) & review.alive)
    kept = shapes.copy()
    for at in mixed:
        kept[at] = _polygons_of(shapes[at])
    held = np.isin(kinds, (_POLYGON, _MULTIPOLYGON))
    held[mixed] = ~shapely.is_empty(kept[mixed])
    review.reject(~held, column="geometry", rule="geometry_not_polygon", message=_NOT_POLYGON, value=names)
    review.repair(kinds == _COLLECTION, kept, column="geometry", rule="polygons_kept", message=_PART_KEPT, value=names)


def _put_right(review: Review) -> None:
    shapes = _shapes(review)
    bounds = shapely.bounds(shapes)
    swapped = _within(bounds, first=_LAT_RANGE, second=_LON_RANGE)
    shown = pd.Series([f"{one[0]:.4f} {one[1]:.4f} … {one[2]:.4f} {one[3]:.4f}" for one in bounds])
    turned = shapes.copy()
    turned[swapped] = shapely.transform(shapes[swapped], lambda xy: xy[:, ::-1])
    review.repair(swapped, turned, column="geometry", rule="axes_swapped", message=_SWAPPED, value=shown)
    bounds = shapely.bounds(_shapes(review))
    fine = np.isfinite(bounds).all(axis=1) & _within(bounds, first=(-180.0, 180.0), second=(-90.0, 90.0))
    review.reject(~fine, column="geometry", rule="out_of_range", message=_OUTSIDE, value=shown)


def _within(
    bounds: NDArray[np.float64], *, first: tuple[float, float], second: tuple[float, float]
) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        inside = (bounds[:, 0] >= first[0]) & (bounds[:, 2] <= first[1])
        inside &= (bounds[:, 1] >= second[0]) & (bounds[:, 3] <= second[1])
    return np.asarray(inside, dtype=bool)


def _make_valid(review: Review) -> None:
    shapes = _shapes(review)
    rows = np.flatnonzero(review.alive)
    invalid = rows[~shapely.is_valid(shapes[rows])]
    valid = shapes.copy()
    valid[invalid] = [_polygons_of(shape) for shape in shapely.make_valid(shapes[invalid], method="structure")]
    reasons = shapely.is_valid_reason(shapes[invalid])
    before, after = areas_m2(shapes[invalid]), areas_m2(valid[invalid])
    shown = np.full(len(shapes), "", dtype=object)
    shown[invalid] = [
        f"{reason.split('[')[0]}, {_km2(old, review.lang)} → {_km2(new, review.lang)}"
        for reason, old, new in zip(reasons, before, after, strict=True)
    ]
    flat = np.zeros(len(shapes), dtype=bool)
    flat[rows] = ~(shapely.area(valid[rows]) > 0)
    review.reject(flat, column="geometry", rule="geometry_degenerate", message=_DEGENERATE, value=shown)
    broken = np.zeros(len(shapes), dtype=bool)
    broken[invalid] = True
    review.repair(broken, valid, column="geometry", rule="geometry_invalid", message=_REPAIRED, value=shown)


def _km2(area_m2: float, lang: Lang) -> str:
    return f"{number(area_m2 / _M2_PER_KM2, 4, lang=lang)} km²"


def _polygons_of(shape: Any) -> Any:
    """Return the polygons of a geometry as one, an empty polygon where it has none."""
    parts = [part for part in _flattened(shape) if shapely.get_type_id(part) == _POLYGON and not part.is_empty]
    return parts[0] if len(parts) == 1 else shapely.union_all(parts) if parts else shapely.Polygon()


def _flattened(shape: Any) -> list[Any]:
    if shapely.get_type_id(shape) < 4:  # noqa: PLR2004 - points, lines and polygons stand alone
        return [shape]
    return [single for part in shapely.get_parts(shape) for single in _flattened(part)]


def _shapes(review: Review) -> NDArray[Any]:
    return np.asarray(review.frame["geometry"].to_numpy(), dtype=object)
