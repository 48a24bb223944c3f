"""From a messy workbook to what can be predicted: every fault is said with file, row, value and remedy, the rest goes on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import rasterio
from affine import Affine

from blankspot.radio.intake import usable
from blankspot.radio.standing import standing
from blankspot.settings import load_settings
from blankspot.sources.sites import read_sites
from blankspot.sources.terrain import open_terrain

ENGLISH = load_settings({"language": "en"})
SITES = pd.DataFrame(
    [
        ("S01", "Baik", 107.10, -7.05, 52, "active"),
        ("S02", "Nol", 107.11, -7.05, 0, "active"),
        ("S03", "Limaratus", 107.12, -7.05, 500, "active"),
        ("S04", "Rencana", 107.13, -7.05, 42, "planned"),
        ("S05", "Kembar", 107.10, -7.05, 42, "active"),
        ("S06", "Laut", 107.28, -7.05, 42, "active"),
        ("S07", "Luar", 107.60, -7.05, 42, "active"),
        ("S08", "Lubang", 107.02, -7.02, 42, "active"),
        ("S09", "Dermaga", 107.21, -7.05, 42, "active"),
    ],
    columns=["ID menara", "Nama menara", "Bujur", "Lintang", "Tinggi menara", "Status"],
)
SERVICES = pd.DataFrame(
    [
        ("S01", "telkomsel", "4G", 1800, 58, 120),  # 2: good
        ("S01", "telkomsel", "4G", 1800, 58000, 240),  # 3: milliwatts
        ("S01", "telkomsel", "4G", 1800, 58, 370),  # 4: more than a turn
        ("S01", "telkomsel", "4G", 1.8, 58, 0),  # 5: gigahertz
        ("S01", "telkomsel", "4G", 1800, 58, 120),  # 6: the same as 2
        ("S01", "telkomsel", "4G", 26000, 58, 0),  # 7: outside the model
        ("S02", "xl", "4G", 1800, 58, 0),  # 8: on a mast of 0 m, assumed 42 m
        ("S03", "xl", "4G", 1800, 58, 0),  # 9: on a mast of 500 m, as above
        ("S04", "xl", "4G", 1800, 58, 0),  # 10: planned
        ("S05", "xl", "4G", 1800, 20, 0),  # 11: watts for dBm, doubted; shares its pixel with S01
        ("S06", "xl", "4G", 1800, 58, 0),  # 12: far at sea
        ("S07", "xl", "4G", 1800, 58, 0),  # 13: beyond the heights
        ("S08", "xl", "4G", 1800, 58, 0),  # 14: on a void
        ("S09", "xl", "4G", 1800, 58, 0),  # 15: on a pier
        ("S99", "xl", "4G", 1800, 58, 0),  # 16: nowhere
        ("S01", "telkomsel", "6G", 1800, 58, 0),  # 17: no such generation
    ],
    columns=["ID menara", "Operator", "Teknologi", "Pita", "EIRP", "Azimut"],
)


def write_workbook(folder):
    with pd.ExcelWriter(folder / "menara.xlsx") as book:
        SITES.to_excel(book, sheet_name="Menara", index=False)
        SERVICES.to_excel(book, sheet_name="Layanan menara", index=False)
    return folder / "menara.xlsx"


def write_csv(folder):
    SITES.to_csv(folder / "menara.csv", index=False)
    SERVICES.to_csv(folder / "layanan.csv", index=False)
    return [folder / "menara.csv", folder / "layanan.csv"]


@pytest.fixture
def terrain(tmp_path):
    """Land west of 107.2°, sea east of it, and a void."""
    heights = np.full((400, 1200), 60, dtype=np.float32)
    heights[:, 720:] = 0
    heights[50:100, 50:100] = -9999
    place = Affine(1 / 3600, 0, 107, 0, -1 / 3600, -7)
    profile = {"width": 1200, "height": 400, "count": 1, "dtype": "float32", "nodata": -9999}
    with rasterio.open(
        tmp_path / "dem.tif", "w", driver="GTiff", crs="EPSG:4326", transform=place, **profile
    ) as raster:
        raster.write(heights, 1)
    return open_terrain(tmp_path / "dem.tif", settings=ENGLISH)


@pytest.mark.parametrize("write", [write_workbook, write_csv])
def test_every_fault_is_said_and_the_rest_goes_on(tmp_path, terrain, write):
    checked = read_sites(write(tmp_path), settings=ENGLISH)
    services = checked.extra["services"].join(checked.extra["services_origin"])
    ready, left = usable(services, checked.accepted, settings=ENGLISH)
    stay, fallen = standing(ready, terrain, settings=ENGLISH)

    file = "menara.xlsx" if write is write_workbook else "layanan.csv"
    said = pd.concat([checked.rejects, left, fallen], ignore_index=True)
    rows = said[said["source"] == file]
    expected = {
        3: ("out_of_range", "58,000 dBm is impossible", "mW (= 47.6 dBm)"),
        4: ("out_of_range", "370", "10° and a full turn"),
        5: ("out_of_range", "1.8", "GHz (= 1,800 MHz)"),
        6: ("duplicate", "", ""),
        7: ("outside_model", "26000 MHz", "correct band_mhz"),
        10: ("site_planned", "planned", "not predicted"),
        11: ("eirp_doubtful", "20 dBm", "20 W = 43.0 dBm"),
        12: ("site_far_at_sea", "S06 at 107.28000", "Correct the position"),
        13: ("site_outside_terrain", "S07 at 107.60000", "Add a raster"),
        14: ("site_on_void", "S08 at 107.02000", "Complete the raster"),
        15: ("site_in_sea", "S09", "Check the position"),
        16: ("missing_site", "S99", "not among the accepted sites"),
        17: ("not_a_choice", "6G", "choose: 2G, 3G, 4G, 5G"),
    }
    for number, (rule, *words) in expected.items():
        mine = rows[(rows["row"] == number) & (rows["rule"] == rule)]
        assert len(mine) == 1, (number, rule, rows[["row", "rule", "message"]].to_string())
        assert all(word in mine["message"].item() for word in words), mine["message"].item()

    masts = said[said["rule"] == "height_impossible"]
    assert sorted(masts["row"]) == [3, 4]
    assert all("1 to 400 m" in text for text in masts["message"])
    assert (said["rule"] == "assumed").sum() >= 1
    assert said.loc[said["rule"] == "sites_share_pixel", "value"].tolist() == ["S01, S05"]

    assert sorted(stay["source_row"].astype(int)) == [2, 8, 9, 11, 15]
    assert stay.set_index("site_id").loc["S02", "height_m"] == 42
    assert stay.drop(columns=["ground_m"]).notna().all().all()


def test_crowdsourced_cells_are_counted_and_left_out(real):
    checked = read_sites(real / "towers" / "opencellid_510_dev_westjava.csv", settings=ENGLISH)
    ready, said = usable(checked.extra["services"], checked.accepted, settings=ENGLISH)
    assert ready.empty
    assert said["value"].astype(int).sum() == len(checked.extra["services"])


def test_a_survey_sheet_without_services_predicts_nothing(real):
    checked = read_sites(real / "towers" / "serdang_bedagai_menara.csv", settings=ENGLISH)
    ready, said = usable(checked.extra["services"], checked.accepted, settings=ENGLISH)
    assert (len(ready), len(said)) == (0, 0)


def test_the_services_of_the_demo_are_predicted(demo_source):
    checked = read_sites(sorted((demo_source / "data").glob("menara*")), settings=ENGLISH)
    services = checked.extra["services"].join(checked.extra["services_origin"])
    ready, said = usable(services, checked.accepted, settings=ENGLISH)
    terrain = open_terrain(demo_source / "data" / "dem_30m.tif", settings=ENGLISH)
    stay, fallen = standing(ready, terrain, settings=ENGLISH)
    assert len(stay) + (said["rule"].str.startswith("site_").sum()) + (fallen["severity"] == "rejected").sum() >= len(
        services
    )
    assert len(stay) > 250
    assert set(said["severity"]) <= {"noted"}
