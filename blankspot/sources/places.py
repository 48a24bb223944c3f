"""Which position a row with a typed coordinate has, when there may be a second notation in numeric columns.

The typed text is what the surveyor wrote; the columns were made from it later. The text is taken where it can be read and the
columns confirm it, or decide its hemisphere. Where it cannot be read the columns stand alone. Where both can be read and lie
further apart than the settings allow, nobody can know which is wrong: the row is refused. Without columns, the
text must mean one thing, by itself or inside the area.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from blankspot.geo import distance_m, in_indonesia
from blankspot.sources.coordinates import Position, read_coordinates
from blankspot.sources.positions import Area, blank_sentinels, inside
from blankspot.values import coerce
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blankspot.check import Review

COORDINATES: Final = "coordinates"
_PLAIN: Final = re.compile(r"-?\d+\.\d+\s*[,;\s]\s*-?\d+\.\d+")
_MESSAGES: Final = {
    "coordinate_text_read": Text(
        "Koordinat '{value}' dibaca sebagai {new}.", "Coordinate '{value}' was read as {new}."
    ),
    "coordinate_text_ignored": Text(
        "Koordinat '{value}' tidak terbaca; dipakai kolom bujur dan lintang: {new}.",
        "Coordinate '{value}' cannot be read; the columns of longitude and latitude are used: {new}.",
    ),
    "coordinate_unreadable": Text(
        "Koordinat '{value}' tidak terbaca sebagai dua angka desimal, dan tidak ada notasi lain.",
        "Coordinate '{value}' cannot be read as two decimal numbers, and there is no other notation.",
    ),
    "coordinate_not_in_indonesia": Text(
        "Koordinat '{value}' tidak terletak di Indonesia, dan tidak ada notasi lain.",
        "Coordinate '{value}' does not lie in Indonesia, and there is no other notation.",
    ),
    "coordinate_ambiguous": Text(
        "Koordinat '{value}' dapat berarti lintang utara atau selatan; tulis LU atau LS, atau pisahkan kolomnya.",
        "Coordinate '{value}' may be north or south; write LU or LS, or use two columns.",
    ),
    "coordinates_disagree": Text(
        "Koordinat '{value}' dan kolom bujur/lintang berjauhan; salah satunya keliru.",
        "Coordinate '{value}' and the columns of longitude and latitude lie far apart; one of them is wrong.",
    ),
    "hemisphere_wrong": Text(
        "Lintang {value} jatuh di luar wilayah kerja, {new} di dalamnya; tandanya dibetulkan.",
        "Latitude {value} falls outside the area and {new} inside; its sign was put right.",
    ),
}
_REFUSALS: Final = (
    "coordinate_unreadable",
    "coordinate_not_in_indonesia",
    "coordinate_ambiguous",
    "coordinates_disagree",
)


class _Settled(NamedTuple):
    """What came of one row: the rule that spoke, and the position where there is one."""

    rule: str
    position: Position | None


def settle_places(review: Review, *, area: Area | None, apart_max_m: float) -> pd.Series:
    """Read the typed coordinates of a review into its `lon` and `lat`, list what was done, and refuse what is not clear.

    Args:
        review: Its frame has the text column `coordinates`, and perhaps `lon` and `lat` as texts.
        area: Decides the hemisphere where nothing else does.
        apart_max_m: How far two notations of one place may lie apart, in metres.

    Returns:
        Which rows have their position from the typed text.
    """
    frame = review.frame
    columns = [frame[name] if name in frame else pd.Series(np.nan, index=frame.index) for name in ("lon", "lat")]
    texts = blank_sentinels(frame[COORDINATES])
    lon, lat = (coerce(blank_sentinels(one), "number")[0].to_numpy(copy=True) for one in columns)
    swapped = in_indonesia(lat, lon)
    lon[swapped], lat[swapped] = lat[swapped], lon[swapped]
    rules = np.full(len(frame), "", dtype=object)
    shown = np.full(len(frame), "", dtype=object)
    new_lon, new_lat = (one.astype("object").to_numpy(copy=True) for one in columns)
    for row in np.flatnonzero(texts.notna() & review.alive):
        other = (float(lon[row]), float(lat[row])) if np.isfinite(lon[row]) and np.isfinite(lat[row]) else None
        settled = _settle(str(texts.iloc[row]), other, area, apart_max_m)
        rules[row] = settled.rule
        if settled.position is not None:
            shown[row] = f"{settled.position[0]}, {settled.position[1]}"
            if settled.rule != "coordinate_text_ignored":
                new_lon[row], new_lat[row] = settled.position
    from_text = pd.Series(np.isin(rules, ["coordinate_text_read", "plain"]), index=frame.index)
    for rule in ("coordinate_text_read", "coordinate_text_ignored"):
        review.repair(rules == rule, shown, column=COORDINATES, rule=rule, message=_MESSAGES[rule])
    for rule in _REFUSALS:
        review.reject(rules == rule, column=COORDINATES, rule=rule, message=_MESSAGES[rule])
    frame["lon"] = pd.Series(new_lon, index=frame.index).astype("str").mask(pd.isna(new_lon))
    frame["lat"] = pd.Series(new_lat, index=frame.index).astype("str").mask(pd.isna(new_lat))
    return from_text


def right_hemispheres(review: Review, area: Area | None) -> None:
    """Put the sign of a latitude right where only the other hemisphere lies in the area."""
    if area is None:
        return
    lon, lat = review.frame["lon"].to_numpy(dtype=float), review.frame["lat"].to_numpy(dtype=float)
    placed = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat) & review.alive)
    wrong = np.zeros(len(lon), dtype=bool)
    wrong[placed] = ~inside(lon[placed], lat[placed], area) & inside(lon[placed], -lat[placed], area)
    review.repair(wrong, -lat, column="lat", rule="hemisphere_wrong", message=_MESSAGES["hemisphere_wrong"])


def _settle(text: str, other: Position | None, area: Area | None, apart_max_m: float) -> _Settled:
    positions, fault = read_coordinates(text)
    read = "plain" if _PLAIN.fullmatch(text.strip()) else "coordinate_text_read"
    if other is None:
        kept = (
            [one for one in positions if _within(one, area)] if len(positions) > 1 and area is not None else positions
        )
        if len(kept) == 1:
            return _Settled(read, kept[0])
        return _Settled("coordinate_ambiguous" if positions else fault, None)
    if not positions:
        return _Settled("coordinate_text_ignored", other)
    mirrored = [(other[0], -other[1])] if len(positions) == 1 else []
    near = _nearest(positions, [other, *mirrored], apart_max_m)
    return _Settled("coordinates_disagree", None) if near is None else _Settled(read, near)


def _within(position: Position, area: Area) -> bool:
    return bool(inside([position[0]], [position[1]], area)[0])


def _nearest(positions: Sequence[Position], others: Sequence[Position], apart_max_m: float) -> Position | None:
    """Return the position that one of the others confirms, the nearest of them first; None where none does."""
    measured = [(float(distance_m(*one, *other)), one) for one in positions for other in others]
    metres, position = min(measured)
    return position if metres <= apart_max_m else None
