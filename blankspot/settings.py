"""Settings: the thresholds of `defaults.toml`, what a workspace changes in them, and the provenance that outputs carry.

Settings are values handed in as an argument, never module state. They are frozen, their faults are reported all at once,
and they have a digest, so that every output can say by which rules it was made.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic and dataclasses resolve it at run time
import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from blankspot.errors import SettingsError
from blankspot.words import Lang, Text


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Thresholds(_Frozen):
    """Lower edges of very strong, strong and weak for one metric, in dBm."""

    very_strong_min_dbm: float
    strong_min_dbm: float
    weak_min_dbm: float

    @model_validator(mode="after")
    def _descend(self) -> Self:
        if not self.very_strong_min_dbm > self.strong_min_dbm > self.weak_min_dbm:
            raise ValueError("very_strong_min_dbm, strong_min_dbm and weak_min_dbm must descend in this order")
        return self


class Signal(_Frozen):
    """Thresholds per metric of level."""

    rsrp_dbm: Thresholds
    ss_rsrp_dbm: Thresholds
    rscp_dbm: Thresholds
    rxlev_dbm: Thresholds


class VillageRule(_Frozen):
    """What a share and its interval must reach for each class of village."""

    none_share_max_pct: float = Field(ge=0, le=100)
    none_upper_max_pct: float = Field(ge=0, le=100)
    none_prevails_min_pct: float = Field(ge=0, le=100)
    served_share_min_pct: float = Field(ge=0, le=100)
    served_lower_min_pct: float = Field(ge=0, le=100)
    weak_width_max_points: float = Field(ge=0, le=100)

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if self.none_share_max_pct >= self.served_share_min_pct:
            raise ValueError("none_share_max_pct must be below served_share_min_pct")
        return self


class EvidenceRule(_Frozen):
    """How much evidence a verdict needs and how long it stays valid."""

    cell_size_m: float = Field(gt=0)
    readings_min: int = Field(ge=1)
    cells_min: int = Field(ge=1)
    indicative_readings_min: int = Field(ge=1)
    validity_days: int = Field(ge=1)
    interval_level_pct: float = Field(gt=0, lt=100)
    reports_min_cells: int = Field(ge=1)


class PredictionRule(_Frozen):
    """How predicted levels become shares of a village."""

    common_variance_pct: float = Field(ge=0, le=100)
    correlation_m: float = Field(gt=0)
    predicted_min_pct: float = Field(gt=0, le=100)
    checked_villages_min: int = Field(ge=1)
    contradicted_max_pct: float = Field(ge=0, le=100)


class Range(_Frozen):
    """Inclusive limits of possible values."""

    min: float
    max: float

    @model_validator(mode="after")
    def _ascend(self) -> Self:
        if self.min > self.max:
            raise ValueError("min must not exceed max")
        return self


class Intake(_Frozen):
    """What a reader refuses."""

    accuracy_max_m: float = Field(gt=0)
    coordinates_apart_max_m: float = Field(gt=0)
    future_tolerance_minutes: int = Field(ge=0)
    sites_margin_km: float = Field(ge=0)
    sites_sea_max_km: float = Field(ge=0)
    eirp_doubtful_below_dbm: float
    population_total_max: float = Field(gt=0)
    population_density_max_per_km2: float = Field(gt=0)
    range: Mapping[str, Range]


class Receiver(_Frozen):
    """The handset and where it is."""

    height_m: float = Field(ge=1, le=3000)
    body_loss_db: float = Field(ge=0)
    indoor_margin_db: float = Field(ge=0)


class ServiceDefaults(_Frozen):
    """What a service is taken to have where its row does not say."""

    height_m: float = Field(ge=1, le=3000)
    eirp_dbm: float
    beamwidth_deg: float = Field(gt=0, le=360)
    vertical_beamwidth_deg: float = Field(gt=0, le=180)
    attenuation_max_db: float = Field(ge=0)
    vertical_attenuation_max_db: float = Field(ge=0)
    rscp_pilot_share_db: float = Field(ge=0)
    band_mhz: Mapping[str, float]
    bandwidth_mhz: Mapping[str, float]


class Radio(_Frozen):
    """How coverage is predicted."""

    model: Literal["p1812", "hata", "free_space"]
    resolution_m: float = Field(gt=0)
    time_pct: float = Field(ge=1, le=50)
    location_pct: float = Field(ge=1, le=99)
    delta_n_units_per_km: float = Field(gt=0, lt=157)
    n0_n_units: float = Field(gt=0)
    environment: Literal["urban_large", "urban", "suburban", "open"]
    polarization: Literal["horizontal", "vertical"]
    model_sd_db: float = Field(gt=0)
    floor_margin_db: float = Field(ge=0)
    radius_max_km: float = Field(gt=0)
    coast_km: float = Field(ge=0)
    coast_max_m: float = Field(ge=0)
    tile_pixels: int = Field(ge=64, le=8192)
    service: ServiceDefaults
    clutter_m: Mapping[str, float]


class TerrainRule(_Frozen):
    """What is looked for in rasters of heights."""

    hole_max_pixels: int = Field(ge=0, le=256)
    sea_side_min_m: float = Field(gt=0)
    height_min_m: float
    height_max_m: float
    mark_share_min_pct: float = Field(gt=0, le=100)


class Words(_Frozen):
    """A word that offices differ in, in both languages."""

    id: str = Field(min_length=1)
    en: str = Field(min_length=1)


class BandWords(_Frozen):
    """What the bands of achievement are called."""

    very_high: Words
    high: Words
    medium: Words
    low: Words
    very_low: Words


class Achievement(_Frozen):
    """Bands of achievement, half-open: each begins above its edge, the last takes the rest."""

    very_high_above_pct: float
    high_above_pct: float
    medium_above_pct: float
    low_above_pct: float
    words: BandWords

    @model_validator(mode="after")
    def _descend(self) -> Self:
        edges = (self.very_high_above_pct, self.high_above_pct, self.medium_above_pct, self.low_above_pct)
        if any(higher <= lower for higher, lower in pairwise(edges)):
            raise ValueError("very_high_above_pct, high_above_pct, medium_above_pct and low_above_pct must descend")
        return self


class AgeingRule(_Frozen):
    """Where the bins end in which the ages of open cases are counted, in days."""

    edges_days: tuple[int, ...] = Field(min_length=1)

    @field_validator("edges_days")
    @classmethod
    def _ascend(cls, edges: tuple[int, ...]) -> tuple[int, ...]:
        if edges[0] < 1 or any(later <= earlier for earlier, later in pairwise(edges)):
            raise ValueError("edges_days must be whole numbers of days that ascend")
        return edges


class Facilities(_Frozen):
    """How facilities and internet points are brought together."""

    point_near_max_m: float = Field(ge=0)


class ProposalRule(_Frozen):
    """When the position of a proposal still belongs to its village."""

    border_tolerance_m: float = Field(ge=0)


class VerificationRule(_Frozen):
    """What readings taken after the handling must show to prove it."""

    served_lower_min_pct: float = Field(ge=0, le=100)


class Public(_Frozen):
    """What leaves the office."""

    coordinate_decimals: int = Field(ge=0, le=5)
    devices_min: int = Field(ge=3)


class BaseUrl(_Frozen):
    """Where each provider of public data is asked; a mirror goes here."""

    hdx: str
    geoboundaries: str
    copernicus: str
    worldpop: str
    opencellid: str
    worldcover: str
    ookla: str


class Fetch(_Frozen):
    """How public data is downloaded; no rule of judgement, so not part of the digest."""

    connect_timeout_seconds: float = Field(gt=0)
    read_timeout_seconds: float = Field(gt=0)
    attempts: int = Field(ge=1)
    backoff_seconds: float = Field(ge=0)
    wait_max_seconds: float = Field(ge=0)
    large_mb: float = Field(gt=0)
    tiles_max: int = Field(ge=1)
    base_url: BaseUrl


class Aliases(_Frozen):
    """Spellings folded into one name."""

    operator: Mapping[str, list[str]]
    owner: Mapping[str, list[str]]


class Settings(_Frozen):
    """Every threshold and default; see `defaults.toml` for units and sources."""

    profile: str
    language: Lang
    timezone: str
    signal: Signal
    village: VillageRule
    evidence: EvidenceRule
    prediction: PredictionRule
    intake: Intake
    receiver: Receiver
    radio: Radio
    terrain: TerrainRule
    achievement: Achievement
    ageing: AgeingRule
    facilities: Facilities
    proposals: ProposalRule
    verification: VerificationRule
    public: Public
    fetch: Fetch
    aliases: Aliases

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(
                f"no time zone is called {name!r}; in Indonesia: Asia/Jakarta, Asia/Makassar, Asia/Jayapura"
            ) from error
        return name

    @property
    def digest(self) -> str:
        """Eight hexadecimal digits that change whenever a rule changes; the readers' language is no rule."""
        text = json.dumps(self.model_dump(mode="json", exclude={"language", "fetch"}), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:8]

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of readings and dates that carry none."""
        return ZoneInfo(self.timezone)

    @property
    def profile_label(self) -> str:
        """Profile name and digest as they print on outputs, e.g. "bawaan-2026 (1f2e3d4c)"."""
        return f"{self.profile} ({self.digest})"


def load_settings(changes: Mapping[str, Any] | None = None, *, where: str = "settings") -> Settings:
    """Return the defaults with `changes` laid over them, nested like `defaults.toml`.

    Args:
        changes: Only the values that differ, e.g. `{"evidence": {"cell_size_m": 500}}`.
        where: Named in the error, e.g. the path of the `blankspot.toml` the changes come from.

    Raises:
        SettingsError: Unknown keys, wrong types, impossible values; all of them in one message.
    """
    if not changes:
        return _defaults()
    try:
        return Settings.model_validate(_overlay(_default_values(), changes))
    except ValidationError as error:
        faults = [
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']} ({fault['input']!r})"
            for fault in error.errors()
        ]
        listed = "\n  ".join(faults)
        raise SettingsError(
            Text(
                id=f"{len(faults)} pengaturan di {where} salah:\n  {listed}\n",
                en=f"{len(faults)} setting(s) in {where} are wrong:\n  {listed}\n",
            ),
            hint=Text(
                id="Lihat nama dan satuan yang dikenal dengan: blankspot settings.",
                en="See the known names and units with: blankspot settings.",
            ),
        ) from error


def changed(settings: Settings) -> dict[str, tuple[Any, Any]]:
    """Return what differs from the defaults: dotted name to (default, value in force)."""
    default, current = _flat(_defaults().model_dump(mode="json")), _flat(settings.model_dump(mode="json"))
    return {name: (default.get(name), value) for name, value in current.items() if default.get(name) != value}


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        flat |= _flat(value, f"{prefix}{key}.") if isinstance(value, Mapping) else {f"{prefix}{key}": value}
    return flat


@cache
def _defaults() -> Settings:
    return Settings.model_validate(_default_values())


@cache
def _default_values() -> dict[str, Any]:
    return tomllib.loads(files("blankspot").joinpath("defaults.toml").read_text(encoding="utf-8"))


def _overlay(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in changes.items():
        below = merged.get(key)
        merged[key] = _overlay(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return merged


@dataclass(frozen=True, kw_only=True)
class SourceNote:
    """One input as an output names it; address, version and day of fetching of one that `fetch` brought."""

    name: str
    kind: str
    sha256: str
    rows_in: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    licence: str = ""
    address: str = ""
    version: str = ""
    fetched_at: str = ""


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """What every output carries: who made it, from what, by which rules, as of when."""

    version: str
    profile: str
    profile_digest: str
    as_of: dt.date
    title: str = ""
    sources: tuple[SourceNote, ...] = field(default=())

    @property
    def profile_label(self) -> str:
        """Profile name and digest, e.g. "bawaan-2026 (1f2e3d4c)"."""
        return f"{self.profile} ({self.profile_digest})"
