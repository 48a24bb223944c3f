"""What goes wrong with a database file, told so that a planner knows what to do.

The sign is a piece of SQLite's own message; the first that fits decides.
"""

from __future__ import annotations

from typing import Final

from blankspot.errors import LedgerError
from blankspot.words import Text

_FAULTS: Final[tuple[tuple[str, Text, Text], ...]] = (
    (
        "locked",
        Text(
            "Buku besar {place} sedang dikunci proses lain; ditunggu {seconds} detik tanpa hasil. Tidak ada yang dicatat.",
            "The ledger {place} is locked by another process; waited {seconds} s in vain. Nothing was recorded.",
        ),
        Text(
            "Tutup program lain yang memakainya, lalu ulangi.", "Close the other program that uses it, then try again."
        ),
    ),
    (
        "not a database",
        Text("{place} bukan berkas buku besar (bukan SQLite).", "{place} is not a ledger file (it is not SQLite)."),
        Text("Periksa alamat buku besar.", "Check the ledger's address."),
    ),
    (
        "malformed",
        Text("Berkas buku besar {place} rusak.", "The ledger file {place} is damaged."),
        Text("Pulihkan dari salinan cadangan.", "Restore it from a backup."),
    ),
    (
        "readonly",
        Text(
            "Buku besar {place} tidak dapat ditulis (hanya baca). Tidak ada yang dicatat.",
            "The ledger {place} cannot be written (read-only). Nothing was recorded.",
        ),
        Text("Periksa izin berkas dan foldernya.", "Check the permissions of the file and its folder."),
    ),
    (
        "unable to open",
        Text("Buku besar {place} tidak dapat dibuka.", "The ledger {place} cannot be opened."),
        Text("Periksa izin berkas dan foldernya.", "Check the permissions of the file and its folder."),
    ),
    (
        "disk is full",
        Text(
            "Disk penuh; buku besar {place} tetap seperti semula. Tidak ada yang dicatat.",
            "The disk is full; the ledger {place} is as it was. Nothing was recorded.",
        ),
        Text("Kosongkan ruang, lalu ulangi.", "Free some space, then try again."),
    ),
    (
        "locking protocol",
        Text(
            "Sistem berkas tempat {place} tidak mendukung penguncian (misalnya folder jaringan).",
            "The file system of {place} does not support locking (a network folder, for example).",
        ),
        Text("Pindahkan buku besar ke disk setempat.", "Move the ledger to a local disk."),
    ),
    (
        "append-only",
        Text(
            "Buku besar {place} hanya dapat ditambah; catatan yang ada tidak dapat diubah atau dihapus.",
            "The ledger {place} is append-only; existing records cannot be changed or deleted.",
        ),
        Text("Catat kejadian baru.", "Record a new event."),
    ),
)


def database_fault(reason: str, place: str, timeout_s: float) -> LedgerError:
    """Return the error for what the database said; nothing was recorded when it is raised."""
    for sign, what, hint in _FAULTS:
        if sign in reason:
            return LedgerError(what.fill(place=place, seconds=f"{timeout_s:g}"), hint=hint)
    return LedgerError(
        Text(
            f"Basis data buku besar {place} menolak: {reason}.",
            f"The database of the ledger {place} refuses: {reason}.",
        ),
        hint=Text("Tidak ada yang dicatat.", "Nothing was recorded."),
    )
