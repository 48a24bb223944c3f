"""The faults that real files have, put in on purpose and listed, so that whoever reads can be checked against the list.

Rows are added, never changed: what the clean rows say stays true. Each fault has a name; the list gives file and line
(the headings are line 1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.demo.fields import stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

Row = dict[str, str]
_COUNT: Final = 4
_NUMBERS: Final = ("report_id", "facility_id", "point_id", "proposal_id")


def _with(**fixed: str) -> Callable[[Row], Row]:
    return lambda row: row | fixed


def _swapped(row: Row) -> Row:
    """Swap the position, ten metres off, so that the row put right is a row of its own."""
    return row | {"lon": row["lat"], "lat": f"{float(row['lon']) + 9e-5:.6f}"}


def _outside(row: Row) -> Row:
    return row | {"lon": f"{float(row['lon']) + 1.9:.6f}"}


MEASURED: Final[dict[str, Callable[[Row], Row]]] = {
    "sentinel_dash": _with(value="-", metric="rsrp_dbm", technology="4G"),
    "sentinel_minus_200": _with(value="-200", metric="rsrp_dbm", technology="4G"),
    "sentinel_2147483647": _with(value="2147483647", metric="rsrp_dbm", technology="4G"),
    "impossible_value": _with(value="-12", metric="rsrp_dbm", technology="4G"),
    "metric_not_named": _with(value="-97", metric=""),
    "future_time": _with(measured_at="2099-01-01 07:00:00"),
    "bad_accuracy": _with(accuracy_m="850"),
    "swapped_lon_lat": _swapped,
    "outside": _outside,
    "no_fix": _with(lon="0", lat="0"),
    "duplicate": _with(),
}
PLACED: Final[dict[str, Callable[[Row], Row]]] = {
    "swapped_lon_lat": _swapped,
    "outside": _outside,
    "duplicate": _with(),
}
REPORTED: Final[dict[str, Callable[[Row], Row]]] = {
    "swapped_lon_lat": _swapped,
    "outside": _outside,
    "unreadable_date": _with(reported_on="kemarin"),
    "duplicate": _with(),
}


def damage_code(code: str) -> str:
    """Return a dotted village code as a spreadsheet leaves it that took it for a number: "99.01.04.2003" → "99.1"."""
    province, regency = code.split(".")[:2]
    return f"{province}.{int(regency)}"


def undot(code: str) -> str:
    """Return a code without its dots, which could be of either numbering."""
    return code.replace(".", "")


CODED: Final[dict[str, Callable[[Row], Row]]] = {
    "code_float_damaged": lambda row: row | {"village_code": damage_code(row["village_code"])},
    "code_undotted": lambda row: row | {"village_code": undot(row["village_code"])},
    "code_unknown": lambda row: row | {"village_code": row["village_code"].rsplit(".", 1)[0] + ".2999"},
}
LISTED: Final = {name: CODED[name] for name in ("code_float_damaged", "code_undotted")}
LOGGED: Final[dict[str, Callable[[Row], Row]]] = {
    "sentinel_dash": _with(RSRP="-", NetworkMode="LTE"),
    "sentinel_minus_200": _with(RSRP="-200", NetworkMode="LTE"),
    "sentinel_2147483647": _with(RSRP="2147483647", NetworkMode="LTE"),
    "radio_unknown": _with(NetworkMode="-"),
    "duplicate": _with(),
}


def soil(
    seed: int, path: str, frame: pd.DataFrame, faults: dict[str, Callable[[Row], Row]], *, each: int = _COUNT
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add faulty rows at random places of a table of texts.

    Args:
        seed: Seed of the world.
        path: Name of the file, as the list gives it.
        frame: The clean rows, as texts.
        faults: How each fault is made of a clean row.
        each: Rows of each fault.

    Returns:
        The table with the faulty rows, and the list: file, line, fault.
    """
    rng = stream(seed, f"mess {path}")
    usable = _usable(frame, placed="swapped_lon_lat" in faults)
    if not usable.size:
        return frame, pd.DataFrame({"file": "", "line": np.empty(0, dtype=np.intp), "fault": ""})
    numbered = next((str(column) for column in frame.columns if column in _NUMBERS), "")
    rows: list[Row] = []
    names, places = [], []
    for name, change in faults.items():
        for _ in range(each):
            at = int(rng.choice(usable))
            row = {str(key): str(text) for key, text in frame.iloc[at].to_dict().items()}
            if numbered and name != "duplicate":
                row[numbered] += f"-{len(rows) + 1}"  # a row of its own
            rows.append(change(row))
            names.append(name)
            places.append(at + 0.5 if name == "duplicate" else float(rng.integers(len(frame))) + 0.25)
    added = pd.DataFrame(rows, columns=frame.columns).assign(fault=names, at=places)
    both = pd.concat([frame.assign(fault="", at=np.arange(len(frame), dtype=float)), added])
    both = both.sort_values("at", kind="stable").reset_index(drop=True)
    faulty = both["fault"] != ""
    listed = pd.DataFrame(
        {"file": path, "line": np.flatnonzero(faulty) + 2, "fault": both.loc[faulty, "fault"].to_numpy()}
    )
    return both[frame.columns], listed


def _usable(frame: pd.DataFrame, *, placed: bool) -> NDArray[np.intp]:
    """Return the rows a faulty one can be made of: with a level where there are any, with a position where it is needed."""
    fits = np.ones(len(frame), dtype=bool)
    if placed:
        fits &= (frame["lon"] != "").to_numpy()
    heard = fits & (frame["metric"] != "no_service").to_numpy() if "metric" in frame else fits
    return np.flatnonzero(heard if heard.any() else fits)
