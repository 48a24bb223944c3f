"""How lists of towers are written: each kind of file becomes the columns of the sites (and services) tables, still as texts.

Three kinds are told apart by what is in them. OpenCelliD's cells come without headings, begin with the radio and are never the
truth about a tower: each cell becomes a site of its own whose position is `crowdsourced`. A table that names a site, an
operator and a technology but no place is a table of services. Everything else is a list of towers: a template, a city's
GeoJSON, a survey sheet. A list without identifiers gets them from its file and row.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from blankspot.schema import TABLES
from blankspot.sources.files import Member, members
from blankspot.sources.formats import sheet_names
from blankspot.sources.names import generation, network_code
from blankspot.sources.places import COORDINATES
from blankspot.sources.tables import (
    ORIGIN,
    SHEET_SUFFIXES,
    TABLE_SUFFIXES,
    TEXT_SUFFIXES,
    fold_heading,
    read_table,
    recognise,
    to_schema,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Kind = Literal["sites", "services", "cells"]

_RADIOS: Final = frozenset({"GSM", "UMTS", "LTE", "NR", "CDMA"})
_CELL_COLUMNS: Final = (
    "radio", "mcc", "net", "area", "cell", "unit", "lon", "lat", "range", "samples", "changeable", "created", "updated",
    "averagesignal",
)  # fmt: skip
_SITE_ALIASES: Final = {
    "site_id": ("id site", "site id", "siteid", "kode menara", "kode site", "kode tower", "no menara", "nomor menara", "id"),
    "site_name": ("nama site", "nama tower", "site name", "tower name", "nama"),
    "owner": (
        "pemilik menara", "pemilik tower", "nama pemilik", "tower provider", "nama provider", "provider", "penyedia",
        "perusahaan",
    ),
    "lon": ("longitude", "long", "lng", "x", "bujur timur"),
    "lat": ("latitude", "y", "lintang selatan"),
    "ground_m": ("elevasi", "ketinggian tanah", "altitude", "mdpl"),
    "height_m": ("tinggi", "tinggi tower", "ketinggian menara", "height", "tower height", "sheet tinggi tower"),
    "status": ("status menara", "status tower"),
    "position_quality": ("kualitas posisi",),
}  # fmt: skip
_SERVICE_ALIASES: Final = {
    "site_id": _SITE_ALIASES["site_id"],
    "operator": ("penyewa", "tenant", "operator seluler", "provider"),
    "technology": ("tech", "radio", "generasi", "jaringan"),
    "band_mhz": ("frekuensi", "band", "frequency"),
    "azimuth_deg": ("azimuth", "arah"),
    "tilt_deg": ("tilt",),
    "beamwidth_deg": ("beamwidth",),
    "bandwidth_mhz": ("bandwidth",),
}
_COORDINATE_HEADINGS: Final = frozenset(
    {
        "koordinat", "sheetkoordinat", "titikkoordinat", "koordinatmenara", "koordinatsite", "koordinattower", "coordinate",
        "coordinates", "longlat", "latlong", "lonlat", "latlon",
    }
)  # fmt: skip
_SERVICE_SHEETS: Final = frozenset({"layanan", "layananmenara", "services", "service"})


class MastTable(NamedTuple):
    """One table of a source and what it lists."""

    kind: Kind
    frame: pd.DataFrame


def read_masts(
    path: str | Path | Sequence[str | Path], mapping: Mapping[str, str] | None = None, *, sheet: str | None = None
) -> tuple[list[MastTable], list[str]]:
    """Read every list of towers, cells or services that `path` stands for, as texts under our column names.

    `sheet` names the sheet of the towers in a workbook, the first with data if not given; services are found by their name.

    Returns:
        The tables that have rows, and the names of files that have none.

    Raises:
        SourceError: A file cannot be used, or a required column is not there.
    """
    tables: list[MastTable] = []
    empty: list[str] = []
    with members(path, suffixes=TABLE_SUFFIXES) as found:
        for member in found:
            sheets = _sheets(member, sheet)
            alone = len(found) == 1 and len(sheets) == 1
            frames = [(name, _read(member, name, alone=alone)) for name in sheets]
            filled = [_standardised(frame, name, mapping or {}) for name, frame in frames if len(frame)]
            tables += filled
            if not filled:
                empty.append(member.name)
    return tables, empty


def _sheets(member: Member, asked: str | None) -> list[str | None]:
    """Return the sheets to read: the one asked for or the first with sites, and the services where a workbook has them."""
    if member.suffix not in SHEET_SUFFIXES:
        return [asked]
    names = sheet_names(member)
    services = [name for name in names if fold_heading(name) in _SERVICE_SHEETS]
    if not services:
        return [asked]
    sites = [asked] if asked else [name for name in names if name not in services]
    return [*sites[:1], *services[:1]]


def _read(member: Member, sheet: str | None, *, alone: bool) -> pd.DataFrame:
    headed = not (member.suffix in TEXT_SUFFIXES and _begins_with_radio(member))
    frame = read_table(member, sheet=sheet, header=headed, empty_ok=not alone)
    if headed:
        return frame
    cells = [name for name in frame.columns if name not in ORIGIN]
    names = dict(zip(cells, _CELL_COLUMNS, strict=False))
    return frame.rename(columns=names)


def _begins_with_radio(member: Member) -> bool:
    with member.path.open("rb") as opened:
        first = opened.read(64).lstrip(b"\xef\xbb\xbf").split(b",", 1)[0]
    return first.strip(b'" ').decode("ascii", "replace").upper() in _RADIOS


def _standardised(frame: pd.DataFrame, sheet: str | None, mapping: Mapping[str, str]) -> MastTable:
    found = [name for name in frame.columns if name not in ORIGIN]
    folded = {fold_heading(name): name for name in reversed(found)}
    if {"radio", "mcc", "net", "area", "cell", "lon", "lat"} <= folded.keys():
        return MastTable("cells", _cells(frame.rename(columns={theirs: ours for ours, theirs in folded.items()})))
    place = mapping.get(COORDINATES) or next((folded[key] for key in folded if key in _COORDINATE_HEADINGS), None)
    name = str(frame["source_file"].iloc[0])
    if fold_heading(sheet or "") in _SERVICE_SHEETS or (place is None and _lists_services(found)):
        given = _concerning("services", mapping, found)
        return MastTable("services", to_schema(frame, TABLES["services"], mapping=given, aliases=_SERVICE_ALIASES))
    given = _concerning("sites", mapping, found)
    required = () if place else ("lon", "lat")
    read = to_schema(frame, TABLES["sites"], mapping=given, aliases=_SITE_ALIASES, required=required)
    read[COORDINATES] = frame[place] if place else pd.Series(np.nan, index=frame.index, dtype="str")
    if "site_id" not in read:
        read["site_id"] = [f"{PurePath(name).stem}-{row}" for row in frame["source_row"]]
    read.attrs = dict(frame.attrs)
    return MastTable("sites", read)


def _concerning(table: Kind, mapping: Mapping[str, str], found: Sequence[str]) -> dict[str, str]:
    """Return what of a mapping is about `table`: names that the other table has too only where they fit this file."""
    other = TABLES["services" if table == "sites" else "sites"].columns
    return {
        ours: theirs
        for ours, theirs in mapping.items()
        if ours != COORDINATES
        and (ours in TABLES[table].columns or ours not in other)
        and (ours not in other or theirs in found or theirs.startswith("="))
    }


def _lists_services(found: Sequence[str]) -> bool:
    services = recognise(found, TABLES["services"], aliases=_SERVICE_ALIASES)
    sites = recognise(found, TABLES["sites"], aliases=_SITE_ALIASES)
    return {"site_id", "operator", "technology"} <= services.keys() and not {"lon", "lat"} & sites.keys()


def _cells(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one site per cell: named by network, area and cell, and by the radio too where two radios share these."""
    identity = network_code(frame["mcc"], frame["net"]) + "-" + frame["area"] + "-" + frame["cell"]
    shared = frame.assign(identity=identity).groupby("identity")["radio"].transform("nunique") > 1
    read = frame[["lon", "lat", *(name for name in ORIGIN if name in frame)]].copy()
    read["site_id"] = identity.mask(shared, identity + "-" + frame["radio"])
    read["status"] = "active"
    read["position_quality"] = "crowdsourced"
    read["operator"] = network_code(frame["mcc"], frame["net"])
    read["technology"] = generation(frame["radio"])
    read[COORDINATES] = pd.Series(np.nan, index=frame.index, dtype="str")
    return read
