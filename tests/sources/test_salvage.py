"""Fiona lists what a file holds and reads what can be read of a damaged one."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely.geometry import Point, box

from blankspot.errors import SourceError
from blankspot.sources.files import Member
from blankspot.sources.salvage import boundary_suffixes, list_layers, salvage

FRAME = gpd.GeoDataFrame({"kode": ["a", "b"]}, geometry=[box(0, 0, 1, 1), None], crs=4326)


def test_layers_are_listed_with_geometry_driver_and_crs(tmp_path):
    path = tmp_path / "a.gpkg"
    FRAME.to_file(path, layer="desa")
    gpd.GeoDataFrame({"x": [1]}, geometry=[Point(500000, 9e6)], crs=32748).to_file(path, layer="kantor")
    assert [(one.name, one.geometry, one.driver, one.crs) for one in list_layers(path)] == [
        ("desa", "Polygon", "GPKG", "EPSG:4326"),
        ("kantor", "Point", "GPKG", "EPSG:32748"),
    ]


def test_a_format_that_fiona_lacks_is_listed_all_the_same(tmp_path):
    FRAME.iloc[:1].to_file(tmp_path / "a.kml", driver="KML")
    assert [one.name for one in list_layers(tmp_path / "a.kml")] == ["a"]


def test_a_file_no_driver_opens_is_refused(tmp_path):
    (tmp_path / "a.gpkg").write_bytes(b"nothing")
    with pytest.raises(SourceError, match=r"data\.gpkg"):
        list_layers(tmp_path / "a.gpkg", name="data.gpkg")


def test_the_drivers_endings_include_the_usual_and_leave_tables_out():
    endings = boundary_suffixes()
    assert {".shp", ".gpkg", ".geojson", ".json", ".fgb", ".gml", ".kml", ".tab", ".sqlite"} <= endings
    assert not {".csv", ".dbf", ".xlsx", ".zip", ".xml"} & endings


def test_salvage_keeps_attributes_nulls_and_order(tmp_path):
    FRAME.to_file(tmp_path / "a.gpkg", layer="desa")
    raw = salvage(Member(name="a.gpkg", path=tmp_path / "a.gpkg", suffix=".gpkg"), "desa")
    assert raw.frame["kode"].tolist() == ["a", "b"]
    assert raw.frame.geometry.isna().tolist() == [False, True]
    assert raw.broken.isna().all()
    assert raw.frame.crs.to_epsg() == 4326
