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

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LEGAL: Final = frozenset({"pt", "tbk", "cv", "persero", "perum"})
_GENERATIONS: Final = {
    "2G": "2g gsm edge gprs cdma 1xrtt 1x iden",
    "3G": "3g umts wcdma hspa hspa+ hspap hsdpa hsupa dc-hspa dc-hspa+ dchspa+ dc-hsdpa evdo evdo0 evdoa evdob ehrpd tdscdma td-scdma",
    "4G": "4g lte lte+ lte-a lteca lte_ca lte-ca ltea lte-advanced 4.5g 4g+ 4glte 4g/lte ltetdd ltefdd lte-tdd lte-fdd",
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
    texts = values.astype("str").str.split().str.join(" ")
    texts = texts.mask(values.isna() | (texts == ""))
    counts = texts.value_counts()
    keys = {text: name_key(text) for text in counts.index}
    usual: dict[str, str] = {}
    for text in sorted(counts.index, key=lambda text: (-int(counts[text]), text)):
        usual.setdefault(keys[text], text)
    folded = texts.map({text: known.get(key, usual[key]) for text, key in keys.items()}, na_action="ignore")
    return folded.astype("str"), texts.map({text: key in known for text, key in keys.items()}).fillna(
        value=False
    ).astype(bool)


def generation(values: pd.Series) -> pd.Series:
    """Return 2G, 3G, 4G or 5G for radio technologies as networks, phones and loggers call them; others stay as written."""
    known = {text: _BY_NAME.get(_tidy(text), text) for text in values.dropna().astype("str").unique()}
    return values.astype("str").map(known, na_action="ignore").astype("str").mask(values.isna())


def network_code(mcc: pd.Series, mnc: pd.Series) -> pd.Series:
    """Return "510-10" for country code 510 and network code 10 (two digits at least); NaN where either is missing."""
    country, network = pd.to_numeric(mcc, errors="coerce"), pd.to_numeric(mnc, errors="coerce")
    whole = country.notna() & network.notna()
    texts = (
        country.where(whole).astype("Int64").astype("str")
        + "-"
        + network.where(whole).astype("Int64").astype("str").str.zfill(2)
    )
    return texts.where(whole, np.nan).astype("str")
