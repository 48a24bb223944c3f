"""A reason as its figures and a sentence for them in every language.

A table of verdicts carries its reasons in one language. They are made from a closed set of sentences (`sentences`), so a
reason can be taken apart again: its numbers and days become slots, and what is left is looked up, part by part, in the
other language. Nothing is guessed: a text that no sentence of ours made is not retold.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from blankspot.classify import sentences
from blankspot.words import LABELS, LANGS, Text, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from blankspot.words import Lang

_EPOCH: Final = dt.date(1970, 1, 1).toordinal()
_DECIMALS_MAX: Final = 1  # sentences give whole numbers and percentages with one decimal
_SLOT: Final = r"\{\d+[dn]\d?\}"
_VALUE: Final = rf"–|{_SLOT}|\d[\d.,]*"
_GAPS: Final = re.compile(r"\{(\w+)\}")


class Retold(NamedTuple):
    """A sentence with slots `{0n1}` (figure 0, a number with 1 decimal) or `{1d}` (figure 1, a day), and the figures.

    A figure is a whole number: the number times 10 to the power of its decimals, or the days since 1970-01-01.
    """

    sentence: Text
    figures: tuple[int, ...]


def retell(reason: str) -> Retold | None:
    """Return a reason in every language, None where it is none of our sentences."""
    if "{" in reason or "}" in reason:
        return None
    for lang in LANGS:
        slotted, figures = _slotted(reason, lang)
        if sentence := _sentence(slotted, lang):
            return Retold(sentence, figures)
    return None


def _slotted(reason: str, lang: Lang) -> tuple[str, tuple[int, ...]]:
    figures: list[int] = []

    def slot(found: re.Match[str]) -> str:
        read = _day(found[0], lang) if found["month"] else _number(found[0], lang)
        if read is None:
            return found[0]  # a year, which is written without a separator
        figures.append(read[0])
        return f"{{{len(figures) - 1}{read[1]}}}"

    return _tokens(lang).sub(slot, reason), tuple(figures)


@cache
def _months(lang: Lang) -> dict[str, int]:
    from babel.dates import get_month_names

    names = get_month_names("wide", locale={"id": "id_ID", "en": "en_GB"}[lang])
    return {name: month for month, name in names.items()}


@cache
def _tokens(lang: Lang) -> re.Pattern[str]:
    months = "|".join(_months(lang))
    return re.compile(rf"(?<![\w.,])(?:\d{{1,2}} (?P<month>{months}) \d{{4}}|\d+(?:[.,]\d+)*)(?!\w)")


@cache  # figures repeat: 77 thousand sentences hold a few thousand
def _day(text: str, lang: Lang) -> tuple[int, str] | None:
    day, month, year = text.split()
    try:
        days = dt.date(int(year), _months(lang)[month], int(day)).toordinal() - _EPOCH
    except ValueError:
        return None
    return (days, "d") if days >= 0 and not day.startswith("0") else None


@cache
def _number(text: str, lang: Lang) -> tuple[int, str] | None:
    """Return a number and its form, None where writing it anew would not give the same text."""
    point, group = (",", ".") if lang == "id" else (".", ",")
    decimals = len(text.partition(point)[2])
    if decimals > _DECIMALS_MAX:
        return None
    plain = text.replace(group, "").replace(point, ".")
    if not re.fullmatch(r"\d{1,15}(\.\d)?", plain) or number(float(plain), decimals, lang=lang) != text:
        return None
    return round(float(plain) * 10**decimals), f"n{decimals}"


@cache
def _sentence(slotted: str, lang: Lang) -> Text | None:
    """Return the sentence in both languages, found by the first of ours that fits it."""
    if slotted == sentences.SENTENCES["unknown.no_data"].of(lang):
        return sentences.SENTENCES["unknown.no_data"]
    other: Lang = "en" if lang == "id" else "id"
    for key, template in sentences.SENTENCES.items():
        told = _through(slotted, template, _kinds(key), lang, other)
        if told is not None:
            return Text(**{lang: slotted, other: told})
    return None


def _through(text: str, template: Text, kinds: Mapping[str, str], lang: Lang, other: Lang) -> str | None:
    """Read a text by a template of one language and write it by that of the other; None where it does not fit."""
    names = _GAPS.findall(template.of(lang))
    found = _reader(template.of(lang), tuple(sorted(kinds.items())), lang).fullmatch(text)
    if found is None:
        return None
    values = {}
    for name, part in zip(names, found.groups(), strict=True):
        value = _part(part, kinds.get(name, "value"), lang, other)
        if value is None:
            return None
        values[name] = value
    return template.of(other).format(**values)


@cache
def _reader(template: str, kinds: tuple[tuple[str, str], ...], lang: Lang) -> re.Pattern[str]:
    of = dict(kinds)
    pieces = _GAPS.split(template)
    written = [
        re.escape(piece) if at % 2 == 0 else f"({_SHAPES[of.get(piece, 'value')](lang)})"
        for at, piece in enumerate(pieces)
    ]
    return re.compile("".join(written))


def _maybe(template: Text, lang: Lang) -> str:
    """Return the shape of a part that may be missing; its own gaps are read when the part is."""
    return f"(?:{'.+?'.join(map(re.escape, _GAPS.split(template.of(lang))[::2]))})?"


def _any_of(texts: Iterable[Text], lang: Lang) -> str:
    return "|".join(re.escape(text.of(lang)) for text in texts)


_SHAPES: Final[dict[str, Callable[[Lang], str]]] = {
    "value": lambda _lang: _VALUE,
    "label": lambda lang: _any_of(LABELS["signal_class"].values(), lang),
    "said": lambda lang: _any_of(LABELS["signal_class"].values(), lang),
    "foretold": lambda lang: _any_of(sorted(sentences.FORETOLD.values(), reverse=True), lang),
    "base": lambda lang: _any_of(sentences.BASE.values(), lang),
    "signal": lambda lang: _any_of(sentences.SIGNAL.values(), lang),
    "technology": lambda _lang: r"(?: \([^()]*\))?",
    "figures": lambda _lang: ".+?",
    "bounds": lambda _lang: ".+?",
    "people": lambda lang: _maybe(sentences.PEOPLE, lang),
    "only": lambda lang: _maybe(sentences.ONLY_2G_3G, lang),
    "beside": lambda lang: _maybe(sentences.BESIDE, lang),
    "with_reports": lambda lang: _maybe(sentences.WITH_REPORTS, lang),
    "podes": lambda lang: _maybe(sentences.WITH_PODES, lang),
}


def _kinds(key: str) -> dict[str, str]:
    """Return what stands in the gaps of a sentence that is no number or day."""
    named = {
        name: name
        for name in ("label", "base", "signal", "technology", "figures", "podes", "only", "beside", "said", "foretold")
    }
    return named | ({"reports": "with_reports"} if key == "reported.podes" else {})


def _part(text: str, kind: str, lang: Lang, other: Lang) -> str | None:
    if kind in ("value", "technology"):
        return text
    if kind in _WORDS:
        words = _WORDS[kind]
        return next(word.of(other) for word in words.values() if word.of(lang) == text)
    if text == "" and kind not in ("figures", "bounds"):
        return ""
    inner = {"bounds": "bounds", "people": "people", "only": "only", "signal": "signal"}
    return next(
        filter(None, (_through(text, template, inner, lang, other) for template in _PARTS[kind])),
        None,
    )


_WORDS: Final[dict[str, Mapping[Any, Text]]] = {
    "label": LABELS["signal_class"],
    "said": LABELS["signal_class"],
    "foretold": sentences.FORETOLD,
    "base": sentences.BASE,
    "signal": sentences.SIGNAL,
}
_PARTS: Final = {
    "figures": (sentences.FIGURES,),
    "bounds": (*sentences.BOUNDS.values(), *sentences.BOUNDS_OF_PEOPLE.values()),
    "people": (sentences.PEOPLE,),
    "only": (sentences.ONLY_2G_3G,),
    "beside": (sentences.BESIDE,),
    "with_reports": (sentences.WITH_REPORTS,),
    "podes": (sentences.WITH_PODES,),
}
