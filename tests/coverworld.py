"""A small coverage for the tests: its frame, its arrays, and how a store is filled with them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from affine import Affine

from blankspot.check import REJECT_COLUMNS
from blankspot.coverage import Frame
from blankspot.out.coverage import CoverageStore
from blankspot.settings import Provenance, SourceNote

if TYPE_CHECKING:
    from pathlib import Path

    from blankspot.out.coverage import StoredCoverage

KEYS = (("telkomsel", "4G"), ("xl", "2G"))
FLOORS = {KEYS[0]: -140.0, KEYS[1]: -120.0}
REMARKS = pd.DataFrame(
    [("services", "menara.xlsx", 7, "eirp_dbm", "out_of_range", "58000", "EIRP …", "rejected")],
    columns=[*REJECT_COLUMNS],
)
PROVENANCE = Provenance(
    version="9.9.9",
    profile="uji",
    profile_digest="0a1b2c3d",
    as_of=dt.date(2022, 12, 26),
    title="Kabupaten Uji",
    sources=(SourceNote(name="data/dem.tif", kind="terrain", sha256="ab" * 32),),
)


def frame(shape=(150, 210), *, tile=64, keys=KEYS, digest="d1", coarse=False, crs="EPSG:32748", transform=None):
    """Return a frame of 30 m pixels in UTM, or elsewhere."""
    return Frame(
        crs=crs,
        transform=transform or Affine(30, 0, 729_000, 0, -30, 9_076_000),
        shape=shape,
        tile_pixels=tile,
        keys=keys,
        floors_dbm={key: FLOORS[key] for key in keys},
        services=pd.DataFrame({"site_id": ["A", "B"], "operator": ["telkomsel", "xl"], "band_mhz": [900.0, np.nan]}),
        model="p1812",
        coarse=coarse,
        digest=digest,
    )


def world(laid: Frame, seed: int = 0):
    """Return whole arrays by key: levels, not predicted, at the floor."""
    random = np.random.default_rng(seed)
    parts = {}
    for key in laid.keys:
        median = random.uniform(-150, -40, laid.shape).astype(np.float32)
        median = np.maximum(median, np.float32(laid.floors_dbm[key]))
        median[random.random(laid.shape) < 0.2] = np.nan
        sd = np.where(np.isnan(median), np.nan, random.uniform(4, 15, laid.shape)).astype(np.float32)
        server = np.where(median > laid.floors_dbm[key], random.integers(0, 2, laid.shape), -1).astype(np.int32)
        parts[key] = (median, sd, server)
    return parts


def part(laid: Frame, parts, tile):
    """Return what a store is given of a tile."""
    row, column, rows, columns = laid.window(tile)
    cut = np.s_[row : row + rows, column : column + columns]
    return {key: tuple(whole[cut] for whole in arrays) for key, arrays in parts.items()}


def written(folder: Path, laid: Frame, parts, tiles=None) -> StoredCoverage:
    """Put arrays into a store tile by tile and finish it."""
    store = CoverageStore(folder)
    store.begin(laid)
    for tile in laid.tiles() if tiles is None else tiles:
        store.put(tile, part(laid, parts, tile))
    return store.finish(REMARKS, PROVENANCE)


def levels(layer):
    """Return the array of levels of a layer."""
    return layer.median_dbm.values
