"""The words, numbers and dates that people read, in Indonesian (the default) and English.

Identifiers in code and tables are English and stable; every label that reaches a reader is looked up here, so that a
word is decided once. Numbers and dates follow Babel's id-ID (`1.234,56`, `26 Desember 2022`); rounding is half-up, as
official Indonesian reports round, and not Python's half-even.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import datetime as dt

Lang = Literal["id", "en"]
LANGS: tuple[Lang, ...] = ("id", "en")
_LOCALE = {"id": "id_ID", "en": "en_GB"}
_MILLION = Decimal(1_000_000)
_ROUNDS_UP = Decimal("0.99995")
_SCALES = (
    (Decimal(10**12), "triliun", "trillion"),
    (Decimal(10**9), "miliar", "billion"),
    (_MILLION, "juta", "million"),
)


class Text(NamedTuple):
    """One sentence or label in both languages."""

    id: str
    en: str

    def of(self, lang: Lang) -> str:
        """Return the text in `lang`."""
        return self.id if lang == "id" else self.en

    def fill(self, **values: object) -> Text:
        """Return the text with `{name}` replaced by the given values in both languages."""
        return Text(self.id.format(**values), self.en.format(**values))


LABELS: dict[str, dict[str, Text]] = {
    "signal_class": {
        "none": Text("Blankspot", "Blankspot"),
        "weak": Text("Lemah atau sebagian", "Weak or partial"),
        "served": Text("Terlayani", "Served"),
        "unknown": Text("Belum cukup data", "Not enough data"),
    },
    "confidence": {
        "measured": Text("terukur", "measured"),
        "fused": Text("gabungan", "fused"),
        "modelled": Text("prediksi", "modelled"),
        "reported": Text("laporan", "reported"),
        "indicative": Text("indikatif", "indicative"),
    },
    "stage": {
        "identified": Text("Teridentifikasi", "Identified"),
        "proposed": Text("Diusulkan", "Proposed"),
        "verified": Text("Terverifikasi", "Verified"),
        "approved": Text("Disetujui", "Approved"),
        "rejected": Text("Ditolak", "Rejected"),
        "deferred": Text("Ditunda", "Deferred"),
        "assigned": Text("Ditugaskan", "Assigned"),
        "construction": Text("Pembangunan", "Construction"),
        "on_air": Text("Mengudara", "On air"),
        "handled": Text("Tertangani", "Handled"),
        "verified_after": Text("Terverifikasi pascapenanganan", "Verified after handling"),
        "reopened": Text("Dibuka kembali", "Reopened"),
    },
    "village_type": {
        "desa": Text("desa", "desa"),
        "kelurahan": Text("kelurahan", "kelurahan"),
        "desa_adat": Text("desa adat", "desa adat"),
    },
    "intervention_type": {
        "bts": Text("BTS baru", "New base station"),
        "repeater": Text("Penguat sinyal (repeater)", "Repeater"),
        "fiber_wifi": Text("Serat optik dan WiFi", "Fibre and WiFi"),
        "vsat": Text("VSAT", "VSAT"),
        "leo": Text("Satelit orbit rendah (LEO)", "Low-orbit satellite (LEO)"),
        "ran_sharing": Text("Berbagi jaringan (RAN sharing)", "RAN sharing"),
    },
    "funding_source": {
        "apbn": Text("APBN", "State budget (APBN)"),
        "apbd_prov": Text("APBD provinsi", "Provincial budget"),
        "apbd_kab": Text("APBD kabupaten/kota", "Regency budget"),
        "did": Text("Dana Insentif Daerah", "Regional incentive fund"),
        "dana_desa": Text("Dana Desa", "Village fund (Dana Desa)"),
        "add": Text("Alokasi Dana Desa", "Village allocation (ADD)"),
        "uso_bakti": Text("USO/BAKTI", "USO/BAKTI"),
        "csr": Text("CSR/TJSL", "CSR"),
        "komersial": Text("Komersial operator", "Operator's own funds"),
    },
    "status": {
        "active": Text("Aktif", "Active"),
        "planned": Text("Rencana", "Planned"),
        "inactive": Text("Tidak aktif", "Inactive"),
    },
    "position_quality": {
        "surveyed": Text("Disurvei", "Surveyed"),
        "reported": Text("Dilaporkan", "Reported"),
        "crowdsourced": Text("Urun daya", "Crowd-sourced"),
    },
    "facility_type": {
        "kantor_desa": Text("Kantor desa/kelurahan", "Village office"),
        "sekolah": Text("Sekolah", "School"),
        "puskesmas": Text("Puskesmas", "Health centre"),
        "pasar": Text("Pasar", "Market"),
        "ibadah": Text("Tempat ibadah", "Place of worship"),
        "lainnya": Text("Lainnya", "Other"),
    },
    "point_type": {
        "wifi": Text("WiFi", "WiFi"),
        "vsat": Text("VSAT", "VSAT"),
        "leo": Text("Satelit orbit rendah (LEO)", "Low-orbit satellite (LEO)"),
        "fiber": Text("Serat optik", "Fibre"),
    },
    "channel": {
        "musrenbang": Text("Musrenbang", "Musrenbang"),
        "desa": Text("Pemerintah desa", "Desa government"),
        "kelurahan": Text("Kelurahan", "Kelurahan"),
        "kecamatan": Text("Kecamatan", "Kecamatan"),
        "warga": Text("Warga", "Residents"),
        "bakti": Text("BAKTI", "BAKTI"),
        "lainnya": Text("Lainnya", "Other"),
    },
    "signal": {
        "none": Text("Tidak ada sinyal", "No signal"),
        "weak": Text("Sinyal lemah", "Weak signal"),
        "strong": Text("Sinyal kuat", "Strong signal"),
        "very_strong": Text("Sinyal sangat kuat", "Very strong signal"),
    },
}
LABELS["role"] = {  # pentahelix
    "government": Text("Pemerintah", "Government"),
    "academia": Text("Akademisi", "Academia"),
    "business": Text("Badan usaha", "Business"),
    "community": Text("Masyarakat/komunitas", "Community"),
    "media": Text("Media", "Media"),
}
COARSE_PREDICTION = Text("prediksi kasar", "coarse prediction")
LABELS["operator"] = {
    "telkomsel": Text("Telkomsel", "Telkomsel"),
    "indosat": Text("Indosat", "Indosat"),
    "xl": Text("XL", "XL"),
    "smartfren": Text("Smartfren", "Smartfren"),
    "xlsmart": Text("XLSMART", "XLSMART"),
}
LABELS["claim"] = {
    "none": Text("Tidak ada sinyal", "No signal"),
    "weak": Text("Sinyal lemah", "Weak signal"),
    "served": Text("Ada sinyal", "There is signal"),
    "other": Text("Hal lain di peta salah", "Something else on the map is wrong"),
}
LABELS["direction"] = {
    "higher": Text("Lebih tinggi lebih baik", "Higher is better"),
    "lower": Text("Lebih rendah lebih baik", "Lower is better"),
}
LABELS["counting"] = {
    "cumulative": Text("Kumulatif", "Cumulative"),
    "in_quarter": Text("Dalam triwulan", "In the quarter"),
}
LABELS["event"] = {
    "target": Text("Masuk daftar target", "Put on the target list"),
    "target_removed": Text("Keluar dari daftar target", "Taken off the target list"),
    **LABELS["stage"],
}
LABELS["target_rule"] = {
    "mobile_any": Text("Seluler, salah satu kasus", "Mobile, any case"),
    "mobile_all": Text("Seluler, semua kasus", "Mobile, all cases"),
    "mobile_verified": Text("Seluler, terverifikasi pascapenanganan", "Mobile, verified after handling"),
    "internet_any": Text("Titik internet, salah satu", "Internet point, any"),
}
LABELS["change"] = {
    "target_added": Text("Masuk daftar target", "Put on the target list"),
    "target_removed": Text("Keluar dari daftar target", "Taken off the target list"),
    "target_document": Text("Dasar daftar target", "Document of the target list"),
    "target_rule": Text("Aturan daftar target", "Rule of the target list"),
    "case_new": Text("Kasus baru", "New case"),
    "stage": Text("Tahap", "Stage"),
    "handled_on": Text("Tanggal tertangani", "Handled on"),
    "partner": Text("Mitra", "Partner"),
    "intervention_type": Text("Jenis penanganan", "Kind of handling"),
    "funding_source": Text("Sumber dana", "Funding source"),
    "budget_rp": Text("Anggaran", "Budget"),
    "planned_quarter": Text("Triwulan rencana", "Planned quarter"),
    "evidence": Text("Bukti", "Evidence"),
    "money": Text("Realisasi keuangan", "Money realised"),
    "note": Text("Catatan", "Note"),
    "note_closed": Text("Catatan selesai", "Note closed"),
    "letter": Text("Surat", "Letter"),
    "conflict": Text("Berbeda catatan", "In conflict"),
}


def confidence_text(confidence: str, rule: str) -> Text:
    """Return what a verdict rests on; a prediction without terrain is called coarse, which its rule tells."""
    return COARSE_PREDICTION if is_coarse(rule) else LABELS["confidence"][confidence]


def is_coarse(rule: object) -> bool:
    """Tell whether a verdict's rule rests on a prediction without terrain."""
    return str(rule).startswith("modelled_coarse.")


def label(kind: str, value: str, lang: Lang = "id") -> str:
    """Return the reader's word for an identifier, e.g. `label("signal_class", "weak")` gives "Lemah atau sebagian"."""
    return LABELS[kind][value].of(lang)


def round_half_up(value: float | Decimal, decimals: int = 0) -> Decimal:
    """Round half away from zero, as official reports do: 62.5 becomes 63, 0.125 becomes 0.13 at two decimals."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def number(value: float | Decimal, decimals: int = 0, *, lang: Lang = "id") -> str:
    """Write a number with exactly `decimals` decimals: `number(1234.5, 2)` gives "1.234,50"."""
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    rounded = round_half_up(value, decimals) or Decimal(0)  # never -0
    return str(format_decimal(rounded, format=pattern, locale=_LOCALE[lang]))


def percent(numerator: float, denominator: float, decimals: int = 2, *, lang: Lang = "id") -> str:
    """Write a share in percent, "–" where the denominator is 0: `percent(43, 60)` gives "71,67 %"."""
    if denominator == 0:
        return "–"
    share = Decimal(str(numerator)) * 100 / Decimal(str(denominator))
    return f"{number(share, decimals, lang=lang)} %"


def date_text(day: dt.date, *, lang: Lang = "id") -> str:
    """Write a date out: "26 Desember 2022"."""
    from babel.dates import format_date

    return str(format_date(day, format="d MMMM y", locale=_LOCALE[lang]))


def rupiah(amount_rp: float | Decimal, *, lang: Lang = "id") -> str:
    """Write an amount of money the short way: "Rp2,6 miliar", and in full below a million: "Rp750.000"."""
    amount = Decimal(str(amount_rp))
    if amount < 0:
        return f"-{rupiah(-amount, lang=lang)}"
    for scale, indonesian, english in _SCALES:
        if abs(amount) >= (scale if scale == _MILLION else scale * _ROUNDS_UP):  # "Rp1 miliar", not "Rp1.000 juta"
            short = number(amount / scale, 1, lang=lang).removesuffix(",0").removesuffix(".0")
            return f"Rp{short} {indonesian if lang == 'id' else english}"
    return f"Rp{number(amount, lang=lang)}"
