"""A prediction that is killed goes on where it stopped, and ends as one that was not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from affine import Affine

from blankspot.errors import SourceError
from blankspot.grid import Grid
from blankspot.out.coverage import CoverageStore, open_coverage
from blankspot.radio.predict import predict
from blankspot.settings import load_settings

SETTINGS = load_settings({"radio": {"tile_pixels": 64, "resolution_m": 90.0}})


def predicted(folder: Path, progress=None):
    """Predict two operators over hills with a void, in 20 tiles."""
    random = np.random.default_rng(3)
    heights = (300 + 80 * np.sin(np.arange(300) / 20) + random.normal(0, 5, (240, 300))).astype(np.float32)
    heights[100:120, 200:220] = np.nan
    terrain = Grid(heights, Affine(90, 0, 729_000, 0, -90, 9_076_000), "EPSG:32748")
    sites = pd.DataFrame(
        {
            "site_id": ["A", "B", "C"], "lon": [107.15, 107.2, 107.3], "lat": [-8.42, -8.5, -8.4], "height_m": 42.0,
            "status": "active",
        }
    )  # fmt: skip
    services = pd.DataFrame(
        {
            "site_id": ["A", "A", "B", "C"], "operator": ["xl", "telkomsel", "xl", "telkomsel"], "technology": "4G",
            "band_mhz": 900.0, "eirp_dbm": 58.0, "azimuth_deg": [0, 90, np.nan, 200],
        }
    )  # fmt: skip
    store = CoverageStore(folder)
    return predict(
        services, sites, terrain, settings=SETTINGS, model="free_space", store=store, jobs=1, progress=progress
    )


@pytest.mark.parametrize("stops", [(1,), (2, 7)])
def test_a_killed_prediction_is_taken_up(tmp_path, stops):
    program = (
        "import sys, time\n"
        "sys.path.insert(0, sys.argv[2])\n"
        "from pathlib import Path\n"
        "from test_coverage_resume import predicted\n"
        "import blankspot.out.coverage as c\n"
        "put = c.CoverageStore.put\n"
        "def slowly(self, tile, parts):\n"
        "    put(self, tile, parts); print(tile, flush=True); time.sleep(0.05)\n"
        "c.CoverageStore.put = slowly\n"
        "predicted(Path(sys.argv[1]))\n"
    )
    folder = tmp_path / "killed"
    for stop in stops:
        with subprocess.Popen(
            [sys.executable, "-c", program, str(folder), str(Path(__file__).parent)], stdout=subprocess.PIPE, text=True
        ) as child:
            for _ in range(stop):
                assert child.stdout.readline()
            os.kill(child.pid, signal.SIGKILL)
    left = {path.name: path.stat().st_mtime_ns for path in (folder / ".tiles").glob("*.arrow")}
    assert sum(stops) <= len(left) < 20
    with pytest.raises(SourceError, match="no finished coverage"):
        open_coverage(folder)

    steps: list[tuple[int, int]] = []
    resumed = predicted(folder, progress=lambda done, of: steps.append((done, of)))
    whole_steps: list[tuple[int, int]] = []
    whole = predicted(tmp_path / "whole", progress=lambda done, of: whole_steps.append((done, of)))
    assert steps[-1][1] < whole_steps[-1][1]
    for name in ("median_dbm.tif", "sd_db.tif", "server.tif"):
        assert (resumed.folder / name).read_bytes() == (whole.folder / name).read_bytes()
    assert np.isfinite(whole.whole().layers["xl", "4G"].median_dbm.values).mean() > 0.9
