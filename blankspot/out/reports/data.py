"""What a report is made from: plain frames as of one day, and what follows from joining them.

`run` fills a `ReportData` from the workspace and the ledger; the builders of this package turn it into tables. Nothing here reads
a clock, a file or a ledger, so that the same data give the same report whenever it is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import pandas as pd

from blankspot.wilayah import parents

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd

    from blankspot.out.reports.period import Period
    from blankspot.settings import Provenance, Settings
    from blankspot.words import Text

DONE_STAGES: Final = ("handled", "verified_after")
PLACES: Final = ("village_name", "district", "regency", "province", "population")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """The rule by which a village of the target list counts as handled, and the document that says so."""

    key: str
    text: Text
    document: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class ReportData:
    """Everything a report is made from, all as of `period.as_of` and as known on `known_on`.

    Attributes:
        period: The days it speaks of.
        known_on: Up to which day records count; None for all of them.
        since: The day that the changes are counted from, the last report's.
        rule: What counts as handled.
        villages: `schema.TABLES["villages"]`.
        verdicts: `schema.TABLES["verdicts"]`, one row per village.
        evidence: `schema.TABLES["evidence"]`.
        facilities: `schema.TABLES["facilities"]`.
        internet_points: `schema.TABLES["internet_points"]`, those that serve or are planned by the day.
        proposals: village_code, proposed_on, proposer, channel, document: of the table and of the ledger.
        cases: `Ledger.state` with partner_key, partner (the name it counts under) and role ("not_known" for a partner without one).
        standing: One row per village of the target list: village_code, case_id, done, stage, since, handled_on, partner_key,
            partner, role, funding_source, planned_quarter.
        list_changes: Every change of the target list: day, villages (+1 or -1).
        notes: `Ledger.notes` with partner, the name of the partner that a note is about.
        money: `Ledger.money` with partner_key, partner and role.
        changes: `Ledger.changes` since `since`.
        conflicts: `Ledger.conflicts`.
        indicators: One row per indicator and period: key, indicator, unit, direction, owner, goal, program, period, target,
            realization, budget_rp, realized_rp, waiting_rp, as_of, source, constraint, follow_up, responsible.
        settings: Bands of achievement and other thresholds.
        provenance: By which rules and from which files.
    """

    period: Period
    known_on: dt.date | None
    since: dt.date
    rule: Rule
    villages: gpd.GeoDataFrame
    verdicts: pd.DataFrame
    evidence: pd.DataFrame
    facilities: pd.DataFrame
    internet_points: pd.DataFrame
    proposals: pd.DataFrame
    cases: pd.DataFrame
    standing: pd.DataFrame
    list_changes: pd.DataFrame
    notes: pd.DataFrame
    money: pd.DataFrame
    changes: pd.DataFrame
    conflicts: pd.DataFrame
    indicators: pd.DataFrame
    settings: Settings
    provenance: Provenance

    @property
    def as_of(self) -> dt.date:
        """The day up to which things are counted."""
        return self.period.as_of

    @property
    def year(self) -> int:
        """Year of the target list."""
        return self.period.year

    @cached_property
    def places(self) -> pd.DataFrame:
        """One row per village: village_code, names of its parents, population, lon and lat.

        The position is the village office's where it is known, else a point inside the village.
        """
        frame = pd.DataFrame(self.villages).reindex(columns=["village_code", *PLACES])
        inside = self.villages.geometry.representative_point()
        position = pd.DataFrame({"lon": inside.x, "lat": inside.y}, index=frame.index)
        if "office_point" in self.villages:
            office = self.villages["office_point"].astype("str").str.extract(_POINT).astype("float64")
            position = office.set_axis(["lon", "lat"], axis=1).fillna(position)
        return frame.join(position)

    @cached_property
    def target(self) -> pd.DataFrame:
        """`standing` with the names of each village and the codes of its district and regency."""
        return self.located(self.standing)

    @cached_property
    def listed_cases(self) -> pd.DataFrame:
        """The cases that count for the target list: those of a listed village and of the service that its rule asks for."""
        service = "internet" if self.rule.key == "internet_any" else "mobile"
        listed = self.cases["village_code"].isin(self.standing["village_code"])
        return self.located(self.cases[listed & (self.cases["service"] == service)])

    @cached_property
    def listed_money(self) -> pd.DataFrame:
        """The money realised for those cases; what a payment does not say of funding and partner comes from its case."""
        cases = self.listed_cases.set_index("case_id")
        paid = self.located(self.money[self.money["case_id"].isin(cases.index)])
        for name in ("partner_key", "partner", "role", "funding_source"):
            paid[name] = paid[name].fillna(paid["case_id"].map(cases[name]))
        return paid

    @cached_property
    def village_classes(self) -> pd.DataFrame:
        """One row per village of the boundaries: its place, its verdict, and the stage and partner of its mobile case."""
        mobile = self.cases[self.cases["service"] == "mobile"]
        advanced = mobile.assign(done=mobile["stage"].isin(DONE_STAGES)).sort_values(["done", "since"], kind="stable")
        latest = advanced.drop_duplicates("village_code", keep="last")
        stage = latest[["village_code", "stage", "partner", "handled_on", "planned_quarter"]]
        joined = self.places.merge(self.verdicts, on="village_code").merge(stage, on="village_code", how="left")
        return joined.sort_values("village_code", ignore_index=True)

    def located(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return rows of villages with names, position and the codes of their parents; unknown ones stay without."""
        place = [name for name in self.places if name == "village_code" or name not in frame]
        found = frame.merge(self.places[place], on="village_code", how="left")
        return found.assign(
            district_code=parents(found["village_code"], "district"),
            regency_code=parents(found["village_code"], "regency"),
        )


_POINT: Final = r"POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)"
