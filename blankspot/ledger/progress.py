"""How far handling is against a year's target list, as of a day: always numerator, denominator, definition and day together.

A village of the list counts as done when a case of its *mobile coverage* stands at handled or verified_after on that day; an
internet point does not end a cellular blankspot. Percent is derived where it is printed and never kept.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from blankspot.ledger.fold import State, fold
from blankspot.ledger.workflow import DONE, rank
from blankspot.wilayah import parent, parents
from blankspot.words import Lang, Text, date_text, number, percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from blankspot.ledger.events import Record
    from blankspot.ledger.fold import Case

By = Literal["partner", "district", "quarter"]
BYS: Final = ("partner", "district", "quarter")
_NO_PARTNER: Final = Text("Belum ada mitra", "No partner yet")
_LEGAL_FORMS: Final = frozenset({"pt", "tbk", "persero", "cv"})
_ROMAN: Final = ("I", "II", "III", "IV")
_MONTHS_PER_QUARTER: Final = 3
_DEFINITION: Final = Text(
    "Pembilang: desa dalam daftar target {year} yang cakupan selulernya berstatus tertangani atau terverifikasi "
    "pascapenanganan per {day_id}. Penyebut: desa dalam daftar target {year} per tanggal yang sama.",
    "Numerator: villages on the target list of {year} whose mobile coverage stands at handled or verified after handling as "
    "of {day_en}. Denominator: villages on the target list of {year} as of the same day.",
)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Progress of one part of the target list.

    Attributes:
        key: Stable name: the folded partner ("" for none), the district code, or e.g. "2022-Q3".
        label: What readers see.
        numerator: Villages done as of `as_of`.
        denominator: Villages on the list as of `as_of`.
        as_of: The day; for a quarter its end, or the day asked for where that comes first.
        in_period: For quarters: villages of the numerator that were handled within the quarter.
    """

    key: str
    label: Text
    numerator: int
    denominator: int
    as_of: dt.date
    in_period: int | None = None

    def text(self, lang: Lang = "id") -> str:
        """Return the line that people quote."""
        return progress_text(self.numerator, self.denominator, self.as_of, lang)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Progress against the target list of `year`; `groups` cover the list without overlap, except quarters, which add up."""

    numerator: int
    denominator: int
    as_of: dt.date
    year: int
    definition: Text
    by: By | None = None
    groups: tuple[Group, ...] = ()

    def text(self, lang: Lang = "id") -> str:
        """Return the line that people quote: "43 dari 60 desa (71,67 %) per 26 Desember 2022"."""
        return progress_text(self.numerator, self.denominator, self.as_of, lang)


def progress_text(numerator: int, denominator: int, as_of: dt.date, lang: Lang) -> str:
    """Write a progress with its numerator, denominator, percent (half-up, "–" for no target) and day."""
    share = percent(numerator, denominator, lang=lang)
    done, total, day = number(numerator, lang=lang), number(denominator, lang=lang), date_text(as_of, lang=lang)
    if lang == "id":
        return f"{done} dari {total} desa ({share}) per {day}"
    return f"{done} of {total} desa ({share}) as of {day}"


def measure(
    records: Sequence[Record],
    *,
    year: int,
    as_of: dt.date,
    by: By | None = None,
    districts: Mapping[str, str] | None = None,
) -> Progress:
    """Measure the progress against the target list of a year.

    Args:
        records: Distinct records in chronological order; those after `as_of` are left out.
        year: Year of the target list.
        as_of: The day.
        by: Also measure each partner, district, or quarter of the year.
        districts: District names by district code, for the labels.
    """
    state = fold(record for record in records if record.happened_on <= as_of)
    standing = _standing(state, year)
    groups: tuple[Group, ...] = ()
    if by == "quarter":
        groups = _by_quarter(records, year, as_of)
    elif by == "partner":
        groups = _by_partner(standing, as_of)
    elif by == "district":
        groups = _by_district(standing, as_of, districts or {})
    day_id, day_en = date_text(as_of), date_text(as_of, lang="en")
    return Progress(
        numerator=_done(standing),
        denominator=len(standing),
        as_of=as_of,
        year=year,
        definition=_DEFINITION.fill(year=year, day_id=day_id, day_en=day_en),
        by=by,
        groups=groups,
    )


def partner_key(name: str) -> str:
    """Fold the spelling of a partner for grouping: case, spaces, points and the legal form (PT, Tbk) do not count."""
    words = re.sub(r"[.,()]", " ", name.casefold()).split()
    return " ".join(word for word in words if word not in _LEGAL_FORMS) or " ".join(words)


def _standing(state: State, year: int) -> dict[str, Case | None]:
    """Return the villages of the list with the mobile case that stands furthest, a done one first."""
    best: dict[str, Case] = {}
    for case_id in sorted(state.cases):
        case = state.cases[case_id]
        if case.service != "mobile":
            continue
        other = best.get(case.village_code)
        if other is None or _advance(case) > _advance(other):
            best[case.village_code] = case
    listed = sorted(entry.village_code for entry in state.targets.values() if entry.active and entry.year == year)
    return {village: best.get(village) for village in listed}


def _advance(case: Case) -> tuple[bool, int]:
    return case.stage in DONE, rank(case.stage)


def _is_done(case: Case | None) -> bool:
    return case is not None and case.stage in DONE


def _done(standing: Mapping[str, Case | None]) -> int:
    return sum(_is_done(case) for case in standing.values())


def _by_partner(standing: Mapping[str, Case | None], as_of: dt.date) -> tuple[Group, ...]:
    members: dict[str, list[str]] = {}
    spellings: dict[str, Counter[str]] = {}
    for village, case in standing.items():
        name = "" if case is None else case.partner
        key = partner_key(name)
        members.setdefault(key, []).append(village)
        spellings.setdefault(key, Counter())[name] += 1
    groups = []
    for key in sorted(members, key=lambda key: (key == "", key)):
        spelled = min(spellings[key], key=lambda name, key=key: (-spellings[key][name], name))  # type: ignore[misc]
        part = {village: standing[village] for village in members[key]}
        label = Text(spelled, spelled) if key else _NO_PARTNER
        groups.append(Group(key=key, label=label, numerator=_done(part), denominator=len(part), as_of=as_of))
    return tuple(groups)


def _by_district(
    standing: Mapping[str, Case | None], as_of: dt.date, districts: Mapping[str, str]
) -> tuple[Group, ...]:
    members: dict[str, dict[str, Case | None]] = {}
    for village, case in standing.items():
        members.setdefault(parent(village, "district"), {})[village] = case
    return tuple(
        Group(
            key=code,
            label=Text(districts.get(code, code), districts.get(code, code)),
            numerator=_done(part),
            denominator=len(part),
            as_of=as_of,
        )
        for code, part in sorted(members.items())
    )


def _by_quarter(records: Sequence[Record], year: int, as_of: dt.date) -> tuple[Group, ...]:
    groups: list[Group] = []
    state, before = State(), dt.date.min
    for quarter in range(1, len(_ROMAN) + 1):
        first = dt.date(year, _MONTHS_PER_QUARTER * (quarter - 1) + 1, 1)
        if first > as_of:
            break
        until = min(_last_day(year, quarter), as_of)
        state = fold((record for record in records if before < record.happened_on <= until), start=state)
        standing = _standing(state, year)
        groups.append(
            Group(
                key=f"{year}-Q{quarter}",
                label=Text(f"TW {_ROMAN[quarter - 1]} {year}", f"Q{quarter} {year}"),
                numerator=_done(standing),
                denominator=len(standing),
                as_of=until,
                in_period=sum(_handled_within(case, first, until) for case in standing.values()),
            )
        )
        before = until
    return tuple(groups)


def _handled_within(case: Case | None, first: dt.date, last: dt.date) -> bool:
    return case is not None and _is_done(case) and case.handled_on is not None and first <= case.handled_on <= last


def _last_day(year: int, quarter: int) -> dt.date:
    following = dt.date(year + quarter // 4, _MONTHS_PER_QUARTER * (quarter % 4) + 1, 1)
    return following - dt.timedelta(days=1)


def district_names(villages: pd.DataFrame | None) -> dict[str, str]:
    """Return district names by district code from a frame with village_code and district; empty without one."""
    if villages is None or "district" not in villages:
        return {}
    named = villages.dropna(subset=["district"])
    return dict(zip(parents(named["village_code"], "district"), named["district"], strict=True))
