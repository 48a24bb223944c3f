"""One cell of an indicator sheet: the quarter, the figure, the direction or the contact that its words hold.

Figures come as "1.234", "8,9 Milyar", "36 OPD" or "43 dari 60 desa (71,67 %)". A cell whose own numbers contradict each other is
refused and told what would fit; a percentage is no count; a number with another unit than the row's is not converted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from blankspot.claims import read_claim
from blankspot.values import is_ratio_unit, read_amount, read_number, read_percent, read_quarter

if TYPE_CHECKING:
    from blankspot.claims import Claim
    from blankspot.words import Text

_NOTHING: Final = frozenset({"-", "–", "—", "n/a", "na", "belum ada", "belum ada data"})
_PERCENT_UNITS: Final = frozenset({"%", "persen", "percent", "persentase"})
_HIGHER: Final = frozenset(
    {"higher", "tinggi", "besar", "naik", "meningkat", "positif", "maksimal", "maksimum", "maximize", "max", "up"}
)
_LOWER: Final = frozenset(
    {"lower", "rendah", "kecil", "turun", "menurun", "negatif", "minimal", "minimum", "minimize", "min", "down"}
)
_COUNTINGS: Final = {
    "kumulatif": "cumulative", "akumulasi": "cumulative", "akumulatif": "cumulative", "sd": "cumulative",
    "dalam triwulan": "in_quarter", "per triwulan": "in_quarter", "non kumulatif": "in_quarter", "triwulanan": "in_quarter",
    "tidak kumulatif": "in_quarter", "nonkumulatif": "in_quarter", "in quarter": "in_quarter",
}  # fmt: skip
_WHOLE_YEAR: Final = re.compile(
    r"(?:setahun penuh|setahun|tahunan|tahun|total tahun|whole year|year)?\s*(?P<year>20\d\d)?", re.IGNORECASE
)
_WITH_WORDS: Final = re.compile(r"(?P<number>[-+\u2212]?\d[\d.,]*)\s*(?P<words>[^\W\d_][^\d]*)")
_CONTACT: Final = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.]*\w|(?<!\d)(?:\+?62|0)[\s-]?8\d(?:[\s-]?\d){6,11}(?!\d)|(?<!\d)\(?0\d{2,3}\)?[\s-]\d{6,8}(?!\d)"
)


class Period(NamedTuple):
    """A quarter, None for the whole year, and the year, None where the text does not tell it."""

    year: int | None
    quarter: int | None


class Reading(NamedTuple):
    """What a cell of target or realisation says: the value, the words it was read from, or the rule it breaks.

    Attributes:
        value: The figure; None where the cell says nothing or breaks a rule.
        rule: "" where it is fine.
        fault: What contradicts, where the rule is "claim_contradicts".
        whole: The denominator of a claim such as "43 dari 60".
        read: Whether it took more than reading a number.
        unit: The unit that the cell names.
    """

    value: float | None
    rule: str = ""
    fault: Text | None = None
    whole: float | None = None
    read: bool = False
    unit: str = ""


def period_of(text: str) -> Period | None:
    """Read the quarter column: "TW III", "III/2022", "2022", "setahun"; None where it is no period."""
    whole = _WHOLE_YEAR.fullmatch(text.strip())
    if whole:
        return Period(int(whole["year"]) if whole["year"] else None, None)
    own = read_quarter(text)
    found = own or read_quarter(text, year=2000)
    if found is None:
        return None
    year, _, quarter = found.partition("-Q")
    return Period(int(year) if own else None, int(quarter))


def figure_of(text: str, unit: str) -> Reading:
    """Read a figure of an indicator counted in `unit` ("" if not known)."""
    bare, kind = text.strip(), unit.strip().casefold()
    if bare.casefold() in _NOTHING:
        return Reading(None)
    value = read_number(bare) if is_ratio_unit(kind) else None
    value = read_amount(bare) if value is None else value
    if value is not None:
        return Reading(value)
    share = read_percent(bare)
    if share is not None:
        return Reading(share) if not kind or kind in _PERCENT_UNITS else Reading(None, "percent_in_count")
    claim = read_claim(bare)
    return _with_words(bare, kind) if claim is None else _of_claim(claim, kind)


def _of_claim(claim: Claim, kind: str) -> Reading:
    fault = claim.check()
    if fault is not None:
        return Reading(None, "claim_contradicts", fault)
    if kind not in _PERCENT_UNITS:
        return Reading(claim.numerator, whole=claim.denominator, read=True, unit=claim.unit)
    return Reading(claim.percent, "unreadable_number" if claim.percent is None else "", read=True)


def _with_words(text: str, kind: str) -> Reading:
    """Read "36 OPD": the words have to be the row's unit, or tell it where the row has none."""
    found = _WITH_WORDS.fullmatch(text)
    value = None if found is None else read_amount(found["number"])
    if found is None or value is None:
        return Reading(None, "unreadable_number")
    words = found["words"].strip(" .")
    if kind and words.casefold() != kind:
        return Reading(None, "other_unit")
    return Reading(value, read=not kind, unit=words)


def direction_of(text: str) -> str:
    """Return "higher" or "lower" for the words of a direction, the text itself where they say neither or both."""
    words = set(re.findall(r"[^\W\d_]+", text.casefold()))
    up, down = bool(words & _HIGHER) or text.strip() == "+", bool(words & _LOWER) or text.strip() in ("-", "\u2212")
    return text if up == down else "higher" if up else "lower"


def counting_of(text: str) -> str:
    """Return "cumulative" or "in_quarter" for the words people have for it, the text itself where they are others."""
    return _COUNTINGS.get(" ".join(re.findall(r"[^\W\d_]+", text.casefold())), text)


def without_contact(text: str) -> str:
    """Return a text without phone numbers and e-mail addresses."""
    return " ".join(_CONTACT.sub("", text).split()) if _CONTACT.search(text) else text
