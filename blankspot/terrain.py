"""Terrain as the radio engine asks for it: heights, clutter and sea of a window, on one grid that is not rotated.

The engine reads only the windows it needs, so that a province is never in memory at once. What a raster of heights
shows is declared: a surface model (`dsm`, such as Copernicus GLO-30) contains trees and houses already, and clutter on
top of it would count them twice; it is refused here, once for every door.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

import numpy as np

from blankspot.errors import UsageError
from blankspot.words import Text

if TYPE_CHECKING:
    from affine import Affine
    from numpy.typing import NDArray

    from blankspot.grid import Grid

Surface = Literal["dsm", "dtm"]
Window = tuple[int, int, int, int]
_T = TypeVar("_T", bound=np.generic)


class Terrain(Protocol):
    """Heights on a grid; windows are (row, column, rows, columns) and may reach beyond the grid."""

    @property
    def crs(self) -> str:
        """Coordinate system of the grid, anything pyproj understands."""

    @property
    def transform(self) -> Affine:
        """From (column, row) to coordinates of `crs`; not rotated, row 0 is the northernmost."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""

    @property
    def surface(self) -> Surface:
        """Whether heights contain trees and houses (`dsm`) or not (`dtm`)."""

    def heights(self, window: Window) -> NDArray[np.float32]:
        """Return metres above sea level; NaN where there is no height."""

    def clutter(self, window: Window) -> NDArray[np.float32] | None:
        """Return representative clutter heights in metres, 0 where there is none; None where no clutter is known."""

    def sea(self, window: Window) -> NDArray[np.bool_] | None:
        """Return which pixels are sea; None where that is not known and everything counts as land."""


@dataclass(frozen=True, eq=False)
class GridTerrain:
    """Terrain in memory.

    Attributes:
        grid: Heights in metres above sea level; NaN is no data.
        surface: `dtm` or `dsm`.
        clutter_m: Representative clutter heights, same grid; only on a `dtm`.
        at_sea: Which pixels are sea, same shape.
    """

    grid: Grid
    surface: Surface = "dsm"
    clutter_m: NDArray[np.floating] | None = None
    at_sea: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        refuse_double_counting(self.surface, has_clutter=self.clutter_m is not None)

    @property
    def crs(self) -> str:
        """Coordinate system of the grid."""
        return self.grid.crs

    @property
    def transform(self) -> Affine:
        """From (column, row) to coordinates of `crs`."""
        return self.grid.transform

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.grid.shape

    def heights(self, window: Window) -> NDArray[np.float32]:
        """Return metres above sea level; NaN where there is no height, and beyond the grid."""
        return cut(self.grid.values, window, fill=np.nan).astype(np.float32)

    def clutter(self, window: Window) -> NDArray[np.float32] | None:
        """Return representative clutter heights in metres, 0 beyond the grid."""
        return None if self.clutter_m is None else cut(self.clutter_m, window, fill=0).astype(np.float32)

    def sea(self, window: Window) -> NDArray[np.bool_] | None:
        """Return which pixels are sea; beyond the grid none is."""
        return None if self.at_sea is None else cut(self.at_sea, window, fill=False)


def refuse_double_counting(surface: Surface, *, has_clutter: bool) -> None:
    """Raise where clutter heights would be added to a surface model that contains them already.

    Raises:
        UsageError: The surface is a `dsm` and there is clutter.
    """
    if surface == "dsm" and has_clutter:
        raise UsageError(
            Text(
                "Raster ketinggian ini model permukaan (DSM) yang sudah memuat pohon dan bangunan; tutupan lahan akan terhitung dua kali.",
                "These heights are a surface model (DSM) that contains trees and houses already; land cover would count them twice.",
            ),
            hint=Text(
                'Hapus tutupan lahan, atau nyatakan surface = "dtm" bila rasternya ketinggian tanah.',
                'Leave the land cover away, or declare surface = "dtm" if the raster shows bare ground.',
            ),
        )


def cut(values: NDArray[_T], window: Window, *, fill: object) -> NDArray[_T]:
    """Return a window of an array; where it reaches beyond the array it holds `fill`."""
    row, column, rows, columns = window
    top, left = max(row, 0), max(column, 0)
    bottom, right = min(row + rows, values.shape[0]), min(column + columns, values.shape[1])
    if (top, left, bottom, right) == (row, column, row + rows, column + columns):
        return values[top:bottom, left:right]
    part = np.full((rows, columns), fill, dtype=values.dtype)
    if top < bottom and left < right:
        part[top - row : bottom - row, left - column : right - column] = values[top:bottom, left:right]
    return part
