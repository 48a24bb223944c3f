"""The file that a ledger is: made whole or not at all, told apart from what is no ledger, looked at where it is read-only.

A new ledger is made under another name and only then given its own, so that nobody ever meets half of one; that is why an
empty file is never taken for a ledger that has yet to begin. It was one that somebody lost.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from blankspot.errors import LedgerError
from blankspot.ledger.faults import sqlite_fault
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable

_HEADER: Final = 100  # bytes; https://www.sqlite.org/fileformat.html#the_database_header
_MAGIC: Final = b"SQLite format 3\x00"
_UNREADABLE: Final = ("unable to open", "readonly")


def check(path: Path, *, create: bool) -> None:
    """Refuse what cannot be a ledger file.

    Raises:
        LedgerError: A folder, an empty or truncated file, no file although `create` is False, no folder to make it in.
    """
    if path.is_dir():
        raise LedgerError(
            Text(f"{path} adalah folder, bukan berkas buku besar.", f"{path} is a folder and not a ledger file."),
            hint=Text("Beri nama berkas, misalnya ledger.db.", "Name a file, e.g. ledger.db."),
        )
    if path.exists():
        _check_whole(path)
    elif not create:
        raise missing(str(path))
    elif not path.parent.is_dir():
        raise LedgerError(
            Text(
                f"Folder {path.parent} untuk buku besar tidak ada.",
                f"The ledger's folder {path.parent} does not exist.",
            ),
            hint=Text("Buat foldernya dahulu.", "Make the folder first."),
        )


def missing(place: str) -> LedgerError:
    """Return the error for a ledger that should be there and is not."""
    return LedgerError(
        Text(f"Buku besar {place} belum ada.", f"There is no ledger {place} yet."),
        hint=Text(
            "Buat dengan 'blankspot track import … --apply' atau 'blankspot track add', atau periksa alamatnya.",
            "Make it with 'blankspot track import … --apply' or 'blankspot track add', or check the address.",
        ),
    )


def make(path: Path, fill: Callable[[Path], None]) -> None:
    """Make a ledger file that is whole as soon as it is there; where somebody else was faster, theirs stands.

    Args:
        path: Where it goes.
        fill: Writes a new ledger to the path it is given, and lets go of it.
    """
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.new")
    try:
        fill(draft)
        with contextlib.suppress(FileExistsError):
            _name(draft, path)
    finally:
        for left in (draft, Path(f"{draft}-wal"), Path(f"{draft}-shm")):
            left.unlink(missing_ok=True)


def may_only_be_read(path: Path, reason: str) -> bool:
    """Tell whether SQLite gave up, for this reason, only because it can write nothing beside a file that can be read."""
    return (
        any(sign in reason for sign in _UNREADABLE) and os.access(path, os.R_OK) and not os.access(path.parent, os.W_OK)
    )


def should_open(path: Path, reason: str) -> bool:
    """Tell whether SQLite gave up for this reason although everything may be written: the file system cannot do WAL."""
    return "unable to open" in reason and os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK)


def has_log(path: Path) -> bool:
    """Tell whether the last program that wrote here left records in a log (WAL) beside the file."""
    log = Path(f"{path}-wal")
    return log.exists() and log.stat().st_size > 0


def as_it_lies(path: Path) -> str:
    """Return the address under which SQLite reads a file without writing anything beside it."""
    return f"file:{quote(str(path.absolute()))}?immutable=1"


def copy(path: Path, folder: str) -> Path:
    """Copy a ledger file and its log into a folder of our own, and return the copy."""
    for name in (path, Path(f"{path}-wal")):
        if name.exists():
            shutil.copyfile(name, Path(folder) / name.name)
    return Path(folder) / path.name


def scratch() -> tempfile.TemporaryDirectory[str]:
    """Return a folder of our own that goes away with the value."""
    return tempfile.TemporaryDirectory(prefix="blankspot-")


def _name(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)  # fails where the name is taken, and never replaces what stands there
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links, such as exFAT: claim the name, then put the file in its place
        with path.open("xb"):
            pass
        draft.replace(path)
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Have the new name in the folder survive a power cut, where folders can be told so."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _check_whole(path: Path) -> None:
    """Refuse a file that is shorter than it says itself; while records wait in its log, the log says how long it is."""
    size = path.stat().st_size
    if size == 0:
        raise LedgerError(
            Text(f"Berkas buku besar {path} kosong (0 byte).", f"The ledger file {path} is empty (0 bytes)."),
            hint=Text(
                "Pulihkan dari salinan cadangan; bila belum pernah berisi catatan, hapus berkas itu lalu ulangi.",
                "Restore it from a backup; if nothing was ever recorded in it, delete the file and try again.",
            ),
        )
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER)
    except OSError:
        return  # SQLite will say what is wrong
    if not _MAGIC.startswith(header[: len(_MAGIC)]):
        raise sqlite_fault("file is not a database", str(path), 0)
    page = int.from_bytes(header[16:18], "big")
    expected = int.from_bytes(header[28:32], "big") * (65_536 if page == 1 else page)
    says_its_size = len(header) == _HEADER and header[24:28] == header[92:96]
    if size < _HEADER or (says_its_size and size < expected and not has_log(path)):
        raise LedgerError(
            Text(
                f"Berkas buku besar {path} rusak: terpotong pada {size} byte.",
                f"The ledger file {path} is damaged: it is cut off at {size} bytes.",
            ),
            hint=Text("Pulihkan dari salinan cadangan.", "Restore it from a backup."),
        )
