"""Rasters leave as COG that others accept, with nodata and our tags only."""

from __future__ import annotations

import json

import coverworld
import numpy as np
import openworld
import pystac
import pytest
import rasterio
from rio_cogeo.cogeo import cog_validate

from blankspot.errors import SourceError
from blankspot.out.publish.held import HeldBack
from blankspot.out.publish.rasters import RasterSource, write_cog
from blankspot.out.publish.selection import Material, select
from blankspot.out.publish.stac import stac_item
from blankspot.out.publish.written import note


def about():
    import mapworld

    return openworld.about(select(Material(frames={"villages": mapworld.villages(2)}), openworld.SETTINGS, profile="x"))


def written(folder, values, *, kind="terrain", held=None, **given):
    path = openworld.write_raster(folder / "asal.tif", values, TIFFTAG_ARTIST="Budi", **given)
    return write_cog(
        folder, RasterSource(path=path, kind=kind, name="hasil"), about(), devices_min=3, held=held or HeldBack()
    )


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "int32", "float32", "float64"])
@pytest.mark.parametrize("nodata", [None, 0.0])
def test_it_is_a_cog_with_overviews_and_nodata(tmp_path, dtype, nodata):
    values = np.arange(700 * 900).reshape(700, 900) % 200
    raster = written(tmp_path, values.astype(dtype), nodata=nodata)
    valid, errors, warnings = cog_validate(tmp_path / raster.file, strict=True)
    assert valid, (errors, warnings)
    with rasterio.open(tmp_path / raster.file) as opened:
        assert opened.overviews(1)
        assert opened.nodata is not None
        left = opened.read(1, masked=True)
        expected = np.ma.masked_equal(values, 0) if nodata is not None else np.ma.asarray(values)
        assert (left.astype(float).filled(-7) == expected.filled(-7)).all()
        assert opened.tags()["AS_OF"] == "2022-12-26"
        assert "TIFFTAG_ARTIST" not in opened.tags()


def test_empty_pixels_stay_empty_whatever_marked_them(tmp_path):
    values = np.array([[1.5, np.nan], [np.inf, -99999.0]], dtype="float32")
    raster = written(tmp_path, values, nodata=-99999.0)
    with rasterio.open(tmp_path / raster.file) as opened:
        assert opened.read(1, masked=True).mask.tolist() == [[False, True], [True, True]]
    assert raster.bands[0].maximum == 1.5
    assert raster.bands[0].valid_percent == 25.0


def test_counted_people_in_small_numbers_are_held_back_and_estimates_are_not(tmp_path):
    held = HeldBack()
    counted = np.array([[0, 1, 2], [3, 4, 500]], dtype="float32")
    raster = written(tmp_path, counted, kind="population", held=held)
    with rasterio.open(tmp_path / raster.file) as opened:
        assert opened.read(1, masked=True).filled(-1).tolist() == [[0, -1, -1], [3, 4, 500]]
    assert [(one.rule, one.rows) for one in held.lines()] == [("few_people", 2)]
    estimated = HeldBack()
    written(tmp_path, counted + np.float32(0.25), kind="population", held=estimated)
    assert estimated.lines() == ()


def test_a_raster_that_says_no_place_is_refused(tmp_path):
    path = tmp_path / "x.asc"
    path.write_text("ncols 2\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 1\nNODATA_value -9\n1 2\n3 4\n")
    with pytest.raises(SourceError, match="CRS"):
        write_cog(tmp_path, RasterSource(path=path, kind="terrain", name="y"), about(), devices_min=3, held=HeldBack())
    broken = tmp_path / "z.tif"
    broken.write_bytes(b"II*\x00")
    with pytest.raises(SourceError, match=r"z\.tif"):
        write_cog(
            tmp_path, RasterSource(path=broken, kind="terrain", name="y"), about(), devices_min=3, held=HeldBack()
        )
    assert {path.name for path in tmp_path.iterdir()} == {"x.asc", "z.tif"}


def test_its_stac_item_reads_back_and_is_valid_as_far_as_no_network_is_needed(tmp_path):
    raster = written(tmp_path, np.arange(12, dtype="int16").reshape(3, 4))
    file = note(tmp_path, tmp_path / raster.file, "cog", raster.title, raster=raster)
    told = json.loads(stac_item(about(), file))
    item = pystac.Item.from_dict(told)
    item.stac_extensions = []  # their schemas are on the network
    item.validate()
    assert told["assets"]["data"]["file:checksum"] == f"1220{file.sha256}"
    band = told["assets"]["data"]["raster:bands"][0]
    assert (band["nodata"], band["unit"], band["statistics"]["maximum"]) == (raster.bands[0].nodata, "m", 11.0)
    assert told["properties"]["proj:code"] == "EPSG:32748"
    assert told["properties"]["proj:shape"] == [3, 4]
    west, south, east, north = told["bbox"]
    assert 107 < west < east < 108
    assert -8 < south < north < -6


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", ["dem_bigtujunga_utm11n.tif", "N10W110.hgt.zip", "pop_merapi_clip.tif"])
def test_rasters_of_others(real, tmp_path, name):
    path = real / "rasters" / name
    raster = write_cog(
        tmp_path, RasterSource(path=path, kind="terrain", name="hasil"), about(), devices_min=3, held=HeldBack()
    )
    assert cog_validate(tmp_path / raster.file, strict=True)[0]


def test_predicted_coverage_leaves_with_its_levels_and_without_its_tags(tmp_path):
    laid = coverworld.frame((700, 600), tile=512, coarse=True)
    coverage = coverworld.written(tmp_path / "coverage", laid, coverworld.world(laid))
    for quantity, kind, unit in (("median_dbm", "coverage", "dBm"), ("sd_db", "coverage_sd", "dB")):
        source = RasterSource(
            path=tmp_path / "coverage" / f"{quantity}.tif",
            kind=kind,
            name=f"cakupan_{quantity}",
            bands=("telkomsel_4G", "operator_1_2G"),
            coarse=True,
        )
        raster = write_cog(tmp_path, source, about(), devices_min=3, held=HeldBack())
        assert cog_validate(tmp_path / raster.file, strict=True)[0]
        assert "kasar" in raster.title.id
        with rasterio.open(tmp_path / raster.file) as opened:
            assert opened.descriptions == ("telkomsel_4G", "operator_1_2G")
            assert (opened.scales, opened.units) == ((0.1, 0.1), (unit, unit))
            assert opened.overviews(1)
            assert not {"DIGEST", "SOURCES", "TITLE"} & opened.tags().keys()
            assert "operator" not in opened.tags(2)
            values = opened.read(1, masked=True).astype(float).filled(np.nan) * 0.1
        layer = coverage.whole().layers["telkomsel", "4G"]
        expected = coverworld.levels(layer) if kind == "coverage" else layer.sd_db.values
        np.testing.assert_allclose(values, expected, atol=1e-4)
        band = raster.bands[0]
        assert (band.scale, band.offset) == (0.1, 0.0)
        assert band.maximum == pytest.approx(np.nanmax(expected), abs=1e-3)
        told = json.loads(
            stac_item(about(), note(tmp_path, tmp_path / raster.file, "cog", raster.title, raster=raster))
        )
        assert told["assets"]["data"]["raster:bands"][1]["scale"] == 0.1
