"""Heights from files: one grid of many tiles, the same value in every window, and every fault said with its remedy."""

from __future__ import annotations

import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import CRS

from blankspot.check import REJECT_COLUMNS
from blankspot.errors import SourceError, UsageError
from blankspot.settings import load_settings
from blankspot.sources import terrain_faults
from blankspot.sources.terrain import open_terrain

ENGLISH = load_settings({"language": "en"})
UTM = Affine(30, 0, 729_000, 0, -30, 9_076_000)
ARCSECOND = Affine(1 / 3600, 0, 107, 0, -1 / 3600, -7)


TENTH = UTM @ Affine.scale(1 / 3)


def write(path, values, *, crs="EPSG:32748", transform=UTM, nodata=None, unit=None, tags=None, driver="GTiff", **more):
    values = np.asarray(values)
    profile = {"crs": crs, "transform": transform, "nodata": nodata, "dtype": values.dtype}
    with rasterio.open(
        path, "w", driver=driver, width=values.shape[1], height=values.shape[0], count=1, **profile, **more
    ) as opened:
        opened.write(values, 1)
        if unit:
            opened.units = (unit,)
        opened.update_tags(**(tags or {}))
    return path


def hills(rows=120, columns=150, seed=1):
    return np.random.default_rng(seed).uniform(50, 900, (rows, columns)).astype(np.float32)


def opened(path, **given):
    return open_terrain(path, settings=ENGLISH, **given)


def whole(terrain):
    return terrain.heights((0, 0, *terrain.shape))


def said(terrain):
    return dict(zip(terrain.remarks["rule"], terrain.remarks["message"], strict=True))


@pytest.fixture(scope="module")
def rough(tmp_path_factory):
    """Voids of all sizes, sea, a missing tile, in four tiles that share their edges, averaged and not."""
    folder = tmp_path_factory.mktemp("rough")
    random = np.random.default_rng(5)
    values = random.uniform(0, 900, (1401, 1401)).astype(np.float32)
    for _ in range(200):
        row, column = random.integers(0, 1380, 2)
        values[row : row + random.integers(1, 20), column : column + random.integers(1, 20)] = np.nan
    values[500:900, 600:1401] = 0
    values[650:700, 650:660] = 3
    values[700:, 690:] = 0
    for row in (0, 1):
        for column in (0, 1):
            if (row, column) != (1, 1):
                part = values[row * 700 : row * 700 + 701, column * 700 : column * 700 + 701]
                place = UTM @ Affine.translation(column * 700, row * 700)
                write(
                    folder / f"t{row}{column}.tif",
                    part,
                    transform=place,
                    tiled=True,
                    blockxsize=256,
                    blockysize=256,
                )
    return folder


class TestReading:
    """Files of every kind give the heights that are in them."""

    def test_a_projected_raster(self, tmp_path):
        values = hills()
        terrain = opened(write(tmp_path / "dem.tif", values), surface="dtm")
        np.testing.assert_array_equal(whole(terrain), values)
        assert (terrain.shape, terrain.transform, terrain.surface, terrain.pixel_m) == (values.shape, UTM, "dtm", 30)
        assert CRS.from_user_input(terrain.crs) == CRS.from_epsg(32748)
        assert terrain.remarks.empty
        assert list(terrain.remarks.columns) == list(REJECT_COLUMNS)
        assert not terrain.sea((0, 0, *terrain.shape)).any()
        assert terrain.clutter((0, 0, 3, 3)) is None

    def test_windows_may_reach_beyond(self, tmp_path):
        values = hills(10, 10)
        terrain = opened(write(tmp_path / "dem.tif", values))
        part = terrain.heights((-2, 8, 5, 6))
        np.testing.assert_array_equal(part[2:, :2], values[:3, 8:])
        assert np.isnan(part[:2]).all()
        assert np.isnan(part[:, 2:]).all()
        assert np.isnan(terrain.heights((50, 50, 2, 2))).all()
        assert not terrain.sea((50, 50, 2, 2)).any()

    def test_rows_from_south_to_north_are_turned(self, tmp_path):
        values = hills(40, 30)
        upward = Affine(30, 0, 729_000, 0, 30, 9_076_000 - 40 * 30)
        terrain = opened(write(tmp_path / "dem.tif", values[::-1], transform=upward))
        np.testing.assert_array_equal(whole(terrain), values)
        assert terrain.transform == UTM
        np.testing.assert_array_equal(terrain.heights((3, 5, 7, 9)), values[3:10, 5:14])

    def test_scale_offset_and_whole_numbers(self, tmp_path):
        path = write(tmp_path / "dem.tif", np.array([[100, 200], [-1, 300]], dtype=np.int16), nodata=-1)
        with rasterio.open(path, "r+") as raster:
            raster.scales, raster.offsets = (0.5,), (10.0,)
        np.testing.assert_array_equal(whole(opened(path)), [[60, 110], [np.nan, 160]])

    def test_an_hgt_and_a_zipped_one(self, tmp_path):
        values = np.random.default_rng(3).integers(1, 900, (1201, 1201)).astype(">i2")
        values[5, 5] = -32768
        raw = tmp_path / "S07E107.hgt"
        raw.write_bytes(values.tobytes())
        with zipfile.ZipFile(tmp_path / "S07E107.hgt.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(raw, "S07E107.hgt")
        plain, zipped = opened(raw), opened(tmp_path / "S07E107.hgt.zip")
        assert plain.shape == (1201, 1201)
        np.testing.assert_array_equal(whole(plain), whole(zipped))
        assert whole(plain)[0, 0] == values[0, 0]
        assert whole(plain)[5, 5] == pytest.approx(
            (float(values[5, 4]) + values[5, 6] + values[4, 5] + values[6, 5]) / 4, abs=0.01
        )
        assert plain.pixel_m == pytest.approx(92.3, abs=0.3)

    def test_a_vrt_and_one_that_points_to_a_network(self, tmp_path):
        values = hills(20, 20)
        write(tmp_path / "dem.tif", values)
        vrt = (
            '<VRTDataset rasterXSize="20" rasterYSize="20"><SRS>EPSG:32748</SRS>'
            "<GeoTransform>729000,30,0,9076000,0,-30</GeoTransform>"
            '<VRTRasterBand dataType="Float32" band="1"><SimpleSource>'
            '<SourceFilename relativeToVRT="1">{}</SourceFilename><SourceBand>1</SourceBand>'
            "</SimpleSource></VRTRasterBand></VRTDataset>"
        )
        (tmp_path / "dem.vrt").write_text(vrt.format("dem.tif"), encoding="utf-8")
        np.testing.assert_array_equal(whole(opened(tmp_path / "dem.vrt")), values)
        for address in ("/vsicurl/http://contoh.example/a.tif", "https://contoh.example/a.tif", "/vsis3/a/b.tif"):
            (tmp_path / "net.vrt").write_text(vrt.format(address), encoding="utf-8")
            with pytest.raises(SourceError, match="network"):
                opened(tmp_path / "net.vrt")

    def test_a_text_grid_needs_its_crs(self, tmp_path):
        text = "ncols 2\nnrows 1\nxllcorner 107\nyllcorner -7\ncellsize 0.01\nNODATA_value -9999\n5 6\n"
        (tmp_path / "a.asc").write_text(text, encoding="ascii")
        with pytest.raises(SourceError, match="EPSG:4326"):
            opened(tmp_path / "a.asc")
        np.testing.assert_array_equal(whole(opened(tmp_path / "a.asc", crs="EPSG:4326")), [[5, 6]])

    def test_what_cannot_be_read_is_refused_by_name(self, tmp_path):
        (tmp_path / "bad.tif").write_bytes(b"II*\0 broken")
        (tmp_path / "bad.zip").write_bytes(b"PK broken")
        (tmp_path / "kosong.tif").write_bytes(b"")
        (tmp_path / "table.csv").write_text("x", encoding="ascii")
        write(tmp_path / "turned.tif", hills(4, 4), transform=Affine(30, 5, 0, 5, -30, 0))
        write(tmp_path / "complex.tif", np.ones((4, 4), dtype=np.complex64))
        with zipfile.ZipFile(tmp_path / "notes.zip", "w") as archive:
            archive.writestr("readme.txt", "x")
        (tmp_path / "folder").mkdir()
        for name in (
            "bad.tif",
            "bad.zip",
            "kosong.tif",
            "table.csv",
            "turned.tif",
            "complex.tif",
            "notes.zip",
            "folder",
            "tiada.tif",
        ):
            with pytest.raises(SourceError) as caught:
                opened(tmp_path / name)
            assert name in caught.value.say("id")
        with pytest.raises(SourceError, match="No raster"):
            opened([])

    def test_a_file_that_breaks_off_is_said_when_it_is_read(self, tmp_path):
        path = write(tmp_path / "dem.tif", hills(600, 600), tiled=True, blockxsize=128, blockysize=128)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        with pytest.raises(SourceError, match=r"dem\.tif"):
            opened(path)

    def test_the_crs_is_the_horizontal_part(self, tmp_path):
        terrain = opened(write(tmp_path / "dem.tif", hills(4, 4), crs="EPSG:4326+5773", transform=ARCSECOND))
        assert CRS.from_user_input(terrain.crs) == CRS.from_epsg(4326)

    def test_a_grid_of_an_area(self, tmp_path):
        values = hills()
        terrain = opened(write(tmp_path / "dem.tif", values, crs="EPSG:4326", transform=ARCSECOND))
        west, north = ARCSECOND @ (10, 20)
        east, south = ARCSECOND @ (30, 50)
        grid = terrain.grid((west + 1e-9, south + 1e-9, east - 1e-9, north - 1e-9))
        np.testing.assert_array_equal(grid.values, values[20:50, 10:30])
        with pytest.raises(SourceError, match="does not cover"):
            terrain.grid((100, 0, 101, 1))


class TestWindows:
    """A pixel's value does not depend on the window, the thread, or what was read before."""

    def test_the_missing_tile_is_sea(self, rough):
        terrain = opened(rough)
        assert terrain.sea((1000, 1000, 401, 401)).all()
        assert (terrain.heights((1000, 1000, 401, 401)) == 0).all()
        assert "1 tiles beside the sea" in said(terrain)["tiles_at_sea"]

    @pytest.mark.parametrize("resolution_m", [30, 60, 210])
    def test_any_window_equals_the_whole(self, rough, resolution_m):
        terrain = opened(rough, resolution_m=resolution_m)
        heights, sea = whole(terrain), terrain.sea((0, 0, *terrain.shape))
        assert 0 < sea.mean() < 1
        assert np.isnan(heights).any()
        random = np.random.default_rng(7)
        other = opened(rough, resolution_m=resolution_m)
        for _ in range(25):
            row, column = random.integers(-20, terrain.shape[0], 2)
            rows, columns = random.integers(1, 400, 2)
            part = other.heights((row, column, rows, columns))
            wet = other.sea((row, column, rows, columns))
            inside = np.s_[max(row, 0) : row + rows, max(column, 0) : column + columns]
            cut = np.s_[
                max(-row, 0) : max(-row, 0) + heights[inside].shape[0],
                max(-column, 0) : max(-column, 0) + heights[inside].shape[1],
            ]
            np.testing.assert_array_equal(part[cut], heights[inside])
            np.testing.assert_array_equal(wet[cut], sea[inside])

    def test_native_windows_equal_the_whole(self, rough):
        terrain = opened(rough)
        values, sea, filled = terrain.native((0, 0, 1401, 1401))
        assert filled.any()
        random = np.random.default_rng(9)
        for _ in range(25):
            row, column = random.integers(0, 1300, 2)
            part = terrain.native((row, column, 90, 70))
            cut = np.s_[row : row + 90, column : column + 70]
            for one, other in zip(part, (values, sea, filled), strict=True):
                expected = other[cut]
                np.testing.assert_array_equal(one[: expected.shape[0], : expected.shape[1]], expected)

    def test_several_threads_read_the_same(self, rough):
        terrain = opened(rough)
        windows = [(row, column, 100, 100) for row in range(0, 1400, 100) for column in range(0, 1400, 100)]
        with ThreadPoolExecutor(6) as pool:
            parts = list(pool.map(terrain.heights, windows))
        heights = whole(opened(rough))
        for (row, column, _, _), part in zip(windows, parts, strict=True):
            np.testing.assert_array_equal(part, heights[row : row + 100, column : column + 100])

    def test_the_cache_is_bounded(self, rough, monkeypatch):
        monkeypatch.setattr("blankspot.sources.terrain._CACHE_BYTES", 2e6)
        terrain = opened(rough)
        heights = whole(terrain)
        assert terrain._held <= 2e6 + 512 * 512 * 5
        np.testing.assert_array_equal(whole(terrain), heights)

    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        seed=st.integers(0, 50),
        factor=st.integers(1, 5),
        holes=st.floats(0, 0.6),
        row=st.integers(0, 30),
        column=st.integers(0, 30),
    )
    def test_small_worlds(self, tmp_path, seed, factor, holes, row, column):
        random = np.random.default_rng(seed)
        values = random.choice([0, 0, 10, 20], (60, 70)).astype(np.float32)
        values[random.random((60, 70)) < holes] = -9999
        values[0, 0] = 5
        path = write(tmp_path / "dem.tif", values, nodata=-9999)
        rules = load_settings({"terrain": {"sea_side_min_m": 60, "hole_max_pixels": 2}})
        terrain = open_terrain(path, resolution_m=30 * factor, settings=rules)
        heights = whole(terrain)
        part = open_terrain(path, resolution_m=30 * factor, settings=rules).heights((row, column, 9, 11))
        expected = heights[row : row + 9, column : column + 11]
        np.testing.assert_array_equal(part[: expected.shape[0], : expected.shape[1]], expected)


class TestAveraging:
    """Coarser pixels are means of whole squares, counted from the upper left; empty pixels do not count."""

    def test_whole_squares(self, tmp_path):
        values = np.arange(1, 26, dtype=np.float32).reshape(5, 5)
        values[0, 0] = np.nan
        path = write(tmp_path / "dem.tif", values)
        terrain = open_terrain(path, resolution_m=65, settings=load_settings({"terrain": {"hole_max_pixels": 0}}))
        assert terrain.averaged == 2
        assert terrain.shape == (3, 3)
        assert terrain.transform == UTM @ Affine.scale(2)
        assert whole(terrain)[0, 0] == pytest.approx((2 + 6 + 7) / 3)
        assert whole(terrain)[0, 1] == pytest.approx((3 + 4 + 8 + 9) / 4)
        assert whole(terrain)[2, 2] == 25

    @pytest.mark.parametrize(("asked", "averaged"), [(None, 1), (10, 1), (30, 1), (44, 1), (46, 2), (100, 3)])
    def test_how_many(self, tmp_path, asked, averaged):
        assert opened(write(tmp_path / "dem.tif", hills()), resolution_m=asked).averaged == averaged

    def test_a_square_half_at_sea_is_sea(self, tmp_path):
        values = np.full((80, 80), 40, dtype=np.float32)
        values[:, :41] = 0
        terrain = opened(write(tmp_path / "dem.tif", values), resolution_m=60)
        sea = terrain.sea((0, 0, 1, 40))[0]
        assert sea[:21].all()
        assert not sea[21:].any()
        assert whole(terrain)[0, 20] == 20


class TestTiles:
    """Tiles of one grid are one raster; what is missing is sea beside the sea, and no data beside land."""

    @staticmethod
    def tile(folder, row, column, values, *, size=40, shared=0):
        place = ARCSECOND @ Affine.translation(column * (size - shared), row * (size - shared))
        return write(folder / f"t{row}{column}.tif", values, crs="EPSG:4326", transform=place)

    def test_srtm_tiles_share_their_edges_and_the_first_speaks(self, tmp_path):
        west, east = np.full((41, 41), 100, dtype=np.float32), np.full((41, 41), 200, dtype=np.float32)
        west[7, 40] = np.nan
        paths = [self.tile(tmp_path, 0, 0, west, size=41, shared=1), self.tile(tmp_path, 0, 1, east, size=41, shared=1)]
        terrain = opened(paths, surface="dsm")
        assert terrain.shape == (41, 81)
        assert whole(terrain)[0, 40] == 100
        assert whole(terrain)[7, 40] == 200
        assert whole(opened(paths[::-1]))[0, 40] == 200
        assert "tiles_overlap" not in said(terrain)

    def test_a_folder_and_zips_in_it(self, tmp_path):
        self.tile(tmp_path, 0, 0, hills(40, 40))
        path = self.tile(tmp_path, 0, 1, hills(40, 40, seed=2))
        with zipfile.ZipFile(tmp_path / "t01.zip", "w") as archive:
            archive.write(path, "in/t01.tif")
        path.unlink()
        (tmp_path / "catatan.txt").write_text("x", encoding="ascii")
        (tmp_path / ".t09.tif").write_bytes(b"junk")
        terrain = opened(tmp_path)
        np.testing.assert_array_equal(whole(terrain), np.hstack([hills(40, 40), hills(40, 40, seed=2)]))

    def test_a_missing_tile_beside_the_sea_is_sea(self, tmp_path):
        coast = np.full((40, 40), 30, dtype=np.float32)
        coast[:, 15:] = 0
        self.tile(tmp_path, 0, 0, coast)
        self.tile(tmp_path, 1, 0, coast)
        self.tile(tmp_path, 1, 1, np.zeros((40, 40), dtype=np.float32))
        terrain = opened(tmp_path)
        assert whole(terrain)[5, 60] == 0
        assert terrain.sea((5, 60, 1, 1)).all()
        assert not terrain.sea((5, 5, 1, 1)).any()
        assert "1 tiles beside the sea" in said(terrain)["tiles_at_sea"]
        assert "wide areas of exactly 0 m" in said(terrain)["sea"]

    def test_a_missing_tile_beside_land_is_no_data(self, tmp_path):
        for row, column in ((0, 0), (0, 1), (1, 0)):
            self.tile(tmp_path, row, column, hills(40, 40))
        terrain = opened(tmp_path)
        assert np.isnan(whole(terrain)[41:, 41:]).all()
        assert not terrain.sea((40, 40, 40, 40)).any()
        assert "no data there" in said(terrain)["tiles_missing"]

    def test_without_sea_a_missing_tile_is_no_data(self, tmp_path):
        for row, column in ((0, 0), (0, 1), (1, 0)):
            self.tile(tmp_path, row, column, np.zeros((40, 40), dtype=np.float32))
        terrain = opened(tmp_path, sea="none")
        assert np.isnan(whole(terrain)[41:, 41:]).all()
        assert terrain.sea((0, 0, 5, 5)) is None

    def test_a_tile_far_away_does_not_make_the_rest_sea(self, tmp_path):
        paths = [self.tile(tmp_path, 0, 0, np.zeros((40, 40), np.float32)), self.tile(tmp_path, 0, 300, hills(40, 40))]
        terrain = opened(paths)
        assert terrain.shape == (40, 12040)
        assert np.isnan(terrain.heights((0, 4000, 1, 1))).all()

    def test_tiles_of_other_grids_are_refused_where_they_matter(self, tmp_path):
        west = self.tile(tmp_path, 0, 0, hills(40, 40))
        coarse = write(tmp_path / "coarse.tif", hills(40, 40), crs="EPSG:4326", transform=ARCSECOND @ Affine.scale(2))
        off = write(
            tmp_path / "off.tif", hills(40, 40), crs="EPSG:4326", transform=ARCSECOND @ Affine.translation(40.4, 0)
        )
        metric = write(tmp_path / "utm.tif", hills(40, 40))
        for other in (coarse, off, metric):
            with pytest.raises(SourceError, match="not of one grid") as caught:
                opened([west, other])
            assert other.name in caught.value.say("id")
        inside = (107.001, -7.01, 107.01, -7.001)
        terrain = opened([metric, west], area=inside)
        assert CRS.from_user_input(terrain.crs) == CRS.from_epsg(4326)
        assert "passed over" in said(terrain)["other_grid"]

    def test_two_models_of_one_place_are_said(self, tmp_path):
        one = self.tile(tmp_path, 0, 0, hills(40, 40))
        other = write(
            tmp_path / "b.tif", hills(40, 40, seed=2), crs="EPSG:4326", transform=ARCSECOND @ Affine.translation(20, 0)
        )
        assert "t00.tif" in said(opened([one, other]))["tiles_overlap"]


class TestVoids:
    """Empty pixels are NaN whether declared or not; narrow gaps are bridged, all of it is counted."""

    def test_declared_voids_narrow_and_wide(self, tmp_path):
        values = np.full((60, 60), 100, dtype=np.int16)
        values[5, 5] = values[7, 10:14] = -32768
        values[20:50, 20:50] = -32768
        terrain = opened(write(tmp_path / "dem.tif", values, nodata=-32768))
        heights = whole(terrain)
        assert heights[5, 5] == heights[7, 12] == 100
        assert np.isnan(heights[25:45, 25:45]).all()
        told = said(terrain)
        assert "5 empty pixels" in told["holes_filled"]
        assert "at most 10 pixels" in told["holes_filled"]
        assert "900 pixels (25.0 %)" in told["voids"]
        assert terrain.remarks.set_index("rule").loc["holes_filled", "severity"] == "repaired"

    @pytest.mark.parametrize(
        ("mark", "dtype"),
        [
            (-9999, "int16"),
            (-9999, "float32"),
            (32767, "int16"),
            (-32768, "int16"),
            (-99999, "float32"),
            (9999, "int16"),
            (65535, "uint16"),
            (-3.4028234663852886e38, "float32"),
            (2147483647, "int32"),
            (8888, "int16"),  # no known mark, but an impossible height in a quarter of the pixels
            (-12345, "float64"),
        ],
    )
    def test_undeclared_marks_are_found(self, tmp_path, mark, dtype):
        values = np.random.default_rng(1).integers(100, 900, (60, 60)).astype(dtype)
        values[:30, :30] = mark
        terrain = opened(write(tmp_path / "dem.tif", values))
        heights = whole(terrain)
        assert np.isnan(heights[:25, :25]).all()
        assert np.nanmax(heights) < 900
        if abs(mark) < 1e30:
            remark = terrain.remarks.set_index("rule").loc["nodata_undeclared"]
            assert remark["severity"] == "repaired"
            assert remark["value"] == f"{mark:g} (900×)"
            assert remark["source"] == "dem.tif"
        assert "seabed" not in said(terrain)
        assert "heights_doubtful" not in said(terrain)

    def test_high_places_are_not_marks(self, tmp_path):
        values = np.random.default_rng(1).integers(4000, 8800, (60, 60)).astype("int16")
        terrain = opened(write(tmp_path / "himalaya.tif", values))
        np.testing.assert_array_equal(whole(terrain), values)
        assert "nodata_undeclared" not in said(terrain)
        assert "4,884" in said(terrain)["heights_doubtful"]

    def test_a_raster_without_any_height_is_refused(self, tmp_path):
        for values, nodata, seen in (
            (np.full((9, 9), -9999, "int16"), -9999, "nodata"),
            (np.full((9, 9), 32767, "int16"), None, "32767"),
            (np.full((9, 9), np.nan, "float32"), None, "nodata"),
        ):
            with pytest.raises(SourceError, match="holds no height") as caught:
                opened(write(tmp_path / "void.tif", values, nodata=nodata))
            assert "void.tif" in caught.value.say("id")
            assert seen in caught.value.say("id")
            assert "fetch dem" in caught.value.say("id")

    def test_void_only_in_the_area_is_refused_too(self, tmp_path):
        values = np.full((400, 400), 50, "float32")
        values[:, :200] = np.nan
        path = write(tmp_path / "dem.tif", values, crs="EPSG:4326", transform=ARCSECOND)
        with pytest.raises(SourceError, match="in this area"):
            opened(path, area=(107.005, -7.05, 107.03, -7.02))

    def test_a_mask_band_is_emptiness(self, tmp_path):
        values = hills(30, 30)
        path = tmp_path / "dem.tif"
        with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
            write(path, values)
            with rasterio.open(path, "r+") as raster:
                mask = np.full((30, 30), 255, dtype=np.uint8)
                mask[:15] = 0
                raster.write_mask(mask)
        assert np.isnan(whole(opened(path))[:15]).all()
        np.testing.assert_array_equal(whole(opened(path))[15:], values[15:])


class TestSea:
    """What is sea is one rule with a name, and said in numbers."""

    @staticmethod
    def coast(tmp_path, level=0.0, **given):
        values = np.full((80, 80), 20, dtype=np.float32)
        values[40:] = level
        values[10, 10] = 0
        values[12, :] = 0  # a canal
        values[2:6, 2:6] = -3  # a polder
        return write(tmp_path / "dem.tif", values, **given)

    def test_wide_zero_is_sea_and_a_canal_is_not(self, tmp_path):
        terrain = opened(self.coast(tmp_path))
        sea = terrain.sea((0, 0, 80, 80))
        assert sea[40:].all()
        assert not sea[:40].any()
        assert whole(terrain)[3, 3] == -3
        assert "3,200 pixels (50.0 %) are sea" in said(terrain)["sea"]

    def test_below_zero_is_land_unless_told(self, tmp_path):
        path = self.coast(tmp_path, level=-2.0)
        assert not opened(path).sea((0, 0, 80, 80)).any()
        told = opened(path, sea="below_zero")
        assert told.sea((0, 0, 80, 80))[40:].all()
        assert (whole(told)[40:] == 0).all()
        assert whole(told)[3, 3] == -3

    def test_void_may_be_sea(self, tmp_path):
        path = self.coast(tmp_path, level=-9999.0, nodata=-9999.0)
        assert np.isnan(whole(opened(path))[41:]).all()
        told = opened(path, sea="void")
        assert told.sea((0, 0, 80, 80))[40:].all()
        assert (whole(told)[40:] == 0).all()
        assert "voids" not in said(told)

    def test_the_beds_of_seas_are_seas(self, tmp_path):
        values = np.full((80, 80), 20, dtype=np.int16)
        values[40:] = np.random.default_rng(2).integers(-4000, -1, (40, 80))
        terrain = opened(write(tmp_path / "gebco.tif", values))
        assert terrain.policy == "below_zero"
        assert (whole(terrain)[40:] == 0).all()
        assert "sea's bed" in said(terrain)["seabed"]
        kept = opened(tmp_path / "gebco.tif", sea="zero")
        assert whole(kept)[60].min() < -100

    def test_a_pit_is_no_seabed(self, tmp_path):
        values = np.full((80, 80), 20, dtype=np.int16)
        values[5, 5] = -700
        terrain = opened(write(tmp_path / "dem.tif", values))
        assert terrain.policy == "zero"
        assert "-700 m" in said(terrain)["pits"]


class TestUnits:
    """A stated unit is converted, an implausible height is doubted; nothing is guessed."""

    @pytest.mark.parametrize(
        ("unit", "metres"),
        [
            ("ft", 0.3048),
            ("Feet", 0.3048),
            ("US survey foot", 1200 / 3937),
            ("US_survey_foot", 1200 / 3937),
            ("ftUS", 1200 / 3937),
            ("cm", 0.01),
            ("metre", 1.0),
        ],
    )
    def test_a_stated_unit(self, tmp_path, unit, metres):
        values = hills(10, 10) * 3
        terrain = opened(write(tmp_path / "dem.tif", values, unit=unit))
        np.testing.assert_allclose(whole(terrain), values * metres, rtol=1e-6)
        assert ("unit_converted" in said(terrain)) == (metres != 1)

    def test_a_unit_in_a_tag_and_in_the_vertical_crs(self, tmp_path):
        values = np.full((4, 4), 1000, dtype=np.float32)
        path = write(tmp_path / "a.tif", values)
        with rasterio.open(path, "r+") as raster:
            raster.update_tags(1, units="feet")
        assert whole(opened(path))[0, 0] == pytest.approx(304.8)
        path = write(tmp_path / "b.tif", values, crs="EPSG:4326+6360", transform=ARCSECOND)  # NAVD88 in US survey feet
        assert whole(opened(path))[0, 0] == pytest.approx(304.8006)

    def test_an_unknown_unit_is_said(self, tmp_path):
        terrain = opened(write(tmp_path / "dem.tif", hills(4, 4), unit="depa"))
        assert "'depa' is not known" in said(terrain)["unit_unknown"]

    def test_feet_that_are_not_stated_are_doubted(self, tmp_path):
        terrain = opened(write(tmp_path / "dem.tif", hills() * 15))
        told = said(terrain)["heights_doubtful"]
        assert "gdal_edit -units ft" in told
        assert whole(terrain).max() > 9000

    def test_further_bands_are_said(self, tmp_path):
        path = tmp_path / "dem.tif"
        with rasterio.open(
            path, "w", driver="GTiff", width=4, height=4, count=3, dtype="uint8", crs="EPSG:32748", transform=UTM
        ) as raster:
            raster.write(np.ones((3, 4, 4), dtype="uint8"))
        assert "3 bands" in said(opened(path))["several_bands"]


class TestSurface:
    """What heights show is declared, or assumed to be a surface and said so."""

    @pytest.mark.parametrize(
        ("name", "word"),
        [
            ("Copernicus_DSM_COG_10_S07_00_E107_00_DEM.tif", "Copernicus"),
            ("ALPSMLC30_N006E107_DSM_alos.tif", "N006E107"),
            ("srtm_30.tif", "srtm"),
            ("dem.tif", None),
        ],
    )
    def test_undeclared(self, tmp_path, name, word):
        terrain = opened(write(tmp_path / name, hills(4, 4)))
        assert terrain.surface == "dsm"
        told = said(terrain)["surface_assumed"]
        assert (f"called {word}" in told) if word else ("called" not in told)

    def test_declared_by_the_caller_or_a_tag(self, tmp_path):
        assert "surface_assumed" not in said(opened(write(tmp_path / "srtm.tif", hills(4, 4)), surface="dtm"))
        terrain = opened(write(tmp_path / "a.tif", hills(4, 4), tags={"SURFACE": "DTM"}))
        assert (terrain.surface, "surface_assumed" in said(terrain)) == ("dtm", False)


class TestArea:
    """What is not covered is refused or said."""

    def test_none_of_the_area(self, tmp_path):
        path = write(tmp_path / "dem.tif", hills(), crs="EPSG:4326", transform=ARCSECOND)
        with pytest.raises(SourceError, match=r"dem\.tif does not cover"):
            opened(path, area=(110, -8, 111, -7))

    def test_a_part_of_the_area(self, tmp_path):
        path = write(tmp_path / "dem.tif", hills(120, 120), crs="EPSG:4326", transform=ARCSECOND)
        west, north = ARCSECOND @ (60, 0)
        east, south = ARCSECOND @ (180, 120)
        terrain = opened(path, area=(west + 1e-7, south + 1e-7, east - 1e-7, north - 1e-7))
        assert "50.0 %" in said(terrain)["area_partly_covered"]
        west, north = ARCSECOND @ (10, 10)
        assert "area_partly_covered" not in said(opened(path, area=(west, south + 1e-4, west + 0.01, north)))

    def test_a_very_large_raster_is_sampled(self, tmp_path, monkeypatch):
        monkeypatch.setattr(terrain_faults, "_SURVEY_MAX_PIXELS", 1e6)
        terrain = opened(write(tmp_path / "dem.tif", np.full((2500, 2500), 7, dtype="uint8"), compress="deflate"))
        assert "a part of the pixels" in said(terrain)["sampled"]


class TestClutter:
    """Land cover becomes heights on a bare ground, never on a surface."""

    @staticmethod
    def cover(tmp_path, codes, *, crs="EPSG:32748", transform=TENTH):
        return write(tmp_path / "cover.tif", np.asarray(codes, dtype=np.uint8), crs=crs, transform=transform, nodata=0)

    def ground(self, tmp_path, rows=4, columns=5):
        return write(tmp_path / "dem.tif", hills(rows, columns))

    def test_refused_on_a_surface(self, tmp_path):
        cover = self.cover(tmp_path, np.full((12, 15), 10))
        with pytest.raises(UsageError, match="twice"):
            opened(self.ground(tmp_path), clutter=cover)
        with pytest.raises(UsageError, match="twice"):
            opened(self.ground(tmp_path), clutter=cover, surface="dsm")

    def test_the_mean_of_what_is_in_a_pixel(self, tmp_path):
        codes = np.full((12, 15), 30)
        codes[:3, :3] = [[10, 10, 10], [10, 10, 10], [30, 30, 0]]  # trees, open, no class
        codes[3:6, 3:6] = 50
        terrain = opened(self.ground(tmp_path), clutter=self.cover(tmp_path, codes), surface="dtm")
        clutter = terrain.clutter((0, 0, 4, 5))
        assert clutter[0, 0] == pytest.approx(6 * 15 / 8)
        assert clutter[1, 1] == 10
        assert clutter[2, 2] == 0
        assert terrain.clutter((-1, -1, 2, 2)).tolist() == [[0, 0], [0, clutter[0, 0]]]

    def test_the_nearest_where_land_cover_is_coarser(self, tmp_path):
        cover = self.cover(tmp_path, [[10, 30], [30, 95]], transform=UTM @ Affine.scale(2.5, 2))
        terrain = opened(self.ground(tmp_path), clutter=cover, surface="dtm")
        assert terrain.clutter((0, 0, 4, 5)).tolist() == [[15, 15, 0, 0, 0]] * 2 + [[0, 0, 15, 15, 15]] * 2

    def test_another_crs_and_any_window(self, tmp_path):
        random = np.random.default_rng(4)
        codes = random.choice([10, 20, 30, 50, 80], (900, 900))
        place = Affine(1 / 12000, 0, 107.08, 0, -1 / 12000, -8.35)
        cover = self.cover(tmp_path, codes, crs="EPSG:4326", transform=place)
        path = write(tmp_path / "dem.tif", hills(700, 700))
        terrain = opened(path, clutter=cover, surface="dtm")
        clutter = terrain.clutter((0, 0, 700, 700))
        again = opened(path, clutter=cover, surface="dtm")
        for row, column, rows, columns in ((100, 90, 33, 500), (511, 511, 2, 2), (0, 0, 1, 700), (600, 3, 90, 90)):
            np.testing.assert_array_equal(
                again.clutter((row, column, rows, columns)), clutter[row : row + rows, column : column + columns]
            )
        from pyproj import Transformer

        to_degrees = Transformer.from_crs("EPSG:32748", "EPSG:4326", always_xy=True)
        heights = {10: 15, 20: 3, 30: 0, 50: 10, 80: 0}
        for row, column in ((300, 300), (123, 456), (640, 20)):
            x, y = zip(
                *[UTM @ (column + (i + 0.5) / 3, row + (j + 0.5) / 3) for j in range(3) for i in range(3)], strict=True
            )
            at, down = ~place @ tuple(map(np.asarray, to_degrees.transform(x, y)))
            inside = (at >= 0) & (down >= 0) & (at < 900) & (down < 900)
            expected = [heights[codes[int(r), int(c)]] for c, r, ok in zip(at, down, inside, strict=True) if ok]
            assert clutter[row, column] == pytest.approx(np.mean(expected) if expected else 0, abs=1e-5)

    def test_unknown_classes_and_gaps_are_said(self, tmp_path):
        codes = np.full((12, 15), 10)
        codes[0, :4] = 77
        codes[5] = 0
        terrain = opened(self.ground(tmp_path), clutter=self.cover(tmp_path, codes), surface="dtm")
        told = terrain.remarks.set_index("rule")
        assert told.loc["class_unknown", "value"] == "77 (4×)"
        assert "clutter_m" in told.loc["class_unknown", "message"]
        assert told.loc["class_missing", "table"] == "land_cover"
        assert "8.3 %" in told.loc["class_missing", "message"]

    def test_land_cover_of_elsewhere_is_refused(self, tmp_path):
        cover = self.cover(tmp_path, np.full((12, 15), 10), transform=UTM @ Affine.translation(5000, 0))
        with pytest.raises(SourceError, match="does not cover"):
            opened(self.ground(tmp_path), clutter=cover, surface="dtm")


class TestReal:
    """Rasters that nobody here made."""

    def test_a_mountain_with_an_odd_nodata(self, real):
        path = real / "rasters" / "dem_bigtujunga_utm11n.tif"
        terrain = opened(path, surface="dsm")
        with rasterio.open(path) as raster:
            values = raster.read(1).astype(np.float32)
        np.testing.assert_array_equal(whole(terrain), np.where(values == 32767, np.nan, values))
        assert terrain.remarks.empty

    def test_its_nodata_forgotten(self, real, tmp_path):
        path = tmp_path / "dem.tif"
        shutil.copy(real / "rasters" / "dem_bigtujunga_utm11n.tif", path)
        with rasterio.open(path, "r+") as raster:
            raster.nodata = None
            values = raster.read(1)
            values[:100, :100] = 32767
            raster.write(values, 1)
        terrain = opened(path)
        assert "32767 (10000×)" in said(terrain)["nodata_undeclared"]
        assert np.nanmax(whole(terrain)) < 3000

    def test_ocean_in_a_zip(self, real):
        terrain = opened(real / "rasters" / "N10W110.hgt.zip")
        assert terrain.shape == (1201, 1201)
        assert terrain.sea((0, 0, 1201, 1201)).mean() > 0.99
        assert "100.0 %" in said(terrain)["sea"]
