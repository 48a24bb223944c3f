"""Indicators of one name from several offices, after their ledgers were merged."""

from __future__ import annotations

import datetime as dt
import itertools

import pandas as pd
from stories import Clock

from blankspot.ledger import Ledger
from blankspot.ledger.indicators import indicators_frame, plan_indicators

START = dt.datetime(2022, 12, 31, 3, 0, tzinfo=dt.UTC)
NAME = "OPD terhubung"


def bring(ledger, realization, quarter=4, **more):
    row = {
        "indicator": NAME,
        "unit": "OPD",
        "year": 2022,
        "quarter": quarter,
        "target": 34,
        "realization": realization,
        **more,
    }
    plan = plan_indicators(pd.DataFrame([row]), ledger.effective(), today=ledger.today, origin=ledger.origin)
    return ledger.append(plan.new_events)


def office(name, minute=0):
    return Ledger.open(":memory:", origin=name, clock=Clock(START + dt.timedelta(minutes=minute)))


def shown(ledger):
    frame = indicators_frame(ledger.effective())
    return sorted(zip(frame["indicator"], frame["period"], frame["realization"], strict=True))


def test_offices_that_do_not_contradict_share_one_register():
    with office("dinas") as one, office("cadangan", 1) as two:
        bring(one, 33, quarter=3)
        bring(two, 33, quarter=3)
        bring(two, 36, quarter=4, constraint="dana")
        one.merge(two)
        assert shown(one) == [(NAME, "2022-Q3", 33), (NAME, "2022-Q4", 36)]


def test_no_figure_hides_another_offices():
    with office("kab-a") as one, office("kab-b", 1) as two, office("prov", 2) as province:
        bring(one, 36)
        bring(two, 12)
        for source in (one, two):
            province.merge(source)
        both = [(f"{NAME} (kab-a)", "2022-Q4", 36), (f"{NAME} (kab-b)", "2022-Q4", 12)]
        assert shown(province) == both
        assert indicators_frame(province.effective())["key"].tolist() == ["opd-terhubung~kab-a", "opd-terhubung~kab-b"]
        bring(province, 48)
        assert shown(province) == [*both, (f"{NAME} (prov)", "2022-Q4", 48)]


def test_an_office_goes_on_with_its_own_figures():
    with office("kab-a") as one, office("kab-b", 1) as two:
        bring(one, 36)
        bring(two, 12)
        two.merge(one)
        assert bring(two, 12) == ()
        bring(two, 13)
        assert shown(two) == [(f"{NAME} (kab-a)", "2022-Q4", 36), (f"{NAME} (kab-b)", "2022-Q4", 13)]


def test_a_change_made_knowing_the_other_is_an_update():
    with office("dinas") as one, office("cadangan", 1) as two:
        bring(one, 36)
        two.merge(one)
        bring(two, 35)
        one.merge(two)
        assert shown(one) == shown(two) == [(NAME, "2022-Q4", 35)]


def test_the_order_of_merging_does_not_matter():
    seen = set()
    for order in itertools.permutations(range(3)):
        offices = [office(f"kab-{place}", place) for place in range(3)]
        for place, one in enumerate(offices):
            bring(one, 30 + place // 2)
        with office("prov", 9) as province:
            for place in order:
                province.merge(offices[place])
            seen.add(tuple(shown(province)))
        for one in offices:
            one.close()
    assert len(seen) == 1
