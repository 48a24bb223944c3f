"""Opening boundary files: any OGR format, GeoParquet or SQL becomes one raw layer in WGS 84, nothing judged yet.

Bulk reading is tried first; feature by feature (`salvage`) only when it fails. A file with several layers must be told which
one, unless one alone has polygons. A layer that does not say its coordinate system is refused unless the caller says it: a
guess would be wrong by a hundred metres (another datum) or by a country (another projection). The attribute table of a
shapefile carries no reliable word on its encoding, so its names are read as bytes: all UTF-8, or all Windows-1252; a mix is
refused, because any single reading would garble names.
"""

from __future__ import annotations

import difflib
import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.lib
import pyarrow.parquet as pq
import pyogrio
import pyproj.exceptions
import shapely
from pyproj import CRS

from blankspot.errors import SourceError
from blankspot.geo import WGS84
from blankspot.sources.cahyadsn_sql import read_boundary_sql
from blankspot.sources.files import Member, members, unreadable
from blankspot.sources.salvage import RawLayer, boundary_suffixes, list_layers, salvage
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

_PARQUET: Final = frozenset({".parquet", ".geoparquet"})
_SHAPEFILES: Final = frozenset({".shp", ".shz"})
_FOLDER_FORMAT: Final = ".gdb"
_ENGINE_ERRORS: Final = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.CRSError,
    pyproj.exceptions.CRSError,
    shapely.errors.ShapelyError,
    pyarrow.lib.ArrowException,
    OSError,
    ValueError,
)


def read_layers(
    path: str | Path | Sequence[str | Path], *, layer: str | None = None, crs: str | None = None
) -> list[RawLayer]:
    """Read every file that `path` stands for, in EPSG:4326 and two dimensions.

    Args:
        path: A file, a zip, several of these, or a File Geodatabase folder.
        layer: Name of the layer to read.
        crs: Coordinate system of files that do not say theirs.

    Raises:
        SourceError: A file cannot be used; see `files.members` and the module's own rules.
    """
    if isinstance(path, (str, Path)) and Path(path).is_dir() and Path(path).suffix.lower() == _FOLDER_FORMAT:
        folder = Member(name=Path(path).name, path=Path(path), suffix=_FOLDER_FORMAT)
        return [_in_degrees(_read(folder, layer), crs)]
    with members(path, suffixes=boundary_suffixes() | _PARQUET | {".sql"}) as found:
        return [_in_degrees(_read(member, layer), crs) for member in found]


def _read(member: Member, layer: str | None) -> RawLayer:
    if member.suffix == ".sql":
        return _filled(read_boundary_sql(member))
    if member.suffix in _PARQUET:
        return _filled(_read_parquet(member))
    chosen = _chosen_layer(member, layer)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            raw = _whole(member.name, _read_bulk(member, chosen))
        except SourceError:
            raise
        except UnicodeDecodeError as error:
            raise _not_utf8(member, error) from error
        except _ENGINE_ERRORS:
            raw = salvage(member, chosen)
    remarks = tuple(dict.fromkeys(str(one.message) for one in caught))
    return _filled(RawLayer(name=raw.name, frame=raw.frame, broken=raw.broken, closed=raw.closed, remarks=remarks))


def _not_utf8(member: Member, error: UnicodeDecodeError) -> SourceError:
    seen = bytes(error.object).decode("cp1252", errors="replace")
    return SourceError(
        Text(
            f"{member.name} memuat teks yang bukan UTF-8: '{seen}'.",
            f"{member.name} holds text that is not UTF-8: '{seen}'.",
        ),
        hint=Text("Simpan ulang seluruhnya sebagai UTF-8.", "Save all of it again as UTF-8."),
    )


def _chosen_layer(member: Member, layer: str | None) -> str:
    layers = list_layers(member.path, name=member.name)
    names = [one.name for one in layers]
    if layer is not None:
        if layer in names:
            return layer
        near = difflib.get_close_matches(layer, names, n=1, cutoff=0.5)
        raise _layer_error(
            member,
            names,
            Text(f"tidak punya lapisan '{layer}'", f"has no layer '{layer}'"),
            f" ({near[0]}?)" if near else "",
        )
    shaped = [
        one.name for one in layers if "Polygon" in one.geometry or one.geometry in ("Unknown", "GeometryCollection")
    ]
    if len(shaped) == 1:
        return shaped[0]
    if len(names) == 1:
        return names[0]
    raise _layer_error(member, shaped or names, Text("berisi beberapa lapisan", "holds several layers"), "")


def _layer_error(member: Member, names: Sequence[str], what: Text, near: str) -> SourceError:
    listed = ", ".join(names) or "-"
    return SourceError(
        Text(
            f"{member.name} {what.id}; yang ada: {listed}{near}.", f"{member.name} {what.en}; it has: {listed}{near}."
        ),
        hint=Text("Sebutkan lapisannya dengan `layer`.", "Name the layer with `layer`."),
    )


def _read_bulk(member: Member, layer: str) -> Any:
    if member.suffix in _SHAPEFILES:
        frame = pyogrio.read_dataframe(member.path, layer=layer, encoding="ISO-8859-1")
        return _with_encoding(frame, member.name)
    return pyogrio.read_dataframe(member.path, layer=layer)


def _with_encoding(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Decode texts that were read byte for byte."""
    texts = [column for column in frame.columns if column != "geometry" and pd.api.types.is_string_dtype(frame[column])]
    beyond = [
        (column, row, text)
        for column in texts
        for row, text in enumerate(frame[column])
        if isinstance(text, str) and not text.isascii()
    ]
    whole = [_is_utf8(text) for _, _, text in beyond]
    if any(whole) and not all(whole):
        column, row, text = beyond[whole.index(False)]
        raise SourceError(
            Text(
                f"{name} mencampur pengodean huruf: baris {row + 1} kolom {column} ('{text}') bukan UTF-8, baris lain UTF-8.",
                f"{name} mixes character encodings: row {row + 1}, column {column} ('{text}') is not UTF-8, other rows are.",
            ),
            hint=Text("Simpan ulang seluruhnya sebagai UTF-8.", "Save all of it again as UTF-8."),
        )
    encoding = "utf-8" if any(whole) else "cp1252"
    for column in dict.fromkeys(column for column, _, _ in beyond):
        frame[column] = [
            text.encode("latin-1").decode(encoding, errors="replace") if isinstance(text, str) else text
            for text in frame[column]
        ]
    return frame


def _is_utf8(text: str) -> bool:
    try:
        text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return False
    return True


def _read_parquet(member: Member) -> RawLayer:
    try:
        has_geometry = b"geo" in (pq.read_schema(member.path).metadata or {})
        frame = gpd.read_parquet(member.path) if has_geometry else None
    except shapely.errors.ShapelyError:
        return _salvaged_parquet(member)
    except (pyarrow.lib.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise unreadable(member.name, error) from error
    return _whole(member.name, frame)


def _salvaged_parquet(member: Member) -> RawLayer:
    """Read the geometries one by one where some bytes of a GeoParquet file are no geometry."""
    table = pq.read_table(member.path)
    described = json.loads(table.schema.metadata[b"geo"])
    column = described["primary_column"]
    crs = described["columns"][column].get("crs", WGS84)
    plain = table.replace_schema_metadata(None).to_pandas()
    shapes = shapely.from_wkb(plain[column].to_numpy(dtype=object), on_invalid="ignore")
    lost = plain[column].notna().to_numpy() & shapely.is_missing(shapes)
    frame = gpd.GeoDataFrame(plain.drop(columns=column), geometry=shapes, crs=crs)
    broken = pd.Series("the bytes are no geometry", index=frame.index, dtype="str").where(lost)
    return RawLayer(name=member.name, frame=frame, broken=broken, closed=pd.Series(False, index=frame.index))


def _whole(name: str, frame: Any) -> RawLayer:
    if not isinstance(frame, gpd.GeoDataFrame):
        raise SourceError(
            Text(f"{name} adalah tabel tanpa geometri.", f"{name} is a table without geometry."),
            hint=Text("Berikan berkas batas desa (poligon).", "Give a file of village boundaries (polygons)."),
        )
    return RawLayer(
        name=name,
        frame=frame.reset_index(drop=True),
        broken=pd.Series(np.nan, index=range(len(frame)), dtype="str"),
        closed=pd.Series(False, index=range(len(frame))),
    )


def _filled(raw: RawLayer) -> RawLayer:
    if raw.frame.empty:
        raise SourceError(
            Text(f"{raw.name} tidak berisi satu fitur pun (0 baris).", f"{raw.name} holds no feature at all (0 rows)."),
            hint=Text("Periksa penyaring saat mengekspor.", "Check the filter used when exporting."),
        )
    return raw


def _in_degrees(raw: RawLayer, crs: str | None) -> RawLayer:
    found = raw.frame.crs
    known = found is not None and (found.is_geographic or found.is_projected or found.is_compound or found.is_bound)
    if not known and crs is None:
        raise SourceError(
            Text(
                f"{raw.name} tidak menyebut sistem koordinat (CRS)"
                + (f" yang dikenal: {found.name}." if found else "."),
                f"{raw.name} does not say its coordinate system (CRS)" + (f": {found.name}." if found else "."),
            ),
            hint=Text(
                'Sertakan berkas .prj, atau sebutkan crs, misalnya crs = "EPSG:4326" bila koordinatnya derajat WGS 84.',
                'Add the .prj file, or say crs, e.g. crs = "EPSG:4326" if the coordinates are degrees of WGS 84.',
            ),
        )
    try:
        system = found if known else CRS.from_user_input(crs)
        frame = raw.frame.set_crs(system, allow_override=True)
        frame = frame.set_geometry(shapely.force_2d(frame.geometry.to_numpy()), crs=system)
        frame = frame.set_crs(WGS84, allow_override=True) if _is_wgs84(system) else frame.to_crs(WGS84)
    except pyproj.exceptions.ProjError as error:
        raise unreadable(raw.name, error) from error
    return RawLayer(name=raw.name, frame=frame, broken=raw.broken, closed=raw.closed, remarks=raw.remarks)


def _is_wgs84(system: Any) -> bool:
    return bool(CRS.from_user_input(system).equals(CRS.from_user_input(WGS84), ignore_axis_order=True))
