"""Every publisher's dialect gives the same villages; every feature leaves as a village or as a reject."""

from __future__ import annotations

import json
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from blankspot.errors import CodeError, SourceError, UsageError
from blankspot.schema import TABLES
from blankspot.settings import load_settings
from blankspot.sources.boundaries import read_boundaries

ENGLISH = load_settings({"language": "en"})
SQUARES = [box(107.0 + 0.01 * n, -7.0, 107.01 + 0.01 * n, -6.99) for n in range(4)]
CODES = ["32.04.05.2001", "32.04.05.2002", "32.04.06.1001", "32.04.06.2002"]
NAMES = ["Cileunyi Kulon", "Cileunyi Wetan", "Padasuka", "Cibeunying"]
BPS = ["3204280003", "3204280004", "3204260001", "3204260002"]
CODE_LIST = pd.DataFrame(
    [
        ("32", "Jawa Barat"),
        ("32.04", "Kabupaten Bandung"),
        ("32.04.05", "Cileunyi"),
        ("32.04.06", "Cimenyan"),
        *zip(CODES, NAMES, strict=True),
    ],
    columns=["code", "name"],
)


def layer(geometry=None, crs=4326, **columns):
    shapes = SQUARES if geometry is None else geometry
    return gpd.GeoDataFrame(dict(columns), geometry=list(shapes), crs=crs)


def write(frame, path):
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path)
    return path


def alike(found, expected) -> bool:
    """Whether two columns of geometry are equal but for where rings begin and the last decimals that formats keep."""
    pairs = (shapely.normalize(np.asarray(one, dtype=object)) for one in (found, expected))
    return bool(shapely.equals_exact(*pairs, tolerance=1e-6).all())


def rules(checked, severity="rejected") -> dict[str, int]:
    counts = checked.counts()
    chosen = counts[counts["severity"] == severity]
    return dict(zip(chosen["rule"], chosen["rows"], strict=True))


DIALECTS = {
    "own": {"village_code": CODES, "village_name": NAMES},
    "headings": {"Kode desa": CODES, "Nama desa": NAMES},
    "kemendagri": {"kode": CODES, "nama": NAMES, "lat": [-6.995] * 4, "lng": [107.005, 107.015, 107.025, 107.5]},
    "big": {
        "KDPPUM": ["32"] * 4, "KDPKAB": ["32.04"] * 4, "KDCPUM": [code[:8] for code in CODES], "KDEPUM": CODES, "KDEBPS": BPS,
        "NAMOBJ": ["x"] * 4, "WADMKD": NAMES, "WADMKC": ["Cileunyi"] * 2 + ["Cimenyan"] * 2, "WADMKK": ["Bandung"] * 4,
        "WADMPR": ["Jawa Barat"] * 4,
    },
    "jabar": {"bps_desa_kode": BPS, "kemendagri_desa_kode": CODES, "kemendagri_desa_nama": NAMES, "bps_kecamatan_nama": ["Cileunyi"] * 4},
    "jabar_other_order": {
        "bps_kode_desa_kelurahan": BPS, "kemendagri_kode_desa_kelurahan": CODES, "bps_nama_desa_kelurahan": ["x"] * 4,
        "kemendagri_nama_desa_kelurahan": NAMES,
    },
    "dukcapil": {"KODE_KD": CODES, "KEL_DESA": NAMES, "KECAMATAN": ["Cileunyi"] * 4, "KAB_KOTA": ["BANDUNG"] * 4},
}  # fmt: skip
BPS_DIALECTS = {
    "hdx": {"ADM4_PCODE": [f"ID{code}" for code in BPS], "ADM4_EN": NAMES, "ADM3_EN": ["Cileunyi"] * 4, "ADM1_EN": ["Jawa Barat"] * 4},
    "hdx_lower": {"adm4_pcode": [f"ID{code}" for code in BPS], "adm4_name": NAMES, "adm3_name": ["Cileunyi"] * 4},
    "github": {"village_code": [f"id{code}" for code in BPS], "village": NAMES, "district": ["Cileunyi"] * 4},
    "bps": {"iddesa": BPS, "nmdesa": NAMES, "nmkec": ["Cileunyi"] * 4},
    "bps_numbers": {"iddesa": [int(code) for code in BPS], "nmdesa": NAMES},
    "gadm": {"GID_4": ["IDN.9.3.1.1_1"] * 4, "NAME_4": NAMES, "NAME_3": ["Cileunyi"] * 4, "TYPE_4": ["Desa"] * 4, "CC_4": BPS},
}  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS)
def test_kemendagri_dialects_give_the_same_villages(tmp_path, dialect):
    checked = read_boundaries(write(layer(**DIALECTS[dialect]), tmp_path / "desa.gpkg"))
    villages = checked.accepted
    assert isinstance(villages, gpd.GeoDataFrame)
    assert villages.crs.to_epsg() == 4326
    assert list(villages.columns) == list(TABLES["villages"].columns)
    assert villages["village_code"].tolist() == CODES
    assert villages["village_name"].tolist() == NAMES
    assert villages["village_type"].tolist() == ["desa", "desa", "kelurahan", "desa"]
    assert checked.rows_rejected == 0
    if "KDEBPS" in DIALECTS[dialect] or any("bps" in name for name in DIALECTS[dialect] if "kode" in name):
        assert villages["bps_code"].tolist() == BPS


@pytest.mark.parametrize("dialect", BPS_DIALECTS)
def test_bps_dialects_give_keys_that_no_one_takes_for_kemendagri(tmp_path, dialect):
    path = write(layer(**BPS_DIALECTS[dialect]), tmp_path / "desa.gpkg")
    villages = read_boundaries(path, codes="bps").accepted
    assert villages["bps_code"].tolist() == BPS
    assert villages["village_code"].tolist() == [f"bps:{code}" for code in BPS]
    assert villages["code_version"].tolist() == ["BPS"] * 4
    assert villages["village_name"].tolist() == NAMES
    assert villages["village_type"].isna().all() or dialect == "gadm"
    refused = read_boundaries(path)
    assert len(refused.accepted) == 0
    assert set(rules(refused)) <= {"code_bps", "code_undotted"}
    assert refused.rejects["message"].str.contains("codes = 'bps'").all()


def test_big_names_of_all_levels(tmp_path):
    villages = read_boundaries(write(layer(**DIALECTS["big"]), tmp_path / "big.shp")).accepted
    assert villages.loc[2, ["district", "regency", "province"]].tolist() == ["Cimenyan", "Bandung", "Jawa Barat"]


def test_geoboundaries_and_gadm_without_codes_are_rejected_with_the_reason(tmp_path):
    path = write(
        layer(shapeName=NAMES, shapeISO=["IDN"] * 4, shapeID=["x"] * 4, shapeGroup=["IDN"] * 4), tmp_path / "gb.geojson"
    )
    checked = read_boundaries(path)
    assert rules(checked) == {"code_missing": 4}
    listed = read_boundaries(path, code_list=CODE_LIST)
    assert rules(listed) == {"code_missing": 4}
    assert listed.rejects["value"].str.contains("32.04.05.2001 Cileunyi Kulon, Cileunyi?", regex=False).sum() == 1


def test_a_row_without_code_is_found_by_name_only_inside_its_kecamatan(tmp_path):
    names = ["CILEUNYI KULON", "Cileunyi  wetan", "Pada Suka", "Cibeunying"]
    frame = layer(NAME_4=names, NAME_3=["Cileunyi", "Cileunyi", "Cimenyan", "Cileunyi"], NAME_2=["Bandung"] * 4)
    checked = read_boundaries(write(frame, tmp_path / "gadm.gpkg"), code_list=CODE_LIST, settings=ENGLISH)
    assert checked.accepted["village_code"].tolist() == CODES[:2]
    assert rules(checked, "repaired") == {"code_from_name": 2}
    assert rules(checked) == {"code_missing": 2}
    shown = checked.rejects.loc[checked.rejects["rule"] == "code_missing", "value"].tolist()
    assert shown[0] == "Pada Suka, Cimenyan (32.04.06.1001 Padasuka, Cimenyan?)"
    assert "Cibeunying, Cileunyi" in shown[1]


def test_the_callers_mapping_comes_first_and_may_be_a_constant(tmp_path):
    frame = layer(kode=["x"] * 4, KDX=CODES, sebutan=NAMES, ORANG=["1.200", "900", "", "30"])
    mapping = {"village_code": "KDX", "village_name": "sebutan", "regency": "=Kabupaten Bandung", "population": "ORANG"}
    villages = read_boundaries(write(frame, tmp_path / "a.gpkg"), mapping=mapping).accepted
    assert villages["village_code"].tolist() == CODES
    assert villages["regency"].tolist() == ["Kabupaten Bandung"] * 4
    assert villages["population"].fillna(-1).tolist() == [1200, 900, -1, 30]


def test_undotted_codes_are_read_only_when_the_caller_vouches(tmp_path):
    path = write(layer(kode=[code.replace(".", "") for code in CODES], nama=NAMES), tmp_path / "a.gpkg")
    assert rules(read_boundaries(path)) == {"code_undotted": 4}
    assert read_boundaries(path, codes="kemendagri_undotted").accepted["village_code"].tolist() == CODES
    with pytest.raises(UsageError, match="kemendagri_undotted"):
        read_boundaries(path, codes="dagri")


def test_bad_codes_each_have_their_rule(tmp_path):
    codes = ["53.1", "32.04.05.4001", "-", "32.04.05.2002"]
    checked = read_boundaries(write(layer(kode=codes, nama=NAMES), tmp_path / "a.gpkg"), settings=ENGLISH)
    assert rules(checked) == {"code_float_damaged": 1, "code_island": 1, "code_missing": 1}
    assert (
        checked.rejects.loc[checked.rejects["rule"] == "code_float_damaged", "value"].item() == "53.1 (53.10? 53.01?)"
    )
    assert checked.rows_in == len(checked.accepted) + checked.rows_rejected


def test_names_and_parents_are_filled_from_the_code_list(tmp_path):
    frame = layer(kode=CODES, nama=["Cileunyi Kulon", None, "", "Cibeunyink"])
    checked = read_boundaries(write(frame, tmp_path / "a.gpkg"), code_list=CODE_LIST)
    villages = checked.accepted
    assert villages["village_name"].tolist() == [*NAMES[:3], "Cibeunyink"]
    assert villages["district"].tolist() == ["Cileunyi"] * 2 + ["Cimenyan"] * 2
    assert set(villages["regency"]) == {"Kabupaten Bandung"}
    assert set(villages["province"]) == {"Jawa Barat"}
    assert rules(checked, "repaired") == {"name_filled": 2}
    assert rules(checked, "noted") == {"name_unlike_code_list": 1}
    assert checked.measures["names_unlike_code_list"] == 1
    assert rules(read_boundaries(tmp_path / "a.gpkg")) == {"missing_value": 2}


def test_a_code_list_file_in_parts(tmp_path):
    CODE_LIST.iloc[:4].to_csv(tmp_path / "atas.csv", index=False)
    CODE_LIST.iloc[4:].assign(district_code="x").to_csv(tmp_path / "desa.csv", index=False)
    path = write(layer(kode=CODES), tmp_path / "a.gpkg")
    villages = read_boundaries(path, code_list=[tmp_path / "atas.csv", tmp_path / "desa.csv"]).accepted
    assert villages["village_name"].tolist() == NAMES
    assert villages["district"].iloc[0] == "Cileunyi"


def test_a_village_without_polygon_is_reported(tmp_path):
    frame = layer(SQUARES[:3], kode=CODES[:3], nama=NAMES[:3])
    checked = read_boundaries(write(frame, tmp_path / "a.gpkg"), code_list=CODE_LIST, settings=ENGLISH)
    noted = checked.rejects[checked.rejects["rule"] == "village_without_polygon"]
    assert noted["value"].tolist() == ["32.04.06.2002 Cibeunying"]
    assert checked.measures["villages_without_polygon"] == 1
    assert len(checked.accepted) == checked.rows_in == 3
    by_list = read_boundaries(tmp_path / "a.gpkg", expected=[*CODES, "32.05.01.2001"])
    assert by_list.measures["villages_without_polygon"] == 2


def test_pseudo_villages_are_reported_and_left_out(tmp_path):
    frame = layer(iddesa=["3204280003", "3204280888", "3204280999", "3204260002"], nmdesa=["A", "Danau", "Hutan", "B"])
    checked = read_boundaries(write(frame, tmp_path / "a.gpkg"), codes="bps", settings=ENGLISH)
    assert rules(checked) == {"pseudo_village": 2}
    assert len(checked.accepted) == 2
    assert "3204280888 Danau is no village" in checked.rejects["message"].iloc[0]


def test_a_crosswalk_turns_bps_numbers_into_codes(tmp_path):
    walk = pd.DataFrame({"old_code": BPS[:3], "new_code": [CODES[0], CODES[1], CODES[2]], "kind": ["recode"] * 3})
    path = write(layer(iddesa=BPS, nmdesa=NAMES), tmp_path / "a.gpkg")
    checked = read_boundaries(path, codes="bps", crosswalk=walk)
    assert checked.accepted["village_code"].tolist() == CODES[:3]
    assert checked.accepted["bps_code"].tolist() == BPS[:3]
    assert checked.accepted["village_type"].tolist() == ["desa", "desa", "kelurahan"]
    assert rules(checked) == {"crosswalk_unlisted": 1}


def test_a_crosswalk_merges_and_refuses_to_cut_a_polygon(tmp_path):
    walk = pd.DataFrame(
        [
            (CODES[0], "32.04.05.2009", "merge"),
            (CODES[1], "32.04.05.2009", "merge"),
            (CODES[2], CODES[2], "split"),
            (CODES[2], "32.04.06.1009", "split"),
        ],
        columns=["old_code", "new_code", "kind"],
    )
    walk.to_csv(tmp_path / "walk.csv", index=False)
    path = write(layer(kode=CODES, nama=NAMES), tmp_path / "a.gpkg")
    official = pd.concat([CODE_LIST, pd.DataFrame({"code": ["32.04.05.2009"], "name": ["Cileunyi"]})])
    checked = read_boundaries(path, crosswalk=tmp_path / "walk.csv", code_list=official)
    assert sorted(checked.accepted["village_code"]) == ["32.04.05.2009", CODES[3]]
    merged = checked.accepted.set_index("village_code").loc["32.04.05.2009"]
    assert merged["village_name"] == "Cileunyi"
    assert merged["geometry"].area == pytest.approx(2e-4)
    assert rules(checked) == {"crosswalk_split": 1, "part_of_village": 1}
    assert checked.rows_in == len(checked.accepted) + checked.rows_rejected


def test_a_village_merged_into_another_takes_the_name_of_that_one(tmp_path):
    walk = pd.DataFrame({"old_code": [CODES[0]], "new_code": [CODES[1]], "kind": ["merge"]})
    path = write(layer(kode=CODES, nama=NAMES), tmp_path / "a.gpkg")
    checked = read_boundaries(path, crosswalk=walk)
    assert checked.accepted["village_code"].tolist() == CODES[1:]
    assert checked.accepted["village_name"].tolist() == NAMES[1:]
    assert checked.accepted.geometry.iloc[0].area == pytest.approx(2e-4)


def test_a_population_that_is_no_count_does_not_cost_the_village(tmp_path):
    frame = layer(kode=CODES, nama=NAMES, jumlah_penduduk=["1.200", "banyak", "-5", ""])
    checked = read_boundaries(write(frame, tmp_path / "a.gpkg"))
    assert checked.accepted["population"].fillna(-1).tolist() == [1200, -1, -1, -1]
    assert rules(checked, "repaired") == {"population_unreadable": 2}


def test_a_crosswalk_that_contradicts_itself_stops_the_reading(tmp_path):
    walk = pd.DataFrame({"old_code": [CODES[0]] * 2, "new_code": CODES[:2], "kind": ["recode"] * 2})
    with pytest.raises(CodeError):
        read_boundaries(write(layer(kode=CODES, nama=NAMES), tmp_path / "a.gpkg"), crosswalk=walk)


BOWTIE = Polygon([(107, -7), (107.01, -6.99), (107.01, -7), (107, -6.99)])
SPIKE = Polygon([(107, -7), (107.01, -7), (107.01, -6.99), (107.02, -6.98), (107.01, -6.99), (107, -6.99)])


def test_an_invalid_polygon_is_repaired_and_its_areas_recorded(tmp_path):
    frame = layer([BOWTIE, SPIKE, SQUARES[2], SQUARES[3]], kode=CODES, nama=NAMES)
    checked = read_boundaries(write(frame, tmp_path / "a.gpkg"), settings=ENGLISH)
    assert rules(checked, "repaired") == {"geometry_invalid": 2}
    assert checked.accepted.geometry.is_valid.all()
    assert set(checked.accepted.geom_type) <= {"Polygon", "MultiPolygon"}
    seen = checked.rejects.loc[checked.rejects["rule"] == "geometry_invalid", "value"].iloc[0]
    assert seen.startswith("Self-intersection, 0.0000 km² → 0.61")
    assert len(checked.accepted) == 4


@pytest.mark.parametrize(
    ("shape", "rule"),
    [
        (None, "geometry_missing"),
        (Polygon(), "geometry_missing"),
        (Point(107, -7), "geometry_not_polygon"),
        (LineString([(107, -7), (107.1, -7)]), "geometry_not_polygon"),
        (shapely.GeometryCollection([Point(107, -7)]), "geometry_not_polygon"),
        (Polygon([(107, -7), (107.1, -7), (107, -7), (107, -7)]), "geometry_degenerate"),
        (box(500, -7, 501, -6), "out_of_range"),
    ],
)
def test_geometry_that_is_no_village_is_rejected(tmp_path, shape, rule):
    frame = layer([shape, *SQUARES[1:]], kode=CODES, nama=NAMES)
    checked = read_boundaries(write(frame, tmp_path / "a.parquet"))
    assert rules(checked) == {rule: 1}
    assert checked.accepted["village_code"].tolist() == CODES[1:]


def test_the_polygons_of_a_collection_are_kept(tmp_path):
    mixed = shapely.GeometryCollection([SQUARES[0], Point(107, -7)])
    checked = read_boundaries(write(layer([mixed, *SQUARES[1:]], kode=CODES, nama=NAMES), tmp_path / "a.parquet"))
    assert rules(checked, "repaired") == {"polygons_kept": 1}
    assert checked.accepted.geometry.iloc[0].equals(SQUARES[0])


def test_swapped_axes_are_put_right_where_the_numbers_leave_no_doubt(tmp_path):
    turned = [shapely.transform(shape, lambda xy: xy[:, ::-1]) for shape in SQUARES]
    checked = read_boundaries(write(layer(turned, kode=CODES, nama=NAMES), tmp_path / "a.gpkg"))
    assert rules(checked, "repaired") == {"axes_swapped": 4}
    assert checked.accepted.geometry.geom_equals(gpd.GeoSeries(SQUARES, crs=4326)).all()


def test_heights_are_dropped_and_projected_coordinates_become_degrees(tmp_path):
    tall = layer([shapely.force_3d(shape, 5.0) for shape in SQUARES], kode=CODES, nama=NAMES).to_crs(32748)
    villages = read_boundaries(write(tall, tmp_path / "a.gpkg")).accepted
    assert not villages.has_z.any()
    assert villages.crs.to_epsg() == 4326
    assert alike(villages.geometry, SQUARES)


def test_parts_of_one_village_are_joined_and_counted(tmp_path):
    frame = layer(
        kode=[CODES[0], CODES[0], CODES[1], CODES[1]],
        nama=["A", "a ", "B", "B"],
        geometry=[*SQUARES[:2], SQUARES[2], SQUARES[2]],
    )
    checked = read_boundaries(write(frame, tmp_path / "a.gpkg"))
    assert checked.accepted["village_code"].tolist() == CODES[:2]
    assert rules(checked) == {"part_of_village": 1, "duplicate_row": 1}
    assert rules(checked, "repaired") == {"parts_joined": 1}
    assert checked.accepted.geometry.iloc[0].area == pytest.approx(2e-4)


def test_one_code_under_two_names_is_refused_on_both(tmp_path):
    frame = layer(kode=[CODES[0], CODES[0], CODES[2], CODES[3]], nama=NAMES)
    checked = read_boundaries(write(frame, tmp_path / "a.gpkg"))
    assert rules(checked) == {"duplicate_code": 2}
    assert checked.accepted["village_code"].tolist() == CODES[2:]


def test_overlaps_gaps_and_label_points_are_measured(tmp_path):
    shapes = [box(107, -7, 107.011, -6.99), *SQUARES[1:3], MultiPolygon([SQUARES[3]])]
    frame = layer(shapes, **DIALECTS["kemendagri"])
    checked = read_boundaries(write(frame, tmp_path / "a.gpkg"))
    assert checked.measures["overlap_pairs"] == 1
    assert checked.measures["overlap_km2"] == pytest.approx(0.122, abs=0.001)
    assert checked.measures["label_points_outside"] == 1
    assert checked.extra["overlaps"].loc[0, ["village_code", "other_code"]].tolist() == CODES[:2]
    assert rules(checked, "noted") == {"label_outside": 1, "overlaps": 1}
    assert "overlap_km2" not in read_boundaries(tmp_path / "a.gpkg", measure=False).measures


def test_several_files_and_a_zip_are_one_layer(tmp_path):
    first = write(layer(SQUARES[:2], kode=CODES[:2], nama=NAMES[:2]), tmp_path / "satu.geojson")
    write(layer(SQUARES[2:], KDEPUM=CODES[2:], WADMKD=NAMES[2:]), tmp_path / "dua.shp")
    with zipfile.ZipFile(tmp_path / "dua.zip", "w") as archive:
        for part in tmp_path.glob("dua.*"):
            if part.suffix != ".zip":
                archive.write(part, f"batas/{part.name}")
    checked = read_boundaries([first, tmp_path / "dua.zip"])
    assert checked.accepted["village_code"].tolist() == CODES
    assert checked.rows_in == 4


FORMATS = {
    "a.geojson": "GeoJSON",
    "a.shp": "ESRI Shapefile",
    "a.fgb": "FlatGeobuf",
    "a.sqlite": "SQLite",
    "a.tab": "MapInfo File",
    "a.gml": "GML",
    "a.kml": "KML",
    "a.geojsonl": "GeoJSONSeq",
    "a.parquet": "",
}


def test_every_format_gives_the_same_villages(tmp_path):
    frame = layer(kode=CODES, nama=NAMES)
    expected = read_boundaries(write(frame, tmp_path / "a.gpkg")).accepted
    for name, driver in FORMATS.items():
        path = tmp_path / name
        if driver:
            frame.to_file(path, driver=driver)
        else:
            frame.to_parquet(path)
        found = read_boundaries(path).accepted.sort_values("village_code", ignore_index=True)
        pd.testing.assert_frame_equal(found.drop(columns="geometry"), expected.drop(columns="geometry"))
        assert alike(found.geometry, expected.geometry), name


MESSY = st.lists(
    st.tuples(
        st.sampled_from([*CODES, "53.1", "3204052001", "", "32.04.05.4001"]),
        st.sampled_from([*NAMES, "", "</script>"]),
        st.sampled_from([*SQUARES, BOWTIE, None, Point(107, -7), box(500, 0, 501, 1)]),
    ),
    min_size=1,
    max_size=12,
)


@given(MESSY, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=25)
def test_rows_are_conserved_and_their_order_does_not_matter(tmp_path_factory, rows, random):
    folder = tmp_path_factory.mktemp("messy")
    shuffled = list(rows)
    random.shuffle(shuffled)
    read = []
    for name, chosen in (("a", rows), ("b", shuffled)):
        frame = layer(
            [shape for _, _, shape in chosen], kode=[code for code, _, _ in chosen], nama=[one for _, one, _ in chosen]
        )
        checked = read_boundaries(write(frame, folder / f"{name}.parquet"), measure=False)
        assert checked.rows_in == len(rows)
        assert len(checked.accepted) + checked.rows_rejected == len(rows)
        rejected = checked.rejects[checked.rejects["severity"] == "rejected"]
        assert len(rejected) == checked.rows_rejected
        assert checked.accepted["village_code"].is_unique
        assert checked.accepted.geometry.is_valid.all()
        read.append(checked)
    first, second = (one.accepted.sort_values("village_code", ignore_index=True) for one in read)
    pd.testing.assert_frame_equal(first[["village_code", "village_type"]], second[["village_code", "village_type"]])
    assert all(a.equals(b) for a, b in zip(first.geometry, second.geometry, strict=True))
    assert rules(read[0]) == rules(read[1])


def test_inputs_are_left_alone(tmp_path):
    listed = CODE_LIST.copy()
    read_boundaries(write(layer(kode=CODES), tmp_path / "a.gpkg"), code_list=listed)
    pd.testing.assert_frame_equal(listed, CODE_LIST)


def test_hostile_names_pass_as_text(tmp_path):
    names = ["</script>", "${x}", "<img onerror=alert(1)>", "`\\` \u202e 😀"]
    path = tmp_path / "a.geojson"
    write(layer(kode=CODES, nama=names), path)
    assert read_boundaries(path).accepted["village_name"].tolist() == names


def test_a_missing_column_names_those_found_and_the_nearest(tmp_path):
    path = write(layer(KODE_DES4=CODES, luas=[1] * 4), tmp_path / "a.gpkg")
    with pytest.raises(SourceError) as caught:
        read_boundaries(path)
    assert "KODE_DES4, luas" in caught.value.say("en")
    with pytest.raises(SourceError, match="KODE_DES5"):
        read_boundaries(path, mapping={"village_code": "KODE_DES5"})


def test_rows_count_as_the_layer_does(tmp_path):
    features = [
        {"type": "Feature", "properties": {"kode": code, "nama": "X"}, "geometry": shapely.geometry.mapping(shape)}
        for code, shape in zip(["x", *CODES[1:]], SQUARES, strict=True)
    ]
    (tmp_path / "a.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    rejects = read_boundaries(tmp_path / "a.geojson").rejects
    assert rejects.loc[rejects["severity"] == "rejected", ["source", "row"]].to_numpy().tolist() == [["a.geojson", 1]]
