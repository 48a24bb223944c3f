"""Frames as the columns a page carries: what a reader of the map may see, and nothing else.

Columns are named here one by one, so that a column that must not leave the office (a note, a device, a source row, the
text of a report) cannot slip in with a frame that has it. Readings are put together per place, network and metric at the
public precision before anything is drawn.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from blankspot.classify.retelling import retell
from blankspot.errors import UsageError
from blankspot.out.maps import shapes
from blankspot.out.maps.payload import (
    EPOCH,
    clean,
    day_column,
    deltas,
    flag_column,
    number_column,
    text_column,
    varints,
)
from blankspot.out.standing import latest_first
from blankspot.schema import CONFIDENCES, LEVEL_METRICS, SIGNAL_CLASSES
from blankspot.words import LABELS, LANGS, Text

if TYPE_CHECKING:
    from collections.abc import Collection

    import geopandas as gpd
    from numpy.typing import NDArray

    from blankspot.settings import Settings

# What a reader may see of what changed: no money, no notes of the office.
CHANGES: Final = (
    "case_new", "stage", "handled_on", "partner", "intervention_type", "funding_source", "planned_quarter", "target_added",
    "target_removed", "conflict",
)  # fmt: skip
_DECIDED: Final = frozenset({"rejected", "deferred", "reopened"})  # stages whose reason is part of the answer
_SHARE_DECIMALS: Final = 6  # so that a share rounds on the page as it does in the sentence
_NO_SERVICE: Final = "no_service"


@dataclass(frozen=True, kw_only=True)
class Table:
    """Columns for the header and binary parts beside them."""

    columns: dict[str, Any]
    parts: dict[str, bytes]


def require(frame: pd.DataFrame, name: str, columns: Collection[str]) -> None:
    """Refuse a frame without the columns a layer is made of.

    Raises:
        UsageError: The missing columns and those found.
    """
    missing = [column for column in columns if column not in frame]
    if missing:
        found = ", ".join(map(str, frame.columns)) or "–"
        raise UsageError(
            Text(
                f"Tabel {name} untuk peta tidak punya kolom {', '.join(missing)}; kolom yang ada: {found}.",
                f"The table {name} given to the map lacks {', '.join(missing)}; its columns are: {found}.",
            )
        )


def known_only(values: pd.Series, name: str, allowed: Collection[str]) -> list[str]:
    """Return identifiers as text, "" where empty.

    Raises:
        UsageError: A value is none of `allowed`.
    """
    texts = [clean(value) for value in values]
    strange = sorted({text for text in texts if text and text not in allowed})
    if strange:
        raise UsageError(
            Text(
                f"Nilai {name} tidak dikenal: {', '.join(map(repr, strange[:5]))}.",
                f"Unknown {name}: {', '.join(map(repr, strange[:5]))}.",
            ),
            hint=Text(f"Yang dikenal: {', '.join(allowed)}.", f"Known are: {', '.join(allowed)}."),
        )
    return texts


def _optional(frame: pd.DataFrame, column: str) -> pd.Series:
    return frame[column] if column in frame else pd.Series(np.nan, index=frame.index, dtype=object)


def village_table(villages: gpd.GeoDataFrame, verdicts: pd.DataFrame | None, settings: Settings) -> Table:
    """Return one row per village in the order given, its verdict joined by code."""
    drawn = shapes.polygons(villages.geometry.to_numpy())
    codes = [clean(code) for code in villages["village_code"]]
    joined = None if verdicts is None else _joined(pd.Series(codes), verdicts)
    district_codes = [code.rpartition(".")[0] for code in codes]
    columns: dict[str, Any] = {
        "code": text_column(codes),
        "name": text_column(villages["village_name"]),
        "type": text_column(_optional(villages, "village_type")),
        "district": text_column(district_codes),
        "population": number_column(_optional(villages, "population")),
        "unshaped": int(shapely.is_missing(drawn).sum()),
        **_verdict_columns(joined, settings),
    }
    corners = shapes.levels(drawn)
    parts = shapes.encode(corners, shapes.ranks(corners, codes), "villages") | label_parts(shapes.label_points(drawn))
    if joined is not None:
        reasons = _reason_table(_optional(joined, "reason"))
        columns |= reasons.columns
        parts |= reasons.parts
    return Table(
        columns={
            "villages": columns,
            "districts": _districts(villages, district_codes),
            "places": _places(villages, codes),
        },
        parts=parts,
    )


def _places(villages: gpd.GeoDataFrame, codes: list[str]) -> dict[str, Any]:
    """Return the names of provinces and regencies by code, the first two levels of the way down to a village."""
    named: dict[str, str] = {}
    for depth, column in enumerate(("province", "regency"), start=1):
        for code, name in zip(codes, map(clean, _optional(villages, column)), strict=True):
            place = ".".join(code.split(".")[:depth])
            if name and place != code:
                named.setdefault(place, name)
    return {"code": text_column(named), "name": text_column(named.values())}


def label_parts(labels: NDArray[np.float64]) -> dict[str, bytes]:
    """Return where names stand: which villages have a place for one, and the places."""
    there = ~np.isnan(labels).any(axis=1)
    at = shapes.quantised(labels[there])
    return {
        "labels.there": there.astype(np.uint8).tobytes(),
        "labels.lon": deltas(at[:, 0]),
        "labels.lat": deltas(at[:, 1]),
    }


def _districts(villages: gpd.GeoDataFrame, district_codes: list[str]) -> dict[str, Any]:
    named: dict[str, str] = {}
    for code, name in zip(district_codes, map(clean, _optional(villages, "district")), strict=True):
        named[code] = named.get(code, "") or name
    named.pop("", None)
    order = sorted(named)
    return {"code": text_column(order), "name": text_column(named[code] for code in order)}


def _joined(codes: pd.Series, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return the verdict of each village, empty where there is none."""
    require(verdicts, "verdicts", ("village_code", "signal_class"))
    by_code = verdicts.assign(village_code=[clean(code) for code in verdicts["village_code"]])
    twice = by_code["village_code"][by_code["village_code"].duplicated() & (by_code["village_code"] != "")]
    if len(twice):
        raise UsageError(
            Text(
                f"Verdict ganda untuk desa {twice.iloc[0]}; satu baris per desa.",
                f"More than one verdict for village {twice.iloc[0]}; one row per village.",
            )
        )
    return by_code.drop_duplicates("village_code").set_index("village_code").reindex(codes.to_numpy())


def _verdict_columns(rows: pd.DataFrame | None, settings: Settings) -> dict[str, Any]:
    if rows is None:
        return {}
    classes = known_only(rows["signal_class"], "signal_class", SIGNAL_CLASSES)
    return {
        "signal_class": text_column(classes),
        "confidence": text_column(known_only(_optional(rows, "confidence"), "confidence", CONFIDENCES)),
        "partial": flag_column(_optional(rows, "partial")),
        "no_4g": flag_column(_optional(rows, "no_4g")),
        **{
            share: number_column(_optional(rows, share), _SHARE_DECIMALS)
            for share in ("share_served", "share_weak", "share_none", "share_low", "share_high")
        },
        "weight_kind": text_column(_optional(rows, "weight_kind")),
        "n_measurements": number_column(_optional(rows, "n_measurements")),
        "n_cells": number_column(_optional(rows, "n_cells")),
        "latest_measurement": _local_days(_optional(rows, "latest_measurement"), settings),
    }


def _reason_table(reasons: pd.Series) -> Table:
    """Return why each village has its class: few sentences in both languages, and the figures that fill them.

    A sentence that is none of `classify`'s has no other language; it stands in both, marked as being in one.
    """
    at: dict[Text | str, int] = {}
    rows: list[int] = []
    figures: list[int] = []
    for reason in map(clean, reasons):
        told = retell(reason) if reason else None
        figures += told.figures if told else []
        rows.append(at.setdefault(told.sentence if told else reason, len(at)) if reason else -1)
    sentences = [sentence if isinstance(sentence, Text) else Text(sentence, sentence) for sentence in at]
    columns: dict[str, Any] = {
        **{lang: [sentence.of(lang) for sentence in sentences] for lang in LANGS},
        "single": [int(isinstance(sentence, str)) for sentence in at],
        "at": rows,
    }
    return Table(columns={"reason": columns}, parts={"villages.reason": varints(figures)})


def case_table(handling: pd.DataFrame, villages: gpd.GeoDataFrame) -> Table:
    """Return the cases of the villages on the map, the one that tells how a village stands now first; see `standing`."""
    require(handling, "handling", ("village_code", "stage"))
    cases = latest_first(handling, [clean(code) for code in villages["village_code"]])
    columns = {
        "village": [int(row) for row in cases["_row"]],
        "stage": text_column(known_only(cases["stage"], "stage", LABELS["stage"])),
        "since": day_column(_optional(cases, "since")),
        "year": number_column(_optional(cases, "year")),
        "is_target": flag_column(_optional(cases, "is_target")),
        "handled_on": day_column(_optional(cases, "handled_on")),
        "conflict": flag_column(_optional(cases, "conflict")),
        "reason": text_column(_optional(cases, "reason").where(cases["stage"].isin(_DECIDED))),
        **{
            name: text_column(_optional(cases, name))
            for name in ("partner", "intervention_type", "funding_source", "planned_quarter", "evidence")
        },
    }
    return Table(columns=columns, parts={})


def change_table(
    changes: pd.DataFrame | None, handling: pd.DataFrame | None, villages: gpd.GeoDataFrame
) -> Table | None:
    """Return what changed about the villages on the map, village by village, the latest first; cases as in `case_table`."""
    if changes is None:
        return None
    require(changes, "changes", ("village_code", "what"))
    row_of = {clean(code): row for row, code in enumerate(villages["village_code"])}
    at = pd.Series([row_of.get(clean(code), -1) for code in changes["village_code"]], index=changes.index)
    internet: set[str] = set()
    if handling is not None and {"case_id", "service"} <= set(handling):
        internet = {clean(case) for case in handling["case_id"][handling["service"] == "internet"]}
    cases = [clean(case) for case in _optional(changes, "case_id")]
    mobile = np.array([case not in internet and ":internet" not in case for case in cases], dtype=bool)
    shown = changes[(at >= 0) & changes["what"].isin(CHANGES) & mobile]
    shown = shown.assign(_row=at[shown.index], _day=pd.to_datetime(_optional(shown, "happened_on"), errors="coerce"))
    shown = shown.sort_values(["_row", "_day"], ascending=[True, False], na_position="last", kind="stable")
    columns = {
        "village": [int(row) for row in shown["_row"]],
        "on": day_column(_optional(shown, "happened_on")),
        **{name: text_column(_optional(shown, name)) for name in ("what", "before", "after")},
    }
    return Table(columns=columns, parts={})


def _placed(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Keep the rows with a position on the globe."""
    require(frame, name, ("lon", "lat"))
    lon, lat = (pd.to_numeric(frame[axis], errors="coerce").astype("float64") for axis in ("lon", "lat"))
    return frame[(lon.abs() <= 360) & (lat.abs() < 90)]  # noqa: PLR2004 - the globe, and once more east of the seam


def _positions(frame: pd.DataFrame, name: str) -> dict[str, bytes]:
    return {f"{name}.{axis}": deltas(shapes.quantised(frame[axis])) for axis in ("lon", "lat")}


def site_table(sites: pd.DataFrame, services: pd.DataFrame | None) -> Table:
    """Return towers and what they transmit."""
    shown = _placed(sites, "sites")
    columns = {
        **{
            name: text_column(_optional(shown, name))
            for name in ("site_id", "site_name", "owner", "status", "position_quality")
        },
        "height_m": number_column(_optional(shown, "height_m"), 1),
        "services": text_column(_service_lists(_optional(shown, "site_id"), services)),
    }
    return Table(columns=columns, parts=_positions(shown, "sites"))


def _service_lists(site_ids: pd.Series, services: pd.DataFrame | None) -> list[str]:
    """Write what each site carries as "operator 4G 1800 MHz", one service per line, each once."""
    if services is None:
        return [""] * len(site_ids)
    require(services, "services", ("site_id", "operator", "technology"))
    band = number_column(_optional(services, "band_mhz"), 1)
    by_site: dict[str, dict[str, None]] = {}
    for site, operator, technology, mhz in zip(
        services["site_id"], services["operator"], services["technology"], band, strict=True
    ):
        words = [_operator(operator), clean(technology), "" if mhz is None else f"{mhz:g} MHz"]
        by_site.setdefault(clean(site), {})[" ".join(filter(None, words))] = None
    return ["\n".join(by_site.get(clean(site), ())) for site in site_ids]


def _operator(value: object) -> str:
    """Return how an operator writes its own name, the same in every language."""
    name = clean(value)
    return LABELS["operator"][name].id if name in LABELS["operator"] else name


def internet_table(points: pd.DataFrame) -> Table:
    """Return WiFi, VSAT, low-orbit and fibre points."""
    shown = _placed(points, "internet_points")
    columns = {
        **{name: text_column(_optional(shown, name)) for name in ("point_name", "point_type", "provider", "status")},
        "since": day_column(_optional(shown, "since")),
    }
    return Table(columns=columns, parts=_positions(shown, "internet"))


def facility_table(facilities: pd.DataFrame) -> Table:
    """Return public places."""
    shown = _placed(facilities, "facilities")
    columns: dict[str, Any] = {name: text_column(_optional(shown, name)) for name in ("facility_name", "facility_type")}
    columns["has_internet"] = flag_column(_optional(shown, "has_internet"))
    return Table(columns=columns, parts=_positions(shown, "facilities"))


def reading_table(measurements: pd.DataFrame, settings: Settings) -> Table:
    """Return readings per place (public precision), operator, technology and metric: how many, median, newest day.

    The level of a place is the best of its networks, as a village takes the union over operators.
    """
    require(measurements, "measurements", ("lon", "lat", "metric", "value"))
    shown = _placed(measurements, "measurements")
    decimals = settings.public.coordinate_decimals
    keyed = pd.DataFrame(
        {
            "lon": shapes.quantised(shown["lon"], 10.0**-decimals),
            "lat": shapes.quantised(shown["lat"], 10.0**-decimals),
            **{name: _cleaned(_optional(shown, name)) for name in ("operator", "technology", "metric")},
            "value": pd.to_numeric(shown["value"], errors="coerce").to_numpy(dtype=float, na_value=np.nan),
            "day": pd.Series(_local_days(_optional(shown, "measured_at"), settings), dtype="float64"),
        }
    )
    keys = ["lat", "lon", "operator", "technology", "metric"]
    groups = keyed.groupby(keys, sort=True).agg(n=("lat", "size"), value=("value", "median"), day=("day", "max"))
    groups = groups.reset_index()
    groups["level"] = _levels(groups, settings)
    places = groups.groupby(["lat", "lon"], sort=True)
    columns = {
        "decimals": decimals,
        "total": len(shown),
        "level": [int(level) for level in places["level"].max()],
        "groups": [int(size) for size in places.size()],
        "operator": text_column([_operator(value) for value in groups["operator"]]),
        **{name: text_column(groups[name]) for name in ("technology", "metric")},
        "n": [int(n) for n in groups["n"]],
        "value": number_column(groups["value"], 1),
        "day": [None if np.isnan(day) else int(day) for day in groups["day"]],
    }
    corners = places.size().index.to_frame(index=False)
    parts = {f"measurements.{axis}": deltas(corners[axis].to_numpy(dtype=np.int64)) for axis in ("lon", "lat")}
    return Table(columns=columns, parts=parts)


def _local_days(times: pd.Series, settings: Settings) -> list[int | None]:
    moments = pd.to_datetime(times, errors="coerce", utc=True)
    since = moments.dt.tz_convert(settings.zone).dt.tz_localize(None) - pd.Timestamp(dt.date.fromordinal(EPOCH))
    return [None if np.isnan(day) else int(day) for day in since.dt.days]


def _cleaned(values: pd.Series) -> NDArray[Any]:
    """Return a column of few different texts cleaned, each text once."""
    number, different = pd.factorize(values.astype(object), use_na_sentinel=True)
    return np.array([*map(clean, different), ""], dtype=object)[number]


def _levels(groups: pd.DataFrame, settings: Settings) -> pd.Series:
    """Return 3 strong, 2 weak, 1 none, 0 where the metric is no level (speed)."""
    level = pd.Series(0, index=groups.index)
    for metric in LEVEL_METRICS:
        edges = getattr(settings.signal, metric)
        here = (groups["metric"] == metric) & groups["value"].notna()
        level[here] = (
            1 + (groups["value"][here] >= edges.weak_min_dbm) + (groups["value"][here] >= edges.strong_min_dbm)
        )
    level[groups["metric"] == _NO_SERVICE] = 1
    return level
