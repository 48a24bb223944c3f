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
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numba import njit

from blankspot.radio import hull
from blankspot.radio import p1812 as one
from blankspot.radio.metric import degrees, squared_distance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from affine import Affine
    from numpy.typing import NDArray

_BLOCK_BITS: Final = 4
_BLOCK: Final = 1 << _BLOCK_BITS
_FAR_DB: Final = 45.0  # 5·log10(1 + 10^-9) is 2e-9 dB
_STRAIGHT_MRAD: Final = 1.65  # from here on Fj of eq. (57) is below 1e-9
_FLATTEN: Final = 500.0  # m per km²/km: half the square of a distance over the Earth radius


@dataclass(frozen=True, kw_only=True)
class Climate:
    """What does not change within an area.

    Attributes:
        p_pct: Share of time, 1 to 50.
        dn: Lapse-rate of refractivity, N-units/km.
        n0: Refractivity at sea level, N-units.
        polarization: "horizontal" or "vertical".
        location_db: What the share of locations adds, −I(pL)·σL; 0 for the median.
    """

    p_pct: float = 50.0
    dn: float = 45.0
    n0: float = 325.0
    polarization: Literal["horizontal", "vertical"] = "vertical"
    location_db: float = 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Ground:
    """The part of a terrain that a sweep walks over.

    Attributes:
        heights: Metres above sea level, shape (rows, columns), float32; NaN is no height.
        clutter: Representative clutter heights of the same shape, or None.
        zones: Radio-climatic zones of the same shape, uint8 (1 sea, 3 coastal land, 4 inland), or None for inland all over.
        crs: Coordinate system of the grid.
        transform: From (column, row), corners at integers, to coordinates of `crs`.
    """

    heights: NDArray[np.float32]
    crs: str
    transform: Affine
    clutter: NDArray[np.float32] | None = None
    zones: NDArray[np.uint8] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Fan:
    """Rays of one site over one ground.

    Attributes:
        x: Column of the site, pixel centres at integers.
        y: Its row.
        ground_m: Terrain at the site, bilinear.
        radius_km: Pixels whose centres are farther are not computed.
        rays: Rays of a quarter are numbered −rays … rays; ray k leaves at slope k / rays.
        distance: Coefficients of `metric.squared_distance`.
        lat_deg: Latitude of the site.
        lat_step: Degrees of latitude per column and per row at the site.
    """

    x: float
    y: float
    ground_m: float
    radius_km: float
    rays: int
    distance: NDArray[np.float64]
    lat_deg: float
    lat_step: tuple[float, float]


def fan(ground: Ground, column: float, row: float, *, radius_km: float) -> Fan:
    """Return the rays of a site.

    Args:
        ground: What they run over.
        column: Fractional column of the site, pixel corners at integers.
        row: Its row.
        radius_km: How far they reach.
    """
    x, y = column - 0.5, row - 0.5
    lon, lat = degrees(ground.crs, ground.transform, column + np.array([0.0, 1.0, 0.0]), row + np.array([0.0, 0.0, 1.0]))
    near = squared_distance(ground.crs, ground.transform, x, y, 8.0)
    across = radius_km / math.sqrt(min(near[2, 0], near[0, 2]))
    distance = squared_distance(ground.crs, ground.transform, x, y, max(across, 8.0))
    return Fan(
        x=x,
        y=y,
        ground_m=height_at(ground.heights, x, y),
        radius_km=radius_km,
        rays=max(math.ceil(across) + 1, 8),
        distance=distance,
        lat_deg=float(lat[0]),
        lat_step=(float(lat[1] - lat[0]), float(lat[2] - lat[0])),
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
    carriers = np.array([one.carrier(f, climate.polarization == "vertical", climate.n0, climate.p_pct) for f in f_ghz])
    numbers = np.array(
        [
            rays.x, rays.y, rays.ground_m, rays.radius_km, htg_m, hrg_m, one.median_radius(climate.dn),
            one.EARTH_KM * 3.0, climate.p_pct, climate.location_db, rays.lat_deg, *rays.lat_step,
        ]
    )  # fmt: skip
    swapped = numbers[[1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 11]]
    none, no_zones = np.empty((0, 0), dtype=np.float32), np.empty((0, 0), dtype=np.uint8)
    clutter = none if ground.clutter is None else ground.clutter
    zones = no_zones if ground.zones is None else ground.zones
    box, box_turned = (top, left, rows, columns), (left, top, columns, rows)
    across, along = ground.heights, np.ascontiguousarray(ground.heights.T)
    turned_clutter, turned_zones = np.ascontiguousarray(clutter.T), np.ascontiguousarray(zones.T)
    turned_distance = np.ascontiguousarray(rays.distance.T)
    for step in (1, -1):
        _quarter(across, clutter, zones, rays.distance, rays.rays, step, True, numbers, carriers, box, out)
        _quarter(along, turned_clutter, turned_zones, turned_distance, rays.rays, step, False, swapped, carriers, box_turned, turned)
    _own_pixel(rays, htg_m, hrg_m, carriers, ground.heights, box, out)
    other = turned.transpose(0, 2, 1)
    np.copyto(out, other, where=~np.isnan(other))
    return out


def _own_pixel(rays, htg_m, hrg_m, carriers, heights, box, out):
    row, column = round(rays.y), round(rays.x)
    r, c = row - box[0], column - box[1]
    if 0 <= r < box[2] and 0 <= c < box[3] and not np.isnan(heights[row, column]):
        side = math.sqrt(min(rays.distance[2, 0], rays.distance[0, 2])) / 2
        difference = rays.ground_m + htg_m - float(heights[row, column]) - hrg_m
        for i, row_ in enumerate(carriers):
            out[i, r, c] = one.free_space(side, difference, one.Carrier(*row_))


@njit(cache=True, nogil=True)
def _quarter(heights, clutter, zones, q, n, step, diagonal, numbers, carriers, box, out):
    rows, columns = heights.shape
    x0, y0, ground, radius = numbers[0], numbers[1], numbers[2], numbers[3]
    htg, hrg, ae, ab, p = numbers[4], numbers[5], numbers[6], numbers[7], numbers[8]
    hts = ground + htg
    first = int(math.floor(x0 + 0.5)) + 1 if step > 0 else int(math.ceil(x0 - 0.5)) - 1
    top, left, tall, wide = box
    # the last column that any ray needs to reach
    last = min(left + wide - 1, columns - 1) if step > 0 else max(left, 0)
    count = (last - first) * step + 1
    if count <= 0:
        return
    nearest = (left - x0 if step > 0 else x0 - (left + wide - 1))
    cluttered, zoned = clutter.size > 0, zones.size > 0
    several = p < 50.0
    size = count + 2
    d, h = np.empty(size), np.empty(size)
    g = np.empty(size) if cluttered else h
    zone = np.empty(size, dtype=np.int64)
    flat = np.empty(size)  # terrain on the median Earth
    raised = np.empty(size) if cluttered else flat  # the same with clutter
    lifted = np.empty(size) if several else flat  # the same at b0 % of time
    stacks = np.empty((4, size), dtype=np.int32)
    slopes = np.empty((3, (size >> _BLOCK_BITS) + 2))
    state = np.empty(16)
    found = np.empty(32)
    for k in range(-n, n + 1):
        m = k / n
        # does the ray meet the box at all
        u_near = max(nearest, 0.5)
        y_a, y_b = y0 + m * u_near, y0 + m * ((last - x0) * step)
        if max(y_a, y_b) < top - 1.0 or min(y_a, y_b) > top + tall:
            continue
        q0 = q[2, 0] + q[1, 1] * step * m + q[0, 2] * m * m
        q1 = q[3, 0] * step + q[2, 1] * m + q[1, 2] * step * m * m + q[0, 3] * m * m * m
        q2 = q[4, 0] + q[3, 1] * step * m + q[2, 2] * m * m + q[1, 3] * step * m * m * m + q[0, 4] * m * m * m * m
        i = 0
        h_before, d_before, z_before = ground, 0.0, 0
        n0 = n1 = n2 = n3 = 0
        v1 = v2 = 0.0
        steep_raw = steep = steep_g = steep_b = -math.inf
        at_steep = 0
        sea = land = land_now = inland = inland_now = 0.0
        hint = 1
        for index in range(count):
            column = first + index * step
            u = (column - x0) * step
            distance = u * math.sqrt(q0 + u * (q1 + u * q2))
            if distance > radius * 1.01 + 2.0 * (distance / u):
                break
            y = y0 + m * u
            if y < -0.5 or y > rows - 0.5:
                break
            low = min(max(int(math.floor(y)), 0), rows - 2)
            t = min(max(y - low, 0.0), 1.0)
            a, b = heights[low, column], heights[low + 1, column]
            here = a + t * (b - a)
            if here != here:  # noqa: PLR0124 - NaN
                here = b if a != a else a
                if here != here:
                    here = h_before
            # is there a pixel of this ray in this column
            row = int(math.floor(y + 0.5))
            side = (row - y0) / u
            if (
                top <= row < top + tall
                and left <= column < left + wide
                and 0 <= row < rows
                and int(math.floor(side * n + 0.5)) == k
                and (abs(side) < 1.0 or (diagonal and abs(side) <= 1.0))
            ):
                s0 = q[2, 0] + q[1, 1] * step * side + q[0, 2] * side * side
                s1 = q[3, 0] * step + side * (q[2, 1] + side * (q[1, 2] * step + q[0, 3] * side))
                s2 = q[4, 0] + side * (q[3, 1] * step + side * (q[2, 2] + side * (q[1, 3] * step + side * q[0, 4])))
                length = u * math.sqrt(s0 + u * (s1 + u * s2))
                pixel = heights[row, column]
                if length <= radius and pixel == pixel:
                    state[0], state[1], state[2], state[3], state[4] = v1, v2, steep_raw, steep, steep_g
                    state[5], state[6], state[7], state[8], state[9] = steep_b, sea, land, land_now, inland
                    state[10], state[11], state[12] = inland_now, h_before, d_before
                    z_here = zones[row, column] if zoned else 4
                    latitude = numbers[10] + 0.5 * (numbers[11] * u * step + numbers[12] * side * u)
                    hint = _receive(
                        i, length, float(pixel), ground, hts, pixel + hrg, ae, ab, p, numbers[9], latitude, at_steep, hint,
                        zoned, z_before, z_here, cluttered, several, d, h, g, flat, raised, lifted,
                        stacks, n0, n1, n2, n3, slopes, state, carriers, found, out, row - top, column - left,
                    )
            # the ray's own sample becomes part of the profile
            i += 1
            d[i], h[i] = distance, here
            bend = _FLATTEN / ae * distance * distance
            flat[i] = here - bend
            block = (i - 1) >> _BLOCK_BITS
            fresh = ((i - 1) & (_BLOCK - 1)) == 0
            raw = (here - hts) / distance
            steep_raw = max(steep_raw, raw)
            slope = raw - _FLATTEN / ae * distance
            if slope > steep:
                steep, at_steep = slope, i
            slopes[0, block] = slope if fresh else max(slopes[0, block], slope)
            n0 = hull.grow(stacks[0], n0, d, h, i)
            n1 = hull.grow(stacks[1], n1, d, flat, i)
            covered = here
            if cluttered:
                a, b = clutter[low, column], clutter[low + 1, column]
                covered = here + a + t * (b - a)
                g[i] = covered
                raised[i] = covered - bend
                slope = (raised[i] - hts) / distance
                steep_g = max(steep_g, slope)
                slopes[1, block] = slope if fresh else max(slopes[1, block], slope)
                n2 = hull.grow(stacks[2], n2, d, raised, i)
            if several:
                lifted[i] = covered - _FLATTEN / ab * distance * distance
                slope = (lifted[i] - hts) / distance
                steep_b = max(steep_b, slope)
                slopes[2, block] = slope if fresh else max(slopes[2, block], slope)
                n3 = hull.grow(stacks[3], n3, d, lifted, i)
            length = distance - d_before
            v1 += length * (here + h_before)
            v2 += length * (here * (2.0 * distance + d_before) + h_before * (distance + 2.0 * d_before))
            if zoned:
                z_here = zones[row, column] if 0 <= row < rows else 4
                if i == 1:
                    z_before = z_here
                half = 0.5 * length
                if z_before == 1:
                    sea += half
                    land_now = inland_now = 0.0
                else:
                    land_now += half
                    inland_now = inland_now + half if z_before == 4 else 0.0
                land, inland = max(land, land_now), max(inland, inland_now)
                if z_here == 1:
                    sea += half
                    land_now = inland_now = 0.0
                else:
                    land_now += half
                    inland_now = inland_now + half if z_here == 4 else 0.0
                land, inland = max(land, land_now), max(inland, inland_now)
                z_before = z_here
            h_before, d_before = here, distance


@njit(cache=True, nogil=True)
def _receive(
    n, length, ground_r, ground_t, hts, hrs, ae, ab, p, location, latitude, at_steep, hint,
    zoned, z_last, z_here, cluttered, several, d, h, g, flat, raised, lifted,
    stacks, n0, n1, n2, n3, slopes, state, carriers, found, out, row, column,
):  # fmt: skip
    if n == 0:  # nothing lies in between
        for k in range(len(carriers)):
            out[k, row, column] = one.free_space(length, hts - hrs, _carrier(carriers, k))
        return hint
    # the profile's figures
    rest = length - state[12]
    v1 = state[0] + rest * (ground_r + state[11])
    v2 = state[1] + rest * (ground_r * (2.0 * length + state[12]) + state[11] * (length + 2.0 * state[12]))
    hst, hsr = one.fitted(v1, v2, length)
    direct = (hrs - hts) / length
    obs = 0.0
    obt = obr = 1.0
    if state[2] > direct:
        obs = hull.extreme(stacks[0], n0, d, h, direct) - hts
        obt = state[2] - direct
        far = hull.tangent(stacks[0], n0, d, h, length, hrs)
        obr = (h[far] - hrs) / (length - d[far]) + direct
    hstd, hsrd = one.lowered(hst, hsr, obs, obt, obr, ground_t, ground_r)
    hst, hsr = min(hst, ground_t), min(hsr, ground_r)
    htc, hrc = hts - hstd, hrs - hsrd
    y_r = hrs - _FLATTEN / ae * length * length
    slope = (y_r - hts) / length
    trans = state[3] > slope
    dlt, dlr = length, 0.0  # their sum is all that counts until ducting asks for the point
    first = last = 0
    if trans:
        first = at_steep
        last = hull.tangent(stacks[1], n1, d, flat, length, y_r)
        dlt, dlr = d[first], length - d[last]
        th_t = 1e3 * math.atan(1e-3 * state[3])
        th_r = 1e3 * math.atan(1e-3 * ((flat[last] - y_r) / dlr - 1e3 * length / ae))
    else:
        th_t = 1e3 * math.atan(1e-3 * slope)
        th_r = 1e3 * math.atan(1e-3 * (-direct - _FLATTEN / ae * length))
    theta = 1e3 * length / ae + th_t + th_r
    nu = _nu(n, length, hts, hrs, ae, state[4] if cluttered else state[3], d, raised if cluttered else flat,
             stacks[2] if cluttered else stacks[1], n2 if cluttered else n1, slopes[1] if cluttered else slopes[0],
             trans and not cluttered, last, carriers[0, 3])
    nu_b = 0.0
    if several:
        nu_b = _nu(n, length, hts, hrs, ab, state[5], d, lifted, stacks[3], n3, slopes[2], False, 0, carriers[0, 3])
    # zones
    w = 0.0
    dtm = dlm = length
    dct = dcr = 500.0
    if zoned:
        w, dtm, dlm = _sections(state, z_last, z_here, rest, length)
        if z_here == 1:
            dcr = 0.0
        if state[6] < 0.0:
            dct = 0.0
    lloc = 0.0 if zoned and z_here == 1 else location
    b0 = one.beta0(latitude, dtm, dlm) if several else 0.0
    fi = one.time_factor(p, b0) if several else 0.0
    smooth = smooth_b = math.nan
    hm = math.nan
    for k in range(len(carriers)):
        c = _carrier(carriers, k)
        lbfs = one.free_space(length, hts - hrs, c)
        lb0p = lbfs
        ld50 = one.bullington_loss(one.knife_edge(nu * c.per_m), length)
        sphere = one.spherical_earth(length, htc, hrc, ae, w, c)
        if sphere > 0.0:
            if smooth != smooth:
                smooth, hint = _smooth_nu(n, length, htc, hrc, ae, d, hint)
            ld50 += max(sphere - one.bullington_loss(one.knife_edge(smooth * c.per_m), length), 0.0)
        ldp = ld50
        lminb0p = lbfs + ld50
        if several:
            lb0p += one.multipath(dlt + dlr, p)
            ldb = one.bullington_loss(one.knife_edge(nu_b * c.per_m), length)
            sphere = one.spherical_earth(length, htc, hrc, ab, w, c)
            if sphere > 0.0:
                if smooth_b != smooth_b:
                    smooth_b, hint = _smooth_nu(n, length, htc, hrc, ab, d, hint)
                ldb += max(sphere - one.bullington_loss(one.knife_edge(smooth_b * c.per_m), length), 0.0)
            ldp = ld50 + fi * (ldb - ld50)
            lb0b = lbfs + one.multipath(dlt + dlr, b0)
            lminb0p = one.minimum_line_of_sight(p, b0, lbfs + ld50, lb0p, lb0b, ldp, w, fi)
        lbd = lb0p + ldp
        lbda = lbd
        # ducting, unless a lower bound of it is above what it would have to undercut
        bound = c.coupling_db + 20.0 * math.log10(dlt + dlr)
        bent = 5e-5 * ae * c.root3 * 1e3 * length / ae
        if several or w > 0.0 or bound + bent + 5e-5 * ae * c.root3 * (min(th_t, 0.0) + min(th_r, 0.0)) < lbd:
            if not trans and first == 0:
                first = _least_clear(n, length, hts, slope, d, flat, slopes[0], -math.inf)[1]
                last = first
                dlt, dlr = d[first], length - d[first]
            short = several or w > 0.0
            if not short:
                bound += one.shielding(th_t - 0.1 * dlt, dlt, c) + one.shielding(th_r - 0.1 * dlr, dlr, c)
                bound += bent + 5e-5 * ae * c.root3 * (min(th_t, 0.1 * dlt) + min(th_r, 0.1 * dlr))
            if short or bound < lbd:
                if hm != hm:
                    hm = _roughness(d, h, hst, hsr, length, first, last)
                    if not several:
                        b0 = one.beta0(latitude, dtm, dlm)
                lba = one.ducting(length, dlt, dlr, dct, dcr, dlm, hts, hrs, hts - hst, hrs - hsr, hm, th_t, th_r, p, w, ae, b0, c)
                lminbap = one.minimum_enhanced(lba, lb0p)
                if lminbap <= lbd:
                    lbda = lminbap + (lbd - lminbap) * one.distance_factor(length)
        lbam = lbda
        if theta < _STRAIGHT_MRAD and lminb0p != lbda:
            lbam += (lminb0p - lbda) * one.angle_factor(theta)
        lbs = one.troposcatter(length, theta, c)
        over = abs(lbs - lbam)
        lbc = min(lbs, lbam)
        if over < _FAR_DB:
            lbc -= 5.0 * math.log10(1.0 + math.pow(10.0, -0.2 * over))
        out[k, row, column] = max(lb0p, lbc + lloc)
    return hint


@njit(cache=True, nogil=True)
def _carrier(carriers, k):
    row = carriers[k]
    return one.Carrier(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8])


@njit(cache=True, nogil=True)
def _sections(state, z_last, z_here, rest, length):
    half = 0.5 * rest
    sea = abs(state[6]) + (half if z_last == 1 else 0.0) + (half if z_here == 1 else 0.0)
    land_now, inland_now = state[8], state[10]
    land_now = 0.0 if z_last == 1 else land_now + half
    inland_now = inland_now + half if z_last == 4 else 0.0
    land, inland = max(state[7], land_now), max(state[9], inland_now)
    land_now = 0.0 if z_here == 1 else land_now + half
    inland_now = inland_now + half if z_here == 4 else 0.0
    return sea / length, max(land, land_now), max(inland, inland_now)


@njit(cache=True, nogil=True)
def _nu(n, length, hts, hrs, ap, steep, d, y, stack, size, slopes, known, at, per_m):
    """Return ν of Bullington's point for √(0.002/λ) = 1; anything below −0.78 of the first carrier may be −∞."""
    bend = _FLATTEN / ap * length
    y_r = hrs - bend * length
    slope = (y_r - hts) / length
    if steep < slope:
        least = -0.78 / per_m
        return _least_clear(n, length, hts, slope, d, y, slopes, least)[0]
    last = at if known else hull.tangent(stack, size, d, y, length, y_r)
    srim = (y[last] - y_r) / (length - d[last]) - bend
    return one.bullington_nu(length, hts, hrs, steep + bend, srim)


@njit(cache=True, nogil=True)
def _least_clear(n, length, hts, slope, d, y, slopes, least):
    """Return the greatest ν > least on a line-of-sight path and its point, or −∞ and 1; blocks that cannot win are skipped."""
    best = least * least / length if least > -math.inf else math.inf
    point = 0
    for block in range((n - 1) >> _BLOCK_BITS, -1, -1):
        low = (block << _BLOCK_BITS) + 1
        high = min(low + _BLOCK - 1, n)
        below = d[low] * (slope - slopes[block])
        middle = 0.5 * length
        if d[high] < middle:
            widest = d[high] * (length - d[high])
        elif d[low] > middle:
            widest = d[low] * (length - d[low])
        else:
            widest = middle * middle
        if below * below >= best * widest:
            continue
        for i in range(high, low - 1, -1):
            c = hts + slope * d[i] - y[i]
            q = d[i] * (length - d[i])
            if c * c < best * q:
                best = c * c / q
                point = i
    if point == 0:
        return -math.inf, 1
    return -math.sqrt(best * length), point


@njit(cache=True, nogil=True)
def _smooth_nu(n, length, htc, hrc, ap, d, hint):
    """Return ν of Bullington's point over the smooth Earth for √(0.002/λ) = 1, and a hint for the next receiver."""
    ce = _FLATTEN / ap
    # samples are nearly evenly spaced
    per = n / d[n]
    i = _peak_horizon(n, d, ce, htc, min(max(int(math.sqrt(htc / ce) * per), 1), n))
    stim = ce * (length - d[i]) - htc / d[i]
    if stim < (hrc - htc) / length:
        i = min(max(hint, 1), n)
        best = _smooth_clear(i, length, htc, hrc, ce, d)
        while i < n:
            other = _smooth_clear(i + 1, length, htc, hrc, ce, d)
            if other <= best:
                break
            i, best = i + 1, other
        while i > 1:
            other = _smooth_clear(i - 1, length, htc, hrc, ce, d)
            if other <= best:
                break
            i, best = i - 1, other
        return best, i
    far = length - math.sqrt(hrc / ce)
    j = min(max(int(far * per), 1), n)
    best = ce * d[j] - hrc / (length - d[j])
    while j < n and ce * d[j + 1] - hrc / (length - d[j + 1]) > best:
        j += 1
        best = ce * d[j] - hrc / (length - d[j])
    while j > 1 and ce * d[j - 1] - hrc / (length - d[j - 1]) > best:
        j -= 1
        best = ce * d[j] - hrc / (length - d[j])
    return one.bullington_nu(length, htc, hrc, stim, best), hint


@njit(cache=True, nogil=True)
def _peak_horizon(n, d, ce, height, i):
    best = -ce * d[i] - height / d[i]
    while i < n and -ce * d[i + 1] - height / d[i + 1] > best:
        i += 1
        best = -ce * d[i] - height / d[i]
    while i > 1 and -ce * d[i - 1] - height / d[i - 1] > best:
        i -= 1
        best = -ce * d[i] - height / d[i]
    return i


@njit(cache=True, nogil=True)
def _smooth_clear(i, length, htc, hrc, ce, d):
    rest = length - d[i]
    return (ce * d[i] * rest - (htc * rest + hrc * d[i]) / length) * math.sqrt(length / (d[i] * rest))


@njit(cache=True, nogil=True)
def _roughness(d, h, hst, hsr, length, first, last):
    slope = (hsr - hst) / length
    best = -math.inf
    for i in range(first, last + 1):
        best = max(best, h[i] - slope * d[i])
    return best - hst


def profile(ground: Ground, rays: Fan, row: int, column: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
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
    side = (beside - y0) / abs(at - x0)
    slope = math.floor(side * rays.rays + 0.5) / rays.rays
    first = math.floor(x0 + 0.5) + 1 if step > 0 else math.ceil(x0 - 0.5) - 1
    columns = np.arange(first, at, step)
    u = np.append((columns - x0) * step, abs(at - x0))
    v = np.append(slope * u[:-1], beside - y0)
    powers = range(5)
    square = sum(q[i, j] * (u * step) ** i * v**j for i in powers for j in powers if q[i, j])
    found = np.array([_between(heights, y0 + slope * w, c) for w, c in zip(u[:-1], columns, strict=True)])
    found = np.concatenate([[rays.ground_m], found, [heights[beside, at]]])
    for i in range(1, len(found)):
        found[i] = found[i - 1] if np.isnan(found[i]) else found[i]
    cover = np.zeros(len(found))
    kinds = np.full(len(found), one.INLAND)
    rows = np.clip(np.floor(y0 + slope * u[:-1] + 0.5).astype(int), 0, heights.shape[0] - 1)
    if clutter is not None:
        cover[1:-1] = [_between(clutter, y0 + slope * w, c) for w, c in zip(u[:-1], columns, strict=True)]
    if zones is not None:
        kinds[1:-1], kinds[-1] = zones[rows, columns], zones[beside, at]
        kinds[0] = kinds[1]
    return np.concatenate([[0.0], np.sqrt(square)]), found, cover, kinds


def _between(values: NDArray[np.floating], y: float, column: int) -> float:
    """Return the value of a column between two rows."""
    low = min(max(math.floor(y), 0), values.shape[0] - 2)
    t = min(max(y - low, 0.0), 1.0)
    a, b = float(values[low, column]), float(values[low + 1, column])
    if math.isnan(a + b):
        return b if math.isnan(a) else a
    return a + t * (b - a)
