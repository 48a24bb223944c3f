"""Coverage of all services over terrain: which sweeps are needed, tile by tile, and who is strongest.

Services at one place and height share the walk over the terrain, whatever their frequencies. A tile needs the terrain
between itself and the sites that reach it, and nothing else: memory grows with the tile, not with the area. A pixel's
value depends on the terrain, the services and the settings alone; not on tiles, threads or order.
"""

from __future__ import annotations

import hashlib
import math
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from affine import Affine

import blankspot
from blankspot.coverage import NO_SERVER, Coverage, Frame, Layer, pixel_window
from blankspot.errors import UsageError
from blankspot.geo import WGS84
from blankspot.grid import Grid
from blankspot.radio import antenna, link, sweep
from blankspot.radio.board import Board, Group, Plan, Service
from blankspot.radio.intake import usable
from blankspot.radio.metric import positions, squared_distance
from blankspot.radio.reach import reach_km
from blankspot.radio.standing import standing
from blankspot.radio.zones import find_zones
from blankspot.settings import load_settings
from blankspot.terrain import GridTerrain
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Mapping

    from blankspot.coverage import CoverageSource, Key, Model, Part, Store, Tile
    from blankspot.settings import Provenance, Settings
    from blankspot.terrain import Terrain, Window

Bounds = tuple[float, float, float, float]

_M_PER_DEGREE: Final = 111_195.0  # of latitude
_SIZES_VARY: Final = 1.01


def predict(
    services: pd.DataFrame,
    sites: pd.DataFrame,
    terrain: Terrain | Grid | None,
    *,
    settings: Settings | None = None,
    model: Model | None = None,
    operators: Collection[str] | None = None,
    bounds: Bounds | None = None,
    jobs: int | None = None,
    crowdsourced: bool = False,
    store: Store | None = None,
    inputs: str = "",
    provenance: Provenance | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> CoverageSource:
    """Predict the median level of the strongest server per operator and technology, and its spread.

    Args:
        services: Columns of `schema.TABLES["services"]`.
        sites: Columns of `schema.TABLES["sites"]`.
        terrain: Heights; a `Grid` counts as a surface model. None falls back to Hata, and the result is coarse.
        settings: `[radio]`, `[receiver]` and `[signal]` decide.
        model: `settings.radio.model` if not given.
        operators: Only these; all if not given.
        bounds: West, south, east, north in degrees of what is predicted. Not given: all of the terrain, or without
            terrain what lies within reach of the sites.
        jobs: Threads; all cores if not given.
        crowdsourced: Also predict services at crowd-sourced positions.
        store: Takes the tiles as they are finished, and those it has are not computed again. Not given: coverage is
            returned in memory.
        inputs: Identity of the terrain for a store: its tiles are kept only for the same inputs.
        provenance: Handed to the store.
        progress: Called with how many pairs of site and tile are done, and of how many.

    Returns:
        Coverage on the terrain's own grid; its remarks say what was left out.

    Raises:
        UsageError: Tables lack columns, bounds miss the terrain, or there is neither terrain nor bounds nor a site.
    """
    settings = settings or load_settings()
    chosen = _chosen(model or settings.radio.model, terrain)
    ready, remarks = usable(
        services, sites, model=chosen, settings=settings, operators=operators, crowdsourced=crowdsourced
    )
    land = GridTerrain(terrain) if isinstance(terrain, Grid) else terrain
    coarse = land is None
    land = land or _plain(bounds, ready, settings)
    area = _area(land, bounds)
    if not coarse:
        ready, fallen = standing(ready, land, settings=settings)
        remarks = pd.concat([remarks, fallen], ignore_index=True)
    frame = _frame(land, area, ready, settings, chosen, coarse=coarse, inputs=inputs)
    plan = Plan(land, area, frame, settings, _groups(ready, land, area, settings, chosen, coarse=coarse), chosen)
    kept = store or _Memory(frame)
    kept.begin(frame)
    _run(plan, kept, jobs or os.cpu_count() or 1, progress)
    return kept.finish(remarks, provenance)


def _chosen(model: Model, terrain: object) -> Model:
    return "hata" if terrain is None and model == "p1812" else model


def _plain(bounds: Bounds | None, ready: pd.DataFrame, settings: Settings) -> GridTerrain:
    """Return flat ground to predict on where there is no terrain, in degrees, at the resolution of the settings."""
    if bounds is None and ready.empty:
        raise UsageError(
            Text(
                "Tidak ada yang dapat diprediksi: tanpa ketinggian, batas, atau menara.",
                "There is nothing to predict: no terrain, no bounds, no site.",
            ),
            hint=Text("Sebutkan bounds atau berikan raster ketinggian.", "Give bounds or a raster of heights."),
        )
    margin = settings.radio.radius_max_km * 1e3 / _M_PER_DEGREE
    west, south, east, north = bounds or (
        ready["lon"].min() - margin, ready["lat"].min() - margin, ready["lon"].max() + margin, ready["lat"].max() + margin,
    )  # fmt: skip
    step = settings.radio.resolution_m / _M_PER_DEGREE
    shape = (max(1, math.ceil((north - south) / step)), max(1, math.ceil((east - west) / step)))
    flat = np.broadcast_to(np.float32(0), shape)
    return GridTerrain(Grid(flat, Affine(step, 0, west, 0, -step, north), WGS84))


def _area(terrain: Terrain, bounds: Bounds | None) -> Window:
    if bounds is None:
        return (0, 0, *terrain.shape)
    area = pixel_window(terrain.transform, terrain.crs, terrain.shape, bounds)
    if not (area[2] and area[3]):
        seen = ", ".join(f"{edge:.4f}" for edge in bounds)
        raise UsageError(
            Text(
                f"Raster ketinggian tidak meliputi wilayah yang diminta ({seen}).",
                f"The heights do not cover the area asked for ({seen}).",
            ),
            hint=Text("Pakai raster ketinggian wilayah yang sama.", "Use heights of the same area."),
        )
    return area


def _ground(terrain: Terrain, column: float, row: float) -> float:
    """Return the height on which a site stands: between four pixels, or its own where another has none."""
    left, top = max(math.floor(column - 0.5), 0), max(math.floor(row - 0.5), 0)
    rows, columns = min(2, terrain.shape[0] - top), min(2, terrain.shape[1] - left)
    found = sweep.height_at(terrain.heights((top, left, rows, columns)), column - 0.5 - left, row - 0.5 - top)
    return float(terrain.heights((math.floor(row), math.floor(column), 1, 1))[0, 0]) if math.isnan(found) else found


def _frame(
    terrain: Terrain, area: Window, ready: pd.DataFrame, settings: Settings, model: Model, *, coarse: bool, inputs: str
) -> Frame:
    keys = tuple(dict.fromkeys(zip(ready["operator"], ready["technology"], strict=True)))
    floors = dict(zip(zip(ready["operator"], ready["technology"], strict=True), ready["floor_dbm"], strict=True))
    transform = terrain.transform @ Affine.translation(area[1], area[0])
    decides = (
        blankspot.__version__, model, str(coarse), terrain.crs, tuple(transform), area, inputs,
        settings.model_dump_json(include={"radio", "receiver", "signal"}), ready.to_csv(),
    )  # fmt: skip
    return Frame(
        crs=terrain.crs,
        transform=transform,
        shape=area[2:],
        tile_pixels=settings.radio.tile_pixels,
        keys=keys,
        floors_dbm={key: float(floors[key]) for key in keys},
        services=ready,
        model=model,
        coarse=coarse,
        digest=hashlib.sha256(repr(decides).encode()).hexdigest(),
    )


def _groups(
    ready: pd.DataFrame, terrain: Terrain, area: Window, settings: Settings, model: Model, *, coarse: bool
) -> tuple[Group, ...]:
    lon, lat = ready["lon"].to_numpy(dtype=float), ready["lat"].to_numpy(dtype=float)
    columns, rows = positions(terrain.crs, terrain.transform, lon, lat)
    low, high = _extremes(terrain, area, settings.radio.tile_pixels)
    size_km = _pixel_km(terrain, area)
    found: dict[tuple[float, float, float], list[Service]] = {}
    ground: dict[tuple[float, float, float], float] = {}
    for index, service in enumerate(ready.to_dict("records")):
        place = (float(columns[index]), float(rows[index]), float(service["height_m"]))
        if place not in ground:
            ground[place] = 0.0 if coarse else _ground(terrain, *place[:2])
        found.setdefault(place, []).append(_service(index, service, ground[place], low, high, settings, model))
    groups = []
    for place, listed in sorted(found.items(), key=lambda item: (item[0][1], item[0][0], item[0][2])):
        # rays are as dense as pixels at the far end; beyond the area there are none to decide
        reach = min(max(each.reach_km for each in listed), _furthest_km(place[0], place[1], area, size_km))
        rays = sweep.fan(terrain.crs, terrain.transform, *place[:2], ground_m=ground[place], radius_km=reach)
        groups.append(Group(rays, place[2], tuple(listed)))
    return tuple(groups)


def _service(
    index: int, row: Mapping[Hashable, Any], ground_m: float, low: float, high: float, settings: Settings, model: Model
) -> Service:
    values = {name: float(row[name]) for name in ("band_mhz", "eirp_dbm", "height_m", "bandwidth_mhz", "floor_dbm")}
    share = link.reference_share_db(
        row["technology"],
        values["bandwidth_mhz"],
        pilot_share_db=settings.radio.service.rscp_pilot_share_db,
        f_ghz=values["band_mhz"] / 1e3,
    )
    radiated = values["eirp_dbm"] - share - settings.receiver.body_loss_db
    angles = {name: float(row[name]) for name in ("azimuth_deg", "beamwidth_deg", "tilt_deg")}
    return Service(
        index,
        (str(row["operator"]), str(row["technology"])),
        values["band_mhz"] / 1e3,
        radiated,
        reach_km(
            radiated - values["floor_dbm"],
            f_ghz=values["band_mhz"] / 1e3,
            antenna_m=values["height_m"],
            handset_m=settings.receiver.height_m,
            above_lowest_m=max(ground_m - low, 0.0),
            relief_m=max(high - low, 0.0),
            model=model,
            radio=settings.radio,
        ),
        None if math.isnan(angles["azimuth_deg"]) else antenna.of_service(**angles, defaults=settings.radio.service),
    )


def _extremes(terrain: Terrain, area: Window, strip: int) -> tuple[float, float]:
    """Return the lowest and the highest height of an area."""
    low, high = math.inf, -math.inf
    for top in range(area[0], area[0] + area[2], strip):
        heights = terrain.heights((top, area[1], min(strip, area[0] + area[2] - top), area[3]))
        filled = heights[np.isfinite(heights)]
        if filled.size:
            low, high = min(low, float(filled.min())), max(high, float(filled.max()))
    return (low, high) if low <= high else (0.0, 0.0)


def _run(plan: Plan, kept: Store, jobs: int, progress: Callable[[int, int], None] | None) -> None:
    """Compute the tiles that are missing."""
    tiles = [tile for tile in plan.frame.tiles() if not kept.has(tile)]
    if not tiles:
        return
    size_km = _pixel_km(plan.terrain, plan.area)
    plan = _with_zones(plan, size_km)
    work = [(tile, [group for group in plan.groups if _reaches(group, _window(plan, tile), size_km)]) for tile in tiles]
    total = sum(len(groups) for _, groups in work)
    done = 0
    if progress:
        progress(0, total)
    with ThreadPoolExecutor(jobs) as threads:
        for tile, groups in work:
            board = Board(plan, _window(plan, tile))
            for _ in threads.map(board.add, groups):
                done += 1
                if progress:
                    progress(done, total)
            kept.put(tile, board.parts())


def _with_zones(plan: Plan, size_km: tuple[float, float]) -> Plan:
    if plan.model != "p1812":
        return plan
    reach = max((group.rays.radius_km for group in plan.groups), default=0.0)
    zones = find_zones(plan.terrain, plan.area, pixel_km=size_km, reach_km=reach, radio=plan.settings.radio)
    return Plan(plan.terrain, plan.area, plan.frame, plan.settings, plan.groups, plan.model, zones)


def _window(plan: Plan, tile: Tile) -> Window:
    """Return a tile's pixels on the terrain's grid."""
    row, column, rows, columns = plan.frame.window(tile)
    return plan.area[0] + row, plan.area[1] + column, rows, columns


def _pixel_km(terrain: Terrain, area: Window) -> tuple[float, float]:
    """Return the height and width of a pixel in the middle of an area."""
    x, y = area[1] + area[3] / 2, area[0] + area[2] / 2
    q = squared_distance(terrain.crs, terrain.transform, x, y, 8.0)
    return math.sqrt(q[0, 2]), math.sqrt(q[2, 0])


def _furthest_km(column: float, row: float, area: Window, size_km: tuple[float, float]) -> float:
    """Return how far the furthest corner of an area is, and a hundredth more, for the pixels' size varies."""
    down = max(row - area[0], area[0] + area[2] - row) * size_km[0]
    across = max(column - area[1], area[1] + area[3] - column) * size_km[1]
    return math.hypot(down, across) * _SIZES_VARY + max(size_km)


def _reaches(group: Group, window: Window, size_km: tuple[float, float]) -> bool:
    """Tell whether a group may reach a window; a hundredth more than its reach, for the pixels' size varies."""
    top, left, rows, columns = window
    down = max(top - group.rays.y, 0.0, group.rays.y - top - rows) * size_km[0]
    across = max(left - group.rays.x, 0.0, group.rays.x - left - columns) * size_km[1]
    return math.hypot(down, across) <= group.rays.radius_km * _SIZES_VARY + max(size_km)


class _Memory:
    """A store that keeps coverage in memory."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.layers: dict[Key, Part] = {}

    def begin(self, frame: Frame) -> None:
        """Lay out the whole area as not predicted."""
        self.layers = {
            key: (
                np.full(frame.shape, np.nan, dtype=np.float32),
                np.full(frame.shape, np.nan, dtype=np.float32),
                np.full(frame.shape, NO_SERVER, dtype=np.int32),
            )
            for key in frame.keys
        }

    def has(self, _tile: Tile) -> bool:
        """Tell that nothing is kept from before."""
        return False

    def put(self, tile: Tile, parts: Mapping[Key, Part]) -> None:
        """Copy a tile into its place."""
        row, column, rows, columns = self.frame.window(tile)
        for key, part in parts.items():
            for whole, values in zip(self.layers[key], part, strict=True):
                whole[row : row + rows, column : column + columns] = values

    def finish(self, remarks: pd.DataFrame, _provenance: Provenance | None = None) -> Coverage:
        """Return the whole as a value."""
        frame = self.frame
        metrics = dict(
            zip(
                zip(frame.services["operator"], frame.services["technology"], strict=True),
                frame.services["metric"],
                strict=True,
            )
        )
        layers = {
            key: Layer(
                operator=key[0],
                technology=key[1],
                metric=str(metrics[key]),
                median_dbm=Grid(median, frame.transform, frame.crs),
                sd_db=Grid(spread, frame.transform, frame.crs),
                server=server,
                floor_dbm=frame.floors_dbm[key],
            )
            for key, (median, spread, server) in self.layers.items()
        }
        return Coverage(layers=layers, services=frame.services, model=frame.model, coarse=frame.coarse, remarks=remarks)
