"""The report of a workspace: one HTML page that prints cleanly to A4, and one workbook.

Both say the same: how many desa of each class, how far against the target, what is still open, every desa with its reason,
and what all of it rests on. Text from data is escaped by the template engine and never becomes markup; every figure stands
with its numerator, denominator and date.
"""

from __future__ import annotations

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
    import datetime as dt

    import geopandas as gpd

    from blankspot.settings import Provenance

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


def write_workbook(path: str | Path, report: Report, *, lang: Lang = "id") -> Path:
    """Write the report as a workbook: summary, villages, gaps, handling, evidence, sources."""
    verdict_heads = headings_of(TABLES["villages"]) | headings_of(TABLES["verdicts"])
    verdict_heads |= {"stage": "Tahap penanganan", "partner": "Mitra", "handled_on": "Tanggal tertangani"}
    del verdict_heads["office_point"]
    desa = _worded(report.desa(), lang)
    gaps = _worded(report.gaps(), lang)
    handling_heads = {
        "village_code": "Kode desa", "village_name": "Nama desa", "district": "Kecamatan", "year": "Tahun target", "stage": "Tahap",
        "since": "Sejak", "partner": "Mitra", "intervention_type": "Jenis penanganan", "funding_source": "Sumber dana",
        "budget_rp": "Anggaran (Rp)", "handled_on": "Tanggal tertangani", "evidence": "Bukti", "document": "Dokumen",
    }  # fmt: skip
    named = report.handling.merge(
        pd.DataFrame(report.villages)[["village_code", "village_name", "district"]], on="village_code", how="left"
    )
    sources = pd.DataFrame([vars(note) for note in report.provenance.sources], columns=list(_SOURCE_HEADS))
    return write_xlsx(
        path,
        {
            _SHEETS["summary"].of(lang): (
                _summary(report, lang),
                {"name": _HEADS["name"].of(lang), "value": _HEADS["value"].of(lang)},
            ),
            _SHEETS["villages"].of(lang): (desa, verdict_heads),
            _SHEETS["gaps"].of(lang): (gaps, verdict_heads),
            _SHEETS["handling"].of(lang): (_worded(named, lang), handling_heads),
            _SHEETS["evidence"].of(lang): (report.evidence, headings_of(TABLES["evidence"])),
            _SHEETS["sources"].of(lang): (sources, _SOURCE_HEADS),
        },
    )


_SHEETS: Final = {
    "summary": Text("Ringkasan", "Summary"),
    "villages": Text("Desa", "Villages"),
    "gaps": Text("Belum tertangani", "Still open"),
    "handling": Text("Penanganan", "Handling"),
    "evidence": Text("Bukti", "Evidence"),
    "sources": Text("Sumber data", "Sources"),
}
_HEADS: Final = {"name": Text("Uraian", "Item"), "value": Text("Nilai", "Value")}
_SOURCE_HEADS: Final = {
    "name": "Berkas", "kind": "Jenis", "rows_in": "Baris dibaca", "rows_accepted": "Diterima", "rows_rejected": "Ditolak",
    "licence": "Lisensi", "sha256": "SHA-256",
}  # fmt: skip
_WORDED: Final = ("signal_class", "confidence", "stage", "village_type", "intervention_type", "funding_source")


def _worded(frame: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """Return the frame with identifiers replaced by the reader's words."""
    worded = frame.copy()
    for name in _WORDED:
        if name in worded:
            words = {value: text.of(lang) for value, text in LABELS[name].items()}
            worded[name] = worded[name].map(words)
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
                "look": SIGNAL_LOOK[name],
                "count": number(int(counts.get(name, 0)), lang=lang),
                "share": _share_text(int(counts.get(name, 0)), total, lang),
            }
            for name in SIGNAL_CLASSES
        ],
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
        "num": lambda value: "–" if pd.isna(value) else number(value, lang=lang),
    }


def _rows(frame: pd.DataFrame, lang: Lang) -> list[dict[str, Any]]:
    """Return rows as plain words; empty cells are empty text."""
    worded = _worded(frame, lang).astype(object)
    worded["id"] = frame["signal_class"]
    return [
        {str(name): "" if pd.isna(value) else value for name, value in row.items()} for row in worded.to_dict("records")
    ]
