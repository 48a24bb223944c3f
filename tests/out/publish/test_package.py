"""A package is whole, opens in other people's readers, and is the same bytes every time."""

from __future__ import annotations

import hashlib
import json
import math
import shutil
import sqlite3
from xml.etree import ElementTree as ET

import fiona
import geopandas as gpd
import mapbox_vector_tile
import mapworld
import numpy as np
import openpyxl
import openworld
import pandas as pd
import pyogrio
import pytest
import shapely
from pmtiles.reader import MmapSource, Reader, all_tiles
from pmtiles.tile import zxy_to_tileid

from blankspot.errors import OutputError
from blankspot.out.publish import package as package_module
from blankspot.out.publish.files import zooms
from blankspot.out.publish.package import DESCRIPTOR, FORMATS
from blankspot.out.publish.selection import Material, select


def descriptor(package):
    return json.loads((package.folder / DESCRIPTOR).read_text(encoding="utf-8"))


@pytest.mark.filterwarnings("default")
def test_frictionless_finds_no_fault(any_package):
    from frictionless import validate

    report = validate(str(any_package.folder / DESCRIPTOR))
    faults = [(task.name, error.message) for task in report.tasks for error in task.errors]
    assert report.valid, faults
    assert any(task.type == "table" for task in report.tasks)


def test_every_file_is_listed_with_its_digest_and_no_other_is_there(any_package):
    listed = {one["path"]: one for one in descriptor(any_package)["resources"]}
    there = {
        path.relative_to(any_package.folder).as_posix() for path in any_package.folder.rglob("*") if path.is_file()
    }
    assert there == {*listed, DESCRIPTOR}
    for path, told in listed.items():
        raw = (any_package.folder / path).read_bytes()
        assert told["hash"] == f"sha256:{hashlib.sha256(raw).hexdigest()}"
        assert told["bytes"] == len(raw)
    assert len({one["name"] for one in listed.values()}) == len(listed)


def test_fields_carry_words_units_and_choices_of_the_schema(demo_package):
    desa = next(one for one in descriptor(demo_package)["resources"] if one["path"] == "desa.csv")["schema"]
    fields = {one["name"]: one for one in desa["fields"]}
    assert desa["primaryKey"] == ["village_code"]
    assert fields["signal_class"]["constraints"]["enum"] == ["none", "weak", "served", "unknown"]
    assert fields["signal_class"]["labels"]["weak"] == "Lemah atau sebagian"
    assert fields["population"]["unit"] == "jiwa"
    assert fields["latest_measurement"]["type"] == "yearmonth"
    assert all(
        one["title"] and one["title_en"] and one["description"] and one["description_en"] for one in fields.values()
    )
    others = [one["schema"] for one in descriptor(demo_package)["resources"] if one.get("schema")]
    assert sum("foreignKeys" in one for one in others) >= 3


def test_only_open_fields_are_there(demo_package):
    for one in descriptor(demo_package)["resources"]:
        for field in one.get("schema", {}).get("fields", ()):
            assert field["classification"] == "terbuka"


def test_the_geopackage_opens_styled(any_package):
    path = any_package.folder / "blankspot.gpkg"
    spatial = {name for name, kind in pyogrio.list_layers(path) if kind is not None}
    with sqlite3.connect(path) as store:
        styles = dict(store.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault"))
    assert set(styles) == spatial
    assert {"desa", "menara", "titik_internet", "fasilitas"} <= spatial
    for qml in styles.values():
        assert ET.fromstring(qml).find("renderer-v2") is not None  # noqa: S314 - our own text
    with fiona.open(path, layer="desa") as layer:
        assert layer.crs.to_epsg() == 4326
        assert len(layer) == len(pyogrio.read_dataframe(path, layer="desa", read_geometry=False))


def positions(value):
    if isinstance(value[0], (int, float)):
        yield value
    else:
        for part in value:
            yield from positions(part)


def test_geojson_follows_rfc_7946(any_package):
    for path in any_package.folder.glob("*.geojson"):
        document = json.loads(path.read_text(encoding="utf-8"))
        assert "crs" not in document
        for feature in document["features"]:
            shape = shapely.geometry.shape(feature["geometry"])
            for x, y in positions(feature["geometry"]["coordinates"]):
                assert round(x, 7) == x
                assert round(y, 7) == y
            for polygon in shapely.get_parts(shape):
                if polygon.geom_type == "Polygon":
                    assert shapely.is_ccw(polygon.exterior)
                    assert not any(shapely.is_ccw(ring) for ring in polygon.interiors)
        assert len(pyogrio.read_dataframe(path)) == len(document["features"])


def test_geoparquet_and_csv_say_the_same(demo_package):
    placed = gpd.read_parquet(demo_package.folder / "desa.parquet")
    told = pd.read_csv(
        demo_package.folder / "desa.csv", dtype={"village_code": "str", "bps_code": "str"}, encoding="utf-8-sig"
    )
    assert placed.crs.to_epsg() == 4326
    assert placed["village_code"].tolist() == told["village_code"].tolist()
    assert placed["share_served"].round(6).tolist() == pytest.approx(
        told["share_served"].round(6).tolist(), nan_ok=True
    )
    assert set(told.columns) == set(placed.columns) - {"geometry"}


def test_tiles_read_back_with_open_attributes_only(any_package):
    fields = {one["path"]: one for one in descriptor(any_package)["resources"]}
    for path in any_package.folder.glob("*.pmtiles"):
        allowed = {one["name"] for one in fields[f"{path.stem}.csv"]["schema"]["fields"]}
        with path.open("rb") as stream:
            reader = Reader(MmapSource(stream))
            header = reader.header()
            seen = set()
            for (z, _, _), tile in all_tiles(MmapSource(stream)):
                assert header["min_zoom"] <= z <= header["max_zoom"]
                layers = mapbox_vector_tile.decode(__import__("gzip").decompress(tile))
                assert set(layers) == {path.stem}
                seen |= {key for feature in layers[path.stem]["features"] for key in feature["properties"]}
        assert seen <= allowed
        assert seen


def test_a_village_is_found_in_its_tile(demo_package):
    desa = gpd.read_parquet(demo_package.folder / "desa.parquet")
    point = desa.geometry.iloc[0].representative_point()
    with (demo_package.folder / "desa.pmtiles").open("rb") as stream:
        reader = Reader(MmapSource(stream))
        z = reader.header()["max_zoom"]
        x = int((point.x + 180) / 360 * 2**z)
        y = int((1 - math.asinh(math.tan(math.radians(point.y))) / math.pi) / 2 * 2**z)
        tile = mapbox_vector_tile.decode(__import__("gzip").decompress(reader.get(z, x, y)))
    assert zxy_to_tileid(z, x, y) > 0
    codes = {feature["properties"]["village_code"] for feature in tile["desa"]["features"]}
    assert desa["village_code"].iloc[0] in codes


@pytest.mark.parametrize(
    ("width", "height", "side"), [(0.4, 0.3, 0.03), (46.0, 17.0, 0.04), (0.001, 0.001, 0.001), (3.0, 2.0, 0.1)]
)
def test_zooms_follow_the_area_and_its_villages(width, height, side):
    frame = mapworld.villages(4)
    west, south = 100.0, -7.0
    frame["geometry"] = [shapely.box(west + dx, south + dy, west + dx + side, south + dy + side) for dx, dy in ((0, 0), (width - side, 0), (0, height - side), (width - side, height - side))]  # fmt: skip
    least, deepest = zooms(select(Material(frames={"villages": frame}), openworld.SETTINGS, profile="x"))
    assert 2 <= least <= deepest <= 14
    assert (2**deepest * width / 360) * (2**deepest * height / 360) <= 25_000


def test_a_workbook_runs_nothing(hostile_package):
    book = openpyxl.load_workbook(hostile_package.folder / "blankspot.xlsx")
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(book.sheetnames) >= 5


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_same_input_gives_the_same_bytes(tmp_path, lang):
    def written(name):
        made = openworld.package(tmp_path / name, openworld.hostile_frames(), told={"lang": lang})
        return {path.relative_to(made.folder): path.read_bytes() for path in made.folder.rglob("*") if path.is_file()}

    first, second = written("a"), written("b")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_a_package_is_replaced_whole_and_another_folder_never(tmp_path):
    frames = {"villages": mapworld.villages(3)}
    folder = tmp_path / "paket"
    openworld.package(folder, frames)
    (folder / "lama.csv").write_text("x")
    openworld.package(folder, frames, formats=["csv"])
    assert not (folder / "lama.csv").exists()
    assert not (folder / "blankspot.gpkg").exists()
    mine = tmp_path / "punyaku"
    mine.mkdir()
    (mine / "foto.jpg").write_text("x")
    with pytest.raises(OutputError, match="no open data package"):
        openworld.package(mine, frames)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_failure_half_way_leaves_what_stood_there(tmp_path, monkeypatch):
    frames = {"villages": mapworld.villages(3)}
    openworld.package(tmp_path / "paket", frames, formats=["csv"])
    before = (tmp_path / "paket" / DESCRIPTOR).read_bytes()

    def broken(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(package_module, "ms_keg", broken)
    with pytest.raises(OutputError, match="No space left"):
        openworld.package(tmp_path / "paket", frames)
    assert (tmp_path / "paket" / DESCRIPTOR).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["paket"]


def test_villages_across_the_antimeridian(tmp_path):
    frame = mapworld.villages(2)
    frame["geometry"] = [
        shapely.box(179.5, -8, 180, -7),
        shapely.MultiPolygon([shapely.box(179.8, -7, 180, -6), shapely.box(-180, -7, -179.8, -6)]),
    ]
    made = openworld.package(tmp_path / "paket", {"villages": frame})
    document = json.loads((made.folder / "desa.geojson").read_text(encoding="utf-8"))
    xs = [x for feature in document["features"] for x, _ in positions(feature["geometry"]["coordinates"])]
    assert min(xs) >= -180
    assert max(xs) <= 180
    assert len(gpd.read_parquet(made.folder / "desa.parquet")) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_villages_without_any_geometry(tmp_path, count):
    frame = mapworld.villages(count)
    frame["geometry"] = gpd.GeoSeries([None] * count, crs=4326)
    made = openworld.package(tmp_path / "paket", {"villages": frame})
    assert len(pd.read_csv(made.folder / "desa.csv")) == count
    assert "spatial" not in descriptor(made)
    assert not list(made.folder.glob("*.pmtiles"))


def test_nothing_but_villages_with_gaps_everywhere(tmp_path):
    frame = mapworld.villages(3).assign(district=np.nan, population=np.nan, village_type=None)
    made = openworld.package(
        tmp_path / "paket", {"villages": frame, "sites": pd.DataFrame(columns=["site_id", "lon", "lat"])}
    )
    assert {path.stem for path in made.folder.glob("*.csv")} == {"desa"}


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_alone(tmp_path, form):
    made = openworld.package(tmp_path / "paket", openworld.hostile_frames(), formats=[form])
    kinds = {one.format for one in made.files if "/" not in one.path} - {"txt"}
    assert kinds == ({form} if form != "cog" else set())
    shutil.rmtree(made.folder)
