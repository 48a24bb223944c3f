from __future__ import annotations

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from blankspot.errors import SourceError
from blankspot.schema import TABLES
from blankspot.settings import load_settings
from blankspot.sources.records import (
    read_facilities,
    read_internet_points,
    read_podes,
    read_proposals,
    read_reports,
)

READERS = {
    "podes": read_podes,
    "reports": read_reports,
    "facilities": read_facilities,
    "internet_points": read_internet_points,
    "proposals": read_proposals,
}
GOOD = {
    "podes": {"village_code": "32.04.05.2001", "year": "2021", "signal": "weak"},
    "reports": {"reported_on": "2022-08-19", "village_code": "32.04.05.2001", "text": "sinyal hilang"},
    "facilities": {"facility_name": "SDN 1", "facility_type": "sekolah", "lon": "107.5", "lat": "-6.9"},
    "internet_points": {"point_name": "WiFi", "point_type": "wifi", "lon": "107.5", "lat": "-6.9"},
    "proposals": {"proposed_on": "2022-02-11", "village_code": "32.04.05.2001", "proposer": "Desa", "channel": "desa"},
}
VILLAGES = gpd.GeoDataFrame(
    {"village_code": ["32.04.05.2001", "bps:3204010002"]}, geometry=[box(107, -7, 108, -6)] * 2, crs=4326
)


def _write(tmp_path, *rows: dict[str, str], name: str = "data.csv"):
    path = tmp_path / name
    pd.DataFrame(list(rows)).to_csv(path, index=False)
    return path


def _counts(checked) -> dict[str, int]:
    counts = checked.counts()
    return dict(zip(counts["rule"], counts["rows"], strict=True))


@pytest.mark.parametrize("table", READERS)
def test_a_good_row_comes_out_with_the_columns_of_the_table(tmp_path, table):
    checked = READERS[table](_write(tmp_path, GOOD[table]), villages=VILLAGES)
    assert list(checked.accepted.columns) == list(TABLES[table].columns)
    assert len(checked.accepted) == 1
    assert checked.rejects.empty
    if "source" in TABLES[table].columns:
        assert checked.accepted["source"].tolist() == ["data.csv"]


@pytest.mark.parametrize("table", READERS)
def test_indonesian_headings(tmp_path, table):
    titles = {name: str(column.title) for name, column in TABLES[table].columns.items()}
    row = {titles[name]: value for name, value in GOOD[table].items()}
    assert len(READERS[table](_write(tmp_path, row)).accepted) == 1


@pytest.mark.parametrize("table", ["podes", "reports", "facilities", "internet_points", "proposals"])
@pytest.mark.parametrize(
    ("code", "rule", "shown"),
    [
        ("3204052001", "code_undotted", "32.04.05.2001"),
        ("53.1", "code_float_damaged", "53.10"),
        ("32.04", "code_wrong_level", "32.04"),
        ("32.04.40001", "code_island", "32.04.40001"),
        ("Sukanagara", "code_malformed", "Sukanagara"),
        ("32.04.05.2009", "unknown_village", "32.04.05.2009"),
    ],
)
def test_a_wrong_code_is_refused_with_its_candidates(tmp_path, table, code, rule, shown):
    checked = READERS[table](_write(tmp_path, GOOD[table] | {"village_code": code}), villages=VILLAGES)
    assert checked.accepted.empty
    assert checked.rejects["rule"].tolist() == [rule]
    assert shown in checked.rejects["message"].iloc[0]


def test_codes_as_numbers_of_a_spreadsheet_are_refused(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ["Kode desa", "Tahun", "Kekuatan sinyal"],
        [53.1, 2021, "Sinyal lemah"],
        [3204052001, 2021, "Sinyal kuat"],
    ):
        book.active.append(row)
    book.save(tmp_path / "podes.xlsx")
    checked = read_podes(tmp_path / "podes.xlsx")
    assert checked.rejects[["row", "rule"]].to_numpy().tolist() == [[2, "code_float_damaged"], [3, "code_undotted"]]


def test_keys_of_the_boundaries_in_use_are_taken_as_they_are(tmp_path):
    checked = read_podes(_write(tmp_path, GOOD["podes"] | {"village_code": "bps:3204010002"}), villages=VILLAGES)
    assert checked.accepted["village_code"].tolist() == ["bps:3204010002"]


def test_words_of_a_podes_sheet(tmp_path):
    rows = [
        {"Kode": f"32.04.05.200{i}", "Tahun": "2021", "Kekuatan sinyal": word, "Teknologi": radio}
        for i, (word, radio) in enumerate(
            [("Lemah", "4G/LTE"), ("sangat kuat", "3G/H/H+/EVDO"), ("Tidak ada", ""), ("Sinyal kuat", "2.5G/E/GPRS")],
            start=1,
        )
    ]
    checked = read_podes(_write(tmp_path, *rows))
    assert checked.accepted["signal"].tolist() == ["weak", "very_strong", "none", "strong"]
    assert checked.accepted["technology"].fillna("").tolist() == ["4G", "3G", "", "2G"]


def test_a_village_with_two_answers_for_one_year_has_none(tmp_path):
    good = GOOD["podes"]
    rows = [
        good,
        good | {"signal": "strong"},
        good | {"village_code": "32.04.05.2002"},
        good | {"village_code": "32.04.05.2002"},
    ]
    checked = read_podes(_write(tmp_path, *rows))
    assert checked.accepted["village_code"].tolist() == ["32.04.05.2002"]
    assert _counts(checked) == {"conflicting_rows": 2, "duplicate": 1}


def test_personal_data_never_get_past_the_door(tmp_path):
    row = GOOD["reports"] | {
        "Nama pelapor": "Asep",
        "No. HP": "0812",
        "NIK": "3204",
        "Alamat": "RT 1",
        "Cuaca": "hujan",
    }
    checked = read_reports(_write(tmp_path, row))
    assert list(checked.accepted.columns) == list(TABLES["reports"].columns)
    note = checked.rejects.iloc[0]
    assert (note["rule"], note["value"]) == ("personal_data_dropped", "Nama pelapor, No. HP, NIK, Alamat")
    assert not checked.accepted.astype("str").isin(["Asep", "0812", "3204"]).to_numpy().any()


def test_a_report_needs_a_place(tmp_path):
    rows = [
        GOOD["reports"] | {"village_code": "", "lon": "107.5", "lat": "-6.9"},
        GOOD["reports"] | {"village_code": "", "lon": "", "lat": ""},
        GOOD["reports"] | {"village_code": "", "lon": "107.5", "lat": ""},
        GOOD["reports"] | {"village_code": "", "lon": "0", "lat": "0"},
        GOOD["reports"] | {"village_code": "", "lon": "-6.9", "lat": "107.5"},
        GOOD["reports"] | {"reported_on": "", "lon": "", "lat": ""},
    ]
    checked = read_reports(_write(tmp_path, *rows))
    assert checked.accepted["lon"].tolist() == [107.5, 107.5]
    assert _counts(checked) == {
        "missing_place": 1,
        "missing_value": 1,
        "position_half": 1,
        "position_zero": 1,
        "swapped_lon_lat": 1,
    }


def test_a_copy_that_lies_outside_does_not_pull_the_true_row_down(tmp_path):
    good = GOOD["facilities"] | {"facility_id": "F1"}
    checked = read_facilities(_write(tmp_path, good | {"lon": "109.4"}, good), villages=VILLAGES)
    assert checked.accepted["lon"].tolist() == [107.5]
    assert _counts(checked) == {"outside_area": 1}


def test_two_reports_without_a_number_are_two_reports(tmp_path):
    assert len(read_reports(_write(tmp_path, GOOD["reports"], GOOD["reports"])).accepted) == 2
    numbered = GOOD["reports"] | {"report_id": "L-1"}
    assert _counts(read_reports(_write(tmp_path, numbered, numbered))) == {"duplicate": 1}


def test_operators_of_reports_fold_and_formulas_stay_text(tmp_path):
    row = GOOD["reports"] | {"operator": "T-Sel", "text": '=HYPERLINK("http://x")'}
    accepted = read_reports(_write(tmp_path, row)).accepted
    assert accepted[["operator", "text"]].to_numpy().tolist() == [["telkomsel", '=HYPERLINK("http://x")']]


def test_everyday_words_of_places(tmp_path):
    rows = [
        GOOD["facilities"] | {"facility_type": word} for word in ("SD", "Masjid", "Balai Desa", "Puskesmas", "Pabrik")
    ]
    checked = read_facilities(_write(tmp_path, *rows))
    assert checked.accepted["facility_type"].tolist() == ["sekolah", "ibadah", "kantor_desa", "puskesmas"]
    assert _counts(checked) == {"not_a_choice": 1}
    points = read_internet_points(
        _write(
            tmp_path,
            GOOD["internet_points"] | {"point_type": "Starlink", "status": "Tidak aktif", "since": "14 Maret 2022"},
        )
    )
    assert points.accepted[["point_type", "status"]].to_numpy().tolist() == [["leo", "inactive"]]
    assert points.accepted["since"].iloc[0] == pd.Timestamp("2022-03-14")


def test_a_mapping_with_a_constant(tmp_path):
    path = _write(tmp_path, {"wilayahnya": "32.04.05.2001", "s": "lemah"})
    assert read_podes(path, mapping={"village_code": "wilayahnya", "signal": "s", "year": "=2021"}).accepted[
        "year"
    ].tolist() == [2021]


def test_a_missing_column_is_refused(tmp_path):
    with pytest.raises(SourceError, match="year"):
        read_podes(_write(tmp_path, {"Kode desa": "32.04.05.2001", "signal": "weak"}))


def test_several_files_and_languages(tmp_path):
    one, two = _write(tmp_path, GOOD["podes"]), _write(tmp_path, GOOD["podes"] | {"signal": "?"}, name="b.csv")
    checked = read_podes([one, two], settings=load_settings({"language": "en"}))
    assert (checked.rows_in, len(checked.accepted)) == (2, 1)
    assert checked.rejects[["source", "row"]].to_numpy().tolist() == [["b.csv", 2]]
    assert "not known" in checked.rejects["message"].iloc[0]


CELLS = st.sampled_from(
    [
        "",
        "-",
        "32.04.05.2001",
        "53.1",
        "2021",
        "weak",
        "2022-08-19",
        "107.5",
        "-6.9",
        "0",
        "sekolah",
        "wifi",
        "desa",
        "<script>",
        "'",
    ]
)


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(sorted(READERS)), st.data())
def test_rows_are_conserved_and_their_order_never_matters(tmp_path_factory, table, data):
    folder = tmp_path_factory.mktemp("mess")
    columns = list(TABLES[table].columns)
    mess = data.draw(
        st.lists(st.lists(CELLS, min_size=len(columns), max_size=len(columns)).filter(any), min_size=1, max_size=8)
    )
    shuffled = data.draw(st.permutations(mess))
    first, second = (_read(folder / name, table, rows) for name, rows in (("a.csv", mess), ("b.csv", shuffled)))
    assert first.rows_in == len(mess)
    assert len(first.accepted) + (first.rejects["severity"] == "rejected").sum() == len(mess)
    assert _values(first.accepted) == _values(second.accepted)


def _read(path, table, rows):
    pd.DataFrame(rows, columns=list(TABLES[table].columns)).to_csv(path, index=False)
    return READERS[table](path)


def _values(frame) -> list[str]:
    plain = frame.drop(columns=["source"], errors="ignore").astype(object)
    return sorted(map(str, plain.where(plain.notna(), np.nan).to_numpy().tolist()))
