"""From a provider's files to a workspace that runs: each product in its real layout, served on loopback, read by our readers."""

from __future__ import annotations

import gzip
import io
import json
import tomllib
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from affine import Affine
from click.testing import CliRunner
from fetchserver import Mood, running
from shapely.geometry import box

import blankspot as bs
from blankspot.cli import app
from blankspot.cli.session import Session
from blankspot.errors import BlankspotError, FetchError, UsageError
from blankspot.out.starter import write_starter
from blankspot.run.fetching import Fetcher
from blankspot.run.sidecar import read_sidecar, sidecar_path
from blankspot.settings import load_settings
from blankspot.sources.fetch import archives, copernicus, ookla, opencellid, worldcover, worldpop
from blankspot.sources.fetch.catalogue import tiles
from blankspot.sources.rasters import read_grid

TOKEN = "pk.rahasia-0123456789"  # noqa: S105 - invented


@pytest.fixture
def server():
    with running() as opened:
        yield opened


@pytest.fixture
def workspace(tmp_path):
    write_starter(tmp_path / "ws", title="Kabupaten Uji", lang="id")
    return tmp_path / "ws"


@pytest.fixture
def call(workspace, server, tmp_path, monkeypatch):
    monkeypatch.setenv("BLANKSPOT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("OPENCELLID_TOKEN", TOKEN)

    def called(name, *words, fails=False):
        arguments = ["fetch", name, str(workspace), "--base-url", server.address, "--json", *words]
        result = CliRunner().invoke(app, arguments, obj=Session(), standalone_mode=False)
        if fails:
            assert isinstance(result.exception, BlankspotError), result.output
            return result.exception
        if result.exception:
            raise result.exception
        return json.loads(result.stdout)

    return called


def desa(columns):
    """Four desa of two regencies side by side, named by BPS."""
    codes = ["ID3204010001", "ID3204010002", "ID3273010001", "ID3273010002"]
    regencies = ["Bandung", "Bandung", "Kota Bandung", "Kota Bandung"]
    values = {
        "name": ["Sukamaju", "Sukamundur", "Isola", "Gegerkalong"], "pcode": codes, "adm3": ["Ciwidey"] * 2 + ["Sukasari"] * 2,
        "adm2": regencies, "adm2_pcode": [code[:6] for code in codes], "adm1": ["Jawa Barat"] * 4,
    }  # fmt: skip
    data = {theirs: values[ours] for ours, theirs in columns.items()}
    shapes = [box(107.4 + at / 20, -7.1, 107.45 + at / 20, -7.05) for at in range(4)]
    return gpd.GeoDataFrame(data, geometry=shapes, crs="EPSG:4326")


NEW = {
    "name": "adm4_name",
    "pcode": "adm4_pcode",
    "adm3": "adm3_name",
    "adm2": "adm2_name",
    "adm2_pcode": "adm2_pcode",
    "adm1": "adm1_name",
}
OLD = {
    "name": "ADM4_EN",
    "pcode": "ADM4_PCODE",
    "adm3": "ADM3_EN",
    "adm2": "ADM2_EN",
    "adm2_pcode": "ADM2_PCODE",
    "adm1": "ADM1_EN",
}


def archive(folder, kind):
    """The country's archive as HDX has it: of now (gdb, geojson), or of earlier releases (shp)."""
    columns = OLD if kind == "shp" else NEW
    villages = desa(columns)
    regencies = villages.dissolve(columns["adm2_pcode"], as_index=False)[
        [columns["adm2_pcode"], columns["adm2"], "geometry"]
    ]
    made = folder / "made"
    made.mkdir()
    for level, frame in ((2, regencies), (4, villages)):
        if kind == "gdb":
            path = made / "idn_admin_boundaries.gdb"
            frame.to_file(
                path,
                layer=f"idn_admin{level}",
                driver="OpenFileGDB",
                engine="pyogrio",
                append=path.exists(),
                promote_to_multi=True,
            )
        elif kind == "shp":
            frame.to_file(made / f"idn_admbnda_adm{level}_bps_20200401.shp", engine="pyogrio")
        else:
            frame.to_file(made / f"idn_admin{level}.geojson", engine="pyogrio")
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as opened:
        for path in sorted(made.rglob("*")):
            opened.write(path, path.relative_to(made))
    return held.getvalue()


def hdx(server, body, kind, **resource):
    name = f"idn_admin_boundaries.{kind}.zip"
    url = server.serve(
        f"/dataset/84a1/resource/c740/download/{name}",
        Mood(status=302, headers={"Location": f"/s3/{name}?X-Amz-Signature=abc"}),
    )
    server.serve(f"/s3/{name}", body)
    told = {
        "url": url,
        "name": name,
        "format": kind,
        "last_modified": "2025-10-30T10:00:00",
        "size": len(body),
        **resource,
    }
    package = {"license_id": "cc-by-igo", "resources": [{"url": f"{server.address}/x.xlsx", "format": "XLSX"}, told]}
    server.serve("/api/3/action/package_show", json.dumps({"success": True, "result": package}).encode())
    return url


@pytest.mark.parametrize("kind", ["gdb", "geojson", "shp"])
@pytest.mark.parametrize("regency", ["Kabupaten Bandung", "kab. bandung", "ID3204"])
def test_a_kabupaten_by_name_is_read_as_bps_and_runs(call, server, workspace, tmp_path, kind, regency):
    hdx(server, archive(tmp_path, kind), kind)
    before = (workspace / "blankspot.toml").read_text()
    told = call("boundaries", "--regency", regency)
    assert told["counts"] == {"villages": 2}
    assert told["entry"] == "added"
    after = (workspace / "blankspot.toml").read_text()
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []
    entry = tomllib.loads(after)["sources"]["boundaries"]
    assert entry == {"path": "data/desa_hdx.gpkg", "codes": "bps", "licence": "CC BY 3.0 IGO"}
    read = bs.read_boundaries(workspace / entry["path"], codes=entry["codes"])
    assert read.accepted["village_code"].tolist() == ["bps:3204010001", "bps:3204010002"]
    assert read.accepted["village_name"].tolist() == ["Sukamaju", "Sukamundur"]
    assert read.accepted["regency"].tolist() == ["Bandung", "Bandung"]
    opened = bs.Workspace(workspace)
    opened.run(until=("villages",))
    [note] = opened.provenance().sources
    assert note.licence.startswith("CC BY 3.0 IGO. Badan Pusat Statistik")
    assert note.address.startswith(server.address)
    assert "Signature" not in sidecar_path(workspace / entry["path"]).read_text()


def test_names_are_not_mixed_up_and_codes_not_guessed(call, server, tmp_path):
    hdx(server, archive(tmp_path, "gdb"), "gdb")
    assert call("boundaries", "--regency", "Kota Bandung")["counts"] == {"villages": 2}
    assert "Bandung" in call("boundaries", "--regency", "Bandng", fails=True).say("en")
    assert "ID3204" in call("boundaries", "--regency", "3204", fails=True).say("en")
    assert "not guessed" in call("boundaries", "--regency", "32.04", fails=True).say("en")
    assert "one of" in call("boundaries", fails=True).say("en")


def test_a_kemendagri_code_is_named_by_the_code_list(call, server, workspace, tmp_path):
    (workspace / "data" / "kode.csv").write_text(
        "code,name\n32,Jawa Barat\n32.04,Kabupaten Bandung\n32.04.01,Ciwidey\n32.04.01.2001,Sukamaju\n"
    )
    path = workspace / "blankspot.toml"
    path.write_text(path.read_text().replace("[sources]\n", '[sources]\ncode_list = "data/kode.csv"\n', 1))
    hdx(server, archive(tmp_path, "gdb"), "gdb")
    assert call("boundaries", "--regency", "32.04")["counts"] == {"villages": 2}


def test_a_listing_may_not_send_us_elsewhere(call, server, tmp_path):
    hdx(server, archive(tmp_path, "gdb"), "gdb", url="file:///etc/idn_admin_boundaries.gdb.zip")
    assert "refused" in call("boundaries", "--regency", "ID3204", fails=True).say("en")
    hdx(server, b"", "gdb", url=server.address + "/..%2f/..gdb.zip")
    assert "refused" in call("boundaries", "--regency", "ID3204", fails=True).say("en")


def test_a_zip_that_leads_outside_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as opened:
        opened.writestr("../idn_admin4.geojson", "{}")
    with pytest.raises(FetchError, match="leads outside"):
        archives.layer_of(tmp_path / "x.zip", 4)


def test_a_wrong_hash_of_the_listing_changes_nothing(call, server, workspace, tmp_path):
    hdx(server, archive(tmp_path, "gdb"), "gdb", hash="0" * 32)
    before = (workspace / "blankspot.toml").read_text()
    assert "expected hash md5:" + "0" * 32 in call("boundaries", "--regency", "ID3204", fails=True).say("en")
    assert (workspace / "blankspot.toml").read_text() == before
    assert list((workspace / "data").iterdir()) == []


def test_geoboundaries_says_which_levels_exist_and_has_no_codes(call, server, workspace):
    villages = desa(NEW)
    named = villages.rename(columns={"adm4_name": "shapeName"})[["shapeName", "geometry"]].assign(shapeGroup="IDN")
    regencies = villages.dissolve("adm2_name", as_index=False).rename(columns={"adm2_name": "shapeName"})[
        ["shapeName", "geometry"]
    ]
    listed = [
        {
            "boundaryType": level, "boundaryID": f"IDN-{level}-1", "boundaryYearRepresented": "2020", "boundarySource": "BPS, OCHA",
            "boundaryLicense": "CC BY 3.0 IGO", "gjDownloadURL": server.serve(f"/raw/{level}.geojson", frame.to_json().encode()),
        }
        for level, frame in (("ADM2", regencies), ("ADM4", named))
    ]  # fmt: skip
    server.serve("/api/current/gbOpen/IDN/ALL/", json.dumps(listed).encode())
    told = call("boundaries", "--from", "geoboundaries", "--regency", "Kota Bandung")
    assert told["counts"] == {"areas": 2}
    assert told["source"]["licence"] == "CC BY 3.0 IGO"
    read = bs.read_boundaries(workspace / "data/geoboundaries_adm4.gpkg")
    assert len(read.accepted) == 0
    assert len(read.rejects) >= 2
    error = call("boundaries", "--from", "geoboundaries", "--level", "3", "--regency", "Kota Bandung", fails=True)
    assert "ADM2, ADM4" in error.say("en")


def raster(west, north, *, step, size, dtype="float32", value=None, nodata=None):
    values = np.arange(size * size).reshape(size, size) if value is None else np.full((size, size), value)
    with rasterio.MemoryFile() as held:
        with held.open(
            driver="COG", width=size, height=size, count=1, dtype=dtype, crs="EPSG:4326", nodata=nodata,
            transform=Affine(step, 0, west, 0, -step, north), blocksize=128,
        ) as opened:  # fmt: skip
            opened.write(values.astype(dtype), 1)
        return held.read()


def test_heights_join_across_tiles_and_the_sea_is_flat(call, server, workspace):
    half = 1 / 120 / 2
    for west, value in ((107, 100), (108, 200)):
        name = f"Copernicus_DSM_COG_10_S08_00_E{west}_00_DEM"
        server.serve(f"/{name}/{name}.tif", raster(west - half, -7 + half, step=1 / 120, size=120, value=value))
    told = call("dem", "--bounds", "107.9,-8.1,108.1,-7.9")
    assert told["counts"]["tiles"] == 2
    assert told["counts"]["sea_tiles"] == 2
    assert (
        tomllib.loads((workspace / "blankspot.toml").read_text())["sources"]["terrain"]["path"] == "data/dem_glo30.tif"
    )
    grid = read_grid(workspace / "data" / "dem_glo30.tif")
    assert set(np.unique(grid.values)) == {0.0, 100.0, 200.0}
    assert grid.bounds == pytest.approx((107.9, -8.1, 108.1, -7.9), abs=0.01)
    bs.Workspace(workspace)


def test_all_sea_is_said(call):
    assert "no data in that area" in call("dem", "--bounds", "90,-30,90.1,-29.9", fails=True).say("en")


@pytest.mark.parametrize(
    ("layout", "year", "path"),
    [
        (
            "constrained",
            2025,
            "Global_2015_2030/R2025A/2025/IDN/v1/100m/constrained/idn_pop_2025_CN_100m_R2025A_v1.tif",
        ),
        ("unconstrained", 2020, "Global_2000_2020/2020/IDN/idn_ppp_2020.tif"),
        ("unconstrained-un", 2018, "Global_2000_2020/2018/IDN/idn_ppp_2018_UNadj.tif"),
    ],
)
def test_people_are_cut_and_read(call, server, workspace, layout, year, path):
    body = raster(107, -7, step=1 / 1200, size=600, value=2, nodata=-99999)
    server.serve(f"/GIS/Population/{path}", body)
    call("population", "--layout", layout, "--year", str(year), "--bounds", "107.1,-7.2,107.2,-7.1")
    read = bs.read_population(workspace / "data" / f"worldpop_{year}.tif")
    assert read.total == pytest.approx(2 * 120 * 120, rel=0.02)
    assert read.remarks["rule"].tolist() == []
    assert "2015 to 2030" in call("population", "--year", "1990", "--bounds", "107,-8,108,-7", fails=True).say("en")


def test_land_cover_keeps_its_classes(call, server, workspace):
    tile = raster(105, -6, step=3 / 360, size=360, dtype="uint8", value=50, nodata=0)
    server.serve("/v200/2021/map/ESA_WorldCover_10m_2021_v200_S09E105_Map.tif", tile)
    assert call("landcover", "--bounds", "107.1,-7.2,107.2,-7.1")["entry"] == "added"
    assert set(np.unique(read_grid(workspace / "data" / "worldcover_2021.tif").values)) == {50}


def cells():
    rows = [
        "LTE,510,10,1234,5678,0,107.43,-7.07,1000,12,1,1500000000,1700000000,0",
        "GSM,510,1,77,88,0,107.50,-7.08,1000,12,1,1500000000,1700000000,0",
        "LTE,510,10,1,2,0,140.0,-3.0,1000,12,1,1500000000,1700000000,0",
        "LTE,510,10,1,3,0,x,y,1000,12,1,1500000000,1700000000,0",
    ]
    return gzip.compress("\r\n".join(rows).encode())


def everything_written(*folders):
    return b"".join(path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file())


def test_cells_become_crowdsourced_sites_and_the_token_stays_secret(call, server, workspace, tmp_path):
    server.serve("/ocid/downloads", cells())
    told = call("cells", "--bounds", "107.4,-7.2,107.6,-7.0")
    assert told["counts"] == {"cells": 2, "cells_in_indonesia": 4}
    [asked] = [path for method, path, _ in server.seen if method == "GET"]
    assert f"token={TOKEN}" in asked
    assert "file=510.csv.gz" in asked
    read = bs.read_sites(workspace / "data" / "opencellid.csv")
    assert read.accepted["position_quality"].tolist() == ["crowdsourced"] * 2
    assert TOKEN not in json.dumps(told)
    assert TOKEN.encode() not in everything_written(workspace, tmp_path / "cache")


def test_a_wrong_token_is_told_as_such(call, server):
    server.serve("/ocid/downloads", b'{"status":"error","message":"INVALID_TOKEN"}')
    error = call("cells", "--bounds", "107.4,-7.2,107.6,-7.0", fails=True)
    assert "INVALID_TOKEN" in error.say("id")
    assert TOKEN not in error.say("id")


def test_without_a_token_it_says_where_to_get_one(call, monkeypatch):
    monkeypatch.delenv("OPENCELLID_TOKEN")
    assert "opencellid.org" in call("cells", "--bounds", "107,-8,108,-7", fails=True).say("en")


def speed_tests(places):
    keys = [ookla.quadkey(*ookla.tile_of(lon, lat)) for lon, lat in places]
    frame = pd.DataFrame({"quadkey": keys, "tile": "POLYGON((0 0,0 1,1 1,0 0))"})
    held = io.BytesIO()
    frame.assign(avg_d_kbps=12500, avg_u_kbps=3000, avg_lat_ms=41, tests=7, devices=3).to_parquet(
        held, row_group_size=2
    )
    return held.getvalue()


def test_speed_tiles_are_a_table_of_their_own(call, server, workspace):
    name = "2024-10-01_performance_mobile_tiles.parquet"
    body = speed_tests([(107.45, -7.05), (107.5, -7.1), (-73.9, 40.7), (107.45, 7.05)])
    server.serve(f"/parquet/performance/type=mobile/year=2024/quarter=4/{name}", body)
    told = call("measurements", "--quarter", "2024-Q4", "--bounds", "107.4,-7.2,107.6,-7.0")
    assert told["counts"] == {"tiles": 2, "tiles_in_file": 4}
    sources = tomllib.loads((workspace / "blankspot.toml").read_text())["sources"]
    assert "measurements" not in sources
    made = gpd.read_parquet(workspace / "data" / "ookla_mobile_2024Q4.parquet")
    assert made["download_mbps"].tolist() == [12.5, 12.5]
    assert made.contains(gpd.GeoSeries.from_xy([107.45, 107.5], [-7.05, -7.1], crs=4326)).all()
    assert "quarter" in call("measurements", "--quarter", "2024", "--bounds", "107,-8,108,-7", fails=True).say("en")


def test_a_dry_run_says_what_how_large_and_under_which_licence_and_writes_nothing(call, server, workspace, tmp_path):
    name = "Copernicus_DSM_COG_10_S08_00_E107_00_DEM"
    server.serve(f"/{name}/{name}.tif", b"x" * 1234)
    told = call("dem", "--dry-run", "--bounds", "107.2,-8.3,107.4,-7.9")
    assert told["bytes_to_come"] == 1234
    assert "Airbus" in told["attribution"]
    assert {one["lacking"] for one in told["files"]} == {True, False}
    assert not (tmp_path / "cache").exists()
    assert list((workspace / "data").iterdir()) == []


def test_large_downloads_want_leave(call, server):
    path = "/v200/2021/map/ESA_WorldCover_10m_2021_v200_S09E105_Map.tif"
    server.serve(path, Mood(body=b"", headers={"Content-Length": "900000000"}))
    error = call("landcover", "--bounds", "107.1,-7.2,107.2,-7.1", fails=True)
    assert isinstance(error, UsageError)
    assert "--yes" in error.say("en")
    assert server.gets(path) == []


def test_an_entry_that_stands_there_is_kept_unless_asked(call, server, workspace):
    path = workspace / "blankspot.toml"
    path.write_text(
        path.read_text().replace("[sources]\n", '[sources]\nterrain = "data/sendiri.tif" # milik kami\n', 1)
    )
    name = "Copernicus_DSM_COG_10_S08_00_E107_00_DEM"
    server.serve(f"/{name}/{name}.tif", raster(107, -7, step=1 / 120, size=120, value=9))
    asked = ("dem", "--bounds", "107.2,-7.8,107.4,-7.4")
    assert call(*asked)["entry"] == "kept"
    assert 'terrain = "data/sendiri.tif" # milik kami' in path.read_text()
    assert call(*asked, "--replace")["entry"] == "replaced"
    assert call(*asked)["entry"] == "present"
    assert len(server.gets(f"/{name}/{name}.tif")) == 1


def test_cells_stand_beside_other_sites_however_they_are_written(call, server, workspace):
    server.serve("/ocid/downloads", cells())
    path = workspace / "blankspot.toml"
    start = path.read_text()
    for written in (
        '[sources]\nsites = "a.xlsx"\n',
        '[sources]\nsites = ["a.xlsx"]\n',
        '[sources]\nsites = { path = "a.xlsx" }\n',
        '[[sources.sites]]\npath = "a.xlsx"\n',
    ):
        path.write_text(start.replace("[sources]\n", written, 1))
        assert call("cells", "--bounds", "107.4,-7.2,107.6,-7.0")["entry"] == "added"
        found = bs.Workspace(workspace).config.sources.sites
        assert [one.path for one in found] == [("a.xlsx",), ("data/opencellid.csv",)]


def test_a_file_of_ones_own_is_not_overwritten(call, server, workspace):
    server.serve("/ocid/downloads", cells())
    own = workspace / "data" / "opencellid.csv"
    own.write_text("milik kami")
    assert "--replace" in call("cells", "--bounds", "107.4,-7.2,107.6,-7.0", fails=True).say("en")
    assert own.read_text() == "milik kami"


def test_a_file_edited_later_no_longer_carries_the_licence(call, server, workspace):
    server.serve("/ocid/downloads", cells())
    call("cells", "--bounds", "107.4,-7.2,107.6,-7.0")
    own = workspace / "data" / "opencellid.csv"
    assert read_sidecar(own).credit.startswith("CC BY-SA 4.0. OpenCelliD")
    own.write_text(own.read_text() + "\n")
    assert read_sidecar(own) is None


def test_the_area_comes_from_the_workspace(demo, tmp_path):
    opened = Fetcher(bs.Workspace(demo), cache=tmp_path)
    west, south, east, north = opened.area(bounds=None, regency=None)
    assert opened.area(bounds=None, regency="99.01") == (west, south, east, north)
    wide = opened.area(bounds=None, regency=None, margin_km=15)
    assert wide[0] < west - 0.1 < east + 0.1 < wide[2]
    with pytest.raises(UsageError, match=r"99\.01"):
        opened.area(bounds=None, regency="Entah")


def test_without_villages_the_area_must_be_said(call):
    assert "fetch boundaries" in call("dem", fails=True).say("en")


@pytest.mark.parametrize(
    "bounds", ["108,-8,107,-7", "107,-8,108", "a,b,c,d", "107,-7,108,-8", "nan,nan,nan,nan", "0,0,999,1"]
)
def test_bounds_that_are_none(workspace, bounds):
    result = CliRunner().invoke(app, ["fetch", "dem", str(workspace), "--bounds", bounds], obj=Session())
    assert result.exit_code in (1, 2)
    assert result.exception is not None


def test_tiles_are_those_that_are_touched():
    assert tiles((107.2, -7.4, 107.9, -6.8), size_deg=1, most=9) == [(-8, 107), (-7, 107)]
    assert tiles((107.0, -7.0, 108.0, -6.0), size_deg=1, most=9) == [(-7, 107)]
    assert tiles((-0.5, -0.5, 0.5, 0.5), size_deg=1, most=9) == [(-1, -1), (-1, 0), (0, -1), (0, 0)]
    assert tiles((107.1, -7.2, 107.2, -7.1), size_deg=3, most=9) == [(-9, 105)]
    with pytest.raises(UsageError, match="tiles"):
        tiles((95, -11, 141, 6), size_deg=1, most=60)


def test_the_defaults_are_https_and_a_mirror_is_no_rule():
    settings = load_settings()
    assert all(url.startswith("https://") for url in settings.fetch.base_url.model_dump().values())
    mirrored = load_settings({"fetch": {"base_url": {"hdx": "http://127.0.0.1:1"}}})
    assert mirrored.digest == settings.digest


@pytest.mark.parametrize("module", [copernicus, worldcover, worldpop, opencellid, ookla])
def test_every_product_names_licence_and_attribution(module):
    product = module.PRODUCT
    assert product.licence
    assert product.licence_url.startswith("https://")
    assert product.attribution
    assert product.caution.id != product.caution.en
