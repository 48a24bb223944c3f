"""Every real boundary file, with the exact numbers of accepted, rejected and repaired rows."""

from __future__ import annotations

import pandas as pd
import pytest
from shapely.geometry import Point

from blankspot.sources.boundaries import read_boundaries
from blankspot.sources.coverage_faults import coverage_faults

COUNTS = {
    "kemendagri_32.04_kab_bandung.geojson": ("kemendagri", 280, {}),
    "kemendagri_32.73_kota_bandung.geojson": ("kemendagri", 151, {}),
    "kemendagri_12.18_serdang_bedagai.geojson": ("kemendagri", 243, {}),
    "wilayah_boundaries_kel_32.04.sql": ("kemendagri", 280, {}),
    "bps2020_3204_kab_bandung.geojson": ("bps", 280, {("rejected", "pseudo_village"): 1}),
    "bps2020_3273_kota_bandung.geojson": ("bps", 151, {}),
    "kelurahan_jakarta_osm2012/kelurahan_jakarta.shp": ("kemendagri", 0, {("rejected", "code_missing"): 261}),
}


def counted(checked) -> dict[tuple[str, str], int]:
    counts = checked.counts()
    counts = counts[counts["severity"] != "noted"]
    return {(row.severity, row.rule): row.rows for row in counts.itertuples()}


@pytest.fixture(scope="module")
def codes(real):
    return pd.concat(
        [pd.read_csv(path, dtype="str")[["code", "name"]] for path in sorted((real / "codes").glob("*.csv"))]
    )


@pytest.mark.parametrize("name", COUNTS)
def test_every_file_is_read_with_these_numbers(real, name):
    numbering, accepted, said = COUNTS[name]
    checked = read_boundaries(real / "boundaries" / name, codes=numbering)
    assert len(checked.accepted) == accepted
    assert counted(checked) == said
    assert checked.rows_in == accepted + sum(rows for (severity, _), rows in said.items() if severity == "rejected")
    assert checked.accepted.geometry.is_valid.all()
    assert checked.accepted.crs.to_epsg() == 4326


def test_kab_bandung_by_kemendagri(real, codes):
    checked = read_boundaries(real / "boundaries" / "kemendagri_32.04_kab_bandung.geojson", code_list=codes)
    villages = checked.accepted
    assert villages["village_type"].value_counts().to_dict() == {"desa": 270, "kelurahan": 10}
    assert villages["village_name"].duplicated().sum() == 28
    assert villages["district"].nunique() == 31
    assert set(villages["regency"]) == {"Kabupaten Bandung"}
    assert set(villages["province"]) == {"Jawa Barat"}
    assert checked.measures["overlap_km2"] == pytest.approx(0.398, abs=0.001)
    assert checked.measures["gap_km2"] == pytest.approx(0.417, abs=0.001)
    assert checked.measures["label_points_outside"] == 4
    assert checked.measures["area_km2"] == pytest.approx(1740.8, abs=0.1)
    assert checked.measures["villages_without_polygon"] == 0
    assert checked.measures["names_unlike_code_list"] == 0
    assert checked.extra["overlaps"]["overlap_km2"].sum() == pytest.approx(checked.measures["overlap_km2"])


def test_kab_bandung_by_bps(real):
    checked = read_boundaries(real / "boundaries" / "bps2020_3204_kab_bandung.geojson", codes="bps")
    villages = checked.accepted
    lake = checked.rejects[checked.rejects["rule"] == "pseudo_village"].iloc[0]
    assert lake["value"] == "3204040888 Danau"
    assert villages["bps_code"].str.fullmatch("3204[0-9]{6}").all()
    assert (villages["village_code"] == "bps:" + villages["bps_code"]).all()
    assert villages["village_type"].isna().all()
    assert villages["district"].nunique() == 31
    assert checked.measures["overlap_km2"] == 0
    assert checked.measures["gap_km2"] == pytest.approx(3.431, abs=0.001)  # the lake that was left out


def test_bps_numbers_are_never_taken_for_codes(real):
    checked = read_boundaries(real / "boundaries" / "bps2020_3204_kab_bandung.geojson")
    assert len(checked.accepted) == 0
    assert counted(checked) == {("rejected", "code_bps"): 281}


def test_the_sql_form_equals_the_geojson_form(real):
    ours = read_boundaries(real / "boundaries" / "wilayah_boundaries_kel_32.04.sql")
    theirs = read_boundaries(real / "boundaries" / "kemendagri_32.04_kab_bandung.geojson")
    pd.testing.assert_frame_equal(ours.accepted.drop(columns="geometry"), theirs.accepted.drop(columns="geometry"))
    assert ours.accepted.geometry.geom_equals_exact(theirs.accepted.geometry, 0).all()
    assert ours.measures == theirs.measures


def test_jakarta_without_codes_is_found_by_name_or_lists_its_candidates(real, codes):
    path = real / "boundaries" / "kelurahan_jakarta_osm2012" / "kelurahan_jakarta.shp"
    checked = read_boundaries(path, code_list=codes, measure=False)
    assert len(checked.accepted) == 214
    assert counted(checked) == {("rejected", "code_missing"): 47, ("repaired", "code_from_name"): 214}
    assert checked.accepted["village_code"].str.startswith("31.7").all()
    assert checked.accepted["village_code"].is_unique
    shown = checked.rejects.loc[checked.rejects["rule"] == "code_missing", "value"]
    assert "Kalideres, Kecamatan Kali Deres (31.73.06.1001 Kalideres, Kalideres?)" in shown.tolist()
    assert checked.measures["villages_without_polygon"] == 47


def test_the_country_in_one_piece(real, codes):
    path = real / "boundaries" / "national_2025_simplified_without_13_36_53.parquet"
    checked = read_boundaries(path, code_list=codes, measure=False)
    assert checked.rows_in == 77_340
    assert len(checked.accepted) == 77_339
    assert counted(checked) == {("rejected", "geometry_missing"): 1, ("repaired", "geometry_invalid"): 104}
    assert (
        checked.rejects.loc[checked.rejects["rule"] == "geometry_missing", "value"].item() == "96.01.05.1012 Malagusa"
    )
    assert checked.measures["villages_without_polygon"] == 164
    assert checked.measures["names_unlike_code_list"] == 52
    assert checked.accepted["district"].notna().all()
    assert checked.accepted.geometry.is_valid.all()
    assert set(checked.accepted.geom_type) == {"Polygon", "MultiPolygon"}


def test_overlaps_and_gaps_of_a_province_of_real_polygons(real):
    path = real / "boundaries" / "national_2025_simplified_without_13_36_53.parquet"
    bali = read_boundaries(path, measure=False).accepted
    bali = bali[bali["village_code"].str.startswith("51.")].reset_index(drop=True)
    found = coverage_faults(bali)
    assert (found.overlaps["village_code"] < found.overlaps["other_code"]).all()
    assert found.gaps["gap_km2"].is_monotonic_decreasing
    worst = found.overlaps.iloc[0]
    pair = bali.set_index("village_code").loc[[worst["village_code"], worst["other_code"]]].geometry
    assert pair.intersects(Point(worst["lon"], worst["lat"])).all()
