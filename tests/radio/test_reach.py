"""How far a service reaches at all."""

from __future__ import annotations

import pytest

from blankspot.radio import hata, p1812
from blankspot.radio.reach import reach_km
from blankspot.settings import load_settings

RADIO = load_settings().radio


def reach(budget_db, **changes):
    values = {"f_ghz": 0.9, "antenna_m": 42.0, "handset_m": 1.5, "model": "p1812", "radio": RADIO}
    return reach_km(budget_db, **(values | changes))


def test_more_power_reaches_farther_until_the_largest_radius():
    found = [reach(budget) for budget in (80, 110, 130, 150, 170, 220)]
    assert found == sorted(found)
    assert found[0] < 0.5
    assert found[-1] == RADIO.radius_max_km


def test_a_higher_band_and_a_lower_mast_reach_less_far():
    assert reach(145, f_ghz=2.6) < reach(145)
    assert reach(145, antenna_m=15.0) < reach(145)


def test_mountains_may_see_farther():
    assert reach(145, above_lowest_m=500.0, relief_m=900.0) > reach(145)


def test_beyond_it_flat_ground_gets_less_than_the_budget():
    import numpy as np

    km = reach(145)
    for factor in (1.02, 1.1, 1.5):
        d = np.linspace(0, km * factor, 400)
        loss = p1812.basic_loss(
            d, d * 0, d * 0, np.full(400, 4), f_ghz=0.9, p_pct=50.0, htg_m=42.0, hrg_m=1.5, lat_deg=0.0,
            polarization="vertical", dn=45.0, n0=325.0,
        ).lb_db  # fmt: skip
        assert loss > 145


@pytest.mark.parametrize("budget", [100.0, 130.0, 150.0])
def test_hata_ends_where_hata_says(budget):
    km = reach(budget, model="hata")
    loss = float(hata.loss(km, f_ghz=0.9, htg_m=42.0, hrg_m=1.5, environment=RADIO.environment, outside="extend"))
    assert loss == pytest.approx(budget, abs=0.01)
