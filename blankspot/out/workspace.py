"""The demo world as a workspace: `blankspot.toml`, the files it names, and the truth apart from them.

The folder is built beside its place and renamed when it is whole, so that an interrupted demo leaves nothing behind. The same
world gives the same bytes: every date that a format writes into its header is fixed.
"""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import rasterio
import xlsxwriter
from jinja2 import Environment, PackageLoader, StrictUndefined
from pyogrio.errors import DataSourceError
from xlsxwriter.exceptions import XlsxWriterException

from blankspot import corrections
from blankspot.errors import OutputError
from blankspot.out.files import refused
from blankspot.out.tables import write_gpkg
from blankspot.schema import TABLES
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from blankspot.demo import World
    from blankspot.grid import Grid

_MADE_ON: Final = dt.datetime(2022, 12, 26, 8, 0, 0)  # noqa: DTZ001 - workbooks know no zone
_ZIP_DATE: Final = (2022, 12, 26, 8, 0, 0)
_JUNK: Final = "__MACOSX/._ukur_ulang"
_PIXEL_NODATA: Final = {"int16": -32768, "float32": -99999.0}


def write_demo(folder: str | Path, world: World) -> Path:
    """Write a demo world as a workspace.

    Args:
        folder: Must not exist, or be empty.
        world: As `blankspot.demo.invent` gives it.

    Returns:
        The folder.

    Raises:
        OutputError: The folder is not empty or cannot be written.
    """
    folder = Path(folder)
    try:
        _refuse_if_used(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        workshop = Path(tempfile.mkdtemp(prefix=".blankspot-demo-", dir=folder.parent))
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise refused(folder, error) from error
    try:
        made = workshop / "made"
        made.mkdir()
        _write_all(made, world)
        if folder.exists():
            folder.rmdir()  # still empty, else this refuses
        made.rename(folder)
    except (OSError, sqlite3.Error, DataSourceError, XlsxWriterException) as error:
        raise refused(folder, error) from error
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return folder


def _refuse_if_used(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()):
        raise OutputError(
            Text(f"Folder {folder} tidak kosong.", f"Folder {folder} is not empty."),
            hint=Text("Pilih folder baru atau kosongkan dahulu.", "Choose a new folder or empty it first."),
        )
    if folder.exists() and not folder.is_dir():
        raise OutputError(
            Text(f"{folder} adalah berkas, bukan folder.", f"{folder} is a file, not a folder."),
            hint=Text("Pilih nama lain.", "Choose another name."),
        )


def _write_all(root: Path, world: World) -> None:
    for part in ("data/ukur", "truth"):
        (root / part).mkdir(parents=True)
    write_gpkg(root / "data/desa.gpkg", {"desa": world.villages})
    write_gpkg(root / "data/jalan.gpkg", {"jalan": world.roads})
    write_gpkg(root / "data/sungai.gpkg", {"sungai": world.rivers})
    _write_text(root / "data/kode_desa.csv", world.codes)
    _write_grid(root / "data/dem_30m.tif", world.terrain, "int16")
    _write_grid(root / "data/penduduk_100m.tif", world.population, "float32")
    _write_register(root / "data/menara.xlsx", {"sites": world.sites, "services": world.services})
    for name, frame in world.tables.items():
        _write_text(root / name, frame)
    for name, members in world.bundles.items():
        _write_zip(root / name, members)
    for operator, grid in world.truth.signal.items():
        _write_grid(root / f"truth/sinyal_4g_{operator}.tif", grid, "float32")
    (root / "data/koreksi_warga.txt").write_text(_chat(world.villages), encoding="utf-8", newline="\n")
    _write_text(root / "truth/kelas_desa.csv", world.truth.villages)
    _write_text(root / "truth/baris_rusak.csv", world.faults)
    _write_pages(root, world)


def _write_pages(root: Path, world: World) -> None:
    pages = PackageLoader("blankspot.out", "pages")
    environment = Environment(loader=pages, autoescape=False, undefined=StrictUndefined)  # noqa: S701 - TOML, not markup
    readings = sorted(name for name in (*world.tables, *world.bundles) if name.startswith("data/ukur/"))
    for page, path in (("demo.toml.j2", "blankspot.toml"), ("demo_truth.txt.j2", "truth/BACA.txt")):
        text = environment.get_template(page).render(world=world, readings=readings)
        (root / path).write_text(text, encoding="utf-8", newline="\n")


def _chat(villages: gpd.GeoDataFrame) -> str:
    """Return corrections as an office copies them out of a messenger: chat around them. Neither complains of missing signal."""
    told = [
        ("served", "telkomsel", "Kini ada sinyal di balai - mohon diukur ulang"),
        ("other", "", "Nama dusun di peta keliru"),
    ]
    answers = [
        corrections.Answer(
            code=corrections.correction_code(str(row.village_code), _MADE_ON.date()),
            reported_on=dt.date(2022, 12, 20 + at),
            claim=claim,
            number=f"CTH{at + 2}K7",
            village_name=str(row.village_name),
            operator=operator,
            text=text,
        )
        for at, (row, (claim, operator, text)) in enumerate(zip(villages.itertuples(), told, strict=False))
    ]
    messages = [corrections.write_message(answer) for answer in answers]
    lines = [f"[{21 + at}/12/22 10.0{at}.00] Warga {at + 1}: {message}" for at, message in enumerate(messages)]
    return (
        "\n".join(
            [
                "[21/12/22 09.58.00] Admin: Silakan kirim koreksi peta di sini",
                *lines,
                "[24/12/22 08.00.00] Admin: Terima kasih",
            ]
        )
        + "\n"
    )


def _write_text(path: Path, frame: pd.DataFrame) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def _write_zip(path: Path, members: Mapping[str, pd.DataFrame]) -> None:
    """Write a zip as a phone and a Mac make one: the logs, and the folder's junk beside them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, frame in members.items():
            bundle.writestr(_entry(name), frame.to_csv(index=False, lineterminator="\n"))
        bundle.writestr(_entry(_JUNK), b"\x00\x05\x16\x07")


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=_ZIP_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # the same on every system
    return entry


def _write_register(path: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write tables as sheets of one workbook, under the Indonesian names and headings of the templates."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": "Menara", "created": _MADE_ON})
        bold = book.add_format({"bold": True})
        for name, frame in tables.items():
            schema = TABLES[name]
            sheet = book.add_worksheet({"sites": "menara", "services": "layanan"}[name])
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, [schema.columns[column].title for column in frame.columns], bold)
            for row, values in enumerate(frame.itertuples(index=False), start=1):
                for column, value in enumerate(values):
                    if not pd.isna(value):
                        sheet.write(row, column, value)


def _write_grid(path: Path, grid: Grid, dtype: str) -> None:
    nodata = _PIXEL_NODATA[dtype]
    values = np.where(np.isfinite(grid.values), grid.values, nodata).astype(dtype)
    rows, columns = grid.shape
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=columns,
        height=rows,
        count=1,
        dtype=dtype,
        crs=grid.crs,
        transform=grid.transform,
        nodata=nodata,
        compress="deflate",
        predictor=2 if dtype == "int16" else 3,
        tiled=True,
    ) as raster:
        raster.write(values, 1)
