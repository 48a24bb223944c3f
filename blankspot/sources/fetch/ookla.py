"""Where phones ran speed tests: Ookla's open tiles of a quarter, cut to the area.

Layout (registry of open data on AWS, looked up 2026-11):
`parquet/performance/type=mobile/year=2024/quarter=4/2024-10-01_performance_mobile_tiles.parquet`, about 200 MB for the world; one
row per tile of zoom 16 (some 600 m) in which at least one test ran: quadkey, tile (WKT), avg_d_kbps, avg_u_kbps, avg_lat_ms,
tests, devices (newer quarters also tile_x, tile_y and latencies under load).

What it may say, and what not: somebody with a phone had mobile data there, this fast on average, all operators and
technologies together. It is no signal level, names no operator, and a tile that is not in the file says nothing, for most
places without tests are places without testers. So it does not become measurements: it is a table of its own that no rule of
classification reads, and a desa can be neither `none` nor `served` by it.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from blankspot.errors import FetchError, UsageError
from blankspot.sources.fetch.catalogue import Asset, Order, Product
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from blankspot.settings import Fetch
    from blankspot.sources.fetch.catalogue import Bounds

ZOOM: Final = 16
FIRST_YEAR: Final = 2019
COLUMNS: Final = ("quadkey", "avg_d_kbps", "avg_u_kbps", "avg_lat_ms", "tests", "devices")
_KBPS_PER_MBPS: Final = 1000
_QUARTERS: Final = 4
_MERCATOR_MAX_DEG: Final = 85.05112878
PRODUCT = Product(
    title="Speedtest by Ookla Global Mobile Network Performance Map Tiles",
    version="",
    licence="CC BY-NC-SA 4.0",
    licence_url="https://creativecommons.org/licenses/by-nc-sa/4.0/",
    attribution="Speedtest® by Ookla® Global Fixed and Mobile Network Performance Maps; Ookla trademarks used under license",
    caution=Text(
        "Hanya tempat yang ada uji kecepatannya; bukan level sinyal, tanpa operator. Petak yang tidak ada tidak berarti "
        "tanpa sinyal. Lisensinya melarang penggunaan komersial.",
        "Only where tests ran; no signal level, no operator. A tile that is absent does not mean no signal. The licence forbids "
        "commercial use.",
    ),
)


def order(bounds: Bounds, *, fetch: Fetch, year: int, quarter: int) -> Order:
    """Return the order of the tiles inside `bounds` in a quarter.

    Raises:
        UsageError: There is no such quarter.
    """
    if not (1 <= quarter <= _QUARTERS and year >= FIRST_YEAR):
        raise UsageError(
            Text(f"Ookla tidak punya triwulan {year}-Q{quarter}.", f"Ookla has no quarter {year}-Q{quarter}."),
            hint=Text(f"Tulis misalnya {FIRST_YEAR}-Q1 atau sesudahnya.", f"Write e.g. {FIRST_YEAR}-Q1 or later."),
        )
    name = f"{year}-{3 * quarter - 2:02d}-01_performance_mobile_tiles.parquet"
    url = f"{fetch.base_url.ookla}/parquet/performance/type=mobile/year={year}/quarter={quarter}/{name}"

    def write(paths: Sequence[Path | None], target: Path) -> dict[str, int]:
        path = paths[0]
        assert path is not None  # noqa: S101 - it may not lack
        return _cut(path, target, bounds, f"{year}-Q{quarter}")

    return Order(
        kind="speed_tiles",
        product=replace(PRODUCT, version=f"{year}-Q{quarter}"),
        assets=(Asset(url=url, name=f"ookla/{name}", kind="parquet"),),
        target=f"ookla_mobile_{year}Q{quarter}.parquet",
        write=write,
        several=True,
    )


def tile_of(lon: float, lat: float) -> tuple[int, int]:
    """Return column and row of the web-Mercator tile of zoom 16 that holds a place."""
    side = 2**ZOOM
    lat = max(-_MERCATOR_MAX_DEG, min(_MERCATOR_MAX_DEG, lat))
    column = int((lon + 180) / 360 * side)
    row = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side)
    return min(max(column, 0), side - 1), min(max(row, 0), side - 1)


def quadkey(column: int, row: int) -> str:
    """Return a tile's quadkey: a digit per zoom level, 1 for east and 2 for south."""
    return "".join(str((column >> level & 1) + 2 * (row >> level & 1)) for level in range(ZOOM - 1, -1, -1))


def corners(columns: Any, rows: Any) -> tuple[Any, Any, Any, Any]:
    """Return west, south, east, north in degrees of tiles."""
    import numpy as np

    side = 2**ZOOM
    north, south = (np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (rows + step) / side)))) for step in (0, 1))
    return columns / side * 360 - 180, south, (columns + 1) / side * 360 - 180, north


def _cut(path: Path, target: Path, bounds: Bounds, period: str) -> dict[str, int]:
    """Read the world's tiles in batches and write those of the area as GeoParquet."""
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    import pyarrow.parquet as pq
    import shapely

    left, top = tile_of(bounds[0], bounds[3])
    right, bottom = tile_of(bounds[2], bounds[1])
    with pq.ParquetFile(path) as opened:
        lacking = [name for name in COLUMNS if name not in opened.schema_arrow.names]
        if lacking:
            raise FetchError(
                Text(
                    f"{path.name} tidak punya kolom {', '.join(lacking)}.",
                    f"{path.name} has no column {', '.join(lacking)}.",
                ),
                hint=Text(
                    "Penyedia mengubah susunannya; coba triwulan lain.", "The provider changed it; try another quarter."
                ),
            )
        found = []
        for batch in opened.iter_batches(batch_size=200_000, columns=list(COLUMNS)):
            frame = batch.to_pandas()
            keys = frame["quadkey"].astype("str")
            frame = frame[keys.str.fullmatch(f"[0-3]{{{ZOOM}}}").to_numpy()]
            digits = (
                np.array(frame["quadkey"].tolist(), dtype=f"U{ZOOM}")
                .view("U1")
                .reshape(len(frame), -1)
                .astype(np.int64)
            )
            weights = 2 ** np.arange(ZOOM - 1, -1, -1)
            column, row = (digits & 1) @ weights, (digits >> 1) @ weights
            inside = (column >= left) & (column <= right) & (row >= top) & (row <= bottom)
            found.append(frame[inside].assign(column=column[inside], row=row[inside]))
        total = opened.metadata.num_rows
    tiles = pd.concat(found, ignore_index=True)
    table = pd.DataFrame(
        {
            "quadkey": tiles["quadkey"].astype("str"),
            "period": pd.Series(period, index=tiles.index, dtype="str"),
            "download_mbps": tiles["avg_d_kbps"] / _KBPS_PER_MBPS,
            "upload_mbps": tiles["avg_u_kbps"] / _KBPS_PER_MBPS,
            "latency_ms": tiles["avg_lat_ms"].astype("float64"),
            "tests": tiles["tests"].astype("int64"),
            "devices": tiles["devices"].astype("int64"),
        }
    )
    shapes = shapely.box(*corners(tiles["column"].to_numpy(), tiles["row"].to_numpy()))
    gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326").to_parquet(target)
    return {"tiles": len(table), "tiles_in_file": total}
