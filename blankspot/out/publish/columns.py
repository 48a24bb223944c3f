"""Column by column: what of a table leaves. Every kind of value has a rule, every column of free text one of its own.

Only columns that `schema` classifies as `terbuka` are looked at. A choice must be one of its choices, a code a code, a moment
leaves as its month. A text is checked by the rule that `TEXT_RULES` names for its column; a column of text without a rule does
not leave at all, so that a column added tomorrow is held back until somebody decided about it. What fails a rule is emptied,
never shortened: the part that stays could still tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from blankspot.classify.sentences import spoken_words
from blankspot.out.publish.personal import KINDS, clean, personal
from blankspot.out.publish.vocabulary import Vocabulary, words_of
from blankspot.schema import METRICS
from blankspot.words import Lang, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandera.pandas as pa

    from blankspot.out.publish.held import HeldBack

WITHHELD: Final = Text("(ditahan)", "(withheld)")
TEXT_RULES: Final = {
    # official names of places: published everywhere, so only what has the form of personal data is held back
    **dict.fromkeys(("village_name", "district", "regency", "province"), "name"),
    **dict.fromkeys(("operator", "owner", "provider", "partner", "proposer"), "body"),
    **dict.fromkeys(("site_name", "facility_name", "point_name"), "place"),
    **dict.fromkeys(("site_id", "facility_id", "point_id", "proposal_id"), "identifier"),
    **dict.fromkeys(("document", "evidence", "code_version"), "reference"),
    **dict.fromkeys(("statistic", "rule", "technology"), "term"),
    **dict.fromkeys(("first_month", "last_month"), "month"),
    "case_id": "case",
    "office_point": "point",
    "profile": "profile",
    "reason": "sentence",
}
CODE: Final = re.compile(r"[1-9]\d(?:\.\d{2}(?:\.\d{2}(?:\.\d{4})?)?)?|[1-9]\d{9}|[1-9]\d{6}|[1-9]\d{3}")
MONTH: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_CASE: Final = re.compile(rf"(?:{CODE.pattern}):(?:mobile|internet)")
_POINT: Final = re.compile(r"POINT \(-?\d{1,3}(?:\.\d{1,9})? -?\d{1,2}(?:\.\d{1,9})?\)")
_TERMS: Final = frozenset(
    word
    for text in (
        *METRICS,
        "effective cells share none weak served low high median mean sd readings complaints podes signal to measured reported",
        "unknown indicative modelled coarse doubted predicted fused no data few wide interval only reports people area coverage prediction count g",
    )
    for word in words_of(text.replace("_", " "))
)
_MONTH_NAMES: Final = [
    "januari",
    "february",
    "februari",
    "january",
    "maret",
    "march",
    "april",
    "mei",
    "may",
    "juni",
    "june",
    "juli",
    "july",
    "agustus",
    "august",
    "september",
    "oktober",
    "october",
    "november",
    "desember",
    "december",
]
_DAY: Final = re.compile(rf"\b\d{{1,2}} ({'|'.join(_MONTH_NAMES)}) (\d{{4}})\b", re.IGNORECASE)
_COUNTED: Final = re.compile(r"\b(\d+)( laporan warga| citizen reports)")


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What the rules are told.

    Attributes:
        vocabulary: What is known here.
        profile: The label of the thresholds in force; another text is none of ours.
        reports_min: Fewer reports than this are not told.
        lang: Language of what stands in the place of a name that has to be there.
        numbers: Numbers of ours already given in the place of identifiers, by column.
    """

    vocabulary: Vocabulary
    profile: str
    reports_min: int
    lang: Lang
    numbers: dict[str, dict[str, str]] = field(default_factory=dict)


def release(frame: pd.DataFrame, schema: pa.DataFrameSchema, *, table: str, gate: Gate, held: HeldBack) -> pd.DataFrame:
    """Return what of a table leaves, in the schema's order, and note what is held back.

    Args:
        frame: Rows of the table; columns that it does not have are passed over.
        schema: Its declaration.
        table: Its name in the notes.
        gate: What the rules are told.
        held: Where it is noted.
    """
    kept = pd.DataFrame(index=frame.index)
    alive = pd.Series(data=True, index=frame.index)
    for name in frame.columns:
        if name not in schema.columns:
            held.add(table, str(name), int(frame[name].notna().sum()), "undeclared")
    for name, column in schema.columns.items():
        if name not in frame:
            continue
        classification = column.metadata["classification"]
        if classification != "terbuka":
            held.add(table, name, int(frame[name].notna().sum()), "classification", classification)
            continue
        if column.metadata["kind"] == "geometry":
            kept[name] = frame[name]
            continue
        passed = _passed(frame[name], name, column, table, gate, held)
        if passed is None:
            continue
        if column.metadata["kind"] == "code" and not column.nullable:
            alive &= passed.notna()
        kept[name] = passed
    return kept[alive].reset_index(drop=True)


def _passed(
    values: pd.Series, name: str, column: pa.Column, table: str, gate: Gate, held: HeldBack
) -> pd.Series | None:
    """Return the values of a column that leave, by its kind; None where none of it does."""
    kind = column.metadata["kind"]
    if kind in ("number", "integer", "flag", "date"):
        return _typed(values, kind)
    if kind == "text":
        return _passed_text(values, name, column, table, gate, held)
    if kind == "time":
        held.add(table, name, int(values.notna().sum()), "precise_time")
        return _months(values)
    if kind == "code":
        return _checked(values, lambda text: None if CODE.fullmatch(text) else "not_a_code", table, name, held)
    allowed = values.isin(column.metadata["choices"])
    held.add(table, name, int((~allowed & values.notna()).sum()), "not_a_choice")
    return values.where(allowed)


def _passed_text(
    values: pd.Series, name: str, column: pa.Column, table: str, gate: Gate, held: HeldBack
) -> pd.Series | None:
    rule = TEXT_RULES.get(name)
    if rule is None:
        held.add(table, name, int(values.notna().sum()), "no_rule")
        return None
    checked = _checked(values, _check_of(rule, gate), table, name, held)
    if rule == "sentence":
        return _each(checked, lambda text: coarse_sentence(text, gate.reports_min))
    if rule == "identifier" and not column.nullable:
        return checked.fillna(_numbered(values[checked.isna()], name, gate))
    return _named(values, checked, gate.lang) if rule in ("name", "place") and not column.nullable else checked


def _typed(values: pd.Series, kind: str) -> pd.Series:
    if kind == "date":
        return pd.to_datetime(values, errors="coerce").dt.normalize().astype("datetime64[us]")
    if kind == "flag":
        return values.astype("boolean")
    return pd.to_numeric(values, errors="coerce").astype("Int64" if kind == "integer" else "float64")


def _months(values: pd.Series) -> pd.Series:
    moments = pd.to_datetime(values, utc=True, errors="coerce")
    return moments.dt.strftime("%Y-%m").astype("str").where(moments.notna())


def _named(values: pd.Series, checked: pd.Series, lang: Lang) -> pd.Series:
    """Put a word in the place of a name that has to be there and is held back."""
    return checked.mask(values.notna() & checked.isna(), WITHHELD.of(lang))


def _numbered(values: pd.Series, name: str, gate: Gate) -> pd.Series:
    """Return a number of ours for every identifier, the same one in every table that names the thing."""
    given = gate.numbers.setdefault(name, {})
    for value in values.dropna().unique():
        given.setdefault(str(value), f"{name.removesuffix('_id')}-{len(given) + 1:05d}")
    return values.map(lambda value: given.get(str(value)), na_action="ignore")


def _checked(values: pd.Series, check: Callable[[str], str | None], table: str, name: str, held: HeldBack) -> pd.Series:
    """Empty every text that a check refuses; a check gives the rule that refuses it, or a kind of personal data."""
    places, written = pd.factorize(values)
    texts = [str(value) for value in written]
    faults = [check(text) for text in texts]
    counts = np.bincount(places[places >= 0], minlength=len(texts))
    for fault, count in zip(faults, counts, strict=True):
        if fault in KINDS:
            held.add(table, name, int(count), "personal", KINDS[fault])
        elif fault is not None:
            held.add(table, name, int(count), fault)
    kept: list[Any] = [
        clean(text) or None if fault is None else None for text, fault in zip(texts, faults, strict=True)
    ]
    return pd.Series(pd.array([*kept, None], dtype="str").take(places), index=values.index)


def _each(values: pd.Series, read: Callable[[str], str]) -> pd.Series:
    return values.map(read, na_action="ignore")


def coarse_sentence(text: str, reports_min: int) -> str:
    """Return a sentence with months for days, and without the number of reports where it is small."""
    text = _DAY.sub(r"\1 \2", text)

    def few(found: re.Match[str]) -> str:
        if int(found[1]) >= reports_min:
            return found[0]
        words = Text("kurang dari {n}", "fewer than {n}").fill(n=reports_min)
        return words.of("id" if "laporan" in found[2] else "en") + found[2]

    return _COUNTED.sub(few, text)


@cache
def _sentence_words() -> frozenset[str]:
    return spoken_words() | frozenset(_MONTH_NAMES)


def _check_of(rule: str, gate: Gate) -> Callable[[str], str | None]:
    """Return the check of a rule of `TEXT_RULES`: None for a text that leaves, else why it stays."""
    known, sentences = gate.vocabulary, _sentence_words()
    patterns = {
        "case": (_CASE, "not_an_identifier"),
        "point": (_POINT, "not_a_point"),
        "month": (MONTH, "not_a_code"),
        "profile": (re.compile(re.escape(gate.profile)), "not_our_words"),
    }
    if rule in patterns:
        form, fault = patterns[rule]
        return lambda text: None if form.fullmatch(text) else fault
    tests: dict[str, tuple[Callable[[str], bool], str]] = {
        "name": (lambda text: bool(clean(text)), "not_a_place"),
        "body": (known.is_body, "not_a_body"),
        "place": (known.is_place, "not_a_place"),
        "identifier": (known.is_identifier, "not_an_identifier"),
        "reference": (known.is_reference, "not_a_reference"),
        "term": (lambda text: _TERMS.issuperset(words_of(text)), "not_our_words"),
        "sentence": (lambda text: sentences.issuperset(words_of(text)), "not_our_words"),
    }
    test, fault = tests[rule]
    return lambda text: personal(text) or (None if test(text) else fault)


def safe_words(texts: Iterable[str]) -> list[str]:
    """Return those of the office's own texts (title, keywords …) that hold nothing personal, cleaned."""
    return [clean(text) for text in texts if clean(text) and personal(text) is None]
