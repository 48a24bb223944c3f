from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.demo import invent
from blankspot.demo.handling import target_counts
from blankspot.demo.papers import HANDLING, INDICATORS
from blankspot.errors import UsageError
from blankspot.schema import TABLES, failures
from blankspot.wilayah import parse


@given(st.integers(0, 100_000), st.integers(10, 75))
@settings(max_examples=6, deadline=None)
def test_any_seed_and_number_gives_a_sound_world(seed, villages):
    world = invent(seed=seed, villages=villages)
    frame = world.villages
    shapes = np.array(frame.geometry)
    assert len(frame) == villages
    assert shapely.coverage_is_valid(shapes)
    assert shapely.is_valid(shapes).all()
    assert frame["village_code"].is_unique
    assert (frame["village_name"] == "Sukanagara").sum() == 1
    assert not frame.duplicated(["district", "village_name"]).any()
    assert abs(np.nansum(world.population.values) - frame["population"].sum()) <= villages
    moves = world.tables[HANDLING]
    moves = moves[moves["village_code"].isin(frame["village_code"])]
    listed = moves[(moves["event"] == "target") & (moves["year"] == "2022")]["village_code"]
    targets = set(listed) - set(moves.loc[moves["event"] == "target_removed", "village_code"])
    mobile = moves[(moves["case_id"] == "") & ~moves["event"].isin(["target", "target_removed"])]
    last = mobile.groupby("village_code")["event"].last().reindex(sorted(targets))
    assert (len(targets), last.isin(["handled", "verified_after"]).sum()) == target_counts(villages)


def test_the_same_seed_gives_the_same_world_and_another_another():
    one, two, other = invent(seed=9, villages=12), invent(seed=9, villages=12), invent(seed=10, villages=12)
    assert one.villages.geometry.geom_equals(two.villages.geometry).all()
    assert not one.villages.geometry.geom_equals(other.villages.geometry).any()
    for path, frame in one.tables.items():
        pd.testing.assert_frame_equal(frame, two.tables[path])


@pytest.mark.parametrize("wrong", [{"seed": -1}, {"villages": 9}])
def test_what_makes_no_world_is_refused(wrong):
    with pytest.raises(UsageError, match="at least 10"):
        invent(**wrong)


def test_the_world_reads_like_a_kabupaten(arunika):
    frame = arunika.villages
    assert arunika.title == "Kabupaten Arunika (contoh)"
    assert (arunika.as_of, arunika.year) == (dt.date(2022, 12, 26), 2022)
    assert frame["village_code"].str.startswith("99.01.").all()
    assert 25 <= frame["district"].nunique() <= 35
    assert frame["village_name"].duplicated().any()
    types = frame["village_type"].value_counts()
    assert types["desa"] > 250
    assert types["kelurahan"] >= 4
    assert types["desa_adat"] == 1
    assert [parse(code).village_type for code in frame["village_code"]] == frame["village_type"].tolist()
    assert 800_000 < frame["population"].sum() < 3_000_000
    metric = frame.to_crs(32748)
    assert 900e6 < metric.area.sum() < 1800e6
    assert metric.area.min() > 0.25e6


def test_kecamatan_hang_together(arunika):
    merged = arunika.villages.dissolve("district").geometry
    assert merged.geom_type.eq("Polygon").mean() > 0.95


def test_clean_tables_fit_their_schemas(arunika):
    for name, frame in (("villages", arunika.villages), ("sites", arunika.sites), ("services", arunika.services)):
        _, found = failures(pd.DataFrame(frame), TABLES[name], np.ones(len(frame), dtype=bool))
        assert [fault for fault in found if fault[0] != "geometry"] == []


def test_masts_of_four_operators_stand_in_the_kabupaten(arunika):
    places = gpd.points_from_xy(arunika.sites["lon"], arunika.sites["lat"], crs=4326)
    assert places.within(arunika.villages.union_all()).all()
    assert set(arunika.services["operator"]) == {"telkomsel", "indosat", "xl", "smartfren"}
    assert {"4G", "2G"} <= set(arunika.services["technology"])
    assert set(arunika.sites["status"]) == {"active", "planned", "inactive"}
    assert set(arunika.services["site_id"]) <= set(arunika.sites["site_id"])


def test_the_indicator_has_36_of_34(arunika):
    sheet = arunika.tables[INDICATORS]
    last = sheet[(sheet["indicator"] == "OPD terhubung") & (sheet["quarter"] == "4")].iloc[0]
    assert (last["realization"], last["target"]) == ("36", "34")


def test_the_truth_is_a_mixture_with_blankspots(arunika):
    classes = arunika.truth.villages["true_class"].value_counts()
    assert classes["served"] > 100
    assert classes["weak"] > 30
    assert classes["none"] >= 15
    assert set(arunika.truth.signal) == {"telkomsel", "indosat", "xl", "smartfren"}


def test_the_target_list_concerns_desa_that_were_truly_without_signal(arunika):
    moves = arunika.tables[HANDLING]
    targets = moves[(moves["event"] == "target") & (moves["year"] == "2022")]["village_code"]
    truth = arunika.truth.villages.set_index("village_code")["class_before_handling"]
    assert (truth.reindex(targets).dropna() == "none").mean() > 0.7
