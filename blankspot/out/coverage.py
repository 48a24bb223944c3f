"""The store of predicted coverage: tiles while it is made, Cloud-Optimised GeoTIFFs once it is whole, and back again.

A run over a province takes hours and may be interrupted. Each tile is written beside its name, forced to the disk and
renamed, so that after a kill there are whole tiles and nothing else; the next run with the same digest goes on with the
missing ones. When all are there the rasters are assembled block by block, and `coverage.json`, written last, says that the
folder is whole: a folder without it is not read.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import rasterio.errors
from affine import Affine
from pyarrow import feather

from blankspot import __version__
from blankspot.coverage import METRIC_OF, Coverage, Layer, pixel_window
from blankspot.errors import SourceError, UsageError
from blankspot.grid import Grid
from blankspot.out.coverage_rasters import (
    QUANTITIES,
    Quantity,
    Readers,
    decoded,
    encoded,
    file_tags,
    identity,
    nothing,
    write_raster,
)
from blankspot.out.files import atomic, refused
from blankspot.out.tables import write_parquet
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from blankspot.coverage import Frame, Key, Model, Part, Tile
    from blankspot.settings import Provenance

MANIFEST: Final = "coverage.json"
_TILES: Final = ".tiles"
_FORMAT: Final = 1
_SERVICES: Final = "services.parquet"
_REMARKS: Final = "remarks.parquet"


class CoverageStore:
    """Tiles of coverage in a folder, `coverage.Store`.

    Args:
        folder: Where the rasters go, such as out/coverage; made where it is missing.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self._tiles = self.folder / _TILES
        self._frame: Frame | None = None

    def begin(self, frame: Frame) -> None:
        """Keep the whole tiles that an earlier run left under the same digest; clear all others.

        What was finished before stays readable until `finish` replaces it.

        Raises:
            OutputError: The folder cannot be made or written.
        """
        self._frame = frame
        try:
            self._tiles.mkdir(parents=True, exist_ok=True)
            for left in [*self.folder.glob(".blankspot-*"), *self._tiles.glob(".blankspot-*")]:
                shutil.rmtree(left, ignore_errors=True)
            names = {_name(tile): tile for tile in frame.tiles()}
            for path in self._tiles.iterdir():
                if path.name not in names or not _is_whole(path, frame, names[path.name]):
                    path.unlink()
        except OSError as error:
            raise refused(self._tiles, error) from error

    def has(self, tile: Tile) -> bool:
        """Tell whether a tile is there, whole."""
        return (self._tiles / _name(tile)).is_file()

    def put(self, tile: Tile, parts: Mapping[Key, Part]) -> None:
        """Keep a tile: median (dBm), standard deviation (dB) and server by key; may be called from several threads.

        Raises:
            UsageError: A key is not of the frame, or an array not of the tile's shape.
            OutputError: The disk refuses.
        """
        frame = self._begun()
        _, _, rows, columns = frame.window(tile)
        held: dict[str, NDArray[np.integer]] = {}
        for key, (median, sd, server) in parts.items():
            if key not in frame.keys or any(part.shape != (rows, columns) for part in (median, sd, server)):
                raise UsageError(
                    Text(
                        f"Petak {tile} tidak cocok dengan rangkanya: {key}, {median.shape}.",
                        f"Tile {tile} does not fit its frame: {key}, {median.shape}.",
                    )
                )
            at = frame.keys.index(key)
            held[f"median_dbm_{at}"] = encoded(median, floor=frame.floors_dbm[key])
            held[f"sd_db_{at}"] = encoded(np.where(np.isnan(median), np.nan, sd))
            held[f"server_{at}"] = np.asarray(server, dtype=np.int32)
        held["pixels"] = np.zeros(rows * columns, dtype=np.int8)  # a tile of no layer is a whole tile too
        table = pa.table({name: values.ravel() for name, values in held.items()})
        table = table.replace_schema_metadata({"digest": frame.digest})
        with atomic(self._tiles / _name(tile)) as temporary:
            feather.write_feather(
                table, str(temporary), compression="zstd", compression_level=1, chunksize=rows * columns
            )
            with temporary.open("rb+") as written:
                os.fsync(written.fileno())

    def finish(self, remarks: pd.DataFrame, provenance: Provenance | None = None) -> StoredCoverage:
        """Assemble the tiles into rasters and remove them; a tile that is not there is not predicted.

        Args:
            remarks: What was left out or doubted, columns of `check.REJECT_COLUMNS`.
            provenance: Version, sources, thresholds and day that the rasters tell.

        Raises:
            OutputError: The disk refuses; the tiles stay.
        """
        frame = self._begun()
        (self.folder / MANIFEST).unlink(missing_ok=True)
        version = __version__ if provenance is None else provenance.version
        for quantity in QUANTITIES:
            path = self.folder / f"{quantity}.tif"
            if frame.keys:
                tags = file_tags(quantity, frame, version, provenance)
                write_raster(path, quantity, frame, self._blocks(quantity), tags=tags)
            else:
                path.unlink(missing_ok=True)
        write_parquet(self.folder / _SERVICES, frame.services)
        write_parquet(self.folder / _REMARKS, remarks)
        with atomic(self.folder / MANIFEST) as temporary:
            text = json.dumps(_manifest(frame, version, provenance), ensure_ascii=False, indent=1)
            temporary.write_text(text + "\n", encoding="utf-8")
        shutil.rmtree(self._tiles, ignore_errors=True)
        return open_coverage(self.folder)

    def _begun(self) -> Frame:
        if self._frame is None:
            raise UsageError(Text("Penyimpanan cakupan belum dimulai.", "The store of coverage was not begun."))
        return self._frame

    def _blocks(self, quantity: Quantity) -> Iterator[tuple[tuple[int, int, int, int], int, NDArray[np.integer]]]:
        frame = self._begun()
        for tile in frame.tiles():
            if not self.has(tile):
                continue
            window = frame.window(tile)
            path = str(self._tiles / _name(tile))
            there = set(_schema(path).names)
            for at in range(len(frame.keys)):
                name = f"{quantity}_{at}"
                if name in there:
                    column = feather.read_table(path, columns=[name], memory_map=True)[name]
                    yield window, at, column.to_numpy().reshape(window[2:])


def _name(tile: Tile) -> str:
    return f"{tile[0]:05d}_{tile[1]:05d}.arrow"


def _schema(path: str) -> pa.Schema:
    with pa.memory_map(path) as opened:
        return pa.ipc.open_file(opened).schema


def _is_whole(path: Path, frame: Frame, tile: Tile) -> bool:
    """Tell whether a file is a tile of this frame, predicted under its digest."""
    rows, columns = frame.window(tile)[2:]
    try:
        with pa.memory_map(str(path)) as opened:
            found = pa.ipc.open_file(opened)
            digest = (found.schema.metadata or {}).get(b"digest", b"").decode()
            counted = sum(found.get_batch(at).num_rows for at in range(found.num_record_batches))
    except (pa.ArrowException, OSError, ValueError):
        return False
    return bool(digest == frame.digest and counted == rows * columns)


def _manifest(frame: Frame, version: str, provenance: Provenance | None) -> dict[str, Any]:
    told = {
        "format": _FORMAT,
        "digest": frame.digest,
        "model": frame.model,
        "coarse": frame.coarse,
        "crs": frame.crs,
        "transform": list(frame.transform)[:6],
        "shape": list(frame.shape),
        "layers": [
            {"operator": operator, "technology": technology, "floor_dbm": frame.floors_dbm[operator, technology]}
            for operator, technology in frame.keys
        ],
        "version": version,
    }
    if provenance is not None:
        told |= {"profile": provenance.profile_label, "as_of": provenance.as_of.isoformat(), "title": provenance.title}
        told["sources"] = [
            {"name": source.name, "kind": source.kind, "sha256": source.sha256} for source in provenance.sources
        ]
    return told


@dataclass(frozen=True, kw_only=True, eq=False)
class StoredCoverage:
    """Coverage in files, `coverage.CoverageSource`: a window reads its part, several threads may.

    Attributes:
        folder: Where the files are.
        services: The services predicted; `Layer.server` counts its rows.
        model: Which model predicted it.
        coarse: Predicted without terrain ("kasar").
        remarks: What was left out or doubted, columns of `check.REJECT_COLUMNS`.
        crs: Coordinate system of the grid.
        transform: From (column, row) to coordinates of `crs`.
        shape: Rows and columns of the whole grid.
        floors_dbm: `Layer.floor_dbm` by key, in the order of the layers.
        digest: What it was predicted under.
        as_of: The day it speaks of, ISO; "" where it was not said.
        readers: The open rasters.
    """

    folder: Path
    services: pd.DataFrame
    model: Model
    coarse: bool
    remarks: pd.DataFrame
    crs: str
    transform: Affine
    shape: tuple[int, int]
    floors_dbm: Mapping[Key, float]
    digest: str
    as_of: str
    readers: Readers = field(default_factory=Readers, repr=False)

    def keys(self) -> tuple[Key, ...]:
        """Operator and technology of every layer, in their order."""
        return tuple(self.floors_dbm)

    def window(self, bounds: tuple[float, float, float, float]) -> Coverage:
        """Return the whole pixels that hold west, south, east, north in degrees; what lies outside is left away.

        Raises:
            SourceError: A raster can no longer be read.
        """
        return self.pixels(pixel_window(self.transform, self.crs, self.shape, bounds))

    def whole(self) -> Coverage:
        """Return all of it in memory."""
        return self.pixels((0, 0, *self.shape))

    def pixels(self, window: tuple[int, int, int, int]) -> Coverage:
        """Return a window inside the grid, given as row, column, rows and columns.

        Raises:
            SourceError: A raster can no longer be read.
        """
        row, column = window[:2]
        cells = {quantity: self._cells(quantity, window) for quantity in QUANTITIES}
        place = self.transform @ Affine.translation(column, row)
        layers = {}
        for at, (key, floor) in enumerate(self.floors_dbm.items()):
            operator, technology = key
            layers[key] = Layer(
                operator=operator,
                technology=technology,
                metric=METRIC_OF[technology],
                median_dbm=Grid(decoded(cells["median_dbm"][at], floor=floor), place, self.crs),
                sd_db=Grid(decoded(cells["sd_db"][at]), place, self.crs),
                server=cells["server"][at].astype(np.int32, copy=False),
                floor_dbm=floor,
            )
        return Coverage(
            layers=layers, services=self.services, model=self.model, coarse=self.coarse, remarks=self.remarks
        )

    def _cells(self, quantity: Quantity, window: tuple[int, int, int, int]) -> NDArray[Any]:
        if not (self.floors_dbm and window[2] and window[3]):
            dtype = np.int32 if quantity == "server" else np.int16
            return np.full((len(self.floors_dbm), *window[2:]), nothing(quantity), dtype=dtype)
        path = self.folder / f"{quantity}.tif"
        try:
            return self.readers.read(path, window)
        except (rasterio.errors.RasterioError, rasterio.errors.RasterioIOError) as error:
            raise _damaged(self.folder, path.name) from error


def open_coverage(folder: str | Path) -> StoredCoverage:
    """Open coverage that `CoverageStore.finish` wrote.

    Raises:
        SourceError: The folder is missing, holds no coverage or an unfinished one, or a file of it is missing, damaged or of
            another run.
    """
    folder = Path(folder)
    told = _read_manifest(folder)
    try:
        floors = {(one["operator"], one["technology"]): float(one["floor_dbm"]) for one in told["layers"]}
        shape = cast("tuple[int, int]", tuple(told["shape"]))
        found = StoredCoverage(
            folder=folder,
            services=pd.read_parquet(folder / _SERVICES),
            model=told["model"],
            coarse=told["coarse"],
            remarks=pd.read_parquet(folder / _REMARKS),
            crs=told["crs"],
            transform=Affine(*told["transform"]),
            shape=shape,
            floors_dbm=floors,
            digest=told["digest"],
            as_of=told.get("as_of", ""),
        )
    except (KeyError, TypeError, ValueError, OSError, pa.ArrowException) as error:
        raise _damaged(folder, MANIFEST if isinstance(error, (KeyError, TypeError)) else _SERVICES) from error
    for quantity in QUANTITIES if floors else ():
        name = f"{quantity}.tif"
        try:
            same = identity(folder / name) == (found.digest, len(floors), shape)
        except (rasterio.errors.RasterioError, rasterio.errors.RasterioIOError) as error:
            raise _damaged(folder, name) from error
        if not same:
            raise _damaged(folder, name)
    return found


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        begun = (folder / _TILES).is_dir()
        raise SourceError(
            Text(
                f"{folder} belum memuat prediksi cakupan yang selesai."
                if begun
                else f"{folder} tidak memuat prediksi cakupan.",
                f"{folder} holds no finished coverage yet." if begun else f"{folder} holds no predicted coverage.",
            ),
            hint=Text("Jalankan: blankspot cover.", "Run: blankspot cover."),
        ) from error
    except (OSError, ValueError) as error:
        raise _damaged(folder, MANIFEST) from error
    if not isinstance(told, dict) or told.get("format") != _FORMAT:
        raise _damaged(folder, MANIFEST)
    return told


def _damaged(folder: Path, name: str) -> SourceError:
    return SourceError(
        Text(
            f"{folder / name} tidak ada, rusak, atau dari prediksi lain.",
            f"{folder / name} is missing, damaged or of another prediction.",
        ),
        hint=Text(
            f"Hapus folder {folder}, lalu jalankan: blankspot cover.",
            f"Remove the folder {folder}, then run: blankspot cover.",
        ),
    )
