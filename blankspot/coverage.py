"""Predicted coverage as a value: per operator and technology the median level, its spread, and who serves.

Three states of a pixel stay apart: NaN is *not predicted* (no terrain there, or outside the area asked for), the layer's
floor is *predicted, and nothing usable arrives*, anything above it is a level. No data is never no signal.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, Protocol

import numpy as np
from affine import Affine
from pyproj import CRS, Transformer

from blankspot.errors import UsageError
from blankspot.geo import WGS84
from blankspot.grid import Grid
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    from blankspot.settings import Provenance
    from blankspot.words import Lang

Model = Literal["p1812", "hata", "free_space"]
Key = tuple[str, str]
Tile = tuple[int, int]
Part = tuple["NDArray[np.float32]", "NDArray[np.float32]", "NDArray[np.int32]"]
METRIC_OF: Final[dict[str, str]] = {"5G": "ss_rsrp_dbm", "4G": "rsrp_dbm", "3G": "rscp_dbm", "2G": "rxlev_dbm"}
NO_SERVER: Final = -1
_INSET: Final = 1e-3  # of a pixel
_EDGE: Final = 21  # places along an edge that a projection bends
_DESCRIBED: Final[dict[Model, Text]] = {
    "p1812": Text("prediksi ITU-R P.1812", "prediction by ITU-R P.1812"),
    "hata": Text("prediksi Okumura-Hata", "prediction by Okumura-Hata"),
    "free_space": Text("prediksi ruang bebas", "prediction in free space"),
}
COARSE: Final = Text("kasar, tanpa data ketinggian", "coarse, without terrain")


@dataclass(frozen=True, kw_only=True, eq=False)
class Layer:
    """The strongest server of one operator and technology, pixel by pixel.

    Attributes:
        operator: As in `services`.
        technology: As in `services`.
        metric: Which level it is, `METRIC_OF[technology]`.
        median_dbm: Median level outdoors at handset height. NaN is not predicted; `floor_dbm` means at most that.
        sd_db: Standard deviation around the median, one value per pixel, same grid; NaN where the median is.
        server: Row of `Coverage.services` that is strongest there, shape of the grid, int32; `NO_SERVER` for none.
        floor_dbm: Levels are not told below this.
    """

    operator: str
    technology: str
    metric: str
    median_dbm: Grid
    sd_db: Grid
    server: NDArray[np.int32]
    floor_dbm: float


class CoverageSource(Protocol):
    """Coverage in memory or in files: what reads it asks for the part it needs."""

    @property
    def model(self) -> Model:
        """Which model predicted it."""

    @property
    def coarse(self) -> bool:
        """Whether it was predicted without terrain ("kasar")."""

    @property
    def services(self) -> pd.DataFrame:
        """The services predicted; `Layer.server` counts its rows."""

    def keys(self) -> tuple[Key, ...]:
        """Operator and technology of every layer, in their order."""

    def window(self, bounds: tuple[float, float, float, float]) -> Coverage:
        """Return the whole pixels that hold west, south, east, north in degrees; what lies outside is left away."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Coverage:
    """What `predict` returns.

    Attributes:
        layers: By (operator, technology), in the order of their keys.
        services: The services predicted, one row each, columns of `schema.TABLES["services"]`; the index counts from 0.
        model: Which model predicted it.
        coarse: Predicted without terrain: every output says *kasar*.
        remarks: What was left out or doubted, columns of `check.REJECT_COLUMNS`.
    """

    layers: Mapping[Key, Layer]
    services: pd.DataFrame
    model: Model
    coarse: bool
    remarks: pd.DataFrame

    def keys(self) -> tuple[Key, ...]:
        """Operator and technology of every layer, in their order."""
        return tuple(self.layers)

    def window(self, bounds: tuple[float, float, float, float]) -> Coverage:
        """Return the whole pixels that hold west, south, east, north in degrees; what lies outside is left away.

        The parts are views: nothing is copied.
        """
        return replace(self, layers={key: _cut(layer, bounds) for key, layer in self.layers.items()})


@dataclass(frozen=True, eq=False)
class Lattice:
    """The grid that all windows of one coverage are cut from, without end; rows and columns count from any of its pixels.

    Attributes:
        transform: From (column, row) to coordinates of `crs`; not rotated.
        crs: Coordinate system of the grid.
    """

    transform: Affine
    crs: str

    @classmethod
    def of(cls, coverage: CoverageSource, lon: float, lat: float) -> Lattice:
        """Return the grid of a coverage that has a layer, counted from about a position in degrees."""
        layer = next(iter(coverage.window((lon, lat, lon, lat)).layers.values()))
        return cls(layer.median_dbm.transform, layer.median_dbm.crs)

    def pixel_of(self, lon: ArrayLike, lat: ArrayLike) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the row and the column of the pixel that holds each position in degrees."""
        column, row = Grid(np.zeros((1, 1)), self.transform, self.crs).positions(lon, lat)
        return np.floor(row).astype(np.intp), np.floor(column).astype(np.intp)

    def around(self, bounds: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
        """Return row, column, rows and columns of the pixels that hold west, south, east, north in degrees."""
        west, south, east, north = bounds
        lon, lat = np.meshgrid(np.linspace(west, east, _EDGE), np.linspace(south, north, _EDGE))
        row, column = self.pixel_of(lon, lat)
        top, left = int(row.min()), int(column.min())
        return top, left, int(row.max()) - top + 1, int(column.max()) - left + 1

    def place(self, row: int, column: int) -> Affine:
        """Return the transform of a window that begins at a row and a column."""
        return self.transform @ Affine.translation(column, row)

    def bounds(self, row: int, column: int, rows: int, columns: int) -> tuple[float, float, float, float]:
        """Return west, south, east, north of a window in degrees, drawn in by a hair: they touch no pixel beside it."""
        first = self.transform @ (column + _INSET, row + _INSET)
        last = self.transform @ (column + columns - _INSET, row + rows - _INSET)
        (west, east), (south, north) = (sorted(pair) for pair in zip(first, last, strict=True))
        if CRS.from_user_input(self.crs) == CRS.from_user_input(WGS84):
            return west, south, east, north
        turned = Transformer.from_crs(self.crs, WGS84, always_xy=True)
        return turned.transform_bounds(west, south, east, north, densify_pts=_EDGE)

    def begin(self, grid: Grid) -> tuple[int, int]:
        """Return the row and the column at which a window of the coverage begins."""
        column, row = ~self.transform @ (grid.transform.c, grid.transform.f)
        return round(row), round(column)


@dataclass(frozen=True, kw_only=True, eq=False)
class Frame:
    """What coverage is laid out on before any of it is predicted.

    Attributes:
        crs: Coordinate system of the grid.
        transform: From (column, row) to coordinates of `crs`; not rotated, row 0 is the northernmost.
        shape: Rows and columns of the whole grid.
        tile_pixels: Side of a tile; those of the last row and column are smaller.
        keys: Operator and technology of every layer, in their order.
        floors_dbm: `Layer.floor_dbm` by key.
        services: The services to predict; servers count its rows.
        model: Which model predicts.
        coarse: Predicted without terrain ("kasar").
        digest: Changes whenever anything that decides the result does: inputs, settings, code. Tiles are kept only
            under the digest they were predicted under.
    """

    crs: str
    transform: Affine
    shape: tuple[int, int]
    tile_pixels: int
    keys: tuple[Key, ...]
    floors_dbm: Mapping[Key, float]
    services: pd.DataFrame
    model: Model
    coarse: bool
    digest: str

    def tiles(self) -> Iterator[Tile]:
        """Yield (tile row, tile column) of every tile, counted from the grid's upper left, row by row."""
        rows, columns = (math.ceil(side / self.tile_pixels) for side in self.shape)
        return ((row, column) for row in range(rows) for column in range(columns))

    def window(self, tile: Tile) -> tuple[int, int, int, int]:
        """Return row, column, rows and columns of a tile's pixels."""
        row, column = (place * self.tile_pixels for place in tile)
        return row, column, min(self.tile_pixels, self.shape[0] - row), min(self.tile_pixels, self.shape[1] - column)


class Store(Protocol):
    """Where predicted tiles go as they are finished, so that a run is not held in memory and can be taken up again."""

    def begin(self, frame: Frame) -> None:
        """Keep the tiles that an earlier run left under the same digest; clear all others."""

    def has(self, tile: Tile) -> bool:
        """Tell whether a tile is there, whole."""

    def put(self, tile: Tile, parts: Mapping[Key, Part]) -> None:
        """Keep a tile: median (dBm), standard deviation (dB) and server by key, each of the tile's shape.

        A key that is not there is not predicted in this tile. May be called from several threads.
        """

    def finish(self, remarks: pd.DataFrame, provenance: Provenance | None = None) -> CoverageSource:
        """Make coverage of the tiles and of what was left out or doubted; a tile that is not there is not predicted."""


def described(model: Model, *, coarse: bool) -> Text:
    """Return what a prediction is called as a source, and that it is coarse where it is."""
    name = _DESCRIBED[model]
    return Text(f"{name.id} ({COARSE.id})", f"{name.en} ({COARSE.en})") if coarse else name


def source_text(source: str, lang: Lang) -> str:
    """Return a source that names a prediction in a language, another as it is."""
    known = (described(model, coarse=coarse) for model in _DESCRIBED for coarse in (False, True))
    return next((text.of(lang) for text in known if source in text), source)


def best_of(layers: Iterable[Layer]) -> Layer:
    """Return the strongest of several layers of one grid and one metric, pixel by pixel; of equals the first.

    Raises:
        UsageError: There is none, or they differ in grid or metric.
    """
    listed = list(layers)
    if not listed or any(
        layer.metric != listed[0].metric
        or layer.median_dbm.shape != listed[0].median_dbm.shape
        or layer.median_dbm.transform != listed[0].median_dbm.transform
        for layer in listed
    ):
        raise UsageError(
            Text(
                "Lapisan terkuat hanya dapat dipilih dari lapisan dengan kisi dan ukuran yang sama.",
                "The strongest can only be chosen among layers of one grid and one metric.",
            ),
            hint=Text("Pilih per teknologi.", "Choose technology by technology."),
        )
    medians, spreads = ([getattr(layer, name).values for layer in listed] for name in ("median_dbm", "sd_db"))  # noqa: PD011 - a grid, not a frame
    levels, sd = np.stack(medians), np.stack(spreads)
    chosen = np.where(np.isnan(levels), -np.inf, levels).argmax(axis=0)[np.newaxis]
    servers = np.stack([layer.server for layer in listed])
    first = listed[0]
    return replace(
        first,
        operator="",
        median_dbm=replace(first.median_dbm, values=np.take_along_axis(levels, chosen, axis=0)[0]),
        sd_db=replace(first.sd_db, values=np.take_along_axis(sd, chosen, axis=0)[0]),
        server=np.take_along_axis(servers, chosen, axis=0)[0],
        floor_dbm=min(layer.floor_dbm for layer in listed),
    )


def pixel_window(
    transform: Affine, crs: str, shape: tuple[int, int], bounds: tuple[float, float, float, float]
) -> tuple[int, int, int, int]:
    """Return row, column, rows and columns of the whole pixels that hold bounds in degrees; 0 rows or columns outside."""
    if CRS.from_user_input(crs) != CRS.from_user_input(WGS84):
        to_grid = Transformer.from_crs(WGS84, crs, always_xy=True)
        moved = to_grid.transform_bounds(*bounds, densify_pts=21)
        if not all(map(math.isfinite, moved)):  # so far away that the grid's projection cannot tell
            near = _near(to_grid, transform, shape, bounds)
            if near is None:
                return 0, 0, 0, 0
            moved = to_grid.transform_bounds(*near, densify_pts=21)
        bounds = moved
    west, south, east, north = bounds
    columns, rows = zip(*(~transform @ corner for corner in ((west, north), (east, south))), strict=True)
    left, right = max(0, math.floor(min(columns))), min(shape[1], math.ceil(max(columns)))
    top, bottom = max(0, math.floor(min(rows))), min(shape[0], math.ceil(max(rows)))
    return top, left, max(0, bottom - top), max(0, right - left)


def _near(
    to_grid: Transformer, transform: Affine, shape: tuple[int, int], bounds: tuple[float, float, float, float]
) -> tuple[float, float, float, float] | None:
    """Return the part of bounds in degrees that lies around a grid; None where there is none."""
    west, north = transform @ (0, 0)
    east, south = transform @ (shape[1], shape[0])
    there = to_grid.transform_bounds(west, south, east, north, densify_pts=21, direction="INVERSE")
    margins = (there[2] - there[0]) / 100, (there[3] - there[1]) / 100
    low = max(bounds[0], there[0] - margins[0]), max(bounds[1], there[1] - margins[1])
    high = min(bounds[2], there[2] + margins[0]), min(bounds[3], there[3] + margins[1])
    return (*low, *high) if low[0] < high[0] and low[1] < high[1] else None


def _cut(layer: Layer, bounds: tuple[float, float, float, float]) -> Layer:
    grid = layer.median_dbm
    row, column, rows, columns = pixel_window(grid.transform, grid.crs, grid.shape, bounds)
    part = np.s_[row : row + rows, column : column + columns]
    place = grid.transform @ Affine.translation(column, row)
    median, sd = (Grid(whole.values[part], place, grid.crs) for whole in (grid, layer.sd_db))  # noqa: PD011 - a grid, not a frame
    return replace(layer, median_dbm=median, sd_db=sd, server=layer.server[part])
