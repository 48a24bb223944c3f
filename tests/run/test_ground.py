"""What a workspace says of its heights reaches the terrain, and the hillshade is drawn from it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import rasterio
from affine import Affine
from worlds import villages

from blankspot.errors import SettingsError, SourceError, UsageError
from blankspot.run.config import Config, read_config
from blankspot.run.ground import ground_layers, open_heights
from blankspot.settings import load_settings

PLACE = Affine(30, 0, 779_000, 0, -30, 9_231_000)


def write(path, values):
    profile = {"width": values.shape[1], "height": values.shape[0], "count": 1, "dtype": values.dtype}
    with rasterio.open(path, "w", driver="GTiff", crs="EPSG:32748", transform=PLACE, **profile) as raster:
        raster.write(values, 1)
    return path


@pytest.fixture
def job(tmp_path):
    rows, columns = np.mgrid[:400, :800]
    write(tmp_path / "dem.tif", (100 + rows + columns).astype(np.float32))
    write(tmp_path / "cover.tif", np.full((400, 800), 10, dtype=np.uint8))

    def told(**sources):
        return SimpleNamespace(
            root=tmp_path,
            config=Config.model_validate({"sources": sources}),
            settings=load_settings({"language": "en"}),
            notes=[],
            frame=lambda _name: villages(1),
        )

    return told


AREA = tuple(villages(1).total_bounds)


def test_what_is_declared_reaches_the_terrain(job):
    told = job(terrain={"path": "dem.tif", "surface": "dtm", "sea": "none"}, land_cover="cover.tif")
    terrain = open_heights(told, area=AREA, resolution_m=90)
    assert (terrain.surface, terrain.averaged, terrain.sea((0, 0, 1, 1))) == ("dtm", 3, None)
    assert terrain.clutter((0, 0, 2, 2)).tolist() == [[15, 15], [15, 15]]
    assert [(note.name, note.kind) for note in told.notes] == [("dem.tif", "terrain"), ("cover.tif", "land_cover")]


def test_a_folder_of_tiles_stands_for_its_files(job, tmp_path):
    told = job(terrain={"path": "tiles", "surface": "dtm"})
    (tmp_path / "tiles" / "a").mkdir(parents=True)
    (tmp_path / "tiles" / "catatan.txt").write_text("x", encoding="ascii")
    rows, columns = np.mgrid[:400, :400]
    for name, part, place in (("a/w.tif", 0, PLACE), ("e.tif", 400, PLACE @ Affine.translation(400, 0))):
        path = write(tmp_path / "tiles" / name, (100 + rows + columns + part).astype(np.float32))
        with rasterio.open(path, "r+") as raster:
            raster.transform = place
    terrain = open_heights(told, area=AREA)
    assert terrain.shape == (400, 800)
    assert [note.name for note in told.notes] == ["tiles/a/w.tif", "tiles/e.tif"]
    with pytest.raises(SourceError, match="kosong"):
        (tmp_path / "kosong").mkdir()
        open_heights(job(terrain="kosong"), area=AREA)


def test_no_heights_no_terrain(job):
    assert open_heights(job(), area=AREA) is None


def test_land_cover_on_a_surface_model_is_left_away_and_said(job):
    terrain = open_heights(job(terrain="dem.tif", land_cover="cover.tif"), area=AREA)
    assert terrain.clutter((0, 0, 2, 2)) is None
    said = terrain.remarks[terrain.remarks["rule"] == "land_cover_left"]
    assert said["value"].tolist() == ["cover.tif"]
    assert "twice" in said["message"].item()


def test_sources_that_disagree_are_refused(job):
    told = job(terrain=[{"path": "dem.tif", "surface": "dtm"}, {"path": "dem.tif", "surface": "dsm"}])
    with pytest.raises(UsageError, match="Declare the same"):
        open_heights(told, area=AREA)


def test_an_unknown_surface_is_a_fault_of_the_settings(tmp_path):
    (tmp_path / "blankspot.toml").write_text(
        '[sources]\nterrain = {path = "a.tif", surface = "tanah"}\n', encoding="utf-8"
    )
    with pytest.raises(SettingsError, match="surface"):
        read_config(tmp_path)


def test_the_hillshade_is_drawn_without_land_cover(job):
    (layer,) = ground_layers(job(terrain="dem.tif", land_cover="cover.tif"))
    assert layer.key == "hillshade"
    assert np.isfinite(layer.raster.values).all()


def test_heights_of_elsewhere_are_refused(job, tmp_path):
    with rasterio.open(tmp_path / "dem.tif", "r+") as raster:
        raster.transform = Affine(30, 0, 100_000, 0, -30, 9_231_000)
    with pytest.raises(SourceError, match="does not cover"):
        ground_layers(job(terrain="dem.tif"))
