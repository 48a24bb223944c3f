"""Tables that leave: whole, typed, without formulas, and styled for QGIS."""

from __future__ import annotations

import datetime as dt
import sqlite3
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
import worlds
from hypothesis import given
from hypothesis import strategies as st

import blankspot as bs
from blankspot.out.qgis import signal_style
from blankspot.out.tables import headings_of, safe_text, write_csv, write_gpkg, write_parquet, write_xlsx
from blankspot.schema import TABLES

HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "</script>",
    "${x}",
    "\u202eabc",
    "😀",
]


@pytest.mark.parametrize("text", HOSTILE[:7])
def test_formulas_become_text(text):
    assert safe_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-98", "-98.5", "+62", "-1.234,5", "-1e-3", "desa", "a=b", "-6.9 "])
def test_numbers_and_plain_text_stay(text):
    assert safe_text(text) == text


@given(st.text(max_size=30))
def test_no_text_starts_a_formula(text):
    safe = safe_text(text)
    assert safe.startswith("'") or safe.strip()[:1] not in ("=", "@") or safe == ""
    assert text in safe


def test_csv_neutralises_and_keeps_everything_else(tmp_path):
    frame = pd.DataFrame({"text": HOSTILE, "number": range(len(HOSTILE))})
    path = write_csv(tmp_path / "t.csv", frame)
    back = pd.read_csv(path, dtype={"text": "str"}, encoding="utf-8-sig")
    assert back["text"].tolist()[:4] == [f"'{text}" for text in HOSTILE[:4]]
    assert back["number"].tolist() == list(range(len(HOSTILE)))


def test_xlsx_holds_text_as_text(tmp_path):
    frame = pd.DataFrame(
        {"text": HOSTILE, "code": ["32.10"] * len(HOSTILE), "day": pd.to_datetime(["2022-12-26"] * len(HOSTILE))}
    )
    path = write_xlsx(tmp_path / "t.xlsx", {"Uji": (frame, {"text": "Teks", "code": "Kode", "day": "Tanggal"})})
    sheet = openpyxl.load_workbook(path)["Uji"]
    assert [cell.value for cell in sheet[1]] == ["Teks", "Kode", "Tanggal"]
    assert sheet.freeze_panes is not None
    for row, text in enumerate(HOSTILE, start=2):
        cell = sheet.cell(row, 1)
        assert cell.data_type in ("s", "inlineStr")
        assert cell.value.replace("_x000D_", "\r").strip() == text.strip()
        assert sheet.cell(row, 2).value == "32.10"


def test_geoparquet_reads_back_equal(tmp_path):
    villages = worlds.villages(3)
    path = write_parquet(tmp_path / "v.parquet", villages)
    back = gpd.read_parquet(path)
    assert back.crs.to_epsg() == 4326
    pd.testing.assert_frame_equal(
        pd.DataFrame(back.drop(columns="geometry")), pd.DataFrame(villages.drop(columns="geometry"))
    )
    assert back.geometry.geom_equals(villages.geometry).all()


def test_gpkg_opens_styled(tmp_path):
    villages = worlds.villages(2)
    desa = villages.merge(bs.classify(villages).verdicts, on="village_code")
    path = write_gpkg(tmp_path / "d.gpkg", {"desa": desa, "sites": villages.iloc[:0]}, styles={"desa": signal_style()})
    assert {name for name, _ in pyogrio.list_layers(path)} == {"desa", "layer_styles"}
    with sqlite3.connect(path) as store:
        name, qml = store.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault").fetchone()
    assert name == "desa"
    values = [category.get("value") for category in ET.fromstring(qml).iter("category")]  # noqa: S314 - our own text
    assert values == ["none", "weak", "served", "unknown"]


def test_the_same_frames_give_the_same_bytes(tmp_path):
    villages = worlds.villages(2)
    first, second = (write_gpkg(tmp_path / name, {"desa": villages}).read_bytes() for name in ("a.gpkg", "b.gpkg"))
    assert first == second


def test_headings_come_from_the_schema():
    assert headings_of(TABLES["verdicts"])["reason"] == "Alasan"
    assert "geometry" not in headings_of(TABLES["villages"])
    english = headings_of(TABLES["verdicts"], "en")
    assert (english["reason"], english["n_cells"], english["no_4g"]) == ("Reason", "Number of cells", "No 4G")


def test_moments_are_on_the_readers_clock(tmp_path):
    frame = pd.DataFrame({"at": pd.to_datetime(["2022-10-03 20:30"], utc=True)})
    path = write_xlsx(tmp_path / "t.xlsx", {"Uji": (frame, {"at": "Waktu"})}, zone=ZoneInfo("Asia/Jakarta"))
    assert openpyxl.load_workbook(path)["Uji"]["A2"].value == dt.datetime(2022, 10, 4, 3, 30)  # noqa: DTZ001 - a cell has no zone
