"""Verdicts of hand-made worlds, and what must hold for every world."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
import worlds as world
from affine import Affine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import blankspot as bs
from blankspot.schema import CONFIDENCES, SIGNAL_CLASSES, TABLES

SERVED, WEAK, NONE = -98.0, -110.0, -121.0
NO_DATA = "Belum cukup data: tidak ada titik ukur, prediksi, atau laporan yang berlaku; bukan berarti tanpa sinyal."
RANK = {"none": 0, "weak": 1, "served": 2}


def one(measurements: pd.DataFrame | None = None, **options: object) -> pd.Series:
    return bs.classify(world.villages(1), measurements=measurements, **options).verdicts.iloc[0]


def podes(signal: str, technology: str | None = "4G", year: int = 2021) -> pd.DataFrame:
    return pd.DataFrame(
        {"village_code": ["99.01.01.2001"], "year": [year], "signal": [signal], "technology": [technology]}
    )


def complaints(columns: list[int], day: str = "2022-08-19") -> pd.DataFrame:
    places = [world.at(column) for column in columns]
    return pd.DataFrame(
        {
            "reported_on": pd.to_datetime([day] * len(places)),
            "lon": [lon for lon, _ in places],
            "lat": [lat for _, lat in places],
        }
    )


def test_sentence_of_a_blankspot_as_agreed():
    readings = pd.concat([world.drive([NONE] * 31, each=1), world.drive([NONE] * 16, each=1)])
    row = one(readings)
    assert row["reason"] == (
        "Blankspot: 0 dari 31 sel terukur terlayani 4G (batas atas 11,0 %), 47 titik ukur, terakhir 3 Oktober 2022."
    )
    assert (row["signal_class"], row["confidence"], row["rule"]) == ("none", "measured", "measured.none")
    assert (row["n_measurements"], row["n_cells"]) == (47, 31)
    assert row["share_high"] == pytest.approx(0.1103, abs=5e-5)
    assert row["profile"] == bs.load_settings().profile_label


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([SERVED] * 16, "served"),
        ([SERVED] * 24 + [NONE] * 6, "served"),  # 80 %, lower bound 62.7 %
        ([SERVED] * 23 + [NONE] * 7, "weak"),  # 76.7 %
        ([SERVED] * 4 + [NONE], "unknown"),  # 80 %, but the lower bound is 37.6 %
        ([SERVED] * 10 + [NONE] * 10, "unknown"),  # 50 %, interval 40.1 points wide
        ([SERVED] * 12 + [NONE] * 12, "weak"),  # 50 %, interval 37.1 points wide
        (
            [NONE] * 15,
            "weak",
        ),  # the upper bound is 20.4 %: not provably without service, and narrow enough for "at most weak"
        ([NONE] * 16, "none"),  # the upper bound is 19.4 %
        ([SERVED] + [NONE] * 15, "weak"),
        ([SERVED] + [NONE] * 99, "none"),
        ([WEAK] * 20, "weak"),
        ([WEAK] * 9 + [NONE] * 11, "none"),
        ([WEAK] * 11 + [NONE] * 9, "weak"),
    ],
)
def test_class_follows_share_and_bound(values, expected):
    assert one(world.drive(values, each=5))["signal_class"] == expected


def test_edges_of_the_levels_are_inclusive():
    assert one(world.drive([-105.0] * 20))["signal_class"] == "served"
    assert one(world.drive([-105.1] * 20))["share_weak"] == 1.0
    assert one(world.drive([-115.0] * 20))["share_weak"] == 1.0
    assert one(world.drive([-115.1] * 20))["share_none"] == 1.0


@pytest.mark.parametrize(
    ("cells", "each", "confidence", "rule"),
    [
        (20, 1, "measured", "measured.served"),
        (19, 1, "indicative", "indicative.served"),
        (3, 10, "indicative", "unknown.few_readings"),
        (4, 1, "indicative", "unknown.few_readings"),
    ],
)
def test_how_much_is_enough(cells, each, confidence, rule):
    row = one(world.drive([SERVED] * cells, each=each))
    assert (row["confidence"], row["rule"]) == (confidence, rule)


def test_no_data_is_not_no_signal():
    row = one()
    assert (row["signal_class"], row["rule"], row["reason"]) == ("unknown", "unknown.no_data", NO_DATA)
    assert np.isnan(row["share_served"])


def test_readings_outside_every_village_say_nothing():
    readings = world.drive([NONE] * 30).assign(lat=lambda rows: rows["lat"] + 5)
    assert one(readings)["rule"] == "unknown.no_data"


def test_one_place_measured_a_hundred_times_is_one_cell():
    row = one(world.drive([NONE], each=100))
    assert (row["n_cells"], row["n_measurements"], row["signal_class"]) == (1, 100, "unknown")


def test_union_over_operators_and_partial():
    readings = pd.concat([world.drive([SERVED] * 20, operator="telkomsel"), world.drive([NONE] * 20, operator="xl")])
    row = one(readings)
    assert (row["signal_class"], bool(row["partial"])) == ("served", True)
    alone = one(world.drive([SERVED] * 20, operator="telkomsel"))
    assert not bool(alone["partial"])
    both_weak = pd.concat([world.drive([WEAK] * 20, operator="telkomsel"), world.drive([NONE] * 20, operator="xl")])
    assert not bool(one(both_weak)["partial"])


def test_second_generation_alone_is_weak_and_says_so():
    row = one(world.drive([-60.0] * 20, metric="rxlev_dbm"))
    assert (row["signal_class"], bool(row["no_4g"]), row["share_served"]) == ("weak", True, 0.0)
    assert "hanya ada 2G/3G" in row["reason"]


def test_4g_beside_2g_counts_as_4g():
    readings = pd.concat([world.drive([SERVED] * 20), world.drive([-60.0] * 20, metric="rxlev_dbm")])
    row = one(readings)
    assert (row["signal_class"], bool(row["no_4g"])) == ("served", False)


def test_no_service_is_a_reading():
    row = one(world.drive([0.0] * 20, metric="no_service"))
    assert (row["signal_class"], row["n_measurements"]) == ("none", 40)


def test_no_service_without_operator_speaks_for_every_operator_in_the_cell():
    heard = world.drive([SERVED] * 20, each=1)
    silent = world.drive([0.0] * 20, each=2, metric="no_service", operator=None)
    assert one(pd.concat([heard, silent]))["signal_class"] == "none"


def test_indoor_reading_is_lifted_and_indoor_silence_says_nothing():
    assert one(world.drive([-118.0] * 20, indoor=True))["signal_class"] == "served"
    assert one(world.drive([0.0] * 20, metric="no_service", indoor=True))["rule"] == "unknown.no_data"


def test_throughput_is_evidence_but_no_level():
    result = bs.classify(
        world.villages(1), measurements=world.drive([12.0] * 20, metric="download_mbps", technology="4G")
    )
    assert result.verdicts["rule"][0] == "unknown.no_data"
    assert "median_download_mbps" in set(result.evidence["statistic"])


def test_validity_is_counted_back_from_as_of():
    readings = world.drive([NONE] * 20)
    day = dt.date(2022, 10, 3)
    assert one(readings, as_of=day + dt.timedelta(days=365))["signal_class"] == "none"
    assert one(readings, as_of=day + dt.timedelta(days=366))["signal_class"] == "unknown"
    assert one(readings, as_of=day - dt.timedelta(days=1))["signal_class"] == "unknown"


def test_the_day_of_a_reading_is_local():
    late = world.drive([NONE] * 20, at_time=dt.datetime(2022, 10, 2, 18, 0, tzinfo=dt.UTC))  # 3 October in Jakarta
    assert one(late, as_of=dt.date(2022, 10, 2))["signal_class"] == "unknown"
    assert "terakhir 3 Oktober 2022" in one(late)["reason"]


@pytest.mark.parametrize(
    ("signal", "technology", "expected", "no_4g"),
    [
        ("none", None, "none", False),
        ("weak", "4G", "weak", False),
        ("strong", "4G", "served", False),
        ("very_strong", "5G", "served", False),
        ("strong", "2G", "weak", True),
        ("strong", None, "unknown", False),
    ],
)
def test_podes_gives_reported_confidence_only(signal, technology, expected, no_4g):
    row = one(podes=podes(signal, technology))
    assert row["signal_class"] == expected
    assert row["confidence"] == ("indicative" if expected == "unknown" else "reported")
    assert bool(row["no_4g"]) is no_4g
    assert np.isnan(row["share_served"])


def test_newest_podes_counts_and_none_from_the_future():
    both = pd.concat([podes("none", year=2018), podes("strong", year=2021), podes("none", year=2024)])
    assert one(podes=both, as_of=dt.date(2022, 12, 26))["signal_class"] == "served"


def test_measurement_outranks_podes():
    row = one(world.drive([SERVED] * 20), podes=podes("none"))
    assert (row["signal_class"], row["confidence"]) == ("served", "measured")


def test_podes_does_not_contradict_a_measured_interval():
    half = world.drive([SERVED] * 10 + [NONE] * 10)
    assert one(half, podes=podes("none"))["signal_class"] == "unknown"
    assert one(half, podes=podes("weak"))["signal_class"] == "weak"


def test_complaints_from_three_places_are_indicative():
    row = one(reports=complaints([1, 5, 9]))
    assert (row["signal_class"], row["confidence"], row["rule"]) == ("weak", "indicative", "reported.complaints")


@pytest.mark.parametrize("claim", ["served", "other"])
def test_a_correction_that_complains_of_no_signal_counts_and_another_does_not(claim):
    assert one(reports=complaints([1, 5, 9]).assign(claim="none"))["rule"] == "reported.complaints"
    assert one(reports=complaints([1, 5, 9]).assign(claim=claim))["rule"].startswith("unknown")


def test_ten_complaints_from_one_house_decide_nothing():
    row = one(reports=complaints([1] * 10))
    assert (row["signal_class"], row["rule"]) == ("unknown", "unknown.reports_only")
    assert "10 laporan warga" in row["reason"]


def test_old_complaints_are_not_counted():
    assert (
        one(reports=complaints([1, 5, 9], day="2020-01-01"), as_of=dt.date(2022, 12, 26))["rule"] == "unknown.no_data"
    )


def test_complaint_named_by_code_counts_for_its_village():
    told = pd.DataFrame({"reported_on": pd.to_datetime(["2022-08-19"]), "village_code": ["99.01.01.2001"]})
    assert "1 laporan warga" in one(reports=told)["reason"]


def people(by_column: dict[int, float]) -> bs.Grid:
    """Return 250 m pixels that coincide with the southernmost cells of the first village."""
    values = np.zeros((world.SIDE, world.SIDE))
    for column, count in by_column.items():
        values[world.SIDE - 1, column] = count
    north = world.SOUTH + world.SIDE * world.CELL
    return bs.Grid(values, Affine(world.CELL, 0, world.WEST, 0, -world.CELL, north), "EPSG:32748")


def test_shares_are_of_people_where_people_are_known():
    readings = world.drive([SERVED] * 10 + [NONE] * 10, each=2)
    row = one(readings, population=people(dict.fromkeys(range(10), 90.0) | dict.fromkeys(range(10, 20), 10.0)))
    assert (row["weight_kind"], row["share_served"]) == ("population", pytest.approx(0.9))
    assert "90,0 % penduduknya" in row["reason"]


def test_unequal_population_leaves_fewer_effective_cells():
    readings = world.drive([SERVED] * 20, each=2)
    uneven = people(dict.fromkeys(range(10), 90.0) | dict.fromkeys(range(10, 20), 10.0))
    evidence = bs.classify(world.villages(1), measurements=readings, population=uneven).evidence
    told = evidence[(evidence["statistic"] == "effective_cells") & evidence["operator"].isna()].iloc[0]
    assert (told["value"], told["n"]) == (pytest.approx(1000**2 / (10 * 90**2 + 10 * 10**2)), 20)


def test_even_population_changes_no_interval():
    readings = world.drive([NONE] * 16, each=2)
    even = one(readings, population=people(dict.fromkeys(range(20), 7.0)))
    assert even["share_high"] == pytest.approx(one(readings)["share_high"])


def test_cells_without_people_fall_back_to_area():
    row = one(world.drive([SERVED] * 20), population=people({30: 100.0}))
    assert (row["weight_kind"], row["signal_class"]) == ("area", "served")


def prediction(share: float, low: float, high: float, kind: str = "modelled") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "village_code": ["99.01.01.2001"], "kind": [kind], "share_served": [share], "share_weak": [0.0],
            "share_none": [1 - share], "share_low": [low], "share_high": [high], "n_pixels": [900], "weight_kind": ["population"],
        }
    )  # fmt: skip


def test_prediction_decides_only_where_measurement_does_not():
    row = one(coverage=prediction(0.01, 0.0, 0.1))
    assert (row["signal_class"], row["confidence"]) == ("none", "modelled")
    assert "prediksi saja" in row["reason"]
    assert one(world.drive([SERVED] * 20), coverage=prediction(0.01, 0.0, 0.1))["confidence"] == "measured"


def test_prediction_and_measurement_stay_apart_in_the_evidence():
    result = bs.classify(world.villages(1), measurements=world.drive([SERVED] * 3), coverage=prediction(0.9, 0.8, 0.95))
    assert set(result.evidence["kind"]) == {"measured", "modelled"}


def test_tables_have_the_declared_columns_and_values():
    result = bs.classify(world.villages(3), measurements=world.drive([SERVED] * 20), podes=podes("none"))
    assert list(result.verdicts.columns) == list(TABLES["verdicts"].columns)
    assert list(result.evidence.columns) == list(TABLES["evidence"].columns)
    TABLES["verdicts"].validate(result.verdicts, lazy=True)
    TABLES["evidence"].validate(result.evidence, lazy=True)
    assert set(result.verdicts["signal_class"]) <= set(SIGNAL_CLASSES)
    assert set(result.verdicts["confidence"]) <= set(CONFIDENCES)
    assert sum(result.counts().values()) == 3


def test_no_villages_no_verdicts():
    result = bs.classify(world.villages(1).iloc[:0])
    assert len(result.verdicts) == 0
    assert result.counts() == dict.fromkeys(("none", "weak", "served", "unknown"), 0)


def test_a_code_that_stands_twice_is_refused():
    twice = pd.concat([world.villages(1), world.villages(1)], ignore_index=True)
    with pytest.raises(bs.BlankspotError, match=r"99\.01\.01\.2001"):
        bs.classify(twice)


def test_a_missing_column_is_named():
    with pytest.raises(bs.BlankspotError, match="metric"):
        bs.classify(world.villages(1), measurements=world.drive([SERVED]).drop(columns="metric"))


def test_inputs_are_not_changed():
    villages, readings = world.villages(2), world.drive([SERVED] * 20)
    before = villages.copy(), readings.copy()
    bs.classify(villages, measurements=readings, podes=podes("weak"), reports=complaints([1, 2, 3]))
    pd.testing.assert_frame_equal(villages, before[0])
    pd.testing.assert_frame_equal(readings, before[1])


def test_english_reasons():
    row = one(world.drive([NONE] * 31), settings=bs.load_settings({"language": "en"}))
    assert row["reason"].startswith("Blankspot: 0 of 31 measured cells served by 4G (upper bound 11.0 %)")


LEVELS = st.lists(
    st.tuples(
        st.integers(0, 59),
        st.sampled_from([-130.0, -116.0, -115.0, -110.0, -105.0, -104.0, -90.0, -60.0]),
        st.sampled_from(["rsrp_dbm", "rxlev_dbm", "no_service"]),
        st.sampled_from(["telkomsel", "xl", None]),
    ),
    min_size=1,
    max_size=80,
)
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def readings_of(rows: list[tuple[int, float, str, str | None]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            world.reading(cell % world.SIDE, value, row=cell // world.SIDE, metric=metric, operator=operator)
            for cell, value, metric, operator in rows
        ]
    )


@QUICK
@given(LEVELS, st.integers(0, 79), st.floats(0, 40))
def test_a_stronger_signal_never_worsens_a_verdict(rows, which, gain_db):
    which %= len(rows)
    cell, value, metric, operator = rows[which]
    before = one(readings_of(rows))
    after = one(readings_of([*rows[:which], (cell, value + gain_db, metric, operator), *rows[which + 1 :]]))
    if before["signal_class"] in RANK and after["signal_class"] in RANK:
        assert RANK[after["signal_class"]] >= RANK[before["signal_class"]]
    assert before["signal_class"] != "served" or after["signal_class"] == "served"
    assert not after["share_served"] < before["share_served"]


@QUICK
@given(LEVELS, st.randoms(use_true_random=False))
def test_row_order_never_matters(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    first, second = (bs.classify(world.villages(2), measurements=readings_of(order)) for order in (rows, shuffled))
    pd.testing.assert_frame_equal(first.verdicts, second.verdicts)
    pd.testing.assert_frame_equal(first.evidence, second.evidence)


@QUICK
@given(LEVELS)
def test_shares_add_up_and_lie_within_their_interval(rows):
    row = one(readings_of(rows))
    if row["n_cells"]:
        assert row["share_served"] + row["share_weak"] + row["share_none"] == pytest.approx(1.0)
        assert row["share_low"] <= row["share_served"] + 1e-12
        assert row["share_served"] <= row["share_high"] + 1e-12


def test_categories_text_times_and_any_index_change_nothing():
    frame = world.drive([SERVED] * 12 + [NONE] * 8)
    plain = bs.classify(world.villages(1), measurements=frame)
    odd = frame.assign(measured_at=frame["measured_at"].astype("str")).set_axis([7] * len(frame))
    odd = odd.astype({"operator": "category", "technology": "category", "metric": "category", "value": object})
    other = bs.classify(world.villages(1).set_axis([99]), measurements=odd)
    assert other.verdicts.drop(columns="latest_measurement").equals(plain.verdicts.drop(columns="latest_measurement"))
    assert other.evidence.equals(plain.evidence)


@pytest.mark.parametrize("zone", [None, "Asia/Jakarta", "UTC"])
def test_complaints_may_carry_a_zone_and_a_repeated_index(zone):
    told = complaints([0, 4, 8])
    told = told.assign(reported_on=told["reported_on"].dt.tz_localize(zone)).set_axis([0, 0, 0])
    row = one(reports=told, as_of=dt.date(2022, 12, 26))
    assert (row["rule"], row["signal_class"]) == ("reported.complaints", "weak")


def test_podes_that_decides_nothing_is_still_told():
    row = one(podes=podes("strong", None))
    assert (row["signal_class"], row["rule"]) == ("unknown", "unknown.reports_only")
    assert "Podes 2021 (sinyal kuat, teknologi tidak dicatat)" in row["reason"]


def test_what_is_no_table_of_villages_is_refused():
    frame = world.villages(1)
    with pytest.raises(bs.BlankspotError, match="EPSG:32748"):
        bs.classify(frame.to_crs(32748))
    with pytest.raises(bs.BlankspotError, match="carries no geometry"):
        bs.classify(pd.DataFrame(frame))


def test_two_predictions_of_one_village_are_refused():
    share = {"share_served": 0.9, "share_weak": 0.1, "share_none": 0.0, "share_low": 0.8, "share_high": 0.95}
    row = {"village_code": "99.01.01.2001", "kind": "modelled", "n_pixels": 10, "weight_kind": "area", **share}
    with pytest.raises(bs.BlankspotError, match="more than once"):
        bs.classify(world.villages(1), coverage=pd.DataFrame([row, row]))


def test_people_come_as_a_grid():
    with pytest.raises(bs.BlankspotError, match="must be a Grid, not a Series"):
        bs.classify(world.villages(1), measurements=world.drive([SERVED] * 4), population=pd.Series([1.0]))
