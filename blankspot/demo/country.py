"""Land and people: terrain, water, villages with their borders, roads, and how many people live where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from blankspot.demo import borders, settle
from blankspot.demo.fields import CRS, Lattice, lattice
from blankspot.demo.roads import Roads, build_roads
from blankspot.demo.terrain import Land, shape_land
from blankspot.demo.water import stream_cells
from blankspot.geo import WGS84

if TYPE_CHECKING:
    from blankspot.demo.fields import Floats, Ints


@dataclass(frozen=True)
class Country:
    """Land and people before any network.

    Attributes:
        land: Shape of the land.
        ground: What the 100 m cells offer.
        places: Centres of the villages.
        region: Village of each cell, −1 outside.
        polygons: Village borders in degrees.
        hamlets: Flat cells of each village's hamlets.
        roads: The network.
        people: People per cell, NaN outside.
        residents: People per village.
    """

    land: Land
    ground: settle.Ground
    places: settle.Places
    region: Ints
    polygons: list[shapely.Polygon]
    hamlets: list[list[int]]
    roads: Roads
    people: Floats
    residents: Ints


def settle_country(seed: int, villages: int) -> Country:
    """Return the land of a world and the people on it."""
    land = shape_land(seed, villages)
    cells = lattice(villages, settle.CELL_M)
    ground = settle.survey_ground(seed, villages, land, stream_cells(land, cells))
    places = settle.place_villages(seed, villages, ground)
    region, places = borders.grow_regions(seed, ground, places)
    polygons = borders.draw_borders(seed, region, cells, villages)
    hamlets = settle.place_hamlets(seed, ground, region, places)
    roads = build_roads(seed, ground, places, region, hamlets)
    people = settle.spread_people(seed, ground, region, places, hamlets, roads.cells)
    people, residents = _count(people, cells, region, polygons)
    return Country(land, ground, places, region, polygons, hamlets, roads, people, residents)


def _count(people: Floats, cells: Lattice, region: Ints, polygons: list[shapely.Polygon]) -> tuple[Floats, Ints]:
    """Return the raster and the residents of each village, counted so that the sum over a polygon gives its number.

    A pixel on a border counts for each village by the part of it that lies there; where a part lies outside the kabupaten,
    nobody lives.
    """
    mixed = np.zeros(region.shape, dtype=bool)
    wide = np.pad(region, 1, mode="edge")
    rows, columns = region.shape
    for down in range(3):
        for right in range(3):
            mixed |= wide[down : down + rows, right : right + columns] != region
    pixels = np.flatnonzero(mixed & (region >= 0))
    x, y = cells.place(*np.divmod(pixels, columns))
    half = cells.cell_m / 2
    boxes = shapely.box(x - half, y - half, x + half, y + half)
    shapes = gpd.GeoSeries(polygons, crs=WGS84).to_crs(CRS).array
    box, village = shapely.STRtree(np.asarray(shapes)).query(boxes, predicate="intersects")
    part = shapely.area(shapely.intersection(boxes[box], np.asarray(shapes)[village])) / cells.cell_m**2
    covered = np.bincount(box, weights=part, minlength=len(boxes))
    people = people.copy()
    people.ravel()[pixels[covered < 0.999]] = 0.0  # noqa: PLR2004 - a part of the pixel is abroad
    whole = ~mixed & (region >= 0)
    total = np.bincount(region[whole], weights=people[whole], minlength=len(polygons))
    total += np.bincount(village, weights=part * people.ravel()[pixels[box]], minlength=len(polygons))
    return people, np.round(total).astype(np.intp)
