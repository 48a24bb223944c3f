"""Rasters become grids with explicit emptiness; people are counted once wherever the raster lies."""

from __future__ import annotations

import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from blankspot.check import REJECT_COLUMNS
from blankspot.errors import SourceError, UsageError
from blankspot.grid import Grid
from blankspot.settings import load_settings
from blankspot.sources.rasters import read_grid, read_population, zonal_sums

ENGLISH = load_settings({"language": "en"})
DEGREES = Affine(0.01, 0, 107.0, 0, -0.01, -6.9)
UTM48S = Affine(1000, 0, 720_000, 0, -1000, 9_236_000)


def write(path, values, *, crs="EPSG:4326", transform=DEGREES, nodata=None, **profile):
    values = np.atleast_3d(np.asarray(values)).transpose(2, 0, 1) if np.ndim(values) == 2 else np.asarray(values)
    with rasterio.open(
        path, "w", driver="GTiff", height=values.shape[1], width=values.shape[2], count=values.shape[0],
        dtype=values.dtype, crs=crs, transform=transform, nodata=nodata,
    ) as opened:  # fmt: skip
        opened.write(values)
        if "tags" in profile:
            opened.update_tags(1, **profile["tags"])
        if "scales" in profile:
            opened.scales = profile["scales"]
            opened.offsets = profile["offsets"]
    return path


def halves(grid: Grid, cut: float = 0.37):
    """Two villages that tile the grid's extent exactly, and one elsewhere."""
    west, south, east, north = grid.bounds
    middle = west + cut * (east - west)
    shapes = [box(west, south, middle, north), box(middle, south, east, north)]
    frame = gpd.GeoDataFrame({"village_code": ["a", "b"]}, geometry=shapes, crs=grid.crs).to_crs(4326)
    return pd.concat(
        [frame, gpd.GeoDataFrame({"village_code": ["z"]}, geometry=[box(0, 0, 1, 1)], crs=4326)], ignore_index=True
    )


def rules(population) -> dict[str, str]:
    return dict(zip(population.remarks["rule"], population.remarks["severity"], strict=True))


def test_declared_empty_pixels_are_nan(tmp_path):
    grid = read_grid(write(tmp_path / "a.tif", np.array([[1, -9999], [3, 4]], dtype="int16"), nodata=-9999))
    assert np.array_equal(grid.values, [[1, np.nan], [3, 4]], equal_nan=True)
    assert grid.bounds == pytest.approx((107.0, -6.92, 107.02, -6.9))
    assert grid.sample([107.005, 107.015], [-6.905, -6.905])[0] == 1


def test_scale_and_offset_are_applied_and_bands_chosen(tmp_path):
    bands = np.stack([np.full((2, 2), 1, dtype="int16"), np.full((2, 2), 7, dtype="int16")])
    path = write(tmp_path / "a.tif", bands, scales=(1.0, 0.5), offsets=(0.0, 10.0))
    assert np.array_equal(read_grid(path, band=2).values, [[13.5, 13.5], [13.5, 13.5]])
    with pytest.raises(SourceError, match="no band 3"):
        read_grid(path, band=3)


def test_rows_from_south_to_north_are_turned(tmp_path):
    upward = Affine(0.01, 0, 107.0, 0, 0.01, -6.92)
    grid = read_grid(write(tmp_path / "a.tif", np.array([[1.0, 2.0], [3.0, 4.0]]), transform=upward))
    assert np.array_equal(grid.values, [[3.0, 4.0], [1.0, 2.0]])
    assert grid.bounds == pytest.approx((107.0, -6.92, 107.02, -6.9))


def test_an_ascii_grid_with_its_prj_and_one_in_a_zip(tmp_path):
    text = "ncols 2\nnrows 1\nxllcorner 107\nyllcorner -7\ncellsize 0.01\nNODATA_value -9999\n5 -9999\n"
    (tmp_path / "a.asc").write_text(text, encoding="ascii")
    with pytest.raises(SourceError, match="CRS"):
        read_grid(tmp_path / "a.asc")
    assert np.isnan(read_grid(tmp_path / "a.asc", crs="EPSG:4326").sample(107.015, -6.995))
    (tmp_path / "a.prj").write_text(rasterio.crs.CRS.from_epsg(4326).to_wkt(), encoding="ascii")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "a.asc", "in/a.asc")
        archive.write(tmp_path / "a.prj", "in/a.prj")
    assert read_grid(tmp_path / "a.zip").sample(107.005, -6.995) == 5


def test_bad_files_are_refused(tmp_path):
    (tmp_path / "a.tif").write_bytes(b"II*\0 broken")
    (tmp_path / "b.csv").write_text("x", encoding="ascii")
    write(tmp_path / "c.tif", np.ones((2, 2)), transform=Affine(0.01, 0.002, 107, 0.002, -0.01, -6.9))
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        write(tmp_path / "d.tif", np.ones((2, 2)), transform=Affine.identity())
    for name in ("a.tif", "b.csv", "c.tif", "d.tif", "tiada.tif"):
        with pytest.raises(SourceError) as caught:
            read_grid(tmp_path / name)
        assert name in caught.value.say("id")
    with pytest.raises(SourceError, match="folder"):
        read_grid(tmp_path)


def test_an_undeclared_mark_of_emptiness_is_found(tmp_path):
    for mark, dtype in (
        (-9999, "float32"),
        (-3.4028234663852886e38, "float32"),
        (2147483647, "int32"),
        (65535, "uint16"),
        (-32768, "int16"),
    ):
        values = np.array([[10, mark], [20, mark]], dtype=dtype)
        people = read_population(write(tmp_path / "a.tif", values), settings=ENGLISH)
        assert people.total == 30
        assert people.cells_emptied == 2
        assert rules(people)["nodata_undeclared"] == "repaired"
        assert list(people.remarks.columns) == list(REJECT_COLUMNS)


def test_negative_cells_are_counted_and_emptied(tmp_path):
    values = np.array([[10.0, -0.5], [20.0, -9999.0]])
    people = read_population(write(tmp_path / "a.tif", values, nodata=-9999), settings=ENGLISH)
    assert people.total == 30
    assert people.cells_emptied == 1
    assert rules(people) == {"negative_cells": "repaired", "unit_undocumented": "noted"}
    assert "1×, min -0.5" in people.remarks["message"].iloc[0]
    assert np.isnan(people.grid.values).sum() == 2


def test_an_absurd_total_and_a_missing_unit_are_said(tmp_path):
    stated = read_population(write(tmp_path / "a.tif", np.full((2, 2), 50.0), tags={"units": "people"}))
    assert rules(stated) == {}
    dense = read_population(write(tmp_path / "b.tif", np.full((2, 2), 1e6)), settings=ENGLISH)
    assert rules(dense)["population_absurd"] == "noted"
    assert "4,000,000" in dense.remarks["message"].str.cat()
    huge = read_population(
        write(tmp_path / "c.tif", np.full((30, 30), 4e5), transform=Affine(0.5, 0, 107, 0, -0.5, -6))
    )
    assert "population_absurd" in rules(huge)
    empty = read_population(write(tmp_path / "d.tif", np.full((2, 2), np.nan)))
    assert "population_empty" in rules(empty)
    assert empty.total == 0


def test_only_the_window_of_the_villages_is_read(tmp_path):
    values = np.arange(10_000, dtype="float64").reshape(100, 100)
    path = write(tmp_path / "a.tif", values)
    villages = gpd.GeoDataFrame({"village_code": ["a"]}, geometry=[box(107.204, -7.496, 107.296, -7.404)], crs=4326)
    part = read_population(path, villages=villages)
    assert part.grid.shape == (10, 10)
    whole = zonal_sums(read_population(path).grid, villages)
    assert zonal_sums(part.grid, villages)["a"] == pytest.approx(whole["a"])
    with pytest.raises(SourceError, match="does not cover"):
        read_population(path, villages=villages.set_geometry(villages.translate(30, 0)))


@given(
    st.integers(1, 12),
    st.integers(1, 12),
    st.floats(0.05, 0.95),
    st.sampled_from([("EPSG:4326", DEGREES), ("EPSG:32748", UTM48S)]),
    st.integers(0, 2**32 - 1),
)
@settings(deadline=None, max_examples=40)
def test_people_are_neither_lost_nor_invented(rows, columns, cut, place, seed):
    crs, transform = place
    values = np.random.default_rng(seed).gamma(1.0, 50.0, (rows, columns))
    values[values < 10] = np.nan
    grid = Grid(values=values, transform=transform, crs=crs)
    villages = halves(grid, cut)
    sums = zonal_sums(grid, villages)
    assert np.nansum(sums) == pytest.approx(np.nansum(values), rel=1e-6)
    assert np.isnan(sums["z"])
    reversed_sums = zonal_sums(grid, villages.iloc[::-1])
    pd.testing.assert_series_equal(reversed_sums.reindex(sums.index), sums)


def test_no_data_is_not_nobody():
    grid = Grid(values=np.array([[np.nan, 0.0]]), transform=DEGREES, crs="EPSG:4326")
    west, south, east, north = grid.bounds
    cells = [box(west, south, west + 0.01, north), box(west + 0.01, south, east, north)]
    villages = gpd.GeoDataFrame({"village_code": ["unknown", "empty"]}, geometry=cells, crs=4326)
    sums = zonal_sums(grid, villages)
    assert np.isnan(sums["unknown"])
    assert sums["empty"] == 0
    with pytest.raises(UsageError):
        zonal_sums(grid, villages.to_crs(32748))


def test_a_file_may_stand_for_its_grid(tmp_path):
    path = write(tmp_path / "a.tif", np.ones((2, 2)))
    grid = read_grid(path)
    pd.testing.assert_series_equal(zonal_sums(path, halves(grid)), zonal_sums(grid, halves(grid)))
