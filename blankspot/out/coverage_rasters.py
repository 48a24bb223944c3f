"""Coverage as Cloud-Optimised GeoTIFFs, one band per operator and technology, and back as arrays.

Levels and spreads are kept as whole tenths of a decibel (int16, scale 0,1): half the room of floats before compression, a
tenth after it, and far finer than any model knows; a level within half a tenth of its floor becomes the floor. Overviews
take one pixel of each block as it is (nearest): its level, its spread and its server belong together, and no level is shown
that was not predicted anywhere. The three states of a pixel stay apart: nodata is not predicted, the floor is predicted
without a usable signal, anything above is a level.
"""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import rasterio
import rasterio.shutil
import rasterio.windows
from rasterio.enums import Resampling

from blankspot.coverage import METRIC_OF, NO_SERVER
from blankspot.out.files import atomic

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from blankspot.coverage import Frame, Key
    from blankspot.settings import Provenance

Quantity = Literal["median_dbm", "sd_db", "server"]
QUANTITIES: Final[tuple[Quantity, ...]] = ("median_dbm", "sd_db", "server")
STEP_DB: Final = 0.1
_STEPS_PER_DB: Final = np.float32(10)  # divided by and not multiplied with 0.1, so that -105.0 comes back as itself
_BLOCK: Final = 256  # a village is about a hundred pixels wide, and all bands of a block are decoded at once
_CACHE_BYTES: Final = 64_000_000  # GDAL would take a twentieth of the machine's memory
_NODATA: Final = -32768
_UNITS: Final = {"median_dbm": "dBm", "sd_db": "dB", "server": ""}
_MEANINGS: Final = {
    "median_dbm": "median level outdoors at handset height",
    "sd_db": "standard deviation around the median",
    "server": "row of services.parquet, counted from 0, of the strongest service",
}


def encoded(values: NDArray[np.floating], *, floor: float | None = None) -> NDArray[np.int16]:
    """Return decibels as whole tenths; what is below `floor` as the floor, NaN as nodata."""
    if floor is not None:
        values = np.maximum(values, np.float32(floor))
    tenths = np.rint(values * _STEPS_PER_DB)
    known = np.isfinite(tenths)
    within = np.clip(np.where(known, tenths, 0), _NODATA + 1, -_NODATA - 1)
    return np.where(known, within, _NODATA).astype(np.int16)


def decoded(tenths: NDArray[np.int16], *, floor: float | None = None) -> NDArray[np.float32]:
    """Return whole tenths as decibels; nodata as NaN, and the tenth of `floor` as exactly that."""
    values = tenths.astype(np.float32) / _STEPS_PER_DB
    if floor is not None:
        values[tenths == encoded(np.array([floor], dtype=np.float32))[0]] = floor
    values[tenths == _NODATA] = np.nan
    return values


def nothing(quantity: Quantity) -> int:
    """Return what a pixel holds that is not predicted."""
    return NO_SERVER if quantity == "server" else _NODATA


def write_raster(
    path: Path,
    quantity: Quantity,
    frame: Frame,
    blocks: Iterable[tuple[tuple[int, int, int, int], int, NDArray[np.integer]]],
    *,
    tags: dict[str, str],
) -> None:
    """Write one quantity of all layers, whole or not at all; memory depends on the blocks and not on the raster.

    Args:
        path: The file.
        quantity: Which one.
        frame: Grid and layers.
        blocks: (row, column, rows, columns), position of the layer, values as `encoded`; the rest is not predicted.
        tags: Of the whole file.
    """
    rows, columns = frame.shape
    profile = {
        "driver": "GTiff", "width": columns, "height": rows, "count": len(frame.keys), "crs": frame.crs,
        "transform": frame.transform, "dtype": "int32" if quantity == "server" else "int16", "nodata": nothing(quantity),
        "tiled": True, "blockxsize": _BLOCK, "blockysize": _BLOCK, "interleave": "band", "BIGTIFF": "IF_SAFER",
        "SPARSE_OK": "TRUE",
    }  # fmt: skip
    with atomic(path) as temporary, rasterio.Env(GDAL_CACHEMAX=_CACHE_BYTES):
        plain = temporary.with_name("plain.tif")
        with rasterio.open(plain, "w", **profile) as opened:
            _label(opened, quantity, frame, tags)
            for (row, column, height, width), at, values in blocks:
                window = rasterio.windows.Window(column, row, width, height)
                opened.write(values, at + 1, window=window)
        # built on the plain file, a third of the time that the driver takes to build them on its compressed one
        with rasterio.open(plain, "r+") as opened:
            opened.build_overviews(_factors(frame.shape), Resampling.nearest)
        rasterio.shutil.copy(
            plain, temporary, driver="COG", compress="DEFLATE", predictor="YES", blocksize=_BLOCK, overviews="AUTO",
            overview_resampling="NEAREST", BIGTIFF="IF_SAFER", num_threads="ALL_CPUS",
        )  # fmt: skip
        with rasterio.open(temporary) as opened:
            _cells(opened, (rows - 1, columns - 1, 1, 1))  # written last: a full disk shows here


def _factors(shape: tuple[int, int]) -> list[int]:
    """Return by how much each overview is coarser; the last fits into one block."""
    steps = max(0, math.ceil(math.log2(max(shape) / _BLOCK)))
    return [2**step for step in range(1, steps + 1)]


def _label(opened: Any, quantity: Quantity, frame: Frame, tags: dict[str, str]) -> None:
    opened.update_tags(**tags)
    if quantity != "server":
        opened.scales, opened.offsets = [STEP_DB] * opened.count, [0.0] * opened.count
    for at, key in enumerate(frame.keys, start=1):
        opened.set_band_description(at, description(key, quantity, coarse=frame.coarse))
        opened.set_band_unit(at, _UNITS[quantity])
        opened.update_tags(at, **_band_tags(key, quantity, frame))


def description(key: Key, quantity: Quantity, *, coarse: bool) -> str:
    """Return what a band is called, such as "telkomsel 4G median rsrp_dbm (kasar)"."""
    operator, technology = key
    what = {"median_dbm": f"median {METRIC_OF[technology]}", "sd_db": "sd_db", "server": "server"}[quantity]
    return f"{operator} {technology} {what}" + (" (kasar)" if coarse else "")


def _band_tags(key: Key, quantity: Quantity, frame: Frame) -> dict[str, str]:
    operator, technology = key
    tags = {"operator": operator, "technology": technology, "model": frame.model, "kasar": _yes(frame.coarse)}
    if quantity != "server":
        tags["metric"] = METRIC_OF[technology]
        tags["unit"] = _UNITS[quantity]
    if quantity == "median_dbm":
        tags["floor_dbm"] = f"{frame.floors_dbm[key]:g}"
    return tags


def file_tags(quantity: Quantity, frame: Frame, version: str, provenance: Provenance | None) -> dict[str, str]:
    """Return what a file says about itself: which quantity, which model, from what, by which rules, as of when."""
    tags = {
        "TIFFTAG_SOFTWARE": f"blankspot {version}",
        "TIFFTAG_IMAGEDESCRIPTION": _MEANINGS[quantity] + (" (kasar)" if frame.coarse else ""),
        "QUANTITY": quantity,
        "MODEL": frame.model,
        "KASAR": _yes(frame.coarse),
        "DIGEST": frame.digest,
    }
    if provenance is not None:
        tags |= {
            "TITLE": provenance.title,
            "THRESHOLDS": provenance.profile_label,
            "AS_OF": provenance.as_of.isoformat(),
            "SOURCES": "; ".join(f"{source.name} sha256:{source.sha256[:12]}" for source in provenance.sources),
        }
    return {name: text for name, text in tags.items() if text}


def _yes(flag: bool) -> str:  # noqa: FBT001 - a value to write, not a mode
    return "ya" if flag else "tidak"


class Readers:
    """Rasters kept open, by each thread for itself, so that neighbouring windows find the blocks they share decoded."""

    def __init__(self) -> None:
        self._local = threading.local()

    def read(self, path: Path, window: tuple[int, int, int, int]) -> NDArray[Any]:
        """Return a window of all bands as stored, shape (bands, rows, columns)."""
        held: dict[Path, Any] = self._local.__dict__.setdefault("held", {})
        with rasterio.Env(GDAL_CACHEMAX=_CACHE_BYTES):
            if path not in held:
                held[path] = rasterio.open(path)
            return _cells(held[path], window)


def _cells(opened: Any, window: tuple[int, int, int, int]) -> NDArray[Any]:
    row, column, rows, columns = window
    cells: NDArray[Any] = opened.read(window=rasterio.windows.Window(column, row, columns, rows))
    return cells


def identity(path: Path) -> tuple[str, int, tuple[int, int]]:
    """Return digest, number of bands, and shape of a raster of coverage."""
    with rasterio.open(path) as opened:
        return str(opened.tags().get("DIGEST", "")), opened.count, (opened.height, opened.width)
