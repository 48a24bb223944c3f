"""Kemendagri codes: reading them, and refusing what does not say which code it is.

A code is text with dots: province, kabupaten/kota, kecamatan, desa (`32.04.05.2001`). The last part tells the type of the
village: 1xxx kelurahan, 2xxx desa, 3xxx desa adat; 4xxx numbers an island, which is no village. Ten digits without dots
may be a Kemendagri or a BPS number, and the two differ in the village digits, so they are refused unless the caller says
which. A spreadsheet turns 53.10 into 53.1; such a code is refused with its candidates, never mended. A BPS number that
has to stand where a village key stands is written `bps:3204010002`, so that nobody takes it for the other numbering.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from blankspot.errors import CodeError
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

Level = Literal["province", "regency", "district", "village"]
Numbering = Literal["kemendagri", "bps"]

LEVELS: Final[tuple[Level, ...]] = ("province", "regency", "district", "village")
BPS_PREFIX: Final = "bps:"
PSEUDO_SUFFIXES: Final = ("888", "999")  # BPS numbers for lakes and forests, which are no villages
FAULTS: Final[dict[str, Text]] = {
    "code_missing": Text("Kode wilayah kosong.", "The administrative code is empty."),
    "code_undotted": Text(
        "Kode '{value}' tanpa titik: tidak jelas apakah nomor Kemendagri atau BPS.",
        "Code '{value}' has no dots: it may be a Kemendagri or a BPS number.",
    ),
    "code_bps": Text(
        "'{value}' adalah nomor BPS, bukan kode Kemendagri.",
        "'{value}' is a BPS number, not a Kemendagri code.",
    ),
    "code_not_bps": Text("'{value}' bukan nomor BPS 10 angka.", "'{value}' is not a BPS number of 10 digits."),
    "code_float_damaged": Text(
        "Kode '{value}' rusak karena pernah dibaca sebagai angka.",
        "Code '{value}' is damaged: a program has read it as a number.",
    ),
    "code_island": Text(
        "'{value}' adalah kode pulau, bukan desa.", "'{value}' is the code of an island, not a village."
    ),
    "code_wrong_level": Text(
        "Kode '{value}' sah, tetapi bukan untuk tingkat yang diminta.",
        "Code '{value}' is valid, but not of the level asked for.",
    ),
    "code_malformed": Text(
        "'{value}' bukan kode wilayah bertitik seperti 32.04.05.2001.",
        "'{value}' is not a dotted administrative code such as 32.04.05.2001.",
    ),
}

_PART: Final = r"(?!00)[0-9]{2}"
SHAPES: Final[dict[Level, str]] = {
    "province": r"[1-9][0-9]",
    "regency": rf"[1-9][0-9]\.{_PART}",
    "district": rf"[1-9][0-9]\.{_PART}\.{_PART}",
    "village": rf"[1-9][0-9]\.{_PART}\.{_PART}\.[123](?!000)[0-9]{{3}}",
}
_LENGTHS: Final[dict[Level, int]] = {"province": 2, "regency": 5, "district": 8, "village": 13}
_BPS_LENGTHS: Final[dict[Level, int]] = {"province": 2, "regency": 4, "district": 7, "village": 10}
_BPS: Final = re.compile(
    r"(?:bps:|id)?([1-9][0-9]{9})(?:\.0+)?|([1-9][0-9])\.([0-9]{2})\.([0-9]{3})\.([0-9]{3})", re.IGNORECASE
)
_UNDOTTED: Final = re.compile(r"[1-9][0-9]{3}|[1-9][0-9]{5,6}|[1-9][0-9]{9}")
_ISLAND: Final = re.compile(r"[1-9][0-9]\.[0-9]{2}(?:\.[0-9]{2})?\.4[0-9]{3,4}|[1-9][0-9]{3}4[0-9]{4}")
_FLOAT: Final = re.compile(
    r"[1-9][0-9][.,][0-9]|[0-9]+[.,]0+|[0-9]{3,}[.,][0-9]+|[0-9]+(?:[.,][0-9]+)?e\+?[0-9]+", re.IGNORECASE
)
VILLAGE_TYPES: Final = {"1": "kelurahan", "2": "desa", "3": "desa_adat"}


@dataclass(frozen=True, order=True)
class Code:
    """A valid Kemendagri code of any level; compares and sorts as its text.

    Raises:
        CodeError: The text is none; the message names the candidates.
    """

    text: str

    def __post_init__(self) -> None:
        rule = _fault(self.text, None)
        if rule:
            raise _refused(self.text, rule)

    def __str__(self) -> str:
        return self.text

    @property
    def level(self) -> Level:
        """province, regency, district or village."""
        return LEVELS[self.text.count(".")]

    @property
    def parents(self) -> tuple[str, ...]:
        """Codes of the units above, province first."""
        parts = self.text.split(".")
        return tuple(".".join(parts[:count]) for count in range(1, len(parts)))

    @property
    def village_type(self) -> str | None:
        """desa, kelurahan or desa_adat; None above the village."""
        return VILLAGE_TYPES[self.text[9]] if self.level == "village" else None


def parse(text: str, *, level: Level | None = None) -> Code:
    """Read one Kemendagri code.

    Args:
        text: With dots; spaces around it do not matter.
        level: Refuse a code of another level.

    Raises:
        CodeError: No code, or one that does not say which it is; the message names the candidates.
    """
    bare = str(text).strip()
    rule = _fault(bare, level)
    if rule:
        raise _refused(bare, rule)
    return Code(bare)


def normalise(
    values: pd.Series, *, level: Level = "village", numbering: Numbering | None = None
) -> tuple[pd.Series, pd.Series]:
    """Read a column of codes.

    Args:
        values: Texts (numbers are taken as their text).
        level: Level that every code must have.
        numbering: None accepts dotted Kemendagri codes only. "kemendagri" vouches that undotted digits are Kemendagri's.
            "bps" reads BPS village numbers (`3204010002`, `id3204010002`, `32.04.010.002`) and gives their 10 digits.

    Returns:
        Codes (NaN where refused) and the name of the fault in `FAULTS` (NaN where fine), both on the index of `values`.
    """
    text = values.astype("str").str.strip()
    text = text.mask(values.isna() | (text == ""))
    if numbering == "bps":
        return _normalise_bps(text)
    if numbering == "kemendagri":
        text = _with_dots(text, level)
    good = text.str.fullmatch(SHAPES[level]).fillna(value=False).astype(bool)
    diagnosed = {one: _fault(one, level) for one in text[~good].dropna().unique()}
    faults = text.mask(good).map(diagnosed).astype("str").mask(text.isna(), "code_missing")
    return text.where(good).astype("str"), faults.astype("str")


def candidates(text: str) -> tuple[str, ...]:
    """Return what a refused text might have meant: codes with dots, BPS numbers as `bps:…`; empty where nothing is near.

    `candidates("53.1")` is `("53.10", "53.01")`.
    """
    bare = re.sub(r"[.,]0+$", "", str(text).strip()) if re.fullmatch(r"[0-9]{4,}[.,]0+", str(text).strip()) else text
    bare = str(bare).strip().lower().removeprefix(BPS_PREFIX).removeprefix("id")
    if _UNDOTTED.fullmatch(bare):
        return _undotted_candidates(bare)
    parts = re.split(r"[^0-9]+", bare.strip(" .,-/"))
    if len(parts) not in (2, 3, 4) or not all(parts) or re.search("[a-z]", bare):
        return ()
    options = [
        dict.fromkeys((part + "0", part.zfill(2)) if len(part) == 1 and rank < len(LEVELS) - 1 else (part,))
        for rank, part in enumerate(parts)
    ]
    built = (".".join(choice) for choice in itertools.product(*options))
    return tuple(code for code in built if _fault(code, None) is None and code != text)


def with_candidates(values: pd.Series) -> pd.Series:
    """Return each text followed by its candidates as a reject shows it: "53.1 (53.10? 53.01?)"."""
    known = {one: candidates(one) for one in values.dropna().astype("str").unique()}
    shown = {one: f"{one} ({' '.join(f'{code}?' for code in found)})" if found else one for one, found in known.items()}
    return values.astype("str").map(shown).astype("str")


def parent(code_text: str, level: Level) -> str:
    """Return the code of the unit of `level` above (or at) a code: `parent("32.04.05.2001", "district")` = "32.04.05".

    Raises:
        CodeError: No valid code, or one above `level`. A BPS key (`bps:…`) gives the BPS key of the parent.
    """
    if code_text.startswith(BPS_PREFIX):
        return code_text[: len(BPS_PREFIX) + _BPS_LENGTHS[level]]
    code = parse(code_text)
    if LEVELS.index(code.level) < LEVELS.index(level):
        raise _refused(code_text, "code_wrong_level")
    return code.text[: _LENGTHS[level]]


def parents(codes: pd.Series, level: Level) -> pd.Series:
    """Return the parent of every village key in a column, Kemendagri or `bps:…`; NaN stays NaN."""
    text = codes.astype("str")
    bps = text.str.startswith(BPS_PREFIX).fillna(value=False).astype(bool)
    return text.str[: _LENGTHS[level]].mask(bps, text.str[: len(BPS_PREFIX) + _BPS_LENGTHS[level]])


def village_type(codes: pd.Series) -> pd.Series:
    """Return desa, kelurahan or desa_adat for every village code; NaN for BPS numbers, which do not tell."""
    text = codes.astype("str")
    return text.where(text.str.fullmatch(SHAPES["village"]).fillna(value=False)).str[9].map(VILLAGE_TYPES).astype("str")


def is_pseudo_village(bps_codes: pd.Series) -> pd.Series:
    """Return which BPS numbers stand for a lake or a forest and not for a village (last three digits 888 or 999)."""
    return bps_codes.astype("str").str[-3:].isin(PSEUDO_SUFFIXES)


def _fault(text: str, level: Level | None) -> str | None:
    levels: Sequence[Level] = LEVELS if level is None else (level,)
    if any(re.fullmatch(SHAPES[one], text) for one in levels):
        return None
    shapes: tuple[tuple[str, bool], ...] = (
        ("code_missing", not text),
        ("code_island", bool(_ISLAND.fullmatch(text))),
        ("code_wrong_level", any(re.fullmatch(shape, text) for shape in SHAPES.values())),
        ("code_bps", bool(re.fullmatch(r"(?:bps:|id)[0-9]{2,10}", text, re.IGNORECASE))),
        ("code_undotted", bool(_UNDOTTED.fullmatch(text))),
        ("code_float_damaged", bool(_FLOAT.fullmatch(text))),
    )
    return next((rule for rule, holds in shapes if holds), "code_malformed")


def _refused(text: str, rule: str) -> CodeError:
    found = candidates(text)
    if found:
        listed = ", ".join(found)
        hint = Text(
            f"Mungkin {listed}; tulis kode sebagai teks bertitik.", f"Perhaps {listed}; write codes as dotted text."
        )
    else:
        hint = Text("Tulis kode sebagai teks, misalnya 32.04.05.2001.", "Write codes as text, such as 32.04.05.2001.")
    return CodeError(FAULTS[rule].fill(value=text), hint=hint)


def _undotted_candidates(digits: str) -> tuple[str, ...]:
    bps = (BPS_PREFIX + digits,) if len(digits) in _BPS_LENGTHS.values() else ()
    dotted = ".".join(part for part in (digits[:2], digits[2:4], digits[4:6], digits[6:]) if part)
    return ((dotted,) if _fault(dotted, None) is None else ()) + bps


def _with_dots(text: pd.Series, level: Level) -> pd.Series:
    digits = text.str.extract(r"^([1-9][0-9]*)(?:\.0+)?$")[0]
    dotted = digits.str.replace(r"^(..)(..)?(..)?(....)?$", r"\1.\2.\3.\4", regex=True).str.rstrip(".")
    return text.mask(dotted.str.len() == _LENGTHS[level], dotted)


def _normalise_bps(text: pd.Series) -> tuple[pd.Series, pd.Series]:
    known: dict[str, str | None] = {}
    for one in text.dropna().unique():
        found = _BPS.fullmatch(one)
        known[one] = "".join(part for part in found.groups() if part) if found else None
    codes = text.map(known).astype("str")
    faults = pd.Series(np.where(text.isna(), "code_missing", "code_not_bps"), index=text.index)
    return codes, faults.where(codes.isna()).astype("str")
