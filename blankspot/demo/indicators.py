"""The indicator sheet of the invented Dinas: what a quarterly evaluation goes through, beside the village targets.

Seven indicators of four units: counts from the start of the year and in the quarter alone, one where lower is better, one that is
known once a year. Their budgets add up to Rp8 miliar, of which Rp4.828 juta (60,35 %) are spent and Rp1.829,6 juta (22,87 %) wait
for funds at the year's end. All figures are invented and the same for every seed.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import pandas as pd

_MILLION: Final = 1_000_000
_AS_OF: Final = "2022-12-26"
_SOURCE: Final = "Diskominfo Kabupaten Arunika (contoh)"
_CONNECTED: Final = "Meningkatnya konektivitas perangkat daerah dan desa"
_SERVED: Final = "Meningkatnya mutu layanan SPBE"
_ACCOUNTABLE: Final = "Meningkatnya akuntabilitas kinerja Dinas"
_NETWORK: Final = "Program Aplikasi Informatika / Pengelolaan jaringan intra pemerintah daerah"
_APPLICATIONS: Final = "Program Aplikasi Informatika / Pengembangan layanan SPBE"
_PUBLIC: Final = "Program Informasi dan Komunikasi Publik / Pemberdayaan komunitas informasi"
_SUPPORT: Final = "Program Penunjang Urusan Pemerintahan Daerah"


class _Sheet(NamedTuple):
    """One indicator: target and realisation by period, and budget, spent and waiting in millions of rupiah by period."""

    name: str
    unit: str
    owner: str
    goal: str
    program: str
    figures: tuple[tuple[float, float], ...]
    money: tuple[tuple[float, float, float], ...] = ()
    direction: str = "lebih tinggi lebih baik"
    counting: str = "kumulatif"
    notes: dict[int, tuple[str, str, str]] = {}  # noqa: RUF012 - never changed


_SHEETS: Final = (
    _Sheet(
        "OPD terhubung", "OPD", "Bidang Infrastruktur TIK", _CONNECTED, _NETWORK,
        ((27, 28), (30, 31), (32, 33), (34, 36)),
        ((1150, 390, 250), (2400, 1120, 520), (3500, 1980, 1000), (4400, 2460, 1529.6)),
        notes={
            2: (
                "Izin galian serat optik di ruas provinsi belum terbit",
                "Rapat bersama Dinas PU provinsi; sementara memakai radio titik ke titik",
                "Bidang Infrastruktur TIK",
            ),
        },
    ),
    _Sheet(
        "Waktu henti jaringan intra pemerintah", "jam", "Bidang Infrastruktur TIK", _CONNECTED, _NETWORK,
        ((12, 9), (24, 20), (36, 38), (48, 44)), direction="lebih rendah lebih baik",
        notes={
            3: (
                "Pemadaman listrik di dua simpul pada Agustus, 11 dari 38 jam (28,95 %)",
                "Pemasangan catu daya cadangan di kedua simpul",
                "Bidang Infrastruktur TIK",
            ),
        },
    ),
    _Sheet(
        "Layanan SPBE terintegrasi", "layanan", "Bidang Aplikasi dan Tata Kelola", _SERVED, _APPLICATIONS,
        ((6, 5), (11, 9), (16, 13), (20, 17)),
        ((350, 110, 20), (720, 330, 45), (1050, 640, 90), (1300, 930, 140)),
        notes={
            4: (
                "Tiga layanan menunggu perjanjian berbagi data antar-OPD",
                "Penandatanganan perjanjian dijadwalkan pada forum SPBE Januari 2023",
                "Bidang Aplikasi dan Tata Kelola",
            ),
        },
    ),
    _Sheet("Indeks SPBE", "indeks", "Bidang Aplikasi dan Tata Kelola", _SERVED, _APPLICATIONS, ((2.6, 2.51),)),
    _Sheet(
        "Operator informasi desa terlatih", "orang", "Bidang Informasi dan Komunikasi Publik", _SERVED, _PUBLIC,
        ((60, 52), (60, 64), (60, 58), (60, 71)),
        ((250, 60, 10), (300, 165, 25), (300, 285, 60), (150, 180, 90)),
        counting="dalam triwulan",
    ),
    _Sheet(
        "Dokumen perencanaan dan keuangan tepat waktu", "dokumen", "Sekretariat", _ACCOUNTABLE, _SUPPORT,
        ((4, 4), (9, 9), (14, 13), (18, 18)),
        ((350, 80, 20), (680, 230, 30), (1000, 430, 60), (1300, 748, 70)),
    ),
    _Sheet(
        "Realisasi anggaran", "Rp", "Sekretariat", _ACCOUNTABLE, _SUPPORT,
        tuple((target * _MILLION, spent * _MILLION) for target, spent in ((2100, 640), (4350, 1905), (6400, 3560), (8000, 4828))),
        notes={
            3: (
                "Dana transfer tahap kedua terlambat masuk kas daerah",
                "Penyesuaian anggaran kas triwulan IV bersama BKAD",
                "Sekretaris Dinas",
            ),
            4: (
                "Dana transfer tahap akhir belum masuk kas daerah: Rp1.829.600.000 dari Rp8.000.000.000 (22,87 %) menunggu dana",
                "Penagihan ke BKAD sebelum tutup tahun; sisanya diusulkan menjadi kewajiban yang dibayar tahun berikutnya",
                "Sekretaris Dinas",
            ),
        },
    ),
)  # fmt: skip


def indicators() -> pd.DataFrame:
    """Return the indicator sheet of the Dinas as texts, one row per indicator and quarter (no quarter: the whole year)."""
    return pd.DataFrame([row for sheet in _SHEETS for row in _rows(sheet)])


def _rows(sheet: _Sheet) -> list[dict[str, str]]:
    quarters = range(1, len(sheet.figures) + 1) if len(sheet.figures) > 1 else (None,)
    return [_row(sheet, place, quarter) for place, quarter in enumerate(quarters)]


def _row(sheet: _Sheet, place: int, quarter: int | None) -> dict[str, str]:
    target, reached = sheet.figures[place]
    money = sheet.money[place] if sheet.money else ()
    budget, spent, waiting = (f"{amount * _MILLION:.0f}" for amount in money) if money else ("", "", "")
    constraint, follow_up, responsible = sheet.notes.get(quarter or 0, ("", "", ""))
    return {
        "goal": sheet.goal,
        "indicator": sheet.name,
        "unit": sheet.unit,
        "direction": sheet.direction,
        "owner": sheet.owner,
        "program": sheet.program,
        "year": "2022",
        "quarter": "" if quarter is None else str(quarter),
        "counting": sheet.counting,
        "target": f"{target:.10g}",
        "realization": f"{reached:.10g}",
        "budget_rp": budget,
        "realized_rp": spent,
        "waiting_rp": waiting,
        "as_of": _AS_OF,
        "source": _SOURCE,
        "constraint": constraint,
        "follow_up": follow_up,
        "responsible": responsible,
    }
