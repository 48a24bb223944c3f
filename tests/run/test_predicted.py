"""Which days a workspace's prediction judges, and what of it reaches the map."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import worlds as world
from affine import Affine

from blankspot.check import REJECT_COLUMNS
from blankspot.coverage import Frame
from blankspot.out.coverage import CoverageStore
from blankspot.run.judging import judge_days
from blankspot.run.predicted import coverage_layers, predicted_shares, workspace_coverage
from blankspot.schema import TABLES
from blankspot.settings import load_settings

AS_OF = dt.date(2022, 12, 26)
BEFORE = dt.date(2022, 9, 30)
KEY = ("telkomsel", "4G")
SIDE, PIXEL = 100, 200.0


def store(folder, level):
    """Write coverage of one level over two villages."""
    frame = Frame(
        crs="EPSG:32748", transform=Affine(PIXEL, 0, world.WEST, 0, -PIXEL, world.SOUTH + SIDE * PIXEL / 2),
        shape=(SIDE // 2, SIDE), tile_pixels=64, keys=(KEY,), floors_dbm={KEY: -140.0},
        services=pd.DataFrame(columns=list(TABLES["services"].columns)), model="hata", coarse=True, digest="uji",
    )  # fmt: skip
    kept = CoverageStore(folder)
    kept.begin(frame)
    for tile in frame.tiles():
        shape = frame.window(tile)[2:]
        kept.put(tile, {KEY: (np.full(shape, level, np.float32), np.full(shape, 12, np.float32), np.zeros(shape, np.int32))})  # fmt: skip
    kept.finish(pd.DataFrame(columns=list(REJECT_COLUMNS)))


def services(*operators):
    return pd.DataFrame({"site_id": [f"M{at}" for at in range(len(operators))], "operator": operators})


@pytest.fixture
def job(tmp_path):
    tables = {
        "villages": world.full_villages(2),
        "measurements": world.drive([-98.0] * 31).iloc[:0],
        "sites": pd.DataFrame({"site_id": ["M0", "M1"], "status": "active"}),
        "services": services("telkomsel"),
        "podes": pd.DataFrame(),
        "reports": pd.DataFrame(),
        "verdicts": pd.DataFrame({"rule": ["modelled_coarse.none"]}),
    }
    sources = SimpleNamespace(population=())
    return SimpleNamespace(
        out=tmp_path, root=tmp_path, as_of=AS_OF, settings=load_settings(), notes=[], frame=tables.__getitem__,
        config=SimpleNamespace(sources=sources), tables=tables,
    )  # fmt: skip


def test_a_workspace_without_a_prediction_is_judged_without(job):
    assert workspace_coverage(job) is None
    assert coverage_layers(job) == []
    assert set(judge_days(job, [AS_OF])[AS_OF].verdicts["rule"]) == {"unknown.no_data"}


def test_a_prediction_judges_the_workspace_s_own_day_and_none_before_it(job):
    store(job.out / "coverage", -140.0)
    found = judge_days(job, [BEFORE, AS_OF])
    assert set(found[BEFORE].verdicts["rule"]) == {"unknown.no_data"}
    assert set(found[AS_OF].verdicts["rule"]) == {"modelled_coarse.none"}
    assert predicted_shares(job, BEFORE, job.tables["villages"], None) is None


@pytest.mark.parametrize(("level", "rule"), [(-140.0, "unknown.no_data"), (-60.0, "modelled_coarse.served")])
def test_one_that_leaves_an_operator_out_shows_signal_but_not_its_absence(job, level, rule):
    store(job.out / "coverage", level)
    job.tables["services"] = services("telkomsel", "xl")
    assert set(judge_days(job, [AS_OF])[AS_OF].verdicts["rule"]) == {rule}


def test_an_operator_that_is_not_on_air_is_not_missed(job):
    store(job.out / "coverage", -140.0)
    job.tables["services"] = services("telkomsel", "xl")
    job.tables["sites"] = job.tables["sites"].assign(status=["active", "planned"])
    assert set(judge_days(job, [AS_OF])[AS_OF].verdicts["rule"]) == {"modelled_coarse.none"}


def test_its_layers_reach_the_map_and_say_when_measured_villages_contradict_them(job):
    store(job.out / "coverage", -80.0)
    (layer,) = coverage_layers(job)
    assert layer.title.id == "4G, Telkomsel (kasar)"
    assert "meleset di desa" not in layer.note.id
    job.tables["verdicts"] = pd.DataFrame({"rule": ["unknown.modelled_doubted"]})
    assert "Sering meleset di desa yang sudah diukur" in coverage_layers(job)[0].note.id
