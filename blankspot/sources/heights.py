"""Heights of towers as survey sheets write them: "52 M", "45  M", "5O M" with a letter O, "12 M (Roof Top)", "721 M".

A letter O among digits is a zero and is repaired; a height that is none, that no tower has, or that is counted from a roof, is
emptied and listed, because the place of the tower is worth keeping without it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.schema import TABLES
from blankspot.sources.names import each_distinct
from blankspot.sources.positions import blank_sentinels
from blankspot.values import read_number
from blankspot.words import Text

if TYPE_CHECKING:
    from blankspot.check import Review

_HEIGHT: Final = re.compile(r"([0-9Oo.,]*[0-9][0-9Oo.,]*)\s*(?:m|mtr|meter|metres?)?\s*\.?\s*(\(.*\))?", re.IGNORECASE)
_ROOF: Final = re.compile(r"roof|atap|rooftop|gedung", re.IGNORECASE)
_MESSAGES: Final = {
    "height_letter_o": Text(
        "Tinggi '{value}' memakai huruf O; dibaca {new} m.",
        "Height '{value}' is written with a letter O; read as {new} m.",
    ),
    "height_unreadable": Text(
        "Tinggi '{value}' tidak terbaca; dikosongkan.", "Height '{value}' cannot be read; left empty."
    ),
    "height_on_roof": Text(
        "Tinggi {value} dihitung dari atap bangunan; tinggi dari tanah tidak diketahui dan dikosongkan.",
        "Height {value} is counted from a roof; the height above ground is not known and left empty.",
    ),
    "height_impossible": Text(
        "Tinggi {value} tidak mungkin untuk menara (1 sampai 400 m); dikosongkan. Betulkan di sumbernya.",
        "Height {value} is impossible for a tower (1 to 400 m); left empty. Correct it in the source.",
    ),
}


def review_heights(review: Review) -> None:
    """Make `height_m` of a review metres, or empty with a reason."""
    written = blank_sentinels(review.frame["height_m"])
    zeros = each_distinct(written, _with_zeros)
    metres = pd.to_numeric(each_distinct(written, _metres), errors="coerce").astype("float64")
    low, high = TABLES["sites"].columns["height_m"].metadata["range"]
    impossible = (metres < low) | (metres > high)
    unreadable = metres.isna() & written.notna()
    on_roof = written.str.contains(_ROOF, na=False) & metres.notna() & ~impossible
    typed_o = (zeros != written) & written.notna() & ~impossible & ~unreadable & ~on_roof
    shown = each_distinct(written, _metres)
    for rule, mask in (
        ("height_letter_o", typed_o),
        ("height_unreadable", unreadable),
        ("height_impossible", impossible),
        ("height_on_roof", on_roof),
    ):
        new = shown if rule == "height_letter_o" else pd.Series(np.nan, index=written.index, dtype="str")
        review.repair(mask, new, column="height_m", rule=rule, message=_MESSAGES[rule])
    review.frame["height_m"] = metres.mask(impossible | on_roof)


def _with_zeros(text: str) -> str:
    found = _HEIGHT.fullmatch(text.strip())
    return text if found is None else text.replace(found[1], re.sub("[Oo]", "0", found[1]), 1)


def _metres(text: str) -> str | None:
    found = _HEIGHT.fullmatch(text.strip())
    value = read_number(re.sub("[Oo]", "0", found[1])) if found else None
    return None if value is None else f"{value:g}"
