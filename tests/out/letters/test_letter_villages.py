"""The list of desa of a letter."""

from __future__ import annotations

import pandas as pd
import worlds
from shapely import Point

from blankspot.out.letters.villages import COLUMNS, village_list


def facilities(**said: object) -> pd.DataFrame:
    lon, lat = worlds.at(3)
    return pd.DataFrame(
        [{"facility_type": "kantor_desa", "village_code": "99.01.01.2001", "lon": lon, "lat": lat} | said]
    )


def test_the_position_is_the_office_where_one_is_known_and_else_a_point_inside():
    villages = worlds.full_villages(4).assign(office_point=[None, "POINT (107.5 -6.9)", "POINT EMPTY", "bukan titik"])
    found = village_list(villages["village_code"], villages, facilities=facilities())
    assert list(found.columns) == list(COLUMNS)
    assert found["position"].tolist() == ["office", "office", "inside", "inside"]
    assert (found.loc[0, "lon"], found.loc[0, "lat"]) == worlds.at(3)
    assert (found.loc[1, "lon"], found.loc[1, "lat"]) == (107.5, -6.9)
    for row in (2, 3):
        assert villages.geometry[row].contains(Point(found.loc[row, "lon"], found.loc[row, "lat"]))


def test_a_school_or_a_place_without_desa_is_no_office():
    villages = worlds.full_villages(1)
    for other in (facilities(facility_type="sekolah"), facilities(village_code=None), facilities(lon=None)):
        assert village_list(villages["village_code"], villages, facilities=other)["position"].tolist() == ["inside"]


def test_only_the_villages_asked_for_by_district_and_name_once():
    villages = worlds.full_villages(3, ["C", "A", "B"]).assign(district=["X", "Y", "X"])
    codes = [*villages["village_code"], *villages["village_code"], "99.99.99.2999"]
    assert village_list(codes, villages)["village_name"].tolist() == ["B", "C", "A"]
    assert village_list([], villages).empty


def test_verdict_stage_and_the_latest_proposals_are_told():
    villages = worlds.full_villages(2)
    code = villages["village_code"][0]
    verdicts = pd.DataFrame({"village_code": [code], "signal_class": ["none"], "reason": ["Sebab"]})
    state = pd.DataFrame(
        {
            "village_code": [code, code],
            "service": ["mobile", "internet"],
            "stage": ["deferred", "handled"],
            "since": pd.to_datetime(["2022-01-01", "2022-02-01"]),
        }
    )
    proposals = pd.DataFrame(
        {
            "village_code": [code] * 4,
            "document": ["lama", "baru", "tengah", None],
            "proposed_on": pd.to_datetime(["2020-01-01", "2022-01-01", "2021-01-01", "2022-05-01"]),
        }
    )
    found = village_list(villages["village_code"], villages, verdicts=verdicts, state=state, proposals=proposals)
    assert found.loc[0, ["signal_class", "reason", "stage", "proposal"]].tolist() == [
        "none",
        "Sebab",
        "deferred",
        "baru; tengah",
    ]
    assert found.loc[1, ["signal_class", "reason", "stage", "proposal"]].isna().all()


def test_the_villages_are_left_as_they_were():
    villages = worlds.full_villages(2)
    before = villages.copy()
    village_list(villages["village_code"], villages)
    pd.testing.assert_frame_equal(pd.DataFrame(villages), pd.DataFrame(before))
