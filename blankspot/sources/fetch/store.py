"""Downloading a file whole: resumed where it stopped, checked by length, hash and by opening it, kept in a cache.

pooch decides what is downloaded, checks a known hash and puts the file under its name; how the bytes come is ours, because
pooch starts anew after every failure. Beside the file to be lies `NAME.part` with what has come so far and `NAME.part.json`
with what the server said of it (ETag, length). The next attempt, in this call or days later, asks for the rest with Range and
If-Range; a server that ignores either sends all again and the part starts anew. Nothing half ever has the final name.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import re
import shutil
import zipfile
import zlib
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pooch

from blankspot.errors import FetchError, OutputError
from blankspot.sources.fetch.addresses import check_address, shown
from blankspot.sources.fetch.http import Client, PassingError, refuse_status
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

    from blankspot.sources.fetch.catalogue import Asset, FileKind

    Progress = Callable[[str, int, int | None], None]

_BLOCK: Final = 2**14  # bytes; what a dropped connection loses at most
_MD5: Final = re.compile(r"[0-9a-f]{32}")
_RANGE: Final = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A downloaded file; `path` is None where the provider has none for this place (sea)."""

    asset: Asset
    path: Path | None
    sha256: str = ""
    size: int = 0


@dataclass
class Store:
    """Where downloaded files are kept.

    Args:
        folder: The cache.
        client: Asks the servers.
        progress: Told name, bytes so far and bytes in all (None if unknown).
    """

    folder: Path
    client: Client
    progress: Progress = lambda _name, _done, _total: None

    def get(self, asset: Asset, *, refresh: bool = False) -> Kept:
        """Return a file, downloaded unless it is here already.

        Args:
            asset: What is wanted.
            refresh: Download it again.

        Raises:
            FetchError: It cannot be had, or is not what it should be; then it is not kept.
            OutputError: The cache cannot be written; what had come stays resumable.
        """
        check_address(asset.url)
        pooch.get_logger().setLevel(logging.ERROR)  # it would tell addresses on stderr
        path = self.folder / asset.name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if refresh:
                path.unlink(missing_ok=True)
            fresh = not path.exists()
            pooch.retrieve(
                asset.url,
                known_hash=asset.known_hash,
                fname=path.name,
                path=path.parent,
                downloader=lambda _url, output, _pooch: self._download(asset, path, Path(output)),
            )
        except _Nothing:
            return Kept(asset=asset, path=None)
        except FetchError:
            raise
        except OSError as error:
            raise _unwritable(path, error) from error
        except ValueError as error:
            raise _wrong_hash(asset, str(error)) from None
        if fresh:
            check_file(path, asset)
        return Kept(asset=asset, path=path, sha256=_digest(path, "sha256"), size=path.stat().st_size)

    def has(self, asset: Asset) -> Path | None:
        """Return where a file is kept, None where it is not."""
        path = self.folder / asset.name
        return path if path.is_file() else None

    def _download(self, asset: Asset, path: Path, output: Path) -> None:
        """Bring a file's bytes to `output`, by way of its part."""
        part = _Part(path)

        def ask() -> None:
            self._ask(asset, part)

        self.client.patiently(ask, asset.url, progress=part.size)
        part.verify(asset)
        shutil.move(part.path, output)
        part.drop()

    def _ask(self, asset: Asset, part: _Part) -> None:
        """Ask for the file, or for what is missing of it, and append what comes."""
        held = part.size()
        headers = part.range_headers()
        with self.client.open(asset.url, secret=asset.secret, headers=headers) as answer:
            if answer.status_code == HTTPStatus.NOT_FOUND and asset.may_lack:
                part.drop()
                raise _Nothing
            if answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and headers:
                if part.is_whole(_total(answer)):
                    return
                part.drop()
                raise PassingError(Text("sambungannya tidak cocok", "the rest does not fit"))
            refuse_status(answer, asset.url)
            if answer.status_code == HTTPStatus.PARTIAL_CONTENT:
                if not headers or not part.continues(answer, held):
                    part.drop()
                    raise PassingError(Text("sambungannya tidak cocok", "the rest does not fit"))
                total = _total(answer)
            else:
                total = part.begin(answer)
            self._append(asset, part, answer, total)

    def _append(self, asset: Asset, part: _Part, answer: requests.Response, total: int | None) -> None:
        done = part.size()
        with part.path.open("ab") as stream:
            for block in answer.iter_content(_BLOCK):
                stream.write(block)
                done += len(block)
                self.progress(asset.name, done, total)
                if total is not None and done > total:
                    break
        if total is not None and done != total:
            if done > total:
                part.drop()
            raise PassingError(
                Text(f"{done} dari {total} bita yang datang", f"{done} of {total} bytes came"),
            )


class _Nothing(Exception):  # noqa: N818 - an answer, not an error
    """The provider has no file for this place."""


class _Part:
    """What has come of a file so far, and what the server said of it."""

    def __init__(self, final: Path) -> None:
        self.path = final.with_name(final.name + ".part")
        self._note = final.with_name(final.name + ".part.json")

    def size(self) -> int:
        return self.path.stat().st_size if self.path.is_file() else 0

    def range_headers(self) -> dict[str, str]:
        """Return what asks for the rest only if the file is still the same; nothing where that cannot be told."""
        validator = self._told().get("validator")
        if not validator or not self.size():
            return {}
        return {"Range": f"bytes={self.size()}-", "If-Range": str(validator)}

    def begin(self, answer: requests.Response) -> int | None:
        """Start anew with a whole answer and remember what it said; return its length."""
        length = answer.headers.get("Content-Length", "")
        total = int(length) if length.isdigit() else None
        tag = answer.headers.get("ETag", "")
        strong = tag if tag and not tag.startswith("W/") else ""
        told = {
            "validator": strong or answer.headers.get("Last-Modified", ""),
            "total": total,
            "md5": _md5_of(answer, strong),
        }
        self.path.write_bytes(b"")
        self._note.write_text(json.dumps(told), encoding="utf-8")
        return total

    def continues(self, answer: requests.Response, held: int) -> bool:
        """Tell whether a partial answer begins where the part ends and belongs to the same file."""
        found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        total = self._told().get("total")
        return bool(
            found
            and found[1]
            and int(found[1]) == held
            and (total is None or found[3] == "*" or int(found[3]) == total)
        )

    def is_whole(self, total: int | None) -> bool:
        return total is not None and self.size() == total

    def verify(self, asset: Asset) -> None:
        """Compare with the hash that the server gave, unless the provider's listing gave one, which pooch compares."""
        md5 = self._told().get("md5")
        if md5 and asset.known_hash is None:
            found = _digest(self.path, "md5")
            if found != md5:
                self.drop()
                raise _wrong_hash(asset, f"expected md5:{md5}, got md5:{found}")

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def _told(self) -> dict[str, Any]:
        try:
            told = json.loads(self._note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}


def default_cache() -> Path:
    """Return the user's own folder for downloads, as the system has it."""
    return Path(pooch.os_cache("blankspot"))


def check_file(path: Path, asset: Asset) -> None:
    """Open a downloaded file as what it should be; one that is not is removed.

    Raises:
        FetchError: It is something else, or damaged.
    """
    try:
        fault = _OPENERS[asset.kind](path)
    except (OSError, ValueError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        fault = str(error) or type(error).__name__
    if fault:
        told = _said(path)
        path.unlink(missing_ok=True)
        why = told or fault.splitlines()[0].replace(str(path), path.name)
        raise _not_taken(asset, Text(f"bukan {asset.kind} yang utuh ({why})", f"it is no whole {asset.kind} ({why})"))


def _open_tif(path: Path) -> str | None:
    import rasterio
    import rasterio.errors

    try:
        with rasterio.open(path) as opened:
            for _, window in [list(opened.block_windows(1))[at] for at in (0, -1)]:
                opened.read(1, window=window)
    except rasterio.errors.RasterioError as error:
        return str(error)
    return None


def _open_parquet(path: Path) -> None:
    import pyarrow.parquet as pq

    pq.ParquetFile(path).close()


def _open_zip(path: Path) -> str | None:
    with zipfile.ZipFile(path) as archive:
        return archive.testzip()


def _open_gz(path: Path) -> None:
    with gzip.open(path) as stream:
        while stream.read(2**20):
            pass


def _open_json(path: Path) -> None:
    with path.open("rb") as stream:
        first, last = stream.read(64).lstrip()[:1], b""
        stream.seek(max(0, path.stat().st_size - 64))
        last = stream.read().rstrip()[-1:]
    if (first, last) not in ((b"{", b"}"), (b"[", b"]")):
        raise ValueError("no JSON")


_OPENERS: Final[dict[FileKind, Callable[[Path], str | None]]] = {
    "tif": _open_tif,
    "parquet": _open_parquet,
    "zip": _open_zip,
    "gz": _open_gz,
    "json": _open_json,
}


def _said(path: Path) -> str:
    """Return what a short answer says instead of being the file, such as `INVALID_TOKEN`."""
    if path.stat().st_size > 2000:  # noqa: PLR2004 - longer is no message
        return ""
    text = path.read_bytes().decode("utf-8", errors="replace").strip()
    found = re.search(r'"message"\s*:\s*"([^"]{1,80})"', text)
    return found[1] if found else ""


def _md5_of(answer: requests.Response, tag: str) -> str:
    """Return the MD5 that a server gives: S3's ETag of a file put there in one piece is one (never one under KMS)."""
    if "x-amz-request-id" not in answer.headers or "aws:kms" in answer.headers.get("x-amz-server-side-encryption", ""):
        return ""
    return tag.strip('"') if _MD5.fullmatch(tag.strip('"')) else ""


def _total(answer: requests.Response) -> int | None:
    found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    return int(found[3]) if found and found[3] != "*" else None


def _digest(path: Path, name: str) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.new(name, usedforsecurity=False)).hexdigest()


def _wrong_hash(asset: Asset, told: str) -> FetchError:
    found = re.findall(r"(?:md5:|sha256:)?[0-9a-f]{32,64}", told)
    expected = asset.known_hash or (found[0] if found else "?")
    got = next((one for one in reversed(found) if one.split(":")[-1] != expected.split(":")[-1]), "?")
    return _not_taken(
        asset, Text(f"hash seharusnya {expected}, yang datang {got}", f"expected hash {expected}, got {got}")
    )


def _not_taken(asset: Asset, why: Text) -> FetchError:
    return FetchError(
        Text(
            f"{shown(asset.url)} tidak dipakai: {why.id}.",
            f"{shown(asset.url)} is not taken: {why.en}.",
        ),
        hint=Text(
            "Coba lagi nanti. Bila berulang, penyedia mengubah berkasnya atau jaringan Anda mengubah isinya.",
            "Try again later. If it goes on, the provider changed the file or your network changes what passes.",
        ),
    )


def _unwritable(path: Path, error: OSError) -> OutputError:
    reason = error.strerror or str(error)
    return OutputError(
        Text(f"{path} tidak dapat ditulis: {reason}.", f"{path} cannot be written: {reason}."),
        hint=Text(
            "Sediakan ruang disk atau periksa izin foldernya, lalu jalankan lagi: yang sudah terunduh dilanjutkan.",
            "Make room or check the folder's permissions, then call again: what has come is resumed.",
        ),
    )
