"""`blankspot export`: what it prints where, what it refuses, and that it names what stays here."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
import worlds

from blankspot.cli import main
from blankspot.cli.export import FORMATS, TOKEN
from blankspot.out.publish.package import FORMATS as WRITTEN


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = worlds.write_workspace(tmp_path_factory.mktemp("export") / "uji", handling=worlds.HANDLING)
    with pytest.raises(SystemExit) as ended:
        main(["run", str(folder), "-q"])
    assert not ended.value.code
    return folder


def share_alike(folder: Path) -> Path:
    toml = folder / "blankspot.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(
        text.replace('boundaries = "data/desa.gpkg"', 'boundaries = {path = "data/desa.gpkg", licence = "ODbL"}'),
        encoding="utf-8",
    )
    return folder


def test_the_formats_offered_are_those_written():
    assert set(FORMATS) == set(WRITTEN)


def test_every_format_and_what_stays(call, made, tmp_path):
    code, out, err = call("export", made, "-o", tmp_path / "x")
    assert code == 0
    names = {Path(line).name for line in out.splitlines()}
    assert names >= {
        "datapackage.json", "blankspot.gpkg", "blankspot.xlsx", "desa.parquet", "desa.csv", "desa.geojson", "desa.pmtiles", "bukti.csv",
        "penanganan.csv", "capaian.csv", "dcat.ttl", "dcat.jsonld", "iso19139.xml", "ms-keg.csv", "ms-var.csv", "ms-ind.csv", "README.txt",
    }  # fmt: skip
    assert {Path(line) for line in out.splitlines()} == {path for path in (tmp_path / "x").rglob("*") if path.is_file()}
    desa = pd.read_csv(tmp_path / "x" / "desa.csv", dtype="str", encoding="utf-8-sig")
    assert desa["village_code"][0] == "99.01.01.2001"
    assert desa["latest_measurement"][0] == "2022-10"
    assert "tidak ikut" in err
    assert "lisensi" in err.casefold()
    assert call("export", made, "-o", tmp_path / "x", "-q")[2] == ""


def test_one_format_into_the_workspace(call, made):
    code, out, _ = call("export", made, "-f", "csv", "--lang", "en")
    assert code == 0
    assert not list((made / "out" / "export").glob("*.gpkg"))
    assert "Thresholds" in (made / "out" / "export" / "README.txt").read_text(encoding="utf-8").split("FAKTA")[0]
    assert out.splitlines()[0].endswith("datapackage.json")


def test_dry_run_writes_nothing_and_says_why(call, made, tmp_path):
    code, out, _ = call("export", made, "--dry-run", "-o", tmp_path / "x")
    assert code == 0
    assert not (tmp_path / "x").exists()
    for piece in ("Yang keluar", "desa", "Yang ditahan", "sel_ukur", "kurang dari 3 perangkat", "buku besar"):
        assert piece in out
    told = json.loads(call("export", made, "--dry-run", "--json", "--lang", "en")[1])
    assert {one["table"] for one in told["leaves"]} >= {"desa", "bukti", "penanganan", "capaian"}
    assert {one["rule"] for one in told["held"]} >= {"too_few_devices", "classification", "generalised", "stays"}
    assert all(one["rows"] > 0 and one["reason"] for one in told["held"])
    assert told["licence"] == "CC-BY-4.0"
    assert "0,001°" in out
    assert any("0.001°" in one["reason"] for one in told["held"])


def test_dry_run_lists_what_the_formats_asked_for_would_carry(call, demo):
    assert json.loads(call("export", demo, "--dry-run", "--json")[1])["rasters"]
    assert json.loads(call("export", demo, "--dry-run", "--json", "-f", "csv")[1])["rasters"] == []


def test_json_lists_files_and_what_stays(call, made, tmp_path):
    told = json.loads(call("export", made, "--json", "-f", "csv", "-o", tmp_path / "x")[1])
    assert {Path(one["path"]).name for one in told["files"]} >= {"desa.csv", "README.txt"}
    assert told["held"]


def test_a_run_keeps_the_quick_formats_up_to_date(made):
    folder = made / "out" / "open-data"
    assert (folder / "datapackage.json").is_file()
    assert (folder / "desa.geojson").is_file()
    assert not list(folder.glob("*.pmtiles"))


def test_a_folder_with_something_else_stays(call, made, tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "foto.jpg").write_text("x")
    code, _, err = call("export", made, "-o", tmp_path / "x")
    assert code == 3
    assert "foto.jpg" not in err
    assert "Traceback" not in err
    assert [path.name for path in (tmp_path / "x").iterdir()] == ["foto.jpg"]


@pytest.mark.parametrize(
    ("url", "piece"),
    [
        ("http://data.contoh.go.id", "https"),
        ("ftp://data.contoh.go.id", "bukan alamat portal"),
        ("https://budi:rahasia@data.contoh.go.id", "sandi"),
        ("https://[", "bukan alamat portal"),
    ],
)
def test_addresses_that_would_leak_the_token_are_refused(call, made, monkeypatch, url, piece):
    monkeypatch.setenv(TOKEN, "RAHASIA-TOKEN")
    code, _, err = call("export", made, "--ckan", url)
    assert code == 2
    assert piece in err
    assert "RAHASIA-TOKEN" not in err


def test_without_a_token_nothing_is_written(call, made, monkeypatch, tmp_path):
    monkeypatch.delenv(TOKEN, raising=False)
    code, _, err = call("export", made, "--ckan", "http://127.0.0.1:9", "-o", tmp_path / "x")
    assert code == 2
    assert TOKEN in err
    assert not (tmp_path / "x").exists()


def test_a_share_alike_source_stops_an_upload_until_told(call, monkeypatch, tmp_path):
    folder = share_alike(worlds.write_workspace(tmp_path / "uji"))
    monkeypatch.setenv(TOKEN, "RAHASIA-TOKEN")
    code, _, err = call("export", folder, "--ckan", "http://127.0.0.1:9")
    assert code == 2
    assert "Open Database License" in err
    assert not (folder / "out" / "export").exists()
    code, _, err = call("export", folder, "--ckan", "http://127.0.0.1:9", "--despite-licences", "-f", "csv")
    assert code == 3  # nobody listens there
    assert "tidak terhubung" in err
    assert "RAHASIA-TOKEN" not in err


def test_publication_faults_are_told_at_once(call, tmp_path):
    folder = worlds.write_workspace(tmp_path / "uji", extra='[publication]\nfrequency = "kadang"\nlisensi = "x"\n')
    code, _, err = call("export", folder)
    assert code == 2
    assert "frequency" in err
    assert "lisensi" in err
