"""Of predicted coverage, level and spread leave as open data; operators nobody knows are numbered."""

from __future__ import annotations

from types import SimpleNamespace

import coverworld

from blankspot.run.publishing import _coverage
from blankspot.settings import load_settings


def job(folder):
    return SimpleNamespace(out=folder, settings=load_settings())


def test_level_and_spread_leave_and_servers_stay(tmp_path):
    keys = (("telkomsel", "4G"), ("Warung Pak Budi", "4G"))
    coverworld.FLOORS[keys[1]] = -140.0
    laid = coverworld.frame(keys=keys, coarse=True)
    coverworld.written(tmp_path / "coverage", laid, coverworld.world(laid))
    found = _coverage(job(tmp_path))
    assert [(one.name, one.path.name, one.kind) for one in found] == [
        ("cakupan_median_dbm", "median_dbm.tif", "coverage"),
        ("cakupan_sd_db", "sd_db.tif", "coverage_sd"),
    ]
    assert all(one.bands == ("telkomsel_4G", "operator_1_4G") and one.coarse for one in found)


def test_nothing_predicted_nothing_leaves(tmp_path):
    assert _coverage(job(tmp_path)) == []
    coverworld.written(tmp_path / "coverage", coverworld.frame(keys=()), {})
    assert _coverage(job(tmp_path)) == []
