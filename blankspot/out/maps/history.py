"""The past as the map carries it: how every village stood at the end of each quarter, and every move between them.

Handling is told as moves (village, day, stage, partner), from which the page works out any day. Signal classes are told for
the ends of quarters that could be judged; a quarter that could not be judged has none, which is not the same as "unknown".
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from blankspot.out.maps.payload import EPOCH, clean, day_column, deltas, text_column
from blankspot.out.maps.tables import Table, known_only, require
from blankspot.schema import CONFIDENCES, SIGNAL_CLASSES
from blankspot.words import LABELS

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

_KINDS: Final = len(CONFIDENCES) + 1
_QUARTER: Final = 3  # months


@dataclass(frozen=True, kw_only=True, eq=False)
class History:
    """What was, as of each of some days.

    Attributes:
        stops: Days that the reader can choose, ascending; the last is the day that the map speaks of.
        moves: village_code, on (day), stage ("" where nothing is known any more), partner; ordered by day.
        classes: village_code, on (one of `stops`), signal_class, confidence.
        progress: on (one of `stops`), year (of the target list), numerator, denominator, text_id, text_en.
    """

    stops: tuple[dt.date, ...]
    moves: pd.DataFrame
    classes: pd.DataFrame
    progress: pd.DataFrame


def quarter_ends(first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """Return the last days of the quarters from that of `first` on, before `last`, and `last` itself."""
    ends: list[dt.date] = []
    year, quarter = first.year, (first.month - 1) // _QUARTER + 1
    while True:
        month = quarter * _QUARTER
        end = dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
        if end >= last:
            return (*ends, last)
        ends.append(end)
        year, quarter = (year, quarter + 1) if quarter < 4 else (year + 1, 1)  # noqa: PLR2004 - quarters of a year


def history_table(history: History, villages: gpd.GeoDataFrame) -> Table:
    """Return the past of the villages on the map.

    Raises:
        UsageError: A frame lacks columns or holds identifiers that are not known.
    """
    require(history.moves, "history.moves", ("village_code", "on", "stage", "partner"))
    require(history.classes, "history.classes", ("village_code", "on", "signal_class", "confidence"))
    require(history.progress, "history.progress", ("on", "year", "numerator", "denominator", "text_id", "text_en"))
    row_of = {clean(code): row for row, code in enumerate(villages["village_code"])}
    moves = history.moves.assign(_row=[row_of.get(clean(code), -1) for code in history.moves["village_code"]])
    moves = moves[moves["_row"] >= 0].sort_values(["_row", "on"], kind="stable")
    judged, classes = _classes(history, row_of)
    columns: dict[str, Any] = {
        "stops": [stop.toordinal() - EPOCH for stop in history.stops],
        "judged": judged,
        "stage": text_column(known_only(moves["stage"], "stage", LABELS["stage"])),
        "partner": text_column(moves["partner"]),
        "progress": _progress(history.progress),
    }
    parts = {
        "history.village": deltas(moves["_row"].to_numpy(dtype=np.int64)),
        "history.on": deltas(np.array(day_column(moves["on"]), dtype=np.int64)),
        "history.classes": classes,
    }
    return Table(columns=columns, parts=parts)


def _progress(frame: pd.DataFrame) -> list[dict[str, Any]]:
    days = day_column(frame["on"])
    rows: Any = frame.to_dict("records")
    return [
        {
            "on": on,
            "year": int(row["year"]),
            "done": int(row["numerator"]),
            "of": int(row["denominator"]),
            "text": {"id": clean(row["text_id"]), "en": clean(row["text_en"])},
        }
        for on, row in zip(days, rows, strict=True)
    ]


def _classes(history: History, row_of: dict[str, int]) -> tuple[list[int], bytes]:
    """Return which stops were judged, and for each a byte per village: class and confidence, 0 where there is none."""
    found = history.classes
    signal = known_only(found["signal_class"], "signal_class", SIGNAL_CLASSES)
    sure = known_only(found["confidence"], "confidence", CONFIDENCES)
    codes = [
        0 if not name else 1 + SIGNAL_CLASSES.index(name) * _KINDS + (CONFIDENCES.index(kind) + 1 if kind else 0)
        for name, kind in zip(signal, sure, strict=True)
    ]
    stop_of = {stop.toordinal() - EPOCH: at for at, stop in enumerate(history.stops)}
    at = np.array([-1 if day is None else stop_of.get(day, -1) for day in day_column(found["on"])], dtype=np.int64)
    rows = np.array([row_of.get(clean(code), -1) for code in found["village_code"]], dtype=np.int64)
    table = np.zeros((len(history.stops), len(row_of)), dtype=np.uint8)
    here = (at >= 0) & (rows >= 0)
    table[at[here], rows[here]] = np.array(codes, dtype=np.uint8)[here]
    judged = sorted(set(at[here].tolist()))
    return judged, table[judged].tobytes()
