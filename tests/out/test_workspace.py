from __future__ import annotations

import datetime as dt
import hashlib
import os
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely

from blankspot.classify import classify
from blankspot.demo import invent
from blankspot.errors import OutputError
from blankspot.ledger import Ledger
from blankspot.out import workspace
from blankspot.out.workspace import write_demo
from blankspot.run.config import read_config
from blankspot.sources.boundaries import read_boundaries
from blankspot.sources.measurements import read_measurements
from blankspot.sources.rasters import read_population, zonal_sums
from blankspot.sources.records import (
    read_facilities,
    read_internet_points,
    read_podes,
    read_proposals,
    read_reports,
)
from blankspot.sources.sites import read_sites
from blankspot.sources.tables import read_tables

ROOT = Path(__file__).parents[2]
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
RULES = {
    "impossible_value": "impossible_rsrp_dbm",
    "metric_not_named": "missing_metric",
    "radio_unknown": "missing_metric",
    "future_time": "time_in_future",
    "bad_accuracy": "accuracy_too_coarse",
    "no_fix": "position_zero",
    "outside": "outside_area",
    "sentinel_dash": "sentinel_value",
    "sentinel_minus_200": "sentinel_value",
    "sentinel_2147483647": "sentinel_value",
}


@pytest.fixture(scope="module")
def arunika(tmp_path_factory) -> Path:
    return write_demo(tmp_path_factory.mktemp("demo") / "arunika", invent())


@pytest.fixture(scope="module")
def tiny():
    return invent(seed=3, villages=12)


@pytest.fixture(scope="module")
def villages(arunika):
    return read_boundaries(arunika / "data/desa.gpkg").accepted


@pytest.fixture(scope="module")
def readings(arunika, villages):
    paths = [path for source in read_config(arunika).sources.measurements for path in source.files(arunika)]
    return read_measurements(paths, area=villages, now=NOW)


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes_whatever_the_process(tmp_path, tiny):
    here = digests(write_demo(tmp_path / "one", tiny))
    code = "from blankspot.demo import invent; from blankspot.out.workspace import write_demo; write_demo('two', invent(3, 12))"
    environment = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Jayapura", "OMP_NUM_THREADS": "1"}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True)
    assert digests(tmp_path / "two") == here
    assert len(here) > 20
    other = digests(write_demo(tmp_path / "three", invent(4, 12)))
    alike = {name for name in other if other[name] == here.get(name)}
    assert alike <= {"data/indikator.csv", "data/mitra.csv"}


def test_every_file_of_a_workspace_is_there(arunika):
    expected = {
        "blankspot.toml", "data/desa.gpkg", "data/kode_desa.csv", "data/menara.xlsx", "data/menara_survei_lapangan.csv",
        "data/podes.csv", "data/laporan_warga.csv", "data/koreksi_warga.txt", "data/fasilitas.csv", "data/titik_internet.csv", "data/usulan.csv",
        "data/penanganan.csv", "data/indikator.csv", "data/penduduk_100m.tif", "data/dem_30m.tif", "data/jalan.gpkg",
        "data/sungai.gpkg", "data/ukur/ukur_ulang.zip", "truth/BACA.txt", "truth/kelas_desa.csv", "truth/baris_rusak.csv",
        "truth/sinyal_4g_telkomsel.tif",
    }  # fmt: skip
    assert expected <= set(digests(arunika))


def test_the_settings_of_the_workspace_are_read_and_explained(arunika):
    config = read_config(arunika)
    assert config.workspace.title == "Kabupaten Arunika (contoh)"
    assert (config.workspace.as_of, config.workspace.year) == (dt.date(2022, 12, 26), 2022)
    for kind in type(config.sources).model_fields:
        for source in getattr(config.sources, kind):
            assert all(path.is_file() for path in source.files(arunika))
    assert "truth" not in {part for text in config.model_dump_json().split('"') for part in text.split("/")}
    lines = (arunika / "blankspot.toml").read_text("utf-8").splitlines()
    assert sum("#" in line for line in lines) > 15


def test_a_folder_in_use_is_refused_and_left_alone(tmp_path, tiny):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(OutputError, match="not empty"):
        write_demo(tmp_path, tiny)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(OutputError, match="is a file"):
        write_demo(tmp_path / "mine.txt", tiny)


def test_an_empty_folder_is_filled(tmp_path, tiny):
    (tmp_path / "empty").mkdir()
    assert write_demo(tmp_path / "empty", tiny) == tmp_path / "empty"
    assert (tmp_path / "empty" / "blankspot.toml").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


@pytest.mark.parametrize(
    "fault", [OSError(28, "No space left on device"), sqlite3.OperationalError("disk full"), KeyboardInterrupt()]
)
def test_an_interrupted_demo_leaves_nothing(tmp_path, tiny, monkeypatch, fault):
    def fail(*_args):
        raise fault

    monkeypatch.setattr(workspace, "_write_pages", fail)
    expected = KeyboardInterrupt if isinstance(fault, KeyboardInterrupt) else OutputError
    with pytest.raises(expected):
        write_demo(tmp_path / "demo", tiny)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path, tiny):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot be written"):
        write_demo(tmp_path / "file" / "demo", tiny)


def test_the_committed_boundaries_are_those_of_seed_42(arunika):
    committed = gpd.read_file(ROOT / "data/boundaries/arunika.gpkg")
    made = gpd.read_file(arunika / "data/desa.gpkg")
    pd.testing.assert_frame_equal(committed.drop(columns="geometry"), made.drop(columns="geometry"))
    assert shapely.equals_exact(np.array(committed.geometry), np.array(made.geometry), tolerance=1e-6).all()
    assert committed.crs == made.crs == "EPSG:4326"
    assert (ROOT / "data/boundaries/arunika.gpkg").stat().st_size < 2_000_000


def test_boundaries_are_read_without_a_remark_and_tile_exactly(arunika):
    checked = read_boundaries(
        arunika / "data/desa.gpkg", code_list=pd.read_csv(arunika / "data/kode_desa.csv", dtype=str)
    )
    assert len(checked.accepted) == 280
    assert checked.rejects.empty
    assert checked.measures["overlap_km2"] == 0
    assert checked.measures["gap_km2"] == 0
    assert shapely.coverage_is_valid(np.array(checked.accepted.geometry))


def test_the_sum_of_the_raster_over_a_desa_is_its_population(arunika, villages):
    grid = read_population(arunika / "data/penduduk_100m.tif").grid
    people = zonal_sums(grid, villages).reindex(villages["village_code"]).to_numpy()
    assert np.abs(people - villages["population"].to_numpy(dtype=float)).max() < 1
    assert np.nansum(grid.values) == pytest.approx(villages["population"].sum(), abs=280)


def test_rasters_say_what_they_are(arunika):
    with rasterio.open(arunika / "data/dem_30m.tif") as dem:
        assert dem.res == (30, 30)
        assert dem.nodata is not None
        assert dem.crs.to_epsg() == 32748
    with rasterio.open(arunika / "data/penduduk_100m.tif") as people:
        assert people.res == (100, 100)
        assert people.nodata == -99999
    with rasterio.open(arunika / "truth/sinyal_4g_xl.tif") as level:
        known = level.read(1, masked=True).compressed()
    assert -160 <= known.min() < -120
    assert -80 < known.max() <= -45


def test_readers_find_every_fault_of_the_readings(arunika, readings):
    listed = pd.read_csv(arunika / "truth/baris_rusak.csv")
    listed = listed[listed["file"].str.startswith("data/ukur/")]
    found = readings.rejects.assign(file="data/ukur/" + readings.rejects["source"].str.rsplit("/").str[-1])
    for fault, rule in RULES.items():
        wanted = listed[listed["fault"] == fault]
        assert len(wanted), fault
        seen = set(zip(found["file"][found["rule"] == rule], found["row"][found["rule"] == rule], strict=True))
        assert set(zip(wanted["file"], wanted["line"], strict=True)) <= seen, fault
    counts = readings.counts().set_index("rule")["rows"]
    assert counts["duplicate"] == (listed["fault"] == "duplicate").sum()
    assert counts["swapped_lon_lat"] == (listed["fault"] == "swapped_lon_lat").sum()
    assert readings.rows_in == len(readings.accepted) + readings.rows_rejected
    assert readings.rows_rejected < len(listed) + 40  # a few real steps across the border


def test_the_zip_holds_logs_an_export_and_junk(arunika):
    with zipfile.ZipFile(arunika / "data/ukur/ukur_ulang.zip") as bundle:
        names = bundle.namelist()
    assert sum(name.endswith(".csv") for name in names) >= 3
    assert any(name.startswith("__MACOSX/") for name in names)
    assert any("cell_info" in name for name in names)


def test_masts_are_read_from_the_register_and_from_the_survey_sheet(arunika, villages):
    register = read_sites(arunika / "data/menara.xlsx", area=villages)
    assert register.rejects.empty
    assert len(register.extra["services"]) > 300
    sheet = read_sites(arunika / "data/menara_survei_lapangan.csv", area=villages)
    counts = sheet.counts().set_index("rule")["rows"]
    assert counts["height_letter_o"] >= 1
    assert counts["hemisphere_wrong"] >= 1
    assert counts["coordinate_text_read"] >= 3
    assert counts["position_missing"] >= 1
    assert 0 < len(sheet.accepted) < sheet.rows_in


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("podes", read_podes),
        ("laporan_warga", read_reports),
        ("fasilitas", read_facilities),
        ("titik_internet", read_internet_points),
        ("usulan", read_proposals),
    ],
)
def test_records_are_refused_where_they_are_faulty_and_nowhere_else(arunika, villages, name, read):
    listed = pd.read_csv(arunika / "truth/baris_rusak.csv")
    listed = listed[listed["file"] == f"data/{name}.csv"]
    checked = read(arunika / f"data/{name}.csv", villages=villages)
    refused = set(checked.rejects["row"][checked.rejects["severity"] == "rejected"])
    repaired = set(checked.rejects["row"][checked.rejects["severity"] == "repaired"])
    assert refused == set(listed["line"][listed["fault"] != "swapped_lon_lat"])
    assert repaired == set(listed["line"][listed["fault"] == "swapped_lon_lat"])


def test_corrections_come_back_from_the_chat_they_were_sent_in(arunika, villages):
    checked = read_reports(arunika / "data/koreksi_warga.txt", villages=villages)
    assert checked.accepted["claim"].tolist() == ["served", "other"]
    assert checked.accepted["village_code"].tolist() == villages["village_code"].head(2).tolist()
    assert "Warga 1" not in checked.accepted.to_csv()


def test_the_handling_list_gives_43_of_60(arunika, villages, tmp_path):
    listed = pd.concat(read_tables([arunika / "data/penanganan.csv"])[0], ignore_index=True)
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        plan = ledger.plan_import(listed, villages=villages)
        assert set(plan.rejects["rule"]) == {"code_float_damaged", "code_undotted"}
        ledger.append(plan.new_events)
        progress = ledger.progress(year=2022, as_of=dt.date(2022, 12, 26))
        assert progress.text("id") == "43 dari 60 desa (71,67 %) per 26 Desember 2022"
        assert ledger.progress(year=2022, as_of=dt.date(2022, 12, 25)).numerator == 41
        stages = set(ledger.state(as_of=dt.date(2022, 12, 26))["stage"])
        assert {"deferred", "rejected", "reopened", "construction", "handled", "verified_after"} <= stages


def test_the_verdicts_are_a_realistic_mixture(arunika, villages, readings):
    found = classify(
        villages,
        measurements=readings.accepted,
        population=read_population(arunika / "data/penduduk_100m.tif").grid,
        podes=read_podes(arunika / "data/podes.csv", villages=villages).accepted,
        reports=read_reports(arunika / "data/laporan_warga.csv", villages=villages).accepted,
        as_of=dt.date(2022, 12, 26),
    )
    count = found.verdicts["signal_class"].value_counts()
    assert 0.30 * 280 <= count["served"] <= 0.46 * 280
    assert 0.10 * 280 <= count["weak"] <= 0.26 * 280
    assert count["none"] >= 25
    assert count["unknown"] >= 0.15 * 280
    truth = pd.read_csv(arunika / "truth/kelas_desa.csv")
    both = found.verdicts.merge(truth, on="village_code")
    served = both[(both["signal_class"] == "served") & (both["confidence"] == "measured")]
    assert (served["true_class"] == "served").mean() > 0.85
    none = both[(both["signal_class"] == "none") & (both["confidence"] == "measured")]
    assert (none["class_before_handling"] == "none").mean() > 0.85
