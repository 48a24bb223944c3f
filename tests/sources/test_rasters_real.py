"""The real rasters: their sums, their quirks, and people conserved over villages."""

from __future__ import annotations

import numpy as np
import pytest

from blankspot.sources.boundaries import read_boundaries
from blankspot.sources.rasters import read_grid, read_population, zonal_sums


def test_jakarta_sums_to_more_than_the_country_and_says_so(real):
    people = read_population(real / "rasters" / "Population_Jakarta_geographic.asc")
    assert people.total == pytest.approx(355_987_630, abs=1)
    assert people.grid.shape == (649, 638)
    assert np.isfinite(people.grid.values).sum() == 258_495
    assert people.remarks["rule"].tolist() == ["unit_undocumented", "population_absurd"]
    assert "355.987.630" in people.remarks["message"].iloc[0]


def test_merapi_is_believable_but_its_unit_is_not_stated(real):
    people = read_population(real / "rasters" / "pop_merapi_clip.tif")
    assert people.total == pytest.approx(1_635_226.75, abs=0.01)
    assert people.remarks["rule"].tolist() == ["unit_undocumented"]


def test_jakartas_people_fall_into_its_kelurahan(real):
    codes = sorted((real / "codes").glob("*.csv"))
    jakarta = read_boundaries(
        real / "boundaries" / "kelurahan_jakarta_osm2012" / "kelurahan_jakarta.shp", code_list=codes, measure=False
    ).accepted
    grid = read_grid(real / "rasters" / "Population_Jakarta_geographic.asc")
    sums = zonal_sums(grid, jakarta)
    assert sums.notna().all()
    assert sums.sum() == pytest.approx(297_000_000, rel=0.05)
    assert sums.sum() <= np.nansum(grid.values, dtype=float)


def test_a_mountain_in_utm_and_a_tile_in_a_zip(real):
    mountain = read_grid(real / "rasters" / "dem_bigtujunga_utm11n.tif")
    assert mountain.shape == (643, 1197)
    assert (np.nanmin(mountain.values), np.nanmax(mountain.values)) == (315, 2295)
    lon, lat = mountain.centres()
    assert -119 < lon.min() < lon.max() < -117
    assert 34 < lat.min() < lat.max() < 35
    tile = read_grid(real / "rasters" / "N10W110.hgt.zip")
    assert tile.shape == (1201, 1201)
    assert tile.bounds == pytest.approx((-110.000417, 9.999583, -108.999583, 11.000417), abs=1e-6)
