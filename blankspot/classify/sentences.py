"""The one sentence per village that says why, with the figures the rule rested on."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from blankspot.words import LABELS, Text, date_text, label, number

if TYPE_CHECKING:
    from blankspot.settings import Settings
    from blankspot.words import Lang

FIGURES: Final = Text(
    "{served} dari {cells} sel terukur terlayani 4G{people}{only} ({bounds}), {readings} titik ukur, terakhir {latest}",
    "{served} of {cells} measured cells served by 4G{people}{only} ({bounds}), {readings} readings, latest {latest}",
)
PEOPLE: Final = Text(", yaitu {share} % penduduknya", ", home to {share} % of their people")
ONLY_2G_3G: Final = Text(", hanya ada 2G/3G", ", only 2G/3G found")
BOUNDS: Final = {
    "none": Text("batas atas {high} %", "upper bound {high} %"),
    "served": Text("batas bawah {low} %", "lower bound {low} %"),
    "weak": Text(
        "{share} %, selang {low}–{high} %; bersinyal lemah {weak} %",
        "{share} %, interval {low}–{high} %; weak signal {weak} %",
    ),
    "unknown": Text("{share} %, selang {low}–{high} %", "{share} %, interval {low}–{high} %"),
}
# Where the share of people has just been said, the bounds do not say it again.
BOUNDS_OF_PEOPLE: Final = {
    name: Text(*(text.removeprefix("{share} %, ") for text in bounds)) for name, bounds in BOUNDS.items()
}
SENTENCES: Final = {
    "measured": Text("{label}: {figures}.", "{label}: {figures}."),
    "indicative": Text(
        "{label} (indikatif, ukuran belum cukup): {figures}.", "{label} (indicative, too few readings): {figures}."
    ),
    "modelled": Text(
        "{label} menurut prediksi saja: {share} % {base} terlayani 4G{only} (selang {low}–{high} %), belum "
        "diukur{beside}.",
        "{label} by prediction alone: {share} % of {base} served by 4G{only} (interval {low}–{high} %), not "
        "measured{beside}.",
    ),
    "modelled_coarse": Text(
        "{label} menurut prediksi kasar saja (tanpa data ketinggian): {share} % {base} terlayani 4G{only} (selang "
        "{low}–{high} %), belum diukur{beside}.",
        "{label} by a coarse prediction alone (without terrain): {share} % of {base} served by 4G{only} (interval "
        "{low}–{high} %), not measured{beside}.",
    ),
    "fused": Text(
        "{label} menurut prediksi yang digabung dengan pengukuran: {share} % {base} terlayani 4G (selang {low}–{high} %).",
        "{label} by prediction fused with measurement: {share} % of {base} served by 4G (interval {low}–{high} %).",
    ),
    "reported.podes": Text(
        "{label} menurut laporan: Podes {year} mencatat sinyal {signal}{technology}; belum diukur secara memadai{reports}.",
        "{label} as reported: Podes {year} notes {signal} signal{technology}; not measured sufficiently{reports}.",
    ),
    "reported.complaints": Text(
        "{label} menurut laporan: {reports} laporan warga dari {places} tempat berbeda, terakhir {latest_report}; belum diukur.",
        "{label} as reported: {reports} citizen reports from {places} different places, latest {latest_report}; not measured.",
    ),
    "unknown.no_data": Text(
        "Belum cukup data: tidak ada titik ukur, prediksi, atau laporan yang berlaku; bukan berarti tanpa sinyal.",
        "Not enough data: no valid reading, prediction or report; this does not mean no signal.",
    ),
    "unknown.modelled": Text(
        "Belum cukup data: menurut prediksi saja {share} % {base} terlayani 4G, tetapi selangnya terlalu lebar "
        "({low}–{high} %) dan belum diukur.",
        "Not enough data: by prediction alone {share} % of {base} is served by 4G, but the interval is too wide "
        "({low}–{high} %) and nothing was measured.",
    ),
    "unknown.modelled_coarse": Text(
        "Belum cukup data: menurut prediksi kasar saja (tanpa data ketinggian) {share} % {base} terlayani 4G, tetapi "
        "selangnya terlalu lebar ({low}–{high} %) dan belum diukur.",
        "Not enough data: by a coarse prediction alone (without terrain) {share} % of {base} is served by 4G, but the "
        "interval is too wide ({low}–{high} %) and nothing was measured.",
    ),
    "unknown.modelled_doubted": Text(
        "Belum cukup data: menurut {foretold} statusnya {said}, tetapi sebutan itu meleset di {missed} dari {checked} desa yang "
        "diukur.",
        "Not enough data: by {foretold} it would be {said}, but that proved wrong in {missed} of {checked} measured villages.",
    ),
    "unknown.fused": Text(
        "Belum cukup data: menurut prediksi yang digabung dengan pengukuran {share} % {base} terlayani 4G, tetapi selangnya "
        "terlalu lebar ({low}–{high} %).",
        "Not enough data: by prediction fused with measurement {share} % of {base} is served by 4G, but the interval is "
        "too wide ({low}–{high} %).",
    ),
    "unknown.few_readings": Text(
        "Belum cukup data: baru {readings} titik ukur di {cells} sel (perlu {readings_min} di {cells_min}), terakhir {latest}.",
        "Not enough data: only {readings} readings in {cells} cells ({readings_min} in {cells_min} are needed), latest {latest}.",
    ),
    "unknown.wide_interval": Text(
        "Belum cukup data: {figures}; selangnya terlalu lebar (paling besar {width} poin).",
        "Not enough data: {figures}; the interval is too wide ({width} points at most).",
    ),
    "unknown.reports_only": Text(
        "Belum cukup data: {reports} laporan warga{podes}, belum ada pengukuran yang memadai.",
        "Not enough data: {reports} citizen reports{podes}, no sufficient measurement yet.",
    ),
}
SIGNAL: Final = {
    "none": Text("tidak ada", "no"),
    "weak": Text("lemah", "weak"),
    "strong": Text("kuat", "strong"),
    "very_strong": Text("sangat kuat", "very strong"),
}
FORETOLD: Final = {
    False: Text("prediksi", "prediction"),
    True: Text("prediksi kasar (tanpa data ketinggian)", "a coarse prediction (without terrain)"),
}
BESIDE: Final = Text(
    " secara memadai (baru {readings} titik ukur di {cells} sel)",
    " sufficiently (only {readings} readings in {cells} cells)",
)
WITH_REPORTS: Final = Text("; {reports} laporan warga", "; {reports} citizen reports")
WITH_PODES: Final = Text(
    " dan Podes {year} (sinyal {signal}, teknologi tidak dicatat)",
    " and Podes {year} ({signal} signal, technology not recorded)",
)
BASE: Final = {"population": Text("penduduk", "people"), "area": Text("wilayah", "area")}


def reasons(figures: pd.DataFrame, settings: Settings) -> pd.Series:
    """Return one sentence per row.

    Args:
        figures: The figures of `rules.decide` with its result and the columns served_cells, by_people, latest_day,
            weight_kind, podes_signal, podes_technology, podes_year, n_reports, latest_report.
        settings: Language and limits.
    """
    silent = SENTENCES["unknown.no_data"].of(settings.language)
    told = [
        silent if row["rule"] == "unknown.no_data" else _sentence(row, settings) for row in figures.to_dict("records")
    ]
    return pd.Series(told, index=figures.index, dtype="str")


def spoken_words() -> frozenset[str]:
    """Return every word, in lower case, of which the sentences of both languages are made; figures, days and years apart."""
    texts = [FIGURES, PEOPLE, ONLY_2G_3G, BESIDE, WITH_REPORTS, WITH_PODES]
    for told in (BOUNDS, SENTENCES, SIGNAL, BASE, FORETOLD, LABELS["signal_class"]):
        texts.extend(told.values())
    joined = " ".join(re.sub(r"\{\w+\}", " ", text) for pair in texts for text in pair)
    return frozenset(word.casefold() for word in re.findall(r"[^\W\d_]+", joined))


def _sentence(row: dict[Any, Any], settings: Settings) -> str:
    lang = settings.language
    head, _, tail = row["rule"].partition(".")
    key = (
        row["rule"]
        if row["rule"] in SENTENCES
        else f"reported.{tail.partition('_')[0]}"
        if head == "reported"
        else head
    )
    return (
        SENTENCES[key]
        .of(lang)
        .format(
            label=label("signal_class", row["signal_class"], lang),
            figures=_figures(row, lang) if row["n_cells"] else "",
            only=ONLY_2G_3G.of(lang) if row["no_4g"] else "",
            beside=_beside(row, lang) if row["n_measurements"] else "",
            **(_doubted(row, lang) if key == "unknown.modelled_doubted" else {}),
            share=_points(row["share_served"], lang),
            low=_points(row["share_low"], lang),
            high=_points(row["share_high"], lang),
            base=BASE[row["weight_kind"]].of(lang),
            readings=number(row["n_measurements"], lang=lang),
            cells=number(row["n_cells"], lang=lang),
            latest=_day(row["latest_day"], lang),
            readings_min=settings.evidence.readings_min,
            cells_min=settings.evidence.cells_min,
            width=number(settings.village.weak_width_max_points, lang=lang),
            places=number(row["report_places"], lang=lang),
            latest_report=_day(row["latest_report"], lang),
            **_reported(row, key, lang),
        )
    )


def _doubted(row: dict[Any, Any], lang: Lang) -> dict[str, str]:
    return {
        "foretold": FORETOLD[bool(row["modelled_coarse"])].of(lang),
        "said": label("signal_class", row["modelled_said"], lang),
        "missed": number(row["modelled_missed"], lang=lang),
        "checked": number(row["modelled_checked"], lang=lang),
    }


def _beside(row: dict[Any, Any], lang: Lang) -> str:
    return BESIDE.of(lang).format(
        readings=number(row["n_measurements"], lang=lang), cells=number(row["n_cells"], lang=lang)
    )


def _figures(row: dict[Any, Any], lang: Lang) -> str:
    by_people = row["by_people"] and 0 < row["served_cells"] < row["n_cells"]
    bounds = (BOUNDS_OF_PEOPLE if by_people else BOUNDS)[row["signal_class"]].of(lang)
    shown = {name: _points(row[f"share_{name}"], lang) for name in ("weak", "low", "high")}
    shown["share"] = _points(row["share_served"], lang)
    return FIGURES.of(lang).format(
        served=number(row["served_cells"], lang=lang),
        cells=number(row["n_cells"], lang=lang),
        people=PEOPLE.of(lang).format(**shown) if by_people else "",
        only=ONLY_2G_3G.of(lang) if row["no_4g"] else "",
        bounds=bounds.format(**shown),
        readings=number(row["n_measurements"], lang=lang),
        latest=_day(row["latest_day"], lang),
    )


def _reported(row: dict[Any, Any], key: str, lang: Lang) -> dict[str, str]:
    reports = number(row["n_reports"], lang=lang)
    signal = SIGNAL[row["podes_signal"]].of(lang) if isinstance(row["podes_signal"], str) else ""
    year = "" if pd.isna(row["podes_year"]) else str(int(row["podes_year"]))
    told = {"reports": reports, "signal": signal, "year": year, "technology": "", "podes": ""}
    if isinstance(row["podes_technology"], str):
        told["technology"] = f" ({row['podes_technology']})"
    if key == "reported.podes":
        told["reports"] = WITH_REPORTS.of(lang).format(reports=reports) if row["n_reports"] else ""
    if year:
        told["podes"] = WITH_PODES.of(lang).format(year=year, signal=signal)
    return told


@lru_cache(maxsize=4096)
def _points(share: float, lang: Lang) -> str:
    return "–" if pd.isna(share) else number(share * 100, 1, lang=lang)


@lru_cache(maxsize=4096)
def _day(day: pd.Timestamp, lang: Lang) -> str:
    return "–" if pd.isna(day) else date_text(day.date(), lang=lang)
