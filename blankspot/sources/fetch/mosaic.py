"""Tiles of one grid become one raster of the area: cut at whole pixels, never resampled, row of blocks by row of blocks.

Whole tiles are downloaded rather than windows of them: a tile can be resumed, verified and used for the neighbour too, and
a kabupaten touches one to four. What is written is a Cloud-Optimised GeoTIFF.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import rasterio
import rasterio.errors
import rasterio.shutil
from affine import Affine
from rasterio.windows import Window

from blankspot.errors import FetchError
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from blankspot.sources.fetch.catalogue import Bounds

_ROWS: Final = 1024
_TOLERANCE_PIXELS: Final = 0.01


def mosaic_land(
    paths: Sequence[Path | None], target: Path, *, bounds: Bounds, fill: float, attribution: str, unit: str = ""
) -> dict[str, int]:
    """Write the pixels inside `bounds` of tiles of which those at sea do not exist (None), as `mosaic` does.

    Returns:
        `width` and `height` in pixels, and how many `tiles` and `sea_tiles` there are.
    """
    there = [path for path in paths if path is not None]
    made = mosaic(there, target, bounds=bounds, fill=fill, tags={"TIFFTAG_COPYRIGHT": attribution}, unit=unit)
    return {"tiles": len(there), "sea_tiles": len(paths) - len(there), **made}


def mosaic(
    paths: Sequence[Path],
    target: Path,
    *,
    bounds: Bounds,
    fill: float | None = None,
    tags: Mapping[str, str] | None = None,
    unit: str = "",
) -> dict[str, int]:
    """Write the pixels inside `bounds` of rasters that share a grid.

    Args:
        paths: The tiles, EPSG:4326.
        target: The raster to write.
        bounds: Area in degrees.
        fill: Value where no tile is; the tiles' nodata if not given.
        tags: Notes to put into the file.
        unit: Unit of the values.

    Returns:
        `width` and `height` in pixels.

    Raises:
        FetchError: The tiles do not share a grid, or none touches the area.
    """
    if not paths:
        raise FetchError(
            Text("Penyedia tidak punya data di wilayah itu.", "The provider has no data in that area."),
            hint=Text(
                "Periksa --bounds: barat,selatan,timur,utara. Di laut memang tidak ada.",
                "Check --bounds: west,south,east,north. There is none at sea.",
            ),
        )
    with rasterio.open(paths[0]) as first:
        step_x, step_y = first.transform.a, -first.transform.e
        origin, profile = (first.transform.c, first.transform.f), first.profile
        colors = _colormap(first)
    left, right = _cells(bounds[0] - origin[0], bounds[2] - origin[0], step_x)
    top, bottom = _cells(origin[1] - bounds[3], origin[1] - bounds[1], step_y)
    if fill is None:  # only what the rasters cover
        covered = [_place(path, origin, step_x, step_y) for path in paths]
        left, right = max(left, min(c[0] for c in covered)), min(right, max(c[0] + c[2] for c in covered))
        top, bottom = max(top, min(c[1] for c in covered)), min(bottom, max(c[1] + c[3] for c in covered))
        if left >= right or top >= bottom:
            return mosaic([], target, bounds=bounds)
    grid = Affine(step_x, 0, origin[0] + left * step_x, 0, -step_y, origin[1] - top * step_y)
    shape = {"width": right - left, "height": bottom - top}
    raw = target.with_name("mosaic.tif")
    kept = {key: profile[key] for key in ("dtype", "crs", "nodata")}
    options: dict[str, Any] = {"tiled": True, "blockxsize": 512, "blockysize": 512, "compress": "deflate"}
    try:
        with rasterio.open(raw, "w", driver="GTiff", count=1, transform=grid, **shape, **kept, **options) as written:
            if fill is not None:
                _fill(written, fill)
            for path in paths:
                _copy(path, written, (left, top), origin)
            written.update_tags(**(tags or {}))
            if unit:
                written.units = (unit,)
            if colors:
                written.write_colormap(1, colors)
        rasterio.shutil.copy(raw, target, driver="COG", compress="DEFLATE", overview_resampling="nearest")
    except rasterio.errors.RasterioError as error:
        raise OSError(str(error)) from error
    finally:
        raw.unlink(missing_ok=True)
    return shape


def _cells(low: float, high: float, step: float) -> tuple[int, int]:
    """Return the first cell that a stretch touches and the one after its last."""
    start = math.floor(low / step + _TOLERANCE_PIXELS)
    return start, max(start + 1, math.ceil(high / step - _TOLERANCE_PIXELS))


def _place(path: Path, origin: tuple[float, float], step_x: float, step_y: float) -> tuple[int, int, int, int]:
    """Return a tile's first column, first row, width and height on the grid of the first."""
    with rasterio.open(path) as tile:
        column = (tile.transform.c - origin[0]) / step_x
        row = (origin[1] - tile.transform.f) / step_y
        apart = max(abs(column - round(column)), abs(row - round(row)))
        steps = max(abs(tile.transform.a / step_x - 1), abs(-tile.transform.e / step_y - 1)) * max(tile.shape)
        if max(apart, steps) > _TOLERANCE_PIXELS * 10:
            raise FetchError(
                Text(f"{path.name} tidak sekisi dengan petak lain.", f"{path.name} is not on the grid of the others.")
            )
        return round(column), round(row), tile.width, tile.height


def _fill(written: Any, value: float) -> None:
    import numpy as np

    for top in range(0, written.height, _ROWS):
        rows = min(_ROWS, written.height - top)
        block = np.full((rows, written.width), value, dtype=written.dtypes[0])
        written.write(block, 1, window=Window(0, top, written.width, rows))


def _copy(path: Path, written: Any, corner: tuple[int, int], origin: tuple[float, float]) -> None:
    column, row, width, height = _place(path, origin, written.transform.a, -written.transform.e)
    at_x, at_y = column - corner[0], row - corner[1]
    left, right = max(0, at_x), min(written.width, at_x + width)
    top, bottom = max(0, at_y), min(written.height, at_y + height)
    if left >= right or top >= bottom:
        return
    with rasterio.open(path) as tile:
        for start in range(top, bottom, _ROWS):
            rows = min(_ROWS, bottom - start)
            block = tile.read(1, window=Window(left - at_x, start - at_y, right - left, rows))
            written.write(block, 1, window=Window(left, start, right - left, rows))


def _colormap(opened: Any) -> dict[int, tuple[int, ...]] | None:
    try:
        found: dict[int, tuple[int, ...]] = opened.colormap(1)
    except ValueError:
        return None
    return found
