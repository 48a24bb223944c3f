from __future__ import annotations

import pandas as pd
import pytest

from blankspot.demo import mess, papers

READINGS = {
    "sentinel_dash", "sentinel_minus_200", "sentinel_2147483647", "impossible_value", "metric_not_named", "future_time",
    "bad_accuracy", "swapped_lon_lat", "outside", "no_fix", "duplicate",
}  # fmt: skip


@pytest.mark.parametrize(
    "path", ["data/ukur/jalan_2021.csv", "data/ukur/jalan_2022.csv", "data/ukur/survei_desa_2022.csv"]
)
def test_readings_have_every_fault_that_readers_count(arunika, path):
    faults = arunika.faults[arunika.faults["file"] == path]
    assert set(faults["fault"]) == READINGS
    assert len(arunika.tables[path]) > len(faults)


def test_codes_are_damaged_as_spreadsheets_do():
    assert mess.damage_code("99.01.04.2003") == "99.1"
    assert mess.undot("99.01.04.2003") == "9901042003"


def test_the_list_of_faults_names_the_right_lines(arunika):
    for path, fault, column, text in (
        (papers.PODES, "code_float_damaged", "village_code", "99.1"),
        (papers.HANDLING, "code_float_damaged", "village_code", "99.1"),
        ("data/ukur/jalan_2022.csv", "sentinel_2147483647", "value", "2147483647"),
        ("data/ukur/jalan_2022.csv", "bad_accuracy", "accuracy_m", "850"),
        (papers.REPORTS, "unreadable_date", "reported_on", "kemarin"),
    ):
        listed = arunika.faults[(arunika.faults["file"] == path) & (arunika.faults["fault"] == fault)]
        assert len(listed)
        assert set(arunika.tables[path][column].iloc[listed["line"].to_numpy() - 2]) == {text}
        assert (arunika.tables[path][column] == text).sum() == len(listed)


def test_duplicates_stand_behind_what_they_repeat(arunika):
    path = "data/ukur/jalan_2022.csv"
    frame = arunika.tables[path]
    listed = arunika.faults[(arunika.faults["file"] == path) & (arunika.faults["fault"] == "duplicate")]
    assert frame.duplicated().iloc[listed["line"].to_numpy() - 2].all()
    assert frame.duplicated().sum() == len(listed)


def test_logs_and_the_survey_sheet_have_theirs(arunika):
    log = arunika.tables["data/ukur/gnettrack_telkomsel_2022.csv"]
    assert {"-", "-200", "2147483647"} <= set(log["RSRP"])
    assert {"LTE", "LTE-A", "-"} <= set(log["NetworkMode"])
    assert log["Timestamp"].str.fullmatch(r"\d{4}\.\d\d\.\d\d_\d\d\.\d\d\.\d\d").all()
    sheet = arunika.tables[papers.SHEET]
    written = sheet["sheet_koordinat"]
    assert written.str.fullmatch(r"\d+\.\d+-\d+\.\d+").any()  # glued
    assert written.str.startswith("LU. 107.").any()  # longitude labelled LU
    assert written.str.contains(r"\d\. \d").any()  # spaces inside
    assert (sheet["sheet_tinggi_tower"] == "5O M").any()
    assert (pd.to_numeric(sheet["latitude"]) > 0).any()  # north of the equator, or swapped
    assert (written.eq("") & sheet["latitude"].eq("")).any()
    assert sheet["nama_provider"].nunique() >= 5
    assert sheet.duplicated().any()


def test_soiling_only_adds_rows():
    clean = pd.DataFrame({"village_code": [f"99.01.01.20{n:02d}" for n in range(1, 40)], "year": "2021"})
    soiled, faults = mess.soil(1, "x.csv", clean, mess.CODED, each=2)
    assert len(soiled) == len(clean) + len(faults)
    kept = soiled.drop(index=faults["line"].to_numpy() - 2).reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, clean)


def test_small_worlds_have_the_same_faults(small):
    sheet = small.faults[small.faults["file"] == papers.SHEET]["fault"]
    assert {"glued", "labelled_south", "hemisphere_wrong", "no_coordinates", "swapped", "duplicate"} <= set(sheet)
    assert sheet.str.contains("letter_o").any()


def test_a_table_in_which_nobody_heard_anything_can_be_soiled_too():
    row = {"measured_at": "2022-05-01 09:00:00", "lon": "107.3", "lat": "-8.5", "accuracy_m": "5", "operator": "xl"}
    silent = pd.DataFrame([row | {"technology": "", "metric": "no_service", "value": ""}] * 3)
    _, faults = mess.soil(1, "x.csv", silent, mess.MEASURED)
    assert set(faults["fault"]) == READINGS
    nowhere = silent.assign(lon="", lat="")
    assert mess.soil(1, "x.csv", nowhere, mess.MEASURED)[1].empty
