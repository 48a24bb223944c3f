"""The tables of a workspace on disk: how they are written and read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from blankspot.out.tables import write_parquet

if TYPE_CHECKING:
    from pathlib import Path

_WITH_GEOMETRY: Final = ("villages", "roads", "rivers")


def write_table(path: Path, frame: pd.DataFrame) -> None:
    """Write a table of the workspace."""
    write_parquet(path, frame)


def read_table(path: Path) -> pd.DataFrame:
    """Read a table of the workspace back."""
    return gpd.read_parquet(path) if path.stem in _WITH_GEOMETRY else pd.read_parquet(path)
