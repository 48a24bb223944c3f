"""Which files an input path stands for: one file, several, or the files inside a zip.

Every reader opens its inputs through `members`, so that what is wrong with a *file* (missing, empty, a folder, a damaged
or hostile zip, an ending nobody reads) is refused in one place with one message. A zip is unpacked into a temporary
folder that disappears afterwards; names that would leave that folder are refused before anything is written.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Final

from blankspot.errors import SourceError
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_JUNK_PARTS: Final = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"})
_SHOWN_MAX: Final = 8


@dataclass(frozen=True, kw_only=True)
class Member:
    """One file to read.

    Attributes:
        name: What readers are shown, e.g. "logs.zip/monday/log1.csv".
        path: Where it can be read now; files out of a zip live only as long as the `members` block.
        suffix: Its ending in lower case, e.g. ".csv".
    """

    name: str
    path: Path
    suffix: str


@contextmanager
def members(path: str | Path | Sequence[str | Path], *, suffixes: Collection[str]) -> Iterator[list[Member]]:
    """Yield the files that `path` stands for, in the order given (inside a zip: by name).

    Args:
        path: A file, a zip, or several of these.
        suffixes: The endings the caller reads, lower case with dot. Files of other endings inside a zip are left aside (a
            licence, a note); given by themselves they are refused.

    Raises:
        SourceError: A path is missing, a folder, empty or of another ending; a zip is truncated, encrypted, too large for
            the disk, carries names that lead outside, or holds no file of the given endings.
    """
    paths = [Path(path)] if isinstance(path, (str, Path)) else [Path(one) for one in path]
    if not paths:
        raise SourceError(
            Text("Tidak ada berkas yang disebutkan.", "No file was named."),
            hint=Text("Sebutkan sedikitnya satu berkas.", "Name at least one file."),
        )
    repeated = {name for name, times in Counter(one.name for one in paths).items() if times > 1}
    with ExitStack() as stack:
        found: list[Member] = []
        for one in paths:
            shown = one.as_posix() if one.name in repeated else one.name
            check_file(one)
            if one.suffix.lower() == ".zip" and ".zip" not in suffixes:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="blankspot-")))
                found += _unpacked(one, shown, folder, suffixes)
            elif one.suffix.lower() in suffixes:
                found.append(Member(name=shown, path=one, suffix=one.suffix.lower()))
            else:
                raise _wrong_suffix(one, suffixes)
        yield found


def check_file(path: Path, shown: str = "") -> None:
    """Refuse what is not a readable file with something in it.

    Args:
        path: Where it is.
        shown: What the message calls it; its path if not given.

    Raises:
        SourceError: Missing, a folder, not readable, or 0 bytes long.
    """
    shown = shown or str(path)
    try:
        if path.is_dir():
            raise SourceError(
                Text(f"{shown} adalah folder, bukan berkas.", f"{shown} is a folder, not a file."),
                hint=Text(
                    "Sebutkan berkas di dalamnya, atau jadikan satu zip.",
                    "Name the files in it, or put them in one zip.",
                ),
            )
        if not path.exists():
            raise SourceError(
                Text(f"Berkas {shown} tidak ada.", f"File {shown} does not exist."),
                hint=Text("Periksa nama dan foldernya.", "Check its name and folder."),
            )
        if path.stat().st_size == 0:
            raise SourceError(
                Text(f"Berkas {shown} kosong (0 bita).", f"File {shown} is empty (0 bytes)."),
                hint=Text("Unduh atau ekspor sekali lagi.", "Download or export it again."),
            )
        with path.open("rb") as opened:
            opened.read(1)
    except OSError as error:
        raise unreadable(shown, error) from error


def unreadable(name: str, error: Exception) -> SourceError:
    """Return the refusal of a file that its own library cannot read; the library's reason is quoted."""
    told = (getattr(error, "strerror", None) or str(error) or type(error).__name__).strip().splitlines()[0]
    reason = told.split(".;")[0].rstrip(".; ")
    return SourceError(
        Text(
            f"{name} tidak dapat dibaca: rusak, terpotong, atau bukan jenis yang disebut akhirannya ({reason}).",
            f"{name} cannot be read: damaged, cut off, or not what its ending says ({reason}).",
        ),
        hint=Text(
            "Buka di program asalnya dan simpan sekali lagi, atau unduh ulang.",
            "Open it in the program it comes from and save it again, or download it again.",
        ),
    )


def _wrong_suffix(path: Path, suffixes: Collection[str]) -> SourceError:
    known = ", ".join([*sorted(suffixes), ".zip"])
    ending = path.suffix or "tanpa akhiran"
    return SourceError(
        Text(
            f"Jenis berkas {path.name} ({ending}) tidak dikenal di sini.",
            f"The type of {path.name} ({path.suffix or 'no ending'}) is not known here.",
        ),
        hint=Text(f"Yang dapat dibaca: {known}.", f"What can be read: {known}."),
    )


def _unpacked(path: Path, shown: str, folder: Path, suffixes: Collection[str]) -> list[Member]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [
                entry
                for entry in archive.infolist()
                if not entry.is_dir() and not _is_junk(PurePosixPath(entry.filename))
            ]
            _refuse_entries(shown, entries, folder)
            archive.extractall(folder, members=entries)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise SourceError(
            Text(
                f"{shown} bukan zip yang utuh (terpotong atau rusak).",
                f"{shown} is not a whole zip (truncated or damaged).",
            ),
            hint=Text("Unduh atau buat ulang zipnya.", "Download the zip or make it again."),
        ) from error
    except (OSError, RuntimeError, NotImplementedError) as error:
        raise unreadable(shown, error) from error
    names = sorted(PurePosixPath(entry.filename) for entry in entries)
    found = [
        Member(name=f"{shown}/{name}", path=folder / name, suffix=name.suffix.lower())
        for name in names
        if name.suffix.lower() in suffixes
    ]
    if not found:
        held = ", ".join(str(name) for name in names[:_SHOWN_MAX]) or "-"
        known = ", ".join(sorted(suffixes))
        raise SourceError(
            Text(
                f"Zip {shown} tidak berisi berkas yang dapat dibaca di sini; isinya: {held}.",
                f"Zip {shown} holds no file that can be read here; it holds: {held}.",
            ),
            hint=Text(f"Yang dapat dibaca: {known}.", f"What can be read: {known}."),
        )
    return found


def _is_junk(name: PurePosixPath) -> bool:
    return any(part in _JUNK_PARTS for part in name.parts) or name.name.startswith("._")


def _refuse_entries(shown: str, entries: list[zipfile.ZipInfo], folder: Path) -> None:
    for entry in entries:
        windows = PureWindowsPath(entry.filename)
        if windows.is_absolute() or windows.drive or windows.root or ".." in windows.parts:
            raise _refused_entry(shown, entry, Text("namanya menunjuk ke luar zip", "its name leads outside the zip"))
        if entry.flag_bits & 1:
            raise _refused_entry(shown, entry, Text("terkunci kata sandi", "it is locked with a password"))
    names = Counter(entry.filename for entry in entries)
    for entry in entries:
        if names[entry.filename] > 1:
            raise _refused_entry(shown, entry, Text("ada lebih dari sekali", "it occurs more than once"))
    if sum(entry.file_size for entry in entries) > shutil.disk_usage(folder).free:
        raise SourceError(
            Text(f"Isi zip {shown} tidak muat di diska.", f"What {shown} holds does not fit on the disk."),
            hint=Text("Sediakan ruang, atau bagi zipnya.", "Make room, or split the zip."),
        )


def _refused_entry(shown: str, entry: zipfile.ZipInfo, why: Text) -> SourceError:
    return SourceError(
        Text(
            f"Zip {shown} ditolak: berkas {entry.filename!r} di dalamnya {why.id}.",
            f"Zip {shown} is refused: for file {entry.filename!r} in it, {why.en}.",
        ),
        hint=Text("Buat ulang zip dari berkas aslinya.", "Make the zip again from the original files."),
    )
