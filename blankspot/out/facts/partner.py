"""The facts of one partner: what it was given, what is done, what is open and how long, and what it cost.

A desa counts for the partner that its case names, under whatever spelling and after whatever merger (the caller has put those
together). Contacts of people are in none of these tables and never on the sheet.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from blankspot.out.facts.cases import (
    DONE,
    SERVICES,
    Papers,
    days_text,
    is_open,
    open_notes,
    records,
    stage_text,
)
from blankspot.out.facts.listings import CONFLICT, case_listing, letter_listing, listed_cases, note_listing
from blankspot.out.facts.sheet import Figure, Listing, Pairs, Sheet
from blankspot.words import Lang, Text, date_text, label, number, percent, rupiah

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    import pandas as pd

_DEFINITION: Final = Text(
    "Ditugaskan: desa dengan kasus yang menyebut mitra ini per tanggal lembar. Tertangani: kasusnya tertangani atau "
    "terverifikasi pascapenanganan. Terbuka: selebihnya, kecuali yang ditolak. Umur: hari sejak langkah terakhir. "
    "Titik internet tidak dihitung sebagai penanganan seluler.",
    "Assigned: desa with a case that names this partner as of the day of the sheet. Handled: its case is handled or verified "
    "after handling. Open: the others, but those rejected. Age: days since the last move. An internet point does not count as "
    "handling of mobile coverage.",
)


@dataclass(frozen=True, kw_only=True)
class Count:
    """Desa of one part of a partner's work: `handled` of `assigned`, `still_open` of them."""

    name: str
    assigned: int
    handled: int
    still_open: int


@dataclass(frozen=True, kw_only=True, eq=False)
class PartnerFacts:
    """Everything the sheet of a partner says, as values.

    Attributes:
        key: Stable name of the partner.
        name: Its official name as of the day.
        role: Its part in the pentahelix, "" where it is not known.
        known_as: Other names it has had or is written by.
        cases: Its cases with village_name, district and age_days; the open ones first, the oldest in front.
        by_year: Mobile desa per target year; "" for those on no list.
        by_district: Mobile desa per kecamatan.
        notes: Open notes about its cases or about itself.
        letters: Letters to it.
        as_of: The day of all of it.
    """

    key: str
    name: str
    role: str
    known_as: tuple[str, ...]
    cases: list[dict[str, Any]]
    by_year: tuple[Count, ...]
    by_district: tuple[Count, ...]
    notes: list[dict[str, Any]]
    letters: list[dict[str, Any]]
    as_of: dt.date

    @property
    def mobile(self) -> Count:
        """Desa whose mobile coverage it was given."""
        return _count("mobile", (case for case in self.cases if case["service"] == "mobile"))

    @property
    def internet(self) -> Count:
        """Desa whose internet point it was given."""
        return _count("internet", (case for case in self.cases if case["service"] == "internet"))

    @property
    def budget_rp(self) -> float:
        """Budgets of all its cases, those without one left out."""
        return float(sum(case["budget_rp"] or 0 for case in self.cases))

    @property
    def realized_rp(self) -> float:
        """Money realised in all its cases."""
        return float(sum(case.get("realized_rp") or 0 for case in self.cases))

    @property
    def unbudgeted(self) -> int:
        """Cases without a budget on record."""
        return sum(case["budget_rp"] is None for case in self.cases)

    @property
    def oldest_open(self) -> dict[str, Any] | None:
        """The open case that has stood longest where it stands."""
        return next((case for case in self.cases if is_open(case["stage"])), None)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for machines."""
        return {
            "kind": "partner",
            "key": self.key,
            "name": self.name,
            "role": self.role,
            "known_as": self.known_as,
            "mobile": vars(self.mobile),
            "internet": vars(self.internet),
            "budget_rp": self.budget_rp,
            "realized_rp": self.realized_rp,
            "cases_without_budget": self.unbudgeted,
            "oldest_open": self.oldest_open,
            "by_year": [vars(count) for count in self.by_year],
            "by_district": [vars(count) for count in self.by_district],
            "cases": self.cases,
            "notes": self.notes,
            "letters": self.letters,
            "as_of": self.as_of,
        }

    def sheet(self, lang: Lang = "id") -> Sheet:
        """Return the one-page sheet in a language."""
        return _sheet(self, lang)


def gather_partner(
    name: str,
    *,
    key: str,
    role: str,
    known_as: Sequence[str],
    cases: pd.DataFrame,
    villages: pd.DataFrame,
    papers: Papers,
    as_of: dt.date,
) -> PartnerFacts:
    """Collect the facts of a partner.

    Args:
        name: Its official name.
        key: Its stable name; notes about `partner:<key>` are its own.
        role: Its part in the pentahelix (`words.LABELS["role"]`), or "".
        known_as: Its other names.
        cases: The rows of the ledger's state that are its own.
        villages: Names the desa: village_code, village_name, district.
        papers: The ledger's notes, and of its letters those to this partner.
        as_of: The day.
    """
    listed = listed_cases(cases, villages, as_of)
    mobile = [case for case in listed if case["service"] == "mobile"]
    years = sorted({str(case["year"] or "") for case in mobile}, key=lambda year: year or "9999")
    districts = sorted({str(case["district"] or "–") for case in mobile})
    subjects = [*(case["case_id"] for case in listed), f"partner:{key}"]
    return PartnerFacts(
        key=key,
        name=name,
        role=role,
        known_as=tuple(known_as),
        cases=listed,
        by_year=tuple(_count(year, (case for case in mobile if str(case["year"] or "") == year)) for year in years),
        by_district=tuple(
            _count(one, (case for case in mobile if str(case["district"] or "–") == one)) for one in districts
        ),
        notes=open_notes(papers.notes, subjects),
        letters=records(papers.letters),
        as_of=as_of,
    )


def _count(name: str, cases: Iterable[dict[str, Any]]) -> Count:
    """Count desa, not cases: a desa is handled if one of its cases is, else open if one of them is."""
    handled: dict[str, bool] = {}
    waiting: dict[str, bool] = {}
    for case in cases:
        village = case["village_code"]
        handled[village] = handled.get(village, False) or case["stage"] in DONE
        waiting[village] = waiting.get(village, False) or is_open(case["stage"])
    told = Counter("handled" if handled[one] else "open" if waiting[one] else "closed" for one in handled)
    return Count(name=name, assigned=len(handled), handled=told["handled"], still_open=told["open"])


def _sheet(facts: PartnerFacts, lang: Lang) -> Sheet:
    role = label("role", facts.role, lang).lower() if facts.role else Text("belum dicatat", "not on record").of(lang)
    others = ", ".join(facts.known_as)
    known = Text(f"; juga disebut {others}", f"; also known as {others}").of(lang) if others else ""
    return Sheet(
        kicker=Text("Lembar fakta mitra per {day}", "Fact sheet of a partner as of {day}")
        .fill(day=date_text(facts.as_of, lang=lang))
        .of(lang),
        title=facts.name,
        place=Text(f"Peran pentahelix: {role}{known}", f"Pentahelix role: {role}{known}").of(lang),
        lead=_lead(facts, lang),
        figures=_figures(facts, lang),
        parts=tuple(_parts(facts, lang)),
        foot=(
            *([CONFLICT.of(lang)] if any(case.get("conflict") for case in facts.cases) else []),
            _DEFINITION.of(lang),
        ),
        lang=lang,
    )


def _lead(facts: PartnerFacts, lang: Lang) -> str:
    mobile, oldest = facts.mobile, facts.oldest_open
    share = percent(mobile.handled, mobile.assigned, lang=lang)
    done, given, left = (number(value, lang=lang) for value in (mobile.handled, mobile.assigned, mobile.still_open))
    told = Text(
        f"{facts.name} menangani {done} dari {given} desa yang ditugaskan ({share}); {left} masih terbuka.",
        f"{facts.name} has handled {done} of the {given} desa it was given ({share}); {left} are still open.",
    ).of(lang)
    if oldest is None:
        return told
    name, days = oldest["village_name"] or oldest["village_code"], days_text(oldest["age_days"], lang)
    stage = stage_text(oldest["stage"], lang)
    longest = Text(
        f"Terlama tanpa kemajuan: {name} ({stage}, {days}).", f"Longest without progress: {name} ({stage}, {days})."
    ).of(lang)
    return f"{told} {longest}"


def _figures(facts: PartnerFacts, lang: Lang) -> tuple[Figure, ...]:
    mobile = facts.mobile
    of = Text(f"dari {number(mobile.assigned)} desa", f"of {number(mobile.assigned, lang='en')} desa").of(lang)
    return (
        Figure(Text("Ditugaskan", "Assigned").of(lang), f"{number(mobile.assigned, lang=lang)} desa"),
        Figure(
            Text("Tertangani", "Handled").of(lang),
            number(mobile.handled, lang=lang),
            f"{of}, {percent(mobile.handled, mobile.assigned, lang=lang)}",
        ),
        Figure(Text("Terbuka", "Open").of(lang), number(mobile.still_open, lang=lang), of),
        Figure(Text("Realisasi", "Realised").of(lang), *_money(facts, lang)),
    )


def _money(facts: PartnerFacts, lang: Lang) -> tuple[str, str]:
    budget, realised = facts.budget_rp, facts.realized_rp
    if not realised:
        known = Text(f"belum dicatat; anggaran {rupiah(budget)}", f"not on record; budget {rupiah(budget, lang='en')}")
        return "–", (known if budget else Text("belum dicatat", "not on record")).of(lang)
    of = Text(f"dari {rupiah(budget)}", f"of {rupiah(budget, lang='en')}").of(lang)
    missing = facts.unbudgeted
    without = Text(f"; {missing} kasus tanpa anggaran", f"; {missing} cases without budget").of(lang) if missing else ""
    return rupiah(realised, lang=lang), f"{of}, {percent(realised, budget, lang=lang)}{without}"


def _parts(facts: PartnerFacts, lang: Lang) -> list[Pairs | Listing]:
    parts: list[Pairs | Listing] = []
    if facts.notes:
        names = {case["case_id"]: str(case["village_name"] or case["village_code"]) for case in facts.cases}
        parts.append(note_listing(facts.notes, names, facts.as_of, lang))
    parts.append(case_listing(facts.cases, Text("Desa yang ditugaskan", "Desa assigned"), _COLUMNS, lang))
    parts.append(_counts(Text("Menurut tahun target", "By target year"), facts.by_year, lang))
    parts.append(_counts(Text("Menurut kecamatan", "By kecamatan"), facts.by_district, lang))
    if facts.internet.assigned:
        internet = facts.internet
        told_internet = Text(
            f"{internet.handled} dari {internet.assigned} desa selesai; {internet.still_open} terbuka",
            f"{internet.handled} of {internet.assigned} desa done; {internet.still_open} open",
        ).of(lang)
        name = SERVICES["internet"].of(lang)
        parts.append(Pairs(title="", rows=((name[0].upper() + name[1:], told_internet),)))
    return parts + ([letter_listing(facts.letters, lang)] if facts.letters else [])


_COLUMNS: Final = ("village", "district", "stage", "since", "age", "budget", "planned")


def _counts(title: Text, counts: Sequence[Count], lang: Lang) -> Listing:
    heads = (title, Text("Ditugaskan", "Assigned"), Text("Tertangani", "Handled"), Text("Terbuka", "Open"))
    return Listing(
        title="",
        heads=(*(text.of(lang) for text in heads), "%"),
        rows=tuple(
            (
                count.name or Text("Di luar daftar target", "On no target list").of(lang),
                *(number(value, lang=lang) for value in (count.assigned, count.handled, count.still_open)),
                percent(count.handled, count.assigned, lang=lang),
            )
            for count in counts
        ),
        widths=(0.4, 0.15, 0.15, 0.15, 0.15),
        right=frozenset({1, 2, 3, 4}),
        empty=Text("Tidak ada.", "None.").of(lang),
    )
