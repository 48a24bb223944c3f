"""Who the partners are: which spellings mean the same one, since when, and who took over from whom.

The ledger keeps a partner's name as it was written; what it means is decided when it is read, so that a merger or a corrected
table changes reports and no record. Names are compared without case, spaces, points and the legal form. A name that nobody
knows is a partner of its own, never a guess; `near` proposes what a misspelling may mean.

`partners.toml` holds the partners known everywhere; an office's own table (`schema.TABLES["partners"]`) lies over it. Contacts
are in no `Partner`: they stay in that table, and only `contacts` hands them out, for letters.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from blankspot.errors import UsageError
from blankspot.ledger.partner_table import Fault, partner_key, rows_of, table_faults
from blankspot.words import Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd

__all__ = ["ROLES", "Alias", "Partner", "Partners", "contacts", "partner_key"]

ROLES: Final = ("government", "academia", "business", "community", "media")
_LIKENESS_MIN: Final = 0.82  # one letter in six; "Telkom" and "Telkomsel" stay apart
_NEAR_MAX: Final = 3


@dataclass(frozen=True, kw_only=True)
class Partner:
    """One partner.

    Attributes:
        key: The folded name, see `partner_key`; stable while the official name is.
        name: The official name, or the name as written where nobody knows it.
        role: One of `ROLES` (pentahelix), "" where it is not known.
        since: First day under this name; None if it is not known or does not matter.
        until: Last day under this name; None while it exists.
        successor: Key of the partner that took over, "" if there is none.
    """

    key: str
    name: str
    role: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    successor: str = ""


class Alias(NamedTuple):
    """Another name of a partner, with the days on which it means this one (None: no limit)."""

    name: str
    since: dt.date | None = None
    until: dt.date | None = None

    def holds(self, on: dt.date | None) -> bool:
        """Return whether the name means this partner on a day; without a day, whether it does to this day."""
        if on is None:
            return self.until is None
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


class Partners:
    """Names and what they mean; make one with `default` or `from_table`.

    Args:
        partners: The partners, each key once.
        aliases: Their other names by key; a name may stand under several keys if the days differ.

    Raises:
        UsageError: A successor is nobody, or successors go round in a circle.
    """

    def __init__(self, partners: Iterable[Partner], aliases: Mapping[str, Iterable[Alias]]) -> None:
        self._partners = {partner.key: partner for partner in partners}
        self._aliases = {key: tuple(aliases.get(key, ())) for key in self._partners}
        self._meanings: dict[str, list[tuple[Alias, str]]] = {}
        for key, others in self._aliases.items():
            for alias in others:
                self._meanings.setdefault(partner_key(alias.name), []).append((alias, key))
        _refuse_circles(self._partners)

    @classmethod
    def default(cls) -> Self:
        """Return the partners known everywhere."""
        return cls(*_known_everywhere())

    @classmethod
    def from_table(cls, frame: pd.DataFrame, base: Partners | None = None) -> Self:
        """Lay an office's table over the partners known everywhere.

        A row that is named by a spelling of a known partner speaks of that partner: what it leaves empty stays as it was,
        further names are added. A row with `alias_of` is another name of that partner between its days.

        Args:
            frame: Rows of `schema.TABLES["partners"]`; `contact` is not looked at.
            base: What the table lies over; `default()` if not given.

        Raises:
            UsageError: A row cannot stand (see `faults`); take those out first.
        """
        base = cls.default() if base is None else base
        for place, (_, _, message) in table_faults(frame, base).items():
            raise UsageError(
                Text(f"Tabel mitra, baris data {place + 1}: {message.id}", f"Partners, row {place + 1}: {message.en}"),
                hint=Text("Betulkan atau keluarkan baris itu.", "Correct or leave out that row."),
            )
        partners, aliases = dict(base.listed), {key: list(base.named(key)) for key in base.listed}
        rows = rows_of(frame)
        for row in (row for row in rows if not row.alias_of):
            key = base.key_of(row.name)
            there = partners.get(key) or Partner(key=key, name=row.name)
            partners[key] = replace(
                there, role=row.role or there.role, since=row.since or there.since, until=row.until or there.until
            )
            aliases.setdefault(key, []).extend(Alias(name) for name in row.aliases)
        names = cls(partners.values(), aliases)
        for row in rows:
            if row.successor:
                key = names.key_of(row.name)
                partners[key] = replace(partners[key], successor=names.key_of(row.successor))
            if row.alias_of:
                aliases[names.key_of(row.alias_of)].append(Alias(row.name, row.since, row.until))
        return cls(partners.values(), aliases)

    @classmethod
    def faults(cls, frame: pd.DataFrame, base: Partners | None = None) -> dict[int, Fault]:
        """Return column, rule and reason of every row of a table that cannot stand, by its position."""
        return table_faults(frame, cls.default() if base is None else base)

    @property
    def listed(self) -> Mapping[str, Partner]:
        """The partners by key."""
        return self._partners

    def named(self, key: str) -> tuple[Alias, ...]:
        """Return the other names of a partner with their days."""
        return self._aliases.get(key, ())

    def successors(self) -> dict[str, str]:
        """Return the key of the successor of every partner, "" for none."""
        return {key: partner.successor for key, partner in self._partners.items()}

    def __iter__(self) -> Iterator[Partner]:
        return iter(sorted(self._partners.values(), key=lambda partner: partner.key))

    def __len__(self) -> int:
        return len(self._partners)

    def key_of(self, name: str, *, on: dt.date | None = None) -> str:
        """Return the key of the partner that a name means on a day (to this day if not given)."""
        key = partner_key(name)
        if key in self._partners:
            return key
        meanings = self._meanings.get(key, [])
        return next((owner for alias, owner in reversed(meanings) if alias.holds(on)), key)

    def resolve(self, name: str, *, on: dt.date | None = None) -> Partner:
        """Return the partner that a name means; one of its own, without a role, where nobody knows it.

        Args:
            name: As written.
            on: The day it was written for, where a name meant somebody else before; to this day if not given.
        """
        key = self.key_of(name, on=on)
        return self._partners.get(key) or Partner(key=key, name=" ".join(name.split()))

    def group(self, name: str, *, as_of: dt.date) -> Partner:
        """Return under whom a name counts as of a day: the partner, or the last of its successors that had begun by then."""
        partner = self.resolve(name, on=as_of)
        while partner.successor:
            following = self._partners[partner.successor]
            ended = partner.until is None or partner.until < as_of
            begun = following.since is None or following.since <= as_of
            if not (ended and begun):
                break
            partner = following
        return partner

    def title(self, key: str) -> str:
        """Return the official name of a partner by its key; the key itself where nobody knows it."""
        return self._partners[key].name if key in self._partners else key

    def known(self, name: str) -> bool:
        """Return whether a name stands in the list, under any day."""
        key = partner_key(name)
        return key in self._partners or key in self._meanings

    def near(self, name: str) -> list[str]:
        """Return the partners that a misspelt name may mean, the likeliest first; none for a name that is known.

        Nobody gets the first letter wrong, so that "Diskominfo" is not taken for a "Kominfo".
        """
        if not name.strip() or self.known(name):
            return []
        spelled = {_closed(key): key for key in (*self._meanings, *self._partners)}
        written = _closed(partner_key(name))
        alike = [one for one in spelled if one[:1] == written[:1]]
        found = difflib.get_close_matches(written, alike, n=2 * _NEAR_MAX, cutoff=_LIKENESS_MIN)
        return list(dict.fromkeys(self.resolve(spelled[one]).name for one in found))[:_NEAR_MAX]

    def aliases(self, key: str) -> tuple[str, ...]:
        """Return the other names of a partner, as they are listed; none for a key that is not known."""
        return tuple(dict.fromkeys(alias.name for alias in self.named(key)))


def contacts(frame: pd.DataFrame, partners: Partners | None = None) -> dict[str, str]:
    """Return the contacts of an office's table by the key of the partner, for letters and nothing else.

    Args:
        frame: Rows of `schema.TABLES["partners"]`.
        partners: What the names mean; made from the table if not given.
    """
    partners = partners or Partners.from_table(frame)
    if "contact" not in frame:
        return {}
    given = frame.dropna(subset=["partner_name", "contact"])
    return {
        partners.key_of(str(name)): str(contact).strip()
        for name, contact in zip(given["partner_name"], given["contact"], strict=True)
    }


def _closed(key: str) -> str:
    """Return a key without spaces and dashes, in which people differ most."""
    return re.sub(r"[\W_]+", "", key) or key


def _refuse_circles(partners: Mapping[str, Partner]) -> None:
    for start in partners.values():
        chain = [start]
        while chain[-1].successor:
            following = partners.get(chain[-1].successor)
            if following is None:
                last = chain[-1]
                raise UsageError(
                    Text(
                        f"Penerus '{last.successor}' dari mitra {last.name} tidak dikenal.",
                        f"The successor '{last.successor}' of the partner {last.name} is not known.",
                    ),
                    hint=Text("Tambahkan barisnya, atau betulkan namanya.", "Add its row, or correct the name."),
                )
            if following in chain:
                told = " → ".join(one.name for one in (*chain[chain.index(following) :], following))
                raise UsageError(
                    Text(f"Penerus mitra berputar: {told}.", f"The successors of partners go round: {told}."),
                    hint=Text("Kosongkan salah satu kolom Penerus.", "Empty one of the successor cells."),
                )
            chain.append(following)


@cache
def _known_everywhere() -> tuple[tuple[Partner, ...], dict[str, tuple[Alias, ...]]]:
    listed = tomllib.loads(files("blankspot.ledger").joinpath("partners.toml").read_text(encoding="utf-8"))["partner"]
    partners = tuple(
        Partner(
            key=partner_key(entry["name"]),
            name=entry["name"],
            role=entry["role"],
            since=entry.get("since"),
            until=entry.get("until"),
            successor=partner_key(entry.get("successor", "")),
        )
        for entry in listed
    )
    aliases = {
        partner_key(entry["name"]): tuple(
            Alias(**given) if isinstance(given, dict) else Alias(given) for given in entry.get("aliases", ())
        )
        for entry in listed
    }
    return partners, aliases
