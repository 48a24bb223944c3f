"""`locate` against geopandas.sjoin in one run: same answers, and how many points each answers in a second.

`make bench` takes 10 million points for `locate` and 300 thousand for its peer, whose rate does not depend on their number;
a plain test run takes a few thousand of each and only compares the answers. The index is made anew in every round and
counts. With the real villages of 35 provinces where they are present, else with an invented coverage.
"""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import time
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pytest
import shapely

from blankspot.locate import Locator

POINTS, PEER_POINTS, PLAIN_POINTS = 10_000_000, 300_000, 3_000
NATIONAL = "boundaries/national_2025_simplified_without_13_36_53.parquet"


class Coverage(NamedTuple):
    name: str
    villages: gpd.GeoDataFrame

    def points(self, spread: str, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Make points where people are (in the box of a random village), or evenly over the extent, sea included."""
        rng = np.random.default_rng(42)
        boxes = self.villages.geometry.bounds.dropna().to_numpy()
        if spread == "villages":
            west, south, east, north = boxes[rng.integers(0, len(boxes), count)].T
        else:
            west, south, east, north = *boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0)
        return rng.uniform(west, east, count), rng.uniform(south, north, count)


@pytest.fixture(scope="module")
def coverage(real_if_there) -> Coverage:
    if real_if_there is None:
        seeds = shapely.MultiPoint(np.random.default_rng(1).uniform([95, -9], [141, 6], (5_000, 2)))
        tiles = list(shapely.get_parts(shapely.voronoi_polygons(seeds)))
        codes = [f"{i:05d}" for i in range(len(tiles))]
        return Coverage("invented", gpd.GeoDataFrame({"village_code": codes}, geometry=tiles, crs=4326))
    villages = gpd.read_parquet(real_if_there / NATIONAL, columns=["kode", "geometry"]).rename(
        columns={"kode": "village_code"}
    )
    return Coverage("national", villages.reset_index(drop=True))


def by_sjoin(lon: np.ndarray, lat: np.ndarray, villages: gpd.GeoDataFrame) -> tuple[np.ndarray, float]:
    """Return the peer's answer, ties broken by the smallest code, and the seconds of the join alone."""
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=4326)
    start = time.perf_counter()
    joined = gpd.sjoin(points, villages, predicate="intersects")
    seconds = time.perf_counter() - start
    first = joined.sort_values("village_code", kind="stable").groupby(level=0)["index_right"].first()
    return first.reindex(points.index, fill_value=-1).to_numpy(), seconds


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("spread", ["villages", "extent"])
def test_locate_and_sjoin(benchmark, coverage, spread, threads, capsys):
    full = benchmark.enabled
    lon, lat = coverage.points(spread, POINTS if full else PLAIN_POINTS)
    sample = slice(0, PEER_POINTS if full else PLAIN_POINTS)
    Locator(coverage.villages.head(3)).locate(
        lon[:1], lat[:1]
    )  # compiled or read from the cache before the clock starts
    clock: list[tuple[float, float, float]] = []

    def index_and_query() -> np.ndarray:
        start = time.perf_counter()
        locator = Locator(coverage.villages)
        made = time.perf_counter()
        answer = locator.locate(lon, lat, threads=threads)
        clock.append((made - start, time.perf_counter() - made, locator.nbytes / 1e6))
        return answer

    answer = benchmark.pedantic(index_and_query, rounds=3 if full else 1)
    expected, peer_s = by_sjoin(lon[sample], lat[sample], coverage.villages)
    assert (answer[sample] == expected).all()
    index_s, query_s, index_mb = (float(np.median(column)) for column in zip(*clock, strict=True))
    rates = {
        "query_points_per_s": len(lon) / query_s,
        "with_index_points_per_s": len(lon) / (index_s + query_s),
        "sjoin_points_per_s": len(expected) / peer_s,
    }
    ratios = {
        "query_ratio": rates["query_points_per_s"] / rates["sjoin_points_per_s"],
        "with_index_ratio": rates["with_index_points_per_s"] / rates["sjoin_points_per_s"],
    }
    benchmark.extra_info |= {
        "villages": len(coverage.villages),
        "index_s": index_s,
        "index_mb": index_mb,
        **rates,
        **ratios,
    }
    if full:
        with capsys.disabled():
            print(
                f"\n{coverage.name}, points over {spread}, {threads} thread(s): index {index_s:.2f} s ({index_mb:.0f} MB), "
                f"query {rates['query_points_per_s'] / 1e6:.2f} M/s, with index {rates['with_index_points_per_s'] / 1e6:.2f} M/s, "
                f"sjoin {rates['sjoin_points_per_s'] / 1e6:.2f} M/s: "
                f"{ratios['query_ratio']:.1f}x, with index {ratios['with_index_ratio']:.1f}x"
            )


MEMORY = textwrap.dedent(
    """
    import json, resource, sys
    import geopandas as gpd, numpy as np
    from blankspot.locate import Locator

    def peak_mb():
        if sys.platform == "darwin":
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        status = open("/proc/self/status").read()  # ru_maxrss would start from the parent's
        return int(status.split("VmHWM:")[1].split()[0]) / 1e3

    path, total, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    villages = gpd.read_parquet(path)
    west, south, east, north = villages.total_bounds
    rng = np.random.default_rng(42)
    peaks = {"villages_mb": peak_mb()}
    locator = Locator(villages)
    peaks["index_mb"] = peak_mb()
    for done in range(0, total, batch):
        locator.locate(rng.uniform(west, east, batch), rng.uniform(south, north, batch))
        peaks.setdefault("first_batch_mb", peak_mb())
    peaks["last_batch_mb"] = peak_mb()
    lon, lat = rng.uniform(west, east, total), rng.uniform(south, north, total)
    peaks["points_mb"] = peak_mb()
    locator.locate(lon, lat)
    peaks["at_once_mb"] = peak_mb()
    print(json.dumps(peaks))
    """
)


def test_memory_of_locate(benchmark, coverage, tmp_path, capsys):
    full = benchmark.enabled
    path = tmp_path / "villages.parquet"
    coverage.villages.to_parquet(path)
    total, batch = (POINTS, 1_000_000) if full else (PLAIN_POINTS, PLAIN_POINTS // 3)

    def in_a_fresh_process() -> dict[str, float]:
        command = [sys.executable, "-c", MEMORY, str(path), str(total), str(batch)]
        return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    peaks = benchmark.pedantic(in_a_fresh_process, rounds=1)
    assert peaks["at_once_mb"] < 2_000
    assert peaks["last_batch_mb"] < peaks["first_batch_mb"] + 50  # the allocator's slack, not a share of the points
    benchmark.extra_info |= peaks
    if full:
        with capsys.disabled():
            print(f"\n{coverage.name}, peak resident memory after each step:", {k: round(v) for k, v in peaks.items()})
