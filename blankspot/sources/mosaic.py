"""Rasters of one grid as one raster that is never in memory: windows are read from the tiles that hold them.

Where tiles overlap (SRTM's share their edge rows) the first in the order given that has a value there speaks, so that a
pixel's value does not depend on the window it is read in. Rows from south to north are turned, a rotated raster is refused.
Each thread opens the files for itself, because a GDAL dataset may not be shared between threads.
"""

from __future__ import annotations

import re
import threading
import warnings
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import rasterio
import rasterio.errors
import rasterio.windows
from affine import Affine
from pyproj import CRS
from rasterio.enums import MaskFlags

from blankspot.coverage import pixel_window
from blankspot.errors import SourceError
from blankspot.sources.files import unreadable
from blankspot.sources.raster_files import addresses
from blankspot.sources.rasters import HUGE
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from blankspot.terrain import Window

_OFF_GRID_PIXELS: Final = 0.05  # how far tiles of one grid may lie off each other
_STEP_TOLERANCE: Final = 1e-6
_CACHE_BYTES: Final = 64_000_000  # of decoded blocks; GDAL would take a twentieth of the machine's memory
_OPEN_MAX: Final = 32  # datasets a thread keeps open
_US_FOOT_M: Final = 1200 / 3937
_UNITS_M: Final = {
    **dict.fromkeys(("m", "metre", "meter", "metres", "meters"), 1.0),
    **dict.fromkeys(("ft", "feet", "foot", "footintl", "internationalfoot"), 0.3048),
    **dict.fromkeys(("usft", "ftus", "footus", "usfoot", "ussurveyfoot", "ussurveyfeet"), _US_FOOT_M),
    **dict.fromkeys(("dm", "decimetre", "decimeter", "decimetres", "decimeters"), 0.1),
    **dict.fromkeys(("cm", "centimetre", "centimeter", "centimetres", "centimeters"), 0.01),
}


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One raster of a mosaic.

    Attributes:
        name: What readers are shown.
        address: How GDAL opens it.
        place: Row, column, rows and columns on the mosaic's grid.
        upward: Rows run from south to north.
        nodata: Declared mark of empty pixels, None where there is none.
        masked: Emptiness is told by a mask or alpha band.
        scale: Factor of stored values.
        offset: Added after it.
        unit: As the file states it, "" where it does not.
        unit_m: Metres in a unit of heights.
        unit_known: Whether the unit stated is one that is known; of another, metres are assumed.
        marks: Undeclared marks of empty pixels in it, as stored.
        dtype: Of what is stored.
        bands: How many there are; the first is read.
        tags: What the file says about itself.
    """

    name: str
    address: str
    place: Window
    upward: bool
    nodata: float | None
    masked: bool
    scale: float
    offset: float
    unit: str
    unit_m: float
    unit_known: bool
    dtype: str
    marks: tuple[float, ...] = ()
    bands: int = 1
    tags: str = ""


@dataclass(frozen=True, kw_only=True)
class Mosaic:
    """Tiles of one grid.

    Attributes:
        tiles: In the order in which they speak.
        crs: Horizontal coordinate system, WKT.
        transform: From (column, row) to coordinates of `crs`; row 0 is the northernmost.
        shape: Rows and columns of what holds all tiles.
        handles: The open files of each thread.
        skipped: Names of files that are of another grid and were left aside.
    """

    tiles: tuple[Tile, ...]
    crs: str
    transform: Affine
    shape: tuple[int, int]
    handles: Handles
    skipped: tuple[str, ...] = ()

    def read(self, window: Window) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Return values of a window, which may reach beyond the grid, and where there is a tile at all.

        Scale, offset and unit are applied; NaN is no data.

        Raises:
            SourceError: A file can no longer be read.
        """
        values = np.full(window[2:], np.nan, dtype=np.float32)
        there = np.zeros(window[2:], dtype=bool)
        for tile in self.tiles:
            shared = overlap(tile.place, window)
            if shared is None:
                continue
            part = np.s_[
                shared[0] - window[0] : shared[0] - window[0] + shared[2],
                shared[1] - window[1] : shared[1] - window[1] + shared[3],
            ]
            there[part] = True
            found = self.read_tile(tile, shared)
            np.copyto(values[part], found, where=np.isnan(values[part]))
        return values, there

    def read_tile(self, tile: Tile, window: Window) -> NDArray[np.float32]:
        """Return the values of one tile in a window of the grid that lies within it, NaN where there is none."""
        cells, empty = self.cells(tile, window)
        for mark in tile.marks:
            empty |= cells == mark
        values = cells.astype(np.float32)
        if (tile.scale, tile.offset) != (1.0, 0.0):
            values = (cells * tile.scale + tile.offset).astype(np.float32)
        if tile.unit_m != 1.0:
            values *= np.float32(tile.unit_m)
        values[empty] = np.nan
        return values

    def cells(self, tile: Tile, window: Window) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Return what a tile stores in a window of the grid that lies within it, and which of it is declared empty."""
        row, column = window[0] - tile.place[0], window[1] - tile.place[1]
        if tile.upward:
            row = tile.place[2] - row - window[2]
        asked = rasterio.windows.Window(column, row, window[3], window[2])
        try:
            with rasterio.Env(GDAL_CACHEMAX=_CACHE_BYTES):
                opened = self.handles.of(tile.address)
                cells = opened.read(1, window=asked)
                empty = opened.read_masks(1, window=asked) == 0 if tile.masked else np.zeros(cells.shape, dtype=bool)
        except (rasterio.errors.RasterioError, rasterio.errors.RasterioIOError, OSError) as error:
            raise unreadable(tile.name, error) from error
        if cells.dtype.kind == "f":
            empty |= ~(np.abs(cells) < HUGE)
        if tile.nodata is not None and not np.isnan(tile.nodata):
            empty |= cells == (np.float32(tile.nodata) if cells.dtype == np.float32 else tile.nodata)
        return (cells[::-1], empty[::-1]) if tile.upward else (cells, empty)


class Handles:
    """Open rasters, each thread its own."""

    def __init__(self) -> None:
        self._local = threading.local()

    def of(self, address: str) -> Any:
        """Return the open dataset of this thread."""
        held: OrderedDict[str, Any] = self._local.__dict__.setdefault("held", OrderedDict())
        if address in held:
            held.move_to_end(address)
            return held[address]
        while len(held) >= _OPEN_MAX:
            held.popitem(last=False)[1].close()
        held[address] = rasterio.open(address)
        return held[address]


def overlap(one: Window, other: Window) -> Window | None:
    """Return what two windows share, None where it is nothing."""
    top, left = max(one[0], other[0]), max(one[1], other[1])
    bottom, right = min(one[0] + one[2], other[0] + other[2]), min(one[1] + one[3], other[1] + other[3])
    return (top, left, bottom - top, right - left) if top < bottom and left < right else None


def open_mosaic(
    paths: str | Path | Iterable[str | Path],
    *,
    crs: str | None = None,
    touches: tuple[float, float, float, float] | None = None,
) -> Mosaic:
    """Open rasters of one grid: files, zips and folders of them.

    Args:
        paths: One or several. A folder stands for all rasters below it; a zip for those in it, which are read where they are.
        crs: Coordinate system of files that do not say their own.
        touches: West, south, east, north in degrees. A file of another grid is refused where it reaches in and left aside
            where it does not.

    Raises:
        SourceError: A file is missing, damaged, rotated, does not say where it lies, or is not of the others' grid.
    """
    listed = addresses(paths)
    handles = Handles()
    found = [_describe(handles, name, address, crs) for name, address in listed]
    inside = [touches is None or _touches(system, place, shape, touches) for _, system, place, shape in found]
    first = inside.index(True) if any(inside) else 0
    _, system, place, _ = found[first]
    tiles, skipped = [], []
    for (tile, its_system, its_place, shape), reaches in zip(found, inside, strict=True):
        corner = _corner(place, its_place) if its_system == system and _same_step(place, its_place, shape) else None
        if corner is not None:
            tiles.append((tile, corner, shape))
        elif reaches:
            raise _not_of_one_grid(found[first][0].name, tile.name)
        else:
            skipped.append(tile.name)
    top = min(corner[0] for _, corner, _ in tiles)
    left = min(corner[1] for _, corner, _ in tiles)
    placed = tuple(_placed(tile, (corner[0] - top, corner[1] - left, *shape)) for tile, corner, shape in tiles)
    rows = max(tile.place[0] + tile.place[2] for tile in placed)
    columns = max(tile.place[1] + tile.place[3] for tile in placed)
    return Mosaic(
        tiles=placed,
        crs=system.to_wkt(),
        transform=place @ Affine.translation(left, top),
        shape=(rows, columns),
        handles=handles,
        skipped=tuple(skipped),
    )


def _describe(handles: Handles, name: str, address: str, crs: str | None) -> tuple[Tile, CRS, Affine, tuple[int, int]]:
    """Return a tile not placed yet, its horizontal coordinate system, its upright transform, rows and columns."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)  # refused below, in words
            opened = handles.of(address)
    except (rasterio.errors.RasterioError, rasterio.errors.RasterioIOError, OSError) as error:
        raise unreadable(name, error) from error
    place = opened.transform
    declared = opened.crs.to_wkt() if opened.crs else crs
    if declared is None or place == Affine.identity() or place.b or place.d or place.a <= 0:
        raise SourceError(
            Text(
                f"{name} tidak menyebut letaknya (CRS atau posisi), atau rasternya diputar.",
                f"{name} does not say where it lies (CRS or position), or is rotated.",
            ),
            hint=Text(
                'Sertakan .prj atau sebutkan crs, misalnya "EPSG:4326"; luruskan yang diputar dengan gdalwarp.',
                'Add its .prj or say crs, e.g. "EPSG:4326"; straighten a rotated one with gdalwarp.',
            ),
        )
    if np.dtype(opened.dtypes[0]).kind not in "iuf":
        raise SourceError(
            Text(
                f"{name} tidak memuat angka biasa ({opened.dtypes[0]}).",
                f"{name} holds no plain numbers ({opened.dtypes[0]}).",
            )
        )
    upward = place.e > 0
    if upward:
        place = place @ Affine.translation(0, opened.height) @ Affine.scale(1, -1)
    system = CRS.from_user_input(declared)
    tags = opened.tags() | opened.tags(1)
    unit = opened.units[0] or next((tags[key] for key in tags if key.lower() in ("unit", "units", "unittype")), "")
    known = _metres(str(unit), system)
    flags = set(opened.mask_flag_enums[0])
    tile = Tile(
        name=name,
        address=address,
        place=(0, 0, opened.height, opened.width),
        upward=upward,
        nodata=opened.nodatavals[0],
        masked=bool(flags & {MaskFlags.per_dataset, MaskFlags.alpha}),
        scale=float(opened.scales[0]),
        offset=float(opened.offsets[0]),
        unit=str(unit),
        unit_m=1.0 if known is None else known,
        unit_known=known is not None,
        dtype=str(opened.dtypes[0]),
        bands=opened.count,
        tags=" ".join(f"{key}={text}" for key, text in tags.items()),
    )
    return tile, system.to_2d() if len(system.axis_info) > 2 or system.is_compound else system, place, opened.shape  # noqa: PLR2004 - two horizontal axes


def _metres(unit: str, system: CRS) -> float | None:
    """Return the metres in a unit of heights, as the band says, else as a vertical coordinate system; None if not known."""
    if unit:
        return _UNITS_M.get(re.sub(r"[^a-z]", "", unit.lower()))
    vertical = [part for part in system.sub_crs_list if part.is_vertical]
    return float(vertical[0].axis_info[0].unit_conversion_factor) if vertical else 1.0


def _touches(system: CRS, place: Affine, shape: tuple[int, int], bounds: tuple[float, float, float, float]) -> bool:
    _, _, rows, columns = pixel_window(place, system.to_wkt(), shape, bounds)
    return rows > 0 and columns > 0


def _same_step(one: Affine, other: Affine, shape: Sequence[int]) -> bool:
    """Tell whether the steps of two grids differ by less than what a tile of this shape would show."""
    slack = max(_STEP_TOLERANCE, _OFF_GRID_PIXELS / max(shape))
    return bool(np.allclose((other.a, other.e), (one.a, one.e), rtol=slack, atol=0))


def _corner(one: Affine, other: Affine) -> tuple[int, int] | None:
    """Return row and column of another grid's corner, None where it lies between pixels."""
    column, row = ~one @ (other.c, other.f)
    whole = round(row), round(column)
    return whole if max(abs(row - whole[0]), abs(column - whole[1])) <= _OFF_GRID_PIXELS else None


def _placed(tile: Tile, place: tuple[int, ...]) -> Tile:
    row, column, rows, columns = place
    return replace(tile, place=(row, column, rows, columns))


def _not_of_one_grid(one: str, other: str) -> SourceError:
    return SourceError(
        Text(
            f"Raster tidak berasal dari satu kisi: ukuran piksel, letak, atau sistem koordinat {other} berbeda dari {one}.",
            f"The rasters are not of one grid: {other} differs from {one} in pixel size, place or coordinate system.",
        ),
        hint=Text(
            "Gabungkan menjadi satu berkas, misalnya dengan gdalwarp.",
            "Merge them into one file, e.g. with gdalwarp.",
        ),
    )
