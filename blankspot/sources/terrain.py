"""Terrain from files: GeoTIFF, COG, VRT, .hgt, zipped or in folders, in any coordinate system; read window by window.

What decides a pixel is decided when the files are opened or lies within a fixed margin around it, and everything is
computed in squares of a fixed lattice, so that no value depends on the window it is asked in or on the thread that asks.

Voids: pixels that are declared empty or hold a mark of emptiness have no height; gaps of up to `terrain.hole_max_pixels` are
interpolated, wider ones stay without. Sea: pixels of exactly 0 m in a square of `terrain.sea_side_min_m` that is all 0 m, and
missing tiles of a tiled model beside such pixels; heights below 0 are land, unless told otherwise or the raster holds the
sea's bed. All of it is counted in the remarks.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd
from affine import Affine
from pyproj import Transformer

from blankspot.coverage import pixel_window
from blankspot.errors import SourceError
from blankspot.geo import WGS84
from blankspot.grid import Grid
from blankspot.settings import Settings, load_settings
from blankspot.sources import terrain_faults as faults
from blankspot.sources import terrain_told as told
from blankspot.sources.clutter import see
from blankspot.sources.lattice import Missing, missing_tiles
from blankspot.sources.mosaic import open_mosaic, overlap
from blankspot.sources.pixels import pixel_m
from blankspot.sources.rasters import remarks_of
from blankspot.sources.voids import fill_gaps, wide_areas
from blankspot.terrain import refuse_double_counting
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from blankspot.settings import TerrainRule
    from blankspot.sources.clutter import Clutter
    from blankspot.sources.mosaic import Mosaic
    from blankspot.terrain import Surface, Window

Sea = Literal["zero", "below_zero", "void", "none"]
Bounds = tuple[float, float, float, float]
_BLOCK: Final = 512  # native pixels along a square; fewer of the terrain's own where these are coarser
_CACHE_BYTES: Final = 128e6


class FileTerrain:
    """Heights, clutter and sea read from files, `terrain.Terrain`; made by `open_terrain`.

    Attributes:
        crs: Horizontal coordinate system, WKT.
        transform: From (column, row) to coordinates of `crs`, after averaging.
        shape: Rows and columns.
        surface: `dsm` or `dtm`.
        pixel_m: Side of a pixel on the ground, about.
        averaged: How many pixels of the files along a side make one.
        policy: What counts as sea.
        hole_max_pixels: Across how wide a gap of the files' pixels heights were interpolated.
        remarks: What was wrong, assumed, filled or missing, columns of `check.REJECT_COLUMNS`.
    """

    def __init__(
        self,
        mosaic: Mosaic,
        *,
        surface: Surface,
        averaged: int,
        sea: Sea,
        missing: Missing,
        rule: TerrainRule,
        clutter: Clutter | None,
    ) -> None:
        self.crs = mosaic.crs
        self.transform, self.shape = averaged_grid(mosaic, averaged)
        self.surface = surface
        self.averaged = averaged
        self.pixel_m = pixel_m(self.crs, self.transform, self.shape)
        self.policy: Sea = sea
        self.hole_max_pixels = rule.hole_max_pixels
        self.remarks: pd.DataFrame = remarks_of([], "id", table="terrain", column="height_m")
        self._mosaic, self._missing, self._clutter = mosaic, missing, clutter
        self._side = max(2, round(rule.sea_side_min_m * averaged / self.pixel_m))
        self._block = max(32, _BLOCK // averaged)
        self._cache: OrderedDict[tuple[str, int, int], NDArray[np.generic]] = OrderedDict()
        self._held, self._lock = 0, threading.Lock()

    def heights(self, window: Window) -> NDArray[np.float32]:
        """Return metres above sea level; NaN where there is no height, and beyond the grid.

        Raises:
            SourceError: A file can no longer be read.
        """
        part = np.full(window[2:], np.nan, dtype=np.float32)
        self._paste(part, window, "heights")
        return part

    def sea(self, window: Window) -> NDArray[np.bool_] | None:
        """Return which pixels are sea, beyond the grid none; None where the sea is not looked for."""
        if self.policy == "none":
            return None
        part = np.zeros(window[2:], dtype=bool)
        self._paste(part, window, "sea")
        return part

    def clutter(self, window: Window) -> NDArray[np.float32] | None:
        """Return representative clutter heights in metres, 0 beyond the grid; None without land cover."""
        if self._clutter is None:
            return None
        part = np.zeros(window[2:], dtype=np.float32)
        self._paste(part, window, "clutter")
        return part

    def grid(self, bounds: Bounds) -> Grid:
        """Return the heights of the whole pixels that hold west, south, east, north in degrees.

        Raises:
            SourceError: The terrain does not reach there.
        """
        window = self.window_of(bounds)
        if not (window[2] and window[3]):
            raise told.away(self._mosaic)
        return Grid(self.heights(window), self.transform @ Affine.translation(window[1], window[0]), self.crs)

    def window_of(self, bounds: Bounds) -> Window:
        """Return the whole pixels that hold west, south, east, north in degrees; 0 rows or columns outside."""
        return pixel_window(self.transform, self.crs, self.shape, bounds)

    def _paste(self, part: NDArray[np.generic], window: Window, layer: str) -> None:
        inside = overlap(window, (0, 0, *self.shape))
        if inside is None:
            return
        side = self._block
        for row in range(inside[0] // side, -(-(inside[0] + inside[2]) // side)):
            for column in range(inside[1] // side, -(-(inside[1] + inside[3]) // side)):
                shared = overlap(inside, (row * side, column * side, side, side))
                if shared is None:
                    continue
                block = self._square(layer, row, column)
                top, left = shared[0] - row * side, shared[1] - column * side
                at_row, at_column = shared[0] - window[0], shared[1] - window[1]
                part[at_row : at_row + shared[2], at_column : at_column + shared[3]] = block[
                    top : top + shared[2], left : left + shared[3]
                ]

    def _square(self, layer: str, row: int, column: int) -> NDArray[np.generic]:
        """Return one square of the lattice, from the cache or computed; two threads may compute the same one."""
        key = (layer, row, column)
        with self._lock:
            if key in self._cache:
                self._cache.move_to_end(key)
                return self._cache[key]
        side = self._block
        place = overlap((row * side, column * side, side, side), (0, 0, *self.shape))
        assert place is not None  # noqa: S101 - squares are asked for inside the grid
        made: dict[str, NDArray[np.generic]] = (
            {"clutter": self._clutter.heights(place)}
            if layer == "clutter" and self._clutter is not None
            else self._relief(place)
        )
        with self._lock:
            for name, values in made.items():
                self._held += values.nbytes if (name, row, column) not in self._cache else 0
                self._cache[name, row, column] = values
            while self._held > _CACHE_BYTES and len(self._cache) > len(made):
                self._held -= self._cache.popitem(last=False)[1].nbytes
        return made[layer]

    def _relief(self, place: Window) -> dict[str, NDArray[np.generic]]:
        """Return heights and sea of a window of the grid: whole blocks of the files' pixels, averaged."""
        k = self.averaged
        values, sea, _ = self.native(tuple(k * side for side in place))  # type: ignore[arg-type]
        if k > 1:
            blocks = values.reshape(place[2], k, place[3], k).swapaxes(1, 2).reshape(place[2], place[3], k * k)
            known = ~np.isnan(blocks)
            count = known.sum(axis=2)
            total = np.where(known, blocks, 0).sum(axis=2, dtype=np.float64)
            values = np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)
            wet = sea.reshape(place[2], k, place[3], k).sum(axis=(1, 3))
            sea = 2 * wet >= np.maximum(count, 1)
        return {"heights": values, "sea": sea}

    def native(self, window: Window) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.bool_]]:
        """Return heights, sea and which heights were interpolated, of a window of the files' own pixels."""
        pad = max(self.hole_max_pixels, self._side - 1) if self.policy != "none" else self.hole_max_pixels
        top, left, rows, columns = window
        around = (top - pad, left - pad, rows + 2 * pad, columns + 2 * pad)
        raw, there = self._mosaic.read(around)
        values = fill_gaps(raw, self.hole_max_pixels)
        absent = np.zeros(raw.shape, dtype=bool)
        for cell in self._missing.sea:
            shared = overlap(cell, around)
            if shared is not None:
                absent[
                    shared[0] - around[0] : shared[0] - around[0] + shared[2],
                    shared[1] - around[1] : shared[1] - around[1] + shared[3],
                ] = True
        absent &= ~there
        sea = wide_areas(absent | self._may_be_sea(values, there), self._side) if self.policy != "none" else absent
        inner = np.s_[pad : pad + rows, pad : pad + columns]
        values, sea = values[inner], sea[inner]
        filled = ~np.isnan(values) & np.isnan(raw[inner]) & there[inner]
        return np.where(sea, np.float32(0), values), sea, filled & ~sea

    def _may_be_sea(self, values: NDArray[np.float32], there: NDArray[np.bool_]) -> NDArray[np.bool_]:
        if self.policy == "below_zero":
            return np.less_equal(values, 0)
        level = np.equal(values, 0)
        return level | (np.isnan(values) & there) if self.policy == "void" else level


def open_terrain(
    paths: str | Path | Iterable[str | Path],
    *,
    surface: Surface | None = None,
    clutter: str | Path | Iterable[str | Path] | None = None,
    crs: str | None = None,
    resolution_m: float | None = None,
    sea: Sea | None = None,
    area: Bounds | None = None,
    settings: Settings | None = None,
) -> FileTerrain:
    """Open rasters of heights as terrain, and look for what is wrong with them.

    Args:
        paths: Files that GDAL reads (GeoTIFF, COG, VRT, ASCII grid, .hgt …), zips or folders of them: one raster, or tiles of one
            grid in the order in which they speak where they overlap.
        surface: Whether heights contain trees and houses. Not given: as the file's own tag `surface` says, else `dsm`.
        clutter: Rasters of land cover (ESA WorldCover's classes), mapped to heights by `settings.radio.clutter_m`.
        crs: Coordinate system of files that do not say their own.
        resolution_m: Average whole squares of pixels, as many along a side as come nearest to this, counted from the upper left;
            empty ones do not count. Not given or finer than the files: their own pixels.
        sea: What is sea: `zero`, wide areas of exactly 0 m and missing tiles beside them; `below_zero`, also what lies below 0 m;
            `void`, also wide areas without height (rasters cut at the coast); `none`, nothing. Not given: `zero`, or `below_zero`
            where the raster holds the sea's bed.
        area: West, south, east, north in degrees of what is needed; faults are looked for there, else everywhere.
        settings: Limits (`terrain`), heights of classes, language of remarks.

    Raises:
        SourceError: A file cannot be read, does not say where it lies, is rotated or not of the others' grid; nothing of the
            area is covered; or every pixel is empty.
        UsageError: Land cover on top of a `dsm` (`terrain.refuse_double_counting`).
    """
    settings = settings or load_settings()
    mosaic = open_mosaic(paths, crs=crs, touches=area)
    kind, said = told.surface_of(mosaic, surface)
    refuse_double_counting(kind, has_clutter=clutter is not None)
    looked = (0, 0, *mosaic.shape) if area is None else pixel_window(mosaic.transform, mosaic.crs, mosaic.shape, area)
    if not (looked[2] and looked[3]):
        raise told.away(mosaic)
    mosaic, found = faults.survey(mosaic, looked, settings.terrain)
    faults.refuse_empty(found)
    said += faults.entries(mosaic, found, settings.terrain)
    deep = faults.has_seabed(found)
    policy: Sea = sea or ("below_zero" if deep else "zero")
    if deep:
        said.append(told.seabed(found, policy))
    native_m = pixel_m(mosaic.crs, mosaic.transform, mosaic.shape)
    averaged = max(1, round((resolution_m or native_m) / native_m))
    cover, missing = None, Missing() if policy == "none" else missing_tiles(mosaic, below=policy == "below_zero")
    if clutter is not None:
        cover, classes = _cover(clutter, mosaic, averaged, crs=crs, area=area, settings=settings)
    terrain = FileTerrain(
        mosaic, surface=kind, averaged=averaged, sea=policy, missing=missing, rule=settings.terrain, clutter=cover
    )
    said += told.missing_entries(missing, mosaic, looked)
    said += told.counted(terrain, looked, found, missing)
    said += told.uncovered(mosaic, area, looked)
    terrain.remarks = remarks_of(said, settings.language, table="terrain", column="height_m")
    if clutter is not None:
        terrain.remarks = pd.concat([terrain.remarks, classes], ignore_index=True)
    return terrain


def _cover(
    paths: str | Path | Iterable[str | Path],
    mosaic: Mosaic,
    averaged: int,
    *,
    crs: str | None,
    area: Bounds | None,
    settings: Settings,
) -> tuple[Clutter, pd.DataFrame]:
    """Open land cover as clutter of the terrain's grid, and say which of its classes are not known."""
    cover = open_mosaic(paths, crs=crs, touches=area)
    transform, shape = averaged_grid(mosaic, averaged)
    clutter = see(cover, settings.radio.clutter_m, crs=mosaic.crs, transform=transform, shape=shape)
    reach = area or degrees_of(mosaic)
    window = pixel_window(cover.transform, cover.crs, cover.shape, reach)
    name = faults.listed([tile.name for tile in cover.tiles])
    if not (window[2] and window[3]):
        raise SourceError(
            Text(
                f"{name} tidak meliputi wilayah raster ketinggian.", f"{name} does not cover the area of the heights."
            ),
            hint=Text("Pakai tutupan lahan wilayah yang sama.", "Use land cover of the same area."),
        )
    said = told.classes(*clutter.unknown(faults.chunks(window)), name)
    return clutter, remarks_of(said, settings.language, table="land_cover", column="class")


def averaged_grid(mosaic: Mosaic, averaged: int) -> tuple[Affine, tuple[int, int]]:
    """Return transform and shape of the grid of whole squares of pixels, counted from the upper left."""
    rows, columns = (-(-side // averaged) for side in mosaic.shape)
    return mosaic.transform @ Affine.scale(averaged), (rows, columns)


def degrees_of(mosaic: Mosaic) -> Bounds:
    """Return west, south, east, north of a mosaic in degrees."""
    west, north = mosaic.transform @ (0, 0)
    east, south = mosaic.transform @ (mosaic.shape[1], mosaic.shape[0])
    moved = Transformer.from_crs(mosaic.crs, WGS84, always_xy=True).transform_bounds(
        west, south, east, north, densify_pts=21
    )
    return (float(moved[0]), float(moved[1]), float(moved[2]), float(moved[3]))
