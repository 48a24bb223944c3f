"""What to say about a value that cannot be: how it may have been meant, and what to write instead.

A number in the wrong unit is told by what it would be in the right one; nothing is converted on a guess, because 58 000 may
be milliwatts, watts or a decibel figure whose point was read as a thousands separator.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Final

from blankspot.schema import TABLES
from blankspot.words import LANGS, Text, number

JUDGED: Final = ("band_mhz", "eirp_dbm", "azimuth_deg", "beamwidth_deg", "tilt_deg", "height_m", "bandwidth_mhz")
_EIRP_LIKELY_DBM: Final = (30.0, 75.0)  # what a mast may radiate: 1 W to 30 kW; only readings in it are proposed
_BAND_LIKELY_MHZ: Final = (400.0, 6000.0)
_FULL_TURN_DEG: Final = 360.0
_OUTSIDE: Final = Text(
    "{title} {value} {unit} tidak mungkin (yang sah {low} sampai {high} {unit}).",
    "{column} {value} {unit} is impossible ({low} to {high} {unit} is valid).",
)
_CORRECT: Final = Text("Betulkan di daftar menara.", "Correct it in the list of sites.")
_PERHAPS: Final = Text("Mungkin {meant}; tulis angkanya dalam {unit}.", "Perhaps {meant}; write it in {unit}.")


@cache
def limits(column: str) -> tuple[float, float]:
    """Return the inclusive limits that `schema.TABLES["services"]` sets for a column."""
    low, high = TABLES["services"].columns[column].metadata["range"]
    return float(low), float(high)


def advise(column: str, value: float) -> Text | None:
    """Return what to say about a value of `services`, None where it is possible or not there.

    Args:
        column: One of `JUDGED`.
        value: In the column's unit.
    """
    low, high = limits(column)
    if math.isnan(value) or low <= value <= high:
        return None
    declared = TABLES["services"].columns[column]
    unit = declared.metadata["unit"]
    said = [
        _OUTSIDE.of(lang).format(
            title=declared.title,
            column=column,
            value=_plain(value, lang),
            unit=unit,
            low=_plain(low, lang),
            high=_plain(high, lang),
        )
        for lang in LANGS
    ]
    meant = [*_meant(column, value)]
    remedy = (
        [
            _PERHAPS.of(lang).format(meant=_either(lang).join(text.of(lang) for text in meant), unit=unit)
            for lang in LANGS
        ]
        if meant
        else list(_CORRECT)
    )
    return Text(*(f"{first} {second}" for first, second in zip(said, remedy, strict=True)))


def doubt_eirp(value: float) -> Text:
    """Return what to say about an EIRP that is possible and far below what masts radiate."""
    meant = (
        [Text(f"{value:g} W = {_level(watts_dbm(value), 'id')}", f"{value:g} W = {_level(watts_dbm(value), 'en')}")]
        if value > 0
        else []
    )
    meant.append(Text(f"{value:g} dBW = {_level(value + 30, 'id')}", f"{value:g} dBW = {_level(value + 30, 'en')}"))
    told = {lang: _either(lang).join(text.of(lang) for text in meant) for lang in LANGS}
    return Text(
        f"EIRP {value:g} dBm sangat kecil untuk menara dan dihitung sebagaimana tertulis. Bila bukan dBm: {told['id']}.",
        f"An EIRP of {value:g} dBm is very low for a mast and is taken as written. If it is not dBm: {told['en']}.",
    )


def watts_dbm(watts: float) -> float:
    """Return a power in dBm."""
    return 10 * math.log10(watts) + 30


def _meant(column: str, value: float) -> list[Text]:
    """Return the ways in which an impossible value would make sense."""
    if column == "eirp_dbm" and value > 0:
        low, high = _EIRP_LIKELY_DBM
        read = (
            (Text("mW", "mW"), watts_dbm(value / 1000)),
            (Text("W", "W"), watts_dbm(value)),
            (Text("dBm dengan titik ribuan", "dBm with a thousands separator"), value / 1000),
        )
        return [
            Text(f"{unit.id} (= {_level(dbm, 'id')})", f"{unit.en} (= {_level(dbm, 'en')})")
            for unit, dbm in read
            if low <= dbm <= high
        ]
    if column == "band_mhz" and value > 0:
        low, high = _BAND_LIKELY_MHZ
        read_mhz = (
            (Text("GHz", "GHz"), value * 1e3),
            (Text("kHz", "kHz"), value / 1e3),
            (Text("Hz", "Hz"), value / 1e6),
        )
        return [
            Text(f"{unit.id} (= {number(mhz, lang='id')} MHz)", f"{unit.en} (= {number(mhz, lang='en')} MHz)")
            for unit, mhz in read_mhz
            if low <= mhz <= high
        ]
    if column == "azimuth_deg":
        turned = value % _FULL_TURN_DEG
        return [Text(f"{turned:g}° yang ditambah putaran penuh", f"{turned:g}° and a full turn")]
    return []


def _plain(value: float, lang: str) -> str:
    decimals = 0 if float(value).is_integer() else 1
    return number(value, decimals, lang="id" if lang == "id" else "en")


def _level(dbm: float, lang: str) -> str:
    return f"{number(dbm, 1, lang='id' if lang == 'id' else 'en')} dBm"


def _either(lang: str) -> str:
    return " atau " if lang == "id" else " or "
