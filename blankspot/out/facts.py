"""The fact sheet of one village: what a head of office needs before a meeting, on one page of text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from blankspot.geo import distance_m
from blankspot.words import LABELS, Lang, Text, date_text, label, number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    import geopandas as gpd

_LABEL_WIDTH: Final = 20


@dataclass(frozen=True, kw_only=True)
class Move:
    """One event of a village's handling."""

    day: dt.date
    kind: str
    partner: str = ""
    evidence: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Facts:
    """Everything a fact sheet says, as values; distances in km, shares between 0 and 1."""

    village: dict[str, Any]
    verdict: dict[str, Any]
    operators: list[dict[str, Any]]
    nearest_site: dict[str, Any] | None
    case: dict[str, Any] | None
    internet_points: list[str]
    history: list[Move]
    as_of: dt.date

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for machines."""
        return {
            "village": self.village,
            "verdict": self.verdict,
            "operators": self.operators,
            "nearest_site": self.nearest_site,
            "case": self.case,
            "internet_points": self.internet_points,
            "history": [vars(move) for move in self.history],
            "as_of": self.as_of,
        }


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
) -> Facts:
    """Collect the facts of the village `code` from the tables of a workspace."""
    row = villages[villages["village_code"] == code].iloc[0]
    mobile = handling[(handling["village_code"] == code) & (handling["service"] == "mobile")].sort_values(
        "since", kind="stable"
    )
    points = internet_points[internet_points["village_code"] == code]
    return Facts(
        village=_plain(row.drop("geometry")),
        verdict=_plain(verdicts[verdicts["village_code"] == code].iloc[0]),
        operators=_operators(evidence[evidence["village_code"] == code]),
        nearest_site=_nearest(row.geometry.representative_point(), sites),
        case=_plain(mobile.iloc[-1]) if len(mobile) else None,
        internet_points=[str(name) for name in points["point_name"]],
        history=list(history),
        as_of=as_of,
    )


def fact_sheet(facts: Facts, *, lang: Lang = "id") -> str:
    """Write the fact sheet as plain text, at most a page."""
    village, verdict = facts.village, facts.verdict
    kind = label("village_type", village["village_type"], lang) if village.get("village_type") else "desa"
    place = ", ".join(str(village[name]) for name in ("district", "regency", "province") if village.get(name))
    heading = f"{kind[0].upper()}{kind[1:]} {village['village_name']} ({village['village_code']})"
    lines = [heading, "=" * len(heading)]
    rows = [
        (Text("Wilayah", "Place"), place or "–"),
        (
            Text("Penduduk", "People"),
            number(village["population"], lang=lang) if village.get("population") is not None else "–",
        ),
        (Text("Status sinyal", "Signal"), _class_line(verdict, lang)),
        (Text("Alasan", "Reason"), verdict["reason"]),
        (
            Text("Operator", "Operators"),
            "; ".join(_operator_line(row, lang) for row in facts.operators) or _NOT_MEASURED.of(lang),
        ),
        (Text("Menara terdekat", "Nearest site"), _site_line(facts.nearest_site, lang)),
        (Text("Titik internet", "Internet points"), ", ".join(facts.internet_points) or "–"),
        *_case_rows(facts.case, lang),
    ]
    lines += [f"{name.of(lang):<{_LABEL_WIDTH}}{value}" for name, value in rows]
    if facts.history:
        lines += ["", Text("Riwayat penanganan", "History of handling").of(lang)]
        lines += [_move_line(move, lang) for move in facts.history]
    lines += [
        "",
        f"{Text('Per', 'As of').of(lang)} {date_text(facts.as_of, lang=lang)} · {Text('profil', 'profile').of(lang)} {verdict['profile']}",
    ]
    return "\n".join(lines)


_NOT_MEASURED: Final = Text("belum diukur", "not measured")
_FLAGS: Final = {
    "partial": Text("tidak semua operator", "not every operator"),
    "no_4g": Text("tanpa 4G", "no 4G"),
}


def _class_line(verdict: dict[str, Any], lang: Lang) -> str:
    signal = label("signal_class", verdict["signal_class"], lang)
    if verdict["signal_class"] == "unknown":
        return signal
    told = [
        label("confidence", verdict["confidence"], lang),
        *(text.of(lang) for name, text in _FLAGS.items() if verdict[name]),
    ]
    return f"{signal} ({', '.join(told)})"


def _operator_line(row: dict[str, Any], lang: Lang) -> str:
    known = LABELS["operator"].get(row["operator"])
    name = known.of(lang) if known else row["operator"]
    if row["technology"] is None:
        silent = Text(f"tanpa layanan di {row['cells']} sel", f"no service in {row['cells']} cells").of(lang)
        return f"{name} {silent}"
    share = f"{number(row['share_served'] * 100, 0, lang=lang)} %"
    told = Text(f"{share} dari {row['cells']} sel", f"{share} of {row['cells']} cells").of(lang)
    return f"{name} {row['technology']} {told}"


def _site_line(site: dict[str, Any] | None, lang: Lang) -> str:
    if site is None:
        return "–"
    name = site["site_name"] or site["site_id"]
    owner = f", {site['owner']}" if site["owner"] else ""
    return f"{name}{owner}, {number(site['distance_km'], 1, lang=lang)} km"


def _case_rows(case: dict[str, Any] | None, lang: Lang) -> list[tuple[Text, str]]:
    if case is None:
        return [(Text("Penanganan", "Handling"), Text("belum ada", "none yet").of(lang))]
    stage = label("stage", case["stage"], lang) if case.get("stage") else "–"
    since = case.get("since")
    day = f" ({date_text(since, lang=lang)})" if since is not None else ""
    rows = [(Text("Penanganan", "Handling"), f"{stage}{day}"), (Text("Mitra", "Partner"), case.get("partner") or "–")]
    if case.get("evidence"):
        rows.append((Text("Bukti", "Evidence"), str(case["evidence"])))
    return rows


def _move_line(move: Move, lang: Lang) -> str:
    told = label("stage", move.kind, lang) if move.kind not in _TARGET else _TARGET[move.kind].of(lang)
    rest = ", ".join(part for part in (move.partner, move.evidence) if part)
    return f"  {date_text(move.day, lang=lang):<{_LABEL_WIDTH - 2}}{told}{f' – {rest}' if rest else ''}"


_TARGET: Final = {
    "target": Text("Masuk daftar target", "Put on the target list"),
    "target_removed": Text("Keluar dari daftar target", "Taken off the target list"),
}


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
    site = _plain(known.iloc[at])
    return {name: site[name] for name in ("site_id", "site_name", "owner")} | {"distance_km": float(metres[at]) / 1000}


def _plain(row: pd.Series) -> dict[str, Any]:
    """Return a row as plain Python values, None where empty, days as dates."""
    plain: dict[str, Any] = {}
    for name, value in row.items():
        if value is None or (not isinstance(value, str) and pd.isna(value)):
            plain[str(name)] = None
        elif isinstance(value, pd.Timestamp):
            plain[str(name)] = value.date()
        else:
            plain[str(name)] = value.item() if isinstance(value, np.generic) else value
    return plain
