"""What goes wrong with a database, told so that a planner knows what to do.

SQLite's sign is a piece of its own message, PostgreSQL's is the SQLSTATE (or, where there is no connection to carry one, a
piece of the message of its client library); the first that fits decides.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from blankspot.errors import LedgerError
from blankspot.words import Text


class Fault(NamedTuple):
    """What to say: the signs it is known by, what happened ({place}, {seconds}, {reason}), and what to do."""

    signs: tuple[str, ...]
    what: Text
    hint: Text


_NOTHING: Final = Text("Tidak ada yang dicatat.", "Nothing was recorded.")
_PERMISSIONS: Final = Text("Periksa izin berkas dan foldernya.", "Check the permissions of the file and its folder.")
_BACKUP: Final = Text("Pulihkan dari salinan cadangan.", "Restore it from a backup.")
_APPEND_ONLY: Final = Text(
    "Buku besar {place} hanya dapat ditambah; catatan yang ada tidak dapat diubah atau dihapus.",
    "The ledger {place} is append-only; existing records cannot be changed or deleted.",
)
_NEW_EVENT: Final = Text("Catat kejadian baru.", "Record a new event.")
_LOCKED: Final = Text(
    "Buku besar {place} sedang dikunci proses lain; ditunggu {seconds} detik tanpa hasil. Tidak ada yang dicatat.",
    "The ledger {place} is locked by another process; waited {seconds} s in vain. Nothing was recorded.",
)
_FULL: Final = Text(
    "Disk penuh; buku besar {place} tetap seperti semula. Tidak ada yang dicatat.",
    "The disk is full; the ledger {place} is as it was. Nothing was recorded.",
)
_SPACE: Final = Text("Kosongkan ruang, lalu ulangi.", "Free some space, then try again.")
_AGAIN: Final = Text("Ulangi sebentar lagi.", "Try again in a moment.")

_SQLITE: Final = (
    Fault(
        ("locked",),
        _LOCKED,
        Text(
            "Tutup program lain yang memakainya, lalu ulangi; bila tidak ada, folder itu mungkin folder jaringan tanpa "
            "penguncian: pindahkan buku besar ke disk setempat.",
            "Close the other program that uses it, then try again; if there is none, the folder may be a network folder "
            "without locking: move the ledger to a local disk.",
        ),
    ),
    Fault(
        ("not a database",),
        Text("{place} bukan berkas buku besar (bukan SQLite).", "{place} is not a ledger file (it is not SQLite)."),
        Text("Periksa alamat buku besar.", "Check the ledger's address."),
    ),
    Fault(
        ("malformed", "Could not decode"),
        Text("Berkas buku besar {place} rusak.", "The ledger file {place} is damaged."),
        _BACKUP,
    ),
    Fault(
        ("readonly",),
        Text(
            "Buku besar {place} tidak dapat ditulis (hanya baca). Tidak ada yang dicatat.",
            "The ledger {place} cannot be written (read-only). Nothing was recorded.",
        ),
        _PERMISSIONS,
    ),
    Fault(
        ("unable to open", "access permission"),
        Text("Buku besar {place} tidak dapat dibuka.", "The ledger {place} cannot be opened."),
        _PERMISSIONS,
    ),
    Fault(("disk is full",), _FULL, _SPACE),
    Fault(
        ("disk I/O error",),
        Text(
            "Disk gagal membaca atau menulis buku besar {place}. Tidak ada yang dicatat.",
            "The disk failed to read or write the ledger {place}. Nothing was recorded.",
        ),
        Text(
            "Periksa ruang dan keadaan disk; bila buku besar ada di folder jaringan, pindahkan ke disk setempat.",
            "Check the space and the state of the disk; if the ledger is in a network folder, move it to a local disk.",
        ),
    ),
    Fault(
        ("locking protocol",),
        Text(
            "Sistem berkas tempat {place} tidak mendukung penguncian (misalnya folder jaringan). Tidak ada yang dicatat.",
            "The file system of {place} does not support locking (a network folder, for example). Nothing was recorded.",
        ),
        Text("Pindahkan buku besar ke disk setempat.", "Move the ledger to a local disk."),
    ),
    Fault(("append-only",), _APPEND_ONLY, _NEW_EVENT),
    Fault(
        ("no such table", "no such column"),
        Text(
            "{place} tidak lengkap sebagai buku besar ({reason}).",
            "{place} is not complete as a ledger ({reason}).",
        ),
        _BACKUP,
    ),
)

_LOST: Final = Fault(
    (
        *("57P01", "57P02", "25P03", "08000", "08003", "08006"),
        *("server closed", "connection is lost", "connection is closed", "consuming input"),
    ),
    Text(
        "Sambungan ke {place} terputus. Tidak ada yang dicatat.",
        "The connection to {place} was lost. Nothing was recorded.",
    ),
    Text("Ulangi setelah server menyala kembali.", "Try again when the server is back."),
)
_POSTGRES: Final = (
    _LOST,
    Fault(
        ("55P03", "57014"),
        _LOCKED,
        Text(
            "Tunggu sampai pencatatan yang lain selesai, lalu ulangi.",
            "Wait until the other recording has ended, then try again.",
        ),
    ),
    Fault(
        ("28P01", "28000", "password authentication failed", "authentication failed", "no password", 'role "'),
        Text(
            "Server menolak masuk ke {place}: nama pengguna atau kata sandi tidak cocok.",
            "The server does not let you in to {place}: the user name or the password is wrong.",
        ),
        Text(
            "Periksa nama pengguna; simpan kata sandi di PGPASSWORD atau ~/.pgpass.",
            "Check the user name; keep the password in PGPASSWORD or ~/.pgpass.",
        ),
    ),
    Fault(
        ("3D000", "does not exist"),
        Text("Basis data {place} tidak ada di server itu.", "There is no database {place} on that server."),
        Text(
            "Buat dahulu dengan 'createdb', atau periksa alamatnya.", "Make it with 'createdb', or check the address."
        ),
    ),
    Fault(
        ("3F000",),
        Text("Skema untuk {place} tidak ada.", "There is no schema for {place}."),
        Text(
            "Buat dahulu dengan CREATE SCHEMA, atau periksa search_path.",
            "Make it with CREATE SCHEMA, or check the search_path.",
        ),
    ),
    Fault(
        ("53300", "too many"),
        Text("Server untuk {place} sedang penuh sambungan.", "The server of {place} has no free connection."),
        _AGAIN,
    ),
    Fault(
        ("57P03", "starting up", "shutting down", "not yet accepting", "recovery"),
        Text(
            "Server untuk {place} sedang dinyalakan atau dimatikan.", "The server of {place} is starting or stopping."
        ),
        _AGAIN,
    ),
    Fault(("53100", "53200"), _FULL, Text("Hubungi pengelola server.", "Ask whoever runs the server.")),
    Fault(
        ("25006", "42501"),
        Text(
            "Buku besar {place} tidak dapat ditulis (hanya baca atau tanpa izin). Tidak ada yang dicatat.",
            "The ledger {place} cannot be written (read-only, or no permission). Nothing was recorded.",
        ),
        Text("Mintalah izin kepada pengelola server.", "Ask whoever runs the server for permission."),
    ),
    Fault(("P0001", "23505"), _APPEND_ONLY, _NEW_EVENT),
    Fault(
        ("XX001", "XX002", "58030"),
        Text("Buku besar {place} rusak di server.", "The ledger {place} is damaged on the server."),
        Text("Pulihkan dari salinan cadangan.", "Restore it from a backup."),
    ),
    Fault(
        ("42P01", "42703"),
        Text(
            "{place} tidak lengkap sebagai buku besar ({reason}).",
            "{place} is not complete as a ledger ({reason}).",
        ),
        _BACKUP,
    ),
)
_UNREACHABLE: Final = Fault(
    (),
    Text(
        "Server untuk {place} tidak terjangkau ({reason}). Tidak ada yang dicatat.",
        "The server of {place} cannot be reached ({reason}). Nothing was recorded.",
    ),
    Text(
        "Periksa nama host, port dan jaringan, dan apakah servernya menyala.",
        "Check the host, the port and the network, and whether the server runs.",
    ),
)
_UNCERTAIN: Final = Fault(
    (),
    Text(
        "Sambungan ke {place} terputus saat mencatat; belum pasti apakah sudah tercatat, seluruhnya atau tidak sama sekali.",
        "The connection to {place} was lost while recording; it is recorded whole or not at all, but which is not known.",
    ),
    Text(
        "Ulangi setelah server menyala kembali: yang sudah tercatat dilewati.",
        "Try again when the server is back: what is recorded already is passed over.",
    ),
)


def sqlite_fault(reason: str, place: str, timeout_s: float) -> LedgerError:
    """Return the error for what SQLite said; nothing was recorded when it is raised."""
    found = next((fault for fault in _SQLITE if any(sign in reason for sign in fault.signs)), None)
    return _error(found, reason, place, timeout_s)


def postgres_fault(reason: str, state: str | None, place: str, timeout_s: float) -> LedgerError:
    """Return the error for what PostgreSQL or its client library said; nothing was recorded when it is raised.

    Args:
        reason: The message.
        state: The SQLSTATE; None where the server was not reached.
        place: Where the ledger is, without any password.
        timeout_s: How long was waited for a lock, in seconds.
    """
    told = state or reason
    found = next((fault for fault in _POSTGRES if any(sign in told for sign in fault.signs)), None)
    if found is None and state is None:
        found = _UNREACHABLE
    return _error(found, reason.partition("\n")[0], place, timeout_s)


def connection_lost(place: str, *, committing: bool) -> LedgerError:
    """Return the error for a connection that broke; `committing` says that the server may have recorded the batch."""
    return _error(_UNCERTAIN if committing else _LOST, "", place, 0)


def _error(fault: Fault | None, reason: str, place: str, timeout_s: float) -> LedgerError:
    if fault is not None:
        return LedgerError(fault.what.fill(place=place, seconds=f"{timeout_s:g}", reason=reason), hint=fault.hint)
    return LedgerError(
        Text(
            f"Basis data buku besar {place} menolak: {reason}.",
            f"The database of the ledger {place} refuses: {reason}.",
        ),
        hint=_NOTHING,
    )
