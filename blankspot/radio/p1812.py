"""ITU-R P.1812-8, point to point: basic transmission loss over a terrain profile, 30 MHz to 6 GHz.

The method is split where the area engine (`sweep`) needs it split. What depends on the profile is found by walking it,
here, plainly: this is the oracle of the sweep, which finds the same figures with running state. What follows from those
figures is one set of small functions that both call, so that there is one definition of every equation.

Numbers of clauses, equations and tables are those of Recommendation ITU-R P.1812-8, Annex 1.

The file is long because it is one Recommendation: fifty named figures of its validation tables, and a function an equation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from blankspot.errors import UsageError
from blankspot.radio.compiled import compiled
from blankspot.words import Text

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

F_MIN_GHZ: Final = 0.03
F_MAX_GHZ: Final = 6.0
ANTENNA_MIN_M: Final = 1.0
ANTENNA_MAX_M: Final = 3000.0
SEA: Final = 1
COASTAL: Final = 3
INLAND: Final = 4
_ZONES: Final = (SEA, COASTAL, INLAND)
_POINTS_MIN: Final = 3  # two terminals and what lies between them

EARTH_KM: Final = 6371.0
K_BETA: Final = 3.0  # eq. (7b)
SPEED_M_GHZ: Final = 0.2998  # wavelength in metres times GHz, as the Recommendation's own examples round it
NU_MIN: Final = -0.78  # eq. (12)
_LAND: Final = (22.0, 0.003)  # relative permittivity, conductivity in S/m, clause 4.3.3
_WATER: Final = (80.0, 5.0)
LEAST: Final = 10.0**0.1  # eq. (35)
_DB: Final = 10.0 / math.log(10.0)
_ETA: Final = 2.5  # eq. (60)
_THETA_MRAD: Final = 0.3  # eq. (57)
_KSI: Final = 0.8
_D_SW_KM: Final = 20.0  # eq. (58)
_KAPPA: Final = 0.5
_POLAR_DEG: Final = 70.0
_SEA_SHARE_MIN: Final = 0.75  # eq. (49)
_COAST_NEAR_KM: Final = 5.0


@dataclass(frozen=True, kw_only=True)
class Loss:
    """Basic transmission loss and every intermediate, named as in the validation tables of the Recommendation.

    Attributes:
        lb_db: Basic transmission loss not exceeded for p % of time and pL % of locations, eq. (69).
        d_km: Length of the path.
        dlt_km: From the transmitter to its horizon, or on a line-of-sight path to the point of greatest ν, eq. (78), (80).
        dlr_km: The same from the receiver, eq. (81a), (83).
        th_t_mrad: Elevation of the transmitter's horizon, eq. (76)-(79).
        th_r_mrad: Elevation of the receiver's horizon, eq. (79)-(82).
        th_mrad: Path angular distance, eq. (84).
        hts_m: Transmitting antenna above sea level.
        hrs_m: Receiving antenna above sea level.
        htc_m: As hts, table 5.
        hrc_m: As hrs, table 5.
        w: Share of the path over sea.
        dtm_km: Longest continuous land section.
        dlm_km: Longest continuous inland section.
        phi_deg: Latitude of the middle of the path.
        b0_pct: Share of time with strong lapse-rates, eq. (5).
        ae_km: Median effective Earth radius, eq. (7a).
        hst_n_m: Smooth surface at the transmitter, eq. (85).
        hsr_n_m: Smooth surface at the receiver, eq. (86).
        hst_m: The same, no higher than the ground, eq. (90a).
        hsr_m: As hst for the receiver, eq. (90b).
        hstd_m: Smooth surface at the transmitter for diffraction, eq. (89).
        hsrd_m: The same at the receiver.
        htc_smooth_m: Transmitter above hstd, eq. (37a).
        hrc_smooth_m: Receiver above hsrd, eq. (37b).
        hte_m: Effective height of the transmitter for ducting, eq. (92a).
        hre_m: Effective height of the receiver for ducting, eq. (92b).
        hm_m: Terrain roughness, eq. (93).
        fi: Interpolation between median and b0 % of time, eq. (40).
        fj: Interpolation by angular distance, eq. (57).
        fk: Interpolation by path length, eq. (58).
        lbfs_db: Free space, eq. (8).
        lb0p_db: Line of sight, p % of time, eq. (10).
        lb0b_db: Line of sight, b0 % of time, eq. (11).
        lbulla_db: Bullington over the actual profile, at the effective Earth radius of b0 % of time, eq. (21).
        lbulls_db: Bullington over the smooth profile, the same, eq. (21).
        ldsph_db: Spherical Earth, the same, eq. (27).
        lbulla50_db: Bullington over the actual profile, median effective Earth radius, eq. (21).
        lbulls50_db: Bullington over the smooth profile, median effective Earth radius, eq. (21).
        ldsph50_db: Spherical Earth, median effective Earth radius, eq. (27).
        ld50_db: Delta-Bullington, median, eq. (39).
        ldb_db: Delta-Bullington, b0 % of time, eq. (39).
        ldp_db: Diffraction, p % of time, eq. (41).
        lbd50_db: Loss with diffraction, median, eq. (42).
        lbd_db: Loss with diffraction, p % of time, eq. (43).
        lminb0p_db: Notional minimum with line of sight and diffraction over sea, eq. (59).
        lba_db: Ducting and layer reflection, eq. (46).
        lminbap_db: Notional minimum with enhancements, eq. (60).
        lbda_db: Diffraction and enhancements, eq. (61).
        lbam_db: The same, modified by angular distance, eq. (62).
        lbs_db: Troposcatter, eq. (44).
        lbc_db: Median over locations, eq. (63).
        ep_dbuv_m: Field strength of 1 kW effective radiated power, dB(µV/m), eq. (70).
    """

    lb_db: float
    d_km: float
    dlt_km: float
    dlr_km: float
    th_t_mrad: float
    th_r_mrad: float
    th_mrad: float
    hts_m: float
    hrs_m: float
    htc_m: float
    hrc_m: float
    w: float
    dtm_km: float
    dlm_km: float
    phi_deg: float
    b0_pct: float
    ae_km: float
    hst_n_m: float
    hsr_n_m: float
    hst_m: float
    hsr_m: float
    hstd_m: float
    hsrd_m: float
    htc_smooth_m: float
    hrc_smooth_m: float
    hte_m: float
    hre_m: float
    hm_m: float
    fi: float
    fj: float
    fk: float
    lbfs_db: float
    lb0p_db: float
    lb0b_db: float
    lbulla_db: float
    lbulls_db: float
    ldsph_db: float
    lbulla50_db: float
    lbulls50_db: float
    ldsph50_db: float
    ld50_db: float
    ldb_db: float
    ldp_db: float
    lbd50_db: float
    lbd_db: float
    lminb0p_db: float
    lba_db: float
    lminbap_db: float
    lbda_db: float
    lbam_db: float
    lbs_db: float
    lbc_db: float
    ep_dbuv_m: float


class Carrier(NamedTuple):
    """What depends on the frequency and the climate alone, computed once for a path or an area."""

    f_ghz: float
    log_f_db: float
    root3: float
    per_m: float
    zone_m: float
    k_land: float
    k_sea: float
    scatter_db: float
    coupling_db: float


class Horizons(NamedTuple):
    """What the profile says of both horizons, clause 4 of attachment 1."""

    th_t_mrad: float
    th_r_mrad: float
    dlt_km: float
    dlr_km: float
    first: int
    last: int


class Smooth(NamedTuple):
    """The smooth surface fitted to a profile, clause 5.6 of attachment 1."""

    hst_n_m: float
    hsr_n_m: float
    hstd_m: float
    hsrd_m: float


def basic_loss(
    d_km: ArrayLike,
    h_m: ArrayLike,
    clutter_m: ArrayLike,
    zone: ArrayLike,
    *,
    f_ghz: float,
    p_pct: float,
    htg_m: float,
    hrg_m: float,
    lat_deg: float,
    polarization: Literal["horizontal", "vertical"],
    dn: float,
    n0: float,
    dct_km: float = 500.0,
    dcr_km: float = 500.0,
    pl_pct: float = 50.0,
    sigma_l_db: float = 0.0,
    entry_loss_db: float = 0.0,
) -> Loss:
    """Return the basic transmission loss along one profile, ITU-R P.1812-8.

    Args:
        d_km: Distances from the transmitter, shape (n,), n at least 3, ascending from 0.
        h_m: Terrain above sea level, shape (n,).
        clutter_m: Representative clutter heights, shape (n,); those of the two terminals are not used.
        zone: Radio-climatic zone of each point, shape (n,): 1 sea, 3 coastal land, 4 inland.
        f_ghz: Frequency, 0.03 to 6.
        p_pct: Share of an average year for which the loss is not exceeded, 1 to 50.
        htg_m: Transmitting antenna above ground, 1 to 3000.
        hrg_m: Receiving antenna above ground, 1 to 3000.
        lat_deg: Latitude of the middle of the path.
        polarization: "horizontal" or "vertical".
        dn: Lapse-rate of refractivity in the lowest kilometre, N-units/km, positive.
        n0: Refractivity at sea level, N-units.
        dct_km: Over land from the transmitter to the coast; 0 where the first point is sea.
        dcr_km: Over land from the receiver to the coast; 0 where the last point is sea.
        pl_pct: Share of locations for which the loss is not exceeded, 1 to 99.
        sigma_l_db: Standard deviation over locations, see `location_sd_db`.
        entry_loss_db: Building entry loss of ITU-R P.2109 (`entry.loss`) for a receiver indoors, clause 4.9.

    Returns:
        The loss and every intermediate.

    Raises:
        UsageError: Arrays of unequal length, distances that do not ascend from 0, or a value outside its range.
    """
    profile = _profile(d_km, h_m, clutter_m, zone)
    _check(
        f_ghz=(f_ghz, F_MIN_GHZ, F_MAX_GHZ),
        p_pct=(p_pct, 1.0, 50.0),
        htg_m=(htg_m, ANTENNA_MIN_M, ANTENNA_MAX_M),
        hrg_m=(hrg_m, ANTENNA_MIN_M, ANTENNA_MAX_M),
        lat_deg=(lat_deg, -90.0, 90.0),
        dn=(dn, 0.0, 156.0),
        n0=(n0, 0.0, 1000.0),
        dct_km=(dct_km, 0.0, math.inf),
        dcr_km=(dcr_km, 0.0, math.inf),
        pl_pct=(pl_pct, 1.0, 99.0),
        sigma_l_db=(sigma_l_db, 0.0, math.inf),
        entry_loss_db=(entry_loss_db, 0.0, math.inf),
    )
    if polarization not in ("horizontal", "vertical"):
        raise _wrong("polarization", polarization, '"horizontal", "vertical"')
    figures = _all(
        *profile, f_ghz, p_pct, htg_m, hrg_m, lat_deg, polarization == "vertical", dn, n0, dct_km, dcr_km, pl_pct,
        sigma_l_db, entry_loss_db,
    )  # fmt: skip
    return Loss(**dict(zip(_NAMES, figures, strict=True)))


_NAMES: Final = tuple(field.name for field in fields(Loss))


def location_sd_db(f_ghz: float, resolution_m: float, *, height_m: float = 1.5, clutter_m: float = 10.0) -> float:
    """Return the standard deviation over locations within a square, clauses 4.8 and 4.10, eq. (64)-(66).

    Args:
        f_ghz: Frequency.
        resolution_m: Side of the square over which levels vary.
        height_m: Receiver above ground.
        clutter_m: Representative clutter height around it; from 10 m above it on nothing varies.
    """
    above = min(max((height_m - clutter_m) / 10.0, 0.0), 1.0)
    return float((0.52 + 0.024 * f_ghz) * resolution_m**0.28 * (1.0 - above))


def _profile(
    d_km: ArrayLike, h_m: ArrayLike, clutter_m: ArrayLike, zone: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    d, h, clutter = (np.ascontiguousarray(values, dtype=np.float64) for values in (d_km, h_m, clutter_m))
    zones = np.asarray(zone)
    if not (d.ndim == 1 and d.shape == h.shape == clutter.shape == zones.shape and len(d) >= _POINTS_MIN):
        seen = f"{d.shape}, {h.shape}, {clutter.shape}, {zones.shape}"
        raise _wrong("d_km, h_m, clutter_m, zone", seen, "shape (n,), n ≥ 3")
    if d[0] != 0 or not (np.diff(d) > 0).all():
        raise _wrong("d_km", f"{d[0]:g} … {d[-1]:g}", "0 = d₁ < d₂ < …")
    for name, values in (("d_km", d), ("h_m", h), ("clutter_m", clutter)):
        if not np.isfinite(values).all():
            at = int(np.flatnonzero(~np.isfinite(values))[0])
            raise _wrong(f"{name}[{at}]", values[at], "finite")
    if (clutter < 0).any():
        raise _wrong("clutter_m", clutter.min(), "≥ 0")
    if not np.isin(zones, _ZONES).all():
        raise _wrong("zone", zones[~np.isin(zones, _ZONES)][0], "1, 3, 4")
    return d, h, clutter, np.ascontiguousarray(zones, dtype=np.int64)


def _check(**values: tuple[float, float, float]) -> None:
    for name, (value, low, high) in values.items():
        if not low <= value <= high:
            raise _wrong(name, value, f"{low:g} – {high:g}")


def _wrong(name: str, value: object, allowed: str) -> UsageError:
    return UsageError(
        Text(
            f"{name} = {value} di luar yang diterima ITU-R P.1812: {allowed}.",
            f"{name} = {value} is outside what ITU-R P.1812 takes: {allowed}.",
        ),
        hint=Text("Periksa nilai dan satuannya.", "Check the value and its unit."),
    )


@compiled
def _all(
    d: NDArray[np.float64],
    h: NDArray[np.float64],
    clutter: NDArray[np.float64],
    zone: NDArray[np.int64],
    f: float,
    p: float,
    htg: float,
    hrg: float,
    phi: float,
    vertical: bool,
    dn: float,
    n0: float,
    dct: float,
    dcr: float,
    pl: float,
    sigma: float,
    entry: float,
) -> tuple[float, ...]:
    """Return every figure of `Loss`, in its order."""
    n = len(d)
    length = d[n - 1]
    g = h + clutter
    g[0], g[n - 1] = h[0], h[n - 1]
    dct = 0.0 if zone[0] == SEA else dct
    dcr = 0.0 if zone[n - 1] == SEA else dcr
    hts, hrs = h[0] + htg, h[n - 1] + hrg
    c = carrier(f, vertical, n0, p)
    w, dtm, dlm = sections(d, zone)
    b0 = beta0(phi, dtm, dlm)
    ae, ab = median_radius(dn), EARTH_KM * K_BETA
    seen = horizons(d, h, hts, hrs, ae)
    surface = smooth_surface(d, h, hts, hrs)
    hst, hsr = min(surface.hst_n_m, h[0]), min(surface.hsr_n_m, h[n - 1])
    hte, hre = hts - hst, hrs - hsr
    hm = roughness(d, h, hst, hsr, seen.first, seen.last)
    theta = 1e3 * length / ae + seen.th_t_mrad + seen.th_r_mrad
    htc, hrc = hts - surface.hstd_m, hrs - surface.hsrd_m
    lbfs = free_space(length, hts - hrs, c)
    lb0p = lbfs + multipath(seen.dlt_km + seen.dlr_km, p)
    lb0b = lbfs + multipath(seen.dlt_km + seen.dlr_km, b0)
    actual50, smooth50 = bullington(d, g, hts, hrs, ae, c), bullington(d, h * 0.0, htc, hrc, ae, c)
    sphere50 = spherical_earth(length, htc, hrc, ae, w, c)
    actual, smooth = bullington(d, g, hts, hrs, ab, c), bullington(d, h * 0.0, htc, hrc, ab, c)
    sphere = spherical_earth(length, htc, hrc, ab, w, c)
    ld50 = actual50 + max(sphere50 - smooth50, 0.0)
    ldb = actual + max(sphere - smooth, 0.0)
    fi = time_factor(p, b0)
    ldp = ld50 + (0.0 if p == 50.0 else fi) * (ldb - ld50)
    lba = ducting(
        length, seen.dlt_km, seen.dlr_km, dct, dcr, dlm, hts, hrs, hte, hre, hm, seen.th_t_mrad, seen.th_r_mrad,
        p, w, ae, b0, c,
    )  # fmt: skip
    lbs = troposcatter(length, theta, c)
    fj, fk = angle_factor(theta), distance_factor(length)
    lbd50, lbd = lbfs + ld50, lb0p + ldp
    lminb0p = minimum_line_of_sight(p, b0, lbd50, lb0p, lb0b, ldp, w, fi)
    lminbap = minimum_enhanced(lba, lb0p)
    lbda = lbd if lminbap > lbd else lminbap + (lbd - lminbap) * fk
    lbam = lbda + (lminb0p - lbda) * fj
    lbc = -5.0 * math.log10(10.0 ** (-0.2 * lbs) + 10.0 ** (-0.2 * lbam))
    lloc = 0.0 if zone[n - 1] == SEA else -inverse_normal(pl / 100.0) * sigma
    lb = max(lb0p, lbc + lloc + entry)
    return (
        lb, length, seen.dlt_km, seen.dlr_km, seen.th_t_mrad, seen.th_r_mrad, theta, hts, hrs, hts, hrs, w, dtm, dlm, phi,
        b0, ae, surface.hst_n_m, surface.hsr_n_m, hst, hsr, surface.hstd_m, surface.hsrd_m, htc, hrc, hte, hre, hm,
        fi, fj, fk, lbfs, lb0p, lb0b, actual, smooth, sphere, actual50, smooth50, sphere50, ld50, ldb, ldp, lbd50, lbd,
        lminb0p, lba, lminbap, lbda, lbam, lbs, lbc, 199.36 + c.log_f_db - lb,
    )  # fmt: skip


# What walks the profile. The sweep finds the same figures with running state.


@compiled
def sections(d: NDArray[np.float64], zone: NDArray[np.int64]) -> tuple[float, float, float]:
    """Return the share over sea, the longest land and the longest inland section; a section ends between two points."""
    n = len(d)
    sea = land = inland = land_now = inland_now = 0.0
    for i in range(n):
        left = 0.5 * (d[i] - d[i - 1]) if i else 0.0
        right = 0.5 * (d[i + 1] - d[i]) if i < n - 1 else 0.0
        if zone[i] == SEA:
            sea += left + right
        land_now = 0.0 if zone[i] == SEA else land_now + left + right
        inland_now = inland_now + left + right if zone[i] == INLAND else 0.0
        land, inland = max(land, land_now), max(inland, inland_now)
    return sea / d[n - 1], land, inland


@compiled
def horizons(d: NDArray[np.float64], h: NDArray[np.float64], hts: float, hrs: float, ae: float) -> Horizons:
    """Return horizon angles and distances, eq. (76)-(83)."""
    n = len(d)
    length = d[n - 1]
    first, best = 1, -math.inf
    for i in range(1, n - 1):
        slope = (h[i] - hts) / (1e3 * d[i]) - d[i] / (2.0 * ae)
        if slope > best:
            first, best = i, slope
    direct = (hrs - hts) / (1e3 * length) - length / (2.0 * ae)
    if best <= direct:
        back = (hts - hrs) / (1e3 * length) - length / (2.0 * ae)
        point = greatest_nu(d, h, hts, hrs, ae)[1]
        return Horizons(1e3 * math.atan(direct), 1e3 * math.atan(back), d[point], length - d[point], point, point)
    last, back = 1, -math.inf
    for i in range(1, n - 1):
        rest = length - d[i]
        slope = (h[i] - hrs) / (1e3 * rest) - rest / (2.0 * ae)
        if slope >= back:
            last, back = i, slope
    return Horizons(1e3 * math.atan(best), 1e3 * math.atan(back), d[first], length - d[last], first, last)


@compiled
def greatest_nu(d: NDArray[np.float64], g: NDArray[np.float64], hts: float, hrs: float, ap: float) -> tuple[float, int]:
    """Return the greatest diffraction parameter ν in between, for √(0.002 / λ) = 1, and its place, eq. (15)."""
    n = len(d)
    length = d[n - 1]
    point, best = 1, -math.inf
    for i in range(1, n - 1):
        rest = length - d[i]
        above = g[i] + 500.0 / ap * d[i] * rest - (hts * rest + hrs * d[i]) / length
        nu = above * math.sqrt(length / (d[i] * rest))
        if nu >= best:
            point, best = i, nu
    return best, point


@compiled
def bullington(d: NDArray[np.float64], g: NDArray[np.float64], hts: float, hrs: float, ap: float, c: Carrier) -> float:
    """Return Bullington's diffraction loss over a profile, clause 4.3.1, eq. (13)-(21)."""
    n = len(d)
    length = d[n - 1]
    stim = srim = -math.inf
    for i in range(1, n - 1):
        rest = length - d[i]
        bulge = 500.0 / ap * d[i] * rest
        stim = max(stim, (g[i] + bulge - hts) / d[i])
        srim = max(srim, (g[i] + bulge - hrs) / rest)
    if stim < (hrs - hts) / length:
        nu = greatest_nu(d, g, hts, hrs, ap)[0]
    else:
        nu = bullington_nu(length, hts, hrs, stim, srim)
    return bullington_loss(knife_edge(nu * c.per_m), length)


@compiled
def smooth_surface(d: NDArray[np.float64], h: NDArray[np.float64], hts: float, hrs: float) -> Smooth:
    """Return the least-squares smooth surface, and lowered for diffraction, eq. (85)-(89)."""
    n = len(d)
    v1 = v2 = 0.0
    for i in range(1, n):
        step = d[i] - d[i - 1]
        v1 += step * (h[i] + h[i - 1])
        v2 += step * (h[i] * (2.0 * d[i] + d[i - 1]) + h[i - 1] * (d[i] + 2.0 * d[i - 1]))
    length = d[n - 1]
    hst, hsr = fitted(v1, v2, length)
    obs = obt = obr = -math.inf
    for i in range(1, n - 1):
        rest = length - d[i]
        above = h[i] - (hts * rest + hrs * d[i]) / length
        obs, obt, obr = max(obs, above), max(obt, above / d[i]), max(obr, above / rest)
    hstd, hsrd = lowered(hst, hsr, obs, obt, obr, h[0], h[n - 1])
    return Smooth(hst, hsr, hstd, hsrd)


@compiled
def roughness(d: NDArray[np.float64], h: NDArray[np.float64], hst: float, hsr: float, first: int, last: int) -> float:
    """Return the greatest height above the smooth surface between the horizons, eq. (93)."""
    slope = (hsr - hst) / d[len(d) - 1]
    best = -math.inf
    for i in range(first, last + 1):
        best = max(best, h[i] - (hst + slope * d[i]))
    return best


# What follows from those figures: one definition for paths and for areas.


@compiled
def decibels(ratio: float) -> float:
    """Return ten times the decadic logarithm; by way of the natural one, which costs a third."""
    return _DB * math.log(ratio)


@compiled
def median_radius(dn: float) -> float:
    """Return the median effective Earth radius in km, eq. (6), (7a)."""
    return EARTH_KM * 157.0 / (157.0 - dn)


@compiled
def beta0(phi: float, dtm: float, dlm: float) -> float:
    """Return the share of time in % with lapse-rates above 100 N-units/km, eq. (2)-(5)."""
    tau = inland_factor(dlm)
    near = math.pow(10.0, -dtm / (16.0 - 6.6 * tau)) + math.pow(10.0, -5.0 * (0.496 + 0.354 * tau))
    mu1 = min(math.pow(near, 0.2), 1.0)
    if abs(phi) <= _POLAR_DEG:
        return math.pow(10.0, -0.015 * abs(phi) + 1.67) * mu1 * math.pow(mu1, -0.935 + 0.0176 * abs(phi))
    return 4.17 * mu1 * math.pow(mu1, 0.3)


@compiled
def inland_factor(dlm: float) -> float:
    """Return τ, eq. (3)."""
    return 1.0 - math.exp(-(4.12e-4 * dlm**2.41))


@compiled
def free_space(length: float, difference_m: float, c: Carrier) -> float:
    """Return the loss of free space, eq. (8)."""
    rise = difference_m / 1e3
    return 92.4 + c.log_f_db + decibels(length * length + rise * rise)


@compiled
def multipath(horizon_km: float, p: float) -> float:
    """Return the correction for multipath and focusing at p % of time, eq. (9)."""
    return 2.6 * (1.0 - math.exp(-0.1 * horizon_km)) * math.log10(p / 50.0)


@compiled
def knife_edge(nu: float) -> float:
    """Return the loss of one knife edge, eq. (12)."""
    if nu <= NU_MIN:
        return 0.0
    x = nu - 0.1
    return 6.9 + 2.0 * decibels(math.sqrt(x * x + 1.0) + x)


@compiled
def bullington_nu(length: float, hts: float, hrs: float, stim: float, srim: float) -> float:
    """Return ν of the point where both horizon rays meet, for √(0.002 / λ) = 1, eq. (18)-(20)."""
    at = (hrs - hts + srim * length) / (stim + srim)
    rest = length - at
    above = hts + stim * at - (hts * rest + hrs * at) / length
    return above * math.sqrt(length / (at * rest))


@compiled
def bullington_loss(edge_db: float, length: float) -> float:
    """Return Bullington's loss from that of its edge, eq. (21)."""
    return edge_db + (1.0 - math.exp(-edge_db / 6.0)) * (10.0 + 0.02 * length)


@compiled
def fitted(v1: float, v2: float, length: float) -> tuple[float, float]:
    """Return the smooth surface at both ends from the two sums, eq. (85), (86)."""
    return (2.0 * v1 * length - v2) / (length * length), (v2 - v1 * length) / (length * length)


@compiled
def lowered(
    hst: float, hsr: float, obs: float, obt: float, obr: float, ground_t: float, ground_r: float
) -> tuple[float, float]:
    """Return the smooth surface lowered below obstructions and to the ground, eq. (87)-(89)."""
    if obs > 0.0:
        hst -= obs * obt / (obt + obr)
        hsr -= obs * obr / (obt + obr)
    return min(hst, ground_t), min(hsr, ground_r)


@compiled
def admittance(f: float, epsilon: float, sigma: float, vertical: bool) -> float:
    """Return the normalised surface admittance times the cube root of the Earth radius in km, eq. (29)."""
    loss = 18.0 * sigma / f
    k = 0.036 * math.pow(f, -1.0 / 3.0) * math.pow((epsilon - 1.0) ** 2 + loss**2, -0.25)
    return k * math.sqrt(epsilon**2 + loss**2) if vertical else k


@compiled
def carrier(f: float, vertical: bool, n0: float, p: float) -> Carrier:
    """Return what depends on the frequency and the climate alone."""
    below = 45.375 - 137.0 * f + 92.5 * f * f if f < 0.5 else 0.0
    log_f = 2.0 * decibels(f)
    scatter = 190.1 + 25.0 * math.log10(f) - 2.5 * math.log10(f / 2.0) ** 2  # eq. (45)
    return Carrier(
        f,
        log_f,
        f ** (1.0 / 3.0),
        math.sqrt(0.002 * f / SPEED_M_GHZ),
        17.456 * math.sqrt(SPEED_M_GHZ / f),
        admittance(f, _LAND[0], _LAND[1], vertical),
        admittance(f, _WATER[0], _WATER[1], vertical),
        scatter - 0.15 * n0 - 10.125 * math.log10(50.0 / p) ** 0.7,
        102.45 + log_f + below,
    )


@compiled
def first_term(length: float, hte: float, hre: float, shrink: float, k: float, root3: float) -> float:
    """Return the first term of the diffraction loss over a sphere of one ground, clause 4.3.3, eq. (29)-(36).

    `shrink` is the Earth radius in km to the power -1/3, `k` the `admittance`, `root3` the cube root of the frequency.
    """
    k *= shrink
    k2 = k * k
    beta = (1.0 + 1.6 * k2 + 0.67 * k2 * k2) / (1.0 + 4.5 * k2 + 1.53 * k2 * k2)
    x = 21.88 * beta * root3 * shrink * shrink * length
    unit = 0.9575 * beta * beta * root3 * root3 * shrink
    ratio_t, gain_t = height_gain(unit * hte, k)
    ratio_r, gain_r = height_gain(unit * hre, k)
    gain = gain_t + gain_r + 2.0 * decibels(ratio_t * ratio_r)
    log_x = math.log(x)
    if x >= 1.6:
        return 17.6 * x - 11.0 - _DB * log_x - gain
    return 2.0 * _DB * log_x + 5.6488 * math.exp(1.425 * log_x) - gain


@compiled
def height_gain(b: float, k: float) -> tuple[float, float]:
    """Return the height gain of one antenna, eq. (35), as a ratio of amplitudes and decibels to be added to it.

    The least gain, 2 + 20·log10(k), is that of a ratio of 10^0.1·k; above b = 2 no ground reaches it.
    """
    if b > 2.0:
        return 1.0, 17.6 * math.sqrt(b - 1.1) - 0.5 * decibels(b - 1.1) - 8.0
    return max(b + 0.1 * b * b * b, LEAST * k), 0.0


@compiled
def first_term_mixed(length: float, hte: float, hre: float, radius: float, w: float, c: Carrier) -> float:
    """Return the first term over land and sea by their shares, eq. (28)."""
    shrink = math.exp(-math.log(radius) / 3.0)
    loss = 0.0
    if w < 1.0:
        loss += (1.0 - w) * first_term(length, hte, hre, shrink, c.k_land, c.root3)
    if w > 0.0:
        loss += w * first_term(length, hte, hre, shrink, c.k_sea, c.root3)
    return loss


@compiled
def spherical_earth(length: float, hte: float, hre: float, ap: float, w: float, c: Carrier) -> float:
    """Return the diffraction loss of a spherical Earth, clause 4.3.2, eq. (22)-(27)."""
    roots = math.sqrt(hte) + math.sqrt(hre)
    if length >= math.sqrt(0.002 * ap) * roots:
        return first_term_mixed(length, hte, hre, ap, w, c)
    hse, spread = clearance(length, hte, hre, ap)
    hreq = c.zone_m * spread
    if hse > hreq:
        return 0.0
    marginal = 500.0 * (length / roots) ** 2
    return (1.0 - hse / hreq) * max(first_term_mixed(length, hte, hre, marginal, w, c), 0.0)


@compiled
def clearance(length: float, hte: float, hre: float, ap: float) -> tuple[float, float]:
    """Return the least clearance over a sphere in m, and √(d₁d₂/d) of its place in √km, eq. (23)-(25)."""
    c = (hte - hre) / (hte + hre)
    m = 250.0 * length * length / (ap * (hte + hre))
    angle = math.pi / 3.0 + math.acos(1.5 * c * math.sqrt(3.0 * m / (m + 1.0) ** 3)) / 3.0
    b = 2.0 * math.sqrt((m + 1.0) / (3.0 * m)) * math.cos(angle)
    d1 = 0.5 * length * (1.0 + b)
    d2 = length - d1
    hse = ((hte - 500.0 * d1 * d1 / ap) * d2 + (hre - 500.0 * d2 * d2 / ap) * d1) / length
    return hse, math.sqrt(d1 * d2 / length)


@compiled
def inverse_normal(x: float) -> float:
    """Return the inverse of the complementary cumulative normal distribution, attachment 2, eq. (95)-(97)."""
    x = min(max(x, 1e-6), 1.0 - 1e-6)
    tail = min(x, 1.0 - x)
    t = math.sqrt(-2.0 * math.log(tail))
    z = t - ((0.010328 * t + 0.802853) * t + 2.515516698) / (((0.001308 * t + 0.189269) * t + 1.432788) * t + 1.0)
    return z if x <= 0.5 else -z


@compiled
def time_factor(p: float, b0: float) -> float:
    """Return the interpolation factor between median and b0 % of time, eq. (40)."""
    return inverse_normal(p / 100.0) / inverse_normal(b0 / 100.0) if p >= b0 else 1.0


@compiled
def ducting(
    length: float,
    dlt: float,
    dlr: float,
    dct: float,
    dcr: float,
    dlm: float,
    hts: float,
    hrs: float,
    hte: float,
    hre: float,
    hm: float,
    th_t: float,
    th_r: float,
    p: float,
    w: float,
    ae: float,
    b0: float,
    c: Carrier,
) -> float:
    """Return the loss of ducting and layer reflection, clause 4.5, eq. (46)-(56)."""
    fixed = c.coupling_db + 2.0 * decibels(dlt + dlr) + over_sea(dct, dlt, hts, w) + over_sea(dcr, dlr, hrs, w)
    fixed += shielding(th_t - 0.1 * dlt, dlt, c) + shielding(th_r - 0.1 * dlr, dlr, c)
    theta = 1e3 * length / ae + min(th_t, 0.1 * dlt) + min(th_r, 0.1 * dlr)
    mu3 = math.exp(-4.6e-5 * (hm - 10.0) * (43.0 + 6.0 * min(length - dlt - dlr, 40.0))) if hm > 10.0 else 1.0
    alpha = max(-0.6 - 3.5e-9 * length**3.1 * inland_factor(dlm), -3.4)
    mu2 = min(math.pow(500.0 / ae * length**2 / (math.sqrt(hte) + math.sqrt(hre)) ** 2, alpha), 1.0)
    return fixed + 5e-5 * ae * c.root3 * theta + variation(length, p, b0 * mu2 * mu3)


@compiled
def variation(length: float, p: float, beta: float) -> float:
    """Return what of ducting varies with time, eq. (53); `beta` is how often it happens, in %."""
    log = math.log10(beta)
    gamma = 1.076 * math.pow(2.0058 - log, -1.012)
    gamma *= math.exp(-(9.51 - 4.8 * log + 0.198 * log * log) * 1e-6 * length**1.13)
    return -12.0 + (1.2 + 3.7e-3 * length) * math.log10(p / beta) + 12.0 * math.pow(p / beta, gamma)


@compiled
def over_sea(coast_km: float, horizon_km: float, height_m: float, w: float) -> float:
    """Return the gain of an antenna near the coast into a duct over sea, eq. (49)."""
    if w < _SEA_SHARE_MIN or coast_km > min(_COAST_NEAR_KM, horizon_km):
        return 0.0
    return -3.0 * math.exp(-0.25 * coast_km * coast_km) * (1.0 + math.tanh(0.07 * (50.0 - height_m)))


@compiled
def shielding(above_mrad: float, horizon_km: float, c: Carrier) -> float:
    """Return the diffraction loss of the site's own shielding, eq. (48)."""
    if above_mrad <= 0.0:
        return 0.0
    return 2.0 * decibels(shielding_ratio(above_mrad, horizon_km, c)) + 0.264 * above_mrad * c.root3


@compiled
def shielding_ratio(above_mrad: float, horizon_km: float, c: Carrier) -> float:
    """Return what the logarithm in eq. (48) is taken of."""
    return 1.0 + 0.361 * above_mrad * math.sqrt(c.f_ghz * horizon_km)


@compiled
def troposcatter(length: float, theta: float, c: Carrier) -> float:
    """Return the loss of troposcatter, eq. (44)."""
    return c.scatter_db + 2.0 * decibels(length) + 0.573 * theta


@compiled
def angle_factor(theta: float) -> float:
    """Return Fj, eq. (57)."""
    return 1.0 - 0.5 * (1.0 + math.tanh(3.0 * _KSI * (theta - _THETA_MRAD) / _THETA_MRAD))


@compiled
def distance_factor(length: float) -> float:
    """Return Fk, eq. (58)."""
    return 1.0 - 0.5 * (1.0 + math.tanh(3.0 * _KAPPA * (length - _D_SW_KM) / _D_SW_KM))


@compiled
def minimum_line_of_sight(
    p: float, b0: float, lbd50: float, lb0p: float, lb0b: float, ldp: float, w: float, fi: float
) -> float:
    """Return the notional minimum with line of sight and diffraction over sea, eq. (59)."""
    if p < b0:
        return lb0p + (1.0 - w) * ldp
    return lbd50 + (lb0b + (1.0 - w) * ldp - lbd50) * fi


@compiled
def minimum_enhanced(lba: float, lb0p: float) -> float:
    """Return the notional minimum with enhancements, eq. (60), safe from overflow."""
    high, low = max(lba, lb0p), min(lba, lb0p)
    return high + _ETA * math.log1p(math.exp((low - high) / _ETA))
