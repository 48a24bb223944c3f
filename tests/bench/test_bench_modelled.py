"""Shares of a prediction per village against exactextract's zonal means of the same probabilities, in one run.

`make bench` takes a kabupaten of 280 villages at 30 m with 10 layers; a plain test run takes a coarse grid and only compares
the answers. The peer is given the probabilities ready-made and counts the covered part of every pixel, where `modelled_shares`
counts pixels by their centres, adds intervals and flags, and reads its windows: shares differ by a few pixels along borders.
"""

from __future__ import annotations

import time
from statistics import NormalDist

import mapworld
import numpy as np
import pandas as pd
import pytest
from affine import Affine
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource

from blankspot.classify import modelled_shares
from blankspot.coverage import METRIC_OF, NO_SERVER, Coverage, Layer
from blankspot.grid import Grid
from blankspot.settings import load_settings

WEST, SOUTH, EAST, NORTH = 107.4, -7.2, 107.8, -6.9
OPERATORS = ("telkomsel", "indosat", "xl", "smartfren", "tri")
SD_DB = 13.0


def coverage(pixels_per_degree: int) -> Coverage:
    """Return smooth levels around masts, 4G and 2G of five operators."""
    rows, columns = (round(span * pixels_per_degree) for span in (NORTH - SOUTH, EAST - WEST))
    place = Affine(1 / pixels_per_degree, 0, WEST, 0, -1 / pixels_per_degree, NORTH)
    row, column = np.mgrid[:rows, :columns] / pixels_per_degree
    rng = np.random.default_rng(11)
    layers = {}
    for operator in OPERATORS:
        for technology in ("4G", "2G"):
            masts = rng.uniform((0, 0), (NORTH - SOUTH, EAST - WEST), (12, 2))
            near = np.min([np.hypot(row - y, column - x) for y, x in masts], axis=0) * 111 + 0.05
            median = np.maximum(-85 - 35 * np.log10(near), -140).astype(np.float32)
            layers[operator, technology] = Layer(
                operator=operator, technology=technology, metric=METRIC_OF[technology],
                median_dbm=Grid(median, place, "EPSG:4326"),
                sd_db=Grid(np.full_like(median, SD_DB), place, "EPSG:4326"),
                server=np.full(median.shape, NO_SERVER, dtype=np.int32), floor_dbm=-140.0,
            )  # fmt: skip
    return Coverage(layers=layers, services=pd.DataFrame(), model="p1812", coarse=False, remarks=pd.DataFrame())


def by_exactextract(villages, source: Coverage) -> tuple[pd.DataFrame, float]:
    """Return the peer's mean probability of strong 4G per village and operator, and the seconds of the zonal means alone."""
    strong = load_settings().signal.rsrp_dbm.strong_min_dbm
    z = np.linspace(-8, 8, 4001)
    normal = np.array([NormalDist().cdf(at) for at in z])
    means, seconds = {}, 0.0
    for (operator, technology), layer in source.layers.items():
        grid = layer.median_dbm
        median = np.asarray(grid.values)
        chance = np.where(median <= layer.floor_dbm, 0.0, np.interp((median - strong) / SD_DB, z, normal))
        raster = NumPyRasterSource(chance, *(grid.bounds[at] for at in (0, 1, 2, 3)), srs_wkt=villages.crs.to_wkt())
        start = time.perf_counter()
        found = exact_extract(raster, villages, ["mean"], output="pandas")["mean"]
        seconds += time.perf_counter() - start
        if technology == "4G":
            means[operator] = found.to_numpy()
    return pd.DataFrame(means, index=villages["village_code"]), seconds


def test_shares_and_exactextract(benchmark, capsys):
    full = benchmark.enabled
    villages = mapworld.villages(280 if full else 40)[["village_code", "geometry"]]
    source = coverage(3600 if full else 600)
    modelled_shares(source, villages.head(2))  # compiled or read from the cache before the clock starts
    found = benchmark.pedantic(lambda: modelled_shares(source, villages), rounds=3 if full else 1)
    expected, peer_s = by_exactextract(villages, source)
    ours = found[found["technology"] == "4G"].pivot_table(
        index="village_code", columns="operator", values="share_served"
    )
    apart = (ours[list(expected.columns)].reindex(expected.index) - expected).abs().to_numpy()
    assert np.median(apart) == pytest.approx(0.0, abs=0.01)
    assert apart.max() < 0.05
    if full:
        seconds = benchmark.stats.stats.median
        pixels = sum(layer.server.size for layer in source.layers.values())
        benchmark.extra_info |= {"peer_s": peer_s, "largest_difference": float(apart.max())}
        with capsys.disabled():
            print(
                f"\n{len(villages)} villages, {pixels / 1e6:.0f} M pixels in {len(source.layers)} layers: shares, intervals and flags "
                f"{seconds:.2f} s; exactextract's means alone {peer_s:.2f} s; largest difference {apart.max():.3f}"
            )
