"""Personal data are planted in every text of every table, the ledger included, and none of it is in any file of the package."""

from __future__ import annotations

import datetime as dt
import json
import shutil

import numpy as np
import openworld
import pandas as pd
import pytest
import rasterio

import blankspot as bs
from blankspot.ledger import Event
from blankspot.run.publishing import publish

NAME = "Budi Santoso"
NUMBERS = {
    "phone": "0812-3456-7890",
    "nik": "3204051708450001",
    "email": "budi.santoso@contoh.example",
    "imei": "490154203237518",
    "address": "Jl. Melati No. 5 RT 03/RW 05",
    "account": "@budisantoso_uji",
}
SOUGHT = (
    "Santoso", "santoso", "SANTOSO", "3456-7890", "34567890", "3204051708450001", "budi.santoso", "490154203237518", "Melati No. 5", "budisantoso",
    "hp_budi",
)  # fmt: skip
TABLES = (
    "villages", "verdicts", "evidence", "sites", "services", "internet_points", "facilities", "podes", "proposals", "measurements",
    "reports", "handling",
)  # fmt: skip
OFFICIAL = ("village_name", "district", "regency", "province")  # a bare name there is a name of a place


def planted(frame: pd.DataFrame) -> pd.DataFrame:
    """Put a name, a number or both into every text of every other row; every row's position is precise."""
    frame = frame.copy()
    texts = [NAME, *(f"{NAME} {number}" for number in NUMBERS.values()), *NUMBERS.values()]
    for name in frame.columns:
        if (
            name == "geometry"
            or pd.api.types.is_numeric_dtype(frame[name])
            or pd.api.types.is_datetime64_any_dtype(frame[name])
        ):
            continue
        usable = [text for text in texts if text != NAME] if name in OFFICIAL else texts
        put = np.array([usable[row % len(usable)] for row in range(len(frame))], dtype=object)
        there = np.arange(len(frame)) % 2 == (0 if name.endswith("_code") else 1)
        frame[name] = frame[name].astype("object").where(~there, put)
    return frame.assign(catatan_petugas=f"{NAME} {NUMBERS['phone']}", nama_perangkat=NUMBERS["imei"])


@pytest.fixture(scope="module")
def leaky(demo_made, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bocor") / "demo"
    shutil.copytree(demo_made, folder)
    raster = folder / "data" / "penduduk_100m.tif"
    with rasterio.open(raster, "r+") as opened:
        opened.update_tags(TIFFTAG_ARTIST=NAME, EXIF_GPSLatitude="-6.9471234", OPERATOR=NUMBERS["phone"])
        opened.update_tags(1, SURVEYOR=NAME)
        opened.set_band_description(1, NAME)
    toml = folder / "blankspot.toml"
    text = toml.read_text(encoding="utf-8").replace(
        'title = "Kabupaten Arunika (contoh)"', f'title = "Data {NUMBERS["phone"]}"'
    )
    toml.write_text(
        text + f'\n[publication]\npublisher = "{NUMBERS["email"]}"\nkeywords = ["{NUMBERS["nik"]}"]\n', encoding="utf-8"
    )
    workspace = bs.Workspace(folder)
    workspace.run(until=("verdicts", "handling", "sites", "records"))
    with workspace.ledger() as ledger:
        for kind in ("proposed", "verified"):
            fields = {
                "document": NAME,
                "note": NUMBERS["phone"],
                "partner": NAME,
                "proposer": f"{NAME} {NUMBERS['nik']}",
            }
            ledger.append(
                Event(
                    kind=kind,
                    village_code="99.01.01.2001",
                    happened_on=dt.date(2022, 11, 1),
                    case_id="99.01.01.2001:internet",
                    fields=fields,
                )
            )
        workspace._frames["handling"] = ledger.state(as_of=workspace.as_of)
    for name in TABLES:
        workspace._frames[name] = planted(workspace.frame(name))
    return publish(
        workspace, folder / "out" / "export", formats=("gpkg", "parquet", "csv", "geojson", "pmtiles", "xlsx", "cog")
    )


def test_the_plant_took(leaky):
    assert {one.rule for one in leaky.held} >= {
        "personal",
        "not_a_body",
        "not_a_place",
        "not_a_reference",
        "undeclared",
        "classification",
        "not_our_words",
    }
    assert {path.suffix for path in leaky.folder.rglob("*") if path.is_file()} >= {
        ".gpkg",
        ".parquet",
        ".csv",
        ".geojson",
        ".pmtiles",
        ".xlsx",
        ".tif",
    }
    desa = pd.read_csv(leaky.folder / "desa.csv", dtype="str", encoding="utf-8-sig")
    assert len(desa) > 100
    assert (desa["village_name"] == "(ditahan)").any()


def test_none_of_it_is_in_any_file(leaky):
    found = [
        (name, secret)
        for name, said in openworld.everything_in(leaky.folder).items()
        for secret in SOUGHT
        if secret in said
    ]
    assert found == []


def test_no_reading_keeps_its_place_or_its_moment(leaky, demo_made):
    readings = pd.read_parquet(demo_made / "out" / "measurements.parquet")
    precise = {f"{value:.6f}" for value in readings["lon"].head(4000)}
    days = {str(day) for day in readings["measured_at"].dt.strftime("%Y-%m-%d %H:%M:%S").head(4000)}
    reports = pd.read_parquet(demo_made / "out" / "reports.parquet")
    texts = {text for text in reports["text"].dropna() if len(text) > 12}
    said = "\n".join(
        openworld.everything_in(leaky.folder)[name]
        for name in ("sel_ukur.csv", "desa.csv", "bukti.csv")
        if (leaky.folder / name).exists()
    )
    everything = "\n".join(openworld.everything_in(leaky.folder).values())
    assert not [value for value in precise if value in said]
    assert not [day for day in days if day in everything]
    assert not [text for text in texts if text in everything]


def test_tags_of_the_raster_are_ours(leaky):
    with rasterio.open(leaky.folder / "raster" / "penduduk.tif") as raster:
        told = raster.tags()
        assert "TIFFTAG_ARTIST" not in told
        assert not [name for name in told if name.startswith("EXIF")]
        assert raster.descriptions == ("population",)


def test_what_is_said_about_what_stays_holds_no_value(leaky):
    told = json.dumps([(one.table, one.field, one.reason) for one in leaky.held], ensure_ascii=False)
    assert not [secret for secret in SOUGHT if secret in told]
