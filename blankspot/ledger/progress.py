"""How far handling is against a year's target list, as of a day: always numerator, denominator, definition and day together.

Which villages of the list count as done is said by the list's own rule (`targets.RULES`); where it says nothing, a case of
the *mobile coverage* has to stand at handled or verified_after on that day, for an internet point does not end a cellular
blankspot. Percent is derived where it is printed and never kept.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from blankspot.ledger.partners import Partners
from blankspot.ledger.targets import USUAL_RULE, TargetRule
from blankspot.ledger.workflow import DONE, rank
from blankspot.wilayah import parent, parents
from blankspot.words import LABELS, Lang, Text, date_text, number, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from blankspot.ledger.fold import Case, State

By = Literal["partner", "district", "regency", "funding_source", "quarter", "year"]
BYS: Final = ("partner", "district", "regency", "funding_source", "quarter", "year")
_NO_PARTNER: Final = Text("Belum ada mitra", "No partner yet")
_NO_FUNDING: Final = Text("Belum ada sumber dana", "No funding yet")
_ROMAN: Final = ("I", "II", "III", "IV")
_MONTHS_PER_QUARTER: Final = 3
_DEFINITION: Final = Text(
    "Pembilang: desa dalam daftar target {year} yang dihitung tertangani per {day_id}. Penyebut: desa dalam daftar target "
    "{year} per tanggal yang sama. Aturan: {rule_id}{document_id}",
    "Numerator: villages on the target list of {year} that count as handled as of {day_en}. Denominator: villages on the "
    "target list of {year} as of the same day. Rule: {rule_en}{document_en}",
)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Progress of one part of the target list.

    Attributes:
        key: Stable name: the partner's key ("" for none), the district or regency code, the funding, or e.g. "2022-Q3".
        label: What readers see.
        numerator: Villages done as of `as_of`.
        denominator: Villages on the list as of `as_of`.
        as_of: The day; for a quarter its end, or the day asked for where that comes first.
        in_period: For quarters: villages of the numerator that did not count as done yet when the quarter began.
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
    """Progress against the target list of `year`.

    `groups` cover the list without overlap, except quarters, which are cumulative, and years, which are lists of their own.
    """

    numerator: int
    denominator: int
    as_of: dt.date
    year: int
    definition: Text
    by: By | None = None
    groups: tuple[Group, ...] = ()
    rule: TargetRule = USUAL_RULE

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
    state_at: Callable[[dt.date], State],
    *,
    year: int,
    as_of: dt.date,
    rule_of: Callable[[int], TargetRule],
    by: By | None = None,
    names: Mapping[str, str] | None = None,
    partners: Partners | None = None,
) -> Progress:
    """Measure the progress against the target list of a year.

    Args:
        state_at: Gives the state of a day.
        year: Year of the target list.
        as_of: The day; what happened later is left out.
        rule_of: Gives the rule of a year's list as of that day.
        by: Also measure each partner, district, regency, funding source, quarter of the year, or each year's own list.
        names: Names of districts and regencies by their codes, for the labels.
        partners: Says which names mean the same partner; those known everywhere if not given.
    """
    rule = rule_of(year)
    state = state_at(as_of)
    standing = stand(state, year, rule)
    groups: tuple[Group, ...] = ()
    if by == "quarter":
        groups = _by_quarter(state_at, year, as_of, rule)
    elif by == "year":
        groups = _by_year(state, as_of, rule_of)
    elif by is not None:
        groups = _grouped(standing, as_of, _grouper(by, as_of, names or {}, partners or Partners.default()))
    listed = Text(f" ({rule.document})", f" ({rule.document})") if rule.document else Text("", "")
    return Progress(
        numerator=_done(standing),
        denominator=len(standing),
        as_of=as_of,
        year=year,
        definition=_DEFINITION.fill(
            year=year, day_id=date_text(as_of), day_en=date_text(as_of, lang="en"), rule_id=rule.text.id,
            rule_en=rule.text.en, document_id=listed.id, document_en=listed.en,
        ),
        by=by,
        groups=groups,
        rule=rule,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one village of a target list stands: whether it counts as done, and the case that stands furthest (None: none)."""

    village_code: str
    done: bool
    case: Case | None


def stand(state: State, year: int, rule: TargetRule) -> list[Standing]:
    """Return how each village of a year's list stands under its rule, ordered by code."""
    cases = _cases(state, rule)
    listed = sorted(entry.village_code for entry in state.targets.values() if entry.active and entry.year == year)
    return [
        Standing(
            village_code=village,
            done=_counts(cases.get(village, []), rule),
            case=max(cases.get(village, []), key=_advance, default=None),
        )
        for village in listed
    ]


def _cases(state: State, rule: TargetRule) -> dict[str, list[Case]]:
    """Return the cases that a rule looks at by village, ordered by case_id."""
    service = "internet" if rule.rule == "internet_any" else "mobile"
    cases: dict[str, list[Case]] = {}
    for case_id in sorted(state.cases):
        case = state.cases[case_id]
        if case.service == service:
            cases.setdefault(case.village_code, []).append(case)
    return cases


def _counts(cases: list[Case], rule: TargetRule) -> bool:
    if rule.rule == "mobile_verified":
        return any(case.stage == "verified_after" for case in cases)
    if rule.rule == "mobile_all":
        pursued = [case for case in cases if case.stage != "rejected"]
        return bool(pursued) and all(case.stage in DONE for case in pursued)
    return any(case.stage in DONE for case in cases)


def _advance(case: Case) -> tuple[bool, int]:
    return case.stage in DONE, rank(case.stage)


def _done(standing: list[Standing]) -> int:
    return sum(one.done for one in standing)


def _grouper(
    by: By, as_of: dt.date, names: Mapping[str, str], partners: Partners
) -> Callable[[Standing], tuple[str, Text]]:
    """Return what gives a village's group: its key and label; the key "" stands for none and comes last."""

    def partner(one: Standing) -> tuple[str, Text]:
        if one.case is None or not one.case.partner:
            return "", _NO_PARTNER
        known = partners.group(one.case.partner, as_of=as_of)
        return known.key, Text(known.name, known.name)

    def funding(one: Standing) -> tuple[str, Text]:
        source = "" if one.case is None else one.case.funding_source
        return source, LABELS["funding_source"][source] if source else _NO_FUNDING

    def place(one: Standing) -> tuple[str, Text]:
        code = parent(one.village_code, "district" if by == "district" else "regency")
        return code, Text(names.get(code, code), names.get(code, code))

    return {"partner": partner, "funding_source": funding}.get(by, place)


def _grouped(
    standing: list[Standing], as_of: dt.date, group_of: Callable[[Standing], tuple[str, Text]]
) -> tuple[Group, ...]:
    members: dict[str, tuple[Text, list[Standing]]] = {}
    for one in standing:
        key, label = group_of(one)
        members.setdefault(key, (label, []))[1].append(one)
    return tuple(
        Group(key=key, label=members[key][0], numerator=_done(part), denominator=len(part), as_of=as_of)
        for key in sorted(members, key=lambda key: (key == "", key))
        for part in [members[key][1]]
    )


def _by_year(state: State, as_of: dt.date, rule_of: Callable[[int], TargetRule]) -> tuple[Group, ...]:
    groups = []
    for year in sorted({entry.year for entry in state.targets.values() if entry.active}):
        part = stand(state, year, rule_of(year))
        label = Text(str(year), str(year))
        groups.append(Group(key=str(year), label=label, numerator=_done(part), denominator=len(part), as_of=as_of))
    return tuple(groups)


def _by_quarter(state_at: Callable[[dt.date], State], year: int, as_of: dt.date, rule: TargetRule) -> tuple[Group, ...]:
    groups: list[Group] = []
    before = _done_anywhere(state_at(dt.date(year - 1, 12, 31)), rule)
    for quarter in range(1, len(_ROMAN) + 1):
        first = dt.date(year, _MONTHS_PER_QUARTER * (quarter - 1) + 1, 1)
        if first > as_of:
            break
        until = min(_last_day(year, quarter), as_of)
        state = state_at(until)
        standing = stand(state, year, rule)
        groups.append(
            Group(
                key=f"{year}-Q{quarter}",
                label=Text(f"TW {_ROMAN[quarter - 1]} {year}", f"Q{quarter} {year}"),
                numerator=_done(standing),
                denominator=len(standing),
                as_of=until,
                in_period=sum(one.done and one.village_code not in before for one in standing),
            )
        )
        before = _done_anywhere(state, rule)
    return tuple(groups)


def _done_anywhere(state: State, rule: TargetRule) -> set[str]:
    """Return the villages that count as done under a rule, on a list or not."""
    return {village for village, cases in _cases(state, rule).items() if _counts(cases, rule)}


def _last_day(year: int, quarter: int) -> dt.date:
    following = dt.date(year + quarter // 4, _MONTHS_PER_QUARTER * (quarter % 4) + 1, 1)
    return following - dt.timedelta(days=1)


def place_names(villages: pd.DataFrame | None) -> dict[str, str]:
    """Return the names of districts and regencies by their codes, from a frame with village_code and either; else empty."""
    found: dict[str, str] = {}
    for level in ("district", "regency"):
        if villages is not None and level in villages:
            named = villages.dropna(subset=[level])
            found |= dict(zip(parents(named["village_code"], level), named[level], strict=True))
    return found
