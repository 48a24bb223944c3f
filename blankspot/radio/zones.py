"""Radio-climatic zones over an area: sea, land near it, inland (ITU-R P.1812-8, table 4).

Coastal land lies within 50 km of the sea and no higher than 100 m above it. How far the sea is, is measured on cells of
about a kilometre over the whole area and what lies around, so that a pixel's zone does not depend on the window it is
asked for in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from blankspot.radio.p1812 import COASTAL, INLAND, SEA

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from blankspot.settings import Radio
    from blankspot.terrain import Terrain, Window

_CELL_KM: Final = 1.0
_STRIP_CELLS: Final = 32  # read at once


@dataclass(frozen=True, kw_only=True, eq=False)
class Zones:
    """Where the sea is near.

    Attributes:
        near: Cells within reach of the sea, shape (cell rows, cell columns).
        row: First row of pixels of the first cell; may be negative.
        column: Its first column.
        pixels: Rows and columns of pixels in a cell.
        highest_m: Coastal land is no higher.
    """

    near: NDArray[np.bool_]
    row: int
    column: int
    pixels: tuple[int, int]
    highest_m: float

    def window(self, terrain: Terrain, window: Window, heights: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Return the zone of every pixel of a window, given its heights."""
        sea = terrain.sea(window)
        rows = np.clip((np.arange(window[2]) + window[0] - self.row) // self.pixels[0], 0, self.near.shape[0] - 1)
        columns = np.clip((np.arange(window[3]) + window[1] - self.column) // self.pixels[1], 0, self.near.shape[1] - 1)
        near = self.near[rows[:, np.newaxis], columns]
        with np.errstate(invalid="ignore"):
            zones = np.where(near & (heights <= self.highest_m), np.uint8(COASTAL), np.uint8(INLAND))
        zones[sea] = SEA
        return zones


def find_zones(
    terrain: Terrain, window: Window, *, pixel_km: tuple[float, float], reach_km: float, radio: Radio
) -> Zones | None:
    """Return the zones of an area, or None where there is no sea within reach and everything is inland.

    Args:
        terrain: Whose `sea` tells.
        window: The area.
        pixel_km: Height and width of a pixel.
        reach_km: How far beyond the area paths may begin.
        radio: `coast_km`, `coast_max_m`.
    """
    pixels = tuple(max(1, round(_CELL_KM / size)) for size in pixel_km)
    margin = [
        math.ceil((reach_km + radio.coast_km) / size / count) * count
        for size, count in zip(pixel_km, pixels, strict=True)
    ]
    top, left = max(window[0] - margin[0], 0), max(window[1] - margin[1], 0)
    bottom = min(window[0] + window[2] + margin[0], terrain.shape[0])
    right = min(window[1] + window[3] + margin[1], terrain.shape[1])
    if bottom <= top or right <= left or terrain.sea((top, left, 1, 1)) is None:
        return None
    rows, columns = math.ceil((bottom - top) / pixels[0]), math.ceil((right - left) / pixels[1])
    at_sea = np.zeros((rows, columns), dtype=bool)
    for first in range(0, rows, _STRIP_CELLS):
        count = min(_STRIP_CELLS, rows - first)
        part = terrain.sea((top + first * pixels[0], left, count * pixels[0], columns * pixels[1]))
        if part is not None:
            at_sea[first : first + count] = part.reshape(count, pixels[0], columns, pixels[1]).any(axis=(1, 3))
    if not at_sea.any():
        return None
    size = (pixels[0] * pixel_km[0], pixels[1] * pixel_km[1])
    return Zones(
        near=within(at_sea, size, radio.coast_km),
        row=top,
        column=left,
        pixels=(pixels[0], pixels[1]),
        highest_m=radio.coast_max_m,
    )


def within(marked: NDArray[np.bool_], size_km: tuple[float, float], reach_km: float) -> NDArray[np.bool_]:
    """Return which cells have a marked one within reach, centre to centre: rows first, then columns."""
    columns = np.arange(marked.shape[1])
    before = np.maximum.accumulate(np.where(marked, columns, -np.inf), axis=1)
    after = np.minimum.accumulate(np.where(marked, columns, np.inf)[:, ::-1], axis=1)[:, ::-1]
    across = np.minimum(columns - before, after - columns) * size_km[1]
    near = np.zeros_like(marked)
    most = min(int(reach_km / size_km[0]), marked.shape[0] - 1)
    for shift in range(-most, most + 1):
        half = math.sqrt(max(reach_km**2 - (shift * size_km[0]) ** 2, 0.0))
        low, high = max(shift, 0), min(marked.shape[0] + shift, marked.shape[0])
        near[low - shift : high - shift] |= across[low:high] <= half
    return near
