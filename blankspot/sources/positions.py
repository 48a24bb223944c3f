"""Rules about positions that hold for every table with points.

In Indonesia longitude and latitude cannot be mistaken for each other: no longitude there is a possible latitude. Swapped
pairs are therefore put right and listed. 0, 0 is where devices without a fix believe to be. Outside the area is
outside; a border point is inside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd

from blankspot.geo import in_indonesia
from blankspot.locate import locate
from blankspot.values import coerce
from blankspot.words import Text

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from blankspot.check import Review

Area: TypeAlias = "gpd.GeoDataFrame | tuple[float, float, float, float]"

_NOTHING: Final = ("-", "--", "na", "n/a", "nan", "nil", "none", "null", "unknown", "?")
_NO_READING: Final = ("-200", "2147483647", "-2147483648", "9223372036854775807")  # no reading; ends of 32 and 64 bits
SENTINELS: Final = frozenset(
    {spelled for word in _NOTHING for spelled in (word, word.upper(), word.title())}
    | {number + decimals for number in _NO_READING for decimals in ("", ".0", ".00")}
)

_MESSAGES: Final = {
    "swapped_lon_lat": Text(
        "Bujur dan lintang tertukar: bujur tertulis {value}, seharusnya {new}.",
        "Longitude and latitude were swapped: longitude was written {value}, it is {new}.",
    ),
    "unreadable_number": Text("'{value}' tidak terbaca sebagai angka.", "'{value}' cannot be read as a number."),
    "position_missing": Text("Tidak ada posisi: bujur atau lintang kosong.", "There is no position (lon/lat empty)."),
    "position_zero": Text(
        "Posisi 0, 0: perangkat belum mendapat posisi GPS.", "Position 0, 0: the device had no GPS fix."
    ),
    "position_half": Text(
        "Hanya satu dari bujur dan lintang yang terisi.", "Only one of longitude and latitude is filled in."
    ),
    "outside_area": Text("Posisi {value} di luar wilayah kerja.", "Position {value} lies outside the area."),
}


def is_sentinel(texts: pd.Series) -> pd.Series:
    """Return which texts are a logger's way to say that there is no value ("-", −200, 2147483647)."""
    return texts.astype("str").str.strip().isin(SENTINELS) & texts.notna()


def blank_sentinels(texts: pd.Series) -> pd.Series:
    """Return the texts with "no value" as NaN."""
    return texts.mask(is_sentinel(texts))


def review_positions(review: Review, *, optional: bool = False) -> None:
    """Make `lon` and `lat` of a review numbers, put swapped pairs right, refuse unreadable, missing and zero positions.

    Args:
        review: Its frame may lack the columns.
        optional: Rows without any position are fine; half a position never is.
    """
    frame = review.frame
    missing = []
    for name in ("lon", "lat"):
        texts = frame[name] if name in frame else pd.Series(np.nan, index=frame.index)
        numbers, unreadable = coerce(blank_sentinels(texts), "number")
        review.reject(
            unreadable, column=name, rule="unreadable_number", message=_MESSAGES["unreadable_number"], value=texts
        )
        frame[name] = numbers
        missing.append(numbers.isna())
    _swap_back(review)
    if optional:
        review.reject(missing[0] ^ missing[1], column="lon", rule="position_half", message=_MESSAGES["position_half"])
    else:
        review.reject(
            missing[0] | missing[1], column="lon", rule="position_missing", message=_MESSAGES["position_missing"]
        )
    zero = (frame["lon"] == 0) & (frame["lat"] == 0)
    review.reject(zero, column="lon", rule="position_zero", message=_MESSAGES["position_zero"])


def review_area(review: Review, area: Area | None) -> None:
    """Refuse the rows whose position lies outside `area`; rows without a position stay."""
    if area is None:
        return
    lon, lat = review.frame["lon"].to_numpy(dtype=float), review.frame["lat"].to_numpy(dtype=float)
    judged = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat) & review.alive)
    outside = np.zeros(len(lon), dtype=bool)
    outside[judged] = ~inside(lon[judged], lat[judged], area)
    shown = np.full(len(lon), "", dtype=object)
    shown[outside] = [f"{east}, {north}" for east, north in zip(lon[outside], lat[outside], strict=True)]
    review.reject(outside, column="lon", rule="outside_area", message=_MESSAGES["outside_area"], value=shown)


def inside(lon: ArrayLike, lat: ArrayLike, area: Area) -> NDArray[np.bool_]:
    """Return which positions lie in `area`: villages (EPSG:4326), or bounds west, south, east, north; borders count."""
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    if isinstance(area, gpd.GeoDataFrame):
        return np.asarray(locate(lon, lat, area) >= 0)
    west, south, east, north = area
    return np.asarray((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))


def _swap_back(review: Review) -> None:
    frame = review.frame
    lon, lat = frame["lon"].copy(), frame["lat"].copy()
    swapped = in_indonesia(lat, lon).to_numpy(dtype=bool) & review.alive
    if review.repair(swapped, lat, column="lon", rule="swapped_lon_lat", message=_MESSAGES["swapped_lon_lat"]):
        frame.loc[swapped, "lat"] = lon[swapped]
