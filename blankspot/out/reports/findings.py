"""Proposals against findings: what was asked for, what was found, and where the two do not meet.

A village is proposed when the proposals' table or a `proposed` move of the ledger names it by the as-of day. It is then one of four:
proposed and blankspot, proposed though served, blankspot but never proposed, and proposed without enough data, which is counted apart
because no data is not no signal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from blankspot.out.reports.cells import VILLAGE, rows_of
from blankspot.out.reports.model import Column, Row, Share, Table, total_row
from blankspot.out.reports.texts import NONE, TOTAL, WORDS
from blankspot.schema import SIGNAL_CLASSES
from blankspot.words import LABELS, Text, date_text

if TYPE_CHECKING:
    from blankspot.out.reports.data import ReportData

_LISTS: Final = {
    "proposed_none": (
        "none",
        True,
        Text("Diusulkan dan blankspot", "Proposed and blankspot"),
        Text("Temuan mendukung usulan.", "The finding supports the proposal."),
    ),
    "proposed_weak": (
        "weak",
        True,
        Text("Diusulkan dan lemah atau sebagian", "Proposed and weak or partial"),
        Text("Sinyal ada, tetapi lemah atau tidak merata.", "There is signal, but weak or uneven."),
    ),
    "proposed_served": (
        "served",
        True,
        Text("Diusulkan tetapi terlayani", "Proposed but served"),
        Text(
            "Perlu dikonfirmasi: usulan mungkin menyangkut sebagian wilayah desa, atau operator tertentu.",
            "To be confirmed: the proposal may concern part of the village, or one operator.",
        ),
    ),
    "never_proposed": (
        "none",
        False,
        Text("Blankspot tetapi tidak pernah diusulkan", "Blankspot but never proposed"),
        Text("Perlu dijemput: tidak ada usulan untuk desa ini.", "To be approached: nobody proposed it."),
    ),
    "proposed_unknown": (
        "unknown",
        True,
        Text("Diusulkan, belum cukup data", "Proposed, not enough data"),
        Text(
            "Perlu diukur dahulu: belum cukup data bukan berarti tanpa sinyal.",
            "To be measured first: no data is not no signal.",
        ),
    ),
}


def matrix(data: ReportData) -> Table:
    """Return villages by class, parted into proposed and never proposed."""
    told = _told(data)
    counted = pd.crosstab(told["signal_class"], told["proposed"]).reindex(index=list(SIGNAL_CLASSES), fill_value=0)
    proposed = counted.get(True, pd.Series(0, index=counted.index))
    never = counted.get(False, pd.Series(0, index=counted.index))
    rows: tuple[Row, ...] = tuple(
        {
            "id": name,
            "signal_class": LABELS["signal_class"][name],
            "proposed": int(proposed[name]),
            "never": int(never[name]),
            "villages": int(proposed[name] + never[name]),
            "share": Share(int(proposed[name]), int(proposed[name] + never[name])),
        }
        for name in SIGNAL_CLASSES
    )
    columns = (
        Column(key="signal_class", heading=Text("Temuan", "Finding"), kind="label"),
        Column(key="proposed", heading=Text("Diusulkan", "Proposed"), kind="number", total=True),
        Column(key="never", heading=Text("Tidak pernah diusulkan", "Never proposed"), kind="number", total=True),
        Column(key="villages", heading=Text("Desa", "Villages"), kind="number", total=True),
        Column(key="share", heading=Text("Diusulkan %", "Proposed %"), kind="percent", decimals=2, total=True),
    )
    day_id, day_en = date_text(data.as_of), date_text(data.as_of, lang="en")
    return Table(
        key="proposals_matrix",
        title=Text("Usulan dan temuan", "Proposals and findings"),
        columns=columns,
        rows=rows,
        definition=Text(
            f"Semua desa dalam batas wilayah, menurut status sinyal per {day_id}. Diusulkan: ada usulan dalam tabel usulan atau buku besar "
            "sampai tanggal itu. Persen: desa yang diusulkan dari desa dengan temuan itu. Belum cukup data dihitung tersendiri.",
            f"Every village of the boundaries by its class as of {day_en}. Proposed: named by the proposals' table or by the ledger up to "
            "that day. Percent: villages proposed of those with that finding. Not enough data is counted apart.",
        ),
        empty=NONE,
        as_of=data.as_of,
        total=total_row(columns, rows, {"signal_class": TOTAL}),
    )


def finding_lists(data: ReportData) -> tuple[Table, ...]:
    """Return the villages of each meeting of proposal and finding, with who proposed them, how and when."""
    told = _told(data)
    return tuple(_listed(data, told, key) for key in _LISTS)


def _listed(data: ReportData, told: pd.DataFrame, key: str) -> Table:
    signal, proposed, title, meaning = _LISTS[key]
    found = told[(told["signal_class"] == signal) & (told["proposed"] == proposed)]
    asked = (
        Column(key="proposals", heading=Text("Usulan", "Proposals"), kind="number", total=True, on_paper=False),
        Column(key="proposed_on", heading=Text("Usulan terakhir", "Latest proposal"), kind="date"),
        Column(key="channel", heading=Text("Jalur", "Channel"), kind="label"),
        Column(key="proposer", heading=Text("Pengusul", "Proposed by"), on_paper=False),
    )
    columns = (
        *VILLAGE,
        Column(key="population", heading=Text("Penduduk", "Residents"), kind="number", total=True),
        *(asked if proposed else ()),
        Column(key="stage", heading=Text("Penanganan", "Handling"), kind="label"),
        Column(key="reason", heading=Text("Alasan status", "Why this class"), on_paper=False),
    )
    rows = rows_of(found, columns)
    day_id, day_en = date_text(data.as_of), date_text(data.as_of, lang="en")
    return Table(
        key=key,
        title=title,
        columns=columns,
        rows=rows,
        definition=Text(f"{meaning.id} Per {day_id}.", f"{meaning.en} As of {day_en}."),
        empty=NONE,
        as_of=data.as_of,
        total=total_row(columns, rows, {"village_name": TOTAL}) if rows else None,
    )


def _told(data: ReportData) -> pd.DataFrame:
    """Return the villages with their class and what is known of their proposals: how many, the latest one, the channels."""
    asked = data.proposals.sort_values("proposed_on", kind="stable")
    grouped = asked.groupby("village_code")
    latest = asked.drop_duplicates("village_code", keep="last").set_index("village_code")
    known = pd.DataFrame(
        {
            "proposals": grouped.size(),
            "proposed_on": latest["proposed_on"],
            "proposer": latest["proposer"],
            "channel": _channels(asked),
        }
    )
    told = data.village_classes.merge(known, left_on="village_code", right_index=True, how="left")
    return told.assign(proposed=told["proposals"].notna())


def _channels(asked: pd.DataFrame) -> pd.Series:
    """Return the channels through which each village was proposed, in words."""
    pairs = asked[["village_code", "channel"]].dropna().drop_duplicates().sort_values("channel")
    joined = pairs.groupby("village_code")["channel"].agg(" ".join)
    words = {keys: _listed_words(keys.split()) for keys in joined.unique()}
    return pd.Series([words[keys] for keys in joined], index=joined.index, dtype=object)


def _listed_words(keys: list[str]) -> Text:
    texts = [WORDS["channel"].get(key, Text(key, key)) for key in keys]
    return Text(", ".join(one.id for one in texts), ", ".join(one.en for one in texts))
