"""The facts of a kecamatan or of a whole kabupaten: its desa by class, target and handled, what is open, what was never asked for.

A blankspot counts as not yet proposed where no proposal names it and no case of it has come as far as a proposal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import pandas as pd

from blankspot.out.facts.cases import (
    DONE,
    Papers,
    as_day,
    is_open,
    open_notes,
    records,
    short_day,
    stage_text,
    word,
)
from blankspot.out.facts.listings import CONFLICT, case_listing, listed_cases, note_listing
from blankspot.out.facts.sheet import Figure, Listing, Pairs, Sheet
from blankspot.words import COARSE_PREDICTION, LABELS, Lang, Text, date_text, is_coarse, label, number, percent

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

Level = Literal["district", "regency", "province"]
_KICKERS: Final = {
    "district": Text("Lembar fakta kecamatan", "Fact sheet of a kecamatan"),
    "regency": Text("Lembar fakta kabupaten/kota", "Fact sheet of a kabupaten or kota"),
    "province": Text("Lembar fakta provinsi", "Fact sheet of a province"),
}
_UNASKED: Final = frozenset({None, "identified"})  # stages before anybody asked
_DEFINITION: Final = Text(
    "Belum diusulkan: blankspot tanpa usulan dan tanpa kasus yang sudah sampai tahap usulan. Umur: hari sejak langkah "
    "terakhir. Belum cukup data bukan berarti tanpa sinyal.",
    "Not yet proposed: a blankspot without a proposal and without a case that came as far as one. Age: days since the last "
    "move. Not enough data does not mean no signal.",
)


@dataclass(frozen=True, kw_only=True)
class Achieved:
    """Progress of one area: `numerator` of `denominator` target desa of `year`, by a definition."""

    numerator: int
    denominator: int
    year: int
    definition: Text


@dataclass(frozen=True, kw_only=True, eq=False)
class AreaFacts:
    """Everything the sheet of an area says, as values.

    Attributes:
        code: Kemendagri code of the area.
        level: Kind of area.
        name: Its name.
        place: Names of what it lies in.
        classes: Desa per signal class; they add up to all desa.
        people_none: People of its blankspots, None where nobody's number is known.
        by_prediction: How many of each class a prediction alone judged.
        coarse: Whether that prediction knew no terrain.
        achieved: Its progress against the target list.
        cases: Its mobile cases with village_name, district, partner and age_days; the open ones first, the oldest in front.
        unproposed: Blankspots that nobody asked for.
        proposals: Its proposals with village_name, signal_class and the stage of the case.
        parts: One row per area below it: name, code, desa per class, target, handled.
        notes: Open notes about its cases.
        profile: Name of the thresholds.
        as_of: The day of all of it.
    """

    code: str
    level: Level
    name: str
    place: str
    classes: dict[str, int]
    people_none: float | None
    by_prediction: dict[str, int]
    coarse: bool
    achieved: Achieved
    cases: list[dict[str, Any]]
    unproposed: list[dict[str, Any]]
    proposals: list[dict[str, Any]]
    parts: list[dict[str, Any]]
    notes: list[dict[str, Any]]
    profile: str
    as_of: dt.date

    @property
    def desa(self) -> int:
        """How many desa it has."""
        return sum(self.classes.values())

    @property
    def open_cases(self) -> list[dict[str, Any]]:
        """Its cases that are neither handled nor rejected."""
        return [case for case in self.cases if is_open(case["stage"])]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for machines."""
        told = {**vars(self), "kind": self.level, "desa": self.desa, "open_cases": self.open_cases}
        told["achieved"] = {**vars(self.achieved), "definition": self.achieved.definition._asdict()}
        return told

    def sheet(self, lang: Lang = "id") -> Sheet:
        """Return the one-page sheet in a language."""
        return _sheet(self, lang)


def gather_area(
    code: str,
    *,
    level: Level,
    villages: pd.DataFrame,
    verdicts: pd.DataFrame,
    handling: pd.DataFrame,
    papers: Papers,
    achieved: Achieved,
    targets: dict[str, tuple[int, int]],
    as_of: dt.date,
) -> AreaFacts:
    """Collect the facts of the area `code` from the tables of a workspace and the frames of its ledger.

    Args:
        code: Code of a kecamatan, kabupaten/kota or province; the area is every desa whose code begins with it.
        level: Kind of area.
        villages: Table `villages`.
        verdicts: Table `verdicts`.
        handling: The ledger's state.
        papers: The ledger's notes, and table `proposals`.
        achieved: Progress of the area.
        targets: Handled and all target desa per code of a kecamatan, for the rows of the parts.
        as_of: The day.
    """
    inside = pd.DataFrame(villages[villages["village_code"].str.startswith(f"{code}.")]).drop(
        columns="geometry", errors="ignore"
    )
    desa = inside.merge(verdicts, on="village_code", how="left")
    counts = desa["signal_class"].fillna("unknown").value_counts()
    mobile = handling[handling["village_code"].isin(inside["village_code"]) & (handling["service"] == "mobile")]
    cases = listed_cases(mobile, inside, as_of)
    stages = _furthest(cases)
    asked = papers.proposals[papers.proposals["village_code"].isin(inside["village_code"])]
    none = desa[desa["signal_class"] == "none"]
    people = none["population"].sum(min_count=1) if "population" in none else float("nan")
    unasked = [
        row for row in records(none) if stages.get(row["village_code"]) in _UNASKED and row["village_code"] not in set(asked["village_code"])
    ]  # fmt: skip
    return AreaFacts(
        code=code,
        level=level,
        name=_name(inside, level, code),
        place=_place(inside, level),
        classes={name: int(counts.get(name, 0)) for name in LABELS["signal_class"]},
        people_none=None if pd.isna(people) else float(people),
        by_prediction=_foretold(desa),
        coarse="rule" in desa and any(map(is_coarse, desa["rule"])),
        achieved=achieved,
        cases=cases,
        unproposed=sorted(unasked, key=lambda row: (-(row.get("population") or 0), row["village_code"])),
        proposals=_proposals(asked, desa, stages),
        parts=_below(desa, level, targets),
        notes=open_notes(papers.notes, [case["case_id"] for case in cases]),
        profile=str(desa["profile"].dropna().iloc[0]) if desa["profile"].notna().any() else "–",
        as_of=as_of,
    )  # fmt: skip


def _furthest(cases: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Return the stage of each desa: of the case that is done, else of the one that moved last."""
    ordered = sorted(cases, key=lambda case: (case["stage"] in DONE, str(case["since"])))
    return {case["village_code"]: case["stage"] for case in ordered}


def _name(inside: pd.DataFrame, level: Level, code: str) -> str:
    named = inside[level].dropna() if level in inside else pd.Series(dtype="str")
    return str(named.iloc[0]) if len(named) else code


def _place(inside: pd.DataFrame, level: Level) -> str:
    above = {"district": ("regency", "province"), "regency": ("province",), "province": ()}[level]
    return ", ".join(
        str(inside[name].dropna().iloc[0]) for name in above if name in inside and inside[name].notna().any()
    )


def _proposals(asked: pd.DataFrame, desa: pd.DataFrame, stages: dict[str, str]) -> list[dict[str, Any]]:
    known = desa[["village_code", "village_name", "signal_class"]]
    own = asked.drop(columns=[name for name in known if name in asked and name != "village_code"])
    rows = records(own.merge(known, on="village_code", how="left"))
    for row in rows:
        row["stage"] = stages.get(row["village_code"])
    return sorted(rows, key=lambda row: (str(row.get("proposed_on")), row["village_code"]), reverse=True)


def _below(desa: pd.DataFrame, level: Level, targets: dict[str, tuple[int, int]]) -> list[dict[str, Any]]:
    """Return one row per kecamatan of a kabupaten, per kabupaten of a province; none for a kecamatan."""
    if level == "district":
        return []
    below = {"regency": ("district", 3), "province": ("regency", 2)}[level]
    column, depth = below
    codes = desa["village_code"].str.split(".").str[:depth].str.join(".")
    rows = []
    for code, members in desa.groupby(codes):
        counts = members["signal_class"].fillna("unknown").value_counts()
        names = members.get(column, pd.Series(dtype="str")).dropna()
        within = [pair for one, pair in targets.items() if one == code or one.startswith(f"{code}.")]
        rows.append(
            {"code": code, "name": str(names.iloc[0]) if len(names) else str(code)}
            | {name: int(counts.get(name, 0)) for name in LABELS["signal_class"]}
            | {"handled": sum(done for done, _ in within), "target": sum(total for _, total in within)}
        )
    return sorted(rows, key=lambda row: (-int(row["none"]), str(row["code"])))


def _sheet(facts: AreaFacts, lang: Lang) -> Sheet:
    kicker = f"{_KICKERS[facts.level].of(lang)} {Text('per', 'as of').of(lang)} {date_text(facts.as_of, lang=lang)}"
    kind = Text("Kecamatan", "Kecamatan").of(lang) + " " if facts.level == "district" else ""
    profile = f"{Text('Profil ambang', 'Threshold profile').of(lang)} {facts.profile}"
    return Sheet(
        kicker=kicker,
        title=f"{kind}{facts.name} ({facts.code})",
        place=facts.place or "–",
        lead=_lead(facts, lang),
        figures=_figures(facts, lang),
        parts=tuple(_parts(facts, lang)),
        foot=(
            *([CONFLICT.of(lang)] if any(case.get("conflict") for case in facts.open_cases) else []),
            facts.achieved.definition.of(lang),
            _DEFINITION.of(lang),
            profile,
        ),
        lang=lang,
    )


def _lead(facts: AreaFacts, lang: Lang) -> str:
    gaps, total, unasked = facts.classes["none"], facts.desa, len(facts.unproposed)
    share = percent(gaps, total, lang=lang)
    done, target = facts.achieved.numerator, facts.achieved.denominator
    goal = percent(done, target, lang=lang)
    left, year = len(facts.open_cases), facts.achieved.year
    counted = _Lead(gaps, total, facts.classes["unknown"], unasked, done, target, left)
    n = {name: number(value, lang=lang) for name, value in vars(counted).items()}
    unsure = Text("", "")
    if counted.unknown:
        unsure = Text(f"; {n['unknown']} belum cukup data", f"; {n['unknown']} without enough data")
    reached = Text(f"Belum ada daftar target {year}.", f"There is no target list of {year} yet.")
    if target:
        reached = Text(
            f"Target {year}: {n['done']} dari {n['target']} desa tertangani ({goal}).",
            f"Target {year}: {n['done']} of {n['target']} desa handled ({goal}).",
        )
    return Text(
        f"{n['gaps']} dari {n['total']} desa blankspot ({share}){unsure.id}. {reached.id} "
        f"{n['left']} kasus masih terbuka; {n['unasked']} blankspot belum diusulkan.",
        f"{n['gaps']} of {n['total']} desa are blankspots ({share}){unsure.en}. {reached.en} "
        f"{n['left']} cases are open; {n['unasked']} blankspots were never proposed.",
    ).of(lang)


def _foretold(desa: pd.DataFrame) -> dict[str, int]:
    if "confidence" not in desa:
        return {}
    told = desa[(desa["confidence"] == "modelled") & (desa["signal_class"] != "unknown")]
    return {str(name): int(count) for name, count in told["signal_class"].value_counts().items()}


@dataclass(frozen=True)
class _Lead:
    gaps: int
    total: int
    unknown: int
    unasked: int
    done: int
    target: int
    left: int


def _figures(facts: AreaFacts, lang: Lang) -> tuple[Figure, ...]:
    of = Text(f"dari {number(facts.desa)} desa", f"of {number(facts.desa, lang='en')} desa").of(lang)
    return tuple(
        Figure(
            label("signal_class", name, lang),
            number(count, lang=lang),
            f"{of}, {percent(count, facts.desa, lang=lang)}{_by_prediction(facts, name, lang)}",
        )
        for name, count in facts.classes.items()
    )


def _by_prediction(facts: AreaFacts, name: str, lang: Lang) -> str:
    count = number(facts.by_prediction.get(name, 0), lang=lang)
    if not facts.by_prediction.get(name):
        return ""
    by = COARSE_PREDICTION if facts.coarse else Text("prediksi", "prediction")
    return Text(f"; {count} menurut {by.id} saja", f"; {count} by {by.en} alone").of(lang)


def _parts(facts: AreaFacts, lang: Lang) -> list[Pairs | Listing]:
    parts: list[Pairs | Listing] = [_summary(facts, lang)]
    if facts.notes:
        names = {case["case_id"]: str(case["village_name"] or case["village_code"]) for case in facts.cases}
        parts.append(note_listing(facts.notes, names, facts.as_of, lang))
    if facts.parts:
        parts.append(_parts_listing(facts, lang))
    parts.append(case_listing(facts.open_cases, _OPEN, _COLUMNS[facts.level], lang))
    parts.append(_unproposed(facts, lang))
    parts.append(_proposal_listing(facts, lang))
    return parts  # fmt: skip


_OPEN: Final = Text("Kasus terbuka, terlama di atas", "Open cases, the oldest first")
_COLUMNS: Final = {
    "district": ("village", "stage", "since", "age", "partner"),
    "regency": ("village", "district", "stage", "since", "age", "partner"),
    "province": ("village", "district", "stage", "since", "age", "partner"),
}


def _summary(facts: AreaFacts, lang: Lang) -> Pairs:
    done, target = facts.achieved.numerator, facts.achieved.denominator
    found = [row["signal_class"] for row in facts.proposals]
    n = {name: number(value, lang=lang) for name, value in (("done", done), ("target", target), ("all", len(found)))}
    gaps, served = (number(found.count(name), lang=lang) for name in ("none", "served"))
    goal = Text(
        f"{n['done']} dari {n['target']} desa tertangani ({percent(done, target)})",
        f"{n['done']} of {n['target']} desa handled ({percent(done, target, lang='en')})",
    )
    rest = number(len(found) - found.count("none") - found.count("served"), lang=lang)
    proposals = Text(
        f"{n['all']}: {gaps} untuk desa yang blankspot, {served} untuk desa yang sudah terlayani, {rest} lainnya",
        f"{n['all']}: {gaps} for desa that are blankspots, {served} for desa that are served already, {rest} others",
    )
    people = "–" if facts.people_none is None else number(facts.people_none, lang=lang)
    return Pairs(
        title="",
        rows=(
            (f"Target {facts.achieved.year}", goal.of(lang)),
            (Text("Penduduk blankspot", "People in blankspots").of(lang), people),
            (Text("Usulan", "Proposals").of(lang), proposals.of(lang)),
        ),
    )


def _parts_listing(facts: AreaFacts, lang: Lang) -> Listing:
    head = Text("Kecamatan", "Kecamatan") if facts.level == "regency" else Text("Kabupaten/kota", "Kabupaten or kota")
    classes = tuple(LABELS["signal_class"])
    return Listing(
        title=Text("Menurut wilayah, blankspot terbanyak di atas", "By area, most blankspots first").of(lang),
        heads=(
            head.of(lang),
            *(label("signal_class", name, lang) for name in classes),
            Text("Tertangani dari target", "Handled of target").of(lang),
        ),
        rows=tuple(
            (
                str(row["name"]),
                *(number(row[name], lang=lang) for name in classes),
                f"{number(row['handled'], lang=lang)} / {number(row['target'], lang=lang)} ({percent(row['handled'], row['target'], lang=lang)})",
            )
            for row in facts.parts
        ),
        widths=(0.3, 0.11, 0.13, 0.11, 0.13, 0.22),
        right=frozenset(range(1, 6)),
    )


def _unproposed(facts: AreaFacts, lang: Lang) -> Listing:
    heads = (Text("Desa", "Desa"), Text("Kode", "Code"), Text("Penduduk", "People"), Text("Penanganan", "Handling"))
    stages = _furthest(facts.cases)
    return Listing(
        title=Text("Blankspot belum diusulkan", "Blankspots not yet proposed").of(lang),
        heads=tuple(text.of(lang) for text in heads),
        rows=tuple(
            (
                str(row["village_name"]) + ("" if facts.level == "district" else f", {row.get('district') or '–'}"),
                str(row["village_code"]),
                "–" if row.get("population") is None else number(row["population"], lang=lang),
                stage_text(stages.get(row["village_code"]), lang),
            )
            for row in facts.unproposed
        ),
        widths=(0.44, 0.2, 0.14, 0.22),
        right=frozenset({2}),
        empty=Text("Tidak ada.", "None.").of(lang),
    )


def _proposal_listing(facts: AreaFacts, lang: Lang) -> Listing:
    heads = (
        Text("Desa", "Desa"),
        Text("Diusulkan", "Proposed"),
        Text("Jalur", "Channel"),
        Text("Status sinyal", "Signal"),
        Text("Penanganan", "Handling"),
    )
    return Listing(
        title=Text("Usulan, terbaru di atas", "Proposals, the latest first").of(lang),
        heads=tuple(text.of(lang) for text in heads),
        rows=tuple(
            (
                str(row["village_name"] or row["village_code"]),
                short_day(as_day(row.get("proposed_on")), lang),
                word("channel", row.get("channel"), lang),
                word("signal_class", row["signal_class"], lang),
                stage_text(row["stage"], lang),
            )
            for row in facts.proposals
        ),
        widths=(0.25, 0.13, 0.18, 0.22, 0.22),
        empty=Text("Tidak ada.", "None.").of(lang),
    )  # fmt: skip
