"""Where the sites of services stand on the terrain: what cannot be predicted from there is left out and said.

A site beyond the heights, or on a pixel without one, cannot be predicted. One in the sea may stand on a pier or a platform:
it is predicted and noted; far from any land its position is wrong. Sites that share a pixel are all predicted and noted,
because one mast is often listed by each of its tenants. Where the ground that sites state and the heights differ by the
factor between feet and metres, the raster is in feet.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, TypedDict

import numpy as np
from pyproj import CRS

from blankspot.radio.metric import positions
from blankspot.radio.remarks import Remarks, shown
from blankspot.settings import Settings, load_settings
from blankspot.words import LANGS, Text, number

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from blankspot.terrain import Terrain


class _Origin(TypedDict):
    table: str
    source: str
    row: int


_DEGREE_M: Final = 111_195.0
_FEET_RATIO: Final = (3.0, 3.6)  # around 3.28 feet to the metre
_GROUNDS_MIN: Final = 5
_GROUND_LEAST_M: Final = 30.0  # below it a few metres of error hide the factor
_SHOWN: Final = 5
_OUTSIDE: Final = Text(
    "menara {site} di {value} berada di luar raster ketinggian; {n} layanan tidak diprediksi. Tambahkan raster di sana atau "
    "betulkan posisinya.",
    "site {site} at {value} lies beyond the raster of heights; {n} services are not predicted. Add a raster there or correct "
    "the position.",
)
_VOID: Final = Text(
    "menara {site} di {value} berada pada piksel tanpa ketinggian; {n} layanan tidak diprediksi. Lengkapi rasternya atau "
    "betulkan posisinya.",
    "site {site} at {value} stands on a pixel without height; {n} services are not predicted. Complete the raster or correct "
    "the position.",
)
_FAR: Final = Text(
    "menara {site} di {value} berada di laut, lebih dari {km} km dari daratan; {n} layanan tidak diprediksi. Betulkan "
    "posisinya.",
    "site {site} at {value} lies in the sea, more than {km} km from land; {n} services are not predicted. Correct the position.",
)
_SEA: Final = Text(
    "menara {site} di {value} berada di laut dekat daratan; {n} layanan tetap diprediksi. Periksa posisinya.",
    "site {site} at {value} lies in the sea near land; {n} services are predicted all the same. Check the position.",
)
_SHARED: Final = Text(
    "menara {value} berada pada piksel yang sama; semuanya diprediksi. Gabungkan bila menaranya satu.",
    "sites {value} stand on one pixel; all of them are predicted. Merge them if it is one mast.",
)
_FEET: Final = Text(
    "Ketinggian raster {value} kali elevasi tanah yang dinyatakan {n} menara: rasternya mungkin dalam kaki. Catat satuannya "
    "(gdal_edit -units ft) atau jadikan meter.",
    "The raster's heights are {value} times the ground that {n} sites state: it may be in feet. State its unit "
    "(gdal_edit -units ft) or make it metres.",
)


def standing(
    services: pd.DataFrame, terrain: Terrain, *, settings: Settings | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Leave out the services whose sites stand where nothing can be predicted from.

    Args:
        services: As `intake.usable` returns them.
        terrain: Heights and sea.
        settings: How far out a mast may stand (`intake.sites_sea_max_km`), language of remarks.

    Returns:
        The services that stay, index from 0, in their order; and remarks, columns of `check.REJECT_COLUMNS`, of table
        `sites`: one for each site, naming its first service's row where that is known.
    """
    settings = settings or load_settings()
    remarks = Remarks(settings.language)
    sites = services.drop_duplicates("site_id")
    row, column = pixels_of(terrain, sites["lon"].to_numpy(), sites["lat"].to_numpy())
    heights = np.full(len(sites), np.nan)
    carried = services["site_id"].value_counts()
    left: list[str] = []
    for at, (_, site) in enumerate(sites.iterrows()):
        inside = 0 <= row[at] < terrain.shape[0] and 0 <= column[at] < terrain.shape[1]
        pixel = (int(row[at]), int(column[at]), 1, 1) if inside else (0, 0, 0, 0)
        if inside:
            heights[at] = terrain.heights(pixel)[0, 0]
        fault = _fault(terrain, pixel, float(heights[at]), settings.intake.sites_sea_max_km) if inside else "outside"
        if fault:
            _say(remarks, fault, site, int(carried[site["site_id"]]), settings.intake.sites_sea_max_km)
        if fault and fault != "in_sea":
            left.append(site["site_id"])
    standing_here = ~sites["site_id"].isin(left).to_numpy()
    _say_shared(remarks, sites[standing_here], row[standing_here], column[standing_here])
    _say_feet(remarks, sites["ground_m"].to_numpy(dtype=float), heights)
    return services[~services["site_id"].isin(left)].reset_index(drop=True), remarks.frame()


def pixels_of(
    terrain: Terrain, lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return row and column of the pixels that hold positions in degrees; they may lie beyond the grid."""
    column, row = positions(terrain.crs, terrain.transform, lon, lat)
    known = np.isfinite(row) & np.isfinite(column)
    return tuple(np.where(known, np.floor(np.where(known, place, 0)), -1).astype(np.int64) for place in (row, column))  # type: ignore[return-value]


def _fault(terrain: Terrain, pixel: tuple[int, int, int, int], height: float, sea_max_km: float) -> str:
    sea = terrain.sea(pixel)
    if sea is not None and sea[0, 0]:
        return "in_sea" if _near_land(terrain, pixel, sea_max_km) else "far_at_sea"
    return "on_void" if math.isnan(height) else ""


def _near_land(terrain: Terrain, pixel: tuple[int, int, int, int], reach_km: float) -> bool:
    """Tell whether there is a pixel of land within so many kilometres."""
    x_m, y_m = _pixel_sides_m(terrain, pixel[0])
    down, across = math.ceil(reach_km * 1000 / y_m), math.ceil(reach_km * 1000 / x_m)
    around = (pixel[0] - down, pixel[1] - across, 2 * down + 1, 2 * across + 1)
    sea, heights = terrain.sea(around), terrain.heights(around)
    land = ~np.isnan(heights) if sea is None else ~np.isnan(heights) & ~sea
    rows, columns = np.nonzero(land)
    return bool((np.hypot((rows - down) * y_m, (columns - across) * x_m) <= reach_km * 1000).any())


def _pixel_sides_m(terrain: Terrain, row: int) -> tuple[float, float]:
    system, place = CRS.from_user_input(terrain.crs), terrain.transform
    if not system.is_geographic:
        unit_m = float(system.axis_info[0].unit_conversion_factor)
        return abs(place.a) * unit_m, abs(place.e) * unit_m
    _, lat = place @ (0, row)
    return abs(place.a) * _DEGREE_M * max(math.cos(math.radians(lat)), 1e-6), abs(place.e) * _DEGREE_M


def _say(remarks: Remarks, fault: str, site: pd.Series, count: int, sea_max_km: float) -> None:
    message = {"outside": _OUTSIDE, "on_void": _VOID, "far_at_sea": _FAR, "in_sea": _SEA}[fault]
    value = f"{site['lon']:.5f}, {site['lat']:.5f}"
    remarks.say(
        column="lon",
        rule={"outside": "site_outside_terrain", "on_void": "site_on_void"}.get(fault, f"site_{fault}"),
        message=message.fill(site=site["site_id"], value=value, n=count, km=f"{sea_max_km:g}"),
        value=value,
        severity="noted" if fault == "in_sea" else "rejected",
        **_origin(site),
    )


def _origin(site: pd.Series) -> _Origin:
    """Return the table, and file and row of a site's first service where they are known."""
    row = shown(site.get("source_row"))
    return {"table": "sites", "source": shown(site.get("source")), "row": int(float(row)) if row else 0}


def _say_shared(remarks: Remarks, sites: pd.DataFrame, row: NDArray[np.int64], column: NDArray[np.int64]) -> None:
    for _, group in sites.assign(_row=row, _column=column).groupby(["_row", "_column"], sort=False):
        if len(group) > 1:
            names = ", ".join(group["site_id"].head(_SHOWN)) + (", …" if len(group) > _SHOWN else "")
            first = group.iloc[0]
            message = _SHARED.fill(value=names)
            remarks.say(column="lon", rule="sites_share_pixel", message=message, value=names, **_origin(first))


def _say_feet(remarks: Remarks, ground_m: NDArray[np.float64], heights_m: NDArray[np.float64]) -> None:
    """Say that the raster seems to be in feet, where enough sites state their ground."""
    told = (ground_m >= _GROUND_LEAST_M) & ~np.isnan(heights_m)
    if int(told.sum()) < _GROUNDS_MIN:
        return
    ratios = heights_m[told] / ground_m[told]
    ratio = float(np.median(ratios))
    alike = (ratios >= _FEET_RATIO[0]) & (ratios <= _FEET_RATIO[1])
    if not (_FEET_RATIO[0] <= ratio <= _FEET_RATIO[1] and 2 * alike.sum() > told.sum()):
        return
    said = Text(*(_FEET.of(lang).format(value=number(ratio, 2, lang=lang), n=int(told.sum())) for lang in LANGS))
    remarks.say(column="ground_m", rule="terrain_in_feet", message=said, value=f"{ratio:.2f}", table="sites")
