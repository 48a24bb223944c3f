"""Claims in prose: "43 dari 60 desa (71,67 %)" states a count, a whole and a percentage, and these may contradict each other.

Reports carry their figures in sentences, copied from year to year with one of the three numbers changed. A claim is read from
the few orders in which people write it, and checked by arithmetic: the percentage has to be the count over the whole, rounded
half-up at the decimals that are printed. A number in words ("4,8 miliar") is itself rounded, and any value that prints so
will do. Where it does not fit, the check says what the percentage should be, and which wholes or counts would fit it.

Texts that are no share stay unread: dates, numbers of letters, "turun dari 60 menjadi 43".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final, Literal

from blankspot.values import read_amount
from blankspot.words import Lang, Text, number, percent, round_half_up

_SCALE: Final = r"(?:ribu|rb|juta|jt|miliar|milyar|triliun|trilyun|thousand|million|billion|trillion)"
_DIGITS: Final = rf"(?:(?:Rp|IDR)\.?\s*)?\d[\d.,]*(?<![.,])(?!\d|[.,]\d)(?:\s*{_SCALE}\b)?"
_STANDS_ALONE: Final = r"(?<![\w.,/-])"
_NO_UNIT: Final = r"dari|of|out|per|atau|or|dan|and|menjadi|ke|hingga|sampai|to|persen|percent|tahun|tanggal"
_WORD: Final = rf"\s+(?!(?:{_NO_UNIT})\b)[^\W\d_][\w-]*"
_LAST_WORD: Final = rf"\s+(?!(?:{_NO_UNIT}|belum|sudah|telah|masih|yang|di|ter\w+)\b)[^\W\d_][\w-]*"
_OF: Final = r"\b(?:dari|out\s+of|of)(?:\s+(?:the|all|total|target|seluruh|keseluruhan|jumlah|sejumlah|sebanyak|rencana|pagu))*\s+"
_LINK: Final = r"[\s=(:,–—-]*(?:(?:atau|or|yaitu|yakni|sebesar|setara|senilai|dengan|capaian)[\s=(:]*)*"
_COUNTED: Final = r"\s*,?(?:\s*(?!(?:menjadi|ke|hingga|sampai|to)\b)[^\W\d_]+){0,4}?\s*"
_OF_SOMETHING_ELSE: Final = (
    r"(?!\s*(?:di\s*antara|of\b|dari\b(?!\s+(?:target|total|rencana)\b)|lebih|naik|turun|per\b))"
)
_PARTS: Final = {
    "<n>": rf"{_STANDS_ALONE}(?P<part>{_DIGITS})",
    "<d>": rf"(?P<whole>{_DIGITS})",
    "<p>": r"(?<![\w.,])(?P<percent>\d[\d.,]*)\s*(?:%|persen\b|percent\b)",
    "<u>": rf"(?P<counted>(?:{_WORD}){{0,4}}?)",  # the words between the part and what follows it
    "<v>": rf"(?P<of>(?:{_WORD}){{0,4}}?)",  # the words between the whole and what follows it
    "<w>": rf"(?P<of>(?:{_LAST_WORD})?)",
    "<of>": rf"\s*{_OF}",
    "<link>": _LINK,
    "<told>": _COUNTED,
    "<fraction>": rf"{_STANDS_ALONE}(?P<part>{_DIGITS})\s*/\s*(?P<whole>{_DIGITS})(?![\w/-])",
    "<.>": _OF_SOMETHING_ELSE,
}
_SHAPES: Final = tuple(
    re.compile(re.sub(r"<[a-z.]+>", lambda name: _PARTS[name[0]], shape), re.IGNORECASE)
    for shape in (
        r"<n><u><link><p>\s*\)?<of><d><w>",  # 3 titik atau 6,12 % dari 29
        r"<n><u><of><d><v><link><p><.>",  # 43 dari 60 desa (71,67 %)
        r"<fraction><v><link><p><.>",  # 43/60 (71,67 %)
        r"<p><link><n><u><of><d><w>",  # 71,67 % (43 dari 60 desa)
        r"<p><link><fraction><w>",  # 71,67 % (43/60)
        r"<of><d><v><told><n><u><link><p><.>",  # dari target 60 desa, terealisasi 43 (72 %)
        r"<n><u><of><d><w>",  # 43 dari 60 desa
        r"^\s*<fraction><w>\s*$",  # 43/60
    )
)
_CLAUSE: Final = re.compile(r";|\n|[.!?](?=\s|$)")
_YEARS: Final = range(1900, 2101)
_MONTHS: Final = 12
_FITTING_MAX: Final = 1000
_SCALED: Final = re.compile(_SCALE, re.IGNORECASE)
_HALF: Final = Decimal("0.5")
_DECIMALS_MIN: Final = 2  # what the percentage should be is shown with at least as many


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a text says of a part and its whole.

    Attributes:
        numerator: The part.
        denominator: The whole.
        percent: The percentage, in percent; None if the text names none.
        decimals: How many decimals the percentage is printed with.
        unit: What is counted, "" if the text does not say.
        text: The words it was read from.
        numerator_slack: By how much the part may be off because it was rounded to be written in words ("4,8 miliar").
        denominator_slack: The same of the whole.
    """

    numerator: float
    denominator: float
    percent: float | None = None
    decimals: int = 0
    unit: str = ""
    text: str = ""
    numerator_slack: float = 0.0
    denominator_slack: float = 0.0

    def check(self) -> Text | None:
        """Return what contradicts, None where the percentage fits or none is named."""
        if self.percent is None or self._fits(self.percent):
            return None
        return Text(self._fault(self.percent, "id"), self._fault(self.percent, "en"))

    def denominators(self) -> range:
        """Return the whole numbers of which the numerator would be the percentage, as printed; a percentage of 0 fits none."""
        if self.percent is None:
            return range(0)
        said, half, scaled = _exact(self.percent), self._half, _exact(self.numerator) * 100
        if said <= half or scaled <= 0:
            return range(0)
        return _between(scaled / (said + half), scaled / (said - half), without="low")

    def numerators(self) -> range:
        """Return the whole numbers that would be the percentage of the denominator, as printed."""
        if self.percent is None:
            return range(0)
        said, half, part = _exact(self.percent), self._half, _exact(self.denominator) / 100
        return _between((said - half) * part, (said + half) * part, without="high")

    @property
    def _half(self) -> Decimal:
        return _HALF.scaleb(-self.decimals)

    def _fits(self, said: float) -> bool:
        part, part_slack = _exact(self.numerator), _exact(self.numerator_slack)
        whole, whole_slack = _exact(self.denominator), _exact(self.denominator_slack)
        if whole <= whole_slack:
            return False
        low = round_half_up((part - part_slack) * 100 / (whole + whole_slack), self.decimals)
        high = round_half_up((part + part_slack) * 100 / (whole - whole_slack), self.decimals)
        return low <= _exact(said) <= high

    def _fault(self, said: float, lang: Lang) -> str:
        part, whole = _plain(self.numerator, lang), _plain(self.denominator, lang)
        printed = f"{number(said, self.decimals, lang=lang)} %"
        share = percent(self.numerator, self.denominator, max(self.decimals, _DECIMALS_MIN), lang=lang)
        told = [f"{part}/{whole} = {share}"]
        wholes, parts = self.denominators(), self.numerators()
        if 0 < len(wholes) <= _FITTING_MAX:
            told.append(f"{part}/{_listed(wholes, lang)} = {printed}")
        if 0 < len(parts) <= _FITTING_MAX:
            told.append(f"{_listed(parts, lang)}/{whole} = {printed}")
        facts = "; ".join(told)
        if lang == "id":
            return f"'{self.text}' bertentangan: {facts}. Tentukan angka mana yang benar."
        return f"'{self.text}' contradicts itself: {facts}. Decide which of the numbers is right."


def read_claim(text: object) -> Claim | None:
    """Return the first claim of a text, None if it makes none; see `read_claims`."""
    return next(iter(read_claims(text)), None)


def read_claims(text: object) -> tuple[Claim, ...]:
    """Return every claim that a text makes, sentence by sentence.

    Knows "3 titik atau 6,12 % dari 29", "43 dari 60 desa (71,67 %)", "71,67 % (43/60)", "43/60", "36 OPD dari 34 (105,88%)", "dari
    target 60 desa, terealisasi 43 (72 %)", with numbers as `values.read_amount` reads them.
    """
    return tuple(claim for clause in _CLAUSE.split(str(text)) for claim in _of_clause(clause))


def _of_clause(clause: str) -> list[Claim]:
    claims: list[Claim] = []
    start = 0
    while True:
        found = [match for shape in _SHAPES if (match := shape.search(clause, start))]
        chosen = min(found, key=lambda match: (match.start(), _SHAPES.index(match.re)), default=None)
        if chosen is None:
            return claims
        claim = _claim(chosen)
        if claim is not None:
            claims.append(claim)
        start = chosen.end() if claim is not None else chosen.start() + 1


def _claim(match: re.Match[str]) -> Claim | None:
    parts = match.groupdict()
    part, whole = _figure(parts["part"]), _figure(parts["whole"])
    counted, of = ((parts.get(name) or "").strip() for name in ("counted", "of"))
    if part is None or whole is None or (counted and of and not set(_words(counted)) & set(_words(of))):
        return None  # desa of kecamatan are no share
    said = parts.get("percent")
    share = None if said is None else read_amount(said)
    if said is not None and share is None:
        return None
    if share is None and whole[0] in _YEARS and part[0] <= _MONTHS:
        return None  # a month and its year
    return Claim(
        numerator=part[0],
        denominator=whole[0],
        percent=share,
        decimals=_printed_decimals(said or ""),
        unit=counted or of,
        text=" ".join(match[0].split()) + (")" if match[0].count("(") > match[0].count(")") else ""),
        numerator_slack=part[1],
        denominator_slack=whole[1],
    )


def _words(text: str) -> list[str]:
    return text.casefold().split()


def _figure(text: str) -> tuple[float, float] | None:
    """Return a number and by how much it may be off: half of its last digit where a word scales it, else nothing."""
    value = read_amount(text)
    if value is None or not _SCALED.search(text):
        return None if value is None else (value, 0.0)
    bare = _SCALED.sub("", text).strip()
    scale = _exact(value) / _exact(read_amount(bare) or 1)
    return value, float(abs(scale) * _HALF.scaleb(-_printed_decimals(bare)))


def _printed_decimals(text: str) -> int:
    """Return how many decimals a number is printed with; those behind a dot that groups thousands are none."""
    digits, behind = re.sub(r"\D", "", text), re.search(r"[.,](\d+)$", text)
    places = len(behind[1]) if behind else 0
    return places if places and _exact(read_amount(text) or 0).scaleb(places) == int(digits) else 0


def _between(low: Decimal, high: Decimal, *, without: Literal["low", "high"]) -> range:
    """Return the whole numbers from `low` to `high` without the end that rounding half-up does not reach."""
    first = int(low.to_integral_value(rounding=ROUND_CEILING))
    last = int(high.to_integral_value(rounding=ROUND_FLOOR))
    return range(first + (without == "low" and first == low), last + (without != "high" or last != high))


def _listed(values: range, lang: Lang) -> str:
    first, last = _plain(values[0], lang), _plain(values[-1], lang)
    return first if len(values) == 1 else f"{first}–{last}"


def _plain(value: float, lang: Lang) -> str:
    return number(value, _decimals(_exact(value)), lang=lang)


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


def _exact(value: float) -> Decimal:
    return Decimal(str(value))
