"""Classify villages from evidence: none (blankspot), weak, served, or unknown where the evidence is not enough.

The order of work: readings are judged and thinned to cells (`readings`), cells become shares with an interval (`shares`,
`interval`), predicted coverage becomes shares too (`pixels`, `modelled`), people's reports are counted (`reported`), the rules
decide (`rules`), and every row says why (`sentences`, `evidence`). Measured, modelled and reported figures stay apart all the
way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import pandas as pd

from blankspot.classify import evidence as evidence_rows
from blankspot.classify.modelled import modelled_shares as modelled_shares
from blankspot.classify.readings import ANY, NONE, WEAK, thin, valid_days, village_crs
from blankspot.classify.reported import count_reports, newest_podes
from blankspot.classify.rules import bear_out, class_of_shares, decide, possible
from blankspot.classify.sentences import reasons
from blankspot.classify.shares import people_per_cell, shares, weigh
from blankspot.errors import UsageError
from blankspot.geo import assert_wgs84
from blankspot.schema import TABLES
from blankspot.settings import Settings, load_settings
from blankspot.words import Text

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd
    from pyproj import CRS

    from blankspot.classify.readings import Cells
    from blankspot.coverage import CoverageSource
    from blankspot.grid import Grid

COVERAGE_COLUMNS: Final = (
    "village_code",
    "kind",
    "share_served",
    "share_weak",
    "share_none",
    "share_low",
    "share_high",
    "n_pixels",
    "weight_kind",
)
_SHARE_COLUMNS: Final = ("share_served", "share_weak", "share_none", "share_low", "share_high")
_FLAGS: Final = (
    "by_people", "partial_measured", "no_4g_measured", "partial_modelled", "no_4g_modelled", "modelled_coarse", "modelled_wide",
    "modelled_doubted",    "podes_2g_3g",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Verdicts:
    """What `classify` returns.

    Attributes:
        verdicts: One row per village in the order of the villages; columns of `schema.TABLES["verdicts"]`.
        evidence: The figures behind them, long; columns of `schema.TABLES["evidence"]`.
        as_of: Last day whose evidence counted; None where there was no dated evidence.
    """

    verdicts: pd.DataFrame
    evidence: pd.DataFrame
    as_of: dt.date | None

    def counts(self) -> dict[str, int]:
        """Return how many villages each class has, all four classes named."""
        found = self.verdicts["signal_class"].value_counts()
        return {name: int(found.get(name, 0)) for name in ("none", "weak", "served", "unknown")}


def classify(
    villages: gpd.GeoDataFrame,
    *,
    measurements: pd.DataFrame | None = None,
    coverage: CoverageSource | pd.DataFrame | None = None,
    population: Grid | None = None,
    podes: pd.DataFrame | None = None,
    reports: pd.DataFrame | None = None,
    settings: Settings | None = None,
    as_of: dt.date | None = None,
) -> Verdicts:
    """Classify every village by the evidence that is valid on `as_of`.

    Args:
        villages: `schema.TABLES["villages"]`, at least village_code and geometry in EPSG:4326; codes are unique.
        measurements: Readings, `schema.TABLES["measurements"]`; those outside the villages are left out.
        coverage: What `predict` returned, or coverage in files; or the shares of it, as `modelled_shares` makes them: columns
            `COVERAGE_COLUMNS`, shares between 0 and 1, kind modelled or fused. Rows that name an operator and a technology
            are told as evidence and decide nothing.
        population: People per pixel; shares are then shares of people, else of area.
        podes: Perception per village, `schema.TABLES["podes"]`.
        reports: Complaints, `schema.TABLES["reports"]`.
        settings: Thresholds; the defaults if not given. Their language is the language of the reasons.
        as_of: Last day that counts. Not given: the newest day among readings and reports; no clock is read.

    Returns:
        Verdicts and evidence.

    Raises:
        UsageError: A code stands twice, a frame lacks a column, or `population` is no grid.
    """
    settings = settings or load_settings()
    codes = _codes(villages)
    assert_wgs84(villages)
    as_of = as_of or _newest_day(measurements, reports, settings)
    figures = _blank(codes)
    parts: list[pd.DataFrame] = []
    if len(codes) == 0:
        nothing = pd.DataFrame(columns=list(TABLES["verdicts"].columns))
        return Verdicts(_verdicts(nothing, settings), evidence_rows.table([]), as_of)
    crs = village_crs(villages)
    if measurements is not None and len(measurements):
        _require("measurements", measurements, ("measured_at", "lon", "lat", "metric", "value"))
        people = None if population is None else people_per_cell(population, villages, crs, settings)
        thinned = thin(measurements, villages, crs, as_of=as_of, settings=settings)
        figures = _measured(figures, thinned, people, settings)
        parts.append(evidence_rows.measured(thinned, people, codes, settings))
    if coverage is not None:
        predicted = _predicted(coverage, villages, population, settings)
        figures = _modelled(figures, predicted[predicted["operator"] == ANY], settings)
        parts.append(evidence_rows.from_shares(predicted[predicted["village_code"].isin(codes)]))
    figures, told = _told(figures, podes, reports, villages, crs, as_of=as_of, settings=settings)
    decided = _with_flags(figures.join(decide(figures, settings)))
    decided["reason"] = reasons(decided, settings)
    return Verdicts(_verdicts(decided, settings), evidence_rows.table([*parts, told]), as_of)


def _codes(villages: gpd.GeoDataFrame) -> np.ndarray:
    _require("villages", villages, ("village_code", "geometry"))
    _once(
        villages, Text("Satukan poligon desa yang sama sebelum klasifikasi.", "Join the polygons of one village first.")
    )
    codes: np.ndarray = np.asarray(villages["village_code"], dtype=object)
    return codes


def _once(frame: pd.DataFrame, hint: Text) -> None:
    twice = frame["village_code"][frame["village_code"].duplicated()]
    if len(twice):
        raise UsageError(
            Text(
                f"Kode desa {twice.iloc[0]} muncul lebih dari sekali.",
                f"Village code {twice.iloc[0]} stands more than once.",
            ),
            hint=hint,
        )


def _require(name: str, frame: pd.DataFrame, columns: tuple[str, ...]) -> None:
    missing = [column for column in columns if column not in frame]
    if missing:
        found = ", ".join(map(str, frame.columns))
        raise UsageError(
            Text(
                f"Kolom {', '.join(missing)} tidak ada dalam {name}.",
                f"{name} lacks the column(s) {', '.join(missing)}.",
            ),
            hint=Text(f"Kolom yang ada: {found}.", f"Its columns are: {found}."),
        )


def _newest_day(measurements: pd.DataFrame | None, reports: pd.DataFrame | None, settings: Settings) -> dt.date | None:
    newest = []
    if measurements is not None and len(measurements) and "measured_at" in measurements:
        newest.append(valid_days(measurements["measured_at"], settings).max())
    if reports is not None and len(reports) and "reported_on" in reports:
        newest.append(valid_days(reports["reported_on"], settings).max())
    days = [moment.date() for moment in newest if not pd.isna(moment)]
    return max(days, default=None)


def _blank(codes: np.ndarray) -> pd.DataFrame:
    """Return the figures of villages that nothing is known about."""
    frame = pd.DataFrame({"village_code": codes})
    for name in (*_SHARE_COLUMNS, "podes_year"):
        frame[name] = np.nan
    for name in (
        "n_measurements",
        "n_cells",
        "served_cells",
        "n_reports",
        "report_places",
        "modelled_missed",
        "modelled_checked",
    ):
        frame[name] = 0
    for name in ("modelled_class", "modelled_kind", "modelled_said", "podes_class", "podes_signal", "podes_technology"):
        frame[name] = pd.Series(np.nan, index=frame.index, dtype="str")
    for name in _FLAGS:
        frame[name] = False
    frame["latest_measurement"] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us, UTC]")
    frame["latest_day"] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
    frame["latest_report"] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
    return frame.assign(weight_kind="area")


def _measured(figures: pd.DataFrame, thinned: Cells, people: pd.DataFrame | None, settings: Settings) -> pd.DataFrame:
    level = thinned.readings[thinned.readings["tier"] >= NONE]
    grouped = level.groupby("village")
    moments = (
        pd.to_datetime(grouped["measured_at"].max(), utc=True) if len(level) else pd.Series(dtype="datetime64[us, UTC]")
    )
    whole = shares(weigh(thinned.cell, people), ["village"], settings)
    found = whole.drop(columns="effective_cells").assign(
        n_measurements=grouped.size(),
        latest_day=grouped["day"].max(),
        latest_measurement=moments.dt.as_unit("us"),
        partial_measured=_partial(thinned, people, settings),
        no_4g_measured=_no_4g(thinned.cell),
        weight_kind=np.where(whole["by_people"], "population", "area"),
    )
    return _fill(figures, found)


def _partial(thinned: Cells, people: pd.DataFrame | None, settings: Settings) -> pd.Series:
    """Tell where, of the operators measured in enough cells, some serve the village by themselves and some do not."""
    named = thinned.operator_cell[thinned.operator_cell["operator"] != ANY]
    each = shares(weigh(named, people), ["village", "operator"], settings)
    each = each[each["n_cells"] >= settings.evidence.cells_min]
    alone = (each["share_served"] * 100 >= settings.village.served_share_min_pct).groupby("village")
    return alone.any() & ~alone.all()


def _no_4g(cell: pd.DataFrame) -> pd.Series:
    best = cell.groupby("village")[["tier", "tier_4g"]].max()
    return (best["tier"] >= WEAK) & (best["tier_4g"] == NONE)


def _predicted(
    coverage: CoverageSource | pd.DataFrame, villages: gpd.GeoDataFrame, population: Grid | None, settings: Settings
) -> pd.DataFrame:
    """Return the shares of a prediction, those of networks named by operator and technology."""
    if not isinstance(coverage, pd.DataFrame):
        return modelled_shares(coverage, villages, population=population, settings=settings)
    _require("coverage", coverage, COVERAGE_COLUMNS)
    optional = {"operator": ANY, "technology": ANY, "source": ANY, "partial": False, "no_4g": False, "coarse": False}
    filled: dict[str, Any] = {
        name: coverage[name].where(coverage[name].notna(), empty) if name in coverage else empty
        for name, empty in optional.items()
    }
    shares = coverage.assign(**filled)
    _once(
        shares[shares["operator"] == ANY],
        Text("Beri satu baris prediksi per desa.", "Give one row of prediction per village."),
    )
    return shares


def _modelled(figures: pd.DataFrame, coverage: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Take over a prediction where the measurement alone decides nothing, and does not contradict it.

    Too few readings to decide may still be enough to rule a class out; then neither of the two is taken. And where readings
    rule out too often what the prediction says of measured villages (`bear_out`), it is not taken elsewhere either.
    """
    predicted = coverage.set_index("village_code").reindex(figures["village_code"]).set_axis(figures.index)
    some = figures["n_measurements"] >= settings.evidence.indicative_readings_min
    open_to = predicted["share_served"].notna() & ~(some & (class_of_shares(figures, settings) != "unknown"))
    judged = class_of_shares(predicted[list(_SHARE_COLUMNS)].astype("float64"), settings)
    checks = bear_out(judged.where(predicted["kind"] == "modelled", "unknown"), figures, settings)
    doubted = open_to & checks["doubted"]
    decides = open_to & (judged != "unknown") & ~doubted & (~some | possible(judged, figures, settings))
    wide = open_to & (judged == "unknown") & (figures["n_measurements"] == 0)
    filled = figures.assign(
        modelled_said=judged, **{f"modelled_{name}": checks[name] for name in ("missed", "checked")}
    )
    filled["modelled_doubted"] = doubted & (figures["n_measurements"] == 0)
    for name in (*_SHARE_COLUMNS, "weight_kind"):
        filled[name] = filled[name].mask(decides | wide, predicted[name])
    filled["modelled_class"] = judged.where(decides)
    filled["modelled_kind"] = predicted["kind"].astype("str").where(decides | wide | doubted)
    filled["modelled_wide"] = wide
    for name, source in (("modelled_coarse", "coarse"), ("partial_modelled", "partial"), ("no_4g_modelled", "no_4g")):
        filled[name] = (decides | wide | doubted) & (predicted[source] == True)  # noqa: E712 - missing is not true
    return filled


def _told(
    figures: pd.DataFrame,
    podes: pd.DataFrame | None,
    reports: pd.DataFrame | None,
    villages: gpd.GeoDataFrame,
    crs: CRS,
    *,
    as_of: dt.date | None,
    settings: Settings,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add what people reported; returns the figures and the evidence rows."""
    said, counted = (
        pd.DataFrame(columns=["podes_signal", "podes_technology", "podes_year"]),
        pd.DataFrame(columns=["n_reports"]),
    )
    by_code = figures.set_index("village_code")
    if podes is not None and len(podes):
        _require("podes", podes, ("village_code", "year", "signal"))
        said = newest_podes(podes, as_of=as_of)
        said = said[said.index.isin(by_code.index)]
        by_code = _fill(by_code, said)
    if reports is not None and len(reports):
        _require("reports", reports, ("reported_on",))
        counted = count_reports(reports, villages, crs, as_of=as_of, settings=settings)
        counted = counted[counted.index.isin(by_code.index)]
        by_code = _fill(by_code, counted)
    return by_code.reset_index(), evidence_rows.reported(said, counted)


def _fill(figures: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Lay the columns of `found` over the rows of the same index."""
    filled = figures.copy()
    for name in found:
        lined_up = found[name].reindex(figures.index)
        laid = figures[name].where(lined_up.isna(), lined_up)
        filled[name] = laid.astype(cast("Any", figures[name].dtype))
    return filled


def _with_flags(decided: pd.DataFrame) -> pd.DataFrame:
    """Add the flags partial and no_4g, which only a served or weak village can have."""
    by = decided["rule"].str.partition(".")[0]
    usable = decided["signal_class"].isin(["served", "weak"])
    read, modelled = by.isin(["measured", "indicative"]), by.isin(["modelled", "modelled_coarse", "fused"])
    from_podes = decided["rule"].str.startswith("reported.podes") & decided["podes_2g_3g"].astype(bool)
    partial, no_4g = (
        usable
        & ((read & decided[f"{name}_measured"].astype(bool)) | (modelled & decided[f"{name}_modelled"].astype(bool)))
        for name in ("partial", "no_4g")
    )
    return decided.assign(partial=partial, no_4g=no_4g | (usable & from_podes))


def _verdicts(decided: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    frame = decided.assign(profile=settings.profile_label)[list(TABLES["verdicts"].columns)]
    dtypes = {name: column.dtype.type if column.dtype else None for name, column in TABLES["verdicts"].columns.items()}
    return frame.astype({name: dtype for name, dtype in dtypes.items() if dtype is not None}).reset_index(drop=True)
