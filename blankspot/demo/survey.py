"""Who measured where and when: drives along roads, surveys on foot in villages, and the many places where nobody was.

A drive covers the roads of some kecamatan and leaves gaps; a survey goes through the hamlets of one village. The villages on
the target list were all visited: where the case is still open, or was handled too lately for a second visit, before
the handling; where it was verified, also afterwards. Phones hear the truth through noise of their own.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.demo.fields import degrees, stream
from blankspot.demo.signal import FEELS, Network, Window

if TYPE_CHECKING:
    from blankspot.demo.fields import Floats, Ints
    from blankspot.demo.handling import History
    from blankspot.demo.roads import Roads
    from blankspot.demo.settle import Ground

_SPACING_M: Final = 125.0
_DRIVEN: Final = 0.62  # of the kecamatan
_TRACKS: Final = 0.7  # of the tracks there are driven too
_LEFT_OUT: Final = 0.10  # of the roads there
_GAP: Final = 0.06  # chance per reading that the logger pauses
_GAP_READINGS: Final = 7
_WALK_CELLS: Final = 60
_NOISE_DB: Final = 2.0
_DEVICE_DB: Final = 1.2
_METRIC: Final = {"4G": "rsrp_dbm", "3G": "rscp_dbm", "2G": "rxlev_dbm"}
_LEAST: Final = {"4G": -140.0, "3G": -119.0, "2G": -109.0}
_ORDER: Final = ("4G", "3G", "2G")
_SPEED_TEST: Final = 0.04
_SURVEYED_NONE: Final = 0.6
_SURVEYED_WEAK: Final = 0.5
_CREWS: Final = (("telkomsel", "indosat"), ("telkomsel", "xl"), ("telkomsel", "indosat", "xl"))


@dataclass(frozen=True)
class Sky:
    """What can be heard where and when.

    Attributes:
        levels: dBm of each network before the handling.
        changes: Day and window of what the handling added, in order of time.
        region: Village of each cell.
    """

    levels: dict[Network, Floats]
    changes: list[tuple[dt.date, Window]]
    region: Ints

    def hear(self, network: Network, cells: Ints, days: np.ndarray) -> Floats:
        """Return the level in dBm at flat cells on days."""
        level = self.levels[network].ravel()[cells].copy()
        row, column = np.divmod(cells, self.region.shape[1])
        for day, window in self.changes:
            if window.network != network:
                continue
            rows, columns = window.level.shape
            r, c = row - window.top, column - window.left
            inside = (r >= 0) & (r < rows) & (c >= 0) & (c < columns) & (days >= np.datetime64(day))
            level[inside] = np.maximum(level[inside], window.level[r[inside], c[inside]])
        return level


@dataclass(frozen=True)
class Trip:
    """One way of one crew: positions in metres, moments (local time) and who listened."""

    campaign: str
    x: Floats
    y: Floats
    moment: np.ndarray
    operators: tuple[str, ...]


def plan_trips(
    seed: int,
    ground: Ground,
    region: Ints,
    roads: Roads,
    people: Floats,
    district: Ints,
    classes: list[str],
    history: History,
) -> list[Trip]:
    """Return every trip of the two years."""
    rng = stream(seed, "survey")
    trips = _drives(rng, ground, region, roads, district, set(history.targets))
    for village, day, campaign in _visits(rng, classes, history):
        trips.append(_walk(rng, ground, region, people, village, day, campaign))
    return trips


def _drives(
    rng: np.random.Generator, ground: Ground, region: Ints, roads: Roads, district: Ints, spared: set[int]
) -> list[Trip]:
    """Return drives along roads: the main ones in 2021, those of the chosen kecamatan in 2022."""
    count = int(district.max()) + 1
    driven = rng.permutation(count) < max(1, round(_DRIVEN * count))
    first = {number: dt.date(2022, 1, 24) + dt.timedelta(days=int(rng.integers(0, 280))) for number in range(count)}
    clock: dict[tuple[int, int], dt.datetime] = {}
    trips = []
    for kind, line in zip(roads.lines["kind"], roads.lines.geometry, strict=True):
        at = np.arange(rng.uniform(0, _SPACING_M), line.length, _SPACING_M)
        track = kind == "jalan lingkungan"
        if not at.size or (track and rng.random() > _TRACKS):
            continue
        points = np.array([line.interpolate(float(along)).coords[0] for along in at])
        village = region[ground.cells.find(*points.T)]
        keep = (village >= 0) & ~_pauses(rng, len(at))
        here = district[np.clip(village, 0, None)]
        major = kind in ("jalan nasional", "jalan kabupaten")
        for year, wanted in ((2021, keep & major), (2022, keep & driven[here] & ~np.isin(village, list(spared)))):
            if not wanted.any() or rng.random() < _LEFT_OUT:
                continue
            number = int(here[wanted][0])
            day = first[number] if year == 2022 else dt.date(2021, 10, 4) + dt.timedelta(days=number)  # noqa: PLR2004
            start = clock.get((year, number), dt.datetime.combine(day, dt.time(8, int(rng.integers(0, 50)))))  # noqa: DTZ001 - local
            moment = np.datetime64(start, "s") + (at[wanted] / 8.0).astype("timedelta64[s]")
            clock[year, number] = moment[-1].astype(object) + dt.timedelta(minutes=4)
            crew = (
                ("telkomsel", "indosat", "xl", "smartfren") if year == 2022 and not track else ("telkomsel", "indosat")
            )  # noqa: PLR2004
            thin = slice(None, None, 1 if year == 2022 else 3)  # noqa: PLR2004
            trips.append(Trip(f"jalan_{year}", *points[wanted][thin].T, moment[thin], crew))
    return trips


def _pauses(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return which readings of a drive are missing, some in a row."""
    begins = np.flatnonzero(rng.random(count) < _GAP / _GAP_READINGS)
    return np.isin(np.arange(count), (begins[:, None] + np.arange(_GAP_READINGS)).ravel())


def _visits(rng: np.random.Generator, classes: list[str], history: History) -> list[tuple[int, dt.date, str]]:
    """Return which villages were surveyed on foot, when, and in which campaign."""
    built = {project.village: project for project in history.projects}
    visits = []
    for village in history.targets:
        project = built.get(village) if village not in history.open else None
        if project is None:
            visits.append((village, _day(rng, dt.date(2022, 1, 10), dt.date(2022, 12, 9)), "survei_2022"))
        elif project.verified_on is not None:
            visits.append((village, _day(rng, dt.date(2021, 9, 13), dt.date(2021, 12, 17)), "survei_2021"))
            visits.append((village, project.verified_on, "ukur_ulang"))
        else:
            last = min(project.on_air - dt.timedelta(days=1), dt.date(2022, 12, 2))
            visits.append((village, _day(rng, dt.date(2022, 1, 4), max(last, dt.date(2022, 1, 5))), "survei_2022"))
    listed = set(history.targets) | set(built)
    for village in set(built) - set(history.targets):
        if rng.random() < 0.7:  # noqa: PLR2004 - most of what was built in 2021
            visits.append((village, _day(rng, dt.date(2022, 2, 1), dt.date(2022, 11, 20)), "ukur_ulang"))
    chance = {"none": _SURVEYED_NONE, "weak": _SURVEYED_WEAK, "served": 0.0}
    visits += [
        (village, _day(rng, dt.date(2022, 1, 10), dt.date(2022, 12, 16)), "survei_2022")
        for village, name in enumerate(classes)
        if village not in listed and rng.random() < chance[name]
    ]
    return visits


def _day(rng: np.random.Generator, first: dt.date, last: dt.date) -> dt.date:
    return first + dt.timedelta(days=int(rng.integers((last - first).days + 1)))


def _walk(
    rng: np.random.Generator, ground: Ground, region: Ints, people: Floats, village: int, day: dt.date, campaign: str
) -> Trip:
    """Return a way through the inhabited cells of a village, always to the nearest that is left."""
    members = np.flatnonzero(region == village)
    merit = np.nan_to_num(people.ravel()[members]) * np.exp(0.3 * rng.standard_normal(members.size))
    row, column = np.divmod(members, ground.cells.columns)
    block = (row // 2) * ground.cells.columns + column // 2  # one stop per 200 m
    ranked = np.argsort(-merit, kind="stable")
    _, first = np.unique(block[ranked], return_index=True)
    chosen = members[ranked[np.sort(first)[:_WALK_CELLS]]]
    size = chosen.size
    place = np.column_stack(np.divmod(chosen, ground.cells.columns)).astype(float)
    order, left = [0], np.ones(size, dtype=bool)
    left[0] = False
    while left.any():
        order.append(int(np.argmin(np.where(left, np.hypot(*(place - place[order[-1]]).T), np.inf))))
        left[order[-1]] = False
    place = place[order] + rng.uniform(-0.35, 0.35, (size, 2))
    x, y = ground.cells.place(place[:, 0], place[:, 1])
    way = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    start = np.datetime64(dt.datetime.combine(day, dt.time(8, int(rng.integers(0, 59)))), "s")  # noqa: DTZ001 - local
    moment = start + (way / 2.2 + 35 * np.arange(size)).astype("timedelta64[s]")
    return Trip(campaign, x, y, moment, _CREWS[int(rng.integers(len(_CREWS)))])


def take_readings(seed: int, ground: Ground, sky: Sky, trips: list[Trip]) -> pd.DataFrame:
    """Return all readings: campaign, village, measured_at (local), lon, lat, accuracy_m, operator, technology, metric, value.

    One row per trip, position and operator, in that order, and now and then a speed test behind a good 4G reading.
    """
    rng = stream(seed, "phones")
    frames = [_listen(rng, ground, sky, trip, operator) for trip in trips for operator in trip.operators]
    readings = pd.concat(frames, ignore_index=True)
    good = (readings["technology"] == "4G") & (readings["value"] > -108) & (rng.random(len(readings)) < _SPEED_TEST)  # noqa: PLR2004
    tests = readings[good].copy()
    spread = np.exp(0.4 * rng.standard_normal(len(tests)))
    tests["value"] = np.round(np.clip((tests["value"] + 125) * 0.55 * spread, 0.3, 95), 1)
    tests["metric"] = "download_mbps"
    return pd.concat([readings, tests]).sort_index(kind="stable").reset_index(drop=True)


def _listen(rng: np.random.Generator, ground: Ground, sky: Sky, trip: Trip, operator: str) -> pd.DataFrame:
    row, column = ground.cells.find(trip.x, trip.y)
    cells = row * ground.cells.columns + column
    size, bias = len(cells), rng.normal(0, _DEVICE_DB)
    technology = np.full(size, "", dtype=object)
    value = np.full(size, np.nan)
    for generation in _ORDER:
        if (operator, generation) not in sky.levels:
            continue
        level = sky.hear((operator, generation), cells, trip.moment.astype("datetime64[D]"))
        shown = np.round(level + bias + rng.normal(0, _NOISE_DB, size))
        logged = (technology == "") & (level >= FEELS[generation] + rng.normal(0, 1.5, size))
        technology[logged] = generation
        value[logged] = np.clip(shown[logged], _LEAST[generation], -48.0)
    accuracy = np.round(3 + rng.gamma(2.0, 2.5, size), 1)
    error = rng.normal(0, 1, (2, size)) * accuracy / 2.5
    lon, lat = degrees(trip.x + error[0], trip.y + error[1])
    return pd.DataFrame(
        {
            "campaign": trip.campaign,
            "village": sky.region[row, column],
            "measured_at": trip.moment,
            "lon": np.round(lon, 6),
            "lat": np.round(lat, 6),
            "accuracy_m": accuracy,
            "operator": operator,
            "technology": technology,
            "metric": [_METRIC.get(str(name), "no_service") for name in technology],
            "value": value,
        }
    )
