"""Coordinates as people type them into one cell: what they can mean, and when they mean one thing only.

`98.98409-3.47233`, `LU. 99. 14179 03.48002`, `3°28'20" LU 98°59'03" BT`: two numbers, labels, spaces inside numbers and a dash
that is a separator as often as a sign. Indonesia's longitudes (94.5 to 141.5) and latitudes (-11.5 to 6.5) cannot be
mistaken for each other, so the order never matters; the hemisphere does. A dash between two numbers leaves it open
unless a label (LU, LS), a second notation or the area decides. Anything that is not exactly two numbers with decimals is
unreadable, and a lost decimal point is not mended.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from blankspot.geo import in_indonesia

if TYPE_CHECKING:
    from collections.abc import Iterable

Position = tuple[float, float]

_DASHES: Final = re.compile("[\u2010-\u2015\u2212\ufe63\uff0d]")
_WORDS: Final = re.compile(r"[A-Za-z]+")
_NORTH: Final = frozenset({"lu", "n", "u", "utara", "north"})
_SOUTH: Final = frozenset({"ls", "s", "selatan", "south"})
_FILLER: Final = frozenset(
    {"bt", "bb", "e", "w", "t", "x", "y", "timur", "barat", "east", "west", "lat", "latitude", "lintang", "lon", "lng"}
    | {"long", "longitude", "bujur", "koordinat", "coordinate"}
)
_DEGREES: Final = re.compile(r"(\d+)\s*[°º]\s*(\d+(?:[.,]\d+)?)\s*['’′`]\s*(?:(\d+(?:[.,]\d+)?)\s*(?:[\"”″]|''))?")
_PAIR: Final = re.compile(r"([+-]?)\s*(\d+\.\d+)([\s,;/|]*)([+-]?)(\s*)(\d+\.\d+)")


class Reading(NamedTuple):
    """What a text can mean.

    Attributes:
        positions: (lon, lat) in degrees: one if the text is clear, two if the hemisphere is open, none if unreadable.
        fault: "coordinate_unreadable", "coordinate_not_in_indonesia", or "" where there are positions.
    """

    positions: tuple[Position, ...]
    fault: str


def read_coordinates(text: str) -> Reading:
    """Return the positions in Indonesia that a text can stand for."""
    bare = _DASHES.sub("-", text)
    labels = {word.lower() for word in _WORDS.findall(bare)}
    north, south = bool(labels & _NORTH), bool(labels & _SOUTH)
    if labels - _NORTH - _SOUTH - _FILLER or (north and south):
        return Reading((), "coordinate_unreadable")
    found = _PAIR.fullmatch(_numbers_only(bare))
    if found is None or not (found[3] or found[4]):
        return Reading((), "coordinate_unreadable")
    hemisphere = 1 if north else -1 if south else 0
    positions = tuple(dict.fromkeys(_placed(_meanings(found), hemisphere)))
    return Reading(positions, "" if positions else "coordinate_not_in_indonesia")


def _numbers_only(text: str) -> str:
    """Return the text without labels, with degrees made decimal and the spaces inside numbers closed."""
    decimal = _DEGREES.sub(_decimal_degrees, text)
    bare = re.sub(r"[A-Za-z]+\s*[.:=]?|[°º()]", " ", decimal)
    if "." not in bare:
        bare = re.sub(r"(?<=\d),(?=\d)", ".", bare)
    return re.sub(r"(?<=\d)\s*\.\s*(?=\d)", ".", bare).strip(" ,;.")


def _decimal_degrees(found: re.Match[str]) -> str:
    degrees, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups())
    return f"{degrees + minutes / 60 + seconds / 3600:.7f} "


def _meanings(found: re.Match[str]) -> Iterable[Position]:
    """Return the pairs of numbers as written: a dash with nothing or a space beside it may be a separator or a sign."""
    first_sign, first, separator, sign, gap, second = found.groups()
    one = -float(first) if first_sign == "-" else float(first)
    clear = bool(separator) and not gap
    signs = (-1.0,) if sign == "-" and clear else (1.0, -1.0) if sign == "-" else (1.0,)
    return [(one, each * float(second)) for each in signs]


def _placed(pairs: Iterable[Position], hemisphere: int) -> Iterable[Position]:
    for one, other in pairs:
        for lon, lat in ((one, other), (other, one)):
            told = abs(lat) * hemisphere if hemisphere else lat
            if in_indonesia(lon, told):
                yield lon, told
