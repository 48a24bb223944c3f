"""Writing the map of a kabupaten against plain folium on the same villages, in one run."""

from __future__ import annotations

import time

import folium
import geopandas as gpd

import blankspot as bs


def plain_folium(villages: gpd.GeoDataFrame, path) -> None:
    """Write what folium offers for the same purpose: coloured polygons with a popup."""
    page = folium.Map(
        location=[villages.geometry.union_all().centroid.y, villages.geometry.union_all().centroid.x], zoom_start=10
    )
    fields = ["village_code", "village_name", "district", "signal_class", "reason"]
    shown = villages[[*fields, "geometry"]]
    folium.GeoJson(shown, popup=folium.GeoJsonPopup(fields), style_function=lambda _: {"weight": 1}).add_to(page)
    page.save(str(path))


def test_bench_map_of_a_kabupaten(benchmark, demo_made, tmp_path):
    villages = gpd.read_parquet(demo_made / "out" / "villages.parquet")
    verdicts = bs.Workspace(demo_made).frame("verdicts")
    ours = tmp_path / "ours.html"
    benchmark.pedantic(lambda: bs.write_map(ours, villages, verdicts=verdicts), rounds=3, iterations=1)
    start = time.perf_counter()
    plain_folium(villages.merge(verdicts, on="village_code"), tmp_path / "folium.html")
    seconds = time.perf_counter() - start
    sizes = ours.stat().st_size, (tmp_path / "folium.html").stat().st_size
    benchmark.extra_info["folium_seconds"] = round(seconds, 2)
    benchmark.extra_info["bytes_ours"], benchmark.extra_info["bytes_folium"] = sizes
    assert sizes[0] > 0
