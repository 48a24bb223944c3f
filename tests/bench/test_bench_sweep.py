"""The area engine: pixels a second of each kernel against the same model path by path, a kabupaten, memory and scaling.

Every figure has its peer in the same run: P.1812 by `basic_loss` over the very same profiles (compiled too, but each profile
walked), and SPLAT!'s ITM beside it where Debian's package is installed. `make bench` takes disks of 20 km at 30 m and a
kabupaten of 120 sites with 4 operators on 2 bands; a plain test run takes small ones and only compares the values.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from radio_peers import find_splat, splat_losses
from terrains import ARC_SECOND, Scene, bigtujunga, fractal, latitude, ridge

from blankspot.radio import p1812, sweep

MAST_M, PHONE_M = 42.0, 1.5
BANDS = (0.45, 0.9, 1.8, 2.6)
RADIUS_KM, PLAIN_KM = 20.0, 1.5
PATHS, PLAIN_PATHS = 2_000, 40

KABUPATEN = """
import json, resource, sys, time
import numpy as np, pandas as pd
from affine import Affine
sys.path[:0] = {path!r}
import blankspot as bs
from blankspot.out.coverage import CoverageStore
from blankspot.sources.terrain import open_terrain
from terrains import ARC_SECOND, fractal
import rasterio

rows, columns, count, folder = {rows}, {columns}, {count}, {folder!r}
whole = fractal(2048)
heights = np.tile(whole, (-(-rows // 2048), -(-columns // 2048)))[:rows, :columns]
place = Affine(ARC_SECOND, 0, 107, 0, -ARC_SECOND, -6.8)
with rasterio.open(folder + "/dem.tif", "w", driver="GTiff", height=rows, width=columns, count=1, dtype="float32",
                   crs="EPSG:4326", transform=place, tiled=True, compress="deflate") as opened:
    opened.write(heights, 1)
del heights, whole
rng = np.random.default_rng(0)
names = [f"S{{i:03d}}" for i in range(count)]
sites = pd.DataFrame({{"site_id": names, "site_name": names, "owner": "x", "lon": 107 + rng.random(count) * columns * ARC_SECOND,
    "lat": -6.8 - rng.random(count) * rows * ARC_SECOND, "height_m": rng.choice([32.0, 42, 52, 72], count), "status": "active",
    "position_quality": "surveyed"}})
services = pd.DataFrame([
    {{"site_id": name, "operator": operator, "technology": "4G", "band_mhz": band, "eirp_dbm": 58.0, "bandwidth_mhz": 10.0}}
    for name in names for operator in "abcd" for band in (900.0, 1800.0)])
start = time.perf_counter()
bs.predict(services, sites, open_terrain([folder + "/dem.tif"], surface="dsm"), store=CoverageStore(folder + "/out"),
           settings=bs.load_settings({{"radio": {{"radius_max_km": {radius}}}}}), jobs={jobs})
print(json.dumps([time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def scene_of(name, request, km):
    side = int(2.1 * km / 111.195 / ARC_SECOND)
    if name == "real mountain":
        return bigtujunga(request.getfixturevalue("real"))
    return Scene(
        {"mountains": fractal, "ridge and plain": ridge}[name](side)
        if name != "flat"
        else np.zeros((side, side), np.float32)
    )


@pytest.fixture(params=["mountains", "ridge and plain", "flat", "real mountain"])
def area(request, benchmark):
    km = RADIUS_KM if benchmark.enabled else PLAIN_KM
    scene = scene_of(request.param, request, km)
    rows, columns = scene.heights.shape
    return request.param, sweep.Ground(heights=scene.heights), scene.fan(columns / 2 + 0.3, rows / 2 + 0.4, km)


def rate(benchmark, pixels: int) -> float:
    found = pixels / benchmark.stats.stats.median
    benchmark.extra_info["million_a_second"] = round(found / 1e6, 2)
    return found


def path_by_path(ground, rays, places, f_ghz):
    """Return losses of the same profiles walked one by one, and paths a second without drawing the profiles."""
    profiles = [(sweep.profile(ground, rays, *at), latitude(rays, *at)) for at in places]
    options = {
        "f_ghz": f_ghz,
        "p_pct": 50.0,
        "htg_m": MAST_M,
        "hrg_m": PHONE_M,
        "polarization": "vertical",
        "dn": 45.0,
        "n0": 325.0,
    }
    long = [(profile, lat) for profile, lat in profiles if len(profile[0]) > 2]
    start = time.perf_counter()
    losses = [p1812.basic_loss(*profile, lat_deg=lat, **options).lb_db for profile, lat in long]
    return np.array(losses), len(long) / (time.perf_counter() - start)


def drawn(found, count, rays):
    there = np.argwhere(np.isfinite(found))
    there = there[np.hypot(there[:, 0] - rays.y, there[:, 1] - rays.x) > 5]
    return there[np.random.default_rng(0).choice(len(there), count, replace=False)]


@pytest.mark.parametrize("bands", [(0.9,), (0.9, 1.8)], ids=["one band", "two bands"])
def test_p1812(benchmark, capsys, area, bands):
    name, ground, rays = area
    found = benchmark.pedantic(
        sweep.losses, (ground, rays), {"htg_m": MAST_M, "hrg_m": PHONE_M, "f_ghz": bands},
        rounds=7 if benchmark.enabled else 1, warmup_rounds=1,
    )  # fmt: skip
    places = drawn(found[0], PATHS if benchmark.enabled else PLAIN_PATHS, rays)
    wanted, paths = path_by_path(ground, rays, places, bands[0])
    assert np.abs(wanted - found[0][tuple(places.T)]).max() < 2e-5
    if not benchmark.enabled:
        return
    pixels = rate(benchmark, int(np.isfinite(found).sum()))
    with capsys.disabled():
        print(
            f"\nP.1812, {name}, {len(bands)} band(s): {pixels / 1e6:.2f} million pixels/s on one core, {pixels / paths:.0f} × path by path ({paths:,.0f}/s)"
        )


def test_line_of_sight(benchmark, capsys, area):
    name, ground, rays = area
    seen = benchmark.pedantic(
        sweep.visible,
        (ground, rays),
        {"htg_m": MAST_M, "hrg_m": PHONE_M},
        rounds=9 if benchmark.enabled else 1,
        warmup_rounds=1,
    )
    assert seen.any()
    if not benchmark.enabled:
        return
    decided = np.isfinite(sweep.losses(ground, rays, htg_m=MAST_M, hrg_m=PHONE_M, f_ghz=(0.9,)))
    pixels = rate(benchmark, int(decided.sum()))
    with capsys.disabled():
        print(f"\nLine of sight, {name}: {pixels / 1e6:.1f} million pixels/s on one core")


@pytest.mark.parametrize("threads", [1, 2])
def test_two_cores(benchmark, capsys, request, threads):
    """Four sweeps on one core and on two: the kernels hold no lock."""
    scene = scene_of("mountains", request, RADIUS_KM if benchmark.enabled else PLAIN_KM)
    middle = scene.heights.shape[0] / 2
    ground = sweep.Ground(heights=scene.heights)
    fans = [scene.fan(middle + i, middle - i, RADIUS_KM if benchmark.enabled else PLAIN_KM) for i in range(4)]

    def all_of_them():
        with ThreadPoolExecutor(threads) as pool:
            return list(
                pool.map(lambda rays: sweep.losses(ground, rays, htg_m=MAST_M, hrg_m=PHONE_M, f_ghz=(0.9,)), fans)
            )

    found = benchmark.pedantic(all_of_them, rounds=5 if benchmark.enabled else 1, warmup_rounds=1)
    if benchmark.enabled:
        pixels = rate(benchmark, sum(int(np.isfinite(each).sum()) for each in found))
        with capsys.disabled():
            print(f"\nP.1812 on {threads} core(s): {pixels / 1e6:.2f} million pixels/s")


@pytest.mark.parametrize("name", ["mountains", "ridge and plain", "real mountain"])
def test_differences(benchmark, capsys, request, name):
    """The sweep against the same profiles, and against paths drawn to each pixel's very centre."""
    km = 12.0 if benchmark.enabled else PLAIN_KM
    scene = scene_of(name, request, km)
    rows, columns = scene.heights.shape
    ground, rays = sweep.Ground(heights=scene.heights), scene.fan(columns / 2 + 0.3, rows / 2 + 0.4, km)
    found = benchmark.pedantic(sweep.losses, (ground, rays), {"htg_m": MAST_M, "hrg_m": PHONE_M, "f_ghz": BANDS})
    places = drawn(found[0], 1_000 if benchmark.enabled else 20, rays)
    for i, f in enumerate(BANDS):
        values = found[i][tuple(places.T)].astype(float)
        same = np.abs(values - path_by_path(ground, rays, places, f)[0])
        assert np.quantile(same, 0.999) <= 0.1
        assert same.max() <= 1.0
        if not benchmark.enabled:
            continue
        exact = [
            path_by_path(
                ground, replace(rays, rays=int(4096 * max(abs(at[1] - rays.x), abs(at[0] - rays.y)))), [at], f
            )[0][0]
            for at in places
        ]
        apart = values - exact
        with capsys.disabled():
            print(
                f"\n{name}, {1e3 * f:.0f} MHz: same profiles, largest difference {same.max():.1e} dB; paths to centres, "
                f"median {np.median(apart):+.2f} dB, 90 % within {np.quantile(np.abs(apart), 0.9):.2f} dB, standard deviation {apart.std():.2f} dB"
            )


def kabupaten(folder, *, rows, columns, count, radius=60.0, jobs=2) -> tuple[float, float]:
    """Return seconds end to end and MB at most, in a process of its own."""
    folder.mkdir(exist_ok=True)
    code = KABUPATEN.format(
        path=sys.path, rows=rows, columns=columns, count=count, radius=radius, jobs=jobs, folder=str(folder)
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, mb = json.loads(done.stdout.splitlines()[-1])
    return seconds, mb


def test_kabupaten(benchmark, capsys, tmp_path):
    """50 by 40 km at 30 m, 4 operators on 2 bands, radius by link budget, with its files."""
    size = (
        {"rows": 1333, "columns": 1667, "count": 120} if benchmark.enabled else {"rows": 90, "columns": 110, "count": 2}
    )
    kabupaten(tmp_path / "warm", rows=70, columns=70, count=1)
    seconds, mb = benchmark.pedantic(kabupaten, (tmp_path / "made",), size)
    assert (tmp_path / "made" / "out").is_dir()
    if benchmark.enabled:
        with capsys.disabled():
            print(f"\nKabupaten, {size['count']} sites: {seconds:.1f} s, {mb:,.0f} MB")


def test_memory_and_cost_per_site(benchmark, capsys, tmp_path):
    """Area 1, 4 and 16 times as large, sites as many times, all within 10 km: what a site costs, and memory."""
    if not benchmark.enabled:
        benchmark.pedantic(kabupaten, (tmp_path / "a",), {"rows": 90, "columns": 90, "count": 1, "radius": 2.0})
        return
    said = []
    for times in (1, 2, 4):
        options = {"rows": 700 * times, "columns": 700 * times, "count": 6 * times * times, "radius": 10.0}
        seconds, mb = kabupaten(tmp_path / str(times), **options)
        said.append(f"{times * times} × area: {seconds / options['count']:.2f} s a site, {mb:,.0f} MB")
    benchmark.pedantic(kabupaten, (tmp_path / "again",), {"rows": 700, "columns": 700, "count": 6, "radius": 10.0})
    with capsys.disabled():
        print("\n" + "; ".join(said))


def test_splat_beside_it(benchmark, capsys, request):
    """SPLAT!'s ITM over the same mountains: pixels a second."""
    scene = scene_of("mountains", request, RADIUS_KM if benchmark.enabled else PLAIN_KM)
    middle = scene.heights.shape[0] / 2
    rays = scene.fan(middle + 0.5, middle + 0.5, RADIUS_KM if benchmark.enabled else PLAIN_KM)
    found = benchmark.pedantic(
        sweep.losses, (sweep.Ground(heights=scene.heights), rays), {"htg_m": MAST_M, "hrg_m": PHONE_M, "f_ghz": (0.9,)}
    )
    if not benchmark.enabled:
        return
    pixels = int(np.isfinite(found).sum()) / benchmark.stats.stats.median
    if not find_splat(install=True):
        line = "SPLAT! is not installed"
    else:
        west, north = scene.transform.c, scene.transform.f
        lon, lat = west + (middle + 0.5) * ARC_SECOND, north - (middle + 0.5) * ARC_SECOND
        peer = splat_losses(scene.heights, west, north, ARC_SECOND, lon, lat, MAST_M, 900, PHONE_M, radius_km=RADIUS_KM)
        itm = peer.loss_db.size / peer.seconds
        line = f"SPLAT! ITM {itm / 1e6:.3f}: {pixels / itm:.0f} times as many"
    with capsys.disabled():
        print(f"\nP.1812, mountains: {pixels / 1e6:.2f} million pixels/s on one core; {line}")
