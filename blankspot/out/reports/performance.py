"""How far the year's targets are: the table of an LKjIP, the quarterly table of Formulir E.81, and the money by unit.

The list of villages is one indicator among the others, counted from the ledger and never typed in. Bands of achievement are half-open
(above 90, above 75 …) and judged on the exact share, not on the rounded percentage.

The quarterly table has the shape of Formulir E.81 of Permendagri 86/2017 (evaluation of a Renja): performance (K) and money (Rp) side
by side for the target, the years before, each quarter alone, and cumulatively. The quarters of the village target are told by the day
each village of the list was handled, as seen from the as-of day: so they add up to the cumulative figure.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import pandas as pd

from blankspot.out.reports.cells import NUMBER, amount, part
from blankspot.out.reports.figures import indicators_of
from blankspot.out.reports.model import ROW_ID, Cell, Column, Share, Table
from blankspot.out.reports.period import ROMAN, quarter_first
from blankspot.out.reports.texts import TOTAL
from blankspot.words import Text, date_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blankspot.out.reports.data import ReportData
    from blankspot.out.reports.figures import Figure, Indicator
    from blankspot.settings import Achievement

_GOAL: Final = Text("Berkurangnya desa tanpa sinyal seluler", "Fewer villages without mobile signal")
_INDICATOR: Final = Text(
    "Jumlah desa dalam daftar target {year} yang tertangani", "Villages on the target list of {year} that are handled"
)
_VILLAGE: Final = Text("desa", "villages")
_EMPTY: Final = Text(
    "Belum ada daftar target maupun indikator untuk tahun ini.",
    "There is neither a target list nor an indicator this year.",
)
_QUARTERS: Final = (1, 2, 3, 4)
_PERFORMANCE: Final = Text("K", "Performance")
_MONEY: Final = Text("Rp", "Rp")


def band(share: Share, bands: Achievement) -> tuple[str, Text] | None:
    """Return identifier and word of the band that an achievement falls into; None where the target is 0.

    Half-open: exactly 90 % is not yet above 90. What is compared is the exact share, so 90,004 % is above 90 though it prints 90,00 %.
    """
    if share.denominator <= 0:
        return None
    edges = {
        "very_high": bands.very_high_above_pct,
        "high": bands.high_above_pct,
        "medium": bands.medium_above_pct,
        "low": bands.low_above_pct,
    }
    found = next((key for key, edge in edges.items() if share.numerator * 100 > edge * share.denominator), "very_low")
    words = getattr(bands.words, found)
    return found, Text(words.id, words.en)


def lkjip(data: ReportData) -> Table:
    """Return the table of an LKjIP: goal, indicator, unit, target, realisation, achievement, band, as of when."""
    columns = (
        NUMBER,
        Column(key="goal", heading=Text("Sasaran", "Goal")),
        Column(key="indicator", heading=Text("Indikator", "Indicator")),
        Column(key="unit", heading=Text("Satuan", "Unit")),
        Column(key="target", heading=Text("Target", "Target"), kind="number", decimals=None),
        Column(
            key="realization",
            heading=Text("Realisasi (kumulatif)", "Realisation (cumulative)"),
            kind="number",
            decimals=None,
        ),
        Column(key="achievement", heading=Text("Capaian %", "Achievement %"), kind="percent", decimals=2),
        Column(key="band", heading=Text("Predikat", "Band"), kind="label"),
        Column(key="as_of", heading=Text("Data per", "Data as of"), kind="date"),
        Column(key="source", heading=Text("Sumber", "Source")),
    )
    rows = [_village_row(data)] if len(data.standing) else []
    rows += [_indicator_row(one, figure, data) for one, figure in _chosen(data)]
    numbered = [{**row, "no": at} for at, row in enumerate(rows, start=1)]
    return Table(
        key="lkjip",
        title=Text("Capaian kinerja (LKjIP)", "Performance (LKjIP)"),
        columns=columns,
        rows=tuple(numbered),
        definition=_lkjip_definition(data),
        empty=_EMPTY,
        as_of=data.as_of,
    )


def _village_row(data: ReportData) -> dict[str, Cell]:
    share = Share(int(data.standing["done"].sum()), len(data.standing))
    return {
        "goal": _GOAL,
        "indicator": _INDICATOR.fill(year=data.year),
        "unit": _VILLAGE,
        "target": share.denominator,
        "realization": share.numerator,
        "as_of": data.as_of,
        "source": Text("Buku besar penanganan", "Ledger of handling"),
        **_achieved(share, data.settings.achievement),
    }


def _indicator_row(indicator: Indicator, figure: Figure, data: ReportData) -> dict[str, Cell]:
    return {
        "goal": indicator.goal or None,
        "indicator": indicator.name,
        "unit": indicator.unit or None,
        "target": figure.target,
        "realization": figure.realization,
        "as_of": figure.as_of,
        "source": figure.source or None,
        **_achieved(indicator.achievement(figure), data.settings.achievement),
    }


def _achieved(share: Share | None, bands: Achievement) -> dict[str, Cell]:
    found = None if share is None else band(share, bands)
    return {"achievement": share, "band": found and found[1], ROW_ID: found and found[0]}


def _chosen(data: ReportData) -> list[tuple[Indicator, Figure]]:
    """Return the indicators of the year, each with the figure that the period shows."""
    pairs = [(one, one.chosen(data.period)) for one in indicators_of(data.indicators, data.year)]
    return [(one, figure) for one, figure in pairs if figure is not None]


def _lkjip_definition(data: ReportData) -> Text:
    bands = data.settings.achievement
    edges = [
        (bands.words.very_high, bands.very_high_above_pct),
        (bands.words.high, bands.high_above_pct),
        (bands.words.medium, bands.medium_above_pct),
        (bands.words.low, bands.low_above_pct),
    ]
    listed_id = "; ".join(f"{word.id} > {edge:g}" for word, edge in edges)
    listed_en = "; ".join(f"{word.en} > {edge:g}" for word, edge in edges)
    return Text(
        f"Capaian = realisasi ÷ target × 100 %; untuk indikator yang makin rendah makin baik, (2 × target − realisasi) ÷ "
        f"target × 100 %. Target 0 ditulis “–”. Realisasi kumulatif sejak awal tahun; satuan rasio (%, indeks, nilai, skor, dan sejenisnya) "
        f"tidak dijumlahkan: berlaku angka triwulan terakhir. Predikat (dalam %): {listed_id}; "
        f"selebihnya {bands.words.very_low.id}; dinilai dari angka sebelum dibulatkan. Desa target: {data.rule.text.id}",
        f"Achievement = realisation ÷ target × 100 %; where lower is better, (2 × target − realisation) ÷ target × 100 %. A "
        f"target of 0 shows “–”. Realisation is cumulative from the start of the year; ratios (%, index, score and the like) are not added "
        f"up: the latest quarter's figure holds. Bands (in %): {listed_en}; the rest "
        f"{bands.words.very_low.en}; judged before rounding. Target villages: {data.rule.text.en}",
    )


def quarterly(data: ReportData) -> Table:
    """Return the quarterly table in the shape of Formulir E.81: K and Rp of target, earlier years, each quarter, cumulative."""
    rows = [_village_quarters(data)] if len(data.standing) else []
    rows += [_indicator_quarters(one, figure) for one, figure in _chosen(data)]
    numbered = [{**row, "no": at} for at, row in enumerate(rows, start=1)]
    later = data.as_of.year > data.year
    return Table(
        key="quarterly",
        title=Text(
            f"Evaluasi triwulanan {data.year} (bentuk Formulir E.81)",
            f"Quarterly evaluation {data.year} (shape of Formulir E.81)",
        ),
        columns=_quarterly_columns(data.year, later=later),
        rows=tuple(numbered),
        definition=_quarterly_definition(data),
        empty=_EMPTY,
        as_of=data.as_of,
    )


def _quarterly_columns(year: int, *, later: bool) -> tuple[Column, ...]:
    spans = [
        ("target", Text(f"Target {year}", f"Target {year}")),
        ("before", Text(f"Realisasi s.d. {year - 1}", f"Realised up to {year - 1}")),
        *(
            (f"q{number}", Text(f"Dalam TW {ROMAN[number - 1]} {year}", f"Within Q{number} {year}"))
            for number in _QUARTERS
        ),
        *([("after", Text(f"Sesudah {year}", f"After {year}"))] if later else []),
        ("total", Text("Realisasi kumulatif", "Cumulative realisation")),
    ]
    pairs = [column for key, group in spans for column in _pair(key, group)]
    level = Text("Tingkat capaian (kumulatif)", "Achievement (cumulative)")
    return (
        NUMBER,
        Column(key="goal", heading=Text("Sasaran / program", "Goal / programme")),
        Column(key="indicator", heading=Text("Indikator kinerja", "Indicator")),
        Column(key="unit", heading=Text("Satuan", "Unit")),
        *pairs,
        Column(key="achievement", heading=Text("K %", "Performance %"), kind="percent", decimals=2, group=level),
        Column(key="absorption", heading=Text("Rp %", "Rp %"), kind="percent", decimals=2, group=level),
        Column(key="owner", heading=Text("Penanggung jawab", "Responsible")),
    )


def _pair(key: str, group: Text) -> tuple[Column, Column]:
    return (
        Column(key=f"{key}_k", heading=_PERFORMANCE, kind="number", decimals=None, group=group),
        Column(key=f"{key}_rp", heading=_MONEY, kind="rupiah", group=group),
    )


def _village_quarters(data: ReportData) -> dict[str, Cell]:
    done = data.standing[data.standing["done"]]
    days = pd.to_datetime(done["handled_on"]).fillna(pd.to_datetime(done["since"]))
    counts = _by_quarter(days, pd.Series(1, index=days.index), data)
    paid = data.listed_money
    money = _by_quarter(pd.to_datetime(paid["paid_on"]), paid["amount_rp"], data) if len(paid) else {}
    budget = amount(data.listed_cases["budget_rp"].sum(min_count=1))
    realized = amount(paid["amount_rp"].sum(min_count=1))
    row: dict[str, Cell] = {
        "goal": _GOAL,
        "indicator": _INDICATOR.fill(year=data.year),
        "unit": _VILLAGE,
        "target_k": len(data.standing),
        "target_rp": budget,
        "total_k": len(done),
        "total_rp": realized,
        "achievement": Share(len(done), len(data.standing)),
        "absorption": part(realized, budget),
    }
    row |= {f"{key}_k": value for key, value in counts.items()}
    return row | {f"{key}_rp": value for key, value in money.items()}


def _by_quarter(days: pd.Series, amounts: pd.Series, data: ReportData) -> dict[str, Cell]:
    """Add amounts up by the quarter of the list's year; quarters that have not begun stay empty."""
    year = data.year
    where = days.dt.quarter.where(days.dt.year == year, days.dt.year.map(lambda found: 0 if found < year else 5))
    sums = amounts.groupby(where).sum()
    found: dict[str, Cell] = {"before": _whole(sums.get(0, 0)), "after": _whole(sums.get(5, 0))}
    for number in _QUARTERS:
        begun = quarter_first(dt.date(year, 3 * number, 1)) <= data.as_of
        found[f"q{number}"] = _whole(sums.get(number, 0)) if begun else None
    return found


def _whole(value: float) -> int | float:
    return int(value) if float(value).is_integer() else float(value)


def _indicator_quarters(indicator: Indicator, figure: Figure) -> dict[str, Cell]:
    row: dict[str, Cell] = {
        "goal": indicator.goal or indicator.program or None,
        "indicator": indicator.name,
        "unit": indicator.unit or None,
        "target_k": figure.target,
        "target_rp": figure.budget_rp,
        "total_k": figure.realization,
        "total_rp": figure.realized_rp,
        "achievement": indicator.achievement(figure),
        "absorption": part(figure.realized_rp, figure.budget_rp),
        "owner": indicator.owner or figure.responsible or None,
    }
    for number in _QUARTERS:
        told = indicator.figures.get(number)
        if told is not None and (figure.quarter == 0 or number <= figure.quarter):
            row |= {f"q{number}_k": told.within["realization"], f"q{number}_rp": told.within["realized_rp"]}
    return row


def _quarterly_definition(data: ReportData) -> Text:
    day_id, day_en = date_text(data.as_of), date_text(data.as_of, lang="en")
    return Text(
        f"K = kinerja, Rp = keuangan. Kolom TW berisi yang terjadi di dalam triwulan itu saja; kolom kumulatif menghitung "
        f"semuanya sampai data terakhir indikator itu (untuk desa target: {day_id}). Satuan rasio (%, indeks, nilai, skor, dan sejenisnya) "
        f"tidak dijumlahkan: kolom TW berisi angka yang dilaporkan untuk triwulan itu, kolom kumulatif angka triwulan terakhir. Desa target: desa dihitung pada triwulan "
        f"tanggal tertanganinya, dilihat per {day_id}; anggaran dan realisasi keuangan menurut kasus desa dalam daftar target. “–” "
        "berarti tidak dilaporkan, atau triwulan itu belum mulai.",
        f"The quarters hold what happened within that quarter alone; the cumulative columns count everything up to the indicator's "
        f"latest data (for target villages: {day_en}). Ratios (%, index, score and the like) are not added up: a quarter holds the figure "
        f"reported for it, the cumulative column that of the latest quarter. Target villages count in the quarter they were handled, as seen on "
        f"{day_en}; budget and money realised are those of the cases of listed villages. “–” means not reported, or a quarter that "
        "has not begun.",
    )


def finances(data: ReportData) -> Table:
    """Return budget, money realised and money waited for, by the unit that answers for the indicators."""
    columns = (
        Column(key="owner", heading=Text("Bidang", "Unit")),
        Column(key="indicators", heading=Text("Indikator", "Indicators"), kind="number", total=True),
        Column(key="budget_rp", heading=Text("Anggaran", "Budget"), kind="rupiah", total=True),
        Column(key="realized_rp", heading=Text("Realisasi", "Realised"), kind="rupiah", total=True),
        Column(key="absorption", heading=Text("Realisasi %", "Realised %"), kind="percent", decimals=2),
        Column(key="waiting_rp", heading=Text("Menunggu dana", "Waiting for funds"), kind="rupiah", total=True),
        Column(key="waiting", heading=Text("Menunggu dana %", "Waiting %"), kind="percent", decimals=2),
    )
    parts: dict[str, list[Figure]] = {}
    for indicator, figure in _chosen(data):
        if figure.budget_rp is not None:
            parts.setdefault(indicator.owner, []).append(figure)
    rows = [{"owner": owner or None, **_sums(figures)} for owner, figures in sorted(parts.items())]
    every = [figure for figures in parts.values() for figure in figures]
    return Table(
        key="finances",
        title=Text("Keuangan menurut bidang", "Money by unit"),
        columns=columns,
        rows=tuple(rows),
        definition=Text(
            "Kumulatif sejak awal tahun sampai data terakhir setiap indikator. Penyebut kedua persentase: anggaran. Hanya "
            "indikator yang menyebut anggaran; yang realisasinya tidak dilaporkan dihitung 0.",
            "Cumulative from the start of the year up to each indicator's latest data. The denominator of both percentages is the "
            "budget. Only indicators that name a budget; a realisation that is not reported counts as 0.",
        ),
        empty=Text("Belum ada indikator yang menyebut anggaran.", "No indicator names a budget yet."),
        as_of=data.as_of,
        total={"owner": TOTAL, **_sums(every)} if rows else None,
    )


def _sums(figures: Sequence[Figure]) -> dict[str, Cell]:
    budget, realized, waiting = (
        sum(getattr(figure, name) or 0.0 for figure in figures) for name in ("budget_rp", "realized_rp", "waiting_rp")
    )
    return {
        "indicators": len(figures),
        "budget_rp": budget,
        "realized_rp": realized,
        "absorption": Share(realized, budget),
        "waiting_rp": waiting,
        "waiting": Share(waiting, budget),
    }
