"""Which rasters a path stands for, and how GDAL opens each where it lies: files, folders, and zips that are never unpacked."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rasterio.drivers import raster_driver_extensions

from blankspot.errors import SourceError
from blankspot.sources.files import check_file, unreadable
from blankspot.sources.rasters import NO_RASTERS
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

_REMOTE: Final = re.compile(r"/vsi(?!zip|gzip|tar|sparse|subfile)|[a-z][a-z0-9+]+://", re.IGNORECASE)


def addresses(paths: str | Path | Iterable[str | Path]) -> list[tuple[str, str]]:
    """Return name and GDAL's address of every raster that `paths` stands for; folders and zips in order of names.

    Raises:
        SourceError: A path is missing or empty, or there is no raster in it.
    """
    given = [Path(paths)] if isinstance(paths, (str, Path)) else [Path(path) for path in paths]
    found: list[tuple[str, str]] = []
    for path in given:
        below = sorted(one for one in path.rglob("*") if _is_raster(one)) if path.is_dir() else [path]
        if not below:
            raise _none_there(path)
        for one in below:
            found += _addresses(one)
    if not found:
        raise SourceError(
            Text("Tidak ada raster yang disebutkan.", "No raster was named."),
            hint=Text("Sebutkan sedikitnya satu berkas.", "Name at least one file."),
        )
    return found


def _suffixes() -> frozenset[str]:
    return frozenset(f".{ending}" for ending in set(raster_driver_extensions()) - NO_RASTERS) | {".vrt"}


def _is_raster(path: Path) -> bool:
    hidden = path.name.startswith(".") or "__MACOSX" in path.parts
    return path.is_file() and not hidden and path.suffix.lower() in _suffixes() | {".zip"}


def _addresses(path: Path) -> list[tuple[str, str]]:
    check_file(path)
    suffix = path.suffix.lower()
    if suffix == ".zip":
        return _in_zip(path)
    if suffix not in _suffixes():
        raise SourceError(
            Text(f"{path.name} bukan berkas raster yang dikenal.", f"{path.name} is no raster that is known here."),
            hint=Text(
                "Yang dapat dibaca: .tif, .vrt, .hgt, .asc, .img …", "What can be read: .tif, .vrt, .hgt, .asc, .img …"
            ),
        )
    if suffix == ".vrt" and _REMOTE.search(path.read_text(encoding="utf-8", errors="replace")):
        raise SourceError(
            Text(f"{path.name} menunjuk ke berkas di jaringan.", f"{path.name} points to files on a network."),
            hint=Text("Unduh petaknya dahulu, lalu buat VRT-nya.", "Download the tiles first, then make the VRT."),
        )
    return [(path.name, str(path))]


def _in_zip(path: Path) -> list[tuple[str, str]]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted(
                entry.filename
                for entry in archive.infolist()
                if Path(entry.filename).suffix.lower() in _suffixes() - {".vrt"} and "__MACOSX" not in entry.filename
            )
    except (zipfile.BadZipFile, OSError) as error:
        raise unreadable(path.name, error) from error
    if not names:
        raise _none_there(path)
    return [(f"{path.name}/{name}", f"/vsizip/{{{path.resolve()}}}/{name}") for name in names]


def _none_there(path: Path) -> SourceError:
    return SourceError(
        Text(f"Tidak ada raster di dalam {path}.", f"There is no raster in {path}."),
        hint=Text("Isi dengan .tif atau .hgt.", "Put .tif or .hgt files there."),
    )
