"""Peers of the radio engine that can be installed, run on the same terrain: SPLAT! and its Longley-Rice model (ITM).

SPLAT! is Debian's package `splat` (1.4.2): `splat` computes on 3 arc-seconds, `splat-hd` on 1. Its terrain comes in tiles of one
degree that its own `srtm2sdf` makes of SRTM tiles; heights given here are read between their pixels at the nodes of those
tiles, and beyond them is sea. Losses come from its alphanumeric output, in which every pixel within the radius stands once.
"""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

PACKAGE = "splat"
HD_FROM_DEG = 2.0 / 3600.0  # finer grids go to splat-hd
PIXELS_PER_DEGREE = {"splat": 1200, "splat-hd": 3600}
CONVERTERS = {"splat": "srtm2sdf", "splat-hd": "srtm2sdf-hd"}
KM_PER_DEGREE = 111.195


class Splat(NamedTuple):
    """What SPLAT! computed: a value a pixel, and how long it took beside reading its terrain and writing its picture."""

    lons: np.ndarray
    lats: np.ndarray
    loss_db: np.ndarray
    seconds: float


class Difference(NamedTuple):
    """Ours less theirs."""

    count: int
    median_db: float
    sd_db: float
    low_db: float
    high_db: float

    def __str__(self) -> str:
        return (
            f"median {self.median_db:+.1f} dB, standard deviation {self.sd_db:.1f} dB, 90 % from {self.low_db:+.1f} to "
            f"{self.high_db:+.1f} dB, {self.count:,} pixels"
        )


def find_splat(*, install: bool = False) -> str | None:
    """Return where SPLAT! is; where it is not, install Debian's package if asked, root and on Debian. None if all fails."""
    if shutil.which("splat") is None and install and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update"], capture_output=True, check=False)
        subprocess.run(["apt-get", "install", "-y", PACKAGE], capture_output=True, check=False)
    return shutil.which("splat")


def splat_losses(
    heights,
    west,
    north,
    step_deg,
    lon,
    lat,
    height_m,
    f_mhz,
    rx_height_m,
    *,
    radius_km=20.0,
    refractivity_n_units=301.0,
    climate=1,
) -> Splat:
    """Return the ITM losses that SPLAT! computes around one transmitter, a radial to every pixel at the radius.

    Vertical polarization; what half of the situations and half of the time do not exceed.

    Args:
        heights: Metres above sea level, rows from north to south; NaN is sea.
        west: Western edge of the first column.
        north: Northern edge of the first row.
        step_deg: Size of a pixel; up to 2 arc-seconds `splat-hd` computes, on 1 arc-second, else `splat`, on 3.
        lon: Of the transmitter.
        lat: Of the transmitter.
        height_m: Of the transmitting antenna above ground.
        f_mhz: Frequency, 20 to 20 000.
        rx_height_m: Of the receiving antenna above ground.
        radius_km: How far.
        refractivity_n_units: Surface refractivity, ITM's measure of how the air bends rays.
        climate: ITM's code; 1 equatorial, 5 continental temperate.

    Raises:
        RuntimeError: SPLAT! is not there, or did not do it; its last words are quoted.
    """
    program = "splat-hd" if step_deg <= HD_FROM_DEG else "splat"
    if shutil.which(program) is None:
        raise RuntimeError(f"{program} is not installed (Debian's package {PACKAGE})")
    with tempfile.TemporaryDirectory(prefix="splat-") as name:
        folder = Path(name)
        _write_terrain(folder, program, heights, west, north, step_deg, (lon, lat, radius_km))
        (folder / "tx.qth").write_text(f"TX\n{lat:.7f}\n{-lon:.7f}\n{height_m:.2f} m\n")
        (folder / "tx.lrp").write_text(
            f"15.000\n0.005\n{refractivity_n_units:.3f}\n{f_mhz:.3f}\n{climate}\n1\n0.50\n0.50\n"
        )
        options = ["-t", "tx.qth", "-L", f"{rx_height_m:g}", "-metric", "-olditm", "-N", "-db", "0"]
        nothing = _timed([program, *options, "-R", "0.01", "-ano", "nothing.ano"], folder)
        all_of_it = _timed([program, *options, "-R", f"{radius_km:g}", "-ano", "losses.ano"], folder)
        rows = _read(folder / "losses.ano")
    return Splat((180.0 - rows[:, 1]) % 360.0 - 180.0, rows[:, 0], rows[:, 4], max(all_of_it - nothing, 1e-6))


def compare(ours_db, theirs_db) -> Difference:
    """Return how two arrays of losses differ, NaN left out."""
    apart = np.asarray(ours_db, dtype=float) - np.asarray(theirs_db, dtype=float)
    apart = apart[np.isfinite(apart)]
    low, median, high = np.percentile(apart, [5, 50, 95])
    return Difference(apart.size, float(median), float(apart.std()), float(low), float(high))


def at(values, west, north, step_deg, lons, lats):
    """Return the values of the pixels that hold points; NaN outside."""
    column = np.floor((np.asarray(lons) - west) / step_deg).astype(int)
    row = np.floor((north - np.asarray(lats)) / step_deg).astype(int)
    inside = (row >= 0) & (row < values.shape[0]) & (column >= 0) & (column < values.shape[1])
    found = np.full(inside.shape, np.nan)
    found[inside] = np.asarray(values, dtype=float)[row[inside], column[inside]]
    return found


def between(heights, west, north, step_deg, lons, lats):
    """Return heights on the plane through the four nearest pixel centres; NaN outside of all centres."""
    column = (np.asarray(lons) - west) / step_deg - 0.5
    row = (north - np.asarray(lats)) / step_deg - 0.5
    rows, columns = heights.shape
    inside = (row >= 0) & (row <= rows - 1) & (column >= 0) & (column <= columns - 1)
    top = np.clip(np.floor(row).astype(int), 0, rows - 2)
    left = np.clip(np.floor(column).astype(int), 0, columns - 2)
    down, right = row - top, column - left
    upper = heights[top, left] * (1 - right) + heights[top, left + 1] * right
    lower = heights[top + 1, left] * (1 - right) + heights[top + 1, left + 1] * right
    return np.where(inside, upper * (1 - down) + lower * down, np.nan)


def mountains(side, *, seed=0, relief_m=1500.0, roughness=2.2):
    """Invent fractal mountains: `side` × `side` heights from 1 m up to the relief, amplitudes falling with frequency."""
    rng = np.random.default_rng(seed)
    frequency = np.hypot(np.fft.fftfreq(side)[:, np.newaxis], np.fft.rfftfreq(side))
    frequency[0, 0] = np.inf
    phases = np.exp(2j * math.pi * rng.random(frequency.shape))
    heights = np.fft.irfft2(phases * frequency**-roughness, s=(side, side))
    return 1.0 + relief_m * (heights - heights.min()) / np.ptp(heights)


def _write_terrain(folder, program, heights, west, north, step_deg, disk):
    lon, lat, radius_km = disk
    per_degree = PIXELS_PER_DEGREE[program]
    reach_lat = radius_km / KM_PER_DEGREE
    reach_lon = reach_lat / math.cos(math.radians(lat))
    nodes = np.arange(per_degree + 1) / per_degree
    for south in range(math.floor(lat - reach_lat), math.floor(lat + reach_lat) + 1):
        for left in range(math.floor(lon - reach_lon), math.floor(lon + reach_lon) + 1):
            lons, lats = np.meshgrid(left + nodes, south + 1 - nodes)
            tile = np.nan_to_num(between(np.asarray(heights, dtype=float), west, north, step_deg, lons, lats))
            name = f"{'NS'[south < 0]}{abs(south):02d}{'EW'[left < 0]}{abs(left):03d}.hgt"
            tile.round().astype(">i2").tofile(folder / name)
            _timed([CONVERTERS[program], "-n", "-500", name], folder)
            (folder / name).unlink()


def _timed(command, folder) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", check=False)
    seconds = time.perf_counter() - start
    written = [folder / command[-1]] if "-ano" in command else []
    if done.returncode or not all(path.exists() for path in written):
        raise RuntimeError(f"{' '.join(command)} failed: {(done.stdout + done.stderr)[-500:]}")
    return seconds


def _read(path) -> np.ndarray:
    """Return latitude, longitude to the west, azimuth, elevation and loss of every pixel."""
    body = path.read_text().split("\n", 2)[2]
    return np.fromstring(body.replace("*", " ").replace(",", " "), sep=" ").reshape(-1, 5)
