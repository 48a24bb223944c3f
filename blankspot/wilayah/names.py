"""Names of villages: which village a name means, and what it may mean where it does not decide.

Names decide only inside one kecamatan and only when they are equal but for case and spaces; 28 names repeat within
Kab. Bandung alone, and eight kecamatan of the country have a desa and a kelurahan of one name. Everything softer (Sri
Rahayu = Srirahayu, Kebo Satu = Kebo I) proposes candidates and decides nothing.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import pandas as pd

from blankspot.wilayah.codes import BPS_PREFIX, SHAPES, VILLAGE_TYPES, parent, parents

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Candidate:
    """A village that a name might mean."""

    code: str
    name: str
    district: str


@dataclass(frozen=True)
class Match:
    """What a name says.

    Attributes:
        code: The village, or None where the name does not decide.
        candidates: What it may mean, by code; the one village where it decides.
        exact: Whether the candidates bear exactly this name (but for case and spaces).
    """

    code: str | None
    candidates: tuple[Candidate, ...]
    exact: bool


class Gazetteer:
    """Names of one code list, indexed once for many questions.

    Args:
        villages: Columns code and name (rows of any level; kecamatan rows give the kecamatan their names), or
            village_code, village_name and optionally district.
    """

    def __init__(self, villages: pd.DataFrame) -> None:
        own = {"village_code": "code", "village_name": "name"}
        named = villages.rename(columns={old: new for old, new in own.items() if new not in villages.columns})
        rows = named.dropna(subset=["code", "name"])
        codes, names = rows["code"].astype("str"), rows["name"].astype("str")
        is_village = codes.str.fullmatch(SHAPES["village"]) | codes.str.fullmatch(rf"{BPS_PREFIX}[0-9]{{10}}")
        self._units = dict(zip(codes[~is_village], names[~is_village], strict=True))
        self._codes = codes[is_village].tolist()
        self._names = names[is_village].tolist()
        self._above = parents(codes[is_village], "district").tolist()
        if "district" in rows:
            told = rows.loc[is_village, "district"].tolist()
            self._units |= {code: str(name) for code, name in zip(self._above, told, strict=True) if pd.notna(name)}

    def match(
        self, name: str, *, district: str | None = None, regency: str | None = None, village_type: str | None = None
    ) -> Match:
        """Match one village name; see `match_village`."""
        inside, sure = self._inside(district, regency)
        for index, key, exact in ((self._by_key, name_key(name), True), (self._by_fold, fold(name), False)):
            found = [at for at in index.get(key, []) if inside is None or self._above[at] in inside]
            if village_type:
                found = [at for at in found if VILLAGE_TYPES.get(self._codes[at][9:10]) == village_type]
            if found:
                decided = exact and sure and len(found) == 1
                return Match(self._codes[found[0]] if decided else None, self._listed(found), exact)
        return Match(None, self._listed(self._near(name, inside)) if inside else (), exact=False)

    def _inside(self, district: str | None, regency: str | None) -> tuple[set[str] | None, bool]:
        """Return the kecamatan to look in (None for all) and whether the question named exactly one."""
        if district is None:
            return (None if regency is None else self._within(set(self._above), regency)), False
        if re.fullmatch(SHAPES["district"], district.strip()) or district.startswith(BPS_PREFIX):
            return {district.strip()}, True
        named = set(self._districts_by_key.get(_bare(district), []))
        if named:
            inside = named if regency is None else self._within(named, regency)
            return inside, len(inside) == 1
        alike = {code for code in self._district_codes if fold(_bare(self._units[code])) == fold(_bare(district))}
        return (alike if regency is None else self._within(alike, regency)) or None, False

    def _within(self, districts: set[str], regency: str) -> set[str]:
        above = {code: parent(code, "regency") for code in districts}
        if re.fullmatch(SHAPES["regency"], regency.strip()):
            return {code for code in districts if above[code] == regency.strip()}
        names = {code: self._units.get(one, "") for code, one in above.items()}
        whole = {code for code in districts if name_key(names[code]) == name_key(regency)}
        return whole or {code for code in districts if _bare(names[code]) == _bare(regency)}

    def _listed(self, found: Iterable[int]) -> tuple[Candidate, ...]:
        listed = (Candidate(self._codes[at], self._names[at], self._units.get(self._above[at], "")) for at in found)
        return tuple(sorted(listed, key=lambda candidate: candidate.code))

    def _near(self, name: str, inside: set[str]) -> list[int]:
        members = [at for at, above in enumerate(self._above) if above in inside]
        folds = {fold(self._names[at]) for at in members}
        near = set(difflib.get_close_matches(fold(name), sorted(folds), n=5, cutoff=0.75))
        return [at for at in members if fold(self._names[at]) in near]

    @cached_property
    def _by_key(self) -> dict[str, list[int]]:
        return _index(name_key(name) for name in self._names)

    @cached_property
    def _by_fold(self) -> dict[str, list[int]]:
        return _index(fold(name) for name in self._names)

    @cached_property
    def _district_codes(self) -> list[str]:
        return sorted(set(self._above) & set(self._units))

    @cached_property
    def _districts_by_key(self) -> dict[str, list[str]]:
        index = _index(_bare(self._units[code]) for code in self._district_codes)
        return {key: [self._district_codes[at] for at in found] for key, found in index.items()}


def match_village(
    name: str,
    villages: pd.DataFrame,
    *,
    district: str | None = None,
    regency: str | None = None,
    village_type: str | None = None,
) -> Match:
    """Find the village that a name means, or list what it may mean; never guess.

    A code comes back only when the kecamatan is known and exactly one village in it has this name but for case and
    spaces. A spelling that only folds to the same (or comes near, inside the kecamatan) is a candidate, not an answer.

    Args:
        name: As written.
        villages: A code list or a table of villages; see `Gazetteer`, which is cheaper for many names.
        district: Code of the kecamatan, or its name where the list knows names of kecamatan.
        regency: Code or name of the kabupaten/kota, where several have a kecamatan of that name.
        village_type: Only desa, kelurahan or desa_adat, where one kecamatan has a name twice.
    """
    return Gazetteer(villages).match(name, district=district, regency=regency, village_type=village_type)


def name_key(name: str) -> str:
    """Return a name without what never matters: case and the number of spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def fold(name: str) -> str:
    """Return a spelling fold for proposals: "Sri Rahayu" and "Srirahayu", "Kebo Satu" and "Kebo I" fold to the same."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    tokens = re.findall(r"[a-z]+|[0-9]+", plain.replace("'", ""))
    if len(tokens) > 1 and tokens[0] in _VILLAGE_WORDS:
        tokens = tokens[1:]
    head = _ABBREVIATIONS.get(tokens[0], tokens[0]) if tokens else ""
    return head + "".join(_ABBREVIATIONS.get(token, _NUMERALS.get(token, token)) for token in tokens[1:])


_VILLAGE_WORDS: Final = frozenset({"desa", "kelurahan", "kel", "ds"})
_UNIT_WORDS: Final = re.compile(
    r"^(?:kecamatan|kec\.?|distrik|kabupaten administrasi|kota administrasi|kabupaten|kab\.?|kota)\s+"
)
_ABBREVIATIONS: Final = {
    "kp": "kampung", "mns": "meunasah", "sei": "sungai", "tj": "tanjung", "tg": "tanjung", "gn": "gunung", "perk": "perkebunan",
    "tgk": "teungku", "bdr": "bandar",
}  # fmt: skip
_NUMERALS: Final = {
    spelling: str(number)
    for number, spellings in enumerate(
        (
            "satu i", "dua ii", "tiga iii", "empat iv", "lima v", "enam vi", "tujuh vii", "delapan viii", "sembilan ix", "sepuluh x",
            "sebelas xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii", "xviii", "xix", "xx",
        ),
        start=1,
    )
    for spelling in spellings.split()
}  # fmt: skip


def _bare(name: str) -> str:
    return _UNIT_WORDS.sub("", name_key(name))


def _index(keys: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for at, key in enumerate(keys):
        found.setdefault(key, []).append(at)
    return found
