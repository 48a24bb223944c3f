"""Where the villages of the target list stand: by stage, which are still open, and the internet points beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from blankspot.out.reports.cells import VILLAGE, rows_of, word
from blankspot.out.reports.data import DONE_STAGES
from blankspot.out.reports.model import Column, Row, Share, Table, total_row
from blankspot.out.reports.texts import NONE, TOTAL, UNKNOWN
from blankspot.words import LABELS, Text, date_text

if TYPE_CHECKING:
    from blankspot.out.reports.data import ReportData


def stages(data: ReportData) -> Table:
    """Return how many villages of the list stand at each stage, in the order of the work."""
    counted = data.standing["stage"].value_counts()
    total = len(data.standing)
    rows: tuple[Row, ...] = tuple(
        {"id": stage, "stage": words, "villages": int(counted[stage]), "share": Share(int(counted[stage]), total)}
        for stage, words in LABELS["stage"].items()
        if stage in counted
    )
    columns = (
        Column(key="stage", heading=Text("Tahap", "Stage"), kind="label"),
        Column(key="villages", heading=Text("Desa", "Villages"), kind="number", total=True),
        Column(key="share", heading=Text("%", "%"), kind="percent", decimals=2),
    )
    return Table(
        key="stages",
        title=Text(f"Desa target {data.year} menurut tahap", f"Target villages of {data.year} by stage"),
        columns=columns,
        rows=rows,
        definition=Text(
            f"Tahap kasus yang mewakili desa per {date_text(data.as_of)}; persen dari seluruh desa dalam daftar target.",
            f"Stage of the case that stands for the village as of {date_text(data.as_of, lang='en')}; percent of all villages on "
            "the target list.",
        ),
        empty=Text("Belum ada daftar target.", "There is no target list yet."),
        as_of=data.as_of,
        total={**total_row(columns, rows, {"stage": TOTAL}), "share": Share(total, total)} if rows else None,
    )


def open_villages(data: ReportData) -> Table:
    """Return the villages of the list that are not handled, the longest waiting first, with what is late against its plan."""
    waiting = data.target[~data.target["done"]].copy()
    since = pd.to_datetime(waiting["since"])
    waiting["days"] = (pd.Timestamp(data.as_of) - since).dt.days
    this_quarter = f"{data.as_of.year}-Q{(data.as_of.month + 2) // 3}"
    late = waiting["planned_quarter"].notna() & (waiting["planned_quarter"].astype("str") < this_quarter)
    waiting["mark"] = pd.Series("overdue", index=waiting.index).where(late)
    waiting["late"] = late.map(lambda found: Text("Lewat rencana", "Past its plan") if found else None).astype(object)
    waiting = waiting.sort_values(["days", "village_code"], ascending=[False, True], kind="stable")
    columns = (
        *VILLAGE,
        Column(key="stage", heading=Text("Tahap", "Stage"), kind="label"),
        Column(key="since", heading=Text("Sejak", "Since"), kind="date"),
        Column(key="days", heading=Text("Hari di tahap ini", "Days at this stage"), kind="number"),
        Column(key="partner", heading=Text("Mitra", "Partner")),
        Column(key="planned_quarter", heading=Text("Rencana", "Planned"), kind="code"),
        Column(key="late", heading=Text("Keterangan", "Remark"), kind="label"),
    )
    return Table(
        key="open_villages",
        title=Text("Desa target yang belum tertangani", "Target villages still open"),
        columns=columns,
        rows=rows_of(waiting, columns, mark="mark"),
        definition=Text(
            f"Desa dalam daftar target {data.year} yang belum tertangani menurut aturan daftar itu, per {date_text(data.as_of)}; yang "
            "terlama di tahapnya lebih dahulu. Lewat rencana: triwulan yang direncanakan sudah berakhir.",
            f"Villages on the target list of {data.year} that are not handled by its rule as of "
            f"{date_text(data.as_of, lang='en')}; the longest at their stage first. Past its plan: the planned quarter has ended.",
        ),
        empty=NONE,
        as_of=data.as_of,
    )


def internet_cases(data: ReportData) -> Table:
    """Return the cases of internet points by kind and stage, which are told apart from mobile coverage."""
    cases = data.cases[data.cases["service"] == "internet"]
    kinds = cases["intervention_type"].fillna("").astype("str")
    done = cases["stage"].isin(DONE_STAGES)
    counted = pd.DataFrame(
        {
            "cases": cases.groupby(kinds).size(),
            "done": done.groupby(kinds).sum(),
            "villages": cases.groupby(kinds)["village_code"].nunique(),
        }
    )
    rows: tuple[Row, ...] = tuple(
        {
            "id": str(kind),
            "kind": word("intervention_type", kind) or UNKNOWN,
            "cases": int(row["cases"]),
            "done": int(row["done"]),
            "open": int(row["cases"] - row["done"]),
            "villages": int(row["villages"]),
        }
        for kind, row in counted.iterrows()
    )
    columns = (
        Column(key="kind", heading=Text("Jenis penanganan", "Kind of handling"), kind="label"),
        Column(key="cases", heading=Text("Kasus", "Cases"), kind="number", total=True),
        Column(key="done", heading=Text("Tertangani", "Handled"), kind="number", total=True),
        Column(key="open", heading=Text("Belum", "Open"), kind="number", total=True),
        Column(key="villages", heading=Text("Desa", "Villages"), kind="number"),
    )
    return Table(
        key="internet_cases",
        title=Text("Titik internet (dihitung terpisah)", "Internet points (counted apart)"),
        columns=columns,
        rows=rows,
        definition=Text(
            f"Kasus titik internet di buku besar per {date_text(data.as_of)}. Titik internet tidak mengakhiri blankspot seluler. "
            "Desa: banyaknya desa berbeda; satu desa dapat muncul pada beberapa jenis, maka tidak dijumlahkan.",
            f"Cases of internet points in the ledger as of {date_text(data.as_of, lang='en')}. An internet point does not end a "
            "cellular blankspot. Villages: distinct ones; a village may stand under several kinds, so they are not added up.",
        ),
        empty=NONE,
        as_of=data.as_of,
        total=total_row(columns, rows, {"kind": TOTAL}) if rows else None,
    )
