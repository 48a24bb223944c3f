"""The report of a workspace: one HTML page that prints cleanly to A4, and one workbook.

Both say the same: how many desa of each class, how far against the target, what is still open, every desa with its reason,
and what all of it rests on. Text from data is escaped by the template engine and never becomes markup; every figure stands
with its numerator, denominator and date.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from blankspot.out.files import atomic
from blankspot.out.palette import SIGNAL_LOOK
from blankspot.out.tables import headings_of, write_xlsx
from blankspot.schema import SIGNAL_CLASSES, TABLES
from blankspot.words import LABELS, Lang, Text, date_text, label, number, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from blankspot.settings import Provenance

_BEFORE_PERCENT: Final = re.compile(r"(?<=\d) %")  # a figure and its sign stay on one line
DONE_STAGES: Final = ("handled", "verified_after")


class ProgressLike(Protocol):
    """What a report asks of progress."""

    @property
    def numerator(self) -> int: ...  # noqa: D102 - see ledger.Progress
    @property
    def denominator(self) -> int: ...  # noqa: D102 - see ledger.Progress
    @property
    def year(self) -> int: ...  # noqa: D102 - see ledger.Progress
    @property
    def as_of(self) -> dt.date: ...  # noqa: D102 - see ledger.Progress
    @property
    def definition(self) -> Text: ...  # noqa: D102 - see ledger.Progress
    def text(self, lang: Lang = "id") -> str: ...  # noqa: D102 - see ledger.Progress


@dataclass(frozen=True, kw_only=True, eq=False)
class Report:
    """What a report is made from; tables as in `schema.TABLES`, handling as `Ledger.state` gives it."""

    villages: gpd.GeoDataFrame
    verdicts: pd.DataFrame
    evidence: pd.DataFrame
    handling: pd.DataFrame
    progress: ProgressLike
    provenance: Provenance

    def desa(self) -> pd.DataFrame:
        """Return one row per village: who it is, its verdict, and the stage and partner of its mobile case."""
        who = pd.DataFrame(self.villages).reindex(columns=list(headings_of(TABLES["villages"])))
        mobile = self.handling[self.handling["service"] == "mobile"].sort_values("since", kind="stable")
        stage = mobile.drop_duplicates("village_code", keep="last")[["village_code", "stage", "partner", "handled_on"]]
        joined = who.merge(self.verdicts, on="village_code").merge(stage, on="village_code", how="left")
        return joined.sort_values("village_code", ignore_index=True)

    def gaps(self) -> pd.DataFrame:
        """Return the blankspot villages that are not handled yet."""
        desa = self.desa()
        return desa[(desa["signal_class"] == "none") & ~desa["stage"].isin(DONE_STAGES)].reset_index(drop=True)

    def by_district(self) -> pd.DataFrame:
        """Return one row per kecamatan with a column per class and the total."""
        desa = self.desa()
        counted = pd.crosstab(desa["district"].fillna("–"), desa["signal_class"]).reindex(
            columns=list(SIGNAL_CLASSES), fill_value=0
        )
        return counted.assign(total=counted.sum(axis=1)).rename_axis("district").reset_index()

    def stages(self) -> pd.DataFrame:
        """Return how many target villages of the year stand at each stage, in the order of the workflow."""
        listed = self.handling["is_target"].astype(bool) & (self.handling["year"] == self.progress.year)
        target = self.handling[listed & (self.handling["service"] == "mobile")]
        counted = target["stage"].fillna("").value_counts()
        order = [name for name in ("", *LABELS["stage"]) if counted.get(name, 0)]
        return pd.DataFrame({"stage": order, "villages": [int(counted[name]) for name in order]})


def write_report(path: str | Path, report: Report, *, lang: Lang = "id") -> Path:
    """Write the report as one self-contained HTML page."""
    environment = Environment(
        loader=PackageLoader("blankspot.out", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("report.html.j2").render(_page(report, lang))
    with atomic(path) as temporary:
        temporary.write_text(page, encoding="utf-8")
    return Path(path)


def write_workbook(path: str | Path, report: Report, *, lang: Lang = "id", zone: dt.tzinfo = dt.UTC) -> Path:
    """Write the report as a workbook: summary, villages, gaps, handling, evidence, sources; moments are those of `zone`."""
    names = pd.DataFrame(report.villages)[["village_code", "village_name", "district"]]
    notes = pd.DataFrame([vars(note) for note in report.provenance.sources], columns=list(_SOURCE_HEADS))
    village_heads = _village_headings(lang)
    sheets: dict[str, tuple[pd.DataFrame, Mapping[str, str]]] = {
        "summary": (_summary(report, lang), _texts(_SUMMARY_HEADS, lang)),
        "villages": (_worded(report.desa(), lang), village_heads),
        "gaps": (_worded(report.gaps(), lang), village_heads),
        "handling": (
            _worded(report.handling.merge(names, on="village_code", how="left"), lang),
            _texts(_HANDLING_HEADS, lang),
        ),
        "evidence": (
            _worded(report.evidence.merge(names, on="village_code", how="left"), lang),
            _evidence_headings(lang),
        ),
        "sources": (_worded(_unread(notes), lang), _texts(_SOURCE_HEADS, lang)),
    }
    return write_xlsx(path, {_SHEETS[name].of(lang): sheet for name, sheet in sheets.items()}, lang=lang, zone=zone)


_SHEETS: Final = {
    "summary": Text("Ringkasan", "Summary"),
    "villages": Text("Desa", "Villages"),
    "gaps": Text("Belum tertangani", "Still open"),
    "handling": Text("Penanganan", "Handling"),
    "evidence": Text("Bukti", "Evidence"),
    "sources": Text("Sumber data", "Sources"),
}
_SUMMARY_HEADS: Final = {"name": Text("Uraian", "Item"), "value": Text("Nilai", "Value")}
_STAGE_HEADS: Final = {
    "stage": Text("Tahap penanganan", "Handling stage"),
    "partner": Text("Mitra", "Partner"),
    "handled_on": Text("Tanggal tertangani", "Handled on"),
}
_HANDLING_HEADS: Final = {
    "village_code": Text("Kode desa", "Village code"),
    "village_name": Text("Nama desa", "Village name"),
    "district": Text("Kecamatan", "Kecamatan"),
    "service": Text("Layanan", "Service"),
    "year": Text("Tahun target", "Target year"),
    "stage": Text("Tahap", "Stage"),
    "since": Text("Sejak", "Since"),
    "partner": Text("Mitra", "Partner"),
    "intervention_type": Text("Jenis penanganan", "Kind of handling"),
    "funding_source": Text("Sumber dana", "Funding"),
    "budget_rp": Text("Anggaran (Rp)", "Budget (Rp)"),
    "handled_on": Text("Tanggal tertangani", "Handled on"),
    "evidence": Text("Bukti", "Evidence"),
    "document": Text("Dokumen", "Document"),
}
_SOURCE_HEADS: Final = {
    "name": Text("Berkas", "File"),
    "kind": Text("Jenis", "Kind"),
    "rows_in": Text("Baris dibaca", "Rows read"),
    "rows_accepted": Text("Diterima", "Accepted"),
    "rows_rejected": Text("Ditolak", "Refused"),
    "licence": Text("Lisensi", "Licence"),
    "sha256": Text("SHA-256", "SHA-256"),
}
# What a reader of a village asks first; the other columns follow in the order of their tables.
_ASKED_FIRST: Final = (
    "village_code", "village_name", "district", "signal_class", "confidence", "stage", "partner", "handled_on", "population", "reason",
)  # fmt: skip
_KINDS: Final = {
    "boundaries": Text("Batas desa", "Boundaries"),
    "code_list": Text("Daftar kode", "Code list"),
    "measurements": Text("Titik ukur", "Readings"),
    "sites": Text("Menara", "Towers"),
    "podes": Text("Podes", "Podes"),
    "reports": Text("Laporan warga", "Citizen reports"),
    "facilities": Text("Fasilitas publik", "Public facilities"),
    "internet_points": Text("Titik layanan internet", "Internet points"),
    "proposals": Text("Usulan", "Proposals"),
    "population": Text("Penduduk", "Population"),
    "handling": Text("Penanganan", "Handling"),
}
_STATISTICS: Final = {
    "share_served": Text("Bagian terlayani", "Share served"),
    "share_weak": Text("Bagian lemah", "Share weak"),
    "share_none": Text("Bagian tanpa sinyal", "Share without signal"),
    "effective_cells": Text("Jumlah sel efektif", "Effective number of cells"),
    "no_service_readings": Text("Titik ukur tanpa layanan", "Readings without service"),
    "podes_signal_0_to_3": Text("Sinyal menurut Podes (0–3)", "Signal by Podes (0–3)"),
    "complaints": Text("Laporan warga", "Citizen reports"),
    "median_rsrp_dbm": Text("Median RSRP (dBm)", "Median RSRP (dBm)"),
    "median_ss_rsrp_dbm": Text("Median SS-RSRP (dBm)", "Median SS-RSRP (dBm)"),
    "median_rscp_dbm": Text("Median RSCP (dBm)", "Median RSCP (dBm)"),
    "median_rxlev_dbm": Text("Median RxLev (dBm)", "Median RxLev (dBm)"),
    "median_download_mbps": Text("Median unduh (Mbps)", "Median download (Mbps)"),
    "median_upload_mbps": Text("Median unggah (Mbps)", "Median upload (Mbps)"),
}
_WORDED: Final = {
    **{name: LABELS[name] for name in ("signal_class", "operator", "confidence", "stage", "village_type", "intervention_type", "funding_source")},
    "service": {"mobile": Text("Seluler", "Mobile"), "internet": Text("Titik internet", "Internet point")},
    "weight_kind": {"population": Text("penduduk", "residents"), "area": Text("luas wilayah", "area")},
    "kind": {**_KINDS, **LABELS["confidence"]},
    "statistic": _STATISTICS,
}  # fmt: skip


def _texts(headings: Mapping[str, Text], lang: Lang) -> dict[str, str]:
    return {name: text.of(lang) for name, text in headings.items()}


def _village_headings(lang: Lang) -> dict[str, str]:
    """Return the headings of a village's row, what is asked first in front."""
    known = headings_of(TABLES["villages"], lang) | headings_of(TABLES["verdicts"], lang) | _texts(_STAGE_HEADS, lang)
    del known["office_point"]
    return {name: known[name] for name in (*_ASKED_FIRST, *(name for name in known if name not in _ASKED_FIRST))}


def _evidence_headings(lang: Lang) -> dict[str, str]:
    known = headings_of(TABLES["evidence"], lang)
    named = {"village_code": known["village_code"], "village_name": _HANDLING_HEADS["village_name"].of(lang)}
    return named | known


def _unread(notes: pd.DataFrame) -> pd.DataFrame:
    """Leave the counts empty of a source that has no rows to count (a raster, a list of codes)."""
    counts = ["rows_in", "rows_accepted", "rows_rejected"]
    return notes.assign(**{name: notes[name].where(notes["rows_in"] > 0) for name in counts})


def _worded(frame: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """Return the frame with identifiers replaced by the reader's words; what is no identifier stays."""
    worded = frame.copy()
    for name, labels in _WORDED.items():
        if name in worded:
            words = _texts(labels, lang)
            worded[name] = [words.get(value, value) for value in worded[name]]
    if {"signal_class", "confidence"} <= set(frame):  # not enough data is no degree of certainty
        worded["confidence"] = worded["confidence"].where(frame["signal_class"] != "unknown", None)
    return worded


def _summary(report: Report, lang: Lang) -> pd.DataFrame:
    total = len(report.verdicts)
    counts = report.verdicts["signal_class"].value_counts()
    rows = [
        (Text("Judul", "Title").of(lang), report.provenance.title),
        (Text("Tanggal data", "As of").of(lang), date_text(report.provenance.as_of, lang=lang)),
        (Text("Capaian target", "Progress").of(lang), report.progress.text(lang)),
        (Text("Definisi capaian", "Definition of progress").of(lang), report.progress.definition.of(lang)),
        *(
            (label("signal_class", name, lang), _share_text(int(counts.get(name, 0)), total, lang))
            for name in SIGNAL_CLASSES
        ),
        (_SHEETS["gaps"].of(lang), number(len(report.gaps()), lang=lang)),
        (Text("Profil ambang", "Threshold profile").of(lang), report.provenance.profile_label),
        (Text("Versi blankspot", "Version of blankspot").of(lang), report.provenance.version),
    ]
    return pd.DataFrame(rows, columns=["name", "value"])


def _share_text(count: int, total: int, lang: Lang) -> str:
    of = Text("dari", "of").of(lang)
    return f"{number(count, lang=lang)} {of} {number(total, lang=lang)} desa ({percent(count, total, 1, lang=lang)})"


def _page(report: Report, lang: Lang) -> dict[str, Any]:
    total = len(report.verdicts)
    counts = report.verdicts["signal_class"].value_counts()
    progress = report.progress
    done = 0.0 if not progress.denominator else min(100.0, 100 * progress.numerator / progress.denominator)
    return {
        "lang": lang,
        "title": report.provenance.title or "Blankspot",
        "as_of": date_text(report.provenance.as_of, lang=lang),
        "classes": [
            {
                "name": label("signal_class", name, lang),
                "id": name,
                "count": number(int(counts.get(name, 0)), lang=lang),
                "share": _share_text(int(counts.get(name, 0)), total, lang),
            }
            for name in SIGNAL_CLASSES
        ],
        "looks": SIGNAL_LOOK,
        "unknown": number(int(counts.get("unknown", 0)), lang=lang),
        "progress": progress,
        "done_pct": f"{done:.2f}",
        "stages": [
            {
                "name": label("stage", row["stage"], lang)
                if row["stage"]
                else Text("Belum ada kejadian", "No event yet").of(lang),
                "count": number(row["villages"], lang=lang),
            }
            for row in report.stages().to_dict("records")
        ],
        "gaps": _rows(report.gaps(), lang),
        "desa": _rows(report.desa(), lang),
        "districts": report.by_district().to_dict("records"),
        "provenance": report.provenance,
        "t": lambda indonesian, english: Text(indonesian, english).of(lang),
        "bound": lambda text: _BEFORE_PERCENT.sub("\N{NO-BREAK SPACE}%", text),
        "kind": lambda name: _KINDS[name].of(lang) if name in _KINDS else name,
        "num": lambda value: "–" if pd.isna(value) else number(value, lang=lang),
    }


def _rows(frame: pd.DataFrame, lang: Lang) -> list[dict[str, Any]]:
    """Return rows as plain words; empty cells are empty text."""
    worded = _worded(frame, lang).astype(object)
    worded["id"] = frame["signal_class"]
    return [
        {str(name): "" if pd.isna(value) else value for name, value in row.items()} for row in worded.to_dict("records")
    ]
