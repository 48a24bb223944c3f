"""The networks: masts where most people are still without signal, until the kabupaten's blankspots are what is left.

Operators build where people live together; the folds of the mountains come last and are never reached. Who shares a
mast follows from how many people are around.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - used in a dataclass
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.demo.fields import blur, smooth_field, stream
from blankspot.demo.growth import inner
from blankspot.demo.signal import (
    SERVED_DBM,
    Air,
    Network,
    Window,
    add,
    best_4g,
    silence,
    village_classes,
    village_shares,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from blankspot.demo.fields import Floats, Ints
    from blankspot.demo.handling import Project
    from blankspot.demo.settle import Ground

OPERATORS: Final = ("telkomsel", "indosat", "xl", "smartfren")
NETWORKS: Final[list[Network]] = [
    *((operator, "4G") for operator in OPERATORS),
    ("telkomsel", "3G"),
    ("indosat", "3G"),
    *((operator, "2G") for operator in OPERATORS[:3]),
]
_BANDS_4G: Final = {"telkomsel": (1800, 900), "indosat": (1800, 900), "xl": (1800, 900), "smartfren": (850, 2300)}
_OWNERS: Final = (
    "Mitratel",
    "Protelindo",
    "Tower Bersama",
    "Telkomsel",
    "Indosat",
    "Solusi Tunas Pratama",
    "Centratama",
)
_OWNER_WEIGHTS: Final = (0.27, 0.2, 0.18, 0.13, 0.07, 0.08, 0.07)
_BUILDERS: Final = {"repeater": "Diskominfo", "ran_sharing": "Protelindo"}
_NEGLECT: Final = 1.7  # some valleys have had nobody to ask for them
_NEGLECT_CELLS: Final = 24.0
_SPILL: Final = 0.14  # share of villages that later masts reach by chance
_SLACK: Final = 0.01
_WEAK: Final = 0.15
_INFILL: Final = 0.15  # masts per village where many people share what is there
_CORE_CELLS: Final = 18.0
_CORE: Final = 0.88  # of the surroundings is served already
_FIRST_4G: Final = 4
_ROUND: Final = 3
_APART_CELLS: Final = 11
_CATCH_CELLS: Final = 7.0
_SITES_PER_VILLAGE_MAX: Final = 1.2


@dataclass(frozen=True)
class Towers:
    """Masts and what they carry.

    Attributes:
        sites: cell (flat, 100 m), height_m, owner, urban (share of density); the index is the site's number.
        services: site (number), operator, technology, band_mhz, eirp_dbm, azimuth_deg, beamwidth_deg, tilt_deg, bandwidth_mhz.
        levels: dBm of each network over the kabupaten.
    """

    sites: pd.DataFrame
    services: pd.DataFrame
    levels: dict[Network, Floats]


def build_network(seed: int, air: Air, people: Floats, region: Ints, count: int, *, without: float) -> Towers:
    """Place masts until only the share `without` of the villages is blankspot.

    Args:
        seed: Seed of the world.
        air: What the waves run through.
        people: People per cell, NaN outside.
        region: Village of each cell, −1 outside.
        count: Villages.
        without: Share of villages that stay without signal.
    """
    rng = stream(seed, "network")
    living = np.nan_to_num(people)
    dense = blur(living, 20.0)
    urban = np.clip(np.log(np.maximum(dense, 1e-3) / np.median(dense[region >= 0])) / np.log(12) + 0.35, 0, 1)
    rugged = np.clip(blur(air.ground.slope, 10.0) / 0.12, 0.15, 1.0)
    worth = living**0.6 * np.exp(_NEGLECT * rugged**2 * smooth_field(rng, living.shape, length=_NEGLECT_CELLS))
    home = home_ground(region)
    crew = _Crew([], [], silence(air.ground, NETWORKS))
    classes = np.full(count, "none")
    while len(crew.sites) < _SITES_PER_VILLAGE_MAX * count + 2:
        lacking = (classes == "none").sum() - without * count
        weak = np.flatnonzero(classes == "weak")
        if lacking <= -_SLACK * count or (lacking <= _SPILL * count and weak.size <= _WEAK * count):
            break
        missing = best_4g(crew.levels) < SERVED_DBM + 3
        if lacking <= _SPILL * count:
            missing &= np.isin(region, weak)  # nearer to the customers one has than to the last valley
        spots = _wanted(np.where(missing, worth, 0.0), home, _ROUND)
        if not spots:
            break
        _build(rng, air, crew, spots, urban, home)
        classes = np.array(village_classes(*village_shares(best_4g(crew.levels), living, region, count)))
    served = np.isin(region, np.flatnonzero(classes == "served"))
    core = blur(served.astype(float), _CORE_CELLS) > _CORE
    _build(rng, air, crew, _wanted(np.where(core, living * urban**2, 0.0), home, int(_INFILL * count)), urban, home)
    return Towers(pd.DataFrame(crew.sites), pd.concat(crew.services, ignore_index=True), crew.levels)


@dataclass
class _Crew:
    """What has been built so far; it grows."""

    sites: list[dict[str, object]]
    services: list[pd.DataFrame]
    levels: dict[Network, Floats]


def _build(
    rng: np.random.Generator, air: Air, crew: _Crew, cells: list[int], urban: Floats, home: NDArray[np.bool_]
) -> None:
    for cell in cells:
        site = _mast(rng, air.ground, cell, urban, home)
        number = len(crew.sites)
        crowd = float(urban.ravel()[int(str(site["cell"]))])
        carried = _services(rng, number, crowd, first_4g=number < _FIRST_4G)
        for window in air.radiate(pd.Series(site), carried, rng):
            add(crew.levels, window)
        crew.sites.append(site)
        crew.services.append(carried)


def _wanted(wish: Floats, home: NDArray[np.bool_], most: int) -> list[int]:
    """Return at most `most` cells in the middle of the largest crowds, well apart."""
    demand = np.where(home, blur(wish, _CATCH_CELLS), 0.0)
    columns = demand.shape[1]
    cells: list[int] = []
    while len(cells) < most and demand.max() > 0:
        cell = int(np.argmax(demand))
        row, column = divmod(cell, columns)
        cells.append(cell)
        rows = slice(max(0, row - _APART_CELLS), row + _APART_CELLS)
        demand[rows, max(0, column - _APART_CELLS) : column + _APART_CELLS] = 0
    return cells


def _mast(
    rng: np.random.Generator, ground: Ground, cell: int, urban: Floats, home: NDArray[np.bool_]
) -> dict[str, object]:
    """Return a mast on the higher, gentle ground within 400 m that belongs to the kabupaten."""
    row, column = divmod(cell, ground.cells.columns)
    top, left = max(0, row - 4), max(0, column - 4)
    window = np.s_[top : row + 5, left : column + 5]
    merit = ground.hollow[window] - 60 * ground.slope[window] + rng.normal(0, 4, ground.hollow[window].shape)
    best = divmod(int(np.argmax(np.where(home[window], merit, merit.min() - 1))), merit.shape[1])
    spot = (top + best[0]) * ground.cells.columns + left + best[1]
    crowd = float(urban.ravel()[spot])
    owner = str(rng.choice(_OWNERS, p=_OWNER_WEIGHTS))
    height = float(rng.choice([32, 42, 45, 52] if crowd > 0.6 else [42, 52, 62, 72]))  # noqa: PLR2004
    return {"cell": spot, "height_m": height, "owner": owner, "urban": crowd}


def _services(rng: np.random.Generator, site: int, urban: float, *, first_4g: bool) -> pd.DataFrame:
    chance = {
        "telkomsel": 0.92,
        "indosat": 0.12 + 0.75 * urban,
        "xl": 0.10 + 0.72 * urban,
        "smartfren": 0.70 * urban - 0.05,
    }
    carried = [operator for operator in OPERATORS if rng.random() < chance[operator]] or ["telkomsel"]
    rows: list[dict[str, object]] = []
    for operator in carried:
        modern = first_4g or rng.random() < 0.86 + 0.14 * urban
        rows += carriers(rng, site, operator, urban, modern=modern)
    return pd.DataFrame(rows)


def carriers(
    rng: np.random.Generator, site: int, operator: str, urban: float, *, modern: bool
) -> list[dict[str, object]]:
    """Return the service rows of one operator on a mast: three sectors in town, an omni pattern in the hills."""
    kinds: list[tuple[str, float, float, float]] = []
    if modern or (operator, "2G") not in NETWORKS:
        band = _BANDS_4G[operator][int(rng.random() > 0.35 + 0.6 * urban)]
        kinds.append(("4G", float(band), float(rng.choice([57.0, 59.0, 60.0])), 10.0))
    if (operator, "3G") in NETWORKS and rng.random() < 0.25:  # noqa: PLR2004
        kinds.append(("3G", 2100.0, 55.0, 5.0))
    if (operator, "2G") in NETWORKS and (not modern or rng.random() < 0.5):  # noqa: PLR2004
        kinds.append(("2G", 900.0 if rng.random() < 0.6 else 1800.0, 53.0, 0.2))  # noqa: PLR2004
    turn = float(rng.integers(0, 12) * 10)
    sectors = [turn, turn + 120, turn + 240] if urban > 0.45 else [np.nan]  # noqa: PLR2004
    return [
        {
            "site": site,
            "operator": operator,
            "technology": technology,
            "band_mhz": band,
            "eirp_dbm": eirp,
            "azimuth_deg": sector,
            "beamwidth_deg": np.nan if np.isnan(sector) else 65.0,
            "tilt_deg": np.nan if np.isnan(sector) else 3.0,
            "bandwidth_mhz": width,
        }
        for technology, band, eirp, width in kinds
        for sector in sectors
    ]


@dataclass(frozen=True)
class Newcomer:
    """A mast that came in the two years of handling: its rows, what it adds to the air, and since when."""

    site: dict[str, object]
    services: pd.DataFrame
    windows: list[Window]
    on_air: dt.date


def around(people: Floats) -> Floats:
    """Return the people around each cell, those of the village's middle more than those of its rim."""
    return blur(np.nan_to_num(people), _CATCH_CELLS)


def home_ground(region: Ints) -> NDArray[np.bool_]:
    """Return where a mast surely stands in the kabupaten: 200 m and more from its border."""
    return inner(region >= 0, 2)


def add_project(
    rng: np.random.Generator,
    air: Air,
    crowd: Floats,
    region: Ints,
    home: NDArray[np.bool_],
    project: Project,
    number: int,
) -> Newcomer:
    """Return what a finished project put into its village: a new mast, or a repeater that reaches some hundred metres.

    Args:
        rng: Draws.
        air: What the waves run through.
        crowd: People around each cell, as `around` gives it.
        region: Village of each cell.
        home: Where masts may stand.
        project: What was built.
        number: Number of the new site.
    """
    members = np.flatnonzero(region == project.village)
    site = _mast(rng, air.ground, int(members[np.argmax(crowd.ravel()[members])]), np.zeros(crowd.shape), home)
    small = project.kind == "repeater"
    site |= {"height_m": 18.0 if small else 42.0, "owner": _BUILDERS.get(project.kind, "Mitratel")}
    row = {
        "site": number,
        "operator": project.operator,
        "technology": "4G",
        "band_mhz": 2300.0 if project.operator == "smartfren" else 1800.0,
        "eirp_dbm": 46.0 if small else 59.0,
        "azimuth_deg": np.nan,
        "beamwidth_deg": np.nan,
        "tilt_deg": np.nan,
        "bandwidth_mhz": 10.0,
    }
    services = pd.DataFrame([row])
    return Newcomer(site, services, air.radiate(pd.Series(site), services, rng), project.on_air)
