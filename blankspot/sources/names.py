"""One name per operator, owner and technology, however it was spelled.

Spellings are compared without case, punctuation, spaces, legal forms (PT, Tbk, CV) and notes in brackets. What the alias table
knows becomes its name there; what it does not know is kept as written, because a wrong owner is worse than two
spellings of one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from blankspot.check import Review
    from blankspot.settings import Settings

_SHOWN_MAX: Final = 10
_UNKNOWN_OPERATORS: Final = Text(
    "Operator tidak ada di tabel alias, dipakai seperti tertulis: {value}.",
    "Operators not in the alias table, kept as written: {value}.",
)

_LEGAL: Final = frozenset({"pt", "tbk", "cv", "persero", "perum"})
_GENERATIONS: Final = {
    "2G": "2g gsm edge gprs cdma 1xrtt 1x iden 2.5g 2.5g/e/gprs",
    "3G": "3g umts wcdma hspa hspa+ hspap hsdpa hsupa dc-hspa dc-hspa+ dchspa+ dc-hsdpa evdo evdo0 evdoa evdob ehrpd tdscdma td-scdma 3g/h/h+ 3g/h/h+/evdo",
    "4G": "4g lte lte+ lte-a lteca lte_ca lte-ca ltea lte-advanced 4.5g 4g+ 4glte 4g/lte ltetdd ltefdd lte-tdd lte-fdd 5g/4g/lte",
    "5G": "5g nr nr5g 5gnr 5g-nr 5gnsa 5gsa 5g-nsa 5g-sa nrnsa nrsa nr-nsa nr-sa 5g+ 5gnr-nsa 5gnr-sa",
}


def _tidy(text: str) -> str:
    return re.sub(r"[\s_()/-]+", "", text.casefold())


_BY_NAME: Final = {_tidy(name): generation for generation, names in _GENERATIONS.items() for name in names.split()}


def name_key(text: str) -> str:
    """Return what two spellings of one name share: "PT. DAYA MITRA TELEKOMUNIKASI (TELKOM)" gives "dayamitratelekomunikasi"."""
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", text.casefold())
    words = re.sub(r"[\W_]+", " ", bare).split()
    return "".join(word for word in words if word not in _LEGAL) or re.sub(r"[\W_]+", "", text.casefold())


def fold_names(values: pd.Series, aliases: Mapping[str, Sequence[str]]) -> tuple[pd.Series, pd.Series]:
    """Fold spellings into the names of an alias table.

    Args:
        values: Names as written; NaN stays NaN.
        aliases: Name to its other spellings, as in `settings.aliases`.

    Returns:
        The folded names, those unknown with their spaces tidied and the several spellings of one key made the same (the
        most frequent, then the first in the alphabet); and which were known.
    """
    known = {name_key(spelling): name for name, spellings in aliases.items() for spelling in (name, *spellings)}
    places, written = pd.factorize(values)
    counts = np.bincount(places[places >= 0], minlength=len(written))
    texts = [" ".join(str(text).split()) for text in written]
    keys = [name_key(text) for text in texts]
    usual: dict[str, str] = {}
    for _, text, key in sorted(zip(-counts, texts, keys, strict=True)):
        usual.setdefault(key, text)
    folded = each_distinct(values, lambda text: known.get(name_key(text), usual[name_key(text)]) or None)
    is_known = np.array([*(key in known for key in keys), False])[places]
    return folded, pd.Series(is_known, index=values.index)


def review_operators(review: Review, settings: Settings) -> None:
    """Fold the column `operator` of a review through the alias table; what it does not know is kept in lower case and noted."""
    names, known = fold_names(review.frame["operator"], settings.aliases.operator)
    review.frame["operator"] = names.where(known, names.str.lower())
    strange = sorted(set(review.frame["operator"][~known & review.alive].dropna()))
    if strange:
        listed = ", ".join(strange[:_SHOWN_MAX]) + (" …" if len(strange) > _SHOWN_MAX else "")
        review.note(column="operator", rule="unknown_operator", message=_UNKNOWN_OPERATORS, value=listed)


def each_distinct(values: pd.Series, read: Callable[[str], str | None]) -> pd.Series:
    """Return `read` of every text, called once per distinct text; NaN stays NaN, None becomes it."""
    places, written = pd.factorize(values)
    texts = [*(read(str(text)) for text in written), None]
    return pd.Series(pd.array(texts, dtype="str").take(places), index=values.index)


def generation(values: pd.Series) -> pd.Series:
    """Return 2G, 3G, 4G or 5G for radio technologies as networks, phones and loggers call them; others stay as written."""
    return each_distinct(values, lambda text: _BY_NAME.get(_tidy(text), text))


def network_code(mcc: pd.Series, mnc: pd.Series) -> pd.Series:
    """Return "510-10" for country code 510 and network code 10 (two digits at least); NaN where either is missing."""
    digits = r"^\s*(\d{1,3})(?:\.0+)?\s*$"
    country, network = (codes.astype("str").str.extract(digits, expand=False) for codes in (mcc, mnc))
    return country + "-" + network.str.lstrip("0").str.zfill(2)
