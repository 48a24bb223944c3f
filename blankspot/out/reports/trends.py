"""The three charts: target against realisation over time, the funnel of stages, and how long open villages have waited.

Each chart comes with its figures as a table, for whoever does not see it and for the workbook. The curve counts the villages that
are handled on the as-of day by the day they were handled: it ends at the figure that the report quotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.out.reports.model import (
    Ageing,
    Bar,
    Chart,
    Column,
    CurvePoint,
    Funnel,
    ProgressCurve,
    Row,
    Share,
    Table,
    total_row,
)
from blankspot.out.reports.period import quarter_label
from blankspot.out.reports.texts import TOTAL
from blankspot.words import LABELS, Text, date_text

if TYPE_CHECKING:
    import datetime as dt

    from blankspot.out.reports.data import ReportData

MAIN_LINE: Final = (
    "identified", "proposed", "verified", "approved", "assigned", "construction", "on_air", "handled", "verified_after",
)  # fmt: skip
_REACHED: Final = {"rejected": "verified", "deferred": "verified", "reopened": "identified"}
_EMPTY: Final = Text("Belum ada daftar target.", "There is no target list yet.")
_VILLAGES: Final = Text("Desa", "Villages")


def curve(data: ReportData) -> Chart:
    """Return the size of the target list and the villages handled, as steps from the list's beginning to the as-of day."""
    listed = data.list_changes.groupby("day")["villages"].sum()
    done = data.standing[data.standing["done"]]
    days = pd.to_datetime(done["handled_on"]).fillna(pd.to_datetime(done["since"]))
    handled = days.value_counts()
    steps = pd.DataFrame({"target": listed, "realization": handled}).fillna(0).sort_index().cumsum().astype("int64")
    ends = pd.DatetimeIndex(steps.index).date
    counts = zip(ends, steps["target"].tolist(), steps["realization"].tolist(), strict=True)
    known = [CurvePoint(day, target, done) for day, target, done in counts]
    last = known[-1] if known else None
    closing = [last._replace(day=data.as_of)] if last is not None and last.day < data.as_of else []
    points = (*known, *closing)
    return Chart(
        key="curve",
        title=Text("Target dan realisasi kumulatif", "Cumulative target and realisation"),
        definition=Text(
            f"Target: desa dalam daftar target {data.year} pada setiap tanggal. Realisasi: desa yang tertangani per "
            f"{date_text(data.as_of)}, menurut tanggal tertanganinya.",
            f"Target: villages on the target list of {data.year} on each day. Realisation: villages that are handled as of "
            f"{date_text(data.as_of, lang='en')}, by the day they were handled.",
        ),
        as_of=data.as_of,
        data=ProgressCurve(points=points),
        table=_curve_table(data, points),
    )


def _curve_table(data: ReportData, points: tuple[CurvePoint, ...]) -> Table:
    """Return the curve at the ends of quarters."""
    ends = sorted({_quarter_end(point.day, data.as_of) for point in points})
    rows: list[Row] = []
    before = 0
    for end in ends:
        point = [one for one in points if one.day <= end][-1]
        rows.append(
            {
                "quarter": quarter_label(end),
                "day": end,
                "within": point.realization - before,
                "realization": point.realization,
                "target": point.target,
                "share": Share(point.realization, point.target),
            }
        )
        before = point.realization
    return Table(
        key="curve_figures",
        title=Text("Target dan realisasi per triwulan", "Target and realisation by quarter"),
        columns=(
            Column(key="quarter", heading=Text("Triwulan", "Quarter"), kind="label"),
            Column(key="day", heading=Text("Per tanggal", "As of"), kind="date"),
            Column(key="within", heading=Text("Dalam triwulan", "Within the quarter"), kind="number", total=True),
            Column(key="realization", heading=Text("Kumulatif", "Cumulative"), kind="number"),
            Column(key="target", heading=Text("Target", "Target"), kind="number"),
            Column(key="share", heading=Text("Capaian %", "Achievement %"), kind="percent", decimals=2),
        ),
        rows=tuple(rows),
        definition=Text(
            f"Desa menurut tanggal tertanganinya, dilihat per {date_text(data.as_of)}; hanya triwulan yang mengubah sesuatu.",
            f"Villages by the day they were handled, as seen on {date_text(data.as_of, lang='en')}; only quarters that changed "
            "something.",
        ),
        empty=_EMPTY,
        as_of=data.as_of,
    )


def _quarter_end(day: dt.date, as_of: dt.date) -> dt.date:
    last = pd.Timestamp(day).to_period("Q").end_time.date()
    return min(last, as_of)


def funnel(data: ReportData) -> Chart:
    """Return how many villages of the list reached each stage of the main line, and at which stage they stand."""
    stage = data.standing["stage"].astype("str")
    standing = stage.value_counts()
    reached = stage.replace(_REACHED).map({name: place for place, name in enumerate(MAIN_LINE)})
    total = len(stage)
    names = LABELS["stage"]
    got = [Bar(name, names[name], int((reached >= place).sum())) for place, name in enumerate(MAIN_LINE)]
    stand = [Bar(name, words, int(standing.get(name, 0))) for name, words in names.items()]
    rows: tuple[Row, ...] = tuple(
        {
            "id": bar.key,
            "stage": bar.label,
            "reached": bar.figure,
            "share": Share(bar.figure, total),
            "standing": int(standing.get(bar.key, 0)),
        }
        for bar in got
    )
    definition = Text(
        f"Desa dalam daftar target {data.year} yang mencapai tahap itu atau melewatinya, dan yang berada di sana per "
        f"{date_text(data.as_of)}. Ditolak dan ditunda dihitung sampai terverifikasi; dibuka kembali dihitung dari awal. Persen: dari "
        "seluruh desa dalam daftar.",
        f"Villages on the target list of {data.year} that reached the stage or passed it, and that stand there as of "
        f"{date_text(data.as_of, lang='en')}. Rejected and deferred ones count up to verified; reopened ones from the start. Percent: of "
        "all villages on the list.",
    )
    title = Text("Corong tahap penanganan", "Funnel of handling stages")
    columns = (
        Column(key="stage", heading=Text("Tahap", "Stage"), kind="label"),
        Column(key="reached", heading=Text("Mencapai tahap", "Reached"), kind="number"),
        Column(key="share", heading=Text("%", "%"), kind="percent", decimals=2),
        Column(key="standing", heading=Text("Berada di tahap", "Stand there"), kind="number"),
    )
    return Chart(
        key="funnel",
        title=title,
        definition=definition,
        as_of=data.as_of,
        data=Funnel(reached=tuple(got), standing=tuple(stand)),
        table=Table(
            key="funnel_figures",
            title=title,
            columns=columns,
            rows=rows if total else (),
            definition=definition,
            empty=_EMPTY,
            as_of=data.as_of,
        ),
    )


def ageing(data: ReportData) -> Chart:
    """Return how long the villages of the list that are not handled have stood at their stage, in bins of days."""
    waiting = data.standing[~data.standing["done"]]
    days = (pd.Timestamp(data.as_of) - pd.to_datetime(waiting["since"])).dt.days.to_numpy()
    edges = data.settings.ageing.edges_days
    placed = np.searchsorted(edges, days)
    keys = [_bin_key(edges, at) for at in range(len(edges) + 1)]
    bins = tuple(Bar(key, _bin_label(key), int((placed == at).sum())) for at, key in enumerate(keys))
    total = len(waiting)
    rows: tuple[Row, ...] = tuple(
        {"id": bar.key, "bin": bar.label, "villages": bar.figure, "share": Share(bar.figure, total)} for bar in bins
    )
    columns = (
        Column(key="bin", heading=Text("Lama di tahap sekarang", "Time at the present stage"), kind="label"),
        Column(key="villages", heading=_VILLAGES, kind="number", total=True),
        Column(key="share", heading=Text("%", "%"), kind="percent", decimals=2),
    )
    title = Text("Umur desa yang belum tertangani", "Age of villages not handled")
    definition = Text(
        f"Desa dalam daftar target {data.year} yang belum tertangani per {date_text(data.as_of)}, menurut hari sejak tahapnya sekarang.",
        f"Villages on the target list of {data.year} not handled as of {date_text(data.as_of, lang='en')}, by days since their "
        "present stage.",
    )
    table = Table(
        key="ageing_figures",
        title=title,
        columns=columns,
        rows=rows if total else (),
        definition=definition,
        empty=Text("Tidak ada yang terbuka.", "None is open."),
        as_of=data.as_of,
        total={**total_row(columns, rows, {"bin": TOTAL}), "share": Share(total, total)} if total else None,
    )
    return Chart(
        key="ageing", title=title, definition=definition, as_of=data.as_of, data=Ageing(bins=bins), table=table
    )


def _bin_key(edges: tuple[int, ...], at: int) -> str:
    low = 0 if at == 0 else edges[at - 1] + 1
    return f"{low}-{edges[at]}" if at < len(edges) else f">{edges[-1]}"


def _bin_label(key: str) -> Text:
    shown = key.replace("-", "–").replace(">", "> ")
    return Text(f"{shown} hari", f"{shown} days")
