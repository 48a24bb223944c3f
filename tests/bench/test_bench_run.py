"""A cold run of the example workspace against one in which nothing changed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time


def run(folder) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "blankspot", "run", str(folder), "--quiet"], check=True, capture_output=True)
    return time.perf_counter() - start


def test_bench_run_when_nothing_changed(benchmark, demo_source, tmp_path):
    folder = tmp_path / "demo"
    shutil.copytree(demo_source, folder)
    cold = run(folder)
    benchmark.pedantic(lambda: run(folder), rounds=3, iterations=1)
    benchmark.extra_info["cold_seconds"] = round(cold, 2)
