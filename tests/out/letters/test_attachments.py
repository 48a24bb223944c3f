"""The list and its points as files."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import geopandas as gpd
import openpyxl
import pytest
from letterbox import HOSTILE, desa, heading

from blankspot.out.letters.attachments import write_geojson, write_kml, write_list

KML = "{http://www.opengis.net/kml/2.2}"


@pytest.mark.parametrize("writer", ["xlsx", "geojson", "kml"])
def test_the_same_list_gives_the_same_bytes(tmp_path, writer):
    made = []
    for name in ("a", "b"):
        path = tmp_path / f"{name}.{writer}"
        frame = desa("Suka", "Maju")
        if writer == "xlsx":
            write_list(path, frame, heading())
        elif writer == "kml":
            write_kml(path, frame, heading())
        else:
            write_geojson(path, frame)
        made.append(path.read_bytes())
    assert made[0] == made[1]


def test_the_workbook_lists_the_desa_and_names_its_letter(tmp_path):
    book = openpyxl.load_workbook(write_list(tmp_path / "a.xlsx", desa("Suka", HOSTILE), heading()))
    rows = list(book["Daftar desa"].iter_rows(values_only=True))
    assert rows[0][:4] == ("Kode desa", "Desa/kelurahan", "Jenis", "Kecamatan")
    assert rows[1] == (
        "99.01.01.2001", "Suka", "desa", "Arunasari", "Kabupaten Uji", 107.74003, -6.94421, "kantor desa", 1200, "Blankspot",
        "Blankspot: 0 dari 31 sel.", "Disetujui", "BA-1",
    )  # fmt: skip
    assert all(cell.data_type != "f" for row in book["Daftar desa"].iter_rows() for cell in row)
    about = dict(book["Keterangan"].iter_rows(min_row=2, values_only=True))
    assert about["Lampiran surat nomor"] == "500.8/1/Uji/2022"
    assert about["Jumlah desa"] == "2"


def test_the_points_open_in_a_map(tmp_path):
    frame = desa("Suka", "A & <b>B</b>", population=None)
    path = write_geojson(tmp_path / "a.geojson", frame)
    points = gpd.read_file(path)
    assert points.crs.to_epsg() == 4326
    assert [(point.x, point.y) for point in points.geometry] == [(107.74003, -6.94421)] * 2
    assert json.loads(path.read_text("utf-8"))["features"][1]["properties"]["village_name"] == "A & <b>B</b>"
    root = ET.fromstring(write_kml(tmp_path / "a.kml", frame, heading()).read_bytes())  # noqa: S314 - written just now
    marks = root.findall(f"{KML}Document/{KML}Placemark")
    assert [mark.findtext(f"{KML}Point/{KML}coordinates") for mark in marks] == ["107.74003,-6.94421"] * 2
    assert [mark.findtext(f"{KML}name") for mark in marks] == ["Suka", "A & ‹b›B‹/b›"]


def test_hostile_texts_leave_the_points_readable(tmp_path):
    frame = desa(HOSTILE, district=HOSTILE, reason=HOSTILE, proposal=HOSTILE)
    ET.fromstring(write_kml(tmp_path / "a.kml", frame, heading(number="1/2")).read_bytes())  # noqa: S314 - written just now
    assert len(gpd.read_file(write_geojson(tmp_path / "a.geojson", frame))) == 1
