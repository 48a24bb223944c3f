"""Boundaries as MySQL INSERT statements, the form in which cahyadsn/wilayah_boundaries publishes them.

A row carries code, name, a label point and a path: nested JSON lists whose positions are **[latitude, longitude]**, the other
way round than every other format here. Statements are read word by word, so that semicolons, quotes and brackets inside
texts and comments do not matter; other statements and other tables are passed over. Nothing is executed.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from blankspot.errors import SourceError
from blankspot.geo import WGS84
from blankspot.sources.salvage import RawLayer
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from blankspot.sources.files import Member

_TOKEN: Final = re.compile(
    r"""(?P<skip>\s+|/\*.*?\*/|(?:--[ \t]|\#)[^\n]*|--(?=\n))
    |(?P<text>'[^'\\]*(?:(?:\\.|'')[^'\\]*)*'|"[^"\\]*(?:(?:\\.|"")[^"\\]*)*")
    |(?P<name>`[^`]*`|[A-Za-z_$][\w$]*)
    |(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)
    |(?P<mark>[(),;.=*<>!@{}\[\]:/+%&|^~?-])""",
    re.DOTALL | re.VERBOSE,
)
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "Z": "\x1a"}
_COLUMNS: Final = ("kode", "nama", "lat", "lng", "path", "status")
_PATH: Final = "path"
_DEPTH_RING: Final = 2
_DEPTH_POLYGON: Final = 3
_DEPTH_MULTI: Final = 4


def read_boundary_sql(member: Member) -> RawLayer:
    """Read every inserted row that has a path; row 1 is the first.

    Raises:
        SourceError: No such row, text that is not UTF-8, or a text that never ends (the file was cut off).
    """
    rows = read_inserts(member)
    frame = pd.DataFrame(rows)
    if _PATH not in frame:
        raise SourceError(
            Text(
                f"{member.name} tidak berisi INSERT dengan kolom path.",
                f"{member.name} holds no INSERT with a column path.",
            ),
            hint=Text(
                "Yang dikenal: INSERT INTO wilayah_boundaries(kode,nama,lat,lng,path) VALUES (…).",
                "Known form: INSERT INTO wilayah_boundaries(kode,nama,lat,lng,path) VALUES (…).",
            ),
        )
    shapes, reasons, closed = zip(*(_from_path(path) for path in frame[_PATH]), strict=True)
    return RawLayer(
        name=member.name,
        frame=gpd.GeoDataFrame(frame.drop(columns=_PATH), geometry=list(shapes), crs=WGS84),
        broken=pd.Series(reasons, dtype="str"),
        closed=pd.Series(closed, dtype=bool),
    )


def read_inserts(member: Member) -> list[dict[str, str | None]]:
    """Return the rows of all INSERT statements as texts by column name (lower case); NULL is None.

    Raises:
        SourceError: Text that is not UTF-8, or a text that never ends.
    """
    try:
        text = member.path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(
            Text(f"{member.name} bukan teks UTF-8.", f"{member.name} is not UTF-8 text."),
            hint=Text("Simpan sebagai UTF-8.", "Save it as UTF-8."),
        ) from error
    tokens = _tokens(text, member.name)
    return [row for kind, word in tokens if kind == "name" and word.upper() == "INSERT" for row in _insert(tokens)]


def _tokens(text: str, name: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            line = text.count("\n", 0, at) + 1
            raise SourceError(
                Text(
                    f"{name} rusak atau terpotong mulai baris {line}.",
                    f"{name} is damaged or cut off from line {line} on.",
                ),
                hint=Text("Unduh sekali lagi.", "Download it again."),
            )
        at = found.end()
        if found.lastgroup and found.lastgroup != "skip":
            yield found.lastgroup, found.group()


def _insert(tokens: Iterator[tuple[str, str]]) -> Iterator[dict[str, str | None]]:
    """Yield the rows of one statement, whose word INSERT has been taken, up to its semicolon."""
    columns: list[str] = []
    for kind, word in tokens:
        if kind == "name" and word.upper() in ("VALUES", "VALUE"):
            break
        if word == ";":
            return
        if word == "(":
            columns = [one.strip('`"').lower() for _, one in _until_closed(tokens)]
    for _, word in tokens:
        if word == ";":
            return
        if word == "(":
            values = [_value(kind, one) for kind, one in _until_closed(tokens)]
            yield dict(zip(columns or _COLUMNS, values, strict=False))


def _until_closed(tokens: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the items of a bracket whose opening has been taken; brackets inside count as part of an item."""
    items: list[tuple[str, str]] = []
    depth = 1
    for kind, word in tokens:
        depth += (word == "(") - (word == ")")
        if depth == 0:
            break
        if word != ",":
            items.append((kind, word))
    return items


def _value(kind: str, word: str) -> str | None:
    if kind != "text":
        return None if word.upper() == "NULL" else word
    quote = word[0]

    def plain(found: re.Match[str]) -> str:
        return quote if found[1] is None else _ESCAPES.get(found[1], found[1])

    return re.sub(rf"\\(.)|{quote}{quote}", plain, word[1:-1], flags=re.DOTALL)


def _from_path(path: object) -> tuple[Any, str | float, bool]:
    """Return the polygon of a path, why there is none, and whether a ring had to be closed."""
    if not isinstance(path, str) or not path.strip():
        return None, np.nan, False
    try:
        nested = json.loads(path)
        polygons = _polygons(nested)
        closed = any(ring[0] != ring[-1] for polygon in polygons for ring in polygon)
        parts = [_polygon(rings) for rings in polygons]
        joined = [part for several in parts for part in several]
        return (joined[0] if len(joined) == 1 else shapely.multipolygons(joined)), np.nan, closed
    except (ValueError, TypeError, IndexError, shapely.errors.ShapelyError) as error:
        return None, (str(error) or type(error).__name__).splitlines()[0], False


def _polygons(nested: Any) -> list[Any]:
    depth, inner = 0, nested
    while isinstance(inner, list):
        depth, inner = depth + 1, inner[0]
    lifted = {_DEPTH_RING: [[nested]], _DEPTH_POLYGON: [nested], _DEPTH_MULTI: nested}.get(depth)
    if lifted is None:
        message = f"lists nested {depth} deep are no polygon"
        raise ValueError(message)
    return list(lifted)


def _polygon(rings: Any) -> list[Any]:
    """Return one polygon, or several where a further ring lies outside the first and so is no hole."""
    shapes = [shapely.Polygon(np.asarray(ring, dtype=float)[:, 1::-1]) for ring in rings]
    shell = shapes[0]
    apart = [shape for shape in shapes[1:] if shapely.disjoint(shape, shell)]
    holes = [shape.exterior for shape in shapes[1:] if not shapely.disjoint(shape, shell)]
    return [shapely.Polygon(shell.exterior, holes), *apart]
