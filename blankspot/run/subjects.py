"""What a question is about: a desa, a kecamatan, a kabupaten, a province or a partner, found by code or by name, never guessed.

A name may mean several things (most kecamatan have a desa of their own name). Then every candidate is named with its kind, and
the asker says which: by its code, or with the kind in front (`kecamatan:Ciparay`, `mitra:Telkomsel`, "Kec. Ciparay").
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import pandas as pd

from blankspot.errors import UsageError
from blankspot.wilayah import candidates, fold, match_village, name_key, parent, parents
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Kind = Literal["village", "district", "regency", "province", "partner"]
_KINDS: Final[dict[Kind, tuple[str, ...]]] = {
    "village": ("desa", "kelurahan", "kel", "ds", "village"),
    "district": ("kecamatan", "kec", "distrik", "district"),
    "regency": ("kabupaten", "kab", "kota", "regency"),
    "province": ("provinsi", "prov", "province"),
    "partner": ("mitra", "partner"),
}
_KIND_OF: Final = {word: kind for kind, words in _KINDS.items() for word in words}
_PREFIX: Final = re.compile(r"\s*(?P<word>[^\W\d_]+)\s*:\s*(?P<rest>.+)")
_WORD: Final = re.compile(r"\s*(?P<word>[^\W\d_]+)[.\s]\s*(?P<rest>\S.*)")
_AREAS: Final[tuple[Kind, ...]] = ("district", "regency", "province")
_DEPTHS: Final[dict[int, Kind]] = {1: "province", 2: "regency", 3: "district", 4: "village"}
_NAMES: Final[dict[Kind, Text]] = {
    "village": Text("desa", "desa"),
    "district": Text("kecamatan", "kecamatan"),
    "regency": Text("kabupaten/kota", "kabupaten or kota"),
    "province": Text("provinsi", "province"),
    "partner": Text("mitra", "partner"),
}
_CANDIDATES_MAX: Final = 12
_SUGGESTIONS_MAX: Final = 3


@dataclass(frozen=True)
class Subject:
    """What a question is about.

    Attributes:
        kind: Kind of subject.
        key: The code of a place, or the key of a partner.
        name: Its name.
        place: The kecamatan of a desa, the kabupaten of a kecamatan; "" where there is nothing to say.
    """

    kind: Kind
    key: str
    name: str
    place: str = ""


class Finder:
    """Finds subjects among the places and partners of a workspace.

    Args:
        villages: Table `villages`.
        partners: Every name under which a partner is known here, and the partner that it means.
    """

    def __init__(self, villages: pd.DataFrame, partners: Mapping[str, Subject]) -> None:
        self._villages = villages
        self._partners = {name_key(name): subject for name, subject in partners.items()}
        self._areas = {level: _areas(villages, level) for level in _AREAS}

    def find(self, asked: str, *, district: str | None = None, kind: Kind | None = None) -> Subject:
        """Return the one subject that a code or a name means.

        Args:
            asked: A code or a name, with its kind in front if need be.
            district: The kecamatan of a desa, where several have one of that name.
            kind: The kind that it must be; any if not given.

        Raises:
            UsageError: It means nothing here, or several things; the message names them with their kinds.
        """
        kind = "village" if district else kind
        told = _PREFIX.fullmatch(asked)
        if told and _kind_said(told["word"]) in ({kind} if kind else _KINDS):
            named, only = told["rest"].strip(), _kind_said(told["word"])
            return self._one(asked, self._exact(named, only, district), self._near(named, only, district))
        found = self._exact(asked, kind, district)
        said = _WORD.fullmatch(asked)
        if not found and said and _kind_said(said["word"]) in ({kind} if kind else _KINDS):
            found = self._exact(said["rest"].strip(), _kind_said(said["word"]), district)
        return self._one(asked, found, [] if found else self._near(asked, kind, district))

    def _exact(self, asked: str, kind: Kind | None, district: str | None) -> list[Subject]:
        by_code = self._by_code(asked.strip())
        if by_code is not None:
            return [by_code] if kind in (None, by_code.kind) else []
        found: list[Subject] = []
        if kind in (None, "village"):
            match = match_village(asked, self._villages, district=district)
            listed = match.candidates if match.exact or match.code else ()
            found += [self._village(one.code) for one in listed if match.code in (None, one.code)]
        for level in _AREAS:
            if kind in (None, level):
                found += _named(asked, self._areas[level], level)
        if kind in (None, "partner") and name_key(asked) in self._partners:
            found.append(self._partners[name_key(asked)])
        return found

    def _by_code(self, asked: str) -> Subject | None:
        if not re.fullmatch(r"\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?", asked):
            return None
        kind = _DEPTHS[asked.count(".") + 1]
        if kind == "village":
            return self._village(asked) if asked in set(self._villages["village_code"]) else None
        return next((one for one in self._areas[kind] if one.key == asked), None)

    def _village(self, code: str) -> Subject:
        row = self._villages[self._villages["village_code"] == code].iloc[0]
        return Subject(
            "village", code, str(row["village_name"]), _text(row.get("district")) or parent(code, "district")
        )

    def _one(self, asked: str, found: list[Subject], near: list[Subject]) -> Subject:
        if len(found) == 1:
            return found[0]
        if found:
            raise _ambiguous(asked, found)
        told = _PREFIX.fullmatch(asked)
        name = told["rest"] if told else asked
        if near and all(one.kind == "village" for one in near) and fold(name) in {fold(one.name) for one in near}:
            raise _ambiguous(asked, near)
        raise _unknown(asked, near, [code for code in candidates(name) if code in set(self._villages["village_code"])])

    def _near(self, asked: str, kind: Kind | None, district: str | None) -> list[Subject]:
        found: list[Subject] = []
        if kind in (None, "village"):
            found = [
                self._village(one.code) for one in match_village(asked, self._villages, district=district).candidates
            ]
        if found:
            return found
        names: dict[str, Subject] = {}
        if kind in (None, "partner"):
            names |= self._partners
        for level in reversed(_AREAS):
            if kind in (None, level):
                names |= {_bare(one.name): one for one in self._areas[level]}
        if kind in (None, "village"):
            firsts = self._villages.dropna(subset=["village_name"]).drop_duplicates("village_name")
            names |= {
                name_key(str(name)): self._village(code)
                for name, code in zip(firsts["village_name"], firsts["village_code"], strict=True)
            }
        longer = [name for name in names if _bare(asked) and name.startswith(_bare(asked))]
        close = difflib.get_close_matches(_bare(asked), names, n=_SUGGESTIONS_MAX)
        close = list(dict.fromkeys((*longer, *close)))[:_SUGGESTIONS_MAX]
        return [names[name] for name in close]


def _kind_said(word: str) -> Kind | None:
    """Return the kind that a word before a name says, None if it says none."""
    return _KIND_OF.get(word.casefold())


def _areas(villages: pd.DataFrame, level: Kind) -> list[Subject]:
    """Return the areas of a level that have desa here, each with the name its rows give it."""
    codes = parents(villages["village_code"], level)  # type: ignore[arg-type]  # one of the levels above a village
    above = {"district": "regency", "regency": "province"}.get(level)
    named = villages.assign(_code=codes).drop_duplicates("_code").sort_values("_code")
    empty = pd.Series([""] * len(named))
    names, places = named.get(level, empty), named.get(above, empty)
    return [
        Subject(level, str(code), _text(name) or str(code), _text(place))
        for code, name, place in zip(named["_code"], names, places, strict=True)
    ]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _named(asked: str, areas: list[Subject], level: Kind) -> list[Subject]:
    """Return the areas of that name: those of exactly this name, else those of it without the kind in front."""
    whole = [one for one in areas if name_key(one.name) == name_key(asked)]
    if whole:
        return whole
    said = _WORD.fullmatch(asked)
    bare = _bare(asked) if said and _kind_said(said["word"]) == level else name_key(asked)
    return [one for one in areas if _bare(one.name) == bare]


def _bare(name: str) -> str:
    """Return a name without the kind in front: "Kec. Ciparay" and "Ciparay" are "ciparay"."""
    said = _WORD.fullmatch(name_key(name))
    return said["rest"] if said and said["word"] in _KIND_OF else name_key(name)


def _listed(found: Iterable[Subject]) -> Text:
    def line(one: Subject, lang: Literal["id", "en"]) -> str:
        where = f", kecamatan {one.place}" if one.kind == "village" and one.place else ""
        where = f", {one.place}" if not where and one.place else where
        code = "" if one.kind == "partner" else f"{one.key}  "
        return f"\n  {_NAMES[one.kind].of(lang)}  {code}{one.name}{where}"

    shown = list(found)
    more = len(shown) - _CANDIDATES_MAX
    rest = Text(f"\n  … dan {more} lagi", f"\n  … and {more} more") if more > 0 else Text("", "")
    return Text(
        "".join(line(one, "id") for one in shown[:_CANDIDATES_MAX]) + rest.id,
        "".join(line(one, "en") for one in shown[:_CANDIDATES_MAX]) + rest.en,
    )


def _ambiguous(asked: str, found: list[Subject]) -> UsageError:
    listed = _listed(found)
    return UsageError(
        Text(f"'{asked}' dapat berarti beberapa hal:{listed.id}\n", f"'{asked}' may mean several things:{listed.en}\n"),
        hint=Text(
            "Sebut kodenya, atau jenisnya di depan, misalnya 'kecamatan:Nama' atau 'mitra:Nama'; untuk desa juga --district KECAMATAN.",
            "Name its code, or its kind in front, such as 'kecamatan:Name' or 'mitra:Name'; for a desa also --district KECAMATAN.",
        ),
    )


def _unknown(asked: str, near: list[Subject], codes: list[str]) -> UsageError:
    what = Text(
        f"Tidak ada desa, kecamatan, kabupaten, atau mitra '{asked}' di ruang kerja ini.",
        f"There is no desa, kecamatan, kabupaten or partner '{asked}' in this workspace.",
    )
    meant = codes or list(dict.fromkeys(one.name for one in near))[:_SUGGESTIONS_MAX]
    if meant:
        listed = ", ".join(meant)
        return UsageError(what, hint=Text(f"Mungkin maksudnya: {listed}.", f"Perhaps this is meant: {listed}."))
    return UsageError(what, hint=Text("Periksa ejaannya, atau pakai kode.", "Check the spelling, or use a code."))
