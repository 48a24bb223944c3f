"""Lines of any map file, and only lines."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from blankspot.errors import SourceError
from blankspot.sources.lines import no_lines, read_lines

ROAD = shapely.LineString([(107.5, -7.0), (107.6, -7.1)])


@pytest.mark.parametrize("name", ["jalan.gpkg", "jalan.geojson", "jalan.shp", "jalan.parquet"])
def test_lines_of_any_format_are_read_in_degrees(tmp_path, name):
    frame = gpd.GeoDataFrame({"kind": ["jalan"]}, geometry=[ROAD], crs=4326)
    path = tmp_path / name
    if name.endswith("parquet"):
        frame.to_parquet(path)
    else:
        frame.to_crs(32748).to_file(path) if name.endswith("gpkg") else frame.to_file(path)
    found = read_lines(path)
    assert found.features == len(found.lines) == 1
    assert found.lines.crs.to_epsg() == 4326
    assert shapely.hausdorff_distance(found.lines.geometry[0], ROAD) < 1e-6
    assert list(found.lines.columns) == ["geometry"]


def test_what_is_no_line_is_counted_and_left(tmp_path):
    shapes = [ROAD, shapely.Point(107.5, -7.0), None, shapely.MultiLineString([ROAD])]
    gpd.GeoDataFrame(geometry=shapes, crs=4326).to_file(tmp_path / "a.geojson")
    found = read_lines(tmp_path / "a.geojson")
    assert (found.features, len(found.lines)) == (4, 2)


def test_a_file_that_is_none_is_refused(tmp_path):
    with pytest.raises(SourceError):
        read_lines(tmp_path / "tidak_ada.gpkg")
    (tmp_path / "a.gpkg").write_text("bukan peta")
    with pytest.raises(SourceError):
        read_lines(tmp_path / "a.gpkg")


def test_no_lines_is_an_empty_table_in_degrees():
    assert len(no_lines()) == 0
    assert no_lines().crs.to_epsg() == 4326
