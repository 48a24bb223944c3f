"""Who measured where and when: drives along roads, surveys on foot in villages, and the many places where nobody was.

A drive covers the roads of some kecamatan and leaves gaps; a survey goes through the hamlets of one village. The villages on
the target list were all visited: where the case is still open, or was handled too lately for a second visit, before
the handling; where it was verified, also afterwards.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from blankspot.demo import handling
from blankspot.demo.fields import stream

if TYPE_CHECKING:
    from blankspot.demo.fields import Floats, Ints
    from blankspot.demo.handling import History
    from blankspot.demo.roads import Roads
    from blankspot.demo.settle import Ground

_SPACING_M: Final = 125.0
_DRIVEN: Final = 0.5  # of the kecamatan
_TRACKS: Final = 0.55  # of the tracks there are driven too
_LEFT_OUT: Final = 0.10  # of the roads there
_GAP: Final = 0.06  # chance per reading that the logger pauses
_GAP_READINGS: Final = 7
_WALK_CELLS: Final = 60
_REVISITED: Final = 0.7  # of what was built in 2021
_SURVEYED_NONE: Final = 0.75
_SURVEYED_WEAK: Final = 0.34
_DRIVE_M_S: Final = 8.0
_HOME_HOUR: Final = 16
_FULL_CREW: Final = ("telkomsel", "indosat", "xl", "smartfren")
_CREWS: Final = (("telkomsel", "indosat"), ("telkomsel", "xl"), ("telkomsel", "indosat", "xl"))


_Visit = tuple[int, dt.date, str]  # village, day, campaign


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
    for visit in _visits(rng, classes, history):
        built_by = {project.operator for project in history.projects if project.village == visit[0]}
        trips.append(_walk(rng, ground, region, people, visit, built_by))
    return trips


def _drives(
    rng: np.random.Generator, ground: Ground, region: Ints, roads: Roads, district: Ints, spared: set[int]
) -> list[Trip]:
    """Return drives along roads: the main ones in 2021, those of the chosen kecamatan in 2022."""
    count = int(district.max()) + 1
    driven = rng.permutation(count) < max(1, round(_DRIVEN * count))
    late = rng.integers(0, 280, count)
    first = {2021: dt.date(2021, 10, 4), 2022: dt.date(2022, 1, 24)}
    pace = {2021: 5, 2022: 1}  # 2021 was quick: one reading in five, all in two months
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
            start = clock.get(
                (year, number), _morning(rng, first[year] + dt.timedelta(days=int(late[number]) // pace[year]))
            )
            moment = np.datetime64(start, "s") + (at[wanted] / _DRIVE_M_S).astype("timedelta64[s]")
            clock[year, number] = _afterwards(rng, moment[-1].astype(object))
            crew = _FULL_CREW if year == handling.YEAR and not track else _FULL_CREW[:2]
            thin = slice(None, None, pace[year])
            x, y = points[wanted][thin].T
            trips.append(Trip(f"jalan_{year}", x, y, moment[thin], crew))
    return trips


def _morning(rng: np.random.Generator, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(8, int(rng.integers(0, 50)), int(rng.integers(0, 60))))


def _afterwards(rng: np.random.Generator, end: dt.datetime) -> dt.datetime:
    """Return when the crew drives on: some minutes later, or the next morning."""
    return end + dt.timedelta(minutes=4) if end.hour < _HOME_HOUR else _morning(rng, end.date() + dt.timedelta(days=1))


def _pauses(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return which readings of a drive are missing, some in a row."""
    begins = np.flatnonzero(rng.random(count) < _GAP / _GAP_READINGS)
    return np.isin(np.arange(count), (begins[:, None] + np.arange(_GAP_READINGS)).ravel())


def _visits(rng: np.random.Generator, classes: list[str], history: History) -> list[_Visit]:
    """Return which villages were surveyed on foot, when, and in which campaign."""
    built = {project.village: project for project in history.projects}
    visits: list[_Visit] = []
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
    visits += [
        (village, _day(rng, dt.date(2022, 2, 1), dt.date(2022, 11, 20)), "ukur_ulang")
        for village in sorted(set(built) - set(history.targets))
        if rng.random() < _REVISITED
    ]
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
    rng: np.random.Generator, ground: Ground, region: Ints, people: Floats, visit: _Visit, built_by: set[str]
) -> Trip:
    """Return a way through the inhabited cells of a village, always to the nearest that is left."""
    village, day, campaign = visit
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
    moment = np.datetime64(_morning(rng, day), "s") + (way / 2.2 + 35 * np.arange(size)).astype("timedelta64[s]")
    crew = _CREWS[int(rng.integers(len(_CREWS)))]
    return Trip(campaign, x, y, moment, tuple(sorted({*crew, *built_by})))
