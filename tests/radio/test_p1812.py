"""ITU-R P.1812 point to point: the Recommendation's own examples, worlds to check by hand, and what must always hold."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from terrains import profile_file, result_file

import blankspot as bs
from blankspot.errors import UsageError
from blankspot.radio import p1812

EXAMPLES = [f"{name}_{number}_log" for name in (
    "b2iseac", "b2iseac_dense_urban_land", "b2iseac_dense_urban_land_eqdist", "b2iseac_eqdist", "b2iseac_eqdist_vertical",
    "b2iseac_rural_land_100km", "b2iseac_rural_land_100km_eqdist", "b2iseac_rural_land_10km",
    "b2iseac_rural_land_10km_eqdist", "b2iseac_rural_land_1km", "b2iseac_rural_land_1km_eqdist", "b2iseac_vertical",
) for number in range(3)]  # fmt: skip
GIVEN = ("ptx", "gtx", "grx", "f", "p", "pl", "sigmal", "phi_t", "phi_r", "lam_t", "lam_r", "htg", "hrg", "pol", "dn", "n0",
         "dct", "dcr", "r2", "rn-1")  # fmt: skip
OTHERWISE = {("hst", "Eq (85)"): "hst_n_m", ("hsr", "Eq (86)"): "hsr_n_m", ("htc", "Eq (37a)"): "htc_smooth_m",
             ("hrc", "Eq (37b)"): "hrc_smooth_m", ("b0", "Eq (5)"): "b0_pct"}  # fmt: skip


def flat(km: float = 20.0, points: int = 201, height: float = 0.0):
    d = np.linspace(0, km, points)
    return d, np.full(points, height), np.zeros(points), np.full(points, 4)


def loss(profile, **changes):
    values = {"f_ghz": 0.9, "p_pct": 50.0, "htg_m": 40.0, "hrg_m": 1.5, "lat_deg": -6.8, "polarization": "vertical",
              "dn": 45.0, "n0": 325.0}  # fmt: skip
    return bs.radio.p1812.basic_loss(*profile, **(values | changes))


def field_of(name: str, equation: str) -> str | None:
    """The field that holds a line of the validation tables."""
    label, _, unit = name.partition(" (")
    label, unit = label.lower(), re.sub(r"\W+", "_", unit.split(")")[0].lower()).strip("_")
    if label in GIVEN or "w.r.t." in name:
        return None
    if (label, equation) in OTHERWISE:
        return OTHERWISE[label, equation]
    known = [at for at in (f"{label}_{unit}", f"{label}_db", label) if at in p1812.Loss.__dataclass_fields__]
    return known[0]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_intermediate_of_the_recommendations_examples_to_a_millionth(real, example):
    folder = real / "propagation" / "p1812"
    wanted = result_file(folder / "results" / f"{example}.csv")
    one = {name.split(" (")[0].lower(): value for (name, equation), value in wanted.items() if not equation}
    found = bs.radio.p1812.basic_loss(
        *profile_file(folder / "profiles" / f"{example.removesuffix('_log')[:-2]}.csv"),
        f_ghz=one["f"], p_pct=one["p"], htg_m=one["htg"], hrg_m=one["hrg"], lat_deg=wanted["phi (deg)", "Eq (4)"],
        polarization={1.0: "horizontal", 2.0: "vertical"}[one["pol"]], dn=one["dn"], n0=one["n0"], dct_km=one["dct"],
        dcr_km=one["dcr"], pl_pct=one["pl"], sigma_l_db=one["sigmal"],
    )  # fmt: skip
    compared = 0
    for (name, equation), value in wanted.items():
        if at := field_of(name, equation):
            assert getattr(found, at) == pytest.approx(value, abs=1e-6, rel=1e-9), at
            compared += 1
    assert compared >= 46


class TestWorldsToCheckByHand:
    def test_near_and_clear_is_free_space(self):
        found = loss(flat(1.0, 11), htg_m=500.0, hrg_m=400.0, f_ghz=2.6)
        assert found.ld50_db == 0.0
        assert found.lb_db == pytest.approx(92.4 + 20 * math.log10(2.6) + 10 * math.log10(1 + 0.1**2), abs=0.01)

    def test_one_knife_edge(self):
        d, h, clutter, zone = flat(20.0, 201)
        h[100] = 240.0
        found = loss((d, h, clutter, zone), htg_m=100.0, hrg_m=100.0, dn=1e-9)
        rise = 240 + 500 / 6371 * 100 - 100
        nu = rise * math.sqrt(0.002 * 20 / (0.2998 / 0.9 * 100))
        edge = 6.9 + 20 * math.log10(math.sqrt((nu - 0.1) ** 2 + 1) + nu - 0.1)
        assert found.lbulla50_db == pytest.approx(edge + (1 - math.exp(-edge / 6)) * 10.4, abs=1e-6)
        assert (found.dlt_km, found.dlr_km) == (10.0, 10.0)

    def test_two_edges_meet_in_one_point_between_them(self):
        d, h, clutter, zone = flat(30.0, 301)
        h[100], h[200] = 300.0, 300.0
        found = loss((d, h, clutter, zone), htg_m=50.0, hrg_m=50.0)
        both = loss((d, np.where(np.arange(301) == 150, 425.0, h), clutter, zone), htg_m=50.0, hrg_m=50.0)
        assert found.dlt_km == found.dlr_km == pytest.approx(10.0)
        assert found.lbulla50_db == pytest.approx(both.lbulla50_db, abs=0.3)  # 300 m at 10 km is 425 m at 15 km

    def test_a_wall_before_the_receiver_hides_it(self):
        d, h, clutter, zone = flat(20.0, 201)
        open_ = loss((d, h, clutter, zone))
        h[199] = 30.0
        assert loss((d, h, clutter, zone)).lb_db > open_.lb_db + 15

    def test_clutter_before_the_receiver_counts_as_a_wall_of_its_height(self):
        d, h, clutter, zone = flat(20.0, 201)
        clutter[199] = 30.0
        wall = h.copy()
        wall[199] = 30.0
        assert loss((d, h, clutter, zone)).lbulla50_db == loss((d, wall, clutter * 0, zone)).lbulla50_db

    def test_clutter_at_the_terminals_is_not_used(self):
        d, h, clutter, zone = flat()
        clutter[[0, -1]] = 50.0
        assert loss((d, h, clutter, zone)) == loss(flat())

    def test_a_terminal_at_sea_stands_on_the_coast(self):
        d, h, clutter, zone = flat(40.0)
        zone[:] = 1
        assert loss((d, h, clutter, zone), p_pct=1.0) == loss((d, h, clutter, zone), p_pct=1.0, dct_km=0.0, dcr_km=0.0)

    def test_indoors_adds_the_entry_loss(self):
        assert loss(flat(), entry_loss_db=15.0).lb_db == pytest.approx(loss(flat()).lb_db + 15.0)

    def test_fewer_locations_get_more_loss(self):
        assert loss(flat(), pl_pct=90.0, sigma_l_db=5.5).lb_db == pytest.approx(
            loss(flat()).lb_db + 5.5 * 1.2817, abs=0.01
        )


profiles = st.integers(0, 2**32 - 1).map(
    lambda seed: np.cumsum(np.random.default_rng(seed).normal(scale=25, size=80)).clip(-50, 900)
)


@settings(max_examples=60, deadline=None)
@given(profiles, st.sampled_from([0.45, 0.9, 1.8, 2.6]), st.floats(5, 60))
def test_reciprocity(h, f, km):
    d = np.linspace(0, km, len(h))
    there = loss((d, h, h * 0, np.full(len(h), 4)), f_ghz=f, htg_m=30.0, hrg_m=10.0)
    back = loss((d, h[::-1], h * 0, np.full(len(h), 4)), f_ghz=f, htg_m=10.0, hrg_m=30.0)
    assert there.lb_db == pytest.approx(back.lb_db, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.floats(60, 800), st.floats(0.1, 2.5), st.floats(1.05, 2.2))
def test_behind_an_obstacle_loss_grows_with_frequency(wall, f, factor):
    d, h, clutter, zone = flat()
    h[120] = wall
    assert loss((d, h, clutter, zone), f_ghz=f * factor).lb_db > loss((d, h, clutter, zone), f_ghz=f).lb_db


def test_over_flat_ground_loss_grows_with_distance():
    found = [loss(flat(km)).lb_db for km in np.geomspace(0.3, 150, 60)]
    assert (np.diff(found) > 0).all()


def test_compiled_and_plain_python_agree():
    code = (
        "import json, numpy as np; from blankspot.radio import p1812, sweep; from terrains import Scene, fractal;"
        "h = np.cumsum(np.random.default_rng(5).normal(scale=30, size=90)).clip(0); d = np.linspace(0, 25, 90);"
        "kw = dict(f_ghz=0.7, htg_m=30.0, hrg_m=1.5, lat_deg=-2.0, polarization='horizontal', dn=60.0, n0=340.0);"
        "zone = np.repeat([4, 1, 3], 30);"
        "found = [p1812.basic_loss(d, h, h * 0 + 3, zone, p_pct=p, **kw).lb_db for p in (1.0, 50.0)];"
        "scene = Scene(fractal(24)); fan = scene.fan(12.3, 11.6, 0.3);"
        "area = sweep.losses(sweep.Ground(heights=scene.heights), fan, htg_m=30.0, hrg_m=1.5, f_ghz=(0.9,));"
        "print(json.dumps([*found, *area[0][np.isfinite(area[0])].tolist()]))"
    )
    texts = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env=os.environ | {"NUMBA_DISABLE_JIT": off, "PYTHONPATH": os.pathsep.join(sys.path)},
        ).stdout
        for off in ("0", "1")
    ]  # fmt: skip
    compiled, plain = (np.array(json.loads(text)) for text in texts)
    assert len(plain) > 200
    np.testing.assert_allclose(compiled, plain, rtol=1e-6)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"f_ghz": 900.0}, r"f_ghz = 900.*0\.03 – 6"),
        ({"p_pct": 0.5}, r"p_pct = 0\.5"),
        ({"htg_m": 0.0}, r"htg_m = 0\.0.*1 – 3000"),
        ({"hrg_m": math.nan}, r"hrg_m = nan"),
        ({"lat_deg": 95.0}, r"lat_deg"),
        ({"dn": -45.0}, r"dn = -45"),
        ({"polarization": "slant"}, r"polarization = slant"),
        ({"pl_pct": 100.0}, r"pl_pct"),
    ],
)
def test_values_outside_are_named_with_what_is_allowed(changes, said):
    with pytest.raises(UsageError, match=said):
        loss(flat(), **changes)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda p: (p[0][:2], p[1][:2], p[2][:2], p[3][:2]), "n ≥ 3"),
        (lambda p: (p[0], p[1][:-1], p[2], p[3]), "shape"),
        (lambda p: (p[0] + 1, *p[1:]), "d₁"),
        (lambda p: (p[0][::-1], *p[1:]), "d₁"),
        (lambda p: (p[0], np.where(p[0] == p[0][7], np.nan, p[1]), *p[2:]), r"h_m\[7\] = nan"),
        (lambda p: (*p[:2], p[2] - 1, p[3]), "clutter_m = -1"),
        (lambda p: (*p[:3], p[3] * 0 + 2), "zone = 2"),
    ],
)
def test_profiles_that_are_none_are_refused(spoil, said):
    with pytest.raises(UsageError, match=said):
        loss(spoil(flat()))


def test_location_variability_follows_the_recommendation():
    assert p1812.location_sd_db(0.9, 100.0, height_m=1.5) == pytest.approx((0.52 + 0.024 * 0.9) * 100**0.28)
    assert p1812.location_sd_db(0.9, 100.0, height_m=25.0) == 0.0
