"""Rasters from files: heights, signal, people; and how many people live in each village.

A raster becomes a `Grid` whose empty pixels are NaN. Population rasters lie in quiet ways: the mark of empty pixels is not
declared, cells are negative, the unit is not stated and the sum exceeds the country. Each is looked for and reported; what
can only be "no data" is treated so, and nothing is rescaled. People are counted where the raster lies: villages are brought
into the raster's coordinate system, because resampling a raster of people would invent or lose some.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd
import rasterio
import rasterio.errors
import rasterio.windows
import shapely
from affine import Affine
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from pyproj import CRS
from rasterio.drivers import raster_driver_extensions

from blankspot.check import REJECT_COLUMNS
from blankspot.errors import SourceError
from blankspot.geo import area_km2, assert_wgs84
from blankspot.grid import Grid
from blankspot.settings import load_settings
from blankspot.sources.files import Member, members, unreadable
from blankspot.words import Text, number

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

    from blankspot.check import Severity
    from blankspot.settings import Settings
    from blankspot.words import Lang

NO_RASTERS: Final = frozenset({"gpkg.zip", "hdr", "json", "kml", "kmz", "pdf", "sqlite", "vrt", "xml", "zip"})
SENTINELS: Final = (-9999.0, -99999.0, -999.0, -32768.0, -2147483648.0)
HUGE: Final = 1e30  # ±3.4e38 and ±1.8e308, the ends of floating types, stand for empty in many exports
_M2_PER_KM2: Final = 1e6
_TOUCH_PIXELS: Final = 1e-6  # less is the noise of coordinates along a shared edge

_NO_TAG: Final = Text(
    "Tanda piksel kosong tidak tercatat; {value} dianggap kosong.",
    "No nodata is declared; {value} is taken as no data.",
)
_NEGATIVE: Final = Text(
    "Piksel bernilai negatif dianggap kosong: {value}.", "Negative cells are taken as no data: {value}."
)
_UNIT: Final = Text(
    "Satuan tidak tercatat; dianggap jiwa per piksel. Jumlah: {value}.",
    "The unit is not stated; people per pixel is assumed. Total: {value}.",
)
_ABSURD: Final = Text(
    "Jumlah penduduk tidak masuk akal: {value}. Satuannya mungkin bukan jiwa per piksel.",
    "The total is absurd: {value}. The unit may not be people per pixel.",
)
_EMPTY: Final = Text(
    "Raster tidak memuat satu piksel pun yang berisi: {value}.", "The raster holds no filled pixel: {value}."
)


@dataclass(frozen=True, kw_only=True)
class Population:
    """People per pixel, and what had to be said about the file.

    Attributes:
        grid: People per pixel; NaN is no data.
        total: Sum over all pixels read.
        remarks: Columns of `check.REJECT_COLUMNS`; severity `noted`, or `repaired` where cells were emptied.
        cells_emptied: How many cells were taken as no data without being declared so.
    """

    grid: Grid
    total: float
    remarks: pd.DataFrame
    cells_emptied: int


@dataclass(frozen=True)
class _Raw:
    """A band as stored: cells (masked ones not yet empty), its place, and what the file declares."""

    cells: NDArray[Any]
    transform: Affine
    crs: str
    nodata: float | None
    declared_empty: NDArray[np.bool_]
    unit: str


def read_grid(
    path: str | Path, *, villages: gpd.GeoDataFrame | None = None, band: int = 1, crs: str | None = None
) -> Grid:
    """Read one band of a raster.

    Args:
        path: A file that GDAL reads (GeoTIFF, ASCII grid with .prj, SRTM .hgt …), or a zip with one of them.
        villages: Read only the window that holds these (EPSG:4326); the whole raster if not given.
        band: Counted from 1.
        crs: Coordinate system of a file that does not say its own.

    Returns:
        Floating values, scale and offset applied; declared empty pixels are NaN.

    Raises:
        SourceError: The file cannot be read, has no such band, does not say where it lies, or is rotated; or
            the villages lie outside it.
    """
    raw = _open(path, band=band, crs=crs, villages=villages)
    return Grid(values=np.where(raw.declared_empty, np.nan, _floating(raw.cells)), transform=raw.transform, crs=raw.crs)


def read_population(
    path: str | Path,
    *,
    villages: gpd.GeoDataFrame | None = None,
    band: int = 1,
    crs: str | None = None,
    settings: Settings | None = None,
) -> Population:
    """Read a raster of people per pixel and look for what is wrong with it.

    Args:
        path: As for `read_grid`.
        villages: Read only the window that holds these (EPSG:4326); the whole raster if not given.
        band: Counted from 1.
        crs: Coordinate system of a file that does not say its own.
        settings: Limits of a believable total and density (`intake.population_…`), language of the remarks.

    Raises:
        SourceError: As for `read_grid`; or the villages lie outside the raster.
    """
    settings = settings or load_settings()
    raw = _open(path, band=band, crs=crs, villages=villages)
    values = np.where(raw.declared_empty, np.nan, _floating(raw.cells))
    undeclared, marks = _sentinels(raw, values)
    negative = (values < 0) & ~undeclared
    lowest = float(values[negative].min()) if negative.any() else 0.0
    values[undeclared | negative] = np.nan
    grid = Grid(values=values, transform=raw.transform, crs=raw.crs)
    total = float(np.nansum(values, dtype=np.float64))
    lang = settings.language
    name = str(path).replace("\\", "/").rsplit("/", 1)[-1]
    entries: list[Entry] = []
    if undeclared.any():
        shown = f"{marks} ({number(undeclared.sum(), lang=lang)}×)"
        entries.append(Entry("repaired", "nodata_undeclared", _NO_TAG, shown, name))
    if negative.any():
        shown = f"{number(negative.sum(), lang=lang)}×, min {lowest:g}"
        entries.append(Entry("repaired", "negative_cells", _NEGATIVE, shown, name))
    if not np.isfinite(values).any():
        entries.append(Entry("noted", "population_empty", _EMPTY, str(grid.shape), name))
    if not raw.unit:
        entries.append(Entry("noted", "unit_undocumented", _UNIT, number(total, lang=lang), name))
    density = _density_per_km2(grid, total)
    if total > settings.intake.population_total_max or density > settings.intake.population_density_max_per_km2:
        shown = f"{number(total, lang=lang)} ({number(density, lang=lang)}/km²)"
        entries.append(Entry("noted", "population_absurd", _ABSURD, shown, name))
    emptied = int((undeclared | negative).sum())
    remarks = remarks_of(entries, lang, table="population", column="population")
    return Population(grid=grid, total=total, remarks=remarks, cells_emptied=emptied)


def zonal_sums(source: Grid | str | Path, villages: gpd.GeoDataFrame) -> pd.Series:
    """Sum a raster over villages; a pixel on a border counts for each side by its covered part.

    Args:
        source: A grid, or a file for `read_grid`.
        villages: village_code and polygons in EPSG:4326.

    Returns:
        Sum per village_code, in the order of `villages`; NaN where no filled pixel touches the village.
    """
    assert_wgs84(villages)
    grid = source if isinstance(source, Grid) else read_grid(source)
    frame = villages[["village_code", "geometry"]].to_crs(CRS.from_user_input(grid.crs))
    west, south, east, north = grid.bounds
    raster = NumPyRasterSource(
        np.ascontiguousarray(grid.values), west, south, east, north, nodata=np.nan, srs_wkt=frame.crs.to_wkt()
    )
    found = exact_extract(raster, frame.reset_index(drop=True), ["sum", "count"], output="pandas")
    sums = found["sum"].astype("float64").where(found["count"] > _TOUCH_PIXELS)
    return pd.Series(sums.to_numpy(), index=pd.Index(villages["village_code"], name="village_code"), name="sum")


def _suffixes() -> frozenset[str]:
    return frozenset(f".{ending}" for ending in set(raster_driver_extensions()) - NO_RASTERS)


def _open(path: str | Path, *, band: int, crs: str | None, villages: gpd.GeoDataFrame | None) -> _Raw:
    with members(path, suffixes=_suffixes()) as found:
        if len(found) > 1:
            listed = ", ".join(member.name for member in found)
            raise SourceError(
                Text(f"Ada beberapa raster: {listed}.", f"There are several rasters: {listed}."),
                hint=Text("Sebutkan satu saja.", "Name one of them."),
            )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)  # refused below, in words
                opened = rasterio.open(found[0].path)
            with opened:
                return _band(opened, found[0], band, crs, villages)
        except (rasterio.errors.RasterioError, rasterio.errors.RasterioIOError, OSError) as error:
            raise unreadable(found[0].name, error) from error


def _band(opened: Any, member: Member, band: int, crs: str | None, villages: gpd.GeoDataFrame | None) -> _Raw:
    if not 1 <= band <= opened.count:
        raise SourceError(
            Text(
                f"{member.name} tidak punya kanal {band} (ada {opened.count}).",
                f"{member.name} has no band {band} (it has {opened.count}).",
            ),
            hint=Text("Kanal dihitung dari 1.", "Bands are counted from 1."),
        )
    system = opened.crs.to_wkt() if opened.crs else crs
    transform = opened.transform
    if system is None or transform == Affine.identity() or transform.b or transform.d:
        raise SourceError(
            Text(
                f"{member.name} tidak menyebut letaknya (CRS atau posisi), atau rasternya diputar.",
                f"{member.name} does not say where it lies (CRS or position), or is rotated.",
            ),
            hint=Text(
                'Sertakan .prj atau sebutkan crs, misalnya "EPSG:4326".', 'Add its .prj or say crs, e.g. "EPSG:4326".'
            ),
        )
    window = None if villages is None else _window(opened, member, system, villages)
    values = opened.read(band, window=window)
    empty = opened.read_masks(band, window=window) == 0
    place = transform if window is None else transform @ Affine.translation(window.col_off, window.row_off)
    scale, offset = opened.scales[band - 1], opened.offsets[band - 1]
    if (scale, offset) != (1.0, 0.0):
        values = values * scale + offset
    if place.e > 0:  # rows from south to north
        values, empty = values[::-1], empty[::-1]
        place = place @ Affine.translation(0, values.shape[0]) @ Affine.scale(1, -1)
    tags = opened.tags(band)
    unit = opened.units[band - 1] or next(
        (tags[key] for key in tags if key.lower() in ("unit", "units", "unittype")), ""
    )
    nodata = opened.nodatavals[band - 1]
    return _Raw(values, place, system, nodata, empty | ~np.isfinite(values), str(unit))


def _window(opened: Any, member: Member, crs: str, villages: gpd.GeoDataFrame) -> Any:
    """Return the whole pixels that hold the villages."""
    assert_wgs84(villages)
    west, south, east, north = villages.to_crs(CRS.from_user_input(crs)).total_bounds
    if not all(map(math.isfinite, (west, south, east, north))):
        raise _outside(member)
    columns, rows = zip(*(~opened.transform @ corner for corner in ((west, north), (east, south))), strict=True)
    left, right = max(0, math.floor(min(columns))), min(opened.width, math.ceil(max(columns)))
    top, bottom = max(0, math.floor(min(rows))), min(opened.height, math.ceil(max(rows)))
    if left >= right or top >= bottom:
        raise _outside(member)
    return rasterio.windows.Window(left, top, right - left, bottom - top)


def _outside(member: Member) -> SourceError:
    return SourceError(
        Text(
            f"{member.name} tidak meliputi desa yang diminta.", f"{member.name} does not cover the villages asked for."
        ),
        hint=Text("Pakai raster wilayah yang sama.", "Use a raster of the same area."),
    )


def _floating(values: NDArray[Any]) -> NDArray[np.floating]:
    return values if values.dtype in (np.float32, np.float64) else values.astype(np.float64)


def _sentinels(raw: _Raw, values: NDArray[np.floating]) -> tuple[NDArray[np.bool_], str]:
    """Return which cells hold a known mark of emptiness that the file does not declare, and the marks found."""
    with np.errstate(invalid="ignore"):
        found = np.abs(values) >= HUGE
        for mark in SENTINELS:
            found |= values == mark
    if raw.cells.dtype.kind in "iu" and raw.cells.dtype.itemsize > 1:
        found |= (raw.cells == np.iinfo(raw.cells.dtype).max) & ~raw.declared_empty
    marks = ", ".join(f"{mark:g}" for mark in np.unique(values[found]))
    return np.asarray(found, dtype=bool), marks


def _density_per_km2(grid: Grid, total: float) -> float:
    """Return people per km² of filled pixels; degrees are measured at the raster's middle latitude."""
    filled = int(np.isfinite(grid.values).sum())
    if not filled:
        return 0.0
    system = CRS.from_user_input(grid.crs)
    rows, columns = grid.shape
    west, north = grid.transform @ (columns // 2, rows // 2)
    east, south = grid.transform @ (columns // 2 + 1, rows // 2 + 1)
    pixel = shapely.box(west, south, east, north)
    km2 = (
        area_km2(pixel)
        if system.is_geographic
        else pixel.area * system.axis_info[0].unit_conversion_factor ** 2 / _M2_PER_KM2
    )
    return total / (filled * km2)


class Entry(NamedTuple):
    """One remark about a file.

    Attributes:
        severity: `noted`, or `repaired` where values were changed.
        rule: Stable English identifier.
        message: Sentence for the reader; `{value}` is replaced by the value seen.
        value: As told.
        name: Of the file.
    """

    severity: Severity
    rule: str
    message: Text
    value: str
    name: str


def remarks_of(entries: Iterable[Entry], lang: Lang, *, table: str, column: str) -> pd.DataFrame:
    """Return remarks about rasters as rows, columns of `check.REJECT_COLUMNS`."""
    rows = [
        (
            table,
            one.name,
            0,
            column,
            one.rule,
            one.value,
            one.message.of(lang).replace("{value}", one.value),
            one.severity,
        )
        for one in entries
    ]
    frame = pd.DataFrame(rows, columns=list(REJECT_COLUMNS))
    return frame.astype(dict.fromkeys(REJECT_COLUMNS, "str") | {"row": "int64"})
