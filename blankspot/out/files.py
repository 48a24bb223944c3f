"""Writing a file whole or not at all.

A writer gets a temporary name beside the target; only when it has finished is the file renamed into place, so that a
full disk, an interrupt or an error leaves what stood there before.
"""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from blankspot.errors import OutputError
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

_REASONS: Final = {
    errno.EACCES: "izin ditolak",
    errno.EPERM: "sistem tidak mengizinkannya",
    errno.EROFS: "tempat itu hanya dapat dibaca",
    errno.ENOSPC: "ruang disk habis",
    errno.EDQUOT: "jatah ruang disk habis",
    errno.EISDIR: "di tempat itu ada folder dengan nama yang sama",
    errno.ENOTDIR: "bagian dari jalurnya adalah berkas, bukan folder",
    errno.EEXIST: "di tempat itu sudah ada berkas",
    errno.ENAMETOOLONG: "namanya terlalu panjang",
}


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path with the same suffix; rename it to `path` when the block succeeds, else remove it.

    Raises:
        OutputError: The folder cannot be made or written, or the disk refuses.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "Is a directory", str(path))
        folder = tempfile.mkdtemp(prefix=".blankspot-", dir=path.parent)
    except OSError as error:
        raise refused(path, error) from error
    temporary = Path(folder) / path.name
    try:
        yield temporary
        os.replace(temporary, path)  # noqa: PTH105 - replace, and not rename, is atomic on every system
    except OSError as error:
        raise refused(path, error) from error
    finally:
        for left in Path(folder).iterdir():
            left.unlink()
        Path(folder).rmdir()


def refused(path: Path, error: Exception) -> OutputError:
    """Return the error that says why a file cannot be written and what to look at."""
    english = getattr(error, "strerror", None) or str(error)
    reason = _REASONS.get(getattr(error, "errno", None) or 0, english)
    return OutputError(
        Text(f"{path} tidak dapat ditulis: {reason}.", f"{path} cannot be written: {english}."),
        hint=Text(
            "Periksa izin folder, ruang disk, dan apakah berkas sedang dibuka program lain.",
            "Check the folder's permissions, the disk space, and whether another program holds the file open.",
        ),
    )
