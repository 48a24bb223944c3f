"""Readings of signal and speed, each judged by one rule at a time; every rule has its own name and can be counted.

Rules in their order: cells beyond the headings, positions (unreadable, swapped, missing, zero), a named metric, a value that
is no sentinel, the schema, a radio that fits the metric, an operator, what is possible for the metric, the clock, the accuracy
of the position, the area, and at last repetition. What names a device or a surveyor becomes a pseudonym before anything else. The clock of this machine is never read: times are judged against `now`
only where the caller gives it. A table with one column per metric gives one reading per filled cell, and these are the rows
that are counted.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.check import Checked, Review
from blankspot.schema import METRIC_TECHNOLOGY, TABLES
from blankspot.settings import Settings, load_settings
from blankspot.sources.loggers import metric_names, standardise
from blankspot.sources.names import each_distinct, generation, review_operators
from blankspot.sources.positions import Area, blank_sentinels, is_sentinel, review_area, review_positions
from blankspot.sources.tables import note_empty, note_unread, read_tables, reject_surplus
from blankspot.values import without_unit
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_SAME: Final = ["measured_at", "lon", "lat", "operator", "technology", "metric", "value"]
_UNITS: Final = {"dBm": "_dbm", "Mbps": "_mbps"}  # unit to the ending of the metrics that have it
_MESSAGES: Final = {
    "missing_metric": Text(
        "Nama besaran (metrik) tidak ada, sehingga nilai {value} tidak dapat diartikan.",
        "The metric is not named, so value {value} cannot be understood.",
    ),
    "sentinel_value": Text("Nilai '{value}' berarti tidak ada bacaan.", "Value '{value}' stands for no reading."),
    "missing_value": Text("Nilai kosong.", "The value is empty."),
    "metric_not_of_technology": Text(
        "Besaran {value} bukan besaran teknologi di baris ini.",
        "Metric {value} does not belong to this row's technology.",
    ),
    "missing_operator": Text("Operator tidak disebutkan.", "The operator is not named."),
    "impossible": Text("Nilai {value} tidak mungkin untuk {metric}.", "Value {value} is impossible for {metric}."),
    "time_in_future": Text("Waktu ukur {value} di masa depan.", "Time {value} is in the future."),
    "accuracy_too_coarse": Text(
        "Akurasi posisi {value} m lebih buruk daripada {limit} m.",
        "Position accuracy of {value} m is worse than {limit} m.",
    ),
    "duplicate": Text(
        "Bacaan yang sama sudah ada (waktu, tempat, operator, teknologi, besaran, nilai).",
        "The same reading is there already (time, place, operator, technology, metric, value).",
    ),
}


def read_measurements(
    path: str | Path | Sequence[str | Path],
    *,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
    area: Area | None = None,
    now: dt.datetime | None = None,
    settings: Settings | None = None,
) -> Checked:
    """Read readings from files of one's own, G-NetTrack Pro logs, and Network Cell Info or OpenCelliD exports.

    Args:
        path: CSV, XLSX, Parquet, GeoPackage, GeoJSON, a zip of these, or several; the dialect of each file is found out.
        mapping: Our column to theirs, or to "=constant", e.g. `{"value": "Level", "metric": "=rsrp_dbm"}`.
        sheet: Sheet of a workbook or layer of a map file; the first with data if not given.
        area: Villages (EPSG:4326) or bounds (west, south, east, north) outside which readings are refused.
        now: Readings later than this, by more than the tolerance of the settings, are refused; not judged if not given.
        settings: Ranges, accuracy, time zone, aliases and language; the defaults if not given.

    Returns:
        Accepted readings with the columns of `schema.TABLES["measurements"]` (times in UTC), and every reject and repair.

    Raises:
        SourceError: A file as a whole cannot be used.
    """
    settings = settings or load_settings()
    tables, empty = read_tables(path, sheet=sheet)
    frame = pd.concat([standardise(table, mapping) for table in tables], ignore_index=True)
    frame["contributor"] = _pseudonyms(blank_sentinels(frame["contributor"]))
    review = Review(
        frame, table="measurements", source=frame["source_file"], row=frame["source_row"], lang=settings.language
    )
    note_empty(review, empty)
    note_unread(review, tables)
    reject_surplus(review)
    review_positions(review)
    _name_metrics(review)
    review.conform(TABLES["measurements"], zone=settings.zone)
    _fit_technology(review)
    review_operators(review, settings)
    _reject_impossible(review, settings)
    _reject_future(review, now, settings)
    coarse = review.frame["accuracy_m"] > settings.intake.accuracy_max_m
    limit = f"{settings.intake.accuracy_max_m:g}"
    message = _MESSAGES["accuracy_too_coarse"].fill(value="{value}", limit=limit)
    review.reject(coarse, column="accuracy_m", rule="accuracy_too_coarse", message=message)
    review_area(review, area)
    _reject_duplicates(review)
    review.frame = review.frame[list(TABLES["measurements"].columns)]
    return review.finish()


def _pseudonyms(devices: pd.Series) -> pd.Series:
    """Return for each device a name that tells it from the others and cannot be traced back.

    An IMEI has few enough values to be tried one by one, so its digest is keyed with a secret that ends with this process.
    """

    def pseudonym(device: str) -> str:
        return hashlib.blake2b(device.strip().casefold().encode(), key=_secret(), digest_size=8).hexdigest()

    return each_distinct(devices, pseudonym)


@cache
def _secret() -> bytes:
    return secrets.token_bytes(16)


def _name_metrics(review: Review) -> None:
    """Settle metric, technology and value, which may all be missing or stand for "nothing"."""
    frame = review.frame
    for name in ("accuracy_m", "operator", "technology", "metric", "measured_at"):
        frame[name] = blank_sentinels(frame[name])
    frame["metric"] = metric_names(frame["metric"])
    frame["technology"] = generation(frame["technology"])
    frame["source"] = frame["source"].fillna(frame["source_file"])
    review.reject(
        frame["metric"].isna(),
        column="metric",
        rule="missing_metric",
        message=_MESSAGES["missing_metric"],
        value=frame["value"],
    )
    for unit, ending in _UNITS.items():
        told = frame["metric"].str.endswith(ending).fillna(value=False).astype(bool)
        frame["value"] = frame["value"].mask(told, without_unit(frame["value"], unit))
    silent = frame["metric"] == "no_service"
    review.reject(
        is_sentinel(frame["value"]) & ~silent,
        column="value",
        rule="sentinel_value",
        message=_MESSAGES["sentinel_value"],
    )
    review.reject(
        frame["value"].isna() & ~silent, column="value", rule="missing_value", message=_MESSAGES["missing_value"]
    )
    frame["value"] = frame["value"].mask(silent)


def _fit_technology(review: Review) -> None:
    """Fill an empty technology from the metric and refuse a level of another generation (LTE and NR share theirs)."""
    frame = review.frame
    told = frame["metric"].map(METRIC_TECHNOLOGY)
    frame["technology"] = frame["technology"].fillna(told)
    newer = told.isin(["4G", "5G"]) & frame["technology"].isin(["4G", "5G"])
    review.reject(
        told.notna() & (frame["technology"] != told) & ~newer,
        column="metric",
        rule="metric_not_of_technology",
        message=_MESSAGES["metric_not_of_technology"],
    )
    review.reject(
        frame["operator"].isna() & (frame["metric"] != "no_service"),
        column="operator",
        rule="missing_operator",
        message=_MESSAGES["missing_operator"],
    )


def _reject_impossible(review: Review, settings: Settings) -> None:
    frame = review.frame
    for metric, limits in settings.intake.range.items():
        message = _MESSAGES["impossible"].fill(value="{value}", metric=metric)
        beyond = (frame["metric"] == metric) & ((frame["value"] < limits.min) | (frame["value"] > limits.max))
        review.reject(beyond, column="value", rule=f"impossible_{metric}", message=message)


def _reject_future(review: Review, now: dt.datetime | None, settings: Settings) -> None:
    if now is None:
        return
    moment = now if now.tzinfo else now.replace(tzinfo=settings.zone)
    latest = moment + dt.timedelta(minutes=settings.intake.future_tolerance_minutes)
    review.reject(
        review.frame["measured_at"] > pd.Timestamp(latest),
        column="measured_at",
        rule="time_in_future",
        message=_MESSAGES["time_in_future"],
    )


def _reject_duplicates(review: Review) -> None:
    """Keep one of each repeated reading: the most accurate, then the first by source, so that row order plays no part."""
    alive = np.flatnonzero(review.alive)
    rows = review.frame.iloc[alive]
    repeated = rows[rows.duplicated(_SAME, keep=False)]
    ordered = repeated.sort_values(["accuracy_m", "source_file", "source_row"], kind="stable", na_position="last")
    later = ordered.index[ordered.duplicated(_SAME, keep="first")]
    mask = np.zeros(len(review.frame), dtype=bool)
    mask[later] = True
    review.reject(mask, column="value", rule="duplicate", message=_MESSAGES["duplicate"])
