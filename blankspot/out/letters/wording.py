"""Numbers, days and positions as Indonesian letters write them: "1 (satu) berkas", "Senin", "6,94421° LS".

English forms serve templates that an office made in English.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from blankspot.words import Lang, Text, date_text, number

if TYPE_CHECKING:
    import datetime as dt

_ONES: Final = (
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas",
)  # fmt: skip
_SCALES: Final = (
    (1_000_000, "juta", ""),
    (1000, "ribu", "seribu"),
    (100, "ratus", "seratus"),
    (10, "puluh", "sepuluh"),
)
_TEN, _TEENS_END = 10, 20
_QUARTER: Final = re.compile(r"(\d{4})-Q([1-4])")
_ROMAN: Final = ("I", "II", "III", "IV")
_NOT_IN_XML: Final = re.compile(r"[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECIMALS: Final = 5  # of a degree: about a metre


def in_words(count: int) -> str:
    """Write a whole number out in Indonesian, 0 to 999 million: 43 is "empat puluh tiga", 2022 "dua ribu dua puluh dua".

    Raises:
        ValueError: The number is negative or too large.
    """
    if not 0 <= count < 1000 * _SCALES[0][0]:
        raise ValueError(f"{count} is outside 0 to 999,999,999")
    if count < len(_ONES):
        return _ONES[count]
    if count < _TEENS_END:
        return f"{_ONES[count - _TEN]} belas"
    size, word, single = next(scale for scale in _SCALES if count >= scale[0])
    many, rest = divmod(count, size)
    head = single if many == 1 and single else f"{in_words(many)} {word}"
    return f"{head} {in_words(rest)}" if rest else head


def counted(count: int, noun: Text, lang: Lang = "id") -> str:
    """Write a count as letters do: "1 (satu) berkas"; "–" for none."""
    if not count:
        return "–"
    return f"{count} ({in_words(count)}) {noun.id}" if lang == "id" else f"{count} {noun.en}"


def weekday(day: dt.date, lang: Lang = "id") -> str:
    """Return the name of the day of the week: "Senin"."""
    from babel.dates import format_date

    return str(format_date(day, format="EEEE", locale="id_ID" if lang == "id" else "en_GB"))


def day_in_words(day: dt.date, lang: Lang = "id") -> str:
    """Write a day as minutes begin: "Senin, tanggal dua puluh enam bulan Desember tahun dua ribu dua puluh dua"."""
    if lang == "en":
        return f"{weekday(day, 'en')}, {date_text(day, lang='en')}"
    month = date_text(day).split()[1]
    return f"{weekday(day)}, tanggal {in_words(day.day)} bulan {month} tahun {in_words(day.year)}"


def latitude(degrees: float, lang: Lang = "id") -> str:
    """Write a latitude: "6,94421° LS"."""
    return f"{number(abs(degrees), _DECIMALS, lang=lang)}° {_side(degrees, Text('LU', 'N'), Text('LS', 'S'), lang)}"


def longitude(degrees: float, lang: Lang = "id") -> str:
    """Write a longitude: "107,74003° BT"."""
    return f"{number(abs(degrees), _DECIMALS, lang=lang)}° {_side(degrees, Text('BT', 'E'), Text('BB', 'W'), lang)}"


def quarter(text: str, lang: Lang = "id") -> str:
    """Write a quarter: "2022-Q3" gives "TW III 2022"; what is none stays as it is."""
    found = _QUARTER.fullmatch(text)
    if not found:
        return text
    year, at = found.groups()
    return f"TW {_ROMAN[int(at) - 1]} {year}" if lang == "id" else f"Q{at} {year}"


def listed(items: list[str], lang: Lang = "id") -> str:
    """Join names as a sentence does: "A, B, dan C"."""
    if len(items) < 2:  # noqa: PLR2004 - one name needs no conjunction
        return "".join(items)
    last = " dan " if lang == "id" else " and "
    comma = "," if len(items) > 2 else ""  # noqa: PLR2004 - two names need no comma
    return f"{', '.join(items[:-1])}{comma}{last}{items[-1]}"


def one_line(text: object) -> str:
    """Return a text as one line of characters that a document can hold: line breaks and control characters become spaces.

    Nothing that steers a document (breaks, directions of writing, halves of characters) comes through.
    """
    plain = _NOT_IN_XML.sub(" ", str(text))
    return " ".join("".join(sign for sign in plain if unicodedata.category(sign) != "Cf").split())


def _side(degrees: float, positive: Text, negative: Text, lang: Lang) -> str:
    return (negative if degrees < 0 else positive).of(lang)
