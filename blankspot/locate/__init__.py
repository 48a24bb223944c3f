"""Which village holds a point: exactly one, or none.

A point on a border belongs to every village it touches, and of those the smallest village_code answers; so does it where
villages overlap. The answer depends on nothing else: not on the order of the points or of the villages, not on how the
points come in batches. Borders are decided exactly, on the doubles as they are, not within a tolerance.

Most points are answered by one look into a grid (`index`), the others by the few edges in their cell (`kernels`).
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import numpy as np

from blankspot import geo
from blankspot.errors import UsageError
from blankspot.locate.index import build
from blankspot.locate.kernels import look_up
from blankspot.locate.rings import rings_of
from blankspot.words import Text

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

_BATCH: Final = 2**20  # points one thread handles at a time: enough of them to visit the index in its own order


def locate(
    points_lon: ArrayLike, points_lat: ArrayLike, villages: gpd.GeoDataFrame, *, threads: int | None = None
) -> NDArray[np.int32]:
    """Return for each point the row (position, not label) of the village that holds it, −1 where none does.

    For many batches of points make a `Locator` once.

    Args:
        points_lon: Longitudes in degrees, WGS 84; any shape. NaN and infinity lie nowhere.
        points_lat: Latitudes, of the same shape.
        villages: Columns village_code and geometry, EPSG:4326, any row order; see `rings` for what counts as inside.
        threads: How many threads share the work; as many as there are processors if not given.

    Raises:
        UsageError: The CRS is missing or another, there is no village_code, or the shapes differ.
    """
    return Locator(villages).locate(points_lon, points_lat, threads=threads)


class Locator:
    """The index over a set of villages, made once and asked for one batch of points after another.

    Its memory depends on the villages only. It can be pickled, and several threads may ask it at the same time.

    Args:
        villages: As in `locate`; not kept.

    Raises:
        UsageError: The CRS is missing or not EPSG:4326, or there is no village_code.
    """

    def __init__(self, villages: gpd.GeoDataFrame) -> None:
        geo.assert_wgs84(villages)
        if "village_code" not in villages:
            raise UsageError(
                Text("Kolom village_code tidak ada pada villages.", "villages has no column village_code."),
                hint=Text(
                    "Baca batas desa dengan read_boundaries, atau ganti nama kolom kodenya.",
                    "Read the boundaries with read_boundaries, or rename the column of codes.",
                ),
            )
        self._index = build(rings_of(villages))

    @property
    def nbytes(self) -> int:
        """Size of the index in bytes."""
        return self._index.nbytes

    def locate(self, points_lon: ArrayLike, points_lat: ArrayLike, *, threads: int | None = None) -> NDArray[np.int32]:
        """Return for each point the row of the village that holds it, −1 where none does; see the function `locate`.

        Raises:
            UsageError: The shapes differ.
        """
        lon, lat = np.asarray(points_lon), np.asarray(points_lat)
        if lon.shape != lat.shape:
            raise UsageError(
                Text(
                    f"Bujur dan lintang tidak sama banyak: {lon.shape} dan {lat.shape}.",
                    f"Longitudes and latitudes differ in number: {lon.shape} and {lat.shape}.",
                )
            )
        found = np.empty(lon.size, dtype=np.int32)
        flat_lon, flat_lat, index = lon.reshape(-1), lat.reshape(-1), self._index

        def answer(start: int) -> None:
            batch = slice(start, start + _BATCH)
            look_up(
                np.array(flat_lon[batch], dtype=np.float64),
                np.array(flat_lat[batch], dtype=np.float64),
                index.xy,
                index.cells,
                index.records,
                index.frame,
                index.columns,
                found[batch],
            )

        with ThreadPoolExecutor(threads or _processors()) as pool:
            for _ in pool.map(answer, range(0, lon.size, _BATCH)):
                pass
        return found.reshape(lon.shape)


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
