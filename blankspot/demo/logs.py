"""Readings as files hold them: one's own template, G-NetTrack logs, an export with network codes, and a zip of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.demo.fields import stream
from blankspot.schema import TABLES

if TYPE_CHECKING:
    from blankspot.demo.fields import Ints

OWN: Final = ("measured_at", "lon", "lat", "accuracy_m", "operator", "technology", "metric", "value", "source")
_MODES: Final = {
    "4G": ("LTE", "LTE", "LTE-A", "LTE_A"),
    "3G": ("HSPA+", "UMTS"),
    "2G": ("EDGE", "GPRS"),
    "": ("No service",),
}
_MOBILE_CODES: Final = {"telkomsel": "10", "indosat": "1", "xl": "11", "smartfren": "9"}
_ACCESS: Final = {"4G": "LTE", "3G": "UMTS", "2G": "GSM"}
_SPELLED: Final = {"telkomsel": "TELKOMSEL", "indosat": "Indosat Ooredoo", "xl": "XL Axiata", "smartfren": "Smartfren"}
_WIB_SECONDS: Final = 7 * 3600


def own_table(readings: pd.DataFrame, source: str) -> pd.DataFrame:
    """Return readings in the project's own template, as texts under its identifiers."""
    frame = pd.DataFrame(
        {
            "measured_at": readings["measured_at"].dt.strftime("%Y-%m-%d %H:%M:%S"),
            "lon": _decimals(readings["lon"]),
            "lat": _decimals(readings["lat"]),
            "accuracy_m": readings["accuracy_m"].map("{:.1f}".format),
            "operator": readings["operator"],
            "technology": readings["technology"],
            "metric": readings["metric"],
            "value": readings["value"].map(_plain),
        }
    )
    return frame.assign(source=source).astype("str").reset_index(drop=True)


def in_indonesian(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table in the own template under its Indonesian headings."""
    columns = TABLES["measurements"].columns
    return frame.rename(columns={name: columns[name].title for name in frame.columns})


def nettrack_table(seed: int, name: str, readings: pd.DataFrame) -> pd.DataFrame:
    """Return readings of level as a G-NetTrack log; speed tests are left out."""
    rng = stream(seed, f"log {name}")
    level = readings[readings["metric"] != "download_mbps"].reset_index(drop=True)
    size = len(level)
    mode = [_MODES[generation][int(rng.integers(len(_MODES[generation])))] for generation in level["technology"]]
    heard = level["value"].notna().to_numpy()
    cell = rng.integers(1, 250, size)
    frame = pd.DataFrame(
        {
            "Timestamp": level["measured_at"].dt.strftime("%Y.%m.%d_%H.%M.%S"),
            "Longitude": _decimals(level["lon"]),
            "Latitude": _decimals(level["lat"]),
            "Speed": rng.integers(0, 18, size),
            "Operatorname": level["operator"].map(_SPELLED),
            "CellID": np.where(heard, cell.astype(str), "-"),
            "NetworkMode": mode,
            "RSRP": [_plain(value) or "-" for value in level["value"]],
            "RSRQ": np.where(heard, (-rng.integers(6, 19, size)).astype(str), "-"),
            "SNR": np.where(heard, rng.integers(-4, 25, size).astype(str), "-"),
            "DL_bitrate": rng.integers(0, 900, size),
            "UL_bitrate": rng.integers(0, 120, size),
            "State": "I",
            "Accuracy": level["accuracy_m"].map("{:.0f}".format),
        }
    )
    return frame.astype("str")


def cell_info_table(seed: int, name: str, readings: pd.DataFrame) -> pd.DataFrame:
    """Return the readings that have a level as an export with network codes and epoch milliseconds."""
    rng = stream(seed, f"export {name}")
    level = readings[readings["value"].notna() & (readings["metric"] != "download_mbps")].reset_index(drop=True)
    epoch = (level["measured_at"] - pd.Timestamp("1970-01-01")).dt.total_seconds().astype("int64") - _WIB_SECONDS
    size = len(level)
    frame = pd.DataFrame(
        {
            "mcc": "510",
            "mnc": level["operator"].map(_MOBILE_CODES),
            "lac": rng.integers(2000, 2060, size),
            "cellid": rng.integers(10_000_000, 10_900_000, size),
            "lat": _decimals(level["lat"]),
            "lon": _decimals(level["lon"]),
            "signal": level["value"].map(_plain),
            "measured_at": epoch * 1000,
            "rating": level["accuracy_m"].map("{:.1f}".format),
            "speed": np.round(rng.uniform(0, 4, size), 1),
            "direction": np.round(rng.uniform(0, 360, size), 1),
            "act": level["technology"].map(_ACCESS),
        }
    )
    return frame.astype("str")


def split_logs(seed: int, readings: pd.DataFrame, villages: Ints) -> pd.DataFrame:
    """Return which readings were logged by an app and which went into one's own template: a column `logged`."""
    rng = stream(seed, "split")
    chosen = rng.permutation(villages)[: max(1, len(villages) // 4)]
    return readings.assign(logged=readings["village"].isin(chosen.tolist()) & (readings["operator"] == "telkomsel"))


def _decimals(values: pd.Series) -> pd.Series:
    return values.map("{:.6f}".format)


def _plain(value: float) -> str:
    return "" if np.isnan(value) else f"{value:g}"
