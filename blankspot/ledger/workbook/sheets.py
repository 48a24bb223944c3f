"""The sheets of the workbook that planners edit: their columns, under which words, what a cell may hold, and how it is read.

Declared once, because the writer and the reader must mean the same. A column that is `locked` is protected on the rows that were
exported; on rows that are added below them everything may be typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from blankspot.ledger.headings import folded, kind_of
from blankspot.ledger.workflow import STAGES
from blankspot.schema import FUNDING_SOURCES, INTERVENTION_TYPES
from blankspot.values import read_amount, read_number, read_quarter, read_time
from blankspot.words import LABELS, Lang, Text, number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence
    from zoneinfo import ZoneInfo

CellKind = Literal["code", "text", "long", "choice", "date", "money", "year"]
CellValue = str | int | float | None
Choices = tuple[tuple[str, Text], ...]

_TEXT_MAX: Final = 32_000  # a spreadsheet's cell holds 32,767 characters
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")  # how a spreadsheet writes a character that XML does not have
_ERROR: Final = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)|Err:\d{3}")
_SCIENTIFIC: Final = re.compile(r"-?\d(?:\.\d+)?e\+\d+")  # how a number beyond 2**53 reaches us as text
_ROMAN: Final = ("I", "II", "III", "IV")
_SAME_TO: Final = 1e-12  # spreadsheets keep 15 digits of a number
_YEARS_AROUND: Final = (1, 3)  # quarters offered: of the year before and of the three to come
_STAGES: Final[Choices] = tuple((stage, LABELS["stage"][stage]) for stage in STAGES)
_TYPES: Final[Choices] = tuple((name, LABELS["intervention_type"][name]) for name in INTERVENTION_TYPES)
_SOURCES: Final[Choices] = tuple((name, LABELS["funding_source"][name]) for name in FUNDING_SOURCES)
_SERVICES: Final[Choices] = (
    ("mobile", Text("Seluler", "Mobile")),
    ("internet", Text("Titik internet", "Internet point")),
)


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a sheet.

    Attributes:
        key: Its name in the frames.
        heading: Its heading.
        kind: What its cells hold.
        told: What to type there, in one sentence.
        choices: Identifiers and their words, where a cell offers a list.
        locked: Whether it is protected on exported rows.
    """

    key: str
    heading: Text
    kind: CellKind
    told: Text
    choices: Choices = ()
    locked: bool = False


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet: its title, what it is for, and its columns in order."""

    key: str
    title: Text
    about: Text
    columns: tuple[Column, ...]

    def column(self, key: str) -> Column:
        """Return a column by its key."""
        return next(column for column in self.columns if column.key == key)


def _locked(key: str, heading: Text, kind: CellKind, told: Text, choices: Choices = ()) -> Column:
    return Column(key=key, heading=heading, kind=kind, told=told, choices=choices, locked=True)


_CODE: Final = _locked(
    "village_code",
    Text("Kode desa", "Village code"),
    "code",
    Text("Kode Kemendagri bertitik, misalnya 32.04.05.2001.", "Kemendagri code with dots, such as 32.04.05.2001."),
)
_NAME: Final = _locked(
    "village_name",
    Text("Desa", "Village"),
    "text",
    Text("Nama desa; kodenya yang menentukan.", "Name; the code decides."),
)
_CASE: Final = _locked(
    "case_id",
    Text("Kasus", "Case"),
    "code",
    Text(
        "Kosongkan, kecuali desa punya beberapa kasus: kode desa:mobile atau kode desa:internet.",
        "Leave empty unless a village has several cases: village code:mobile or village code:internet.",
    ),
)
_DOCUMENT: Final = Text("Nomor surat atau berita acara.", "Number of a letter or of minutes.")
_FREE: Final = Text("Catatan bebas, tanpa data pribadi.", "Free text without personal data.")

CASES: Final = Sheet(
    key="cases",
    title=Text("Penanganan", "Handling"),
    about=Text(
        "Satu baris untuk satu kasus. Desa baru ditulis di baris kosong di bawahnya.",
        "One row per case. A new village goes into an empty row below.",
    ),
    columns=(
        _CODE,
        _NAME,
        _locked("district", Text("Kecamatan", "District"), "text", Text("Nama kecamatan.", "Name of the kecamatan.")),
        _CASE,
        _locked("service", Text("Layanan", "Service"), "choice", Text("Pilih dari daftar.", "Choose."), _SERVICES),
        _locked(
            "year",
            Text("Tahun target", "Target year"),
            "year",
            Text("Tahun daftar target; tidak diubah di sini.", "Year of the target list; not changed here."),
        ),
        Column(
            key="stage",
            heading=Text("Tahap", "Stage"),
            kind="choice",
            told=Text(
                "Pilih tahap yang dicapai, lalu isi harinya di kolom Sejak.",
                "Choose the stage reached, then give its day under Since.",
            ),
            choices=_STAGES,
        ),
        Column(
            key="since",
            heading=Text("Sejak", "Since"),
            kind="date",
            told=Text("Hari tahap itu dicapai: 2022-12-26.", "Day the stage was reached: 2022-12-26."),
        ),
        Column(
            key="partner",
            heading=Text("Mitra", "Partner"),
            kind="text",
            told=Text("Pihak yang menangani.", "Who handles it."),
        ),
        Column(
            key="intervention_type",
            heading=Text("Jenis penanganan", "Kind of handling"),
            kind="choice",
            told=Text("Pilih dari daftar.", "Choose from the list."),
            choices=_TYPES,
        ),
        Column(
            key="funding_source",
            heading=Text("Sumber dana", "Funding source"),
            kind="choice",
            told=Text("Pilih dari daftar.", "Choose from the list."),
            choices=_SOURCES,
        ),
        Column(
            key="budget_rp",
            heading=Text("Anggaran (Rp)", "Budget (Rp)"),
            kind="money",
            told=Text("Rupiah: 2.600.000.000 atau 2,6 miliar.", "Rupiah: 2600000000 or 2.6 billion."),
        ),
        Column(
            key="planned_quarter",
            heading=Text("Triwulan rencana", "Planned quarter"),
            kind="choice",
            told=Text("Pilih dari daftar, atau tulis TW III 2022.", "Choose from the list, or write 2022-Q3."),
        ),
        Column(
            key="handled_on",
            heading=Text("Tanggal tertangani", "Handled on"),
            kind="date",
            told=Text("Hari desa tertangani: 2022-12-26.", "Day the village was handled: 2022-12-26."),
        ),
        Column(
            key="evidence",
            heading=Text("Bukti", "Evidence"),
            kind="text",
            told=Text("Rujukan bukti; wajib untuk Tertangani.", "Reference of the evidence; required for Handled."),
        ),
        Column(key="document", heading=Text("Dokumen", "Document"), kind="text", told=_DOCUMENT),
        Column(key="note", heading=Text("Catatan", "Note"), kind="long", told=_FREE),
        Column(
            key="change_reason",
            heading=Text("Alasan perubahan", "Reason for the change"),
            kind="long",
            told=Text(
                "Wajib bila isi baris diubah tanpa pindah tahap.",
                "Required where a row is changed without a new stage.",
            ),
        ),
    ),
)

MONEY: Final = Sheet(
    key="money",
    title=Text("Realisasi keuangan", "Money realised"),
    about=Text(
        "Pembayaran yang sudah tercatat tidak diubah; pembayaran baru ditulis di baris kosong di bawahnya.",
        "Payments on record are not changed; new ones go into the empty rows below.",
    ),
    columns=(
        _locked("entry", Text("No.", "No."), "code", Text("Biarkan kosong.", "Leave empty.")),
        _CODE,
        _NAME,
        _CASE,
        _locked("paid_on", Text("Tanggal", "Day"), "date", Text("Hari dibayar: 2022-12-26.", "Day paid: 2022-12-26.")),
        _locked(
            "amount_rp",
            Text("Jumlah (Rp)", "Amount (Rp)"),
            "money",
            Text("Rupiah; negatif untuk pengembalian.", "Rupiah; negative for money that came back."),
        ),
        _locked("funding_source", Text("Sumber dana", "Funding source"), "choice", Text("Pilih.", "Choose."), _SOURCES),
        _locked(
            "document", Text("Dokumen", "Document"), "text", Text("Nomor SP2D atau kuitansi.", "Number of the receipt.")
        ),
        _locked("note", Text("Catatan", "Note"), "long", _FREE),
    ),
)

NOTES: Final = Sheet(
    key="notes",
    title=Text("Kendala", "Constraints"),
    about=Text(
        "Kendala yang masih terbuka. Isi Tanggal selesai untuk menutupnya; kendala baru ditulis di baris kosong di bawahnya.",
        "Constraints still open. Give the day under Closed on to close one; new ones go into the empty rows below.",
    ),
    columns=(
        _locked("entry", Text("No.", "No."), "code", Text("Biarkan kosong.", "Leave empty.")),
        _CODE,
        _NAME,
        _CASE,
        _locked(
            "noted_on", Text("Tanggal", "Day"), "date", Text("Hari dicatat: 2022-12-26.", "Day noted: 2022-12-26.")
        ),
        _locked("constraint", Text("Kendala", "Constraint"), "long", Text("Apa yang menghambat.", "What holds it up.")),
        _locked(
            "follow_up",
            Text("Tindak lanjut", "Follow-up"),
            "long",
            Text("Apa yang dilakukan.", "What is done about it."),
        ),
        _locked(
            "owner",
            Text("Penanggung jawab", "Owner"),
            "text",
            Text("Jabatan atau lembaga.", "An office or an institution."),
        ),
        _locked("due_on", Text("Tenggat", "Due on"), "date", Text("Tenggat: 2022-12-26.", "Due on: 2022-12-26.")),
        _locked("note", Text("Catatan", "Note"), "long", _FREE),
        Column(
            key="closed_on",
            heading=Text("Tanggal selesai", "Closed on"),
            kind="date",
            told=Text("Isi hari selesainya untuk menutup kendala ini.", "Give the day to close this constraint."),
        ),
        Column(
            key="closing_note",
            heading=Text("Catatan penutupan", "Closing note"),
            kind="long",
            told=Text("Bagaimana kendala itu selesai.", "How it was resolved."),
        ),
    ),
)
SHEETS: Final = (CASES, MONEY, NOTES)


def quarter_choices(around: dt.date, present: Iterable[str]) -> Choices:
    """Return the quarters that a drop-down offers around a day, and any others that are `present`, with their words."""
    before, after = _YEARS_AROUND
    years = range(around.year - before, around.year + after + 1)
    offered = {f"{year}-Q{place}" for year in years for place in range(1, len(_ROMAN) + 1)}
    return tuple((quarter, quarter_text(quarter)) for quarter in sorted(offered | set(present)))


def quarter_text(quarter: str) -> Text:
    """Return a quarter as people write it: "2022-Q3" is "TW III 2022"."""
    year, _, place = quarter.partition("-Q")
    return Text(f"TW {_ROMAN[int(place) - 1]} {year}", f"Q{place} {year}")


def tidy(text: str) -> str:
    """Return a text as it comes back from a cell: without control characters and their escapes, cut where it is too long."""
    bare = _CONTROLS.sub("", _unescaped(text)).strip()
    return bare if len(bare) <= _TEXT_MAX else f"{bare[: _TEXT_MAX - 1]}…"


def read_cell(column: Column, text: object, *, zone: ZoneInfo | None = None) -> tuple[CellValue, Text | None]:
    """Read a cell of a workbook that came back.

    Args:
        column: Its column.
        text: What stands there, as `sources.tables` gives it.
        zone: Zone of moments that carry none.

    Returns:
        The value (None where the cell is empty), and what is wrong with it where it cannot be read.
    """
    bare = "" if not isinstance(text, str) else tidy(text)
    if not bare:
        return None, None
    if _ERROR.fullmatch(bare):
        return None, Text(
            f"Sel ini berisi galat rumus {bare}; tulis nilainya.", f"The cell holds the error {bare}; type the value."
        )
    value = _read(column, bare, zone)
    return value, None if value is not None else _unreadable(column, bare)


def _read(column: Column, text: str, zone: ZoneInfo | None) -> CellValue:
    value: CellValue = text
    if column.kind == "date":
        moment = read_time(text, zone)
        value = None if moment is None else moment.date().isoformat()
    elif column.kind == "money":
        value = float(text) if _SCIENTIFIC.fullmatch(text) else read_amount(text)
    elif column.kind == "year":
        found = read_number(text)
        value = None if found is None or not found.is_integer() else int(found)
    elif column.key == "planned_quarter":
        value = read_quarter(text)
    elif column.key == "stage":
        stage = kind_of(text)
        value = stage if stage in STAGES else None
    elif column.kind == "choice":
        known = {folded(word): name for name, words in column.choices for word in (name, *words)}
        value = known.get(folded(text))
    return value


def _unreadable(column: Column, text: str) -> Text:
    heading = column.heading
    if column.kind == "date":
        return Text(
            f"'{text}' bukan tanggal yang lengkap; tulis seperti 2022-12-26 atau 26/12/2022.",
            f"'{text}' is no complete date; write it like 2022-12-26 or 26/12/2022.",
        )
    if column.kind in ("money", "year"):
        return Text(
            f"'{text}' di kolom {heading.id} tidak terbaca sebagai angka; tulis seperti 2.600.000.000 atau 2,6 miliar.",
            f"'{text}' under {heading.en} cannot be read as a number; write it like 2600000000 or 2.6 billion.",
        )
    if column.key == "planned_quarter":
        return Text(
            f"'{text}' bukan triwulan; tulis seperti TW III 2022.", f"'{text}' is no quarter; write it like 2022-Q3."
        )
    offered = [words for _, words in column.choices]
    return Text(
        f"'{text}' tidak dikenal di kolom {heading.id}; pilih: {', '.join(words.id for words in offered)}.",
        f"'{text}' is not known under {heading.en}; choose: {', '.join(words.en for words in offered)}.",
    )


def same(column: Column, one: CellValue, other: CellValue) -> bool:
    """Tell whether two values of a column are the same to a reader: space and the last of 15 digits do not count."""
    if one is None or other is None:
        return one is None and other is None
    if column.kind in ("money", "year") and not (isinstance(one, str) or isinstance(other, str)):
        return abs(float(one) - float(other)) <= _SAME_TO * max(abs(float(one)), abs(float(other)))
    return one == other or _bare(str(one)) == _bare(str(other))


def _bare(text: str) -> str:
    return " ".join(tidy(text).split())


def _unescaped(text: str) -> str:
    shorter = _ESCAPED.sub(_character, text)
    while shorter != text:
        text, shorter = shorter, _ESCAPED.sub(_character, shorter)
    return text


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def shown(column: Column, value: CellValue, lang: Lang) -> str:
    """Return a value as a reader sees it in the list of differences."""
    if value is None:
        return ""
    if column.kind == "money":
        amount = float(value)
        return number(amount, 0 if amount.is_integer() else 2, lang=lang)
    if column.key == "planned_quarter":
        return quarter_text(str(value)).of(lang)
    return words_of(column.choices, str(value), lang)


def words_of(choices: Sequence[tuple[str, Text]], value: str, lang: Lang) -> str:
    """Return the words of an identifier, or the identifier where it has none."""
    return next((words.of(lang) for name, words in choices if name == value), value)
