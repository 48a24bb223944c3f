"""Rasters and plans as layers of the map: where they fall, what they weigh, what they tell, and what is refused."""

from __future__ import annotations

import io
import re

import geopandas as gpd
import mapworld as world
import numpy as np
import pytest
import rasterio.warp
import shapely
from affine import Affine
from PIL import Image
from rasterio.crs import CRS

from blankspot.errors import UsageError
from blankspot.grid import Grid
from blankspot.out.maps import Classes, Overlay, Picture, Plan, Ramp, draw_map
from blankspot.out.maps.ground import hillshade_overlay, population_overlay
from blankspot.out.maps.legends import levels_of
from blankspot.out.maps.mercator import to_mercator
from blankspot.out.maps.payload import unpack
from blankspot.out.maps.rasters import BYTES_MAX, PIXELS_MAX, encode_layers
from blankspot.words import Text

UTM = "EPSG:32748"
NAME = Text("Sinyal", "Signal")
DBM = Classes(
    edges=(-115, -105, -90),
    colours=("#b3261e", "#f2b134", "#7fc4b8", "#2a8f85"),
    labels=(
        Text("tidak ada", "none"),
        Text("lemah", "weak"),
        Text("kuat", "strong"),
        Text("sangat kuat", "very strong"),
    ),
    detail=12,
)


def degrees(values, west=107.4, north=-6.9, size=0.01):
    return Grid(np.asarray(values, dtype=float), Affine(size, 0, west, 0, -size, north), "EPSG:4326")


def metres(values, size=100.0, turn=0.0):
    place = Affine.translation(760_000, 9_220_000) @ Affine.rotation(turn) @ Affine.scale(size, -size)
    return Grid(np.asarray(values, dtype=float), place, UTM)


def overlay(raster, **options):
    return Overlay(
        **{"key": "sinyal", "title": NAME, "raster": raster, "legend": DBM, "unit": Text("dBm", "dBm"), **options}
    )


def picture(layer):
    header, parts = encode_layers([layer])
    return header["overlays"][0], Image.open(io.BytesIO(parts[f"overlay.{layer.key}"]))


def rgba(layer):
    columns, image = picture(layer)
    return columns, np.asarray(image.convert("RGBA"))


def place_of(columns, lon, lat):
    """Return column and row of the pixel at a position, as the page finds it: linear in Web Mercator."""
    west, south, east, north = columns["bounds"]
    xs, ys = rasterio.warp.transform("EPSG:4326", "EPSG:3857", [west, east, lon], [south, north, lat])
    width, height = columns["size"]
    return int((xs[2] - xs[0]) / (xs[1] - xs[0]) * width), int((ys[1] - ys[2]) / (ys[1] - ys[0]) * height)


class TestPlace:
    def test_a_grid_in_degrees_keeps_its_pixels_near_the_equator(self):
        columns, found = rgba(overlay(degrees([[-80, -100], [-110, np.nan]], north=0.01)))
        assert columns["bounds"] == pytest.approx([107.4, -0.01, 107.42, 0.01], abs=1e-6)
        assert columns["size"] == [2, 2]
        alphas = found[..., 3].tolist()
        assert alphas == [[255, 255], [255, 0]], "no data is transparent, data is opaque"

    @pytest.mark.parametrize("turn", [0.0, 30.0, 90.0, 200.0])
    def test_every_pixel_lies_where_its_centre_is(self, turn):
        row, column = np.mgrid[:12, :15]
        grid = metres(-130 + 3 * row + 1.5 * column, size=900.0, turn=turn)
        columns, found = rgba(overlay(grid))
        lon, lat = grid.centres()
        colour = {
            tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)): at for at, c in enumerate(columns["levels"]["colours"])
        }
        inner = (slice(2, -2), slice(2, -2))
        for x, y, value in zip(lon[inner].ravel(), lat[inner].ravel(), grid.values[inner].ravel(), strict=True):
            column, row = place_of(columns, x, y)
            told = columns["levels"]["values"][colour[tuple(found[row, column, :3])]]
            assert told == pytest.approx(value, abs=3 + 1)  # one pixel, one step

    def test_the_same_as_rasterio_says(self):
        rng = np.random.default_rng(2)
        grid = metres(rng.uniform(-130, -80, (30, 40)), size=300.0)
        mine = to_mercator(grid, pixels_max=10_000)
        west, south, east, north = mine.bounds
        xs, ys = rasterio.warp.transform("EPSG:4326", "EPSG:3857", [west, east], [south, north])
        high, wide = mine.values.shape
        theirs = np.full((high, wide), np.nan, dtype=np.float32)
        rasterio.warp.reproject(
            grid.values.astype(np.float32),
            theirs,
            src_transform=grid.transform,
            src_crs=CRS.from_user_input(grid.crs),
            src_nodata=np.nan,
            dst_transform=Affine((xs[1] - xs[0]) / wide, 0, xs[0], 0, (ys[0] - ys[1]) / high, ys[1]),
            dst_crs=CRS.from_epsg(3857),
            dst_nodata=np.nan,
            resampling=rasterio.warp.Resampling.nearest,
        )
        assert (np.isnan(mine.values) == np.isnan(theirs)).mean() > 0.99
        both = np.isfinite(mine.values) & np.isfinite(theirs)
        assert (np.abs(mine.values - theirs)[both] < 1e-4).mean() > 0.98, "a pixel on an edge may go either way"

    def test_fewer_pixels_are_means(self):
        checks = np.indices((100, 100)).sum(axis=0) % 2 * 10.0
        found = to_mercator(degrees(checks, north=0.5), pixels_max=400).values
        assert 380 <= found.size <= 440
        np.testing.assert_allclose(found, 5.0, atol=0.5)

    def test_emptiness_does_not_leak_into_means(self):
        values = np.full((40, 40), np.nan)
        values[:, :20] = 7.0
        found = to_mercator(degrees(values, north=0.2), pixels_max=100).values
        assert np.isnan(found[:, 6:]).all()
        np.testing.assert_allclose(found[:, :4], 7.0)

    def test_infinity_is_no_data(self):
        _, found = rgba(overlay(degrees([[np.inf, -100.0], [-np.inf, -100.0]])))
        assert found[0, 0, 3] == found[-1, 0, 3] == 0

    def test_a_picture_keeps_its_colours(self):
        image = np.zeros((4, 4, 4), dtype=np.uint8)
        image[:, :2] = (200, 30, 40, 255)
        layer = overlay(
            Picture(rgba=image, transform=Affine(0.01, 0, 107.4, 0, -0.01, 0.02), crs="EPSG:4326"), legend=None
        )
        columns, found = rgba(layer)
        assert columns["legend"] is None
        assert np.abs(found[0, 0, :3].astype(int) - (200, 30, 40)).max() <= 8
        assert found[0, -1, 3] == 0


class TestValues:
    def test_colours_are_never_used_twice_and_stay_near(self):
        for legend in (
            DBM,
            Ramp(colours=("#000000", "#000003"), steps=255),
            Ramp(colours=("#ffffff", "#ffffff"), steps=200),
        ):
            colours = levels_of(legend, np.array([-140.0, -60.0])).colours
            assert len(set(colours)) == len(colours)
        near = levels_of(DBM, np.array([-140.0, -60.0])).colours[:12]
        assert all(abs(int(c[i : i + 2], 16) - int("#b3261e"[i : i + 2], 16)) <= 2 for c in near for i in (1, 3, 5))

    def test_a_value_on_an_edge_belongs_to_the_class_above(self):
        levels = levels_of(DBM, np.array([-140.0, -60.0]))
        classes = [
            levels.classes[np.searchsorted(levels.edges, value, side="right")] for value in (-115.01, -115, -105, -90)
        ]
        assert classes == [0, 1, 2, 3]

    def test_classes_outside_the_data_do_not_break(self):
        columns, found = rgba(overlay(degrees([[-80.0, -80.0]])))
        assert (found[..., 3] == 255).all()
        assert len(columns["levels"]["values"]) == 48

    def test_a_constant_raster_has_a_ramp(self):
        columns, found = rgba(overlay(degrees([[5.0, 5.0]]), legend=Ramp(colours=("#ffffff", "#000000"))))
        assert (found[..., 3] == 255).all()
        assert columns["legend"]["ends"][0]["id"] in {"5", "6"}

    def test_what_is_not_to_be_told_does_not_travel(self):
        assert "levels" not in picture(overlay(degrees([[1.0]]), tells_value=False))[0]


class TestSize:
    def test_five_operators_and_the_best_fit_into_two_megabytes(self):
        rng = np.random.default_rng(3)
        rough = np.cumsum(np.cumsum(rng.normal(0, 1, (6, 1200, 1500)), axis=1), axis=2)
        grids = [-105 + 25 * (one - one.mean()) / one.std() + rng.normal(0, 4, one.shape) for one in rough]
        layers = [overlay(metres(grid, size=40.0), key=f"op{at}") for at, grid in enumerate(grids)]
        header, parts = encode_layers(layers)
        assert sum(map(len, parts.values())) * 4 / 3 <= 2_000_000
        assert all(len(part) <= BYTES_MAX for part in parts.values())
        assert all(width * height <= PIXELS_MAX * 1.01 for width, height in (one["size"] for one in header["overlays"]))

    def test_the_demos_layers_leave_room_on_the_page(self, demo_made):
        from blankspot.sources.rasters import read_grid, read_population

        people = read_population(demo_made / "data" / "penduduk_100m.tif").grid
        layers = [population_overlay(people), hillshade_overlay(read_grid(demo_made / "data" / "dem_30m.tif"))]
        _, parts = encode_layers(layers)
        assert sum(map(len, parts.values())) * 4 / 3 <= 450_000
        document = (demo_made / "out" / "map.html").read_text(encoding="utf-8")
        assert len(document) <= 1_500_000
        header, _ = unpack(re.search(r'data-bs="payload">([^<]*)<', document)[1])
        keys = [one["key"] for one in header["overlays"]]
        assert keys[-2:] == ["population", "hillshade"]
        assert keys[0] == "signal_4g_best"

    def test_people_are_told_for_pixels_of_a_hundred_metres_and_none_is_lost(self):
        grid = metres(np.ones((90, 90)), size=10.0)
        drawn = population_overlay(grid).raster
        assert drawn.shape == (9, 9)
        np.testing.assert_allclose(drawn.values, 10_000, rtol=2e-3)


class TestRefusals:
    @pytest.mark.parametrize(
        ("raster", "said"),
        [
            (degrees([[np.nan, np.nan]]), "no filled pixel"),
            (Grid(np.zeros((0, 0)), Affine(1, 0, 0, 0, -1, 0), "EPSG:4326"), "no filled pixel"),
            (Grid(np.ones((2, 2)), Affine.identity(), "EPSG:4326"), "where it lies"),
            (Grid(np.ones((2, 2)), Affine(0, 0, 107, 0, 0, 5), "EPSG:4326"), "where it lies"),
            (Grid(np.ones((2, 2)), Affine(1, 0, 107, 0, -1, 5), ""), "no coordinate system"),
            (Grid(np.ones((2, 2)), Affine(1, 0, 107, 0, -1, 5), "EPSG:0"), "no coordinate system"),
            (Grid(np.ones((2, 2)), Affine(2, 0, 178, 0, -2, 5), "EPSG:4326"), "antimeridian"),
            (Grid(np.ones((9, 9)), Affine(90_000, 0, 400_000, 0, -90_000, 9_000_000), "EPSG:32760"), "antimeridian"),
            (Grid(np.ones((2, 2)), Affine(100, 0, 1e9, 0, -100, 1e9), UTM), "off the map"),
            (Grid(np.ones((2, 2)), Affine(1, 0, 0, 0, -0.5, 90), "EPSG:4326"), "off the map"),
        ],
    )
    def test_a_raster_that_cannot_be_drawn(self, raster, said):
        with pytest.raises(UsageError, match=said) as refusal:
            encode_layers([overlay(raster)])
        assert "'sinyal'" in str(refusal.value)
        assert refusal.value.hint is not None

    @pytest.mark.parametrize(
        "legend",
        [
            None,
            Classes(edges=(2, 1), colours=("#000000",) * 3, labels=(NAME,) * 3),
            Classes(edges=(1,), colours=("#000000",), labels=(NAME,)),
            Classes(edges=(1,), colours=("#000000", "red"), labels=(NAME,) * 2),
            Classes(edges=(1,), colours=("#000000", "#ffffff"), labels=(NAME,) * 2, detail=200),
            Ramp(colours=("#000000",)),
            Ramp(colours=("#000000", "#ffffff"), steps=400),
        ],
    )
    def test_a_legend_that_does_not_fit(self, legend):
        with pytest.raises(UsageError, match="legend"):
            encode_layers([overlay(degrees([[1.0]]), legend=legend)])

    def test_keys_and_kinds(self):
        layer = overlay(degrees([[1.0]]))
        with pytest.raises(UsageError, match="unique"):
            encode_layers([layer, layer])
        for key in ("Sinyal 4G", "", "a" * 60, "<b>"):
            with pytest.raises(UsageError, match="unique"):
                encode_layers([overlay(degrees([[1.0]]), key=key)])
        with pytest.raises(UsageError, match="kind"):
            encode_layers([overlay(degrees([[1.0]]), kind="guessed")])

    def test_a_picture_of_nothing(self):
        empty = Picture(
            rgba=np.zeros((2, 2, 4), dtype=np.uint8), transform=Affine(1, 0, 107, 0, -1, 5), crs="EPSG:4326"
        )
        with pytest.raises(UsageError, match="empty"):
            encode_layers([overlay(empty, legend=None)])


class TestPlan:
    def test_only_named_columns_reach_the_page(self):
        frame = gpd.GeoDataFrame(
            {"nama": ["Menara baru"], "jiwa": [1200], "pemilik": ["0812-RAHASIA"]},
            geometry=[shapely.Point(107.512345678, -7.0)],
            crs=4326,
        )
        plan = Plan(
            key="rencana",
            title=Text("Rencana", "Plan"),
            frame=frame,
            name="nama",
            columns={"jiwa": Text("Jiwa", "People")},
        )
        header, parts = encode_layers([plan])
        assert parts == {}
        assert "RAHASIA" not in str(header)
        assert header["plans"][0]["shapes"][0]["coordinates"] == pytest.approx((107.51235, -7.0))

    def test_a_plan_elsewhere_or_without_its_columns_is_refused(self):
        frame = gpd.GeoDataFrame({"nama": ["x"]}, geometry=[shapely.Point(750_000, 9_000_000)], crs=32748)
        plan = Plan(key="rencana", title=NAME, frame=frame, name="nama", columns={})
        with pytest.raises(UsageError):
            encode_layers([plan])
        with pytest.raises(UsageError, match="lacks biaya"):
            encode_layers([Plan(key="rencana", title=NAME, frame=frame, name="nama", columns={"biaya": NAME})])


def test_hostile_words_stay_words():
    worst = Text("".join(world.HOSTILE), "".join(world.HOSTILE))
    legend = Classes(edges=(1,), colours=("#000000", "#ffffff"), labels=(worst, worst))
    layer = overlay(
        degrees([[0.0, 2.0]]), title=worst, legend=legend, unit=worst, group=worst, note=worst,
        attribution=worst.id, licence=worst.id,
    )  # fmt: skip
    document = draw_map(world.villages(6), overlays=[layer]).get_root().render()
    assert "window.hacked" not in re.sub(r'data-bs="payload">[^<]*<', "", document)


class TestReal:
    def test_a_mountain_of_another_zone_is_shaded_where_it_stands(self, real):
        from blankspot.sources.rasters import read_grid

        heights = read_grid(real / "rasters" / "dem_bigtujunga_utm11n.tif")
        columns, image = picture(hillshade_overlay(heights))
        west, south, east, north = columns["bounds"]
        assert (west, south, east, north) == pytest.approx((-118.35, 34.23, -117.95, 34.41), abs=0.01)
        shades = np.asarray(image.convert("L"))[np.asarray(image) > 0]
        assert shades.std() > 25, "its slopes can be told apart"

    def test_people_per_pixel_of_an_undocumented_grid_are_never_told_below_a_hundred_metres(self, real):
        from blankspot.sources.rasters import read_population

        people = read_population(real / "rasters" / "Population_Jakarta_geographic.asc").grid
        columns, _ = picture(population_overlay(people))
        width, _ = columns["size"]
        west, _, east, _ = columns["bounds"]
        assert (east - west) / width * 111_320 * np.cos(np.radians(6.2)) >= 99
