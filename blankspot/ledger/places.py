"""Whether the position of a proposal lies in the desa it is stated for, before anything is recorded or sent.

A position is read as it can only be meant: in Indonesia longitude and latitude cannot be mistaken for each other, so a swapped pair
is put right. It belongs to its desa if it lies in it, or not further outside than two layers of the same border differ
(`proposals.border_tolerance_m`). Else the answer names the desa it lies in, and how far away that is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from blankspot import geo
from blankspot.values import coerce
from blankspot.words import Lang, Text, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from blankspot.check import Review

_NOTHING: Final = ("", "-", "–", "--", "n/a", "NA")
_METRES_PER_KM: Final = 1000.0
_TOUCHING_M: Final = 0.5  # less is a rounding of the border, not a place outside it
_MESSAGES: Final = {
    "coordinate_unreadable": Text("'{value}' tidak terbaca sebagai angka.", "'{value}' cannot be read as a number."),
    "swapped_lon_lat": Text(
        "Bujur dan lintang tertukar: bujur tertulis {value}, seharusnya {new}.",
        "Longitude and latitude were swapped: longitude was written {value}, it is {new}.",
    ),
    "position_half": Text(
        "Hanya satu dari bujur dan lintang yang terisi.", "Only one of longitude and latitude is filled in."
    ),
    "outside_indonesia": Text("Posisi {value} di luar Indonesia.", "Position {value} is outside Indonesia."),
}


class Finding(NamedTuple):
    """What a position says about the desa it was stated for.

    `away_m` is how far outside that desa it lies, in metres (0 inside, NaN where nobody can tell); `inside` is the code of the
    desa it lies in, "" for none.
    """

    away_m: float
    inside: str


class Places:
    """The borders that positions are judged by.

    Args:
        villages: village_code and, to judge more than bounds, geometry in EPSG:4326 and village_name; None for bounds only.
        tolerance_m: How far outside its desa a position may lie.
    """

    def __init__(self, villages: pd.DataFrame | None, *, tolerance_m: float) -> None:
        self.tolerance_m = tolerance_m
        drawn = villages is not None and hasattr(villages, "crs") and "geometry" in villages
        self._villages = villages if drawn else None
        self._names: Mapping[str, str] = {}
        if villages is not None and "village_name" in villages:
            self._names = dict(zip(villages["village_code"], villages["village_name"], strict=True))

    def find(self, codes: NDArray[np.object_], lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[Finding]:
        """Return what each position says about the desa of the same place in `codes`."""
        if self._villages is None or not len(self._villages) or not len(lon):
            return [Finding(np.nan, "")] * len(lon)
        import shapely

        from blankspot.locate import locate

        crs = geo.frame_crs(self._villages)
        rows = {code: row for row, code in enumerate(self._villages["village_code"])}
        stated = np.array([rows.get(code, -1) for code in codes])
        shapes = self._villages.geometry.iloc[stated].to_crs(crs).to_numpy()
        x, y = geo.to_metric(lon, lat, crs)
        away = np.where(stated < 0, np.nan, shapely.distance(shapes, shapely.points(x, y)))
        held = locate(lon, lat, self._villages)
        known = self._villages["village_code"].to_numpy()
        return [
            Finding(float(metres), str(known[row]) if row >= 0 else "")
            for metres, row in zip(away, held.tolist(), strict=True)
        ]

    def named(self, code: str) -> str:
        """Return a desa as a reader knows it: its name with its code, or the code alone."""
        return f"{self._names[code]} ({code})" if code in self._names else code

    def told(self, code: str, finding: Finding) -> Text:
        """Return where a position lies that is not in its desa, and how far away."""
        away = _distance(finding.away_m)
        where = Text("di luar semua desa yang dikenal", "outside all known desa")
        if finding.inside:
            where = Text(f"di desa {self.named(finding.inside)}", f"in {self.named(finding.inside)}")
        return Text(
            f"Posisi {{value}} terletak {where.id}, {away.id} dari batas desa {self.named(code)}.",
            f"Position {{value}} lies {where.en}, {away.en} from the border of {self.named(code)}.",
        )

    def near(self, code: str, finding: Finding) -> Text:
        """Return how far outside its desa a position lies that is accepted all the same."""
        away = _distance(finding.away_m)
        return Text(
            f"Posisinya {away.id} di luar batas desa {self.named(code)}; diterima karena dekat batas.",
            f"Its position is {away.en} outside the border of {self.named(code)}; accepted, being near.",
        )


def _distance(metres: float) -> Text:
    return Text(distance_text(metres, "id"), distance_text(metres, "en"))


def distance_text(metres: float, lang: Lang) -> str:
    """Write a distance: "40 m", "1,3 km"."""
    if metres < _METRES_PER_KM:
        return f"{number(metres, lang=lang)} m"
    return f"{number(metres / _METRES_PER_KM, 1, lang=lang)} km"


def read_positions(review: Review) -> None:
    """Make `lon` and `lat` of a review numbers and put swapped pairs right; refuse unreadable, half and foreign ones.

    Rows without a position stay. To be called before the review is conformed to its schema.
    """
    frame = review.frame
    for name in ("lon", "lat"):
        texts = frame[name] if name in frame else pd.Series(np.nan, index=frame.index)
        bare = texts.mask(texts.astype("str").str.strip().isin(_NOTHING))
        frame[name], unreadable = coerce(bare, "number")
        message = _MESSAGES["coordinate_unreadable"]
        review.reject(unreadable, column=name, rule="coordinate_unreadable", message=message, value=texts)
    lon, lat = frame["lon"].copy(), frame["lat"].copy()
    swapped = geo.in_indonesia(lat, lon) & review.alive
    review.repair(swapped, lat, column="lon", rule="swapped_lon_lat", message=_MESSAGES["swapped_lon_lat"])
    frame.loc[swapped, "lat"] = lon[swapped]
    half = frame["lon"].isna() ^ frame["lat"].isna()
    review.reject(half, column="lon", rule="position_half", message=_MESSAGES["position_half"])
    foreign = frame["lon"].notna() & ~geo.in_indonesia(frame["lon"], frame["lat"])
    message = _MESSAGES["outside_indonesia"]
    review.reject(foreign, column="lon", rule="outside_indonesia", message=message, value=shown_positions(frame))


def review_places(review: Review, places: Places) -> None:
    """Refuse the rows whose position is not in the desa that they state; remark on those outside it but near enough.

    `village_code`, `lon` and `lat` are read already; rows without a position stay.
    """
    frame = review.frame
    at = np.flatnonzero(review.alive & frame["lon"].notna().to_numpy() & frame["lat"].notna().to_numpy())
    codes = frame["village_code"].to_numpy(dtype=object)[at]
    lon, lat = (frame[name].to_numpy(dtype=float)[at] for name in ("lon", "lat"))
    shown = shown_positions(frame)
    outside: dict[int, tuple[str, str, Text]] = {}
    for place, code, one in zip(at.tolist(), codes, places.find(codes, lon, lat), strict=True):
        if one.away_m > places.tolerance_m:
            told = places.told(code, one)
            filled = Text(told.id.replace("{value}", shown[place]), told.en.replace("{value}", shown[place]))
            outside[place] = ("lon", "outside_village", filled)
        elif one.away_m > _TOUCHING_M:
            review.remark(place, column="lon", rule="near_border", message=places.near(code, one))
    review.reject_each(outside)


def shown_positions(frame: pd.DataFrame) -> pd.Series:
    """Return positions as a reader writes them: "107.74, -6.944"."""
    pairs = zip(frame["lon"], frame["lat"], strict=True)
    return pd.Series([f"{lon:.6g}, {lat:.6g}" for lon, lat in pairs], index=frame.index, dtype="str")
