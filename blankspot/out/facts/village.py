"""The facts of one village: its signal and why, its people, who handles it since when, what is open, what comes next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from blankspot.geo import distance_m
from blankspot.out.facts.cases import (
    DONE,
    Papers,
    age_days,
    as_day,
    is_open,
    next_step,
    note_text,
    open_notes,
    plain,
    records,
    stage_text,
    standing_text,
)
from blankspot.out.facts.village_sheet import sheet_of
from blankspot.words import Lang, Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    import geopandas as gpd

    from blankspot.out.facts.sheet import Sheet


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
    predicted: list[dict[str, Any]]
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
    def waiting(self) -> list[Text]:
        """What still waits for somebody, in both languages."""
        return _waiting(self)

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
            "predicted": self.predicted,
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
            "open": [text._asdict() for text in self.waiting],
            "next_step": None if step is None else step._asdict(),
            "as_of": self.as_of,
        }

    def sheet(self, lang: Lang = "id") -> Sheet:
        """Return the one-page sheet in a language."""
        return sheet_of(self, lang)


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
        predicted=_predicted(evidence[evidence["village_code"] == code]),
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


def _waiting(facts: Facts) -> list[Text]:
    """Return what still waits for somebody, in both languages."""
    case = facts.case or {}
    stage, signal_class = case.get("stage"), facts.verdict["signal_class"]
    found: list[Text] = []
    if stage is None and signal_class in ("none", "unknown"):
        found.append(_NOTHING_BEGUN[signal_class])
    elif stage and is_open(stage):
        found.append(
            Text(
                *(
                    f"{stage_text(stage, lang)}: {standing_text(case.get('since'), facts.as_of, lang)}."
                    for lang in ("id", "en")
                )
            )
        )
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


def _predicted(evidence: pd.DataFrame) -> list[dict[str, Any]]:
    """Return what a prediction gives each network: the share served, and the share with any signal; the best first."""
    rows = evidence[(evidence["kind"] == "modelled") & evidence["operator"].notna()]
    if rows.empty:
        return []
    shares = rows.pivot_table(index=["operator", "technology", "source"], columns="statistic", values="value")
    told = shares.assign(share_usable=1 - shares["share_none"]).reset_index()
    told = told.sort_values(["share_served", "share_usable", "operator"], ascending=[False, False, True])
    names = ["operator", "technology", "share_served", "share_usable", "source"]
    return [plain(row) for _, row in told[names].iterrows()]


def _nearest(point: Any, sites: pd.DataFrame) -> dict[str, Any] | None:
    """Return the nearest working site that is not merely crowd-sourced."""
    known = sites[(sites["status"] == "active") & (sites["position_quality"] != "crowdsourced")]
    if known.empty:
        return None
    metres = distance_m(point.x, point.y, known["lon"].to_numpy(), known["lat"].to_numpy())
    at = int(np.argmin(metres))
    site = plain(known.iloc[at])
    return {name: site[name] for name in ("site_id", "site_name", "owner")} | {"distance_km": float(metres[at]) / 1000}
