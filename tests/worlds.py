"""Hand-made worlds of square villages whose verdicts a reader can check in the head."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from shapely.geometry import box

from blankspot.geo import to_degrees

if TYPE_CHECKING:
    from pathlib import Path

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


def full_villages(count: int = 2, names: list[str] | None = None) -> gpd.GeoDataFrame:
    """Return square villages with every column that a boundary file of one's own has."""
    frame = villages(count)
    return frame.assign(
        village_name=names or [f"Sukanagara {i + 1}" for i in range(count)],
        village_type="desa",
        district="Arunasari",
        regency="Kabupaten Uji",
        province="Provinsi Uji",
    )


def local_times(readings: pd.DataFrame) -> pd.DataFrame:
    """Return readings as a planner writes them: local clock times as text."""
    moments = pd.to_datetime(readings["measured_at"], utc=True).dt.tz_convert("Asia/Jakarta")
    return readings.assign(measured_at=moments.dt.strftime("%Y-%m-%d %H:%M:%S"))


def spaced(readings: pd.DataFrame) -> pd.DataFrame:
    """Return readings one second apart, because no two readings of one phone are at the same moment."""
    seconds = pd.to_timedelta(np.arange(len(readings)), unit="s")
    return readings.assign(measured_at=pd.to_datetime(readings["measured_at"], utc=True) + seconds)


def write_workspace(
    folder: Path,
    *,
    names: list[str] | None = None,
    readings: pd.DataFrame | None = None,
    handling: str = "",
    extra: str = "",
) -> Path:
    """Write a workspace of square villages into `folder`: the first has no signal, the others were never measured."""
    (folder / "data").mkdir(parents=True)
    frame = full_villages(len(names) if names else 2, names)
    frame.to_file(folder / "data" / "desa.gpkg", layer="desa", driver="GPKG")
    measured = drive([-121.0] * 31) if readings is None else readings
    local_times(spaced(measured)).to_csv(folder / "data" / "ukur.csv", index=False)
    lines = [
        "[workspace]",
        'title = "Kabupaten Uji"',
        "as_of = 2022-12-26",
        "year = 2022",
        "[sources]",
        'boundaries = "data/desa.gpkg"',
        'measurements = "data/ukur.csv"',
    ]
    if handling:
        (folder / "data" / "penanganan.csv").write_text(handling, encoding="utf-8")
        lines.append('handling = "data/penanganan.csv"')
    (folder / "blankspot.toml").write_text("\n".join([*lines, extra, ""]), encoding="utf-8")
    return folder


HANDLING = """happened_on,village_code,event,year,partner,evidence,document
2022-01-10,99.01.01.2001,target,2022,,,SK 1/2022
2022-01-10,99.01.01.2002,target,2022,,,SK 1/2022
2022-02-01,99.01.01.2001,proposed,,,,
2022-03-01,99.01.01.2001,verified,,,,
2022-04-01,99.01.01.2001,approved,,,,
2022-05-01,99.01.01.2001,assigned,,Telkomsel,,
2022-06-01,99.01.01.2001,construction,,Telkomsel,,
2022-07-01,99.01.01.2001,on_air,,Telkomsel,,
2022-08-01,99.01.01.2001,handled,,Telkomsel,BA-17/2022,
"""
