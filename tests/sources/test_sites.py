from __future__ import annotations

import json

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from shapely.geometry import box

from blankspot.errors import SourceError
from blankspot.schema import TABLES
from blankspot.settings import load_settings
from blankspot.sources.sites import read_sites

SHEET = "id,nama_provider,nama_menara,latitude,longitude,sheet_koordinat,sheet_tinggi_tower"
PLAIN = "ID menara,Nama menara,Pemilik,Bujur,Lintang,Tinggi menara,Status,Mutu posisi"
SERDANG = (98.8, 3.0, 99.5, 3.8)


def _write(tmp_path, head: str, *rows: str, name: str = "menara.csv"):
    path = tmp_path / name
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def _counts(checked) -> dict[str, int]:
    counts = checked.counts()
    return dict(zip(counts["rule"], counts["rows"], strict=True))


def _sheet(tmp_path, *rows: str, **options):
    return read_sites(_write(tmp_path, SHEET, *rows), **options)


def test_a_typed_coordinate_confirmed_by_the_columns_is_the_position(tmp_path):
    checked = _sheet(tmp_path, "1,PT. PROTELINDO,A,3.4723,98.9797,98.98409-3.47233,52 M")
    row = checked.accepted.iloc[0]
    assert (row["lon"], row["lat"], row["height_m"]) == (98.98409, 3.47233, 52.0)
    assert (row["owner"], row["status"], row["position_quality"]) == ("Protelindo", "active", "surveyed")
    assert _counts(checked) == {"coordinate_text_read": 1}


def test_an_unreadable_coordinate_leaves_the_columns_alone_standing(tmp_path):
    checked = _sheet(tmp_path, "1,x,A,3.4723,98.9797,LU. 3.4723,52 M", "2,x,B,3.5,98.9,,")
    assert checked.accepted[["lon", "lat"]].to_numpy().tolist() == [[98.9797, 3.4723], [98.9, 3.5]]
    assert checked.accepted["position_quality"].tolist() == ["reported"] * 2
    assert _counts(checked) == {"coordinate_text_ignored": 1}


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("1,x,A,3.6,98.9797,98.98409-3.47233,", "coordinates_disagree"),
        ("1,x,A,,,98.98409-3.47233,", "coordinate_ambiguous"),
        ("1,x,A,,,LU. 3.47233,", "coordinate_unreadable"),
        ("1,x,A,,,98.85771-33.2459,", "coordinate_not_in_indonesia"),
        ("1,x,A,,,,", "position_missing"),
        ("1,x,A,0,0,,", "position_zero"),
        ("1,x,A,utara,98.9,,", "unreadable_number"),
        (",x,A,3.4,98.9,,", "missing_value"),
    ],
)
def test_what_is_not_clear_is_refused_with_its_reason(tmp_path, row, rule):
    checked = _sheet(tmp_path, row)
    assert checked.accepted.empty
    assert checked.rejects["rule"].tolist() == [rule]
    assert checked.rejects["row"].tolist() == [2]
    assert checked.rows_in == 1


def test_the_area_decides_a_hemisphere(tmp_path):
    checked = _sheet(tmp_path, "1,x,A,,,98.98409-3.47233,", "2,x,B,-3.5,98.9,,", area=SERDANG)
    assert checked.accepted["lat"].tolist() == [3.47233, 3.5]
    assert _counts(checked) == {"coordinate_text_read": 1, "hemisphere_wrong": 1}


def test_a_label_decides_against_columns_of_the_wrong_hemisphere(tmp_path):
    checked = _sheet(tmp_path, "1,x,A,-3.4723,98.9797,LU. 98.98409-3.47233,")
    assert checked.accepted["lat"].tolist() == [3.47233]


def test_swapped_columns_are_put_right(tmp_path):
    checked = _sheet(tmp_path, "1,x,A,98.9797,3.4723,,", "2,x,B,98.9797,3.4723,98.98409-3.47233,")
    assert checked.accepted[["lon", "lat"]].to_numpy().tolist() == [[98.9797, 3.4723], [98.98409, 3.47233]]


def test_only_an_area_makes_a_site_lie_outside(tmp_path):
    rows = "1,x,A,3.4,98.9,,", "2,x,B,3.4,97.0,,"
    assert len(_sheet(tmp_path, *rows).accepted) == 2
    villages = gpd.GeoDataFrame({"village_code": ["12.18.01.2001"]}, geometry=[box(*SERDANG)], crs=4326)
    checked = _sheet(tmp_path, *rows, area=villages)
    assert checked.accepted["site_name"].tolist() == ["A"]
    assert _counts(checked) == {"outside_area": 1}


@pytest.mark.parametrize(
    ("written", "height_m", "rule"),
    [
        ("52 M", 52.0, None), ("45  M", 45.0, None), ("52", 52.0, None), ('"52,5 m"', 52.5, None), ("12 M (Roof Top)", None, "height_on_roof"),
        ("-", None, None), ("5O M", 50.0, "height_letter_o"), ("7o meter", 70.0, "height_letter_o"),
        ("721 M", None, "height_impossible"), ("0", None, "height_impossible"), ("OO M", None, "height_unreadable"),
        ("tinggi", None, "height_unreadable"),
    ],
)  # fmt: skip
def test_heights(tmp_path, written, height_m, rule):
    checked = _sheet(tmp_path, f"1,x,A,3.4,98.9,,{written}")
    found = checked.accepted["height_m"].iloc[0]
    assert pd.isna(found) if height_m is None else found == height_m
    assert list(_counts(checked)) == ([] if rule is None else [rule])


def test_a_crowd_of_cells_is_never_the_truth_about_a_tower(tmp_path):
    rows = (
        "GSM,510,10,14117,40036,0,108.2264,-6.8345,1040,5,1,1445153456,1721637783,0",
        "LTE,510,11,41004,104990981,0,106.8322,-6.1869,7988,50,1,1446551984,1747378621,0",
        "LTE,510,1,7,8,0,106.9,-6.2,1000,1,1,1,1,0",
        "GSM,510,1,7,8,0,106.9,-6.2,1000,1,1,1,1,0",
    )
    path = tmp_path / "510.csv"
    path.write_text("\n".join(rows) + "\n")
    checked = read_sites(path)
    assert checked.accepted["site_id"].tolist() == [
        "510-10-14117-40036",
        "510-11-41004-104990981",
        "510-01-7-8-LTE",
        "510-01-7-8-GSM",
    ]
    assert set(checked.accepted["position_quality"]) == {"crowdsourced"}
    services = checked.extra["services"]
    assert list(services.columns) == list(TABLES["services"].columns)
    assert services[["operator", "technology"]].to_numpy().tolist() == [
        ["telkomsel", "2G"],
        ["xl", "4G"],
        ["indosat", "4G"],
        ["indosat", "2G"],
    ]
    named = read_sites(
        _write(
            tmp_path,
            "radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal",
            *rows,
        )
    )
    assert named.accepted["site_id"].tolist() == checked.accepted["site_id"].tolist()


def test_cells_outside_the_area_take_their_services_along(tmp_path):
    path = tmp_path / "510.csv"
    path.write_text("GSM,510,10,1,2,0,108.2,-6.8,1,5,1,1,1,0\nGSM,510,10,1,3,0,118.2,-6.8,1,5,1,1,1,0\n")
    checked = read_sites(path, area=(108, -7, 109, -6))
    assert len(checked.accepted) == len(checked.extra["services"]) == 1
    assert checked.measures["services_rows_in"] == 1


def _book(tmp_path, sites, services, name="menara.xlsx"):
    book = openpyxl.Workbook()
    book.active.title = "Menara"
    for row in sites:
        book.active.append(row)
    sheet = book.create_sheet("Layanan menara")
    for row in services:
        sheet.append(row)
    book.save(tmp_path / name)
    return tmp_path / name


SITES = [
    PLAIN.split(","),
    ["A1", "Satu", "MITRATEL", 107.5, -6.9, 52, "Aktif", "Disurvei"],
    ["A2", "Dua", None, 107.6, -6.9, None, "planned", "reported"],
]
SERVICES = [
    ["ID menara *", "Operator *", "Teknologi *", "Pita (MHz)", "EIRP (dBm)"],
    ["A1", "PT Telekomunikasi Selular", "LTE", 1800, 60],
    ["A1", "PT Telekomunikasi Selular", "LTE", 1800, 60],
    ["A9", "xl", "4G", 1800, 60],
    ["A2", "xl", "6G", 1800, 60],
    ["A2", "xl", "4G", 1, 60],
]


def test_a_workbook_of_sites_and_services(tmp_path):
    checked = read_sites(_book(tmp_path, SITES, SERVICES))
    assert checked.accepted[["site_id", "status", "position_quality", "owner"]].fillna("").to_numpy().tolist() == [
        ["A1", "active", "surveyed", "Mitratel"],
        ["A2", "planned", "reported", ""],
    ]
    assert checked.extra["services"][["site_id", "operator", "technology", "band_mhz"]].to_numpy().tolist() == [
        ["A1", "telkomsel", "4G", 1800.0]
    ]
    assert _counts(checked) == {"duplicate": 1, "missing_site": 1, "not_a_choice": 1, "out_of_range": 1}
    assert set(checked.rejects["table"]) == {"services"}
    assert checked.measures["services_rows_in"] == 5


def test_sites_and_services_in_two_files(tmp_path):
    sites = _write(tmp_path, PLAIN, "A1,Satu,x,107.5,-6.9,52,active,surveyed")
    services = _write(tmp_path, "site_id,operator,technology", "A1,xl,4G", name="layanan.csv")
    checked = read_sites([sites, services])
    assert checked.extra["services"]["operator"].tolist() == ["xl"]
    with pytest.raises(SourceError, match="no table of sites"):
        read_sites(services)


def test_services_of_a_refused_site_are_refused(tmp_path):
    sites = [*SITES, ["A3", "Tiga", "x", 0, 0, 52, "active", "surveyed"]]
    checked = read_sites(_book(tmp_path, sites, [SERVICES[0], ["A3", "xl", "4G", 1800, 60]]))
    assert _counts(checked) == {"missing_site": 1, "position_zero": 1}


def test_the_same_site_twice_is_one_and_a_contradiction_is_none(tmp_path):
    one = "A1,Satu,x,107.5,-6.9,52,active,surveyed"
    other = "A2,Dua,x,107.5,-6.8,52,active,surveyed"
    checked = read_sites(_write(tmp_path, PLAIN, one, other, one, other.replace("52", "62")))
    assert checked.accepted["site_id"].tolist() == ["A1"]
    assert _counts(checked) == {"conflicting_rows": 2, "duplicate": 1}


def test_identifiers_that_clash_between_files_get_their_files_name(tmp_path):
    one = _write(tmp_path, PLAIN, "19,Satu,x,107.5,-6.9,52,active,surveyed", name="bandung.csv")
    two = _write(
        tmp_path,
        PLAIN,
        "19,Lain,x,99.5,3.4,52,active,surveyed",
        "20,B,x,99.6,3.4,52,active,surveyed",
        name="serdang.csv",
    )
    checked = read_sites([one, two])
    assert checked.accepted["site_id"].tolist() == ["bandung-19", "serdang-19", "20"]
    assert _counts(checked) == {"site_id_prefixed": 2}


def test_a_list_without_identifiers_gets_them_from_file_and_row(tmp_path):
    checked = read_sites(_write(tmp_path, "Nama,Bujur,Lintang", "Satu,107.5,-6.9"))
    assert checked.accepted["site_id"].tolist() == ["menara-2"]


def test_shared_places_are_kept_and_double_entries_noted(tmp_path):
    rows = [
        f"{i},N{i},{owner},107.5,-6.9,52,active,surveyed"
        for i, owner in enumerate(["MITRATEL", "PT. DAYAMITRA", "TBG"])
    ]
    checked = read_sites(_write(tmp_path, PLAIN, *rows))
    assert len(checked.accepted) == 3
    assert _counts(checked) == {"same_owner_same_place": 1}
    assert checked.rejects["row"].tolist() == [3]
    assert checked.measures["shared_positions"] == 1


def test_geojson_points_and_a_mapping(tmp_path):
    feature = {
        "type": "Feature",
        "properties": {"NO": "M1", "PT": "TBG"},
        "geometry": {"type": "Point", "coordinates": [107.5, -6.9]},
    }
    path = tmp_path / "menara.json"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    checked = read_sites(
        path, mapping={"site_id": "NO", "owner": "PT", "position_quality": "=surveyed", "height_m": "=42"}
    )
    row = checked.accepted.iloc[0]
    assert (row["site_id"], row["owner"], row["lon"], row["position_quality"], row["height_m"]) == (
        "M1",
        "Tower Bersama",
        107.5,
        "surveyed",
        42.0,
    )


def test_a_mapped_coordinate_column(tmp_path):
    path = _write(tmp_path, "kode;tempat", "A;3,47233 LU 98,98409 BT")
    checked = read_sites(path, mapping={"site_id": "kode", "coordinates": "tempat"})
    assert checked.accepted[["lon", "lat"]].to_numpy().tolist() == [[98.98409, 3.47233]]


def test_a_list_without_positions_is_refused_naming_what_was_found(tmp_path):
    with pytest.raises(SourceError, match=r"lon \(Bujur\), lat .*ID menara, Longitudo"):
        read_sites(_write(tmp_path, "ID menara,Longitudo", "A,1"))


def test_an_unknown_name_in_a_mapping_is_refused(tmp_path):
    with pytest.raises(SourceError, match="perhaps 'owner'"):
        read_sites(_write(tmp_path, PLAIN, "1,x,x,107,-6,1,active,surveyed"), mapping={"ownr": "Pemilik"})


def test_real_survey_sheet(real):
    checked = read_sites(real / "towers" / "serdang_bedagai_menara.csv")
    assert (checked.rows_in, len(checked.accepted)) == (116, 116)
    assert _counts(checked) == {
        "coordinate_text_ignored": 20,
        "coordinate_text_read": 56,
        "height_impossible": 1,
        "height_letter_o": 4,
        "height_on_roof": 1,
        "same_owner_same_place": 2,
    }
    assert checked.accepted["position_quality"].value_counts().to_dict() == {"reported": 60, "surveyed": 56}
    assert checked.accepted["owner"].value_counts()["Mitratel"] == 25
    assert checked.accepted["height_m"].max() == 72
    kin = checked.accepted.set_index("site_name").loc["KIN-SDBG-034-00"]
    assert (kin["lon"], kin["lat"]) == (98.98409, 3.47233)


def test_real_survey_sheet_without_its_numeric_columns(real, tmp_path):
    table = pd.read_csv(real / "towers" / "serdang_bedagai_menara.csv", dtype="str").drop(
        columns=["latitude", "longitude"]
    )
    table.to_csv(tmp_path / "lembar.csv", index=False)
    checked = read_sites(tmp_path / "lembar.csv")
    assert (checked.rows_in, len(checked.accepted)) == (116, 30)
    rejected = checked.rejects[checked.rejects["severity"] == "rejected"]["rule"].value_counts().to_dict()
    assert rejected == {
        "position_missing": 40,
        "coordinate_ambiguous": 26,
        "coordinate_unreadable": 16,
        "coordinate_not_in_indonesia": 4,
    }
    helped = read_sites(tmp_path / "lembar.csv", area=SERDANG)
    assert len(helped.accepted) == 56


def test_real_city_list(real):
    checked = read_sites(real / "towers" / "peta-menara_kota_bandung_menara_data_2017.json")
    assert (checked.rows_in, len(checked.accepted)) == (938, 938)
    assert _counts(checked) == {"same_owner_same_place": 7}
    assert checked.measures["shared_positions"] == 18
    assert checked.accepted["owner"].nunique() == 21
    assert checked.accepted["owner"].value_counts()["Mitratel"] == 212


def test_real_cells(real):
    checked = read_sites(real / "towers" / "opencellid_510_dev_westjava.csv", settings=load_settings())
    assert (checked.rows_in, len(checked.accepted), len(checked.extra["services"])) == (12_377, 12_377, 12_377)
    assert set(checked.accepted["position_quality"]) == {"crowdsourced"}
    assert checked.extra["services"]["technology"].value_counts().to_dict() == {"4G": 11_307, "2G": 1_070}
    assert checked.accepted["site_id"].is_unique
    assert _counts(checked) == {"unknown_operator": 1}
