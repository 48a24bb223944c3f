"""The radio models against SPLAT!'s ITM in one run: pixels a second, and how far apart the losses are on the same terrain.

Two comparisons of P.1812 with ITM: path by path, which compares the models, and the coverage that `predict` gives of one site,
which compares what a planner gets, pixel by pixel; on invented terrain and on a real mountain where it is present.

`make bench` installs Debian's package `splat` where it may; where SPLAT! is missing, the output says so and the models are
measured alone. A plain test run takes a small disk, and SPLAT! once if it is there. Differences are reported and never
asserted: ITM and P.1812 are two models, and what they share is the terrain.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
import rasterio
from affine import Affine
from pyproj import Transformer
from radio_peers import Splat, at, between, compare, find_splat, mountains, splat_losses

import blankspot as bs
from blankspot.grid import Grid
from blankspot.radio import antenna, free_space, hata, p1812

STEP_DEG = 3 / 3600
FINE_DEG = 1 / 3600
TUJUNGA = "rasters/dem_bigtujunga_utm11n.tif"
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
    if find_splat(install=full) is None or (scene.name != "plain" and not full):
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


class Site(NamedTuple):
    """A mast in the middle of terrain in degrees."""

    heights: np.ndarray
    lon: float
    lat: float
    step_deg: float
    radius_km: float

    @property
    def west(self) -> float:
        return self.lon - self.step_deg * (self.heights.shape[1] // 2 + 0.5)

    @property
    def north(self) -> float:
        return self.lat + self.step_deg * (self.heights.shape[0] // 2 + 0.5)


@pytest.fixture(params=["mountains", "real mountain"])
def site(request, benchmark) -> Site:
    """Terrain of 1 arc-second."""
    radius_km = 20.0 if benchmark.enabled else 1.0
    side = int(2.1 * radius_km / 111.195 / FINE_DEG)
    if request.param == "mountains":
        return Site(mountains(side, seed=1), LON, LAT, FINE_DEG, radius_km)
    with rasterio.open(request.getfixturevalue("real") / TUJUNGA) as opened:
        heights, place = opened.read(1, masked=True).astype(float).filled(np.nan), opened.transform
        to_degrees = Transformer.from_crs(opened.crs, 4326, always_xy=True)
    middle = place @ (heights.shape[1] / 2, heights.shape[0] / 2)
    lon, lat = (round(value * 3600) / 3600 for value in to_degrees.transform(*middle))
    radius_km = min(radius_km, 9.0)  # as far as its shorter side reaches
    side = int(2.1 * radius_km / 111.195 / FINE_DEG)
    steps = (np.arange(side) - side // 2) * FINE_DEG
    lons, lats = np.meshgrid(lon + steps, lat - steps)
    xs, ys = to_degrees.transform(lons, lats, direction="INVERSE")
    return Site(between(heights, place.c, place.f, place.a, xs, ys), lon, lat, FINE_DEG, radius_km)


@pytest.mark.parametrize("f_mhz", [900, 1800])
def test_coverage_and_splats_itm(benchmark, capsys, site, f_mhz):
    """An omnidirectional carrier of 90 dBm, so that levels are losses and none is below the floor."""
    masts = pd.DataFrame(
        {"site_id": ["A"], "lon": [site.lon], "lat": [site.lat], "height_m": [MAST_M], "status": ["active"]}
    )
    services = pd.DataFrame(
        {
            "site_id": ["A"], "operator": ["o"], "technology": ["2G"], "band_mhz": [float(f_mhz)], "eirp_dbm": [90.0],
            "height_m": [MAST_M], "bandwidth_mhz": [0.2],
        }
    )  # fmt: skip
    place = Affine(site.step_deg, 0, site.west, 0, -site.step_deg, site.north)
    terrain = Grid(site.heights.astype(np.float32), place, "EPSG:4326")
    settings = bs.load_settings({"radio": {"radius_max_km": site.radius_km}})

    def predict() -> np.ndarray:
        layer = bs.predict(services, masts, terrain, settings=settings, jobs=1).layers["o", "2G"]
        levels = layer.median_dbm.values.astype(float)
        return np.where(levels > layer.floor_dbm, 90.0 - levels, np.nan)

    losses = benchmark.pedantic(predict, rounds=3 if benchmark.enabled else 1, warmup_rounds=1)
    predicted = int(np.isfinite(losses).sum())
    assert predicted > 1000
    if not benchmark.enabled:
        return
    rate = predicted / benchmark.stats.stats.median / 1e6
    said = f"{rate:.2f} million pixels/s on one core, everything included"
    if find_splat(install=True):
        peer = splat_losses(
            site.heights, site.west, site.north, site.step_deg, site.lon, site.lat, MAST_M, f_mhz, PHONE_M,
            radius_km=site.radius_km,
        )  # fmt: skip
        apart = compare(at(losses, site.west, site.north, site.step_deg, peer.lons, peer.lats), peer.loss_db)
        said += f"; SPLAT! ITM {peer.loss_db.size / peer.seconds / 1e6:.3f}; P.1812 less ITM: {apart}"
        benchmark.extra_info["apart"] = str(apart)
    else:
        said += "; SPLAT! is not installed"
    benchmark.extra_info["million_a_second"] = round(rate, 2)
    with capsys.disabled():
        print(f"\nCoverage of a site, radius {site.radius_km:g} km, {f_mhz} MHz: {said}")
