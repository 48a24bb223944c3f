"""Services are predicted from where their sites stand, and what stands nowhere is left out and said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from affine import Affine
from pyproj import Transformer

from blankspot.check import REJECT_COLUMNS
from blankspot.grid import Grid
from blankspot.radio.intake import usable
from blankspot.radio.standing import standing
from blankspot.settings import load_settings
from blankspot.terrain import GridTerrain

ENGLISH = load_settings({"language": "en"})
UTM = Affine(30, 0, 729_000, 0, -30, 9_076_000)
DEGREES = Affine(1 / 3600, 0, 107, 0, -1 / 3600, -7)


def world(values=None, *, sea=None, transform=UTM, crs="EPSG:32748"):
    values = np.full((400, 500), 100.0) if values is None else values
    return GridTerrain(Grid(values, transform, crs), at_sea=sea)


def services(*places, transform=UTM, ground_m=np.nan):
    """Return one ready service at each (row, column)."""
    x, y = zip(*[transform @ (column + 0.5, row + 0.5) for row, column in places], strict=True)
    if transform is UTM:
        x, y = Transformer.from_crs("EPSG:32748", "EPSG:4326", always_xy=True).transform(x, y)
    names = [f"S{number}" for number in range(len(places))]
    sites = pd.DataFrame(
        {"site_id": names, "lon": x, "lat": y, "ground_m": ground_m, "height_m": 42.0, "status": "active"}
    )
    told = pd.DataFrame(
        {
            "site_id": names,
            "operator": "xl",
            "technology": "4G",
            "source": "menara.xlsx",
            "source_row": range(2, len(names) + 2),
        }
    )
    return usable(told, sites, settings=ENGLISH)[0]


def rules(said):
    return list(zip(said["rule"], said["severity"], said["row"], strict=True))


@pytest.mark.parametrize(("transform", "crs"), [(UTM, "EPSG:32748"), (DEGREES, "EPSG:4326")])
def test_sites_on_land_pass_without_a_word(transform, crs):
    given = services((0, 0), (399, 499), (200, 200), transform=transform)
    stay, said = standing(given, world(transform=transform, crs=crs), settings=ENGLISH)
    pd.testing.assert_frame_equal(stay, given)
    assert said.empty
    assert list(said.columns) == list(REJECT_COLUMNS)


def test_a_site_beyond_the_heights_takes_its_services_out():
    given = services((10, 10), (-1, 10), (10, 500))
    given = pd.concat([given, given[given["site_id"] == "S1"].assign(technology="2G")], ignore_index=True)
    stay, said = standing(given, world(), settings=ENGLISH)
    assert stay["site_id"].tolist() == ["S0"]
    assert rules(said) == [("site_outside_terrain", "rejected", 3), ("site_outside_terrain", "rejected", 4)]
    assert "2 services are not predicted" in said["message"][0]
    assert said["source"][0] == "menara.xlsx"


def test_a_site_on_a_void():
    values = np.full((400, 500), 100.0)
    values[50, 60] = np.nan
    stay, said = standing(services((50, 60), (50, 61)), world(values), settings=ENGLISH)
    assert stay["site_id"].tolist() == ["S1"]
    assert rules(said) == [("site_on_void", "rejected", 2)]
    assert "107." in said["value"][0]


@pytest.mark.parametrize(("transform", "crs"), [(UTM, "EPSG:32748"), (DEGREES, "EPSG:4326")])
def test_a_pier_is_predicted_and_the_deep_sea_is_not(transform, crs):
    sea = np.zeros((400, 500), dtype=bool)
    sea[:, 100:] = True
    values = np.where(sea, 0.0, 100.0)
    near, far = (200, 100 + 160), (200, 100 + 170)  # 161 pixels of 30 m are 4.8 km, 171 are 5.1 km
    if transform is DEGREES:
        near, far = (200, 100 + 162), (200, 100 + 165)  # 30.69 m each at 7° south
    terrain = world(values, sea=sea, transform=transform, crs=crs)
    stay, said = standing(services(near, far, transform=transform), terrain, settings=ENGLISH)
    assert stay["site_id"].tolist() == ["S0"]
    assert rules(said) == [("site_in_sea", "noted", 2), ("site_far_at_sea", "rejected", 3)]
    assert "more than 5 km" in said["message"][1]


def test_a_void_is_no_land():
    values, sea = np.zeros((400, 500)), np.ones((400, 500), dtype=bool)
    values[:, 120:] = np.nan
    sea[:, 120:] = False
    _, said = standing(services((200, 100)), world(values, sea=sea), settings=ENGLISH)
    assert said["rule"].tolist() == ["site_far_at_sea"]


def test_sites_at_one_pixel_are_kept_and_said():
    stay, said = standing(services((5, 5), (9, 9), (5, 5)), world(), settings=ENGLISH)
    assert len(stay) == 3
    assert rules(said) == [("sites_share_pixel", "noted", 2)]
    assert said["value"][0] == "S0, S2"


def test_all_void_leaves_nothing():
    stay, said = standing(services((5, 5), (9, 9)), world(np.full((400, 500), np.nan)), settings=ENGLISH)
    assert stay.empty
    assert said["rule"].tolist() == ["site_on_void"] * 2


def test_no_services_no_remarks():
    given = services((5, 5))
    stay, said = standing(given.iloc[:0], world(), settings=ENGLISH)
    assert (len(stay), len(said)) == (0, 0)


def test_a_raster_in_feet_is_told_by_the_ground_that_sites_state():
    places = [(10 * number, 7 * number) for number in range(8)]
    ground = np.array([200, 310, 420, 530, 640, 750, 860, 970.0])
    values = np.full((400, 500), 1.0)
    for place, metres in zip(places, ground, strict=True):
        values[place] = metres / 0.3048
    _, said = standing(services(*places, ground_m=ground), world(values), settings=ENGLISH)
    assert rules(said) == [("terrain_in_feet", "noted", 0)]
    assert "3.28 times" in said["message"][0]
    _, said = standing(services(*places, ground_m=ground), world(values * 0.3048), settings=ENGLISH)
    assert said.empty
