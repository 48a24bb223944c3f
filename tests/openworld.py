"""Worlds for the tests of open data: a hostile workspace's tables, a package of them, and everything that a folder says."""

from __future__ import annotations

import datetime as dt
import gzip
import zipfile
from typing import TYPE_CHECKING, Any

import mapworld
import pyarrow.parquet as pq
import rasterio

from blankspot.out.letters.model import Office
from blankspot.out.publish.model import Publication
from blankspot.out.publish.package import Package, write_package
from blankspot.out.publish.publication import About, describe
from blankspot.out.publish.selection import Material, Selection, select
from blankspot.settings import Provenance, SourceNote, load_settings

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import pandas as pd

SETTINGS = load_settings()
AS_OF = dt.date(2022, 12, 26)
BODIES = ("Telkomsel", "BAKTI", "Mitratel")


def hostile_frames() -> dict[str, pd.DataFrame]:
    """Return the tables of a workspace whose every text would run, break or reverse a careless reader."""
    frame, rest = mapworld.hostile()
    frames = {
        name: rest[name] for name in ("verdicts", "sites", "services", "measurements", "internet_points", "facilities")
    }
    return {"villages": frame, "cases": rest["handling"], **frames}


def about(
    selection: Selection, *, publication: Publication | None = None, title: str = "Kabupaten Uji", lang: Any = "id"
) -> About:
    """Describe a selection as an office would."""
    provenance = Provenance(
        version="0.1.0",
        profile=SETTINGS.profile,
        profile_digest=SETTINGS.digest,
        as_of=AS_OF,
        title=title,
        sources=(
            SourceNote(name="data/hp_budi.csv", kind="measurements", sha256="0" * 64, rows_in=5, rows_accepted=5),
            SourceNote(name="batas.gpkg", kind="boundaries", sha256="1" * 64, rows_accepted=3, licence="CC BY 4.0"),
        ),
    )
    office = Office(
        name="Dinas Kominfo Uji", email="data@uji.example", head_name="Raka Wirasena", head_nip="197001011995031001"
    )
    return describe(
        publication or Publication(),
        office,
        provenance,
        bounds=selection.bounds,
        code_versions=selection.code_versions,
        lang=lang,
    )


def package(
    folder: Path, frames: dict[str, pd.DataFrame], *, told: dict[str, Any] | None = None, **given: Any
) -> Package:
    """Write a package of some tables."""
    selection = select(Material(frames=frames, bodies=BODIES), SETTINGS, profile="bawaan-2026 (1f2e3d4c)")
    return write_package(folder, selection, about(selection, **(told or {})), SETTINGS, **given)


def everything_in(folder: Path) -> dict[str, str]:
    """Return all that every file of a folder says, packed parts unpacked: the text of bytes, cells, tags and tiles."""
    return {path.relative_to(folder).as_posix(): _said(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def _said(path: Path) -> str:
    raw = path.read_bytes()
    parts = [raw.decode("utf-8", "replace"), raw.decode("utf-16-le", "replace"), path.name]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            parts += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        parts += [
            str(table.schema.metadata),
            table.drop_columns(["geometry"] if "geometry" in table.column_names else []).to_pandas().to_csv(),
        ]
    if path.suffix == ".tif":
        with rasterio.open(path) as raster:
            bands = range(1, raster.count + 1)
            parts += [
                str([raster.tags(ns=space) for space in (None, *raster.tag_namespaces())]),
                str([raster.tags(at) for at in bands]),
            ]
    if path.suffix == ".pmtiles":
        parts += _tiles(path)
    return "\n".join(parts)


def _tiles(path: Path) -> list[str]:
    from pmtiles.reader import MmapSource, Reader, all_tiles

    with path.open("rb") as stream:
        source = MmapSource(stream)
        return [
            str(Reader(source).metadata()),
            *(gzip.decompress(tile).decode("utf-8", "replace") for _, tile in all_tiles(source)),
        ]


def write_raster(path: Path, values: np.ndarray, *, nodata: float | None = None, **tags: str) -> Path:
    """Write a small raster in UTM as GeoTIFF."""
    from affine import Affine

    with rasterio.open(
        path, "w", driver="GTiff", width=values.shape[1], height=values.shape[0], count=1, dtype=values.dtype, crs="EPSG:32748",
        transform=Affine(100, 0, 780_000, 0, -100, 9_230_000), nodata=nodata,
    ) as raster:  # fmt: skip
        raster.write(values, 1)
        raster.update_tags(**tags)
        raster.update_tags(1, **tags)
    return path
