"""A file that cannot be used is refused in one message that names what was found and what to do."""

from __future__ import annotations

import json
import zipfile

import geopandas as gpd
import pyogrio
import pytest
import shapely
from shapely.geometry import box

from blankspot.errors import SourceError
from blankspot.sources.boundaries import read_boundaries
from blankspot.sources.boundary_layers import read_layers

CODES = ["32.04.05.2001", "32.04.05.2002"]
FRAME = gpd.GeoDataFrame(
    {"kode": CODES, "nama": ["Kaf\u00e9", "D\u00e9sa"]},
    geometry=[box(107, -7, 107.1, -6.9), box(107.1, -7, 107.2, -6.9)],
    crs=4326,
)


def refused(path, **options) -> str:
    with pytest.raises(SourceError) as caught:
        read_boundaries(path, **options)
    assert caught.value.exit_code == 3
    assert caught.value.hint is not None
    assert caught.value.say("id") != caught.value.say("en")
    assert "Traceback" not in caught.value.say("id")
    return caught.value.say("en")


def test_missing_folder_empty_and_wrong_ending(tmp_path):
    (tmp_path / "kosong.geojson").touch()
    (tmp_path / "a.docx").write_text("x", encoding="utf-8")
    assert "does not exist" in refused(tmp_path / "tiada.gpkg")
    assert "is a folder" in refused(tmp_path)
    assert "is empty" in refused(tmp_path / "kosong.geojson")
    assert ".gpkg" in refused(tmp_path / "a.docx")


def test_truncated_and_disguised_files(tmp_path):
    FRAME.to_file(tmp_path / "a.gpkg")
    whole = (tmp_path / "a.gpkg").read_bytes()
    (tmp_path / "b.gpkg").write_bytes(whole[: len(whole) // 3])
    (tmp_path / "c.geojson").write_text(FRAME.to_json()[:200], encoding="utf-8")
    (tmp_path / "d.parquet").write_bytes(b"PAR1" + b"\0" * 50)
    (tmp_path / "e.shp").write_text("not a shapefile", encoding="utf-8")
    for name in ("b.gpkg", "c.geojson", "d.parquet", "e.shp"):
        assert name in refused(tmp_path / name)


def test_bad_zips(tmp_path):
    FRAME.to_file(tmp_path / "a.geojson", driver="GeoJSON")
    with zipfile.ZipFile(tmp_path / "jahat.zip", "w") as archive:
        archive.write(tmp_path / "a.geojson", "../a.geojson")
    with zipfile.ZipFile(tmp_path / "baik.zip", "w") as archive:
        archive.write(tmp_path / "a.geojson", "a.geojson")
    whole = (tmp_path / "baik.zip").read_bytes()
    (tmp_path / "potong.zip").write_bytes(whole[: len(whole) // 2])
    assert "leads outside" in refused(tmp_path / "jahat.zip")
    assert "truncated" in refused(tmp_path / "potong.zip")
    assert len(read_boundaries(tmp_path / "baik.zip").accepted) == 2


def test_a_layer_without_rows(tmp_path):
    (tmp_path / "a.geojson").write_text('{"type":"FeatureCollection","features":[]}', encoding="utf-8")
    FRAME.iloc[:0].to_parquet(tmp_path / "b.parquet")
    (tmp_path / "c.sql").write_text("INSERT INTO t(kode,path) VALUES ", encoding="utf-8")
    assert "0 rows" in refused(tmp_path / "a.geojson")
    assert "0 rows" in refused(tmp_path / "b.parquet")
    assert "no INSERT" in refused(tmp_path / "c.sql")


def test_a_layer_without_coordinate_system_needs_the_callers_word(tmp_path):
    FRAME.to_file(tmp_path / "a.shp")
    (tmp_path / "a.prj").unlink()
    assert "CRS" in refused(tmp_path / "a.shp")
    assert len(read_boundaries(tmp_path / "a.shp", crs="EPSG:4326").accepted) == 2


def test_a_table_without_geometry(tmp_path):
    pyogrio.write_dataframe(FRAME.drop(columns="geometry"), tmp_path / "a.gpkg", layer="tabel")
    FRAME.drop(columns="geometry").to_parquet(tmp_path / "b.parquet")
    assert "without geometry" in refused(tmp_path / "a.gpkg")
    assert "without geometry" in refused(tmp_path / "b.parquet")


def test_several_layers_need_a_name_unless_one_alone_has_polygons(tmp_path):
    path = tmp_path / "a.gpkg"
    FRAME.to_file(path, layer="desa")
    FRAME.set_geometry(FRAME.geometry.representative_point()).to_file(path, layer="kantor")
    assert len(read_boundaries(path).accepted) == 2
    FRAME.iloc[:1].to_file(path, layer="desa_lama")
    message = refused(path)
    assert "desa, desa_lama" in message
    assert "kantor" not in message
    assert len(read_boundaries(path, layer="desa_lama").accepted) == 1
    assert "(desa_lama?)" in refused(path, layer="desa_lam")


@pytest.mark.parametrize(
    ("encoding", "said"), [("utf-8", "UTF-8"), ("cp1252", "ISO-8859-1"), ("cp1252", ""), ("utf-8", "")]
)
def test_names_of_a_shapefile_are_read_in_their_encoding(tmp_path, encoding, said):
    path = shapefile(tmp_path, [name.encode(encoding) for name in FRAME["nama"]], said)
    assert read_boundaries(path).accepted["village_name"].tolist() == FRAME["nama"].tolist()


def test_mixed_encodings_are_refused_with_the_place(tmp_path):
    path = shapefile(tmp_path, ["Kaf\u00e9".encode(), "D\u00e9sa".encode("cp1252")], "UTF-8")
    message = refused(path)
    assert "mixes character encodings" in message
    assert "row 2, column nama" in message


def test_geojson_that_is_not_utf8_is_refused_with_the_text(tmp_path):
    text = FRAME.to_json(ensure_ascii=False)
    (tmp_path / "a.geojson").write_bytes(text.encode("cp1252"))
    assert "'Kaf\u00e9'" in refused(tmp_path / "a.geojson")


def shapefile(folder, names, said):
    """Write a shapefile whose names are exactly these bytes."""
    plain = [f"NAMA{at}".ljust(10, "_") for at in range(len(names))]
    FRAME.assign(nama=plain).to_file(folder / "a.shp", encoding="ISO-8859-1")
    data = (folder / "a.dbf").read_bytes()
    for old, new in zip(plain, names, strict=True):
        data = data.replace(old.encode(), new.ljust(len(old), b" "))
    (folder / "a.dbf").write_bytes(data)
    (folder / "a.cpg").unlink()
    if said:
        (folder / "a.cpg").write_text(said, encoding="ascii")
    return folder / "a.shp"


def test_a_broken_feature_becomes_a_reject_and_the_rest_is_read(tmp_path):
    square = shapely.geometry.mapping(box(107, -7, 107.1, -6.9))
    two_points = {"type": "Polygon", "coordinates": [[[107, -6], [107.1, -6]]]}
    unclosed = {"type": "Polygon", "coordinates": [[[107.2, -7], [107.3, -7], [107.3, -6.9], [107.2, -6.9]]]}
    features = [
        {"type": "Feature", "properties": {"kode": f"32.04.05.200{at}", "nama": "X"}, "geometry": geometry}
        for at, geometry in enumerate((square, two_points, unclosed), start=1)
    ]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    checked = read_boundaries(path)
    assert checked.accepted["village_code"].tolist() == ["32.04.05.2001", "32.04.05.2003"]
    broken = checked.rejects[checked.rejects["rule"] == "broken_feature"]
    assert broken[["row", "severity"]].to_numpy().tolist() == [[2, "rejected"]]
    assert "linearring" in broken["value"].item()
    assert checked.rejects.loc[checked.rejects["rule"] == "ring_closed", "severity"].tolist() == ["repaired"]
    assert checked.accepted.geometry.iloc[1].area == pytest.approx(0.01)


def test_a_broken_geometry_in_geoparquet_becomes_a_reject(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    FRAME.to_parquet(tmp_path / "a.parquet")
    table = pq.read_table(tmp_path / "a.parquet")
    bytes_ = table["geometry"].to_pylist()
    bytes_[1] = bytes_[1][:30]
    broken = table.set_column(
        table.schema.get_field_index("geometry"), table.schema.field("geometry"), pa.array(bytes_, pa.binary())
    )
    pq.write_table(broken, tmp_path / "b.parquet")
    checked = read_boundaries(tmp_path / "b.parquet")
    assert checked.accepted["village_code"].tolist() == CODES[:1]
    assert checked.counts()["rule"].tolist() == ["broken_feature"]


def test_a_layer_whose_every_feature_is_broken_is_a_bad_file(tmp_path):
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]}}
    (tmp_path / "a.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8"
    )
    assert "none of its 1 features" in refused(tmp_path / "a.geojson")


def test_a_file_geodatabase_is_a_folder_that_is_read(tmp_path):
    FRAME.to_file(tmp_path / "a.gdb", driver="OpenFileGDB")
    assert len(read_boundaries(tmp_path / "a.gdb").accepted) == 2


def test_what_the_library_warns_of_is_passed_on(tmp_path):
    geometry = {"type": "Polygon", "coordinates": "junk"}
    good = shapely.geometry.mapping(FRAME.geometry.iloc[0])
    features = [
        {"type": "Feature", "properties": {"kode": code, "nama": "X"}, "geometry": one}
        for code, one in zip(CODES, (good, geometry), strict=True)
    ]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    assert read_layers(path)[0].remarks
    checked = read_boundaries(path)
    assert checked.counts()[["rule", "rows"]].to_numpy().tolist() == [["reader_remark", 1], ["geometry_missing", 1]]
