"""Rows in = rows accepted + rows rejected, whatever the rules say."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.check import REJECT_COLUMNS, Review, merge_checked
from blankspot.schema import TABLES
from blankspot.words import Text

MESSAGE = Text("Nilai '{value}' menjadi '{new}'.", "Value '{value}' becomes '{new}'.")
BAD = Text("Nilai '{value}' salah.", "Value '{value}' is wrong.")


def review(count: int = 4, **options) -> Review:
    return Review(
        pd.DataFrame({"a": [f"a{i}" for i in range(count)]}, dtype="str", index=range(7, 7 + count)),
        table="t",
        **options,
    )


steps = st.lists(
    st.tuples(
        st.sampled_from(["reject", "reject_each", "repair", "note"]), st.lists(st.booleans(), min_size=9, max_size=9)
    ),
    max_size=8,
)


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 9), steps)
def test_rows_are_conserved_and_keep_their_order(count, script):
    judged = review(count)
    alive = np.ones(count, dtype=bool)
    for number, (step, rows) in enumerate(script):
        mask = np.array(rows[:count], dtype=bool)
        if step == "reject":
            assert judged.reject(mask, column="a", rule=f"r{number}", message=BAD) == (mask & alive).sum()
            alive &= ~mask
        elif step == "reject_each":
            faults = {i: ("a", f"each{i}", BAD) for i in np.flatnonzero(mask)}
            assert judged.reject_each(faults) == (mask & alive).sum()
            alive &= ~mask
        elif step == "repair":
            assert (
                judged.repair(mask, f"new{number}", column="a", rule=f"m{number}", message=MESSAGE)
                == (mask & alive).sum()
            )
        else:
            judged.note(column="a", rule="n", message=BAD, value=number)
        assert (judged.alive == alive).all()
    checked = judged.finish()
    rejected = checked.rejects[checked.rejects["severity"] == "rejected"]
    assert checked.rows_in == count == len(checked.accepted) + len(rejected)
    assert checked.rows_rejected == len(rejected)
    assert sorted(rejected["row"]) == (np.flatnonzero(~alive) + 1).tolist()
    assert checked.accepted.index.tolist() == list(range(alive.sum()))
    untouched = checked.accepted["a"].str.startswith("a")
    assert checked.accepted["a"][untouched].tolist() == sorted(checked.accepted["a"][untouched])
    assert checked.counts()["rows"].sum() == len(checked.rejects)
    assert list(checked.rejects.columns) == list(REJECT_COLUMNS)


def test_the_first_rule_that_a_row_breaks_speaks_and_no_other():
    judged = review()
    judged.reject([True, True, False, False], column="a", rule="first", message=BAD)
    judged.repair([True, False, True, False], "x", column="a", rule="mended", message=MESSAGE)
    judged.reject([True, True, True, False], column="a", rule="second", message=BAD)
    checked = judged.finish()
    assert checked.rejects[["row", "rule", "severity"]].to_numpy().tolist() == [
        [1, "first", "rejected"],
        [2, "first", "rejected"],
        [3, "mended", "repaired"],
        [3, "second", "rejected"],
    ]
    assert checked.accepted["a"].tolist() == ["a3"]


def test_a_reject_says_where_what_and_why():
    judged = review(2, source=pd.Series(["x.csv", "y.csv"]), row=pd.Series([12, 7]), lang="en")
    judged.repair([False, True], ["", "baru"], column="a", rule="mended", message=MESSAGE)
    judged.reject([True, False], column="a", rule="bad", message=BAD)
    assert judged.finish().rejects.to_dict("records") == [
        {"table": "t", "source": "x.csv", "row": 12, "column": "a", "rule": "bad", "value": "a0", "message": "Value 'a0' is wrong.", "severity": "rejected"},
        {"table": "t", "source": "y.csv", "row": 7, "column": "a", "rule": "mended", "value": "a1", "message": "Value 'a1' becomes 'baru'.", "severity": "repaired"},
    ]  # fmt: skip


def test_each_source_is_counted():
    judged = review(3, source=pd.Series(["x", "y", "x"]))
    judged.reject([True, False, False], column="a", rule="bad", message=BAD)
    counted = judged.finish().sources.set_index("source")
    assert counted.loc["x"].tolist() == [2, 1]
    assert counted.loc["y"].tolist() == [1, 1]


def test_missing_answers_in_a_mask_are_no():
    judged = review(3)
    assert judged.reject(pd.Series([True, None, False], dtype="boolean"), column="a", rule="r", message=BAD) == 1


def test_values_in_braces_and_markup_stay_text():
    judged = Review(pd.DataFrame({"a": ["{0} {x} </script>", "%s"]}), table="t")
    judged.reject([True, True], column="a", rule="r", message=BAD)
    assert judged.finish().rejects["message"].tolist() == ["Nilai '{0} {x} </script>' salah.", "Nilai '%s' salah."]


def test_long_values_are_cut_and_missing_ones_are_empty():
    judged = Review(pd.DataFrame({"a": ["x" * 500, None, np.nan]}), table="t")
    judged.reject([True] * 3, column="a", rule="r", message=BAD)
    shown = judged.finish().rejects["value"]
    assert len(shown[0]) == 200
    assert shown[1:].tolist() == ["", ""]


def test_a_missing_day_is_shown_as_nothing():
    review = Review(pd.DataFrame({"day": pd.to_datetime([None])}), table="handling")
    review.reject([True], column="day", rule="missing_value", message=Text("kosong", "empty"))
    assert review.finish().rejects["value"].tolist() == [""]


def test_the_frame_that_came_in_stays_as_it_was():
    frame = pd.DataFrame({"a": ["x", "y"]}, index=[3, 3])
    before = frame.copy()
    judged = Review(frame, table="t")
    judged.repair([True, False], "z", column="a", rule="r", message=MESSAGE)
    assert judged.finish().accepted["a"].tolist() == ["z", "y"]
    pd.testing.assert_frame_equal(frame, before)


def test_a_column_that_is_not_there_can_be_named():
    judged = review(1)
    judged.reject([True], column="b", rule="r", message=BAD)
    assert judged.finish().rejects["value"].tolist() == [""]


def test_geometry_and_its_crs_come_through():
    frame = gpd.GeoDataFrame({"a": ["x", "y"]}, geometry=[shapely.Point(0, 0), None], crs=4326)
    judged = Review(frame, table="t")
    judged.reject(frame.geometry.isna(), column="geometry", rule="no_geometry", message=BAD)
    accepted = judged.finish().accepted
    assert isinstance(accepted, gpd.GeoDataFrame)
    assert accepted.crs == "EPSG:4326"


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "site_id": st.sampled_from(["A", "", None]),
                "lon": st.sampled_from(["107.5", "x", "999", "", None, 107.5]),
                "lat": st.sampled_from(["-6.9", "-6,9", "abc", None]),
                "height_m": st.sampled_from(["42", "-1", "tinggi", None]),
                "status": st.sampled_from(["active", "Tidak aktif", "mati", None]),
                "position_quality": st.sampled_from(["surveyed", "kira-kira", None]),
            }
        ),
        max_size=8,
    )
)
def test_conforming_to_a_schema_conserves_rows_and_leaves_only_valid_ones(rows):
    columns = ["site_id", "lon", "lat", "height_m", "status", "position_quality"]
    judged = Review(pd.DataFrame(rows, columns=columns, dtype=object), table="sites")
    judged.conform(TABLES["sites"])
    checked = judged.finish()
    assert checked.rows_in == len(rows) == len(checked.accepted) + (checked.rejects["severity"] == "rejected").sum()
    again = Review(checked.accepted, table="sites")
    again.conform(TABLES["sites"])
    assert again.finish().rows_rejected == 0


def test_files_of_one_table_join_in_order():
    first, second = review(2, source="x"), review(3, source="y")
    second.reject([True, False, False], column="a", rule="r", message=BAD)
    both = merge_checked(
        [first.finish(extra={"e": pd.DataFrame({"k": [1]})}), second.finish(measures={"overlap_km2": 2.0})]
    )
    assert both.rows_in == 5
    assert both.rows_rejected == 1
    assert both.accepted["a"].tolist() == ["a0", "a1", "a1", "a2"]
    assert both.extra["e"]["k"].tolist() == [1]
    assert both.measures["overlap_km2"] == 2
    assert both.sources["source"].tolist() == ["x", "y"]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_remark_about_the_table_is_listed_and_rejects_nothing(lang):
    judged = review(2, lang=lang, source="x.gpkg")
    judged.note(column="geometry", rule="no_polygon", message=BAD, value="99.01.01.2001")
    checked = judged.finish()
    assert checked.rejects.loc[0, ["source", "row", "severity"]].tolist() == ["x.gpkg", 0, "noted"]
    assert checked.rejects.loc[0, "message"] == BAD.of(lang).replace("{value}", "99.01.01.2001")
    assert checked.rows_rejected == 0


def test_a_remark_names_its_row_and_rejects_nothing():
    review = Review(pd.DataFrame({"partner": ["Telkom", "Telkomsell"]}), table="handling", source="a.csv")
    review.remark(1, column="partner", rule="partner_near", message=Text("'{value}'?", "'{value}'?"))
    checked = review.finish()
    assert checked.rows_rejected == 0
    assert checked.rejects[["source", "row", "value", "message", "severity"]].to_numpy().tolist() == [
        ["a.csv", 2, "Telkomsell", "'Telkomsell'?", "noted"]
    ]
