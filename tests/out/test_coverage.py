"""Coverage on disk: what goes in comes out, a killed run leaves whole tiles, and a folder that is not whole is not read."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import coverworld
import numpy as np
import pandas as pd
import pytest
import rasterio
from affine import Affine
from coverworld import FLOORS, KEYS, PROVENANCE, REMARKS, frame, levels, part, world, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from rio_cogeo import cog_validate

from blankspot.errors import OutputError, SourceError, UsageError
from blankspot.out.coverage import MANIFEST, CoverageStore, open_coverage
from blankspot.out.coverage_rasters import decoded, encoded


def assert_holds(layer, arrays):
    median, sd, server = arrays
    np.testing.assert_allclose(levels(layer), median, atol=0.0501)
    np.testing.assert_allclose(layer.sd_db.values, sd, atol=0.0501)
    np.testing.assert_array_equal(layer.server, server)


def test_what_goes_in_comes_out(tmp_path):
    laid = frame()
    parts = world(laid)
    stored = written(tmp_path / "coverage", laid, parts)
    assert stored.keys() == KEYS
    assert (stored.model, stored.coarse, stored.shape, stored.digest) == ("p1812", False, (150, 210), "d1")
    pd.testing.assert_frame_equal(stored.services, laid.services)
    pd.testing.assert_frame_equal(stored.remarks, REMARKS)
    whole = stored.whole()
    for key, layer in whole.layers.items():
        assert_holds(layer, parts[key])
        assert (layer.operator, layer.technology, layer.floor_dbm) == (*key, FLOORS[key])
        assert layer.median_dbm.transform == laid.transform
        assert layer.median_dbm.crs == laid.crs
    assert whole.layers[KEYS[1]].metric == "rxlev_dbm"
    assert sorted(path.name for path in stored.folder.iterdir()) == [
        MANIFEST, "median_dbm.tif", "remarks.parquet", "sd_db.tif", "server.tif", "services.parquet",
    ]  # fmt: skip


@pytest.mark.parametrize("shape", [(1, 1), (64, 64), (65, 1), (1300, 1100)])
@pytest.mark.parametrize("crs", ["EPSG:32748", "EPSG:4326"])
def test_the_rasters_are_cloud_optimised_with_overviews(tmp_path, shape, crs):
    place = Affine(1 / 3600, 0, 107, 0, -1 / 3600, -7) if crs == "EPSG:4326" else None
    laid = frame(shape, tile=512, crs=crs, transform=place)
    written(tmp_path, laid, world(laid))
    for name in ("median_dbm", "sd_db", "server"):
        valid, errors, warnings = cog_validate(tmp_path / f"{name}.tif", strict=True)
        assert (valid, errors, warnings) == (True, [], [])
        with rasterio.open(tmp_path / f"{name}.tif") as opened:
            assert opened.count == 2
            assert (len(opened.overviews(1)) > 0) == (max(shape) > 256)
            assert opened.nodata == (-1 if name == "server" else -32768)


def test_bands_and_files_say_what_they_are(tmp_path):
    laid = frame(coarse=True)
    written(tmp_path, laid, world(laid))
    with rasterio.open(tmp_path / "median_dbm.tif") as opened:
        assert opened.descriptions == ("telkomsel 4G median rsrp_dbm (kasar)", "xl 2G median rxlev_dbm (kasar)")
        assert opened.units == ("dBm", "dBm")
        assert opened.scales == (0.1, 0.1)
        assert {
            "operator": "xl", "technology": "2G", "metric": "rxlev_dbm", "unit": "dBm", "floor_dbm": "-120",
            "model": "p1812", "kasar": "ya",
        }.items() <= opened.tags(2).items()  # fmt: skip
        told = opened.tags()
        assert told["TIFFTAG_SOFTWARE"] == "blankspot 9.9.9"
        assert told["THRESHOLDS"] == "uji (0a1b2c3d)"
        assert told["AS_OF"] == "2022-12-26"
        assert "data/dem.tif sha256:abababababab" in told["SOURCES"]
        assert told["DIGEST"] == "d1"
    with rasterio.open(tmp_path / "server.tif") as opened:
        assert "services.parquet" in opened.tags()["TIFFTAG_IMAGEDESCRIPTION"]


def test_an_overview_shows_only_levels_that_were_predicted(tmp_path):
    laid = frame((1200, 1200), tile=1024)
    parts = world(laid)
    written(tmp_path, laid, parts)
    with rasterio.open(tmp_path / "median_dbm.tif", overview_level=0) as small:
        values = small.read(1)
    seen = np.unique(encoded(parts[KEYS[0]][0], floor=-140))
    assert np.isin(values, seen).all()


def test_a_window_is_a_part_of_the_whole(tmp_path):
    laid = frame()
    stored = written(tmp_path, laid, world(laid))
    west, south, east, north = 107.09, -8.38, 107.12, -8.36
    asked = stored.window((west, south, east, north))
    expected = stored.whole().window((west, south, east, north))
    for key, layer in asked.layers.items():
        np.testing.assert_array_equal(levels(layer), levels(expected.layers[key]))
        np.testing.assert_array_equal(layer.server, expected.layers[key].server)
        assert layer.median_dbm.transform == expected.layers[key].median_dbm.transform
        assert 0 < levels(layer).size < 150 * 210
    away = stored.window((95, 1, 96, 2))
    assert levels(away.layers[KEYS[0]]).size == 0


def test_windows_are_read_from_several_threads(tmp_path):
    laid = frame()
    parts = world(laid)
    stored = written(tmp_path, laid, parts)

    def row(at):
        return levels(stored.pixels((at, 0, 1, 210)).layers[KEYS[0]])

    with ThreadPoolExecutor(4) as pool:
        rows = np.concatenate(list(pool.map(row, range(150))))
    np.testing.assert_array_equal(rows, levels(stored.whole().layers[KEYS[0]]))


def test_tiles_are_put_from_several_threads(tmp_path):
    laid = frame()
    parts = world(laid)
    store = CoverageStore(tmp_path)
    store.begin(laid)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda tile: store.put(tile, part(laid, parts, tile)), laid.tiles()))
    stored = store.finish(REMARKS)
    for key, layer in stored.whole().layers.items():
        assert_holds(layer, parts[key])


def test_a_missing_tile_and_a_missing_layer_are_not_predicted(tmp_path):
    laid = frame((64, 192), tile=64)
    parts = world(laid)
    store = CoverageStore(tmp_path)
    store.begin(laid)
    store.put((0, 0), part(laid, parts, (0, 0)))
    store.put((0, 1), {KEYS[1]: part(laid, parts, (0, 1))[KEYS[1]]})
    store.put((0, 2), {})
    layers = store.finish(REMARKS).whole().layers
    assert np.isnan(levels(layers[KEYS[0]])[:, 64:]).all()
    assert np.isnan(levels(layers[KEYS[1]])[:, 128:]).all()
    assert (layers[KEYS[0]].server[:, 64:] == -1).all()
    assert np.isfinite(levels(layers[KEYS[1]])[:, 64:128]).any()


def test_coverage_of_nothing_is_coverage(tmp_path):
    laid = frame(keys=())
    stored = written(tmp_path, laid, {})
    assert stored.keys() == ()
    assert stored.window((107, -9, 108, -8)).layers == {}


def test_the_floor_and_the_thresholds_come_back_as_themselves():
    levels = np.array([-140, -140.04, -150, -105, -90, -115, -139.96, np.nan, np.inf, -np.inf], dtype=np.float32)
    back = decoded(encoded(levels, floor=-140), floor=-140.0)
    assert back[:6].tolist() == [-140, -140, -140, -105, -90, -115]
    assert back[6] == -140
    assert np.isnan(back[7:9]).all()
    assert back[9] == -140
    assert decoded(encoded(np.float32([-120.04]), floor=-120.04), floor=-120.04)[0] == np.float32(-120.04)


@settings(deadline=None)
@given(npst.arrays(np.float32, st.integers(1, 30), elements=st.floats(-300, 300, width=32)))
def test_tenths_are_within_half_a_tenth_and_stable(values):
    once = decoded(encoded(values))
    np.testing.assert_allclose(once, values, atol=0.0501)
    np.testing.assert_array_equal(decoded(encoded(once)), once)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shape=st.tuples(st.integers(1, 90), st.integers(1, 90)),
    tile=st.sampled_from([7, 16, 64]),
    seed=st.integers(0, 99),
    data=st.data(),
)
def test_any_window_of_any_tiling_equals_the_arrays(tmp_path, shape, tile, seed, data):
    laid = frame(shape, tile=tile)
    parts = world(laid, seed)
    stored = written(tmp_path, laid, parts)
    row, column = (data.draw(st.integers(0, side - 1)) for side in shape)
    rows, columns = data.draw(st.integers(1, shape[0] - row)), data.draw(st.integers(1, shape[1] - column))
    cut = np.s_[row : row + rows, column : column + columns]
    for key, layer in stored.pixels((row, column, rows, columns)).layers.items():
        assert_holds(layer, [whole[cut] for whole in parts[key]])


class TestResuming:
    """Tiles that an earlier run left are kept under its digest, and only then."""

    def test_whole_tiles_of_the_same_digest_are_kept(self, tmp_path):
        laid = frame()
        parts = world(laid)
        store = CoverageStore(tmp_path)
        store.begin(laid)
        store.put((0, 0), part(laid, parts, (0, 0)))
        again = CoverageStore(tmp_path)
        again.begin(frame())
        assert again.has((0, 0))
        assert not again.has((0, 1))

    def test_tiles_of_another_digest_or_place_are_cleared(self, tmp_path):
        laid = frame()
        store = CoverageStore(tmp_path)
        store.begin(laid)
        store.put((0, 0), part(laid, world(laid), (0, 0)))
        (tmp_path / ".tiles" / "00009_00000.arrow").write_bytes(b"strange")
        store.begin(frame(digest="d2"))
        assert list((tmp_path / ".tiles").iterdir()) == []

    def test_a_damaged_tile_and_leftovers_are_cleared(self, tmp_path):
        laid = frame()
        store = CoverageStore(tmp_path)
        store.begin(laid)
        for tile in ((0, 0), (0, 1)):
            store.put(tile, part(laid, world(laid), tile))
        path = tmp_path / ".tiles" / "00000_00000.arrow"
        path.write_bytes(path.read_bytes()[:200])
        left = tmp_path / ".tiles" / ".blankspot-abc"
        left.mkdir()
        (left / "half.arrow").write_bytes(b"x")
        store.begin(laid)
        assert not store.has((0, 0))
        assert store.has((0, 1))
        assert not left.exists()

    def test_what_was_finished_stays_readable_while_the_next_is_made(self, tmp_path):
        laid = frame()
        written(tmp_path, laid, world(laid))
        store = CoverageStore(tmp_path)
        store.begin(frame(digest="d2"))
        assert open_coverage(tmp_path).digest == "d1"
        assert not store.has((0, 0))

    def test_a_killed_run_is_taken_up_and_equals_one_that_was_not(self, tmp_path):
        """A real process is killed between and within tiles; what it left is whole, and the end is the same."""
        laid = frame()
        parts = world(laid)
        program = (
            "import sys, time\n"
            "sys.path.insert(0, sys.argv[2])\n"
            "from coverworld import CoverageStore, frame, part, world\n"
            "laid = frame(); parts = world(laid); store = CoverageStore(sys.argv[1]); store.begin(laid)\n"
            "for number, tile in enumerate(laid.tiles()):\n"
            "    if not store.has(tile):\n"
            "        store.put(tile, part(laid, parts, tile)); print(number, flush=True)\n"
            "time.sleep(60)\n"
        )
        folder = tmp_path / "killed"
        here = str(Path(coverworld.__file__).parent)
        for stop_after in (2, 3):
            with subprocess.Popen(
                [sys.executable, "-c", program, str(folder), here], stdout=subprocess.PIPE, text=True
            ) as child:
                for _ in range(stop_after):
                    assert child.stdout.readline()
                os.kill(child.pid, signal.SIGKILL)
        assert 5 <= len(list((folder / ".tiles").glob("*.arrow"))) <= 12
        with pytest.raises(SourceError, match="no finished coverage"):
            open_coverage(folder)
        resumed = CoverageStore(folder)
        resumed.begin(laid)
        missing = [tile for tile in laid.tiles() if not resumed.has(tile)]
        for tile in missing:
            resumed.put(tile, part(laid, parts, tile))
        one, other = resumed.finish(REMARKS, PROVENANCE), written(tmp_path / "whole", laid, parts)
        for name in ("median_dbm.tif", "sd_db.tif", "server.tif"):
            assert (one.folder / name).read_bytes() == (other.folder / name).read_bytes()
        assert not (folder / ".tiles").exists()

    def test_finish_that_fails_leaves_the_tiles(self, tmp_path):
        laid = frame()
        parts = world(laid)
        store = CoverageStore(tmp_path)
        store.begin(laid)
        for tile in laid.tiles():
            store.put(tile, part(laid, parts, tile))
        (tmp_path / "server.tif").mkdir()
        with pytest.raises(OutputError):
            store.finish(REMARKS)
        (tmp_path / "server.tif").rmdir()
        store.begin(laid)
        assert all(store.has(tile) for tile in laid.tiles())


class TestBadFolders:
    """A folder that is not coverage, or not whole, is refused with what to do."""

    def test_no_coverage(self, tmp_path):
        for folder in (tmp_path, tmp_path / "tiada"):
            with pytest.raises(SourceError, match="blankspot cover") as caught:
                open_coverage(folder)
            assert "tidak memuat" in caught.value.say("id")

    @pytest.mark.parametrize("name", [MANIFEST, "median_dbm.tif", "server.tif", "services.parquet", "remarks.parquet"])
    @pytest.mark.parametrize("harm", ["missing", "damaged"])
    def test_a_file_is_missing_or_damaged(self, tmp_path, name, harm):
        laid = frame()
        written(tmp_path, laid, world(laid))
        (tmp_path / name).unlink()
        if harm == "damaged":
            (tmp_path / name).write_bytes(b"II*\0rusak")
        with pytest.raises(SourceError, match="blankspot cover"):
            open_coverage(tmp_path)

    def test_a_raster_of_another_run(self, tmp_path):
        laid = frame()
        written(tmp_path / "a", laid, world(laid))
        written(tmp_path / "b", frame(digest="d2"), world(laid))
        (tmp_path / "b" / "sd_db.tif").replace(tmp_path / "a" / "sd_db.tif")
        with pytest.raises(SourceError, match="another prediction"):
            open_coverage(tmp_path / "a")

    @pytest.mark.parametrize("text", ["[]", "{}", '{"format": 2}', '{"format": 1, "layers": [{}]}'])
    def test_a_foreign_manifest(self, tmp_path, text):
        written(tmp_path, frame(), world(frame()))
        (tmp_path / MANIFEST).write_text(text, encoding="utf-8")
        with pytest.raises(SourceError):
            open_coverage(tmp_path)

    def test_rasters_that_vanish_after_opening(self, tmp_path):
        stored = written(tmp_path, frame(), world(frame()))
        (tmp_path / "sd_db.tif").unlink()
        with pytest.raises(SourceError, match="sd_db"):
            stored.whole()

    def test_a_part_that_does_not_fit_its_tile(self, tmp_path):
        laid = frame()
        store = CoverageStore(tmp_path)
        with pytest.raises(UsageError, match="begun"):
            store.put((0, 0), {})
        store.begin(laid)
        right = part(laid, world(laid), (0, 0))
        with pytest.raises(UsageError, match="does not fit"):
            store.put((0, 3), right)
        with pytest.raises(UsageError, match="does not fit"):
            store.put((0, 0), {("xl", "5G"): right[KEYS[0]]})


def test_the_manifest_tells_where_it_comes_from(tmp_path):
    written(tmp_path, frame(), world(frame()))
    told = json.loads((tmp_path / MANIFEST).read_text(encoding="utf-8"))
    assert told["as_of"] == "2022-12-26"
    assert told["sources"] == [{"name": "data/dem.tif", "kind": "terrain", "sha256": "ab" * 32}]
