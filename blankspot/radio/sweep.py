"""ITU-R P.1812-8 over an area: rays outward from a site, every pixel of the disk decided once, exactly.

Rays are straight on the terrain's own grid. In the quarter that a ray belongs to it meets every column (or row) once, and
there bilinear interpolation is linear between two pixels. A pixel belongs to the ray that passes nearest to its centre;
its profile is the site, the ray's samples up to the column before, and the pixel itself with its own height and distance.
That is the definition; `profile` gives it to the plain functions of `p1812`, which are the oracle.

Everything the Recommendation asks of a profile is running state:

- the transmitter's horizon is a maximum; the receiver's is a tangent to the upper `hull` of the samples so far;
- the smooth surface is two sums; what rises above the direct line is a farthest point of a hull;
- on a line-of-sight path the point of greatest ν is no hull point (its level sets are ellipses). It is found by blocks:
  the steepest slope in a block bounds ν of all its points, and a block that cannot win is skipped;
- on the smooth Earth of delta-Bullington the Bullington point and the greatest ν have closed neighbourhoods: both are
  maxima of functions with one peak (on a line-of-sight path f'' ≤ f < 0 in ln √(d₁/d₂)), so a short climb ends there;
- terms that cannot change the result are not computed: ducting is bounded from below by what is known already, and
  troposcatter that is 45 dB weaker adds less than 1e-8 dB.

Files of kernels are long: one ray's state lives in one place.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from blankspot.radio import hull
from blankspot.radio import p1812 as one
from blankspot.radio.compiled import compiled
from blankspot.radio.metric import local_axes, squared_distance
from blankspot.radio.vector import atan_many, exp_many, log_many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from affine import Affine
    from numpy.typing import NDArray

_SMALL: Final = 2  # blocks of 4 and of 32 samples, as powers of 2
_LARGE: Final = 5
_FAR_DB: Final = 45.0  # 5·log10(1 + 10^-9) is 2e-9 dB
_STRAIGHT_MRAD: Final = 1.65  # from here on Fj of eq. (57) is below 1e-9
_FLATTEN: Final = 500.0  # m per km²/km: half the square of a distance over the Earth radius
# Rows of what receivers see.
_LENGTH, _HRS, _HTC, _HRC, _HST, _HSR, _SLOPE, _DLT, _DLR, _TH_T, _TH_R, _NU, _NU_B, _LAT, _W, _DTM, _DLM, _ZONE = (
    range(18)
)
_FIELDS: Final = 18
# Rows of what is worked out for them: first without the frequency, then with it.
_LOG_LENGTH, _GAP, _SPREAD, _SHRINK, _HIDDEN, _GAP_B, _SPREAD_B, _SHRINK_B, _HIDDEN_B, _SMOOTH, _SMOOTH_B = range(11)
_ACTUAL, _SPHERE, _EDGE, _ACTUAL_B, _SPHERE_B, _EDGE_B, _BOUND, _A, _B, _C, _D = range(11, 22)
_WORK: Final = 22
_PARTS: Final = 2.0**20
_NEAR_PIXELS: Final = 8.0
_RAYS_MIN: Final = 8
_KM_PER_DEGREE: Final = 111.195  # of latitude
_DB: Final = 10.0 / math.log(10.0)
_RARER: Final = 24  # quarters of a decade
_SLACK_DB: Final = 0.2  # the grid of β is coarser than its least value
_LN10: Final = math.log(10.0)


@dataclass(frozen=True, kw_only=True)
class Climate:
    """What does not change within an area.

    Attributes:
        p_pct: Share of time, 1 to 50.
        dn: Lapse-rate of refractivity, N-units/km.
        n0: Refractivity at sea level, N-units.
        polarization: "horizontal" or "vertical".
        location_pct: Share of locations, 1 to 99; σL is that of a pixel (`p1812.location_sd_db`).
    """

    p_pct: float = 50.0
    dn: float = 45.0
    n0: float = 325.0
    polarization: Literal["horizontal", "vertical"] = "vertical"
    location_pct: float = 50.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Ground:
    """The part of a terrain that a sweep walks over.

    Attributes:
        heights: Metres above sea level, shape (rows, columns), float32, C order; NaN is no height.
        clutter: Representative clutter heights of the same shape, or None.
        zones: Radio-climatic zones of the same shape, uint8 (1 sea, 3 coastal land, 4 inland), or None for inland all over.
    """

    heights: NDArray[np.float32]
    clutter: NDArray[np.float32] | None = None
    zones: NDArray[np.uint8] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Fan:
    """The rays of one site.

    Attributes:
        x: Column of the site, pixel centres at integers.
        y: Its row.
        ground_m: Terrain at the site.
        radius_km: Pixels whose centres are farther are not computed.
        rays: Rays of a quarter are numbered −rays … rays; ray k leaves at slope k / rays.
        distance: Coefficients of `metric.squared_distance`.
        lat_deg: Latitude of the site.
        steps_km: East and north of a step of one column, then of one row, at the site.
    """

    x: float
    y: float
    ground_m: float
    radius_km: float
    rays: int
    distance: NDArray[np.float64]
    lat_deg: float
    steps_km: tuple[float, float, float, float]

    def within(self, row: int, column: int) -> Fan:
        """Return the same rays as counted in a window that begins at a row and column."""
        return replace(self, x=self.x - column, y=self.y - row)


def fan(crs: str, transform: Affine, column: float, row: float, *, ground_m: float, radius_km: float) -> Fan:
    """Return the rays of a site, counted from the upper left of the grid.

    Args:
        crs: Coordinate system of the grid.
        transform: From (column, row), corners at integers, to its coordinates.
        column: Fractional column of the site, pixel corners at integers.
        row: Its row.
        ground_m: Terrain at the site, see `height_at`.
        radius_km: How far the rays reach.
    """
    # a millionth of a pixel: the offsets to any window are then exact, and so the same in all of them
    x, y = (round((place - 0.5) * _PARTS) / _PARTS for place in (column, row))
    near = squared_distance(crs, transform, x, y, _NEAR_PIXELS)
    across = radius_km / math.sqrt(min(near[2, 0], near[0, 2]))
    lat, steps_km = local_axes(crs, transform, x, y)
    return Fan(
        x=x,
        y=y,
        ground_m=ground_m,
        radius_km=radius_km,
        rays=max(math.ceil(across) + 1, _RAYS_MIN),
        distance=squared_distance(crs, transform, x, y, max(across, _NEAR_PIXELS)),
        lat_deg=lat,
        steps_km=steps_km,
    )


def height_at(heights: NDArray[np.floating], x: float, y: float) -> float:
    """Return the bilinear height at a position (pixel centres at integers); NaN outside or on no height."""
    rows, columns = heights.shape
    if not (-0.5 <= x <= columns - 0.5 and -0.5 <= y <= rows - 0.5):
        return math.nan
    x, y = min(max(x, 0.0), columns - 1.0), min(max(y, 0.0), rows - 1.0)
    left, top = min(int(x), max(columns - 2, 0)), min(int(y), max(rows - 2, 0))
    right, bottom = min(left + 1, columns - 1), min(top + 1, rows - 1)
    u, v = x - left, y - top
    upper = (1 - u) * heights[top, left] + u * heights[top, right]
    lower = (1 - u) * heights[bottom, left] + u * heights[bottom, right]
    return float((1 - v) * upper + v * lower)


def losses(
    ground: Ground,
    rays: Fan,
    *,
    htg_m: float,
    hrg_m: float,
    f_ghz: Sequence[float],
    climate: Climate | None = None,
    window: tuple[int, int, int, int] | None = None,
) -> NDArray[np.float32]:
    """Return the basic transmission loss from a site to the pixels around it.

    Args:
        ground: Terrain that holds the window and the way to it.
        rays: `fan` of the site.
        htg_m: Antenna above ground.
        hrg_m: Handset above ground.
        f_ghz: Frequencies; they share the walk over the terrain.
        climate: The defaults if not given.
        window: Row, column, rows, columns of `ground` to compute; all of it if not given.

    Returns:
        dB, shape (frequencies, rows, columns), float32; NaN beyond the radius and where there is no height.
    """
    climate = climate or Climate()
    top, left, rows, columns = window or (0, 0, *ground.heights.shape)
    out = np.full((len(f_ghz), rows, columns), np.nan, dtype=np.float32)
    turned = np.full((len(f_ghz), columns, rows), np.nan, dtype=np.float32)
    carriers = _carriers(f_ghz, climate, pixel_m=1e3 * _pixel_km(rays), hrg_m=hrg_m)
    per_m = min(carrier[3] for carrier in carriers)
    clutter = np.empty((0, 0), dtype=np.float32) if ground.clutter is None else ground.clutter
    zones = np.empty((0, 0), dtype=np.uint8) if ground.zones is None else ground.zones
    heights_t, clutter_t = np.ascontiguousarray(ground.heights.T), np.ascontiguousarray(clutter.T)
    zones_t, distance_t = np.ascontiguousarray(zones.T), np.ascontiguousarray(rays.distance.T)
    for step in (1, -1):
        path = _path(rays, htg_m, hrg_m, climate, per_m, step=step, turned=False, zones=zones)
        _quarter(ground.heights, clutter, zones, rays.distance, path, carriers, (top, left, rows, columns), out)
        path = _path(rays, htg_m, hrg_m, climate, per_m, step=step, turned=True, zones=zones)
        _quarter(heights_t, clutter_t, zones_t, distance_t, path, carriers, (left, top, columns, rows), turned)
    _own_pixel(rays, htg_m, hrg_m, carriers, ground.heights, (top, left, rows, columns), out)
    other = turned.transpose(0, 2, 1)
    np.copyto(out, other, where=~np.isnan(other))
    return out


def visible(
    ground: Ground, rays: Fan, *, htg_m: float, hrg_m: float, climate: Climate | None = None
) -> NDArray[np.bool_]:
    """Return which pixels an antenna sees over the median Earth: line-of-sight paths of ITU-R P.1812-8, attachment 1, clause 4.

    The rays, their samples and the pixels' own heights are those of `losses`.

    Args:
        ground: Terrain; clutter does not hide.
        rays: `fan` of the site.
        htg_m: Antenna above ground.
        hrg_m: Handset above ground.
        climate: Its lapse-rate bends the rays; the defaults if not given.

    Returns:
        Shape (rows, columns); False also beyond the radius and where there is no height.
    """
    climate = climate or Climate()
    rows, columns = ground.heights.shape
    out, turned = np.zeros((rows, columns), dtype=np.bool_), np.zeros((columns, rows), dtype=np.bool_)
    none, along = np.empty((0, 0), dtype=np.uint8), np.ascontiguousarray(ground.heights.T)
    for step in (1, -1):
        path = _path(rays, htg_m, hrg_m, climate, 1.0, step=step, turned=False, zones=none)
        _quarter_seen(ground.heights, rays.distance, path, out)
        path = _path(rays, htg_m, hrg_m, climate, 1.0, step=step, turned=True, zones=none)
        _quarter_seen(along, np.ascontiguousarray(rays.distance.T), path, turned)
    row, column = round(rays.y), round(rays.x)
    if 0 <= row < rows and 0 <= column < columns:
        out[row, column] = not np.isnan(ground.heights[row, column])
    return out | turned.T


class _Path(NamedTuple):
    """What does not change within a quarter."""

    x0: float
    y0: float
    ground_m: float
    hts: float
    hrg: float
    radius_km: float
    rays: int
    step: int
    diagonal: bool
    ae: float
    ab: float
    p: float
    lat: float
    lat_x: float
    lat_y: float
    zone: int
    nu_min: float


class _Ray(NamedTuple):
    """One ray's samples, from 1; those that are the same share their array."""

    d: NDArray[np.float64]
    h: NDArray[np.float64]
    flat: NDArray[np.float64]
    raised: NDArray[np.float64]
    lifted: NDArray[np.float64]


class _Hulls(NamedTuple):
    """Upper hulls: of the terrain as it is, on the median Earth, with clutter, and at b0 % of time."""

    raw: hull.Hull
    flat: hull.Hull
    raised: hull.Hull
    lifted: hull.Hull


class _Blocks(NamedTuple):
    """Steepest slope from the transmitter by blocks of 4 and of 32 samples; rows as in `_Hulls`, from the second."""

    small: NDArray[np.float64]
    large: NDArray[np.float64]


class _Seen(NamedTuple):
    """What the receivers of one ray see: one row a figure (`_LENGTH` …), one column a receiver."""

    figures: NDArray[np.float64]
    points: NDArray[np.int32]


def _path(
    rays: Fan,
    htg_m: float,
    hrg_m: float,
    climate: Climate,
    per_m: float,
    *,
    step: int,
    turned: bool,
    zones: NDArray[np.uint8],
) -> _Path:
    x, y = (rays.y, rays.x) if turned else (rays.x, rays.y)
    lat_x, lat_y = rays.steps_km[1] / _KM_PER_DEGREE, rays.steps_km[3] / _KM_PER_DEGREE
    lat_x, lat_y = (lat_y, lat_x) if turned else (lat_x, lat_y)
    inside = 0 <= round(rays.y) < zones.shape[0] and 0 <= round(rays.x) < zones.shape[1]
    return _Path(
        x,
        y,
        rays.ground_m,
        rays.ground_m + htg_m,
        hrg_m,
        rays.radius_km,
        rays.rays,
        step,
        not turned,
        one.median_radius(climate.dn),
        one.EARTH_KM * one.K_BETA,
        climate.p_pct,
        rays.lat_deg,
        lat_x * step,
        lat_y,
        int(zones[round(rays.y), round(rays.x)]) if inside else one.INLAND,
        one.NU_MIN / per_m,
    )


def _carriers(f_ghz: Sequence[float], climate: Climate, *, pixel_m: float, hrg_m: float) -> NDArray[np.float64]:
    """Return a row for each frequency: the fields of `p1812.Carrier`, and what the share of locations adds in dB."""
    share = float(one.inverse_normal(climate.location_pct / 100.0))
    return np.array(
        [
            (
                *one.carrier(f, climate.polarization == "vertical", climate.n0, climate.p_pct),
                -share * one.location_sd_db(f, pixel_m, height_m=hrg_m) if climate.location_pct != 50.0 else 0.0,
            )
            for f in f_ghz
        ]
    )


def _pixel_km(rays: Fan) -> float:
    return math.sqrt(min(rays.distance[2, 0], rays.distance[0, 2]))


def _own_pixel(
    rays: Fan,
    htg_m: float,
    hrg_m: float,
    carriers: NDArray[np.float64],
    heights: NDArray[np.float32],
    box: tuple[int, int, int, int],
    out: NDArray[np.float32],
) -> None:
    """Decide the pixel on which the site stands: free space over half a pixel."""
    row, column = round(rays.y), round(rays.x)
    r, c = row - box[0], column - box[1]
    if 0 <= r < box[2] and 0 <= c < box[3] and not np.isnan(heights[row, column]):
        side = _pixel_km(rays) / 2
        difference = rays.ground_m + htg_m - float(heights[row, column]) - hrg_m
        for i, values in enumerate(carriers):
            out[i, r, c] = one.free_space(side, difference, one.Carrier(*values[:9]))


@compiled
def _quarter(
    heights: NDArray[np.float32],
    clutter: NDArray[np.float32],
    zones: NDArray[np.uint8],
    q: NDArray[np.float64],
    path: _Path,
    carriers: NDArray[np.float64],
    box: tuple[int, int, int, int],
    out: NDArray[np.float32],
) -> None:
    """Walk all rays of a quarter that meet the box and write what their pixels get."""
    columns = heights.shape[1]
    top, left, tall, wide = box
    step, n = path.step, path.rays
    if step > 0:
        first = math.floor(path.x0 + 0.5) + 1
        last, near = min(left + wide, columns) - 1, left
    else:
        first = math.ceil(path.x0 - 0.5) - 1
        last, near = max(left, 0), left + wide - 1
    count = (last - first) * step + 1
    if count <= 0:
        return
    size = count + 2
    d, h, flat = np.empty(size), np.empty(size), np.empty(size)
    ray = _Ray(d, h, flat, np.empty(size) if clutter.size else flat, np.empty(size) if path.p < 50.0 else flat)
    raw, level = hull.empty(size), hull.empty(size)
    hulls = _Hulls(
        raw, level, hull.empty(size) if clutter.size else level, hull.empty(size) if path.p < 50.0 else level
    )
    blocks = _Blocks(np.empty((3, (size >> _SMALL) + 1)), np.empty((3, (size >> _LARGE) + 1)))
    seen = _Seen(np.empty((_FIELDS, count)), np.empty((count, 5), dtype=np.int32))
    work = np.empty((_WORK, count))
    pixel_km = math.sqrt(min(q[2, 0], q[0, 2]))
    rare = _least_variation(path, pixel_km, int(path.radius_km / pixel_km) + 2) if path.p >= 50.0 else np.zeros(1)
    inverse = np.empty(count)
    for index in range(count):
        inverse[index] = 1.0 / ((first + index * step - path.x0) * step)
    u_near, u_last = max((near - path.x0) * step, 0.5), (last - path.x0) * step
    for k in range(-n, n + 1):
        m = k / n
        y_near, y_last = path.y0 + m * u_near, path.y0 + m * u_last
        if max(y_near, y_last) >= top - 1.0 and min(y_near, y_last) <= top + tall:
            receivers = _walk(k, first, count, heights, clutter, zones, q, path, box, inverse, ray, hulls, blocks, seen)
            if receivers:
                _decide(
                    receivers,
                    ray,
                    blocks.small[0],
                    blocks.large[0],
                    seen,
                    work,
                    path,
                    zones.size > 0,
                    carriers,
                    rare,
                    pixel_km,
                    out,
                )


@compiled
def _quarter_seen(heights: NDArray[np.float32], q: NDArray[np.float64], path: _Path, out: NDArray[np.bool_]) -> None:
    """Walk all rays of a quarter with nothing but the horizon, and mark the pixels above it.

    The horizon is kept as s·|s|, s being its slope: it rises with s, and squares of distances need no root.
    """
    rows, columns = heights.shape
    step, n, hts, x0, y0 = path.step, path.rays, path.hts, path.x0, path.y0
    first = math.floor(x0 + 0.5) + 1 if step > 0 else math.ceil(x0 - 0.5) - 1
    count = columns - first if step > 0 else first + 1
    bend, radius = _FLATTEN / path.ae, path.radius_km * path.radius_km
    inverse = np.empty(max(count, 0))
    for index in range(count):
        inverse[index] = 1.0 / ((first + index * step - x0) * step)
    for k in range(-n, n + 1):
        m = k / n
        q0, q1, q2 = _series(q, m, step)
        limit = (path.radius_km + 2.0 * math.sqrt(q0)) ** 2
        horizon, before = -math.inf, path.ground_m
        for index in range(count):
            column = first + index * step
            u = (column - x0) * step
            square = u * u * (q0 + u * (q1 + u * q2))
            y = y0 + m * u
            if square > limit or y < -0.5 or y > rows - 0.5:
                break
            low = min(int(max(y, 0.0)), rows - 2)
            t = min(max(y - low, 0.0), 1.0)
            a, b = heights[low, column], heights[low + 1, column]
            here = a + t * (b - a)
            if here != here:  # noqa: PLR0124 - NaN
                here = b if a != a else a  # noqa: PLR0124 - NaN
                if here != here:  # noqa: PLR0124 - NaN
                    here = before
            row = int(y + 0.5)
            side = (row - y0) * inverse[index]
            near = side * n + 0.5
            if k <= near < k + 1 and row < rows and (abs(side) < 1.0 or (path.diagonal and abs(side) == 1.0)):
                s0, s1, s2 = _series(q, side, step)
                length = u * u * (s0 + u * (s1 + u * s2))
                above = heights[row, column] + path.hrg - hts - bend * length
                # a pixel without a height compares as hidden
                out[row, column] = length <= radius and above * abs(above) >= horizon * length
            above = here - hts - bend * square
            if above * abs(above) > horizon * square:
                horizon = above * abs(above) / square
            before = here


@compiled
def _walk(
    k: int,
    first: int,
    count: int,
    heights: NDArray[np.float32],
    clutter: NDArray[np.float32],
    zones: NDArray[np.uint8],
    q: NDArray[np.float64],
    path: _Path,
    box: tuple[int, int, int, int],
    inverse: NDArray[np.float64],
    ray: _Ray,
    hulls: _Hulls,
    blocks: _Blocks,
    seen: _Seen,
) -> int:
    """Walk one ray outward; return how many pixels are its own. What each of them sees stands in `seen`."""
    rows = heights.shape[0]
    top, left, tall, wide = box
    cluttered, zoned, several = clutter.size > 0, zones.size > 0, path.p < 50.0
    n, step, hts, x0, y0 = path.rays, path.step, path.hts, path.x0, path.y0
    m = k / n
    q0, q1, q2 = _series(q, m, step)
    limit = path.radius_km + 2.0 * math.sqrt(q0)
    bend_a, bend_b = _FLATTEN / path.ae, _FLATTEN / path.ab
    d, h, flat, raised, lifted = ray
    figures = seen.figures
    n_raw = n_flat = n_raised = n_lifted = 0
    v1 = v2 = 0.0
    steep_raw = steep = steep_g = steep_b = -math.inf
    at_steep = 0
    sections, whole = np.zeros(5), np.zeros(5)
    before_m, before_km, zone = path.ground_m, 0.0, path.zone
    found = hint = 0
    for i in range(1, count + 1):
        column = first + (i - 1) * step
        u = (column - x0) * step
        km = u * math.sqrt(q0 + u * (q1 + u * q2))
        y = y0 + m * u
        if km > limit or y < -0.5 or y > rows - 0.5:
            break
        low = min(max(math.floor(y), 0), rows - 2)
        t = min(max(y - low, 0.0), 1.0)
        a, b = heights[low, column], heights[low + 1, column]
        here = a + t * (b - a)
        if here != here:  # noqa: PLR0124 - NaN
            here = b if a != a else a  # noqa: PLR0124 - NaN
            if here != here:  # noqa: PLR0124 - NaN
                here = before_m
        row = math.floor(y + 0.5)
        side = (row - y0) * inverse[i - 1]
        if (
            math.floor(side * n + 0.5) == k
            and top <= row < top + tall
            and left <= column < left + wide
            and (abs(side) < 1.0 or (path.diagonal and abs(side) == 1.0))
        ):
            s0, s1, s2 = _series(q, side, step)
            length = u * math.sqrt(s0 + u * (s1 + u * s2))
            pixel = float(heights[row, column])
            if length <= path.radius_km and pixel == pixel:  # noqa: PLR0124 - NaN
                points = seen.points[found]
                j = found
                found += 1
                points[0], points[1], points[2], points[3], points[4] = row - top, column - left, i - 1, 0, 0
                hrs = pixel + path.hrg
                rest = length - before_km
                hst, hsr = one.fitted(
                    v1 + rest * (pixel + before_m),
                    v2 + rest * (pixel * (2.0 * length + before_km) + before_m * (length + 2.0 * before_km)),
                    length,
                )
                direct = (hrs - hts) / length
                obs, obt, obr = 0.0, 1.0, 1.0
                if steep_raw > direct:
                    obs = hull.extreme(hulls.raw, n_raw, direct) - hts
                    obt = steep_raw - direct
                    far = hull.tangent(hulls.raw, n_raw, length, hrs)
                    obr = (hulls.raw.y[far] - hrs) / (length - hulls.raw.d[far]) + direct
                hstd, hsrd = one.lowered(hst, hsr, obs, obt, obr, path.ground_m, pixel)
                figures[_LENGTH, j], figures[_HRS, j] = length, hrs
                figures[_HTC, j], figures[_HRC, j] = hts - hstd, hrs - hsrd
                figures[_HST, j], figures[_HSR, j] = min(hst, path.ground_m), min(hsr, pixel)
                y_r = hrs - bend_a * length * length
                slope = (y_r - hts) / length
                figures[_SLOPE, j] = slope
                trans = steep > slope
                far = 0
                if trans:
                    far = hulls.flat.point[hull.tangent(hulls.flat, n_flat, length, y_r)]
                    points[3], points[4] = at_steep, far
                    rest = length - d[far]
                    figures[_DLT, j], figures[_DLR, j] = d[at_steep], rest
                    figures[_TH_T, j] = 1e-3 * steep
                    figures[_TH_R, j] = 1e-3 * ((flat[far] - y_r) / rest - 2.0 * bend_a * length)
                else:
                    figures[_DLT, j], figures[_DLR, j] = (
                        length,
                        0.0,
                    )  # only their sum counts until ducting asks for the point
                    figures[_TH_T, j] = 1e-3 * slope
                    figures[_TH_R, j] = 1e-3 * (-direct - bend_a * length)
                if cluttered:
                    trans = steep_g > slope
                    if trans:
                        far = hulls.raised.point[hull.tangent(hulls.raised, n_raised, length, y_r)]
                if trans:
                    srim = (raised[far] - y_r) / (length - d[far]) - bend_a * length
                    figures[_NU, j] = one.bullington_nu(
                        length, hts, hrs, (steep_g if cluttered else steep) + bend_a * length, srim
                    )
                else:
                    which = 1 if cluttered else 0
                    figures[_NU, j], hint = _least_clear(
                        i - 1,
                        length,
                        hts,
                        slope,
                        d,
                        raised,
                        blocks.small[which],
                        blocks.large[which],
                        path.nu_min,
                        hint,
                    )
                if several:
                    y_r = hrs - bend_b * length * length
                    slope = (y_r - hts) / length
                    if steep_b > slope:
                        far = hulls.lifted.point[hull.tangent(hulls.lifted, n_lifted, length, y_r)]
                        srim = (lifted[far] - y_r) / (length - d[far]) - bend_b * length
                        figures[_NU_B, j] = one.bullington_nu(length, hts, hrs, steep_b + bend_b * length, srim)
                    else:
                        figures[_NU_B, j] = _least_clear(
                            i - 1, length, hts, slope, d, lifted, blocks.small[2], blocks.large[2], path.nu_min, 0
                        )[0]
                figures[_LAT, j] = path.lat + 0.5 * u * (path.lat_x + path.lat_y * side)
                if zoned:
                    here_zone = int(np.int64(zones[row, column]))
                    whole[:] = sections
                    for kind in (zone, here_zone):
                        _lengthen(whole, kind, 0.5 * (length - before_km))
                    figures[_W, j], figures[_DTM, j], figures[_DLM, j] = whole[0] / length, whole[1], whole[3]
                    figures[_ZONE, j] = here_zone
        # the ray's own sample joins the profile
        d[i], h[i] = km, here
        bend = bend_a * km * km
        flat[i] = here - bend
        small, large = (i - 1) >> _SMALL, (i - 1) >> _LARGE
        fresh, fresh_large = (i - 1) & ((1 << _SMALL) - 1) == 0, (i - 1) & ((1 << _LARGE) - 1) == 0
        per_km = 1.0 / km
        raw = (here - hts) * per_km
        steep_raw = max(steep_raw, raw)
        slope = raw - bend_a * km
        if slope > steep:
            steep, at_steep = slope, i
        blocks.small[0, small] = slope if fresh else max(blocks.small[0, small], slope)
        blocks.large[0, large] = slope if fresh_large else max(blocks.large[0, large], slope)
        n_raw = hull.grow(hulls.raw, n_raw, km, here, i)
        n_flat = hull.grow(hulls.flat, n_flat, km, flat[i], i)
        covered = here
        if cluttered:
            a, b = clutter[low, column], clutter[low + 1, column]
            covered = here + a + t * (b - a)
            raised[i] = covered - bend
            slope = (raised[i] - hts) * per_km
            steep_g = max(steep_g, slope)
            blocks.small[1, small] = slope if fresh else max(blocks.small[1, small], slope)
            blocks.large[1, large] = slope if fresh_large else max(blocks.large[1, large], slope)
            n_raised = hull.grow(hulls.raised, n_raised, km, raised[i], i)
        if several:
            lifted[i] = covered - bend_b * km * km
            slope = (lifted[i] - hts) * per_km
            steep_b = max(steep_b, slope)
            blocks.small[2, small] = slope if fresh else max(blocks.small[2, small], slope)
            blocks.large[2, large] = slope if fresh_large else max(blocks.large[2, large], slope)
            n_lifted = hull.grow(hulls.lifted, n_lifted, km, lifted[i], i)
        length = km - before_km
        v1 += length * (here + before_m)
        v2 += length * (here * (2.0 * km + before_km) + before_m * (km + 2.0 * before_km))
        if zoned:
            following = int(np.int64(zones[row, column])) if 0 <= row < rows else one.INLAND
            for kind in (zone, following):
                _lengthen(sections, kind, 0.5 * length)
            zone = following
        before_m, before_km = here, km
    return found


@compiled
def _series(q: NDArray[np.float64], m: float, step: int) -> tuple[float, float, float]:
    """Return the squared distance along slope m, over u², as a polynomial in u."""
    q0 = q[2, 0] + m * (q[1, 1] * step + m * q[0, 2])
    q1 = q[3, 0] * step + m * (q[2, 1] + m * (q[1, 2] * step + m * q[0, 3]))
    q2 = q[4, 0] + m * (q[3, 1] * step + m * (q[2, 2] + m * (q[1, 3] * step + m * q[0, 4])))
    return q0, q1, q2


@compiled
def _lengthen(sections: NDArray[np.float64], kind: int, km: float) -> None:
    """Add a piece of one zone to what `_walk` keeps of a path: over sea, longest land and its last, longest inland and its last."""
    if kind == one.SEA:
        sections[0] += km
        sections[2] = 0.0
    else:
        sections[2] += km
    sections[4] = sections[4] + km if kind == one.INLAND else 0.0
    sections[1], sections[3] = max(sections[1], sections[2]), max(sections[3], sections[4])


@compiled
def _least_clear(
    n: int,
    length: float,
    hts: float,
    slope: float,
    d: NDArray[np.float64],
    y: NDArray[np.float64],
    small: NDArray[np.float64],
    large: NDArray[np.float64],
    least: float,
    hint: int,
) -> tuple[float, int]:
    """Return the greatest ν on a line-of-sight path for √(0.002/λ) = 1, and its point, if it is above `least`.

    `hint` is a point that may win, such as that of the receiver before; 0 for none. It saves time and changes nothing.

    With s the steepest slope of a block and S that of the direct line, ν² of its points is at least (S − s)²·d₁/d₂, which
    grows with d₁: if that is too much at the nearer end of the block, the block cannot win.
    """
    best = least * least / length if least > -math.inf else math.inf
    point = 0
    if 0 < hint <= n:
        c = hts + slope * d[hint] - y[hint]
        q = d[hint] * (length - d[hint])
        if c * c < best * q:
            best, point = c * c / q, hint
    for outer in range((n - 1) >> _LARGE, -1, -1):
        low = (outer << _LARGE) + 1
        high = min(low + (1 << _LARGE) - 1, n)
        below = d[low] * (slope - large[outer])
        if below * below >= best * d[low] * (length - d[low]):
            continue
        for inner in range((high - 1) >> _SMALL, ((low - 1) >> _SMALL) - 1, -1):
            a = (inner << _SMALL) + 1
            b = min(a + (1 << _SMALL) - 1, n)
            below = d[a] * (slope - small[inner])
            if below * below >= best * d[a] * (length - d[a]):
                continue
            for i in range(b, a - 1, -1):
                c = hts + slope * d[i] - y[i]
                q = d[i] * (length - d[i])
                if c * c < best * q:
                    best = c * c / q
                    point = i
    if point == 0:
        return -math.inf, 1
    return -math.sqrt(best * length), point


@compiled
def _decide(
    count: int,
    ray: _Ray,
    small: NDArray[np.float64],
    large: NDArray[np.float64],
    seen: _Seen,
    work: NDArray[np.float64],
    path: _Path,
    zoned: bool,
    carriers: NDArray[np.float64],
    rare: NDArray[np.float64],
    pixel_km: float,
    out: NDArray[np.float32],
) -> None:
    """Turn what the receivers of a ray see into losses: first what the frequency does not change, then carrier by carrier."""
    figures, points = seen
    several = path.p < 50.0
    for row in (_TH_T, _TH_R):
        atan_many(figures[row], count, figures[row])
    for j in range(count):
        figures[_TH_T, j] *= 1e3
        figures[_TH_R, j] *= 1e3
        rise = 1e-3 * (path.hts - figures[_HRS, j])
        work[_LOG_LENGTH, j] = figures[_LENGTH, j] * figures[_LENGTH, j] + rise * rise
        work[_SMOOTH, j] = work[_SMOOTH_B, j] = math.nan
    log_many(work[_LOG_LENGTH], count, work[_LOG_LENGTH], work[_A])
    _sphere_seen(count, figures, path.ae, work, _GAP)
    if several:
        _sphere_seen(count, figures, path.ab, work, _GAP_B)
    for k in range(len(carriers)):
        f = carriers[k]
        c = one.Carrier(f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8])
        _delta(count, ray.d, seen, path.ae, c, zoned, work, _NU, _GAP, _SMOOTH, _ACTUAL)
        if several:
            _delta(count, ray.d, seen, path.ab, c, zoned, work, _NU_B, _GAP_B, _SMOOTH_B, _ACTUAL_B)
        _bound_ducting(count, seen, path.ae, c, rare, pixel_km, work)
        for j in range(count):
            lbfs = 92.4 + c.log_f_db + _DB * work[_LOG_LENGTH, j]
            row, column, n = points[j, 0], points[j, 1], points[j, 2]
            if n == 0:  # nothing lies in between
                out[k, row, column] = lbfs
                continue
            length, theta_t, theta_r = figures[_LENGTH, j], figures[_TH_T, j], figures[_TH_R, j]
            ld50 = work[_ACTUAL, j] + max(work[_SPHERE, j] - work[_EDGE, j], 0.0)
            w = figures[_W, j] if zoned else 0.0
            lb0p, ldp, lminb0p, b0 = lbfs, ld50, lbfs + ld50, 0.0
            if several:
                reach = figures[_DLT, j] + figures[_DLR, j]
                b0 = one.beta0(
                    figures[_LAT, j], figures[_DTM, j] if zoned else length, figures[_DLM, j] if zoned else length
                )
                fi = one.time_factor(path.p, b0)
                lb0p += one.multipath(reach, path.p)
                ldb = work[_ACTUAL_B, j] + max(work[_SPHERE_B, j] - work[_EDGE_B, j], 0.0)
                ldp = ld50 + fi * (ldb - ld50)
                lb0b = lbfs + one.multipath(reach, b0)
                lminb0p = one.minimum_line_of_sight(path.p, b0, lbfs + ld50, lb0p, lb0b, ldp, w, fi)
            lbd = lb0p + ldp
            lbda = lbd
            # ducting is computed only where a lower bound of it lies below what it would have to undercut
            if several or w > 0.0 or work[_BOUND, j] < lbd:
                lba = _duct(j, ray, small, large, seen, path, zoned, b0, lbd, c)
                lminbap = one.minimum_enhanced(lba, lb0p)
                if lminbap <= lbd:
                    lbda = lminbap + (lbd - lminbap) * one.distance_factor(length)
            theta = 1e3 * length / path.ae + theta_t + theta_r
            lbam = lbda
            if theta < _STRAIGHT_MRAD and lminb0p != lbda:
                lbam += (lminb0p - lbda) * one.angle_factor(theta)
            lbc = lbam
            rise = (path.hts - figures[_HRS, j]) / (1e3 * length)
            # 10·log10(1 + x²) is less than 4.35·x²: a bound of troposcatter without another logarithm
            if c.scatter_db - 92.4 - c.log_f_db + lbfs - 4.35 * rise * rise + 0.573 * theta - lbam < _FAR_DB:
                lbs = one.troposcatter(length, theta, c)
                lbc = min(lbs, lbam) - 0.5 * one.decibels(1.0 + math.exp(-0.2 * _LN10 * abs(lbs - lbam)))
            if not (zoned and figures[_ZONE, j] == one.SEA):
                lbc += f[9]
            out[k, row, column] = max(lb0p, lbc)


@compiled
def _sphere_seen(count: int, figures: NDArray[np.float64], ap: float, work: NDArray[np.float64], first: int) -> None:
    """Work out what a spherical Earth does without the frequency, eq. (22)-(26); rows from `first` on.

    They are: least clearance, √(d₁d₂/d) of its place, radius of eq. (31) to the power −1/3, 1 where the sphere hides.
    The place is a root of m·b³ − (m + 1)·b + c: from c/(m + 1), which lies between 0 and it, Newton's steps all fall on
    that side and double the digits.
    """
    a = work[_A]
    for j in range(count):
        length, hte, hre = figures[_LENGTH, j], figures[_HTC, j], figures[_HRC, j]
        roots = math.sqrt(hte) + math.sqrt(hre)
        total = hte + hre
        c = (hte - hre) / total
        m = 250.0 * length * length / (ap * total)
        b = c / (m + 1.0)
        for _ in range(5):
            b -= (m * b * b * b - (m + 1.0) * b + c) / (3.0 * m * b * b - (m + 1.0))
        d1 = 0.5 * length * (1.0 + b)
        d2 = length - d1
        gap = ((hte - 500.0 * d1 * d1 / ap) * d2 + (hre - 500.0 * d2 * d2 / ap) * d1) / length
        hidden = length >= math.sqrt(0.002 * ap) * roots
        work[first, j] = 0.0 if hidden else gap
        work[first + 1, j] = math.sqrt(max(d1 * d2, 1e-12) / length)
        marginal = 500.0 * (length / roots) * (length / roots)
        a[j] = ap if hidden else marginal
        work[first + 3, j] = 1.0 if hidden else 0.0
    log_many(a, count, a, work[_B])
    for j in range(count):
        a[j] /= -3.0
    exp_many(a, count, work[first + 2], work[_B])


@compiled
def _delta(
    count: int,
    d: NDArray[np.float64],
    seen: _Seen,
    ap: float,
    c: one.Carrier,
    zoned: bool,
    work: NDArray[np.float64],
    nu: int,
    first: int,
    smooth: int,
    to: int,
) -> None:
    """Work out the three terms of delta-Bullington, eq. (39), in rows from `to` on: actual, sphere, smooth."""
    figures, points = seen
    lengths = figures[_LENGTH]
    _edges(count, figures[nu], c.per_m, lengths, work[to], work[_A], work[_B])
    sphere, edge = work[to + 1], work[to + 2]
    _spheres(count, figures, work, first, c, sphere)
    hint = 1
    for j in range(count):
        if zoned and figures[_W, j] > 0.0:
            sphere[j] = one.spherical_earth(lengths[j], figures[_HTC, j], figures[_HRC, j], ap, figures[_W, j], c)
        edge[j] = -1.0
        if sphere[j] > 0.0 and points[j, 2] > 0:
            if math.isnan(work[smooth, j]):
                work[smooth, j], hint = _smooth_nu(
                    points[j, 2], lengths[j], figures[_HTC, j], figures[_HRC, j], ap, d, hint
                )
            edge[j] = work[smooth, j]
    _edges(count, edge, c.per_m, lengths, edge, work[_A], work[_B])


@compiled
def _edges(
    count: int,
    nu: NDArray[np.float64],
    per_m: float,
    lengths: NDArray[np.float64],
    out: NDArray[np.float64],
    a: NDArray[np.float64],
    b: NDArray[np.float64],
) -> None:
    """Write Bullington's loss of the edges at ν, eq. (12), (21): `p1812.bullington_loss(knife_edge(ν))` of each."""
    for j in range(count):
        x = max(nu[j] * per_m, -1.0) - 0.1
        a[j] = math.sqrt(x * x + 1.0) + x
    log_many(a, count, a, b)
    for j in range(count):
        edge = 6.9 + 2.0 * _DB * a[j] if nu[j] * per_m > one.NU_MIN else 0.0
        out[j] = edge
        a[j] = edge / -6.0
    exp_many(a, count, a, b)
    for j in range(count):
        out[j] += (1.0 - a[j]) * (10.0 + 0.02 * lengths[j])


@compiled
def _spheres(
    count: int,
    figures: NDArray[np.float64],
    work: NDArray[np.float64],
    first: int,
    c: one.Carrier,
    out: NDArray[np.float64],
) -> None:
    """Write the diffraction loss of a spherical Earth of land: `p1812.spherical_earth` of each."""
    a, b, gain = work[_A], work[_B], work[_C]
    for j in range(count):
        k = c.k_land * work[first + 2, j]
        beta = _beta(k)
        out[j] = 21.88 * beta * c.root3 * work[first + 2, j] * work[first + 2, j] * figures[_LENGTH, j]
        unit = 0.9575 * beta * beta * c.root3 * c.root3 * work[first + 2, j]
        near, far = unit * figures[_HTC, j], unit * figures[_HRC, j]
        # one logarithm for both: above 2 a height counts its argument to the power −1/4
        low_t = max(near + 0.1 * near * near * near, one.LEAST * k)
        low_r = max(far + 0.1 * far * far * far, one.LEAST * k)
        high_t, high_r = (
            1.0 / math.sqrt(math.sqrt(max(near - 1.1, 0.9))),
            1.0 / math.sqrt(math.sqrt(max(far - 1.1, 0.9))),
        )
        a[j] = (high_t if near > 2.0 else low_t) * (high_r if far > 2.0 else low_r)
        gain[j] = (17.6 * math.sqrt(max(near - 1.1, 0.0)) - 8.0 if near > 2.0 else 0.0) + (
            17.6 * math.sqrt(max(far - 1.1, 0.0)) - 8.0 if far > 2.0 else 0.0
        )
    log_many(a, count, a, b)
    for j in range(count):
        gain[j] += 2.0 * _DB * a[j]
    log_many(out, count, a, b)
    for j in range(count):
        work[_D, j] = 1.425 * a[j]
    exp_many(work[_D], count, work[_D], b)
    for j in range(count):
        x = out[j]
        loss = 17.6 * x - 11.0 - _DB * a[j] if x >= 1.6 else 2.0 * _DB * a[j] + 5.6488 * work[_D, j]
        loss -= gain[j]
        required = c.zone_m * work[first + 1, j]
        share = max(1.0 - work[first, j] / required, 0.0)
        out[j] = loss if work[first + 3, j] > 0.5 else share * max(loss, 0.0)


@compiled
def _beta(k: float) -> float:
    """Return the ground's parameter, eq. (30)."""
    k2 = k * k
    return (1.0 + 1.6 * k2 + 0.67 * k2 * k2) / (1.0 + 4.5 * k2 + 1.53 * k2 * k2)


@compiled
def _bound_ducting(
    count: int,
    seen: _Seen,
    ae: float,
    c: one.Carrier,
    rare: NDArray[np.float64],
    pixel_km: float,
    work: NDArray[np.float64],
) -> None:
    """Write what ducting loses at least where p ≥ b0 and no sea lies in between; `rare` as `_least_variation` returns it.

    On a line-of-sight path its points are not known yet: nothing shields, and the angles count where they take away.
    """
    figures, points = seen
    a, bound = work[_A], work[_BOUND]
    per_mrad = 5e-5 * ae * c.root3
    for j in range(count):
        dlt, dlr, th_t, th_r = figures[_DLT, j], figures[_DLR, j], figures[_TH_T, j], figures[_TH_R, j]
        far_t, far_r = (0.1 * dlt, 0.1 * dlr) if points[j, 3] > 0 else (0.0, 0.0)
        above_t = max(th_t - far_t, 0.0) if points[j, 3] > 0 else 0.0
        above_r = max(th_r - far_r, 0.0) if points[j, 3] > 0 else 0.0
        a[j] = (
            (dlt + dlr)
            * (1.0 + 0.361 * above_t * math.sqrt(c.f_ghz * dlt))
            * (1.0 + 0.361 * above_r * math.sqrt(c.f_ghz * dlr))
        )
        theta = 1e3 * figures[_LENGTH, j] / ae + min(th_t, far_t) + min(th_r, far_r)
        bound[j] = c.coupling_db + 0.264 * c.root3 * (above_t + above_r) + per_mrad * theta
        bound[j] += rare[min(int(figures[_LENGTH, j] / pixel_km), len(rare) - 1)]
    log_many(a, count, a, work[_B])
    for j in range(count):
        bound[j] += 2.0 * _DB * a[j]


@compiled
def _least_variation(path: _Path, pixel_km: float, count: int) -> NDArray[np.float64]:
    """Return a lower bound of the part of ducting that varies with time, eq. (53), for paths over land by their length.

    Element i holds for i pixels to i + 1. Strong lapse-rates are the rarer the longer and the more inland a path is and
    the farther from the equator, and roughness makes β smaller still; the bound is the least over all β that remain.
    """
    out = np.empty(count)
    lowest = max(abs(path.lat) - 0.5 * path.radius_km / _KM_PER_DEGREE, 0.0)
    for i in range(count):
        length = i * pixel_km
        near = math.pow(10.0, -length / 16.0) + math.pow(10.0, -5.0 * 0.496)
        mu1 = min(math.pow(near, 0.2), 1.0)
        if lowest <= 70.0:
            b0 = math.pow(10.0, -0.015 * lowest + 1.67) * math.pow(mu1, 0.065 + 0.0176 * lowest)
        else:
            b0 = 4.17 * math.pow(mu1, 1.3)
        # both ends of the pixel's length, for the exponent falls with it and the factor grows
        least = math.inf
        for k in range(_RARER):
            beta = b0 * math.pow(10.0, -0.25 * k)
            least = min(least, one.variation(length, path.p, beta), one.variation(length + pixel_km, path.p, beta))
        out[i] = max(least - _SLACK_DB, 0.0) if path.p >= b0 else 0.0
    return out


@compiled
def _duct(
    j: int,
    ray: _Ray,
    small: NDArray[np.float64],
    large: NDArray[np.float64],
    seen: _Seen,
    path: _Path,
    zoned: bool,
    b0: float,
    lbd: float,
    c: one.Carrier,
) -> float:
    """Return the loss of ducting to one receiver; +∞ where a closer bound already shows that it does not count."""
    figures, points = seen
    length, dlt, dlr = figures[_LENGTH, j], figures[_DLT, j], figures[_DLR, j]
    th_t, th_r, hst, hsr = figures[_TH_T, j], figures[_TH_R, j], figures[_HST, j], figures[_HSR, j]
    first, last = points[j, 3], points[j, 4]
    w = figures[_W, j] if zoned else 0.0
    if first == 0:
        first = _least_clear(
            points[j, 2], length, path.hts, figures[_SLOPE, j], ray.d, ray.flat, small, large, -math.inf, 0
        )[1]
        last = first
        dlt, dlr = ray.d[first], length - ray.d[first]
        if path.p >= 50.0 and w == 0.0:
            theta = 1e3 * length / path.ae + min(th_t, 0.1 * dlt) + min(th_r, 0.1 * dlr)
            bound = c.coupling_db + 2.0 * one.decibels(length) + 5e-5 * path.ae * c.root3 * theta
            bound += one.shielding(th_t - 0.1 * dlt, dlt, c) + one.shielding(th_r - 0.1 * dlr, dlr, c)
            if bound >= lbd:
                return math.inf
    dtm, dlm = (figures[_DTM, j], figures[_DLM, j]) if zoned else (length, length)
    return one.ducting(
        length, dlt, dlr, 0.0 if zoned and path.zone == one.SEA else 500.0,
        0.0 if zoned and figures[_ZONE, j] == one.SEA else 500.0, dlm, path.hts, figures[_HRS, j], path.hts - hst,
        figures[_HRS, j] - hsr, _roughness(ray.d, ray.h, hst, hsr, length, first, last), th_t, th_r, path.p, w, path.ae,
        b0 if path.p < 50.0 else one.beta0(figures[_LAT, j], dtm, dlm), c,
    )  # fmt: skip


@compiled
def _smooth_nu(
    n: int, length: float, htc: float, hrc: float, ap: float, d: NDArray[np.float64], hint: int
) -> tuple[float, int]:
    """Return ν of Bullington's point over the smooth Earth for √(0.002/λ) = 1, and a hint for the next receiver.

    Quotients are compared by their cross products: a division costs more than the rest.
    """
    ce = _FLATTEN / ap
    per = n / d[n]  # samples are nearly evenly spaced
    seen = length < math.sqrt(0.002 * ap) * (math.sqrt(htc) + math.sqrt(hrc))
    stim = 0.0
    if not seen:  # yet samples may miss the top of the bulge
        i = _least_bent(min(max(int(math.sqrt(htc / ce) * per), 1), n), n, htc, ce, d, 0.0)
        stim = ce * (length - d[i]) - htc / d[i]
        seen = stim < (hrc - htc) / length
    if seen:
        i = min(hint, n)
        rise = (hrc - htc) / length
        below, spread = _smooth_clear(i, length, htc, rise, ce, d)
        step = 1
        while True:
            other, wide = below, spread
            if 1 <= i + step <= n:
                other, wide = _smooth_clear(i + step, length, htc, rise, ce, d)
            if other * other * spread < below * below * wide:
                i, below, spread, hint = i + step, other, wide, 0
            elif step == 1 and hint != 0:
                step = -1
            else:
                return -below * math.sqrt(length / spread), i
    i = _least_bent(min(max(int((length - math.sqrt(hrc / ce)) * per), 1), n), n, hrc, ce, d, length)
    srim = ce * d[i] - hrc / (length - d[i])
    return one.bullington_nu(length, htc, hrc, stim, srim), hint


@compiled
def _smooth_clear(
    i: int, length: float, htc: float, rise: float, ce: float, d: NDArray[np.float64]
) -> tuple[float, float]:
    """Return how far a sample of the smooth Earth lies below the direct line, and d₁·d₂."""
    product = d[i] * (length - d[i])
    return htc + rise * d[i] - ce * product, product


@compiled
def _least_bent(i: int, n: int, height: float, ce: float, d: NDArray[np.float64], origin: float) -> int:
    """Return the sample, near `i`, at which the smooth Earth stands highest as seen from `height` m above `origin`."""
    a = abs(d[i] - origin)
    for step in (1, -1):
        while 1 <= i + step <= n:
            b = abs(d[i + step] - origin)
            if (ce * b * b + height) * a >= (ce * a * a + height) * b:
                break
            i, a = i + step, b
    return i


@compiled
def _roughness(
    d: NDArray[np.float64], h: NDArray[np.float64], hst: float, hsr: float, length: float, first: int, last: int
) -> float:
    """Return the greatest height above the smooth surface between the horizons, eq. (93)."""
    slope = (hsr - hst) / length
    best = -math.inf
    for i in range(first, last + 1):
        best = max(best, h[i] - slope * d[i])
    return best - hst


def profile(
    ground: Ground, rays: Fan, row: int, column: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Return the profile by which a sweep decides a pixel, as `p1812.basic_loss` takes it.

    This is the plain definition: the site, the samples of the ray nearest to the pixel's centre, the pixel.

    Args:
        ground: As in `losses`.
        rays: As in `losses`.
        row: Row of the pixel.
        column: Its column.

    Returns:
        Distances in km, heights in m, clutter heights in m, zones; of equal length. Samples on no height take the one
        before.
    """
    heights, clutter, zones = ground.heights, ground.clutter, ground.zones
    x0, y0, q, at, beside = rays.x, rays.y, rays.distance, column, row
    if abs(row - rays.y) > abs(column - rays.x):
        heights, q, x0, y0, at, beside = heights.T, q.T, rays.y, rays.x, row, column
        clutter = None if clutter is None else clutter.T
        zones = None if zones is None else zones.T
    step = 1 if at > x0 else -1
    side = (beside - y0) * (1.0 / abs(at - x0))
    slope = math.floor(side * rays.rays + 0.5) / rays.rays
    first = math.floor(x0 + 0.5) + 1 if step > 0 else math.ceil(x0 - 0.5) - 1
    columns = np.arange(first, at, step)
    u = np.append((columns - x0) * step, abs(at - x0))
    v = np.append(slope * u[:-1], beside - y0)
    powers = range(5)
    square = sum(q[i, j] * (u * step) ** i * v**j for i in powers for j in powers if q[i, j])
    found = np.array([_between(heights, y0 + slope * w, int(c)) for w, c in zip(u[:-1], columns, strict=True)])
    found = np.concatenate([[rays.ground_m], found, [heights[beside, at]]])
    for i in range(1, len(found)):
        found[i] = found[i - 1] if np.isnan(found[i]) else found[i]
    cover = np.zeros(len(found))
    kinds = np.full(len(found), one.INLAND)
    rows = np.clip(np.floor(y0 + slope * u[:-1] + 0.5).astype(int), 0, heights.shape[0] - 1)
    if clutter is not None:
        cover[1:-1] = [_between(clutter, y0 + slope * w, int(c)) for w, c in zip(u[:-1], columns, strict=True)]
    if zones is not None and ground.zones is not None:
        kinds[1:-1], kinds[-1] = zones[rows, columns], zones[beside, at]
        kinds[0] = ground.zones[round(rays.y), round(rays.x)]
    return np.concatenate([[0.0], np.sqrt(square)]), found, cover, kinds


def _between(values: NDArray[np.floating], y: float, column: int) -> float:
    """Return the value of a column between two rows."""
    low = min(max(math.floor(y), 0), values.shape[0] - 2)
    t = min(max(y - low, 0.0), 1.0)
    a, b = float(values[low, column]), float(values[low + 1, column])
    if math.isnan(a + b):
        return b if math.isnan(a) else a
    return float(a + t * (b - a))
