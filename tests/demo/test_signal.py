from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from blankspot.demo import signal
from blankspot.demo.fields import Lattice
from blankspot.demo.settle import Ground

HOUSE = Path(__file__).parents[2] / "blankspot"
MAST = 60 * 121 + 60


def _air(height: np.ndarray) -> signal.Air:
    cells = Lattice(rows=121, columns=121, cell_m=100.0)
    flat = np.zeros(cells.shape)
    return signal.Air(Ground(cells, height, flat, flat, flat, flat), [flat])


def _services(**changes: object) -> pd.DataFrame:
    row = {"operator": "xl", "technology": "4G", "band_mhz": 1800.0, "eirp_dbm": 60.0, "azimuth_deg": np.nan}
    return pd.DataFrame([row | changes])


def _level(height: np.ndarray, **changes: object) -> np.ndarray:
    air = _air(height)
    site = pd.Series({"cell": MAST, "height_m": 50.0})
    (window,) = air.radiate(site, _services(**changes), np.random.default_rng(0))
    levels = signal.silence(air.ground, [window.network])
    signal.add(levels, window)
    return levels[window.network]


def test_the_signal_falls_with_distance_on_even_ground():
    level = _level(np.zeros((121, 121)))[60, 61:115]
    assert (np.diff(level) < 0).all()
    assert level[0] > -75
    assert level[-1] < -115


def test_a_ridge_throws_a_shadow_and_its_crest_does_not():
    height = np.zeros((121, 121))
    height[:, 75] = 300.0
    plain, ridged = _level(np.zeros((121, 121))), _level(height)
    assert ridged[60, 85] < plain[60, 85] - 15
    assert ridged[60, 75] == pytest.approx(plain[60, 75], abs=0.2)
    assert ridged[60, 50] == pytest.approx(plain[60, 50], abs=0.2)


def test_a_lower_band_and_more_power_reach_further():
    plain = np.zeros((121, 121))
    assert (_level(plain, band_mhz=900.0)[60, 80] - _level(plain)[60, 80]) == pytest.approx(6.3, abs=0.2)
    assert (_level(plain, eirp_dbm=63.0)[60, 80] - _level(plain)[60, 80]) == pytest.approx(3.0, abs=0.2)


def test_a_sector_hears_in_front_better_than_behind():
    level = _level(np.zeros((121, 121)), azimuth_deg=90.0)  # east
    assert level[60, 80] - level[60, 40] == pytest.approx(18.0, abs=0.2)


def test_a_village_is_none_only_if_places_without_signal_prevail():
    assert signal.village_classes(np.array([0.9, 0.5, 0.0, 0.0]), np.array([0.0, 0.3, 0.8, 0.2])) == [
        "served",
        "weak",
        "none",
        "weak",
    ]


def test_fading_is_alike_nearby_and_not_far_off(arunika):
    grid = arunika.truth.signal["telkomsel"]
    level = np.nan_to_num(grid.values, nan=-200.0)
    audible = (level > -110) & (level < -80)
    near = audible[:, 1:] & audible[:, :-1]
    assert np.abs(np.diff(level, axis=1)[near]).mean() < 4
    assert level[audible].std() > 6


def test_the_truth_shares_nothing_with_the_radio_engine():
    for path in sorted((HOUSE / "demo").glob("*.py")):
        names = [
            name
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
        ]
        assert not [name for name in names if "radio" in name or "classify" in name], path


def test_nothing_else_reads_the_truth():
    readers = [
        path
        for path in HOUSE.rglob("*.py")
        if path.parent.name != "demo" and path.name != "workspace.py" and '"truth' in path.read_text("utf-8")
    ]
    assert readers == []


def test_the_demo_has_values_only_and_no_clock():
    forbidden = {"open", "pathlib", "rasterio", "pyogrio", "sqlite3", "time", "random", "os", "tempfile"}
    for path in sorted((HOUSE / "demo").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = {(getattr(node, "module", None) or "").split(".")[0], *(alias.name for alias in node.names)}
                assert not names & forbidden, path
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("now", "today", "to_csv", "to_file", "write_text"), path
