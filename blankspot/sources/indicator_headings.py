"""How indicator sheets head their columns: one row per quarter, or one row per indicator with a column per quarter.

Offices keep the same figures in two layouts. In the long one a row is an indicator and a quarter; in the wide one a row is an
indicator, and headings such as "Target TW I" or "Realisasi Triwulan III (Rp)" say measure and quarter at once. A heading is
taken apart into its words: what is measured, for which quarter and year, in rupiah or in the indicator's unit (K and Rp of
Formulir E.81), and in thousands or millions if it says so. A heading that speaks of another plan or year (Renstra, RPJMD, "tahun
lalu", "akhir periode") is left unread rather than taken for this year's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from blankspot.schema import TABLES
from blankspot.sources.tables import ORIGIN, fold_heading, recognise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ACHIEVEMENT: Final = "achievement"  # a percentage that the sheet works out itself; it is checked and not kept
MEASURES: Final = ("target", "realization", "budget_rp", "realized_rp", "waiting_rp", ACHIEVEMENT)
MONEY: Final = ("budget_rp", "realized_rp", "waiting_rp")
ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "indicator": (
        "indikator kinerja", "nama indikator", "uraian indikator", "indikator kinerja utama", "indikator kinerja program",
        "indikator kinerja kegiatan", "indikator kinerja sub kegiatan", "indikator sasaran", "indikator tujuan", "iku", "ikk",
        "indikator program", "indikator kegiatan", "indikator kinerja program/kegiatan",
    ),
    "code": ("kode", "kode iku"),
    "unit": ("satuan ukur", "satuan indikator"),
    "direction": ("arah indikator", "polaritas", "sifat indikator", "jenis indikator", "kecenderungan"),
    "owner": (
        "bidang pengampu", "pengampu", "pemilik", "unit kerja", "bidang/bagian", "perangkat daerah", "opd", "unit pengampu",
        "perangkat daerah penanggung jawab",
    ),
    "goal": ("sasaran strategis", "sasaran program", "tujuan/sasaran", "sasaran kegiatan", "tujuan"),
    "program": ("program", "kegiatan", "program/kegiatan/sub kegiatan", "sub kegiatan", "program dan kegiatan"),
    "year": ("tahun anggaran", "ta", "thn"),
    "quarter": ("tw", "periode", "kuartal", "trw", "triwulan ke"),
    "counting": ("sifat angka", "sifat data", "jenis angka", "cara hitung", "penghitungan"),
    "target": ("target kinerja", "target kumulatif"),
    "realization": ("realisasi kinerja", "realisasi kumulatif", "realisasi fisik"),
    "budget_rp": ("pagu", "pagu anggaran", "alokasi anggaran", "jumlah anggaran", "target anggaran"),
    "realized_rp": ("realisasi keuangan", "serapan anggaran", "penyerapan anggaran", "serapan", "anggaran terserap"),
    "waiting_rp": ("menunggu pencairan", "belum cair", "menunggu pembayaran", "menunggu transfer", "dana belum cair"),
    "as_of": ("per tanggal", "data per", "per", "keadaan tanggal", "tgl data"),
    "source": ("sumber data",),
    "constraint": (
        "permasalahan", "hambatan", "masalah", "faktor penghambat", "kendala/permasalahan", "kendala/hambatan",
    ),
    "follow_up": ("rencana tindak lanjut", "rtl", "solusi", "upaya", "upaya tindak lanjut", "tindak lanjut/solusi"),
    "responsible": ("pic", "penanggungjawab"),
    "note": ("keterangan", "ket"),
}  # fmt: skip
_QUARTER: Final = re.compile(
    r"\b(?:tw|trw|tri ?wulan|kuartal|quarter|q) ?(?:ke ?)?(?P<nth>iv|iii|ii|i|[1-4])\b", re.IGNORECASE
)
_NTH: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR: Final = re.compile(r"\b20\d\d\b")
_SCALES: Final = {"ribu": 10**3, "ribuan": 10**3, "juta": 10**6, "jutaan": 10**6, "miliar": 10**9, "milyar": 10**9}
_OTHER_PLAN: Final = frozenset(
    [
        "renstra",
        "rpjmd",
        "rpjmn",
        "rpjm",
        "lalu",
        "sebelumnya",
        "akhir",
        "awal",
        "baseline",
        "dasar",
        "n",
        "proyeksi",
        "prakiraan",
        "mendatang",
        "depan",
        "sisa",
    ]
)
_MONEY_WORDS: Final = frozenset(
    ["rp", "rupiah", "anggaran", "keuangan", "pagu", "dana", "biaya", "serapan", "penyerapan"]
)
_TEXTS: Final = ("constraint", "follow_up", "responsible", "note", "as_of", "source")
_SUBHEADING: Final = frozenset(
    [
        "k",
        "rp",
        "fisik",
        "keuangan",
        "target",
        "realisasi",
        "capaian",
        "anggaran",
        "kinerja",
        "rencana",
        "pagu",
        "serapan",
        "kendala",
        "keterangan",
        "persen",
    ]
)


class Slot(NamedTuple):
    """What a heading stands for: a column of the table (or `ACHIEVEMENT`), of which quarter and year, times which scale."""

    column: str
    quarter: int | None = None
    year: int | None = None
    scale: int = 1


class Layout(NamedTuple):
    """How a sheet is laid out: the heading (or "=constant") of each plain column, the slots by heading, what is not read."""

    plain: dict[str, str]
    slots: dict[str, Slot]
    unread: tuple[str, ...]

    @property
    def wide(self) -> bool:
        """Whether quarters stand in columns."""
        return any(slot.quarter is not None for slot in self.slots.values())


def is_indicator_sheet(columns: Iterable[object]) -> bool:
    """Tell whether a table with these headings is an indicator sheet, and not a handling list: it names indicators, no desa."""
    found = {fold_heading(str(name)) for name in columns}
    desa = {fold_heading(name) for name in ("village_code", "Kode desa", "Kejadian", "event", "Nama desa")}
    return bool(found & _INDICATOR_HEADINGS) and not found & desa


def layout(headings: Sequence[str], *, mapping: Mapping[str, str] | None = None, name: str = "") -> Layout:
    """Return what each heading of a sheet stands for.

    Args:
        headings: As found; the columns that say where a row comes from do not count.
        mapping: Our column to theirs, or to "=constant".
        name: Of the file, for the message.

    Raises:
        SourceError: The mapping names a column that is not there.
    """
    found = [heading for heading in headings if heading not in ORIGIN]
    plain = recognise(found, TABLES["indicators"], mapping=mapping, aliases=ALIASES, name=name)
    slots: dict[str, Slot] = {}
    for ours in MEASURES:
        heading = plain.get(ours, "")
        if heading and not heading.startswith("="):
            slots[heading] = Slot(ours, scale=_scale(heading) if ours in MONEY else 1)
            del plain[ours]
    taken = {*plain.values(), *slots}
    filled = {(slot.column, slot.quarter) for slot in slots.values()}
    for heading in found:
        slot = None if heading in taken else slot_of(heading)
        if slot is not None and (slot.column, slot.quarter) not in filled and slot.column not in plain:
            slots[heading] = slot
            filled.add((slot.column, slot.quarter))
    unread = tuple(heading for heading in found if heading not in slots and heading not in plain.values())
    return Layout(plain, slots, unread)


def slot_of(heading: str) -> Slot | None:
    """Take a heading apart: "Realisasi Triwulan III (Rp)" is money realised in quarter 3; None where it is no figure of this year."""
    words = re.sub(r"[\W_]+", " ", heading.casefold().replace("%", " persen ")).strip()
    quarter = _QUARTER.search(words)
    nth = None if quarter is None else int(_NTH.get(quarter["nth"], quarter["nth"]))
    year = _YEAR.search(words)
    rest = _YEAR.sub(" ", _QUARTER.sub(" ", words)).split()
    column = _measure(rest) or (None if quarter is None else _text(rest))
    if column is None or set(rest) & _OTHER_PLAN:
        return None
    scale = _scale(heading) if column in MONEY else 1
    return Slot(column, nth, None if year is None else int(year[0]), scale)


def is_subheading(cell: str) -> bool:
    """Tell whether a cell below the first line of headings is itself one: "TW I", "II", "K", "Rp", "Target", "2022"."""
    words = re.sub(r"[\W_]+", " ", cell.casefold().replace("%", " persen ")).split()
    plain = set(words) <= _SUBHEADING | set(_NTH) | {"tw", "triwulan", "tahun", "s", "d", "sd"}
    return bool(words) and (plain or bool(_QUARTER.fullmatch(" ".join(words)) or _YEAR.fullmatch(" ".join(words))))


def _measure(words: Sequence[str]) -> str | None:
    """Return which figure the words of a heading name; K or Rp as the last word decides between performance and money."""
    said = set(words)
    money = bool(said & _MONEY_WORDS) if not words or words[-1] not in ("k", "rp") else words[-1] == "rp"
    if said & {"tingkat", "persen", "persentase"} or ("capaian" in said and "realisasi" not in said):
        return ACHIEVEMENT if said & {"capaian", "tingkat", "realisasi"} else None
    if "menunggu" in said or {"belum", "cair"} <= said:
        return "waiting_rp"
    if said & {"serapan", "penyerapan", "terserap"}:
        return "realized_rp"
    if said & {"realisasi", "realization"}:
        return "realized_rp" if money else "realization"
    if said & {"target", "rencana"} and not said & {"tindak", "aksi"}:
        return "budget_rp" if money else "target"
    return "budget_rp" if said & {"anggaran", "pagu", "alokasi", "budget"} else None


def _text(words: Sequence[str]) -> str | None:
    folded = "".join(words)
    return next((name for name in _TEXTS if folded in _FOLDED[name]), None)


def _scale(heading: str) -> int:
    """Return by how much the figures below a heading are to be multiplied: "Anggaran (juta Rp)" counts in millions."""
    words = re.findall(r"[a-z]+", heading.casefold())
    return next((_SCALES[word] for word in words if word in _SCALES), 1)


_FOLDED: Final = {
    name: {fold_heading(word) for word in (name, str(column.title), *ALIASES.get(name, ()))}
    for name, column in TABLES["indicators"].columns.items()
}
_INDICATOR_HEADINGS: Final = frozenset(_FOLDED["indicator"])
