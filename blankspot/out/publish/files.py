"""The published tables in the formats that others read: GeoPackage, GeoParquet, CSV, GeoJSON, PMTiles and XLSX.

GeoJSON follows RFC 7946 (GDAL's `RFC7946=YES`): WGS 84 without a `crs` member, seven decimals, rings by the right-hand rule, shapes
cut at the antimeridian. PMTiles carry one layer each; their zoom range follows the area, so that a village fills about a tile
at the deepest level and a country does not make a million of them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataSourceError

from blankspot.out.files import atomic, refused
from blankspot.out.publish.written import Written, note
from blankspot.out.qgis import layer_styles
from blankspot.out.tables import headings_of, write_csv, write_gpkg, write_parquet, write_xlsx
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from blankspot.out.publish.publication import About
    from blankspot.out.publish.selection import OpenTable, Selection
    from blankspot.settings import Settings

TABLE_FORMATS: Final = ("gpkg", "parquet", "csv", "geojson", "pmtiles", "xlsx")
_ALL_TABLES: Final = Text("Semua tabel", "All tables")
_SHEET_ROWS_MAX: Final = 1_048_575  # of a sheet of XLSX, below its heading
_ZOOM_MIN, _ZOOM_MAX = 2, 14
_TILES_MAX: Final = 20_000  # at the deepest level, over the bounds
_SIDE_TILES: Final = 1.0  # a village of median width fills about one tile at the deepest level
_VILLAGE_DEG: Final = 0.02  # where there is no village to measure: about 2 km


def write_tables(folder: Path, selection: Selection, about: About, settings: Settings, kind: str) -> list[Written]:
    """Write every table in one format and return the files.

    Raises:
        OutputError: The disk or a driver refuses.
    """
    if kind == "gpkg":
        layers = {table.name: _for_ogr(table) for table in selection.tables}
        path = write_gpkg(folder / "blankspot.gpkg", layers, styles=layer_styles(about.lang))
        return [note(folder, path, kind, _ALL_TABLES)]
    if kind == "xlsx":
        return [_workbook(folder, selection, about, settings)]
    writers: dict[str, Callable[[Path, OpenTable, Selection], Path]] = {
        "parquet": lambda path, table, _: write_parquet(path, table.frame),
        "csv": lambda path, table, _: write_csv(path, as_text(table)),
        "geojson": lambda path, table, _: _geojson(path, table),
        "pmtiles": _pmtiles,
    }
    spatial_only = kind in ("geojson", "pmtiles")
    chosen = [table for table in selection.tables if not spatial_only or _has_places(table)]
    return [
        note(folder, writers[kind](folder / f"{table.name}.{kind}", table, selection), kind, table.title, table=table)
        for table in chosen
    ]


def as_text(table: OpenTable) -> pd.DataFrame:
    """Return a table without geometry, its days written out as ISO 8601."""
    plain = pd.DataFrame(table.frame[table.columns]).copy()
    for name in plain.columns:
        if pd.api.types.is_datetime64_any_dtype(plain[name]):
            plain[name] = plain[name].dt.strftime("%Y-%m-%d").astype("str").where(plain[name].notna())
    return plain


def zooms(selection: Selection) -> tuple[int, int]:
    """Return the least and the deepest zoom of tiles for the area of a selection."""
    if selection.bounds is None:
        return _ZOOM_MIN, _ZOOM_MIN
    west, south, east, north = selection.bounds
    width, height = max(east - west, 1e-6), max(north - south, 1e-6)
    least = min(max(math.floor(math.log2(360 / max(width, height))), _ZOOM_MIN), _ZOOM_MAX - 1)
    sides = selection.tables[0].frame.geometry.bounds
    side = float((sides["maxx"] - sides["minx"]).median())
    village = side if math.isfinite(side) and side > 0 else _VILLAGE_DEG
    wanted = math.ceil(math.log2(360 * _SIDE_TILES / village))
    allowed = math.floor(math.log2(360) + 0.5 * math.log2(_TILES_MAX / (width * height)))
    return least, min(max(min(wanted, allowed), least), _ZOOM_MAX)


def _has_places(table: OpenTable) -> bool:
    return isinstance(table.frame, gpd.GeoDataFrame) and bool(table.frame.geometry.notna().any())


def _for_ogr(table: OpenTable) -> pd.DataFrame:
    return table.frame if isinstance(table.frame, gpd.GeoDataFrame) else as_text(table)


def _with_text(table: OpenTable, *, placed: bool) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(as_text(table), geometry=table.frame.geometry, crs="EPSG:4326")
    return frame[frame.geometry.notna() & ~frame.geometry.is_empty] if placed else frame


def _geojson(path: Path, table: OpenTable) -> Path:
    frame = _with_text(table, placed=False)
    options = {"RFC7946": "YES", "COORDINATE_PRECISION": "7", "WRITE_NAME": "NO"}
    return _through_ogr(path, frame, "GeoJSON", table.name, options)


def _pmtiles(path: Path, table: OpenTable, selection: Selection) -> Path:
    least, deepest = zooms(selection)
    options = {
        "MINZOOM": str(least),
        "MAXZOOM": str(deepest),
        "NAME": table.name,
        "DESCRIPTION": table.description.id,
        "MAX_SIZE": "1000000",
        "MAX_FEATURES": "200000",
    }
    return _through_ogr(path, _with_text(table, placed=True), "PMTiles", table.name, options)


def _through_ogr(path: Path, frame: gpd.GeoDataFrame, driver: str, layer: str, options: dict[str, str]) -> Path:
    plain = frame.copy()
    for name in plain.columns:
        if plain[name].dtype == "boolean":
            plain[name] = plain[name].astype("object")
    try:
        with atomic(path) as temporary:
            pyogrio.write_dataframe(plain, temporary, driver=driver, layer=layer, **options)
    except DataSourceError as error:
        raise refused(path, error) from error
    return path


def _workbook(folder: Path, selection: Selection, about: About, settings: Settings) -> Written:
    sheets = {
        table.title.of(about.lang): (pd.DataFrame(table.frame[table.columns]), headings_of(table.schema, about.lang))
        for table in selection.tables
        if len(table.frame) <= _SHEET_ROWS_MAX
    }
    path = write_xlsx(folder / "blankspot.xlsx", sheets, lang=about.lang, zone=settings.zone)
    return note(folder, path, "xlsx", _ALL_TABLES)
