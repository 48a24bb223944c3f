"""The step that predicts: what it leaves in a workspace, when it runs again, and what it says without heights."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from radioworld import SERVICES, SITES, heights, write_dem, write_radio_workspace

import blankspot as bs
from blankspot.errors import UsageError
from blankspot.out.coverage import open_coverage
from blankspot.run.choice import CoverChoice


@pytest.fixture(scope="module")
def predicted(tmp_path_factory):
    folder = write_radio_workspace(tmp_path_factory.mktemp("radio") / "uji")
    summary = bs.Workspace(folder).cover()
    return folder, summary


def test_a_workspace_is_predicted_over_its_heights(predicted):
    folder, summary = predicted
    coverage = open_coverage(folder / "out" / "coverage")
    assert (coverage.model, coverage.coarse) == ("p1812", False)
    assert coverage.keys() == (("telkomsel", "4G"), ("indosat", "4G"), ("telkomsel", "2G"))
    assert (summary["sites"], summary["services"], summary["services_listed"]) == (2, 3, 3)
    assert summary["share_predicted"] == 1
    assert all(network["share_strong_area"] <= network["share_weak_area"] for network in summary["networks"])


def test_behind_the_ridge_less_arrives_than_before_it(predicted):
    folder, _ = predicted
    layer = open_coverage(folder / "out" / "coverage").whole().layers["telkomsel", "4G"]
    west, east = SITES["lon"][0] - 0.01, SITES["lon"][0] + 0.09
    before, behind = layer.median_dbm.sample([west, east], [SITES["lat"][0]] * 2)
    assert before > behind + 40


def test_the_second_run_leaves_it_alone_and_says_the_same(predicted):
    folder, summary = predicted
    workspace = bs.Workspace(folder)
    assert "cover" in workspace.run(until=("cover",)).fresh
    assert workspace.cover() == summary


def test_another_language_predicts_nothing_anew(predicted):
    folder, _ = predicted
    assert bs.Workspace(folder, lang="en").run(until=("cover",)).fresh == ("cover",)
    bs.Workspace(folder).run(until=("cover",))


def test_verdicts_rest_on_it(predicted):
    folder, _ = predicted
    workspace = bs.Workspace(folder)
    workspace.run(until=("verdicts",))
    assert "modelled" in set(workspace.frame("evidence")["kind"])


def test_changed_heights_are_predicted_anew(tmp_path):
    folder = write_radio_workspace(tmp_path / "uji")
    bs.Workspace(folder).run(until=("cover",))
    write_dem(folder / "data" / "dem.tif", heights() + 1)
    assert bs.Workspace(folder).run(until=("cover",)).made == ("cover",)


def test_a_choice_holds_until_cover_is_called_without(tmp_path):
    folder = write_radio_workspace(tmp_path / "uji")
    chosen = CoverChoice(model="hata", resolution_m=200.0, operators=("TSEL",))
    summary = bs.Workspace(folder).cover(chosen)
    assert {network["operator"] for network in summary["networks"]} == {"telkomsel"}
    assert summary["model"] == "hata"
    assert not summary["coarse"]
    later = bs.Workspace(folder)
    assert later.cover_choice == chosen
    assert "cover" in later.run(until=("cover",)).fresh
    assert later.cover(CoverChoice(model="free_space"))["model"] == "free_space"
    assert open_coverage(folder / "out" / "coverage").shape[0] > 80


def test_without_heights_it_is_coarse(tmp_path):
    folder = write_radio_workspace(tmp_path / "uji", terrain=False, extra="[settings.radio]\nresolution_m = 250")
    summary = bs.Workspace(folder).cover()
    assert (summary["model"], summary["coarse"]) == ("hata", True)
    record = json.loads((folder / "out" / "provenance.json").read_text())
    assert record["steps"]["cover"]["coverage"] == {"model": "hata", "coarse": True}


def test_a_workspace_without_services_has_none_and_loses_what_it_had(tmp_path):
    folder = write_radio_workspace(tmp_path / "uji", terrain=False, extra="[settings.radio]\nresolution_m = 500")
    assert bs.Workspace(folder).cover()
    told = (folder / "blankspot.toml").read_text().replace('sites = "data/menara.xlsx"', "")
    (folder / "blankspot.toml").write_text(told)
    workspace = bs.Workspace(folder)
    assert workspace.cover() == {}
    assert not (folder / "out" / "coverage").exists()
    assert workspace.run(until=("verdicts",)).counts["unknown"] == 1


def test_what_is_left_out_is_told_with_its_row(tmp_path):
    services = pd.concat([SERVICES, SERVICES.iloc[[0]].assign(band_mhz=90_000.0)], ignore_index=True)
    sites = pd.concat([SITES, SITES.iloc[[0]].assign(site_id="JAUH", lon=SITES["lon"][0] + 0.2)], ignore_index=True)
    far = SERVICES.iloc[[0]].assign(site_id="JAUH")
    folder = write_radio_workspace(
        tmp_path / "uji", services=pd.concat([services, far], ignore_index=True), sites=sites
    )
    workspace = bs.Workspace(folder)
    summary = workspace.cover()
    rejects = pd.read_csv(folder / "out" / "rejects" / "coverage.csv")
    assert summary["services"] < summary["services_listed"]
    assert "site_outside_terrain" in set(rejects["rule"])
    assert set(workspace.check()["rule"]) >= {"site_outside_terrain"}


def test_an_unknown_operator_is_named_with_those_there_are(tmp_path):
    folder = write_radio_workspace(tmp_path / "uji")
    with pytest.raises(UsageError, match="antariksa") as told:
        bs.Workspace(folder).cover(CoverChoice(operators=("antariksa",)))
    assert "telkomsel" in told.value.hint.id


def test_progress_is_told(tmp_path):
    folder = write_radio_workspace(tmp_path / "uji")
    workspace, seen = bs.Workspace(folder), []

    class Told:
        def __enter__(self):
            return lambda done, total: seen.append((done, total))

        def __exit__(self, *_):
            return None

    workspace.cover(working=lambda _title: Told())
    assert seen[0][0] == 0
    assert seen[-1][0] == seen[-1][1] > 0
