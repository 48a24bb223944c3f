"""What loggers and exports call things: each dialect becomes the columns of the measurements table, still as texts.

Loggers put the level of the serving cell into one column whatever the radio is. Which metric it is follows from the radio:
RSRP for LTE, SS-RSRP for NR, RSCP for the UMTS family, RxLev for the GSM family. A row whose radio is not known gets no
metric, and is refused later. (A phone on non-standalone 5G may log the level of its LTE anchor as "5G"; the thresholds of
both are the same.) Bitrates in drive-test logs are what an application happened to move in that second, not what the
network could carry, so they are not read as download_mbps.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from blankspot.schema import METRIC_TECHNOLOGY, METRICS, TABLES
from blankspot.sources.names import each_distinct, generation, network_code
from blankspot.sources.tables import ORIGIN, fold_heading, recognise, to_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEVEL_OF: Final = {technology: metric for metric, technology in METRIC_TECHNOLOGY.items()}
_NO_SERVICE: Final = frozenset(
    {
        "noservice",
        "nosignal",
        "outofservice",
        "oos",
        "limitedservice",
        "emergencyonly",
        "tidakadalayanan",
        "tidakadasinyal",
    }
)
DEVICE_HEADINGS: Final = (
    "device", "deviceid", "id perangkat", "kode perangkat", "nomor perangkat", "imei", "imsi", "serial", "nomor seri", "android id",
    "surveyor", "petugas", "nama petugas", "enumerator", "kode petugas", "tester", "phone id", "devn",
)  # fmt: skip
ALIASES: Final = {
    "measured_at": (
        "waktu", "tanggal", "timestamp", "time", "datetime", "date", "tanggal dan jam", "waktu pengukuran", "tanggal ukur",
    ),
    "lon": ("longitude", "long", "lng", "x", "bujur timur"),
    "lat": ("latitude", "y", "lintang selatan"),
    "accuracy_m": ("accuracy", "akurasi gps", "gps accuracy", "akurasi posisi"),
    "operator": ("operatorname", "operator seluler", "provider", "penyedia", "network operator", "jaringan"),
    "technology": ("tech", "network type", "networkmode", "rat", "generasi", "jenis jaringan"),
    "metric": ("besaran", "parameter"),
    "value": ("hasil", "hasil ukur", "pengukuran"),
    "indoor": ("dalam ruangan", "di dalam gedung"),
    "contributor": DEVICE_HEADINGS,
}  # fmt: skip
_METRIC_WORDS: Final = {
    "rsrp_dbm": "rsrp ltersrp rsrplte rsrp4g",
    "ss_rsrp_dbm": "ssrsrp nrrsrp ssrsrpnr nrssrsrp rsrp5g rsrpnr",
    "rscp_dbm": "rscp cpichrscp rscp3g",
    "rxlev_dbm": "rxlev rxlevel rxlev2g",
    "no_service": "noservice tidakadalayanan tidakadasinyal nosignal",
    "download_mbps": "downloadmbps unduhmbps kecepatanunduhmbps dlmbps",
    "upload_mbps": "uploadmbps unggahmbps kecepatanunggahmbps ulmbps",
}
_BY_WORD: Final = {
    word: metric for metric, words in _METRIC_WORDS.items() for word in (metric.replace("_", ""), *words.split())
} | {f"{word}dbm": metric for metric in METRIC_TECHNOLOGY for word in _METRIC_WORDS[metric].split()}
_COLUMNS: Final = (
    "measured_at",
    "lon",
    "lat",
    "accuracy_m",
    "operator",
    "technology",
    "metric",
    "value",
    "indoor",
    "source",
    "contributor",
)


class _Dialect(NamedTuple):
    """Where a logger writes what; the first column of each tuple that exists is taken, then the next where it is empty."""

    needs: frozenset[str]
    level: tuple[str, ...]
    radio: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]


_G_NETTRACK: Final = _Dialect(
    needs=frozenset({"timestamp", "longitude", "latitude", "networkmode"}),
    level=("level", "rsrp"),
    radio=("networkmode", "networktech"),
    columns={
        "measured_at": ("timestamp",),
        "lon": ("longitude",),
        "lat": ("latitude",),
        "accuracy_m": ("accuracy",),
        "operator": ("operatorname", "operator"),
        "contributor": tuple(map(fold_heading, DEVICE_HEADINGS)),
    },
)
_OPENCELLID: Final = _Dialect(
    needs=frozenset({"mcc", "lat", "lon", "measuredat", "signal"}),
    level=("signal",),
    radio=("act", "radio"),
    columns={
        "measured_at": ("measuredat",),
        "lon": ("lon",),
        "lat": ("lat",),
        "accuracy_m": ("rating",),
        "contributor": ("devn", "deviceid"),
    },
)


def standardise(frame: pd.DataFrame, mapping: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Bring one table of readings under the columns of the measurements table, as texts, with the origin of each row.

    Args:
        frame: As `read_table` gives it.
        mapping: Our name to theirs or "=constant"; with `metric` or `value` in it the table is read as one's own, else it
            overrides what the dialect says.

    Raises:
        SourceError: A required or mapped column is not there.
    """
    schema = TABLES["measurements"]
    mapping = dict(mapping or {})
    heads = {fold_heading(name): name for name in reversed(frame.columns) if name not in ORIGIN}
    own = mapping.keys() & {"metric", "value"}
    for dialect in (_G_NETTRACK, _OPENCELLID):
        if not own and dialect.needs <= heads.keys() and any(name in heads for name in dialect.level):
            read = _from_logger(frame, heads, dialect)
            found = [name for name in frame.columns if name not in ORIGIN]
            given = recognise(found, schema, mapping=mapping, name=str(frame["source_file"].iloc[0]))
            for ours in mapping:
                theirs = given[ours]
                read[ours] = theirs[1:] if theirs.startswith("=") else frame[theirs]
            break
    else:
        read = _from_own(frame, mapping)
    missing = [name for name in _COLUMNS if name not in read]
    return read.assign(**{name: pd.Series(np.nan, index=read.index, dtype="str") for name in missing})


def metric_names(values: pd.Series) -> pd.Series:
    """Return the identifier of each metric, however it was written ("RSRP (dBm)", "ss-rsrp"); others stay as written."""
    return each_distinct(values, lambda text: _BY_WORD.get(_bare(text), text))


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _from_logger(frame: pd.DataFrame, heads: Mapping[str, str], dialect: _Dialect) -> pd.DataFrame:
    read = frame[[name for name in ORIGIN if name in frame]].copy()
    for ours, theirs in dialect.columns.items():
        read[ours] = _first(frame, heads, theirs)
    if dialect is _OPENCELLID:
        network = heads.get("mnc", heads.get("net", ""))
        read["operator"] = network_code(frame[heads["mcc"]], frame[network]) if network else np.nan
    radio = _first(frame, heads, dialect.radio)
    read["technology"] = generation(radio).where(generation(radio).isin(list(_LEVEL_OF)))
    silent = each_distinct(radio, lambda text: "no_service" if _bare(text) in _NO_SERVICE else None).notna()
    read["metric"] = read["technology"].map(_LEVEL_OF).astype("str").mask(silent, "no_service")
    read["value"] = _first(frame, heads, dialect.level[:1] if dialect.level[0] in heads else dialect.level[1:])
    return read


def _first(frame: pd.DataFrame, heads: Mapping[str, str], names: tuple[str, ...]) -> pd.Series:
    """Return the first of the columns that exists, its gaps (also "-") filled from the next."""
    read = pd.Series(np.nan, index=frame.index, dtype="str")
    for name in names:
        if name in heads:
            read = read.where(read.notna() & (read != "-"), frame[heads[name]])
    return read


def _from_own(frame: pd.DataFrame, mapping: Mapping[str, str]) -> pd.DataFrame:
    schema = TABLES["measurements"]
    found = [name for name in frame.columns if name not in ORIGIN]
    given = recognise(found, schema, mapping=mapping, aliases=ALIASES, name=str(frame["source_file"].iloc[0]))
    metrics = {_BY_WORD[_bare(name)]: name for name in reversed(found) if _bare(name) in _BY_WORD}
    if "metric" in given or not metrics:
        return to_schema(frame, schema, mapping=mapping, aliases=ALIASES)
    required = ("measured_at", "lon", "lat")
    read = to_schema(frame, schema, mapping=mapping, aliases=ALIASES, required=required)
    return _one_per_metric(read, frame, metrics)


def _one_per_metric(read: pd.DataFrame, frame: pd.DataFrame, metrics: Mapping[str, str]) -> pd.DataFrame:
    """Make one reading of every filled metric cell; a row with none filled stays one reading without a metric."""
    parts = []
    blank = pd.Series(data=True, index=frame.index)
    for metric in (name for name in METRICS if name in metrics):
        cells = frame[metrics[metric]]
        filled = cells.notna()
        blank &= ~filled
        parts.append(read[filled].assign(metric=metric, value=cells[filled]))
    parts.append(read[blank].assign(metric=np.nan, value=np.nan))
    long = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    return long.astype({"metric": "str", "value": "str"})
