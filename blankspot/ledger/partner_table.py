"""An office's own table of partners: what a row says, and which rows cannot stand.

A row names a partner (or, with `alias_of`, another name of one). It is refused when it contradicts itself, another row, or
what is known everywhere: days the wrong way round, a partner that is there twice, a name that belongs to somebody else, a
successor nobody knows, successors that go round. A refused row does not count for those after it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import pandas as pd

from blankspot.words import Text, date_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Hashable, Mapping

Fault = tuple[str, str, Text]
_LEGAL_FORMS: Final = frozenset({"pt", "tbk", "persero", "cv"})
_CONTRADICTS: Final = Text(
    "Tidak dapat sekaligus menjadi nama lain dan memiliki penerus.",
    "It cannot be another name and have a successor at once.",
)


class Names(Protocol):
    """What the table lies over: who a name means, who followed whom, and what a misspelling may mean."""

    def key_of(self, name: str) -> str:
        """Return the key of the partner that a name means, the folded name where nobody knows it."""

    def near(self, name: str) -> list[str]:
        """Return the partners that a misspelt name may mean."""

    def successors(self) -> Mapping[str, str]:
        """Return the key of the successor of every listed partner, "" for none."""

    def title(self, key: str) -> str:
        """Return the official name of a partner, its key where nobody knows it."""


class Row(NamedTuple):
    """A row of the table; empty text and None are "not said"."""

    name: str
    role: str
    aliases: tuple[str, ...]
    alias_of: str
    since: dt.date | None
    until: dt.date | None
    successor: str


def partner_key(name: str) -> str:
    """Fold the spelling of a partner for grouping: case, spaces, points and the legal form (PT, Tbk) do not count."""
    words = re.sub(r"[.,()]", " ", name.casefold()).split()
    return " ".join(word for word in words if word not in _LEGAL_FORMS) or " ".join(words)


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """Return what each row says; `contact` and `note` are not looked at."""
    return [_row(row) for row in frame.to_dict("records")]


def table_faults(frame: pd.DataFrame, base: Names) -> dict[int, Fault]:
    """Return column, rule and reason of every row that cannot stand, by its position.

    Args:
        frame: Rows of `schema.TABLES["partners"]`.
        base: What the table lies over.
    """
    rows = rows_of(frame)
    faults: dict[int, Fault] = {}
    listed: dict[str, int] = {}
    for place, row in enumerate(rows):
        if row.since and row.until and row.until < row.since:
            faults[place] = _days_reversed(row)
        elif row.alias_of and row.successor:
            faults[place] = ("alias_of", "alias_with_successor", _CONTRADICTS)
        elif not row.alias_of and listed.setdefault(base.key_of(row.name), place) != place:
            faults[place] = _twice(row, rows[listed[base.key_of(row.name)]])
    names = _Names(base, {key: rows[place] for key, place in listed.items() if place not in faults})
    for place, row in enumerate(rows):
        fault = None if place in faults else names.fault(row)
        if fault is not None:
            faults[place] = fault
    return faults | _circles(rows, faults, names)


class _Names:
    """The names of a table together with those it lies over."""

    def __init__(self, base: Names, listed: Mapping[str, Row]) -> None:
        self._base = base
        self._listed = listed
        self._claims: dict[str, str] = {}
        for key, row in listed.items():
            for other in row.aliases:
                self._claims.setdefault(partner_key(other), key)
        self._dated: dict[str, list[Row]] = {}

    def key_of(self, name: str) -> str:
        """Return the key of the partner that a name means."""
        key = partner_key(name)
        return key if key in self._listed else self._claims.get(key) or self._base.key_of(name)

    def successors(self) -> Mapping[str, str]:
        """Return who followed whom before the table."""
        return self._base.successors()

    def title(self, key: str) -> str:
        """Return the name of a partner as the table or the list below it writes it."""
        return self._listed[key].name if key in self._listed else self._base.title(key)

    def fault(self, row: Row) -> Fault | None:
        """Return why a row cannot stand beside the others."""
        for column, name in (("alias_of", row.alias_of), ("successor", row.successor)):
            key = self.key_of(name)
            if name and key not in self._listed and key not in self._base.successors():
                return self._nobody(column, name)
        return self._clash(row) if row.alias_of else self._taken(row)

    def _taken(self, row: Row) -> Fault | None:
        """Judge the other names of a partner: none may be the name of another one."""
        own = self._base.key_of(row.name)
        for other in row.aliases:
            owner = self._owner(partner_key(other))
            if owner not in ("", own):
                return _belongs("aliases", other, self.title(owner))
        return None

    def _clash(self, row: Row) -> Fault | None:
        """Judge a name with days of its own: on no day may it mean two partners."""
        key, meant = partner_key(row.name), self.key_of(row.alias_of)
        owner = self._owner(key)
        if owner not in ("", meant):
            return _belongs("partner_name", row.name, self.title(owner))
        for other in self._dated.setdefault(key, []):
            if self.key_of(other.alias_of) != meant and _overlap(other, row):
                return _belongs("partner_name", row.name, other.alias_of)
        self._dated[key].append(row)
        return None

    def _owner(self, key: str) -> str:
        """Return whose official name a folded name is, else which row of the table claims it, else ""."""
        return key if key in self._listed or key in self._base.successors() else self._claims.get(key, "")

    def _nobody(self, column: str, name: str) -> Fault:
        near = self._base.near(name)
        guess = Text(f" Mungkin maksudnya {near[0]}?", f" Perhaps {near[0]} is meant?") if near else Text("", "")
        return (
            column,
            "partner_unknown",
            Text(
                f"Mitra '{name}' tidak ada di tabel ini maupun di daftar bawaan.{guess.id}",
                f"The partner '{name}' is neither in this table nor among the known ones.{guess.en}",
            ),
        )


def _circles(rows: list[Row], faults: Mapping[int, Fault], names: _Names) -> dict[int, Fault]:
    """Return the rows whose successors come back to themselves."""
    following = dict(names.successors())
    stands = [(place, row) for place, row in enumerate(rows) if place not in faults and row.successor]
    following |= {names.key_of(row.name): names.key_of(row.successor) for _, row in stands}
    found: dict[int, Fault] = {}
    for place, row in stands:
        start = names.key_of(row.name)
        chain = [start]
        while (after := following.get(chain[-1], "")) and after not in chain:
            chain.append(after)
        if after == start:
            told = " → ".join(map(names.title, (*chain, start)))
            message = Text(f"Penerus mitra berputar: {told}.", f"The successors of partners go round: {told}.")
            found[place] = ("successor", "successors_go_round", message)
    return found


def _overlap(one: Row, other: Row) -> bool:
    first, second = sorted((one, other), key=lambda row: (row.since is not None, row.since or 0))
    return first.until is None or second.since is None or second.since <= first.until


def _days_reversed(row: Row) -> Fault:
    assert row.since  # noqa: S101 - the caller compared them
    message = Text(
        f"Berakhir sebelum dimulai pada {date_text(row.since)}.",
        f"It ends before it begins on {date_text(row.since, lang='en')}.",
    )
    return "until", "until_before_since", message


def _twice(row: Row, first: Row) -> Fault:
    message = Text(
        f"Mitra {row.name} sudah ada di baris lain ({first.name}).",
        f"The partner {row.name} is in another row already ({first.name}).",
    )
    return "partner_name", "partner_twice", message


def _belongs(column: str, name: str, owner: str) -> Fault:
    message = Text(
        f"Nama '{name}' sudah berarti mitra lain: {owner}.",
        f"The name '{name}' means another partner already: {owner}.",
    )
    return column, "name_taken", message


def _row(row: Mapping[Hashable, object]) -> Row:
    def text(column: str) -> str:
        value = row.get(column)
        return "" if value is None or pd.isna(value) else " ".join(str(value).split())  # type: ignore[call-overload]

    def day(column: str) -> dt.date | None:
        value = row.get(column)
        return None if value is None or pd.isna(value) else pd.Timestamp(value).date()  # type: ignore[call-overload, arg-type]

    others = tuple(filter(None, (part.strip() for part in text("aliases").split(";"))))
    return Row(
        text("partner_name"), text("role"), others, text("alias_of"), day("since"), day("until"), text("successor")
    )
