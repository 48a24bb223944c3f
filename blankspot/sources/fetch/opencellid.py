"""Cells that phones heard: OpenCelliD's file of Indonesia (MCC 510), filtered to the area line by line.

Layout (looked up 2026-11): `ocid/downloads?token=…&type=mcc&file=510.csv.gz`, gzip of lines without heading:
radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal. The file changes once a day and may
be fetched twice a day with a token; a wrong one is answered with status 200 and {"message":"INVALID_TOKEN"}. The token is the
user's own: it is read from the environment, sent to that host alone and written nowhere.

A position is the centre of the places where phones heard the cell, never the truth about a tower.
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from blankspot.errors import FetchError, UsageError
from blankspot.sources.fetch.catalogue import Asset, Order, Product
from blankspot.words import Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from blankspot.settings import Fetch
    from blankspot.sources.fetch.catalogue import Bounds

TOKEN: Final = "OPENCELLID_TOKEN"  # noqa: S105 - the variable's name
MCC: Final = "510"
_LON, _LAT = 6, 7
PRODUCT = Product(
    title="OpenCelliD",
    version="",
    licence="CC BY-SA 4.0",
    licence_url="https://creativecommons.org/licenses/by-sa/4.0/",
    attribution="OpenCelliD Project, www.opencellid.org",
    caution=Text(
        "Posisi sel adalah titik tengah tempat ponsel mendengarnya (urun daya), bukan letak menara.",
        "A cell's position is the centre of where phones heard it (crowd-sourced), not a tower's place.",
    ),
)


def read_token(environment: Mapping[str, str]) -> str:
    """Return the user's token.

    Raises:
        UsageError: The variable is not set.
    """
    token = environment.get(TOKEN, "").strip()
    if not token:
        raise UsageError(
            Text(f"Token OpenCelliD belum ada di variabel {TOKEN}.", f"Variable {TOKEN} holds no token of OpenCelliD."),
            hint=Text(
                f"Daftar di opencellid.org, lalu: export {TOKEN}=pk.… (token tidak disimpan blankspot).",
                f"Register at opencellid.org, then: export {TOKEN}=pk.… (blankspot stores it nowhere).",
            ),
        )
    return token


def order(bounds: Bounds, *, fetch: Fetch, token: str, today: dt.date) -> Order:
    """Return the order of the cells inside `bounds`, of the file of this day."""
    asset = Asset(
        url=f"{fetch.base_url.opencellid}/ocid/downloads?type=mcc&file={MCC}.csv.gz",
        name=f"opencellid/{MCC}-{today.isoformat()}.csv.gz",
        kind="gz",
        secret={"token": token},
    )

    def write(paths: Sequence[Path | None], target: Path) -> dict[str, int]:
        path = paths[0]
        assert path is not None  # noqa: S101 - it may not lack
        kept = total = 0
        with gzip.open(path, "rt", encoding="utf-8", newline="") as stream, target.open("w", encoding="utf-8") as out:
            for line in stream:
                total += 1
                if _inside(line, bounds):
                    out.write(line.rstrip("\r\n") + "\n")
                    kept += 1
        if not kept:
            raise FetchError(
                Text(
                    f"Tidak satu pun dari {total} sel OpenCelliD ada di wilayah itu.",
                    f"None of {total} cells of OpenCelliD lies in that area.",
                ),
                hint=Text("Periksa --bounds: barat,selatan,timur,utara.", "Check --bounds: west,south,east,north."),
            )
        return {"cells": kept, "cells_in_indonesia": total}

    product = replace(PRODUCT, version=today.isoformat())
    return Order(kind="sites", product=product, assets=(asset,), target="opencellid.csv", write=write, several=True)


def _inside(line: str, bounds: Bounds) -> bool:
    """Tell whether a line's cell lies in the area; a line that is no cell, such as a heading, does not."""
    cells = next(csv.reader([line]), [])
    try:
        lon, lat = float(cells[_LON]), float(cells[_LAT])
    except (IndexError, ValueError):
        return False
    west, south, east, north = bounds
    return west <= lon <= east and south <= lat <= north
