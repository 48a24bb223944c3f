"""The radio models against SPLAT!'s ITM in one run: pixels a second, and how far apart the losses are on the same terrain.

`make bench` installs Debian's package `splat` where it may; where SPLAT! is missing, the output says so and the models are
measured alone. A plain test run takes a small disk and SPLAT! only if it is there. Differences are reported and never
asserted: ITM and P.1812 are two models, and what they share is the terrain.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pytest
from radio_peers import Splat, between, compare, find_splat, mountains, splat_losses

from blankspot.radio import antenna, free_space, hata, p1812

STEP_DEG = 3 / 3600
SIDE = 600
LON, LAT = 107.5, -6.5
MAST_M, PHONE_M = 42.0, 1.5
PIXELS, PLAIN_PIXELS = 20_000_000, 20_000
PATHS, PLAIN_PATHS = 3_000, 30
POINT_KM = 0.09


class Scene(NamedTuple):
    name: str
    heights: np.ndarray
    west: float = LON - STEP_DEG * (SIDE / 2 + 0.5)
    north: float = LAT + STEP_DEG * (SIDE / 2 + 0.5)

    def profile(self, lon: float, lat: float) -> tuple[np.ndarray, np.ndarray]:
        """Return distances in km and heights along the line to a point, about a point every 90 m."""
        east_km = (lon - LON) * 111.195 * math.cos(math.radians(LAT))
        d_km = math.hypot(east_km, (lat - LAT) * 111.195)
        share = np.linspace(0, 1, max(3, round(d_km / POINT_KM) + 1))
        lons, lats = LON + share * (lon - LON), LAT + share * (lat - LAT)
        return share * d_km, between(self.heights, self.west, self.north, STEP_DEG, lons, lats)


def hills() -> np.ndarray:
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    return 200 + 60 * np.sin(columns / 25) * np.cos(rows / 31)


SCENES = {
    "mountains": Scene("mountains", mountains(SIDE, seed=1)),
    "hills": Scene("hills", hills()),
    "plain": Scene("plain", np.full((SIDE, SIDE), 10.0)),
}


def by_splat(scene: Scene, f_mhz: float, *, full: bool) -> Splat | None:
    if find_splat(install=full) is None:
        return None
    radius_km = 20.0 if full else 3.0
    return splat_losses(
        scene.heights, scene.west, scene.north, STEP_DEG, LON, LAT, MAST_M, f_mhz, PHONE_M, radius_km=radius_km
    )


@pytest.fixture(scope="module")
def pixels_of_splat() -> list[float]:
    """Pixels a second of SPLAT!, once measured."""
    return []


def say(benchmark, capsys, line: str, pixels: int, splat_rate: list[float]) -> None:
    if not benchmark.enabled:
        return
    if not splat_rate and (peer := by_splat(SCENES["mountains"], 900, full=True)):
        splat_rate.append(peer.loss_db.size / peer.seconds)
    rate = pixels / benchmark.stats.stats.median / 1e6
    benchmark.extra_info["million_a_second"] = round(rate, 2)
    beside = f"SPLAT! ITM {splat_rate[0] / 1e6:.3f}" if splat_rate else "SPLAT! is not installed"
    with capsys.disabled():
        print(f"\n{line}: {rate:.1f} million pixels/s on one core; {beside}")


def disk_km(radius_km: float, count: int) -> np.ndarray:
    return radius_km * np.sqrt(np.random.default_rng(1).random(count))


@pytest.mark.parametrize("radius_km", [20, 60])
def test_hata(benchmark, capsys, radius_km, pixels_of_splat):
    distances = disk_km(radius_km, PIXELS if benchmark.enabled else PLAIN_PIXELS)
    curve = hata.curve(0.9, MAST_M, PHONE_M, hata.OPEN, True)
    out = np.empty(distances.size)
    hata.along(distances[:1], curve, out[:1])
    benchmark(hata.along, distances, curve, out)
    options = {"f_ghz": 0.9, "htg_m": MAST_M, "hrg_m": PHONE_M, "environment": "open", "outside": "extend"}
    assert np.array_equal(out, hata.loss(distances, **options))
    say(benchmark, capsys, f"Hata, extended, disk of {radius_km} km", distances.size, pixels_of_splat)


def test_free_space(benchmark, capsys, pixels_of_splat):
    distances = disk_km(20, PIXELS if benchmark.enabled else PLAIN_PIXELS)
    free_space.loss(distances[:1], f_ghz=0.9)
    losses = benchmark(free_space.loss, distances, f_ghz=0.9, height_difference_m=MAST_M - PHONE_M)
    assert losses.shape == distances.shape
    say(benchmark, capsys, "Free space, checks included", distances.size, pixels_of_splat)


def test_sector(benchmark, capsys, pixels_of_splat):
    count = PIXELS if benchmark.enabled else PLAIN_PIXELS
    rng = np.random.default_rng(2)
    bearings, elevations, out = rng.uniform(0, 360, count), rng.uniform(-20, 5, count), np.empty(count)
    one = antenna.sector(
        120,
        beamwidth_deg=65,
        vertical_beamwidth_deg=10,
        attenuation_max_db=20,
        vertical_attenuation_max_db=20,
        tilt_deg=4,
    )
    antenna.gains(bearings[:1], elevations[:1], one, out[:1])
    benchmark(antenna.gains, bearings, elevations, one, out)
    assert out.max() <= 0
    say(benchmark, capsys, "Sector antenna", count, pixels_of_splat)


@pytest.mark.parametrize("f_mhz", [900, 1800])
@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_p1812_and_splats_itm_on_the_same_paths(benchmark, capsys, scene, f_mhz):
    """Paths to pixels of SPLAT! drawn by lot, each read from the terrain anew: the models apart, not the sweeps."""
    full = benchmark.enabled
    peer = by_splat(scene, f_mhz, full=full)
    rng = np.random.default_rng(3)
    count = PATHS if full else PLAIN_PATHS
    if peer is None:
        turn, d_deg = rng.uniform(0, 2 * math.pi, count), rng.uniform(0.005, 0.17, count)
        lons, lats = LON + d_deg * np.sin(turn), LAT + d_deg * np.cos(turn)
    else:
        drawn = rng.choice(peer.loss_db.size, count, replace=False)
        lons, lats = peer.lons[drawn], peer.lats[drawn]
    profiles = [scene.profile(lon, lat) for lon, lat in zip(lons, lats, strict=True)]

    def all_paths() -> np.ndarray:
        return np.array([loss(d_km, h_m, f_mhz) for d_km, h_m in profiles])

    loss(*profiles[0], f_mhz)
    losses = benchmark.pedantic(all_paths, rounds=3 if full else 1)
    assert np.isfinite(losses).all()
    if not full:
        return
    rate = count / benchmark.stats.stats.median
    apart = "SPLAT! is not installed" if peer is None else f"less ITM: {compare(losses, peer.loss_db[drawn])}"
    benchmark.extra_info |= {"paths_a_second": round(rate), "apart": apart}
    with capsys.disabled():
        print(f"\nP.1812, {scene.name}, {f_mhz} MHz: {rate:,.0f} paths/s; {apart}")


def loss(d_km: np.ndarray, h_m: np.ndarray, f_mhz: float) -> float:
    ground = np.zeros(d_km.size)
    return p1812.basic_loss(
        d_km,
        h_m,
        ground,
        ground + p1812.INLAND,
        f_ghz=f_mhz / 1000,
        p_pct=50,
        htg_m=MAST_M,
        hrg_m=PHONE_M,
        lat_deg=LAT,
        polarization="vertical",
        dn=45,
        n0=325,
    ).lb_db
