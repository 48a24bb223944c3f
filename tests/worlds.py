"""Hand-made worlds of square villages whose verdicts a reader can check in the head."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from shapely.geometry import box

from blankspot.geo import to_degrees

UTM = CRS.from_epsg(32748)
WEST, SOUTH = 780_000.0, 9_220_000.0
CELL = 250.0
SIDE = 40  # cells along a village's side
DAY = dt.datetime(2022, 10, 3, 3, 0, tzinfo=dt.UTC)


def villages(count: int = 1) -> gpd.GeoDataFrame:
    """Return `count` square villages in a row from west to east, each 40 x 40 cells of 250 m."""
    squares = [
        box(WEST + i * SIDE * CELL, SOUTH, WEST + (i + 1) * SIDE * CELL, SOUTH + SIDE * CELL) for i in range(count)
    ]
    return gpd.GeoDataFrame(
        {
            "village_code": [f"99.01.01.2{i + 1:03d}" for i in range(count)],
            "village_name": [f"Desa {i + 1}" for i in range(count)],
        },
        geometry=[
            shapely.transform(square, lambda x, y: to_degrees(x, y, UTM), interleaved=False) for square in squares
        ],
        crs="EPSG:4326",
    )


def at(column: int, row: int = 20) -> tuple[float, float]:
    """Return longitude and latitude of the middle of a cell."""
    lon, lat = to_degrees(WEST + (column + 0.5) * CELL, SOUTH + (row + 0.5) * CELL, UTM)
    return float(lon), float(lat)


def reading(
    column: int,
    value: float = -98.0,
    *,
    row: int = 20,
    metric: str = "rsrp_dbm",
    operator: str | None = "telkomsel",
    technology: str | None = None,
    at_time: dt.datetime = DAY,
    indoor: bool | None = None,
) -> dict[str, object]:
    """Return one reading in the middle of a cell."""
    lon, lat = at(column, row)
    level = np.nan if metric == "no_service" else value
    return {
        "measured_at": at_time, "lon": lon, "lat": lat, "operator": operator, "technology": technology,
        "metric": metric, "value": level, "indoor": indoor, "source": "uji.csv",
    }  # fmt: skip


def drive(values: list[float], each: int = 2, **common: object) -> pd.DataFrame:
    """Return `each` readings per cell, one cell per value, from west to east (wrapping to the next row of cells)."""
    rows = [reading(i % SIDE, value, row=i // SIDE, **common) for i, value in enumerate(values) for _ in range(each)]
    return pd.DataFrame(rows)
