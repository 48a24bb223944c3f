"""What readers call the fields of an event: the headings of the templates, and words for those that no template has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from blankspot.ledger.headings import folded
from blankspot.schema import TABLES
from blankspot.words import Text

if TYPE_CHECKING:
    from blankspot.words import Lang

_TITLES: Final = {
    **{name: str(column.title) for name, column in TABLES["indicators"].columns.items()},
    **{name: str(column.title) for name, column in TABLES["handling"].columns.items()},
}
_OTHERS: Final = {
    "planned_quarter": Text("Triwulan rencana", "Planned quarter"),
    "step": Text("Langkah pembangunan", "Step of construction"),
    "amount_rp": Text("Jumlah", "Amount"),
    "rule": Text("Aturan", "Rule"),
    "constraint": Text("Kendala", "Constraint"),
    "follow_up": Text("Tindak lanjut", "Follow-up"),
    "owner": Text("Penanggung jawab", "Owner"),
    "due_on": Text("Batas waktu", "Due"),
    "refers": Text("Catatan yang dimaksud", "Refers to"),
    "corrects": Text("Membetulkan", "Corrects"),
    "corrected_on": Text("Tanggal sebenarnya", "Really happened on"),
    "clears": Text("Dikosongkan", "Cleared"),
    "withdraws": Text("Dicabut", "Withdrawn"),
    "chosen": Text("Yang berlaku", "Stands"),
    "voids": Text("Tidak dihitung", "Counts no more"),
    "skips": Text("Melompati tahap", "Skips stages"),
    "number": Text("Nomor", "Number"),
    "letter_kind": Text("Jenis surat", "Kind of letter"),
    "villages": Text("Desa", "Villages"),
    "topic": Text("Hal", "Subject"),
    "signal_class": Text("Status sinyal", "Signal class"),
    "verdict": Text("Hasil ukur", "Verdict"),
}


def field_title(name: str, lang: Lang) -> str:
    """Return what readers call a field; its own name where they have no other."""
    if name in _OTHERS:
        return _OTHERS[name].of(lang)
    return str(_TITLES.get(name, name)) if lang == "id" else name.replace("_", " ")


def field_named(asked: str) -> str:
    """Return the field that a name or a heading means; what is not known as it was asked."""
    return _FIELDS.get(folded(asked), asked.strip())


_FIELDS: Final[dict[str, str]] = {
    folded(word): name
    for name in (*_TITLES, *_OTHERS)
    for word in (name, field_title(name, "id"), field_title(name, "en"))
}
