"""Predicted coverage as layers of the map: which layers, what they say, where they lie, and what they weigh."""

from __future__ import annotations

import re

import geopandas as gpd
import mapworld as world
import numpy as np
import pandas as pd
import pytest
import shapely
from affine import Affine

from blankspot.coverage import METRIC_OF, NO_SERVER, Coverage, Layer
from blankspot.grid import Grid
from blankspot.out.maps import draw_map
from blankspot.out.maps.coverage import coverage_overlays
from blankspot.out.maps.legends import levels_of
from blankspot.out.maps.payload import unpack
from blankspot.out.maps.rasters import PIXELS_MAX, encode_layers
from blankspot.settings import load_settings

SETTINGS = load_settings()
BASE64 = 4 / 3
WEST, NORTH = 107.0, -7.0


def square(columns=10, rows=10, step=0.001):
    shape = shapely.box(WEST, NORTH - rows * step, WEST + columns * step, NORTH)
    return gpd.GeoDataFrame({"village_code": ["99.01.01.2001"]}, geometry=[shape], crs="EPSG:4326")


def layer(level, operator="telkomsel", technology="4G", *, step=0.001, at=None, crs="EPSG:4326"):
    values = np.asarray(level, dtype=np.float32)
    place = at or Affine(step, 0, WEST, 0, -step, NORTH)
    return Layer(
        operator=operator, technology=technology, metric=METRIC_OF[technology], median_dbm=Grid(values, place, crs),
        sd_db=Grid(np.full_like(values, 13.0), place, crs), server=np.full(values.shape, NO_SERVER, dtype=np.int32),
        floor_dbm=-140.0,
    )  # fmt: skip


def covered(*layers, coarse=False):
    return Coverage(
        layers={(one.operator, one.technology): one for one in layers}, services=pd.DataFrame(), remarks=pd.DataFrame(),
        model="hata" if coarse else "p1812", coarse=coarse,
    )  # fmt: skip


def flat(level):
    return np.full((10, 10), float(level))


def titles(overlays, lang="id"):
    return [overlay.title.of(lang) for overlay in overlays]


def levels(overlay):
    """Return the levels of an overlay, NaN where nothing is drawn."""
    return np.asarray(overlay.raster.values)


def drawn(overlay):
    """Return the levels of an overlay that are drawn."""
    values = levels(overlay)
    return set(values[np.isfinite(values)].tolist())


class TestWhichLayers:
    def test_4g_of_every_operator_after_the_best_of_all_then_what_is_older(self):
        coverage = covered(
            layer(flat(-90), "telkomsel", "2G"), layer(flat(-80)), layer(flat(-85), "xl", "4G"), layer(flat(-85), "xl", "2G")
        )  # fmt: skip
        assert titles(coverage_overlays(coverage, square(), SETTINGS)) == [
            "4G, semua operator", "4G, Telkomsel", "4G, XL", "2G, semua operator",
        ]  # fmt: skip

    def test_an_operator_without_4g_keeps_its_newest(self):
        coverage = covered(layer(flat(-80)), layer(flat(-80), "indosat", "3G"), layer(flat(-80), "indosat", "2G"))
        assert titles(coverage_overlays(coverage, square(), SETTINGS)) == ["4G, Telkomsel", "3G, Indosat"]

    def test_5g_joins_4g_where_the_thresholds_are_the_same(self):
        coverage = covered(layer(flat(-110)), layer(flat(-80), technology="5G"))
        (joined,) = coverage_overlays(coverage, square(), SETTINGS)
        assert joined.title.id == "4G/5G, Telkomsel"
        assert drawn(joined) == {-80.0}
        stricter = load_settings({"signal": {"ss_rsrp_dbm": {"strong_min_dbm": -100.0}}})
        apart = coverage_overlays(coverage, square(), stricter)
        assert titles(apart) == ["5G, Telkomsel", "4G, Telkomsel"]

    def test_the_best_of_all_is_the_strongest_pixel_by_pixel(self):
        west, east = flat(-120), flat(-120)
        west[:, :5], east[:, 5:] = -70, -70
        best = coverage_overlays(covered(layer(west), layer(east, "xl")), square(), SETTINGS)[0]
        assert drawn(best) == {-70.0}

    def test_nothing_predicted_gives_no_layer(self):
        assert coverage_overlays(covered(), square(), SETTINGS) == []
        assert coverage_overlays(covered(layer(flat(np.nan))), square(), SETTINGS) == []
        assert coverage_overlays(covered(layer(flat(-80))), square().iloc[:0], SETTINGS) == []

    def test_operators_written_alike_have_keys_of_their_own(self):
        coverage = covered(*(layer(flat(-80), name) for name in ("Net 1", "net-1", "é" * 60, "x" * 60)))
        overlays = coverage_overlays(coverage, square(), SETTINGS)
        encode_layers(overlays)
        assert len({overlay.key for overlay in overlays}) == 5


class TestWhatTheySay:
    def test_classes_are_those_of_the_thresholds(self):
        (told,) = coverage_overlays(covered(layer(flat(-80), technology="3G")), square(), SETTINGS)
        assert told.legend.edges == (-105.0, -95.0, -85.0)
        assert [label.id for label in told.legend.labels] == [
            "Tidak ada sinyal, di bawah -105", "Lemah, -105 sampai -95", "Kuat, -95 sampai -85", "Sangat kuat, -85 ke atas",
        ]  # fmt: skip
        assert (told.kind, told.unit.id) == ("modelled", "dBm")
        assert "P.1812" in told.note.id
        assert "kasar" not in f"{told.title.id} {told.group.id} {told.note.id}"

    def test_the_value_under_the_pointer_is_near_the_level(self):
        ramp = np.linspace(-139, -60, 100).reshape(10, 10)
        (told,) = coverage_overlays(covered(layer(ramp)), square(), SETTINGS)
        _, _, middles, _ = levels_of(told.legend, levels(told))
        near = [value for value in middles if -115 < value < -90]
        assert max(np.diff(near)) <= 3.0

    def test_a_coarse_prediction_says_so_everywhere(self):
        (told,) = coverage_overlays(covered(layer(flat(-80)), coarse=True), square(), SETTINGS)
        for text in (told.title, told.group, told.note):
            assert "kasar" in text.id.casefold()
            assert "coarse" in text.en.casefold()

    def test_one_that_measured_villages_contradict_says_so(self):
        (told,) = coverage_overlays(covered(layer(flat(-80))), square(), SETTINGS, doubted=True)
        assert told.note.id.startswith("Sering meleset di desa yang sudah diukur")


class TestThePage:
    def header(self, **rule):
        villages = world.villages(9)
        tables = world.tables(villages, readings=10)
        verdicts = tables["verdicts"].assign(confidence="modelled", **rule)
        page = draw_map(villages, **tables | {"verdicts": verdicts}).get_root().render()
        return unpack(re.search(r'data-bs="payload">([^<]*)<', page)[1])[0]

    def test_a_coarse_prediction_is_called_so_in_legend_and_card(self):
        told = self.header(rule="modelled_coarse.none")
        assert told["labels"]["id"]["confidence"]["modelled"] == "prediksi kasar"
        assert told["labels"]["en"]["confidence"]["modelled"] == "coarse prediction"
        assert "kasar" in told["texts"]["id"]["confidence_modelled"]
        assert "kasar" in told["texts"]["id"]["sure_modelled"]

    def test_the_past_is_said_to_be_judged_without_prediction(self):
        told = self.header(rule="modelled.none")
        assert "tanpa prediksi" in told["texts"]["id"]["time_past"]
        assert "kasar" not in told["texts"]["id"]["confidence_modelled"]


class TestWhereTheyLie:
    def test_nothing_is_drawn_beyond_the_villages(self):
        area = square(5, 10)
        (told,) = coverage_overlays(covered(layer(flat(-80))), area, SETTINGS)
        lon, lat = told.raster.centres()
        inside = lon < WEST + 0.005
        assert np.isfinite(levels(told)[inside & (lat > NORTH - 0.01)]).all()
        assert np.isnan(levels(told)[~inside]).all()

    def test_what_is_not_predicted_has_no_colour(self):
        known = flat(-80)
        known[:5] = np.nan
        (told,) = coverage_overlays(covered(layer(known)), square(), SETTINGS)
        assert np.isnan(told.raster.sample([WEST + 0.005], [NORTH - 0.002])[0])
        assert told.raster.sample([WEST + 0.005], [NORTH - 0.008])[0] == -80

    def test_a_large_area_is_read_in_windows_and_averaged(self):
        side, step = 1599, 0.0003
        rng = np.random.default_rng(5)
        values = rng.uniform(-130, -70, (side, side)).astype(np.float32)
        coverage = covered(layer(values, step=step))
        asked = []

        class Source:
            model, coarse, services = coverage.model, coverage.coarse, coverage.services

            def keys(self):
                return coverage.keys()

            def window(self, bounds):
                part = coverage.window(bounds)
                asked.append(part.layers["telkomsel", "4G"].server.size)
                return part

        (told,) = coverage_overlays(Source(), square(side, side, step), SETTINGS)
        assert max(asked) <= 520**2
        assert levels(told).size <= PIXELS_MAX
        assert told.raster.transform.a == pytest.approx(3 * step)
        expected = Grid(values.reshape(533, 3, 533, 3).mean(axis=(1, 3)), Affine(3 * step, 0, WEST, 0, -3 * step, NORTH), "EPSG:4326")  # fmt: skip
        lon, lat = (at[20:-20, 20:-20] for at in told.raster.centres())
        assert told.raster.sample(lon, lat) == pytest.approx(expected.sample(lon, lat), abs=1e-3)

    def test_a_grid_in_metres_falls_into_place(self):
        at = Affine(100, 0, 780_000, 0, -100, 9_230_000)
        area = gpd.GeoSeries([shapely.box(780_000, 9_225_000, 785_000, 9_230_000)], crs=32748).to_crs(4326)
        frame = gpd.GeoDataFrame({"village_code": ["99.01.01.2001"]}, geometry=area.to_numpy(), crs="EPSG:4326")
        split = np.full((60, 60), -80.0)
        split[:25] = -120.0
        (told,) = coverage_overlays(covered(layer(split, at=at, crs="EPSG:32748")), frame, SETTINGS)
        places = gpd.GeoSeries(gpd.points_from_xy([782_050, 782_050], [9_229_050, 9_226_050]), crs=32748).to_crs(4326)
        assert list(told.raster.sample(places.x, places.y)) == [-120.0, -80.0]


def terrain_like(rows, columns, seed):
    """Return levels as terrain makes them: rings around masts, shadows behind hills, a little noise."""
    rng = np.random.default_rng(seed)
    row, column = np.mgrid[:rows, :columns]
    masts = rng.uniform((0, 0), (rows, columns), (30, 2))
    near = np.min([np.hypot(row - r, column - c) for r, c in masts], axis=0) * 0.03 + 0.05
    hills = sum(
        np.sin(row / rng.uniform(7, 40) + rng.uniform(0, 6)) * np.sin(column / rng.uniform(7, 40)) for _ in range(6)
    )
    return (-66 - 36 * np.log10(near) + 5 * hills + rng.normal(0, 1.5, (rows, columns))).clip(-140, -40)


def test_a_kabupaten_of_four_operators_adds_at_most_two_megabytes():
    villages = world.villages()
    at = Affine(1 / 3600, 0, 107.4, 0, -1 / 3600, -6.9)  # 0.4 by 0.3 degrees at 30 m
    layers = [
        layer(terrain_like(1080, 1440, seed), operator, technology, at=at)
        for seed, (operator, technology) in enumerate(
            (operator, technology) for operator in ("telkomsel", "indosat", "xl", "smartfren") for technology in ("4G", "2G")
        )
    ]  # fmt: skip
    overlays = coverage_overlays(covered(*layers), villages, SETTINGS)
    assert len(overlays) == 6
    header, parts = encode_layers(overlays)
    assert sum(map(len, parts.values())) * BASE64 <= 2_000_000
    assert min(one["size"][0] * one["size"][1] for one in header["overlays"]) > 100_000  # and still shows a hamlet
    plain = len(draw_map(villages).get_root().render())
    assert len(draw_map(villages, overlays=overlays).get_root().render()) - plain <= 2_000_000
