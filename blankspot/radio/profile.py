"""The path from a site to a place: its points over terrain, and what each service of the site loses and delivers along it.

Points are equally spaced along the geodesic, about a pixel of the heights apart, with bilinear heights; a point without
height takes that of the point before, as the area engine does, and is counted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from pyproj import Geod

from blankspot.errors import UsageError
from blankspot.radio import antenna, free_space, fresnel, hata, link, p1812
from blankspot.radio.metric import local_axes, positions
from blankspot.radio.zones import find_zones
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from numpy.typing import NDArray

    from blankspot.coverage import Model
    from blankspot.radio.fresnel import Clearance
    from blankspot.radio.link import Budget
    from blankspot.radio.p1812 import Loss
    from blankspot.settings import Settings
    from blankspot.terrain import Terrain, Window

_GEOD: Final = Geod(ellps="WGS84")
_POINTS_MIN: Final = 5
_NEAREST_M: Final = 10.0  # nearer there is no path to speak of


@dataclass(frozen=True, kw_only=True, eq=False)
class Path:
    """The terrain between two places; arrays have one value a point, from transmitter to receiver.

    Attributes:
        d_km: Distance from the transmitter.
        h_m: Height above sea level.
        clutter_m: Representative clutter heights; 0 where none is known.
        zone: 1 sea, 3 coastal land, 4 inland, as `p1812.basic_loss` takes them.
        lon: Longitude.
        lat: Latitude.
        bearing_deg: From the transmitter, clockwise from north.
        filled: How many points between the ends had no height.
        has_clutter: Whether the terrain knows clutter.
    """

    d_km: NDArray[np.float64]
    h_m: NDArray[np.float64]
    clutter_m: NDArray[np.float64]
    zone: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    bearing_deg: float
    filled: int
    has_clutter: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Received:
    """What one service delivers at the far end.

    Attributes:
        service: The row, columns of `intake.COLUMNS`.
        loss: P.1812 with every intermediate; None by another model.
        loss_db: Basic transmission loss by the model asked for.
        budget: From EIRP to level, term by term.
        clearance: Line of sight and first Fresnel zone at the median effective earth radius.
        level: `very_strong`, `strong`, `weak` or `none`, by the thresholds of the settings.
    """

    service: Mapping[Hashable, Any]
    loss: Loss | None
    loss_db: float
    budget: Budget
    clearance: Clearance
    level: str


def path_between(terrain: Terrain, start: tuple[float, float], end: tuple[float, float], *, settings: Settings) -> Path:
    """Return the terrain between two places given as longitude and latitude.

    Raises:
        UsageError: They are the same place, or an end lies beyond the heights or on a void.
    """
    bearing, _, length_m = _GEOD.inv(*start, *end)
    if length_m < _NEAREST_M:
        raise UsageError(
            Text("Kedua ujung lintasan adalah tempat yang sama.", "Both ends of the path are the same place."),
            hint=Text("Pilih desa atau titik lain.", "Choose another village or place."),
        )
    here = positions(terrain.crs, terrain.transform, np.array([start[0]]), np.array([start[1]]))
    pixel_km = _pixel_km(terrain, float(here[0][0]), float(here[1][0]))
    count = max(_POINTS_MIN, round(length_m / 1e3 / min(pixel_km)) + 1)
    d_m = np.linspace(0.0, length_m, count)
    lon, lat, _ = _GEOD.fwd(np.full(count, start[0]), np.full(count, start[1]), np.full(count, bearing), d_m)
    lon, lat = np.asarray(lon), np.asarray(lat)
    column, row = positions(terrain.crs, terrain.transform, lon, lat)
    window = _window(column, row)
    x, y = column - window[1], row - window[0]
    heights = terrain.heights(window)
    h_m = _bilinear(heights, x, y)
    for at, (place, name) in ((0, (start, _SITE_END)), (-1, (end, _PLACE_END))):
        inside = 0 <= column[at] <= terrain.shape[1] and 0 <= row[at] <= terrain.shape[0]
        if np.isnan(h_m[at]):
            raise _no_height(name, place, inside=inside)
    empty = np.isnan(h_m)
    h_m = h_m[np.maximum.accumulate(np.where(empty, 0, np.arange(count)))]
    clutter = terrain.clutter(window)
    zones = find_zones(terrain, window, pixel_km=pixel_km, reach_km=0.0, radio=settings.radio)
    kinds = np.full(count, p1812.INLAND)
    if zones is not None:
        kinds = zones.window(terrain, window, heights)[y.astype(int), x.astype(int)].astype(np.int64)
    return Path(
        d_km=d_m / 1e3,
        h_m=h_m,
        clutter_m=np.zeros(count) if clutter is None else np.nan_to_num(_bilinear(clutter, x, y)),
        zone=kinds,
        lon=lon,
        lat=lat,
        bearing_deg=float(bearing) % 360.0,
        filled=int(empty.sum()),
        has_clutter=clutter is not None,
    )


def received(
    path: Path, service: Mapping[Hashable, Any], *, settings: Settings, model: Model, handset_m: float
) -> Received:
    """Return what a service delivers at the end of a path.

    Args:
        path: From the service's site.
        service: A row as `intake.usable` returns it.
        settings: `[radio]`, `[receiver]` and `[signal]`.
        model: By which the loss is.
        handset_m: Height of the receiver above ground.
    """
    radio = settings.radio
    f_ghz, antenna_m = float(service["band_mhz"]) / 1e3, float(service["height_m"])
    heights = {"htg_m": antenna_m, "hrg_m": handset_m}
    full: Loss | None = None
    difference = path.h_m[0] + antenna_m - path.h_m[-1] - handset_m
    if model == "p1812":
        full = p1812.basic_loss(
            path.d_km,
            path.h_m,
            path.clutter_m,
            path.zone,
            f_ghz=f_ghz,
            p_pct=radio.time_pct,
            lat_deg=float(path.lat[[0, -1]].mean()),
            polarization=radio.polarization,
            dn=radio.delta_n_units_per_km,
            n0=radio.n0_n_units,
            pl_pct=radio.location_pct,
            sigma_l_db=p1812.location_sd_db(f_ghz, float(path.d_km[1]) * 1e3, height_m=handset_m),
            **heights,
        )
        loss_db = full.lb_db
    elif model == "hata":
        environment = radio.environment
        loss_db = float(hata.loss(path.d_km[-1], f_ghz=f_ghz, environment=environment, outside="extend", **heights))
    else:
        loss_db = float(free_space.loss(path.d_km[-1], f_ghz=f_ghz, height_difference_m=difference))
    elevation = math.degrees(math.atan2(-difference, path.d_km[-1] * 1e3))
    angles = {name: float(service[name]) for name in ("azimuth_deg", "beamwidth_deg", "tilt_deg")}
    gain = antenna.gain_db(antenna.of_service(**angles, defaults=radio.service), path.bearing_deg, elevation)
    told = link.budget(
        eirp_dbm=float(service["eirp_dbm"]),
        reference_share_db=link.reference_share_db(
            service["technology"],
            float(service["bandwidth_mhz"]),
            pilot_share_db=radio.service.rscp_pilot_share_db,
            f_ghz=f_ghz,
        ),
        antenna_db=float(gain),
        path_loss_db=loss_db,
        receiver=settings.receiver.model_copy(update={"height_m": handset_m}),
    )
    k = fresnel.k_factor(radio.delta_n_units_per_km)
    clear = fresnel.clearance(path.d_km, path.h_m, path.clutter_m, f_ghz=f_ghz, k=k, **heights)
    edges = getattr(settings.signal, service["metric"])
    level = next(
        (name for name in ("very_strong", "strong", "weak") if told.level_dbm >= getattr(edges, f"{name}_min_dbm")),
        "none",
    )
    return Received(service=service, loss=full, loss_db=loss_db, budget=told, clearance=clear, level=level)


_SITE_END: Final = Text("Menara", "The site")
_PLACE_END: Final = Text("Titik tujuan", "The place")


def _no_height(name: Text, place: tuple[float, float], *, inside: bool) -> UsageError:
    seen = f"{place[0]:.5f}, {place[1]:.5f}"
    where = (
        Text("berada pada piksel tanpa ketinggian", "lies on a pixel without height")
        if inside
        else Text("berada di luar raster ketinggian", "lies beyond the raster of heights")
    )
    return UsageError(
        Text(f"{name.id} di {seen} {where.id}.", f"{name.en} at {seen} {where.en}."),
        hint=Text("Tambahkan raster di sana, atau betulkan posisinya.", "Add a raster there, or correct the position."),
    )


def _pixel_km(terrain: Terrain, column: float, row: float) -> tuple[float, float]:
    """Return height and width of a pixel at a place."""
    _, (east_x, north_x, east_y, north_y) = local_axes(terrain.crs, terrain.transform, column - 0.5, row - 0.5)
    return math.hypot(east_y, north_y), math.hypot(east_x, north_x)


def _window(column: NDArray[np.float64], row: NDArray[np.float64]) -> Window:
    """Return the window that holds some positions and the pixels that their heights lie between."""
    left, top = math.floor(column.min()) - 1, math.floor(row.min()) - 1
    return top, left, math.ceil(row.max()) + 1 - top, math.ceil(column.max()) + 1 - left


def _bilinear(values: NDArray[np.float32], x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values between pixel centres; at the rim of what is known the nearest pixels that are."""
    left, top = np.floor(x - 0.5).astype(int), np.floor(y - 0.5).astype(int)
    u, v = x - 0.5 - left, y - 0.5 - top
    total, weight = np.zeros(len(x)), np.zeros(len(x))
    own = values[np.floor(y).astype(int), np.floor(x).astype(int)]
    for down, across, share in ((0, 0, (1 - u) * (1 - v)), (0, 1, u * (1 - v)), (1, 0, (1 - u) * v), (1, 1, u * v)):
        corner = values[
            np.clip(top + down, 0, values.shape[0] - 1), np.clip(left + across, 0, values.shape[1] - 1)
        ].astype(float)
        known = ~np.isnan(corner)
        total += np.where(known, corner, 0.0) * share
        weight += np.where(known, share, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.isnan(own), np.nan, total / weight)
