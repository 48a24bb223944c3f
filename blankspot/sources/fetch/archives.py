"""Boundaries out of a provider's file of the whole country: the layer of one level, cut to one kabupaten or to bounds.

Archives are read where they lie (GDAL's /vsizip/), only the rows asked for. A name inside that leads out of the archive is
refused before GDAL sees it.
"""

from __future__ import annotations

import difflib
import re
import zipfile
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any, Final

from blankspot.errors import FetchError, UsageError
from blankspot.wilayah import fold
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SUFFIXES: Final = (".gdb", ".shp", ".geojson", ".gpkg")
_KABUPATEN: Final = re.compile(r"^(kabupaten|kab\.?)\s+", re.IGNORECASE)
_SHOWN: Final = 6


def layer_of(archive: Path, level: int) -> tuple[str, str]:
    """Return GDAL's path and the layer of an administrative level inside a zip.

    Raises:
        FetchError: A name leads outside, or there is no such layer.
    """
    import pyogrio

    with zipfile.ZipFile(archive) as opened:
        names = [entry.filename for entry in opened.infolist()]
    for name in names:
        windows = PureWindowsPath(name)
        if windows.is_absolute() or windows.drive or windows.root or ".." in windows.parts:
            raise FetchError(
                Text(
                    f"{archive.name} ditolak: {name!r} menunjuk ke luar.",
                    f"{archive.name} is refused: {name!r} leads outside.",
                ),
                hint=Text(
                    "Jangan pakai berkas ini; beri tahu penyedianya.", "Do not use this file; tell its provider."
                ),
            )
    sets: dict[str, None] = {}
    for name in names:
        parts = PurePosixPath(name).parts
        geodatabase = next((at for at, part in enumerate(parts) if part.lower().endswith(".gdb")), None)
        if geodatabase is not None:
            sets["/".join(parts[: geodatabase + 1])] = None
        elif name.lower().endswith(_SUFFIXES[1:]) and "__MACOSX" not in parts:
            sets[name] = None
    wanted = re.compile(rf"adm(in|bnda_adm)?[_-]?{level}(?![0-9])", re.IGNORECASE)
    seen: list[str] = []
    for name in sets:
        path = f"/vsizip/{archive.as_posix()}/{name}"
        for layer in pyogrio.list_layers(path)[:, 0]:
            seen.append(f"{name}:{layer}")
            if wanted.search(str(layer)) and not re.search(r"line|point|capital", str(layer), re.IGNORECASE):
                return path, str(layer)
    raise FetchError(
        Text(
            f"{archive.name} tidak punya lapisan tingkat {level}; isinya: {', '.join(seen[:_SHOWN]) or '-'}.",
            f"{archive.name} has no layer of level {level}; it holds: {', '.join(seen[:_SHOWN]) or '-'}.",
        ),
        hint=Text(
            "Penyedia mungkin mengubah susunannya; unduh sendiri dan sebutkan di blankspot.toml.",
            "The provider may have changed it; download it yourself and name it in blankspot.toml.",
        ),
    )


def column_of(path: str, layer: str, *names: str) -> str:
    """Return the first of some columns that a layer has, compared without case.

    Raises:
        FetchError: It has none of them.
    """
    import pyogrio

    fields = [str(name) for name in pyogrio.read_info(path, layer=layer)["fields"]]
    folded = {name.lower(): name for name in reversed(fields)}
    for name in names:
        if name.lower() in folded:
            return folded[name.lower()]
    raise FetchError(
        Text(
            f"Lapisan {layer} tidak punya kolom {names[0]}; kolomnya: {', '.join(fields)}.",
            f"Layer {layer} has no column {names[0]}; it has: {', '.join(fields)}.",
        )
    )


def regency_named(wanted: str, names: Sequence[str]) -> int:
    """Return which of some names of kabupaten and kota is meant; "Kabupaten Bandung" is not "Kota Bandung".

    Raises:
        UsageError: None is, or several are.
    """
    asked = regency_key(wanted)
    hits = [at for at, name in enumerate(names) if regency_key(name) == asked]
    if len(hits) == 1:
        return hits[0]
    near = difflib.get_close_matches(asked, [regency_key(name) for name in names], n=5, cutoff=0.6)
    shown = sorted({name for name in names if regency_key(name) in near} or {names[at] for at in hits})
    listed = ", ".join(shown[:_SHOWN]) or "-"
    raise UsageError(
        Text(
            f"Kabupaten/kota '{wanted}' {'ada beberapa' if hits else 'tidak ditemukan'} di data penyedia; yang mirip: {listed}.",
            f"Regency '{wanted}' {'occurs several times' if hits else 'is not found'} in the provider's data; similar: {listed}.",
        ),
        hint=Text(
            'Tulis namanya, misalnya --regency "Kabupaten Bandung" atau "Kota Bandung", atau pakai --bounds.',
            'Write its name, e.g. --regency "Kabupaten Bandung" or "Kota Bandung", or use --bounds.',
        ),
    )


def regency_key(name: str) -> str:
    """Return what two spellings of a kabupaten's or kota's name share; a bare name means the kabupaten."""
    text = " ".join(name.split())
    return fold(_KABUPATEN.sub("", text))


def write_layer(frame: Any, target: Path, layer: str) -> None:
    """Write what was cut out as a GeoPackage."""
    import pyogrio

    pyogrio.write_dataframe(frame, target, layer=layer, driver="GPKG", promote_to_multi=True)
