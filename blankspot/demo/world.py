"""The whole demo world, put together in the one order that makes sense: land, water, people, networks, handling, surveys.

`invent` gives values only; `blankspot.out.workspace` writes them. The same seed gives the same world. What nobody but a
judge of the results may look at is kept apart in `Truth`.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - used in a dataclass
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from blankspot.demo import civic, districts, handling, masts, names, network, papers, phones, settle, signal, survey
from blankspot.demo.country import Country, settle_country
from blankspot.demo.fields import degrees, smooth_field, stream
from blankspot.demo.roads import road_map
from blankspot.demo.water import draw_rivers
from blankspot.errors import UsageError
from blankspot.geo import WGS84
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blankspot.demo.fields import Floats, Ints
    from blankspot.grid import Grid

VILLAGES_MIN: Final = 10
CODE_VERSION: Final = "Contoh 2022 (kode 99 tidak dipakai)"
_PROGRAM_CELLS: Final = 70.0
_NEED_PER_TARGET: Final = 1.7  # villages without signal per village on the list, where that is possible
_WITHOUT_MIN: Final = 0.45
_WITHOUT_MAX: Final = 0.66


@dataclass(frozen=True)
class Truth:
    """What is really so; no reader, rule or report looks at it.

    Attributes:
        signal: Best 4G level in dBm per operator on cells of 100 m, handling included.
        villages: village_code, true_class, share_strong, share_without, class_before_handling.
    """

    signal: Mapping[str, Grid]
    villages: pd.DataFrame


@dataclass(frozen=True)
class World:
    """An invented kabupaten and all files an office would have of it.

    Attributes:
        seed: What it was made from.
        title: Its name.
        as_of: The day it speaks of.
        year: The year of the target list.
        villages: As `schema.TABLES["villages"]`.
        codes: Code list: code, name, all levels.
        terrain: Metres above sea level, 30 m.
        population: People per pixel, 100 m; NaN outside.
        roads: kind, geometry.
        rivers: name, kind, catchment_km2, geometry.
        sites: As `schema.TABLES["sites"]`.
        services: As `schema.TABLES["services"]`.
        tables: Raw tables of texts, faults included, by the path of their file.
        bundles: Raw tables by the path of the zip and the name of the member.
        faults: Which faulty rows were put in: file, line, fault.
        truth: What is really so.
    """

    seed: int
    title: str
    as_of: dt.date
    year: int
    villages: gpd.GeoDataFrame
    codes: pd.DataFrame
    terrain: Grid
    population: Grid
    roads: gpd.GeoDataFrame
    rivers: gpd.GeoDataFrame
    sites: pd.DataFrame
    services: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    bundles: Mapping[str, Mapping[str, pd.DataFrame]]
    faults: pd.DataFrame
    truth: Truth


def invent(seed: int = 42, villages: int = 280) -> World:
    """Invent a kabupaten.

    Args:
        seed: Not negative; another seed gives another kabupaten.
        villages: Number of desa, at least 10. From 60 on the handling gives 43 of 60; with fewer the proportions are kept
            (see `handling.target_counts`).

    Raises:
        UsageError: A negative seed or too few villages.
    """
    _check(seed, villages)
    country = settle_country(seed, villages)
    air = signal.Air.over(seed, country.ground)
    towers, history, sky, newcomers = _connect(seed, villages, country, air)
    labels, district, capitals = _label(seed, country, history)
    before = signal.village_shares(
        signal.best_4g(towers.levels), np.nan_to_num(country.people), country.region, villages
    )
    after = _shares_after(sky, country, villages)
    classes = signal.village_classes(*before)
    sites, services, village = _register(country, towers, newcomers, history, labels)
    trips = survey.plan_trips(
        seed, country.ground, country.region, country.roads, country.people, district, classes, history
    )
    desk = papers.Desk(seed)
    desk.file_readings(phones.take_readings(seed, country.ground, sky, trips))
    kept = desk.file_masts(sites, labels, village)
    office = civic.Registry(country.ground, country.region, country.hamlets, country.people, labels=labels)
    desk.file_records(office, classes, district, capitals, after[1], country.residents, history)
    area = shapely.coverage_union_all(np.array(country.polygons))
    return World(
        seed=seed,
        title=names.REGENCY,
        as_of=handling.AS_OF,
        year=handling.YEAR,
        villages=gpd.GeoDataFrame(labels, geometry=country.polygons, crs=WGS84).sort_values(
            "village_code", ignore_index=True
        ),
        codes=_code_list(labels),
        terrain=country.land.fine.grid(country.land.heights),
        population=country.ground.cells.grid(country.people),
        roads=road_map(country.roads, area),
        rivers=names.with_names(draw_rivers(country.land, area)),
        sites=sites[kept].reset_index(drop=True),
        services=services[services["site_id"].isin(sites["site_id"][kept])].reset_index(drop=True),
        tables=MappingProxyType(desk.tables),
        bundles=MappingProxyType(desk.bundles),
        faults=pd.concat(desk.faults, ignore_index=True),
        truth=_truth(country, sky, labels, after, classes),
    )


def _check(seed: int, villages: int) -> None:
    if seed < 0 or villages < VILLAGES_MIN:
        raise UsageError(
            Text(
                f"Kabupaten contoh perlu benih ≥ 0 dan sedikitnya {VILLAGES_MIN} desa; diminta benih {seed}, {villages} desa.",
                f"The demo needs a seed ≥ 0 and at least {VILLAGES_MIN} villages; asked for seed {seed}, {villages} villages.",
            )
        )


def _truth(
    country: Country, sky: phones.Sky, labels: pd.DataFrame, after: tuple[Floats, Floats], before: list[str]
) -> Truth:
    strong, without = after
    villages = pd.DataFrame(
        {
            "village_code": labels["village_code"],
            "true_class": signal.village_classes(strong, without),
            "share_strong": strong,
            "share_without": without,
            "class_before_handling": before,
        }
    )
    level = {
        operator: country.ground.cells.grid(np.where(country.region >= 0, _final(sky, (operator, "4G")), np.nan))
        for operator in network.OPERATORS
    }
    return Truth(MappingProxyType(level), villages.sort_values("village_code", ignore_index=True))


def _connect(
    seed: int, villages: int, country: Country, air: signal.Air
) -> tuple[network.Towers, handling.History, phones.Sky, list[network.Newcomer]]:
    targets, _ = handling.target_counts(villages)
    without = float(np.clip(_NEED_PER_TARGET * targets / villages, _WITHOUT_MIN, _WITHOUT_MAX))
    people = country.people
    towers = network.build_network(seed, air, people, country.region, villages, without=without)
    strong, lacking = signal.village_shares(
        signal.best_4g(towers.levels), np.nan_to_num(people), country.region, villages
    )
    rng = stream(seed, "projects")
    patches = smooth_field(rng, people.shape, length=_PROGRAM_CELLS).ravel()[country.places.seeds[:villages]]
    history = handling.tell_history(seed, 0.7 * lacking + 0.3 * (1 - strong), country.residents.astype(float), patches)
    crowd, home = network.around(people), network.home_ground(country.region)
    newcomers = [
        network.add_project(rng, air, crowd, country.region, home, project, len(towers.sites) + number)
        for number, project in enumerate(history.projects)
    ]
    changes = [(newcomer.on_air, window) for newcomer in newcomers for window in newcomer.windows]
    return (
        towers,
        history,
        phones.Sky(towers.levels, sorted(changes, key=lambda change: change[0]), country.region),
        newcomers,
    )


def _final(sky: phones.Sky, wanted: signal.Network) -> Floats:
    levels = {wanted: sky.levels[wanted].copy()}
    for _, window in sky.changes:
        if window.network == wanted:
            signal.add(levels, window)
    return levels[wanted]


def _shares_after(sky: phones.Sky, country: Country, villages: int) -> tuple[Floats, Floats]:
    best = np.max([_final(sky, (operator, "4G")) for operator in network.OPERATORS], axis=0)
    return signal.village_shares(best, np.nan_to_num(country.people), country.region, villages)


def _label(seed: int, country: Country, history: handling.History) -> tuple[pd.DataFrame, Ints, Ints]:
    """Return codes and names per village, the kecamatan of each and their capitals."""
    rng = stream(seed, "names")
    ground, places = country.ground, country.places
    district, capitals = districts.group_villages(ground, places, country.region)
    position = np.column_stack(np.unravel_index(places.seeds[: places.count], ground.cells.shape))
    away = np.hypot(*(position - position[0]).T) * settle.CELL_M
    kinds = districts.village_kinds(rng, country.residents.astype(float), district, away)
    _, codes = districts.village_codes(position.astype(float), district, capitals, kinds)
    verified = [
        project.village for project in history.projects if project.verified_on and project.village in history.targets
    ]
    called = names.name_villages(rng, district, verified[0] if verified else history.targets[0])
    district_names = names.name_districts(called, capitals)
    lon, lat = degrees(*ground.cells.place(position[:, 0], position[:, 1]))
    labels = pd.DataFrame(
        {
            "village_code": codes,
            "village_name": called,
            "village_type": kinds,
            "district": [district_names[number] for number in district],
            "regency": names.REGENCY,
            "province": names.PROVINCE,
            "code_version": CODE_VERSION,
            "bps_code": districts.bps_codes(codes),
            "population": country.residents.astype(float),
            "office_point": [f"POINT ({east:.6f} {south:.6f})" for east, south in zip(lon, lat, strict=True)],
        }
    )
    return labels, district, capitals


def _code_list(labels: pd.DataFrame) -> pd.DataFrame:
    villages = labels.sort_values("village_code")
    kecamatan = villages.assign(code=villages["village_code"].str[:8]).drop_duplicates("code")
    rows = [("99", names.PROVINCE), (districts.REGENCY_CODE, names.REGENCY)]
    rows += list(zip(kecamatan["code"], kecamatan["district"], strict=True))
    rows += list(zip(villages["village_code"], villages["village_name"], strict=True))
    return pd.DataFrame(sorted(rows), columns=["code", "name"])


def _register(
    country: Country,
    towers: network.Towers,
    newcomers: list[network.Newcomer],
    history: handling.History,
    labels: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame, Ints]:
    """Return sites and services of all masts in the columns of their tables, and the village of each site."""
    last = history.moves.groupby("village")["event"].last()
    building = [village for village in history.open if last.get(village) in ("construction", "assigned")]
    planned = pd.DataFrame(
        [
            {"cell": int(country.places.seeds[v]), "height_m": 52.0, "owner": "Mitratel", "status": "planned"}
            for v in building
        ]
    )
    closed = towers.sites.head(2).assign(status="inactive", height_m=32.0)  # old masts beside the new
    closed = closed.assign(cell=closed["cell"] + 2)
    sites = pd.concat(
        [
            towers.sites.assign(status="active"),
            pd.DataFrame([newcomer.site for newcomer in newcomers]).assign(status="active"),
            planned,
            closed,
        ],
        ignore_index=True,
    )
    village = country.region.ravel()[sites["cell"].to_numpy(dtype=np.intp)]
    frame = masts.number_sites(sites, country.ground, labels, village)
    services = pd.concat([towers.services, *(newcomer.services for newcomer in newcomers)], ignore_index=True)
    services.insert(0, "site_id", frame["site_id"].to_numpy()[services.pop("site").to_numpy(dtype=np.intp)])
    return frame, services, village
