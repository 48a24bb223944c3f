"""What a prediction says of a village: hand-made worlds of a few pixels whose verdicts a reader checks in the head."""

from __future__ import annotations

from dataclasses import replace
from statistics import NormalDist

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import worlds as world
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

import blankspot as bs
from blankspot.classify import modelled_shares
from blankspot.classify import pixels as pixel_tiles
from blankspot.classify.pixels import Pixels
from blankspot.coverage import METRIC_OF, NO_SERVER, Coverage, Lattice, Layer
from blankspot.grid import Grid
from blankspot.schema import TABLES

WEST, NORTH, STEP = 107.0, -7.0, 0.001  # pixels of about 110 m
CODE = "99.01.01.2001"
FLOOR, SD = -140.0, 10.0
P = NormalDist().cdf
LOCAL = {"prediction": {"common_variance_pct": 50.0, "correlation_m": 1.0}}  # a patch per pixel


def place(step=STEP, *, west=WEST, north=NORTH):
    return Affine(step, 0, west, 0, -step, north)


def villages(*boxes):
    """Return villages by first column, first row, columns and rows of pixels."""
    shapes = [
        box(WEST + column * STEP, NORTH - (row + rows) * STEP, WEST + (column + columns) * STEP, NORTH - row * STEP)
        for column, row, columns, rows in boxes or [(0, 0, 3, 3)]
    ]
    codes = [f"99.01.01.2{at + 1:03d}" for at in range(len(shapes))]
    return gpd.GeoDataFrame({"village_code": codes, "village_name": codes}, geometry=shapes, crs="EPSG:4326")


def layer(median, *, operator="telkomsel", technology="4G", sd=SD, step=STEP):
    median = np.array(median, dtype=np.float32)
    spread = np.where(np.isnan(median), np.nan, sd).astype(np.float32)
    grids = (Grid(values, place(step), "EPSG:4326") for values in (median, spread))
    return Layer(
        operator=operator, technology=technology, metric=METRIC_OF[technology], median_dbm=next(grids), sd_db=next(grids),
        server=np.full(median.shape, NO_SERVER, dtype=np.int32), floor_dbm=FLOOR,
    )  # fmt: skip


def covered(*layers, coarse=False):
    """Return the coverage of layers, or of one 4G layer of 3 x 3 pixels given as levels."""
    made = [one if isinstance(one, Layer) else layer(one) for one in layers]
    return Coverage(
        layers={(one.operator, one.technology): one for one in made}, services=pd.DataFrame(), remarks=pd.DataFrame(),
        model="hata" if coarse else "p1812", coarse=coarse,
    )  # fmt: skip


def flat(level):
    return np.full((3, 3), float(level))


def people(values, step=STEP):
    return Grid(np.array(values, dtype=float), place(step), "EPSG:4326")


def whole(coverage, area=None, **options):
    """Return the row of the first village, all networks."""
    frame = modelled_shares(coverage, villages() if area is None else area, **options)
    rows = frame[(frame["operator"] == "") & (frame["village_code"] == CODE)]
    assert len(rows) == 1
    return rows.iloc[0]


def verdict(coverage, area=None, **options):
    return bs.classify(villages() if area is None else area, coverage=coverage, **options).verdicts.iloc[0]


class TestShares:
    def test_a_level_on_the_threshold_is_as_likely_above_as_below(self):
        row = whole(covered(flat(-105)))
        assert row["share_served"] == pytest.approx(0.5)
        assert row["share_none"] == pytest.approx(P(-1.0))  # -115 is one standard deviation below
        assert row["share_served"] + row["share_weak"] + row["share_none"] == pytest.approx(1.0)
        assert (row["n_pixels"], row["weight_kind"], row["share_predicted"]) == (9, "area", 1.0)

    def test_a_pixel_counts_by_its_centre_for_one_village(self):
        half = villages((0, 0, 3, 3), (3, 0, 3, 3))
        half.geometry = [box(WEST, NORTH - 3 * STEP, WEST + 3.4 * STEP, NORTH), box(WEST + 3.4 * STEP, NORTH - 3 * STEP, WEST + 6 * STEP, NORTH)]  # fmt: skip
        frame = modelled_shares(covered(np.full((3, 6), -80.0)), half)
        assert list(frame[frame["operator"] == ""]["n_pixels"]) == [9, 9]

    def test_a_village_too_small_for_a_centre_takes_the_pixel_it_lies_in(self):
        levels = np.full((3, 3), FLOOR)
        levels[1, 1] = -60.0
        tiny = villages()
        tiny.geometry = [box(WEST + 1.1 * STEP, NORTH - 1.4 * STEP, WEST + 1.3 * STEP, NORTH - 1.1 * STEP)]
        row = whole(covered(levels), tiny)
        assert (row["n_pixels"], row["share_served"]) == (1, pytest.approx(P(4.5), abs=1e-6))

    def test_people_weigh_and_empty_pixels_do_not(self):
        levels = np.full((3, 3), FLOOR)
        levels[0, 0] = -60.0
        lived = np.zeros((3, 3))
        lived[0, 0], lived[2, 2] = 30, 10
        row = whole(covered(levels), population=people(lived))
        assert row["share_served"] == pytest.approx(0.75 * P(4.5), abs=1e-6)
        assert (row["n_pixels"], row["weight_kind"]) == (2, "population")

    def test_a_village_without_people_is_weighed_by_area(self):
        row = whole(covered(flat(-60)), population=people(np.zeros((3, 3))))
        assert (row["weight_kind"], row["n_pixels"]) == ("area", 9)

    def test_a_coarser_population_is_spread_over_the_pixels_and_a_finer_one_is_added_up(self):
        levels = np.full((3, 3), FLOOR)
        levels[:, 0] = -60.0
        coarse = whole(covered(levels), population=people([[9.0]], 3 * STEP))
        assert coarse["share_served"] == pytest.approx(P(4.5) / 3, abs=1e-6)
        fine = np.zeros((9, 9))
        fine[0, 0], fine[1, 2], fine[8, 8] = 4, 2, 2  # the first two lie in the first pixel
        row = whole(covered(levels), population=people(fine, STEP / 3))
        assert (row["share_served"], row["n_pixels"]) == (pytest.approx(0.75 * P(4.5), abs=1e-6), 2)

    def test_a_median_on_the_floor_is_nothing_and_not_a_level(self):
        row = whole(covered(flat(FLOOR)))
        assert (row["share_none"], row["share_high"]) == (1.0, 0.0)

    def test_2g_alone_is_weak(self):
        row = whole(covered(layer(flat(-50), technology="2G")))
        assert (row["share_served"], row["share_weak"]) == (0.0, pytest.approx(1.0, abs=1e-5))

    def test_each_network_has_its_row_and_the_best_of_them_is_the_villages(self):
        strong, weak = np.full((3, 3), FLOOR), np.full((3, 3), FLOOR)
        strong[0], weak[1] = -60.0, -60.0
        frame = modelled_shares(covered(layer(strong), layer(weak, operator="xl")), villages())
        told = frame.set_index("operator")["share_served"]
        assert [told["telkomsel"], told["xl"]] == pytest.approx([1 / 3, 1 / 3], abs=1e-5)
        assert told[""] == pytest.approx(2 / 3, abs=1e-5)

    def test_two_weak_operators_do_not_make_a_strong_one(self):
        one = whole(covered(flat(-105)))
        both = whole(covered(layer(flat(-105)), layer(flat(-105), operator="xl")))
        assert both["share_served"] == one["share_served"]

    def test_of_layers_with_other_spreads_the_likelier_counts(self):
        sure, vague = layer(flat(-100), sd=1.0), layer(flat(-98), operator="xl", sd=30.0)
        assert whole(covered(sure, vague))["share_served"] == pytest.approx(P(5.0), abs=1e-6)


class TestNotPredicted:
    def test_nan_is_left_out_and_never_none(self):
        levels = flat(-60)
        levels[0, 0] = np.nan
        row = whole(covered(levels))
        assert (row["n_pixels"], row["share_predicted"]) == (8, pytest.approx(8 / 9))
        assert row["share_none"] == pytest.approx(0.0, abs=1e-6)

    def test_a_village_predicted_in_part_is_not_judged(self):
        levels = flat(FLOOR)
        levels[0] = np.nan
        assert modelled_shares(covered(levels), villages()).empty
        assert verdict(covered(levels))["rule"] == "unknown.no_data"

    def test_a_pixel_that_one_operator_lacks_is_not_predicted(self):
        gap = flat(FLOOR)
        gap[0, 0] = np.nan
        assert whole(covered(layer(flat(FLOOR)), layer(gap, operator="xl")))["n_pixels"] == 8

    def test_a_village_outside_the_prediction_is_not_judged(self):
        frame = modelled_shares(covered(flat(-60)), villages((0, 0, 3, 3), (50, 50, 3, 3)))
        assert set(frame["village_code"]) == {CODE}

    def test_where_it_is_predicted_that_nobody_lives_counts_for_nothing(self):
        levels = flat(-60)
        levels[0] = np.nan
        lived = np.ones((3, 3))
        lived[0] = 0
        assert whole(covered(levels), population=people(lived))["share_predicted"] == 1.0

    @pytest.mark.parametrize("nothing", [covered(), covered(np.full((3, 3), np.nan))])
    def test_nothing_predicted_gives_no_rows(self, nothing):
        assert verdict(nothing)["rule"] == "unknown.no_data"
        assert modelled_shares(nothing, villages()).empty


class TestInterval:
    def test_it_is_the_share_at_both_ends_of_the_common_error(self):
        row = whole(covered(flat(-95)), settings=bs.load_settings(LOCAL))
        common = 0.5 + 0.5 / 9  # nine pixels are nine patches here
        for end, sign in (("low", -1), ("high", 1)):
            expected = P((1.0 + sign * 1.959964 * common**0.5) / (1 - common) ** 0.5)
            assert row[f"share_{end}"] == pytest.approx(expected, abs=1e-6)

    def test_more_pixels_of_the_same_place_do_not_narrow_it(self):
        few, many = (whole(covered(layer(np.full((3 * n, 3 * n), -95.0), step=STEP / n))) for n in (1, 4))
        assert many["n_pixels"] == 16 * few["n_pixels"]
        assert many["share_low"] == pytest.approx(few["share_low"], abs=0.02)

    def test_people_in_one_hamlet_err_all_together(self):
        lived = np.zeros((30, 30))
        lived[15, 15] = 100.0
        level, area = covered(np.full((30, 30), -95.0)), villages((0, 0, 30, 30))
        hamlet, spread = whole(level, area, population=people(lived)), whole(level, area)
        assert hamlet["share_high"] - hamlet["share_low"] == pytest.approx(1.0, abs=1e-6)
        assert spread["share_high"] - spread["share_low"] < 0.95

    def test_a_coarse_prediction_errs_all_together(self):
        area = villages((0, 0, 30, 30))
        row = whole(covered(np.full((30, 30), -85.5), coarse=True), area)  # 1.95 deviations above strong
        assert (row["share_low"], row["share_high"]) == (pytest.approx(0.0, abs=1e-6), pytest.approx(1.0))
        assert row["source"] == "prediksi Okumura-Hata (kasar, tanpa data ketinggian)"


class TestVerdict:
    @pytest.mark.parametrize(
        ("level", "found"), [(-75, "served"), (-90, "unknown"), (-105, "unknown"), (-120, "unknown"), (-137, "none"), (FLOOR, "none")]
    )  # fmt: skip
    def test_far_inside_served_far_outside_none_and_between_unknown(self, level, found):
        row = verdict(covered(np.full((60, 60), float(level))), villages((0, 0, 60, 60)))
        assert row["signal_class"] == found
        assert row["confidence"] == ("indicative" if found == "unknown" else "modelled")

    def test_minus_80_everywhere_is_served_with_an_uncalibrated_model(self):
        coverage = covered(layer(np.full((60, 60), -80.0), sd=13.2))
        assert verdict(coverage, villages((0, 0, 60, 60)))["signal_class"] == "served"

    def test_half_a_village_in_coverage_is_weak(self):
        levels = np.full((60, 60), FLOOR)
        levels[:30] = -60.0
        row = verdict(covered(levels), villages((0, 0, 60, 60)))
        assert (row["signal_class"], row["rule"]) == ("weak", "modelled.weak")

    def test_none_by_prediction_alone_says_so(self):
        told = {lang: verdict(covered(flat(FLOOR)), settings=bs.load_settings({"language": lang}))["reason"] for lang in ("id", "en")}  # fmt: skip
        assert told["id"] == (
            "Blankspot menurut prediksi saja: 0,0 % wilayah terlayani 4G (selang 0,0–0,0 %), belum diukur."
        )
        assert told["en"].startswith("Blankspot by prediction alone: 0.0 % of area served by 4G")

    def test_a_coarse_prediction_says_that_it_is_coarse(self):
        found = bs.classify(villages(), coverage=covered(flat(FLOOR), coarse=True))
        row = found.verdicts.iloc[0]
        assert (row["signal_class"], row["confidence"], row["rule"]) == ("none", "modelled", "modelled_coarse.none")
        assert "menurut prediksi kasar saja (tanpa data ketinggian)" in row["reason"]
        assert found.evidence["source"].str.contains("kasar").all()

    @pytest.mark.parametrize(("coarse", "word"), [(False, "prediksi saja"), (True, "prediksi kasar saja")])
    def test_an_interval_too_wide_is_told_as_such(self, coarse, word):
        row = verdict(covered(flat(-105), coarse=coarse))
        assert row["rule"] == ("unknown.modelled_coarse" if coarse else "unknown.modelled")
        assert word in row["reason"]
        assert "selangnya terlalu lebar" in row["reason"]
        assert row["share_served"] == pytest.approx(0.5)

    def test_partial_where_not_every_operator_serves(self):
        here, there = layer(flat(-60)), layer(flat(FLOOR), operator="xl")
        assert bool(verdict(covered(here, there))["partial"])
        assert not verdict(covered(here, replace(there, median_dbm=here.median_dbm)))["partial"]
        assert not verdict(covered(here))["partial"]

    def test_only_2g_is_told(self):
        row = verdict(covered(layer(flat(-50), technology="2G"), layer(flat(FLOOR))))
        assert (row["signal_class"], bool(row["no_4g"])) == ("weak", True)
        assert "hanya ada 2G/3G" in row["reason"]
        assert not verdict(covered(flat(-60)))["no_4g"]

    def test_tables_are_as_declared(self):
        found = bs.classify(villages(), coverage=covered(layer(flat(-75)), layer(flat(-60), technology="2G")))
        TABLES["verdicts"].validate(found.verdicts, lazy=True)
        TABLES["evidence"].validate(found.evidence, lazy=True)
        assert set(found.evidence["kind"]) == {"modelled"}
        networks = found.evidence.dropna(subset=["operator"])
        assert set(zip(networks["operator"], networks["technology"], strict=True)) == {
            ("telkomsel", "4G"),
            ("telkomsel", "2G"),
        }
        assert set(networks["statistic"]) == {"share_served", "share_weak", "share_none"}

    def test_the_shares_and_the_coverage_they_come_from_give_one_verdict(self):
        coverage = covered(layer(flat(-75)), layer(flat(FLOOR), operator="xl"))
        direct = bs.classify(villages(), coverage=coverage)
        by_frame = bs.classify(villages(), coverage=modelled_shares(coverage, villages()))
        pd.testing.assert_frame_equal(direct.verdicts, by_frame.verdicts)
        pd.testing.assert_frame_equal(direct.evidence, by_frame.evidence)


class TestBesideReadings:
    def shares(self, share, low, high):
        return pd.DataFrame(
            {
                "village_code": [CODE], "kind": ["modelled"], "share_served": [share], "share_weak": [0.0],
                "share_none": [1 - share], "share_low": [low], "share_high": [high], "n_pixels": [900],
                "weight_kind": ["area"],
            }
        )  # fmt: skip

    def judged(self, readings, *shares):
        return bs.classify(world.villages(1), measurements=readings, coverage=self.shares(*shares)).verdicts.iloc[0]

    def test_few_readings_that_agree_are_told_beside_the_prediction(self):
        row = self.judged(world.drive([-98.0] * 3), 0.95, 0.9, 1.0)
        assert (row["rule"], row["n_measurements"]) == ("modelled.served", 6)
        assert row["reason"].endswith("belum diukur secara memadai (baru 6 titik ukur di 3 sel).")

    def test_readings_that_rule_the_prediction_out_leave_it_open(self):
        row = self.judged(world.drive([-130.0] * 3), 0.95, 0.9, 1.0)  # 0 of 3 cells: at most 56 %
        assert (row["signal_class"], row["rule"]) == ("unknown", "unknown.few_readings")
        row = self.judged(world.drive([-98.0] * 3), 0.0, 0.0, 0.1)  # 3 of 3 cells: at least 44 %
        assert (row["signal_class"], row["rule"]) == ("unknown", "unknown.few_readings")

    def test_an_undecided_prediction_takes_no_figures_away_from_readings(self):
        row = self.judged(world.drive([-98.0] * 3), 0.5, 0.1, 0.9)
        assert (row["rule"], row["share_served"]) == ("unknown.few_readings", 1.0)


class TestBorneOut:
    """A class that readings rule out in the villages that were measured is not believed in the others."""

    def world(self, missed, right, *, said="served", coarse=False):
        """Return one unmeasured village and some measured ones, all of which the prediction gives one class."""
        area = world.villages(missed + right + 1)
        level = {"served": (-130.0, -90.0), "none": (-90.0, -130.0)}[said]
        readings = [
            world.reading(at * world.SIDE + place, level[at >= missed])
            for at in range(missed + right)
            for place in range(25)
        ]
        share = {"served": (1.0, 0.0), "none": (0.0, 1.0)}[said]
        shares = pd.DataFrame(
            {
                "village_code": area["village_code"], "kind": "modelled", "share_served": share[0], "share_weak": 0.0,
                "share_none": share[1], "share_low": share[0], "share_high": share[0], "n_pixels": 900,
                "weight_kind": "area", "coarse": coarse,
            }
        )  # fmt: skip
        return bs.classify(area, measurements=pd.DataFrame(readings), coverage=shares).verdicts

    @pytest.mark.parametrize("said", ["served", "none"])
    def test_it_is_believed_while_it_misses_at_most_one_in_five(self, said):
        assert self.world(2, 8, said=said).iloc[-1]["rule"] == f"modelled.{said}"
        assert self.world(3, 7, said=said).iloc[-1]["rule"] == "unknown.modelled_doubted"

    def test_a_few_villages_check_nothing(self):
        assert self.world(9, 0).iloc[-1]["rule"] == "modelled.served"

    @pytest.mark.parametrize(("coarse", "by"), [(False, "prediksi"), (True, "prediksi kasar (tanpa data ketinggian)")])
    def test_the_sentence_says_how_often_it_missed(self, coarse, by):
        row = self.world(6, 6, coarse=coarse).iloc[-1]
        assert row["reason"] == (
            f"Belum cukup data: menurut {by} statusnya Terlayani, tetapi sebutan itu meleset di 6 dari 12 desa yang diukur."
        )
        assert np.isnan(row["share_served"])
        TABLES["verdicts"].validate(self.world(6, 6), lazy=True)

    def test_measured_villages_keep_their_own_verdict(self):
        assert list(self.world(6, 6)["signal_class"][:12]) == ["none"] * 6 + ["served"] * 6


LEVELS = st.lists(st.sampled_from([FLOOR, -125.0, -112.0, -104.0, -95.0, -80.0, -60.0, np.nan]), min_size=9, max_size=9)
RANK = {"none": 0, "weak": 1, "served": 2}
QUICK = settings(max_examples=40, deadline=None)


def two_layers(first, second):
    shape = (3, 3)
    return covered(
        layer(np.reshape(first, shape)), layer(np.reshape(second, shape), operator="xl", technology="2G", sd=7.0)
    )


@QUICK
@given(LEVELS, LEVELS, st.integers(0, 8), st.floats(0, 60))
def test_a_stronger_signal_never_worsens_a_verdict(first, second, which, gain_db):
    more = list(first)
    more[which] += gain_db
    before, after = (verdict(two_layers(levels, second)) for levels in (first, more))
    for name in ("share_served", "share_low", "share_high"):
        assert not after[name] < before[name] - 1e-9
    assert not after["share_none"] > before["share_none"] + 1e-9
    if before["signal_class"] in RANK and after["signal_class"] in RANK:
        assert RANK[after["signal_class"]] >= RANK[before["signal_class"]]
    assert before["signal_class"] != "served" or after["signal_class"] == "served"


@QUICK
@given(LEVELS)
def test_the_order_of_villages_never_matters(levels):
    area = villages((0, 0, 1, 3), (1, 0, 1, 3), (2, 0, 1, 3))
    coverage = covered(np.reshape(levels, (3, 3)))
    first = bs.classify(area, coverage=coverage)
    second = bs.classify(area.iloc[::-1], coverage=coverage)
    pd.testing.assert_frame_equal(first.verdicts, second.verdicts.iloc[::-1].reset_index(drop=True))
    pd.testing.assert_frame_equal(first.evidence, second.evidence)


@QUICK
@given(LEVELS, LEVELS, st.lists(st.booleans(), min_size=9, max_size=9))
def test_what_is_predicted_where_nobody_lives_changes_nothing(levels, others, lived):
    lived = np.reshape(lived, (3, 3))
    if not lived.any():
        return
    levels, others = np.reshape(levels, (3, 3)), np.reshape(others, (3, 3))
    first, second = (
        modelled_shares(covered(values), villages(), population=people(lived))
        for values in (levels, np.where(lived, levels, others))
    )
    pd.testing.assert_frame_equal(first, second)


@QUICK
@given(LEVELS)
def test_the_level_of_what_is_not_predicted_never_counts(levels):
    shape = np.reshape(levels, (3, 3))
    known = ~np.isnan(shape)
    frame = modelled_shares(covered(shape), villages())
    if known.sum() / 9 < 0.8:
        assert frame.empty
        return
    only = modelled_shares(covered(np.where(known, shape, -50.0)), villages(), population=people(known))
    for name in ("share_served", "share_weak", "share_none", "n_pixels"):
        assert frame[name].iloc[0] == pytest.approx(only[name].iloc[0])


@QUICK
@given(LEVELS, st.sampled_from([32, 64]))
def test_tiles_change_nothing(levels, side):
    rng = np.random.default_rng(7)
    values = rng.choice(levels, (70, 90))
    area = villages((0, 0, 45, 70), (45, 0, 30, 35), (45, 35, 45, 35))
    with pytest.MonkeyPatch.context() as patch:
        first = modelled_shares(covered(values), area)
        patch.setattr(pixel_tiles, "_TILE_PIXELS", side)
        second = modelled_shares(covered(values), area)
    pd.testing.assert_frame_equal(first, second)


def test_a_projected_grid_gives_the_same_shares():
    utm, side = "EPSG:32748", 100.0
    area = world.villages(2)
    rng = np.random.default_rng(3)
    values = rng.uniform(-140, -60, (100, 200)).astype(np.float32)
    at = Affine(side, 0, world.WEST, 0, -side, world.SOUTH + 100 * side)
    one = layer(flat(0))
    grids = {"median_dbm": Grid(values, at, utm), "sd_db": Grid(np.full_like(values, SD), at, utm)}
    coverage = covered(replace(one, **grids, server=np.zeros(values.shape, dtype=np.int32)))
    frame = modelled_shares(coverage, area)
    rows = frame[frame["operator"] == ""]
    assert list(rows["n_pixels"]) == [10_000, 10_000]
    for at_row, part in zip(rows["share_served"], (values[:, :100], values[:, 100:]), strict=True):
        expected = np.mean([P((level + 105) / SD) for level in part.ravel()])
        assert at_row == pytest.approx(expected, abs=1e-6)


def test_memory_depends_on_the_tile(monkeypatch):
    asked = []
    coverage = covered(np.full((200, 300), -95.0))

    class Source:
        model, coarse, services = coverage.model, coverage.coarse, coverage.services

        def keys(self):
            return coverage.keys()

        def window(self, bounds):
            part = coverage.window(bounds)
            asked.append(max(part.layers["telkomsel", "4G"].median_dbm.shape))
            return part

    monkeypatch.setattr(pixel_tiles, "_TILE_PIXELS", 64)
    found = modelled_shares(Source(), villages((0, 0, 300, 200)))
    assert found["n_pixels"].iloc[0] == 60_000
    assert max(asked) <= 70
    assert len(asked) > 10


def test_villages_without_a_border_are_left_out():
    area = villages((0, 0, 3, 3), (0, 0, 3, 3))
    area.loc[1, "geometry"] = None
    assert set(modelled_shares(covered(flat(-60)), area)["village_code"]) == {CODE}


def test_independent_patches_are_counted_by_weight():
    place_of = place()
    lived = np.ones((2, 2))
    pixels = Pixels(Lattice(place_of, "EPSG:4326"), villages((0, 0, 2, 2)), people(lived), 1.0)
    assert pixels.weigh().patches[0] == pytest.approx(4.0)
    lived[0, 0] = 1e9
    pixels = Pixels(Lattice(place_of, "EPSG:4326"), villages((0, 0, 2, 2)), people(lived), 1.0)
    assert pixels.weigh().patches[0] == pytest.approx(1.0, abs=1e-6)
