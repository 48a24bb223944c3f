"""Who handles how much of the target list: by partner, role, district, regency and funding source.

A village of the list stands in exactly one row of each table: it is handled by the list's rule, or open at the stage of the case that
stands for it. So the rows of every table add up to the list, and handled and open add up in every row. Budget and money belong to
cases, and are added up by the case's own partner and funding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from blankspot.out.reports.cells import amount, part, text_of, word
from blankspot.out.reports.model import Cell, Column, Row, Share, Table, total_row
from blankspot.out.reports.texts import NO_PARTNER, TOTAL, UNKNOWN
from blankspot.words import LABELS, Text, date_text

if TYPE_CHECKING:
    from blankspot.out.reports.data import ReportData

_OPEN: Final = Text("Belum tertangani, menurut tahap", "Open, by stage")
_COLUMNS: Final = (
    Column(key="target", heading=Text("Target", "Target"), kind="number", total=True),
    Column(key="done", heading=Text("Tertangani", "Handled"), kind="number", total=True),
    Column(key="share", heading=Text("%", "%"), kind="percent", decimals=2),
    Column(key="open", heading=Text("Sisa", "Remaining"), kind="number", total=True),
)
_MONEY: Final = (
    Column(key="budget_rp", heading=Text("Anggaran", "Budget"), kind="rupiah", total=True),
    Column(key="realized_rp", heading=Text("Realisasi keuangan", "Money realised"), kind="rupiah", total=True),
    Column(key="absorption", heading=Text("Realisasi %", "Realised %"), kind="percent", decimals=2),
)


class _Kind(NamedTuple):
    """One way of grouping: the column that groups, the column that names, and the words of the table."""

    key: str
    column: str
    name: str
    title: Text
    heading: Text
    what: Text


_PARTNER: Final = _Kind(
    "partners",
    "partner_key",
    "partner",
    Text("Menurut mitra", "By partner"),
    Text("Mitra", "Partner"),
    Text("mitra dari kasus yang mewakili desa", "partner of the case that stands for the village"),
)
_ROLE: Final = _Kind(
    "roles",
    "role",
    "role",
    Text("Menurut unsur pentahelix", "By pentahelix role"),
    Text("Unsur", "Role"),
    Text("unsur mitra dari kasus yang mewakili desa", "role of the partner of the case that stands for the village"),
)
_DISTRICT: Final = _Kind(
    "districts",
    "district_code",
    "district",
    Text("Menurut kecamatan", "By kecamatan"),
    Text("Kecamatan", "Kecamatan"),
    Text("kecamatan desa itu", "kecamatan of the village"),
)
_REGENCY: Final = _Kind(
    "regencies",
    "regency_code",
    "regency",
    Text("Menurut kabupaten/kota", "By kabupaten/kota"),
    Text("Kabupaten/kota", "Kabupaten/kota"),
    Text("kabupaten/kota desa itu", "kabupaten/kota of the village"),
)
_FUNDING: Final = _Kind(
    "funding",
    "funding_source",
    "funding_source",
    Text("Menurut sumber dana", "By funding source"),
    Text("Sumber dana", "Funding source"),
    Text("sumber dana kasus yang mewakili desa", "funding source of the case that stands for the village"),
)


def groups(data: ReportData) -> tuple[Table, ...]:
    """Return the tables of the target list by partner, role, regency (where there are several), district and funding source."""
    several = len(data.target["regency_code"].dropna().unique()) > 1
    kinds = (_PARTNER, _ROLE, *([_REGENCY] if several else []), _DISTRICT, _FUNDING)
    return tuple(_grouped(data, kind) for kind in kinds)


def _grouped(data: ReportData, kind: _Kind) -> Table:
    target, cases, money = (
        frame.assign(group=frame[kind.column].fillna("").astype("str"))
        for frame in (data.target, data.listed_cases, data.listed_money)
    )
    stages = _open_stages(target)
    counts = _counts(target, cases, money, stages)
    named = pd.concat([frame[["group", *_named(kind)]] for frame in (target, cases, money)])
    names = named.dropna(subset=[kind.name]).drop_duplicates("group").set_index("group")
    order = _order(counts, by_code=kind in (_DISTRICT, _REGENCY))
    rows = tuple(_row(key, row, names, kind, stages) for key, row in order.iterrows())
    columns = _columns(kind, stages)
    return Table(
        key=kind.key,
        title=kind.title,
        columns=columns,
        rows=rows,
        definition=_definition(data, kind),
        empty=Text("Belum ada daftar target.", "There is no target list yet."),
        as_of=data.as_of,
        total=_total(columns, rows) if rows else None,
    )


def _named(kind: _Kind) -> list[str]:
    return [kind.name, "role"] if kind is _PARTNER else [kind.name]


def _counts(target: pd.DataFrame, cases: pd.DataFrame, money: pd.DataFrame, stages: list[str]) -> pd.DataFrame:
    counts = pd.DataFrame(
        {
            "target": target.groupby("group").size(),
            "done": target.groupby("group")["done"].sum(),
            "budget_rp": cases.groupby("group")["budget_rp"].sum(min_count=1),
            "realized_rp": money.groupby("group")["amount_rp"].sum(min_count=1),
        }
    )
    staged = pd.crosstab(target["group"], target["stage"].where(~target["done"]))
    whole = ["target", "done", *stages]
    counts = counts.join(staged.reindex(columns=stages))
    return counts.assign(**{name: counts[name].fillna(0) for name in whole})


def _order(counts: pd.DataFrame, *, by_code: bool) -> pd.DataFrame:
    """Order by code, or the most villages first and those without a name last."""
    if by_code:
        return counts.sort_index()
    ranked = counts.assign(nameless=counts.index == "", code=counts.index)
    return ranked.sort_values(["nameless", "target", "code"], ascending=[True, False, True], kind="stable")


def _columns(kind: _Kind, stages: list[str]) -> tuple[Column, ...]:
    named = Column(key="name", heading=kind.heading, kind="label" if kind in (_ROLE, _FUNDING) else "text")
    role = (Column(key="role", heading=_ROLE.heading, kind="label"),) if kind is _PARTNER else ()
    staged = (
        Column(key=stage, heading=LABELS["stage"][stage], kind="number", total=True, group=_OPEN) for stage in stages
    )
    return (named, *role, *_COLUMNS, *staged, *_MONEY)


def _open_stages(target: pd.DataFrame) -> list[str]:
    """Return the stages at which villages are open, in the order of the work."""
    found = set(target.loc[~target["done"], "stage"].dropna())
    return [stage for stage in LABELS["stage"] if stage in found]


def _row(key: Any, counts: pd.Series, names: pd.DataFrame, kind: _Kind, stages: list[str]) -> Row:
    target, done = int(counts["target"]), int(counts["done"])
    budget, realized = amount(counts["budget_rp"]), amount(counts["realized_rp"])
    name = text_of(names[kind.name].get(key)) if key else ""
    row: dict[str, Cell] = {
        "id": str(key),
        "name": word(kind.column, name) if name else (str(key) or _nameless(kind)),
        "target": target,
        "done": done,
        "share": Share(done, target),
        "open": target - done,
        "budget_rp": budget,
        "realized_rp": realized,
        "absorption": part(realized, budget),
    }
    if kind is _PARTNER and key:
        row["role"] = word("role", names["role"].get(key))
    return row | {stage: int(counts[stage]) for stage in stages}


def _nameless(kind: _Kind) -> Text:
    return NO_PARTNER if kind in (_PARTNER, _ROLE) else UNKNOWN


def _total(columns: tuple[Column, ...], rows: tuple[Row, ...]) -> dict[str, Cell]:
    total = total_row(columns, rows, {"name": TOTAL})
    pairs = {"share": ("done", "target"), "absorption": ("realized_rp", "budget_rp")}
    return total | {key: part(_number(total[some]), _number(total[whole])) for key, (some, whole) in pairs.items()}


def _number(cell: Cell) -> float | None:
    return cell if isinstance(cell, int | float) else None


def _definition(data: ReportData, kind: _Kind) -> Text:
    day_id, day_en = date_text(data.as_of), date_text(data.as_of, lang="en")
    return Text(
        f"Satu baris: {kind.what.id}. Target: desa dalam daftar target {data.year} per {day_id}. Tertangani: menurut aturan daftar itu "
        "(lihat awal bab), kumulatif. Persen: tertangani dari target baris itu; realisasi % dari anggaran baris itu. Anggaran dan "
        "realisasi keuangan kumulatif, menurut kasus desa dalam daftar target; “–” berarti tidak ada yang tercatat.",
        f"A row: {kind.what.en}. Target: villages on the target list of {data.year} as of {day_en}. Handled: by the rule of that list (see "
        "the start of the chapter), cumulative. Percent: handled of the row's target; money realised of the row's budget. Budget and "
        "money are cumulative, of the cases of listed villages; “–” means that none is on record.",
    )
