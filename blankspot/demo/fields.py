"""Where the demo world lies, its lattices, and the random fields all its parts are drawn from.

The world lies in the sea south of Java on purpose: an invented kabupaten must not cover the homes of real people, and on
an online basemap nobody takes it for one. Every part draws from its own stream of the seed, so that a change in one part
leaves the others as they were; fields are rounded before they decide anything, so that the last bit of a
processor's arithmetic does not move a border.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from affine import Affine

from blankspot.geo import to_degrees
from blankspot.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.floating]
    Ints = NDArray[np.intp]

CRS: Final = "EPSG:32748"  # UTM 48 south
_WEST_M: Final = 729_000.0
_NORTH_M: Final = 9_076_000.0
_FULL_WIDTH_M: Final = 50_400.0
_FULL_HEIGHT_M: Final = 40_200.0
_FULL_VILLAGES: Final = 280
_BLOCK_M: Final = 600.0  # a multiple of every lattice's cell
_SCALE_MIN: Final = 0.36
_DECIMALS: Final = 6


@dataclass(frozen=True)
class Lattice:
    """Square cells over the world; row 0 is the northernmost.

    Attributes:
        rows: Cells from north to south.
        columns: Cells from west to east.
        cell_m: Side of a cell.
    """

    rows: int
    columns: int
    cell_m: float

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.columns

    def centres(self) -> tuple[Floats, Floats]:
        """Return x and y of all cell centres in metres, each of the lattice's shape."""
        column, row = np.meshgrid(np.arange(self.columns), np.arange(self.rows))
        return self.place(row, column)

    def place(self, row: ArrayLike, column: ArrayLike) -> tuple[Floats, Floats]:
        """Return x and y in metres of (fractional) cells; whole numbers are cell centres."""
        x = _WEST_M + (np.asarray(column, dtype=float) + 0.5) * self.cell_m
        y = _NORTH_M - (np.asarray(row, dtype=float) + 0.5) * self.cell_m
        return x, y

    def find(self, x: ArrayLike, y: ArrayLike) -> tuple[Ints, Ints]:
        """Return row and column of the cell that holds each position in metres, clipped to the lattice."""
        column = np.floor((np.asarray(x, dtype=float) - _WEST_M) / self.cell_m).astype(np.intp)
        row = np.floor((_NORTH_M - np.asarray(y, dtype=float)) / self.cell_m).astype(np.intp)
        return np.clip(row, 0, self.rows - 1), np.clip(column, 0, self.columns - 1)

    def grid(self, values: Floats) -> Grid:
        """Return values of the lattice's shape as a raster."""
        transform = Affine(self.cell_m, 0.0, _WEST_M, 0.0, -self.cell_m, _NORTH_M)
        return Grid(values=values, transform=transform, crs=CRS)


def lattice(villages: int, cell_m: float) -> Lattice:
    """Return the lattice of a world for so many villages: about 50 × 40 km for 280, its area growing with their number."""
    scale = max(_SCALE_MIN, (villages / _FULL_VILLAGES) ** 0.5)
    width = round(_FULL_WIDTH_M * scale / _BLOCK_M) * _BLOCK_M
    height = round(_FULL_HEIGHT_M * scale / _BLOCK_M) * _BLOCK_M
    return Lattice(rows=round(height / cell_m), columns=round(width / cell_m), cell_m=cell_m)


def degrees(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """Return longitude and latitude of positions in metres."""
    return to_degrees(x, y, CRS)  # type: ignore[arg-type] # pyproj takes the name as well


def stream(seed: int, part: str) -> np.random.Generator:
    """Return the random stream of one part of the world."""
    return np.random.default_rng([seed, zlib.crc32(part.encode())])


def rough_field(rng: np.random.Generator, shape: tuple[int, int], *, slope: float) -> Floats:
    """Return a fractal field, mean 0 and deviation 1, whose amplitude falls with wave number to the power of `slope`."""
    return _spectral(rng, shape, lambda k: np.where(k > 0, np.maximum(k, 1e-9) ** -slope, 0.0))


def smooth_field(rng: np.random.Generator, shape: tuple[int, int], *, length: float) -> Floats:
    """Return a Gaussian field, mean 0 and deviation 1, that stays alike over about `length` cells."""
    return _spectral(rng, shape, lambda k: np.exp(-2 * (np.pi * k * length / 2) ** 2))


def _rounded(values: Floats) -> Floats:
    return np.asarray(np.round(values, _DECIMALS), dtype=float)


def _spectral(rng: np.random.Generator, shape: tuple[int, int], amplitude: Callable[[Floats], Floats]) -> Floats:
    padded = (shape[0] + shape[0] // 4, shape[1] + shape[1] // 4)  # the transform is periodic, the world is not
    k = np.hypot(np.fft.fftfreq(padded[0])[:, None], np.fft.rfftfreq(padded[1])[None, :])
    spectrum = np.fft.rfft2(rng.standard_normal(padded)) * amplitude(k)
    field = np.fft.irfft2(spectrum, s=padded)[: shape[0], : shape[1]]
    return _rounded((field - field.mean()) / field.std())


def blur(values: Floats, length: float) -> Floats:
    """Return the Gaussian mean over about `length` cells; beyond the edge the edge goes on."""
    margin = int(3 * length) + 1
    padded = np.pad(values, margin, mode="edge")
    ky, kx = np.fft.fftfreq(padded.shape[0])[:, None], np.fft.rfftfreq(padded.shape[1])[None, :]
    kernel = np.exp(-2 * (np.pi * length) ** 2 * (kx**2 + ky**2))
    mean = np.fft.irfft2(np.fft.rfft2(padded) * kernel, s=padded.shape)
    return _rounded(mean[margin:-margin, margin:-margin])


def resample(values: Floats, source: Lattice, target: Lattice) -> Floats:
    """Return values of one lattice on another, by cubic B-splines."""
    ratio = target.cell_m / source.cell_m
    rows = (np.arange(target.rows) + 0.5) * ratio - 0.5
    columns = (np.arange(target.columns) + 0.5) * ratio - 0.5
    return _rounded(_spline(_spline(values, rows).T, columns).T)


def _spline(values: Floats, at: Floats) -> Floats:
    base = np.floor(at).astype(np.intp)
    t = at - base
    total = np.zeros((len(at), values.shape[1]))
    for k, weight in enumerate(((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3)):
        total += (weight / 6)[:, None] * values[np.clip(base + k - 1, 0, len(values) - 1)]
    return total


def steepness(heights: Floats, cell_m: float) -> Floats:
    """Return the slope (rise over run) of a height field."""
    down, right = np.gradient(heights, cell_m)
    return np.asarray(np.hypot(down, right), dtype=float)
