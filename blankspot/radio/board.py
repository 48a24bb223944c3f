"""One tile on which the services of all sites compete, pixel by pixel.

A group of services shares the walk over the terrain between its site and the tile; each then takes the pixels where it is
the strongest. Groups may be added from several threads and in any order.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Final

import numpy as np

from blankspot.coverage import NO_SERVER
from blankspot.radio import antenna, hata, serve, sweep

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from blankspot.coverage import Frame, Key, Model, Part
    from blankspot.radio.zones import Zones
    from blankspot.settings import Settings
    from blankspot.terrain import Terrain, Window

_AROUND_PIXELS: Final = 2  # bilinear heights need a neighbour


@dataclass(frozen=True)
class Service:
    """One row of the services to predict, as the loops take it."""

    row: int
    key: Key
    f_ghz: float
    radiated_dbm: float
    reach_km: float
    antenna: antenna.Antenna | None


@dataclass(frozen=True)
class Group:
    """Services at one place and height: they share a sweep. Positions count from the terrain's upper left."""

    rays: sweep.Fan
    height_m: float
    services: tuple[Service, ...]


@dataclass(frozen=True, eq=False)
class Plan:
    """All that a tile needs to know."""

    terrain: Terrain
    area: Window
    frame: Frame
    settings: Settings
    groups: tuple[Group, ...]
    model: Model
    zones: Zones | None = field(default=None)


class Board:
    """A tile on which services compete; groups may be added from several threads and in any order."""

    def __init__(self, plan: Plan, window: Window) -> None:
        self.plan = plan
        self.window = window
        shape = window[2:]
        self.best = {key: np.full(shape, plan.frame.floors_dbm[key], dtype=np.float32) for key in plan.frame.keys}
        self.server = {key: np.full(shape, NO_SERVER, dtype=np.int32) for key in plan.frame.keys}
        self.locks = {key: Lock() for key in plan.frame.keys}

    def add(self, group: Group) -> None:
        """Let the services of a group compete."""
        around = self._around(group)
        ground = self._ground(around)
        rays = group.rays.within(*around[:2])
        inner = (self.window[0] - around[0], self.window[1] - around[1], *self.window[2:])
        losses = _losses(self.plan, group, ground, rays, inner)
        directed = any(service.antenna is not None for service in group.services)
        angles = _angles(self.plan, group, ground, rays, inner) if directed else None
        for service in group.services:
            loss = losses[service.f_ghz]
            with self.locks[service.key]:
                best, server = self.best[service.key], self.server[service.key]
                if service.antenna is None or angles is None:
                    serve.take(loss, service.radiated_dbm, service.row, best, server)
                else:
                    serve.take_directed(loss, service.radiated_dbm, *angles, service.antenna, service.row, best, server)

    def parts(self) -> dict[Key, Part]:
        """Return the finished tile: what stands on no height is not predicted."""
        empty = np.isnan(self.plan.terrain.heights(self.window))
        spread = np.full(self.window[2:], self.plan.settings.radio.model_sd_db, dtype=np.float32)
        spread[empty] = np.nan
        found: dict[Key, Part] = {}
        for key, best in self.best.items():
            best[empty] = np.nan
            self.server[key][empty] = NO_SERVER
            found[key] = (best, spread, self.server[key])
        return found

    def _around(self, group: Group) -> Window:
        """Return the window that holds the tile, the site and the way between them."""
        top, left, rows, columns = self.window
        row, column = math.floor(group.rays.y), math.floor(group.rays.x)
        bottom, right = max(top + rows, row + 1), max(left + columns, column + 1)
        top, left = min(top, row) - _AROUND_PIXELS, min(left, column) - _AROUND_PIXELS
        return top, left, bottom + _AROUND_PIXELS - top, right + _AROUND_PIXELS - left

    def _ground(self, around: Window) -> sweep.Ground:
        terrain = self.plan.terrain
        heights = np.ascontiguousarray(terrain.heights(around))
        clutter = terrain.clutter(around) if self.plan.model == "p1812" else None
        zones = self.plan.zones.window(terrain, around, heights) if self.plan.zones else None
        return sweep.Ground(
            heights=heights,
            clutter=None if clutter is None else np.ascontiguousarray(clutter),
            zones=zones,
        )


def _losses(
    plan: Plan, group: Group, ground: sweep.Ground, rays: sweep.Fan, inner: Window
) -> Mapping[float, NDArray[np.float32]]:
    """Return losses over a tile by frequency."""
    radio, receiver = plan.settings.radio, plan.settings.receiver
    reach: dict[float, float] = {}
    for service in group.services:
        reach[service.f_ghz] = max(reach.get(service.f_ghz, 0.0), service.reach_km)
    if plan.model == "p1812":
        climate = sweep.Climate(
            p_pct=radio.time_pct,
            dn=radio.delta_n_units_per_km,
            n0=radio.n0_n_units,
            polarization=radio.polarization,
            location_pct=radio.location_pct,
        )
        found = sweep.losses(
            ground,
            rays,
            htg_m=group.height_m,
            hrg_m=receiver.height_m,
            f_ghz=tuple(reach),
            climate=climate,
            window=inner,
        )
        return dict(zip(reach, found, strict=True))
    return {f: _flat(plan, group, ground, rays, inner, f, km) for f, km in reach.items()}


def _flat(
    plan: Plan, group: Group, ground: sweep.Ground, rays: sweep.Fan, inner: Window, f_ghz: float, reach: float
) -> NDArray[np.float32]:
    """Return losses of a model that does not look at the way between."""
    handset = plan.settings.receiver.height_m
    away, out = np.empty(inner[2:]), np.empty(inner[2:], dtype=np.float32)
    serve.distances(inner[2:], rays.x - inner[1], rays.y - inner[0], rays.distance, away)
    if plan.model == "hata":
        environment = hata.ENVIRONMENTS.index(plan.settings.radio.environment)
        serve.hata_losses(away, hata.curve(f_ghz, group.height_m, handset, environment, True), reach, out)
    else:
        heights = _cut(ground.heights, inner)
        serve.free_losses(away, heights, rays.ground_m + group.height_m, handset, f_ghz, reach, out)
    return out


def _angles(
    plan: Plan, group: Group, ground: sweep.Ground, rays: sweep.Fan, inner: Window
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return bearings and elevations of a tile's pixels as seen from the antennas of a group."""
    bearing, elevation = np.empty(inner[2:], dtype=np.float32), np.empty(inner[2:], dtype=np.float32)
    place = (rays.x - inner[1], rays.y - inner[0], rays.ground_m + group.height_m)
    handset = plan.settings.receiver.height_m
    serve.directions(_cut(ground.heights, inner), place, rays.steps_km, handset, bearing, elevation)
    return bearing, elevation


def _cut(heights: NDArray[np.float32], inner: Window) -> NDArray[np.float32]:
    return heights[inner[0] : inner[0] + inner[2], inner[1] : inner[1] + inner[3]]
