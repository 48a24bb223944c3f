"""Verifying handled desa by what was measured since: readings after the last move of each case, and nothing else.

Only readings count here, no prediction, census or complaint, and only those taken on a later day than the handling: on the day
itself nobody knows which came first. They are judged as of the workspace's date by the same rules and thresholds as every verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from blankspot.classify import classify
from blankspot.ledger.verify import OUTCOMES, Verification, cases_to_verify, judge_case
from blankspot.locate import locate
from blankspot.run.reading import read_people

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd

    from blankspot.grid import Grid
    from blankspot.ledger import Event, Ledger
    from blankspot.ledger.fold import Case, State
    from blankspot.run import Workspace
    from blankspot.settings import Settings

ROW_COLUMNS: Final = (
    "case_id", "village_code", "stage", "handled_on", "partner", "outcome", "signal_class", "share_served", "share_low",
    "share_high", "n_measurements", "n_cells", "latest_on", "why", "verdict",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class VerifyPlan:
    """What the readings since the handling come to; nothing has been recorded yet.

    Attributes:
        found: One verification per handled case, and per verified one that is contradicted; by case_id.
        as_of: Last day that counts.
    """

    found: tuple[Verification, ...]
    as_of: dt.date

    @property
    def verified(self) -> tuple[Event, ...]:
        """`verified_after` events to append."""
        return tuple(one.event for one in self.found if one.event is not None and one.outcome == "verified")

    @property
    def failed(self) -> tuple[Event, ...]:
        """`reopened` events, for those who decide so."""
        return tuple(one.event for one in self.found if one.event is not None and one.outcome == "failed")

    @property
    def counts(self) -> dict[str, int]:
        """How many cases have each outcome, all outcomes named."""
        return {outcome: sum(one.outcome == outcome for one in self.found) for outcome in OUTCOMES}

    def rows(self, settings: Settings) -> pd.DataFrame:
        """Return one row per verification, columns `ROW_COLUMNS`; sentences in the language of the settings."""
        rows = [
            one.case._asdict()
            | {
                "outcome": one.outcome,
                "signal_class": one.signal_class,
                "latest_on": one.latest_on,
                "verdict": one.verdict,
            }
            | {"why": one.why.of(settings.language), **(one.shares or {})}
            for one in self.found
        ]
        frame = pd.DataFrame(rows, columns=list(ROW_COLUMNS))
        days = {name: pd.to_datetime(frame[name]) for name in ("handled_on", "latest_on")}
        counts = {name: frame[name].astype("Int64") for name in ("n_measurements", "n_cells")}
        return frame.assign(**days, **counts)


def verify_workspace(workspace: Workspace, ledger: Ledger) -> VerifyPlan:
    """Judge the handled cases of a workspace as of its date, bringing up to date what it needs; nothing is recorded.

    Raises:
        BlankspotError: A source or a setting refuses.
    """
    workspace.run(until=("villages", "measurements"))
    villages = workspace.frame("villages")
    people = read_people(workspace, villages)
    return verify(
        ledger.folded(as_of=workspace.as_of),
        villages,
        workspace.frame("measurements"),
        population=None if people is None else people.grid,
        settings=workspace.settings,
        as_of=workspace.as_of,
    )


def verify(
    state: State,
    villages: gpd.GeoDataFrame,
    measurements: pd.DataFrame,
    *,
    population: Grid | None = None,
    settings: Settings,
    as_of: dt.date,
) -> VerifyPlan:
    """Judge every handled case of mobile coverage by the readings since its last move.

    Args:
        state: Where the cases stand on `as_of`.
        villages: `schema.TABLES["villages"]`.
        measurements: `schema.TABLES["measurements"]`.
        population: People per pixel; shares are then shares of people.
        settings: Thresholds, the rule and the language.
        as_of: Last day that counts.
    """
    located = _located(measurements, villages, settings)
    found: list[Verification] = []
    for cases in _rounds(cases_to_verify(state)):
        used = _since(located, cases)
        verdicts: dict[str, dict[Any, Any]] = {}
        if len(used):
            readings = used.drop(columns=["village_code", "day"])
            judged = classify(
                villages, measurements=readings, population=population, settings=settings, as_of=as_of
            ).verdicts
            verdicts = {str(row["village_code"]): row for row in judged.to_dict("records")}
        sources = _sources(used, as_of)
        for case in cases:
            told = judge_case(
                case, verdicts.get(case.village_code), sources=sources.get(case.village_code, []), settings=settings
            )
            found += [] if told is None else [told]
    return VerifyPlan(found=tuple(sorted(found, key=lambda one: one.case.case_id)), as_of=as_of)


def _rounds(cases: list[Case]) -> list[list[Case]]:
    """Part cases so that no desa is twice in one part: each case counts the readings since its own last move."""
    rounds: list[dict[str, Case]] = []
    for case in cases:
        free = next((one for one in rounds if case.village_code not in one), None)
        if free is None:
            free = {}
            rounds.append(free)
        free[case.village_code] = case
    return [list(one.values()) for one in rounds]


def _located(measurements: pd.DataFrame, villages: gpd.GeoDataFrame, settings: Settings) -> pd.DataFrame:
    """Return the readings inside villages with their desa and local day."""
    held = locate(measurements["lon"].to_numpy(), measurements["lat"].to_numpy(), villages)
    moments = pd.to_datetime(measurements["measured_at"], utc=True).dt.tz_convert(settings.zone)
    inside = np.flatnonzero(held >= 0)
    return measurements.iloc[inside].assign(
        village_code=villages["village_code"].to_numpy()[held[inside]],
        day=moments.dt.tz_localize(None).dt.normalize().iloc[inside],
    )


def _since(located: pd.DataFrame, cases: list[Case]) -> pd.DataFrame:
    """Return the readings of the cases' desa that were taken on a later day than the case's last move."""
    last = {case.village_code: pd.Timestamp(case.since) for case in cases}
    after = located["village_code"].map(last)
    return located[after.notna() & (located["day"] > after)]


def _sources(used: pd.DataFrame, as_of: dt.date) -> dict[str, list[str]]:
    """Return the files that the readings of each desa came from."""
    named = used[used["day"] <= pd.Timestamp(as_of)].dropna(subset=["source"])
    return {str(code): sorted(set(group)) for code, group in named.groupby("village_code")["source"]}
