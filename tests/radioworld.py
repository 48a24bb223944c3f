"""A workspace of square villages on a plain with a ridge, and a mast: small enough to predict in a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import rasterio
import worlds
from affine import Affine

if TYPE_CHECKING:
    from pathlib import Path

PIXEL_M = 100.0
SITES = pd.DataFrame(
    {
        "site_id": ["M1", "M2"],
        "site_name": ["Bukit Satu", "Bukit Dua"],
        "owner": ["Uji", "Uji"],
        "lon": [worlds.at(10)[0], worlds.at(60)[0]],
        "lat": [worlds.at(10)[1], worlds.at(60)[1]],
        "height_m": [42.0, 52.0],
        "status": ["active", "active"],
        "position_quality": ["surveyed", "surveyed"],
    }
)
SERVICES = pd.DataFrame(
    {
        "site_id": ["M1", "M1", "M2"],
        "operator": ["telkomsel", "indosat", "telkomsel"],
        "technology": ["4G", "4G", "2G"],
        "band_mhz": [900.0, 1800.0, 900.0],
        "eirp_dbm": [56.0, 58.0, 52.0],
        "bandwidth_mhz": [10.0, 10.0, 0.2],
    }
)


def heights(columns: int = 260, rows: int = 160) -> np.ndarray:
    """Return a plain of 100 m with a ridge of 400 m from north to south, east of the first mast."""
    plain = np.full((rows, columns), 100, dtype=np.int16)
    plain[:, 100:104] = 400
    return plain


def write_dem(path: Path, values: np.ndarray | None = None) -> Path:
    """Write heights around the square villages, in their own metric system."""
    values = heights() if values is None else values
    place = Affine(PIXEL_M, 0, worlds.WEST - 3000, 0, -PIXEL_M, worlds.SOUTH + 13000)
    with rasterio.open(
        path, "w", driver="GTiff", width=values.shape[1], height=values.shape[0], count=1, dtype="int16",
        crs=worlds.UTM.to_wkt(), transform=place, nodata=-32768,
    ) as raster:  # fmt: skip
        raster.write(values, 1)
    return path


def write_radio_workspace(
    folder: Path,
    *,
    terrain: bool = True,
    services: pd.DataFrame | None = SERVICES,
    sites: pd.DataFrame = SITES,
    extra: str = "",
) -> Path:
    """Write a workspace of square villages with masts and, unless told not to, heights."""
    lines = []
    (folder / "data").mkdir(parents=True)
    if services is not None:
        with pd.ExcelWriter(folder / "data" / "menara.xlsx") as book:
            sites.to_excel(book, sheet_name="sites", index=False)
            services.to_excel(book, sheet_name="services", index=False)
        lines.append('sites = "data/menara.xlsx"')
    if terrain:
        write_dem(folder / "data" / "dem.tif")
        lines.append('terrain = { path = "data/dem.tif", surface = "dtm" }')
    (folder / "data").rename(folder / "kept")
    worlds.write_workspace(folder, extra="\n".join([*lines, extra]))
    for path in (folder / "kept").iterdir():
        path.rename(folder / "data" / path.name)
    (folder / "kept").rmdir()
    return folder
