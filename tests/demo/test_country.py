from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from blankspot.demo.country import settle_country
from blankspot.demo.growth import connected


@pytest.fixture(scope="module")
def country():
    return settle_country(8, 90)


def test_villages_are_whole_and_hold_their_centre(country):
    count = country.places.count
    seeds = country.places.seeds[:count]
    assert (country.region.ravel()[seeds] == np.arange(count)).all()
    inside = np.where(country.region >= 0, country.region, -1)
    assert connected(inside, seeds)[country.region >= 0].all()


def test_people_live_where_it_is_gentle_and_low(country):
    people = np.nan_to_num(country.people).ravel()
    ground = country.ground
    inside = (country.region >= 0).ravel()
    by_people = np.average(ground.slope.ravel(), weights=people)
    assert by_people < 0.75 * ground.slope.ravel()[inside].mean()
    assert np.average(ground.hollow.ravel(), weights=people) < ground.hollow.ravel()[inside].mean()


def test_nobody_lives_outside_and_the_numbers_add_up(country):
    assert np.isnan(country.people[country.region < 0]).all()
    assert abs(country.residents.sum() - np.nansum(country.people)) < len(country.residents)
    assert (country.residents > 300).all()


def test_roads_connect_all_villages(country):
    lines = np.array(country.roads.lines.geometry)
    ends = np.round(shapely.get_coordinates(lines), 3)
    owner = np.repeat(np.arange(len(lines)), shapely.get_num_coordinates(lines))
    _, node = np.unique(ends, axis=0, return_inverse=True)
    group = np.arange(len(lines) + node.max() + 1)
    links = np.column_stack([owner, node + len(lines)])
    while True:
        joined = group.copy()
        np.minimum.at(joined, links[:, 0], group[links[:, 1]])
        np.minimum.at(joined, links[:, 1], joined[links[:, 0]])
        if (joined == group).all():
            break
        group = joined
    sizes = np.bincount(group[: len(lines)], weights=shapely.length(lines))
    assert sizes.max() > 0.97 * sizes.sum()
    seeds = country.places.seeds[: country.places.count]
    x, y = country.ground.cells.place(*np.divmod(seeds, country.ground.cells.columns))
    main = shapely.union_all(lines[group[: len(lines)] == sizes.argmax()])
    near = shapely.distance(shapely.points(x, y), main) < 150
    assert near.mean() > 0.95


def test_roads_bend_around_mountains(country):
    ground = country.ground
    passed = country.roads.cells & (country.region >= 0)
    assert ground.slope[passed].mean() < 0.6 * ground.slope[country.region >= 0].mean()


def test_roads_and_rivers_lie_in_the_kabupaten(small):
    area = small.villages.union_all()
    assert small.roads.within(area.buffer(0.013)).all()
    assert small.rivers.within(area.buffer(1e-5)).all()
    assert {"jalan kabupaten", "jalan desa", "jalan lingkungan"} <= set(small.roads["kind"])
    assert isinstance(small.roads, gpd.GeoDataFrame)
