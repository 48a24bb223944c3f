"""Terrains that radio tests share: made from a seed or by hand, small enough to walk plainly."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from affine import Affine

from blankspot.radio import sweep

if TYPE_CHECKING:
    from pathlib import Path

ARC_SECOND = 1 / 3600
KM_PER_DEGREE = 111.195


SOUTH_OF_JAVA = Affine(ARC_SECOND, 0, 107.0, 0, -ARC_SECOND, -6.8)


@dataclass(frozen=True)
class Scene:
    heights: np.ndarray
    transform: Affine = SOUTH_OF_JAVA
    crs: str = "EPSG:4326"

    def fan(self, column: float, row: float, radius_km: float) -> sweep.Fan:
        ground = sweep.height_at(self.heights, column - 0.5, row - 0.5)
        return sweep.fan(self.crs, self.transform, column, row, ground_m=ground, radius_km=radius_km)


def fractal(pixels: int, *, seed: int = 1, high_m: float = 600.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    k = np.fft.fftfreq(pixels)[:, None] ** 2 + np.fft.rfftfreq(pixels)[None, :] ** 2
    k[0, 0] = 1
    shape = (pixels, pixels // 2 + 1)
    spectrum = (rng.normal(size=shape) + 1j * rng.normal(size=shape)) * k**-1.1
    spectrum[0, 0] = 0
    z = np.fft.irfft2(spectrum, (pixels, pixels))
    return (z / z.std() * high_m / 2 + high_m).clip(0).astype(np.float32)


def ridge(pixels: int) -> np.ndarray:
    """A plain that tilts a little, a ridge across it, and a wall before its far edge."""
    across = np.arange(pixels)
    heights = np.full((pixels, pixels), 20.0) + 0.02 * across[:, None]
    heights += 300 * np.exp(-(((across - 0.65 * pixels) / 12.0) ** 2))[None, :]
    heights[:, int(0.9 * pixels)] += 40
    return heights.astype(np.float32)


def bigtujunga(real: Path) -> Scene:
    import rasterio

    with rasterio.open(real / "rasters" / "dem_bigtujunga_utm11n.tif") as opened:
        heights = opened.read(1).astype(np.float32)
        heights[(heights == 32767) | (heights > 9000)] = np.nan
        return Scene(heights, opened.transform, opened.crs.to_wkt())


def latitude(rays: sweep.Fan, row: int, column: int) -> float:
    """The latitude of the middle of a path, as a sweep takes it."""
    north = rays.steps_km[1] * (column - rays.x) + rays.steps_km[3] * (row - rays.y)
    return rays.lat_deg + 0.5 * north / KM_PER_DEGREE


def profile_file(path: Path) -> tuple[list[float], list[float], list[float], list[int]]:
    """A profile of the Recommendation's validation examples."""
    lines = path.read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("Number of Points"))
    count = int(lines[start].split(":,")[1])
    rows = [line.split(",") for line in lines[start + 1 : start + 1 + count]]
    return (
        [float(r[0]) for r in rows],
        [float(r[1]) for r in rows],
        [float(r[3]) for r in rows],
        [int(r[4]) for r in rows],
    )


def result_file(path: Path) -> dict[tuple[str, str], float]:
    """What a validation example must give: (name, equation) to value."""
    with path.open(newline="") as opened:
        rows = [row for row in csv.reader(opened) if len(row) > 3 and row[3] not in ("", "Value")]
    return {(row[0].strip(), row[1].strip()): float(row[3]) for row in rows}
