"""Tiles that are missing from a tiled model: sea that the provider left away, or land that somebody forgot.

GLO-30 and SRTM have no tiles where there is only sea. A missing tile is taken as sea where at least half of the pixels
along its shared edges with tiles that are there are sea; otherwise it is a gap without data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from blankspot.sources.mosaic import Mosaic
    from blankspot.terrain import Window

_SEA_EDGE_SHARE: Final = 0.5


@dataclass(frozen=True)
class Missing:
    """Places of missing tiles on the mosaic's grid.

    Attributes:
        sea: Those that are taken as sea.
        gaps: Those beside land, where there is no data.
    """

    sea: tuple[Window, ...] = ()
    gaps: tuple[Window, ...] = ()


def missing_tiles(mosaic: Mosaic, *, below: bool) -> Missing:
    """Return the places of a regular lattice of tiles where none is and that touch one that is there.

    Args:
        mosaic: The tiles.
        below: Heights below 0 m along an edge are sea too, and not only those of exactly 0 m.
    """
    step = _step(mosaic)
    if step is None:
        return Missing()
    there = {(tile.place[0] // step[0], tile.place[1] // step[1]) for tile in mosaic.tiles}
    beside = {
        (row + down, column + right)
        for row, column in there
        for down, right in ((-1, 0), (1, 0), (0, -1), (0, 1))
        if 0 <= (row + down) * step[0] < mosaic.shape[0] - 1 and 0 <= (column + right) * step[1] < mosaic.shape[1] - 1
    }
    sea: list[Window] = []
    gaps: list[Window] = []
    for row, column in sorted(beside - there):
        place = (row * step[0], column * step[1], *mosaic.tiles[0].place[2:])
        edge = _edge(mosaic, place)
        known = edge[~np.isnan(edge)]
        wet = known <= 0 if below else known == 0
        (sea if known.size and wet.mean() >= _SEA_EDGE_SHARE else gaps).append(place)
    return Missing(tuple(sea), tuple(gaps))


def _step(mosaic: Mosaic) -> tuple[int, int] | None:
    """Return rows and columns from tile to tile; None where the tiles are no lattice."""
    first = mosaic.tiles[0].place
    if len(mosaic.tiles) == 1 or any(tile.place[2:] != first[2:] for tile in mosaic.tiles):
        return None
    for shared in (0, 1):  # SRTM's tiles share their edge rows
        rows, columns = first[2] - shared, first[3] - shared
        if rows and columns and all(t.place[0] % rows == 0 and t.place[1] % columns == 0 for t in mosaic.tiles):
            return rows, columns
    return None


def _edge(mosaic: Mosaic, place: Window) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Return the heights just outside a place."""
    top, left, rows, columns = place
    strips = (
        (top - 1, left, 1, columns),
        (top + rows, left, 1, columns),
        (top, left - 1, rows, 1),
        (top, left + columns, rows, 1),
    )
    return np.concatenate([mosaic.read(strip)[0].ravel() for strip in strips])
