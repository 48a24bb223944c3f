"""The map against plain folium on the same villages, in one run: file, writing, opening, moving, memory.

Each map is written in a process of its own, so that its peak memory is its own, and opened in a Chromium of its own. A
kabupaten is the example workspace with all its layers; folium gets the villages with their verdicts alone. The nation is
the real boundaries with invented verdicts, handling and reasons; a plain test run takes a few hundred of its villages.
No figure is held against a target here: `make bench` prints them.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from browser import LAUNCH_ARGUMENTS, find
from mapvisit import DESK
from playwright.sync_api import Error
from xstatic.pkg import leaflet

NATIONAL = "boundaries/national_2025_simplified_without_13_36_53.parquet"
FEW = 300  # villages of the nation in a plain test run
OPEN_WITHIN_S = 60
THROTTLE = 4
TARGETS = {
    "kabupaten": {"file_mb": 1.5, "write_s": 2, "paint_s": 1, "interactive_s": 1.5, "throttled_s": 5},
    "national": {"file_mb": 10, "write_s": 30, "peak_mb": 2000, "paint_s": 2.5, "pan_fps": 30, "zoom_fps": 30, "heap_mb": 400},
}  # fmt: skip

WRITE = textwrap.dedent(
    """
    import json, resource, sys, time
    from pathlib import Path
    import folium
    import geopandas as gpd, pandas as pd
    import blankspot as bs
    from blankspot.out.maps import write_map

    def peak_mb():
        if sys.platform == "darwin":
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        status = open("/proc/self/status").read()  # ru_maxrss would start from the parent's
        return int(status.split("VmHWM:")[1].split()[0]) / 1e3

    def plain_folium(villages, verdicts, path):
        shown = villages.merge(verdicts, on="village_code")
        west, south, east, north = shown.total_bounds
        page = folium.Map(location=[(south + north) / 2, (west + east) / 2], tiles=None)
        fields = ["village_code", "village_name", "district", "signal_class", "reason"]
        colours = {"none": "#a50f15", "weak": "#fdae61", "served": "#2c8c85"}
        folium.GeoJson(
            shown[[*fields, "geometry"]], popup=folium.GeoJsonPopup(fields),
            style_function=lambda at: {"weight": 1, "fillColor": colours.get(at["properties"]["signal_class"], "#aaa")},
        ).add_to(page)
        page.fit_bounds([[south, west], [north, east]])
        page.save(str(path))

    tool, folder, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    workspace = (folder / "blankspot.toml").exists()
    out = folder / "out" if workspace else folder
    villages, verdicts = gpd.read_parquet(out / "villages.parquet"), pd.read_parquet(out / "verdicts.parquet")
    handling = pd.read_parquet(out / "handling.parquet")
    start = time.perf_counter()
    if tool == "folium":
        plain_folium(villages, verdicts, target)
    elif workspace:
        bs.Workspace(folder).map(target)
    else:
        write_map(target, villages, verdicts=verdicts, handling=handling)
    print(json.dumps({"write_s": time.perf_counter() - start, "peak_mb": peak_mb(), "villages": len(villages)}))
    """
)

# Resolves once a map can be used and its first tiles are drawn; for folium once its script has run and was drawn.
READY = """async () => {
  const frame = () => new Promise((go) => requestAnimationFrame(go));
  const own = document.querySelector(".bs-map");
  const scene = own && (await window[own.id].blankspot);
  const mark = performance.getEntriesByName("blankspot-ready")[0]?.startTime;
  if (scene) await scene.layer.settled();
  await frame();
  await frame();
  const drawn = performance.now();
  const paint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null;
  return { paint_s: paint === null ? null : paint / 1000, interactive_s: (mark ?? drawn) / 1000, drawn_s: drawn / 1000 };
}"""
# Frames a second while the map moves, and the longest of them in milliseconds; ends when its time is over.
MOVE = """async ([how, seconds]) => {
  const own = document.querySelector(".folium-map, .bs-map");
  const map = window[own.id], start = performance.now(), frames = [];
  const over = () => performance.now() - start > seconds * 1000;
  const wait = (ms) => new Promise((go) => setTimeout(go, ms));
  let going = true;
  const count = (at) => { frames.push(at); if (going) requestAnimationFrame(count); };
  requestAnimationFrame(count);
  if (how === "pan") for (let i = 0; i < 24 && !over(); i++) {
    map.panBy([i % 8 < 4 ? 70 : -70, i % 4 < 2 ? 25 : -25], { animate: true, duration: 0.15 });
    await wait(160);
  } else for (const step of [1, 1, 1, -1, -1, -1]) {
    if (over()) break;
    map.setZoom(map.getZoom() + step, { animate: true });
    await wait(500);
  }
  going = false;
  const gaps = frames.slice(1).map((at, i) => at - frames[i]);
  const span = Math.max(performance.now() - start, 1);
  return { fps: (1000 * frames.length) / span, worst_ms: Math.max(0, ...gaps) };
}"""
MOVE_WITHIN_S = 6


@pytest.fixture(params=["kabupaten", "national"])
def place(request, benchmark, tmp_path):
    """The name of what is mapped, and the folder that holds it."""
    if request.param == "kabupaten":
        return request.param, request.getfixturevalue("demo_made")
    invent_nation(request.getfixturevalue("real"), tmp_path, few=not benchmark.enabled)
    return request.param, tmp_path


def invent_nation(real: Path, folder: Path, *, few: bool) -> None:
    """Write real villages with invented verdicts and handling."""
    read = gpd.read_parquet(real / NATIONAL)
    read = read.head(FEW) if few else read
    names: dict[str, str] = {}
    for path in sorted((real / "codes").glob("*.csv")):
        codes = pd.read_csv(path, dtype=str)
        names |= dict(zip(codes["code"], codes["name"], strict=True))
    code, count, rng = read["kode"], len(read), np.random.default_rng(1)
    gpd.GeoDataFrame(
        {
            "village_code": code,
            "village_name": read["nama"],
            "village_type": np.where(code.str[9] == "1", "kelurahan", "desa"),
            "district": code.str[:8].map(names),
            "regency": code.str[:5].map(names),
            "province": code.str[:2].map(names),
            "population": rng.integers(300, 9000, count),
        },
        geometry=read.geometry,
        crs=4326,
    ).to_parquet(folder / "villages.parquet")
    signal = rng.choice(["none", "weak", "served", "unknown"], count, p=[0.15, 0.2, 0.5, 0.15])
    cells = rng.integers(4, 60, count)
    good = (cells * rng.random(count)).astype(int)
    share = np.where(signal == "unknown", np.nan, good / cells)
    points = rng.integers(5, 900, count)
    day = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 360, count), "D")
    pd.DataFrame(
        {
            "village_code": code,
            "signal_class": signal,
            "partial": rng.random(count) < 0.3,
            "no_4g": rng.random(count) < 0.1,
            "confidence": rng.choice(["measured", "fused", "modelled", "reported", "indicative"], count),
            "share_served": share,
            "share_weak": (1 - share) / 2,
            "share_none": (1 - share) / 2,
            "share_low": share * 0.7,
            "share_high": np.minimum(1, share + 0.11),
            "weight_kind": "population",
            "n_measurements": points,
            "n_cells": cells,
            "latest_measurement": day,
            "rule": "coverage",
            "profile": "bench",
            "reason": [
                f"{a} dari {b} sel terukur terlayani 4G, {n} titik ukur, terakhir {d:%d-%m-%Y}."
                for a, b, n, d in zip(good, cells, points, day, strict=True)
            ],
        }
    ).to_parquet(folder / "verdicts.parquet")
    at = np.flatnonzero(np.isin(signal, ["none", "weak"]))
    since = pd.Timestamp("2024-06-01") + pd.to_timedelta(rng.integers(0, 500, len(at)), "D")
    pd.DataFrame(
        {
            "case_id": [f"k{i}" for i in at],
            "village_code": code.to_numpy()[at],
            "year": 2025,
            "is_target": True,
            "stage": rng.choice(["proposed", "assigned", "construction", "handled", "rejected"], len(at)),
            "since": since,
            "partner": rng.choice(["Telkomsel", "BAKTI", "Indosat", "XLSMART"], len(at)),
            "intervention_type": "bts",
            "funding_source": rng.choice(["uso_bakti", "apbd_kab", "apbn"], len(at)),
            "handled_on": pd.NaT,
            "evidence": "",
        }
    ).to_parquet(folder / "handling.parquet")


def write(tool: str, folder: Path, target: Path) -> dict[str, Any]:
    command = [sys.executable, "-c", WRITE, tool, str(folder), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {**json.loads(done.stdout), "file_mb": target.stat().st_size / 1e6}


def leaflet_from_here(route: Any) -> None:
    """Give folium the Leaflet that it would fetch, and nothing else: no figure waits for a network."""
    url = route.request.url
    if url.startswith(("file:", "data:", "blob:")):
        route.continue_()
    elif found := re.search(r"/(leaflet\.(?:js|css))$", url):
        route.fulfill(path=Path(leaflet.BASE_DIR) / found[1])
    else:
        route.abort()


def open_in(chromium: Any, path: Path, *, throttle: int = 1, move: bool = True) -> dict[str, Any]:
    """Open a map in a Chromium of its own and move it; what it cannot do in its time is missing."""
    opened = chromium.launch(executable_path=find(), args=[*LAUNCH_ARGUMENTS, "--enable-precise-memory-info"])
    found: dict[str, Any] = {}
    try:
        page = opened.new_context(**DESK).new_page()
        page.route("**/*", leaflet_from_here)
        chrome = page.context.new_cdp_session(page)
        chrome.send("Performance.enable")
        chrome.send("Emulation.setCPUThrottlingRate", {"rate": throttle})
        page.goto(path.as_uri(), timeout=OPEN_WITHIN_S * 1000)
        if page.locator(".bs").count():
            page.wait_for_selector(".bs[data-ready]", timeout=OPEN_WITHIN_S * 1000)
        found |= page.evaluate(READY)
        for how in ("pan", "zoom") if move else ():
            moved = page.evaluate(MOVE, [how, MOVE_WITHIN_S])
            found |= {f"{how}_fps": moved["fps"], f"{how}_worst_ms": moved["worst_ms"]}
        metrics = {metric["name"]: metric["value"] for metric in chrome.send("Performance.getMetrics")["metrics"]}
        found["heap_mb"] = metrics["JSHeapUsedSize"] / 1e6
    except Error as error:
        found["failed"] = str(error).splitlines()[0]
    finally:
        opened.close()
    return found


ROWS = {
    "file_mb": "file, MB",
    "write_s": "written in, s",
    "peak_mb": "peak memory of writing, MB",
    "paint_s": "first paint of anything, s",
    "interactive_s": "interactive, s",
    "drawn_s": "all in sight is drawn, s",
    "throttled_s": "interactive at a quarter of the speed, s",
    "pan_fps": "frames a second, pan",
    "pan_worst_ms": "longest frame, pan, ms",
    "zoom_fps": "frames a second, zoom",
    "zoom_worst_ms": "longest frame, zoom, ms",
    "heap_mb": "JS heap of the page, its worker not counted, MB",
}


def table(name: str, ours: dict[str, Any], plain: dict[str, Any]) -> str:
    """Return the figures as a table in Markdown."""

    def cell(figures: dict[str, Any], key: str) -> str:
        if figures.get(key) is None:
            return (
                f"not within {OPEN_WITHIN_S} s"
                if "failed" in figures and key not in ("file_mb", "write_s", "peak_mb")
                else "–"
            )
        return f"{figures[key]:,.{0 if figures[key] >= 100 else 1 if figures[key] >= 10 else 2}f}"

    lines = [f"| {name}, {ours['villages']:,} villages | blankspot | folium | target |", "|---|---:|---:|---:|"]
    for key, said in ROWS.items():
        target = TARGETS[name].get(key)
        sign = "≥" if key.endswith("fps") else "≤"
        lines.append(f"| {said} | {cell(ours, key)} | {cell(plain, key)} | {f'{sign} {target:g}' if target else ''} |")
    return "\n".join(lines)


def test_bench_map(benchmark, browser, place, tmp_path, capsys):
    name, folder = place
    chromium = browser.browser_type
    ours, plain = tmp_path / "ours.html", tmp_path / "folium.html"
    figures = benchmark.pedantic(lambda: write("blankspot", folder, ours), rounds=1, iterations=1)
    peer = write("folium", folder, plain)
    for found, path in ((figures, ours), (peer, plain)):
        found.update(open_in(chromium, path, move=benchmark.enabled))
        if benchmark.enabled and "failed" not in found:
            found["throttled_s"] = open_in(chromium, path, throttle=THROTTLE, move=False).get("interactive_s")
    assert "failed" not in figures
    assert figures["interactive_s"] > 0
    benchmark.extra_info["blankspot"], benchmark.extra_info["folium"] = figures, peer
    if benchmark.enabled:
        with capsys.disabled():
            print("\n" + table(name, figures, peer))
