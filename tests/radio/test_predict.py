"""Coverage of many services: who is strongest, and that nothing but terrain, services and settings shows in it."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from affine import Affine
from terrains import ARC_SECOND, fractal

import blankspot as bs
from blankspot.coverage import NO_SERVER
from blankspot.errors import UsageError
from blankspot.grid import Grid
from blankspot.radio import p1812, sweep
from blankspot.settings import load_settings
from blankspot.terrain import GridTerrain

PIXELS = 150
WEST, NORTH = 107.0, -6.8
PLACE = Affine(ARC_SECOND, 0, WEST, 0, -ARC_SECOND, NORTH)


@pytest.fixture(scope="module")
def heights():
    return fractal(PIXELS, seed=3, high_m=300.0)


def terrain(heights, **more):
    return GridTerrain(Grid(heights, PLACE, "EPSG:4326"), **more)


def site(site_id, column, row, **more):
    values = {"site_id": site_id, "site_name": site_id, "owner": "Mitratel", "lon": WEST + column * ARC_SECOND,
              "lat": NORTH - row * ARC_SECOND, "ground_m": np.nan, "height_m": 42.0, "status": "active",
              "position_quality": "surveyed"}  # fmt: skip
    return values | more


def service(site_id, operator="telkomsel", **more):
    values = {"site_id": site_id, "operator": operator, "technology": "4G", "band_mhz": 900.0, "eirp_dbm": 58.0,
              "azimuth_deg": np.nan, "beamwidth_deg": np.nan, "tilt_deg": np.nan, "height_m": np.nan,
              "bandwidth_mhz": 10.0}  # fmt: skip
    return values | more


SITES = pd.DataFrame([site("A", 30.3, 40.7), site("B", 110.9, 100.2, height_m=72.0), site("C", 75.5, 12.1)])
SERVICES = pd.DataFrame(
    [
        service("A"), service("A", band_mhz=1800.0), service("A", "indosat", band_mhz=2100.0), service("B"),
        service("B", "indosat"), service("C", azimuth_deg=180.0, tilt_deg=2.0), service("C", technology="2G", bandwidth_mhz=0.2),
    ]
)  # fmt: skip


def small_tiles(pixels=64, **radio):
    return load_settings({"radio": {"tile_pixels": pixels} | radio})


def values(coverage):
    return {key: (layer.median_dbm.values, layer.sd_db.values, layer.server) for key, layer in coverage.layers.items()}


def assert_same(one, other):
    one, other = values(one), values(other)
    assert set(one) == set(other)
    for key in one:
        for a, b in zip(one[key], other[key], strict=True):
            np.testing.assert_array_equal(a, b)


class TestWhatDoesNotShow:
    def test_tiles_and_threads(self, heights):
        whole = bs.predict(SERVICES, SITES, terrain(heights), jobs=1)
        assert_same(whole, bs.predict(SERVICES, SITES, terrain(heights), settings=small_tiles(64), jobs=2))
        assert_same(whole, bs.predict(SERVICES, SITES, terrain(heights), settings=small_tiles(97), jobs=3))

    def test_the_order_of_rows(self, heights):
        one = bs.predict(SERVICES, SITES, terrain(heights))
        mixed = SERVICES.sample(frac=1, random_state=4)
        other = bs.predict(mixed, SITES.iloc[::-1], terrain(heights))
        for key, layer in one.layers.items():
            np.testing.assert_array_equal(layer.median_dbm.values, other.layers[key].median_dbm.values)
            named = [
                np.where(each.server == NO_SERVER, "", found.services["site_id"].to_numpy()[each.server])
                for found, each in ((one, layer), (other, other.layers[key]))
            ]
            np.testing.assert_array_equal(*named)

    def test_inputs_are_left_as_they_are(self, heights):
        before = SERVICES.copy(), SITES.copy(), heights.copy()
        bs.predict(SERVICES, SITES, terrain(heights))
        pd.testing.assert_frame_equal(SERVICES, before[0])
        pd.testing.assert_frame_equal(SITES, before[1])
        np.testing.assert_array_equal(heights, before[2])


class TestLevels:
    def test_a_level_is_power_less_reference_share_less_loss(self, heights):
        found = bs.predict(SERVICES[:1], SITES, terrain(heights)).layers["telkomsel", "4G"]
        ground = sweep.height_at(heights, 29.8, 40.2)
        rays = sweep.fan("EPSG:4326", PLACE, 30.3, 40.7, ground_m=ground, radius_km=5.16)
        profile = sweep.profile(sweep.Ground(heights=heights), rays, 120, 90)
        loss = p1812.basic_loss(
            *profile,
            f_ghz=0.9,
            p_pct=50.0,
            htg_m=42.0,
            hrg_m=1.5,
            lat_deg=-6.83,
            polarization="vertical",
            dn=45.0,
            n0=325.0,
        ).lb_db
        assert found.median_dbm.values[120, 90] == pytest.approx(58 - 10 * math.log10(600) - loss, abs=1.5)
        assert (found.sd_db.values == 12.0).all()
        assert (found.server == 0).all()

    def test_the_strongest_wins_pixel_by_pixel(self, heights):
        alone = [
            bs.predict(SERVICES.iloc[[i]], SITES, terrain(heights)).layers["telkomsel", "4G"].median_dbm.values
            for i in (0, 1, 3, 5)
        ]
        best = bs.predict(SERVICES, SITES, terrain(heights)).layers["telkomsel", "4G"]
        np.testing.assert_array_equal(best.median_dbm.values, np.max(alone, axis=0))
        np.testing.assert_array_equal(np.array([0, 1, 3, 5])[np.argmax(alone, axis=0)], best.server)

    def test_of_equals_the_first_serves(self, heights):
        twins = pd.DataFrame([service("A"), service("A2")])
        both = pd.concat([SITES, pd.DataFrame([site("A2", 30.3, 40.7)])])
        assert (bs.predict(twins, both, terrain(heights)).layers["telkomsel", "4G"].server == 0).all()

    def test_a_sector_serves_where_it_points(self):
        flat = np.zeros((PIXELS, PIXELS), dtype=np.float32)
        one = pd.DataFrame([site("A", 75.5, 75.5)])
        omni = bs.predict(pd.DataFrame([service("A")]), one, terrain(flat)).layers["telkomsel", "4G"].median_dbm.values
        east = bs.predict(pd.DataFrame([service("A", azimuth_deg=90.0, tilt_deg=0.0)]), one, terrain(flat))
        level = east.layers["telkomsel", "4G"].median_dbm.values
        assert level[75, 140] == pytest.approx(omni[75, 140], abs=0.3)
        assert level[75, 10] == pytest.approx(omni[75, 10] - 20.0, abs=0.3)
        assert level[10, 75] == pytest.approx(level[140, 75], abs=0.3)

    def test_below_the_floor_is_the_floor_and_nobody_serves(self, heights):
        weak = pd.DataFrame([service("A", eirp_dbm=-25.0)])
        found = bs.predict(weak, SITES, terrain(heights)).layers["telkomsel", "4G"]
        assert found.floor_dbm == -140.0
        assert np.nanmin(found.median_dbm.values) == -140.0
        assert ((found.server == NO_SERVER) == (found.median_dbm.values == -140.0)).all()

    def test_no_height_is_not_no_signal(self, heights):
        holed = heights.copy()
        holed[100:120, 5:25] = np.nan
        found = bs.predict(SERVICES, SITES, terrain(holed)).layers["telkomsel", "4G"]
        assert np.isnan(found.median_dbm.values[100:120, 5:25]).all()
        assert np.isnan(found.sd_db.values[100:120, 5:25]).all()
        assert (found.server[100:120, 5:25] == NO_SERVER).all()

    def test_bounds_cut_out_the_same_values(self, heights):
        whole = bs.predict(SERVICES, SITES, terrain(heights)).layers["telkomsel", "4G"].median_dbm
        bounds = (WEST + 40 * ARC_SECOND, NORTH - 90 * ARC_SECOND, WEST + 100 * ARC_SECOND, NORTH - 20 * ARC_SECOND)
        part = bs.predict(SERVICES, SITES, terrain(heights), bounds=bounds).layers["telkomsel", "4G"].median_dbm
        assert part.shape in {(70, 60), (71, 60), (70, 61), (71, 61)}
        row, column = (
            np.argwhere(whole.values == part.values[0, 0])[0] if (whole.values == part.values[0, 0]).any() else (20, 40)
        )
        apart = part.values - whole.values[row : row + part.shape[0], column : column + part.shape[1]]
        assert (
            np.quantile(np.abs(apart), 0.9) < 1.5
        )  # rays end at another corner, so they pass pixels a little elsewhere

    def test_clutter_on_bare_ground_takes_away(self, heights):
        trees = np.full(heights.shape, 15.0)
        bare = bs.predict(SERVICES, SITES, terrain(heights, surface="dtm")).layers["telkomsel", "4G"].median_dbm.values
        wooded = bs.predict(SERVICES, SITES, terrain(heights, surface="dtm", clutter_m=trees))
        assert np.nanmedian(wooded.layers["telkomsel", "4G"].median_dbm.values - bare) < -5

    def test_sea_is_known(self):
        low = np.zeros((PIXELS, PIXELS), dtype=np.float32)
        at_sea = np.zeros(low.shape, dtype=bool)
        at_sea[:, 60:] = True
        rare = load_settings({"radio": {"time_pct": 1.0}})
        land = bs.predict(SERVICES[:1], SITES, terrain(low), settings=rare).layers["telkomsel", "4G"].median_dbm.values
        sea = bs.predict(SERVICES[:1], SITES, terrain(low, at_sea=at_sea), settings=rare)
        assert (sea.layers["telkomsel", "4G"].median_dbm.values - land)[:, 100:].max() > 0


class TestOtherModels:
    def test_without_terrain_it_is_hata_and_coarse(self):
        bounds = (WEST, NORTH - 0.03, WEST + 0.03, NORTH)
        found = bs.predict(SERVICES, SITES, None, bounds=bounds)
        assert (found.model, found.coarse) == ("hata", True)
        layer = found.layers["telkomsel", "4G"]
        assert np.isfinite(layer.median_dbm.values).all()
        assert layer.median_dbm.values.max() > -60

    def test_free_space_is_stronger_than_any_path(self, heights):
        free = (
            bs.predict(SERVICES[:1], SITES, terrain(heights), model="free_space")
            .layers["telkomsel", "4G"]
            .median_dbm.values
        )
        path = bs.predict(SERVICES[:1], SITES, terrain(heights)).layers["telkomsel", "4G"].median_dbm.values
        assert (free - path).min() > -0.2  # two spellings of the constant of free space

    def test_hata_levels_are_hatas(self, heights):
        found = (
            bs.predict(SERVICES[:1], SITES, terrain(heights), model="hata").layers["telkomsel", "4G"].median_dbm.values
        )
        km = 60 * 0.0307
        wanted = float(bs.radio.hata.loss(km, f_ghz=0.9, htg_m=42.0, hrg_m=1.5, environment="open"))
        assert found[40, 90] == pytest.approx(58 - 10 * math.log10(600) - wanted, abs=0.2)


class TestWhatIsLeftOut:
    def test_a_site_off_the_terrain_is_said_and_the_rest_goes_on(self, heights):
        far = pd.concat([SITES, pd.DataFrame([site("D", 5000.0, 40.0)])])
        more = pd.concat([SERVICES, pd.DataFrame([service("D", "xl")])])
        found = bs.predict(more, far, terrain(heights))
        assert set(found.layers) == {("telkomsel", "4G"), ("indosat", "4G"), ("telkomsel", "2G")}
        assert "D" in " ".join(found.remarks["message"])

    def test_nothing_to_predict_gives_no_layer(self, heights):
        found = bs.predict(SERVICES[:0], SITES, terrain(heights))
        assert found.keys() == ()

    def test_bounds_elsewhere_are_refused(self, heights):
        with pytest.raises(UsageError, match=r"110\.0000"):
            bs.predict(SERVICES, SITES, terrain(heights), bounds=(110.0, -7.0, 110.1, -6.9))

    def test_progress_counts_to_its_end(self, heights):
        said = []
        bs.predict(
            SERVICES,
            SITES,
            terrain(heights),
            settings=small_tiles(64),
            progress=lambda done, total: said.append((done, total)),
        )
        assert said[0][0] == 0
        assert said[-1][0] == said[-1][1] == len(said) - 1
