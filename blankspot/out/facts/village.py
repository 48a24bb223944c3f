"""The facts of one village: its signal and why, its people, who handles it since when, what is open, what comes next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from blankspot.geo import distance_m
from blankspot.out.facts.cases import (
    DONE,
    NO_CASE,
    SERVICES,
    Papers,
    age_days,
    as_day,
    day_text,
    days_text,
    is_open,
    next_step,
    note_text,
    open_notes,
    plain,
    quarter_text,
    records,
    short_day,
    stage_text,
    word,
)
from blankspot.out.facts.sheet import Figure, Listing, Pairs, Sheet
from blankspot.words import LABELS, Lang, Text, date_text, label, number, percent, rupiah

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    import geopandas as gpd


@dataclass(frozen=True, kw_only=True)
class Move:
    """One event on record about a village.

    Attributes:
        day: When it happened.
        kind: A stage, or another kind of event.
        said: The reader's word for the kind; the stage's own if not given.
        partner: Who, as written.
        evidence: With which evidence or document.
        told: What else it says: a reason, a note.
        amount_rp: The amount realised, of money.
        puts_right: Of a correction, what kind of event it puts right.
        state: "" as it stands, "corrected" or "withdrawn" by a later correction, "conflict" if it counts for nothing yet.
    """

    day: dt.date
    kind: str
    said: Text | None = None
    partner: str = ""
    evidence: str = ""
    told: str = ""
    amount_rp: float | None = None
    puts_right: Text | None = None
    state: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Facts:
    """Everything the sheet of a village says, as values; distances in km, shares between 0 and 1."""

    village: dict[str, Any]
    verdict: dict[str, Any]
    operators: list[dict[str, Any]]
    nearest_site: dict[str, Any] | None
    case: dict[str, Any] | None
    internet_points: list[str]
    history: list[Move]
    as_of: dt.date
    other_cases: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    money: list[dict[str, Any]] = field(default_factory=list)
    letters: list[dict[str, Any]] = field(default_factory=list)
    proposals: list[dict[str, Any]] = field(default_factory=list)

    @property
    def age_days(self) -> int | None:
        """Days since the case's last move, None where there is no case."""
        return None if self.case is None else age_days(self.case.get("since"), self.as_of)

    @property
    def next_step(self) -> Text | None:
        """What comes next, None where nothing does."""
        stage = None if self.case is None else self.case.get("stage")
        signal_class = self.verdict["signal_class"]
        return None if stage is None and signal_class == "served" else next_step(stage, signal_class)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for machines."""
        step = self.next_step
        return {
            "kind": "village",
            "village": self.village,
            "verdict": self.verdict,
            "operators": self.operators,
            "nearest_site": self.nearest_site,
            "case": self.case,
            "age_days": self.age_days,
            "other_cases": self.other_cases,
            "internet_points": self.internet_points,
            "history": [
                {name: value for name, value in vars(move).items() if name not in ("said", "puts_right")}
                for move in self.history
            ],
            "notes": self.notes,
            "money": self.money,
            "letters": self.letters,
            "proposals": self.proposals,
            "open": [text._asdict() for text in _open(self)],
            "next_step": None if step is None else step._asdict(),
            "as_of": self.as_of,
        }

    def sheet(self, lang: Lang = "id") -> Sheet:
        """Return the one-page sheet in a language."""
        return _sheet(self, lang)


def gather(
    code: str,
    *,
    villages: gpd.GeoDataFrame,
    verdicts: pd.DataFrame,
    evidence: pd.DataFrame,
    sites: pd.DataFrame,
    internet_points: pd.DataFrame,
    handling: pd.DataFrame,
    history: Sequence[Move],
    as_of: dt.date,
    papers: Papers | None = None,
) -> Facts:
    """Collect the facts of the village `code` from the tables of a workspace and the frames of its ledger."""
    papers = papers or Papers()
    row = villages[villages["village_code"] == code].iloc[0]
    cases = handling[handling["village_code"] == code].sort_values("since", kind="stable")
    mobile, internet = (records(cases[cases["service"] == service]) for service in ("mobile", "internet"))
    points = internet_points[internet_points["village_code"] == code]
    case_ids = [case["case_id"] for case in (*mobile, *internet)] or [f"{code}:mobile"]
    return Facts(
        village=plain(row.drop("geometry")),
        verdict=plain(verdicts[verdicts["village_code"] == code].iloc[0]),
        operators=_operators(evidence[evidence["village_code"] == code]),
        nearest_site=_nearest(row.geometry.representative_point(), sites),
        case=mobile[-1] if mobile else None,
        other_cases=[*reversed(mobile[:-1]), *reversed(internet)],
        internet_points=[str(name) for name in points["point_name"]],
        history=list(history),
        as_of=as_of,
        notes=open_notes(papers.notes, case_ids),
        money=_of_village(papers.money, code),
        letters=[row for row in records(papers.letters) if code in str(row["villages"] or "").split()],
        proposals=_of_village(papers.proposals, code),
    )


def _of_village(frame: pd.DataFrame, code: str) -> list[dict[str, Any]]:
    return records(frame[frame["village_code"] == code])


_NOT_MEASURED: Final = Text("belum diukur", "not measured")
_FLAGS: Final = {
    "partial": Text("tidak semua operator", "not every operator"),
    "no_4g": Text("tanpa 4G", "no 4G"),
}
_STATES: Final = {
    "corrected": Text("telah dibetulkan", "since corrected"),
    "withdrawn": Text("telah ditarik", "since withdrawn"),
    "conflict": Text("belum diselesaikan", "not settled"),
}
_LETTERS: Final = {
    "request": Text("Surat permohonan", "Letter of request"),
    "invitation": Text("Undangan", "Invitation"),
    "minutes": Text("Berita acara", "Minutes"),
}
_HISTORY_WIDTHS: Final = (0.13, 0.31, 0.56)


def _sheet(facts: Facts, lang: Lang) -> Sheet:
    village, verdict = facts.village, facts.verdict
    kind = label("village_type", village["village_type"], lang) if village.get("village_type") else "desa"
    place = ", ".join(str(village[name]) for name in ("district", "regency", "province") if village.get(name))
    return Sheet(
        kicker=Text("Lembar fakta per {day}", "Fact sheet as of {day}")
        .fill(day=date_text(facts.as_of, lang=lang))
        .of(lang),
        title=f"{kind[0].upper()}{kind[1:]} {village['village_name']} ({village['village_code']})",
        place=place or "–",
        lead=str(verdict["reason"] or ""),
        figures=_figures(facts, lang),
        parts=tuple(part for part in _parts(facts, lang) if part.rows),
        foot=(f"{Text('Profil ambang', 'Threshold profile').of(lang)} {verdict['profile']}",),
        lang=lang,
        signal_class=verdict["signal_class"],
    )


def _figures(facts: Facts, lang: Lang) -> tuple[Figure, ...]:
    people = facts.village.get("population")
    case = facts.case or {}
    return (
        Figure(Text("Status sinyal", "Signal").of(lang), *_class_words(facts.verdict, lang)),
        Figure(Text("Penanganan", "Handling").of(lang), stage_text(case.get("stage"), lang), _age_text(facts, lang)),
        Figure(Text("Mitra", "Partner").of(lang), case.get("partner") or "–"),
        Figure(Text("Penduduk", "People").of(lang), "–" if people is None else number(people, lang=lang)),
    )


def _class_words(verdict: Mapping[str, Any], lang: Lang) -> tuple[str, str]:
    signal = label("signal_class", verdict["signal_class"], lang)
    if verdict["signal_class"] == "unknown":
        return signal, ""
    told = [
        label("confidence", verdict["confidence"], lang),
        *(text.of(lang) for name, text in _FLAGS.items() if verdict[name]),
    ]
    return signal, ", ".join(told)


def _age_text(facts: Facts, lang: Lang) -> str:
    if facts.case is None or facts.case.get("since") is None:
        return ""
    since = date_text(facts.case["since"], lang=lang)
    days = days_text(facts.age_days, lang)
    return Text(f"sejak {since}, {days} di tahap ini", f"since {since}, {days} at this stage").of(lang)


def _parts(facts: Facts, lang: Lang) -> list[Pairs | Listing]:
    step = facts.next_step
    todo = [("", text.of(lang)) for text in _open(facts)]
    if step is not None:
        todo.append((Text("Langkah berikut", "Next step").of(lang), step.of(lang)))
    return [
        Pairs(title=Text("Sinyal dan tempat", "Signal and place").of(lang), rows=_place_rows(facts, lang)),
        Pairs(title=Text("Penanganan", "Handling").of(lang), rows=_case_rows(facts, lang)),
        Pairs(title=Text("Yang masih terbuka", "What is open").of(lang), rows=tuple(todo)),
        _history(facts, lang),
        _paid(facts, lang),
        _letters(facts, lang),
    ]


def _place_rows(facts: Facts, lang: Lang) -> tuple[tuple[str, str], ...]:
    operators = "; ".join(_operator_line(row, lang) for row in facts.operators) or _NOT_MEASURED.of(lang)
    verdict = facts.verdict
    rows = [(Text("Operator", "Operators").of(lang), operators)]
    if verdict.get("latest_measurement"):
        rows.append(
            (Text("Ukur terakhir", "Last measured").of(lang), day_text(as_day(verdict["latest_measurement"]), lang))
        )
    rows += [
        (Text("Menara terdekat", "Nearest site").of(lang), _site_line(facts.nearest_site, lang)),
        (Text("Titik internet", "Internet points").of(lang), ", ".join(facts.internet_points) or "–"),
    ]
    if facts.proposals:
        told = "; ".join(
            f"{day_text(as_day(row.get('proposed_on')), lang)}, {row.get('proposer') or word('channel', row.get('channel'), lang)}"
            for row in facts.proposals
        )
        rows.append((Text("Usulan", "Proposals").of(lang), told))
    return tuple(rows)


def _case_rows(facts: Facts, lang: Lang) -> tuple[tuple[str, str], ...]:
    case = facts.case
    if case is None:
        rows = [(Text("Seluler", "Mobile").of(lang), NO_CASE.of(lang))]
    else:
        target = str(case["year"]) if case.get("is_target") and case.get("year") else "–"
        rows = [(Text("Target tahun", "Target year").of(lang), target)]
        rows += _known_rows(case, lang)
        rows.append((Text("Anggaran", "Budget").of(lang), _money_text(case, lang)))
    for other in facts.other_cases:
        told = f"{stage_text(other.get('stage'), lang)}, {day_text(other.get('since'), lang)}"
        name = SERVICES[other["service"]].of(lang)
        rows.append((name[0].upper() + name[1:], f"{told}, {other['partner']}" if other.get("partner") else told))
    return tuple(rows)


def _known_rows(case: Mapping[str, Any], lang: Lang) -> list[tuple[str, str]]:
    told = (
        (Text("Jenis", "Kind"), case.get("intervention_type") and word("intervention_type", case["intervention_type"], lang)),
        (Text("Sumber dana", "Funding"), case.get("funding_source") and word("funding_source", case["funding_source"], lang)),
        (Text("Rencana", "Planned"), case.get("planned_quarter") and quarter_text(case["planned_quarter"], lang)),
        (Text("Tertangani", "Handled on"), case.get("handled_on") and day_text(case["handled_on"], lang)),
        (Text("Bukti", "Evidence"), case.get("evidence")),
        (Text("Alasan keputusan", "Reason decided"), case.get("reason")),
    )  # fmt: skip
    return [(name.of(lang), str(value)) for name, value in told if value]


def _money_text(case: Mapping[str, Any], lang: Lang) -> str:
    budget, realised = case.get("budget_rp"), case.get("realized_rp")
    if budget is None and not realised:
        return "–"
    total = (
        Text("anggaran belum dicatat", "no budget on record").of(lang) if budget is None else rupiah(budget, lang=lang)
    )
    if realised is None:
        return total
    share = f" ({percent(realised, budget, lang=lang)})" if budget else ""
    return Text(
        f"{total}; realisasi {rupiah(realised)}{share}", f"{total}; realised {rupiah(realised, lang='en')}{share}"
    ).of(lang)


def _open(facts: Facts) -> list[Text]:
    """Return what still waits for somebody, in both languages."""
    case = facts.case or {}
    stage, signal_class = case.get("stage"), facts.verdict["signal_class"]
    found: list[Text] = []
    if stage is None and signal_class in ("none", "unknown"):
        found.append(_NOTHING_BEGUN[signal_class])
    elif stage and is_open(stage):
        found.append(Text(*(f"{stage_text(stage, lang)}: {_age_text(facts, lang)}." for lang in ("id", "en"))))
        if not case.get("partner") and stage in ("approved", "reopened"):
            found.append(Text("Belum ada mitra.", "No partner yet."))
    if case.get("conflict"):
        found.append(_CONFLICT)
    if stage in DONE and signal_class in ("none", "weak"):
        found += _measured_again(facts)
    found += [Text(note_text(note, facts.as_of, "id"), note_text(note, facts.as_of, "en")) for note in facts.notes]
    return found


_NOTHING_BEGUN: Final = {
    "none": Text("Blankspot ini belum punya penanganan.", "Nobody handles this blankspot yet."),
    "unknown": Text("Bukti sinyal belum cukup untuk menilai.", "There is not enough evidence of its signal to judge."),
}
_CONFLICT: Final = Text(
    "Dua pihak mencatat langkah yang berbeda dan belum diselesaikan.",
    "Two parties recorded different moves, not settled yet.",
)


def _measured_again(facts: Facts) -> list[Text]:
    latest, handled = as_day(facts.verdict.get("latest_measurement")), as_day((facts.case or {}).get("handled_on"))
    if handled is None or latest is None or latest <= handled:
        return [Text("Belum diukur ulang sejak tertangani.", "Not measured again since it was handled.")]
    return [
        Text(
            "Pengukuran setelah penanganan belum menunjukkan desa ini terlayani.",
            "Readings after the handling still do not show it as served.",
        )
    ]


def _history(facts: Facts, lang: Lang) -> Listing:
    return Listing(
        title=Text("Riwayat, terbaru di atas", "History, the latest first").of(lang),
        heads=tuple(
            text.of(lang) for text in (Text("Tanggal", "Day"), Text("Kejadian", "Event"), Text("Keterangan", "Details"))
        ),
        rows=tuple(_move_row(move, lang) for move in reversed(facts.history)),
        widths=_HISTORY_WIDTHS,
    )


def _move_row(move: Move, lang: Lang) -> tuple[str, str, str]:
    known = move.said or LABELS["event"].get(move.kind)
    told = known.of(lang) if known else move.kind
    amount = "" if move.amount_rp is None else rupiah(move.amount_rp, lang=lang)
    right = "" if move.puts_right is None else move.puts_right.of(lang)
    rest = [part for part in (right, amount, move.partner, move.evidence, move.told) if part]
    if move.state:
        rest.append(_STATES[move.state].of(lang))
    return short_day(move.day, lang), told, "; ".join(rest)


def _paid(facts: Facts, lang: Lang) -> Listing:
    return Listing(
        title=Text("Realisasi keuangan", "Money realised").of(lang),
        heads=tuple(
            text.of(lang) for text in (Text("Tanggal", "Day"), Text("Jumlah", "Amount"), Text("Sumber, dokumen", "Source, document"))
        ),
        rows=tuple(
            (
                short_day(as_day(row["paid_on"]), lang),
                rupiah(row["amount_rp"], lang=lang),
                ", ".join(
                    filter(None, (row["funding_source"] and word("funding_source", row["funding_source"], lang), row["document"]))
                ),
            )
            for row in reversed(facts.money)
        ),
        widths=_HISTORY_WIDTHS,
    )  # fmt: skip


def _letters(facts: Facts, lang: Lang) -> Listing:
    return letter_listing(facts.letters, lang)


def letter_listing(letters: Sequence[Mapping[str, Any]], lang: Lang) -> Listing:
    """Return letters as a table, the latest first."""
    return Listing(
        title=Text("Surat", "Letters").of(lang),
        heads=tuple(
            text.of(lang) for text in (Text("Tanggal", "Day"), Text("Jenis", "Kind"), Text("Nomor, kepada", "Number, to"))
        ),
        rows=tuple(
            (
                short_day(as_day(row["letter_on"]), lang),
                _LETTERS[row["letter_kind"]].of(lang) if row["letter_kind"] in _LETTERS else str(row["letter_kind"] or "–"),
                ", ".join(str(row[name]) for name in ("number", "partner", "topic") if row.get(name)),
            )
            for row in reversed(list(letters))
        ),
        widths=_HISTORY_WIDTHS,
    )  # fmt: skip


def _operator_line(row: Mapping[str, Any], lang: Lang) -> str:
    name = word("operator", row["operator"], lang)
    if row["technology"] is None:
        silent = Text(f"tanpa layanan di {row['cells']} sel", f"no service in {row['cells']} cells").of(lang)
        return f"{name} {silent}"
    share = f"{number(row['share_served'] * 100, 0, lang=lang)} %"
    told = Text(f"{share} dari {row['cells']} sel", f"{share} of {row['cells']} cells").of(lang)
    return f"{name} {row['technology']} {told}"


def _site_line(site: Mapping[str, Any] | None, lang: Lang) -> str:
    if site is None:
        return "–"
    name = site["site_name"] or site["site_id"]
    owner = f", {site['owner']}" if site["owner"] else ""
    return f"{name}{owner}, {number(site['distance_km'], 1, lang=lang)} km"


def _operators(evidence: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the measured share per network, the best first; where an operator was silent its technology is None."""
    rows = evidence[
        (evidence["statistic"] == "share_served") & (evidence["kind"] == "measured") & evidence["operator"].notna()
    ]
    rows = rows.sort_values(["value", "operator", "technology"], ascending=[False, True, True])
    networks = zip(rows["operator"], rows["technology"], rows["value"], rows["n"], strict=True)
    return [
        {
            "operator": operator,
            "technology": None if pd.isna(technology) else technology,
            "share_served": float(share),
            "cells": int(cells),
        }
        for operator, technology, share, cells in networks
    ]


def _nearest(point: Any, sites: pd.DataFrame) -> dict[str, Any] | None:
    """Return the nearest working site that is not merely crowd-sourced."""
    known = sites[(sites["status"] == "active") & (sites["position_quality"] != "crowdsourced")]
    if known.empty:
        return None
    metres = distance_m(point.x, point.y, known["lon"].to_numpy(), known["lat"].to_numpy())
    at = int(np.argmin(metres))
    site = plain(known.iloc[at])
    return {name: site[name] for name in ("site_id", "site_name", "owner")} | {"distance_km": float(metres[at]) / 1000}
