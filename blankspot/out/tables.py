"""Tables for machines and for people: GeoParquet, GeoPackage with QGIS styles inside, CSV and XLSX.

Text from data never becomes a formula: in XLSX it is written as a string cell, in CSV a leading `=`, `+`, `-`, `@`, tab or
return gets an apostrophe unless the cell is a number. Every file is written whole or not at all.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from pyogrio.errors import DataSourceError

from blankspot.geo import assert_wgs84
from blankspot.out.files import atomic, refused
from blankspot.words import Lang, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandera.pandas as pa

_FORMULA: Final = re.compile(r"^[\s]*[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"^\s*[+-]?[\d.,]+(e[+-]?\d+)?\s*$", re.IGNORECASE)
_WIDTH_MAX: Final = 60
_LINE_POINTS: Final = 15  # height of one line of a row
_DAY_LENGTH: Final = 11
_A4: Final = 9  # the number of that paper in a workbook
_PAPER_WIDTH: Final = 240  # characters across a landscape A4 that are still read without a lens
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "head": {"bold": True, "bg_color": "#1f3a4d", "font_color": "#ffffff", "text_wrap": True, "border": 1},
    "day": {"align": "left"},
    "text": {"num_format": "@"},
    "long": {"num_format": "@", "text_wrap": True, "indent": 1},
    "share": {"num_format": "0.0%"},
    "number": {"num_format": "#,##0.00"},
    "count": {"num_format": "#,##0"},
    "year": {"num_format": "0"},
    "degrees": {"num_format": "0.000000"},
}
_DAY: Final[dict[Lang, str]] = {
    "id": "[$-421]d mmm yyyy",
    "en": "[$-809]d mmm yyyy",
}  # months in the language of the sheet
_YES_NO: Final = {True: Text("ya", "yes"), False: Text("tidak", "no")}
_ENGLISH: Final = {
    "district": "Kecamatan",
    "regency": "Regency",
    "bps_code": "BPS code",
    "partial": "Not every operator",
    "no_4g": "No 4G",
    "share_low": "Lower bound",
    "share_high": "Upper bound",
    "low": "Lower bound",
    "high": "Upper bound",
    "weight_kind": "Weighted by",
    "n_measurements": "Number of readings",
    "latest_measurement": "Latest reading",
    "kind": "Kind of evidence",
    "n": "n",
}
_STYLE_TABLE: Final = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT, update_time DATETIME)"""
_EPOCH: Final = "1970-01-01T00:00:00.000Z"


def safe_text(text: str) -> str:
    """Return the text with an apostrophe before anything that a spreadsheet would run as a formula."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text


def write_parquet(path: str | Path, frame: pd.DataFrame) -> Path:
    """Write a frame as Parquet, a GeoDataFrame as GeoParquet (EPSG:4326)."""
    if isinstance(frame, gpd.GeoDataFrame):
        assert_wgs84(frame)
    with atomic(path) as temporary:
        frame.to_parquet(temporary, index=False)
    return Path(path)


def write_csv(path: str | Path, frame: pd.DataFrame) -> Path:
    """Write a frame as UTF-8 CSV with a byte-order mark (spreadsheets then show accents); geometry is left out."""
    plain = pd.DataFrame(frame.drop(columns=["geometry"], errors="ignore")).copy()
    for name in plain.columns:
        if not (pd.api.types.is_numeric_dtype(plain[name]) or pd.api.types.is_datetime64_any_dtype(plain[name])):
            plain[name] = plain[name].map(lambda value: safe_text(value) if isinstance(value, str) else value)
    with atomic(path) as temporary:
        # Every text is quoted, because a bare carriage return inside one would end the row for some readers.
        plain.to_csv(temporary, index=False, encoding="utf-8-sig", lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    return Path(path)


def write_gpkg(
    path: str | Path, layers: Mapping[str, pd.DataFrame], *, styles: Mapping[str, str] | None = None
) -> Path:
    """Write several layers into one GeoPackage whose bytes follow from the frames alone.

    Args:
        path: Target file.
        layers: Layer name to frame in EPSG:4326, or to one without geometry; empty ones are left out.
        styles: Layer name to the QGIS style (see `out.qgis`) with which it opens.
    """
    full = {name: frame for name, frame in layers.items() if len(frame)}
    for frame in full.values():
        if isinstance(frame, gpd.GeoDataFrame):
            assert_wgs84(frame)
    styled = {name: style for name, style in (styles or {}).items() if isinstance(full.get(name), gpd.GeoDataFrame)}
    try:
        with atomic(path) as temporary:
            for name, frame in full.items():
                pyogrio.write_dataframe(_for_ogr(frame), temporary, layer=name, driver="GPKG")
            if styled:
                _add_styles(temporary, styled)
            _without_clock(temporary)
    except (sqlite3.Error, DataSourceError) as error:
        raise refused(Path(path), error) from error
    return Path(path)


def write_xlsx(
    path: str | Path,
    sheets: Mapping[str, tuple[pd.DataFrame, Mapping[str, str]]],
    *,
    lang: Lang = "id",
    zone: dt.tzinfo = dt.UTC,
) -> Path:
    """Write sheets for people: headings, frozen header, filters, sensible widths, ready for A4, no formulas.

    Args:
        path: Target file.
        sheets: Sheet name to (frame, headings by column); columns without a heading are left out.
        lang: Language of yes and no, and of the months.
        zone: Where the reader's clock is; a spreadsheet's moments carry no zone.
    """
    import xlsxwriter

    with atomic(path) as temporary:
        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
        }
        with xlsxwriter.Workbook(str(temporary), options) as book:
            book.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})
            formats = {name: book.add_format(look | {"valign": "top"}) for name, look in _LOOKS.items()}
            formats["day"].set_num_format(_DAY[lang])
            for name, (frame, headings) in sheets.items():
                _sheet(book.add_worksheet(name[:31]), _local(frame, zone), headings, formats, lang)
    return Path(path)


def _local(frame: pd.DataFrame, zone: dt.tzinfo) -> pd.DataFrame:
    """Return the frame with its moments on the reader's clock, without zone."""
    local = frame.copy()
    for name in local.columns:
        if isinstance(local[name].dtype, pd.DatetimeTZDtype):
            local[name] = local[name].dt.tz_convert(zone).dt.tz_localize(None)
    return local


def headings_of(schema: pa.DataFrameSchema, lang: Lang = "id") -> dict[str, str]:
    """Return the heading of every column of a declared table but its geometry."""
    return {
        name: column.title if lang == "id" else _english(name)
        for name, column in schema.columns.items()
        if name != "geometry"
    }


def _english(name: str) -> str:
    """Return an English heading: identifiers are English words already."""
    if name in _ENGLISH:
        return _ENGLISH[name]
    words = re.sub("^n_", "number of ", name).replace("_", " ")
    return words[0].upper() + words[1:]


def _sheet(
    sheet: Any, frame: pd.DataFrame, headings: Mapping[str, str], formats: Mapping[str, Any], lang: Lang
) -> None:
    columns = [name for name in headings if name in frame]
    lines = np.ones(len(frame), dtype=int)
    widths = []
    for at, name in enumerate(columns):
        shown = [_cell(value, lang) for value in frame[name]]
        kind = _format_of(name, frame[name], shown)
        lengths = np.array([_length(value, kind) for value in shown], dtype=int)
        word = max(map(len, headings[name].split()), default=0) + 2  # beside it stands the button of the filter
        width = int(min(max(word, lengths[:500].max(initial=0), 7) + 2, _WIDTH_MAX))
        lines = np.maximum(lines, np.ceil(lengths / (width - 3)).astype(int) if kind == "long" else 1)
        widths.append(width)
        sheet.set_column(at, at, width, formats[kind])
        sheet.write_string(0, at, headings[name], formats["head"])
        for row, value in enumerate(shown, start=1):
            _write(sheet, row, at, value, formats[kind])
    for at, count in enumerate(lines.tolist(), start=1):
        if count > 1:
            sheet.set_row(at, _LINE_POINTS * count)
    sheet.set_row(0, 2 * _LINE_POINTS)
    sheet.freeze_panes(1, 2 if len(columns) > 2 else 0)  # noqa: PLR2004 - code and name stay in sight
    if len(frame) and len(columns) > 2:  # noqa: PLR2004 - a list of items and values needs no filter
        sheet.autofilter(0, 0, len(frame), len(columns) - 1)
    _for_paper(sheet, widths, len(frame))


def _for_paper(sheet: Any, widths: list[int], rows: int) -> None:
    """Set the sheet up for landscape A4, as wide as can be read; the columns beyond are for the screen."""
    fitting = max(1, int((np.cumsum(widths) <= _PAPER_WIDTH).sum()))
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&A&R&P / &N")
    sheet.print_area(0, 0, max(rows, 1), min(fitting, len(widths)) - 1 if widths else 0)


def _format_of(name: str, values: pd.Series, shown: list[Any]) -> str:
    if pd.api.types.is_datetime64_any_dtype(values):
        return "day"
    if name.startswith("share_"):
        return "share"
    if name in ("lon", "lat"):
        return "degrees"
    if pd.api.types.is_bool_dtype(values):
        return "text"
    if pd.api.types.is_numeric_dtype(values):
        whole = all(value is None or float(value).is_integer() for value in shown)
        return "year" if name == "year" else "count" if whole else "number"
    return (
        "long" if max((len(str(value)) for value in shown if value is not None), default=0) > _WIDTH_MAX - 3 else "text"
    )


def _length(value: Any, kind: str) -> int:
    """Return how many characters a cell takes."""
    if value is None:
        return 0
    if kind in ("share", "number"):
        return 8
    return len(f"{value:,.0f}") if kind == "count" else _DAY_LENGTH if kind == "day" else len(str(value))


def _cell(value: Any, lang: Lang) -> Any:
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and not np.isfinite(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, np.generic):
        value = value.item()
    return _YES_NO[value].of(lang) if isinstance(value, bool) else value


def _write(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value, style)
    elif isinstance(value, dt.datetime | dt.date):
        sheet.write_datetime(row, column, value, style)
    else:
        sheet.write_string(row, column, str(value), style)


def _for_ogr(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with nullable booleans as text-free integers, which OGR knows."""
    plain = frame.copy()
    for name in plain.columns:
        if plain[name].dtype == "boolean":
            plain[name] = plain[name].astype("Int8")
        elif plain[name].dtype == "bool":
            plain[name] = plain[name].astype("int8")
    return plain


def _add_styles(path: Path, styles: Mapping[str, str]) -> None:
    with closing(sqlite3.connect(path)) as store, store:
        store.execute(_STYLE_TABLE)
        for layer, qml in styles.items():
            column = store.execute(
                "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (layer,)
            ).fetchone()[0]
            store.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, "
                "useAsDefault, description, owner, update_time) VALUES ('', '', ?, ?, 'blankspot', ?, 1, 'blankspot', '', ?)",
                (layer, column, qml, _EPOCH),
            )
        store.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) VALUES ('layer_styles', 'attributes', 'layer_styles', ?)",
            (_EPOCH,),
        )


def _without_clock(path: Path) -> None:
    """Replace the moments of writing, which would make every copy of the same tables another file.

    A new file also counts its changes from one; how many transactions wrote the old one depends on the machine's load.
    """
    if path.exists():
        fresh = path.with_name(f"{path.name}.fresh")
        with closing(sqlite3.connect(path)) as store:
            store.execute("UPDATE gpkg_contents SET last_change = ?", (_EPOCH,))
            store.commit()
            store.execute("VACUUM INTO ?", (str(fresh),))
        fresh.replace(path)
